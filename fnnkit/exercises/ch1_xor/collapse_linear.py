"""`collapse_linear`: the one affine map equal to two stacked ones: ``(X W1 + c1) W2 + c2 = X (W1 W2) + (c1 W2 + c2)``."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import linear
from fnnkit.exercises.drawing import beyond, both_signs
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``collapse_linear(W1, c1, W2, c2)``; as long as all widths are equal, wrong orders fit too."""
    weights, bias, widths = "the weights W", "the bias c", "layers of different widths"

    def layers(d: int, m: int, p: int) -> tuple[Any, ...]:
        return both_signs(rng, d, m), both_signs(rng, m), both_signs(rng, m, p), both_signs(rng, p)

    # Neither matrix is symmetric, and they do not commute.
    turn = (np.array([[0.0, 3.0], [0.0, 0.0]]), 0.0, np.array([[0.0, 0.0], [4.0, 0.0]]), 0.0)
    square = tuple(part + more for part, more in zip(layers(2, 2, 2), turn, strict=True))
    by_hand = (
        np.array([[1.0, 2.0], [0.0, 1.0]]),
        np.array([1.0, -1.0]),
        np.array([[1.0, 0.0], [3.0, 1.0]]),
        np.array([2.0, 5.0]),
    )
    return [
        Case(by_hand, weights, "whole numbers"),
        Case(square, weights),
        Case(by_hand, bias, "whole numbers"),
        Case(square, bias),
        Case(layers(2, 3, 4), widths, "widths 2, 3, 4"),
        Case(layers(4, 2, 1), widths, "widths 4, 2, 1"),
        Case(layers(1, 1, 1), widths, "widths 1, 1, 1"),
        *(
            Case(args, widths, f"widths 9, 5, 3, {why}")
            for args, why in beyond(rng, (9, 5), (5,), (5, 3), (3,))
        ),
    ]


def weights_in_the_order_of_the_slides(W1, c1, W2, c2):
    """``W2 @ W1``: right for column vectors."""
    return W2 @ W1, c1 @ W2 + c2


def first_bias_forgotten(W1, c1, W2, c2):
    """Only the second bias is kept."""
    return W1 @ W2, c2


def biases_added(W1, c1, W2, c2):
    """The first bias does not pass through the second layer."""
    return W1 @ W2, c1 + c2


def second_bias_forgotten(W1, c1, W2, c2):
    """Only the first bias is kept."""
    return W1 @ W2, c1 @ W2


def bias_times_transposed_weights(W1, c1, W2, c2):
    """``W2 @ c1``."""
    return W1 @ W2, W2 @ c1 + c2


def weights_multiplied_entry_by_entry(W1, c1, W2, c2):
    """``*`` in the place of ``@``."""
    return W1 * W2, c1 @ W2 + c2


def last_hidden_bias_only(W1, c1, W2, c2):
    """In a loop each unit's contribution overwrites the one before."""
    return W1 @ W2, c1[-1] * W2[-1] + c2


def bias_kept_in_the_weights(W1, c1, W2, c2):
    """The outputs at unit vectors are taken for the weights."""
    bias = c1 @ W2 + c2
    return W1 @ W2 + bias, bias


def relu_on_the_hidden_bias(W1, c1, W2, c2):
    """A ReLU between the layers, for the bias."""
    return W1 @ W2, np.maximum(0, c1) @ W2 + c2


def relu_on_everything_between(W1, c1, W2, c2):
    """A ReLU between the layers, for weights and bias."""
    return np.maximum(0, W1) @ W2, np.maximum(0, c1) @ W2 + c2


def bias_through_both_layers(W1, c1, W2, c2):
    """The first bias goes through the first weights too."""
    return W1 @ W2, c1 @ (W1 @ W2) + c2


def weights_added(W1, c1, W2, c2):
    """The sum of the matrices."""
    return W1 + W2, c1 @ W2 + c2


def both_biases_through_the_second(W1, c1, W2, c2):
    """The second bias is multiplied as well."""
    return W1 @ W2, (c1 + c2) @ W2


def second_bias_multiplied(W1, c1, W2, c2):
    """The roles of the biases are exchanged."""
    return W1 @ W2, c2 @ W2 + c1


def second_bias_for_every_unit(W1, c1, W2, c2):
    """The second bias is added inside the sum over hidden units."""
    return W1 @ W2, c1 @ W2 + len(c1) * c2


def bias_without_the_second_weights(W1, c1, W2, c2):
    """Only the first bias, and not through the second layer."""
    return W1 @ W2, c1


def sums_of_the_second_weights(W1, c1, W2, c2):
    """Each bias times the sum of a column."""
    return W1 @ W2, c1 * W2.sum(axis=0) + c2


def product_transposed(W1, c1, W2, c2):
    """The slides' column vectors to the end: W2ᵀ W1ᵀ."""
    return W2.T @ W1.T, c1 @ W2 + c2


def first_weights_transposed(W1, c1, W2, c2):
    """The first matrix alone is taken as on the slides."""
    return W1.T @ W2, c1 @ W2 + c2


def second_weights_transposed(W1, c1, W2, c2):
    """The second matrix alone is taken as on the slides."""
    return W1 @ W2.T, W2 @ c1 + c2


def both_transposed_in_place(W1, c1, W2, c2):
    """Both matrices are transposed, and their order is kept."""
    return W1.T @ W2.T, W2 @ c1 + c2


def bias_through_the_first_weights(W1, c1, W2, c2):
    """The first bias meets the weights of its own layer."""
    return W1 @ W2, c1 @ W1 + c2


def everything_through_all_layers(W1, c1, W2, c2):
    """Each bias goes through its own layer and those after it."""
    return W1 @ W2, c1 @ W1 @ W2 + c2 @ W2


def biases_multiplied(W1, c1, W2, c2):
    """As the weights are."""
    return W1 @ W2, c1 * c2


def first_bias_summed(W1, c1, W2, c2):
    """All outputs get one number."""
    return W1 @ W2, np.sum(c1 @ W2) + c2


EXERCISE = Exercise(
    name="collapse_linear",
    chapter="ch1_xor",
    reference=linear.collapse_linear,
    returns=("W", "c"),
    cases=cases,
    criteria=(
        Criterion("the weights W", 0.25, agrees(part=0)),
        Criterion("the bias c", 0.25, agrees(part=1)),
        Criterion("layers of different widths", 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            weights_in_the_order_of_the_slides,
            "the matrices were multiplied as W2 W1, the order for column vectors. A row meets `W1` first: `X @ W1 @ "
            "W2`.",
        ),
        Misconception(
            first_bias_forgotten,
            "the bias of the first layer is lost. It goes through the second layer as everything else does: "
            "multiply (X W1 + c1) W2 out.",
        ),
        Misconception(
            biases_added,
            "`c1` was added as it is. The second layer multiplies whatever the first one gives, its bias too: "
            "multiply (X W1 + c1) W2 out.",
        ),
        Misconception(second_bias_forgotten, "the bias of the second layer, `c2`, is missing."),
        Misconception(
            bias_times_transposed_weights,
            "`c1` was multiplied by the rows of `W2`, the slides' order. Here `c1` stands where a row of features "
            "stands: on the left of `W2`.",
        ),
        Misconception(
            weights_multiplied_entry_by_entry,
            "the matrices were multiplied entry by entry. Layers one after the other need the matrix product, `@`.",
        ),
        Misconception(
            last_hidden_bias_only,
            "only the last hidden unit's bias arrives in `c`, as where each overwrites the one before. All hidden "
            "units add to the bias of an output.",
        ),
        Misconception(
            bias_kept_in_the_weights,
            "the bias stands in every row of your `W` too, as it does in what both layers give for unit vectors. Take "
            "it away there: it belongs to `c` only.",
        ),
        Misconception(
            relu_on_the_hidden_bias,
            "negative entries of `c1` were cut off, as by a ReLU. There is no activation between "
            "these two layers.",
        ),
        Misconception(
            relu_on_everything_between,
            "negative entries of the first layer were cut off, as by a ReLU. There is no activation "
            "between these two layers.",
        ),
        Misconception(
            bias_through_both_layers,
            "`c1` was sent through both layers. It is added after the first weights, so it meets the "
            "second ones only.",
        ),
        Misconception(
            weights_added,
            "the two matrices were added. One layer after the other multiplies them.",
        ),
        Misconception(
            both_biases_through_the_second,
            "`c2` was multiplied by `W2` as well. It is added at the very end, after all weights.",
        ),
        Misconception(
            second_bias_multiplied,
            "the two biases are exchanged: the first one goes through `W2`, the second one is added "
            "at the end.",
        ),
        Misconception(
            second_bias_for_every_unit,
            "`c2` was added several times, as inside of the sum over the hidden units. It belongs outside of that: "
            "once for each output.",
        ),
        Misconception(
            bias_without_the_second_weights,
            "the bias is that of the first layer as it is. The second layer multiplies it, and adds a "
            "bias of its own.",
        ),
        Misconception(
            sums_of_the_second_weights,
            "each entry of `c1` was multiplied by a sum of weights. Each hidden bias meets its own "
            "weight to each output.",
        ),
        Misconception(
            product_transposed,
            "your `W` is the transpose of the product W1 W2, as W2ᵀ W1ᵀ is: the slides' order, for column vectors. Here "
            "rows meet the weights from the left, so the product is taken as it is: `X @ W1 @ W2`.",
        ),
        Misconception(
            first_weights_transposed,
            "`W1` was transposed before the product. A row of features meets it as it is: `X @ W1 @ W2`.",
        ),
        Misconception(
            second_weights_transposed,
            "`W2` was transposed before the product. A row of hidden features meets it as it is: `X @ W1 @ W2`.",
        ),
        Misconception(
            both_transposed_in_place,
            "your `W` is W1ᵀ W2ᵀ, the transpose of W2 W1: transposing turns the order round. No matrix is transposed here: "
            "`X @ W1 @ W2`.",
        ),
        Misconception(
            bias_through_the_first_weights,
            "`c1` was multiplied by `W1`, the weights of its own layer. It is added after them, so it meets those of the "
            "second layer, `W2`.",
        ),
        Misconception(
            everything_through_all_layers,
            "each bias was multiplied by the weights of its own layer too. A bias is added after these: `c1` meets `W2` "
            "only, and `c2` no weights at all.",
        ),
        Misconception(
            biases_multiplied,
            "the biases were multiplied with each other. `c1` goes through the second layer, which multiplies it by `W2` "
            "and adds `c2`.",
        ),
        Misconception(
            first_bias_summed,
            "what the first bias gives was added up over the outputs. Each output has a number of its own.",
        ),
    ),
    verify="Check it: for any `X`, `X @ W + c` should give the same as `(X @ W1 + c1) @ W2 + c2`.",
    minutes=10,
    difficulty=2,
)
