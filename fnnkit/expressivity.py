"""What depth adds: folded inputs, linear pieces and regions; random deep networks are in `fnnkit.meanfield`.

Two conventions for ``weights`` and ``biases``: `linear_pieces` and `count_linear_pieces` take a whole network, whose last
layer is affine; `region_labels`, `activation_patterns` and `fnnkit.meanfield.propagate` take layers all of which have an
activation. Everything in `fnnkit.meanfield` can be imported from here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fnnkit.arguments import Float, describe, first_inputs, layer_arrays, real_array, whole_number
from fnnkit.meanfield import (
    chi,
    circle,
    correlation_map,
    fixed_point,
    length_map,
    principal_components,
    propagate,
    random_deep_network,
    trajectory_length,
)

__all__ = [
    "activation_patterns",
    "chi",
    "circle",
    "correlation_map",
    "count_linear_pieces",
    "fixed_point",
    "folding_network",
    "length_map",
    "linear_pieces",
    "max_regions_shallow",
    "montufar_bound",
    "principal_components",
    "propagate",
    "random_deep_network",
    "region_labels",
    "sawtooth",
    "tent",
    "trajectory_length",
]

# --- folding: the tent and the sawtooth ----------------------------------------------------------------------


def tent(x: ArrayLike) -> Float:
    """The tent on [0, 1], from two ReLUs: ``2 max(0, x) − 4 max(0, x − ½)``. It folds the interval once.

    Elementwise: ``2x`` up to ½ and ``2 − 2x`` from there on, 0 left of 0. At infinity, where the ReLUs say ∞ − ∞,
    NaN.

    Slide "Exponential Advantage of Deeper Rectifier Networks"; Telgarsky (2015).

    >>> tent([0, 0.25, 0.5, 0.75, 1])
    array([0. , 0.5, 1. , 0.5, 0. ])
    """
    x = real_array("x", x)
    with np.errstate(over="ignore", invalid="ignore"):
        y: Float = 2 * (
            np.maximum(0.0, x) - 2 * np.maximum(0.0, x - 0.5)
        )  # the large terms cancel before they double
    return y


def sawtooth(x: ArrayLike, depth: int) -> Float:
    """The tent composed with itself: ``2^depth`` linear pieces on [0, 1] from ``2 · depth`` ReLUs.

    Elementwise; ``depth`` 0 gives ``x``.

    Slide "Exponential Advantage of Deeper Rectifier Networks"; Telgarsky (2015).

    >>> sawtooth([0, 0.125, 0.25, 0.375, 0.5], depth=2)
    array([0. , 0.5, 1. , 0.5, 0. ])
    """
    y = real_array("x", x).copy()
    for _ in range(whole_number("depth", depth)):
        y = tent(y)
    return y


def folding_network(n_in: int, folds: int, depth: int) -> tuple[list[Float], list[Float]]:
    """ReLU network each of whose hidden layers folds the cube ``[0, 1]ⁿ`` onto itself, along every axis.

    Along an axis, ``p`` ReLUs make a zigzag of p pieces, ``p max(0, x) + Σ_{k=1}^{p−1} (−1)ᵏ 2p max(0, x − k/p)``.
    All ``pⁿ`` parts of the cube are laid upon each other, and what later layers draw appears in each of them. So the
    network has ``p^(n · depth)`` linear regions in the cube.

    ``n_in`` is n, ``folds`` p (2 gives the tent), ``depth`` the number of hidden layers, each at least 1. Returns
    weights and biases, two lists: ``depth`` hidden layers of ``n · p`` units, and an affine layer with n outputs.

    Slide "Exponential Advantage of Deeper Rectifier Networks"; Montúfar et al. (2014), section 3.1.

    >>> weights, biases = folding_network(n_in=1, folds=2, depth=7)
    >>> count_linear_pieces(weights, biases, 0, 1)
    128
    """
    n, p, depth = (
        whole_number("n_in", n_in, 1),
        whole_number("folds", folds, 1),
        whole_number("depth", depth, 1),
    )
    k = np.arange(p)
    slope_changes = np.where(k == 0, p, (-1.0) ** k * 2 * p)
    spread = np.kron(np.eye(n), np.ones((1, p)))  # each axis feeds its own p units
    gather = np.kron(np.eye(n), slope_changes[:, None])  # and is the sum of what they give
    thresholds = np.tile(-k / p, n)
    weights = [spread] + [gather @ spread] * (depth - 1) + [gather]
    return [np.array(W) for W in weights], [thresholds.copy() for _ in range(depth)] + [np.zeros(n)]


# --- counting linear pieces ----------------------------------------------------------------------------------


def linear_pieces(
    weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], a: float, b: float
) -> tuple[Float, Float]:
    """Where a ReLU network of one input is linear: the ends of its pieces and their slopes, without a grid.

    Between breakpoints every unit is linear. A layer adds a breakpoint wherever one of its pre-activations
    crosses zero. Whether a breakpoint matters is only known at the output, where neighbours of equal slope
    are one piece. Slopes are equal, and points are the same, up to rounding: 1e-12 of the sum of the
    moduli of all paths through the network, and 1e-12 of the ends of the interval. So pieces that are narrower
    than that are not told apart.

    ``weights`` are (1, m_1), (m_1, m_2), …, ``biases`` (m_1,), (m_2,), …: ReLUs follow every layer **but the
    last**, which is affine. Returns ``breakpoints`` (pieces + 1,), from ``a`` to ``b``, and
    ``slopes`` (pieces, outputs). Refused is also a network in which a value overflows.

    Slides "Deep vs. Shallow network" and "Exponential Advantage of Deeper Rectifier Networks"; Pascanu, Montúfar,
    Bengio (2014).

    >>> linear_pieces([[[1.0, -1.0]], [[1.0], [1.0]]], [[0.0, 0.0], [0.0]], a=-2, b=1)
    (array([-2.,  0.,  1.]), array([[-1.],
           [ 1.]]))
    """
    layers = layer_arrays(weights, biases)
    if layers[0][0].shape[0] != 1:
        raise ValueError(
            f"weights[0] should have one row, as there is one input, but it is {describe(layers[0][0])}"
        )
    a, b = (float(real_array(name, end, ())) for name, end in (("a", a), ("b", b)))
    if not (a < b and b - a < np.inf):
        raise ValueError(f"a and b should be finite with a < b, and b - a too, but they are {a}, {b}")
    if not all(np.isfinite(array).all() for layer in layers for array in layer):
        raise ValueError("weights and biases should be finite, but an entry is infinite or NaN")
    same = 1e-12 * max(abs(a), abs(b))
    # A row of H for each breakpoint, and of slopes for each interval between two. The terms are what a slope would be
    # if nothing cancelled: the scale of its rounding errors.
    x, H = np.array([a, b], float), np.array([[a], [b]], float)
    slopes = terms = np.ones((1, 1))
    for W, c in layers[:-1]:
        Z, slopes, terms = _next_layer(H, W, c, slopes, terms)
        i, unit = np.nonzero(np.signbit(Z[1:]) != np.signbit(Z[:-1]))
        before, after = Z[i, unit], Z[i + 1, unit]
        with np.errstate(invalid="ignore"):  # 0 / 0 where a unit is 0 and −0: no crossing
            crossings = x[i] + np.abs(before) / (np.abs(before) + np.abs(after)) * (x[i + 1] - x[i])
        finer = _distinct(np.concatenate([x, crossings[np.isfinite(crossings)]]), a, b, same)
        middles = finer[1:] / 2 + finer[:-1] / 2
        interval = np.searchsorted(x, middles) - 1
        Z = np.column_stack([np.interp(finer, x, z) for z in Z.T]) if Z.size else np.zeros((len(finer), 0))
        on = Z[1:] + Z[:-1] > 0  # twice the value in the middle
        x, H = finer, np.maximum(0.0, Z)
        slopes, terms = np.where(on, slopes[interval], 0.0), np.where(on, terms[interval], 0.0)
    _, slopes, terms = _next_layer(H, *layers[-1], slopes, terms)
    kink = np.abs(np.diff(slopes, axis=0)) > 1e-12 * np.maximum(terms[1:], terms[:-1])
    ends = np.flatnonzero(kink.any(axis=1)) + 1
    return np.concatenate([[a], x[ends], [b]]), slopes[np.concatenate([[0], ends])]


def _next_layer(H: Float, W: Float, c: Float, slopes: Float, terms: Float) -> tuple[Float, Float, Float]:
    """Pre-activations, slopes and their scale one layer on; breakpoints beyond floating point are refused."""
    with np.errstate(over="ignore", invalid="ignore"):
        Z, slopes, terms = H @ W + c, slopes @ W, terms @ np.abs(W)
        fits = all(np.isfinite(2 * numbers).all() for numbers in (Z, terms))
    if not fits:
        raise ValueError(
            "weights and biases should give finite values on the interval, but a product overflows"
        )
    return Z, slopes, terms


def _distinct(points: Float, a: float, b: float, same: float) -> Float:
    """Sorted points from ``a`` to ``b`` without those that follow another by no more than rounding."""
    points = np.sort(points)
    points = points[(points > a + same) & (points < b - same)]
    return np.concatenate([[a], points[np.diff(points, prepend=a) > same], [b]])


def count_linear_pieces(weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], a: float, b: float) -> int:
    """Number of linear pieces of a ReLU network of one input on an interval, exactly, by `linear_pieces`.

    ``weights`` are (1, m_1), (m_1, m_2), …, ``biases`` (m_1,), (m_2,), …: ReLUs follow every layer **but the
    last**, which is affine, unlike in `activation_patterns`. Breakpoints at ``a`` or ``b`` do not count; at least
    1.

    Slides "Deep vs. Shallow network" and "Exponential Advantage of Deeper Rectifier Networks"; Pascanu, Montúfar,
    Bengio (2014).

    ``max(0, x) + max(0, −x)`` has a kink, and ``max(0, x) − max(0, −x) = x`` has none:

    >>> hidden, c = [[1.0, -1.0]], [[0.0, 0.0], [0.0]]
    >>> [count_linear_pieces([hidden, [[1.0], [sign]]], c, -1, 1) for sign in (1, -1)]
    [2, 1]
    """
    return len(linear_pieces(weights, biases, a, b)[1])


# --- regions of the input space ------------------------------------------------------------------------------


def max_regions_shallow(n_in: int, n_hidden: int) -> int:
    """Most linear regions of one hidden layer of ReLUs: ``Σ_{j ≤ n_in} C(n_hidden, j)``.

    Each of the ``n_hidden`` units is a hyperplane in a space of ``n_in`` dimensions, and the regions are the parts
    between them when they are in general position. Either number may be 0.

    Slide "Deep vs. Shallow network"; Zaslavsky (1975); Pascanu, Montúfar, Bengio (2014), proposition 2.

    >>> max_regions_shallow(2, 3)
    7
    """
    n_in, n_hidden = whole_number("n_in", n_in), whole_number("n_hidden", n_hidden)
    return sum(comb(n_hidden, j) for j in range(min(n_in, n_hidden) + 1))


def montufar_bound(n_in: int, widths: Sequence[int]) -> int:
    """Lower bound of the most linear regions that a deep ReLU network can have.

    Every hidden layer but the last folds space ``⌊n_l / n_in⌋`` times an axis, and the last cuts what lies folded.

    ``widths`` are those of the hidden layers, at least one, none less than ``n_in``. Returns
    ``∏_{l < L} ⌊n_l / n_in⌋^{n_in} · Σ_{j ≤ n_in} C(n_L, j)``, exact.

    Slides "Deep vs. Shallow network" and "Exponential Advantage of Deeper Rectifier Networks"; Montúfar
    et al. (2014), theorem 4.

    >>> montufar_bound(2, [4, 4, 4]), max_regions_shallow(2, 12)
    (176, 79)
    """
    n_in = whole_number("n_in", n_in, 1)
    if np.ndim(widths) != 1:
        raise ValueError(
            f"widths should be a list of whole numbers, one a layer, but it is {describe(widths)}"
        )
    units = [whole_number("widths", width, n_in) for width in widths]
    if not units:
        raise ValueError("widths should hold at least one layer, but it is empty")
    folded: int = prod((n // n_in) ** n_in for n in units[:-1])
    return folded * max_regions_shallow(n_in, units[-1])


def region_labels(
    X: ArrayLike, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike]
) -> NDArray[np.intp]:
    """Number the rows by activation pattern: two rows have the same label if the same ReLUs of all layers are on.

    ``X`` (n, d) has one example a row, ``weights`` are (d, m_1), (m_1, m_2), …, ``biases`` (m_1,), (m_2,), …:
    ReLUs follow **every** layer. Returns (n,), labels from 0 on without a gap.

    Slide "Exponential Advantage of Deeper Rectifier Networks"; Montúfar et al. (2014), section 2.

    >>> region_labels([[-2.0], [2.0], [-1.0]], [[[1.0]]], [[0.0]])
    array([0, 1, 0])
    """
    layers = layer_arrays(weights, biases)
    H, patterns = first_inputs(X, layers), []
    for W, c in layers:
        with np.errstate(over="ignore", invalid="ignore"):  # the sign of an infinite pre-activation is right
            Z = H @ W + c
        H = np.maximum(0.0, Z)
        patterns.append(Z > 0)
    # A byte holds eight units; np.unique compares rows of bytes faster than rows of truth values.
    packed = np.packbits(np.column_stack(patterns), axis=1)
    if packed.size == 0:
        return np.zeros(len(packed), np.intp)
    return np.unique(packed, axis=0, return_inverse=True)[1].ravel().astype(np.intp)


def activation_patterns(X: ArrayLike, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike]) -> int:
    """Number of distinct on/off patterns of all ReLUs, over the rows of X: linear regions that the rows have met.

    ``X`` (n, d) has one example a row, ``weights`` are (d, m_1), (m_1, m_2), …, ``biases`` (m_1,), (m_2,), …:
    ReLUs follow **every** layer, unlike in `count_linear_pieces`, so give hidden layers alone. A unit is on where
    its pre-activation is positive. From 0, of no rows, to n.

    Slide "Exponential Advantage of Deeper Rectifier Networks"; Montúfar et al. (2014), section 2.

    Two lines through the origin cut the plane into four quadrants:

    >>> activation_patterns([[1, 1], [1, -1], [-1, 1], [-1, -1], [2, 2]], [np.eye(2)], [np.zeros(2)])
    4
    """
    return int(region_labels(X, weights, biases).max(initial=-1)) + 1
