"""`affine`: affine map of each row, ``Z = X W + c``: a layer before its activation."""

from __future__ import annotations

import numpy as np

from fnnkit import linear
from fnnkit.exercises.ch1_xor.four_points import XOR_X
from fnnkit.exercises.drawing import beyond, both_signs, fractions
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``affine(X, W, c)``."""
    value, edge = "X @ W + c", "one example, other widths"
    asymmetric = both_signs(rng, 2, 2) + np.array([[0.0, 5.0], [0.0, 0.0]])  # or W.T would be right
    whole = (rng.permuted(np.arange(-3, 5)).reshape(4, 2), np.array([[1, 2], [3, 4]]), np.array([-1, 5]))
    return [
        Case((XOR_X, np.ones((2, 2)), np.array([0.0, -1.0])), value, "the slides' hidden layer"),
        Case((both_signs(rng, 4, 2), asymmetric, both_signs(rng, 2)), value),
        Case((both_signs(rng, 3, 2), both_signs(rng, 2, 4), both_signs(rng, 4)), edge, "four units"),
        Case((both_signs(rng, 1, 3), both_signs(rng, 3, 2), both_signs(rng, 2)), edge, "one example"),
        *(Case(args, edge, why) for args, why in beyond(rng, (9, 5), (5, 3), (3,))),
        Case(whole, UNUSUAL, "whole numbers: the arrays are of integers"),
        Case(fractions(whole), UNUSUAL, "whole numbers in `X`: it alone is an array of integers"),
        Case(
            tuple(both_signs(rng, *s).astype(np.float32) for s in ((3, 2), (2, 3), (3,))),
            UNUSUAL,
            "float32: numbers with seven digits",
        ),
    ]


def affine_without_bias(X, W, c):
    """The bias is forgotten."""
    return X @ W


def affine_with_transposed_weights(X, W, c):
    """The slides' Wᵀ taken over although rows are examples here."""
    return X @ W.T + c


def bias_before_the_weights(X, W, c):
    """The bias is added to the inputs."""
    return (X + c) @ W


def bias_subtracted(X, W, c):
    """The sign of the bias."""
    return X @ W - c


def bias_for_every_feature(X, W, c):
    """The bias is added inside the sum over the features."""
    return X @ W + X.shape[1] * c


def affine_with_relu(X, W, c):
    """The activation is taken too."""
    return np.maximum(0, X @ W + c)


def biases_added_up(X, W, c):
    """All units get the sum of the biases."""
    return X @ W + np.sum(c)


def bias_into_the_weights(X, W, c):
    """The bias is added to each row of W."""
    return X @ (W + c)


def units_counted_by_inputs(X, W, c):
    """A loop over the units ends with the number of inputs."""
    out = np.zeros((len(X), W.shape[1]))
    for j in range(X.shape[1]):
        out[:, j] = X @ W[:, j] + c[j]
    return out


def result_as_wide_as_the_inputs(X, W, c):
    """The result has the shape of X."""
    out = np.zeros(X.shape)
    for j in range(X.shape[1]):
        out[:, j] = X @ W[:, j] + c[j]
    return out


def units_as_rows(X, W, c):
    """The slides' column vectors to the end."""
    return W.T @ X.T + c[:, None]


def bias_in_one_row(X, W, c):
    """The first example alone gets the bias."""
    Z = X @ W
    Z[:1] += c
    return Z


EXERCISE = Exercise(
    name="affine",
    chapter="ch1_xor",
    reference=linear.affine,
    cases=cases,
    criteria=(
        Criterion("X @ W + c", 0.25, agrees()),
        Criterion("one example, other widths", 0.25, agrees()),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            affine_without_bias,
            "the bias `c` is missing from what comes back: `X @ W + c` adds it to every row of the product.",
        ),
        Misconception(
            affine_with_transposed_weights,
            "the rows of `W` were taken for its columns: that is the slides' notation, with column vectors. Here each "
            "row of `X` is an example and each column of `W` a unit: `X @ W`.",
        ),
        Misconception(
            bias_before_the_weights,
            "the weights multiply `c` as well, as if it were added to the inputs. It belongs to the units: first `X @ "
            "W`, then `+ c`.",
        ),
        Misconception(bias_subtracted, "the bias is added, not subtracted: `X @ W + c`."),
        Misconception(
            bias_for_every_feature,
            "the bias `c` was added several times, as inside of the sum over the features. It belongs outside of that: "
            "once for each entry of the result.",
        ),
        Misconception(
            affine_with_relu,
            "negative numbers came out as 0: the activation is not part of this. A layer before its "
            "activation is asked for.",
        ),
        Misconception(
            biases_added_up,
            "every unit got the sum of all biases. Each unit has one of its own: `c` has one entry "
            "for each column of `W`.",
        ),
        Misconception(
            bias_into_the_weights,
            "`c` was added to the weights, so the inputs multiply it too. First the product, then the bias.",
        ),
        Misconception(
            units_counted_by_inputs,
            "only as many columns were computed as there are inputs. There is one for each unit, `W.shape[1]` of "
            "them.",
        ),
        Misconception(
            result_as_wide_as_the_inputs,
            "the result has as many columns as there are inputs. It has one for each unit, `W.shape[1]` of them.",
        ),
        Misconception(
            units_as_rows,
            "rows and columns of the result are exchanged, as with the slides' column vectors. A row belongs to an example "
            "here, and a column to a unit, as in `X @ W`.",
        ),
        Misconception(
            bias_in_one_row,
            "the bias was added to one row only. Every row is an example, and each of them gets all of `c`.",
        ),
    ),
    minutes=3,
    difficulty=1,
    core=False,
)
