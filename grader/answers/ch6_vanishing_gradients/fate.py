"""Correct answers to `fate`, each in a style of its own."""

import numpy as np


def fate_by_ranks(W):
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
    values, Q = np.linalg.eig(W)
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
    radius = np.abs(np.linalg.eigvals(W)).max()
    if abs(radius - 1) > 1e-9:
        return "vanishes" if radius < 1 else "explodes"
    power = np.array(W, dtype=float)
    for _ in range(15):
        power = power @ power
    return "explodes" if np.linalg.norm(power @ power) > 1.5 * np.linalg.norm(power) else "stays"


ANSWERS = [fate_by_ranks, fate_by_eigenvectors, fate_by_squaring]

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
