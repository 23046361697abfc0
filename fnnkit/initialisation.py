"""Initial weights: scales that keep signals and gradients alive, and orthogonal matrices."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from fnnkit.arguments import Float, describe, real_array, whole_number


def init_scale(kind: str, n_in: int, n_out: int) -> float:
    """Standard deviation of initial weights by Glorot's or He's rule.

    Weights of variance ``1/n_in`` keep the variance of the signal forward, and ``1/n_out`` that of the error signal
    backward; Glorot takes the mean of ``n_in`` and ``n_out``. A ReLU lets half of the second moment through, hence
    He's 2.

    ``kind`` is ``"glorot"``, ``√(2 / (n_in + n_out))``, or ``"he"``, ``√(2 / n_in)``, for a layer of ``n_out``
    units after one of ``n_in``.

    Slide "Vanishing and Exploding Gradient Problem"; Glorot, Bengio (2010), equation 12; He et al. (2015),
    equation 10.

    >>> init_scale("glorot", 3, 5), init_scale("he", 8, 5)
    (0.5, 0.5)
    """
    n_in, n_out = whole_number("n_in", n_in, 1), whole_number("n_out", n_out, 1)
    if kind == "glorot":
        return float(np.sqrt(2 / (n_in + n_out)))
    if kind == "he":
        return float(np.sqrt(2 / n_in))
    raise ValueError(f"kind should be 'glorot' or 'he', but it is {describe(kind)}")


def orthogonal(A: ArrayLike) -> Float:
    """The orthogonal factor of a square matrix, made unique.

    ``A = QR`` leaves the sign of every column of ``Q`` open; here ``R`` gets a diagonal that is not negative. For a
    Gaussian ``A``, ``Q`` is then uniformly distributed over all orthogonal matrices. It keeps every norm,
    at any depth.

    ``A`` (n, n) is finite; a singular one still gives an orthogonal result. Returns ``Q`` (n, n) with
    ``Q.T @ Q = I``.

    Slide "Vanishing and Exploding Gradient Problem"; Saxe, McClelland, Ganguli (2014), section 3; Mezzadri
    (2007).

    >>> orthogonal([[0.0, -2.0], [-3.0, 0.0]])
    array([[ 0., -1.],
           [-1.,  0.]])
    """
    A = real_array("A", A, ("n", "n"))
    if A.shape[0] != A.shape[1]:
        raise ValueError(f"A should be square, but it is {describe(A)}")
    if not np.isfinite(A).all():
        raise ValueError("A should be finite, but an entry is infinite or NaN")
    Q, R = np.linalg.qr(A)
    sign = np.where(np.diag(R) < 0, -1.0, 1.0)  # np.sign would turn a column into zeros where R has a zero
    return Q * sign + 0.0  # + 0.0 turns -0.0 into 0.0


def initial_weights(kind: str, n_in: int, n_out: int, rng: np.random.Generator) -> Float:
    """Random weight matrix of a layer, shape ``(n_in, n_out)``.

    ``kind`` is ``"glorot"`` or ``"he"``, normal weights with the standard deviation of `init_scale`, or
    ``"orthogonal"``: orthonormal rows or columns, whichever are fewer.

    Slides "Local Minima" ("good initialization method is necessary") and "Vanishing and Exploding Gradient
    Problem"; Goodfellow et al. (2016), section 8.4.

    >>> W = initial_weights("orthogonal", 4, 2, np.random.default_rng(0))
    >>> (W.T @ W).round(12)
    array([[1., 0.],
           [0., 1.]])
    """
    n_in, n_out = whole_number("n_in", n_in, 1), whole_number("n_out", n_out, 1)
    if kind == "orthogonal":
        n = max(n_in, n_out)
        return orthogonal(rng.normal(size=(n, n)))[:n_in, :n_out]
    if kind not in ("glorot", "he"):
        raise ValueError(f"kind should be 'glorot', 'he' or 'orthogonal', but it is {describe(kind)}")
    return rng.normal(scale=init_scale(kind, n_in, n_out), size=(n_in, n_out))
