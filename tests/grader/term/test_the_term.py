"""The page for the whole term: its commands are there, and do in this order what it says.

The short run plays it with six students, and its commands are forks of one process; `--exhaustive` with sixty, and as
they are typed. What the lecturer was told is in `said.txt` beside the course.
"""

from __future__ import annotations

import csv
import re
import shlex
import shutil
import time
import unicodedata
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
import typer

from fnnkit.judge.registry import contents
from grader.commands import app as module
from grader.commands import run
from grader.demo import FIRST, LAST, _answer
from grader.sandbox import modes

REPOSITORY = Path(__file__).resolve().parents[3]
PAGE = REPOSITORY / "grader" / "README.md"
CHAPTER = "ch1_xor"
QUESTION = """# %% [markdown] nbgrader={"grade_id": "why_two", "grade": true, "points": 1, "solution": true}
# Because.
"""
SUM = "def mse(y_pred, y_true):\n    return ((y_pred - y_true) ** 2).sum()"
# Wrong in a way that nobody has registered and no small change mends, and written in two ways.
MEDIAN = """def mse(y_pred, y_true):
    d = np.ravel(y_pred - y_true)
    d = sorted(d * d)
    half = len(d) // 2
    return d[half] if len(d) % 2 else 0.5 * (d[half - 1] + d[half])
"""
SORTED = """def mse(y_pred, y_true):
    squares = np.sort(np.square(y_pred - y_true), axis=None)
    return (squares[(squares.size - 1) // 2] + squares[squares.size // 2]) / 2
"""
TOLD = "This is the `median` of the squares: it forgets how large the largest mistake is."


def lines():
    section = PAGE.read_text(encoding="utf-8").partition("## The term")[2].partition("\n## ")[0]
    return [shlex.split(found)[1:] for found in re.findall(r"`(grader [^`]+)`", section)]


def test_every_command_of_the_page_can_be_read_as_it_is_written():
    assert run
    commands = typer.main.get_command(module.app).commands
    named = set()
    for name, *words in lines():
        commands[name].make_context(name, words)  # refuses what it does not know
        named.add(name)
    assert named >= {
        "roster",
        "dates",
        "handout",
        "collect",
        "grade",
        "feedback",
        "build",
        "backup",
        "restore",
        "written",
        "explain",
        "marks",
        "report",
        "forget",
    }


# --- the page is played, in its order, in a course of its own ------------------------------------------------


@dataclass
class Term:
    """A course with its class, and what the lecturer's commands have said."""

    classroom: Any
    size: int
    as_typed: bool
    said: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root = self.classroom.root
        names = [f"{first} {last}" for first in FIRST for last in LAST if (first, last) != ("Ada", "Berg")]
        self.class_ = ["Ada Berg", *names[:: len(names) // self.size][: self.size - 1]]
        *self.punctual, self.late, self.slow, self.missing = self.class_
        _, self.gifted, *self.others, self.broken = self.punctual
        rows = [
            f"{name},{name.partition(' ')[0]},{name.partition(' ')[2]},{login(name)},{login(name)}@uni.org,Participant {i + 5001}"
            for i, name in enumerate(self.class_)
        ]
        header = "id,First name,Last name,Username,Email address,Identifier"
        (self.root / "people.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        (self.root / "dates.csv").write_text(
            f"chapter,student,due,late\n{CHAPTER},,2026-10-02 09:00,10 % per day\n"
        )
        worksheet = (
            "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed\r\n"
            + "".join(
                f"Participant {i + 5001},{name},{login(name)}@uni.org,Submitted for grading,,16.50,Yes\r\n"
                for i, name in enumerate(self.class_)
            )
        )
        (self.root / "worksheet.csv").write_text(worksheet, encoding="utf-8")
        moodle = {
            f"{name}_{self.class_.index(name) + 5001}_assignsubmission_file_/{CHAPTER}.ipynb": self.work(name)
            for name in self.punctual
        }
        zip_of(self.root / "all.zip", moodle)
        attempt = f"Chapter 1_{login(self.slow)}_attempt_2026-10-02-18-00-00_{CHAPTER}.ipynb"
        zip_of(self.root / "blackboard.zip", {attempt: self.work(self.slow)})
        first, _, last = self.late.partition(" ")
        canvas = f"{login(last + first)}_LATE_{self.class_.index(self.late) + 5001}_9876_{CHAPTER}-1.ipynb"
        # Ada hands in again, elsewhere, and by now her `mse` is right.
        again = {f"{login('BergAda')}_5001_9877_{CHAPTER}-2.ipynb": self.work("Ada Berg", mse=None)}
        zip_of(self.root / "late.zip", {canvas: self.work(self.late), **again})
        exchange = self.root.parent / "exchange"
        exchange.mkdir()
        exchange.chmod(0o777)
        with (self.root / "nbgrader_config.py").open("a") as file:
            file.write(f"\nc.Exchange.root = {str(exchange)!r}\n")
        for name in ("fnnkit", "pyproject.toml", "LICENSE"):
            (self.root / name).symlink_to(REPOSITORY / name)
        for page in ("README.md", "AGENTS.md"):
            shutil.copy(REPOSITORY / "course" / page, self.root / "course")
        shutil.copy(REPOSITORY / "solutions" / f"{CHAPTER}.py", self.root / "solutions")

    def work(self, name: str, **more: str | None) -> str:
        if name == self.broken:
            return "{"
        answers = self.classroom.right | {"why_not_linear": f"Because of the plane, says {name}."}
        wrong = {"Ada Berg": SUM, self.gifted: MEDIAN, self.slow: SORTED, self.late: MEDIAN}
        answers |= {"mse": wrong.get(name, answers["mse"])}
        answers |= {cell: text for cell, text in more.items() if text} | (
            {"mse": self.classroom.right["mse"]} if "mse" in more else {}
        )
        notebook = self.classroom.notebook(answers)
        if self.as_typed and name in self.others:
            as_somebody(notebook, self.class_.index(name))
        return str(nbformat.writes(notebook))

    def run(self, *words: str, ends: tuple[int, ...] = (0,)) -> str:
        command = self.classroom.command if self.as_typed else self.classroom.quick_command
        began = time.monotonic()
        done = command(*words)
        said = str(done.stdout + done.stderr)
        self.said.append((" ".join(words), said))
        with (self.root.parent / "said.txt").open("a", encoding="utf-8") as file:
            file.write(f"\n$ {shlex.join(words)}\n{said}")
            file.write(f"[{time.monotonic() - began:.1f} s, ends with {done.returncode}]\n")
        assert done.returncode in ends, (words, said[-3000:])
        assert "Traceback" not in said
        return said

    def totals(self) -> dict[str, float]:
        from grader.gradebook.scores import of_chapter

        return {
            name: score.total for name, score in of_chapter(CHAPTER, self.classroom.course.config()).items()
        }


def login(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name).casefold() if c.isascii() and c.isalpha())


def zip_of(path: Path, files: dict[str, str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(name, text)


def as_written() -> list[list[str]]:
    section = PAGE.read_text(encoding="utf-8").partition("## The term")[2].partition("\n## ")[0]
    rows = "\n".join(line for line in section.splitlines() if line.startswith("|"))
    return [shlex.split(found) for found in re.findall(r"`((?:nb)?grader [^`]+)`", rows)]


def as_somebody(notebook: Any, number: int) -> None:
    """Fill in a notebook as a student of the made-up class of `grader demo` would."""
    from grader import answers as known

    rng = np.random.default_rng(number)
    listed = {name: known.right(CHAPTER, name) for name in contents(CHAPTER)}
    _answer(notebook, CHAPTER, listed, known.written(CHAPTER), rng, ability=float(rng.beta(3, 1.6)))


def graded(term: Term, words: list[str]) -> str:
    said = term.run(*words, ends=(1,))
    assert f"{term.broken}: {CHAPTER}.ipynb is not JSON" in said
    return said


def played(term: Term, words: list[str], before: list[str]) -> None:
    """One command of the page, with what a lecturer does around it; `before` are those that came before."""
    command = " ".join(words)
    if command.startswith("grader collect ch1_xor all.zip"):
        assert "matched" in term.run(*words, "--yes")
        term.run("grader", "collect", CHAPTER, "blackboard.zip", "--yes")
    elif command.startswith("grader collect"):
        assert "Ada Berg" in term.run(*words, "--yes")
    elif command.startswith("grader restore"):
        [newest] = sorted((term.root / "backups").glob("backup *.zip"))[-1:]
        kept = term.totals()
        (term.root / "gradebook.db").unlink()
        term.run("grader", "restore", str(newest), "--yes")
        assert term.totals() == kept
    elif command == "grader dates dates.csv":
        if command in before:
            with (term.root / "dates.csv").open("a") as file:
                file.write(f"{CHAPTER},{term.slow},+48 h,\n")
        term.run(*words)
    elif "--read" in words:
        fill_in(term.root / words[-1])
        term.run(*words)
        # In Formgrader: a mark in the place of the judged one, and a bonus.
        term.classroom.formgrader("Ada Berg", "check_mse", manual_score=0.3)
        term.classroom.formgrader(term.gifted, "check_relu", extra_credit=1.0)
    elif command == "grader build":
        path = term.root / "solutions" / f"{CHAPTER}.py"
        place = "# %% [markdown]\n# ## 1.3 Better features"
        text = path.read_text(encoding="utf-8")
        assert place in text
        path.write_text(text.replace(place, f"{QUESTION}\n{place}"), encoding="utf-8")
        assert "why_two" in term.run(*words)
    elif words[:2] == ["grader", "marks"]:
        # Somebody's file is broken: that is said first, and has to be agreed to.
        assert f"1 handed in and not graded ({term.broken})" in term.run(*words, ends=(2,))
        term.run(*words, "--incomplete", ends=(0, 1))
    elif words == ["grader", "report"]:
        name_the_median(term, term.run(*words))
    elif words[:2] == ["grader", "grade"]:
        there = contents_of(term.root)
        said = graded(term, words)
        if "--dry-run" in words:
            assert "a rehearsal: nothing was written" in said
            assert contents_of(term.root) == there
    elif words[:2] == ["grader", "forget"]:
        forgotten(term, words)
    else:
        term.run(*words, ends=(0, 1) if words[1] == "doctor" else (0,))


def fill_in(sheet: Path) -> None:
    """Mark all written answers alike."""
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= {"points": "0.5", "comment": "say which plane"}
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def name_the_median(term: Term, said: str) -> None:
    """Two gave it, in other words: the instructor names it once."""
    assert "of wrong answers, to be named in mistakes.txt" in said
    page = (term.root / "reports" / "class" / CHAPTER / "mse.html").read_text(encoding="utf-8")
    [heading] = re.findall(r"<span class=\"key-line\">(mse [0-9a-f]{10})</span> · 2 students", page)
    assert TOLD not in feedback(term, term.gifted)
    (term.root / "mistakes.txt").write_text(f"{heading}\n{TOLD}\n", encoding="utf-8")


def feedback(term: Term, name: str) -> str:
    return str(term.classroom.course.feedback(name, CHAPTER).read_text(encoding="utf-8"))


def contents_of(root: Path) -> dict[str, bytes]:
    """All that a rehearsal must not change; results of marking are kept, as they say nothing of marks."""
    return {
        str(p): p.read_bytes()
        for p in root.rglob("*")
        if p.is_file() and not {"results", "causes"} & {*p.parts} and p.suffix not in (".lock", ".pyc")
    }


def forgotten(term: Term, words: list[str]) -> None:
    """All of somebody goes, and only once that was agreed to."""
    others = {name: total for name, total in term.totals().items() if name != words[-1]}
    assert "nothing was removed" in term.run(*words, ends=(2,))
    assert words[-1] in term.totals()
    said = term.run(*words, "--yes")
    assert term.totals() == others
    if term.as_typed:  # that pages come again has a test of its own, too
        graded(term, ["grader", "grade", CHAPTER])
        assert term.totals() == others
        term.run("grader", "report")
    stays = re.findall(r"^stays +(.+?): ", said, flags=re.MULTILINE)
    assert {"people.csv", "grades.csv", f"worksheet-{CHAPTER}.csv", "all.zip"} <= {*stays}
    for path in term.root.rglob("*"):
        name = str(path.relative_to(term.root))
        if path.is_file() and not path.is_symlink() and name not in stays and "fnnkit" not in path.parts:
            assert words[-1].encode() not in name.encode() + path.read_bytes(), name


@pytest.mark.skipif(not modes.available(), reason="bubblewrap is missing or cannot make namespaces")
def test_a_term_is_played_as_the_page_says(classroom, thorough):
    """Roster, handout, three archives, marks by hand, feedback, late ones, an extension, a new question, backup, restore."""
    term = Term(classroom, 60 if thorough else 6, thorough)
    before: list[str] = []
    for words in as_written():
        if words == ["grader", "doctor"] and not thorough:
            continue  # it takes longest of all, and has tests of its own
        if words[:2] == ["grader", "forget"]:
            look_at(term)
        played(term, words, before)
        before.append(" ".join(words))
        if words[:2] == ["grader", "explain"]:
            look_at_the_middle(term)
    assert before[-1].startswith("grader forget")


def look_at_the_middle(term: Term) -> None:
    """What a person has set is in every sum; what was named once is told to all who gave it."""
    said = dict(term.said)
    explained = said["grader explain Ada Berg ch1_xor mse"]
    assert "mse: 0.3/1, set by hand (judged 0)" in explained
    assert "0.3 set by hand" in explained
    assert "set by hand (judged 0)" in feedback(term, "Ada Berg")
    bonus = term.run("grader", "explain", term.gifted, CHAPTER)
    assert "+1 bonus" in bonus
    assert f"Cause         {TOLD} (your words, from mistakes.txt)" in bonus
    assert "explained in your words, from mistakes.txt" in said[f"grader grade {CHAPTER}"]
    table = said[f"grader grade {CHAPTER}"]
    for line in ("Ada Berg: mse 0.3/1, set by hand (judged 0)", f"{term.gifted}: relu 1/1, +1 bonus"):
        assert line in table
    for name in (term.gifted, term.slow):
        assert "it forgets how large the largest mistake is" in feedback(term, name)
    assert "it forgets how large" not in feedback(term, "Ada Berg")


def look_at(term: Term) -> None:
    """What the lecturer has at the end."""
    from grader.gradebook.scores import of_chapter

    known = of_chapter(CHAPTER, term.classroom.course.config())
    came = {*term.class_} - {term.missing, term.broken}
    assert {name for name, score in known.items() if score.marks and name != term.broken} >= came
    for name in came - {term.late}:
        # The mark of the first round, and the new question that nobody could answer.
        assert known[name].manual["why_not_linear"] == 0.5
        assert known[name].comments["why_not_linear"] == "say which plane"
        assert known[name].mark("why_two").points == 0.0
    assert known[term.slow].penalty == 0.0  # the extension took it back
    said = dict(term.said)
    first = next(text for command, text in term.said if command == f"grader grade {CHAPTER}")
    assert f"{term.slow}: 9 h late" in first
    assert f"2 handed in nothing: {', '.join(sorted([term.late, term.missing]))}" in first
    assert f"1 handed in nothing: {term.missing}" in said[f"grader grade {CHAPTER}"]
    with zipfile.ZipFile(term.root / "reports" / f"feedback-{CHAPTER}-moodle.zip") as archive:
        assert len(archive.namelist()) == len(term.punctual)
        page = archive.read(f"Ada Berg_5001_assignsubmission_file_/{CHAPTER}.html").decode()
    assert "<h1>Chapter 1 · Learning XOR</h1>" in page
    assert "say which plane" in page
    pages = list((term.root.parent / "exchange" / "fnnkit" / "feedback").glob("*.html"))
    assert len(pages) == len(term.punctual) + 1
    assert len(list((term.root / "dist").glob("fnnkit-course-*.zip"))) == 1
    term.run("grader", "handout")
    assert len(list((term.root / "dist").glob("fnnkit-course-*.zip"))) == 2  # the chapter has a question more
