import numpy as np
import pytest

from fnnkit.dynamics import deltas_through_time
from fnnkit.figures.ch6_vanishing_gradients import error_signal
from fnnkit.figures.ch6_vanishing_gradients.error_signal import EXAMPLES, UNITS, parameters
from fnnkit.losses import categorical_nll_grad
from fnnkit.rnn import latch_task, rnn_deltas, rnn_forward


def test_the_curve_is_the_norm_of_the_signals_of_back_propagation_through_time():
    shown = error_signal(rnn_forward, deltas_through_time).at(
        kind="orthogonal", radius=1.0, steps=30, start=2
    )
    params = parameters("orthogonal", 1.0, 2)
    X, g = latch_task(30, EXAMPLES, np.random.default_rng(2))
    cache = rnn_forward(X, np.zeros((EXAMPLES, UNITS)), params)
    delta_y = np.zeros((30, EXAMPLES, 2))
    delta_y[-1] = categorical_nll_grad(cache["Y"][-1], g)
    norms = np.linalg.norm(rnn_deltas(cache["Z"], params, delta_y), axis=(1, 2))
    steps, drawn = shown.figure.figure.axes[1].lines[0].get_data()
    np.testing.assert_allclose(np.array(drawn)[::-1], norms, rtol=1e-9)
    assert list(steps) == list(range(30, 0, -1))


@pytest.mark.parametrize("start", range(1, 6))
def test_what_the_guess_and_the_text_say_holds_from_every_start(start):
    shown = error_signal(rnn_forward, deltas_through_time).at(start=start)
    assert shown.figure.found["share"] < 1e-12
    shown.set(steps=20)
    assert 1e-8 < shown.figure.found["share"] < 1e-5  # "a millionth is left after twenty steps"
    shown.set(kind="orthogonal", radius=1.0, steps=100)
    assert 0.001 < shown.figure.found["share"] < 1


@pytest.mark.parametrize("kind", ["Gaussian", "orthogonal"])
def test_the_recurrent_weights_have_the_radius_that_is_asked_for(kind):
    assert np.abs(np.linalg.eigvals(parameters(kind, 0.7, 1)["W"])).max() == pytest.approx(0.7)
