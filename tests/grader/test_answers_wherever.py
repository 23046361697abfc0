"""What students do to a notebook without meaning to: the answer is found and judged as it was meant, and that is said."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from fnnkit.judge.registry import exercise
from grader.batch import grade
from grader.course import CONFIG, Course
from grader.gradebook.scores import scores
from grader.pages.feedback import write_feedback
from grader.pages.report import write_report
from grader.pages.table import class_table, outcome
from grader.sandbox import modes

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)

RELU = "def relu(z):\n    return np.maximum(0, z)"
MSE = (
    "def mse(y_pred, y_true):\n    if y_pred.shape != y_true.shape:\n        raise ValueError('shapes')\n"
    "    return ((y_pred - y_true) ** 2).mean()"
)
CUT = "def cut(z):\n    return np.maximum(limit, z)"
STUB = "def relu(z):\n    raise NotImplementedError  # your code goes here, in the place of this line"
SIGMOID = "def sigmoid(z):\n    e = np.exp(-np.abs(z))\n    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))"
BERNOULLI = (
    "def sigmoid(t):\n    return 1 / (1 + np.exp(-t))\n\n"
    "def bernoulli_nll(z, y):\n    return np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))"
)
THRESHOLD = "def threshold_unit(z):\n    return np.clip(sigmoid(z), 0, 1)"


def answer(name, text, kind="code"):
    mark = {
        "grade_id": name,
        "solution": True,
        "grade": False,
        "locked": False,
        "schema_version": 3,
        "task": False,
    }
    cell = {
        "cell_type": kind,
        "id": f"cell-{abs(hash((name, text))) % 10**9}",
        "metadata": {"nbgrader": mark},
    }
    return cell | {"source": text} | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def own(text, kind="code"):
    return answer("", text, kind) | {"metadata": {}}


def notebook(*cells, python="3.11.7"):
    about = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    about["language_info"] = {"name": "python", "version": python}
    return json.dumps({"cells": list(cells), "metadata": about, "nbformat": 4, "nbformat_minor": 5}).encode()


# Who: (the file, by the place in which it is handed in; points of relu; what a note says).
RIGHT = {
    "turned into Markdown": ([answer("mse", MSE), answer("relu", RELU, "markdown")], "is a Markdown cell now"),
    "turned into raw": ([answer("relu", RELU, "raw")], "is a raw cell now"),
    "split": (
        [answer("relu", "def positive(z):\n    return z > 0"), answer("relu", "def relu(z):\n    return z * positive(z) + 0.0")],
        "2 cells belong to this exercise",
    ),
    "trial below": ([answer("relu", RELU), answer("relu", "relu(np.array([-1.0, 2.0]))")], "2 cells belong"),
    "trial that fails": ([answer("relu", RELU), answer("relu", "relu('x')")], "what it had defined before"),
    "remarks split off": ([answer("relu", RELU), answer("relu", "Now **ReLU** works!", "markdown")], ""),
    "new cell": ([answer("relu", STUB), own(RELU)], "found in another cell, the one that begins with `def relu(z):`"),
    "new cell with helper": (
        [own("def positive(z):\n    return z > 0"), answer("relu", STUB), own("def relu(z):\n    return z * positive(z) + 0.0")],
        "`positive` stands in another cell",
    ),
    "helper in a new cell": (
        [own("limit = 0.0"), own(CUT), answer("relu", "def relu(z):\n    return cut(z)")],
        "`cut` stands in another cell, the one that begins with `def cut(z):`; that cell was run as well",
    ),
    "answer cell gone": ([answer("mse", MSE), own("%time 1\n" + RELU)], "the answer cell of `relu` is missing"),
    "in another answer": ([answer("mse", RELU + "\n\n" + MSE), answer("relu", STUB)], "found in the cell of `mse`"),
    "lambda": ([answer("relu", STUB), own("relu = lambda z: np.maximum(0, z)")], "found in another cell"),
    "variable of that name": ([answer("relu", RELU), own("relu = 3")], ""),
    "matplotlib inline": ([answer("relu", "%matplotlib inline\nimport matplotlib.pyplot as plt\n\n" + RELU)], ""),
    "matplotlib notebook": ([answer("relu", "%matplotlib notebook\n" + RELU)], ""),
    "other magics": ([answer("relu", "%load_ext autoreload\n%autoreload 2\n%no_such_magic\n" + RELU)], ""),
    "cell magic": ([answer("relu", "%%time\n" + RELU)], ""),
    "unknown cell magic": ([answer("relu", "%%no_such_magic\n" + RELU)], ""),
    "slow below": ([answer("relu", RELU + "\n\nimport time\ntime.sleep(60)")], "stops with `Timeout: stopped after 10 s`"),
    "dies below": ([answer("relu", RELU + "\n\nimport os\nos._exit(1)")], "Its definitions were run without the rest"),
}  # fmt: skip
NAMES = [
    "ch1_xor-1.ipynb",
    "ch1_xor (1).ipynb",
    "ch1_xor-Copy1.ipynb",
    "ch1_xor/ch1_xor.ipynb",
    "homework.ipynb",
]
CURLY = "def relu(z):\n    print(“here”)\n    return np.maximum(0, z)"
NEWER = 'def relu(z):\n    names = {"a": 1}\n    text = f"{names["a"]}"\n    return np.maximum(0, z)'


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("cases") / "a course"
    root.mkdir()
    shutil.copy(ROOT / CONFIG, root)
    for folder in ("solutions", "course"):
        for chapter in ("ch1_xor", "ch2_output_units"):
            shutil.copytree(ROOT / folder / chapter, root / folder / chapter)
    return Course(root)


def hand_in(course, student, raw, name="ch1_xor.ipynb", chapter="ch1_xor"):
    path = course.root / "submitted" / student / chapter / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


def zipped(name, raw):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, raw)
    return made.getvalue()


@pytest.fixture(scope="module")
def batch(course):
    """The whole class, graded at once."""
    for student, (cells, _) in RIGHT.items():
        hand_in(course, student, notebook(*cells))
    for i, name in enumerate(NAMES):
        hand_in(course, f"renamed {i}", notebook(answer("relu", RELU)), name)
    hand_in(course, "zipped", zipped("ada/ch1_xor.ipynb", notebook(answer("relu", RELU))), "ada.zip")
    hand_in(course, "byte order mark", b"\xef\xbb\xbf" + notebook(answer("relu", RELU)))
    released = course.released("ch1_xor").read_bytes()
    hand_in(course, "worked in a copy", released)
    hand_in(course, "worked in a copy", notebook(answer("relu", RELU)), "ch1_xor-Copy1.ipynb")
    hand_in(course, "kept a copy", notebook(answer("relu", RELU)))
    hand_in(course, "kept a copy", notebook(answer("relu", STUB), answer("mse", MSE)), "ch1_xor-Copy1.ipynb")
    hand_in(course, "two copies", notebook(answer("relu", RELU)), "a.ipynb")
    hand_in(course, "two copies", notebook(answer("mse", MSE)), "b.ipynb")
    hand_in(course, "stops", notebook(answer("relu", CURLY), answer("mse", "import pandas as pd\n\n" + MSE)))
    hand_in(
        course,
        "newer",
        notebook(answer("relu", NEWER), answer("mse", "type Row = list\n" + MSE), python="3.12.1"),
    )
    hand_in(course, "nothing", notebook(answer("relu", STUB)))
    return grade(course, "ch1_xor")


@pytest.fixture(scope="module")
def entries(batch):
    return {e.student: e for e in batch.entries}


def relu(entry):
    return entry.marking.verdicts["relu"]


@pytest.mark.parametrize("student", RIGHT)
def test_it_is_judged_as_it_was_meant_and_said(entries, student):
    verdict = relu(entries[student])
    assert verdict.solved, verdict
    assert verdict.points == exercise("relu").points
    said = " ".join(verdict.notes)
    words = RIGHT[student][1]
    assert (words in said) if words else (said == "")


@pytest.mark.parametrize("i", range(len(NAMES)), ids=lambda i: NAMES[i])
def test_the_only_notebook_is_graded_under_any_name_and_that_is_said(entries, i):
    entry = entries[f"renamed {i}"]
    assert relu(entry).solved
    assert entry.note == f"graded is `{NAMES[i]}`: there is no `ch1_xor.ipynb`."
    assert entry.note in entry.marking.verdicts["affine"].notes


def test_it_is_found_in_an_archive(entries):
    assert relu(entries["zipped"]).solved
    assert "ada.zip/ada/ch1_xor.ipynb" in entries["zipped"].note


def test_a_byte_order_mark_is_no_fault(entries):
    assert relu(entries["byte order mark"]).solved
    assert relu(entries["byte order mark"]).notes == ()


def test_of_several_notebooks_the_one_with_work_counts(entries):
    assert relu(entries["worked in a copy"]).solved
    assert "nothing is filled in in `ch1_xor.ipynb`" in entries["worked in a copy"].note
    assert relu(entries["kept a copy"]).solved
    assert not entries["kept a copy"].marking.verdicts["mse"].attempted
    assert entries["kept a copy"].note == ""
    assert entries["two copies"].state == "failed"
    assert "2 notebooks with different answers (a.ipynb, b.ipynb)" in entries["two copies"].message


def test_a_cell_that_stops_is_not_called_unanswered(batch, entries, course):
    stops, nothing = entries["stops"].marking.verdicts, entries["nothing"].marking.verdicts
    assert stops["relu"].headline() == "✗ relu: 0 of 1 points (the cell stops with SyntaxError)"
    assert "invalid character '“'" in str(stops["relu"])
    assert "Type the quotes anew" in str(stops["relu"])
    assert stops["mse"].headline() == "✗ mse: 0 of 1 points (the cell stops with ModuleNotFoundError)"
    assert (
        "there are numpy, matplotlib, ipywidgets and Python's own modules: write `mse` without `pandas`"
        in str(stops["mse"])
    )
    assert [outcome(v["relu"]) for v in (stops, nothing)] == ["stops", "blank"]
    known = scores(batch, course.config())
    table, legend = class_table(batch, known, 200)
    assert any("! the cell stops" in line for line in legend)
    assert sum("!" in str(cell) for column in table.columns for cell in column.cells) == 4
    report = write_report(batch, course.root / "report.html", known).read_text()
    assert '<td class="n stops">!</td>' in report
    write_feedback(batch, known)
    page = course.feedback("stops", "ch1_xor").read_text()
    part = page.split("<h3>relu</h3>")[1].partition("</section>")[0]
    assert "not answered" not in part
    assert "the cell stops with SyntaxError" in part


def test_newer_python_is_said_where_it_matters(entries):
    for name, words in (("relu", "quotes have to differ"), ("mse", "came with Python 3.12")):
        said = str(entries["newer"].marking.verdicts[name])
        assert "the cell stops with SyntaxError" in said
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        assert f"your Python is newer: marking runs Python {version}" in said
        assert words in said


def test_a_function_that_is_defined_again_later_is_judged_as_its_own_cell_left_it(course):
    cells = [answer("sigmoid", SIGMOID), answer("bernoulli_nll", BERNOULLI)]
    hand_in(course, "ada", notebook(*cells), "ch2_output_units.ipynb", "ch2_output_units")
    [entry] = grade(course, "ch2_output_units").entries
    verdicts = entry.marking.verdicts
    assert verdicts["sigmoid"].points == exercise("sigmoid").points
    assert verdicts["bernoulli_nll"].solved
    assert "`sigmoid` is defined again in the cell of `bernoulli_nll`" in str(verdicts["sigmoid"])


@pytest.mark.exhaustive
def test_nbgraders_own_command_finds_them_too(course, batch):
    """All but those in a folder below or in an archive, where nbgrader does not look."""
    away = (f"renamed {NAMES.index('ch1_xor/ch1_xor.ipynb')}", "zipped", "two copies")
    before = scored(course, batch, away)
    shutil.rmtree(course.private / "results")
    for name in away:
        for place in (course.root / "submitted").glob(f"{name}*"):
            shutil.move(place, course.root / f"{place.name} put away")
    done = course_command(course, "nbgrader", "autograde", "ch1_xor", "--force")
    assert done.returncode == 0, done.stderr[-3000:]
    after = scored(course, batch, away)
    assert after == before
    assert after["matplotlib inline"]["check_relu"] == after["renamed 0"]["check_relu"] == 1.0


def scored(course, batch, away):
    """By student and cell, what the gradebook holds."""
    found = {}
    with Gradebook(f"sqlite:///{course.root}/gradebook.db", "fnnkit") as book:
        for entry in batch.entries:
            if entry.marking and not entry.student.startswith(away):
                [notebook] = book.find_submission("ch1_xor", entry.student).notebooks
                found[entry.student] = {grade.name: grade.auto_score for grade in notebook.grades}
    return found


def course_command(course, *words):
    scripts = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": scripts + os.pathsep + os.environ["PATH"]}
    return subprocess.run(
        words, cwd=course.root, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
