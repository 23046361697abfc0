"""`rnn_forward`: values of a recurrent network, step by step (chapter 6)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import rnn
from fnnkit.exercises.ch6_vanishing_gradients.beyond import far
from fnnkit.exercises.ch6_vanishing_gradients.ways_forward import FURTHER
from fnnkit.exercises.drawing import rounded
from fnnkit.judge.axes import by_meaning
from fnnkit.judge.by_name import agrees_on
from fnnkit.judge.criteria import UNUSUAL, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

STEP, TIME, OUTPUT = "one step: Z and H", "the state goes on from step to step", "the outputs Y"

# What the axes count: no two have the same length in a case.
AXES = {
    "X": ("steps", "examples", "inputs"),
    "h0": ("examples", "hidden units"),
    "A": ("inputs", "hidden units"),
    "W": ("hidden units before", "hidden units"),
    "b": ("hidden units",),
    "V": ("hidden units", "outputs"),
    "Z": ("steps", "examples", "hidden units"),
    "H": ("steps", "examples", "hidden units"),
    "Y": ("steps", "examples", "outputs"),
    "delta_y": ("steps", "examples", "outputs"),
}


def network(rng: np.random.Generator, T: int, n: int, d: int, m: int, p: int) -> tuple[Any, Any, Any]:
    """Inputs, a first state that is not zero, and parameters; W is not symmetric."""
    params = {
        "A": rounded(rng, d, m),
        "W": rounded(rng, m, m) + 0.75 * np.triu(np.ones((m, m)), 1),
        "b": rounded(rng, m) + 0.5,
        "V": rounded(rng, m, p),
    }
    return rounded(rng, T, n, d), rounded(rng, n, m, scale=0.5) + 0.5, params


def whole_network(rng: np.random.Generator) -> tuple[Any, Any, Any]:
    """A network of integers, small enough that no unit saturates."""
    X, h0 = rng.integers(-1, 2, (3, 4, 2)), rng.integers(0, 2, (4, 2))
    params = {
        "A": rng.permuted([[1, 0], [0, -1]]),
        "W": np.array([[1, 1], [0, 1]]),
        "b": rng.permuted([0, 1]),
        "V": rng.integers(1, 4, (2, 1)),
    }
    return X, h0, params


def narrow(args: tuple[Any, Any, Any]) -> tuple[Any, Any, Any]:
    """The same call in float32."""
    X, h0, params = args
    return (
        X.astype(np.float32),
        h0.astype(np.float32),
        {name: array.astype(np.float32) for name, array in params.items()},
    )


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``rnn_forward(X, h0, params)``; all axes have different lengths."""
    X, h0, params = network(rng, T=4, n=3, d=1, m=2, p=5)
    large = network(rng, T=3, n=2, d=4, m=3, p=1)
    return [
        Case(network(rng, T=1, n=2, d=3, m=4, p=5), STEP, "one step"),
        Case(network(rng, T=1, n=4, d=1, m=3, p=2), STEP, "one step, one input"),
        Case((X, h0, params), TIME, "four steps"),
        Case(network(rng, T=3, n=1, d=2, m=4, p=5), TIME, "one example"),
        Case(network(rng, T=12, n=2, d=3, m=5, p=1), TIME, "twelve steps"),
        Case((far(large[0]), far(large[1]), large[2]), TIME, "large inputs, a large first state"),
        Case((X[:3, :2], h0[:2], params), OUTPUT, "three steps"),
        Case(network(rng, T=2, n=3, d=4, m=5, p=1), OUTPUT, "one output"),
        Case((np.zeros((3, 0, 1)), np.zeros((0, 2)), params), UNUSUAL, "no example: `X` has shape (3, 0, 1)"),
        Case(whole_network(rng), UNUSUAL, "whole numbers"),
        Case(narrow(network(rng, T=3, n=2, d=1, m=2, p=1)), UNUSUAL, "float32"),
    ]


def first_state_at_every_step(X, h0, params):
    """h₀ in the place of h_{t−1}."""
    Z = np.array([x @ params["A"] + h0 @ params["W"] + params["b"] for x in X])
    H = np.tanh(Z)
    return {"Z": Z, "H": H, "Y": H @ params["V"]}


def first_state_of_zeros(X, h0, params):
    """h₀ is not used."""
    Z, H, h = [], [], np.zeros(h0.shape)
    for x in X:
        z = x @ params["A"] + h @ params["W"] + params["b"]
        h = np.tanh(z)
        Z.append(z)
        H.append(h)
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.array(H) @ params["V"]}


def no_feedback(X, h0, params):
    """W is not used: a feedforward network at every step."""
    Z = X @ params["A"] + params["b"]
    H = np.tanh(Z)
    return {"Z": Z, "H": H, "Y": H @ params["V"]}


def bias_forgotten(X, h0, params):
    """b is not used."""
    Z, H, h = [], [], h0
    for x in X:
        z = x @ params["A"] + h @ params["W"]
        h = np.tanh(z)
        Z.append(z)
        H.append(h)
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.array(H) @ params["V"]}


def recurrent_weights_transposed(X, h0, params):
    """Wᵀ of the slides' column vectors."""
    Z, H, h = [], [], h0
    for x in X:
        z = x @ params["A"] + h @ params["W"].T + params["b"]
        h = np.tanh(z)
        Z.append(z)
        H.append(h)
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.array(H) @ params["V"]}


def examples_before_steps(X, h0, params):
    """The loop runs over the second axis."""
    Z, H, h = [], [], h0
    for t in range(X.shape[1]):
        z = X[:, t] @ params["A"] + h @ params["W"] + params["b"]
        h = np.tanh(z)
        Z.append(z)
        H.append(h)
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.array(H) @ params["V"]}


def pre_activation_goes_on(X, h0, params):
    """z_{t−1} in the place of h_{t−1}."""
    Z, z = [], h0
    for x in X:
        z = x @ params["A"] + z @ params["W"] + params["b"]
        Z.append(z)
    H = np.tanh(np.array(Z))
    return {"Z": np.array(Z), "H": H, "Y": H @ params["V"]}


def state_squashed_twice(X, h0, params):
    """tanh of h_{t−1} once more."""
    Z, H, h = [], [], h0
    for x in X:
        z = x @ params["A"] + np.tanh(h) @ params["W"] + params["b"]
        h = np.tanh(z)
        Z.append(z)
        H.append(h)
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.array(H) @ params["V"]}


def outputs_from_pre_activations(X, h0, params):
    """y = z V."""
    Z, H, h = [], [], h0
    for x in X:
        z = x @ params["A"] + h @ params["W"] + params["b"]
        h = np.tanh(z)
        Z.append(z)
        H.append(h)
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.array(Z) @ params["V"]}


def outputs_squashed(X, h0, params):
    """tanh on the outputs."""
    Z, H, h = [], [], h0
    for x in X:
        z = x @ params["A"] + h @ params["W"] + params["b"]
        h = np.tanh(z)
        Z.append(z)
        H.append(h)
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.tanh(np.array(H) @ params["V"])}


def outputs_from_the_state_before(X, h0, params):
    """y_t = h_{t−1} V."""
    Z, H, Y, h = [], [], [], h0
    for x in X:
        Y.append(h @ params["V"])
        z = x @ params["A"] + h @ params["W"] + params["b"]
        h = np.tanh(z)
        Z.append(z)
        H.append(h)
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.array(Y)}


def start_among_the_states(X, h0, params):
    """H has T + 1 entries."""
    Z, H = [], [h0]
    for x in X:
        Z.append(x @ params["A"] + H[-1] @ params["W"] + params["b"])
        H.append(np.tanh(Z[-1]))
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.array(H) @ params["V"]}


def last_step_only(X, h0, params):
    """The values of the last step."""
    h = h0
    for x in X:
        z = x @ params["A"] + h @ params["W"] + params["b"]
        h = np.tanh(z)
    return {"Z": z, "H": h, "Y": h @ params["V"]}


def states_not_squashed(X, h0, params):
    """No tanh at all."""
    Z, h = [], h0
    for x in X:
        h = x @ params["A"] + h @ params["W"] + params["b"]
        Z.append(h)
    return {"Z": np.array(Z), "H": np.array(Z), "Y": np.array(Z) @ params["V"]}


def bias_outside_of_the_tanh(X, h0, params):
    """tanh(…) + b."""
    Z, H, h = [], [], h0
    for x in X:
        z = x @ params["A"] + h @ params["W"]
        h = np.tanh(z) + params["b"]
        Z.append(z)
        H.append(h)
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.array(H) @ params["V"]}


def states_in_the_place_of_z(X, h0, params):
    """Z is H."""
    H, h = [], h0
    for x in X:
        h = np.tanh(x @ params["A"] + h @ params["W"] + params["b"])
        H.append(h)
    return {"Z": np.array(H), "H": np.array(H), "Y": np.array(H) @ params["V"]}


def one_array_for_all_states(X, h0, params):
    """The same array is appended again and again."""
    Z, H, h = [], [], h0.astype(float)
    for x in X:
        Z.append(x @ params["A"] + h @ params["W"] + params["b"])
        h[:] = np.tanh(Z[-1])
        H.append(h)
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.array(H) @ params["V"]}


def one_step_of_memory(X, h0, params):
    """The states before are computed from the inputs alone."""
    A, W, b, V = (params[name] for name in "AWbV")
    alone = np.tanh(X @ A + b)
    before = np.concatenate([np.asarray(h0, dtype=float)[None], alone[:-1]])
    Z = X @ A + before @ W + b
    H = np.tanh(Z)
    return {"Z": Z, "H": H, "Y": H @ V}


def state_of_zeros_at_every_step(X, h0, params):
    """The state is set back to zeros after the first step."""
    A, W, b, V = (params[name] for name in "AWbV")
    Z = np.array([x @ A + (h0 if t == 0 else 0.0 * h0) @ W + b for t, x in enumerate(X)])
    H = np.tanh(Z)
    return {"Z": Z, "H": H, "Y": H @ V}


def last_to_first(X, h0, params):
    """The loop runs backwards."""
    A, W, b, V = (params[name] for name in "AWbV")
    h, Z = h0, []
    for x in X[::-1]:
        Z.append(x @ A + h @ W + b)
        h = np.tanh(Z[-1])
    Z = np.array(Z)[::-1]
    H = np.tanh(Z)
    return {"Z": Z, "H": H, "Y": H @ V}


def previous_input(X, h0, params):
    """x_{t−1} for x_t."""
    A, W, b, V = (params[name] for name in "AWbV")
    h, Z = h0, []
    for t in range(len(X)):
        Z.append(X[max(t - 1, 0)] @ A + h @ W + b)
        h = np.tanh(Z[-1])
    Z = np.array(Z)
    H = np.tanh(Z)
    return {"Z": Z, "H": H, "Y": H @ V}


def inputs_added_up(X, h0, params):
    """The pre-activations are added up over the steps."""
    A, W, b, V = (params[name] for name in "AWbV")
    h, z, Z = h0, np.zeros(h0.shape), []
    for x in X:
        z = z + x @ A + h @ W + b
        Z.append(z)
        h = np.tanh(z)
    Z = np.array(Z)
    H = np.tanh(Z)
    return {"Z": Z, "H": H, "Y": H @ V}


def sigmoid_units(X, h0, params):
    """σ for tanh."""
    A, W, b, V = (params[name] for name in "AWbV")
    h, Z, H = h0, [], []
    for x in X:
        Z.append(x @ A + h @ W + b)
        h = 0.5 * (1 + np.tanh(0.5 * Z[-1]))
        H.append(h)
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.array(H) @ V}


def state_added_without_weights(X, h0, params):
    """h_{t−1} in the place of h_{t−1} W."""
    A, b, V = (params[name] for name in "AbV")
    h, Z = h0, []
    for x in X:
        Z.append(x @ A + h + b)
        h = np.tanh(Z[-1])
    Z = np.array(Z)
    H = np.tanh(Z)
    return {"Z": Z, "H": H, "Y": H @ V}


EXERCISE = Exercise(
    name="rnn_forward",
    chapter="ch6_vanishing_gradients",
    reference=rnn.rnn_forward,
    cases=cases,
    criteria=(
        Criterion(STEP, 0.5, by_meaning(agrees_on("Z", "H"), AXES)),
        Criterion(TIME, 0.25, by_meaning(agrees_on("Z", "H"), AXES)),
        Criterion(OUTPUT, 0.25, by_meaning(agrees_on("Y"), AXES)),
        Criterion(UNUSUAL, 0.25, agrees_on()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            first_state_at_every_step,
            "every step starts from `h0`. Only the first does: keep the state of each step, and use it in the next.",
        ),
        Misconception(
            first_state_of_zeros,
            "`h0` is not used. The state before the first step is given, and it need not be zero.",
        ),
        Misconception(
            no_feedback,
            "the state before is missing from `z_t`: without the product with `W` nothing is remembered from step to step.",
        ),
        Misconception(bias_forgotten, "the bias `b` is missing: it is added at every step."),
        Misconception(
            recurrent_weights_transposed,
            "`W` is transposed. The slides have column vectors; here a row is an example, and the state stands left of `W`.",
        ),
        Misconception(
            examples_before_steps,
            "the loop runs over the examples. The time axis is the first: `X[t]` holds all examples at step t.",
        ),
        Misconception(
            pre_activation_goes_on,
            "the pre-activation goes on to the next step. It is the state, after the tanh, that is multiplied by `W`.",
        ),
        Misconception(
            state_squashed_twice,
            "the state goes through the tanh a second time before it meets `W`. It has been through it already.",
        ),
        Misconception(
            outputs_from_pre_activations,
            "the outputs come from the pre-activations `Z`. They are read off the states `H`.",
        ),
        Misconception(outputs_squashed, "there is a tanh on the outputs. They are linear in the state."),
        Misconception(
            outputs_from_the_state_before,
            "the output of each step is read off the state before it. It belongs to the state that the step made.",
        ),
        Misconception(
            start_among_the_states,
            "`H` begins with `h0`, so it has one entry too many. It holds the states after the steps 1 … T alone.",
        ),
        Misconception(
            last_step_only,
            "only the last step is returned. Keep the values of all steps, stacked along the first axis.",
        ),
        Misconception(
            states_not_squashed, "`H` is not squashed: the state is the tanh of the pre-activation."
        ),
        Misconception(
            bias_outside_of_the_tanh,
            "the bias is added after the tanh. It belongs inside, to the pre-activation.",
        ),
        Misconception(
            states_in_the_place_of_z,
            "`Z` holds the states. Keep what goes *into* the tanh under that name: the way back needs it.",
        ),
        Misconception(
            one_array_for_all_states,
            "all states are equal to the last, as when one array is overwritten at each step and kept again and again. Make a "
            "new one at each step.",
        ),
        Misconception(
            one_step_of_memory,
            "the state before was computed from its input alone, without its own past, so that nothing is remembered for "
            "more than one step. Step by step each state needs the one before, complete.",
        ),
        Misconception(
            state_of_zeros_at_every_step,
            "after the first step the state is not handed on. Keep it, and use it in the next turn of the loop.",
        ),
        Misconception(
            last_to_first,
            "the loop starts at the last step. Forward in time the first step comes first, with `h0` before it.",
        ),
        Misconception(
            previous_input,
            "the input of the step before is used. Only the *state* is one step old.",
        ),
        Misconception(
            inputs_added_up,
            "the pre-activation of the step before is added to the next. What goes on is the state alone, through `W`.",
        ),
        Misconception(
            sigmoid_units,
            "the states come from the sigmoid. The units of this network are tanh.",
        ),
        Misconception(
            state_added_without_weights,
            "the state before is added as it is. It goes through the recurrent weights `W` first.",
        ),
        *FURTHER,
    ),
    minutes=8,
    difficulty=2,
)
