"""Gradient methods against PyTorch's optimisers, closed forms and statistics."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fnnkit.optim import (
    SGD,
    AdaGrad,
    Adam,
    RMSProp,
    adagrad_step,
    adam_step,
    clip_by_global_norm,
    gradient_descent,
    linear_decay,
    minibatches,
    momentum_step,
    rmsprop_step,
    robbins_monro,
    sgd_step,
    standard_error,
)

# --- gradient descent ------------------------------------------------------------------------------------


def test_on_a_quadratic_the_path_is_a_geometric_sequence():
    curvature, theta0, rate = np.array([0.5, 1.0, 3.0]), np.array([1.0, -2.0, 4.0]), 0.3
    path = gradient_descent(lambda theta: curvature * theta, theta0, rate, 20)
    k = np.arange(21)[:, None]
    np.testing.assert_allclose(path, (1 - rate * curvature) ** k * theta0, rtol=1e-12)


@pytest.mark.parametrize(
    ("rate", "factor"),
    [(1.99, 0.99), (2.0, 1.0), (2.01, 1.01)],
    ids=["below 2 converges", "at 2 oscillates", "above 2 diverges"],
)
def test_the_learning_rate_times_the_largest_curvature_decides_at_2(rate, factor):
    path = gradient_descent(lambda theta: theta, [1.0], rate, 100)[:, 0]
    np.testing.assert_allclose(np.abs(path), factor ** np.arange(101), rtol=1e-10)
    assert (np.sign(path[1:]) == -np.sign(path[:-1])).all()


def test_a_path_that_diverges_beyond_float64_raises_no_warning():
    path = gradient_descent(lambda theta: theta**3, [10.0], 1.0, 30)
    assert not np.isfinite(path[-1]).all()


def test_the_path_starts_at_theta0_which_stays_as_it_was_even_if_grad_writes_into_its_argument():
    theta0 = np.array([1, 2])

    def spoiling_gradient(theta):
        gradient = 2 * theta
        theta[:] = 77
        return gradient

    path = gradient_descent(spoiling_gradient, theta0, 0.25, 3)
    np.testing.assert_array_equal(theta0, [1, 2])
    np.testing.assert_array_equal(path, [[1, 2], [0.5, 1], [0.25, 0.5], [0.125, 0.25]])
    assert path.dtype == np.float64


def test_no_steps_give_the_start_alone():
    assert gradient_descent(lambda theta: theta, [1.0, 2.0], 0.1, 0).tolist() == [[1.0, 2.0]]


def test_gradient_descent_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match=r"grad\(theta\) should have the shape of theta, \(2,\)"):
        gradient_descent(lambda theta: theta[:, None], [1.0, 2.0], 0.1, 1)
    for steps in (-1, 2.5, None):
        with pytest.raises(ValueError, match="steps"):
            gradient_descent(lambda theta: theta, [1.0], 0.1, steps)
    for rate in (-0.1, np.nan, np.inf, [0.1, 0.2], "fast"):
        with pytest.raises(ValueError, match="learning_rate"):
            gradient_descent(lambda theta: theta, [1.0], rate, 1)


# --- steps against PyTorch -------------------------------------------------------------------------------


def torch_path(make, theta0, gradients):
    """Points that one of PyTorch's optimisers visits under a given sequence of gradients."""
    theta = torch.tensor(theta0, requires_grad=True)
    optimiser, path = make([theta]), []
    for gradient in gradients:
        theta.grad = torch.tensor(gradient)
        optimiser.step()
        path.append(theta.detach().numpy().copy())
    return np.array(path)


def adam_from_zero(theta, gradients):
    state = (np.zeros_like(theta), np.zeros_like(theta), 0)
    for gradient in gradients:
        theta, state = adam_step(theta, gradient, state, 0.05, 0.8, 0.95, 1e-3)
        yield theta


def from_zero(step):
    def path(theta, gradients):
        state = np.zeros_like(theta)
        for gradient in gradients:
            theta, state = step(theta, gradient, state)
            yield theta

    return path


def sgd_path(theta, gradients):
    for gradient in gradients:
        theta = sgd_step(theta, gradient, 0.05)
        yield theta


@pytest.mark.parametrize(
    ("mine", "theirs", "as_object"),
    [
        (sgd_path, lambda p: torch.optim.SGD(p, lr=0.05), SGD()),
        (
            from_zero(lambda t, g, s: momentum_step(t, g, s, 0.05, 0.7)),
            lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.7),
            SGD(momentum=0.7),
        ),
        (
            from_zero(lambda t, g, s: adagrad_step(t, g, s, 0.05, 1e-2)),
            lambda p: torch.optim.Adagrad(p, lr=0.05, eps=1e-2),
            AdaGrad(eps=1e-2),
        ),
        (
            from_zero(lambda t, g, s: rmsprop_step(t, g, s, 0.05, 0.8, 1e-2)),
            lambda p: torch.optim.RMSprop(p, lr=0.05, alpha=0.8, eps=1e-2),
            RMSProp(decay=0.8, eps=1e-2),
        ),
        (
            adam_from_zero,
            lambda p: torch.optim.Adam(p, lr=0.05, betas=(0.8, 0.95), eps=1e-3),
            Adam(beta1=0.8, beta2=0.95, eps=1e-3),
        ),
    ],
    ids=["sgd", "momentum", "adagrad", "rmsprop", "adam"],
)
def test_every_optimiser_walks_the_path_of_pytorchs(mine, theirs, as_object):
    rng = np.random.default_rng(0)
    theta0, gradients = rng.normal(size=6), rng.normal(size=(25, 6)) * np.logspace(-3, 3, 6)
    expected = torch_path(theirs, theta0, gradients)
    np.testing.assert_allclose(np.array(list(mine(theta0, gradients))), expected, rtol=1e-10, atol=1e-13)
    for _ in range(2):  # starting again forgets the state
        theta = theta0.copy()
        as_object.start(6)
        for gradient, point in zip(gradients, expected, strict=True):
            as_object.update(theta, gradient.copy(), 0.05)
            np.testing.assert_allclose(theta, point, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("step", [adagrad_step, rmsprop_step], ids=["adagrad", "rmsprop"])
def test_rescaling_a_coordinates_gradient_leaves_the_path_as_it_is(step):
    rng = np.random.default_rng(1)
    scale = np.array([1e-6, 1.0, 1e6])
    plain = scaled = np.zeros(3)
    state = scaled_state = np.zeros(3)
    for gradient in rng.normal(size=(10, 3)):
        plain, state = step(plain, gradient, state, lr=0.1, eps=0)
        scaled, scaled_state = step(scaled, scale * gradient, scaled_state, lr=0.1, eps=0)
    np.testing.assert_allclose(scaled, plain, rtol=1e-10)


def test_adagrads_step_under_a_constant_gradient_falls_like_one_over_the_root_of_k():
    theta, state = np.zeros(1), np.zeros(1)
    for k in range(1, 30):
        before = theta
        theta, state = adagrad_step(theta, [5.0], state, lr=1.0, eps=0)
        assert before[0] - theta[0] == pytest.approx(1 / np.sqrt(k))


def test_eps_stands_outside_the_root():
    theta, _ = adagrad_step([0.0], [3.0], [0.0], lr=1.0, eps=1.0)
    assert theta[0] == pytest.approx(-3 / 4)  # inside it would be -3/√10


@pytest.mark.parametrize("step", [adagrad_step, rmsprop_step])
def test_a_coordinate_that_never_had_a_gradient_rests_and_huge_ones_raise_no_warning(step):
    theta, _ = step([1.0, 1.0], [0.0, 1e200], [0.0, 0.0], lr=0.1, eps=0)
    assert theta[0] == 1.0
    assert np.isfinite(theta).all()


@pytest.mark.parametrize("step", [adagrad_step, rmsprop_step, momentum_step])
def test_a_step_changes_neither_its_arguments_nor_an_earlier_state(step):
    theta, grad, state = np.array([1, 2]), np.array([3.0, 4.0]), np.zeros(2)
    _, first = step(theta, grad, state, 0.1)
    kept = first.copy()
    step(theta, grad, first, 0.1)
    np.testing.assert_array_equal(theta, [1, 2])
    np.testing.assert_array_equal(grad, [3, 4])
    np.testing.assert_array_equal(state, [0, 0])
    np.testing.assert_array_equal(first, kept)


@pytest.mark.parametrize("step", [adagrad_step, rmsprop_step, momentum_step])
def test_a_step_refuses_shapes_that_would_broadcast(step):
    with pytest.raises(ValueError, match="grad should have the shape of theta"):
        step(np.zeros(3), np.zeros((3, 1)), np.zeros(3), 0.1)
    with pytest.raises(ValueError, match="should have the shape of theta"):
        step(np.zeros(3), np.zeros(3), np.zeros(1), 0.1)


def test_steps_refuse_numbers_out_of_range():
    with pytest.raises(ValueError, match="state should hold no negative"):
        adagrad_step([0.0], [1.0], [-1.0], 0.1)
    with pytest.raises(ValueError, match="decay should be a finite number, at least 0 and below 1"):
        rmsprop_step([0.0], [1.0], [0.0], 0.1, decay=1.0)
    with pytest.raises(ValueError, match="lr"):
        sgd_step([0.0], [1.0], -0.1)
    with pytest.raises(ValueError, match=r"state should be a tuple"):
        adam_step([0.0], [1.0], [0.0], 0.1)
    with pytest.raises(ValueError, match=r"state\[2\]"):
        adam_step([0.0], [1.0], ([0.0], [0.0], -1), 0.1)
    with pytest.raises(ValueError, match="momentum"):
        SGD(momentum=1.5)


def test_sgd_step_returns_new_named_parameters():
    params = {"W": np.ones((2, 2)), "b": np.array([1, 2])}
    grads = {"b": np.array([10.0, 20.0]), "W": np.full((2, 2), 5.0)}
    new = sgd_step(params, grads, 0.1)
    assert list(new) == ["W", "b"]
    np.testing.assert_allclose(new["W"], 0.5)
    np.testing.assert_allclose(new["b"], [0.0, 0.0])
    np.testing.assert_array_equal(params["W"], 1.0)
    unchanged = sgd_step(params, grads, 0.0)
    assert not np.shares_memory(unchanged["W"], params["W"])
    with pytest.raises(ValueError, match=r"names \['W', 'b'\], but they are \['W'\]"):
        sgd_step(params, {"W": grads["W"]}, 0.1)
    with pytest.raises(ValueError, match="shape"):
        sgd_step({"b": np.zeros(3)}, {"b": np.zeros((3, 1))}, 0.1)
    for mixed in (([1.0], {"w": [1.0]}), ({"w": [1.0]}, [1.0])):
        with pytest.raises(ValueError, match="grads"):
            sgd_step(*mixed, 0.1)


# --- learning rates --------------------------------------------------------------------------------------


def test_the_linear_decay_starts_at_eta_0_is_half_way_at_half_time_and_constant_from_T_on():
    rates = [linear_decay(k, 100, 0.5, 0.1) for k in (0, 50, 100, 101, 10**9)]
    np.testing.assert_allclose(rates, [0.5, 0.3, 0.1, 0.1, 0.1])
    steps = np.diff([linear_decay(k, 100, 0.5, 0.1) for k in range(101)])
    np.testing.assert_allclose(steps, -0.004)


def test_linear_decay_refuses_times_that_are_none():
    for k, T in ((-1, 10), (1, 0), (0.5, 10), (1, 2.0)):
        with pytest.raises(ValueError, match=r"^[kT] should be"):
            linear_decay(k, T, 1.0, 0.1)


@pytest.mark.parametrize("p", [0.25, 0.5, 0.51, 0.75, 1.0, 1.01, 2.0])
def test_robbins_and_monros_sums_computed_by_the_integral_test(p):
    # Σ k^-q from N to 2N behaves like N^(1-q): the sum diverges where this does not fall.
    def tail_falls(q):
        blocks = [np.sum(np.arange(n, 2 * n, dtype=float) ** -q) for n in (10**3, 10**6)]
        return blocks[1] < blocks[0] * (1 - 1e-3)

    assert robbins_monro(p) is bool(not tail_falls(p) and tail_falls(2 * p))


def test_robbins_monro_at_its_ends_and_beyond():
    assert [robbins_monro(p) for p in (-1, 0, 0.5, np.nextafter(0.5, 1), 1, np.nextafter(1, 2))] == [
        False,
        False,
        False,
        True,
        True,
        False,
    ]
    for p in (np.nan, np.inf, -np.inf):
        with pytest.raises(ValueError, match="p should be a finite number"):
            robbins_monro(p)


# --- minibatches and their error -------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 50), st.integers(1, 60), st.integers(0, 1000))
def test_minibatches_cover_the_order_once_and_only_the_last_is_short(n, size, seed):
    order = np.random.default_rng(seed).permutation(n)
    batches = minibatches(n, size, order)
    assert [i for batch in batches for i in batch] == order.tolist()
    assert all(len(batch) == size for batch in batches[:-1])
    assert len(batches) == -(-n // size)


def test_minibatches_do_not_share_memory_with_the_order():
    order = np.arange(4)
    minibatches(4, 2, order)[0][:] = 9
    np.testing.assert_array_equal(order, [0, 1, 2, 3])


@pytest.mark.parametrize("order", [[0, 1], [0, 1, 2, 3], [0.0, 1.0, 2.0], [0, 1, 3], [-1, 0, 1], [[0, 1, 2]]])
def test_an_order_that_does_not_fit_is_refused(order):
    with pytest.raises(ValueError, match="order should"):
        minibatches(3, 2, order)


def test_sizes_that_make_no_sense_are_refused():
    for size in (0, -1, 1.5):
        with pytest.raises(ValueError, match="size"):
            minibatches(3, size, [0, 1, 2])


def test_the_standard_error_is_the_spread_of_means_of_m_draws():
    rng = np.random.default_rng(0)
    population = rng.exponential(size=200)
    m = 16
    means = population[rng.integers(0, 200, size=(20_000, m))].mean(axis=1)
    # The draws come from the 200 values themselves, whose own spread has the divisor n.
    exact = population.std(ddof=0) / np.sqrt(m)
    assert means.std() == pytest.approx(exact, rel=0.03)
    assert standard_error(population, m) == pytest.approx(exact * np.sqrt(200 / 199))
    assert standard_error(population, 4 * m) == pytest.approx(standard_error(population, m) / 2)


def test_the_standard_error_needs_two_examples_and_a_minibatch():
    with pytest.raises(ValueError, match="at least two"):
        standard_error([1.0], 4)
    with pytest.raises(ValueError, match="m should be a whole number from 1 on"):
        standard_error([1.0, 2.0], 0)
    with pytest.raises(ValueError, match="per_example"):
        standard_error([[1.0, 2.0]], 1)


# --- clipping --------------------------------------------------------------------------------------------


def global_norm(arrays):
    return np.sqrt(sum(np.sum(np.square(a)) for a in arrays))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 1000), st.floats(0.01, 100))
def test_clipping_agrees_with_pytorch(seed, max_norm):
    rng = np.random.default_rng(seed)
    grads = [rng.normal(size=(3, 2)), rng.normal(size=4), rng.normal(size=())]
    tensors = [torch.tensor(g, requires_grad=True) for g in grads]
    for tensor, gradient in zip(tensors, grads, strict=True):
        tensor.grad = torch.tensor(gradient)
    torch.nn.utils.clip_grad_norm_(tensors, max_norm)  # divides by norm + 1e-6
    clipped = clip_by_global_norm(grads, max_norm)
    for mine, tensor in zip(clipped, tensors, strict=True):
        np.testing.assert_allclose(mine, tensor.grad.numpy(), rtol=2e-6)


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1.0, 1e160, 1e300])
def test_clipping_keeps_the_direction_at_every_scale(scale):
    clipped = clip_by_global_norm({"W": [[3 * scale]], "b": [4 * scale]}, max_norm=1e-305)
    np.testing.assert_allclose(clipped["W"] / 1e-305, [[0.6]])
    np.testing.assert_allclose(clipped["b"] / 1e-305, [0.8])


def test_gradients_below_the_limit_and_zeros_come_back_as_they_are():
    grads = [np.array([3.0, 4.0]), np.zeros((2, 2))]
    kept = clip_by_global_norm(grads, 5.0)
    np.testing.assert_array_equal(kept[0], grads[0])
    assert not np.shares_memory(kept[0], grads[0])
    np.testing.assert_array_equal(clip_by_global_norm([np.zeros(3)], 0.0)[0], 0)
    np.testing.assert_array_equal(clip_by_global_norm([np.ones(3)], 0.0)[0], 0)
    assert clip_by_global_norm([], 1.0) == []
    assert clip_by_global_norm({}, 1.0) == {}


def test_the_norm_is_one_over_all_arrays_not_one_for_each():
    clipped = clip_by_global_norm([np.array([3.0]), np.array([4.0])], 1.0)
    assert global_norm(clipped) == pytest.approx(1.0)
    assert clipped[0][0] / clipped[1][0] == pytest.approx(3 / 4)


def test_clipping_refuses_what_has_no_direction():
    for bad in (np.nan, np.inf):
        with pytest.raises(ValueError, match="finite"):
            clip_by_global_norm([[1.0, bad]], 1.0)
    with pytest.raises(ValueError, match="max_norm"):
        clip_by_global_norm([[1.0]], -1.0)
    with pytest.raises(ValueError, match="grads"):
        clip_by_global_norm(3.0, 1.0)
