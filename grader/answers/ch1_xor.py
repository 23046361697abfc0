"""Correct answers to chapter 1, each in a style of its own."""

import numpy as np


def mse_loop(y_pred, y_true):
    if np.shape(y_pred) != np.shape(y_true):
        raise ValueError(f"different shapes: {np.shape(y_pred)} and {np.shape(y_true)}")
    total, count = 0.0, 0
    for a, b in zip(np.ravel(y_pred), np.ravel(y_true), strict=True):
        total += (float(a) - float(b)) ** 2
        count += 1
    return total / count


def mse_dot(y_pred, y_true):
    if y_pred.shape != y_true.shape:
        raise ValueError("y_pred and y_true differ in shape")
    difference = (y_pred - y_true).ravel()
    return difference @ difference / difference.size


def mse_in_place_on_a_copy(y_pred, y_true):
    if y_pred.ndim != y_true.ndim or y_pred.shape != y_true.shape:
        raise ValueError
    r = y_pred.astype(float)
    r -= y_true
    r *= r
    return np.average(r)


def mse_einsum_float32(y_pred, y_true):
    if y_pred.shape != y_true.shape:
        raise ValueError("shapes")
    d = np.subtract(y_pred, y_true, dtype=np.float32)
    return (
        np.einsum("...,...->", d, d) / np.float32(d.size)
        if d.ndim == 0
        else np.square(d).mean(dtype=np.float32)
    )


def fit_linear_lstsq(X, y):
    mean = X.mean(0)
    w, *_ = np.linalg.lstsq(X - mean, y - y.mean(), rcond=None)
    return w, y.mean() - w @ mean


def fit_linear_svd(X, y):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    centre, level = X.mean(axis=0), y.mean()
    U, s, Vt = np.linalg.svd(X - centre, full_matrices=False)
    keep = s > 1e-6 * max(s.max(), 1.0)
    w = Vt[keep].T @ ((U[:, keep].T @ (y - level)) / s[keep])
    return w, float(level - centre @ w)


def fit_linear_projection(X, y):
    n = len(X)
    C = np.eye(n) - np.ones((n, n)) / n  # centres from the left
    w = np.linalg.pinv(C @ X, rcond=1e-6) @ (C @ y)
    b = np.mean(y - X @ w)
    return [w, np.float64(b)]


def xor_network_where(X, W, c, w, b):
    Z = X @ W + c
    H = np.where(Z > 0, Z, 0)
    return H, H @ w + b


def xor_network_loops(X, W, c, w, b):
    n, m = X.shape[0], W.shape[1]
    H, y = np.zeros((n, m)), np.zeros(n)
    for i in range(n):
        for j in range(m):
            H[i, j] = max(0.0, sum(X[i, k] * W[k, j] for k in range(X.shape[1])) + c[j])
        y[i] = sum(H[i, j] * w[j] for j in range(m)) + b
    return H, y


def xor_network_einsum(X, W, c, w, b):
    H = np.einsum("nd,dm->nm", X, W) + c[None, :]
    H = H.clip(min=0)
    y = np.einsum("nm,m->n", H, w) + b
    return H, y


def xor_network_columns(X, W, c, w, b):
    # As on the slides: column vectors, transposed back at the end.
    Z = W.T @ X.T + c.reshape(-1, 1)
    H = 0.5 * (Z + np.abs(Z))
    return H.T, (w.reshape(1, -1) @ H + b).ravel()


def affine_loops(X, W, c):
    n, m = X.shape[0], W.shape[1]
    Z = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            Z[i, j] = c[j] + sum(X[i, k] * W[k, j] for k in range(W.shape[0]))
    return Z


def affine_einsum(X, W, c):
    return np.einsum("nd,dm->nm", X, W) + c[np.newaxis, :]


def affine_column_of_ones(X, W, c):
    return np.hstack([X, np.ones((len(X), 1))]) @ np.vstack([W, c])


def collapse_linear_probed(W1, c1, W2, c2):
    # What the two layers make of zero is the bias; what they make of each unit vector, minus that, is a row of W.
    def both(X):
        return (X @ W1 + c1) @ W2 + c2

    c = both(np.zeros(len(W1)))
    return both(np.eye(len(W1))) - c, c


def collapse_linear_blocks(W1, c1, W2, c2):
    first = np.block([[W1, np.zeros((len(W1), 1))], [c1[None, :], np.ones((1, 1))]])
    second = np.vstack([W2, c2])
    both = first @ second
    return both[:-1], both[-1]


def collapse_linear_loops(W1, c1, W2, c2):
    (d, m), p = W1.shape, W2.shape[1]
    W, c = np.zeros((d, p)), c2.astype(float)
    for k in range(p):
        for j in range(m):
            c[k] += c1[j] * W2[j, k]
            for i in range(d):
                W[i, k] += W1[i, j] * W2[j, k]
    return W, c


def collapse_linear_einsum(W1, c1, W2, c2):
    return np.einsum("dm,mp->dp", W1, W2), np.dot(W2.T, c1) + c2


def relu_where(z):
    return np.where(z > 0, z, 0)


def relu_mask(z):
    return z * (z > 0)


def relu_copy(z):
    out = z.copy()
    out[out < 0] = 0
    return out


def relu_half(z):
    return z / 2 + np.abs(z / 2)


def relu_vectorised(z):
    return np.array([max(0, x) for x in z.ravel()], dtype=float).reshape(z.shape)


def count_pairs_of_units(values):
    # All pairs of what a unit can add, as arrays.
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    corners = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
    unit = w[:, None] * np.maximum(0, np.stack([w1, w2], axis=1) @ corners + c[:, None])
    pairs = unit[:, None, :] + unit[None, :, :]
    return sum(int((pairs == np.array([0, 1, 1, 0]) - b).all(axis=2).sum()) for b in v)


def count_by_sorting(values):
    from itertools import product

    units = {}
    for w1, w2, c, w in product(values, repeat=4):
        adds = (w * max(0, c), w * max(0, w2 + c), w * max(0, w1 + c), w * max(0, w1 + w2 + c))
        units[adds] = units.get(adds, 0) + 1
    total = 0
    for b in values:
        for (p, q, r, s), n in units.items():
            total += n * units.get((-b - p, 1 - b - q, 1 - b - r, -b - s), 0)
    return total


def count_hidden_layers_first(values):
    # Six nested choices as arrays, three as loops: no array is larger than len(values) ** 6.
    v = np.array(values)
    grid = [a.ravel() for a in np.meshgrid(v, v, v, v, v, v, indexing="ij")]
    w11, w21, c1, w12, w22, c2 = (g.astype(np.int16) for g in grid)
    h1 = [np.maximum(0, x1 * w11 + x2 * w21 + c1) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))]
    h2 = [np.maximum(0, x1 * w12 + x2 * w22 + c2) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))]
    total = 0
    for w1 in values:
        for w2 in values:
            y = [w1 * p + w2 * q for p, q in zip(h1, h2, strict=True)]
            for b in values:
                right = (y[0] == -b) & (y[1] == 1 - b) & (y[2] == 1 - b) & (y[3] == -b)
                total += np.count_nonzero(right)
    return total


def rbf_kernel_loops(A, B, gamma):
    from math import exp

    K = np.zeros((len(A), len(B)))
    for i, a in enumerate(A):
        for j, b in enumerate(B):
            K[i, j] = exp(-gamma * sum((float(p) - float(q)) ** 2 for p, q in zip(a, b, strict=True)))
    return K


def rbf_kernel_broadcast(A, B, gamma):
    return np.exp(-gamma * ((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2))


def rbf_kernel_norm(A, B, gamma):
    rows = [np.linalg.norm(B - a, axis=1) for a in A]
    return np.exp(-gamma * np.array(rows).reshape(len(A), len(B)) ** 2)


def rbf_kernel_centred(A, B, gamma):
    # The distance does not depend on the origin: with it among the points, multiplying out is safe.
    middle = np.concatenate([A, B]).mean(axis=0)
    A, B = A - middle, B - middle
    squared = (A * A).sum(1)[:, None] + (B * B).sum(1) - 2 * A @ B.T
    return np.exp(-gamma * np.maximum(squared, 0))


def fit_kernel_inverse(K, y, ridge):
    return np.linalg.inv(K + ridge * np.identity(K.shape[0])) @ y


def fit_kernel_eigenvalues(K, y, ridge):
    values, vectors = np.linalg.eigh(K)
    return vectors @ ((vectors.T @ y) / (values + ridge))


def fit_kernel_diagonal(K, y, ridge):
    A = K.astype(float)
    A[np.diag_indices(len(A))] += ridge
    return np.linalg.lstsq(A, y, rcond=None)[0]


def fit_kernel_cholesky(K, y, ridge):
    L = np.linalg.cholesky(K + np.diag(np.full(len(K), ridge)))
    return np.linalg.solve(L.T, np.linalg.solve(L, y))


def gradient_descent_list(grad, theta0, learning_rate, steps):
    path = [np.array(theta0, dtype=float)]
    while len(path) <= steps:
        path.append(path[-1] - learning_rate * grad(path[-1]))
    return np.stack(path)


def gradient_descent_filled(grad, theta0, learning_rate, steps):
    path = np.zeros((steps + 1, len(theta0)))
    path[0] = theta0
    for k in range(steps):
        path[k + 1] = path[k] - learning_rate * grad(path[k])
    return path


def gradient_descent_in_place_on_a_copy(grad, theta0, learning_rate, steps):
    theta = theta0.astype(float)
    rows = [theta.copy()]
    for _ in range(steps):
        theta -= learning_rate * grad(theta)
        rows.append(theta.copy())
    return np.array(rows)


def gradient_descent_recursive(grad, theta0, learning_rate, steps):
    def onwards(theta, left):
        return [theta] if left == 0 else [theta, *onwards(theta - learning_rate * grad(theta), left - 1)]

    return np.array(onwards(np.asarray(theta0, dtype=float), steps))


def permute_hidden_loop(W, c, w, order):
    new = np.zeros_like(W), np.zeros_like(c), np.zeros_like(w)
    for j, old in enumerate(order):
        new[0][:, j], new[1][j], new[2][j] = W[:, old], c[old], w[old]
    return new


def permute_hidden_matrix(W, c, w, order):
    P = np.eye(len(order))[:, order]
    return W @ P, c @ P, w @ P


def permute_hidden_stacked(W, c, w, order):
    units = np.vstack([W, c, w])[:, order]
    return [units[:-2], units[-2], units[-1]]


def permute_hidden_take(W, c, w, order):
    return np.take(W, order, axis=1), np.take(c, order), np.take(w, order)


def classify_by_counting(H, tol):
    signs = [0 if abs(v) <= tol else (1 if v > 0 else -1) for v in np.linalg.eigvalsh(H)]
    if 1 in signs and -1 in signs:
        return "saddle"
    if 0 in signs:
        return "degenerate"
    return "minimum" if signs[0] == 1 else "maximum"


def classify_by_extremes(H, tol):
    smallest, *_, largest = sorted([*np.linalg.eigvalsh(H), *np.linalg.eigvalsh(H)])
    if smallest > tol:
        return "minimum"
    if largest < -tol:
        return "maximum"
    return "saddle" if smallest < -tol and largest > tol else "degenerate"


def classify_by_general_eigenvalues(H, tol):
    values = np.linalg.eigvals(H).real
    values = np.where(np.abs(values) <= tol, 0.0, values)
    kinds = {float(s) for s in np.sign(values)}
    names = {(1.0,): "minimum", (-1.0,): "maximum"}
    return "saddle" if {1.0, -1.0} <= kinds else names.get(tuple(kinds), "degenerate")


ANSWERS = {
    "affine": [affine_loops, affine_einsum, affine_column_of_ones],
    "mse": [mse_loop, mse_dot, mse_in_place_on_a_copy, mse_einsum_float32],
    "fit_linear": [fit_linear_lstsq, fit_linear_svd, fit_linear_projection],
    "collapse_linear": [
        collapse_linear_probed,
        collapse_linear_blocks,
        collapse_linear_loops,
        collapse_linear_einsum,
    ],
    "relu": [relu_where, relu_mask, relu_copy, relu_half, relu_vectorised],
    "xor_network": [xor_network_where, xor_network_loops, xor_network_einsum, xor_network_columns],
    "count_xor_solutions": [count_pairs_of_units, count_by_sorting, count_hidden_layers_first],
    "rbf_kernel": [rbf_kernel_loops, rbf_kernel_broadcast, rbf_kernel_norm, rbf_kernel_centred],
    "fit_kernel": [fit_kernel_inverse, fit_kernel_eigenvalues, fit_kernel_diagonal, fit_kernel_cholesky],
    "gradient_descent": [
        gradient_descent_list,
        gradient_descent_filled,
        gradient_descent_in_place_on_a_copy,
        gradient_descent_recursive,
    ],
    "permute_hidden": [
        permute_hidden_loop,
        permute_hidden_matrix,
        permute_hidden_stacked,
        permute_hidden_take,
    ],
    "classify_critical_point": [classify_by_counting, classify_by_extremes, classify_by_general_eigenvalues],
}

# Changes of a reference that change no value that the exercise asks for, each with the reason.
EQUIVALENT_MUTANTS = {
    "classify_critical_point": {
        "H.T: .T left out": "what is asked about is symmetric; the reference takes the mean for rounding errors only",
    },
    "fit_linear": {
        "max(X.shape) * np.finfo(np.float64).eps: left operand of Mult left out": "any cut-off between rounding "
        "errors and the smallest singular value will do",
        "max(X.shape) * np.finfo(np.float64).eps * np.linalg.norm(X): right operand of Mult left out": "a cut-off that "
        "does not grow with X is wrong only where rounding errors happen to pass it",
        "s > max(X.shape) * np.finfo(np.float64).eps * np.linalg.norm(X): Gt -> GtE": "a singular value equals the "
        "cut-off only if all of X is zero, which is not asked",
        "y - y_mean: Sub -> Add": "the pseudo-inverse of a centred X sends constants to zero",
        "y - y_mean: right operand of Sub left out": "the pseudo-inverse of a centred X sends constants to zero",
        "x_mean @ w: factors of @ swapped": "the product of two vectors commutes",
    },
}

# By the id of a written question: answers of differing quality, for made-up classes.
WRITTEN = {
    "why_not_linear": (
        "A line answers a step in $x_2$ the same way whatever $x_1$ is. XOR turns its answer round.",
        "From (0,0) to (0,1) the target goes up, so $w_2>0$. From (1,0) to (1,1) it goes down, so $w_2<0$. "
        "Contradiction.",
        "Because XOR is not linear.",
        "The two classes lie on the two diagonals of a square, and no straight line has both ends of one diagonal on "
        "one side.",
        "$f(0,0)+f(1,1) = f(0,1)+f(1,0)$ for every $f(x)=w^\\top x+b$. The targets give 0 on the left and 2 on the right.",
        "Gradient descent gets stuck in a local minimum at ½, so it cannot find the weights.",
    ),
}
