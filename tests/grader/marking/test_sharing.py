"""Markings are the same when what they have in common is held once."""

from __future__ import annotations

import gc
import json
import tracemalloc
from dataclasses import replace

import pytest

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
    assert set(first.verdicts) == {e.name for e in EXERCISES}
    one = {name for name in first.verdicts if first.verdicts[name] is second.verdicts[name]}
    assert one == {e.name for e in EXERCISES} - {"mse"}
    assert first.verdicts["mse"].problem.yours != second.verdicts["mse"].problem.yours
    assert first.verdicts["mse"].problem is first.verdicts["mse"].results[0].problem
    # A list that somebody adds to is nobody else's.
    assert first.cells["relu"] is not second.cells["relu"]
    assert first.to_json() == fresh(1).to_json()
    json.dumps(first.to_json())


def test_a_verdict_that_is_put_back_stays_and_is_nobody_elses():
    shared = Shared()
    first, second = shared.marking(fresh(1)), shared.marking(fresh(1))
    for name in ("mse", "affine"):
        first.verdicts[name] = replace(first.verdicts[name], cause="line 3", witness="kernel")
        assert first.verdicts[name].cause == "line 3"
        assert not second.verdicts[name].cause
    assert second == fresh(1)
    first.verdicts["another"] = first.verdicts.pop("mse")
    assert [*first.verdicts] == [*(e.name for e in EXERCISES if e.name != "mse"), "another"]
    assert "mse" not in first.verdicts
    with pytest.raises(KeyError):
        first.verdicts["mse"]
    assert second == fresh(1)


def test_each_marking_of_a_class_adds_little():
    shared = Shared()
    kept = [shared.marking(fresh(number)) for number in range(20)]
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        kept += [shared.marking(fresh(number)) for number in range(1000, 1500)]
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert [k.verdicts["mse"].problem.yours for k in kept[-2:]] == ["1498", "1499"]
    assert grown < 500 * 2_000
