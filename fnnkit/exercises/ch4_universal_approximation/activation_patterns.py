"""`activation_patterns`: how many on/off patterns of all ReLUs the rows of X meet."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import expressivity
from fnnkit.exercises.ch4_universal_approximation.counts import exact
from fnnkit.exercises.ch4_universal_approximation.layers import pre_activations, random_layers
from fnnkit.exercises.drawing import rounded
from fnnkit.judge.criteria import UNUSUAL, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

VALUE = "patterns of all layers together"
ONE = "one hidden layer"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``activation_patterns(X, weights, biases)``.

    No pre-activation is near 0, and inputs are drawn until the known mistakes count something else: several patterns, fewer
    than rows, more than a layer has by itself.
    """

    def call(n: int, *widths: int) -> tuple[Any, Any, Any]:
        while True:
            X = rounded(rng, n, widths[0], scale=1.5)
            weights, biases = random_layers(rng, *widths)
            if min(np.abs(z).min() for z in pre_activations(X, weights, biases)) < 1e-6:
                continue
            right = expressivity.activation_patterns(X, weights, biases)
            # With one layer several of them are right.
            known = (number_of_rows, most_units_on) if len(widths) == 2 else COUNTS
            if right > 3 and all(wrong(X, weights, biases) != right for wrong in known):
                return X, weights, biases

    layers = random_layers(rng, 2, 3, 2)
    twice = call(12, 2, 3, 3)
    return [
        Case(call(12, 2, 3, 2), VALUE),
        Case(call(30, 3, 4, 3), VALUE),
        Case((np.vstack([twice[0], twice[0][:5]]), *twice[1:]), VALUE, "some rows occur twice"),
        Case(call(60, 2, 4, 3, 2), VALUE, "three hidden layers"),
        Case(call(12, 2, 4), ONE),
        Case(call(40, 5, 5), ONE),
        Case(call(50, 3, 6), ONE),
        Case((np.zeros((0, 2)), *layers), UNUSUAL, "no example: `X` has 0 rows"),
        Case((rounded(rng, 1, 2), *layers), UNUSUAL, "one example"),
        Case(
            (rng.permutation(np.arange(-6, 6)).reshape(6, 2), *random_layers(rng, 2, 3, 2)),
            UNUSUAL,
            "whole numbers",
        ),
    ]


def last_layer_only(X, weights, biases):
    """Only the last layer's pattern is looked at."""
    on = []
    for W, c in zip(weights, biases):  # noqa: B905
        Z = X @ W + c
        on.append(Z > 0)
        X = np.maximum(0, Z)
    return len(np.unique(on[-1], axis=0))


def first_layer_only(X, weights, biases):
    """Only the first layer's pattern is looked at."""
    on = []
    for W, c in zip(weights, biases):  # noqa: B905
        Z = X @ W + c
        on.append(Z > 0)
        X = np.maximum(0, Z)
    return len(np.unique(on[0], axis=0))


def last_layer_left_out(X, weights, biases):
    """As if it were the output."""
    on = []
    for W, c in zip(weights[:-1], biases[:-1]):  # noqa: B905
        X = np.maximum(0, X @ W + c)
        on.append(X > 0)
    return len(np.unique(np.hstack(on), axis=0))


def sum_of_the_layers(X, weights, biases):
    """Each layer is counted by itself, and the counts are added."""
    on = []
    for W, c in zip(weights, biases):  # noqa: B905
        Z = X @ W + c
        on.append(Z > 0)
        X = np.maximum(0, Z)
    return sum(len(np.unique(layer, axis=0)) for layer in on)


def product_of_the_layers(X, weights, biases):
    """Each layer is counted by itself, and the counts are multiplied."""
    on = []
    for W, c in zip(weights, biases):  # noqa: B905
        Z = X @ W + c
        on.append(Z > 0)
        X = np.maximum(0, Z)
    product = 1
    for layer in on:
        product *= len(np.unique(layer, axis=0))
    return product


def without_relus(X, weights, biases):
    """Pre-activations are passed on."""
    patterns = []
    for W, c in zip(weights, biases):  # noqa: B905
        X = X @ W + c
        patterns.append(X > 0)
    return len(np.unique(np.hstack(patterns), axis=0))


def without_biases(X, weights, biases):
    """Regions through the origin."""
    patterns = []
    for W in weights:
        X = np.maximum(0, X @ W)
        patterns.append(X > 0)
    return len(np.unique(np.hstack(patterns), axis=0))


def distinct_outputs(X, weights, biases):
    """Values in the place of patterns."""
    for W, c in zip(weights, biases):  # noqa: B905
        X = np.maximum(0, X @ W + c)
    return len(np.unique(np.round(X, 9), axis=0))


def distinct_pre_activations(X, weights, biases):
    """Values, whatever their sign."""
    found = []
    for W, c in zip(weights, biases):  # noqa: B905
        Z = X @ W + c
        found.append(Z)
        X = np.maximum(0, Z)
    return len(np.unique(np.hstack(found), axis=0))


def numbers_of_units_on(X, weights, biases):
    """How many units are on, not which."""
    on = []
    for W, c in zip(weights, biases):  # noqa: B905
        Z = X @ W + c
        on.append(Z > 0)
        X = np.maximum(0, Z)
    return len(set(np.hstack(on).sum(axis=1).tolist()))


def number_of_rows(X, weights, biases):
    """Every row counts."""
    return len(X)


def most_units_on(X, weights, biases):
    """Units that are on somewhere."""
    on = []
    for W, c in zip(weights, biases):  # noqa: B905
        Z = X @ W + c
        on.append(Z > 0)
        X = np.maximum(0, Z)
    return int(np.hstack(on).any(axis=0).sum())


def changes_between_rows(X, weights, biases):
    """As with pieces on a line."""
    on = []
    for W, c in zip(weights, biases):  # noqa: B905
        X = X @ W + c
        on.append(X > 0)
        X = np.maximum(0, X)
    P = np.hstack(on)
    return int(len(P) > 0) + int((P[1:] != P[:-1]).any(axis=1).sum())


def codes_that_restart(X, weights, biases):
    """Powers of two begin at 1 again in each layer."""
    code = np.zeros(len(X))
    for W, c in zip(weights, biases):  # noqa: B905
        X = np.maximum(0, X @ W + c)
        code = code + (X > 0) @ 2.0 ** np.arange(X.shape[1])
    return len(set(code.tolist()))


def numbers_of_units_on_in_each_layer(X, weights, biases):
    """How many in each layer, not which."""
    counts = []
    for W, c in zip(weights, biases):  # noqa: B905
        X = np.maximum(0, X @ W + c)
        counts.append((X > 0).sum(axis=1))
    return len(set(zip(*counts)))  # noqa: B905


def different_truth_values(X, weights, biases):
    """np.unique without an axis."""
    on = []
    for W, c in zip(weights, biases):  # noqa: B905
        X = np.maximum(0, X @ W + c)
        on.append(X > 0)
    return len(np.unique(np.hstack(on)))


def patterns_of_the_units(X, weights, biases):
    """Different columns."""
    on = []
    for W, c in zip(weights, biases):  # noqa: B905
        X = np.maximum(0, X @ W + c)
        on.append(X > 0)
    return len({tuple(column) for column in np.hstack(on).T.tolist()})


def patterns_that_could_be(X, weights, biases):
    """2 to the number of units."""
    return 2 ** sum(len(c) for c in biases)


def inputs_in_the_pattern(X, weights, biases):
    """The signs of the inputs as well."""
    on = [X > 0]
    for W, c in zip(weights, biases):  # noqa: B905
        X = np.maximum(0, X @ W + c)
        on.append(X > 0)
    return len({tuple(row) for row in np.hstack(on).tolist()})


def what_goes_into_each_layer(X, weights, biases):
    """The input in the place of the last layer."""
    on = []
    for W, c in zip(weights, biases):  # noqa: B905
        on.append(X > 0)
        X = np.maximum(0, X @ W + c)
    return len(np.unique(np.hstack(on), axis=0))


def biases_after_the_relus(X, weights, biases):
    """max(0, H W) + c."""
    on = []
    for W, c in zip(weights, biases):  # noqa: B905
        X = np.maximum(0, X @ W) + c
        on.append(X > 0)
    return len({tuple(row) for row in np.hstack(on).tolist()})


COUNTS = (
    last_layer_only,
    first_layer_only,
    sum_of_the_layers,
    product_of_the_layers,
    without_relus,
    without_biases,
    distinct_outputs,
    numbers_of_units_on,
    number_of_rows,
    most_units_on,
)

EXERCISE = Exercise(
    name="activation_patterns",
    chapter="ch4_universal_approximation",
    reference=expressivity.activation_patterns,
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.75, exact),
        Criterion(ONE, 0.25, exact),
        Criterion(UNUSUAL, 0.25, exact),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            last_layer_only,
            "only the patterns of the last layer are counted. Two inputs lie in one region if *all* units "
            "agree, those of earlier "
            "layers too.",
        ),
        Misconception(
            first_layer_only,
            "only the patterns of the first layer are counted. The later layers cut further.",
        ),
        Misconception(
            last_layer_left_out,
            "the units of the last layer are left out. A ReLU follows every layer of the lists, the last one too: a "
            "pattern has an entry for each unit of all of them.",
        ),
        Misconception(
            sum_of_the_layers,
            "each layer's patterns are counted by themselves and added. A region is one pattern of all layers together: put them "
            "side by side first.",
        ),
        Misconception(
            product_of_the_layers,
            "each layer's counts are multiplied, as if every pattern of one layer met every pattern of the next. Count the "
            "combinations that occur: put the layers side by side first.",
        ),
        Misconception(
            without_relus, "the pre-activations are passed on. The next layer sees max(0, Z), not Z."
        ),
        Misconception(
            without_biases,
            "the biases are missing: a pre-activation is H W + c.",
        ),
        Misconception(
            distinct_outputs,
            "distinct *outputs* are counted. Within a region outputs can differ from row to row; the pattern is the "
            "same.",
        ),
        Misconception(
            distinct_pre_activations,
            "rows with other numbers in them are counted as other patterns. A pattern holds only whether each unit is "
            "on, that is, whether its pre-activation is positive.",
        ),
        Misconception(
            numbers_of_units_on,
            "patterns with equally many units on are taken for one. *Which* units are on makes the pattern.",
        ),
        Misconception(number_of_rows, "every row counts. Rows with the same pattern lie in the same region."),
        Misconception(most_units_on, "units are counted, not patterns."),
        Misconception(
            changes_between_rows,
            "changes from one row to the next are counted, so that a pattern that comes back counts again. The "
            "rows of `X` are in no order: count *different* patterns.",
        ),
        Misconception(
            codes_that_restart,
            "different patterns get the same code: in each layer the powers of two begin at 1 again. Every unit "
            "of every layer needs a digit of its own.",
        ),
        Misconception(
            numbers_of_units_on_in_each_layer,
            "of each layer only *how many* units are on is looked at. Which ones they are makes the pattern.",
        ),
        Misconception(
            different_truth_values,
            "single entries were compared, and there are only two different ones, on and off. A pattern is a whole "
            "*row* of them, and rows are what has to be compared.",
        ),
        Misconception(
            patterns_of_the_units,
            "different *columns* were counted, which belong to units. A pattern belongs to an example, a row.",
        ),
        Misconception(
            patterns_that_could_be,
            "this is how many patterns could be. How many of them *occur* among the rows of `X` is asked for.",
        ),
        Misconception(
            inputs_in_the_pattern,
            "the signs of the inputs are in the pattern too. Inputs are no units: it has one entry for each "
            "hidden unit.",
        ),
        Misconception(
            what_goes_into_each_layer,
            "the signs of what goes *into* each layer are compared: those of the inputs are in the pattern, and the "
            "last layer's are not. It has one entry for each hidden unit of all layers.",
        ),
        Misconception(
            biases_after_the_relus,
            "the biases are added after the ReLUs. They belong to the pre-activations: max(0, H W + c).",
        ),
    ),
    minutes=10,
    difficulty=2,
)
