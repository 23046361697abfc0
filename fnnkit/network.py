"""Feedforward networks of any depth: values forward, error signals backward, and training.

A layer says how it computes and holds no numbers; the parameters are plain arrays, `Network.parameters`, one dictionary a
layer. All of them are views of a single vector `Network.theta`, the θ of the slides, so that a step of any
optimiser is one line on one vector.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from fnnkit.activations import (
    activation,
    maxout,
    maxout_grad,
    prelu_grads,
    rbf_grads,
    rbf_units,
    sigmoid,
    softplus_inverse,
)
from fnnkit.arguments import Float, describe, real_array, whole_number
from fnnkit.initialisation import initial_weights
from fnnkit.optim import SGD, Optimiser, clip_by_global_norm, minibatches
from fnnkit.outputs import OutputUnit, output_unit, positive_scale

Parameters = dict[str, Float]

# Weights that diverge end in infinity and NaN: results say so, no warning repeats it.
_SILENT = np.errstate(over="ignore", invalid="ignore", divide="ignore")


class Layer(Protocol):
    """What a network asks of a layer."""

    @property
    def n_in(self) -> int:
        """Width of the layer before."""

    @property
    def n_out(self) -> int:
        """Width of the layer itself."""

    def initial(self, rng: np.random.Generator) -> Parameters:
        """Initial parameters."""

    def forward(self, X: Float, p: Parameters) -> tuple[Float, Float]:
        """Pre-activations and activations."""

    def backward(
        self, X: Float, Z: Float, p: Parameters, upstream: Float, grads: Parameters, first: bool
    ) -> Float | None:
        """Write the gradients of the parameters into ``grads`` and return that of ``X``, None if ``first``.

        ``upstream`` is the gradient of the loss with respect to the activations.
        """


@dataclass(frozen=True)
class Dense:
    """Affine map, then an activation function: ``H = g(X W + c)``.

    ``activation`` is a key of `fnnkit.activations.ACTIVATIONS`; the slopes of ``"parametric relu"`` are learned,
    one a unit, and ``settings`` are parameters that are not, such as ``{"alpha": 0.1}`` of a leaky ReLU. ``init``
    is a rule of `initial_weights`, He's for rectifiers and Glorot's for the others if not given; ``c`` starts at
    0.

    Slides "Feedforward Neural Networks" and "FNN for Learning XOR"; Goodfellow et al. (2016), section 6.3.

    >>> Dense(2, 1, "relu").forward(np.array([[1.0, 2.0]]), {"W": np.ones((2, 1)), "c": np.array([-5.0])})
    (array([[-2.]]), array([[0.]]))
    """

    n_in: int
    n_out: int
    activation: str = "linear"
    init: str | None = None
    settings: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        whole_number("n_in", self.n_in, 1)
        whole_number("n_out", self.n_out, 1)
        if self.activation in ("maxout", "rbf"):
            raise ValueError(f"{self.activation} units take several inputs: use the layer Maxout or RBF")
        known = activation(self.activation).defaults()
        if self.activation == "parametric relu":
            known = {}
        unknown = sorted(set(self.settings) - set(known))
        if unknown:
            raise ValueError(f"{self.activation} has the settings {sorted(known)}, but {unknown} came")
        if self.init not in (None, "glorot", "he", "orthogonal"):
            raise ValueError(
                f"init should be 'glorot', 'he' or 'orthogonal', but it is {describe(self.init)}"
            )

    def initial(self, rng: np.random.Generator) -> Parameters:
        """Random ``W``, ``c = 0``, and slopes of ¼ for a parametric ReLU."""
        rectifier = self.activation.endswith("relu") or self.activation == "absolute value"
        p = {
            "W": initial_weights(self.init or ("he" if rectifier else "glorot"), self.n_in, self.n_out, rng),
            "c": np.zeros(self.n_out),
        }
        if self.activation == "parametric relu":
            p["alpha"] = np.full(self.n_out, activation(self.activation).defaults()["alpha"])
        return p

    def forward(self, X: Float, p: Parameters) -> tuple[Float, Float]:
        """``Z = X W + c`` and ``H = g(Z)``."""
        Z = X @ p["W"]
        Z += p["c"]
        return Z, activation(self.activation).value(Z, **self._arguments(p))

    def backward(
        self, X: Float, Z: Float, p: Parameters, upstream: Float, grads: Parameters, first: bool
    ) -> Float | None:
        """``delta = g'(Z) ∘ upstream``, then input value times delta."""
        if self.activation == "parametric relu":
            delta, grads["alpha"][:] = prelu_grads(Z, p["alpha"], upstream)
        elif self.activation == "linear":
            delta = upstream
        else:
            # From Z, as the slides have it. For tanh the derivative from H, 1 - H², is cheaper: it would save 15 %
            # of a training step of 784-1024-1024-10 at batch 256 on one thread.
            delta = activation(self.activation).derivative(Z, **self.settings)
            delta *= upstream
        return _affine_backward(X, p["W"], delta, grads, first)

    def _arguments(self, p: Parameters) -> Mapping[str, ArrayLike]:
        return {"alpha": p["alpha"]} if "alpha" in p else self.settings


@dataclass(frozen=True)
class Maxout:
    """Maxout units: each is the maximum of ``k`` affine maps of its own.

    ``W`` (n_in, n_out · k) starts by ``init``, a rule of `initial_weights`.

    Slides "Maxout Unit"; Goodfellow et al. (2013), "Maxout networks".

    With ``k = 2`` a maxout unit can be the absolute value:

    >>> p = {"W": np.array([[1.0, -1.0]]), "c": np.zeros(2)}
    >>> Maxout(1, 1, k=2).forward(np.array([[-3.0]]), p)[1]
    array([[3.]])
    """

    n_in: int
    n_out: int
    k: int = 2
    init: str = "glorot"

    def __post_init__(self) -> None:
        for name in ("n_in", "n_out", "k"):
            whole_number(name, getattr(self, name), 1)

    def initial(self, rng: np.random.Generator) -> Parameters:
        """Random ``W``, ``c = 0``."""
        W = [initial_weights(self.init, self.n_in, self.n_out, rng) for _ in range(self.k)]
        return {
            "W": np.stack(W, axis=2).reshape(self.n_in, self.n_out * self.k),
            "c": np.zeros(self.n_out * self.k),
        }

    def forward(self, X: Float, p: Parameters) -> tuple[Float, Float]:
        """``Z = X W + c`` and the maximum of every ``k`` of them."""
        Z = X @ p["W"]
        Z += p["c"]
        return Z, maxout(Z, self.k)

    def backward(
        self, X: Float, Z: Float, p: Parameters, upstream: Float, grads: Parameters, first: bool
    ) -> Float | None:
        """Delta goes to the winners alone."""
        return _affine_backward(X, p["W"], maxout_grad(Z, self.k, upstream), grads, first)


@dataclass(frozen=True)
class RBF:
    """Radial basis function units, ``h_i = exp(-‖W_:,i - x‖² / σ_i²)``, with learned centres and widths.

    The width has to stay positive: what is learned is ``s`` with ``σ = softplus(s)``.

    ``sigma`` is the initial width, ``√n_in`` if not given. Centres start normally distributed around 0.

    Slide "Other Hidden Units"; Goodfellow et al. (2016), section 6.3.3.

    >>> layer = RBF(2, 3, sigma=1.0)
    >>> p = layer.initial(np.random.default_rng(0))
    >>> layer.forward(p["W"].T, p)[1].diagonal()
    array([1., 1., 1.])
    """

    n_in: int
    n_out: int
    sigma: float | None = None

    def __post_init__(self) -> None:
        whole_number("n_in", self.n_in, 1)
        whole_number("n_out", self.n_out, 1)
        if self.sigma is not None and not 0 < self.sigma < np.inf:
            raise ValueError(f"sigma should be a positive number, but it is {describe(self.sigma)}")

    def initial(self, rng: np.random.Generator) -> Parameters:
        """Normal centres; widths all equal."""
        sigma = self.sigma or np.sqrt(self.n_in)
        return {
            "W": rng.normal(size=(self.n_in, self.n_out)),
            "s": softplus_inverse(np.full(self.n_out, sigma)),
        }

    def forward(self, X: Float, p: Parameters) -> tuple[Float, Float]:
        """The activations twice: these units have no pre-activation."""
        sigma = positive_scale(p["s"])
        if np.isfinite(sigma).all():
            H = rbf_units(X, p["W"], sigma)
        else:  # training diverged: an answer that says so, in place of an error about a width
            H = np.full((len(X), self.n_out), np.nan)
        return H, H

    def backward(
        self, X: Float, Z: Float, p: Parameters, upstream: Float, grads: Parameters, first: bool
    ) -> Float | None:
        """Centres, then widths through the softplus."""
        dX, grads["W"][:], dsigma = rbf_grads(X, p["W"], positive_scale(p["s"]), upstream)
        grads["s"][:] = dsigma * sigmoid(p["s"])
        return None if first else dX


def _affine_backward(X: Float, W: Float, delta: Float, grads: Parameters, first: bool) -> Float | None:
    # Written where the optimiser reads them. New arrays and a copy cost 7 % of a large network's step on two threads.
    np.matmul(X.T, delta, out=grads["W"])
    delta.sum(axis=0, out=grads["c"])
    return None if first else delta @ W.T


@dataclass(frozen=True)
class Progress:
    """What a progress callback sees after every epoch.

    ``epoch`` of ``epochs`` and ``step`` updates are done; ``loss`` is the mean training loss over the epoch, each
    minibatch before its update, ``validation_loss`` that on the validation data after the epoch, if there are
    any.
    """

    epoch: int
    epochs: int
    step: int
    loss: float
    validation_loss: float | None


@dataclass
class History:
    """What happened during training, one entry an epoch.

    ``loss``: mean training loss over the epoch, each minibatch before its update.
    ``validation_loss``: loss on the validation data after each epoch; empty without validation data.
    ``learning_rate``: that of each epoch's last update. ``steps``: updates in all.
    ``ended``: ``"finished"``, ``"stopped"`` by the progress callback, or ``"diverged"``: the loss was no longer
    finite.
    """

    loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)
    steps: int = 0
    ended: str = "finished"


class Network:
    """A feedforward network: a chain of layers, and an output unit that knows the loss.

    ``layers`` are `Dense`, `Maxout` or `RBF`, each as wide as the next expects; the last one gives the raw
    outputs and is usually linear. ``output``, a key of `fnnkit.outputs.OUTPUT_UNITS` or a unit such as
    ``mixture_unit(5)``, says what they mean, and the negative log-likelihood that is minimised. ``seed``, a
    number or a generator, gives the initial parameters.

    ``theta`` (P,) holds all parameters, and the list ``parameters`` the same numbers layer by layer, under the
    names of the formulas: assign to ``theta[:]`` or to ``parameters[0]["W"][:]``.

    Slides "Feedforward Neural Networks" and "Output Units"; Goodfellow et al. (2016), chapter 6.

    The network of the slides solves XOR:

    >>> network = Network([Dense(2, 2, "relu"), Dense(2, 1)], output="gaussian")
    >>> network.parameters[0]["W"][:], network.parameters[0]["c"][:] = 1.0, [0.0, -1.0]
    >>> network.parameters[1]["W"][:], network.parameters[1]["c"][:] = [[1.0], [-2.0]], 0.0
    >>> network.forward([[0, 0], [0, 1], [1, 0], [1, 1]]).ravel()
    array([0., 1., 1., 0.])
    """

    layers: tuple[Layer, ...]
    output: OutputUnit
    theta: Float
    parameters: list[Parameters]

    def __init__(
        self,
        layers: Sequence[Layer],
        output: str | OutputUnit = "gaussian",
        seed: int | np.random.Generator = 0,
    ) -> None:
        if len(layers) == 0:
            raise ValueError("layers should have at least one layer, but there is none")
        for i, (below, above) in enumerate(pairwise(layers)):
            if below.n_out != above.n_in:
                raise ValueError(
                    f"layers[{i + 1}] should have {below.n_out} inputs, as many as layers[{i}] has units, "
                    f"but it has {above.n_in}"
                )
        rng = np.random.default_rng(seed)
        self.layers = tuple(layers)
        self.output = output_unit(output) if isinstance(output, str) else output
        self._set_up([layer.initial(rng) for layer in layers])

    def _set_up(self, values: Sequence[Parameters]) -> None:
        size = sum(value.size for p in values for value in p.values())
        self.theta, self._gradient = np.zeros(size), np.zeros(size)
        self.parameters, self._grads = _views(self.theta, values), _views(self._gradient, values)
        for p, initial in zip(self.parameters, values, strict=True):
            for name, value in initial.items():
                p[name][...] = value

    def __getstate__(self) -> dict[str, object]:
        return {"layers": self.layers, "output": self.output, "parameters": self.parameters}

    def __setstate__(self, state: dict[str, Any]) -> None:
        # Copied views would no longer share memory with a copied theta: make them anew.
        self.layers, self.output = state["layers"], state["output"]
        self._set_up(state["parameters"])

    @_SILENT
    def trace(self, X: ArrayLike) -> list[tuple[Float, Float]]:
        """Pre-activations and activations of every layer, first layer first.

        ``X`` (n, d) has one example a row. Returns one pair ``(Z, H)`` a layer, one row an example; the last
        ``H`` holds the raw outputs.

        >>> [H.shape for Z, H in mlp([2, 8, 1]).trace(np.zeros((5, 2)))]
        [(5, 8), (5, 1)]
        """
        return self._trace(real_array("X", X, ("n", self.layers[0].n_in)))

    def _trace(self, H: Float) -> list[tuple[Float, Float]]:
        values = []
        for layer, p in zip(self.layers, self.parameters, strict=True):
            Z, H = layer.forward(H, p)
            values.append((Z, H))
        return values

    def forward(self, X: ArrayLike) -> Float:
        """Raw outputs: logits, scores, or unconstrained parameters of a distribution.

        ``X`` (n, d) has one example a row; returns (n, number of raw outputs).

        >>> mlp([2, 8, 1]).forward([[0.0, 0.0]])
        array([[0.]])
        """
        return self.trace(X)[-1][1]

    def predict(self, X: ArrayLike) -> Float:
        """What the output unit makes of the raw outputs: a mean, or probabilities.

        ``X`` (n, d) has one example a row; returns one row an example.

        >>> mlp([2, 8, 1], output="bernoulli").predict([[0.0, 0.0]])
        array([[0.5]])
        """
        return self.output.predict(self.forward(X))

    def _targets(self, y: ArrayLike) -> ArrayLike:
        """One number an example is a column; labels stay as they are."""
        if self.output.targets == "label":
            return y
        targets = real_array("y", y)
        return targets[:, np.newaxis] if targets.ndim == 1 else targets

    @_SILENT
    def loss(self, X: ArrayLike, y: ArrayLike) -> float:
        """Loss of the output unit, averaged over the examples.

        ``X`` (n, d) has one example a row, at least one; ``y`` are targets as the output unit takes them: labels
        (n,), or zeros and ones or numbers (n, d), where (n,) will do for d = 1. NaN if the raw outputs are not
        finite.

        >>> round(mlp([2, 8, 10], output="multinoulli").loss([[0.0, 0.0]], [3]), 6)  # log 10
        2.302585
        """
        raw = self.forward(X)
        return self.output.loss(raw, self._targets(y)) if np.isfinite(raw).all() else float("nan")

    @_SILENT
    def gradients(self, X: ArrayLike, y: ArrayLike) -> tuple[float, list[Parameters]]:
        """Loss and its gradient with respect to every parameter, by back-propagation.

        Arguments as in `loss`. Returns the loss and a list like `parameters`.

        Slides "Backpropagation" to "Gradient of Weight Matrix W"; Goodfellow et al. (2016), algorithms 6.3 and
        6.4.

        >>> loss, grads = mlp([2, 8, 1], output="bernoulli").gradients([[0.0, 0.0]], [1])
        >>> grads[1]["c"]
        array([-0.5])
        """
        loss = self._backpropagate(X, y)
        return loss, [{name: value.copy() for name, value in p.items()} for p in self._grads]

    def _backpropagate(self, X: ArrayLike, y: ArrayLike) -> float:
        """Leave the gradient in `_gradient` and return the loss; NaN where raw outputs are not finite."""
        X = real_array("X", X, ("n", self.layers[0].n_in))
        values = self._trace(X)
        raw = values[-1][1]
        if not np.isfinite(raw).all():
            self._gradient.fill(np.nan)
            return float("nan")
        targets = self._targets(y)
        loss = self.output.loss(raw, targets)
        upstream: Float | None = self.output.gradient(raw, targets)
        for i in reversed(range(len(self.layers))):
            below = values[i - 1][1] if i > 0 else X
            assert upstream is not None
            upstream = self.layers[i].backward(
                below, values[i][0], self.parameters[i], upstream, self._grads[i], first=i == 0
            )
        return loss

    @_SILENT
    def step(
        self,
        X: ArrayLike,
        y: ArrayLike,
        optimiser: Optimiser,
        learning_rate: float,
        max_norm: float | None = None,
    ) -> float:
        """One update on one minibatch: forward, backward, ``θ ← θ - η ∇J(θ)`` or what the optimiser does instead.

        ``X`` and ``y`` are the minibatch, ``optimiser`` was started with ``optimiser.start(network.theta.size)``,
        and ``max_norm`` clips the gradient to that global norm. Returns the loss before the update. NaN or
        infinity, also for a gradient that is not finite and should be clipped, means that there was no update.

        Slide "Stochastic Gradient Method".

        >>> network, optimiser = mlp([2, 8, 1], output="bernoulli"), SGD()
        >>> optimiser.start(network.theta.size)
        >>> loss = network.step([[0.0, 0.0]], [1], optimiser, learning_rate=0.1)
        >>> network.parameters[1]["c"]
        array([0.05])
        """
        loss = self._backpropagate(X, y)
        if max_norm is not None:
            if not np.isfinite(self._gradient).all():
                return float("nan")
            self._gradient[:] = clip_by_global_norm([self._gradient], max_norm)[0]
        if np.isfinite(loss):
            optimiser.update(self.theta, self._gradient, learning_rate)
        return loss

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        epochs: int = 100,
        batch_size: int = 32,
        learning_rate: float | Callable[[int], float] = 0.1,
        optimiser: Optimiser | None = None,
        max_norm: float | None = None,
        validation: tuple[ArrayLike, ArrayLike] | None = None,
        progress: Callable[[Progress], object] | None = None,
        seed: int | np.random.Generator = 0,
    ) -> History:
        """Train on minibatches in random order, from the parameters as they are.

        ``X`` (n, d) and ``y`` are the training examples, as in `loss`; the last minibatch of an epoch may have
        fewer than ``batch_size``.
        ``learning_rate``: constant, or a function of the number k = 0, 1, … of the update, such as
        ``lambda k: linear_decay(k, 1000, 0.1, 0.001)``.
        ``optimiser``: `SGD` without momentum if not given; its state starts afresh.
        ``max_norm``: clip every gradient to this global norm.
        ``validation``: a pair of inputs and targets whose loss is recorded after every epoch.
        ``progress``: called with a `Progress` after every epoch; training stops when it returns True.
        ``seed``: a number or a generator, for the order of the examples.
        Returns a `History`. When the loss is no longer finite, training ends.

        Slides "Stochastic Gradient Method" and "Stochastic Gradient Method: Learning rate".

        >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
        >>> network = Network([Dense(2, 8, "tanh"), Dense(8, 1)], output="bernoulli", seed=1)
        >>> history = network.fit(X, y, epochs=500, batch_size=4, learning_rate=1.0)
        >>> network.predict(X).round().ravel()
        array([0., 1., 1., 0.])
        """
        X, y = real_array("X", X, ("n", self.layers[0].n_in)), np.asarray(y)
        n = len(X)
        if n == 0:
            raise ValueError("X should have at least one row, but it has none")
        if y.shape[:1] != (n,):
            raise ValueError(f"y should have one entry a row of X, {n}, but it is {describe(y)}")
        whole_number("epochs", epochs)
        rate_of = learning_rate if callable(learning_rate) else lambda k: learning_rate
        rng = np.random.default_rng(seed)
        optimiser = SGD() if optimiser is None else optimiser
        optimiser.start(self.theta.size)
        history = History()
        for epoch in range(1, epochs + 1):
            total = 0.0
            for batch in minibatches(n, batch_size, rng.permutation(n)):
                rate = rate_of(history.steps)
                loss = self.step(X[batch], y[batch], optimiser, rate, max_norm)
                total += loss * len(batch)
                if not np.isfinite(loss):
                    history.ended = "diverged"
                    return history
                history.steps += 1
            history.loss.append(total / n)
            history.learning_rate.append(rate)
            if validation is not None:
                history.validation_loss.append(self.loss(*validation))
            if progress is not None:
                held_out = history.validation_loss[-1] if validation is not None else None
                answer = progress(Progress(epoch, epochs, history.steps, total / n, held_out))
                if isinstance(answer, bool | np.bool_) and answer:
                    history.ended = "stopped"
                    return history
        return history


def mlp(
    widths: Sequence[int],
    activation: str = "relu",
    output: str | OutputUnit = "gaussian",
    seed: int | np.random.Generator = 0,
) -> Network:
    """A multilayer perceptron: dense layers of the given widths, the last one linear.

    ``widths`` are the number of inputs, of units of each hidden layer, and of raw outputs; ``activation`` is that
    of all hidden layers, ``output`` and ``seed`` are as in `Network`.

    Slide "Neural Network: Types".

    >>> network = mlp([64, 128, 10], "relu", "multinoulli")
    >>> network.theta.size
    9610
    """
    if len(widths) < 2:
        raise ValueError(f"widths should be two or more, but it is {describe(widths)}")
    last = len(widths) - 2
    pairs = pairwise(widths)
    layers = [Dense(a, b, activation if i < last else "linear") for i, (a, b) in enumerate(pairs)]
    return Network(layers, output, seed)


def _views(vector: Float, like: Sequence[Parameters]) -> list[Parameters]:
    """Cut a vector into arrays of the shapes, and under the names, of ``like``."""
    views: list[Parameters] = []
    start = 0
    for p in like:
        views.append({})
        for name, value in p.items():
            views[-1][name] = vector[start : start + value.size].reshape(value.shape)
            start += value.size
    return views
