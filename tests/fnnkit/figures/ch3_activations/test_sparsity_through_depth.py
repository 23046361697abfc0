import html

import numpy as np
import pytest
import torch

from fnnkit.activations import dead_units, relu, sparsity
from fnnkit.figures.ch3_activations.sparsity_through_depth import (
    EXAMPLES,
    LAYERS,
    LOOKS,
    WIDTH,
    inputs,
    propagate,
    sparsity_through_depth,
)


def drawn(shown, panel, name):
    axes = shown.figure.figure.axes[panel]
    return list(axes.lines[list(LOOKS).index(name)].get_ydata())


def test_the_inputs_are_centred_and_of_unit_size():
    X = inputs()
    assert X.shape == (EXAMPLES, 64)
    np.testing.assert_allclose(X.mean(axis=0), 0, atol=1e-12)
    assert (X**2).mean() == pytest.approx(1.0)


def test_a_rectifier_layer_is_what_pytorch_makes_of_the_same_weights():
    X = inputs()
    layers = propagate(X, relu, -0.5, 1.5, start=7)
    assert [H.shape for H in layers] == [(EXAMPLES, WIDTH)] * LAYERS
    rng = np.random.default_rng(7)
    H = torch.tensor(X)
    for mine in layers:
        W = torch.tensor(rng.normal(0, 1.5 * np.sqrt(2 / H.shape[1]), (H.shape[1], WIDTH)))
        H = torch.relu(torch.nn.functional.linear(H, W.T, torch.full((WIDTH,), -0.5, dtype=torch.float64)))
        np.testing.assert_allclose(mine, H.numpy(), rtol=1e-10, atol=1e-12)


def test_with_centred_inputs_about_half_of_the_rectifiers_are_silent_and_no_smooth_unit_is():
    shown = sparsity_through_depth(sparsity, dead_units)
    assert drawn(shown, 0, "ReLU")[0] == pytest.approx(0.5, abs=0.03)
    assert all(0.35 < share < 0.7 for share in drawn(shown, 0, "ReLU"))
    for name in ("tanh", "sigmoid"):
        assert drawn(shown, 0, name) == [0.0] * LAYERS
        assert drawn(shown, 1, name) == [0] * LAYERS
    assert "tanh and sigmoid: none in any layer." in shown.said


def test_a_negative_bias_silences_the_deep_layers_altogether():
    shown = sparsity_through_depth(sparsity, dead_units)
    shown.controls["bias"].value = -1.0
    share, dead = drawn(shown, 0, "ReLU"), drawn(shown, 1, "ReLU")
    assert share[0] < share[1] < 1.0
    assert share[-1] == 1.0
    assert dead[-1] == WIDTH
    assert f"{WIDTH} dead units" in shown.said


def test_the_picture_shows_what_the_given_functions_say():
    shown = sparsity_through_depth(sparsity, lambda H: np.array([3, 5]))
    for name in LOOKS:
        assert drawn(shown, 1, name) == [2] * LAYERS
    share = drawn(shown, 0, "ReLU")[0]
    assert 0.4 < share < 0.6
    assert f"ReLU: {share:.0%} exact zeros in layer 1" in shown.said
    assert shown.said in shown.alt


def test_sliders_change_the_network():
    shown = sparsity_through_depth(sparsity, dead_units)
    said = {shown.alt}
    for name, value in (("start", 2), ("bias", -0.2), ("scale", 2.0)):
        shown.controls[name].value = value
        said.add(shown.alt)
    assert len(said) == 4


def stub(H):
    raise NotImplementedError


@pytest.mark.parametrize(
    ("dead", "words"),
    [
        (stub, "Your stub has no code yet"),
        (lambda H: 3, "indices should have shape (any,), and it has ()"),
        (lambda H: None, "returns nothing"),
        (lambda H: H[99, 99], "IndexError"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_words(dead, words):
    shown = sparsity_through_depth(sparsity, dead)
    assert "<img" not in shown.picture.value
    assert words in shown.alt


@pytest.mark.parametrize(
    "share", [stub, lambda H: (H == 0).mean(axis=1), lambda H: None, lambda H: np.nan, lambda H: 0.25]
)
def test_a_further_function_that_is_not_solved_is_replaced_and_the_picture_says_so(share):
    shown, right = sparsity_through_depth(share, dead_units), sparsity_through_depth(sparsity, dead_units)
    assert drawn(shown, 0, "ReLU") == drawn(right, 0, "ReLU")
    assert "fnnkit's sparsity" in html.unescape(shown.note.value)
    assert "sparsity" not in right.note.value


def test_nothing_is_cut_off():
    image = sparsity_through_depth(sparsity, dead_units).figure.draw()
    margin = np.concatenate(
        [image[:3].ravel(), image[-3:].ravel(), image[:, :3].ravel(), image[:, -3:].ravel()]
    )
    assert (margin == 255).all()
