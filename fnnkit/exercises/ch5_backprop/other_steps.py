"""Other steps and other results: more wrong answers to `numerical_gradient` (chapter 5), which has a page full of its own."""

from __future__ import annotations

import numpy as np

from fnnkit.judge.exercise import Misconception


def returns_in_the_loop(f, theta, eps):
    """Only the first entry."""
    gradient = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[i] += eps
        down[i] -= eps
        gradient[i] = (f(up) - f(down)) / (2 * eps)
        return gradient


def half_a_step_each(f, theta, eps):
    """eps / 2 to each side, over 2 eps."""
    slopes = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[i] += eps / 2
        down[i] -= eps / 2
        slopes[i] = (f(up) - f(down)) / (2 * eps)
    return slopes


def half_of_one_side(f, theta, eps):
    """One side, over 2 eps."""
    slopes = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up = theta.astype(float)
        up[i] += eps
        slopes[i] = (f(up) - f(theta)) / (2 * eps)
    return slopes


def half_steps(f, theta, eps):
    """eps / 2 to each side, over eps."""
    slopes = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[i] += eps / 2
        down[i] -= eps / 2
        slopes[i] = (f(up) - f(down)) / eps
    return slopes


def own_step(f, theta, eps):
    """eps is not used."""
    slopes = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[i] += 1e-5
        down[i] -= 1e-5
        slopes[i] = (f(up) - f(down)) / 2e-5
    return slopes


def relative_step(f, theta, eps):
    """eps |θ_i|."""
    slopes = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        step = eps * max(abs(float(theta[i])), 1e-8)
        up[i] += step
        down[i] -= step
        slopes[i] = (f(up) - f(down)) / (2 * step)
    return slopes


def relative_step_divided_by_eps(f, theta, eps):
    """θ (1 ± ε) over 2 ε."""
    slopes = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[i] *= 1 + eps
        down[i] *= 1 - eps
        slopes[i] = (f(up) - f(down)) / (2 * eps)
    return slopes


def second_difference(f, theta, eps):
    """Second difference."""
    slopes = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[i] += eps
        down[i] -= eps
        slopes[i] = (f(up) - 2 * f(theta.astype(float)) + f(down)) / eps**2
    return slopes


def one_number(f, theta, eps):
    """The slopes are added."""
    total = 0.0
    for i in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[i] += eps
        down[i] -= eps
        total += (f(up) - f(down)) / (2 * eps)
    return total


def one_sided_twice_as_far(f, theta, eps):
    """Both are moved up."""
    slopes = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up = theta.astype(float)
        up[i] += 2 * eps
        slopes[i] = (f(up) - f(theta.astype(float))) / (2 * eps)
    return slopes


def size_of_the_slopes(f, theta, eps):
    """|slope|."""
    slopes = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[i] += eps
        down[i] -= eps
        slopes[i] = abs(f(up) - f(down)) / (2 * eps)
    return slopes


FURTHER = (
    Misconception(
        returns_in_the_loop,
        "only the first entry has its slope, as when `return` stands inside the loop. Go through all entries before you "
        "return.",
    ),
    Misconception(
        half_a_step_each,
        "the two points are `eps` apart, half of it to each side, and the difference is divided by twice as much. "
        "Divide by the distance of the two.",
    ),
    Misconception(
        half_of_one_side,
        "the two points are `eps` apart, one of them `theta` itself, and the difference is divided by twice as much. Go "
        "`eps` to each side: then they are that far apart.",
    ),
    Misconception(
        half_steps,
        "the step to each side is half of `eps`. It is a central difference, but not the one that is asked for: go "
        "`eps` to each side.",
    ),
    Misconception(
        own_step,
        "a step of your own is taken. The quotient with the `eps` of the call is asked for.",
    ),
    Misconception(
        relative_step,
        "the step is `eps` times the entry. It is `eps` for every entry, whatever its size.",
    ),
    Misconception(
        relative_step_divided_by_eps,
        "the entry was multiplied by 1 ± eps. Add and subtract `eps`.",
    ),
    Misconception(
        second_difference,
        "this is the second difference, which estimates the curvature. The slope is up minus down over their "
        "distance.",
    ),
    Misconception(
        one_number,
        "one number came back, the sum of all slopes, which is also what comes out when all entries are moved together. "
        "Move one at a time: there is one slope for each, in the shape of `theta`.",
    ),
    Misconception(
        one_sided_twice_as_far,
        "the difference is taken to one side, twice as far. Its error shrinks with eps, that of the central "
        "difference with eps²: go as far down as up.",
    ),
    Misconception(
        size_of_the_slopes,
        "absolute values came back: the sign of a slope says where f grows.",
    ),
)
