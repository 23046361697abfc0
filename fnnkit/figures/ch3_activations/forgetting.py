"""Catastrophic forgetting: one task, then another, and what is left of the first (chapter 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from fnnkit.arguments import Float
from fnnkit.datasets import digits
from fnnkit.figures.engine.live import BLUE, GREY, ORANGE, LiveFigure, Shown, checked, in_own_style, slider
from fnnkit.figures.engine.recording import recorded

EPOCHS, BATCH, RATE = 10, 32, 0.1
RELUS, MAXOUT_UNITS, PIECES = 60, 32, 2
SEEDS = (1, 2, 3, 4, 5)
TASKS = ("other order", "other digits")
LOOK = {"ReLU": (BLUE, "o", "-"), "maxout": (ORANGE, "s", "--")}


class Task(NamedTuple):
    """Images and labels, to learn from and to test on."""

    X: Float
    g: Any
    X_test: Float
    g_test: Any


def two_tasks(second: str, rng: np.random.Generator) -> tuple[Task, Task]:
    """Tasks A and B: the digits and the digits with their pixels in another order, or the digits 0 to 4 and 5 to 9."""
    data = digits()
    if second == "other order":
        order = rng.permutation(data.X_train.shape[1])
        return Task(*data), Task(data.X_train[:, order], data.g_train, data.X_test[:, order], data.g_test)
    low, low_test = data.g_train < 5, data.g_test < 5
    return (
        Task(data.X_train[low], data.g_train[low], data.X_test[low_test], data.g_test[low_test]),
        Task(data.X_train[~low], data.g_train[~low], data.X_test[~low_test], data.g_test[~low_test]),
    )


class Learner:
    """One hidden layer, ten scores, stochastic gradient descent on the negative log-likelihood.

    Parameters
    ----------
    units, pieces : int
        Hidden units, and affine maps a unit.
    value, slope : callable
        ``value(Z)`` gives the activations, and ``slope(Z, upstream)`` the gradient of ``Z``.
    softmax : callable
        Gives the probabilities.
    rng : numpy.random.Generator
        Source of the initial weights and of the order of the examples.
    """

    def __init__(
        self,
        units: int,
        pieces: int,
        value: Callable[[Float], Float],
        slope: Callable[[Float, Float], Float],
        softmax: Callable[[Float], Float],
        rng: np.random.Generator,
    ) -> None:
        self.value, self.slope, self.softmax, self.rng = value, slope, softmax, rng
        # He's rule for rectifiers; a maxout unit is active everywhere, so its pieces need no factor 2.
        spread = np.sqrt((2.0 if pieces == 1 else 1.0) / 64)
        self.W, self.c = rng.normal(0.0, spread, (64, units * pieces)), np.zeros(units * pieces)
        self.U, self.d = rng.normal(0.0, np.sqrt(1.0 / units), (units, 10)), np.zeros(10)

    @property
    def size(self) -> int:
        """Number of parameters."""
        return self.W.size + self.c.size + self.U.size + self.d.size

    def accuracy(self, X: Float, g: Any) -> float:
        """Share of images that are read rightly."""
        scores = self.value(X @ self.W + self.c) @ self.U + self.d
        return float((scores.argmax(axis=1) == g).mean())

    def epoch(self, X: Float, g: Any) -> None:
        """Pass once over the data."""
        order = self.rng.permutation(len(X))
        for first in range(0, len(X), BATCH):
            batch = order[first : first + BATCH]
            x, label = X[batch], g[batch]
            Z = x @ self.W + self.c
            H = self.value(Z)
            delta = self.softmax(H @ self.U + self.d)
            delta[np.arange(len(batch)), label] -= 1.0
            delta /= len(batch)
            upstream = delta @ self.U.T
            self.U -= RATE * H.T @ delta
            self.d -= RATE * delta.sum(axis=0)
            dZ = self.slope(Z, upstream)
            self.W -= RATE * x.T @ dZ
            self.c -= RATE * dZ.sum(axis=0)


def learners(
    relu_grad: Any, maxout: Any, maxout_grad: Any, relu: Any, softmax: Any, seed: int
) -> dict[str, Learner]:
    """Two networks of as good as equally many parameters, run by the student's functions."""

    def relu_value(Z: Float) -> Float:
        value: Float = checked(relu, relu(Z), H=Z.shape)
        return value

    def probabilities(scores: Float) -> Float:
        shares: Float = checked(softmax, softmax(scores), P=scores.shape)
        return shares

    def relu_slope(Z: Float, upstream: Float) -> Float:
        slope: Float = upstream * checked(relu_grad, relu_grad(Z), slope=Z.shape)
        return slope

    def maxout_value(Z: Float) -> Float:
        value: Float = checked(maxout, maxout(Z, PIECES), H=(len(Z), Z.shape[1] // PIECES))
        return value

    def maxout_slope(Z: Float, upstream: Float) -> Float:
        slope: Float = checked(maxout_grad, maxout_grad(Z, PIECES, upstream), gradient=Z.shape)
        return slope

    return {
        "ReLU": Learner(RELUS, 1, relu_value, relu_slope, probabilities, np.random.default_rng([seed, 1])),
        "maxout": Learner(
            MAXOUT_UNITS, PIECES, maxout_value, maxout_slope, probabilities, np.random.default_rng([seed, 1])
        ),
    }


def record(
    relu_grad: Any, maxout: Any, maxout_grad: Any, relu: Any, softmax: Any, seeds: Sequence[int], second: str
) -> Iterator[dict[str, Float]]:
    """Train all networks epoch by epoch, first on A and then on B.

    Yields
    ------
    dict of str to ndarray, shape (epochs so far + 1, seeds, 2)
        Accuracy on the test images of A and of B after each epoch, for each kind of unit; the first before any.
    """
    tasks = [two_tasks(second, np.random.default_rng([seed, 0])) for seed in seeds]
    networks = [learners(relu_grad, maxout, maxout_grad, relu, softmax, seed) for seed in seeds]
    found: dict[str, list[Any]] = {name: [] for name in LOOK}
    for epoch in range(2 * EPOCHS + 1):
        for name, rows in found.items():
            if epoch:
                for pair, network in zip(tasks, networks, strict=True):
                    now = pair[0 if epoch <= EPOCHS else 1]
                    network[name].epoch(now.X, now.g)
            rows.append(
                [
                    [network[name].accuracy(t.X_test, t.g_test) for t in pair]
                    for pair, network in zip(tasks, networks, strict=True)
                ]
            )
        yield {name: np.array(rows) for name, rows in found.items()}


@in_own_style
def forgetting(
    relu_grad: Callable[..., Any],
    maxout: Callable[..., Any],
    maxout_grad: Callable[..., Any],
    seeds: Sequence[int] = SEEDS,
    second: str = "other order",
) -> Shown:
    """Train on task A, then on task B, with ReLUs and with maxout units run by your own functions.

    Parameters
    ----------
    relu_grad, maxout, maxout_grad : callable
        Yours, as in the exercises.
    seeds : sequence of int
        Each makes other initial weights, another order of the examples and another second task.
    second : {"other order", "other digits"}
        Task B: the digits with their pixels in another order; or the digits 5 to 9, after 0 to 4.

    Returns
    -------
    Shown
        To be the last line of a cell; it opens after the last epoch, and its ``said`` tells seed by seed what came out.

    Raises
    ------
    ValueError
        If there is no such second task, or no seed.

    References
    ----------
    Slide "Maxout Unit" ("catastrophic forgetting"); Goodfellow, Mirza, Xiao, Courville, Bengio (2014), "An empirical
    investigation of catastrophic forgetting in gradient-based neural networks", sections 3 and 4.
    """
    if second not in TASKS:
        raise ValueError(f"second should be one of {', '.join(map(repr, TASKS))}, but it is {second!r}")
    seeds = tuple(seeds)
    if not seeds:
        raise ValueError("seeds should hold at least one whole number, but it is empty")
    figure = LiveFigure(9.6, 4.2)
    relu, softmax = figure.mine("relu", "softmax")
    panels = figure.figure.subplots(1, 2, sharey=True)
    lines: dict[str, list[Any]] = {}
    kept, at = {}, []
    for index, (axes, task) in enumerate(zip(panels, "AB", strict=True)):
        axes.set(
            title=f"task {task}",
            xlabel="epochs",
            xlim=(-0.4, 2 * EPOCHS + 0.4),
            ylim=(-0.02, 1.04),
            xticks=range(0, 2 * EPOCHS + 1, 5),
        )
        axes.grid(color="#dddddd", linewidth=0.6)
        axes.axvline(EPOCHS, color="black", linewidth=1, linestyle=":")
        axes.text(EPOCHS / 2, 0.32, "trained on A", ha="center", fontsize=9)
        axes.text(1.5 * EPOCHS, 0.32, "trained on B", ha="center", fontsize=9)
        at += figure.changing(axes.plot([], [], color=GREY, linewidth=1))
        for name, (colour, marker, style) in LOOK.items():
            thin = [
                axes.plot([], [], color=colour, linewidth=0.7, alpha=0.5, linestyle=style)[0] for _ in seeds
            ]
            (mean,) = axes.plot(
                [], [], color=colour, linewidth=2.2, linestyle=style, marker=marker, markersize=5, label=name
            )
            lines[f"{name} {index}"] = figure.changing([*thin, mean])
            if index == 0:
                kept[name] = figure.changing(
                    axes.text(0, 0, "", color=colour, fontsize=10, ha="right", weight="bold")
                )
    panels[0].set_ylabel("share of test images read rightly")
    handles = [lines[f"{name} 0"][-1] for name in LOOK]
    figure.figure.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=9, frameon=False)
    found: dict[tuple[Any, ...], dict[str, Float]] = {}

    def update(relu_grad: Any, maxout: Any, maxout_grad: Any, epoch: int) -> str:
        key = relu_grad, maxout, maxout_grad
        if key not in found:
            # The student's functions with every seed; a known mistake, which is shown beside, with the first one alone.
            some = seeds if not found else seeds[:1]
            states = record(*key, relu, softmax, some, second)
            found[key] = recorded(states, "training on A, then on B", 2 * EPOCHS + 1)[-1]
        state = {name: accuracy[: epoch + 1] for name, accuracy in found[key].items()}
        for name, accuracy in state.items():
            for index in (0, 1):
                *thin, mean = lines[f"{name} {index}"]
                for line in thin:
                    line.set_data([], [])
                for line, values in zip(thin, accuracy[:, :, index].T, strict=False):
                    line.set_data(np.arange(epoch + 1), values)
                mean.set_data(np.arange(epoch + 1), accuracy[:, :, index].mean(axis=1))
        left = {name: float(accuracy[-1, :, 0].mean()) for name, accuracy in state.items()}
        higher = max(left, key=lambda name: left[name])
        for name, text in kept.items():
            text.set_text(f"{left[name]:.0%}" if epoch > EPOCHS else "")
            text.set_position(
                (epoch + (0.2 if epoch > 17 else 0.5), left[name] + (0.04 if name == higher else -0.08))
            )
            text.set_ha("right" if epoch > 17 else "left")
        for line in at:
            line.set_data([epoch, epoch], [-0.02, 1.04])
        along = found[key]["ReLU"][:, :, 0].mean(axis=1)
        figure.facts(left=float(along[epoch] / along[EPOCHS]))
        return in_words(state, seeds[: state["ReLU"].shape[1]])

    for axes, task in zip(panels, "AB", strict=True):
        figure.handle(f"epoch that is read, task {task}", axes, x="epoch", at=0.04)
        figure.press(axes, lambda x, y, v: {"epoch": x})
    figure.predict(
        "A network reads digits, then learns a second task: here, "
        + ("the digits with their pixels in another order." if second == "other order" else "other digits.")
        + " How much of the first one is left?",
        ("nearly all", "about two thirds", "next to nothing"),
        "about two thirds" if second == "other order" else "next to nothing",
        "Nothing keeps the weights where the first task needs them: what the second one does not use stays by luck.",
    )  # fmt: skip
    if second == "other order":
        figure.goal("an epoch after which the ReLUs have lost a tenth to a quarter of task A",
                    lambda s: s.epoch > EPOCHS and 0.75 < s.left < 0.9, epoch=EPOCHS + 2)  # fmt: skip
    else:
        figure.goal("an epoch after which the ReLUs still have a tenth of task A",
                    lambda s: s.epoch > EPOCHS and s.left > 0.1, epoch=EPOCHS + 1)  # fmt: skip
    figure.goal("the state before any training", lambda s: s.epoch == 0, epoch=0)
    figure.mistakes("relu_itself", "mean_of_group", "every_member")
    figure.play("epoch", rate=4.0)
    return figure.live(
        update, relu_grad, maxout, maxout_grad, exercises=("relu_grad", "maxout", "maxout_grad"),
        epoch=slider("epoch", 2 * EPOCHS, 0, 2 * EPOCHS),
    )  # fmt: skip


def in_words(state: dict[str, Float], seeds: Sequence[int]) -> str:
    """What a picture shows: means, and at the end every seed and whichever wins."""
    epoch = len(state["ReLU"]) - 1
    now = {name: accuracy[-1] for name, accuracy in state.items()}
    if epoch < 2 * EPOCHS:
        doing = (
            "before training" if epoch == 0 else f"epoch {epoch}, on task {'A' if epoch <= EPOCHS else 'B'}"
        )
        means = "; ".join(
            f"{name} {a[:, 0].mean():.0%} on A, {a[:, 1].mean():.0%} on B" for name, a in now.items()
        )
        return f"Mean of {len(seeds)} seeds, {doing}: {means}."
    learned = "; ".join(
        f"{name} {state[name][EPOCHS, :, 0].mean():.0%} on A at first, {now[name][:, 1].mean():.0%} on B at the end"
        for name in LOOK
    )
    kept = "; ".join(
        f"{name} {a[:, 0].mean():.0%} (seeds {', '.join(map(str, seeds))}: {', '.join(f'{v:.0%}' for v in a[:, 0])})"
        for name, a in now.items()
    )
    more = int((now["maxout"][:, 0] > now["ReLU"][:, 0]).sum())
    less = int((now["maxout"][:, 0] < now["ReLU"][:, 0]).sum())
    # A line each where it is printed; on the page they follow one another.
    return (
        f"Learned: {learned}.\nLeft of A after B: {kept}.\nMaxout kept more in {more} of {len(seeds)} seeds, and less "
        f"in {less}."
    )
