"""A thousand malformed notebooks: each is one line or is marked; never a traceback, never a lost neighbour."""

from __future__ import annotations

import importlib.util
import json
import logging
import shutil
import sys
from pathlib import Path
from random import Random

import nbformat
import pytest

from grader.attacks.attack import CHAPTER
from grader.attacks.classes import _answered, full_marks
from grader.attacks.harms import harms
from grader.batch import grade, prepare
from grader.course import Course
from grader.gradebook.scores import scores
from grader.marking.ordinary import is_ordinary
from grader.marking.results import Results
from grader.marking.submission import is_answer, load_released
from grader.pages.feedback import write_feedback
from grader.pages.safe_html import markdown2html
from grader.sandbox import modes

CAMPAIGN = Path(__file__).resolve().parents[2] / "campaigns" / "notebooks.py"

_spec = importlib.util.spec_from_file_location("mutate", Path(__file__).with_name("mutate.py"))
assert _spec is not None
assert _spec.loader is not None
mutate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(mutate)

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.usefixtures("quiet")]

MUTATIONS, IN_CLASSES = 1000, 24
CHUNK = 50


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """nbformat logs words of the notebook, halves of surrogate pairs among them, which pytest-xdist cannot send on."""
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)


def real_ones(course: Course) -> list[dict]:
    """Notebooks as students hand them in: as released, and solved."""
    found = [
        json.loads((course.root / folder / CHAPTER / f"{CHAPTER}.ipynb").read_text())
        for folder in ("course", "solutions")
    ]
    assert len(found) == 2
    return found


@pytest.mark.sampled
@pytest.mark.parametrize("first", range(0, MUTATIONS, CHUNK))
def test_it_is_read_or_refused_in_one_line(first, whole_chapter, tmp_path):
    released = load_released(whole_chapter.released(CHAPTER))
    originals = real_ones(whole_chapter)
    course = Course(tmp_path / "course")
    results = Results(tmp_path / "results", b"secret")
    read_well = 0
    for seed in range(first, first + CHUNK):
        path = course.submitted(f"s{seed}", CHAPTER)
        path.parent.mkdir(parents=True)
        path.write_bytes(mutate.mutated(originals[seed % 2], seed))
        entry = prepare(course, CHAPTER, f"s{seed}", released, b"secret", results, False)
        if entry.state == "failed":
            assert entry.message.isprintable()
            assert 10 < len(entry.message) < 300
            assert "cannot be read (" not in entry.message, (
                seed,
                entry.message,
            )  # somebody has thought of it
            continue
        read_well += 1
        assert (entry.state, entry.message) == ("graded", "")
        rebuilt = entry.rebuilt
        # What is marked is the released notebook: its cells, in its order, with its metadata.
        nbformat.validate(rebuilt.notebook)
        nbformat.writes(rebuilt.notebook).encode()
        for cell, original in zip(rebuilt.notebook.cells, released.cells, strict=True):
            # What is said about how an answer was found is ours, and not the student's.
            metadata = {key: value for key, value in cell.metadata.items() if key != "fnnkit"}
            assert (metadata, cell.cell_type, cell.get("id")) == (
                original.metadata,
                original.cell_type,
                original.get("id"),
            )
            assert cell.source == original.source or is_answer(original)
            if cell.cell_type == "markdown" and is_answer(original):
                page = "<meta content=\"default-src 'none'\">" + markdown2html(cell.source)
                assert harms(page) == [], seed
    assert 5 < read_well < CHUNK - 5  # both happen


def as_run(notebook: dict) -> dict:
    """The first cells of a notebook, with outputs of every kind, as students save them."""
    picture = {"image/png": "iVBORw0KGgo=", "text/plain": ["<Figure>"]}
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["a\n", "b\n"]},
        {"output_type": "display_data", "data": picture, "metadata": {"image/png": {"width": 3}}},
        {"output_type": "execute_result", "data": {"text/plain": "1"}, "metadata": {}, "execution_count": 1},
        {"output_type": "display_data", "data": {"application/x+json": {"a": [1, None]}}, "metadata": {}},
        {"output_type": "error", "ename": "ValueError", "evalue": "x", "traceback": ["a", "b"]},
    ]
    cells = [c | {"outputs": outputs} if c["cell_type"] == "code" else c for c in notebook["cells"][:12]]
    return notebook | {"cells": cells}


@pytest.mark.sampled
@pytest.mark.parametrize("first", range(0, 2 * MUTATIONS, 500))
def test_what_is_ordinary_is_a_notebook_to_nbformat(first, whole_chapter):
    original = as_run(real_ones(whole_chapter)[0])
    assert is_ordinary(original)
    ordinary = 0
    for seed in range(first, first + 500):
        text = mutate.mutated(original, seed)
        try:
            data = json.loads(text.decode())
        except (ValueError, RecursionError):
            continue
        if is_ordinary(data):
            ordinary += 1
            nbformat.reads(text.decode(), as_version=4)
    assert 50 < ordinary < 450


@pytest.mark.skipif(not modes.available(), reason="there is no sandbox on this machine")
def test_a_class_with_malformed_notebooks_loses_nobody(whole_chapter, tmp_path):
    course = Course(shutil.copytree(whole_chapter.root, tmp_path / "course"))
    released, solved = real_ones(course)
    right = {
        c["metadata"]["nbgrader"]["grade_id"]: "".join(c["source"])
        for c in solved["cells"]
        if c["cell_type"] == "code" and c["metadata"].get("nbgrader", {}).get("solution")
    }
    honest = json.dumps(_answered(released, right)).encode()
    seeds = Random(0).sample(range(MUTATIONS), IN_CLASSES)
    texts = {f"s{seed:03}": mutate.mutated(solved, seed) for seed in seeds} | {
        "ada": honest,
        "s500 ben": honest,
        "zoe": honest,
    }
    for student, text in texts.items():
        path = course.submitted(student, CHAPTER)
        path.parent.mkdir(parents=True)
        path.write_bytes(text)
    batch = grade(course, CHAPTER, jobs=2)
    assert [e.student for e in batch.entries] == sorted(texts)
    for entry in batch.entries:
        if entry.student in ("ada", "s500 ben", "zoe"):
            assert {n: v.marks for n, v in entry.marking.verdicts.items()} == full_marks(course)
        elif entry.state == "failed":
            assert entry.message.isprintable()
            assert "could not be marked" not in entry.message
            assert "could not record" not in entry.message
        else:
            assert entry.state == "graded"
    pages = write_feedback(batch, scores(batch, course.config()))
    unread = [e for e in batch.by_state("failed") if e.rebuilt is None]
    assert len(pages) == len(batch.by_state("graded")) + len(unread)
    assert [harm for page in pages for harm in harms(page.read_text(encoding="utf-8"))] == []


@pytest.mark.exhaustive
@pytest.mark.skipif(not modes.available(), reason="there is no sandbox on this machine")
def test_the_command_itself_grades_a_class_of_them(tmp_path):
    """A reduced form of `tests/campaigns/notebooks.py`; other notebooks than above."""
    spec = importlib.util.spec_from_file_location("notebooks", CAMPAIGN)
    campaign = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = campaign  # a dataclass asks for its module
    spec.loader.exec_module(campaign)
    found = campaign.campaign(16, 16, 5000, tmp_path)
    assert found.faults == []
    assert found.notebooks == 16
    assert min(found.states["failed"], found.states["graded"]) > 2
