"""`backprop`: loss and gradient of the whole network (chapter 5)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import backprop
from fnnkit.exercises.ch5_backprop.other_losses import FURTHER
from fnnkit.exercises.ch5_backprop.sizes import AXES, OTHER, SMALL, labels, large, network, positive
from fnnkit.exercises.drawing import rounded
from fnnkit.exercises.gradients import of_backprop
from fnnkit.judge.axes import by_meaning
from fnnkit.judge.by_name import agrees_on
from fnnkit.judge.criteria import UNUSUAL, agrees, both, calm_outside, unwarned
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

OUTPUT, HIDDEN = "gradients of U and d", "gradients of W and b"
LOSS, LARGE = "the loss", "stable: scores of a million"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``backprop(X, g, params)``."""

    def call(n: int, d: int, m: int, K: int) -> tuple[Any, ...]:
        return rounded(rng, n, d), labels(rng, n, K), network(rng, d, m, K)

    names = {1: "one example", 40: "forty examples", 3: "all lengths are 3"}
    found = []
    for sizes in SMALL + OTHER:
        args = call(*sizes)
        found += [Case(args, c, names.get(sizes[0], "")) for c in (OUTPUT, HIDDEN, LOSS)]
    for X, why in (
        (positive(rng, 5, 3), "all inputs above 0"),
        (-positive(rng, 5, 3), "all inputs below 0"),
        (large(rng, 5, 3), "large inputs"),
    ):
        found += [Case((X, *call(5, 3, 4, 2)[1:]), c, why) for c in (OUTPUT, HIDDEN, LOSS)]
    absent = rounded(rng, 5, 3), rng.permuted([0, 1, 2, 1, 0]), network(rng, 3, 2, 4)
    found += [Case(absent, c, "the last label does not occur") for c in (OUTPUT, HIDDEN, LOSS)]
    X, _, params = call(5, 3, 4, 2)
    # The scores of two examples differ by far more than what counts as a rounding error of a million.
    loud = {**params, "U": 100 * params["U"], "d": rng.permuted(np.array([1e6, -1e6]))}
    g = np.array([0, 1, 1, 0, 1])
    apart = rounded(rng, 5, 3), network(rng, 3, 4, 2)
    apart[0][:, 0] = rng.permuted(np.array([2.0, 2.0, -2.0, -2.0, -2.0]))
    apart[1]["W"][:, 0], apart[1]["b"][0] = (
        (2.0, 0.0, 0.0),
        0.0,
    )  # the first hidden unit is near 1, or near -1
    # Rows 800 apart are beyond what exp bridges. Rounding errors of scores count times U: larger ones would cost right answers.
    apart[1]["U"][0] += 400.0
    whole = {name: np.sign(value).astype(int) for name, value in network(rng, 3, 2, 4).items()}
    narrow = {name: value.astype(np.float32) for name, value in network(rng, 3, 2, 4).items()}
    return [
        *found,
        Case((X, rng.permuted(g), loud), LARGE, "one score is a million, one minus a million"),
        Case((apart[0], rng.permuted(g), apart[1]), LARGE, "some rows of scores near 400, others near −400"),
        Case((rng.integers(-2, 3, (5, 3)), labels(rng, 5, 4), whole), UNUSUAL, "whole numbers"),
        Case((rounded(rng, 5, 3).astype(np.float32), labels(rng, 5, 4), narrow), UNUSUAL, "float32"),
    ]


def loss_summed(X, g, params):
    """Sum of the losses, mean of the gradients."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.sum(np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g])
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def gradients_summed(X, g, params):
    """Mean of the losses, sum of the gradients."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g])
    D = E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def gradients_divided_again(X, g, params):
    """1/n twice."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g])
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n**2
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def loss_with_the_sign_of_the_slides(X, g, params):
    """log P in the place of -log P."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = -np.mean(np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g])
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def gradients_with_the_sign_of_the_slides(X, g, params):
    """1_g - softmax."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g])
    D = (np.eye(Y.shape[1])[g] - E / E.sum(axis=1, keepdims=True)) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def logarithm_of_the_softmax(X, g, params):
    """log of a probability that was rounded to 0."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(P[np.arange(n), g]))
    D = (P - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def small_constant_in_the_logarithm(X, g, params, eps=1e-12):
    """log(p + ε)."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(P[np.arange(n), g] + eps))
    D = (P - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def exp_of_the_scores(X, g, params):
    """No shift by the maximum."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    P = np.exp(Y) / np.exp(Y).sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(P[np.arange(n), g]))
    D = (P - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def one_maximum_for_all_rows(X, g, params):
    """Y.max() in the place of each row's own."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    loss = np.mean(np.log(np.exp(Y - Y.max()).sum(axis=1)) + Y.max() - Y[np.arange(n), g])
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def label_score_not_shifted(X, g, params):
    """The maximum is taken off in the sum alone."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.log(E.sum(axis=1)) - Y[np.arange(n), g])
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def sum_not_shifted(X, g, params):
    """The maximum is taken off the label's score alone."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.log(np.exp(Y).sum(axis=1)) - (Y[np.arange(n), g] - Y.max(axis=1)))
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def maximum_taken_off_again(X, g, params):
    """The maximum is subtracted where it should be added."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.log(E.sum(axis=1)) - Y.max(axis=1) - Y[np.arange(n), g])
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def names_of_weights_exchanged(X, g, params):
    """The gradient of U under "W"."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g])
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"U": X.T @ B, "d": B.sum(axis=0), "W": H.T @ D, "b": D.sum(axis=0)}


def keys_with_a_d(X, g, params):
    """dW, db, dU, dd."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g])
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"dW": X.T @ B, "db": B.sum(axis=0), "dU": H.T @ D, "dd": D.sum(axis=0)}


def hidden_slope_forgotten(X, g, params):
    """No g′."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g])
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = D @ params["U"].T
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def activations_given_as_z(X, g, params):
    """hidden_delta(H, …): tanh is taken twice."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g])
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - np.tanh(H) ** 2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def scores_in_the_place_of_h(X, g, params):
    """output_gradients(Z, …)."""
    n, Z = len(X), X @ params["W"] + params["b"]
    H = np.tanh(Z)
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g])
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": Z.T @ D, "d": D.sum(axis=0)}


def h_in_the_place_of_x(X, g, params):
    """hidden_gradients(H, …)."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g])
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": H.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def updates_the_parameters(X, g, params):
    """A step is taken at once."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g])
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    grads = {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}
    for name in grads:
        params[name] = params[name] - 0.1 * grads[name]
    return loss, grads


def only_the_gradients(X, g, params):
    """The loss is not returned."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


EXERCISE = Exercise(
    name="backprop",
    chapter="ch5_backprop",
    reference=backprop.backprop,
    returns=("loss", "grads"),
    cases=cases,
    criteria=(
        Criterion(OUTPUT, 0.5, by_meaning(agrees_on("U", "d", part=1), AXES)),
        Criterion(HIDDEN, 0.5, by_meaning(agrees_on("W", "b", part=1), AXES)),
        # A small constant in the logarithm is the business of the large scores alone, whatever is drawn.
        Criterion(LOSS, 0.25, agrees(part=0, rtol=1e-3)),
        Criterion(LARGE, 0.25, both(agrees(part=0), both(agrees_on(part=1), unwarned))),
        Criterion(UNUSUAL, 0.25, both(agrees(part=0, rtol=1e-3), agrees_on(part=1))),
        Criterion("inputs unchanged, no warning", 0.25, calm_outside(LARGE), every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            loss_summed,
            "the loss is summed over the examples while the gradients are those of the mean. Both have to be of one function: "
            "average the loss.",
        ),
        Misconception(
            gradients_summed,
            "the gradients are those of the *sum* over the examples, the loss is their mean. The 1/n of the output's error "
            "signal is missing.",
        ),
        Misconception(
            gradients_divided_again,
            "all gradients were divided by n once more. The 1/n of the mean is in `output_delta` already: from there on, "
            "sums.",
        ),
        Misconception(
            loss_with_the_sign_of_the_slides,
            "the loss is negative: this is log P, which the slides let grow. We let −log P shrink.",
        ),
        Misconception(
            gradients_with_the_sign_of_the_slides,
            "all gradients have the opposite sign: they point to where log P grows. Ours are those of the loss "
            "−log P.",
        ),
        Misconception(
            logarithm_of_the_softmax,
            "a probability was rounded to 0, and its logarithm is −∞. The logarithm of softmax needs no softmax: it is the "
            "label's score minus log Σ exp, shifted by the maximum.",
        ),
        Misconception(
            small_constant_in_the_logarithm,
            "a small constant in the logarithm, added or as a limit, caps what one example can cost. No constant is needed: "
            "the loss of an example is log Σ exp minus the label's score, both after the row's maximum has been taken off.",
            any_size="eps",
        ),
        Misconception(
            exp_of_the_scores, "`exp` overflows for large scores: subtract each row's maximum before."
        ),
        Misconception(
            one_maximum_for_all_rows,
            "one maximum was taken off all rows. In a row far below the largest score every `exp` is then 0, and so is their "
            "sum: each row needs its own.",
        ),
        Misconception(
            label_score_not_shifted,
            "each row's maximum was taken off in log Σ exp, and not off the label's score: both have to be shifted alike, or "
            "it has to be added again.",
        ),
        Misconception(
            sum_not_shifted,
            "each row's maximum is in the loss once too often: the label's score and log Σ exp have to be shifted alike, by "
            "the maximum of the row.",
        ),
        Misconception(
            maximum_taken_off_again,
            "each row's maximum was subtracted from log Σ exp where it has to come back: log Σ exp of the scores is that of "
            "the shifted ones *plus* the maximum.",
        ),
        Misconception(
            names_of_weights_exchanged,
            "the gradients of the two layers stand under each other's names: each belongs to the name of its own "
            "parameter.",
        ),
        Misconception(
            keys_with_a_d,
            "the keys should be those of the parameters, `W`, `b`, `U`, `d`, so that a step can go through both "
            "together.",
        ),
        Misconception(
            hidden_slope_forgotten,
            "the slope of tanh is missing on the way to the hidden layer. `hidden_delta` has it.",
        ),
        Misconception(
            activations_given_as_z,
            "the slope of tanh was taken at `H`, so tanh came twice. It is taken at `Z`, which is what `hidden_delta` wants.",
        ),
        Misconception(
            scores_in_the_place_of_h,
            "the gradient of `U` was made with `Z`. The input of the output layer is `H`: input times error signal.",
        ),
        Misconception(
            h_in_the_place_of_x,
            "the gradient of `W` was made with `H`. The input of the hidden layer is `X`: input times error signal.",
        ),
        Misconception(
            updates_the_parameters,
            "the caller's `params` were changed. They stay as they are: the gradients go into a dictionary of their own.",
        ),
        Misconception(
            only_the_gradients,
            "two things are asked for, the loss and the gradients.",
        ),
        *FURTHER,
    ),
    ledger=of_backprop,
    minutes=10,
    difficulty=2,
    needs=("forward", "output_delta", "output_gradients", "hidden_delta", "hidden_gradients"),
)
