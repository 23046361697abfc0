"""Networks of any depth, against PyTorch's automatic differentiation and differences."""

import copy
import pickle

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fnnkit.backprop import backprop
from fnnkit.gradcheck import check_gradient
from fnnkit.initialisation import init_scale
from fnnkit.network import RBF, Dense, Maxout, Network, mlp
from fnnkit.optim import SGD, AdaGrad, Adam, RMSProp, linear_decay
from fnnkit.outputs import OUTPUT_UNITS, mixture_unit

F = torch.nn.functional
TORCH_ACTIVATIONS = {
    "linear": lambda z: z,
    "relu": torch.relu,
    "absolute value": torch.abs,
    "leaky relu": lambda z: F.leaky_relu(z, 0.01),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softplus": F.softplus,
    "hard tanh": F.hardtanh,
    "threshold": lambda z: z.clamp(0, 1),
}


def torch_forward(network, X, params):
    H = torch.tensor(X)
    for layer, p in zip(network.layers, params, strict=True):
        if isinstance(layer, RBF):
            squared = ((H[:, :, None] - p["W"][None]) ** 2).sum(1)
            H = torch.exp(-squared / F.softplus(p["s"]) ** 2)
            continue
        Z = H @ p["W"] + p["c"]
        if isinstance(layer, Maxout):
            H = Z.reshape(len(Z), layer.n_out, layer.k).max(dim=2).values
        elif layer.activation == "parametric relu":
            H = F.prelu(Z, p["alpha"])
        else:
            H = TORCH_ACTIVATIONS[layer.activation](Z)
    return H


TORCH_LOSSES = {
    "gaussian": lambda raw, y: (
        0.5 * ((raw - torch.tensor(y)) ** 2).sum(1) + 0.5 * raw.shape[1] * np.log(2 * np.pi)
    ).mean(),
    "bernoulli": lambda raw, y: F.binary_cross_entropy_with_logits(raw[:, 0], torch.tensor(y).double()),
    "multinoulli": lambda raw, g: F.cross_entropy(raw, torch.tensor(g)),
}


def random_layer(kind, n_in, n_out):
    if kind == "maxout":
        return Maxout(n_in, n_out, k=3)
    if kind == "rbf":
        return RBF(n_in, n_out)
    return Dense(n_in, n_out, kind)


KINDS = [*TORCH_ACTIVATIONS, "parametric relu", "maxout", "rbf"]


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.sampled_from(KINDS), min_size=0, max_size=4),
    st.sampled_from(sorted(TORCH_LOSSES)),
    st.integers(1, 6),
    st.integers(0, 10_000),
)
def test_every_mixture_of_layers_and_outputs_has_the_gradient_of_automatic_differentiation(
    kinds, output, n, seed
):
    rng = np.random.default_rng(seed)
    widths = rng.integers(1, 6, size=len(kinds) + 1)
    n_raw = {"gaussian": 2, "bernoulli": 1, "multinoulli": 3}[output]
    layers = [random_layer(k, int(a), int(b)) for k, a, b in zip(kinds, widths, widths[1:], strict=False)]
    network = Network([*layers, Dense(int(widths[-1]), n_raw)], output, seed)
    network.theta += 0.1 * rng.normal(size=network.theta.shape)  # biases off zero
    X = rng.normal(size=(n, widths[0]))
    y = {
        "gaussian": rng.normal(size=(n, 2)),
        "bernoulli": rng.integers(0, 2, size=n),
        "multinoulli": rng.integers(0, 3, size=n),
    }[output]
    params = [
        {name: torch.tensor(value, requires_grad=True) for name, value in p.items()}
        for p in network.parameters
    ]
    raw = torch_forward(network, X, params)
    expected = TORCH_LOSSES[output](raw, y)
    expected.backward()
    np.testing.assert_allclose(network.forward(X), raw.detach().numpy(), rtol=1e-10, atol=1e-12)
    loss, grads = network.gradients(X, y)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    assert network.loss(X, y) == loss
    for mine, theirs in zip(grads, params, strict=True):
        assert set(mine) == set(theirs)
        for name in mine:
            np.testing.assert_allclose(mine[name], theirs[name].grad.numpy(), rtol=1e-8, atol=1e-11)


def test_one_hidden_layer_of_tanh_is_the_network_of_the_back_propagation_slides():
    network = mlp([3, 4, 5], "tanh", "multinoulli", seed=1)
    network.theta += 0.3
    rng = np.random.default_rng(0)
    X, g = rng.normal(size=(6, 3)), rng.integers(0, 5, size=6)
    hidden, last = network.parameters
    loss, grads = backprop(X, g, {"W": hidden["W"], "b": hidden["c"], "U": last["W"], "d": last["c"]})
    mine, gradients = network.gradients(X, g)
    assert mine == pytest.approx(loss, rel=1e-13)
    for name, (layer, own) in {"W": (0, "W"), "b": (0, "c"), "U": (1, "W"), "d": (1, "c")}.items():
        np.testing.assert_allclose(gradients[layer][own], grads[name], rtol=1e-11, atol=1e-15)


def test_a_deep_network_agrees_with_differences():
    layers = [Dense(2, 4, "tanh"), Maxout(4, 3), RBF(3, 4), Dense(4, 3, "softplus"), Dense(3, 3)]
    network = Network(layers, "multinoulli", seed=3)
    rng = np.random.default_rng(0)
    X, g = rng.normal(size=(5, 2)), rng.integers(0, 3, size=5)
    theta = network.theta.copy()

    def loss(t):
        network.theta[:] = t
        return network.loss(X, g)

    _, grads = network.gradients(X, g)
    flat = np.concatenate([value.ravel() for p in grads for value in p.values()])
    check = check_gradient(loss, theta, flat)
    assert check, str(check)


OUTPUTS = [*OUTPUT_UNITS.values(), mixture_unit(5)]


@pytest.mark.parametrize("unit", OUTPUTS, ids=lambda unit: unit.title)
def test_below_every_output_unit_the_gradient_agrees_with_differences(unit):
    rng = np.random.default_rng(4)
    d = 3 if unit.targets == "label" else 2
    X = rng.normal(size=(4, 3))
    y = {
        "label": rng.integers(0, d, size=4),
        "binary": rng.integers(0, 2, size=(4, d)),
        "real": rng.normal(size=(4, d)),
    }[unit.targets]
    network = mlp([3, 4, unit.width(d)], "tanh", unit, seed=2)
    theta = network.theta.copy()

    def loss(t):
        network.theta[:] = t
        return network.loss(X, y)

    _, grads = network.gradients(X, y)
    check = check_gradient(loss, theta, np.concatenate([v.ravel() for p in grads for v in p.values()]))
    assert check, str(check)
    network.theta[:] = theta
    assert network.predict(X).shape == (4, d)
    before = network.loss(X, y)
    network.fit(X, y, epochs=50, batch_size=4, learning_rate=0.02)
    assert network.loss(X, y) < before


def test_one_target_an_example_may_come_as_a_column_or_flat():
    X, y = np.random.default_rng(0).normal(size=(6, 2)), np.arange(6) % 2
    for output in ("gaussian", "bernoulli", "laplace", "mixture"):
        network = mlp([2, 3, OUTPUT_UNITS[output].width(1)], output=output)
        assert network.loss(X, y) == network.loss(X, y[:, None])
        with pytest.raises(ValueError, match="shape"):
            network.loss(X, y[None, :])


# --- parameters ------------------------------------------------------------------------------------------


def test_parameters_are_views_of_theta():
    network = mlp([2, 3, 1])
    assert network.theta.shape == (2 * 3 + 3 + 3 + 1,)
    network.theta[:] = np.arange(13)
    np.testing.assert_array_equal(network.parameters[0]["W"], [[0, 1, 2], [3, 4, 5]])
    network.parameters[1]["c"][:] = 99
    assert network.theta[-1] == 99


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda n: pickle.loads(pickle.dumps(n))])  # noqa: S301
def test_a_copy_computes_the_same_and_shares_nothing(duplicate):
    network = Network([Maxout(2, 3), RBF(3, 2), Dense(2, 2)], "multinoulli", seed=5)
    X, g = np.random.default_rng(0).normal(size=(8, 2)), np.arange(8) % 2
    other = duplicate(network)
    np.testing.assert_array_equal(other.forward(X), network.forward(X))
    before = network.theta.copy()
    other.fit(X, g, epochs=2)
    np.testing.assert_array_equal(network.theta, before)
    assert np.abs(other.theta - before).max() > 0
    assert np.shares_memory(other.parameters[0]["W"], other.theta)


def test_gradients_that_were_returned_do_not_change_later():
    network = mlp([2, 3, 1])
    _, grads = network.gradients(np.ones((1, 2)), [[1.0]])
    kept = grads[0]["W"].copy()
    network.gradients(-np.ones((4, 2)), np.ones((4, 1)))
    np.testing.assert_array_equal(grads[0]["W"], kept)


def test_the_same_seed_gives_the_same_network_and_the_same_training():
    X, y = np.random.default_rng(0).normal(size=(20, 2)), np.ones((20, 1))
    one, two, three = (mlp([2, 3, 1], seed=s) for s in (7, 7, 8))
    np.testing.assert_array_equal(one.theta, two.theta)
    assert (one.theta != three.theta).any()
    assert one.fit(X, y, epochs=3, seed=1).loss == two.fit(X, y, epochs=3, seed=1).loss
    np.testing.assert_array_equal(one.theta, two.theta)


def test_rectifiers_start_with_hes_scale_and_the_others_with_glorots():
    for activation, kind in (("relu", "he"), ("parametric relu", "he"), ("tanh", "glorot")):
        W = Dense(100, 300, activation).initial(np.random.default_rng(0))["W"]
        assert W.std() == pytest.approx(init_scale(kind, 100, 300), rel=0.02)
    W = Maxout(100, 300, k=2).initial(np.random.default_rng(0))["W"]
    assert W.std() == pytest.approx(init_scale("glorot", 100, 300), rel=0.02)


def test_settings_reach_the_activation_function():
    X = np.array([[-2.0]])
    layer = Dense(1, 1, "leaky relu", settings={"alpha": 0.25})
    network = Network([layer, Dense(1, 1)])
    network.theta[:] = [1.0, 0.0, 1.0, 0.0]
    assert network.forward(X).item() == -0.5
    assert network.gradients(X, [[0.0]])[1][0]["W"].item() == pytest.approx(-0.5 * -2.0 * 0.25)


# --- training --------------------------------------------------------------------------------------------


def linear_problem(n=40):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 3))
    return X, X @ [[1.0], [-2.0], [0.5]] + 0.3


def test_full_batches_of_a_linear_network_walk_the_path_of_gradient_descent_on_least_squares():
    X, y = linear_problem()
    network = Network([Dense(3, 1)], seed=0)
    w, b = network.parameters[0]["W"].copy(), 0.0
    for _ in range(25):
        error = X @ w + b - y
        w, b = w - 0.1 * X.T @ error / 40, b - 0.1 * error.mean()
    network.fit(X, y, epochs=25, batch_size=40, learning_rate=0.1)
    np.testing.assert_allclose(network.parameters[0]["W"], w, rtol=1e-10)
    np.testing.assert_allclose(network.parameters[0]["c"], b, rtol=1e-10)


@pytest.mark.parametrize(
    ("optimiser", "rate"),
    [(SGD(), 0.1), (SGD(momentum=0.9), 0.02), (AdaGrad(), 0.5), (RMSProp(), 0.01), (Adam(), 0.05)],
    ids=lambda value: repr(value),
)
def test_every_optimiser_finds_the_least_squares_solution(optimiser, rate):
    X, y = linear_problem()
    network = Network([Dense(3, 1)], seed=0)
    network.fit(
        X,
        y,
        epochs=200,
        batch_size=8,
        learning_rate=lambda k: linear_decay(k, 1000, rate, 1e-4),
        optimiser=optimiser,
    )
    np.testing.assert_allclose(network.parameters[0]["W"].ravel(), [1.0, -2.0, 0.5], atol=1e-3)
    np.testing.assert_allclose(network.parameters[0]["c"], 0.3, atol=1e-3)


def test_history_records_one_entry_an_epoch_and_the_schedule_counts_updates():
    X, y = linear_problem()
    rates = []

    def schedule(k):
        rates.append(k)
        return 0.1 / (1 + k)

    history = mlp([3, 4, 1]).fit(
        X, y, epochs=5, batch_size=16, learning_rate=schedule, validation=(X[:10], y[:10])
    )
    assert len(history.loss) == len(history.validation_loss) == len(history.learning_rate) == 5
    assert history.steps == 15  # 16 + 16 + 8 examples an epoch
    assert rates == list(range(15))
    assert history.learning_rate[-1] == 0.1 / 15
    assert history.ended == "finished"


def test_the_loss_of_an_epoch_is_the_mean_over_examples_also_when_the_last_minibatch_is_short():
    X, y = linear_problem(5)
    network = mlp([3, 4, 1])
    before = network.loss(X, y)
    history = network.fit(X, y, epochs=1, batch_size=3, learning_rate=0.0)
    assert history.loss == [pytest.approx(before, rel=1e-13)]


def test_progress_is_told_after_every_epoch_and_can_stop_training():
    X, y = linear_problem()
    seen = []

    def progress(p):
        seen.append((p.epoch, p.epochs, p.step, p.validation_loss))
        return p.epoch == 3

    history = mlp([3, 4, 1]).fit(X, y, epochs=10, batch_size=20, progress=progress)
    assert seen == [(1, 10, 2, None), (2, 10, 4, None), (3, 10, 6, None)]
    assert history.ended == "stopped"
    assert len(history.loss) == 3
    assert mlp([3, 4, 1]).fit(X, y, epochs=4, progress=lambda p: np.True_).ended == "stopped"
    assert mlp([3, 4, 1]).fit(X, y, epochs=4, progress=lambda p: "drawn").ended == "finished"


@pytest.mark.parametrize("kind", ["relu", "softplus", "maxout", "rbf"])
@pytest.mark.parametrize("unit", OUTPUTS, ids=lambda unit: unit.title)
def test_rates_that_are_far_too_large_never_warn_or_fail_and_the_history_says_how_it_ended(kind, unit):
    X, _ = linear_problem()
    y = np.arange(40) % 2 if unit.targets == "label" else (np.arange(40) % 2)[:, None]
    width = unit.width(2 if unit.targets == "label" else 1)
    with np.errstate(all="raise", under="ignore"):
        for rate, max_norm in ((1e3, None), (1e150, None), (1e300, None), (1e300, 1.0)):
            network = Network([random_layer(kind, 3, 4), Dense(4, 5, "relu"), Dense(5, width)], unit)
            history = network.fit(X, y, epochs=20, learning_rate=rate, max_norm=max_norm, validation=(X, y))
            assert np.isfinite(history.loss).all()
            assert history.ended == ("finished" if len(history.loss) == 20 else "diverged")


def test_least_squares_with_a_rate_of_a_thousand_diverges():
    X, y = linear_problem()
    assert mlp([3, 8, 1]).fit(X, y, epochs=500, learning_rate=1e3).ended == "diverged"


def test_a_loss_that_is_not_finite_means_no_update():
    network = mlp([2, 3, 1])
    network.theta[:] = 1e200
    for max_norm in (None, 1.0):
        loss = network.step([[1.0, 1.0]], [0.0], SGD(), learning_rate=0.1, max_norm=max_norm)
        assert not np.isfinite(loss)
        np.testing.assert_array_equal(network.theta, 1e200)
    assert np.isnan(network.loss([[np.nan, 0.0]], [0.0]))


def test_clipping_bounds_the_length_of_every_step():
    X, y = linear_problem()
    network = mlp([3, 4, 1])
    before = network.theta.copy()
    network.step(X, 1000 * y, SGD(), learning_rate=1.0, max_norm=0.5)
    assert np.linalg.norm(network.theta - before) == pytest.approx(0.5)


def test_zero_epochs_change_nothing():
    X, y = linear_problem()
    network = mlp([3, 4, 1])
    before = network.theta.copy()
    assert network.fit(X, y, epochs=0).loss == []
    np.testing.assert_array_equal(network.theta, before)


def test_training_leaves_its_data_as_they_were_and_takes_other_dtypes():
    X = np.arange(12).reshape(6, 2)
    g = np.array([0, 1, 0, 1, 0, 1], dtype=np.uint8)
    X_copy, g_copy = X.copy(), g.copy()
    network = mlp([2, 3, 2], output="multinoulli")
    network.fit(X, g, epochs=2)
    network.fit(X.astype(np.float32), g.tolist(), epochs=2)
    np.testing.assert_array_equal(X, X_copy)
    np.testing.assert_array_equal(g, g_copy)
    assert network.forward(X).dtype == np.float64


# --- what does not fit -----------------------------------------------------------------------------------


def test_one_example_and_none():
    network = Network([Maxout(2, 3), RBF(3, 4), Dense(4, 2)], "multinoulli")
    assert network.forward(np.ones((1, 2))).shape == (1, 2)
    assert network.forward(np.zeros((0, 2))).shape == (0, 2)
    with pytest.raises(ValueError, match="X should have at least one row"):
        network.fit(np.zeros((0, 2)), [])


def test_extreme_inputs_and_weights_stay_finite_without_a_warning():
    X, g = np.array([[1e4, -1e4], [0.0, 0.0]]), [0, 1]
    for kind in KINDS:
        network = Network([random_layer(kind, 2, 4), Dense(4, 2)], "multinoulli", seed=0)
        network.parameters[0]["W"][:] *= 1e4
        with np.errstate(all="raise", under="ignore"):
            loss, grads = network.gradients(X, g)
        assert np.isfinite(loss), kind
        assert all(np.isfinite(v).all() for p in grads for v in p.values()), kind


def test_networks_that_do_not_fit_together_are_refused():
    with pytest.raises(ValueError, match="layers should have at least one"):
        Network([])
    with pytest.raises(ValueError, match=r"layers\[1\] should have 3 inputs.*but it has 4"):
        Network([Dense(2, 3), Dense(4, 1)])
    with pytest.raises(ValueError, match="output"):
        Network([Dense(2, 3)], "no such unit")
    with pytest.raises(ValueError, match="widths"):
        mlp([2])
    with pytest.raises(ValueError, match="n_out"):
        mlp([2, 0])


def test_layers_refuse_what_they_do_not_know():
    with pytest.raises(ValueError, match="there is no activation"):
        Dense(2, 3, "swish")
    with pytest.raises(ValueError, match="use the layer Maxout or RBF"):
        Dense(2, 3, "maxout")
    with pytest.raises(ValueError, match="settings"):
        Dense(2, 3, "relu", settings={"alpha": 0.1})
    with pytest.raises(ValueError, match="settings"):
        Dense(2, 3, "parametric relu", settings={"alpha": 0.1})
    with pytest.raises(ValueError, match="init"):
        Dense(2, 3, init="zeros")
    with pytest.raises(ValueError, match="k should"):
        Maxout(2, 3, k=0)
    for sigma in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="sigma"):
            RBF(2, 3, sigma=sigma)
    with pytest.raises(ValueError, match="n_in"):
        RBF(2.0, 3)


def test_data_that_do_not_fit_are_refused():
    network = mlp([2, 3, 2], output="multinoulli")
    X, g = np.zeros((4, 2)), [0, 1, 0, 1]
    for call in (network.forward, network.predict, network.trace, lambda X: network.gradients(X, g)):
        with pytest.raises(ValueError, match="X should"):
            call(np.zeros((4, 3)))
        with pytest.raises(ValueError, match="X should"):
            call(np.zeros(2))
    with pytest.raises(ValueError, match="y should have one entry a row"):
        network.fit(X, g[:3])
    with pytest.raises(ValueError, match="epochs"):
        network.fit(X, g, epochs=-1)
    with pytest.raises(ValueError, match="size"):
        network.fit(X, g, batch_size=0)
    with pytest.raises(ValueError, match="0 to 1"):
        network.fit(X, [0, 1, 2, 0])
