"""Record how four recurrent networks learn to hold one bit over 100 steps; chapter 6 shows it as a film.

    python -m grader.authoring.films.latch

Training takes about two minutes. The same numbers come out each time.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import fnnkit
from fnnkit.losses import categorical_nll, categorical_nll_grad
from fnnkit.optim import Adam
from fnnkit.rnn import (
    initial_lstm,
    initial_rnn,
    last_scores,
    latch_task,
    lstm_cell_backward,
    lstm_forward,
    rnn_deltas,
    rnn_forward,
    train_recurrent,
)

T, UNITS, BATCH, EVERY, PICTURES, SEEDS = 100, 16, 20, 5, 31, 3
RATE, MAX_NORM = 0.01, 1.0
PLACE = Path(fnnkit.__file__).parent / "data" / "latch_film.npz"


def starts(rng: np.random.Generator) -> dict[str, dict[str, Any]]:
    """The networks that are compared, untrained."""
    gaussian = initial_rnn(1, UNITS, 2, rng)
    gaussian["W"] = rng.normal(scale=0.9 / np.sqrt(UNITS), size=(UNITS, UNITS))
    return {
        "plain, Gaussian start": gaussian,
        "plain, orthogonal start": initial_rnn(1, UNITS, 2, rng),
        "LSTM, forget bias 1": initial_lstm(1, UNITS, 2, rng, forget_bias=1.0),
        "LSTM, forget bias 5": initial_lstm(1, UNITS, 2, rng, forget_bias=5.0),
    }


def signal(params: dict[str, Any], X: Any, g: Any) -> Any:
    """Norm of the loss's gradient by the state (of an LSTM: by the memory) at each step, the first step first."""
    scores = last_scores(X, params)
    delta_y = np.zeros((len(X), *scores.shape))
    delta_y[-1] = categorical_nll_grad(scores, g)
    start = np.zeros((X.shape[1], UNITS))
    if params["W"].shape[1] == UNITS:
        deltas = rnn_deltas(rnn_forward(X, start, params)["Z"], params, delta_y)
        return np.linalg.norm(deltas, axis=(1, 2))
    cache = lstm_forward(X, start, start, params)
    states, memories = (np.concatenate([start[None], cache[name]]) for name in "HC")
    delta_h, delta_c, norms = np.zeros_like(start), np.zeros_like(start), np.empty(len(X))
    cell = {name: params[name] for name in "AWb"}
    for t in reversed(range(len(X))):
        back = lstm_cell_backward(
            X[t], states[t], memories[t], cell, delta_y[t] @ params["V"].T + delta_h, delta_c
        )
        delta_h, delta_c = back["h"], back["c"]
        norms[t] = np.linalg.norm(delta_c)
    return norms


def record() -> dict[str, Any]:
    """Train every network from every start, and note how it does on new sequences every few updates."""
    shape = (4, SEEDS, PICTURES)
    loss, right, signals = np.empty(shape), np.empty(shape), np.empty((*shape, T))
    kinds: list[str] = []
    for seed in range(SEEDS):
        params_of = starts(np.random.default_rng(seed))
        kinds = list(params_of)
        X, g = latch_task(T, 400, np.random.default_rng(1000 + seed))
        for k, params in enumerate(params_of.values()):
            rng, optimiser = np.random.default_rng(100 + seed), Continued()
            for picture in range(PICTURES):
                scores = last_scores(X, params)
                loss[k, seed, picture] = categorical_nll(scores, g)
                right[k, seed, picture] = (scores.argmax(axis=1) == g).mean()
                signals[k, seed, picture] = signal(params, X[:, :50], g[:50])
                params, _ = train_recurrent(
                    params, partial(latch_task, T, BATCH, rng), EVERY, RATE, MAX_NORM, optimiser
                )
    return {
        "kinds": np.array(kinds),
        "updates": np.arange(PICTURES) * EVERY,
        "loss": loss.astype(np.float32),
        "right": right.astype(np.float32),
        "signal": signals.astype(np.float32),
    }


class Continued(Adam):
    """Adam that remembers its averages when a training goes on."""

    def start(self, size: int) -> None:
        """Start afresh the first time alone."""
        if not self._state[0].size:
            super().start(size)


if __name__ == "__main__":
    np.savez_compressed(PLACE, **record())
    print(f"{PLACE.stat().st_size / 1000:.0f} kB")
