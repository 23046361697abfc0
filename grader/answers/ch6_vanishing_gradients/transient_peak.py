"""Correct answers to `transient_peak`, each in a style of its own."""

import numpy as np


def transient_peak_list(W, K):
    W = W.astype(float)
    norms = [np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in range(K + 1)]
    return max(norms), int(np.argmax(norms))


def transient_peak_running(W, K):
    power = np.eye(len(W))
    peak, when = 1.0, 0
    for k in range(1, K + 1):
        power = power @ W
        size = np.linalg.svd(power, compute_uv=False)[0]
        if size > peak:
            peak, when = size, k
    return peak, when


def transient_peak_eigenvalues_of_the_product(W, K):
    powers = [np.eye(W.shape[0])]
    while len(powers) <= K:
        powers.append(W @ powers[-1])
    norms = np.array([np.sqrt(np.linalg.eigvalsh(P.T @ P)[-1]) for P in powers])
    norms = np.round(norms, 12)
    return norms.max(), np.flatnonzero(norms == norms.max())[0]


ANSWERS = [transient_peak_list, transient_peak_running, transient_peak_eigenvalues_of_the_product]

_MARGIN = "the margin is for ties up to rounding, and the cases have exact ties or none"
EQUIVALENT_MUTANTS = {
    "norms >= norms.max() * (1 - 1e-12): GtE -> Gt": _MARGIN,
    "norms.max() * (1 - 1e-12): right operand of Mult left out": _MARGIN,
    "1 - 1e-12: right operand of Sub left out": _MARGIN,
}
