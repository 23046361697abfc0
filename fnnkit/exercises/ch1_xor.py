"""Chapter 1, Learning XOR: what each exercise asks."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import linear, losses, xor
from fnnkit.exercises.exercise import Case, Chapter, Criterion, Exercise, Misconception, agrees, calm, refuses

CHAPTER = Chapter("ch1_xor")
EXERCISES = CHAPTER.exercises

XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_Y = np.array([0.0, 1.0, 1.0, 0.0])


def rounded(rng: np.random.Generator, *shape: int, scale: float = 1.0) -> Any:
    """Normal numbers with two decimals, never 0, so that a message can be typed in again."""
    z = np.round(scale * rng.standard_normal(shape), 2)
    return np.where(z == 0, 0.25, z)


# --- mse ---------------------------------------------------------------------------------------------------


def mse_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``mse(y_pred, y_true)``."""
    value, shapes = "the mean of the squares", "different shapes are refused"
    return [
        Case((np.array([0.5, 0.5, 0.5, 0.5]), XOR_Y), value, "a constant ½ on XOR"),
        Case((rounded(rng, 3), rounded(rng, 3)), value),
        Case((rounded(rng, 3, 2), rounded(rng, 3, 2)), value, "several outputs an example"),
        Case((rounded(rng, 1), rounded(rng, 1)), value, "one example"),
        Case((rng.integers(-3, 4, 5) * 2 + 1, np.array([0, 1, 1, 0, 1])), value, "integers"),
        Case((rounded(rng, 6).astype(np.float32), rounded(rng, 6).astype(np.float32)), value, "float32"),
        Case((rounded(rng, 3), rounded(rng, 3, 1)), shapes, "shape (3,) against (3, 1)"),
        Case((rounded(rng, 2, 1), rounded(rng, 2)), shapes, "shape (2, 1) against (2,)"),
        Case((rounded(rng, 4), rounded(rng, 1)), shapes, "shape (4,) against (1,)"),
    ]


def sum_of_squares(y_pred, y_true):
    """Sum in the place of the mean."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.sum((y_pred - y_true) ** 2)


def half_the_mean(y_pred, y_true):
    """An extra ½."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return 0.5 * np.mean((y_pred - y_true) ** 2)


def mean_absolute_error(y_pred, y_true):
    """Absolute value in the place of the square."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.mean(np.abs(y_pred - y_true))


def root_mean_square(y_pred, y_true):
    """The square root is taken."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.sqrt(np.mean((y_pred - y_true) ** 2))


def mean_over_rows_only(y_pred, y_true):
    """Sum over the outputs, mean over the examples."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    return np.sum((y_pred - y_true) ** 2) / len(y_pred)


def broadcast_to_a_square(y_pred, y_true):
    """Right for equal shapes; ``(n,)`` against ``(n, 1)`` broadcasts."""
    return np.mean((y_pred - y_true) ** 2)


def difference_in_place(y_pred, y_true):
    """Right values, but the predictions are overwritten."""
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError("the shapes differ")
    y_pred -= y_true
    return np.mean(y_pred**2)


mse = CHAPTER.add(
    Exercise(
        name="mse",
        chapter=CHAPTER.id,
        reference=losses.mse,
        cases=mse_cases,
        criteria=(
            Criterion("the mean of the squares", 0.5, agrees()),
            Criterion(
                "different shapes are refused",
                0.25,
                refuses(
                    "Compare `y_pred.shape` and `y_true.shape` first, and `raise ValueError(…)` if they differ."
                ),
            ),
            Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                sum_of_squares,
                "this is the sum of the squared differences. The mean divides it by the number of entries, so that "
                "the loss does not grow with the size of the data set.",
            ),
            Misconception(
                half_the_mean,
                "there is a factor ½ too many. Some books put it there to cancel the 2 of the derivative; the slides "
                "use the plain mean.",
            ),
            Misconception(
                mean_absolute_error,
                "this is the mean of the absolute differences. The S in MSE is for squared: `** 2` in the place of "
                "`abs`.",
            ),
            Misconception(root_mean_square, "the square root is not part of the mean squared error."),
            Misconception(
                mean_over_rows_only,
                "the sum is divided by the number of rows. Divide by the number of all entries, `y_pred.size`.",
            ),
            Misconception(
                broadcast_to_a_square,
                "numpy broadcasts `(n,)` against `(n, 1)` to `(n, n)`: every prediction is compared with every target. "
                "The number that comes out looks plausible, and means nothing.",
            ),
            Misconception(
                difference_in_place,
                "`y_pred -= y_true` overwrites the caller's array. `y_pred - y_true` makes a new one.",
            ),
        ),
        minutes=5,
        difficulty=1,
    )
)


# --- fit_linear --------------------------------------------------------------------------------------------


def fit_linear_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``fit_linear(X, y)``; in the rank-deficient ones one column is an exact copy of another."""
    value, small = "least squares with intercept", "smallest weights when many fit"
    X = rounded(rng, 6, 2, scale=2.0) + np.array([1.5, -0.75])
    y = X @ np.array([0.5, -2.0]) + 3.0 + rounded(rng, 6)
    whole = rng.permuted(np.arange(-3, 5)).reshape(4, 2)
    first = 2.0 * rng.permuted(np.array([-1.0, 0.0, 1.0, 4.0]))
    twin = np.column_stack([first, first])
    double = np.column_stack([first, 2 * first])
    step = 2.0 ** rng.integers(0, 3)
    wide = np.array([[1.0, 2.0, 3.0], [1.0 + 2 * step, 2.0 + 2 * step, 3.0 + 2 * step]])
    return [
        Case((XOR_X, XOR_Y), value, "the four points of XOR"),
        Case((X, np.round(y, 2)), value),
        Case((rounded(rng, 5, 1), rounded(rng, 5) + 4.0), value, "one feature"),
        Case((whole, np.array([5, 2, 7, 4])), value, "integers"),
        Case((X.astype(np.float32), y.astype(np.float32)), value, "float32"),
        Case((twin, rounded(rng, 4) + 2.0), small, "two equal columns"),
        Case((double, rounded(rng, 4) - 2.0), small, "one column is twice the other"),
        Case((wide, np.array([1.0, 4.0])), small, "fewer examples than features"),
    ]


def no_intercept(X, y):
    """Least squares through the origin."""
    w = np.linalg.pinv(X) @ y
    return w, 0.0


def intercept_after_uncentred_fit(X, y):
    """Fits the weights through the origin, then shifts."""
    w = np.linalg.pinv(X) @ y
    return w, float(np.mean(y - X @ w))


def inverse_of_singular_matrix(X, y):
    """Normal equations: no inverse when columns depend on each other."""
    Xc = X - X.mean(axis=0)
    w = np.linalg.inv(Xc.T @ Xc) @ Xc.T @ (y - y.mean())
    return w, float(y.mean() - X.mean(axis=0) @ w)


def intercept_kept_small_too(X, y):
    """A column of ones: the smallest solution then keeps b small as well."""
    A = np.column_stack([X, np.ones(len(X))])
    theta = np.linalg.pinv(A) @ y
    return theta[:-1], float(theta[-1])


def intercept_first(X, y):
    """Returns (b, w)."""
    Xc = X - X.mean(axis=0)
    w = np.linalg.pinv(Xc) @ (y - y.mean())
    return float(y.mean() - X.mean(axis=0) @ w), w


def intercept_without_the_mean_of_x(X, y):
    """Forgets to move the intercept back."""
    Xc = X - X.mean(axis=0)
    w = np.linalg.pinv(Xc) @ (y - y.mean())
    return w, float(y.mean())


def centres_in_place(X, y):
    """Right values, but X and y are overwritten (integers are copied, as they cannot be)."""
    if X.dtype.kind != "f":
        X, y = X.astype(float), y.astype(float)
    x_mean, y_mean = X.mean(axis=0), y.mean()
    X -= x_mean
    y -= y_mean
    w = np.linalg.pinv(X) @ y
    return w, float(y_mean - x_mean @ w)


fit_linear = CHAPTER.add(
    Exercise(
        name="fit_linear",
        chapter=CHAPTER.id,
        reference=linear.fit_linear,
        returns=("w", "b"),
        cases=fit_linear_cases,
        criteria=(
            Criterion("least squares with intercept", 1.0, agrees(rtol=1e-8)),
            Criterion("smallest weights when many fit", 0.75, agrees(rtol=1e-8)),
            Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                no_intercept,
                "the fit goes through the origin: there is no intercept. Subtract the means of `X` and `y` first; "
                "`b` is then what puts the mean back.",
            ),
            Misconception(
                intercept_after_uncentred_fit,
                "the weights were fitted without an intercept and `b` was added afterwards, when the weights had "
                "already paid for its absence. Centre `X` and `y` before fitting `w`.",
            ),
            Misconception(
                inverse_of_singular_matrix,
                "when columns of `X` depend on each other, or there are fewer examples than features, `XᵀX` has no "
                "inverse. `np.linalg.pinv` or `np.linalg.lstsq` gives the smallest of the many solutions.",
            ),
            Misconception(
                intercept_kept_small_too,
                "a column of ones makes `b` one of the weights, and the smallest solution then keeps `b` small too. "
                "Here only `w` should be small: centre `X` and `y`, fit `w`, and compute `b` from the means.",
            ),
            Misconception(intercept_first, "the two are swapped: `return w, b`, weights first."),
            Misconception(
                intercept_without_the_mean_of_x,
                "`b` is the mean of `y` only. The line passes through (mean of X, mean of y): subtract "
                "`X.mean(axis=0) @ w`.",
            ),
            Misconception(
                centres_in_place,
                "`X -= …` overwrites the caller's data. `X - …` makes a new array.",
            ),
        ),
        minutes=15,
        difficulty=2,
    )
)


# --- xor_network -------------------------------------------------------------------------------------------


def xor_network_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``xor_network(X, W, c, w, b)``."""
    hidden, output, edge = "hidden features H", "output y", "one example, none, other widths"
    slides = (XOR_X, np.ones((2, 2)), np.array([0.0, -1.0]), np.array([1.0, -2.0]), 0.0)
    # Drawn so that some pre-activations and some outputs are negative: that is where a wrong ReLU shows.
    drawn = (
        np.round(rng.uniform(-2, 2, (4, 2)), 2),
        np.array([[1.5, -1.0], [-0.5, 2.0]]) + rounded(rng, 2, 2, scale=0.2),
        np.array([0.75, -1.25]) + rounded(rng, 2, scale=0.2),
        np.array([-2.0, 1.0]) + rounded(rng, 2, scale=0.2),
        -1.5,
    )
    wide = (rounded(rng, 5, 2), rounded(rng, 2, 3), rounded(rng, 3), rounded(rng, 3), 0.75)
    single = (rounded(rng, 1, 3), rounded(rng, 3, 2), rounded(rng, 2), rounded(rng, 2), -0.25)
    none = (np.zeros((0, 2)), rounded(rng, 2, 4), rounded(rng, 4), rounded(rng, 4), 0.5)
    small = tuple(np.asarray(a, dtype=np.float32) for a in drawn[:4])
    return [
        Case(slides, hidden, "the slides' solution of XOR"),
        Case(drawn, hidden),
        Case(slides, output, "the slides' solution of XOR"),
        Case(drawn, output),
        Case(wide, edge, "three hidden units"),
        Case(single, edge, "one example with three features"),
        Case(none, edge, "no example"),
        Case(
            (XOR_X.astype(int), np.ones((2, 2), int), np.array([0, -1]), np.array([1, -2]), 0),
            edge,
            "integers",
        ),
        Case((*small, -1.5), edge, "float32"),
    ]


def relu_before_bias(X, W, c, w, b):
    """ReLU of XW, then the bias."""
    H = np.maximum(0, X @ W) + c
    return H, H @ w + b


def relu_on_the_output(X, W, c, w, b):
    """A ReLU on the linear output unit."""
    H = np.maximum(0, X @ W + c)
    return H, np.maximum(0, H @ w + b)


def weights_transposed(X, W, c, w, b):
    """The slides' Wᵀ taken over although rows are examples here."""
    H = np.maximum(0, X @ W.T + c)
    return H, H @ w + b


def no_relu(X, W, c, w, b):
    """Two linear layers."""
    H = X @ W + c
    return H, H @ w + b


def hidden_bias_forgotten(X, W, c, w, b):
    """The bias c is missing."""
    H = np.maximum(0, X @ W)
    return H, H @ w + b


def output_bias_forgotten(X, W, c, w, b):
    """The bias b is missing."""
    H = np.maximum(0, X @ W + c)
    return H, H @ w


def output_as_column(X, W, c, w, b):
    """Y has shape (n, 1)."""
    H = np.maximum(0, X @ W + c)
    return H, (H @ w + b).reshape(-1, 1)


def output_only(X, W, c, w, b):
    """H is not returned."""
    H = np.maximum(0, X @ W + c)
    return H @ w + b


xor_network = CHAPTER.add(
    Exercise(
        name="xor_network",
        chapter=CHAPTER.id,
        reference=xor.xor_network,
        returns=("H", "y"),
        cases=xor_network_cases,
        criteria=(
            Criterion("hidden features H", 0.75, agrees(part=0)),
            Criterion("output y", 0.75, agrees(part=1)),
            Criterion("one example, none, other widths", 0.25, agrees()),
            Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                relu_before_bias,
                "the ReLU was taken before the bias `c` was added. The hidden unit is max(0, XW + c): the bias decides "
                "where the kink is.",
            ),
            Misconception(
                relu_on_the_output,
                "there is a ReLU on the output. The output unit is linear, so `y` may be negative.",
            ),
            Misconception(
                weights_transposed,
                "`W.T` is the slides' notation for column vectors. Here each row of `X` is an example: `X @ W`.",
            ),
            Misconception(
                no_relu,
                "nothing is cut off at 0: without the ReLU two layers are one linear model, and that cannot do XOR.",
            ),
            Misconception(hidden_bias_forgotten, "the hidden bias `c` is missing: max(0, XW + c)."),
            Misconception(output_bias_forgotten, "the output bias `b` is missing: y = Hw + b."),
            Misconception(
                output_as_column,
                "`y` is a column of shape `(n, 1)`. With `w` of shape `(m,)`, `H @ w` already has shape `(n,)`.",
            ),
            Misconception(
                output_only,
                "only `y` is returned. The hidden features are asked for too: `return H, y`.",
            ),
        ),
        minutes=10,
        difficulty=2,
    )
)
