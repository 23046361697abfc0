"""A normal and a non-normal matrix with the same eigenvalues (chapter 6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.dynamics import power_norms
from fnnkit.figures.engine.live import BLUE, GREY, ORANGE, LiveFigure, Shown, checked, in_own_style, slider

STEPS = 150


@in_own_style
def transient(transient_peak: Callable[..., Any]) -> Shown:
    """Norms of the powers of ``[[r, c], [0, r]]`` beside those of ``[[r, 0], [0, r]]``.

    Parameters
    ----------
    transient_peak : callable
        ``transient_peak(W, K)`` gives ``(peak, k)``; the mark is drawn by it.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Vanishing and Exploding Gradient Problem"; Trefethen, Embree (2005), chapter 16.
    """
    figure = LiveFigure(7.6, 4.0)
    axes = figure.figure.add_subplot(
        xlabel="k", ylabel="$\\|W^k\\|_2$", yscale="log", xlim=(0, STEPS), ylim=(1e-4, 1e4)
    )
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.axhline(1, color=GREY, linewidth=1)
    k = np.arange(STEPS + 1)
    (skewed,) = figure.changing(axes.plot([], [], color=BLUE, label="[[r, c], [0, r]], not normal"))
    (normal,) = figure.changing(axes.plot([], [], "--", color=ORANGE, label="[[r, 0], [0, r]], normal"))
    (mark,) = figure.changing(axes.plot([], [], "o", color="black", label="your peak"))
    axes.legend(loc="lower left", fontsize=9, frameon=False)

    def update(transient_peak: Any, entry: float, radius: float) -> tuple[str, str]:
        W = np.array([[radius, entry], [0.0, radius]])
        peak, when = checked(transient_peak, transient_peak(W, STEPS), peak=(), k=())
        norms = power_norms(W, STEPS)
        skewed.set_data(k, norms)
        normal.set_data(k, power_norms(radius * np.eye(2), STEPS))
        mark.set_data([float(when)], [float(peak)])
        over = np.flatnonzero(norms >= 1)
        below = int(over[-1]) + 1 if over.size else 0
        figure.facts(peak=float(peak), below=below)
        said = f"Both have radius {radius:.2g}. Not normal (c = {entry:g}): peak {float(peak):.1f} at k = {int(when)}"
        if below > STEPS:
            said += f", still above 1 at k = {STEPS}."
        else:
            said += f", below 1 for good from k = {below}."
        said += f" Normal: {radius ** int(when):.2g} at that k."
        return said, f"Spectral norms of the powers of two matrices on a logarithmic axis. {said}"

    def first_step(v: dict[str, Any]) -> tuple[float, float]:
        return 1.0, float(power_norms([[v["radius"], v["entry"]], [0.0, v["radius"]]], 1)[1])

    # The norm of W itself is (c + √(c² + 4r²)) / 2, which is solved for c.
    figure.handle(
        "norm of W, moved by c", axes, place=first_step, free="y", shape="bar", step=(0.0, 0.25),
        values=lambda x, y, v: {"entry": y - v["radius"] ** 2 / y if y > 0 else 0.0},
    )  # fmt: skip
    figure.handle(
        "norm of the normal matrix at k = 10, moved by r", axes, place=lambda v: (10.0, v["radius"] ** 10), free="y",
        shape="bar", colour=ORANGE, step=(0.0, 0.02), values=lambda x, y, v: {"radius": max(y, 1e-9) ** 0.1},
    )  # fmt: skip

    def read(transient_peak: Any, x: float, y: float, entry: float, radius: float) -> str:
        n = int(np.clip(round(x), 0, STEPS))
        norm = power_norms([[radius, entry], [0.0, radius]], n)[n]
        return f"At k = {n}: {norm:.3g}, and {radius**n:.2g} for the normal matrix."

    figure.read(axes, read)
    figure.predict(
        "Both matrices have the eigenvalue 0.95 twice, and one has a 5 off the diagonal. How far will the norm of its powers "
        "rise before it falls?",
        ("not at all", "to about 5", "to about 38"), "to about 38",
        "5 is what a single step can do. The next steps add to it, because the second coordinate has hardly shrunk yet.",
        entry=5.0, radius=0.95,
    )  # fmt: skip
    figure.goal("a peak above 100", lambda s: s.peak > 100, entry=10.0, radius=0.97)
    figure.goal(
        "c at least 5, and below 1 for good before k = 50",
        lambda s: s.entry >= 5 and s.below < 50,
        entry=5.0,
        radius=0.86,
    )
    figure.goal("no rise at all", lambda s: s.peak < 1 + 1e-9, entry=0.0, radius=0.95)
    figure.mistakes("power_of_the_radius", "power_of_the_norm", "each_entry_to_the_power", "counted_from_one")
    return figure.live(
        update,
        transient_peak,
        exercises=("transient_peak",),
        entry=slider("c, off the diagonal", 5.0, 0.0, 10.0, 0.25),
        radius=slider("r, on the diagonal", 0.95, 0.8, 1.05, 0.01),
    )
