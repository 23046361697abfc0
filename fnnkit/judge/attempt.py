"""Trying an answer here and now, without a notebook, a kernel or a sandbox: for authors and tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.judge.causes import Finding, diagnose
from fnnkit.judge.causes.evidence import Evidence
from fnnkit.judge.causes.here import Here
from fnnkit.judge.exercise import Known, public_cases
from fnnkit.judge.registry import exercise, exercises
from fnnkit.judge.verdict import Verdict
from fnnkit.kernel.call import call


def judged(name: str, function: Callable[..., Any], seed: int = 0) -> Verdict:
    """Judge a function as an answer to an exercise, on the inputs of a seed.

    >>> judged("relu", lambda z: abs(z)).points
    0.0
    """
    asked = exercise(name)
    cases = asked.cases(np.random.default_rng(seed))
    return asked.judge(cases, [call(function, case.args) for case in cases])


def diagnosed(name: str, text: str) -> tuple[Verdict, Finding | None]:
    r"""Judge the text of an answer cell on the inputs of its check, and look for the cause if it is wrong.

    In its notebook there are numpy as `np`, and the right answers of the other exercises of the chapter.

    >>> verdict, cause = diagnosed("relu", "def relu(z):\n    return np.minimum(0, z)")
    >>> cause.place
    'Line 2, `np.minimum(0, z)`'
    """
    seen, here = evidence(name, text)
    return seen.verdict, diagnose(text, seen.exercise, seen.cases, seen.answers, here, seen.verdict)


def evidence(name: str, text: str) -> tuple[Evidence, Here]:
    """What is seen of the text of an answer cell on the inputs of its check, as `diagnosed` sees it."""
    asked = exercise(name)
    space: dict[str, Any] = {"np": np, "__name__": "__main__"}
    space |= {e.name: e.reference for e in exercises(asked.chapter) if e.name != name}
    exec(compile(text, "<answer>", "exec"), space)  # noqa: S102  # an answer that its author tries
    function = space[name]
    cases = public_cases(asked)
    known = Known(cases)
    answers = [call(function, case.args) for case in cases]
    here = Here(space, name, function)
    verdict = asked.judge(cases, answers, known=known)
    return Evidence(text, asked, cases, answers, here, verdict, known), here
