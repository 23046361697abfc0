"""A class of any chapter gets the same marks by `grader grade`, by `nbgrader autograde` and by Formgrader's button."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from fnnkit.judge.registry import chapter_ids
from grader.sandbox import modes

ROOT = Path(__file__).resolve().parents[2]

# What Formgrader does when its button is pressed: its handler calls this, for one student at a time.
BUTTON = """
import json, sys
from nbgrader.apps import NbGrader, NbGraderAPI
app = NbGrader()
app.initialize([])
api = NbGraderAPI(config=app.config)
done = {student: api.autograde(sys.argv[1], student, force=True) for student in sys.argv[2:]}
print(json.dumps({student: about["success"] for student, about in done.items()}))
"""


def run(*words, cwd):
    scripts = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": scripts + os.pathsep + os.environ["PATH"]}
    done = subprocess.run([*words], cwd=cwd, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def marks(course, chapter):
    """Points of each student at each cell, as the gradebook has them."""
    with Gradebook(f"sqlite:///{course}/gradebook.db", "fnnkit") as book:
        return {
            s.student.id: {g.name: g.auto_score for n in s.notebooks for g in n.grades}
            for s in book.assignment_submissions(chapter)
        }


def anew(course):
    """Leave nothing of what was graded: gradebook, copies, results."""
    (course / "gradebook.db").unlink()
    shutil.rmtree(course / "autograded", ignore_errors=True)
    shutil.rmtree(course / ".grader" / "results")
    run(sys.executable, "-m", "grader", "init", cwd=course)


@pytest.mark.skipif(not modes.available(), reason="bubblewrap is missing or cannot make namespaces")
@pytest.mark.exhaustive
@pytest.mark.parametrize("chapter", chapter_ids())
def test_three_ways_of_grading_give_a_class_the_same_marks(chapter, tmp_path):
    for folder in ("course", "solutions"):
        shutil.copytree(ROOT / folder / chapter, tmp_path / folder / chapter)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    words = ("demo", "--chapter", chapter, "--students", "6", "--seed", "3")
    run(sys.executable, "-m", "grader", *words, cwd=tmp_path)
    course = tmp_path / "demo"
    by_grader = marks(course, chapter)
    totals = {sum(v or 0.0 for v in found.values()) for found in by_grader.values()}
    assert len(by_grader) >= 5
    assert len(totals) > 2  # a class in which all are alike would show nothing

    anew(course)
    run("nbgrader", "autograde", chapter, cwd=course)
    by_command = marks(course, chapter)
    assert {s: by_command[s] for s in by_grader} == by_grader

    anew(course)
    told = json.loads(run(sys.executable, "-c", BUTTON, chapter, *by_grader, cwd=course).splitlines()[-1])
    assert all(told.values()), told
    by_button = marks(course, chapter)
    assert {s: by_button[s] for s in by_grader} == by_grader
