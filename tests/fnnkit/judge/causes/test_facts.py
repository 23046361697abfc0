"""Facts of the code are said where what was seen agrees with them, and never of right answers."""

import textwrap

import pytest

from fnnkit.judge.attempt import diagnosed
from fnnkit.judge.causes import with_finding

WRONG = {
    "printed": ("affine", "def affine(X, W, c):\n    print(X @ W + c)", "Line 2"),
    "no return": ("affine", "def affine(X, W, c):\n    Z = X @ W + c", "Line 2"),
    "unused": ("rbf_kernel", "def rbf_kernel(A, B, gamma):\n    return np.exp(-((A[:, None] - B[None]) ** 2).sum(-1))", ""),
    "no argument": ("affine", "def affine(X, W, c):\n    return np.ones((2, 2))", ""),
    "in place": ("relu", "def relu(z):\n    z[z < 0] = 0\n    return z.copy()", "Line 2, `z[z < 0] = 0`"),
    "same array": ("relu", "def relu(z):\n    if (z >= 0).all():\n        return z\n    return np.maximum(z, 0)", "Line 3"),
    "order": (
        "xor_network",
        "def xor_network(X, W, c, w, b):\n    H = np.maximum(0, X @ W + c)\n    y = H @ w + b\n    return y, H",
        "Line 4",
    ),
    "returned": ("xor_network", "def xor_network(X, W, c, w, b):\n    return np.maximum(0, X @ W + c) @ w + b", "Line 2"),
    "assert": (
        "mse",
        "def mse(y_pred, y_true):\n    assert y_pred.shape == y_true.shape\n    return ((y_pred - y_true) ** 2).mean()",
        "Line 2",
    ),
    "no raise": ("mse", "def mse(y_pred, y_true):\n    return ((y_pred - y_true) ** 2).mean()", ""),
    "function": ("relu", "def relu(z):\n    return np.max(z, 0)", "Line 2"),
    "type": ("relu", "def relu(z):\n    a = np.zeros(z.shape, dtype=int)\n    a[z > 0] = z[z > 0]\n    return a", "Line 2"),
    "return": (
        "gradient_descent",
        "def gradient_descent(grad, theta0, learning_rate, steps):\n    path = [theta0]\n    for _ in range(steps):\n"
        "        path.append(path[-1] - learning_rate * grad(path[-1]))\n        return np.array(path)",
        "Line 5",
    ),
    "picked": ("relu", "def relu(z):\n    return z[z > 0]", "Line 2, `z[z > 0]`"),
    "some refused": (
        "one_hot",
        "def one_hot(g, K):\n    if (g >= K).any():\n        raise ValueError('too large')\n    return np.eye(K)[g]",
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_a_fact_names_the_mistake_and_its_place(kind):
    name, text, place = WRONG[kind]
    verdict, found = diagnosed(name, text)
    assert not verdict.solved
    assert found is not None
    assert (found.witness, found.kind) == ("fact", kind)
    assert found.place.startswith(place)


def test_a_small_number_in_a_logarithm_is_seen_whatever_it_is():
    for small in ("1e-12", "1e-9", "3e-7"):
        text = (
            "def bernoulli_nll(z, y):\n    p = 1 / (1 + np.exp(-z))\n"
            f"    return -np.log(np.where(y == 1, p, 1 - p) + {small})"
        )
        found = diagnosed("bernoulli_nll", text)[1]
        assert (found.witness, found.kind) == ("fact", "small number")
        assert small in found.place


def test_a_word_that_is_never_returned():
    text = textwrap.dedent(
        """
        def classify_critical_point(H, tol):
            lam = np.linalg.eigvalsh(H)
            if (lam > tol).all():
                return "minimum"
            return "maximum" if (lam < -tol).all() else "saddle"
        """
    )
    found = diagnosed("classify_critical_point", text)[1]
    assert found.said() == "`degenerate` is never returned: the word does not stand in the code."


def test_an_argument_that_is_not_used_is_no_fact_where_the_answer_is_right():
    verdict, found = diagnosed("relu", "def relu(z):\n    return np.where(z > 0, z, 0 * z)")
    assert verdict.solved
    assert found is None


def test_no_fraction_is_cut_off_where_none_is_expected():
    text = (
        "def hard_tanh(z):\n    h = np.zeros_like(z)\n    inside = (z > -1) & (z < 1)\n"
        "    h[inside] = z[inside]\n    h[z >= 1] = 1\n    return h"
    )
    verdict, found = diagnosed("hard_tanh", text)
    assert not verdict.solved
    assert found is None or found.kind != "type"


def test_nothing_is_said_of_a_stub_or_of_a_cell_without_the_function():
    assert diagnosed("relu", "def relu(z):\n    raise NotImplementedError")[1] is None
    assert diagnosed("relu", "relu = lambda z: -z")[1] is None


def test_an_argument_that_calls_may_leave_out_is_no_stumbling_block():
    text = "def is_squashing(f, grid, tol=1e-3):\n    return True"
    verdict, _ = diagnosed("is_squashing", text)
    assert not verdict.solved


def test_a_function_that_is_given_and_never_called_is_an_argument_like_any_other():
    text = """
def layer_gradient_norms(X, weights, phi, dphi, delta_out):
    H = [X]
    for W in weights:
        H.append(phi(H[-1] @ W))
    norms, delta = [], delta_out
    for l in reversed(range(len(weights))):
        norms.insert(0, np.linalg.norm(H[l].T @ delta))
        delta = (1 - H[l] ** 2) * (delta @ weights[l].T)
    return np.array(norms)
"""
    assert diagnosed("layer_gradient_norms", text)[1].said() == "`dphi` is never used."


def test_calls_that_are_not_refused_are_told_by_what_is_negative_there():
    text = "def one_hot(g, K):\n    if (g >= K).any():\n        raise ValueError('too large')\n    return np.eye(K)[g]"
    said = diagnosed("one_hot", text)[1].said()
    assert said.endswith("and not in all: none is where `g` has a negative number.")


def test_a_changed_argument_is_said_last_where_values_are_wrong_too():
    text = (
        "def xor_network(X, W, c, w, b):\n    W += c\n    H = np.maximum(0, X @ W)\n    return H, H @ w + b"
    )
    found = diagnosed("xor_network", text)[1]
    assert (found.witness, found.place) == ("fact", "Line 2, `W += c`")


def test_what_is_changed_is_called_what_it_is():
    def said(name, text):
        return diagnosed(name, text)[1].said()

    assert "the array `z`" in said("relu", WRONG["in place"][1])
    clips = (
        "def clip_by_global_norm(grads, max_norm):\n    norm = np.sqrt(sum((g.astype(float) ** 2).sum() for g in grads.values()))"
        "\n    if norm > max_norm:\n        for name in grads:\n            grads[name] = grads[name] * (max_norm / norm)\n"
        "    return grads"
    )
    verdict, found = diagnosed("clip_by_global_norm", clips)
    assert "the dictionary `grads`" in found.said()
    assert verdict.problem.step == (
        "Make a new dictionary with new values, and leave `grads` and what is in it as they are."
    )


def test_an_argument_that_is_changed_and_then_read_explains_values_of_another_mistake():
    """The intercept is the mean of y, as if the mean of X had been forgotten: it is 0 by then."""
    text = (
        "def fit_linear(X, y):\n    y_mean = np.mean(y)\n    X -= X.mean(axis=0)\n"
        "    w = np.linalg.lstsq(X, y - y_mean, rcond=1e-10)[0]\n    b = y_mean - X.mean(axis=0) @ w\n    return w, b"
    )
    verdict, found = diagnosed("fit_linear", text)
    assert verdict.hint
    assert found.said() == (
        "Line 3, `X -= X.mean(axis=0)`: this changes the array `X` of whoever called the function, and what reads it "
        "afterwards reads other numbers."
    )
    assert with_finding(verdict, found).hint == ""
    # Where it is not read again, both are so.
    text = text.replace("X -= X.mean(axis=0)", "mean = X.mean(axis=0)").replace(
        "b = y_mean - X.mean(axis=0) @ w", "b = y_mean\n    X -= mean"
    )
    verdict, found = diagnosed("fit_linear", text.replace("lstsq(X,", "lstsq(X - mean,"))
    assert verdict.hint
    assert found is None or found.kind != "changed early"
