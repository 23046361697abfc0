"""`count_linear_pieces`: exact number of linear pieces of a ReLU network of one input on an interval."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import expressivity
from fnnkit.exercises.ch4_universal_approximation.counts import exact
from fnnkit.exercises.ch4_universal_approximation.layers import faint, pieces_roughly, random_layers
from fnnkit.exercises.ch4_universal_approximation.other_pieces import FURTHER
from fnnkit.judge.criteria import UNUSUAL, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

SHALLOW = "one hidden layer"
DEEP = "several hidden layers"
SMOOTH = "what is no kink"
NARROW = "narrow pieces"

Units = list[tuple[float, float, float]]


def hidden_layer(units: Units, bias: float = 0.0) -> tuple[list[Any], list[Any]]:
    """Network of one hidden layer: each unit has its weight, the place of its kink and its output weight."""
    W, at, w = (np.array(column) for column in zip(*units, strict=True))
    return [W[None, :], w[:, None]], [-W * at, np.array([bias])]


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``count_linear_pieces(weights, biases, a, b)``.

    Places and weights are sums of few powers of two where kinks meet or cancel: what is equal is equal without rounding.
    Random networks are drawn until no piece is narrow, no kink faint, nothing cancels by chance, and the known mistakes count
    something else.
    """

    def some(low: int, high: int) -> int:
        return int(rng.integers(low, high + 1))

    def kinks(inside: int, outside: int) -> Units:
        """Units that bend upwards by different amounts, at multiples of 1/16 in (-1, 1), and some beyond."""
        at = rng.choice(np.arange(-15, 16, 2), inside, replace=False) / 16
        beyond = rng.choice([-1.0, 1.0], outside) * (1.25 + np.arange(outside) / 8)
        weights = 2.0 ** rng.integers(-1, 2, inside + outside) * rng.choice([-1.0, 1.0], inside + outside)
        out = 1.0 + rng.permutation(inside + outside) / 4
        return [tuple(u) for u in np.column_stack([weights, np.concatenate([at, beyond]), out]).tolist()]

    def shallow(units_in_all: int, a: float = -1.0, b: float = 1.0) -> tuple[Any, ...]:
        while True:  # until the output is negative somewhere, so that a ReLU on it would be seen
            inside = some(2, units_in_all - 1)  # how many kinks there are is not seen from the shapes
            units = kinks(inside, units_in_all - inside)
            place = float(rng.uniform(a, b))
            there = sum(w * max(0.0, W * (place - at)) for W, at, w in units)
            call = *hidden_layer(units, -round(4 * there) / 4), a, b
            if relu_on_the_last_layer(*call) != expressivity.count_linear_pieces(*call):
                return call

    def with_others(*units: tuple[float, float, float], inside: int = 0) -> tuple[Any, ...]:
        inside = inside or some(1, 5)
        return *hidden_layer([*units, *kinks(inside, 6 - inside)]), -1.0, 1.0

    def deep(*widths: int) -> tuple[Any, ...]:
        while True:
            weights, biases = random_layers(rng, 1, *widths, 1)
            call = weights, biases, -2.0, 2.0
            # What takes long is asked of those few that will do by all that is known without.
            number = pieces_roughly(*call)
            if number <= 4 or any(wrong(*call) == number for wrong in COUNTS):
                continue
            ends, slopes = expressivity.linear_pieces(*call)
            clear = (
                np.diff(ends).min() > 1e-2
                and len(slopes) > 4
                and np.abs(np.diff(slopes, axis=0)).min() > 1e-2
            )
            if clear and len(slopes) == number and not faint(*call):
                return call

    def folds(depth: int, a: float, b: float) -> tuple[Any, ...]:
        return *expressivity.folding_network(1, 2, depth), a, b

    at = some(-5, 5) / 8 + 1 / 32  # on no place of the other kinks
    high = 2.0 ** some(0, 2)
    few, more = rng.choice(
        np.arange(1, 6), 2, replace=False
    ).tolist()  # of the same shapes: never as many pieces
    # A unit of the second layer is off where the first one has a kink: h = relu(-1 - relu(x - at)) is 0 everywhere.
    off = (
        [np.array([[1.0, 2.0]]), np.array([[-1.0, 0.0], [0.0, 1.0]]), np.array([[high], [1.0]])],
        [np.array([-at, 1.0]), np.array([-1.0, -0.5]), np.zeros(1)],
    )
    return [
        Case(shallow(7), SHALLOW),
        Case(shallow(5), SHALLOW),
        Case(shallow(14), SHALLOW, "many units"),
        Case(folds(some(2, 4), 0.0, 1.0), DEEP, "the sawtooth"),
        Case(folds(4, some(1, 3) / 8, some(5, 7) / 8), DEEP, "a part of the sawtooth"),
        Case(deep(4, 3), DEEP),
        Case(deep(5, 4, 3), DEEP),
        Case(
            with_others((1.0, at, high), (-1.0, at, -high)),
            SMOOTH,
            "two kinks that cancel: relu(z) - relu(-z) = z",
        ),
        Case(with_others((2.0, at, high), (1.0, at, -2 * high)), SMOOTH, "two kinks that cancel"),
        Case(
            with_others(*[(1.0, (2 * i - 7) / 16 + 1 / 64, 0.0) for i in range(8)]),
            SMOOTH,
            "units with output weight 0",
        ),
        Case(with_others((1.0, -1.0, high), (1.0, 1.0, high)), SMOOTH, "kinks at both ends of the interval"),
        Case(with_others((1.0, at, high), (-2.0, at, 1.0)), SMOOTH, "two units with one kink"),
        Case((*off, -2.0, 2.0), SMOOTH, "a unit that is off where the layer before has a kink"),
        Case(
            with_others((1.0, at, high), (1.0, at + 2.0**-20, high / 2), inside=few),
            NARROW,
            "a piece about 1e-6 wide",
        ),
        Case(
            with_others((-1.0, at, high), (1.0, at + 2.0**-19, high), inside=more),
            NARROW,
            "a piece about 2e-6 wide",
        ),
        Case(([np.array([[high]])], [np.array([1.0])], -1.0, 1.0), UNUSUAL, "no hidden layer"),
        Case(
            (
                [np.array([[1, 1, -2]]), np.array([[2], [some(1, 3)], [1]])],
                [np.array([0, 1, 3]), np.array([0])],
                -3,
                3,
            ),
            UNUSUAL,
            "whole numbers",
        ),
        Case(shallow(6, -1.2, 1.2), SHALLOW, "a wider interval"),
    ]


def one_more_than_units(weights, biases, a, b):
    """Every hidden unit makes one more piece."""
    return sum(W.shape[1] for W in weights[:-1]) + 1


def every_breakpoint(weights, biases, a, b):
    """Whether a breakpoint matters at the output is not asked."""
    x = np.array([a, b], dtype=float)
    for layer in range(len(weights) - 1):
        H = x[:, None]
        for W, c in list(zip(weights, biases))[:layer]:  # noqa: B905
            H = np.maximum(0, H @ W + c)
        Z = H @ weights[layer] + biases[layer]
        p, j = np.nonzero(Z[:-1] * Z[1:] < 0)
        crossings = x[p] + (x[p + 1] - x[p]) * Z[p, j] / (Z[p, j] - Z[p + 1, j])
        x = np.unique(np.round(np.concatenate([x, crossings]), 13))
    return len(x) - 1


def first_layer_only(weights, biases, a, b):
    """Kinks of the first layer."""
    if len(weights) == 1:
        return 1
    W, c = weights[0][0], biases[0]
    kinks = {t for t in (-c[W != 0] / W[W != 0]).tolist() if a < t < b}
    return len(kinks) + 1


def relu_on_the_last_layer(weights, biases, a, b):
    """The output is rectified."""
    weights, biases = [*weights, np.eye(1)], [*biases, np.zeros(1)]
    x = np.array([a, b], dtype=float)
    for layer in range(len(weights)):
        H = x[:, None]
        for W, c in list(zip(weights, biases))[:layer]:  # noqa: B905
            H = np.maximum(0, H @ W + c)
        Z = H @ weights[layer] + biases[layer]
        if layer < len(weights) - 1:
            p, j = np.nonzero(Z[:-1] * Z[1:] < 0)
            crossings = x[p] + (x[p + 1] - x[p]) * Z[p, j] / (Z[p, j] - Z[p + 1, j])
            x = np.unique(np.round(np.concatenate([x, crossings]), 13))
    slopes = np.diff(Z[:, 0]) / np.diff(x)
    return 1 + int((np.abs(np.diff(slopes)) > 1e-7).sum())


def on_the_whole_line(weights, biases, a, b):
    """The interval is not used."""
    x = np.array([-1000, 1000], dtype=float)
    for layer in range(len(weights)):
        H = x[:, None]
        for W, c in list(zip(weights, biases))[:layer]:  # noqa: B905
            H = np.maximum(0, H @ W + c)
        Z = H @ weights[layer] + biases[layer]
        if layer < len(weights) - 1:
            p, j = np.nonzero(Z[:-1] * Z[1:] < 0)
            crossings = x[p] + (x[p + 1] - x[p]) * Z[p, j] / (Z[p, j] - Z[p + 1, j])
            x = np.unique(np.round(np.concatenate([x, crossings]), 13))
    slopes = np.diff(Z[:, 0]) / np.diff(x)
    return 1 + int((np.abs(np.diff(slopes)) > 1e-7).sum())


def distinct_slopes(weights, biases, a, b):
    """How many slopes, not how many pieces."""
    x = np.array([a, b], dtype=float)
    for layer in range(len(weights)):
        H = x[:, None]
        for W, c in list(zip(weights, biases))[:layer]:  # noqa: B905
            H = np.maximum(0, H @ W + c)
        Z = H @ weights[layer] + biases[layer]
        if layer < len(weights) - 1:
            p, j = np.nonzero(Z[:-1] * Z[1:] < 0)
            crossings = x[p] + (x[p + 1] - x[p]) * Z[p, j] / (Z[p, j] - Z[p + 1, j])
            x = np.unique(np.round(np.concatenate([x, crossings]), 13))
    slopes = np.diff(Z[:, 0]) / np.diff(x)
    return len(set(np.round(slopes, 7)))


def changes_of_sign(weights, biases, a, b):
    """Rising and falling."""
    x = np.array([a, b], dtype=float)
    for layer in range(len(weights)):
        H = x[:, None]
        for W, c in list(zip(weights, biases))[:layer]:  # noqa: B905
            H = np.maximum(0, H @ W + c)
        Z = H @ weights[layer] + biases[layer]
        if layer < len(weights) - 1:
            p, j = np.nonzero(Z[:-1] * Z[1:] < 0)
            crossings = x[p] + (x[p + 1] - x[p]) * Z[p, j] / (Z[p, j] - Z[p + 1, j])
            x = np.unique(np.round(np.concatenate([x, crossings]), 13))
    return 1 + int((np.diff(np.sign(np.diff(Z[:, 0]))) != 0).sum())


def kinks_without_the_first_piece(weights, biases, a, b):
    """Kinks in the place of pieces."""
    x = np.array([a, b], dtype=float)
    for layer in range(len(weights)):
        H = x[:, None]
        for W, c in list(zip(weights, biases))[:layer]:  # noqa: B905
            H = np.maximum(0, H @ W + c)
        Z = H @ weights[layer] + biases[layer]
        if layer < len(weights) - 1:
            p, j = np.nonzero(Z[:-1] * Z[1:] < 0)
            crossings = x[p] + (x[p + 1] - x[p]) * Z[p, j] / (Z[p, j] - Z[p + 1, j])
            x = np.unique(np.round(np.concatenate([x, crossings]), 13))
    slopes = np.diff(Z[:, 0]) / np.diff(x)
    return int((np.abs(np.diff(slopes)) > 1e-7).sum())


def on_a_grid(weights, biases, a, b):
    """Slopes at ten thousand places: narrow pieces fall between them."""
    x = a + (b - a) * (np.arange(10_000) + 0.5) / 10_000
    H, slope = x[:, None], np.ones((len(x), 1))
    for i, (W, c) in enumerate(zip(weights, biases)):  # noqa: B905
        Z, slope = H @ W + c, slope @ W
        if i < len(weights) - 1:
            H, slope = np.maximum(0, Z), np.where(Z > 0, slope, 0.0)
    return 1 + int((np.abs(np.diff(slope[:, 0])) > 1e-9).sum())


def slopes_compared_exactly(weights, biases, a, b):
    """Quotients of differences, compared with !=."""
    x = np.array([a, b], dtype=float)
    for layer in range(len(weights)):
        H = x[:, None]
        for W, c in list(zip(weights, biases))[:layer]:  # noqa: B905
            H = np.maximum(0, H @ W + c)
        Z = H @ weights[layer] + biases[layer]
        if layer < len(weights) - 1:
            p, j = np.nonzero(Z[:-1] * Z[1:] < 0)
            crossings = x[p] + (x[p + 1] - x[p]) * Z[p, j] / (Z[p, j] - Z[p + 1, j])
            x = np.unique(np.round(np.concatenate([x, crossings]), 13))
    slopes = np.diff(Z[:, 0] / 3) / np.diff(x)
    return 1 + int((slopes[1:] != slopes[:-1]).sum())


def slopes_at_the_left_ends(weights, biases, a, b):
    """Values and slopes are looked at where a unit is just at its kink."""
    points = [float(a), float(b)]
    for depth in range(len(weights)):
        found = set(points)
        slopes = []
        for i in range(len(points) - 1):
            left, right = points[i], points[i + 1]
            value, slope = np.array([left]), np.array([1.0])
            for W, c in list(zip(weights, biases))[:depth]:  # noqa: B905
                value, slope = value @ W + c, slope @ W
                value, slope = value * (value > 0), slope * (value > 0)
            value, slope = value @ weights[depth] + biases[depth], slope @ weights[depth]
            slopes.append(slope[0])
            for z, s in zip(value, slope):  # noqa: B905
                if s != 0 and left < left - z / s < right:
                    found.add(float(left - z / s))
        if depth < len(weights) - 1:
            points = sorted(found)
    return 1 + int((np.abs(np.diff(slopes)) > 5e-7).sum())


def old_breakpoints_lost(weights, biases, a, b):
    """Those of a layer take the place of all before."""
    points = [float(a), float(b)]
    for depth in range(len(weights)):
        found = {float(a), float(b)}
        slopes = []
        for i in range(len(points) - 1):
            left, right = points[i], points[i + 1]
            t = (left + right) / 2
            value, slope = np.array([t]), np.array([1.0])
            for W, c in list(zip(weights, biases))[:depth]:  # noqa: B905
                value, slope = value @ W + c, slope @ W
                value, slope = value * (value > 0), slope * (value > 0)
            value, slope = value @ weights[depth] + biases[depth], slope @ weights[depth]
            slopes.append(slope[0])
            found |= {float(t - z / s) for z, s in zip(value, slope) if s != 0 and left < t - z / s < right}  # noqa: B905
        if depth < len(weights) - 1:
            points = sorted(found)
    return 1 + int((np.abs(np.diff(slopes)) > 5e-7).sum())


def slopes_of_idle_units(weights, biases, a, b):
    """Without the ReLUs the slope is the same everywhere."""
    return 1


COUNTS = (
    one_more_than_units,
    every_breakpoint,
    slopes_compared_exactly,
    relu_on_the_last_layer,
    on_the_whole_line,
    first_layer_only,
    kinks_without_the_first_piece,
)
"""Those that count as many first: most networks are refused by the first few."""

EXERCISE = Exercise(
    name="count_linear_pieces",
    chapter="ch4_universal_approximation",
    reference=expressivity.count_linear_pieces,
    cases=cases,
    criteria=(
        Criterion(SHALLOW, 0.5, exact),
        Criterion(DEEP, 0.75, exact),
        Criterion(SMOOTH, 0.5, exact),
        Criterion(NARROW, 0.25, exact),
        Criterion(UNUSUAL, 0.25, exact),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            one_more_than_units,
            "this is the number of hidden units and one. A kink may lie outside of [a, b], and a deep layer "
            "can bend more than once.",
        ),
        Misconception(
            every_breakpoint,
            "every place where some unit switches is counted. It is a kink of the network only if the slope "
            "of the *output* changes there.",
        ),
        Misconception(
            first_layer_only,
            "only the kinks of the first layer are counted. A unit of a later layer switches wherever its "
            "own pre-activation is zero.",
        ),
        Misconception(
            relu_on_the_last_layer, "the output was rectified. The last layer is affine: it bends nothing."
        ),
        Misconception(on_the_whole_line, "kinks outside of [a, b] are counted too."),
        Misconception(
            distinct_slopes,
            "distinct *slopes* are counted. A sawtooth has two slopes and many pieces: count the places where the slope changes.",
        ),
        Misconception(
            changes_of_sign,
            "only places where the slope changes its *sign* are counted. Every change of the slope divides a piece.",
        ),
        Misconception(
            kinks_without_the_first_piece,
            "kinks are counted, and each divides a piece: there is one piece more than kinks.",
        ),
        Misconception(
            on_a_grid,
            "of two places where units switch, a millionth apart, only one is seen, and the piece between them is lost. "
            "Compute each place and keep both: points of a grid lie too far apart for it, and so would a tolerance of "
            "that size.",
        ),
        Misconception(
            slopes_compared_exactly,
            "slopes that differ by roundings alone are counted as different. Allow for a little, such as 1e-9 of the "
            "larger.",
        ),
        Misconception(
            slopes_at_the_left_ends,
            "slopes were looked at where an interval begins. There a unit is just at its kink, and one that "
            "rises counts as off: look in the *middle*.",
        ),
        Misconception(
            old_breakpoints_lost,
            "the breakpoints of a layer take the place of those of the layers before. Between two of them an earlier "
            "unit may switch then: keep all that were found.",
        ),
        Misconception(
            slopes_of_idle_units,
            "which units are on does not enter the slopes, so that one piece is left. A unit hands its slope on, "
            "whatever sign that has, where its pre-activation z is positive, and 0 where z is not.",
        ),
        *FURTHER,
    ),
    minutes=25,
    searched=False,
    difficulty=4,
    core=False,
)
