"""axe-core finds nothing of ours: in figures, verdicts, exported pages, feedback and report."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

from grader import batch
from grader.course import CONFIG, Course
from grader.gradebook.scores import scores
from grader.pages.feedback import write_feedback
from grader.pages.report import write_report
from grader.sandbox import modes

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "ch1_xor"
FIGURES = """
from fnnkit import backprop, xor
from fnnkit.activations import ACTIVATIONS
from fnnkit.figures import activation_explorer, ch1_xor, ch5_backprop, ch6_vanishing_gradients
from fnnkit.judge.registry import exercise
"""
CELLS = [
    FIGURES,
    'activation_explorer(exercise("generalized_relu").reference)',
    'ch1_xor.hand_made_xor(exercise("xor_network").reference)',
    "ch6_vanishing_gradients.latch_film()",
    "ch5_backprop.signals(backprop.forward, backprop.output_delta, backprop.output_gradients, "
    "backprop.hidden_delta, backprop.hidden_gradients)",
    "from fnnkit.exercises import check, progress\n"
    'check("mse", lambda a, b: ((a - b) ** 2).sum())\ncheck("affine", lambda X, W, c: None)',
    'progress("ch1_xor")',
]
CODE = '''
class Unit:
    """A unit, and all that a page of code is coloured for."""
    def __call__(self, z, slope=1e-2):
        return z if z > 0 else slope * z  # a comment
@staticmethod
def written(n: int) -> str:
    try:
        assert not None and n != 0x1F, f"{n!r} is \\n not right"
    except (ValueError, ZeroDivisionError) as error:
        raise RuntimeError from error
    return r"raw" + str(len(b"bytes"))
'''


@pytest.mark.exhaustive
def test_figures_and_verdicts_in_jupyterlab(lab, open_notebook, complaints_of_axe):
    notebook = open_notebook(lab, "figures.ipynb", cells=CELLS)
    page = notebook.page
    notebook.run_all()
    for cell in CELLS[1:]:
        notebook.show(cell)
        shown = page.locator(".jp-CodeCell.jp-mod-active .jp-OutputArea-output").first
        shown.wait_for()
        figure = ".jp-CodeCell.jp-mod-active .fnnkit-figure"
        if cell in CELLS[1:5]:
            page.locator(f"{figure}[data-fnnkit-alive]").wait_for()
            assert complaints_of_axe(page, figure) == [], cell  # the question before the picture
            page.locator(figure).get_by_role("button", name="Show it without a guess").click()
            page.locator(f"{figure} .fnnkit-picture img").first.wait_for()
        assert complaints_of_axe(page, ".jp-CodeCell.jp-mod-active .jp-OutputArea") == [], cell


@pytest.mark.exhaustive
def test_an_exported_page(browser, tmp_path, complaints_of_axe):
    page = browser.new_page()
    source, target = tmp_path / "lesson.ipynb", tmp_path / "lesson.html"
    opening = nbformat.read(ROOT / "course" / CHAPTER / f"{CHAPTER}.ipynb", as_version=4).cells
    cells = [c for c in opening if c.cell_type == "markdown"]
    cells += [nbformat.v4.new_code_cell(c) for c in (*CELLS, CODE)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), source)
    command = [sys.executable, "-m", "grader", "export", str(source), "-o", str(target)]
    subprocess.run(command, check=True, capture_output=True)
    for scheme, width in (("light", 1300), ("dark", 1300), ("light", 400)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(target.as_uri())
        assert complaints_of_axe(page) == [], (scheme, width)
        sticking_out = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(sticking_out) <= 0, width
    # On the narrow page letters keep their size: the picture is another one, its panels one below the other.
    for shown in (page.locator("picture img").last, page.locator(".fnnkit-film img").first):
        assert shown.evaluate("(img) => img.naturalHeight > img.naturalWidth")


@pytest.mark.exhaustive
@pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is not installed (Debian: apt install bubblewrap)"
)
def test_feedback_and_report(page, tmp_path, complaints_of_axe):
    for folder in ("solutions", "course"):
        shutil.copytree(ROOT / folder / CHAPTER, tmp_path / folder / CHAPTER)
    shutil.copy(ROOT / CONFIG, tmp_path)
    course = Course(tmp_path)
    answers = {
        "Ada": {"mse": "def mse(a, b):\n    return ((a - b) ** 2).sum()", "why_not_linear": "It **bends**."},
        "Zoë": {"mse": "def mse(a, b):\n    print(1 / 0)"},
    }
    for student, cells in answers.items():
        notebook = nbformat.read(course.released(CHAPTER), as_version=4)
        for cell in notebook.cells:
            cell.source = cells.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
        path = course.submitted(student, CHAPTER)
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)

    def written():
        graded = batch.grade(course, CHAPTER)
        known = scores(graded, course.config())
        return [*write_feedback(graded, known), write_report(graded, tmp_path / "report.html", known)]

    with ThreadPoolExecutor(1) as apart:  # playwright's event loop runs in this thread
        pages = apart.submit(written).result()
    assert len(pages) == 3
    for path in pages:
        page.set_content(path.read_text(encoding="utf-8"))
        assert complaints_of_axe(page) == [], path.name
