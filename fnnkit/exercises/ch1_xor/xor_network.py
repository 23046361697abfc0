"""`xor_network`: one hidden layer of ReLUs and a linear output unit: ``y = max(0, X W + c) w + b``."""

from __future__ import annotations

import numpy as np

from fnnkit import xor
from fnnkit.exercises.ch1_xor.four_points import XOR_X
from fnnkit.exercises.drawing import beyond, both_signs, fractions, rounded
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``xor_network(X, W, c, w, b)``."""
    hidden, output, edge = "hidden features H", "output y", "one example, other widths"
    slides = (XOR_X, np.ones((2, 2)), np.array([0.0, -1.0]), np.array([1.0, -2.0]), 0.0)
    # Some pre-activations and some outputs are negative, some outputs between 0 and ½, others above 1, and a
    # hidden unit is between 0 and 1: a ReLU in a wrong place, a threshold and a bias left out show in each set of inputs.
    X = np.array([[1.0, 0.5], [-1.0, 1.5], [0.5, -1.5], [-1.5, -1.0], [-0.5, -1.0]]) + rounded(
        rng, 5, 2, scale=0.05
    )
    drawn = (
        X,
        np.array([[1.5, -1.0], [-0.5, 2.0]]) + rounded(rng, 2, 2, scale=0.05),
        np.array([0.75, -1.25]) + rounded(rng, 2, scale=0.05),
        np.array([-2.0, 1.0]) + rounded(rng, 2, scale=0.05),
        -1.5,
    )
    wide = (both_signs(rng, 5, 2), both_signs(rng, 2, 3), both_signs(rng, 3), both_signs(rng, 3), 0.75)
    single = (both_signs(rng, 1, 3), both_signs(rng, 3, 2), np.array([9.0, 9.0]), both_signs(rng, 2), -0.25)
    none = (np.zeros((0, 2)), both_signs(rng, 2, 4), both_signs(rng, 4), both_signs(rng, 4), 0.5)
    whole = (
        rng.permuted(np.arange(-3, 5)).reshape(4, 2),
        np.ones((2, 2), int),
        np.array([0, -1]),
        np.array([1, -2]),
        0,
    )
    small = tuple(np.asarray(a, dtype=np.float32) for a in drawn[:4])
    return [
        Case(slides, hidden, "the slides' solution of XOR"),
        Case(drawn, hidden),
        Case(slides, output, "the slides' solution of XOR"),
        Case(drawn, output),
        Case(wide, edge, "three hidden units"),
        Case(single, edge, "one example with three features"),
        *(Case((*args, 0.5), edge, why) for args, why in beyond(rng, (9, 5), (5, 3), (3,), (3,))),
        Case(none, UNUSUAL, "no example: `X` has 0 rows"),
        Case(whole, UNUSUAL, "whole numbers: the arrays are of integers"),
        Case(fractions(whole), UNUSUAL, "whole numbers in `X`: it alone is an array of integers"),
        Case((*small, -1.5), UNUSUAL, "float32: numbers with seven digits"),
    ]


def relu_before_bias(X, W, c, w, b):
    """ReLU of XW, then the bias."""
    H = np.maximum(0, X @ W) + c
    return H, H @ w + b


def relu_on_the_output(X, W, c, w, b):
    """A ReLU on the linear output unit."""
    H = np.maximum(0, X @ W + c)
    return H, np.maximum(0, H @ w + b)


def weights_transposed(X, W, c, w, b):
    """The slides' Wᵀ taken over although rows are examples here."""
    H = np.maximum(0, X @ W.T + c)
    return H, H @ w + b


def no_relu(X, W, c, w, b):
    """Two linear layers."""
    H = X @ W + c
    return H, H @ w + b


def before_the_relu_returned(X, W, c, w, b):
    """The output is right, and XW + c comes back for H."""
    Z = X @ W + c
    return Z, np.maximum(0, Z) @ w + b


def hidden_bias_forgotten(X, W, c, w, b):
    """The bias c is missing."""
    H = np.maximum(0, X @ W)
    return H, H @ w + b


def output_bias_forgotten(X, W, c, w, b):
    """The bias b is missing."""
    H = np.maximum(0, X @ W + c)
    return H, H @ w


def output_as_column(X, W, c, w, b):
    """Y has shape (n, 1)."""
    H = np.maximum(0, X @ W + c)
    return H, (H @ w + b).reshape(-1, 1)


def output_only(X, W, c, w, b):
    """H is not returned."""
    H = np.maximum(0, X @ W + c)
    return H @ w + b


def output_before_the_relu(X, W, c, w, b):
    """H is right, the output is computed from XW + c."""
    Z = X @ W + c
    return np.maximum(0, Z), Z @ w + b


def hidden_bias_subtracted(X, W, c, w, b):
    """A threshold."""
    H = np.maximum(0, X @ W - c)
    return H, H @ w + b


def output_bias_subtracted(X, W, c, w, b):
    """A threshold at the output."""
    H = np.maximum(0, X @ W + c)
    return H, H @ w - b


def threshold_units(X, W, c, w, b):
    """Hidden units that are 0 or 1."""
    H = np.where(X @ W + c > 0, 1.0, 0.0)
    return H, H @ w + b


def hidden_bias_for_every_input(X, W, c, w, b):
    """The bias inside the sum over inputs."""
    H = np.maximum(0, X @ W + X.shape[1] * c)
    return H, H @ w + b


def output_bias_for_every_unit(X, W, c, w, b):
    """The bias inside the sum over hidden units."""
    H = np.maximum(0, X @ W + c)
    return H, H @ w + len(w) * b


def output_rounded(X, W, c, w, b):
    """A decision in the place of the output."""
    H = np.maximum(0, X @ W + c)
    return H, (H @ w + b > 0.5).astype(float)


def terms_not_added(X, W, c, w, b):
    """One number for each unit."""
    H = np.maximum(0, X @ W + c)
    return H, H * w + b


def output_from_the_inputs(X, W, c, w, b):
    """The output layer looks at X."""
    return np.maximum(0, X @ W + c), X @ w + b


def units_added_without_weights(X, W, c, w, b):
    """The output weights are not used."""
    H = np.maximum(0, X @ W + c)
    return H, H.sum(axis=1) + b


def absolute_hidden_units(X, W, c, w, b):
    """|XW + c|."""
    H = np.abs(X @ W + c)
    return H, H @ w + b


def hidden_units_of_tanh(X, W, c, w, b):
    """Another activation: tanh."""
    H = np.tanh(X @ W + c)
    return H, H @ w + b


def hidden_units_of_the_sigmoid(X, W, c, w, b):
    """Another activation: the sigmoid."""
    H = 0.5 * (1 + np.tanh(0.5 * (X @ W + c)))
    return H, H @ w + b


def output_through_a_sigmoid(X, W, c, w, b):
    """The output is a probability."""
    H = np.maximum(0, X @ W + c)
    return H, 0.5 * (1 + np.tanh(0.5 * (H @ w + b)))


def relu_before_the_output_bias(X, W, c, w, b):
    """max(0, Hw) + b."""
    H = np.maximum(0, X @ W + c)
    return H, np.maximum(0, H @ w) + b


def output_bias_on_the_hidden_units(X, W, c, w, b):
    """(H + b)w."""
    H = np.maximum(0, X @ W + c)
    return H, (H + b) @ w


def hidden_units_as_rows(X, W, c, w, b):
    """The slides' column vectors: an example is a column of H."""
    H = np.maximum(0, W.T @ X.T + c[:, None])
    return H, w @ H + b


def output_as_row(X, W, c, w, b):
    """Y has shape (1, n)."""
    H = np.maximum(0, X @ W + c)
    return H, w[None, :] @ H.T + b


def hidden_units_clipped(X, W, c, w, b):
    """Cut off at 1 too."""
    H = np.clip(X @ W + c, 0, 1)
    return H, H @ w + b


def output_bias_inside_the_relu(X, W, c, w, b):
    """All biases are added at once."""
    H = np.maximum(0, X @ W + c + b)
    return H, H @ w


def terms_added_over_the_examples(X, W, c, w, b):
    """The sum over the wrong axis."""
    H = np.maximum(0, X @ W + c)
    return H, (H * w).sum(axis=0) + b


EXERCISE = Exercise(
    name="xor_network",
    chapter="ch1_xor",
    reference=xor.xor_network,
    returns=("H", "y"),
    cases=cases,
    criteria=(
        Criterion("hidden features H", 0.5, agrees(part=0)),
        Criterion("output y", 0.75, agrees(part=1)),
        Criterion("one example, other widths", 0.25, agrees()),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            relu_before_bias,
            "the ReLU was taken before the bias `c` was added. The hidden unit is max(0, XW + c): the bias decides "
            "where the kink is.",
        ),
        Misconception(
            relu_on_the_output,
            "there is a ReLU on the output. The output unit is linear, so `y` may be negative.",
        ),
        Misconception(
            weights_transposed,
            "the rows of `W` were taken for its columns: that is the slides' notation, with column vectors. Here each "
            "row of `X` is an example and each column of `W` a unit: `X @ W`.",
        ),
        Misconception(
            no_relu,
            "what comes back as `H` is not cut off at 0: without the ReLU two layers are one linear model, and that "
            "cannot do XOR.",
        ),
        Misconception(
            before_the_relu_returned,
            "what comes back as `H` is XW + c: the hidden features are that after max(0, ·).",
        ),
        Misconception(hidden_bias_forgotten, "the hidden bias `c` is missing: max(0, XW + c)."),
        Misconception(output_bias_forgotten, "the output bias `b` is missing: y = Hw + b."),
        Misconception(
            output_as_column,
            "your code makes a second axis, of length 1: `w` or `y` was turned into a column, or a sum has kept its axis. "
            "Leave that out: `w` has shape `(m,)`, and `H @ w` then has shape `(n,)`.",
        ),
        Misconception(
            output_as_row,
            "your code makes a second axis, of length 1: `w` or `y` was turned into a row, or a sum has kept its axis. "
            "Leave that out: `w` has shape `(m,)`, and `H @ w` then has shape `(n,)`.",
        ),
        Misconception(
            hidden_units_as_rows,
            "rows and columns of `H` are exchanged, as with the slides' column vectors. A row belongs to an example here, "
            "and a column to a hidden unit, as in `X @ W`.",
        ),
        Misconception(
            output_only,
            "only `y` is returned. The hidden features are asked for too: `return H, y`.",
        ),
        Misconception(
            output_before_the_relu,
            "`H` is right, and the output does not use it: it was computed from XW + c, before the ReLU.",
        ),
        Misconception(
            hidden_bias_subtracted,
            "the hidden bias was subtracted, as a threshold is. A bias is added.",
        ),
        Misconception(
            output_bias_subtracted,
            "the output bias was subtracted, as a threshold is. A bias is added.",
        ),
        Misconception(
            threshold_units,
            "the hidden units give 0 or 1, as threshold units do. A ReLU gives what is above 0 as it is.",
        ),
        Misconception(
            hidden_bias_for_every_input,
            "the hidden bias was added several times, as inside of the sum over the inputs. It belongs outside of "
            "that: once for each unit.",
        ),
        Misconception(
            output_bias_for_every_unit,
            "`b` was added several times, as inside of the sum over the hidden units. It belongs outside of that: once "
            "for each example.",
        ),
        Misconception(
            output_rounded,
            "the output was turned into 0 or 1. It is linear: return the number itself.",
        ),
        Misconception(
            terms_not_added,
            "each hidden unit was multiplied by its weight, and they were not added up. An output is "
            "one number for each example.",
        ),
        Misconception(
            output_from_the_inputs,
            "the output layer looks at the inputs. It gets the hidden features `H`.",
        ),
        Misconception(
            units_added_without_weights,
            "the hidden units were added up without their weights: `w` is not used.",
        ),
        Misconception(
            absolute_hidden_units,
            "negative numbers come out positive in the hidden layer: this is an absolute value. The "
            "ReLU turns them into 0.",
        ),
        Misconception(
            hidden_units_of_tanh,
            "the hidden units are tanh here. The network of this exercise has ReLUs: max(0, ·).",
        ),
        Misconception(
            hidden_units_of_the_sigmoid,
            "the hidden units are sigmoids here. The network of this exercise has ReLUs: max(0, ·).",
        ),
        Misconception(
            output_through_a_sigmoid,
            "the output went through a sigmoid. The output unit is linear: return the number itself.",
        ),
        Misconception(
            relu_before_the_output_bias,
            "there is a ReLU on the output, before its bias. The output unit is linear.",
        ),
        Misconception(
            output_bias_on_the_hidden_units,
            "`b` was added to the hidden features, so the output weights multiply it. It is added at "
            "the very end.",
        ),
        Misconception(
            hidden_units_clipped,
            "the hidden units were cut off at 1 as well. A ReLU cuts off below 0, and gives what is above 0 as it is.",
        ),
        Misconception(
            output_bias_inside_the_relu,
            "`b` was added inside of the ReLUs of the hidden units. It belongs to the output, after the output weights.",
        ),
        Misconception(
            terms_added_over_the_examples,
            "the products of hidden units and output weights were added over the examples. Each example has an output of its "
            "own: add over the hidden units.",
        ),
    ),
    verify="Print `X @ W + c` for this call: `H` should be that with 0 where it is negative, and `y` should be `H @ w + b`.",
    minutes=10,
    difficulty=2,
)
