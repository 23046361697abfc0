"""What a student's check does: it shows the verdict, returns plain points, and touches nothing else."""

import json
import linecache
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from fnnkit import linear, losses
from fnnkit.exercises import progress
from fnnkit.judge.check import check
from fnnkit.judge.registry import exercise, exercises
from grader import answers

checks = sys.modules["fnnkit.judge.check"]


@pytest.fixture(autouse=True)
def fresh_session(monkeypatch):
    monkeypatch.setattr(checks, "_verdicts", {})


def mse(y_pred, y_true):
    if y_pred.shape != y_true.shape:
        raise ValueError("shapes")
    return ((y_pred - y_true) ** 2).mean()


def unanswered(y_pred, y_true):
    raise NotImplementedError


def wild(y_pred, y_true):
    return np.float64(1e308) * np.exp(np.abs(y_pred).max() * 1e4)


ALL = [(e, m.answer) for e in exercises("ch1_xor") for m in e.misconceptions]


@pytest.mark.parametrize(("asked", "function"), ALL, ids=[f"{e.name}-{f.__name__}" for e, f in ALL])
def test_points_are_a_plain_float_in_quarters_and_nothing_goes_to_standard_error(asked, function, capfd):
    points = check(asked.name, function)
    assert repr(points) == repr(float(points))
    assert 4 * points == int(4 * points)
    shown, complained = capfd.readouterr()
    if asked.core:
        assert 0.0 <= points < asked.points
        assert shown.startswith(
            f"{'◐' if points else '✗'} {asked.name}: {points:g} of {asked.points:g} points"
        )
    else:
        assert points == 0.0
        assert re.match(rf"[◐✗] {asked.name}: \d of {len(asked.criteria)} criteria met, no points", shown)
    assert complained == ""


@pytest.mark.parametrize("name", [e.name for e in exercises("ch1_xor")])
def test_every_correct_answer_gets_full_marks_in_the_notebook(name, capfd):
    for function in answers.right("ch1_xor", name):
        assert check(name, function) == exercise(name).worth
        assert checks._verdicts[name].solved
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "function", [wild, unanswered, None, 3, "mse", lambda: 0, lambda a, b: None, lambda a, b: a / 0]
)
def test_whatever_is_checked_gives_a_plain_zero_and_a_verdict(function, capfd):
    points = check("mse", function)
    assert repr(points) == repr(float(points))
    assert points == 0.0
    shown, complained = capfd.readouterr()
    assert "mse: 0 of 1 points" in shown
    assert complained == ""


def test_none_in_the_place_of_a_function_is_said_to_be_no_function(capsys):
    assert check("mse", None) == 0.0
    assert "there is no function called `mse`: NoneType is not a function" in capsys.readouterr().out


def test_an_unknown_exercise_is_refused_and_the_nearest_name_is_offered():
    with pytest.raises(ValueError, match="no exercise 'fit_linaer'; did you mean 'fit_linear'"):
        check("fit_linaer", linear.fit_linear)
    with pytest.raises(ValueError, match=r"no exercise 'zzz'; there are: affine, mse, "):
        check("zzz", None)
    with pytest.raises(ValueError, match="no chapter 'ch9_none'"):
        progress("ch9_none")


def test_the_same_function_meets_the_same_inputs_at_every_check(capsys):
    check("mse", lambda a, b: 0.25)
    first = capsys.readouterr().out
    assert "y_pred=np.array([" in first
    check("mse", lambda a, b: 0.25)
    assert capsys.readouterr().out == first


def test_the_state_of_the_random_generator_is_left_alone(capsys):
    np.random.seed(3)  # noqa: NPY002  # what a student's notebook may do
    expected = np.random.rand()  # noqa: NPY002
    np.random.seed(3)  # noqa: NPY002
    check("mse", mse)
    assert np.random.rand() == expected  # noqa: NPY002


def test_the_librarys_own_function_earns_nothing_under_any_name(capsys):
    assert check("mse", losses.mse) == 0.0
    assert check("mse", lambda a, b: losses.mse(a, b)) == 0.0
    assert "this is fnnkit's own `mse`" in capsys.readouterr().out


def test_what_a_correct_answer_prints_costs_nothing(capsys):
    def chatty(y_pred, y_true):
        print("here", file=sys.stderr)
        print("there")
        return mse(y_pred, y_true)

    assert check("mse", chatty) == 1.0


def test_a_correct_answer_that_warns_loses_the_quarter_for_it_and_no_more(capsys):
    def warns(y_pred, y_true):
        np.log(np.zeros(1))
        return mse(y_pred, y_true)

    assert check("mse", warns) == 0.75
    assert "RuntimeWarning" in capsys.readouterr().out


def test_progress_follows_the_checks_of_the_session(capsys):
    assert progress("ch1_xor").points == 0.0
    assert "mse" in repr(progress("ch1_xor"))
    assert "not checked yet" in repr(progress("ch1_xor"))
    check("mse", mse)
    check("fit_linear", lambda X, y: None)
    now = progress("ch1_xor")
    assert now.points == 1.0
    assert now.possible == sum(e.points for e in exercises("ch1_xor") if e.core)
    assert {name: mark for mark, name, _ in now.states()}["mse"] == "✓"
    assert {name: mark for mark, name, _ in now.states()}["fit_linear"] == "✗"
    check("mse", lambda a, b: 0.0)
    assert progress("ch1_xor").points == 0.0


def test_progress_marks_what_is_unanswered_otherwise_than_what_is_wrong(capsys):
    check("mse", unanswered)
    check("fit_linear", lambda X, y: None)
    now = {name: (mark, state) for mark, name, state in progress("ch1_xor").states()}
    assert now["mse"] == ("○", "not answered yet")
    assert now["fit_linear"][0] == "✗"
    assert now["affine"] == ("·", "not checked yet")


def test_an_exception_with_a_hostile_message_is_escaped_in_the_notebook(capsys):
    def hostile(y_pred, y_true):
        raise RuntimeError("<script>alert(1)</script>")

    check("mse", hostile)
    page = checks._verdicts["mse"]._repr_html_()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_check_imports_neither_matplotlib_nor_ipython():
    code = (
        "import sys; from fnnkit.exercises import check; check('mse', None);"
        "print(sorted({'matplotlib', 'ipywidgets', 'IPython', 'nbgrader'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert done.stderr == ""


def test_a_cell_that_stopped_with_an_error_is_not_taken_for_the_answer_that_was_judged():
    code = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
right = "def mse(a, b):\\n    if a.shape != b.shape:\\n        raise ValueError\\n    return ((a - b) ** 2).mean()"
for cell in ("from fnnkit.exercises import check", right, "check('mse', mse)", right.replace("b):", "b:"),
             "check('mse', mse)", right, "check('mse', mse)"):
    print("cell", cell[:20])
    shell.run_cell(cell, store_history=True)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    verdicts = done.stdout.split("cell check('mse'")[1:]
    said = [
        "stopped with an error, so this is about the version before it" in v.split("cell def")[0]
        for v in verdicts
    ]
    assert said == [False, True, False]


def test_a_further_exercise_is_judged_alike_and_earns_no_points(monkeypatch, capsys):
    further = replace(exercise("mse"), core=False)
    module = sys.modules["fnnkit.judge.check"]
    monkeypatch.setattr(module, "exercise", lambda _name: further)
    monkeypatch.setattr(module, "exercises", lambda _chapter: (further,))
    points = check("mse", lambda y_pred, y_true: ((y_pred - y_true) ** 2).mean())
    assert repr(points) == repr(float(points))
    assert points == 0.0
    said = capsys.readouterr().out
    assert "◐ mse: 2 of 3 criteria met, no points" in said
    assert "broadcasts" in said
    state = progress("ch1_xor")
    assert (state.points, state.possible) == (0.0, 0.0)
    assert ("◐", "mse", "not solved yet (no points)") in state.states()


def test_a_package_that_is_not_there_when_marking_is_named():
    from scipy.spatial.distance import cdist

    def at_the_top(A, B, gamma):
        return np.exp(-gamma * cdist(A, B) ** 2)

    def inside(A, B, gamma):
        import scipy.spatial

        return np.exp(-gamma * scipy.spatial.distance.cdist(A, B) ** 2)

    space = {"np": np, "cdist": cdist}
    outside = type(at_the_top)(
        compile(
            "def f(A, B, gamma):\n    return np.exp(-gamma * cdist(A, B) ** 2)\n", "cell", "exec"
        ).co_consts[0],
        space,
    )
    for function in (inside, outside):
        check("rbf_kernel", function)
        assert checks._verdicts["rbf_kernel"].solved
        [note] = checks._verdicts["rbf_kernel"].notes
        assert note == "`scipy` is not there when marking: write `rbf_kernel` with numpy alone."


def test_numpy_and_pythons_own_modules_are_there_when_marking():
    def by_hand(A, B, gamma):
        from math import exp

        return np.array([[exp(-gamma * float(((a - b) ** 2).sum())) for b in B] for a in A]).reshape(
            len(A), len(B)
        )

    check("rbf_kernel", by_hand)
    assert checks._verdicts["rbf_kernel"].solved
    assert checks._verdicts["rbf_kernel"].notes == ()


def test_a_check_that_is_stopped_says_which_call_did_not_end_and_stops(capsys):
    calls = []

    def endless(K, y, ridge):
        calls.append(ridge)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return np.linalg.solve(K + ridge * np.eye(len(K)), y)

    with pytest.raises(KeyboardInterrupt):
        check("fit_kernel", endless)
    said = capsys.readouterr().out
    assert "you stopped it: this call had not come to an end" in said
    assert "a loop that does not end" in said
    assert f"ridge={calls[1]:g})" in said


def shown_in_a_notebook(*cells):
    """What a kernel sends as results of cells, each as it would be stored."""
    code = f"""
import json
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
hook, found = shell.displayhook, []
hook.write_format_data = lambda data, metadata=None: found.append(data)
hook.write_output_prompt = lambda: None
for cell in {cells!r}:
    shell.run_cell(cell, store_history=True)
print("RESULTS", json.dumps(found))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.split("RESULTS ")[1])


def test_the_number_below_a_verdict_is_there_to_be_read_and_not_to_be_seen():
    start = "from fnnkit.exercises import check\ndef mse(a, b):\n    return ((a - b) ** 2).mean()"
    results = shown_in_a_notebook(start, "check('mse', mse)", "check('mse', None)", "1.5")
    assert results == [
        {"text/html": "", "text/plain": "0.75"},
        {"text/html": "", "text/plain": "0.0"},
        {"text/plain": "1.5"},
    ]


@pytest.mark.parametrize(
    ("imports", "call"),
    [
        ("from scipy.special import expit", "expit(z)"),
        ("import scipy.special as sp", "sp.expit(z)"),
        ("import scipy.special", "scipy.special.expit(z)"),
        ("from scipy.special import expit as f", "f(z)"),
    ],
)
def test_a_universal_function_of_another_package_is_named(imports, call):
    space = {"np": np}
    exec(f"{imports}\ndef sigmoid(z):\n    return {call}\n", space)  # noqa: S102  # as a cell does
    check("sigmoid", space["sigmoid"])
    verdict = checks._verdicts["sigmoid"]
    assert verdict.solved
    assert verdict.notes == ("`scipy` is not there when marking: write `sigmoid` with numpy alone.",)


def test_the_function_of_another_package_itself_is_named():
    from scipy.special import expit

    check("sigmoid", expit)
    assert checks._verdicts["sigmoid"].notes == (
        "`scipy` is not there when marking: write `sigmoid` with numpy alone.",
    )


def test_numpys_own_universal_functions_are_fine():
    check("relu", lambda z: np.maximum(z, 0))
    check("mse", np.add)
    assert checks._verdicts["relu"].notes == checks._verdicts["mse"].notes == ()


def notes_of_cells(*cells):
    code = f"""
import json
from IPython.core.interactiveshell import InteractiveShell
from fnnkit.judge.check import last_checks
shell = InteractiveShell.instance()
for cell in ("from fnnkit.exercises import check", "import numpy as np", *{cells!r}):
    shell.run_cell(cell, store_history=True)
print("NOTES", json.dumps({{name: v.notes for name, (v, _, _) in last_checks().items()}}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.split("NOTES ")[1])


def test_a_function_that_a_later_exercise_defined_again_is_not_the_one_that_is_judged():
    own = "def sigmoid(z):\n    return np.exp(-np.logaddexp(0, -z))"
    later = "def sigmoid(t):\n    return 1 / (1 + np.exp(-t))\ndef bernoulli_nll(z, y):\n    return np.logaddexp(0, z) - z * y"
    assert notes_of_cells(own, "check('sigmoid', sigmoid)")["sigmoid"] == []
    [said] = notes_of_cells(own, later, "check('sigmoid', sigmoid)")["sigmoid"]
    assert (
        said
        == "`sigmoid` is defined again in the cell of `bernoulli_nll`; judged is what its own answer cell left."
    )


def test_an_import_that_stops_the_cell_when_marking_is_named_even_if_it_is_not_used():
    cell = "import scipy\ndef mse(a, b):\n    if a.shape != b.shape:\n        raise ValueError\n    return ((a - b) ** 2).mean()"
    said = notes_of_cells(cell, "check('mse', mse)")["mse"]
    assert said == ["`scipy` is not there when marking: write `mse` with numpy alone."]


def in_a_cell(text, name):
    """A function as a notebook's cell defines it: Python knows its text."""
    filename = "<ipython-input-7-0123>"
    linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
    space = {"np": np, "__name__": "__main__"}
    exec(compile(text, filename, "exec"), space)  # noqa: S102
    return space[name]


def test_the_first_wrong_check_says_the_place_and_the_second_one_the_kind(capfd, monkeypatch):
    monkeypatch.setattr(checks, "_failures", {})
    wrong = in_a_cell("def relu(z):\n    return np.minimum(0, z)", "relu")
    check("relu", wrong)
    first = capfd.readouterr().out
    assert "In your code: Line 2, `np.minimum(0, z)`: with one change there, everything is right." in first
    check("relu", wrong)
    assert "another function of this kind is meant" in capfd.readouterr().out
    assert "another function" not in first
    check("relu", in_a_cell("def relu(z):\n    return np.maximum(0, z)", "relu"))
    assert "In your code" not in capfd.readouterr().out
    check("relu", wrong)
    assert "another function" not in capfd.readouterr().out


def test_whatever_happens_while_a_cause_is_looked_for_the_verdict_stands(capfd, monkeypatch):
    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr("fnnkit.judge.causes.here.cause_of", broken)
    assert check("relu", in_a_cell("def relu(z):\n    return np.minimum(0, z)", "relu")) == 0.0
    assert "✗ relu" in capfd.readouterr().out


def test_results_in_another_order_are_not_called_another_mistake(capfd, monkeypatch):
    monkeypatch.setattr(checks, "_failures", {})
    lines = [
        "def xor_network(X, W, c, w, b):",
        "    Z = X @ W + c",
        "    H = np.maximum(0, Z)",
        "    y = H @ w + b",
    ]
    check("xor_network", in_a_cell("\n".join([*lines, "    return y, H"]), "xor_network"))
    shown = capfd.readouterr().out
    assert "In your code: Line 5, `return y, H`: the values are returned in another order" in shown
    assert "only `y` is returned" not in shown
    check("xor_network", in_a_cell("\n".join([*lines, "    return Z, y"]), "xor_network"))
    shown = capfd.readouterr().out
    assert "In your code: Line 5, `Z`: another variable is meant" in shown
    assert "is not cut off" not in shown


def test_a_step_too_many_before_it_is_returned_is_said_as_the_mistake_that_is_known(capfd, monkeypatch):
    monkeypatch.setattr(checks, "_failures", {})
    lines = [
        "def xor_network(X, W, c, w, b):",
        "    H = np.maximum(0, X @ W + c)",
        "    out = H @ w + b",
        "    y = np.maximum(0, out)",
        "    return H, y",
    ]
    check("xor_network", in_a_cell("\n".join(lines), "xor_network"))
    check("xor_network", in_a_cell("\n".join(lines), "xor_network"))
    shown = capfd.readouterr().out
    assert "there is a ReLU on the output" in shown
    assert "In your code: Line 4, `np.maximum(0, out)`" in shown
