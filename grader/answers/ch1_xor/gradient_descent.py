"""Correct answers to `gradient_descent`, each in a style of its own."""

import numpy as np


def gradient_descent_list(grad, theta0, learning_rate, steps):
    path = [np.array(theta0, dtype=float)]
    while len(path) <= steps:
        path.append(path[-1] - learning_rate * grad(path[-1]))
    return np.stack(path)


def gradient_descent_filled(grad, theta0, learning_rate, steps):
    path = np.zeros((steps + 1, len(theta0)))
    path[0] = theta0
    for k in range(steps):
        path[k + 1] = path[k] - learning_rate * grad(path[k])
    return path


def gradient_descent_in_place_on_a_copy(grad, theta0, learning_rate, steps):
    theta = theta0.astype(float)
    rows = [theta.copy()]
    for _ in range(steps):
        theta -= learning_rate * grad(theta)
        rows.append(theta.copy())
    return np.array(rows)


def gradient_descent_recursive(grad, theta0, learning_rate, steps):
    def onwards(theta, left):
        return [theta] if left == 0 else [theta, *onwards(theta - learning_rate * grad(theta), left - 1)]

    return np.array(onwards(np.asarray(theta0, dtype=float), steps))


ANSWERS = [
    gradient_descent_list,
    gradient_descent_filled,
    gradient_descent_in_place_on_a_copy,
    gradient_descent_recursive,
]
