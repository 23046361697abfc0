"""`grader explain` tells what is recorded, point by point, and the command it names repeats it."""

from __future__ import annotations

import re
import shlex
import shutil

import pytest
from nbgrader.api import Gradebook

from grader.course import CourseError
from grader.gradebook import calls
from grader.gradebook.recorded import check_exercise, find_student, recorded
from grader.gradebook.scores import Mark, Score
from grader.pages.explaining import explain
from grader.sandbox import modes

needs_sandbox = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)
CHAPTER = "ch1_xor"
SUM = "def mse(y_hat, y):\n    return np.sum((y_hat - y)**2)  # \x1b[2J \u202e [bold]"
DRAWS = "def relu(z):\n    return np.maximum(z, 0) + np.random.default_rng().normal()"


def told(classroom, student="ada", wanted=""):
    found = recorded(classroom.course, CHAPTER, student, classroom.course.config())
    return "\n".join(explain(classroom.course, found, wanted))


def sections(text):
    """By exercise, its title and its lines."""
    return {
        found[1]: part
        for part in text.split("\n\n")
        if (found := re.match(r"[^\w\n]*(\w+): ", part.split("\n")[0]))
    }


@needs_sandbox
def test_every_point_has_its_line_and_the_lines_add_up(classroom):
    classroom.hand_in("ada", mse=SUM, fit_linear="1 / 0", why_not_linear="Because.")
    classroom.grade()
    classroom.formgrader("ada", "check_mse", manual_score=0.5, extra_credit=1.0)
    classroom.formgrader("ada", "why_not_linear", manual_score=0.75)
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "fnnkit") as book:
        book.find_comment("mse", CHAPTER, CHAPTER, "ada").manual_comment = "Nearly.\nSee me."
        book.db.commit()
    text = told(classroom)
    parts = sections(text)
    assert set(classroom.full) | {"why_not_linear"} <= set(parts)
    total = 0.0
    for name, part in parts.items():
        criteria = re.findall(r"^    [✓✗·–] .*?  ([\d.]+)/([\d.]+)", part, re.M)
        title = re.search(r": ([\d.]+)/([\d.]+)(?:.*?\+([\d.]+) bonus)?", part.split("\n")[0])
        if title is None:  # a further exercise
            continue
        total += float(title[1]) + float(title[3] or 0)
        if criteria and name != "mse":
            assert sum(float(earned) for earned, _ in criteria) == float(title[1])
        if criteria:
            assert sum(float(possible) for _, possible in criteria) == float(title[2])
    first = re.match(rf"ada, {CHAPTER}: ([\d.]+) of ([\d.]+) points", text)
    assert total == float(first[1]) == classroom.gradebook()["ada"]
    mse = parts["mse"]
    assert mse.startswith("✗ mse: 0.5/1, set by hand (judged 0), +1 bonus")
    for said in (
        "Run ",
        "Yours ",
        "Expected ",
        "Cause ",
        "sum_of_squares",
        "Nearly.\n",
        "By hand ",
        "Bonus ",
    ):
        assert said in mse
    assert "ZeroDivisionError" in parts["fit_linear"]


@pytest.mark.exhaustive
@needs_sandbox
def test_the_command_that_it_names_repeats_the_result(classroom):
    classroom.hand_in("ada", mse=SUM, relu=DRAWS)
    classroom.grade()
    before = {p: p.read_bytes() for p in classroom.root.rglob("*") if p.is_file() and p.name != "lock"}
    shown = classroom.command("grader", "explain", "ada", CHAPTER, "mse")
    assert shown.returncode == 0
    assert SUM.split("\n")[1].split("#")[0].strip() in shown.stdout
    assert "\x1b" not in shown.stdout
    assert "\u202e" not in shown.stdout
    assert "[bold]" in shown.stdout
    [line] = re.findall(r"Repeat +(.*)", shown.stdout)
    again = classroom.command(*shlex.split(line))
    assert (again.returncode, "the same: 0/1, and every word of it" in again.stdout) == (0, True)
    # A function that draws at random is said to come out differently, if it does.
    drawn = classroom.command("grader", "explain", "ada", CHAPTER, "relu", "--again")
    assert drawn.returncode == 1
    assert "said differently" in drawn.stdout
    after = {p: p.read_bytes() for p in classroom.root.rglob("*") if p.is_file() and p.name != "lock"}
    assert after == before


@needs_sandbox
def test_what_has_changed_since_is_said_and_what_was_recorded_is_told(classroom):
    classroom.hand_in("ada", mse=SUM)
    classroom.grade()
    classroom.hand_in("ada")
    text = told(classroom, wanted="mse")
    assert "Other answers have been handed in since" in text
    assert "✗ mse: 0/1" in text
    classroom.hand_in_text("ada", "{")
    assert "cannot be read" in told(classroom)
    shutil.rmtree(classroom.course.private / "results")
    text = told(classroom, wanted="mse")
    assert "not kept any more" in text
    assert "mse: 0/1" in text
    shutil.rmtree(classroom.root / "autograded")
    with pytest.raises(CourseError, match="the answers of ada are gone"):
        told(classroom)


@pytest.mark.exhaustive
@needs_sandbox
def test_what_nbgrader_has_graded_is_explained_too(classroom):
    classroom.hand_in("ada", mse=SUM)
    api = calls.api(classroom.course.config())
    calls.register(classroom.course, CHAPTER)
    assert api.autograde(CHAPTER, "ada")["success"]
    text = told(classroom)
    assert "sum_of_squares" in text
    assert "not kept" not in text


@pytest.mark.exhaustive
@needs_sandbox
def test_what_is_not_there_is_one_line_and_status_2(classroom):
    classroom.without_gradebook()
    classroom.hand_in("ada")
    nothing = classroom.command("grader", "explain", "ada", CHAPTER)
    assert (nothing.returncode, nothing.stderr) == (
        2,
        f"grader: nothing of {CHAPTER} is graded: grader grade {CHAPTER}\n",
    )
    assert not (classroom.root / "gradebook.db").exists()
    classroom.grade()
    classroom.hand_in("ben")
    for line, said in (
        (("eda", CHAPTER), "nobody called 'eda' has marks in ch1_xor; there are: ada"),
        (("ben", CHAPTER), "ben has handed in ch1_xor, but it is not graded: grader grade ch1_xor"),
        (("ada", "ch7"), "there is no chapter 'ch7'; there are: ch1_xor"),
        (("ada", CHAPTER, "mze"), "there is no exercise 'mze' in ch1_xor; there are: mse"),
        (("../../x\u202e", CHAPTER), "nobody called"),
    ):
        done = classroom.command("grader", "explain", *line)
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.startswith(f"grader: {said}")
        assert done.stderr.count("\n") == 1


def test_somebody_is_found_by_name_if_it_is_one_persons(tmp_path):
    from grader.course import Course

    def score(name):
        return Score(1.0, 1.0, 0.0, False, {}, {}, {}, name=name, marks=(Mark("mse", 1.0, 1.0),))

    known = {"17": score("Ada Berg"), "18": score("Zoë Lind"), "19": score("zoë lind")}
    course = Course(tmp_path)
    assert find_student(course, CHAPTER, "ada berg", known) == "17"
    assert find_student(course, CHAPTER, "18", known) == "18"
    with pytest.raises(CourseError, match="the name of several: say which, 18, 19"):
        find_student(course, CHAPTER, "Zoë Lind", known)
    with pytest.raises(CourseError, match=r"there are: 17$"):
        find_student(course, CHAPTER, "Ada Bergh", known)
    check_exercise(CHAPTER, known["17"], "relu")
