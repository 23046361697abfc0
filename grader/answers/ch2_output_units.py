"""Correct answers to chapter 2, each in a style of its own, and written answers of differing quality."""

import numpy as np

# --- cost functions ------------------------------------------------------------------------------------------


def gaussian_nll_loop(y, mean):
    n, d = len(y), len(y[0])
    total = 0.0
    for i in range(n):
        for j in range(d):
            total += 0.5 * (float(y[i, j]) - float(mean[i, j])) ** 2 + 0.5 * np.log(2 * np.pi)
    return total / n


def gaussian_nll_of_the_density(y, mean):
    d = y.shape[1]
    density = np.exp(-0.5 * np.einsum("nd,nd->n", y - mean, y - mean)) / (2 * np.pi) ** (d / 2)
    return -np.mean(np.log(density))


def gaussian_nll_from_the_mse(y, mean):
    d = y.shape[1]
    return d / 2 * (np.square(y - mean).mean() + np.log(2 * np.pi))


def gaussian_nll_float32(y, mean):
    r = (y - mean).astype(np.float32)
    return np.float32(0.5) * np.mean(np.sum(r * r, axis=-1)) + np.float32(
        0.5 * r.shape[1] * np.log(2 * np.pi)
    )


def best_constant_numpy(y, loss):
    return {"mse": np.mean, "mae": np.median}[loss](y)


def best_constant_upper_middle(y, loss):
    if loss == "mse":
        return sum(float(v) for v in y) / len(y)
    return float(sorted(y)[len(y) // 2])


def best_constant_lower_middle(y, loss):
    return np.average(y) if loss == "mse" else np.sort(y)[(len(y) - 1) // 2]


def best_constant_by_search(y, loss):
    # The sum of distances is piecewise linear: its minimum lies at one of the targets.
    if loss == "mse":
        return float(np.dot(y, np.ones(len(y))) / len(y))
    costs = np.abs(y[:, None] - y[None, :]).sum(axis=1)
    return float(y[costs.argmin()])


# --- the Bernoulli distribution ------------------------------------------------------------------------------


def bernoulli_log_pmf_where(x, phi):
    with np.errstate(divide="ignore"):
        return np.where(x == 1, np.log(phi), np.log(1 - phi))


def bernoulli_log_pmf_chosen_first(x, phi):
    chosen = x * phi + (1 - x) * (1 - phi)
    with np.errstate(divide="ignore"):
        return np.log(chosen)


def bernoulli_log_pmf_masked(x, phi):
    out = np.empty(np.shape(phi))
    out[x == 1], out[x == 0] = phi[x == 1], 1 - phi[x == 0]
    possible = out > 0
    out[possible] = np.log(out[possible])
    out[~possible] = -np.inf
    return out


def bernoulli_log_pmf_loop(x, phi):
    flat = [float(q) if v == 1 else 1 - float(q) for v, q in zip(np.ravel(x), np.ravel(phi), strict=True)]
    return np.array([np.log(q) if q > 0 else -np.inf for q in flat]).reshape(np.shape(x))


def threshold_unit_where(z):
    inside = (z > 0) & (z < 1)
    return np.where(inside, z, np.where(z >= 1, 1, 0)), np.where(inside, 1.0, 0.0)


def threshold_unit_signs(z):
    return np.maximum(0, np.minimum(1, z)), (z > 0) * 1.0 * (z < 1)


def threshold_unit_loop(z):
    p, slope = np.zeros(z.shape), np.zeros(z.shape)
    for index, value in np.ndenumerate(z):
        p[index] = min(1.0, max(0.0, value))
        slope[index] = 1.0 if 0 < value < 1 else 0.0
    return [p, slope]


def sigmoid_tanh(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def sigmoid_masked(z):
    z = np.asarray(z, dtype=float)
    out = np.empty_like(z)
    up = z >= 0
    out[up] = 1 / (1 + np.exp(-z[up]))
    e = np.exp(z[~up])
    out[~up] = e / (1 + e)
    return out


def sigmoid_clipped(z):
    return 1 / (1 + np.exp(-np.clip(z, -700, 700)))


def sigmoid_of_logaddexp(z):
    return np.exp(-np.logaddexp(0, -z))


def sigmoid_loop_in_float32(z):
    out = np.zeros(np.shape(z), dtype=np.float32)
    for index, value in np.ndenumerate(z):
        out[index] = 1 / (1 + np.exp(-value)) if value > 0 else np.exp(value) / (1 + np.exp(value))
    return out


def softplus_logaddexp(z):
    return np.logaddexp(0, z)


def softplus_by_cases(z):
    z = np.asarray(z, dtype=float)
    out = np.array(z)
    low = z < 30
    out[low] = np.log1p(np.exp(z[low]))
    out[~low] += np.exp(-z[~low])
    return out


def softplus_in_place_on_a_copy(z):
    out = -np.abs(np.array(z, dtype=float))
    np.exp(out, out=out)
    np.log1p(out, out=out)
    out += np.where(z > 0, z, 0)
    return out


def softplus_loop(z):
    out = [max(float(v), 0.0) + np.log1p(np.exp(-abs(float(v)))) for v in np.ravel(z)]
    return np.array(out).reshape(np.shape(z))


def logit_quotient(p):
    return np.log(p / (1 - p))


def logit_difference(p):
    return np.log(p) - np.log1p(-p)


def logit_reciprocal(p):
    return -np.log(1 / p - 1)


def logit_loop(p):
    return np.array([np.log(v) - np.log(1 - v) for v in np.ravel(p).tolist()]).reshape(p.shape)


def softplus_inverse_pulled_out(y):
    return y + np.log(-np.expm1(-y))


def softplus_inverse_by_cases(y):
    y = np.asarray(y, dtype=float)
    out = y.copy()
    small = y < 20
    out[small] = np.log(np.expm1(y[small]))
    out[~small] += np.log1p(-np.exp(-y[~small]))
    return out


def softplus_inverse_loop(y):
    return np.array([float(v) + np.log(-np.expm1(-float(v))) for v in np.ravel(y)]).reshape(np.shape(y))


def bernoulli_nll_softplus(z, y):
    m = (1 - 2 * y) * z
    return np.maximum(m, 0) + np.log1p(np.exp(-np.abs(m)))


def bernoulli_nll_logaddexp(z, y):
    return np.logaddexp(0, np.where(y == 1, -z, z))


def bernoulli_nll_expanded(z, y):
    # −y log σ(z) − (1 − y) log σ(−z) = ζ(z) − yz
    return np.where(z > 0, z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))


def bernoulli_nll_loop(z, y):
    out = np.zeros(np.shape(z))
    for index, value in np.ndenumerate(z):
        m = -value if y[index] == 1 else value
        out[index] = m + np.log1p(np.exp(-m)) if m > 0 else np.log1p(np.exp(m))
    return out


def bernoulli_nll_grad_tanh(z, y):
    return 0.5 * np.tanh(0.5 * z) + 0.5 - y


def bernoulli_nll_grad_exponentials(z, y):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e) - y


def bernoulli_nll_grad_of_the_margin(z, y):
    sign = np.where(y == 1, -1.0, 1.0)
    return sign / (1 + np.exp(-np.clip(sign * z, -700, 700)))


def bernoulli_nll_grad_loop(z, y):
    out = np.zeros(np.shape(z))
    for index, value in np.ndenumerate(z):
        s = 1 / (1 + np.exp(-value)) if value > -700 else 0.0
        out[index] = s - y[index]
    return out


def sigmoid_mse_grad_tanh(z, y):
    s = 0.5 * (1 + np.tanh(0.5 * z))
    return 2 * (s - y) * s * (1 - s)


def sigmoid_mse_grad_even_slope(z, y):
    e = np.exp(-np.abs(z))
    s = np.where(z >= 0, 1, e) / (1 + e)
    return (s - y) * 2 * e / (1 + e) ** 2


def sigmoid_mse_grad_expanded(z, y):
    s = 1 / (1 + np.exp(-np.clip(z, -700, 700)))
    return 2 * (s**2 - s**3) - 2 * y * (s - s**2)


def sigmoid_mse_grad_float32(z, y):
    s = (0.5 * (1 + np.tanh(0.5 * np.asarray(z, dtype=float)))).astype(np.float32)
    return 2 * (s - np.asarray(y, dtype=np.float32)) * s * (1 - s)


# --- the softmax ---------------------------------------------------------------------------------------------


def softmax_shifted(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def softmax_of_the_log(z):
    z = np.asarray(z, dtype=float)
    return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))


def softmax_transposed(z):
    moved = np.moveaxis(np.asarray(z, dtype=float), -1, 0)
    e = np.exp(moved - moved.max(axis=0))
    return np.moveaxis(e / e.sum(axis=0), 0, -1)


def softmax_row_by_row(z):
    out = np.zeros(np.shape(z))
    for index in np.ndindex(*np.shape(z)[:-1]):
        row = np.exp(np.asarray(z[index], dtype=float) - max(z[index]))
        out[index] = row / row.sum()
    return out


def log_softmax_shifted(z):
    s = z - z.max(axis=-1, keepdims=True)
    return s - np.log(np.exp(s).sum(axis=-1, keepdims=True))


def log_softmax_logaddexp(z):
    z = np.asarray(z, dtype=float)
    return z - np.logaddexp.reduce(z, axis=-1)[..., None]


def log_softmax_shift_added_again(z):
    m = z.max(-1, keepdims=True)
    return z - (m + np.log(np.einsum("...k->...", np.exp(z - m))[..., None]))


def log_softmax_row_by_row(z):
    out = np.zeros(np.shape(z))
    for index in np.ndindex(*np.shape(z)[:-1]):
        row = [float(v) for v in z[index]]
        top = max(row)
        out[index] = np.array(row) - top - np.log(sum(np.exp(v - top) for v in row))
    return out


def categorical_nll_indexed(scores, g):
    s = scores - scores.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(s).sum(axis=1)) - s[np.arange(len(g)), g])


def categorical_nll_one_hot(scores, g):
    scores = np.asarray(scores, dtype=float)
    log_p = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    return -log_p[np.eye(scores.shape[1], dtype=bool)[g]].mean()


def categorical_nll_loop(scores, g):
    total = 0.0
    for row, label in zip(scores.tolist(), g.tolist(), strict=True):
        top = max(row)
        total += top + np.log(sum(np.exp(v - top) for v in row)) - row[label]
    return total / len(g)


def categorical_nll_take(scores, g):
    s = scores - scores.max(axis=-1)[:, None]
    seen = np.take_along_axis(s, g[:, None], axis=1)[:, 0]
    return -(seen - np.log(np.exp(s).sum(axis=-1))).sum() / g.size


def categorical_nll_grad_subtract(scores, g):
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(g)), g] -= 1
    return p / len(g)


def categorical_nll_grad_one_hot(scores, g):
    scores = np.asarray(scores, dtype=float)
    p = np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))
    one_hot = (np.arange(scores.shape[1]) == g[:, None]).astype(float)
    return (p - one_hot) / scores.shape[0]


def categorical_nll_grad_loop(scores, g):
    n, classes = scores.shape
    out = np.zeros((n, classes))
    for i in range(n):
        e = [np.exp(v - max(scores[i])) for v in scores[i]]
        for k in range(classes):
            out[i, k] = (e[k] / sum(e) - (1 if k == g[i] else 0)) / n
    return out


def softmax_mse_grad_jacobian(scores, g):
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    n, classes = p.shape
    jacobian = np.einsum("ni,ij->nij", p, np.eye(classes)) - np.einsum("ni,nj->nij", p, p)
    error = 2 * (p - np.eye(classes)[g]) / (n * classes)
    return np.einsum("nij,nj->ni", jacobian, error)


def softmax_mse_grad_short(scores, g):
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    e = p.copy()
    e[np.arange(len(g)), g] -= 1
    return 2 / p.size * p * (e - np.sum(p * e, axis=1)[:, None])


def softmax_mse_grad_loop(scores, g):
    n, classes = scores.shape
    out = np.zeros((n, classes))
    for i in range(n):
        p = np.exp(np.asarray(scores[i], dtype=float) - max(scores[i]))
        p = p / p.sum()
        e = p - (np.arange(classes) == g[i])
        out[i] = 2 / (n * classes) * (np.diag(p) - np.outer(p, p)) @ e
    return out


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


# --- parametric distributions --------------------------------------------------------------------------------


def cholesky_from_raw_tril(a):
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    np.fill_diagonal(L, np.logaddexp(0, np.diagonal(L)))
    return L


def cholesky_from_raw_loop(a):
    d = 1
    while d * (d + 1) // 2 < len(a):
        d += 1
    L, next_entry = np.zeros((d, d)), iter(a)
    for i in range(d):
        for j in range(i + 1):
            value = float(next(next_entry))
            L[i, j] = value if i != j else max(value, 0.0) + np.log1p(np.exp(-abs(value)))
    return L


def cholesky_from_raw_split(a):
    d = round((np.sqrt(8 * a.size + 1) - 1) / 2)
    strict = np.zeros((d, d))
    row, column = np.tril_indices(d)
    strict[row[row > column], column[row > column]] = a[row > column]
    raw = a[row == column]
    return strict + np.diag(np.where(raw > 0, raw, 0) + np.log1p(np.exp(-np.abs(raw))))


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


def mdn_nll_logaddexp(log_pi, mu, sigma, y):
    d = y.shape[1]
    squared = (((y[:, None, :] - mu) / sigma[:, :, None]) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_nll_shifted(log_pi, mu, sigma, y):
    d = mu.shape[-1]
    r = np.einsum("nkd,nkd->nk", y[:, None] - mu, y[:, None] - mu) / sigma**2
    a = log_pi - r / 2 - d / 2 * np.log(2 * np.pi * sigma**2)
    top = a.max(axis=1)
    return -np.mean(top + np.log(np.exp(a - top[:, None]).sum(axis=1)))


def mdn_nll_loop(log_pi, mu, sigma, y):
    n, k, d = mu.shape
    total = 0.0
    for i in range(n):
        logs = []
        for c in range(k):
            value = float(log_pi[i, c])
            for j in range(d):
                s = float(sigma[i, c])
                value -= 0.5 * ((float(y[i, j]) - float(mu[i, c, j])) / s) ** 2
                value -= np.log(s) + 0.5 * np.log(2 * np.pi)
            logs.append(value)
        top = max(logs)
        total -= top + np.log(sum(np.exp(v - top) for v in logs))
    return total / n


ANSWERS = {
    "gaussian_nll": [
        gaussian_nll_loop, gaussian_nll_of_the_density, gaussian_nll_from_the_mse, gaussian_nll_float32,
    ],
    "best_constant": [
        best_constant_numpy, best_constant_upper_middle, best_constant_lower_middle, best_constant_by_search,
    ],
    "bernoulli_log_pmf": [
        bernoulli_log_pmf_where, bernoulli_log_pmf_chosen_first, bernoulli_log_pmf_masked, bernoulli_log_pmf_loop,
    ],
    "threshold_unit": [threshold_unit_where, threshold_unit_signs, threshold_unit_loop],
    "sigmoid": [sigmoid_tanh, sigmoid_masked, sigmoid_clipped, sigmoid_of_logaddexp, sigmoid_loop_in_float32],
    "softplus": [softplus_logaddexp, softplus_by_cases, softplus_in_place_on_a_copy, softplus_loop],
    "logit": [logit_quotient, logit_difference, logit_reciprocal, logit_loop],
    "softplus_inverse": [softplus_inverse_pulled_out, softplus_inverse_by_cases, softplus_inverse_loop],
    "bernoulli_nll": [
        bernoulli_nll_softplus, bernoulli_nll_logaddexp, bernoulli_nll_expanded, bernoulli_nll_loop,
    ],
    "bernoulli_nll_grad": [
        bernoulli_nll_grad_tanh, bernoulli_nll_grad_exponentials, bernoulli_nll_grad_of_the_margin,
        bernoulli_nll_grad_loop,
    ],
    "sigmoid_mse_grad": [
        sigmoid_mse_grad_tanh, sigmoid_mse_grad_even_slope, sigmoid_mse_grad_expanded, sigmoid_mse_grad_float32,
    ],
    "softmax": [softmax_shifted, softmax_of_the_log, softmax_transposed, softmax_row_by_row],
    "log_softmax": [
        log_softmax_shifted, log_softmax_logaddexp, log_softmax_shift_added_again, log_softmax_row_by_row,
    ],
    "categorical_nll": [
        categorical_nll_indexed, categorical_nll_one_hot, categorical_nll_loop, categorical_nll_take,
    ],
    "categorical_nll_grad": [
        categorical_nll_grad_subtract, categorical_nll_grad_one_hot, categorical_nll_grad_loop,
    ],
    "softmax_mse_grad": [softmax_mse_grad_jacobian, softmax_mse_grad_short, softmax_mse_grad_loop],
    "sample_multinoulli": [
        sample_multinoulli_searchsorted, sample_multinoulli_counted, sample_multinoulli_loop,
    ],
    "cholesky_from_raw": [cholesky_from_raw_tril, cholesky_from_raw_loop, cholesky_from_raw_split],
    "mdn_split": [mdn_split_slices, mdn_split_numpy_split, mdn_split_loop],
    "mdn_nll": [mdn_nll_logaddexp, mdn_nll_shifted, mdn_nll_loop],
}  # fmt: skip

# Answers of differing quality to the written question, for the demo class.
WRITTEN = {
    "why_not_mse": (
        "The gradient of the squared error has the factor $\\sigma'(z) = \\sigma(1-\\sigma)$. If the unit is sure and "
        "wrong, that factor is almost 0 and it cannot learn from its largest mistakes. The log-likelihood's gradient is "
        "$\\sigma(z) - y$: the logarithm undoes the exponential, and a confident mistake gets a gradient near $\\pm 1$. "
        "It vanishes only where the answer is right.",
        "With MSE the loss is flat on both sides, because the sigmoid is flat there. With the log-likelihood it is flat "
        "only on the right side and a straight line on the wrong side.",
        "Because maximum likelihood converges faster than MSE.",
        "MSE is for regression, and here we have classes.",
        "The MSE of a sigmoid is not convex. The gradient of the log-likelihood is $y - \\sigma(z)$, which is never zero.",
    ),
}

# Changes of a reference that change no value that the exercise asks for, each with the reason.
_ONE_VECTOR = (
    "one vector of raw outputs is asked for: the last axis is the first one, and nothing stands before it"
)
_EMPTY = "an array without axes is refused anyway, and not asked for"
EQUIVALENT_MUTANTS: dict[str, dict[str, str]] = {
    "sigmoid": {"z >= 0.0: GtE -> Gt": "at 0 both branches give 1/2"},
    "cholesky_from_raw": {
        "a.ndim > 0: Gt -> GtE": _EMPTY,
        "0: 0 -> -1": _EMPTY,
        "0: 0 -> 1 #2": _EMPTY,
        "0: 0 -> -1 #2": _EMPTY,
        "1: 1 -> 0": _ONE_VECTOR,
        "1: 1 -> 2 #4": _ONE_VECTOR,
        "1: 1 -> 0 #4": _ONE_VECTOR,
        "math.isqrt(8 * entries + 1) - 1: right operand of Sub left out": "the root is odd, so halving it rounds the 1 "
        "away",
        "1: 1 -> 0 #3": "the root is odd, so halving it rounds the 1 away",
        "8: 8 -> 9": "the integer part of the root is the same up to d = 15",
        "1: 1 -> 2 #2": "8 e + 1 is the square of an odd number, and one more has the same integer root",
    },
}
