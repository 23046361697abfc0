"""Both notebooks come from one text: the same bytes every time, and nothing of the solutions in what students get."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from fnnkit.judge.registry import exercises
from grader.authoring.build import BEGIN, END, build, check_release, source_notebook, stale, write
from grader.course import CONFIG, Course, CourseError
from grader.marking.submission import ANSWERED

ROOT = Path(__file__).resolve().parents[3]
CHAPTER = "ch1_xor"


@pytest.fixture
def course(tmp_path):
    shutil.copy(ROOT / CONFIG, tmp_path)
    for name in ("solutions", "course"):
        (tmp_path / name).mkdir()
        for path in (ROOT / name).glob("*"):
            if path.is_dir() and path.name.startswith(("ch", "project")):
                shutil.copytree(path, tmp_path / name / path.name)
            elif path.is_file():
                shutil.copy(path, tmp_path / name)
    return Course(tmp_path)


def source_of(course):
    return course.root / "solutions" / f"{CHAPTER}.py"


def edit(course, before, after):
    text = source_of(course).read_text(encoding="utf-8")
    assert text.count(before) >= 1
    source_of(course).write_text(text.replace(before, after, 1), encoding="utf-8")


def run(course, *arguments):
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": scripts + os.pathsep + os.environ["PATH"]}
    return subprocess.run(arguments, cwd=course.root, env=environment, capture_output=True, text=True)


def grader(course, *arguments):
    return run(course, sys.executable, "-m", "grader", *arguments)


def tree(folder):
    return {p.relative_to(folder): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# --- the same bytes --------------------------------------------------------------------------------------


def test_what_is_committed_is_what_the_sources_build_to():
    course = Course(ROOT)
    assert course.chapters()
    assert stale(course, build(course)) == []


@pytest.mark.exhaustive
def test_two_builds_in_two_places_give_the_same_bytes(course):
    assert build(course, [CHAPTER]) == build(Course(ROOT), [CHAPTER])
    assert build(course, [CHAPTER]) == build(course, [CHAPTER])


@pytest.mark.exhaustive
def test_the_order_of_hashes_does_not_reach_the_notebooks(course):
    code = (
        "import sys, hashlib; from pathlib import Path; from grader.authoring.build import build;"
        "from grader.course import Course;"
        f"one = build(Course(Path('.')), ['{CHAPTER}'])[0];"
        "print(hashlib.sha256((one.source + one.release).encode()).hexdigest())"
    )
    found = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=course.root, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
        found.add(done.stdout.splitlines()[-1])
    assert len(found) == 1


@pytest.mark.exhaustive
def test_nbgraders_own_command_makes_the_committed_notebook_byte_for_byte(course):
    released = course.released(CHAPTER)
    committed = released.read_bytes()
    done = run(course, "nbgrader", "generate_assignment", CHAPTER, "--force")
    assert done.returncode == 0, done.stderr
    assert released.read_bytes() == committed
    assert sorted(p.name for p in released.parent.iterdir()) == [released.name]


@pytest.mark.exhaustive
def test_the_points_of_every_exercise_reach_nbgraders_gradebook(course):
    from nbgrader.api import Gradebook

    assert run(course, "nbgrader", "generate_assignment", CHAPTER, "--force").returncode == 0
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", "fnnkit") as book:
        cells = {c.name: c.max_score for c in book.find_notebook(CHAPTER, CHAPTER).grade_cells}
    asked = {f"check_{e.name}": (e.points if e.core else 0.0) for e in exercises(CHAPTER)}
    assert {name: points for name, points in cells.items() if name.startswith("check_")} == asked
    assert cells["check_mse"] == cells["check_relu"] == 1.0
    assert cells["check_affine"] == cells["check_count_xor_solutions"] == 0.0
    assert cells["check_fit_linear"] == cells["check_xor_network"] == 2.0
    assert cells["why_not_linear"] == 1.0


# --- what students get -----------------------------------------------------------------------------------

RELEASED = sorted((ROOT / "course").glob("ch*/*.ipynb"))


@pytest.mark.parametrize("path", RELEASED, ids=lambda p: p.stem)
def test_a_released_notebook_has_no_outputs_no_solutions_and_stubs_in_their_place(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    text = path.read_text(encoding="utf-8")
    assert BEGIN not in text
    assert END not in text
    assert "HIDDEN TESTS" not in text
    answers = {e.name for e in exercises(path.stem)}
    for cell in notebook.cells:
        mark = cell.metadata.nbgrader
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)
        if cell.cell_type == "code" and mark.solution and mark.grade_id in answers:
            answers.discard(mark.grade_id)
            if ANSWERED in cell.metadata.get("tags", []):
                assert "NotImplementedError" not in cell.source
                continue
            assert cell.source.rstrip().endswith("# your code goes here, in the place of this line")
            with pytest.raises(NotImplementedError):
                call_stub(cell.source, mark.grade_id)
        assert mark.locked is not mark.solution
    assert answers == set()


def call_stub(source, name):
    space = {}
    exec(source, space)  # noqa: S102
    function = space[name]
    function(*[None] * function.__code__.co_argcount)


def test_no_line_of_a_solution_is_in_what_students_get():
    release = nbformat.read(ROOT / "course" / CHAPTER / f"{CHAPTER}.ipynb", as_version=4)
    text = "\n".join(cell.source for cell in release.cells)
    for secret in (
        "pinv(X",
        "H @ w + b",
        "np.maximum(0, X",
        "** 2).mean()",
        "w_2 = -1",
        "reverses its answer",
        "y_mean -",
    ):
        assert secret in source_of(Course(ROOT)).read_text(encoding="utf-8")
        assert secret not in text


# --- what the build refuses ------------------------------------------------------------------------------


def refused(course, chapters=None):
    before = tree(course.root)
    with pytest.raises(CourseError) as problem:
        write(course, build(course, chapters))
    assert tree(course.root) == before, "a failing build left something behind"
    assert "\n" not in str(problem.value)
    return str(problem.value)


LEAKS = {
    "a line of code": ("# Both lines", "return H, H @ w + b"),
    "a line with quotation marks": (
        "# Both lines",
        'raise ValueError(f"y_pred has shape {y_pred.shape}, y_true has shape {y_true.shape}")',
    ),
    "a line of a written answer": (
        "# Both lines",
        "in one input in the same way whatever the other input is, and XOR reverses its answer.",
    ),
}


@pytest.mark.parametrize("line", [line for _, line in LEAKS.values()], ids=list(LEAKS))
def test_a_solution_in_a_prose_cell_is_found(course, line):
    edit(course, "# ## Summary\n", f"# ## Summary\n#\n# {line}\n")
    assert "a solution would reach students" in refused(course)


def test_a_solution_in_a_given_cell_is_found(course):
    edit(
        course,
        "import numpy as np\n",
        "import numpy as np\n# w = np.linalg.pinv(X - x_mean, rcond=1e-10) @ (y - y_mean)\n",
    )
    assert "a solution would reach students" in refused(course)


def test_hidden_tests_would_reach_students_and_are_found(course):
    text = json.loads(course.released(CHAPTER).read_text(encoding="utf-8"))
    solved = (course.root / "solutions" / CHAPTER / f"{CHAPTER}.ipynb").read_text(encoding="utf-8")
    for cells in (text["cells"], (both := json.loads(solved))["cells"]):
        cells[0]["source"] = ["### BEGIN HIDDEN TESTS"]
    with pytest.raises(CourseError, match="BEGIN HIDDEN TESTS"):
        check_release(CHAPTER, json.dumps(both), json.dumps(text))


def released_with(course, change):
    """The committed source and release, the release changed."""
    source = (course.root / "solutions" / CHAPTER / f"{CHAPTER}.ipynb").read_text(encoding="utf-8")
    release = nbformat.read(course.released(CHAPTER), as_version=4)
    change({c.metadata.nbgrader.grade_id: c for c in release.cells}, release)
    return source, nbformat.writes(release, version=4)


def put(name, before, after):
    def change(cells, _release):
        assert before in cells[name].source
        cells[name].source = cells[name].source.replace(before, after)

    return change


def output(cells, _release):
    cells["check_mse"].outputs = [nbformat.v4.new_output("stream", text="1.0")]


def count(cells, _release):
    cells["check_mse"].execution_count = 3


def drop(_cells, release):
    del release.cells[3]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (put("mse", "def mse(y_pred, y_true)", "def mse(y_true, y_pred)"), "the stub of 'mse' differs"),
        (put("mse", "Returns a number.", "Returns an array."), "the stub of 'mse' differs"),
        (
            put("mse", "raise NotImplementedError", "d = y_pred - y_true\n    raise NotImplementedError"),
            "the stub of 'mse'",
        ),
        (
            put("mse", "raise NotImplementedError", "return 0.0\n    raise NotImplementedError"),
            "the stub of 'mse'",
        ),
        (put("check_mse", "mse)", "mse )"), "the locked cell 'check_mse' differs"),
        (put("affine", "X @ W + c", "X @ W"), "the answer that is handed out, 'affine' differs"),
        (output, "outputs"),
        (count, "outputs"),
        (drop, "different numbers of cells"),
    ],
)
def test_a_release_that_is_not_its_source_with_a_hole_is_refused(course, change, said):
    check_release(CHAPTER, *released_with(course, lambda cells, release: None))
    with pytest.raises(CourseError, match=said):
        check_release(CHAPTER, *released_with(course, change))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"grade_id": "check_mse"', '"grade_id": "check_mes"', "'check_mes' does not check an exercise"),
        ('"grade_id": "check_mse"', '"grade_id": "mse_check"', "'mse_check' does not check an exercise"),
        (
            '# %% tags=["given"]',
            "# %%",
            "say what this code cell is by one of the tags given, figure, experiment",
        ),
        ('# %% tags=["given"]', '# %% tags=["gievn"]', "say what this code cell is"),
        ('"grade_id": "fit_linear"', '"grade_id": "fit"', "'fit_linear' needs an answer cell"),
        ('"grade_id": "check_fit_linear"', '"grade_id": "check_mse"', "two cells have the id 'check_mse'"),
        ("    ### BEGIN SOLUTION\n", "", "'mse' has no line '### BEGIN SOLUTION'"),
        ("    ### END SOLUTION\n", "", "'mse' has no line"),
        ('"grade": true, "points": 1, "solution": true', '"grade": true, "solution": true', "written answer"),
        ('# %% nbgrader={"grade_id": "check_mse", "grade": true}', '# %% tags=["experiment"]', "a check_mse"),
    ],
)
def test_a_source_with_a_cell_of_no_clear_role_is_refused_in_one_line(course, before, after, said):
    edit(course, before, after)
    message = refused(course)
    assert said in message
    assert f"{CHAPTER}.py" in message


def test_an_answer_that_is_handed_out_reaches_students_as_it_stands_unlocked_and_without_points(course):
    release = nbformat.read(course.released(CHAPTER), as_version=4)
    cells = {c.metadata.nbgrader.grade_id: c for c in release.cells}
    assert cells["affine"].source.rstrip().endswith("return X @ W + c")
    assert cells["affine"].metadata.nbgrader.locked is False
    assert cells["affine"].metadata.get("editable", True)
    assert cells["check_affine"].metadata.nbgrader.points == 0.0


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "    return X @ W + c\n",
            "    ### BEGIN SOLUTION\n    return X @ W + c\n    ### END SOLUTION\n",
            "the answer 'affine' is handed out as it stands: take out the lines",
        ),
        (' tags=["answered"]', "", "'affine' has no line '### BEGIN SOLUTION'"),
        ("3 minutes · answer given", "3 minutes · further", "the card of 'affine' should be"),
        (
            '"grade_id": "mse", "solution": true}',
            '"grade_id": "mse", "solution": true} tags=["answered"]',
            "the answer 'mse' is handed out as it stands",
        ),
    ],
)
def test_an_answer_that_is_handed_out_is_marked_as_one(course, before, after, said):
    edit(course, before, after)
    assert said in refused(course)


def test_an_answer_that_is_handed_out_and_would_earn_points_is_refused(course):
    text = source_of(course).read_text(encoding="utf-8")
    head, cell = text.split('"grade_id": "mse", "solution": true}')
    cell = cell.replace("    ### BEGIN SOLUTION\n", "", 1).replace("    ### END SOLUTION\n", "", 1)
    source_of(course).write_text(head + '"grade_id": "mse", "solution": true} tags=["answered"]' + cell)
    assert "the answer of 'mse' is handed out, so it should carry no points" in refused(course)


def test_a_second_region_in_one_answer_is_refused(course):
    edit(
        course,
        "    ### END SOLUTION\n",
        "    ### END SOLUTION\n    ### BEGIN SOLUTION\n    x = 1\n    ### END SOLUTION\n",
    )
    assert "outside the region" in refused(course)


def test_a_stray_folder_is_refused_because_nbgrader_would_take_it_for_a_chapter(course):
    (course.root / "solutions" / "old").mkdir()
    assert "solutions/old belongs to no chapter" in refused(course)


def test_an_unknown_chapter_is_refused_and_the_known_ones_are_listed(course):
    message = refused(course, ["ch9_none"])
    assert "solutions/ch9_none.py" in message
    assert CHAPTER in message


def test_cells_get_ids_that_survive_edits_elsewhere(course):
    before = {c.metadata.nbgrader.grade_id: c.id for c in source_notebook(source_of(course), CHAPTER).cells}
    edit(course, "# ## Summary\n", "# ## In short\n")
    after = {c.metadata.nbgrader.grade_id: c.id for c in source_notebook(source_of(course), CHAPTER).cells}
    assert before == after
    assert len(set(before.values())) == len(before)


# --- the command -----------------------------------------------------------------------------------------


@pytest.mark.exhaustive
def test_check_is_content_with_fresh_notebooks_and_build_has_nothing_to_do(course):
    before = tree(course.root)
    done = grader(course, "build", "--check")
    assert (done.returncode, done.stderr) == (0, "")
    assert grader(course, "build").stdout == "nothing to do: all notebooks are fresh\n"
    assert tree(course.root) == before


@pytest.mark.exhaustive
def test_check_fails_on_a_stale_notebook_and_build_repairs_it(course):
    edit(course, "# ## Summary\n", "# ## In short\n")
    before = tree(course.root)
    done = grader(course, "build", "--check")
    assert done.returncode == 1
    assert [line.split(": run")[0] for line in done.stderr.splitlines()] == [
        f"stale: solutions/{CHAPTER}/{CHAPTER}.ipynb",
        f"stale: course/{CHAPTER}/{CHAPTER}.ipynb",
    ]
    assert tree(course.root) == before
    assert grader(course, "build").returncode == 0
    assert "In short" in course.released(CHAPTER).read_text(encoding="utf-8")
    assert grader(course, "build", "--check").returncode == 0


def test_a_released_notebook_edited_by_hand_is_stale(course):
    path = course.released(CHAPTER)
    path.write_text(
        path.read_text(encoding="utf-8").replace("Learning XOR", "Learning xor", 1), encoding="utf-8"
    )
    done = grader(course, "build", "--check")
    assert done.returncode == 1
    assert f"course/{CHAPTER}/{CHAPTER}.ipynb" in done.stderr


def test_a_missing_notebook_is_stale(course):
    course.released(CHAPTER).unlink()
    assert stale(course, build(course, [CHAPTER])) == [course.released(CHAPTER)]


def test_a_failing_build_is_one_line_and_status_1_and_leaves_everything_as_it_was(course):
    edit(course, '"grade_id": "check_mse"', '"grade_id": "check_mes"')
    before = tree(course.root)
    done = grader(course, "build")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"grader: {CHAPTER}.py, cell ")
    assert tree(course.root) == before
