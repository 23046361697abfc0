"""Which cells carry points that are judged, and that each of them has a verdict before anything is recorded.

nbgrader gives a check cell without any output full marks. So what nobody has judged must never reach it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fnnkit.judge.registry import exercises
from grader.course import CourseError
from grader.marking.marking import Marking
from grader.marking.submission import BadSubmission

CHECK = "check_"


class Unjudged(BadSubmission):
    """There are cells with marks for which there is no verdict: nothing of them may be recorded."""

    def __init__(self, cells: Sequence[str]) -> None:
        more = f" and {len(cells) - 3} more" if len(cells) > 3 else ""
        super().__init__(f"there is no verdict on {', '.join(cells[:3])}{more}: nothing was recorded")


def unjudged(notebook: Any, marking: Marking) -> list[str]:
    """Cells of a notebook that nbgrader takes points from, and that have no verdict.

    Of a cell without any output nbgrader makes full marks, so what is missing must never reach it.
    """
    return [
        name
        for cell in notebook.cells
        if (name := judged_cell(cell))
        and not (name.startswith(CHECK) and name[len(CHECK) :] in marking.verdicts)
    ]


def judged_cell(cell: Any) -> str:
    """The grade id of a cell whose points nbgrader reads off its outputs; empty for all others."""
    about = cell.metadata.get("nbgrader", {})
    judged = cell.cell_type == "code" and about.get("grade") and not about.get("solution")
    return str(about.get("grade_id", "?")) if judged else ""


def check_exercises(notebook: Any, chapter: str) -> None:
    """Refuse a chapter with cells of marks that no exercise judges.

    Raises
    ------
    CourseError
        If there are any.
    """
    known = {CHECK + e.name for e in exercises(chapter)}
    strange = [name for cell in notebook.cells if (name := judged_cell(cell)) and name not in known]
    if strange:
        raise CourseError(
            f"{chapter} has cells with points that no exercise judges ({', '.join(strange)}): run `grader build`, or take "
            "the points off these cells"
        )
