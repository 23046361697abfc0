"""Gradients and cells that the solutions and right answers of students compute are those of PyTorch.

The judge compares an answer with the reference; here neither is asked.
"""

from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch

from fnnkit.activations import sigmoid

HERE, ROOT = Path(__file__).parent, Path(__file__).resolve().parents[3]


@cache
def texts(chapter, exercise):
    """The solution of an exercise and the right answers that students wrote, by name."""
    apart = (
        s.partition("\n") for s in ("\n" + (HERE / f"answers_{chapter}.txt").read_text()).split("\n=== ")[1:]
    )
    right = {name: text for name, _, text in apart if name.startswith(f"{exercise}__right__")}
    return {"solution": solutions(chapter)[exercise], **right}


@cache
def solutions(chapter):
    """The text of every answer cell of a chapter, solved."""
    notebook = nbformat.read(ROOT / "solutions" / chapter / f"{chapter}.ipynb", as_version=4)
    marks = ((c.metadata.get("nbgrader", {}), c) for c in notebook.cells if c.cell_type == "code")
    return {mark.grade_id: c.source for mark, c in marks if mark.get("solution")}


def function(chapter, exercise, name):
    """One of them, in a notebook in which the other exercises are solved."""
    space = {"np": np, "sigmoid": sigmoid}
    for text in (*solutions(chapter).values(), texts(chapter, exercise)[name]):
        exec(text, space)  # noqa: S102  # the answers of this folder
    return space[exercise]


def names(chapter, exercise, at_least):
    found = list(texts(chapter, exercise))
    assert len(found) >= at_least
    return pytest.mark.parametrize("name", found)


def tensors(arrays, grad=False):
    return {name: torch.tensor(a, requires_grad=grad) for name, a in arrays.items()}


def agree(have, want):
    assert set(have) == set(want)
    for name in want:
        np.testing.assert_allclose(have[name], want[name], rtol=1e-10, atol=1e-12, err_msg=name)


def recurrent(rng, d, m, p):
    shapes = {"A": (d, m), "W": (m, m), "b": (m,), "V": (m, p)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


@names("ch6_vanishing_gradients", "bptt", 5)
def test_back_propagation_through_time(name):
    rng = np.random.default_rng(20)
    params = recurrent(rng, d=2, m=4, p=3)
    X, h0, delta_y = rng.normal(size=(7, 5, 2)), rng.normal(size=(5, 4)), rng.normal(size=(7, 5, 3))
    theirs, h, loss = tensors(params, grad=True), torch.tensor(h0), torch.tensor(0.0)
    for x, delta in zip(torch.tensor(X), torch.tensor(delta_y), strict=True):
        h = torch.tanh(x @ theirs["A"] + h @ theirs["W"] + theirs["b"])
        loss = loss + (h @ theirs["V"] * delta).sum()
    loss.backward()
    have = function("ch6_vanishing_gradients", "bptt", name)(X, h0, params, delta_y)
    agree(have, {key: leaf.grad.numpy() for key, leaf in theirs.items()})


@names("ch6_vanishing_gradients", "lstm_cell", 4)
def test_a_cell_of_long_short_term_memory_over_five_steps(name):
    rng, d, m, n = np.random.default_rng(21), 3, 4, 6
    params = {"A": rng.normal(size=(d, 4 * m)), "W": rng.normal(size=(m, 4 * m)), "b": rng.normal(size=4 * m)}
    h, c, X = rng.normal(size=(n, m)), rng.normal(size=(n, m)), rng.normal(size=(5, n, d))
    cell, theirs = torch.nn.LSTMCell(d, m, dtype=torch.float64), tensors(params)
    own = function("ch6_vanishing_gradients", "lstm_cell", name)
    with torch.no_grad():
        cell.weight_ih.copy_(theirs["A"].T)
        cell.weight_hh.copy_(theirs["W"].T)
        cell.bias_ih.copy_(theirs["b"])
        cell.bias_hh.zero_()
        state = torch.tensor(h), torch.tensor(c)
        for x in X:
            state = cell(torch.tensor(x), state)
            h, c = own(x, h, c, params)
    agree({"h": h, "c": c}, {"h": state[0].numpy(), "c": state[1].numpy()})


@names("ch5_backprop", "backprop", 3)
def test_back_propagation_through_one_hidden_layer(name):
    rng, n, d, m, K = np.random.default_rng(22), 6, 3, 5, 4
    shapes = {"W": (d, m), "b": (m,), "U": (m, K), "d": (K,)}
    params = {key: rng.normal(size=shape) for key, shape in shapes.items()}
    X, g = rng.normal(size=(n, d)), np.array([0, 3, 1, 1, 2, 3])
    theirs = tensors(params, grad=True)
    scores = torch.tanh(torch.tensor(X) @ theirs["W"] + theirs["b"]) @ theirs["U"] + theirs["d"]
    want = torch.nn.functional.cross_entropy(scores, torch.tensor(g))
    want.backward()
    loss, grads = function("ch5_backprop", "backprop", name)(X, g, params)
    assert loss == pytest.approx(want.item(), rel=1e-12)
    agree(grads, {key: leaf.grad.numpy() for key, leaf in theirs.items()})
