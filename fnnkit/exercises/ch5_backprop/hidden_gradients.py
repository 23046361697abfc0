"""`hidden_gradients`: the rule of the output layer, one layer below (chapter 5)."""

from __future__ import annotations

import numpy as np

from fnnkit import backprop
from fnnkit.exercises.ch5_backprop.sizes import AXES, OTHER, SMALL, large, positive
from fnnkit.exercises.drawing import rounded
from fnnkit.judge.axes import by_meaning
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

VALUE = "dW and db"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``hidden_gradients(X, delta_h)``."""
    names = {1: "one example", 40: "forty examples", 3: "all lengths are 3"}
    above = positive(rng, 5, 3), positive(rng, 5, 4)
    return [
        *(
            Case((rounded(rng, n, d), rounded(rng, n, m)), VALUE, names.get(n, ""))
            for n, d, m, _ in SMALL + OTHER
        ),
        Case(above, VALUE, "all above 0"),
        Case((-above[0], -above[1]), VALUE, "all below 0"),
        Case((large(rng, 5, 3), rounded(rng, 5, 4)), VALUE, "large inputs"),
        Case((rounded(rng, 5, 3), large(rng, 5, 4)), VALUE, "a large signal"),
    ]


def mean_once_more(X, delta_h):
    """Divided by n again."""
    return X.T @ delta_h / len(X), delta_h.mean(axis=0)


def transposed(X, delta_h):
    """The slides' δ xᵀ."""
    return delta_h.T @ X, delta_h.sum(axis=0)


def inputs_reshaped(X, delta_h):
    """reshape for the transpose."""
    return X.reshape(X.shape[::-1]) @ delta_h, delta_h.sum(axis=0)


def product_reshaped(X, delta_h):
    """The transpose of the gradient, reshaped."""
    return (delta_h.T @ X).reshape(X.shape[1], delta_h.shape[1]), delta_h.sum(axis=0)


def signal_reshaped(X, delta_h):
    """The signal is turned round by reshape, and the product is transposed."""
    return (delta_h.reshape(delta_h.shape[::-1]) @ X).T, delta_h.sum(axis=0)


def biases_over_the_units(X, delta_h):
    """Sum over the wrong axis."""
    return X.T @ delta_h, delta_h.sum(axis=1)


def biases_averaged(X, delta_h):
    """Only db is a mean."""
    return X.T @ delta_h, delta_h.mean(axis=0)


def biases_keep_an_axis(X, delta_h):
    """(1, m)."""
    return X.T @ delta_h, delta_h.sum(axis=0, keepdims=True)


def biases_not_summed(X, delta_h):
    """One bias gradient an example."""
    return X.T @ delta_h, delta_h


def sums_before_the_product(X, delta_h):
    """Both factors are summed by themselves over the examples."""
    return np.outer(X.sum(axis=0), delta_h.sum(axis=0)), delta_h.sum(axis=0)


def last_example_only(X, delta_h):
    """The loop overwrites."""
    return np.outer(X[-1], delta_h[-1]), 1.0 * delta_h[-1]


def first_example_only(X, delta_h):
    """Only row 0."""
    return np.outer(X[0], delta_h[0]), 1.0 * delta_h[0]


def weights_divided_again(X, delta_h):
    """Only dW is a mean."""
    return X.T @ delta_h / len(X), delta_h.sum(axis=0)


def slope_once_more(X, delta_h):
    """1 − X² or the like is multiplied."""
    slope = 1 - np.tanh(X) ** 2
    return slope.T @ delta_h, delta_h.sum(axis=0)


def activated_inputs(X, delta_h):
    """tanh(X) for X."""
    return np.tanh(X).T @ delta_h, delta_h.sum(axis=0)


def inputs_summed_for_the_biases(X, delta_h):
    """db from X."""
    return X.T @ delta_h, X.sum(axis=0)


def biases_first(X, delta_h):
    """Returned in the wrong order."""
    return delta_h.sum(axis=0), X.T @ delta_h


def biases_in_one_number(X, delta_h):
    """Sum over everything."""
    return X.T @ delta_h, delta_h.sum()


def weights_alone(X, delta_h):
    """db is not returned."""
    return X.T @ delta_h


def biases_of_the_last_example(X, delta_h):
    """db is overwritten."""
    return X.T @ delta_h, 1.0 * delta_h[-1]


EXERCISE = Exercise(
    name="hidden_gradients",
    chapter="ch5_backprop",
    reference=backprop.hidden_gradients,
    returns=("dW", "db"),
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.25, by_meaning(agrees(), AXES)),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            mean_once_more, "both were divided by n once more. The 1/n has come down with the error signal."
        ),
        Misconception(transposed, "`dW` is transposed: it has the shape of `W`, inputs by hidden units."),
        Misconception(
            inputs_reshaped,
            "`X` was brought into the transposed shape without exchanging its axes, as `reshape` does: its entries stay in "
            "the order of the rows, and get to other places. `.T` exchanges the axes.",
        ),
        Misconception(
            product_reshaped,
            "`dW` was brought into its shape without exchanging its axes, as `reshape` does: its entries stay in the order of "
            "the rows, and get to other places. `.T` exchanges the axes.",
        ),
        Misconception(
            signal_reshaped,
            "`delta_h` was brought into the transposed shape without exchanging its axes, as `reshape` does: its entries stay "
            "in the order of the rows, and get to other places. `.T` exchanges the axes.",
        ),
        Misconception(
            biases_over_the_units,
            "`db` was summed over the hidden units. Every unit has a bias of its own: sum over the examples.",
        ),
        Misconception(biases_averaged, "`db` is a mean. The 1/n has come down with the error signal: a sum."),
        Misconception(
            biases_keep_an_axis, "`db` kept an axis of length 1. `b` has one axis, and so has its gradient."
        ),
        Misconception(
            biases_not_summed,
            "`db` still has a row an example. All examples use the same bias: their signals add up.",
        ),
        Misconception(
            sums_before_the_product,
            "both factors were summed over the examples by themselves, so each example meets every other one. The product "
            "belongs to each example, the sum comes after.",
        ),
        Misconception(
            last_example_only,
            "only the last example counts, as when each replaces the one before. All examples use the same weights: add up "
            "what each contributes.",
        ),
        Misconception(
            first_example_only,
            "only the first example counts. All examples use the same weights: add up what each contributes.",
        ),
        Misconception(
            weights_divided_again,
            "`dW` was divided by n once more. The 1/n has come down with the error signal.",
        ),
        Misconception(
            slope_once_more,
            "a slope came in. The input of this layer is `X` itself, and the slope of the units is in `delta_h` already.",
        ),
        Misconception(
            activated_inputs,
            "the inputs went through tanh. What the weights multiplied is `X` as it is.",
        ),
        Misconception(
            inputs_summed_for_the_biases,
            "`db` was summed from `X`. A bias has the input 1: its gradient is the signal itself, summed over the "
            "examples.",
        ),
        Misconception(
            biases_first,
            "the two are swapped: the weights come first, the biases second.",
        ),
        Misconception(
            biases_in_one_number,
            "`db` is one number. Every unit has a bias of its own: sum over the examples alone.",
        ),
        Misconception(
            weights_alone,
            "two things are asked for: the gradients of the weights and of the biases.",
        ),
        Misconception(
            biases_of_the_last_example,
            "`db` is the signal of the last example. All examples use the same bias: add their signals.",
        ),
    ),
    minutes=3,
    difficulty=1,
)
