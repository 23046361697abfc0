"""Derivatives by differences, and a checker that finds the wrong entry of a gradient."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fnnkit.arguments import Float, describe, real_array


def numerical_derivative(f: Callable[[Float], ArrayLike], z: ArrayLike, eps: float = 1e-5) -> Float:
    """Derivative of an elementwise function by central differences.

    The error of the central difference is ``eps² f'''/6`` from the formula and about ``1e-16 |f| / eps`` from
    rounding: they balance near ``eps = 1e-5``. A one-sided difference would be off by ``eps f''/2``.

    ``f`` is elementwise. The value is ``(f(z + eps) − f(z − eps)) / (2 eps)``.

    Slide "Softplus function" (whose derivatives it verifies); Press et al. (2007), *Numerical Recipes*,
    section 5.7.

    >>> numerical_derivative(np.square, [0.0, 1.0, 3.0]).round(6)
    array([0., 2., 6.])
    """
    z, eps = real_array("z", z), _positive("eps", eps)
    return (_elementwise(f, z + eps) - _elementwise(f, z - eps)) / (2 * eps)


def numerical_gradient(f: Callable[[Float], float], theta: ArrayLike, eps: float = 1e-5) -> Float:
    """Gradient of a scalar function by central differences, one entry at a time.

    Two evaluations of ``f`` an entry: back-propagation gets all entries for about the price of two evaluations.

    ``f`` takes an array of the shape of ``theta``, which is any, and returns a number. Returns that shape; entry
    i is ``(f(theta + eps e_i) − f(theta − eps e_i)) / (2 eps)``.

    Slide "Backpropagation: Weight update" (whose gradients it verifies); Goodfellow et al. (2016), section 11.5.

    >>> numerical_gradient(lambda theta: theta[0] ** 2 + 3 * theta[1], [2.0, 5.0]).round(6)
    array([4., 3.])
    """
    theta, eps = real_array("theta", theta), _positive("eps", eps)
    gradient = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += eps
        down[i] -= eps
        gradient[i] = (_scalar(f, up) - _scalar(f, down)) / (2 * eps)
    return gradient


@dataclass(frozen=True)
class GradientCheck:
    """What a comparison of a gradient with differences found.

    ``ok``: whether every entry agrees. ``index``: the worst entry.
    ``yours``, ``numerical``: its value in the gradient under test, and by differences.
    ``error``: how far ``numerical`` may be off, by its own estimate.
    ``kinks``: entries at which left and right slope differ, where any value between the two is accepted.
    ``wrong``: entries that disagree, of ``size`` in all. ``reason``: why the worst entry disagrees.
    ``name``: what the gradient is called in messages.

    >>> check = check_gradient(lambda theta: float(theta @ theta), [1.0, 3.0], [2.0, 3.0])
    >>> bool(check), check.index, round(check.ratio, 6)
    (False, (1,), 0.5)
    """

    ok: bool
    index: tuple[int, ...]
    yours: float
    numerical: float
    error: float
    kinks: int
    wrong: int
    size: int
    reason: str = ""
    name: str = "gradient"

    @property
    def ratio(self) -> float:
        """Yours over numerical: 2 is a missing ½, -1 a sign, the batch size a missing mean."""
        return self.yours / self.numerical if self.numerical else float("nan")

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        if self.size == 0:
            return f"{self.name}: empty, nothing to compare"
        entry = f"{self.name}[{', '.join(map(str, self.index))}]" if self.index else self.name
        if self.ok:
            kinks = f", {self.kinks} at a kink" if self.kinks else ""
            return f"{self.name}: all {self.size} entries agree{kinks}"
        values = f"yours {self.yours:.6g}, numerical {self.numerical:.6g}"
        if np.isfinite(self.ratio):
            values += f", ratio {self.ratio:.4g}"
        return f"{entry}: {values} ({self.reason}; {self.wrong} of {self.size} entries disagree)"


def check_gradient(
    f: Callable[[Float], float],
    theta: ArrayLike,
    gradient: ArrayLike,
    rtol: float = 1e-6,
    name: str = "gradient",
) -> GradientCheck:
    """Compare a gradient with differences that choose their own steps and say how far they can be trusted.

    Every entry is differentiated at a whole range of steps, and the step at which the difference quotient
    has settled best is kept with an estimate of its error. So large and tiny scales pass, a kink beside the point is
    left out by a step that is shorter than the distance, and an entry is never excused by the size of others.
    At a kink the left and the right slope differ however short the step; every number between the two is
    a subgradient and passes. NaN and infinity fail.

    Where several kinks with slopes of different signs meet in one point, the gradient that back-propagation
    gives need not lie between the two slopes (``relu(z) - relu(-z)`` at 0); check beside such a point.
    An entry below the rounding noise of ``f`` (about ``1e-14 |f|``) cannot be told from zero. If ``f`` returns float32, its
    coarser rounding is allowed for.

    ``f`` takes an array of the shape of ``theta`` and returns a number, about 26 times an entry; ``gradient`` has
    that shape too. ``rtol`` is allowed beside the error of the numerical value. Returns a `GradientCheck`, true
    in a condition when all entries agree; ``str`` of it names the worst entry.

    Slide "Backpropagation: Weight update"; Goodfellow et al. (2016), section 11.5; Press et al. (2007),
    section 5.7 (choice of the step).

    >>> half_square = lambda theta: 0.5 * float(theta @ theta)
    >>> print(check_gradient(half_square, [1.0, -2.0], [1.0, -2.0]))
    gradient: all 2 entries agree
    >>> print(check_gradient(half_square, [1.0, -2.0], [1.0, 2.0]))
    gradient[1]: yours 2, numerical -2, ratio -1 (the values differ; 1 of 2 entries disagree)
    """
    theta = real_array("theta", theta)

    def move(offset: Float) -> Float:
        values = np.empty(theta.shape)
        for i in np.ndindex(theta.shape):
            moved = theta.copy()
            moved[i] += offset[i]
            values[i] = _scalar(f, moved)
        return values

    rounding = _rounding(f, theta)
    return _compare(move, theta, "theta", real_array("gradient", gradient), "gradient", rtol, rounding, name)


def check_derivative(
    f: Callable[[Float], ArrayLike],
    z: ArrayLike,
    derivative: ArrayLike,
    rtol: float = 1e-6,
    name: str = "derivative",
) -> GradientCheck:
    """Compare the derivative of an elementwise function with differences, as `check_gradient` does.

    ``f`` is elementwise; ``z`` and ``derivative`` have one shape. Returns a `GradientCheck`.

    Slide "Softplus function"; Press et al. (2007), section 5.7.

    The slope of a ReLU at 0 may be anything from 0 to 1:

    >>> print(check_derivative(lambda z: np.maximum(0, z), [-1.0, 0.0, 2.0], [0.0, 0.0, 1.0]))
    derivative: all 3 entries agree, 1 at a kink
    """
    z = real_array("z", z)
    return _compare(
        lambda offset: _elementwise(f, z + offset),
        z,
        "z",
        real_array("derivative", derivative),
        "derivative",
        rtol,
        _rounding(f, z),
        name,
    )


def check_gradients(
    f: Callable[[dict[str, Float]], float],
    params: Mapping[str, ArrayLike],
    grads: Mapping[str, ArrayLike],
    rtol: float = 1e-6,
) -> dict[str, GradientCheck]:
    """Compare the gradients of named parameters with differences, one parameter at a time.

    ``f`` takes a dictionary like ``params`` and returns a number; ``grads`` has the same names and shapes.
    Returns a dictionary of one `GradientCheck` a parameter; that of ``W`` is called ``dW`` in its message.

    Slides "Gradient of Weight Matrix U" and "Gradient of Weight Matrix W".

    >>> loss = lambda p: float((p["W"] ** 2).sum() + p["b"].sum())
    >>> params = {"W": np.ones((2, 2)), "b": np.zeros(2)}
    >>> checks = check_gradients(loss, params, {"W": np.full((2, 2), 2.0), "b": [1.0, 0.5]})
    >>> for check in checks.values():
    ...     print(check)
    dW: all 4 entries agree
    db[1]: yours 0.5, numerical 1, ratio 0.5 (the values differ; 1 of 2 entries disagree)
    """
    if set(params) != set(grads):
        raise ValueError(f"grads should have the names {sorted(params)}, but they are {sorted(grads)}")
    values = {name: real_array(name, value) for name, value in params.items()}

    def loss_of(name: str) -> Callable[[Float], float]:
        return lambda value: f({**{other: array.copy() for other, array in values.items()}, name: value})

    return {
        name: check_gradient(loss_of(name), values[name], grads[name], rtol, f"d{name}") for name in values
    }


_SHRINK = 8.0  # ratio of one step to the next: a smooth quotient's error falls by 64
_STEPS = 13  # from a tenth of the scale to 1e-12 of it
_UNITS_OF_ROUNDING = 8  # in a value of f: it has gone through more than one operation


@dataclass
class _Slopes:
    """Difference quotients at the step of each entry that has settled best."""

    central: Float
    low: Float  # the smaller one-sided slope
    high: Float
    error: Float
    noise: Float
    kink: NDArray[np.bool_]


def _slopes(move: Callable[[Float], Float], x: Float, rounding: float) -> _Slopes:
    with np.errstate(all="ignore"):  # a long step may well leave the domain of f; such steps are dropped
        here = move(np.zeros(x.shape))
        empty = np.full(x.shape, np.nan)
        best = _Slopes(empty, empty, empty, np.full(x.shape, np.inf), empty, np.zeros(x.shape, dtype=bool))
        scales = [np.maximum(np.abs(x), 1.0)]
        if np.any((x != 0) & (np.abs(x) < 1e-4)):  # a point that small may be the scale of f itself
            scales.append(np.where(x == 0, 1.0, np.abs(x)))
        for scale in scales:
            central_before, gap_before = empty, empty
            for k in range(_STEPS):
                step = 0.1 * scale * _SHRINK**-k
                ahead, behind = (x + step) - x, x - (x - step)  # the steps as rounding made them
                f_ahead, f_behind = move(ahead), move(-behind)
                central = (f_ahead - f_behind) / (ahead + behind)
                forward, backward = (f_ahead - here) / ahead, (here - f_behind) / behind
                gap = np.abs(forward - backward)
                noise = rounding * np.maximum(np.abs(f_ahead), np.abs(f_behind)) / step
                error = np.abs(central - central_before) + noise
                # A long step may seem settled, because f repeats itself or a kink lies inside: a shorter one
                # that contradicts it, and is sure of it, wins.
                contradiction = np.abs(central - best.central)
                surer = (contradiction > 10 * best.error) & (error < 1e-3 * contradiction)
                better = np.isfinite(error) & np.isfinite(gap) & ((error < best.error) | surer)
                best = _Slopes(
                    np.where(better, central, best.central),
                    np.where(better, np.minimum(forward, backward), best.low),
                    np.where(better, np.maximum(forward, backward), best.high),
                    np.where(better, error, best.error),
                    np.where(better, noise, best.noise),
                    # On a smooth function the gap between the one-sided slopes shrinks with the step.
                    np.where(better, (gap > 0.5 * gap_before) & (gap > 8 * noise), best.kink),
                )
                central_before, gap_before = central, gap
    return best


def _compare(
    move: Callable[[Float], Float],
    x: Float,
    x_name: str,
    given: Float,
    given_name: str,
    rtol: float,
    rounding: float,
    name: str,
) -> GradientCheck:
    rtol = _positive("rtol", rtol)
    if given.shape != x.shape:
        raise ValueError(
            f"{given_name} should have the shape of {x_name}, {x.shape}, but it is {describe(given)}"
        )
    if x.size == 0:
        return GradientCheck(True, (), 0.0, 0.0, 0.0, 0, 0, 0, name=name)
    slopes = _slopes(move, x, rounding)
    with np.errstate(all="ignore"):
        magnitude = np.maximum(np.abs(given), np.abs(slopes.central))
        below = np.where(slopes.kink, slopes.low, slopes.central)
        above = np.where(slopes.kink, slopes.high, slopes.central)
        outside = np.maximum(np.maximum(below - given, given - above), 0.0)
        excess = outside / (rtol * magnitude + slopes.error)
        excess = np.where(outside == 0.0, 0.0, excess)
        settled = slopes.error <= 0.01 * magnitude + 100 * slopes.noise
        finite = np.isfinite(given) & np.isfinite(slopes.central)
    excess = np.where(finite & settled & np.isfinite(excess), excess, np.inf)
    wrong = ~(excess <= 1.0)
    # Among entries that are infinitely wrong, the first; otherwise the largest excess.
    i = np.unravel_index(int(np.argmax(excess)), x.shape)
    if not np.isfinite(given[i]):
        reason = "yours is not finite"
    elif not np.isfinite(slopes.central[i]):
        reason = "f is not finite nearby"
    elif not settled[i]:
        reason = "the differences do not settle: f jumps or is rough there"
    else:
        reason = "the values differ"
    return GradientCheck(
        ok=not wrong.any(),
        index=tuple(int(j) for j in i),
        yours=float(given[i]),
        numerical=float(slopes.central[i]),
        error=float(slopes.error[i]),
        kinks=int(np.count_nonzero(slopes.kink)),
        wrong=int(np.count_nonzero(wrong)),
        size=x.size,
        reason=reason if wrong.any() else "",
        name=name,
    )


def _rounding(f: Callable[[Float], ArrayLike], x: Float) -> float:
    """Relative rounding error of a value of ``f``, by the precision that it returns."""
    with np.errstate(all="ignore"):
        dtype = np.asarray(f(x.copy())).dtype
    eps = np.finfo(dtype if dtype in (np.float16, np.float32) else np.float64).eps
    return _UNITS_OF_ROUNDING * float(eps)


def _positive(name: str, value: float) -> float:
    number = float(real_array(name, value, ()))
    if not 0 < number < np.inf:
        raise ValueError(f"{name} should be a positive number, but it is {number:g}")
    return number


def _elementwise(f: Callable[[Float], ArrayLike], z: Float) -> Float:
    value = real_array("f(z)", f(z.copy()))
    if value.shape != z.shape:
        raise ValueError(f"f(z) should have the shape of z, {z.shape}, but it is {describe(value)}")
    return value


def _scalar(f: Callable[[Float], float], theta: Float) -> float:
    return float(real_array("f(theta)", f(theta), ()))
