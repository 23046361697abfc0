"""What is the same in many markings of a class is held once: with thousands of students the rest is what counts."""

from __future__ import annotations

from dataclasses import replace

from fnnkit.judge.verdict import Result, Verdict
from grader.marking.marking import Marking


class Shared:
    """Remembers verdicts and results of criteria, which nobody changes, and gives the first of equal ones."""

    def __init__(self) -> None:
        self._verdicts: dict[Verdict, Verdict] = {}
        self._results: dict[Result, Result] = {}
        self._names: dict[str, str] = {}

    def marking(self, marking: Marking) -> Marking:
        """An equal marking, with what it has in common with those before."""
        verdicts = {self._name(name): self._verdict(verdict) for name, verdict in marking.verdicts.items()}
        cells = {self._name(name): outputs for name, outputs in marking.cells.items()}
        return replace(marking, verdicts=verdicts, cells=cells)

    def _verdict(self, verdict: Verdict) -> Verdict:
        found = self._verdicts.get(verdict)
        if found is not None:
            return found
        made = replace(
            verdict, exercise=self._name(verdict.exercise), results=tuple(map(self._result, verdict.results))
        )
        if made.solved and not made.notes:
            self._verdicts[made] = made
        return made

    def _result(self, result: Result) -> Result:
        if result.problem is not None:
            return replace(result, criterion=self._name(result.criterion))
        return self._results.setdefault(result, result)

    def _name(self, name: str) -> str:
        return self._names.setdefault(name, name)
