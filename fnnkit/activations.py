"""Hidden units by name, and how sparse they are; the face of the modules that define them.

`fnnkit.rectifiers`, `fnnkit.sigmoids`, `fnnkit.softmaxes`, `fnnkit.maxouts` and `fnnkit.rbf` hold the formulas, one idea
each: values, derivatives, gradients of parameters. All of them can be imported from here. `ACTIVATIONS` lists every
elementwise unit of the slides, and slices through maxout and RBF units, as data: figures, tests and exercises read it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fnnkit.arguments import Float, real_array, whole_number
from fnnkit.maxouts import maxout, maxout_grad, tangent_maxout
from fnnkit.rbf import rbf_grads, rbf_units
from fnnkit.rectifiers import (
    generalized_relu,
    generalized_relu_grad,
    linear,
    linear_grad,
    prelu_grads,
    relu,
    relu_grad,
)
from fnnkit.sigmoids import (
    hard_tanh,
    hard_tanh_grad,
    logit,
    sigmoid,
    sigmoid_grad,
    softplus,
    softplus_grad,
    softplus_inverse,
    tanh,
    tanh_from_sigmoid,
    tanh_grad,
    threshold_unit,
)
from fnnkit.softmaxes import log_softmax, log_sum_exp, scores_array, softmax

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "Parameter",
    "activation",
    "dead_units",
    "generalized_relu",
    "generalized_relu_grad",
    "hard_tanh",
    "hard_tanh_grad",
    "linear",
    "linear_grad",
    "log_softmax",
    "log_sum_exp",
    "logit",
    "maxout",
    "maxout_grad",
    "prelu_grads",
    "rbf_grads",
    "rbf_units",
    "relu",
    "relu_grad",
    "scores_array",
    "sigmoid",
    "sigmoid_grad",
    "softmax",
    "softplus",
    "softplus_grad",
    "softplus_inverse",
    "sparsity",
    "tangent_maxout",
    "tanh",
    "tanh_from_sigmoid",
    "tanh_grad",
    "threshold_unit",
    "touching_points",
]


def sparsity(H: ArrayLike) -> float:
    """Share of activations that are exactly zero.

    ``H`` are activations of any shape, at least one. From 0 (dense) to 1 (all silent).

    Slide "Rectifier units lead to sparse networks"; Glorot, Bordes, Bengio (2011), "Deep sparse rectifier neural
    networks".

    >>> sparsity([[0.0, 2.0], [0.0, 0.5]])
    0.5
    """
    H = real_array("H", H)
    if H.size == 0:
        raise ValueError(f"H should have at least one entry, but its shape is {H.shape}")
    return float((H == 0.0).mean())


def dead_units(H: ArrayLike) -> NDArray[np.intp]:
    """Units that are exactly zero on every example.

    ``H`` (n, m) are activations, one example a row, at least one. Returns the columns, in ascending order.

    Slide "Hidden Units: ReLUs" ("cannot learn when their activation is zero").

    >>> dead_units([[0.0, 2.0, 0.0], [0.0, 0.5, 1.0]])
    array([0])
    """
    H = real_array("H", H, ("n", "m"))
    if len(H) == 0:
        raise ValueError(f"H should have at least one row, but its shape is {H.shape}")
    return np.flatnonzero((H == 0.0).all(axis=0))


# --- the registry ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Parameter:
    """A parameter of an activation function, with the range that makes sense for a slider.

    ``name`` is a keyword of value and derivative, ``default`` the usual value, ``low`` to ``high`` the range;
    ``whole`` says that only whole numbers make sense.
    """

    name: str
    default: float
    low: float
    high: float
    whole: bool = False


def _none(**parameters: float) -> tuple[float, ...]:
    return ()


def _at_zero(**parameters: float) -> tuple[float, ...]:
    return (0.0,)


@dataclass(frozen=True)
class Activation:
    """One activation function as data.

    ``name``: its key in `ACTIVATIONS`. ``title``: its name in a sentence. ``slide``: title of the slide.
    ``formula``: its value as LaTeX mathematics, without dollar signs.
    ``value(z, **parameters)`` and ``derivative(z, **parameters)`` act elementwise; ``parameters`` says what may
    be set.
    ``kinks(**parameters)``: where the derivative jumps, in ascending order.
    """

    name: str
    title: str
    formula: str
    value: Callable[..., Float]
    derivative: Callable[..., Float]
    slide: str
    parameters: tuple[Parameter, ...] = ()
    kinks: Callable[..., tuple[float, ...]] = _none

    def defaults(self) -> dict[str, float]:
        """Usual value of each parameter.

        >>> ACTIVATIONS["leaky relu"].defaults()
        {'alpha': 0.01}
        """
        return {p.name: int(p.default) if p.whole else p.default for p in self.parameters}


def _leaky(z: ArrayLike, alpha: ArrayLike = 0.01) -> Float:
    return generalized_relu(z, alpha)


def _leaky_grad(z: ArrayLike, alpha: ArrayLike = 0.01) -> Float:
    return generalized_relu_grad(z, alpha)


def _parametric(z: ArrayLike, alpha: ArrayLike = 0.25) -> Float:
    return generalized_relu(z, alpha)


def _parametric_grad(z: ArrayLike, alpha: ArrayLike = 0.25) -> Float:
    return generalized_relu_grad(z, alpha)


def _absolute(z: ArrayLike) -> Float:
    return generalized_relu(z, -1.0)


def _absolute_grad(z: ArrayLike) -> Float:
    return generalized_relu_grad(z, -1.0)


def _threshold(z: ArrayLike) -> Float:
    return threshold_unit(z)[0]


def _threshold_grad(z: ArrayLike) -> Float:
    return threshold_unit(z)[1]


def _bell(z: ArrayLike, sigma: float = 1.0) -> Float:
    """One RBF unit with its centre at 0, along one input."""
    z = real_array("z", z)
    return rbf_units(z.reshape(-1, 1), [[0.0]], sigma).reshape(z.shape)


def _bell_grad(z: ArrayLike, sigma: float = 1.0) -> Float:
    t = np.clip(real_array("z", z) / sigma, -40.0, 40.0)  # exp(−40²) is 0
    return -2.0 / sigma * t * np.exp(-(t**2))


def touching_points(k: int) -> Float:
    """Where the maxout unit of the registry touches the parabola: evenly spaced over [−3, 3].

    >>> touching_points(2)
    array([-1.,  1.])
    """
    return np.linspace(-3.0, 3.0, whole_number("k", k, least=1) + 2)[1:-1]


def _parabola_pieces(z: Float, k: int) -> Float:
    slopes, intercepts = tangent_maxout(lambda x: x**2 / 2.0, lambda x: x, touching_points(k))
    return z[..., np.newaxis] * slopes + intercepts


def _parabola(z: ArrayLike, k: int = 3) -> Float:
    """One maxout unit along one input: the k tangents to ``z² / 2`` at evenly spaced points."""
    return np.asarray(_parabola_pieces(real_array("z", z), k).max(axis=-1))


def _parabola_grad(z: ArrayLike, k: int = 3) -> Float:
    slopes: Float = touching_points(k)[_parabola_pieces(real_array("z", z), k).argmax(axis=-1)]
    return slopes


def _parabola_kinks(k: int = 3) -> tuple[float, ...]:
    points = touching_points(k)  # two tangents to a parabola meet halfway between their points
    return tuple(((points[1:] + points[:-1]) / 2.0).tolist())


def _unit_corners(**parameters: float) -> tuple[float, ...]:
    return (0.0, 1.0)


def _hard_corners(**parameters: float) -> tuple[float, ...]:
    return (-1.0, 1.0)


_XOR, _RELUS, _OTHER = "FNN for Learning XOR", "Hidden Units: ReLUs", "Other Hidden Units"
_SMOOTH = "Logistic Sigmoid and Hyperbolic Tangent"

ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        unit.name: unit
        for unit in (
            Activation(
                "linear",
                "linear unit",
                r"z",
                linear,
                linear_grad,
                "Linear Units for Gaussian Output Distributions",
            ),
            Activation("relu", "rectified linear unit", r"\max(0, z)", relu, relu_grad, _XOR, kinks=_at_zero),
            Activation(
                "absolute value",
                "absolute value rectification",
                r"|z|",
                _absolute,
                _absolute_grad,
                _RELUS,
                kinks=_at_zero,
            ),
            Activation(
                "leaky relu",
                "leaky ReLU",
                r"\max(0, z) + \alpha \min(0, z)",
                _leaky,
                _leaky_grad,
                _RELUS,
                (Parameter("alpha", 0.01, 0.0, 0.3),),
                _at_zero,
            ),
            Activation(
                "parametric relu",
                "parametric ReLU",
                r"\max(0, z) + \alpha \min(0, z)",
                _parametric,
                _parametric_grad,
                _RELUS,
                (Parameter("alpha", 0.25, -1.0, 2.0),),
                _at_zero,
            ),
            Activation(
                "maxout",
                "maxout unit, k tangents to a parabola",
                r"\max_{j \leq k} (p_j z - p_j^2 / 2)",
                _parabola,
                _parabola_grad,
                "Maxout Unit",
                (Parameter("k", 3, 1, 8, whole=True),),
                _parabola_kinks,
            ),
            Activation("sigmoid", "logistic sigmoid", r"\sigma(z)", sigmoid, sigmoid_grad, _SMOOTH),
            Activation("tanh", "hyperbolic tangent", r"\tanh(z)", tanh, tanh_grad, _SMOOTH),
            Activation(
                "rbf",
                "RBF unit, centre 0",
                r"\exp(-z^2 / \sigma^2)",
                _bell,
                _bell_grad,
                _OTHER,
                (Parameter("sigma", 1.0, 0.2, 4.0),),
            ),
            Activation("softplus", "softplus", r"\log(1 + e^z)", softplus, softplus_grad, _OTHER),
            Activation(
                "hard tanh",
                "hard tanh",
                r"\max(-1, \min(1, z))",
                hard_tanh,
                hard_tanh_grad,
                _OTHER,
                kinks=_hard_corners,
            ),
            Activation(
                "threshold",
                "threshold unit",
                r"\max(0, \min(1, z))",
                _threshold,
                _threshold_grad,
                "Sigmoid Units for Bernoulli Output Distributions",
                kinks=_unit_corners,
            ),
        )
    }
)
"""Every activation function of the slides by name, in their order. Maxout and RBF units, which take several inputs, are
shown along one: k tangents to a parabola, and a centre at 0."""


def activation(name: str) -> Activation:
    """Look an activation function up by name; a wrong name is refused with a list of those that there are.

    >>> activation("relu").value([-1.0, 2.0])
    array([0., 2.])
    """
    if not isinstance(name, str) or name not in ACTIVATIONS:
        raise ValueError(f"there is no activation function {name!r}; there are: {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]
