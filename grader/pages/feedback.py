"""What a student reads after grading: mistakes first, then written answers, then what was left out and what is solved.

An exercise is a `Part` of the page. Parts of one kind stand in the order of the chapter, as later ones build on earlier
ones; those that carry no points come last.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fnnkit.judge.registry import milestone_of
from fnnkit.judge.verdict import Verdict
from grader.entry import Batch, Entry
from grader.gradebook.scores import Mark, Score
from grader.marking.submission import BadSubmission, check_name
from grader.pages.exchanged import for_exchange
from grader.pages.pictures import written_html
from grader.pages.rendering import TEMPLATES, write_if_new
from grader.pages.table import outcome

SIGNS = {"full": "✓", "some": "◐", "none": "✗", "stops": "✗", "blank": "○", "to mark": "?"}
WORDS = {
    "full": "solved",
    "some": "partly right",
    "none": "not right",
    "blank": "not answered",
    "stops": "the cell stops",
    "to mark": "to be marked by hand",
}
GROUPS = {"some": "wrong", "none": "wrong", "stops": "wrong", "blank": "blank", "full": "solved"}
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
HEADING = re.compile(r"# +(\S.*)")


@dataclass(frozen=True)
class Part:
    """One exercise or written question on a student's page.

    Attributes
    ----------
    name, title : str
        Its id, and what it is called on the page.
    state : str
        How it came out: a key of `SIGNS`.
    group : str
        Where it stands: ``"wrong"``, ``"written"``, ``"blank"`` or ``"solved"``.
    earned : float or None
        Points; None as long as nobody has marked it.
    possible : float
        What it is worth.
    further : bool
        Whether it carries no points.
    verdict, written : str
        HTML of what was found, and of what was written.
    code : str
        What was handed in.
    outputs : tuple of dict
        What its cell put out.
    comment : str
        What an instructor wrote.
    notes : tuple of str
        Remarks of the judge that cost nothing.
    mark : Mark or None
        What the gradebook has, if a person has changed it.
    reference : str
        HTML of the course's own answer, where it may be shown.
    """

    name: str
    title: str
    state: str
    group: str
    earned: float | None = None
    possible: float = 0.0
    further: bool = False
    verdict: str = ""
    written: str = ""
    code: str = ""
    outputs: tuple[dict[str, str], ...] = field(default=())
    comment: str = ""
    notes: tuple[str, ...] = field(default=())
    mark: Mark | None = None
    reference: str = ""

    @property
    def sign(self) -> str:
        """One sign for its state; `word` says the same."""
        return SIGNS[self.state]

    @property
    def points(self) -> str:
        """Points earned and possible; ``"further"`` where there are none."""
        if self.further:
            return "further"
        if self.mark:
            bonus = self.mark.bonus
            more = f" {'+' if bonus > 0 else '−'} {abs(bonus):g}" if bonus else ""
            return f"{_number(self.mark.before_bonus if self.mark.given else None)}{more} / {self.possible:g}"
        return f"{_number(self.earned)} / {self.possible:g}"

    @property
    def word(self) -> str:
        """Its state in words."""
        by_hand = self.group == "written" and self.state != "to mark"
        words = ["marked by hand" if by_hand else WORDS[self.state]]
        if self.mark and self.mark.by_hand is not None and not self.mark.written:
            words.append("set by hand")
        if self.mark and self.mark.bonus:
            words.append(self.mark.bonus_words())
        return ", ".join(words)


def write_feedback(
    batch: Batch,
    known: dict[str, Score],
    between: Callable[[], None] = lambda: None,
    references: Mapping[str, str] | None = None,
) -> list[Path]:
    """Write the feedback page of each student, with reference answers if any, and call something after each.

    Beside it stands what `nbgrader release_feedback` asks for: when it was handed in, and the secret of the exchange.
    """
    written = []
    for entry in batch.entries:
        if entry.state == "failed" and entry.rebuilt is None:
            page = broken_page(entry, batch.chapter, handed_out(batch), known.get(entry.student))
        elif entry.marking is None or entry.state == "failed" or entry.student not in known:
            continue
        else:
            page = feedback_page(entry, batch.chapter, known[entry.student], references or {})
        path = batch.course.feedback(entry.student, batch.chapter)
        if not page:
            continue
        write_if_new(path, page)
        for name, text in for_exchange(batch.course, entry.student, batch.chapter).items():
            write_if_new(path.with_name(name), text)
        written.append(path)
        between()
    return written


def broken_page(entry: Entry, chapter: str, title: str, score: Score | None = None) -> str:
    """The page of a student whose file could not be read; empty where the name can be no folder's."""
    try:
        check_name(entry.student)
    except BadSubmission:
        return ""
    return TEMPLATES.get_template("broken.html").render(
        student=entry.student,
        name=score.name if score else "",
        chapter=chapter,
        title=title,
        message=entry.message,
    )


def feedback_page(
    entry: Entry, chapter: str, score: Score, references: Mapping[str, str] = MappingProxyType({})
) -> str:
    """The feedback page of one student."""
    assert entry.marking is not None
    assert entry.rebuilt is not None
    cells = entry.rebuilt.notebook.cells
    verdicts = entry.marking.verdicts
    milestone = milestone_of(chapter)
    groups: dict[str, list[Part]] = {"wrong": [], "written": [], "blank": [], "solved": []}
    for part in sorted(parts_of(entry, score, cells), key=lambda part: part.further):
        groups[part.group].append(replace(part, reference=references.get(part.name, "")))
    return TEMPLATES.get_template("feedback.html").render(
        student=entry.student,
        chapter=chapter,
        title=title_of([c.source for c in cells], chapter),
        milestone=milestone if milestone and milestone.all_right(verdicts) else None,
        score=score,
        groups=groups,
        sandboxed=entry.marking.sandboxed,
        mode=entry.marking.mode,
        version=_version(),
    )


def parts_of(entry: Entry, score: Score, cells: Iterable[Any]) -> list[Part]:
    """What a student handed in, part by part, in the order of the chapter."""
    said: set[str] = set()
    return [
        _written(cell, score) if cell.cell_type == "markdown" else _exercise(cell, entry, score, said)
        for cell in cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    ]


def _written(cell: Any, score: Score) -> Part:
    """A written question."""
    about = cell.metadata.nbgrader
    name = str(about["grade_id"])
    mark = score.manual.get(name)
    possible = score.written_points.get(name, float(about.get("points", 0)))
    state = "to mark" if mark is None else "none" if not mark else "some" if mark < possible else "full"
    recorded = score.mark(name)
    if recorded is not None and recorded.by_hand is None and recorded.judged is not None:
        state = "blank"  # nobody answered: nbgrader gives 0 by itself
    return Part(
        name,
        name.replace("_", " ").capitalize(),
        state,
        "blank" if state == "blank" else "written",
        mark,
        possible,
        written=written_html(cell, links=True),
        comment=score.comments.get(name, ""),
        mark=recorded if recorded and recorded.touched else None,
    )


def _exercise(cell: Any, entry: Entry, score: Score, said: set[str]) -> Part:
    """An exercise; what one should do next is said once on a page, where it is the same for several."""
    assert entry.marking is not None
    name = str(cell.metadata.nbgrader.grade_id)
    comment = score.comments.get(name, "")
    verdict = entry.marking.verdicts.get(name)
    outputs = tuple(_plain(output) for output in entry.marking.cells.get(name, []))
    if verdict is None:  # an answer cell of no exercise
        return Part(
            name, name, "full", "solved", further=True, code=cell.source, outputs=outputs, comment=comment
        )
    state = outcome(verdict)
    recorded = score.mark(name)
    return Part(
        name,
        name,
        state,
        GROUPS[state],
        verdict.points,
        verdict.possible,
        not verdict.core,
        _shown(_without_repetition(verdict, said)),
        code=cell.source,
        outputs=outputs,
        comment=comment,
        notes=verdict.notes,
        mark=recorded if recorded and recorded.touched else None,
    )


@cache
def _version() -> str:
    return importlib.metadata.version("fnnkit")


def _shown(verdict: Verdict) -> str:
    """A verdict as HTML; those that are the same for many are made once."""
    return _solved(verdict) if verdict.solved else verdict._repr_html_()


@lru_cache(maxsize=256)
def _solved(verdict: Verdict) -> str:
    return verdict._repr_html_()


def _number(points: float | None) -> str:
    return "–" if points is None else f"{points:g}"


def _without_repetition(verdict: Verdict, said: set[str]) -> Verdict:
    """A verdict whose next step is left out if it stands further up on the page, word for word."""
    problem = verdict.problem
    if problem is None or not verdict.attempted:
        return verdict
    if problem.step not in said:
        said.add(problem.step)
        return verdict
    results = (replace(r, problem=replace(r.problem, step="")) if r.problem else r for r in verdict.results)
    return replace(verdict, results=tuple(results))


def title_of(texts: list[str], otherwise: str) -> str:
    """The first heading of a notebook's cells."""
    return next((found[1].strip() for text in texts if (found := HEADING.match(text))), otherwise)


def handed_out(batch: Batch) -> str:
    """Title of the chapter, as handed out."""
    try:
        notebook = json.loads(batch.course.released(batch.chapter).read_text(encoding="utf-8"))
        return title_of(["".join(cell["source"]) for cell in notebook["cells"]], batch.chapter)
    except (OSError, ValueError, KeyError, TypeError):
        return batch.chapter


def _plain(output: dict[str, Any]) -> dict[str, str]:
    if output["output_type"] == "stream":
        return {"text": ANSI.sub("", output.get("text", "")), "png": ""}
    if output["output_type"] == "error":
        return {
            "text": ANSI.sub("", "\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}"),
            "png": "",
        }
    data = output.get("data", {})
    png = data.get("image/png", "")
    return {"text": "" if png else ANSI.sub("", data.get("text/plain", "")), "png": png}
