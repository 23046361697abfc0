"""The page for the whole term: its commands are there, and do in this order what it says."""

from __future__ import annotations

import csv
import re
import shlex
import shutil
import unicodedata
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
import typer

from grader.commands import app as module
from grader.commands import run
from grader.demo import FIRST, LAST
from grader.sandbox import modes

REPOSITORY = Path(__file__).resolve().parents[3]
PAGE = REPOSITORY / "grader" / "README.md"
CHAPTER = "ch1_xor"
QUESTION = """# %% [markdown] nbgrader={"grade_id": "why_two", "grade": true, "points": 1, "solution": true}
# Because.
"""


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
    }


# --- the page is played, in its order, in a course of its own ------------------------------------------------


@dataclass
class Term:
    """A course with its class, and what the lecturer's commands have said."""

    classroom: Any
    size: int
    said: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root = self.classroom.root
        names = [f"{first} {last}" for first in FIRST for last in LAST if (first, last) != ("Ada", "Berg")]
        self.class_ = ["Ada Berg", *names[:: len(names) // self.size][: self.size - 1]]
        *self.punctual, self.late, self.slow, self.missing = self.class_
        self.broken = self.punctual[-1]
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
        zip_of(self.root / "late.zip", {canvas: self.work(self.late)})
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

    def work(self, name: str) -> str:
        if name == self.broken:
            return "{"
        answers = self.classroom.right | {"why_not_linear": f"Because of the plane, says {name}."}
        if name == "Ada Berg":
            answers["mse"] = "def mse(y_pred, y_true):\n    return ((y_pred - y_true) ** 2).sum()"
        return str(nbformat.writes(self.classroom.notebook(answers)))

    def run(self, *words: str, ends: tuple[int, ...] = (0,)) -> str:
        done = self.classroom.command(*words)
        said = done.stdout + done.stderr
        self.said.append((" ".join(words), said))
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


@pytest.mark.skipif(not modes.available(), reason="bubblewrap is missing or cannot make namespaces")
def test_a_term_is_played_as_the_page_says(classroom, thorough):
    """Roster, handout, three archives, marks by hand, feedback, late ones, an extension, a new question, backup, restore."""
    term = Term(classroom, 60 if thorough else 8)
    graded, kept = 0, {}
    for words in as_written():
        command = " ".join(words)
        if command.startswith("grader collect ch1_xor all.zip"):
            said = term.run(*words, "--yes")
            assert "matched" in said
            term.run("grader", "collect", CHAPTER, "blackboard.zip", "--yes")
        elif command.startswith("grader collect"):
            term.run(*words, "--yes")
        elif command.startswith("grader restore"):
            [newest] = sorted((term.root / "backups").glob("backup *.zip"))[-1:]
            kept = term.totals()
            (term.root / "gradebook.db").unlink()
            term.run("grader", "restore", str(newest), "--yes")
            assert term.totals() == kept
        elif command == "grader dates dates.csv":
            if graded:
                with (term.root / "dates.csv").open("a") as file:
                    file.write(f"{CHAPTER},{term.slow},+48 h,\n")
            term.run(*words)
        elif "--read" in words:
            sheet = term.root / words[-1]
            with sheet.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
            for row in rows:
                row |= {"points": "0.5", "comment": "say which plane"}
            with sheet.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, rows[0].keys())
                writer.writeheader()
                writer.writerows(rows)
            term.run(*words)
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
        elif words[:2] == ["grader", "grade"]:
            said = term.run(*words, ends=(0, 1))
            graded += 1
            assert f"{term.broken}: {CHAPTER}.ipynb is not JSON" in said
        else:
            term.run(*words, ends=(0, 1) if words[1] == "doctor" else (0,))
    look_at(term)


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
