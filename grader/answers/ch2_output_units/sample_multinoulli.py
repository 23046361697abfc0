"""Correct answers to `sample_multinoulli`, each in a style of its own."""

import numpy as np


def sample_multinoulli_searchsorted(p, u):
    return np.minimum(np.searchsorted(np.cumsum(p), u, side="right"), np.flatnonzero(p > 0).max())


def sample_multinoulli_counted(p, u):
    steps = np.cumsum(p)
    passed = (u[..., None] >= steps).sum(axis=-1)
    return np.where(passed < len(p), passed, np.nonzero(p)[0][-1])


def sample_multinoulli_loop(p, u):
    out = np.zeros(u.shape, dtype=int)
    for index, value in np.ndenumerate(u):
        total = 0.0
        for i, q in enumerate(p):
            total += float(q)
            if q > 0:
                out[index] = i
            if value < total:
                break
    return out


ANSWERS = [
    sample_multinoulli_searchsorted,
    sample_multinoulli_counted,
    sample_multinoulli_loop,
]
# Answers that are wrong only where nothing is asked, each with the reason.
EQUIVALENT_MUTANTS = {
    "right only if `p` has at most two axes": "`p` is one row of probabilities",
}
