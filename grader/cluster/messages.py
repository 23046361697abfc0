"""What goes between main process and workers: bytes, written and read here, and refused if they are anything else.

Dask carries them and does not look into them. Nothing of ours is pickled: a task and a result are JSON of a fixed form.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fnnkit.judge.marker import Step
from fnnkit.judge.registry import contents, exercises
from fnnkit.judge.verdict import Verdict
from grader.disk import read_json
from grader.marking.doctor import Check
from grader.marking.judging import Lost, belongs
from grader.marking.marking import Job, Marking
from grader.marking.text import visible

SCHEMA = 1
LARGEST_TASK, LARGEST_RESULT, LARGEST_ABOUT = 64 << 20, 64 << 20, 1 << 20
STATES = ("marked", "gave way", "failed", "refused")
OUTPUTS: Mapping[str, Mapping[str, type]] = {
    "stream": {"name": str, "text": str},
    "error": {"ename": str, "evalue": str, "traceback": list},
    "display_data": {"data": dict, "metadata": dict},
}
"""Fields of each kind of output, besides its kind (`grader.marking.outputs`)."""
SHOWN = ("image/png", "text/plain")
MODES = ("", "namespaces", "landlock")


class BadMessage(ValueError):
    """Bytes that are no message; a few words say why."""


@dataclass(frozen=True)
class Task:
    """What a worker is asked to do.

    Attributes
    ----------
    job : Job
        What is to be marked.
    version : str
        Digest of exercises, judge and packages that it has to be marked with (`marking.exercise_version`).
    sandbox : dict
        Settings of `SandboxProvisioner`.
    trusted : bool
        Whether it is run without a sandbox.
    patient : bool
        Whether it need not give way to others when it takes long.
    """

    job: Job
    version: str
    sandbox: dict[str, Any] = field(default_factory=dict)
    trusted: bool = False
    patient: bool = False


@dataclass(frozen=True)
class Result:
    """What came of a task: its state, the marking if there is one, and a line if there is none."""

    state: str
    marking: Marking | None = None
    said: str = ""


def task_bytes(task: Task) -> bytes:
    """A task as bytes.

    Raises
    ------
    BadMessage
        If it is too large to be sent.
    """
    job = task.job
    steps = [[s.grade_id, list(s.parts), list(s.keep), s.written_for] for s in job.steps]
    # A seed has 128 bits: as a text, it is read by anybody's JSON.
    seeds = {name: str(seed) for name, seed in job.seeds.items()}
    made = {
        "schema": SCHEMA, "chapter": job.chapter, "steps": steps, "seeds": seeds, "notes": job.notes,
        "version": task.version, "sandbox": task.sandbox, "trusted": task.trusted, "patient": task.patient,
    }  # fmt: skip
    return _written(made, LARGEST_TASK)


def task_of(data: object) -> Task:
    """The task that bytes say.

    Raises
    ------
    BadMessage
        If they say none.
    """
    said = _read(data, LARGEST_TASK)
    try:
        steps = tuple(
            Step(_text(grade_id), _texts(parts), _texts(keep), _text(written))
            for grade_id, parts, keep, written in said["steps"]
        )
        chapter = _text(said["chapter"])
        seeds = {_text(name): int(_text(seed)) for name, seed in said["seeds"].items()}
        if not set(seeds) <= set(contents(chapter)):
            raise BadMessage("it asks for exercises that the chapter does not have")
        notes = {_text(grade_id): list(_texts(lines)) for grade_id, lines in said["notes"].items()}
        return Task(
            Job(chapter, steps, seeds, notes), _text(said["version"]), dict(said["sandbox"]),
            _bool(said["trusted"]), _bool(said["patient"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise BadMessage(f"it is no task ({type(problem).__name__})") from None


def result_bytes(result: Result, task: bytes) -> bytes:
    """A result as bytes that say which task they answer.

    Raises
    ------
    BadMessage
        If it is too large to be sent.
    """
    marking = None if result.marking is None else result.marking.to_json()
    made = {
        "schema": SCHEMA,
        "task": digest(task),
        "state": result.state,
        "said": result.said,
        "marking": marking,
    }
    return _written(made, LARGEST_RESULT)


def result_of(data: object, task: bytes, job: Job) -> Result:
    """The result that bytes say, if it answers a task.

    Raises
    ------
    BadMessage
        If it is none, or that of another task, or holds anything that a worker does not write.
    """
    said = _read(data, LARGEST_RESULT)
    try:
        if said["task"] != digest(task):
            raise BadMessage("it answers another task")
        state, line, marking = _text(said["state"]), visible(_text(said["said"])), said["marking"]
        if state not in STATES or (state == "marked") != (marking is not None):
            raise BadMessage("its state is none that there is")
        return Result(state, None if marking is None else _marking(marking, job), line)
    except (KeyError, TypeError, ValueError, AttributeError, Lost) as problem:
        raise BadMessage(str(problem) if isinstance(problem, BadMessage) else "it is no result") from None


def _marking(data: Any, job: Job) -> Marking:
    """A marking in which everything is what a worker writes: each exercise once, points that its criteria earn."""
    found = Marking.from_json(data)
    asked = {e.name: e for e in exercises(job.chapter) if e.name in job.seeds}
    if list(found.verdicts) != list(asked) or found.mode not in MODES or type(found.sandboxed) is not bool:
        raise BadMessage("it holds other exercises than were asked for")
    if type(found.kernels) is not int or not set(found.cells) <= {step.grade_id for step in job.steps}:
        raise BadMessage("it holds other cells than were run")
    for name, verdict in found.verdicts.items():
        belongs(verdict, asked[name])
        _seen(_texts_of(verdict))
    for outputs in found.cells.values():
        for output in outputs:
            _check_output(output)
    return found


def _texts_of(verdict: Verdict) -> Iterable[str]:
    yield from (verdict.hint, verdict.follows_from, verdict.cause, verdict.witness, *verdict.notes)
    for result in verdict.results:
        if result.problem is not None:
            yield from vars(result.problem).values()


def _seen(texts: Iterable[str]) -> None:
    for text in texts:
        if visible(_text(text), kept="\n\t") != text:
            raise BadMessage("a text in it holds what nobody sees")


def _check_output(output: Any) -> None:
    """Refuse an output of a cell that is none of those that are kept."""
    fields = OUTPUTS[output["output_type"]]
    if set(output) != {"output_type", *fields} or any(type(output[k]) is not t for k, t in fields.items()):
        raise BadMessage("an output in it has another form")
    _texts(output.get("traceback", []))
    if not all(kind in SHOWN and type(shown) is str for kind, shown in output.get("data", {}).items()):
        raise BadMessage("an output in it is neither text nor picture")


def about_bytes(about: Mapping[str, Any]) -> bytes:
    """What a worker is, as bytes."""
    return _written({"schema": SCHEMA, **about}, LARGEST_ABOUT)


def about_of(data: object) -> dict[str, Any]:
    """What a worker says that it is.

    Raises
    ------
    BadMessage
        If it says anything else.
    """
    said = _read(data, LARGEST_ABOUT)
    try:
        packages = {_text(name): _text(version) for name, version in said["packages"].items()}
        texts = {name: _text(said[name]) for name in ("python", "platform", "version", "mode", "no_sandbox")}
        return {**texts, "packages": packages}
    except (KeyError, TypeError, AttributeError):
        raise BadMessage("it does not say what it is") from None


def checks_bytes(checks: Iterable[Check]) -> bytes:
    """What came of trying a worker's layers, as bytes."""
    return _written(
        {"schema": SCHEMA, "checks": [list(vars(check).values()) for check in checks]}, LARGEST_ABOUT
    )


def checks_of(data: object) -> list[Check]:
    """What came of trying a worker's layers.

    Raises
    ------
    BadMessage
        If the bytes say anything else.
    """
    said = _read(data, LARGEST_ABOUT)
    try:
        found = [Check(*map(visible, _texts(row))) for row in said["checks"]]
        if not {check.state for check in found} <= {"ok", "failed", "absent"}:
            raise ValueError("another state")
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadMessage("it does not say what holds") from None
    return found


def digest(data: bytes) -> str:
    """What a task is called in its result."""
    return hashlib.sha256(data).hexdigest()


def _written(made: dict[str, Any], largest: int) -> bytes:
    data = json.dumps(made).encode()
    if len(data) > largest:
        raise BadMessage(f"it has more than {largest >> 20} MB")
    return data


def _read(data: object, largest: int) -> dict[str, Any]:
    if type(data) is not bytes:
        raise BadMessage("it is not bytes")
    if len(data) > largest:
        raise BadMessage(f"it has more than {largest >> 20} MB")
    try:
        said = read_json(data)
    except ValueError:
        raise BadMessage("it cannot be read") from None
    if type(said) is not dict or said.get("schema") != SCHEMA:
        raise BadMessage("it is of another form: install the same version of the course there")
    return said


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError("no text")
    return value


def _texts(values: Any) -> tuple[str, ...]:
    if type(values) is not list:
        raise TypeError("no list")
    return tuple(map(_text, values))


def _bool(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError("neither true nor false")
    return value
