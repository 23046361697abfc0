"""Scores by sliders, their softmax, a shift that changes nothing and a temperature (chapter 2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.figures.engine.live import BLUE, ORANGE, LiveFigure, Shown, checked, slider

SCORES = (2.0, 1.0, 0.0, -1.5)
CLASSES = np.arange(len(SCORES))


def softmax_sliders(softmax: Callable[..., Any]) -> Shown:
    """Four sliders for scores, one for a shift of all of them, one for the temperature that divides them.

    Parameters
    ----------
    softmax : callable
        ``softmax(z)`` for scores ``(K,)``; the bars are drawn by it.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slides "Softmax Units"; Goodfellow, Bengio, Courville (2016), section 6.2.2.3. Hinton, Vinyals, Dean (2015),
    "Distilling the knowledge in a neural network", section 2 (temperature).
    """
    figure = LiveFigure(9.6, 3.7)
    left, right = figure.figure.subplots(1, 2)
    left.set(title="scores z", xlabel="class", ylabel="score", xticks=CLASSES, ylim=(-6, 6))
    left.axhline(0.0, color="black", linewidth=0.8)
    right.set(
        title="your softmax((z + c) / T)",
        xlabel="class",
        ylabel="probability",
        xticks=CLASSES,
        ylim=(0, 1.12),
    )
    scores = figure.changing(
        left.bar(CLASSES, np.zeros(len(SCORES)), color=ORANGE, hatch="//", edgecolor="white")
    )
    bars = figure.changing(right.bar(CLASSES, np.zeros(len(SCORES)), color=BLUE))
    numbers = figure.changing([right.text(i, 0.0, "", ha="center", va="bottom") for i in CLASSES])

    def update(softmax: Callable[..., Any], c: float, T: float, **z: float) -> Any:
        values = np.array(list(z.values()))
        p = checked(softmax, softmax((values + c) / T), p=values.shape)
        unshifted = checked(softmax, softmax(values / T), p=values.shape)
        for score, bar, number, value, share in zip(scores, bars, numbers, values, p, strict=True):
            score.set_height(value)
            bar.set_height(share)
            number.set_text(f"{share:.3f}")
            number.set_y(min(max(share, 0.0), 1.0) + 0.015)
        gap = float(np.abs(p - unshifted).max())
        moved = "changes nothing" if gap < 1e-9 else f"changes a probability by {gap:.3g}: it should not"
        shift = f" The shift of {c:g} {moved}." if c else ""
        said = (
            f"Probabilities {', '.join(f'{v:.3f}' for v in p)}, sum {p.sum():.6g}; the largest is class {int(p.argmax())}."
            f"{shift}"
        )
        listed = ", ".join(f"{v:g}" for v in values)
        return said, (
            f"Left: bars for the scores {listed}. Right: bars for their softmax at temperature {T:g}. {said}"
        )

    figure.group("scores", *(f"z{i}" for i in CLASSES))
    figure.group("all of them", "c", "T")
    figure.preset("Start again", **{f"z{i}": v for i, v in enumerate(SCORES)}, c=0.0, T=1.0)
    figure.preset("All equal", **{f"z{i}": 0.0 for i in CLASSES})
    figure.preset("Shift by 1000", c=1000.0)
    return figure.live(
        update,
        softmax,
        **{f"z{i}": slider(f"z{i}", v, -5.0, 5.0, 0.25) for i, v in enumerate(SCORES)},
        c=slider("shift c", 0.0, -1000.0, 1000.0, 1.0),
        T=slider("temperature T", 1.0, 0.125, 8.0, 0.125),
    )
