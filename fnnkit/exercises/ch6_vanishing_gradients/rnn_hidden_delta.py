"""`rnn_hidden_delta`: the error signal at one step, from its outputs and from the next step (chapter 6)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import rnn
from fnnkit.exercises.ch6_vanishing_gradients.beyond import far, negative, positive
from fnnkit.exercises.drawing import both_signs, fractions, rounded
from fnnkit.judge.axes import by_meaning
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

LAST, BOTH = "the last step: from the outputs alone", "an earlier step: the next step as well"
AXES = {
    "Z_t": ("examples", "hidden units"),
    "V": ("hidden units", "outputs"),
    "W": ("hidden units", "hidden units"),
    "delta_y": ("examples", "outputs"),
    "delta_next": ("examples", "hidden units"),
    "": ("examples", "hidden units"),
}


def signals(rng: np.random.Generator, n: int, m: int, p: int, low: float = 0.4, high: float = 1.6) -> Any:
    """Arguments with pre-activations off zero, where the slope is not 1, and W not symmetric."""
    W = rounded(rng, m, m) + 1.5 * np.triu(np.ones((m, m)), 1)
    return (
        both_signs(rng, n, m, low=low, high=high),
        rounded(rng, m, p),
        W,
        rounded(rng, n, p),
        rounded(rng, n, m),
    )


def last(args: Any) -> Any:
    """The same at the last step: nothing comes from a next one."""
    return (*args[:4], np.zeros_like(args[4]))


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``rnn_hidden_delta(Z_t, V, W, delta_y, delta_next)``; V is never square."""
    Z, V, W, delta_y, delta_next = signals(rng, 3, 2, 4)
    whole = (
        rng.permuted(np.array([[-2, -1, 1], [1, 2, -1]]), axis=1),
        rng.integers(1, 4, (3, 2)),
        np.array([[1, 2, 0], [0, -1, 3], [0, 0, 1]]) * rng.integers(1, 3),
        rng.integers(1, 4, (2, 2)),
        rng.integers(1, 4, (2, 3)),
    )
    return [
        Case(last((Z, V, W, delta_y, delta_next)), LAST, "nothing comes from a next step"),
        Case(last(signals(rng, 4, 3, 1)), LAST, "one output"),
        Case(last(signals(rng, 2, 5, 3)), LAST, "five units"),
        Case((Z, V, W, delta_y, delta_next), BOTH),
        Case(signals(rng, 1, 4, 2), BOTH, "one example"),
        Case(signals(rng, 2, 3, 5, low=5.5, high=7.0), BOTH, "units that are nearly saturated"),
        Case(tuple(positive(a) for a in signals(rng, 4, 2, 3)), BOTH, "all numbers positive"),
        Case(tuple(negative(a) for a in signals(rng, 3, 4, 2)), BOTH, "all numbers negative"),
        Case(tuple(far(a) for a in signals(rng, 9, 5, 2)), BOTH, "nine examples, some large numbers"),
        Case(
            (np.zeros((0, 2)), V, W, np.zeros((0, 4)), np.zeros((0, 2))),
            UNUSUAL,
            "no example: `Z_t` has 0 rows",
        ),
        Case(whole, UNUSUAL, "whole numbers"),
        Case(fractions(whole), UNUSUAL, "whole numbers in `Z_t` alone"),
        Case(tuple(a.astype(np.float32) for a in signals(rng, 3, 2, 4)), UNUSUAL, "float32"),
    ]


def the_slides_g(Z_t, V, W, delta_y, delta_next):
    """g(z) in the place of g′(z), as the slide prints it."""
    return np.tanh(Z_t) * (delta_y @ V.T + delta_next @ W.T)


def slope_forgotten(Z_t, V, W, delta_y, delta_next):
    """No g′ at all."""
    return delta_y @ V.T + delta_next @ W.T


def square_of_z(Z_t, V, W, delta_y, delta_next):
    """1 − z² in the place of 1 − tanh²(z)."""
    return (1 - Z_t**2) * (delta_y @ V.T + delta_next @ W.T)


def square_forgotten(Z_t, V, W, delta_y, delta_next):
    """1 − tanh(z)."""
    return (1 - np.tanh(Z_t)) * (delta_y @ V.T + delta_next @ W.T)


def twice_for_the_square(Z_t, V, W, delta_y, delta_next):
    """1 − 2h."""
    return (1 - 2 * np.tanh(Z_t)) * (delta_y @ V.T + delta_next @ W.T)


def slope_at_the_state(Z_t, V, W, delta_y, delta_next):
    """g′(h) in the place of g′(z)."""
    return (1 - np.tanh(np.tanh(Z_t)) ** 2) * (delta_y @ V.T + delta_next @ W.T)


def next_step_alone(Z_t, V, W, delta_y, delta_next):
    """The outputs of this step are forgotten."""
    return (1 - np.tanh(Z_t) ** 2) * (delta_next @ W.T)


def outputs_alone(Z_t, V, W, delta_y, delta_next):
    """The next step is forgotten."""
    return (1 - np.tanh(Z_t) ** 2) * (delta_y @ V.T)


def recurrent_weights_not_transposed(Z_t, V, W, delta_y, delta_next):
    """W for Wᵀ."""
    return (1 - np.tanh(Z_t) ** 2) * (delta_y @ V.T + delta_next @ W)


def output_weights_not_transposed(Z_t, V, W, delta_y, delta_next):
    """V for Vᵀ: the shapes do not fit."""
    return (1 - np.tanh(Z_t) ** 2) * (delta_y @ V + delta_next @ W.T)


def slope_on_the_outputs_only(Z_t, V, W, delta_y, delta_next):
    """Brackets forgotten."""
    return (1 - np.tanh(Z_t) ** 2) * (delta_y @ V.T) + delta_next @ W.T


def slope_on_the_next_step_only(Z_t, V, W, delta_y, delta_next):
    """Brackets forgotten, the other way round."""
    return delta_y @ V.T + (1 - np.tanh(Z_t) ** 2) * (delta_next @ W.T)


def slope_before_the_weights(Z_t, V, W, delta_y, delta_next):
    """The slope of this step multiplies the next step's signal before W does."""
    slope = 1 - np.tanh(Z_t) ** 2
    return slope * (delta_y @ V.T) + (slope * delta_next) @ W.T


def slope_of_the_sigmoid(Z_t, V, W, delta_y, delta_next):
    """σ′ in the place of tanh′."""
    s = 1 / (1 + np.exp(-Z_t))
    return s * (1 - s) * (delta_y @ V.T + delta_next @ W.T)


def rule_of_the_sigmoid(Z_t, V, W, delta_y, delta_next):
    """h (1 − h)."""
    h = np.tanh(Z_t)
    return h * (1 - h) * (delta_y @ V.T + delta_next @ W.T)


def one_plus_the_square(Z_t, V, W, delta_y, delta_next):
    """1 + tanh²."""
    return (1 + np.tanh(Z_t) ** 2) * (delta_y @ V.T + delta_next @ W.T)


def signals_subtracted(Z_t, V, W, delta_y, delta_next):
    """Minus in the place of plus."""
    return (1 - np.tanh(Z_t) ** 2) * (delta_y @ V.T - delta_next @ W.T)


def cosh_not_squared(Z_t, V, W, delta_y, delta_next):
    """1 / cosh."""
    return (delta_y @ V.T + delta_next @ W.T) / np.cosh(Z_t)


def slope_twice(Z_t, V, W, delta_y, delta_next):
    """g′²."""
    slope = 1 - np.tanh(Z_t) ** 2
    return slope * (delta_y @ V.T + slope * (delta_next @ W.T))


def slope_squared(Z_t, V, W, delta_y, delta_next):
    """g′² on both."""
    return (1 - np.tanh(Z_t) ** 2) ** 2 * (delta_y @ V.T + delta_next @ W.T)


def tanh_of_the_square(Z_t, V, W, delta_y, delta_next):
    """1 − tanh(z²)."""
    return (1 - np.tanh(Z_t**2)) * (delta_y @ V.T + delta_next @ W.T)


def ways_multiplied(Z_t, V, W, delta_y, delta_next):
    """The product of both ways."""
    return (1 - np.tanh(Z_t) ** 2) * (delta_y @ V.T) * (delta_next @ W.T)


def mean_of_both_ways(Z_t, V, W, delta_y, delta_next):
    """Half of the sum."""
    return (1 - np.tanh(Z_t) ** 2) * (delta_y @ V.T + delta_next @ W.T) / 2


def divided_by_the_examples(Z_t, V, W, delta_y, delta_next):
    """A mean over the examples."""
    return (1 - np.tanh(Z_t) ** 2) * (delta_y @ V.T + delta_next @ W.T) / max(len(Z_t), 1)


def next_signal_without_weights(Z_t, V, W, delta_y, delta_next):
    """δ_{t+1} as it is."""
    return (1 - np.tanh(Z_t) ** 2) * (delta_y @ V.T + delta_next)


def slope_of_the_next_signal(Z_t, V, W, delta_y, delta_next):
    """The derivative at what comes in."""
    s = delta_y @ V.T + delta_next @ W.T
    return (1 - np.tanh(s) ** 2) * s


def slope_added(Z_t, V, W, delta_y, delta_next):
    """A plus in the place of the product."""
    return (1 - np.tanh(Z_t) ** 2) + delta_y @ V.T + delta_next @ W.T


def slope_of_the_relu(Z_t, V, W, delta_y, delta_next):
    """0 or 1."""
    return (Z_t > 0) * (delta_y @ V.T + delta_next @ W.T)


EXERCISE = Exercise(
    name="rnn_hidden_delta",
    chapter="ch6_vanishing_gradients",
    reference=rnn.rnn_hidden_delta,
    cases=cases,
    criteria=(
        Criterion(LAST, 0.5, by_meaning(agrees(), AXES)),
        Criterion(BOTH, 0.5, by_meaning(agrees(), AXES)),
        Criterion(UNUSUAL, 0.25, by_meaning(agrees(), AXES)),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            the_slides_g,
            "this is the slide's formula as it is printed, with g(z). What passes an error signal back is the slope of the "
            "activation, its derivative at `Z_t`.",
        ),
        Misconception(
            slope_forgotten,
            "the slope of the tanh is missing: a saturated unit would pass everything on. Multiply by the derivative at "
            "`Z_t`.",
        ),
        Misconception(
            square_of_z,
            "1 − z² is no slope of the tanh. The derivative is 1 − h², with h = tanh(z).",
        ),
        Misconception(square_forgotten, "the derivative of the tanh is 1 − tanh²(z): the square is missing."),
        Misconception(
            twice_for_the_square,
            "the derivative of the tanh is 1 − tanh²(z), with a square. This is 1 − 2 tanh(z).",
        ),
        Misconception(
            slope_at_the_state,
            "the slope is taken at the state h = tanh(z), so the tanh is applied twice. It belongs to the pre-activation.",
        ),
        Misconception(
            next_step_alone,
            "the outputs of this step are forgotten: the loss depends on the state through `delta_y` too.",
        ),
        Misconception(
            outputs_alone,
            "the next step is forgotten: the state also acts through all that comes after it, which is `delta_next`.",
        ),
        Misconception(
            recurrent_weights_not_transposed,
            "`W` is not transposed. Forward the state stands left of `W`; the way back goes through its transpose.",
        ),
        Misconception(
            output_weights_not_transposed,
            "`V` and `delta_y` do not fit as they stand. `delta_y` has a column for each output, `V` a row for each hidden unit, "
            "and the result a column for each hidden unit: see what comes first, and what is turned round.",
        ),
        Misconception(
            slope_on_the_outputs_only,
            "the slope multiplies the part from the outputs only. Both signals meet at the state and go through the tanh "
            "together: multiply their sum.",
        ),
        Misconception(
            slope_on_the_next_step_only,
            "the slope multiplies the part from the next step only. Both signals meet at the state and go through the tanh "
            "together: multiply their sum.",
        ),
        Misconception(
            slope_before_the_weights,
            "the slope of this step is multiplied to the next step's signal before `W`. First comes the way through the "
            "weights, then the slope: they do not commute.",
        ),
        Misconception(
            slope_of_the_sigmoid,
            "this is the slope of the sigmoid. The units of this network are tanh.",
        ),
        Misconception(
            rule_of_the_sigmoid,
            "h (1 − h) is the rule for the sigmoid. The slope of the tanh is 1 − h².",
        ),
        Misconception(one_plus_the_square, "the derivative of the tanh is 1 *minus* its square."),
        Misconception(
            signals_subtracted,
            "the signal of the next step is subtracted. Both ways on which the state acts on the loss add.",
        ),
        Misconception(
            cosh_not_squared,
            "this is 1 over cosh, which is the root of the slope of the tanh. The slope is 1 over its square.",
        ),
        Misconception(
            slope_twice,
            "what comes from the next step got the slope twice. Both signals go through this step's tanh once.",
        ),
        Misconception(
            slope_squared,
            "the slope came twice. The signal goes through this step's tanh once.",
        ),
        Misconception(
            tanh_of_the_square,
            "tanh² z was read as tanh(z²). First the tanh, then its square.",
        ),
        Misconception(
            ways_multiplied,
            "the two ways are multiplied. They are different ways to the loss, and add.",
        ),
        Misconception(
            mean_of_both_ways,
            "the result is half as large as it should be: the two ways add, each in full.",
        ),
        Misconception(
            divided_by_the_examples,
            "the signal was divided by the number of examples. If the loss is a mean, the division is in `delta_y` "
            "already.",
        ),
        Misconception(
            next_signal_without_weights,
            "the signal of the next step came back without its weights. It goes through `W`, the other way.",
        ),
        Misconception(
            slope_of_the_next_signal,
            "the slope is taken at the signal that comes back. It belongs to the pre-activation `Z_t` of the way forward.",
        ),
        Misconception(
            slope_added,
            "the slope was added to the signals. By the chain rule it multiplies their sum.",
        ),
        Misconception(
            slope_of_the_relu,
            "this is the slope of a ReLU. The units of this network are tanh.",
        ),
    ),
    minutes=8,
    difficulty=2,
)
