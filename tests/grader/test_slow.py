"""Slow and busy notebooks: they cost themselves time, and nobody else anything."""

from __future__ import annotations

import asyncio
import importlib.util
import time
from pathlib import Path

import pytest

from grader import batch, recording
from grader.marking import order, pool
from grader.sandbox import modes

pytestmark = pytest.mark.skipif(not modes.available(), reason="there is no sandbox on this machine")
CAMPAIGN = Path(__file__).resolve().parents[1] / "campaigns" / "busy_neighbours.py"


@pytest.mark.exhaustive
def test_whoever_is_done_is_recorded_while_the_slow_are_still_marked(classroom, monkeypatch):
    monkeypatch.setattr(order, "SHORT_SECONDS", 1.0)
    monkeypatch.setattr(recording, "PATIENCE", 0.2)
    monkeypatch.setattr(pool, "AHEAD", 0)
    classroom.hand_in("a slow one", mse="import time\ntime.sleep(6)\n" + classroom.right["mse"])
    others = dict.fromkeys(("ada", "ben", "zoe"), classroom.total)
    for name in others:
        classroom.hand_in(name)
    mark, seen = pool.mark, []

    async def marked(job, **more):
        try:
            return await mark(job, **more)
        finally:
            if any("time.sleep(6)" in part for step in job.steps for part in step.parts):
                seen.append(classroom.gradebook())

    monkeypatch.setattr(pool, "mark", marked)
    graded = classroom.grade(jobs=1)
    assert seen == [{}, others]  # it gave way, and when it was done the others were recorded
    found = {e.student: (e.state, e.points) for e in graded.entries}
    assert found == dict.fromkeys(("a slow one", *others), ("graded", classroom.total))
    assert classroom.gradebook() == others | {"a slow one": classroom.total}
    assert {e.state for e in classroom.grade().entries} == {"unchanged"}


def test_a_class_is_recorded_a_few_at_a_time_while_others_are_marked(classroom, monkeypatch):
    monkeypatch.setattr(recording, "TOGETHER", 2)
    monkeypatch.setattr(recording, "LOOK", 0.01)
    monkeypatch.setattr(pool, "AHEAD", 0)
    names = ("ada", "ben", "cid", "dan", "eve")
    for name in names:
        classroom.hand_in(name)
    mark, seen = pool.mark, []

    async def marked(job, **more):
        due = min(len(seen) // 2 * 2, 4)
        end = time.monotonic() + 30
        while len(classroom.gradebook()) < due and time.monotonic() < end:
            await asyncio.sleep(0.05)
        seen.append(len(classroom.gradebook()))
        return await mark(job, **more)

    monkeypatch.setattr(pool, "mark", marked)
    assert {e.state for e in classroom.grade(jobs=1).entries} == {"graded"}
    assert seen == [0, 0, 2, 2, 4]
    assert classroom.gradebook() == dict.fromkeys(names, classroom.total)
    monkeypatch.undo()
    assert {e.state for e in classroom.grade().entries} == {"unchanged"}


def test_those_who_are_being_recorded_when_all_are_marked_are_recorded_to_the_end(classroom, monkeypatch):
    monkeypatch.setattr(recording, "TOGETHER", 2)
    monkeypatch.setattr(recording, "LOOK", 0.01)
    names = ("ada", "ben", "cid")
    for name in names:
        classroom.hand_in(name)
    sleep, stopped = asyncio.sleep, []

    async def stops(seconds):
        if seconds == 0 and not stopped:
            stopped.append(seconds)
            raise asyncio.CancelledError
        await sleep(seconds)

    monkeypatch.setattr(recording.asyncio, "sleep", stops)
    assert {e.state for e in classroom.grade(jobs=1).entries} == {"graded"}
    monkeypatch.undo()
    assert stopped
    assert classroom.gradebook() == dict.fromkeys(names, classroom.total)
    assert {e.state for e in classroom.grade().entries} == {"unchanged"}


@pytest.mark.exhaustive
def test_when_the_time_for_the_slow_is_used_up_they_are_left_for_the_next_run(classroom, monkeypatch):
    monkeypatch.setattr(order, "SHORT_SECONDS", 0.5)
    monkeypatch.setattr(order, "SLOW_SECONDS", 1.0)
    monkeypatch.setattr(order, "SLOW_SECONDS_EACH", 0.0)
    monkeypatch.setattr(pool, "AHEAD", 0)
    for n in range(3):
        classroom.hand_in(f"slow {n}", mse="import time\ntime.sleep(2)\n" + classroom.right["mse"])
    classroom.hand_in("zoe")
    first = {e.student: (e.state, e.message) for e in classroom.grade(jobs=1).entries}
    assert first["zoe"] == first["slow 0"] == ("graded", "")
    left = [name for name, row in first.items() if row == ("failed", batch.NO_TIME)]
    assert left
    assert set(classroom.gradebook()) == set(first) - set(left)
    monkeypatch.undo()
    assert {e.state for e in classroom.grade().entries} == {"graded", "unchanged"}
    assert classroom.gradebook() == dict.fromkeys(first, classroom.total)


@pytest.mark.exhaustive
def test_honest_ones_that_need_most_of_their_time_lose_nothing_beside_busy_ones(tmp_path):
    """A reduced form of `tests/campaigns/busy_neighbours.py`."""
    spec = importlib.util.spec_from_file_location("busy_neighbours", CAMPAIGN)
    assert spec is not None
    assert spec.loader is not None
    campaign = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(campaign)
    assert campaign.campaign(2, tmp_path)[0] == []
