"""What a judgement says, as HTML in a notebook, as text in a terminal and as JSON in a file."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, in the order in which a reader wants it.

    Attributes
    ----------
    kind : str
        ``"missing"``, ``"unanswered"``, ``"cell"``, ``"stopped"``, ``"raised"``, ``"library"``, ``"type"``, ``"shape"``,
        ``"dtype"``, ``"finite"``, ``"values"``, ``"property"``, ``"refusal"`` or ``"claim"``.
    call : str
        What was run.
    yours, expected : str
        What came out and what was expected; either may be empty.
    finding : str
        The entry that shows it, and by how much.
    cause : str
        The likely cause.
    step : str
        One next step.
    about : str
        What is unusual about the input, where ordinary input came out right.
    """

    kind: str
    call: str = ""
    yours: str = ""
    expected: str = ""
    finding: str = ""
    cause: str = ""
    step: str = ""
    about: str = ""


@dataclass(frozen=True)
class Result:
    """How one criterion came out.

    ``waits_for`` names the criterion that has to be met first; ``withdrawn`` says why it is no longer judged.
    """

    criterion: str
    points: float
    earned: float
    problem: Problem | None = None
    waits_for: str = ""
    claim: bool = False
    withdrawn: str = ""


def sign(solved: bool, points: float, attempted: bool = True) -> str:
    """How an exercise came out, in one sign: ✓ solved, ◐ partly right, ✗ not right, ○ not answered."""
    return "✓" if solved else "○" if not attempted else "◐" if points else "✗"


@dataclass(frozen=True)
class Verdict:
    """The judgement of one exercise.

    Attributes
    ----------
    exercise : str
        Its name.
    results : tuple of Result
        One for each criterion.
    misconception : str
        Name of the registered wrong answer that gives the same values; empty if none does.
    hint : str
        What that wrong answer means.
    follows_from : str
        An earlier exercise that this one calls and that is wrong too.
    notes : tuple of str
        Remarks that cost nothing.
    core : bool
        Whether the exercise carries points in its chapter.
    cause : str
        Where the mistake is in the student's own code, and of which kind, if that was found.
    witness : str
        Who says so (see `causes.Finding`).
    """

    exercise: str
    results: tuple[Result, ...]
    misconception: str = ""
    hint: str = ""
    follows_from: str = ""
    notes: tuple[str, ...] = field(default=())
    core: bool = True
    cause: str = ""
    witness: str = ""

    @cached_property
    def possible(self) -> float:
        """All points of the exercise."""
        return float(sum(r.points for r in self.results))

    @cached_property
    def points(self) -> float:
        """Points earned, between 0 and `possible`, in quarters."""
        return float(min(max(sum(r.earned for r in self.results), 0.0), self.possible))

    @property
    def marks(self) -> float:
        """What it adds to the chapter's points: nothing for a further exercise."""
        return self.points if self.core else 0.0

    @property
    def solved(self) -> bool:
        """Whether every criterion is met."""
        return all(r.problem is None and not r.waits_for for r in self.results)

    @property
    def attempted(self) -> bool:
        """Whether anything was written."""
        return self.problem is None or self.problem.kind not in ("missing", "unanswered")

    @property
    def cell_stops(self) -> str:
        """The error at which the cell stops before it defines its function, in words; empty if it does not."""
        problem = self.problem
        if problem is None or problem.kind != "cell":
            return ""
        return f"the cell stops with {problem.finding.partition('`')[2].partition(':')[0]}"

    @cached_property
    def problem(self) -> Problem | None:
        """The first thing that is wrong."""
        return next((r.problem for r in self.results if r.problem), None)

    def to_json(self) -> dict[str, Any]:
        """Plain dicts, lists, texts and numbers, for `from_json`."""
        # Not by `dataclasses.asdict`: it copies every text and number, which took a tenth of the grader's time.
        said = _flat(self)
        said["results"] = tuple(
            _flat(result) | {"problem": None if result.problem is None else _flat(result.problem)}
            for result in self.results
        )
        return said

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Verdict:
        """Make a verdict from what `to_json` gave."""
        results = tuple(
            Result(**{**r, "problem": Problem(**r["problem"]) if r["problem"] else None})
            for r in data["results"]
        )
        return cls(**{**data, "results": results, "notes": tuple(data["notes"])})

    def lines(self) -> list[tuple[str, str]]:
        """The explanation as pairs (label, text): first what follows from what, then the problem, then the rest."""
        found: list[tuple[str, str]] = []
        if self.follows_from:
            found.append(
                ("First", f"this follows from `{self.follows_from}`, which is wrong too: repair it first.")
            )
        problem = self.problem
        if problem:
            found += [
                (label, text)
                for label, text in (
                    ("Unusual", problem.about),
                    ("Run", problem.call),
                    ("Yours", problem.yours),
                    ("Expected", problem.expected),
                    ("Where", problem.finding),
                    ("Likely cause", self.hint or problem.cause),
                    ("In your code", self.cause),
                    ("Next", problem.step),
                )
                if text
            ]
        found += [("Note", note) for note in self.notes]
        return found

    @property
    def sign(self) -> str:
        """One sign: solved, partly right, not right, not answered."""
        return sign(self.solved, self.points, self.attempted)

    def headline(self) -> str:
        """Exercise, mark and points in one line."""
        mark = self.sign
        state = "" if self.attempted else " (not answered yet)"
        if self.cell_stops:
            state = f" ({self.cell_stops})"
        if not self.core:
            judged = [r for r in self.results if not r.withdrawn]
            met = sum(r.problem is None and not r.waits_for for r in judged)
            return f"{mark} {self.exercise}: {met} of {len(judged)} criteria met, no points{state}"
        return f"{mark} {self.exercise}: {self.points:g} of {self.possible:g} points{state}"

    def rows(self) -> list[tuple[str, str, str]]:
        """Every criterion as (mark, name, points and remark)."""
        rows = []
        for r in self.results:
            if r.withdrawn:
                given = f"{r.earned:g}/{r.points:g} for everybody, " if self.core and r.points else ""
                rows.append(("–", r.criterion, f"{given}withdrawn: {r.withdrawn}"))
                continue
            mark = "✓" if r.problem is None and not r.waits_for else ("·" if r.waits_for else "✗")
            waits = f"judged once “{r.waits_for}” is right" if r.waits_for else ""
            worth = f"{r.earned:g}/{r.points:g}" if self.core else ""
            rows.append((mark, r.criterion, ", ".join(part for part in (worth, waits) if part)))
        return rows

    def __str__(self) -> str:
        lines = [self.headline()]
        if self.attempted:
            width = max(len(r.criterion) for r in self.results)
            lines += [f"  {mark} {name:<{width}}  {remark}" for mark, name, remark in self.rows()]
        for label, text in self.lines():
            first, *rest = _plain(text, label).split("\n")
            lines.append(f"  {label + ':':<13} {first}")
            lines += [" " * 16 + line for line in rest]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        """HTML without scripts or classes: it reads the same in JupyterLab, in Formgrader and on a feedback page."""
        colour = {"✓": "#009E73", "◐": "#E69F00", "✗": "#D55E00", "○": "#8a8a8a"}[self.sign]
        parts = [
            f'<div role="group" aria-label="{html.escape(self.headline(), quote=True)}" '
            f'style="border-left:4px solid {colour};padding:.3em .9em;margin:.3em 0;line-height:1.45">',
            f"<div><strong>{html.escape(self.headline())}</strong></div>",
        ]
        if self.attempted:
            cells = "".join(
                f'<tr style="background:none"><td style="text-align:left;line-height:1.45;padding:0 .6em 0 0">{mark}</td>'
                f'<td style="text-align:left;line-height:1.45;padding:0 1em 0 0">{html.escape(name)}</td>'
                f'<td style="text-align:left;line-height:1.45;padding:0">{html.escape(remark)}</td></tr>'
                for mark, name, remark in self.rows()
            )
            parts.append(f'<table style="border:0;margin:.2em 0;font-size:.95em">{cells}</table>')
        explanation = "".join(
            '<tr style="background:none">'
            '<th scope="row" style="text-align:left;line-height:1.45;vertical-align:top;padding:.1em .9em .1em 0;'
            f'font-weight:600;white-space:nowrap">{html.escape(label)}</th>'
            '<td style="text-align:left;line-height:1.45;padding:.1em 0">'
            f"{code(text, label in _CODE)}</td></tr>"
            for label, text in self.lines()
        )
        if explanation:
            parts.append(f'<table style="border:0;margin:.3em 0">{explanation}</table>')
        parts.append("</div>")
        return "".join(parts)


_FIELDS = {kind: tuple(f.name for f in fields(kind)) for kind in (Problem, Result, Verdict)}


def _flat(thing: Problem | Result | Verdict) -> dict[str, Any]:
    """By name, what is in its fields."""
    return {name: getattr(thing, name) for name in _FIELDS[type(thing)]}


WHOLE = 24
"""Characters of a piece of code that is not broken into lines: it fits into a narrow window."""
_CODE = ("Run", "Yours", "Expected")
_STRESSED = re.compile(r"\*\*(\S(?:[^*]*\S)?)\*\*")


def _plain(text: str, label: str) -> str:
    """A text without the asterisks around what is stressed; code keeps its own."""
    if label in _CODE:
        return text
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return text
    return "`".join(p if i % 2 else _STRESSED.sub(r"\1", p) for i, p in enumerate(pieces))


def code(text: str, whole: bool = False) -> str:
    """Escape a text; set all of it, or what stands between backticks, as code."""
    if whole:
        return _set(text, whole=True)
    pieces = text.split("`")
    if len(pieces) % 2 == 0:  # an unpaired backtick
        return html.escape(text).replace("\n", "<br>")
    return "".join(
        _set(p) if i % 2 else _STRESSED.sub(r"<strong>\1</strong>", html.escape(p)).replace("\n", "<br>")
        for i, p in enumerate(pieces)
    )


def _set(text: str, whole: bool = False) -> str:
    """A piece of code; a short one within a text stays on one line: browsers break after a minus."""
    breaks = (
        "pre" if not whole and len(text) <= WHOLE and "\n" not in text else "pre-wrap;word-break:break-word"
    )
    return f'<code style="white-space:{breaks};background:rgba(128,128,128,.12);padding:0 .25em">{html.escape(text)}</code>'
