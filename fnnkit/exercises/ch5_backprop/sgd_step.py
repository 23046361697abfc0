"""`sgd_step`: one step against the gradient, for all parameters (chapter 5)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import optim
from fnnkit.exercises.ch5_backprop.sizes import network
from fnnkit.exercises.drawing import both_signs, rounded
from fnnkit.judge.by_name import agrees_on
from fnnkit.judge.criteria import UNUSUAL, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

VALUE = "θ − η · gradient, name by name"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``sgd_step(params, grads, lr)``; names, their number and the order of the gradients vary."""

    def rate() -> float:
        return float(np.round(rng.uniform(0.05, 0.9), 2))

    def like(params: dict[str, Any]) -> dict[str, Any]:
        names = list(params)[::-1]
        return {name: rounded(rng, *params[name].shape) for name in names}

    net, two = network(rng, 3, 4, 2), {"V": both_signs(rng, 2, 3), "a": both_signs(rng, 3)}
    one = {"theta": both_signs(rng, 5)}
    large = network(rng, 12, 9, 5)
    whole = {"W": rng.integers(1, 9, (2, 3)), "b": rng.integers(1, 9, 3)}
    narrow = {"W": both_signs(rng, 2, 3).astype(np.float32)}
    return [
        Case((net, like(net), rate()), VALUE),
        Case((two, like(two), rate()), VALUE, "other names"),
        Case((one, like(one), rate() + 1.0), VALUE, "one array"),
        Case((large, like(large), rate()), VALUE, "a larger network"),
        Case(
            (whole, {k: rng.integers(1, 9, v.shape) for k, v in whole.items()}, rate()),
            UNUSUAL,
            "whole numbers",
        ),
        Case((narrow, {"W": both_signs(rng, 2, 3).astype(np.float32)}, 0.5), UNUSUAL, "float32"),
    ]


def uphill(params, grads, lr):
    """Plus."""
    return {name: params[name] + lr * grads[name] for name in params}


def overwrites_the_parameters(params, grads, lr):
    """In place."""
    for name in params:
        params[name] -= lr * grads[name]
    return params


def rate_forgotten(params, grads, lr):
    """A step of the whole gradient."""
    return {name: params[name] - grads[name] for name in params}


def only_the_change(params, grads, lr):
    """Δθ."""
    return {name: -lr * grads[name] for name in params}


def a_list_without_names(params, grads, lr):
    """The names are lost."""
    return [params[name] - lr * grads[name] for name in params]


def in_the_order_of_the_dictionaries(params, grads, lr):
    """Pairs by position: arrays of other names meet."""
    new = {}
    for (name, value), slope in zip(params.items(), grads.values(), strict=True):
        new[name] = value - lr * slope
    return new


def four_names_only(params, grads, lr):
    """W, b, U, d are written out."""
    return {
        "W": params["W"] - lr * grads["W"],
        "b": params["b"] - lr * grads["b"],
        "U": params["U"] - lr * grads["U"],
        "d": params["d"] - lr * grads["d"],
    }


def returns_in_the_loop(params, grads, lr):
    """Only the first name."""
    new = {}
    for name in params:
        new[name] = params[name] - lr * grads[name]
        return new


def divided_by_the_norm(params, grads, lr):
    """Steps of one length."""
    return {name: params[name] - lr * grads[name] / np.linalg.norm(grads[name]) for name in params}


def nothing_kept(params, grads, lr):
    """The new arrays are not stored."""
    new = dict(params)
    for name, value in new.items():
        value = value - lr * grads[name]
    return new


def rate_divided(params, grads, lr):
    """θ − g / lr."""
    return {name: params[name] - grads[name] / lr for name in params}


def rate_on_the_parameters(params, grads, lr):
    """lr (θ − g)."""
    return {name: lr * (params[name] - grads[name]) for name in params}


def sign_of_the_gradient(params, grads, lr):
    """sign(g)."""
    return {name: params[name] - lr * np.sign(grads[name]) for name in params}


def mean_of_the_gradient(params, grads, lr):
    """g / size."""
    return {name: params[name] - lr * grads[name] / grads[name].size for name in params}


def divided_by_the_rows(params, grads, lr):
    """g / len(g)."""
    return {name: params[name] - lr * grads[name] / len(grads[name]) for name in params}


def gradient_multiplied(params, grads, lr):
    """θ (1 − lr g)."""
    return {name: params[name] * (1 - lr * grads[name]) for name in params}


def gradients_returned(params, grads, lr):
    """lr g."""
    return {name: lr * grads[name] for name in params}


def step_twice_as_long(params, grads, lr):
    """Two steps."""
    return {name: params[name] - 2 * lr * grads[name] for name in params}


def last_name_only(params, grads, lr):
    """The dictionary is made anew at each name."""
    new = {}
    for name in params:
        new = {name: params[name] - lr * grads[name]}
    return new


EXERCISE = Exercise(
    name="sgd_step",
    chapter="ch5_backprop",
    reference=optim.sgd_step,
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.5, agrees_on()),
        Criterion(UNUSUAL, 0.25, agrees_on()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(uphill, "the step goes along the gradient, to where the loss grows. Subtract."),
        Misconception(
            overwrites_the_parameters,
            "the caller's arrays were overwritten, as `-=` does, also through a copy of the dictionary, which holds the same "
            "arrays. `a - b` makes a new one.",
        ),
        Misconception(
            rate_forgotten,
            "the learning rate is not used: it multiplies the gradient.",
        ),
        Misconception(only_the_change, "this is the change alone. Add it to the parameters."),
        Misconception(
            a_list_without_names,
            "a list came back: the names are lost. A dictionary with the same names is asked for.",
        ),
        Misconception(
            in_the_order_of_the_dictionaries,
            "parameters and gradients were paired by their position. Two dictionaries need not have the same order: look "
            "up each gradient by its name.",
        ),
        Misconception(
            four_names_only,
            "four names are written out. Other networks have other names: go through those that are in `params`.",
        ),
        Misconception(
            returns_in_the_loop,
            "only the first name is there, as when `return` stands inside the loop. Go through all names before you return.",
        ),
        Misconception(
            divided_by_the_norm,
            "the gradient was divided by its length. Take it as it is: steps should become shorter where it is flat.",
        ),
        Misconception(
            nothing_kept,
            "the parameters come back as they were: the new arrays are not stored in the dictionary that is returned. A new "
            "value for a variable does not change the dictionary.",
        ),
        Misconception(
            rate_divided,
            "the gradient was divided by the rate. The rate multiplies it: a small rate makes small steps.",
        ),
        Misconception(
            rate_on_the_parameters,
            "the rate multiplies the parameters as well. It multiplies the gradient alone.",
        ),
        Misconception(
            sign_of_the_gradient,
            "only the sign of the gradient counts. Its size belongs to the step too.",
        ),
        Misconception(
            mean_of_the_gradient,
            "the gradient was divided by the number of its entries. Take it as it is.",
        ),
        Misconception(
            divided_by_the_rows,
            "the gradient was divided by its number of rows. Take it as it is: a mean over examples is in it already.",
        ),
        Misconception(
            gradient_multiplied,
            "the step was multiplied by the parameter. It is subtracted as it is.",
        ),
        Misconception(
            gradients_returned,
            "this is the rate times the gradient. Subtract it from the parameters.",
        ),
        Misconception(
            step_twice_as_long,
            "the step is twice as long. The rate times the gradient is subtracted once.",
        ),
        Misconception(
            last_name_only,
            "only the last name is there, as when the dictionary is made anew for each. One dictionary holds them all.",
        ),
    ),
    minutes=4,
    difficulty=1,
)
