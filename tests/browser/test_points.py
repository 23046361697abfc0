"""Below a verdict no bare number is seen; it is there for nbgrader, which reads the saved notebook."""

import nbformat
import pytest

CELLS = [
    "from fnnkit.exercises import check\nimport warnings",
    "check('mse', lambda y_pred, y_true: 0.0)",
    "def half(y_pred, y_true):\n    warnings.warn('take care')\n    return ((y_pred - y_true) ** 2).mean()\ncheck('mse', half)",
    "def full(y_pred, y_true):\n    if y_pred.shape != y_true.shape:\n        raise ValueError('shapes')\n"
    "    return ((y_pred - y_true) ** 2).mean()\ncheck('mse', full)",
    "1.25",
]
POINTS = ["0.0", "0.5", "1.0"]


def test_points_are_read_off_a_notebook_and_not_seen_in_jupyterlab(lab, open_notebook, tmp_path):
    look(lab, open_notebook(lab, "points.ipynb", cells=CELLS), tmp_path)


@pytest.mark.exhaustive
def test_points_are_read_off_a_notebook_and_not_seen_in_notebook_7(notebook7, open_notebook, tmp_path):
    look(notebook7, open_notebook(notebook7, "points.ipynb", where="notebook", cells=CELLS), tmp_path)


def look(server, notebook, folder):
    notebook.run_all()
    page = notebook.page
    page.get_by_role("group", name="✓ mse: 1 of 1 points").wait_for()
    results = page.locator(".jp-OutputArea-executeResult .jp-OutputArea-output")
    page.locator(".jp-OutputArea-executeResult").nth(3).wait_for()
    assert [text.strip() for text in results.all_inner_texts()] == ["", "", "", "1.25"]
    page.screenshot(path=folder / "points.png")

    notebook.save()
    [saved] = [p for p in server.root.rglob("points.ipynb") if ".ipynb_checkpoints" not in p.parts]
    outputs = [c.outputs[-1] for c in nbformat.read(saved, as_version=4).cells[1:4]]
    assert [o.output_type for o in outputs] == ["execute_result"] * 3
    assert [o.data for o in outputs] == [{"text/html": "", "text/plain": number} for number in POINTS]
