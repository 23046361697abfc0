"""Whatever workers do, a class comes to its end: everybody is marked once, or there is a line."""

from __future__ import annotations

import asyncio
import random

import pytest
from traitlets.config import Config

from fnnkit.judge.marker import GaveWay
from grader.cluster import pool as pools
from grader.cluster.address import Place
from grader.cluster.asking import BadAnswer, LostWorker
from grader.cluster.messages import Result, about_bytes, result_bytes, task_of
from grader.cluster.pool import Cluster, Run
from grader.course import CourseError
from grader.marking.marking import Job, Marking
from grader.marking.order import Order
from grader.marking.pool import Again
from grader.marking.submission import BadSubmission

CHAPTER = "ch1_xor"
HERE = {
    "python": "3",
    "platform": "x",
    "packages": {},
    "version": "v",
    "mode": "namespaces",
    "no_sandbox": "",
}


class World:
    """Workers that come, die, lie and answer as their dice say; Dask is left out."""

    def __init__(self, seed, workers, moods, deadly=()):
        self.dice, self.moods, self.deadly = random.Random(seed), moods, set(deadly)
        self.alive = {f"w{n}" for n in range(workers)}
        self.born = workers
        self.deaths = {}

    async def workers(self, _client, _place):
        await asyncio.sleep(0)
        return dict.fromkeys(sorted(self.alive), 2)

    def die(self, address):
        if address in self.alive:
            self.alive.discard(address)
            asyncio.get_running_loop().call_later(0.01, self._nanny)

    def _nanny(self):
        self.alive.add(f"w{self.born}")
        self.born += 1

    async def ask(self, _client, address, gone, function, data):
        await asyncio.sleep(self.dice.random() * 0.003)
        if address not in self.alive:  # as Dask: nothing comes
            await gone.wait()
            raise Again
        if function is pools.work.about:
            return about_bytes(HERE)
        name = next(iter(task_of(data).job.notes))
        if name in self.deadly:
            self.deaths[name] = self.deaths.get(name, 0) + 1
            self.die(address)
        mood = self.dice.choices(list(self.moods), list(self.moods.values()))[0]
        if mood == "dies":
            self.die(address)
        if address not in self.alive or gone.is_set():
            if self.dice.random() < 0.3:
                raise LostWorker
            await gone.wait()
            raise Again
        if mood == "raises":
            raise BadAnswer("it stopped")
        if mood == "garbage":
            return b"garbage"
        states = {"gives way": "gave way", "fails": "failed", "refuses": "refused"}
        if mood in states:
            return result_bytes(Result(states[mood]), data)
        return result_bytes(Result("marked", Marking({}, {}, True, 1)), data)


def run(monkeypatch, world, students=20):
    """How everybody ended, and the line if the cluster could not go on."""
    monkeypatch.setattr(pools, "LOOK_SECONDS", 0.002)
    monkeypatch.setattr(pools, "WORKER_SECONDS", 0.2)
    monkeypatch.setattr(pools, "JOIN_SECONDS", 0.5)
    monkeypatch.setattr(pools, "ask", world.ask)
    monkeypatch.setattr(pools, "workers", world.workers)
    monkeypatch.setattr(pools.joining, "here", lambda _chapter: HERE)
    ends = {}
    names = [f"s{n}" for n in range(students)]

    async def all_of_them():
        order = Order(names)

        async def one(name, mark):
            try:
                marking = await mark(Job(CHAPTER, (), {}, {name: []}))
                assert isinstance(marking, Marking)
                ended = "marked"
            except Again:
                raise
            except GaveWay:
                order.behind(name)
                return
            except BadSubmission as problem:
                ended = str(problem)
            except Exception as problem:
                ended = type(problem).__name__
            assert name not in ends  # nobody is marked twice
            ends[name] = ended

        pool = Cluster(Place("tcp://x:1"), CHAPTER)
        await Run(pool, None, order, one, Config()).all()

    try:
        asyncio.run(asyncio.wait_for(all_of_them(), 30))
    except CourseError as problem:
        return ends, str(problem)
    return ends, ""


@pytest.mark.parametrize("seed", range(12))
def test_everybody_is_marked_once_whoever_dies_or_is_slow(monkeypatch, seed):
    world = World(seed, 3, {"marks": 90, "dies": 4, "gives way": 3})
    ends, line = run(monkeypatch, world)
    assert line == ""
    assert set(ends) == {f"s{n}" for n in range(20)}
    # Somebody may by bad luck lose three workers in a row; most do not.
    assert list(ends.values()).count("marked") >= 17


@pytest.mark.parametrize("seed", range(12))
def test_who_kills_every_worker_is_tried_three_times_and_costs_nobody_else_anything(monkeypatch, seed):
    world = World(seed, 2, {"marks": 1}, deadly=("s3", "s11"))
    ends, line = run(monkeypatch, world)
    assert line == ""
    assert {name for name, ended in ends.items() if ended != "marked"} == {"s3", "s11"}
    assert "three workers were lost" in ends["s3"]
    # Beside each other they may have lost workers together.
    assert all(1 <= world.deaths[name] <= 3 for name in ("s3", "s11"))


@pytest.mark.parametrize("seed", range(30))
def test_whatever_workers_answer_it_ends(monkeypatch, seed):
    moods = {"marks": 10, "dies": 2, "raises": 2, "garbage": 2, "gives way": 2, "fails": 1, "refuses": 1}
    ends, line = run(monkeypatch, World(seed, 2 + seed % 3, moods, deadly=("s5",)))
    assert len(ends) == 20 or "turned away" in line or "had no worker" in line


@pytest.mark.parametrize("mood", ["raises", "garbage", "refuses"])
def test_when_no_worker_answers_as_it_should_there_is_a_line(monkeypatch, mood):
    for workers in (1, 2, 3):
        ends, line = run(
            monkeypatch, World(1, workers, {mood: 1}, deadly=("s5",) if mood == "raises" else ())
        )
        assert "marked" not in ends.values()
        assert line or len(ends) == 20
