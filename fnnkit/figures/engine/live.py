"""Figures that follow a slider, drawn by the student's own function.

A figure is three things: axes, an update function of a few lines, and controls.

>>> import numpy as np
>>> from fnnkit.figures.engine.live import BLUE, LiveFigure, checked, slider
>>> def shifted(my_relu):
...     z = np.linspace(-4.0, 4.0, 201)
...     figure = LiveFigure(6.0, 3.5)
...     axes = figure.figure.add_subplot(xlabel="z", ylabel="h", xlim=(-4, 4), ylim=(-1, 8))
...     (curve,) = figure.changing(axes.plot(z, 0 * z, color=BLUE))
...
...     def update(my_relu, shift):
...         h = checked(my_relu, my_relu(z + shift), h=z.shape)
...         curve.set_ydata(h)
...         return f"Your ReLU shifted by {shift:g}: its largest value on the picture is {h.max():.3g}."
...
...     return figure.live(update, my_relu, shift=slider("shift", 0.0, -3.0, 3.0, 0.5))
>>> shown = shifted(lambda z: np.maximum(0, z))
>>> shown.controls["shift"].value = 2.0
>>> shown.said
'Your ReLU shifted by 2: its largest value on the picture is 6.'

What the engine does about it:

- `LiveFigure.changing` marks what changes; only that is drawn at a step. A change of anything else (limits of the
  axes, titles) draws the whole figure anew, by itself.
- The student's function arrives *guarded*: it gets copies of its arrays; an error, ``NotImplementedError`` or a missing
  ``return`` becomes words in the picture's place, and so does a wrong shape or NaN found by `checked`. The next value
  of a control draws again.
- What ``update`` returns is read out, shown below the picture, and is the picture's alternative text. It says what the
  picture shows **now**, with numbers. A pair ``(below, alternative)`` says more to those who do not see it.
- Buttons that set controls: `LiveFigure.preset`. Something long, such as training: `LiveFigure.run`. Controls under
  headings: `LiveFigure.group`. A widget of your own, such as a `table` of values: `LiveFigure.below`.
- Nothing needs a browser: tests set ``shown.controls["shift"].value`` and read ``shown.said``, ``shown.alt``, or the
  artists.

For one slider and pictures that are slow to draw, or a film of a training, see `fnnkit.figures.engine.player`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import ipywidgets as widgets

from fnnkit.figures.engine.canvas import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    SKY,
    SURFACE,
    YELLOW,
    Canvas,
    explanation,
)
from fnnkit.figures.engine.controls import dropdown, names, paragraph, slider, table, toggle
from fnnkit.figures.engine.guard import checked, guarded, in_words

__all__ = [
    "BLUE", "GREEN", "GREY", "ORANGE", "PINK", "SKY", "SURFACE", "YELLOW",
    "LiveFigure", "Shown", "checked", "dropdown", "guarded", "slider", "table", "toggle",
]  # fmt: skip

Said = str | tuple[str, str]
_WRAP = {"flex_flow": "row wrap"}


class LiveFigure(Canvas):
    """A figure with controls; see the module for a worked example.

    Parameters
    ----------
    width, height : float
        Size in inches, at 96 pixels an inch. A notebook's column shows up to about 9.6 inches.
    layout : str or None
        Matplotlib's layout engine; None where the places of the axes are given.
    """

    def __init__(self, width: float = 6.4, height: float = 3.8, layout: Any = "constrained") -> None:
        super().__init__(width, height, layout)
        self._presets: list[tuple[str, dict[str, Any]]] = []
        self._runs: list[tuple[str, Callable[..., Iterator[Said]], int]] = []
        self._groups: list[tuple[str, tuple[str, ...]]] = []
        self._below: list[Any] = []

    def preset(self, label: str, **values: Any) -> None:
        """Add a button that sets several controls at once, and draws once.

        Parameters
        ----------
        label : str
            What stands on the button.
        **values : object
            Value of each control that it sets, by the name that `live` gives the control.
        """
        self._presets.append((label, values))

    def run(self, label: str, steps: Callable[..., Iterator[Said]], count: int) -> None:
        """Add a button that starts something long, with a bar of progress; the picture follows.

        Parameters
        ----------
        label : str
            What stands on the button, a verb: "Train".
        steps : callable
            A generator function, called as ``update`` is: the student's functions, then the controls by name. It
            changes artists and yields what the picture shows now, ``count`` times. Yield every tenth of a second or so.
        count : int
            How often it yields.

        Notes
        -----
        While it runs the button reads "Stop". Moving a control stops it too. The kernel answers between two yields.
        """
        self._runs.append((label, steps, count))

    def group(self, title: str, *names: str) -> None:
        """Put controls under a heading, beside other groups; those in no group stand first."""
        self._groups.append((title, names))

    def below(self, widget: Any) -> Any:
        """Add a widget of your own below the controls; give it back."""
        self._below.append(widget)
        return widget

    def live(
        self, update: Callable[..., Said], *functions: Callable[..., Any], help: str = "", **controls: Any
    ) -> Shown:
        """Draw the figure, and draw it anew whenever a control moves.

        Parameters
        ----------
        update : callable
            ``update(*functions, **values)`` changes artists and returns what the picture shows now: a sentence or
            two, or a pair of what stands below the picture and a longer alternative text.
        *functions : callable
            The student's functions; ``update`` gets them guarded.
        help : str
            How to use the figure, if that is not plain.
        **controls : Widget
            Made by `slider`, `dropdown`, `toggle`, or any widget with a value; ``update`` gets the values by name.

        Returns
        -------
        Shown
            To be the last line of a cell.
        """
        return Shown(self, update, functions, controls, help)


class Shown(widgets.VBox):  # type: ignore[misc]
    """A figure on the page.

    Attributes
    ----------
    figure : LiveFigure
        What is drawn.
    controls : dict
        The controls by name.
    buttons : dict
        The buttons by label.
    said : str
        What stands below the picture now; empty if there is none.
    alt : str
        What the picture says in words now: its alternative text, or why there is no picture.
    picture : HTML
        The widget that holds the picture.
    """

    def __init__(
        self,
        figure: LiveFigure,
        update: Callable[..., Said],
        functions: tuple[Callable[..., Any], ...],
        controls: dict[str, Any],
        help: str,
    ) -> None:
        self.figure, self.controls = figure, controls
        self.said = self.alt = ""
        self.picture = widgets.HTML()
        self.buttons: dict[str, Any] = {}
        self._update, self._functions = update, tuple(guarded(f) for f in functions)
        self._status = widgets.HTML()
        self._bar = widgets.IntProgress(description="progress", layout=widgets.Layout(width="300px"))
        self._at_rest = True
        self._running: Iterator[Said] | None = None
        self._task: asyncio.Task[None] | None = None  # a task that nobody holds may vanish
        for control in controls.values():
            control.observe(self._moved, names="value")
        super().__init__([self.picture, self._status, *self._rows(help), names()])
        self.add_class("fnnkit-figure")
        self.redraw()

    def redraw(self) -> None:
        """Draw the figure for the controls as they stand."""
        self._show(lambda: self._update(*self._functions, **self.values))

    @property
    def values(self) -> dict[str, Any]:
        """The value of each control by name."""
        return {name: control.value for name, control in self.controls.items()}

    def set(self, **values: Any) -> None:
        """Set several controls and draw once."""
        self._at_rest = False
        try:
            for name, value in values.items():
                self.controls[name].value = value
        finally:
            self._at_rest = True
        self.stop()
        self.redraw()

    def stop(self) -> None:
        """End what a button started, if it still runs."""
        self._running = None
        self._bar.layout.visibility = "hidden"

    def _show(self, change: Callable[[], Said], moved: str = "", role: str = "status") -> bool:
        try:
            given = change()
            said, alt = given if isinstance(given, tuple) else (given, given)
            picture = self.figure.image(alt)
        except StopIteration:
            raise
        except Exception as error:  # whatever it is, the figure says it and lives on
            self.said, self.alt = "", in_words(error)
            self.picture.value, self._status.value = explanation(self.alt), ""
            return False
        self.said, self.alt = said, alt
        self.picture.value = picture
        self._status.value = paragraph(moved + said, role)
        return True

    def _moved(self, change: Any) -> None:
        if not self._at_rest:
            return
        self.stop()
        control, new = change["owner"], change["new"]
        shown = getattr(control, "label", None) or (f"{new:g}" if isinstance(new, int | float) else str(new))
        if isinstance(new, bool):
            shown = "on" if new else "off"
        moved = f"{control.description} = {shown}. " if control.description else ""
        self._show(lambda: self._update(*self._functions, **self.values), moved)

    def _rows(self, help: str) -> list[Any]:
        rows: list[Any] = []
        figure = self.figure
        buttons = [self._preset_button(*preset) for preset in figure._presets]
        if figure._runs:
            self._bar.layout.visibility = "hidden"
            buttons += [self._run_button(*run) for run in figure._runs]
            buttons.append(self._bar)
        if buttons:
            rows.append(widgets.HBox(buttons, layout=widgets.Layout(**_WRAP)))
        grouped = {name for _, members in figure._groups for name in members}
        free = [control for name, control in self.controls.items() if name not in grouped]
        if free:
            rows.append(widgets.HBox(free, layout=widgets.Layout(**_WRAP)))
        if figure._groups:
            columns = [
                widgets.VBox([widgets.HTML(f"<b>{title}</b>"), *(self.controls[name] for name in members)])
                for title, members in figure._groups
            ]
            rows.append(widgets.HBox(columns, layout=widgets.Layout(**_WRAP)))
        if help:
            rows.append(widgets.HTML(paragraph(help)))
        return rows + figure._below

    def _preset_button(self, label: str, values: dict[str, Any]) -> Any:
        button = self.buttons[label] = widgets.Button(description=label)
        button.on_click(lambda _: self.set(**values))
        return button

    def _run_button(self, label: str, steps: Callable[..., Iterator[Said]], count: int) -> Any:
        button = self.buttons[label] = widgets.Button(description=label)

        def press(_: Any) -> None:
            if self._running is not None:
                self.stop()
                return
            running = self._running = steps(*self._functions, **self.values)
            self._bar.value, self._bar.max, self._bar.layout.visibility = 0, count, "visible"
            button.description = "Stop"
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:  # a script or a test: nobody could press Stop
                while self._step(running):
                    pass
                button.description = label
            else:
                self._task = loop.create_task(go_on(running))

        async def go_on(running: Iterator[Said]) -> None:
            try:
                while self._step(running):
                    await asyncio.sleep(0.001)  # the kernel answers: moved sliders, Stop
            finally:
                button.description = label

        button.on_click(press)
        return button

    def _step(self, running: Iterator[Said]) -> bool:
        """Draw one more picture of what runs; False at its end, when it was stopped, or when it failed."""
        if self._running is not running:
            return False
        try:
            drawn = self._show(lambda: next(running), role="")  # read out at the end, not ten times a second
        except StopIteration:
            self._status.value = paragraph(self.said, role="status")
            drawn = False
        else:
            self._bar.value += 1
        if not drawn:
            self._running = None
        return drawn

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Add a picture for pages where no kernel runs: an exported notebook, or one that is opened again."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        said = paragraph(self.said) if self.said else ""
        return bundle | {"text/plain": self.alt, "text/html": self.picture.value + said}
