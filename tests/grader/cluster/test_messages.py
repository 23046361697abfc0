"""Tasks and results are bytes that say what was meant, and anything else is refused."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fnnkit.judge.marker import Step
from fnnkit.judge.registry import exercises
from fnnkit.judge.verdict import Problem, Verdict
from fnnkit.judge.verdict import Result as Outcome
from grader.cluster import messages
from grader.cluster.messages import BadMessage, Result, Task, result_bytes, result_of, task_bytes, task_of
from grader.marking.marking import Job, Marking

CHAPTER = "ch1_xor"
NAMES = [e.name for e in exercises(CHAPTER)]
JOB = Job(
    CHAPTER,
    (
        Step("given", ("import numpy as np",)),
        Step("mse", ("def mse(): ...", "x = '\ud800'"), ("mse",), "3.11"),
    ),
    {name: (1 << 127) + n for n, name in enumerate(NAMES)},
    {"mse": ["it was found below"]},
)
TASK = Task(JOB, "version", {"memory_mb": 700, "limits": {"NPROC": 64}}, patient=True)
SENT = task_bytes(TASK)


def solved(exercise):
    results = tuple(
        Outcome(c.name, c.worth, c.worth, claim=c.claim, withdrawn=c.withdrawn) for c in exercise.criteria
    )
    return Verdict(exercise.name, results, core=exercise.core, notes=("one\n\ttwo",))


def marking():
    verdicts = {e.name: solved(e) for e in exercises(CHAPTER)}
    first, *rest = verdicts["mse"].results
    wrong = Outcome(
        first.criterion, first.points, 0.0, Problem("values", yours="ü", expected="2"), claim=first.claim
    )
    verdicts["mse"] = Verdict("mse", (wrong, *rest), core=True)
    cells = {
        "given": [
            {"output_type": "stream", "name": "stdout", "text": "1\n"},
            {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["a", "b"]},
            {"output_type": "display_data", "data": {"image/png": "aGk=", "text/plain": "x"}, "metadata": {}},
        ]
    }
    return Marking(verdicts, cells, True, 2, "landlock")


RESULT = result_bytes(Result("marked", marking()), SENT)


def test_what_is_written_is_read():
    assert task_of(SENT) == TASK
    assert result_of(RESULT, SENT, JOB) == Result("marked", marking())
    for state in ("gave way", "failed", "refused"):
        assert result_of(result_bytes(Result(state, said="why"), SENT), SENT, JOB) == Result(
            state, said="why"
        )


def test_a_task_says_nothing_of_whose_it_is():
    assert set(json.loads(SENT)) == {
        "schema", "chapter", "steps", "seeds", "notes", "version", "sandbox", "trusted", "patient"
    }  # fmt: skip


def test_a_result_of_another_task_is_refused():
    with pytest.raises(BadMessage, match="another task"):
        result_of(RESULT, task_bytes(Task(JOB, "another version")), JOB)


@pytest.mark.parametrize(
    "data",
    [b"", b"garbage", b"[]", b"{}", b'{"schema": 1}', b"[" * 100_000, None, 42, "text", [], bytearray(b"{}")],
)
def test_what_is_no_message_is_refused(data):
    for read in (lambda: task_of(data), lambda: result_of(data, SENT, JOB), lambda: messages.about_of(data)):
        with pytest.raises(BadMessage):
            read()


def test_what_is_too_large_is_neither_sent_nor_read(monkeypatch):
    monkeypatch.setattr(messages, "LARGEST_TASK", 10)
    monkeypatch.setattr(messages, "LARGEST_RESULT", 10)
    for act in (lambda: task_bytes(TASK), lambda: task_of(SENT), lambda: result_of(RESULT, SENT, JOB)):
        with pytest.raises(BadMessage, match="more than"):
            act()


def spoilt(change):
    said = copy.deepcopy(json.loads(RESULT))
    change(said)
    return json.dumps(said).encode()


CHANGES = {
    "another schema": lambda s: s.update(schema=2),
    "another state": lambda s: s.update(state="great"),
    "marked without a marking": lambda s: s.update(marking=None),
    "failed with a marking": lambda s: s.update(state="failed"),
    "an exercise less": lambda s: s["marking"]["verdicts"].pop("mse"),
    "an exercise more": lambda s: s["marking"]["verdicts"].update(new=s["marking"]["verdicts"]["mse"]),
    "another exercise's": lambda s: s["marking"]["verdicts"].update(mse=s["marking"]["verdicts"]["relu"]),
    "points that are not earned": lambda s: s["marking"]["verdicts"]["mse"]["results"][0].update(earned=1.0),
    "more points": lambda s: s["marking"]["verdicts"]["relu"]["results"][0].update(points=99.0, earned=99.0),
    "points that are no number": lambda s: s["marking"]["verdicts"]["relu"]["results"][0].update(earned="1"),
    "a criterion less": lambda s: s["marking"]["verdicts"]["mse"]["results"].pop(),
    "a text that hides": lambda s: s["marking"]["verdicts"]["mse"]["results"][0]["problem"].update(yours="\u202e1"),
    "a text that is none": lambda s: s["marking"]["verdicts"]["mse"]["results"][0]["problem"].update(yours=3),
    "another cell": lambda s: s["marking"]["cells"].update(other=[]),
    "script": lambda s: s["marking"]["cells"]["given"][2]["data"].update({"text/html": "<script>"}),
    "an output of another kind": lambda s: s["marking"]["cells"]["given"][0].update(output_type="execute_result"),
    "an output with more": lambda s: s["marking"]["cells"]["given"][0].update(more="x"),
    "a traceback of numbers": lambda s: s["marking"]["cells"]["given"][1].update(traceback=[1]),
    "another mode": lambda s: s["marking"].update(mode="none at all"),
    "kernels that are no number": lambda s: s["marking"].update(kernels="2"),
    "no verdicts": lambda s: s["marking"].pop("verdicts"),
    "verdicts of another type": lambda s: s["marking"].update(verdicts=[1]),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_result_with_anything_that_no_worker_writes_is_refused(name):
    with pytest.raises(BadMessage):
        result_of(spoilt(CHANGES[name]), SENT, JOB)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def places(value, path=()):
    """Where something stands in a message."""
    yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in pairs:
        yield from places(inner, (*path, name))


def changed(data, text):
    """A message with something else in the place of one of its parts."""
    said = json.loads(text)
    path = data.draw(st.sampled_from([p for p in places(said) if p]))
    inner = said
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = data.draw(JSON)
    return json.dumps(said).encode()


@settings(max_examples=150)
@given(st.data())
def test_whatever_stands_in_the_place_of_something_it_is_read_or_refused_and_earns_no_more(data):
    text = changed(data, RESULT)
    try:
        found = result_of(text, SENT, JOB)
    except BadMessage:
        return
    if found.marking is not None:
        assert {n: v.points for n, v in found.marking.verdicts.items()} == {
            n: v.points for n, v in marking().verdicts.items()
        }


@settings(max_examples=100)
@given(st.data())
def test_a_task_that_was_changed_is_read_or_refused(data):
    text = changed(data, SENT)
    try:
        assert isinstance(task_of(text), Task)
    except BadMessage:
        pass
