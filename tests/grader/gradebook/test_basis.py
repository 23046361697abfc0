"""On what marks rest: kept bit by bit while a class is recorded, and as one file afterwards; what is damaged counts as none."""

from __future__ import annotations

import os

import pytest

from grader import recording
from grader.course import Course
from grader.gradebook.basis import Basis, Record, Shared
from grader.sandbox import modes

CHAPTER = "ch1_xor"
SHARED = Shared({"mse": "1"}, "judge", "given", {"check_mse": 1.0}, "never")


def basis(number, shared=SHARED):
    return Basis(f"key {number}", f"print {number}", {"mse": f"{number:020}"}, "", "", "", shared)


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


def parts(course):
    return sorted(course.private.glob(f"recorded-{CHAPTER}.0*.json"))


def said(record):
    return record.states, record.bases, record.moved


def test_what_is_kept_bit_by_bit_is_read_as_one_and_becomes_one_file(course):
    record = Record.read(course, CHAPTER)
    record.keep({"ada": basis(1), "ben": basis(2)}, {"ada": ["check_mse"], "ben": []})
    other = Shared({"mse": "2"}, "judge", "given", {"check_mse": 1.0}, "never")
    record.keep({"ada": basis(3, other), "cid": basis(4)}, {"ada": [], "cid": ["why"]})
    assert len(parts(course)) == 2
    assert not course.record(CHAPTER).exists()
    assert record.states == {
        "ada": basis(3, other).digest(),
        "ben": basis(2).digest(),
        "cid": basis(4).digest(),
    }
    assert record.moved == {"cid": ["why"]}
    again = Record.read(course, CHAPTER)
    assert said(again) == said(record)
    # Somebody goes on after a run that was killed.
    again.keep({"dora": basis(5)}, {"cid": []})
    assert len(parts(course)) == 3
    again.gather()
    assert not parts(course)
    assert said(Record.read(course, CHAPTER)) == said(again)
    assert set(again.states) == {"ada", "ben", "cid", "dora"}
    assert not again.moved


def test_what_was_killed_between_writing_and_clearing_up_says_the_same(course):
    record = Record.read(course, CHAPTER)
    record.keep({"ada": basis(1)}, {"ada": ["check_mse"]})
    record.keep({"ada": basis(2)}, {"ada": []})
    left = {path: path.read_bytes() for path in parts(course)}
    record.gather()
    for path, text in left.items():
        path.write_bytes(text)
    assert said(Record.read(course, CHAPTER)) == said(record)


@pytest.mark.parametrize("damage", ["torn", "another's", "folder", "another chapter's"])
def test_a_part_that_is_damaged_counts_as_none_and_the_others_hold(course, damage):
    record = Record.read(course, CHAPTER)
    for number, name in enumerate(("ada", "ben", "cid")):
        record.keep({name: basis(number)}, {})
    first, second, third = parts(course)
    if damage == "torn":
        second.write_bytes(second.read_bytes()[:-20])
    elif damage == "another's":
        second.write_bytes(first.read_bytes())
    elif damage == "folder":
        second.unlink()
        second.mkdir()
    else:
        other = Record.read(course, "ch5_backprop")
        other.keep({"ben": basis(7)}, {})
        second.write_bytes(other.parts[0].read_bytes())
    found = Record.read(course, CHAPTER)
    assert set(found.states) == set(found.bases) == {"ada", "cid"}
    found.keep({"ben": basis(1)}, {})
    assert parts(course)[-1] > third
    found.gather()
    assert set(Record.read(course, CHAPTER).states) == {"ada", "ben", "cid"}


def test_what_is_written_for_some_does_not_grow_with_the_class(course):
    record = Record.read(course, CHAPTER)
    record.keep({f"s{i:05}": basis(i) for i in range(2000)}, {})
    record.gather()
    stamp = os.stat(course.record(CHAPTER)).st_mtime_ns
    for start in range(2000, 2100, 20):
        record.keep({f"s{i:05}": basis(i) for i in range(start, start + 20)}, {})
    assert os.stat(course.record(CHAPTER)).st_mtime_ns == stamp
    sizes = [path.stat().st_size for path in parts(course)]
    assert len(sizes) == 5
    assert max(sizes) < 15_000
    assert max(sizes) - min(sizes) < 100
    assert len(Record.read(course, CHAPTER).states) == 2100


@pytest.mark.skipif(not modes.available(), reason="bubblewrap is missing or cannot make namespaces")
def test_a_run_that_breaks_off_leaves_what_is_recorded_to_the_next(classroom, monkeypatch):
    for name in ("ada", "ben", "cid"):
        classroom.hand_in(name)
    whole = recording._record_at_once

    def breaks_off(recorder, entries, told):
        if entries[0].student == "ben":
            raise KeyboardInterrupt
        return whole(recorder, entries, told)

    monkeypatch.setattr(recording, "AT_ONCE", 1)
    monkeypatch.setattr(recording, "_record_at_once", breaks_off)
    monkeypatch.setattr(Record, "gather", lambda self: None)  # as if it had been killed
    with pytest.raises(KeyboardInterrupt):
        classroom.grade()
    monkeypatch.undo()
    assert len(parts(classroom.course)) == 1
    assert {e.student: e.state for e in classroom.grade().entries} == {
        "ada": "unchanged", "ben": "graded", "cid": "graded"
    }  # fmt: skip
    assert not parts(classroom.course)
    assert {e.state for e in classroom.grade().entries} == {"unchanged"}
