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

    Parameters
    ----------
    H : array_like, shape (p, p)
        Hessian, symmetric up to rounding, at least one row.
    tol : float
        An eigenvalue of at most this modulus counts as zero.

    Returns
    -------
    str
        ``"minimum"``, ``"maximum"``, ``"saddle"`` or ``"degenerate"``.

    Raises
    ------
    ValueError
        If ``H`` is not square, symmetric and finite, or ``tol`` is negative.

    References
    ----------
    Slides "Local Minima" and "Saddle points"; Goodfellow, Bengio, Courville (2016), sections 4.3.1 and 8.2.3.

    Examples
    --------
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

    Parameters
    ----------
    f : callable
        Takes an array of the shape of ``theta`` and returns a number.
    theta : array_like, any shape
        Where to differentiate; not changed.
    eps : float
        Step, positive.

    Returns
    -------
    ndarray, shape (p, p)
        Symmetric; p is the number of entries of ``theta``, in the order of ``theta.ravel()``.

    Raises
    ------
    ValueError
        If ``eps`` is not positive.

    References
    ----------
    Slide "Saddle points"; Press et al. (2007), *Numerical Recipes*, section 5.7.

    Examples
    --------
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

    Parameters
    ----------
    grad : callable
        Takes an array of the shape of ``theta`` and returns the gradient, of the same shape.
    theta : array_like, any shape
        Where to differentiate; not changed.
    eps : float
        Step, positive.

    Returns
    -------
    ndarray, shape (p, p)
        Symmetric; p is the number of entries of ``theta``, in the order of ``theta.ravel()``.

    Raises
    ------
    ValueError
        If ``eps`` is not positive or the gradient has another shape.

    References
    ----------
    Slide "Saddle points"; Pearlmutter (1994), section 2.

    Examples
    --------
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

    Parameters
    ----------
    theta : array_like, shape ((d + 2) · m + 1,)
        ``W`` (d · m entries, row by row), ``c`` (m), ``w`` (m) and ``b``, of ``ŷ = g(X W + c) w + b``.
    X : array_like, shape (n, d)
        One example a row, at least one.
    y : array_like, shape (n,)
        Targets.
    units : int
        Number m of hidden units.
    activation : {"relu", "tanh", "sigmoid", "linear"}
        The function g.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the shapes do not fit or there is no such activation.

    References
    ----------
    Slides "FNN for Learning XOR" and "Gradient-Based Learning".

    Examples
    --------
    >>> from fnnkit.xor import CORNERS, TARGETS
    >>> regression_loss([1, 1, 1, 1, 0, -1, 1, -2, 0], CORNERS, TARGETS, units=2, activation="relu")
    0.0
    """
    residual = _regression(theta, X, y, units, activation)[-1]
    return float((residual**2).mean())


def regression_gradient(theta: ArrayLike, X: ArrayLike, y: ArrayLike, units: int, activation: str) -> Float:
    """Gradient of `regression_loss` with respect to all parameters.

    Parameters
    ----------
    theta, X, y, units, activation
        As in `regression_loss`.

    Returns
    -------
    ndarray, shape of theta

    Raises
    ------
    ValueError
        If the shapes do not fit or there is no such activation.

    References
    ----------
    Slides "Gradient-Based Learning" and "Error Signal at Hidden Layer".

    Examples
    --------
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

    Parameters
    ----------
    theta, X, y, units, activation
        As in `regression_loss`.

    Returns
    -------
    ndarray, shape (p, p)
        p = (d + 2) · m + 1, the parameters in the order of θ.

    Raises
    ------
    ValueError
        If the shapes do not fit or there is no such activation.

    References
    ----------
    Slides "Local Minima" and "Saddle points"; Bishop (2006), *Pattern Recognition and Machine Learning*,
    section 5.4.

    Examples
    --------
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

    Parameters
    ----------
    W : array_like, shape (d, m)
        Hidden weights, one unit a column.
    c : array_like, shape (m,)
        Hidden biases.
    w : array_like, shape (m,) or (m, p)
        Output weights.
    order : array_like of int, shape (m,)
        New unit j is the old unit ``order[j]``; a permutation of 0 .. m − 1.

    Returns
    -------
    W, c, w : ndarray
        New arrays of the same shapes.

    Raises
    ------
    ValueError
        If the shapes do not fit or ``order`` is no permutation.

    References
    ----------
    Slide "Local Minima" (weight space symmetry); Goodfellow, Bengio, Courville (2016), section 8.2.2.

    Examples
    --------
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

    Parameters
    ----------
    W : array_like, shape (d, m)
        Hidden weights, one unit a column.
    c : array_like, shape (m,)
        Hidden biases.
    w : array_like, shape (m,) or (m, p)
        Output weights.
    signs : array_like, shape (m,)
        1 or −1 for each hidden unit.

    Returns
    -------
    W, c, w : ndarray
        New arrays of the same shapes.

    Raises
    ------
    ValueError
        If the shapes do not fit or a sign is neither 1 nor −1.

    References
    ----------
    Slide "Local Minima" (weight space symmetry); Chen, Lu, Hecht-Nielsen (1993).

    Examples
    --------
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

    Parameters
    ----------
    W : array_like, shape (d, m)
        Hidden weights, one unit a column.
    c : array_like, shape (m,)
        Hidden biases.
    w : array_like, shape (m,) or (m, p)
        Output weights.
    factors : array_like, shape (m,)
        Positive and finite, one a hidden unit.

    Returns
    -------
    W, c, w : ndarray
        New arrays of the same shapes.

    Raises
    ------
    ValueError
        If the shapes do not fit or a factor is not positive and finite.

    References
    ----------
    Slide "Local Minima"; Goodfellow, Bengio, Courville (2016), section 8.2.2.

    Examples
    --------
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

    Parameters
    ----------
    units : int
        Number m of hidden units, 0 or more.
    odd : bool
        Whether the activation is odd, as tanh is, so that units can be turned round too.

    Returns
    -------
    int
        Permutations, times changes of sign.

    Raises
    ------
    ValueError
        If ``units`` is negative.

    References
    ----------
    Slide "Local Minima" (weight space symmetry); Bishop (2006), section 5.1.1.

    Examples
    --------
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

    Parameters
    ----------
    loss : callable
        Takes an array of the shape of ``theta`` and returns a number.
    theta : array_like, any shape
        Where the plane passes.
    direction_1, direction_2 : array_like, shape of theta
        Directions that span the plane.
    alphas : array_like, shape (a,)
        Steps along the first direction: the columns of a picture.
    betas : array_like, shape (b,)
        Steps along the second direction: the rows.

    Returns
    -------
    ndarray, shape (b, a)

    Raises
    ------
    ValueError
        If the shapes do not fit.

    References
    ----------
    Slides "Local Minima" and "Saddle points"; Goodfellow, Vinyals, Saxe (2015); Li et al. (2018).

    Examples
    --------
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

    Parameters
    ----------
    path : array_like, shape (steps, p)
        One parameter vector a row.
    theta : array_like, shape (p,)
        Where the plane passes.
    direction_1, direction_2 : array_like, shape (p,)
        Directions that span the plane, of any length and angle, but not parallel.

    Returns
    -------
    ndarray, shape (steps, 2)
        ``α`` and ``β`` of each point.

    Raises
    ------
    ValueError
        If the shapes do not fit or the directions are parallel.

    References
    ----------
    Slide "Gradient-Based Learning"; Li et al. (2018), section 7.

    Examples
    --------
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
