"""The class in a terminal stays readable, however many exercises there are and however narrow it is."""

import re
from types import SimpleNamespace

import pytest
from rich.console import Console

from fnnkit.judge.verdict import Problem, Result, Verdict
from grader.course import Course
from grader.entry import Batch, Entry
from grader.gradebook.scores import Score
from grader.marking.marking import Marking
from grader.pages import table

STUDENTS = ("Ada Berg", "Élodie Lindqvist", "Quentin van der Hooghenstraaten-Müller", "李雷")


def exercise(number, core=True):
    return SimpleNamespace(
        name=f"exercise_with_a_long_name_{number}", points=2.0, worth=2.0 * core, core=core
    )


def verdict(name, points):
    """Points of two; None where nothing was written."""
    if points == 2:
        return Verdict(name, (Result("all", 2.0, 2.0),))
    if points is None:
        return Verdict(name, (Result("all", 2.0, 0.0, Problem("unanswered")),))
    wrong = Result("values", 2 - points, 0.0, Problem("values"))
    return Verdict(name, (wrong, Result("shape", points, points)) if points else (wrong,))


@pytest.fixture
def shown(tmp_path, monkeypatch):
    def make(exercises, width, students=STUDENTS, to_mark=False):
        core = [e for e in exercises if e.core]
        monkeypatch.setattr(table, "exercises", lambda chapter: tuple(exercises))
        monkeypatch.setattr("grader.batch.exercises", lambda chapter: tuple(exercises))
        entries, known = [], {}
        for n, student in enumerate(students):
            points = [(2.0, 1.75, 0.0, None)[(n + i) % 4] for i, _ in enumerate(core)]
            verdicts = {e.name: verdict(e.name, p) for e, p in zip(core, points, strict=True)}
            entries.append(Entry(student, marking=Marking(verdicts)))
            total = float(sum(p or 0 for p in points))
            known[student] = Score(total, 2.0 * len(core) + 1, 0.0, to_mark, {"why": None}, {}, {"why": 1.0})
        entries.append(Entry("Broken", "failed", "is not JSON"))
        console = Console(width=width, color_system=None, force_terminal=False)
        made, legend = table.class_table(Batch(Course(tmp_path), "ch1_xor", entries), known, width)
        with console.capture() as captured:
            console.print(made)
            for line in legend:
                console.print(line)
        return captured.get()

    return make


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
@pytest.mark.parametrize("count", [1, 3, 12, 20, 40])
def test_no_line_is_wider_than_the_terminal_and_every_student_has_one_line(shown, count, width):
    text = shown([exercise(i) for i in range(count)], width, [f"Student {i:02}" for i in range(24)])
    assert all(len(line) <= width for line in text.splitlines())
    assert len(re.findall(r"^Student \d\d ", text, re.M)) == 24
    assert "…" not in text.split("mean")[0]


def test_twelve_exercises_have_their_points_at_80_columns(shown):
    text = shown([exercise(i) for i in range(12)], 80)
    [line] = [line for line in text.splitlines() if line.startswith("Ada Berg")]
    assert line.split()[2:] == ["11¼", "0", *["2", "1¾", "0", "·"] * 3]


def test_total_and_written_come_first_and_the_legend_names_each_number(shown):
    text = shown([exercise(i) for i in range(12)], 120, to_mark=True)
    header = text.splitlines()[1].split()
    assert header == ["student", "total", "written", *map(str, range(1, 13))]
    for i in range(12):
        assert f"{i + 1} exercise_with_a_long_name_{i}" in text
    assert "? still to be marked by hand" in text
    assert re.search(r"^Ada Berg +11¼ +\? ", text, re.M)


def test_twenty_exercises_are_one_sign_each_at_80_columns(shown):
    text = shown([exercise(i) for i in range(20)], 80, ["Ada Berg"])
    [line] = [line for line in text.splitlines() if line.startswith("Ada Berg")]
    assert line.split()[2:] == ["18¾", "0", *"●◐○·" * 5]
    assert "● all points" in text


def test_forty_exercises_are_left_to_the_report_at_80_columns(shown):
    text = shown([exercise(i) for i in range(40)], 80)
    assert "40 exercises do not fit into this terminal: the report has them" in " ".join(text.split())
    assert re.search(r"^Ada Berg +37½ +0$", text, re.M)


def test_a_further_exercise_is_no_column(shown):
    text = shown([exercise(0), exercise(1, core=False), exercise(2)], 120)
    assert "exercise_with_a_long_name_1" not in text
    assert "2 exercise_with_a_long_name_2" in text


def test_a_broken_submission_is_a_line_without_points(shown):
    [line] = [
        line for line in shown([exercise(i) for i in range(3)], 80).splitlines() if line.startswith("Broken")
    ]
    assert line.split() == ["Broken", "failed", "–", "–", "–"]


def test_the_mean_is_that_of_the_graded(shown):
    text = shown([exercise(0), exercise(1)], 80, ["a", "b"])  # 2 and 1.75; 1.75 and 0
    [line] = [line for line in text.splitlines() if line.startswith("mean")]
    assert line.split() == ["mean", "2¾", "2", "1"]


@pytest.mark.parametrize(
    ("points", "text"),
    [
        (0, "0"),
        (0.25, "¼"),
        (0.5, "½"),
        (0.75, "¾"),
        (1.0, "1"),
        (1.75, "1¾"),
        (12.5, "12½"),
        (10.0, "10"),
        (2.3, "2.3"),
        (1 / 3, "0.33"),
    ],
)
def test_points_are_short_and_exact_in_quarters(points, text):
    assert table.short(points) == text
