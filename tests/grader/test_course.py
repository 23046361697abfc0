"""A course on the disk: what is there, and what has changed."""

from __future__ import annotations

import os

from grader.course import Course


def test_something_is_new_until_it_is_graded_and_again_when_it_is_handed_in_again(classroom):
    course, chapter = classroom.course, classroom.chapter
    assert not course.has_new(chapter)  # nobody has handed in anything
    (course.root / "submitted").mkdir()
    (course.root / "submitted" / "a file").write_text("")
    assert not course.has_new(chapter)
    path = classroom.hand_in("ada")
    assert course.has_new(chapter)
    assert not course.has_new("ch2_output_units")
    course.record(chapter).write_text("{}")
    after = path.stat().st_mtime + 10
    os.utime(course.record(chapter), (after, after))
    assert not course.has_new(chapter)
    os.utime(path, (after + 10, after + 10))
    assert course.has_new(chapter)


def test_where_nothing_can_be_read_nothing_seems_new(classroom):
    (classroom.root / "submitted").write_text("no folder")
    assert not classroom.course.has_new(classroom.chapter)


def test_the_project_is_handed_out_and_is_no_chapter(tmp_path):
    for name in ("ch1_xor", "project"):
        (tmp_path / "course" / name).mkdir(parents=True)
        (tmp_path / "course" / name / f"{name}.ipynb").write_text("{}")
    (tmp_path / "course" / "README.md").write_text("")
    assert Course(tmp_path).handed_out() == ["ch1_xor"]
