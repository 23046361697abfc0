"""Gradient methods: steps, learning rates, minibatches and clipping.

The functions are the formulas of the slides: they return new arrays and new state, and change nothing.
The classes at the end carry that state for `fnnkit.network.Network.fit`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fnnkit.arguments import Float, describe, real_array, whole_number


def gradient_descent(
    grad: Callable[[Float], ArrayLike], theta0: ArrayLike, learning_rate: float, steps: int
) -> Float:
    """Path of gradient descent, ``theta ← theta - learning_rate * grad(theta)``.

    On a quadratic with largest curvature ``lambda_max`` it converges for ``learning_rate * lambda_max < 2``,
    oscillates at 2 and diverges above.

    ``theta0`` (d,) is where to start (any other shape works as well), ``grad`` takes a point and returns the
    gradient there, of its shape. Returns (steps + 1, d), the points visited, one a row, ``theta0`` first.

    Slides "Gradient-Based Learning" and "Optimization by Gradient Method"; Goodfellow et al. (2016), section 4.3.

    >>> gradient_descent(lambda theta: 2 * theta, [1.0, -2.0], learning_rate=0.25, steps=2)
    array([[ 1.  , -2.  ],
           [ 0.5 , -1.  ],
           [ 0.25, -0.5 ]])
    """
    theta = real_array("theta0", theta0)
    rate, steps = _number("learning_rate", learning_rate), whole_number("steps", steps, 0)
    path = np.empty((steps + 1, *theta.shape))
    path[0] = theta
    with np.errstate(over="ignore", invalid="ignore"):  # a path that diverges ends in inf, then nan
        for k in range(steps):
            path[k + 1] = path[k] - rate * _like(path[k], "theta", "grad(theta)", grad(path[k].copy()))
    return path


@overload
def sgd_step(
    params: Mapping[str, ArrayLike], grads: Mapping[str, ArrayLike], lr: float
) -> dict[str, Float]: ...
@overload
def sgd_step(params: ArrayLike, grads: ArrayLike, lr: float) -> Float: ...
def sgd_step(
    params: Mapping[str, ArrayLike] | ArrayLike, grads: Mapping[str, ArrayLike] | ArrayLike, lr: float
) -> dict[str, Float] | Float:
    """One step of stochastic gradient descent, ``theta ← theta - lr * gradient``.

    ``params`` and ``grads`` are dictionaries of arrays with the same names and shapes, or two arrays. Returns the
    new parameters in the same form.

    Slide "Stochastic Gradient Method", step 4; Goodfellow et al. (2016), algorithm 8.1.

    >>> sgd_step({"w": [1.0, 2.0]}, {"w": [10.0, -10.0]}, lr=0.1)
    {'w': array([0., 3.])}
    """
    rate = _number("lr", lr)
    if not isinstance(params, Mapping):
        theta = real_array("params", params)
        if isinstance(grads, Mapping):
            raise ValueError(f"grads should be an array like params, but it is {describe(grads)}")
        return theta - rate * _like(theta, "params", "grads", grads)
    if not isinstance(grads, Mapping) or set(grads) != set(params):
        names = sorted(grads) if isinstance(grads, Mapping) else describe(grads)
        raise ValueError(f"grads should have the names {sorted(params)}, but they are {names}")
    return {name: sgd_step(value, grads[name], rate) for name, value in params.items()}


def momentum_step(
    theta: ArrayLike, grad: ArrayLike, velocity: ArrayLike, lr: float, decay: float = 0.9
) -> tuple[Float, Float]:
    """One step with momentum: ``v ← decay * v - lr * grad``, ``theta ← theta + v``.

    Under a constant gradient the steps grow to ``lr * grad / (1 - decay)``.

    ``theta``, ``grad`` and ``velocity``, the last step (zeros at the start), have one shape; ``decay`` in [0, 1)
    is the share of the last step that is kept. Returns the new ``theta`` and ``velocity``.

    Slide "Stochastic Gradient Method: Learning rate"; Polyak (1964); Goodfellow et al. (2016), algorithm 8.2.

    >>> theta, v = momentum_step([1.0], [2.0], [0.0], lr=0.1)
    >>> momentum_step(theta, [2.0], v, lr=0.1)
    (array([0.42]), array([-0.38]))
    """
    theta, grad, velocity = _three(theta, grad, velocity, "velocity")
    velocity = _number("decay", decay, below=1.0) * velocity - _number("lr", lr) * grad
    return theta + velocity, velocity


def adagrad_step(
    theta: ArrayLike, grad: ArrayLike, state: ArrayLike, lr: float, eps: float = 1e-8
) -> tuple[Float, Float]:
    """One step of AdaGrad: each coordinate's rate is divided by the root of its accumulated squared gradients.

    ``state ← state + grad²``, ``theta ← theta - lr * grad / (√state + eps)``. From a zero state a coordinate's
    gradient may be rescaled by any positive constant, and for small ``eps`` the path stays the same. The slide says
    "inversely proportional to them" and means their square root. ``eps`` stands outside the root, as in
    Goodfellow et al. and PyTorch; TensorFlow has it inside.

    ``theta``, ``grad`` and ``state``, the sum of squared gradients so far (zeros at the start), have one shape. A
    coordinate whose denominator is 0 stays where it is. Returns the new ``theta`` and ``state``.

    Slide "Stochastic Gradient Method: Learning rate"; Duchi, Hazan, Singer (2011); Goodfellow et al. (2016),
    algorithm 8.4.

    >>> adagrad_step([0.0, 0.0], [3.0, -40.0], [0.0, 0.0], lr=0.5, eps=0)
    (array([-0.5,  0.5]), array([   9., 1600.]))
    """
    theta, grad, state = _three(theta, grad, state, "state", non_negative=True)
    with np.errstate(over="ignore"):  # the square of 1e155 is inf: that coordinate then rests
        state = state + grad**2
    return theta - _number("lr", lr) * _divide(grad, np.sqrt(state) + _number("eps", eps)), state


def rmsprop_step(
    theta: ArrayLike, grad: ArrayLike, state: ArrayLike, lr: float, decay: float = 0.9, eps: float = 1e-8
) -> tuple[Float, Float]:
    """One step of RMSProp: AdaGrad that forgets, with a moving average in place of the sum.

    ``state ← decay * state + (1 - decay) * grad²``, ``theta ← theta - lr * grad / (√state + eps)``.

    ``theta``, ``grad`` and ``state``, the moving average of squared gradients (zeros at the start), have one
    shape; ``decay`` in [0, 1) is the share of it that is kept, ``eps`` as in `adagrad_step`. Returns the new
    ``theta`` and ``state``.

    Slide "Stochastic Gradient Method: Learning rate"; Hinton (2012), Coursera lecture 6e; Goodfellow
    et al. (2016), algorithm 8.5 (with ε inside the root).

    >>> rmsprop_step([1.0], [2.0], [0.0], lr=0.1, decay=0.75, eps=0)
    (array([0.8]), array([1.]))
    """
    theta, grad, state = _three(theta, grad, state, "state", non_negative=True)
    decay = _number("decay", decay, below=1.0)
    with np.errstate(over="ignore"):
        state = decay * state + (1 - decay) * grad**2
    return theta - _number("lr", lr) * _divide(grad, np.sqrt(state) + _number("eps", eps)), state


def adam_step(
    theta: ArrayLike,
    grad: ArrayLike,
    state: tuple[ArrayLike, ArrayLike, int],
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[Float, tuple[Float, Float, int]]:
    """One step of Adam: RMSProp with momentum, both averages corrected for their start at zero.

    ``theta`` and ``grad`` have one shape. ``state`` is ``(m, v, k)``, moving averages of the gradient and of its
    square, and the number of steps taken: start with ``(zeros, zeros, 0)``. ``beta1`` and ``beta2`` in [0, 1) are
    the shares of the averages that are kept; ``eps`` stands outside the root. Returns the new ``theta`` and
    ``state``. No coordinate moves much further than ``lr`` in a step.

    Beyond the slides: Kingma, Ba (2015), algorithm 1; Goodfellow et al. (2016), algorithm 8.7.

    The first step has length ``lr`` in every coordinate:

    >>> theta, state = adam_step([0.0, 0.0], [3.0, -400.0], ([0.0, 0.0], [0.0, 0.0], 0), lr=0.5, eps=0)
    >>> theta
    array([-0.5,  0.5])
    """
    if not (isinstance(state, tuple) and len(state) == 3):
        raise ValueError(f"state should be a tuple (m, v, k), but it is {describe(state)}")
    theta, grad, m = _three(theta, grad, state[0], "state[0]")
    v, k = (
        _three(theta, grad, state[1], "state[1]", non_negative=True)[2],
        whole_number("state[2]", state[2], 0) + 1,
    )
    beta1, beta2 = _number("beta1", beta1, below=1.0), _number("beta2", beta2, below=1.0)
    m = beta1 * m + (1 - beta1) * grad
    with np.errstate(over="ignore"):
        v = beta2 * v + (1 - beta2) * grad**2
    step = _divide(m / (1 - beta1**k), np.sqrt(v / (1 - beta2**k)) + _number("eps", eps))
    return theta - _number("lr", lr) * step, (m, v, k)


def linear_decay(k: int, T: int, eta_0: float, eta_T: float) -> float:
    """Learning rate that falls linearly until update ``T`` and stays constant after.

    ``(1 − k/T) · eta_0 + (k/T) · eta_T`` for update k < T, ``eta_T`` from there on.

    Slide "Stochastic Gradient Method: Learning rate"; Goodfellow et al. (2016), equation 8.14.

    >>> [linear_decay(k, T=4, eta_0=1.0, eta_T=0.2) for k in (0, 2, 4, 100)]
    [1.0, 0.6, 0.2, 0.2]
    """
    k, T = whole_number("k", k, 0), whole_number("T", T, 1)
    share = min(k / T, 1.0)
    return (1 - share) * _number("eta_0", eta_0) + share * _number("eta_T", eta_T)


def robbins_monro(p: float) -> bool:
    """Whether the rates ``η_k = k^-p`` satisfy both conditions of Robbins and Monro.

    ``Σ η_k = ∞`` (any distance can be covered) holds for ``p <= 1``, and ``Σ η_k² < ∞`` (the noise of the
    gradient dies out) for ``p > 1/2``.

    Slide "Stochastic Gradient Method: Learning rate"; Robbins, Monro (1951); Goodfellow et al. (2016),
    equations 8.12 and 8.13.

    >>> [robbins_monro(p) for p in (0.5, 0.75, 1.0, 1.5)]
    [False, True, True, False]
    """
    return 0.5 < _number("p", p, least=-np.inf) <= 1.0


def minibatches(n: int, size: int, order: ArrayLike) -> list[NDArray[np.intp]]:
    """Cut one pass over the examples into minibatches.

    ``order`` (n,) is the order of the pass, such as ``rng.permutation(n)``. Returns a list of index arrays that
    put together are ``order``; the last may be shorter than ``size``.

    Slides "Optimization by Gradient Method" and "Stochastic Gradient Method"; Goodfellow et al. (2016),
    section 8.1.3.

    >>> minibatches(5, 2, order=[3, 1, 4, 0, 2])
    [array([3, 1]), array([4, 0]), array([2])]
    """
    n, size = whole_number("n", n, 0), whole_number("size", size, 1)
    indices = np.array(order)  # a copy, so that the minibatches do not share memory with `order`
    if indices.shape != (n,) or (n > 0 and indices.dtype.kind not in "iu"):
        raise ValueError(f"order should be {n} integers, shape ({n},), but it is {describe(order)}")
    if n > 0 and not (indices.min() >= 0 and indices.max() < n):
        raise ValueError(
            f"order should hold integers from 0 to {n - 1}, but they go from {indices.min()} to {indices.max()}"
        )
    return [indices[start : start + size].astype(np.intp) for start in range(0, n, size)]


def standard_error(per_example: ArrayLike, m: int) -> float:
    """Standard error of the mean over a minibatch, ``σ / √m``.

    Four times the examples halve the error: less than linear returns, which is why minibatches pay.

    ``per_example`` (n,) is a quantity, such as the loss or one entry of the gradient, of at least two examples,
    whose standard deviation (with ``n - 1``) estimates σ; ``m`` examples are drawn with replacement.

    Slide "Optimization by Gradient Method"; Goodfellow et al. (2016), equation 5.46.

    >>> standard_error([1.0, 2.0, 3.0], m=4)
    0.5
    """
    values, m = real_array("per_example", per_example, ("n",)), whole_number("m", m, 1)
    if len(values) < 2:
        raise ValueError(f"per_example should have at least two entries, but its shape is {values.shape}")
    return float(values.std(ddof=1) / np.sqrt(m))


@overload
def clip_by_global_norm(grads: Mapping[str, ArrayLike], max_norm: float) -> dict[str, Float]: ...
@overload
def clip_by_global_norm(grads: Sequence[ArrayLike], max_norm: float) -> list[Float]: ...
def clip_by_global_norm(
    grads: Mapping[str, ArrayLike] | Sequence[ArrayLike], max_norm: float
) -> dict[str, Float] | list[Float]:
    """Shorten the gradient to a largest norm, taken over all its arrays together, and keep its direction.

    ``grads`` is a dictionary or a sequence of arrays. Returns the same with new arrays, multiplied by
    ``min(1, max_norm / norm)`` (zeros stay zeros). A gradient that is not finite has no direction to keep, and is
    refused.

    Slide "Vanishing and Exploding Gradient Problem"; Pascanu, Mikolov, Bengio (2013), section 3.2; Goodfellow
    et al. (2016), equation 10.49.

    >>> clip_by_global_norm([[3.0], [[0.0, 4.0]]], max_norm=1.0)
    [array([0.6]), array([[0. , 0.8]])]
    """
    limit = _number("max_norm", max_norm)
    if isinstance(grads, Mapping):
        return dict(zip(grads, clip_by_global_norm(list(grads.values()), limit), strict=True))
    if not isinstance(grads, list | tuple):
        raise ValueError(
            f"grads should be a list, tuple or dictionary of arrays, but it is {describe(grads)}"
        )
    arrays = [real_array(f"grads[{i}]", gradient) for i, gradient in enumerate(grads)]
    largest = max((float(np.abs(a).max()) for a in arrays if a.size), default=0.0)
    if not all(np.isfinite(a).all() for a in arrays):
        raise ValueError("grads should be finite, but an entry is infinite or NaN")
    if largest == 0.0:
        return [a.copy() for a in arrays]
    # Squares of the entries over the largest neither overflow nor vanish.
    relative_norm = np.sqrt(sum(float(((a / largest) ** 2).sum()) for a in arrays))
    if largest <= limit / relative_norm:
        return [a.copy() for a in arrays]
    return [(a / largest) * (limit / relative_norm) for a in arrays]


class Optimiser(Protocol):
    """What `Network.fit` asks of an optimiser: start afresh, then move a vector of parameters in place."""

    def start(self, size: int) -> None:
        """Forget all state; ``size`` parameters follow."""

    def update(self, theta: Float, grad: Float, learning_rate: float) -> None:
        """Move ``theta`` in place, given the gradient there. ``grad`` may be overwritten."""


@dataclass
class SGD:
    """Stochastic gradient descent, with momentum if asked for.

    ``momentum`` in [0, 1) is the share of the last step that is kept.

    Slide "Stochastic Gradient Method"; `sgd_step` and `momentum_step` are its formulas.

    >>> theta, optimiser = np.array([1.0, 2.0]), SGD()
    >>> optimiser.start(2)
    >>> optimiser.update(theta, np.array([10.0, -10.0]), 0.1)
    >>> theta
    array([0., 3.])
    """

    momentum: float = 0.0
    _velocity: Float = field(default_factory=lambda: np.zeros(0), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _number("momentum", self.momentum, below=1.0)

    def start(self, size: int) -> None:
        """Forget the last step."""
        self._velocity = np.zeros(size if self.momentum else 0)

    def update(self, theta: Float, grad: Float, learning_rate: float) -> None:
        """Move ``theta`` in place; ``grad`` is overwritten."""
        # The formulas of sgd_step and momentum_step, without new arrays.
        grad *= learning_rate
        if self.momentum:
            self._velocity *= self.momentum
            self._velocity -= grad
            theta += self._velocity
        else:
            theta -= grad


@dataclass
class AdaGrad:
    """AdaGrad, with the formula of `adagrad_step`.

    Slide "Stochastic Gradient Method: Learning rate"; Duchi, Hazan, Singer (2011).

    >>> theta, optimiser = np.array([1.0, 2.0]), AdaGrad(eps=0)
    >>> optimiser.start(2)
    >>> optimiser.update(theta, np.array([10.0, -0.1]), 0.5)
    >>> theta
    array([0.5, 2.5])
    """

    eps: float = 1e-8
    _state: Float = field(default_factory=lambda: np.zeros(0), init=False, repr=False, compare=False)

    def start(self, size: int) -> None:
        """Forget the accumulated squares."""
        self._state = np.zeros(size)

    def update(self, theta: Float, grad: Float, learning_rate: float) -> None:
        """Move ``theta`` in place."""
        theta[:], self._state = adagrad_step(theta, grad, self._state, learning_rate, self.eps)


@dataclass
class RMSProp:
    """RMSProp, with the formula of `rmsprop_step`.

    Slide "Stochastic Gradient Method: Learning rate"; Hinton (2012), Coursera lecture 6e.

    >>> theta, optimiser = np.array([1.0]), RMSProp(decay=0.75, eps=0)
    >>> optimiser.start(1)
    >>> optimiser.update(theta, np.array([2.0]), 0.1)
    >>> theta
    array([0.8])
    """

    decay: float = 0.9
    eps: float = 1e-8
    _state: Float = field(default_factory=lambda: np.zeros(0), init=False, repr=False, compare=False)

    def start(self, size: int) -> None:
        """Forget the average of squares."""
        self._state = np.zeros(size)

    def update(self, theta: Float, grad: Float, learning_rate: float) -> None:
        """Move ``theta`` in place."""
        theta[:], self._state = rmsprop_step(theta, grad, self._state, learning_rate, self.decay, self.eps)


@dataclass
class Adam:
    """Adam, with the formula of `adam_step`.

    Beyond the slides: Kingma, Ba (2015).

    >>> theta, optimiser = np.array([1.0, 2.0]), Adam(eps=0)
    >>> optimiser.start(2)
    >>> optimiser.update(theta, np.array([10.0, -0.1]), 0.5)
    >>> theta
    array([0.5, 2.5])
    """

    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    _state: tuple[Float, Float, int] = field(
        default_factory=lambda: (np.zeros(0), np.zeros(0), 0), init=False, repr=False, compare=False
    )

    def start(self, size: int) -> None:
        """Forget both averages."""
        self._state = (np.zeros(size), np.zeros(size), 0)

    def update(self, theta: Float, grad: Float, learning_rate: float) -> None:
        """Move ``theta`` in place."""
        theta[:], self._state = adam_step(
            theta, grad, self._state, learning_rate, self.beta1, self.beta2, self.eps
        )


def _divide(numerator: Float, denominator: Float) -> Float:
    return np.divide(numerator, denominator, out=np.zeros(denominator.shape), where=denominator > 0)


def _three(
    theta: ArrayLike, grad: ArrayLike, state: ArrayLike, state_name: str, non_negative: bool = False
) -> tuple[Float, Float, Float]:
    point = real_array("theta", theta)
    memory = _like(point, "theta", state_name, state)
    if non_negative and (memory < 0).any():
        raise ValueError(f"{state_name} should hold no negative number, but its least is {memory.min():g}")
    return point, _like(point, "theta", "grad", grad), memory


def _like(array: Float, array_name: str, name: str, value: ArrayLike) -> Float:
    other = real_array(name, value)
    if other.shape != array.shape:
        raise ValueError(
            f"{name} should have the shape of {array_name}, {array.shape}, but it is {describe(other)}"
        )
    return other


def _number(name: str, value: float, least: float = 0.0, below: float = np.inf) -> float:
    number = float(real_array(name, value, ()))
    if not least <= number < below or number == -np.inf:
        limits = " and ".join(
            [f"at least {least:g}"] * (least > -np.inf) + [f"below {below:g}"] * (below < np.inf)
        )
        raise ValueError(
            f"{name} should be a finite number{', ' * bool(limits)}{limits}, but it is {number:g}"
        )
    return number
