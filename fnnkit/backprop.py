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

    ``g`` (n,) are labels ``0 .. K-1``; returns (n, K), which for n = 0 is (0, K). Any other label is a
    ``ValueError``: plain indexing would take -1 for the last one, and raise another exception for K.

    Slide "Error Signal at Output Layer", where it is written 1_g.

    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    K = whole_number("K", K, 1)
    return np.eye(K)[labels("g", g, K)]


def forward(X: ArrayLike, params: Mapping[str, ArrayLike]) -> dict[str, Float]:
    """Values of all layers: ``Y = tanh(X W + b) U + d``.

    ``X`` (n, d) has one example a row, ``params`` the keys ``W``, ``b``, ``U``, ``d``. Returns a dictionary of
    what the way back needs: pre-activations ``Z`` (n, m), hidden activations ``H`` (n, m), scores ``Y`` (n, K),
    each an array of its own.

    Slides "FNN: Notation" and "FNN: Matrix Notation"; Goodfellow et al. (2016), algorithm 6.3.

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

    ``Y`` (n, K) are scores, ``g`` (n,) labels ``0 .. K-1``. Returns (n, K), the derivative of the mean negative
    log-likelihood with respect to ``Y``; every row sums to 0.

    Slide "Error Signal at Output Layer".

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

    ``H`` (n, m) are hidden activations, ``delta_o`` (n, K) is the error signal above; returns ``dU`` (m, K) and
    ``dd`` (K,).

    Slides "Gradient of Weight Matrix U" and "Backpropagation: Weight update".

    >>> output_gradients([[1.0, 2.0]], [[-0.5, 0.5]])
    (array([[-0.5,  0.5],
           [-1. ,  1. ]]), array([-0.5,  0.5]))
    """
    H, delta_o = real_array("H", H, ("n", "m")), real_array("delta_o", delta_o, ("n", "K"))
    same_length("H", H, "delta_o", delta_o)
    return H.T @ delta_o, delta_o.sum(axis=0)


def hidden_delta(Z: ArrayLike, U: ArrayLike, delta_o: ArrayLike) -> Float:
    """Error signal at the hidden units: ``g'(Z) ∘ (delta_o Uᵀ)`` with ``g = tanh``.

    ``Z`` (n, m) are pre-activations of the hidden units, ``U`` (m, K) output weights, ``delta_o`` (n, K) is the
    error signal at the output units. Returns (n, m), the derivative of the loss with respect to ``Z``.

    Slides "Error Signal at Hidden Layer" and "Multiple Paths Chain Rule - General".

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

    ``X`` (n, d) has one example a row, ``delta_h`` (n, m) is the error signal above; returns ``dW`` (d, m) and
    ``db`` (m,).

    Slides "Gradient of Weight Matrix W" and "Backpropagation: Weight update".

    >>> hidden_gradients([[1.0], [2.0]], [[10.0], [20.0]])
    (array([[50.]]), array([30.]))
    """
    X, delta_h = real_array("X", X, ("n", "d")), real_array("delta_h", delta_h, ("n", "m"))
    same_length("X", X, "delta_h", delta_h)
    return X.T @ delta_h, delta_h.sum(axis=0)


def backprop(X: ArrayLike, g: ArrayLike, params: Mapping[str, ArrayLike]) -> tuple[float, dict[str, Float]]:
    """Loss of the network and its gradient: forward through the layers, then back with the error signals.

    ``X`` (n, d) has one example a row, at least one, ``g`` (n,) are labels ``0 .. K-1``. Returns the mean
    negative log-likelihood and a dictionary of its derivatives with respect to ``W``, ``b``, ``U`` and ``d``,
    under these names.

    Slides "Backpropagation" to "Gradient of Weight Matrix W"; Rumelhart, Hinton, Williams (1986); Goodfellow
    et al. (2016), algorithm 6.4.

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
