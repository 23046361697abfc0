"""Chapter 2 in JupyterLab: naive answers first, then right ones, and every figure by its controls."""

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "ch2_output_units"
PATH = f"{CHAPTER}/{CHAPTER}.ipynb"
SOLVED = {
    cell.metadata.nbgrader.grade_id: cell.source
    for cell in nbformat.read(ROOT / "solutions" / CHAPTER / f"{CHAPTER}.ipynb", as_version=4).cells
    if cell.cell_type == "code" and cell.metadata.nbgrader.solution
}
# As somebody writes who takes the formulas as they are printed.
PRINTED = {
    "sigmoid": "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))",
    "softplus": "def softplus(z):\n    return np.log(1 + np.exp(z))",
    "softmax": "def softmax(z):\n    return np.exp(z) / np.exp(z).sum(axis=0)",
    "categorical_nll_grad": (
        "def categorical_nll_grad(scores, g):\n"
        "    p = softmax(scores)\n"
        "    p[np.arange(len(g)), g] -= 1\n"
        "    return p"
    ),
}
SAID = {
    "sigmoid": ("◐ sigmoid: 1 of 1.5 points", "Let the exponential see −|z| only"),
    "softplus": ("◐ softplus: 1 of 1.5 points", "an exponential overflows"),
    "softmax": ("✗ softmax: 0 of 1.75 points", "the columns sum to 1"),
    "categorical_nll_grad": ("✗ categorical_nll_grad: 0 of 1.25 points", "this follows from softmax"),
}
FIGURES = ("mean_or_median", "conditional_statistics", "saturation", "softmax_sliders", "mixture_density")


def verdict(notebook, name):
    notebook.show(f'check("{name}"')
    # Not log_softmax for softmax: what stands before the name is a mark and a space.
    return notebook.page.get_by_role("group", name=re.compile(rf"\s{name}:"))


def picture(notebook, figure):
    """The output that holds a figure's picture, brought into view."""
    notebook.show(f"figures.{figure}(")
    cell = notebook.page.locator(".jp-Cell", has_text=f"figures.{figure}(")
    cell.locator("img[alt]:not([aria-hidden])").first.wait_for(state="attached")
    cover = cell.get_by_role("button", name="Show it without a guess")
    if cover.count():
        cover.click()
    cell.locator("img[alt]:not([aria-hidden])").first.wait_for()
    return cell


@pytest.mark.exhaustive
def test_a_student_works_through_the_chapter(lab, open_notebook):
    notebook = open_notebook(lab, PATH)
    page = notebook.page
    notebook.run_all()
    expect(verdict(notebook, "sigmoid")).to_contain_text("not answered yet")
    notebook.show("figures.saturation")
    page.get_by_text("Your bernoulli_nll_grad has no code yet").wait_for()
    said = picture(notebook, "mixture_density")
    expect(said).to_contain_text(
        "Drawn with fnnkit's mdn_split and mdn_nll: yours do not pass their check yet"
    )

    for name, source in PRINTED.items():
        notebook.write(name, source)
    notebook.run_all()
    for name, texts in SAID.items():
        for text in texts:
            expect(verdict(notebook, name)).to_contain_text(text)

    for name, source in SOLVED.items():
        notebook.write(name, source)
    notebook.run_all()
    notebook.show(f'progress("{CHAPTER}")')
    page.get_by_text("21 of 21 exercises solved, 17.5 of 17.5 points").wait_for()

    outlier = picture(notebook, "mean_or_median")
    outlier.get_by_role("button", name="Far away").click()
    outlier.get_by_text("2.71 for the squared error and 2.1 for the absolute error").wait_for()

    sure = picture(notebook, "saturation")
    handle = sure.locator(".noUi-handle")
    handle.focus()
    handle.press("ArrowRight")
    sure.get_by_text("logit z = -3.75. Target 0, confident and right").wait_for()

    bars = picture(notebook, "softmax_sliders")
    bars.get_by_role("button", name="Shift by 1000").click()
    bars.get_by_text("The shift of 1000 changes nothing.").wait_for()

    film = picture(notebook, "conditional_statistics")
    film.get_by_role("button", name="Back to start").click()
    film.get_by_text("After 0 steps the network with the squared error").wait_for()
    film.get_by_role("button", name="Play").click()
    film.get_by_text("After 450 steps the network with the squared error").wait_for()

    mixture = picture(notebook, "mixture_density")
    mixture.get_by_role("button", name="Train").click()
    mixture.get_by_role("button", name="Pause").wait_for()
    mixture.get_by_text("After 810 steps, mixture of 3 components").wait_for()
    mixture.get_by_role("button", name="Train").wait_for()
    assert notebook.complaints == []


@pytest.mark.exhaustive
def test_nothing_of_a_figure_stands_outside_a_narrow_page(lab, open_notebook, none_in_the_end):
    notebook = open_notebook(lab, PATH)
    page = notebook.page
    page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    for name, source in SOLVED.items():
        notebook.write(name, source)
    notebook.run_all()
    page.set_viewport_size({"width": 650, "height": 450})  # a window of 1300 pixels at 200 %
    for figure in FIGURES:
        cell = picture(notebook, figure)
        outside = """(cell) => {
                const area = cell.querySelector('.jp-OutputArea-output').getBoundingClientRect();
                return [...cell.querySelectorAll('.jp-OutputArea-output *')].map(e => e.getBoundingClientRect())
                    .filter(r => r.width > 0 && r.right > area.right + 1).length;
            }"""
        none_in_the_end(lambda cell=cell, outside=outside: cell.evaluate(outside), figure)
