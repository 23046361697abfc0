"""What a step of a figure costs the kernel: processor time, so that other work on the machine matters little.

    python tests/benchmarks/figure_step.py [--steps 200] [--profile]

No browser: the figure is told that the script of a page is there, moved as a slider moves it, and what it would send is
counted. *whole* is a step without that script: a PNG of the whole picture, as a page without our script gets it.
"""

import argparse
import asyncio
import cProfile
import pstats
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from fnnkit.figures import activation_explorer
from fnnkit.figures.ch1_xor import hand_made_xor
from fnnkit.xor import xor_network


def leaky(z: Any, alpha: float) -> Any:
    """The student's function."""
    return np.where(z > 0, z, alpha * z)


FIGURES: dict[str, tuple[Any, str, list[float]]] = {
    "activation explorer": (
        lambda: activation_explorer(leaky, unit="parametric relu"),
        "alpha",
        [0.26 + 0.01 * i for i in range(8)],
    ),
    "XOR surface": (lambda: hand_made_xor(xor_network), "w2", [-1.75 + 0.25 * i for i in range(8)]),
}


def ways(there: list[float]) -> Iterator[float]:
    """To and fro, for ever."""
    while True:
        yield from there
        yield from there[::-1]


async def measured(shown: Any, control: str, there: list[float], steps: int) -> tuple[float, float]:
    """Milliseconds of a step, the best of five batches, and kilobytes that it sends."""
    sent: list[int] = []
    send = shown.hands.send
    shown.hands.send = lambda told, buffers=None: sent.append(len(str(told)) + sum(map(len, buffers or [])))
    took, values = [], ways(there)
    for _ in range(5):
        begun = time.process_time()
        for _ in range(steps // 5):
            shown.controls[control].value = next(values)
        took.append((time.process_time() - begun) / (steps // 5))
    shown.hands.send = send
    return 1e3 * min(took), sum(sent) / 1e3 / len(sent) if sent else len(shown.picture.value) / 1e3


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=200, help="steps of each figure and way")
    parser.add_argument("--profile", action="store_true", help="print where the time of a painted step goes")
    options = parser.parse_args()
    for name, (make, control, there) in FIGURES.items():
        shown = make()
        for way in ("whole", "painted"):
            if way == "painted":
                shown.ask({"do": "here"})
            await measured(shown, control, there, 40)
            took, sent = await measured(shown, control, there, options.steps)
            print(f"{name:20} {way:8} {took:6.2f} ms {sent:7.1f} kB", flush=True)
        if options.profile:
            with cProfile.Profile() as profile:
                await measured(shown, control, there, options.steps)
            for order in ("tottime", "cumtime"):
                pstats.Stats(profile).sort_stats(order).print_stats(40)


if __name__ == "__main__":
    asyncio.run(main())
