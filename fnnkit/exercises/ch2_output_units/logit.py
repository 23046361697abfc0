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
        Misconception(logit_swapped, "the fraction is upside down: p stands above the line, 1 − p below."),
        Misconception(odds_without_log, "these are the odds. The logit is their logarithm."),
        Misconception(log_probability, "this is log p: the denominator 1 − p is missing."),
        Misconception(logit_with_plus, "the logarithm of a quotient is a difference: log p − log(1 − p)."),
        Misconception(logit_to_base_ten, "`np.log10` is to base 10; the natural logarithm is `np.log`."),
    ),
    minutes=4,
    difficulty=1,
    core=False,
)
