import base64
import html
import importlib
import io
import re
import subprocess
import sys
import warnings

import numpy as np
import pytest
from matplotlib.image import imread

from fnnkit.figures import ch1_xor
from fnnkit.figures.engine.canvas import PIXELS, SHARPNESS
from fnnkit.xor import xor_network

hand_made_xor = importlib.import_module("fnnkit.figures.ch1_xor.hand_made_xor")


def pixels(shown):
    data = re.search(r'src="data:image/png;base64,([^"]+)"', shown.picture.value)[1]
    return imread(io.BytesIO(base64.b64decode(data)))


def drawn(function, **weights):
    """The figure, at the slides' solution or at other weights."""
    shown = ch1_xor.hand_made_xor(function)
    if weights:
        shown.set(**weights)
    return shown


def status(shown):
    return html.unescape(shown.status.value)


def test_the_slides_solution_solves_xor_and_the_picture_says_so():
    shown = drawn(xor_network)
    assert shown.said.endswith("0, 1, 1, 0; mean squared error 0 — XOR is solved.")
    assert shown.said in shown.alt
    assert "(0,1) and (1,0) at (1, 0)" in shown.alt
    assert f'alt="{html.escape(shown.alt, quote=True)}"' in shown.picture.value


def test_the_picture_is_drawn_by_the_given_function():
    calls = []

    def watched(X, W, c, w, b):
        calls.append((X.shape, W.tolist(), c.tolist(), w.tolist(), b))
        return xor_network(X, W, c, w, b)

    by_the_network = drawn(watched)
    by_another = drawn(lambda X, W, c, w, b: (X, X[:, 0]))
    assert [shape for shape, *_ in calls][-2:] == [(4, 2), (len(hand_made_xor.GRID), 2)]
    assert all(rest == [[[1, 1], [1, 1]], [0, -1], [1, -2], 0] for _, *rest in calls[-2:])
    assert "0, 0, 1, 1" in by_another.said
    assert not np.array_equal(pixels(by_the_network), pixels(by_another))


def test_a_picture_drawn_again_holds_nothing_of_the_one_before():
    shown = drawn(xor_network)
    first = pixels(shown)
    shown.set(W12=0.0, W21=0.0, c1=1.0, c2=1.0, w1=2.0, w2=1.0, b=-2.0)
    assert not np.array_equal(pixels(shown), first)
    shown.buttons["Slides' solution"].click()
    assert np.array_equal(pixels(shown), first)


def test_colours_are_those_of_the_values_and_the_line_is_where_the_output_is_one_half():
    shown = drawn(lambda X, W, c, w, b: (X, X[:, 0]))
    axes, bar, _ = shown.figure.figure.axes
    shown.figure.draw()
    image = pixels(shown)

    def colour(where, x, y):
        column, row = where.transData.transform((x, y))
        return image[len(image) - 1 - int(row), int(column)]

    for value in (-0.45, 0.03, 0.3, 0.7, 1.3):
        assert colour(axes, value, 1.3) == pytest.approx(colour(bar, 0.5, value), abs=0.01)
    assert np.array_equal(colour(axes, 0.5, 1.3), [1, 1, 1])
    assert np.array_equal(colour(axes, 0.5, 0.3), [1, 1, 1])


@pytest.mark.parametrize("b", [0.0, 0.5, -2.0])
def test_a_plane_of_one_value_is_drawn_without_a_warning(b):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shown = drawn(xor_network, **dict.fromkeys(hand_made_xor.SLIDES, 0.0) | {"b": b})
    assert f"{b:g}, {b:g}, {b:g}, {b:g}" in shown.said
    assert "(0,0) and (0,1) and (1,0) and (1,1) at (0, 0)" in shown.alt


@pytest.mark.parametrize("size", [0.25, 1.0, 2.0])
def test_nothing_is_cut_off_whatever_the_weights(size):
    shown = drawn(xor_network, **dict.fromkeys(hand_made_xor.SLIDES, size))
    image = pixels(shown)
    assert image.shape[1] == round(9.6 * PIXELS * SHARPNESS)
    margin = np.concatenate(
        [image[:4].ravel(), image[-4:].ravel(), image[:, :4].ravel(), image[:, -4:].ravel()]
    )
    assert (margin == 1).all()
    _, _, right = shown.figure.figure.axes
    frame = right.get_window_extent()
    for text in right.texts:
        if text.get_text():
            box = text.get_window_extent()
            assert frame.x0 <= box.x0
            assert box.x1 <= frame.x1
            assert box.y1 <= frame.y1


@pytest.mark.parametrize("w", [(1.0, -2.0), (0.0, 2.0), (2.0, 0.0), (-0.25, 2.0)])
def test_on_the_line_in_the_learned_space_the_output_is_one_half(w):
    shown = drawn(xor_network, w1=w[0], w2=w[1], b=0.25)
    line = shown.figure.figure.axes[2].lines[0].get_xydata()
    assert line @ np.array(w) + 0.25 == pytest.approx([0.5, 0.5])


def test_the_arrays_of_the_figure_survive_a_function_that_overwrites_its_inputs():
    def careless(X, W, c, w, b):
        H, y = xor_network(X, W, c, w, b)
        for array in (X, W, c, w):
            array[...] = 7.0
        return H, y

    assert drawn(careless).alt == drawn(xor_network).alt == drawn(careless).alt


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (lambda X: None, "returns nothing"),
        (lambda X: X[:, 0], "return H, y"),
        (lambda X: (X, X[:, 0], 1), "3 things"),
        (lambda X: (X, X[:, :1]), "y should have shape (4,), and it has (4, 1)"),
        (lambda X: (X.T, X[:, 0]), "H should have shape (4, 2), and it has (2, 4)"),
        (lambda X: (X, X[:, 0] / 0 * 0), "some values of y are NaN or infinite"),
        (lambda X: (X + np.inf, X[:, 0]), "some values of H are NaN or infinite"),
        (lambda X: (X, ["a", "b", "c", "d"]), "y is not an array of numbers"),
        (lambda X: (X, X[:, 0] * 1j), "y is not an array of numbers"),
        (lambda X: 1 // 0, "it stops with ZeroDivisionError: integer division or modulo by zero"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_words_and_does_not_raise(given, words):
    def network(X, W, c, w, b):
        with np.errstate(all="ignore"):
            return given(X)

    shown = drawn(network)
    assert "<img" not in shown.picture.value
    assert words in html.unescape(shown.picture.value)
    assert "run this cell again" in shown.picture.value
    assert status(shown) == ""


def test_an_answer_without_code_is_told_apart_from_a_wrong_one():
    def network(X, W, c, w, b):
        raise NotImplementedError

    assert "has no code yet" in drawn(network).picture.value


def test_the_text_of_an_error_cannot_become_html():
    def network(X, W, c, w, b):
        raise ValueError("<img src=x onerror=alert(1)>")

    assert "<img" not in drawn(network).picture.value


def test_a_slider_redraws_and_the_line_below_names_it():
    shown = drawn(xor_network)
    before = shown.picture.value
    shown.controls["c2"].value = -0.5
    assert shown.picture.value != before
    assert "c₂ = -0.5. Outputs for (0,0)" in status(shown)
    assert 'role="status"' in status(shown)


def test_a_function_that_fails_at_some_weights_is_drawn_again_at_others():
    def fussy(X, W, c, w, b):
        if b > 0:
            raise RuntimeError("b > 0")
        return xor_network(X, W, c, w, b)

    shown = drawn(fussy)
    shown.controls["b"].value = 1.0
    assert "RuntimeError: b &gt; 0" in shown.picture.value
    shown.controls["b"].value = 0.0
    assert shown.picture.value.startswith("<img ")


def test_the_buttons_set_all_nine_weights_and_draw_once():
    calls = []

    def watched(X, W, c, w, b):
        calls.append(len(X))
        return xor_network(X, W, c, w, b)

    shown = drawn(watched)
    assert len(shown.controls) == 9
    calls.clear()
    shown.buttons["All zero"].click()
    assert {s.value for s in shown.controls.values()} == {0.0}
    assert len(calls) == 2
    assert "mean squared error 0.5." in status(shown)
    shown.buttons["Slides' solution"].click()
    assert "XOR is solved" in status(shown)
    assert shown.controls["c2"].value == -1.0


def test_drawing_needs_no_display_and_leaves_pyplot_alone():
    program = (
        "import sys; from fnnkit.figures import ch1_xor; from fnnkit.xor import xor_network;"
        "f = ch1_xor.hand_made_xor(xor_network); assert '<img ' in f.picture.value;"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", program],
        capture_output=True,
        text=True,
        env={"PATH": ""},
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
