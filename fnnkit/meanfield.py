"""Random deep networks: what becomes of lengths, angles and curves from layer to layer, drawn and in theory."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from fnnkit.arguments import Float, describe, first_inputs, layer_arrays, real_array, whole_number

Function = Callable[[Float], ArrayLike]

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
    layers = layer_arrays(weights, biases)
    H = [first_inputs(X, layers).copy()]
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
