"""Correct answers to `robbins_monro`, each in a style of its own."""

import numpy as np


def robbins_monro_two_questions(p):
    sum_is_infinite = p <= 1
    squares_are_finite = 2 * p > 1
    return sum_is_infinite and squares_are_finite


def robbins_monro_if(p):
    answer = True
    if p <= 0.5:
        answer = False
    if p > 1:
        answer = False
    return answer


def robbins_monro_numpy(p):
    return np.logical_and(np.float64(p) > 1 / 2, np.float64(p) <= 1)


ANSWERS = [
    robbins_monro_two_questions,
    robbins_monro_if,
    robbins_monro_numpy,
]
