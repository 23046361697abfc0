"""More wrong ways back through time: answers to `bptt` (chapter 6), which has a page full of its own."""

from __future__ import annotations

import numpy as np

from fnnkit.judge.exercise import Misconception
from fnnkit.rnn import rnn_forward, rnn_hidden_delta


def recurrent_weights_twice(X, h0, params, delta_y):
    """δ Wᵀ is handed on, and goes through Wᵀ once more."""
    cache = rnn_forward(X, h0, params)
    D, delta = np.zeros(cache["Z"].shape), np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        D[t] = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
        delta = D[t] @ params["W"].T
    return {
        "A": np.einsum("tnd,tnm->dm", X, D),
        "W": np.einsum("tnk,tnm->km", np.array([h0, *cache["H"][:-1]]), D),
        "b": D.sum(axis=(0, 1)),
        "V": np.einsum("tnm,tnp->mp", cache["H"], delta_y),
    }


def steps_without_a_loss_skipped(X, h0, params, delta_y):
    """``continue`` where delta_y is zero."""
    cache = rnn_forward(X, h0, params)
    D, delta = np.zeros(cache["Z"].shape), np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        if delta_y[t].any():
            D[t] = delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
    return {
        "A": np.einsum("tnd,tnm->dm", X, D),
        "W": np.einsum("tnk,tnm->km", np.array([h0, *cache["H"][:-1]]), D),
        "b": D.sum(axis=(0, 1)),
        "V": np.einsum("tnm,tnp->mp", cache["H"], delta_y),
    }


def signals_added_up(X, h0, params, delta_y):
    """δ_{t+1} and all later ones come to step t."""
    cache = rnn_forward(X, h0, params)
    D, delta = np.zeros(cache["Z"].shape), np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        D[t] = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
        delta = delta + D[t]
    return {
        "A": np.einsum("tnd,tnm->dm", X, D),
        "W": np.einsum("tnk,tnm->km", np.array([h0, *cache["H"][:-1]]), D),
        "b": D.sum(axis=(0, 1)),
        "V": np.einsum("tnm,tnp->mp", cache["H"], delta_y),
    }


def output_weights_from_the_state_before(X, h0, params, delta_y):
    """h_{t−1} for h_t in the gradient of V."""
    cache = rnn_forward(X, h0, params)
    D, delta = np.zeros(cache["Z"].shape), np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        D[t] = delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
    before = np.array([h0, *cache["H"][:-1]])
    return {
        "A": np.einsum("tnd,tnm->dm", X, D),
        "W": np.einsum("tnk,tnm->km", before, D),
        "b": D.sum(axis=(0, 1)),
        "V": np.einsum("tnm,tnp->mp", before, delta_y),
    }


def output_weights_of_the_last_step(X, h0, params, delta_y):
    """V from the last step alone."""
    cache = rnn_forward(X, h0, params)
    D, delta = np.zeros(cache["Z"].shape), np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        D[t] = delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
    return {
        "A": np.einsum("tnd,tnm->dm", X, D),
        "W": np.einsum("tnk,tnm->km", np.array([h0, *cache["H"][:-1]]), D),
        "b": D.sum(axis=(0, 1)),
        "V": cache["H"][-1].T @ delta_y[-1],
    }


def recurrent_weights_from_z(X, h0, params, delta_y):
    """z_{t−1} for h_{t−1} in the gradient of W."""
    cache = rnn_forward(X, h0, params)
    D, delta = np.zeros(cache["Z"].shape), np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        D[t] = delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
    return {
        "A": np.einsum("tnd,tnm->dm", X, D),
        "W": np.einsum("tnk,tnm->km", np.array([h0, *cache["Z"][:-1]]), D),
        "b": D.sum(axis=(0, 1)),
        "V": np.einsum("tnm,tnp->mp", cache["H"], delta_y),
    }


def last_step_left_out(X, h0, params, delta_y):
    """The loop begins one step too low."""
    cache = rnn_forward(X, h0, params)
    D, delta = np.zeros(cache["Z"].shape), np.zeros(h0.shape)
    for t in reversed(range(len(X) - 1)):
        D[t] = delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
    return {
        "A": np.einsum("tnd,tnm->dm", X, D),
        "W": np.einsum("tnk,tnm->km", np.array([h0, *cache["H"][:-1]]), D),
        "b": D.sum(axis=(0, 1)),
        "V": np.einsum("tnm,tnp->mp", cache["H"][:-1], delta_y[:-1]),
    }


def recurrent_weights_one_step_late(X, h0, params, delta_y):
    """δ_{t+1} for δ_t in the gradient of W."""
    cache = rnn_forward(X, h0, params)
    D, delta = np.zeros(cache["Z"].shape), np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        D[t] = delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
    later = np.concatenate([D[1:], np.zeros(D[:1].shape)])
    return {
        "A": np.einsum("tnd,tnm->dm", X, D),
        "W": np.einsum("tnk,tnm->km", np.array([h0, *cache["H"][:-1]]), later),
        "b": D.sum(axis=(0, 1)),
        "V": np.einsum("tnm,tnp->mp", cache["H"], delta_y),
    }


def signals_back_to_front(X, h0, params, delta_y):
    """The first signal is that of the last step, the first input that of the first."""
    cache = rnn_forward(X, h0, params)
    D, delta = np.zeros(cache["Z"].shape), np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        D[-1 - t] = delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
    return {
        "A": np.einsum("tnd,tnm->dm", X, D),
        "W": np.einsum("tnk,tnm->km", np.array([h0, *cache["H"][:-1]]), D),
        "b": D.sum(axis=(0, 1)),
        "V": np.einsum("tnm,tnp->mp", cache["H"], delta_y),
    }


def output_signals_back_to_front(X, h0, params, delta_y):
    """delta_y is walked through from its end once more."""
    cache, dy = rnn_forward(X, h0, params), delta_y[::-1]
    D, delta = np.zeros(cache["Z"].shape), np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        D[t] = delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], dy[t], delta)
    return {
        "A": np.einsum("tnd,tnm->dm", X, D),
        "W": np.einsum("tnk,tnm->km", np.array([h0, *cache["H"][:-1]]), D),
        "b": D.sum(axis=(0, 1)),
        "V": np.einsum("tnm,tnp->mp", cache["H"], dy),
    }


def output_signals_back_to_front_on_the_way(X, h0, params, delta_y):
    """The same on the way back alone: V has its own."""
    cache = rnn_forward(X, h0, params)
    D, delta = np.zeros(cache["Z"].shape), np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        D[t] = delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[-1 - t], delta)
    return {
        "A": np.einsum("tnd,tnm->dm", X, D),
        "W": np.einsum("tnk,tnm->km", np.array([h0, *cache["H"][:-1]]), D),
        "b": D.sum(axis=(0, 1)),
        "V": np.einsum("tnm,tnp->mp", cache["H"], delta_y),
    }


def slope_of_the_step_before(X, h0, params, delta_y):
    """Z[t − 1], which is the last one at the first step."""
    cache = rnn_forward(X, h0, params)
    D, delta = np.zeros(cache["Z"].shape), np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        D[t] = delta = rnn_hidden_delta(cache["Z"][t - 1], params["V"], params["W"], delta_y[t], delta)
    return {
        "A": np.einsum("tnd,tnm->dm", X, D),
        "W": np.einsum("tnk,tnm->km", np.array([h0, *cache["H"][:-1]]), D),
        "b": D.sum(axis=(0, 1)),
        "V": np.einsum("tnm,tnp->mp", cache["H"], delta_y),
    }


def recurrent_weights_from_the_first_signal(X, h0, params, delta_y):
    """δ of the first step with the states of all."""
    cache = rnn_forward(X, h0, params)
    D, delta = np.zeros(cache["Z"].shape), np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        D[t] = delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
    return {
        "A": np.einsum("tnd,tnm->dm", X, D),
        "W": np.array([h0, *cache["H"][:-1]]).sum(axis=0).T @ delta,
        "b": D.sum(axis=(0, 1)),
        "V": np.einsum("tnm,tnp->mp", cache["H"], delta_y),
    }


FURTHER = (
    Misconception(
        output_signals_back_to_front_on_the_way,
        "the signal of step t is made with the `delta_y` of another step: the first with that of the last, and so on. "
        "`delta_y[t]` goes with step t, whichever way the loop runs.",
    ),
    Misconception(
        slope_of_the_step_before,
        "the slope at step t is that of the pre-activation before, and at the first step that of the last one: an index of −1 "
        "counts from the end. The pre-activation of step t itself belongs there.",
    ),
    Misconception(
        recurrent_weights_from_the_first_signal,
        "the gradient of `W` is made with the signal of the first step for all states. Each state goes with the signal of the "
        "step that it goes into.",
    ),
    Misconception(
        signals_back_to_front,
        "the signals stand in the opposite order to inputs and states: the one of the last step, made first, meets those of the "
        "first. Turn the list of signals round, if it was filled on the way back, before the products are made.",
    ),
    Misconception(
        output_signals_back_to_front,
        "step t gets the `delta_y` of another step: the first that of the last, and so on. `delta_y[t]` goes with step t, "
        "whichever way the loop runs.",
    ),
    Misconception(
        last_step_left_out,
        "the last step is left out of all gradients. The way back starts at t = T − 1, where nothing comes from a later step.",
    ),
    Misconception(
        recurrent_weights_one_step_late,
        "the gradient of `W` is made with the signal of the step after. The state before step t goes with the signal *of* step "
        "t: compute that first.",
    ),
    Misconception(
        recurrent_weights_twice,
        "the signal goes through `W` twice on its way to the step before: where it is handed on, and where it arrives. "
        "Hand on the error signal as it is.",
    ),
    Misconception(
        steps_without_a_loss_skipped,
        "a step before the last, without a loss of its own, gets nothing. The signal of the later steps goes through it all the "
        "same.",
    ),
    Misconception(
        signals_added_up,
        "the signals of all later steps were added up and handed on. Each step hears from the next one alone: what comes from "
        "further is in that already.",
    ),
    Misconception(
        output_weights_from_the_state_before,
        "the gradient of `V` is made with the states before. What `V` multiplied is the state of the same step.",
    ),
    Misconception(
        output_weights_of_the_last_step,
        "the gradient of `V` is that of the last step alone. `V` is used at every step: add them up.",
    ),
    Misconception(
        recurrent_weights_from_z,
        "the gradient of `W` is made with pre-activations. What `W` multiplied are the *states* before.",
    ),
)
"""Their hints."""
