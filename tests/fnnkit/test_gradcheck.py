"""A checker of gradients must reject every wrong one and accept every right one."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fnnkit.gradcheck import (
    check_derivative,
    check_gradient,
    check_gradients,
    numerical_derivative,
    numerical_gradient,
)


def relu(z):
    return np.maximum(z, 0.0)


# --- plain differences -----------------------------------------------------------------------------------


def test_central_difference_is_exact_for_a_quadratic_where_a_one_sided_one_is_off_by_eps():
    z = np.array([[-3.0, 0.0], [1.0, 4.0]])
    np.testing.assert_allclose(numerical_derivative(np.square, z, eps=0.1), 2 * z, atol=1e-12)


def test_error_of_the_central_difference_is_a_sixth_of_the_third_derivative_times_eps_squared():
    eps = 1e-2
    error = numerical_derivative(np.exp, [0.0], eps)[0] - 1.0
    assert error == pytest.approx(eps**2 / 6, rel=1e-4)


def test_numerical_derivative_accepts_integers_empty_arrays_and_numbers():
    np.testing.assert_allclose(numerical_derivative(np.square, [1, 2]), [2.0, 4.0], rtol=1e-8)
    assert numerical_derivative(np.square, np.zeros((0, 3))).shape == (0, 3)
    assert numerical_derivative(np.square, 3).shape == ()


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 2)])
def test_numerical_gradient_agrees_with_torch_for_every_shape(shape):
    theta = np.random.default_rng(0).normal(size=shape)
    t = torch.tensor(theta, requires_grad=True)
    (torch.sin(t) * torch.exp(0.3 * t)).sum().backward()
    mine = numerical_gradient(lambda a: float((np.sin(a) * np.exp(0.3 * a)).sum()), theta)
    np.testing.assert_allclose(mine, t.grad.numpy(), rtol=1e-8, atol=1e-9)


def test_neither_the_point_nor_what_f_does_to_its_argument_leaks():
    theta = np.array([1.0, 2.0])

    def square_and_spoil(a):
        value = float(a @ a)
        a[:] = 99.0
        return value

    np.testing.assert_allclose(numerical_gradient(square_and_spoil, theta), [2.0, 4.0], rtol=1e-8)
    assert check_gradient(square_and_spoil, theta, [2.0, 4.0])
    np.testing.assert_array_equal(theta, [1.0, 2.0])


@pytest.mark.parametrize("eps", [0.0, -1e-5, np.nan, np.inf, "small"])
def test_a_step_that_is_not_a_positive_number_is_refused(eps):
    with pytest.raises(ValueError, match="eps"):
        numerical_derivative(np.square, [1.0], eps)
    with pytest.raises(ValueError, match="eps"):
        numerical_gradient(np.sum, [1.0], eps)


def test_a_function_of_the_wrong_kind_is_refused():
    with pytest.raises(ValueError, match=r"f\(z\) should have the shape of z"):
        numerical_derivative(np.sum, [1.0, 2.0])
    with pytest.raises(ValueError, match=r"f\(theta\)"):
        numerical_gradient(np.square, [1.0, 2.0])


# --- wrong gradients must fail ---------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [2.001, 1.999, -2.0, 0.0, 4.0, 2.00001])
def test_a_slightly_wrong_slope_is_rejected(wrong):
    assert not check_gradient(lambda a: 2 * a[0] + a[1] ** 2, [0.3, 0.5], [wrong, 1.0])


def test_a_flipped_sign_of_a_gradient_of_1e_7_is_rejected_beside_entries_of_order_one():
    def f(a):
        return a[0] ** 2 + 1e-7 * a[1]

    assert check_gradient(f, [1.0, 1.0], [2.0, 1e-7])
    check = check_gradient(f, [1.0, 1.0], [2.0, -1e-7])
    assert not check
    assert check.index == (1,)
    assert check.ratio == pytest.approx(-1, rel=1e-2)
    assert check.wrong == 1


def test_a_flipped_sign_is_rejected_where_the_curvature_hides_it_at_longer_steps():
    def f(a):
        return 1e-7 * a[0] + a[0] ** 2 + np.sin(a[0])

    slope = 1e-7 + 1.0
    assert check_gradient(f, [0.0], [slope])
    assert not check_gradient(lambda a: 1e-7 * a[0] + a[0] ** 2, [0.0], [-1e-7])


@pytest.mark.parametrize("shape", [(3, 1), (1, 3), (1,), (), (2, 3), (4,)])
def test_a_gradient_of_another_shape_is_refused_and_never_broadcast(shape):
    with pytest.raises(ValueError, match=r"gradient should have the shape of theta, \(3,\)"):
        check_gradient(lambda a: float(a.sum()), np.zeros(3), np.ones(shape))
    with pytest.raises(ValueError, match=r"derivative should have the shape of z, \(3,\)"):
        check_derivative(lambda a: a, np.zeros(3), np.ones(shape))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_gradient_that_is_not_finite_fails_and_is_named(bad):
    check = check_gradient(lambda a: float(a @ a), [1.0, 2.0], [2.0, bad])
    assert not check
    assert check.index == (1,)
    assert "not finite" in str(check)


def test_a_function_that_is_nan_fails_whatever_the_gradient():
    for gradient in (0.0, 1.0, np.nan):
        check = check_gradient(lambda a: float("nan"), [1.0], [gradient])
        assert not check
    assert "f is not finite" in str(check_gradient(lambda a: float("nan"), [1.0], [0.0]))


@pytest.mark.parametrize("guess", [0.0, 0.5, 1.0, 4.0, 5e9, 1e12])
def test_no_number_is_the_derivative_at_a_jump(guess):
    assert not check_derivative(lambda z: np.where(z > 0, 1.0, 0.0), [0.0], [guess])


def test_the_value_of_the_function_in_place_of_its_derivative_is_rejected():
    z = np.linspace(-2, 2, 9)
    assert not check_derivative(np.tanh, z, np.tanh(z))
    assert check_derivative(np.tanh, z, 1 - np.tanh(z) ** 2)


def test_the_worst_entry_is_named_with_both_values_and_their_ratio():
    def f(W):
        return float((W**2).sum() * 0.052)

    gradient = 0.104 * np.ones((2, 3))
    gradient[0, 1] *= 1.01
    gradient[1, 2] *= 3
    check = check_gradient(f, np.ones((2, 3)), gradient, name="dW")
    assert check.index == (1, 2)
    assert check.ratio == pytest.approx(3)
    text = "dW[1, 2]: yours 0.312, numerical 0.104, ratio 3 (the values differ; 2 of 6 entries disagree)"
    assert str(check) == text


def test_named_parameters_are_checked_one_by_one():
    params = {"W": np.array([[1.0, 2.0]]), "b": np.array([3.0])}

    def f(p):
        return float((p["W"] ** 2).sum() * p["b"][0])

    checks = check_gradients(f, params, {"W": [[6.0, 12.0]], "b": [-5.0]})
    assert checks["W"]
    assert not checks["b"]
    assert str(checks["b"]).startswith("db[0]: yours -5, numerical 5, ratio -1")
    with pytest.raises(ValueError, match="names"):
        check_gradients(f, params, {"W": [[6.0, 12.0]]})


# --- right gradients must pass ---------------------------------------------------------------------------


@pytest.mark.parametrize("slope", [0.0, 1.0, 0.3])
def test_every_subgradient_passes_at_the_kink_of_a_relu_and_nothing_outside(slope):
    check = check_derivative(relu, [0.0], [slope])
    assert check
    assert check.kinks == 1
    assert not check_derivative(relu, [0.0], [-0.001])
    assert not check_derivative(relu, [0.0], [1.001])


@pytest.mark.parametrize("distance", [1e-3, 1e-5, 1e-6, 1e-8, 1e-9])
def test_beside_a_kink_only_the_slope_of_that_side_passes(distance):
    assert check_derivative(relu, [distance, -distance], [1.0, 0.0])
    assert not check_derivative(relu, [distance], [0.5])
    assert not check_derivative(relu, [-distance], [0.5])


@pytest.mark.parametrize("corner", [-1.0, 1.0])
def test_slope_0_passes_at_the_corners_of_the_hard_tanh(corner):
    assert check_derivative(lambda z: np.clip(z, -1, 1), [corner], [0.0])


def test_a_relu_network_at_the_kinks_of_the_slides_xor_weights_passes():
    # x = (0, 0) puts the first unit at its kink, (0, 1) and (1, 0) the second.
    X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    W, w = np.ones((2, 2)), np.array([1.0, -2.0])
    target = np.array([0.2, 0.9, 0.7, 0.1])

    def f(c):
        return float(((relu(X @ W + c) @ w - target) ** 2).mean())

    c = np.array([0.0, -1.0])
    Z = X @ W + c
    error = 2 * (relu(Z) @ w - target) / 4
    left_slopes = (np.outer(error, w) * (Z > 0)).sum(axis=0)
    check = check_gradient(f, c, left_slopes)
    assert check
    assert check.kinks == 2


@pytest.mark.parametrize("scale", [1e-150, 1e-30, 1e-7, 1.0, 1e7, 1e30, 1e150])
def test_the_scale_of_the_function_does_not_matter(scale):
    def f(a):
        return scale * float(np.sin(a[0]) + a[0] * a[1])

    theta = np.array([0.7, -1.2])
    right = scale * np.array([np.cos(0.7) - 1.2, 0.7])
    assert check_gradient(f, theta, right)
    assert not check_gradient(f, theta, right * [1, 1.001])


@pytest.mark.parametrize("scale", [1e-12, 1e-6, 1e6, 1e12])
def test_the_scale_of_the_argument_does_not_matter(scale):
    z = np.array([0.7, -1.2, 2.0]) * scale
    right = np.cos(z / scale) / scale
    assert check_derivative(lambda z: np.sin(z / scale), z, right)
    assert not check_derivative(lambda z: np.sin(z / scale), z, 1.001 * right)


def test_a_gradient_below_the_rounding_noise_of_the_loss_passes():
    # A saturated unit: the loss is 1, its slope 4e-18 cannot be seen in differences.
    z = 20.0
    slope = 1 / np.cosh(z) ** 2
    assert check_gradient(lambda a: float(np.tanh(a[0])), [z], [slope])


def test_a_step_that_leaves_the_domain_is_dropped():
    assert check_derivative(np.log, [1e-3, 0.05, 2.0], [1e3, 20.0, 0.5])
    assert check_derivative(np.sqrt, [1e-9], [0.5 / np.sqrt(1e-9)])


def test_a_function_in_single_precision_is_judged_by_its_own_rounding():
    z = np.array([-1.5, 0.3, 2.0])

    def f(z):
        return np.tanh(z.astype(np.float32))

    right = 1 - np.tanh(z) ** 2
    assert check_derivative(f, z, right)
    assert not check_derivative(f, z, 1.02 * right)
    assert not check_derivative(f, z, np.zeros(3))


def test_an_empty_gradient_has_nothing_to_disagree():
    assert check_gradient(lambda a: 0.0, np.zeros(0), np.zeros(0))
    assert "empty" in str(check_gradient(lambda a: 0.0, np.zeros(0), np.zeros(0)))


def test_a_number_is_checked_like_an_array():
    assert str(check_gradient(lambda a: float(a) ** 2, 3.0, -6.0)).startswith(
        "gradient: yours -6, numerical 6"
    )


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.floats(-8, 8), st.sampled_from([1.001, -1.0, 0.0, 2.0]))
def test_a_random_smooth_function_passes_and_its_spoilt_gradient_fails(seed, log_scale, factor):
    rng = np.random.default_rng(seed)
    A, theta, scale = rng.normal(size=(3, 4)), rng.normal(size=3), 10.0**log_scale
    t = torch.tensor(theta, requires_grad=True)
    (scale * torch.tanh(t @ torch.tensor(A)).square().sum()).backward()
    right = t.grad.numpy()

    def f(a):
        return scale * float((np.tanh(a @ A) ** 2).sum())

    assert check_gradient(f, theta, right)
    spoilt = right.copy()
    worst = int(np.argmax(np.abs(right)))
    spoilt[worst] *= factor
    check = check_gradient(f, theta, spoilt)
    assert not check
    assert check.index == (worst,)
