"""Collecting: archives as platforms make them, names that are read right or asked about, and nothing that leads outside."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from datetime import UTC

import nbformat
import pytest
from typer.testing import CliRunner

from grader.commands.app import app
from grader.course import CourseError
from grader.gradebook.timestamps import zone_called
from grader.term import archives, collecting, layouts, people
from grader.term.people import Person, Roster

CHAPTER = "ch1_xor"
ROSTER = Roster(
    [
        Person("s01", "Berg", "Ada", "ada@uni.org", "aberg", "1001", "4711"),
        Person("s02", "O'Neil", "Zoë", "zoe@uni.org", "zoneil", "1002", "4712"),
        Person("s03", "Müller", "Jörg", "jm@uni.org", "jm_3", "1003", "4713"),
        Person("s04", "Kim", "Min", "min1@uni.org", "kim1", "1004", "4714"),
        Person("s05", "Kim", "Min", "min2@uni.org", "kim2", "1005", "4715"),
    ]
)


def zipped(files, path=None, flags=None):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            about = zipfile.ZipInfo(name, (2026, 10, 2, 9, 0, 0))
            about.external_attr = ((flags or {}).get(name, stat.S_IFREG | 0o644)) << 16
            archive.writestr(about, data)
    if path:
        path.write_bytes(made.getvalue())
    return made.getvalue()


@pytest.fixture
def work(classroom):
    """Notebooks with different work in them."""

    def notebook(number=0):
        text = f"# {number}\n{classroom.right['mse']}" if number else None
        return nbformat.writes(classroom.notebook({"mse": text} if text else {})).encode()

    return notebook


@pytest.fixture
def collect(classroom, tmp_path):
    def run(files, roster=ROSTER, **more):
        source = tmp_path / "all.zip"
        zipped(files, source)
        return collecting.plan(classroom.course, CHAPTER, source, roster, **more)

    return run


def who(made):
    return {person.id: found for person, found in made.rows}


def test_moodle(collect, work):
    made = collect(
        {
            "Ada Berg_12345_assignsubmission_file_/ch1_xor (1).ipynb": work(1),
            "Zoe ONeil_12346_assignsubmission_file_/work/ch1_xor.ipynb": work(2),
            "Zoe ONeil_12346_assignsubmission_file_/data.csv": b"1,2",
            "Jörg Müller_4713_assignsubmission_file_ch1_xor.ipynb": work(3),
            "Min Kim_12347_assignsubmission_file_/ch1_xor.ipynb": work(4),
            "Nobody Else_12348_assignsubmission_file_/ch1_xor.ipynb": work(5),
            "Ada Berg_12345_assignsubmission_onlinetext_/onlinetext.html": b"<script>",
        }
    )
    assert made.layout == "Moodle"
    assert set(who(made)) == {"s01", "s02", "s03"}
    assert set(who(made)["s02"].chosen.files) == {"ch1_xor.ipynb", "data.csv"}
    assert [f.who for f in made.ambiguous] == ["Min Kim_12347"]
    assert {p.id for p in made.ambiguous[0].match.people} == {"s04", "s05"}
    assert [f.who for f in made.unknown] == ["Nobody Else_12348"]
    assert made.missing == []
    assert who(made)["s01"].chosen.time is None
    assert "no time of submission" in who(made)["s01"].notes


def test_canvas_counts_attempts_and_says_late(collect, work):
    made = collect(
        {
            "bergada_4711_9001_ch1_xor.ipynb": work(1),
            "bergada_4711_9007_ch1_xor-2.ipynb": work(3),
            "bergada_4711_9005_ch1_xor-1.ipynb": work(2),
            "oneilzoe_LATE_99_9002_ch1_xor.ipynb": work(4),
            "kimmin_4715_9003_ch1_xor.ipynb": work(5),
        }
    )
    assert made.layout == "Canvas"
    found = who(made)
    assert set(found) == {"s01", "s02", "s05"}
    assert found["s01"].chosen.files == {"ch1_xor.ipynb": work(3)}
    assert len(found["s01"].attempts) == 3
    assert found["s02"].chosen.late
    assert "no time of submission; the platform says late" in found["s02"].notes
    assert [p.id for p in made.missing] == ["s03", "s04"]


def test_blackboard_times_are_read_right(collect, work):
    """The case archive-with-times-in-file-names, and logins and assignments with underscores."""
    made = collect(
        {
            "ch1_xor_aberg_attempt_2026-10-01-23-30-10_ch1_xor.ipynb": work(1),
            "ch1_xor_aberg_attempt_2026-10-01-23-30-10.txt": b"Name: Ada",
            "ch1_xor_aberg_attempt_2026-09-30-10-00-00_ch1_xor.ipynb": work(2),
            "ch1_xor_zoneil_attempt_2026-10-02-00-10-00_ch1_xor.ipynb": work(3),
            "ch1_xor_jm_3_attempt_2026-10-02-00-10-00_my work.ipynb": work(4),
            "ch1_xor_kim1_attempt_2026-13-02-00-10-00_ch1_xor.ipynb": work(5),
        },
        zone=zone_called("Europe/Berlin"),
    )
    found = who(made)
    assert {s: str(f.chosen.time) for s, f in found.items()} == {
        "s01": "2026-10-01 21:30:10", "s02": "2026-10-01 22:10:00", "s03": "2026-10-01 22:10:00"
    }  # fmt: skip
    assert len(found["s01"].attempts) == 2
    assert set(found["s03"].chosen.files) == {"ch1_xor.ipynb"}
    assert made.left == [
        ("ch1_xor_kim1_attempt_2026-13-02-00-10-00_ch1_xor.ipynb", "2026-13-02-00-10-00 is no time")
    ]


def test_folders_files_and_no_roster(collect, work):
    made = collect(
        {
            "class/Ada Berg/ch1_xor.ipynb": work(1),
            "class/Ada Berg/timestamp.txt": b"2026-10-02 09:00:00 UTC",
            "class/ben/ch1_xor/ch1_xor.ipynb": work(2),
        },
        Roster(()),
    )
    assert {s: str(f.chosen.time) for s, f in who(made).items()} == {
        "Ada Berg": "2026-10-02 09:00:00", "ben": "None"
    }  # fmt: skip
    bare = collect(
        {
            "ch1_xor_aberg.ipynb": work(1),
            "zoneil (1).ipynb": work(2),
            "zoneil.ipynb": work(3),
            "ch1_xor.ipynb": b"",
        }
    )
    assert set(who(bare)) == {"s01", "s02"}
    assert who(bare)["s02"].chosen.files["ch1_xor.ipynb"] == work(2)
    assert bare.left == [("ch1_xor.ipynb", "nothing in its name says whose it is")]


def test_a_zip_in_the_zip_and_an_untouched_copy(collect, work):
    inner = zipped({"ch1/ch1_xor.ipynb": work(), "ch1/ch1_xor-Copy1.ipynb": work(7)})
    made = collect({"s01/work.zip": inner, "s02/ch1_xor.ipynb": work(1)})
    assert who(made)["s01"].chosen.files["ch1_xor.ipynb"] == work(7)
    assert "beside an untouched copy" in who(made)["s01"].notes


def test_an_untouched_attempt_does_not_replace_work(collect, work):
    made = collect({"bergada_4711_9001_ch1_xor.ipynb": work(1), "bergada_4711_9007_ch1_xor-1.ipynb": work()})
    assert who(made)["s01"].chosen.files["ch1_xor.ipynb"] == work(1)
    assert any("untouched" in note for note in who(made)["s01"].notes)


def test_two_names_for_one_person_are_asked_about_and_can_be_told(collect, work):
    files = {
        "Ada Berg_1_assignsubmission_file_/ch1_xor.ipynb": work(1),
        "Berg Ada_2_assignsubmission_file_/ch1_xor.ipynb": work(2),
    }
    made = collect(files)
    assert not made.rows
    assert len(made.ambiguous) == 2
    told = collect(files, told={"Berg Ada_2": "s04"})
    assert set(who(told)) == {"s01", "s04"}
    with pytest.raises(CourseError, match="nobody in the roster"):
        collect(files, told={"Berg Ada_2": "s99"})


def test_one_of_a_group_hands_in_for_all_and_two_are_a_conflict(collect, work):
    roster = Roster(
        [Person(f"s{i}", f"Name{i}", "A", login=f"l{i}", group=("x", "x", "y", "y", "")[i]) for i in range(5)]
    )
    made = collect({f"s{i}/ch1_xor.ipynb": work(i + 1) for i in (0, 2, 3, 4)}, roster, by_group=True)
    assert set(who(made)) == {"s0", "s1", "s4"}
    assert who(made)["s1"] is who(made)["s0"]
    assert {f.who for f in made.ambiguous} == {"s2", "s3"}
    # Whose counts is said, and then it is that of all; two that count are a conflict as before.
    files = {f"s{i}/ch1_xor.ipynb": work(i + 1) for i in (0, 2, 3, 4)}
    said = collect(files, roster, by_group=True, told={"s3": "s3"})
    assert not said.ambiguous
    assert who(said)["s2"].who == who(said)["s3"].who == "s3"
    both = collect(files, roster, by_group=True, told={"s2": "s2", "s3": "s3"})
    assert {f.who for f in both.ambiguous} == {"s2", "s3"}


def test_of_two_that_one_person_handed_in_under_two_names_one_can_be_said_to_count(collect, work):
    roster = Roster([Person("s1", "Berg", "Ada", login="ada"), Person("s2", "Co", "Ben")])
    files = {"Ada Berg_1_assignsubmission_file_/ch1_xor.ipynb": work(1)}
    files |= {"Berg Ada_2_assignsubmission_file_/ch1_xor.ipynb": work(2)}
    assert len(collect(files, roster).ambiguous) == 2
    made = collect(files, roster, told={"Berg Ada_2": "s1"})
    assert (who(made)["s1"].who, made.ambiguous) == ("Berg Ada_2", [])
    assert made.left == [("Ada Berg_1", "Berg Ada_2 counts, the same person's")]


def test_nothing_of_a_hostile_archive_gets_out(classroom, collect, work, tmp_path):
    bomb = zipped({"a.ipynb": b"0" * (21 << 20)})
    deep = zipped({"deep.ipynb": work(1)})
    for _ in range(4):
        deep = zipped({"deeper.zip": deep})
    before = {p for p in tmp_path.rglob("*") if "a course" not in str(p)}
    source = tmp_path / "evil.zip"
    zipped(
        {
            "../../escaped.ipynb": work(1), "/etc/escaped.ipynb": work(1), "C:\\escaped.ipynb": work(1),
            "s01/link.ipynb": b"/etc/passwd", "s01/ch1_xor.ipynb": work(1), "s01/big.zip": bomb, "s01/deep.zip": deep,
            "s02/broken.zip": b"PK nothing", "..\\s03\\x.ipynb": work(1), "s02/\u202eevil.ipynb": work(2),
        },
        source, {"s01/link.ipynb": stat.S_IFLNK | 0o777},
    )  # fmt: skip
    made = collecting.plan(classroom.course, CHAPTER, source, Roster(()))
    assert set(who(made)) == {"s01", "s02"}
    reasons = " ".join(why for _, why in made.left)
    for said in ("leads out", "is a link", "more than 20 MB", "more than 3 deep", "damaged"):
        assert said in reasons
    collecting.write(classroom.course, made)
    after = {p for p in tmp_path.rglob("*") if "a course" not in str(p)}
    assert after - before == {source}
    written = {p.relative_to(classroom.root).parts[0] for p in classroom.root.rglob("*")}
    assert written == {"solutions", "course", "nbgrader_config.py", "gradebook.db", "submitted", "collected"}
    assert not any(p.is_symlink() for p in classroom.root.rglob("*"))
    # Names become plain ones.
    assert set(os.listdir(classroom.root / "submitted/s02" / CHAPTER)) == {f"{CHAPTER}.ipynb"}


def test_too_much_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(archives, "MOST_FILES", 3)
    zipped({f"{i}.ipynb": b"{}" for i in range(5)}, tmp_path / "many.zip")
    with pytest.raises(CourseError, match="more than 3 files"):
        archives.read(tmp_path / "many.zip")
    (tmp_path / "no.zip").write_bytes(b"hello")
    with pytest.raises(CourseError, match="neither a folder nor a zip"):
        archives.read(tmp_path / "no.zip")
    with pytest.raises(CourseError, match="cannot be read"):
        archives.read(tmp_path / "absent.zip")


def test_every_attempt_is_kept_and_an_older_one_replaces_nothing(classroom, collect, work):
    name = "ch1_xor_aberg_attempt_2026-10-{}-09-00-00_ch1_xor.ipynb"
    second = collect(
        {name.format("02"): work(2), "ch1_xor_zoneil_attempt_2026-10-02-09-00-00_a.ipynb": work(1)}
    )
    assert set(collecting.write(classroom.course, second).values()) == {"new"}
    assert set(collecting.write(classroom.course, second).values()) == {"unchanged"}
    earlier = collect({name.format("01"): work(1)})
    assert collecting.write(classroom.course, earlier) == {"s01": "older"}
    place = classroom.course.submitted("s01", CHAPTER)
    assert place.read_bytes() == work(2)
    assert place.with_name("timestamp.txt").read_text() == "2026-10-02 09:00:00 UTC\n"
    kept = sorted(p.name for p in (classroom.root / "collected" / CHAPTER / "s01").iterdir())
    assert kept == ["2026-10-01 09-00-00 UTC", "2026-10-02 09-00-00 UTC"]
    # What somebody put there by hand is kept as well.
    classroom.hand_in_text("s03", work(8))
    by_hand = collect({"ch1_xor_jm_3_attempt_2026-10-03-09-00-00_a.ipynb": work(9)})
    assert collecting.write(classroom.course, by_hand) == {"s03": "newer"}
    assert work(8) in {p.read_bytes() for p in (classroom.root / "collected").rglob("*.ipynb")}


def test_the_command_shows_before_it_writes(classroom, work, monkeypatch, tmp_path):
    monkeypatch.chdir(classroom.root)
    people.keep(classroom.course, ROSTER)
    zipped({"Ada Berg_1_assignsubmission_file_/ch1_xor.ipynb": work(1)}, tmp_path / "a.zip")

    def run(*line):
        return CliRunner().invoke(app, ["collect", CHAPTER, *line])

    shown = run(str(tmp_path / "a.zip"))
    assert isinstance(shown.exception, CourseError)
    assert "no time of submission is in these names" in shown.output
    assert "s01 (Ada Berg_1)\n" in shown.output
    assert "missing 4" in shown.output
    assert not (classroom.root / "submitted").exists()
    done = run(str(tmp_path / "a.zip"), "--yes")
    assert done.exit_code == 0, done.output
    assert "collected 1: 1 new" in done.output
    assert classroom.course.submitted("s01", CHAPTER).read_bytes() == work(1)
    zipped({"Who_1_assignsubmission_file_/ch1_xor.ipynb": work(1)}, tmp_path / "b.zip")
    nobody = run(str(tmp_path / "b.zip"), "--yes")
    assert nobody.exit_code != 0
    assert "nothing was collected" in str(nobody.exception)


def test_names_of_files_without_what_browsers_add():
    assert layouts.tidy("ch1_xor (3).ipynb") == "ch1_xor.ipynb"
    assert layouts.parse("x", "files", CHAPTER, UTC).who == "x"
