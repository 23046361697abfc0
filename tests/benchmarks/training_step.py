"""Time of one training step against PyTorch (eager, CPU), scikit-learn and the bare matrix products.

    python tests/benchmarks/training_step.py [--threads 1] [--repetitions 15]

Every contender starts from the same weights and gets the same minibatch in float64; the losses of the first step are
compared before anything is timed. Each step is forward, backward and one update of plain gradient descent.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from timing import interleaved, table

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--repetitions", type=int, default=15)
options = parser.parse_args()
for library in ("OMP", "OPENBLAS", "MKL"):  # read when numpy and torch are loaded
    os.environ[f"{library}_NUM_THREADS"] = str(options.threads)

import numpy as np  # noqa: E402
import torch  # noqa: E402
from sklearn.neural_network import MLPClassifier  # noqa: E402

from fnnkit.network import Network, mlp  # noqa: E402
from fnnkit.optim import SGD  # noqa: E402

torch.set_num_threads(options.threads)
RATE = 1e-6  # small, so that a thousand steps later every contender still works on the same numbers


def ours(network: Network, X: np.ndarray, g: np.ndarray) -> Callable[[], float]:
    optimiser = SGD()
    optimiser.start(network.theta.size)
    return lambda: network.step(X, g, optimiser, RATE)


def pytorch(network: Network, X: np.ndarray, g: np.ndarray) -> Callable[[], float]:
    modules: list[torch.nn.Module] = []
    for i, p in enumerate(network.parameters):
        linear = torch.nn.Linear(*p["W"].shape, dtype=torch.float64)
        linear.weight.data = torch.tensor(p["W"].T.copy())
        linear.bias.data = torch.tensor(p["c"])
        modules += [linear] if i == 0 else [torch.nn.ReLU(), linear]
    model, inputs = torch.nn.Sequential(*modules), torch.tensor(X)
    optimiser = torch.optim.SGD(model.parameters(), lr=RATE)
    binary = network.layers[-1].n_out == 1
    loss_of = torch.nn.BCEWithLogitsLoss() if binary else torch.nn.CrossEntropyLoss()
    target = torch.tensor(g[:, None], dtype=torch.float64) if binary else torch.tensor(g)

    def step() -> float:
        optimiser.zero_grad()
        loss = loss_of(model(inputs), target)
        loss.backward()
        optimiser.step()
        return loss.item()

    return step


def scikit_learn(network: Network, X: np.ndarray, g: np.ndarray) -> Callable[[], float]:
    hidden = tuple(layer.n_out for layer in network.layers[:-1])
    model = MLPClassifier(
        hidden, solver="sgd", alpha=0.0, momentum=0.0, nesterovs_momentum=False, learning_rate_init=RATE
    )
    K = max(network.layers[-1].n_out, 2)
    model.partial_fit(X[: len(g)], g, classes=np.arange(K))  # builds weights and optimiser
    for mine, theirs, bias in zip(network.parameters, model.coefs_, model.intercepts_, strict=True):
        theirs[:], bias[:] = mine["W"], mine["c"]
    target = model._label_binarizer.transform(g).astype(np.float64)
    widths = [X.shape[1], *hidden, target.shape[1]]
    # The inner loop of MLPClassifier._fit_stochastic, with its buffers.
    activations = [X] + [np.empty((len(X), width)) for width in widths[1:]]
    deltas = [np.empty_like(a) for a in activations[1:]]
    coef_grads = [np.empty_like(c) for c in model.coefs_]
    intercept_grads = [np.empty_like(c) for c in model.intercepts_]
    params = model.coefs_ + model.intercepts_

    def step() -> float:
        loss, dW, dc = model._backprop(X, target, None, activations, deltas, coef_grads, intercept_grads)
        model._optimizer.update_params(params, dW + dc)
        return float(loss)

    return step


def matrix_products(network: Network, X: np.ndarray, g: np.ndarray) -> Callable[[], float]:
    """Every product that a step cannot do without, into memory that is there already."""
    W = [p["W"] for p in network.parameters]
    H = [X] + [np.random.default_rng(0).normal(size=(len(X), w.shape[1])) for w in W]
    Z, delta, dW = ([np.empty_like(a) for a in arrays] for arrays in (H, H, W))

    def step() -> float:
        for i, w in enumerate(W):
            np.matmul(H[i], w, out=Z[i + 1])
        for i in reversed(range(len(W))):
            np.matmul(H[i].T, H[i + 1], out=dW[i])
            if i > 0:
                np.matmul(H[i + 1], W[i].T, out=delta[i])
        return float("nan")

    return step


def main() -> None:
    rng = np.random.default_rng(0)
    print(f"one training step, {options.threads} thread(s), float64; median of interleaved repetitions")
    print(f"python {sys.version.split()[0]}, numpy {np.__version__}, torch {torch.__version__}")
    for widths, batch, steps in (
        ([2, 8, 1], 4, 300),
        ([64, 128, 10], 32, 100),
        ([784, 1024, 1024, 10], 256, 2),
    ):
        X, g = rng.normal(size=(batch, widths[0])), rng.integers(0, max(widths[-1], 2), size=batch)
        g[:2] = 0, 1
        network = mlp(widths, "relu", "bernoulli" if widths[-1] == 1 else "multinoulli")
        contenders = {
            make.__name__.replace("_", " "): make(network, X, g)
            for make in (pytorch, scikit_learn, matrix_products, ours)
        }
        losses = [step() for name, step in contenders.items() if name != "matrix products"]
        assert np.allclose(losses, losses[0], rtol=1e-5), losses
        medians = interleaved(contenders, options.repetitions, steps)
        print(f"\n{'-'.join(map(str, widths))}, batch {batch}")
        print(table(medians, of="ours"))


if __name__ == "__main__":
    main()
