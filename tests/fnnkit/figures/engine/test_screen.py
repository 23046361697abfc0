"""What a page with our script gets: one message a step, with the pixels that change; the image follows at rest."""

import asyncio
import base64
import io
import re

import comm
import numpy as np
import pytest
from matplotlib.image import imread

from fnnkit.figures.engine import screen, together
from fnnkit.figures.engine.live import LiveFigure, checked, slider

Z = np.linspace(-4.0, 4.0, 81)


def relu(z):
    return np.maximum(0.0, z)


@pytest.fixture(autouse=True)
def _widgets_send_without_a_kernel(monkeypatch):
    """Where ipykernel was loaded before, by another test, a widget without a kernel sends nothing."""
    monkeypatch.setattr(comm, "create_comm", comm.DummyComm)


def bend(function=relu):
    figure = LiveFigure(4.0, 2.5)
    axes = figure.figure.add_subplot(xlim=(-4, 4), ylim=(-1, 8))
    (curve,) = figure.changing(axes.plot(Z, 0 * Z))
    figure.axes, figure.calls = axes, []

    def update(function, shift):
        figure.calls.append(shift)
        curve.set_ydata(checked(function, function(Z + shift), h=Z.shape))
        return f"shift {shift:g}"

    figure.handle("bend", axes, place=lambda v: (-v["shift"], 0.0), values=lambda x, y, v: {"shift": -x})
    figure.preset("Far", shift=3.0)
    return figure.live(update, function, shift=slider("shift", 0.0, -3.0, 3.0, 0.5))


class Page:
    """What the script does: it keeps the states of widgets, and paints."""

    def __init__(self, shown):
        self.shown, self.messages, self.states = shown, [], {}
        shown.hands.send = self.told
        shown.ask({"do": "here"})
        self.words = image(shown)
        self.number = shown.hands.answer["whole"]

    def told(self, told, buffers=None):
        self.messages.append(told)
        for model, state in told.get("states", ()):
            self.states.setdefault(model, {}).update(state)
        for step, runs in zip(told.get("steps", ()), buffers or (), strict=False):
            assert step["base"] == self.number
            self.number = step["number"]
            count = len(runs) // 10
            starts = np.frombuffer(runs, np.uint32, count)
            colours, lengths = (
                np.frombuffer(runs, np.uint32, count, 4 * count),
                np.frombuffer(runs, np.uint16, count, 8 * count),
            )
            for start, colour, length in zip(starts, colours, lengths, strict=True):
                self.words[start : start + length] = colour

    def said(self, widget):
        return self.states[widget.model_id]["value"]


def image(shown):
    """The pixels of the image on the page."""
    data = re.search(r'src="data:image/png;base64,([^"]+)"', shown.picture.value)[1]
    pixels = np.round(255 * imread(io.BytesIO(base64.b64decode(data)))).astype(np.uint8)
    opaque = np.full((*pixels.shape[:2], 1), 255, np.uint8)
    return np.concatenate([pixels[:, :, :3], opaque], axis=2).view(np.uint32).ravel()


def in_a_kernel(act):
    asyncio.run(act())


def test_steps_are_painted_and_every_one_is_the_picture_of_a_new_figure():
    async def act():
        shown = bend()
        page, first = Page(shown), shown.picture.value
        for shift in (0.5, 1.0, -2.0, -2.5, 0.0):
            shown.controls["shift"].value = shift
            fresh = bend(lambda z, shift=shift: relu(z + shift))
            assert np.array_equal(page.words, image(fresh))
            assert shown.picture.value == first  # the image waits
            assert page.messages[-1]["steps"][0]["alt"] == shown.alt == f"shift {shift:g}"

    in_a_kernel(act)


def test_a_step_is_one_message_with_all_that_widgets_are_told():
    async def act():
        shown = bend()
        page = Page(shown)
        del page.messages[:]
        shown.controls["shift"].value = 1.0
        shown.ask({"do": "step", "index": 0, "dx": -1, "dy": 0, "view": "v", "seq": 7})
        shown.buttons["Far"].click()
        assert [len(m["steps"]) for m in page.messages] == [1, 1, 1]
        # The answer lets the browser ask the next question: a slider's own is on its way by then.
        assert [m["states"][-1][0] for m in page.messages] == [shown.hands.model_id] * 3
        assert shown.controls["shift"].model_id in dict(page.messages[1]["states"])
        assert "shift 3" in page.said(shown.status)
        assert page.said(shown.controls["shift"]) == 3.0
        assert page.states[shown.hands.model_id]["answer"]["whole"] == shown.screen.whole

    in_a_kernel(act)


def test_at_rest_the_image_follows_without_asking_the_student_s_function(monkeypatch):
    monkeypatch.setattr(screen, "REST", 0.02)

    async def act():
        shown = bend()
        page, first = Page(shown), shown.picture.value
        for shift in (0.5, 1.0):
            shown.controls["shift"].value = shift
        calls = len(shown.figure.calls)
        for _ in range(500):
            await asyncio.sleep(0.005)
            if shown.picture.value != first:
                break
        assert shown.picture.value == bend().at(shift=1.0).picture.value
        assert shown.hands.answer["whole"] == page.number  # no step has to be painted anew
        assert len(shown.figure.calls) == calls
        shown.controls["shift"].value = 0.0
        await asyncio.sleep(0.1)
        assert shown.picture.value == first

    in_a_kernel(act)


def test_words_stand_there_at_once_and_the_picture_after_them_is_whole():
    def fussy(z):
        if z.max() > 5:
            raise RuntimeError("too far")
        return relu(z)

    async def act():
        shown = bend(fussy)
        page = Page(shown)
        shown.controls["shift"].value = 2.0
        assert "too far" in page.said(shown.picture)
        assert shown.hands.answer["whole"] == 0
        shown.controls["shift"].value = 0.5
        assert page.said(shown.picture).startswith("<img ")
        assert "steps" not in page.messages[-1]
        page.words, page.number = image(shown), shown.hands.answer["whole"]
        shown.controls["shift"].value = 1.0
        assert np.array_equal(page.words, image(bend().at(shift=1.0)))

    in_a_kernel(act)


def test_a_theme_and_other_limits_are_painted_right_too():
    async def act():
        shown = bend()
        page = Page(shown)
        shown.ask({"do": "theme", "dark": True})
        page.words, page.number = image(shown), shown.hands.answer["whole"]
        shown.controls["shift"].value = 1.0
        shown.figure.axes.set_ylim(-2, 5)
        shown.controls["shift"].value = 2.0
        other = bend()
        other.figure.axes.set_ylim(-2, 5)
        other.at(shift=2.0).ask({"do": "theme", "dark": True})
        if "steps" not in page.messages[-1]:
            page.words = image(shown)
        assert np.array_equal(page.words, image(other))

    in_a_kernel(act)


def test_a_view_that_lost_the_thread_gets_a_whole_picture():
    async def act():
        shown = bend()
        page = Page(shown)
        shown.controls["shift"].value = 1.0
        shown.ask({"do": "whole"})
        assert page.said(shown.picture) == shown.picture.value == bend().at(shift=1.0).picture.value
        assert shown.hands.answer["whole"] == page.number

    in_a_kernel(act)


def test_what_is_sent_on_a_page_without_the_script_is_whole_and_so_it_is_where_no_loop_turns():
    shown = bend()
    first = shown.picture.value
    shown.controls["shift"].value = 1.0
    assert shown.picture.value != first
    page = Page(shown)
    shown.controls["shift"].value = 2.0
    assert page.said(shown.picture) == shown.picture.value == bend().at(shift=2.0).picture.value


def test_the_saved_page_shows_what_was_painted_last():
    async def act():
        shown = bend()
        Page(shown)
        shown.controls["shift"].value = 1.0
        assert shown.static().startswith(bend().at(shift=1.0).picture.value)

    in_a_kernel(act)


def test_an_interrupt_in_the_student_s_function_is_passed_on_and_what_was_said_is_sent():
    def interrupted(z):
        if z.max() > 5:
            raise KeyboardInterrupt
        return relu(z)

    async def act():
        shown = bend(interrupted)
        page = Page(shown)
        with pytest.raises(KeyboardInterrupt):
            shown.ask({"do": "move", "index": 0, "x": 0.0, "y": 0.5, "view": "v", "seq": 3})
        assert page.states[shown.hands.model_id]["answer"]["seq"] == 3
        shown.controls["shift"].value = 0.5
        assert "shift 0.5" in page.said(shown.status)

    in_a_kernel(act)


@pytest.mark.parametrize("then", ["rests", "is set by a button"])
def test_other_pages_are_told_of_a_slider_once_it_rests_and_never_of_an_old_value(monkeypatch, then):
    monkeypatch.setattr(together, "REST", 0.02)

    async def act():
        shown = bend()
        control, echoes = shown.controls["shift"], []
        control.comm.send = lambda data=None, metadata=None, buffers=None: (
            echoes.append(data["state"]) if data["method"] == "echo_update" else None
        )
        Page(shown)
        for shift in (0.5, 1.0):
            control.set_state({"value": shift})  # as a page does it
        if then != "rests":
            shown.buttons["Far"].click()
        assert not echoes
        for _ in range(100):
            await asyncio.sleep(0.005)
        assert echoes == ([{"value": 1.0}] if then == "rests" else [])

    in_a_kernel(act)
