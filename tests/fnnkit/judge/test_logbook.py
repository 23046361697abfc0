"""What is kept beside the notebooks: it outlives the kernel, says no more than what was done, and nothing depends on it."""

import json

import nbformat
import pytest
from nbclient import NotebookClient

from fnnkit.judge import logbook
from fnnkit.judge.logbook import NAME, Logbook, Tried
from fnnkit.judge.overview import Overview
from fnnkit.judge.registry import chapter_ids, exercises


def run_cells(folder, texts):
    """Run cells in a kernel that begins in a folder; what each printed."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in texts])
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    return [
        "".join(o.get("text", "") for o in cell.outputs if o.output_type == "stream")
        for cell in notebook.cells
    ]


@pytest.fixture
def here(tmp_path, monkeypatch):
    path = tmp_path / NAME
    monkeypatch.setattr(logbook, "place", lambda: path)
    return path


def test_outside_of_a_notebook_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    logbook.checked("mse", True, 1.0)
    assert list(tmp_path.iterdir()) == []
    assert logbook.read() == Logbook()


def test_tries_and_the_last_result_are_kept(here):
    logbook.checked("mse", False, 0.5)
    logbook.checked("mse", True, 1.0)
    logbook.checked("relu", True, 1.0)
    logbook.checked("relu", False, 0.0)
    logbook.guessed("ch1_xor", "landscape", True)
    logbook.guessed("ch1_xor", "landscape", False)  # the first one counts
    logbook.reached("ch5_backprop")
    logbook.reached("ch5_backprop")
    assert logbook.read() == Logbook(
        {"mse": Tried(2, True, 1.0), "relu": Tried(2, False, 0.0)},
        ["ch5_backprop"],
        {"ch1_xor/landscape": True},
    )
    assert [p.name for p in here.parent.iterdir()] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", '{"version": 1}', '{"version": 2, "exercises": {}, "milestones": [], "guesses": {}}',
        '{"version": 1, "exercises": {"mse": 3}, "milestones": [], "guesses": {}}', "[" * 100_000, "\udce4",
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_put_aside_with_a_line(here, capsys, text):
    here.write_text(text, errors="surrogateescape")
    assert logbook.read() == Logbook()
    assert capsys.readouterr().out.count("\n") == 1
    logbook.checked("mse", True, 1.0)
    assert sorted(p.name for p in here.parent.iterdir()) == sorted([NAME, "fnnkit-progress.unreadable.json"])
    assert logbook.read().exercises == {"mse": Tried(1, True, 1.0)}


def test_where_it_cannot_be_written_nobody_is_disturbed(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(logbook, "place", lambda: tmp_path / "no such folder" / NAME)
    logbook.checked("mse", True, 1.0)
    assert capsys.readouterr().out == ""


def test_the_overview_adds_up(here):
    for e in exercises("ch1_xor"):
        logbook.checked(e.name, True, e.points)
    logbook.guessed("ch1_xor", "landscape", True)
    first, *others = Overview(logbook.read()).lines
    asked = exercises("ch1_xor")
    assert (first.solved, first.of, first.tries) == (len(asked),) * 3
    assert first.points == first.possible == sum(e.worth for e in asked)
    assert (first.guesses, first.right, first.milestone) == (1, 1, False)
    assert [line.chapter for line in others] == list(chapter_ids())[1:]
    assert not any(line.solved or line.tries for line in others)
    assert "ch1_xor" in repr(Overview(logbook.read()))
    assert '<th scope="col"' in Overview(logbook.read())._repr_html_()


FIRST = """
import numpy as np
from fnnkit.exercises import check, progress
def relu(z): return np.maximum(z, 0.0)
check("relu", relu)
"""


def test_it_outlives_the_kernel_and_lies_beside_the_chapters(tmp_path):
    folder = tmp_path / "course with ä" / "ch1_xor"
    folder.mkdir(parents=True)
    run_cells(folder, [FIRST])
    kept = json.loads((folder.parent / NAME).read_text())
    assert kept["exercises"] == {"relu": {"points": 1.0, "solved": True, "tries": 1}}
    code = 'from fnnkit.exercises import progress\nprint(repr(progress("ch1_xor")))\nprint(repr(progress()))'
    [said] = run_cells(folder, [code])
    assert "1 of " in said
    assert "1 of 1, in an earlier session" in said
    assert [p.name for p in folder.parent.iterdir() if p != folder] == [NAME]


def test_while_nbgrader_runs_a_notebook_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    run_cells(tmp_path, [FIRST])
    assert list(tmp_path.iterdir()) == []


def test_chapters_and_the_project_keep_one_file_beside_them(tmp_path):
    for folder in ("ch1_xor", "project"):
        (tmp_path / folder).mkdir()
    run_cells(tmp_path / "ch1_xor", ['from fnnkit.judge import logbook\nlogbook.checked("mse", True, 1.0)'])
    [said] = run_cells(
        tmp_path / "project", ["from fnnkit.judge import logbook\nprint(logbook.read().exercises)"]
    )
    assert "'mse': Tried(tries=1, solved=True" in said
    assert [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.json")] == [NAME]
