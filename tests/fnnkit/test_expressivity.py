"""Pieces, regions, lengths and mean fields, against brute force, linear programming, closed forms and PyTorch."""

from fractions import Fraction
from itertools import pairwise, product
from math import comb

import numpy as np
import pytest
import scipy.integrate
import scipy.optimize
import scipy.special
import sklearn.decomposition
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fnnkit.activations import hard_tanh, hard_tanh_grad, relu, relu_grad, tanh_grad
from fnnkit.approximation import relu_interpolant
from fnnkit.expressivity import (
    activation_patterns,
    chi,
    circle,
    correlation_map,
    count_linear_pieces,
    fixed_point,
    folding_network,
    length_map,
    linear_pieces,
    max_regions_shallow,
    montufar_bound,
    principal_components,
    propagate,
    random_deep_network,
    region_labels,
    sawtooth,
    tent,
    trajectory_length,
)

seeds = st.integers(0, 10_000)


def random_network(rng, widths):
    pairs = list(pairwise(widths))
    return [rng.normal(size=pair) for pair in pairs], [rng.normal(size=pair[1]) for pair in pairs]


def relu_network(X, weights, biases):
    for W, c in zip(weights[:-1], biases[:-1], strict=True):
        X = np.maximum(0, X @ W + c)
    return X @ weights[-1] + biases[-1]


# --- folding -------------------------------------------------------------------------------------------------


def test_the_tent_is_one_minus_the_distance_from_the_middle_doubled():
    x = np.linspace(0, 1, 1001)
    np.testing.assert_allclose(tent(x), 1 - 2 * np.abs(x - 0.5), atol=1e-15)


@pytest.mark.parametrize("depth", range(8))
def test_the_sawtooth_is_the_arc_cosine_of_chebyshev(depth):
    # The tent is conjugate to t ↦ cos 2t: with x = arccos(u)/π, folding doubles the angle.
    x = np.linspace(0, 1, 1001)
    expected = np.arccos(np.cos(2**depth * np.pi * x)) / np.pi
    np.testing.assert_allclose(sawtooth(x, depth), expected, atol=2e-7)


@pytest.mark.parametrize("depth", range(1, 11))
def test_the_tent_network_has_two_to_the_depth_pieces(depth):
    weights, biases = folding_network(1, 2, depth)
    assert count_linear_pieces(weights, biases, 0, 1) == 2**depth
    x = np.linspace(0, 1, 77)
    np.testing.assert_allclose(
        relu_network(x[:, None], weights, biases)[:, 0], sawtooth(x, depth), atol=1e-12
    )
    breakpoints, slopes = linear_pieces(weights, biases, 0, 1)
    np.testing.assert_array_equal(breakpoints, np.arange(2**depth + 1) / 2**depth)
    np.testing.assert_array_equal(slopes[:, 0], 2.0**depth * (-1) ** np.arange(2**depth))


def test_fourteen_units_make_128_pieces_in_depth_and_15_in_width():
    weights, biases = folding_network(1, 2, 7)
    assert sum(W.shape[1] for W in weights[:-1]) == 14
    assert count_linear_pieces(weights, biases, 0, 1) == 128
    knots = np.linspace(0, 1, 16)
    W, c, w, b = relu_interpolant(knots, knots**2)
    assert len(c) == 15  # one unit is spent on the first slope
    assert count_linear_pieces([W, w[:, None]], [c, [b]], 0, 1) == 15
    assert max_regions_shallow(1, 14) == 15


@pytest.mark.parametrize(
    ("n_in", "folds", "depth"), [(1, 2, 5), (1, 3, 3), (2, 2, 2), (2, 3, 2), (3, 2, 2), (2, 1, 3)]
)
def test_a_folding_network_lays_every_part_of_the_cube_upon_the_whole_cube(n_in, folds, depth):
    weights, biases = folding_network(n_in, folds, depth)
    parts = folds**depth
    ticks = (np.arange(4 * parts) + 0.5) / (4 * parts)  # off the folds
    X = np.stack([axis.ravel() for axis in np.meshgrid(*[ticks] * n_in)], axis=1)
    phase = X * parts % 2
    np.testing.assert_allclose(relu_network(X, weights, biases), np.minimum(phase, 2 - phase), atol=1e-10)
    assert activation_patterns(X, weights[:-1], biases[:-1]) == parts**n_in
    # The product of the bound of Montúfar et al. counts these folds.
    assert montufar_bound(n_in, [n_in * folds] * depth + [n_in]) == parts**n_in * 2**n_in


# --- linear pieces -------------------------------------------------------------------------------------------


def test_kinks_that_cancel_are_none():
    hidden, c = [[1.0, -1.0]], [[0.0, 0.0], [0.0]]
    assert count_linear_pieces([hidden, [[1.0], [-1.0]]], c, -1, 1) == 1  # relu(x) − relu(−x) = x
    assert count_linear_pieces([hidden, [[1.0], [1.0]]], c, -1, 1) == 2
    assert count_linear_pieces([hidden, [[1.0, 1.0], [-1.0, 1.0]]], [[0, 0], [0, 0]], -1, 1) == 2
    # 0.1 + 0.2 − 0.3 is 5.6e-17 in floating point and 0 in mathematics.
    assert count_linear_pieces([[[1.0, 1.0, 1.0]], [[0.1], [0.2], [-0.3]]], [[0, 0, 0], [0]], -1, 1) == 1
    # The same in the first of two hidden layers.
    thin = [[[1.0, 1.0, 1.0]], [[0.1], [0.2], [-0.3]], [[1.0]]]
    assert count_linear_pieces(thin, [[0, 0, 0], [-1e-18], [0]], -1, 1) == 1


def test_kinks_that_coincide_up_to_rounding_are_one():
    # Both units set in at 0.3, which 3 · 0.1 misses by a rounding error.
    assert 3 * 0.1 != 0.3
    network = [[[1.0, 3.0]], [[1.0], [1.0]]], [[-0.3, -3 * (3 * 0.1)], [0.0]]
    assert count_linear_pieces(*network, 0, 1) == 2


def test_pieces_too_narrow_for_any_grid_are_found():
    for width in (1e-3, 1e-6, 1e-9):
        W, c, w, b = relu_interpolant([0, 0.3, 0.3 + width, 0.3 + 2 * width, 1], [0, 0, 1, 0, 0])
        assert count_linear_pieces([W, w[:, None]], [c, [b]], 0, 1) == 4


def test_breakpoints_outside_of_the_interval_and_at_its_ends_do_not_count():
    network = [[[1.0, 1.0, 1.0]], [[1.0], [1.0], [1.0]]], [[0.0, -1.0, -2.0], [0.0]]
    assert [
        count_linear_pieces(*network, a, b) for a, b in [(-1, 3), (0, 3), (0, 2), (0.5, 0.9), (1, 2)]
    ] == [4, 3, 2, 1, 1]


def test_an_affine_network_has_one_piece_and_units_that_never_fire_add_none():
    assert count_linear_pieces([[[3.0]]], [[1.0]], -5, 5) == 1
    assert count_linear_pieces([[[1.0]], [[2.0]]], [[-10.0], [0.0]], -5, 5) == 1
    assert count_linear_pieces([np.zeros((1, 0)), np.zeros((0, 1))], [[], [1.0]], -5, 5) == 1
    # A unit of the second layer that stays off hides the kink of the first.
    assert count_linear_pieces([[[1.0]], [[1.0]], [[1.0]]], [[0.0], [-9.0], [0.0]], -5, 5) == 1


@settings(deadline=None, max_examples=40)
@given(seeds, st.lists(st.integers(1, 6), min_size=1, max_size=4), st.integers(1, 2))
def test_the_pieces_are_the_network_and_a_fine_grid_finds_no_kink_within_them(seed, widths, outputs):
    rng = np.random.default_rng(seed)
    weights, biases = random_network(rng, [1, *widths, outputs])
    breakpoints, slopes = linear_pieces(weights, biases, -3, 3)
    assert breakpoints[0] == -3
    assert breakpoints[-1] == 3
    assert np.all(np.diff(breakpoints) > 0)
    assert len(slopes) == len(breakpoints) - 1 == count_linear_pieces(weights, biases, -3, 3)
    # The function is found again from its slopes.
    values = relu_network(breakpoints[:, None], weights, biases)
    np.testing.assert_allclose(np.diff(values, axis=0), slopes * np.diff(breakpoints)[:, None], atol=1e-9)
    # Within a piece automatic differentiation sees its slope, at random points.
    pick = rng.integers(len(slopes), size=20)
    inside = breakpoints[pick] + rng.uniform(0.2, 0.8, size=20) * np.diff(breakpoints)[pick]
    x = torch.tensor(inside[:, None], requires_grad=True)
    y = x
    for W, c in zip(weights[:-1], biases[:-1], strict=True):
        y = torch.relu(y @ torch.tensor(W) + torch.tensor(c))
    y = y @ torch.tensor(weights[-1])
    for k in range(outputs):
        slope = torch.autograd.grad(y[:, k].sum(), x, retain_graph=True)[0].numpy()[:, 0]
        np.testing.assert_allclose(slope, slopes[pick, k], atol=1e-9)


def rational_pieces(weights, biases, a, b):
    """Count pieces in rational arithmetic: every crossing of zero is a point, and slopes are compared exactly."""

    def affine(h, W, c):
        return [
            sum((x * w for x, w in zip(h, column, strict=True)), bias)
            for column, bias in zip(zip(*W, strict=True), c, strict=True)
        ]

    network = [
        ([[Fraction(w) for w in row] for row in W.tolist()], [Fraction(x) for x in c.tolist()])
        for W, c in zip(weights, biases, strict=True)
    ]
    points, H = [Fraction(a), Fraction(b)], [[Fraction(a)], [Fraction(b)]]
    for W, c in network[:-1]:
        Z = [affine(h, W, c) for h in H]
        finer = {}
        for left, right, z, after in zip(points, points[1:], Z, Z[1:], strict=False):
            crossings = {p / (p - q) for p, q in zip(z, after, strict=True) if p * q < 0}
            for t in {Fraction(0), Fraction(1)} | crossings:
                finer[left + t * (right - left)] = [p + t * (q - p) for p, q in zip(z, after, strict=True)]
        points = sorted(finer)
        H = [[max(Fraction(0), p) for p in finer[x]] for x in points]
    Y = [affine(h, *network[-1]) for h in H]
    slopes = [
        [(q - p) / (right - left) for p, q in zip(y, after, strict=True)]
        for left, right, y, after in zip(points, points[1:], Y, Y[1:], strict=False)
    ]
    return 1 + sum(before != after for before, after in pairwise(slopes))


@settings(deadline=None, max_examples=150)
@given(seeds, st.lists(st.integers(1, 5), max_size=4), st.integers(1, 2), st.sampled_from([1, 2, 8, None]))
def test_the_number_of_pieces_is_that_of_rational_arithmetic(seed, widths, outputs, parts):
    # Small integers and their fractions let kinks coincide, units cancel and slopes vanish, as random numbers never do.
    rng = np.random.default_rng(seed)
    shapes = list(pairwise([1, *widths, outputs]))

    def draw(shape):
        return rng.normal(size=shape) if parts is None else rng.integers(-3, 4, size=shape) / parts

    weights, biases = [draw(shape) for shape in shapes], [draw(shape[1]) for shape in shapes]
    assert count_linear_pieces(weights, biases, -4, 4) == rational_pieces(weights, biases, -4, 4)


@settings(deadline=None, max_examples=25)
@given(seeds, st.integers(1, 7))
def test_one_hidden_layer_has_no_more_pieces_than_zaslavsky_allows(seed, m):
    weights, biases = random_network(np.random.default_rng(seed), [1, m, 1])
    pieces = count_linear_pieces(weights, biases, -1e4, 1e4)
    assert pieces <= max_regions_shallow(1, m) == m + 1
    assert pieces == m + 1  # generic kinks, wide interval


# --- counting regions ----------------------------------------------------------------------------------------


def test_hyperplanes_in_general_position_cut_space_into_as_many_parts_as_zaslavsky_says():
    rng = np.random.default_rng(0)
    for n_in, m in [(1, 4), (2, 3), (2, 5), (3, 3), (3, 5)]:
        W, c = rng.normal(size=(n_in, m)), rng.normal(size=m)
        parts = 0
        for signs in product([1, -1], repeat=m):  # is there an x with signs ∘ (x W + c) ≥ 1e-6 ?
            s = np.array(signs)
            answer = scipy.optimize.linprog(
                np.zeros(n_in), A_ub=-(W * s).T, b_ub=s * c - 1e-6, bounds=[(None, None)] * n_in
            )
            parts += answer.status == 0
        assert parts == max_regions_shallow(n_in, m)


def test_numbers_of_regions_by_hand():
    assert [max_regions_shallow(2, m) for m in range(5)] == [1, 2, 4, 7, 11]  # the lazy caterer
    assert [max_regions_shallow(3, m) for m in range(5)] == [1, 2, 4, 8, 15]  # the cake
    assert max_regions_shallow(0, 9) == 1
    assert max_regions_shallow(5, 3) == 8
    assert max_regions_shallow(100, 1000) == sum(comb(1000, j) for j in range(101))
    assert montufar_bound(1, [2] * 7) == 2**6 * 3
    assert montufar_bound(2, [4, 4, 4]) == 2**2 * 2**2 * 11
    assert montufar_bound(2, [5, 3]) == 2**2 * 7
    assert montufar_bound(3, [7]) == max_regions_shallow(3, 7)
    assert montufar_bound(1, [10] * 50) == 10**49 * 11  # beyond a float64's 15 digits


def test_the_bound_of_montufar_is_attained_by_folds_and_cuts():
    # Fold the square twice a axis, then cut the folded square by three lines in general position.
    weights, biases = folding_network(2, 2, 1)
    lines = np.array([[1.0, 1.0, 0.3], [0.2, -1.0, 1.0]])
    offsets = np.array([-0.6, 0.05, -0.55])
    hidden, thresholds = [weights[0], weights[1] @ lines], [biases[0], biases[1] @ lines + offsets]
    ticks = np.linspace(0, 1, 401)[1:-1] + 1e-7
    X = np.stack([axis.ravel() for axis in np.meshgrid(ticks, ticks)], axis=1)
    assert activation_patterns(X, hidden, thresholds) == montufar_bound(2, [4, 3]) == 28


def test_a_unit_at_zero_is_off():
    assert activation_patterns([[0.0], [-1.0]], [[[1.0]]], [[0.0]]) == 1
    assert activation_patterns([[0.0], [1.0]], [[[1.0]]], [[0.0]]) == 2


@settings(deadline=None, max_examples=40)
@given(seeds, st.integers(0, 60), st.lists(st.integers(0, 12), min_size=1, max_size=3))
def test_rows_share_a_region_exactly_if_they_share_a_pattern(seed, n, widths):
    rng = np.random.default_rng(seed)
    weights, biases = random_network(rng, [2, *widths])
    X = rng.normal(size=(n, 2)).round(1)
    patterns = []
    for x in X:
        h, pattern = x, []
        for W, c in zip(weights, biases, strict=True):
            z = h @ W + c
            h = np.maximum(0, z)
            pattern += [bool(on) for on in z > 0]
        patterns.append(tuple(pattern))
    assert activation_patterns(X, weights, biases) == len(set(patterns))
    labels = region_labels(X, weights, biases)
    assert labels.shape == (n,)
    assert (
        len(set(zip(labels.tolist(), patterns, strict=True)))
        == len(set(patterns))
        == len(set(labels.tolist()))
    )


# --- propagation, lengths ------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(0, 5), st.lists(st.integers(1, 5), min_size=2, max_size=5))
def test_propagation_is_that_of_a_sequential_module(seed, n, widths):
    rng = np.random.default_rng(seed)
    weights, biases = random_network(rng, widths)
    X = rng.normal(size=(n, widths[0]))
    H = torch.tensor(X)
    layers = propagate(X, weights, biases, np.tanh)
    assert len(layers) == len(widths)
    np.testing.assert_array_equal(layers[0], X)
    for mine, W, c in zip(layers[1:], weights, biases, strict=True):
        H = torch.tanh(torch.nn.functional.linear(H, torch.tensor(W.T), torch.tensor(c)))
        np.testing.assert_allclose(mine, H.numpy(), atol=1e-13)


def test_the_length_of_a_circle_is_its_circumference_and_closing_it_adds_the_last_chord():
    points = circle(1000, 10, q=0.4)  # squared radius q · dimension = 4
    np.testing.assert_allclose((points**2).mean(axis=1), 0.4)
    chord = 2 * 2 * np.sin(np.pi / 1000)
    assert trajectory_length(points, closed=True) == pytest.approx(1000 * chord)
    assert trajectory_length(points, closed=False) == pytest.approx(999 * chord)
    assert trajectory_length(points, closed=True) == pytest.approx(4 * np.pi, rel=1e-5)


def test_no_point_and_one_point_have_no_length():
    assert trajectory_length(np.zeros((0, 3)), closed=True) == 0.0
    assert trajectory_length([[1, 2]], closed=True) == 0.0
    assert trajectory_length([[0, 0], [3, 4]], closed=True) == 10.0


# --- mean-field theory ---------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(st.floats(0, 100), st.floats(0, 5), st.floats(0, 2))
def test_length_maps_with_a_closed_form(q, sigma_w, sigma_b):
    def expect(phi, mean):
        expected = sigma_w**2 * mean + sigma_b**2
        assert length_map(q, sigma_w, sigma_b, phi) == pytest.approx(expected, rel=1e-10, abs=1e-14)

    expect(lambda z: z, q)
    expect(relu, q / 2)
    expect(np.abs, q)
    # E[erf(u)²] = (2/π) arcsin(2q / (1 + 2q)), Williams (1998)
    expect(scipy.special.erf, 2 / np.pi * np.arcsin(2 * q / (1 + 2 * q)))
    expect(np.sin, (1 - np.exp(-2 * q)) / 2)
    expect(lambda z: np.exp(-(z**2)), 1 / np.sqrt(1 + 4 * q))


@pytest.mark.parametrize("q", [1e-8, 1e-3, 0.5, 1.0, 12.6, 400.0, 1e6, 1e10])
def test_adaptive_quadrature_agrees_at_every_scale(q):
    def integral(f):
        value = 0.0
        for low, high in [(0, 2 / np.sqrt(q)), (2 / np.sqrt(q), 30 / np.sqrt(q)), (30 / np.sqrt(q), 40)]:
            low, high = min(low, 40), min(high, 40)
            value += (
                2
                * scipy.integrate.quad(
                    lambda z: f(np.sqrt(q) * z) * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi),
                    low,
                    high,
                    epsabs=1e-14,
                    limit=400,
                    points=[p for p in (5.0, 12.0) if low < p < high] or None,
                )[0]
            )
        return value

    assert length_map(q, 1, 0, np.tanh) == pytest.approx(integral(lambda u: np.tanh(u) ** 2), rel=1e-8)
    assert chi(q, 1, tanh_grad) == pytest.approx(integral(lambda u: tanh_grad(u) ** 2), rel=1e-7)


@settings(deadline=None, max_examples=30)
@given(st.just(0.0) | st.floats(1e-3, 1000), st.floats(0, 5))
def test_stretches_with_a_closed_form(q, sigma_w):
    assert chi(q, sigma_w, np.ones_like) == pytest.approx(sigma_w**2)
    assert chi(q, sigma_w, relu_grad) == pytest.approx(sigma_w**2 / 2 if q else 0.0)
    # Hard tanh has slope 1 where |√q z| < 1: with its corners named, the quadrature is exact.
    inside = scipy.special.erf(1 / np.sqrt(2 * q)) if q > 0 else 1.0
    assert chi(q, sigma_w, hard_tanh_grad, kinks=(-1, 1)) == pytest.approx(sigma_w**2 * inside, rel=1e-9)
    # A unit with slope 1 between 0 and 1 only, whose kinks are not symmetric.
    slope = chi(q, sigma_w, lambda z: ((z > 0) & (z < 1)).astype(float), kinks=(1,))
    assert slope == pytest.approx(sigma_w**2 * inside / 2 if q > 0 else 0.0, rel=1e-9)
    if q > 0:
        t = 1 / np.sqrt(q)
        square = q * (inside - 2 * t * np.exp(-(t**2) / 2) / np.sqrt(2 * np.pi)) + (1 - inside)
        assert length_map(q, 1, 0, hard_tanh, kinks=(-1, 1)) == pytest.approx(square, rel=1e-7, abs=1e-9)


def test_the_stretch_of_tanh_networks_in_order_and_chaos():
    # By adaptive quadrature in SciPy; Gauss–Hermite with 80 nodes would say 1.47 for the last.
    for sigma_w, expected in ((0.8, 0.7040354709), (2.5, 1.2590570936), (4.0, 1.5385906004)):
        q = fixed_point(sigma_w, 0.3, np.tanh)
        assert length_map(q, sigma_w, 0.3, np.tanh) == pytest.approx(q, rel=1e-11)
        assert np.sqrt(chi(q, sigma_w, tanh_grad)) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("sigma_w", "tolerance"), [(0.8, 0.03), (2.5, 0.03), (4.0, 0.04)])
def test_a_circle_through_a_wide_random_network_stretches_as_the_theory_says(sigma_w, tolerance):
    rng = np.random.default_rng(1)
    weights, biases = random_deep_network(500, 6, sigma_w, 0.3, rng)
    q = fixed_point(sigma_w, 0.3, np.tanh)
    # Inputs with the activations' mean square of the fixed point, so that the first layer is as the others.
    curve = circle(2000, 500, (q - 0.3**2) / sigma_w**2)
    lengths = [trajectory_length(H, closed=True) for H in propagate(curve, weights, biases, np.tanh)]
    ratios = np.array(lengths[3:]) / lengths[2:-1]
    expected = np.sqrt(chi(q, sigma_w, tanh_grad))
    assert ratios.mean() == pytest.approx(expected, rel=tolerance)


@settings(deadline=None, max_examples=8)
@given(st.floats(-1, 1), st.floats(0.01, 20), st.floats(0.1, 4), st.floats(0, 1))
def test_the_correlation_map_with_closed_forms(c, q, sigma_w, sigma_b):
    def expect(phi, product_mean, square_mean, tolerance):
        expected = (sigma_w**2 * product_mean + sigma_b**2) / (sigma_w**2 * square_mean + sigma_b**2)
        assert correlation_map(c, q, sigma_w, sigma_b, phi) == pytest.approx(expected, abs=tolerance)

    expect(lambda z: z, c * q, q, 1e-12)
    erf = [2 / np.pi * np.arcsin(2 * q * r / (1 + 2 * q)) for r in (c, 1)]
    expect(scipy.special.erf, *erf, 1e-12)
    # The arc-cosine kernel of Cho and Saul (2009)
    kernel = q / (2 * np.pi) * (np.sqrt(1 - c**2) + c * (np.pi - np.arccos(c)))
    expect(relu, kernel, q / 2, 1e-12)
    expect(np.sin, np.exp(-q) * np.sinh(c * q), np.exp(-q) * np.sinh(q), 1e-10)


@pytest.mark.parametrize("q", [1e-6, 1e4, 1e8])
@pytest.mark.parametrize("c", [-1.0, -0.9999, 0.0, 0.5, 1 - 1e-9, 1.0])
def test_the_correlation_of_steps_is_that_of_signs(c, q):
    # E[erf(u₁) erf(u₂)], Williams (1998); for large q it tends to (2/π) arcsin c, that of sign(u).
    expected = np.arcsin(2 * q * c / (1 + 2 * q)) / np.arcsin(2 * q / (1 + 2 * q))
    assert correlation_map(c, q, 1, 0, scipy.special.erf) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("sigma_w", [0.8, 1.5, 2.5])
def test_the_slope_of_the_correlation_map_at_one_is_the_stretch(sigma_w):
    q = fixed_point(sigma_w, 0.3, np.tanh)
    near = 1 - 1e-5
    slope = (1 - correlation_map(near, q, sigma_w, 0.3, np.tanh)) / 1e-5
    assert slope == pytest.approx(chi(q, sigma_w, tanh_grad), rel=1e-3)
    assert correlation_map(1, q, sigma_w, 0.3, np.tanh) == pytest.approx(1, abs=1e-13)


def test_a_length_that_explodes_has_no_fixed_point():
    with pytest.raises(ValueError, match=r"does not settle for sigma_w = 2"):
        fixed_point(2.0, 0.1, relu)
    assert fixed_point(1.0, 0.5, relu) == pytest.approx(0.5)  # q = q/2 + ¼
    assert fixed_point(0.5, 0.0, np.tanh) == pytest.approx(0, abs=1e-11)


# --- principal components ------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(1, 12), st.integers(1, 6), st.data())
def test_principal_components_are_those_of_scikit_learn_up_to_signs(seed, n, d, data):
    k = data.draw(st.integers(1, min(n, d)))
    H = np.random.default_rng(seed).normal(size=(n, d)) + 5
    expected = sklearn.decomposition.PCA(k, svd_solver="full").fit_transform(H) if n > 1 else np.zeros((1, k))
    mine = principal_components(H, k)
    assert mine.shape == (n, k)
    np.testing.assert_allclose(mine @ mine.T, expected @ expected.T, atol=1e-9)


def test_a_direction_does_not_flip_when_the_points_move_a_little():
    rng = np.random.default_rng(0)
    H = rng.normal(size=(50, 5)) * [5, 3, 1, 0.5, 0.2]
    H -= H.mean(axis=0)
    for step in range(10):
        moved = principal_components(H + 0.01 * step * rng.normal(size=H.shape), 2)
        np.testing.assert_allclose(moved, principal_components(H, 2), atol=1)


# --- what is refused -----------------------------------------------------------------------------------------

ONE = [[[1.0]], [[1.0]]], [[0.0], [0.0]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sawtooth([0.5], -1), "depth should be a whole number from 0 on"),
        (lambda: tent(["a"]), "x should hold real numbers"),
        (lambda: folding_network(0, 2, 1), "n_in should be a whole number from 1 on"),
        (lambda: count_linear_pieces([], [], 0, 1), "at least one each, but they hold 0 and 0"),
        (lambda: count_linear_pieces([[[1.0]]], [], 0, 1), "but they hold 1 and 0"),
        (lambda: count_linear_pieces([np.eye(2)], [[0, 0]], 0, 1), r"weights\[0\] should have one row"),
        (lambda: count_linear_pieces(ONE[0], [[0.0, 1.0], [0.0]], 0, 1), r"biases\[0\] should be an array"),
        (lambda: count_linear_pieces(None, None, 0, 1), "weights should be a list of one array a layer"),
        (lambda: count_linear_pieces(*ONE, "0", 1), "a should hold real numbers"),
        (lambda: count_linear_pieces(*ONE, -1e308, 1e308), "b - a too"),
        (lambda: count_linear_pieces([[[1e300]]] * 3, [[0.0]] * 3, 0, 1), "but a product overflows"),
        (lambda: count_linear_pieces(*ONE, 1, 1), "a < b"),
        (lambda: count_linear_pieces(*ONE, 0, np.inf), "a < b"),
        (lambda: count_linear_pieces([[[np.nan]]], [[0.0]], 0, 1), "weights and biases should be finite"),
        (lambda: max_regions_shallow(-1, 3), "n_in should be a whole number"),
        (lambda: max_regions_shallow(2, 3.0), "n_hidden should be a whole number"),
        (lambda: montufar_bound(2, [4, 1]), "widths should be a whole number from 2 on"),
        (lambda: montufar_bound(2, []), "widths should hold at least one layer"),
        (lambda: montufar_bound(2, 4), "widths should be a list of whole numbers"),
        (lambda: activation_patterns([1.0], *ONE), "X should be an array of shape"),
        (lambda: activation_patterns([[1.0, 2.0]], *ONE), r"axis 1 of X and axis 0 of weights\[0\]"),
        (lambda: propagate([[1.0]], *ONE, np.sum), r"phi\(Z\) should be an array of shape \(1, 1\)"),
        (
            lambda: propagate([[1.0]], [[[1.0, 2.0]], [[1.0]]], [[0, 0], [0]], np.tanh),
            r"weights\[0\] and axis 0",
        ),
        (lambda: trajectory_length([1.0, 2.0]), "curve should be an array of shape"),
        (lambda: circle(3, 1), "dimension should be a whole number from 2 on"),
        (
            lambda: random_deep_network(3, 1, -1, 0, np.random.default_rng(0)),
            "sigma_w should be finite and not",
        ),
        (lambda: length_map(-1, 1, 1, np.tanh), "q should be finite and not negative"),
        (lambda: length_map(np.nan, 1, 1, np.tanh), "q should be finite and not negative"),
        (lambda: length_map(1, 1, 1, np.sum), r"phi\(z\) should be an array"),
        (lambda: length_map([1, 2], 1, 1, np.tanh), "q should be a number"),
        (lambda: length_map(1, 1e200, 1, np.tanh), "sigma_w should be at most 1e150"),
        (lambda: chi(1, -1, np.tanh), "sigma_w should be finite and not negative"),
        (lambda: correlation_map(1.1, 1, 1, 1, np.tanh), "c should be from -1 to 1"),
        (lambda: correlation_map(0.5, 0, 1, 1, np.tanh), "q should be positive"),
        (lambda: correlation_map(0.5, 1, 1, 0, np.zeros_like), "phi should not be zero everywhere"),
        (lambda: principal_components([[1.0, 2.0]], 2), "k should be at most"),
        (lambda: principal_components([[np.nan]], 1), "H should be finite"),
        (lambda: principal_components([[1.7e308], [1.7e308]], 1), "or their sum overflows"),
    ],
)
def test_a_wrong_argument_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_values_beyond_floating_point_end_in_their_limits_without_a_warning():
    assert tent([1e308, -1e308]).tolist() == [-np.inf, 0]
    assert sawtooth([1e308, 1.5], 2).tolist() == [0, 0]
    assert propagate([[1e300], [-1e300]], [[[1e300]]], [[0.0]], np.tanh)[1].tolist() == [[1], [-1]]
    assert activation_patterns([[1e300], [-1e300], [1.0]], [[[1e300]]], [[0.0]]) == 2
    assert trajectory_length([[1e300, 0], [0, 1e300]]) == pytest.approx(np.sqrt(2) * 1e300)
    assert length_map(1e4, 1, 0, np.exp) == np.inf
    assert length_map(1e100, 2, 0.5, np.tanh) == pytest.approx(4.25)


def test_single_precision_and_integers_give_double_precision():
    for dtype in (np.int64, np.float32):
        x, W, c = np.eye(2, dtype=dtype), np.eye(2, dtype=dtype), np.ones(2, dtype)
        results = [
            tent(x),
            sawtooth(x, 2),
            *propagate(x, [W], [c], lambda z: z),
            principal_components(x, 1),
            *linear_pieces([W[:1], W], [c, c], dtype(-1), dtype(1)),
        ]
        assert {array.dtype for array in results} == {np.dtype(np.float64)}


def test_no_input_is_changed_and_no_result_is_a_view_of_one():
    X = np.array([[0.3], [0.6]])
    layers = propagate(X, *ONE, np.tanh)
    layers[0][:] = 9
    sawtooth(X, 0)[:] = 9
    principal_components(X, 1)[:] = 9
    np.testing.assert_array_equal(X, [[0.3], [0.6]])
