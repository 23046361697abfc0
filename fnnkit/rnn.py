"""Recurrent networks: values forward through time, error signals backward, and the cell that keeps them alive.

The time axis comes first: ``X`` is ``(T, n, d)``, and ``X[t]`` holds what all n examples show at step t.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fnnkit.activations import sigmoid, tanh_grad
from fnnkit.arguments import Float, describe, real_array, same_length, whole_number
from fnnkit.initialisation import initial_weights, orthogonal
from fnnkit.losses import categorical_nll, categorical_nll_grad
from fnnkit.optim import Adam, Optimiser, clip_by_global_norm

Parameters = dict[str, Float]
State = tuple[Float, Float]
# What explodes becomes infinite in silence: chapter 6 is about it.
_silent = np.errstate(over="ignore", invalid="ignore")


def _mapping(params: Mapping[str, ArrayLike]) -> None:
    """Check that parameters come with their names."""
    if not isinstance(params, Mapping):
        raise ValueError(f"params should be a dictionary of arrays, but it is {describe(params)}")


def _at_least_zero(name: str, value: ArrayLike) -> float:
    """Check a finite number that is not negative."""
    number = float(real_array(name, value, ()))
    if not 0 <= number < np.inf:
        raise ValueError(f"{name} should be finite and not negative, but it is {describe(value)}")
    return number


def _parameters(params: Mapping[str, ArrayLike], d: int, gates: int, output: bool) -> Parameters:
    """Check the parameters of a recurrent layer; a gated cell has several blocks of columns side by side."""
    names = ("A", "W", "b", "V") if output else ("A", "W", "b")
    _mapping(params)
    missing = [name for name in names if name not in params]
    if missing:
        raise ValueError(f"params should hold {', '.join(names)}, but {', '.join(missing)} is missing")
    W = real_array("W", params["W"], ("m", "m"))
    m = W.shape[0]
    if W.shape[1] != gates * m:
        raise ValueError(f"W should be of shape (m, {'m' if gates == 1 else '4m'}), but it is {describe(W)}")
    checked = {
        "A": real_array("A", params["A"], (d, gates * m)),
        "W": W,
        "b": real_array("b", params["b"], (gates * m,)),
    }
    return checked | {"V": real_array("V", params["V"], (m, "p"))} if output else checked


# --- the simple recurrent network ----------------------------------------------------------------------------


@_silent
def rnn_forward(X: ArrayLike, h0: ArrayLike, params: Mapping[str, ArrayLike]) -> dict[str, Float]:
    """Values of a recurrent network: ``h_t = tanh(x_t A + h_{t−1} W + b)`` and ``y_t = h_t V``.

    ``X`` (T, n, d) are inputs, ``h0`` (n, m) is the state before the first step, ``params`` the dictionary
    ``A`` (d, m), ``W`` (m, m), ``b`` (m,), ``V`` (m, p). Returns a dictionary of pre-activations ``Z`` (T, n, m),
    states ``H`` (T, n, m), without ``h0``, and outputs ``Y`` (T, n, p).

    Slides "Neural Network: Types" and "Backpropagation: Example"; Goodfellow et al. (2016), equations 10.8 to
    10.10.

    >>> params = {"A": [[1.0]], "W": [[0.5]], "b": [0.0], "V": [[2.0]]}
    >>> rnn_forward([[[0.0]], [[0.0]]], h0=[[1.0]], params=params)["Z"].ravel().round(4)
    array([0.5   , 0.2311])
    """
    X, h0, p = _sequence(X, h0, params)
    T, n, _ = X.shape
    Z = X @ p["A"] + p["b"]
    H = np.empty((T, n, h0.shape[1]))
    h = h0
    for t in range(T):
        Z[t] += h @ p["W"]
        H[t] = h = np.tanh(Z[t])
    return {"Z": Z, "H": H, "Y": H @ p["V"]}


def _sequence(
    X: ArrayLike, h0: ArrayLike, params: Mapping[str, ArrayLike]
) -> tuple[Float, Float, Parameters]:
    """Check inputs, first state and parameters of a simple recurrent network."""
    X = real_array("X", X, ("T", "n", "d"))
    p = _parameters(params, X.shape[2], gates=1, output=True)
    return X, real_array("h0", h0, (X.shape[1], p["W"].shape[0])), p


@_silent
def rnn_hidden_delta(
    Z_t: ArrayLike, V: ArrayLike, W: ArrayLike, delta_y: ArrayLike, delta_next: ArrayLike
) -> Float:
    """Error signal at the hidden units of one step, from the outputs of this step and from the next step.

    ``δ_t = g′(z_t) ∘ (δʸ_t Vᵀ + δ_{t+1} Wᵀ)``. (The slide has ``g(z)`` in place of ``g′(z)``.)

    ``Z_t`` (n, m) are the pre-activations of the step, ``V`` (m, p) and ``W`` (m, m) the weights,
    ``delta_y`` (n, p) is the error signal at the outputs of the step, ``delta_next`` (n, m) that at the
    pre-activations of the next step, zeros at the last. Returns (n, m).

    Slide "Backpropagation: Example"; Goodfellow et al. (2016), equation 10.21.

    >>> rnn_hidden_delta([[0.0]], V=[[2.0]], W=[[10.0]], delta_y=[[1.0]], delta_next=[[3.0]])
    array([[32.]])
    """
    Z_t, V = real_array("Z_t", Z_t, ("n", "m")), real_array("V", V, ("m", "p"))
    same_length("Z_t", Z_t, "V", V, axis_a=1, axis_b=0)
    W = real_array("W", W, (V.shape[0], V.shape[0]))
    delta_y = real_array("delta_y", delta_y, (len(Z_t), V.shape[1]))
    delta_next = real_array("delta_next", delta_next, Z_t.shape)
    delta: Float = tanh_grad(Z_t) * (delta_y @ V.T + delta_next @ W.T)
    return delta


@_silent
def rnn_deltas(Z: ArrayLike, params: Mapping[str, ArrayLike], delta_y: ArrayLike) -> Float:
    """Error signals at the hidden units of all steps, by `rnn_hidden_delta` from the last step to the first.

    ``Z`` (T, n, m) are pre-activations, ``params`` holds at least ``W`` and ``V``, ``delta_y`` (T, n, p) is the
    error signal at the outputs. Returns (T, n, m), at the pre-activations; infinite or NaN where it explodes.

    Slide "Backpropagation: Example"; Werbos (1990).

    The loss stands at the last step; with ``W = ½`` half of its error signal is left a step earlier:

    >>> rnn_deltas(np.zeros((3, 1, 1)), {"W": [[0.5]], "V": [[1.0]]}, [[[0.0]], [[0.0]], [[1.0]]]).ravel()
    array([0.25, 0.5 , 1.  ])
    """
    _mapping(params)
    missing = [name for name in ("W", "V") if name not in params]
    if missing:
        raise ValueError(f"params should hold W and V, but {', '.join(missing)} is missing")
    Z, V = real_array("Z", Z, ("T", "n", "m")), real_array("V", params["V"], ("m", "p"))
    same_length("Z", Z, "V", V, axis_a=2, axis_b=0)
    W = real_array("W", params["W"], (V.shape[0], V.shape[0]))
    delta_y = real_array("delta_y", delta_y, (*Z.shape[:2], V.shape[1]))
    # rnn_hidden_delta at every step, with what does not depend on the next step taken out of the loop.
    slopes, from_outputs = tanh_grad(Z), delta_y @ V.T
    deltas = np.empty(Z.shape)
    delta = np.zeros(Z.shape[1:])
    for t in reversed(range(len(Z))):
        deltas[t] = delta = slopes[t] * (from_outputs[t] + delta @ W.T)
    return deltas


@_silent
def bptt(
    X: ArrayLike, h0: ArrayLike, params: Mapping[str, ArrayLike], delta_y: ArrayLike
) -> dict[str, Float]:
    """Back-propagation through time: the gradients of all parameters, summed over the steps that share them.

    ``X``, ``h0`` and ``params`` are as in `rnn_forward`, ``delta_y`` (T, n, p) is the gradient of the loss with
    respect to each output, zero at steps without a loss. Returns a dictionary of the gradients of ``A``, ``W``,
    ``b`` and ``V``, infinite or NaN where the error signals explode.

    Slide "Backpropagation: Example"; Werbos (1990); Goodfellow et al. (2016), section 10.2.2.

    >>> params = {"A": [[1.0]], "W": [[0.5]], "b": [0.0], "V": [[1.0]]}
    >>> grads = bptt([[[1.0]], [[1.0]]], [[0.0]], params, delta_y=[[[0.0]], [[1.0]]])
    >>> {name: round(float(gradient.item()), 4) for name, gradient in grads.items()}
    {'A': 0.2706, 'W': 0.1703, 'b': 0.2706, 'V': 0.8811}
    """
    X, h0, p = _sequence(X, h0, params)
    cache = rnn_forward(X, h0, p)
    delta_y = real_array("delta_y", delta_y, cache["Y"].shape)
    delta = rnn_deltas(cache["Z"], p, delta_y)
    before = np.concatenate([h0[None], cache["H"]])[: len(X)]
    return {
        "A": _summed(X, delta),
        "W": _summed(before, delta),
        "b": _summed(np.ones((*delta.shape[:2], 1)), delta)[0],
        "V": _summed(cache["H"], delta_y),
    }


def _summed(inputs: Float, delta: Float) -> Float:
    """Input value times delta, summed over steps and examples."""
    return np.tensordot(inputs, delta, axes=((0, 1), (0, 1)))


# --- the gated cell ------------------------------------------------------------------------------------------


@_silent
def lstm_cell(
    x: ArrayLike, h: ArrayLike, c: ArrayLike, params: Mapping[str, ArrayLike]
) -> tuple[Float, Float]:
    """One step of a long short-term memory: what is kept, what is written and what is shown are gated.

    ``[i, f, g, o] = x A + h W + b``, then ``c_new = σ(f) ∘ c + σ(i) ∘ tanh(g)`` and ``h_new = σ(o) ∘ tanh(c_new)``.
    Back through time the memory c is multiplied by ``σ(f)`` alone, not by a matrix.

    ``x`` (n, d) are inputs, ``h`` and ``c`` (n, m) state and memory before the step; returns those after it.
    ``params`` is the dictionary ``A`` (d, 4m), ``W`` (m, 4m), ``b`` (4m,), with blocks of m columns in this
    order: input gate i, ``0 .. m−1``; forget gate f, ``m .. 2m−1``; candidate g, ``2m .. 3m−1``; output gate o,
    ``3m .. 4m−1``.

    Slide "Neural Network: Types"; Hochreiter, Schmidhuber (1997); Gers, Schmidhuber, Cummins (2000) for the
    forget gate; Goodfellow et al. (2016), section 10.10.1.

    With the input gate shut and the forget gate open, the memory stays as it is:

    >>> params = {"A": [[0.0] * 4], "W": [[0.0] * 4], "b": [-1e4, 1e4, 0.0, 0.0]}
    >>> lstm_cell([[5.0]], h=[[0.3]], c=[[0.7]], params=params)[1]
    array([[0.7]])
    """
    x, h, c, p = _cell(x, h, c, params)
    i, f, g, o = _gates(x @ p["A"] + h @ p["W"] + p["b"])
    c_new = f * c + i * g
    return o * np.tanh(c_new), c_new


def _cell(
    x: ArrayLike, h: ArrayLike, c: ArrayLike, params: Mapping[str, ArrayLike]
) -> tuple[Float, Float, Float, Parameters]:
    """Check the arguments of one step."""
    x = real_array("x", x, ("n", "d"))
    p = _parameters(params, x.shape[1], gates=4, output=False)
    shape = (len(x), p["W"].shape[0])
    return x, real_array("h", h, shape), real_array("c", c, shape), p


def _gates(Z: Float) -> list[Float]:
    """Input gate, forget gate, candidate and output gate from their pre-activations ``(n, 4m)``."""
    m = Z.shape[-1] // 4
    gates = sigmoid(Z)
    candidate = np.tanh(Z[..., 2 * m : 3 * m])
    return [gates[..., :m], gates[..., m : 2 * m], candidate, gates[..., 3 * m :]]


def _cell_deltas(
    gates: list[Float], c: Float, c_new: Float, delta_h: Float, delta_c: Float
) -> tuple[Float, Float]:
    """Error signals at the pre-activations of the gates, and at the memory before the step."""
    i, f, g, o = gates
    shown = np.tanh(c_new)
    delta_memory = delta_c + delta_h * o * (1 - shown**2)
    delta_z = np.concatenate(
        [
            delta_memory * g * i * (1 - i),
            delta_memory * c * f * (1 - f),
            delta_memory * i * (1 - g**2),
            delta_h * shown * o * (1 - o),
        ],
        axis=-1,
    )
    return delta_z, delta_memory * f


@_silent
def lstm_cell_backward(
    x: ArrayLike,
    h: ArrayLike,
    c: ArrayLike,
    params: Mapping[str, ArrayLike],
    delta_h: ArrayLike,
    delta_c: ArrayLike,
) -> dict[str, Float]:
    """Error signals of one step of `lstm_cell`, from those at the state and the memory after it.

    The first four arguments are those of `lstm_cell`, ``delta_h`` and ``delta_c`` (n, m) the gradient of the loss
    with respect to the new state and the new memory. Returns a dictionary of the gradients of ``x``, ``h``,
    ``c``, ``A``, ``W`` and ``b``.

    Slides "Backpropagation: Error signal" and "Neural Network: Types"; Gers, Schmidhuber, Cummins (2000).

    An open forget gate lets the error signal of the memory pass unchanged:

    >>> params = {"A": [[0.0] * 4], "W": [[0.0] * 4], "b": [-1e4, 1e4, 0.0, 0.0]}
    >>> lstm_cell_backward([[5.0]], [[0.3]], [[0.7]], params, delta_h=[[0.0]], delta_c=[[2.0]])["c"]
    array([[2.]])
    """
    x, h, c, p = _cell(x, h, c, params)
    delta_h, delta_c = real_array("delta_h", delta_h, h.shape), real_array("delta_c", delta_c, c.shape)
    gates = _gates(x @ p["A"] + h @ p["W"] + p["b"])
    i, f, g, _ = gates
    delta_z, delta_before = _cell_deltas(gates, c, f * c + i * g, delta_h, delta_c)
    return {
        "x": delta_z @ p["A"].T,
        "h": delta_z @ p["W"].T,
        "c": delta_before,
        "A": x.T @ delta_z,
        "W": h.T @ delta_z,
        "b": delta_z.sum(axis=0),
    }


@_silent
def lstm_forward(
    X: ArrayLike, h0: ArrayLike, c0: ArrayLike, params: Mapping[str, ArrayLike]
) -> dict[str, Float]:
    """Values of a network of `lstm_cell` over time, with outputs ``y_t = h_t V``.

    ``X`` (T, n, d) are inputs, ``h0`` and ``c0`` (n, m) state and memory before the first step, ``params`` those
    of `lstm_cell` and ``V`` (m, p). Returns a dictionary of pre-activations of the gates ``Z`` (T, n, 4m), states
    ``H`` and memories ``C`` (T, n, m), and outputs ``Y`` (T, n, p).

    Slide "Neural Network: Types"; Goodfellow et al. (2016), section 10.10.1.

    >>> params = {"A": [[0.0] * 4], "W": [[0.0] * 4], "b": [-1e4, 1e4, 0.0, 1e4], "V": [[1.0]]}
    >>> lstm_forward(np.zeros((3, 1, 1)), h0=[[0.0]], c0=[[0.5]], params=params)["C"].ravel()
    array([0.5, 0.5, 0.5])
    """
    X, h, c, p = _gated_sequence(X, h0, c0, params)
    Z = X @ p["A"] + p["b"]
    H, C = np.empty((*X.shape[:2], h.shape[1])), np.empty((*X.shape[:2], h.shape[1]))
    for t in range(len(X)):
        Z[t] += h @ p["W"]
        i, f, g, o = _gates(Z[t])
        C[t] = c = f * c + i * g
        H[t] = h = o * np.tanh(c)
    return {"Z": Z, "H": H, "C": C, "Y": H @ p["V"]}


def _gated_sequence(
    X: ArrayLike, h0: ArrayLike, c0: ArrayLike, params: Mapping[str, ArrayLike]
) -> tuple[Float, Float, Float, Parameters]:
    """Check inputs, first state, first memory and parameters of a gated network."""
    X = real_array("X", X, ("T", "n", "d"))
    p = _parameters(params, X.shape[2], gates=4, output=True)
    shape = (X.shape[1], p["W"].shape[0])
    return X, real_array("h0", h0, shape), real_array("c0", c0, shape), p


@_silent
def lstm_bptt(
    X: ArrayLike, h0: ArrayLike, c0: ArrayLike, params: Mapping[str, ArrayLike], delta_y: ArrayLike
) -> dict[str, Float]:
    """Back-propagation through time of `lstm_forward`.

    ``X``, ``h0``, ``c0`` and ``params`` are as in `lstm_forward`, ``delta_y`` (T, n, p) is the gradient of the
    loss with respect to each output. Returns a dictionary of the gradients of ``A``, ``W``, ``b`` and ``V``,
    infinite or NaN where the error signals explode.

    Slide "Backpropagation: Example"; Graves, Schmidhuber (2005).

    With all weights 0 the memory stays 0, and only the candidate learns:

    >>> params = {"A": [[0.0] * 4], "W": [[0.0] * 4], "b": [0.0] * 4, "V": [[1.0]]}
    >>> lstm_bptt([[[1.0]]], [[0.0]], [[0.0]], params, [[[1.0]]])["A"]
    array([[0.  , 0.  , 0.25, 0.  ]])
    """
    X, h0, c0, p = _gated_sequence(X, h0, c0, params)
    cache = lstm_forward(X, h0, c0, p)
    delta_y = real_array("delta_y", delta_y, cache["Y"].shape)
    T = len(X)
    states, memories = np.concatenate([h0[None], cache["H"]]), np.concatenate([c0[None], cache["C"]])
    gates, from_outputs = _gates(cache["Z"]), delta_y @ p["V"].T
    delta_z = np.empty(cache["Z"].shape)
    delta_h, delta_c = np.zeros(h0.shape), np.zeros(c0.shape)
    for t in reversed(range(T)):
        at_t = [gate[t] for gate in gates]
        delta_z[t], delta_c = _cell_deltas(
            at_t, memories[t], memories[t + 1], from_outputs[t] + delta_h, delta_c
        )
        delta_h = delta_z[t] @ p["W"].T
    return {
        "A": _summed(X, delta_z),
        "W": _summed(states[:T], delta_z),
        "b": delta_z.sum(axis=(0, 1)),
        "V": _summed(cache["H"], delta_y),
    }


# --- learning over a long lag --------------------------------------------------------------------------------


def initial_rnn(d: int, m: int, p: int, rng: np.random.Generator, radius: float = 1.0) -> Parameters:
    """Random parameters of `rnn_forward`, with orthogonal recurrent weights.

    A step back through an orthogonal ``W`` keeps the length of an error signal, but the slopes of tanh, which are
    below 1, take their share: of 32 units on `latch_task`, 3 to 7 % is left after 100 steps. ``radius`` multiplies
    ``W``: it is the modulus of all its eigenvalues.

    Returns a dictionary of ``A`` (d, m), ``W`` (m, m), ``b`` (m,) and ``V`` (m, p).

    Slide "Vanishing and Exploding Gradient Problem"; Le, Jaitly, Hinton (2015); Saxe, McClelland, Ganguli (2014).

    >>> W = initial_rnn(1, 3, 2, np.random.default_rng(0), radius=0.5)["W"]
    >>> np.abs(np.linalg.eigvals(W)).round(12)
    array([0.5, 0.5, 0.5])
    """
    m, radius = whole_number("m", m, 1), _at_least_zero("radius", radius)
    return {
        "A": initial_weights("glorot", d, m, rng),
        "W": radius * orthogonal(rng.normal(size=(m, m))),
        "b": np.zeros(m),
        "V": initial_weights("glorot", m, p, rng),
    }


def initial_lstm(d: int, m: int, p: int, rng: np.random.Generator, forget_bias: float = 1.0) -> Parameters:
    """Random parameters of `lstm_forward`, with forget gates that start open.

    ``forget_bias`` is the bias of the forget gates; with 1 they keep 73 % a step, with 5 they keep 99 %. Returns
    a dictionary of ``A`` (d, 4m), ``W`` (m, 4m), ``b`` (4m,) and ``V`` (m, p).

    Slide "Vanishing and Exploding Gradient Problem"; Jozefowicz, Zaremba, Sutskever (2015).

    >>> initial_lstm(1, 2, 1, np.random.default_rng(0))["b"]
    array([0., 0., 1., 1., 0., 0., 0., 0.])
    """
    m, forget_bias = whole_number("m", m, 1), float(real_array("forget_bias", forget_bias, ()))
    blocks = [np.column_stack([initial_weights("glorot", n_in, m, rng) for _ in range(4)]) for n_in in (d, m)]
    b = np.repeat([0.0, forget_bias, 0.0, 0.0], m)
    return {"A": blocks[0], "W": blocks[1], "b": b, "V": initial_weights("glorot", m, p, rng)}


def latch_task(
    T: int, n: int, rng: np.random.Generator, noise: float = 0.2
) -> tuple[Float, NDArray[np.intp]]:
    """Sequences whose class is shown at the first step and asked for after the last: 1 or −1, then noise.

    ``noise`` is the standard deviation of the later inputs. Returns ``X`` (T, n, 1) and labels ``g`` (n,): 1 for
    sequences that begin with 1, 0 for those that begin with −1. The lag is T − 1.

    Slide "Vanishing and Exploding Gradient Problem"; Bengio, Simard, Frasconi (1994), section II.

    >>> X, g = latch_task(3, 4, np.random.default_rng(0), noise=0.0)
    >>> bool(np.all((X[0, :, 0] > 0) == g)), float(abs(X[1:]).max())
    (True, 0.0)
    """
    T, n, noise = whole_number("T", T, 1), whole_number("n", n), _at_least_zero("noise", noise)
    g = rng.integers(0, 2, size=n)
    X = rng.normal(scale=noise, size=(T, n, 1))
    X[0, :, 0] = 2 * g - 1
    return X, g.astype(np.intp)


def last_scores(X: ArrayLike, params: Mapping[str, ArrayLike]) -> Float:
    """Outputs after the last step, from a first state of zeros; four blocks of columns in W make it a gated network.

    ``X`` (T, n, d) are inputs, at least one step, ``params`` those of `rnn_forward` or of `lstm_forward`; returns
    (n, p).

    Slide "Neural Network: Types"; Goodfellow et al. (2016), figure 10.5.

    >>> params = {"A": [[1.0]], "W": [[1.0]], "b": [0.0], "V": [[1.0, -1.0]]}
    >>> last_scores([[[100.0]]], params)
    array([[ 1., -1.]])
    """
    X, start, gated = _start(X, params)
    cache = lstm_forward(X, start, start, params) if gated else rnn_forward(X, start, params)
    scores: Float = cache["Y"][-1]
    return scores


def _start(X: ArrayLike, params: Mapping[str, ArrayLike]) -> tuple[Float, Float, bool]:
    """Check inputs, and see from the parameters which network it is: zeros for its state, and whether it is gated."""
    X = real_array("X", X, ("T", "n", "d"))
    if len(X) == 0:
        raise ValueError(f"X should have at least one time step, but it is {describe(X)}")
    _mapping(params)
    if "W" not in params:
        raise ValueError("params should hold A, W, b and V, but W is missing")
    W = real_array("W", params["W"], ("m", "columns"))
    return X, np.zeros((X.shape[1], W.shape[0])), W.shape[1] == 4 * W.shape[0] > 0


def train_recurrent(
    params: Mapping[str, ArrayLike],
    batch: Callable[[], tuple[ArrayLike, ArrayLike]],
    steps: int,
    learning_rate: float = 0.01,
    max_norm: float = 1.0,
    optimiser: Optimiser | None = None,
) -> tuple[Parameters, list[float]]:
    """Train a recurrent network to classify sequences after their last step, by back-propagation through time.

    Every gradient is shortened to ``max_norm`` before its step: where the loss falls off a cliff, one unclipped
    step would throw away what has been learnt.

    ``params`` are of `initial_rnn` or `initial_lstm`; ``batch()`` gives a fresh minibatch, ``X`` (T, n, d) and
    labels ``g`` (n,); the optimiser is Adam if none is given. Returns the learnt parameters and a list with the
    loss of each minibatch before its update. A gradient that is no longer finite is a ``ValueError``.

    Slides "Stochastic Gradient Method" and "Vanishing and Exploding Gradient Problem"; Pascanu, Mikolov, Bengio
    (2013); Goodfellow et al. (2016), section 10.11.1.

    >>> rng = np.random.default_rng(0)
    >>> params, losses = train_recurrent(initial_rnn(1, 4, 2, rng), lambda: latch_task(5, 20, rng), steps=100)
    >>> X, g = latch_task(5, 200, rng)
    >>> float((last_scores(X, params).argmax(axis=1) == g).mean())
    1.0
    """
    steps, optimiser = whole_number("steps", steps), Adam() if optimiser is None else optimiser
    _mapping(params)
    unknown = [name for name in params if name not in ("A", "W", "b", "V")]
    if unknown:
        raise ValueError(f"params should hold A, W, b, V and nothing else, but it holds {unknown[0]!r}")
    if not callable(batch):
        raise ValueError(f"batch should be a function that gives a minibatch, but it is {describe(batch)}")
    arrays = {name: real_array(name, value) for name, value in params.items()}
    theta = np.concatenate([array.ravel() for array in arrays.values()]) if arrays else np.zeros(0)
    learnt, first = {}, 0
    for name, array in arrays.items():  # views of theta: a step on theta moves them all
        learnt[name] = theta[first : first + array.size].reshape(array.shape)
        first += array.size
    optimiser.start(theta.size)
    losses = []
    for _ in range(steps):
        examples = batch()
        if not (isinstance(examples, tuple) and len(examples) == 2):
            raise ValueError(
                f"batch should give a pair of inputs and labels, but it gave {describe(examples)}"
            )
        inputs, g = examples
        X, start, gated = _start(inputs, learnt)
        scores = last_scores(X, learnt)
        losses.append(categorical_nll(scores, g))
        delta_y = np.zeros((len(X), *scores.shape))
        delta_y[-1] = categorical_nll_grad(scores, g)
        grads = lstm_bptt(X, start, start, learnt, delta_y) if gated else bptt(X, start, learnt, delta_y)
        clipped = clip_by_global_norm([grads[name] for name in learnt], max_norm)
        optimiser.update(theta, np.concatenate([gradient.ravel() for gradient in clipped]), learning_rate)
    return {name: array.copy() for name, array in learnt.items()}, losses
