"""Linear models, fitted in closed form."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from fnnkit.arguments import Float, real_array, same_length


def fit_linear(X: ArrayLike, y: ArrayLike) -> tuple[Float, float]:
    """Least-squares fit of ``y ≈ X @ w + b``, the smallest ``w`` among all minimisers.

    Centring first leaves the intercept out of what is kept small: ``b`` is whatever makes the residuals
    average to zero, and ``w`` is the minimum-norm solution of the centred problem.

    Parameters
    ----------
    X : array_like, shape (n, d)
        One example a row, at least one.
    y : array_like, shape (n,)
        One target an example.

    Returns
    -------
    w : ndarray, shape (d,)
        Weights.
    b : float
        Intercept.

    Raises
    ------
    ValueError
        If the shapes do not fit, or there is no example.

    References
    ----------
    Slide "Linear Model for Learning XOR"; Golub, Van Loan (2013), section 5.5 (minimum-norm least squares).

    Examples
    --------
    On XOR the best line is flat, ``w = 0`` and ``b = 1/2``:

    >>> w, b = fit_linear([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    >>> bool(np.allclose(w, 0)), round(b, 12)
    (True, 0.5)
    """
    X, y = real_array("X", X, ("n", "d")), real_array("y", y, ("n",))
    same_length("X", X, "y", y)
    if len(X) == 0:
        raise ValueError(f"X should have at least one row, but its shape is {X.shape}")
    x_mean, y_mean = X.mean(axis=0), y.mean()
    w = np.linalg.pinv(X - x_mean) @ (y - y_mean)
    return w, float(y_mean - x_mean @ w)
