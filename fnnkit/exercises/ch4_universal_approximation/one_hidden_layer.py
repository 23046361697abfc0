"""Testing parameters of a network by the function that it computes: many parameters are right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from fnnkit.judge.compare import difference, show
from fnnkit.judge.criteria import raised_problem
from fnnkit.judge.exercise import Test, Trial
from fnnkit.judge.verdict import Problem

MOST_UNITS = 2000
"""A network with more is not evaluated: none of the exercises needs them."""
NAMES = ("W", "c", "w", "b")


def sigmoid(z: Any) -> Any:
    """Logistic sigmoid, for any size of its argument."""
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def relu(z: Any) -> Any:
    """Rectified linear unit."""
    return np.maximum(0.0, z)


def network(phi: Callable[[Any], Any], x: Any, W: Any, c: Any, w: Any, b: Any) -> Any:
    """Values ``φ(x W + c) w + b`` at points x (n,)."""
    with np.errstate(all="ignore"):
        return phi(np.outer(x, W[0]) + c) @ w + b


def same_function(
    phi: Callable[[Any], Any], points: Callable[..., Any], look: str, rtol: float = 1e-9
) -> Test:
    """Test that the returned ``(W, c, w, b)`` makes the network of the reference, whatever the parameters are.

    Parameters
    ----------
    phi : callable
        Activation of the hidden layer.
    points : callable
        Told the arguments of the call; gives the points at which both networks are evaluated.
    look : str
        One next step for somebody whose network has another value.
    rtol : float
        Tolerance, relative to the largest value.
    """

    def test(trials: Sequence[Trial]) -> Problem | None:
        for trial in trials:
            problem = malformed(trial)
            if problem:
                return problem
            x = points(*trial.case.args)
            want, have = (
                network(phi, x, *_arrays(value)) for value in (trial.expected.value, trial.given.value)
            )
            gap = np.where(np.isfinite(have), np.abs(have - want), np.inf)
            worst = int(np.argmax(gap))
            if gap[worst] > rtol * max(1.0, np.abs(want).max()):
                W, c, w, b = trial.given.value
                return Problem(
                    "values",
                    call=trial.written(),
                    yours=f"W = {show(W)}, c = {show(c)}, w = {show(w)}, b = {show(b)}",
                    finding=f"at x = {x[worst]:.6g} this network has the value {have[worst]:.6g}, and should have "
                    f"{want[worst]:.6g}",
                    step=look,
                )
        return None

    return test


def alike(phi: Callable[[Any], Any]) -> Callable[[Any, Any, Any], bool]:
    """Whether two networks have equally many units and are the same function, wherever their units bend or step."""

    def same(have: Any, wrong: Any, right: Any) -> bool:
        if _malformed(have) or _malformed(wrong) or np.shape(have[0]) != np.shape(wrong[0]):
            return False
        networks = [_arrays(value) for value in (have, wrong)]
        with np.errstate(all="ignore"):
            at = np.concatenate([(-c / W[0]) for W, c, _, _ in (*networks, _arrays(right))])
        at = np.sort(np.concatenate([at[np.isfinite(at)], [-20.0, 20.0]]))
        x = np.concatenate([at, (at[1:] + at[:-1]) / 2, at + 0.01])
        one, other = (network(phi, x, *parts) for parts in networks)
        return bool(np.all(np.abs(one - other) <= 1e-7 * max(1.0, float(np.abs(other).max()))))

    return same


def units(right: Test, most: Callable[..., int], step: str) -> Test:
    """Test that a network is right and has no more hidden units than needed.

    Parameters
    ----------
    right : callable
        Test of the function.
    most : callable
        Told the arguments of the call; gives the number of units that is allowed.
    step : str
        One next step for somebody whose network has more.
    """

    def test(trials: Sequence[Trial]) -> Problem | None:
        problem = right(trials)
        if problem:
            return problem
        for trial in trials:
            have, allowed = np.shape(trial.given.value[0])[1], most(*trial.case.args)
            if have > allowed:
                return Problem(
                    "property",
                    call=trial.written(),
                    yours=f"{have} hidden units",
                    expected=f"at most {allowed}",
                    step=step,
                )
        return None

    return test


def malformed(trial: Trial) -> Problem | None:
    """What keeps a returned value from being the parameters of a network."""
    if trial.given.error:
        return raised_problem(trial, trial.given.error)
    problem = _malformed(trial.given.value)
    return replace(problem, call=trial.written()) if problem else None


def _malformed(given: Any) -> Problem | None:
    if not isinstance(given, tuple | list) or len(given) != len(NAMES):
        problem = difference((0.0,) * len(NAMES), given)
        assert problem is not None
        return replace(problem, expected="(W, c, w, b)", step="Return all four: `return W, c, w, b`.")
    W = given[0]
    shape = np.shape(W) if isinstance(W, np.ndarray) else None
    if shape is None or len(shape) != 2 or shape[0] != 1:
        found = f"`W` has shape {shape}" if shape is not None else f"`W` is {show(W)}, not an array"
        return Problem(
            "shape",
            yours=show(W),
            finding=f"{found}, expected (1, m): one row, as there is one input, and a column for each of the m units",
            step="`W.reshape(1, -1)` makes one row of a list of weights.",
        )
    m = shape[1]
    if m > MOST_UNITS:
        return Problem("shape", finding=f"there are {m} hidden units: far more than needed")
    for name, value, want in zip(NAMES, given, ((1, m), (m,), (m,), ()), strict=True):
        problem = difference(np.zeros(want), value, name=name)
        if problem and problem.kind != "values":
            return problem
    return None


def _arrays(value: Any) -> tuple[Any, ...]:
    return tuple(np.asarray(part, dtype=float) for part in value)
