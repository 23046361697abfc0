"""A made-up class: correct answers in several styles, registered misconceptions, unfinished and broken work."""

from __future__ import annotations

import copy
import hashlib
import importlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np

from fnnkit.judge.exercise import source_of
from fnnkit.judge.registry import contents, exercises, sources_of
from grader import answers as known
from grader.course import CONFIG, Course, CourseError
from grader.marking.submission import ANSWERED, is_answer

MARKER = "made-by-grader-demo.json"
FIRST = [
    "Ada",
    "Amir",
    "Ana",
    "Björn",
    "Chiara",
    "Dmitri",
    "Élodie",
    "Emeka",
    "Farah",
    "Grace",
    "Hana",
    "Ines",
    "Jörg",
    "Kwame",
    "Lena",
    "Mateo",
    "Mei",
    "Niamh",
    "Noor",
    "Olga",
    "Priya",
    "Quentin",
    "Rosa",
    "Sami",
    "Tomás",
    "Uma",
    "Vera",
    "Wei",
    "Yuki",
    "Zoë",
]
LAST = [
    "Adeyemi",
    "Berg",
    "Costa",
    "Dvořák",
    "Eriksen",
    "Fischer",
    "García",
    "Haddad",
    "Ito",
    "Jensen",
    "Kovács",
    "Lindqvist",
    "Müller",
    "Novak",
    "Okafor",
    "Park",
]
# What is handed in for a written question that the chapter's list `WRITTEN` has no texts for.
NEUTRAL = (
    "It follows from the definition: write it out for two inputs, subtract, and compare both sides.",
    "Suppose that it were so. Then the same step $x \\to x + h$ would have to change $f(x)$ in two different ways.",
    "Because the lecture says so.",
    "I tried it with numbers, and it came out that way each time, so I think that it holds for all of them.",
)


def make_class(repository: Course, chapter: str, students: int, seed: int) -> Course:
    """Make ``demo/`` in the repository: a course of its own, with submissions of a made-up class.

    Raises
    ------
    CourseError
        If ``demo`` exists and was not made by this function, or the chapter has no listed answers.
    """
    place = repository.root / "demo"
    if not known.has(chapter):
        raise CourseError(
            f"there are no answers to make a class of {chapter} from: run it from a clone, as installed packages hold none"
        )
    answers = {name: known.right(chapter, name) for name in contents(chapter)}
    unlisted = [name for name in answers if not answers[name]]
    if unlisted:
        listed = known.home(chapter).replace(".", "/")
        raise CourseError(f"{listed} has no correct answer to {unlisted[0]!r}")
    written = known.written(chapter)
    wanted = {"chapter": chapter, "students": students, "seed": seed, "source": _digest(repository, chapter)}
    marker = place / MARKER
    if place.exists() and not marker.is_file() and any(place.iterdir()):
        raise CourseError(f"{place} exists and was not made by `grader demo`: move it away")
    made = _made(marker)
    if made.get(chapter) == wanted:
        return Course(place)
    same_class = all((one["students"], one["seed"]) == (students, seed) for one in made.values())
    if place.exists() and not (made and same_class):
        shutil.rmtree(place)
        made = {}
    elif place.exists():
        _forget(Course(place), chapter)
    for folder in ("solutions", "course"):
        (place / folder).mkdir(parents=True, exist_ok=True)
        shutil.copytree(repository.root / folder / chapter, place / folder / chapter)
    shutil.copy(repository.root / CONFIG, place)
    course = Course(place)
    rng = np.random.default_rng(seed)
    released = nbformat.read(course.released(chapter), as_version=4)
    names = _names(rng, students)
    breakers: list[Callable[[Any, str], str]] = [
        invalid_json, endless_loop, process_exit, deleted_checks, duplicated_checks
    ]  # fmt: skip
    # One of each kind of broken work, in a class that is large enough for it.
    broken = (
        dict(zip(names[-len(breakers) :], breakers, strict=False)) if students >= 2 * len(breakers) else {}
    )
    for name in names:
        notebook = copy.deepcopy(released)
        _answer(notebook, chapter, answers, written, rng, ability=float(rng.beta(3, 1.6)))
        make = broken.get(name, _plain_text)
        target = course.submitted(name, chapter)
        target.parent.mkdir(parents=True)
        target.write_text(make(notebook, chapter), encoding="utf-8")
    marker.write_text(json.dumps({**made, chapter: wanted}), encoding="utf-8")
    return course


def _made(marker: Path) -> dict[str, Any]:
    """What is in the demo so far, by chapter; nothing, if it is of an earlier form."""
    try:
        found = json.loads(marker.read_text(encoding="utf-8"))
        return {str(name): {**one} for name, one in found.items() if one["students"] and "seed" in one}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _forget(course: Course, chapter: str) -> None:
    """Take a chapter out of the demo, and out of its gradebook."""
    from nbgrader.api import Gradebook, MissingEntry

    from grader.gradebook.calls import database_url, has_gradebook

    config = course.config()
    if has_gradebook(config):
        with Gradebook(database_url(config), str(config.CourseDirectory.course_id)) as book:
            try:
                book.remove_assignment(chapter)
            except MissingEntry:
                pass
    course.record(chapter).unlink(missing_ok=True)
    for place in [
        course.root / "solutions" / chapter,
        course.root / "course" / chapter,
        *(
            p
            for name in ("submitted", "autograded", "feedback")
            for p in (course.root / name).glob(f"*/{chapter}")
        ),
    ]:
        shutil.rmtree(place, ignore_errors=True)


def _digest(repository: Course, chapter: str) -> str:
    files = [repository.released(chapter), repository.root / CONFIG, Path(__file__)]
    files += sorted(Path(str(importlib.import_module(known.home(chapter)).__file__)).parent.glob("*.py"))
    files += sources_of(chapter)
    return hashlib.sha256(b"\0".join(f.read_bytes() for f in files)).hexdigest()


def _names(rng: np.random.Generator, n: int) -> list[str]:
    pairs = [f"{first} {last}" for first in FIRST for last in LAST]
    chosen = [pairs[i] for i in rng.permutation(len(pairs))[:n]]
    return chosen + [f"Student {i + 1}" for i in range(len(chosen), n)]


def _answer(
    notebook: Any, chapter: str, answers: Any, written: Any, rng: np.random.Generator, ability: float
) -> None:
    """Fill in a notebook as somebody of some ability would."""
    asked = {e.name: e for e in exercises(chapter)}
    for cell in notebook.cells:
        if not is_answer(cell) or ANSWERED in cell.metadata.get("tags", []):
            continue  # an answer that is handed out stays as it is
        name = cell.metadata.nbgrader.grade_id
        draw = rng.random()
        if name not in asked:
            if draw < 0.8:
                texts = written.get(name) or NEUTRAL
                cell.source = texts[int(rng.integers(len(texts)))]
        elif draw < ability:
            cell.source = source_of(answers[name][int(rng.integers(len(answers[name])))], name)
        elif draw < ability + 0.85 * (1 - ability):
            wrong = asked[name].misconceptions
            if wrong:
                cell.source = source_of(wrong[int(rng.integers(len(wrong)))].answer, name)
        # else: left as it was handed out


def _plain_text(notebook: Any, _chapter: str) -> str:
    return str(nbformat.writes(notebook, version=4))


def invalid_json(notebook: Any, _chapter: str) -> str:
    """A file that was cut off while it was saved."""
    text = str(nbformat.writes(notebook, version=4))
    return text[: len(text) // 2]


def stuck(chapter: str) -> str:
    """The exercise whose answer never returns in one of the submissions."""
    return exercises(chapter)[:2][-1].name


def fatal(chapter: str) -> str:
    """The exercise whose answer ends the process in another."""
    return exercises(chapter)[-1].name


def endless_loop(notebook: Any, chapter: str) -> str:
    """A function that never returns."""
    name = stuck(chapter)
    _set(
        notebook, name, f"def {name}(*args):\n    n = 0\n    while n < 10:\n        n = n * 2\n    return n\n"
    )
    return str(nbformat.writes(notebook, version=4))


def process_exit(notebook: Any, chapter: str) -> str:
    """A function that ends the process."""
    name = fatal(chapter)
    _set(notebook, name, f"import os\n\n\ndef {name}(*args):\n    os._exit(0)\n")
    return str(nbformat.writes(notebook, version=4))


def deleted_checks(notebook: Any, _chapter: str) -> str:
    """All check cells removed."""
    notebook.cells = [
        c
        for c in notebook.cells
        if not c.metadata.get("nbgrader", {}).get("grade_id", "").startswith("check_")
    ]
    return str(nbformat.writes(notebook, version=4))


def duplicated_checks(notebook: Any, _chapter: str) -> str:
    """Check cells copied and pasted, as students do; nbgrader alone stops the whole batch at this."""
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        if cell.metadata.get("nbgrader", {}).get("grade_id", "").startswith("check_"):
            cells.append(copy.deepcopy(cell))
            cells[-1].id = cell.id[::-1]
    notebook.cells = cells
    return str(nbformat.writes(notebook, version=4))


def _set(notebook: Any, name: str, source: str) -> None:
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name:
            cell.source = source
