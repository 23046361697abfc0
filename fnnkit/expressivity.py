"""What depth adds: linear pieces, folded regions, and the length of a curve through a random network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import comb, prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fnnkit.arguments import Float, describe, real_array, same_length, whole_number

Function = Callable[[Float], ArrayLike]


def _layers(weights: Sequence[ArrayLike], biases: Sequence[ArrayLike]) -> list[tuple[Float, Float]]:
    """Check the layers of a network, each as its weights and biases."""
    for name, arrays in (("weights", weights), ("biases", biases)):
        if not isinstance(arrays, (list, tuple, np.ndarray)):
            raise ValueError(f"{name} should be a list of one array a layer, but it is {describe(arrays)}")
    if len(weights) != len(biases) or len(weights) == 0:
        raise ValueError(
            "weights and biases should hold one array a layer, at least one each, "
            f"but they hold {len(weights)} and {len(biases)}"
        )
    layers = []
    for i, (W, c) in enumerate(zip(weights, biases, strict=True)):
        matrix = real_array(f"weights[{i}]", W, ("d_in", "d_out"))
        layers.append((matrix, real_array(f"biases[{i}]", c, (matrix.shape[1],))))
    for i, ((W, _), (V, _)) in enumerate(pairwise(layers)):
        same_length(f"weights[{i}]", W, f"weights[{i + 1}]", V, axis_a=1, axis_b=0)
    return layers


def _examples(X: ArrayLike, layers: list[tuple[Float, Float]]) -> Float:
    """Check inputs of the first layer."""
    X = real_array("X", X, ("n", "d"))
    same_length("X", X, "weights[0]", layers[0][0], axis_a=1, axis_b=0)
    return X


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
    layers = _layers(weights, biases)
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
    layers = _layers(weights, biases)
    H, patterns = _examples(X, layers), []
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


# --- random deep networks ------------------------------------------------------------------------------------


def propagate(
    X: ArrayLike, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], phi: Function
) -> list[Float]:
    """Activations of all layers, the input first: ``H_l = φ(H_{l−1} W_l + c_l)`` with ``H_0 = X``.

    ``X`` (n, d) has one example a row, ``weights`` are (d, m_1), (m_1, m_2), …, ``biases`` (m_1,), (m_2,), …;
    ``phi``, elementwise, follows **every** layer, unlike in `fnnkit.expressivity.count_linear_pieces`. Returns
    one array more than there are layers, the first a copy of ``X``.

    Slides "Feedforward Neural Networks" and "Exponential expressivity in deep neural networks [Poole 16]".

    >>> propagate([[1.0]], [[[2.0]], [[3.0]]], [[0.0], [1.0]], np.square)
    [array([[1.]]), array([[4.]]), array([[169.]])]
    """
    layers = _layers(weights, biases)
    H = [_examples(X, layers).copy()]
    for W, c in layers:
        with np.errstate(over="ignore", invalid="ignore"):  # φ(±inf) is right for units that saturate
            Z = H[-1] @ W + c
        H.append(real_array("phi(Z)", phi(Z), Z.shape))
    return H


def random_deep_network(
    width: int, depth: int, sigma_w: float, sigma_b: float, rng: np.random.Generator
) -> tuple[list[Float], list[Float]]:
    """Weights of variance ``σ_w²/width`` and biases of variance ``σ_b²``: the ensemble of the mean-field theory.

    All layers, and the input, have ``width`` units. Returns ``depth`` weights (width, width) and biases (width,),
    two lists.

    Slide "Exponential expressivity in deep neural networks [Poole 16]"; Poole et al. (2016), section 2.

    >>> weights, biases = random_deep_network(100, 3, 2.0, 0.3, np.random.default_rng(0))
    >>> len(weights), round(float(weights[0].std() * 10), 1)
    (3, 2.0)
    """
    width, depth = whole_number("width", width, 1), whole_number("depth", depth, 1)
    sigma_w, sigma_b = _at_least_zero("sigma_w", sigma_w), _at_least_zero("sigma_b", sigma_b)
    weights = [rng.normal(scale=sigma_w / np.sqrt(width), size=(width, width)) for _ in range(depth)]
    return weights, [rng.normal(scale=sigma_b, size=width) for _ in range(depth)]


def _at_least_zero(name: str, value: float) -> float:
    """Check a finite number that is not negative."""
    number = float(real_array(name, value, ()))
    if not (0 <= number < np.inf):
        raise ValueError(f"{name} should be finite and not negative, but it is {describe(value)}")
    if number > 1e150:
        raise ValueError(
            f"{name} should be at most 1e150, so that it has a square, but it is {describe(value)}"
        )
    return number


def circle(n: int, dimension: int, q: float = 1.0) -> Float:
    """Points of a circle in a space of many dimensions, each of squared length ``q · dimension``.

    Returns (n, dimension): n points equally spaced, the first not repeated at the end, in the first two of at
    least two dimensions. ``q`` is the mean square of the coordinates.

    Slide "Exponential expressivity in deep neural networks [Poole 16]"; Poole et al. (2016), section 3.

    >>> circle(4, 2, q=0.5).round(12) + 0.0
    array([[ 1.,  0.],
           [ 0.,  1.],
           [-1.,  0.],
           [ 0., -1.]])
    """
    n, dimension, q = whole_number("n", n), whole_number("dimension", dimension, 2), _at_least_zero("q", q)
    angle = 2 * np.pi * np.arange(n) / max(n, 1)
    points = np.zeros((n, dimension))
    points[:, 0], points[:, 1] = np.cos(angle), np.sin(angle)
    return float(np.sqrt(q * dimension)) * points


def trajectory_length(curve: ArrayLike, closed: bool = False) -> float:
    """Length of a polygon, ``Σ ‖x_{i+1} − x_i‖``.

    ``curve`` (n, d) has one corner a row; ``closed`` leads back from the last to the first. Zero for less than
    two corners.

    Slide "Exponential expressivity in deep neural networks [Poole 16]"; Raghu et al. (2017), section 2.3.

    >>> square = [[0, 0], [1, 0], [1, 1], [0, 1]]
    >>> trajectory_length(square, closed=False), trajectory_length(square, closed=True)
    (3.0, 4.0)
    """
    curve = real_array("curve", curve, ("n", "d"))
    if len(curve) == 0:
        return 0.0
    corners = np.vstack([curve, curve[:1]]) if closed else curve
    with np.errstate(over="ignore", invalid="ignore"):
        segments = np.diff(corners, axis=0)
        return float(np.hypot.reduce(segments, axis=1).sum())  # hypot does not overflow where squares would


# --- mean-field theory ---------------------------------------------------------------------------------------

_REACH = 12.0  # beyond it the normal density is below 1e-31
_GRADES = np.concatenate([0.5 ** np.arange(1, 40), np.arange(0, 2 * _REACH + 0.5, 0.5)])


def _gaussian_mean(f: Function, scale: float, kinks: Sequence[float]) -> float:
    """Mean of ``f(scale · z)`` over a standard normal z.

    Gauss–Legendre panels, half a standard deviation wide, that shrink geometrically towards 0 and every kink: no
    scale is too large for them.
    """
    at = real_array("kinks", kinks, ("k",)) / scale if scale > 0 else np.zeros(0)
    at = np.concatenate([[0.0], at[np.abs(at) < _REACH]])
    edges = np.concatenate([at, *(side * _GRADES + k for k in at for side in (-1, 1))])
    z, weights = _panels(edges, _REACH, nodes=16)
    weights *= np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    with np.errstate(over="ignore"):  # inf is the mean of what overflows
        return float(weights @ real_array("phi(z)", f(scale * z), z.shape))


def _panels(edges: Float, reach: float, nodes: int) -> tuple[Float, Float]:
    """Places and weights of the Gauss–Legendre rule on each panel between edges within ±reach."""
    place, weight = np.polynomial.legendre.leggauss(nodes)
    edges = np.unique(edges[np.abs(edges) <= reach])
    half = np.diff(edges)[:, None] / 2
    return (edges[:-1, None] + half + half * place).ravel(), (half * weight).ravel()


def length_map(q: float, sigma_w: float, sigma_b: float, phi: Function, kinks: Sequence[float] = ()) -> float:
    """How the mean square of the pre-activations changes from layer to layer of a wide random network.

    Returns ``σ_w² ∫ φ(√q z)² Dz + σ_b²`` with the standard normal density ``Dz``.

    ``q`` is the mean square of one layer. ``phi`` is elementwise; ``kinks`` are where else than at 0 it is not
    smooth, such as 1 and −1 of hard tanh. One that oscillates, such as the sine, is integrated well while √q is
    below 20.

    Slide "Exponential expressivity in deep neural networks [Poole 16]"; Poole et al. (2016), equation 3.

    A ReLU lets half of the mean square pass:

    >>> round(length_map(3.0, sigma_w=1.0, sigma_b=0.5, phi=lambda z: np.maximum(0, z)), 12)
    1.75
    """
    q, sigma_w, sigma_b = (
        _at_least_zero(name, value) for name, value in (("q", q), ("sigma_w", sigma_w), ("sigma_b", sigma_b))
    )
    return sigma_w**2 * _gaussian_mean(lambda z: np.square(phi(z)), np.sqrt(q), kinks) + sigma_b**2


def fixed_point(
    sigma_w: float, sigma_b: float, phi: Function, q: float = 1.0, kinks: Sequence[float] = ()
) -> float:
    """Where the length map leads after many layers: ``q* = length_map(q*)``.

    Starts at ``q``; ``phi`` and ``kinks`` are as in `length_map`. A map that does not settle, to 1e-12, within
    10,000 layers is refused with a ``ValueError``.

    Slide "Exponential expressivity in deep neural networks [Poole 16]"; Poole et al. (2016), section 2.

    >>> round(fixed_point(2.5, 0.3, np.tanh), 4)
    4.0791
    """
    for _ in range(10_000):
        new = length_map(q, sigma_w, sigma_b, phi, kinks)
        if abs(new - q) <= 1e-12 * (1 + new):
            return new
        if not new < 1e100:
            break
        q = new
    raise ValueError(f"the length map does not settle for sigma_w = {sigma_w}, sigma_b = {sigma_b}")


def chi(q: float, sigma_w: float, dphi: Function, kinks: Sequence[float] = ()) -> float:
    """Mean square stretch of small changes a layer, ``χ₁ = σ_w² ∫ φ′(√q z)² Dz``, at the fixed point q of the length map.

    A curve grows by ``√χ₁`` a layer. Below 1, nearby inputs come together (order) and gradients vanish; above 1
    they part (chaos) and gradients explode.

    ``dphi`` is the derivative of the activation, elementwise, and ``kinks`` are where else than at 0 it is not
    smooth.

    Slides "Exponential expressivity in deep neural networks [Poole 16]" and "Vanishing and Exploding Gradient
    Problem"; Poole et al. (2016), equation 6.

    >>> from fnnkit.activations import tanh_grad
    >>> [round(chi(fixed_point(s, 0.3, np.tanh), s, tanh_grad) ** 0.5, 3) for s in (0.8, 2.5, 4.0)]
    [0.704, 1.259, 1.539]
    """
    q, sigma_w = _at_least_zero("q", q), _at_least_zero("sigma_w", sigma_w)
    return sigma_w**2 * _gaussian_mean(lambda z: np.square(dphi(z)), np.sqrt(q), kinks)


def correlation_map(c: float, q: float, sigma_w: float, sigma_b: float, phi: Function) -> float:
    """How the correlation of two inputs changes from layer to layer, at the fixed point q of the length map.

    Its slope at ``c = 1`` is χ₁: above 1, two inputs that are nearly equal become less so.

    The value is ``(σ_w² ∫∫ φ(u₁) φ(u₂) Dz₁ Dz₂ + σ_b²) / length_map(q)`` with normal u₁, u₂ of variance q > 0 and
    correlation ``c``, −1 to 1. ``phi`` is elementwise, and not zero everywhere if there is no bias. A kink at 0
    does no harm; one elsewhere, as those of hard tanh, costs 1e-5.

    Slide "Exponential expressivity in deep neural networks [Poole 16]"; Poole et al. (2016), equation 5.

    In the chaotic phase even inputs that agree to 99 % part:

    >>> q = fixed_point(4.0, 0.3, np.tanh)
    >>> round(correlation_map(0.99, q, 4.0, 0.3, np.tanh), 3), round(correlation_map(1.0, q, 4.0, 0.3, np.tanh), 12)
    (0.977, 1.0)
    """
    q, sigma_w, sigma_b = (
        _at_least_zero(name, value) for name, value in (("q", q), ("sigma_w", sigma_w), ("sigma_b", sigma_b))
    )
    c = float(real_array("c", c, ()))
    if not -1 <= c <= 1:
        raise ValueError(f"c should be from -1 to 1, but it is {describe(c)}")
    if q == 0 or sigma_w == sigma_b == 0:
        raise ValueError("q should be positive, and one of sigma_w and sigma_b too, but they are zero")
    # In polar coordinates u₁ = √q r cos θ and u₂ = √q r cos(θ − arccos c): what happens at u = 0, a kink or the
    # rise of a unit that saturates, happens at four angles, towards which the panels shrink.
    lag = np.arccos(c)
    turns = np.array([-1.0, 1.0, -1.0, 1.0]) * np.pi / 2 + np.array([0.0, 0.0, lag, lag])
    turns = np.concatenate([turns, turns - 2 * np.pi])  # arccos c is up to π: some lie beyond a full turn
    shrinking = np.concatenate([side * _GRADES + turn for turn in turns for side in (-1, 1)])
    theta, d_theta = _panels(np.concatenate([[-np.pi, np.pi], turns, shrinking]), np.pi, nodes=8)
    r, d_r = _panels(np.concatenate([[0.0], _GRADES]), _REACH, nodes=8)
    d_r *= r * np.exp(-(r**2) / 2) / (2 * np.pi)

    def values(angle: Float) -> Float:
        u = np.sqrt(q) * r[:, None] * np.cos(angle)
        return real_array("phi(u)", phi(u), u.shape)

    first, second = values(theta), values(theta - lag)
    variance = sigma_w**2 * float(d_r @ (first**2 @ d_theta)) + sigma_b**2
    if variance == 0:
        raise ValueError("phi should not be zero everywhere when sigma_b is 0, but it is")
    return (sigma_w**2 * float(d_r @ ((first * second) @ d_theta)) + sigma_b**2) / variance


def principal_components(H: ArrayLike, k: int) -> Float:
    """Projection of centred points on the k directions in which they vary most.

    ``H`` (n, d) has one point a row, ``k`` is 1 to the smaller of n and d. Returns (n, k), the most variable
    first. Each direction points so that its largest entry is positive.

    Slide "Exponential expressivity in deep neural networks [Poole 16]" (the picture); Goodfellow et al. (2016),
    section 2.12.

    >>> principal_components([[0, 5], [2, 5], [4, 5]], 1).round(12)
    array([[-2.],
           [ 0.],
           [ 2.]])
    """
    H, k = real_array("H", H, ("n", "d")), whole_number("k", k, 1)
    if k > min(H.shape):
        raise ValueError(f"k should be at most the smaller side of H, but k = {k} and H is {describe(H)}")
    with np.errstate(over="ignore", invalid="ignore"):
        centred = H - H.mean(axis=0)
    if not np.isfinite(centred).all():
        raise ValueError("H should be finite, but an entry is infinite or NaN, or their sum overflows")
    U, S, V = np.linalg.svd(centred, full_matrices=False)
    largest = V[np.arange(len(V)), np.abs(V).argmax(axis=1)]
    projection: Float = (U * S * np.where(largest < 0, -1.0, 1.0))[:, :k]
    return projection
