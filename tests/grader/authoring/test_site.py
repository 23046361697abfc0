"""The course as a site: whole, without a way out into nothing, and with nothing of a solution in it."""

import html
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from grader.authoring import site as module
from grader.authoring.build import BEGIN, END
from grader.authoring.site import BY_THE_REFERENCE, OURS, Leaf, site
from grader.course import CONFIG, Course, CourseError
from grader.marking.submission import ANSWERED

ROOT = Path(__file__).resolve().parents[3]
CHAPTER = "ch1_xor"


class Links(HTMLParser):
    """Collects where links of a page lead, its ids, and what it would load."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.loads = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if tag == "a" and name == "href":
                self.links.append(value)
            elif name == "id":
                self.ids.add(value)
            elif name in ("src", "srcset", "href", "data", "poster") and not (value or "").startswith(
                "data:"
            ):
                self.loads.append((tag, name, value))


def followed(folder):
    """Follow every link of every page; gives those that lead nowhere, and the pages that were reached from the first."""
    pages = {p.name: Links(p.read_text(encoding="utf-8")) for p in folder.glob("*.html")}
    dead, reached, waiting = [], set(), ["index.html"]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        for link in pages[name].links:
            target, _, anchor = link.partition("#")
            target = target or name
            if not (folder / target).is_file() or (anchor and anchor not in pages[target].ids):
                dead.append((name, link))
            elif target in pages:
                waiting.append(target)
    return dead, reached


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A course of one chapter, and the project."""
    place = tmp_path_factory.mktemp("course")
    for folder in ("solutions", "course"):
        shutil.copytree(ROOT / folder / CHAPTER, place / folder / CHAPTER)
    for name in (CONFIG, f"solutions/{CHAPTER}.py", "solutions/project.py", "course/README.md"):
        shutil.copy(ROOT / name, place / name)
    shutil.copytree(ROOT / "course" / "project", place / "course" / "project")
    return Course(place)


@pytest.fixture(scope="module")
def made(clone, tmp_path_factory):
    told = []
    done = site(clone, tmp_path_factory.mktemp("out") / "site", lambda *said: told.append(said))
    return done, told


def page_of(made, name=CHAPTER):
    return (made[0].folder / f"{name}.html").read_text(encoding="utf-8")


def text_of(page):
    return html.unescape(re.sub(r"<style>.*?</style>|<[^>]*>", "", page, flags=re.S))


@pytest.mark.exhaustive
def test_it_has_a_first_page_a_page_a_chapter_and_the_notebooks(made, clone):
    done, told = made
    assert done.pages == ("index.html", f"{CHAPTER}.html", "project.html")
    there = {p.name for p in done.folder.iterdir()}
    assert there == {*done.pages, f"{CHAPTER}.ipynb", "project.ipynb"}
    assert (done.folder / f"{CHAPTER}.ipynb").read_bytes() == clone.released(CHAPTER).read_bytes()
    assert told[-1][1] == told[-1][2] > 5


@pytest.mark.exhaustive
def test_every_link_leads_somewhere_and_every_page_is_reached(made):
    dead, reached = followed(made[0].folder)
    assert dead == []
    assert reached == set(made[0].pages)


def test_it_loads_nothing_from_anywhere(made):
    for name in made[0].pages:
        text = (made[0].folder / name).read_text(encoding="utf-8")
        assert Links(text).loads == []
        assert re.findall(r"url\(\s*[^d)][^)]*\)|@import", text) == []
        assert "default-src 'none'" in text


def test_figures_and_films_are_there_and_formulas_are_drawn(made):
    figures = sum("figures." in c.source and "figure" in c.metadata.get("tags", []) for c in released().cells)
    assert made[0].figures + made[0].films == page_of(made).count(BY_THE_REFERENCE) == figures > 4
    assert made[0].films > 0
    assert "<mfrac>" in page_of(made)


def released(name=CHAPTER):
    return nbformat.read(ROOT / "course" / name / f"{name}.ipynb", as_version=4)


def test_answers_are_empty_and_nothing_has_been_checked(made):
    text = text_of(page_of(made))
    stubs = [c for c in released().cells if c.cell_type == "code" and "raise NotImplementedError" in c.source]
    assert text.count("raise NotImplementedError") >= len(stubs) > 10
    for shown in ("✓", "0 of 1 points", "Likely cause", "Traceback"):
        assert shown not in text


def test_no_line_of_a_solution_is_on_any_page(made):
    solved = nbformat.read(ROOT / "solutions" / CHAPTER / f"{CHAPTER}.ipynb", as_version=4)
    given = "\n".join(c.source for c in [*released().cells, *released("project").cells])
    all_text = "".join(text_of(page_of(made, Path(name).stem)) for name in made[0].pages)
    looked_for = 0
    for cell in solved.cells:
        if not cell.metadata.nbgrader.solution or ANSWERED in cell.metadata.get("tags", []):
            continue
        inside = cell.source.partition(BEGIN)[2].partition(END)[0] or cell.source
        for line in map(str.strip, inside.splitlines()):
            if len(line) > 14 and line not in given:
                looked_for += 1
                assert line not in all_text
    assert looked_for > 30


@pytest.mark.parametrize("line", ["return W1 @ W2, c1 @ W2 + c2", "### BEGIN SOLUTION"])
def test_a_solution_that_gets_onto_a_page_is_found_through_its_colours(clone, tmp_path, monkeypatch, line):
    words = "".join(f"<span>{html.escape(w)}</span> " for w in line.split()).strip()
    leaf = Leaf(CHAPTER, "Chapter 1", f"<pre>{words}</pre>", "{}")
    monkeypatch.setattr(module, "_leaf", lambda one, told: leaf)
    with pytest.raises(CourseError, match=re.escape(f"would stand in {CHAPTER}.html: {line!r}")):
        site(clone, tmp_path / "site")
    assert list(tmp_path.iterdir()) == []


# --- where it is put -------------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch):
    """Without the figures, which take long."""
    monkeypatch.setattr(module, "_figures", lambda one, told: {})


def test_an_older_site_is_replaced_and_somebody_elses_folder_is_left_alone(clone, tmp_path, quick):
    folder = tmp_path / "site"
    site(clone, folder)
    (folder / "old.html").write_text("from last year")
    site(clone, folder)
    assert not (folder / "old.html").exists()
    assert OURS in (folder / "index.html").read_text()
    other = tmp_path / "thesis"
    other.mkdir()
    (other / "index.html").write_text("<p>years of work")
    with pytest.raises(CourseError, match="holds something else than a site of this course"):
        site(clone, other)
    assert [p.name for p in other.iterdir()] == ["index.html"]
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match="is not a folder"):
        site(clone, tmp_path / "file")


def test_a_failure_leaves_the_older_site_as_it_was(clone, tmp_path, quick, monkeypatch):
    folder = tmp_path / "site"
    site(clone, folder)
    before = {p.name: p.read_bytes() for p in folder.iterdir()}

    def stops(one, told):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_figures", stops)
    with pytest.raises(KeyboardInterrupt):
        site(clone, folder)
    path = clone.released(CHAPTER)
    fresh = path.read_text(encoding="utf-8")
    path.write_text(fresh.replace("Learning XOR", "Learning xor"), encoding="utf-8")
    try:
        with pytest.raises(CourseError, match="is stale: run `grader build`"):
            site(clone, folder)
    finally:
        path.write_text(fresh, encoding="utf-8")
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["ch1_xor", "--site", "x"], "--site is for the whole course"),
        (["--site", "x", "--saved"], "--site is for the whole course"),
        ([], "name a chapter or a notebook"),
    ],
)
def test_bad_input_is_one_line(options, words, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "grader", "export", *options], capture_output=True, text=True, check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    assert done.returncode == 1
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
