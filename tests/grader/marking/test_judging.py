"""The judge in its process: it says what the judge says, and losing it costs one answer; it reaches nothing."""

from __future__ import annotations

import asyncio
import dataclasses
import importlib.util
import json
import os
import signal
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fnnkit.judge import registry
from fnnkit.judge.registry import exercise, exercises
from fnnkit.kernel.call import Answer, Raised, call
from fnnkit.kernel.wire import encode
from grader.marking import judging
from grader.marking.drawn import OtherCalls, digest, encoded
from grader.marking.judging import Lost, Unread, checked, question, verdict

SEED = 1 << 100


@pytest.fixture(autouse=True)
def none_left():
    yield
    judging.close()


def unread(index: int, answer: Answer) -> Unread:
    """An answer as a kernel sends it."""
    value, parts = encode(answer.value)
    error = answer.error and [list(answer.error.kinds), answer.error.message, answer.error.line]
    said = {"exercise": "x", "index": index, "error": error}
    said |= {"warnings": list(answer.warnings), "changed": list(answer.changed)}
    return Unread((json.dumps(said).encode(), value.encode(), *parts))


def answers_of(asked: Any, function: Any) -> tuple[list[Any], list[Answer]]:
    cases = asked.cases(np.random.default_rng(SEED))
    return cases, [call(function, case.args) for case in cases]


def sent(asked: Any, function: Any) -> list[bytes]:
    return question(asked, SEED, [unread(i, a) for i, a in enumerate(answers_of(asked, function)[1])])


def test_it_says_what_the_judge_says():
    async def all_of(chapter: str) -> None:
        for asked in exercises(chapter):
            for function in (
                asked.reference,
                asked.misconceptions[0].answer,
                lambda *_: None,
                lambda *_: {"a": [1, (2,)]},
            ):
                cases, answers = answers_of(asked, function)
                assert await verdict(asked, sent(asked, function)) == (asked.judge(cases, answers), True)

    asyncio.run(all_of("ch1_xor"))


def test_other_calls_than_those_that_were_answered_are_not_judged():
    mse = exercise("mse")
    cases, answers = answers_of(mse, mse.reference)
    sent = [unread(i, a) for i, a in enumerate(answers)]

    async def ask(drawn: str) -> bool:
        return (await verdict(mse, question(mse, SEED, sent, drawn=drawn)))[0].solved

    assert asyncio.run(ask(digest(encoded(cases))))
    nearly = [dataclasses.replace(case) for case in cases]
    nearly[3] = dataclasses.replace(nearly[3], args=tuple(np.nextafter(a, 1e9) for a in nearly[3].args))
    assert digest(encoded(nearly)) != digest(encoded(cases))
    with pytest.raises(OtherCalls, match="other calls of mse"):
        asyncio.run(ask(digest(encoded(nearly))))


def test_what_the_grader_knows_of_a_call_goes_with_it():
    mse = exercise("mse")
    cases, _ = answers_of(mse, mse.reference)
    late = Answer(error=Raised(("Timeout",), "stopped after 5 s"))

    async def ask() -> list[str]:
        found, _ = await verdict(mse, question(mse, SEED, [late] * len(cases), ["affine"]))
        told = [str(found)]
        odd = [Unread((b'{"index": 0}', b"null")), Unread((b"[]",)), Unread((b"[" * 9000,))]
        found, judged = await verdict(mse, question(mse, SEED, (odd * len(cases))[: len(cases)]))
        assert judged
        return [*told, str(found)]

    first, second = asyncio.run(ask())
    assert "stopped after 5 s" in first
    assert "what came back cannot be read" in second


def test_a_judge_that_is_killed_or_stopped_is_replaced_and_nobody_loses_anything(monkeypatch):
    monkeypatch.setattr(judging, "SECONDS", 3.0)
    mse = exercise("mse")
    right = sent(mse, mse.reference)

    async def use() -> None:
        assert (await verdict(mse, right))[0].solved
        process = judging.start("ch1_xor")
        for way in (signal.SIGKILL, signal.SIGSTOP):
            [idle] = judging._idle["ch1_xor"]
            os.kill(idle.pid, way)
            found, judged = await verdict(mse, right)
            assert (found.solved, judged) == (True, True), way
            assert judging._idle["ch1_xor"][0].pid != idle.pid
        for way in (
            signal.SIGKILL,
            signal.SIGSTOP,
        ):  # those who fork it, while it is at work and while none is idle
            for worker in judging._idle.pop("ch1_xor", []):
                worker.end()
            process = judging.start("ch1_xor")
            await process.fork()
            process.process.send_signal(way)
            found, judged = await verdict(mse, right)
            assert (found.solved, judged) == (True, True), way

    asyncio.run(use())


EVIL = """
import ctypes, os, socket, subprocess, sys
import numpy as np
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception
from fnnkit.judge.verdict import Problem

def reaches():
    found = []
    def tried(name, attempt):
        try:
            attempt()
        except BaseException:
            return
        found.append(name)
    for place in ("/etc/passwd", "/proc/self/environ", "/dev/null", ".", "/"):
        tried("opens " + place, lambda: open(place))
        tried("lists " + place, lambda: os.listdir(place))
    tried("socket", socket.socket)
    tried("pair", socket.socketpair)
    tried("pipe", os.pipe)
    tried("fork", os.fork)
    tried("runs", lambda: subprocess.run(["/bin/true"]))
    tried("signals", lambda: os.kill(os.getppid(), 0))
    tried("signals 1", lambda: os.kill(1, 0))
    tried("writes", lambda: os.open("/tmp/judge", os.O_CREAT | os.O_WRONLY))
    tried("limits", lambda: __import__("resource").setrlimit(7, (10, 10)))
    if os.getuid() == 0 or os.environ or sys.path or os.getcwd() != "/":
        found.append(f"{os.getuid()} {dict(os.environ)} {sys.path} {os.getcwd()}")
    return found

def test(trials):
    wish = trials[0].given.value
    if wish == "hang":
        while True: pass
    if wish == "fill":
        hold = [np.empty(1 << 27) for _ in range(1000)]
    if wish == "die":
        os._exit(3)
    if wish == "raise":
        raise RuntimeError("/root/secret")
    if wish == "reach":
        return Problem("values", finding=repr(reaches()))
    return None

def answer(x):
    return "fine"

EXERCISE = Exercise(
    "evil", "zz_evil", answer, lambda rng: [Case((1.0,), "is")],
    (Criterion("is", 1.0, test), Criterion("more", 0.5, test, every=True)), (), minutes=1, difficulty=1,
)
"""


@pytest.fixture
def evil(tmp_path, monkeypatch):
    """An exercise whose judge does whatever the answer says: what a mistake in ours could be made to do."""
    chapter = tmp_path / "evil_course" / "zz_evil"
    chapter.mkdir(parents=True)
    (chapter.parent / "__init__.py").touch()
    (chapter / "__init__.py").write_text('EXERCISES = ("evil",)\n')
    (chapter / "evil.py").write_text(textwrap.dedent(EVIL))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(registry, "PACKAGES", [*registry.PACKAGES, "evil_course"])
    registry.forget()
    yield exercises("zz_evil")[0]
    for name in [n for n in sys.modules if n.startswith("evil_course")]:
        del sys.modules[name]
    registry.forget()


def wishing(asked: Any, wish: str) -> list[bytes]:
    return question(asked, SEED, [unread(0, Answer(wish))])


def test_what_the_judge_cannot_do_costs_the_answer_at_hand_alone(evil, monkeypatch):
    monkeypatch.setattr(judging, "SECONDS", 4.0)
    mse = exercise("mse")

    async def ticks(lags: list[float]) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.05)
            lags.append(time.monotonic() - before - 0.05)

    async def use() -> dict[str, str]:
        lags: list[float] = []
        ticking = asyncio.create_task(ticks(lags))
        told = {}
        for wish in ("hang", "fill", "die", "raise"):
            bad, neighbour = await asyncio.gather(
                verdict(evil, wishing(evil, wish)), verdict(mse, sent(mse, mse.reference))
            )
            assert neighbour[0].solved
            assert bad[1] is False
            assert (bad[0].points, bad[0].possible, bad[0].attempted) == (0.0, 1.5, True)
            told[wish] = str(bad[0])
            assert (await verdict(evil, wishing(evil, "fine")))[0].solved
        ticking.cancel()
        assert max(lags) < 2.0
        return told

    told = asyncio.run(use())
    assert "had not come to an end after 4 s" in told["hang"]
    assert "too much memory" in told["fill"]
    assert "the judge was ended by it" in told["die"]
    assert "it cannot be judged (RuntimeError)" in told["raise"]
    assert not any("/root" in text for text in told.values())


@pytest.mark.skipif(sys.platform != "linux", reason="limits and filters are those of Linux")
def test_the_judge_reaches_nothing(evil):
    found, judged = asyncio.run(verdict(evil, wishing(evil, "reach")))
    assert judged
    assert found.problem.finding == "[]"


def test_the_judge_holds_no_secret_and_no_name(evil, tmp_path):
    """Nothing of the grader's memory is in the judge's: it is no fork of the grader."""
    secret = b"secret-%d" % time.time_ns()
    student = b"student-%d" % time.time_ns()
    kept = [secret * 3, student * 3]

    async def use() -> bytes:
        await verdict(evil, wishing(evil, "fine"))
        [worker] = judging._idle["zz_evil"]
        return memory(worker.pid)

    held = asyncio.run(use())
    assert b"zz_evil" in held
    assert [word for word in (secret, student, b"gradebook.db") if word in held] == []
    assert len(kept) == 2


def memory(pid: int) -> bytes:
    """All that a process can write to."""
    found = b""
    try:
        with open(f"/proc/{pid}/mem", "rb", buffering=0) as file:
            for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
                bounds, rights = line.split()[:2]
                if rights.startswith("rw"):
                    start, end = (int(x, 16) for x in bounds.split("-"))
                    file.seek(start)
                    found += file.read(min(end - start, 64 << 20)) or b""
    except PermissionError:
        pytest.skip("another process's memory cannot be read here")
    return found


def test_a_verdict_is_checked_before_it_is_believed():
    mse = exercise("mse")
    cases, answers = answers_of(mse, lambda *_: 0.25)
    right = mse.judge(cases, answers).to_json()
    assert checked(mse, right).to_json() == right

    def changed(**more: Any) -> Any:
        return json.loads(json.dumps(right)) | more

    def result(**more: Any) -> Any:
        return changed(results=[right["results"][0] | more, *right["results"][1:]])

    for wrong in (
        None, [], {}, changed(exercise="affine"), changed(results=[]), changed(results=right["results"][1:]), changed(core=False),
        result(points=100.0), result(earned=100.0), result(earned=0.75), result(criterion="another"), result(claim=True),
        result(problem=None), changed(misconception="unknown"), changed(more=1), result(problem={"kind": "x", "unknown": 1}),
    ):  # fmt: skip
        with pytest.raises(Lost):
            checked(mse, wrong)
    told = changed(notes=["a\x1b[2Jb\u202e" + "x" * 50_000, f"in {Path(np.__file__).parent}/linalg.py"])
    notes = checked(mse, told).notes
    assert notes[0].startswith("a\\x1b[2Jb\\u202ex")
    assert len(notes[0]) < 21_000
    assert "site-packages" not in notes[1]
    assert dataclasses.is_dataclass(checked(mse, told))


def test_values_that_nobody_returns_by_accident_are_judged_and_nobody_waits():
    """A reduced form of `tests/campaigns/judge_values.py`."""
    place = Path(__file__).resolve().parents[2] / "campaigns" / "judge_values.py"
    spec = importlib.util.spec_from_file_location("judge_values", place)
    campaign = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(campaign)
    found = asyncio.run(campaign.campaign(300, 5))
    assert found["values"] >= 300
    assert found["not judged"] == 0
    assert found["slowest"] < 5.0  # a second on a machine that does nothing else
    assert found["longest wait"] < 2.0
