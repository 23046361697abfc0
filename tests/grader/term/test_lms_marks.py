"""Marks go into the very file that the platform gave: its dialect, its column, its people, and nothing else changes."""

from __future__ import annotations

import pytest

from grader.course import CourseError
from grader.gradebook.scores import Mark, Score
from grader.sandbox import modes
from grader.term import giving_back, lms_file, lms_marks
from grader.term.people import Person, Roster

CHAPTER, QUESTION = "ch1_xor", "why_not_linear"
needs_sandbox = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)
MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,Last modified (submission),"
    "Last modified (grade),Feedback comments\r\n"
)
CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section,ch1_xor (77),Quiz (78),Current Score\n"
ADA, BEN, CLEO, DORA = (
    Person("ada", "Berg", "Ada", "ada@uni.org", "aberg", "1001", "4711"), Person("ben", "Cohen", "Ben", "ben@uni.org"),
    Person("cleo", "Diaz", "Cleo", "cleo@uni.org"), Person("dora", "Berg", "Ada", "dora@uni.org"),
)  # fmt: skip


def score(total, waiting=False, flagged=False):
    return Score(total, 16.5, 0.0, waiting, {}, {}, {}, marks=(Mark("mse", 1.0, 1.0, 1.0, flagged=flagged),))


def fill(classroom, tmp_path, text, known, platform="moodle", people=(ADA, BEN, CLEO), **more):
    path = tmp_path / "given.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    file = lms_file.read(path)
    settings = {"possible": 16.5} | more
    made = lms_marks.fill(classroom.course, CHAPTER, file, platform, Roster(people), known, **settings)
    made.apply()
    made.file.write(tmp_path / "out.csv")
    return made, (tmp_path / "out.csv").read_bytes()


def line(number, name, email, grade="", most="16.50", can="Yes"):
    return f'Participant {number},{name},{email},"Submitted, late",{grade},{most},{can},"Friday, 2 October",-,"=a ""b"""\r\n'


def test_nothing_but_the_marks_is_different(classroom, tmp_path):
    rows = [
        line(1, "Ada Berg", "ada@uni.org"),
        line(2, '"Cohen, Ben"', "ben@uni.org", "3.00"),
        line(3, "Cleo Diaz", "cleo@uni.org", "7"),
    ]
    known = {"ada": score(12.75), "ben": score(3.0)}
    made, raw = fill(classroom, tmp_path, "\ufeff" + MOODLE + "".join(rows), known)
    assert (
        raw
        == (
            "\ufeff"
            + MOODLE
            + line(1, "Ada Berg", "ada@uni.org", "12.75")
            + rows[1]
            + rows[2].replace(",7,", ",,")
        ).encode()
    )
    assert [x.changes for x in made.lines] == [True, False, True]
    assert made.by_state("nothing")[0].called == "Cleo Diaz"


def test_nothing_right_is_0_and_nothing_handed_in_is_empty(classroom, tmp_path):
    text = MOODLE + line(1, "Ada Berg", "ada@uni.org") + line(2, "Ben Cohen", "ben@uni.org", "0.00")
    _, raw = fill(classroom, tmp_path, text, {"ada": score(0.0)})
    assert b'late",0,16.50' in raw.splitlines()[1]
    assert b'late",,16.50' in raw.splitlines()[2]


GERMAN = (
    "ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;Bewertung kann geändert werden\n"
    "Teilnehmer/in1;Ada Berg;ada@uni.org;Abgegeben;;16,50;Ja\n"
)


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be"])
def test_the_dialect_stays(classroom, tmp_path, code):
    text = ("\ufeff" if code == "utf-16-be" else "") + GERMAN
    _, raw = fill(classroom, tmp_path, text.encode(code), {"ada": score(12.75)})
    assert raw.decode(code) == text.replace(";;16,50", ";12,75;16,50")
    assert raw[:2] == text.encode(code)[:2]


def test_canvas_has_its_own_lines_and_columns(classroom, tmp_path):
    text = (
        CANVAS + ",,,,,Manual Posting,,\n    Points Possible,,,,,16.5,10,(read only)\n"
        '"Berg, Ada",4711,1001,aberg,A,1.0,9,50\n"Student, Test",99,,x,A,,,\n"Cohen, Ben",4712,1002,bcohen,A,,,'
    )
    made, raw = fill(classroom, tmp_path, text, {"ada": score(16.5)}, "canvas")
    assert raw.decode() == text.replace("A,1.0,9", "A,16.5,9")
    assert [(x.called, x.state) for x in made.lines] == [("Ada Berg", "graded"), ("Ben Cohen", "nothing")]


@pytest.mark.parametrize(
    ("text", "platform", "said"),
    [
        ("a,b\n1,2\n", "moodle", "has no column that is clearly the one of ch1_xor: say --column TITLE; there are 'a', 'b'"),
        (CANVAS.replace("ch1_xor", "Homework"), "canvas", "there are 'Homework (77)', 'Quiz (78)'"),
        (MOODLE + line(1, "Ada Berg", "ada@uni.org", most="100"), "moodle", "the most is 100 points, and ch1_xor has 16.5"),
        (MOODLE + line(1, "Ada Berg", "ada@uni.org") * 2, "moodle", "lines 2 (Ada Berg) and 3 (Ada Be"),
        (MOODLE + "Participant 1,Ada Berg,ada@uni.org\r\n", "moodle", "line 2: it has fewer cells"),
        ("", "moodle", "is empty"),
        ("PK\x03\x04", "moodle", "is a spreadsheet"),
    ],
)  # fmt: skip
def test_what_cannot_be_filled_in_is_one_line(classroom, tmp_path, text, platform, said):
    with pytest.raises(CourseError) as problem:
        fill(classroom, tmp_path, text, {"ada": score(1.0)}, platform)
    assert said in str(problem.value)
    assert "\n" not in str(problem.value)
    assert not (tmp_path / "out.csv").exists()


def test_a_column_can_be_named_and_marks_can_be_scaled(classroom, tmp_path):
    text = MOODLE + line(1, "Ada Berg", "ada@uni.org", most="100")
    made, _ = fill(classroom, tmp_path, text, {"ada": score(8.25)}, column=" grade ", scale=True)
    assert made.lines[0].after == "50"


def test_people_are_never_guessed(classroom, tmp_path):
    """Moodle's numbers are those of one assignment; two of a name are asked about; keys that disagree too."""
    people = (ADA, BEN, CLEO, DORA)
    known = {p.id: score(5.0) for p in people}
    text = MOODLE + line(4711, "Ada Berg", "") + line(9, "Somebody", "ben@uni.org")
    made, raw = fill(classroom, tmp_path, text, known, people=people)
    assert (made.lines[0].person, made.lines[0].state) == (None, "ambiguous")
    assert made.lines[0].why == "may be ada (name) or dora (name)"
    assert made.lines[1].person == BEN
    assert raw.count(b",5,") == 1
    made, _ = fill(classroom, tmp_path, text, known, people=people, told={"Ada Berg": "dora"})
    assert made.lines[0].person == DORA
    giving_back.remember(
        classroom.course, CHAPTER, {("cleo", "moodle"): "Ada Berg_4711_assignsubmission_file_"}
    )
    made, _ = fill(classroom, tmp_path, text, known, people=people)
    assert made.lines[0].person == CLEO
    wrong = MOODLE + line(4711, "Ada Berg", "ben@uni.org")
    made, _ = fill(classroom, tmp_path, wrong, known, people=people)
    assert made.lines[0].why == "may be ben (email) or cleo (number in file names)"


def test_who_is_not_finished_or_not_there_is_left_and_said(classroom, tmp_path):
    text = (
        MOODLE
        + line(1, "Ada Berg", "ada@uni.org", "4")
        + line(2, "Ben Cohen", "ben@uni.org")
        + line(3, "X", "x@y.z", "2")
    )
    known = {"ada": score(1.0, waiting=True), "ben": score(2.0, flagged=True), "cleo": score(3.0)}
    made, raw = fill(classroom, tmp_path, text, known)
    assert raw.decode() == text
    assert [(x.state) for x in made.lines] == ["waiting", "waiting", "unknown"]
    assert made.absent == [("cleo", 3.0)]
    locked = MOODLE + line(1, "Ada Berg", "ada@uni.org", "4", can="No")
    made, raw = fill(classroom, tmp_path, locked, {"ada": score(1.0)})
    assert (made.lines[0].state, raw.decode()) == ("locked", locked)


def test_more_than_the_platform_takes_is_said(classroom, tmp_path):
    made, _ = fill(classroom, tmp_path, MOODLE + line(1, "Ada Berg", "ada@uni.org"), {"ada": score(17.0)})
    assert [x.after for x in made.above] == ["17"]


@pytest.mark.exhaustive
@needs_sandbox
def test_the_marks_of_a_class_as_a_lecturer_uploads_them(classroom, tmp_path):
    classroom.hand_in("Ada Berg")
    classroom.hand_in("Ben Cohen", {})
    classroom.hand_in("Cleo Diaz", {QUESTION: "Because."})
    classroom.hand_in_text("Fay Broken", "{")
    path = tmp_path / "Grades-CS.csv"
    names = ("Ada Berg", "Ben Cohen", "Cleo Diaz", "Eve Away", "Fay Broken")
    given = MOODLE + "".join(line(i, name, f"{i}@uni.org") for i, name in enumerate(names))
    possible = classroom.total + 1
    given = given.replace("16.50", f"{possible:.2f}")
    path.write_text(given, newline="")

    def run(*more):
        return classroom.command("grader", "marks", CHAPTER, "--moodle", str(path), *more)

    assert "nobody is in the gradebook with ch1_xor" in run().stderr
    classroom.without_gradebook()
    assert "there is no gradebook yet" in run().stderr
    classroom.grade()
    refused = run()
    assert refused.returncode == 2
    assert "1 to be marked by hand (Cleo Diaz); 1 handed in and not graded (Fay Broken)" in refused.stderr
    assert len(list(tmp_path.glob("*.csv"))) == 1
    done = run("--incomplete")
    assert done.returncode == 0, done.stderr
    assert f"Ada Berg: – → {classroom.total:g}" in done.stdout
    assert "Ben Cohen: – → 0" in done.stdout
    assert "5 lines: 2 new, 1 handed in nothing, 2 left, not finished" in done.stdout
    filled = (tmp_path / f"Grades-CS-{CHAPTER}.csv").read_text()
    assert [x.split('late",')[1].split(",")[0] for x in filled.splitlines()[1:]] == [
        f"{classroom.total:g}",
        "0",
        "",
        "",
        "",
    ]
    assert path.read_bytes().decode() == given
    same = run("--incomplete", "--output", str(path))
    assert same.returncode == 2
    assert "is what the platform gave" in same.stderr
    for wrong in (["--moodle", "x", "--canvas", "y"], []):
        done = classroom.command("grader", "marks", CHAPTER, *wrong)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
