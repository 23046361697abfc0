"""How long a class takes: `grader grade` against stock `nbgrader autograde`, on the same notebooks, in one run.

    python tests/benchmarks/grading.py [--students 20] [--repeat 3]

The class is honest (correct answers, several styles), so both sides give full marks: that is checked. Each repetition
grades the class with both, one after the other, from a fresh gradebook; medians and their ratio are printed. The stock
side runs check cells in the student's kernel, without a sandbox.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from fnnkit.exercises import exercises
from fnnkit.exercises.exercise import source_of
from grader.answers.ch1_xor import ANSWERS

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = "ch1_xor"
STOCK = """c = get_config()
c.CourseDirectory.course_id = "fnnkit"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "course"
c.CourseDirectory.ignore = ["*.py", "README.md"]
"""


def make_course(place: Path, students: int, config: str) -> None:
    """A course with a class that hands in correct answers."""
    for folder in ("course", "solutions"):
        shutil.copytree(ROOT / folder, place / folder)
    (place / "nbgrader_config.py").write_text(config)
    for number in range(students):
        notebook = nbformat.read(place / "course" / CHAPTER / f"{CHAPTER}.ipynb", as_version=4)
        for cell in notebook.cells:
            name = cell.metadata.nbgrader.grade_id
            if name in ANSWERS:
                cell.source = "import numpy as np\n\n" + source_of(
                    ANSWERS[name][number % len(ANSWERS[name])], name
                )
        target = place / "submitted" / f"s{number:03d}" / CHAPTER / f"{CHAPTER}.ipynb"
        target.parent.mkdir(parents=True)
        nbformat.write(notebook, target)


def timed(place: Path, *command: str) -> float:
    """Seconds of wall clock of a command, that has to succeed."""
    scripts = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": scripts + os.pathsep + os.environ["PATH"]}
    start = time.perf_counter()
    subprocess.run(command, cwd=place, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


def check_marks(place: Path, students: int) -> None:
    """Everybody has full marks in every judged exercise."""
    wanted = sum(e.points for e in exercises(CHAPTER))
    with Gradebook(f"sqlite:///{place}/gradebook.db", "fnnkit") as book:
        scores = [s.score for s in book.assignment_submissions(CHAPTER)]
    assert scores == [wanted] * students, scores


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--students", type=int, default=20)
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    ours, stock = [], []
    for _ in range(asked.repeat):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "ours"
            make_course(place, asked.students, (ROOT / "nbgrader_config.py").read_text())
            timed(place, "grader", "init")
            ours.append(timed(place, "grader", "grade", CHAPTER))
            check_marks(place, asked.students)
            place = Path(folder) / "stock"
            make_course(place, asked.students, STOCK)
            timed(place, "nbgrader", "generate_assignment", CHAPTER, "--force")
            stock.append(timed(place, "nbgrader", "autograde", CHAPTER))
            check_marks(place, asked.students)
        print(f"grader grade {ours[-1]:6.1f} s    nbgrader autograde {stock[-1]:6.1f} s", flush=True)
    a, b = statistics.median(ours), statistics.median(stock)
    print(
        f"median of {asked.repeat}, {asked.students} submissions: {a:.1f} s against {b:.1f} s, {b / a:.1f} times as fast"
    )


if __name__ == "__main__":
    main()
