"""`logit`: inverse of the sigmoid, ``σ⁻¹(p) = log(p / (1 − p))``, elementwise."""

from __future__ import annotations

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch2_output_units.calmness import ever_calm
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``logit(p)``; probabilities off ½, and sigmoids of ±15."""
    value = "values"
    p = np.round(rng.uniform(0.05, 0.4, 4), 2)
    return [
        Case((p,), value),
        Case((1 - p.reshape(2, 2),), value, "another shape"),
        Case((np.stack([p, 1 - p]).reshape(2, 1, 4),), value, "three axes"),
        Case((np.round(rng.uniform(0.05, 0.45, (9, 4)), 2),), value, "nine examples"),
        Case((activations.sigmoid(np.array([-15.0, 0.0, 15.0])),), value, "back from σ(−15), σ(0), σ(15)"),
    ]


def logit_of_a_clipped_probability(p, eps=1e-6):
    """The probability is kept off 0 and 1."""
    p = np.clip(p, eps, 1 - eps)
    return np.log(p / (1 - p))


def logit_with_a_small_constant(p, eps=1e-8):
    """A small number inside both logarithms."""
    return np.log(p + eps) - np.log(1 - p + eps)


def logit_swapped(p):
    """(1 − p)/p."""
    return np.log((1 - p) / p)


def odds_without_log(p):
    """p/(1 − p)."""
    return p / (1 - p)


def log_probability(p):
    """log p."""
    return np.log(p)


def logit_with_plus(p):
    """log p + log(1 − p)."""
    return np.log(p) + np.log(1 - p)


def logit_to_base_ten(p):
    """Logarithm to base 10."""
    return np.log10(p / (1 - p))


def logit_quotient_of_logarithms(p):
    """log p / log(1 − p)."""
    return np.log(p) / np.log(1 - p)


def logit_only_p_in_the_logarithm(p):
    """log(p) / (1 − p)."""
    return np.log(p) / (1 - p)


def logit_denominator_with_plus(p):
    """p / (1 + p)."""
    return np.log(p / (1 + p))


def logit_as_reciprocal(p):
    """1/σ."""
    return 1 + np.exp(-p)


def sigmoid_once_more(p):
    """σ(p)."""
    return 0.5 * (1 + np.tanh(0.5 * p))


def logit_as_artanh(p):
    """The inverse of tanh."""
    return np.arctanh(p)


def logit_to_base_two(p):
    """Logarithm to base 2."""
    return np.log2(p / (1 - p))


def logit_of_the_other_only(p):
    """log(1 − p)."""
    return np.log(1 - p)


def logit_without_the_numerator(p):
    """−log(1 − p)."""
    return -np.log(1 - p)


def logit_derivative(p):
    """1/(p(1 − p))."""
    return 1 / (p * (1 - p))


def logit_halved(p):
    """½ log(p/(1 − p))."""
    return np.arctanh(2 * p - 1)


def logit_log_of_p_minus_the_other(p):
    """log p − (1 − p)."""
    return np.log(p) - (1 - p)


def logit_of_one_number(p):
    """One number is wanted, as by the functions of `math`."""
    return np.log(float(p) / (1 - float(p)))


def logit_logarithm_of_the_sigmoid(p):
    """log σ(p)."""
    return -np.logaddexp(0, -p)


EXERCISE = Exercise(
    name="logit",
    chapter="ch2_output_units",
    reference=activations.logit,
    cases=cases,
    criteria=(Criterion("values", 0.75, agrees()), ever_calm()),
    misconceptions=(
        Misconception(
            logit_of_a_clipped_probability,
            "clipping changes probabilities that are small but not 0: all of them get the same logit. Nothing has to be "
            "clipped here.",
            any_size="eps",
        ),
        Misconception(
            logit_with_a_small_constant,
            "a small constant in the logarithm is not small beside a probability of 3e-7: the logit comes out too near to 0. "
            "No constant is needed here.",
            any_size="eps",
        ),
        Misconception(
            logit_swapped,
            "this is minus the logit, as if the fraction were upside down: p stands above the line, 1 − p below, and "
            "there is no minus in front.",
        ),
        Misconception(odds_without_log, "these are the odds. The logit is their logarithm."),
        Misconception(log_probability, "this is log p: the denominator 1 − p is missing."),
        Misconception(logit_with_plus, "the logarithm of a quotient is a difference: log p − log(1 − p)."),
        Misconception(
            logit_to_base_ten,
            "the logarithm is to base 10 here: `np.log` is the natural one.",
        ),
        Misconception(
            logit_quotient_of_logarithms,
            "the two logarithms were divided. The logarithm of a quotient is their difference.",
        ),
        Misconception(
            logit_only_p_in_the_logarithm,
            "only p stands in the logarithm. The whole quotient belongs there.",
        ),
        Misconception(
            logit_denominator_with_plus,
            "below the line stands 1 + p. The other outcome has the probability 1 − p.",
        ),
        Misconception(
            logit_as_reciprocal,
            "σ⁻¹ is the inverse function, not 1/σ: ask which z has σ(z) = p.",
        ),
        Misconception(
            sigmoid_once_more,
            "this is the sigmoid itself. Asked for is its inverse, which takes a probability back to "
            "a number without constraint.",
        ),
        Misconception(
            logit_as_artanh,
            "this is the inverse of tanh. The sigmoid runs from 0 to 1, so it has another one.",
        ),
        Misconception(
            logit_to_base_two,
            "the logarithm is to base 2 here: `np.log` is the natural one.",
        ),
        Misconception(
            logit_of_the_other_only,
            "this is log(1 − p): the numerator p is missing.",
        ),
        Misconception(
            logit_without_the_numerator,
            "this is −log(1 − p): the numerator p is missing.",
        ),
        Misconception(
            logit_derivative,
            "this is the derivative of the logit. Asked for is the logit itself.",
        ),
        Misconception(
            logit_halved,
            "this is half of the logit. If it comes from the inverse of tanh: σ(z) has tanh of z/2.",
        ),
        Misconception(
            logit_log_of_p_minus_the_other,
            "1 − p was subtracted without its logarithm: the logarithm of a quotient is log p − log(1 − p).",
        ),
        Misconception(
            logit_of_one_number,
            "something that takes one number only, as the functions of `math` do, was given an array. NumPy's "
            "functions take all entries: `np.log`.",
        ),
        Misconception(
            logit_logarithm_of_the_sigmoid,
            "this is the logarithm of σ(p). p is a probability already: the quotient is p/(1 − p), without an "
            "exponential.",
        ),
    ),
    minutes=4,
    difficulty=1,
    core=False,
)
