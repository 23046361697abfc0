"""A circle on its way through a random deep tanh network (chapter 4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fnnkit import expressivity
from fnnkit.arguments import Float
from fnnkit.figures.engine.live import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    LiveFigure,
    Shown,
    checked,
    in_own_style,
    slider,
)

WIDTH, LAYERS, SIGMA_B = 200, 8, 0.3
POINTS = 2000
APART = {POINTS // 100: (BLUE, "o"), POINTS // 20: (GREEN, "s"), POINTS // 4: (PINK, "^")}
"""Pairs of inputs whose correlation is drawn: how many points of the circle lie between, and colour and mark."""
BORDER = 1.3956
"""Scale of the weights at which χ₁ = 1 for σ_b = 0.3; a test computes it."""


def tanh_slope(z: Float) -> Float:
    """Derivative of tanh."""
    slope: Float = 1.0 - np.tanh(z) ** 2
    return slope


@in_own_style
def circle_through_depth(
    propagate: Callable[..., Any],
    trajectory_length: Callable[..., Any],
    principal_components: Callable[..., Any],
    length_map: Callable[..., Any],
    chi: Callable[..., Any],
) -> Shown:
    """A circle in each layer of a random deep tanh network, with the theory's stretch and correlations.

    Parameters
    ----------
    propagate, trajectory_length, principal_components, length_map, chi : callable
        As in the exercises of these names.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Exponential expressivity in deep neural networks [Poole 16]"; Poole et al. (2016), figures 2 and 3.
    """
    figure = LiveFigure(9.4, 4.2)
    grid = figure.figure.add_gridspec(1, 3, width_ratios=[1.1, 1, 1])
    space = figure.figure.add_subplot(grid[0], projection="3d")
    stretch, near = figure.figure.add_subplot(grid[1]), figure.figure.add_subplot(grid[2])
    space.set(xticklabels=[], yticklabels=[], zticklabels=[], xlim=(-1, 1), ylim=(-1, 1), zlim=(-1, 1))
    space.set_title("top three components")
    (curve,) = figure.changing(space.plot([], [], [], color=BLUE, linewidth=0.8))
    layer = np.arange(LAYERS + 1)
    stretch.set(
        xlabel="layer",
        ylabel="length ÷ length before",
        xlim=(0.5, LAYERS + 0.5),
        ylim=(0.3, 2.1),
        xticks=layer[1:],
    )
    (theory,) = figure.changing(stretch.plot([], [], color=ORANGE, linestyle="--", label="√χ₁"))
    (measured,) = figure.changing(stretch.plot([], [], "o", color=BLUE, label="this network"))
    stretch.axhline(1.0, color=GREY, linewidth=0.8)
    stretch.legend(loc="upper right", fontsize=9)
    near.set(
        xlabel="layer",
        ylabel="correlation of two inputs",
        xlim=(-0.5, LAYERS + 0.5),
        ylim=(-0.6, 1.05),
        xticks=layer,
    )
    together, predicted = [], []
    for apart, (color, marker) in APART.items():
        angle = f"{360 * apart / POINTS:g}° apart"
        together += figure.changing(near.plot([], [], marker, color=color, markersize=5, label=angle))
        predicted += figure.changing(near.plot([], [], "--", color=color, linewidth=1))
    near.legend(loc="lower left", fontsize=9, title="dashed: theory", title_fontsize=9)
    mark = figure.changing(near.axvline(0, color=GREY, linestyle=":"))
    for axes in (stretch, near):
        axes.grid(color="#dddddd", linewidth=0.6)

    computed: dict[Any, Any] = {}

    def update(
        propagate: Any, trajectory_length: Any, principal_components: Any, length_map: Any, chi: Any,
        sigma_w: float, shown: int, seed: int,
    ) -> tuple[str, str]:  # fmt: skip
        key = propagate, trajectory_length, length_map, chi, sigma_w, seed
        if key not in computed:  # only the layer that is shown has changed, as it does while the film plays
            computed.clear()
            computed[key] = _layers(propagate, trajectory_length, length_map, chi, sigma_w, seed)
        H, lengths, root, q = computed[key]
        some = H[shown][::4]  # enough for a picture
        top = checked(principal_components, principal_components(some, 3), coordinates=(POINTS // 4, 3))
        centred = some - some.mean(axis=0)
        share = float((top**2).sum() / (centred**2).sum())
        curve.set_data_3d(*(np.vstack([top, top[:1]]) / np.abs(top).max()).T)
        theory.set_data([0, LAYERS + 1], [root, root])
        ratios = lengths[1:] / lengths[:-1]
        measured.set_data(layer[1:], ratios)
        pairs = [[_correlation(h[0], h[apart]) for h in H] for apart in APART]
        for dots, line, apart, measured_ones in zip(together, predicted, APART, pairs, strict=True):
            dots.set_data(layer, measured_ones)
            line.set_data(layer, correlations(apart, q, sigma_w))
        alike = pairs[0]
        mark.set_xdata([shown] * 2)
        figure.facts(root=root, share=share, alike=alike[-1])
        phase = "order" if root < 1 else "chaos"
        said = (
            f"σ_w = {sigma_w:g}: √χ₁ = {root:.3f}, {phase}; this network stretches by {ratios.min():.2f} to "
            f"{ratios.max():.2f} a layer. "
            f"In layer {shown} three components hold {share:.0%} of the variance"
            + (": the picture hides the rest. " if share < 0.9 else ". ")
            + f"Two inputs that are close (correlation {alike[0]:.3f}) have {alike[-1]:.2f} in layer {LAYERS}."
        )
        return said, said

    figure.handle("layer shown", near, x="shown", at=0.0)
    figure.play("shown", rate=2)
    figure.predict(
        "σ_w = 4, eight layers of 200 units: what share of the circle's variance do the three best directions hold?",
        ("nearly all", "about two thirds", "about a third"), "about a third",
        "The curve fills ever more directions. A picture in three dimensions hides most of it.",
        sigma_w=4.0, shown=LAYERS,
    )  # fmt: skip
    figure.goal(
        "order: two close inputs end up alike, correlation above 0.999",
        lambda s: s.alike > 0.999,
        sigma_w=0.8,
    )
    figure.goal("the border: a stretch within 0.02 of 1", lambda s: abs(s.root - 1) < 0.02, sigma_w=1.4)
    figure.mistakes(
        "biases_forgotten",
        "q_without_the_root",
        "sigma_w_not_squared",
        "slope_not_squared",
        "not_centred",
        "bias_after_the_activation",
    )
    figure.preset("Order, σ_w = 0.8", sigma_w=0.8)
    figure.preset(f"Border, σ_w ≈ {BORDER:.1f}", sigma_w=1.4)
    figure.preset("Chaos, σ_w = 4", sigma_w=4.0)
    return figure.live(
        update,
        propagate,
        trajectory_length,
        principal_components,
        length_map,
        chi,
        exercises=("propagate", "trajectory_length", "principal_components", "length_map", "chi"),
        help=f"Order turns into chaos at σ_w = {BORDER}, where χ₁ = 1 (biases of scale {SIGMA_B}).",
        sigma_w=slider("σ_w", 2.5, 0.5, 5.0, 0.1, every_step=False),
        shown=slider("layer shown", 3, 0, LAYERS, every_step=False),
        seed=slider("random start", 1, 1, 20, every_step=False),
    )


def _layers(
    propagate: Any, trajectory_length: Any, length_map: Any, chi: Any, sigma_w: float, seed: int
) -> tuple[list[Float], Float, float, float]:
    """Activations of the circle in every layer, their lengths, the theory's stretch, and the fixed point."""
    q = _fixed_point(length_map, sigma_w)
    X = expressivity.circle(POINTS, WIDTH, max(q - SIGMA_B**2, 1e-6) / sigma_w**2)
    rng = np.random.default_rng(seed)
    weights, biases = expressivity.random_deep_network(WIDTH, LAYERS, sigma_w, SIGMA_B, rng)
    shapes: dict[str, Any] = {f"H[{i}]": X.shape for i in range(LAYERS + 1)}
    H = checked(propagate, propagate(X, weights, biases, np.tanh), **shapes)
    lengths = [float(checked(trajectory_length, trajectory_length(h, True), length=())) for h in H]
    root = float(checked(chi, chi(q, sigma_w, tanh_slope), chi=())) ** 0.5
    return list(H), np.array(lengths), root, q


def _fixed_point(length_map: Any, sigma_w: float) -> float:
    """Where the student's length map leads."""
    q = 1.0
    for _ in range(300):
        new = float(checked(length_map, length_map(q, sigma_w, SIGMA_B, np.tanh), q=()))
        if abs(new - q) < 1e-6:
            break
        q = new
    return q


def _correlation(a: Float, b: Float) -> float:
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def correlations(apart: int, q: float, sigma_w: float) -> list[float]:
    """The theory's correlation of two inputs of the circle in all layers, so many points apart; to three digits.

    `fnnkit.meanfield.correlation_map` has twelve, and takes a hundred times as long.
    """
    z = np.linspace(-6.0, 6.0, 61)
    density = np.exp(-(z**2) / 2)
    density /= density.sum()
    q = max(q, SIGMA_B**2 + 1e-6)  # a student's length map may lead anywhere
    first, both = np.tanh(np.sqrt(q) * z), density[:, None] * density
    found = [np.cos(2 * np.pi * apart / POINTS)]
    for _ in range(LAYERS):
        # Of pre-activations: c. The activations before them have the same without the share of the biases.
        c = min(1.0, ((q - SIGMA_B**2) * found[-1] + SIGMA_B**2) / q)
        second = np.tanh(np.sqrt(q) * (c * z[:, None] + np.sqrt(1 - c**2) * z))
        product = float((both * first[:, None] * second).sum())
        found.append(product / float(density @ first**2))
    return found
