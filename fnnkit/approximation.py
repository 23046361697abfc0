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

    Parameters
    ----------
    f : callable
        Takes an array and returns one of the same shape, entry by entry.
    grid : array_like, shape (n,)
        Points in any order, at least two, wide enough for the limits to show.
    tol : float
        Distance from 0 and 1 that is allowed at the ends.

    Returns
    -------
    bool

    Raises
    ------
    ValueError
        If the grid has less than two points or is not finite, or ``f`` changes the shape.

    References
    ----------
    Slide "Universal Approximation Theorem" (squashing functions); Hornik, Stinchcombe, White (1989),
    definition 2.3.

    Examples
    --------
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

    Parameters
    ----------
    x : array_like, any shape
        Where to evaluate.
    left, right : float
        Where the bump begins and ends, ``left <= right``.
    height : float
        Its height, reached when ``sharpness · (right − left)`` is large.
    sharpness : float
        Slope of the pre-activations, positive.

    Returns
    -------
    ndarray, shape of x
        ``height · (σ(s (x − left)) − σ(s (x − right)))``.

    Raises
    ------
    ValueError
        If the ends are in the wrong order, or a number is not finite or the sharpness not positive.

    References
    ----------
    Slide "Universal Approximation Theorem"; Hornik, Stinchcombe, White (1989).

    Examples
    --------
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

    Parameters
    ----------
    knots : array_like, shape (m,)
        Where the steps are, in increasing order.
    values : array_like, shape (m + 1,)
        Height before the first knot, between knots, and after the last.
    sharpness : float
        Slope of the pre-activations, positive.

    Returns
    -------
    W : ndarray, shape (1, m)
        Hidden weights, each the sharpness.
    c : ndarray, shape (m,)
        Hidden biases.
    w : ndarray, shape (m,)
        Output weights: the differences of the values.
    b : float
        Output bias: the first value.

    Raises
    ------
    ValueError
        If the shapes do not fit, the knots do not increase, or a number is not finite or the sharpness not positive.

    References
    ----------
    Slide "Universal Approximation Theorem"; Hornik, Stinchcombe, White (1989).

    Examples
    --------
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

    Parameters
    ----------
    x : array_like, shape (n,)
        Distinct knots in any order, at least one.
    y : array_like, shape (n,)
        Value at each knot.

    Returns
    -------
    W : ndarray, shape (1, n − 1)
        Hidden weights, all 1.
    c : ndarray, shape (n − 1,)
        Hidden biases: minus the knots, without the last.
    w : ndarray, shape (n − 1,)
        Output weights.
    b : float
        Output bias: the value at the first knot.

    Raises
    ------
    ValueError
        If the shapes do not fit, there is no knot, two knots are equal, or a number or a slope is not finite.

    References
    ----------
    Slide "Universal Approximation Theorem" (which names ReLU); Leshno et al. (1993).

    Examples
    --------
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

    Parameters
    ----------
    x : array_like, shape (n,)
        Inputs.
    W : array_like, shape (1, m)
        Hidden weights.
    c : array_like, shape (m,)
        Hidden biases.
    w : array_like, shape (m,)
        Output weights.
    b : float
        Output bias.
    phi : callable
        Activation, elementwise.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        If the shapes do not fit or ``phi`` changes the shape.

    References
    ----------
    Slide "Universal Approximation Theorem"; Hornik, Stinchcombe, White (1989), definition 2.2.

    Examples
    --------
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

    Parameters
    ----------
    f, g : callable
        Each takes an array and returns one of the same shape, entry by entry.
    a, b : float
        Ends of the interval, both among the points, ``a <= b``.
    n : int
        Number of points, at least 2.

    Returns
    -------
    float
        ``max |f(x) − g(x)|``, zero or positive; NaN if one of the functions has no value somewhere.

    Raises
    ------
    ValueError
        If the ends are not finite and in order, there are less than two points, or a function changes the shape.

    References
    ----------
    Slide "Universal Approximation Theorem"; Hornik, Stinchcombe, White (1989), definition 2.6 (uniform distance).

    Examples
    --------
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

    Parameters
    ----------
    f : callable
        Takes an array and returns one of the same shape, entry by entry.
    a, b : float
        Ends of the interval, ``a < b``.
    widths : array_like of int, shape (k,)
        Numbers of hidden units, each at least 1: one less than the knots.
    n : int
        Number of points that the error is measured on.

    Returns
    -------
    ndarray, shape (k,)

    Raises
    ------
    ValueError
        If a width is less than 1 or the interval has no length.

    References
    ----------
    Slide "Universal Approximation Theorem"; de Boor (2001), *A Practical Guide to Splines*, chapter III.

    Examples
    --------
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

    Parameters
    ----------
    widths : array_like, shape (k,)
        Numbers of hidden units, positive, at least two different ones.
    errors : array_like, shape (k,)
        Error at each width, positive.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the shapes differ, a number is not positive and finite, or the widths are all equal.

    References
    ----------
    Slide "Universal Approximation Theorem"; Barron (1993); de Boor (2001), chapter III.

    Examples
    --------
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
