"""One student goes through the course: solves half of a chapter, closes it, opens it, goes on, and gets a new version."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from fnnkit.exercises import PROJECT
from fnnkit.judge.registry import chapter_ids, contents, exercises

ROOT = Path(__file__).resolve().parents[1]
LOGBOOK = "fnnkit-progress.json"


class Student:
    """What a student does with a folder of the course; every session is a kernel of its own."""

    def __init__(self, folder):
        self.folder = folder

    def path(self, chapter):
        return self.folder / chapter / f"{chapter}.ipynb"

    def write(self, chapter, answers):
        """Write answers into their cells, and save."""
        notebook = nbformat.read(self.path(chapter), as_version=4)
        for cell in notebook.cells:
            cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
        nbformat.write(notebook, self.path(chapter))

    def session(self, chapter, *cells, work=True):
        """Open the saved notebook, run what is given, answers and checks, then cells of one's own; gives what these say."""
        notebook = nbformat.read(self.path(chapter), as_version=4)
        code = [c for c in notebook.cells if c.cell_type == "code" and "nbgrader" in c.metadata]
        kept = [c for c in code if is_work(c) and (work or is_given(c))]
        notebook.cells = kept + [nbformat.v4.new_code_cell(cell) for cell in cells]
        where = {"metadata": {"path": str(self.path(chapter).parent)}}
        NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources=where, allow_errors=True
        ).execute()
        return [said(cell) for cell in notebook.cells[len(kept) :]]


def is_given(cell):
    return "given" in cell.metadata.get("tags", [])


def is_work(cell):
    return is_given(cell) or cell.metadata.nbgrader.solution or cell.metadata.nbgrader.grade


def said(cell):
    """What a cell shows as text; an error too."""
    parts = [o.get("text") or o.get("data", {}).get("text/plain", "") + "\n" for o in cell.outputs]
    return "".join(parts + [f"{o.ename}: {o.evalue}\n" for o in cell.outputs if o.output_type == "error"])


def right(chapter):
    """Right answers, by exercise."""
    solved = nbformat.read(ROOT / "solutions" / chapter / f"{chapter}.ipynb", as_version=4)
    return {
        c.metadata.nbgrader.grade_id: c.source
        for c in solved.cells
        if c.metadata.nbgrader.grade_id in contents(chapter)
    }


def unpacked(folder, chapters):
    """A folder of the course as it is handed out."""
    for name in (*chapters, "project"):
        shutil.copytree(ROOT / "course" / name, folder / name)
    return folder


@pytest.fixture
def chapters(thorough):
    return chapter_ids() if thorough else ("ch1_xor", "ch5_backprop")


@pytest.mark.exhaustive
def test_a_student_solves_half_closes_opens_goes_on_and_gets_a_new_version(tmp_path, chapters):
    student = Student(unpacked(tmp_path / "course", chapters))
    for chapter in chapters:
        names, answers = list(contents(chapter)), right(chapter)
        half = names[: len(names) // 2]
        total = sum(e.worth for e in exercises(chapter))
        earned = sum(e.worth for e in exercises(chapter) if e.name in half)

        # Half of it, and one that is wrong; then the kernel ends.
        wrong = names[len(half)]
        student.write(
            chapter,
            {n: answers[n] for n in half} | {wrong: f"def {wrong}(*args, **kwargs):\n    return None"},
        )
        state, all_of_it = student.session(chapter, f'progress("{chapter}")', "progress()")
        solved = len(half) + sum(not is_asked(chapter, name) for name in names[len(half) :])
        assert (
            f"{chapter}: {solved} of {len(names)} exercises solved, {earned:g} of {total:g} points" in state
        )
        assert re.search(rf"✗ {wrong} ", state)
        assert re.search(rf"{chapter} +{solved} of {len(names)} ", all_of_it)

        # The next day: a new kernel that has checked nothing knows it.
        [state] = student.session(chapter, f'progress("{chapter}")', work=False)
        assert (
            f"{chapter}: {solved} of {len(names)} exercises solved, {earned:g} of {total:g} points" in state
        )
        assert state.count("in an earlier session") >= len(half)

        # The rest; `ready` reads what is saved.
        student.write(chapter, answers)
        state, before_handing_in = student.session(chapter, f'progress("{chapter}")', "ready()")
        assert f"{len(names)} of {len(names)} exercises solved, {total:g} of {total:g} points" in state
        assert f"{chapter}.ipynb as saved: {total:g} of {total:g} points" in before_handing_in

    book = json.loads((student.folder / LOGBOOK).read_text(encoding="utf-8"))
    assert all(book["exercises"][name]["solved"] for chapter in chapters for name in contents(chapter))
    assert "def " not in (student.folder / LOGBOOK).read_text(encoding="utf-8")

    # Something of one's own in the project; then a new version of the course, beside the old one.
    project = nbformat.read(student.path("project"), as_version=4)
    project.cells.append(nbformat.v4.new_code_cell('results.append(("digits", "my own idea", 0.99))'))
    nbformat.write(project, student.path("project"))
    before = {c: student.path(c).read_bytes() for c in chapters}
    newer = Student(unpacked(tmp_path / "course 2", chapters))
    done = subprocess.run(
        [sys.executable, "-m", "fnnkit.update", str(student.folder)],
        cwd=newer.folder, capture_output=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for chapter in chapters:
        asked = [n for n in contents(chapter) if is_asked(chapter, n)]
        assert f"{chapter}: {len(asked)} answers carried over" in done.stdout
    assert "project: yours is kept as project/project-yours.ipynb" in done.stdout
    assert {c: student.path(c).read_bytes() for c in chapters} == before
    last = chapters[-1]
    state, ready = newer.session(last, "progress()", "ready()", work=False)
    for chapter in chapters:
        assert re.search(rf"{chapter} +{len(contents(chapter))} of {len(contents(chapter))} ", state)
    total = sum(e.worth for e in exercises(last))
    assert f"as saved: {total:g} of {total:g} points" in ready

    # The project is made of what was written, and knows what was done.
    names = [name for name in PROJECT if any(name in contents(chapter) for chapter in chapters)]
    asked = (
        f"from fnnkit.exercises import mine, progress\nfor name in {names!r}: print(name, mine.source(name))"
    )
    sources, state = newer.session("project", asked, "progress()")
    for chapter in chapters:
        assert re.search(rf"{chapter} +{len(contents(chapter))} of {len(contents(chapter))} ", state)
    assert sources.splitlines() == [f"{n} yours, from {home(n)}.ipynb." for n in names]


def is_asked(chapter, name):
    """Whether the student has to write it: one answer is given, to be broken and repaired."""
    notebook = nbformat.read(ROOT / "course" / chapter / f"{chapter}.ipynb", as_version=4)
    [cell] = [c for c in notebook.cells if c.metadata.nbgrader.grade_id == name]
    return "NotImplementedError" in cell.source


def home(name):
    return next(chapter for chapter in chapter_ids() if name in contents(chapter))
