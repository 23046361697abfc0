"""Loss functions, minimised, with their gradients."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fnnkit.activations import log_softmax, scores_array, sigmoid, sigmoid_grad, softmax, softplus
from fnnkit.arguments import Float, labels, real_array

# --- regression ----------------------------------------------------------------------------------------------


def _equal_shapes(first: str, a: ArrayLike, second: str, b: ArrayLike) -> tuple[Float, Float]:
    """Check two arrays of one shape with at least one entry: no broadcast, and no mean of nothing."""
    a, b = real_array(first, a), real_array(second, b)
    if a.shape != b.shape:
        raise ValueError(
            f"{first} and {second} should have the same shape, but their shapes are {a.shape} and {b.shape}"
        )
    if a.size == 0:
        raise ValueError(f"{first} should have at least one entry, but its shape is {a.shape}")
    return a, b


def mse(y_pred: ArrayLike, y_true: ArrayLike) -> float:
    """Mean squared error, over all entries.

    ``y_pred`` and ``y_true`` have one and the same shape: ``(n,)`` against ``(n, 1)``, which would broadcast to
    ``(n, n)``, is refused.

    Slide "Linear Model for Learning XOR"; Goodfellow et al. (2016), section 6.1.

    >>> mse([0.5, 0.5, 0.5, 0.5], [0, 1, 1, 0])
    0.25
    """
    prediction, target = _equal_shapes("y_pred", y_pred, "y_true", y_true)
    return float(((prediction - target) ** 2).mean())


def mse_grad(y_pred: ArrayLike, y_true: ArrayLike) -> Float:
    """Gradient of the mean squared error with respect to the predictions, ``2 (y_pred − y_true) / size``.

    Arguments as in `mse`; returns an array of their shape.

    Slide "Linear Model for Learning XOR".

    >>> mse_grad([0.5, 0.5, 0.5, 0.5], [0, 1, 1, 0])
    array([ 0.25, -0.25, -0.25,  0.25])
    """
    prediction, target = _equal_shapes("y_pred", y_pred, "y_true", y_true)
    return 2.0 * (prediction - target) / prediction.size


def mae(y_pred: ArrayLike, y_true: ArrayLike) -> float:
    """Mean absolute error, over all entries: the loss whose best prediction is the median.

    Arguments as in `mse`.

    Slide "Cost Function for Learning Conditional Statistics"; Goodfellow et al. (2016), section 6.2.1.2.

    >>> mae([0.5, 0.5, 0.5, 0.5], [0, 1, 1, 2])
    0.75
    """
    prediction, target = _equal_shapes("y_pred", y_pred, "y_true", y_true)
    return float(np.abs(prediction - target).mean())


def mae_grad(y_pred: ArrayLike, y_true: ArrayLike) -> Float:
    """Gradient of the mean absolute error with respect to the predictions: signs over size, 0 at the kink.

    Arguments as in `mse`; returns an array of their shape.

    Slide "Cost Function for Learning Conditional Statistics".

    >>> mae_grad([0.5, 0.5, 0.5, 0.5], [0, 1, 1, 0.5])
    array([ 0.25, -0.25, -0.25,  0.  ])
    """
    prediction, target = _equal_shapes("y_pred", y_pred, "y_true", y_true)
    return np.sign(prediction - target) / prediction.size


def best_constant(y: ArrayLike, loss: str) -> float:
    """The constant prediction with the least loss: the mean for ``"mse"``, the median for ``"mae"``.

    For an even number of targets every point between the two middle ones is a median; the midpoint is returned.

    ``y`` (n,) are the targets, at least one.

    Slides "Cost Function for Learning Conditional Statistics"; Goodfellow et al. (2016), equations 6.14 to 6.16.

    >>> best_constant([0, 1, 8], "mse"), best_constant([0, 1, 8], "mae")
    (3.0, 1.0)
    """
    y = real_array("y", y, ("n",))
    if len(y) == 0:
        raise ValueError(f"y should have at least one entry, but its shape is {y.shape}")
    if not isinstance(loss, str) or loss not in ("mse", "mae"):
        raise ValueError(f'loss should be "mse" or "mae", but it is {loss!r}')
    return float(y.mean() if loss == "mse" else np.median(y))


def gaussian_nll(y: ArrayLike, mean: ArrayLike) -> float:
    """Negative log-likelihood of normal targets with unit covariance, ``½‖y − mean‖² + (d/2) log 2π``.

    ``y`` and ``mean`` are (n, d), or (n,) for d = 1, one example a row; ``mean`` is what a linear output layer
    gives. The loss is the mean over the examples.

    Slides "Cost Function for Learning Conditional Distribution" and "Linear Units for Gaussian Output
    Distributions"; Goodfellow et al. (2016), equation 6.13.

    >>> round(gaussian_nll([[1.0, 2.0]], [[1.0, 0.0]]), 4)
    3.8379
    """
    y, mean = _rows(y, mean)
    d = y.shape[1]
    return float(0.5 * ((y - mean) ** 2).sum(axis=1).mean() + 0.5 * d * math.log(2.0 * math.pi))


def gaussian_nll_grad(y: ArrayLike, mean: ArrayLike) -> Float:
    """Gradient of `gaussian_nll` with respect to the means, ``(mean − y) / n``.

    Arguments as in `gaussian_nll`; returns an array of the shape of ``mean``.

    Slide "Linear Units for Gaussian Output Distributions".

    >>> gaussian_nll_grad([[1.0, 2.0]], [[1.0, 0.0]])
    array([[ 0., -2.]])
    """
    rows, means = _rows(y, mean)
    return ((means - rows) / len(rows)).reshape(np.shape(mean))


def heteroscedastic_nll(a: ArrayLike, y: ArrayLike) -> float:
    """Negative log-likelihood of normal targets whose mean and standard deviation are both outputs.

    ``a`` (n, 2) are raw outputs, one example a row, at least one: the mean, and a number whose softplus is the standard
    deviation. ``y`` (n,) are targets. The loss is the mean over the examples of
    ``½ ((y − mean) / σ)² + log σ + ½ log 2π``; raw scales below about −745, where the softplus is rounded to 0, are not
    meant.

    Slide "Output Units for Parametric Distribution"; Goodfellow et al. (2016), section 6.2.2.4; Nix, Weigend (1994).

    >>> round(heteroscedastic_nll([[1.0, 2.0]], [1.0]), 4)  # a normal density at its mean, σ = ζ(2)
    1.6736
    """
    a, y = real_array("a", a, ("n", 2)), real_array("y", y, ("n",))
    if len(a) != len(y) or len(y) == 0:
        raise ValueError(
            f"a and y should have one row an example, at least one, but their shapes are {a.shape} and {y.shape}"
        )
    sigma = softplus(a[:, 1])
    z = (y - a[:, 0]) / sigma
    return float((0.5 * z**2 + np.log(sigma)).mean() + 0.5 * math.log(2.0 * math.pi))


def _rows(y: ArrayLike, mean: ArrayLike) -> tuple[Float, Float]:
    """Check targets and means of shape ``(n, d)``; ``(n,)`` becomes ``(n, 1)``."""
    y, mean = _equal_shapes("y", y, "mean", mean)
    if y.ndim not in (1, 2):
        raise ValueError(f"y should be an array of shape (n, d) or (n,), but its shape is {y.shape}")
    return y.reshape(len(y), -1), mean.reshape(len(y), -1)


# --- a sigmoid output ----------------------------------------------------------------------------------------


def _logits(z: ArrayLike, y: ArrayLike) -> tuple[Float, Float]:
    """Check logits and their binary targets: equal shapes, or one number for all."""
    z, y = real_array("z", z), real_array("y", y)
    if z.shape != y.shape and z.ndim > 0 and y.ndim > 0:
        raise ValueError(f"z and y should have the same shape, but their shapes are {z.shape} and {y.shape}")
    if not np.all((y == 0.0) | (y == 1.0)):
        raise ValueError(f"y should hold targets 0 and 1, but it has {y[(y != 0) & (y != 1)].flat[0]}")
    return z, y


def bernoulli_nll(z: ArrayLike, y: ArrayLike) -> Float:
    """Negative log-likelihood of binary targets from logits, ``−log σ((2y − 1) z) = ζ((1 − 2y) z)``, elementwise.

    ``z`` are logits of any shape, ``y`` targets of that shape, each 0 or 1, or one number for all. Returns one
    loss an entry, not averaged. It saturates only where the answer is right already.

    Slides "Sigmoid Output Units: Cost Function"; Goodfellow et al. (2016), equations 6.24 to 6.26.

    >>> bernoulli_nll([-1e4, 0.0, 1e4], [1, 1, 1]).round(4).tolist()
    [10000.0, 0.6931, 0.0]
    """
    z, y = _logits(z, y)
    return softplus((1.0 - 2.0 * y) * z)


def bernoulli_nll_grad(z: ArrayLike, y: ArrayLike) -> Float:
    """Derivative of `bernoulli_nll` with respect to the logit, ``σ(z) − y``, elementwise.

    Computed as ``(1 − 2y) σ((1 − 2y) z)``, which does not round to 0 for a right answer before it has to.

    Arguments as in `bernoulli_nll`. Returns values in [−1, 1], close to ±1 for a confident mistake.

    Slides "Sigmoid Output Units: Cost Function".

    >>> bernoulli_nll_grad([-1e4, 0.0, 1e4], [1, 1, 1]).round(4).tolist()
    [-1.0, -0.5, -0.0]
    """
    z, y = _logits(z, y)
    sign = 1.0 - 2.0 * y
    return sign * sigmoid(sign * z)


def sigmoid_mse(z: ArrayLike, y: ArrayLike) -> Float:
    """Squared error of a sigmoid output, ``(σ(z) − y)²``, elementwise.

    Arguments as in `bernoulli_nll`. Returns one loss in [0, 1] an entry, not averaged.

    Slides "Sigmoid Output Units: Cost Function" (MSE saturates whenever the sigmoid does).

    >>> sigmoid_mse([-1e4, 0.0, 1e4], [1, 1, 1])
    array([1.  , 0.25, 0.  ])
    """
    z, y = _logits(z, y)
    return sigmoid((1.0 - 2.0 * y) * z) ** 2


def sigmoid_mse_grad(z: ArrayLike, y: ArrayLike) -> Float:
    """Derivative of `sigmoid_mse` with respect to the logit, ``2 (σ − y) σ (1 − σ)``, elementwise.

    It vanishes for a confident mistake: the unit is wrong and cannot learn that it is.

    Arguments as in `bernoulli_nll`.

    Slides "Sigmoid Output Units: Cost Function"; Goodfellow et al. (2016), section 6.2.2.2.

    >>> sigmoid_mse_grad([-1e4, 0.0, 1e4], [1, 1, 1]).tolist()
    [-0.0, -0.25, -0.0]
    """
    return 2.0 * bernoulli_nll_grad(z, y) * sigmoid_grad(z)


# --- a softmax output ----------------------------------------------------------------------------------------


def _scores(scores: ArrayLike, g: ArrayLike) -> tuple[Float, NDArray[np.intp]]:
    """Check scores ``(n, K)``, at least one row, and their labels ``(n,)``."""
    scores = scores_array("scores", real_array("scores", scores, ("n", "K")))
    n, classes = scores.shape
    if n == 0:
        raise ValueError(f"scores should have at least one row, but its shape is {scores.shape}")
    g = labels("g", g, classes)
    if len(g) != n:
        raise ValueError(
            f"g should have one label a row of scores, but the shapes are {g.shape} and {scores.shape}"
        )
    return scores, g


def _excess(p: Float, g: NDArray[np.intp]) -> Float:
    """Probabilities minus the one-hot labels, ``p − 1_g``."""
    excess = p.copy()
    excess[np.arange(len(g)), g] -= 1.0
    return excess


def categorical_nll(scores: ArrayLike, g: ArrayLike) -> float:
    """Negative log-likelihood of labels from scores: the mean of ``−log softmax(scores)`` at the label.

    ``scores`` (n, K) are unnormalised log-probabilities, one example a row, at least one; ``g`` (n,) are labels
    ``0 .. K − 1``. The loss is the mean over the examples, finite for finite scores.

    Slides "Softmax Units for Cost Function" and "Learning as Optimization" (which sums over the examples);
    Goodfellow et al. (2016), equation 6.30.

    >>> round(categorical_nll([[1e4, -1e4], [0.0, 0.0]], [1, 0]), 4)
    10000.3466
    """
    scores, g = _scores(scores, g)
    return float(-log_softmax(scores)[np.arange(len(g)), g].mean())


def categorical_nll_grad(scores: ArrayLike, g: ArrayLike) -> Float:
    """Gradient of `categorical_nll` with respect to the scores, ``(softmax(scores) − 1_g) / n``.

    The slides maximise ``log P``: their error signal ``1_g − softmax`` has the opposite sign.

    Arguments as in `categorical_nll`; returns (n, K), each row sums to 0.

    Slides "Softmax Units for Cost Function" and "Error Signal at Output Layer".

    >>> categorical_nll_grad([[1e4, -1e4], [0.0, 0.0]], [1, 0])
    array([[ 0.5 , -0.5 ],
           [-0.25,  0.25]])
    """
    scores, g = _scores(scores, g)
    return _excess(softmax(scores), g) / len(scores)


def softmax_mse(scores: ArrayLike, g: ArrayLike) -> float:
    """Mean squared error between softmax probabilities and one-hot labels, over all n · K entries as in `mse`.

    Arguments as in `categorical_nll`. From 0 to 2 / K.

    Slides "Softmax Units for Cost Function" (objectives without a log).

    >>> softmax_mse([[1e4, -1e4], [0.0, 0.0]], [1, 0])
    0.625
    """
    scores, g = _scores(scores, g)
    return float((_excess(softmax(scores), g) ** 2).mean())


def softmax_mse_grad(scores: ArrayLike, g: ArrayLike) -> Float:
    """Gradient of `softmax_mse` with respect to the scores.

    With ``p`` the softmax and ``e = 2 (p − 1_g) / (n K)`` the gradient of the squared error, the Jacobian of the
    softmax gives ``p ∘ (e − Σ_j p_j e_j)``. It vanishes for a confident mistake, where that of the log-likelihood
    does not.

    Arguments as in `categorical_nll`; returns (n, K), each row sums to 0.

    Slides "Softmax Units for Cost Function"; Goodfellow et al. (2016), section 6.2.2.3.

    >>> softmax_mse_grad([[1e4, -1e4], [0.0, 0.0]], [1, 0])
    array([[ 0.   , -0.   ],
           [-0.125,  0.125]])
    """
    scores, g = _scores(scores, g)
    p = softmax(scores)
    e = 2.0 * _excess(p, g) / p.size
    gradient: Float = p * (e - (p * e).sum(axis=1, keepdims=True))
    return gradient
