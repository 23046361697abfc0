from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from fnnkit.judge.registry import exercises

ROOT = Path(__file__).resolve().parents[2]

SOLVED = nbformat.read(ROOT / "solutions" / "ch1_xor" / "ch1_xor.ipynb", as_version=4)
RIGHT = {
    c.metadata.nbgrader.grade_id: c.source
    for c in SOLVED.cells
    if c.cell_type == "code" and c.metadata.nbgrader.solution
}
TOTAL = sum(e.worth for e in exercises("ch1_xor"))
TRANSPOSED = "def xor_network(X, W, c, w, b):\n    H = np.maximum(0, X @ W.T + c)\n    return H, H @ w + b"
FIGURE = "figures.hand_made_xor"
PATH = "ch1_xor/ch1_xor.ipynb"


# The picture of the hand-made XOR: the chapter has other figures too.
PICTURE = """.jp-OutputArea img[alt*="network's output"]"""


def step(notebook, slider, key):
    """Press a key on a slider and wait until another picture stands there, decoded; give its text alternative."""
    page = notebook.page
    before = page.locator(PICTURE).last.get_attribute("src")
    handle = page.get_by_role("slider", name=slider, exact=True)
    handle.focus()
    handle.press(key)
    page.wait_for_function(
        """([picture, before]) => {
            const img = [...document.querySelectorAll(picture)].at(-1);
            return img && img.src !== before && img.complete && img.naturalWidth > 0;
        }""",
        arg=[PICTURE, before],
    )
    return page.locator(PICTURE).last.get_attribute("alt")


def show_figure(notebook):
    """Bring the figure into view, and its picture out from behind the question."""
    notebook.show(FIGURE)
    figure = notebook.page.locator(".jp-CodeCell.jp-mod-active .fnnkit-figure[data-fnnkit-alive]")
    figure.wait_for()
    cover = figure.get_by_role("button", name="Show it without a guess")
    if cover.count():
        cover.click()
    figure.locator(".fnnkit-picture img").wait_for()


def verdict(notebook, name):
    notebook.show(f'check("{name}"')
    return notebook.page.get_by_role("group", name=f"{name}:")


@pytest.mark.exhaustive
def test_a_student_works_through_the_notebook_in_jupyterlab(lab, open_notebook):
    notebook = open_notebook(lab, PATH)
    page = notebook.page

    notebook.run_all()
    for name in RIGHT:
        said = "✓ affine: 4 of 4 criteria met" if name == "affine" else "not answered yet"
        expect(verdict(notebook, name)).to_contain_text(said)
    notebook.show(FIGURE)
    page.get_by_text("Your xor_network has no code yet").wait_for()

    for name, source in (RIGHT | {"xor_network": TRANSPOSED}).items():
        notebook.write(name, source)
    notebook.run_all()
    expect(verdict(notebook, "fit_linear")).to_contain_text("✓ fit_linear: 2 of 2 points")
    wrong = verdict(notebook, "xor_network")
    expect(wrong).to_contain_text("✗ xor_network: 0 of 2 points")
    expect(wrong).to_contain_text("Here each row of X is an example")

    notebook.write("xor_network", RIGHT["xor_network"])
    notebook.run_all()
    expect(verdict(notebook, "xor_network")).to_contain_text("✓ xor_network: 2 of 2 points")
    notebook.show('progress("ch1_xor")')
    page.get_by_text(
        f"{len(RIGHT)} of {len(RIGHT)} exercises solved, {TOTAL:g} of {TOTAL:g} points"
    ).wait_for()

    show_figure(notebook)
    assert "XOR is solved" in page.locator(PICTURE).last.get_attribute("alt")
    alt = step(notebook, slider="c₂", key="ArrowRight")
    assert "XOR is solved" not in alt
    page.get_by_text("c₂ = -0.75. Outputs for").wait_for()
    assert "XOR is solved" in step(notebook, slider="c₂", key="ArrowLeft")
    assert notebook.complaints == []


@pytest.mark.exhaustive
def test_the_notebook_works_in_notebook_7(notebook7, open_notebook):
    notebook = open_notebook(notebook7, PATH, where="notebook")
    notebook.complaints.clear()  # what Notebook 7 says of itself while it starts is not about the course
    notebook.write("xor_network", RIGHT["xor_network"])
    notebook.run_all()
    expect(verdict(notebook, "xor_network")).to_contain_text("✓ xor_network: 2 of 2 points")
    show_figure(notebook)
    assert "XOR is solved" not in step(notebook, slider="W₁₁", key="PageUp")
    assert notebook.complaints == []


@pytest.mark.exhaustive
def test_validate_works_where_the_course_is_not_configured(lab, open_notebook):
    notebook = open_notebook(lab, PATH)
    page = notebook.page
    assert not list(lab.root.rglob("nbgrader_config.py"))
    for name in RIGHT.keys() - {"fit_linear"}:
        notebook.write(name, RIGHT[name])
    notebook.write("why_not_linear", "A line answers a step in one input the same way whatever the other is.")
    page.get_by_role("button", name="Validate").click()
    said = page.locator(".jp-Dialog").inner_text()
    assert 'check("fit_linear", fit_linear)' in said
    assert 'check("mse", mse)' not in said
    assert 'check("xor_network", xor_network)' not in said
    page.locator(".jp-Dialog button").last.click()

    notebook.write("fit_linear", RIGHT["fit_linear"])
    page.get_by_role("button", name="Validate").click()
    page.get_by_text("Your notebook passes all the tests").wait_for()


@pytest.mark.exhaustive
def test_nothing_of_a_verdict_or_the_figure_stands_outside_the_page(lab, open_notebook, none_in_the_end):
    notebook = open_notebook(lab, PATH)
    page = notebook.page
    page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    notebook.write("fit_linear", "def fit_linear(X, y):\n    raise RuntimeError('A' * 300)")
    notebook.write("xor_network", RIGHT["xor_network"])
    notebook.run_all()

    def sticks_out(locator):
        return locator.evaluate(
            """(shown) => {
                const area = shown.closest('.jp-OutputArea-output').getBoundingClientRect();
                return [...shown.querySelectorAll('*')].map(e => e.getBoundingClientRect())
                    .filter(r => r.width > 0 && r.right > area.right + 1).length;
            }"""
        )

    for width in (1300, 480):
        page.set_viewport_size({"width": width, "height": 900})
        message = verdict(notebook, "fit_linear")
        expect(message).to_contain_text("AAAA")
        assert sticks_out(message) == 0
        show_figure(notebook)
        page.locator(PICTURE).last.wait_for()
        none_in_the_end(lambda: sticks_out(page.locator(".jp-CodeCell.jp-mod-active .fnnkit-figure")))
