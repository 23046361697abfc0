"""`tent`: two ReLUs that fold [0, 1] once."""

from __future__ import annotations

import numpy as np

from fnnkit import expressivity
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

VALUE = "up to the middle, and down again"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``tent(x)`` within [0, 1]: outside, two ReLUs and 1 − |2x − 1| are different functions."""

    def some(n: int) -> np.ndarray:
        left, right = rng.uniform(0.02, 0.45, n), rng.uniform(0.55, 0.98, n)
        return rng.permutation(np.round(np.concatenate([left, right]), 3))

    return [
        Case((some(3),), VALUE),
        Case((np.array([0.0, 0.5, 1.0, *some(1)]),), VALUE, "the ends and the middle"),
        Case((rng.uniform(0.6, 0.95, 1).round(3),), VALUE, "one point"),
        Case((some(20),), VALUE, "40 points"),
        Case((some(20).reshape(5, 8),), VALUE, "`x` has two axes"),
    ]


def never_folded(x):
    """Only the first ReLU."""
    return 2 * np.maximum(0, x)


def saw(x):
    """Jumps down instead of folding."""
    return (2 * x) % 1


def half_as_high(x):
    """Slopes 1 and −1."""
    return np.where(x < 0.5, x, 1 - x)


def levels_off(x):
    """The second weight takes back only as much as the first gave."""
    return 2 * np.maximum(0, x) - 2 * np.maximum(0, x - 0.5)


def upside_down(x):
    """|2x − 1|."""
    return np.abs(2 * x - 1)


def four_times_a_product(x):
    """The logistic map: a parabola."""
    return 4 * x * (1 - x)


def overwritten(x):
    """Right values, but the caller's array is folded too."""
    x[x > 0.5] = 1 - x[x > 0.5]
    return 2 * x


def roof_too_flat(x):
    """1 − |x − ½|."""
    return 1 - np.abs(x - 0.5)


def second_half_starts_again(x):
    """2x, and 2x − 1 from the middle on."""
    return np.where(x < 0.5, 2 * x, 2 * x - 1)


def second_half_starts_after_the_middle(x):
    """The same, and 1 at the middle itself."""
    return np.where(x <= 0.5, 2 * x, 2 * x - 1)


def larger_of_the_two_sides(x):
    """max(2x, 2 − 2x)."""
    return np.maximum(2 * x, 2 - 2 * x)


def only_down(x):
    """2 − 2x everywhere."""
    return 2 - 2 * x


def a_wave(x):
    """sin πx."""
    return np.sin(np.pi * x)


def not_stretched_on_the_right(x):
    """1 − x in the place of 2 − 2x."""
    return np.where(x <= 0.5, 2 * x, 1 - x)


def not_stretched_on_the_right_nor_at_the_middle(x):
    """The same, with the middle on the right side."""
    return np.where(x < 0.5, 2 * x, 1 - x)


def flat_before_the_middle(x):
    """The second ramp alone."""
    return np.maximum(0, 2 * x - 1)


def down_from_zero(x):
    """1 − 2x in the place of 2 − 2x, in the middle too."""
    return np.where(x < 0.5, 2 * x, 1 - 2 * x)


def down_from_zero_after_the_middle(x):
    """The same, and 1 at the middle itself."""
    return np.where(x <= 0.5, 2 * x, 1 - 2 * x)


def slope_of_the_second_half_too_small(x):
    """2 − x in the place of 2 − 2x, in the middle too."""
    return np.where(x < 0.5, 2 * x, 2 - x)


def second_ramp_added(x):
    """2 relu(x) + 4 relu(x − ½)."""
    return 2 * np.maximum(0, x) + 4 * np.maximum(0, x - 0.5)


def second_ramp_as_steep_as_its_weight(x):
    """relu(4x − ½): kink at ⅛."""
    return 2 * np.maximum(0, x) - np.maximum(0, 4 * x - 0.5)


def second_half_of_doubled_values(x):
    """Doubled first; then what is above ½ is folded, whichever half it comes from."""
    y = np.where(x <= 0.5, 2 * x, x)
    return np.where(y > 0.5, 2 - 2 * y, y)


def second_half_of_doubled_values_but_for_the_middle(x):
    """The same, and 1 at the middle itself."""
    y = np.where(x < 0.5, 2 * x, x)
    return np.where(y >= 0.5, 2 - 2 * y, y)


def first_half_of_folded_values(x):
    """Folded first; then what is below ½ is doubled, whichever half it comes from."""
    y = np.where(x > 0.5, 2 - 2 * x, x)
    return np.where(y <= 0.5, 2 * y, y)


def turns_at_a_quarter(x):
    """2x is compared with ½."""
    return np.where(2 * x <= 0.5, 2 * x, 2 - 2 * x)


def folded_at_twice_the_slope(x):
    """2 − 2 · 2x in the place of 2 − 2x."""
    return np.where(2 * x <= 1, 2 * x, 2 - 4 * x)


def folded_at_twice_the_slope_in_the_middle_too(x):
    """The same, and 0 at the middle itself."""
    return np.where(2 * x < 1, 2 * x, 2 - 4 * x)


EXERCISE = Exercise(
    name="tent",
    chapter="ch4_universal_approximation",
    reference=expressivity.tent,
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            never_folded,
            "it goes on rising to 2. From ½ on the second ReLU has to turn the slope from 2 to −2.",
        ),
        Misconception(
            saw,
            "this falls from 1 to 0 in one jump. A tent comes down on the slope −2: no network of ReLUs jumps.",
        ),
        Misconception(
            half_as_high,
            "the slopes are 1 and −1, so that the top is at ½. It has to reach 1: a fold brings [0, 1] back onto "
            "*all* of [0, 1].",
        ),
        Misconception(
            levels_off,
            "it stays at 1 from the middle on. The second unit takes back the slope 2, which leaves 0; it has to leave −2.",
        ),
        Misconception(upside_down, "this is |2x − 1|, upside down: 1 at both ends and 0 in the middle."),
        Misconception(
            four_times_a_product, "this is a parabola. The tent has two straight pieces, as ReLUs make them."
        ),
        Misconception(
            overwritten,
            "the caller's array was changed: assigning to its entries, or an operator such as `*=`, works in place, "
            "under another name too. Make a new array.",
        ),
        Misconception(
            roof_too_flat,
            "it rises and falls with slope 1, from ½ up to 1. The slopes are 2 and −2, so that both ends come to "
            "0.",
        ),
        Misconception(
            second_half_starts_again,
            "the second half is 2x − 1, which rises from 0 once more. A tent comes down there, on the slope −2.",
        ),
        Misconception(
            second_half_starts_after_the_middle,
            "right of the middle it is 2x − 1, which rises from 0 once more. A tent comes down there, on the slope −2.",
        ),
        Misconception(
            larger_of_the_two_sides,
            "the larger of the two lines was taken, which makes a valley. The tent is the *smaller* one at every "
            "x.",
        ),
        Misconception(
            only_down,
            "this is 2 − 2x on both sides. Up to the middle it rises from 0, with slope 2.",
        ),
        Misconception(
            a_wave,
            "this is a sine, which is round. The tent has two straight pieces, as ReLUs make them.",
        ),
        Misconception(
            not_stretched_on_the_right,
            "on the right it is half as high: the line comes down from 1 to 0 between ½ and 1, so its slope is "
            "−2.",
        ),
        Misconception(
            not_stretched_on_the_right_nor_at_the_middle,
            "from the middle on it is half as high: the line comes down from 1 to 0 between ½ and 1, so its "
            "slope is −2.",
        ),
        Misconception(
            flat_before_the_middle,
            "this is the second ramp alone, flat up to the middle. The tent is a difference of two ramps.",
        ),
        Misconception(
            down_from_zero,
            "the second half runs from 0 down to −1, so that the two halves do not meet. It has to come down from 1 "
            "in the middle to 0 at the right end.",
        ),
        Misconception(
            down_from_zero_after_the_middle,
            "right of the middle it runs from 0 down to −1, so that the two halves do not meet. It has to come down "
            "from 1 in the middle to 0 at the right end.",
        ),
        Misconception(
            slope_of_the_second_half_too_small,
            "the second half runs from 1½ down to 1, so that the two halves do not meet. It has to come down from 1 "
            "in the middle to 0 at the right end.",
        ),
        Misconception(
            second_ramp_added,
            "from the middle on it rises more steeply, with slope 6. There 4 has to be taken *off* the slope, which "
            "makes −2 of 2.",
        ),
        Misconception(
            second_ramp_as_steep_as_its_weight,
            "it turns at ⅛ and not in the middle: a ramp sets in where its pre-activation is 0.",
        ),
        Misconception(
            second_half_of_doubled_values,
            "places between ¼ and ½ are changed twice: they are doubled, and what comes out is above ½ and is folded as "
            "well. Which half a place belongs to is decided once, by `x` as it was given.",
        ),
        Misconception(
            second_half_of_doubled_values_but_for_the_middle,
            "places between ¼ and ½ are changed twice: they are doubled, and what comes out is above ½ and is folded as "
            "well. Which half a place belongs to is decided once, by `x` as it was given.",
        ),
        Misconception(
            first_half_of_folded_values,
            "places above ¾ are changed twice: they are folded, and what comes out is below ½ and is doubled as well. "
            "Which half a place belongs to is decided once, by `x` as it was given.",
        ),
        Misconception(
            turns_at_a_quarter,
            "the second half is taken to begin at ¼, where 2x is ½. It begins where `x` itself is ½, and 2x is 1.",
        ),
        Misconception(
            folded_at_twice_the_slope,
            "right of the middle this is 2 − 4x, as if 2x had been put into 2 − 2x in the place of x. It has to come "
            "down from 1 in the middle to 0 at the right end.",
        ),
        Misconception(
            folded_at_twice_the_slope_in_the_middle_too,
            "from the middle on this is 2 − 4x, as if 2x had been put into 2 − 2x in the place of x. It has to come "
            "down from 1 in the middle to 0 at the right end.",
        ),
    ),
    minutes=3,
    difficulty=1,
)
