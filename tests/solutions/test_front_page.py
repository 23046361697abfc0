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
