"""What the prose of the chapters says in numbers, and no cell prints, comes out again."""

import re
from pathlib import Path

import numpy as np
import pytest

from fnnkit.activations import relu, relu_grad, sigmoid, sigmoid_grad
from fnnkit.approximation import relu_interpolant
from fnnkit.backprop import forward, hidden_delta, output_delta
from fnnkit.datasets import DATA, digits
from fnnkit.dynamics import layer_gradient_norms, spectral_radius
from fnnkit.expressivity import count_linear_pieces, montufar_bound, sawtooth
from fnnkit.figures import ch6_vanishing_gradients
from fnnkit.figures.ch3_activations.sparsity_through_depth import LAYERS, WIDTH, inputs, propagate
from fnnkit.linear import fit_linear
from fnnkit.network import mlp
from fnnkit.xor import CORNERS, TARGETS

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"


def prose(chapter):
    """The text of a chapter on one line."""
    return " ".join((SOLUTIONS / f"{chapter}.py").read_text(encoding="utf-8").replace("\n# ", " ").split())


def solution(chapter, name):
    """The model answer of an exercise, as a function."""
    source = (SOLUTIONS / f"{chapter}.py").read_text(encoding="utf-8")
    body = source[source.index(f"def {name}(") :].partition("### END SOLUTION")[0]
    space = {"np": np}
    exec(body, space)  # noqa: S102  # our own notebook
    return space[name]


@pytest.mark.parametrize("mean", [0.0, 3.0, 100.0, 1000.0])
def test_the_model_answer_of_the_linear_fit_gives_the_smallest_weights_wherever_the_features_lie(mean):
    answer, rng = solution("ch1_xor", "fit_linear"), np.random.default_rng(0)
    for _ in range(50):
        first = rng.normal(mean, 1.0, (6, 2))
        X, y = np.column_stack([first, first @ rng.normal(size=2)]), rng.normal(size=6)
        np.testing.assert_allclose(answer(X, y)[0], fit_linear(X, y)[0], rtol=1e-5, atol=1e-7)


def test_with_a_spare_unit_two_hidden_units_change_places_at_a_loss_of_nothing():
    def loss(units):
        X = np.array(CORNERS, dtype=float)
        y = sum(w * np.maximum(0.0, X @ np.array([w1, w2]) + c) for w1, w2, c, w in units)
        return ((y - TARGETS) ** 2).mean()

    one, two, spare = (
        np.array([1.0, 1.0, 0.0, 1.0]),
        np.array([1.0, 1.0, -1.0, -2.0]),
        np.array([0.3, -0.7, 0.5, 0.0]),
    )
    units, worst = [one, two, spare], 0.0
    output = np.array([0.0, 0.0, 0.0, 1.0])

    def to(*end):
        nonlocal units, worst
        between = [
            [(1 - t) * a + t * b for a, b in zip(units, end, strict=True)] for t in np.linspace(0, 1, 41)
        ]
        worst, units = max(worst, *map(loss, between)), list(end)

    free_one, free_two = one * (1 - output), two * (1 - output)
    to(one, two, free_one)
    to(free_one, two, one)
    to(free_two, two, one)
    to(two, free_two, one)
    to(two, free_one, one)
    to(two, one, free_one)
    to(two, one, spare)
    assert worst < 1e-30


def test_as_many_dead_units_come_back_in_deeper_layers_as_chapter_3_says():
    words = (
        r"the digits, (\d+), (\d+) and (\d+) units were dead at the start \(three seeds\), "
        r"and (\d+), (\d+) and (\d+) of these were alive again"
    )
    said = re.search(words, prose("ch3_activations"))
    at_start, back, data = [], [], digits()
    for seed in range(3):
        network = mlp([64] + 10 * [32] + [10], "relu", "multinoulli", seed)

        def dead(network=network):
            hidden = network.trace(data.X_train)[:-1]
            return {
                (layer, unit)
                for layer, (_, H) in enumerate(hidden)
                for unit in np.flatnonzero((H == 0).all(axis=0))
            }

        before = dead()
        network.fit(data.X_train, data.g_train, epochs=5, learning_rate=0.05, seed=seed)
        at_start.append(len(before))
        back.append(len(before - dead()))
    assert at_start == [int(n) for n in said.groups()[:3]]
    # Another linear algebra library rounds otherwise, and a training goes its own way from there.
    assert back == pytest.approx([int(n) for n in said.groups()[3:]], abs=6)
    assert min(back) > 0


def test_images_become_alike_with_depth_as_chapter_3_says():
    words = (
        r"none in layer 1, and (\d+) of (\d+) in layer (\d+) \(first start\).* "
        r"mean cosine of 0 at the input and of ([\d.]+) in layer"
    )
    said = re.search(words, prose("ch3_activations"))
    X = inputs()
    layers = propagate(X, relu, 0.0, 1.0, 1)
    dead = [int((H == 0).all(axis=0).sum()) for H in layers]
    assert (dead[0], dead[-1], WIDTH, LAYERS) == (0, *(int(n) for n in said.groups()[:3]))

    def mean_cosine(H):
        unit = H / np.linalg.norm(H, axis=1, keepdims=True)
        return ((unit @ unit.T).sum() - len(H)) / (len(H) ** 2 - len(H))

    assert mean_cosine(X) == pytest.approx(0.0, abs=0.01)
    assert mean_cosine(layers[-1]) == pytest.approx(float(said[4]), abs=0.005)


@pytest.fixture(scope="module")
def train_digits():
    """The training of chapter 3, with the library's derivatives in the place of a student's."""
    source = (SOLUTIONS / "ch3_activations.py").read_text(encoding="utf-8")
    text = source[source.index("from fnnkit.datasets import digits\n") :].partition("\n\n\nbegin =")[0]
    space = {"np": np, "relu_grad": relu_grad, "sigmoid_grad": sigmoid_grad, "softplus_grad": sigmoid}
    exec(text, space)  # noqa: S102  # our own notebook
    return lambda unit, *args, **options: space["train_digits"](space["UNITS"][unit], *args, **options)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_of_three_depths_with_three_units_only_deep_sigmoids_do_not_learn(train_digits, seed):
    found = {
        (unit, depth): train_digits(unit, depth, seed)
        for unit in ("ReLU", "tanh", "sigmoid")
        for depth in (1, 3, 6)
    }
    for (unit, _), (right, smaller) in found.items():
        if unit != "sigmoid":
            assert right > 0.92
            assert smaller > 0.5
    assert 0.8 < found["sigmoid", 1][0] < min(found["ReLU", 1][0], found["tanh", 1][0])
    for depth, at_most in ((3, 1 / 50), (6, 1 / 1000)):
        assert found["sigmoid", depth][0] < 0.2
        assert found["sigmoid", depth][1] < at_most


def test_patience_and_a_large_rate_train_three_layers_of_sigmoids_and_not_six(train_digits):
    assert train_digits("sigmoid", 3, 1, epochs=40, rate=2.0)[0] > 0.9
    assert train_digits("sigmoid", 6, 1, epochs=40, rate=2.0)[0] < 0.2


def test_bounds_and_errors_of_the_sawtooth_are_those_of_chapter_4():
    said = prose("ch4_universal_approximation")
    [half] = re.findall(r"1/12 ≈ 0\.083, and ([\d.]+) on these 201 points", said)
    assert ((sawtooth(np.linspace(0, 1, 201), 3) - 0.5) ** 2).mean() == pytest.approx(float(half), abs=5e-4)
    bound, pieces = re.search(
        r"seven layers of two it is (\d+), where the sawtooth has (\d+) pieces", said
    ).groups()
    assert (montufar_bound(1, [2] * 7), 2**7) == (int(bound), int(pieces))
    folded, cut = re.search(r"make \$4\^3 = (\d+)\$ regions.* make the (\d+) of the bound", said).groups()
    assert (4**3, montufar_bound(2, [4, 4, 4])) == (int(folded), int(cut))
    # "it takes a unit for each of its 2^L - 1 kinks (your interpolant has 2^L)"
    for depth in range(1, 6):
        knots = np.linspace(0, 1, 2**depth + 1)
        W, c, w, b = relu_interpolant(knots, sawtooth(knots, depth))
        assert W.shape == (1, 2**depth)
        assert count_linear_pieces([W, w[:, None]], [c, np.array([b])], 0.0, 1.0) == 2**depth


def test_a_hidden_signal_without_its_slope_is_as_far_off_as_chapter_5_says():
    [said] = re.findall(r"run its cell and this one again: ([\d.]+)\.", prose("ch5_backprop"))
    rng = np.random.default_rng(5)
    X, g = rng.normal(size=(5, 3)), np.array([1, 0, 1, 1, 0])
    W, U = rng.normal(0, 1 / np.sqrt(3), (3, 4)), rng.normal(0, 1 / np.sqrt(4), (4, 2))
    values = forward(X, {"W": W, "b": np.zeros(4), "U": U, "d": np.zeros(2)})
    signal = output_delta(values["Y"], g)
    right, without = hidden_delta(values["Z"], U, signal), signal @ U.T
    off = np.linalg.norm(without - right) / np.linalg.norm(right)
    assert off == pytest.approx(float(said), abs=0.05)


def test_slopes_can_make_powers_explode_that_vanish_without_them():
    assert "vanish at once ($W^2 = 0$)" in prose("ch6_vanishing_gradients")
    assert "and the radius is 1½" in prose("ch6_vanishing_gradients")
    W = np.array([[3.0, -3.0], [3.0, -3.0]])
    assert not (W @ W).any()
    assert spectral_radius(W * np.array([1.0, 0.5])) == pytest.approx(1.5)


def test_in_the_first_picture_of_the_film_a_wide_open_gate_remembers_and_names_by_luck():
    said = re.search(
        r"picture (\d+) % of the answers are right .* and (\d+) % from another",
        prose("ch6_vanishing_gradients"),
    )
    with np.load(DATA / "latch_film.npz") as film:
        first = film["right"][list(film["kinds"]).index("LSTM, forget bias 5"), :, 0]
        last = film["right"][:, :, -1]
    shown = [f"{share:.0%}" for share in np.sort(first)[[-1, 0]]]  # as the figure says it
    assert shown == [f"{n}%" for n in said.groups()]
    assert (last[1:] > 0.95).all()
    assert sorted(last[0] > 0.6) == [False, True, True]


def test_twenty_layers_of_sigmoids_lose_as_much_as_chapter_6_says():
    [power] = re.findall(r"by a factor above \$10\^\{(\d+)\}\$", prose("ch6_vanishing_gradients"))
    shown = ch6_vanishing_gradients.three_norms(layer_gradient_norms)
    for start in range(1, 11):
        ratio = float(
            re.search(r"gradient is (\S+) times that of the last hidden", shown.at(start=start).said)[1]
        )
        assert ratio < 10.0 ** -int(power)
