"""`output_gradients`: input value times error signal, for U and d (chapter 5)."""

from __future__ import annotations

import numpy as np

from fnnkit import backprop
from fnnkit.exercises.ch5_backprop.sizes import AXES, OTHER, SMALL, large, positive
from fnnkit.exercises.drawing import fractions, rounded
from fnnkit.judge.axes import by_meaning
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

WEIGHTS, BIASES = "the weights, dU", "the biases, dd"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``output_gradients(H, delta_o)``."""
    found = []
    for n, _, m, K in SMALL + OTHER:
        why = {1: "one example", 40: "forty examples", 3: "all lengths are 3"}.get(n, "")
        for criterion in (WEIGHTS, BIASES):
            found.append(Case((rounded(rng, n, m), rounded(rng, n, K)), criterion, why))
    for args, why in (
        ((large(rng, 5, 4), rounded(rng, 5, 2)), "large activations"),
        ((rounded(rng, 5, 4), large(rng, 5, 2)), "a large signal"),
        ((positive(rng, 5, 4), positive(rng, 5, 2)), "all above 0"),
        ((-positive(rng, 5, 4), -positive(rng, 5, 2)), "all below 0"),
    ):
        found += [Case(args, criterion, why) for criterion in (WEIGHTS, BIASES)]
    whole = rng.integers(1, 5, (4, 3)), rng.integers(1, 5, (4, 2))
    return [
        *found,
        Case(whole, UNUSUAL, "whole numbers"),
        Case(fractions(whole), UNUSUAL, "whole numbers in the first array alone"),
        Case(
            (rounded(rng, 4, 3).astype(np.float32), rounded(rng, 4, 2).astype(np.float32)),
            UNUSUAL,
            "float32",
        ),
    ]


def mean_once_more(H, delta_o):
    """Divided by n again."""
    return H.T @ delta_o / len(H), delta_o.mean(axis=0)


def weights_divided_again(H, delta_o):
    """Only dU is divided by n again."""
    return H.T @ delta_o / len(H), delta_o.sum(axis=0)


def biases_averaged(H, delta_o):
    """Only dd is a mean."""
    return H.T @ delta_o, delta_o.mean(axis=0)


def transposed(H, delta_o):
    """The slides' δ hᵀ."""
    return delta_o.T @ H, delta_o.sum(axis=0)


def activations_reshaped(H, delta_o):
    """reshape for the transpose."""
    return H.reshape(H.shape[::-1]) @ delta_o, delta_o.sum(axis=0)


def product_reshaped(H, delta_o):
    """The transpose of the gradient, reshaped."""
    return (delta_o.T @ H).reshape(H.shape[1], delta_o.shape[1]), delta_o.sum(axis=0)


def signal_reshaped(H, delta_o):
    """The signal is turned round by reshape, and the product is transposed."""
    return (delta_o.reshape(delta_o.shape[::-1]) @ H).T, delta_o.sum(axis=0)


def biases_over_the_labels(H, delta_o):
    """Sum over the wrong axis."""
    return H.T @ delta_o, delta_o.sum(axis=1)


def biases_keep_an_axis(H, delta_o):
    """(1, K)."""
    return H.T @ delta_o, delta_o.sum(axis=0, keepdims=True)


def biases_not_summed(H, delta_o):
    """One bias gradient an example."""
    return H.T @ delta_o, delta_o


def biases_in_one_number(H, delta_o):
    """Sum over everything."""
    return H.T @ delta_o, delta_o.sum()


def biases_first(H, delta_o):
    """Returned in the wrong order."""
    return delta_o.sum(axis=0), H.T @ delta_o


def outer_product_of_the_sums(H, delta_o):
    """Sums first, products after."""
    return np.outer(H.sum(axis=0), delta_o.sum(axis=0)), delta_o.sum(axis=0)


def last_example_only(H, delta_o):
    """The loop overwrites."""
    for h, delta in zip(H, delta_o, strict=True):
        dU = np.outer(h, delta)
        dd = delta
    return dU, dd


def weights_alone(H, delta_o):
    """dd is not returned."""
    return H.T @ delta_o


def activations_summed_for_the_biases(H, delta_o):
    """The input's sum in the place of the signal's."""
    return H.T @ delta_o, H.sum(axis=0)


def ones_first_taken_last(H, delta_o):
    """The column of ones stands first, the last row is taken for the biases."""
    both = np.hstack([np.ones((len(H), 1)), H]).T @ delta_o
    return both[:-1], both[-1]


def activations_averaged(H, delta_o):
    """The mean of H times the sum of the signals."""
    return np.outer(H.mean(axis=0), delta_o.sum(axis=0)), delta_o.sum(axis=0)


def sign_of_the_step(H, delta_o):
    """−Hᵀ δ."""
    return -(H.T @ delta_o), -delta_o.sum(axis=0)


def times_n(H, delta_o):
    """The 1/n is undone."""
    return len(H) * (H.T @ delta_o), len(H) * delta_o.sum(axis=0)


def first_example_only(H, delta_o):
    """The loop returns too early, or only row 0 is used."""
    return np.outer(H[0], delta_o[0]), 1.0 * delta_o[0]


def slope_multiplied(H, delta_o):
    """1 − H² comes in already here."""
    return (1 - 1.0 * H**2).T @ delta_o, delta_o.sum(axis=0)


def biases_of_the_last_example(H, delta_o):
    """dd is overwritten."""
    return H.T @ delta_o, 1.0 * delta_o[-1]


EXERCISE = Exercise(
    name="output_gradients",
    chapter="ch5_backprop",
    reference=backprop.output_gradients,
    returns=("dU", "dd"),
    cases=cases,
    criteria=(
        Criterion(WEIGHTS, 0.25, by_meaning(agrees(part=0), AXES)),
        Criterion(BIASES, 0.25, by_meaning(agrees(part=1), AXES)),
        Criterion(UNUSUAL, 0.25, by_meaning(agrees(), AXES)),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            mean_once_more,
            "both were divided by n once more. The 1/n of the mean is in `delta_o` already: from here on, sums.",
        ),
        Misconception(
            weights_divided_again,
            "`dU` was divided by n once more. The 1/n of the mean is in `delta_o` already.",
        ),
        Misconception(
            biases_averaged,
            "`dd` is a mean. The 1/n is in `delta_o` already: the contributions of the examples add up.",
        ),
        Misconception(
            transposed,
            "`dU` is transposed: this is the slides' δ hᵀ, and their U is the transpose of ours. A gradient has the shape "
            "of what it belongs to.",
        ),
        Misconception(
            activations_reshaped,
            "`H` was brought into the transposed shape without exchanging its axes, as `reshape` does: its entries stay in "
            "the order of the rows, and get to other places. `.T` exchanges the axes.",
        ),
        Misconception(
            product_reshaped,
            "`dU` was brought into its shape without exchanging its axes, as `reshape` does: its entries stay in the order of "
            "the rows, and get to other places. `.T` exchanges the axes.",
        ),
        Misconception(
            signal_reshaped,
            "`delta_o` was brought into the transposed shape without exchanging its axes, as `reshape` does: its entries stay "
            "in the order of the rows, and get to other places. `.T` exchanges the axes.",
        ),
        Misconception(
            biases_over_the_labels,
            "`dd` was summed over the labels. Every label has a bias of its own: sum over the examples.",
        ),
        Misconception(
            biases_keep_an_axis, "`dd` kept an axis of length 1. `d` has one axis, and so has its gradient."
        ),
        Misconception(
            biases_not_summed,
            "`dd` still has a row an example. All examples use the same bias: their signals add up.",
        ),
        Misconception(
            biases_in_one_number,
            "`dd` is one number. Every label has a bias of its own: sum over the examples alone.",
        ),
        Misconception(biases_first, "the two are swapped: the weights come first, the biases second."),
        Misconception(
            outer_product_of_the_sums,
            "the examples were summed before the product. The product belongs to each example, the sum over them "
            "comes after.",
        ),
        Misconception(
            last_example_only,
            "only the last example counts, as when each replaces the one before. All examples use the same weights: add up "
            "what each contributes.",
        ),
        Misconception(
            weights_alone,
            "two things are asked for, the gradients of the weights and of the biases.",
        ),
        Misconception(
            activations_summed_for_the_biases,
            "`dd` was summed from `H`. A bias has the input 1: its gradient is the signal itself, summed over "
            "the examples.",
        ),
        Misconception(
            ones_first_taken_last,
            "the column of ones stands first in the input, and the *last* row was taken for the biases. They are where "
            "the ones are.",
        ),
        Misconception(
            activations_averaged,
            "the examples were summed before the product, one factor as a mean. The product belongs to each example, the sum "
            "comes after.",
        ),
        Misconception(
            sign_of_the_step,
            "both have the opposite sign. The gradient is input times signal; the minus belongs to the step.",
        ),
        Misconception(
            times_n,
            "both were multiplied by n. The loss is a mean, and its 1/n in `delta_o` stays.",
        ),
        Misconception(
            first_example_only,
            "only the first example counts. All examples use the same weights: add up what each contributes.",
        ),
        Misconception(
            slope_multiplied,
            "the slope of tanh came in. The input of this layer is `H` itself; the slope belongs to the way further back.",
        ),
        Misconception(
            biases_of_the_last_example,
            "`dd` is the signal of the last example. All examples use the same bias: add their signals.",
        ),
    ),
    minutes=6,
    difficulty=2,
)
