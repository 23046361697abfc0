"""What an attack is."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHAPTER = "ch1_xor"
WRITTEN = "why_not_linear"
"""Its written answer."""
TOKEN = "@TOKEN@"
"""Stands in the source of an attack for a text that is found nowhere else on the machine: what it leaves bears it."""
ROOT = "@ROOT@"
"""Stands for the folder of the course that is attacked."""

WRONG = {name: f"def {name}(*args):\n    return 0.5\n" for name in ("mse", "fit_linear", "xor_network")}
"""Functions that exist and are wrong: what a trick is worth shows in the difference to their nought."""


@dataclass(frozen=True)
class Attack:
    """A submission that tries to gain or to harm something.

    Attributes
    ----------
    name : str
        Unique; what it does, in a few words.
    kind : str
        The class of attacks that it belongs to, ``"hooks"``.
    tries : str
        One sentence: what it wants, and why it might have worked.
    answers : mapping
        Source by answer cell. It stands before functions that are wrong, which are defined unless it has done so.
    file : callable, optional
        Makes the whole file out of the notebook as JSON data.
    folder : callable, optional
        Told the folder that is handed in and the root of the course: puts more into it, or changes it.
    student : str
        Name of the folder of the attacker.
    honest : tuple of str
        Exercises that it answers rightly: their points are its own.
    refused : str
        Pattern of the line with which it is refused; empty if it has to be graded.
    perhaps : str
        Pattern of the line with which it may be refused, if it is not graded: where it depends on who is faster.
    kept : mapping
        Of files that it adds and the instructor wants, the only text that may be found of them.
    shows : str
        Pattern that the output of its cell ``mse`` has to hold: proof that it was tried, and of what came of it.
    explains : str
        Pattern that the feedback on ``mse`` has to hold.
    seconds : float
        In which its class has to be graded on two processors that have nothing else to do.
    causes : bool
        Whether causes are looked for after the marks, as `grader grade` does; then no line of a solution may be on a page.
    """

    name: str
    kind: str
    tries: str
    answers: Mapping[str, str] = field(default_factory=dict)
    file: Callable[[dict[str, Any]], str | bytes] | None = None
    folder: Callable[[Path, Path], None] | None = None
    student: str = "eve"
    honest: tuple[str, ...] = ()
    refused: str = ""
    perhaps: str = ""
    kept: Mapping[str, str] = field(default_factory=dict)
    shows: str = ""
    explains: str = ""
    seconds: float = 60.0
    causes: bool = False
    aim: str = ""

    def sources(self, right: Mapping[str, str], token: str, root: Path) -> dict[str, str]:
        """Source of each answer cell of the attacker's notebook."""
        made = {name: dedented(text) for name, text in self.answers.items()}
        for name, wrong in WRONG.items():
            if name in self.honest:
                made[name] = made.get(name, "") + "\n" + right[name]
            else:
                # The attack's own function stays, if it defines one.
                unless = f"if {name!r} not in globals():\n" + textwrap.indent(wrong, "    ")
                made[name] = made.get(name, "") + "\n" + unless
        return {
            name: text.replace(TOKEN, token).replace(ROOT, str(root)).strip("\n")
            for name, text in made.items()
        }

    def text(self, notebook: dict[str, Any]) -> bytes:
        """The file that is handed in."""
        made = self.file(notebook) if self.file else json.dumps(notebook)
        return made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass")


def dedented(text: str) -> str:
    """Source as it stands in a cell."""
    return textwrap.dedent(text).strip("\n")


def aimed(aim: str, *attacks: Attack) -> tuple[Attack, ...]:
    """Attacks of one file, all with the same aim."""
    from dataclasses import replace

    return tuple(replace(attack, aim=aim) for attack in attacks)
