"""`sample_multinoulli`: turn uniform numbers into states by the inverse of the cumulative distribution."""

from __future__ import annotations

import numpy as np

from fnnkit import distributions
from fnnkit.exercises.ch2_output_units.calmness import ever_calm
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

NO_STATE_LEFT = "impossible states, and sums that round below 1"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``sample_multinoulli(p, u)``; u stays away from the steps, or is 0, which is exact."""
    value = "the smallest i with u < p₀ + … + pᵢ"
    p = rng.permuted(np.array([0.125, 0.375, 0.25, 0.25]))
    q = rng.permuted(np.array([0.0625, 0.5, 0.4375]))
    first = int(rng.integers(1, 4))  # the first states are impossible
    possible = np.where(np.arange(5) < first, 0.0, 1.0 / (5 - first))
    last = int(rng.integers(1, 4))  # so many impossible states at the end
    tenths = np.array([0.1] * 10 + [0.0] * last)  # summed from the left: 0.9999999999999999
    many = np.full(32, 1 / 32)
    eighths = (np.arange(8) + 0.5) / 8  # on both sides of each end
    return [
        Case((p, rng.permuted(eighths)), value),
        Case((q, rng.permuted(np.array([[0.03, 0.3, 0.47], [0.55, 0.8, 0.97]]))), value, "another shape"),
        Case((np.array([1.0]), np.array([0.2, 0.9])), value, "one state"),
        Case((many, (rng.permutation(32)[:9].reshape(3, 3) + 0.5) / 32), value, "32 states"),
        Case(
            (possible, rng.permuted(np.array([0.0, 0.3, 0.55, 0.8, 0.99]))),
            NO_STATE_LEFT,
            "u = 0, and p₀ = 0",
        ),
        Case(
            (tenths, rng.permuted(np.array([0.05, 0.34, 0.76, 1 - 2**-53]))),
            NO_STATE_LEFT,
            "the largest u there is",
        ),
    ]


def sample_one_too_far(p, u):
    """Off by one."""
    return np.minimum(np.searchsorted(np.cumsum(p), u, side="right") + 1, len(p) - 1)


def sample_index_beyond(p, u):
    """Index K when rounding leaves no state."""
    return np.searchsorted(np.cumsum(p), u, side="right")


def sample_last_index(p, u):
    """The last index, although that state is impossible."""
    return np.minimum(np.searchsorted(np.cumsum(p), u, side="right"), len(p) - 1)


def sample_with_at_most(p, u):
    """u ≤ cumulative: an impossible first state for u = 0."""
    state = np.searchsorted(np.cumsum(p), u, side="left")
    return np.minimum(state, np.flatnonzero(p)[-1])


def sample_first_true(p, u):
    """argmax of a comparison: 0 when none is true."""
    return np.argmax(np.asarray(u)[..., np.newaxis] < np.cumsum(p), axis=-1)


def sample_all_alike(p, u):
    """All states equally likely."""
    return (np.asarray(u) * len(p)).astype(int)


def sample_first_likely_enough(p, u):
    """Compares with p, not with its running sum."""
    return np.argmax(np.asarray(u)[..., np.newaxis] < np.asarray(p), axis=-1)


def sample_nearest_end(p, u):
    """The end that is nearest."""
    return np.argmin(np.abs(np.asarray(u)[..., np.newaxis] - np.cumsum(p)), axis=-1)


def sample_one_too_early(p, u):
    """Off by one."""
    return np.maximum(np.searchsorted(np.cumsum(p), u, side="right") - 1, 0)


def sample_flat(p, u):
    """The shape of u is lost."""
    state = np.searchsorted(np.cumsum(p), np.ravel(u), side="right")
    return np.minimum(state, np.flatnonzero(p)[-1])


def sample_always_the_likeliest(p, u):
    """u is not used."""
    return np.full(np.shape(u), np.argmax(p))


def sample_laid_from_the_end(p, u):
    """The intervals are laid from the last state on."""
    back = np.searchsorted(np.cumsum(np.asarray(p)[::-1]), u, side="right")
    return np.maximum(len(p) - 1 - back, np.flatnonzero(p)[0])


def sample_probabilities(p, u):
    """p of the state."""
    state = np.searchsorted(np.cumsum(p), u, side="right")
    return np.asarray(p)[np.minimum(state, np.flatnonzero(p)[-1])]


def sample_ends(p, u):
    """The right ends of the intervals."""
    ends = np.cumsum(p)
    return ends[np.minimum(np.searchsorted(ends, u, side="right"), np.flatnonzero(p)[-1])]


def sample_positions_after_sorting(p, u):
    """p is sorted first."""
    ends = np.cumsum(np.sort(p))
    return np.minimum(np.searchsorted(ends, u, side="right"), len(p) - 1)


def sample_counted_from_one(p, u):
    """States from 1 to K."""
    state = np.searchsorted(np.cumsum(p), u, side="right")
    return np.minimum(state, np.flatnonzero(p)[-1]) + 1


def sample_impossible_left_out(p, u):
    """Impossible states are removed first."""
    possible = np.asarray(p)[np.asarray(p) > 0]
    return np.minimum(np.searchsorted(np.cumsum(possible), u, side="right"), len(possible) - 1)


def sample_sorted_numbers(p, u):
    """The states come back sorted."""
    state = np.minimum(np.searchsorted(np.cumsum(p), u, side="right"), np.flatnonzero(p)[-1])
    return np.sort(np.ravel(state)).reshape(np.shape(u))


def sample_first_added_twice(p, u):
    """The running sum begins with p₀, and p₀ is added again: it ends at p₀, 2p₀, 2p₀ + p₁."""
    ends = p[0] + np.concatenate([[0.0], np.cumsum(p)[:-1]])
    return np.minimum(np.searchsorted(ends, u, side="right"), np.flatnonzero(p)[-1])


def sample_first_left_out(p, u):
    """The running sum begins with p₁."""
    return np.minimum(np.searchsorted(np.cumsum(p[1:]), u, side="right"), np.flatnonzero(p)[-1])


def sample_running_sum_of_running_sums(p, u):
    """Σ of Σ."""
    ends = np.cumsum(np.cumsum(p))
    return np.minimum(np.searchsorted(ends, u, side="right"), np.flatnonzero(p)[-1])


def sample_always_the_first(p, u):
    """State 0, whatever u is."""
    return np.zeros(np.shape(u), dtype=int)


def sample_of_the_rounded_position(p, u):
    """u(K − 1), rounded."""
    return np.round(np.asarray(u) * (len(p) - 1)).astype(int)


def sample_always_the_last(p, u):
    """The last end above u."""
    return np.where(np.asarray(u) < np.cumsum(p)[-1], len(p) - 1, 0)


EXERCISE = Exercise(
    name="sample_multinoulli",
    chapter="ch2_output_units",
    reference=distributions.sample_multinoulli,
    cases=cases,
    criteria=(
        Criterion("the smallest i with u < p₀ + … + pᵢ", 0.75, agrees()),
        Criterion(NO_STATE_LEFT, 0.25, agrees()),
        ever_calm(),
    ),
    misconceptions=(
        Misconception(
            sample_one_too_far,
            "each state but the last is one too far: 1 was added to the number of ends that are at most u. A 0 among "
            "the ends does that too: state 0 begins there, and ends at p₀.",
        ),
        Misconception(
            sample_index_beyond,
            "the running sum can round to a little less than 1. If u lies above it, this gives K, an index that does "
            "not exist: take the last state with p > 0 then.",
        ),
        Misconception(
            sample_last_index,
            "when rounding leaves no state, this takes the last index, even if its probability is 0. Take the last "
            "state that is possible: `np.flatnonzero(p)[-1]`.",
        ),
        Misconception(
            sample_with_at_most,
            "u may be exactly 0, and a first state with probability 0 came back for it: its running sum, 0, is not "
            "above u. Where the two are equal the state lies further on: u < p₀ + … + pᵢ.",
        ),
        Misconception(
            sample_first_true,
            "when rounding leaves no state, this gives state 0. Take the last one with p > 0 then.",
        ),
        Misconception(sample_all_alike, "this draws every state equally often: p plays no part."),
        Misconception(
            sample_first_likely_enough,
            "u is compared with each probability by itself. Compare it with their running sum, `np.cumsum(p)`.",
        ),
        Misconception(
            sample_nearest_end,
            "the nearest end of an interval was looked for. The state is the interval that u lies in: "
            "the first end above u.",
        ),
        Misconception(
            sample_one_too_early,
            "each state but the first is one too early: 1 was subtracted from the number of ends that are at most u. "
            "That number is the state.",
        ),
        Misconception(
            sample_flat,
            "the states are right, but they came back with one axis. Give them the shape of `u`.",
        ),
        Misconception(
            sample_always_the_likeliest,
            "the likeliest state came back every time: `u` plays no part.",
        ),
        Misconception(
            sample_laid_from_the_end,
            "the probabilities were laid from the last state to the first. State 0 has the interval "
            "that begins at 0.",
        ),
        Misconception(
            sample_probabilities,
            "these are the probabilities of the states. Asked for are their indices.",
        ),
        Misconception(
            sample_ends,
            "these are the ends of the intervals. Asked for are the indices of the states.",
        ),
        Misconception(
            sample_positions_after_sorting,
            "the probabilities were sorted, so the result counts sorted places. The running sum rises "
            "by itself: leave `p` in its order.",
        ),
        Misconception(
            sample_counted_from_one,
            "each state is one too far, from 1 to K: 1 was added to the number of ends that are at most u. A 0 among "
            "the ends does that too: state 0 begins there, and ends at p₀.",
        ),
        Misconception(
            sample_impossible_left_out,
            "impossible states were removed first, so the indices count the possible ones only. Every "
            "state keeps its own index.",
        ),
        Misconception(
            sample_sorted_numbers,
            "the states came back sorted. Each belongs to its own u, in the order of `u`.",
        ),
        Misconception(
            sample_first_added_twice,
            "p₀ is in the running sum twice from the second state on, and the sum lags one state behind: its ends are "
            "p₀, 2p₀, 2p₀ + p₁, … State i ends at p₀ + … + pᵢ, each added once.",
        ),
        Misconception(
            sample_first_left_out,
            "p₀ is missing in the running sum, which begins with p₁ here. State 0 ends at p₀.",
        ),
        Misconception(
            sample_running_sum_of_running_sums,
            "the running sums were added up once more. State i ends at p₀ + … + pᵢ.",
        ),
        Misconception(
            sample_always_the_first,
            "state 0 came back for every u. The state is the first one whose running sum is above u.",
        ),
        Misconception(
            sample_of_the_rounded_position,
            "u was only scaled and rounded: p plays no part. The state is the first one whose running sum is above u.",
        ),
        Misconception(
            sample_always_the_last,
            "the last state came back for every u that is below the sum of all. u is below several running sums, and "
            "the first of them counts.",
        ),
    ),
    minutes=10,
    difficulty=2,
    core=False,
)
