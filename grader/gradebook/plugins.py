"""What nbgrader's autograde does differently in this course, by configuration alone.

`RebuildFromRelease` puts the student's answers into the released notebook, `JudgedExecute` has them marked in a
sandbox and judged outside it. `nbgrader autograde`, Formgrader's button and `grader grade` all come through here.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import from_dict
from nbgrader.api import MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearSolutions, NbGraderPreprocessor, SaveCells
from traitlets import Bool, Unicode

from fnnkit.judge.registry import chapter_ids, exercises
from fnnkit.judge.verdict import Verdict
from grader import scratch
from grader.course import Course
from grader.gradebook import names
from grader.gradebook.changing import Asked, change
from grader.gradebook.judged import CHECK, Unjudged, check_exercises, judged_cell, unjudged
from grader.gradebook.kept import clear, lay_out, own_files
from grader.marking.choosing import choose
from grader.marking.marking import Identity, Marking, job_of, key_of, mark
from grader.marking.results import Results
from grader.marking.submission import (
    ANSWERED,
    BadSubmission,
    answers_digest,
    check_name,
    load_released,
    rebuild,
)


class ClearUnlessAnswered(ClearSolutions):
    """nbgrader's step that takes solutions out, but for answers that are handed out as they stand."""

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        """Clear one cell."""
        if ANSWERED in cell.metadata.get("tags", []):
            return cell, resources
        cleared: tuple[Any, Any] = super().preprocess_cell(cell, resources, cell_index)
        return cleared


class SaveChangedCells(SaveCells):
    """nbgrader's step that tells the gradebook what the cells are, also where somebody has handed in already."""

    drop_removed = Bool(
        False, help="Take marks of cells that are no longer in the chapter out of the gradebook."
    ).tag(config=True)
    aside = Unicode("", help="Where the table of these marks is kept; empty for the course's reports.").tag(
        config=True
    )

    def _create_notebook(self, nb: Any) -> None:
        try:
            notebook = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        except MissingEntry:
            notebook = None
        if notebook is None or not notebook.submissions or notebook.task_cells or self.new_task_cells:
            super()._create_notebook(nb)
            return
        asked = Asked(self.new_grade_cells, self.new_solution_cells, self.new_source_cells)
        folder = Path(self.aside or course_of(self).root / "reports")
        aside = folder / f"removed-{self.assignment_id}.csv"
        change(self.gradebook, self.assignment_id, asked, aside, self.drop_removed)


class AnyNotebookExporter(NotebookExporter):
    """nbconvert's, for notebooks that nbformat does not read: they begin with a byte order mark, or have another name."""

    def from_filename(self, filename: str, resources: Any = None, **more: Any) -> tuple[Any, Any]:
        """Convert a notebook; an empty one in the place of one that is not there, which `RebuildFromRelease` finds."""
        if Path(filename).exists():
            read: tuple[Any, Any] = super().from_filename(filename, resources=resources, **more)
            return read
        resources = resources if resources is not None else ResourcesDict()
        resources["metadata"] = ResourcesDict(name=Path(filename).stem, path=str(Path(filename).parent))
        made: tuple[Any, Any] = self.from_notebook_node(
            nbformat.v4.new_notebook(), resources=resources, **more
        )
        return made

    def from_file(self, file_stream: Any, resources: Any = None, **more: Any) -> tuple[Any, Any]:
        """Convert a notebook from an open file."""
        text = file_stream.read().removeprefix("\ufeff")
        notebook = nbformat.reads(text, as_version=4)
        made: tuple[Any, Any] = self.from_notebook_node(notebook, resources=resources, **more)
        return made


def under_any_name(assignment: str, student: str, notebooks: list[str]) -> None:
    """Have nbgrader take a notebook of a chapter under whatever name it was handed in; called before it converts.

    nbgrader asks for the name of the notebook and skips every other; which file it is, `choose` says.
    """
    if notebooks and assignment in chapter_ids():
        folder = Path(notebooks[0]).parent
        notebooks[:] = [str(folder / f"{assignment}.ipynb")]


class RebuildFromRelease(NbGraderPreprocessor):
    """First step of sanitising: the released notebook, with the student's answers in it."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Rebuild the notebook.

        Raises
        ------
        BadSubmission
            If nothing can be marked.
        """
        about = resources["nbgrader"]
        check_name(about["student"])
        course = course_of(self)
        chapter = about["assignment"]
        # Read again, as the limits on size and form hold for the file, not for what nbformat made of it.
        names, note = [e.name for e in exercises(chapter)], ""
        released, submitted = load_released(course.released(chapter)), nb
        if about["notebook"] == chapter:
            submitted, note = choose(course.submitted(about["student"], chapter), released, names)
        rebuilt = rebuild(submitted, released, names, note)
        self._lay_out(course, about["student"], chapter)
        return rebuilt.notebook, resources

    def _lay_out(self, course: Course, student: str, chapter: str) -> None:
        """Replace what nbgrader has just copied: everything that was handed in."""
        directory = CourseDirectory(config=self.config)
        target = Path(directory.format_path(directory.autograded_directory, student, chapter))
        clear(target, [path.name for path in course.released(chapter).parent.glob("*.ipynb")])
        excluded = self.config.Autograde.get("exclude_overwriting", {})
        own = own_files(directory, chapter, excluded)
        lay_out(target, course.submitted(student, chapter).parent, self.config, own)


def course_of(step: NbGraderPreprocessor) -> Course:
    """The course that nbgrader was started for.

    Not the one that the notebook lies in: whoever hands in a folder can put a whole course into it.
    """
    return Course.find(Path(CourseDirectory(config=step.config).root))


class JudgedExecute(NbGraderPreprocessor):
    """In the place of nbgrader's Execute: mark in the sandbox, judge outside, write the verdicts into check cells."""

    trust_submissions = Bool(
        False, help="Run submissions without a sandbox. Only for code that you wrote yourself."
    ).tag(config=True)
    results_in = Unicode("", help="Where new results are kept; empty for the course's own folder.").tag(
        config=True
    )

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Mark the notebook, or find the result of having done so."""
        scratch.sweep()
        about = resources["nbgrader"]
        course = course_of(self)
        chapter = about["assignment"]
        identity = Identity(about["student"], chapter, answers_digest(nb))
        released = load_released(course.released(chapter))
        key = key_of(identity, released, course.secret(), self.trust_submissions)
        results = Results(course.private / "results", course.secret(), self.results_in)
        marking = results.find(key)
        if marking is None or unjudged(released, marking):
            check_exercises(released, chapter)
            job = job_of(nb, identity, course.secret(), notes_of(nb))
            marking = run_apart(mark(job, trust_submissions=self.trust_submissions, config=self.config))
            with contextlib.suppress(OSError):  # it is made again next time
                results.keep(key, marking)
        fill_in(nb, marking)
        directory = CourseDirectory(config=self.config)
        names.fill_in(directory.db_url, directory.course_id)
        return nb, resources


def notes_of(notebook: Any) -> dict[str, list[str]]:
    """Remarks that `RebuildFromRelease` left at answer cells."""
    found = {}
    for cell in notebook.cells:
        notes = cell.metadata.get("fnnkit", {}).get("notes")
        if notes:
            found[cell.metadata.nbgrader.grade_id] = list(notes)
    return found


def fill_in(notebook: Any, marking: Marking) -> None:
    """Write outputs of cells and verdicts into a notebook, in the form in which nbgrader reads scores.

    Raises
    ------
    Unjudged
        If a cell with marks has no verdict; then nothing is written.
    """
    missing = unjudged(notebook, marking)
    if missing:
        raise Unjudged(missing)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if judged_cell(cell):
            cell.outputs = verdict_outputs(marking.verdicts[grade_id[len(CHECK) :]])
        else:
            # As they were made here (`OutputBudget`): validating each again would take longer than the rest.
            cell.outputs = [from_dict(output) for output in marking.cells.get(grade_id, [])]


def verdict_outputs(verdict: Verdict) -> list[Any]:
    """The explanation, and then the points as the one result of the cell: a plain number, as nbgrader needs it."""
    html = verdict._repr_html_()
    points = min(max(verdict.marks, 0.0), verdict.possible)
    explanation = {"text/html": html, "text/plain": str(verdict)}
    # The empty HTML is what is shown of it; nbgrader reads the text.
    result = {"text/html": "", "text/plain": repr(float(points))}
    return [
        from_dict({"output_type": "display_data", "data": explanation, "metadata": {}}),
        from_dict({"output_type": "execute_result", "data": result, "metadata": {}, "execution_count": 1}),
    ]


def run_apart(work: Coroutine[Any, Any, Marking]) -> Marking:
    """Run a coroutine in a thread of its own: Formgrader calls from inside a running event loop."""
    box: dict[str, Any] = {}

    def target() -> None:
        try:
            box["result"] = asyncio.run(work)
        except BaseException as error:
            box["error"] = error

    thread = threading.Thread(target=target, name="fnnkit-marking")
    thread.start()
    thread.join()
    if "error" in box:
        raise box["error"]
    marking: Marking = box["result"]
    return marking


__all__ = [
    "BadSubmission",
    "ClearUnlessAnswered",
    "JudgedExecute",
    "RebuildFromRelease",
    "SaveChangedCells",
    "under_any_name",
]
