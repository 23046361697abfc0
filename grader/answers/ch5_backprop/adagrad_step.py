"""Correct answers to `adagrad_step`, each in a style of its own."""

import numpy as np


def adagrad_step_entry_by_entry(theta, grad, state, lr, eps):
    new_theta, new_state = np.zeros(theta.shape), np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        new_state[i] = state[i] + grad[i] ** 2
        new_theta[i] = theta[i] - lr * grad[i] / (new_state[i] ** 0.5 + eps)
    return new_theta, new_state


def adagrad_step_on_copies(theta, grad, state, lr, eps):
    theta, state = np.array(theta, float), np.array(state, float)
    state += grad * grad
    rates = lr / (np.sqrt(state) + eps)
    theta -= rates * grad
    return [theta, state]


def adagrad_step_numpy(theta, grad, state, lr, eps):
    accumulated = np.add(state, np.square(grad))
    return np.subtract(theta, np.divide(lr * grad, eps + np.power(accumulated, 0.5))), accumulated


ANSWERS = [
    adagrad_step_entry_by_entry,
    adagrad_step_on_copies,
    adagrad_step_numpy,
]
