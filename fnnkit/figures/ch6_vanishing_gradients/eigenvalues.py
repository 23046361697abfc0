"""Take hold of the eigenvalues: where they lie, and what the powers do (chapter 6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit.dynamics import matrix_of_pair
from fnnkit.figures.engine.live import BLUE, GREY, ORANGE, LiveFigure, Shown, checked, in_own_style, slider

STEPS = 60
START = np.array([1.0, 0.0])


@in_own_style
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
    size.set(
        title="$\\|W^k\\|_2$", xlabel="k", ylabel="norm", yscale="log", ylim=(1e-3, 1e5), xlim=(0, STEPS)
    )
    size.set_box_aspect(1)
    (norms,) = figure.changing(size.plot([], [], color=BLUE, label="yours: $\\|W^k\\|_2$"))
    (radii,) = figure.changing(size.plot([], [], "--", color=ORANGE, label="radius$^k$"))
    size.axhline(1, color=GREY, linewidth=0.6)
    size.legend(loc="upper left", fontsize=9, frameon=False)

    def update(
        power_by_eigen: Any, spectral_radius: Any, modulus: float, angle: float, skew: float, steps: int
    ) -> tuple[str, str]:
        W = matrix_of_pair(modulus, np.pi * angle, skew)
        powers = np.array(
            [checked(power_by_eigen, power_by_eigen(W, n), power=(2, 2)) for n in range(STEPS + 1)]
        )
        radius = float(checked(spectral_radius, spectral_radius(W), radius=()))
        values = modulus * np.exp(np.pi * 1j * angle * np.array([1, -1]))
        pair.set_data(values.real, values.imag)
        points = powers[: steps + 1] @ START
        way.set_data(*points.T)
        first.set_data([START[0]], [START[1]])
        sizes = np.linalg.norm(powers, 2, axis=(1, 2))
        with np.errstate(over="ignore"):
            norms.set_data(k, sizes)
            radii.set_data(k, radius ** k.astype(float))
        peak = int(np.argmax(sizes))
        figure.facts(radius=radius, peak=float(sizes[peak]))
        end = "vanish" if radius < 1 - 1e-9 else "explode" if radius > 1 + 1e-9 else "stay"
        imaginary = np.round(abs(values[0].imag), 9)
        said = (
            f"Eigenvalues {values[0].real:.3g} ± {imaginary:.3g}i, radius {radius:.3g}: in the end the powers {end}. "
            f"Norm at its largest {sizes[peak]:.3g} (k = {peak}), after {STEPS} steps {sizes[-1]:.2g}."
        )
        return said, (
            "Left: the pair of eigenvalues and the unit circle. Middle: the path of a vector under the powers of W. "
            f"Right: the spectral norm of the powers, and powers of the radius, on a logarithmic axis. {said}"
        )

    def placed(v: dict[str, Any]) -> tuple[float, float]:
        at = v["modulus"] * np.exp(np.pi * 1j * v["angle"])
        return float(at.real), float(at.imag)

    def taken(x: float, y: float, _: dict[str, Any]) -> dict[str, Any]:
        return {"modulus": float(np.hypot(x, y)), "angle": float(np.arctan2(abs(y), x) / np.pi)}

    figure.handle("upper eigenvalue", plane, place=placed, values=taken, colour=ORANGE)
    figure.handle(
        "lower eigenvalue", plane, place=lambda v: (placed(v)[0], -placed(v)[1]), values=taken, colour=ORANGE
    )

    def read(power_by_eigen: Any, spectral_radius: Any, x: float, y: float, **v: Any) -> str:
        n = int(np.clip(round(x), 0, STEPS))
        W = matrix_of_pair(v["modulus"], np.pi * v["angle"], v["skew"])
        return f"At k = {n} the norm of your power is {np.linalg.norm(power_by_eigen(W, n), 2):.3g}."

    figure.read(size, read)
    figure.predict(
        "Both eigenvalues have modulus 0.95. Raise the skew to 6: will the norm of the powers ever be above 1?",
        ("never", "for a while", "in the end"), "for a while",
        "The radius decides the end, and the end is 0. On the way the ellipse stretches whatever points along its long axis.",
        skew=6.0,
    )  # fmt: skip
    figure.goal(
        "it turns for ever: no growth, no decay",
        lambda s: abs(s.radius - 1) < 1e-9 and s.skew == 1,
        modulus=1.0,
        skew=1.0,
    )
    figure.goal(
        "a radius below 1, and a peak above 4", lambda s: s.radius < 1 and s.peak > 4, modulus=0.98, skew=8.0
    )
    figure.goal("the vector changes its sign at every step", lambda s: s.angle == 1, angle=1.0)
    figure.mistakes("each_entry_to_the_power", "real_part_taken_too_early", "modulus_in_the_place_of_the_eigenvalue",
                    "transpose_for_inverse", "spectral_norm")  # fmt: skip
    figure.play("steps", rate=6)
    return figure.live(
        update,
        power_by_eigen,
        spectral_radius,
        exercises=("power_by_eigen", "spectral_radius"),
        modulus=slider("modulus", 0.95, 0.5, 1.2, 0.01),
        angle=slider("angle / π", 0.1, 0.0, 1.0, 0.01),
        skew=slider("skew", 1.0, 1.0, 10.0, 0.5),
        steps=slider("steps of the path", STEPS, 0, STEPS),
    )
