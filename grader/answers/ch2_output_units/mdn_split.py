"""Correct answers to `mdn_split`, each in a style of its own."""

import numpy as np


def mdn_split_slices(a, k, d):
    logits, means, scales = a[:, :k], a[:, k : k + k * d], a[:, -k:]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return log_pi, means.reshape(-1, k, d), np.logaddexp(0, scales)


def mdn_split_numpy_split(a, k, d):
    logits, means, scales = np.split(a, [k, k + k * d], axis=1)
    s = logits - logits.max(axis=1, keepdims=True)
    log_pi = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    mu = np.stack([means[:, i * d : (i + 1) * d] for i in range(k)], axis=1)
    return log_pi, mu, np.maximum(scales, 0) + np.log1p(np.exp(-np.abs(scales)))


def mdn_split_loop(a, k, d):
    n = len(a)
    log_pi, mu, sigma = np.zeros((n, k)), np.zeros((n, k, d)), np.zeros((n, k))
    for i in range(n):
        top = max(a[i, :k])
        total = top + np.log(sum(np.exp(v - top) for v in a[i, :k]))
        for c in range(k):
            log_pi[i, c] = a[i, c] - total
            for j in range(d):
                mu[i, c, j] = a[i, k + c * d + j]
            raw = float(a[i, k + k * d + c])
            sigma[i, c] = max(raw, 0.0) + np.log1p(np.exp(-abs(raw)))
    return [log_pi, mu, sigma]


ANSWERS = [mdn_split_slices, mdn_split_numpy_split, mdn_split_loop]
