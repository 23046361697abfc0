"""`rmsprop_step`: AdaGrad that forgets (chapter 5)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import optim
from fnnkit.exercises.ch5_backprop.sizes import large, positive
from fnnkit.exercises.drawing import both_signs
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

STEP, STATE, OUTSIDE = "the step", "the new state", "ε stands outside the root"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``rmsprop_step(theta, grad, state, lr, decay, eps)``; with a small eps its place does not show."""

    def call(shape: tuple[int, ...], eps: float, start: bool = False) -> tuple[Any, ...]:
        state = np.zeros(shape) if start else np.round(rng.uniform(0.3, 4.0, shape), 2)
        decay = float(np.round(rng.uniform(0.65, 0.85), 2))
        return (
            both_signs(rng, *shape),
            both_signs(rng, *shape),
            state,
            float(np.round(rng.uniform(0.1, 0.9), 2)),
            decay,
            eps,
        )

    def regime(theta: Any, grad: Any, state: Any) -> tuple[Any, ...]:
        return theta, grad, state, *call((1,), 1e-8)[3:]

    small, first, matrix, many = (
        call((3,), 1e-8),
        call((4,), 1e-8, True),
        call((2, 3), 1e-8),
        call((50,), 1e-8),
    )
    narrow = tuple(a.astype(np.float32) if isinstance(a, np.ndarray) else a for a in call((3,), 0.125))
    whole = (rng.integers(-4, 5, 3), rng.choice([-3, -2, 2, 3], 3), rng.integers(1, 9, 3), 0.5, 0.75, 0.125)
    found = []
    for args, why in (
        (small, ""),
        (first, "the first step: the state is 0"),
        (matrix, "a matrix"),
        (many, "fifty"),
        (call((2, 5), 1e-8), "five columns"),
        (regime(positive(rng, 3), positive(rng, 3), positive(rng, 3)), "all above 0"),
        (regime(-positive(rng, 3), -positive(rng, 3), positive(rng, 3)), "nothing but the state above 0"),
        (regime(large(rng, 3), large(rng, 3), np.abs(large(rng, 3)) ** 2), "large numbers"),
    ):
        found += [Case(args, STEP, why), Case(args, STATE, why)]
    return [
        *found,
        Case(call((3,), 0.25), OUTSIDE, "a large eps shows where it stands"),
        Case(call((2, 2), 0.5), OUTSIDE, "a large eps shows where it stands"),
        Case(whole, UNUSUAL, "whole numbers"),
        Case(narrow, UNUSUAL, "float32"),
    ]


def shares_exchanged(theta, grad, state, lr, decay, eps):
    """The new square gets the large share."""
    state = (1 - decay) * state + decay * grad**2
    return theta - lr * grad / (np.sqrt(state) + eps), state


def never_forgets(theta, grad, state, lr, decay, eps):
    """AdaGrad."""
    state = state + grad**2
    return theta - lr * grad / (np.sqrt(state) + eps), state


def share_of_the_square_forgotten(theta, grad, state, lr, decay, eps):
    """No 1 − decay."""
    state = decay * state + grad**2
    return theta - lr * grad / (np.sqrt(state) + eps), state


def one_share_for_both(theta, grad, state, lr, decay, eps):
    """decay twice."""
    state = decay * (state + grad**2)
    return theta - lr * grad / (np.sqrt(state) + eps), state


def small_share_for_both(theta, grad, state, lr, decay, eps):
    """1 − decay twice."""
    state = (1 - decay) * (state + grad**2)
    return theta - lr * grad / (np.sqrt(state) + eps), state


def corrected_for_the_start(theta, grad, state, lr, decay, eps):
    """Adam's division by 1 − decay."""
    state = decay * state + (1 - decay) * grad**2
    return theta - lr * grad / (np.sqrt(state / (1 - decay)) + eps), state


def eps_inside_the_root(theta, grad, state, lr, decay, eps):
    """TensorFlow's place."""
    state = decay * state + (1 - decay) * grad**2
    return theta - lr * grad / np.sqrt(state + eps), state


def no_root(theta, grad, state, lr, decay, eps):
    """Divided by the average itself."""
    state = decay * state + (1 - decay) * grad**2
    return theta - lr * grad / (state + eps), state


def divides_by_the_old_state(theta, grad, state, lr, decay, eps):
    """The new gradient does not count yet."""
    new = decay * state + (1 - decay) * grad**2
    return theta - lr * grad / (np.sqrt(state) + eps), new


def gradient_not_squared(theta, grad, state, lr, decay, eps):
    """|g| is averaged."""
    state = decay * state + (1 - decay) * np.abs(grad)
    return theta - lr * grad / (np.sqrt(state) + eps), state


def old_state_returned(theta, grad, state, lr, decay, eps):
    """The memory is lost."""
    new = decay * state + (1 - decay) * grad**2
    return theta - lr * grad / (np.sqrt(new) + eps), state


def uphill(theta, grad, state, lr, decay, eps):
    """Plus."""
    state = decay * state + (1 - decay) * grad**2
    return theta + lr * grad / (np.sqrt(state) + eps), state


def plain_step(theta, grad, state, lr, decay, eps):
    """SGD beside a state that is kept."""
    return theta - lr * grad, decay * state + (1 - decay) * grad**2


def multiplied_by_the_root(theta, grad, state, lr, decay, eps):
    """Times for divided by."""
    state = decay * state + (1 - decay) * grad**2
    return theta - lr * grad * (np.sqrt(state) + eps), state


def state_overwritten(theta, grad, state, lr, decay, eps):
    """In place."""
    state *= decay
    state += (1 - decay) * grad**2
    return theta - lr * grad / (np.sqrt(state) + eps), state


def gradient_averaged(theta, grad, state, lr, decay, eps):
    """The gradient itself is averaged, not its square."""
    state = decay * state + (1 - decay) * grad
    return theta - lr * grad / (np.sqrt(state**2) + eps), state


def share_squared_too(theta, grad, state, lr, decay, eps):
    """((1 − ρ) g)²."""
    state = decay * state + ((1 - decay) * grad) ** 2
    return theta - lr * grad / (np.sqrt(state) + eps), state


def eps_added_to_the_step(theta, grad, state, lr, decay, eps):
    """Brackets are missing."""
    state = decay * state + (1 - decay) * grad**2
    return theta - lr * grad / np.sqrt(state) + eps, state


def eps_in_the_state(theta, grad, state, lr, decay, eps):
    """ε goes into the state."""
    state = decay * state + (1 - decay) * grad**2 + eps
    return theta - lr * grad / np.sqrt(state), state


def state_replaced(theta, grad, state, lr, decay, eps):
    """Only this step's square."""
    state = (1 - decay) * grad**2
    return theta - lr * grad / (np.sqrt(state) + eps), state


def this_step_s_square_alone(theta, grad, state, lr, decay, eps):
    """The root is taken of the new square."""
    state = decay * state + (1 - decay) * grad**2
    return theta - lr * grad / (np.abs(grad) + eps), state


def one_rate_for_all(theta, grad, state, lr, decay, eps):
    """The mean over the coordinates."""
    state = decay * state + (1 - decay) * np.mean(grad**2)
    return theta - lr * grad / (np.sqrt(state) + eps), state


def root_kept_as_state(theta, grad, state, lr, decay, eps):
    """The root goes into the state."""
    root = np.sqrt(decay * state + (1 - decay) * grad**2)
    return theta - lr * grad / (root + eps), root


def state_first(theta, grad, state, lr, decay, eps):
    """Returned in the wrong order."""
    state = decay * state + (1 - decay) * grad**2
    return state, theta - lr * grad / (np.sqrt(state) + eps)


def only_theta(theta, grad, state, lr, decay, eps):
    """The state is not returned."""
    state = decay * state + (1 - decay) * grad**2
    return theta - lr * grad / (np.sqrt(state) + eps)


def gradient_squared_in_the_step(theta, grad, state, lr, decay, eps):
    """The square of the gradient in the numerator."""
    state = decay * state + (1 - decay) * grad**2
    return theta - lr * grad**2 / (np.sqrt(state) + eps), state


def average_of_the_roots(theta, grad, state, lr, decay, eps):
    """ρ √s + (1 − ρ) |g|."""
    new = decay * state + (1 - decay) * grad**2
    return theta - lr * grad / (decay * np.sqrt(state) + (1 - decay) * np.abs(grad) + eps), new


def share_in_the_step(theta, grad, state, lr, decay, eps):
    """The rate is multiplied by 1 − ρ."""
    state = decay * state + (1 - decay) * grad**2
    return theta - lr * (1 - decay) * grad / (np.sqrt(state) + eps), state


EXERCISE = Exercise(
    name="rmsprop_step",
    chapter="ch5_backprop",
    reference=optim.rmsprop_step,
    returns=("theta", "state"),
    cases=cases,
    criteria=(
        Criterion(STEP, 0.5, agrees(part=0, rtol=1e-6, floor=1e-6)),
        Criterion(STATE, 0.25, agrees(part=1)),
        Criterion(OUTSIDE, 0.25, agrees(part=0)),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            shares_exchanged,
            "`decay` is the share of the *old* state that is kept; the new square gets the rest.",
        ),
        Misconception(
            never_forgets, "this is AdaGrad's sum: `decay` is not used. RMSProp keeps a moving average."
        ),
        Misconception(
            share_of_the_square_forgotten,
            "the two shares have to sum to 1, or it is no average: the new square has the weight 1 − decay.",
        ),
        Misconception(
            one_share_for_both,
            "both parts of the average have the weight decay. The new square has the rest, 1 − decay: the two sum to 1.",
        ),
        Misconception(
            small_share_for_both,
            "both parts of the average have the weight 1 − decay. `decay` is the share of the old state that is kept: the two "
            "sum to 1.",
        ),
        Misconception(
            corrected_for_the_start,
            "the average was corrected for its start at 0. Adam does so; RMSProp takes it as it is.",
        ),
        Misconception(
            eps_inside_the_root,
            "ε was added inside the root, as TensorFlow has it. Here it stands outside: root first, then + ε.",
        ),
        Misconception(
            no_root, "the step is divided by the average of the squares. Divide by its square root."
        ),
        Misconception(
            divides_by_the_old_state,
            "the step uses the state from before, which is 0 at the first step. First the new state, then the step.",
        ),
        Misconception(
            gradient_not_squared, "the state averages absolute values. It is the average of the *squares*."
        ),
        Misconception(
            old_state_returned,
            "the state comes back as it was. Return the new one: the next step starts from it.",
        ),
        Misconception(uphill, "the step goes along the gradient, to where the loss grows. Subtract."),
        Misconception(
            plain_step,
            "the state is kept and not used: this is a plain gradient step. Each coordinate is divided by the root of its "
            "average.",
        ),
        Misconception(
            multiplied_by_the_root,
            "the step was multiplied by the root. Coordinates with large gradients should move *less*: divide.",
        ),
        Misconception(
            state_overwritten,
            "the caller's state was overwritten, as `*=` and `+=` do. Make a new array.",
        ),
        Misconception(
            gradient_averaged,
            "the gradient itself was averaged: positive and negative ones cancel. RMSProp averages the *squares*.",
        ),
        Misconception(
            share_squared_too,
            "the share 1 − decay was squared with the gradient. It multiplies the square, and is not squared itself.",
        ),
        Misconception(
            eps_added_to_the_step,
            "ε was added to the parameters: the division comes first. It belongs to the denominator, in brackets with the "
            "root.",
        ),
        Misconception(
            eps_in_the_state,
            "ε was added to the state, and would be added again at every step. It belongs into the denominator of the "
            "step alone, outside the root.",
        ),
        Misconception(
            state_replaced,
            "the old state is not used. `decay` is the share of it that is kept.",
        ),
        Misconception(
            this_step_s_square_alone,
            "the step was divided by the size of this gradient alone, so that every coordinate moves by about the whole rate. "
            "Divide by the root of the *state*.",
        ),
        Misconception(
            one_rate_for_all,
            "the squares of all coordinates were averaged. Every coordinate has an average of its own, over the *steps*.",
        ),
        Misconception(
            root_kept_as_state,
            "the root was kept as the state. Keep the average of squares, and take the root in the step alone.",
        ),
        Misconception(
            state_first,
            "the two are swapped: the parameters come first, the state second.",
        ),
        Misconception(
            only_theta,
            "two things are asked for, the parameters and the state. The next step needs the state.",
        ),
        Misconception(
            gradient_squared_in_the_step,
            "the step goes along the *squared* gradient, which has lost its sign. The square is for the state; the step "
            "has the gradient itself.",
        ),
        Misconception(
            average_of_the_roots,
            "the roots were averaged. First the average of the squares, then one root.",
        ),
        Misconception(
            share_in_the_step,
            "the step was multiplied by 1 − decay. The shares are for the state; the step has the rate alone.",
        ),
    ),
    minutes=5,
    difficulty=2,
    core=False,
)
