"""Recurrent networks against PyTorch's own modules and automatic differentiation; learning over a long lag."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fnnkit.dynamics import deltas_through_time
from fnnkit.optim import SGD
from fnnkit.rnn import (
    bptt,
    initial_lstm,
    initial_rnn,
    last_scores,
    latch_task,
    lstm_bptt,
    lstm_cell,
    lstm_cell_backward,
    lstm_forward,
    rnn_deltas,
    rnn_forward,
    rnn_hidden_delta,
    train_recurrent,
)

CLOSE = {"rtol": 1e-9, "atol": 1e-12}
sizes = st.integers(1, 4)
seeds = st.integers(0, 10_000)


def simple_problem(seed, T, n, d, m, p):
    rng = np.random.default_rng(seed)
    params = {
        "A": rng.normal(size=(d, m)),
        "W": rng.normal(size=(m, m)),
        "b": rng.normal(size=m),
        "V": rng.normal(size=(m, p)),
    }
    return rng.normal(size=(T, n, d)), rng.normal(size=(n, m)), params, rng.normal(size=(T, n, p))


def gated_problem(seed, T, n, d, m, p):
    rng = np.random.default_rng(seed)
    params = {
        "A": rng.normal(size=(d, 4 * m)),
        "W": rng.normal(size=(m, 4 * m)),
        "b": rng.normal(size=4 * m),
        "V": rng.normal(size=(m, p)),
    }
    states = rng.normal(size=(2, n, m))
    return rng.normal(size=(T, n, d)), states[0], states[1], params, rng.normal(size=(T, n, p))


def module(kind, params):
    """PyTorch's own recurrent module with the same weights, and the parameters in our names."""
    d, m = params["A"].shape[0], params["W"].shape[0]
    net = kind(d, m, dtype=torch.float64)
    with torch.no_grad():
        net.weight_ih_l0[:] = torch.tensor(params["A"].T)
        net.weight_hh_l0[:] = torch.tensor(params["W"].T)
        net.bias_ih_l0[:] = torch.tensor(params["b"])
        net.bias_hh_l0[:] = 0
    return net


def module_gradients(net, Y, V, delta_y):
    (Y * torch.tensor(delta_y)).sum().backward()
    return {
        "A": net.weight_ih_l0.grad.numpy().T,
        "W": net.weight_hh_l0.grad.numpy().T,
        "b": net.bias_ih_l0.grad.numpy(),
        "V": V.grad.numpy(),
    }


# --- the simple recurrent network ----------------------------------------------------------------------------


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(1, 6), sizes, sizes, sizes, sizes)
def test_values_and_gradients_are_those_of_the_recurrent_module_of_pytorch(seed, T, n, d, m, p):
    X, h0, params, delta_y = simple_problem(seed, T, n, d, m, p)
    net, V = module(torch.nn.RNN, params), torch.tensor(params["V"], requires_grad=True)
    H, _ = net(torch.tensor(X), torch.tensor(h0)[None])
    cache = rnn_forward(X, h0, params)
    np.testing.assert_allclose(cache["H"], H.detach().numpy(), **CLOSE)
    np.testing.assert_allclose(np.tanh(cache["Z"]), cache["H"], **CLOSE)
    np.testing.assert_allclose(cache["Y"], (H @ V).detach().numpy(), **CLOSE)
    expected = module_gradients(net, H @ V, V, delta_y)
    grads = bptt(X, h0, params, delta_y)
    assert set(grads) == set(params)
    for name, gradient in grads.items():
        assert gradient.shape == params[name].shape
        np.testing.assert_allclose(gradient, expected[name], **CLOSE)


@settings(deadline=None, max_examples=20)
@given(seeds, st.integers(1, 5), sizes, sizes, sizes)
def test_error_signals_of_every_step_are_those_of_automatic_differentiation(seed, T, n, m, p):
    X, h0, params, delta_y = simple_problem(seed, T, n, 2, m, p)
    A, W, b, V = (torch.tensor(params[name]) for name in "AWbV")
    h, Z, loss = torch.tensor(h0), [], 0.0
    for x, delta in zip(torch.tensor(X), torch.tensor(delta_y), strict=True):
        z = (x @ A + h @ W + b).requires_grad_()
        z.retain_grad()
        Z.append(z)
        h = torch.tanh(z)
        loss = loss + (h @ V * delta).sum()
    loss.backward()
    values = np.array([z.detach().numpy() for z in Z])
    expected = np.array([z.grad.numpy() for z in Z])
    deltas = rnn_deltas(values, params, delta_y)
    np.testing.assert_allclose(deltas, expected, **CLOSE)
    # One step at a time, by the formula of the slide.
    later = np.zeros((n, m))
    for t in reversed(range(T)):
        later = rnn_hidden_delta(values[t], params["V"], params["W"], delta_y[t], later)
        np.testing.assert_allclose(later, expected[t], **CLOSE)


def test_a_network_without_recurrence_treats_every_step_as_an_example_of_its_own():
    X, h0, params, delta_y = simple_problem(0, 4, 3, 2, 5, 2)
    params["W"] = np.zeros((5, 5))
    together = bptt(X, h0, params, delta_y)
    apart = bptt(X.reshape(1, 12, 2), np.zeros((12, 5)), params, delta_y.reshape(1, 12, 2))
    for name in ("A", "b", "V"):
        np.testing.assert_allclose(together[name], apart[name], **CLOSE)


def test_no_step_has_no_gradient_and_no_example_neither():
    for T, n in ((0, 3), (3, 0)):
        X, h0, params, delta_y = simple_problem(0, T, n, 2, 4, 1)
        assert rnn_forward(X, h0, params)["Y"].shape == (T, n, 1)
        for name, gradient in bptt(X, h0, params, delta_y).items():
            np.testing.assert_array_equal(gradient, np.zeros(params[name].shape))
        X, h0, c0, params, delta_y = gated_problem(0, T, n, 2, 4, 1)
        assert lstm_forward(X, h0, c0, params)["Y"].shape == (T, n, 1)
        for name, gradient in lstm_bptt(X, h0, c0, params, delta_y).items():
            np.testing.assert_array_equal(gradient, np.zeros(params[name].shape))


def test_the_error_signal_of_a_loss_at_the_end_fades_as_the_dynamics_say():
    X, h0, params, delta_y = simple_problem(3, 20, 2, 3, 4, 2)
    delta_y[:-1] = 0
    Z = rnn_forward(X, h0, params)["Z"]
    deltas = rnn_deltas(Z, params, delta_y)
    norms = [np.linalg.norm(delta) for delta in deltas[::-1]]
    np.testing.assert_allclose(deltas_through_time(params["W"], Z, deltas[-1]), norms, rtol=1e-12)


def test_an_error_signal_that_explodes_is_infinite_without_a_warning_and_training_refuses_it():
    params = {"A": [[0.0]], "W": [[10.0]], "b": [0.0], "V": [[1.0, -1.0]]}
    delta_y = np.zeros((400, 1, 2))
    delta_y[-1] = [1, 0]
    deltas = rnn_deltas(np.zeros((400, 1, 1)), params, delta_y)
    assert deltas[-300, 0, 0] == pytest.approx(1e299)
    assert deltas[0, 0, 0] == np.inf
    assert not np.isfinite(bptt(np.zeros((400, 1, 1)), [[0.0]], params, delta_y)["b"]).any()
    with pytest.raises(ValueError, match="grads should be finite"):
        train_recurrent(params, lambda: (np.zeros((400, 1, 1)), [0]), steps=1)


def test_values_beyond_the_largest_float64_are_infinite_without_a_warning():
    huge = {"A": [[1e308]], "W": [[1e308]], "b": [1e308], "V": [[1e308, -1e308]]}
    cache = rnn_forward([[[1e10]], [[1e10]]], [[1.0]], huge)
    assert cache["H"].ravel().tolist() == [1.0, 1.0]
    assert np.isposinf(cache["Z"]).all()
    assert rnn_hidden_delta([[0.0]], [[1e308]], [[1e308]], [[100.0]], [[100.0]]) == np.inf
    assert rnn_deltas([[[0.0]]], {"W": [[1.0]], "V": [[1e308]]}, [[[100.0]]]) == np.inf
    gates = {"A": [[1e308] * 4], "W": [[1e308] * 4], "b": [1e308] * 4}
    h, c = lstm_cell([[1e10]], [[1.0]], [[1.0]], gates)
    assert (h.item(), c.item()) == (pytest.approx(np.tanh(2.0)), 2.0)


# --- the gated cell ------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=30)
@given(seeds, sizes, sizes, sizes)
def test_the_gated_cell_and_its_error_signals_are_those_of_pytorch(seed, n, d, m):
    X, h, c, params, _ = gated_problem(seed, 1, n, d, m, 1)
    rng = np.random.default_rng(seed + 1)
    delta_h, delta_c = rng.normal(size=(n, m)), rng.normal(size=(n, m))
    cell = torch.nn.LSTMCell(d, m, dtype=torch.float64)
    with torch.no_grad():
        cell.weight_ih[:] = torch.tensor(params["A"].T)
        cell.weight_hh[:] = torch.tensor(params["W"].T)
        cell.bias_ih[:] = torch.tensor(params["b"])
        cell.bias_hh[:] = 0
    x, h_t, c_t = (torch.tensor(a, requires_grad=True) for a in (X[0], h, c))
    h_new, c_new = cell(x, (h_t, c_t))
    mine = lstm_cell(X[0], h, c, params)
    np.testing.assert_allclose(mine[0], h_new.detach().numpy(), **CLOSE)
    np.testing.assert_allclose(mine[1], c_new.detach().numpy(), **CLOSE)
    ((h_new * torch.tensor(delta_h)).sum() + (c_new * torch.tensor(delta_c)).sum()).backward()
    expected = {
        "x": x.grad,
        "h": h_t.grad,
        "c": c_t.grad,
        "A": cell.weight_ih.grad.T,
        "W": cell.weight_hh.grad.T,
        "b": cell.bias_ih.grad,
    }
    grads = lstm_cell_backward(X[0], h, c, params, delta_h, delta_c)
    assert set(grads) == set(expected)
    for name, gradient in grads.items():
        np.testing.assert_allclose(gradient, expected[name].numpy(), **CLOSE)


@settings(deadline=None, max_examples=20)
@given(seeds, st.integers(1, 6), sizes, sizes, sizes, sizes)
def test_the_gated_network_and_its_gradients_are_those_of_pytorch(seed, T, n, d, m, p):
    X, h0, c0, params, delta_y = gated_problem(seed, T, n, d, m, p)
    net, V = module(torch.nn.LSTM, params), torch.tensor(params["V"], requires_grad=True)
    H, (_, c_last) = net(torch.tensor(X), (torch.tensor(h0)[None], torch.tensor(c0)[None]))
    cache = lstm_forward(X, h0, c0, params)
    np.testing.assert_allclose(cache["H"], H.detach().numpy(), **CLOSE)
    np.testing.assert_allclose(cache["C"][-1], c_last[0].detach().numpy(), **CLOSE)
    np.testing.assert_allclose(cache["Y"], (H @ V).detach().numpy(), **CLOSE)
    expected = module_gradients(net, H @ V, V, delta_y)
    for name, gradient in lstm_bptt(X, h0, c0, params, delta_y).items():
        np.testing.assert_allclose(gradient, expected[name], **CLOSE)


def test_an_open_forget_gate_carries_the_error_signal_over_a_hundred_steps_and_a_half_open_one_does_not():
    _, h, c, params, _ = gated_problem(0, 1, 2, 3, 4, 1)
    params["A"], params["W"] = 0.1 * params["A"], 0.1 * params["W"]
    survived = {}
    for forget_bias in (10.0, 0.0):
        params["b"] = np.repeat([-5.0, forget_bias, 0.0, 0.0], 4)
        X = np.random.default_rng(1).normal(size=(100, 2, 3))
        states = [(h, c)]
        for x in X:
            states.append(lstm_cell(x, *states[-1], params))
        delta = {"h": np.zeros((2, 4)), "c": np.ones((2, 4))}
        for x, (before, memory) in zip(X[::-1], states[-2::-1], strict=True):
            delta = lstm_cell_backward(x, before, memory, params, delta["h"], delta["c"])
        survived[forget_bias] = np.abs(delta["c"]).min()
    assert survived[10.0] > 0.9  # σ(10)¹⁰⁰ = 0.995
    assert survived[0.0] < 1e-20  # ½¹⁰⁰ = 8e-31


def test_an_error_signal_that_explodes_through_the_gates_is_not_finite_and_gives_no_warning():
    # The state feeds the candidate 50-fold; input and output gates half open, forget gates shut.
    W = np.array([[0.0, 0.0, 50.0, 0.0]])
    params = {"A": np.zeros((1, 4)), "W": W, "b": [0.0, -1e4, 0.0, 0.0], "V": [[1.0]]}
    delta_y = np.zeros((400, 1, 1))
    delta_y[-1] = 1
    grads = lstm_bptt(np.zeros((400, 1, 1)), [[0.0]], [[0.0]], params, delta_y)
    assert not np.isfinite(grads["b"]).any()
    short = lstm_bptt(np.zeros((100, 1, 1)), [[0.0]], [[0.0]], params, delta_y[-100:])
    # Each step multiplies by ½ · ½ · 50.
    assert short["b"][2] == pytest.approx(0.25 * sum(12.5**k for k in range(100)), rel=1e-12)


def test_saturated_gates_stay_finite():
    _, h, c, params, _ = gated_problem(0, 1, 3, 2, 4, 1)
    params["b"] = params["b"] + np.tile([1e4, -1e4], 8)
    x = 1e4 * np.ones((3, 2))
    for value in lstm_cell(x, h, c, params):
        assert np.isfinite(value).all()
    for gradient in lstm_cell_backward(x, h, c, params, np.ones((3, 4)), np.ones((3, 4))).values():
        assert np.isfinite(gradient).all()


# --- learning over a long lag --------------------------------------------------------------------------------


def success_rate(initial, T, steps, learning_rate):
    """Share of ten seeds after whose training more than 99 % of 200 new sequences are classified rightly."""
    successes = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        params, _ = train_recurrent(
            initial(rng), lambda rng=rng: latch_task(T, 20, rng), steps, learning_rate=learning_rate
        )
        X, g = latch_task(T, 200, rng)
        successes += np.mean(last_scores(X, params).argmax(axis=1) == g) > 0.99
    return successes / 10


def test_orthogonal_recurrent_weights_learn_to_remember_over_fifty_steps():
    # Seen: 10 of 10.
    assert success_rate(lambda rng: initial_rnn(1, 10, 2, rng), T=50, steps=60, learning_rate=0.02) >= 0.8


def test_a_spectral_radius_of_one_half_forgets_within_fifty_steps():
    # Seen: 0 of 10. The error signal has shrunk by ½⁴⁹ ≈ 2e-15 when it reaches the first input.
    assert success_rate(lambda rng: initial_rnn(1, 10, 2, rng, radius=0.5), 50, 60, 0.02) <= 0.3


def test_a_gated_network_with_open_forget_gates_learns_to_remember():
    # Seen: 10 of 10.
    assert success_rate(lambda rng: initial_lstm(1, 6, 2, rng, forget_bias=5.0), 20, 60, 0.05) >= 0.8


def test_training_leaves_the_initial_parameters_and_takes_any_optimiser():
    rng = np.random.default_rng(0)
    params = initial_rnn(1, 4, 2, rng)
    before = {name: array.copy() for name, array in params.items()}
    learnt, losses = train_recurrent(params, lambda: latch_task(4, 10, rng), 3, 0.1, optimiser=SGD())
    assert len(losses) == 3
    for name in params:
        np.testing.assert_array_equal(params[name], before[name])
        assert not np.array_equal(learnt[name], before[name])


def test_a_step_is_no_longer_than_the_clipped_gradient_allows():
    rng = np.random.default_rng(0)
    params = initial_rnn(1, 4, 2, rng)
    learnt, _ = train_recurrent(
        params, lambda: latch_task(4, 10, rng), 1, learning_rate=0.5, max_norm=0.01, optimiser=SGD()
    )
    moved = np.sqrt(sum(((learnt[name] - params[name]) ** 2).sum() for name in params))
    assert moved == pytest.approx(0.5 * 0.01, rel=1e-9)


def test_the_latch_task_shows_the_class_once():
    X, g = latch_task(20, 3000, np.random.default_rng(0), noise=0.2)
    np.testing.assert_array_equal(X[0, :, 0], 2 * g - 1)
    assert g.mean() == pytest.approx(0.5, abs=0.05)
    assert X[1:].std() == pytest.approx(0.2, rel=0.05)
    later = X[1:, :, 0].mean(axis=0)
    assert abs(np.corrcoef(later, g)[0, 1]) < 0.1


# --- what is refused -----------------------------------------------------------------------------------------


def changed(params, **others):
    return {**params, **others}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda X, h, p, d: rnn_forward(X[0], h, p), r"X should be an array of shape \(T, n, d\)"),
        (lambda X, h, p, d: rnn_forward(X, h[:1], p), r"h0 should be an array of shape \(3, 5\)"),
        (lambda X, h, p, d: rnn_forward(X, h, {"A": 1}), "but W, b, V is missing"),
        (
            lambda X, h, p, d: rnn_forward(X, h, changed(p, A=p["A"].T)),
            r"A should be an array of shape \(2, 5\)",
        ),
        (lambda X, h, p, d: rnn_forward(X, h, changed(p, W=p["W"][:3])), r"W should be of shape \(m, m\)"),
        (
            lambda X, h, p, d: rnn_forward(X, h, changed(p, b=p["b"][:3])),
            r"b should be an array of shape \(5,\)",
        ),
        (
            lambda X, h, p, d: rnn_forward(X, h, changed(p, V=p["V"].T)),
            r"V should be an array of shape \(5, p\)",
        ),
        (lambda X, h, p, d: bptt(X, h, p, d[:2]), r"delta_y should be an array of shape \(4, 3, 2\)"),
        (lambda X, h, p, d: rnn_deltas(X, {"W": 1}, d), "but V is missing"),
        (lambda X, h, p, d: rnn_forward(X, h, [p]), "params should be a dictionary of arrays"),
        (lambda X, h, p, d: train_recurrent(p, lambda: X, 1), "batch should give a pair"),
        (lambda X, h, p, d: train_recurrent(p, (X, [0, 1, 0]), 1), "batch should be a function"),
        (
            lambda X, h, p, d: train_recurrent(changed(p, Q=1.0), lambda: (X, [0, 1, 0]), 1),
            "nothing else, but it holds 'Q'",
        ),
        (lambda X, h, p, d: rnn_deltas(X, p, d), "axis 2 of Z and axis 0 of V"),
        (lambda X, h, p, d: rnn_hidden_delta(h, p["V"], p["W"], d[0], h[:1]), "delta_next should be"),
        (lambda X, h, p, d: rnn_hidden_delta(h, p["V"], p["W"], h, h), "delta_y should be"),
        (lambda X, h, p, d: lstm_cell(X[0], h, h, p), r"W should be of shape \(m, 4m\)"),
        (lambda X, h, p, d: last_scores(X[:0], p), "X should have at least one time step"),
        (lambda X, h, p, d: last_scores(X, {}), "W is missing"),
        (
            lambda X, h, p, d: latch_task(0, 1, np.random.default_rng(0)),
            "T should be a whole number from 1 on",
        ),
        (lambda X, h, p, d: latch_task(1, 1, np.random.default_rng(0), noise=-1), "noise should be"),
        (lambda X, h, p, d: initial_rnn(1, 2, 1, np.random.default_rng(0), radius=-1), "radius should be"),
        (
            lambda X, h, p, d: initial_lstm(1, 0, 1, np.random.default_rng(0)),
            "m should be a whole number from 1",
        ),
        (
            lambda X, h, p, d: train_recurrent(p, lambda: (X, [0, 1, 5]), 1),
            "g should hold labels from 0 to 1",
        ),
        (lambda X, h, p, d: train_recurrent(p, lambda: (X, [0, 1]), 1), "g should have one label a row"),
    ],
)
def test_a_wrong_argument_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call(*simple_problem(0, 4, 3, 2, 5, 2))
