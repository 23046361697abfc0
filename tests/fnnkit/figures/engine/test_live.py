import asyncio
import base64
import html
import io
import re
import subprocess
import sys
import warnings

import numpy as np
import pytest
from matplotlib.image import imread

from fnnkit.figures.engine.live import LiveFigure, checked, dropdown, slider, table, toggle

Z = np.linspace(-4.0, 4.0, 81)


def pixels(shown):
    data = re.search(r'src="data:image/png;base64,([^"]+)"', shown.picture.value)[1]
    return imread(io.BytesIO(base64.b64decode(data)))


def status(shown):
    return html.unescape(shown.status.value)


def shifted(my_relu, **extra):
    """The figure that the module's docstring teaches."""
    figure = LiveFigure(4.0, 2.5)
    axes = figure.figure.add_subplot(xlim=(-4, 4), ylim=(-1, 8))
    (curve,) = figure.changing(axes.plot(Z, 0 * Z))
    figure.curve, figure.axes = curve, axes

    def update(my_relu, shift, **others):
        h = checked(my_relu, my_relu(Z + shift), h=Z.shape)
        curve.set_ydata(h)
        return f"shift {shift:g}, largest {h.max():.3g}", f"A curve whose largest value is {h.max():.3g}."

    figure.preset("Far", shift=3.0)
    return figure.live(update, my_relu, shift=slider("shift", 0.0, -3.0, 3.0, 0.5), **extra)


def relu(z):
    return np.maximum(0.0, z)


@pytest.fixture
def full_draws(monkeypatch):
    """Counts how often a whole figure is drawn."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    drawn, draw = [], FigureCanvasAgg.draw
    monkeypatch.setattr(FigureCanvasAgg, "draw", lambda self: (drawn.append(self), draw(self))[1])
    return drawn


def test_a_step_draws_what_a_new_figure_would_draw():
    stepped, fresh = shifted(relu), shifted(lambda z: relu(z + 2.0))
    stepped.controls["shift"].value = 2.0
    assert np.array_equal(pixels(stepped), pixels(fresh))
    stepped.controls["shift"].value = 0.0
    assert np.array_equal(pixels(stepped), pixels(shifted(relu)))


def test_only_what_changes_is_drawn_until_something_else_does(full_draws):
    shown = shifted(relu)
    for shift in (0.5, 1.0, 1.5):
        shown.controls["shift"].value = shift
    assert len(full_draws) == 1
    shown.figure.axes.set_ylim(-1, 5)
    shown.redraw()
    assert len(full_draws) == 2
    shown.figure.axes.set_title("a title")
    shown.redraw()
    assert len(full_draws) == 3
    shown.redraw()
    assert len(full_draws) == 3


def test_another_limit_of_the_axes_gives_the_picture_of_a_figure_made_so():
    shown, fresh = shifted(relu), shifted(relu)
    shown.controls["shift"].value = 1.0
    shown.figure.axes.set_ylim(-2, 4)
    shown.controls["shift"].value = 2.0
    fresh.figure.axes.set_ylim(-2, 4)
    fresh.controls["shift"].value = 2.0
    assert np.array_equal(pixels(shown), pixels(fresh))


def test_the_alternative_text_says_what_the_picture_shows_now():
    shown = shifted(relu)
    assert 'alt="A curve whose largest value is 4."' in shown.picture.value
    shown.controls["shift"].value = 2.0
    assert 'alt="A curve whose largest value is 6."' in shown.picture.value
    assert shown.said == "shift 2, largest 6"
    assert "shift = 2. shift 2, largest 6" in status(shown)


def test_a_student_sees_why_there_is_no_picture_and_gets_it_back_at_the_next_step():
    def fussy(z):
        if z.max() > 5:
            raise RuntimeError("too far")
        return relu(z)

    shown = shifted(fussy)
    shown.controls["shift"].value = 2.0
    assert "<img" not in shown.picture.value
    assert "Your fussy cannot be drawn: it stops with RuntimeError: too far." in shown.alt
    assert status(shown) == ""
    shown.controls["shift"].value = 1.0
    assert shown.picture.value.startswith("<img ")
    assert np.array_equal(pixels(shown), pixels_at(relu, 1.0))


def pixels_at(function, shift):
    shown = shifted(function)
    shown.controls["shift"].value = shift
    return pixels(shown)


def test_a_fault_of_the_figure_is_not_laid_on_the_student():
    figure = LiveFigure(2, 1)
    shown = figure.live(lambda f: {}["missing"], relu)
    assert "KeyError" in shown.alt
    assert "relu" not in shown.alt
    assert "tell your instructor" in shown.alt


def test_a_button_sets_its_controls_and_draws_once():
    drawn = []

    def watched(z):
        drawn.append(len(z))
        return relu(z)

    shown = shifted(watched, big=toggle("big"))
    drawn.clear()
    shown.buttons["Far"].click()
    assert shown.controls["shift"].value == 3.0
    assert len(drawn) == 1


def test_every_kind_of_control_reaches_the_update_by_name():
    got = []

    def update(**values):
        got.append(values)
        return "said"

    shown = LiveFigure(2, 1).live(
        update,
        n=slider("n", 2, 1, 5),
        unit=dropdown("unit", {"first one": "a", "second one": "b"}),
        on=toggle("on"),
    )
    shown.controls["n"].value = 3
    shown.controls["unit"].value = "b"
    assert "unit = second one. said" in status(shown)
    shown.controls["on"].value = True
    assert "on = on. said" in status(shown)
    assert got == [
        {"n": 2, "unit": "a", "on": False},
        {"n": 3, "unit": "a", "on": False},
        {"n": 3, "unit": "b", "on": False},
        {"n": 3, "unit": "b", "on": True},
    ]


def test_whole_numbers_make_a_slider_of_whole_numbers():
    assert slider("n", 2, 1, 5).step == 1
    assert type(slider("n", 2, 1, 5).value) is int
    assert slider("x", 0.0, 0.0, 1.0).step == pytest.approx(0.01)
    assert slider("x", 0.0, 0.0, 1.0, 0.25).readout_format == ".2f"


def test_widths_that_do_not_fit_wrap():
    shown = shifted(relu)
    row = shown.children[3]
    assert row.layout.flex_flow == "row wrap"


# --- something long --------------------------------------------------------------------------------------------------


def training(steps=5):
    figure = LiveFigure(2.0, 1.5)
    (curve,) = figure.changing(figure.figure.add_subplot(ylim=(0, 10)).plot([0, 1], [0, 0]))

    def update(rate):
        curve.set_ydata([0, 0])
        return f"ready to train at rate {rate:g}"

    def train(rate):
        for step in range(steps):
            curve.set_ydata([step, step])
            yield f"step {step} at rate {rate:g}"

    figure.run("Train", train, steps)
    return figure.live(update, rate=slider("rate", 0.5, 0.0, 1.0, 0.5))


def test_a_run_goes_through_all_its_steps_where_no_loop_turns():
    shown = training()
    before = pixels(shown)
    shown.buttons["Train"].click()
    assert shown.said == "step 4 at rate 0.5"
    assert not np.array_equal(pixels(shown), before)
    assert shown.buttons["Train"].description == "Train"
    assert 'role="status"' in shown.status.value


async def turns(until):
    for _ in range(2_000):
        if until():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came to that")


def test_the_kernel_answers_while_something_runs_and_it_can_be_paused_and_goes_on():
    async def in_a_kernel():
        shown = training(steps=100_000)
        button = shown.buttons["Train"]
        button.click()
        assert button.description == "Pause"
        await turns(lambda: shown.said.startswith("step 3 "))
        button.click()
        said = shown.said
        assert button.description == "Go on"
        await asyncio.sleep(0.1)
        assert shown.said == said
        button.click()
        await turns(lambda: shown.said.startswith("step 5 "))
        shown.buttons["One step"].click()  # it pauses, too
        at = int(shown.said.split()[1])
        await asyncio.sleep(0.1)
        assert int(shown.said.split()[1]) == at
        shown.buttons["Back to start"].click()
        assert shown.said == "ready to train at rate 0.5"
        assert button.description == "Train"
        return shown

    asyncio.run(in_a_kernel())


def test_a_moved_control_stops_what_runs():
    async def in_a_kernel():
        shown = training(steps=100_000)
        shown.buttons["Train"].click()
        await turns(lambda: shown.said.startswith("step 3 "))
        shown.controls["rate"].value = 1.0
        assert shown.said == "ready to train at rate 1"
        await turns(lambda: shown.buttons["Train"].description == "Train")
        assert shown.said == "ready to train at rate 1"

    asyncio.run(in_a_kernel())


def test_a_run_that_fails_says_so_and_can_be_started_again():
    figure, fail = LiveFigure(2, 1), [True]

    def train(f):
        yield "begun"
        f(0)
        yield "done"

    def student(x):
        if fail[0]:
            raise ValueError("no")
        return 1.0

    figure.run("Train", train, 2)
    shown = figure.live(lambda f: "ready", student)
    shown.buttons["Train"].click()
    assert "Your student cannot be drawn: it stops with ValueError: no." in shown.alt
    fail[0] = False
    shown.buttons["Train"].click()
    assert shown.said == "done"


# --- on pages and in kernels -----------------------------------------------------------------------------------------


def test_an_output_carries_a_picture_for_pages_without_a_kernel():
    shown = shifted(relu)
    bundle = shown._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/html"].startswith(shown.picture.value)
    assert "shift 0, largest 4" in bundle["text/html"]
    assert bundle["text/plain"] == shown.alt


def test_drawing_needs_no_display_prints_nothing_and_leaves_pyplot_alone():
    program = (
        "import sys; from fnnkit.figures import activation_explorer;"
        "f = activation_explorer(lambda z: z); assert '<img ' in f.picture.value;"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", program], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_package_of_figures_loads_neither_matplotlib_nor_widgets():
    program = (
        "import sys, fnnkit.figures; print(sorted({'matplotlib', 'ipywidgets', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout in ("[]\n", "['numpy']\n")


def test_warnings_of_a_student_s_function_do_not_reach_the_notebook():
    def careless(z):
        warnings.warn("never mind", stacklevel=1)
        return np.where(z > 0, z, 0 * np.log(np.abs(z)) / 1.0) * 0 + relu(z)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shown = shifted(lambda z: np.nan_to_num(careless(z)))
    assert shown.picture.value.startswith("<img ")


def test_a_table_names_its_rows_and_columns_and_escapes_what_it_shows():
    made = table("<b>", ("unit", "h"), [("a & b", 0.123456), ("yours", -0.0)])
    assert '<th scope="col"' in made
    assert '<th scope="row"' in made
    assert "a &amp; b" in made
    assert "0.1235" in made
    assert ">0<" in made
    assert "&lt;b&gt;" in made


def test_what_is_no_artist_cannot_change():
    with pytest.raises(TypeError, match="type int"):
        LiveFigure(2, 1).changing(3)
