"""Data sets: small ones made by formulas, and real handwritten digits.

The marking sandbox holds this file too, so it needs numpy alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Labels = NDArray[np.int64]
DATA = Path(__file__).with_name("data")


def _check(n: int, noise: float = 0.0) -> None:
    if not isinstance(n, (int, np.integer)) or isinstance(n, bool) or n < 0:
        raise ValueError(f"n should be a whole number from 0 on, but it is {n!r}")
    if not 0.0 <= noise < np.inf:
        raise ValueError(f"noise should be a number from 0 on, but it is {noise!r}")


def _two_classes(n: int) -> Labels:
    """Labels of two classes, half of each; the first has the odd one."""
    return np.repeat(np.array([0, 1]), [n - n // 2, n // 2])


def xor() -> tuple[Float, Float]:
    """Exclusive or: the four corners of the unit square and their targets.

    Returns ``X`` (4, 2), in the order of the slides, and ``y`` (4,): 0, 1, 1, 0.

    Slide "Linear Model for Learning XOR".

    >>> X, y = xor()
    >>> y
    array([0., 1., 1., 0.])
    """
    return np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0, 1.0, 0.0])


def parity(bits: int) -> tuple[Float, Float]:
    """Parity: every row of ``bits`` binary digits, and whether it has an odd number of ones. Two bits are XOR.

    ``bits`` is 1 to 20. Returns ``X`` (2**bits, bits), counting upwards, and ``y`` (2**bits,): 1 for an odd
    number of ones, else 0.

    Slides "Deep vs. Shallow network"; Håstad (1986), "Almost optimal lower bounds for small depth circuits".

    >>> X, y = parity(2)
    >>> y
    array([0., 1., 1., 0.])
    """
    if not isinstance(bits, (int, np.integer)) or isinstance(bits, bool) or not 1 <= bits <= 20:
        raise ValueError(f"bits should be a whole number from 1 to 20, but it is {bits!r}")
    places = np.arange(bits)[::-1]
    digits = (np.arange(2**bits)[:, np.newaxis] >> places) & 1
    return digits.astype(np.float64), (digits.sum(axis=1) % 2).astype(np.float64)


def spirals(n: int, noise: float, rng: np.random.Generator, turns: float = 1.5) -> tuple[Float, Labels]:
    """Two spirals wound into each other: the second is the first turned by half a turn.

    ``noise`` is the standard deviation of what is added to each coordinate; the arms are ``1 / (2 turns)`` apart,
    and each winds ``turns`` times around the origin. Returns ``X`` (n, 2), without noise at most 1 from the
    origin, and labels ``g`` (n,), half of them 0 and half 1.

    Slide "FNN: Representation learning for φ"; Lang, Witbrock (1988), "Learning to tell two spirals apart".

    >>> X, g = spirals(100, noise=0.02, rng=np.random.default_rng(0))
    >>> X.shape, np.bincount(g)
    ((100, 2), array([50, 50]))
    """
    _check(n, noise)
    if not 0.0 < turns < np.inf:
        raise ValueError(f"turns should be a positive number, but it is {turns!r}")
    g = _two_classes(n)
    radius = np.sqrt(
        rng.random(n)
    )  # the root spreads the points evenly along the arm, whose length grows with it
    angle = 2.0 * np.pi * turns * radius + np.pi * g
    X = radius[:, np.newaxis] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return X + noise * rng.standard_normal((n, 2)), g


def moons(n: int, noise: float, rng: np.random.Generator) -> tuple[Float, Labels]:
    """Two half circles that interlock: an upper one around (0, 0), a lower one around (1, ½), both of radius 1.

    ``noise`` is the standard deviation of what is added to each coordinate. Returns ``X`` (n, 2) and labels
    ``g`` (n,), half of them 0, for the upper half circle, and half 1.

    Slide "FNN: Representation learning for φ".

    >>> X, g = moons(100, noise=0.1, rng=np.random.default_rng(0))
    >>> X.shape, np.bincount(g)
    ((100, 2), array([50, 50]))
    """
    _check(n, noise)
    g = _two_classes(n)
    angle = np.pi * (rng.random(n) + g)
    X = np.stack([g + np.cos(angle), 0.5 * g + np.sin(angle)], axis=1)
    return X + noise * rng.standard_normal((n, 2)), g


def inverse_sine(n: int, rng: np.random.Generator, noise: float = 0.1) -> tuple[Float, Float]:
    """Inverse problem of a noisy sine: one input has up to three targets.

    The forward problem draws t evenly from [0, 1] and adds noise, evenly from [−noise, noise], to
    ``t + 0.3 sin(2πt)``. Transposed, the sum is the input and t the target; the mean of the targets lies between the
    branches, where no data are.

    Returns inputs ``X`` (n, 1), ``t + 0.3 sin(2πt) + noise``, and targets ``Y`` (n, 1), t in [0, 1).

    Slide "Mixture density networks"; Bishop (1994), "Mixture density networks", section 5.

    >>> X, Y = inverse_sine(3, np.random.default_rng(0), noise=0.0)
    >>> bool(np.allclose(X, Y + 0.3 * np.sin(2 * np.pi * Y)))
    True
    """
    _check(n, noise)
    t = rng.random((n, 1))
    return t + 0.3 * np.sin(2.0 * np.pi * t) + rng.uniform(-noise, noise, (n, 1)), t


class Digits(NamedTuple):
    """Handwritten digits, split into what is learned from and what is tested on.

    ``X_train`` (1347, 64) and ``X_test`` (450, 64) are images of 8 × 8 pixels, row by row, from 0 (white) to 1
    (black); ``g_train`` (1347,) and ``g_test`` (450,) are the digits 0 to 9.
    """

    X_train: Float
    g_train: Labels
    X_test: Float
    g_test: Labels


def digits() -> Digits:
    """Handwritten digits of 8 × 8 pixels, 1347 to learn from and 450 to test on, always the same.

    The split is random, with a quarter of each digit for the test. So the same thirteen people wrote both parts:
    digits of other people would be harder.

    Returns ``X_train, g_train, X_test, g_test``; see `Digits`.

    Alpaydin, Kaynak (1998), "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository,
    doi:10.24432/C50P49, its test set, licence CC BY 4.0. See ``data/digits.txt``.

    >>> X_train, g_train, X_test, g_test = digits()
    >>> X_train.shape, X_test.shape, float(X_train.max())
    ((1347, 64), (450, 64), 1.0)
    """
    with np.load(DATA / "digits.npz", allow_pickle=False) as file:
        pixels, label, test = file["pixels"], file["label"], file["test"]
    X, g = pixels / 16.0, label.astype(np.int64)
    return Digits(X[~test], g[~test], X[test], g[test])
