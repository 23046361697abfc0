"""Where each point of a student came from, line by line, for a terminal."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterator
from dataclasses import replace

from fnnkit.judge.registry import exercises, top_of
from fnnkit.judge.verdict import Problem, Result, Verdict
from grader.course import Course
from grader.gradebook.judged import CHECK
from grader.gradebook.late import kept
from grader.gradebook.recorded import Recorded
from grader.gradebook.scores import Mark
from grader.marking.marking import Marking
from grader.marking.text import visible
from grader.pages.changes import label
from grader.pages.unnamed import NAMES, told_before

WIDTH = 13
"""Of the names of lines."""


def explain(course: Course, found: Recorded, wanted: str = "", again: Marking | None = None) -> Iterator[str]:
    """Lines that say where the points come from.

    Parameters
    ----------
    course : Course
        For dates and the secret.
    found : Recorded
        What was recorded.
    wanted : str
        One exercise or question, with everything about it; all of them in short, if empty.
    again : Marking, optional
        The same answers marked once more: what of it is the same is said.
    """
    yield from _head(course, found)
    marks = {m.name: m for m in found.score.marks}
    verdicts = found.marking.verdicts if found.marking else {}
    named = told_before(course, found.chapter, found.identity.answers, found.answer, verdicts)
    for exercise in exercises(found.chapter):
        mark = marks.pop(exercise.name, None)
        verdict = verdicts.get(exercise.name)
        if verdict is not None and exercise.name in named:
            verdict = replace(verdict, hint=f"{named[exercise.name]} (your words, from {NAMES})")
        if wanted not in ("", exercise.name) or (mark is None and verdict is None):
            continue
        yield ""
        yield from _exercise(course, found, exercise.name, mark, verdict, full=bool(wanted))
        if again is not None:
            yield from _again(verdict, again.verdicts.get(exercise.name))
    for name, mark in marks.items():
        if wanted in ("", name):
            yield ""
            yield from _question(found, mark, full=bool(wanted))
    if not wanted:
        yield ""
        yield f"All about one: {shlex.join(['grader', 'explain', found.student, found.chapter, 'EXERCISE'])}"


def _head(course: Course, found: Recorded) -> Iterator[str]:
    score = found.score
    who = " ".join(filter(None, (found.student, f"({score.name})" if score.name else "")))
    yield visible(f"{who}, {found.chapter}: {score.total:g} of {score.possible:g} points")
    if score.sum_words():
        yield _line("sum", score.sum_words())
    if score.when or score.penalty:
        about = kept(course.root).get(found.chapter)
        policy = about.policy.text if about and about.policy else "as configured for nbgrader"
        yield _line(
            "late", f"{score.when or f'{score.penalty:g} points taken off'} (being late costs: {policy})"
        )
    if found.marking is not None:
        where = f"in a sandbox of {found.marking.mode}" if found.marking.sandboxed else "without a sandbox"
        kernels = (
            "" if found.marking.kernels <= 1 else f", {found.marking.kernels} kernels, as some were lost"
        )
        yield _line("marked", f"{where}{kernels}; result {found.key[:12]}")
    for said in found.news:
        yield _line("since then", said)


def _exercise(
    course: Course, found: Recorded, name: str, mark: Mark | None, verdict: Verdict | None, *, full: bool
) -> Iterator[str]:
    yield _title(name, mark, verdict, CHECK + name in found.moved)
    if verdict is None:
        yield _line("", "its result is not kept")
    else:
        if mark is not None and mark.judged is not None and verdict.core and verdict.points != mark.judged:
            yield _line(
                "",
                f"the gradebook has {mark.judged:g} as judged; the result kept here says {verdict.points:g}",
            )
        if full or not verdict.solved:
            yield from _verdict(verdict)
    yield from _by_hand(mark)
    if comment := found.score.comments.get(name):
        yield _line("Comment", comment)
    if full:
        yield _line("Seed", f"{found.identity.seed(course.secret(), name)}: the inputs are")
        yield _line(
            "",
            f"cases(numpy.random.default_rng(SEED)) of {top_of(found.chapter)}.exercises.{found.chapter}.{name}",
        )
        yield _line("Answer", found.answer(name) or "nothing")
    if full or (verdict is not None and not verdict.solved):
        yield _line(
            "Repeat", shlex.join(["grader", "explain", found.student, found.chapter, name, "--again"])
        )


def _title(name: str, mark: Mark | None, verdict: Verdict | None, moved: bool) -> str:
    sign = verdict.headline()[0] if verdict else " "
    if verdict is not None and not verdict.core and not (mark and mark.touched):
        return verdict.headline()
    state = (
        f" ({verdict.cell_stops or 'not answered'})"
        if verdict and (verdict.cell_stops or not verdict.attempted)
        else ""
    )
    return f"{sign} {name}: {label(mark, moved)}{state}"


def _by_hand(mark: Mark | None) -> Iterator[str]:
    if mark is None or not mark.touched:
        return
    if mark.by_hand is not None and not mark.written:
        judged = "nothing was judged" if mark.judged is None else f"judged {mark.judged:g}"
        yield _line(
            "By hand", f"{mark.by_hand:g} in the place of what was judged ({judged}), set in Formgrader"
        )
    if mark.bonus:
        yield _line("Bonus" if mark.bonus > 0 else "Taken off", mark.bonus_words())


def _verdict(verdict: Verdict) -> Iterator[str]:
    width = max(len(r.criterion) for r in verdict.results)
    if verdict.follows_from:
        yield _line("First", f"it follows from {verdict.follows_from}, which is wrong too")
    for result, (sign, criterion, remark) in zip(verdict.results, verdict.rows(), strict=True):
        claim = "claimed by the student's own process" if result.claim and not result.waits_for else ""
        remark = ", ".join(filter(None, (remark, claim)))
        yield f"    {sign} {criterion:<{width}}  {remark}".rstrip()
        if result.problem is not None:
            first = result.problem is verdict.problem
            yield from _problem(result, verdict if first else replace(verdict, hint="", cause=""))
    if verdict.misconception:
        yield _line("Recognised", f"the registered wrong answer {verdict.misconception}")
    for note in verdict.notes:
        yield _line("Note", note)


def _problem(result: Result, verdict: Verdict) -> Iterator[str]:
    problem: Problem | None = result.problem
    assert problem is not None
    for name, text in (
        ("Unusual", problem.about),
        ("Run", problem.call),
        ("Yours", problem.yours),
        ("Expected", problem.expected),
        ("Where", problem.finding),
        ("Cause", verdict.hint or problem.cause),
        ("In the code", verdict.cause),
    ):
        if text:
            yield _line(name, text)


def _question(found: Recorded, mark: Mark, *, full: bool) -> Iterator[str]:
    yield f"  {mark.name}: {label(mark)}"
    if mark.written:
        text = found.answer(mark.name)
        yield _line(
            "Marked",
            "by hand" if mark.by_hand is not None else "nobody answered" if mark.given else "not yet",
        )
        if full and text:
            yield _line("Answer", text)
    yield from _by_hand(mark)
    if comment := found.score.comments.get(mark.name):
        yield _line("Comment", comment)


def _again(before: Verdict | None, now: Verdict | None) -> Iterator[str]:
    """What a repetition says: the same, or what is different."""
    if now is None:
        yield _line("Again", "it is not judged any more")
        return
    if before is None:
        yield _line("Again", f"{now.points:g}/{now.possible:g}")
        yield from _verdict(now)
        return
    if before.results == now.results:
        yield _line("Again", f"the same: {now.points:g}/{now.possible:g}, and every word of it")
        return
    same = before.points == now.points
    yield _line(
        "Again", f"{now.points:g}/{now.possible:g}{', the same points, said differently' if same else ''}"
    )
    yield from _verdict(now)


def differs(found: Recorded, wanted: str, again: Marking) -> bool:
    """Whether an exercise, or any, has other points or other words when it is marked once more."""
    before = found.marking.verdicts if found.marking else {}
    names = [e.name for e in exercises(found.chapter) if wanted in ("", e.name) and e.name in before]
    return any(
        name not in again.verdicts or before[name].results != again.verdicts[name].results for name in names
    )


def _line(name: str, text: str) -> str:
    """A line with a name in front; the lines of a longer text stand below each other."""
    first, *rest = visible(text, kept="\n\t").expandtabs(4).split("\n")
    more = textwrap.indent("\n".join(rest), " " * (WIDTH + 7))
    return f"      {name:<{WIDTH}} {first}".rstrip() + (f"\n{more}" if rest else "")
