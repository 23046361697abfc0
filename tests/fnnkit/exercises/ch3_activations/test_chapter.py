"""Several exercises of ch3_activations at once: what their inputs and references have in common."""

import importlib

import numpy as np
import pytest
import scipy.special
import torch

from fnnkit.judge.attempt import judged
from fnnkit.judge.edits import mutants
from fnnkit.judge.registry import exercise
from fnnkit.kernel.call import call

SEEDS = range(6)  # the audit takes fifty


@pytest.mark.parametrize(
    ("name", "witness"),
    [
        ("softplus_grad", scipy.special.expit),
        ("sigmoid_grad", lambda z: scipy.special.expit(z) * scipy.special.expit(-z)),
        ("tanh_from_sigmoid", np.tanh),
        ("tanh_grad", lambda z: 1 - np.tanh(z) ** 2),
        ("hard_tanh", lambda z: torch.nn.functional.hardtanh(torch.tensor(z)).numpy()),
        ("rbf_units", lambda X, W, s: np.exp(-(np.linalg.norm(X[:, None] - W.T, axis=2) ** 2) / s**2)),
    ],
)
def test_functions_of_other_libraries_are_right_answers(name, witness):
    for seed in SEEDS:
        assert judged(name, witness, seed).solved


@pytest.mark.parametrize(
    ("name", "delegate"),
    [
        ("softplus_grad", "sigmoid"),
        ("rbf_units", "_radii"),
        ("maxout", "_groups"),
        ("generalized_relu", "_slopes"),
    ],
)
def test_a_mutant_of_what_a_reference_calls_is_caught_as_well(name, delegate, monkeypatch):
    asked, survivors = exercise(name), []
    made = asked.cases(np.random.default_rng(0))
    right = [call(asked.reference, case.args) for case in made]
    home = importlib.import_module(asked.reference.__module__)
    for mutant in mutants(getattr(home, delegate)):
        with monkeypatch.context() as changed:
            changed.setattr(home, delegate, mutant.function)
            answers = [call(asked.reference, case.args) for case in made]
        if asked.judge(made, answers).points == asked.points:
            survivors.append(mutant.name)
    assert all(a.error is None for a in right)
    # Checks of arguments, and the rank of an array, are no part of an answer; at 0 both numerators of σ are 1.
    assert [s for s in survivors if "ndim" not in s and "shape" not in s] in ([], ["z >= 0.0: GtE -> Gt"])


def test_no_input_of_a_check_lies_at_a_kink_but_where_the_criterion_is_about_it():
    for seed in SEEDS:
        for case in exercise("relu_grad").cases(np.random.default_rng(seed)):
            # What lies next to the kink belongs to it: a tolerance around 0 is seen there.
            assert (np.abs(case.args[0]) < 1e-3).any() == (case.criterion == "0 at the kink")
        for case in exercise("hard_tanh_grad").cases(np.random.default_rng(seed)):
            assert (np.abs(case.args[0]) == 1).any() == (case.criterion == "0 at both corners")
        for case in exercise("maxout_grad").cases(np.random.default_rng(seed)):
            Z, k, _ = case.args
            groups = np.sort(Z.reshape(len(Z), -1 if Z.size else 0, k), axis=2)
            tied = k > 1 and bool((groups[..., -1] == groups[..., -2]).any())
            assert tied == (case.criterion == "of a tie, to the first")
