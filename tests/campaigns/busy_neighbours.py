"""Honest students whose functions take most of their time, beside as many that take all processors: nobody honest loses a mark.

python tests/campaigns/busy_neighbours.py [--each 14] [--times 3] [--jobs N]
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path

from grader.attacks.attack import CHAPTER
from grader.attacks.classes import _answered, full_marks, template
from grader.batch import grade

REPOSITORY = Path(__file__).resolve().parents[2]
SLOW = "import time\nend = time.process_time() + 3.5\nwhile time.process_time() < end: pass\n"
WITHIN = f"""
spent, quick = [], fit_linear
def fit_linear(*arguments):
    if not spent:
        spent.append(1)
        exec({SLOW!r}, {{}})
    return quick(*arguments)
"""
BUSY = """
import os
for _ in range(14):
    if os.fork() == 0:
        while True: pass
def mse(*a):
    while True: pass
"""


def campaign(each: int, place: Path, jobs: int | None = None) -> tuple[list[str], float]:
    """Grade a class; who of the honest lost what, and how long it took."""
    course = template(REPOSITORY, place / "course")
    released, solved = (
        json.loads((course.root / part / CHAPTER / f"{CHAPTER}.ipynb").read_text()) for part in ("course", "solutions")
    )  # fmt: skip
    right = {
        c["metadata"]["nbgrader"]["grade_id"]: "".join(c["source"])
        for c in solved["cells"]
        if c["cell_type"] == "code" and c["metadata"].get("nbgrader", {}).get("solution")
    }
    # A cell and a function that compute, each for less than it may.
    slow = right | {"mse": SLOW + right["mse"], "fit_linear": right["fit_linear"] + WITHIN}
    for number in range(each):
        for name, answers in (("busy", right | {"mse": BUSY}), ("honest", slow)):
            path = course.submitted(f"{number:02d} {name}", CHAPTER)
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(_answered(released, answers)))
    start = time.monotonic()
    batch = grade(course, CHAPTER, jobs=jobs)
    lost = []
    for entry in batch.entries:
        if entry.student.endswith("honest"):
            got = {n: v.marks for n, v in entry.marking.verdicts.items()} if entry.marking else entry.message
            if got != full_marks(course):
                lost.append(f"{entry.student}: {got}")
    return lost, time.monotonic() - start


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=14)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=None)
    asked = parser.parse_args()
    for number in range(asked.times):
        place = Path(tempfile.mkdtemp(prefix="busy-"))
        try:
            lost, seconds = campaign(asked.each, place, asked.jobs)
        finally:
            shutil.rmtree(place, ignore_errors=True)
        told = f"{asked.each} honest beside {asked.each} busy, {seconds:.0f} s; lost: {lost or 'nothing'}"
        print(f"{number + 1}: {told}", flush=True)


if __name__ == "__main__":
    main()
