"""A film of four recurrent networks that learn to hold one bit over a hundred steps (chapter 6)."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import numpy as np

from fnnkit.figures.engine.player import BLUE, GREEN, ORANGE, PINK, Film, FramePlayer

LOOKS = ((ORANGE, "--"), (BLUE, "-"), (PINK, ":"), (GREEN, "-."))


def recorded() -> dict[str, Any]:
    """The numbers of the film, as ``grader/authoring/films/latch.py`` recorded them."""
    with files("fnnkit").joinpath("data/latch_film.npz").open("rb") as file, np.load(file) as data:
        return {name: data[name] for name in data.files}


def latch_film() -> Film:
    """Share of sequences that each network gets right, and its error signal through time, as training goes on.

    Returns
    -------
    Film
        To be the last line of a cell.

    References
    ----------
    Slide "Neural Network: Types"; Bengio, Simard, Frasconi (1994); Jozefowicz, Zaremba, Sutskever (2015) for the bias of
    the forget gate.
    """
    data = recorded()
    updates, right, signal = data["updates"], data["right"], data["signal"]
    steps = np.arange(1, signal.shape[-1] + 1)
    player = FramePlayer(9.6, 4.2, title="the latch task over 100 steps", label="picture")
    learnt, way = player.figure.subplots(1, 2)
    learnt.set(
        title="right on new sequences (three starts)",
        xlabel="updates",
        xlim=(0, updates[-1]),
        ylim=(-0.04, 1.04),
    )
    way.set(
        title="error signal, relative to step 100 (first start)", xlabel="step t (the loss is at 100)", yscale="log",
        xlim=(0, len(steps)), ylim=(1e-14, 1e4),
    )  # fmt: skip
    for axes in (learnt, way):
        axes.grid(color="#dddddd", linewidth=0.6)
    shares, signals = [], []
    for k, (colour, dash) in enumerate(LOOKS):
        shares.append([player.changing(learnt.plot([], [], dash, color=colour))[0] for _ in right[k]])
        signals.append(player.changing(way.plot([], [], dash, color=colour, label=str(data["kinds"][k])))[0])
    player.figure.legend(handles=signals, loc="outside lower center", ncols=2, fontsize=9, frameon=False)

    def draw(picture: int) -> str:
        for k, lines in enumerate(shares):
            for seed, line in enumerate(lines):
                line.set_data(updates[: picture + 1], right[k, seed, : picture + 1])
            signals[k].set_data(steps, np.maximum(signal[k, 0, picture] / signal[k, 0, picture, -1], 1e-30))
        told = "; ".join(
            f"{name} {', '.join(f'{share:.0%}' for share in right[k, :, picture])}"
            for k, name in enumerate(data["kinds"])
        )
        return f"After {updates[picture]} updates, right from each of three starts: {told}."

    return player.film(draw, list(range(len(updates))))
