"""Correct answers to `classify_critical_point`, each in a style of its own."""

import numpy as np


def classify_by_counting(H, tol):
    signs = [0 if abs(v) <= tol else (1 if v > 0 else -1) for v in np.linalg.eigvalsh(H)]
    if 1 in signs and -1 in signs:
        return "saddle"
    if 0 in signs:
        return "degenerate"
    return "minimum" if signs[0] == 1 else "maximum"


def classify_by_extremes(H, tol):
    smallest, *_, largest = sorted([*np.linalg.eigvalsh(H), *np.linalg.eigvalsh(H)])
    if smallest > tol:
        return "minimum"
    if largest < -tol:
        return "maximum"
    return "saddle" if smallest < -tol and largest > tol else "degenerate"


def classify_by_general_eigenvalues(H, tol):
    values = np.linalg.eigvals(H).real
    values = np.where(np.abs(values) <= tol, 0.0, values)
    kinds = {float(s) for s in np.sign(values)}
    names = {(1.0,): "minimum", (-1.0,): "maximum"}
    return "saddle" if {1.0, -1.0} <= kinds else names.get(tuple(kinds), "degenerate")


ANSWERS = [classify_by_counting, classify_by_extremes, classify_by_general_eigenvalues]

# Changes of the reference that change no value that the exercise asks for, each with the reason.
EQUIVALENT_MUTANTS = {
    "H.T: .T left out": "what is asked about is symmetric; the reference takes the mean for rounding errors only",
}
