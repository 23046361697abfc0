"""A film of four recurrent networks that learn to hold one bit over a hundred steps (chapter 6)."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import numpy as np

from fnnkit.figures.engine.live import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    LiveFigure,
    Shown,
    in_own_style,
    slider,
)

LOOKS = ((ORANGE, "--"), (BLUE, "-"), (PINK, ":"), (GREEN, "-."))


def recorded() -> dict[str, Any]:
    """The numbers of the film, as ``grader/authoring/films/latch.py`` recorded them."""
    with files("fnnkit").joinpath("data/latch_film.npz").open("rb") as file, np.load(file) as data:
        return {name: data[name] for name in data.files}


@in_own_style
def latch_film() -> Shown:
    """Share of sequences that each network gets right, and its error signal through time, as training goes on.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Neural Network: Types"; Bengio, Simard, Frasconi (1994); Jozefowicz, Zaremba, Sutskever (2015) for the bias of
    the forget gate.
    """
    data = recorded()
    at, right, signal, kinds = data["updates"], data["right"], data["signal"], [str(k) for k in data["kinds"]]
    every, t = int(at[1] - at[0]), np.arange(1, signal.shape[-1] + 1)
    both = int(at[((right.min(axis=1) == 1).sum(axis=0) >= 2).argmax()])
    figure = LiveFigure(9.6, 4.3)
    learnt, way = figure.figure.subplots(1, 2)
    learnt.set(
        title="right on new sequences, three starts each", xlabel="updates", ylabel="share", xlim=(-3, at[-1] + 3),
        ylim=(-0.04, 1.04),
    )  # fmt: skip
    way.set(
        title="error signal, relative to step 100 (first start)", xlabel="step t (the loss is at 100)",
        ylabel="relative norm", yscale="log", xlim=(0, len(t)), ylim=(1e-14, 1e4),
    )  # fmt: skip
    for axes in (learnt, way):
        axes.grid(color="#dddddd", linewidth=0.6)
    (now,) = figure.changing(learnt.plot([], [], color=GREY, linewidth=1))
    shares, signals = [], []
    for k, (colour, dash) in enumerate(LOOKS):
        shares.append([figure.changing(learnt.plot([], [], dash, color=colour))[0] for _ in right[k]])
        signals.append(figure.changing(way.plot([], [], dash, color=colour, label=kinds[k]))[0])
    figure.figure.legend(handles=signals, loc="outside lower center", ncols=4, fontsize=9, frameon=False)

    def update(updates: int) -> tuple[str, str]:
        picture = updates // every
        now.set_data([updates, updates], [-0.04, 1.04])
        for k, lines in enumerate(shares):
            for seed, line in enumerate(lines):
                line.set_data(at[: picture + 1], right[k, seed, : picture + 1])
            signals[k].set_data(t, np.maximum(signal[k, 0, picture] / signal[k, 0, picture, -1], 1e-30))
        worst = {kind: float(right[k, :, picture].min()) for k, kind in enumerate(kinds)}
        figure.facts(worst=worst)
        told = "; ".join(
            f"{kind} {', '.join(f'{share:.0%}' for share in right[k, :, picture])}"
            for k, kind in enumerate(kinds)
        )
        said = f"After {updates} updates, right from each of three starts: {told}."
        return said, f"Left: shares by update. Right: norm of the error signal by step, logarithmic. {said}"

    figure.handle("time", learnt, x="updates", at=0.25, step=(every, 0))
    figure.predict(
        "Four networks are to hold one bit over a hundred steps, from three starts each. Which one is still guessing after 150 "
        "updates from one of its starts?",
        kinds, kinds[0],
        "Its error signal hardly reaches the first step. The plain network with an orthogonal start does as well as the "
        "LSTM whose forget gates start wide open.",
        updates=150,
    )  # fmt: skip
    figure.goal("the first time when two networks are right from every start",
                lambda s: s.updates == both, updates=both)  # fmt: skip
    figure.goal("three networks right in more than 9 of 10 sequences, from every start",
                lambda s: sum(share > 0.9 for share in s.worst.values()) >= 3, updates=150)  # fmt: skip
    figure.play("updates", stride=every, rate=6)
    return figure.live(update, updates=slider("updates", 20, 0, int(at[-1]), every))
