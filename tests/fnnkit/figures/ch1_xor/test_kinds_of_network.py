import importlib

import numpy as np
import pytest

from fnnkit.figures.ch1_xor import kinds_of_network

module = importlib.import_module("fnnkit.figures.ch1_xor.kinds_of_network")
ALL = [
    (depth, width) for depth in range(1, module.MOST_LAYERS + 1) for width in range(1, module.MOST_UNITS + 1)
]


@pytest.mark.parametrize(("depth", "width"), ALL)
def test_a_chain_is_done_after_as_many_steps_as_it_is_deep(depth, width):
    states = module.through_time(depth, width, feedback=False)
    assert module.last_change(states) == depth
    H = module.INPUTS
    for W in module.weights(depth, width):
        H = np.tanh(H @ W)
    np.testing.assert_allclose(states[-1][-1], H, rtol=1e-12)


@pytest.mark.parametrize(("depth", "width"), ALL)
def test_with_the_connection_back_values_never_come_to_rest(monkeypatch, depth, width):
    monkeypatch.setattr(module, "STEPS", 500)
    assert module.last_change(module.through_time(depth, width, feedback=True)) == 500


def test_a_weaker_connection_back_settles_in_no_fixed_number_of_steps(monkeypatch):
    monkeypatch.setattr(module, "STEPS", 500)
    ends = []
    for strength in (-0.3, -0.6, -0.9):
        monkeypatch.setattr(module, "BACK", strength)
        ends.append(module.last_change(module.through_time(3, 4, feedback=True)))
    assert 3 < ends[0] < ends[1] < ends[2] < 500


def test_it_says_the_chain_and_what_is_hidden():
    shown = kinds_of_network()
    assert shown.said.startswith("y = f³(f²(f¹(x))): depth 3, 2 hidden layers of 4.")
    shown.set(depth=1)
    assert shown.said.startswith("y = f¹(x): depth 1, no hidden layer.")
    shown.set(depth=2, width=1, feedback=True)
    assert "1 hidden layer of 1" in shown.said
    assert "a cycle" in shown.said
