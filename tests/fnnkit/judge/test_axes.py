"""What is said of shapes, in the words of an exercise."""

import numpy as np
import pytest

from fnnkit.judge.axes import by_meaning
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Case, Criterion, Exercise
from fnnkit.kernel.call import call

AXES = {"X": ("examples", "inputs"), "W": ("inputs", "hidden units"), "": ("examples", "hidden units")}
X, W = np.arange(15.0).reshape(5, 3) + 1.0, np.arange(12.0).reshape(3, 4) - 5.5


def affine(X, W):
    return X @ W


def cause(answer, asked=affine, axes=AXES):
    exercise = Exercise(
        "f", "c", asked, lambda rng: [], (Criterion("v", 1.0, by_meaning(agrees(), axes)),), (), 1, 1
    )
    problem = exercise.judge([Case((X, W), "v")], [call(answer, (X, W))]).results[0].problem
    return problem.cause if problem else None


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda X, W: (X @ W).T, "it is transposed: rows are examples, 5 and columns are hidden units, 4"),
        (lambda X, W: (X @ W)[:3], "rows are examples, 5; you have the 3 inputs there"),
        (lambda X, W: (X @ W)[:, :2], "columns are hidden units, 4; you have 2 there"),
        (lambda X, W: (X @ W).sum(axis=0), "the axis of the 5 examples is gone"),
        (lambda X, W: (X @ W).mean(axis=1), "the axis of the 4 hidden units is gone"),
        (lambda X, W: X[:, :, None] * W, "there is an axis for the 3 inputs too"),
        (
            lambda X, W: X @ W.T,
            "the last axis of the left factor counts 3 inputs, the first of the right one 4 hidden",
        ),
        (lambda X, W: X + W, "(5 examples, 3 inputs) against (3 inputs, 4 hidden units)"),
    ],
)
def test_an_axis_is_named_by_what_it_counts(answer, words):
    assert words in cause(answer)


def test_values_are_left_to_the_test():
    assert cause(affine) is None
    assert "examples" not in cause(lambda X, W: 2 * (X @ W))


def test_one_axis_of_length_1_too_many():
    def sums(X, W):
        return W.sum(axis=0)

    said = cause(lambda X, W: W.sum(axis=0, keepdims=True), sums, {"W": AXES["W"], "": ("hidden units",)})
    assert said == "there is an axis of length 1 too many: wanted is one entry for each of the 4 hidden units"
