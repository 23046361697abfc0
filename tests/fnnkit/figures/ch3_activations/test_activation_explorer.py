from types import SimpleNamespace

import numpy as np
import pytest
import torch

from fnnkit import activations
from fnnkit.activations import ACTIVATIONS
from fnnkit.figures import activation_explorer, ch3_activations

TORCH = {
    "relu": torch.relu,
    "absolute value": torch.abs,
    "leaky relu": lambda z: torch.nn.functional.leaky_relu(z, 0.01),
    "parametric relu": lambda z: torch.nn.functional.leaky_relu(z, 0.25),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "rbf": lambda z: torch.exp(-(z**2)),
    "softplus": torch.nn.functional.softplus,
    "hard tanh": torch.nn.functional.hardtanh,
    "linear": lambda z: z,
}


def curve(shown, panel, which):
    return getattr(panels(shown)[panel], which).get_xydata()


def panels(shown):
    """Lines of both pictures by name."""
    made = []
    for axes in shown.figure.figure.axes:
        names = ("at", "reference", "yours", "dot", "diamond")
        made.append(
            SimpleNamespace(axes=axes, marks=axes.collections[0], **dict(zip(names, axes.lines, strict=True)))
        )
    return made


def stretches(panel):
    return [[float(x) for x, _ in s] for s in panel.marks.get_segments()]


@pytest.mark.parametrize("unit", sorted(TORCH))
def test_value_and_derivative_of_every_unit_are_those_of_pytorch(unit):
    shown = activation_explorer(unit=unit)
    z = torch.tensor(curve(shown, 0, "reference")[:, 0], requires_grad=True)
    h = TORCH[unit](z)
    h.sum().backward()
    assert curve(shown, 0, "reference")[:, 1] == pytest.approx(h.detach().numpy())
    drawn = curve(shown, 1, "reference")
    places, slopes = drawn[~np.isnan(drawn[:, 1])].T
    z = torch.tensor(places, requires_grad=True)
    TORCH[unit](z).sum().backward()
    assert slopes == pytest.approx(z.grad.numpy(), abs=1e-12)


def test_every_unit_of_the_reference_can_be_chosen_and_is_drawn_inside_its_axes():
    shown = activation_explorer()
    for unit in ACTIVATIONS:
        shown.controls["unit"].value = unit
        assert shown.said.startswith(ACTIVATIONS[unit].title)
        for panel in panels(shown):
            low, high = panel.axes.get_ylim()
            y = panel.reference.get_ydata()
            assert low < np.nanmin(y)
            assert np.nanmax(y) < high


def test_the_line_below_and_the_table_say_the_values_at_z():
    shown = activation_explorer(unit="sigmoid")
    shown.controls["z"].value = -2.0
    assert shown.said == "logistic sigmoid, at z = -2: h = 0.1192, h′ = 0.105."
    table = shown.figure._below[0].value
    assert "At z = -2" in table
    assert ">0.1192<" in table
    assert ">0.105<" in table
    for panel, value in zip(panels(shown), (0.1192, 0.105), strict=True):
        assert panel.dot.get_xydata().tolist() == [[-2.0, pytest.approx(value, abs=1e-4)]]


def test_only_the_sliders_of_a_unit_are_shown_and_they_move_it():
    shown = activation_explorer(unit="parametric relu")

    def visible():
        return [name for name, c in shown.controls.items() if c.layout.visibility != "hidden"]

    assert visible() == ["unit", "z", "alpha"]
    shown.controls["z"].value = -2.0
    shown.controls["alpha"].value = -1.0
    assert "h = 2, h′ = -1" in shown.said
    shown.controls["unit"].value = "rbf"
    assert visible() == ["unit", "z", "sigma"]
    shown.controls["sigma"].value = 2.0
    assert f"h = {np.exp(-1):.4g}," in shown.said
    shown.controls["unit"].value = "maxout"
    assert visible() == ["unit", "z", "k"]
    shown.controls["k"].value = 1
    assert "at z = -2: h = 0, h′ = 0" in shown.said
    shown.controls["unit"].value = "tanh"
    assert visible() == ["unit", "z"]


def test_a_unit_starts_where_it_usually_stands():
    shown = activation_explorer(unit="leaky relu")
    assert shown.controls["alpha"].value == 0.01
    shown.controls["unit"].value = "parametric relu"
    assert shown.controls["alpha"].value == 0.25


@pytest.mark.parametrize(
    "function",
    [
        activations.relu, activations.generalized_relu, activations.maxout, activations.rbf_units, activations.sigmoid,
        activations.tanh_from_sigmoid, activations.softplus, activations.hard_tanh, activations.relu_grad,
        activations.sigmoid_grad, activations.tanh_grad, activations.hard_tanh_grad, activations.generalized_relu_grad,
    ],
)  # fmt: skip
def test_a_right_function_of_the_chapter_agrees_with_its_unit(function):
    shown = activation_explorer(function)
    assert shown.said.endswith("It agrees with the reference everywhere on the picture.")
    assert all(stretches(panel) == [] for panel in panels(shown))


def test_where_a_wrong_function_differs_is_marked_and_said():
    def relu(z):
        return np.where(z > -1.0, np.maximum(0.0, z), 0.5)

    shown = activation_explorer(relu)
    assert "Its value differs from z = -5 to -1, by up to 0.5 at z = -5." in shown.said
    assert stretches(panels(shown)[0]) == [[-5.0, -1.0]]
    shown.controls["z"].value = -2.0
    assert "Yours: h = 0.5, h′ ≈ 0." in shown.said


def test_a_wrong_derivative_alone_is_found():
    shown = activation_explorer(activations.tanh, lambda z: 1 - z**2, unit="tanh")
    assert "Its derivative differs" in shown.said
    assert "Its value differs" not in shown.said
    assert stretches(panels(shown)[0]) == []
    assert len(stretches(panels(shown)[1])) == 2  # at 0 they agree


def test_single_precision_is_no_difference():
    shown = activation_explorer(lambda z: np.tanh(z.astype(np.float32)), unit="tanh")
    assert shown.said.endswith("It agrees with the reference everywhere on the picture.")


def test_at_a_kink_there_is_no_derivative_by_differences():
    shown = activation_explorer(activations.relu)
    shown.controls["z"].value = 0.0
    assert "Yours: h = 0, a kink, no h′." in shown.said
    assert ">kink<" in shown.figure._below[0].value


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda z, beta: z, "no slider for beta"),
        (lambda z: z[:3], "h should have shape"),
        (lambda z: np.where(z > 0, z, np.nan), "NaN or infinite"),
        (lambda z: None, "returns nothing"),
    ],
)
def test_what_cannot_be_drawn_is_said(function, words):
    shown = activation_explorer(function)
    assert words in shown.alt
    assert "<img" not in shown.picture.value


def test_values_far_off_do_not_hide_the_reference():
    shown = activation_explorer(lambda z: 1e9 * z, unit="tanh")
    low, high = panels(shown)[0].axes.get_ylim()
    assert low > -30
    assert high < 30


def test_a_unit_that_does_not_exist_is_named():
    with pytest.raises(ValueError, match=r"unit should be one of linear, relu.*'gelu'"):
        activation_explorer(unit="gelu")


def test_the_chapter_has_it_too():
    assert ch3_activations.activation_explorer is activation_explorer


def test_a_right_function_is_not_accused_where_another_unit_is_shown():
    shown = activation_explorer(activations.generalized_relu)
    for unit in ("sigmoid", "tanh", "relu", "rbf"):
        shown.controls["unit"].value = unit
        assert shown.said.endswith("It is a parametric ReLU, drawn for comparison.")
        assert "differ" not in shown.said
        assert all(stretches(panel) == [] for panel in panels(shown))
    shown.controls["unit"].value = "leaky relu"
    assert shown.said.endswith("It agrees with the reference everywhere on the picture.")


def test_a_fresh_figure_claims_nothing_moved_when_a_hidden_slider_reports_back():
    shown = activation_explorer(activations.softplus_grad, activations.sigmoid_grad, unit="sigmoid")
    before = shown.status.value
    shown.controls["alpha"].value = 0.010000000000000009
    assert shown.status.value == before


def test_the_slope_is_taken_hold_of_where_there_is_one():
    shown = activation_explorer(activations.generalized_relu)
    index = next(i for i, h in enumerate(shown.handles) if "slope" in h.label)
    assert shown.hands.answer["at"][index][0] > 0
    shown.ask({"do": "step", "index": index, "dx": 0, "dy": -1, "view": "v", "seq": 1})
    assert shown.values["alpha"] == pytest.approx(0.26)
    shown.controls["unit"].value = "tanh"
    assert shown.hands.answer["at"][index][0] == -1.0
