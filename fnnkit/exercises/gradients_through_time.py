"""The steps of back-propagation through time, and what beginners take for each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from fnnkit.judge.gradients import Rule, Step, Values, run, same

COUNTED = "steps counted"  # 1 for each that adds its share; a row of the ledger only where some are left out
BACK_TO_FRONT = "back to front beside inputs and states: the one of the last step meets those of the first"
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
            following = found[t] = _counted(v, T)[t] * mistake(v, t, following)
        return np.array(found)

    return words, rule


def _counted(v: Values, T: int) -> Any:
    return v.get(COUNTED, np.ones(T))


def _all_deltas(v: Values, t: int, following: Any) -> Any:
    return (1 - v[STATES][t + 1] ** 2) * (v["delta_y"][t] @ v["V"].T + following @ v["W"].T)


def _own(v: Values, t: int) -> Any:
    return v["delta_y"][t] @ v["V"].T


def _slope_at(v: Values, t: int) -> Any:
    return 1 - v[STATES][t + 1] ** 2


def _left_out(T: int) -> dict[tuple[float, ...], str]:
    """Steps that a loop does not get to, and its words; of one or two steps several are the same."""
    if T == 1:
        return {(0.0,): "the only step there is adds nothing"}
    ones = (1.0,) * (T - 1)
    found = {(0.0, *ones): "the first step is left out", (*ones, 0.0): "the last step is left out"}
    return found if T == 2 else found | {(*(0.0 for _ in ones), 1.0): "only the last step is counted"}


def chain_of(given: Values, results: Mapping[str, Any]) -> tuple[Step, ...]:
    """The steps of `bptt`; where what came back is that of fewer time steps, with one more: which of them are counted.

    Parameters
    ----------
    given : dict
        What `bptt` was called with.
    results : mapping
        What came back.
    """
    T = len(given["X"])
    steps = through_time(T)
    for counted, words in _left_out(T).items():
        values = run(steps, {**given, COUNTED: np.array(counted)})
        if all(same(results.get(s.result, np.nan), values[s.name]) for s in steps if s.result):
            rule = _constant(np.array(counted))
            first = Step(COUNTED, (), lambda _: np.ones(T), ((words, rule),))
            return (first, *(s if s.name == STATES else replace(s, uses=(*s.uses, COUNTED)) for s in steps))
    return steps


def _constant(value: Any) -> Rule:
    return lambda _: value


def unexplained(given: Values, seen: Sequence[Any]) -> list[Any]:
    """Values of variables without the deltas back to front: what is known in words need not be guessed from numbers."""
    T = len(given["X"])
    turned = run(through_time(T), given)["δ"][::-1]
    return [value for value in seen if T == 1 or not same(value, turned)]


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
            "the slope is that of the step before, and at the first step that of the last one",
            lambda v, t, f: (1 - v[STATES][t or T] ** 2) * (_own(v, t) + f @ v["W"].T),
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
        _every_delta(
            T,
            "the first step has the last one's `delta_y`, and so on: they are back to front",
            lambda v, t, f: _slope_at(v, t) * (_own(v, T - 1 - t) + f @ v["W"].T),
        ),
        *((BACK_TO_FRONT, lambda v: deltas(v)[::-1]) for _ in range(T > 1)),
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
        def share(v: Values) -> Any:
            counted = np.reshape(_counted(v, len(v["X"])), (-1, 1, 1)) * v[delta]
            return np.tensordot(left(v)[times], counted[times], axes=((0, 1), (0, 1)))

        return share

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
