"""A course of one's own, on words, made by the command where fnnkit and grader are installed from a wheel and nothing else."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from grader.authoring.new_course import package_for, settings, write
from grader.course import CONFIG, CourseError, own_package, use_package_of
from grader.sandbox import modes

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = "statistics_of_words"
RATIO = "def type_token_ratio(words):\n    return len({w.lower() for w in words}) / len(words)\n"
MEDIAN = "def median_length(words):\n    return float(np.median([letters(w) for w in words]))\n"
CAPITALS = "def type_token_ratio(words):\n    return len(set(words)) / len(words)\n"
BORROWED = f"from {PACKAGE}.counting import type_token_ratio\n"


def texts():
    """What the author of the course writes, as the module beside this one has it."""
    about = importlib.util.spec_from_file_location("texts_of_words", Path(__file__).with_name("words.py"))
    module = importlib.util.module_from_spec(about)
    about.loader.exec_module(module)
    return module


def environment_with(place, wheels):
    """An environment in which wheels are installed, and otherwise what is installed here but for this repository."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True, timeout=120)
    [site] = place.glob("lib/python3*/site-packages")
    # A folder that a .pth file names is not searched for .pth files: the repository itself is not found.
    here = Path(pytest.__file__).resolve().parents[1]
    (site / "dependencies.pth").write_text(f"{here}\n")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", place / "bin" / "python", "install", "-q", "--no-deps", "--no-index", *wheels],
        check=True, timeout=300,
    )  # fmt: skip
    return place


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A wheel of fnnkit and grader, installed; nothing of the repository can be imported from it."""
    place = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place / "wheel"],
        cwd=ROOT, check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return environment_with(place / "environment", [*(place / "wheel").glob("*.whl")])


def run(installed, place, *words):
    scripts = [installed / "bin", Path(sys.executable).parent]
    variables = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return subprocess.run(
        [installed / "bin" / "python", "-P", "-m", *words],
        cwd=place, capture_output=True, text=True, timeout=600, check=False,
        env=variables | {
            "NO_COLOR": "1", "COLUMNS": "200", "PATH": os.pathsep.join([*map(str, scripts), os.environ["PATH"]]),
            "JUPYTER_PATH": str(Path(sys.prefix) / "share" / "jupyter"),
        },
    )  # fmt: skip


def did(installed, place, *words):
    done = run(installed, place, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def root(installed, tmp_path_factory):
    """The course: laid out by the commands, filled in, built."""
    place = tmp_path_factory.mktemp("courses")
    where = "import fnnkit, grader, grader.answers; print(fnnkit.__file__, grader.__file__); import grader.answers.ch1_xor"
    done = subprocess.run(
        [installed / "bin/python", "-P", "-c", where], cwd=place, capture_output=True, text=True
    )
    assert str(ROOT / "fnnkit") not in done.stdout
    assert "No module named 'grader.answers.ch1_xor'" in done.stderr
    assert "next: cd 'Statistics of words'" in did(
        installed, place, "grader", "new", "course", "Statistics of words"
    )
    root, words = place / "Statistics of words", texts()
    done = run(installed, root, "grader", "audit")
    assert (done.returncode, done.stderr) == (
        1,
        "grader: there is no exercise yet in this course: grader new exercise lays one out\n",
    )
    did(installed, root, "grader", "new", "chapter", "words", "Statistics of words")
    package, tests = root / PACKAGE, root / "tests" / PACKAGE / "exercises" / "words"
    (package / "counting.py").write_text(words.COUNTING)
    did(installed, root, "grader", "new", "exercise", "words", "type_token_ratio", "--minutes", "10")
    did(installed, root, "grader", "new", "exercise", "words", "median_length", "--minutes", "8")
    did(installed, root, "grader", "new", "figure", "words", "lengths", "type_token_ratio")
    done = run(installed, root, "grader", "audit")
    assert done.returncode == 1
    assert (
        f"median_length: {PACKAGE}/answers/words/median_length.py, line 6: still to be written" in done.stderr
    )
    for path, text in {
        package / "exercises/words/type_token_ratio.py": words.RATIO,
        package / "exercises/words/median_length.py": words.MEDIAN,
        package / "answers/words/type_token_ratio.py": words.RATIO_ANSWERS,
        package / "answers/words/median_length.py": words.MEDIAN_ANSWERS,
        package / "figures/words/lengths.py": words.FIGURE,
        tests / "test_type_token_ratio.py": words.RATIO_TESTS,
        tests / "test_median_length.py": words.MEDIAN_TESTS,
        root / "tests" / PACKAGE / "figures/words/test_lengths.py": words.FIGURE_TESTS,
        root / "solutions/words.py": words.NOTEBOOK,
    }.items():
        assert path.is_file(), f"{path} was not laid out"
        path.write_text(text)
    did(installed, root, "grader", "build")
    return root


def hand_in(root, student, **answers):
    notebook = nbformat.read(root / "course" / "words" / "words.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    place = root / "submitted" / student / "words" / "words.ipynb"
    place.parent.mkdir(parents=True)
    nbformat.write(notebook, place)


@pytest.mark.exhaustive
def test_the_audit_finds_nothing_and_a_changed_criterion_is_found(installed, root):
    assert did(installed, root, "grader", "audit").endswith(
        "39 wrong answers, 0 survived; 8 correct answers, 0 refused\n"
    )
    assert "notebooks are fresh" in did(installed, root, "grader", "build", "--check")
    path = root / PACKAGE / "exercises" / "words" / "type_token_ratio.py"
    text = path.read_text()
    try:
        path.write_text(text.replace("words[at].capitalize()", "words[at]"))
        done = run(installed, root, "grader", "audit", "type_token_ratio")
    finally:
        path.write_text(text)
    assert done.returncode == 1
    assert "the misconception capitals_are_others loses no marks" in done.stderr


@pytest.mark.exhaustive
def test_what_the_command_laid_out_to_test_the_costs_passes(installed, root):
    assert "5 passed" in did(installed, root, "pytest", "-q", "-p", "no:cacheprovider")


@pytest.mark.exhaustive
@pytest.mark.skipif(not modes.available(), reason="there is no sandbox on this machine")
def test_submissions_are_graded_in_the_sandbox_and_pages_are_there(installed, root):
    hand_in(root, "ada", type_token_ratio=RATIO, median_length=MEDIAN)
    hand_in(root, "ben", type_token_ratio=CAPITALS)
    hand_in(root, "eve", type_token_ratio=BORROWED, median_length=MEDIAN)
    did(installed, root, "grader", "grade", "words")
    rows = (root / "reports" / "marks.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) > 3
    page = (root / "feedback" / "ben" / "words" / "words.html").read_text(encoding="utf-8")
    assert "compare them in small letters" in page
    assert "0.75 of 1 points" in page
    page = (root / "feedback" / "eve" / "words" / "words.html").read_text(encoding="utf-8")
    assert "0 of 1 points" in page  # the reference is not there when marking
    assert "1 of 1 points" in page  # what is given is
    assert (root / "reports" / "words.html").is_file()
    # nbgrader itself gives the same marks: its configuration says where the exercises are.
    did(installed, root, "nbgrader", "autograde", "words", "--force")
    did(installed, root, "nbgrader", "export")
    lines = (root / "grades.csv").read_text(encoding="utf-8-sig").splitlines()
    names = lines[0].split(",")
    found = {}
    for line in lines[1:]:
        row = dict(zip(names, line.split(","), strict=True))
        found[row["student_id"]] = float(row["score"])
    assert found == {"ada": 2.0, "ben": 0.75, "eve": 1.0}


@pytest.mark.exhaustive
def test_students_get_two_wheels_without_answers_and_their_checks_and_figures_run(installed, root, tmp_path):
    did(installed, root, "grader", "handout")
    [folder] = [p for p in (root / "dist").glob(f"{PACKAGE}-course-*") if p.is_dir()]
    assert not [
        p.name for p in folder.rglob("*") if "answers" in p.name or (p.suffix == ".py" and p.name != CONFIG)
    ]
    wheels = sorted(folder.glob("*.whl"))
    assert [w.name.partition("-")[0] for w in wheels] == ["fnnkit", PACKAGE]
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as packed:
            assert not [n for n in packed.namelist() if "/answers/" in n or n.startswith("grader/")]
    assert (folder / "requirements.txt").read_text().splitlines()[-2:] == [f"./{w.name}" for w in wheels]
    theirs = environment_with(tmp_path / "environment", wheels)
    code = f"""
import {PACKAGE}.figures.words as figures
from {PACKAGE}.counting import letters, type_token_ratio as borrowed
from {PACKAGE}.exercises import check, mine, progress, reset
{CAPITALS}
print(check("type_token_ratio", type_token_ratio))
def mine_but_not_mine(words): return borrowed(words)
check("type_token_ratio", mine_but_not_mine)
progress()
print(type(figures.lengths(type_token_ratio)).__name__)
reset("median_length")
"""
    done = subprocess.run(
        [theirs / "bin/python", "-P", "-c", code], cwd=folder, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert "compare them in small letters" in done.stdout
    assert "this is the course's own `type_token_ratio`" in done.stdout
    assert "ch1_xor" not in done.stdout


@pytest.mark.exhaustive
def test_a_notebook_becomes_a_page_although_the_package_is_not_installed(installed, root):
    assert "0 figures, 1 film" in did(installed, root, "grader", "export", "words")


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["json"], "there is a package 'json' already: give another name with --package"),
        (["grader"], "there is a package 'grader' already"),
        (["3 words"], "'3_words' cannot be the name of a package"),
        (["new", "--package", "a-b"], "'a-b' cannot be the name of a package"),
        (["full"], "is there already, and not empty: choose another folder"),
    ],
)
def test_what_cannot_be_a_course_is_one_line_and_leaves_nothing(installed, tmp_path, words, said):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years of work")
    done = run(installed, tmp_path, "grader", "new", "course", *words)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert said in line
    assert [p.name for p in tmp_path.rglob("*")] == ["full", "thesis.txt"]


def test_an_empty_folder_is_filled_and_a_hostile_title_stays_text(tmp_path):
    (tmp_path / "mine").mkdir()
    write(tmp_path / "mine", "words_of_mine", 'A "title"\n\\ of mine')
    assert own_package(tmp_path / "mine") == "words_of_mine"
    compile((tmp_path / "mine" / "words_of_mine" / "__init__.py").read_text(), "x.py", "exec")


def test_settings_are_those_of_fnnkits_own_course_but_for_the_name():
    ours = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8").splitlines()
    theirs = settings("words_of_mine").splitlines()
    assert [line for line in ours[1:] if line not in theirs] == ['c.CourseDirectory.course_id = "fnnkit"']
    assert package_for(Path("/x/Stats & words!")) == "stats_words"


@pytest.mark.parametrize(
    ("project", "said"),
    [
        ("[tool.fnnkit]\npackage = 'a b'\n", "package has to be the name of a package, and is 'a b'"),
        ("[tool.fnnkit\n", "cannot be read"),
        ("[tool.fnnkit]\npackage = 'nowhere_to_be_found'\n", "cannot be used: No module named"),
        ("[tool.fnnkit]\npackage = 'email'\n", "cannot be used"),
    ],
)
def test_a_course_whose_package_is_broken_is_one_line(tmp_path, project, said):
    (tmp_path / "pyproject.toml").write_text(project)
    before = list(sys.path)
    try:
        with pytest.raises(CourseError, match=said):
            use_package_of(tmp_path)
    finally:
        sys.path[:] = before
