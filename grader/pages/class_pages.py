"""Pages about a class for its instructor: all chapters in one table, a page for each exercise, and what looks copied.

They load nothing. One small script sorts and searches; without it everything is there, in the order of names.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from fnnkit.judge.exercise import Exercise, source_of
from fnnkit.judge.registry import exercises
from fnnkit.judge.verdict import Verdict
from grader.disk import write_atomically
from grader.gradebook.scores import Score
from grader.pages import copies
from grader.pages.classroom import Chapter, Class, Handed
from grader.pages.feedback import WORDS
from grader.pages.items import FEWEST, Item
from grader.pages.normalised import normalised
from grader.pages.rendering import TEMPLATES
from grader.pages.table import outcome, short

FOLDER = "class"
HARD, EASY = 0.4, 0.95
LOW, NONE = 0.2, 0.0
SCRIPT = Path(__file__).with_name("class.js").read_text(encoding="utf-8")
POLICY = "sha256-" + base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
LETTER = {"full": "f", "some": "s", "none": "n", "stops": "n", "blank": "b"}


@dataclass(frozen=True)
class Written:
    """The pages: the first one, and how many others there are."""

    first: Path
    exercises: int
    pairs: int
    unnamed: int
    unused: tuple[str, ...]


def difficulty_word(item: Item) -> str:
    """What stands beside a mean that is worth a look; empty for all others."""
    if not item.students:
        return ""
    return "hard" if item.difficulty < HARD else "everybody" if item.difficulty >= EASY else ""


def discrimination_word(value: float | None) -> str:
    """What stands beside a discrimination that is low."""
    if value is None or value >= LOW:
        return ""
    return "wrong way round" if value < NONE else "low"


def write(about: Class, told: Callable[[str], None] = lambda _: None) -> Written:
    """Write all pages of a class into ``reports``; what was there before goes."""
    place = about.course.root / "reports"
    folder = place / FOLDER
    new = place / f".{FOLDER}.{os.getpid()}.part"
    shutil.rmtree(new, ignore_errors=True)
    count = 0
    try:
        for chapter in about.chapters:
            told(chapter.id)
            for asked in exercises(chapter.id):
                _write(new / chapter.id / f"{asked.name}.html", exercise_page(about, chapter, asked))
                count += 1
        told("copies")
        found = {chapter.id: alike(chapter) for chapter in about.chapters}
        _write(new / "copies.html", copies_page(about, found))
        first = place / "class.html"
        page = class_page(about, {name: len(pairs) for name, pairs in found.items()})
        if folder.exists():
            shutil.rmtree(folder)
        new.rename(folder)
        _write(first, page)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    groups = [g for c in about.chapters for some in c.groups.values() for g in some]
    used = {g.heading for g in groups}
    here = {e.name for c in about.chapters for e in exercises(c.id)}
    unused = tuple(h for h in about.named if h not in used and h.partition(" ")[0] in here)
    return Written(first, count, sum(map(len, found.values())), sum(not g.named for g in groups), unused)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text)


def _render(template: str, **values: Any) -> str:
    return TEMPLATES.get_template(template).render(script=Markup(SCRIPT), policy=POLICY, **values)


# --- all chapters ------------------------------------------------------------------------------------------


def class_page(about: Class, pairs: dict[str, int]) -> str:
    """The page with all chapters, exercises and students."""
    chapters = [_chapter(about, number, c, pairs.get(c.id, 0)) for number, c in enumerate(about.chapters, 1)]
    return _render(
        "class.html",
        chapters=chapters,
        rows=[_row(about, student, name) for student, name in about.students.items()],
        fewest=FEWEST,
        hard=HARD,
        low=LOW,
        copies=sum(pairs.values()),
        unnamed=[g for c in about.chapters for some in c.groups.values() for g in some if not g.named],
    )


def _chapter(about: Class, number: int, chapter: Chapter, pairs: int) -> dict[str, Any]:
    scores = [chapter.known[h.student] for h in chapter.graded if h.student in chapter.known]
    shares = [s.total / s.possible for s in scores if s.possible]
    items = [_item(chapter, item) for item in chapter.items]
    return {
        "id": chapter.id,
        "number": number,
        "items": items,
        "core": [i for i in items if i["core"]],
        "handed": len(chapter.handed),
        "of": len(about.students),
        "missing": sum(chapter.missing(s) for s in about.students),
        "late": sum(bool(s.late) for s in scores),
        "new": sum(h.state == "new" for h in chapter.handed.values()),
        "broken": sum(h.state == "broken" for h in chapter.handed.values()),
        "to_mark": sum(s.to_mark for s in scores),
        "mean": f"{100 * statistics.mean(shares):.0f} %" if shares else "–",
        "due": f"{chapter.due:%d %b %Y, %H:%M} UTC" if chapter.due else "",
        "possible": max((s.possible for s in scores), default=0.0),
        "pairs": pairs,
        "report": f"{chapter.id}.html"
        if (about.course.root / "reports" / f"{chapter.id}.html").is_file()
        else "",
    }


def _item(chapter: Chapter, item: Item) -> dict[str, Any]:
    value = item.discrimination
    return {
        "name": item.name,
        "core": item.core,
        "points": item.points,
        "link": f"{FOLDER}/{quote(chapter.id)}/{quote(item.name)}.html",
        "mean": f"{100 * item.difficulty:.0f} %" if item.students else "–",
        "hard": difficulty_word(item),
        "discrimination": "–" if value is None else f"{value:.2f}".replace("-", "−"),
        "low": discrimination_word(value),
        "counts": [item.full, item.some, item.none, item.blank],
        "students": item.students,
        "unnamed": sum(not g.named for g in chapter.groups.get(item.name, ())),
    }


def _row(about: Class, student: str, name: str) -> dict[str, Any]:
    totals, cells, states = [], [], []
    sum_, possible = 0.0, 0.0
    for number, chapter in enumerate(about.chapters, 1):
        handed, score = chapter.handed.get(student), chapter.known.get(student)
        state = _state(chapter, student, handed, score)
        states += [state] if state else []
        total = score.total if score and handed and handed.state == "graded" else None
        if total is not None and score:
            sum_ += total
        possible += max((s.possible for s in chapter.known.values()), default=0.0)
        totals.append({"k": number, "text": state if total is None else f"{total:g}", "note": state})
        verdicts = handed.verdicts if handed else {}
        cells += [(number, *_cell(verdicts.get(e.name), score)) for e in exercises(chapter.id) if e.core]
    return {
        "student": student, "name": name, "totals": totals, "cells": cells, "sum": sum_,
        "link": _link(about, student), "missing": states.count("missing"), "late": sum("late" in s for s in states),
    }  # fmt: skip


def _state(chapter: Chapter, student: str, handed: Handed | None, score: Score | None) -> str:
    """What is not as it should be with somebody's chapter, in a word or two."""
    if handed is None:
        return "missing" if chapter.missing(student) else "–"
    if handed.state != "graded":
        return "broken" if handed.state == "broken" else "not graded"
    if score is None:
        return ""
    return ", ".join(filter(None, ("late" if score.late else "", "to mark" if score.to_mark else "")))


def _cell(verdict: Verdict | None, score: Score | None) -> tuple[str, str]:
    """Letter of the state, and text, of one exercise."""
    if verdict is None:
        return "", "–"
    state = outcome(verdict)
    mark = score.mark(verdict.exercise) if score else None
    if mark is not None and mark.touched:
        return "h", f"{mark.points:g}"
    return LETTER[state], {"blank": "·", "stops": "!"}.get(state, short(verdict.points))


def _link(about: Class, student: str) -> str:
    """The way to the newest page of a student."""
    for chapter in reversed(about.chapters):
        if student in chapter.handed and about.course.feedback(student, chapter.id).is_file():
            return f"../feedback/{quote(student)}/{quote(chapter.id)}/{quote(chapter.id)}.html"
    return ""


# --- one exercise ------------------------------------------------------------------------------------------


def exercise_page(about: Class, chapter: Chapter, asked: Exercise) -> str:
    """The page of one exercise: its criteria, wrong answers named and not, students and their code."""
    judged = [h for h in chapter.graded if asked.name in h.verdicts]
    verdicts = [h.verdicts[asked.name] for h in judged]
    item = next(i for i in chapter.items if i.name == asked.name)
    return _render(
        "class_exercise.html",
        chapter=chapter.id,
        item=_item(chapter, item),
        minutes=asked.minutes,
        criteria=[_criterion(position, verdicts) for position in range(len(asked.criteria))]
        if verdicts
        else [],
        mistakes=item.mistakes,
        groups=[_group(g) for g in chapter.groups.get(asked.name, ())],
        rows=[_answer(about, chapter, h, asked.name) for h in judged],
        texts=_texts(judged, asked.name),
        links={h.student: f"../../{link}" for h in judged if (link := _page(about, chapter, h.student))},
    )


def _page(about: Class, chapter: Chapter, student: str) -> str:
    if not about.course.feedback(student, chapter.id).is_file():
        return ""
    return f"../feedback/{quote(student)}/{quote(chapter.id)}/{quote(chapter.id)}.html"


def _criterion(position: int, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    results = [v.results[position] for v in verdicts if position < len(v.results)]
    kinds = Counter(r.problem.kind for r in results if r.problem)
    return {
        "name": results[0].criterion if results else "",
        "points": results[0].points if results else 0.0,
        "met": sum(r.problem is None and not r.waits_for for r in results),
        "waits": sum(bool(r.waits_for) for r in results),
        "of": len(results),
        "kinds": ", ".join(f"{kind} {n}" for kind, n in kinds.most_common()),
    }


def _group(group: Any) -> dict[str, Any]:
    problem = group.problem
    return {
        "heading": group.heading, "named": group.named, "count": len(group.answers), "variants": group.variants(),
        "call": problem.call if problem else "", "yours": problem.yours if problem else "",
        "expected": problem.expected if problem else "", "finding": problem.finding if problem else "",
    }  # fmt: skip


def _answer(about: Class, chapter: Chapter, handed: Handed, name: str) -> dict[str, Any]:
    verdict = handed.verdicts[name]
    state = outcome(verdict)
    said = verdict.misconception.replace("_", " ") or verdict.cause
    return {
        "student": handed.student, "name": about.students.get(handed.student, ""),
        "points": f"{verdict.points:g}", "word": WORDS[state], "letter": LETTER[state], "said": said,
    }  # fmt: skip


def _texts(judged: Sequence[Handed], name: str) -> list[dict[str, Any]]:
    """What was written, each text once: those that differ by names and layout alone stand together."""
    found: dict[str, dict[str, Any]] = {}
    for handed in judged:
        verdict = handed.verdicts[name]
        text = handed.texts.get(name, "")
        if verdict.attempted and text:
            one = found.setdefault(
                normalised(text, name), {"text": text, "students": [], "points": verdict.points}
            )
            one["students"].append(handed.student)
    return sorted(found.values(), key=lambda one: (one["points"], -len(one["students"]), one["students"]))


# --- what looks copied -------------------------------------------------------------------------------------


def alike(chapter: Chapter) -> list[copies.Pair]:
    """Pairs of students of a chapter who are more alike than chance explains."""
    answers: dict[str, dict[str, str]] = {}
    given: dict[str, list[str]] = {}
    for asked in exercises(chapter.id):
        answers[asked.name] = {
            h.student: h.texts[asked.name]
            for h in chapter.graded
            if asked.name in h.texts and asked.name in h.verdicts and h.verdicts[asked.name].attempted
        }
        given[asked.name] = [chapter.handed_out.get(asked.name, ""), source_of(asked.reference, asked.name)]
    return copies.pairs(answers, given)


def copies_page(about: Class, found: dict[str, list[copies.Pair]]) -> str:
    """The page of pairs and groups to look at."""
    chapters = [
        {
            "id": name, "pairs": pairs, "groups": copies.groups(pairs), "most": len(pairs) == copies.MOST,
            "students": len(chapter.graded), "least": copies.least(len(chapter.graded)),
        }
        for chapter in about.chapters
        for name, pairs in ((chapter.id, found[chapter.id]),)
    ]  # fmt: skip
    return _render(
        "class_copies.html", chapters=chapters, least=copies.LEAST, enough=copies.ENOUGH, names=about.students
    )
