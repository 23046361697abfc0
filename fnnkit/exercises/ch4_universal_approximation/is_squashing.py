"""`is_squashing`: non-decreasing, into [0, 1], with the limits 0 and 1, as far as a grid can tell."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import approximation
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception
from fnnkit.kernel.named import Named

PROPERTIES = "all three properties"
SHAPES = "jumps and flat parts are allowed"
ORDER = "a grid in any order"
TOLERANCE = "tol is for the limits"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``is_squashing(f, grid, tol)``, in an order that is drawn: the answer is one of two words."""

    def grid() -> Any:
        end = float(rng.integers(24, 40))
        return np.linspace(-end, end, int(rng.integers(150, 250)))

    def rising(low: float, high: float, about: float = 0.0) -> Named:
        slope = float(rng.integers(4, 7)) / 2
        centre = about + float(np.round(rng.uniform(-2, 2), 1))
        return Named("sigmoid_step", low=low, high=high, slope=slope, centre=centre)

    share = float(np.round(rng.uniform(0.6, 0.9), 2))
    foot = float(np.round(rng.uniform(0.1, 0.3), 2))
    wide = float(np.round(rng.uniform(1.0, 6.0), 1))
    at = float(np.round(rng.uniform(-3, 3), 1))
    waves = float(np.round(rng.uniform(0.7, 1.4), 2))
    bumpy = Named("step_with_bump", height=0.1, at=-float(np.round(rng.uniform(5.0, 6.0), 1)))
    dip = Named("step_with_bump", height=0.03, at=-float(np.round(rng.uniform(5.5, 6.0), 1)))
    functions = [
        (rising(0.0, 1.0), "rises from 0 to 1"),
        (rising(0.0, 1.0), "rises from 0 to 1"),
        (rising(-1.0, 1.0), "rises from -1 to 1"),
        (rising(1.0, 0.0), "falls from 1 to 0"),
        (rising(0.0, share), f"rises from 0 to {share}"),
        (rising(foot, 1.0), f"rises from {foot} to 1"),
        (rising(-0.5, 1.5), "rises from -0.5 to 1.5"),
        (rising(share, share), f"always {share}"),
        (bumpy, "rises from 0 to 1, but not all the time"),
        (Named("wave", middle=0.5, amplitude=0.5, frequency=waves, shift=0.0), "goes up and down"),
    ]
    made = [Case((f, grid()), PROPERTIES, why) for f, why in functions]
    made += [
        Case((rising(0.0, 1.0, 60.0), grid() + 60.0), PROPERTIES, "rises from 0 to 1, far to the right"),
        Case((rising(0.0, 1.0, -60.0), grid() - 60.0), PROPERTIES, "rises from 0 to 1, far to the left"),
        Case((Named("ramp", left=-wide, right=wide / 2), grid()), SHAPES, "flat, a straight rise, flat"),
        Case((Named("jump", at=at), grid()), SHAPES, "one jump from 0 to 1"),
        Case((rising(0.0, share), grid()), SHAPES, f"rises from 0 to {share}"),
        Case((rising(0.0, 1.0), rng.permutation(grid())), ORDER, "the grid is not sorted"),
        Case((rising(0.0, 1.0), grid()[::-1].copy()), ORDER, "the grid goes from right to left"),
        Case((bumpy, rng.permutation(grid())), ORDER, "the grid is not sorted, and the function has a bump"),
        Case((rising(0.02, 0.98), grid(), 0.05), TOLERANCE, "rises from 0.02 to 0.98"),
        Case((rising(0.02, 0.98), grid()), TOLERANCE, "rises from 0.02 to 0.98; tol is 0.001"),
        Case(
            (rising(-0.03, 1.0), grid(), 0.05),
            TOLERANCE,
            "rises from -0.03, which is outside of [0, 1], to 1",
        ),
        Case(
            (rising(0.0, 1.03), grid(), 0.05), TOLERANCE, "rises from 0 to 1.03, which is outside of [0, 1]"
        ),
        Case((dip, grid(), 0.05), TOLERANCE, "rises from 0 to 1, but falls by 0.03 on the way"),
    ]
    return [made[i] for i in rng.permutation(len(made))]


def limits_not_tested(f, grid, tol=1e-3):
    """Any non-decreasing function into [0, 1]."""
    y = f(np.sort(grid))
    return bool(np.all(np.diff(y) >= 0) and np.all(y >= 0) and np.all(y <= 1))


def only_the_ends(f, grid, tol=1e-3):
    """What happens between the ends is not looked at."""
    y = f(np.sort(grid))
    return bool(abs(y[0]) <= tol and abs(y[-1] - 1) <= tol)


def monotone_and_bounded(f, grid, tol=1e-3):
    """Accepts tanh: its ends are far apart and flat."""
    y = f(np.sort(grid))
    return bool(np.all(np.diff(y) >= 0) and np.all(np.abs(y) <= 1) and y[-1] > y[0])


def values_sorted(f, grid, tol=1e-3):
    """Sorted values never decrease."""
    y = np.sort(f(grid))
    return bool(np.all(np.diff(y) >= 0) and np.all((y >= 0) & (y <= 1)) and y[0] <= tol and y[-1] >= 1 - tol)


def strictly_increasing(f, grid, tol=1e-3):
    """Flat parts are refused."""
    y = f(np.sort(grid))
    return bool(np.all(np.diff(y) > 0) and np.all((y >= 0) & (y <= 1)) and y[0] <= tol and y[-1] >= 1 - tol)


def neighbours_of_the_unsorted_grid(f, grid, tol=1e-3):
    """The grid is taken as it comes."""
    y = f(grid)
    return bool(np.all(np.diff(y) >= 0) and np.all((y >= 0) & (y <= 1)) and y[0] <= tol and y[-1] >= 1 - tol)


def tolerance_ignored(f, grid, tol=1e-3):
    """The default, whatever is given."""
    y = f(np.sort(grid))
    return bool(
        np.all(np.diff(y) >= 0) and np.all((y >= 0) & (y <= 1)) and y[0] <= 1e-3 and y[-1] >= 1 - 1e-3
    )


def tolerance_for_the_range_too(f, grid, tol=1e-3):
    """Values a little outside of [0, 1] are let through."""
    y = f(np.sort(grid))
    return bool(np.all(np.diff(y) >= 0) and abs(y[0]) <= tol and abs(y[-1] - 1) <= tol)


def tolerance_for_the_steps_too(f, grid, tol=1e-3):
    """Small steps down are let through."""
    y = f(np.sort(grid))
    return bool(
        np.all(np.diff(y) >= -tol) and np.all((y >= 0) & (y <= 1)) and y[0] <= tol and y[-1] >= 1 - tol
    )


def tolerance_for_everything(f, grid, tol=1e-3):
    """For the range and for steps down too."""
    y = f(np.sort(grid))
    return bool(np.all(np.diff(y) >= -tol) and abs(y[0]) <= tol and abs(y[-1] - 1) <= tol)


def decrease_not_seen(f, grid, tol=1e-3):
    """Range and limits are tested, what happens between is not."""
    y = f(np.sort(grid))
    return bool(np.all((y >= 0) & (y <= 1)) and y[0] <= tol and y[-1] >= 1 - tol)


def lower_limit_not_tested(f, grid, tol=1e-3):
    """Only the right end."""
    y = f(np.sort(grid))
    return bool(np.all(np.diff(y) >= 0) and np.all((y >= 0) & (y <= 1)) and y[-1] >= 1 - tol)


def upper_limit_not_tested(f, grid, tol=1e-3):
    """Only the left end."""
    y = f(np.sort(grid))
    return bool(np.all(np.diff(y) >= 0) and np.all((y >= 0) & (y <= 1)) and y[0] <= tol)


def open_interval(f, grid, tol=1e-3):
    """0 and 1 themselves are refused."""
    y = f(np.sort(grid))
    return bool(np.all(np.diff(y) >= 0) and np.all((y > 0) & (y < 1)) and y[0] <= tol and y[-1] >= 1 - tol)


def one_limit_is_enough(f, grid, tol=1e-3):
    """or in the place of and."""
    y = f(np.sort(grid))
    return bool(np.all(np.diff(y) >= 0) and np.all((y >= 0) & (y <= 1)) and (y[0] <= tol or y[-1] >= 1 - tol))


EXERCISE = Exercise(
    name="is_squashing",
    chapter="ch4_universal_approximation",
    reference=approximation.is_squashing,
    cases=cases,
    criteria=(
        Criterion(PROPERTIES, 0.5, agrees()),
        Criterion(SHAPES, 0.25, agrees()),
        Criterion(ORDER, 0.25, agrees()),
        Criterion(TOLERANCE, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            limits_not_tested,
            "the limits are not tested: a function that rises from 0.2 to 0.8 is accepted. Compare the first value with 0 "
            "and the last with 1, up to `tol`.",
        ),
        Misconception(
            only_the_ends,
            "only the two ends decide: whatever the function does between them is accepted. No step from one value to "
            "the next may go down, and all values lie in [0, 1].",
        ),
        Misconception(
            monotone_and_bounded,
            "something that rises from -1 to 1, such as tanh, is accepted. The values of a squashing function lie in "
            "[0, 1], and it tends to 0 and to 1.",
        ),
        Misconception(
            values_sorted,
            "only how small and how large the values get decides, whatever order they come in, so that a function that "
            "falls is accepted (sorted values never fall). Sort the *grid*, evaluate after that, and compare each value "
            "with the next.",
        ),
        Misconception(
            strictly_increasing,
            "a function with a flat part is refused, and far out every sigmoid is flat, up to roundings. "
            "Non-decreasing means that no step is negative; a step may be 0.",
        ),
        Misconception(
            neighbours_of_the_unsorted_grid,
            "neighbours in the array need not be neighbours on the line: the grid may come in any order. Sort it first.",
        ),
        Misconception(
            tolerance_ignored,
            "`tol` is not used: how near the ends have to come to 0 and 1 is up to the caller.",
        ),
        Misconception(
            tolerance_for_the_range_too,
            "values below 0 or above 1 are accepted, up to `tol`. All values lie in [0, 1]; `tol` says only how near the two "
            "ends have to come to 0 and 1.",
        ),
        Misconception(
            tolerance_for_the_steps_too,
            "steps down are accepted, up to `tol`. No step may go down; `tol` says only how near the two ends have to "
            "come to 0 and 1.",
        ),
        Misconception(
            tolerance_for_everything,
            "`tol` is allowed for steps down and for values outside of [0, 1] as well. It says only how near the two "
            "ends have to come to 0 and 1.",
        ),
        Misconception(
            decrease_not_seen,
            "a function that dips between the ends is accepted: every step from one value to the next has to be "
            "looked at, and a single one downwards decides.",
        ),
        Misconception(
            lower_limit_not_tested,
            "the limit on the left is not tested: a function that rises from 0.2 to 1 is accepted. The first "
            "value has to be near 0.",
        ),
        Misconception(
            upper_limit_not_tested,
            "the limit on the right is not tested: a function that rises from 0 to 0.8 is accepted. The last "
            "value has to be near 1.",
        ),
        Misconception(
            open_interval,
            "a function that reaches 0 or 1 is refused, and far out a sigmoid does, to all its digits. The values lie "
            "in [0, 1], and both ends belong to that.",
        ),
        Misconception(
            one_limit_is_enough,
            "a function that tends to 0 on the left *or* to 1 on the right is accepted. Both limits are asked for.",
        ),
    ),
    searched=False,
    minutes=8,
    difficulty=2,
    core=False,
)
