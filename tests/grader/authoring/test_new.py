"""A new exercise: laid out by the command, written by following solutions/README.md, built, audited and graded."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from fnnkit.judge.registry import exercise, exercises
from grader.authoring import laying_out, new_exercise
from grader.course import CONFIG, Course, CourseError
from grader.sandbox import modes

ROOT = Path(__file__).resolve().parents[3]
CHAPTER, NAME = "ch1_xor", "squared_distances"
README = (ROOT / "solutions" / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.S | re.M)
MARK = f"{laying_out.PLACEHOLDER} ({NAME})"


@pytest.fixture(scope="module")
def clone_of_the_module(tmp_path_factory):
    return copied(tmp_path_factory.mktemp("clones") / "clone")


@pytest.fixture
def clone(clone_of_the_module, tmp_path):
    return shutil.copytree(clone_of_the_module, tmp_path / "clone")


def copied(place):
    """The repository without its tests, but for those that an exercise has a part in."""
    place.mkdir()
    for name in (CONFIG, "pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, place)
    for folder in ("fnnkit", "grader", "solutions", "course"):
        shutil.copytree(
            ROOT / folder, place / folder, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        )
    (place / "tests" / "fnnkit" / "exercises" / CHAPTER).mkdir(parents=True)
    return place


def environment(place):
    scripts = str(Path(sys.executable).parent)
    return os.environ | {
        "PYTHONPATH": str(place), "NO_COLOR": "1", "COLUMNS": "200", "PATH": scripts + os.pathsep + os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip


def run(place, *words):
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=place, capture_output=True, text=True, timeout=600, check=False,
        env=environment(place),
    )  # fmt: skip


def grader(place, *words):
    return run(place, "grader", *words)


def tree(place):
    return {p.relative_to(place).as_posix(): p.read_bytes() for p in sorted(place.rglob("*")) if p.is_file()}


# --- an author who does what the README says -------------------------------------------------------------


def follow(place, kind, text):
    """Put a block of the README where it belongs, as a reader would."""
    if kind == "sh":
        done = [grader(place, *shlex.split(line)[1:]) for line in text.splitlines()]
        assert all(line.startswith("grader ") for line in text.splitlines())
        return done
    files = new_exercise.pieces(Course(place), CHAPTER, NAME)
    if text.startswith("# %%"):
        replace(
            files["notebook"],
            rf"^# %% \[markdown\]\n# ### Exercise `{NAME}`.*?^check\(\"{NAME}\", {NAME}\)\n",
            text,
        )
    else:
        kinds = {"EXERCISE = ": "declaration", "ANSWERS = ": "answers", "COSTS = ": "tests"}
        [kind] = [kind for sign, kind in kinds.items() if f"\n{sign}" in text]
        assert files[kind].is_file()
        files[kind].write_text(text, encoding="utf-8")
    return []


def replace(path, pattern, text):
    before = path.read_text(encoding="utf-8")
    assert len(re.findall(pattern, before, re.S | re.M)) == 1
    flags = re.S | re.M
    path.write_text(re.sub(pattern, lambda _: text, before, count=1, flags=flags), encoding="utf-8")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A clone to which the README's example was added, and what each command said."""
    place = copied(tmp_path_factory.mktemp("author") / "clone")
    said = []
    for kind, text in BLOCKS:
        said += follow(place, kind, text)
    return place, said


@pytest.mark.exhaustive
def test_every_command_of_the_readme_ends_well_and_the_first_audit_says_what_is_missing(written):
    _, said = written
    new, first, built, last = said
    assert new.returncode == 0, new.stderr
    assert first.returncode == 1
    assert "Traceback" not in first.stderr
    for sentence in (
        f"fnnkit/exercises/ch1_xor/{NAME}.py, line", f"grader/answers/ch1_xor/{NAME}.py, line", "solutions/ch1_xor.py, line",
        f"tests/fnnkit/exercises/ch1_xor/test_{NAME}.py, line", "there are no cases yet: any answer would get full marks",
        "0 differently written correct answers are listed; 3 are needed", "0 misconceptions are listed; 4 are needed",
    ):  # fmt: skip
        assert f"{NAME}: {sentence}" in first.stderr
    assert built.returncode == 0, built.stderr
    assert last.returncode == 0, last.stderr
    assert last.stderr == ""
    assert re.search(rf"^{NAME} +5 +\d+ +\d+ +0 +0 +4 +0 ", last.stdout, re.M)


def test_nothing_is_left_to_write_and_it_is_formatted(written):
    place, _ = written
    assert new_exercise.unwritten(Course(place), CHAPTER, NAME) == []
    assert [p for p, text in tree(place).items() if MARK.encode() in text] == []
    files = [
        str(p) for kind, p in new_exercise.pieces(Course(place), CHAPTER, NAME).items() if kind != "notebook"
    ]
    for words in (["format", "--check"], ["check"]):
        done = run(place, "ruff", *words, *files)
        assert done.returncode == 0, done.stdout


def test_the_test_of_the_readme_passes_and_the_one_laid_out_does_not(written, clone):
    place, _ = written
    path = f"tests/fnnkit/exercises/{CHAPTER}/test_{NAME}.py"
    options = ("-q", "-n0", "-p", "no:cacheprovider", path)
    done = run(place, "pytest", *options)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
    assert (
        grader(clone, "new", "exercise", CHAPTER, NAME, "--reference", "kernels.squared_distances").returncode
        == 0
    )
    assert "1 failed" in run(clone, "pytest", *options).stdout


CHECKED = """
import numpy as np
from fnnkit.exercises import check
from fnnkit.judge.registry import exercise
from grader import answers
asked = exercise("squared_distances")
for answer in answers.right(asked.chapter, asked.name):
    assert check(asked.name, answer) == 0.0, "further exercises earn nothing"
for m in asked.misconceptions:
    check(asked.name, m.answer)
"""


def test_a_check_knows_right_answers_and_names_the_mistakes(written):
    place, _ = written
    done = subprocess.run(
        [sys.executable, "-c", CHECKED],
        cwd=place,
        env=environment(place),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(f"✓ {NAME}: 3 of 3 criteria met, no points") == 3
    assert sum(done.stdout.count(f"{sign} {NAME}") for sign in "✗◐") == 5
    assert "so that +1 and −1 cancel" in done.stdout


@pytest.mark.exhaustive
@pytest.mark.skipif(not modes.available(), reason="bubblewrap is missing or cannot make namespaces")
def test_it_is_graded_in_the_sandbox_like_any_other(written):
    place, _ = written
    course = Course(place)
    released = nbformat.read(course.released(CHAPTER), as_version=4)
    right = {
        c.metadata.nbgrader.grade_id: c.source
        for c in nbformat.read(place / "solutions" / CHAPTER / f"{CHAPTER}.ipynb", 4).cells
    }
    wrong = f"def {NAME}(A, B):\n    return ((A - B) ** 2).sum(axis=1)"
    for student, answer in (("ada", right[NAME]), ("ben", wrong)):
        for cell in released.cells:
            if cell.metadata.nbgrader.grade_id == NAME:
                cell.source = answer
        path = course.submitted(student, CHAPTER)
        path.parent.mkdir(parents=True)
        nbformat.write(released, path)
    done = grader(place, "grade", CHAPTER, "--jobs", "2")
    assert done.returncode == 0, done.stderr
    pages = {s: (place / "feedback" / s / CHAPTER / f"{CHAPTER}.html").read_text() for s in ("ada", "ben")}
    assert f"✓ {NAME}: 3 of 3 criteria met, no points" in pages["ada"]
    assert f"✗ {NAME}: 0 of 3 criteria met, no points" in pages["ben"]
    assert "each point of" in pages["ben"]


# --- what is laid out ------------------------------------------------------------------------------------


def test_it_stands_after_the_exercise_that_was_named_in_module_and_notebook(written):
    place, _ = written
    code = f"from fnnkit.judge.registry import contents; print(list(contents({CHAPTER!r})))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=place,
        env=environment(place),
        capture_output=True,
        text=True,
        check=True,
    )
    names = [e.name for e in exercises(CHAPTER)]
    names.insert(names.index("xor_network") + 1, NAME)
    assert done.stdout.strip() == str(names)
    cells = nbformat.read(place / "course" / CHAPTER / f"{CHAPTER}.ipynb", as_version=4).cells
    ids = [c.metadata.nbgrader.grade_id for c in cells]
    assert ids.index("check_xor_network") < ids.index(NAME) < ids.index(f"check_{NAME}")


def test_without_options_it_comes_last_with_points_and_with_the_signature_of_its_reference(clone):
    done = grader(clone, "new", "exercise", CHAPTER, "predict_kernel", "--minutes", "7", "--difficulty", "3")
    assert done.returncode == 0, done.stderr
    assert "grader audit predict_kernel" in done.stdout
    source = (clone / "solutions" / f"{CHAPTER}.py").read_text(encoding="utf-8")
    assert "# ### Exercise `predict_kernel` · ●●●○ · 7 minutes · 1 point\n" in source
    assert "def predict_kernel(K, alpha):" in source
    last = exercises(CHAPTER)[-1].name
    assert (
        source.index(f'check("{last}"') < source.index('check("predict_kernel"') < source.index("## Summary")
    )
    listed = (clone / "fnnkit" / "exercises" / CHAPTER / "__init__.py").read_text(encoding="utf-8")
    assert listed.index(f'"{last}"') < listed.index('"predict_kernel"')


@pytest.mark.exhaustive
def test_the_reference_s_module_is_imported_and_several_values_are_named(clone):
    done = grader(clone, "new", "exercise", CHAPTER, "whitened", "--reference", "distributions.whiten")
    assert done.returncode == 0, done.stderr
    declared = (clone / "fnnkit" / "exercises" / CHAPTER / "whitened.py").read_text(encoding="utf-8")
    assert re.search(r"^from fnnkit import distributions$", declared, re.M)
    assert "reference=distributions.whiten," in declared
    done = grader(clone, "new", "exercise", CHAPTER, "fit_twice", "--reference", "linear.fit_linear")
    assert done.returncode == 0, done.stderr
    declared = (clone / "fnnkit" / "exercises" / CHAPTER / "fit_twice.py").read_text(encoding="utf-8")
    assert 'returns=("value1", "value2"),' in declared
    assert grader(clone, "build").returncode == 0


@pytest.mark.parametrize("asked", ["activations.relu", "rectifiers.relu", "expressivity.propagate"])
def test_a_reference_is_found_where_it_is_defined_and_where_it_is_imported_from(asked):
    function, home = new_exercise.find_reference(asked, told=True)
    assert f"{home}.{function.__name__}" == asked


# --- what is refused -------------------------------------------------------------------------------------

REFUSED = {
    "unknown chapter": (["ch9_xor", "new_one"], "there is no chapter 'ch9_xor'; did you mean 'ch1_xor'?"),
    "existing name": ([CHAPTER, "mse"], "there is an exercise 'mse' already, in ch1_xor"),
    "existing elsewhere": (["ch2_output_units", "mse"], "there is an exercise 'mse' already, in ch1_xor"),
    "not a name": ([CHAPTER, "two words"], "'two words' cannot be the name of an exercise"),
    "keyword": ([CHAPTER, "lambda"], "'lambda' cannot be the name"),
    "capitals": ([CHAPTER, "MSE"], "'MSE' cannot be the name"),
    "a check": ([CHAPTER, "check_x"], "'check_x' cannot be the name"),
    "taken": ([CHAPTER, "four_points"], "fnnkit/exercises/ch1_xor/four_points.py is there already"),
    "no reference": ([CHAPTER, "no_such_thing"], "fnnkit has no function 'no_such_thing': write the reference first"),
    "wrong reference": ([CHAPTER, "x", "--reference", "kernels.nothing"], "fnnkit.kernels has no function 'nothing'"),
    "wrong module": ([CHAPTER, "x", "--reference", "kernel.rbf"], "there is no module fnnkit.kernel; did you mean 'kernels'?"),
    "no module": ([CHAPTER, "x", "--reference", "rbf_kernel"], "say the module too"),
    "wrong place": ([CHAPTER, "mae", "--after", "msee"], "there is no exercise 'msee' in ch1_xor; did you mean 'mse'?"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_is_one_line_and_changes_nothing(kind):
    words, said = REFUSED[kind]
    options = dict(zip((w.lstrip("-") for w in words[2::2]), words[3::2], strict=True))
    with pytest.raises(CourseError) as refused:
        new_exercise.plan(Course(ROOT), *words[:2], **options)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_refusal_of_the_command_is_one_line(clone):
    before = tree(clone)
    done = grader(clone, "new", "exercise", CHAPTER, "mse")
    assert done.returncode == 1
    assert done.stderr.strip() == "grader: there is an exercise 'mse' already, in ch1_xor"
    assert tree(clone) == before


# --- what goes wrong -------------------------------------------------------------------------------------


def planned(place, **more):
    return new_exercise.Plan(
        CHAPTER,
        NAME,
        new_exercise.find_reference("kernels.squared_distances", True)[0],
        "kernels",
        exercise("xor_network"),
        10,
        2,
        False,
    )


@pytest.mark.sampled
@pytest.mark.parametrize("moment", range(5))
@pytest.mark.parametrize("problem", [KeyboardInterrupt, OSError("disk full")])
def test_a_stop_or_a_full_disk_between_two_files_leaves_all_as_they_were(clone, monkeypatch, moment, problem):
    before, calls, real = tree(clone), [], Path.replace

    def replace(self, target):
        calls.append(target)
        if len(calls) == moment + 1:
            raise problem
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(type(problem) if isinstance(problem, OSError) else problem):
        new_exercise.write(Course(clone), planned(clone))
    assert len(calls) == moment + 1
    assert tree(clone) == before


def test_a_chapter_that_would_not_build_any_more_is_put_back(clone):
    source = clone / "solutions" / f"{CHAPTER}.py"
    source.write_text(
        source.read_text(encoding="utf-8").replace("### Exercise `mse` · ●○○○", "### Exercise `mse` · ●●●●")
    )
    before = tree(clone)
    done = grader(clone, "new", "exercise", CHAPTER, NAME, "--reference", "kernels.squared_distances")
    assert done.returncode == 1
    assert "the chapter would not build any more, so nothing was changed" in done.stderr
    assert "the card of 'mse'" in done.stderr
    assert tree(clone) == before


def test_ctrl_c_while_it_builds_leaves_all_as_it_was(clone):
    before = tree(clone)
    running = subprocess.Popen(
        [sys.executable, "-m", "grader", "new", "exercise", CHAPTER, NAME, "--reference", "kernels.squared_distances"],
        cwd=clone, env=environment(clone), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    declared = clone / "fnnkit" / "exercises" / CHAPTER / f"{NAME}.py"
    while running.poll() is None and not declared.exists():
        pass
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=120)
    assert running.returncode == 130, said
    assert "nothing was changed" in said
    assert tree(clone) == before


# --- a new chapter, a new figure -------------------------------------------------------------------------


@pytest.mark.exhaustive
def test_a_new_chapter_builds_and_passes_lint_and_types_and_takes_an_exercise_and_a_figure(clone):
    done = grader(clone, "new", "chapter", "graphs", "Chapter 7 · Graphs")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 5
    assert grader(clone, "build", "graphs").returncode == 0
    words = ("new", "exercise", "graphs", NAME, "--reference", "kernels.squared_distances")
    assert grader(clone, *words).returncode == 0
    # A formatter has put the list of one name into one line: a second one finds its place all the same.
    second = grader(clone, "new", "exercise", "graphs", "rbf_gram", "--reference", "kernels.rbf_kernel")
    assert second.returncode == 0, second.stderr
    done = grader(clone, "new", "figure", "graphs", "far_and_near", NAME)
    assert done.returncode == 0, done.stderr
    assert grader(clone, "build", "graphs").returncode == 0
    made = [
        "fnnkit/exercises/graphs", "fnnkit/figures/graphs", "grader/answers/graphs", "tests/fnnkit/exercises/graphs",
        "tests/fnnkit/figures/graphs", "solutions/graphs.py",
    ]  # fmt: skip
    for lint in (["ruff", "check"], ["ruff", "format", "--check"], ["mypy", *made[:3]]):
        # The blank lines of a notebook's source belong to its cells: it is linted, not formatted.
        places = {"check": made, "format": made[:-1]}.get(lint[1], [])
        done = run(clone, *lint, *places)
        assert done.returncode == 0, done.stdout
    audit = grader(clone, "audit", "graphs")
    assert audit.returncode == 1
    assert "still to be written" in audit.stderr
    done = run(clone, "pytest", "-q", "-n0", "-p", "no:cacheprovider", "tests/fnnkit/figures/graphs")
    assert done.returncode == 1
    assert "TO BE WRITTEN (far_and_near): a number that it says" in done.stdout


@pytest.mark.exhaustive
def test_a_figure_is_added_to_a_chapter_that_has_some(clone):
    done = grader(clone, "new", "figure", CHAPTER, "two_bells", "rbf_kernel")
    assert done.returncode == 0, done.stderr
    code = f"import fnnkit.figures.{CHAPTER} as f; print(f.two_bells.__name__, f.landscape.__name__)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=clone,
        env=environment(clone),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["two_bells", "landscape"]
    source = (clone / "solutions" / f"{CHAPTER}.py").read_text(encoding="utf-8")
    assert source.index('check("rbf_kernel"') < source.index("figures.two_bells(rbf_kernel)")


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chapter", CHAPTER, "t"], "there is a chapter 'ch1_xor' already"),
        (["chapter", "Ch 7", "t"], "'Ch 7' cannot be the id of a chapter"),
        (["figure", "ch9", "f", "relu"], "there is no chapter 'ch9'"),
        (["figure", CHAPTER, "f", "reluu"], "there is no exercise 'reluu' in ch1_xor; did you mean 'relu'?"),
        (["figure", CHAPTER, "landscape", "relu"], "fnnkit/figures/ch1_xor/landscape.py is there already"),
        (["figure", CHAPTER, "a b", "relu"], "'a b' cannot be the name of a figure"),
    ],
)
def test_what_cannot_be_a_chapter_or_a_figure_is_one_line_and_changes_nothing(clone, words, said):
    before = tree(clone)
    done = grader(clone, "new", *words)
    assert done.returncode == 1
    [line] = done.stderr.strip().splitlines()
    assert line.startswith(f"grader: {said}")
    assert tree(clone) == before
