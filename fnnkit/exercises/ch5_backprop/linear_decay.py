"""`linear_decay`: a rate that falls linearly until update T (chapter 5)."""

from __future__ import annotations

import numpy as np

from fnnkit import optim
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

FALLS, STAYS = "falls linearly", "stays at eta_T from T on"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``linear_decay(k, T, eta_0, eta_T)``."""

    def rates() -> tuple[float, float]:
        low = float(np.round(rng.uniform(0.02, 0.1), 3))
        return float(np.round(low + rng.uniform(0.3, 0.8), 2)), low

    def between(T: int) -> int:
        return int(rng.integers(T // 4, T // 2))

    high, low = rates()
    return [
        Case((between(40), 40, *rates()), FALLS),
        Case((between(900) + 450, 900, *rates()), FALLS),
        Case((0, 20, *rates()), FALLS, "the first update"),
        Case((between(16), 16, low, high), FALLS, "eta_T is above eta_0"),
        Case((30, 30, *rates()), STAYS, "k = T"),
        Case((between(30) + 60, 30, *rates()), STAYS, "after T"),
        Case((5000, 30, low, high), STAYS, "long after T, eta_T above eta_0"),
    ]


def goes_on_falling(k, T, eta_0, eta_T):
    """The line does not end."""
    return (1 - k / T) * eta_0 + k / T * eta_T


def never_below_zero(k, T, eta_0, eta_T):
    """The line is cut at 0."""
    return max(0.0, (1 - k / T) * eta_0 + k / T * eta_T)


def zero_after_the_end(k, T, eta_0, eta_T):
    """No rate at all from T on."""
    return (1 - k / T) * eta_0 + k / T * eta_T if k < T else 0.0


def exponential(k, T, eta_0, eta_T):
    """A geometric way from one to the other."""
    return eta_0 * (eta_T / eta_0) ** min(k / T, 1)


def rates_swapped(k, T, eta_0, eta_T):
    """Starts where it should end."""
    share = min(k / T, 1)
    return (1 - share) * eta_T + share * eta_0


def whole_division(k, T, eta_0, eta_T):
    """`//` gives 0 until T."""
    share = min(k // T, 1)
    return (1 - share) * eta_0 + share * eta_T


def towards_zero(k, T, eta_0, eta_T):
    """The second term is missing."""
    return (1 - k / T) * eta_0 if k < T else eta_T


def both_in_full(k, T, eta_0, eta_T):
    """The end rate is added in full."""
    return (1 - k / T) * eta_0 + eta_T if k < T else eta_T


def not_below_the_end(k, T, eta_0, eta_T):
    """`max` with eta_T: wrong when the rate should rise."""
    return max(eta_T, (1 - k / T) * eta_0 + k / T * eta_T)


def clipped_between_the_rates(k, T, eta_0, eta_T):
    """np.clip with the limits in this order."""
    return float(np.clip((1 - k / T) * eta_0 + k / T * eta_T, eta_T, eta_0))


def back_to_the_first_rate(k, T, eta_0, eta_T):
    """eta_0 after the end."""
    return (1 - k / T) * eta_0 + k / T * eta_T if k <= T else eta_0


def nothing_after_the_end(k, T, eta_0, eta_T):
    """No return on one way through."""
    if k < T:
        return (1 - k / T) * eta_0 + k / T * eta_T


def whole_way_in_t_minus_one(k, T, eta_0, eta_T):
    """Arrives at T − 1."""
    share = min(k / max(T - 1, 1), 1)
    return (1 - share) * eta_0 + share * eta_T


def one_update_late(k, T, eta_0, eta_T):
    """k / (T + 1)."""
    share = min(k / (T + 1), 1)
    return (1 - share) * eta_0 + share * eta_T


def counted_from_one(k, T, eta_0, eta_T):
    """(k + 1) / T."""
    share = min((k + 1) / T, 1)
    return (1 - share) * eta_0 + share * eta_T


def falls_like_one_over_k(k, T, eta_0, eta_T):
    """1/k decay."""
    return max(eta_0 / (1 + k / T), 0) if k < T else eta_T


def half_a_cosine(k, T, eta_0, eta_T):
    """Cosine."""
    share = 0.5 * (1 - np.cos(np.pi * min(k / T, 1)))
    return (1 - share) * eta_0 + share * eta_T


def squared_share(k, T, eta_0, eta_T):
    """(k / T)²."""
    share = min(k / T, 1) ** 2
    return (1 - share) * eta_0 + share * eta_T


def difference_in_full(k, T, eta_0, eta_T):
    """eta_0 − k (eta_0 − eta_T), without T."""
    return eta_0 - min(k, T) * (eta_0 - eta_T)


def sign_of_the_way(k, T, eta_0, eta_T):
    """Away from eta_T."""
    share = min(k / T, 1)
    return eta_0 + share * (eta_0 - eta_T)


def end_without_the_start(k, T, eta_0, eta_T):
    """k/T eta_T alone before T."""
    return k / T * eta_T if k < T else eta_T


def largest_of_both(k, T, eta_0, eta_T):
    """Absolute value of the way."""
    share = min(k / T, 1)
    return max(eta_0, eta_T) - share * abs(eta_0 - eta_T)


EXERCISE = Exercise(
    name="linear_decay",
    chapter="ch5_backprop",
    reference=optim.linear_decay,
    cases=cases,
    criteria=(
        Criterion(FALLS, 0.5, agrees()),
        Criterion(STAYS, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            goes_on_falling,
            "after T the line goes on, past eta_T. From T on the rate is eta_T.",
        ),
        Misconception(
            never_below_zero, "the line is stopped at 0. It should stop at eta_T, when k reaches T."
        ),
        Misconception(
            zero_after_the_end,
            "from T on the rate is 0: nothing would be learned any more. It stays at eta_T.",
        ),
        Misconception(
            exponential,
            "this changes by a constant *factor*. Linear means by a constant amount.",
        ),
        Misconception(rates_swapped, "it starts with eta_T: at k = 0 the rate is eta_0."),
        Misconception(
            whole_division,
            "the rate stays at eta_0 until T, and jumps. It changes by a constant amount at every update: k / T, with its "
            "fraction, is the share of the way.",
        ),
        Misconception(
            towards_zero,
            "the rate falls towards 0: the term with eta_T is missing. Its weight grows as the other's shrinks.",
        ),
        Misconception(both_in_full, "eta_T is added in full from the start. Its weight is k / T."),
        Misconception(
            not_below_the_end,
            "the rate is kept from falling below eta_T, as `max` does, which helps only when eta_0 is above it. Ask whether k "
            "has reached T.",
        ),
        Misconception(
            clipped_between_the_rates,
            "the rate is limited to what lies above eta_T and below eta_0, and eta_T may be the larger of the two: then it "
            "rises. Ask whether k has reached T.",
        ),
        Misconception(
            back_to_the_first_rate,
            "after T the rate jumps back to eta_0. It stays where it has arrived, at eta_T.",
        ),
        Misconception(
            nothing_after_the_end,
            "from k = T on nothing is returned: say what the rate is then.",
        ),
        Misconception(
            whole_way_in_t_minus_one,
            "eta_T is reached one update early, at T − 1. The share of the way is k / T.",
        ),
        Misconception(
            one_update_late,
            "eta_T is reached one update late. The share of the way is k / T.",
        ),
        Misconception(
            counted_from_one,
            "the updates were counted from 1. At k = 0 the rate is eta_0.",
        ),
        Misconception(
            falls_like_one_over_k,
            "this falls like one over k. Linear means by a constant amount.",
        ),
        Misconception(
            half_a_cosine,
            "this is half a cosine. Linear means by a constant amount.",
        ),
        Misconception(
            squared_share,
            "the share of the way is squared. Linear means by a constant amount.",
        ),
        Misconception(
            difference_in_full,
            "the difference is taken off in full at every update. In T updates it is taken off once: divide by T.",
        ),
        Misconception(
            sign_of_the_way,
            "the rate moves away from eta_T. Check the sign: at k = T it should have arrived.",
        ),
        Misconception(
            end_without_the_start,
            "the part of eta_0 is missing. Its weight is the share of the way that is left.",
        ),
        Misconception(
            largest_of_both,
            "the rate always falls, from the larger to the smaller. eta_T may be the larger of the two: then the rate "
            "rises.",
        ),
    ),
    minutes=4,
    difficulty=1,
    core=False,
)
