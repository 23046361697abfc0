"""`hidden_delta`: error signal at the hidden units, g′(Z) ∘ (Δ Uᵀ) (chapter 5)."""

from __future__ import annotations

import numpy as np

from fnnkit import backprop
from fnnkit.exercises.ch5_backprop.sizes import AXES, OTHER, SMALL, large, positive
from fnnkit.exercises.drawing import fractions, rounded
from fnnkit.judge.axes import by_meaning
from fnnkit.judge.criteria import UNUSUAL, agrees, both, calm_outside, unwarned
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

VALUE, SATURATED = "g′(Z) ∘ (Δ Uᵀ)", "stable: saturated units"
RESULT = {**AXES, "": ("examples", "hidden units")}


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``hidden_delta(Z, U, delta_o)``; Z stays off 0, where g′ is 1 and its absence does not show."""

    def call(n: int, m: int, K: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        Z = np.where(rng.random((n, m)) < 0.5, -1, 1) * np.round(rng.uniform(0.3, 1.8, (n, m)), 2)
        return Z, rounded(rng, m, K), rounded(rng, n, K)

    Z, U, delta_o = call(5, 4, 2)
    # Both signs in every column: an exponential overflows on one side, or on both.
    far = np.abs(Z) * rng.permuted(np.array([1.0, 30.0, 400.0, 1e4])) * np.array([[1], [-1], [1], [-1], [1]])
    whole = rng.choice([-2, -1, 1, 2], (4, 3)), rng.integers(1, 4, (3, 2)), rng.integers(1, 4, (4, 2))
    names = {1: "one example", 40: "forty examples", 3: "all lengths are 3"}
    return [
        *(Case(call(n, m, K), VALUE, names.get(n, "")) for n, _, m, K in SMALL + OTHER),
        Case((np.abs(Z), U, positive(rng, 5, 2)), VALUE, "all of Z and of the signal above 0"),
        Case((-np.abs(Z), -positive(rng, 4, 2), -positive(rng, 5, 2)), VALUE, "nothing above 0"),
        Case((Z, positive(rng, 4, 2), delta_o), VALUE, "all weights above 0"),
        Case((Z, large(rng, 4, 2), delta_o), VALUE, "large weights"),
        Case((Z, U, large(rng, 5, 2)), VALUE, "a large signal"),
        Case((far, U, delta_o), SATURATED, "pre-activations up to ±10000"),
        Case(whole, UNUSUAL, "whole numbers"),
        Case(fractions(whole), UNUSUAL, "whole numbers in `Z` alone"),
        Case(tuple(a.astype(np.float32) for a in call(4, 3, 2)), UNUSUAL, "float32"),
    ]


def value_for_slope(Z, U, delta_o):
    """g(Z) for g′(Z), as on a slide."""
    return np.tanh(Z) * (delta_o @ U.T)


def slope_forgotten(Z, U, delta_o):
    """No g′."""
    return delta_o @ U.T


def square_forgotten(Z, U, delta_o):
    """1 − tanh(Z)."""
    return (1 - np.tanh(Z)) * (delta_o @ U.T)


def slope_written_with_z(Z, U, delta_o):
    """1 − Z²."""
    return (1 - Z**2) * (delta_o @ U.T)


def slope_at_the_activation(Z, U, delta_o):
    """1 − tanh(H)²: tanh is taken twice."""
    return (1 - np.tanh(np.tanh(Z)) ** 2) * (delta_o @ U.T)


def weights_not_transposed(Z, U, delta_o):
    """delta_o @ U: shapes do not fit."""
    return (1 - np.tanh(Z) ** 2) * (delta_o @ U)


def slides_order(Z, U, delta_o):
    """U @ delta_o, written for columns."""
    return (1 - np.tanh(Z) ** 2) * (U @ delta_o)


def columns_not_rows(Z, U, delta_o):
    """Right numbers, transposed: units are rows."""
    return ((1 - np.tanh(Z) ** 2) * (delta_o @ U.T)).T


def weights_reshaped(Z, U, delta_o):
    """reshape for the transpose."""
    return (1 - np.tanh(Z) ** 2) * (delta_o @ U.reshape(U.shape[::-1]))


def product_reshaped(Z, U, delta_o):
    """U Δᵀ, reshaped to the shape of Z."""
    return (1 - np.tanh(Z) ** 2) * (U @ delta_o.T).reshape(Z.shape)


def slope_before_the_sum(Z, U, delta_o):
    """The slope meets delta_o first: shapes do not fit."""
    return ((1 - np.tanh(Z) ** 2) * delta_o) @ U.T


def sigmoid_slope(Z, U, delta_o):
    """σ(1 − σ)."""
    s = 0.5 * (1 + np.tanh(0.5 * Z))
    return s * (1 - s) * (delta_o @ U.T)


def rule_of_the_sigmoid(Z, U, delta_o):
    """h (1 − h) with h = tanh."""
    H = np.tanh(Z)
    return H * (1 - H) * (delta_o @ U.T)


def slope_with_the_wrong_sign(Z, U, delta_o):
    """tanh² − 1."""
    return (np.tanh(Z) ** 2 - 1) * (delta_o @ U.T)


def slope_by_cosh(Z, U, delta_o):
    """1 / cosh²: overflows."""
    return (delta_o @ U.T) / np.cosh(Z) ** 2


def tanh_of_two_exponentials(Z, U, delta_o):
    """(e^z − e^−z) / (e^z + e^−z): ∞ / ∞."""
    up, down = np.exp(Z), np.exp(-Z)
    return (1 - ((up - down) / (up + down)) ** 2) * (delta_o @ U.T)


def tanh_of_a_growing_exponential(Z, U, delta_o):
    """(e^2z − 1) / (e^2z + 1)."""
    E = np.exp(2.0 * Z)
    return (1 - ((E - 1) / (E + 1)) ** 2) * (delta_o @ U.T)


def tanh_of_a_falling_exponential(Z, U, delta_o):
    """(1 − e^−2z) / (1 + e^−2z)."""
    E = np.exp(-2.0 * Z)
    return (1 - ((1 - E) / (1 + E)) ** 2) * (delta_o @ U.T)


def divided_by_n_again(Z, U, delta_o):
    """The mean a second time."""
    return (1 - np.tanh(Z) ** 2) * (delta_o @ U.T) / len(Z)


def slope_of_the_relu(Z, U, delta_o):
    """0 or 1."""
    return (Z > 0) * (delta_o @ U.T)


def brackets_forgotten(Z, U, delta_o):
    """1 − (tanh² · signal)."""
    return 1 - np.tanh(Z) ** 2 * (delta_o @ U.T)


def tanh_of_the_square(Z, U, delta_o):
    """1 − tanh(z²)."""
    return (1 - np.tanh(1.0 * Z * Z)) * (delta_o @ U.T)


def slope_squared(Z, U, delta_o):
    """The slope comes twice."""
    return (1 - np.tanh(Z) ** 2) ** 2 * (delta_o @ U.T)


def running_sum(Z, U, delta_o):
    """The sum is not set back for each unit."""
    return (1 - np.tanh(Z) ** 2) * np.cumsum(delta_o @ U.T, axis=1)


def paths_averaged(Z, U, delta_o):
    """The mean over the outputs in the place of the sum."""
    return (1 - np.tanh(Z) ** 2) * (delta_o @ U.T) / U.shape[1]


def weights_left_out(Z, U, delta_o):
    """The signals are summed without weights."""
    return (1 - np.tanh(Z) ** 2) * delta_o.sum(axis=1, keepdims=True)


def cosh_not_squared(Z, U, delta_o):
    """1 / cosh."""
    T = np.abs(np.tanh(Z))
    return np.sqrt((1 - T) * (1 + T)) * (delta_o @ U.T)


def one_plus_the_square(Z, U, delta_o):
    """1 + tanh²."""
    return (1 + np.tanh(Z) ** 2) * (delta_o @ U.T)


def slope_of_the_signal(Z, U, delta_o):
    """The slope is taken of what arrives."""
    return 1 - np.tanh(delta_o @ U.T) ** 2


def slope_added(Z, U, delta_o):
    """Plus for times."""
    return (1 - np.tanh(Z) ** 2) + (delta_o @ U.T)


EXERCISE = Exercise(
    name="hidden_delta",
    chapter="ch5_backprop",
    reference=backprop.hidden_delta,
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.75, by_meaning(agrees(), RESULT)),
        Criterion(SATURATED, 0.25, both(agrees(), unwarned)),
        Criterion(UNUSUAL, 0.25, by_meaning(agrees(), RESULT)),
        Criterion("inputs unchanged, no warning", 0.25, calm_outside(SATURATED), every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            value_for_slope,
            "the signal is multiplied by the unit's *value*, tanh(Z). What a change of `Z` does is told by the "
            "slope.",
        ),
        Misconception(
            slope_forgotten,
            "this is the derivative with respect to `H`. One factor leads from `H` to `Z`: the slope of tanh at `Z`.",
        ),
        Misconception(square_forgotten, "the slope of tanh is 1 − tanh². The square is missing."),
        Misconception(
            slope_written_with_z,
            "the slope of tanh is 1 − h², with the unit's *output* h. You have squared `Z`.",
        ),
        Misconception(
            slope_at_the_activation,
            "tanh was applied twice: the slope was taken at `H`. Take it at `Z`, or write it with `H` as 1 − H².",
        ),
        Misconception(
            weights_not_transposed,
            "the labels of `delta_o` were joined with the hidden units of `U`. On the way back the labels of `delta_o` have "
            "to meet the labels of `U`.",
        ),
        Misconception(
            slides_order,
            "`U` stands on the left, as for columns. Here an example is a row: its signal stands on the left, and its labels "
            "meet the labels of `U`.",
        ),
        Misconception(
            columns_not_rows, "it is transposed: rows are examples, columns hidden units, as in `Z`."
        ),
        Misconception(
            weights_reshaped,
            "`U` was brought into the transposed shape without exchanging its axes, as `reshape` does: its entries stay in "
            "the order of the rows, and get to other places. `.T` exchanges the axes.",
        ),
        Misconception(
            product_reshaped,
            "what arrives was brought into the shape of `Z` without exchanging its axes, as `reshape` does: its entries stay "
            "in the order of the rows, and get to other places. `.T` exchanges the axes.",
        ),
        Misconception(
            slope_before_the_sum,
            "the slope was multiplied with the signal of the output units. First gather the signal at the hidden units; the "
            "slope belongs to them.",
        ),
        Misconception(
            sigmoid_slope, "this is the slope of the logistic sigmoid. The hidden units are tanh units."
        ),
        Misconception(
            rule_of_the_sigmoid,
            "h (1 − h) is the slope of the logistic sigmoid at *its* output h. That of tanh is 1 − h².",
        ),
        Misconception(
            slope_with_the_wrong_sign,
            "the sign is turned round. The slope of tanh, 1 − tanh², is never negative, and the signal comes back with its "
            "own sign.",
        ),
        Misconception(
            slope_by_cosh,
            "an exponential, such as those in `cosh`, overflows for large `Z`, where the slope is simply 0. Write it with "
            "tanh, which never leaves [−1, 1].",
        ),
        Misconception(
            tanh_of_two_exponentials,
            "an exponential is ∞ where `Z` is far from 0, on either side, and what is made of two such is no number. "
            "`np.tanh` gives ±1 there, and the slope is 0.",
        ),
        Misconception(
            tanh_of_a_growing_exponential,
            "an exponential of `Z` is ∞ where `Z` is large, and a quotient with ∞ above and below is no number. `np.tanh` gives "
            "1 there, and the slope is 0.",
        ),
        Misconception(
            tanh_of_a_falling_exponential,
            "an exponential of −`Z` is ∞ where `Z` is far below 0, and a quotient with ∞ above and below is no number. `np.tanh` "
            "gives −1 there, and the slope is 0.",
        ),
        Misconception(
            divided_by_n_again,
            "the signal was divided by n once more. The 1/n of the mean is in `delta_o` already.",
        ),
        Misconception(
            slope_of_the_relu,
            "this is the slope of a ReLU. The hidden units of this chapter are tanh units: 1 − tanh².",
        ),
        Misconception(
            brackets_forgotten,
            "products come before differences: this is 1 minus (tanh² times signal). The slope 1 − tanh² needs "
            "brackets.",
        ),
        Misconception(
            tanh_of_the_square,
            "tanh² z was read as tanh(z²). First the tanh, then its square.",
        ),
        Misconception(
            slope_squared,
            "the slope came twice. One factor leads from `H` to `Z`.",
        ),
        Misconception(
            running_sum,
            "each unit also gets the sums of the units before it: the sum is not set back to 0 for every unit.",
        ),
        Misconception(
            paths_averaged,
            "the paths were averaged over the outputs. What arrives on several paths is *added*.",
        ),
        Misconception(
            weights_left_out,
            "the signals of the outputs were added without the weights. Each comes back through its own weight.",
        ),
        Misconception(
            cosh_not_squared,
            "this is the *root* of the slope. The slope of tanh is 1 − tanh², which is 1 over the square of cosh.",
        ),
        Misconception(
            one_plus_the_square,
            "the slope of tanh is 1 *minus* its square.",
        ),
        Misconception(
            slope_of_the_signal,
            "the slope was taken of the signal that arrives. It is taken at `Z`, and multiplies the signal.",
        ),
        Misconception(
            slope_added,
            "the slope was added. Along a path derivatives are multiplied.",
        ),
    ),
    minutes=8,
    difficulty=2,
)
