"""`principal_components`: centred points, projected on the directions in which they vary most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fnnkit import expressivity
from fnnkit.judge.compare import difference, show
from fnnkit.judge.criteria import UNUSUAL, calm, raised_problem
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception, Trial
from fnnkit.judge.verdict import Problem

VALUE = "the projection on the top directions"
ORDER = "the most variable first"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``principal_components(H, k)``: singular values a factor apart, so that each direction has one meaning.

    The mean is far from 0, along the least variable direction; columns have different scales.
    """

    def cloud(n: int, d: int) -> Any:
        r = min(n - 1, d)
        U = np.linalg.qr(rng.standard_normal((n, r)))[0]
        U = np.linalg.qr(U - U.mean(axis=0))[0]
        V = np.linalg.qr(rng.standard_normal((d, r)))[0]
        spread = 3.0 * np.sqrt(n) * 0.55 ** np.arange(r) * rng.uniform(0.9, 1.1)
        mean = 4.0 * V[:, -1] + rng.uniform(1.0, 2.0, d)
        return np.round(U * spread @ V.T + mean, 2)

    whole = 10 * cloud(6, 3)
    return [
        Case((cloud(8, 4), 2), VALUE),
        Case((cloud(5, 7), 3), VALUE, "more features than points"),
        Case((cloud(40, 5), 3), VALUE, "40 points"),
        Case((cloud(7, 3), 1), VALUE, "one direction"),
        Case((cloud(7, 4) + 40.0, 2), VALUE, "far on one side of 0"),
        Case((cloud(6, 4) - 40.0, 2), VALUE, "far on the other side of 0"),
        Case((cloud(9, 4), 3), ORDER),
        Case((cloud(6, 5), 2), ORDER),
        Case((np.round(whole).astype(int), 2), UNUSUAL, "whole numbers"),
        Case((cloud(6, 4).astype(np.float32), 2), UNUSUAL, "float32"),
    ]


def same_projection(trials: Sequence[Trial]) -> Problem | None:
    """Test that all inner products of the projected points are right, whatever the signs and the order of the columns."""
    for trial in trials:
        problem = _shape(trial)
        if problem:
            return problem
        want, have = (np.asarray(v, dtype=float) for v in (trial.expected.value, trial.given.value))
        eps = 1e-4 if np.asarray(trial.case.args[0]).dtype == np.float32 else 1e-8
        gap = np.abs(have @ have.T - want @ want.T)
        if not np.all(gap <= eps * np.abs(want @ want.T).max()):
            i = int(np.argmax(np.diag(np.where(np.isfinite(gap), gap, np.inf))))
            return Problem(
                "values",
                call=trial.written(),
                yours=show(have),
                expected=show(want),
                finding=f"point {i} lies at a distance of {np.linalg.norm(have[i]):.6g} from the origin, and should lie "
                f"at {np.linalg.norm(want[i]):.6g} (signs of columns are free)",
                step="Look at what is centred, at which directions are kept, and at what is multiplied by them: `(H "
                "- H.mean(axis=0)) @ directions`.",
            )
    return None


def largest_first(trials: Sequence[Trial]) -> Problem | None:
    """Test that columns come in the order of their spread."""
    problem = same_projection(trials)
    if problem:
        return problem
    for trial in trials:
        spread = np.linalg.norm(np.asarray(trial.given.value, dtype=float), axis=0)
        want = np.linalg.norm(trial.expected.value, axis=0)
        if not np.allclose(spread, want, rtol=1e-6):
            return Problem(
                "property",
                call=trial.written(),
                yours=f"lengths of the columns {show(spread)}",
                expected=show(want),
                step="`np.linalg.svd` gives the largest first, `np.linalg.eigh` the smallest: turn its columns round.",
            )
    return None


def _shape(trial: Trial) -> Problem | None:
    if trial.given.error:
        return raised_problem(trial, trial.given.error)
    problem = difference(trial.expected.value, trial.given.value)
    if problem and problem.kind != "values":
        return Problem(**{**problem.__dict__, "call": trial.written()})
    return None


def but_for_signs(have: Any, wrong: Any, right: Any) -> bool:
    """Whether two projections have the same columns, each with any sign."""
    have, wrong = (np.asarray(a, dtype=float) for a in (have, wrong))
    if have.ndim != 2 or have.shape != wrong.shape:
        return False
    off = np.minimum(np.abs(have - wrong).max(axis=0), np.abs(have + wrong).max(axis=0))
    return bool(np.all(off <= 1e-6 * np.abs(wrong).max()))


def not_centred(H, k):
    """The mean takes the place of the first direction."""
    return H @ np.linalg.svd(H, full_matrices=False)[2][:k].T


def centred_for_the_directions_only(H, k):
    """Right directions, but the points are not centred."""
    return H @ np.linalg.svd(H - H.mean(axis=0), full_matrices=False)[2][:k].T


def one_mean_for_all(H, k):
    """H.mean() without an axis."""
    C = H - H.mean()
    return C @ np.linalg.svd(C, full_matrices=False)[2][:k].T


def rows_centred(H, k):
    """The mean of each point."""
    C = H - H.mean(axis=1, keepdims=True)
    return C @ np.linalg.svd(C, full_matrices=False)[2][:k].T


def directions_returned(H, k):
    """Directions in the place of coordinates."""
    return np.linalg.svd(H - H.mean(axis=0), full_matrices=False)[2][:k].T


def whitened(H, k):
    """U without the singular values."""
    return np.linalg.svd(H - H.mean(axis=0), full_matrices=False)[0][:, :k]


def standardised(H, k):
    """Each column divided by its standard deviation."""
    C = (H - H.mean(axis=0)) / H.std(axis=0)
    return C @ np.linalg.svd(C, full_matrices=False)[2][:k].T


def smallest_directions(H, k):
    """The first columns of eigh."""
    C = H - H.mean(axis=0)
    return C @ np.linalg.eigh(C.T @ C)[1][:, :k]


def columns_of_vt(H, k):
    """svd gives the directions as rows of its third matrix."""
    C = H - H.mean(axis=0)
    V = np.linalg.svd(C)[2]
    return C @ V[:, :k]


def columns_of_the_reduced_vt(H, k):
    """The same with full_matrices=False: the third matrix need not be square."""
    C = H - H.mean(axis=0)
    V = np.linalg.svd(C, full_matrices=False)[2]
    return C @ V[:, :k]


def first_columns_of_the_points(H, k):
    """No directions at all."""
    return (H - H.mean(axis=0))[:, :k]


def smallest_of_the_top_first(H, k):
    """eigh's order is kept."""
    C = H - H.mean(axis=0)
    return C @ np.linalg.eigh(C.T @ C)[1][:, -k:]


def directions_of_the_uncentred_points(H, k):
    """Centred after the directions are found."""
    return (H - H.mean(axis=0)) @ np.linalg.svd(H, full_matrices=False)[2][:k].T


def spread_multiplied_twice(H, k):
    """Coordinates times singular values."""
    C = H - H.mean(axis=0)
    _, S, V = np.linalg.svd(C, full_matrices=False)
    return C @ V[:k].T * S[:k]


def spread_divided_away(H, k):
    """Each coordinate with the spread 1."""
    T = H - H.mean(axis=0)
    T = T @ np.linalg.svd(T, full_matrices=False)[2][:k].T
    return T / T.std(axis=0)


def columns_that_vary_most(H, k):
    """Features chosen, no directions."""
    C = H - H.mean(axis=0)
    return C[:, np.argsort(-C.var(axis=0))[:k]]


def projected_back(H, k):
    """In the coordinates of the features."""
    C = H - H.mean(axis=0)
    V = np.linalg.svd(C, full_matrices=False)[2][:k]
    return C @ V.T @ V


def all_directions(H, k):
    """k is not used."""
    C = H - H.mean(axis=0)
    return C @ np.linalg.svd(C, full_matrices=False)[2].T


def spreads_returned(H, k):
    """The singular values."""
    return np.linalg.svd(H - H.mean(axis=0), compute_uv=False)[:k]


def last_directions_of_the_svd(H, k):
    """The end of the list."""
    C = H - H.mean(axis=0)
    return C @ np.linalg.svd(C, full_matrices=False)[2][-k:].T


def median_subtracted(H, k):
    """Another middle."""
    C = H - np.median(H, axis=0)
    return C @ np.linalg.svd(C, full_matrices=False)[2][:k].T


def scaled_to_the_unit_interval(H, k):
    """Each column from 0 to 1."""
    C = (H - H.min(axis=0)) / (H.max(axis=0) - H.min(axis=0))
    C = C - C.mean(axis=0)
    return C @ np.linalg.svd(C, full_matrices=False)[2][:k].T


EXERCISE = Exercise(
    name="principal_components",
    chapter="ch4_universal_approximation",
    reference=expressivity.principal_components,
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.75, same_projection),
        Criterion(ORDER, 0.25, largest_first),
        Criterion(UNUSUAL, 0.25, same_projection),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            not_centred,
            "the points were not centred, so that the first direction points to their mean. Subtract `H.mean(axis=0)` first.",
        ),
        Misconception(
            centred_for_the_directions_only,
            "the directions are right, but the points that are projected on them are not centred. Project `H - H.mean(axis=0)`.",
        ),
        Misconception(
            one_mean_for_all,
            "one number was subtracted everywhere. Each column has a mean of its own, over the points: `axis=0`.",
        ),
        Misconception(
            rows_centred,
            "the mean of each *row* was subtracted. Rows are points; the mean over the points is `axis=0`.",
        ),
        Misconception(
            directions_returned,
            "these are the directions. The coordinates of the points along them are asked for: centred points times directions.",
        ),
        Misconception(
            whitened,
            "all columns have length 1: the singular values are missing. `U[:, :k] * S[:k]`, or centred points times directions.",
        ),
        Misconception(
            standardised,
            "the columns were divided by their standard deviations. That changes which directions vary most: centre only.",
        ),
        Misconception(
            smallest_directions,
            "these are the directions of *least* variation, the least first: `np.linalg.eigh` gives the smallest "
            "eigenvalues first. The largest ones are wanted.",
        ),
        Misconception(
            columns_of_vt,
            "the directions are the *rows* of the third matrix that `np.linalg.svd` gives: `Vt[:k].T`.",
        ),
        Misconception(
            columns_of_the_reduced_vt,
            "the directions are the *rows* of the third matrix that `np.linalg.svd` gives: `Vt[:k].T`. Its columns need not "
            "even have as many entries as a point.",
        ),
        Misconception(
            first_columns_of_the_points,
            "the first k columns were taken. Directions of largest variation are combinations of all columns.",
        ),
        Misconception(
            smallest_of_the_top_first,
            "the right directions, in the wrong order: the most variable comes first. (`np.linalg.eigh` gives the "
            "smallest first.)",
        ),
        Misconception(
            directions_of_the_uncentred_points,
            "the points are centred in the projection, but the directions are those of the points as they come: "
            "the first one leads to their mean. Centre before the decomposition.",
        ),
        Misconception(
            spread_multiplied_twice,
            "the singular values are in it twice: centred points times directions hold them already. Either "
            "that, or `U[:, :k] * S[:k]`.",
        ),
        Misconception(
            spread_divided_away,
            "each column was divided by its standard deviation after the projection. The coordinates keep their "
            "spread.",
        ),
        Misconception(
            columns_that_vary_most,
            "the k features with the largest variance were chosen. Directions of largest variation are "
            "combinations of all columns.",
        ),
        Misconception(
            projected_back,
            "the points were put back into the space of the features. The k coordinates along the directions are "
            "asked for, shape (n, k).",
        ),
        Misconception(
            all_directions,
            "all directions are kept: `k` is not used.",
        ),
        Misconception(
            spreads_returned,
            "these are the singular values, how much the points vary along each direction. The coordinates of "
            "the points are asked for.",
        ),
        Misconception(
            last_directions_of_the_svd,
            "the last k directions were taken. `np.linalg.svd` gives the most variable first.",
        ),
        Misconception(
            median_subtracted,
            "the median was subtracted. Centred means that the *mean* of each column is 0.",
        ),
        Misconception(
            scaled_to_the_unit_interval,
            "the columns were scaled to [0, 1]. That changes which directions vary most: centre only.",
        ),
    ),
    alike=but_for_signs,
    minutes=10,
    difficulty=2,
    core=False,
)
