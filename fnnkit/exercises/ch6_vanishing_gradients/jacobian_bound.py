"""`jacobian_bound`: a bound on what many layers can do to a signal (chapter 6)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from fnnkit import dynamics
from fnnkit.exercises.drawing import rounded
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

SOME, MANY = "the product over the layers", "one layer, many layers"


def chain(rng: np.random.Generator, *widths: int) -> list[Any]:
    """Weights between layers of these widths."""
    return [rounded(rng, a, b) for a, b in pairwise(widths)]


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``jacobian_bound(weights, gamma)``; gamma is not 1, and the matrices are not square."""
    gamma = float(rng.choice([0.25, 0.5, 0.75]))
    return [
        Case((chain(rng, 3, 2, 4), gamma), SOME, "two layers"),
        Case((chain(rng, 2, 4, 3, 5), 1.5), SOME, "three layers"),
        Case((chain(rng, 4, 2, 3), 1.5), SOME, "two layers"),
        Case((chain(rng, 3, 3, 3, 3), gamma), SOME, "three layers of one width"),
        Case((chain(rng, 3, 2), gamma), MANY, "one layer"),
        Case((chain(rng, 2, 3, 4, 2, 5, 3, 2, 4, 3, 5, 2, 3, 4), 0.6), MANY, "twelve layers"),
        Case(([], gamma), UNUSUAL, "no layer: the bound is 1"),
        Case(([rng.integers(1, 4, (2, 3)), rng.integers(-3, 0, (3, 2))], 2), UNUSUAL, "whole numbers"),
        Case(([W.astype(np.float32) for W in chain(rng, 2, 3, 4)], gamma), UNUSUAL, "float32"),
    ]


def frobenius_norms(weights, gamma):
    """A bound as well, and a looser one."""
    bound = 1.0
    for W in weights:
        bound *= gamma * np.linalg.norm(W)
    return bound


def gamma_once(weights, gamma):
    """γ in the place of γᴸ."""
    bound = gamma
    for W in weights:
        bound *= np.linalg.norm(W, 2)
    return bound


def gamma_forgotten(weights, gamma):
    """The slopes are left out."""
    bound = 1.0
    for W in weights:
        bound *= np.linalg.norm(W, 2)
    return bound


def sum_over_the_layers(weights, gamma):
    """Σ in the place of ∏."""
    return sum(gamma * np.linalg.norm(W, 2) for W in weights)


def largest_layer(weights, gamma):
    """The largest factor alone."""
    return max(gamma * np.linalg.norm(W, 2) for W in weights)


def largest_factor_to_the_depth(weights, gamma):
    """(max ‖W‖)ᴸ: a bound, and a looser one."""
    return (gamma * max(np.linalg.norm(W, 2) for W in weights)) ** len(weights)


def spectral_radii(weights, gamma):
    """Eigenvalues: there are none of a matrix that is not square."""
    bound = 1.0
    for W in weights:
        bound *= gamma * np.abs(np.linalg.eigvals(W)).max()
    return bound


def norm_of_the_product(weights, gamma):
    """The layers without their units, multiplied."""
    product = weights[0]
    for W in weights[1:]:
        product = product @ W
    return gamma ** len(weights) * np.linalg.norm(product, 2)


def column_sums(weights, gamma):
    """The 1-norm."""
    bound = 1.0
    for W in weights:
        bound *= gamma * np.linalg.norm(W, 1)
    return bound


def gamma_between_the_layers_alone(weights, gamma):
    """One γ less than layers."""
    bound = 1.0
    for W in weights:
        bound *= np.linalg.norm(W, 2)
    return bound * gamma ** max(len(weights) - 1, 0)


def smallest_singular_values(weights, gamma):
    """How little a layer stretches."""
    bound = 1.0
    for W in weights:
        bound *= gamma * np.linalg.svd(W, compute_uv=False)[-1]
    return bound


def largest_entries(weights, gamma):
    """max |w|."""
    bound = 1.0
    for W in weights:
        bound *= gamma * np.abs(W).max()
    return bound


def row_sums(weights, gamma):
    """The ∞-norm."""
    bound = 1.0
    for W in weights:
        bound *= gamma * np.linalg.norm(W, np.inf)
    return bound


def sum_of_the_singular_values(weights, gamma):
    """The nuclear norm."""
    bound = 1.0
    for W in weights:
        bound *= gamma * np.linalg.svd(W, compute_uv=False).sum()
    return bound


def squares_of_the_norms(weights, gamma):
    """The largest eigenvalue of Wᵀ W, without a root."""
    bound = 1.0
    for W in weights:
        bound *= gamma * np.linalg.norm(W, 2) ** 2
    return bound


def mean_over_the_layers(weights, gamma):
    """A geometric mean."""
    if not weights:
        return 1.0
    bound = 1.0
    for W in weights:
        bound *= gamma * np.linalg.norm(W, 2)
    return bound ** (1 / len(weights))


def gamma_divided(weights, gamma):
    """1/γ."""
    bound = 1.0
    for W in weights:
        bound *= np.linalg.norm(W, 2) / gamma
    return bound


def first_layer_left_out(weights, gamma):
    """From the second layer on."""
    bound = 1.0
    for W in weights[1:]:
        bound *= gamma * np.linalg.norm(W, 2)
    return bound


def last_layer_left_out(weights, gamma):
    """Without the last layer."""
    bound = 1.0
    for W in weights[:-1]:
        bound *= gamma * np.linalg.norm(W, 2)
    return bound


def gamma_plus_one_layer(weights, gamma):
    """γ^(L + 1)."""
    bound = gamma
    for W in weights:
        bound *= gamma * np.linalg.norm(W, 2)
    return bound


def last_layer_alone(weights, gamma):
    """Each factor overwrites the one before."""
    bound = 1.0
    for W in weights:
        bound = gamma * np.linalg.norm(W, 2)
    return bound


def gamma_times_the_layers(weights, gamma):
    """Lγ in the place of γᴸ."""
    bound = gamma * len(weights)
    for W in weights:
        bound *= np.linalg.norm(W, 2)
    return bound


EXERCISE = Exercise(
    name="jacobian_bound",
    chapter="ch6_vanishing_gradients",
    reference=dynamics.jacobian_bound,
    cases=cases,
    criteria=(
        Criterion(SOME, 0.5, agrees()),
        Criterion(MANY, 0.25, agrees()),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            frobenius_norms,
            "these are Frobenius norms, roots of sums of squares: a bound as well, but looser. The spectral norm is "
            "the largest stretch; `np.linalg.norm` wants a second argument for it.",
        ),
        Misconception(
            gamma_once, "γ is counted once. Each layer has units, so each has a factor γ of its own."
        ),
        Misconception(
            gamma_forgotten,
            "γ is not used: the units pass on less than everything if their slopes are below 1.",
        ),
        Misconception(
            sum_over_the_layers,
            "the layers are added. They follow each other, so their factors are multiplied.",
        ),
        Misconception(
            largest_layer,
            "only the layer with the largest factor is counted. The product of all is asked for.",
        ),
        Misconception(
            largest_factor_to_the_depth,
            "every layer got the factor of the largest: a bound as well, but looser. Give each its own.",
        ),
        Misconception(
            spectral_radii,
            "the eigenvalues say nothing about a single step, and a matrix that is not square has none. What bounds a "
            "step is the spectral norm.",
        ),
        Misconception(
            norm_of_the_product,
            "the product of the matrices leaves out the units between them, which can break it up: its norm is no "
            "bound. Take the norm of each matrix.",
        ),
        Misconception(
            column_sums,
            "this is the 1-norm, the largest sum in a column. The spectral norm is `np.linalg.norm(W, 2)`.",
        ),
        Misconception(
            gamma_between_the_layers_alone,
            "the last layer has no γ. The card gives every layer its units, the last too.",
        ),
        Misconception(
            smallest_singular_values,
            "the smallest singular value was taken. A bound needs the largest stretch.",
        ),
        Misconception(
            largest_entries,
            "this is the largest entry of each matrix, which is no bound: many small entries together stretch more. Take "
            "the spectral norm.",
        ),
        Misconception(
            row_sums,
            "this is the ∞-norm, the largest sum in a row. The spectral norm is `np.linalg.norm(W, 2)`.",
        ),
        Misconception(
            sum_of_the_singular_values,
            "all singular values were added. The largest alone is the spectral norm.",
        ),
        Misconception(
            squares_of_the_norms,
            "each layer has the square of its spectral norm, which is the largest eigenvalue of `W.T @ W`. The norm "
            "itself is its factor.",
        ),
        Misconception(
            mean_over_the_layers,
            "this is the geometric mean of the layers' factors. Their product is asked for, without a root.",
        ),
        Misconception(
            gamma_divided,
            "γ divides here. Each layer multiplies by slopes of at most γ, so γ multiplies the bound.",
        ),
        Misconception(
            first_layer_left_out,
            "the first layer is left out: the product is over all weights, the first too.",
        ),
        Misconception(
            last_layer_left_out,
            "the last layer is left out: the product is over all weights, the last too.",
        ),
        Misconception(
            gamma_plus_one_layer,
            "there is one γ too many: as many as layers, so that no layer gives 1.",
        ),
        Misconception(
            last_layer_alone,
            "only the factor of the last layer comes back, as where each overwrites the one before. The product "
            "of all is asked for.",
        ),
        Misconception(
            gamma_times_the_layers,
            "γ is multiplied by the number of layers. Each layer multiplies by γ once more: γ to the power of "
            "that number.",
        ),
    ),
    minutes=6,
    difficulty=2,
    core=False,
)
