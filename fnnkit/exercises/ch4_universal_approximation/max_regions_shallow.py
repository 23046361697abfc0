"""`max_regions_shallow`: into how many parts hyperplanes cut space (Zaslavsky)."""

from __future__ import annotations

from math import comb

import numpy as np

from fnnkit import expressivity
from fnnkit.exercises.ch4_universal_approximation.counts import exact
from fnnkit.judge.criteria import calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

VALUE = "the number of regions"
LARGE = "large numbers to the last digit, and 0"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``max_regions_shallow(n_in, n_hidden)``."""

    def some(low: int, high: int) -> int:
        return int(rng.integers(low, high + 1))

    return [
        Case((2, some(4, 9)), VALUE, "lines in the plane"),
        Case((3, some(6, 12)), VALUE),
        Case((some(4, 5), some(8, 11)), VALUE),
        Case((1, some(5, 20)), VALUE, "points on a line"),
        Case((some(6, 8), some(3, 5)), VALUE, "more inputs than units"),
        Case((some(40, 50), some(180, 220)), LARGE),
        Case((some(20, 25), some(60, 70)), LARGE),
        Case((0, some(3, 6)), LARGE, "no input: one point"),
        Case((some(2, 4), 0), LARGE, "no unit: nothing is cut"),
    ]


def one_term_short(n_in, n_hidden):
    """range ends before n_in."""
    return sum(comb(n_hidden, j) for j in range(n_in))


def starts_at_one(n_in, n_hidden):
    """The term j = 0 is missing."""
    return sum(comb(n_hidden, j) for j in range(1, n_in + 1))


def last_term_alone(n_in, n_hidden):
    """No sum."""
    return comb(n_hidden, n_in)


def power_of_two(n_in, n_hidden):
    """Every pattern."""
    return 2**n_hidden


def always_the_plane(n_in, n_hidden):
    """The formula for lines."""
    return 1 + n_hidden + n_hidden * (n_hidden - 1) // 2


def a_grid(n_in, n_hidden):
    """(n + 1)^d."""
    return (n_hidden + 1) ** n_in


def sum_over_the_units(n_in, n_hidden):
    """Inputs and units exchanged."""
    return sum(comb(n_in, j) for j in range(n_hidden + 1))


def in_floats(n_in, n_hidden):
    """Divided with /."""
    total, term = 0.0, 1.0
    for j in range(n_in + 1):
        total, term = total + term, term * (n_hidden - j) / (j + 1)
    return round(total)


def new_cut_among_its_own(n_in, n_hidden):
    """R(d, m) = R(d, m − 1) + R(d − 1, m): the new cut is counted among those that cut it."""
    return comb(n_in + n_hidden, n_in)


def ordered_choices(n_in, n_hidden):
    """The order counts."""
    total, ways = 0, 1
    for j in range(n_in + 1):
        total, ways = total + ways, ways * (n_hidden - j)
    return total


def powers_of_the_units(n_in, n_hidden):
    """m^j."""
    return sum(n_hidden**j for j in range(n_in + 1))


def all_through_the_origin(n_in, n_hidden):
    """Cuts without a bias."""
    if n_hidden == 0:
        return 1
    return 2 * sum(comb(n_hidden - 1, j) for j in range(n_in))


def points_on_a_line(n_in, n_hidden):
    """One input."""
    return n_hidden + 1


def patterns_of_the_inputs(n_in, n_hidden):
    """2^n_in."""
    return 2**n_in


def product_and_one(n_in, n_hidden):
    """n_in · n_hidden + 1."""
    return n_in * n_hidden + 1


def one_term_too_many(n_in, n_hidden):
    """Up to n_in + 1."""
    return sum(comb(n_hidden, j) for j in range(n_in + 2))


def first_region_twice(n_in, n_hidden):
    """1 for the first and the sum from 0: counted twice."""
    return 1 + sum(comb(n_hidden, j) for j in range(n_in + 1))


def all_patterns_but_one(n_in, n_hidden):
    """Right for three lines."""
    return 2**n_hidden - 1


EXERCISE = Exercise(
    name="max_regions_shallow",
    chapter="ch4_universal_approximation",
    reference=expressivity.max_regions_shallow,
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.5, exact),
        Criterion(LARGE, 0.25, exact),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            one_term_short,
            "the last term, j = n_in, is missing from the sum. (`range(n)` ends at n − 1.)",
        ),
        Misconception(
            starts_at_one, "the term j = 0 is missing: with no line at all there is one region already."
        ),
        Misconception(
            last_term_alone, "this is the last term alone. All terms from j = 0 to n_in are added up."
        ),
        Misconception(
            power_of_two,
            "this counts all on/off patterns. In low dimensions most of them do not occur: three lines cut "
            "the plane into 7 parts, not 8.",
        ),
        Misconception(
            always_the_plane,
            "this is the count for lines in the plane, whatever `n_in` is. The sum goes up to j = n_in.",
        ),
        Misconception(
            a_grid,
            "this is a grid of parallel cuts along every axis. Cuts in general position make another number.",
        ),
        Misconception(
            sum_over_the_units,
            "inputs and units are exchanged: choose j of the *units*, for j up to the number of inputs.",
        ),
        Misconception(
            in_floats,
            "the large counts are right in their first digits only: somewhere on the way there is a float, which "
            "holds 16 digits (`/` makes one). `//` and `math.comb` stay exact.",
        ),
        Misconception(
            new_cut_among_its_own,
            "this is the number of ways to choose n_in of n_in + n_hidden, as if a new cut were among those that cut "
            "it. It is met by the m − 1 others only: R(d, m) = R(d, m − 1) + R(d − 1, m − 1).",
        ),
        Misconception(
            ordered_choices,
            "ordered choices were counted. Which j cuts meet matters, not in which order: divide each term by j!, as "
            "`math.comb` does.",
        ),
        Misconception(
            powers_of_the_units,
            "powers were added up. Each term is the number of ways to choose j of the units: `comb(n_hidden, "
            "j)`.",
        ),
        Misconception(
            all_through_the_origin,
            "this is the count of cuts that all go through one point, as without biases. In general position "
            "there are more.",
        ),
        Misconception(
            points_on_a_line,
            "this is the count for points on a line, with one input. With more inputs more terms are added.",
        ),
        Misconception(
            patterns_of_the_inputs,
            "this counts the quadrants of the input space. The cuts are made by the units.",
        ),
        Misconception(
            product_and_one,
            "each unit makes more than one further region per input: a new cut is itself cut by all those "
            "before.",
        ),
        Misconception(
            one_term_too_many,
            "there is one term too many: the sum ends at j = n_in.",
        ),
        Misconception(
            first_region_twice,
            "the region that is there without any cut was counted twice: it is the term j = 0 already.",
        ),
        Misconception(
            all_patterns_but_one,
            "one less than all on/off patterns is right for three lines in the plane only. With more lines more "
            "patterns are missing.",
        ),
    ),
    minutes=6,
    difficulty=1,
)
