"""The figures of chapter 1: what they say is true, they run on the given functions, and they survive wrong ones."""

import html
import importlib
import re
import warnings

import numpy as np
import pytest
import torch

from fnnkit import kernels, landscape, linear, losses, optim, xor
from fnnkit.figures import ch1_xor
from fnnkit.figures.ch1_xor.xor_plane import POINTS, TARGETS

# The package gives the figures under these names; here their modules are meant.
kernel_and_network, starts, symmetric_landscape = (
    importlib.import_module(f"fnnkit.figures.ch1_xor.{name}")
    for name in ("kernel_and_network", "initialisation", "landscape")
)


def unanswered(*args):
    raise NotImplementedError


RIGHT = {
    "linear_model": (losses.mse, linear.fit_linear),
    "kernel_and_network": (kernels.rbf_kernel, kernels.fit_kernel, optim.gradient_descent, xor.xor_network),
    "initialisation": (optim.gradient_descent,),
    "landscape": (optim.gradient_descent, landscape.classify_critical_point, landscape.permute_hidden),
}


def figure(name, *functions):
    return getattr(ch1_xor, name)(*(functions or RIGHT[name]))


@pytest.mark.parametrize("name", list(RIGHT))
def test_a_figure_has_a_picture_with_words_and_warns_of_nothing(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shown = figure(name)
    assert "<img " in shown.picture.value
    assert html.escape(shown.alt, quote=True) in shown.picture.value
    assert shown.said


@pytest.mark.parametrize("name", list(RIGHT))
@pytest.mark.parametrize(
    "wrong", [unanswered, lambda *a: None, lambda *a: 1 / 0, lambda *a: np.array([np.nan])]
)
def test_whatever_any_of_the_functions_does_becomes_words(name, wrong):
    for place in range(len(RIGHT[name])):
        functions = [*RIGHT[name]]
        functions[place] = wrong
        shown = figure(name, *functions)
        drawn = "<img " in shown.picture.value
        # Two figures go on without one of their functions, and say so.
        if name == "landscape" and place == 2:
            assert "Drawn with fnnkit's permute_hidden" in html.unescape(shown.note.value)
        elif name == "landscape" and place == 1 and drawn:
            assert "nan" in shown.said
        else:
            assert not drawn
            assert "run this cell again" in html.unescape(shown.picture.value)


# --- the linear model ------------------------------------------------------------------------------------


def test_the_error_is_that_of_the_given_mse_and_the_cross_that_of_the_given_fit():
    shown = figure("linear_model", lambda a, b: 42.0, lambda X, y: (np.array([1.0, -1.0]), 0.25))
    assert "mean squared error 42" in shown.said
    assert "w = (1, -1), b = 0.25, with the error 42" in shown.said


def test_at_the_best_weights_every_prediction_is_one_half():
    shown = figure("linear_model")
    shown.set(w1=0.0, w2=0.0, b=0.5)
    assert "0.5, 0.5, 0.5, 0.5; 2 of 4 on the right side of ½; mean squared error 0.25." in shown.said
    shown.buttons["Three right"].click()
    assert "0, 1, 1, 2; 3 of 4 on the right side of ½; mean squared error 1." in shown.said  # (2 − 0)² / 4


# --- kernel against learned features ---------------------------------------------------------------------


def test_a_start_from_which_xor_is_learned_and_one_that_is_stuck():
    shown = figure("kernel_and_network")
    assert "Network, start 11: predictions 0, 1, 1, 0; it solves XOR" in shown.said
    shown.controls["start"].value = 7  # loss ¼: the constant ½
    assert "predictions 0.5, 0.5, 0.5, 0.5; it is stuck at an error of 0.25" in shown.said


def test_far_from_its_points_a_narrow_kernel_predicts_zero():
    shown = figure("kernel_and_network")
    shown.controls["gamma"].value = 10.0
    assert "predictions 0, 1, 1, 0 on the four points" in shown.said
    shown.set(p=-1.5, q=-1.5)
    assert "At (-1.5, -1.5) the kernel machine predicts 0, the network" in shown.said


def test_the_network_of_the_figure_is_trained_once_a_start():
    calls = []

    def counted(grad, theta0, learning_rate, steps):
        calls.append(steps)
        return optim.gradient_descent(grad, theta0, learning_rate, steps)

    shown = figure("kernel_and_network", kernels.rbf_kernel, kernels.fit_kernel, counted, xor.xor_network)
    shown.controls["gamma"].value = 2.0
    assert calls.count(kernel_and_network.STEPS) == 1


# --- initialisation --------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", list(starts.CURVES))
def test_the_gradient_of_many_networks_is_that_of_each_by_pytorch(activation):
    count, m = 5, 3
    theta = starts.random_starts(count, m, np.random.default_rng(0))
    assert theta.shape == (count * (4 * m + 1),)
    parameters = torch.tensor(theta.reshape(count, -1), requires_grad=True)
    function = {"ReLU": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}[activation]
    total = 0.0
    for one in parameters:
        W, c, w, b = one[: 2 * m].reshape(2, m), one[2 * m : 3 * m], one[3 * m : 4 * m], one[4 * m]
        outputs = function(torch.tensor(POINTS) @ W + c) @ w + b
        total = total + ((outputs - torch.tensor(TARGETS)) ** 2).mean()
    total.backward()
    np.testing.assert_allclose(
        starts.gradients(count, m, activation)(theta), parameters.grad.numpy().ravel(), rtol=1e-12, atol=1e-14
    )


def test_starts_have_the_variance_of_he_and_no_biases():
    m = 4
    each = starts.random_starts(20_000, m, np.random.default_rng(1)).reshape(20_000, -1)
    assert each[:, : 2 * m].std() == pytest.approx(1.0, rel=0.02)  # √(2 / 2 inputs)
    assert each[:, 3 * m : 4 * m].std() == pytest.approx(np.sqrt(2 / m), rel=0.02)
    assert not each[:, 2 * m : 3 * m].any()
    assert not each[:, -1].any()


def test_wider_networks_succeed_more_often_and_the_picture_says_how_often():
    shown = figure("initialisation")
    shown.set(starts=100)
    assert "Press Train: 100 networks of each width with ReLU units" in shown.said
    shown.buttons["Train"].click()
    shares = [int(s.split("%")[0]) for s in shown.said.split("solved by ")[1].split(", ")]
    assert len(shares) == len(starts.WIDTHS)
    assert shares == sorted(shares)
    assert shares[0] < 40
    assert shares[-1] > 95


def test_a_descent_that_does_not_move_solves_nothing_and_one_that_climbs_is_drawn():
    shown = figure("initialisation", lambda g, t, r, s: np.tile(t, (s + 1, 1)))
    shown.set(starts=100)
    shown.buttons["Train"].click()
    assert [s.split("%")[0].strip() for s in shown.said.split("solved by ")[1].split(", ")] == ["0"] * 4

    def uphill(grad, theta0, learning_rate, steps):
        return optim.gradient_descent(lambda t: -grad(t), theta0, 1.0, steps)

    shown = figure("initialisation", uphill)
    shown.set(starts=100)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shown.buttons["Train"].click()
    assert "0% of those with 16" in shown.said


# --- the landscape ---------------------------------------------------------------------------------------


def test_the_marked_saddle_is_a_critical_point_with_curvature_of_both_signs_by_pytorch():
    theta = torch.tensor(symmetric_landscape.SADDLE, requires_grad=True)

    def loss(t):
        Z = torch.tensor(POINTS) @ t[:4].reshape(2, 2) + t[4:6]
        return ((torch.tanh(Z) @ t[6:8] + t[8] - torch.tensor(TARGETS)) ** 2).mean()

    value = loss(theta)
    value.backward()
    assert value.item() == pytest.approx(0.25)
    np.testing.assert_allclose(theta.grad.numpy(), 0.0, atol=1e-15)
    eigenvalues = np.linalg.eigvalsh(torch.autograd.functional.hessian(loss, theta.detach()).numpy())
    assert eigenvalues.min() < -0.1
    assert eigenvalues.max() > 0.1


def test_the_slice_is_symmetric_and_passes_through_the_saddle_and_both_ends():
    found = symmetric_landscape._Descent(optim.gradient_descent, landscape.permute_hidden, 0, 0.15)
    assert found.remark == ""
    assert found.arrived
    assert found.losses[-1] < 1e-6
    np.testing.assert_allclose(
        found.losses[::50], [symmetric_landscape.loss_of(t) for t in found.path[::50]], rtol=1e-4, atol=1e-20
    )
    np.testing.assert_allclose(found.on_plane[-1], [1.0, 1.0])
    first, second = found.first, found.second
    np.testing.assert_allclose((found.path[-1] - found.twin) / 2, first)
    surface = symmetric_landscape.slice_of(first, second)
    np.testing.assert_allclose(surface, surface[:, ::-1], atol=1e-12)
    alphas, betas = symmetric_landscape.ALPHAS, symmetric_landscape.BETAS
    by_one = landscape.loss_slice(
        symmetric_landscape.loss_of, symmetric_landscape.SADDLE, first, second, alphas[::17], betas[::15]
    )
    np.testing.assert_allclose(surface[::15, ::17], by_one, rtol=1e-12)
    middle = surface[np.argmin(abs(betas)), np.argmin(abs(alphas))]
    assert middle == pytest.approx(0.25, abs=1e-9)


@pytest.mark.parametrize("start", range(10))
def test_every_start_next_to_the_saddle_leaves_it(start):
    shown = figure("landscape").at(step=symmetric_landscape.STEPS, start=start)
    assert "calls “saddle”" in shown.said
    assert symmetric_landscape.loss_of(symmetric_landscape.SADDLE) == pytest.approx(0.25)
    end = float(shown.said.split("end of your descent, loss ")[1].split(",")[0])
    assert end < 0.01


def test_the_words_are_those_of_the_given_function():
    shown = figure("landscape", optim.gradient_descent, lambda H, tol: "hill", landscape.permute_hidden)
    assert shown.said.count("“hill”") == 3


def test_a_descent_that_climbs_is_drawn_climbing():
    def uphill(grad, theta0, learning_rate, steps):
        return optim.gradient_descent(lambda t: -grad(t), theta0, learning_rate, steps)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shown = figure("landscape", uphill, landscape.classify_critical_point, landscape.permute_hidden)
    assert "<img" in shown.picture.value
    before, after = (
        float(v) for v in re.search(r"the loss rises from (\S+) to (\S+)\. The", shown.said).groups()
    )
    assert before < 0.3 < 1.0 < after
    assert "does not pass its check" in shown.note.value


def test_a_click_on_the_path_and_on_the_curve_leads_to_a_step():
    shown = figure("landscape")
    at = shown.figure.figure
    left, right = at.axes[0], at.axes[1]
    for axes, place in ((left, (1.0, 1.0)), (right, (500.0, 1e-5))):
        x, y = axes.transData.transform(place)
        question = {"do": "press", "x": x / at.bbox.width, "y": 1 - y / at.bbox.height, "view": "v", "seq": 1}
        shown.ask(question)
        assert shown.values["step"] >= 300
