"""`fit_linear`: least-squares fit of ``y ≈ X @ w + b``, the smallest ``w`` among all minimisers."""

from __future__ import annotations

import numpy as np

from fnnkit import linear
from fnnkit.exercises.ch1_xor.four_points import XOR_X, XOR_Y
from fnnkit.exercises.drawing import beyond, both_signs, rounded
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``fit_linear(X, y)``; in the rank-deficient ones one column is an exact copy of another."""
    value, small = "least squares with intercept", "smallest weights when many fit"
    X = both_signs(rng, 6, 2, high=4.0) + np.array([1.5, -0.75])
    y = X @ np.array([0.5, -2.0]) + 3.0 + rounded(rng, 6)
    first = 2.0 * rng.permuted(np.array([-1.0, 0.0, 1.0, 4.0]))
    twin = np.column_stack([first, first])
    double = np.column_stack([first, 2 * first])
    step = 2.0 ** rng.integers(0, 3)
    wide = np.array([[1.0, 2.0, 3.0], [1.0 + 2 * step, 2.0 + 2 * step, 3.0 + 2 * step]])
    return [
        Case((XOR_X, XOR_Y), value, "the four points of XOR"),
        Case((X, np.round(y, 2)), value),
        Case((both_signs(rng, 5, 1), both_signs(rng, 5) + 4.0), value, "one feature"),
        *(Case(args, value, why) for args, why in beyond(rng, (10, 4), (10,))),
        Case((twin, both_signs(rng, 4) + 2.0), small, "two equal columns"),
        Case((double, both_signs(rng, 4) - 2.0), small, "one column is twice the other"),
        Case((wide, np.round(rng.uniform(1.0, 4.0, 2), 2)), small, "fewer examples than features"),
        Case((both_signs(rng, 6, 2) * [1.0, 256.0], both_signs(rng, 6)), value, "columns of different sizes"),
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
    """Right values, but X and y are overwritten."""
    x_mean, y_mean = X.mean(axis=0), y.mean()
    X -= x_mean
    y -= y_mean
    w = np.linalg.pinv(X) @ y
    return w, float(y_mean - x_mean @ w)


def only_the_targets_centred(X, y):
    """X is not centred."""
    w = np.linalg.pinv(X) @ (y - y.mean())
    return w, float(y.mean() - X.mean(axis=0) @ w)


def weights_of_standardised_features(X, y):
    """Divided by the standard deviations, and not put back."""
    w = np.linalg.pinv((X - X.mean(axis=0)) / X.std(axis=0)) @ (y - y.mean())
    return w, float(y.mean() - X.mean(axis=0) @ w)


def standardised_and_shifted(X, y):
    """As if whoever predicts standardised as well."""
    w = np.linalg.pinv((X - X.mean(axis=0)) / X.std(axis=0)) @ (y - y.mean())
    return w, float(y.mean())


def intercept_with_the_wrong_sign(X, y):
    """Plus the mean of X."""
    w = np.linalg.pinv(X - X.mean(axis=0)) @ (y - y.mean())
    return w, float(y.mean() + X.mean(axis=0) @ w)


def each_column_by_itself(X, y):
    """A slope for each feature, as if there were no other."""
    Z = X - X.mean(axis=0)
    w = Z.T @ (y - y.mean()) / (Z**2).sum(axis=0)
    return w, float(y.mean() - X.mean(axis=0) @ w)


def covariances_summed(X, y):
    """XᵀX is not there."""
    w = (X - X.mean(axis=0)).T @ (y - y.mean())
    return w, float(y.mean() - X.mean(axis=0) @ w)


def covariances_in_the_place_of_weights(X, y):
    """Averaged products."""
    w = (X - X.mean(axis=0)).T @ (y - y.mean()) / len(X)
    return w, float(y.mean() - X.mean(axis=0) @ w)


def centred_by_one_mean(X, y):
    """One mean over all entries of X."""
    w = np.linalg.pinv(X - X.mean()) @ (y - y.mean())
    return w, float(y.mean() - X.mean(axis=0) @ w)


def a_little_ridge(X, y):
    """A hundredth on the diagonal, so that there is an inverse."""
    Z = X - X.mean(axis=0)
    w = np.linalg.solve(Z.T @ Z + 0.01 * np.eye(Z.shape[1]), Z.T @ (y - y.mean()))
    return w, float(y.mean() - X.mean(axis=0) @ w)


def sum_of_the_weights_taken_away(X, y):
    """The means of X are forgotten in b."""
    w = np.linalg.pinv(X - X.mean(axis=0)) @ (y - y.mean())
    return w, float(y.mean() - w.sum())


def row_means_taken_away(X, y):
    """The mean of each example."""
    w = np.linalg.pinv(X - X.mean(axis=1, keepdims=True)) @ (y - y.mean())
    return w, float(y.mean() - X.mean(axis=0) @ w)


def intercept_from_the_wrong_end(X, y):
    """The ones stand first, and the last number is taken for b."""
    theta = np.linalg.pinv(np.column_stack([np.ones(len(X)), X])) @ y
    return theta[:-1], float(theta[-1])


def intercept_without_the_mean_of_y(X, y):
    """The targets' mean is not put back."""
    w = np.linalg.pinv(X - X.mean(axis=0)) @ (y - y.mean())
    return w, float(-X.mean(axis=0) @ w)


def intercept_of_the_centred_data(X, y):
    """Right weights, and 0."""
    return np.linalg.pinv(X - X.mean(axis=0)) @ (y - y.mean()), 0.0


def centred_by_one_mean_throughout(X, y):
    """One mean over all entries of X, in `w` and in `b`."""
    w = np.linalg.pinv(X - X.mean()) @ (y - y.mean())
    return w, float(y.mean() - X.mean() * w.sum())


def one_mean_in_the_intercept(X, y):
    """One mean over all entries of X, in `b`."""
    w = np.linalg.pinv(X - X.mean(axis=0)) @ (y - y.mean())
    return w, float(y.mean() - X.mean() * w.sum())


def smallest_for_standardised_columns(X, y):
    """The smallest weights are asked of other columns than those of X."""
    size = X.std(axis=0)
    w = np.linalg.pinv((X - X.mean(axis=0)) / size, rcond=1e-10) @ (y - y.mean()) / size
    return w, float(y.mean() - X.mean(axis=0) @ w)


def intercept_from_the_first_example(X, y):
    """The plane is put through the first example."""
    w = np.linalg.pinv(X - X.mean(axis=0)) @ (y - y.mean())
    return w, float(y[0] - X[0] @ w)


EXERCISE = Exercise(
    name="fit_linear",
    chapter="ch1_xor",
    reference=linear.fit_linear,
    returns=("w", "b"),
    cases=cases,
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
            "inverse. `np.linalg.pinv(…, rcond=1e-10)` gives the smallest of the many solutions.",
        ),
        Misconception(
            intercept_kept_small_too,
            "a column of ones makes `b` one of the weights, and the smallest solution then keeps `b` small too. "
            "Here only `w` should be small: centre `X` and `y`, fit `w`, and compute `b` from the means.",
        ),
        Misconception(intercept_first, "the two are swapped: `return w, b`, weights first."),
        Misconception(
            intercept_without_the_mean_of_x,
            "`b` comes out as the mean of `y` alone. The line passes through (mean of X, mean of y): what the weights "
            "give at the mean of `X`, as it came in, has to be taken away.",
        ),
        Misconception(
            centres_in_place,
            "the caller's data are overwritten. A difference by itself makes a new array.",
        ),
        Misconception(
            only_the_targets_centred,
            "only `y` was centred before the fit. The columns of `X` need it too, or the weights have "
            "to pay for their means.",
        ),
        Misconception(
            weights_of_standardised_features,
            "the columns were divided by their standard deviations, and these weights belong to them. "
            "Only the means are taken away here.",
        ),
        Misconception(
            standardised_and_shifted,
            "these are the weights and the intercept for standardised columns. The model is `X @ w + "
            "b` with `X` as it is.",
        ),
        Misconception(
            intercept_with_the_wrong_sign,
            "`b` has the wrong sign before the mean of `X`: what the weights give there is taken away "
            "from the mean of `y`.",
        ),
        Misconception(
            each_column_by_itself,
            "each column was fitted by itself, and what several say together is counted several "
            "times. All weights have to be fitted at once.",
        ),
        Misconception(
            covariances_summed,
            "the products of the columns with the targets are not the weights yet: they are the right "
            "side of a system with XᵀX.",
        ),
        Misconception(
            covariances_in_the_place_of_weights,
            "these are the covariances of the columns with the targets. They are the right side of a "
            "system of equations, not its solution.",
        ),
        Misconception(
            centred_by_one_mean,
            "`X` was centred by one mean over all its entries. Each column has a mean of its own.",
        ),
        Misconception(
            a_little_ridge,
            "a small ridge makes an inverse, and makes every weight a little too small. A "
            "pseudo-inverse needs none.",
        ),
        Misconception(
            sum_of_the_weights_taken_away,
            "`b` takes away the sum of the weights. Each weight has to be multiplied by the mean of "
            "its column first.",
        ),
        Misconception(
            row_means_taken_away,
            "the mean of each row was taken away. The mean of each column, over the examples, is meant.",
        ),
        Misconception(
            intercept_from_the_wrong_end,
            "the ones stand before the columns of `X`, so the first of these numbers is the intercept, and the "
            "last was taken for it. Better fit `w` to centred `X` and `y`: where many fit, the smallest solution "
            "would keep `b` small too.",
        ),
        Misconception(
            intercept_without_the_mean_of_y,
            "the mean of `y` is missing in `b`, which is that mean less what the weights give at the mean of `X`.",
        ),
        Misconception(
            intercept_of_the_centred_data,
            "`b` comes out as 0, as it is for centred data. For `X` and `y` as they came in both means have to be "
            "put back.",
        ),
        Misconception(
            centred_by_one_mean_throughout,
            "one mean over all entries of `X` was taken, for `w` and for `b`. Each column has a mean of its own: "
            "`X.mean(axis=0)`.",
        ),
        Misconception(
            one_mean_in_the_intercept,
            "`b` was computed with one mean over all entries of `X`. Each weight goes with the mean of its own column: "
            "`X.mean(axis=0)`.",
        ),
        Misconception(
            smallest_for_standardised_columns,
            "the columns were divided by their standard deviations for the fit. Of the many solutions that is the smallest "
            "for those columns, and not for `X`: take the means away, and no more.",
        ),
        Misconception(
            intercept_from_the_first_example,
            "`b` was taken from the first example alone. All of them decide: it is the mean of `y` less what the weights "
            "give at the mean of `X`.",
        ),
    ),
    verify="Check it: the errors `X @ w + b - y` should add up to 0, and so should their products with each column of `X`.",
    minutes=15,
    difficulty=2,
)
