"""Correct answers to `rmsprop_step`, each in a style of its own."""

import numpy as np


def rmsprop_step_entry_by_entry(theta, grad, state, lr, decay, eps):
    new_theta, new_state = np.zeros(theta.shape), np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        new_state[i] = decay * state[i] + (1 - decay) * grad[i] ** 2
        new_theta[i] = theta[i] - lr * grad[i] / (new_state[i] ** 0.5 + eps)
    return new_theta, new_state


def rmsprop_step_on_copies(theta, grad, state, lr, decay, eps):
    theta, state = np.array(theta, float), np.array(state, float)
    state *= decay
    state += (1 - decay) * grad * grad
    theta -= lr / (np.sqrt(state) + eps) * grad
    return theta, state


def rmsprop_step_towards_the_square(theta, grad, state, lr, decay, eps):
    average = state + (1 - decay) * (np.square(grad) - state)
    return theta - lr * (grad / (average**0.5 + eps)), average


ANSWERS = [
    rmsprop_step_entry_by_entry,
    rmsprop_step_on_copies,
    rmsprop_step_towards_the_square,
]

EQUIVALENT_MUTANTS = {
    "1.0: 1.0 -> 2.0": "the largest decay that the reference takes: what it refuses is not asked",
}
