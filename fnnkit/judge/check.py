"""What a student calls: instant feedback on one exercise, and the state of all of them."""

from __future__ import annotations

import ast
import dis
import html
import linecache
import re
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from fnnkit.judge import guesses, logbook, milestones, versions
from fnnkit.judge import notes as words
from fnnkit.judge.answers import look, parse
from fnnkit.judge.causes.here import with_cause
from fnnkit.judge.copying import Copyable
from fnnkit.judge.exercise import Exercise, public_cases
from fnnkit.judge.logbook import Logbook
from fnnkit.judge.overview import Overview
from fnnkit.judge.packages import is_there
from fnnkit.judge.registry import exercise, exercises, folder_of, milestone_of, tops
from fnnkit.judge.standalone import checking
from fnnkit.judge.verdict import Verdict, sign
from fnnkit.kernel.call import Answer, Raised, call

# Parts of the course's packages that may run while a student's function does: they hold no answers.
NEUTRAL = (
    "fnnkit.kernel",
    "fnnkit.judge",
    "fnnkit.exercises",
    "fnnkit.figures",
    "fnnkit.datasets",
    "fnnkit.arguments",
)

_verdicts: dict[str, Verdict] = {}
_judged: dict[str, Callable[..., Any] | None] = {}
_checked: dict[str, tuple[float, str]] = {}
_failures: dict[str, int] = {}


class Points(float):
    """Points, a number like any other; a notebook shows nothing of it, as the verdict above has said it.

    The number stays in the output, for nbgrader, which gives full points for what it cannot read.
    """

    def _repr_html_(self) -> str:
        return ""


def check(name: str, function: Callable[..., Any] | None) -> float:
    """Judge a function on fixed inputs, show what was found, and return the points.

    Parameters
    ----------
    name : str
        Name of the exercise.
    function : callable
        Your function.

    Returns
    -------
    float
        The points earned: what nbgrader reads is the text of a plain number. A further exercise earns none.

    Raises
    ------
    ValueError
        If there is no exercise of that name.
    """
    asked = exercise(name)
    cases = public_cases(asked)
    if callable(function):
        watch = library_watch(asked)
        answers = []
        try:
            with checking():
                for case in cases:
                    answers.append(call(function, case.args, watch))
        except KeyboardInterrupt:
            # Show which call did not end, with what it was called; then stop, and "Run All" with it.
            endless = Answer(error=Raised(("Timeout",), "you stopped it: this call had not come to an end"))
            answers += [endless] * (len(cases) - len(answers))
            _show(asked.judge(cases, answers))
            raise
    else:
        missing = Raised(("Missing",), f"{type(function).__name__} is not a function")
        answers = [Answer(error=missing)] * len(cases)
    wrong = [n for n, v in _verdicts.items() if not v.solved and n in names_used(function)]
    verdict = asked.judge(cases, answers, wrong_earlier=wrong)
    notes = (
        *verdict.notes,
        *_stale(asked, function),
        *_defined_again(asked, function),
        *_other_packages(asked, function),
        *filter(None, [words.too_new(cell_text(function)), versions.differs(asked.chapter)]),
    )
    _failures[name] = 0 if verdict.solved else _failures.get(name, 0) + 1
    whole = _failures[name] > 1  # the kind of a mistake is told with the second failure
    verdict = replace(verdict, notes=notes)
    verdict = with_cause(verdict, cell_text(function), asked, function, cases, answers, whole)
    _verdicts[name], _judged[name] = verdict, function
    _checked[name] = time.time(), cell_text(function)
    logbook.checked(name, verdict.solved, verdict.points)
    _show(verdict)
    return Points(verdict.marks)


def last_checks() -> dict[str, tuple[Verdict, float, str]]:
    """By exercise, what its last check in this session found, when that was, and the cell that was checked."""
    return {name: (verdict, *_checked.get(name, (0.0, ""))) for name, verdict in _verdicts.items()}


def verdict_of(name: str, function: Callable[..., Any]) -> Verdict | None:
    """The verdict of a function that was checked as it is now; None if it was not."""
    return _verdicts.get(name) if _judged.get(name) is function else None


def progress(chapter: str = "") -> Progress | Overview:
    """Points of a chapter so far, exercise by exercise, as of the last checks; without a chapter, all chapters.

    What earlier sessions found is read from a small file beside the notebooks.

    Raises
    ------
    ValueError
        If there is no such chapter.
    """
    book = logbook.read()
    if not chapter:
        return Overview(book)
    return Progress(chapter, [(e, _verdicts.get(e.name)) for e in exercises(chapter)], book)


def milestone(chapter: str, reached: bool) -> None:
    """Say whether a chapter's milestone was reached, and keep it for `progress`; there are no points for it.

    Parameters
    ----------
    chapter : str
        Id of the chapter.
    reached : bool
        Whether what the cell asks for came out.

    Raises
    ------
    ValueError
        If there is no such chapter, or it has no milestone.
    """
    about = milestone_of(chapter)
    if about is None:
        raise ValueError(f"{chapter} has no milestone")
    if reached:
        milestones.keep(chapter)
        logbook.reached(chapter)
    print(f"Milestone reached: {about.title}." if reached else f"Milestone not reached yet: {about.title}.")


class Progress:
    """The state of a chapter; a notebook shows it as a table."""

    def __init__(
        self, chapter: str, rows: list[tuple[Exercise, Verdict | None]], book: Logbook | None = None
    ) -> None:
        self.chapter = chapter
        self.rows = rows
        book = book or Logbook()
        self._before = {
            e.name: book.exercises[e.name] for e, v in rows if v is None and e.name in book.exercises
        }
        self._reached = milestones.reached(chapter) or chapter in book.milestones

    @property
    def points(self) -> float:
        """Points earned in the exercises that carry points."""
        earlier = sum(
            min(self._before[e.name].points, e.worth) for e, _ in self.rows if e.name in self._before
        )
        return float(sum(v.marks for _, v in self.rows if v) + earlier)

    @property
    def possible(self) -> float:
        """Points that can be earned."""
        return float(sum(e.worth for e, _ in self.rows))

    def headline(self) -> str:
        """One line."""
        solved = sum(v is not None and v.solved for _, v in self.rows)
        solved += sum(t.solved for t in self._before.values())
        return (
            f"{self.chapter}: {solved} of {len(self.rows)} exercises solved, "
            f"{self.points:g} of {self.possible:g} points (written answers are marked by hand)"
        )

    def guesses(self) -> str:
        """What was guessed at figures, in a line; empty if nothing was."""
        made = guesses.of(self.chapter)
        if not made:
            return ""
        right = sum(guess.right for guess in made)
        return f"Guesses at figures: {len(made)} made, {right} came true (not graded)"

    def milestone(self) -> str:
        """Whether the chapter's milestone was reached, in a line; empty if it has none."""
        about = milestone_of(self.chapter)
        if about is None:
            return ""
        return f"Milestone, {about.title}: {'reached' if self._reached else 'not yet'} (no points)"

    def below(self) -> list[str]:
        """Lines below the table: nothing in them counts."""
        return [line for line in (self.milestone(), self.guesses()) if line]

    def states(self) -> list[tuple[str, str, str]]:
        """Every exercise as (mark, name, state)."""
        found = []
        for e, v in self.rows:
            earlier = self._before.get(e.name)
            if v is None and earlier is not None:
                state = f"{earlier.points:g} of {e.points:g}, in an earlier session"
                found.append((sign(earlier.solved, earlier.points), e.name, state))
            elif v is None:
                found.append(("·", e.name, "not checked yet"))
            else:
                state = (
                    f"{v.points:g} of {e.points:g}" if e.core else "solved" if v.solved else "not solved yet"
                )
                if not v.attempted:
                    state = "not answered yet"
                found.append((v.sign, e.name, state + ("" if e.core else " (no points)")))
        return found

    def __repr__(self) -> str:
        lines = [self.headline(), *(f"  {m} {n:<24} {s}" for m, n, s in self.states()), *self.below()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        share = 100 * self.points / self.possible if self.possible else 0
        rows = "".join(
            f'<tr style="background:none"><td>{m}</td><td style="text-align:left">{html.escape(n)}</td>'
            f'<td style="text-align:left">{html.escape(s)}</td></tr>'
            for m, n, s in self.states()
        )
        return (
            f"<div><strong>{html.escape(self.headline())}</strong>"
            '<div aria-hidden="true" style="border:1px solid currentColor;border-radius:3px;width:20em;height:.8em;'
            f'margin:.4em 0"><div style="background:#009E73;height:100%;width:{share:.0f}%"></div></div>'
            f'<table style="border:0">{rows}</table>{"<br>".join(map(html.escape, self.below()))}</div>'
        )


def names_used(function: Any) -> set[str]:
    """Names that a function's code uses, and those that functions of the same cell use which it calls."""
    found: set[str] = set()
    code, space = getattr(function, "__code__", None), getattr(function, "__globals__", {})
    waiting = [code] if isinstance(code, CodeType) else []
    while waiting:
        here = waiting.pop()
        inner = [c for c in here.co_consts if isinstance(c, CodeType)]
        new = set(here.co_names) - found
        found |= new
        called = (getattr(space.get(name), "__code__", None) for name in new)
        waiting += inner + [
            c for c in called if isinstance(c, CodeType) and c.co_filename == here.co_filename
        ]
    return found


def library_watch(asked: Exercise) -> Callable[[Any], str]:
    """Make the observer that names a library function when a student's function calls it.

    Functions that the exercise gives may be called, and whatever they call themselves.
    """
    allowed: set[CodeType] = {f.__code__ for f in asked.given if hasattr(f, "__code__")}
    packages = {top: str(folder_of(top).resolve()) for top in tops()}
    neutral = (*NEUTRAL, *(f"{top}.{part}" for top in packages for part in ("exercises", "figures")))

    def watch(frame: Any) -> str:
        module = str(frame.f_globals.get("__name__", ""))
        code = frame.f_code
        top = module.partition(".")[0]
        if top not in packages or module.startswith(neutral):
            return ""
        if code.co_name.startswith("<") or not code.co_filename.startswith(packages[top]):
            return ""
        caller = frame
        while caller is not None:
            if caller.f_code in allowed:
                return ""
            caller = caller.f_back
        return str(code.co_name)

    return watch


def _stale(asked: Exercise, function: Any) -> list[str]:
    """Say that the newest cell that defines the function did not run through, so that an older version was judged."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    code = getattr(function, "__code__", None)
    if shell is None or not isinstance(code, CodeType):
        return []
    defines = re.compile(rf"^def {re.escape(asked.name)}\(", re.MULTILINE)
    cells = [str(cell).strip() for cell in shell.user_ns.get("In", []) if defines.search(str(cell))]
    judged = "".join(linecache.getlines(code.co_filename)).strip()
    if not cells or not judged or cells[-1] == judged or judged not in cells:
        return []
    return [
        f"the newest cell that defines `{asked.name}` stopped with an error, so this is about the version before it. "
        "Look at the error below that cell first."
    ]


def _defined_again(asked: Exercise, function: Any) -> list[str]:
    """Say that this is the function that a later exercise's cell defines, and that another one will be judged."""
    text, cells = cell_text(function), typed_cells()
    others = [
        e.name for e in exercises(asked.chapter) if e.name != asked.name and e.name in look(text).functions
    ]
    own = [c for c in cells if asked.name in look(c).functions and not {*look(c).functions} & {*others}]
    return [words.again(asked.name, others[:1])] if others and own else []


def typed_cells() -> list[str]:
    """Texts of the cells that ran in this session, as they were typed; none outside a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    manager = getattr(shell, "history_manager", None)
    return [str(cell) for cell in getattr(manager, "input_hist_raw", ())]


def cell_text(function: Any) -> str:
    """The text of the cell in which a function was defined; empty if that is not known."""
    code = getattr(function, "__code__", None)
    return (
        "".join(linecache.getlines(code.co_filename)) if isinstance(code, CodeType) and in_cell(code) else ""
    )


def in_cell(code: CodeType) -> bool:
    """Whether code was written in a cell of a notebook, and not in a file."""
    return "ipykernel_" in code.co_filename or code.co_filename.startswith("<ipython-")


def _other_packages(asked: Exercise, function: Any) -> list[str]:
    """Packages that a function, or its cell, uses here and will not find when it is marked."""
    code, space = getattr(function, "__code__", None), getattr(function, "__globals__", None)
    used: set[str] = set()
    if isinstance(code, CodeType) and isinstance(space, dict):
        used |= {str(i.argval) for i in dis.get_instructions(code) if i.opname == "IMPORT_NAME" and i.argval}
        for name in code.co_names:
            if name in space:
                used.add(module_of(space[name]))
        own = str(space.get("__name__", "__main__")).split(".")[0]
        used = {u for u in used if u.split(".")[0] != own}
        used |= _imported(cell_text(function))
    elif callable(function):
        used.add(module_of(function))
    missing = sorted({u.split(".")[0] for u in used if not is_there(u)})
    return [words.not_there(package, asked.name) for package in missing]


def module_of(thing: Any) -> str:
    """The module that something comes from; a universal function has none, and is looked for where it could be."""
    if isinstance(thing, ModuleType):
        return thing.__name__
    found = getattr(thing, "__module__", None) or getattr(type(thing), "__module__", None) or "builtins"
    if isinstance(thing, np.ufunc) and getattr(np, thing.__name__, None) is not thing:
        for name, module in list(sys.modules.items()):
            if not is_there(name) and getattr(module, "__dict__", {}).get(thing.__name__) is thing:
                return name
    return str(found)


def _imported(text: str) -> set[str]:
    """Modules that a cell imports whatever happens."""
    tree = parse(text)
    found: set[str] = set()
    for node in tree.body if tree is not None else ():
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def _show(verdict: Verdict) -> None:
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        ipython.display.display(Copyable(verdict))
    else:
        print(verdict)
