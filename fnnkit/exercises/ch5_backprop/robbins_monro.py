"""`robbins_monro`: does η_k = k^−p satisfy both sums (chapter 5)."""

from __future__ import annotations

import numpy as np

from fnnkit import optim
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

BOTH, ENDS = "both sums", "the ends, ½ and 1"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``robbins_monro(p)``, in an order of chance; nothing is nearer to an end than 0.05."""

    def some(low: float, high: float) -> float:
        return float(np.round(rng.uniform(low, high), 2))

    inside = [some(low, low + 0.05) for low in np.linspace(0.55, 0.9, 9)]
    below = [some(0.1, 0.3), some(0.3, 0.45), some(-0.5, -0.1), some(-0.95, -0.55), some(-2.0, -1.05)]
    outside = [*below, some(1.05, 1.2), some(1.2, 1.5), some(1.5, 3.0), some(3.0, 5.0), 0.0]
    ends = [0.5, 1.0, some(0.6, 0.9), some(1.1, 2.0)]
    return [
        *(Case((float(p),), BOTH) for p in rng.permuted(inside + outside)),
        *(Case((float(p),), ENDS) for p in rng.permuted(ends)),
    ]


def half_included(p):
    """p ≥ ½."""
    return 0.5 <= p <= 1


def one_excluded(p):
    """p < 1."""
    return 0.5 < p < 1


def both_ends_exchanged(p):
    """½ ≤ p < 1."""
    return 0.5 <= p < 1


def only_the_first_sum(p):
    """p ≤ 1."""
    return p <= 1


def only_the_second_sum(p):
    """p > ½."""
    return p > 0.5


def reversed_conditions(p):
    """Convergence and divergence exchanged."""
    return p > 1 or p <= 0.5


def rates_that_vanish(p):
    """p > 0: the rates go to 0."""
    return p > 0


def between_zero_and_one(p):
    """The square is forgotten: no p satisfies both, so the sum of the rates alone."""
    return 0 < p <= 1


def sign_of_p_lost(p):
    """|p|."""
    return 0.5 < abs(p) <= 1


def a_text(p):
    """A word in quotation marks."""
    return "True" if 0.5 < p <= 1 else "False"


def exponent_squared(p):
    """p² for 2p."""
    return bool(p <= 1 and p**2 > 1)


def any_of_the_two(p):
    """or for and."""
    return bool(p <= 1 or p > 0.5)


def up_to_two(p):
    """½ < p ≤ 2."""
    return bool(0.5 < p <= 2)


def from_zero_to_half(p):
    """0 < p ≤ ½."""
    return bool(0 < p <= 0.5)


def only_one(p):
    """p == 1."""
    return p == 1


def nothing(p):
    """Both cannot be."""
    return False


EXERCISE = Exercise(
    name="robbins_monro",
    chapter="ch5_backprop",
    reference=optim.robbins_monro,
    cases=cases,
    criteria=(
        Criterion(BOTH, 0.5, agrees()),
        Criterion(ENDS, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            half_included, "at p = ½ the squares are 1/k, and their sum is infinite: ½ does not belong."
        ),
        Misconception(
            one_excluded, "at p = 1 the rates are 1/k: their sum is infinite, as wanted. 1 belongs."
        ),
        Misconception(
            both_ends_exchanged,
            "the ends are exchanged. Σ 1/k is infinite: at p = ½ these are the squares, at p = 1 the rates.",
        ),
        Misconception(
            only_the_first_sum, "only the first sum was looked at. The sum of the *squares* has to be finite."
        ),
        Misconception(
            only_the_second_sum, "only the second sum was looked at. The sum of the rates has to be infinite."
        ),
        Misconception(
            reversed_conditions,
            "every answer is turned round. Σ k^−q is finite for q > 1: the squares need a finite sum, the rates themselves an "
            "infinite one.",
        ),
        Misconception(
            rates_that_vanish, "rates that go to 0 are not enough, as 1/k² shows: their sum is finite."
        ),
        Misconception(between_zero_and_one, "the squares are k^−2p: their sum is finite for 2p > 1."),
        Misconception(
            sign_of_p_lost,
            "a negative p is treated like a positive one. Then the rates k^−p *grow*, and so do their squares.",
        ),
        Misconception(
            a_text,
            "a text came back. `True` and `False` without quotation marks are truth values.",
        ),
        Misconception(
            exponent_squared,
            "the exponent of the squared rates is p². A power of a power: the exponents are *multiplied*, so it is "
            "another one.",
        ),
        Misconception(
            any_of_the_two,
            "the answer is always True, as when one of the two conditions is enough. Both have to hold.",
        ),
        Misconception(
            up_to_two,
            "p goes up to 2. The sum of the *rates*, not of the squares, has to be infinite.",
        ),
        Misconception(
            from_zero_to_half,
            "p up to ½ is too little: the squares fall too slowly for a finite sum.",
        ),
        Misconception(
            only_one,
            "only p = 1 was accepted. A whole range of p satisfies both: each condition bounds it from one side.",
        ),
        Misconception(
            nothing,
            "the answer is always False. There are exponents for which the rates fall slowly enough and their squares "
            "fast enough.",
        ),
    ),
    minutes=4,
    difficulty=1,
    core=False,
)
