"""The student's own recurrent network learns the latch task (chapter 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from fnnkit.figures.engine.live import (
    BLUE,
    GREY,
    ORANGE,
    LiveFigure,
    Shown,
    checked,
    dropdown,
    in_own_style,
    slider,
)
from fnnkit.optim import adam_step
from fnnkit.rnn import initial_rnn, latch_task

UNITS, BATCH, UPDATES, EVERY, NEW = 16, 20, 150, 5, 200
STARTS, OPTIMISERS = ("Gaussian", "orthogonal"), ("plain descent", "Adam")


def parameters(kind: str, start: int) -> tuple[dict[str, Any], np.random.Generator]:
    """Untrained parameters, and the generator that drew them."""
    rng = np.random.default_rng(start)
    params = dict(initial_rnn(1, UNITS, 2, rng))
    if kind == "Gaussian":
        params["W"] = rng.normal(0, 0.5 / np.sqrt(UNITS), (UNITS, UNITS))
    return params, rng


@in_own_style
def latch(
    rnn_forward: Callable[..., Any], bptt: Callable[..., Any], clip_by_global_norm: Callable[..., Any]
) -> Shown:
    """Train a recurrent network to hold one bit, and see what it says about new sequences at every step.

    Parameters
    ----------
    rnn_forward, bptt, clip_by_global_norm : callable
        The student's functions: values, gradients, and shortened gradients.

    Returns
    -------
    Shown
        To be the last line of a cell.

    References
    ----------
    Slides "Backpropagation: Example" and "Vanishing and Exploding Gradient Problem"; Bengio, Simard, Frasconi (1994).
    """
    figure = LiveFigure(9.6, 3.9)
    (categorical_nll_grad,) = figure.mine("categorical_nll_grad")
    learnt, states = figure.figure.subplots(1, 2)
    learnt.set(
        title="right on new sequences",
        xlabel="updates",
        ylabel="share",
        xlim=(-2, UPDATES + 2),
        ylim=(-0.04, 1.04),
    )
    learnt.axhline(0.5, color=GREY, linewidth=1, linestyle=":")
    (curve,) = figure.changing(learnt.plot([], [], ".-", color=BLUE))
    states.set(
        title="scores: class 1 minus class 0",
        xlabel="step",
        ylabel="difference",
        xlim=(0, 51),
        ylim=(-10, 10),
    )
    states.axhline(0, color=GREY, linewidth=1, linestyle=":")
    ones = figure.changing([states.plot([], [], color=BLUE, linewidth=0.8)[0] for _ in range(8)])
    others = figure.changing([states.plot([], [], "--", color=ORANGE, linewidth=0.8)[0] for _ in range(8)])
    for lines, label in ((ones, "first input 1"), (others, "first input −1")):
        lines[0].set_label(label)
    states.legend(loc="upper left", fontsize=9, frameon=False)

    def outputs(rnn_forward: Any, params: dict[str, Any], X: Any) -> Any:
        cache = rnn_forward(X, np.zeros((X.shape[1], UNITS)), params)
        shape = (len(X), X.shape[1], 2)
        return checked(rnn_forward, cache["Y"] if isinstance(cache, dict) and "Y" in cache else None, Y=shape)

    def shown(rnn_forward: Any, params: dict[str, Any], steps: int, start: int) -> float:
        """Draw what the network says about new sequences; give the share that it gets right."""
        X, g = latch_task(steps, NEW, np.random.default_rng(1000 + start))
        Y = outputs(rnn_forward, params, X)
        for lines, label in ((ones, 1), (others, 0)):
            for line, i in zip(lines, np.flatnonzero(g == label), strict=False):
                line.set_data(np.arange(1, steps + 1), Y[:, i, 1] - Y[:, i, 0])
        return float((Y[-1].argmax(axis=1) == g).mean())

    def update(
        rnn_forward: Any, bptt: Any, clip: Any, kind: str, optimiser: str, steps: int, start: int
    ) -> tuple[str, str]:
        share = shown(rnn_forward, parameters(kind, start)[0], steps, start)
        curve.set_data([0], [share])
        figure.facts(share=share)
        said = f"{kind} start, before training: {share:.0%} of new sequences of {steps} steps are right. Press Train."
        return (
            said,
            f"Left: share by update. Right: what the network says at every step of sixteen sequences. {said}",
        )

    def train(
        rnn_forward: Any, bptt: Any, clip: Any, kind: str, optimiser: str, steps: int, start: int
    ) -> Iterator[tuple[str, str]]:
        params, rng = parameters(kind, start)
        state = {name: (np.zeros(p.shape), np.zeros(p.shape), 0) for name, p in params.items()}
        at, shares = [0], [shown(rnn_forward, params, steps, start)]
        for n in range(1, UPDATES + 1):
            X, g = latch_task(steps, BATCH, rng)
            delta_y = np.zeros((steps, BATCH, 2))
            delta_y[-1] = categorical_nll_grad(outputs(rnn_forward, params, X)[-1], g)
            given = clip(bptt(X, np.zeros((BATCH, UNITS)), params, delta_y), 1.0)
            for name, p in params.items():
                gradient = given[name] if isinstance(given, dict) and name in given else None
                step = checked(clip, gradient, **{name: p.shape})
                if optimiser == "Adam":
                    params[name], state[name] = adam_step(p, step, state[name], lr=0.01)
                else:
                    params[name] = p - 0.1 * step
            if n % EVERY == 0:
                at.append(n)
                shares.append(shown(rnn_forward, params, steps, start))
                curve.set_data(at, shares)
                figure.facts(share=shares[-1])
                said = f"{kind} start, {optimiser}, {n} updates: {shares[-1]:.0%} of new sequences of {steps} steps are right."
                yield said, f"Left: share by update. Right: what the network says at every step. {said}"

    figure.handle("number of steps", states, x="steps", at=-9.0)
    figure.predict(
        "Plain descent, a Gaussian start of radius ½, sequences of ten steps. What does the network learn in 150 updates?",
        ("to be right always", "to be right in most cases", "nothing: it guesses"), "nothing: it guesses",
        "Of the gradient that belongs to the first step a thousandth arrives. Press Train; then take the orthogonal start.",
        kind="Gaussian", optimiser="plain descent", steps=10,
    )  # fmt: skip
    figure.goal("plain descent gets every new sequence right", lambda s: s.optimiser == OPTIMISERS[0] and s.share == 1,
                kind="orthogonal", press="Train")  # fmt: skip
    figure.goal("from the Gaussian start more than 9 of 10 sequences of 25 steps are right",
                lambda s: s.kind == "Gaussian" and s.steps == 25 and s.share > 0.9,
                optimiser="Adam", steps=25, press="Train")  # fmt: skip
    figure.mistakes("no_feedback", "outputs_from_pre_activations")  # those of bptt show in the training alone
    figure.run("Train", train, UPDATES // EVERY)
    return figure.live(
        update,
        rnn_forward,
        bptt,
        clip_by_global_norm,
        exercises=("rnn_forward", "bptt", "clip_by_global_norm"),
        kind=dropdown("start of W", STARTS, "Gaussian"),
        optimiser=dropdown("optimiser", OPTIMISERS, "plain descent"),
        steps=slider("steps T", 10, 5, 50, 5),
        start=slider("random start", 1, 0, 5),
    )
