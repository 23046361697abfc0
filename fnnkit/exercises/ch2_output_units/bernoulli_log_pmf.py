"""`bernoulli_log_pmf`: bernoulli log-probability ``x log φ + (1 − x) log(1 − φ)``, elementwise."""

from __future__ import annotations

import numpy as np

from fnnkit import distributions
from fnnkit.exercises.ch2_output_units.bernoulli_targets import NEAR, targets
from fnnkit.exercises.ch2_output_units.calmness import calm_but, stable
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

ENDS = "stable at φ = 0 and φ = 1"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``bernoulli_log_pmf(x, phi)``; no φ is ½, where both outcomes are alike."""
    value = "the log-probability"
    phi = np.round(rng.uniform(0.05, 0.4, 4), 2)
    phi[1] = 0.05  # with outcome 0: how far a small constant shows is not left to chance
    wide = np.round(rng.uniform(0.6, 0.95, (2, 3)), 2)
    many = np.round(rng.uniform(0.05, 0.45, (9, 4)), 2)
    sure = rng.permuted([0.0, 1.0, 1.0])
    return [
        Case((np.array([1.0, 0.0, 1.0, 0.0]), phi), value),
        Case((targets(rng, 2, 3), wide), value, "another shape"),
        Case((targets(rng, 2, 1, 4), np.stack([phi, phi[::-1]]).reshape(2, 1, 4)), value, "three axes"),
        Case((targets(rng, 9, 4), many), value, "nine examples"),
        Case((sure, sure), ENDS, "sure outcomes: log 1 = 0"),
        Case((1 - sure, sure), ENDS, "impossible outcomes: log 0 = −inf"),
        Case((np.array([1.0, 0.0, 1.0]), np.array([phi[0], 1.0, 1.0])), ENDS, "some of each"),
    ]


def bernoulli_log_pmf_as_printed(x, phi):
    """The formula as printed: 0 · log 0 is NaN in floating point."""
    return x * np.log(phi) + (1 - x) * np.log(1 - phi)


def bernoulli_log_pmf_clipped(x, phi, eps=1e-7):
    """φ is kept off its ends: an impossible outcome becomes an unlikely one."""
    phi = np.clip(phi, eps, 1 - eps)
    return x * np.log(phi) + (1 - x) * np.log(1 - phi)


def bernoulli_log_pmf_with_a_small_constant(x, phi, eps=1e-8):
    """A small number inside the logarithms, so that none is of 0."""
    return x * np.log(phi + eps) + (1 - x) * np.log(1 - phi + eps)


def bernoulli_log_pmf_never_below(x, phi, eps=1e-12):
    """The argument of the logarithm is kept above a small number."""
    return x * np.log(np.maximum(phi, eps)) + (1 - x) * np.log(np.maximum(1 - phi, eps))


def bernoulli_log_pmf_warns(x, phi):
    """Right values, and numpy warns of log 0."""
    return np.where(x == 1, np.log(phi), np.log(1 - phi))


def bernoulli_log_pmf_of_ones_only(x, phi):
    """The term of the zeros is missing."""
    return x * np.log(phi)


def bernoulli_pmf_without_log(x, phi):
    """The probability itself."""
    return phi**x * (1 - phi) ** (1 - x)


def bernoulli_log_pmf_of_the_other_outcome(x, phi):
    """The probabilities of 0 and 1 are swapped."""
    return (1 - x) * np.log(phi) + x * np.log(1 - phi)


def bernoulli_nll_of_phi(x, phi):
    """The sign of a loss."""
    return -(x * np.log(phi) + (1 - x) * np.log(1 - phi))


def bernoulli_log_of_the_pmf(x, phi):
    """The logarithm of the printed product: right values, and a warning where that is 0."""
    return np.log(phi**x * (1 - phi) ** (1 - x))


def bernoulli_log_pmf_nan_to_num(x, phi):
    """NaN is replaced, and −inf with it."""
    return np.nan_to_num(x * np.log(phi) + (1 - x) * np.log(1 - phi))


def bernoulli_log_pmf_zero_at_the_ends(x, phi):
    """0 wherever φ is 0 or 1, whatever was seen."""
    inside = (phi > 0) & (phi < 1)
    safe = np.where(inside, phi, 0.5)
    return np.where(inside, np.where(x == 1, np.log(safe), np.log(1 - safe)), 0.0)


def bernoulli_log_pmf_endless_at_the_ends(x, phi):
    """−∞ wherever φ is 0 or 1, whatever was seen."""
    inside = (phi > 0) & (phi < 1)
    safe = np.where(inside, phi, 0.5)
    return np.where(inside, np.where(x == 1, np.log(safe), np.log(1 - safe)), -np.inf)


def bernoulli_log_pmf_always_of_one(x, phi):
    """log φ for every outcome."""
    with np.errstate(divide="ignore"):
        return np.log(phi)


def bernoulli_log_pmf_summed(x, phi):
    """One number: the sum."""
    with np.errstate(divide="ignore"):
        return np.log(np.where(x == 1, phi, 1 - phi)).sum()


def bernoulli_log_pmf_averaged(x, phi):
    """One number: the mean."""
    with np.errstate(divide="ignore"):
        return np.log(np.where(x == 1, phi, 1 - phi)).mean()


def bernoulli_log_pmf_to_base_two(x, phi):
    """In bits."""
    with np.errstate(divide="ignore"):
        return np.log2(np.where(x == 1, phi, 1 - phi))


def bernoulli_log_of_the_mistake(x, phi):
    """|x − φ| is taken for the probability, minus its logarithm."""
    with np.errstate(divide="ignore"):
        return -np.log(np.abs(x - phi))


def bernoulli_log_of_the_sum(x, phi):
    """log(xφ + (1 − x)) and so on: zeros are sure."""
    with np.errstate(divide="ignore"):
        return np.log(np.where(x == 1, phi, 1.0))


def bernoulli_pmf_times_log(x, phi):
    """The entropy's terms."""
    p = np.where(x == 1, phi, 1 - phi)
    return p * np.log(np.where(p > 0, p, 1.0))


def bernoulli_log_pmf_minus_for_zeros(x, phi):
    """−log φ for outcomes 0."""
    with np.errstate(divide="ignore"):
        return np.where(x == 1, np.log(phi), -np.log(phi))


def bernoulli_log_pmf_one_plus_phi(x, phi):
    """log(1 + φ) for outcomes 0."""
    with np.errstate(divide="ignore"):
        return np.log(np.where(x == 1, phi, 1 + phi))


def bernoulli_log_pmf_complement_of_the_logarithm(x, phi):
    """1 − log φ for outcomes 0."""
    with np.errstate(divide="ignore"):
        return np.where(x == 1, np.log(phi), 1 - np.log(phi))


EXERCISE = Exercise(
    name="bernoulli_log_pmf",
    chapter="ch2_output_units",
    reference=distributions.bernoulli_log_pmf,
    cases=cases,
    criteria=(
        Criterion("the log-probability", 0.75, agrees(rtol=NEAR)),
        stable(ENDS, 0.5),
        calm_but(ENDS),
    ),
    misconceptions=(
        Misconception(
            bernoulli_log_pmf_as_printed,
            "in mathematics 0·log 0 is 0 here; in floating point it is 0·(−inf) = NaN. Do not multiply: choose. "
            "`np.where(x == 1, …, …)` takes one of the two logarithms.",
        ),
        Misconception(
            bernoulli_log_pmf_clipped,
            "φ is kept off 0 and 1, so an impossible outcome gets some finite number instead of −inf, and a sure one "
            "is not quite sure. Choose between the two logarithms with `np.where`, and let log 0 be −inf.",
            any_size="eps",
        ),
        Misconception(
            bernoulli_log_pmf_with_a_small_constant,
            "a small number in the logarithm, added or as a lower bound, hides the −inf of an impossible outcome. "
            "Choose between the two logarithms with `np.where`, and let log 0 be −inf.",
            any_size="eps",
        ),
        Misconception(
            bernoulli_log_pmf_never_below,
            "what the logarithm sees is kept above a small number, so an impossible outcome gets some finite number "
            "instead of −inf. Choose between the two logarithms with `np.where`, and let log 0 be −inf.",
            any_size="eps",
        ),
        Misconception(
            bernoulli_log_pmf_warns,
            "your values are right, but numpy warns: both logarithms are computed for every entry, and log 0 is among "
            "them. It is meant here, so say so: `with np.errstate(divide='ignore'):` around the line.",
        ),
        Misconception(
            bernoulli_log_of_the_pmf,
            "your values are right, but numpy warns of log 0. Here it is meant: the logarithm of an impossible outcome "
            "is −inf. Say so, with `with np.errstate(divide='ignore'):` around the line.",
        ),
        Misconception(
            bernoulli_log_pmf_nan_to_num,
            "`np.nan_to_num` makes 0 of NaN, and −1.8e308 of the −inf that an impossible outcome should have. Do not "
            "repair the NaN; avoid it: `np.where(x == 1, …, …)` takes one of the two logarithms.",
        ),
        Misconception(
            bernoulli_log_pmf_of_ones_only,
            "the term (1 − x)·log(1 − φ) is missing: outcomes 0 have a probability too.",
        ),
        Misconception(
            bernoulli_pmf_without_log,
            "this is the probability. Asked for is its logarithm.",
        ),
        Misconception(
            bernoulli_log_pmf_of_the_other_outcome,
            "the two outcomes are swapped: φ is the probability of x = **1**.",
        ),
        Misconception(
            bernoulli_nll_of_phi,
            "the sign is that of a loss. A log-probability is never positive; the minus comes with the loss.",
        ),
        Misconception(
            bernoulli_log_pmf_zero_at_the_ends,
            "where φ is 0 or 1 every outcome gets 0, also one that is impossible. There it depends on "
            "x: 0 if it is sure, −inf if it cannot be.",
        ),
        Misconception(
            bernoulli_log_pmf_endless_at_the_ends,
            "where φ is 0 or 1 every outcome gets −inf, also one that is sure. There it depends on x: "
            "0 if it is sure, −inf if it cannot be.",
        ),
        Misconception(
            bernoulli_log_pmf_always_of_one,
            "this is log φ for every outcome, and x plays no part. An outcome 0 has the probability 1 − φ.",
        ),
        Misconception(
            bernoulli_log_pmf_summed,
            "the logarithms were added up. Each entry keeps its own: no sum.",
        ),
        Misconception(
            bernoulli_log_pmf_averaged,
            "the logarithms were averaged. Each entry keeps its own: no mean.",
        ),
        Misconception(
            bernoulli_log_pmf_to_base_two,
            "the logarithm is to base 2 here: `np.log` is the natural one.",
        ),
        Misconception(
            bernoulli_log_of_the_mistake,
            "this is minus the logarithm of the other outcome's probability. Asked for is the "
            "logarithm of that of the outcome that was seen.",
        ),
        Misconception(
            bernoulli_log_of_the_sum,
            "every outcome 0 is taken for sure. Its probability is 1 − φ.",
        ),
        Misconception(
            bernoulli_pmf_times_log,
            "the logarithm was multiplied by the probability, as in an entropy. Here it stands by itself.",
        ),
        Misconception(
            bernoulli_log_pmf_minus_for_zeros,
            "outcomes 0 get −log φ. Their probability is 1 − φ: the logarithm is of that.",
        ),
        Misconception(
            bernoulli_log_pmf_one_plus_phi,
            "for outcomes 0 this is log(1 + φ). Their probability is 1 − φ.",
        ),
        Misconception(
            bernoulli_log_pmf_complement_of_the_logarithm,
            "for outcomes 0 this is 1 − log φ. Probabilities add up to 1, their logarithms do not: it is the "
            "logarithm of 1 − φ.",
        ),
    ),
    minutes=10,
    difficulty=2,
    core=False,
)
