"""Recording many results in nbgrader's gradebook, through its own Gradebook, in one session.

`nbgrader autograde` needs a fifth of a second for each submission besides what is run: it reads and writes the
notebook twice, opens the database nine times and waits for the disk after every mark. What it records is decided by
the released notebook, the student's answers and the points, so this computes the common part once. The rows and the
files under ``autograded/`` are the same (a test compares them). For a configuration that makes nbgrader do anything
else than this course's does, `Recorder.fits` says no, and nbgrader does it.
"""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
from nbformat.v4.rwbase import split_lines
from nbgrader import utils
from nbgrader.api import Comment, Grade, Gradebook, Student, SubmittedAssignment, SubmittedNotebook, new_uuid
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import insert
from traitlets.config import Config

from grader.course import Course
from grader.gradebook import calls
from grader.gradebook.kept import lay_out, own_files
from grader.gradebook.plugins import fill_in, under_any_name
from grader.marking.marking import Marking
from grader.marking.submission import Rebuilt, is_answer, own_copy

SANITIZE = [
    "grader.gradebook.plugins.RebuildFromRelease",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
AUTOGRADE = [
    "grader.gradebook.plugins.JudgedExecute",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

EXPORTERS = ("nbconvert.exporters.notebook.NotebookExporter", "grader.gradebook.plugins.AnyNotebookExporter")


class Recorder:
    """Writes results of one chapter into the gradebook and into ``autograded/``; use it as a context manager.

    What `record` did is in the database only once `commit` was called.

    Parameters
    ----------
    course : Course
        The course.
    chapter : str
        Its chapter.
    released : NotebookNode
        The notebook that students got.
    config : Config
        nbgrader's configuration.
    """

    def __init__(self, course: Course, chapter: str, released: Any, config: Config) -> None:
        self.course, self.chapter, self.config = course, chapter, config
        self.directory = CourseDirectory(config=config)
        self.converter = Autograde(coursedir=self.directory, config=config)
        self.converter.log = self.directory.log = calls.LOG
        self.late = AssignLatePenalties(config=config)
        self.late.log = calls.LOG
        self.late.assignment_id = chapter
        self.late.init_plugin()
        self.book = Gradebook(self.directory.db_url, str(self.directory.course_id))
        self.released = released
        self.text: NotebookText | None = None

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        self.book.db.rollback()
        self.book.close()

    def fits(self) -> bool:
        """Whether nbgrader would do what `record` does, and nothing else."""
        asked = self.converter
        assignment = self.book.find_assignment(self.chapter)
        return (
            list(map(name_of, asked.sanitize_preprocessors)) == SANITIZE
            and list(map(name_of, asked.autograde_preprocessors)) == AUTOGRADE
            and asked.pre_convert_hook in (None, under_any_name)
            and asked.post_convert_hook is None
            and asked.create_student
            and name_of(asked.exporter_class) in EXPORTERS
            and not self.directory.groupshared
            and self.directory.notebook_id == "*"
            and not self.directory.student_id_exclude
            and not {"NotebookExporter", "FilesWriter"} & set(self.config)
            and all(
                self.config[step.rpartition(".")[2]].get("enabled", True) for step in SANITIZE + AUTOGRADE
            )
            and [n.name for n in assignment.notebooks] == [self.chapter]
            and not assignment.notebooks[0].task_cells
        )

    def prepare(self) -> None:
        """Compute what is the same for all students, once; look anew who is in the gradebook."""
        if self.text is None:
            self.template = self._sanitized()
            self.text = NotebookText(self.template)
        session = self.book.db
        self.assignment = self.book.find_assignment(self.chapter)
        self.notebook = self.book.find_notebook(self.chapter, self.chapter)
        self.cell_ids = {c.name: c.id for c in self.notebook.grade_cells}
        self.comment_ids = {c.name: c.id for c in self.notebook.solution_cells}
        self.students = {name for (name,) in session.query(Student.id)}
        self.submitted = {
            student: key
            for key, student in session.query(SubmittedAssignment.id, SubmittedAssignment.student_id).filter(
                SubmittedAssignment.assignment_id == self.assignment.id
            )
        }
        self.own_files = own_files(self.directory, self.chapter, self.converter.exclude_overwriting)
        self.rows: dict[Any, list[dict[str, Any]]] = {Grade: [], Comment: []}

    def _sanitized(self) -> Any:
        """The released notebook as nbgrader's own first pass leaves it."""
        exporter = self.converter.exporter_class(config=self.converter.config)
        exporter.log = calls.LOG
        for step in SANITIZE[1:]:
            exporter.register_preprocessor(step)
        about = {"student": "", "assignment": self.chapter, "notebook": self.chapter}
        resources = {"nbgrader": about | {"db_url": self.directory.db_url}, "unique_key": self.chapter}
        text, _ = exporter.from_notebook_node(copy.deepcopy(self.released), resources)
        return nbformat.reads(text, as_version=4)

    def record(self, student: str, rebuilt: Rebuilt, marking: Marking) -> None:
        """Write one student's files, and add the rows to the session."""
        assert self.text is not None
        changed = self._changed_cells(rebuilt, marking)
        self._write_files(student, self.text.with_cells(changed))
        self._add_rows(student, list(changed.values()))

    def commit(self) -> None:
        """Write the rows of all `record` since the last time."""
        self._flush()
        self.book.db.commit()

    def _flush(self) -> None:
        """Give the database all rows; those of cells as they are, as SQLAlchemy's objects take three times as long."""
        self.book.db.flush()
        for table, rows in self.rows.items():
            if rows:
                self.book.db.execute(insert(table), rows)
                rows.clear()

    def rest(self) -> None:
        """Hold nothing of the gradebook until `prepare` is called again: others may work in it meanwhile."""
        self.book.db.rollback()

    def forget(self) -> None:
        """Drop the rows of all `record` since the last `commit`."""
        self.book.db.rollback()
        self.prepare()

    def _changed_cells(self, rebuilt: Rebuilt, marking: Marking) -> dict[int, Any]:
        """By position, the cells that differ from the template, and those that carry marks."""
        cells: dict[int, Any] = {}
        for position, (blank, cell) in enumerate(
            zip(self.template.cells, rebuilt.notebook.cells, strict=True)
        ):
            about = blank.metadata.get("nbgrader", {})
            if cell.cell_type != "code" and not is_answer(cell) and not about.get("grade"):
                continue
            made = cells[position] = own_copy(blank)
            if is_answer(cell):
                made.source = cell.source
            if "fnnkit" in cell.metadata:
                made.metadata["fnnkit"] = cell.metadata["fnnkit"]
            if "attachments" in cell:
                made["attachments"] = cell["attachments"]
        fill_in(nbformat.NotebookNode(cells=list(cells.values())), marking)
        return cells

    def _write_files(self, student: str, text: str) -> None:
        source = self.directory.format_path(self.directory.submitted_directory, student, self.chapter)
        target = Path(self.directory.format_path(self.directory.autograded_directory, student, self.chapter))
        # Made beside it first: where there is no room for the new one, the old one stays.
        target.parent.mkdir(parents=True, exist_ok=True)
        made = target.with_name(f".{target.name}.part")
        remove(made)
        try:
            made.mkdir(mode=0o755)
            lay_out(made, Path(source), self.config, self.own_files)
            (made / f"{self.chapter}.ipynb").write_bytes(text.encode())
            permissions = int(str(self.converter.permissions), 8)
            for place, _, names in os.walk(made):
                for name in names:
                    os.chmod(os.path.join(place, name), permissions)
            remove(target)
            made.rename(target)
        finally:
            remove(made)

    def _add_rows(self, student: str, cells: list[Any]) -> None:
        session = self.book.db
        copied = self.directory.format_path(self.directory.autograded_directory, student, self.chapter)
        timestamp = self.directory.get_existing_timestamp(copied)
        with session.no_autoflush:
            if student not in self.students:
                session.add(Student(id=student))
                self.students.add(student)
            if student in self.submitted:
                submission = session.get(SubmittedAssignment, self.submitted[student])
                [notebook] = submission.notebooks
                grades = {grade.cell_id: grade for grade in notebook.grades}
                comments = {comment.cell_id: comment for comment in notebook.comments}
            else:
                submission = SubmittedAssignment(
                    id=new_uuid(), assignment_id=self.assignment.id, student_id=student
                )
                notebook = SubmittedNotebook(
                    id=new_uuid(), assignment_id=submission.id, notebook_id=self.notebook.id
                )
                grades = {i: new_row(i, notebook.id, **NEW_GRADE) for i in self.cell_ids.values()}
                comments = {i: new_row(i, notebook.id, auto_comment=None) for i in self.comment_ids.values()}
                session.add_all((submission, notebook))
                self.rows[Grade] += map(vars, grades.values())
                self.rows[Comment] += map(vars, comments.values())
                self.submitted[student] = submission.id
            if timestamp is not None:
                submission.timestamp = timestamp
            for cell in cells:
                if utils.is_grade(cell):
                    grade = grades[self.cell_ids[cell.metadata.nbgrader.grade_id]]
                    grade.auto_score, _ = utils.determine_grade(cell, calls.LOG)
                    grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
                if utils.is_solution(cell):
                    comment = comments[self.comment_ids[cell.metadata.nbgrader.grade_id]]
                    empty = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
                    comment.auto_comment = "No response." if empty else None
        notebook.late_submission_penalty = None
        if self._is_late(submission):
            # Its score is computed by the database.
            self._flush()
            session.expire_all()
            penalty = self.late.plugin_inst.late_submission_penalty(
                student, notebook.score, submission.total_seconds_late
            )
            if penalty is not None:
                notebook.late_submission_penalty = self.late._check_late_penalty(notebook, penalty)

    def _is_late(self, submission: Any) -> bool:
        due = self.assignment.duedate
        if submission.timestamp is None or due is None:
            return False
        if submission.extension is not None:
            due += submission.extension
        return bool(submission.timestamp > due)


def remove(place: Path) -> None:
    """Remove a folder if it is there; nbgrader makes folders and files read-only."""
    if place.is_symlink() or place.is_file():
        place.unlink()
    elif place.exists():
        utils.rmtree(str(place))


NEW_GRADE = {"auto_score": None, "manual_score": None, "needs_manual_grade": True}


def new_row(cell: str, notebook: str, **values: Any) -> SimpleNamespace:
    """A row about a cell of a student's notebook that is not in the gradebook yet."""
    return SimpleNamespace(id=new_uuid(), cell_id=cell, notebook_id=notebook, **values)


class NotebookText:
    """A notebook as nbformat writes it, of which some cells can be replaced without writing the others again.

    Cells with marks are often equal from student to student; a text of such a cell is kept, as indented JSON is written
    nine times as slowly as JSON on one line, which is what tells them apart.
    """

    KEPT = 2000

    def __init__(self, notebook: Any) -> None:
        self._written: dict[str, str] = {}
        self._cells = [cell_text(cell) for cell in notebook.cells]
        self._before, self._after = json_text({**notebook, "cells": ["CELLS"]}).split('  "CELLS"')

    def with_cells(self, changed: dict[int, Any]) -> str:
        """The text, some cells replaced."""
        texts = [self._text(changed[i]) if i in changed else text for i, text in enumerate(self._cells)]
        text = self._before + ",\n".join(texts) + self._after
        return text if text.endswith("\n") else text + "\n"

    def _text(self, cell: Any) -> str:
        if "attachments" in cell:  # a picture is nobody else's, and large
            return cell_text(cell)
        key = json.dumps(cell)
        text = self._written.get(key)
        if text is None:
            if len(self._written) >= self.KEPT:
                self._written.clear()
            text = self._written[key] = cell_text(cell)
        return text


def cell_text(cell: Any) -> str:
    """One cell, indented as in a notebook."""
    alone = nbformat.NotebookNode(cells=[copy.deepcopy(cell)])
    return "  " + json_text(split_lines(alone).cells[0]).replace("\n", "\n  ")


def json_text(thing: Any) -> str:
    """JSON in the form in which nbformat writes it."""
    return json.dumps(thing, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": "))


def name_of(thing: Any) -> str:
    """The dotted name of a class, by which a configuration may also ask for it."""
    if isinstance(thing, str):
        return thing
    module = thing.__module__
    for package in ("nbgrader.preprocessors", "grader.gradebook.plugins"):
        if module.startswith(package):
            module = package
    return f"{module}.{thing.__name__}"
