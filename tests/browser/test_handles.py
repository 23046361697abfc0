"""Handles as a student has them: every kind by mouse, finger and keys, in JupyterLab and Notebook 7; every figure dragged."""

import pytest
from playwright.sync_api import expect

HANDLES = """
import time
from fnnkit.figures.engine.live import LiveFigure, checked, slider
def held(mine):
    figure = LiveFigure(5.0, 5.0, layout=None)
    axes = figure.figure.add_axes((0.1, 0.1, 0.8, 0.8), xlim=(-2, 2), ylim=(-2, 2))
    (dot,) = figure.changing(axes.plot([], [], "o"))
    def update(mine, **v):
        value = float(checked(mine, mine(v["a"], v["b"]), value=()))
        dot.set_data([v["a"]], [v["b"]])
        return f"a {v['a']:g}, b {v['b']:g}, c {v['c']:g}, d {v['d']:g}, e {v['e']:g}, f {v['f']:g}: value {value:g}"
    figure.handle("point", axes, x="a", y="b")
    figure.handle("arrow", axes, x="c", y="d", tail=(-1.0, -1.0))
    figure.handle("bar", axes, y="e", at=1.5)
    figure.handle("vertical line", axes, x="f", at=-1.75)
    figure.handle("line", axes, line=("c", "d", "g"))
    figure.handle("start", axes, place=lambda v: (v["h"], -0.5), values=lambda x, y, v: {"h": x}, shape="square", free="x")
    figure.read(axes, lambda mine, x, y, **v: f"At ({x:.1f}, {y:.1f}) it is {mine(x, y):.1f}.")
    figure.press(axes, lambda x, y, v: {"a": x})
    return figure.live(update, mine, **{n: slider(n, value, -2.0, 2.0, 0.1) for n, value in
        dict(a=0.5, b=1.0, c=0.5, d=0.5, e=-1.0, f=-1.5, g=0.3, h=1.0).items()})
"""
PLAIN = HANDLES + "held(lambda a, b: a + b)"
WRONG = (
    HANDLES
    + """
def fussy(a, b):
    if a > 1:
        raise RuntimeError("too far")
    return a
held(fussy)
"""
)
SLOW = (
    HANDLES
    + """
calls = []
def slow(a, b):
    calls.append(a)
    time.sleep(0.2)
    return a
held(slow)
"""
)
EVERY = """
import importlib
from fnnkit.judge.registry import exercise
def show(chapter, name, *functions, **options):
    figures = importlib.import_module(f"fnnkit.figures.{chapter}")
    return getattr(figures, name)(*[exercise(f).reference for f in functions], **options)
"""
FIGURES = {
    "linear_model": 'show("ch1_xor", "linear_model", "mse", "fit_linear")',
    "hand_made_xor": 'show("ch1_xor", "hand_made_xor", "xor_network")',
    "kernel_and_network": (
        'show("ch1_xor", "kernel_and_network", "rbf_kernel", "fit_kernel", "gradient_descent", "xor_network")'
    ),
    "landscape": (
        'show("ch1_xor", "landscape", "gradient_descent", "classify_critical_point", "permute_hidden")'
    ),
    "kinds_of_network": 'show("ch1_xor", "kinds_of_network")',
    "mean_or_median": 'show("ch2_output_units", "mean_or_median", "best_constant", "gaussian_nll")',
    "conditional_statistics": 'show("ch2_output_units", "conditional_statistics")',
    "saturation": 'show("ch2_output_units", "saturation", "bernoulli_nll_grad", "sigmoid_mse_grad")',
    "softmax_sliders": 'show("ch2_output_units", "softmax_sliders", "softmax")',
    "mixture_density": 'show("ch2_output_units", "mixture_density", "mdn_split", "mdn_nll")',
    "activation_explorer": 'show("ch3_activations", "activation_explorer", "generalized_relu")',
    "sparsity_through_depth": 'show("ch3_activations", "sparsity_through_depth", "sparsity", "dead_units")',
    "maxout_learns": 'show("ch3_activations", "maxout_learns", "maxout", "maxout_grad")',
    "forgetting": 'show("ch3_activations", "forgetting", "relu_grad", "maxout", "maxout_grad", seeds=[1])',
    # Its handle says something only after a training, so it comes last.
    "initialisation": 'show("ch1_xor", "initialisation", "gradient_descent")',
}


@pytest.fixture(params=["lab", "notebook"])
def jupyter(request):
    return request.getfixturevalue({"lab": "lab", "notebook": "notebook7"}[request.param]), request.param


@pytest.fixture
def opened(jupyter, open_notebook):
    def opened(cell):
        server, where = jupyter
        notebook = open_notebook(server, "handles.ipynb", where=where, cells=[cell])
        notebook.complaints.clear()
        notebook.run_all()
        figure = notebook.page.locator(".fnnkit-figure[data-fnnkit-alive]")
        figure.wait_for()
        return notebook, figure

    return opened


def handle(figure, name):
    return figure.locator(".fnnkit-hands").get_by_role("slider", name=name, exact=True)


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def dragged(figure, name, dx, dy):
    """Drag a handle by pixels of the page."""
    page, grip = figure.page, handle(figure, name)
    grip.scroll_into_view_if_needed()
    x, y = middle(grip)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=6)
    page.mouse.up()


def scale(figure):
    """Pixels of the page for a unit of the axes, which are 4 units wide in 8 tenths of the picture."""
    return figure.locator(".fnnkit-hands").bounding_box()["width"] * 0.8 / 4


@pytest.mark.sampled
def test_every_kind_of_handle_is_moved_by_mouse_and_by_keys(opened):
    notebook, figure = opened(PLAIN)
    said, unit = figure.locator(".fnnkit-status"), None
    handle(figure, "point").wait_for()
    unit = scale(figure)
    for name, dx, dy, expected in (
        ("point", -0.4, -0.5, "a 0.1, b 1.5,"),
        ("arrow", 0.3, 0.2, "c 0.8, d 0.3,"),
        ("bar", 1.0, -0.6, "e -0.4,"),  # it goes up and down only
        ("vertical line", 0.7, 1.0, "f -0.8:"),
    ):
        dragged(figure, name, dx * unit, dy * unit)
        expect(said).to_contain_text(expected)
    for name, key, expected in (
        ("point", "ArrowRight", "a 0.2, b 1.5,"),
        ("point", "Shift+ArrowDown", "a 0.2, b 0.5,"),
        ("arrow", "ArrowUp", "c 0.8, d 0.4,"),
        ("bar", "ArrowDown", "e -0.5,"),
        ("vertical line", "ArrowLeft", "f -0.9:"),
    ):
        handle(figure, name).press(key)
        expect(said).to_contain_text(expected)
    expect(handle(figure, "point")).to_have_attribute("aria-valuetext", "a = 0.2, b = 0.5")
    before = handle(figure, "line").get_attribute("aria-valuetext")
    handle(figure, "line").press("ArrowRight")
    expect(handle(figure, "line")).not_to_have_attribute("aria-valuetext", before)
    handle(figure, "start").press("ArrowLeft")
    expect(handle(figure, "start")).to_have_attribute("aria-valuetext", "h = 0.9")
    handle(figure, "point").focus()
    notebook.page.keyboard.press("Tab")
    label = notebook.page.evaluate("() => document.activeElement.getAttribute('aria-label')")
    assert label == "arrow"
    assert notebook.complaints == []


@pytest.mark.sampled
def test_what_is_under_the_pointer_is_read_and_a_click_sets_a_control(opened):
    notebook, figure = opened(PLAIN)
    handle(figure, "point").wait_for()
    svg = figure.locator(".fnnkit-hands")
    svg.scroll_into_view_if_needed()
    box = svg.bounding_box()
    x, y = box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.6  # (0.5, −0.5)
    notebook.page.mouse.move(x, y)
    expect(figure.locator(".fnnkit-reading")).to_contain_text("At (0.5, -0.5) it is")
    notebook.page.mouse.move(box["x"] + box["width"] * 0.3, y)
    notebook.page.mouse.click(box["x"] + box["width"] * 0.3, y)
    expect(figure.locator(".fnnkit-status")).to_contain_text("a -1, b 1,")
    assert notebook.complaints == []


@pytest.mark.sampled
def test_a_finger_moves_a_handle(opened):
    notebook, figure = opened(PLAIN)
    grip = handle(figure, "point")
    grip.wait_for()
    grip.evaluate(
        """(g) => {
            g.setPointerCapture = () => {};  // it knows real fingers only
            const box = g.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
            const tell = (kind, dx) => g.dispatchEvent(new PointerEvent(kind, {pointerId: 7, pointerType: "touch",
                bubbles: true, clientX: x + dx, clientY: y}));
            tell("pointerdown", 0); tell("pointermove", -60); tell("pointerup", -60);
        }"""
    )
    expect(figure.locator(".fnnkit-status")).not_to_contain_text("a 0.5,")
    assert notebook.complaints == []


@pytest.mark.sampled
def test_an_error_stands_in_the_picture_s_place_and_dragging_back_cures_it(opened):
    notebook, figure = opened(WRONG)
    grip = handle(figure, "point")
    grip.wait_for()
    high = figure.locator(".fnnkit-picture").bounding_box()["height"]
    for _ in range(2):
        grip.press("Shift+ArrowRight")
    expect(figure).to_contain_text("Your fussy cannot be drawn: it stops with RuntimeError: too far")
    assert abs(figure.locator(".fnnkit-picture").bounding_box()["height"] - high) <= 1
    grip.press("Shift+ArrowLeft")
    expect(figure.locator(".fnnkit-status")).to_contain_text("a 1,")
    assert notebook.complaints == []


@pytest.mark.sampled
def test_a_slow_function_makes_no_queue_and_the_last_position_wins(opened):
    notebook, figure = opened(SLOW)
    handle(figure, "point").wait_for()
    unit = scale(figure)
    page = notebook.page
    grip = handle(figure, "point")
    grip.scroll_into_view_if_needed()
    x, y = middle(grip)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(x - unit * step / 60, y)
        page.wait_for_timeout(16)
    page.mouse.up()
    expect(figure.locator(".fnnkit-status")).to_contain_text("a -0.5, b 1,", timeout=5_000)
    assert notebook.complaints == []


def test_every_figure_of_chapters_1_to_3_is_covered_first_and_then_dragged(lab, open_notebook):
    notebook = open_notebook(lab, "figures.ipynb", cells=[EVERY, *FIGURES.values()])
    page = notebook.page
    notebook.run_all()
    for name, cell in FIGURES.items():
        notebook.show(cell)
        figure = page.locator(".jp-CodeCell.jp-mod-active .fnnkit-figure[data-fnnkit-alive]")
        figure.wait_for()
        picture = figure.locator(".fnnkit-picture img").first
        expect(picture).to_be_hidden()
        figure.get_by_role("button", name="Show it without a guess").click()
        picture.wait_for()
        grip = figure.locator(".fnnkit-hands [role=slider]:visible").first
        before = grip.get_attribute("aria-valuetext")
        grip.scroll_into_view_if_needed()
        x, y = middle(grip)
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x - 60, y - 15, steps=4)
        page.mouse.move(x - 90, y - 20, steps=4)
        page.mouse.up()
        expect(grip, name).not_to_have_attribute("aria-valuetext", before)
        expect(figure.get_by_text("cannot be drawn")).to_have_count(0)
    assert notebook.complaints == []
