"""One edit that makes everything right says where the mistake is, and never what should stand there."""

import ast

import numpy as np
import pytest

from fnnkit.judge.attempt import diagnosed
from fnnkit.judge.causes import repair
from fnnkit.judge.causes.evidence import Evidence
from fnnkit.judge.exercise import Known, public_cases
from fnnkit.judge.registry import exercise
from fnnkit.kernel.call import Answer

WRONG = {
    "order": ("collapse_linear", "def collapse_linear(W1, c1, W2, c2):\n    return W2 @ W1, c1 @ W2 + c2", "`W2 @ W1`"),
    "operator": ("affine", "def affine(X, W, c):\n    return X * W + c", "`X * W`"),
    "axis": (
        "rbf_kernel",
        "def rbf_kernel(A, B, gamma):\n    d = A[:, None] - B[None]\n    return np.exp(-gamma * (d**2).sum(axis=1))",
        "`(d**2).sum(axis=1)`",
    ),
    "function": ("relu", "def relu(z):\n    return np.minimum(0, z)", "`np.minimum(0, z)`"),
    "fixed size": ("fit_kernel", "def fit_kernel(K, y, ridge):\n    return np.linalg.solve(K + ridge * np.eye(4), y)", "`4`"),
    "brackets": (
        "mse",
        "def mse(y_pred, y_true):\n    if y_pred.shape != y_true.shape:\n        raise ValueError('shapes')\n"
        "    return np.mean(y_pred - y_true) ** 2",
        "`np.mean(y_pred - y_true) ** 2`",
    ),
    "transposition": ("affine", "def affine(X, W, c):\n    return X @ W.T + c", "`W.T`"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_a_repair_names_place_and_kind(kind):
    name, text, code = WRONG[kind]
    _, found = diagnosed(name, text)
    assert (found.witness, found.kind) == ("repair", kind)
    assert found.place.endswith(code)
    assert found.said(whole=False) == f"{found.place}: with one change there, everything is right."


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_said_holds_none_of_the_new_text(kind):
    name, text, _ = WRONG[kind]
    seen = evidence(name, text)
    before = set(ast.unparse(seen.tree).split())
    search = repair.Search(seen)
    found = repair.told(search.run(), text, name)
    for change in (r.change for r in search.repairs):
        change.do()
        new = set(ast.unparse(seen.tree).split()) - before
        change.undo()
        assert not any(word in found.said() for word in new if len(word) > 3)


@pytest.mark.parametrize("kind", WRONG)
def test_a_search_leaves_the_tree_as_it_was(kind):
    name, text, _ = WRONG[kind]
    seen = evidence(name, text)
    before = ast.dump(seen.tree)
    repair.Search(seen).run()
    assert ast.dump(seen.tree) == before


def test_an_edit_that_is_right_at_the_seed_of_the_check_alone_is_not_believed():
    """A function that is one of a table at the public inputs: the edit that puts in the right table does not hold."""
    public = public_cases(exercise("relu"))[0].args[0]
    text = (
        f"def relu(z):\n    known = np.array({np.maximum(public, 0).tolist()})\n"
        "    return np.maximum(z, 1) if z.shape != known.shape else known * 2"
    )
    assert diagnosed("relu", text)[1] is None


def test_no_more_edits_are_tried_than_the_budget(monkeypatch):
    monkeypatch.setattr(repair, "BUDGET", 7)
    search = repair.Search(evidence("relu", "def relu(z):\n    return np.log1p(np.exp(z))"))
    assert search.run() == []
    assert search.tried == 7


@pytest.mark.parametrize(
    "line",
    [
        "open('x')",
        "input()",
        "np.random.default_rng(0)",
        "import time; time.sleep(9)",
        "global kept; kept = 1",
        "kept[0] = 1",
    ],
)
def test_cells_that_act_on_the_outside_are_not_searched(line):
    text = f"kept = [0]\ndef relu(z):\n    if z is None:\n        {line}\n    return np.minimum(0, z)"
    assert not repair.searchable(evidence("relu", text))


@pytest.mark.parametrize(
    "begin",
    [
        "path = []",
        "path, other = [], []",
        "path = [] if steps else []",
        "path = other = []",
        "path = [theta0][:0]",
    ],
)
def test_no_edit_puts_a_list_into_itself(begin):
    text = (
        f"def gradient_descent(grad, theta0, learning_rate, steps):\n    {begin}\n    theta = theta0\n"
        "    for _ in range(steps):\n        theta = theta - learning_rate * grad(theta)\n        path.append(theta)\n"
        "    return np.array(path)"
    )
    seen = evidence("gradient_descent", text)
    for change in repair.changes_of(seen):
        change.do()
        edited = ast.unparse(seen.tree)
        change.undo()
        assert "append(path)" not in edited
        assert "theta = path" not in edited


def test_slow_exercises_are_not_searched():
    assert not exercise("count_xor_solutions").searched


def evidence(name, text):
    asked = exercise(name)
    cases = public_cases(asked)
    space = {"np": np}
    made = compile(text, "<answer>", "exec")
    exec(made, space)  # noqa: S102
    from fnnkit.judge.causes.here import Here
    from fnnkit.kernel.call import call

    answers: list[Answer] = [call(space[name], c.args) for c in cases]
    known = Known(cases)
    verdict = asked.judge(cases, answers, known=known)
    return Evidence(text, asked, cases, answers, Here(space, name, space[name]), verdict, known)
