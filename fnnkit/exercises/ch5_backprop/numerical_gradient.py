"""`numerical_gradient`: central differences over every entry (chapter 5)."""

from __future__ import annotations

import numpy as np

from fnnkit import gradcheck
from fnnkit.exercises.ch5_backprop.other_steps import FURTHER
from fnnkit.exercises.ch5_backprop.sizes import large, positive
from fnnkit.exercises.drawing import both_signs
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception
from fnnkit.kernel.named import Named

SLOPE, CENTRAL, SHAPES = "the slope along every entry", "differences to both sides", "matrices and more axes"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``numerical_gradient(f, theta, eps)``.

    The function is a cubic with a product of the first and the last entry: with a large ``eps`` one-sided differences and
    entries that are left moved show.
    """

    def cubic(*shape: int) -> Named:
        return Named("cubic", C=both_signs(rng, *shape, low=0.5), k=float(both_signs(rng, 1, low=1.0)[0]))

    def call(shape: tuple[int, ...], eps: float) -> tuple[Named, np.ndarray, float]:
        return cubic(*shape), both_signs(rng, *shape, low=0.5), eps

    bowl = np.round(rng.uniform(1.0, 3.0, (3, 3)), 2)
    quadratic = Named("quadratic", A=bowl + bowl.T, b=both_signs(rng, 3))
    return [
        Case((quadratic, both_signs(rng, 3), 1e-4), SLOPE),
        Case(call((4,), 1e-4), SLOPE),
        Case(call((2,), 1e-4), SLOPE, "two entries"),
        Case(call((40,), 1e-4), SLOPE, "forty entries"),
        Case((cubic(3), positive(rng, 3), 1e-4), SLOPE, "all above 0"),
        Case((cubic(3), -positive(rng, 3), 1e-4), SLOPE, "all below 0"),
        Case((cubic(3), large(rng, 3), 1e-4), SLOPE, "large numbers"),
        Case(call((3,), 0.125), CENTRAL, "a large eps shows what is left out"),
        Case(call((5,), 0.25), CENTRAL, "a large eps shows what is left out"),
        Case(call((3, 2), 2e-4), SHAPES, "a matrix"),
        Case(call((2, 3, 4), 2e-4), SHAPES, "three axes"),
        Case(call((3, 3), 2e-4), SHAPES, "a square matrix"),
        Case(call((2, 5), 2e-4), SHAPES, "five columns"),
        Case((cubic(3), rng.choice([-2, -1, 1, 2], 3), 3e-4), UNUSUAL, "whole numbers"),
        Case(
            (cubic(), np.array(float(both_signs(rng, 1)[0])), 1e-4), UNUSUAL, "a single number, without axes"
        ),
    ]


def one_sided(f, theta, eps):
    """Forward differences."""
    gradient = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up = theta.astype(float)
        up[i] += eps
        gradient[i] = (f(up) - f(theta)) / eps
    return gradient


def divided_by_eps(f, theta, eps):
    """The distance is 2 eps."""
    gradient = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[i] += eps
        down[i] -= eps
        gradient[i] = (f(up) - f(down)) / eps
    return gradient


def not_divided(f, theta, eps):
    """A difference, no quotient."""
    gradient = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[i] += eps
        down[i] -= eps
        gradient[i] = f(up) - f(down)
    return gradient


def precedence_of_the_division(f, theta, eps):
    """`/ 2 * eps`."""
    gradient = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[i] += eps
        down[i] -= eps
        gradient[i] = (f(up) - f(down)) / 2 * eps
    return gradient


def all_entries_at_once(f, theta, eps):
    """`theta + eps` moves everything."""
    slope = (f(theta + eps) - f(theta - eps)) / (2 * eps)
    return np.full(theta.shape, slope)


def others_at_zero(f, theta, eps):
    """The step alone is handed over."""
    slopes = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[i] = eps
        slopes[i] = (f(step) - f(-step)) / (2 * eps)
    return slopes


def left_where_it_was_moved_to(f, theta, eps):
    """A copy is moved, and never moved back."""
    gradient = np.zeros(theta.shape)
    moved = theta.astype(float)
    for i in np.ndindex(theta.shape):
        moved[i] += eps
        up = f(moved)
        moved[i] -= 2 * eps
        down = f(moved)
        gradient[i] = (up - down) / (2 * eps)
    return gradient


def both_left_where_they_were_moved_to(f, theta, eps):
    """Two copies for all entries, made before the loop."""
    gradient = np.zeros(theta.shape)
    up, down = theta.astype(float), theta.astype(float)
    for i in np.ndindex(theta.shape):
        up[i] += eps
        down[i] -= eps
        gradient[i] = (f(up) - f(down)) / (2 * eps)
    return gradient


def moved_up_for_good(f, theta, eps):
    """One copy for all entries, compared with theta."""
    gradient = np.zeros(theta.shape)
    up = theta.astype(float)
    for i in np.ndindex(theta.shape):
        up[i] += eps
        gradient[i] = (f(up) - f(theta)) / eps
    return gradient


def up_from_the_one_before(f, theta, eps):
    """Each entry is moved for good, and compared with the value before."""
    slopes = np.zeros(theta.shape)
    moved = theta.astype(float)
    for i in np.ndindex(theta.shape):
        before = f(moved)
        moved[i] += eps
        slopes[i] = (f(moved) - before) / eps
    return slopes


def callers_array_moved(f, theta, eps):
    """Back and forth on the caller's array: rounding stays behind."""
    gradient = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        theta[i] += eps
        up = f(theta)
        theta[i] -= 2 * eps
        down = f(theta)
        theta[i] += eps
        gradient[i] = (up - down) / (2 * eps)
    return gradient


def flat_result(f, theta, eps):
    """The shape is lost."""
    slopes = []
    for i in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[i] += eps
        down[i] -= eps
        slopes.append((f(up) - f(down)) / (2 * eps))
    return np.array(slopes)


def first_axis_only(f, theta, eps):
    """The loop goes over rows, and moves each as a whole."""
    gradient = np.zeros(theta.shape)
    for i in range(len(theta)):
        up, down = theta.copy(), theta.copy()
        up[i] += eps
        down[i] -= eps
        gradient[i] = (f(up) - f(down)) / (2 * eps)
    return gradient


def whole_numbers_stay_whole(f, theta, eps):
    """A copy of whole numbers cannot move by a fraction."""
    gradient = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[i] += eps
        down[i] -= eps
        gradient[i] = (f(up) - f(down)) / (2 * eps)
    return gradient


def downhill(f, theta, eps):
    """The sign."""
    gradient = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[i] += eps
        down[i] -= eps
        gradient[i] = (f(down) - f(up)) / (2 * eps)
    return gradient


def backwards_on_one_side(f, theta, eps):
    """Backward differences."""
    gradient = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        down = theta.astype(float)
        down[i] -= eps
        gradient[i] = (f(theta) - f(down)) / eps
    return gradient


def up_and_down_are_one_array(f, theta, eps):
    """Two names, no copy."""
    gradient = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up = theta
        down = theta
        up[i] += eps
        down[i] -= eps
        gradient[i] = (f(up) - f(down)) / (2 * eps)
    return gradient


def matrices_only(f, theta, eps):
    """Two loops, two axes."""
    gradient = np.zeros(theta.shape)
    for i in range(theta.shape[0]):
        for j in range(theta.shape[1]):
            up, down = theta.astype(float), theta.astype(float)
            up[i, j] += eps
            down[i, j] -= eps
            gradient[i, j] = (f(up) - f(down)) / (2 * eps)
    return gradient


EXERCISE = Exercise(
    name="numerical_gradient",
    chapter="ch5_backprop",
    reference=gradcheck.numerical_gradient,
    cases=cases,
    criteria=(
        # One-sided differences pass the first one: off by eps · f″/2, some 0.001 here.
        Criterion(SLOPE, 1.0, agrees(rtol=2e-3, floor=2e-3)),
        Criterion(CENTRAL, 0.25, agrees(rtol=5e-6, floor=1e-8)),
        Criterion(SHAPES, 0.25, agrees(rtol=5e-6, floor=1e-8)),
        Criterion(UNUSUAL, 0.25, agrees(rtol=5e-6, floor=1e-8)),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            one_sided,
            "the difference is taken to one side only. Its error shrinks with eps, that of the central difference with eps²: "
            "go as far down as up, and divide by the distance of the two.",
        ),
        Misconception(
            divided_by_eps, "everything is twice too large: the two points are `2 * eps` apart, not `eps`."
        ),
        Misconception(
            not_divided, "this is a difference. A slope is a difference *quotient*: divide by the distance."
        ),
        Misconception(
            precedence_of_the_division,
            "the difference was divided by 2 and *multiplied* by eps, as `/ 2 * eps` does. The distance of the two points "
            "needs brackets.",
        ),
        Misconception(
            all_entries_at_once,
            "every entry is the sum of all slopes, which is what comes out when all entries are moved together. Move one "
            "entry at a time.",
        ),
        Misconception(
            others_at_zero,
            "this is the slope at 0: f was asked at the steps alone. Add them to `theta`, where the slope is wanted.",
        ),
        Misconception(
            left_where_it_was_moved_to,
            "an entry stays moved while the next one is tried. Start each from `theta` as it came: a fresh copy.",
        ),
        Misconception(
            both_left_where_they_were_moved_to,
            "entries stay moved while the next ones are tried, so each slope has those before it in it. Start each from "
            "`theta` as it came: two fresh copies for every entry.",
        ),
        Misconception(
            moved_up_for_good,
            "entries stay moved while the next ones are tried, so each slope has those before it in it. Start each from "
            "`theta` as it came, and go as far down as up.",
        ),
        Misconception(
            up_from_the_one_before,
            "the difference is taken to one side only, and entries stay moved while the next ones are tried. Start each from "
            "`theta` as it came, and go as far down as up.",
        ),
        Misconception(
            callers_array_moved,
            "the caller's array was moved to and fro, and does not quite come back: steps are rounded, and whole numbers cut "
            "them off. Work on copies, of floating-point numbers.",
        ),
        Misconception(
            flat_result,
            "the slopes come back in one row. There is one for each entry, in the shape of `theta`.",
        ),
        Misconception(
            first_axis_only,
            "a whole row is moved at once, as when the loop counts along the first axis. `np.ndindex(theta.shape)` gives "
            "every entry, whatever the shape.",
        ),
        Misconception(
            whole_numbers_stay_whole,
            "a copy of an array of whole numbers holds whole numbers, and cannot move by a fraction. Copy it as "
            "floats.",
        ),
        Misconception(downhill, "the sign is turned round: up minus down."),
        Misconception(
            backwards_on_one_side,
            "the difference is taken downwards only. Its error shrinks with eps, that of the central difference "
            "with eps²: go up as well.",
        ),
        Misconception(
            up_and_down_are_one_array,
            "every slope is 0. Either up and down are two names of one array, and move together (a copy is an array of its "
            "own), or the slopes are not stored in what is returned.",
        ),
        Misconception(
            matrices_only,
            "a place was asked for that `theta` does not have: it may have one axis, three or none, and places are counted "
            "from 0. `np.ndindex(theta.shape)` gives every place, whatever the shape.",
        ),
        *FURTHER,
    ),
    minutes=12,
    difficulty=2,
)
