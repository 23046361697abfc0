"""Rosters: what Moodle, Canvas, Blackboard and nbgrader export, in their dialects."""

from __future__ import annotations

import re

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from grader.commands.app import app
from grader.course import CourseError
from grader.term import people

MOODLE = "\ufeffFirst name,Last name,ID number,Email address,Groups\n"
MOODLE += 'Ada,Berg,1001,Ada@uni.org,Team A\nZoë,"O\'Neil",1002,zoe@uni.org,\n'
GERMAN = "Vorname;Nachname;Anmeldename;E-Mail-Adresse\nJörg;Müller;jm;jm@uni.org\n"
WORKSHEET = "Identifier,Full name,Email address,Status\nParticipant 12345,Ada Berg,ada@uni.org,Submitted\n"
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Homework (12)\n"
    '    Points Possible,,,,,10\n"Berg, Ada",4711,1001,aberg,A,\n"Student, Test",99,,x,A,\n'
)
BLACKBOARD = '"Last Name"\t"First Name"\t"Username"\t"Student ID"\n"Berg"\t"Ada"\t"aberg"\t"1001"\n'
NBGRADER = "id,first_name,last_name,email,lms_user_id\nada,Ada,Berg,,7\n"


def read(tmp_path, text, encoding="utf-8", **more):
    path = tmp_path / "class.csv"
    path.write_bytes(text.encode(encoding))
    return people.read(path, **more).people


@pytest.mark.parametrize(
    ("text", "encoding", "first"),
    [
        (MOODLE, "utf-8", people.Person("1001", "Berg", "Ada", "Ada@uni.org", number="1001", group="Team A")),
        (GERMAN, "cp1252", people.Person("jm", "Müller", "Jörg", "jm@uni.org", "jm")),
        (WORKSHEET, "utf-8", people.Person("ada@uni.org", "Berg", "Ada", "ada@uni.org", lms="12345")),
        (CANVAS, "utf-8", people.Person("aberg", "Berg", "Ada", login="aberg", number="1001", lms="4711")),
        (BLACKBOARD, "utf-16", people.Person("aberg", "Berg", "Ada", login="aberg", number="1001")),
        (NBGRADER, "utf-8", people.Person("ada", "Berg", "Ada", lms="7")),
    ],
)
def test_each_dialect(tmp_path, text, encoding, first):
    assert read(tmp_path, text, encoding)[0] == first


def test_canvas_lines_about_nobody_are_nobody(tmp_path):
    assert len(read(tmp_path, CANVAS)) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("a,b\n1,2\n", "names nobody"),
        ("First name,Last name,Username\nA,B,x\nC,D,x\n", "line 3: x is there twice"),
        ("First name,Last name,Username\nA,B,../x\n", "cannot be the name of a folder"),
        ("PK\x03\x04", "save it as CSV"),
    ],
)
def test_bad_tables_are_one_line(tmp_path, text, said):
    with pytest.raises(CourseError, match=re.escape(said)):
        read(tmp_path, text)


def test_people_are_found_by_keys_and_then_by_name():
    roster = people.Roster(
        [
            people.Person("s1", "O'Neil-Łoś", "Zoë", "zoe@uni.org", "zo", "77", "4711"),
            people.Person("s2", "Müller", "Jörg"), people.Person("s3", "Müller", "Jorg"),
        ]
    )  # fmt: skip
    for keys, name in (
        (("4711",), ""),
        (("ZO",), ""),
        (("zoe",), ""),
        ((), "Zoe ONeil Los"),
        ((), "oneilloszoe"),
    ):
        assert roster.find(keys, name).person.id == "s1"
    assert {p.id for p in roster.find((), "Jorg Muller").people} == {"s2", "s3"}
    assert roster.find((), "Joerg Mueller").person.id == "s2"
    assert roster.find((), "nobody").people == ()
    assert roster.find((), "").people == ()


def test_names_get_into_the_gradebook_and_strangers_are_told(classroom, tmp_path, monkeypatch):
    monkeypatch.chdir(classroom.root)
    classroom.hand_in("1001")
    classroom.hand_in("stranger")
    table = tmp_path / "moodle.csv"
    table.write_text(MOODLE, encoding="utf-8")
    done = CliRunner().invoke(app, ["roster", str(table)])
    assert done.exit_code == 0, done.output
    assert "2 people" in done.output
    assert "not in the roster: stranger" in done.output
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "fnnkit") as book:
        assert {s.id: (s.last_name, s.first_name) for s in book.students} == {
            "1001": ("Berg", "Ada"), "1002": ("O'Neil", "Zoë")
        }  # fmt: skip
    assert people.kept(classroom.course).by_id["1001"].group == "Team A"
    table.write_text(MOODLE.replace("Zoë", "Zoé").replace("1001", "1009"), encoding="utf-8")
    again = CliRunner().invoke(app, ["roster", str(table)])
    assert "no longer in it: 1001 Ada Berg" in again.output


@pytest.mark.exhaustive
def test_nobody_is_called_none_without_a_roster(classroom):
    """By both ways of grading; who has been in the gradebook without a name gets one too."""
    from nbgrader.api import Student

    for student in ("Ada Maria Berg", "s4711"):
        classroom.hand_in(student)
    classroom.grade(trust_submissions=True)

    def names():
        with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "fnnkit") as book:
            return {s.id: (s.last_name, s.first_name) for s in book.students}

    expected = {"Ada Maria Berg": ("Berg", "Ada Maria"), "s4711": ("s4711", "")}
    assert names() == expected
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "fnnkit") as book:
        book.db.add(Student(id="old"))
        book.db.add(Student(id="named", first_name="N", last_name="Amed"))
        book.db.commit()
    classroom.hand_in("stock")
    done = classroom.command(
        "nbgrader",
        "autograde",
        classroom.chapter,
        "--student",
        "stock",
        "--JudgedExecute.trust_submissions=True",
    )
    assert done.returncode == 0, done.stderr
    assert names() == expected | {"old": ("old", ""), "stock": ("stock", ""), "named": ("Amed", "N")}


@pytest.mark.exhaustive
def test_grade_names_who_is_missing_and_who_is_unknown(classroom, tmp_path, monkeypatch):
    monkeypatch.chdir(classroom.root)
    classroom.hand_in("1001")
    classroom.hand_in("stranger")
    (tmp_path / "moodle.csv").write_text(MOODLE, encoding="utf-8")
    assert CliRunner().invoke(app, ["roster", str(tmp_path / "moodle.csv")]).exit_code == 0
    done = classroom.command("grader", "grade", classroom.chapter, "--trust-submissions")
    assert "1 handed in nothing: 1002 Zoë O'Neil" in done.stdout, done.stdout + done.stderr
    assert "not in the roster: stranger" in done.stdout
    assert "1001 Ada Berg" in done.stdout
