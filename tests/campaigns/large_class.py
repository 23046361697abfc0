"""A thousand real submissions of a chapter, graded and reported by the real commands, and the pages opened in Chromium.

    python tests/campaigns/large_class.py [--students 1000] [--chapter ch1_xor] [--keep FOLDER]

Nobody's notebook is anybody else's: answers are right ones in several styles, registered mistakes, small changes of right
ones that nobody has registered, and cells left as they were, all with names and layout of their own. A few hand in late,
a few nothing, a few a broken file. Then `grader roster`, `grader dates`, `grader grade --no-causes` and `grader report`, twice,
and `reports/class.html` as an instructor uses it: opened, widened, sorted, searched, on a screen of 420 points, printed.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import contextlib
import json
import keyword
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import numpy as np

from fnnkit.judge.edits import mutants
from fnnkit.judge.exercise import source_of
from fnnkit.judge.registry import contents, exercises
from grader import answers

REPOSITORY = Path(__file__).resolve().parents[2]
WORDS = (
    "a",
    "b",
    "out",
    "res",
    "tmp",
    "value",
    "total",
    "k",
    "n",
    "u",
    "v",
    "w",
    "result",
    "acc",
    "part",
    "rows",
)
CHROMIUM = "/usr/bin/chromium"
HINTS = """() => [...document.querySelectorAll(".wide")].map(w => [
    w.scrollWidth > w.clientWidth + 4, getComputedStyle(w.previousElementSibling).display !== "none"])"""
"""For each table that may be wider than its place: whether it is, and whether that is said."""


@dataclass
class Found:
    """What a class has cost, by what was done: seconds of wall clock and of processor time; sizes; `faults` are sentences."""

    seconds: dict[str, tuple[float, float]] = field(default_factory=dict)
    megabytes: dict[str, float] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Renamed(ast.NodeTransformer):
    """Gives what a function binds other names."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """A name that is read or bound."""
        node.id = self.names.get(node.id, node.id)
        return node


def in_own_words(text: str, rng: np.random.Generator) -> str:
    """An answer with other local names, and a line of its author's."""
    tree = ast.parse(text)
    taken = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} | {
        n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)
    }
    inner = any(
        isinstance(n, ast.FunctionDef | ast.Lambda) for f in tree.body for n in ast.walk(f) if n is not f
    )
    bound = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    free = [w for w in WORDS if w not in taken and not keyword.iskeyword(w) and w not in dir(builtins)]
    rng.shuffle(free)
    names = dict(zip(sorted(bound), free, strict=False)) if not inner else {}
    made = ast.unparse(Renamed(names).visit(tree))
    return f"# {' '.join(rng.choice(WORDS, 3))}\n{made}"


@cache
def known(chapter: str) -> dict[str, tuple[list[str], list[str], list[str]]]:
    """Of each exercise: right answers, registered mistakes, and changes of the reference that may be wrong."""
    right = {name: [source_of(f, name) for f in answers.right(chapter, name)] for name in contents(chapter)}
    return {
        e.name: (
            right[e.name],
            [source_of(m.answer, e.name) for m in e.misconceptions],
            [ast.unparse(_called(ast.parse(m.text), e.name)) for m in mutants(e.reference)[:12]],
        )
        for e in exercises(chapter)
    }


def _called(tree: ast.Module, name: str) -> ast.Module:
    next(n for n in tree.body if isinstance(n, ast.FunctionDef)).name = name
    return tree


def make_course(place: Path, chapter: str, students: int) -> None:
    """The course, its roster and its class."""
    for folder in ("course", "solutions"):
        shutil.copytree(REPOSITORY / folder / chapter, place / folder / chapter)
    shutil.copy(REPOSITORY / "nbgrader_config.py", place)
    names = [f"s{number:04}" for number in range(students)]
    rows = [f"{name},First{i},Last{i % 97}" for i, name in enumerate(names)]
    (place / "people.csv").write_text("\n".join(["id,first name,last name", *rows]) + "\n")
    (place / "dates.csv").write_text(f"chapter,student,due,late\n{chapter},,2026-10-02 09:00,10 % per day\n")
    released = nbformat.read(place / "course" / chapter / f"{chapter}.ipynb", as_version=4)
    plain = json.loads(nbformat.writes(released))
    texts = known(chapter)
    written = answers.written(chapter)
    for number, name in enumerate(names):
        rng = np.random.default_rng([1, number])
        if number % 40 == 7:
            continue  # handed in nothing
        made, ability = json.loads(json.dumps(plain)), float(rng.beta(3, 1.6))
        for cell in made["cells"]:
            about = cell["metadata"].get("nbgrader", {})
            asked = about.get("grade_id", "")
            if not about.get("solution"):
                continue
            if asked in texts:
                cell["source"] = _answer(texts[asked], ability, rng) or cell["source"]
            elif asked in written and rng.random() < 0.9:
                cell["source"] = str(rng.choice(written[asked]))
        target = place / "submitted" / name / chapter / f"{chapter}.ipynb"
        target.parent.mkdir(parents=True)
        text = json.dumps(made)
        target.write_text(text if number % 200 != 11 else text[: len(text) // 2])
        when = "2026-10-02 18:30:00 UTC" if number % 25 == 3 else "2026-10-01 18:30:00 UTC"
        target.with_name("timestamp.txt").write_text(f"{when}\n")


def _answer(texts: tuple[list[str], list[str], list[str]], ability: float, rng: np.random.Generator) -> str:
    right, wrong, changed = texts
    draw = rng.random()
    if draw < ability:
        return in_own_words(str(rng.choice(right)), rng)
    if draw < ability + 0.6 * (1 - ability) and wrong:
        return in_own_words(str(rng.choice(wrong)), rng)
    if draw < ability + 0.85 * (1 - ability) and changed:
        return in_own_words(str(rng.choice(changed)), rng)
    return ""


def command(place: Path, found: Found, called: str, *words: str, ends: tuple[int, ...] = (0,)) -> str:
    """Run `grader` as it is typed, and note what it cost."""
    paths = os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH", ""))))
    start, said = time.monotonic(), place / "said.txt"
    with said.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "grader", *words], cwd=place, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
            env=os.environ | {"PYTHONPATH": paths, "NO_COLOR": "1", "COLUMNS": "120"},
        )  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    found.seconds[called] = time.monotonic() - start, used.ru_utime + used.ru_stime
    found.megabytes[f"memory of {called}"] = used.ru_maxrss / 1e3
    text = said.read_text()
    said.unlink()
    if process.returncode not in ends or "Traceback" in text:
        found.faults.append(f"{called} ends with {process.returncode}: {text[-400:]!r}")
    return text


def look(place: Path, found: Found, browser: Any) -> None:
    """Use the page as an instructor does."""
    page_of = place / "reports" / "class.html"
    found.megabytes["class.html"] = page_of.stat().st_size / 1e6
    pages = list((place / "reports").rglob("*.html"))
    found.megabytes["all pages"] = sum(p.stat().st_size for p in pages) / 1e6
    with browser.new_context(viewport={"width": 1300, "height": 900}) as context:
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.on("pageerror", lambda error: found.faults.append(f"the page says {error}"))
        page.on(
            "request",
            lambda r: None if r.url.startswith("file:") else found.faults.append(f"asks for {r.url}"),
        )
        watch = page.context.new_cdp_session(page)
        watch.send("Performance.enable", {"timeDomain": "threadTicks"})
        students = _used(page, watch, page_of, found)
        _small(page, place, page_of, found)
        largest = max((p for p in pages if p.parent.parent.name == "class"), key=lambda p: p.stat().st_size)
        with _timed(found, f"open {largest.name}, {largest.stat().st_size / 1e6:.1f} MB", watch):
            page.goto(largest.as_uri())
        with _timed(found, "open copies.html", watch):
            page.goto((place / "reports" / "class" / "copies.html").as_uri())
    found.said.append(f"{students} rows in the table of students")


@contextlib.contextmanager
def _timed(found: Found, called: str, watch: Any) -> Iterator[None]:
    """Seconds of something that a page does, and those of its main thread on a processor."""

    def busy() -> float:
        figures = {m["name"]: m["value"] for m in watch.send("Performance.getMetrics")["metrics"]}
        return float(figures["TaskDuration"])

    before, start = busy(), time.monotonic()
    yield
    found.seconds[called] = time.monotonic() - start, max(0.0, busy() - before)


def _used(page: Any, watch: Any, path: Path, found: Found) -> int:
    drawn = "() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))"
    with _timed(found, "open class.html", watch):
        page.goto(path.as_uri())
        page.evaluate(drawn)
    students = int(page.locator("#matrix tbody tr").count())
    with _timed(found, "sort by the sum", watch):
        page.click("#matrix th:nth-child(2) button")
        page.evaluate(drawn)
    sums = page.eval_on_selector_all(
        "#matrix tbody tr", "rows => rows.map(r => parseFloat(r.cells[1].innerText))"
    )
    if sums != sorted(sums):
        found.faults.append("not sorted")
    with _timed(found, "show all exercises", watch):
        page.select_option(
            "select[data-for=matrix]", index=page.locator("select[data-for=matrix] option").count() - 1
        )
        page.evaluate(drawn)
    with _timed(found, "sort by the sum, all exercises", watch):
        page.click("#matrix th:nth-child(2) button")
        page.evaluate(drawn)
    with _timed(found, "search for 'missing'", watch):
        page.fill("input[data-for=matrix]", "missing")
        page.evaluate(drawn)
    told = page.inner_text("#matrix-found")
    missing = page.locator("#matrix tbody tr:visible").count()
    if told != f"{missing} of {students}" or not missing:
        found.faults.append(f"searched: {told!r}, and {missing} are seen")
    page.fill("input[data-for=matrix]", "")
    return students


def _small(page: Any, place: Path, first: Path, found: Found) -> None:
    """No column is out of sight without a hint on a small screen, on any page."""
    page.set_viewport_size({"width": 420, "height": 800})
    for path in (first, *sorted((place / "reports" / "class").rglob("*.html"))):
        page.goto(path.as_uri())
        page.wait_for_timeout(50)
        if page.evaluate("document.documentElement.scrollWidth") > 420:
            found.faults.append(f"{path.name} is wider than 420")
        for choice in range(page.locator("select[data-for=matrix] option").count() or 1):
            if path == first:
                page.select_option("select[data-for=matrix]", index=choice)
            if not all(beyond == said for beyond, said in page.evaluate(HINTS)):
                found.faults.append(f"{path.name}: a column is out of sight, and nothing says so")
    page.set_viewport_size({"width": 1300, "height": 900})


def campaign(students: int, chapter: str, place: Path, browser: Any) -> Found:
    """Make a class, have it graded and reported, and look at it."""
    found = Found()
    start = time.monotonic()
    make_course(place, chapter, students)
    found.seconds["making the class"] = time.monotonic() - start, 0.0
    command(place, found, "grader roster", "roster", "people.csv")
    command(place, found, "grader dates", "dates", "dates.csv")
    graded = command(place, found, "grader grade", "grade", chapter, "--no-causes", ends=(0, 1))
    found.said += [line for line in graded.splitlines() if " unchanged, " in line]
    found.said += command(place, found, "grader report", "report").splitlines()
    command(place, found, "grader report once more", "report")
    if not found.faults:
        look(place, found, browser)
    return found


def told(found: Found) -> Iterator[str]:
    """What was found, as lines."""
    yield from found.said
    yield f"{'':38}  wall s  cpu s"
    for called, (wall, cpu) in found.seconds.items():
        yield f"{called:38} {wall:7.2f} {cpu:6.2f}"
    for called, size in found.megabytes.items():
        yield f"{called:38} {size:7.1f} MB"
    yield f"faults {found.faults}"


def main() -> None:
    """Run it, and print what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--chapter", default="ch1_xor")
    parser.add_argument("--keep", type=Path, help="keep the course here, to look at it")
    asked = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        place = asked.keep or Path(folder) / "course"
        place.mkdir(parents=True)
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        found = campaign(asked.students, asked.chapter, place, browser)
        browser.close()
    print("\n".join(told(found)))
    sys.exit(bool(found.faults))


if __name__ == "__main__":
    main()
