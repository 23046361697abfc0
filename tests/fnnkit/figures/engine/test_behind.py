"""What is drawn right behind the answer to a slider that is dragged."""

import asyncio
import time

import pytest

from fnnkit.figures.engine.behind import QUICK, SOON, Behind
from fnnkit.figures.engine.live import LiveFigure, slider


def held():
    behind = Behind()
    behind.held = True
    behind.draw(lambda: None)  # the first is timed
    return behind


def test_values_that_come_before_the_picture_share_it():
    drawn = []

    async def drag():
        behind = held()
        for value in range(3):
            behind.draw(lambda value=value: drawn.append(value))
        assert drawn == []  # the answers go first
        await asyncio.sleep(20 * SOON)

    asyncio.run(drag())
    assert drawn == [2]


def test_a_slow_picture_is_drawn_before_the_answer():
    drawn = []

    async def drag():
        behind = held()
        behind.draw(lambda: time.sleep(2 * QUICK))
        await asyncio.sleep(20 * SOON)
        behind.draw(lambda: drawn.append("now"))
        assert drawn == ["now"]

    asyncio.run(drag())


def test_an_interrupt_while_it_is_drawn_does_not_end_the_kernel():
    async def drag():
        def interrupted():
            raise KeyboardInterrupt

        held().draw(interrupted)
        await asyncio.sleep(20 * SOON)
        return "alive"

    assert asyncio.run(drag()) == "alive"


@pytest.mark.parametrize("loop", [True, False])
def test_a_slider_that_is_held_is_drawn_behind_and_anything_newer_replaces_it(loop):
    drawn = []
    figure = LiveFigure()

    def update(x):
        drawn.append(x)
        return f"x = {x:g}"

    shown = figure.live(update, x=slider("x", 0.0, 0.0, 1.0, 0.1))
    shown.ask({"do": "held", "held": True})
    shown.behind._took = 0.0

    async def drag():
        shown.controls["x"].value = 0.5
        assert shown.said == "x = 0"
        shown.set(x=0.7)
        await asyncio.sleep(20 * SOON)

    if loop:
        asyncio.run(drag())
        assert drawn == [0.0, 0.7]
    else:  # in a script nothing comes later
        shown.controls["x"].value = 0.5
        assert drawn == [0.0, 0.5]
