"""What holds for every exercise of every chapter; what is particular to one stands in the test of its name."""

import functools
import importlib.util
import inspect
from pathlib import Path

import numpy as np
import pytest

from fnnkit.exercises import __path__ as places
from fnnkit.judge.exercise import Known, source_of
from fnnkit.judge.registry import chapter_ids, contents, exercise, exercises
from fnnkit.kernel.call import call
from grader import answers

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
CALM = "inputs unchanged, no warning"
ALL = [e for chapter in chapter_ids() for e in exercises(chapter)]
EACH = [(e, m) for e in ALL for m in e.misconceptions]
RIGHT = [(e, f) for e in ALL for f in answers.right(e.chapter, e.name)]
# Those whose card names float32 as unusual input.
SINGLE = [e for e in ALL if any("float32" in c.why for c in e.cases(np.random.default_rng(0)))]
MINUTES = 90


@functools.lru_cache(maxsize=64)
def drawn(name, seed):
    """The inputs of a seed, with what the reference and the registered mistakes answer, once that was asked for."""
    return Known(exercise(name).cases(np.random.default_rng(seed)))


def judged(name, function, seed=0):
    """As `fnnkit.judge.attempt.judged`; what is the same for every answer is kept for the next."""
    known = drawn(name, seed)
    answers = [call(function, case.args) for case in known.cases]
    return exercise(name).judge(known.cases, answers, known=known)


@functools.cache
def the_test_of(e):
    """The module of tests that has the name of an exercise."""
    path = HERE / e.chapter / f"test_{e.name}.py"
    spec = importlib.util.spec_from_file_location(f"of_{e.name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


every = pytest.mark.parametrize("e", ALL, ids=[e.name for e in ALL])
every_mistake = pytest.mark.parametrize(("e", "mistake"), EACH, ids=[f"{e.name}-{m.name}" for e, m in EACH])
every_right = pytest.mark.parametrize(
    ("e", "function"), RIGHT, ids=[f"{e.name}-{f.__name__}" for e, f in RIGHT]
)


def test_no_name_stands_in_two_chapters():
    names = [name for chapter in chapter_ids() for name in contents(chapter)]
    assert len(set(names)) == len(names)


@every
def test_everything_about_an_exercise_is_found_by_its_name(e):
    assert (Path(places[0]) / e.chapter / f"{e.name}.py").is_file()
    assert (Path(answers.__file__).parent / e.chapter / f"{e.name}.py").is_file()
    assert (HERE / e.chapter / f"test_{e.name}.py").is_file()


def test_no_file_of_an_exercise_is_longer_than_it_may_be():
    long = {p.name: n for p in Path(places[0]).rglob("*.py") if (n := len(p.read_text().splitlines())) > 450}
    assert not long


@pytest.mark.parametrize("chapter", chapter_ids())
def test_a_chapter_s_table_of_contents_is_text_and_loads_nothing(chapter):
    source = (Path(places[0]) / chapter / "__init__.py").read_text()
    assert "import" not in source


@pytest.mark.parametrize("chapter", chapter_ids())
def test_what_carries_points_fits_in_ninety_minutes_with_the_written_question(chapter):
    source = (ROOT / "solutions" / f"{chapter}.py").read_text()
    [written] = [line for line in source.splitlines() if line.startswith("# ### Written question")]
    minutes = int(written.split("·")[1].split()[0])
    assert sum(e.minutes for e in exercises(chapter) if e.core) + minutes <= MINUTES


@pytest.mark.parametrize("chapter", chapter_ids())
def test_written_answers_of_differing_quality_are_listed_for_the_question_of_the_notebook(chapter):
    listed = answers.written(chapter)
    assert listed
    for grade_id, texts in listed.items():
        assert (
            f'"grade_id": "{grade_id}", "grade": true' in (ROOT / "solutions" / f"{chapter}.py").read_text()
        )
        assert len(set(texts)) == len(texts) >= 4


@every
def test_worth_and_costs_are_stated_by_hand_in_the_test_of_its_name(e):
    stated = the_test_of(e)
    assert e.worth == stated.WORTH
    assert set(stated.COSTS) == {m.name for m in e.misconceptions}
    assert set(getattr(stated, "TYPICAL", [])) <= set(stated.COSTS)


@every
def test_a_mistake_costs_what_it_costs_and_is_called_by_its_name_on_every_set_of_inputs(e, seeds, thorough):
    costs = the_test_of(e).COSTS
    seeds = seeds if thorough else seeds[:1]
    for mistake in e.misconceptions:
        for seed in seeds:
            verdict = judged(e.name, mistake.answer, seed)
            assert (verdict.points, verdict.misconception) == (costs[mistake.name], mistake.name), (
                f"seed {seed}\n{verdict}"
            )
            assert verdict.hint == mistake.hint


def all_in(value):
    """The arrays and numbers of plain data."""
    parts = value.values() if isinstance(value, dict) else value
    return [p for part in parts for p in all_in(part)] if isinstance(value, dict | list | tuple) else [value]


def changed(value, change):
    """Plain data with every float in it changed."""
    if isinstance(value, dict):
        return {name: changed(part, change) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(changed(part, change) for part in value)
    return (
        change(value)
        if isinstance(value, float) or getattr(value, "dtype", np.dtype(bool)).kind == "f"
        else value
    )


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("e", SINGLE, ids=[e.name for e in SINGLE])
def test_of_float32_either_type_may_come_back_and_errors_of_1e_5_do_not_count(e, kind, seeds):
    calls = []

    def off(value):
        a = np.asarray(value, dtype=float)
        sign = np.where(np.arange(a.size).reshape(a.shape) % 2, 1.0, -1.0)
        return (a * (1 + 1e-5 * sign)).astype(kind)[()]

    def nearly(*args):
        right = e.reference(*args)
        if not any(getattr(part, "dtype", None) == np.float32 for part in all_in(args)):
            return right
        calls.append(args)
        return changed(right, off)

    for seed in seeds:
        verdict = judged(e.name, nearly, seed)
        assert verdict.solved, f"seed {seed}\n{verdict}"
    assert calls


SIZED = [(e, m) for e, m in EACH if m.any_size]
LIMITS = [10.0, 15.0, 20.0, 30.0, 36.0, 50.0, 100.0, 500.0, 709.0]
SIZES = [1e-3, 1e-6, 1e-7, 1e-8, 1e-10, 1e-12, float(np.finfo(float).eps)]


@pytest.mark.sampled(by=("e",))
@pytest.mark.parametrize(("e", "mistake"), SIZED, ids=[f"{e.name}-{m.name}" for e, m in SIZED])
def test_a_mistake_with_a_number_in_it_costs_the_same_at_every_seed_and_is_known_by_any(e, mistake, seeds):
    usual = inspect.signature(mistake.answer).parameters[mistake.any_size].default
    for size in LIMITS if usual > 1 else SIZES:
        wrong = functools.partial(mistake.answer, **{mistake.any_size: size})
        found = {}
        for seed in range(3 * len(seeds)):
            verdict = judged(e.name, wrong, seed)
            named = next((m for m in e.misconceptions if m.name == verdict.misconception), None)
            assert verdict.solved or (named is not None and named.any_size), f"{size}, seed {seed}\n{verdict}"
            found.setdefault((verdict.points, verdict.solved, verdict.misconception), seed)
        assert len(found) == 1, (size, found)


@every
def test_a_naive_formula_loses_the_criterion_about_stability_and_no_other(e, seeds):
    naive = getattr(the_test_of(e), "NAIVE", [])
    if e.chapter == "ch2_output_units":
        assert bool(naive) == any(c.name.startswith("stable") for c in e.criteria)
    for mistake in (m for m in e.misconceptions if m.name in naive):
        for seed in seeds:
            lost = [r for r in judged(e.name, mistake.answer, seed).results if r.earned < r.points]
            assert [r.criterion.split(" ")[0].rstrip(":") for r in lost] == ["stable"], f"seed {seed}"
            assert lost[0].earned == 0.0


@pytest.mark.sampled(by=("e",))
@every_right
def test_differently_written_right_answers_get_everything(e, function, seeds):
    for seed in seeds:
        verdict = judged(e.name, function, seed)
        assert verdict.solved, f"seed {seed}:\n{verdict}"
        assert verdict.points == verdict.possible


def arrays_of(value):
    """All arrays among arguments."""
    if isinstance(value, tuple | list):
        return [a for v in value for a in arrays_of(v)]
    if isinstance(value, dict):
        return arrays_of(list(value.values()))
    return [value] if isinstance(value, np.ndarray) else []


@every
def test_the_gate_asks_for_nothing_but_ordinary_input(e, seeds):
    for seed in seeds:
        for case in e.cases(np.random.default_rng(seed)):
            for a in arrays_of(case.args) if case.criterion == e.criteria[0].name else ():
                assert a.size, case.why
                assert a.dtype in (np.float64, np.int64), case.why
                assert np.isfinite(a).all(), case.why


@every
def test_a_right_answer_that_prints_loses_nothing(e, capsys):
    def chatty(*args):
        print("arguments:", len(args))
        return answers.right(e.chapter, e.name)[0](*args)

    assert judged(e.name, chatty).solved
    assert "arguments:" in capsys.readouterr().out


@every
def test_a_right_answer_that_warns_loses_the_claimed_quarter(e):
    def warns(*args):
        np.log(np.zeros(1))
        return answers.right(e.chapter, e.name)[0](*args)

    lost = [r for r in judged(e.name, warns).results if r.problem]
    # What is "stable" is asked not to warn either.
    assert [r.criterion for r in lost if not (r.claim or r.criterion.startswith("stable"))] == []
    assert CALM in [r.criterion for r in lost]


@every
def test_no_constant_of_any_kind_earns_anything(e):
    for given in (
        np.nan, None, 0.0, True, "0", 0.25j, np.zeros(3), np.zeros((2, 2)), np.full((2, 3), np.nan), (np.zeros(2), np.zeros(2)),
    ):  # fmt: skip
        assert judged(e.name, lambda *args, given=given: given).points == 0.0


@every
def test_what_is_not_written_yet_is_not_called_a_mistake(e):
    def stub(*args):
        raise NotImplementedError

    verdict = judged(e.name, stub)
    assert not verdict.attempted
    assert verdict.misconception == ""


@every_mistake
@pytest.mark.sampled(by=("e",))
def test_a_hint_is_a_sentence_in_plain_text_with_code_in_backticks(e, mistake):
    assert mistake.hint.count("`") % 2 == 0
    assert mistake.hint[-1] in ".)"


@functools.cache
def given_cells(chapter):
    """Text of the cells that a chapter hands out."""
    cells = (ROOT / "solutions" / f"{chapter}.py").read_text().split("\n# %%")
    return "\n".join(cell.partition("\n")[2] for cell in cells if 'tags=["given"]' in cell.partition("\n")[0])


@every
def test_an_answer_needs_what_its_notebook_hands_out_and_the_answers_above(e):
    cases = e.cases(np.random.default_rng(0))
    for function in (*answers.right(e.chapter, e.name), *(m.answer for m in e.misconceptions)):
        space = {need: exercise(need).reference for need in e.needs}
        exec(given_cells(e.chapter), space)  # noqa: S102  # our own notebook
        exec(source_of(function, e.name), space)  # noqa: S102  # our own listed answers
        for case in cases:
            error = call(space[e.name], case.args).error
            assert error is None or error.kind != "NameError", f"{function.__name__}: {error}"
