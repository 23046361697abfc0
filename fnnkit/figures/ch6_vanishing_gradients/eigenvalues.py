"""Take hold of the eigenvalues: where they lie, and what the powers do (chapter 6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.dynamics import matrix_of_pair
from fnnkit.figures.engine.live import BLUE, GREY, ORANGE, LiveFigure, Shown, checked, slider

STEPS = 60
START = np.array([1.0, 0.0])


def eigenvalues(power_by_eigen: Callable[..., Any], spectral_radius: Callable[..., Any]) -> Shown:
    """A pair of eigenvalues on the complex plane, the path of a vector under the powers, and their norms.

    Parameters
    ----------
    power_by_eigen : callable
        ``power_by_eigen(W, k)`` gives the power; the path and the norms are drawn by it.
    spectral_radius : callable
        ``spectral_radius(W)`` gives the largest modulus; the straight line is drawn by it.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Vanishing and Exploding Gradient Problem"; Goodfellow, Bengio, Courville (2016), section 8.2.5.
    """
    figure = LiveFigure(9.6, 3.7)
    plane, path, size = figure.figure.subplots(1, 3)
    turn = np.linspace(0, 2 * np.pi, 200)
    plane.plot(np.cos(turn), np.sin(turn), color=GREY, linewidth=1)
    plane.axhline(0, color="#dddddd", linewidth=0.6, zorder=0)
    plane.axvline(0, color="#dddddd", linewidth=0.6, zorder=0)
    plane.set(
        title="eigenvalues, unit circle", xlabel="real part", ylabel="imaginary part", aspect="equal",
        xlim=(-1.45, 1.45), ylim=(-1.45, 1.45),
    )  # fmt: skip
    (pair,) = figure.changing(plane.plot([], [], "o", color=ORANGE, markersize=9))
    path.set(
        title=f"$W^k x$ for k = 0 … {STEPS}",
        aspect="equal",
        xlim=(-4, 4),
        ylim=(-4, 4),
        xlabel="$x_1$",
        ylabel="$x_2$",
    )
    (way,) = figure.changing(path.plot([], [], ".-", color=BLUE, linewidth=0.8, markersize=5))
    (first,) = figure.changing(path.plot([], [], "s", color="black", markersize=5))
    k = np.arange(STEPS + 1)
    size.set(title="$\\|W^k\\|_2$", xlabel="k", yscale="log", ylim=(1e-3, 1e5), xlim=(0, STEPS))
    size.set_box_aspect(1)
    (norms,) = figure.changing(size.plot([], [], color=BLUE, label="yours: $\\|W^k\\|_2$"))
    (radii,) = figure.changing(size.plot([], [], "--", color=ORANGE, label="radius$^k$"))
    size.axhline(1, color=GREY, linewidth=0.6)
    size.legend(loc="upper left", fontsize=8, frameon=False)

    def update(
        power_by_eigen: Any, spectral_radius: Any, modulus: float, angle: float, skew: float
    ) -> tuple[str, str]:
        W = matrix_of_pair(modulus, np.pi * angle, skew)
        powers = np.array(
            [checked(power_by_eigen, power_by_eigen(W, n), power=(2, 2)) for n in range(STEPS + 1)]
        )
        radius = float(checked(spectral_radius, spectral_radius(W), radius=()))
        values = modulus * np.exp(np.pi * 1j * angle * np.array([1, -1]))
        pair.set_data(values.real, values.imag)
        points = powers @ START
        way.set_data(*points.T)
        first.set_data([START[0]], [START[1]])
        sizes = np.linalg.norm(powers, 2, axis=(1, 2))
        with np.errstate(over="ignore"):
            norms.set_data(k, sizes)
            radii.set_data(k, radius ** k.astype(float))
        peak = int(np.argmax(sizes))
        end = "vanish" if radius < 1 - 1e-9 else "explode" if radius > 1 + 1e-9 else "stay"
        said = (
            f"Eigenvalues {values[0].real:.3g} ± {abs(values[0].imag):.3g}i, radius {radius:.3g}: in the end the powers {end}. "
            f"Norm at its largest {sizes[peak]:.3g} (k = {peak}), after {STEPS} steps {sizes[-1]:.2g}."
        )
        return said, (
            "Left: the pair of eigenvalues and the unit circle. Middle: the path of a vector under the powers of W. "
            f"Right: the spectral norm of the powers, and powers of the radius, on a logarithmic axis. {said}"
        )

    return figure.live(
        update,
        power_by_eigen,
        spectral_radius,
        modulus=slider("modulus", 0.95, 0.5, 1.2, 0.01),
        angle=slider("angle / π", 0.1, 0.0, 1.0, 0.01),
        skew=slider("skew", 1.0, 1.0, 10.0, 0.5),
    )
