"""Where one property of the input tells right from wrong, it is said; where several would, nothing is."""

import pytest

from fnnkit.judge.attempt import diagnosed


def test_what_is_right_for_two_hidden_units_only():
    text = (
        "def xor_network(X, W, c, w, b):\n    h1 = np.maximum(0, X @ W[:, 0] + c[0])\n"
        "    h2 = np.maximum(0, X @ W[:, 1] + c[1])\n"
        "    return np.stack([h1, h2], axis=1), h1 * w[0] + h2 * w[1] + b"
    )
    found = diagnosed("xor_network", text)[1]
    assert found.witness == "split"
    assert found.words.startswith("the result is right for 2 columns of `W`, and wrong for 3")


def test_the_same_call_twice_is_no_two_of_a_kind():
    """Right where the diagonal is 1 already, in one input that two criteria look at: its size is not why."""
    text = (
        "def fit_kernel(K, y, ridge):\n    M = K.copy()\n    np.fill_diagonal(M, 1 + ridge)\n"
        "    return np.linalg.solve(M, y)"
    )
    found = diagnosed("fit_kernel", text)[1]
    assert found is None or found.witness != "split"


def test_a_split_says_nothing_of_what_is_wrong_everywhere():
    found = diagnosed("relu", "def relu(z):\n    return np.log1p(np.exp(z)) - 0.3")[1]
    assert found is None or found.witness != "split"


@pytest.mark.usefixtures("nothing_registered")
def test_what_is_wrong_for_one_number_only():
    text = (
        "def sawtooth(x, depth):\n    y = 1 - np.abs(2 * x - 1)\n    for _ in range(depth - 1):\n"
        "        y = 1 - np.abs(2 * y - 1)\n    return y"
    )
    found = diagnosed("sawtooth", text)[1]
    assert found.said() == (
        "The result is wrong for `depth` = 0, and right for every other number. What is different there?"
    )


@pytest.mark.usefixtures("nothing_registered")
def test_the_one_word_that_is_missed():
    text = (
        "def classify_critical_point(H, tol):\n    lam = np.linalg.eigvalsh(H)\n    if (abs(lam) <= tol).all():\n"
        "        return 'degenerate'\n    if (lam >= -tol).all():\n        return 'minimum'\n    if (lam <= tol).all():\n"
        "        return 'maximum'\n    return 'saddle'"
    )
    found = diagnosed("classify_critical_point", text)[1]
    assert found.said().startswith(
        "Every call that is wrong should give `degenerate`, and gives `maximum` or `minimum`."
    )
