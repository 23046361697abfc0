"""`sawtooth`: the tent composed with itself, 2^depth pieces from 2 · depth ReLUs."""

from __future__ import annotations

import numpy as np

from fnnkit import expressivity
from fnnkit.expressivity import tent
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

VALUE = "fold upon fold"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``sawtooth(x, depth)``: places with all their digits, as short decimals repeat under folding."""

    def some(n: int) -> np.ndarray:
        return rng.permutation(
            np.concatenate([rng.uniform(0.02, 0.3, n), rng.uniform(0.35, 0.64, n), rng.uniform(0.7, 0.98, n)])
        )

    return [
        Case((some(2), 2), VALUE),
        Case((some(1), 3), VALUE),
        Case((some(2), 1), VALUE, "one fold"),
        Case((some(12), 4), VALUE, "36 points"),
        Case((some(1), 0), VALUE, "no fold"),
        Case((some(2), int(rng.integers(7, 10))), VALUE),
        Case((some(2), int(rng.integers(10, 13))), VALUE),
        Case((some(4).reshape(2, 6), 2), UNUSUAL, "`x` has two axes"),
        Case((np.zeros(0), 3), UNUSUAL, "no point: `x` has no entry"),
        Case((some(1).astype(np.float32), 2), UNUSUAL, "float32"),
    ]


def one_fold_too_many(x, depth):
    """Folds before the loop."""
    y = tent(x)
    for _ in range(depth):
        y = tent(y)
    return y


def one_fold_too_few(x, depth):
    """range(depth − 1) or range(1, depth)."""
    y = x.copy()
    for _ in range(1, depth):
        y = tent(y)
    return y


def as_many_folds_as_pieces(x, depth):
    """2^depth rounds."""
    y = x.copy()
    for _ in range(2**depth):
        y = tent(y)
    return y


def always_the_first_fold(x, depth):
    """The loop does not feed its result back."""
    y = x.copy()
    for _ in range(depth):
        y = tent(x)
    return y


def returned_in_the_loop(x, depth):
    """The first round ends the function; no round returns nothing."""
    y = x.copy()
    for _ in range(depth):
        y = tent(y)
        return y


def depth_times_inside(x, depth):
    """tent(depth · x)."""
    return tent(depth * x)


def one_tent_of_a_multiple(x, depth):
    """The tent of 2^depth x, as if it went on."""
    return tent(2**depth * x)


def depth_times_outside(x, depth):
    """depth · tent(x)."""
    return depth * tent(x)


def saw_without_a_way_back(x, depth):
    """2^depth x modulo 1."""
    return (2**depth * x) % 1


def shifted_by_half_a_tooth(x, depth):
    """1 where it should be 0."""
    t = (2**depth * x) % 2
    return np.abs(1 - t)


def a_tooth_a_fold(x, depth):
    """depth teeth in the place of 2^(depth − 1)."""
    t = (2 * depth * x) % 2
    return 1 - np.abs(1 - t)


def a_tooth_more_for_each_fold(x, depth):
    """depth teeth; depth 0 is x itself."""
    if depth == 0:
        return x.copy()
    return 1 - np.abs(1 - (2 * depth * x) % 2)


def two_teeth_a_fold(x, depth):
    """2 · depth teeth; depth 0 is x itself."""
    if depth == 0:
        return x.copy()
    return 1 - np.abs(1 - (4 * depth * x) % 2)


def power_of_the_tent(x, depth):
    """Multiplied in the place of composed."""
    return tent(x) ** depth


def folds_added_up(x, depth):
    """A sum over the rounds."""
    y = x.copy()
    for _ in range(depth):
        y = y + tent(y)
    return y


def depth_squared_teeth(x, depth):
    """depth² for 2^(depth − 1)."""
    if depth == 0:
        return x.copy()
    return 1 - np.abs(1 - (2 * depth**2 * x) % 2)


def scaled_before_every_fold(x, depth):
    """Doubled, and folded as if that lay in [0, 1]."""
    y = x.copy()
    for _ in range(depth):
        y = tent(2 * y)
    return y


def tents_of_all_rounds(x, depth):
    """A product over the rounds."""
    y, product = x.copy(), np.ones(x.shape)
    for _ in range(depth):
        y = tent(y)
        product = product * y
    return product


def one_fold_too_many_but_for_none(x, depth):
    """2^depth teeth in the place of 2^(depth − 1); depth 0 is x itself."""
    y = x.copy()
    for _ in range(depth + 1 if depth else 0):
        y = tent(y)
    return y


def one_fold_at_least(x, depth):
    """The first fold is made before anything is asked."""
    y = tent(x)
    for _ in range(1, depth):
        y = tent(y)
    return y


def half_as_many_teeth(x, depth):
    """Stretched by 2^(depth − 2), at depth 0 too."""
    return tent((2.0 ** (depth - 2) * x) % 1)


EXERCISE = Exercise(
    name="sawtooth",
    chapter="ch4_universal_approximation",
    reference=expressivity.sawtooth,
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.5, agrees(floor=1e-9)),
        Criterion(UNUSUAL, 0.25, agrees(floor=1e-9)),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            one_fold_too_many,
            "these are the values of one fold too many: depth 0 is `x` itself, depth 1 the tent with its one tooth, and "
            "from there on each depth doubles the teeth.",
        ),
        Misconception(
            one_fold_too_few,
            "these are the values of one fold too few: depth 1 is the tent, depth 2 the tent of the tent.",
        ),
        Misconception(
            as_many_folds_as_pieces,
            "it is folded 2 to the depth times. `depth` folds are enough: each doubles the number of pieces by "
            "itself.",
        ),
        Misconception(
            always_the_first_fold,
            "it is folded once, however large the depth is. Each round has to fold what the round before has given, "
            "and the result goes back after the last one.",
        ),
        Misconception(
            returned_in_the_loop,
            "there is one fold at most, and nothing comes back at depth 0: a `return` inside of a loop ends it in the "
            "first round. It belongs below the loop.",
        ),
        Misconception(
            depth_times_inside,
            "`x` is multiplied by the depth. Composing means: the tent of the tent of … of x.",
        ),
        Misconception(
            one_tent_of_a_multiple,
            "`x` is multiplied by 2 to the depth, and folded once: the tent is made for [0, 1]. Composing means: the "
            "tent of the tent of … of x.",
        ),
        Misconception(
            depth_times_outside, "the tent is multiplied by the depth: that makes it higher, not finer."
        ),
        Misconception(
            saw_without_a_way_back,
            "this is 2 to the power depth times `x`, modulo 1, which jumps from 1 to 0. Every second tooth has to run "
            "backwards: a folded sheet goes forth and back.",
        ),
        Misconception(
            shifted_by_half_a_tooth,
            "this is 1 minus what it should be, so that the teeth stand upside down: at x = 0 it has to be 0.",
        ),
        Misconception(
            a_tooth_a_fold,
            "each fold adds one tooth. Each fold has to *double* their number: 1, 2, 4 and so on.",
        ),
        Misconception(
            a_tooth_more_for_each_fold,
            "there are as many teeth as folds. Each fold has to *double* their number: 1, 2, 4 and so on.",
        ),
        Misconception(
            two_teeth_a_fold,
            "there are twice as many teeth as folds. Each fold *doubles* the number of teeth: 1, 2, 4 and so on.",
        ),
        Misconception(
            power_of_the_tent,
            "the tent was multiplied with itself. Composing means that its value goes into the next tent as x.",
        ),
        Misconception(
            folds_added_up,
            "each round adds the folded values to those before. They take their place: one tent goes into the next.",
        ),
        Misconception(
            depth_squared_teeth,
            "the number of teeth grows like the square of the depth here. Each fold *doubles* it: 1, 2, 4 and so "
            "on.",
        ),
        Misconception(
            scaled_before_every_fold,
            "the values were doubled before each fold. The tent has the slope 2 already, and wants a number from "
            "0 to 1.",
        ),
        Misconception(
            tents_of_all_rounds,
            "the results of all rounds were multiplied. What the last round gives is the answer.",
        ),
        Misconception(
            one_fold_too_many_but_for_none,
            "from depth 1 on there are 2 to the power depth teeth, as many as one fold too many makes. The exponent is "
            "depth − 1: depth 1 is the tent, with one tooth.",
        ),
        Misconception(
            one_fold_at_least,
            "it is folded at depth 0 too, where no fold is made: `x` itself comes back there.",
        ),
        Misconception(
            half_as_many_teeth,
            "`x` is stretched half as much as it should be before the last tent: depth 1 is the tent of `x` itself, and "
            "each depth more doubles the stretch.",
        ),
    ),
    minutes=5,
    difficulty=1,
    needs=("tent",),
)
