"""The steps of back-propagation through time, and what beginners take for each of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.judge.gradients import Rule, Step, Values

STATES = "[h0, H]"  # `H` of the notebook is without h0: a row of its own name would show another entry than the student's


def _h(v: Values) -> Any:
    H = [v["h0"]]
    for x in v["X"]:
        H.append(np.tanh(x @ v["A"] + H[-1] @ v["W"] + v["b"]))
    return np.array(H)


def _every_delta(T: int, words: str, mistake: Callable[[Values, int, Any], Any]) -> tuple[str, Rule]:
    def rule(v: Values) -> Any:
        found: list[Any] = [None] * T
        following: Any = np.zeros(v["h0"].shape)
        for t in reversed(range(T)):
            following = found[t] = mistake(v, t, following)
        return np.array(found)

    return words, rule


def _all_deltas(v: Values, t: int, following: Any) -> Any:
    return (1 - v[STATES][t + 1] ** 2) * (v["delta_y"][t] @ v["V"].T + following @ v["W"].T)


def _own(v: Values, t: int) -> Any:
    return v["delta_y"][t] @ v["V"].T


def _slope_at(v: Values, t: int) -> Any:
    return 1 - v[STATES][t + 1] ** 2


def through_time(T: int) -> tuple[Step, ...]:
    """The steps of `bptt` for so many time steps."""

    def deltas(v: Values) -> Any:
        return _every_delta(T, "", _all_deltas)[1](v)

    mistakes = (
        _every_delta(T, "the slope 1 − tanh² is missing", lambda v, t, f: _own(v, t) + f @ v["W"].T),
        _every_delta(
            T, "what comes from the next step is missing", lambda v, t, f: _slope_at(v, t) * _own(v, t)
        ),
        _every_delta(
            T,
            "what comes from the step's own output is missing",
            lambda v, t, f: _slope_at(v, t) * (f @ v["W"].T),
        ),
        _every_delta(T, "W is not transposed", lambda v, t, f: _slope_at(v, t) * (_own(v, t) + f @ v["W"])),
        _every_delta(
            T,
            "what comes from the next step is subtracted",
            lambda v, t, f: _slope_at(v, t) * (_own(v, t) - f @ v["W"].T),
        ),
        _every_delta(
            T,
            "the own output's part is subtracted",
            lambda v, t, f: _slope_at(v, t) * (f @ v["W"].T - _own(v, t)),
        ),
        _every_delta(
            T,
            "the slope is taken of the own output's part only",
            lambda v, t, f: _slope_at(v, t) * _own(v, t) + f @ v["W"].T,
        ),
        _every_delta(
            T,
            "the slope is taken of the next step's part only",
            lambda v, t, f: _own(v, t) + _slope_at(v, t) * (f @ v["W"].T),
        ),
        _every_delta(
            T,
            "the slope is that of the step before",
            lambda v, t, f: (1 - v[STATES][t] ** 2) * (_own(v, t) + f @ v["W"].T),
        ),
        _every_delta(
            T,
            "the slope is 1 − tanh², not 1 + tanh²",
            lambda v, t, f: (1 + v[STATES][t + 1] ** 2) * (_own(v, t) + f @ v["W"].T),
        ),
        _every_delta(
            T,
            "the square of H is missing in the slope",
            lambda v, t, f: (1 - v[STATES][t + 1]) * (_own(v, t) + f @ v["W"].T),
        ),
        _every_delta(T, "a factor of 2 too many", lambda v, t, f: 2 * _all_deltas(v, t, f)),
        _every_delta(T, "a factor of ½ too many", lambda v, t, f: _all_deltas(v, t, f) / 2),
        _every_delta(T, "the sign", lambda v, t, f: -_all_deltas(v, t, f)),
        _every_delta(T, "W is missing", lambda v, t, f: _slope_at(v, t) * (_own(v, t) + f)),
    )
    return (
        Step(
            STATES,
            (),
            _h,
            (("the first state h0 is taken for zero", lambda v: _h({**v, "h0": 0 * v["h0"]})),),
        ),
        Step("δ", (STATES,), deltas, mistakes),
        *(_row_of_delta(t) for t in reversed(range(T))),
        _over_time("dA", lambda v: v["X"]),
        _over_time(
            "dW",
            lambda v: v[STATES][:-1],
            # In a single step the last state is also the first.
            (("the state after the step was taken, not the one before", lambda v: v[STATES][1:]),)
            if T > 1
            else (),
        ),
        _over_time(
            "dV",
            lambda v: v[STATES][1:],
            (("the state before the step was taken", lambda v: v[STATES][:-1]),) if T > 1 else (),
            "delta_y",
        ),
        _bias_over_time(),
    )


def _row_of_delta(t: int) -> Step:
    return Step(f"δ at step {t + 1}", ("δ",), lambda v: v["δ"][t])


def _over_time(name: str, inputs: Rule, others: tuple[tuple[str, Rule], ...] = (), delta: str = "δ") -> Step:
    """A weight gradient: summed over the steps that share the weight."""

    def of(left: Rule, times: slice = slice(None)) -> Rule:
        return lambda v: np.tensordot(left(v)[times], v[delta][times], axes=((0, 1), (0, 1)))

    rule = of(inputs)
    return Step(
        name, (STATES,) if delta == "delta_y" else ("δ",), rule,
        (
            ("the sign", lambda v: -rule(v)),
            ("a factor of 2 too many", lambda v: 2 * rule(v)),
            ("a factor of ½ too many", lambda v: rule(v) / 2),
            ("it is divided by the number of examples", lambda v: rule(v) / len(v["h0"])),
            ("it is divided by the number of steps", lambda v: rule(v) / len(v["X"])),
            ("it is not summed over the steps: this is the first one", of(inputs, slice(0, 1))),
            ("it is not summed over the steps: this is the last one", of(inputs, slice(-1, None))),
            ("the first step is left out", of(inputs, slice(1, None))),
            ("the last step is left out", of(inputs, slice(0, -1))),
            ("it is transposed", lambda v: rule(v).T),
            *((words, of(left)) for words, left in others),
        ),
        name,
    )  # fmt: skip


def _bias_over_time() -> Step:
    def rule(v: Values) -> Any:
        return v["δ"].sum(axis=(0, 1))

    return Step(
        "db", ("δ",), rule,
        (
            ("the sign", lambda v: -rule(v)),
            ("a factor of 2 too many", lambda v: 2 * rule(v)),
            ("a factor of ½ too many", lambda v: rule(v) / 2),
            ("it is divided by the number of examples", lambda v: rule(v) / len(v["h0"])),
            ("it is divided by the number of steps", lambda v: rule(v) / len(v["X"])),
            ("it is not summed over the steps: this is the first one", lambda v: v["δ"][0].sum(axis=0)),
            ("it is not summed over the steps: this is the last one", lambda v: v["δ"][-1].sum(axis=0)),
            ("it is summed over units, too", lambda v: v["δ"].sum()),
        ),
        "db",
    )  # fmt: skip
