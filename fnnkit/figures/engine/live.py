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

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from fnnkit.figures.engine.canvas import BLUE, GREEN, GREY, ORANGE, PINK, SKY, SURFACE, YELLOW, Canvas
from fnnkit.figures.engine.controls import dropdown, slider, table, toggle
from fnnkit.figures.engine.goals import Goal
from fnnkit.figures.engine.guard import checked, guarded
from fnnkit.figures.engine.guess import Prediction
from fnnkit.figures.engine.library import Library
from fnnkit.figures.engine.shown import Said, Shown
from fnnkit.figures.engine.style import in_own_style

__all__ = [
    "BLUE", "GREEN", "GREY", "ORANGE", "PINK", "SKY", "SURFACE", "YELLOW",
    "LiveFigure", "Shown", "checked", "dropdown", "guarded", "in_own_style", "slider", "table", "toggle",
]  # fmt: skip


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
