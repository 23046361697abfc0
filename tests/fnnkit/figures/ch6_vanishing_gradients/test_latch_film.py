from pathlib import Path

import numpy as np

import fnnkit
from fnnkit.figures.ch6_vanishing_gradients import latch_film
from fnnkit.figures.ch6_vanishing_gradients.latch_film import recorded
from fnnkit.rnn import lstm_cell
from grader.authoring.films import latch as recording


def test_the_numbers_are_small_and_say_what_the_text_says():
    assert (Path(fnnkit.__file__).parent / "data" / "latch_film.npz").stat().st_size < 300_000
    data = recorded()
    gaussian, orthogonal, usual, wide = data["right"]
    assert gaussian[:, -1].min() < 0.6  # "still guessing from one of the three starts"
    assert (orthogonal[:, -1] == 1).all()
    assert (wide[:, -1] == 1).all()
    assert 0.9 < usual[:, -1].min() < 1  # "late, or nearly"
    assert wide[:, 0].min() < 0.03  # "99 % right in the first picture, or 2 %"
    assert wide[:, 0].max() > 0.98
    left = data["signal"][1, :, -1, 0] / data["signal"][1, :, -1, -1]
    assert left[0] < 1e-12  # "from the first start it vanishes"
    assert left[1:].min() > 1e-6  # "from the other two more of it is left"


def test_the_recording_begins_as_the_script_of_today_would_begin_it():
    data = recorded()
    params = recording.starts(np.random.default_rng(0))
    assert list(params) == list(data["kinds"])
    X, g = recording.latch_task(recording.T, 400, np.random.default_rng(1000))
    for k, p in enumerate(params.values()):
        scores = recording.last_scores(X, p)
        np.testing.assert_allclose((scores.argmax(axis=1) == g).mean(), data["right"][k, 0, 0], atol=1e-6)
        np.testing.assert_allclose(recording.signal(p, X[:, :50], g[:50]), data["signal"][k, 0, 0], rtol=1e-4)


def test_the_signal_through_an_lstm_is_the_gradient_of_its_memory():
    """Finite differences: the loss moved by a change of the memory after some step."""
    rng = np.random.default_rng(3)
    params = recording.initial_lstm(1, recording.UNITS, 2, rng, forget_bias=2.0)
    X, g = recording.latch_task(6, 3, rng)
    norms = recording.signal(params, X, g)

    def loss(t, change):
        h = c = np.zeros((3, recording.UNITS))
        cell = {name: params[name] for name in "AWb"}
        for s in range(6):
            h, c = lstm_cell(X[s], h, c, cell)
            if s == t:
                c = c + change
        return recording.categorical_nll(h @ params["V"], g)

    gradient = np.zeros((3, recording.UNITS))
    for index in np.ndindex(gradient.shape):
        change = np.zeros(gradient.shape)
        change[index] = 1e-6
        gradient[index] = (loss(2, change) - loss(2, -change)) / 2e-6
    # The memory that step 3 begins with is what step 2 has left.
    np.testing.assert_allclose(norms[3], np.linalg.norm(gradient), rtol=1e-5)


def test_every_picture_can_be_shown():
    shown = latch_film()
    for updates in (0, 75, 150):
        shown.set(updates=updates)
        assert f"After {updates} updates" in shown.said
