"""The table of all marks: of classes of thousands, beside other chapters, whatever somebody has made of it."""

from __future__ import annotations

import csv
import io
import itertools
import os
import tracemalloc

import pytest

from fnnkit.judge.registry import exercises
from fnnkit.judge.verdict import Problem, Result, Verdict
from grader.course import Course
from grader.entry import Batch, Entry
from grader.gradebook.tables import table_text
from grader.marking.marking import Marking
from grader.term.marks import COLUMNS, place_of, write_marks

CHAPTER = "ch1_xor"
EXERCISES = exercises(CHAPTER)


def marking(wrong=False):
    return Marking(
        {
            e.name: Verdict(
                e.name,
                tuple(
                    Result(c.name, c.worth, 0.0 if wrong else c.worth, Problem("values") if wrong else None)
                    for c in e.criteria
                ),
                "swapped" if wrong else "",
                core=e.core,
            )
            for e in EXERCISES
        }
    )


def batch(root, names, wrong=()):
    entries = [Entry(name, marking=marking(name in wrong)) for name in names]
    return Batch(Course(root), CHAPTER, [*entries, Entry("broken", state="failed")])


def rows(root):
    with place_of(root).open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)]


def simple(root, made):
    """The same table, made in the plainest way."""
    old = rows(root)[1:] if place_of(root).exists() else []
    found = {e.student: e.marking.verdicts for e in made.entries if e.marking}
    new = [row for student, verdicts in found.items() for row in lines_of(student, verdicts)]
    kept = [row for row in old if row[1] != CHAPTER or row[0] not in found]
    return table_text(COLUMNS, sorted([*new, *kept])).encode()


def lines_of(student, verdicts):
    for name, verdict in verdicts.items():
        for number, result in enumerate(verdict.results):
            points = f"{result.earned:g}" if verdict.core else ""
            shown = (
                verdict.misconception if number == 0 else ""
            )  # all that is wrong here is wrong from the first on
            yield student, CHAPTER, name, result.criterion, points, shown


def test_lines_of_others_and_of_other_chapters_stay(tmp_path):
    made = batch(tmp_path, ["Zoë", "ada", "ben"], wrong=["ben"])
    expected = simple(tmp_path, made)
    assert write_marks(made).read_bytes() == expected
    more = [("ada", "ch2_output_units", "nll", "a", "1", ""), ("aaa", CHAPTER, "mse", "x", "0", "")]
    place_of(tmp_path).write_text(table_text(COLUMNS, sorted([*rows(tmp_path)[1:], *more])))
    made = batch(tmp_path, ["ada", "cid"], wrong=["ada"])
    expected = simple(tmp_path, made)
    assert write_marks(made).read_bytes() == expected
    assert set(more) <= set(rows(tmp_path))


def test_the_same_marks_leave_the_file_alone(tmp_path):
    path = write_marks(batch(tmp_path, ["ada"]))
    os.utime(path, (1, 1))
    write_marks(batch(tmp_path, ["ada"]))
    assert path.stat().st_mtime == 1
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def sorted_by_points(text):
    header, *lines = text.splitlines()
    return "\n".join([header, *sorted(lines, key=lambda line: line.split(",")[-2], reverse=True)]) + "\n"


def with_semicolons(text):
    made = io.StringIO()
    csv.writer(made, delimiter=";").writerows(csv.reader(io.StringIO(text)))
    return made.getvalue()


@pytest.mark.parametrize(
    "change",
    [sorted_by_points, lambda text: "\ufeff" + text, with_semicolons],
    ids=["sorted", "marked", "semicolons"],
)
def test_a_table_that_a_spreadsheet_has_written_is_read_as_well(tmp_path, change):
    path = write_marks(batch(tmp_path, ["ada", "ben"], wrong=["ben"]))
    whole = path.read_text()
    path.write_text(change(whole))
    assert write_marks(batch(tmp_path, ["ada"])).read_text() == whole


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\0\0", '"'])
def test_something_else_in_its_place_makes_way(tmp_path, text):
    place_of(tmp_path).parent.mkdir()
    place_of(tmp_path).write_text(text)
    expected = simple_of_nothing(tmp_path)
    assert write_marks(batch(tmp_path, ["ada"])).read_bytes() == expected


def simple_of_nothing(root):
    return simple(root / "nowhere", batch(root, ["ada"]))


def test_more_lines_than_fit_stay_where_they_are_and_never_into_the_memory(tmp_path):
    """More than the 100,000 lines that are read of a table that somebody has made."""
    others = [
        (f"s{i:05}", "ch0", "an exercise", f"criterion {k}", "1", "") for i in range(13_000) for k in range(8)
    ]
    place_of(tmp_path).parent.mkdir()
    place_of(tmp_path).write_text(table_text(COLUMNS, others))
    made = batch(tmp_path, [f"s{i:05}" for i in range(0, 13_000, 1000)])
    tracemalloc.start()
    try:
        write_marks(made)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    found = rows(tmp_path)
    assert set(others) <= set(found)
    assert len(found) == 1 + len(others) + 13 * sum(len(e.criteria) for e in EXERCISES)
    assert all(a <= b for a, b in itertools.pairwise(found[1:]))
    assert most < 12e6  # the lines alone are 20 MB as tuples, and the text 5
