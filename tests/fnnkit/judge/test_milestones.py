"""Milestones: kept for `progress` when their cell says so, and said on the feedback page by the marks alone."""

import ast
import re
import sys
from pathlib import Path

import pytest

from fnnkit.exercises import milestone, progress
from fnnkit.judge import milestones
from fnnkit.judge.registry import chapter_ids, exercises, milestone_of
from fnnkit.judge.verdict import Problem, Result, Verdict

SOLUTIONS = Path(__file__).resolve().parents[3] / "solutions"
WITH = [chapter for chapter in chapter_ids() if milestone_of(chapter)]


@pytest.fixture(autouse=True)
def fresh_session():
    milestones.forget()
    yield
    milestones.forget()


def marked(name, points, possible=1.0):
    problem = None if points == possible else Problem("values", "f(1)", "2", "3")
    return Verdict(name, (Result("all of it", possible, points, problem),))


def test_chapters_1_3_5_and_6_have_one():
    assert {"ch1_xor", "ch3_activations", "ch5_backprop", "ch6_vanishing_gradients"} <= set(WITH)


def test_progress_says_it_from_the_moment_that_it_was_reached_and_gives_no_points(capsys):
    before = progress("ch5_backprop")
    assert before.milestone() == "Milestone, your own network learns: not yet (no points)"
    milestone("ch5_backprop", False)
    assert "not reached yet" in capsys.readouterr().out
    assert "not yet" in progress("ch5_backprop").milestone()
    milestone("ch5_backprop", True)
    assert capsys.readouterr().out == "Milestone reached: your own network learns.\n"
    after = progress("ch5_backprop")
    assert after.milestone() == "Milestone, your own network learns: reached (no points)"
    assert after.milestone() in repr(after)
    assert after.milestone() in after._repr_html_()
    assert (after.points, after.possible) == (before.points, before.possible)
    assert "not yet" in progress("ch6_vanishing_gradients").milestone()
    milestone("ch5_backprop", False)  # what was reached was reached
    assert "reached" in progress("ch5_backprop").milestone()


def test_a_chapter_without_one_says_nothing_and_cannot_reach_it(monkeypatch):
    monkeypatch.delattr(sys.modules["fnnkit.exercises.ch5_backprop"], "MILESTONE")
    assert progress("ch5_backprop").milestone() == ""
    assert "Milestone" not in repr(progress("ch5_backprop"))
    with pytest.raises(ValueError, match="ch5_backprop has no milestone"):
        milestone("ch5_backprop", True)


def test_one_that_chains_what_is_no_exercise_of_the_chapter_is_refused(monkeypatch):
    strange = ("it flies", ("forward", "mse"))
    monkeypatch.setattr(sys.modules["fnnkit.exercises.ch5_backprop"], "MILESTONE", strange)
    with pytest.raises(ValueError, match="chains 'mse'"):
        milestone_of("ch5_backprop")


def test_all_right_is_full_marks_in_each_function_that_it_chains():
    about = milestone_of("ch6_vanishing_gradients")
    full = {name: marked(name, 1.0) for name in about.chained}
    assert about.all_right(full)
    for name in about.chained:
        assert not about.all_right({**full, name: marked(name, 0.75)})
        assert not about.all_right({other: v for other, v in full.items() if other != name})


def cells(chapter):
    """Code of the solutions' notebook, cell by cell."""
    parts = re.split(
        r"^# %%.*$", (SOLUTIONS / f"{chapter}.py").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    return [part for part in parts if not all(line.startswith("#") for line in part.split("\n") if line)]


@pytest.mark.parametrize("chapter", WITH)
def test_what_it_chains_is_what_its_cell_runs_and_what_the_card_names(chapter):
    about, core = milestone_of(chapter), {e.name for e in exercises(chapter) if e.core}
    (cell,) = [c for c in cells(chapter) if f'milestone("{chapter}"' in c]
    bodies = {
        node.name: {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        for part in cells(chapter)
        for node in ast.parse(part).body
        if isinstance(node, ast.FunctionDef)
    }
    used, waiting = set(), {n.id for n in ast.walk(ast.parse(cell)) if isinstance(n, ast.Name)}
    while waiting:
        name = waiting.pop()
        used.add(name)
        waiting |= bodies.get(name, set()) - used
    assert used & core == set(about.chained)
    text = " ".join((SOLUTIONS / f"{chapter}.py").read_text(encoding="utf-8").replace("\n# ", " ").split())
    assert about.title in text
    card = text[text.lower().index(f"milestone: {about.title.lower()}") :].partition("%% ")[0]
    assert list(dict.fromkeys(name for name in re.findall(r"`(\w+)`", card) if name in core)) == list(
        about.chained
    )
