"""Kernel matrices and kernel ridge regression: the generic features that came before learned ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from fnnkit.arguments import Float, describe, real_array, same_length, whole_number


def _two_sets(A: ArrayLike, B: ArrayLike) -> tuple[Float, Float]:
    """Check two sets of points of the same dimension."""
    A, B = real_array("A", A, ("n", "d")), real_array("B", B, ("m", "d"))
    same_length("A", A, "B", B, axis_a=1, axis_b=1)
    return A, B


def _at_least_zero(name: str, value: float) -> float:
    number = real_array(name, value)
    if number.ndim > 0 or not 0.0 <= number < np.inf:
        raise ValueError(f"{name} should be a number from 0 on, but it is {describe(value)}")
    return float(number)


def squared_distances(A: ArrayLike, B: ArrayLike) -> Float:
    """Squared Euclidean distances of all pairs, ``‖a_i − b_j‖²``.

    The differences are squared one dimension at a time. ``‖a‖² + ‖b‖² − 2 a·b`` is faster, but cancels for points far
    from the origin, down to negative squares.

    ``A`` (n, d) and ``B`` (m, d) have one point a row; returns (n, m), never negative and exactly 0 for equal
    points.

    Slide "SVM: Kernel trick for φ".

    >>> squared_distances([[0, 0]], [[3, 4], [0, 1]])
    array([[25.,  1.]])
    """
    A, B = _two_sets(A, B)
    squared = np.zeros((len(A), len(B)))
    with np.errstate(over="ignore"):  # inf is the right distance
        for a, b in zip(A.T, B.T, strict=True):
            squared += (a[:, np.newaxis] - b) ** 2
    return squared


def rbf_kernel(A: ArrayLike, B: ArrayLike, gamma: float) -> Float:
    """Radial basis function (Gaussian) kernel, ``K_ij = exp(−γ ‖a_i − b_j‖²)``.

    ``A`` (n, d) and ``B`` (m, d) have one point a row; ``gamma`` is the inverse squared width, 0 or more.
    Returns (n, m), similarities in [0, 1]; for A = B symmetric, positive semidefinite, ones on the diagonal.

    Slides "Extension of Linear Models" and "SVM: Kernel trick for φ"; Goodfellow et al. (2016), section 5.7.2.

    >>> rbf_kernel([[0, 0]], [[0, 0], [1, 1]], gamma=0.5).round(4)
    array([[1.    , 0.3679]])
    """
    gamma = _at_least_zero("gamma", gamma)
    return np.exp(-gamma * squared_distances(A, B))


def linear_kernel(A: ArrayLike, B: ArrayLike) -> Float:
    """Linear kernel, ``K_ij = a_i · b_j``: the features are the inputs themselves.

    ``A`` (n, d) and ``B`` (m, d) have one point a row; returns (n, m).

    Slide "SVM: Kernel trick for φ" (``K_ij = ⟨φ(x_i), φ(x_j)⟩``).

    >>> linear_kernel([[1, 2]], [[3, 4]])
    array([[11.]])
    """
    A, B = _two_sets(A, B)
    return np.asarray(A @ B.T)


def polynomial_kernel(A: ArrayLike, B: ArrayLike, degree: int, offset: float = 1.0) -> Float:
    """Polynomial kernel, ``K_ij = (a_i · b_j + offset)^degree``.

    Its implicit features are all products of up to ``degree`` inputs. Degree 2 holds x₁x₂, the one that XOR needs.

    ``A`` (n, d) and ``B`` (m, d) have one point a row; returns (n, m). ``degree`` is 1 or more, ``offset`` 0 or
    more (with a negative one it would be no kernel).

    Slide "SVM: Kernel trick for φ"; Schölkopf, Smola (2002), "Learning with kernels", section 2.1.

    >>> polynomial_kernel([[1, 2]], [[3, 4]], degree=2)
    array([[144.]])
    """
    degree, offset = whole_number("degree", degree, least=1), _at_least_zero("offset", offset)
    return (linear_kernel(A, B) + offset) ** degree


def fit_kernel(K: ArrayLike, y: ArrayLike, ridge: float) -> Float:
    """Coefficients of kernel ridge regression: ``(K + ridge · I) alpha = y``.

    ``K`` (n, n) is the kernel matrix of the training points, ``y`` (n,) their targets, ``ridge`` 0 or more.
    Returns ``alpha`` (n,); the fit at the training points is ``K @ alpha``. A singular system is refused: a
    larger ridge helps.

    Slide "SVM: Kernel trick for φ"; Saunders, Gammerman, Vovk (1998), "Ridge regression learning algorithm in
    dual variables".

    With an RBF kernel a linear method solves XOR:

    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> K = rbf_kernel(X, X, gamma=1.0)
    >>> predict_kernel(K, fit_kernel(K, y, ridge=1e-12)).round(6) + 0.0
    array([0., 1., 1., 0.])
    """
    K, y = real_array("K", K, ("n", "n")), real_array("y", y, ("n",))
    if K.shape[0] != K.shape[1]:
        raise ValueError(f"K should be a square matrix, but its shape is {K.shape}")
    same_length("K", K, "y", y)
    ridge = _at_least_zero("ridge", ridge)
    try:
        return np.asarray(np.linalg.solve(K + ridge * np.eye(len(K)), y), dtype=np.float64)
    except np.linalg.LinAlgError:
        raise ValueError(
            f"ridge should be larger: K + ridge · I is singular, K of shape {K.shape} and ridge {ridge}"
        ) from None


def predict_kernel(K: ArrayLike, alpha: ArrayLike) -> Float:
    """Predictions of a kernel machine, ``K alpha``: similarities to the training points, weighted.

    ``K`` (m, n) compares new points (rows) with training points (columns), ``alpha`` (n,) is from `fit_kernel`;
    returns (m,).

    Slide "SVM: Kernel trick for φ".

    >>> predict_kernel([[1.0, 0.5]], [2.0, -2.0])
    array([1.])
    """
    K, alpha = real_array("K", K, ("m", "n")), real_array("alpha", alpha, ("n",))
    same_length("K", K, "alpha", alpha, axis_a=1)
    return np.asarray(K @ alpha)
