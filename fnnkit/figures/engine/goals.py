"""Small goals of a figure, ticked as soon as what it shows meets them."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

MOST = 3
"""Goals of a figure."""


@dataclass(frozen=True)
class Goal:
    """One goal.

    Attributes
    ----------
    text : str
        What to reach, in a few words.
    met : callable
        Told the state: the value of each control and each fact by name, and ``first``, the state at the start.
    by : dict
        Values of controls that meet it, for tests: a goal that nobody can reach is none.
    press : str
        The button that is to be pressed then, if any.
    """

    text: str
    met: Callable[[Any], bool]
    by: dict[str, Any]
    press: str = ""


class Goals:
    """The goals of a figure, and which are reached: once reached, they stay so."""

    def __init__(self, goals: list[Goal]) -> None:
        if len(goals) > MOST:
            raise ValueError(f"a figure has at most {MOST} goals, but there are {len(goals)}")
        self.goals = goals
        self.reached = [False] * len(goals)
        self._first: SimpleNamespace | None = None

    def look(self, values: dict[str, Any], facts: dict[str, Any]) -> list[str]:
        """Tick what a state meets; give the texts of what is new. The first state is the start, and meets nothing."""
        state = SimpleNamespace(**(values | facts))
        if self._first is None:
            self._first = state
            return []
        state.first = self._first
        new = []
        for index, goal in enumerate(self.goals):
            if not self.reached[index] and goal.met(state):
                self.reached[index] = True
                new.append(goal.text)
        return new

    def html(self) -> str:
        """The list of goals."""
        if not self.goals:
            return ""
        items = "".join(
            f'<li style="list-style:none">{"☑" if done else "☐"} {html.escape(goal.text)}'
            f"{' <b>reached</b>' if done else ''}</li>"
            for goal, done in zip(self.goals, self.reached, strict=True)
        )
        return f'<div style="line-height:1.45"><b>Goals</b><ul style="margin:0;padding-left:.5em">{items}</ul></div>'
