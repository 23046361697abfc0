"""A class of any size for pages about it, made without marking anything."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

from fnnkit.judge.exercise import source_of as source_of_now
from fnnkit.judge.registry import exercises
from fnnkit.judge.verdict import Problem, Result, Verdict
from grader import answers
from grader.entry import Entry
from grader.gradebook.scores import Mark, Score
from grader.marking.marking import Marking
from grader.pages.classroom import Chapter, Class, Handed
from grader.pages.items import analyse
from grader.pages.unnamed import Wrong, grouped

source_of = cache(source_of_now)


def verdict(asked, share, misconception="", problem=None):
    """A verdict with the first criteria met: as many as a share says."""
    met = round(share * len(asked.criteria))
    wrong = problem or Problem("values", f"{asked.name}(1)", "2.", "3.", "entry 0")
    results = tuple(
        Result(c.name, c.points, c.points if i < met else 0.0, None if i < met else wrong)
        for i, c in enumerate(asked.criteria)
    )
    return Verdict(
        asked.name, results, misconception, "what it means" if misconception else "", core=asked.core
    )


def made_chapter(chapter, students, seed=1, named=None, absent=0):
    """A chapter that all but the last few have handed in."""
    rng = random.Random(f"{chapter} {seed}")
    handed, known, entries, wrong = {}, {}, [], {}
    asked = exercises(chapter)
    right = {e.name: [source_of(f, e.name) for f in answers.right(chapter, e.name)] for e in asked}
    for student in students[: len(students) - absent]:
        ability, one = rng.random(), Handed(student)
        for e in asked:
            draw = rng.random()
            if draw < 0.15 + 0.7 * ability:
                one.verdicts[e.name], one.texts[e.name] = verdict(e, 1.0), rng.choice(right[e.name])
            elif draw < 0.9 and e.misconceptions:
                m = rng.choice(e.misconceptions)
                one.verdicts[e.name], one.texts[e.name] = verdict(e, 0.4, m.name), source_of(m.answer, e.name)
            elif draw < 0.94:
                kind = rng.randrange(4)
                one.texts[e.name] = f"def {e.name}(*args):\n    return {kind}"
                problem = Problem("values", f"{e.name}(1)", f"{kind}", "9.", "entry 0")
                one.verdicts[e.name] = found = verdict(e, 0.0, "", problem)
                wrong.setdefault(e.name, []).append(Wrong(student, one.texts[e.name], found, found))
            else:
                one.verdicts[e.name] = verdict(e, 0.0, "", Problem("unanswered"))
                one.texts[e.name] = f"def {e.name}(*args):\n    raise NotImplementedError"
        marks = [Mark(e.name, e.worth, one.verdicts[e.name].marks) for e in asked if e.core]
        total, possible = sum(m.points for m in marks), sum(m.possible for m in marks)
        known[student] = Score(
            total, possible, 0.0, False, {}, {}, {}, 7200.0 if rng.random() < 0.05 else 0.0, "", tuple(marks)
        )
        handed[student] = one
        entries.append(Entry(student, marking=Marking(one.verdicts)))
    groups = {name: grouped(name, some, named or {}) for name, some in wrong.items()}
    return Chapter(chapter, handed, known, analyse(asked, entries), groups)


def made_class(course, chapters, n, *, names=None, named=None, absent=1):
    """A class of ``n``."""
    students = names or [f"Student {i:04}" for i in range(n)]
    made = [made_chapter(c, students, i, named, absent) for i, c in enumerate(chapters)]
    return Class(course, dict.fromkeys(students, ""), made, named or {})


def with_text(about, student, exercise, text):
    """The class, with another text of one student's."""
    for chapter in about.chapters:
        if student in chapter.handed and exercise in chapter.handed[student].texts:
            one = chapter.handed[student]
            chapter.handed[student] = replace(one, texts={**one.texts, exercise: text})
    return about
