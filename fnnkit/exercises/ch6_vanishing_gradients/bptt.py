"""`bptt`: gradients of all parameters of a recurrent network (chapter 6)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit.exercises.ch6_vanishing_gradients.beyond import far
from fnnkit.exercises.ch6_vanishing_gradients.rnn_forward import AXES, narrow, network, whole_network
from fnnkit.exercises.ch6_vanishing_gradients.ways_back import FURTHER
from fnnkit.exercises.drawing import rounded
from fnnkit.exercises.gradients import of_bptt
from fnnkit.judge.axes import by_meaning
from fnnkit.judge.by_name import agrees_on
from fnnkit.judge.criteria import UNUSUAL, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception
from fnnkit.rnn import bptt, rnn_forward, rnn_hidden_delta

ONE = "one step"
END, EVERY = "several steps, a loss after the last", "a loss at every step"


def at_every_step(rng: np.random.Generator, T: int, n: int, d: int, m: int, p: int) -> Any:
    """A network, and error signals at all its outputs."""
    return (*network(rng, T, n, d, m, p), rounded(rng, T, n, p))


def at_the_end(rng: np.random.Generator, T: int, n: int, d: int, m: int, p: int) -> Any:
    """A network, and error signals at the outputs of the last step alone."""
    delta_y = np.zeros((T, n, p))
    delta_y[-1] = rounded(rng, n, p)
    return (*network(rng, T, n, d, m, p), delta_y)


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``bptt(X, h0, params, delta_y)``; all axes have different lengths, and h0 is not zero."""
    params = network(rng, 1, 1, 1, 2, 4)[2]
    X, h0, large, delta_y = at_every_step(rng, T=3, n=2, d=4, m=3, p=1)
    return [
        Case(at_every_step(rng, T=1, n=3, d=4, m=2, p=5), ONE, "one step"),
        Case(at_every_step(rng, T=1, n=2, d=1, m=4, p=3), ONE, "one step"),
        Case(at_the_end(rng, T=3, n=4, d=1, m=2, p=5), END, "three steps"),
        Case(at_the_end(rng, T=5, n=2, d=3, m=4, p=1), END, "five steps"),
        Case(at_every_step(rng, T=4, n=3, d=1, m=2, p=5), EVERY, "four steps"),
        Case(at_every_step(rng, T=2, n=1, d=3, m=5, p=4), EVERY, "one example"),
        Case(at_every_step(rng, T=12, n=3, d=2, m=4, p=1), EVERY, "twelve steps"),
        Case(
            (far(X), far(h0), large, far(delta_y)),
            EVERY,
            "large inputs, a large first state, large error signals",
        ),
        Case(
            (np.zeros((3, 0, 1)), np.zeros((0, 2)), params, np.zeros((3, 0, 4))),
            UNUSUAL,
            "no example: `X` has shape (3, 0, 1)",
        ),
        Case((*whole_network(rng), rng.integers(1, 4, (3, 4, 1))), UNUSUAL, "whole numbers"),
        Case(
            (*narrow(network(rng, T=3, n=2, d=1, m=2, p=4)), rounded(rng, 3, 2, 4).astype(np.float32)),
            UNUSUAL,
            "float32",
        ),
    ]


def last_step_only(X, h0, params, delta_y):
    """The gradients of the last step, without those of the steps before."""
    cache = rnn_forward(X, h0, params)
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    delta = np.zeros(h0.shape)
    for t in [len(X) - 1]:
        before = cache["H"][t - 1] if t > 0 else h0
        delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
        grads["A"] += X[t].T @ delta
        grads["W"] += before.T @ delta
        grads["b"] += delta.sum(axis=0)
        grads["V"] += cache["H"][t].T @ delta_y[t]
    return grads


def sums_overwritten(X, h0, params, delta_y):
    """``=`` in the place of ``+=``: what is left is of the step that comes last in the loop, the first."""
    cache = rnn_forward(X, h0, params)
    grads = {}
    delta = np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        before = cache["H"][t - 1] if t > 0 else h0
        delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
        grads["A"] = X[t].T @ delta
        grads["W"] = before.T @ delta
        grads["b"] = delta.sum(axis=0)
        grads["V"] = cache["H"][t].T @ delta_y[t]
    return grads


def signal_stops_at_each_step(X, h0, params, delta_y):
    """Each step hears of its own outputs alone."""
    cache = rnn_forward(X, h0, params)
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    for t in reversed(range(len(X))):
        before = cache["H"][t - 1] if t > 0 else h0
        delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], np.zeros(h0.shape))
        grads["A"] += X[t].T @ delta
        grads["W"] += before.T @ delta
        grads["b"] += delta.sum(axis=0)
        grads["V"] += cache["H"][t].T @ delta_y[t]
    return grads


def mean_over_the_steps(X, h0, params, delta_y):
    """Divided by T."""
    cache = rnn_forward(X, h0, params)
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    delta = np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        before = cache["H"][t - 1] if t > 0 else h0
        delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
        grads["A"] += X[t].T @ delta
        grads["W"] += before.T @ delta
        grads["b"] += delta.sum(axis=0)
        grads["V"] += cache["H"][t].T @ delta_y[t]
    return {name: gradient / len(X) for name, gradient in grads.items()}


def mean_over_the_examples(X, h0, params, delta_y):
    """Divided by n."""
    cache = rnn_forward(X, h0, params)
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    delta = np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        before = cache["H"][t - 1] if t > 0 else h0
        delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
        grads["A"] += X[t].T @ delta
        grads["W"] += before.T @ delta
        grads["b"] += delta.sum(axis=0)
        grads["V"] += cache["H"][t].T @ delta_y[t]
    return {name: gradient / max(len(h0), 1) for name, gradient in grads.items()}


def state_of_the_same_step(X, h0, params, delta_y):
    """h_t for h_{t−1} in the gradient of W."""
    cache = rnn_forward(X, h0, params)
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    delta = np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
        grads["A"] += X[t].T @ delta
        grads["W"] += cache["H"][t].T @ delta
        grads["b"] += delta.sum(axis=0)
        grads["V"] += cache["H"][t].T @ delta_y[t]
    return grads


def share_of_the_start_left_out(X, h0, params, delta_y):
    """The first step adds nothing to the gradient of W."""
    cache = rnn_forward(X, h0, params)
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    delta = np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
        grads["A"] += X[t].T @ delta
        if t > 0:
            grads["W"] += cache["H"][t - 1].T @ delta
        grads["b"] += delta.sum(axis=0)
        grads["V"] += cache["H"][t].T @ delta_y[t]
    return grads


def start_of_zeros(X, h0, params, delta_y):
    """h₀ is not used."""
    cache = rnn_forward(X, np.zeros(h0.shape), params)
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    delta = np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        before = cache["H"][t - 1] if t > 0 else np.zeros(h0.shape)
        delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
        grads["A"] += X[t].T @ delta
        grads["W"] += before.T @ delta
        grads["b"] += delta.sum(axis=0)
        grads["V"] += cache["H"][t].T @ delta_y[t]
    return grads


def the_last_state_before_the_first(X, h0, params, delta_y):
    """At the first step ``H[t - 1]`` is ``H[-1]``."""
    cache = rnn_forward(X, h0, params)
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    delta = np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        before = cache["H"][t - 1]
        delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
        grads["A"] += X[t].T @ delta
        grads["W"] += before.T @ delta
        grads["b"] += delta.sum(axis=0)
        grads["V"] += cache["H"][t].T @ delta_y[t]
    return grads


def forward_in_time(X, h0, params, delta_y):
    """The loop runs from the first step to the last: signals come from the step before."""
    cache = rnn_forward(X, h0, params)
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    delta = np.zeros(h0.shape)
    for t in range(len(X)):
        before = cache["H"][t - 1] if t > 0 else h0
        delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
        grads["A"] += X[t].T @ delta
        grads["W"] += before.T @ delta
        grads["b"] += delta.sum(axis=0)
        grads["V"] += cache["H"][t].T @ delta_y[t]
    return grads


def output_weights_from_z(X, h0, params, delta_y):
    """Z for H in the gradient of V."""
    cache = rnn_forward(X, h0, params)
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    delta = np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        before = cache["H"][t - 1] if t > 0 else h0
        delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
        grads["A"] += X[t].T @ delta
        grads["W"] += before.T @ delta
        grads["b"] += delta.sum(axis=0)
        grads["V"] += cache["Z"][t].T @ delta_y[t]
    return grads


def bias_for_each_example(X, h0, params, delta_y):
    """The gradient of b is summed over the steps, and not over the examples."""
    cache = rnn_forward(X, h0, params)
    grads = {name: np.zeros(array.shape) for name, array in params.items()} | {"b": np.zeros(h0.shape)}
    delta = np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        before = cache["H"][t - 1] if t > 0 else h0
        delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
        grads["A"] += X[t].T @ delta
        grads["W"] += before.T @ delta
        grads["b"] += delta
        grads["V"] += cache["H"][t].T @ delta_y[t]
    return grads


def the_slides_g(X, h0, params, delta_y):
    """g(z) in the place of g′(z)."""
    cache = rnn_forward(X, h0, params)
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    delta = np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        before = cache["H"][t - 1] if t > 0 else h0
        delta = np.tanh(cache["Z"][t]) * (delta_y[t] @ params["V"].T + delta @ params["W"].T)
        grads["A"] += X[t].T @ delta
        grads["W"] += before.T @ delta
        grads["b"] += delta.sum(axis=0)
        grads["V"] += cache["H"][t].T @ delta_y[t]
    return grads


def slope_forgotten(X, h0, params, delta_y):
    """No slope."""
    cache = rnn_forward(X, h0, params)
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    delta = np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        before = cache["H"][t - 1] if t > 0 else h0
        delta = delta_y[t] @ params["V"].T + delta @ params["W"].T
        grads["A"] += X[t].T @ delta
        grads["W"] += before.T @ delta
        grads["b"] += delta.sum(axis=0)
        grads["V"] += cache["H"][t].T @ delta_y[t]
    return grads


def recurrent_weights_not_transposed(X, h0, params, delta_y):
    """W for Wᵀ."""
    cache = rnn_forward(X, h0, params)
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    delta = np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        before = cache["H"][t - 1] if t > 0 else h0
        delta = (1 - cache["H"][t] ** 2) * (delta_y[t] @ params["V"].T + delta @ params["W"])
        grads["A"] += X[t].T @ delta
        grads["W"] += before.T @ delta
        grads["b"] += delta.sum(axis=0)
        grads["V"] += cache["H"][t].T @ delta_y[t]
    return grads


def bias_averaged(X, h0, params, delta_y):
    """The mean over the examples, for b alone."""
    cache = rnn_forward(X, h0, params)
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    delta = np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        before = cache["H"][t - 1] if t > 0 else h0
        delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
        grads["A"] += X[t].T @ delta
        grads["W"] += before.T @ delta
        grads["b"] += delta.mean(axis=0)
        grads["V"] += cache["H"][t].T @ delta_y[t]
    return grads


def first_step_left_out(X, h0, params, delta_y):
    """``range(T - 1, 0, -1)`` stops before 0."""
    cache = rnn_forward(X, h0, params)
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    delta = np.zeros(h0.shape)
    for t in range(len(X) - 1, 0, -1):
        before = cache["H"][t - 1]
        delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
        grads["A"] += X[t].T @ delta
        grads["W"] += before.T @ delta
        grads["b"] += delta.sum(axis=0)
        grads["V"] += cache["H"][t].T @ delta_y[t]
    return grads


EXERCISE = Exercise(
    name="bptt",
    chapter="ch6_vanishing_gradients",
    reference=bptt,
    cases=cases,
    criteria=(
        Criterion(ONE, 0.75, by_meaning(agrees_on(), AXES)),
        Criterion(END, 0.5, by_meaning(agrees_on(), AXES)),
        Criterion(EVERY, 0.75, by_meaning(agrees_on(), AXES)),
        Criterion(UNUSUAL, 0.25, by_meaning(agrees_on(), AXES)),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            last_step_only,
            "only the last step is counted. All steps share the parameters, so each adds its product to the gradients.",
        ),
        Misconception(
            sums_overwritten,
            "what is left is the first step's share alone, as when every turn of the loop overwrites the one before. Add the "
            "shares of all steps up.",
        ),
        Misconception(
            signal_stops_at_each_step,
            "each step hears of its own outputs only. Hand the signal of step t on to step t − 1, as `delta_next`.",
        ),
        Misconception(
            mean_over_the_steps,
            "the gradients are divided by the number of steps. The loss is what it is, and a sum over steps is its "
            "gradient.",
        ),
        Misconception(
            mean_over_the_examples,
            "the gradients are divided by the number of examples. `delta_y` is the gradient of the loss: if the loss is a "
            "mean, the division has happened there.",
        ),
        Misconception(
            state_of_the_same_step,
            "the gradient of `W` uses the state of the same step. What `W` multiplied at step t is the state before, and "
            "`h0` at the first.",
        ),
        Misconception(
            share_of_the_start_left_out,
            "the first step adds nothing to the gradient of `W`. There `W` multiplied `h0`, which need not be zero.",
        ),
        Misconception(start_of_zeros, "`h0` is not used: the values forward start from zeros."),
        Misconception(
            the_last_state_before_the_first,
            "at the first step the last state was taken for the one before: an index of −1 counts from the end. The state "
            "before the first step is `h0`.",
        ),
        Misconception(
            forward_in_time,
            "the loop goes forward in time, and takes the signal of the step before. Errors come from later steps: "
            "go from the last to the first.",
        ),
        Misconception(
            output_weights_from_z,
            "the gradient of `V` is made with the pre-activations `Z`. What `V` multiplied are the states `H`.",
        ),
        Misconception(
            bias_for_each_example,
            "the gradient of `b` is summed over the steps alone. All examples share the bias too: sum over both.",
        ),
        Misconception(
            the_slides_g,
            "this is the slide's g(z), as it is printed, where the slope belongs. Repair `rnn_hidden_delta`, or the line "
            "that does its work.",
        ),
        Misconception(
            slope_forgotten,
            "the slope of the tanh is missing on the way back through each step.",
        ),
        Misconception(
            recurrent_weights_not_transposed,
            "the way back through the recurrent weights needs the transpose of `W`.",
        ),
        Misconception(
            bias_averaged,
            "the gradient of `b` is averaged over the examples, that of the others summed. Sum it as well.",
        ),
        Misconception(
            first_step_left_out,
            "the first step is left out of all gradients. The way back comes down to t = 0, and there the state before is "
            "`h0`.",
        ),
        *FURTHER,
    ),
    ledger=of_bptt,
    minutes=16,
    difficulty=3,
    needs=("rnn_forward", "rnn_hidden_delta"),
)
