"""Who is next at which worker, and what becomes of those whose workers are lost."""

from __future__ import annotations

import asyncio

from grader.cluster.turns import Turns
from grader.marking.order import Order


def test_everybody_has_one_turn_and_then_it_ends():
    async def all_of(n: int) -> list[int]:
        turns, seen = Turns(Order(range(n))), []

        async def serve(worker: str) -> None:
            while (who := await turns.next(worker)) is not None:
                seen.append(who)
                await asyncio.sleep(0)
                await turns.done(worker)

        await asyncio.wait_for(asyncio.gather(*(serve(w) for w in "aabbb")), 5)
        return seen

    assert sorted(asyncio.run(all_of(50))) == list(range(50))
    assert asyncio.run(all_of(0)) == []


def test_whoever_is_given_back_is_waited_for_by_those_who_have_nothing_to_do():
    async def one() -> None:
        turns = Turns(Order(["ada"]))
        assert await turns.next("a") == "ada"
        waits = asyncio.create_task(turns.next("b"))
        await asyncio.sleep(0.01)
        assert not waits.done()
        await turns.again("ada")
        await turns.done("a")
        assert await waits == "ada"
        await turns.done("b")
        assert await turns.next("a") is None

    asyncio.run(one())


def test_who_has_lost_two_workers_is_marked_where_nobody_else_is_and_then_no_more():
    async def one() -> None:
        turns = Turns(Order(["poison", "ada", "ben"]))
        assert await turns.next("a") == "poison"
        assert not await turns.lost("poison", "a")
        await turns.done("a")
        assert await turns.next("b") == "poison"  # before those who have not had a turn
        assert not await turns.lost("poison", "b")
        await turns.done("b")
        assert [await turns.next("c"), await turns.next("c")] == ["ada", "ben"]
        waits = asyncio.create_task(turns.next("c"))
        await turns.done("c")
        await asyncio.sleep(0.01)
        assert not waits.done()  # one is still there
        await turns.done("c")
        assert await waits == "poison"
        beside = asyncio.create_task(turns.next("c"))
        await turns.again("ada")
        await asyncio.sleep(0.01)
        assert not beside.done()
        assert await turns.lost("poison", "c")
        await turns.done("c")
        assert await beside == "ada"
        await turns.done("c")
        assert await turns.next("c") is None

    asyncio.run(one())


def test_a_slow_one_is_asked_to_give_way_while_others_wait():
    async def one() -> None:
        order = Order(["slow", "ada"])
        turns = Turns(order)
        assert await turns.next("a") == "slow"
        assert not turns.patient
        order.behind("slow")
        await turns.done("a")
        assert [await turns.next("a"), await turns.next("a")] == ["ada", "slow"]
        assert turns.patient

    asyncio.run(one())
