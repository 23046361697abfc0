"""Handles as a student has them: every kind by mouse, finger and keys, in JupyterLab and Notebook 7; every figure dragged."""

import importlib
import inspect
import pkgutil

import pytest
from playwright.sync_api import expect

import fnnkit.figures

EVERY = """
import importlib
from fnnkit.judge.registry import exercise
def show(chapter, name, *functions, **options):
    figures = importlib.import_module(f"fnnkit.figures.{chapter}")
    return getattr(figures, name)(*[exercise(f).reference for f in functions], **options)
"""
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
PEN = """
import time
from fnnkit.figures.engine.live import LiveFigure, checked, slider
def pen(mine):
    figure = LiveFigure(5.0, 5.0, layout=None)
    axes = figure.figure.add_axes((0.1, 0.1, 0.8, 0.8), xlim=(-2, 2), ylim=(-2, 2))
    (dot,) = figure.changing(axes.plot([], [], "o"))
    def update(mine, **v):
        dot.set_data([v["a"]], [checked(mine, mine(v["b"]), value=())])
        return f"a {v['a']:g}, b {v['b']:g}, aslant {v['aslant']:g}, strokes {v['strokes']:g}, end {v['end']:g}."
    def moved(x, y, v):
        both = abs(x - v["a"]) > 0.01 and abs(y - v["b"]) > 0.01
        return {"a": x, "b": y, "aslant": v["aslant"] + both}
    def stroke(points, v):
        wide = any(abs(p[0] - q[0]) > 1.5 for p, q in zip(points, points[1:]))
        return {"end": points[-1][0], "strokes": v["strokes"] + wide}
    figure.handle("pen", axes, place=lambda v: (v["a"], v["b"]), values=moved, step=(0.1, 0.1))
    figure.freehand(axes, stroke)
    return figure.live(update, mine, a=slider("a", 0.0, -2.0, 2.0, 0.1), b=slider("b", 0.0, -2.0, 2.0, 0.1),
        aslant=slider("aslant", 0, 0, 9), strokes=slider("strokes", 0, 0, 9), end=slider("end", 0.0, -2.0, 2.0, 0.1))
def slow(b):
    time.sleep(0.5)
    return b
pen(slow)
"""
CHAPTERS = sorted(m.name for m in pkgutil.iter_modules(fnnkit.figures.__path__) if m.name.startswith("ch"))
OTHERS = {"activation_explorer": ["generalized_relu"]}
OPTIONS = {"forgetting": ", seeds=[1]"}


def calls(chapter):
    """A cell for each figure of a chapter, drawn by the references of the exercises that its parameters are named after."""
    module = importlib.import_module(f"fnnkit.figures.{chapter}")
    for name in module.__all__:
        parameters = inspect.signature(getattr(module, name)).parameters.values()
        functions = OTHERS.get(name) or [p.name for p in parameters if p.default is p.empty]
        listed = "".join(f', "{f}"' for f in functions)
        yield name, f'show("{chapter}", "{name}"{listed}{OPTIONS.get(name, "")})'


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


@pytest.mark.exhaustive
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


@pytest.mark.exhaustive
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


DRAWING = EVERY + (
    'show("ch4_universal_approximation", "build_a_function", "staircase_network", "relu_interpolant", "sup_error")'
    '.at(target_is="my own drawing")'
)


@pytest.mark.exhaustive
def test_a_line_is_drawn_by_hand_and_by_keys(opened):
    notebook, figure = opened(DRAWING)
    page = notebook.page
    figure.get_by_role("button", name="Show it without a guess").click()
    pen = handle(figure, "pen")
    pen.wait_for()
    typed = figure.get_by_role("textbox", name="my drawing, heights")
    before = typed.input_value().split()
    svg = figure.locator(".fnnkit-hands")
    svg.scroll_into_view_if_needed()
    box = svg.bounding_box()
    x, y = box["x"] + 0.3 * box["width"], box["y"] + 0.1 * box["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 31):  # faster than pictures come: no place is left out
        page.mouse.move(x + step / 100 * box["width"], y + 20 * (step % 2))
    page.mouse.up()
    expect(typed).not_to_have_value(" ".join(before))
    page.wait_for_function(
        """([input, old]) => {
            const now = input.value.split(" ");
            return now.slice(13, 23).every((height, i) => height !== old[13 + i]);
        }""",
        arg=[typed.element_handle(), before],
    )
    now = typed.input_value()
    pen.press("ArrowLeft")  # lifted
    pen.press("Shift+ArrowDown")
    expect(typed).not_to_have_value(now)
    changed = [a != b for a, b in zip(now.split(), typed.input_value().split(), strict=True)]
    assert sum(changed) == 1
    assert notebook.complaints == []


@pytest.mark.exhaustive
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


@pytest.mark.exhaustive
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


@pytest.mark.exhaustive
def test_a_slow_function_neither_mixes_ways_nor_forgets_what_was_drawn(opened):
    notebook, figure = opened(PEN)
    said, grip, page = figure.locator(".fnnkit-status"), handle(figure, "pen"), notebook.page
    grip.wait_for()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "ArrowUp"):
        grip.press(key)
    expect(said).to_contain_text("a 0.2, b 0.2, aslant 0,")
    svg = figure.locator(".fnnkit-hands")
    svg.scroll_into_view_if_needed()
    box, unit = svg.bounding_box(), scale(figure)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.7
    for start, end in ((-1.5, -0.5), (1.5, 0.5)):  # the way from one stroke to the next is not drawn
        page.mouse.move(x + start * unit, y)
        page.mouse.down()
        page.mouse.move(x + end * unit, y, steps=5)
        page.mouse.up()
    grip.press("ArrowDown")
    expect(said).to_contain_text("a 0.2, b 0.1, aslant 0, strokes 0, end 0.5.")
    assert notebook.complaints == []


@pytest.mark.sampled
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_figure_is_covered_first_and_then_dragged(
    lab, open_notebook, chapter, complaints_of_axe, thorough
):
    cells = dict(calls(chapter))
    notebook = open_notebook(lab, "figures.ipynb", cells=[EVERY, *cells.values()])
    page = notebook.page
    notebook.run_all()
    for name, cell in cells.items():
        notebook.show(cell)
        figure = page.locator(".jp-CodeCell.jp-mod-active .fnnkit-figure[data-fnnkit-alive]")
        figure.wait_for()
        picture = figure.locator(".fnnkit-picture img").first
        expect(picture, name).to_be_hidden()
        whole = ".jp-CodeCell.jp-mod-active .fnnkit-figure"
        if thorough:
            assert complaints_of_axe(page, whole) == [], name
        figure.get_by_role("button", name="Show it without a guess").click()
        expect(picture, name).to_be_visible()
        grip = figure.locator(".fnnkit-hands [role=slider]:visible").first
        grip.wait_for()
        grip.scroll_into_view_if_needed()
        before = grip.get_attribute("aria-valuetext")
        for dx, dy in ((-90, -20), (70, 35), (45, -60)):  # a handle may stand at an end of its way
            x, y = middle(grip)
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(x + dx / 2, y + dy / 2, steps=4)
            page.mouse.move(x + dx, y + dy, steps=4)
            page.mouse.up()
            if moved(grip, before):
                break
        expect(grip, name).not_to_have_attribute("aria-valuetext", before)
        expect(figure.get_by_text("cannot be drawn"), name).to_have_count(0)
        if thorough:
            assert complaints_of_axe(page, whole) == [], name
    assert notebook.complaints == []


def moved(grip, before):
    """Whether a handle says something else, soon."""
    try:
        expect(grip).not_to_have_attribute("aria-valuetext", before, timeout=15_000)
    except AssertionError:
        return False
    return True
