"""The shape of a loss: critical points, Hessians, slices, and changes of the weights that change nothing."""

from __future__ import annotations

from collections.abc import Callable
from math import factorial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fnnkit.activations import linear, linear_grad, relu, relu_grad, sigmoid, sigmoid_grad, tanh, tanh_grad
from fnnkit.arguments import Float, describe, real_array, same_length, whole_number

# --- critical points -----------------------------------------------------------------------------------------


def classify_critical_point(H: ArrayLike, tol: float = 1e-8) -> str:
    """What a critical point is, by the signs of the eigenvalues of the Hessian.

    Eigenvalues of both signs make a saddle, whatever the others are. If all that are not zero have one sign and some
    are zero, second derivatives leave open what it is: degenerate.

    ``H`` (p, p) is symmetric up to rounding; an eigenvalue of at most ``tol`` in modulus counts as zero. Returns
    ``"minimum"``, ``"maximum"``, ``"saddle"`` or ``"degenerate"``.

    Slides "Local Minima" and "Saddle points"; Goodfellow et al. (2016), sections 4.3.1 and 8.2.3.

    The determinant does not tell: it is 1 here, as at a minimum.

    >>> classify_critical_point([[1, 0, 0], [0, -1, 0], [0, 0, -1]])
    'saddle'
    """
    H = real_array("H", H, ("p", "p"))
    if H.shape[0] != H.shape[1] or H.size == 0:
        raise ValueError(f"H should be square with at least one row, but it is {describe(H)}")
    if not np.isfinite(H).all():
        raise ValueError("H should be finite, but an entry is infinite or NaN")
    tol = float(real_array("tol", tol, ()))
    if not tol >= 0:
        raise ValueError(f"tol should be zero or positive, but it is {describe(tol)}")
    if not np.allclose(H, H.T, rtol=0, atol=max(tol, 1e-6 * np.abs(H).max())):
        raise ValueError("H should be symmetric, but it differs from its transpose")
    eigenvalues = np.linalg.eigvalsh(H / 2 + H.T / 2)
    positive, negative = bool((eigenvalues > tol).any()), bool((eigenvalues < -tol).any())
    if positive and negative:
        return "saddle"
    if (np.abs(eigenvalues) <= tol).any():
        return "degenerate"
    return "minimum" if positive else "maximum"


def numerical_hessian(f: Callable[[Float], float], theta: ArrayLike, eps: float = 1e-4) -> Float:
    """Hessian of a function by central differences of its values.

    The formula is off by about ``eps² f⁗`` and rounding by ``1e-16 |f| / eps²``: they balance near ``eps = 1e-4``,
    and about half of the digits are right. Differences of a gradient, `hessian_from_gradient`, give more.

    ``f`` takes an array of the shape of ``theta``, which is any, and returns a number. Returns (p, p), symmetric,
    with the p entries in the order of ``theta.ravel()``.

    Slide "Saddle points"; Press et al. (2007), *Numerical Recipes*, section 5.7.

    >>> numerical_hessian(lambda x: x[0] ** 2 * x[1], [1.0, 3.0]).round(6)
    array([[6., 2.],
           [2., 0.]])
    """
    theta, eps = real_array("theta", theta), _step(eps)
    p = theta.size
    E = eps * np.eye(p).reshape((p, *theta.shape))
    H = np.empty((p, p))
    for i in range(p):
        for j in range(i + 1):
            corners = (
                f(theta + E[i] + E[j])
                - f(theta + E[i] - E[j])
                - f(theta - E[i] + E[j])
                + f(theta - E[i] - E[j])
            )
            H[i, j] = H[j, i] = corners / (4 * eps**2)
    return H


def hessian_from_gradient(grad: Callable[[Float], ArrayLike], theta: ArrayLike, eps: float = 1e-5) -> Float:
    """Hessian of a function by central differences of its gradient.

    ``grad`` takes an array of the shape of ``theta``, which is any, and returns one of that shape. Returns (p,
    p), symmetric, with the p entries in the order of ``theta.ravel()``.

    Slide "Saddle points"; Pearlmutter (1994), section 2.

    >>> hessian_from_gradient(lambda x: [2 * x[0] * x[1], x[0] ** 2], [1.0, 3.0]).round(6)
    array([[6., 2.],
           [2., 0.]])
    """
    theta, eps = real_array("theta", theta), _step(eps)
    H = np.empty((theta.size, theta.size))
    for i, e in enumerate(eps * np.eye(theta.size).reshape((theta.size, *theta.shape))):
        ahead = real_array("grad(theta)", grad(theta + e), theta.shape)
        behind = real_array("grad(theta)", grad(theta - e), theta.shape)
        H[i] = (ahead - behind).ravel() / (2 * eps)
    return (H + H.T) / 2


def _step(eps: float) -> float:
    """Check a step."""
    eps = float(real_array("eps", eps, ()))
    if not (0 < eps < np.inf):
        raise ValueError(f"eps should be positive and finite, but it is {eps}")
    return eps


# --- the loss of a network with one hidden layer, exactly ----------------------------------------------------

_CURVES: dict[str, tuple[Callable[[Float], Float], Callable[[Float], Float], Callable[[Float], Float]]] = {
    "relu": (relu, relu_grad, np.zeros_like),
    "tanh": (tanh, tanh_grad, lambda z: -2.0 * tanh(z) * tanh_grad(z)),
    "sigmoid": (sigmoid, sigmoid_grad, lambda z: sigmoid_grad(z) * (1.0 - 2.0 * sigmoid(z))),
    "linear": (linear, linear_grad, np.zeros_like),
}


def _regression(
    theta: ArrayLike, X: ArrayLike, y: ArrayLike, units: int, activation: str
) -> tuple[Float, Float, Float, Float, Float, Float]:
    """Check a problem and take θ apart: inputs with a 1, g, g′, g″, output weights, residuals."""
    X, y, units = real_array("X", X, ("n", "d")), real_array("y", y, ("n",)), whole_number("units", units, 1)
    same_length("X", X, "y", y)
    if len(X) == 0:
        raise ValueError(f"X should have at least one row, but its shape is {X.shape}")
    if not isinstance(activation, str) or activation not in _CURVES:
        raise ValueError(f"activation should be one of {sorted(_CURVES)}, but it is {describe(activation)}")
    n, d = X.shape
    theta = real_array("theta", theta, ((d + 2) * units + 1,))
    X1 = np.column_stack([X, np.ones(n)])
    W1, w, b = theta[: (d + 1) * units].reshape(d + 1, units), theta[(d + 1) * units : -1], theta[-1]
    Z = X1 @ W1
    g, dg, ddg = (curve(Z) for curve in _CURVES[activation])
    return X1, g, dg, ddg, w, g @ w + b - y


def regression_loss(theta: ArrayLike, X: ArrayLike, y: ArrayLike, units: int, activation: str) -> float:
    """Mean squared error of a network with one hidden layer, as a function of one vector of parameters.

    The network is ``ŷ = g(X W + c) w + b`` with m = ``units`` and g = ``"relu"``, ``"tanh"``, ``"sigmoid"`` or
    ``"linear"``. ``theta`` ((d + 2) · m + 1,) holds ``W`` (d · m entries, row by row), ``c`` (m), ``w`` (m) and
    ``b``; ``X`` (n, d) has one example a row, at least one, ``y`` (n,) the targets.

    Slides "FNN for Learning XOR" and "Gradient-Based Learning".

    >>> from fnnkit.xor import CORNERS, TARGETS
    >>> regression_loss([1, 1, 1, 1, 0, -1, 1, -2, 0], CORNERS, TARGETS, units=2, activation="relu")
    0.0
    """
    residual = _regression(theta, X, y, units, activation)[-1]
    return float((residual**2).mean())


def regression_gradient(theta: ArrayLike, X: ArrayLike, y: ArrayLike, units: int, activation: str) -> Float:
    """Gradient of `regression_loss` with respect to all parameters.

    Arguments as in `regression_loss`; returns an array of the shape of ``theta``.

    Slides "Gradient-Based Learning" and "Error Signal at Hidden Layer".

    Without units that do something, only the output bias learns:

    >>> from fnnkit.xor import CORNERS, TARGETS
    >>> regression_gradient(np.zeros(9), CORNERS, TARGETS, units=2, activation="tanh") + 0.0
    array([ 0.,  0.,  0.,  0.,  0.,  0.,  0.,  0., -1.])
    """
    X1, g, dg, _, w, residual = _regression(theta, X, y, units, activation)
    delta_o = 2 * residual / len(residual)
    delta_h = dg * delta_o[:, None] * w
    return np.concatenate([(X1.T @ delta_h).ravel(), g.T @ delta_o, [delta_o.sum()]])


def regression_hessian(theta: ArrayLike, X: ArrayLike, y: ArrayLike, units: int, activation: str) -> Float:
    """Hessian of `regression_loss`, exactly: ``(2/n) Σ (∇ŷ ∇ŷᵀ + r ∇²ŷ)`` with the residuals ``r = ŷ − y``.

    The first part is positive semidefinite; only the second, which goes with the errors, can make a saddle.
    It couples no two hidden units: ``∂²ŷ/∂z² = w g″(z)`` and ``∂²ŷ/∂z∂w = g′(z)``, each within its unit.
    For ReLUs it holds off the kinks.

    Arguments as in `regression_loss`; returns (p, p), p = (d + 2) · m + 1, the parameters in the order of θ.

    Slides "Local Minima" and "Saddle points"; Bishop (2006), *Pattern Recognition and Machine Learning*,
    section 5.4.

    Zero weights and the best bias are a critical point of XOR, and second derivatives do not tell which:

    >>> from fnnkit.xor import CORNERS, TARGETS
    >>> theta = [0, 0, 0, 0, 0.5]
    >>> H = regression_hessian(theta, CORNERS, TARGETS, units=1, activation="tanh")
    >>> np.linalg.eigvalsh(H).round(12) + 0.0
    array([0., 0., 0., 0., 2.])
    >>> classify_critical_point(H)
    'degenerate'
    """
    X1, g, dg, ddg, w, residual = _regression(theta, X, y, units, activation)
    n, m = g.shape
    inputs = X1.shape[1]
    # Slopes of the output by every parameter, one example a row.
    by_hidden = X1[:, :, None] * (dg * w)[:, None, :]
    J = np.column_stack([by_hidden.reshape(n, inputs * m), g, np.ones(n)])
    H: Float = 2 / n * J.T @ J
    hidden = np.arange(inputs * m).reshape(inputs, m)
    for j in range(m):
        own, output = hidden[:, j], inputs * m + j
        H[np.ix_(own, own)] += 2 / n * (X1.T * (residual * w[j] * ddg[:, j])) @ X1
        mixed = 2 / n * X1.T @ (residual * dg[:, j])
        H[own, output] += mixed
        H[output, own] += mixed
    return H


# --- weight space symmetries ---------------------------------------------------------------------------------


def _hidden_layer(W: ArrayLike, c: ArrayLike, w: ArrayLike) -> tuple[Float, Float, Float]:
    """Check a hidden layer and the output weights that follow it: ``w`` is a vector or a matrix."""
    W = real_array("W", W, ("d", "m"))
    units = W.shape[1]
    c, w = real_array("c", c, (units,)), real_array("w", w)
    if w.ndim not in (1, 2) or len(w) != units:
        raise ValueError(
            f"w should be of shape (m,) or (m, p) with one row for each of the m = {units} hidden units, "
            f"but it is {describe(w)}"
        )
    return W, c, w


def _one_a_unit(factors: Float, w: Float) -> Float:
    """Let one factor a hidden unit act on the rows of the output weights."""
    return factors if w.ndim == 1 else factors[:, None]


def permute_hidden(W: ArrayLike, c: ArrayLike, w: ArrayLike, order: ArrayLike) -> tuple[Float, Float, Float]:
    """The same function with its hidden units in another order: a weight-space symmetry.

    ``W`` (d, m) and ``c`` (m,) make the hidden units, ``w`` (m,) or (m, p) follows. New unit j is the old unit
    ``order[j]``; ``order`` (m,) is a permutation of ``0 .. m − 1``. Returns the new ``W``, ``c`` and ``w``.

    Slide "Local Minima" (weight space symmetry); Goodfellow et al. (2016), section 8.2.2.

    >>> permute_hidden([[1, 2], [3, 4]], [5, 6], [7, 8], order=[1, 0])
    (array([[2., 1.],
           [4., 3.]]), array([6., 5.]), array([8., 7.]))
    """
    W, c, w = _hidden_layer(W, c, w)
    units = _permutation(order, len(c))
    return W[:, units], c[units], w[units]


def _permutation(order: ArrayLike, m: int) -> NDArray[np.intp]:
    """Check a permutation of 0 .. m − 1."""
    real_array(
        "order", order
    )  # for its message; float64 would hide from the next line what are whole numbers
    units = np.asarray(order)
    whole = units.dtype.kind in "iu" or units.size == 0
    if units.shape != (m,) or not whole or not np.array_equal(np.sort(units), np.arange(m)):
        raise ValueError(
            f"order should hold each of the {m} hidden units from 0 on once, but it is {describe(order)}"
        )
    return units.astype(np.intp)


def flip_hidden(W: ArrayLike, c: ArrayLike, w: ArrayLike, signs: ArrayLike) -> tuple[Float, Float, Float]:
    """The same function with some hidden units turned round, for odd activations: ``−w tanh(−z) = w tanh(z)``.

    ``W``, ``c`` and ``w`` are as in `permute_hidden`, ``signs`` (m,) 1 or −1 for each hidden unit. Returns the
    new ``W``, ``c`` and ``w``.

    Slide "Local Minima" (weight space symmetry); Chen, Lu, Hecht-Nielsen (1993).

    >>> flip_hidden([[1, 2]], [3, 4], [5, 6], signs=[1, -1])
    (array([[ 1., -2.]]), array([ 3., -4.]), array([ 5., -6.]))
    """
    W, c, w = _hidden_layer(W, c, w)
    signs = real_array("signs", signs, c.shape)
    if not np.all(np.abs(signs) == 1):
        raise ValueError(f"signs should be 1 or -1, but they are {signs.tolist()}")
    return W * signs, c * signs, w * _one_a_unit(signs, w)


def rescale_hidden(
    W: ArrayLike, c: ArrayLike, w: ArrayLike, factors: ArrayLike
) -> tuple[Float, Float, Float]:
    """The same function with hidden units stretched, for ReLUs: ``(w/a) max(0, a z) = w max(0, z)`` for a > 0.

    There is a continuum of equivalent networks: every minimum of a ReLU network lies in a valley.

    ``W``, ``c`` and ``w`` are as in `permute_hidden`, ``factors`` (m,) positive and finite. Returns the new
    ``W``, ``c`` and ``w``.

    Slide "Local Minima"; Goodfellow et al. (2016), section 8.2.2.

    >>> rescale_hidden([[1, 2]], [3, 4], [5, 6], factors=[1, 2])
    (array([[1., 4.]]), array([3., 8.]), array([5., 3.]))
    """
    W, c, w = _hidden_layer(W, c, w)
    factors = real_array("factors", factors, c.shape)
    if not np.all((factors > 0) & np.isfinite(factors)):
        raise ValueError(f"factors should be positive and finite, but they are {factors.tolist()}")
    return W * factors, c * factors, w / _one_a_unit(factors, w)


def count_equivalent(units: int, odd: bool) -> int:
    """How many weight vectors give the same function as one with distinct hidden units: ``m!``, or ``m! 2ᵐ``.

    ``units`` is m; ``odd`` says whether the activation is odd, as tanh is, so that units can be turned round too.

    Slide "Local Minima" (weight space symmetry); Bishop (2006), section 5.1.1.

    >>> count_equivalent(2, odd=False), count_equivalent(10, odd=True)
    (2, 3715891200)
    """
    m = whole_number("units", units)
    return factorial(m) * (2**m if odd else 1)


# --- slices --------------------------------------------------------------------------------------------------


def loss_slice(
    loss: Callable[[Float], float],
    theta: ArrayLike,
    direction_1: ArrayLike,
    direction_2: ArrayLike,
    alphas: ArrayLike,
    betas: ArrayLike,
) -> Float:
    """Loss on a plane through the space of parameters, ``loss(θ + α d₁ + β d₂)``.

    ``loss`` takes an array of the shape of ``theta`` and returns a number; the two directions have that shape.
    Returns (b, a): a column for each of ``alphas`` (a,), steps along the first direction, and a row for each of
    ``betas`` (b,).

    Slides "Local Minima" and "Saddle points"; Goodfellow, Vinyals, Saxe (2015); Li et al. (2018).

    >>> loss_slice(lambda x: x[0] ** 2 - x[1] ** 2, [0, 0], [1, 0], [0, 1], alphas=[0, 1, 2], betas=[0, 1])
    array([[ 0.,  1.,  4.],
           [-1.,  0.,  3.]])
    """
    theta = real_array("theta", theta)
    d1 = real_array("direction_1", direction_1, theta.shape)
    d2 = real_array("direction_2", direction_2, theta.shape)
    alphas, betas = real_array("alphas", alphas, ("a",)), real_array("betas", betas, ("b",))
    values = [[float(loss(theta + alpha * d1 + beta * d2)) for alpha in alphas] for beta in betas]
    return np.array(values, dtype=np.float64).reshape(len(betas), len(alphas))


def plane_coordinates(
    path: ArrayLike, theta: ArrayLike, direction_1: ArrayLike, direction_2: ArrayLike
) -> Float:
    """Where the points of a path lie on a plane through θ: the coordinates of their nearest points there.

    The path of a descent can be drawn into the picture of `loss_slice` so; off the plane, its loss is another one.

    ``path`` (steps, p) has one parameter vector a row; the plane passes through ``theta`` (p,) and is spanned by
    two directions (p,), of any length and angle, but not parallel. Returns (steps, 2): α and β of each point.

    Slide "Gradient-Based Learning"; Li et al. (2018), section 7.

    >>> plane_coordinates([[3, 4, 7]], theta=[1, 0, 0], direction_1=[2, 0, 0], direction_2=[0, 1, 0])
    array([[1., 4.]])
    """
    theta = real_array("theta", theta, ("p",))
    path = real_array("path", path, ("steps", theta.size))
    D = np.column_stack(
        [
            real_array("direction_1", direction_1, theta.shape),
            real_array("direction_2", direction_2, theta.shape),
        ]
    )
    lengths = np.linalg.norm(D, axis=0)
    if not (np.all(lengths > 0) and np.linalg.matrix_rank(D / lengths) == 2):
        raise ValueError("direction_1 and direction_2 should span a plane, but they are parallel or zero")
    coordinates: Float = (path - theta) @ np.linalg.pinv(D / lengths).T / lengths
    return coordinates
