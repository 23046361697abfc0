"""More wrong cells: answers to `lstm_cell` (chapter 6), which has a page full of its own."""

from __future__ import annotations

import numpy as np

from fnnkit.activations import sigmoid
from fnnkit.judge.exercise import Misconception


def old_memory_squashed(x, h, c, params):
    """f ∘ tanh(c)."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * np.tanh(c) + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def old_state_shown(x, h, c, params):
    """o ∘ tanh(h)."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    return sigmoid(o) * np.tanh(h), sigmoid(f) * c + sigmoid(i) * np.tanh(g)


def functions_exchanged_at_the_output(x, h, c, params):
    """tanh(o) ∘ σ(c)."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return np.tanh(o) * sigmoid(c_new), c_new


def candidate_first(x, h, c, params):
    """The order g, i, f, o."""
    g, i, f, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def forgotten_after_writing(x, h, c, params):
    """f ∘ (c + i ∘ g)."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * (c + sigmoid(i) * np.tanh(g))
    return sigmoid(o) * np.tanh(c_new), c_new


def written_by_the_complement(x, h, c, params):
    """1 − i."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + (1 - sigmoid(i)) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def gate_inside_of_the_candidate(x, h, c, params):
    """tanh(i ∘ g)."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + np.tanh(sigmoid(i) * g)
    return sigmoid(o) * np.tanh(c_new), c_new


FURTHER = (
    Misconception(
        old_memory_squashed,
        "the old memory went through a tanh before it was kept. The forget gate multiplies `c` as it is.",
    ),
    Misconception(
        old_state_shown,
        "the state shows the tanh of the *state* before the step. It shows that of the new memory.",
    ),
    Misconception(
        functions_exchanged_at_the_output,
        "sigmoid and tanh are exchanged in the state. The output gate is a sigmoid, and what it shows is the tanh of the new "
        "memory.",
    ),
    Misconception(
        candidate_first,
        "the blocks are read in the order g, i, f, o. Here the candidate g comes third, after input and forget gate.",
    ),
    Misconception(
        forgotten_after_writing,
        "the forget gate multiplies what is written as well. It decides of the old memory alone.",
    ),
    Misconception(
        written_by_the_complement,
        "what is written is 1 − σ(i). An open input gate lets it through: σ(i) multiplies the candidate.",
    ),
    Misconception(
        gate_inside_of_the_candidate,
        "the input gate stands inside of the tanh of the candidate. It multiplies what the tanh gives.",
    ),
)
"""Their hints."""
