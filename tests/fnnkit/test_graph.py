"""Flow graphs: the chain rule over all paths, in one visit of each edge, without recursion."""

import itertools
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fnnkit import backprop, graph
from fnnkit.graph import (
    Node,
    ancestors,
    flow_graph_backward,
    flow_graph_forward,
    gradients,
    path_sum,
    topological_order,
)


def random_dag(seed, nodes=7):
    """Parents of nodes 0..n-1, each chosen among the nodes before it, repeats allowed; names in no order."""
    rng = np.random.default_rng(seed)
    names = [f"n{i}" for i in rng.permutation(nodes)]
    return names, {
        names[i]: [names[int(j)] for j in rng.integers(0, i, int(rng.integers(0, 4)))]
        for i in range(1, nodes)
    }


# --- plain graphs --------------------------------------------------------------------------------------


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=50)
def test_every_node_comes_after_its_parents_and_none_is_lost(seed):
    _, parents = random_dag(seed)
    order = topological_order(parents)
    place = {node: i for i, node in enumerate(order)}
    assert sorted(order) == sorted({*parents, *itertools.chain(*parents.values())})
    assert all(place[parent] < place[node] for node, its in parents.items() for parent in its)


def test_a_cycle_is_refused_by_name():
    with pytest.raises(ValueError, match="without cycles"):
        topological_order({"a": ["b"], "b": ["a"]})
    with pytest.raises(ValueError, match="without cycles"):
        topological_order({"a": ["a"]})
    with pytest.raises(ValueError, match="without cycles"):
        path_sum([("x", "y", 1.0), ("y", "x", 1.0)], "x", "y")


def test_a_chain_of_a_hundred_thousand_nodes_needs_no_recursion():
    n = 100_000
    parents = {i: [i - 1] for i in range(1, n)}
    order = topological_order(dict(reversed(parents.items())))
    assert order == list(range(n))
    values = flow_graph_forward(order, parents, dict.fromkeys(parents, lambda v: v + 1), {0: 0})
    assert values[n - 1] == n - 1
    assert flow_graph_backward(order, parents, {node: [1.0] for node in parents}, n - 1)[0] == 1.0
    x = Node(1.0)
    y = x
    for _ in range(n):
        y = y + 1.0
    assert float(y.value) == n + 1
    assert gradients(y, [x])[0] == 1.0
    del y  # freeing the chain does not recurse either


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=50)
def test_the_path_sum_is_the_sum_over_all_paths_listed_one_by_one(seed):
    rng = np.random.default_rng(seed)
    edges = [
        (i, j, float(rng.integers(-3, 4))) for i in range(6) for j in range(i + 1, 6) if rng.random() < 0.6
    ]
    edges += edges[:2]  # parallel edges

    def listed(node):
        return 1.0 if node == 5 else sum(d * listed(end) for start, end, d in edges if start == node)

    assert path_sum(edges, 0, 5) == listed(0)


def test_a_ladder_with_more_paths_than_atoms_takes_linear_time():
    edges = [(i, i + 1, 1.0) for i in range(60)] * 2
    assert path_sum(edges, 0, 60) == 2.0**60
    assert path_sum(edges, 0, 0) == 1.0
    assert path_sum(edges, 60, 0) == 0.0
    assert path_sum([], "x", "y") == 0.0


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=50)
def test_reverse_accumulation_gives_the_path_sum_to_every_node(seed):
    names, parents = random_dag(seed)
    rng = np.random.default_rng(seed + 1)
    local = {node: [float(v) for v in rng.integers(-3, 4, len(its))] for node, its in parents.items()}
    edges = [(p, node, d) for node, its in parents.items() for p, d in zip(its, local[node], strict=True)]
    order = topological_order(parents)
    if names[-1] not in order:
        return
    found = flow_graph_backward(order, parents, local, names[-1])
    assert found == {node: path_sum(edges, node, names[-1]) for node in order}


def test_a_parent_used_twice_counts_twice_and_an_unused_node_not_at_all():
    order, parents = ["x", "unused", "y", "z"], {"y": ["x", "x"], "z": ["y", "x"]}
    values = flow_graph_forward(
        order, parents, {"y": lambda a, b: a * b, "z": lambda a, b: a - 2 * b}, {"x": 5.0, "unused": 1.0}
    )
    assert values == {
        "x": 5.0,
        "unused": 1.0,
        "y": 25.0,
        "z": 15.0,
    }  # 25 - 2·5: the order of arguments is kept
    local = {"y": [5.0, 5.0], "z": [1.0, -2.0]}
    expected = {"x": 8.0, "unused": 0.0, "y": 1.0, "z": 1.0}
    assert flow_graph_backward(order, parents, local, "z") == expected
    assert flow_graph_backward(order, parents, local, "z") == expected  # twice changes nothing
    assert flow_graph_backward(order, parents, local, "y")["z"] == 0.0


def test_what_does_not_fit_is_said_in_one_line():
    with pytest.raises(ValueError, match="'y' comes before its parent 'x'"):
        flow_graph_forward(["y", "x"], {"y": ["x"]}, {"y": abs}, {"x": 1.0})
    with pytest.raises(ValueError, match="'y' is neither"):
        flow_graph_forward(["y"], {}, {}, {})
    with pytest.raises(ValueError, match="one derivative a parent"):
        flow_graph_backward(["x", "y"], {"y": ["x"]}, {"y": []}, "y")
    with pytest.raises(ValueError, match="output should be one of the nodes"):
        flow_graph_backward(["x"], {}, {}, "z")


# --- arrays --------------------------------------------------------------------------------------------


def torch_gradients(f, *arrays):
    tensors = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in arrays]
    out = f(*tensors)
    out.backward()
    return out.item(), [t.grad.numpy() if t.grad is not None else np.zeros(t.shape) for t in tensors]


EXPRESSIONS = {
    "broadcasting": (lambda m: lambda a, b, c: m.sum((a + b) * c - b / 2.0 + (1.0 - a)), [(3, 2), (2,), (3, 1)]),
    "a shared node": (lambda m: lambda a, b, c: m.sum(m.tanh(a) * a + a * b * a - c), [(2, 2), (2, 2), ()]),
    "division and powers": (lambda m: lambda a, b, c: m.sum((a * a + 1.0) ** -1.5 / (b * b + 2.0) + 3.0 / (c**2 + 1.0)),
                            [(4,), (4,), (1,)]),
    "matrix products": (lambda m: lambda a, b, c: m.sum((a @ b) @ c) + m.sum(c @ c), [(3, 2), (2, 4), (4,)]),
    "vector times matrix": (lambda m: lambda a, b, c: m.sum(a @ b * c), [(3,), (3, 2), (2,)]),
    "transpose": (lambda m: lambda a, b, c: m.sum(a.T @ b - c), [(3, 2), (3, 2), (2, 2)]),
    "activations": (lambda m: lambda a, b, c: m.sum(m.sigmoid(a) + m.softplus(b) * m.relu(c) + m.exp(-a * a)),
                    [(5,), (5,), (5,)]),
    "picked twice": (lambda m: lambda a, b, c: m.sum(a[[0, 2, 0]] * b[:3] + c[1]), [(3,), (4,), (2,)]),
    "reductions": (lambda m: lambda a, b, c: m.mean(a) * m.sum(m.mean_axis(b, 0) * m.lse(b.T) ** 2) + m.sum(c * 0.0),
                   [(3, 2), (2, 2), (2,)]),
}  # fmt: skip


class Ours:
    sum, mean, tanh, exp = graph.total, graph.mean, graph.tanh, graph.exp
    sigmoid, softplus, relu, lse = graph.sigmoid, graph.softplus, graph.relu, graph.log_sum_exp
    mean_axis = graph.mean


class Torch:
    sum, mean, tanh, exp, sigmoid, relu = (
        torch.sum,
        torch.mean,
        torch.tanh,
        torch.exp,
        torch.sigmoid,
        torch.relu,
    )
    softplus = torch.nn.functional.softplus

    @staticmethod
    def lse(x):
        return torch.logsumexp(x, dim=-1)

    @staticmethod
    def mean_axis(x, axis):
        return x.mean(dim=axis)


@pytest.mark.parametrize("name", EXPRESSIONS)
@pytest.mark.parametrize("seed", range(5))
def test_values_and_gradients_are_those_of_pytorch(name, seed):
    make, shapes = EXPRESSIONS[name]
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=shape) for shape in shapes]
    before = [a.copy() for a in arrays]
    nodes = [Node(a) for a in arrays]
    out = make(Ours)(*nodes)
    value, expected = torch_gradients(make(Torch), *arrays)
    assert float(out.value) == pytest.approx(value, rel=1e-12)
    for _ in range(2):  # asking twice changes nothing
        for found, right in zip(gradients(out, nodes), expected, strict=True):
            assert found.shape == right.shape
            np.testing.assert_allclose(found, right, rtol=1e-10, atol=1e-12)
    assert all(np.array_equal(a, b) for a, b in zip(arrays, before, strict=True))


def test_the_gradients_of_chapter_5_come_out_without_writing_them_by_hand():
    rng = np.random.default_rng(0)
    X, g = rng.normal(size=(6, 3)), rng.integers(0, 4, 6)
    params = {
        "W": rng.normal(size=(3, 5)),
        "b": rng.normal(size=5),
        "U": rng.normal(size=(5, 4)),
        "d": rng.normal(size=4),
    }
    W, b, U, d = (Node(params[name]) for name in ("W", "b", "U", "d"))
    Y = graph.tanh(X @ W + b) @ U + d
    loss = graph.mean(graph.log_sum_exp(Y) - Y[np.arange(6), g])
    by_hand, grads = backprop.backprop(X, g, params)
    assert float(loss.value) == pytest.approx(by_hand, rel=1e-12)
    for found, name in zip(gradients(loss, [W, b, U, d]), ("W", "b", "U", "d"), strict=True):
        np.testing.assert_allclose(found, grads[name], rtol=1e-10, atol=1e-13)


def test_a_diamond_counts_both_sides_and_an_unused_node_gets_zeros():
    a, unused = Node(1.0), Node(np.ones((2, 3)))
    b = a + a
    c = b + b
    assert gradients(c, [a, unused])[0] == 4.0
    assert np.array_equal(gradients(c, [a, unused])[1], np.zeros((2, 3)))
    assert gradients(c, [c])[0] == 1.0
    assert [node is c for node in ancestors(c)] == [False, False, True]


def test_one_gradient_may_be_changed_without_changing_another():
    x, y = Node([1.0, 2.0]), Node([3.0, 4.0])
    dx, dy = gradients(graph.total(x + y), [x, y])
    dx += 5.0
    assert dy.tolist() == [1.0, 1.0]


def test_arrays_and_numbers_on_the_left_make_nodes_too():
    x = Node([1.0, 2.0])
    for made in (np.array([2.0, 3.0]) * x, np.float64(2.0) - x, 2.0 / x, np.eye(2) @ x, np.ones(2) + x):
        assert isinstance(made, Node)
        assert made.shape == (2,)
    assert (np.float64(2.0) - x).value.tolist() == [1.0, 0.0]


def test_extreme_values_are_silent_where_the_mathematics_is_finite():
    x = Node([-1e4, 0.0, 1e4])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out = graph.total(graph.softplus(x)) + graph.total(graph.sigmoid(x)) + graph.log_sum_exp(x)
        [g] = gradients(out, [x])
    assert float(out.value) == pytest.approx(1e4 + np.log(2) + 1.5 + 1e4)
    np.testing.assert_allclose(g, [0.0, 0.75, 2.0], atol=1e-12)


def test_shapes_that_do_not_fit_and_outputs_that_are_no_number_are_refused():
    with pytest.raises(ValueError, match=r"output should be a single number, but its shape is \(2,\)"):
        gradients(Node([1.0, 2.0]), [])
    with pytest.raises(ValueError, match=r"\(2, 3\) and \(2,\)"):
        Node(np.ones((2, 3))) @ np.ones(2)
    with pytest.raises(ValueError, match="value should hold real numbers"):
        Node("text")
    with pytest.raises(ValueError, match="exponent should be a number"):
        Node(2.0) ** Node(3.0)
