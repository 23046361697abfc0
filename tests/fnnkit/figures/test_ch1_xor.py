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

from fnnkit.figures import ch1_xor
from fnnkit.figures.picture import Picture
from fnnkit.xor import xor_network

SLIDES = (np.ones((2, 2)), np.array([0.0, -1.0]), np.array([1.0, -2.0]), 0.0)


def pixels(picture):
    data = re.search(r'src="data:image/png;base64,([^"]+)"', picture.widget.value)[1]
    return imread(io.BytesIO(base64.b64decode(data)))


def drawn(function, *parameters):
    picture = Picture(9.6, 4.75, layout=None)
    said = ch1_xor.draw_hand_made_xor(picture, function, *(parameters or SLIDES))
    return picture, said


def shown(function):
    """The picture's HTML, the line below it, and the sliders by name."""
    figure = ch1_xor.hand_made_xor(function)
    sliders = {s.description: s for column in figure.children[3].children for s in column.children[1:]}
    return figure.children[0], figure.children[1], sliders, figure.children[2].children


def test_the_slides_solution_solves_xor_and_the_picture_says_so():
    picture, said = drawn(xor_network)
    assert said.endswith("0, 1, 1, 0; mean squared error 0 — XOR is solved.")
    assert said in picture.alt
    assert "(0,1) and (1,0) at (1, 0)" in picture.alt
    assert html.escape(picture.alt, quote=True) in picture.widget.value


def test_the_picture_is_drawn_by_the_given_function():
    calls = []

    def watched(X, W, c, w, b):
        calls.append((X.shape, W.tolist(), c.tolist(), w.tolist(), b))
        return xor_network(X, W, c, w, b)

    by_the_network, _ = drawn(watched)
    by_another, said = drawn(lambda X, W, c, w, b: (X, X[:, 0]))
    assert [shape for shape, *_ in calls] == [(4, 2), (len(ch1_xor.GRID), 2)]
    assert all(rest == [[[1, 1], [1, 1]], [0, -1], [1, -2], 0] for _, *rest in calls)
    assert "0, 0, 1, 1" in said
    assert not np.array_equal(pixels(by_the_network), pixels(by_another))


def test_a_picture_drawn_again_holds_nothing_of_the_one_before():
    picture, _ = drawn(xor_network)
    first = pixels(picture)
    ch1_xor.draw_hand_made_xor(picture, xor_network, np.eye(2), np.ones(2), np.array([3.0, 1.0]), -2.0)
    assert not np.array_equal(pixels(picture), first)
    ch1_xor.draw_hand_made_xor(picture, xor_network, *SLIDES)
    assert np.array_equal(pixels(picture), first)


@pytest.mark.parametrize("b", [0.0, 0.5, -3.0])
def test_a_plane_of_one_value_is_drawn_without_a_warning(b):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture, said = drawn(xor_network, np.zeros((2, 2)), np.zeros(2), np.zeros(2), b)
    assert f"{b:g}, {b:g}, {b:g}, {b:g}" in said
    assert "(0,0) and (0,1) and (1,0) and (1,1) at (0, 0)" in picture.alt


@pytest.mark.parametrize("size", [0.25, 3.0])
def test_nothing_is_cut_off_whatever_the_weights(size):
    picture, _ = drawn(xor_network, np.full((2, 2), size), np.full(2, size), np.full(2, size), size)
    image = pixels(picture)
    assert image.shape[1] == round(9.6 * 96 * 1.5)
    margin = np.concatenate(
        [image[:4].ravel(), image[-4:].ravel(), image[:, :4].ravel(), image[:, -4:].ravel()]
    )
    assert (margin == 1).all()
    _, _, right = picture.figure.axes
    frame = right.get_window_extent()
    for text in right.texts:
        box = text.get_window_extent()
        assert frame.x0 <= box.x0
        assert box.x1 <= frame.x1
        assert box.y1 <= frame.y1


def test_the_arrays_of_the_figure_survive_a_function_that_overwrites_its_inputs():
    def careless(X, W, c, w, b):
        H, y = xor_network(X, W, c, w, b)
        for array in (X, W, c, w):
            array[...] = 7.0
        return H, y

    assert drawn(careless)[1] == drawn(xor_network)[1] == drawn(careless)[1]


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

    picture, status, _, _ = shown(network)
    assert "<img" not in picture.value
    assert words in html.unescape(picture.value)
    assert "run this cell again" in picture.value
    assert status.value == ""


def test_an_answer_without_code_is_told_apart_from_a_wrong_one():
    def network(X, W, c, w, b):
        raise NotImplementedError

    assert "has no code yet" in shown(network)[0].value


def test_the_text_of_an_error_cannot_become_html():
    def network(X, W, c, w, b):
        raise ValueError("<img src=x onerror=alert(1)>")

    assert "<img" not in shown(network)[0].value


def test_a_slider_redraws_and_the_line_below_names_it():
    picture, status, sliders, _ = shown(xor_network)
    before = picture.value
    sliders["c 2"].value = -0.5
    assert picture.value != before
    assert "c 2 = -0.5. Outputs for (0,0)" in status.value
    assert 'role="status"' in status.value


def test_a_function_that_fails_at_some_weights_is_drawn_again_at_others():
    def fussy(X, W, c, w, b):
        if b > 0:
            raise RuntimeError("b > 0")
        return xor_network(X, W, c, w, b)

    picture, _, sliders, _ = shown(fussy)
    sliders["b"].value = 1.0
    assert "RuntimeError: b &gt; 0" in picture.value
    sliders["b"].value = 0.0
    assert picture.value.startswith("<img ")


def test_the_buttons_set_all_nine_weights_and_draw_once():
    calls = []

    def watched(X, W, c, w, b):
        calls.append(len(X))
        return xor_network(X, W, c, w, b)

    _, status, sliders, (slides, zero) = shown(watched)
    assert len(sliders) == 9
    calls.clear()
    zero.click()
    assert {s.value for s in sliders.values()} == {0.0}
    assert len(calls) == 2
    assert "mean squared error 0.5." in status.value
    slides.click()
    assert "XOR is solved" in status.value
    assert sliders["c 2"].value == -1.0


def test_drawing_needs_no_display_and_leaves_pyplot_alone():
    program = (
        "import sys; from fnnkit.figures import ch1_xor; from fnnkit.xor import xor_network;"
        "f = ch1_xor.hand_made_xor(xor_network); assert '<img ' in f.children[0].value;"
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
