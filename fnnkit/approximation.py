"""Universal approximation by construction: networks with one hidden layer, built by hand, and how far they are off."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from fnnkit.activations import sigmoid
from fnnkit.arguments import Float, describe, real_array, same_length, whole_number

Function = Callable[[Float], ArrayLike]


def is_squashing(f: Function, grid: ArrayLike, tol: float = 1e-3) -> bool:
    """Whether a function looks like a squashing function on a grid.

    It does not decrease, stays within [0, 1], and has come within ``tol`` of 0 at the left end and of 1 at the right.
    A grid can refute this and never prove it.

    ``f`` is elementwise. ``grid`` (n,) has points in any order, at least two, wide enough for the limits to show;
    ``tol``, by default 1e-3, is the distance from 0 and 1 that is allowed at the ends.

    Slide "Universal Approximation Theorem" (squashing functions); Hornik, Stinchcombe, White (1989),
    definition 2.3.

    >>> grid = np.linspace(-20, 20, 401)
    >>> is_squashing(sigmoid, grid), is_squashing(np.tanh, grid)
    (True, False)
    """
    grid = real_array("grid", grid, ("n",))
    if len(grid) < 2 or not np.isfinite(grid).all():
        raise ValueError("grid should hold at least two points, all finite")
    values = _values("f", f, np.sort(grid))
    rounding = 1e-12
    return bool(
        np.all((values >= -rounding) & (values <= 1 + rounding))  # first, as inf − inf is no difference
        and np.all(np.diff(values) >= -rounding)
        and values[0] <= tol
        and values[-1] >= 1 - tol
    )


def _values(name: str, f: Function, x: Float) -> Float:
    """Values of a function that should keep the shape of its argument."""
    return real_array(f"{name}(x)", f(x.copy()), x.shape)


def _positive(name: str, value: float) -> float:
    """Check a positive finite number."""
    number = _finite(name, value)
    if number <= 0:
        raise ValueError(f"{name} should be positive, but it is {describe(value)}")
    return number


def _finite(name: str, value: float) -> float:
    """Check a finite number."""
    number = float(real_array(name, value, ()))
    if not np.isfinite(number):
        raise ValueError(f"{name} should be finite, but it is {describe(value)}")
    return number


def _step(x: Float, at: float, sharpness: float) -> Float:
    """Sigmoid that rises at a point; where its pre-activation overflows, it is the step that it looks like."""
    with np.errstate(over="ignore"):
        return sigmoid(sharpness * (x - at))


def bump(x: ArrayLike, left: float, right: float, height: float, sharpness: float) -> Float:
    """A bump from two hidden units: one sigmoid steps up at the left, another steps down at the right.

    Elementwise in ``x``; ``left <= right``, and ``sharpness`` s > 0. The value is
    ``height · (σ(s (x − left)) − σ(s (x − right)))``, which reaches ``height`` when ``s · (right − left)`` is
    large.

    Slide "Universal Approximation Theorem"; Hornik, Stinchcombe, White (1989).

    >>> bump([-5, 0, 5], left=-1, right=1, height=3, sharpness=1000)
    array([0., 3., 0.])
    """
    x, sharpness = real_array("x", x), _positive("sharpness", sharpness)
    left, right, height = _finite("left", left), _finite("right", right), _finite("height", height)
    if left > right:
        raise ValueError(f"left should be at most right, left <= right, but they are {left}, {right}")
    return height * (_step(x, left, sharpness) - _step(x, right, sharpness))


def staircase_network(
    knots: ArrayLike, values: ArrayLike, sharpness: float
) -> tuple[Float, Float, Float, float]:
    """Network with one hidden layer of sigmoids that steps from value to value: one unit a step.

    ``knots`` (m,) increase; ``values`` (m + 1,) are the heights before the first, between, and after the last.
    Returns ``W`` (1, m), each the sharpness; ``c`` (m,); ``w`` (m,), the differences of the values; ``b``, the
    first value.

    Slide "Universal Approximation Theorem"; Hornik, Stinchcombe, White (1989).

    >>> parameters = staircase_network(knots=[0, 1], values=[2, 5, 3], sharpness=1000)
    >>> shallow_network([-1, 0.5, 2], *parameters, sigmoid)
    array([2., 5., 3.])
    """
    knots, sharpness = real_array("knots", knots, ("m",)), _positive("sharpness", sharpness)
    values = real_array("values", values, (len(knots) + 1,))
    if not (np.isfinite(knots).all() and np.isfinite(values).all()):
        raise ValueError("knots and values should be finite, but one of them is not")
    if not np.all(np.diff(knots) > 0):
        raise ValueError(f"knots should increase, but they are {knots.tolist()}")
    with np.errstate(over="ignore"):
        c, w = -sharpness * knots, np.diff(values)
    if not (np.isfinite(c).all() and np.isfinite(w).all()):
        raise ValueError(
            "knots and values should give finite weights, but sharpness · knots or a step overflows"
        )
    return np.full((1, len(knots)), sharpness), c, w, float(values[0])


def relu_interpolant(x: ArrayLike, y: ArrayLike) -> tuple[Float, Float, Float, float]:
    """Network with one hidden layer of ReLUs through every knot, linear between them.

    From knot to knot one ReLU sets in, and its output weight is the **change** of the slope there. Left of
    the first knot the network is constant, right of the last it goes on in a straight line.

    ``x`` (n,) are distinct knots in any order, at least one, ``y`` (n,) the values there. Returns
    ``W`` (1, n − 1), all 1; ``c`` (n − 1,), minus the knots without the last; ``w`` (n − 1,); ``b``, the value at
    the first knot.

    Slide "Universal Approximation Theorem" (which names ReLU); Leshno et al. (1993).

    >>> parameters = relu_interpolant([2, 0, 1], [0, 0, 3])
    >>> shallow_network([0, 0.5, 1, 2], *parameters, lambda z: np.maximum(0, z))
    array([0. , 1.5, 3. , 0. ])
    """
    x, y = real_array("x", x, ("n",)), real_array("y", y, ("n",))
    same_length("x", x, "y", y)
    if len(x) == 0:
        raise ValueError("x should hold at least one knot, but it is empty")
    order = np.argsort(x)
    x, y = x[order], y[order]
    with np.errstate(all="ignore"):  # what comes of equal or infinite knots is refused below
        distances = np.diff(x)
        slopes = np.diff(y) / distances
        changes = np.diff(slopes, prepend=0.0)
    if not np.all(distances > 0):
        raise ValueError("x should hold distinct knots, but two are equal or one is not a number")
    if not all(np.isfinite(numbers).all() for numbers in (x, distances, y, changes)):
        raise ValueError("x and y should be finite, and so should the slopes between knots, but they are not")
    return np.ones((1, len(x) - 1)), -x[:-1], changes, float(y[0])


def shallow_network(x: ArrayLike, W: ArrayLike, c: ArrayLike, w: ArrayLike, b: float, phi: Function) -> Float:
    """Value of a network with one input, one hidden layer and one linear output, ``φ(x W + c) w + b``.

    ``x`` (n,) are inputs, ``W`` (1, m), ``c`` (m,), ``w`` (m,) and ``b`` the parameters, ``phi`` is elementwise;
    returns (n,).

    Slide "Universal Approximation Theorem"; Hornik, Stinchcombe, White (1989), definition 2.2.

    >>> shallow_network([0.0, 2.0], [[1.0, -1.0]], [0.0, 0.0], [1.0, 1.0], 0.5, lambda z: np.maximum(0, z))
    array([0.5, 2.5])
    """
    x, W = real_array("x", x, ("n",)), real_array("W", W, (1, "m"))
    c, w = real_array("c", c, (W.shape[1],)), real_array("w", w, (W.shape[1],))
    with np.errstate(
        over="ignore", invalid="ignore"
    ):  # an infinite pre-activation is right; inf − inf makes NaN
        return _values("phi", phi, x[:, None] @ W + c) @ w + _finite("b", b)


def sup_error(f: Function, g: Function, a: float, b: float, n: int) -> float:
    """Largest distance of two functions on equally spaced points: a lower bound of ``sup |f − g|`` on the interval.

    ``f`` and ``g`` are elementwise; both ends, ``a <= b``, are among the ``n`` points, at least 2. NaN if one of
    the functions has no value somewhere.

    Slide "Universal Approximation Theorem"; Hornik, Stinchcombe, White (1989), definition 2.7 (uniform distance
    on compact sets).

    >>> sup_error(np.square, np.abs, a=-1, b=1, n=5)
    0.25
    """
    x = _interval(a, b, n)
    with np.errstate(over="ignore", invalid="ignore"):  # inf is the right distance; inf − inf has none
        return float(np.abs(_values("f", f, x) - _values("g", g, x)).max())


def _interval(a: float, b: float, n: int) -> Float:
    """Equally spaced points, both ends among them."""
    n = whole_number("n", n, 2)
    a, b = _finite("a", a), _finite("b", b)
    if not (a <= b and b - a < np.inf):
        raise ValueError(f"a and b should be finite with a <= b, and b - a too, but they are {a}, {b}")
    return np.linspace(a, b, n)


def interpolation_errors(f: Function, a: float, b: float, widths: ArrayLike, n: int = 10_001) -> Float:
    """Sup error of `relu_interpolant` with equally spaced knots, for several numbers of hidden units.

    ``f`` is elementwise, ``widths`` (k,) are numbers of hidden units, each one less than the knots; the error is
    measured on ``n`` points of [a, b]. Returns (k,).

    Slide "Universal Approximation Theorem"; de Boor (2001), *A Practical Guide to Splines*, chapter III.

    Four times the units, a sixteenth of the error, for a smooth function:

    >>> interpolation_errors(np.square, 0.0, 1.0, [1, 4])
    array([0.25    , 0.015625])
    """
    if not a < b:
        raise ValueError(f"a should be less than b, but they are {a}, {b}")
    errors = []
    for width in np.asarray(widths).ravel():
        knots = _interval(a, b, whole_number("widths", width, 1) + 1)
        W, c, w, bias = relu_interpolant(knots, _values("f", f, knots))

        def network(x: Float, c: Float = c, w: Float = w, W: Float = W, bias: float = bias) -> Float:
            return shallow_network(x, W, c, w, bias, lambda z: np.maximum(0.0, z))

        errors.append(sup_error(f, network, a, b, n))
    return np.array(errors, dtype=np.float64)


def convergence_rate(widths: ArrayLike, errors: ArrayLike) -> float:
    """Slope of the least-squares line through the logarithm of the error against that of the width.

    If ``error = C · widthʳ``, this is r. For `relu_interpolant` at equal spacing: −2 for a function with two continuous
    derivatives, −1 at a kink off the knots, −½ for √x on [0, 1].

    ``widths`` (k,) and ``errors`` (k,) are positive, the widths not all equal.

    Slide "Universal Approximation Theorem"; Barron (1993); de Boor (2001), chapter III.

    >>> round(convergence_rate([10, 20, 40], [0.4, 0.1, 0.025]), 12)
    -2.0
    """
    widths, errors = real_array("widths", widths, ("k",)), real_array("errors", errors, ("k",))
    same_length("widths", widths, "errors", errors)
    for name, values in (("widths", widths), ("errors", errors)):
        if not np.all((values > 0) & np.isfinite(values)):
            raise ValueError(f"{name} should be positive and finite, but they are {values.tolist()}")
    x, y = np.log(widths), np.log(errors)
    if len(set(x.tolist())) < 2:
        raise ValueError(f"widths should hold at least two different ones, but they are {widths.tolist()}")
    x -= x.mean()
    return float(x @ y / (x @ x))
