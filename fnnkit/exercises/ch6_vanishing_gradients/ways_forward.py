"""More wrong ways forward in time: answers to `rnn_forward` (chapter 6), which has a page full of its own."""

from __future__ import annotations

import numpy as np

from fnnkit.judge.exercise import Misconception


def steps_run_together(X, h0, params):
    """``np.concatenate`` in the place of ``np.stack``."""
    A, W, b, V = (params[name] for name in "AWbV")
    Z, h = [], h0
    for x in X:
        Z.append(x @ A + h @ W + b)
        h = np.tanh(Z[-1])
    Z = np.concatenate(Z)
    H = np.tanh(Z)
    return {"Z": Z, "H": H, "Y": H @ V}


def states_before_the_steps(X, h0, params):
    """H begins with h₀, and ends before the last state."""
    A, W, b, V = (params[name] for name in "AWbV")
    Z, H, h = [], [], h0
    for x in X:
        H.append(h)
        Z.append(x @ A + h @ W + b)
        h = np.tanh(Z[-1])
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.array(H) @ V}


def first_state_alone_at_the_start(X, h0, params):
    """The first state is h₀ itself, and the first input is not used."""
    A, W, b, V = (params[name] for name in "AWbV")
    Z, H = [1.0 * h0], [1.0 * h0]
    for x in X[1:]:
        Z.append(x @ A + H[-1] @ W + b)
        H.append(np.tanh(Z[-1]))
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.array(H) @ V}


def input_outside_of_the_tanh(X, h0, params):
    """tanh(h W) + x A + b."""
    A, W, b, V = (params[name] for name in "AWbV")
    Z, H, h = [], [], h0
    for x in X:
        Z.append(x @ A + h @ W + b)
        h = np.tanh(h @ W) + x @ A + b
        H.append(h)
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.array(H) @ V}


def start_among_the_states_alone(X, h0, params):
    """H has T + 1 entries, and Y has T."""
    A, W, b, V = (params[name] for name in "AWbV")
    Z, H = [], [h0]
    for x in X:
        Z.append(x @ A + H[-1] @ W + b)
        H.append(np.tanh(Z[-1]))
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.array(H[1:]) @ V}


def states_before_the_steps_alone(X, h0, params):
    """H begins with h₀ and ends before the last state, and Y is right."""
    A, W, b, V = (params[name] for name in "AWbV")
    Z, H = [], [h0]
    for x in X:
        Z.append(x @ A + H[-1] @ W + b)
        H.append(np.tanh(Z[-1]))
    return {"Z": np.array(Z), "H": np.array(H[:-1]), "Y": np.array(H[1:]) @ V}


def start_among_the_pre_activations(X, h0, params):
    """Z has T + 1 entries, too: zeros stand beside h₀."""
    A, W, b, V = (params[name] for name in "AWbV")
    Z, H = np.zeros((len(X) + 1, *h0.shape)), np.zeros((len(X) + 1, *h0.shape))
    H[0] = h0
    for t, x in enumerate(X):
        Z[t + 1] = x @ A + H[t] @ W + b
        H[t + 1] = np.tanh(Z[t + 1])
    return {"Z": Z, "H": H, "Y": H[1:] @ V}


def start_among_the_states_and_outputs_before(X, h0, params):
    """H has T + 1 entries, and Y comes from the first T of them."""
    A, W, b, V = (params[name] for name in "AWbV")
    Z, H = [], [h0]
    for x in X:
        Z.append(x @ A + H[-1] @ W + b)
        H.append(np.tanh(Z[-1]))
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.array(H[:-1]) @ V}


FURTHER = (
    Misconception(
        start_among_the_states_and_outputs_before,
        "`h0` stands in `H` before the states of the steps, and the outputs are read off the states before. Return `H` without "
        "`h0`, and read the outputs off that.",
    ),
    Misconception(
        start_among_the_states_alone,
        "`h0` stands in `H` before the states of the steps. Return `H` without it: `H[0]` is the state *after* the first step.",
    ),
    Misconception(
        states_before_the_steps_alone,
        "`H` begins with `h0`, and the last state is missing. `H[t]` is the state that step t makes.",
    ),
    Misconception(
        start_among_the_pre_activations,
        "`Z` and `H` have an entry for the start: zeros, and `h0`. Return both without it: entry 0 belongs to the first step.",
    ),
    Misconception(
        steps_run_together,
        "steps and examples stand in one long column of rows. The steps have an axis of their own, the first: `np.stack` and "
        "`np.array` make one.",
    ),
    Misconception(
        states_before_the_steps,
        "`H[t]` is the state before step t, from `h0` on. It is the state that step t makes.",
    ),
    Misconception(
        first_state_alone_at_the_start,
        "`h0` was taken for the state of the first step, and the first input is not used. `h0` is the state before it.",
    ),
    Misconception(
        input_outside_of_the_tanh,
        "only a part of the pre-activation goes through the tanh. All of it does: input, state before and bias together.",
    ),
)
"""Their hints."""
