"""`layer_gradient_norms`: how large the gradient of each layer of a deep network is (chapter 6)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from fnnkit import dynamics
from fnnkit.exercises.ch6_vanishing_gradients.beyond import far
from fnnkit.exercises.ch6_vanishing_gradients.other_norms import FURTHER
from fnnkit.exercises.drawing import rounded
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception
from fnnkit.kernel.named import Named

FEW, DEEP = "the norm of each layer's gradient", "one layer, many layers"
TANH = Named("tanh"), Named("tanh_slope")
SQUARE = Named("square"), Named("double")


def network(rng: np.random.Generator, n: int, widths: tuple[int, ...], functions: Any = TANH) -> Any:
    """Inputs, weights between layers of these widths, an activation, and an error signal at the last layer."""
    weights = [rounded(rng, a, b, scale=1.2 / np.sqrt(a)) for a, b in pairwise(widths)]
    return rounded(rng, n, widths[0]), weights, *functions, rounded(rng, n, widths[-1])


def narrow(args: Any) -> Any:
    """The same call in float32."""
    X, weights, phi, dphi, delta_out = args
    return (
        X.astype(np.float32),
        [W.astype(np.float32) for W in weights],
        phi,
        dphi,
        delta_out.astype(np.float32),
    )


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``layer_gradient_norms(X, weights, phi, dphi, delta_out)``; all widths differ."""
    whole = (
        rng.integers(1, 3, (3, 2)),
        [np.array([[1, -1, 2], [2, 1, 0]]), rng.integers(1, 4, (3, 1))],
        *SQUARE,
        rng.integers(1, 4, (3, 1)),
    )
    X, *between, delta_out = network(rng, 9, (3, 2, 4))
    empty = network(rng, 1, (2, 3, 1))
    return [
        Case(network(rng, 3, (2, 4, 1)), FEW, "two layers"),
        Case(network(rng, 2, (3, 2, 4, 5)), FEW, "three layers"),
        Case(network(rng, 4, (2, 3, 5, 1), SQUARE), FEW, "another activation"),
        Case(network(rng, 1, (4, 3, 2)), FEW, "one example"),
        Case((far(X), *between, far(delta_out)), DEEP, "nine examples, some large numbers"),
        Case(network(rng, 3, (4, 2)), DEEP, "one layer: its gradient has no activation in it"),
        Case(network(rng, 5, (2, 4, 3, 4, 2, 3, 4, 2, 5, 3, 2, 4, 1)), DEEP, "twelve layers"),
        Case(
            (np.zeros((0, 2)), *empty[1:4], np.zeros((0, 1))),
            UNUSUAL,
            "no example: `X` has 0 rows",
        ),
        Case(whole, UNUSUAL, "whole numbers"),
        Case(narrow(network(rng, 3, (2, 4, 1))), UNUSUAL, "float32"),
    ]


def error_signals_measured(X, weights, phi, dphi, delta_out):
    """‖δ_l‖ in the place of ‖∂J/∂W_l‖."""
    Z, H = [], X
    for W in weights[:-1]:
        Z.append(H @ W)
        H = phi(Z[-1])
    delta, norms = delta_out, [np.linalg.norm(delta_out)]
    for l in range(len(weights) - 1, 0, -1):
        delta = dphi(Z[l - 1]) * (delta @ weights[l].T)
        norms.append(np.linalg.norm(delta))
    return np.array(norms[::-1])


def spectral_norms(X, weights, phi, dphi, delta_out):
    """The largest singular value of each gradient."""
    Z, H = [], [X]
    for W in weights[:-1]:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        norms.append(np.linalg.norm(H[l].T @ delta, 2))
        if l > 0:
            delta = dphi(Z[l - 1]) * (delta @ weights[l].T)
    return np.array(norms[::-1])


def slope_at_the_activation(X, weights, phi, dphi, delta_out):
    """φ′(H) in the place of φ′(Z)."""
    H = [X]
    for W in weights[:-1]:
        H.append(phi(H[-1] @ W))
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        norms.append(np.linalg.norm(H[l].T @ delta))
        if l > 0:
            delta = dphi(H[l]) * (delta @ weights[l].T)
    return np.array(norms[::-1])


def slope_forgotten(X, weights, phi, dphi, delta_out):
    """No φ′."""
    H = [X]
    for W in weights[:-1]:
        H.append(phi(H[-1] @ W))
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        norms.append(np.linalg.norm(H[l].T @ delta))
        delta = delta @ weights[l].T
    return np.array(norms[::-1])


def slope_at_the_last_layer(X, weights, phi, dphi, delta_out):
    """φ on the last layer as well."""
    Z, H = [], [X]
    for W in weights:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        delta = dphi(Z[l]) * delta
        norms.append(np.linalg.norm(H[l].T @ delta))
        delta = delta @ weights[l].T
    return np.array(norms[::-1])


def slope_of_the_layer_above(X, weights, phi, dphi, delta_out):
    """The slope multiplies before W, with that of the layer left behind; none is left at the first."""
    Z, H = [], [X]
    for W in weights[:-1]:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        norms.append(np.linalg.norm(H[l].T @ delta))
        delta = delta @ weights[l].T if l == len(weights) - 1 else (dphi(Z[l]) * delta) @ weights[l].T
    return np.array(norms[::-1])


def pre_activations_for_activations(X, weights, phi, dphi, delta_out):
    """Z_{l−1}ᵀ δ_l in the place of H_{l−1}ᵀ δ_l."""
    Z, H = [X], X
    for W in weights[:-1]:
        Z.append(H @ W)
        H = phi(Z[-1])
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        norms.append(np.linalg.norm(Z[l].T @ delta))
        if l > 0:
            delta = dphi(Z[l]) * (delta @ weights[l].T)
    return np.array(norms[::-1])


def activation_after_the_layer(X, weights, phi, dphi, delta_out):
    """H_lᵀ δ_l in the place of H_{l−1}ᵀ δ_l."""
    Z, H = [], [X]
    for W in weights:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        norms.append(np.linalg.norm(H[l + 1].T @ delta))
        if l > 0:
            delta = dphi(Z[l - 1]) * (delta @ weights[l].T)
    return np.array(norms[::-1])


def last_layer_first(X, weights, phi, dphi, delta_out):
    """In the order of the way back."""
    Z, H = [], [X]
    for W in weights[:-1]:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        norms.append(np.linalg.norm(H[l].T @ delta))
        if l > 0:
            delta = dphi(Z[l - 1]) * (delta @ weights[l].T)
    return np.array(norms)


def mean_of_the_moduli(X, weights, phi, dphi, delta_out):
    """The mean modulus of the entries in the place of the norm."""
    Z, H = [], [X]
    for W in weights[:-1]:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, sizes = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        sizes.append(np.abs(H[l].T @ delta).mean())
        if l > 0:
            delta = dphi(Z[l - 1]) * (delta @ weights[l].T)
    return np.array(sizes[::-1])


def divided_by_the_examples(X, weights, phi, dphi, delta_out):
    """A mean over the examples, where the sum is the gradient."""
    Z, H = [], [X]
    for W in weights[:-1]:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        norms.append(np.linalg.norm(H[l].T @ delta) / max(len(X), 1))
        if l > 0:
            delta = dphi(Z[l - 1]) * (delta @ weights[l].T)
    return np.array(norms[::-1])


def squares_of_the_norms(X, weights, phi, dphi, delta_out):
    """No root."""
    Z, H = [], [X]
    for W in weights[:-1]:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, squares = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        squares.append(((H[l].T @ delta) ** 2).sum())
        if l > 0:
            delta = dphi(Z[l - 1]) * (delta @ weights[l].T)
    return np.array(squares[::-1])


def slope_one_layer_too_high(X, weights, phi, dphi, delta_out):
    """φ′(Z_l) after the way through W_l, which leads to layer l − 1."""
    Z, H = [], [X]
    for W in weights:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        norms.append(np.linalg.norm(H[l].T @ delta))
        if l > 0:
            delta = dphi(Z[l]) * (delta @ weights[l].T)
    return np.array(norms[::-1])


def last_layer_left_out(X, weights, phi, dphi, delta_out):
    """L − 1 norms."""
    Z, H = [], [X]
    for W in weights[:-1]:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, 0, -1):
        delta = dphi(Z[l - 1]) * (delta @ weights[l].T)
        norms.append(np.linalg.norm(H[l - 1].T @ delta))
    return np.array(norms[::-1])


def weights_measured(X, weights, phi, dphi, delta_out):
    """‖W_l‖."""
    return np.array([np.linalg.norm(W) for W in weights])


def norms_of_the_examples_added(X, weights, phi, dphi, delta_out):
    """The sum of each example's gradient norm."""
    Z, H = [], [X]
    for W in weights[:-1]:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        norms.append(np.sum(np.linalg.norm(H[l], axis=1) * np.linalg.norm(delta, axis=1)))
        if l > 0:
            delta = dphi(Z[l - 1]) * (delta @ weights[l].T)
    return np.array(norms[::-1])


def norms_of_the_factors_multiplied(X, weights, phi, dphi, delta_out):
    """‖H‖ · ‖δ‖."""
    Z, H = [], [X]
    for W in weights[:-1]:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        norms.append(np.linalg.norm(H[l]) * np.linalg.norm(delta))
        if l > 0:
            delta = dphi(Z[l - 1]) * (delta @ weights[l].T)
    return np.array(norms[::-1])


def value_for_slope(X, weights, phi, dphi, delta_out):
    """φ for φ′ on the way back."""
    Z, H = [], [X]
    for W in weights[:-1]:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        norms.append(np.linalg.norm(H[l].T @ delta))
        if l > 0:
            delta = phi(Z[l - 1]) * (delta @ weights[l].T)
    return np.array(norms[::-1])


def no_activation_forward(X, weights, phi, dphi, delta_out):
    """φ is forgotten on the way forward."""
    Z, H = [], [X]
    for W in weights[:-1]:
        Z.append(H[-1] @ W)
        H.append(Z[-1])
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, -1, -1):
        norms.append(np.linalg.norm(H[l].T @ delta))
        if l > 0:
            delta = dphi(Z[l - 1]) * (delta @ weights[l].T)
    return np.array(norms[::-1])


def first_layer_left_out(X, weights, phi, dphi, delta_out):
    """The loop ends above the first layer."""
    Z, H = [], [X]
    for W in weights[:-1]:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, norms = delta_out, []
    for l in range(len(weights) - 1, 0, -1):
        norms.append(np.linalg.norm(H[l].T @ delta))
        delta = dphi(Z[l - 1]) * (delta @ weights[l].T)
    return np.array(norms[::-1])


EXERCISE = Exercise(
    name="layer_gradient_norms",
    chapter="ch6_vanishing_gradients",
    reference=dynamics.layer_gradient_norms,
    cases=cases,
    criteria=(
        Criterion(FEW, 0.75, agrees()),
        Criterion(DEEP, 0.25, agrees()),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            error_signals_measured,
            "these are the norms of the error signals. The gradient of a weight matrix is made of two things: what came in "
            "from below, and the error signal.",
        ),
        Misconception(
            spectral_norms,
            "these are the largest singular values, as `np.linalg.norm(…, 2)` gives them. The Frobenius norm is asked for, "
            "its default.",
        ),
        Misconception(
            slope_at_the_activation,
            "the slope is taken at the activations. `dphi` is a function of the *pre*-activations: keep them on the way "
            "forward.",
        ),
        Misconception(
            slope_forgotten, "the slope `dphi` is missing on the way back through the hidden layers."
        ),
        Misconception(
            slope_at_the_last_layer,
            "`delta_out` was multiplied by a slope. The last layer has no activation, so `delta_out` is its error signal as it "
            "stands.",
        ),
        Misconception(
            slope_of_the_layer_above,
            "the slopes are one layer too high. After the step through the weights of a layer comes the slope of the layer "
            "below.",
        ),
        Misconception(
            pre_activations_for_activations,
            "the products are made with the pre-activations. What a weight matrix multiplied are the *activations* of the "
            "layer before.",
        ),
        Misconception(
            activation_after_the_layer,
            "the products are made with what comes out of the layer. What a weight matrix multiplied is what went in.",
        ),
        Misconception(
            last_layer_first, "the norms stand in the order of the way back. The first layer comes first."
        ),
        Misconception(
            mean_of_the_moduli,
            "this is the mean size of an entry, not the norm: the root of the sum of squares.",
        ),
        Misconception(
            divided_by_the_examples,
            "the gradients are divided by the number of examples. `delta_out` is the error signal as it is: if the loss is "
            "a mean, the division has happened there.",
        ),
        Misconception(squares_of_the_norms, "these are squares of the norms: the root is missing."),
        Misconception(
            slope_one_layer_too_high,
            "after the way through the weights of a layer comes the slope of the layer *below*: `Z` is read one place too far "
            "up.",
        ),
        Misconception(
            last_layer_left_out,
            "the last layer has no norm. Its gradient is made with `delta_out` itself: take the norm before you go down.",
        ),
        Misconception(
            weights_measured,
            "these are norms of the weights themselves. The gradients with respect to them are asked for.",
        ),
        Misconception(
            norms_of_the_examples_added,
            "every example got a norm of its own, and these were added. The gradient is the sum over the examples: add "
            "first, then take the norm.",
        ),
        Misconception(
            norms_of_the_factors_multiplied,
            "the norms of the two factors were multiplied, which is a bound only. Multiply the matrices, then take the "
            "norm.",
        ),
        Misconception(
            value_for_slope,
            "on the way back the activation `phi` multiplies. The signal goes through its *slope*, `dphi`.",
        ),
        Misconception(
            no_activation_forward,
            "on the way forward the activation `phi` is missing: each layer was handed the pre-activations of the one "
            "below.",
        ),
        Misconception(
            first_layer_left_out,
            "the first layer has no norm: the loop ends above it. Its gradient is made with `X`.",
        ),
        *FURTHER,
    ),
    minutes=10,
    difficulty=3,
)
