"""Malformed notebooks, graded by the real command in classes, an honest student in each: no traceback, nobody lost.

    python tests/campaigns/notebooks.py [--notebooks 2000] [--class-size 100] [--seed 0]

Each is a notebook of chapter 1, as released or solved, that was damaged as `tests/grader/attacks/mutate.py` does it: cells, keys,
types, texts, bytes. The honest student earns all of the points, everybody else is graded or has one printable line, and every
page is free of what a browser would run or ask for.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from grader.attacks.attack import CHAPTER
from grader.attacks.classes import _answered, full_marks, template
from grader.attacks.harms import harms
from grader.course import Course

REPOSITORY = Path(__file__).resolve().parents[2]
GRADE = (sys.executable, "-m", "grader", "grade", CHAPTER, "--json")
HONEST = "honest"
LONGEST_LINE = 400


@dataclass
class Found:
    """What a campaign has found; `faults` are sentences."""

    notebooks: int = 0
    states: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


def mutations() -> ModuleType:
    """The module that damages notebooks; it stands with the attacks."""
    place = REPOSITORY / "tests" / "grader" / "attacks" / "mutate.py"
    spec = importlib.util.spec_from_file_location("mutate", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def one_class(course: Course, first: int, size: int, found: Found) -> None:
    """Grade a class of damaged notebooks, and look at all that came of it."""
    released, solved = (
        json.loads((course.root / part / CHAPTER / f"{CHAPTER}.ipynb").read_text())
        for part in ("course", "solutions")
    )
    right = {
        c["metadata"]["nbgrader"]["grade_id"]: "".join(c["source"])
        for c in solved["cells"]
        if c["cell_type"] == "code" and c["metadata"].get("nbgrader", {}).get("solution")
    }
    damaged = mutations().mutated
    texts = {
        f"s{seed:05}": damaged((released, solved)[seed % 2], seed) for seed in range(first, first + size)
    }
    texts[HONEST] = json.dumps(_answered(released, right)).encode()
    for student, text in texts.items():
        path = course.submitted(student, CHAPTER)
        path.parent.mkdir(parents=True)
        path.write_bytes(text)
    paths = os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH", ""))))
    start = time.monotonic()
    done = subprocess.run(
        GRADE, cwd=course.root, env=os.environ | {"PYTHONPATH": paths, "NO_COLOR": "1"}, capture_output=True,
        stdin=subprocess.DEVNULL, timeout=3600,
    )  # fmt: skip
    found.seconds += time.monotonic() - start
    found.notebooks += size
    errors = done.stderr.decode(errors="replace")
    if "Traceback" in errors or done.returncode not in (0, 1):
        found.faults.append(f"class {first}: exit {done.returncode}: {errors[-500:]!r}")
        return
    said = {entry["student"]: entry for entry in json.loads(done.stdout)["submissions"]}
    for student in texts:
        entry = said.get(student)
        if entry is None:
            found.faults.append(f"{student}: not in the table")
            continue
        found.states[entry["state"]] += 1
        message = entry.get("message") or ""
        if entry["state"] == "failed" and not (message.isprintable() and 10 < len(message) < LONGEST_LINE):
            found.faults.append(f"{student}: no line that can be read: {message[:200]!r}")
        if "could not be" in message:
            found.faults.append(f"{student}: nobody has thought of it: {message[:200]!r}")
        page = course.feedback(student, CHAPTER)
        if not page.is_file():
            found.faults.append(f"{student}: no page")
        elif harm := harms(page.read_text(encoding="utf-8")):
            found.faults.append(f"{student}: its page holds {harm[:3]}")
    earned = said.get(HONEST, {}).get("judged")
    if earned != sum(full_marks(course).values()):
        found.faults.append(f"class {first}: the honest student has {earned}")


def campaign(notebooks: int, size: int, seed: int, place: Path) -> Found:
    """Grade so many, in classes of a size, and say what was found."""
    found = Found()
    whole = template(REPOSITORY, place / "template")
    for first in range(seed, seed + notebooks, size):
        course = Course(Path(shutil.copytree(whole.root, place / f"class{first}")))
        one_class(course, first, min(size, seed + notebooks - first), found)
        shutil.rmtree(course.root)
        if sys.stderr.isatty():
            print(f"\r{found.notebooks} of {notebooks}, {len(found.faults)} faults", end="", file=sys.stderr)
    return found


def main() -> None:
    """Run it, and print what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--notebooks", type=int, default=2000)
    parser.add_argument("--class-size", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = campaign(asked.notebooks, asked.class_size, asked.seed, Path(folder))
    print(f"notebooks      {found.notebooks}")
    for state, count in sorted(found.states.items()):
        print(f"{state:14} {count}")
    print(f"seconds        {found.seconds:.0f}")
    print(f"faults         {found.faults}")
    sys.exit(bool(found.faults))


if __name__ == "__main__":
    main()
