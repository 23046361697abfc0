"""Figures as a student has them: moved by key and by mouse in JupyterLab and in Notebook 7, and exported."""

import json
import re
import subprocess
import sys

import nbformat
import pytest
from playwright.sync_api import expect

EXPLORER = """
import numpy as np
from fnnkit.figures import activation_explorer
def my_leaky(z, alpha):
    return np.where(z > 0, z, alpha * z)
activation_explorer(my_leaky, unit="parametric relu")
"""
XOR = """
from fnnkit.figures.ch1_xor import hand_made_xor
from fnnkit.xor import xor_network
hand_made_xor(xor_network)
"""
TRAINING = """
import numpy as np
import time
from fnnkit.figures.engine.live import LiveFigure, checked, dropdown, slider, toggle
def trained(my_loss):
    figure = LiveFigure(5.0, 3.0)
    axes = figure.figure.add_subplot(xlabel="step", ylabel="loss", xlim=(0, 400), ylim=(0, 2))
    (curve,) = figure.changing(axes.plot([], []))
    def update(my_loss, rate, unit, noisy):
        curve.set_data([], [])
        first = checked(my_loss, my_loss(rate), loss=())
        return f"Ready: rate {rate}, unit {unit}, noisy {noisy}, first loss {first:.3g}."
    def train(my_loss, rate, unit, noisy):
        for step in range(400):
            curve.set_data(range(step + 1), np.exp(-rate * np.arange(step + 1)))
            time.sleep(0.02)
            yield f"Step {step} of the training."
    figure.run("Train", train, 400)
    figure.preset("Fast", rate=4)
    return figure.live(update, my_loss, rate=slider("rate", 1, 1, 5), unit=dropdown("unit", ["tanh", "relu"]),
                       noisy=toggle("noisy"))
def my_loss(rate):
    if rate == 3:
        raise ZeroDivisionError("rate 3 is too bold")
    return 2.0 / rate
trained(my_loss)
"""
FILMS = """
from fnnkit.figures.engine.player import FramePlayer
def film(name, speed):
    player = FramePlayer(4.0, 2.5, title=name)
    axes = player.figure.add_subplot(xlabel="x", xlim=(0, 20))
    (dot,) = player.changing(axes.plot([], [], "o"))
    def draw(step):
        dot.set_data([speed * step], [0])
        return f"{name}: step {step}, x = {speed * step}"
    return player.film(draw, range(12))
"""
CELLS = (EXPLORER, XOR, TRAINING, FILMS, 'film("first film", 1)', 'film("second film", 2)')


@pytest.fixture(params=["lab", "notebook"])
def jupyter(request):
    """A server and the application it shows: JupyterLab, then Notebook 7."""
    return request.getfixturevalue({"lab": "lab", "notebook": "notebook7"}[request.param]), request.param


@pytest.fixture
def figures(jupyter, open_notebook):
    """The notebook of this file, run, in either application."""

    def opened(*cells):
        server, where = jupyter
        notebook = open_notebook(server, "figures.ipynb", where=where, cells=cells)
        notebook.complaints.clear()  # what Notebook 7 says of itself while it starts is not about the course
        notebook.run_all()
        return notebook

    return opened


def figure_of(notebook, words):
    """The figure whose cell holds some words, in view."""
    notebook.show(words)
    area = notebook.page.locator(".jp-Cell", has=notebook.page.locator(".fnnkit-figure")).filter(
        has_text=words.split("(")[0]
    )
    shown = area.locator(".fnnkit-figure[data-fnnkit-alive]")
    shown.wait_for()
    cover = shown.get_by_role("button", name="Show it without a guess")
    if cover.count():
        cover.click()
    shown.locator("img[alt]:not([alt=''])").wait_for()
    shown.get_by_role("slider").first.wait_for()
    # Until then keys belong to the notebook.
    shown.locator("[role=slider][data-lm-suppress-shortcuts]").first.wait_for()
    expect(
        shown.locator(":is(button, select, input, [role=slider]):not([data-lm-suppress-shortcuts])")
    ).to_have_count(0)
    return shown


def picture(figure):
    return figure.locator("img[alt]:not([alt=''])")


def changed(figure, act):
    """Do something; wait until another picture stands there, painted or decoded; give its alternative text."""
    before = picture(figure).get_attribute("alt")
    act()
    figure.page.wait_for_function(
        """([figure, before]) => {
            const img = figure.querySelector("img[alt]:not([alt=''])");
            return img && img.alt !== before && img.complete && img.naturalWidth > 0;
        }""",
        arg=[figure.element_handle(), before],
    )
    return picture(figure).get_attribute("alt")


def value(handle):
    return float(handle.get_attribute("aria-valuetext"))  # "valuenow" is rounded to one digit


def drag(figure, handle, steps, pixels):
    """Drag a slider's handle to the right, so far that each step gives another value; count the pictures on the way."""
    page = figure.page
    page.evaluate(
        """(figure) => {
            window.seen = new Set();
            window.look = () => {
                const img = figure.querySelector("img[alt]:not([alt=''])");
                if (img) window.seen.add(img.alt);
                window.looking = requestAnimationFrame(window.look);
            };
            window.look();
        }""",
        figure.element_handle(),
    )
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, steps + 1):
        before = picture(figure).get_attribute("alt")
        page.mouse.move(x + pixels * step, y)
        page.wait_for_function(
            """([figure, before]) => {
                const img = figure.querySelector("img[alt]:not([alt=''])");
                return img && img.alt !== before;
            }""",
            arg=[figure.element_handle(), before],
        )
    page.mouse.up()
    return page.evaluate("() => { cancelAnimationFrame(window.looking); return window.seen.size; }")


@pytest.mark.sampled
def test_the_explorer_follows_keys_and_the_mouse_and_says_the_right_values(figures):
    notebook = figures(EXPLORER)
    figure = figure_of(notebook, "activation_explorer(")
    z = figure.get_by_role("slider", name="z", exact=True)
    alpha = figure.get_by_role("slider", name="α", exact=True)
    assert value(z) == 1.0
    assert "at z = 1.1: h = 1.1, h′ = 1." in changed(figure, lambda: z.press("ArrowRight"))
    assert "at z = 1: h = 1," in changed(figure, lambda: z.press("ArrowLeft"))
    assert "at z = 1.1:" in changed(figure, lambda: z.press("ArrowUp"))
    assert "at z = -5: h = -1.25, h′ = 0.25." in changed(figure, lambda: z.press("Home"))
    assert "α = 0.26, at z = -5: h = -1.3, h′ = 0.26." in changed(figure, lambda: alpha.press("ArrowRight"))
    assert drag(figure, alpha, 6, pixels=4) >= 6
    expect(figure.locator(".fnnkit-status")).to_contain_text(f"α = {value(alpha):g}, at z = -5")
    now = picture(figure).get_attribute("alt")
    h, slope = (float(v) for v in re.search(r"at z = -5: h = (\S+), h′ = (\S+)\. ", now).groups())
    assert slope == pytest.approx(value(alpha))
    assert h == pytest.approx(-5 * value(alpha))
    assert "It agrees with the reference everywhere" in now
    expect(figure.get_by_role("table")).to_contain_text(f"{h:.4g}")
    unit = figure.get_by_role("combobox", name="unit")
    assert "hyperbolic tangent" in changed(figure, lambda: unit.select_option(label="hyperbolic tangent"))
    assert notebook.complaints == []


@pytest.mark.exhaustive
def test_the_xor_network_follows_keys_and_the_mouse(figures):
    notebook = figures(XOR)
    figure = figure_of(notebook, "hand_made_xor(")
    assert "XOR is solved" in picture(figure).get_attribute("alt")
    c2 = figure.get_by_role("slider", name="c₂", exact=True)
    alt = changed(figure, lambda: c2.press("ArrowRight"))
    # h2 = max(0, 2 − 0.75) at (1, 1): y = 2 − 2 · 1.25; at (0, 1): 1 − 2 · 0.25
    assert "Outputs for (0,0), (0,1), (1,0), (1,1): 0, 0.5, 0.5, -0.5" in alt
    assert "XOR is solved" in changed(figure, lambda: c2.press("ArrowLeft"))
    b = figure.get_by_role("slider", name="b", exact=True)
    assert drag(figure, b, 4, pixels=12) >= 4
    expect(figure.locator(".fnnkit-status")).to_contain_text(f"(1,1): {value(b):g}, {1 + value(b):g}")
    solution = figure.get_by_role("button", name="Slides' solution")
    solution.press("Enter")
    expect(figure.locator(".fnnkit-status")).to_contain_text("XOR is solved")
    assert notebook.complaints == []


@pytest.mark.exhaustive
def test_every_control_has_a_name_and_works_by_keyboard(figures):
    notebook = figures(TRAINING)
    figure = figure_of(notebook, "trained(my_loss)")
    names = figure.evaluate(
        """(figure) => [...figure.querySelectorAll('[role=slider], [contenteditable], input, select, button')]
            .filter(e => e.offsetParent !== null)
            .map(e => e.getAttribute('aria-label') || (e.labels && e.labels.length && e.labels[0].textContent.trim())
                 || e.textContent.trim())"""
    )
    assert sorted(names) == [
        "Back to start", "Copy as code", "Fast", "One step", "Reset", "Train", "noisy", "rate", "rate, number", "speed", "unit",
    ]  # fmt: skip
    rate = figure.get_by_role("slider", name="rate", exact=True)
    assert value(rate) == 1.0
    rate.press("ArrowRight")
    expect(figure.locator(".fnnkit-status")).to_contain_text("rate 2, unit tanh, noisy False, first loss 1.")
    figure.get_by_role("combobox", name="unit").press("ArrowDown")
    expect(figure.locator(".fnnkit-status")).to_contain_text("unit relu")
    figure.get_by_role("checkbox", name="noisy").press("Space")
    expect(figure.locator(".fnnkit-status")).to_contain_text("noisy True")
    figure.get_by_role("button", name="Fast").press("Space")
    expect(figure.locator(".fnnkit-status")).to_contain_text("rate 4, unit relu, noisy True, first loss 0.5.")
    number = figure.get_by_role("textbox", name="rate, number")
    number.press("ControlOrMeta+a")
    number.press_sequentially("5")
    number.press("Enter")
    expect(figure.locator(".fnnkit-status")).to_contain_text("rate 5,")
    # Tab leads from one control to the next.
    rate.focus()
    notebook.page.keyboard.press("Tab")
    assert notebook.page.evaluate("() => document.activeElement.getAttribute('aria-label')") == "rate, number"
    assert notebook.complaints == []


@pytest.mark.exhaustive
def test_an_error_of_the_student_is_said_and_the_figure_lives_on(figures):
    notebook = figures(TRAINING)
    figure = figure_of(notebook, "trained(my_loss)")
    rate = figure.get_by_role("slider", name="rate", exact=True)
    rate.press("ArrowRight")
    rate.press("ArrowRight")
    expect(figure).to_contain_text(
        "Your my_loss cannot be drawn: it stops with ZeroDivisionError: rate 3 is too bold"
    )
    rate.press("ArrowRight")
    expect(figure.locator(".fnnkit-status")).to_contain_text("rate 4,")
    expect(figure).not_to_contain_text("ZeroDivisionError")
    assert notebook.complaints == []


@pytest.mark.exhaustive
def test_a_training_is_seen_while_it_runs_and_can_be_stopped(figures):
    notebook = figures(TRAINING)
    figure = figure_of(notebook, "trained(my_loss)")
    train = figure.get_by_role("button", name="Train")
    first = changed(figure, lambda: train.press("Enter"))
    assert first.startswith("Step ")
    assert changed(figure, lambda: None) != first
    figure.get_by_role("button", name="Pause").press("Enter")
    figure.get_by_role("button", name="Go on").wait_for()
    assert int(re.match(r"Step (\d+)", picture(figure).get_attribute("alt"))[1]) < 399
    assert notebook.complaints == []


ORDER = """(figure) => {
    const watch = (part, word, what) =>
        new MutationObserver(() => window.told.push(word)).observe(figure.querySelector(part), {subtree: true, ...what});
    window.told = [];
    watch(".fnnkit-picture", "picture", {attributeFilter: ["alt"]});
    watch(".fnnkit-status", "words", {childList: true, characterData: true});
}"""
PAINTED = """async (figure) => {
    const img = figure.querySelector(".fnnkit-picture img"), canvas = figure.querySelector(".fnnkit-steps");
    await img.decode();
    const own = document.createElement("canvas");
    [own.width, own.height] = [img.naturalWidth, img.naturalHeight];
    const pixels = c => c.getContext("2d").getImageData(0, 0, own.width, own.height).data;
    own.getContext("2d").drawImage(img, 0, 0);
    const [a, b] = [pixels(own), pixels(canvas)], boxes = [img, canvas].map(e => e.getBoundingClientRect());
    const {alpha} = canvas.getContext("2d").getContextAttributes();
    return {alpha, hidden: canvas.hidden,
            different: a.reduce((sum, v, i) => sum + (v !== b[i]), 0), boxes: boxes.map(r => r.toJSON())};
}"""


@pytest.mark.parametrize("cell", [EXPLORER, XOR])
@pytest.mark.sampled
def test_what_is_painted_step_by_step_is_the_picture_and_lies_where_it_lies(figures, cell):
    notebook = figures(cell)
    figure = figure_of(notebook, cell.strip().splitlines()[-1])
    canvas = figure.locator(".fnnkit-steps")
    slider = figure.get_by_role("slider", name="z" if cell is EXPLORER else "w₂", exact=True)
    figure.evaluate(ORDER)
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "PageUp"):
        changed(figure, lambda key=key: slider.press(key))
    expect(canvas).to_have_attribute("data-number", re.compile(r"\d"))
    expect(canvas).to_be_hidden()  # the image follows
    seen = figure.evaluate(PAINTED)
    assert (seen["hidden"], seen["different"]) == (True, 0)
    assert not seen["alpha"]  # what lies under it is not drawn
    assert figure.page.evaluate("() => window.told.slice(-2)") == ["picture", "words"]
    figure.evaluate("f => f.querySelector('.fnnkit-steps').hidden = false")
    image, painted = figure.evaluate(PAINTED)["boxes"]
    for side in ("x", "y", "width", "height"):
        assert painted[side] == pytest.approx(image[side], abs=0.02)
    assert notebook.complaints == []


def films(page):
    return page.get_by_role("group", name="first film"), page.get_by_role("group", name="second film")


@pytest.mark.exhaustive
def test_films_play_and_step_by_keyboard_and_leave_each_other_alone(figures):
    notebook = figures(FILMS, 'film("first film", 1)', 'film("second film", 2)')
    notebook.show("first film")
    first, second = films(notebook.page)
    place = second.get_by_role("slider", name="step")
    place.press("ArrowRight")
    place.press("ArrowRight")
    expect(second).to_contain_text("second film: step 2, x = 4")
    expect(second.locator("img")).to_have_attribute("alt", "second film: step 2, x = 4")
    second.get_by_role("button", name="one step back").press("Enter")
    expect(second).to_contain_text("second film: step 1, x = 2")
    second.get_by_role("button", name="Play").press("Space")
    expect(second).to_contain_text("second film: step 11, x = 22")
    second.get_by_role("button", name="Play").wait_for()  # it has stopped
    expect(first).to_contain_text("first film: step 0, x = 0")
    pictures = second.locator("img").get_attribute("src")
    second.get_by_role("button", name="one step on").press("Enter")
    assert second.locator("img").get_attribute("src") == pictures  # there is no further one
    assert notebook.complaints == []


@pytest.mark.exhaustive
def test_who_asks_for_less_motion_steps_through_a_film(figures, page):
    page.emulate_media(reduced_motion="reduce")
    notebook = figures(FILMS, 'film("first film", 1)')
    notebook.show("first film")
    first, _ = films(page)
    first.get_by_role("slider", name="step").press("ArrowRight")
    expect(first).to_contain_text("first film: step 1, x = 1")
    expect(first.get_by_role("button", name="Play")).to_have_count(0)
    assert notebook.complaints == []


@pytest.mark.parametrize("width", [1300, 650, 400])
@pytest.mark.parametrize("cell", [EXPLORER, XOR, FILMS + '\nfilm("first film", 1)'])
@pytest.mark.exhaustive
def test_nothing_sticks_out_of_a_narrow_page_or_one_zoomed_in(
    lab, open_notebook, page, width, cell, none_in_the_end
):
    page.set_viewport_size({"width": width, "height": 900})
    notebook = open_notebook(lab, "figures.ipynb", cells=[cell])
    page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    notebook.run_all()
    shown = page.locator(".fnnkit-figure, .fnnkit-film")
    shown.locator("img[alt]:not([alt=''])").wait_for(state="attached")
    cover = shown.get_by_role("button", name="Show it without a guess")
    if cover.count():
        cover.click()
    shown.locator("img[alt]:not([alt=''])").wait_for()
    out = """(shown) => {
            const area = shown.closest('.jp-OutputArea-output').getBoundingClientRect();
            return [...shown.querySelectorAll('*')].map(e => e.getBoundingClientRect())
                .filter(r => r.width > 0 && r.right > area.right + 1).length;
        }"""
    none_in_the_end(lambda: shown.evaluate(out))


@pytest.mark.exhaustive
def test_a_notebook_that_is_opened_without_being_run_shows_first_pictures(lab, page, executed):
    path = executed(lab.root / "untrusted.ipynb", EXPLORER, FILMS, 'film("first film", 1)')
    saved = json.loads(path.read_text())
    kinds = {kind for cell in saved["cells"] for output in cell["outputs"] for kind in output.get("data", ())}
    assert {"text/html", "text/plain", "application/vnd.jupyter.widget-view+json"} == kinds
    page.goto(lab.url + "/lab/workspaces/other/tree/untrusted.ipynb?reset")
    first = page.locator("img[alt='first film: step 0, x = 0']")
    first.wait_for()
    assert first.evaluate("(img) => img.complete && img.naturalWidth > 0")
    assert page.locator(".fnnkit-film button").count() == 0


@pytest.mark.exhaustive
def test_an_exported_page_plays_its_films_without_a_network(browser, tmp_path):
    notebook, target = tmp_path / "lesson.ipynb", tmp_path / "lesson.html"
    cells = [
        nbformat.v4.new_markdown_cell("The loss $J(\\theta) = \\frac{1}{n} \\sum_i (y_i - t_i)^2$."),
        *(
            nbformat.v4.new_code_cell(c)
            for c in (EXPLORER, XOR, FILMS, 'film("first film", 1)', 'film("second film", 2)')
        ),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), notebook)
    subprocess.run(
        [sys.executable, "-m", "grader", "export", str(notebook), "-o", str(target)],
        check=True,
        capture_output=True,
    )
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    asked, complaints = [], []
    context.route(
        lambda url: not url.startswith(("file:", "data:")),
        lambda route: (asked.append(route.request.url), route.abort()),
    )
    page = context.new_page()
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(target.as_uri())
    pictures = page.locator("img[alt]:not([alt=''])")
    expect(pictures).to_have_count(4)
    assert all(pictures.evaluate_all("(all) => all.map(img => img.complete && img.naturalWidth > 0)"))
    assert "parametric ReLU with α = 0.25" in pictures.first.get_attribute("alt")
    fraction = page.locator("math mfrac").bounding_box()
    assert fraction["height"] > 15  # it is drawn, not only there
    first, second = films(page)
    second.get_by_role("button", name="Play").press("Enter")
    expect(second).to_contain_text("second film: step 11, x = 22")
    expect(first).to_contain_text("first film: step 0, x = 0")
    first.get_by_role("slider", name="step").press("ArrowRight")
    expect(first).to_contain_text("first film: step 1, x = 1")
    assert (asked, complaints) == ([], [])
    context.close()
