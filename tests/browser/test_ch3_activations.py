"""Chapter 3 as a student meets it in JupyterLab: unfinished, with mistakes, and solved."""

import re

import pytest
from playwright.sync_api import expect

from fnnkit.judge.exercise import source_of
from fnnkit.judge.registry import contents
from grader import answers

PATH = "ch3_activations/ch3_activations.ipynb"
CHAPTER = "ch3_activations"
RIGHT = {name: source_of(answers.right(CHAPTER, name)[0], name) for name in contents(CHAPTER)}
EXPLORER, SPARSITY = "figures.activation_explorer(generalized_relu)", "figures.sparsity_through_depth"
MAXOUT, FILM = "figures.maxout_learns", "figures.forgetting(relu_grad"
WRONG = {
    "generalized_relu": "def generalized_relu(z, alpha):\n    return np.maximum(alpha * z, z)",
    "dead_units": "def dead_units(H):\n    return np.where((H == 0).all(axis=0))",
    "maxout": "def maxout(Z, k):\n    return Z.reshape(-1, k).max(axis=1)",
    "softplus_grad": "def softplus_grad(z):\n    return np.exp(z) / (1 + np.exp(z))",
    "sigmoid_grad": "def sigmoid_grad(z):\n    return softplus_grad(z) * softplus_grad(-z)",
}
SAID = {
    "generalized_relu": ("◐ generalized_relu: 1 of 1.25 points", "the same only while α ≤ 1"),
    "dead_units": ("✗ dead_units: 0 of 1 points", "this is a tuple with one array in it"),
    "maxout": ("✗ maxout: 0 of 1.5 points", "all examples are in one long row"),
    "softplus_grad": ("◐ softplus_grad: 1 of 1.5 points", "∞ · 0 is no number"),
    "sigmoid_grad": ("◐ sigmoid_grad: 1 of 1.25 points", "this follows from softplus_grad"),
}


def verdict(notebook, name):
    notebook.show(f'check("{name}"')
    return notebook.page.get_by_role("group", name=re.compile(rf"[✓◐✗○] {name}:"))


def figure(notebook, text):
    """The cell of a figure, in view and uncovered."""
    notebook.show(text)
    cell = notebook.page.locator(".jp-CodeCell.jp-mod-active")
    cell.locator(".fnnkit-figure").wait_for()
    cover = cell.get_by_role("button", name="Show it without a guess")
    if cover.count():
        cover.click()
    return cell


def press(cell, slider, key):
    """Press a key on a slider, and wait for another picture; give its text alternative."""
    picture = cell.locator(".fnnkit-figure img[alt]:not([alt=''])").first
    before = picture.get_attribute("alt")
    handle = cell.get_by_role("slider", name=slider, exact=True)
    handle.focus()
    handle.press(key)
    expect(picture).not_to_have_attribute("alt", before)
    return picture.get_attribute("alt")


@pytest.mark.exhaustive
def test_a_student_works_through_chapter_3(lab, open_notebook):
    notebook = open_notebook(lab, PATH)
    page = notebook.page

    notebook.run_all()
    expect(verdict(notebook, "numerical_derivative")).to_contain_text("not answered yet")
    for text, name in (
        (EXPLORER, "generalized_relu"),
        (SPARSITY, "dead_units"),  # a further function without code gives way to the reference
        (MAXOUT, "maxout"),
        (FILM, "maxout"),
    ):
        expect(figure(notebook, text)).to_contain_text(f"Your {name} has no code yet")

    for name, source in (RIGHT | WRONG).items():
        notebook.write(name, source)
    notebook.run_all()
    for name, words in SAID.items():
        for part in words:
            expect(verdict(notebook, name)).to_contain_text(part)
    expect(figure(notebook, SPARSITY)).to_contain_text(
        "Your dead_units cannot be drawn: indices should have shape"
    )
    expect(figure(notebook, MAXOUT)).to_contain_text("H should have shape (61, 1), and it has (61,)")

    for name in WRONG:
        notebook.write(name, RIGHT[name])
    notebook.run_all()
    notebook.show('progress("ch3_activations")')
    page.get_by_text("16 of 16 exercises solved, 12.75 of 12.75 points").wait_for()

    cell = figure(notebook, SPARSITY)
    alt = press(cell, "bias of every unit", "ArrowLeft")
    expect(cell).to_contain_text("bias of every unit = -0.1. ReLU: ")
    assert "tanh and sigmoid: none in any layer" in alt

    cell = figure(notebook, MAXOUT)
    assert "2 of its 2 pieces" in press(cell, "pieces k", "ArrowLeft")
    cell.get_by_role("button", name="Back to start").click()
    expect(cell).to_contain_text("After 0 steps on x² / 2")
    cell.get_by_role("button", name="Play").click()
    expect(cell).to_contain_text("After 400 steps on x² / 2 the unit uses 2 of its 2 pieces")

    cell = figure(notebook, FILM)
    expect(cell).to_contain_text("Left of A after B: ReLU")
    cell.get_by_role("button", name="Back to start").click()
    expect(cell).to_contain_text("Mean of 5 seeds, before training")
    cell.get_by_role("button", name="One step").click()
    expect(cell).to_contain_text("Mean of 5 seeds, epoch 1, on task A")
    assert notebook.complaints == []


@pytest.mark.exhaustive
def test_nothing_of_the_figures_stands_outside_a_narrow_page(lab, open_notebook, none_in_the_end):
    notebook = open_notebook(lab, PATH)
    page = notebook.page
    page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    for name, source in RIGHT.items():
        notebook.write(name, source)
    notebook.run_all()
    for width in (1300, 520):
        page.set_viewport_size({"width": width, "height": 900})
        for text in (EXPLORER, SPARSITY, MAXOUT, FILM):
            cell = figure(notebook, text)
            expect(cell.locator("img").first).to_be_attached()
            outside = """(cell) => [...cell.querySelectorAll('.jp-OutputArea-output')].flatMap((area) => {
                    const right = area.getBoundingClientRect().right;
                    return [...area.querySelectorAll('*')].filter(
                        (e) => e.getBoundingClientRect().width > 0 && e.getBoundingClientRect().right > right + 1);
                }).length"""
            none_in_the_end(lambda cell=cell, outside=outside: cell.evaluate(outside), f"{text} at {width}")
