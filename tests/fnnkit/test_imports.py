"""The reference stands on numpy alone, so that it loads fast and can be read without knowing a framework."""

import json
import pkgutil
import subprocess
import sys

import fnnkit

HEAVY = {
    "matplotlib",
    "ipywidgets",
    "IPython",
    "scipy",
    "torch",
    "sklearn",
    "nbgrader",
    "jupyter_client",
    "grader",
}
REFERENCE = sorted(m.name for m in pkgutil.iter_modules(fnnkit.__path__) if not m.ispkg)


def loaded_by(*modules):
    code = f"import json, sys, {', '.join(modules)}; print(json.dumps(sorted({{m.split('.')[0] for m in sys.modules}})))"
    return set(
        json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
    )


def test_the_reference_loads_numpy_and_the_standard_library_alone():
    assert len(REFERENCE) > 15
    loaded = loaded_by(*(f"fnnkit.{name}" for name in REFERENCE))
    assert "numpy" in loaded
    assert not loaded & HEAVY


def test_the_package_itself_loads_nothing_heavier_than_numpy():
    assert not loaded_by("fnnkit") & HEAVY


def test_exercises_are_judged_without_matplotlib():
    assert not loaded_by("fnnkit.exercises", "fnnkit.exercises.ch1_xor") & (HEAVY - {"IPython"})
