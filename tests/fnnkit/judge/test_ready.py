"""Before handing in, a student sees what will be judged: the saved file, run as it is run when marking."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from fnnkit.exercises import ready
from fnnkit.judge import marker
from fnnkit.judge.check import check
from fnnkit.judge.packages import is_there, modules

ROOT = Path(__file__).resolve().parents[3]
checks = sys.modules["fnnkit.judge.check"]
RELU = "def relu(z):\n    return np.maximum(0, z)"
MSE = (
    "def mse(y_pred, y_true):\n    if y_pred.shape != y_true.shape:\n        raise ValueError('shapes')\n"
    "    return ((y_pred - y_true) ** 2).mean()"
)
FIT = "def fit_linear(X, y):\n    import scipy.linalg\n    return scipy.linalg.lstsq(X, y)"


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setattr(checks, "_verdicts", {})
    monkeypatch.setattr(checks, "_checked", {})
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)


def released(chapter="ch1_xor"):
    return json.loads((ROOT / "course" / chapter / f"{chapter}.ipynb").read_text(encoding="utf-8"))


def save(answers, name="ch1_xor.ipynb", more=(), notebook=None):
    """The notebook that was handed out, with some answers in it and more cells at its end."""
    notebook = notebook or released()
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in answers:
            cell["source"] = answers[grade_id]
    notebook["cells"] += [
        {"cell_type": "code", "metadata": {}, "source": text, "outputs": []} for text in more
    ]
    Path(name).write_text(json.dumps(notebook), encoding="utf-8")


def rows(found):
    return {row.name: row for row in found.rows}


@pytest.mark.exhaustive
def test_all_that_happens_to_answers_is_said_before_handing_in(monkeypatch):
    monkeypatch.setattr(marker, "CELL_SECONDS", 5.0)
    save(
        {
            "mse": "import pandas as pd\n" + MSE,
            "fit_linear": FIT,
            "collapse_linear": "def collapse_linear(W1, c1, W2, c2):\n    return (",
            "relu": f"%matplotlib notebook\n{RELU}\nimport time\ntime.sleep(30)",
            "xor_network": "def xor_network(X, W, c, w, b):\n    H = relu(helper(X, W) + c)\n    return H, H @ w + b",
            "gradient_descent": "def gradient_descent(grad, theta0, learning_rate, steps):\n    while True: pass",
        },
        more=[
            "def helper(X, W):\n    return X @ W",
            "def rbf_kernel(A, B, gamma):\n    return np.exp(-gamma * ((A[:, None] - B) ** 2).sum(-1))",
            "1 / 0",
        ],
    )
    check("mse", lambda a, b: 0.25)
    check("relu", lambda z: np.maximum(z, 0))
    start = time.monotonic()
    found = ready()
    assert time.monotonic() - start < 120
    assert (found.chapter, found.path, found.remarks) == ("ch1_xor", Path.cwd() / "ch1_xor.ipynb", ())
    by_name, text = rows(found), repr(found)
    state = {name: (row.mark, row.state) for name, row in by_name.items()}
    assert state["affine"] == ("✓", "solved (no points)")
    assert state["mse"] == ("✗", "0 of 1")
    assert state["relu"] == ("✓", "1 of 1")
    assert state["xor_network"] == ("✓", "2 of 2")
    assert state["rbf_kernel"] == ("✓", "2 of 2")
    assert state["gradient_descent"] == ("✗", "0 of 2")
    assert state["fit_kernel"] == ("○", "0 of 1")
    assert found.points == 5.0
    assert text.startswith("ch1_xor.ipynb as saved: 5 of 15.5 points on the inputs of the checks")
    assert "mse: 0 of 1 points (the cell stops with ModuleNotFoundError)" in text
    assert "write `mse` without `pandas`" in text
    assert "ModuleNotFoundError: No module named 'scipy'" in text
    assert "collapse_linear: 0 of 1 points (the cell stops with SyntaxError)" in text
    assert (
        "the answer cell stops with `Timeout: stopped after 5 s`; what it had defined before that was judged"
        in text
    )
    assert "`helper` stands in another cell" in text
    assert "found in another cell, the one that begins with `def rbf_kernel(A, B, gamma):`" in text
    assert "a loop that does not end" in text
    assert by_name["relu"].remarks[1:] == ()  # the points are those of the check
    page = found._repr_html_()
    assert page.count("<details") == 4
    assert "<script" not in page


def test_a_given_cell_without_a_checksum_that_reads_as_handed_out_was_not_changed():
    notebook = released("ch6_vanishing_gradients")
    for cell in notebook["cells"]:
        cell["metadata"].get("nbgrader", {}).pop("checksum", None)
    save({}, "ch6_vanishing_gradients.ipynb", notebook=notebook)
    assert ready("ch6_vanishing_gradients.ipynb").remarks == ()


def test_why_it_is_otherwise_than_at_the_last_check_is_said():
    save(
        {
            "mse": MSE,
            "relu": "import scipy\n" + RELU,
            "collapse_linear": "def collapse_linear(W1, c1, W2, c2):\n    return left_over",
        }
    )
    space = {"np": np}
    for text in (RELU, MSE):
        exec(text, space)  # noqa: S102  # as a notebook does
    check("relu", space["relu"])
    check("collapse_linear", lambda W1, c1, W2, c2: (W1 @ W2, c1 @ W2 + c2))
    check("mse", lambda a, b: 3.0)
    said = {name: row.remarks for name, row in rows(ready()).items()}
    assert said["relu"][0].startswith(
        "its last check gave 1 of 1: the cell stops with ModuleNotFoundError. When marking there are"
    )
    assert said["collapse_linear"] == (
        "its last check gave 1 of 1: in a fresh kernel it gives something else: it depends on what other cells have left.",
    )
    assert said["mse"][0].startswith("its last check gave 0 of 1")
    assert said["xor_network"] == ()


def test_what_marking_has_is_there_and_nothing_else():
    assert {"numpy", "matplotlib", "ipywidgets", "IPython", "mpl_toolkits", "PIL"} <= modules()
    assert not {"scipy", "pandas", "torch", "nbgrader", "sklearn", "pytest"} & modules()
    assert is_there("os.path")
    assert not is_there("scipy.special")
    source = """
import sys, importlib.util
import numpy, matplotlib.pyplot as plt, ipywidgets, json, fnnkit.datasets
from fnnkit.exercises import check, progress, ready
missing = []
for name in ("scipy", "pandas", "torch", "nbgrader", "grader", "pytest", "fnnkit.losses", "fnnkit.judge"):
    try:
        __import__(name)
    except ModuleNotFoundError:
        missing.append(name)
assert len(missing) == 8, missing
assert importlib.util.find_spec("scipy") is None
plt.plot([1, 2]); plt.show()
print("x" * 100_000); sys.stdout.flush(); sys.stderr.write("y")
import os; os.write(1, b"z" * 10_000); os.system("echo noise")
"""
    save({"relu": source + RELU})
    row = rows(ready())["relu"]
    assert (row.verdict.solved, row.remarks) == (True, ()), row.verdict


def test_a_kernel_that_dies_costs_its_cell_alone():
    save(
        {
            "mse": MSE,
            "relu": RELU + "\nimport os\nos._exit(3)",
            "fit_kernel": "def fit_kernel(K, y, ridge):\n    import os\n    os._exit(3)",
        }
    )
    by_name = rows(ready())
    assert by_name["mse"].verdict.solved
    assert by_name["relu"].verdict.solved
    assert "Its definitions were run without the rest" in by_name["relu"].remarks[0]
    assert by_name["fit_kernel"].verdict.problem.kind == "stopped"


def test_files_are_found_by_what_is_in_them(monkeypatch, tmp_path):
    assert "there is no notebook of a chapter in this folder" in repr(ready())
    assert "there is no file `none.ipynb`" in repr(ready("none.ipynb"))
    Path("ch9.ipynb").write_text('{"cells": []}')
    assert "there is no notebook of a chapter" in repr(ready())
    assert "has no exercise of a chapter in it" in repr(ready("ch9.ipynb"))
    Path("broken.ipynb").write_text("{")
    assert "cannot be read as a notebook" in repr(ready("broken.ipynb"))
    save({}, "ch1_xor.ipynb")
    save({"relu": RELU}, "my copy.ipynb")
    found = ready()
    assert (found.path.name, found.remarks) == ("my copy.ipynb", ())
    text = Path("my copy.ipynb").read_bytes()
    Path("with mark.ipynb").write_bytes(b"\xef\xbb\xbf" + text)
    os.utime("my copy.ipynb", (1, 1))
    found = ready()
    assert found.path.name == "with mark.ipynb"
    assert found.remarks == (
        "there are other notebooks of a chapter beside `with mark.ipynb`: `my copy.ipynb`.",
    )
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "ch1_xor.ipynb"))
    assert ready().path.name == "ch1_xor.ipynb"
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert ready().rows == ()


def test_a_given_cell_that_was_changed_or_deleted_is_named():
    notebook = released()
    [given] = [c for c in notebook["cells"] if "given" in c["metadata"].get("tags", [])]
    source = "".join(given["source"])
    given["source"] = source + "\nX = 3"
    save({"relu": RELU}, notebook=notebook)
    found = ready()
    assert found.remarks == (
        "the given cell that begins with `import numpy as np` was changed; when marking it is as handed out.",
    )
    notebook["cells"].remove(given)
    save({"relu": RELU}, notebook=notebook)
    assert (
        "the cell with the imports, which was handed out at the top, is not in the file." in ready().remarks
    )


def in_a_session(*cells):
    """What `ready` says at the end of a notebook's session."""
    code = f"""
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("from fnnkit.exercises import check, ready\\nimport numpy as np")
for cell in {cells!r}:
    shell.run_cell(cell, store_history=True)
print("READY", ready().remarks) if False else None
shell.run_cell("found = ready()")
print("REMARKS", shell.user_ns["found"].remarks)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split("REMARKS ")[1]


def test_a_file_that_is_older_than_what_ran_is_named():
    save({"relu": RELU})
    os.utime("ch1_xor.ipynb", (1, 1))
    assert in_a_session(RELU, "check('relu', relu)") == "()\n"
    newer = RELU.replace("np.maximum(0, z)", "z * (z > 0)")
    assert "the file is older than the cells that ran (`relu`): save (Ctrl-S)" in in_a_session(
        newer, "check('relu', relu)"
    )
    assert "the file is older than the cells that ran (`relu`)" in in_a_session(newer)
    os.utime("ch1_xor.ipynb", (2e9, 2e9))
    assert "the file holds another `relu` than the one that ran here last" in in_a_session(
        RELU, newer, "check('relu', relu)"
    )


def test_it_needs_no_grader_and_leaves_nothing_behind(tmp_path):
    save({"relu": RELU})
    code = (
        "import sys, os, tempfile\n"
        "class No:\n    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('grader', 'nbgrader', 'nbformat', 'jupytext'):\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, No())\n"
        "from fnnkit.exercises import ready\n"
        "found = ready()\nassert found.points == 1.0, found\n"
        "print(os.listdir(tempfile.gettempdir()))\n"
    )
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "TMPDIR": str(scratch)},
    )
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr


def test_it_can_be_stopped(monkeypatch):
    save({"relu": RELU + "\nimport time\ntime.sleep(60)"})
    from fnnkit.judge import ready as module

    kernels, start = [], module.Apart.__init__

    def begin(self, *args):
        start(self, *args)
        kernels.append(self)

    monkeypatch.setattr(module.Apart, "__init__", begin)
    real = module.threading.Thread.join

    def join(thread, timeout=None):
        real(thread, timeout)
        if kernels:
            raise KeyboardInterrupt

    monkeypatch.setattr(module.threading.Thread, "join", join)
    with pytest.raises(KeyboardInterrupt):
        ready()
    assert [k._process.returncode is not None for k in kernels] == [True]
