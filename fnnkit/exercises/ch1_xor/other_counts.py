"""Other counts: more wrong answers to `count_xor_solutions` (chapter 1), which has a page full of its own."""

from __future__ import annotations

import numpy as np

from fnnkit.judge.exercise import Misconception


def one_mixed_corner_not_asked(values):
    """(1, 0) is not looked at."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack([w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 1))], axis=1)
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs, weight = adds[:, None, :] + adds[None, :, :], times[:, None] * times[None, :]
    return int(sum(weight[(pairs + b == [0, 1, 0]).all(axis=2)].sum() for b in v))


def steps_in_the_place_of_relus(values):
    """Hidden units of 0 or 1."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack([w * (x1 * w1 + x2 * w2 + c > 0) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1)
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs, weight = adds[:, None, :] + adds[None, :, :], times[:, None] * times[None, :]
    return int(sum(weight[(pairs + b == [0, 1, 1, 0]).all(axis=2)].sum() for b in v))


def hidden_biases_subtracted(values):
    """Thresholds."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack(
        [w * np.maximum(0, x1 * w1 + x2 * w2 - c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1
    )
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs, weight = adds[:, None, :] + adds[None, :, :], times[:, None] * times[None, :]
    return int(sum(weight[(pairs + b == [0, 1, 1, 0]).all(axis=2)].sum() for b in v))


def one_corner_wrong_allowed(values):
    """Three of four are enough."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    corners = ((0, 0), (0, 1), (1, 0), (1, 1))
    adds = np.stack([w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in corners], axis=1)
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs, weight = adds[:, None, :] + adds[None, :, :], times[:, None] * times[None, :]
    return int(sum(weight[(pairs + b == [0, 1, 1, 0]).sum(axis=2) >= 3].sum() for b in v))


def corners_counted(values):
    """Each right corner of each network counts."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    corners = ((0, 0), (0, 1), (1, 0), (1, 1))
    adds = np.stack([w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in corners], axis=1)
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs, weight = adds[:, None, :] + adds[None, :, :], times[:, None] * times[None, :]
    return int(sum((weight[:, :, None] * (pairs + b == [0, 1, 1, 0])).sum() for b in v))


def units_of_equal_additions_once(values):
    """Units that add the same to each corner count as one."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    corners = ((0, 0), (0, 1), (1, 0), (1, 1))
    adds = np.stack([w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in corners], axis=1)
    adds = np.unique(adds, axis=0)
    pairs = adds[:, None, :] + adds[None, :, :]
    return int(sum((pairs + b == [0, 1, 1, 0]).all(axis=2).sum() for b in v))


def multiplicity_of_one_unit(values):
    """How often the other unit's additions occur is not asked."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    corners = ((0, 0), (0, 1), (1, 0), (1, 1))
    adds = np.stack([w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in corners], axis=1)
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs = adds[:, None, :] + adds[None, :, :]
    return int(sum(times @ (pairs + b == [0, 1, 1, 0]).all(axis=2).sum(axis=1) for b in v))


def multiplicities_added(values):
    """How often each unit's additions occur is added up."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    corners = ((0, 0), (0, 1), (1, 0), (1, 1))
    adds = np.stack([w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in corners], axis=1)
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs, weight = adds[:, None, :] + adds[None, :, :], times[:, None] + times[None, :]
    return int(sum(weight[(pairs + b == [0, 1, 1, 0]).all(axis=2)].sum() for b in v))


def only_the_last_corner(values):
    """What (1, 1) gives decides, as each corner overwrites the answer of the one before."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds, times = np.unique(w * np.maximum(0, w1 + w2 + c), return_counts=True)
    pairs, weight = adds[:, None] + adds[None, :], times[:, None] * times[None, :]
    return int(sum(weight[pairs + b == 0].sum() for b in v))


def one_output_weight(values):
    """Both hidden units have the same output weight."""
    v = np.array(values)
    w11, w21, w12, w22, c1, c2, w, b = (a.ravel() for a in np.meshgrid(*[v] * 8))
    right = np.ones(b.shape, dtype=bool)
    for x1, x2, target in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)):
        one, two = np.maximum(0, x1 * w11 + x2 * w21 + c1), np.maximum(0, x1 * w12 + x2 * w22 + c2)
        right &= w * (one + two) + b == target
    return int(right.sum())


def hidden_biases_after_the_relu(values):
    """The bias is added to what the ReLU gives."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    corners = ((0, 0), (0, 1), (1, 0), (1, 1))
    adds = np.stack([w * (np.maximum(0, x1 * w1 + x2 * w2) + c) for x1, x2 in corners], axis=1)
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs, weight = adds[:, None, :] + adds[None, :, :], times[:, None] * times[None, :]
    return int(sum(weight[(pairs + b == [0, 1, 1, 0]).all(axis=2)].sum() for b in v))


def without_hidden_biases(values):
    """No hidden unit has a bias."""
    v = np.array(values)
    w1, w2, w = (a.ravel() for a in np.meshgrid(v, v, v))
    corners = ((0, 0), (0, 1), (1, 0), (1, 1))
    adds = np.stack([w * np.maximum(0, x1 * w1 + x2 * w2) for x1, x2 in corners], axis=1)
    pairs = adds[:, None, :] + adds[None, :, :]
    return int(sum((pairs + b == [0, 1, 1, 0]).all(axis=2).sum() for b in v))


def one_hidden_bias_zero(values):
    """One hidden unit has no bias, as in the slides' solution."""
    v = np.array(values)
    corners = ((0, 0), (0, 1), (1, 0), (1, 1))
    units = []
    for biases in (v, [0]):
        w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, biases, v))
        units.append(np.stack([w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in corners], axis=1))
    pairs = units[0][:, None, :] + units[1][None, :, :]
    return int(sum((pairs + b == [0, 1, 1, 0]).all(axis=2).sum() for b in v))


def no_bias_at_all(values):
    """Weights only."""
    v = np.array(values)
    w1, w2, w = (a.ravel() for a in np.meshgrid(v, v, v))
    corners = ((0, 0), (0, 1), (1, 0), (1, 1))
    adds = np.stack([w * np.maximum(0, x1 * w1 + x2 * w2) for x1, x2 in corners], axis=1)
    return int((adds[:, None, :] + adds[None, :, :] == [0, 1, 1, 0]).all(axis=2).sum())


def output_bias_and_a_hidden_one_zero(values):
    """The slides' solution has these two zeros."""
    v = np.array(values)
    corners = ((0, 0), (0, 1), (1, 0), (1, 1))
    units = []
    for biases in (v, [0]):
        w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, biases, v))
        units.append(np.stack([w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in corners], axis=1))
    return int((units[0][:, None, :] + units[1][None, :, :] == [0, 1, 1, 0]).all(axis=2).sum())


def output_bias_subtracted(values):
    """A threshold at the output."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    corners = ((0, 0), (0, 1), (1, 0), (1, 1))
    adds = np.stack([w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in corners], axis=1)
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs, weight = adds[:, None, :] + adds[None, :, :], times[:, None] * times[None, :]
    return int(sum(weight[(pairs - b == [0, 1, 1, 0]).all(axis=2)].sum() for b in v))


def one_right_corner_enough(values):
    """Any corner."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    corners = ((0, 0), (0, 1), (1, 0), (1, 1))
    adds = np.stack([w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in corners], axis=1)
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs, weight = adds[:, None, :] + adds[None, :, :], times[:, None] * times[None, :]
    return int(sum(weight[(pairs + b == [0, 1, 1, 0]).any(axis=2)].sum() for b in v))


def size_of_the_output(values):
    """The sign of the output is not looked at."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    corners = ((0, 0), (0, 1), (1, 0), (1, 1))
    adds = np.stack([w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in corners], axis=1)
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs, weight = adds[:, None, :] + adds[None, :, :], times[:, None] * times[None, :]
    return int(sum(weight[(np.abs(pairs + b) == [0, 1, 1, 0]).all(axis=2)].sum() for b in v))


def one_bias_used_twice(values):
    """The other bias takes every value, and is not added."""
    v = np.array(values)
    w11, w21, w12, w22, c, w1, w2, b = (a.ravel() for a in np.meshgrid(*[v] * 8))
    right = np.ones(b.shape, dtype=bool)
    for x1, x2, target in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)):
        one, two = np.maximum(0, x1 * w11 + x2 * w21 + c), np.maximum(0, x1 * w12 + x2 * w22 + c)
        right &= w1 * one + w2 * two + b == target
    return int(right.sum()) * len(v)


def one_output_weight_used_twice(values):
    """The other output weight takes every value, and multiplies nothing."""
    v = np.array(values)
    w11, w21, w12, w22, c1, c2, w, b = (a.ravel() for a in np.meshgrid(*[v] * 8))
    right = np.ones(b.shape, dtype=bool)
    for x1, x2, target in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)):
        one, two = np.maximum(0, x1 * w11 + x2 * w21 + c1), np.maximum(0, x1 * w12 + x2 * w22 + c2)
        right &= w * (one + two) + b == target
    return int(right.sum()) * len(v)


FURTHER = (
    Misconception(
        without_hidden_biases,
        "both hidden biases are 0 in every network here. Each takes each of the values, as the other seven numbers do.",
    ),
    Misconception(
        one_hidden_bias_zero,
        "one of the two hidden biases is 0 in every network here, as in the slides' solution. It takes each of the "
        "values, as the other eight numbers do.",
    ),
    Misconception(
        no_bias_at_all,
        "all three biases are 0 in every network here. Each of them takes each of the values, as the six weights do.",
    ),
    Misconception(
        output_bias_and_a_hidden_one_zero,
        "the output bias and one of the hidden biases are 0 in every network here, as in the slides' solution. Each of "
        "them takes each of the values, as the other seven numbers do.",
    ),
    Misconception(
        output_bias_subtracted,
        "the output bias was subtracted, as a threshold is. A bias is added.",
    ),
    Misconception(
        one_mixed_corner_not_asked,
        "networks that are wrong at one of (0, 1) and (1, 0) are counted too: all four corners "
        "have to be right.",
    ),
    Misconception(
        steps_in_the_place_of_relus,
        "the hidden units give 0 or 1 here, as threshold units do. A ReLU gives what is above 0 as it is.",
    ),
    Misconception(
        hidden_biases_subtracted,
        "the hidden biases were subtracted, as thresholds are. A bias is added.",
    ),
    Misconception(
        one_corner_wrong_allowed,
        "networks that are right at three corners are counted too: all four have to be right.",
    ),
    Misconception(
        corners_counted,
        "every corner that is right was counted. A network counts once, and only if all four "
        "corners are right.",
    ),
    Misconception(
        units_of_equal_additions_once,
        "hidden units that add the same to all four corners were counted as one. Their weights differ, so "
        "each of them makes networks of its own.",
    ),
    Misconception(
        multiplicity_of_one_unit,
        "units that add the same to all four corners were all counted for one of the two hidden units, and as "
        "one for the other. Each unit of the one kind goes with each of the other: multiply the two numbers.",
    ),
    Misconception(
        multiplicities_added,
        "the numbers of units that fit together were added. Each unit of the one kind goes with each of the "
        "other: multiply the two numbers.",
    ),
    Misconception(
        only_the_last_corner,
        "only what comes out at (1, 1) decides here. All four corners have to be right: a corner that is "
        "wrong must stay wrong, whatever the later ones are.",
    ),
    Misconception(
        one_output_weight,
        "both hidden units have the same output weight here. Each has one of its own: nine numbers in all.",
    ),
    Misconception(
        hidden_biases_after_the_relu,
        "the hidden biases were added after the ReLU. It is taken of the whole sum, the bias included.",
    ),
    Misconception(
        one_right_corner_enough,
        "networks were counted that are right at one corner or more. All four have to be right.",
    ),
    Misconception(
        size_of_the_output,
        "an output of −1 was taken for 1. Compare the output as it is, with its sign.",
    ),
    Misconception(
        one_bias_used_twice,
        "both hidden units use the same bias, and the other one takes every value without being used. Each unit has one "
        "of its own.",
    ),
    Misconception(
        one_output_weight_used_twice,
        "both hidden units use the same output weight, and the other one takes every value without being used. Each unit "
        "has one of its own.",
    ),
)
