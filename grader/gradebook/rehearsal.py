"""A rehearsal: everything is done as it would be, on a copy of the gradebook and in a folder that is thrown away."""

from __future__ import annotations

import contextlib
import copy
import os
from collections.abc import Iterator
from pathlib import Path

from traitlets.config import Config

from grader import scratch
from grader.course import Course
from grader.gradebook import calls
from grader.gradebook.copying import fill, tables


@contextlib.contextmanager
def rehearsed(course: Course, config: Config) -> Iterator[Config]:
    """A configuration under which nothing of a course is written; what is written instead goes at the end."""
    place = Path(scratch.folder())
    try:
        made = copy.deepcopy(config)
        made.CourseDirectory.db_url = f"sqlite:///{place / 'gradebook.db'}"
        # nbgrader puts the course's root in front of it, whatever it is.
        made.CourseDirectory.autograded_directory = os.path.relpath(place / "autograded", course.root)
        made.JudgedExecute.results_in = str(place / "results")
        made.SaveChangedCells.aside = str(place)
        if calls.has_gradebook(config):
            fill(calls.database_url(made), tables(calls.database_url(config)))
        yield made
    finally:
        scratch.remove_tree(place)
