"""Chapter 1, Learning XOR: what each exercise asks."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import activations, kernels, landscape, linear, losses, optim, xor
from fnnkit.exercises.drawing import rounded
from fnnkit.exercises.exercise import Case, Chapter, Criterion, Exercise, Misconception, agrees, calm, refuses
from fnnkit.exercises.named import Named

CHAPTER = Chapter("ch1_xor")
EXERCISES = CHAPTER.exercises

XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_Y = np.array([0.0, 1.0, 1.0, 0.0])


# --- affine ----------------------------------------------------------------------------------------------


def affine_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``affine(X, W, c)``."""
    value, edge = "X @ W + c", "one example, none, other widths"
    return [
        Case((XOR_X, np.ones((2, 2)), np.array([0.0, -1.0])), value, "the slides' hidden layer"),
        # Rounding can make a drawn matrix symmetric, and then W.T is right.
        Case(
            (rounded(rng, 4, 2), rounded(rng, 2, 2) + np.array([[0.0, 5.0], [0.0, 0.0]]), rounded(rng, 2)),
            value,
        ),
        Case((rounded(rng, 3, 2), rounded(rng, 2, 4), rounded(rng, 4)), edge, "four units"),
        Case((rounded(rng, 1, 3), rounded(rng, 3, 2), rounded(rng, 2)), edge, "one example"),
        Case((np.zeros((0, 2)), rounded(rng, 2, 3), rounded(rng, 3)), edge, "no example"),
        Case((XOR_X.astype(int), np.array([[1, 2], [3, 4]]), np.array([-1, 5])), edge, "integers"),
        Case(tuple(rounded(rng, *s).astype(np.float32) for s in ((3, 2), (2, 3), (3,))), edge, "float32"),
    ]


def affine_without_bias(X, W, c):
    """The bias is forgotten."""
    return X @ W


def affine_with_transposed_weights(X, W, c):
    """The slides' Wᵀ taken over although rows are examples here."""
    return X @ W.T + c


def bias_before_the_weights(X, W, c):
    """The bias is added to the inputs."""
    return (X + c) @ W


def bias_subtracted(X, W, c):
    """The sign of the bias."""
    return X @ W - c


affine = CHAPTER.add(
    Exercise(
        name="affine",
        chapter=CHAPTER.id,
        reference=linear.affine,
        cases=affine_cases,
        criteria=(
            Criterion("X @ W + c", 0.5, agrees()),
            Criterion("one example, none, other widths", 0.25, agrees()),
            Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                affine_without_bias,
                "the bias `c` is missing. Add it to the product: `X @ W + c` adds it to every row.",
            ),
            Misconception(
                affine_with_transposed_weights,
                "`W.T` is the slides' notation for column vectors. Here each row of `X` is an example: `X @ W`.",
            ),
            Misconception(
                bias_before_the_weights,
                "`c` was added to the inputs. It belongs to the units: first `X @ W`, then `+ c`.",
            ),
            Misconception(bias_subtracted, "the bias is added, not subtracted: `X @ W + c`."),
        ),
        minutes=3,
        difficulty=1,
        core=False,
    )
)


# --- mse -------------------------------------------------------------------------------------------------


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


# --- fit_linear ------------------------------------------------------------------------------------------


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


# --- collapse_linear -------------------------------------------------------------------------------------


def collapse_linear_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``collapse_linear(W1, c1, W2, c2)``; as long as all widths are equal, wrong orders fit too."""
    weights, bias, widths = "the weights W", "the bias c", "layers of different widths"

    def layers(d: int, m: int, p: int) -> tuple[Any, ...]:
        return rounded(rng, d, m), rounded(rng, m), rounded(rng, m, p), rounded(rng, p)

    square = layers(2, 2, 2)
    by_hand = (
        np.array([[1, 2], [0, 1]]),
        np.array([1, -1]),
        np.array([[1, 0], [3, 1]]),
        np.array([2, 5]),
    )
    return [
        Case(by_hand, weights, "whole numbers"),
        Case(square, weights),
        Case(by_hand, bias, "whole numbers"),
        Case(square, bias),
        Case(layers(2, 3, 4), widths, "widths 2, 3, 4"),
        Case(layers(4, 2, 1), widths, "widths 4, 2, 1"),
        Case(layers(1, 1, 1), widths, "widths 1, 1, 1"),
        Case(tuple(a.astype(np.float32) for a in layers(3, 2, 2)), widths, "float32"),
    ]


def weights_in_the_order_of_the_slides(W1, c1, W2, c2):
    """``W2 @ W1``: right for column vectors."""
    return W2 @ W1, c1 @ W2 + c2


def first_bias_forgotten(W1, c1, W2, c2):
    """Only the second bias is kept."""
    return W1 @ W2, c2


def biases_added(W1, c1, W2, c2):
    """The first bias does not pass through the second layer."""
    return W1 @ W2, c1 + c2


def second_bias_forgotten(W1, c1, W2, c2):
    """Only the first bias is kept."""
    return W1 @ W2, c1 @ W2


def bias_times_transposed_weights(W1, c1, W2, c2):
    """``W2 @ c1``."""
    return W1 @ W2, W2 @ c1 + c2


def weights_multiplied_entry_by_entry(W1, c1, W2, c2):
    """``*`` in the place of ``@``."""
    return W1 * W2, c1 @ W2 + c2


collapse_linear = CHAPTER.add(
    Exercise(
        name="collapse_linear",
        chapter=CHAPTER.id,
        reference=linear.collapse_linear,
        returns=("W", "c"),
        cases=collapse_linear_cases,
        criteria=(
            Criterion("the weights W", 0.25, agrees(part=0)),
            Criterion("the bias c", 0.25, agrees(part=1)),
            Criterion("layers of different widths", 0.25, agrees()),
            Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                weights_in_the_order_of_the_slides,
                "`W2 @ W1` is the order for column vectors. A row meets `W1` first: `X @ W1 @ W2`.",
            ),
            Misconception(
                first_bias_forgotten,
                "the bias of the first layer is lost. It goes through the second layer as everything else does: "
                "multiply (X W1 + c1) W2 out.",
            ),
            Misconception(
                biases_added,
                "`c1` was added as it is. The second layer multiplies whatever the first one gives, its bias too: "
                "multiply (X W1 + c1) W2 out.",
            ),
            Misconception(second_bias_forgotten, "the bias of the second layer, `c2`, is missing."),
            Misconception(
                bias_times_transposed_weights,
                "`W2 @ c1` is the slides' order. Here `c1` stands where a row of features stands: on the left of `W2`.",
            ),
            Misconception(
                weights_multiplied_entry_by_entry,
                "`*` multiplies entry by entry. Layers one after the other need the matrix product, `@`.",
            ),
        ),
        minutes=10,
        difficulty=2,
    )
)


# --- relu ------------------------------------------------------------------------------------------------


def relu_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``relu(z)``: numbers below 0, between 0 and 1, and above 1."""
    value, kinds = "max(0, z)", "any shape and dtype"
    mixed = rng.permuted(np.concatenate([rounded(rng, 2, scale=2.0), [-1.5, -0.25, 0.25, 0.75, 2.5]]))
    return [
        Case((np.array([-2.0, -0.5, 0.0, 0.5, 2.0]),), value, "around the kink"),
        Case((mixed,), value),
        Case((np.array([[-1.0, 0.5], [1.5, -3.0]]) + rounded(rng, 2, 2, scale=0.1),), value, "a matrix"),
        Case((np.array(-1.25),), kinds, "a single number"),
        Case((np.round(rng.uniform(-2, 2, (2, 1, 3)), 2),), kinds, "three axes"),
        Case((np.zeros((0, 3)),), kinds, "no example"),
        Case((rng.permuted(np.array([-3, -1, 0, 1, 4])),), kinds, "integers"),
        Case((np.array([-1.5, 0.25, 3.0], dtype=np.float32),), kinds, "float32"),
        Case((np.array([-1e300, 1e300]),), kinds, "very large numbers"),
    ]


def absolute_value(z):
    """|z|."""
    return np.abs(z)


def cut_below_one(z):
    """Lets through what is above 1."""
    return np.where(z > 1, z, 0)


def clipped_to_one(z):
    """Cut on both sides."""
    return np.clip(z, 0, 1)


def smaller_of_the_two(z):
    """The minimum in the place of the maximum."""
    return np.minimum(0, z)


def step(z):
    """1 where the unit is on."""
    return np.where(z > 0, 1.0, 0.0)


def leaky(z):
    """A small slope is left below 0."""
    return np.where(z > 0, z, 0.01 * z)


def one_number_at_a_time(z):
    """Python's own ``max`` compares whole arrays."""
    return max(0, z)


def unchanged(z):
    """A loop that gives values to a name, and not to the array."""
    return z.copy()


def negatives_overwritten(z):
    """Right values, but the input is overwritten."""
    z[z < 0] = 0
    return z


relu = CHAPTER.add(
    Exercise(
        name="relu",
        chapter=CHAPTER.id,
        reference=activations.relu,
        cases=relu_cases,
        criteria=(
            Criterion("max(0, z)", 0.5, agrees()),
            Criterion("any shape and dtype", 0.25, agrees()),
            Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                absolute_value,
                "negative numbers come out positive: this is the absolute value. The ReLU turns them into 0.",
            ),
            Misconception(
                cut_below_one,
                "numbers between 0 and 1 come out as 0: the cut is at 1. The kink of the ReLU is at 0.",
            ),
            Misconception(
                clipped_to_one, "numbers above 1 are cut to 1. Above 0 the ReLU leaves them alone."
            ),
            Misconception(smaller_of_the_two, "the smaller of 0 and z came out: `maximum`, not `minimum`."),
            Misconception(
                step, "only 0 and 1 come out: this says whether a unit is on. The ReLU then gives z itself."
            ),
            Misconception(
                leaky,
                "a small slope is left below 0: this is the leaky ReLU of chapter 3. Here negative numbers become 0.",
            ),
            Misconception(
                one_number_at_a_time,
                "Python's `max` and `if` ask one question about a whole array. `np.maximum` and `np.where` compare entry "
                "by entry.",
            ),
            Misconception(
                unchanged,
                "z comes back as it was. In a loop over entries, `x = 0` gives another value to the name x and writes "
                "nothing into the array.",
            ),
            Misconception(
                negatives_overwritten,
                "`z[z < 0] = 0` overwrites the caller's array. Work on a new one: `np.maximum` or `np.where` makes it.",
            ),
        ),
        minutes=5,
        difficulty=1,
    )
)


# --- xor_network -----------------------------------------------------------------------------------------


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


# --- count_xor_solutions ---------------------------------------------------------------------------------


def count_xor_solutions_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``count_xor_solutions(values)``: in sets that equal their negatives, mistakes of a sign cancel."""
    value, five = "the number of solutions", "five values: two million networks"
    more = [[-4, -1, 1], [-1, 1, 2], [-3, -1, 1], [-2, 1, 2], [-2, -1, 2], [-1, 1, 3]]
    third = rng.permuted(more[int(rng.integers(len(more)))]).tolist()
    second = [[-1, 2, 3], [-4, -1, 3]][int(rng.integers(2))]
    return [
        Case(([-1, 0, 1],), value, "the smallest set that is worth trying"),
        Case(([-2, -1, 1],), value),
        Case((second,), value),
        Case((third,), value),
        Case(([-2, -1, 0, 1, 2],), five, "-2 to 2"),
    ]


def swapped_units_counted_once(values):
    """Networks that differ in the order of their hidden units count as one."""
    from collections import Counter
    from itertools import product

    corners, targets = ((0, 0), (0, 1), (1, 0), (1, 1)), (0, 1, 1, 0)
    units = Counter(
        tuple(w * max(0, x1 * w1 + x2 * w2 + c) for x1, x2 in corners)
        for w1, w2, c, w in product(values, repeat=4)
    )
    ordered = 0
    for b in values:
        for adds, times in units.items():
            ordered += times * units[tuple(t - b - a for t, a in zip(targets, adds, strict=True))]
    return ordered // 2


def tolerance_too_wide(values):
    """An output one off is taken for right."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack(
        [w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1
    )
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs = adds[:, None, :] + adds[None, :, :]
    weight = times[:, None] * times[None, :]
    return int(sum(weight[(np.abs(pairs + b - [0, 1, 1, 0]) <= 1).all(axis=2)].sum() for b in v))


def right_side_of_one_half(values):
    """Outputs are only compared with ½."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack(
        [w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1
    )
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs = adds[:, None, :] + adds[None, :, :]
    weight = times[:, None] * times[None, :]
    return int(sum(weight[((pairs + b > 0.5) == [False, True, True, False]).all(axis=2)].sum() for b in v))


def without_output_bias(values):
    """``b`` is left at 0."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack(
        [w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1
    )
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs = adds[:, None, :] + adds[None, :, :]
    return int((times[:, None] * times[None, :])[(pairs == [0, 1, 1, 0]).all(axis=2)].sum())


def errors_that_cancel(values):
    """The errors of the four corners are added up with their signs."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    total = sum(w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1)))
    sums, times = np.unique(total, return_counts=True)
    weight = times[:, None] * times[None, :]
    return int(sum(weight[sums[:, None] + sums[None, :] + 4 * b == 2].sum() for b in v))


def linear_units(values):
    """Without ReLU: no solution exists."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack([w * (x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1)
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs = adds[:, None, :] + adds[None, :, :]
    weight = times[:, None] * times[None, :]
    return int(sum(weight[(pairs + b == [0, 1, 1, 0]).all(axis=2)].sum() for b in v))


def share_of_all_networks(values):
    """The number is divided by the number of all networks."""
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack(
        [w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1
    )
    adds, times = np.unique(adds, axis=0, return_counts=True)
    pairs = adds[:, None, :] + adds[None, :, :]
    weight = times[:, None] * times[None, :]
    found = sum(weight[(pairs + b == [0, 1, 1, 0]).all(axis=2)].sum() for b in v)
    return float(found / len(v) ** 9)


count_xor_solutions = CHAPTER.add(
    Exercise(
        name="count_xor_solutions",
        chapter=CHAPTER.id,
        reference=xor.count_xor_solutions,
        cases=count_xor_solutions_cases,
        criteria=(
            Criterion("the number of solutions", 1.25, agrees()),
            Criterion("five values: two million networks", 0.5, agrees()),
            Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                swapped_units_counted_once,
                "this is half of the number. Two networks whose hidden units are swapped compute the same, but their "
                "weights differ: count both.",
            ),
            Misconception(
                tolerance_too_wide,
                "outputs that are one off were taken for right. With whole numbers an output is exact: compare with `==`.",
            ),
            Misconception(
                right_side_of_one_half,
                "it was only asked on which side of ½ each output lies. Solving XOR exactly means outputs 0, 1, 1, 0.",
            ),
            Misconception(
                without_output_bias,
                "the output bias `b` was left out, or kept at 0. It takes every one of the values too: nine entries in all.",
            ),
            Misconception(
                errors_that_cancel,
                "the four errors were added up, and errors of opposite signs cancel. Each corner has to be right.",
            ),
            Misconception(
                linear_units,
                "nothing is found: without the ReLU the network is a linear model, and none of them solves XOR.",
            ),
            Misconception(
                share_of_all_networks,
                "this is the share among all networks. Return their number, an integer.",
            ),
        ),
        minutes=20,
        difficulty=4,
        core=False,
        seconds=15.0,
    )
)


# --- rbf_kernel ------------------------------------------------------------------------------------------


def rbf_kernel_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``rbf_kernel(A, B, gamma)``; far from the origin ``‖a‖² + ‖b‖² − 2 a·b`` loses what matters."""
    value, far, edge = (
        "similarities of all pairs",
        "points far from the origin",
        "one point, none, other sizes",
    )
    A = rounded(rng, 3, 2)
    gamma = float(rng.choice([0.3, 0.6, 0.8]))
    away = np.round(np.array([1234567.3, -7654321.7]) + rounded(rng, 4, 2), 2)
    return [
        Case((XOR_X, XOR_X, 1.0), value, "the four points of XOR"),
        Case((A, rounded(rng, 2, 2), gamma), value),
        Case((A, A, gamma), value, "A = B"),
        Case((away, away, 0.7), far, "a million away"),
        Case((rounded(rng, 1, 3), rounded(rng, 4, 3), 0.4), edge, "one point against four"),
        Case((rounded(rng, 3, 1), rounded(rng, 2, 1), 1.3), edge, "one coordinate"),
        Case((np.zeros((0, 2)), rounded(rng, 3, 2), 0.5), edge, "no point against three"),
        Case((rng.integers(-2, 3, (3, 2)), np.array([[0, 1], [2, -1]]), 0.25), edge, "integers"),
        Case(
            (rounded(rng, 2, 2).astype(np.float32), rounded(rng, 3, 2).astype(np.float32), 0.5),
            edge,
            "float32",
        ),
    ]


def distance_not_squared(A, B, gamma):
    """The norm itself in the exponent."""
    distance = np.sqrt(((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2))
    return np.exp(-gamma * distance)


def gamma_as_width(A, B, gamma):
    """γ is taken for σ: division by 2σ²."""
    squared = ((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2)
    return np.exp(-squared / (2 * gamma**2))


def minus_forgotten(A, B, gamma):
    """Far points come out similar."""
    squared = ((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2)
    return np.exp(gamma * squared)


def divided_by_gamma(A, B, gamma):
    """γ in the denominator."""
    squared = ((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2)
    return np.exp(-squared / gamma)


def points_against_themselves(A, B, gamma):
    """B is not looked at."""
    squared = ((A[:, None, :] - A[None, :, :]) ** 2).sum(axis=2)
    return np.exp(-gamma * squared)


def rows_are_the_second_set(A, B, gamma):
    """The matrix is transposed."""
    squared = ((B[:, None, :] - A[None, :, :]) ** 2).sum(axis=2)
    return np.exp(-gamma * squared)


def inner_product_in_the_place_of_distance(A, B, gamma):
    """Exponential of the inner products."""
    return np.exp(-gamma * (A @ B.T))


def only_pairs_of_equal_rows(A, B, gamma):
    """Row i of A against row i of B."""
    return np.exp(-gamma * ((A - B) ** 2).sum(axis=1))


def squares_multiplied_out(A, B, gamma):
    """``‖a‖² + ‖b‖² − 2 a·b``: far from the origin nothing is left of the difference."""
    squared = (A**2).sum(axis=1)[:, None] + (B**2).sum(axis=1)[None, :] - 2 * A @ B.T
    return np.exp(-gamma * squared)


rbf_kernel = CHAPTER.add(
    Exercise(
        name="rbf_kernel",
        chapter=CHAPTER.id,
        reference=kernels.rbf_kernel,
        cases=rbf_kernel_cases,
        criteria=(
            Criterion("similarities of all pairs", 1.0, agrees()),
            Criterion("points far from the origin", 0.5, agrees()),
            Criterion("one point, none, other sizes", 0.25, agrees()),
            Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                distance_not_squared,
                "the distance stands in the exponent, and should be squared: no square root.",
            ),
            Misconception(
                gamma_as_width,
                "`gamma` was taken for the width σ of a bell, with 2σ² in the denominator. Here γ multiplies.",
            ),
            Misconception(
                minus_forgotten,
                "similarities above 1: the minus in the exponent is missing. Far points should be less similar.",
            ),
            Misconception(
                divided_by_gamma, "`gamma` multiplies the squared distance; it does not divide it."
            ),
            Misconception(
                points_against_themselves, "`B` is not used: the points of `A` were compared with each other."
            ),
            Misconception(
                rows_are_the_second_set,
                "it is transposed: row i belongs to point i of `A`, column j to point j of `B`.",
            ),
            Misconception(
                inner_product_in_the_place_of_distance,
                "the inner products a·b stand in the exponent. The squared distance is ‖a − b‖².",
            ),
            Misconception(
                only_pairs_of_equal_rows,
                "row i of `A` was compared with row i of `B` only. All pairs are asked for: `A[:, None, :] - B[None, :, :]` "
                "has shape `(n, m, d)`.",
            ),
            Misconception(
                squares_multiplied_out,
                "‖a‖² + ‖b‖² − 2 a·b is right on paper. Far from the origin it subtracts huge numbers that are nearly equal, "
                "and what is left is rounding error, even a negative square. Subtract first, then square.",
            ),
        ),
        minutes=10,
        difficulty=2,
    )
)


# --- fit_kernel ------------------------------------------------------------------------------------------


def fit_kernel_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``fit_kernel(K, y, ridge)``; in one, two points are equal and only the ridge keeps K invertible."""
    value, equal = "(K + ridge · I) alpha = y", "a kernel matrix without inverse"
    close, far = np.exp(-1.0), np.exp(-2.0)
    K = np.array(
        [[1, close, close, far], [close, 1, far, close], [close, far, 1, close], [far, close, close, 1]]
    )
    features = rounded(rng, 3, 4)
    gram = np.round(features @ features.T + 0.5 * np.eye(3), 2)
    twins = np.array([[2.0, 2.0, 0.5], [2.0, 2.0, 0.5], [0.5, 0.5, 1.0]])
    return [
        Case((K, XOR_Y, 1e-10), value, "the RBF kernel of XOR, next to no ridge"),
        Case((K, XOR_Y, 0.3), value, "the RBF kernel of XOR"),
        Case((gram, rounded(rng, 3), 0.75), value),
        Case((twins, rounded(rng, 3) + np.array([1.0, -1.0, 0.0]), 0.5), equal, "two equal points"),
        Case((np.array([[4.0]]), np.array([6.0]), 1.0), equal, "one point"),
        Case((np.array([[3, 1], [1, 2]]), np.array([1, -4]), 1), equal, "integers"),
    ]


def ridge_on_every_entry(K, y, ridge):
    """``K + ridge`` adds to all entries."""
    return np.linalg.solve(K + ridge, y)


def ridge_forgotten(K, y, ridge):
    """Plain interpolation."""
    return np.linalg.solve(K, y)


def kernel_squared(K, y, ridge):
    """Ridge regression on K as if it held features."""
    return np.linalg.solve(K.T @ K + ridge * np.eye(len(K)), K.T @ y)


def ridge_subtracted(K, y, ridge):
    """The sign of the ridge."""
    return np.linalg.solve(K - ridge * np.eye(len(K)), y)


def multiplied_in_the_place_of_solved(K, y, ridge):
    """No inverse."""
    return (K + ridge * np.eye(len(K))) @ y


def predictions_in_the_place_of_coefficients(K, y, ridge):
    """``K @ alpha``."""
    return K @ np.linalg.solve(K + ridge * np.eye(len(K)), y)


def ridge_times_n(K, y, ridge):
    """The mean of the losses instead of their sum."""
    return np.linalg.solve(K + len(K) * ridge * np.eye(len(K)), y)


fit_kernel = CHAPTER.add(
    Exercise(
        name="fit_kernel",
        chapter=CHAPTER.id,
        reference=kernels.fit_kernel,
        cases=fit_kernel_cases,
        criteria=(
            Criterion("(K + ridge · I) alpha = y", 0.5, agrees(rtol=1e-8)),
            Criterion("a kernel matrix without inverse", 0.25, agrees(rtol=1e-8)),
            Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                ridge_on_every_entry,
                "`K + ridge` adds the ridge to every entry. It belongs on the diagonal: `ridge * np.eye(len(K))`.",
            ),
            Misconception(ridge_forgotten, "the ridge is missing: solve (K + ridge · I) α = y."),
            Misconception(
                kernel_squared,
                "this is ridge regression with `K` as a table of features, and squares `K`. K is already made of inner "
                "products: solve (K + ridge · I) α = y as it stands.",
            ),
            Misconception(ridge_subtracted, "the ridge is added to the diagonal, not subtracted."),
            Misconception(
                multiplied_in_the_place_of_solved,
                "`y` was multiplied by the matrix. The equation has to be solved for α: `np.linalg.solve(matrix, y)`.",
            ),
            Misconception(
                predictions_in_the_place_of_coefficients,
                "these are the predictions `K @ alpha`. The coefficients `alpha` are asked for.",
            ),
            Misconception(
                ridge_times_n,
                "the ridge was multiplied by the number of points. Here it is added to the diagonal as it is.",
            ),
        ),
        minutes=5,
        difficulty=2,
    )
)


# --- gradient_descent ------------------------------------------------------------------------------------


def gradient_descent_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``gradient_descent(grad, theta0, learning_rate, steps)`` on bowls, and on a curve that is none."""
    value, edge = "each step goes against the gradient", "no step, one parameter, whole numbers"
    A = np.array([[2.0, 0.5], [0.5, 1.0]])
    b = rounded(rng, 2)
    start = np.array([3.0, -2.0]) + rounded(rng, 2)
    three = Named("quadratic_gradient", A=np.diag([1.0, 2.0, 4.0]), b=rounded(rng, 3))
    return [
        Case((Named("quadratic_gradient", A=A, b=b), start, 0.1, 4), value, "a small rate on a bowl"),
        Case((three, rounded(rng, 3) + 3.0, 0.5, 3), value, "a rate at which one coordinate oscillates"),
        Case((Named("quadratic_gradient", A=A, b=b), start, 1.25, 5), value, "a rate that is too large"),
        Case(
            (Named("sine"), np.array([2.0]) + rounded(rng, 1, scale=0.2), 0.5, 3), value, "the gradient sin θ"
        ),
        Case((Named("quadratic_gradient", A=A, b=b), start, 0.1, 0), edge, "no step"),
        Case(
            (Named("quadratic_gradient", A=np.array([[3.0]]), b=np.array([1.5])), np.array([-2.0]), 0.2, 2),
            edge,
            "one parameter",
        ),
        Case((Named("quadratic_gradient", A=A, b=b), np.array([4, -3]), 0.2, 2), edge, "a start of integers"),
    ]


def uphill(grad, theta0, learning_rate, steps):
    """Plus: the loss grows."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] + learning_rate * grad(path[-1]))
    return np.array(path)


def path_without_the_start(grad, theta0, learning_rate, steps):
    """The first row is where the first step ends."""
    theta, path = np.array(theta0, dtype=float), []
    for _ in range(steps):
        theta = theta - learning_rate * grad(theta)
        path.append(theta)
    return np.array(path)


def path_of_one_array(grad, theta0, learning_rate, steps):
    """The same array is appended again and again; all rows are the last point."""
    theta, path = np.array(theta0, dtype=float), []
    path.append(theta)
    for _ in range(steps):
        theta -= learning_rate * grad(theta)
        path.append(theta)
    return np.array(path)


def gradient_of_the_start(grad, theta0, learning_rate, steps):
    """The gradient is computed once."""
    path = [np.array(theta0, dtype=float)]
    slope = grad(path[0])
    for _ in range(steps):
        path.append(path[-1] - learning_rate * slope)
    return np.array(path)


def always_from_the_start(grad, theta0, learning_rate, steps):
    """The point is not carried on."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps):
        path.append(path[0] - learning_rate * grad(path[0]))
    return np.array(path)


def learning_rate_forgotten(grad, theta0, learning_rate, steps):
    """A step of the length of the gradient."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - grad(path[-1]))
    return np.array(path)


def only_the_last_point(grad, theta0, learning_rate, steps):
    """No path."""
    theta = np.array(theta0, dtype=float)
    for _ in range(steps):
        theta = theta - learning_rate * grad(theta)
    return theta


def one_step_too_few(grad, theta0, learning_rate, steps):
    """``steps`` rows in all."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps - 1):
        path.append(path[-1] - learning_rate * grad(path[-1]))
    return np.array(path)


def steps_of_one_length(grad, theta0, learning_rate, steps):
    """The gradient is divided by its length."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps):
        slope = grad(path[-1])
        path.append(path[-1] - learning_rate * slope / np.linalg.norm(slope))
    return np.array(path)


def start_overwritten(grad, theta0, learning_rate, steps):
    """Right values, but the start is moved along (integers are copied, as they cannot be)."""
    theta = theta0 if theta0.dtype.kind == "f" else theta0.astype(float)
    path = [theta.copy()]
    for _ in range(steps):
        theta -= learning_rate * grad(theta)
        path.append(theta.copy())
    return np.array(path)


def whole_numbers_stay_whole(grad, theta0, learning_rate, steps):
    """The path takes the type of the start: fractions are cut off."""
    path = np.zeros((steps + 1, len(theta0)), dtype=theta0.dtype)
    path[0] = theta0
    for k in range(steps):
        path[k + 1] = path[k] - learning_rate * grad(path[k])
    return path


gradient_descent = CHAPTER.add(
    Exercise(
        name="gradient_descent",
        chapter=CHAPTER.id,
        reference=optim.gradient_descent,
        cases=gradient_descent_cases,
        criteria=(
            Criterion("each step goes against the gradient", 1.25, agrees()),
            Criterion("no step, one parameter, whole numbers", 0.5, agrees()),
            Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                uphill,
                "the steps go along the gradient, uphill. The gradient points to where the loss grows: subtract it.",
            ),
            Misconception(
                path_without_the_start,
                "the start is missing from the path. Its first row is `theta0`, so that it has `steps + 1` rows.",
            ),
            Misconception(
                path_of_one_array,
                "all rows are equal to the last: one array was appended again and again, and `-=` changed it each time. "
                "Write `theta = theta - …`, which makes a new array.",
            ),
            Misconception(
                gradient_of_the_start,
                "every step uses the gradient at the start. Compute it anew where you are: `grad(theta)` in the loop.",
            ),
            Misconception(
                always_from_the_start,
                "every step starts at `theta0` again. Start each where the one before ended.",
            ),
            Misconception(
                learning_rate_forgotten, "the learning rate is not used: it multiplies the gradient."
            ),
            Misconception(
                only_the_last_point,
                "only the last point is returned. Collect all points, one a row, the start first.",
            ),
            Misconception(
                one_step_too_few,
                "there is one step too few: `steps` steps and the start make `steps + 1` rows.",
            ),
            Misconception(
                steps_of_one_length,
                "all steps have the same length: the gradient was divided by its norm. Take it as it is, so that steps "
                "become shorter where it is flat.",
            ),
            Misconception(
                start_overwritten,
                "`theta0` was moved along: `-=` works on the caller's array. Start with a copy, or write "
                "`theta = theta - …`.",
            ),
            Misconception(
                whole_numbers_stay_whole,
                "the fractions are cut off: an array of integers holds no fractions. Make the path one of floats, "
                "`np.array(theta0, dtype=float)`.",
            ),
        ),
        minutes=10,
        difficulty=2,
    )
)


# --- permute_hidden --------------------------------------------------------------------------------------


def permute_hidden_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``permute_hidden(W, c, w, order)``; every order is a cycle, whose inverse is another order."""
    columns, biases, outputs = "the columns of W", "the biases c", "the output weights w"
    edge = "one unit, many units, integers"

    def layer(d: int, m: int) -> tuple[Any, ...]:
        return rounded(rng, d, m), rounded(rng, m) + 5.0, rounded(rng, m) - 5.0

    cycle = [np.array([1, 2, 0]), np.array([2, 0, 1])][int(rng.integers(2))]
    square, flat = (*layer(3, 3), cycle), (*layer(2, 3), np.array([1, 2, 0]))
    cases = [
        Case(case, criterion, why)
        for criterion in (columns, biases, outputs)
        for case, why in ((square, "three inputs"), (flat, "two inputs"))
    ]
    return [
        *cases,
        Case((*layer(4, 1), np.array([0])), edge, "one unit"),
        Case((*layer(2, 5), np.array([3, 0, 4, 2, 1])), edge, "five units"),
        Case(
            (np.array([[1, 2], [3, 4]]), np.array([5, 6]), np.array([7, 8]), np.array([1, 0])),
            edge,
            "integers",
        ),
    ]


def rows_permuted(W, c, w, order):
    """Rows of W are inputs, not units."""
    return W[order], c[order], w[order]


def hidden_biases_stay(W, c, w, order):
    """Forgets c."""
    return W[:, order], c, w[order]


def output_weights_stay(W, c, w, order):
    """Forgets w."""
    return W[:, order], c[order], w


def order_read_backwards(W, c, w, order):
    """Old unit j becomes new unit order[j]."""
    back = np.argsort(order)
    return W[:, back], c[back], w[back]


def nothing_moved(W, c, w, order):
    """Copies."""
    return W.copy(), c.copy(), w.copy()


def permuted_in_place(W, c, w, order):
    """Right values, but the caller's network is permuted too."""
    W[:] = W[:, order]
    c[:] = c[order]
    w[:] = w[order]
    return W, c, w


permute_hidden = CHAPTER.add(
    Exercise(
        name="permute_hidden",
        chapter=CHAPTER.id,
        reference=landscape.permute_hidden,
        returns=("W", "c", "w"),
        cases=permute_hidden_cases,
        criteria=(
            Criterion("the columns of W", 0.25, agrees(part=0)),
            Criterion("the biases c", 0.25, agrees(part=1)),
            Criterion("the output weights w", 0.25, agrees(part=2)),
            Criterion("one unit, many units, integers", 0.25, agrees()),
            Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                rows_permuted,
                "the rows of `W` were permuted. A row belongs to an input; a hidden unit is a column: `W[:, order]`.",
            ),
            Misconception(
                hidden_biases_stay,
                "the biases `c` stayed where they were. A unit takes its bias along: otherwise it is another unit.",
            ),
            Misconception(
                output_weights_stay,
                "the output weights `w` stayed where they were, so each unit now has the weight of another one.",
            ),
            Misconception(
                order_read_backwards,
                "the order was read backwards. New unit j is the old unit `order[j]`, which is what indexing with `order` "
                "gives.",
            ),
            Misconception(nothing_moved, "nothing was permuted: index with `order`."),
            Misconception(
                permuted_in_place,
                "the caller's arrays were overwritten. `W[:, order]` makes a new array: return that.",
            ),
        ),
        minutes=5,
        difficulty=2,
        core=False,
    )
)


# --- classify_critical_point -----------------------------------------------------------------------------


def classify_critical_point_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``classify_critical_point(H, tol)``.

    Diagonals and determinants tell the wrong thing in several of them; ties with ``tol`` are exact.
    """
    clear, zeros = "signs of the eigenvalues", "eigenvalues within tol count as zero"

    def turned(*eigenvalues: float) -> Any:
        """A symmetric matrix with nearly these eigenvalues, to two decimals."""
        Q = np.linalg.qr(rng.standard_normal((len(eigenvalues), len(eigenvalues))))[0]
        H = np.round(Q @ np.diag(eigenvalues) @ Q.T, 2)
        return np.triu(H) + np.triu(H, 1).T

    def some(n: int) -> Any:
        return np.round(rng.uniform(0.5, 3.0, n), 2)

    tol = float(rng.choice([0.25, 0.5, 0.125]))
    flat = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])  # eigenvalues 2, 0, 0
    valley = np.array([[2.0, 2.0, 0.0], [2.0, 2.0, 0.0], [0.0, 0.0, -3.0]])  # 4, 0, −3
    return [
        Case((turned(*some(2)), 1e-8), clear),
        Case((turned(*-some(2)), 1e-8), clear),
        Case((np.array([[1.0, 2.0], [2.0, 1.0]]), 1e-8), clear, "both diagonal entries are positive"),
        Case((turned(*some(2), *-some(2)), 1e-8), clear, "four parameters"),
        Case((turned(*-some(3)), 1e-8), clear, "three parameters"),
        Case((turned(*some(1), *-some(2)), 1e-8), clear, "three parameters"),
        Case((turned(*some(3)), 1e-8), clear, "three parameters"),
        Case((flat, 1e-6), zeros, "eigenvalues 2, 0, 0"),
        Case((-flat, 1e-6), zeros, "eigenvalues 0, 0, -2"),
        Case((valley, 1e-6), zeros, "eigenvalues 4, 0, -3"),
        Case((np.zeros((2, 2)), 1e-8), zeros, "all eigenvalues are 0"),
        Case((np.diag([3.0, tol]), tol), zeros, "an eigenvalue equals tol"),
        Case((np.diag([-tol, -2.0]), tol), zeros, "an eigenvalue equals -tol"),
        Case((np.diag([2.0, -tol / 2]), tol), zeros, "an eigenvalue lies within tol"),
        Case((np.diag([tol, -3.0]), tol), zeros, "eigenvalues tol and -3"),
        Case((np.diag([3.0, -tol]), tol), zeros, "eigenvalues 3 and -tol"),
        Case((np.diag([2.0, 1.125 * tol]), tol), zeros, "both eigenvalues lie beyond tol"),
        Case((np.array([[-3]]), 0.5), zeros, "one parameter, an integer"),
    ]


def sign_of_the_determinant(H, tol):
    """The rule for two parameters, used for any number of them."""
    det = np.linalg.det(H)
    if abs(det) <= tol:
        return "degenerate"
    if det < 0:
        return "saddle"
    return "minimum" if H[0, 0] > 0 else "maximum"


def signs_of_the_diagonal(H, tol):
    """Curvature along the axes only."""
    d = np.diag(H)
    if (d > tol).any() and (d < -tol).any():
        return "saddle"
    if (np.abs(d) <= tol).any():
        return "degenerate"
    return "minimum" if (d > 0).all() else "maximum"


def any_zero_is_degenerate(H, tol):
    """A zero hides both signs."""
    e = np.linalg.eigvalsh(H)
    if (np.abs(e) <= tol).any():
        return "degenerate"
    if (e > 0).all():
        return "minimum"
    return "maximum" if (e < 0).all() else "saddle"


def tolerance_ignored(H, tol):
    """Compares with 0 itself, rounded a little."""
    e = np.round(np.linalg.eigvalsh(H), 9)
    if (e > 0).any() and (e < 0).any():
        return "saddle"
    if (e == 0).any():
        return "degenerate"
    return "minimum" if (e > 0).all() else "maximum"


def tie_is_not_zero(H, tol):
    """|λ| = tol does not count as zero."""
    e = np.linalg.eigvalsh(H)
    if (e >= tol).any() and (e <= -tol).any():
        return "saddle"
    if (np.abs(e) < tol).any():
        return "degenerate"
    return "minimum" if (e > 0).all() else "maximum"


def minimum_and_maximum_swapped(H, tol):
    """Positive curvature taken for a hill."""
    e = np.linalg.eigvalsh(H)
    if (e > tol).any() and (e < -tol).any():
        return "saddle"
    if (np.abs(e) <= tol).any():
        return "degenerate"
    return "maximum" if (e > 0).all() else "minimum"


def flat_counts_as_minimum(H, tol):
    """Nowhere down is taken for a minimum."""
    e = np.linalg.eigvalsh(H)
    if (e >= -tol).all():
        return "minimum"
    return "maximum" if (e <= tol).all() else "saddle"


def sum_of_the_eigenvalues(H, tol):
    """The trace."""
    trace = np.trace(H)
    if abs(trace) <= tol:
        return "saddle"
    return "minimum" if trace > 0 else "maximum"


classify_critical_point = CHAPTER.add(
    Exercise(
        name="classify_critical_point",
        chapter=CHAPTER.id,
        reference=landscape.classify_critical_point,
        cases=classify_critical_point_cases,
        criteria=(
            Criterion("signs of the eigenvalues", 1.0, agrees()),
            Criterion("eigenvalues within tol count as zero", 0.75, agrees()),
            Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
        ),
        misconceptions=(
            Misconception(
                sign_of_the_determinant,
                "the determinant decides for two parameters only. Two negative eigenvalues make a positive determinant: "
                "look at each of `np.linalg.eigvalsh(H)`.",
            ),
            Misconception(
                signs_of_the_diagonal,
                "the diagonal is the curvature along the axes only. Along other directions it may have another sign: the "
                "eigenvalues know.",
            ),
            Misconception(
                any_zero_is_degenerate,
                "up along one direction and down along another is a saddle, whatever the other eigenvalues are. Ask for "
                "both signs first, for zeros after that.",
            ),
            Misconception(
                tolerance_ignored,
                "`tol` is not used. An eigenvalue with |λ| ≤ tol counts as zero, as one computed with rounding is never 0.",
            ),
            Misconception(
                tie_is_not_zero, "an eigenvalue that equals `tol` counts as zero too: |λ| ≤ tol, with `<=`."
            ),
            Misconception(
                minimum_and_maximum_swapped,
                "minimum and maximum are swapped. Where all curvatures are positive, every way leads up: a minimum.",
            ),
            Misconception(
                flat_counts_as_minimum,
                "where some eigenvalues are zero and none is negative, second derivatives leave open what it is: "
                "degenerate. θ⁴ and −θ⁴ have the same Hessian at 0.",
            ),
            Misconception(
                sum_of_the_eigenvalues,
                "the trace adds the eigenvalues up, and a large one hides a negative one. Look at each sign.",
            ),
        ),
        minutes=10,
        difficulty=2,
    )
)
