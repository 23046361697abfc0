"""Facts about XOR: the solution of the slides, and how many there are."""

from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fnnkit import xor
from fnnkit.xor import count_xor_solutions, slide_solution, xor_network

pytestmark = pytest.mark.filterwarnings("error")


def count_by_trying_all(values):
    """Every network in one loop each, in exact arithmetic."""
    count = 0
    for w11, w12, w21, w22, c1, c2, w1, w2, b in product(values, repeat=9):
        count += all(
            w1 * max(0, x * w11 + y * w21 + c1) + w2 * max(0, x * w12 + y * w22 + c2) + b == (x ^ y)
            for x, y in ((0, 0), (0, 1), (1, 0), (1, 1))
        )
    return count


def test_network_of_the_slides_gives_their_matrices():
    H, y = xor_network(xor.CORNERS, *slide_solution())
    np.testing.assert_array_equal(H, [[0, 0], [1, 0], [1, 0], [2, 1]])
    np.testing.assert_array_equal(y, xor.TARGETS)


def test_learned_features_of_the_slides_make_xor_linear():
    H, _ = xor_network(xor.CORNERS, *slide_solution())
    solution, *_ = np.linalg.lstsq(np.hstack([H, np.ones((4, 1))]), np.array(xor.TARGETS), rcond=None)
    np.testing.assert_allclose(solution, [1, -2, 0], atol=1e-12)


@settings(deadline=None, max_examples=40)
@given(n=st.integers(0, 4), d=st.integers(1, 4), m=st.integers(1, 4), seed=st.integers(0, 99))
def test_network_equals_the_same_layers_of_pytorch(n, d, m, seed):
    rng = np.random.default_rng(seed)
    X, W, c, w = (rng.normal(size=s) for s in ((n, d), (d, m), m, m))
    hidden = torch.relu(torch.nn.functional.linear(*(torch.tensor(a) for a in (X, W.T.copy(), c))))
    H, y = xor_network(X, W, c, w, b=0.7)
    np.testing.assert_allclose(H, hidden.numpy(), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(y, hidden.numpy() @ w + 0.7, rtol=1e-12, atol=1e-14)
    assert (H.shape, y.shape) == ((n, m), (n,))


@pytest.mark.parametrize("name", ["X", "W", "c", "w", "b"])
def test_network_refuses_an_argument_of_another_shape_by_name(name):
    W, c, w, b = slide_solution()
    arguments = {"X": np.array(xor.CORNERS), "W": W, "c": c, "w": w, "b": b}
    arguments[name] = np.ones((3, 3, 3))
    with pytest.raises(ValueError, match=f"{name} should be (an array of shape|a number)"):
        xor_network(**arguments)


def test_there_are_198_solutions_with_whole_numbers_from_minus_two_to_two():
    assert count_xor_solutions(range(-2, 3)) == 198


@pytest.mark.parametrize("values", [[-2, 0, 1], [-1, 0, 1], [0, 1, 2], [-2, 1, 3], [1], []])
def test_count_equals_that_of_trying_all(values):
    assert count_xor_solutions(values) == count_by_trying_all(values)


def test_there_is_no_solution_without_a_negative_number():
    assert count_xor_solutions([0, 1, 2, 3]) == 0


def test_order_of_the_values_does_not_matter_and_scale_does():
    assert count_xor_solutions([2, -1, 0, 1, -2]) == 198
    assert count_xor_solutions([-4, -2, 0, 2, 4]) == 0  # sums of products of even numbers are even, never 1
    assert count_xor_solutions(np.array([-2.0, -1.0, 0.0, 1.0, 2.0])) == 198


def test_huge_values_do_not_overflow():
    assert count_xor_solutions([-(2**40), 0, 2**40]) == 0


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([0.5, 1], "values should hold whole numbers"),
        ([np.inf], "values should hold whole numbers"),
        ([1, 1], "values should be distinct"),
        ([[1, 2]], r"values should be an array of shape \(v,\)"),
        ("ab", "values should hold real numbers"),
    ],
)
def test_values_that_are_no_distinct_whole_numbers_are_refused(values, message):
    with pytest.raises(ValueError, match=message):
        count_xor_solutions(values)
