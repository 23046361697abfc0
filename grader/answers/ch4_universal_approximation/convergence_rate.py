"""Correct answers to `convergence_rate`, each in a style of its own."""

import numpy as np


def convergence_rate_polyfit(widths, errors):
    return np.polyfit(np.log(widths), np.log(errors), 1)[0]


def convergence_rate_base_ten(widths, errors):
    A = np.column_stack([np.log10(widths), np.ones(len(widths))])
    return np.linalg.lstsq(A, np.log10(errors), rcond=None)[0][0]


def convergence_rate_by_sums(widths, errors):
    n = len(widths)
    x, y = [float(np.log2(v)) for v in widths], [float(np.log2(v)) for v in errors]
    sx, sy = sum(x), sum(y)
    sxy = sum(a * b for a, b in zip(x, y, strict=True))
    return (n * sxy - sx * sy) / (n * sum(a * a for a in x) - sx * sx)


def convergence_rate_by_covariance(widths, errors):
    C = np.cov(np.log(widths), np.log(errors))
    return float(C[0, 1] / C[0, 0])


ANSWERS = [
    convergence_rate_polyfit,
    convergence_rate_base_ten,
    convergence_rate_by_sums,
    convergence_rate_by_covariance,
]

# Changes of the reference that change no value that the exercise asks for, each with the reason.
EQUIVALENT_MUTANTS = {
    "x @ y: factors of @ swapped": "the product of two vectors commutes",
}
