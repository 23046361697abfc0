"""Facts about the data sets."""

import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from fnnkit import datasets

pytestmark = pytest.mark.filterwarnings("error")
MADE = {
    "spirals": lambda n, noise, rng: datasets.spirals(n, noise, rng),
    "moons": lambda n, noise, rng: datasets.moons(n, noise, rng),
    "inverse sine": lambda n, noise, rng: datasets.inverse_sine(n, rng, noise),
}
every_made = pytest.mark.parametrize("make", MADE.values(), ids=list(MADE))


def generator(seed=0):
    return np.random.default_rng(seed)


# --- digits ------------------------------------------------------------------------------------------------


def test_digits_are_those_of_scikit_learn_each_once():
    X_train, g_train, X_test, g_test = datasets.digits()
    theirs = load_digits()
    key = lambda X, g: sorted(zip(map(tuple, X), g, strict=True))  # noqa: E731
    ours = key(np.vstack([X_train, X_test]) * 16.0, np.append(g_train, g_test).tolist())
    assert ours == key(theirs.data, theirs.target.tolist())


def test_digits_are_pixels_from_zero_to_one_and_labels_from_zero_to_nine():
    split = datasets.digits()
    assert [a.shape for a in split] == [(1347, 64), (1347,), (450, 64), (450,)]
    assert split.X_train.dtype == split.X_test.dtype == np.float64
    assert split.g_train.dtype.kind == split.g_test.dtype.kind == "i"
    assert split.X_train.min() == 0.0
    assert split.X_train.max() == 1.0


def test_quarter_of_each_digit_is_tested_on():
    split = datasets.digits()
    share = np.bincount(split.g_test) / np.bincount(np.append(split.g_train, split.g_test))
    np.testing.assert_allclose(share, 0.25, atol=0.005)


def test_split_is_fair_a_nearest_neighbour_reads_nearly_all_digits():
    X_train, g_train, X_test, g_test = datasets.digits()
    assert KNeighborsClassifier(1).fit(X_train, g_train).score(X_test, g_test) > 0.97


def test_changing_what_was_loaded_does_not_change_what_is_loaded_next():
    datasets.digits().X_train[:] = 7.0
    assert datasets.digits().X_train.max() == 1.0


def test_digits_need_no_pickle_and_say_where_they_come_from():
    with zipfile.ZipFile(datasets.DATA / "digits.npz") as file:
        assert sorted(file.namelist()) == ["label.npy", "pixels.npy", "test.npy"]
    notice = (datasets.DATA / "digits.txt").read_text(encoding="utf-8")
    assert "CC BY 4.0" in notice
    assert "Alpaydin" in notice


# --- made by formulas --------------------------------------------------------------------------------------


def test_xor_is_true_where_the_inputs_differ():
    X, y = datasets.xor()
    np.testing.assert_array_equal(y, X[:, 0] != X[:, 1])
    assert len(np.unique(X, axis=0)) == 4


@pytest.mark.parametrize("bits", [1, 2, 3, 8])
def test_parity_counts_every_row_of_bits_once_and_flips_with_each_bit(bits):
    X, y = datasets.parity(bits)
    assert len(np.unique(X, axis=0)) == len(X) == 2**bits
    np.testing.assert_array_equal(y, np.bitwise_xor.reduce(X.astype(int), axis=1))
    np.testing.assert_array_equal(X @ 2.0 ** np.arange(bits)[::-1], np.arange(2**bits))


def test_parity_of_two_bits_is_xor():
    for one, other in zip(datasets.parity(2), datasets.xor(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("bits", [0, 21, 2.0, True])
def test_parity_refuses_numbers_of_bits_out_of_range(bits):
    with pytest.raises(ValueError, match="bits should be a whole number from 1 to 20"):
        datasets.parity(bits)


@settings(deadline=None, max_examples=20)
@given(n=st.integers(0, 40), turns=st.floats(0.2, 4))
def test_points_without_noise_lie_on_spirals_that_are_half_a_turn_apart(n, turns):
    X, g = datasets.spirals(n, 0.0, generator(), turns)
    radius = np.hypot(*X.T)
    angle = 2 * np.pi * turns * radius + np.pi * g
    np.testing.assert_allclose(
        X, radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), atol=1e-12
    )
    assert np.all(radius <= 1)


def test_points_without_noise_lie_on_half_circles():
    X, g = datasets.moons(200, 0.0, generator())
    upper, lower = X[g == 0], X[g == 1] - [1.0, 0.5]
    np.testing.assert_allclose(np.hypot(*upper.T), 1)
    np.testing.assert_allclose(np.hypot(*lower.T), 1)
    assert upper[:, 1].min() >= 0 >= lower[:, 1].max()


@pytest.mark.parametrize("make", [MADE["spirals"], MADE["moons"]], ids=["spirals", "moons"])
def test_no_line_separates_the_two_classes_and_neighbours_do(make):
    X, g = make(400, 0.02, generator())
    new, label = make(400, 0.02, generator(1))
    assert LogisticRegression().fit(X, g).score(X, g) < 0.95
    assert KNeighborsClassifier(1).fit(X, g).score(new, label) > 0.97
    assert np.bincount(g).tolist() == [200, 200]


def test_inverse_sine_has_three_targets_for_an_input_of_one_half():
    t = np.linspace(0, 1, 100_001)
    crossings = np.count_nonzero(np.diff(np.sign(t + 0.3 * np.sin(2 * np.pi * t) - 0.499)))
    assert crossings == 3
    X, Y = datasets.inverse_sine(5000, generator(), noise=0.0)
    near = Y[np.abs(X - 0.5) < 0.01]
    assert near.min() < 0.25 < 0.75 < near.max()
    assert np.any(np.abs(near - 0.5) < 0.05)


def test_noise_of_the_inverse_sine_is_in_the_input_and_bounded():
    X, Y = datasets.inverse_sine(2000, generator(), noise=0.05)
    residual = X - (Y + 0.3 * np.sin(2 * np.pi * Y))
    assert 0.049 < np.abs(residual).max() <= 0.05
    assert 0 <= Y.min() <= Y.max() < 1
    assert X.shape == Y.shape == (2000, 1)


@every_made
def test_same_seed_gives_the_same_data_and_another_seed_other_data(make):
    one, again, other = (make(20, 0.1, generator(seed)) for seed in (3, 3, 4))
    np.testing.assert_array_equal(one[0], again[0])
    assert not np.array_equal(one[0], other[0])


@every_made
def test_no_points_one_point_and_odd_numbers_are_fine(make):
    for n in (0, 1, 7):
        X, target = make(n, 0.1, generator())
        assert len(X) == len(target) == n


@every_made
def test_numbers_and_noise_out_of_range_are_refused(make):
    for n in (-1, 2.5, True, None):
        with pytest.raises(ValueError, match="n should be a whole number from 0 on"):
            make(n, 0.1, generator())
    for noise in (-0.1, np.nan, np.inf):
        with pytest.raises(ValueError, match="noise should be a number from 0 on"):
            make(3, noise, generator())


def test_spirals_refuse_turns_that_are_not_positive():
    for turns in (0.0, -1.0, np.nan):
        with pytest.raises(ValueError, match="turns should be a positive number"):
            datasets.spirals(3, 0.1, generator(), turns)
