"""`rbf_units`: radial basis function units ``h_i = exp(−‖W_:,i − x‖² / σ_i²)``."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch3_activations.elementwise import CALM
from fnnkit.exercises.drawing import both_signs
from fnnkit.judge.criteria import agrees, both, calm_outside, unwarned
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``rbf_units(X, W, sigma)``; one case has as many inputs as units."""
    value, edge, far = (
        "the bell around each centre",
        "at the centre, one example, other sizes",
        "stable far from the origin",
    )

    def drawn(n: int, d: int, m: int) -> tuple[Any, Any, Any]:
        sigma = rng.permuted(np.round(np.linspace(1.2, 2.4, m), 2))
        return both_signs(rng, n, d, high=1.5), both_signs(rng, d, m, high=1.5), sigma

    at_centre = both_signs(rng, 2, 3)
    # Their squares have ten digits before the point: the difference of two such squares keeps six after it.
    place = np.round(rng.uniform(6e4, 9e4, 2), 1)
    away = np.round(rng.uniform(0.4, 1.2, (3, 2)), 1)
    shifted = np.round(place + np.vstack([np.zeros(2), away]), 1)
    X, W, sigma = drawn(9, 4, 3)
    return [
        Case(drawn(2, 2, 3), value),
        Case(drawn(3, 2, 2), value, "two inputs, two units"),
        Case(drawn(2, 3, 1), value, "one unit"),
        Case(
            (at_centre.T, at_centre, np.array([0.5, 1.0, 2.0])),
            edge,
            "each example is the centre of one unit",
        ),
        Case(drawn(1, 2, 2), edge, "one example"),
        Case((5 * X, 5 * W, 5 * sigma), edge, "nine examples, large numbers and widths"),
        Case((np.abs(X), np.abs(W), sigma), edge, "nine examples, nothing negative"),
        Case((-np.abs(X), -np.abs(W), sigma), edge, "nine examples, nothing positive"),
        Case(
            (shifted, place.reshape(2, 1), np.array([2.0])),
            far,
            "the differences are small, the numbers are not",
        ),
        Case((np.array([[1e4, -1e4]]), np.zeros((2, 2)), np.array([1.0, 3.0])), far, "far from every centre"),
    ]


def width_of_a_gaussian(X, W, sigma):
    """exp(−r² / 2σ²)."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).sum(axis=1)
    return np.exp(-squared / (2 * sigma**2))


def centres_in_rows(X, W, sigma):
    """Rows of W as centres."""
    squared = ((X[:, None, :] - W[None, :, :]) ** 2).sum(axis=2)
    return np.exp(-squared / sigma**2)


def distance_not_squared(X, W, sigma):
    """exp(−r / σ²)."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).sum(axis=1)
    return np.exp(-np.sqrt(squared) / sigma**2)


def width_not_squared(X, W, sigma):
    """exp(−r² / σ)."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).sum(axis=1)
    return np.exp(-squared / sigma)


def grows_with_distance(X, W, sigma):
    """The minus is missing."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).sum(axis=1)
    return np.exp(squared / sigma**2)


def width_of_the_first(X, W, sigma):
    """One width for all units."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).sum(axis=1)
    return np.exp(-squared / sigma[0] ** 2)


def units_in_rows(X, W, sigma):
    """Shape (m, n)."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).sum(axis=1)
    return np.exp(-squared / sigma**2).T


def square_multiplied_out(X, W, sigma):
    """‖x‖² − 2xw + ‖w‖² cancels."""
    squared = (X**2).sum(axis=1, keepdims=True) - 2 * X @ W + (W**2).sum(axis=0)
    return np.exp(-squared / sigma**2)


def coordinates_added_up(X, W, sigma):
    """The 1-norm, not squared."""
    distance = np.abs(X[:, :, None] - W[None, :, :]).sum(axis=1)
    return np.exp(-distance / sigma**2)


def largest_difference(X, W, sigma):
    """One input decides."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).max(axis=1)
    return np.exp(-squared / sigma**2)


def square_of_the_sum(X, W, sigma):
    """Added first, squared after that."""
    total = (X[:, :, None] - W[None, :, :]).sum(axis=1)
    return np.exp(-(total**2) / sigma**2)


def inner_product_for_the_distance(X, W, sigma):
    """How alike, in the place of how far."""
    return np.exp(-(X @ W) / sigma**2)


def nothing_squared(X, W, sigma):
    """exp(−r / σ)."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).sum(axis=1)
    return np.exp(-np.sqrt(squared) / sigma)


def mean_of_the_squares(X, W, sigma):
    """A mean over the inputs."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).mean(axis=1)
    return np.exp(-squared / sigma**2)


def bells_added(X, W, sigma):
    """A bell for each input, and their sum."""
    squared = (X[:, :, None] - W[None, :, :]) ** 2
    return np.exp(-squared / (sigma**2)[None, None, :]).sum(axis=1)


def normalised_as_a_density(X, W, sigma):
    """The normal density."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).sum(axis=1)
    return np.exp(-squared / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi))


def exponent_returned(X, W, sigma):
    """No exponential."""
    return -((X[:, :, None] - W[None, :, :]) ** 2).sum(axis=1) / sigma**2


def width_squared_twice(X, W, sigma):
    """The differences are divided by σ², and squared after that."""
    squared = (((X[:, :, None] - W[None, :, :]) / sigma**2) ** 2).sum(axis=1)
    return np.exp(-squared)


def rational_bell(X, W, sigma):
    """1 / (1 + r²/σ²)."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).sum(axis=1)
    return 1.0 / (1.0 + squared / sigma**2)


def square_of_the_added_sizes(X, W, sigma):
    """The 1-norm, squared."""
    distance = np.abs(X[:, :, None] - W[None, :, :]).sum(axis=1)
    return np.exp(-(distance**2) / sigma**2)


def width_doubled(X, W, sigma):
    """exp(−r² / 2σ)."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).sum(axis=1)
    return np.exp(-squared / (2 * sigma))


def twice_over_the_width(X, W, sigma):
    """exp(−2r² / σ)."""
    squared = ((X[:, :, None] - W[None, :, :]) ** 2).sum(axis=1)
    return np.exp(-squared / sigma * 2)


EXERCISE = Exercise(
    name="rbf_units",
    chapter="ch3_activations",
    reference=activations.rbf_units,
    cases=cases,
    criteria=(
        Criterion("the bell around each centre", 1.0, agrees()),
        Criterion("at the centre, one example, other sizes", 0.25, agrees()),
        Criterion("stable far from the origin", 0.25, both(agrees(), unwarned)),
        Criterion(CALM, 0.25, calm_outside("stable far from the origin"), every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            width_of_a_gaussian,
            "there is a factor ½: that is the exponent of a normal density. The slides divide by σ², not by 2σ².",
        ),
        Misconception(
            centres_in_rows,
            "the rows of `W` were taken as centres. The centre of unit i is the column `W[:, i]`, as in every layer "
            "here: one column a unit.",
        ),
        Misconception(
            distance_not_squared,
            "the distance is not squared. Leave the square root out: ‖w − x‖² is the sum of the squares.",
        ),
        Misconception(width_not_squared, "σ is not squared: the exponent is −‖w − x‖² / σ²."),
        Misconception(
            grows_with_distance,
            "the minus in the exponent is missing: the unit should be 1 at its centre and fall off around it.",
        ),
        Misconception(
            width_of_the_first,
            "all units got the width of the first. `sigma` has one width a unit: `(n, m)` divided by `(m,)` fits by "
            "itself.",
        ),
        Misconception(
            units_in_rows,
            "it is transposed: one row an example, one column a unit, shape `(n, m)`.",
        ),
        Misconception(
            square_multiplied_out,
            "‖x‖² − 2xᵀw + ‖w‖² subtracts huge numbers that are almost equal, and their rounding errors are no longer "
            "small beside what is left. Subtract first, then square.",
        ),
        Misconception(
            coordinates_added_up,
            "the sizes of the differences were added up without a square. ‖w − x‖² is the sum of their squares.",
        ),
        Misconception(
            largest_difference,
            "only the input that differs most counts. The squared distance is the sum of the squares over all inputs.",
        ),
        Misconception(
            square_of_the_sum,
            "the differences were added first and squared after that, so that those of other sign cancel. Square "
            "each, then add up.",
        ),
        Misconception(
            inner_product_for_the_distance,
            "the exponent has the inner product of example and centre. It is the squared distance that counts: "
            "subtract, square, add up.",
        ),
        Misconception(
            nothing_squared,
            "neither the distance nor σ is squared: the exponent is −‖w − x‖² / σ².",
        ),
        Misconception(
            mean_of_the_squares,
            "the squares were averaged over the inputs. The squared distance is their sum.",
        ),
        Misconception(
            bells_added,
            "a bell was made for each input by itself, and these were added. Add up the squares first: there is "
            "one exponential for each unit and example.",
        ),
        Misconception(
            normalised_as_a_density,
            "this is the density of a normal distribution. The unit has no factor in front, so that it is 1 at "
            "its centre, and no ½ in the exponent.",
        ),
        Misconception(
            exponent_returned,
            "this is the exponent. The activation is the exponential of it, between 0 and 1.",
        ),
        Misconception(
            width_squared_twice,
            "the exponent is −‖w − x‖² / σ⁴: a σ² that divides the differences before they are squared is squared "
            "too. Divide the sum of the squares by σ².",
        ),
        Misconception(
            rational_bell,
            "this bell falls off like 1/r². A radial basis function unit here is an exponential: exp(−r²/σ²).",
        ),
        Misconception(
            square_of_the_added_sizes,
            "the sizes of the differences were added first, and the sum was squared. Square each difference, then add "
            "up.",
        ),
        Misconception(
            width_doubled,
            "this divides by 2σ. The width is squared, σ times itself: −‖w − x‖² / σ².",
        ),
        Misconception(
            twice_over_the_width,
            "the exponent is −2‖w − x‖² / σ here. The width below the line is squared, and there is no factor 2: −‖w "
            "− x‖² / σ².",
        ),
    ),
    minutes=12,
    difficulty=3,
    core=False,
)
