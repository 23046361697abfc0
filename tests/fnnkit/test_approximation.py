"""Networks built by hand: they hit what they should hit, and their errors fall at the rates of the theory."""

import numpy as np
import pytest
import scipy.stats
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fnnkit.activations import sigmoid
from fnnkit.approximation import (
    bump,
    convergence_rate,
    interpolation_errors,
    is_squashing,
    relu_interpolant,
    shallow_network,
    staircase_network,
    sup_error,
)

seeds = st.integers(0, 10_000)
GRID = np.linspace(-50, 50, 2001)


def relu(z):
    return np.maximum(0.0, z)


# --- squashing functions -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "f",
    [
        sigmoid,
        scipy.stats.norm.cdf,
        lambda x: (x >= 0).astype(float),
        lambda x: np.clip(x, 0, 1),
        lambda x: (1 + np.cos(np.clip(x, 0, np.pi) + np.pi)) / 2,  # the cosine squasher
        lambda x: (np.tanh(x) + 1) / 2,
    ],
)
def test_squashing_functions_are_recognised_in_any_order_of_the_grid(f):
    assert is_squashing(f, GRID)
    assert is_squashing(f, GRID[::-1])


@pytest.mark.parametrize(
    "f",
    [
        np.tanh,  # below 0
        lambda x: bump(x, -20, 60, 1, 10),  # comes down again
        lambda x: np.exp(-(x**2)),
        lambda x: sigmoid(-x),  # falls
        lambda x: 2 * sigmoid(x),  # above 1
        lambda x: sigmoid(x) / 2,  # does not reach 1
        lambda x: (1 + sigmoid(x)) / 2,  # does not start at 0
        np.sin,
        relu,
        lambda x: np.full_like(x, np.nan),
        lambda x: np.full_like(x, 0.5),
        lambda x: sigmoid(x) + 0.01 * np.sin(x) * np.exp(-(x**2) / 100),  # a small wave
    ],
)
def test_other_functions_are_refuted(f):
    grid = np.linspace(-80, 80, 3001)
    assert not is_squashing(f, grid)


def test_polynomials_do_not_squash():
    for degree in range(5):
        assert not is_squashing(lambda x, k=degree: (x / 50) ** k, GRID)


# --- bumps and staircases ------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(st.floats(-5, 5), st.floats(0, 5), st.floats(-3, 3), st.floats(0.1, 50))
def test_a_bump_is_the_difference_of_two_sigmoids(left, length, height, sharpness):
    x = np.linspace(-12, 12, 101)
    z = torch.tensor(x)
    expected = height * (
        torch.sigmoid(sharpness * (z - left)) - torch.sigmoid(sharpness * (z - (left + length)))
    )
    np.testing.assert_allclose(bump(x, left, left + length, height, sharpness), expected.numpy(), atol=1e-13)


def test_the_area_of_a_bump_is_height_times_length_however_sharp_it_is():
    x = np.linspace(-60, 60, 24_001)
    for sharpness in (0.7, 2.0, 30.0):
        assert np.trapezoid(bump(x, -1, 2, 5, sharpness), x) == pytest.approx(15, rel=1e-6)


def test_the_sharpest_bump_is_a_box_without_a_warning():
    np.testing.assert_array_equal(bump([-1e300, -1, 0, 1, 1e300], -0.5, 0.5, 2, 1e300), [0, 0, 2, 0, 0])


@settings(deadline=None, max_examples=40)
@given(seeds, st.integers(0, 8))
def test_a_sharp_staircase_has_each_value_in_the_middle_of_its_stair(seed, m):
    rng = np.random.default_rng(seed)
    knots = np.cumsum(rng.uniform(0.1, 2, size=m)) - 3
    values = rng.normal(size=m + 1)
    W, c, w, b = staircase_network(knots, values, sharpness=2000)
    assert (W.shape, c.shape, w.shape) == ((1, m), (m,), (m,))
    ends = np.concatenate([[-10], knots, [20]])
    middles = (ends[1:] + ends[:-1]) / 2
    np.testing.assert_allclose(shallow_network(middles, W, c, w, b, sigmoid), values, atol=1e-12)
    if m:  # at a step it is half-way
        np.testing.assert_allclose(
            shallow_network(knots, W, c, w, b, sigmoid), (values[1:] + values[:-1]) / 2, atol=1e-12
        )


def test_the_staircase_theorem_any_continuous_function_within_any_error():
    for error in (0.1, 0.01):
        m = round(2 / error)  # |sin x| changes by less than the spacing
        ends = np.linspace(0, 3, m + 2)
        parameters = staircase_network(ends[1:-1], np.sin((ends[1:] + ends[:-1]) / 2), sharpness=1e6)
        assert sup_error(np.sin, lambda x, p=parameters: shallow_network(x, *p, sigmoid), 0, 3, 4001) < error


# --- interpolation -------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=50)
@given(seeds, st.integers(1, 12))
def test_the_interpolant_is_the_piecewise_linear_function_through_every_knot(seed, n):
    rng = np.random.default_rng(seed)
    x = rng.permutation(np.cumsum(rng.uniform(0.05, 2, size=n)) - 5)
    y = rng.normal(size=n)
    W, c, w, b = relu_interpolant(x, y)
    assert (W.shape, c.shape, w.shape) == ((1, n - 1), (n - 1,), (n - 1,))
    np.testing.assert_allclose(shallow_network(x, W, c, w, b, relu), y, atol=1e-10)
    between = np.linspace(x.min(), x.max(), 77)
    order = np.argsort(x)
    np.testing.assert_allclose(
        shallow_network(between, W, c, w, b, relu), np.interp(between, x[order], y[order]), atol=1e-10
    )
    assert shallow_network([x.min() - 1], W, c, w, b, relu)[0] == pytest.approx(y[np.argmin(x)])


def test_on_a_straight_line_only_the_first_unit_works():
    *_, w, b = relu_interpolant([0, 1, 2, 4], [1, 3, 5, 9])
    np.testing.assert_array_equal(w, [2, 0, 0])
    assert b == 1


def test_the_sup_error_is_the_largest_distance_whatever_its_sign():
    assert sup_error(lambda x: x, lambda x: 3 * x, -2, 1, 4) == 4
    assert sup_error(np.exp, np.exp, 0, 1, 2) == 0
    assert sup_error(np.exp, np.zeros_like, 0, 0, 2) == 1  # an interval of one point
    assert sup_error(np.sin, np.zeros_like, 0, np.pi, 3) == 1
    assert np.isnan(sup_error(lambda x: np.full_like(x, np.nan), np.sin, 0, 1, 3))


def test_the_error_of_a_parabola_is_an_eighth_of_the_second_derivative_times_the_spacing_squared():
    widths = np.array([1, 2, 4, 5, 10])
    np.testing.assert_allclose(interpolation_errors(np.square, 0, 1, widths), 1 / (4 * widths**2), rtol=1e-10)


@pytest.mark.parametrize(
    ("f", "rate"),
    [
        (np.exp, -2),
        (lambda x: np.sin(5 * x), -2),
        (lambda x: np.abs(x - 1 / 3), -1),  # 1/3 is never a knot of a power of 2
        (np.sqrt, -0.5),
    ],
)
def test_the_error_falls_at_the_rate_of_the_theory(f, rate):
    widths = 2 ** np.arange(4, 9)
    errors = interpolation_errors(f, 0, 1, widths, n=30_000)
    assert convergence_rate(widths, errors) == pytest.approx(rate, abs=0.03)


@settings(deadline=None, max_examples=40)
@given(st.floats(-3, 3), st.floats(1e-3, 1e3), seeds, st.integers(2, 9))
def test_the_rate_is_the_slope_of_the_regression_of_the_logarithms(rate, constant, seed, k):
    rng = np.random.default_rng(seed)
    widths = 10 * np.arange(1, k + 1)
    assert convergence_rate(widths, constant * widths.astype(float) ** rate) == pytest.approx(rate, abs=1e-9)
    errors = rng.uniform(0.1, 1, size=k)
    assert convergence_rate(widths, errors) == pytest.approx(
        scipy.stats.linregress(np.log(widths), np.log(errors)).slope, rel=1e-9, abs=1e-12
    )


# --- what is refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: is_squashing(sigmoid, [0.0]), "grid should hold at least two points"),
        (lambda: is_squashing(sigmoid, [0.0, np.inf]), "grid should hold at least two points, all finite"),
        (lambda: is_squashing(np.sum, [0.0, 1.0]), r"f\(x\) should be an array of shape \(2,\)"),
        (lambda: bump([0.0], 1, 0, 1, 1), "left <= right"),
        (lambda: bump([0.0], 0, 1, np.nan, 1), "height should be finite"),
        (lambda: bump([0.0], [0, 1], 1, 1, 1), "left should be a number"),
        (lambda: bump([0.0], 0, np.inf, 1, 1), "right should be finite"),
        (lambda: bump([0.0], 0, 1, 1, 0), "sharpness should be positive"),
        (lambda: staircase_network([0, 1], [1, 2], 1), r"values should be an array of shape \(3,\)"),
        (lambda: staircase_network([1, 0], [1, 2, 3], 1), "knots should increase"),
        (lambda: staircase_network([0, 0], [1, 2, 3], 1), "knots should increase"),
        (lambda: staircase_network([0, np.nan], [1, 2, 3], 1), "knots and values should be finite"),
        (lambda: staircase_network([0, 1], [1, 2, 3], -1), "sharpness should be positive"),
        (lambda: staircase_network([0, 1e300], [1, 2, 3], 1e300), r"sharpness · knots or a step overflows"),
        (lambda: staircase_network([0], [1e308, -1e308], 1), r"sharpness · knots or a step overflows"),
        (lambda: relu_interpolant([], []), "x should hold at least one knot"),
        (lambda: relu_interpolant([0, 1, 0], [1, 2, 3]), "x should hold distinct knots"),
        (lambda: relu_interpolant([0, np.nan], [1, 2]), "x should hold distinct knots"),
        (lambda: relu_interpolant([0, 5e-324], [0, 1e9]), "so should the slopes"),
        (lambda: relu_interpolant([0, 1], [1, 2, 3]), "axis 0 of x and axis 0 of y"),
        (lambda: relu_interpolant([-1e308, 1e308], [0, 1]), "so should the slopes between knots"),
        (lambda: relu_interpolant([0, 1, 2], [0, np.inf, 0]), "x and y should be finite"),
        (lambda: shallow_network([[1.0]], [[1.0]], [0.0], [1.0], 0.0, relu), "x should be an array of shape"),
        (lambda: sup_error(np.sin, np.cos, 1, 0, 5), "a <= b"),
        (lambda: sup_error(np.sin, np.cos, "0", 1, 5), "a should hold real numbers"),
        (lambda: sup_error(np.sin, np.cos, -1e308, 1e308, 5), "and b - a too"),
        (lambda: sup_error(np.sin, np.cos, 0, 1, 1), "n should be a whole number from 2 on"),
        (lambda: sup_error(np.sum, np.cos, 0, 1, 3), r"f\(x\) should be an array of shape \(3,\)"),
        (lambda: interpolation_errors(np.sin, 0, 1, [0]), "widths should be a whole number from 1 on"),
        (lambda: interpolation_errors(np.sin, 0, 0, [1]), "a should be less than b"),
        (lambda: convergence_rate([1, 2], [1, 0]), "errors should be positive"),
        (lambda: convergence_rate([-1, 2], [1, 1]), "widths should be positive"),
        (lambda: convergence_rate([2, 2], [1, 1]), "widths should hold at least two different"),
        (
            lambda: convergence_rate([1e300, 1e300 * (1 + 3e-16)], [1, 2]),
            "widths should hold at least two different",
        ),
        (lambda: convergence_rate([1, 2, 3], [1, 1]), "axis 0 of widths and axis 0 of errors"),
    ],
)
def test_a_wrong_argument_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_values_beyond_floating_point_end_in_their_limits_without_a_warning():
    assert bump([1e308], -1e308, 1e308, 2, 1)[0] == 1  # half-way down at its right end
    assert shallow_network([1e300], [[1e300]], [0], [3], 0.5, np.tanh)[0] == 3.5
    assert sup_error(lambda x: np.full_like(x, 1e308), lambda x: np.full_like(x, -1e308), 0, 1, 2) == np.inf
    assert np.isnan(sup_error(lambda x: np.full_like(x, np.inf), lambda x: np.full_like(x, np.inf), 0, 1, 2))
    assert not is_squashing(lambda x: np.where(x > 0, np.inf, 0.0), GRID)


def test_single_precision_and_integers_give_double_precision():
    for x in (np.array([0, 2, 1]), np.array([0, 2, 1], np.float32)):
        results = [bump(x, 0, 1, 1, 1), *relu_interpolant(x, x)[:3], *staircase_network([0, 1], x, 2)[:3]]
        assert {array.dtype for array in results} == {np.dtype(np.float64)}


def test_no_input_is_changed():
    x, y = np.array([2.0, 0.0, 1.0]), np.array([1.0, 2.0, 3.0])
    relu_interpolant(x, y)
    convergence_rate(x + 1, y)
    bump(x, 0, 1, 1, 1)

    def spoil(values):
        values[:] = 0.0
        return values

    assert not is_squashing(spoil, x)
    np.testing.assert_array_equal(x, [2, 0, 1])
    np.testing.assert_array_equal(y, [1, 2, 3])
