"""`init_scale`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
import torch

from fnnkit.initialisation import init_scale

WORTH = 1.0
# What each mistake leaves, by hand, of 1: Glorot's rule ¼, He's rule ¼, other names are refused ¼, calm ¼
COSTS = {
    "variances": 0.0,
    "limits_of_the_uniform": 0.0,
    "glorot_without_the_two": 0.0,
    "glorot_from_inputs_alone": 0.0,
    "he_without_the_two": 0.75,
    "he_from_the_outputs": 0.75,
    "names_exchanged": 0.0,
    "all_are_glorot": 0.5,
    "everything_else_is_he": 0.75,
    "other_spellings_let_in": 0.75,
    "nothing_for_other_names": 0.75,
    "capitals_let_in": 0.75,
    "mean_rounded_down": 0.0,
    "geometric_mean": 0.0,
    "he_with_the_mean": 0.75,
    "root_of_the_two_alone": 0.0,
    "glorot_four_times": 0.0,
    "he_with_the_two_below": 0.75,
    "glorot_with_the_two_below": 0.0,
    "glorot_from_the_outputs": 0.0,
    "product_of_the_widths": 0.0,
    "mean_of_both_variances": 0.0,
    "variances_squared": 0.0,
    "turned_over": 0.0,
    "he_four_times": 0.75,
    "roots_added": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["he_from_the_outputs", "variances"]


def test_pytorch_draws_with_the_same_standard_deviation():
    torch.manual_seed(0)
    glorot = torch.nn.init.xavier_normal_(torch.empty(400, 300)).std().item()
    he = torch.nn.init.kaiming_normal_(torch.empty(400, 300), nonlinearity="relu").std().item()
    assert init_scale("glorot", 300, 400) == pytest.approx(glorot, rel=0.01)
    assert init_scale("he", 300, 400) == pytest.approx(he, rel=0.01)


def test_he_keeps_the_second_moment_through_relus_and_glorot_halves_it():
    rng = np.random.default_rng(0)
    H = np.maximum(0, rng.standard_normal((500, 400)))
    for kind, kept in (("he", 1.0), ("glorot", 0.5)):
        Z = H @ rng.normal(0, init_scale(kind, 400, 400), (400, 400))
        assert (np.maximum(0, Z) ** 2).mean() / (H**2).mean() == pytest.approx(kept, rel=0.1)
