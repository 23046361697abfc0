"""Scores by sliders, their softmax, a shift that changes nothing and a temperature (chapter 2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.figures.engine.live import BLUE, ORANGE, LiveFigure, Shown, checked, in_own_style, slider

SCORES = (2.0, 1.0, 0.0, -1.5)
CLASSES = np.arange(len(SCORES))


@in_own_style
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
    left.set(
        title="scores z + c",
        xlabel="class",
        ylabel="score",
        xticks=CLASSES,
        ylim=(-6.5, 6.5),
        xlim=(-0.6, 3.6),
    )
    left.axhline(0.0, color="black", linewidth=0.8)
    right.set(
        title="your softmax((z + c) / T)",
        xlabel="class",
        ylabel="probability",
        xticks=CLASSES,
        ylim=(0, 1.12),
        xlim=(-0.6, 3.6),
    )
    scores = figure.changing(
        left.bar(CLASSES, np.zeros(len(SCORES)), color=ORANGE, hatch="//", edgecolor="white", linewidth=0)
    )
    bars = figure.changing(right.bar(CLASSES, np.zeros(len(SCORES)), color=BLUE))
    heights = figure.changing([left.text(i, 0.0, "", ha="center", fontsize=9) for i in CLASSES])
    numbers = figure.changing([right.text(i, 0.0, "", ha="center", va="bottom") for i in CLASSES])

    def update(softmax: Callable[..., Any], c: float, T: float, **z: float) -> Any:
        values = np.array(list(z.values()))
        p = checked(softmax, softmax((values + c) / T), p=values.shape)
        unshifted = checked(softmax, softmax(values / T), p=values.shape)
        for score, bar, number, value, share in zip(scores, bars, numbers, values, p, strict=True):
            score.set_height(np.clip(value + c, -6.5, 6.5))
            bar.set_height(share)
            number.set_text(f"{share:.3f}")
            number.set_y(min(max(share, 0.0), 1.0) + 0.015)
        for number, value in zip(heights, values + c, strict=True):
            number.set_text(f"{value:g}")
            up = value >= 0
            number.set_y(np.clip(value, -5.7, 5.7) + (0.3 if up else -0.3))
            number.set_va("bottom" if up else "top")
        figure.facts(p=p.tolist())
        gap = float(np.abs(p - unshifted).max())
        moved = "changes nothing" if gap < 1e-9 else f"changes a probability by {gap:.3g}: it should not"
        shift = f" The shift of {c:g} {moved}." if c else ""
        best = np.flatnonzero(p >= p.max() - 1e-12)
        largest = (
            f"the largest is class {best[0]}"
            if len(best) == 1
            else f"the largest are classes {', '.join(map(str, best))}"
        )
        if len(best) == len(p):
            largest = "all are equal"
        said = f"Probabilities {', '.join(f'{v:.3f}' for v in p)}, sum {p.sum():.6g}; {largest}.{shift}"
        listed = ", ".join(f"{v:g}" for v in values)
        return said, (
            f"Left: bars for the scores {listed}. Right: bars for their softmax at temperature {T:g}. {said}"
        )

    figure.group("scores", *(f"z{i}" for i in CLASSES))
    figure.group("all of them", "c", "T")
    for i in CLASSES:
        figure.handle(
            f"score of class {i}",
            left,
            y=f"z{i}",
            at=float(i),
            tail=lambda v: (0.0, v["c"]),
            shape="bar",
            colour=ORANGE,
        )
    figure.predict(
        "2 is added to all four scores. What happens to the probabilities?",
        ("all grow", "the largest grows, the others shrink", "nothing"), "nothing",
        "Every exponential is multiplied by e², numerator and denominator alike. So the largest score may be taken off first, "
        "and no exponential overflows.", c=2.0,
    )  # fmt: skip
    figure.goal("class 3 above 90 %", lambda s: s.p[3] > 0.9, z0=0.0, z1=0.0, z2=0.0, z3=5.0)
    figure.goal("all four equal", lambda s: max(s.p) - min(s.p) < 1e-9, z0=0.0, z1=0.0, z2=0.0, z3=0.0)
    figure.goal("the largest below 0.31, with the scores of the start",
                lambda s: max(s.p) < 0.31 and all(getattr(s, f"z{i}") == v for i, v in enumerate(SCORES)), T=8.0)  # fmt: skip
    figure.mistakes(
        "softmax_not_shifted",
        "softmax_denominator_as_printed",
        "scores_over_their_sum",
    )
    figure.preset("All equal", **{f"z{i}": 0.0 for i in CLASSES})
    figure.preset("Shift by 1000", c=1000.0)
    return figure.live(
        update,
        softmax,
        exercises=("softmax",),
        **{f"z{i}": slider("z" + "₀₁₂₃"[i], v, -5.0, 5.0, 0.25) for i, v in enumerate(SCORES)},
        c=slider("shift c", 0.0, -1000.0, 1000.0, 1.0),
        T=slider("temperature T", 1.0, 0.125, 8.0, 0.125),
    )
