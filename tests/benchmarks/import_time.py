"""Time of ``import fnnkit`` against ``import numpy``, in fresh interpreters.

    python tests/benchmarks/import_time.py [--repetitions 15]

Each repetition starts one interpreter a statement, in turn, and takes off what an interpreter needs that imports
nothing. It also prints which of the heavy packages each import loads: there should be none.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time

STATEMENTS = {
    "nothing": "pass",
    "numpy": "import numpy",
    "fnnkit": "import fnnkit",
    "fnnkit.network": "import fnnkit.network",
}
HEAVY = ("matplotlib", "scipy", "torch", "IPython", "ipywidgets", "pandas")
LOADED = f"import sys; print(*(name for name in {HEAVY!r} if name in sys.modules))"


def run(code: str) -> tuple[float, str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return time.perf_counter() - start, done.stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=15)
    repetitions = parser.parse_args().repetitions
    times: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for repetition in range(repetitions + 1):
        for name, statement in STATEMENTS.items():
            seconds, _ = run(statement)
            if repetition > 0:  # the first compiles and fills the file cache
                times[name].append(seconds)
    medians = {name: statistics.median(values) for name, values in times.items()}
    empty, numpy = medians["nothing"], medians["numpy"]
    print(
        f"import in a fresh interpreter, median of {repetitions}, an empty one ({1e3 * empty:.0f} ms) taken off"
    )
    for name, statement in list(STATEMENTS.items())[1:]:
        heavy = run(f"{statement}; {LOADED}")[1] or "none"
        own = medians[name] - empty
        print(
            f"  {name:15} {1e3 * own:6.1f} ms   {name} / numpy: {own / (numpy - empty):.2f}   heavy: {heavy}"
        )


if __name__ == "__main__":
    main()
