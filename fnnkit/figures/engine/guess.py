"""Guess first: a question that stands before the picture until it is answered."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

from fnnkit.figures.engine.controls import paragraph
from fnnkit.judge import guesses

SKIP = "Show it without a guess"


@dataclass(frozen=True)
class Prediction:
    """A question before a picture.

    Attributes
    ----------
    question : str
        What will happen?
    choices : sequence of str
        What can be guessed.
    answer : str
        The choice that comes true.
    then : str
        What happened, and why: told after the guess.
    shows : dict
        Values of controls that show it.
    """

    question: str
    choices: Sequence[str]
    answer: str
    then: str
    shows: dict[str, Any]

    def __post_init__(self) -> None:
        if self.answer not in self.choices:
            raise ValueError(
                f"the answer should be one of the choices {list(self.choices)}, but it is {self.answer!r}"
            )

    def told(self, guessed: str) -> str:
        """What is said after a guess; an empty one for none."""
        begin = ""
        if guessed:
            begin = f"You guessed “{guessed}”: " + (
                "right. " if guessed == self.answer else f"it is “{self.answer}”. "
            )
        return begin + self.then

    def details(self) -> str:
        """Question and answer for a page without a kernel."""
        return (
            f"<details><summary>Guess first: {html.escape(self.question)}</summary>"
            f"{html.escape(self.answer)}. {html.escape(self.then)}</details>"
        )


class GuessPanel(widgets.VBox):  # type: ignore[misc]
    """The question with a button for each choice, then what came of it."""

    def __init__(
        self, asked: Prediction, key: tuple[str, str], size: tuple[int, int], done: Callable[[bool], None]
    ) -> None:
        self.asked, self._key, self._done = asked, key, done
        self.waiting = guesses.kept(*key) is None
        self.buttons = {c: self._button(c) for c in [*asked.choices, SKIP]}
        self._said = widgets.HTML()
        width, height = size
        cover = widgets.HTML(
            f'<div style="width:{width}px;max-width:100%;aspect-ratio:{width}/{height};display:flex;box-sizing:border-box;'
            'align-items:center;justify-content:center;border:2px dashed #8888">Guess first: the picture is behind this.</div>'
        )
        super().__init__()
        self.add_class("fnnkit-guess")
        if self.waiting:
            row = widgets.HBox(list(self.buttons.values()), layout=widgets.Layout(flex_flow="row wrap"))
            question = widgets.HTML(f'<b style="line-height:1.45">{html.escape(asked.question)}</b>')
            self.children = [question, row, cover]
        else:
            self._tell(getattr(guesses.kept(*key), "guessed", ""))

    def guess(self, choice: str) -> None:
        """Make a guess, or `SKIP` it."""
        if not self.waiting:
            return
        self.waiting = False
        guessed = "" if choice == SKIP else choice
        if guessed:
            right = guessed == self.asked.answer
            guesses.keep(*self._key, guesses.Guess(self.asked.question, guessed, right))
        self._tell(guessed)
        self._done(bool(guessed))

    def _tell(self, guessed: str) -> None:
        self._said.value = f"<i>{html.escape(self.asked.question)}</i>" + paragraph(
            self.asked.told(guessed), "status"
        )
        self.children = [self._said]

    def _button(self, choice: str) -> Any:
        button = widgets.Button(description=choice, layout=widgets.Layout(width="auto"))
        button.on_click(lambda _: self.guess(choice))
        return button
