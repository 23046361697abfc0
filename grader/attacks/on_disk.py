"""Attacks by what lies on the disk: folders that nobody may open, files that change while they are read, forged results."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from pathlib import Path
from typing import Any

from grader.attacks.attack import CHAPTER, Attack, aimed

CLOSED = "" if os.geteuid() == 0 else r"cannot be read \(Permission denied\)"
"""What an ordinary user is told; root may look into everything, and grades what is there."""
TABLES = tuple(f"a{number}.csv" for number in range(300))


def closed_above(folder: Path, _root: Path) -> None:
    """Nobody may look into the student's folder: zips carry modes."""
    folder.parent.chmod(0)


def closed_folder(folder: Path, _root: Path) -> None:
    """Nobody may look into the folder of the chapter."""
    folder.chmod(0)


def closed_notebook(folder: Path, _root: Path) -> None:
    """Nobody may read the notebook."""
    (folder / f"{CHAPTER}.ipynb").chmod(0)


def closed_below(folder: Path, _root: Path) -> None:
    """Nobody may look into a folder beside the notebook."""
    (folder / "data").mkdir(mode=0)


def keep_tables(folder: Path, root: Path) -> None:
    """The instructor wants tables that students hand in: copying many of them takes a while."""
    for name in TABLES:
        (folder / name).write_text("1,2\n")
    with (root / "nbgrader_config.py").open("a") as file:
        file.write('\nc.StudentFiles.keep = ["*.csv"]\n')


def swapped(folder: Path, root: Path, name: str, ordinary: Path, link_to: Path) -> None:
    """Let a name be an ordinary thing and a link by turns, a thousand times a second, until the class has gone."""
    link = root / "another"
    link.symlink_to(link_to)
    place, aside = folder / name, root / "aside"

    def swap() -> None:
        while folder.parent.exists():
            with contextlib.suppress(OSError):
                os.rename(place, aside)
                os.rename(link, place)
                time.sleep(0.0005)
                os.rename(place, link)
                os.rename(aside, place)
                time.sleep(0.0005)

    os.rename(ordinary, place)
    threading.Thread(target=swap, daemon=True).start()


def file_swapped(folder: Path, root: Path) -> None:
    """A table that becomes a link to the course's secret."""
    keep_tables(folder, root)
    (root / "table").write_text("1,2\n")
    swapped(folder, root, "z.csv", root / "table", root / ".grader" / "secret")


def folder_swapped(folder: Path, root: Path) -> None:
    """A folder with a table that becomes a link to another one, with other tables."""
    keep_tables(folder, root)
    for name, text in (("mine", "1,2\n"), ("elsewhere", "of the machine\n")):
        (root / name).mkdir()
        (root / name / "data.csv").write_text(text)
    swapped(folder, root, "z", root / "mine", root / "elsewhere")


def result_of(folder: Path, root: Path) -> tuple[Any, str]:
    """Where the grader will look for results of what is handed in, and under which key."""
    from grader.batch import prepare
    from grader.course import Course
    from grader.marking.results import Results
    from grader.marking.submission import load_released

    course = Course(root)
    secret, released = course.secret(), load_released(course.released(CHAPTER))
    results = Results(course.private / "results", secret)
    return results, prepare(course, CHAPTER, folder.parent.name, released, secret, results, False).key


def result_without_verdicts(folder: Path, root: Path) -> None:
    """A result with the grader's own seal that says nothing of any exercise: nbgrader gives full marks for nothing."""
    from grader.marking.marking import Marking

    results, key = result_of(folder, root)
    results.keep(key, Marking())


def result_forged(folder: Path, root: Path) -> None:
    """A result with verdicts of full marks, sealed by somebody who does not know the secret."""
    from fnnkit.judge.registry import exercises
    from fnnkit.judge.verdict import Result, Verdict
    from grader.marking.marking import Marking
    from grader.marking.results import Results

    results, key = result_of(folder, root)
    full = {
        e.name: Verdict(e.name, tuple(Result(c.name, c.points, c.points) for c in e.criteria), core=e.core)
        for e in exercises(CHAPTER)
    }
    Results(results.folder, b"somebody else's secret").keep(key, Marking(full))


def result_of_another(folder: Path, root: Path) -> None:
    """A result that the grader itself sealed, for another's answers: copied to where one's own is looked for."""
    results, key = result_of(folder, root)
    _, neighbours = result_of(root / "submitted" / "ada" / CHAPTER, root)
    full = {name: _solved(name) for name in ("mse", "fit_linear", "xor_network")}
    from grader.marking.marking import Marking

    results.keep(neighbours, Marking(full))
    path = results.folder / key[:2] / f"{key}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        json.dumps(json.loads((results.folder / neighbours[:2] / f"{neighbours}.json").read_text()))
    )


def _solved(name: str) -> Any:
    from fnnkit.judge.registry import exercises
    from fnnkit.judge.verdict import Result, Verdict

    [exercise] = [e for e in exercises(CHAPTER) if e.name == name]
    return Verdict(
        name, tuple(Result(c.name, c.points, c.points) for c in exercise.criteria), core=exercise.core
    )


ON_DISK = (
    *aimed(
        "grader",
        Attack("a folder that nobody may open", "broken states", "the class ends at the first of them",
               folder=closed_above, refused=CLOSED),
        Attack("a folder of the chapter that nobody may open", "broken states", "whoever lists it fails",
               folder=closed_folder, refused=CLOSED),
        Attack("a notebook that nobody may read", "broken states", "whoever reads it fails", folder=closed_notebook, refused=CLOSED),
        Attack("a folder beside the notebook that nobody may open", "broken states", "whoever copies it fails",
               folder=closed_below, refused=CLOSED),
    ),
    *aimed(
        "people",
        Attack("a file that becomes a link", "file swap", "it is looked at, and when it is copied it leads to the course's secret",
               folder=file_swapped, perhaps="is a link", kept=dict.fromkeys((*TABLES, "z.csv"), "1,2\n")),
        Attack("a folder that becomes a link", "file swap", "what is below it is somebody else's when it is copied",
               folder=folder_swapped, perhaps="is a link|cannot be read", kept=dict.fromkeys((*TABLES, "z/data.csv"), "1,2\n")),
    ),
    *aimed(
        "marks",
        Attack("a result without verdicts", "forged results", "nbgrader gives full marks for what nobody has judged",
               folder=result_without_verdicts),
        Attack("a result that somebody else sealed", "forged results", "what was marked before is not marked again", folder=result_forged),
        Attack("a neighbour's result under one's own key", "forged results", "its seal is the grader's", folder=result_of_another),
    ),
)  # fmt: skip
