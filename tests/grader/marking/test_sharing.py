"""Markings are the same when what they have in common is held once."""

from __future__ import annotations

import json

from fnnkit.judge.registry import exercises
from fnnkit.judge.verdict import Problem, Result, Verdict
from grader.marking.marking import Marking
from grader.marking.sharing import Shared

EXERCISES = exercises("ch1_xor")


def fresh(number):
    """A marking as it comes from a disk: nothing in it is another one's."""
    verdicts = {}
    for e in EXERCISES:
        results = [Result(c.name, c.worth, c.worth, claim=c.claim) for c in e.criteria]
        if e.name == "mse":
            results[0] = Result(
                results[0].criterion, results[0].points, 0.0, Problem("values", yours=str(number))
            )
        notes = ("found below",) if e.name == "relu" else ()
        verdicts[e.name] = Verdict(e.name, tuple(results), notes=notes)
    cells = {"mse": [{"output_type": "stream", "name": "stdout", "text": str(number)}], "relu": []}
    return Marking.from_json(json.loads(json.dumps(Marking(verdicts, cells).to_json())))


def test_nothing_changes_and_what_is_the_same_is_one():
    shared = Shared()
    first, second = shared.marking(fresh(1)), shared.marking(fresh(2))
    assert (first, second) == (fresh(1), fresh(2))
    assert list(second.cells) == ["mse", "relu"]
    one = {name for name in first.verdicts if first.verdicts[name] is second.verdicts[name]}
    assert one == {e.name for e in EXERCISES} - {"mse", "relu"}
    assert first.verdicts["mse"].problem.yours != second.verdicts["mse"].problem.yours
    assert all(
        a is b
        for a, b in zip(first.verdicts["mse"].results[1:], second.verdicts["mse"].results[1:], strict=True)
    )
    # A list that somebody adds to is nobody else's.
    assert first.cells["relu"] is not second.cells["relu"]
