"""`clip_by_global_norm`: a gradient that is too long is shortened, not turned (chapter 6)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import optim
from fnnkit.exercises.drawing import rounded
from fnnkit.judge.by_name import agrees_on
from fnnkit.judge.criteria import UNUSUAL, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

LONG, SHORT = "one norm over all arrays", "a short gradient stays, and so does zero"


def of_norm(rng: np.random.Generator, norm: float, *shape: int) -> Any:
    """An array of this norm, with a few digits."""
    a = rounded(rng, *shape)
    return np.round(a * norm / np.linalg.norm(a), 3)


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``clip_by_global_norm(grads, max_norm)``; where both arrays fit, the two together do not."""
    unit = round(float(rng.uniform(1.0, 2.0)), 1)
    split = {"W": of_norm(rng, 3 * unit, 2, 3), "b": of_norm(rng, 4 * unit, 3)}
    three = {
        name: of_norm(rng, 2.0 * unit, *shape) for name, shape in (("A", (2, 2)), ("W", (1, 3)), ("b", (4,)))
    }
    return [
        Case((split, 4.5 * unit), LONG, "each array alone is short enough"),
        Case((three, 1.5 * unit), LONG, "three arrays"),
        Case(
            ({"W": split["W"] * [[1, 0, 1], [0, 1, 1]], "b": split["b"] * [0, 1, 1]}, unit),
            LONG,
            "some entries are 0",
        ),
        Case(({"U": 50.0 * rounded(rng, 2, 4)}, unit), LONG, "one array"),
        Case(
            ({"W": of_norm(rng, 40 * unit, 3, 2), "b": of_norm(rng, 0.1, 2)}, 2.0 * unit),
            LONG,
            "one long, one short",
        ),
        Case((split, 8 * unit), SHORT, "all arrays together are short enough"),
        Case(({"W": 0.01 * rounded(rng, 2, 2), "b": of_norm(rng, 0.1, 3)}, unit), SHORT, "far below"),
        Case(({"W": np.zeros((2, 3)), "b": np.zeros(2)}, unit), SHORT, "all gradients are 0"),
        Case((three, 0.0), UNUSUAL, "`max_norm` is 0"),
        Case(
            ({"W": rng.integers(3, 9, (2, 2)), "b": rng.integers(-9, -3, 3)}, unit), UNUSUAL, "whole numbers"
        ),
        Case(({"W": split["W"], "b": np.zeros(0)}, unit), UNUSUAL, "an array without entries"),
        Case(({name: g.astype(np.float32) for name, g in split.items()}, 4.5 * unit), UNUSUAL, "float32"),
    ]


def each_array_alone(grads, max_norm):
    """A norm for each array."""
    clipped = {}
    for name, g in grads.items():
        norm = np.linalg.norm(g)
        clipped[name] = g * max_norm / norm if norm > max_norm else g
    return clipped


def each_entry_alone(grads, max_norm):
    """``np.clip``."""
    return {name: np.clip(g, -max_norm, max_norm) for name, g in grads.items()}


def always_scaled(grads, max_norm):
    """Short ones are lengthened."""
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    if norm == 0:
        return dict(grads)
    return {name: g * max_norm / norm for name, g in grads.items()}


def always_scaled_zero_too(grads, max_norm):
    """0 / 0."""
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    return {name: g * max_norm / norm for name, g in grads.items()}


def divided_by_zero(grads, max_norm):
    """Right, but ``max_norm / 0`` is computed on the way."""
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    scale = min(1.0, max_norm / norm)
    return {name: g * scale for name, g in grads.items()}


def squared_norm(grads, max_norm):
    """No root."""
    norm = sum((g**2).sum() for g in grads.values())
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: g * scale for name, g in grads.items()}


def norms_added(grads, max_norm):
    """The sum of the norms."""
    norm = sum(np.linalg.norm(g) for g in grads.values())
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: g * scale for name, g in grads.items()}


def largest_of_the_norms(grads, max_norm):
    """The norm of the longest array."""
    norm = max(np.linalg.norm(g) for g in grads.values())
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: g * scale for name, g in grads.items()}


def brought_to_length_one(grads, max_norm):
    """Divided by the norm, and not multiplied by the limit."""
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    scale = 1 / norm if norm > max_norm else 1.0
    return {name: g * scale for name, g in grads.items()}


def long_gradients_dropped(grads, max_norm):
    """Zero above the limit."""
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    return {name: g * (norm <= max_norm) for name, g in grads.items()}


def list_for_dictionary(grads, max_norm):
    """The names are lost."""
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    scale = max_norm / norm if norm > max_norm else 1.0
    return [g * scale for g in grads.values()]


def clipped_in_place(grads, max_norm):
    """Right values, in the caller's dictionary."""
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    if norm > max_norm:
        for name in grads:
            grads[name] = grads[name] * max_norm / norm
    return grads


def absolute_values_added(grads, max_norm):
    """Σ |entry|."""
    norm = sum(np.abs(g).sum() for g in grads.values())
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: g * scale for name, g in grads.items()}


def entries_added(grads, max_norm):
    """|Σ entry|."""
    norm = abs(sum(g.sum() for g in grads.values()))
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: g * scale for name, g in grads.items()}


def arrays_in_place(grads, max_norm):
    """``g *= …``."""
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    if norm > max_norm:
        for g in grads.values():
            g *= max_norm / norm
    return grads


def mean_of_the_squares(grads, max_norm):
    """The root of the mean square."""
    count = sum(g.size for g in grads.values())
    norm = np.sqrt(sum((1.0 * g**2).sum() for g in grads.values()) / count)
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: g * scale for name, g in grads.items()}


def mean_of_the_norms(grads, max_norm):
    """The mean of the norms."""
    norm = sum(np.linalg.norm(g) for g in grads.values()) / len(grads)
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: g * scale for name, g in grads.items()}


def largest_entry_decides(grads, max_norm):
    """max |entry|."""
    norm = max(np.abs(g).max(initial=0) for g in grads.values())
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: g * scale for name, g in grads.items()}


def the_last_array_decides(grads, max_norm):
    """The norm of the last array."""
    norm = np.linalg.norm(list(grads.values())[-1])
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: g * scale for name, g in grads.items()}


def all_brought_to_length_one(grads, max_norm):
    """Divided by the norm always, times max_norm never."""
    norm = np.sqrt(sum((1.0 * g**2).sum() for g in grads.values()))
    return {name: g / norm if norm > 0 else g for name, g in grads.items()}


def square_compared(grads, max_norm):
    """Compares the square with the limit, divides by the root."""
    square = sum((1.0 * g**2).sum() for g in grads.values())
    scale = max_norm / np.sqrt(square) if square > max_norm else 1.0
    return {name: g * scale for name, g in grads.items()}


def factor_turned_round(grads, max_norm):
    """norm / max_norm."""
    norm = np.sqrt(sum((1.0 * g**2).sum() for g in grads.values()))
    scale = norm / max_norm if norm > max_norm > 0 else 1.0
    return {name: g * scale for name, g in grads.items()}


def excess_subtracted(grads, max_norm):
    """The excess is subtracted from each entry."""
    norm = np.sqrt(sum((1.0 * g**2).sum() for g in grads.values()))
    excess = max(norm - max_norm, 0.0)
    return {name: g - excess for name, g in grads.items()}


def short_arrays_left_alone(grads, max_norm):
    """The global norm, but only arrays that are too long themselves are shortened."""
    norm = np.sqrt(sum((1.0 * g**2).sum() for g in grads.values()))
    return {name: g * max_norm / norm if np.linalg.norm(g) > max_norm else g for name, g in grads.items()}


def shared_out_among_arrays(grads, max_norm):
    """Each array gets its part of the limit."""
    limit = max_norm / np.sqrt(len(grads))
    clipped = {}
    for name, g in grads.items():
        norm = np.linalg.norm(g)
        clipped[name] = g * (limit / norm) if norm > limit else g
    return clipped


EXERCISE = Exercise(
    name="clip_by_global_norm",
    chapter="ch6_vanishing_gradients",
    reference=optim.clip_by_global_norm,
    cases=cases,
    criteria=(
        # Libraries add 1e-6 to the norm before they divide by it: right enough.
        Criterion(LONG, 0.25, agrees_on(rtol=1e-5)),
        Criterion(SHORT, 0.25, agrees_on(rtol=1e-5)),
        Criterion(UNUSUAL, 0.25, agrees_on(rtol=1e-5)),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            each_array_alone,
            "each array has a norm of its own, so that long ones are shortened and others not: the direction changes. One "
            "norm over all of them decides.",
        ),
        Misconception(
            each_entry_alone,
            "each entry was clipped, which turns the gradient. Multiply all entries of all arrays by one number.",
        ),
        Misconception(
            always_scaled,
            "short gradients are lengthened. Clipping sets an upper limit: below it nothing changes.",
        ),
        Misconception(
            always_scaled_zero_too,
            "the factor is used whatever the norm is, so short gradients are lengthened and zero is divided by zero. Below "
            "the limit nothing changes.",
        ),
        Misconception(
            divided_by_zero,
            "the values are right, but for a gradient of zeros there is a division by 0 on the way. Ask first whether the "
            "norm is above the limit.",
        ),
        Misconception(squared_norm, "the root is missing: a sum of squares is the square of the norm."),
        Misconception(
            norms_added,
            "the norms of the arrays are added. Add the squares of all entries, and take one root.",
        ),
        Misconception(
            largest_of_the_norms,
            "the longest array alone decides. The norm is over all arrays together.",
        ),
        Misconception(
            brought_to_length_one,
            "what is too long gets the norm 1. It should get the norm `max_norm`.",
        ),
        Misconception(
            long_gradients_dropped,
            "what is too long becomes zero. Its direction is still good: shorten it.",
        ),
        Misconception(
            list_for_dictionary,
            "the arrays are right, but their names are lost: return a dictionary with the same names.",
        ),
        Misconception(
            clipped_in_place,
            "the caller's dictionary is changed. Make a new one.",
        ),
        Misconception(
            absolute_values_added,
            "the absolute values are added. The Euclidean norm is the root of the sum of squares.",
        ),
        Misconception(
            entries_added,
            "the entries are added up as they are, so that positive and negative ones cancel. The Euclidean norm is the root "
            "of the sum of squares.",
        ),
        Misconception(
            arrays_in_place,
            "the caller's arrays are changed: something works in place, as `*=` does. Make new ones, and a new dictionary of "
            "them.",
        ),
        Misconception(
            mean_of_the_squares,
            "the squares were averaged. The norm is the root of their *sum*, however many entries there are.",
        ),
        Misconception(
            mean_of_the_norms,
            "the norms of the arrays were averaged. Add the squares of all entries of all arrays, and take one root.",
        ),
        Misconception(
            largest_entry_decides,
            "the largest entry decides. The Euclidean norm of all entries together should.",
        ),
        Misconception(
            the_last_array_decides,
            "the norm of the last array decides for all, as when the sum is started anew for each. It is taken over all "
            "arrays together.",
        ),
        Misconception(
            all_brought_to_length_one,
            "every gradient gets the norm 1. Below `max_norm` nothing changes, and above it the norm becomes `max_norm`.",
        ),
        Misconception(
            square_compared,
            "the *square* of the norm is compared with the limit, so that gradients whose norm is below it are lengthened. "
            "Take the root before you compare.",
        ),
        Misconception(
            factor_turned_round,
            "the factor is the wrong way round: long gradients become longer. It should be below 1 for them.",
        ),
        Misconception(
            excess_subtracted,
            "what is too much was subtracted from each entry, which turns the gradient. Multiply all by one number.",
        ),
        Misconception(
            short_arrays_left_alone,
            "only arrays that are too long by themselves are shortened, which turns the gradient. If all together are too "
            "long, all are multiplied by the same number.",
        ),
        Misconception(
            shared_out_among_arrays,
            "each array got its share of the limit. One norm over all arrays decides, and one number multiplies them.",
        ),
    ),
    minutes=6,
    difficulty=2,
)
