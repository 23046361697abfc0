"""Written answers: a page for a question, a table to fill in, and marks that nobody overwrites unasked."""

from __future__ import annotations

import base64
import csv
import io
import re
from html.parser import HTMLParser

import nbformat
import pytest
from nbgrader.api import Gradebook
from PIL import Image

from grader.gradebook import hand_marks
from grader.gradebook.calls import database_url
from grader.sandbox import modes
from grader.term import marking_sheet

CHAPTER, QUESTION = "ch1_xor", "why_not_linear"
needs_sandbox = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)
SAME = "A step in one input changes a **linear** model by the same amount everywhere."
EVIL = "<script>alert(1)</script> [x](javascript:alert(1)) =cmd|' /C calc'!A0"


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.addresses, self.text, self.policy = set(), set(), [], "", ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value for name, value in attrs if name in ("src", "href")]
        if ("http-equiv", "Content-Security-Policy") in attrs:
            self.policy = dict(attrs)["content"]

    def handle_data(self, data):
        self.text += data


@pytest.fixture(params=["sqlite", "postgresql"])
def marked(request, classroom):
    """A class that was graded, in either kind of database."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql")
        with (classroom.root / "nbgrader_config.py").open("a") as file:
            file.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    hand_in_class(classroom)
    return classroom


def hand_in_class(classroom):
    for student, text in {
        "ada": SAME,
        "ben": SAME.replace(". ", ".  ") + "\n",
        "cleo": EVIL,
        "fay": "",
    }.items():
        classroom.hand_in(student, {QUESTION: text} if text is not None else {})
    classroom.hand_in("dora", {})
    notebook = classroom.notebook({QUESTION: "See ![p](attachment:p.png)"})
    [cell] = [c for c in notebook.cells if c.metadata.nbgrader.grade_id == QUESTION]
    file = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(file, "PNG")
    cell["attachments"] = {"p.png": {"image/png": base64.b64encode(file.getvalue()).decode()}}
    classroom.hand_in_text("gus", nbformat.writes(notebook))
    notebook = classroom.notebook({})
    at = [c.metadata.nbgrader.grade_id for c in notebook.cells].index(QUESTION)
    notebook.cells.insert(at + 1, nbformat.v4.new_markdown_cell("Two zeros lie on one diagonal."))
    classroom.hand_in_text("hal", nbformat.writes(notebook))
    classroom.grade()


def table_of(classroom):
    with (classroom.root / "reports" / f"written-{CHAPTER}.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def fill(classroom, tmp_path, changes, rows=None):
    """The table with something in the lines of some students."""
    rows = rows or table_of(classroom)
    for row in rows:
        for student, more in changes.items():
            if student in row["students"].split(" | "):
                row |= more
    path = tmp_path / "filled.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        made = csv.DictWriter(file, rows[0], delimiter=";")
        made.writeheader()
        made.writerows(rows)
    return path


def state(classroom):
    config = classroom.course.config()
    found = hand_marks.answers(classroom.course, CHAPTER, config)
    return {a.student: (a.points, a.comment, a.waiting) for a in found}


def run(classroom, *line):
    return classroom.command("grader", "written", CHAPTER, *map(str, line))


@pytest.mark.sampled
@needs_sandbox
def test_a_question_is_read_on_one_page_and_marked_in_one_table(marked, tmp_path):
    done = run(marked)
    assert done.returncode == 0, done.stderr
    assert f"{QUESTION}: 7 handed in, 5 to mark, 2 blank" in done.stdout
    page = Page((marked.root / "reports" / f"written-{CHAPTER}-{QUESTION}.html").read_text())
    assert "script" not in page.tags
    assert not {a for a in page.attributes if a.startswith("on")}
    assert [a.partition(",")[0] for a in page.addresses] == ["data:image/png;base64"]
    assert page.policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    for said in (
        "Model answer", "Rubric", "answers a step in one input", "2 students gave this answer",
        "this was found in cell 26, right below it", "Two zeros lie on one diagonal.", "Left blank",
    ):  # fmt: skip
        assert said in " ".join(page.text.split())
    assert page.text.count("by the same amount everywhere") == 1
    rows = {row["students"]: row for row in table_of(marked)}
    assert set(rows) == {"ada | ben", "cleo", "dora | fay", "gus", "hal"}
    assert rows["dora | fay"]["answer"] == "blank"

    path = fill(
        marked,
        tmp_path,
        {
            "ada": {"points": "¾", "comment": "=Well⏎argued"},
            "gus": {"points": "0,25"},
            "hal": {"comment": "Hm."},
        },
    )
    done = run(marked, "--read", path)
    assert done.returncode == 0, done.stderr
    assert "3 marks and 3 comments recorded, 3 answers as before; 2 still to mark" in done.stdout
    assert state(marked) == {
        "ada": (0.75, "=Well\nargued", False), "ben": (0.75, "=Well\nargued", False), "cleo": (None, "", True),
        "dora": (None, "", False), "fay": (None, "", False), "gus": (0.25, "", False), "hal": (None, "Hm.", True),
    }  # fmt: skip
    # The same again, and the table written anew, say nothing new.
    assert "0 marks and 0 comments recorded" in run(marked, "--read", path).stdout
    run(marked)
    raw = (marked.root / "reports" / f"written-{CHAPTER}.csv").read_text(encoding="utf-8-sig")
    assert "'=Well⏎argued" in raw
    again = run(marked, "--read", marked.root / "reports" / f"written-{CHAPTER}.csv")
    assert "0 marks and 0 comments recorded, 7 answers as before" in again.stdout
    # nbgrader has recorded it, and grading again keeps it.
    marked.grade()
    assert state(marked)["ada"] == (0.75, "=Well\nargued", False)
    config = marked.course.config()
    with Gradebook(database_url(config), "fnnkit") as book:
        assert book.find_submission(CHAPTER, "ada").written_score == 0.75


@pytest.mark.exhaustive
@needs_sandbox
def test_a_newer_mark_is_kept_unless_somebody_agrees(classroom, tmp_path):
    hand_in_class(classroom)
    run(classroom)
    path = fill(classroom, tmp_path, {"ada": {"points": "1"}, "cleo": {"points": "0"}})
    untouched = (tmp_path / "untouched.csv", fill(classroom, tmp_path, {}).read_text())
    path = fill(classroom, tmp_path, {"ada": {"points": "1"}, "cleo": {"points": "0"}})
    untouched[0].write_text(untouched[1])
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "fnnkit") as book:  # as Formgrader does
        grade = book.find_grade(QUESTION, CHAPTER, CHAPTER, "ada")
        grade.manual_score, grade.needs_manual_grade = 0.5, False
        book.db.commit()
    assert run(classroom, "--read", untouched[0]).returncode == 0
    assert state(classroom)["ada"] == (0.5, "", False)
    done = run(classroom, "--read", path)
    assert done.returncode == 1
    assert "kept      ada, why_not_linear: 0.5 points → 1" in done.stderr
    assert state(classroom)["ada"] == (0.5, "", False)
    assert state(classroom)["ben"] == (1.0, "", False)
    assert state(classroom)["cleo"] == (0.0, "", False)
    assert run(classroom, "--read", path, "--overwrite").returncode == 0
    assert state(classroom)["ada"] == (1.0, "", False)


@pytest.mark.exhaustive
@needs_sandbox
def test_what_does_not_fit_is_refused_with_its_line_and_nothing_is_recorded(classroom, tmp_path):
    hand_in_class(classroom)
    run(classroom)
    rows = table_of(classroom)
    rows[0] |= {"points": "1"}
    rows[1] |= {"points": "1.5"}
    rows[2] |= {"points": "viel"}
    rows[3] |= {"mark": "edited"}
    rows[4] |= {"students": "nobody\u202e", "points": "1"}
    rows += [{**rows[0]}, {**rows[0], "question": "other"}, {**rows[0], "students": " | "}]
    before = state(classroom)
    done = run(classroom, "--read", fill(classroom, tmp_path, {}, rows))
    assert done.returncode == 2
    for line, said in enumerate(
        ["1.5 points, and the question is worth 1", "'viel' is no number", "its column mark is not as it was",
         r"\u202e' has no answer", "is in line 2 as well", "no written question 'other'", "names no student"],
        3,
    ):  # fmt: skip
        assert re.search(rf"line {line}: .*{re.escape(said)}", done.stderr), (line, done.stderr)
    assert "7 lines do not fit: nothing was recorded" in done.stderr
    assert state(classroom) == before
    # An answer that was handed in anew is another answer.
    path = fill(classroom, tmp_path, {"hal": {"points": "1"}})
    classroom.hand_in("hal", {QUESTION: "Something else."})
    classroom.grade()
    done = run(classroom, "--read", path)
    assert done.returncode == 2
    assert "the answer of hal is another one since" in done.stderr
    assert state(classroom) == before


def test_unknown_names_and_broken_tables_are_one_line(classroom, tmp_path):
    assert run(classroom).returncode == 2
    assert "nobody is in the gradebook" in run(classroom).stderr
    other = classroom.command("grader", "written", "ch9")
    assert (other.returncode, other.stderr.count("\n")) == (2, 1)
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(marking_sheet.CourseError, match="has no column question"):
        marking_sheet.read(tmp_path / "x.csv", [], [])


def answer(student="ada", text="Because.", **more):
    return hand_marks.Answer(student, QUESTION, text, **more)


@pytest.mark.parametrize(
    "comment", ["", "=1+1", "'=1+1", "-", "a\nb", " spaced ", "\u202ex", "x" * 5000, "'", "⏎", 'a;b,"c"']
)
@pytest.mark.parametrize("points", [None, 0.0, 0.25, 1 / 3])
def test_a_table_that_nobody_filled_in_says_nothing(classroom, comment, points):
    asked = [hand_marks.Question(QUESTION, 1.0, "stub")]
    answers = [answer(points=points, comment=comment), answer("ben", points=points), answer("cleo", "")]
    path = marking_sheet.write(classroom.course, CHAPTER, asked, marking_sheet.grouped(answers))
    filled = marking_sheet.read(path, asked, answers)
    assert (filled.given, filled.newer, filled.refused, filled.unchanged) == ([], [], [], 3)


@pytest.mark.exhaustive
def test_a_mark_that_was_taken_out_of_the_table_is_asked_about(classroom):
    asked, answers = [hand_marks.Question(QUESTION, 1.0, "stub")], [answer(points=0.5)]
    path = marking_sheet.write(classroom.course, CHAPTER, asked, marking_sheet.grouped(answers))
    path.write_text(path.read_text().replace(",0.5,", ",,"))
    assert "a mark is taken back in Formgrader" in marking_sheet.read(path, asked, answers).refused[0]


@pytest.mark.exhaustive
def test_a_mark_of_a_text_that_changed_is_given_again_be_it_the_same(classroom):
    asked, answers = [hand_marks.Question(QUESTION, 1.0, "stub")], [answer(points=0.5, waiting=True)]
    path = marking_sheet.write(classroom.course, CHAPTER, asked, marking_sheet.grouped(answers))
    assert marking_sheet.read(path, asked, answers).unchanged == 1
    path.write_text(path.read_text().replace(",ada,,", ",ada,0.5,"))
    [given] = marking_sheet.read(path, asked, answers).given
    assert given.points == 0.5


@pytest.mark.exhaustive
def test_a_mark_given_at_this_moment_stops_the_recording(classroom):
    classroom.hand_in("ada", {QUESTION: SAME})
    if not modes.available():
        pytest.skip("bubblewrap is missing or cannot make namespaces")
    classroom.grade()
    config = classroom.course.config()
    [before] = hand_marks.answers(classroom.course, CHAPTER, config)
    hand_marks.record(classroom.course, CHAPTER, config, [hand_marks.Given(before, 0.5)])
    with pytest.raises(marking_sheet.CourseError, match="somebody is marking ada at this moment"):
        hand_marks.record(classroom.course, CHAPTER, config, [hand_marks.Given(before, 1.0)])
    assert state(classroom)["ada"] == (0.5, "", False)
