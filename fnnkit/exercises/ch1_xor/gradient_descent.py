"""`gradient_descent`: path of gradient descent, ``theta ← theta - learning_rate * grad(theta)``."""

from __future__ import annotations

import numpy as np

from fnnkit import optim
from fnnkit.exercises.ch1_xor.other_paths import FURTHER
from fnnkit.exercises.drawing import both_signs, rounded
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception
from fnnkit.kernel.named import Named


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``gradient_descent(grad, theta0, learning_rate, steps)`` on bowls, and on a curve that is none."""
    value, edge = "each step goes against the gradient", "no step, one parameter, at the bottom"
    A = np.array([[2.0, 0.5], [0.5, 1.0]])
    b = both_signs(rng, 2)
    start = np.array([3.0, -2.0]) + rounded(rng, 2, scale=0.25)
    three = Named("quadratic_gradient", A=np.diag([1.0, 2.0, 4.0]), b=both_signs(rng, 3))
    bowl = Named("quadratic_gradient", A=A, b=b)
    bottom = np.round(both_signs(rng, 2) * 4) / 4
    flat = Named("quadratic_gradient", A=np.eye(2), b=bottom)
    wide = np.diag(np.round(rng.uniform(0.5, 2.0, 17), 2))
    many = Named("quadratic_gradient", A=wide, b=both_signs(rng, 17))
    return [
        Case((bowl, start, 0.1, 4), value, "a small rate on a bowl"),
        Case((three, both_signs(rng, 3) + 3.0, 0.5, 3), value, "a rate at which one coordinate oscillates"),
        Case((bowl, start, 1.25, 5), value, "a rate that is too large"),
        Case(
            (Named("sine"), np.array([2.0]) + rounded(rng, 1, scale=0.05), 0.5, 3),
            value,
            "the gradient sin θ",
        ),
        Case((bowl, start, 0.1, 0), edge, "no step"),
        Case(
            (
                Named("quadratic_gradient", A=np.array([[3.0]]), b=both_signs(rng, 1)),
                both_signs(rng, 1) - 4.0,
                0.2,
                2,
            ),
            edge,
            "one parameter",
        ),
        Case((flat, bottom, 0.25, 3), edge, "a start at the bottom, where the gradient is 0"),
        Case((flat, bottom + both_signs(rng, 2), 1.0, 3), edge, "at the bottom after one step"),
        *(
            Case(
                (many, sign * np.round(rng.uniform(2.0, 9.0, 17), 2), 0.3, 2),
                edge,
                "seventeen parameters of one sign",
            )
            for sign in (1, -1)
        ),
        Case((bowl, np.array([4, -3]), 0.2, 2), UNUSUAL, "whole numbers: `theta0` is an array of integers"),
    ]


def uphill(grad, theta0, learning_rate, steps):
    """Plus: the loss grows."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] + learning_rate * grad(path[-1]))
    return np.array(path)


def path_without_the_start(grad, theta0, learning_rate, steps):
    """The first row is where the first step ends."""
    theta, path = np.array(theta0, dtype=float), []
    for _ in range(steps):
        theta = theta - learning_rate * grad(theta)
        path.append(theta)
    return np.array(path)


def path_of_one_array(grad, theta0, learning_rate, steps):
    """The same array is appended again and again; all rows are the last point."""
    theta, path = np.array(theta0, dtype=float), []
    path.append(theta)
    for _ in range(steps):
        theta -= learning_rate * grad(theta)
        path.append(theta)
    return np.array(path)


def gradient_of_the_start(grad, theta0, learning_rate, steps):
    """The gradient is computed once."""
    path = [np.array(theta0, dtype=float)]
    slope = grad(path[0])
    for _ in range(steps):
        path.append(path[-1] - learning_rate * slope)
    return np.array(path)


def always_from_the_start(grad, theta0, learning_rate, steps):
    """The point is not carried on."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps):
        path.append(path[0] - learning_rate * grad(path[0]))
    return np.array(path)


def learning_rate_forgotten(grad, theta0, learning_rate, steps):
    """A step of the length of the gradient."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - grad(path[-1]))
    return np.array(path)


def only_the_last_point(grad, theta0, learning_rate, steps):
    """No path."""
    theta = np.array(theta0, dtype=float)
    for _ in range(steps):
        theta = theta - learning_rate * grad(theta)
    return theta


def one_step_too_few(grad, theta0, learning_rate, steps):
    """``steps`` rows in all."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps - 1):
        path.append(path[-1] - learning_rate * grad(path[-1]))
    return np.array(path)


def steps_of_one_length(grad, theta0, learning_rate, steps):
    """The gradient is divided by its length."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps):
        slope = grad(path[-1])
        path.append(path[-1] - learning_rate * slope / np.linalg.norm(slope))
    return np.array(path)


def start_overwritten(grad, theta0, learning_rate, steps):
    """Right values, but the start is moved along."""
    theta = theta0
    path = [theta.copy()]
    for _ in range(steps):
        theta -= learning_rate * grad(theta)
        path.append(theta.copy())
    return np.array(path)


def whole_numbers_stay_whole(grad, theta0, learning_rate, steps):
    """The path takes the type of the start: fractions are cut off."""
    path = np.zeros((steps + 1, len(theta0)), dtype=theta0.dtype)
    path[0] = theta0
    for k in range(steps):
        path[k + 1] = path[k] - learning_rate * grad(path[k])
    return path


def rows_moved_in_place(grad, theta0, learning_rate, steps):
    """A row of the path is a view, and `-=` moves what was stored."""
    path = np.zeros((steps + 1, len(theta0)))
    path[0] = theta0
    for k in range(steps):
        here = path[k]
        here -= learning_rate * grad(here.copy())
        path[k + 1] = here
    return path


def stops_when_flat(grad, theta0, learning_rate, steps):
    """Where the gradient is 0 the path ends."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps):
        slope = grad(path[-1])
        if np.linalg.norm(slope) < 1e-10:
            break
        path.append(path[-1] - learning_rate * slope)
    return np.array(path)


def rate_shrinks(grad, theta0, learning_rate, steps):
    """The learning rate is divided by the number of the step."""
    path = [np.array(theta0, dtype=float)]
    for k in range(steps):
        path.append(path[-1] - learning_rate / (k + 1) * grad(path[-1]))
    return np.array(path)


def one_coordinate_at_a_time(grad, theta0, learning_rate, steps):
    """Each coordinate is moved before the next one's slope is computed."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps):
        theta = path[-1].copy()
        for i in range(len(theta)):
            theta[i] -= learning_rate * grad(theta.copy())[i]
        path.append(theta)
    return np.array(path)


def gradients_collected(grad, theta0, learning_rate, steps):
    """The path holds the gradients."""
    theta = np.array(theta0, dtype=float)
    path = [theta]
    for _ in range(steps):
        slope = grad(theta)
        theta = theta - learning_rate * slope
        path.append(slope)
    return np.array(path)


def moves_collected(grad, theta0, learning_rate, steps):
    """The path holds the steps."""
    theta = np.array(theta0, dtype=float)
    path = [theta]
    for _ in range(steps):
        move = -learning_rate * grad(theta)
        theta = theta + move
        path.append(move)
    return np.array(path)


def one_step_too_many(grad, theta0, learning_rate, steps):
    """``steps + 2`` rows."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps + 1):
        path.append(path[-1] - learning_rate * grad(path[-1]))
    return np.array(path)


def point_before_the_step(grad, theta0, learning_rate, steps):
    """The start comes twice, the last point is missing."""
    theta = np.array(theta0, dtype=float)
    path = [theta]
    for _ in range(steps):
        path.append(theta)
        theta = theta - learning_rate * grad(theta)
    return np.array(path)


def point_not_carried_on(grad, theta0, learning_rate, steps):
    """θ ← −η grad(θ)."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps):
        path.append(-learning_rate * grad(path[-1]))
    return np.array(path)


def divided_by_the_rate(grad, theta0, learning_rate, steps):
    """grad / η."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - grad(path[-1]) / learning_rate)
    return np.array(path)


def signs_of_the_gradient(grad, theta0, learning_rate, steps):
    """All coordinates move by the learning rate."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * np.sign(grad(path[-1])))
    return np.array(path)


def momentum_kept(grad, theta0, learning_rate, steps):
    """The slopes add up."""
    path, total = [np.array(theta0, dtype=float)], 0.0
    for _ in range(steps):
        total = total + grad(path[-1])
        path.append(path[-1] - learning_rate * total)
    return np.array(path)


def last_row_left_empty(grad, theta0, learning_rate, steps):
    """The points are stored one row too early."""
    path, theta = np.zeros((steps + 1, len(theta0))), np.array(theta0, dtype=float)
    path[0] = theta
    for k in range(steps):
        theta = theta - learning_rate * grad(theta)
        path[k] = theta
    return path


def gradient_of_the_point_before(grad, theta0, learning_rate, steps):
    """The gradient is one step late."""
    path = [np.array(theta0, dtype=float)]
    for k in range(steps):
        path.append(path[-1] - learning_rate * grad(path[max(k - 1, 0)]))
    return np.array(path)


def first_row_left_empty(grad, theta0, learning_rate, steps):
    """The start is not stored."""
    path, theta = np.zeros((steps + 1, len(theta0))), np.array(theta0, dtype=float)
    for k in range(steps):
        theta = theta - learning_rate * grad(theta)
        path[k + 1] = theta
    return path


def rate_on_point_and_gradient(grad, theta0, learning_rate, steps):
    """η(θ − grad(θ))."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps):
        path.append(learning_rate * (path[-1] - grad(path[-1])))
    return np.array(path)


EXERCISE = Exercise(
    name="gradient_descent",
    chapter="ch1_xor",
    reference=optim.gradient_descent,
    cases=cases,
    criteria=(
        Criterion("each step goes against the gradient", 1.25, agrees()),
        Criterion("no step, one parameter, at the bottom", 0.25, agrees()),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            uphill,
            "the steps go along the gradient, uphill. The gradient points to where the loss grows: subtract it.",
        ),
        Misconception(
            path_without_the_start,
            "the start is missing from the path. Its first row is `theta0`, so that it has `steps + 1` rows.",
        ),
        Misconception(
            path_of_one_array,
            "all rows are equal to the last point. An array that is changed in place, as by `-=`, changes wherever it "
            "was stored before; `theta = theta - …` makes a new one for each row.",
        ),
        Misconception(
            gradient_of_the_start,
            "every step uses the gradient at the start. Compute it anew at the point where you are, not at `theta0`.",
        ),
        Misconception(
            always_from_the_start,
            "every step starts at `theta0` again. Start each where the one before ended.",
        ),
        Misconception(learning_rate_forgotten, "the learning rate is not used: it multiplies the gradient."),
        Misconception(
            only_the_last_point,
            "only the last point is returned. Collect all points, one a row, the start first.",
        ),
        Misconception(
            one_step_too_few,
            "there is one step too few: `steps` steps and the start make `steps + 1` rows.",
        ),
        Misconception(
            steps_of_one_length,
            "all steps have the same length: the gradient was divided by its norm. Take it as it is, so that steps "
            "become shorter where it is flat.",
        ),
        Misconception(
            start_overwritten,
            "`theta0` was moved along: the steps change the caller's array in place, as `-=` does. Start with a copy, "
            "or write `theta = theta - …`.",
        ),
        Misconception(
            whole_numbers_stay_whole,
            "the fractions are cut off: an array of integers holds no fractions. Make the path one of floats, "
            "`np.array(theta0, dtype=float)`.",
        ),
        Misconception(
            rows_moved_in_place,
            "each row is the point after its step: the start is lost, and the last point comes twice. A row of an "
            "array is a view of it, and `-=` moves what is stored there; take a new array for each point.",
        ),
        Misconception(
            stops_when_flat,
            "the path ends where the gradient is 0. It has `steps + 1` rows in any case: at the "
            "bottom they are all equal.",
        ),
        Misconception(
            rate_shrinks,
            "the learning rate becomes smaller from step to step. Here it stays the same.",
        ),
        Misconception(
            one_coordinate_at_a_time,
            "the coordinates were moved one after the other, each with a gradient at a point that was "
            "half moved. One gradient moves all of them.",
        ),
        Misconception(
            gradients_collected,
            "the gradients were collected. The path holds the points.",
        ),
        Misconception(
            moves_collected,
            "the moves were collected. The path holds the points that they lead to.",
        ),
        Misconception(
            one_step_too_many,
            "there is one step too many: `steps` steps and the start make `steps + 1` rows.",
        ),
        Misconception(
            point_before_the_step,
            "each point was collected before its step: the start comes twice, and the last point is missing.",
        ),
        Misconception(
            point_not_carried_on,
            "the new point is the move alone. A step starts where you are: the move is added to the point.",
        ),
        Misconception(
            divided_by_the_rate,
            "the gradient was divided by the learning rate. The rate multiplies it: a small rate "
            "makes small steps.",
        ),
        Misconception(
            signs_of_the_gradient,
            "only the signs of the gradient are used, so that all coordinates move equally far. Take "
            "the gradient as it is.",
        ),
        Misconception(
            momentum_kept,
            "the gradients of all steps before are added up. Each step uses the gradient where you "
            "are, and no other.",
        ),
        Misconception(
            last_row_left_empty,
            "each point is stored one row too early: the start is overwritten, and the last row stays 0.",
        ),
        Misconception(
            gradient_of_the_point_before,
            "the gradient is one step late: that of the point before is used. Take it where you are.",
        ),
        Misconception(
            first_row_left_empty,
            "the first row stays 0. The start belongs there.",
        ),
        Misconception(
            rate_on_point_and_gradient,
            "the learning rate multiplies the point as well. It multiplies the gradient only, and that is taken "
            "away from the point.",
        ),
        *FURTHER,
    ),
    verify="Check all rows that come back: the first should be `theta0`, and each one after it, down to the last of "
    "`steps + 1`, `row - learning_rate * grad(row)` of the row before it.",
    minutes=10,
    difficulty=2,
)
