"""What a gradient costs: evaluations of the loss, and seconds (chapter 5)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from fnnkit.datasets import digits
from fnnkit.figures.engine.live import BLUE, ORANGE, LiveFigure, Shown, checked, in_own_style, slider

WIDTHS = (1, 2, 4, 8, 16, 32)


def parameters(units: int) -> dict[str, Any]:
    """A random network for the digits."""
    rng = np.random.default_rng(units)
    return {
        "W": rng.normal(0, 1 / 8, (64, units)), "b": np.zeros(units),
        "U": rng.normal(0, 1 / np.sqrt(units), (units, 10)), "d": np.zeros(10),
    }  # fmt: skip


def count(numerical_gradient: Any, units: int) -> int:
    """How often a gradient by differences asks for the loss."""
    calls = 0

    def counted(_value: Any) -> float:
        nonlocal calls
        calls += 1
        return 0.0

    for value in parameters(units).values():
        checked(numerical_gradient, numerical_gradient(counted, value, 1e-5), gradient=value.shape)
    return calls


def timed(call: Callable[[], Any]) -> float:
    """Seconds of a call."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


@in_own_style
def cost(numerical_gradient: Callable[..., Any], backprop: Callable[..., Any]) -> Shown:
    """Evaluations and seconds of a gradient by differences and by back-propagation, by size of the network.

    Parameters
    ----------
    numerical_gradient : callable
        ``numerical_gradient(f, theta, eps)``; its calls of f are counted, and it is timed.
    backprop : callable
        ``backprop(X, g, params)``; it is timed.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slide "Backpropagation".
    """
    figure = LiveFigure(9.4, 4.0)
    counts, times = figure.figure.subplots(1, 2)
    counts.set(
        title="evaluations of the loss for one gradient", xlabel="parameters", ylabel="evaluations",
        xscale="log", yscale="log", xlim=(50, 2e4), ylim=(0.5, 1e5),
    )  # fmt: skip
    times.set(
        title="seconds, measured", xlabel="parameters", ylabel="seconds", xscale="log", yscale="log",
        xlim=(50, 5e3), ylim=(1e-5, 100),
    )  # fmt: skip
    (asked,) = figure.changing(counts.plot([], [], "s-", color=ORANGE, label="your numerical_gradient"))
    counts.axhline(1, color=BLUE, label="your backprop: one sweep")
    (here,) = figure.changing(counts.plot([], [], "o", color="black", markersize=8))
    (slow,) = figure.changing(times.plot([], [], "s--", color=ORANGE, label="differences"))
    (quick,) = figure.changing(times.plot([], [], "o-", color=BLUE, label="back-propagation"))
    wait = figure.changing(
        times.text(0.5, 0.4, "press “Measure the times”", ha="center", transform=times.transAxes, fontsize=11)
    )
    for axes in (counts, times):
        axes.legend(loc="upper left", fontsize=9, frameon=False)

    def size(units: float) -> float:
        return 75 * units + 10

    def update(numerical_gradient: Any, backprop: Any, units: int) -> tuple[str, str]:
        widths = sorted({*WIDTHS, units})
        found = {m: count(numerical_gradient, m) for m in widths}
        asked.set_data([size(m) for m in widths], [max(found[m], 1) for m in widths])
        here.set_data([size(units)], [max(found[units], 1)])
        slow.set_data([], [])
        wait.set_text("press “Measure the times”")
        quick.set_data([], [])
        figure.facts(asked=found[units])
        said = (
            f"{units} hidden units, {size(units):,.0f} parameters: your numerical_gradient asks for the loss "
            f"{found[units]:,} times, back-propagation once, and goes back once. Times are measured when you press the button."
        )
        return (
            said,
            f"Left: evaluations by number of parameters. Right: times, once they are measured. {said}",
        )

    def measure(numerical_gradient: Any, backprop: Any, units: int) -> Iterator[str]:
        wait.set_text("")
        data = digits()
        X, g = data.X_train[:32], data.g_train[:32]
        seen: list[tuple[float, float, float]] = []
        for m in WIDTHS:
            params = parameters(m)

            def loss_at(name: str, params: dict[str, Any] = params) -> Callable[[Any], float]:
                return lambda changed: float(backprop(X, g, {**params, name: changed})[0])

            backprop(X, g, params)
            one = min(timed(partial(backprop, X, g, params)) for _ in range(20))
            begin = time.perf_counter()
            for name, value in params.items():
                numerical_gradient(loss_at(name), value, 1e-5)
            seen.append((size(m), one, time.perf_counter() - begin))
            sizes, ones, alls = zip(*seen, strict=True)
            quick.set_data(sizes, ones)
            slow.set_data(sizes, alls)
            yield (
                f"{size(m):,.0f} parameters: back-propagation {1000 * one:.2g} ms, differences {alls[-1]:.2g} s, "
                f"{alls[-1] / one:,.0f} times as long."
            )

    figure.handle(
        "number of hidden units", counts,
        place=lambda v: (size(v["units"]), 2 * size(v["units"])),
        values=lambda x, y, v: {"units": round((x - 10) / 75)},
    )  # fmt: skip
    figure.predict(
        "32 hidden units make 2,410 parameters. How often do differences evaluate the loss for one gradient?",
        ("twice", "2,410 times", "4,820 times"),
        "4,820 times",
        "Once up and once down for each parameter. Back-propagation goes forward once, and back once.",
        units=32,
    )
    figure.goal("more than 10,000 evaluations", lambda s: s.asked > 10000, units=100)
    figure.goal("fewer than 500", lambda s: s.asked < 500, units=3)
    figure.mistakes("all_entries_at_once", "first_axis_only")
    figure.run("Measure the times", measure, len(WIDTHS))
    return figure.live(
        update, numerical_gradient, backprop, exercises=("numerical_gradient", "backprop"),
        units=slider("hidden units", 8, 1, 128, every_step=False),
    )  # fmt: skip
