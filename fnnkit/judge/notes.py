"""What is said about how an answer was found and run: the same words in a check, in `ready` and in a mark."""

from __future__ import annotations

import ast
import re
import sys
import warnings

from fnnkit.judge.verdict import Problem

PACKAGES = ("numpy", "matplotlib", "ipywidgets")
"""What student code can import when it is marked, besides Python's own modules and a part of fnnkit."""

THERE = "When marking there are numpy, matplotlib, ipywidgets and Python's own modules"


def python() -> str:
    """The Python that runs this."""
    return f"Python {sys.version_info.major}.{sys.version_info.minor}"


def first_line(text: str) -> str:
    """By what a reader finds a cell again."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= 60 else line[:57] + "..."


def joined(count: int) -> str:
    """An answer was written in several cells."""
    return f"{count} cells belong to this exercise; they were taken together, in their order."


def retyped(kind: str) -> str:
    """An answer cell is not a code cell any more."""
    # The type is a text of the student's: only those that there are get onto a page.
    now = {"markdown": "a Markdown cell now", "raw": "a raw cell now"}.get(kind, "no code cell any more")
    return f"the answer cell is {now}; its text was run as code."


def in_answer_of(name: str, other: str, missing: bool) -> str:
    """The function stands in the cell of another exercise."""
    own = "is missing" if missing else "does not define it"
    return f"the answer cell of `{name}` {own}; the function was found in the cell of `{other}`."


def in_new_cell(name: str, text: str, missing: bool) -> str:
    """The function stands in a cell of the student's own."""
    own = "is missing" if missing else "does not define it"
    return (
        f"the answer cell of `{name}` {own}; the function was found in another cell, "
        f"the one that begins with `{first_line(text)}`."
    )


def needs_cell(names: list[str], text: str) -> str:
    """The function uses what a cell of the student's own defines."""
    listed = ", ".join(f"`{name}`" for name in names)
    return f"{listed} stands in another cell, the one that begins with `{first_line(text)}`; that cell was run as well."


def again(name: str, others: list[str]) -> str:
    """The function is defined again by the cell of a later exercise."""
    listed = ", ".join(f"`{other}`" for other in others)
    return f"`{name}` is defined again in the cell of {listed}; judged is what its own answer cell left."


def not_there(package: str, name: str) -> str:
    """A package that is not there when marking."""
    return f"`{package}` is not there when marking: write `{name}` with numpy alone."


def stopped_below(error: str) -> str:
    """A cell stopped, after it had defined the function."""
    return f"the answer cell stops with `{error}`; what it had defined before that was judged."


def ended(reason: str) -> str:
    """A cell took the kernel with it; its definitions were run without the rest."""
    return (
        f"the answer cell was ended: {reason}. Its definitions were run without the rest of it, and judged."
    )


def opened(name: str, wanted: str) -> str:
    """The notebook has another name than it should have."""
    return f"graded is `{name}`: there is no `{wanted}`."


def opened_instead(name: str, wanted: str) -> str:
    """The notebook with the right name is untouched."""
    return f"graded is `{name}`: nothing is filled in in `{wanted}`."


NEWER = re.compile(r"^\s*type\s+\w+(\[.*\])?\s*=|^\s*(async\s+)?(def|class)\s+\w+\[", re.MULTILINE)


def newer_python(error: str, text: str, written_for: str = "") -> str:
    """Say that a SyntaxError may be about the version of Python; empty if nothing speaks for it.

    Parameters
    ----------
    error : str
        What was raised, ``"SyntaxError: f-string: …"``.
    text : str
        The cell.
    written_for : str
        The version of Python that the notebook was last run with, as it says itself.
    """
    if not error.startswith(("SyntaxError", "IndentationError")):
        return ""
    told = version_of(written_for)
    newer = told > sys.version_info[:2] if told else False
    if error.startswith("SyntaxError: f-string"):
        words = "inside the braces of an f-string, quotes have to differ from those around it"
    elif NEWER.search(text):
        words = "`type X = …` and `def f[T](…)` came with Python 3.12"
    elif newer:
        words = "write it as this version does"
    else:
        return ""
    return f"If this cell runs for you, your Python is newer: marking runs {python()}; {words}."


OLDEST = (3, 11)
"""The oldest Python that a course may be marked with."""


def too_new(text: str, version: tuple[int, int] = OLDEST) -> str:
    """Say that a cell, which runs here, has something in it that an older Python does not read; empty if not."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    named = "{}.{}".format(*version)
    advice = f"so the cell stops where marking runs Python {named}; `requirements.txt` says which it runs."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text, feature_version=version)
    except (SyntaxError, ValueError) as error:
        row = getattr(error, "lineno", None)
        near = f", near `{text.splitlines()[row - 1].strip()}`," if row else ""
        return f"something in the cell{near} is newer than Python {named}, {advice}"
    for node in ast.walk(tree):
        literal = (ast.get_source_segment(text, node) or "") if isinstance(node, ast.JoinedStr) else ""
        if version < (3, 12) and quotes_again(literal):
            return (
                f"`{first_line(literal)}` has inside its braces what only Python 3.12 allows there, {advice}"
            )
    return ""


def quotes_again(literal: str) -> bool:
    r"""Whether an f-string has, inside its braces, its own quotes or a backslash, as Python 3.12 was the first to allow.

    >>> quotes_again("f'{a['x']}'"), quotes_again("f'{a[0]}, {{x\\'}}'")
    (True, False)
    """
    found = re.match(r"(?i)[rf]{1,2}('{3}|\"{3}|'|\")", literal)
    if not found:
        return False
    quote, depth, place = found[1], 0, found.end()
    while place < len(literal) - len(quote):
        if literal[place : place + 2] in ("{{", "}}") and not depth:
            place += 2
            continue
        if depth and (literal[place] == "\\" or literal.startswith(quote, place)):
            return True
        depth += (literal[place] == "{") - (literal[place] == "}")
        place += 1
    return False


def version_of(text: str) -> tuple[int, int] | None:
    """The first two numbers of a version."""
    found = re.match(r"(\d{1,3})\.(\d{1,3})", text)
    return (int(found[1]), int(found[2])) if found else None


def cell_stops(name: str, error: str, text: str, written_for: str = "") -> Problem:
    """What is said when a cell stops before it defines its function.

    Parameters
    ----------
    name : str
        The exercise.
    error : str
        What was raised, ``"NameError: …"``.
    text : str
        The cell.
    written_for : str
        The version of Python that the notebook was last run with.
    """
    kind, _, message = error.partition(":")
    step = f"Repair that line: the cell stops there, before `{name}` is defined."
    missing = re.search(r"No module named '([\w.]+)'", message)
    mark = re.search(r"invalid (?:non-printable )?character(?: '(.+?)')?", message)
    if kind in ("ModuleNotFoundError", "ImportError") and missing:
        package = missing[1].split(".")[0]
        step = f"{THERE}: write `{name}` without `{package if package != 'fnnkit' else missing[1]}`."
    elif newer := newer_python(error, text, written_for):
        step = newer
    elif mark and mark[1] in ("“", "”", "„", "‘", "’", "‚", "«", "»"):
        step = f"Type the quotes anew: {mark[1]} was copied from a text, Python knows \" and ' alone."
    elif mark:
        step = (
            "Type that line anew: a sign in it was copied from a text, and looks like one that Python knows."
        )
    elif kind == "Timeout":
        step = f"Put `{name}` first and what takes long into a cell of its own."
    return Problem("cell", finding=f"the answer cell stops with `{error}`", step=step)
