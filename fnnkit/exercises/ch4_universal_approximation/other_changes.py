"""Other changes of the slope: more wrong answers to `relu_interpolant` (chapter 4), which has a page full of its own."""

from __future__ import annotations

import numpy as np

from fnnkit.judge.exercise import Misconception


def change_kept_for_the_slope(x, y):
    """Less the change before, not the slope before."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    slopes = np.diff(y) / np.diff(x)
    w = slopes.copy()
    for i in range(1, len(w)):
        w[i] -= w[i - 1]
    return np.ones((1, len(x) - 1)), -x[:-1], w, float(y[0])


def change_from_the_first_slope(x, y):
    """Always less the first slope."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    slopes = np.diff(y) / np.diff(x)
    w = slopes.copy()
    w[1:] -= slopes[:1]
    return np.ones((1, len(x) - 1)), -x[:-1], w, float(y[0])


def less_all_slopes_before(x, y):
    """Less the sum of the slopes before."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    slopes = np.diff(y) / np.diff(x)
    return np.ones((1, len(x) - 1)), -x[:-1], 2 * slopes - np.cumsum(slopes), float(y[0])


def last_slope_before_the_first(x, y):
    """slopes[i] − slopes[i − 1] from i = 0 on."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    slopes = np.diff(y) / np.diff(x)
    return np.ones((1, len(x) - 1)), -x[:-1], slopes - np.roll(slopes, 1), float(y[0])


def change_to_the_next_slope(x, y):
    """The change at the other end of the segment."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    slopes = np.diff(y) / np.diff(x)
    return np.ones((1, len(x) - 1)), -x[:-1], np.diff(slopes, append=0.0), float(y[0])


FURTHER = (
    Misconception(
        change_kept_for_the_slope,
        "from each slope the *change* before is subtracted, which is the weight of the unit before, and not the slope "
        "before. The change of the slope is the new slope less the old slope.",
    ),
    Misconception(
        change_from_the_first_slope,
        "the first slope is subtracted from all later ones. A unit adds the slope of its segment less that of the segment "
        "just before.",
    ),
    Misconception(
        less_all_slopes_before,
        "from each slope the *sum* of all slopes before is subtracted. The units before have added up to one slope, that of "
        "the segment just before.",
    ),
    Misconception(
        last_slope_before_the_first,
        "from the first slope the *last* one is subtracted, as if it came before. Before the first segment the network is "
        "flat: the first weight is the first slope.",
    ),
    Misconception(
        change_to_the_next_slope,
        "each unit adds the change at the right end of its segment, one knot too early, and nothing brings the first "
        "slope. At a knot the slope changes from that on its left to that on its right.",
    ),
)
