"""The plane of XOR's inputs with its four points, as several figures of chapter 1 draw it."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.colors import Normalize

from fnnkit.figures.engine.canvas import BLUE, ORANGE, SURFACE
from fnnkit.xor import CORNERS
from fnnkit.xor import TARGETS as XOR

POINTS = np.array(CORNERS, dtype=float)
TARGETS = np.array(XOR, dtype=float)


def grid(low: float, high: float, n: int = 41) -> Any:
    """Points of a square grid, the first coordinate running fastest; shape ``(n², 2)``."""
    side = np.linspace(low, high, n)
    return np.array([(p, q) for q in side for p in side])


def line_of(w1: float, w2: float, c: float, far: float = 30.0) -> tuple[Any, Any]:
    """Two points, far out, of the line w₁ x + w₂ y + c = 0; none if both weights are zero."""
    w = np.array([w1, w2], dtype=float)
    size = np.hypot(*w)
    if size < 1e-9:
        return np.array([]), np.array([])
    along = np.array([-w[1], w[0]]) / size
    ends = -c * w / size**2 + np.array([[-far], [far]]) * along
    return ends[:, 0], ends[:, 1]


def plane(axes: Any, low: float, high: float, n: int = 41) -> Any:
    """Prepare axes for outputs on the `grid`; give the image whose data are to be set, of shape ``(n, n)``."""
    axes.set(xlabel="$x_1$", ylabel="$x_2$", xlim=(low, high), ylim=(low, high), xticks=[0, 1], yticks=[0, 1])
    half = (high - low) / (n - 1) / 2  # pixels are centred on the points of the grid
    return axes.imshow(
        np.zeros((n, n)), origin="lower", extent=(low - half, high + half, low - half, high + half),
        cmap=SURFACE, norm=Normalize(-0.5, 1.5), interpolation="bilinear", zorder=0,
    )  # fmt: skip


def four_points(axes: Any, places: Any = POINTS) -> list[Any]:
    """Draw the four points, told apart by shape as well as by colour, and both seen where they fall together."""
    return [
        axes.plot(
            *places[target == TARGETS].T, marker, color=colour, markersize=size, markeredgecolor="white",
            markeredgewidth=1.5, zorder=5, label=f"target {target:g}",
        )[0]
        for target, colour, marker, size in ((0.0, BLUE, "o", 15.0), (1.0, ORANGE, "s", 8.5))
    ]  # fmt: skip


def list_of(values: Any, digits: int = 3) -> str:
    """Numbers in a sentence."""
    return ", ".join(f"{v + 0.0:.{digits}g}" if abs(v) >= 5e-4 else "0" for v in np.ravel(values))
