"""Record `fnnkit/data/depth.npz`: test errors by epoch of networks of five depths, five seeds each, on two tasks.

    python -m grader.authoring.films.does_depth_help

takes some minutes. For the spirals, what the networks of the first seed say on a grid of the plane is kept as well.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import fnnkit
from fnnkit.figures.ch4_universal_approximation.tasks import (
    DEPTHS,
    DIGITS,
    PLANE,
    SEEDS,
    SPIRALS,
    Task,
    plane,
)

PICTURES = 26
"""Pictures of each training, the start among them."""
PLACE = Path(fnnkit.__file__).parent / "data" / "depth.npz"


def epochs(task: Task) -> list[int]:
    """Epochs that become pictures."""
    return [round(task.epochs * i / (PICTURES - 1)) for i in range(PICTURES)]


def record() -> dict[str, Any]:
    """Train all networks, and keep what the film shows."""
    kept: dict[str, Any] = {}
    for task in (SPIRALS, DIGITS):
        errors = np.zeros((PICTURES, len(DEPTHS), SEEDS))
        planes = np.zeros((PICTURES, len(DEPTHS), len(PLANE)), bool)
        for i, depth in enumerate(DEPTHS):
            for seed in range(SEEDS):
                for epoch, error, net in task.train(depth, seed):
                    for picture in (p for p, e in enumerate(epochs(task)) if e == epoch):
                        errors[picture, i, seed] = error
                        if task is SPIRALS and seed == 0:
                            planes[picture, i] = plane(net) > 0
                print(f"{task.name}, depth {depth}, seed {seed}: test error {error:.2%}", flush=True)
        kept[f"{task.name}_errors"] = np.round(errors, 4).astype(np.float32)
        kept[f"{task.name}_epochs"] = np.array(epochs(task))
        if task is SPIRALS:
            kept["planes"] = np.packbits(planes, axis=-1)
    return kept


if __name__ == "__main__":
    np.savez_compressed(PLACE, **record())
    print(f"wrote {PLACE.name}: {PLACE.stat().st_size} bytes")
