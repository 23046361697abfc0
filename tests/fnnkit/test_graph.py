"""Flow graphs against PyTorch's automatic differentiation, hand-written gradients and sums over explicit paths."""

import gc
import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays, broadcastable_shapes

from fnnkit import backprop, graph
from fnnkit.graph import (
    Node,
    Operation,
    apply,
    bprop,
    constant,
    flow_graph_backward,
    flow_graph_forward,
    fprop,
    gradients,
    nodes_of,
    path_sum,
    topological_order,
    value_and_gradients,
)

CLOSE = {"rtol": 1e-10, "atol": 1e-12}
seeds = st.integers(0, 10_000)


@st.composite
def acyclic_graphs(draw, max_nodes=7):
    """Edges (parent, child, derivative) from lower to higher numbers, parallel ones too, and the number of nodes."""
    n = draw(st.integers(2, max_nodes))
    pairs = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda pair: pair[0] < pair[1])
    slopes = st.integers(-3, 3).map(float)
    return n, [(*pair, draw(slopes)) for pair in draw(st.lists(pairs, max_size=14))]


def explicit_path_sum(edges, source, target):
    """Walk every single path."""
    if source == target:
        return 1.0
    return sum(
        slope * explicit_path_sum(edges, child, target) for parent, child, slope in edges if parent == source
    )


def as_parents(n, edges):
    """Parents and local derivatives of nodes 0 .. n−1, listed from the last to the first, which is the wrong order."""
    parents = {node: [a for a, b, _ in edges if b == node] for node in reversed(range(n))}
    return parents, {node: [slope for _, b, slope in edges if b == node] for node in parents}


# --- graphs as plain data ------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=80)
@given(acyclic_graphs())
def test_in_topological_order_every_node_comes_once_and_after_its_parents(sample):
    n, edges = sample
    parents, _ = as_parents(n, edges)
    order = topological_order(parents)
    assert sorted(order) == list(range(n))
    for parent, child, _ in edges:
        assert order.index(parent) < order.index(child)


def test_a_chain_of_100_000_nodes_has_an_order_a_value_and_a_derivative():
    n = 100_000
    parents = {i: [i - 1] for i in range(n, 0, -1)}
    order = topological_order(parents)
    assert order == list(range(n + 1))
    values = flow_graph_forward(order, parents, dict.fromkeys(range(1, n + 1), lambda a: a + 1.0), {0: 1.0})
    assert values[n] == n + 1
    assert flow_graph_backward(order, parents, {i: [-1.0] for i in parents}, n)[0] == 1.0
    assert path_sum([(i - 1, i, -1.0) for i in parents], 1, n) == -1.0


@pytest.mark.parametrize(
    ("parents", "cycle"),
    [
        ({"a": ["a"]}, "a → a"),
        ({"a": ["c"], "b": ["a"], "c": ["b"], "d": ["c"]}, "c → a → b → c"),
        ({"d": ["a", "b"], "a": ["b"], "b": ["a"], "x": []}, "b → a → b"),
    ],
)
def test_a_cycle_is_shown_in_the_direction_of_its_values(parents, cycle):
    turns = cycle.split(" → ")
    with pytest.raises(ValueError, match="no cycle, but it has") as caught:
        topological_order(parents)
    shown = str(caught.value).split("it has ")[1].split(" → ")
    assert shown[0] == shown[-1]
    assert set(shown) == set(turns)
    assert len(shown) == len(turns)
    for parent, child in itertools.pairwise(shown):
        assert parent in parents[child]


def test_a_long_cycle_is_shown_shortened():
    with pytest.raises(ValueError, match="…") as caught:
        topological_order({i: [(i + 1) % 1000] for i in range(1000)})
    assert len(str(caught.value)) < 200


def test_a_graph_of_no_node_has_an_empty_order():
    assert topological_order({}) == []
    assert flow_graph_forward([], {}, {}, {}) == {}


@settings(deadline=None, max_examples=100)
@given(acyclic_graphs())
def test_path_sum_and_reverse_accumulation_are_the_sum_over_all_explicit_paths(sample):
    n, edges = sample
    parents, local = as_parents(n, edges)
    for target in range(n):
        expected = [explicit_path_sum(edges, source, target) for source in range(n)]
        assert [path_sum(edges, source, target) for source in range(n)] == expected
        gradient = flow_graph_backward(list(range(n)), parents, local, target)
        assert [gradient[source] for source in range(n)] == expected


def test_paths_that_double_sixty_times_are_summed_at_once():
    rungs = [edge for i in range(60) for edge in ((i, i + 1, 1.0), (i, i + 1, 1.0))]
    assert path_sum(rungs, 0, 60) == 2.0**60


def test_nodes_off_the_path_do_not_count_even_if_their_derivatives_are_infinite():
    edges = [("x", "z", 2.0), ("other", "z", np.inf), ("z", "later", np.nan)]
    assert path_sum(edges, "x", "z") == 2.0
    order, parents = ["x", "other", "z", "later"], {"z": ["x"], "later": ["z", "other"]}
    assert flow_graph_backward(order, parents, {"z": [2.0], "later": [np.nan, np.inf]}, "z") == {
        "x": 2.0,
        "other": 0.0,
        "z": 1.0,
        "later": 0.0,
    }


def test_path_sum_of_no_path_is_zero_and_of_no_edge_is_one():
    assert path_sum([("a", "b", 3.0)], "b", "a") == 0.0
    assert path_sum([], "a", "a") == 1.0
    assert path_sum([("a", "b", 3)], "a", "b") == 3.0


def test_forward_hands_over_the_parents_in_their_order_and_takes_constants_as_operations():
    values = flow_graph_forward(
        ["a", "b", "two", "z"],
        {"z": ["b", "a", "two"]},
        {"z": lambda b, a, two: (b - a) / two, "two": lambda: 2},
        {"a": 1, "b": np.array([3, 7], dtype=np.float32)},
    )
    np.testing.assert_array_equal(values["z"], [1.0, 3.0])
    assert all(value.dtype == np.float64 for value in values.values())


def test_calling_backward_twice_gives_the_same_and_changes_no_argument():
    order, parents, local = ["x", "y"], {"y": ["x", "x"]}, {"y": [3.0, 3.0]}
    first = flow_graph_backward(order, parents, local, "y")
    assert flow_graph_backward(order, parents, local, "y") == first == {"x": 6.0, "y": 1.0}
    assert (order, parents, local) == (["x", "y"], {"y": ["x", "x"]}, {"y": [3.0, 3.0]})


# --- nodes: values and gradients of every rule ---------------------------------------------------------------

UNARY = {
    "exp": (graph.exp, torch.exp),
    "log": (lambda x: graph.log(x * x + 1), lambda x: torch.log(x * x + 1)),
    "sqrt": (lambda x: graph.sqrt(x * x + 1), lambda x: torch.sqrt(x * x + 1)),
    "tanh": (graph.tanh, torch.tanh),
    "sigmoid": (graph.sigmoid, torch.sigmoid),
    "softplus": (graph.softplus, lambda x: torch.logaddexp(x, torch.zeros_like(x))),
    "relu": (graph.relu, torch.relu),
    "negative": (lambda x: -x, lambda x: -x),
    "square": (lambda x: x**2, lambda x: x**2),
    "cube": (lambda x: x**3, lambda x: x**3),
    "inverse": (lambda x: (x * x + 1) ** -1, lambda x: (x * x + 1) ** -1),
    "power 1": (lambda x: x**1, lambda x: x**1),
    "power 0": (lambda x: x**0 * x, lambda x: x**0 * x),
    "root": (lambda x: (x * x + 1) ** 0.5, lambda x: (x * x + 1) ** 0.5),
    "log_softmax": (graph.log_softmax, lambda x: torch.log_softmax(x, -1)),
    "sum": (lambda x: x.sum() * x, lambda x: x.sum() * x),
    "sum of rows": (lambda x: x.sum(axis=0) * x, lambda x: x.sum(0) * x),
    "sum kept": (lambda x: x.sum(axis=-1, keepdims=True) * x, lambda x: x.sum(-1, keepdim=True) * x),
    "sum of two axes": (
        lambda x: x.reshape(3, 2, 2).sum(axis=(0, -1)),
        lambda x: x.reshape(3, 2, 2).sum((0, -1)),
    ),
    "mean": (lambda x: x.mean() * x, lambda x: x.mean() * x),
    "mean of columns": (lambda x: x.mean(axis=1), lambda x: x.mean(1)),
    "mean of two axes": (
        lambda x: x.reshape(3, 2, 2).mean(axis=(0, -1), keepdims=True),
        lambda x: x.reshape(3, 2, 2).mean((0, -1), keepdim=True),
    ),
    "max": (lambda x: x.max(axis=0) * x, lambda x: x.max(0).values * x),
    "max kept": (lambda x: x.max(axis=-1, keepdims=True), lambda x: x.max(-1, keepdim=True).values),
    "reshape": (lambda x: x.reshape(2, -1) ** 2, lambda x: x.reshape(2, -1) ** 2),
    "T": (lambda x: x.T @ x, lambda x: x.T @ x),
    "transpose": (
        lambda x: x.reshape(3, 2, 2).transpose(2, 0, -2) ** 2,
        lambda x: x.reshape(3, 2, 2).permute(2, 0, -2) ** 2,
    ),
    "entry": (lambda x: x[1, 2] * x, lambda x: x[1, 2] * x),
    "row": (lambda x: x[-1] * x, lambda x: x[-1] * x),
    "slice": (lambda x: x[:2, 1:3] ** 2, lambda x: x[:2, 1:3] ** 2),
    "new axis": (lambda x: x[:, None] * x, lambda x: x[:, None] * x),
    "ellipsis": (lambda x: x[..., 0], lambda x: x[..., 0]),
    "rows taken twice": (lambda x: x[[0, 2, 0]] ** 2, lambda x: x[[0, 2, 0]] ** 2),
    "entry of each row": (lambda x: x[np.arange(3), [3, 0, 3]], lambda x: x[torch.arange(3), [3, 0, 3]]),
    "mask": (lambda x: x[np.eye(3, 4, dtype=bool)] ** 2, lambda x: x[torch.eye(3, 4).bool()] ** 2),
    "concatenate": (
        lambda x: graph.concatenate([x, x * 2, x[:1]]),
        lambda x: torch.cat([x, x * 2, x[:1]]),
    ),
    "concatenate columns": (
        lambda x: graph.concatenate([x[:, :1], x, x * x], axis=-1),
        lambda x: torch.cat([x[:, :1], x, x * x], -1),
    ),
    "rows one by one": (lambda x: sum(row * row for row in x), lambda x: sum(row * row for row in x)),
}
BINARY = {
    "add": (lambda a, b: a + b, lambda a, b: a + b),
    "subtract": (lambda a, b: a - b, lambda a, b: a - b),
    "multiply": (lambda a, b: a * b, lambda a, b: a * b),
    "divide": (lambda a, b: a / (b * b + 1), lambda a, b: a / (b * b + 1)),
    "maximum": (graph.maximum, torch.maximum),
}


def assert_like_torch(ours, theirs, *values):
    """Equal values, and equal gradients for a random error signal."""
    nodes = [Node(value) for value in values]
    tensors = [torch.tensor(np.array(value), requires_grad=True) for value in values]
    mine, other = ours(*nodes), theirs(*tensors)
    assert mine.shape == tuple(other.shape)
    np.testing.assert_allclose(mine.value, other.detach().numpy(), **CLOSE)
    delta = np.random.default_rng(0).normal(size=mine.shape)
    other.backward(torch.tensor(delta))
    deltas = bprop(mine, delta)
    for node, tensor in zip(nodes, tensors, strict=True):
        assert deltas[node].shape == node.shape
        np.testing.assert_allclose(deltas[node], tensor.grad.numpy(), **CLOSE)


@pytest.mark.parametrize("name", UNARY)
def test_the_rules_of_one_parent_are_those_of_torch(name):
    for seed in range(3):
        assert_like_torch(*UNARY[name], np.random.default_rng(seed).normal(size=(3, 4)))


@settings(deadline=None, max_examples=25)
@given(st.data(), st.sampled_from(sorted(BINARY)), seeds)
def test_broadcasting_is_undone_as_in_torch(data, name, seed):
    shape = data.draw(st.lists(st.integers(0, 3), max_size=3).map(tuple))
    other = data.draw(broadcastable_shapes(shape, max_dims=4, min_side=0, max_side=3))
    rng = np.random.default_rng(seed)
    assert_like_torch(*BINARY[name], rng.normal(size=shape), rng.normal(size=other))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((3, 4), (4, 2)),
        ((4,), (4,)),
        ((4,), (4, 2)),
        ((3, 4), (4,)),
        ((5, 3, 4), (4, 2)),
        ((3, 4), (5, 4, 2)),
        ((5, 1, 3, 4), (2, 4, 6)),
        ((5, 3, 4), (4,)),
        ((4,), (5, 4, 2)),
        ((0, 4), (4, 2)),
        ((3, 0), (0, 2)),
        ((1, 1), (1, 1)),
    ],
)
def test_matrix_products_of_every_shape_are_those_of_torch(left, right):
    rng = np.random.default_rng(0)
    assert_like_torch(lambda a, b: a @ b, lambda a, b: a @ b, rng.normal(size=left), rng.normal(size=right))


def test_arrays_and_numbers_on_either_side_are_constants():
    A = np.array([[1.0, 2.0], [3.0, 4.0]])
    x = Node([1.0, -1.0])
    for node, value, slope in (
        (A @ x, [-1, -1], [4, 6]),
        (x @ A, [-2, -2], [3, 7]),
        (A[0] + x, [2, 1], [1, 1]),
        (A[0] - x, [0, 3], [-1, -1]),
        (x - A[0], [0, -3], [1, 1]),
        (A[0] * x, [1, -2], [1, 2]),
        (A[0] / x, [1, -2], [-1, -2]),
        (x / A[0], [1, -0.5], [1, 0.5]),
        (np.float64(2.0) * x, [2, -2], [2, 2]),
        (2 - x, [1, 3], [-1, -1]),
        (1 / x, [1, -1], [-1, -1]),
    ):
        assert isinstance(node, Node)
        np.testing.assert_array_equal(node.value, value)
        deltas = bprop(node.sum())
        np.testing.assert_array_equal(deltas[x], slope)
        assert all(found.varies for found in deltas)


@settings(deadline=None, max_examples=25)
@given(seeds, st.integers(1, 12))
def test_random_graphs_with_shared_nodes_have_the_gradients_of_torch(seed, size):
    def build(leaves, tanh):
        rng = np.random.default_rng(seed)
        nodes = list(leaves)
        for _ in range(size):
            a, b = (nodes[i] for i in rng.integers(0, len(nodes), size=2))
            kind = rng.integers(3)
            nodes.append(a + b if kind == 0 else a * b if kind == 1 else tanh(a) - b)
        return tanh(nodes[-1] + nodes[-2]).sum()

    rng = np.random.default_rng(seed + 1)
    values = [rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal()]
    nodes = [Node(value) for value in values]
    tensors = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in values]
    output = build(tensors, torch.tanh)
    output.backward()
    for gradient, tensor in zip(gradients(build(nodes, graph.tanh), nodes), tensors, strict=True):
        expected = np.zeros(tensor.shape) if tensor.grad is None else tensor.grad.numpy()
        assert gradient.shape == expected.shape
        np.testing.assert_allclose(gradient, expected, rtol=1e-9, atol=1e-12)


def test_the_gradients_of_a_network_are_those_derived_by_hand():
    rng = np.random.default_rng(0)
    X, g = rng.normal(size=(7, 3)), rng.integers(0, 4, size=7)
    params = {"W": (3, 5), "b": (5,), "U": (5, 4), "d": (4,)}
    params = {name: rng.normal(size=shape) for name, shape in params.items()}
    loss, grads = value_and_gradients(
        lambda p: graph.categorical_nll(graph.tanh(X @ p["W"] + p["b"]) @ p["U"] + p["d"], g), params
    )
    expected_loss, expected = backprop.backprop(X, g, params)
    assert loss == pytest.approx(expected_loss, rel=1e-13)
    assert list(grads) == list(params)
    for name in params:
        np.testing.assert_allclose(grads[name], expected[name], rtol=1e-11, atol=1e-15)


def test_a_hand_worked_graph():
    # z = x y with y = x²: at x = 3, y = 9, z = 27, dz/dy = 3, dz/dx = 9 + 3 · 6.
    x = Node(3.0)
    y = x**2
    z = x * y
    deltas = bprop(z)
    assert (z.value, deltas[z], deltas[y], deltas[x]) == (27.0, 1.0, 3.0, 27.0)
    # b = a + a and c = b + b: every use counts.
    a = Node(1.0)
    b = a + a
    assert bprop(b + b)[a] == 4.0


def test_slopes_at_kinks_and_ties():
    z, a, b = Node([-1.0, 0.0, 2.0]), Node([1.0, 5.0]), Node([1.0, 7.0])
    np.testing.assert_array_equal(bprop(graph.relu(z).sum())[z], [0, 0, 1])
    deltas = bprop(graph.maximum(a, b).sum())
    np.testing.assert_array_equal(deltas[a], [1, 0])
    np.testing.assert_array_equal(deltas[b], [0, 1])
    tie = Node([[3.0, 3.0], [1.0, 2.0]])
    np.testing.assert_array_equal(bprop(tie.max(axis=1).sum())[tie], [[1, 0], [0, 1]])


def test_extreme_scores_stay_finite():
    scores = Node([[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4]])
    loss = graph.categorical_nll(scores, [1, 0])
    assert loss.value == pytest.approx((2e4 + 2e4 + math.log(2)) / 2)
    assert np.isfinite(bprop(loss)[scores]).all()
    for rule in (graph.log_softmax, graph.sigmoid, graph.softplus, graph.tanh, graph.relu):
        assert np.isfinite(rule(scores).value).all()
        assert np.isfinite(bprop(rule(scores).sum())[scores]).all()


def test_what_is_infinite_or_undefined_says_so_in_its_value_and_not_by_a_warning():
    zero, huge = Node(0.0), Node(1e308)
    assert graph.log(zero).value == -np.inf
    assert (1 / zero).value == np.inf
    assert graph.exp(huge).value == np.inf
    assert (huge * 10 + huge).value == np.inf
    assert np.isnan(graph.sqrt(-huge).value)
    assert bprop(graph.sqrt(zero))[zero] == np.inf
    assert bprop(graph.log(zero))[zero] == np.inf
    x = Node(2.0)
    for _ in range(2000):
        last = x = x * 3.0
    assert last.value == np.inf
    # The slope of a power that is constant is 0, at 0 too.
    assert bprop(zero**0)[zero] == 0


# --- through the graph ---------------------------------------------------------------------------------------


def test_a_chain_of_100_000_nodes_goes_forward_and_back_and_away():
    x = Node(0.5)
    y = x
    for _ in range(100_000):
        y = y + x
    assert y.value == 0.5 * 100_001
    assert bprop(y)[x] == 100_001
    assert len(nodes_of(y)) == 100_001
    assert fprop(y, {x: 2.0})[y].value == 200_002
    del y
    gc.collect()


def test_paths_that_double_two_hundred_times_are_summed_at_once():
    x = Node(1.0)
    y = x
    for _ in range(200):
        y = y + y
    assert bprop(y)[x] == 2.0**200


def test_going_back_twice_gives_the_same_and_leaves_the_graph_as_it_was():
    x = Node([1.0, 2.0])
    y = (graph.tanh(x) * x).sum()
    values = [np.array(node.value) for node in nodes_of(y)]
    first = gradients(y, [x])[0]
    np.testing.assert_array_equal(gradients(y, [x])[0], first)
    for node, value in zip(nodes_of(y), values, strict=True):
        np.testing.assert_array_equal(node.value, value)


def test_gradients_are_arrays_of_their_own():
    x, y = Node([1.0, 2.0]), Node([3.0, 4.0])
    total = (x + y).sum()  # hands one and the same error signal to both
    dx, dy = gradients(total, [x, y])
    dx *= 100
    np.testing.assert_array_equal(dy, [1, 1])
    np.testing.assert_array_equal(gradients(total, [x])[0], [1, 1])
    twice = gradients(total, [x, x])
    twice[0] *= 7
    np.testing.assert_array_equal(twice[1], [1, 1])


def test_an_array_that_is_changed_after_the_forward_pass_does_not_reach_the_way_back():
    a, weights, index = np.array([3.0, 4.0]), np.array([5.0, 6.0]), np.array([0, 0])
    x = Node(a)
    y = (x * x * weights)[index].sum()
    a[:], weights[:], index[:] = 0, 0, 1
    np.testing.assert_array_equal(bprop(y)[x], [60, 0])
    with pytest.raises(ValueError, match="read-only"):
        x.value[0] = 1


def test_nodes_on_which_the_output_does_not_depend_have_gradient_zero():
    x, unused, later = Node([1.0, 2.0]), Node(np.ones((2, 3))), Node(1.0)
    y = (x * x).sum()
    z = y * later
    grads = gradients(y, [x, unused, later, z])
    np.testing.assert_array_equal(grads[0], [2, 4])
    np.testing.assert_array_equal(grads[1], np.zeros((2, 3)))
    assert grads[2] == grads[3] == 0
    assert set(bprop(y)) <= set(nodes_of(y))


def test_the_gradient_of_an_inner_node_and_of_the_output_itself():
    x = Node(2.0)
    y = x * x
    z = y * y * x
    assert [float(value) for value in gradients(z, [z, y, x])] == [1.0, 16.0, 16.0 + 16.0 * 4.0]


def test_no_work_is_done_for_constants():
    def refuse(*_):
        raise AssertionError("nobody asked for this gradient")

    x, c = Node(2.0), constant(3.0)
    product = Operation("product", np.multiply, (lambda d, _, a, b: d * b, refuse))
    assert bprop(apply(product, x, c))[x] == 3.0
    assert bprop(apply(product, x, 3.0))[x] == 3.0
    fixed = apply(product, c, c)
    assert not fixed.varies
    assert list(bprop(fixed)) == [fixed]


def test_a_second_forward_pass_computes_the_same_graph_for_other_inputs():
    rng = np.random.default_rng(0)

    def function(X, W):
        return (graph.softplus(X @ W - 1.0).max(axis=1) ** 2).mean()

    X, W = Node(rng.normal(size=(4, 3)), "X"), Node(rng.normal(size=(3, 5)), "W")
    y = function(X, W)
    old = float(y.value)
    other = rng.normal(size=(4, 3))
    new = fprop(y, {X: other})
    directly = Node(other)
    expected = function(directly, W)
    assert set(new) == set(nodes_of(y))
    assert new[y].value == expected.value
    assert y.value == old
    assert new[W] is W
    assert new[X].name == "X"
    np.testing.assert_array_equal(bprop(new[y])[new[X]], bprop(expected)[directly])
    np.testing.assert_array_equal(bprop(new[y])[W], bprop(expected)[W])


def test_a_second_forward_pass_keeps_constants_constant_and_names():
    c, x = constant(2.0), Node(3.0)
    y = c * x
    y.name = "product"
    new = fprop(y, {c: 5.0})
    assert (new[y].value, new[y].name, new[c].varies) == (15.0, "product", False)
    assert new[c] not in bprop(new[y])


@settings(deadline=None, max_examples=30)
@given(
    arrays(st.sampled_from([np.float32, np.float64, np.int64, np.bool_]), st.sampled_from([(), (3,), (2, 0)]))
)
def test_every_real_dtype_becomes_float64_and_keeps_its_shape(value):
    x = Node(value)
    y = (x * x).sum()
    gradient = gradients(y, [x])[0]
    assert x.value.dtype == y.value.dtype == gradient.dtype == np.float64
    assert x.shape == gradient.shape == np.shape(value)


def test_nodes_are_listed_in_topological_order():
    x, y = Node(1.0), Node(2.0)
    z = graph.tanh(x * y) + x
    order = nodes_of(z)
    assert len(order) == len(set(order)) == 5
    for node in order:
        assert all(order.index(parent) < order.index(node) for parent in node.parents)
    # The order of the first half of this module fits the graph of the second half.
    assert set(topological_order({node: list(node.parents) for node in order})) == set(order)


def test_a_node_shows_what_it_is():
    x = Node(np.zeros((2, 3)), "X")
    assert repr(x) == "Node(X, shape (2, 3))"
    assert repr(x.T @ x) == "Node(matmul, shape (3, 3))"
    assert (len(x), x.ndim) == (2, 2)


# --- what is refused -----------------------------------------------------------------------------------------

x, M = Node([1.0, 2.0]), Node(np.ones((2, 3)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: topological_order(["a"]), "parents should map each node to a list of its parents"),
        (lambda: topological_order({"z": "xy"}), r"parents\['z'\] should be a list of the nodes"),
        (
            lambda: topological_order({"z": [["x"]]}),
            r"parents\['z'\] should hold nodes, but one of them is list",
        ),
        (lambda: path_sum([("a", "b")], "a", "b"), r"edges\[0\] should be a triple"),
        (lambda: path_sum([("a", "b", "c")], "a", "b"), r"derivative of edges\[0\] should hold real numbers"),
        (lambda: path_sum([("a", "b", 1), ("b", "a", 1)], "a", "b"), "should have no cycle"),
        (lambda: flow_graph_forward(["z"], {"z": ["x"]}, {}, {}), "'z' comes before 'x'"),
        (lambda: flow_graph_forward(["z", "z"], {}, {}, {}), "'z' is there twice"),
        (lambda: flow_graph_forward(["x"], {"z": ["x"]}, {}, {"x": 1}), "'z' is missing"),
        (lambda: flow_graph_forward(["x"], {}, {}, {}), "node 'x' should be in inputs or in ops, .* neither"),
        (lambda: flow_graph_forward(["x"], {}, {"x": float}, {"x": 1}), "it is in both"),
        (
            lambda: flow_graph_forward(["x"], {}, {}, {"x": 1, "t": 1}),
            "inputs should hold nodes of order, but 't'",
        ),
        (lambda: flow_graph_forward(["x"], {}, {}, {"x": "one"}), r"inputs\['x'\] should hold real numbers"),
        (
            lambda: flow_graph_forward(["x", "y"], {"y": ["x"]}, {}, {"x": 1, "y": 2}),
            "'y' has parents and should not be in inputs",
        ),
        (
            lambda: flow_graph_forward(["x", "y"], {"y": ["x"]}, {"y": lambda a: None}, {"x": 1}),
            "the value of node 'y' should hold real numbers",
        ),
        (lambda: flow_graph_forward(["x"], {}, None, {}), "ops should be a dictionary"),
        (lambda: flow_graph_backward(["x"], {}, {}, "z"), "output should be a node of order"),
        (lambda: flow_graph_backward(["x"], {}, [], "x"), "local should be a dictionary"),
        (
            lambda: flow_graph_backward(["x", "z"], {"z": ["x", "x"]}, {"z": [1.0]}, "z"),
            r"local\['z'\] should hold one derivative for each of 2 parents, but it holds 1",
        ),
        (
            lambda: flow_graph_backward(["x", "z"], {"z": ["x"]}, {"z": 1.0}, "z"),
            r"local\['z'\] should be an array",
        ),
        (lambda: Node("one"), "value should hold real numbers"),
        (lambda: Node(1j, "x"), "x should hold real numbers"),
        (lambda: Node(x), "but it is a Node"),
        (lambda: x + np.ones(3), r"add does not fit shape \(2,\) and \(3,\)"),
        (lambda: x @ x.reshape(1, 2), r"matmul does not fit shape \(2,\) and \(1, 2\)"),
        (lambda: x + "one", "should hold real numbers"),
        (lambda: x**x, "exponent should be a number, but it is a Node"),
        (lambda: x ** "2", "exponent should"),
        (lambda: x.sum(axis=1), "sum does not fit"),
        (lambda: x.reshape(3), "reshape does not fit"),
        (lambda: x[:0].mean(), "mean should be over at least one entry"),
        (lambda: x[:0].max(axis=0), "max does not fit"),
        (lambda: M.transpose(0, 0), "transpose does not fit"),
        (lambda: bprop(x), "output should have a single entry, but it is an array of shape"),
        (lambda: bprop(x, [1.0]), r"delta should be an array of shape \(2,\)"),
        (lambda: bprop(3.0), "output should be a Node"),
        (lambda: nodes_of([x]), "output should be a Node"),
        (lambda: gradients(x.sum(), x), "inputs should be a list of nodes"),
        (lambda: gradients(x.sum(), [x, 1.0]), r"inputs\[1\] should be a Node"),
        (lambda: fprop(x.sum(), {M: 1.0}), "inputs should hold inputs of the graph"),
        (lambda: fprop(x, [1.0]), "inputs should map nodes to values"),
        (lambda: fprop(x * M.T, {x: np.ones(5)}), "multiply does not fit"),
        (lambda: value_and_gradients(lambda p: 1.0, {}), "what the function gives should be a Node"),
        (lambda: value_and_gradients(lambda p: x.sum(), [1.0]), "params should be a dictionary"),
        (lambda: graph.concatenate([]), "parts should be a list of at least one node"),
        (lambda: graph.concatenate([x, M]), "concatenate does not fit"),
        (lambda: graph.categorical_nll(M, [0, 3]), "g should hold labels from 0 to 2"),
        (lambda: apply(Operation("nothing", lambda a: None, ()), x), "the value of nothing should hold real"),
    ],
)
def test_a_wrong_argument_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_computed_node_is_no_input_of_a_second_forward_pass():
    y = x * x
    with pytest.raises(ValueError, match="inputs should hold inputs of the graph"):
        fprop(y.sum(), {y: [1.0, 1.0]})
