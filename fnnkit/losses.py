"""Loss functions, minimised, with their gradients."""

from __future__ import annotations

from numpy.typing import ArrayLike

from fnnkit.arguments import real_array


def mse(y_pred: ArrayLike, y_true: ArrayLike) -> float:
    """Mean squared error, over all entries.

    Parameters
    ----------
    y_pred, y_true : array_like
        Predictions and targets, real numbers of one and the same shape.

    Returns
    -------
    float
        The mean of ``(y_pred - y_true)**2``.

    Raises
    ------
    ValueError
        If the shapes differ (``(n,)`` against ``(n, 1)`` would broadcast to ``(n, n)``), or nothing is there.

    References
    ----------
    Slide "Linear Model for Learning XOR"; Goodfellow, Bengio, Courville (2016), section 6.1.

    Examples
    --------
    >>> mse([0.5, 0.5, 0.5, 0.5], [0, 1, 1, 0])
    0.25
    """
    prediction, target = real_array("y_pred", y_pred), real_array("y_true", y_true)
    if prediction.shape != target.shape:
        raise ValueError(
            f"y_pred and y_true should have the same shape, but their shapes are {prediction.shape} "
            f"and {target.shape}"
        )
    if prediction.size == 0:
        raise ValueError(f"y_pred should have at least one entry, but its shape is {prediction.shape}")
    return float(((prediction - target) ** 2).mean())
