"""Correct answers to `fate`, each in a style of its own."""

import numpy as np


def fate_by_ranks(W):
    W = np.array(W, dtype=float)
    values = np.linalg.eigvals(W)
    radius = np.abs(values).max()
    if radius < 1 - 1e-9:
        return "vanishes"
    if radius > 1 + 1e-9:
        return "explodes"
    for value in values[np.abs(values) > 1 - 1e-9]:
        times = (np.abs(values - value) < 1e-4).sum()
        eigenvectors = len(W) - np.linalg.matrix_rank(W - value * np.eye(len(W)), tol=1e-6)
        if eigenvectors < times:
            return "explodes"
    return "stays"


def fate_by_eigenvectors(W):
    values, Q = np.linalg.eig(W.astype(float))
    moduli = abs(values)
    if max(moduli) < 1 - 1e-9:
        answer = "vanishes"
    elif max(moduli) > 1 + 1e-9:
        answer = "explodes"
    else:
        outer = Q[:, moduli >= 1 - 1e-9]
        answer = "explodes" if np.linalg.cond(outer) > 1e7 else "stays"
    return answer


def fate_by_squaring(W):
    # at radius 1 the powers of a Jordan block double with each squaring, those of a rotation do not
    power = np.array(W, dtype=float)
    radius = np.abs(np.linalg.eigvals(power)).max()
    if abs(radius - 1) > 1e-9:
        return "vanishes" if radius < 1 else "explodes"
    for _ in range(15):
        power = power @ power
    return "explodes" if np.linalg.norm(power @ power) > 1.5 * np.linalg.norm(power) else "stays"


def fate_by_the_smallest_singular_value(W):
    values, vectors = np.linalg.eig(np.asarray(W, dtype=np.float64))
    radius = max(abs(value) for value in values)
    if radius - 1 > 1e-9:
        return "explodes"
    if radius - 1 < -1e-9:
        return "vanishes"
    outer = [i for i, value in enumerate(values) if abs(abs(value) - 1) < 1e-8]
    sizes = np.linalg.svd(vectors[:, outer], compute_uv=False)
    return "stays" if sizes[-1] >= 1e-7 * sizes[0] else "explodes"


ANSWERS = [fate_by_ranks, fate_by_eigenvectors, fate_by_squaring, fate_by_the_smallest_singular_value]

_STRICT = "no modulus lies within a rounding error of the threshold"
EQUIVALENT_MUTANTS = {
    "radius < 1 - 1e-09: Lt -> LtE": _STRICT,
    "radius > 1 + 1e-09: Gt -> GtE": _STRICT,
    "np.abs(eigenvalues) >= 1 - 1e-09: GtE -> Gt": _STRICT,
    "1 - 1e-09: right operand of Sub left out #2": "an eigenvalue of modulus 1 that rounding puts below it has a twin above",
    "np.abs(eigenvalues - eigenvalues[i]) < 0.0001: Lt -> LtE": "no two eigenvalues are 1e-4 apart",
    "0.0001: 0.0001 -> 1.0001": "eigenvectors of different eigenvalues are independent, however near these are",
    "np.linalg.norm(V[:, i] - V[:, near] @ weights) < DEFECTIVE: Lt -> LtE": "no distance equals the threshold",
}
