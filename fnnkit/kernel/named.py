"""Test functions that an exercise hands to a student's function, by name, so that a case stays plain data.

This file also runs inside the marking sandbox, so it imports numpy alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
        If no test function has that name.
    """

    __slots__ = ("name", "parameters")

    def __init__(self, name: str, **parameters: Any) -> None:
        if name not in FUNCTIONS:
            raise ValueError(f"there is no test function {name!r}; there are: {', '.join(sorted(FUNCTIONS))}")
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


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "quadratic": quadratic,
    "quadratic_gradient": quadratic_gradient,
    "sine": np.sin,
    "exponential": np.exp,
    "square": np.square,
    "double": double,
    "hyperbolic_cosine": np.cosh,
    "hyperbolic_sine": np.sinh,
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
}
