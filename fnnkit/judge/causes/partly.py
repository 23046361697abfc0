"""What of an answer is right: several returned values by their names, and criteria; an edit may set right some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fnnkit.judge.causes.evidence import Evidence
from fnnkit.judge.exercise import Case, Known
from fnnkit.judge.recognise import same_answer
from fnnkit.judge.verdict import Verdict
from fnnkit.kernel.call import Answer

PARTLY = "With one change there, what is shown above comes out right. For all that is asked more than that is needed."


def parts_of(seen: Evidence, value: Any) -> dict[str, Any]:
    """Returned values by their names; empty if there are not several, as many as should be."""
    names = seen.exercise.returns
    if isinstance(value, dict):
        return {str(key): part for key, part in value.items()}
    if names and isinstance(value, tuple | list) and len(value) == len(names):
        found: dict[str, Any] = {}
        for name, part in zip(names, value, strict=True):
            nested = parts_of(seen, part) if isinstance(part, dict) else {}
            found.update({f"{name}.{key}": inner for key, inner in nested.items()} or {name: part})
        return found
    return {}


def wrong_parts(seen: Evidence, case: Case, want: Answer, given: Answer) -> set[str] | None:
    """Names of the returned values that are wrong in a call; None if they cannot be put side by side."""
    if want.error is not None or given.error is not None:
        return None if (want.error is None) != (given.error is None) else set()
    one, other = parts_of(seen, want.value), parts_of(seen, given.value)
    if not one or one.keys() != other.keys():
        return None
    return {
        name
        for name in one
        if not same_answer(
            replace(want, value=one[name]), replace(given, value=other[name]), case.args, False, None
        )
    }


class Partly:
    """What was wrong before any edit, and whether an edit sets some of it right and leaves right what was.

    Parameters
    ----------
    seen : Evidence
        The answer.
    """

    def __init__(self, seen: Evidence) -> None:
        self.seen = seen
        self.failed = next((r.criterion for r in seen.verdict.results if r.problem), "")
        self.met = _met(seen.verdict)
        # Where an exercise has a test of its own, values may be right that are not those of the reference.
        tests = [c.test for c in seen.exercise.criteria]
        self.own_test = any(not str(getattr(t, "__module__", "")).startswith("fnnkit.judge") for t in tests)
        self._before: set[str] | None = None
        self._wrong: dict[int, set[str] | None] = {}

    @property
    def before(self) -> set[str]:
        """Names of the returned values that are wrong in any call of the check."""
        if self._before is None:
            found: set[str] = set()
            for i in range(len(self.seen.answers)):
                wrong = self._was(i)
                found |= {""} if wrong is None else wrong
            self._before = found
        return self._before

    def fewer(self, position: int, given: Answer) -> set[str]:
        """Which returned values an edit sets right in a call, where it sets none wrong and not all right; else none."""
        if given.error is not None or self.own_test or len(self.before) < 2 or "" in self.before:
            return set()
        now = wrong_parts(self.seen, self.seen.cases[position], self.seen.expected(position), given)
        was = self._was(position)
        return was - now if was and now and now < was else set()

    def _was(self, position: int) -> set[str] | None:
        if position not in self._wrong:
            seen = self.seen
            self._wrong[position] = wrong_parts(
                seen, seen.cases[position], seen.expected(position), seen.answers[position]
            )
        return self._wrong[position]

    def holds(self, names: set[str], cases: Sequence[Case], known: Known, answers: Sequence[Answer]) -> bool:
        """Whether these returned values are right in all calls, and no others wrong than before."""
        for i, (case, given) in enumerate(zip(cases, answers, strict=True)):
            wrong = wrong_parts(self.seen, case, known.answer(self.seen.exercise.reference, i), given)
            if wrong is None or wrong & names or not wrong <= self.before:
                return False
        return True

    def better(self, verdict: Verdict) -> bool:
        """Whether the criterion that failed first is met now, and so is each that was met before."""
        now = _met(verdict)
        return self.failed in now and self.met <= now


def _met(verdict: Verdict) -> set[str]:
    return {r.criterion for r in verdict.results if r.problem is None and not r.waits_for}
