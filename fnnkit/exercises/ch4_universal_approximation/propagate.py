"""`propagate`: activations of all layers, the input first."""

from __future__ import annotations

import numpy as np

from fnnkit import expressivity
from fnnkit.exercises.ch4_universal_approximation.layers import random_layers
from fnnkit.exercises.drawing import rounded
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception
from fnnkit.kernel.named import Named

VALUE = "every layer, the input first"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``propagate(X, weights, biases, phi)``: axes of different lengths, but for one square pair."""
    relu, tanh, square = Named("relu"), Named("tanh"), Named("square")
    square_layers = random_layers(rng, 3, 3, 3)
    return [
        Case((rounded(rng, 5, 2), *random_layers(rng, 2, 4, 3), tanh), VALUE, "two layers"),
        Case((rounded(rng, 4, 3), *random_layers(rng, 3, 2), square), VALUE, "one layer"),
        Case((rounded(rng, 2, 3), *square_layers, tanh), VALUE, "square weights"),
        Case((rounded(rng, 1, 2), *random_layers(rng, 2, 5, 3, 4), relu), VALUE, "three layers, one example"),
        Case(
            (rounded(rng, 25, 2, scale=3.0), *random_layers(rng, 2, 3, 4, 2, 3), tanh),
            VALUE,
            "four layers, 25 examples",
        ),
        Case(
            (np.abs(rounded(rng, 3, 6)), *random_layers(rng, 6, 2, 4), tanh),
            VALUE,
            "six inputs, none negative",
        ),
        Case((-np.abs(rounded(rng, 4, 2)), *random_layers(rng, 2, 3, 5), relu), VALUE, "negative inputs"),
        Case((np.zeros((0, 2)), *random_layers(rng, 2, 3), tanh), UNUSUAL, "no example: `X` has 0 rows"),
        Case((rng.integers(-3, 4, (4, 2)), *random_layers(rng, 2, 3, 1), tanh), UNUSUAL, "whole numbers"),
    ]


def pre_activations_returned(X, weights, biases, phi):
    """The list holds Z, not H."""
    H, out = X, [X]
    for W, c in zip(weights, biases):  # noqa: B905
        Z = H @ W + c
        out.append(Z)
        H = phi(Z)
    return out


def last_layer_affine(X, weights, biases, phi):
    """The last layer has no activation."""
    H = [X]
    for i, (W, c) in enumerate(zip(weights, biases)):  # noqa: B905
        Z = H[-1] @ W + c
        H.append(Z if i == len(weights) - 1 else phi(Z))
    return H


def first_layer_affine(X, weights, biases, phi):
    """The first layer has no activation."""
    H = [X]
    for i, (W, c) in enumerate(zip(weights, biases)):  # noqa: B905
        Z = H[-1] @ W + c
        H.append(phi(Z) if i > 0 else Z)
    return H


def input_missing(X, weights, biases, phi):
    """One array too few."""
    out = []
    for W, c in zip(weights, biases):  # noqa: B905
        X = phi(X @ W + c)
        out.append(X)
    return out


def last_layer_alone(X, weights, biases, phi):
    """Only the last array."""
    for W, c in zip(weights, biases):  # noqa: B905
        X = phi(X @ W + c)
    return X


def biases_forgotten(X, weights, biases, phi):
    """H @ W."""
    H = [X]
    for W in weights:
        H.append(phi(H[-1] @ W))
    return H


def bias_after_the_activation(X, weights, biases, phi):
    """φ(H W) + c."""
    H = [X]
    for W, c in zip(weights, biases):  # noqa: B905
        H.append(phi(H[-1] @ W) + c)
    return H


def transposed_weights(X, weights, biases, phi):
    """W.T, as on the slides."""
    H = [X]
    for W, c in zip(weights, biases):  # noqa: B905
        H.append(phi(H[-1] @ W.T + c))
    return H


def activation_on_the_input(X, weights, biases, phi):
    """φ(X) first."""
    H = [phi(X)]
    for W, c in zip(weights, biases):  # noqa: B905
        H.append(phi(H[-1] @ W + c))
    return H


def no_activation(X, weights, biases, phi):
    """A stack of affine maps."""
    H = [X]
    for W, c in zip(weights, biases):  # noqa: B905
        H.append(H[-1] @ W + c)
    return H


def input_in_the_place_of_the_first_layer(X, weights, biases, phi):
    """Stops one layer early."""
    H = [X]
    for W, c in list(zip(weights, biases))[:-1]:  # noqa: B905
        H.append(phi(H[-1] @ W + c))
    return H


def activation_before_the_map(X, weights, biases, phi):
    """φ(H) W + c."""
    H = [X]
    for W, c in zip(weights, biases):  # noqa: B905
        H.append(phi(H[-1]) @ W + c)
    return H


def activation_before_and_after(X, weights, biases, phi):
    """φ(φ(H) W + c)."""
    H = [X]
    for W, c in zip(weights, biases):  # noqa: B905
        H.append(phi(phi(H[-1]) @ W + c))
    return H


def output_first(X, weights, biases, phi):
    """From the output back."""
    H = [X]
    for W, c in zip(weights, biases):  # noqa: B905
        H.insert(0, phi(H[0] @ W + c))
    return H


def activation_twice(X, weights, biases, phi):
    """φ(φ(…))."""
    H = [X]
    for W, c in zip(weights, biases):  # noqa: B905
        H.append(phi(phi(H[-1] @ W + c)))
    return H


def pre_activations_carried_on(X, weights, biases, phi):
    """The list is right in its first layer; the next one sees Z."""
    H, Z = [X], X
    for W, c in zip(weights, biases):  # noqa: B905
        Z = Z @ W + c
        H.append(phi(Z))
    return H


def biases_subtracted(X, weights, biases, phi):
    """H W − c."""
    H = [X]
    for W, c in zip(weights, biases):  # noqa: B905
        H.append(phi(H[-1] @ W - c))
    return H


def relu_whatever_phi_is(X, weights, biases, phi):
    """Always the same activation."""
    H = [X]
    for W, c in zip(weights, biases):  # noqa: B905
        H.append(np.maximum(0, H[-1] @ W + c))
    return H


def tanh_whatever_phi_is(X, weights, biases, phi):
    """Always the same activation."""
    H = [X]
    for W, c in zip(weights, biases):  # noqa: B905
        H.append(np.tanh(H[-1] @ W + c))
    return H


EXERCISE = Exercise(
    name="propagate",
    chapter="ch4_universal_approximation",
    reference=expressivity.propagate,
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.5, agrees()),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            pre_activations_returned,
            "the list holds pre-activations. What goes on to the next layer, and into the list, is φ of them.",
        ),
        Misconception(
            last_layer_affine,
            "the last layer has no activation. Here φ follows *every* layer, the last one too.",
        ),
        Misconception(
            first_layer_affine,
            "the first layer has no activation. Here φ follows *every* layer, the first one too.",
        ),
        Misconception(
            input_missing,
            "the input is missing: the list begins with `X`, so that it has one array more than there are layers.",
        ),
        Misconception(
            last_layer_alone,
            "only the last layer's activation is returned. Return a list of all of them, `X` first.",
        ),
        Misconception(
            biases_forgotten,
            "the biases are not used: a pre-activation is H W + c.",
        ),
        Misconception(
            bias_after_the_activation,
            "the bias is added after the activation. It belongs inside: φ(H W + c).",
        ),
        Misconception(
            transposed_weights,
            "the weights were transposed, as on the slides with their column vectors. Here rows are examples: `H @ "
            "W`.",
        ),
        Misconception(
            activation_on_the_input,
            "φ was applied to the input as well. The first array of the list is `X` as it comes.",
        ),
        Misconception(
            no_activation, "`phi` is never called: without it all layers together are one affine map."
        ),
        Misconception(
            input_in_the_place_of_the_first_layer,
            "the last layer is missing: the list has one array more than there are layers.",
        ),
        Misconception(
            activation_before_the_map,
            "φ was applied before the layer, and not after it: first H W + c, then φ of that.",
        ),
        Misconception(
            activation_before_and_after,
            "φ was applied to what goes into each layer, and again to what comes out. A layer takes the last array as "
            "it is: φ(H W + c).",
        ),
        Misconception(
            output_first,
            "the list is in the wrong order: the input comes first, the output last.",
        ),
        Misconception(
            activation_twice,
            "φ was applied twice in each layer. Once is enough.",
        ),
        Misconception(
            pre_activations_carried_on,
            "the next layer gets the pre-activations of the one before. It sees the activations, φ of them.",
        ),
        Misconception(
            biases_subtracted,
            "the biases were subtracted. They are added: H W + c.",
        ),
        Misconception(
            relu_whatever_phi_is,
            "a ReLU follows every layer, whatever `phi` is. Call `phi`.",
        ),
        Misconception(
            tanh_whatever_phi_is,
            "a tanh follows every layer, whatever `phi` is. Call `phi`.",
        ),
    ),
    minutes=6,
    difficulty=1,
)
