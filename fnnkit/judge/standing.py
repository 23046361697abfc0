"""Whether a function would pass its check, found out quietly and within a moment."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.judge.check import verdict_of
from fnnkit.judge.exercise import Trial
from fnnkit.judge.registry import exercise
from fnnkit.kernel.call import call


def standing(name: str, function: Callable[..., Any], seconds: float) -> bool | None:
    """Say whether a function passes the check of an exercise.

    Nothing is shown and nothing recorded. A function that was checked as it is now is not called again.

    Parameters
    ----------
    name : str
        Name of the exercise.
    function : callable
        The student's function.
    seconds : float
        How long it may take.

    Returns
    -------
    bool or None
        None if that was too short to know.
    """
    asked = exercise(name)
    if function is asked.reference:
        return True
    if (verdict := verdict_of(name, function)) is not None:
        return verdict.solved
    end = time.monotonic() + seconds
    trials = []
    for case in asked.cases(np.random.default_rng(zlib.crc32(name.encode()))):
        given = call(function, case.args)
        if given.error is not None and given.error.kind == "NotImplementedError":
            return False
        trials.append(Trial(asked, case, call(asked.reference, case.args), given))
        if time.monotonic() > end:
            return None
    for criterion in asked.criteria:
        if criterion.withdrawn:
            continue
        mine = [t for t in trials if criterion.every or t.case.criterion == criterion.name]
        if criterion.test(mine) is not None:
            return False
        if time.monotonic() > end:
            return None
    return True
