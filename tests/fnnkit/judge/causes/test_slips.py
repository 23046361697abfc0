"""Slips of the pen in loops, indices, letters and operators are found by the repair, with the place and the kind."""

import pytest

from fnnkit.judge.attempt import diagnosed

SLIPS = [
    (
        "affine",
        "def affine(X, W, c):\n    out = np.zeros((len(X), W.shape[1]))\n    for k in range(len(W)):\n"
        "        out = np.outer(X[:, k], W[k])\n    return out + c",
        "added up",
        "Line 4, `out = np.outer(X[:, k], W[k])`",
    ),
    (
        "affine",
        "def affine(X, W, c):\n    Z = np.zeros((len(X), W.shape[1]))\n    for k in range(len(W)):\n"
        "        Z += np.outer(X[:, k], W[k]) + c\n    return Z",
        "each round",
        "Line 4, `c` in `np.outer(X[:, k], W[k]) + c`",
    ),
    (
        "affine",
        "def affine(X, W, c):\n    n, d = X.shape\n    return np.array([[sum(X[i, k] * W[k, j] + c[j] for k in range(d))\n"
        "        for j in range(W.shape[1])] for i in range(n)])",
        "each round",
        "Line 3, `c[j]`",
    ),
    (
        "collapse_linear",
        "def collapse_linear(W1, c1, W2, c2):\n    c = np.zeros(len(c2))\n    for k in range(len(c2)):\n"
        "        for j in range(len(c1)):\n            c[k] = c2[k] + c1[j] * W2[j, k]\n    return W1 @ W2, c",
        "added up",
        "Line 5, `c[k] = c2[k] + c1[j] * W2[j, k]`",
    ),
    (
        "collapse_linear",
        "def collapse_linear(W1, c1, W2, c2):\n    def both(x):\n        return (x @ W1 + c1) @ W2 + c2\n"
        "    c = both(np.zeros(len(W1)))\n    return np.array([both(e) for e in np.eye(len(W1))]), c",
        "subtracted",
        "Line 5, `both(e)`",
    ),
    (
        "maxout",
        "def maxout(Z, k):\n    out = np.zeros((len(Z), Z.shape[1] // k))\n    for j in range(Z.shape[1] // k):\n"
        "        out[:, j] = Z[:, j : j + k].max(axis=1)\n    return out",
        "index",
        "Line 4, `j` in `Z[:, j : j + k]`",
    ),
    (
        "staircase_network",
        "def staircase_network(knots, values, sharpness):\n    w = np.zeros(len(knots))\n    for j in range(len(knots)):\n"
        "        w[j] = values[j] - values[j - 1]\n"
        "    return np.full((1, len(knots)), float(sharpness)), -sharpness * knots, w, values[0]",
        "index",
        "Line 4, `j` in `values[j]`",
    ),
    (
        "categorical_nll",
        "def categorical_nll(scores, g):\n    logp = log_softmax(scores)\n    return -np.mean(logp[:, g])",
        "pairs",
        "Line 3, `logp[:, g]`",
    ),
    (
        "affine",
        'def affine(X, W, c):\n    return np.einsum("ij,kj->ik", X, W) + c',
        "letters",
        'Line 2, `"ij,kj->ik"` in `np.einsum("ij,kj->ik", X, W)`',
    ),
    (
        "hidden_gradients",
        'def hidden_gradients(X, delta_h):\n    return np.einsum("ni,kj->ij", X, delta_h), delta_h.sum(axis=0)',
        "letters",
        'Line 2, `"ni,kj->ij"` in `np.einsum("ni,kj->ij", X, delta_h)`',
    ),
    (
        "logit",
        "def logit(p):\n    return np.log(p) / np.log(1 - p)",
        "operator",
        "Line 2, `np.log(p) / np.log(1 - p)`",
    ),
    (
        "mdn_split",
        "def mdn_split(a, k, d):\n    mu = a[:, k:-k].reshape(len(a), k, d)\n"
        "    return log_softmax(a)[:, :k], mu, softplus(a[:, -k:])",
        "steps",
        "Line 3, `log_softmax(a)[:, :k]`",
    ),
    (
        "log_softmax",
        "def log_softmax(z):\n    m = z.max(axis=-1, keepdims=True)\n"
        "    return z - m - np.log(np.exp((z - m).sum(axis=-1, keepdims=True)))",
        "steps",
        "Line 3, `np.exp((z - m).sum(axis=-1, keepdims=True))`",
    ),
    (
        "sigmoid_mse_grad",
        "def sigmoid_mse_grad(z, y):\n    z = sigmoid(z)\n    outer = 2 * (z - y)\n"
        "    inner = sigmoid(z) * (1 - sigmoid(z))\n    return outer * inner",
        "overwritten",
        "Line 4, `z` in `sigmoid(z)`",
    ),
    (
        "sigmoid_mse_grad",
        "def sigmoid_mse_grad(z, y):\n    s = sigmoid(z)\n    slope = 1 - s**2\n    return 2 * (s - y) * slope",
        "value",
        "Line 3, `1` in `1 - s**2`",
    ),
    (
        "softplus",
        "def softplus(z):\n    big = z > 5\n    return np.where(big, z, np.log1p(np.exp(np.minimum(z, 300))))",
        "constant",
        "Line 2, `5` in `z > 5`",
    ),
    (
        "prelu_grads",
        "def prelu_grads(z, alpha, upstream):\n    on = z > alpha * z\n    dz = np.where(on, 1.0, alpha)\n"
        "    return upstream * dz, (upstream * np.where(on, 0.0, z)).sum(axis=0)",
        "value",
        "Line 2, `alpha * z`",
    ),
    (
        "hard_tanh",
        "def hard_tanh(z):\n    return np.maximum(1.0, np.minimum(-1.0, z))",
        "swapped",
        "Line 2, `np.maximum(1.0, np.minimum(-1.0, z))`",
    ),
    (
        "length_map",
        "def length_map(q, sigma_w, sigma_b, phi):\n    x = np.linspace(-10, 10, 1001)\n    def mean(v):\n"
        "        return np.sum(v * np.exp(-x * x / 2)) * (x[1] - x[0]) / np.sqrt(2 * np.pi)\n"
        "    size = mean(phi(np.sqrt(q) * x)) ** 2\n    return sigma_w**2 * size + sigma_b**2",
        "brackets",
        "Line 5, `mean(phi(np.sqrt(q) * x)) ** 2`",
    ),
    (
        "max_regions_shallow",
        "def max_regions_shallow(n_in, n_hidden):\n    R = [[1] * (n_hidden + 1) for _ in range(n_in + 1)]\n"
        "    for d in range(1, n_in + 1):\n        for m in range(1, n_hidden + 1):\n"
        "            R[d][m] = R[d][m - 1] + R[d - 1][m]\n    return R[n_in][n_hidden]",
        "index",
        "Line 5, `m` in `R[d - 1][m]`",
    ),
    (
        "trajectory_length",
        "def trajectory_length(curve, closed):\n    steps = curve - np.roll(curve, 1) if closed else np.diff(curve, axis=0)\n"
        "    return np.sqrt((steps**2).sum(axis=1)).sum()",
        "axis",
        "Line 2, `np.roll(curve, 1)`",
    ),
    (
        "numerical_gradient",
        "def numerical_gradient(f, theta, eps=1e-5):\n    grad = np.zeros(theta.shape)\n    up = theta.astype(float).copy()\n"
        "    down = theta.astype(float).copy()\n    for i in np.ndindex(theta.shape):\n        up[i] += eps\n"
        "        down[i] -= eps\n        grad[i] = (f(up) - f(down)) / (2 * eps)\n    return grad",
        "place",
        "Line 3, `up = theta.astype(float).copy()`",
    ),
    (
        "rbf_kernel",
        "def rbf_kernel(A, B, gamma):\n    d = A[:, None] - B[None]\n    K = np.exp(-gamma * (d**2).sum(axis=2))\n"
        "    np.fill_diagonal(K, 1.0)\n    return K",
        "line",
        "Line 4, `np.fill_diagonal(K, 1.0)`",
    ),
    (
        "tanh_grad",
        "def tanh_grad(z):\n    slope = 1 - np.tanh(z) ** 2\n    slope[np.abs(z) > 3] = 0.0\n    return slope",
        "line",
        "Line 3, `slope[np.abs(z) > 3] = 0.0`",
    ),
    (
        "sparsity",
        "def sparsity(H):\n    return sum(1 for v in H.ravel() if v <= 0) / H.size",
        "comparison",
        "Line 2, `v <= 0`",
    ),
]  # fmt: skip


@pytest.mark.usefixtures("nothing_registered")
@pytest.mark.parametrize(("name", "text", "kind", "place"), SLIPS, ids=[f"{n}_{k}" for n, _, k, _ in SLIPS])
def test_a_slip_is_found_with_its_place_and_kind(name, text, kind, place):
    _, found = diagnosed(name, text)
    assert (found.witness, found.kind, found.place) == ("repair", kind, place)


@pytest.mark.usefixtures("nothing_registered")
def test_what_stands_for_nothing_is_no_condition_to_be_turned_round():
    """`or 1.0` guards a division: with `and` the length would be left out, and the mistake is that it is divided by."""
    text = (
        "def sgd_step(params, grads, lr):\n    new = {}\n    for name in params:\n"
        "        length = np.linalg.norm(grads[name]) or 1.0\n        new[name] = params[name] - lr * grads[name] / length\n"
        "    return new"
    )
    found = diagnosed("sgd_step", text)[1]
    assert found is None or "the operator" not in found.said()


@pytest.mark.usefixtures("nothing_registered")
def test_an_array_without_axes_stays_one_where_other_numbers_are_tried():
    """Else no repair of a function that puts numbers into copies of its argument would be believed."""
    text = (
        "def numerical_gradient(f, theta, eps):\n    grad = np.zeros(theta.shape)\n    for i in np.ndindex(theta.shape):\n"
        "        up, down = theta.astype(float), theta.astype(float)\n        up[i] += eps\n        down[i] += eps\n"
        "        grad[i] = (f(up) - f(down)) / (2 * eps)\n    return grad"
    )
    found = diagnosed("numerical_gradient", text)[1]
    assert (found.witness, found.place) == ("repair", "Line 6, `down[i] += eps`")


@pytest.mark.usefixtures("nothing_registered")
def test_what_is_repeated_in_another_order_is_one_of_the_two_lines():
    text = (
        "def generalized_relu(z, alpha):\n    if np.ndim(alpha) == 0:\n        slopes = np.full(z.shape, alpha)\n    else:\n"
        "        slopes = np.repeat(alpha, z.shape[0]).reshape(z.shape)\n    low = np.minimum(0, z)\n"
        "    return np.maximum(0, z) + slopes * low"
    )
    found = diagnosed("generalized_relu", text)[1]
    assert found.place == "Line 5, `np.repeat(alpha, z.shape[0])`, or line 7, `slopes` in `slopes * low`"
