"""`lstm_cell`: one step of a cell with gates (chapter 6)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit.activations import sigmoid
from fnnkit.exercises.ch6_vanishing_gradients.beyond import far, negative
from fnnkit.exercises.ch6_vanishing_gradients.more_gates import FURTHER
from fnnkit.exercises.drawing import rounded
from fnnkit.judge.axes import by_meaning
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception
from fnnkit.rnn import lstm_cell

MEMORY, STATE = "the new memory c", "the new state h"
AXES = {
    "x": ("examples", "inputs"),
    "h": ("examples", "units"),
    "c": ("examples", "units"),
    "A": ("inputs", "columns of four gates"),
    "W": ("units", "columns of four gates"),
    "b": ("columns of four gates",),
}


def step(rng: np.random.Generator, n: int, d: int, m: int) -> Any:
    """Arguments with n, d and m all different, and none a multiple of 4 where blocks of rows would fit."""
    params = {
        "A": rounded(rng, d, 4 * m),
        "W": rounded(rng, m, 4 * m),
        "b": rounded(rng, 4 * m) + np.repeat([0.5, -0.75, 1.0, 0.25], m),
    }
    return rounded(rng, n, d), rounded(rng, n, m, scale=0.5) + 0.5, rounded(rng, n, m) - 0.75, params


def gated(rng: np.random.Generator, n: int, d: int, m: int, forget: float, write: float) -> Any:
    """The same with forget and input gates that are nearly open or shut."""
    x, h, c, params = step(rng, n, d, m)
    return x, h, c, {**params, "b": params["b"] + np.repeat([write, forget, 0.0, 0.0], m)}


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``lstm_cell(x, h, c, params)``."""
    x, h, c, params = step(rng, 3, 1, 2)
    wide = step(rng, 9, 2, 1)
    whole = {
        "A": rng.integers(-1, 2, (1, 8)),
        "W": rng.integers(-1, 2, (2, 8)),
        "b": rng.permuted([0, 1, 2, -1, 1, 0, -2, 1]),
    }
    narrow = tuple(a.astype(np.float32) for a in (x, h, c))
    return [
        Case((x, h, c, params), MEMORY),
        Case(step(rng, 2, 3, 5), MEMORY, "five units"),
        Case(step(rng, 1, 4, 3), MEMORY, "one example"),
        Case(gated(rng, 3, 1, 2, forget=30.0, write=-30.0), MEMORY, "forget gates open, input gates shut"),
        Case(gated(rng, 3, 2, 1, forget=-30.0, write=30.0), MEMORY, "forget gates shut, input gates open"),
        Case((negative(x), negative(h), negative(c), params), MEMORY, "inputs, states and memories negative"),
        Case((far(wide[0]), far(wide[1]), *wide[2:]), MEMORY, "nine examples, some large numbers"),
        Case((x, h, c, params), STATE),
        Case(step(rng, 2, 1, 3), STATE, "three units"),
        Case((x, h, 8.0 * c, params), STATE, "a large memory"),
        Case(
            (np.zeros((0, 1)), np.zeros((0, 2)), np.zeros((0, 2)), params),
            UNUSUAL,
            "no example: `x` has 0 rows",
        ),
        Case(
            (rng.integers(1, 3, (3, 1)), rng.integers(0, 2, (3, 2)), rng.integers(1, 4, (3, 2)), whole),
            UNUSUAL,
            "whole numbers",
        ),
        Case(
            (*narrow, {name: array.astype(np.float32) for name, array in params.items()}),
            UNUSUAL,
            "float32",
        ),
    ]


def input_and_forget_exchanged(x, h, c, params):
    """f g + i c."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(i) * c + sigmoid(f) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def candidate_last(x, h, c, params):
    """The order i, f, o, g of other books."""
    i, f, o, g = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def tanh_of_the_memory_forgotten(x, h, c, params):
    """h = o ∘ c."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * c_new, c_new


def candidate_by_the_sigmoid(x, h, c, params):
    """σ(g) in the place of tanh(g)."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * sigmoid(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def candidate_not_squashed(x, h, c, params):
    """g itself."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * g
    return sigmoid(o) * np.tanh(c_new), c_new


def gates_not_squashed(x, h, c, params):
    """No sigmoid."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = f * c + i * np.tanh(g)
    return o * np.tanh(c_new), c_new


def output_gate_inside(x, h, c, params):
    """h = tanh(o ∘ c)."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return np.tanh(sigmoid(o) * c_new), c_new


def old_memory_shown(x, h, c, params):
    """h = o ∘ tanh(c) with the memory before the step."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    return sigmoid(o) * np.tanh(c), sigmoid(f) * c + sigmoid(i) * np.tanh(g)


def state_kept_instead_of_the_memory(x, h, c, params):
    """f ∘ h in the place of f ∘ c."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * h + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def forget_gate_left_out(x, h, c, params):
    """c + i ∘ g, the cell of 1997."""
    i, _, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def forget_gate_for_the_input_too(x, h, c, params):
    """1 − f in the place of i."""
    _, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + (1 - sigmoid(f)) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def gates_from_the_input_alone(x, h, c, params):
    """h W forgotten."""
    i, f, g, o = np.split(x @ params["A"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def bias_forgotten(x, h, c, params):
    """b not used."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def every_fourth_column(x, h, c, params):
    """The gates taken from interleaved columns."""
    z = x @ params["A"] + h @ params["W"] + params["b"]
    i, f, g, o = z[:, 0::4], z[:, 1::4], z[:, 2::4], z[:, 3::4]
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def blocks_of_rows(x, h, c, params):
    """``np.split`` without an axis cuts the examples."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def memory_before_state(x, h, c, params):
    """(c, h)."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return c_new, sigmoid(o) * np.tanh(c_new)


def state_alone(x, h, c, params):
    """c is not returned."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    return sigmoid(o) * np.tanh(sigmoid(f) * c + sigmoid(i) * np.tanh(g))


def gates_by_the_tanh(x, h, c, params):
    """tanh for all four."""
    i, f, g, o = np.split(np.tanh(x @ params["A"] + h @ params["W"] + params["b"]), 4, axis=1)
    c_new = f * c + i * g
    return o * np.tanh(c_new), c_new


def memory_in_place(x, h, c, params):
    """``c *= …``."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c *= sigmoid(f)
    c += sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def kept_times_written(x, h, c, params):
    """A product in the place of the sum."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c * sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def forget_gate_forgets(x, h, c, params):
    """1 − f is kept."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = (1 - sigmoid(f)) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def written_by_the_output_gate(x, h, c, params):
    """i and o are exchanged."""
    o, f, g, i = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def candidate_second(x, h, c, params):
    """The order i, g, f, o."""
    i, g, f, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def forget_first(x, h, c, params):
    """The order f, i, o, g."""
    f, i, o, g = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def input_gate_left_out(x, h, c, params):
    """All of the candidate is written."""
    _, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def output_gate_left_out(x, h, c, params):
    """All of the memory is shown."""
    i, f, g, _ = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return np.tanh(c_new), c_new


def memory_squashed(x, h, c, params):
    """c_new is kept after its tanh."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = np.tanh(sigmoid(f) * c + sigmoid(i) * np.tanh(g))
    return sigmoid(o) * c_new, c_new


def output_gate_by_the_tanh(x, h, c, params):
    """tanh(o)."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return np.tanh(o) * np.tanh(c_new), c_new


def memory_shown_by_the_sigmoid(x, h, c, params):
    """o ∘ σ(c)."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * sigmoid(c_new), c_new


def forget_from_the_input_gate(x, h, c, params):
    """1 − i in the place of f."""
    i, _, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = (1 - sigmoid(i)) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new


def candidate_shown(x, h, c, params):
    """h is made from the candidate."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(g), c_new


def states_added(x, h, c, params):
    """The state is added to the old one."""
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return h + sigmoid(o) * np.tanh(c_new), c_new


EXERCISE = Exercise(
    name="lstm_cell",
    chapter="ch6_vanishing_gradients",
    reference=lstm_cell,
    returns=("h", "c"),
    cases=cases,
    criteria=(
        Criterion(MEMORY, 0.5, by_meaning(agrees(part=1), AXES)),
        Criterion(STATE, 0.5, by_meaning(agrees(part=0), AXES)),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            input_and_forget_exchanged,
            "input and forget gate are exchanged. The first block of columns decides what is written, the second what is "
            "kept.",
        ),
        Misconception(
            candidate_last,
            "the blocks are read in the order i, f, o, g. Here the candidate g comes third and the output gate last.",
        ),
        Misconception(
            tanh_of_the_memory_forgotten,
            "the memory is shown as it is. It can grow beyond 1: the output gate multiplies its tanh.",
        ),
        Misconception(
            candidate_by_the_sigmoid,
            "the candidate goes through the sigmoid, so that nothing negative can be written. It is a value, no gate: "
            "tanh.",
        ),
        Misconception(
            candidate_not_squashed, "the candidate is written as it is. It goes through a tanh first."
        ),
        Misconception(
            gates_not_squashed, "the gates are not squashed. A gate is a sigmoid, between shut and open."
        ),
        Misconception(
            output_gate_inside,
            "the output gate stands inside of the tanh. It multiplies what the tanh gives.",
        ),
        Misconception(
            old_memory_shown, "the state shows the memory from before the step. It shows the new one."
        ),
        Misconception(
            state_kept_instead_of_the_memory,
            "the forget gate multiplies the state. What it keeps is the memory `c`.",
        ),
        Misconception(
            forget_gate_left_out,
            "the forget gate is not used: all of the old memory is kept.",
        ),
        Misconception(
            forget_gate_for_the_input_too,
            "what is written is gated by 1 − f. That is another cell, the one of gated recurrent units; here the input "
            "gate decides for itself.",
        ),
        Misconception(
            gates_from_the_input_alone,
            "the state before the step is missing: the gates look at the input and at the state.",
        ),
        Misconception(bias_forgotten, "the bias `b` is missing."),
        Misconception(
            every_fourth_column,
            "every fourth column was taken for a gate. A gate has a *block* of m columns side by side.",
        ),
        Misconception(
            blocks_of_rows,
            "the pre-activations were cut into blocks of rows, which are the examples. Cut the columns: axis 1.",
        ),
        Misconception(memory_before_state, "the two are exchanged: the state comes first, then the memory."),
        Misconception(
            state_alone, "only the state is returned. The next step needs the memory as well: return both."
        ),
        Misconception(
            gates_by_the_tanh,
            "the gates go through the tanh, so that they can be negative. A gate is a sigmoid; the candidate alone is a tanh.",
        ),
        Misconception(
            memory_in_place,
            "`c` is changed in place, and it belongs to the caller. Make a new array for the new memory.",
        ),
        Misconception(
            kept_times_written,
            "what is kept and what is written are multiplied. They are added: that is how a memory "
            "adds something up.",
        ),
        Misconception(
            forget_gate_forgets,
            "an open forget gate was taken to forget. In the formula σ(f) is the share that is *kept*: an open gate lets "
            "the memory through.",
        ),
        Misconception(
            written_by_the_output_gate,
            "input and output gate are exchanged. The first block decides what is written, the last what is shown.",
        ),
        Misconception(
            candidate_second,
            "forget gate and candidate are exchanged. The second block is the forget gate, the third the candidate.",
        ),
        Misconception(
            forget_first,
            "the blocks are read in the order f, i, o, g of other books. Here they stand as i, f, g, o.",
        ),
        Misconception(
            input_gate_left_out,
            "the input gate is not used: all of the candidate is written.",
        ),
        Misconception(
            output_gate_left_out,
            "the output gate is not used: all of the memory is shown.",
        ),
        Misconception(
            memory_squashed,
            "the memory itself went through the tanh. It is kept as it is; only what is shown is squashed.",
        ),
        Misconception(
            output_gate_by_the_tanh,
            "the output gate goes through a tanh. It is a gate like the others, a sigmoid.",
        ),
        Misconception(
            memory_shown_by_the_sigmoid,
            "what is shown went through a sigmoid. It is a value, no gate: tanh.",
        ),
        Misconception(
            forget_from_the_input_gate,
            "what is kept is 1 − i, so that one gate decides both. Here the forget gate decides for itself.",
        ),
        Misconception(
            candidate_shown,
            "the state shows the candidate. It shows the memory after the step.",
        ),
        Misconception(
            states_added,
            "the new state was added to the old one. Only the memory adds up; the state is what is shown of it.",
        ),
        *FURTHER,
    ),
    minutes=10,
    difficulty=2,
)
