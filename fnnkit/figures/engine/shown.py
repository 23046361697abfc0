"""A figure on the page: its picture, its words and its controls, and what is drawn when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from fnnkit.figures.engine import exported, mistakes, page
from fnnkit.figures.engine.asked import Asked
from fnnkit.figures.engine.canvas import explanation
from fnnkit.figures.engine.clock import Clock
from fnnkit.figures.engine.controls import paragraph, steady, style
from fnnkit.figures.engine.goals import Goals
from fnnkit.figures.engine.guard import in_words
from fnnkit.figures.engine.guess import GuessPanel
from fnnkit.figures.engine.handles import Handle
from fnnkit.figures.engine.hands import Hands, hidden
from fnnkit.figures.engine.screen import Screen
from fnnkit.figures.engine.style import own_style
from fnnkit.figures.engine.together import Together

if TYPE_CHECKING:
    from fnnkit.figures.engine.live import LiveFigure

Said = str | tuple[str, str]


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
        The widget that holds the picture, as a whole; while something moves it is a moment behind, see `Screen`.
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
        self.functions = tuple(part.function for part in self.parts)
        self._start = self.values
        self._drawn: dict[str, Any] = {}
        self._told: dict[str, list[float]] = {}  # what was put, and a slider's script has not answered
        self._at_rest = True
        self.was_drawn = False
        self._running: Iterator[Said] | None = None
        self._ran: Callable[..., Iterator[Said]] | None = None  # what has come to its end and is shown
        self._together = Together(lambda told, buffers: self.hands.send(told, buffers))
        self.screen = Screen(figure, self._together, self.settle)
        self.picture = self.screen.picture
        self.status = steady(widgets.HTML(), 2)
        self.status.add_class("fnnkit-status")
        self.reading = steady(widgets.HTML(), 1)
        self.reading.add_class("fnnkit-reading")
        self.note = widgets.HTML()
        self.goals = Goals(figure._goals)
        self.goals_list = widgets.HTML(self.goals.html())
        self._beside = widgets.HTML()
        self._code = widgets.HTML()
        self.bar = widgets.IntProgress(description="progress", layout=widgets.Layout(width="300px"))
        self.clocks: list[Clock] = []
        self.asked = Asked(self)
        self._offered = mistakes.offered(self.parts, figure._mistakes)
        self.mistake = self._list_of_mistakes()
        self.guess = self._panel()
        for control in controls.values():
            control.observe(self._moved, names="value")
        self.hands = Hands(spec=self.asked.spec())
        self.hands.on_msg(lambda _, question, buffers: self.ask(question))
        honest = " ".join(filter(None, [mistakes.honest(self.parts), figure.library.said()]))
        if honest:
            self.note.value = paragraph(honest)
        children = [
            *([self.guess] if self.guess else []), self.picture, *([self.reading] if figure._reads else []),
            self.status, *([self.note] if honest else []), *page.rows(self, help), hidden(self.hands),
        ]  # fmt: skip
        super().__init__(children)
        self.add_class("fnnkit-figure")
        self.redraw()
        if self.guess and not self.said:  # behind the question there would be no picture
            self.guess.layout.display, self.picture.layout.display = "none", ""
        long = 2 + len(self.said) // 110  # lines of the text at the start, and one for what it may grow
        steady(self.status, max(2, long))

    # --- what is drawn -----------------------------------------------------------------------------------------------

    def redraw(self, moved: str = "", role: str = "status") -> None:
        """Draw the figure for the controls as they stand; say what was moved, and what is seen now."""
        self.show(lambda: self._update(*self.functions, **self.values), moved, role)

    @property
    def handles(self) -> list[Handle]:
        """What can be taken hold of."""
        return self.asked.handles

    @property
    def values(self) -> dict[str, Any]:
        """The value of each control by name."""
        return {name: control.value for name, control in self.controls.items()}

    def set(self, **values: Any) -> None:
        """Set several controls and draw once."""
        with self._together.step():
            self.put(values)
            self.stop()
            self.redraw()

    def move(self, values: dict[str, Any], moved: str = "", role: str = "status") -> None:
        """Set several controls and draw once, whatever runs going on."""
        with self._together.step():
            self.put(values)
            self.redraw(moved, role)

    def at(self, **values: Any) -> Shown:
        """Set several controls and give the figure back: a state in one line of code."""
        self.set(**values)
        return self

    def stop(self) -> None:
        """End what a button started, if it still runs."""
        for clock in self.clocks:
            clock.stop()
        self._running = self._ran = None
        self.bar.layout.visibility = "hidden"

    def code(self) -> str:
        """The line of Python that makes this state."""
        changed = {n: v for n, v in self.values.items() if _written(v) != _written(self._start[n])}
        call = f"figures.{self.name}({', '.join(self._called)})"
        if not changed:
            return call
        return f"{call}.at({', '.join(f'{n}={_written(v)}' for n, v in changed.items())})"

    def put(self, values: dict[str, Any]) -> None:
        """Set several controls and draw nothing."""
        self._at_rest = False
        try:
            for name, value in values.items():
                self.controls[name].value = value
                if isinstance(value, float):
                    self._told[name] = [*self._told.get(name, [])[-8:], value]
        finally:
            self._at_rest = True

    def show(self, change: Callable[[], Said], moved: str = "", role: str = "status") -> bool:
        """Change the artists, draw them and say what they show; whether that went well."""
        with self._together.step():
            return self._show(change, moved, role)

    def _show(self, change: Callable[[], Said], moved: str, role: str) -> bool:
        values = self.values
        self._drawn = values
        if self.mistake is not None and self._running is None:
            self._show_mistake()
        self.figure.found.clear()
        try:
            with own_style():
                given = change()
            said, alt = given if isinstance(given, tuple) else (given, given)
            self.screen.show(alt)
        except StopIteration:
            raise
        except Exception as error:  # whatever it is, the figure says it and lives on
            self.said, self.alt = "", in_words(error)
            self.screen.words(self.alt)
            self.status.value = ""
            self.note.layout.visibility = "hidden"  # the words in the picture's place say enough
            self.asked.tell()
            return False
        self.said, self.alt = said, alt
        self.was_drawn = True
        self.note.layout.visibility = "visible"
        new = self.goals.look(values, self.figure.found)
        if new:
            self.goals_list.value = self.goals.html()
            moved = f"Goal reached: {'; '.join(new)}. " + moved
        self.status.value = paragraph(moved + said, role)
        self.asked.tell()
        return True

    def heard(self) -> None:
        """Note that our script runs in a browser."""
        self._together.hold(self, last=self.hands)
        self.screen.heard()
        self.asked.tell()

    def settle(self) -> None:
        """Have the image on the page follow, after the last of some steps."""
        with self._together.step():
            self.screen.settle()
            self.asked.tell()

    def dark(self, on: bool) -> None:
        """Draw for a dark page, or for a light one."""
        with self._together.step():
            self.figure.dark = on
            self.screen.paint()
            self.asked.tell()

    def stack(self, narrow: bool) -> None:
        """Draw for a narrow page, or for a wide one."""
        if narrow != self.figure.narrow:
            with self._together.step():
                self.figure.narrow = narrow
                self.hands.spec = self.asked.spec()
                self.screen.paint()
                self.asked.tell()

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
        if not self._at_rest:
            return
        if self.same(control, new):
            self._told.pop(self._name_of(control), None)  # it has answered the last value that was put
            return
        if self._late(control, new):
            return
        self.stop()
        shown = getattr(control, "label", None) or (f"{new:g}" if isinstance(new, int | float) else str(new))
        if isinstance(new, bool):
            shown = "on" if new else "off"
        moved = f"{control.description} = {shown}. " if control.description else ""
        self.redraw(moved)

    def _late(self, control: Any, new: Any) -> bool:
        """Whether a slider's script answers, rounded, a value that was put before the one that holds now; that is put again."""
        name = self._name_of(control)
        told, step = self._told.get(name, []), getattr(control, "step", None)
        if not told or not step:
            return False
        # Exactly that value is no answer: somebody moved the slider there.
        at = next((i for i, old in enumerate(told[:-1]) if 0 < abs(new - old) <= 1e-3 * step), None)
        if at is None:
            self._told[name] = []
            return False
        self._told[name] = told[at + 1 :]
        self.put({name: self._drawn[name]})
        return True

    def same(self, control: Any, new: Any) -> bool:
        """Whether that is what was drawn last: a slider's script sends back 0.010000000000000009 for 0.01."""
        name = self._name_of(control)
        old = self._drawn.get(name)
        step = getattr(control, "step", None)
        if isinstance(new, int | float) and isinstance(old, int | float) and isinstance(step, int | float):
            return abs(new - old) <= 1e-3 * step
        return type(new) is type(old) and bool(new == old)

    def _name_of(self, control: Any) -> str:
        return next((n for n, c in self.controls.items() if c is control), "")

    def run(self, steps: Callable[..., Iterator[Said]]) -> None:
        """Start something long."""
        self._running, self._ran, self._steps = steps(*self.functions, **self.values), None, steps

    def to_rest(self) -> None:
        """End what runs, and draw for the controls as they stand."""
        self.stop()
        self.redraw()

    def step_of_run(self) -> bool:
        """Draw one more picture of what runs; False at its end, or when it failed."""
        running = self._running
        if running is None:
            return False
        try:
            drawn = self.show(lambda: next(running), role="")  # read out at the end, not ten times a second
        except StopIteration:
            self.status.value = paragraph(self.said, role="status")
            self._ran = self._steps
            drawn = False
        else:
            self.bar.value += 1
        if not drawn:
            self._running = None
            self.bar.layout.visibility = "hidden"
        return drawn

    # --- what stands around it ----------------------------------------------------------------------------------------

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

    # --- for browsers and other pages ------------------------------------------------------------------------------------------

    def ask(self, question: dict[str, Any]) -> None:
        """Do what the browser asks; see `fnnkit.figures.engine.hands` for the questions."""
        with self._together.step():
            self.asked.ask(question)

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Add a picture for pages where no kernel runs: an exported notebook, or one that is opened again."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        return bundle | {"text/plain": self.alt, "text/html": self.static()}

    def static(self) -> str:
        """The figure for a page without a kernel: its picture and what it says."""
        self.settle()
        return exported.static(self)


def _written(value: Any) -> str:
    """A value as one types it."""
    return repr(float(f"{value:.9g}")) if isinstance(value, float) else repr(value)
