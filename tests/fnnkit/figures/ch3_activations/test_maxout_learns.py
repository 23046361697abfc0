import html
from itertools import pairwise

import numpy as np
import pytest

from fnnkit.activations import maxout, maxout_grad
from fnnkit.figures.ch3_activations.maxout_learns import (
    COLOURS,
    RATE,
    STEPS,
    TARGETS,
    X,
    maxout_learns,
    train,
)


def trained(target, k, start=1):
    *_, state = train(maxout, maxout_grad, target, k, start)
    return state


def lines(shown):
    """The lines of the pieces in the left picture that have data."""
    left = shown.figure.figure.axes[0]
    return [line for line in left.lines[: len(COLOURS)] if len(line.get_xdata())]


def dotted(line):
    return line.is_dashed()


@pytest.mark.parametrize("k", [1, 3])
def test_a_step_goes_down_the_gradient_of_the_error(k):
    target = TARGETS["x² / 2"](X)
    first, second = (next(states) for states in [train(maxout, maxout_grad, target, k, 4)] for _ in range(2))
    theta = np.concatenate([first.slopes, first.intercepts])

    def loss(theta):
        a, c = theta[:k], theta[k:]
        return (((X[:, None] * a + c).max(axis=1) - target) ** 2).mean()

    eps = 1e-6
    slope = [(loss(theta + eps * e) - loss(theta - eps * e)) / (2 * eps) for e in np.eye(2 * k)]
    moved = np.concatenate([second.slopes, second.intercepts]) - theta
    np.testing.assert_allclose(moved, -RATE * np.array(slope), atol=1e-7)


@pytest.mark.parametrize("name", TARGETS)
def test_one_piece_ends_as_the_line_of_least_squares(name):
    target = TARGETS[name](X)
    best = np.polyval(np.polyfit(X, target, 1), X)
    np.testing.assert_allclose(trained(target, 1).values, best, atol=1e-5)


def test_two_pieces_learn_the_absolute_value_exactly():
    state = trained(np.abs(X), 2)
    np.testing.assert_allclose(sorted(state.slopes), [-1, 1], atol=1e-6)
    np.testing.assert_allclose(state.intercepts, [0, 0], atol=1e-6)


@pytest.mark.parametrize("k", [2, 5, 8])
def test_whatever_is_imitated_the_unit_is_convex(k):
    values = trained(TARGETS["sine (not convex)"](X), k).values
    assert (np.diff(values, 2) >= -1e-12).all()
    assert np.abs(values - np.sin(1.5 * X)).max() > 0.3


def test_on_the_sine_the_second_piece_helps_and_no_further_one():
    errors = [
        min(trained(TARGETS["sine (not convex)"](X), k, start).losses[-1] for start in range(1, 11))
        for k in (1, 2, 3, 5)
    ]
    assert errors[1] < 0.8 * errors[0]
    assert errors[1:] == pytest.approx([errors[1]] * 3, rel=0.02)


def test_more_pieces_come_closer_to_the_parabola():
    errors = [trained(X**2 / 2, k).losses[-1] for k in (1, 2, 3, 5, 8)]
    assert all(more < less for less, more in pairwise(errors))


def test_the_picture_is_drawn_by_the_given_functions():
    calls = []

    def my_maxout(Z, k):
        calls.append(("forward", Z.shape, k))
        return maxout(Z, k)

    def my_grad(Z, k, upstream):
        calls.append(("backward", Z.shape, k))
        assert upstream.shape == (len(X), 1)
        return maxout_grad(Z, k, upstream)

    shown = maxout_learns(my_maxout, my_grad)
    assert calls.count(("forward", (len(X), 3), 3)) == STEPS + 1
    assert calls.count(("backward", (len(X), 3), 3)) == STEPS + 1
    assert "uses 3 of its 3 pieces" in shown.said
    assert shown.said in shown.alt
    assert html.escape(shown.alt, quote=True) in shown.picture.value


def test_what_was_trained_once_is_kept():
    calls = []

    def my_maxout(Z, k):
        calls.append(k)
        return maxout(Z, k)

    shown = maxout_learns(my_maxout, maxout_grad)
    first = shown.said
    shown.controls["k"].value = 2
    calls.clear()
    shown.controls["k"].value = 3
    assert calls == []
    assert shown.said == first


def test_there_is_a_line_for_every_piece_and_idle_ones_are_dotted():
    shown = maxout_learns(maxout, maxout_grad)
    shown.controls["target"].value = "sine (not convex)"
    shown.controls["k"].value = 8
    drawn = lines(shown)
    assert len(drawn) == 8
    idle = sum(map(dotted, drawn))
    assert 0 < idle < 8
    assert f"uses {8 - idle} of its 8 pieces" in shown.said
    shown.controls["k"].value = 1
    assert [dotted(line) for line in lines(shown)] == [False]
    assert "its one piece" in shown.said


def test_another_random_start_is_another_training():
    shown = maxout_learns(maxout, maxout_grad)
    shown.controls["k"].value = 5
    before = shown.said
    shown.controls["start"].value = 2
    assert shown.said != before


def test_it_can_be_watched_from_the_first_step_to_the_last_without_training_again():
    calls = []

    def my_maxout(Z, k):
        calls.append(k)
        return maxout(Z, k)

    shown = maxout_learns(my_maxout, maxout_grad)
    seen = []
    shown.picture.observe(lambda change: seen.append(change.new), names="value")
    calls.clear()
    shown.buttons["Play"].click()
    assert 'alt="After 0 steps' in seen[0]
    assert f'alt="After {STEPS} steps' in seen[-1]
    assert len(seen) == STEPS // 8 + 1
    assert calls == []


def test_a_click_on_the_curve_of_the_error_goes_to_that_step():
    shown = maxout_learns(maxout, maxout_grad)
    box = shown.figure.figure.axes[1].get_position()
    x = box.x0 + (100 + 10) / (STEPS + 20) * box.width
    shown.ask({"do": "press", "x": x, "y": 1 - box.y0 - 0.5 * box.height, "view": "v", "seq": 1})
    assert shown.values["step"] == 100
    assert shown.said.startswith("After 100 steps")


def test_a_gradient_with_the_wrong_sign_is_drawn_as_it_is_and_does_not_overflow():
    shown = maxout_learns(maxout, lambda Z, k, upstream: -maxout_grad(Z, k, upstream))
    assert shown.picture.value.startswith("<img ")
    error = float(shown.said.split("Mean squared error ")[1].split(",")[0])
    assert error > 100


def stub(*args):
    raise NotImplementedError


@pytest.mark.parametrize(
    ("forward", "backward", "words"),
    [
        (stub, maxout_grad, "Your stub has no code yet"),
        (maxout, stub, "Your stub has no code yet"),
        (lambda Z, k: None, maxout_grad, "returns nothing"),
        (lambda Z, k: Z.max(axis=1), maxout_grad, "H should have shape (61, 1), and it has (61,)"),
        (maxout, lambda Z, k, u: u, "gradient should have shape (61, 3), and it has (61, 1)"),
        (lambda Z, k: maxout(Z, k) / 0 * 0, maxout_grad, "some values of H are NaN"),
        (lambda Z, k: 1 // 0, maxout_grad, "ZeroDivisionError"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_words(forward, backward, words):
    shown = maxout_learns(forward, backward)
    assert "<img" not in shown.picture.value
    assert words in shown.alt
    assert "run this cell again" in shown.alt


def test_nothing_is_cut_off():
    shown = maxout_learns(maxout, maxout_grad)
    image = shown.figure.draw()
    margin = np.concatenate(
        [image[:3].ravel(), image[-3:].ravel(), image[:, :3].ravel(), image[:, -3:].ravel()]
    )
    assert (margin == 255).all()
