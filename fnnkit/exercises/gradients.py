"""`ledger`: the gradient of the network of chapters 5 and 6, step by step, beside your own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fnnkit.exercises.gradients_through_time import chain_of, unexplained
from fnnkit.judge.gradients import Ledger, Rule, Step, Values, ledger_of, same
from fnnkit.kernel.call import Answer
from fnnkit.kernel.recording import recorded


def ledger(X: Any, g: Any, params: Any, backprop: Callable[..., Any]) -> Ledger:
    """Compare each step of a `backprop` with what it should give, and name the first one that is wrong.

    Parameters
    ----------
    X : array of shape (n, d)
        Examples.
    g : array of shape (n,)
        Labels.
    params : dict
        ``W``, ``b``, ``U`` and ``d``.
    backprop : callable
        Yours.

    Examples
    --------
    >>> from fnnkit.backprop import backprop
    >>> rng = np.random.default_rng(0)
    >>> params = {"W": rng.normal(size=(2, 3)), "b": np.zeros(3), "U": rng.normal(size=(3, 2)), "d": np.zeros(2)}
    >>> ledger(rng.normal(size=(4, 2)), np.array([0, 1, 1, 0]), params, backprop).headline()
    'every step is right'
    """
    return of_backprop((X, g, params), *recorded(backprop, (X, g, params)))


def time_ledger(X: Any, h0: Any, params: Any, delta_y: Any, bptt: Callable[..., Any]) -> Ledger:
    """The same of a `bptt`: one row for the delta of each time step, the last one first.

    Parameters
    ----------
    X, h0, params, delta_y : array, array, dict, array
        What `bptt` is given.
    bptt : callable
        Yours.
    """
    args = X, h0, params, delta_y
    return of_bptt(args, *recorded(bptt, args))


def of_backprop(args: tuple[Any, ...], answer: Answer, seen: Sequence[Any]) -> Ledger:
    """The ledger of one call of `backprop`: what it gave, and what its variables held.

    Raises
    ------
    ValueError
        If it gave no gradients.
    """
    X, g, params = args
    if answer.error is not None:
        raise ValueError(f"backprop stops with {answer.error.kind}: {answer.error.message}")
    loss, grads = answer.value
    p = {name: np.asarray(params[name], dtype=float) for name in ("W", "b", "U", "d")}
    given: Values = {"X": np.asarray(X, dtype=float), "g": np.asarray(g, dtype=int), **p}
    results = {"loss": loss, **{f"d{name}": grads[name] for name in p if name in grads}}
    return ledger_of(BACKPROP, given, results, seen)


def of_bptt(args: tuple[Any, ...], answer: Answer, seen: Sequence[Any]) -> Ledger:
    """The ledger of one call of `bptt`.

    Raises
    ------
    ValueError
        If it gave no gradients.
    """
    X, h0, params, delta_y = args
    if answer.error is not None:
        raise ValueError(f"bptt stops with {answer.error.kind}: {answer.error.message}")
    p = {name: np.asarray(params[name], dtype=float) for name in ("A", "W", "b", "V")}
    given: Values = {"X": np.asarray(X, dtype=float), "h0": np.asarray(h0, dtype=float), **p}
    given["delta_y"] = np.asarray(delta_y, dtype=float)
    results = {f"d{name}": answer.value[name] for name in p if name in answer.value}
    return ledger_of(chain_of(given, results), given, results, unexplained(given, seen))


def _softmax(Y: Any, axis: int | None = 1) -> Any:
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    return E / E.sum(axis=axis, keepdims=True)


def _shifted(v: Values) -> Any:
    return np.exp(v["Y"] - v["Y"].max(axis=1, keepdims=True))


def _hot(v: Values) -> Any:
    return np.eye(v["Y"].shape[1])[v["g"]]


def _chosen(v: Values) -> Any:
    """The logarithm of the probability of each label."""
    shifted = v["Y"] - v["Y"].max(axis=1, keepdims=True)
    return (shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))[np.arange(len(shifted)), v["g"]]


def _factors(rule: Rule, *, mean: bool) -> tuple[tuple[str, Rule], ...]:
    """A sign, a factor two or one half, a batch size too many or missing."""
    batch: tuple[str, Rule] = (
        ("the mean over the batch is missing: it is n times too large", lambda v: rule(v) * len(v["X"]))
        if mean
        else ("it is divided by the batch size, which was done before", lambda v: rule(v) / len(v["X"]))
    )
    if not mean:
        return (*_factors(rule, mean=True), batch)
    return (
        ("the sign", lambda v: -rule(v)),
        ("a factor of 2 too many", lambda v: 2 * rule(v)),
        ("a factor of ½ too many", lambda v: rule(v) / 2),
        batch,
    )


def _product(left: Rule, right: Rule) -> Rule:
    return lambda v: left(v) @ right(v)


def _summed(name: str) -> Step:
    """The gradient of a bias: a sum over examples."""
    delta = "δ_o" if name == "dd" else "δ_h"

    def rule(v: Values) -> Any:
        return v[delta].sum(axis=0)

    return Step(
        name, (delta,), rule,
        (
            *_factors(rule, mean=False),
            ("the sum runs along the other axis", lambda v: v[delta].sum(axis=1)),
            ("everything is summed, examples and units", lambda v: v[delta].sum()),
            ("the sum over examples is missing", lambda v: v[delta]),
            ("the sum keeps its axis", lambda v: v[delta].sum(axis=0, keepdims=True)),
            ("the maximum was taken, not the sum", lambda v: v[delta].max(axis=0)),
        ),
        name,
    )  # fmt: skip


def _weights(name: str) -> Step:
    """The gradient of a weight matrix: what goes in, transposed, times the delta."""
    inputs, delta = ("H", "δ_o") if name == "dU" else ("X", "δ_h")
    uses = ("H", "δ_o") if name == "dU" else ("δ_h",)

    def rule(v: Values) -> Any:
        return v[inputs].T @ v[delta]

    other = "Z" if name == "dU" else "H"
    return Step(
        name, uses, rule,
        (
            *_factors(rule, mean=False),
            ("it is transposed", lambda v: rule(v).T),
            (f"{other} stands in the place of {inputs}", lambda v: v[other].T @ v[delta]),
            (f"the other delta stands in the place of {delta}", lambda v: v[inputs].T @ v["δ_h" if delta == "δ_o" else "δ_o"]),
            (f"{inputs} is not transposed", lambda v: v[inputs] @ v[delta]),
            (f"{delta} is transposed, not {inputs}", lambda v: v[inputs] @ v[delta].T),
        ),
        name,
    )  # fmt: skip


def _z(v: Values) -> Any:
    return v["X"] @ v["W"] + v["b"]


def _y(v: Values) -> Any:
    return v["H"] @ v["U"] + v["d"]


def _loss(v: Values) -> Any:
    """The loss; from the probabilities where these are other ones than the softmax of Y."""
    if same(v["softmax P"], _softmax(v["Y"])):
        return -np.mean(_chosen(v))
    return -np.mean(np.log(v["softmax P"][np.arange(len(v["g"])), v["g"]]))


def _delta_o(v: Values) -> Any:
    return (v["softmax P"] - _hot(v)) / len(v["X"])


def _delta_h(v: Values) -> Any:
    return (1 - v["H"] ** 2) * (v["δ_o"] @ v["U"].T)


def _slope(words: str, slope: Rule) -> tuple[str, Rule]:
    return words, lambda v: slope(v) * (v["δ_o"] @ v["U"].T)


def _with_softmax(words: str, rule: Rule) -> tuple[str, Rule]:
    """A wrong softmax that only the delta has."""
    return f"in its softmax, {words}", lambda v: (rule(v) - _hot(v)) / len(v["X"])


SOFTMAX: tuple[tuple[str, Rule], ...] = (
    ("the sum runs over examples, not over labels", lambda v: _softmax(v["Y"], 0)),
    ("the sum runs over the whole batch", lambda v: _softmax(v["Y"], None)),
    ("the sign of the scores", lambda v: _softmax(-v["Y"])),
    ("the sigmoid stands in its place", lambda v: 1 / (1 + np.exp(-v["Y"]))),
    ("it is not divided by the sum", lambda v: np.exp(v["Y"])),
    ("it is not divided by the sum", lambda v: np.exp(v["Y"] - v["Y"].max(axis=1, keepdims=True))),
    ("the sum runs over examples, not over labels", lambda v: np.exp(v["Y"]) / np.exp(v["Y"]).sum(axis=0)),
    ("the sum runs over the whole batch", lambda v: np.exp(v["Y"]) / np.exp(v["Y"]).sum()),
    ("it is multiplied by the sum, not divided", lambda v: np.exp(v["Y"]) * np.exp(v["Y"]).sum(axis=1, keepdims=True)),
    ("it is multiplied by the sum, not divided", lambda v: _shifted(v) * _shifted(v).sum(axis=1, keepdims=True)),
    ("it is divided by the mean, not by the sum", lambda v: _softmax(v["Y"]) * v["Y"].shape[1]),
    ("it is divided by the largest, not by the sum", lambda v: _shifted(v)),
    *_factors(lambda v: _softmax(v["Y"]), mean=False),
)  # fmt: skip


def _top(v: Values) -> Any:
    """The largest score of each example."""
    return v["Y"].max(axis=1)


def _labels(v: Values, table: Any) -> Any:
    """Of each row the entry of its label."""
    return table[np.arange(len(v["g"])), v["g"]]


def _cut_off(v: Values) -> Any:
    """The mean of whole numbers; of zeros alone nobody knows where they come from."""
    whole = np.trunc(_chosen(v))
    if not whole.any():
        raise ValueError("nothing is left")
    return -np.mean(whole)


def _from(words: str, softmax: Rule) -> tuple[str, Rule]:
    """A wrong softmax that only the loss has."""
    return words, lambda v: -np.mean(np.log(_labels(v, softmax(v))))


LOSS: tuple[tuple[str, Rule], ...] = (
    (
        "the label's score is not shifted by the maximum, as the scores in log Σ exp are",
        lambda v: -np.mean(_chosen(v) + _top(v)),
    ),
    (
        "the label's score is shifted by the maximum, and the scores in log Σ exp are not",
        lambda v: -np.mean(_chosen(v) - _top(v)),
    ),
    ("the loss of each example is cut off to a whole number", _cut_off),
    ("the logarithm is that to the base 2", lambda v: _loss(v) / np.log(2)),
    ("the logarithm is that to the base 10", lambda v: _loss(v) / np.log(10)),
    ("it is the logarithm of a mean, not the mean of logarithms", lambda v: -np.log(np.mean(np.exp(_chosen(v))))),
    ("the median, not the mean", lambda v: -np.median(_chosen(v))),
    ("it is divided by one example less than there are", lambda v: -np.sum(_chosen(v)) / max(len(v["X"]) - 1, 1)),
    ("the first example alone", lambda v: -_chosen(v)[0]),
    ("the last example alone", lambda v: -_chosen(v)[-1]),
    ("log Σ exp of the scores is missing", lambda v: -np.mean(_labels(v, v["Y"]))),
    ("log Σ exp of the scores is missing", lambda v: -np.mean(_labels(v, v["Y"]) - _top(v))),
    (
        "the logarithm is taken of the mean of exp, not of the sum",
        lambda v: _loss(v) - np.log(v["Y"].shape[1]),
    ),
    ("the logarithms of all labels count, not of the label's alone", lambda v: -np.mean(np.log(_softmax(v["Y"])))),
    (
        "the logarithms of all labels count, not of the label's alone",
        lambda v: -np.sum(np.log(_softmax(v["Y"]))) / len(v["X"]),
    ),
    ("the largest probability counts, not the label's", lambda v: -np.mean(np.log(_softmax(v["Y"]).max(axis=1)))),
    _from("in its softmax, the sum runs over examples, not over labels", lambda v: _softmax(v["Y"], 0)),
    _from(
        "in its softmax, the sum runs over examples, not over labels",
        lambda v: np.exp(v["Y"]) / np.exp(v["Y"]).sum(axis=0),
    ),
    _from("in its softmax, the sum runs over the whole batch", lambda v: _softmax(v["Y"], None)),
    _from("in its softmax, the sum runs over the whole batch", lambda v: np.exp(v["Y"]) / np.exp(v["Y"]).sum()),
    _from("the sigmoid of the scores stands in the place of their softmax", lambda v: 1 / (1 + np.exp(-v["Y"]))),
)  # fmt: skip

BACKPROP = (
    Step("Z", (), _z, (
        ("the bias b is missing", lambda v: v["X"] @ v["W"]),
        ("the bias is subtracted", lambda v: v["X"] @ v["W"] - v["b"]),
        ("the sign of the product", lambda v: -(v["X"] @ v["W"]) + v["b"]),
        ("W is transposed", lambda v: v["X"] @ v["W"].T + v["b"]),
        ("a factor of 2 too many in the product", lambda v: 2 * (v["X"] @ v["W"]) + v["b"]),
        ("a factor of ½ too many in the product", lambda v: v["X"] @ v["W"] / 2 + v["b"]),
        ("a factor of 2 too many in the bias", lambda v: v["X"] @ v["W"] + 2 * v["b"]),
        *_factors(_z, mean=False),
    )),
    Step("H", ("Z",), lambda v: np.tanh(v["Z"]), (
        ("the tanh is missing", lambda v: v["Z"]),
        ("the sigmoid stands in the place of tanh", lambda v: 1 / (1 + np.exp(-v["Z"]))),
        ("the ReLU stands in the place of tanh", lambda v: np.maximum(0, v["Z"])),
        ("tanh is taken twice", lambda v: np.tanh(np.tanh(v["Z"]))),
        ("tanh of twice the value", lambda v: np.tanh(2 * v["Z"])),
        ("tanh of half the value", lambda v: np.tanh(v["Z"] / 2)),
        *_factors(lambda v: np.tanh(v["Z"]), mean=False),
    )),
    Step("Y", ("H",), _y, (
        ("the bias d is missing", lambda v: v["H"] @ v["U"]),
        ("the bias is subtracted", lambda v: v["H"] @ v["U"] - v["d"]),
        ("the sign of the product", lambda v: -(v["H"] @ v["U"]) + v["d"]),
        ("U is transposed", lambda v: v["H"] @ v["U"].T + v["d"]),
        ("Z stands in the place of H", lambda v: v["Z"] @ v["U"] + v["d"]),
        ("a factor of 2 too many in the product", lambda v: 2 * (v["H"] @ v["U"]) + v["d"]),
        ("a factor of ½ too many in the product", lambda v: v["H"] @ v["U"] / 2 + v["d"]),
        ("a factor of 2 too many in the bias", lambda v: v["H"] @ v["U"] + 2 * v["d"]),
        *_factors(_y, mean=False),
    )),
    Step("softmax P", ("Y",), lambda v: _softmax(v["Y"]), SOFTMAX),
    Step("loss", ("Y",), lambda v: _loss(v), (
        *_factors(_loss, mean=True),
        ("it is divided by the batch size twice", lambda v: _loss(v) / len(v["X"])),
        ("the largest loss, not the mean", lambda v: np.max(-_chosen(v))),
        ("the mean over labels, too", lambda v: _loss(v) / v["Y"].shape[1]),
        ("the logarithm is missing", lambda v: -np.mean(np.exp(_chosen(v)))),
        *LOSS,
    ), "loss"),
    Step("δ_o", ("Y",), _delta_o, (
        *_factors(_delta_o, mean=True),
        ("it is divided by the batch size twice", lambda v: _delta_o(v) / len(v["X"])),
        ("1 at the label is not subtracted", lambda v: v["softmax P"] / len(v["X"])),
        ("1 at the label is added, not subtracted", lambda v: (v["softmax P"] + _hot(v)) / len(v["X"])),
        ("it is divided by the number of labels", lambda v: _delta_o(v) * len(v["X"]) / v["Y"].shape[1]),
        ("only a part is divided by the batch size", lambda v: v["softmax P"] - _hot(v) / len(v["X"])),
        ("only a part is divided by the batch size", lambda v: v["softmax P"] / len(v["X"]) - _hot(v)),
        ("the softmax is missing: these are the scores", lambda v: (v["Y"] - _hot(v)) / len(v["X"])),
        ("a factor p (1 − p) too many", lambda v: _delta_o(v) * v["softmax P"] * (1 - v["softmax P"])),
        ("it is multiplied by the batch size, not divided", lambda v: _delta_o(v) * len(v["X"]) ** 2),
        *(_with_softmax(words, rule) for words, rule in SOFTMAX),
        ("2 is subtracted at the label", lambda v: (v["softmax P"] - 2 * _hot(v)) / len(v["X"])),
    )),
    _weights("dU"),
    _summed("dd"),
    Step("δ_h", ("δ_o",), _delta_h, (
        *_factors(_delta_h, mean=False),
        _slope("the factor 1 − tanh², the slope of the hidden units, is missing", lambda v: 1.0),
        _slope("the slope is 1 − tanh², not 1 + tanh²", lambda v: 1 + v["H"] ** 2),
        _slope("the square of H is missing in the slope", lambda v: 1 - v["H"]),
        _slope("the slope has Z in the place of H", lambda v: 1 - v["Z"] ** 2),
        _slope("tanh is taken of H, which is one already", lambda v: 1 - np.tanh(v["H"]) ** 2),
        _slope("the slope is that of the sigmoid", lambda v: v["H"] * (1 - v["H"])),
        _slope("the 1 is missing in the slope", lambda v: v["H"] ** 2),
        _slope("the 1 is missing in the slope", lambda v: -(v["H"] ** 2)),
        _slope("2 − tanh² stands in the place of 1 − tanh²", lambda v: 2 - v["H"] ** 2),
        _slope("− tanh² has a factor of 2 too many", lambda v: 1 - 2 * v["H"] ** 2),
        _slope("the slope is squared", lambda v: (1 - v["H"] ** 2) ** 2),
        _slope("the slope is that of the ReLU", lambda v: v["Z"] > 0),
        _slope("the third power of H in the slope", lambda v: 1 - v["H"] ** 3),
        _slope("tanh(Z) stands in the place of its slope", lambda v: v["H"]),
        ("it is divided by the slope", lambda v: (v["δ_o"] @ v["U"].T) / (1 - v["H"] ** 2)),
        ("the slope is added, not multiplied", lambda v: (1 - v["H"] ** 2) + v["δ_o"] @ v["U"].T),
        ("U is not transposed", lambda v: (1 - v["H"] ** 2) * (v["δ_o"] @ v["U"])),
        ("δ_o is missing", lambda v: (1 - v["H"] ** 2) * v["U"].sum(axis=1)),
    )),
    _weights("dW"),
    _summed("db"),
)  # fmt: skip
