"""Test functions that an exercise hands to a student's function, by name, so that a case stays plain data.

This file also runs inside the marking sandbox, so it imports numpy alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import Formatter
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]


class Named:
    """A test function known by its name and parameters, e.g. ``Named("quadratic", A=A, b=b)``.

    Raises
    ------
    ValueError
        If no test function has that name, or it has other parameters.
    """

    __slots__ = ("name", "parameters")

    def __init__(self, name: str, **parameters: Any) -> None:
        if name not in FUNCTIONS:
            raise ValueError(f"there is no test function {name!r}; there are: {', '.join(sorted(FUNCTIONS))}")
        if parameters.keys() != PARAMETERS[name]:
            raise ValueError(
                f"the test function {name!r} has the parameters {', '.join(sorted(PARAMETERS[name])) or '(none)'}"
            )
        self.name = name
        self.parameters: Mapping[str, Any] = MappingProxyType(parameters)

    def function(self) -> Callable[..., Any]:
        """Make the function itself; its parameters are bound, its inputs are never changed."""
        make, parameters = FUNCTIONS[self.name], dict(self.parameters)

        def named(*args: Any) -> Any:
            return make(*args, **parameters)

        named.__name__ = self.name
        return named

    def written(self, typed: Callable[[Any], str] = repr) -> str:
        """The function as one could type it, or its name; ``typed`` writes its parameters."""
        return WRITTEN.get(self.name, self.name).format(**{k: typed(v) for k, v in self.parameters.items()})

    def __repr__(self) -> str:
        return f"{self.name} (a test function)"


def quadratic(x: Float, A: Float, b: Float) -> float:
    """Quadratic bowl ``½ xᵀ A x − bᵀ x``, A symmetric ``(d, d)``, b ``(d,)``."""
    return float(0.5 * x @ A @ x - b @ x)


def quadratic_gradient(x: Float, A: Float, b: Float) -> Float:
    """Gradient of `quadratic`: ``A x − b``, shape ``(d,)``."""
    gradient: Float = A @ x - b
    return gradient


def double(x: Float) -> Float:
    """Twice the input, elementwise: the derivative of the square."""
    return 2.0 * x


def relu(z: Float) -> Float:
    """Rectified linear unit."""
    return np.maximum(0.0, z)


def softplus(z: Float) -> Float:
    """``log(1 + eᶻ)``."""
    return np.logaddexp(0.0, z)


def sigmoid(z: Float) -> Float:
    """Logistic sigmoid: the derivative of softplus."""
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def tanh_slope(z: Float) -> Float:
    """Derivative of tanh."""
    return 1.0 - np.tanh(z) ** 2


def polynomial(x: Float, coefficients: Float) -> Any:
    """Polynomial, the coefficient of the highest power first."""
    return np.polyval(coefficients, x)


def sigmoid_step(x: Float, low: float, high: float, slope: float, centre: float) -> Float:
    """Sigmoid from one height to another."""
    return low + (high - low) * sigmoid(slope * (x - centre))


def step_with_bump(x: Float, height: float, at: float) -> Float:
    """Sigmoid and a bump on it: it rises from 0 to 1, and falls a little on the way."""
    return sigmoid(x) + height * np.exp(-((x - at) ** 2))


def ramp(x: Float, left: float, right: float) -> Float:
    """0, a straight rise, 1."""
    return np.clip((x - left) / (right - left), 0.0, 1.0)


def jump(x: Float, at: float) -> Float:
    """0 on the left of a place, 1 from there on."""
    return np.where(x < at, 0.0, 1.0)


def wave(x: Float, middle: float, amplitude: float, frequency: float, shift: float) -> Float:
    """Sine about a middle."""
    return middle + amplitude * np.sin(frequency * x + shift)


def cubic(x: Float, C: Float, k: float) -> float:
    """Cubic ``Σ C x³ + k x_first x_last``, of any shape."""
    return float(np.sum(C * x**3) + k * x.flat[0] * x.flat[-1])


def weighted(a: float, b: float, c: float) -> float:
    """Three arguments, each with a weight of its own."""
    return a + 2.0 * b - 3.0 * c


def one() -> float:
    """A constant: an operation without arguments."""
    return 1.0


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "quadratic": quadratic,
    "quadratic_gradient": quadratic_gradient,
    "sine": np.sin,
    "exponential": np.exp,
    "square": np.square,
    "double": double,
    "hyperbolic_cosine": np.cosh,
    "hyperbolic_sine": np.sinh,
    "cosine": np.cos,
    "tanh": np.tanh,
    "tanh_slope": tanh_slope,
    "relu": relu,
    "softplus": softplus,
    "sigmoid": sigmoid,
    "polynomial": polynomial,
    "sigmoid_step": sigmoid_step,
    "step_with_bump": step_with_bump,
    "ramp": ramp,
    "jump": jump,
    "wave": wave,
    "cubic": cubic,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "weighted": weighted,
    "one": one,
}

# What a student types to make the same call.
WRITTEN = {
    "quadratic": "lambda x: 0.5 * x @ {A} @ x - {b} @ x",
    "quadratic_gradient": "lambda x: {A} @ x - {b}",
    "sine": "np.sin",
    "exponential": "np.exp",
    "square": "np.square",
    "double": "lambda x: 2 * x",
    "hyperbolic_cosine": "np.cosh",
    "hyperbolic_sine": "np.sinh",
    "cosine": "np.cos",
    "tanh": "np.tanh",
    "tanh_slope": "lambda z: 1 - np.tanh(z) ** 2",
    "relu": "lambda z: np.maximum(0, z)",
    "softplus": "lambda z: np.logaddexp(0, z)",
    "sigmoid": "lambda z: (1 + np.tanh(z / 2)) / 2",
    "polynomial": "lambda x: np.polyval({coefficients}, x)",
    "sigmoid_step": "lambda x: {low} + ({high} - {low}) / (1 + np.exp(-{slope} * (x - {centre})))",
    "step_with_bump": "lambda x: 1 / (1 + np.exp(-x)) + {height} * np.exp(-((x - {at}) ** 2))",
    "ramp": "lambda x: np.clip((x - {left}) / ({right} - {left}), 0, 1)",
    "jump": "lambda x: np.where(x < {at}, 0.0, 1.0)",
    "wave": "lambda x: {middle} + {amplitude} * np.sin({frequency} * x + {shift})",
    "cubic": "lambda x: np.sum({C} * x**3) + {k} * x.flat[0] * x.flat[-1]",
    "subtract": "np.subtract",
    "multiply": "np.multiply",
    "divide": "np.divide",
    "weighted": "lambda a, b, c: a + 2 * b - 3 * c",
    "one": "lambda: 1.0",
}

PARAMETERS = {
    name: {field for _, field, _, _ in Formatter().parse(WRITTEN[name]) if field} for name in FUNCTIONS
}
