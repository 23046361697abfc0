"""The notebook of chapter 3, run in a real kernel with answers that are right and written differently."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from fnnkit.exercises.exercise import source_of
from grader.answers.ch3_activations import ANSWERS

NOTEBOOK = Path(__file__).resolve().parents[2] / "course" / "ch3_activations" / "ch3_activations.ipynb"


@pytest.mark.parametrize("style", [0, 1, 2])
def test_every_cell_runs_whatever_way_the_answers_are_written(style):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.nbgrader.grade_id
        if name in ANSWERS:
            cell.source = source_of(ANSWERS[name][style], name)
    # Loops over single entries train slowly, above all on a busy machine.
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    outputs = [
        (c.metadata.nbgrader.grade_id, o) for c in notebook.cells if c.cell_type == "code" for o in c.outputs
    ]
    assert [(name, o.evalue) for name, o in outputs if o.output_type == "error"] == []
    shown = {name: str(o.get("data", {})) for name, o in outputs if name.startswith(("figure", "experiment"))}
    assert sum("<img" in text or "data:image/png" in text for text in shown.values()) == 5
    assert "16 of 16 exercises solved, 15 of 15 points" in str(outputs[-1])
