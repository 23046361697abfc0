import numpy as np
import pytest
import torch

from fnnkit.activations import tanh_grad
from fnnkit.dynamics import layer_gradient_norms
from fnnkit.figures.ch6_vanishing_gradients import three_norms
from fnnkit.figures.ch6_vanishing_gradients.three_norms import _digits, network
from fnnkit.losses import categorical_nll_grad


def test_values_and_error_signals_are_those_of_pytorch():
    weights, H, deltas = network(np.tanh, tanh_grad, categorical_nll_grad, 6, 1.5, 3)
    X, g = _digits()
    Ws = [torch.tensor(W) for W in weights]
    leaf = (torch.tensor(X) @ Ws[0]).requires_grad_()
    chain = [leaf]
    for W in Ws[1:]:
        chain.append(torch.tanh(chain[-1]) @ W)
        chain[-1].retain_grad()
    torch.nn.functional.cross_entropy(chain[-1], torch.tensor(g)).backward()
    for mine, z in zip(deltas, chain, strict=True):
        np.testing.assert_allclose(mine, z.grad.numpy(), rtol=1e-8, atol=1e-14)
    np.testing.assert_allclose(H[-1], torch.tanh(chain[-2]).detach().numpy(), rtol=1e-10)


@pytest.mark.parametrize("start", range(1, 4))
def test_sigmoids_vanish_by_more_than_a_thousand_million_and_rectifiers_do_not(start):
    shown = three_norms(layer_gradient_norms).at(start=start)
    assert shown.figure.found["ratio"] < 1e-9
    for scale in (0.5, 1.0, 2.0, 4.0):
        shown.set(unit="ReLU", scale=scale)
        assert 0.2 < shown.figure.found["ratio"] < 5
    shown.set(unit="tanh", scale=2.5, depth=50)
    assert shown.figure.found["ratio"] > 1000
