"""Correct answers to chapter 3, each in a style of its own."""

import numpy as np


def numerical_derivative_loop(f, z, eps):
    slopes = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        slopes[i] = (f(z[i] + eps) - f(z[i] - eps)) / (2 * eps)
    return slopes


def numerical_derivative_halves(f, z, eps):
    to_the_right = (f(z + eps) - f(z)) / eps
    to_the_left = (f(z) - f(z - eps)) / eps
    return 0.5 * (to_the_right + to_the_left)


def numerical_derivative_in_place_on_a_copy(f, z, eps):
    moved = np.array(z, dtype=float)
    moved += eps
    rise = f(moved.copy())
    moved -= 2 * eps
    rise -= f(moved)
    rise /= 2 * eps
    return rise


def numerical_derivative_stacked(f, z, eps):
    both = f(np.stack([z - eps, z + eps]))
    return np.diff(both, axis=0)[0] / eps / 2


def relu_grad_where(z):
    return np.where(z > 0, 1.0, 0.0)


def relu_grad_heaviside(z):
    return np.heaviside(z, 0)


def relu_grad_float32(z):
    return (z > 0).astype(np.float32)


def relu_grad_loop(z):
    slopes = np.zeros(np.shape(z), dtype=int)
    for i in np.ndindex(slopes.shape):
        if z[i] > 0:
            slopes[i] = 1
    return slopes


def relu_grad_sign(z):
    return np.maximum(np.sign(z), 0)


def generalized_relu_where(z, alpha):
    return np.where(z > 0, z, alpha * z)


def generalized_relu_absolute(z, alpha):
    alpha = np.asarray(alpha)
    return 0.5 * ((1 + alpha) * z + (1 - alpha) * np.abs(z))


def generalized_relu_masks(z, alpha):
    slopes = np.broadcast_to(np.asarray(alpha, dtype=float), z.shape)
    h = z.astype(float)
    h[z < 0] *= slopes[z < 0]
    return h


def generalized_relu_two_rectifiers(z, alpha):
    return z.clip(min=0) - alpha * (-z).clip(min=0)


def prelu_grads_where(z, alpha, upstream):
    dz = np.where(z > 0, upstream, upstream * alpha)
    dalpha = np.where(z > 0, 0, upstream * z).sum(axis=0)
    return dz, dalpha


def prelu_grads_loops(z, alpha, upstream):
    n, m = z.shape
    dz, dalpha = np.zeros((n, m)), np.zeros(m)
    for i in range(n):
        for j in range(m):
            if z[i, j] > 0:
                dz[i, j] = upstream[i, j]
            else:
                dz[i, j] = alpha[j] * upstream[i, j]
                dalpha[j] += upstream[i, j] * z[i, j]
    return dz, dalpha


def prelu_grads_einsum(z, alpha, upstream):
    active = (z > 0).astype(float)
    slope = active + (1 - active) * alpha
    return [upstream * slope, np.einsum("nm,nm->m", upstream, np.minimum(z, 0))]


def prelu_grads_diagonal(z, alpha, upstream):
    negative = 0.5 * (z - np.abs(z))
    dalpha = np.diag(upstream.T @ negative)
    return upstream * np.where(z <= 0, alpha, 1), dalpha


def sparsity_count(H):
    return np.count_nonzero(H == 0) / H.size


def sparsity_complement(H):
    return 1 - np.count_nonzero(H) / np.size(H)


def sparsity_loop(H):
    zeros = 0
    for h in H.ravel():
        if h == 0:
            zeros += 1
    return zeros / H.size


def sparsity_float32(H):
    return np.mean(np.logical_not(H), dtype=np.float32)


def dead_units_any(H):
    return np.flatnonzero(~H.any(axis=0))


def dead_units_where(H):
    return np.where(np.count_nonzero(H, axis=0) == 0)[0]


def dead_units_loop(H):
    found = []
    for j in range(H.shape[1]):
        if all(h == 0 for h in H[:, j]):
            found.append(j)
    return np.array(found, dtype=int)


def dead_units_largest(H):
    return np.arange(H.shape[1])[np.abs(H).max(axis=0) == 0]


def maxout_reshape(Z, k):
    n, columns = Z.shape
    return Z.reshape(n, columns // k, k).max(axis=-1)


def maxout_loop(Z, k):
    m = Z.shape[1] // k
    H = np.empty((len(Z), m))
    for i in range(m):
        H[:, i] = Z[:, i * k : (i + 1) * k].max(axis=1)
    return H


def maxout_strides(Z, k):
    H = Z[:, 0::k].copy()
    for j in range(1, k):
        H = np.maximum(H, Z[:, j::k])
    return H


def maxout_reduceat(Z, k):
    return np.maximum.reduceat(Z.astype(float), np.arange(0, Z.shape[1], k), axis=1)


def maxout_sorted(Z, k):
    return np.sort(Z.reshape(len(Z), Z.shape[1] // k, k), axis=2)[:, :, k - 1]


def maxout_grad_put(Z, k, upstream):
    n, m = upstream.shape
    gradient = np.zeros((n, m, k))
    winner = Z.reshape(n, m, k).argmax(axis=2)
    np.put_along_axis(gradient, winner[:, :, None], upstream[:, :, None], axis=2)
    return gradient.reshape(n, m * k)


def maxout_grad_loops(Z, k, upstream):
    dZ = np.zeros(Z.shape)
    for i in range(upstream.shape[0]):
        for u in range(upstream.shape[1]):
            best = 0
            for j in range(1, k):
                if Z[i, u * k + j] > Z[i, u * k + best]:
                    best = j
            dZ[i, u * k + best] = upstream[i, u]
    return dZ


def maxout_grad_one_hot(Z, k, upstream):
    n, m = upstream.shape
    won = np.eye(k)[Z.reshape(n, m, k).argmax(axis=2)]
    return np.einsum("nm,nmk->nmk", upstream, won).reshape(n, m * k)


def maxout_grad_columns(Z, k, upstream):
    columns = np.arange(Z.shape[1])
    winner = np.argmax(Z.reshape(len(Z), Z.shape[1] // k, k), axis=2) + np.arange(upstream.shape[1]) * k
    return np.where(columns == np.repeat(winner, k, axis=1), np.repeat(upstream, k, axis=1), 0.0)


def tangent_maxout_once(f, df, points):
    slopes = df(points)
    return slopes, f(points) - points * slopes


def tangent_maxout_loop(f, df, points):
    slopes, intercepts = np.zeros(len(points)), np.zeros(len(points))
    for j, p in enumerate(points):
        slopes[j] = df(p)
        intercepts[j] = f(p) + df(p) * (0 - p)
    return slopes, intercepts


def tangent_maxout_lists(f, df, points):
    slopes = np.array([df(p) for p in points])
    return [slopes, np.array([f(p) - s * p for p, s in zip(points, slopes, strict=True)])]


def softplus_grad_absolute(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def softplus_grad_tanh(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def softplus_grad_clipped(z):
    return 1 / (1 + np.exp(-np.clip(z, -500.0, 500.0)))


def softplus_grad_masks(z):
    s = np.zeros(z.shape)
    right = z >= 0
    s[right] = 1 / (1 + np.exp(-z[right].astype(float)))
    e = np.exp(z[~right].astype(float))
    s[~right] = e / (1 + e)
    return s


def softplus_grad_loop(z):
    s = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        x = float(z[i])
        s[i] = 1 / (1 + np.exp(-x)) if x > 0 else np.exp(x) / (1 + np.exp(x))
    return s


def softplus_grad_logaddexp(z):
    return np.exp(-np.logaddexp(0.0, -z))


def sigmoid_grad_both_sides(z):
    e = np.exp(-np.abs(z))
    return (1 / (1 + e)) * (e / (1 + e))


def sigmoid_grad_tanh(z):
    return 0.25 * (1 - np.tanh(z / 2) ** 2)


def sigmoid_grad_helper(z):
    def sigma(x):
        return np.exp(-np.logaddexp(0.0, -x))

    return sigma(z) * sigma(-z)


def sigmoid_grad_loop(z):
    slopes = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        s = 1 / (1 + np.exp(-abs(float(z[i]))))
        slopes[i] = s * (1 - s)
    return slopes


def tanh_from_sigmoid_absolute(z):
    e = np.exp(-2.0 * np.abs(z))
    sigma = np.where(z >= 0, 1, e) / (1 + e)
    return 2 * sigma - 1


def tanh_from_sigmoid_clipped(z):
    return 2 / (1 + np.exp(-2 * np.clip(z, -300.0, 300.0))) - 1


def tanh_from_sigmoid_odd(z):
    e = np.exp(-2 * np.abs(z))
    return np.sign(z) * (1 - e) / (1 + e)


def tanh_from_sigmoid_numpy(z):
    return np.tanh(z)


def tanh_grad_square(z):
    return 1 - np.tanh(z) ** 2


def tanh_grad_product(z):
    h = np.tanh(z)
    return (1 - h) * (1 + h)


def tanh_grad_exponential(z):
    e = np.exp(-2.0 * np.abs(z))
    return 4 * e / (1 + e) ** 2


def tanh_grad_loop(z):
    return np.array([1 - np.tanh(x) ** 2 for x in z.ravel()]).reshape(z.shape)


def rbf_units_difference(X, W, sigma):
    difference = X[:, :, np.newaxis] - W[np.newaxis]
    return np.exp(-(difference**2).sum(axis=1) / sigma**2)


def rbf_units_loops(X, W, sigma):
    n, m = X.shape[0], W.shape[1]
    H = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            H[i, j] = np.exp(
                -sum((float(x) - float(w)) ** 2 for x, w in zip(X[i], W[:, j], strict=True)) / sigma[j] ** 2
            )
    return H


def rbf_units_einsum(X, W, sigma):
    scaled = (X[:, None, :] - W.T[None, :, :]) / sigma[:, None]
    return np.exp(-np.einsum("nmd,nmd->nm", scaled, scaled))


def rbf_units_columns(X, W, sigma):
    H = [np.exp(-(np.linalg.norm(X - W[:, j], axis=1) ** 2) / sigma[j] ** 2) for j in range(W.shape[1])]
    return np.stack(H, axis=1)


def hard_tanh_clip(z):
    return np.clip(z, -1, 1)


def hard_tanh_slides(z):
    return np.maximum(-1.0, np.minimum(1.0, z))


def hard_tanh_absolute(z):
    return 0.5 * (np.abs(z + 1.0) - np.abs(z - 1.0))


def hard_tanh_loop(z):
    return np.array([min(1.0, max(-1.0, float(x))) for x in z.ravel()]).reshape(z.shape)


def hard_tanh_grad_absolute(z):
    return np.where(np.abs(z) < 1, 1.0, 0.0)


def hard_tanh_grad_two_sides(z):
    return ((z > -1) & (z < 1)).astype(np.float32)


def hard_tanh_grad_product(z):
    return np.heaviside(z + 1.0, 0) * np.heaviside(1.0 - z, 0)


def hard_tanh_grad_loop(z):
    slopes = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        slopes[i] = 1 if -1 < z[i] < 1 else 0
    return slopes


ANSWERS = {
    "numerical_derivative": [
        numerical_derivative_loop,
        numerical_derivative_halves,
        numerical_derivative_in_place_on_a_copy,
        numerical_derivative_stacked,
    ],
    "relu_grad": [relu_grad_where, relu_grad_heaviside, relu_grad_float32, relu_grad_loop, relu_grad_sign],
    "generalized_relu": [
        generalized_relu_where,
        generalized_relu_absolute,
        generalized_relu_masks,
        generalized_relu_two_rectifiers,
    ],
    "prelu_grads": [prelu_grads_where, prelu_grads_loops, prelu_grads_einsum, prelu_grads_diagonal],
    "sparsity": [sparsity_count, sparsity_complement, sparsity_loop, sparsity_float32],
    "dead_units": [dead_units_any, dead_units_where, dead_units_loop, dead_units_largest],
    "maxout": [maxout_reshape, maxout_loop, maxout_strides, maxout_reduceat, maxout_sorted],
    "maxout_grad": [maxout_grad_put, maxout_grad_loops, maxout_grad_one_hot, maxout_grad_columns],
    "tangent_maxout": [tangent_maxout_once, tangent_maxout_loop, tangent_maxout_lists],
    "softplus_grad": [
        softplus_grad_absolute,
        softplus_grad_tanh,
        softplus_grad_clipped,
        softplus_grad_masks,
        softplus_grad_loop,
        softplus_grad_logaddexp,
    ],
    "sigmoid_grad": [sigmoid_grad_both_sides, sigmoid_grad_tanh, sigmoid_grad_helper, sigmoid_grad_loop],
    "tanh_from_sigmoid": [
        tanh_from_sigmoid_absolute,
        tanh_from_sigmoid_clipped,
        tanh_from_sigmoid_odd,
        tanh_from_sigmoid_numpy,
    ],
    "tanh_grad": [tanh_grad_square, tanh_grad_product, tanh_grad_exponential, tanh_grad_loop],
    "rbf_units": [rbf_units_difference, rbf_units_loops, rbf_units_einsum, rbf_units_columns],
    "hard_tanh": [hard_tanh_clip, hard_tanh_slides, hard_tanh_absolute, hard_tanh_loop],
    "hard_tanh_grad": [
        hard_tanh_grad_absolute,
        hard_tanh_grad_two_sides,
        hard_tanh_grad_product,
        hard_tanh_grad_loop,
    ],
}

# Written answers of differing quality, the better ones first.
WRITTEN = {
    "which_unit": (
        "(a) ReLU with He initialisation: its slope is 1 wherever it is active, so twenty factors do not shrink the "
        "gradient as the sigmoid's ¼ each would. If many units die I would go to leaky ReLU. (b) tanh or softplus: the "
        "second derivative of a ReLU is 0 almost everywhere and jumps, so the acceleration would come out 0. For a small "
        "network saturation is no problem.",
        "(a) ReLU, because it does not saturate and is cheap. (b) softplus, because it is smooth.",
        "(a) Maxout, it contains ReLU, leaky ReLU and |z| and has no dead units; costs k times the weights. "
        "(b) sigmoid, since it is differentiable everywhere.",
        "I would use ReLU for both because it is the default recommendation.",
    ),
}

# Changes of a reference that change no value that the exercise asks for, each with the reason.
EQUIVALENT_MUTANTS: dict[str, dict[str, str]] = {}
