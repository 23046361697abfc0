"""Likely causes that can be read off two arrays of numbers, for mistakes that nobody registered."""

from __future__ import annotations

from typing import Any

import numpy as np


def likely_cause(want: Any, have: Any) -> str:
    """Say how a wrong array is related to the right one; empty if no simple relation is seen.

    What is said is true of the numbers. How they came about is not known here, so nothing is said about it.

    Parameters
    ----------
    want, have : ndarray
        Expected and given values, of the same shape.

    Examples
    --------
    >>> likely_cause(np.array([1.0, 2.0]), np.array([-1.0, -2.0]))
    'every entry has the other sign'
    >>> likely_cause(np.array([1.0, 2.0, 4.0]), np.array([3.0, 6.0, 12.0]))
    'every entry is 3 times too large (3 is also the number of entries)'
    """
    with np.errstate(all="ignore"):  # a wrong answer may be as large as it likes
        found = _relation(np.asarray(want, dtype=float), np.asarray(have, dtype=float))
        whole = np.asarray(have).dtype.kind in "iu" and np.asarray(want).dtype.kind == "f"
        if whole and np.array_equal(np.trunc(want), have):
            return "the fractions are cut off: the result is an array of whole numbers"
        return found


def _relation(w: Any, h: Any) -> str:
    if not (np.isfinite(w).all() and np.isfinite(h).all()) or w.size == 0:
        return ""

    def same(a: Any, b: Any) -> bool:
        return bool(np.allclose(a, b, rtol=1e-6, atol=1e-9 * max(1.0, float(np.abs(w).max()))))

    if not h.any():
        return ""  # that can be seen, and is no cause
    telling = w.size > 1  # one number that is twice too large may have come about in any way
    big = np.abs(w) > 1e-6 * np.abs(w).max()
    if telling and same(h, -w):
        return "every entry has the other sign"
    if telling and (w[big] < 0).any() and same(h, np.abs(w)):
        return "negative entries came out positive, all of the right size"
    if w.ndim == 2 and w.shape[0] == w.shape[1] and same(h, w.T):
        return "it is transposed"
    if telling and big.sum() > 1 and same(h[~big], w[~big]):
        ratios = h[big] / w[big]
        ratio = float(ratios.flat[0])
        if np.isfinite(ratios).all() and same(ratios, ratio) and abs(ratio) > 1e-9:
            return _factor(ratio, w)
    gap = h - w
    if telling and np.isfinite(gap).all() and same(gap, float(gap.flat[0])):
        return f"every entry is off by the same {float(gap.flat[0]):+.4g}"
    if telling and same(np.sort(h, axis=None), np.sort(w, axis=None)):
        return "the right numbers stand in other places"
    return ""


def _factor(ratio: float, w: Any) -> str:
    """What a factor common to all entries is, if it is one that formulas have; empty for any other."""
    factor = ratio if abs(ratio) >= 1 else 1 / ratio
    usual = abs(factor - round(factor)) < 1e-6 * abs(factor) and 2 <= abs(factor) <= max(12, w.size)
    if not usual and not any(abs(abs(factor) - c) < 1e-6 * c for c in (np.pi, 2 * np.pi, np.sqrt(2))):
        return ""
    text = f"every entry is {factor:.4g} times too {'large' if abs(ratio) >= 1 else 'small'}"
    sizes = {n: f"the length of axis {i}" for i, n in enumerate(w.shape) if n > 1 and w.ndim > 1}
    meaning = sizes.get(round(factor), "the number of entries" if round(factor) == w.size else "")
    return f"{text} ({round(factor)} is also {meaning})" if meaning and usual else text
