"""Figures that one takes hold of, drawn by the student's own function.

A figure is axes, an update function of a few lines, controls, and what can be done with it. See
`fnnkit.figures.engine` for how to write one.

What the engine does about it:

- `LiveFigure.changing` marks what changes; only that is drawn at a step. A change of anything else (limits of the
  axes, titles) draws the whole figure anew, by itself.
- The student's function arrives *guarded*: it gets copies of its arrays; an error, ``NotImplementedError`` or a missing
  ``return`` becomes words in the picture's place, and so does a wrong shape or NaN found by `checked`. The next value
  of a control draws again.
- What ``update`` returns is read out, shown below the picture, and is the picture's alternative text. It says what the
  picture shows **now**, with numbers. A pair ``(below, alternative)`` says more to those who do not see it.
- Nothing needs a browser: tests set ``shown.controls["shift"].value``, call ``shown.ask({"do": "step", …})`` for what a
  handle asks, and read ``shown.said``, ``shown.alt``, or the artists.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import ipywidgets as widgets

from fnnkit.figures.engine import mistakes, player
from fnnkit.figures.engine.canvas import (
    BLUE,
    COARSE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    SHARPNESS,
    SKY,
    SURFACE,
    YELLOW,
    Canvas,
    explanation,
)
from fnnkit.figures.engine.clock import Clock
from fnnkit.figures.engine.controls import dropdown, paragraph, slider, steady, style, table, toggle
from fnnkit.figures.engine.goals import Goal, Goals
from fnnkit.figures.engine.guard import checked, guarded, in_words
from fnnkit.figures.engine.guess import GuessPanel, Prediction
from fnnkit.figures.engine.handles import data, made, on_grid, stepped
from fnnkit.figures.engine.hands import Hands, hidden
from fnnkit.figures.engine.library import Library
from fnnkit.figures.engine.style import in_own_style, own_style

__all__ = [
    "BLUE", "GREEN", "GREY", "ORANGE", "PINK", "SKY", "SURFACE", "YELLOW",
    "LiveFigure", "Shown", "checked", "dropdown", "guarded", "in_own_style", "slider", "table", "toggle",
]  # fmt: skip

Said = str | tuple[str, str]
_WRAP = {"flex_flow": "row wrap"}
FILMS = "FNNKIT_FILMS"
"""Variable of the environment, set when a page is exported: figures of one slider then leave a film there."""
FRAMES, BUDGET = 31, 600_000
"""Pictures of such a film, and bytes that all of them may have; fewer pictures if they are larger."""
NOWHERE: list[Any] = [-1.0, -1.0, 0.0, 0.0, 0.0, "", [0.0, 1.0, 0.0, 1.0]]
"""Of a handle that is not shown."""
RUN = 0.03
"""Seconds from one picture of a training to the next, at least, at speed 1."""


class LiveFigure(Canvas):
    """A figure with controls; see `fnnkit.figures.engine` for a worked example.

    Parameters
    ----------
    width, height : float
        Size in inches, at 96 pixels an inch. A notebook's column shows up to about 9.6 inches.
    layout : str or None
        Matplotlib's layout engine; None where the places of the axes are given.
    """

    def __init__(self, width: float = 6.4, height: float = 3.8, layout: Any = "constrained") -> None:
        super().__init__(width, height, layout)
        self.found: dict[str, Any] = {}
        self._presets: list[tuple[str, dict[str, Any]]] = []
        self._runs: list[tuple[str, Callable[..., Iterator[Said]], int]] = []
        self._plays: list[tuple[str, float, float]] = []
        self._groups: list[tuple[str, tuple[str, ...]]] = []
        self._below: list[Any] = []
        self._handles: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
        self._reads: list[tuple[Any, Callable[..., str]]] = []
        self._presses: list[tuple[Any, Callable[..., dict[str, Any]]]] = []
        self._freehands: list[tuple[Any, Callable[..., dict[str, Any]]]] = []
        self._goals: list[Goal] = []
        self._prediction: Prediction | None = None
        self._mistakes: tuple[str, ...] = ()
        self.library = Library()

    def mine(self, *names: str) -> tuple[Callable[..., Any], ...]:
        """Take functions of other exercises: the student's own, as saved in the notebooks that lie beside this one.

        They are guarded. Where one is missing or does not pass its check, the reference takes its place, and the figure
        says so: ``(softmax,) = figure.mine("softmax")``.
        """
        return self.library.take(*names)

    def handle(
        self,
        label: str,
        axes: Any,
        *,
        x: str | None = None,
        y: str | None = None,
        at: float | Callable[[dict[str, Any]], float] = 0.0,
        tail: tuple[float, float] | Callable[[dict[str, Any]], tuple[float, float]] = (0.0, 0.0),
        line: tuple[str, str, str] | None = None,
        place: Callable[[dict[str, Any]], tuple[float, float]] | None = None,
        values: Callable[[float, float, dict[str, Any]], dict[str, Any]] | None = None,
        **look: Any,
    ) -> None:
        """Let something in the picture be taken hold of: by mouse, finger and keys. It moves controls.

        Parameters
        ----------
        label : str
            What screen readers call it: "outlier", "weights of hidden unit 1".
        axes : Axes
            Where it lies.
        x, y : str, optional
            Names of the controls that its coordinates are. Both: a point. ``y`` alone: a bar. ``x`` alone: a vertical line.
        at : float or callable
            The other coordinate of a bar or a vertical line; a callable is told the values of all controls.
        tail : pair of float or callable
            Of an arrow whose tip is the handle: ``x`` and ``y`` are then its components.
        line : tuple of three str, optional
            Controls w₁, w₂ and c of the line w₁ x + w₂ y + c = 0: it is moved along its normal, which sets c.
        place, values : callable, optional
            The general form: ``place(values)`` gives (x, y) and ``values(x, y, values)`` the controls to set, by name.
        **look : object
            ``shape`` ("circle", "square", "triangle", "diamond", "bar", "vertical"), ``colour``, ``free`` ("x", "y", "xy"),
            ``step``, ``box``: see `fnnkit.figures.engine.handles.Handle`.
        """
        self._handles.append(((label, axes, x, y, at, tail, line, place, values), look))

    def read(self, axes: Any, words: Callable[..., str]) -> None:
        """Say what the student's function is worth where the pointer rests, or where a handle has the focus.

        ``words(*functions, x=…, y=…, **values)`` gives the sentence; ``x`` and ``y`` are the place in these axes, so
        no control of the figure may be called so.
        """
        self._reads.append((axes, words))

    def press(self, axes: Any, values: Callable[[float, float, dict[str, Any]], dict[str, Any]]) -> None:
        """Have a click in these axes set controls: ``values(x, y, values)`` gives them by name."""
        self._presses.append((axes, values))

    def freehand(self, axes: Any, values: Callable[..., dict[str, Any]]) -> None:
        """Have a line that the pointer draws in these axes set controls, while it is drawn.

        ``values(points, values)`` gives them by name; ``points`` are the places that the pointer went over, in their order,
        shape (n, 2). Beside it a handle should do the same by keys.
        """
        self._freehands.append((axes, values))

    def predict(
        self, question: str, choices: Sequence[str], answer: str, then: str = "", **shows: Any
    ) -> None:
        """Ask for a guess first: the picture is covered until one is made; it is kept, and never graded.

        Parameters
        ----------
        question : str
            What will happen?
        choices : sequence of str
            What can be guessed, each in a few words.
        answer : str
            The one that comes true.
        then : str
            What happened, and why.
        **shows : object
            Values of controls that show it, set after a guess.
        """
        self._prediction = Prediction(question, choices, answer, then, shows)

    def goal(self, text: str, met: Callable[[Any], bool], press: str = "", **by: Any) -> None:
        """Set a small goal, ticked when the state meets it.

        Parameters
        ----------
        text : str
            What to reach: "solve it with w₂ > 0".
        met : callable
            Told the state: ``s.w2`` is the value of a control, ``s.error`` a fact that `facts` was told, ``s.first`` the
            state at the start.
        press : str
            The button that is pressed then: "Train".
        **by : object
            Values of controls that meet it: the test of the figures sets them.
        """
        self._goals.append(Goal(text, met, by, press))

    def facts(self, **found: Any) -> None:
        """Tell what goals look at: called by ``update``, with numbers that the picture shows."""
        self.found.update(found)

    def mistakes(self, *names: str) -> None:
        """Choose which registered misconceptions can be seen beside a right answer; without this all can."""
        self._mistakes = names

    def play(self, control: str, stride: float | None = None, rate: float = 8.0) -> None:
        """Give a control that is a time the buttons Play, One step, Back to start, and a speed.

        Parameters
        ----------
        control : str
            Name of a slider.
        stride : float, optional
            How far a step goes; the slider's step by default.
        rate : float
            Steps a second.
        """
        self._plays.append((control, stride or 0.0, rate))

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
        While it runs the button reads "Pause"; beside it are One step, Back to start, and the speed. Moving a control
        ends it. The kernel answers between two yields.
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
        self,
        update: Callable[..., Said],
        *functions: Callable[..., Any],
        exercises: Sequence[str] = (),
        help: str = "",
        **controls: Any,
    ) -> Shown:
        """Draw the figure, and draw it anew whenever a control moves.

        Parameters
        ----------
        update : callable
            ``update(*functions, **values)`` changes artists and returns what the picture shows now: a sentence or
            two, or a pair of what stands below the picture and a longer alternative text. It is called with the
            student's functions and with mistaken ones in turn: what it remembers should be kept by function too.
        *functions : callable
            The student's functions; ``update`` gets them guarded.
        exercises : sequence of str
            Names of the exercises that the functions belong to, in their order ("" for none). The figure says which of
            them do not pass their check, and offers known mistakes once they do. A further exercise whose function
            does not pass is drawn by the reference.
        help : str
            How to use the figure, if that is not plain.
        **controls : Widget
            Made by `slider`, `dropdown`, `toggle`, or any widget with a value; ``update`` gets the values by name.

        Returns
        -------
        Shown
            To be the last line of a cell.
        """
        return Shown(self, update, functions, controls, help, exercises)


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
    handles : list of Handle
        What can be taken hold of.
    goals : Goals
        The goals, and which are reached.
    guess : GuessPanel or None
        The question before the picture.
    mistake : Dropdown or None
        The list of known mistakes; None while there is none to show.
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
        exercises: Sequence[str] = (),
    ) -> None:
        self.figure, self.controls = figure, controls
        self.said = self.alt = ""
        self.buttons: dict[str, Any] = {}
        self.name = update.__qualname__.partition(".")[0]
        self.chapter = [*update.__module__.split("."), "", "", ""][2]
        self._called = [getattr(f, "__name__", "…") for f in functions]
        self._key = self.chapter, f"{self.name}({', '.join(self._called)})"
        self._update, self.parts = update, mistakes.parts(functions, exercises)
        self._functions = tuple(part.function for part in self.parts)
        self._start = self.values
        self._drawn: dict[str, Any] = {}
        self._at_rest, self._coarse, self._held = True, False, False
        self._was_drawn = False
        self._running: Iterator[Said] | None = None
        self._ran: Callable[..., Iterator[Said]] | None = None  # what has come to its end and is shown
        self.picture = widgets.HTML()
        self.picture.add_class("fnnkit-picture")
        self.status = steady(widgets.HTML(), 2)
        self.status.add_class("fnnkit-status")
        self.reading = steady(widgets.HTML(), 1)
        self.reading.add_class("fnnkit-reading")
        self.note = widgets.HTML()
        self.goals = Goals(figure._goals)
        self._goals_list = widgets.HTML(self.goals.html())
        self._beside = widgets.HTML()
        self._code = widgets.HTML()
        self._bar = widgets.IntProgress(description="progress", layout=widgets.Layout(width="300px"))
        self.clocks: list[Clock] = []
        self.handles = [made(controls, *told, **look) for told, look in figure._handles]
        self._offered = mistakes.offered(self.parts, figure._mistakes)
        self.mistake = self._list_of_mistakes()
        self.guess = self._panel()
        for control in controls.values():
            control.observe(self._moved, names="value")
        self.hands = Hands(spec=self._spec())
        self.hands.on_msg(lambda _, question, buffers: self.ask(question))
        honest = " ".join(filter(None, [mistakes.honest(self.parts), figure.library.said()]))
        if honest:
            self.note.value = paragraph(honest)
        children = [
            *([self.guess] if self.guess else []), self.picture, *([self.reading] if figure._reads else []),
            self.status, *([self.note] if honest else []), *self._rows(help), hidden(self.hands),
        ]  # fmt: skip
        super().__init__(children)
        self.add_class("fnnkit-figure")
        self.redraw()
        if self.guess and not self.said:  # behind the question there would be no picture
            self.guess.layout.display, self.picture.layout.display = "none", ""
        long = 2 + len(self.said) // 110  # lines of the text at the start, and one for what it may grow
        steady(self.status, max(2, long))

    # --- what is drawn -----------------------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Draw the figure for the controls as they stand."""
        self._show(lambda: self._update(*self._functions, **self.values))

    @property
    def values(self) -> dict[str, Any]:
        """The value of each control by name."""
        return {name: control.value for name, control in self.controls.items()}

    def set(self, **values: Any) -> None:
        """Set several controls and draw once."""
        self._put(values)
        self.stop()
        self.redraw()

    def at(self, **values: Any) -> Shown:
        """Set several controls and give the figure back: a state in one line of code."""
        self.set(**values)
        return self

    def stop(self) -> None:
        """End what a button started, if it still runs."""
        for clock in self.clocks:
            clock.stop()
        self._running = self._ran = None
        self._bar.layout.visibility = "hidden"

    def code(self) -> str:
        """The line of Python that makes this state."""
        changed = {n: v for n, v in self.values.items() if _written(v) != _written(self._start[n])}
        call = f"figures.{self.name}({', '.join(self._called)})"
        if not changed:
            return call
        return f"{call}.at({', '.join(f'{n}={_written(v)}' for n, v in changed.items())})"

    def _put(self, values: dict[str, Any]) -> None:
        self._at_rest = False
        try:
            for name, value in values.items():
                self.controls[name].value = value
        finally:
            self._at_rest = True

    def _show(self, change: Callable[[], Said], moved: str = "", role: str = "status") -> bool:
        values = self.values
        self._drawn = values
        if self.mistake is not None and self._running is None:
            self._show_mistake()
        self.figure.found.clear()
        try:
            with own_style():
                given = change()
            said, alt = given if isinstance(given, tuple) else (given, given)
            picture = self._image(alt)
        except StopIteration:
            raise
        except Exception as error:  # whatever it is, the figure says it and lives on
            self.said, self.alt = "", in_words(error)
            self.picture.value, self.status.value = explanation(self.alt, self.figure.size), ""
            self.note.layout.visibility = "hidden"  # the words in the picture's place say enough
            self._tell()
            return False
        self.said, self.alt = said, alt
        self.picture.value, self._was_drawn = picture, True
        self.note.layout.visibility = "visible"
        new = self.goals.look(values, self.figure.found)
        if new:
            self._goals_list.value = self.goals.html()
            moved = f"Goal reached: {'; '.join(new)}. " + moved
        self.status.value = paragraph(moved + said, role)
        self._tell()
        return True

    def _image(self, alt: str) -> str:
        self._coarse = self._held
        return self.figure.image(alt, COARSE if self._held else SHARPNESS)

    def _paint(self) -> None:
        """Draw the same artists once more, without calling anybody's function."""
        if self.said:
            self.picture.value = self._image(self.alt)

    def _stack(self, narrow: bool) -> None:
        """Draw for a narrow page, or for a wide one."""
        if narrow != self.figure.narrow:
            self.figure.narrow = narrow
            self.hands.spec = self._spec()
            self._paint()
            self._tell()

    def _show_mistake(self) -> None:
        """Draw the figure with the chosen mistake, beside the student's."""
        if self.mistake is None or not self.mistake.value:
            self._beside.value = ""
            return
        place, mistake = self._offered[self.mistake.value]
        functions = mistakes.with_mistake(self.parts, place, mistake)
        try:
            with own_style():
                given = self._update(*functions, **self.values)
                if self._ran is not None:  # what the student's function was trained to, this one is too
                    *_, given = self._ran(*functions, **self.values)
            said, alt = given if isinstance(given, tuple) else (given, given)
            picture = self.figure.image(f"With the mistake “{self.mistake.value}”: {alt}")
        except Exception as error:  # some mistakes cannot be drawn: that is what they look like
            said, picture = (
                "",
                explanation(mistakes.of_the_mistake(in_words(error), mistake), self.figure.size),
            )
        self._beside.value = (
            paragraph(f"With the mistake “{self.mistake.value}” in place of yours: {mistake.hint}")
            + picture
            + paragraph(mistakes.of_the_mistake(said, mistake))
        )

    def _moved(self, change: Any) -> None:
        control, new = change["owner"], change["new"]
        if not self._at_rest or self._same(control, new):
            return
        self.stop()
        shown = getattr(control, "label", None) or (f"{new:g}" if isinstance(new, int | float) else str(new))
        if isinstance(new, bool):
            shown = "on" if new else "off"
        moved = f"{control.description} = {shown}. " if control.description else ""
        self._show(lambda: self._update(*self._functions, **self.values), moved)

    def _same(self, control: Any, new: Any) -> bool:
        """Whether that is what was drawn last: a slider's script sends back 0.010000000000000009 for 0.01."""
        name = next((n for n, c in self.controls.items() if c is control), "")
        old = self._drawn.get(name)
        step = getattr(control, "step", None)
        if isinstance(new, int | float) and isinstance(old, int | float) and isinstance(step, int | float):
            return abs(new - old) <= 1e-3 * step
        return type(new) is type(old) and bool(new == old)

    # --- what the browser asks ---------------------------------------------------------------------------------------

    def ask(self, question: dict[str, Any]) -> None:
        """Do what the browser asks; see `fnnkit.figures.engine.hands` for the questions."""
        do = question["do"]
        if do == "hold":
            self._held = bool(question["held"])
            if not self._held and self._coarse:
                self._paint()
            return
        if do == "theme":
            self.figure.dark = bool(question["dark"])
            self._paint()
            return
        if do == "narrow":
            self._stack(bool(question["narrow"]))
            return
        try:
            if do == "look":
                self._look(question["x"], question["y"])
            elif do in ("move", "step", "press", "draw"):
                self._wish(self._wanted(question))
        except Exception as error:
            self.reading.value = paragraph(in_words(error), "status")
        finally:
            self._tell(question)  # whatever happened, an interrupt too: the browser waits for it

    def _wanted(self, question: dict[str, Any]) -> dict[str, Any]:
        """The controls that a question moves, on their grid."""
        values, drawn = self.values, self.figure.figure
        if question["do"] == "step":
            handle = self.handles[question["index"]]
            return stepped(handle, question["dx"], question["dy"], values, self.controls, drawn)
        if question["do"] == "draw":
            return self._stroke(question["points"])
        x, y = question["x"], question["y"]
        if question["do"] == "move":
            handle = self.handles[question["index"]]
            wanted = handle.values(*data(handle.axes, x, y, drawn), values)
        else:
            wanted = {}
            for axes, clicked in self.figure._presses:
                if axes.bbox.contains(x * drawn.bbox.width, (1 - y) * drawn.bbox.height):
                    wanted = clicked(*data(axes, x, y, drawn), values)
        return {name: on_grid(self.controls[name], value) for name, value in wanted.items()}

    def _stroke(self, points: list[list[float]]) -> dict[str, Any]:
        """The controls that a line sets which the pointer has drawn."""
        drawn, (x, y) = self.figure.figure, points[0]
        for axes, values in self.figure._freehands:
            if axes.bbox.contains(x * drawn.bbox.width, (1 - y) * drawn.bbox.height):
                return values([data(axes, p, q, drawn) for p, q in points], self.values)
        return {}

    def _wish(self, wanted: dict[str, Any]) -> None:
        if any(not self._same(self.controls[name], value) for name, value in wanted.items()):
            self._put(wanted)
            self.stop()
            words = ", ".join(
                self._words(name) for name in wanted if self.controls[name].layout.display != "none"
            )
            self._show(lambda: self._update(*self._functions, **self.values), f"{words}. " if words else "")

    def _words(self, name: str) -> str:
        control = self.controls[name]
        value = f"{control.value:.4g}" if isinstance(control.value, int | float) else str(control.value)
        return f"{control.description or name} = {value}"

    def _look(self, x: float, y: float) -> None:
        drawn, words = self.figure.figure, ""
        if self.said:
            for axes, read in self.figure._reads:
                if axes.bbox.contains(x * drawn.bbox.width, (1 - y) * drawn.bbox.height):
                    p, q = data(axes, x, y, drawn)
                    words = read(*self._functions, x=p, y=q, **self.values)
        self.reading.value = paragraph(words, "status") if words else ""

    def _spec(self) -> dict[str, Any]:
        """What the browser has to know of the picture."""
        width, height = self.figure.size
        return {
            "width": width, "height": height, "reads": bool(self.figure._reads), "presses": bool(self.figure._presses),
            "freehand": bool(self.figure._freehands),
            "handles": [
                {"label": h.label, "shape": h.shape, "colour": h.colour, "free": h.free} for h in self.handles
            ],
        }  # fmt: skip

    def _tell(self, question: dict[str, Any] | None = None) -> None:
        """Say where all handles are, and which question that answers."""
        values, at = self.values, []
        for handle in self.handles:
            try:
                x, y = handle.at(values, self.figure.figure)
                names = list(handle.values(*handle.place(values), values))
                reach = handle.reach(values, self.figure.figure)
            except Exception:  # a place that depends on what could not be drawn
                at.append(NOWHERE)
                continue
            if (
                not self._was_drawn
            ):  # words stand where the picture will be, and nothing is there to take hold of
                at.append(NOWHERE)
                continue
            first = self.controls[names[0]] if names else None
            low, high = getattr(first, "min", 0.0), getattr(first, "max", 1.0)
            now = first.value if first is not None and isinstance(first.value, int | float) else 0.0
            at.append([x, y, now, low, high, ", ".join(map(self._words, names)), reach])
        question = question or {}
        self.hands.answer = {"view": question.get("view"), "seq": question.get("seq"), "at": at}

    # --- the page ----------------------------------------------------------------------------------------------------

    def _panel(self) -> GuessPanel | None:
        asked = self.figure._prediction
        if asked is None:
            return None

        def done(guessed: bool) -> None:
            self.picture.layout.display = ""
            if guessed and asked.shows:
                self.set(**asked.shows)

        panel = GuessPanel(asked, self._key, self.figure.size, done)
        if panel.waiting:
            self.picture.layout.display = "none"
        return panel

    def _list_of_mistakes(self) -> Any:
        if not self._offered:
            return None
        made = widgets.Dropdown(
            options=[("none", ""), *((words, words) for words in self._offered)], value="",
            description="a known mistake", style=style("a known mistake"),
            layout=widgets.Layout(width="480px", max_width="calc(100% - 4px)"),
        )  # fmt: skip
        made.observe(lambda _: self.redraw(), names="value")
        return made

    def _rows(self, help: str) -> list[Any]:
        rows: list[Any] = []
        figure = self.figure
        for control, stride, rate in figure._plays:
            rows.append(self._play_row(control, stride, rate))
        for run in figure._runs:
            rows.append(self._run_row(*run))
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
        buttons = [self._button(label, partial(self.set, **values)) for label, values in figure._presets]
        if self.controls:
            buttons.append(self._button("Reset", partial(self.set, **self._start)))
            buttons.append(self._button("Copy as code", self._copy))
            rows.append(widgets.HBox(buttons, layout=widgets.Layout(**_WRAP)))
            rows.append(self._code)
        if self.goals.goals:
            rows.append(self._goals_list)
        if help:
            rows.append(widgets.HTML(paragraph(help)))
        rows += figure._below
        if self.mistake is not None:
            rows += [self.mistake, self._beside]
        return rows

    def _button(self, label: str, press: Callable[[], None]) -> Any:
        button = self.buttons[label] = widgets.Button(description=label, layout=widgets.Layout(width="auto"))
        button.on_click(lambda _: press())
        return button

    def _copy(self) -> None:
        line = self.code()
        self._code.value = f'<code role="status" style="user-select:all">{_escaped(line)}</code>'
        self.hands.send({"copy": line})

    def _clock(self, clock: Clock, extra: Sequence[Any] = ()) -> Any:
        self.clocks.append(clock)
        for button in (clock.main, clock.one, clock.start):
            self.buttons[button.description] = button
        return widgets.HBox([*clock.row, *extra], layout=widgets.Layout(**_WRAP))

    def _play_row(self, name: str, stride: float, rate: float) -> Any:
        control = self.controls[name]
        stride = stride or control.step

        def to(value: Any, role: str = "") -> None:
            self._put({name: value})
            self._show(lambda: self._update(*self._functions, **self.values), role=role)

        def begin() -> None:
            if control.value >= control.max:
                to(control.min)

        def step() -> bool:
            if control.value < control.max:
                to(on_grid(control, control.value + stride))
            if control.value >= control.max or not self.said:
                self.status.value = paragraph(self.said, "status")
                return False
            return True

        return self._clock(Clock("Play", step, begin, lambda: to(control.min, "status"), 1.0 / rate))

    def _run_row(self, label: str, steps: Callable[..., Iterator[Said]], count: int) -> Any:
        self._bar.layout.visibility = "hidden"

        def begin() -> None:
            for other in self.clocks:
                if other is not clock:
                    other.stop()
            self._running, self._ran, self._steps = steps(*self._functions, **self.values), None, steps
            self._bar.value, self._bar.max, self._bar.layout.visibility = 0, count, "visible"

        clock = Clock(label, self._step, begin, self._to_rest, RUN)
        return self._clock(clock, [self._bar])

    def _to_rest(self) -> None:
        self.stop()
        self.redraw()

    def _step(self) -> bool:
        """Draw one more picture of what runs; False at its end, or when it failed."""
        running = self._running
        if running is None:
            return False
        try:
            drawn = self._show(lambda: next(running), role="")  # read out at the end, not ten times a second
        except StopIteration:
            self.status.value = paragraph(self.said, role="status")
            self._ran = self._steps
            drawn = False
        else:
            self._bar.value += 1
        if not drawn:
            self._running = None
            self._bar.layout.visibility = "hidden"
        return drawn

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Add a picture for pages where no kernel runs: an exported notebook, or one that is opened again."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        return bundle | {"text/plain": self.alt, "text/html": self.static()}

    def static(self) -> str:
        """The figure for a page without a kernel: its picture and what it says."""
        asked = self.figure._prediction
        said = paragraph(self.said) if self.said else ""
        picture: str = self.picture.value
        film = ""
        if os.environ.get(FILMS) and self.said:
            film = self._film()
            picture = picture if film else self._for_any_width(picture)
        return (film or picture + said) + (asked.details() if asked else "")

    def _for_any_width(self, picture: str) -> str:
        """The picture, and its narrow twin for a narrow page."""
        self.figure.narrow = True
        twin = player.twin(picture, self.figure.draw(), self.figure.size)
        self.figure.narrow = False
        return twin

    def _film(self) -> str:
        """A film along the figure's time, or along its only slider; empty if it has neither."""
        numbers = [n for n, c in self.controls.items() if hasattr(c, "step")]
        along = [name for name, *_ in self.figure._plays] or (numbers if len(self.controls) == 1 else [])
        if not along:
            return ""
        control, at, reached = self.controls[along[0]], self.values[along[0]], list(self.goals.reached)
        count = min(FRAMES, round((control.max - control.min) / control.step) + 1)
        while True:
            places = [control.min + i * (control.max - control.min) / (count - 1) for i in range(count)]
            places = [on_grid(control, p) for p in places]
            frames, captions = self._frames(along[0], places)
            if not all(captions):  # it cannot be drawn everywhere: the picture says more
                self.set(**{along[0]: at})
                return ""
            if sum(map(len, frames)) <= BUDGET or count <= 4:
                break
            count = max(4, int(count * BUDGET / sum(map(len, frames))))
        wide, self.figure.narrow = self.figure.size, True
        narrow, size = self._frames(along[0], places)[0], self.figure.size
        self.figure.narrow = False
        if sum(map(len, narrow)) > BUDGET:
            narrow = []
        self.set(**{along[0]: at})
        self.goals.reached = reached  # the film met them, and nobody else
        self._goals_list.value = self.goals.html()
        start = min(range(count), key=lambda i: abs(places[i] - at))
        label = control.description or along[0]
        name = self.name.replace("_", " ")
        return player.page(frames, captions, name, label, 6.0, wide, start, narrow, size)

    def _frames(self, along: str, places: Sequence[Any]) -> tuple[list[bytes], list[str]]:
        """A picture for each value of a control, and what is said then."""
        frames, captions = [], []
        for place in places:
            self.set(**{along: place})
            frames.append(player.small(self.figure.draw()))
            captions.append(self.said)
        return frames, captions


def _written(value: Any) -> str:
    """A value as one types it."""
    return repr(float(f"{value:.9g}")) if isinstance(value, float) else repr(value)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
