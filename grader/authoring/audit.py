"""The test of the tests: wrong answers have to lose marks and be named, right ones must not.

Wrong answers are the registered misconceptions, automatic mutants of the reference, answers that are right in one
regime of their input only, and answers that never look at a number. Right ones are the reference and differently
written answers. Everything is judged over many seeds, and has to earn the same at each.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fnnkit.judge.constants import Seen, constant_answers, looking
from fnnkit.judge.edits import mutants
from fnnkit.judge.exercise import UNUSUAL, Exercise, Known, parameters_of
from fnnkit.judge.regimes import regime_mutants
from fnnkit.judge.registry import folder_of, top_of
from fnnkit.judge.verdict import Verdict
from fnnkit.kernel.call import call
from grader import answers
from grader.authoring.new_exercise import unwritten
from grader.authoring.witnesses import Said, said_of, verdict_of
from grader.course import Course, CourseError

SEEDS = 50
MUTANT_SEEDS = 5
MUTANTS_AT_EVERY_SEED = 12
"""So many of an exercise's mutants are judged on all sets of inputs, not on a few."""
FEWEST_ANSWERS = 3
FEWEST_MISCONCEPTIONS = 4  # of an exercise that is not trivial


@dataclass
class Audit:
    """What auditing one exercise gave; `faults` are sentences for its author, `said` what is said of wrong answers."""

    exercise: str
    wrong: int = 0
    survived: int = 0
    right: int = 0
    refused: int = 0
    misconceptions: int = 0
    mutants: int = 0
    regimes: int = 0
    constants: int = 0
    equivalent: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    said: dict[str, Said] = field(default_factory=dict)


def audit(
    exercise: Exercise,
    seeds: int = SEEDS,
    told: Callable[[str], None] = lambda _: None,
    causes: bool = False,
) -> Audit:
    """Audit one exercise.

    Parameters
    ----------
    exercise : Exercise
        What to audit.
    seeds : int
        Sets of inputs that each misconception and each right answer is judged on. Mutants meet the same few always: a
        change that only rounding errors give away would count as caught on one set and as equivalent on the next.
    told : callable, optional
        Told what is being judged.
    causes : bool
        Say, too, what is said of each wrong answer.
    """
    found = Audit(exercise.name)
    start = time.process_time()  # of this process alone: others may be auditing beside it
    answers, equivalents = _listed(exercise)
    try:
        sets = [
            Known(exercise.cases(np.random.default_rng(seed))) for seed in range(max(seeds, MUTANT_SEEDS))
        ]
    except Exception as problem:  # whatever an author's function raises is a finding
        found.faults.append(f"the cases cannot be made: {type(problem).__name__}: {problem}")
        return found
    root = folder_of(top_of(exercise.chapter)).parent
    if (root / "solutions").is_dir():
        found.faults += unwritten(Course(root), exercise.chapter, exercise.name)
    if not any(known.cases for known in sets):
        found.faults.append("there are no cases yet: any answer would get full marks")
        sets = []
    else:
        _cases_and_criteria(exercise, sets, found)
    _right_answers(exercise, answers, sets[:seeds], found, told)
    _misconceptions(exercise, sets[:seeds], found, told)
    _mutants(exercise, equivalents, sets[: max(seeds, MUTANT_SEEDS)], found, told)
    _constants(exercise, equivalents, sets[:seeds], found, told)
    gone = "the listed equivalent mutant {!r} does not exist any more"
    found.faults += [gone.format(name) for name in sorted(equivalents)]
    if causes and sets:
        found.said, faults = said_of(exercise, mutants(exercise.reference), answers, told)
        found.faults += faults
    found.seconds = time.process_time() - start
    return found


def audit_all(
    asked: Sequence[Exercise],
    seeds: int = SEEDS,
    jobs: int | None = None,
    done: Callable[[Audit], None] = lambda _: None,
    causes: bool = False,
) -> list[Audit]:
    """Audit exercises, several at a time, each in a process of its own.

    Parameters
    ----------
    asked : sequence of Exercise
        What to audit.
    seeds : int
        As in `audit`.
    jobs : int, optional
        Exercises audited at the same time; as many as there are processors by default.
    done : callable, optional
        Told each finding as it comes.
    causes : bool
        As in `audit`.

    Returns
    -------
    list of Audit
        In the order in which they were asked for.
    """
    jobs = min(jobs or os.cpu_count() or 1, len(asked))
    if jobs <= 1:
        found = []
        for exercise in asked:
            found.append(audit(exercise, seeds, causes=causes))
            done(found[-1])
        return found
    # A fork has the exercises already, those that cannot be sent to another process among them.
    kind = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    by_place: dict[int, Audit] = {}
    pool = ProcessPoolExecutor(
        jobs, multiprocessing.get_context(kind), initializer=_start, initargs=(asked, seeds, causes)
    )
    try:
        waiting = {pool.submit(_audit_at, i): i for i in range(len(asked))}
        for future in as_completed(waiting):
            place = waiting[future]
            by_place[place] = future.result()
            done(by_place[place])
    except BrokenProcessPool:
        left = ", ".join(e.name for i, e in enumerate(asked) if i not in by_place)
        raise CourseError(
            f"the audit was ended from inside, by one of {left}: audit them one by one with --jobs 1"
        ) from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return [by_place[i] for i in range(len(asked))]


_asked: tuple[Sequence[Exercise], int, bool] = ((), 0, False)


def _start(asked: Sequence[Exercise], seeds: int, causes: bool) -> None:
    global _asked
    _asked = asked, seeds, causes
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it, without a traceback


def _audit_at(place: int) -> Audit:
    asked, seeds, causes = _asked
    return audit(asked[place], seeds, causes=causes)


def _listed(exercise: Exercise) -> tuple[list[Callable[..., Any]], dict[str, str]]:
    if not answers.has(exercise.chapter):
        raise CourseError(
            f"{answers.home(exercise.chapter).replace('.', '/')} is missing: audit in a clone of the course, with "
            "differently written correct answers there"
        )
    return answers.right(exercise.chapter, exercise.name), answers.equivalent_mutants(
        exercise.chapter, exercise.name
    )


def _cases_and_criteria(exercise: Exercise, sets: list[Known], found: Audit) -> None:
    """A criterion that looks at no case is met by everybody; a case that belongs to no criterion tests nothing."""
    criteria = {c.name for c in exercise.criteria}
    looked_at = [{case.criterion for case in known.cases} for known in sets]
    for criterion in exercise.criteria:
        if not criterion.every and not all(criterion.name in names for names in looked_at):
            found.faults.append(f"the criterion {criterion.name!r} has no case: everybody meets it")
    for name in sorted(set().union(*looked_at) - criteria):
        found.faults.append(f"there are cases for {name!r}, which is no criterion")


def _right_answers(
    exercise: Exercise,
    answers: list[Callable[..., Any]],
    sets: list[Known],
    found: Audit,
    told: Callable[[str], None],
) -> None:
    if len(answers) < FEWEST_ANSWERS:
        found.faults.append(
            f"{len(answers)} differently written correct answers are listed; {FEWEST_ANSWERS} are needed"
        )
    for function in [exercise.reference, *answers] if sets else []:
        told(function.__name__)
        found.right += 1
        for seed, known in enumerate(sets):
            verdict = verdict_of(exercise, function, known.cases, known)
            if not verdict.solved or verdict.points != exercise.points:
                found.refused += 1
                found.faults.append(
                    f"the correct answer {function.__name__} is refused (seed {seed}):\n{verdict}"
                )
                break


def _misconceptions(exercise: Exercise, sets: list[Known], found: Audit, told: Callable[[str], None]) -> None:
    if exercise.difficulty > 1 and len(exercise.misconceptions) < FEWEST_MISCONCEPTIONS:
        found.faults.append(
            f"{len(exercise.misconceptions)} misconceptions are listed; {FEWEST_MISCONCEPTIONS} are needed"
        )
    for misconception in exercise.misconceptions if sets else ():
        told(misconception.name)
        found.wrong += 1
        found.misconceptions += 1
        verdicts = []
        for seed, known in enumerate(sets):
            verdict = verdict_of(exercise, misconception.answer, known.cases, known)
            verdicts.append(verdict)
            if verdict.points >= exercise.points:
                found.survived += 1
                found.faults.append(f"the misconception {misconception.name} loses no marks (seed {seed})")
                break
            if verdict.misconception != misconception.name:
                found.survived += 1
                called = verdict.misconception or "nothing at all"
                found.faults.append(
                    f"the misconception {misconception.name} is taken for {called} (seed {seed}):\n{verdict}"
                )
                break
        found.faults += luck(f"the misconception {misconception.name}", verdicts)


def luck(who: str, verdicts: Sequence[Verdict]) -> list[str]:
    """A sentence if points or success depend on the seed, with the call that decides; none if they do not."""
    first = verdicts[0]
    for seed, verdict in enumerate(verdicts):
        if (verdict.points, verdict.solved) == (first.points, first.solved):
            continue
        less, more = sorted((first, verdict), key=lambda v: v.points)
        decides = next(
            (one for one, other in zip(less.results, more.results, strict=True) if one.earned < other.earned),
            less.results[0],
        )
        at = f": {decides.problem.call}" if decides.problem and decides.problem.call else ""
        return [
            f"{who} earns {first.points:g} with seed 0 and {verdict.points:g} with seed {seed}; "
            f"{decides.criterion!r} decides{at}"
        ]
    return []


def _mutants(
    exercise: Exercise,
    equivalents: dict[str, str],
    sets: list[Known],
    found: Audit,
    told: Callable[[str], None],
) -> None:
    if not sets:
        return
    few = sets[:MUTANT_SEEDS]
    start = time.perf_counter()
    for known in few:
        verdict_of(exercise, exercise.reference, known.cases)
    # A changed loop may never end; no mutant has to be waited for much longer than its reference took.
    limit = min(exercise.seconds, 1.0 + 20 * (time.perf_counter() - start))
    changed = mutants(exercise.reference)
    regimes = regime_mutants(exercise, [case for known in few for case in known.cases])
    found.regimes = len(regimes)
    step = max(1, -(-len(changed) // MUTANTS_AT_EVERY_SEED))
    everywhere = {m.name for m in changed[::step]}
    for mutant in (*changed, *regimes):
        told(mutant.name)
        equivalent = mutant.name in equivalents
        asked = sets if mutant.name in everywhere and not equivalent else few
        verdicts = [verdict_of(exercise, mutant.function, known.cases, known, limit) for known in asked]
        lost = [verdict.points < exercise.points for verdict in verdicts]
        if equivalent:
            del equivalents[mutant.name]
            found.equivalent += 1
            if all(lost):
                found.faults.append(
                    f"the mutant {mutant.name!r} is listed as equivalent, but it is caught: unlist it"
                )
            continue
        found.wrong += 1
        found.mutants += mutant in changed
        if not all(lost):  # a student meets one set of inputs: each has to tell right from wrong
            found.survived += 1
            found.faults.append(
                f"the mutant {mutant.name!r} of the reference gets full marks (seed {lost.index(False)})"
            )
        elif mutant in changed:
            found.faults += luck(f"the mutant {mutant.name!r}", verdicts)


def _constants(
    exercise: Exercise,
    equivalents: dict[str, str],
    sets: list[Known],
    found: Audit,
    told: Callable[[str], None],
) -> None:
    """Answers that look at no number earn nothing, and no criterion alone is met by one.

    Where a function takes nothing, an answer cannot look at anything: it is a constant that is asked for, and which ones
    are right the criteria say.
    """
    if not sets or not parameters_of(exercise.reference):
        return
    seen = Seen(exercise)
    for name, made in constant_answers(seen):
        told(name)
        found.wrong += 1
        found.constants += 1
        for seed, known in enumerate(sets):
            points = verdict_of(exercise, made(), known.cases, known).points
            if points > sum(c.worth for c in exercise.criteria if c.withdrawn):
                found.survived += 1
                found.faults.append(
                    f"an answer that looks at no number, {name}, earns {points:g} (seed {seed})"
                )
                break
    for criterion in exercise.criteria[1:]:
        if criterion.every or criterion.name == UNUSUAL or criterion.withdrawn:
            continue
        told(criterion.name)
        by_heart = looking(seen.by_sight(criterion.name))
        name = f"{criterion.name}: by heart"
        met = [seed for seed, known in enumerate(sets) if _met(exercise, criterion.name, by_heart, known)]
        if name in equivalents:
            del equivalents[name]
            if not met:
                found.faults.append(f"{name!r} is listed as equivalent, but it is caught: unlist it")
        elif met:
            found.faults.append(
                f"the criterion {criterion.name!r} is met by an answer that looks at no number in it (seed {met[0]})"
            )


def _met(exercise: Exercise, criterion: str, by_heart: Callable[..., Any], known: Known) -> bool:
    """Whether the reference, with a table in its place for one criterion, meets that; a refusal by shape is no table."""
    answers, drawn = [], False
    for position, case in enumerate(known.cases):
        right = known.answer(exercise.reference, position)
        mine = case.criterion == criterion
        drawn = drawn or (mine and right.error is None)
        answers.append(call(by_heart, case.args) if mine else right)
    verdict = exercise.judge(known.cases, answers, known=known)
    return drawn and any(r.criterion == criterion and r.earned > 0 for r in verdict.results)
