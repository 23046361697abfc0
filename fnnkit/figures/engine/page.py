"""What stands below the picture of a figure, row by row: time, controls, buttons, goals."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from fnnkit.figures.engine.clock import Clock
from fnnkit.figures.engine.controls import paragraph
from fnnkit.figures.engine.handles import on_grid

if TYPE_CHECKING:
    from fnnkit.figures.engine.shown import Said, Shown

_WRAP = {"flex_flow": "row wrap"}
RUN = 0.03
"""Seconds from one picture of a training to the next, at least, at speed 1."""


def rows(shown: Shown, help: str) -> list[Any]:
    """All rows of a figure; its buttons and clocks are noted in it."""
    figure = shown.figure
    made = [_play(shown, *play) for play in figure._plays] + [_run(shown, *run) for run in figure._runs]
    grouped = {name for _, members in figure._groups for name in members}
    free = [control for name, control in shown.controls.items() if name not in grouped]
    if free:
        made.append(_row(free))
    if figure._groups:
        columns = [
            widgets.VBox([widgets.HTML(f"<b>{title}</b>"), *(shown.controls[name] for name in members)])
            for title, members in figure._groups
        ]
        made.append(_row(columns))
    buttons = [_button(shown, label, partial(shown.set, **values)) for label, values in figure._presets]
    if shown.controls:
        buttons.append(_button(shown, "Reset", partial(shown.set, **shown._start)))
        buttons.append(_button(shown, "Copy as code", partial(_copy, shown)))
        made += [_row(buttons), shown._code]
    if shown.goals.goals:
        made.append(shown.goals_list)
    if help:
        made.append(widgets.HTML(paragraph(help)))
    made += figure._below
    if shown.mistake is not None:
        made += [shown.mistake, shown._beside]
    return made


def _row(children: Sequence[Any]) -> Any:
    return widgets.HBox(children, layout=widgets.Layout(**_WRAP))


def _button(shown: Shown, label: str, press: Callable[[], None]) -> Any:
    button = shown.buttons[label] = widgets.Button(description=label, layout=widgets.Layout(width="auto"))
    button.on_click(lambda _: press())
    return button


def _copy(shown: Shown) -> None:
    line = shown.code()
    shown._code.value = f'<code role="status" style="user-select:all">{html.escape(line, quote=False)}</code>'
    shown.hands.send({"copy": line})


def _clock(shown: Shown, clock: Clock, extra: Sequence[Any] = ()) -> Any:
    shown.clocks.append(clock)
    for button in (clock.main, clock.one, clock.start):
        shown.buttons[button.description] = button
    return _row([*clock.row, *extra])


def _play(shown: Shown, name: str, stride: float, rate: float) -> Any:
    control = shown.controls[name]
    stride = stride or control.step

    def to(value: Any, role: str = "") -> None:
        shown.move({name: value}, role=role)

    def begin() -> None:
        if control.value >= control.max:
            to(control.min)

    def step() -> bool:
        if control.value < control.max:
            to(on_grid(control, control.value + stride))
        if control.value >= control.max or not shown.said:
            shown.status.value = paragraph(shown.said, "status")
            return False
        return True

    return _clock(shown, Clock("Play", step, begin, lambda: to(control.min, "status"), 1.0 / rate))


def _run(shown: Shown, label: str, steps: Callable[..., Iterator[Said]], count: int) -> Any:
    shown.bar.layout.visibility = "hidden"

    def begin() -> None:
        for other in shown.clocks:
            if other is not clock:
                other.stop()
        shown.run(steps)
        shown.bar.value, shown.bar.max, shown.bar.layout.visibility = 0, count, "visible"

    clock = Clock(label, shown.step_of_run, begin, shown.to_rest, RUN)
    return _clock(shown, clock, [shown.bar])
