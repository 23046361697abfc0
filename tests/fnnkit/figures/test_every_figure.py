"""Every figure of every chapter keeps the rules: something to take hold of, a guess, goals, known mistakes, stillness.

A figure is called here with the references of the exercises that its parameters are named after.
"""

import html
import importlib
import inspect
import itertools
import pkgutil
import warnings

import ipywidgets
import matplotlib
import numpy as np
import pytest

import fnnkit.figures
from fnnkit.figures.engine.controls import paragraph
from fnnkit.figures.engine.live import Shown
from fnnkit.figures.engine.mistakes import honest
from fnnkit.judge import guesses
from fnnkit.judge.exercise import Exercise
from fnnkit.judge.registry import exercise

STYLE = {
    "figure.facecolor": "black",
    "axes.facecolor": "black",
    "font.size": 30,
    "text.color": "white",
    "axes.grid": True,
}


def figures():
    """Name of each figure, and the function."""
    for module in sorted(pkgutil.iter_modules(fnnkit.figures.__path__), key=lambda m: m.name):
        if module.name.startswith("ch"):
            chapter = importlib.import_module(f"fnnkit.figures.{module.name}")
            for name in getattr(chapter, "__all__", ()):
                yield f"{module.name}.{name}", getattr(chapter, name)


FIGURES = dict(figures())
# Arguments of figures that take other functions than those that their parameters are named after.
OTHERS = {"ch3_activations.activation_explorer": ("generalized_relu",)}
# Figures that take long are asked for less.
SMALLER = {"ch3_activations.forgetting": {"seeds": [1]}}


def references(name):
    if name in OTHERS:
        return [exercise(n).reference for n in OTHERS[name]]
    parameters = inspect.signature(FIGURES[name]).parameters.values()
    return [exercise(p.name).reference for p in parameters if p.default is p.empty]


_made: dict[str, Shown] = {}


def made(name):
    """The figure at its start, drawn by the references; made once, as some train for seconds."""
    if name not in _made:
        guesses.forget()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            _made[name] = FIGURES[name](*references(name), **SMALLER.get(name, {}))
    shown = _made[name]
    shown.set(**shown._start)
    return shown


class Name(str):
    """Of a figure; the short run asks for some things once a chapter."""

    @property
    def chapter(self):
        return self.partition(".")[0]


once_a_chapter = pytest.mark.sampled(by=("name.chapter",))


# Of a module's scope, so that all tests of one figure run after one another.
@pytest.fixture(params=[Name(name) for name in sorted(FIGURES)], ids=sorted(FIGURES), scope="module")
def name(request):
    return request.param


def test_it_is_drawn_and_says_what_it_shows(name):
    shown = made(name)
    assert "<img " in shown.picture.value
    assert len(shown.said) > 20
    assert honest(shown.parts) == ""
    taken = shown.figure.library.said()
    assert shown.note.value == (paragraph(taken) if taken else "")


def test_there_is_something_to_take_hold_of_and_every_handle_moves_its_controls_by_keys(name):
    shown = made(name)
    assert shown.handles
    assert len({h.label for h in shown.handles}) == len(shown.handles)
    for index, handle in enumerate(shown.handles):
        shown.set(**shown._start)
        x, y, *_, words, _ = shown.hands.answer["at"][index]
        if words == "":  # there is nothing to hold in this state
            continue
        assert 0 <= x <= 1, handle.label
        assert 0 <= y <= 1, handle.label
        moved = []
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            before = shown.values
            shown.ask({"do": "step", "index": index, "dx": dx, "dy": dy, "view": "v", "seq": 1})
            moved.append(shown.values != before)
        assert any(moved), handle.label


def test_what_a_button_starts_takes_the_controls_and_draws(name):
    shown = made(name)
    for label, _, count in shown.figure._runs:
        assert count > 1
        [clock] = [c for c in shown.clocks if c.main.description == label]
        before = shown.picture.value
        clock.one.click()
        assert shown.said, shown.note.value
        assert shown._running is not None
        assert shown.picture.value != before
        clock.start.click()
        assert shown._running is None


def test_it_asks_for_a_guess_and_covers_its_picture_until_then(name):
    guesses.forget()
    asked = made(name).figure._prediction
    assert asked is not None
    assert len(asked.choices) >= 2
    assert asked.then
    shown = made(name)
    if asked.shows:
        shown.set(**asked.shows)  # they are values that the controls can have
        assert "<img " in shown.picture.value


def test_its_goals_are_not_met_at_the_start_and_can_be_reached(name):
    shown = made(name)
    assert 2 <= len(shown.goals.goals) <= 3
    shown.goals.reached = [False] * len(shown.goals.goals)
    shown.redraw()
    assert not any(shown.goals.reached)
    for index, goal in enumerate(shown.goals.goals):
        shown.set(**(shown._start | goal.by))
        if goal.press:
            shown.buttons[goal.press].click()
        assert shown.goals.reached[index], goal.text


def test_its_functions_belong_to_exercises_and_known_mistakes_change_the_picture(name, thorough):
    shown = made(name)
    assert len([p for p in shown.parts if p.name]) == len(references(name))
    if not shown.parts:
        return
    assert shown.mistake is not None
    registered = {m.name for p in shown.parts for m in _of(p.name).misconceptions}
    if name not in OTHERS:  # the explorer takes many functions, and has a list for all
        assert set(shown.figure._mistakes) <= registered, "a mistake of that name is not registered"
    assert len(shown.mistake.options) > 1
    shown.redraw()
    own = shown.picture.value.split('src="')[1]
    states = [
        ({}, ""),
        *((g.by, "") for g in shown.goals.goals),
        *((v, "") for _, v in shown.figure._presets),
    ]
    # What is trained shows most mistakes only once it was.
    states += [(g.by, g.press) for g in shown.goals.goals if g.press]
    if name in SMALLER:
        states = states[:1]
    unseen = []
    for words, _ in shown.mistake.options[1 : None if thorough else 2]:
        seen = False
        for state, press in states:
            shown.mistake.value = ""
            shown.set(**(shown._start | state))
            if press:
                shown.buttons[press].click()
            own = shown.picture.value.split('src="')[1]
            shown.mistake.value = words
            told = shown._beside.value
            seen = own.split('"')[0] not in told or html.escape(shown.said) not in told
            if seen:
                break
        if not seen:
            unseen.append(words)
    shown.mistake.value = ""
    assert unseen == []  # else they change nothing that one sees


def _of(name) -> Exercise:
    return exercise(name)


@once_a_chapter
def test_back_at_the_start_it_is_the_same_to_the_byte(name):
    shown = made(name)
    first = shown.picture.value
    places = [axes.get_position().bounds for axes in shown.figure.figure.axes]
    for _, state in [*shown.figure._presets, *((g.text, g.by) for g in shown.goals.goals)]:
        shown.set(**(shown._start | state))
        assert [axes.get_position().bounds for axes in shown.figure.figure.axes] == places
    shown.buttons["Reset"].click()
    assert shown.picture.value == first


@once_a_chapter
def test_a_dark_page_gets_a_dark_picture_and_a_light_one_the_same_as_before(name):
    shown = made(name)
    light = shown.picture.value
    shown.ask({"do": "theme", "dark": True})
    pixels = shown.figure.draw()[:, :, :3].astype(int)
    margin = np.concatenate([pixels[:3].reshape(-1, 3), pixels[-3:].reshape(-1, 3)])
    assert margin.max() < 60
    shown.ask({"do": "theme", "dark": False})
    assert shown.picture.value == light


@once_a_chapter
def test_on_a_narrow_page_its_panels_are_stacked_and_on_a_wide_one_it_is_as_before(name):
    shown = made(name)
    wide, size = shown.picture.value, shown.figure.size
    shown.ask({"do": "narrow", "narrow": True})
    width, height = shown.figure.size
    assert width == shown.hands.spec["width"] == 442
    assert shown.picture.value != wide
    for axes in shown.figure.figure.axes:
        box = axes.get_tightbbox()
        low, high = np.array([[box.x0, box.y0], [box.x1, box.y1]]) / shown.figure.figure.dpi * 96
        assert min(low) > -6, axes.get_title()
        assert max(high - (width, height)) < 6, axes.get_title()
    for handle, (x, y, *_, words, _) in zip(shown.handles, shown.hands.answer["at"], strict=True):
        assert words == "" or (0 <= x <= 1 and 0 <= y <= 1), handle.label
    shown.ask({"do": "narrow", "narrow": False})
    assert (shown.picture.value, shown.figure.size) == (wide, size)


@pytest.mark.sampled
def test_the_plot_style_of_the_student_does_not_reach_it(name):
    if name in SMALLER:
        pytest.skip("it trains for seconds; its pictures are drawn as those of the others are")
    plain = FIGURES[name](*references(name)).picture.value
    with matplotlib.rc_context(STYLE):
        styled = FIGURES[name](*references(name))
    assert styled.picture.value == plain


def test_what_is_read_under_the_pointer_is_words_everywhere_in_the_axes(name):
    shown = made(name)
    for axes, _ in shown.figure._reads:
        box, size = axes.get_position(), np.array([[0.3, 0.4], [0.6, 0.7]])
        for p, q in size:
            x, y = box.x0 + p * box.width, 1 - (box.y0 + q * box.height)
            shown.ask({"do": "look", "x": x, "y": y, "view": "v", "seq": 1})
            assert len(shown.reading.value) > 20
            assert "tell your instructor" not in shown.reading.value
            assert "cannot be drawn" not in shown.reading.value


def test_a_click_leads_to_a_state(name):
    shown = made(name)
    states = [shown._start, *(shown._start | goal.by for goal in shown.goals.goals)]
    for control, widget in shown.controls.items():
        if isinstance(widget, ipywidgets.Dropdown):
            states += [shown._start | {control: value} for _, value in widget.options]
    for axes, _ in shown.figure._presses:
        box, found = axes.get_position(), False
        # In some state of the figure, and somewhere in the axes.
        for state, p, q in itertools.product(
            states, np.linspace(0.05, 0.95, 10), np.linspace(0.05, 0.95, 10)
        ):
            shown.set(**state)
            x, y = box.x0 + p * box.width, 1 - (box.y0 + q * box.height)
            shown.ask({"do": "press", "x": x, "y": y, "view": "v", "seq": 1})
            found = shown.values != state
            if found:
                break
        assert found


def test_code_makes_a_state_again(name):
    shown = made(name)
    by = shown.goals.goals[0].by
    shown.set(**(shown._start | by))
    line = shown.code()
    assert line.startswith(f"figures.{name.split('.')[1]}(")
    for control in by:
        if shown._start[control] != by[control]:
            assert f"{control}=" in line
