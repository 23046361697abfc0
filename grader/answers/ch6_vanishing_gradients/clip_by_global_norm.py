"""Correct answers to `clip_by_global_norm`, each in a style of its own."""

import numpy as np


def clip_by_global_norm_plain(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    if norm <= max_norm:
        return dict(grads)
    return {name: g * (max_norm / norm) for name, g in grads.items()}


def clip_by_global_norm_one_vector(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([np.ravel(g) for g in grads.values()]))
    scale = 1.0
    if norm > max_norm:
        scale = max_norm / norm
    clipped = {}
    for name in grads:
        clipped[name] = scale * grads[name]
    return clipped


def clip_by_global_norm_as_in_libraries(grads, max_norm):
    import math

    total = 0.0
    for g in grads.values():
        total += float(np.sum(np.square(g, dtype=float)))
    factor = min(1.0, max_norm / (math.sqrt(total) + 1e-6))
    return {name: g.astype(float) * factor for name, g in grads.items()}


def clip_by_global_norm_hypot(grads, max_norm):
    import math

    norm = math.hypot(*(np.linalg.norm(g) for g in grads.values()))
    return {k: g.copy() if norm <= max_norm else g / norm * max_norm for k, g in grads.items()}


ANSWERS = [
    clip_by_global_norm_plain,
    clip_by_global_norm_one_vector,
    clip_by_global_norm_as_in_libraries,
    clip_by_global_norm_hypot,
]

EQUIVALENT_MUTANTS = {
    "0.0: 0.0 -> 1.0": "the largest entry of no arrays at all",
    "0.0: 0.0 -> -1.0": "the largest entry of no arrays at all",
    "largest <= limit / relative_norm: LtE -> Lt": "at the limit the factor is 1",
}
