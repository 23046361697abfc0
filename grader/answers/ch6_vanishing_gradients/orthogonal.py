"""Correct answers to `orthogonal`, each in a style of its own."""

import numpy as np


def orthogonal_where(A):
    Q, R = np.linalg.qr(A)
    return Q * np.where(np.diag(R) < 0, -1, 1)


def orthogonal_loop(A):
    Q, R = np.linalg.qr(A)
    Q = Q.copy()
    for j in range(len(A)):
        if R[j, j] < 0:
            Q[:, j] = -Q[:, j]
    return Q


def orthogonal_sign_repaired(A):
    Q, R = np.linalg.qr(A)
    signs = np.sign(np.diag(R))
    signs[signs == 0] = 1
    return Q @ np.diag(signs)


def orthogonal_gram_schmidt(A):
    n = len(A)
    columns = []
    for candidate in [*np.array(A, dtype=float).T]:
        rest = candidate.copy()
        for _ in range(2):
            for q in columns:
                rest -= (q @ rest) * q
        if np.linalg.norm(rest) < 1e-10:
            columns.append(None)
        else:
            columns.append(rest / np.linalg.norm(rest))
        columns = [np.zeros(n) if q is None else q for q in columns]
    # a column that depends on the others: any direction that is still free
    for j in range(n):
        if not columns[j].any():
            others = np.array([q for i, q in enumerate(columns) if i != j])
            columns[j] = np.linalg.svd(others)[2][-1]
    return np.array(columns).T


ANSWERS = [orthogonal_where, orthogonal_loop, orthogonal_sign_repaired, orthogonal_gram_schmidt]

EQUIVALENT_MUTANTS = {
    "np.diag(R) < 0: Lt -> LtE": "where R has a zero both signs of the column are right",
    "Q * sign + 0.0: Add -> Sub": "it only turns -0.0 into 0.0",
    "Q * sign + 0.0: right operand of Add left out": "it only turns -0.0 into 0.0",
    "Q * sign: Mult -> Div": "1 and -1 are their own inverses",
}
