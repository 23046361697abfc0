"""`forward`: values of all layers, Y = tanh(X W + b) U + d (chapter 5)."""

from __future__ import annotations

import numpy as np

from fnnkit import backprop
from fnnkit.exercises.ch5_backprop.sizes import AXES, OTHER, SMALL, large, network, positive
from fnnkit.exercises.drawing import rounded
from fnnkit.judge.axes import by_meaning
from fnnkit.judge.by_name import agrees_on
from fnnkit.judge.criteria import UNUSUAL, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

HIDDEN, SCORES = "the hidden layer, Z and H", "the scores Y"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``forward(X, params)``; pre-activations reach beyond ±1, where tanh bends."""
    found = []
    for n, d, m, K in SMALL + OTHER:
        X, params = rounded(rng, n, d), network(rng, d, m, K)
        why = {1: "one example", 40: "forty examples", 3: "all lengths are 3"}.get(n, "")
        found += [Case((X, params), HIDDEN, why), Case((X, params), SCORES, why)]
    for X, why in (
        (large(rng, 5, 3), "large inputs"),
        (positive(rng, 5, 3), "all inputs above 0"),
        (-positive(rng, 5, 3), "all inputs below 0"),
    ):
        args = (X, network(rng, 3, 4, 2))
        found += [Case(args, c, why) for c in (HIDDEN, SCORES)]
    d, m, K = 3, 2, 4
    whole = {name: np.sign(value).astype(int) * 2 for name, value in network(rng, d, m, K).items()}
    narrow = {name: value.astype(np.float32) for name, value in network(rng, d, m, K).items()}
    return [
        *found,
        Case((rng.integers(-2, 3, (5, d)), whole), UNUSUAL, "whole numbers"),
        Case((rounded(rng, 5, d).astype(np.float32), narrow), UNUSUAL, "float32"),
    ]


def hidden_bias_forgotten(X, params):
    """No b."""
    Z = X @ params["W"]
    H = np.tanh(Z)
    Y = H @ params["U"] + params["d"]
    return {"Z": Z, "H": H, "Y": Y}


def output_bias_forgotten(X, params):
    """No d."""
    Z = X @ params["W"] + params["b"]
    H = np.tanh(Z)
    return {"Z": Z, "H": H, "Y": H @ params["U"]}


def tanh_on_the_scores(X, params):
    """The output units bend too."""
    Z = X @ params["W"] + params["b"]
    H = np.tanh(Z)
    return {"Z": Z, "H": H, "Y": np.tanh(H @ params["U"] + params["d"])}


def softmax_on_the_scores(X, params):
    """Probabilities in the place of scores."""
    Z = X @ params["W"] + params["b"]
    H = np.tanh(Z)
    Y = H @ params["U"] + params["d"]
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    return {"Z": Z, "H": H, "Y": E / E.sum(axis=1, keepdims=True)}


def activations_in_the_place_of_z(X, params):
    """Z has been through tanh already."""
    H = np.tanh(X @ params["W"] + params["b"])
    return {"Z": H, "H": H, "Y": H @ params["U"] + params["d"]}


def no_activation(X, params):
    """tanh is missing: the network is linear."""
    Z = X @ params["W"] + params["b"]
    return {"Z": Z, "H": Z, "Y": Z @ params["U"] + params["d"]}


def scores_from_z(X, params):
    """The output layer reads Z."""
    Z = X @ params["W"] + params["b"]
    H = np.tanh(Z)
    return {"Z": Z, "H": H, "Y": Z @ params["U"] + params["d"]}


def another_activation(X, params):
    """ReLU units."""
    Z = X @ params["W"] + params["b"]
    H = np.maximum(Z, 0)
    return {"Z": Z, "H": H, "Y": H @ params["U"] + params["d"]}


def bias_inside_the_product(X, params):
    """The bias comes after tanh."""
    Z = X @ params["W"]
    H = np.tanh(Z) + params["b"]
    return {"Z": Z, "H": H, "Y": H @ params["U"] + params["d"]}


def bias_for_every_input(X, params):
    """The bias is added once for every term of the sum."""
    Z = X @ params["W"] + X.shape[1] * params["b"]
    H = np.tanh(Z)
    return {"Z": Z, "H": H, "Y": H @ params["U"] + params["d"]}


def both_biases_for_every_term(X, params):
    """Both biases are added once for every term of the sum."""
    Z = X @ params["W"] + X.shape[1] * params["b"]
    H = np.tanh(Z)
    return {"Z": Z, "H": H, "Y": H @ params["U"] + H.shape[1] * params["d"]}


def output_bias_for_every_unit(X, params):
    """The output bias is added once for every hidden unit."""
    Z = X @ params["W"] + params["b"]
    H = np.tanh(Z)
    return {"Z": Z, "H": H, "Y": H @ params["U"] + H.shape[1] * params["d"]}


def sigmoid_units(X, params):
    """σ for tanh."""
    Z = X @ params["W"] + params["b"]
    H = 0.5 * (1 + np.tanh(0.5 * Z))
    return {"Z": Z, "H": H, "Y": H @ params["U"] + params["d"]}


def biases_subtracted(X, params):
    """− b, as a threshold."""
    Z = X @ params["W"] - params["b"]
    H = np.tanh(Z)
    return {"Z": Z, "H": H, "Y": H @ params["U"] - params["d"]}


def tanh_twice(X, params):
    """tanh of H goes on."""
    Z = X @ params["W"] + params["b"]
    H = np.tanh(Z)
    return {"Z": Z, "H": H, "Y": np.tanh(H) @ params["U"] + params["d"]}


def label_in_the_place_of_scores(X, params):
    """argmax."""
    Z = X @ params["W"] + params["b"]
    H = np.tanh(Z)
    return {"Z": Z, "H": H, "Y": (H @ params["U"] + params["d"]).argmax(axis=1)}


def slope_for_h(X, params):
    """1 − tanh² as H."""
    Z = X @ params["W"] + params["b"]
    H = 1 - np.tanh(Z) ** 2
    return {"Z": Z, "H": H, "Y": H @ params["U"] + params["d"]}


EXERCISE = Exercise(
    name="forward",
    chapter="ch5_backprop",
    reference=backprop.forward,
    cases=cases,
    criteria=(
        Criterion(HIDDEN, 0.25, by_meaning(agrees_on("Z", "H"), AXES)),
        Criterion(SCORES, 0.25, by_meaning(agrees_on("Y"), AXES)),
        Criterion(UNUSUAL, 0.25, by_meaning(agrees_on(), AXES)),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            hidden_bias_forgotten,
            "the hidden layer has a bias that is not used: `params` holds four arrays, and each has its place.",
        ),
        Misconception(
            output_bias_forgotten,
            "the output layer has a bias that is not used. Each label's score starts from it.",
        ),
        Misconception(
            tanh_on_the_scores,
            "the scores went through tanh. The output units are linear: softmax comes later, with the loss.",
        ),
        Misconception(
            softmax_on_the_scores,
            "these are probabilities. `Y` are the scores; softmax comes with the loss, in `output_delta`.",
        ),
        Misconception(
            activations_in_the_place_of_z,
            "what stands under `Z` is tanh of it: `H` was handed back under both names, or tanh was written into `Z` itself, "
            "also by way of `H = Z`, which copies nothing. The way back needs the argument of tanh as well: two arrays.",
        ),
        Misconception(
            no_activation,
            "tanh was left out, or what it gave was not kept: `H` is `Z` as it was, and the two layers are one linear map. "
            "`H` is tanh of `Z`.",
        ),
        Misconception(scores_from_z, "the output layer reads `Z`. What the hidden units pass on is `H`."),
        Misconception(another_activation, "the hidden units of this chapter are tanh units, `np.tanh`."),
        Misconception(
            bias_inside_the_product,
            "the bias was added after tanh. It belongs to `Z`, before the unit bends.",
        ),
        Misconception(
            bias_for_every_input,
            "the bias is added once for every input, as it is inside the sum. A unit has one bias, added once after the sum.",
        ),
        Misconception(
            both_biases_for_every_term,
            "both biases are added once for every term of the sums. A unit has one bias, added once after the sum.",
        ),
        Misconception(
            output_bias_for_every_unit,
            "the output bias is added once for every hidden unit, as it is inside the sum. A score has one bias, added once "
            "after the sum.",
        ),
        Misconception(
            sigmoid_units,
            "the hidden units went through the logistic sigmoid. The units of this chapter are tanh units.",
        ),
        Misconception(
            biases_subtracted,
            "the biases were subtracted, like thresholds. They are added.",
        ),
        Misconception(
            tanh_twice,
            "the activations went through tanh once more before the output layer. `H` is passed on as it is.",
        ),
        Misconception(
            label_in_the_place_of_scores,
            "these are the labels of the highest scores. `Y` are the scores themselves, one for each label.",
        ),
        Misconception(
            slope_for_h,
            "this is the slope of tanh, which belongs to the way back. Forward the unit gives tanh itself.",
        ),
    ),
    minutes=6,
    difficulty=1,
)
