"""`my_xor_weights`: weights of one's own that solve XOR, which are not those of the slides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from fnnkit import xor
from fnnkit.judge.compare import show
from fnnkit.judge.criteria import calm, raised_problem
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception, Trial
from fnnkit.judge.verdict import Problem

SOLVES, OWN = "outputs 0, 1, 1, 0", "another network than the slides'"
SHAPES = {"W": (2, 2), "c": (2,), "w": (2,), "b": ()}
SHAPED = {
    "W": "`W` has one hidden unit a column: two rows, two columns.",
    "c": "`c` holds two numbers in a row, one for each hidden unit: it has one axis.",
    "w": "`w` holds two numbers in a row, one for each hidden unit: it has one axis.",
    "b": "`b` is a single number: no list, and no array.",
}
EXACT = 1e-9
"""An output that is off by less has met nothing but rounding errors."""
NEAR = 0.05
CORNERS = ", ".join(f"({p}, {q})" for p, q in xor.CORNERS)


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``my_xor_weights()``: it takes nothing, so there is nothing to draw."""
    return [Case((), SOLVES), Case((), OWN)]


def weights_of(trial: Trial) -> list[Any] | Problem:
    """The four parts of what came back, as arrays of the right shapes, or what is wrong with them."""
    if trial.given.error:
        # The reference's weights would be an answer: they are not shown.
        return replace(raised_problem(trial, trial.given.error), expected=f"({', '.join(SHAPES)})")
    value, listed = trial.given.value, ", ".join(SHAPES)
    if not isinstance(value, tuple | list) or len(value) != len(SHAPES):
        return Problem(
            "type", yours=show(value), expected=f"({listed})", step=f"Return all of them: `return {listed}`."
        )
    parts = []
    for (name, shape), part in zip(SHAPES.items(), value, strict=True):
        try:
            numbers = np.asarray(part)
        except ValueError:  # rows of different lengths
            numbers = np.array(None)
        if numbers.dtype.kind not in "biuf":
            return Problem(
                "type",
                yours=f"{name} = {show(part)}",
                expected="numbers",
                step=f"Let `{name}` hold numbers only.",
            )
        if numbers.shape != shape:
            wanted = f"shape {shape}" if shape else "one number"
            return Problem(
                "shape", finding=f"`{name}` should have {wanted}, but its shape is {numbers.shape}",
                yours=f"{name} = {show(part)}", step=SHAPED[name],
            )  # fmt: skip
        if not np.isfinite(numbers).all():
            return Problem(
                "finite", yours=f"{name} = {show(part)}", expected="finite numbers",
                step="Every weight is an ordinary number.",
            )  # fmt: skip
        parts.append(numbers.astype(float))
    return parts


def run(parts: Sequence[Any]) -> tuple[Any, Any]:
    """Hidden units and outputs of the network at the four points of XOR."""
    with np.errstate(all="ignore"):
        W, c, w, b = parts
        return xor.xor_network(xor.CORNERS, W, c, w, float(b))


def of_weights(look: Callable[[list[Any]], Problem | None]) -> Callable[[Sequence[Trial]], Problem | None]:
    """Test of what came back, once it is a set of weights."""

    def test(trials: Sequence[Trial]) -> Problem | None:
        for trial in trials:
            parts = weights_of(trial)
            problem = parts if isinstance(parts, Problem) else look(parts)
            if problem:
                return replace(problem, call=trial.written())
        return None

    return test


def solves(parts: list[Any]) -> Problem | None:
    """Say where a network with these weights is wrong."""
    H, outputs = run(parts)
    wrong = [i for i, target in enumerate(xor.TARGETS) if not abs(outputs[i] - target) <= EXACT]
    if not wrong:
        return None
    first = wrong[0]
    with np.errstate(all="ignore"):
        exchanged, step = _exchanged(parts)
        cause = exchanged or _off(parts, H) or _computed(outputs) or _one_number(parts)
    return Problem(
        "values",
        yours=", ".join(f"{v + 0.0:.10g}" for v in outputs),
        expected=", ".join(map(str, xor.TARGETS)),
        finding=f"outputs at {CORNERS}; at {xor.CORNERS[first]} the hidden units are "
        f"{H[first][0] + 0.0:.4g} and {H[first][1] + 0.0:.4g}",
        cause=cause,
        step=step or "Put your nine numbers into the figure above, and move one at a time.",
    )


def _right(parts: Sequence[Any]) -> bool:
    return bool((np.abs(run(parts)[1] - xor.TARGETS) <= EXACT).all())


def _exchanged(parts: list[Any]) -> tuple[str, str]:
    """Which of the parts stand in each other's place, if that is all, and what to do about it."""
    W, c, w, b = parts
    found = []
    if _right([W, w, c, b]):
        found.append(
            (
                "`c` and `w` stand in each other's place: the biases come before the output weights",
                "Exchange what `c` and `w` hold.",
            )
        )
    if _right([W.T, c, w, b]):
        found.append(
            (
                "`W` has one hidden unit a row here; a unit is a column",
                "Transpose `W`: what stands in its first row belongs into its first column.",
            )
        )
    if _right([W[:, ::-1], c, w, b]) or _right([W, c[::-1], w, b]) or _right([W, c, w[::-1], b]):
        found.append(
            (
                "the units stand in another order in one of `W`, `c` and `w` than in the other two",
                "Write down which column of `W`, which bias and which output weight make one unit: each has the same place.",
            )
        )
    return found[0] if len(found) == 1 else ("", "")


def _off(parts: list[Any], H: Any) -> str:
    """Why the output is one number everywhere, if it is."""
    if (H <= 0).all():
        return "both hidden units are off at all four points, so the output is `b` everywhere"
    if not np.any(parts[2]):
        return "both output weights are 0, so the output is `b` everywhere"
    return ""


COMPUTED = {
    (0, 0, 0, 1): "AND",
    (0, 1, 1, 1): "OR",
    (1, 0, 0, 1): "XNOR, the opposite of XOR: 1 where the inputs are equal",
    (1, 1, 1, 0): "NAND, the opposite of AND",
    (1, 0, 0, 0): "NOR, the opposite of OR",
    (0, 1, 0, 0): "“x₂ and not x₁”: (1, 0) should give 1 too",
    (0, 0, 1, 0): "“x₁ and not x₂”: (0, 1) should give 1 too",
    (0, 0, 1, 1): "x₁ by itself, whatever x₂ is",
    (0, 1, 0, 1): "x₂ by itself, whatever x₁ is",
}


def _computed(outputs: Any) -> str:
    """Which function of two truth values it is, or by what all outputs are off."""
    for truth, words in COMPUTED.items():
        if (np.abs(outputs - truth) <= EXACT).all():
            return f"this network computes {words}"
    apart = outputs - xor.TARGETS
    if np.abs(apart).max() <= NEAR:
        return "every output is near the right one, and none of the numbers is exact: rounded numbers do not solve XOR"
    if np.ptp(apart) <= EXACT:
        return f"every output is off by the same {apart[0]:+.4g}: which of the nine numbers is added to all of them?"
    for truth, words in (((0, 1, 1, 0), ""), ((1, 0, 0, 1), "those of the opposite of XOR, ")):
        target = np.array(truth, dtype=float)
        scale = float(outputs @ target / 2)
        if scale and (np.abs(outputs - scale * target) <= EXACT).all():
            return f"the outputs are {words}0 and {scale:.4g} in the place of 0 and 1"
    return ""


def _one_number(parts: list[Any]) -> str:
    """In which part one number is wrong, if another one in its place makes the network right, and only there."""
    tried = sorted({round(s * v, 6) for v in (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0) for s in (-1, 1)})
    found = set()
    for i, name in enumerate(SHAPES):
        for at in np.ndindex(SHAPES[name]):
            for number in tried:
                changed = [np.array(p, dtype=float) for p in parts]
                changed[i][at] = number
                if _right(changed):
                    found.add(name)
    [*names] = found
    return f"with another number at one place of `{names[0]}` it solves XOR" if len(names) == 1 else ""


def differs(parts: list[Any]) -> Problem | None:
    """Refuse the network of the slides, whatever the order and the scale of its units."""
    W, c, w, _ = parts
    slides = xor.slide_solution()
    if not xor.same_hidden_units(W, c, w, *slides[:3]):
        return None
    same = all(np.allclose(a, b) for a, b in zip(parts[:3], slides[:3], strict=True))
    return Problem(
        "values",
        finding="these are the weights of the slides"
        if same
        else "this is the network of the slides: its units are in another order, or scaled",
        cause="exchanging two units, or multiplying what goes into a ReLU by a positive number and dividing what comes out "
        "of it, makes no other network",
        step="Let the units look at something else than the sum: at the difference of the inputs, say.",
    )


def weights_of_the_slides():
    """The slides' own solution."""
    return np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0]), np.array([1.0, -2.0]), 0.0


def slides_with_units_exchanged():
    """The slides' solution with its units in another order."""
    return np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([-1.0, 0.0]), np.array([-2.0, 1.0]), 0.0


def slides_with_a_unit_scaled():
    """The slides' solution with twice the incoming weights and half the outgoing one."""
    return np.array([[1.0, 2.0], [1.0, 2.0]]), np.array([0.0, -2.0]), np.array([1.0, -1.0]), 0.0


def one_half_everywhere():
    """The answer of the best linear model."""
    return np.zeros((2, 2)), np.zeros(2), np.zeros(2), 0.5


def inclusive_or():
    """Right but for (1, 1): OR."""
    return np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0]), np.array([1.0, -1.0]), 0.0


def difference_on_one_side():
    """max(0, x₁ − x₂) twice: (0, 1) gets nothing."""
    return np.array([[1.0, 1.0], [-1.0, -1.0]]), np.zeros(2), np.array([0.5, 0.5]), 0.0


EXERCISE = Exercise(
    name="my_xor_weights",
    chapter="ch1_xor",
    reference=xor.distance_solution,
    returns=("W", "c", "w", "b"),
    cases=cases,
    criteria=(
        Criterion(SOLVES, 0.25, of_weights(solves)),
        Criterion(OWN, 1.0, of_weights(differs)),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(weights_of_the_slides, "these are the slides' weights. They solve XOR; find others."),
        Misconception(
            slides_with_units_exchanged,
            "these are the slides' weights with both units exchanged: the same network in another order.",
        ),
        Misconception(
            slides_with_a_unit_scaled,
            "this is the slides' network: twice the weights into a ReLU and half the weight out of it change nothing.",
        ),
        Misconception(
            one_half_everywhere,
            "the output is ½ everywhere, which is the best that a linear model can do. The hidden units have to tell the "
            "points apart.",
        ),
        Misconception(
            inclusive_or,
            "this is OR: at (1, 1) the output should be 0, so twice as much has to be taken away there.",
        ),
        Misconception(
            difference_on_one_side,
            "both units look at x₁ − x₂, which is negative at (0, 1). The second one has to look at it from the other side.",
        ),
    ),
    minutes=5,
    difficulty=2,
)
