"""The committed notebooks, run from top to bottom in a real kernel."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 90.0
"""Processor time that a solved chapter may take from top to bottom: it does not depend on what else the machine does."""
LONGER = {"ch6_vanishing_gradients": 120.0}
CHAPTERS = sorted(p.parent.name for p in (ROOT / "course").glob("ch*/*.ipynb"))


def run(folder, chapter, place):
    """Run a notebook where it lies saved, as a student's does."""
    notebook = nbformat.read(shutil.copy(ROOT / folder / chapter / f"{chapter}.ipynb", place), as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("__import__('time').process_time()"))
    # No error is allowed but in cells that say so themselves: what "Run All" does in JupyterLab.
    where = {"metadata": {"path": str(place)}}
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources=where).execute()
    [taken] = notebook.cells.pop().outputs
    assert float(taken.data["text/plain"]) < LONGER.get(chapter, SECONDS)
    return notebook


def outputs(notebook, kind):
    return [
        (cell.metadata.nbgrader.grade_id, output)
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == kind
    ]


def last_said(notebook):
    """What the last cell says, which is `ready()` in every chapter."""
    [cell] = [c for c in notebook.cells if c.cell_type == "code"][-1:]
    assert cell.source == "ready()"
    return cell.outputs[-1].data["text/plain"]


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.sampled
def test_a_solved_notebook_earns_all_points_and_nothing_in_it_fails(chapter, tmp_path):
    notebook = run("solutions", chapter, tmp_path)
    assert outputs(notebook, "error") == []
    assert [o.text for _, o in outputs(notebook, "stream") if o.name == "stderr"] == []
    points = {
        name: float(o.data["text/plain"])
        for name, o in outputs(notebook, "execute_result")
        if "check_" in name
    }
    expected = {
        c.metadata.nbgrader.grade_id: c.metadata.nbgrader.points
        for c in notebook.cells
        if c.metadata.nbgrader.grade and not c.metadata.nbgrader.solution
    }
    assert points == expected
    total = sum(expected.values())
    assert f"as saved: {total:g} of {total:g} points" in last_said(notebook)


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.sampled
def test_run_all_goes_through_the_notebook_as_it_is_handed_out(chapter, tmp_path):
    notebook = run("course", chapter, tmp_path)
    assert outputs(notebook, "error") == []
    said = [name for name, o in outputs(notebook, "stream") if "which has no code yet: write it" in o.text]
    assert said
    assert {name.split("_")[0] for name in said} == {"experiment"}
    assert f"{chapter}.ipynb as saved: 0 of" in last_said(notebook)
