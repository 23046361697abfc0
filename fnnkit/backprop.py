"""Back-propagation by hand, for one hidden layer of tanh units and a softmax output.

One function for each slide of the derivation. A network is a dictionary of arrays,

    ``W (d, m)``, ``b (m,)``   input to hidden,      ``Z = X @ W + b``, ``H = tanh(Z)``
    ``U (m, K)``, ``d (K,)``   hidden to output,     ``Y = H @ U + d``, the scores of the K labels

and an error signal ``delta`` is the derivative of the loss with respect to the input of a layer's units, one row an
example. `fnnkit.network` does the same for networks of any depth.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from fnnkit.activations import softmax, tanh_grad
from fnnkit.arguments import Float, labels, real_array, same_length, whole_number
from fnnkit.losses import categorical_nll


def one_hot(g: ArrayLike, K: int) -> Float:
    """Rows of the identity matrix: a 1 at the label, 0 elsewhere.

    Parameters
    ----------
    g : array_like of int, shape (n,)
        Labels ``0 .. K-1``.
    K : int
        Number of labels.

    Returns
    -------
    ndarray, shape (n, K)

    Raises
    ------
    ValueError
        If a label is not an integer from ``0 .. K-1`` (-1 would silently mean the last one).

    References
    ----------
    Slide "Error Signal at Output Layer", where it is written 1_g.

    Examples
    --------
    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    K = whole_number("K", K, 1)
    return np.eye(K)[labels("g", g, K)]


def forward(X: ArrayLike, params: Mapping[str, ArrayLike]) -> dict[str, Float]:
    """Values of all layers: ``Y = tanh(X W + b) U + d``.

    Parameters
    ----------
    X : array_like, shape (n, d)
        One example a row.
    params : mapping
        ``W (d, m)``, ``b (m,)``, ``U (m, K)``, ``d (K,)``.

    Returns
    -------
    dict
        Pre-activations ``Z (n, m)``, hidden activations ``H (n, m)`` and scores ``Y (n, K)``: what the way back
        needs.

    Raises
    ------
    ValueError
        If a parameter is missing or shapes do not fit.

    References
    ----------
    Slides "FNN: Notation" and "FNN: Matrix Notation"; Goodfellow, Bengio, Courville (2016), algorithm 6.3.

    Examples
    --------
    >>> params = {"W": [[1.0, -1.0]], "b": [0.0, 0.0], "U": [[1.0], [2.0]], "d": [0.5]}
    >>> forward([[0.0]], params)["Y"]
    array([[0.5]])
    """
    X, W, b, U, d = _network(X, params)
    Z = X @ W + b
    H = np.tanh(Z)
    Y = H @ U + d
    return {"Z": Z, "H": H, "Y": Y}


def output_delta(Y: ArrayLike, g: ArrayLike) -> Float:
    """Error signal at the output units: ``(softmax(Y) - 1_g) / n``.

    The slides maximise log P and have the opposite sign; the ``1/n`` is that of the mean over the examples and stands
    here once, so that no later formula needs it.

    Parameters
    ----------
    Y : array_like, shape (n, K)
        Scores.
    g : array_like of int, shape (n,)
        Labels ``0 .. K-1``.

    Returns
    -------
    ndarray, shape (n, K)
        Derivative of the mean negative log-likelihood with respect to ``Y``. Every row sums to 0.

    Raises
    ------
    ValueError
        If shapes do not fit or a label is outside ``0 .. K-1``.

    References
    ----------
    Slide "Error Signal at Output Layer".

    Examples
    --------
    >>> output_delta([[0.0, 0.0], [0.0, 0.0]], [0, 1])
    array([[-0.25,  0.25],
           [ 0.25, -0.25]])
    """
    Y = real_array("Y", Y, ("n", "K"))
    targets = one_hot(g, Y.shape[1])
    same_length("Y", Y, "g", targets)
    return (softmax(Y) - targets) / max(len(Y), 1)


def output_gradients(H: ArrayLike, delta_o: ArrayLike) -> tuple[Float, Float]:
    """Gradients of the output weights and biases: input value times error signal, summed over the examples.

    Parameters
    ----------
    H : array_like, shape (n, m)
        Hidden activations.
    delta_o : array_like, shape (n, K)
        Error signal at the output units.

    Returns
    -------
    dU : ndarray, shape (m, K)
    dd : ndarray, shape (K,)

    Raises
    ------
    ValueError
        If the numbers of rows differ.

    References
    ----------
    Slides "Gradient of Weight Matrix U" and "Backpropagation: Weight update".

    Examples
    --------
    >>> output_gradients([[1.0, 2.0]], [[-0.5, 0.5]])
    (array([[-0.5,  0.5],
           [-1. ,  1. ]]), array([-0.5,  0.5]))
    """
    H, delta_o = real_array("H", H, ("n", "m")), real_array("delta_o", delta_o, ("n", "K"))
    same_length("H", H, "delta_o", delta_o)
    return H.T @ delta_o, delta_o.sum(axis=0)


def hidden_delta(Z: ArrayLike, U: ArrayLike, delta_o: ArrayLike) -> Float:
    """Error signal at the hidden units: ``g'(Z) ∘ (delta_o Uᵀ)`` with ``g = tanh``.

    Parameters
    ----------
    Z : array_like, shape (n, m)
        Pre-activations of the hidden units.
    U : array_like, shape (m, K)
        Output weights.
    delta_o : array_like, shape (n, K)
        Error signal at the output units.

    Returns
    -------
    ndarray, shape (n, m)
        Derivative of the loss with respect to ``Z``.

    Raises
    ------
    ValueError
        If shapes do not fit.

    References
    ----------
    Slides "Error Signal at Hidden Layer" and "Multiple Paths Chain Rule - General".

    Examples
    --------
    >>> hidden_delta([[0.0, 0.0]], [[1.0, 2.0], [3.0, 4.0]], [[-0.5, 0.5]])
    array([[0.5, 0.5]])
    """
    Z, U = real_array("Z", Z, ("n", "m")), real_array("U", U, ("m", "K"))
    delta_o = real_array("delta_o", delta_o, ("n", "K"))
    same_length("Z", Z, "delta_o", delta_o)
    same_length("Z", Z, "U", U, axis_a=1, axis_b=0)
    same_length("delta_o", delta_o, "U", U, axis_a=1, axis_b=1)
    return tanh_grad(Z) * (delta_o @ U.T)


def hidden_gradients(X: ArrayLike, delta_h: ArrayLike) -> tuple[Float, Float]:
    """Gradients of the hidden weights and biases, the same rule one layer below.

    Parameters
    ----------
    X : array_like, shape (n, d)
        One example a row.
    delta_h : array_like, shape (n, m)
        Error signal at the hidden units.

    Returns
    -------
    dW : ndarray, shape (d, m)
    db : ndarray, shape (m,)

    Raises
    ------
    ValueError
        If the numbers of rows differ.

    References
    ----------
    Slides "Gradient of Weight Matrix W" and "Backpropagation: Weight update".

    Examples
    --------
    >>> hidden_gradients([[1.0], [2.0]], [[10.0], [20.0]])
    (array([[50.]]), array([30.]))
    """
    X, delta_h = real_array("X", X, ("n", "d")), real_array("delta_h", delta_h, ("n", "m"))
    same_length("X", X, "delta_h", delta_h)
    return X.T @ delta_h, delta_h.sum(axis=0)


def backprop(X: ArrayLike, g: ArrayLike, params: Mapping[str, ArrayLike]) -> tuple[float, dict[str, Float]]:
    """Loss of the network and its gradient: forward through the layers, then back with the error signals.

    Parameters
    ----------
    X : array_like, shape (n, d)
        One example a row, at least one.
    g : array_like of int, shape (n,)
        Labels ``0 .. K-1``.
    params : mapping
        ``W (d, m)``, ``b (m,)``, ``U (m, K)``, ``d (K,)``.

    Returns
    -------
    loss : float
        Mean negative log-likelihood of the labels.
    grads : dict
        Its derivatives with respect to ``W``, ``b``, ``U`` and ``d``, under these names.

    Raises
    ------
    ValueError
        If shapes do not fit, a label is outside ``0 .. K-1``, or there is no example.

    References
    ----------
    Slides "Backpropagation" to "Gradient of Weight Matrix W"; Rumelhart, Hinton, Williams (1986); Goodfellow, Bengio,
    Courville (2016), algorithm 6.4.

    Examples
    --------
    Weights of zero know nothing of ten labels, and the loss is log 10:

    >>> params = {"W": np.zeros((2, 3)), "b": np.zeros(3), "U": np.zeros((3, 10)), "d": np.zeros(10)}
    >>> loss, grads = backprop([[1.0, 2.0]], [7], params)
    >>> round(loss, 6), grads["d"][7].round(6)
    (2.302585, np.float64(-0.9))
    """
    cache = forward(X, params)
    Z, H, Y = cache["Z"], cache["H"], cache["Y"]
    if len(Y) == 0:
        raise ValueError("X should have at least one row, but it has none")
    delta_o = output_delta(Y, g)
    dU, dd = output_gradients(H, delta_o)
    delta_h = hidden_delta(Z, params["U"], delta_o)
    dW, db = hidden_gradients(X, delta_h)
    return categorical_nll(Y, g), {"W": dW, "b": db, "U": dU, "d": dd}


def _network(X: ArrayLike, params: Mapping[str, ArrayLike]) -> tuple[Float, Float, Float, Float, Float]:
    missing = [name for name in ("W", "b", "U", "d") if name not in params]
    if missing:
        raise ValueError(f"params should hold W, b, U and d, but {', '.join(missing)} is missing")
    X, W = real_array("X", X, ("n", "d")), real_array("W", params["W"], ("d", "m"))
    same_length("X", X, "W", W, axis_a=1, axis_b=0)
    b, U = real_array("b", params["b"], (W.shape[1],)), real_array("U", params["U"], (W.shape[1], "K"))
    return X, W, b, U, real_array("d", params["d"], (U.shape[1],))
