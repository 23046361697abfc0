"""Test error by depth at equal numbers of parameters: two spirals beside digits (chapter 4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from fnnkit.arguments import Float
from fnnkit.datasets import DATA
from fnnkit.figures.ch4_universal_approximation.tasks import DEPTHS, DIGITS, PLANE, SIDE, SPIRALS, plane
from fnnkit.figures.engine.live import BLUE, GREY, ORANGE, LiveFigure, Shown, in_own_style, slider

HALF = 12
"""First picture where four layers make less than half the errors of one; a test looks."""
LIVE = (1, 4)
"""Depths that are trained while one watches."""
PER_CENT = (1, 2, 5, 10, 20, 50, 100)
"""Ticks of the errors."""
EVERY = 4
"""Epochs from one picture of the live training to the next."""


@in_own_style
def does_depth_help() -> Shown:
    """A film of fifty trainings, five depths and five seeds on two tasks, and two trainings to watch live.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Deep vs. Shallow network" (generalisation); Goodfellow et al. (2014), for the task of the slide.
    """
    film = recording()
    last = len(film["planes"]) - 1
    figure = LiveFigure(9.4, 5.4)
    grid = figure.figure.add_gridspec(2, 1, height_ratios=[1, 1.7])
    above, below = grid[0].subgridspec(1, len(DEPTHS)), grid[1].subgridspec(1, 2)
    pictures = []
    for i, depth in enumerate(DEPTHS):
        axes = figure.figure.add_subplot(
            above[i], xticks=[], yticks=[], title=f"{depth} layer{'s' * (depth > 1)}"
        )
        ends = (SIDE[0], SIDE[-1], SIDE[0], SIDE[-1])
        pictures.append(
            figure.changing(
                axes.imshow(
                    np.zeros((len(SIDE), len(SIDE))),
                    extent=ends,
                    origin="lower",
                    cmap="cividis",
                    vmin=-0.4,
                    vmax=1.4,
                )
            )
        )
    X, g, _, _ = SPIRALS.examples(0)
    for picture in pictures:
        for label, colour in ((0, "white"), (1, "black")):
            (points,) = picture.axes.plot(*X[g == label].T, ".", color=colour, markersize=1.2)
            figure.changing(points)
    panels = {}
    for i, (task, title) in enumerate(
        ((SPIRALS, "spirals, about 500 parameters"), (DIGITS, "digits, about 5000 parameters"))
    ):
        axes = figure.figure.add_subplot(
            below[i], title=title, xlabel="hidden layers", ylabel="test error, %", xticks=DEPTHS
        )
        # From untrained, 95 %, to 1.3 %: on a linear axis the one or the other would not be seen.
        axes.set(xlim=(0.5, len(DEPTHS) + 0.5), ylim=(1, 100), yscale="log")
        axes.set_yticks(PER_CENT, [str(p) for p in PER_CENT])
        axes.minorticks_off()
        axes.grid(color="#dddddd", linewidth=0.6)
        (each,) = figure.changing(
            axes.plot([], [], "o", color=GREY, markersize=4, alpha=0.7, label="one network")
        )
        (mean,) = figure.changing(
            axes.plot([], [], color=BLUE, marker="s", linewidth=2, label="mean of five")
        )
        panels[task.name] = each, mean
        if task is SPIRALS:
            (live,) = figure.changing(
                axes.plot([], [], "x", color=ORANGE, markersize=11, markeredgewidth=3, label="trained now")
            )
        right = axes
    figure.figure.legend(
        handles=[each, mean, live], loc="outside lower center", ncols=3, fontsize=9, frameon=False
    )

    def draw(picture: int) -> None:
        for name, (each, mean) in panels.items():
            errors = 100.0 * film[f"{name}_errors"][picture]
            each.set_data(np.repeat(DEPTHS, errors.shape[1]), errors.ravel())
            mean.set_data(DEPTHS, errors.mean(axis=1))
        for image, values in zip(pictures, film["planes"][picture], strict=True):
            image.set_data(values.reshape(len(SIDE), len(SIDE)))

    def update(picture: int) -> tuple[str, str]:
        live.set_data([], [])
        draw(picture)
        said = []
        for name in panels:
            errors = 100.0 * film[f"{name}_errors"][picture].mean(axis=1)
            epoch = int(film[f"{name}_epochs"][picture])
            listed = ", ".join(f"{e:.1f}" for e in errors)
            said.append(f"{name} after {epoch} epochs, 1 to {len(DEPTHS)} layers: {listed} %")
        spirals, numbers = (100.0 * film[f"{name}_errors"][picture].mean(axis=1) for name in panels)
        figure.facts(shallow=spirals[0], deep=spirals[3], digits=numbers[0])
        text = "Mean test error: " + "; ".join(said) + "."
        return text, f"Above, what five networks say about the plane of the two spirals. {text}"

    def train(picture: int) -> Iterator[tuple[str, str]]:
        draw(last)
        now: dict[int, float] = {}
        runs = [SPIRALS.train(depth, seed=7) for depth in LIVE]
        for states in zip(*runs, strict=True):
            for depth, (_, error, _) in zip(LIVE, states, strict=True):
                now[depth] = 100.0 * error
            if states[0][0] % EVERY == 0:
                for depth, (_, _, net) in zip(LIVE, states, strict=True):
                    pictures[depth - 1].set_data(plane(net).reshape(len(SIDE), len(SIDE)))
                live.set_data(list(now), list(now.values()))
                text = f"Epoch {states[0][0]} of {SPIRALS.epochs}: " + ", ".join(
                    f"{depth} layer{'s' * (depth > 1)} {error:.1f} % wrong" for depth, error in now.items()
                )
                yield text + ".", text + "."

    figure.handle(
        "picture of the film", right, place=lambda v: (0.6 + 4.8 * v["picture"] / last, 1.15), free="x", step=(4.8 / last, 0.0),
        values=lambda x, y, v: {"picture": round((x - 0.6) / 4.8 * last)},
    )  # fmt: skip
    figure.play("picture", rate=6)
    figure.predict(
        "At equal numbers of parameters, where do deeper networks make fewer errors on new examples?",
        ("on both tasks", "on the spirals only", "on the digits only", "on neither"), "on the spirals only",
        "To follow the spirals a network has to bend the plane again and again, and layers do that one "
        "after the other. On the digits the "
        "networks of one to three layers differ by less than single networks do, and five layers are worse.",
        picture=last,
    )  # fmt: skip
    figure.goal(
        "stop where four layers first make less than half the errors of one, on the spirals",
        lambda s: s.picture == HALF,
        picture=HALF,
    )
    figure.goal("digits: one layer below 5 %", lambda s: s.digits < 5, picture=4)
    figure.run(f"Train {LIVE[0]} and {LIVE[1]} layers now", train, SPIRALS.epochs // EVERY + 1)
    return figure.live(
        update,
        help="Fifty trainings, recorded. Every network of a panel has about the same number of parameters.",
        picture=slider("picture of the film", 2, 0, last),
    )


def recording() -> dict[str, Float]:
    """The recorded numbers: test errors (pictures, depths, seeds), epochs, and planes (pictures, depths, points)."""
    with np.load(DATA / "depth.npz", allow_pickle=False) as file:
        film: dict[str, Any] = {name: file[name] for name in file.files}
    film["planes"] = np.unpackbits(film["planes"], axis=-1, count=len(PLANE)).astype(float)
    return film
