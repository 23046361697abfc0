"""The activation explorer: every hidden unit of the slides, and the student's own function beside it (chapter 3)."""

from __future__ import annotations

import functools
import inspect
import itertools
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.collections import LineCollection

from fnnkit.activations import ACTIVATIONS, Activation, touching_points
from fnnkit.figures.engine.guard import Undrawable, name_of
from fnnkit.figures.engine.live import (
    BLUE,
    GREY,
    ORANGE,
    LiveFigure,
    Shown,
    checked,
    dropdown,
    in_own_style,
    slider,
    table,
)  # fmt: skip
from fnnkit.judge.registry import contents

Z = np.linspace(-5.0, 5.0, 401)
STEP = 1e-3
"""Half the distance of a central difference."""
SYMBOLS = {"alpha": "α", "sigma": "σ", "k": "k"}
# The unit that a student's function is, by the names that the course gives to functions.
UNITS = {
    "generalized_relu": "parametric relu", "maxout": "maxout", "tanh_from_sigmoid": "tanh", "rbf_units": "rbf",
    "hard_tanh": "hard tanh", "softplus": "softplus", "sigmoid": "sigmoid", "relu": "relu", "tanh": "tanh",
    "threshold_unit": "threshold",
}  # fmt: skip
# Units that are special cases of a function's own: there the two may be compared as well.
FAMILIES = {"parametric relu": {"leaky relu"}}
# What is asked first, by the unit that is shown first: question, choices, the answer, why, and what shows it.
QUESTIONS: dict[str, tuple[str, tuple[str, ...], str, str, dict[str, Any]]] = {
    "parametric relu": (
        "α is moved to 1. What becomes of the unit?", ("a ReLU", "a straight line", "the absolute value"), "a straight line",
        "Both sides have slope 1 then: the unit is linear, and bends nothing.", {"alpha": 1.0},
    ),
    "sigmoid": (
        "How large does the derivative of the sigmoid get?", ("1", "½", "¼"), "¼",
        "At z = 0 it is σ(1 − σ) = ½ · ½. Every layer of sigmoids makes an error signal at least four times smaller.", {"z": 0.0},
    ),
}  # fmt: skip
OTHER = (
    "Which of these has a derivative that is zero on a whole half of the axis?", ("ReLU", "leaky ReLU", "tanh"), "ReLU",
    "The others have small slopes there, and not zero: something of the error still comes through.", {"z": -2.0},
)  # fmt: skip
MISTAKES = (
    "slope_on_the_right", "negative_part_subtracted", "alpha_itself_on_the_left", "slope_left_out", "slope_times_everything",
    "sigmoid_of_minus_z", "softplus_itself", "step_of_relu", "tanh_for_sigmoid", "from_the_output", "sigmoid_itself",
    "sigmoid_times_one_plus", "slope_of_tanh", "soft_tanh", "cut_at_zero", "sign_only", "one_everywhere", "hard_tanh_itself",
    "only_squeezed", "not_shifted", "upside_down", "square_forgotten", "slope_of_the_sigmoid", "tanh_itself",
    "width_of_a_gaussian", "distance_not_squared", "mean_of_group", "never_below_zero",
)  # fmt: skip


@in_own_style
def activation_explorer(
    my_function: Callable[..., Any] | None = None,
    my_derivative: Callable[..., Any] | None = None,
    unit: str | None = None,
) -> Shown:
    """Every hidden unit of the slides, value and derivative, with your own function beside the reference.

    Where yours differs, the picture marks it and the line below says it.

    Parameters
    ----------
    my_function : callable, optional
        Yours: ``f(z)`` with ``z`` of any shape (n,), elementwise. It may also take ``alpha``, ``sigma`` or ``k``, which
        then come from the sliders; ``maxout(Z, k)`` and ``rbf_units(X, W, sigma)`` are known as well. Its derivative
        is drawn by central differences.
    my_derivative : callable, optional
        Your derivative, drawn instead of central differences. A function whose name ends in ``_grad`` may be given alone.
    unit : str, optional
        The unit that is shown first, a key of `fnnkit.activations.ACTIVATIONS`; by default the one that your function's
        name says, or the ReLU.

    Returns
    -------
    Shown
        To be the last line of a cell.

    Raises
    ------
    ValueError
        If there is no such unit.

    References
    ----------
    Slides "Hidden Units: ReLUs", "Maxout Unit", "Logistic Sigmoid and Hyperbolic Tangent", "Other Hidden Units".

    Examples
    --------
    >>> shown = activation_explorer(lambda z: np.maximum(0.0, z), unit="leaky relu")
    >>> shown.said
    'leaky ReLU with α = 0.01, at z = 1: h = 1, h′ = 1. Yours: h = 1, h′ ≈ 1. Its value differs from z = -5 to -0.025, by
    up to 0.05 at z = -5. Its derivative differs from z = -5 to -0.025, by up to 0.01 at z = -5.'
    """
    if my_derivative is None and my_function is not None and name_of(my_function).endswith("_grad"):
        my_function, my_derivative = None, my_function
    named = next((name_of(f) for f in (my_function, my_derivative) if f is not None), "")
    own_unit = UNITS.get(named.removeprefix("my_").removesuffix("_grad"))
    if unit is None:
        unit = own_unit or "relu"
    if unit not in ACTIVATIONS:
        raise ValueError(f"unit should be one of {', '.join(ACTIVATIONS)}, but it is {unit!r}")

    # A function is compared with the unit that it is; elsewhere it is drawn for comparison, and nobody is accused.
    first = own_unit or unit
    same = {first} | FAMILIES.get(first, set())

    mine = {"value": my_function, "derivative": my_derivative}
    functions = [f for f in mine.values() if f is not None]
    roles = [role for role, f in mine.items() if f is not None]
    asked = {p for f in functions for p in _parameters(f)}

    figure = LiveFigure(9.6, 4.4)
    left, right = figure.figure.subplots(1, 2)
    title = figure.figure.suptitle("", fontsize=12)
    panels = (
        _Panel(figure, left, "value  $h(z)$"),
        _Panel(figure, right, "derivative  $h\\,^\\prime(z)$"),
    )
    handles = [panels[0].reference, panels[0].yours, panels[0].marks]
    figure.figure.legend(
        handles=handles if functions else handles[:1],
        loc="outside lower center",
        ncols=3,
        fontsize=9,
        frameon=False,
    )
    units = dropdown("unit", {u.title: name for name, u in ACTIVATIONS.items()}, unit)
    sliders = {
        "z": slider("z", 1.0, -5.0, 5.0, 0.1),
        "alpha": slider("α", 0.01, -1.0, 2.0, 0.01),
        "sigma": slider("σ", 1.0, 0.2, 4.0, 0.1),
        "k": slider("k", 3, 1, 8),
    }
    numbers = figure.below(widgets.HTML())

    def choose(change: Any = None) -> None:
        """Show the sliders of this unit, where the unit usually stands."""
        own = {p.name: p for p in ACTIVATIONS[units.value].parameters}
        for name in SYMBOLS:
            # Hidden, its place kept: nothing below moves.
            sliders[name].layout.visibility = "visible" if name in own or name in asked else "hidden"
            if name in own:
                sliders[name].value = own[name].default

    choose()
    units.observe(choose, names="value")

    def update(*functions: Callable[..., Any], unit: str, z: float, **sliders: float) -> tuple[str, str]:
        shown = ACTIVATIONS[unit]
        own = {p.name: sliders[p.name] for p in shown.parameters}
        kinks = np.array(shown.kinks(**own))
        places = np.append(Z, z)
        value, slope = shown.value(places, **own), shown.derivative(places, **own)
        given = dict(zip(roles, functions, strict=True))
        yours, your_slope = _yours(given, places, kinks, sliders)
        exact = "derivative" in given
        ends, compared = _ends(shown), unit in same
        title.set_text(f"{shown.title}:  $h(z) = {shown.formula}$")
        differences = [
            panels[0].draw(z, value, yours, np.array([]), 1e-6, ends[0], compared),
            panels[1].draw(z, slope, your_slope, kinks, 1e-6 if exact else 1e-3, ends[1], compared),
        ]
        figure.facts(
            slope=float(slope[-1]),
            up_and_down=bool(np.diff(value[:-1]).min() < -1e-6 < 1e-6 < np.diff(value[:-1]).max()),
        )

        name = shown.title
        if own:
            name += " with " + ", ".join(f"{SYMBOLS[p]} = {v:g}" for p, v in own.items())
        said = f"{name}, at z = {z:g}: h = {_n(value[-1])}, h′ = {_n(slope[-1])}."
        rows: list[tuple[Any, ...]] = [(name, float(value[-1]), float(slope[-1]))]
        if given:
            parts = [] if yours is None else [f"h = {_n(yours[-1])}"]
            assert your_slope is not None
            kink = np.isnan(your_slope[-1])
            parts.append("a kink, no h′" if kink else f"h′ {'=' if exact else '≈'} {_n(your_slope[-1])}")
            said += f" Yours: {', '.join(parts)}. "
            said += (
                _compared(differences)
                if compared
                else f"It is a {ACTIVATIONS[first].title}, drawn for comparison."
            )
            rows.append(
                (
                    "yours",
                    "–" if yours is None else float(yours[-1]),
                    "kink" if kink else float(your_slope[-1]),
                )
            )
        numbers.value = table(f"At z = {z:g}", ("", "h(z)", "h′(z)"), rows)
        return said, (
            f"{said} The left picture shows the value for z from −5 to 5: it runs from {_n(value.min())} to "
            f"{_n(value.max())}. The right picture shows the derivative: it runs from {_n(slope.min())} to "
            f"{_n(slope.max())}{_jumps(kinks)}."
        )

    figure.handle("z, in the picture of the value", left, x="z", at=lambda v: panels[0].low)
    figure.handle("z, in the picture of the derivative", right, x="z", at=lambda v: panels[1].low)

    def slope_of(v: dict[str, Any]) -> tuple[float, float]:
        if "alpha" not in {p.name for p in ACTIVATIONS[v["unit"]].parameters}:
            raise Undrawable("this unit has no α")  # and so no handle
        return -2.5, -2.5 * v["alpha"]

    figure.handle("slope α of the left side", left, place=slope_of, values=lambda x, y, v: {"alpha": y / -2.5}, free="y",
                  shape="diamond", colour=ORANGE, step=(0.0, 0.025))  # fmt: skip

    def read(what: int) -> Callable[..., str]:
        def words(*functions: Any, x: float, y: float, unit: str, z: float, **sliders: float) -> str:
            shown = ACTIVATIONS[unit]
            own = {p.name: sliders[p.name] for p in shown.parameters}
            at, kinks = np.array([x]), np.array(shown.kinks(**own))
            found = (shown.derivative if what else shown.value)(at, **own)
            mine = (
                _yours(dict(zip(roles, functions, strict=True)), at, kinks, sliders)[what]
                if functions
                else None
            )
            yours = "" if mine is None else f", yours {_n(mine[0])}"
            return f"At z = {x:.2f}: {'h′' if what else 'h'} = {_n(found[0])}{yours}."

        return words

    figure.read(left, read(0))
    figure.read(right, read(1))
    question, choices, answer, then, shows = QUESTIONS.get(unit, OTHER)
    figure.predict(question, choices, answer, then, **shows)
    figure.goal(
        "a place where nothing of an error comes through: |h′| < 0.01",
        lambda s: abs(s.slope) < 0.01,
        unit="relu",
        z=-2.0,
    )
    figure.goal("a unit that goes up and down", lambda s: s.up_and_down, unit="rbf")
    figure.mistakes(*MISTAKES)
    known = set(contents("ch3_activations"))
    names = [name_of(f) if name_of(f) in known else "" for f in functions]
    return figure.live(update, *functions, exercises=names, unit=units, **sliders)


class _Panel:
    """The value or the derivative over z."""

    def __init__(self, figure: LiveFigure, axes: Any, title: str) -> None:
        self.axes, self.low = axes, 0.0
        axes.set(title=title, xlabel="z", xlim=(Z[0] - 0.15, Z[-1] + 0.15))
        axes.grid(color="#dddddd", linewidth=0.6)
        across = axes.get_xaxis_transform()
        draw = figure.changing
        (self.at,) = draw(axes.plot([0, 0], [0, 1], color=GREY, linewidth=1, transform=across))
        self.marks = draw(
            axes.add_collection(
                LineCollection(
                    [], colors=ORANGE, linewidths=9, capstyle="butt", transform=across, label="they differ"
                ),
                autolim=False,
            )
        )
        (self.reference,) = draw(axes.plot([], [], color=BLUE, linewidth=2.5, label="reference"))
        (self.yours,) = draw(axes.plot([], [], color=ORANGE, linewidth=2, linestyle="--", label="yours"))
        (self.dot,) = draw(axes.plot([], [], "o", color=BLUE, markersize=10, markeredgecolor="white"))
        (self.diamond,) = draw(axes.plot([], [], "D", color=ORANGE, markersize=6, markeredgecolor="white"))

    def draw(
        self,
        z: float,
        reference: Any,
        yours: Any,
        kinks: Any,
        tolerance: float,
        ends: tuple[float, float],
        compared: bool,
    ) -> Any:
        """Draw both, given on the grid and then at z; give the difference on the grid, 0 where they agree."""
        self.at.set_xdata([z, z])
        self.reference.set_data(*_broken(reference[:-1], kinks))
        self.dot.set_data([z], reference[-1:])
        difference = np.zeros(len(Z))
        if yours is not None:
            self.yours.set_data(Z, yours[:-1])
            self.yours.set_linewidth(2.0 if compared else 1.0)
            self.diamond.set_data([z], yours[-1:])
            difference = yours[:-1] - reference[:-1]
            difference[~(np.abs(difference) > tolerance * (1.0 + np.abs(reference[:-1])))] = 0.0
            if not compared:
                difference[:] = 0.0
            self.marks.set_segments([[(a, 0.02), (b, 0.02)] for a, b in _stretches(difference)])
            ends = (min(ends[0], np.nanmin(yours)), max(ends[1], np.nanmax(yours)))
        # Seldom another pair of ends: it costs drawing the whole figure.
        low, high = max(np.floor(2 * ends[0]) / 2, -5.5), min(np.ceil(2 * ends[1]) / 2, 8.0)
        if high - low < 1.0:
            low, high = low - 0.5, high + 0.5
        margin = 0.08 * (high - low)
        limits = (low - margin, high + margin)
        self.low = limits[0] + 0.5 * margin
        if limits != self.axes.get_ylim():
            self.axes.set_ylim(limits)
        return difference


def _yours(
    given: dict[str, Callable[..., Any]], z: Any, kinks: Any, sliders: dict[str, float]
) -> tuple[Any, Any]:
    """Value and derivative of the student's function; NaN where central differences straddle a kink."""
    value = slope = None
    if "value" in given:
        n = len(z)
        found = _call(given["value"], np.concatenate([z, z - STEP, z + STEP]), sliders)
        value = found[:n]
        slope = (found[2 * n :] - found[n : 2 * n]) / (2 * STEP)
        slope[(np.abs(z[:, np.newaxis] - kinks) <= 1.5 * STEP).any(axis=1)] = np.nan
    if "derivative" in given:
        slope = _call(given["derivative"], z, sliders)
    return value, slope


def _call(function: Callable[..., Any], z: Any, sliders: dict[str, float]) -> Any:
    """Call a student's function with whatever it asks for."""
    first, *others = _parameters(function) or ["z"]
    if (first, *others) == ("Z", "k"):
        points = touching_points(int(sliders["k"]))
        given = function(z[:, np.newaxis] * points - points**2 / 2, sliders["k"])
        return checked(function, given, h=(len(z), 1))[:, 0]
    if (first, *others) == ("X", "W", "sigma"):
        given = function(z[:, np.newaxis], np.zeros((1, 1)), sliders["sigma"])
        return checked(function, given, h=(len(z), 1))[:, 0]
    unknown = [name for name in others if name not in SYMBOLS]
    if unknown:
        raise Undrawable(
            f"The explorer has no slider for {unknown[0]}. Give it a function of z, which may also take "
            f"{', '.join(SYMBOLS)}."
        )
    return checked(function, function(z, **{name: sliders[name] for name in others}), h=z.shape)


@functools.lru_cache(64)  # asked at every step
def _parameters(function: Callable[..., Any]) -> list[str]:
    """Names of what a function asks for, save what has a default that no slider knows."""
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # functions written in C have none
        return []
    plain = [p for p in found if p.kind in (p.POSITIONAL_OR_KEYWORD, p.POSITIONAL_ONLY)]
    return [p.name for i, p in enumerate(plain) if i == 0 or p.default is p.empty or p.name in SYMBOLS]


@functools.cache
def _ends(unit: Activation) -> tuple[tuple[float, float], tuple[float, float]]:
    """Smallest and largest value, and derivative, whatever the sliders."""
    settings = itertools.product(*([p.low, p.default, p.high] for p in unit.parameters))
    found = [dict(zip((p.name for p in unit.parameters), s, strict=True)) for s in settings]
    values = [unit.value(Z, **own) for own in found]
    slopes = [unit.derivative(Z, **own) for own in found]
    return (float(np.min(values)), float(np.max(values))), (float(np.min(slopes)), float(np.max(slopes)))


def _broken(y: Any, kinks: Any) -> tuple[Any, Any]:
    """The curve with a gap at each kink: a jump is no line."""
    y = np.where((np.abs(Z[:, np.newaxis] - kinks) < 1e-9).any(axis=1), np.nan, y)
    after = np.searchsorted(Z, kinks, side="right")
    return np.insert(Z, after, kinks), np.insert(y, after, np.nan)


def _stretches(difference: Any) -> list[tuple[float, float]]:
    """Where they differ: first and last place of each stretch of the grid."""
    apart = np.concatenate([[0], difference != 0, [0]]).astype(int)
    starts, stops = np.flatnonzero(np.diff(apart) == 1), np.flatnonzero(np.diff(apart) == -1) - 1
    return [
        (Z[a], Z[b]) if b > a else (Z[a] - 0.0125, Z[a] + 0.0125) for a, b in zip(starts, stops, strict=True)
    ]


def _compared(differences: list[Any]) -> str:
    sentences = []
    for what, difference in zip(("value", "derivative"), differences, strict=True):
        if difference.any():
            stretches = _stretches(difference)
            worst = int(np.abs(difference).argmax())
            several = f" in {len(stretches)} stretches" if len(stretches) > 1 else ""
            sentences.append(
                f"Its {what} differs{several} from z = {_n(stretches[0][0])} to {_n(stretches[-1][1])}, by up to "
                f"{_n(abs(difference[worst]))} at z = {_n(Z[worst])}."
            )
    return " ".join(sentences) or "It agrees with the reference everywhere on the picture."


def _jumps(kinks: Any) -> str:
    if not len(kinks):
        return ""
    return f", and jumps at z = {', '.join(_n(k) for k in kinks)}"


def _n(value: float) -> str:
    return f"{float(value) + 0.0:.4g}"
