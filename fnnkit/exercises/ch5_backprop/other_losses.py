"""Other losses and other numbers beside them: more wrong answers to `backprop` (chapter 5), which has a page full of its own."""

from __future__ import annotations

import numpy as np

from fnnkit.judge.exercise import Misconception


def gradients_first(X, g, params):
    """Returned in the wrong order."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g])
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}, loss


def scores_of_all_pairs(X, g, params):
    """`Y[:, g]`: each row meets every label of the batch."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    log_sum = np.log(E.sum(axis=1)) + Y.max(axis=1)
    loss = np.mean(log_sum[:, None] - Y[:, g])
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def mean_over_all_entries(X, g, params):
    """−Σ 1_g log P over n K."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g]) / Y.shape[1]
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def all_labels_in_the_loss(X, g, params):
    """A sum over yes and no of every label."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    P, T = E / E.sum(axis=1, keepdims=True), np.eye(Y.shape[1])[g]
    loss = -np.sum(T * np.log(P) + (1 - T) * np.log(1 - P)) / n
    B = (1 - H**2) * ((P - T) / n @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ (P - T) / n, "d": (P - T).sum(axis=0) / n}


def squared_error_for_the_loss(X, g, params):
    """Mean squares of P − 1_g."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    D = (P - np.eye(Y.shape[1])[g]) / n
    loss = np.sum((n * D) ** 2) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def loss_of_the_likeliest(X, g, params):
    """−log of the largest probability."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.log(E.sum(axis=1)))
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def mean_of_the_scores_of_the_labels(X, g, params):
    """−y_g, without log Σ exp."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = -np.mean(Y[np.arange(n), g])
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def one_minus_the_probability(X, g, params):
    """Mean of 1 − P."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    D = (P - np.eye(Y.shape[1])[g]) / n
    loss = np.mean(1 - P[np.arange(n), g])
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def one_subtracted_before_the_logarithm(X, g, params):
    """log(P − 1) at the label."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    P[np.arange(n), g] -= 1
    loss = -np.mean(np.log(P[np.arange(n), g]))
    B = (1 - H**2) * (P / n @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ P / n, "d": P.sum(axis=0) / n}


def probability_in_the_loss(X, g, params):
    """−P."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = -np.mean(E[np.arange(n), g] / E.sum(axis=1))
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def losses_cut_off(X, g, params):
    """An array of integers takes the losses."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.trunc(np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g]))
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def loss_of_the_last(X, g, params):
    """The loss is not summed up."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = (np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g])[-1]
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def loss_of_the_last_divided(X, g, params):
    """The loss is not summed up, and divided."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = (np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g])[-1] / n
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def loss_of_the_first(X, g, params):
    """return in the loop, or row 0."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = (np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g])[0]
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def divided_by_the_labels(X, g, params):
    """K in the place of n."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.sum(np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g]) / Y.shape[1]
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def logarithm_to_base_two(X, g, params):
    """log2."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.log(E.sum(axis=1)) + Y.max(axis=1) - Y[np.arange(n), g]) / np.log(2)
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def softmax_down_the_columns(X, g, params):
    """axis=0."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    columns = Y.max(axis=0) + np.log(np.exp(Y - Y.max(axis=0)).sum(axis=0))
    loss = np.mean((columns - Y)[np.arange(n), g])
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def softmax_over_all_entries(X, g, params):
    """The sum over the whole array."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    loss = np.mean(np.log(np.exp(Y - Y.max()).sum()) + Y.max() - Y[np.arange(n), g])
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


def entropy_of_the_softmax(X, g, params):
    """−Σ P log P."""
    n, H = len(X), np.tanh(X @ params["W"] + params["b"])
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    loss = -np.mean(np.sum(P * np.log(np.maximum(P, 1e-300)), axis=1))
    D = (E / E.sum(axis=1, keepdims=True) - np.eye(Y.shape[1])[g]) / n
    B = (1 - H**2) * (D @ params["U"].T)
    return loss, {"W": X.T @ B, "b": B.sum(axis=0), "U": H.T @ D, "d": D.sum(axis=0)}


FURTHER = (
    Misconception(
        gradients_first,
        "the two are swapped: the loss comes first, the gradients second.",
    ),
    Misconception(
        scores_of_all_pairs,
        "the loss goes over all pairs of a row and a label of the batch, as `[:, g]` does. Row i goes with label `g[i]` "
        "alone: give both, rows and columns.",
    ),
    Misconception(
        mean_over_all_entries,
        "the loss was divided by the number of labels as well, as a mean over all entries is. The mean is over the "
        "examples.",
    ),
    Misconception(
        all_labels_in_the_loss,
        "the loss also has log(1 − P) of the labels that are not meant, as for separate questions of yes and no. Here one "
        "label is drawn: −log P of it alone.",
    ),
    Misconception(
        squared_error_for_the_loss,
        "the loss is a squared error. The gradients belong to −log P of the label.",
    ),
    Misconception(
        loss_of_the_likeliest,
        "this is −log of the *largest* probability of each row, whatever its label. Wanted is −log of the label's, which "
        "need not be the likeliest.",
    ),
    Misconception(
        mean_of_the_scores_of_the_labels,
        "the loss is the label's score with a minus. −log of its probability has log Σ exp of all scores in it, too.",
    ),
    Misconception(
        one_minus_the_probability,
        "the loss is 1 minus the label's probability. It is the negative *logarithm* of it.",
    ),
    Misconception(
        one_subtracted_before_the_logarithm,
        "the loss takes the logarithm of numbers below 0, as a label's probability is once 1 has been subtracted from it. "
        "Compute the loss before.",
    ),
    Misconception(
        probability_in_the_loss,
        "the loss is the label's probability with a minus. It is the negative *logarithm* of it.",
    ),
    Misconception(
        losses_cut_off,
        "the losses of the examples lost what stands after the point, as in an array that takes whole numbers alone. One "
        "that is made like `g` has integers: make one of floats.",
    ),
    Misconception(
        loss_of_the_last,
        "this is the loss of the last example alone, as when each takes the place of the one before. Add them, "
        "and divide by their number at the end.",
    ),
    Misconception(
        loss_of_the_last_divided,
        "this is the loss of the last example alone, divided by n, as when each takes the place of the one "
        "before. Add them, then divide.",
    ),
    Misconception(
        loss_of_the_first,
        "this is the loss of the first example alone. It is the mean over all of them.",
    ),
    Misconception(
        divided_by_the_labels,
        "the sum of the losses was divided by the number of labels. There is one loss an example: the mean divides by n.",
    ),
    Misconception(
        logarithm_to_base_two,
        "the logarithm is the one to base 2. Meant is the natural one, whose slope is 1/x: the gradients belong to it.",
    ),
    Misconception(
        softmax_down_the_columns,
        "the probabilities of the loss are shares of a *column*, over the examples. Those of one example, a row, sum to 1.",
    ),
    Misconception(
        softmax_over_all_entries,
        "the probabilities of the loss are shares of the sum over *all* rows. Those of one example, a row, sum to 1.",
    ),
    Misconception(
        entropy_of_the_softmax,
        "the loss weighs −log P of all labels by P itself, and does not ask which is the right one. It is −log P of the label.",
    ),
)
