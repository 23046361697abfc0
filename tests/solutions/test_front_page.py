"""What the students' front page says is what they find."""

import re
from pathlib import Path

import nbformat
import pytest

from fnnkit import exercises as shown
from fnnkit.judge.registry import chapter_ids, exercises, title_of

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "course" / "README.md").read_text(encoding="utf-8")
QUARTERS = {0.0: "", 0.25: "¼", 0.5: "½", 0.75: "¾"}


def written(number):
    """A number with its quarters as one sign."""
    return f"{int(number) or ''}{QUARTERS[number % 1]}"


@pytest.mark.parametrize(("number", "chapter"), list(enumerate(chapter_ids(), 1)))
def test_a_chapter_has_its_place_its_points_and_its_hours(number, chapter):
    released = nbformat.read(ROOT / "course" / chapter / f"{chapter}.ipynb", as_version=4)
    hours, more = re.search(
        r"\*\*Time\.\*\* About ([\d.]+) hours: .* take (\d+) minutes more", released.cells[0].source
    ).groups()
    by_hand = sum(
        c.metadata.nbgrader.points
        for c in released.cells
        if c.cell_type == "markdown" and c.metadata.nbgrader.grade
    )
    points = written(by_hand + sum(e.worth for e in exercises(chapter)))
    row = f"| {number} | `{chapter}` {title_of(chapter)} | {points} | {written(float(hours))} | {more} minutes |"
    assert row in PAGE.splitlines()


def test_every_cell_that_it_recommends_can_be_run():
    commands = set(re.findall(r"`(\w+)\((?:\"\w+\")?\)`", PAGE))
    assert {"progress", "ready", "reset"} <= commands
    assert all(callable(getattr(shown, name)) for name in commands)
    assert "`from fnnkit.exercises import mine`" in PAGE


def test_commands_are_said_for_windows_too():
    there = set(re.findall(r"\.venv/bin/([\w.-]+)", PAGE))
    assert there == set(re.findall(r"\.venv\\Scripts\\([\w.-]+)", PAGE)) == {"pip", "jupyter", "python"}


@pytest.mark.parametrize("chapter", chapter_ids())
def test_the_front_page_of_the_repository_counts_right(chapter):
    core = [e for e in exercises(chapter) if e.core]
    released = nbformat.read(ROOT / "course" / chapter / f"{chapter}.ipynb", as_version=4)
    further = sum(len(re.findall(r"^### Exercise .* · further$", c.source, re.M)) for c in released.cells)
    points = written(sum(e.worth for e in core))
    row = f"| `{chapter}` {title_of(chapter)} | {len(core)}, {points} points | {further} |"
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [line for line in page.splitlines() if line.startswith(row)]


def test_pictures_of_the_front_page_are_there_small_and_have_words():
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]*)\)", page)
    assert len(pictures) == 2
    for words, path in pictures:
        assert len(words) > 60
        assert (ROOT / path).stat().st_size < 100_000


def test_links_of_the_front_page_lead_somewhere():
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"(?<!!)\[[^\]]*\]\(([^)#]*)[^)]*\)", page)
    assert len(links) > 8
    assert [link for link in links if not (ROOT / link).exists()] == []
