"""Several exercises of ch1_xor at once: what their inputs and references have in common."""

import numpy as np
import pytest

from fnnkit.judge.attempt import judged


def affine(X, W):
    return X @ W


def two_axes_of_one(grad, theta0, learning_rate, steps):
    path = np.zeros(steps + 1)
    path[0] = theta0
    return path


def gradient_not_called(grad, theta0, learning_rate, steps):
    return theta0 - learning_rate * grad


def kernel_of_integers(A, B, gamma):
    return np.exp(-gamma * ((A[:, None] - B[None]) ** 2).sum(axis=2)).astype(int)


READ = [
    (
        "affine",
        affine,
        "its parameters are not those that were handed out: `def affine(X, W, c):`",
    ),
    ("affine", lambda X, W, c: print("!"), "nothing is returned"),
    ("relu", lambda z: np.max(0, z), "`np.max(a, axis)` takes one array, `np.maximum(a, b)` two"),
    ("gradient_descent", two_axes_of_one, "an array was put into the place of one number"),
    ("gradient_descent", gradient_not_called, "a function stands where a number should: call it"),
    ("rbf_kernel", kernel_of_integers, "the fractions are cut off"),
    ("fit_kernel", lambda K, y, ridge: np.linalg.solve(y, K), ""),
    ("classify_critical_point", lambda H, tol: "saddle" if np.diag(H) > 0 else "minimum", "ask for `.any()`"),
    ("classify_critical_point", lambda H, tol: None, "nothing is returned"),
]


@pytest.mark.parametrize(("name", "wrong", "cause"), READ, ids=[f"{n}-{c[:20]}" for n, _, c in READ])
def test_the_likely_cause_names_what_was_done(name, wrong, cause):
    problem = judged(name, wrong).problem
    assert cause in problem.cause
    assert bool(cause) == bool(problem.cause)
    assert problem.step
