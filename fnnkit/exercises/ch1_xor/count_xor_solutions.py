"""`count_xor_solutions`: how many networks with all nine parameters from ``values`` solve XOR exactly."""

from __future__ import annotations

import numpy as np

from fnnkit import xor
from fnnkit.exercises.ch1_xor.other_counts import FURTHER
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``count_xor_solutions(values)``: in sets that equal their negatives, mistakes of a sign cancel.

    With three values there are 19 683 networks: a loop over all of them is fast enough.
    """
    value, others = "the number of solutions", "other values, in any order"
    # The first two together tell every wrong sign, one bias for both units from none for the output, and units that add the
    # same from one unit; with the third one also which of the biases are missing.
    telling = [[-4, -1, 1], [-3, -1, 1], [-2, -1, 1]]
    third = int(rng.integers(3))
    more = [[-2, -1, 2], [-1, 2, 3], *(telling[i] for i in range(3) if i != third)]
    drawn = [[-2, 1, 2], [-1, 1, 2], telling[third], more[int(rng.integers(len(more)))]]
    none = int(rng.integers(2, 5))
    return [
        Case(([-1, 0, 1],), value, "the smallest set that is worth trying"),
        *(Case((values,), value) for values in drawn[:3]),
        Case((rng.permuted(drawn[3]).tolist(),), others),
        Case((rng.permuted([-1, 1]).tolist(),), others, "two values"),
        Case((rng.permuted([-none, none + 1]).tolist(),), others, "two values: none solves XOR"),
    ]


def swapped_units_counted_once(values):
    """Networks that differ in the order of their hidden units count as one."""
    from collections import Counter
    from itertools import product

    corners, targets = ((0, 0), (0, 1), (1, 0), (1, 1)), (0, 1, 1, 0)
    units = Counter(
        tuple(w * max(0, x1 * w1 + x2 * w2 + c) for x1, x2 in corners)
        for w1, w2, c, w in product(values, repeat=4)
    )
    ordered = 0
    for b in values:
        for adds, times in units.items():
            ordered += times * units[tuple(t - b - a for t, a in zip(targets, adds, strict=True))]
    return ordered // 2


def tolerance_too_wide(values):
    """An output one off is taken for right."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack(
        [w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1
    )
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs = adds[:, None, :] + adds[None, :, :]
    weight = times[:, None] * times[None, :]
    return int(sum(weight[(np.abs(pairs + b - [0, 1, 1, 0]) <= 1).all(axis=2)].sum() for b in v))


def right_side_of_one_half(values):
    """Outputs are only compared with ½."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack(
        [w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1
    )
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs = adds[:, None, :] + adds[None, :, :]
    weight = times[:, None] * times[None, :]
    return int(sum(weight[((pairs + b > 0.5) == [False, True, True, False]).all(axis=2)].sum() for b in v))


def without_output_bias(values):
    """``b`` is left at 0."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack(
        [w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1
    )
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs = adds[:, None, :] + adds[None, :, :]
    return int((times[:, None] * times[None, :])[(pairs == [0, 1, 1, 0]).all(axis=2)].sum())


def errors_that_cancel(values):
    """The errors of the four corners are added up with their signs."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    total = sum(w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1)))
    sums, times = np.unique(total, return_counts=True)
    weight = times[:, None] * times[None, :]
    return int(sum(weight[sums[:, None] + sums[None, :] + 4 * b == 2].sum() for b in v))


def linear_units(values):
    """Without ReLU: no solution exists."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack([w * (x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1)
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs = adds[:, None, :] + adds[None, :, :]
    weight = times[:, None] * times[None, :]
    return int(sum(weight[(pairs + b == [0, 1, 1, 0]).all(axis=2)].sum() for b in v))


def share_of_all_networks(values):
    """The number is divided by the number of all networks."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack(
        [w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1
    )
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs = adds[:, None, :] + adds[None, :, :]
    weight = times[:, None] * times[None, :]
    found = sum(weight[(pairs + b == [0, 1, 1, 0]).all(axis=2)].sum() for b in v)
    return float(found / len(v) ** 9)


def corner_one_one_not_asked(values):
    """What (1, 1) gives is not looked at."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack([w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0))], axis=1)
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs = adds[:, None, :] + adds[None, :, :]
    weight = times[:, None] * times[None, :]
    return int(sum(weight[(pairs + b == [0, 1, 1]).all(axis=2)].sum() for b in v))


def corner_zero_zero_not_asked(values):
    """What (0, 0) gives is not looked at."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack([w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 1), (1, 0), (1, 1))], axis=1)
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs = adds[:, None, :] + adds[None, :, :]
    weight = times[:, None] * times[None, :]
    return int(sum(weight[(pairs + b == [1, 1, 0]).all(axis=2)].sum() for b in v))


def relu_on_the_output(values):
    """The output goes through a ReLU too, so that everything below 0 is taken for 0."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack(
        [w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1
    )
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs = adds[:, None, :] + adds[None, :, :]
    weight = times[:, None] * times[None, :]
    return int(sum(weight[(np.maximum(0, pairs + b) == [0, 1, 1, 0]).all(axis=2)].sum() for b in v))


def output_bias_not_used(values):
    """There is a loop over `b`, and `b` is not added."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack(
        [w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1
    )
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs = adds[:, None, :] + adds[None, :, :]
    weight = times[:, None] * times[None, :]
    return int(weight[(pairs == [0, 1, 1, 0]).all(axis=2)].sum()) * len(values)


def one_bias_for_both_units(values):
    """Both hidden units have the same bias."""
    v = np.array(values)
    w11, w21, w12, w22, c, w1, w2, b = (a.ravel() for a in np.meshgrid(*[v] * 8))
    right = np.ones(b.shape, dtype=bool)
    for x1, x2, target in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)):
        one, two = np.maximum(0, x1 * w11 + x2 * w21 + c), np.maximum(0, x1 * w12 + x2 * w22 + c)
        right &= w1 * one + w2 * two + b == target
    return int(right.sum())


def one_weight_for_both_inputs(values):
    """A hidden unit has the same weight for both inputs, as in the slides' solution."""
    v = np.array(values)
    u, c, w = (a.ravel() for a in np.meshgrid(v, v, v))
    adds = np.stack([w * np.maximum(0, s * u + c) for s in (0, 1, 2)], axis=1)
    pairs = adds[:, None, :] + adds[None, :, :]
    return int(sum((pairs + b == [0, 1, 0]).all(axis=2).sum() for b in v))


def hidden_biases_not_used(values):
    """There are loops over the hidden biases, and they are not added."""
    v = np.array(values)
    w1, w2, w = (a.ravel() for a in np.meshgrid(v, v, v))
    adds = np.stack([w * np.maximum(0, x1 * w1 + x2 * w2) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))])
    pairs = adds[:, :, None] + adds[:, None, :]
    right = [(pairs + b == np.array([0, 1, 1, 0])[:, None, None]).all(axis=0).sum() for b in v]
    return int(sum(right)) * len(v) ** 2


def the_other_targets(values):
    """1, 0, 0, 1."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack(
        [w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1
    )
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs, weight = adds[:, None, :] + adds[None, :, :], times[:, None] * times[None, :]
    return int(sum(weight[(pairs + b == [1, 0, 0, 1]).all(axis=2)].sum() for b in v))


def inclusive_or(values):
    """0, 1, 1, 1."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack(
        [w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1
    )
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs, weight = adds[:, None, :] + adds[None, :, :], times[:, None] * times[None, :]
    return int(sum(weight[(pairs + b == [0, 1, 1, 1]).all(axis=2)].sum() for b in v))


def whether_there_is_one(values):
    """The search ends at the first network."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack(
        [w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1
    )
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs, weight = adds[:, None, :] + adds[None, :, :], times[:, None] * times[None, :]
    return int(sum(weight[(pairs + b == [0, 1, 1, 0]).all(axis=2)].sum() for b in v) > 0)


EXERCISE = Exercise(
    name="count_xor_solutions",
    chapter="ch1_xor",
    reference=xor.count_xor_solutions,
    cases=cases,
    criteria=(
        Criterion("the number of solutions", 1.25, agrees()),
        Criterion("other values, in any order", 0.5, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            swapped_units_counted_once,
            "this is half of the number. Two networks whose hidden units are swapped compute the same, but their "
            "weights differ: count both.",
        ),
        Misconception(
            tolerance_too_wide,
            "outputs that are one off were taken for right. With whole numbers an output is exact: compare with `==`.",
        ),
        Misconception(
            right_side_of_one_half,
            "it was only asked on which side of ½ each output lies. Solving XOR exactly means outputs 0, 1, 1, 0.",
        ),
        Misconception(
            without_output_bias,
            "the output bias is 0 in every network here. It takes each of the values, as the other eight numbers do.",
        ),
        Misconception(
            errors_that_cancel,
            "the four errors were added up, and errors of opposite signs cancel. Each corner has to be right.",
        ),
        Misconception(
            linear_units,
            "no network is found at all. A set with −1, 0 and 1 holds some: a unit needs its ReLU, and a value may be "
            "used by several weights. Take one that you know to be right, and see which comparison refuses it.",
        ),
        Misconception(
            corner_one_one_not_asked,
            "networks that are wrong at (1, 1) are counted too: all four corners have to be right.",
        ),
        Misconception(
            corner_zero_zero_not_asked,
            "networks that are wrong at (0, 0) are counted too: all four corners have to be right.",
        ),
        Misconception(
            relu_on_the_output,
            "outputs below 0 were taken for 0, as a ReLU does. The output unit is linear.",
        ),
        Misconception(
            output_bias_not_used,
            "the output bias takes every value, and is not added to the output: each network without one counts several times.",
        ),
        Misconception(
            one_bias_for_both_units,
            "both hidden units have the same bias here. Each has one of its own: nine numbers in all.",
        ),
        Misconception(
            one_weight_for_both_inputs,
            "a hidden unit has the same weight for both inputs here, as in the slides' solution. Each input has its own.",
        ),
        Misconception(
            share_of_all_networks,
            "this is the share among all networks. Return their number, an integer.",
        ),
        Misconception(
            hidden_biases_not_used,
            "the hidden biases take every value, and are not added: each network without them counts "
            "several times.",
        ),
        Misconception(
            the_other_targets,
            "networks with the outputs 1, 0, 0, 1 were counted. XOR is 1 where one input is 1 and the "
            "other is not.",
        ),
        Misconception(
            inclusive_or,
            "networks for OR were counted. At (1, 1) the output of XOR is 0.",
        ),
        Misconception(
            whether_there_is_one,
            "the search ended at the first network that is right, or every set gives 1. Count all of them.",
        ),
        *FURTHER,
    ),
    verify="Try single networks: a right one with biases that are not 0, the same one with its hidden units exchanged, and one "
    "that is wrong at a single corner. Your function should count the first two, and not the third.",
    searched=False,
    minutes=20,
    difficulty=4,
    core=False,
    seconds=15.0,
)
