"""Chapter 1 as a student works through it in JupyterLab: mistakes first, then every figure."""

from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
PATH = "ch1_xor/ch1_xor.ipynb"
SOLVED = nbformat.read(ROOT / "solutions" / "ch1_xor" / "ch1_xor.ipynb", as_version=4)
RIGHT = {
    c.metadata.nbgrader.grade_id: c.source
    for c in SOLVED.cells
    if c.cell_type == "code" and c.metadata.nbgrader.solution
}
FIGURES = ("linear_model", "hand_made_xor", "kernel_and_network", "initialisation", "landscape")


def answered(notebook, name, source):
    """Write an answer, run it and its check; give the verdict."""
    notebook.write(name, source)
    notebook.run(name)
    notebook.run(f"check_{name}")
    return notebook.page.get_by_role("group", name=f"{name}:").last


@pytest.mark.exhaustive
def test_the_first_round_is_broken_and_repaired_as_the_notebook_says(lab, open_notebook):
    notebook = open_notebook(lab, PATH)
    first = next(c for c in SOLVED.cells if c.cell_type == "code")
    notebook.run(first.metadata.nbgrader.grade_id)
    given = RIGHT["affine"]
    expect(answered(notebook, "affine", given)).to_contain_text("✓ affine: 4 of 4 criteria met")
    expect(answered(notebook, "affine", given.replace(" + c", ""))).to_contain_text("the bias c is missing")
    transposed = answered(notebook, "affine", given.replace("@ W", "@ W.T"))
    expect(transposed).to_contain_text("the rows of W were taken for its columns")
    expect(answered(notebook, "affine", given.replace("return ", ""))).to_contain_text("nothing is returned")
    expect(answered(notebook, "affine", given)).to_contain_text("✓ affine: 4 of 4 criteria met")
    assert notebook.complaints == []


@pytest.mark.exhaustive
def test_an_endless_loop_is_stopped_by_the_square_button_and_named(lab, open_notebook):
    notebook = open_notebook(lab, PATH)
    page = notebook.page
    first = next(c for c in SOLVED.cells if c.cell_type == "code")
    notebook.run(first.metadata.nbgrader.grade_id)
    notebook.write(
        "fit_kernel",
        "print('ready')\n\ndef fit_kernel(K, y, ridge):\n    print('looping', flush=True)\n    while True:\n        pass\n",
    )
    notebook.run("fit_kernel")
    notebook.show('check("fit_kernel"')
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-cell'); }")
    page.locator(".jp-OutputArea").get_by_text("looping").wait_for()
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:interrupt-kernel')")
    verdict = page.get_by_role("group", name="fit_kernel:")
    expect(verdict).to_contain_text("you stopped it: this call had not come to an end")
    expect(verdict).to_contain_text("a loop that does not end")


@pytest.mark.exhaustive
def test_every_figure_of_the_solved_chapter_is_drawn_follows_its_controls_and_fits(lab, open_notebook):
    notebook = open_notebook(lab, PATH)
    page = notebook.page
    for name, source in RIGHT.items():
        notebook.write(name, source)
    notebook.run_all()
    for name in FIGURES:
        notebook.show(f"figures.{name}(")
        here = _of(page, name)
        here.get_by_role("button", name="Show it without a guess").click()
        expect(here.locator("img[width]")).to_have_js_property("complete", True)
        alt = here.locator("img[width]").get_attribute("alt")
        handle = here.locator(".noUi-handle").first
        handle.focus()
        handle.press("ArrowRight")
        expect(here.locator("img[width]")).not_to_have_attribute("alt", alt)
        sticks_out = here.evaluate(
            """(shown) => {
                const area = shown.closest('.jp-OutputArea-output').getBoundingClientRect();
                return [...shown.querySelectorAll('img')].filter(i => i.width > 0)
                    .filter(i => i.getBoundingClientRect().right > area.right + 1).length;
            }"""
        )
        assert sticks_out == 0, name
    notebook.show("figures.initialisation(")
    here = _of(page, "initialisation")
    here.get_by_role("button", name="Train").click()
    expect(here.get_by_text("of those with 16 hidden units")).to_be_visible()
    assert notebook.complaints == []


def _of(page, name):
    """The figure whose cell calls a function of that name."""
    cell = page.locator(".jp-CodeCell").filter(has=page.locator(".cm-content", has_text=f"figures.{name}("))
    return cell.locator(".fnnkit-figure")
