"""The judge, where the student's function is away in a sandbox: reading answers, and looking for the cause of wrong ones.

Edited copies of a student's function are run in the sandbox, and compared here, on the inputs of the exercise's check:
so a cause has the same words in check and feedback, and nothing of the hidden inputs is in it.
"""

from __future__ import annotations

import contextlib
import json
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from fnnkit.judge import registry
from fnnkit.judge.causes import cause_of
from fnnkit.judge.exercise import Case, Known, public_cases
from fnnkit.kernel import trying
from fnnkit.kernel.call import Answer, Raised
from fnnkit.kernel.serve import read_answer
from fnnkit.kernel.wire import NotPlain

LONGEST_SPENT = 10.0
"""Seconds that a kernel can claim to have worked at one answer."""
Exchange = Callable[[Sequence[bytes]], Sequence[bytes]]


def read(parts: Sequence[bytes]) -> Answer:
    """An answer as a kernel has sent it; one that cannot be read has cost the call."""
    try:
        return read_answer(json.loads(parts[0].decode("utf-8", "replace")), parts[1:])[1]
    except (NotPlain, ValueError, RecursionError) as strange:
        return Answer(error=Raised(("KernelDied",), f"what came back cannot be read: {strange}"))


class Through:
    """Runs edited copies in a sandbox, through the grader, who passes on what comes and looks at none of it.

    Parameters
    ----------
    name : str
        The function.
    exchange : callable
        Told the parts of a question (`fnnkit.kernel.trying`); gives the parts of what came back.
    """

    KEPT = 2000

    def __init__(self, name: str, exchange: Exchange) -> None:
        self._name, self._exchange = name, exchange
        self.spent = 0.0
        self._cases: list[Case] = []
        self._sent = self._asked = 0
        self._known: dict[tuple[str | int, int], Answer] = {}

    def __call__(self, text: str, case: Case) -> Answer:
        """Run a copy, and call its function once."""
        return self._answer(text, case)

    def own(self, cases: Sequence[Case]) -> list[Answer]:
        """What the function itself gives."""
        self._ask([trying.OWN], cases)
        return [self._answer(trying.OWN, case) for case in cases]

    def ahead(self, texts: Sequence[str], cases: Sequence[Case]) -> None:
        """Ask for all at once."""
        if len(self._known) > self.KEPT:
            self._known.clear()
        self._ask(texts, cases)

    def recorded(self, case: Case) -> tuple[Answer, list[Any]]:
        """Call the function once more, and give what its variables held."""
        answer = self._answer(trying.RECORDED, case)
        if answer.error is not None:
            return answer, []
        value, seen = answer.value
        return replace(answer, value=value), [each for each in seen if isinstance(each, np.ndarray)]

    def _answer(self, text: str | int, case: Case) -> Answer:
        key = text, self._place(case)
        if key not in self._known:
            self._ask([text], [case])
        return self._known[key]

    def _place(self, case: Case) -> int:
        found = next((i for i, known in enumerate(self._cases) if known is case), -1)
        if found < 0:
            self._cases.append(case)
            found = len(self._cases) - 1
        return found

    def _ask(self, texts: Sequence[str | int], cases: Sequence[Case]) -> None:
        places = [self._place(case) for case in cases]
        missing = [(t, c) for t in texts for c in places if (t, c) not in self._known]
        if not missing:
            return
        sent = [t for t in dict.fromkeys(t for t, _ in missing) if isinstance(t, str)]
        number = {text: i for i, text in enumerate(sent)}
        ask = [(number[t] if isinstance(t, str) else t, c) for t, c in missing]
        new = [case.args for case in self._cases[self._sent :]]
        self._sent = len(self._cases)
        self._asked += 1
        parts = self._exchange(trying.question(self._name, self._asked, sent, ask, new))
        for key, (answer, spent) in zip(missing, answers_in(json.loads(parts[0]), parts), strict=True):
            self._known[key] = answer
            self.spent += spent


def answers_in(about: Sequence[Any], parts: Sequence[bytes]) -> Iterator[tuple[Answer, float]]:
    """Answers as the grader passes them on, and for how long each was worked at, as the kernel claims."""
    at = 1
    for one in about:
        if "lost" in one:
            kind, message = one["lost"]
            yield Answer(error=Raised((kind,), message)), 0.0
            continue
        mine = parts[at : at + one["parts"]]
        at += one["parts"]
        spent = 0.0
        with contextlib.suppress(ValueError, RecursionError, AttributeError, IndexError):
            said = json.loads(mine[0].decode("utf-8", "replace")).get("spent")
            spent = min(max(said, 0.0), LONGEST_SPENT) if type(said) is float else 0.0
        yield read(mine), spent


def cause_asked(asked: Any, exchange: Exchange) -> dict[str, Any]:
    """The cause of a wrong answer, and the verdict that it is the cause of: that of the check's own calls."""
    [exercise] = [e for e in registry.exercises(asked["chapter"]) if e.name == asked["exercise"]]
    run, cases = Through(exercise.name, exchange), public_cases(exercise)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answers = run.own(cases)
        verdict = exercise.judge(cases, answers, known=Known(cases))
        found = cause_of(asked["text"], exercise, cases, answers, run, verdict)
    return {"verdict": verdict.to_json(), "finding": None if found is None else asdict(found)}
