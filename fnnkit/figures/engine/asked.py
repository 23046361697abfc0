"""What the browser asks of a figure: handles, clicks, lines by hand and read-outs, and what it is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fnnkit.figures.engine.controls import paragraph
from fnnkit.figures.engine.guard import in_words
from fnnkit.figures.engine.handles import Handle, data, made, on_grid, stepped

if TYPE_CHECKING:
    from fnnkit.figures.engine.shown import Shown

NOWHERE: list[Any] = [-1.0, -1.0, 0.0, 0.0, 0.0, "", [0.0, 1.0, 0.0, 1.0]]
"""Of a handle that is not shown."""


class Asked:
    """Answers what the browser asks; see `fnnkit.figures.engine.hands` for the questions.

    Attributes
    ----------
    handles : list of Handle
        What can be taken hold of.
    """

    def __init__(self, shown: Shown) -> None:
        self.shown, self._drawn = shown, shown.figure.figure
        self.handles = [made(shown.controls, *told, **look) for told, look in shown.figure._handles]

    def ask(self, question: dict[str, Any]) -> None:
        """Do what the browser asks."""
        do, shown = question["do"], self.shown
        if do == "here":
            shown.heard()
        elif do == "whole":
            shown.settle()
        elif do == "theme":
            shown.dark(bool(question["dark"]))
        elif do == "narrow":
            shown.stack(bool(question["narrow"]))
        else:
            self._question(question)

    def _question(self, question: dict[str, Any]) -> None:
        do = question["do"]
        try:
            if do == "look":
                self._look(question["x"], question["y"])
            elif do in ("move", "step", "press", "draw"):
                self._wish(self._wanted(question))
        except Exception as error:
            self.shown.reading.value = paragraph(in_words(error), "status")
        finally:
            self.tell(question)  # whatever happened, an interrupt too: the browser waits for it

    def _wanted(self, question: dict[str, Any]) -> dict[str, Any]:
        """The controls that a question moves, on their grid."""
        values, drawn = self.shown.values, self._drawn
        if question["do"] == "step":
            handle = self.handles[question["index"]]
            return stepped(handle, question["dx"], question["dy"], values, self.shown.controls, drawn)
        if question["do"] == "draw":
            return self._stroke(question["points"])
        x, y = question["x"], question["y"]
        if question["do"] == "move":
            handle = self.handles[question["index"]]
            wanted = handle.values(*data(handle.axes, x, y, drawn), values)
        else:
            wanted = {}
            for axes, clicked in self.shown.figure._presses:
                if axes.bbox.contains(x * drawn.bbox.width, (1 - y) * drawn.bbox.height):
                    wanted = clicked(*data(axes, x, y, drawn), values)
        return {name: on_grid(self.shown.controls[name], value) for name, value in wanted.items()}

    def _stroke(self, points: list[list[float]]) -> dict[str, Any]:
        """The controls that a line sets which the pointer has drawn."""
        drawn, (x, y) = self._drawn, points[0]
        for axes, values in self.shown.figure._freehands:
            if axes.bbox.contains(x * drawn.bbox.width, (1 - y) * drawn.bbox.height):
                return values([data(axes, p, q, drawn) for p, q in points], self.shown.values)
        return {}

    def _wish(self, wanted: dict[str, Any]) -> None:
        shown = self.shown
        if any(not shown.same(shown.controls[name], value) for name, value in wanted.items()):
            shown.put(wanted)
            shown.stop()
            words = ", ".join(
                self._words(name) for name in wanted if shown.controls[name].layout.display != "none"
            )
            shown.redraw(f"{words}. " if words else "")

    def _words(self, name: str) -> str:
        control = self.shown.controls[name]
        value = f"{control.value:.4g}" if isinstance(control.value, int | float) else str(control.value)
        return f"{control.description or name} = {value}"

    def _look(self, x: float, y: float) -> None:
        drawn, words = self._drawn, ""
        if self.shown.said:
            for axes, read in self.shown.figure._reads:
                if axes.bbox.contains(x * drawn.bbox.width, (1 - y) * drawn.bbox.height):
                    p, q = data(axes, x, y, drawn)
                    words = read(*self.shown.functions, x=p, y=q, **self.shown.values)
        self.shown.reading.value = paragraph(words, "status") if words else ""

    def spec(self) -> dict[str, Any]:
        """What the browser has to know of the picture."""
        figure = self.shown.figure
        width, height = figure.size
        return {
            "id": self.shown.picture.model_id, "width": width, "height": height,
            "reads": bool(figure._reads), "presses": bool(figure._presses), "freehand": bool(figure._freehands),
            "handles": [
                {"label": h.label, "shape": h.shape, "colour": h.colour, "free": h.free} for h in self.handles
            ],
        }  # fmt: skip

    def tell(self, question: dict[str, Any] | None = None) -> None:
        """Say where all handles are, which picture stands there as a whole, and which question that answers."""
        values, question = self.shown.values, question or {}
        self.shown.hands.answer = {
            "view": question.get("view"), "seq": question.get("seq"), "whole": self.shown.screen.whole,
            "at": [self._at(handle, values) for handle in self.handles],
        }  # fmt: skip

    def _at(self, handle: Handle, values: dict[str, Any]) -> list[Any]:
        """Where a handle is, and what is said of it."""
        controls = self.shown.controls
        if not self.shown.was_drawn:  # words stand where the picture will be: there is nothing to hold
            return NOWHERE
        try:
            x, y, reach = handle.stands(values, self._drawn)
            names = list(handle.values(*handle.place(values), values))
        except Exception:  # a place that depends on what could not be drawn
            return NOWHERE
        first = controls[names[0]] if names else None
        low, high = getattr(first, "min", 0.0), getattr(first, "max", 1.0)
        now = first.value if first is not None and isinstance(first.value, int | float) else 0.0
        return [x, y, now, low, high, ", ".join(map(self._words, names)), reach]
