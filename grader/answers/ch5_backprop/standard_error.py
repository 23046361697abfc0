"""Correct answers to `standard_error`, each in a style of its own."""

import numpy as np


def standard_error_by_hand(per_example, m):
    n = len(per_example)
    mean = sum(float(v) for v in per_example) / n
    variance = sum((float(v) - mean) ** 2 for v in per_example) / (n - 1)
    return (variance / m) ** 0.5


def standard_error_std(per_example, m):
    return np.std(per_example, ddof=1) / m**0.5


def standard_error_covariance(per_example, m):
    return np.sqrt(np.cov(per_example) / m)


ANSWERS = [
    standard_error_by_hand,
    standard_error_std,
    standard_error_covariance,
]
