"""Wrong answers that nobody named: run on the same inputs, grouped by what they give, named once, told to all; marks stay."""

from __future__ import annotations

import re

import pytest

from fnnkit.judge.verdict import Problem, Result, Verdict
from grader.commands.report import report as _report  # noqa: F401  # the command is there
from grader.course import Course, CourseError
from grader.marking import alike
from grader.pages.unnamed import NAMES, Wrong, grouped, names
from grader.sandbox import modes

POWER = "def mse(y_pred, y_true):\n    d = np.abs(np.asarray(y_pred) - np.asarray(y_true))\n    return float((d**1.5).mean())\n"
LOOP = """def mse(y_pred, y_true):
    # another text, and the same values
    a, b = np.ravel(y_pred), np.ravel(y_true)
    powers = [abs(p - t) * abs(p - t) ** 0.5 for p, t in zip(a, b)]
    return float(sum(powers) / len(powers))
"""
OTHER = "def mse(y_pred, y_true):\n    d = np.abs(np.asarray(y_pred) - np.asarray(y_true))\n    return float(np.cosh(d).mean())\n"


@pytest.mark.exhaustive
@pytest.mark.skipif(not modes.available(), reason="there is no sandbox on this machine")
def test_a_group_is_named_once_and_everybody_in_it_is_told_and_no_mark_moves(classroom):
    for student, text in {"ada": POWER, "ben": LOOP, "cleo": OTHER}.items():
        classroom.hand_in(student, mse=text)
    classroom.hand_in("dora")
    before = classroom.points(classroom.grade())
    done = classroom.command("grader", "report")
    assert done.returncode == 0, done.stderr
    page = (classroom.root / "reports" / "class" / "ch1_xor" / "mse.html").read_text(encoding="utf-8")
    groups = re.findall(r'key-line">(mse [0-9a-f]{10})</span> · (\d+) student', page)
    assert sorted(int(n) for _, n in groups) == [1, 2]  # by what they give, whatever they look like
    assert "dora" in page
    assert POWER.splitlines()[1].strip() in page
    [pair] = [heading for heading, n in groups if n == "2"]
    (classroom.root / NAMES).write_text(
        f"# mine\n{pair}\nThe exponent is `1.5`, & <b>2</b> is asked for.\n", encoding="utf-8"
    )
    classroom.hand_in("emil", mse=POWER.replace("d = ", "difference = ").replace("(d**", "(difference**"))
    assert classroom.command("grader", "grade", "ch1_xor").returncode == 0
    told = {
        p.parts[-3]
        for p in (classroom.root / "feedback").rglob("ch1_xor.html")
        if "&amp; &lt;b&gt;2&lt;/b&gt; is asked for" in p.read_text(encoding="utf-8")
    }
    assert told == {"ada", "ben", "emil"}
    # That an edit of the text repairs it was found only now, and is said besides.
    feedback = classroom.root / "feedback" / "ada" / "ch1_xor" / "ch1_xor.html"
    assert "In your code" in feedback.read_text(encoding="utf-8")
    explained = classroom.command("grader", "explain", "ada", "ch1_xor", "mse").stdout
    assert "is asked for. (your words, from mistakes.txt)" in " ".join(explained.split())
    after = classroom.points(classroom.grade())
    assert {student: after[student] for student in before} == before
    assert after["emil"] == before["ada"]
    page = classroom.command("grader", "report")
    assert "unnamed   1 group of wrong answers" in page.stdout
    assert "nobody gives" not in page.stderr
    # One that nobody gives is said.
    (classroom.root / NAMES).write_text("mse 0123456789\nWhatever.\n", encoding="utf-8")
    assert (
        "mistakes.txt names mse 0123456789, which nobody gives (any more)"
        in classroom.command("grader", "report").stderr
    )


def test_where_a_cause_was_found_only_named_groups_have_the_answer():
    def answer(student, cause):
        failed = Result("values", 1.0, 0.0, Problem("values", "mse(1)", "2", "1", "every value"))
        return Wrong(student, OTHER, Verdict("mse", (failed,), cause=cause))

    both = [answer("ada", "Line 3"), answer("ben", "")]
    assert [alike.wanted(w.verdict) for w in both] == [False, True]
    assert [alike.wanted(w.verdict, {"mse"}) for w in both] == [True, True]
    [group] = grouped("mse", both, {})
    assert [w.student for w in group.answers] == ["ben"]
    assert grouped("mse", both[:1], {}) == []
    [group] = grouped("mse", both, {group.heading: "Squares."})
    assert ([w.student for w in group.answers], group.named) == (["ada", "ben"], "Squares.")


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The sign.\n", "line 1: this stands below no heading"),
        ("# fine\n\nmsee 0123456789\nx\n", "line 3: there is no exercise 'msee'"),
        ("mse 0123456789\nx\nmse 0123456789\ny\n", "line 3: 'mse 0123456789' is named a second time"),
        ("mse 0123456789\n" + "x" * 3000, "mse 0123456789: 3000 characters are too long: at most 2000"),
    ],
)
def test_what_cannot_be_understood_is_one_line_before_anything_is_done(classroom, text, said):
    (classroom.root / NAMES).write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=re.escape(said)):
        names(classroom.root)
    classroom.hand_in("ada")
    done = classroom.command("grader", "grade", "ch1_xor")
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (classroom.root / "feedback").exists()


def test_a_file_that_is_no_text_is_one_line_and_an_empty_name_names_nothing(classroom):
    place = classroom.root / NAMES
    place.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CourseError, match="cannot be read"):
        names(classroom.root)
    place.write_text("\ufeffmse 0123456789\r\n\r\nmse 0123456780\r\nTwo\r\nlines\r\n", encoding="utf-8")
    assert names(classroom.root) == {"mse 0123456780": "Two\nlines"}
    place.unlink()
    assert names(Course(classroom.root).root) == {}
