"""Other paths: more wrong answers to `gradient_descent` (chapter 1), which has a page full of its own."""

from __future__ import annotations

import numpy as np

from fnnkit.judge.exercise import Misconception


def last_step_missing(grad, theta0, learning_rate, steps):
    """The last row is not filled."""
    path = np.zeros((steps + 1, len(theta0)))
    path[0] = theta0
    for k in range(1, steps):
        path[k] = path[k - 1] - learning_rate * grad(path[k - 1])
    return path


def start_at_zero(grad, theta0, learning_rate, steps):
    """The start is not used."""
    path = np.zeros((steps + 1, len(theta0)))
    for k in range(steps):
        path[k + 1] = path[k] - learning_rate * grad(path[k])
    return path


def first_row_from_the_last(grad, theta0, learning_rate, steps):
    """The first row is overwritten by a step from row −1, which is not filled yet."""
    path = np.zeros((steps + 1, len(theta0)))
    path[0] = theta0
    for k in range(steps + 1):
        path[k] = path[k - 1] - learning_rate * grad(path[k - 1])
    return path


def each_point_after_its_step(grad, theta0, learning_rate, steps):
    """``steps + 1`` rows, the first one after the first step."""
    theta, path = np.array(theta0, dtype=float), []
    for _ in range(steps + 1):
        theta = theta - learning_rate * grad(theta)
        path.append(theta)
    return np.array(path)


def points_as_columns(grad, theta0, learning_rate, steps):
    """The path is transposed."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * grad(path[-1]))
    return np.array(path).T


def last_row_still_the_start(grad, theta0, learning_rate, steps):
    """All rows begin as the start, and the last one stays so."""
    path = np.tile(np.array(theta0, dtype=float), (steps + 1, 1))
    for k in range(1, steps):
        path[k] = path[k - 1] - learning_rate * grad(path[k - 1])
    return path


def moves_from_the_start(grad, theta0, learning_rate, steps):
    """The gradient is that of the last point, and the move begins at the start."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps):
        path.append(path[0] - learning_rate * grad(path[-1]))
    return np.array(path)


def newest_point_first(grad, theta0, learning_rate, steps):
    """The path is read from its end."""
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * grad(path[-1]))
    return np.array(path[::-1])


def start_at_the_end(grad, theta0, learning_rate, steps):
    """The start comes after the steps."""
    theta, path = np.array(theta0, dtype=float), []
    for _ in range(steps):
        theta = theta - learning_rate * grad(theta)
        path.append(theta)
    return np.array([*path, theta0])


FURTHER = (
    Misconception(
        last_step_missing,
        "the last step is not made, and the last row stays 0: the start and `steps` steps fill `steps + 1` rows, so the "
        "last row has the number `steps`.",
    ),
    Misconception(
        start_at_zero,
        "the path begins at 0: `theta0` is not used. It is the first row, and the first step starts there.",
    ),
    Misconception(
        first_row_from_the_last,
        "the first row is where a step from 0 leads, as from a row that is not filled yet: row −1 is the last one. The "
        "first row stays `theta0`, and steps fill the rows after it.",
    ),
    Misconception(
        each_point_after_its_step,
        "the path begins after the first step, and has one step too many at its end. The first row is `theta0`, before "
        "any step.",
    ),
    Misconception(
        points_as_columns,
        "rows and columns of the path are exchanged. Each point is a row, with one column for each parameter.",
    ),
    Misconception(
        last_row_still_the_start,
        "the last step is not made, and the last row is `theta0` still: the start and `steps` steps fill `steps + 1` rows, "
        "so the last row has the number `steps`.",
    ),
    Misconception(
        moves_from_the_start,
        "every move is added to `theta0`. Its gradient is that of the point before, and it has to be added to this point "
        "too.",
    ),
    Misconception(
        newest_point_first,
        "the points come in the reverse order. `theta0` is the first row, and the newest point the last.",
    ),
    Misconception(
        start_at_the_end,
        "`theta0` comes after the points that the steps lead to. It is the first row, before any step.",
    ),
)
