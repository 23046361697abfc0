"""Likely causes that can be read off two arrays of numbers, for mistakes that nobody registered."""

from __future__ import annotations

from typing import Any

import numpy as np


def likely_cause(want: Any, have: Any) -> str:
    """Say how a wrong array is related to the right one; empty if no simple relation is seen.

    Parameters
    ----------
    want, have : ndarray
        Expected and given values, of the same shape.

    Examples
    --------
    >>> likely_cause(np.array([1.0, 2.0]), np.array([-1.0, -2.0]))
    'the sign is flipped'
    >>> likely_cause(np.array([1.0, 2.0, 4.0]), np.array([3.0, 6.0, 12.0]))
    'every entry is 3 times too large; a factor is missing or extra (3 is also the number of entries)'
    """
    with np.errstate(all="ignore"):  # a wrong answer may be as large as it likes
        found = _relation(np.asarray(want, dtype=float), np.asarray(have, dtype=float))
        whole = np.asarray(have).dtype.kind in "iu" and np.asarray(want).dtype.kind == "f"
        if whole and np.array_equal(np.trunc(want), have):
            return "the fractions are cut off: numbers were put into an array of integers"
        return found


def _relation(w: Any, h: Any) -> str:
    if not (np.isfinite(w).all() and np.isfinite(h).all()) or w.size == 0:
        return ""

    def same(a: Any, b: Any) -> bool:
        return bool(np.allclose(a, b, rtol=1e-6, atol=1e-9 * max(1.0, float(np.abs(w).max()))))

    if not h.any():
        return "everything is zero"
    if same(h, -w):
        return "the sign is flipped"
    if same(h, np.abs(w)):
        return "the absolute value was taken"
    if w.ndim == 2 and w.shape[0] == w.shape[1] and same(h, w.T):
        return "it is transposed"
    big = np.abs(w) > 1e-6 * np.abs(w).max()
    if big.any() and same(h[~big], w[~big]):
        ratios = h[big] / w[big]
        ratio = float(ratios.flat[0])
        telling = w.size > 1 or any(same(ratio, r) for r in (2, 0.5, 4, 0.25))
        if telling and np.isfinite(ratios).all() and same(ratios, ratio) and abs(ratio) > 1e-9:
            if abs(ratio) >= 1:
                text = f"every entry is {ratio:.4g} times too large"
            else:
                text = f"every entry is {1 / ratio:.4g} times too small"
            if w.size == 1:
                text = text.replace("every entry", "it")
            text += "; a factor is missing or extra"
            sizes = {n: "the number of entries" for n in (w.size,) if n > 1}
            sizes.update(
                {n: f"the length of axis {i}" for i, n in enumerate(w.shape) if n > 1 and w.ndim > 1}
            )
            for n, meaning in sizes.items():
                if same(ratio, n) or same(ratio, 1 / n):
                    return f"{text} ({n} is also {meaning})"
            return text
    gap = h - w
    if w.size > 1 and np.isfinite(gap).all() and same(gap, float(gap.flat[0])):
        return f"every entry is off by the same {float(gap.flat[0]):+.4g}: a constant is missing or extra"
    if w.size > 1 and same(np.sort(h, axis=None), np.sort(w, axis=None)):
        return "the right numbers stand in other places: look at the order or the axes"
    return ""
