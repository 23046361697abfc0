"""The same seed draws the same calls everywhere: the grader draws them once to ask, and the judge once more to compare."""

import os
import pickle
import platform
import subprocess
import sys

import numpy as np
import pytest

DRAWN = """
import pickle, sys, numpy as np
from fnnkit.judge.registry import chapter_ids, exercises
from fnnkit.kernel.wire import encode
found = {}
for e in (e for chapter in chapter_ids() for e in exercises(chapter)):
    for seed in range(4):
        for i, case in enumerate(e.cases(np.random.default_rng(seed))):
            text, parts = encode(case.args)
            found[e.name, seed, i] = (case.criterion, case.why, text), [bytes(part) for part in parts]
sys.stdout.buffer.write(pickle.dumps(found))
"""


def drawn(**variables):
    """All calls as a process with these variables draws them: what is said of each, and the bytes of its arrays."""
    done = subprocess.run(
        [sys.executable, "-c", DRAWN], env=os.environ | variables, capture_output=True, check=True
    )
    return pickle.loads(done.stdout)  # noqa: S301  # our own process


@pytest.mark.skipif(
    platform.machine() != "x86_64", reason="the variables choose among instructions of x86-64"
)
@pytest.mark.parametrize("core", ["", "Sandybridge", "Prescott"])
def test_neither_rounding_nor_hashing_decides_what_is_drawn(core):
    usual = drawn(OPENBLAS_CORETYPE="Haswell", PYTHONHASHSEED="1")
    plain = {"NPY_DISABLE_CPU_FEATURES": " ".join(sorted(chosen_here()))} if core else {}
    other = drawn(
        OPENBLAS_CORETYPE=core, PYTHONHASHSEED="2", **plain
    )  # without a name: whatever suits the processor
    assert list(other) == list(usual)
    for key, (said, parts) in usual.items():
        assert other[key][0] == said, key
        for a, b in zip(parts, other[key][1], strict=True):
            if a != b:  # a logarithm may have another last bit
                np.testing.assert_allclose(np.frombuffer(b), np.frombuffer(a), rtol=1e-14, err_msg=str(key))


def chosen_here():
    """Instructions that numpy would use here beyond those that any such processor has."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    return {name for name in __cpu_dispatch__ if __cpu_features__[name]}
