"""Criteria about calm and about extreme inputs, as several exercises of chapter 2 have them.

Where floating point matters, a criterion called "stable …" asks for right values *and* no warning on extreme inputs. The
textbook formula meets everything else: what numpy says on these inputs costs that criterion alone, and not the mark
for calm as well.
"""

from __future__ import annotations

from fnnkit.judge.criteria import agrees, both, calm, calm_outside, unwarned
from fnnkit.judge.exercise import Criterion

CALM = "inputs unchanged, no warning"


def stable(name: str, points: float, rtol: float = 1e-9, floor: float = 1e-12) -> Criterion:
    """Criterion about extreme inputs: right values, and no warning on the way to them."""
    # A claim: two answers of which one warns are told apart, although their values agree.
    return Criterion(name, points, both(agrees(rtol=rtol, floor=floor), unwarned), claim=True)


def calm_but(name: str) -> Criterion:
    """Criterion for calm on all inputs but the extreme ones."""
    return Criterion(CALM, 0.25, calm_outside(name), every=True, claim=True)


def ever_calm() -> Criterion:
    """Criterion for calm on all inputs."""
    return Criterion(CALM, 0.25, calm, every=True, claim=True)
