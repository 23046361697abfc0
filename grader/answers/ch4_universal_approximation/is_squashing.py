"""Correct answers to `is_squashing`, each in a style of its own."""

import numpy as np


def is_squashing_plain(f, grid, tol=1e-3):
    y = f(np.sort(grid))
    inside = (y >= 0).all() and (y <= 1).all()
    return bool(inside and (np.diff(y) >= 0).all() and y[0] <= tol and y[-1] >= 1 - tol)


def is_squashing_by_a_loop(f, grid, tol=1e-3):
    points = sorted(grid)
    values = [float(f(np.array([x]))[0]) for x in points]
    for i, value in enumerate(values):
        if value < 0 or value > 1:
            return False
        if i > 0 and value < values[i - 1] - 1e-12:
            return False
    return abs(values[0]) <= tol and abs(values[-1] - 1) <= tol


def is_squashing_by_accumulation(f, grid, tol=1e-3):
    order = np.argsort(grid)
    y = np.asarray(f(grid))[order]
    if np.any(np.clip(y, 0, 1) != y) or not np.array_equal(np.maximum.accumulate(y), y):
        return False
    return y.min() <= tol and y.max() >= 1 - tol


ANSWERS = [is_squashing_plain, is_squashing_by_a_loop, is_squashing_by_accumulation]

# Changes of the reference that change no value that the exercise asks for, each with the reason.
EQUIVALENT_MUTANTS = {
    "values >= -rounding: GtE -> Gt": "values that leave [0, 1], or fall, by exactly the allowance for rounding occur nowhere",
    "values <= 1 + rounding: LtE -> Lt": "values that leave [0, 1], or fall, by exactly the allowance for rounding occur nowhere",
    "1 + rounding: right operand of Add left out": "the allowance is for functions that round above 1; none of those given does",
    "np.diff(values) >= -rounding: GtE -> Gt": "values that leave [0, 1], or fall, by "
    "exactly the allowance for rounding occur nowhere",
    "values[0] <= tol: LtE -> Lt": "no function comes to within rounding of tol",
    "values[-1] >= 1 - tol: GtE -> Gt": "no function comes to within rounding of tol",
    "0: 0 -> 1": "on grids as fine as these the second value is within tol when the first is",
    "1: 1 -> 2 #2": "on grids as fine as these the last value but one is within tol when the last is",
}
