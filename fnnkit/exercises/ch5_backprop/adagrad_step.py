"""`adagrad_step`: a rate for every coordinate, from its accumulated squared gradients (chapter 5)."""

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
    """Calls of ``adagrad_step(theta, grad, state, lr, eps)``; with a small eps its place does not show."""

    def call(shape: tuple[int, ...], eps: float, start: bool = False) -> tuple[Any, ...]:
        state = np.zeros(shape) if start else np.round(rng.uniform(0.3, 4.0, shape), 2)
        return (
            both_signs(rng, *shape),
            both_signs(rng, *shape),
            state,
            float(np.round(rng.uniform(0.1, 0.9), 2)),
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
    whole = (rng.integers(-4, 5, 3), rng.choice([-3, -2, 2, 3], 3), rng.integers(1, 9, 3), 0.5, 0.125)
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


def no_root(theta, grad, state, lr, eps):
    """The slide, word by word."""
    state = state + grad**2
    return theta - lr * grad / (state + eps), state


def divides_by_the_old_state(theta, grad, state, lr, eps):
    """The new gradient does not count yet."""
    return theta - lr * grad / (np.sqrt(state) + eps), state + grad**2


def gradient_not_squared(theta, grad, state, lr, eps):
    """|g| is added up."""
    state = state + np.abs(grad)
    return theta - lr * grad / (np.sqrt(state) + eps), state


def eps_inside_the_root(theta, grad, state, lr, eps):
    """TensorFlow's place."""
    state = state + grad**2
    return theta - lr * grad / np.sqrt(state + eps), state


def uphill(theta, grad, state, lr, eps):
    """Plus."""
    state = state + grad**2
    return theta + lr * grad / (np.sqrt(state) + eps), state


def state_replaced(theta, grad, state, lr, eps):
    """Only this step's gradient."""
    state = grad**2
    return theta - lr * grad / (np.sqrt(state) + eps), state


def old_state_returned(theta, grad, state, lr, eps):
    """The memory is lost."""
    return theta - lr * grad / (np.sqrt(state + grad**2) + eps), state


def root_kept_as_state(theta, grad, state, lr, eps):
    """The root goes into the state."""
    root = np.sqrt(state + grad**2)
    return theta - lr * grad / (root + eps), root


def rate_inside_the_root(theta, grad, state, lr, eps):
    """√lr."""
    state = state + grad**2
    return theta - np.sqrt(lr / (state + eps)) * grad, state


def one_rate_for_all(theta, grad, state, lr, eps):
    """The sum runs over the coordinates too."""
    state = state + np.sum(grad**2)
    return theta - lr * grad / (np.sqrt(state) + eps), state


def moving_average(theta, grad, state, lr, eps):
    """RMSProp."""
    state = 0.9 * state + 0.1 * grad**2
    return theta - lr * grad / (np.sqrt(state) + eps), state


def only_theta(theta, grad, state, lr, eps):
    """The state is not returned."""
    return theta - lr * grad / (np.sqrt(state + grad**2) + eps)


def state_overwritten(theta, grad, state, lr, eps):
    """In place."""
    state += grad**2
    return theta - lr * grad / (np.sqrt(state) + eps), state


def eps_added_to_the_step(theta, grad, state, lr, eps):
    """Brackets are missing."""
    state = state + grad**2
    return theta - lr * grad / np.sqrt(state) + eps, state


def this_step_s_square_alone(theta, grad, state, lr, eps):
    """The root is taken of the new square."""
    state = state + grad**2
    return theta - lr * grad / (np.sqrt(grad**2) + eps), state


def gradient_left_out(theta, grad, state, lr, eps):
    """The rate alone is subtracted."""
    state = state + grad**2
    return theta - lr / (np.sqrt(state) + eps), state


def state_first(theta, grad, state, lr, eps):
    """Returned in the wrong order."""
    state = state + grad**2
    return state, theta - lr * grad / (np.sqrt(state) + eps)


def eps_in_the_state(theta, grad, state, lr, eps):
    """ε goes into the state."""
    state = state + grad**2 + eps
    return theta - lr * grad / np.sqrt(state), state


def gradient_squared_in_the_step(theta, grad, state, lr, eps):
    """The square of the gradient in the numerator."""
    state = state + grad**2
    return theta - lr * grad**2 / (np.sqrt(state) + eps), state


def rate_in_the_state(theta, grad, state, lr, eps):
    """(lr g)² is added."""
    state = state + (lr * grad) ** 2
    return theta - lr * grad / (np.sqrt(state) + eps), state


def multiplied_by_the_root(theta, grad, state, lr, eps):
    """Times for divided by."""
    state = state + grad**2
    return theta - lr * grad * (np.sqrt(state) + eps), state


def plain_step(theta, grad, state, lr, eps):
    """SGD beside a state that is kept."""
    return theta - lr * grad, state + grad**2


def square_of_the_sum(theta, grad, state, lr, eps):
    """(s + g)²."""
    state = (state + grad) ** 2
    return theta - lr * grad / (np.sqrt(state) + eps), state


def roots_added(theta, grad, state, lr, eps):
    """√s + |g|."""
    state = state + grad**2
    return theta - lr * grad / (np.sqrt(state - grad**2) + np.abs(grad) + eps), state


def only_the_change(theta, grad, state, lr, eps):
    """−lr g / …."""
    state = state + grad**2
    return -lr * grad / (np.sqrt(state) + eps), state


def parameters_divided(theta, grad, state, lr, eps):
    """θ is divided too."""
    state = state + grad**2
    return (theta - lr * grad) / (np.sqrt(state) + eps), state


def square_added_twice(theta, grad, state, lr, eps):
    """s + 2 g²."""
    new = state + grad**2
    return theta - lr * grad / (np.sqrt(new) + eps), new + grad**2


EXERCISE = Exercise(
    name="adagrad_step",
    chapter="ch5_backprop",
    reference=optim.adagrad_step,
    returns=("theta", "state"),
    cases=cases,
    criteria=(
        # With eps = 1e-8 the place of eps changes 1e-8 or so: that is another criterion's business.
        Criterion(STEP, 0.5, agrees(part=0, rtol=1e-6, floor=1e-6)),
        Criterion(STATE, 0.25, agrees(part=1)),
        Criterion(OUTSIDE, 0.25, agrees(part=0)),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            no_root,
            "the step is divided by the sum of the squares. The slide says so, and means its square root: otherwise the rate "
            "of a coordinate would have the wrong unit.",
        ),
        Misconception(
            divides_by_the_old_state,
            "the step uses the state from before, which is 0 at the first step. Add the new square first, divide "
            "then.",
        ),
        Misconception(
            gradient_not_squared, "the state adds up absolute values. It is the sum of the *squares*."
        ),
        Misconception(
            eps_inside_the_root,
            "ε was added inside the root, as TensorFlow has it. Here it stands outside: root first, then + ε.",
        ),
        Misconception(uphill, "the step goes along the gradient, to where the loss grows. Subtract."),
        Misconception(
            state_replaced,
            "the state holds this step's square only. AdaGrad adds it to all that came before.",
        ),
        Misconception(
            old_state_returned,
            "the state comes back as it was. Return the new one: the next step starts from it.",
        ),
        Misconception(
            root_kept_as_state,
            "the root was kept as the state. Keep the sum of squares, and take the root in the step alone.",
        ),
        Misconception(
            rate_inside_the_root, "the learning rate went under the root. Only the state stands there."
        ),
        Misconception(
            one_rate_for_all,
            "the squares of all coordinates were added together. Every coordinate has a sum of its own, over the *steps*.",
        ),
        Misconception(
            moving_average, "this is RMSProp's moving average. AdaGrad adds up, and forgets nothing."
        ),
        Misconception(
            only_theta,
            "two things are asked for, the parameters and the state. The next step needs the state.",
        ),
        Misconception(
            state_overwritten,
            "the caller's state was overwritten, as `+=` does. Make a new array: `state + …` does.",
        ),
        Misconception(
            eps_added_to_the_step,
            "ε was added to the parameters: the division comes first. It belongs to the denominator, in brackets "
            "with the root.",
        ),
        Misconception(
            this_step_s_square_alone,
            "the step was divided by the size of this gradient alone, so that every coordinate moves by about the whole rate. "
            "Divide by the root of the *state*.",
        ),
        Misconception(
            gradient_left_out,
            "the rates are subtracted, and the gradient is not in the step: each rate multiplies its coordinate "
            "of the gradient.",
        ),
        Misconception(
            state_first,
            "the two are swapped: the parameters come first, the state second.",
        ),
        Misconception(
            eps_in_the_state,
            "ε was added to the state, and would be added again at every step. It belongs into the denominator of the "
            "step alone, outside the root.",
        ),
        Misconception(
            gradient_squared_in_the_step,
            "the step goes along the *squared* gradient, which has lost its sign. The square is for the state; the step "
            "has the gradient itself.",
        ),
        Misconception(
            rate_in_the_state,
            "the learning rate went into the state. The state adds up squares of the gradient alone.",
        ),
        Misconception(
            multiplied_by_the_root,
            "the step was multiplied by the root. Coordinates with large gradients should move *less*: divide.",
        ),
        Misconception(
            plain_step,
            "the state is kept and not used: this is a plain gradient step. Each coordinate is divided by the root of its "
            "sum.",
        ),
        Misconception(
            square_of_the_sum,
            "the sum was squared. Square the gradient first, then add.",
        ),
        Misconception(
            roots_added,
            "the roots were added. First the sum of the squares, then one root.",
        ),
        Misconception(
            only_the_change,
            "this is the change alone. Add it to the parameters.",
        ),
        Misconception(
            parameters_divided,
            "the parameters were divided too. The gradient alone is divided, and then subtracted from the parameters.",
        ),
        Misconception(
            square_added_twice,
            "the new square was added twice to the state that is returned.",
        ),
    ),
    minutes=8,
    difficulty=2,
)
