"""Back-propagation through one hidden layer, against PyTorch, differences and the slides."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fnnkit.backprop import (
    backprop,
    forward,
    hidden_delta,
    hidden_gradients,
    one_hot,
    output_delta,
    output_gradients,
)
from fnnkit.gradcheck import check_gradients, numerical_gradient


def random_problem(seed, n=5, d=3, m=4, K=6, scale=1.0):
    rng = np.random.default_rng(seed)
    params = {
        "W": scale * rng.normal(size=(d, m)),
        "b": rng.normal(size=m),
        "U": scale * rng.normal(size=(m, K)),
        "d": rng.normal(size=K),
    }
    return rng.normal(size=(n, d)), rng.integers(0, K, size=n), params


def torch_backprop(X, g, params):
    """Every value and every derivative, intermediate ones too, by automatic differentiation."""
    p = {name: torch.tensor(value, requires_grad=True) for name, value in params.items()}
    Z = torch.tensor(X) @ p["W"] + p["b"]
    H = torch.tanh(Z)
    Y = H @ p["U"] + p["d"]
    for value in (Z, H, Y):
        value.retain_grad()
    loss = torch.nn.functional.cross_entropy(Y, torch.tensor(g))
    loss.backward()
    return loss.item(), Z, H, Y, {name: value.grad.numpy() for name, value in p.items()}


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 7), st.integers(1, 5), st.integers(1, 6), st.integers(1, 6))
def test_every_step_of_the_derivation_agrees_with_automatic_differentiation(seed, n, d, m, K):
    X, g, params = random_problem(seed, n, d, m, K)
    loss, Z, H, Y, grads = torch_backprop(X, g, params)
    close = {"rtol": 1e-10, "atol": 1e-13}
    cache = forward(X, params)
    for name, value in (("Z", Z), ("H", H), ("Y", Y)):
        np.testing.assert_allclose(cache[name], value.detach().numpy(), **close)
    delta_o = output_delta(cache["Y"], g)
    np.testing.assert_allclose(delta_o, Y.grad.numpy(), **close)
    delta_h = hidden_delta(cache["Z"], params["U"], delta_o)
    np.testing.assert_allclose(delta_h, Z.grad.numpy(), **close)
    for mine, names in (
        (output_gradients(cache["H"], delta_o), "Ud"),
        (hidden_gradients(X, delta_h), "Wb"),
    ):
        for gradient, name in zip(mine, names, strict=True):
            np.testing.assert_allclose(gradient, grads[name], **close)
    mine_loss, mine_grads = backprop(X, g, params)
    assert mine_loss == pytest.approx(loss, rel=1e-12)
    assert set(mine_grads) == set(params)
    for name in params:
        np.testing.assert_allclose(mine_grads[name], grads[name], **close)


def test_the_gradient_agrees_with_differences_of_the_written_out_loss():
    X, g, params = random_problem(0)

    def loss(p):
        Y = np.tanh(X @ p["W"] + p["b"]) @ p["U"] + p["d"]
        P = np.exp(Y) / np.exp(Y).sum(axis=1, keepdims=True)
        return float(-np.log(P[np.arange(len(g)), g]).mean())

    value, grads = backprop(X, g, params)
    assert value == pytest.approx(loss(params), rel=1e-13)
    for check in check_gradients(loss, params, grads).values():
        assert check, str(check)
    for name in params:
        differences = numerical_gradient(lambda a, name=name: loss({**params, name: a}), params[name])
        norm = np.linalg.norm(grads[name])
        assert np.linalg.norm(differences - grads[name]) < 1e-7 * norm


def test_the_error_signal_of_the_slides_has_the_opposite_sign_and_no_mean():
    Y = np.log([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])
    slides = np.array([[0.0, 1, 0], [1, 0, 0]]) - np.exp(Y)
    np.testing.assert_allclose(output_delta(Y, [1, 0]), -slides / 2, rtol=1e-14)


def test_error_signals_sum_to_zero_over_the_labels():
    Y = np.random.default_rng(0).normal(size=(7, 4))
    np.testing.assert_allclose(output_delta(Y, np.zeros(7, dtype=int)).sum(axis=1), 0, atol=1e-16)


def test_repeating_every_example_changes_neither_loss_nor_gradient():
    X, g, params = random_problem(1)
    loss, grads = backprop(X, g, params)
    again, grads_again = backprop(np.repeat(X, 3, axis=0), np.repeat(g, 3), params)
    assert again == pytest.approx(loss, rel=1e-13)
    for name in grads:
        np.testing.assert_allclose(grads_again[name], grads[name], rtol=1e-10, atol=1e-15)


def test_a_step_against_the_gradient_lowers_the_loss():
    X, g, params = random_problem(2)
    loss, grads = backprop(X, g, params)
    stepped = {name: params[name] - 1e-3 * grads[name] for name in params}
    decrease = 1e-3 * sum(np.sum(value**2) for value in grads.values())
    assert loss - backprop(X, g, stepped)[0] == pytest.approx(decrease, rel=0.05)


@pytest.mark.parametrize("scale", [1e4, 1e6, 1e150])
def test_logits_of_a_million_give_a_finite_loss_and_gradient_without_a_warning(scale):
    X, g, params = random_problem(3)
    params["U"] *= scale
    params["W"] *= 1e4  # saturates every hidden unit
    with np.errstate(all="raise", under="ignore"):
        loss, grads = backprop(X, g, params)
    assert np.isfinite(loss)
    assert all(np.isfinite(value).all() for value in grads.values())
    assert loss > 0.1 * scale


def test_arguments_are_left_as_they_were_and_other_dtypes_are_welcome():
    X, g, params = random_problem(4)
    copies = X.copy(), g.copy(), {name: value.copy() for name, value in params.items()}
    backprop(X, g, params)
    np.testing.assert_array_equal(X, copies[0])
    np.testing.assert_array_equal(g, copies[1])
    for name in params:
        np.testing.assert_array_equal(params[name], copies[2][name])
    small = {name: value.astype(np.float32) for name, value in params.items()}
    loss, grads = backprop(np.ones((2, 3), dtype=int), g[:2].astype(np.uint8), small)
    assert type(loss) is float
    assert all(value.dtype == np.float64 for value in grads.values())


# --- one-hot ---------------------------------------------------------------------------------------------


def test_one_hot_rows_are_rows_of_the_identity():
    np.testing.assert_array_equal(one_hot([2, 0, 2], 4), np.eye(4)[[2, 0, 2]])
    assert one_hot([], 3).shape == (0, 3)
    assert one_hot([0], 1).tolist() == [[1.0]]
    np.testing.assert_array_equal(one_hot(np.array([1, 0], dtype=np.uint8), 2), [[0, 1], [1, 0]])


@pytest.mark.parametrize("g", [[-1], [3], [0, 1, 99], [0.5], [1.0], [[0, 1]], 1, [True], ["0"], [None]])
def test_a_label_outside_its_range_is_refused_and_never_wraps(g):
    with pytest.raises(ValueError, match="g should"):
        one_hot(g, 3)
    with pytest.raises(ValueError, match="g should"):
        output_delta(np.zeros((1, 3)), g)


# --- what does not fit -----------------------------------------------------------------------------------


def test_an_empty_batch_has_values_but_no_mean():
    _, _, params = random_problem(5)
    cache = forward(np.zeros((0, 3)), params)
    assert cache["Y"].shape == (0, 6)
    assert output_delta(cache["Y"], []).shape == (0, 6)
    dU, dd = output_gradients(cache["H"], np.zeros((0, 6)))
    assert not dU.any()
    assert not dd.any()
    with pytest.raises(ValueError, match="X should have at least one row"):
        backprop(np.zeros((0, 3)), [], params)


def test_shapes_that_do_not_fit_are_named():
    X, g, params = random_problem(6)
    with pytest.raises(ValueError, match="axis 1 of X and axis 0 of W"):
        forward(X[:, :2], params)
    with pytest.raises(ValueError, match="b should"):
        forward(X, params | {"b": np.zeros((4, 1))})
    with pytest.raises(ValueError, match="U should"):
        forward(X, params | {"U": np.zeros((5, 6))})
    with pytest.raises(ValueError, match="d should"):
        forward(X, params | {"d": np.zeros(1)})
    with pytest.raises(ValueError, match="b, d is missing"):
        forward(X, {"W": params["W"], "U": params["U"]})
    with pytest.raises(ValueError, match="axis 0 of Y and axis 0 of g"):
        output_delta(np.zeros((2, 3)), [0])
    with pytest.raises(ValueError, match="axis 0 of H and axis 0 of delta_o"):
        output_gradients(np.zeros((2, 3)), np.zeros((1, 4)))
    with pytest.raises(ValueError, match="axis 0 of X and axis 0 of delta_h"):
        hidden_gradients(np.zeros((2, 3)), np.zeros((1, 4)))
    with pytest.raises(ValueError, match="axis 1 of delta_o and axis 1 of U"):
        hidden_delta(np.zeros((2, 3)), np.zeros((3, 4)), np.zeros((2, 1)))
    with pytest.raises(ValueError, match="axis 1 of Z and axis 0 of U"):
        hidden_delta(np.zeros((2, 1)), np.zeros((3, 4)), np.zeros((2, 4)))
    with pytest.raises(ValueError, match="axis 0 of Z and axis 0 of delta_o"):
        hidden_delta(np.zeros((1, 3)), np.zeros((3, 4)), np.zeros((2, 4)))
    with pytest.raises(ValueError, match="axis 0 of Y and axis 0 of g"):
        backprop(X, g[:-1], params)
