"""`numerical_derivative`: derivative of an elementwise function by central differences."""

from __future__ import annotations

import numpy as np

from fnnkit import gradcheck
from fnnkit.exercises.ch3_activations.elementwise import CALM, EXPONENTIAL, SINE
from fnnkit.exercises.drawing import beyond, both_signs
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``numerical_derivative(f, z, eps)``; the steps are long, so that one formula differs from another."""
    value, shapes = "the central difference", "any shape"
    (far, _), (positive, _), (negative, _) = beyond(rng, (9, 4), (2, 3), (4,))
    return [
        Case((SINE, both_signs(rng, 3), float(rng.choice([0.1, 0.2]))), value),
        Case((EXPONENTIAL, both_signs(rng, 2), 0.4), value),
        Case((SINE, both_signs(rng, 2), 0.001), value, "a short step"),
        Case((SINE, positive[1], 0.25), value, "nothing negative"),
        Case((SINE, negative[2], 0.25), value, "nothing positive"),
        Case((SINE, both_signs(rng, 2, 3), 0.25), shapes, "a matrix"),
        Case((SINE, far[0], 0.25), shapes, "a larger matrix"),
        Case((SINE, both_signs(rng, 2, 1, 3), 0.25), shapes, "three axes"),
        Case(
            (EXPONENTIAL, rng.permuted(np.arange(-1, 3)), 0.25),
            UNUSUAL,
            "whole numbers: `z` is an array of integers",
        ),
        Case(
            (SINE, both_signs(rng, 3).astype(np.float32), 0.25), UNUSUAL, "float32: numbers with seven digits"
        ),
    ]


def forward_difference(f, z, eps):
    """One-sided, to the right."""
    return (f(z + eps) - f(z)) / eps


def backward_difference(f, z, eps):
    """One-sided, to the left."""
    return (f(z) - f(z - eps)) / eps


def divided_by_eps(f, z, eps):
    """The two sides are 2 eps apart."""
    return (f(z + eps) - f(z - eps)) / eps


def two_without_brackets(f, z, eps):
    """``/ 2 * eps`` divides by 2 and multiplies by eps."""
    return (f(z + eps) - f(z - eps)) / 2 * eps


def half_steps(f, z, eps):
    """Steps of eps / 2 to each side."""
    return (f(z + eps / 2) - f(z - eps / 2)) / eps


def left_minus_right(f, z, eps):
    """The difference turned round."""
    return (f(z - eps) - f(z + eps)) / (2 * eps)


def differences_along_the_array(f, z, eps):
    """np.gradient compares neighbouring entries."""
    return np.gradient(f(z), eps)


def whole_numbers_stay_whole(f, z, eps):
    """``zeros_like`` of whole numbers holds whole numbers: the decimals are cut off."""
    slopes = np.zeros_like(z)
    for i in np.ndindex(z.shape):
        slopes[i] = (f(z[i] + eps) - f(z[i] - eps)) / (2 * eps)
    return slopes


def moved_among_whole_numbers(f, z, eps):
    """A step within an array of whole numbers is cut off."""
    right, left = z.copy(), z.copy()
    right[...], left[...] = z + eps, z - eps
    return (f(right) - f(left)) / (2 * eps)


def steps_in_place(f, z, eps):
    """Right values, but z is left half a step away."""
    z += eps
    right = f(z)
    z -= 2 * eps
    return (right - f(z)) / (2 * eps)


def second_derivative(f, z, eps):
    """Differentiated twice."""
    return (f(z + eps) - 2 * f(z) + f(z - eps)) / eps**2


def not_divided(f, z, eps):
    """The rise alone."""
    return f(z + eps) - f(z - eps)


def divided_by_two_only(f, z, eps):
    """Half the rise."""
    return (f(z + eps) - f(z - eps)) / 2


def two_steps_to_the_right(f, z, eps):
    """One-sided, over the right distance."""
    return (f(z + 2 * eps) - f(z)) / (2 * eps)


def function_of_the_difference(f, z, eps):
    """f((z + ε) − (z − ε))."""
    return f(np.full(z.shape, 2 * eps)) / (2 * eps)


def one_sided_slopes_that_cancel(f, z, eps):
    """The mean of both, the left one turned round."""
    return ((f(z + eps) - f(z)) / eps + (f(z - eps) - f(z)) / eps) / 2


def step_that_grows_with_z(f, z, eps):
    """Relative steps, over the absolute distance."""
    h = eps * np.maximum(1.0, np.abs(z))
    return (f(z + h) - f(z - h)) / (2 * eps)


def relative_step(f, z, eps):
    """Steps in proportion to z."""
    h = eps * np.abs(z)
    return (f(z + h) - f(z - h)) / (2 * h)


def one_side_over_both(f, z, eps):
    """One-sided, over the distance of both sides."""
    return (f(z + eps) - f(z)) / (2 * eps)


def left_side_over_both(f, z, eps):
    """One-sided to the left, over the distance of both sides."""
    return (f(z) - f(z - eps)) / (2 * eps)


def values_added(f, z, eps):
    """A sum in the place of the difference."""
    return (f(z + eps) + f(z - eps)) / (2 * eps)


def moved_where_decimal(f, z, eps):
    """Moved in place, once it holds decimal numbers: those of the caller as well."""
    z = np.asarray(z, dtype=float)
    z += eps
    right = f(z)
    z -= 2 * eps
    return (right - f(z)) / (2 * eps)


EXERCISE = Exercise(
    name="numerical_derivative",
    chapter="ch3_activations",
    reference=gradcheck.numerical_derivative,
    cases=cases,
    criteria=(
        Criterion("the central difference", 0.5, agrees()),
        Criterion("any shape", 0.25, agrees()),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion(CALM, 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            forward_difference,
            "this is the one-sided difference (f(z + ε) − f(z)) / ε. Its error shrinks like ε, that of the central "
            "difference like ε²: step to both sides.",
        ),
        Misconception(
            backward_difference,
            "this is the one-sided difference (f(z) − f(z − ε)) / ε. Its error shrinks like ε, that of the central "
            "difference like ε²: step to both sides.",
        ),
        Misconception(
            divided_by_eps,
            "every slope comes out twice as steep as it is. From z − ε to z + ε the distance is 2ε, not ε.",
        ),
        Misconception(
            two_without_brackets,
            "the difference is divided by 2 and multiplied by ε. Both belong below the line: `/ (2 * eps)`, with the "
            "brackets.",
        ),
        Misconception(
            half_steps,
            "the steps to each side are ε / 2. Here ε is the step to each side: z + ε and z − ε, which are 2ε apart.",
        ),
        Misconception(
            left_minus_right,
            "the sign is turned round. It is the value on the right, f(z + ε), less the one on the left, over 2ε.",
        ),
        Misconception(
            differences_along_the_array,
            "neighbouring entries of the array were compared, as `np.gradient` does, and those have nothing to do "
            "with each other. Move every entry by itself: `f(z + eps)` and `f(z - eps)`.",
        ),
        Misconception(
            whole_numbers_stay_whole,
            "the result has the type of `z`: when that is whole numbers, the decimals of the slopes are cut off. "
            "Slopes are floating-point numbers, whatever `z` holds; `np.zeros(z.shape)` has room for them.",
        ),
        Misconception(
            moved_among_whole_numbers,
            "z + ε and z − ε were put into an array of the type of `z`: when that is whole numbers, the decimals of "
            "the step are cut off. Make them floating-point numbers first: `z.astype(float)`.",
        ),
        Misconception(
            steps_in_place,
            "the step was added in place, into an array of the type of `z`: whole numbers cannot take it up, and without a "
            "copy the caller's own `z` is moved. `z + eps` makes a new array, of decimal numbers.",
        ),
        Misconception(
            second_derivative,
            "this is the second derivative. The first one needs the values on the two sides only, and their "
            "distance, 2ε.",
        ),
        Misconception(
            not_divided,
            "this is the rise from z − ε to z + ε. A slope is the rise divided by the distance, 2ε.",
        ),
        Misconception(
            divided_by_two_only,
            "the rise was divided by 2, and not by ε. The distance from z − ε to z + ε is 2ε.",
        ),
        Misconception(
            two_steps_to_the_right,
            "both steps go to the right, from z to z + 2ε. The central difference goes one step to each side.",
        ),
        Misconception(
            function_of_the_difference,
            "the difference was taken inside of f, where z cancels. It is the difference of two values of f, at z + ε "
            "and at z − ε.",
        ),
        Misconception(
            one_sided_slopes_that_cancel,
            "the two sides cancel almost: f(z + ε) − 2 f(z) + f(z − ε) is left above the line. The slope on the left "
            "is (f(z) − f(z − ε)) / ε, with f(z) first.",
        ),
        Misconception(
            step_that_grows_with_z,
            "the steps grow with |z|, and the rise is divided by 2ε all the same. The step is ε everywhere.",
        ),
        Misconception(
            relative_step,
            "the step is in proportion to z. It is ε for every entry, whatever its size.",
        ),
        Misconception(
            one_side_over_both,
            "this is the rise from z to z + ε alone, divided by 2ε. The rise over 2ε begins at z − ε.",
        ),
        Misconception(
            left_side_over_both,
            "this is the rise from z − ε to z alone, divided by 2ε. The rise over 2ε goes on to z + ε.",
        ),
        Misconception(
            values_added,
            "the two values of f were added. A slope needs the rise: the value on the right less the one on the left.",
        ),
        Misconception(
            moved_where_decimal,
            "the caller's own `z` was moved: where it holds decimal numbers already, `np.asarray` and the like make "
            "no copy. `z + eps` makes a new array.",
        ),
    ),
    minutes=10,
    difficulty=2,
)
