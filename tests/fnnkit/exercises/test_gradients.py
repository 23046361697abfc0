"""The ledger names the first wrong step of a gradient: of 200 functions and more with one mistake each, line by line."""

import ast
import warnings

import numpy as np
import pytest

from fnnkit import backprop as reference
from fnnkit import rnn
from fnnkit.exercises.gradients import ledger, time_ledger
from fnnkit.exercises.gradients_through_time import BACK_TO_FRONT, through_time
from fnnkit.judge.causes.here import with_cause
from fnnkit.judge.edits import _changes
from fnnkit.judge.exercise import public_cases
from fnnkit.judge.registry import exercise
from fnnkit.kernel.call import call

# Each line belongs to the step that its comment names.
APART = """
def forward(X, params):
    Z = X @ params["W"] + params["b"]  # Z
    H = np.tanh(Z)  # H
    Y = H @ params["U"] + params["d"]  # Y
    return {"Z": Z, "H": H, "Y": Y}

def softmax(Y):
    E = np.exp(Y - Y.max(axis=1, keepdims=True))  # softmax P
    return E / E.sum(axis=1, keepdims=True)  # softmax P

def output_delta(P, g):
    target = np.eye(P.shape[1])[g]  # δ_o
    return (P - target) / len(P)  # δ_o

def hidden_delta(Z, U, delta):
    slope = 1 - np.tanh(Z) ** 2  # δ_h
    return slope * (delta @ U.T)  # δ_h

def backprop(X, g, params):
    values = forward(X, params)
    P = softmax(values["Y"])
    loss = -np.mean(np.log(P[np.arange(len(g)), g]))  # loss
    signal = output_delta(P, g)
    dU = values["H"].T @ signal  # dU
    dd = signal.sum(axis=0)  # dd
    below = hidden_delta(values["Z"], params["U"], signal)
    dW = X.T @ below  # dW
    db = below.sum(axis=0)  # db
    return loss, {"W": dW, "b": db, "U": dU, "d": dd}
"""
INLINE = """
def backprop(X, g, params):
    W, b, U, d = params["W"], params["b"], params["U"], params["d"]
    h = np.tanh(X @ W + b)  # Z H
    s = h @ U + d  # Y
    s = np.exp(s - s.max(axis=1, keepdims=True))  # softmax P
    s = s / s.sum(axis=1, keepdims=True)  # softmax P
    loss = -np.log(s[range(len(X)), g]).mean()  # loss
    s[range(len(X)), g] -= 1  # δ_o
    s = s / len(X)  # δ_o
    return loss, {
        "W": X.T @ ((1 - h**2) * (s @ U.T)),  # dW
        "b": ((1 - h**2) * (s @ U.T)).sum(axis=0),  # db
        "U": h.T @ s,  # dU
        "d": s.sum(axis=0),  # dd
    }
"""
BELOW = """
def backprop(X, g, params):
    h = np.tanh(X @ params["W"] + params["b"])  # Z H
    p = np.exp(h @ params["U"] + params["d"])  # Y softmax P
    p = p / p.sum(axis=1, keepdims=True)  # softmax P
    loss = -np.log(p[range(len(X)), g]).mean()  # loss
    p = (p - np.eye(p.shape[1])[g]) / len(X)  # δ_o
    q = (1 - h * h) * (p @ params["U"].T)  # δ_h
    return loss, {"W": X.T @ q, "b": q.sum(axis=0), "U": h.T @ p, "d": p.sum(axis=0)}  # dW db dU dd
"""
RNN = """
def bptt(X, h0, params, delta_y):
    H = [h0]
    for x in X:
        H.append(np.tanh(x @ params["A"] + H[-1] @ params["W"] + params["b"]))
    H = np.array(H)
    deltas = []
    delta = np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        above = delta_y[t] @ params["V"].T  # δ
        later = delta @ params["W"].T  # δ
        delta = (1 - H[t + 1] ** 2) * (above + later)  # δ
        deltas.insert(0, delta)
    D = np.array(deltas)
    return {
        "A": sum(X[t].T @ D[t] for t in range(len(X))),  # dA
        "W": sum(H[t].T @ D[t] for t in range(len(X))),  # dW
        "b": D.sum(axis=(0, 1)),  # db
        "V": sum(H[t + 1].T @ delta_y[t] for t in range(len(X))),  # dV
    }
"""


def single_mistakes(text):
    """Every single change of a text, with the step of the line that it is in."""
    steps = {i: line.partition("#")[2].strip() for i, line in enumerate(text.splitlines(), 1)}
    made, seen = [], set()
    total = sum(1 for n in ast.parse(text).body for _ in _changes(ast.Module([n], [])))
    for function in range(len(ast.parse(text).body)):
        for number in range(total):
            tree = ast.parse(text)
            for position, (label, apply) in enumerate(_changes(ast.Module([tree.body[function]], []))):
                if position == number:
                    before = ast.unparse(tree)
                    lines = _line_of(tree, apply)
                    after = ast.unparse(ast.fix_missing_locations(tree))
                    if after != before and after not in seen and steps.get(lines):
                        seen.add(after)
                        made.append((f"{steps[lines]} | {label}", steps[lines], after))
                    break
    return made


def signs_and_factors(text):
    """A sign, a factor or a transposition at each line that gives a step."""
    for number, line in enumerate(text.splitlines()):
        code, _, step = line.partition("#")
        before, sign, value = code.partition(" = ") if " = " in code else code.partition(": ")
        if not step or not sign or not before.strip() or "+=" in line or "-=" in line or "return" in line:
            continue
        value, comma = value.rstrip().removesuffix(","), "," * value.rstrip().endswith(",")
        for pattern in ("-({})", "2 * ({})", "({}) / len(X)", "({}).T"):
            lines = text.splitlines()
            lines[number] = f"{before}{sign}{pattern.format(value)}{comma}"
            yield f"{step.strip()} | {pattern.format(value)}", step.strip(), "\n".join(lines)


def _line_of(tree, apply):
    """The line that a change is in: the one whose dump it alters."""
    before = [(n, ast.dump(n)) for n in ast.walk(tree) if isinstance(n, ast.expr)]
    apply()
    changed = [(n.lineno, -n.col_offset, len(old)) for n, old in before if ast.dump(n) != old]
    return min(changed, key=lambda c: c[2])[0] if changed else 0


def network(rng):
    params = {
        "W": rng.normal(size=(3, 4)),
        "b": rng.normal(size=4),
        "U": rng.normal(size=(4, 2)),
        "d": rng.normal(size=2),
    }
    return rng.normal(size=(5, 3)), np.array([0, 1, 1, 0, 1]), params


def recurrent(rng):
    params = {
        "A": rng.normal(size=(2, 3)),
        "W": rng.normal(size=(3, 3)),
        "b": rng.normal(size=3),
        "V": rng.normal(size=(3, 2)),
    }
    return rng.normal(size=(4, 5, 2)), rng.normal(size=(5, 3)), params, rng.normal(size=(4, 5, 2))


def named(text, name):
    space = {"np": np}
    exec(compile(text, "<mistake>", "exec"), space)  # noqa: S102
    return space[name]


def first_of(text, rng):
    """What the ledger says is first; None where the call raises or is right after all."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if "bptt" in text:
                found = time_ledger(*recurrent(rng), named(text, "bptt"))
            else:
                found = ledger(*network(rng), named(text, "backprop"))
        except (ValueError, AttributeError, TypeError, IndexError):
            return None
    return None if found.right else found


def test_of_two_hundred_single_mistakes_95_of_a_hundred_are_placed_and_one_at_most_is_misplaced(capsys):
    variants = [
        v for text in (APART, INLINE, BELOW, RNN) for v in (*single_mistakes(text), *signs_and_factors(text))
    ]
    right, wrong, silent = 0, [], []
    for label, steps, text in variants:
        found = first_of(text, np.random.default_rng(1))
        if found is None:
            continue
        allowed = steps.replace("softmax P", "softmax_P").split()
        if not found.first:
            silent.append(label)
        elif found.first.replace(" ", "_") in allowed:
            right += 1
        else:
            wrong.append(f"{label}: {found.first}")
    count = right + len(wrong) + len(silent)
    with capsys.disabled():
        print(
            f"\nledger: {count} single mistakes, {right} right, {len(wrong)} wrong, {len(silent)} not determined"
        )
        for line in [*wrong, "--", *silent]:
            print("  ", line)
    assert count >= 200
    assert right >= 0.95 * count
    assert len(wrong) <= 0.01 * count


@pytest.mark.parametrize("text", [APART, INLINE, BELOW, RNN])
def test_what_is_right_is_right(text):
    assert first_of(text, np.random.default_rng(2)) is None


def test_the_references_are_right():
    rng = np.random.default_rng(3)
    assert ledger(*network(rng), reference.backprop).right
    assert time_ledger(*recurrent(rng), rnn.bptt).right


def test_a_missing_slope_is_named_and_what_follows_is_said_to_follow():
    found = ledger(*network(np.random.default_rng(4)), named(INLINE.replace("(1 - h**2) * ", ""), "backprop"))
    assert (
        found.headline()
        == "first wrong: δ_h: the factor 1 − tanh², the slope of the hidden units, is missing"
    )
    states = {row.name: row.state for row in found.rows}
    assert states["dW"] == states["db"] == "follows from it"
    assert states["dU"] == states["loss"] == "right"
    assert "δ_h" in found._repr_html_()
    assert "follows from it" in repr(found)


def test_a_wrong_backprop_is_answered_by_its_ledger(capsys):
    asked = exercise("backprop")
    cases = public_cases(asked)
    function = named(APART.replace("slope * (delta @ U.T)", "delta @ U.T"), "backprop")
    answers = [call(function, case.args) for case in cases]
    verdict = with_cause(asked.judge(cases, answers), APART, asked, function, cases, answers, whole=False)
    assert verdict.witness == "ledger"
    assert verdict.cause.startswith(
        "first wrong: δ_h: the factor 1 − tanh², the slope of the hidden units, is missing"
    )
    assert "follows from it" in str(verdict)
    assert verdict.points == asked.judge(cases, answers).points


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("p[range(len(X)), g]).mean()", "p[range(len(X)), g]).sum()", "n times too large"),
        ("-np.log(p", "np.log(p", "the sign"),
        ("-np.log(p", "-np.log2(p", "to the base 2"),
        ("np.log(p[range(len(X)), g]).mean()", "np.log(p[range(len(X)), g].mean())", "logarithm of a mean"),
        ("np.log(p[range(len(X)), g]).mean()", "np.median(np.log(p[range(len(X)), g]))", "the median"),
        ("np.log(p[range(len(X)), g]).mean()", "np.trunc(np.log(p[range(len(X)), g])).mean()", "cut off"),
        ("np.log(p[range(len(X)), g]).mean()", "np.log(p).mean()", "logarithms of all labels"),
        (
            "np.log(p[range(len(X)), g]).mean()",
            "(np.log(p[range(len(X)), g]) + (h @ params['U'] + params['d']).max(axis=1)).mean()",
            "the label's score is not shifted",
        ),
    ],
)
def test_a_loss_that_is_wrong_alone_has_its_words(old, new, words):
    text = BELOW.replace(old, new)
    assert text != BELOW
    found = first_of(text, np.random.default_rng(1))
    assert found.first == "loss"
    assert words in found.cause
    assert {row.state for row in found.rows if row.name != "loss"} == {"right"}


def test_zeros_are_not_said_to_be_cut_off():
    found = first_of(BELOW.replace("np.log(p[range", "0 * np.log(p[range"), np.random.default_rng(1))
    assert found.first == "loss"
    assert not found.cause


@pytest.mark.parametrize(
    ("steps", "kept", "words"),
    [
        (1, slice(1, None), "the only step there is adds nothing"),
        (4, slice(1, None), "the first step is left out"),
        (4, slice(None, -1), "the last step is left out"),
        (4, slice(-1, None), "only the last step is counted"),
        (2, slice(1, None), "the first step is left out"),
    ],
)
def test_steps_that_a_loop_does_not_come_to_are_left_out_of_all_gradients(steps, kept, words):
    X, h0, params, delta_y = recurrent(np.random.default_rng(5))

    def shortened(X, h0, params, delta_y):
        H = [h0, *rnn.rnn_forward(X, h0, params)["H"]]
        grads = {name: np.zeros(array.shape) for name, array in params.items()}
        delta = np.zeros(h0.shape)
        for t in reversed(range(len(X))[kept]):
            delta = (1 - H[t + 1] ** 2) * (delta_y[t] @ params["V"].T + delta @ params["W"].T)
            grads["A"] += X[t].T @ delta
            grads["W"] += H[t].T @ delta
            grads["b"] += delta.sum(axis=0)
            grads["V"] += H[t + 1].T @ delta_y[t]
        return grads

    found = time_ledger(X[:steps], h0, params, delta_y[:steps], shortened)
    assert found.headline() == f"first wrong: steps counted: {words}"
    states = {row.name: row.state for row in found.rows}
    assert states["dV"] == states["dA"] == "follows from it"
    assert states["[h0, H]"] == "right"


def test_a_row_of_counted_steps_stands_only_where_some_are_left_out():
    found = first_of(RNN.replace("above + later", "above - later"), np.random.default_rng(1))
    assert "steps counted" not in {row.name for row in found.rows}


def test_deltas_that_were_not_turned_round_are_back_to_front():
    text = RNN.replace("deltas.insert(0, delta)", "deltas.append(delta)")
    found = first_of(text, np.random.default_rng(1))
    assert found.headline() == f"first wrong: δ: {BACK_TO_FRONT}"
    assert {row.name: row.state for row in found.rows}["dA"] == "follows from it"


def test_a_row_through_time_says_that_the_first_state_is_h0():
    """`H` of the notebook is without it: a row called H would show the entry of another step."""
    first = through_time(1)[0]
    h0 = np.full((2, 3), 0.25)
    values = {"h0": h0, "X": np.zeros((1, 2, 1)), "A": np.zeros((1, 3)), "W": np.eye(3), "b": np.zeros(3)}
    assert first.name == "[h0, H]"
    np.testing.assert_array_equal(first.rule(values)[0], h0)
