"""Flow graphs: the chain rule over all paths, in one visit of each edge, without recursion."""

import ast
import itertools
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import broadcastable_shapes

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


@pytest.mark.parametrize(
    "parents",
    [
        {"a": ["a"]},
        {"d": ["c"], "a": ["c"], "b": ["a"], "c": ["x", "b"]},
        {"d": ["a", "b"], "a": ["b"], "b": ["a"], "x": []},
        {i: [(i + 1) % 5] for i in range(5)},
    ],
)
def test_the_cycle_that_is_shown_is_one(parents):
    with pytest.raises(ValueError, match="there is one: ") as caught:
        topological_order(parents)
    shown = [ast.literal_eval(name) for name in str(caught.value).split("there is one: ")[1].split(" → ")]
    assert shown[0] == shown[-1]
    assert len(set(shown)) == len(shown) - 1
    assert all(parent in parents[child] for parent, child in itertools.pairwise(shown))


def test_of_many_cycles_the_one_that_is_written_first_is_shown_whatever_the_hashes():
    names = [f"{letter}{i}" for i in range(8) for letter in "ab"]
    parents = {name: [{"a": "b", "b": "a"}[name[0]] + name[1]] for name in names}
    with pytest.raises(ValueError, match="'a0' → 'b0' → 'a0'"):
        topological_order(parents)


def test_a_long_cycle_is_shown_in_one_short_line():
    with pytest.raises(ValueError, match="…") as caught:
        topological_order({i: [(i + 1) % 1000] for i in range(1000)})
    assert len(str(caught.value)) < 200


def test_what_lies_off_the_paths_does_not_count_even_if_it_is_infinite():
    edges = [("x", "z", 2.0), ("other", "z", np.inf), ("z", "later", np.nan)]
    assert path_sum(edges, "x", "z") == 2.0
    order, parents = ["x", "other", "z", "later"], {"z": ["x"], "later": ["z", "other"]}
    found = flow_graph_backward(order, parents, {"z": [2.0], "later": [np.nan, np.inf]}, "z")
    assert found == {"x": 2.0, "other": 0.0, "z": 1.0, "later": 0.0}


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


ORDER, PARENTS = ["x", "y"], {"y": ["x"]}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: topological_order(["a"]),
            "parents should be a dictionary of lists of nodes, but it is list",
        ),
        (
            lambda: topological_order({"z": "xy"}),
            r"parents\['z'\] should be a list of nodes, but it is str 'xy'",
        ),
        (
            lambda: topological_order({"z": [["x"]]}),
            r"parents\['z'\] should hold names of nodes, but it holds list",
        ),
        (lambda: path_sum([("a", "b")], "a", "b"), r"edges\[0\] should be \(node, node, derivative\)"),
        (
            lambda: path_sum([("a", "b", 1.0), ("a", "b", "c")], "a", "b"),
            r"the derivative of edges\[1\] should hold real numbers",
        ),
        (lambda: flow_graph_forward(["x", "x"], {}, {}, {"x": 1.0}), "order should have every node once"),
        (lambda: flow_graph_forward(ORDER, PARENTS, [abs], {"x": 1.0}), "ops should be a dictionary"),
        (lambda: flow_graph_forward(ORDER, PARENTS, {"y": abs}, [1.0]), "inputs should be a dictionary"),
        (
            lambda: flow_graph_backward(["y", "x"], PARENTS, {"y": [1.0]}, "y"),
            "'y' comes before its parent 'x'",
        ),
        (lambda: flow_graph_backward(["y"], PARENTS, {"y": [1.0]}, "y"), "'y' comes before its parent 'x'"),
        (lambda: flow_graph_backward(["x", "y", "y"], PARENTS, {"y": [1.0]}, "y"), "every node once"),
        (lambda: flow_graph_backward(ORDER, PARENTS, [1.0], "y"), "local should be a dictionary"),
        (
            lambda: flow_graph_backward(ORDER, PARENTS, {"y": ["a"]}, "y"),
            r"local\['y'\] should hold real numbers",
        ),
        (
            lambda: flow_graph_backward(ORDER, PARENTS, {"y": 1.0}, "y"),
            r"local\['y'\] should be an array of shape",
        ),
    ],
)
def test_a_wrong_argument_of_a_plain_graph_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


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


RULES = {
    "exp": (graph.exp, torch.exp),
    "log": (lambda x: graph.log(x * x + 1), lambda x: torch.log(x * x + 1)),
    "tanh": (graph.tanh, torch.tanh),
    "sigmoid": (graph.sigmoid, torch.sigmoid),
    "softplus": (graph.softplus, torch.nn.functional.softplus),
    "relu": (graph.relu, torch.relu),
    "negative": (lambda x: -x, lambda x: -x),
    "cube": (lambda x: x**3, lambda x: x**3),
    "root": (lambda x: (x * x + 1) ** 0.5, lambda x: (x * x + 1) ** 0.5),
    "power 0": (lambda x: x**0 * x, lambda x: x**0 * x),
    "power 1": (lambda x: x ** np.int64(1), lambda x: x),
    "total of an axis": (lambda x: graph.total(x, axis=-2) * x, lambda x: x.sum(-2) * x),
    "total of two axes": (
        lambda x: graph.total(x.reshape(3, 2, 2), axis=(0, -1)),
        lambda x: x.reshape(3, 2, 2).sum((0, -1)),
    ),
    "mean of two axes": (
        lambda x: graph.mean(x.reshape(3, 2, 2), axis=(0, -1)),
        lambda x: x.reshape(3, 2, 2).mean((0, -1)),
    ),
    "mean of an axis": (lambda x: graph.mean(x, axis=-1), lambda x: x.mean(-1)),
    "log_sum_exp": (graph.log_sum_exp, lambda x: torch.logsumexp(x, -1)),
    "transpose": (lambda x: x.T @ x, lambda x: x.T @ x),
    "entry": (lambda x: x[1, 2] * x, lambda x: x[1, 2] * x),
    "slice": (lambda x: x[:2, 1:3] ** 2, lambda x: x[:2, 1:3] ** 2),
    "new axis": (lambda x: x[:, None] * x, lambda x: x[:, None] * x),
    "ellipsis": (lambda x: x[..., np.int64(0)], lambda x: x[..., 0]),
    "rows taken twice": (lambda x: x[[0, 2, 0]] ** 2, lambda x: x[[0, 2, 0]] ** 2),
    "entry of each row": (lambda x: x[np.arange(3), [3, 0, 3]], lambda x: x[torch.arange(3), [3, 0, 3]]),
    "mask": (lambda x: x[np.eye(3, 4, dtype=bool)] ** 2, lambda x: x[torch.eye(3, 4).bool()] ** 2),
    "rows one by one": (lambda x: sum(row * row for row in x), lambda x: sum(row * row for row in x)),
    "concatenate": (
        lambda x: graph.concatenate([x, x * 2, x[:1]]) ** 2,
        lambda x: torch.cat([x, x * 2, x[:1]]) ** 2,
    ),
    "concatenate columns": (
        lambda x: graph.concatenate([x[:, :1], x, np.ones((3, 2))], axis=-1) ** 2,
        lambda x: torch.cat([x[:, :1], x, torch.ones(3, 2)], -1) ** 2,
    ),
    "maximum": (lambda x: graph.maximum(x, x[0] * 2), lambda x: torch.maximum(x, x[0] * 2)),
}


def assert_rule(ours, theirs, *arrays):
    """Values of every entry, and the gradients of their sum with random weights, are those of torch."""
    nodes = [Node(a) for a in arrays]
    tensors = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in arrays]
    mine, other = ours(*nodes), theirs(*tensors)
    assert mine.shape == tuple(other.shape)
    np.testing.assert_allclose(mine.value, other.detach().numpy(), rtol=1e-12, atol=1e-13)
    weights = np.random.default_rng(99).normal(size=mine.shape)
    (other * torch.tensor(weights)).sum().backward()
    for found, tensor in zip(gradients(graph.total(mine * weights), nodes), tensors, strict=True):
        assert found.shape == tuple(tensor.shape)
        np.testing.assert_allclose(found, tensor.grad.numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", RULES)
def test_each_rule_alone_is_that_of_pytorch(name):
    for seed in range(3):
        assert_rule(*RULES[name], np.random.default_rng(seed).normal(size=(3, 4)))


ARITHMETIC = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / (b * b + 1.0),
}


@given(st.data(), st.sampled_from(sorted(ARITHMETIC)), st.integers(0, 10_000))
@settings(deadline=None, max_examples=40)
def test_broadcasting_of_any_two_shapes_is_undone(data, sign, seed):
    shape = tuple(data.draw(st.lists(st.integers(0, 3), max_size=3)))
    other = data.draw(broadcastable_shapes(shape, max_dims=4, min_side=0, max_side=3))
    rng = np.random.default_rng(seed)
    a, b = np.asarray(rng.normal(size=shape)), np.asarray(rng.normal(size=other))
    assert_rule(ARITHMETIC[sign], ARITHMETIC[sign], a, b)


@pytest.mark.parametrize(
    ("left", "right"),
    [((3, 4), (4, 2)), ((4,), (4,)), ((4,), (4, 2)), ((3, 4), (4,)), ((0, 4), (4, 2)), ((3, 0), (0, 2))],
)
def test_matrix_products_of_matrices_vectors_and_nothing(left, right):
    rng = np.random.default_rng(0)
    product = lambda a, b: a @ b  # noqa: E731
    assert_rule(product, product, rng.normal(size=left), rng.normal(size=right))


@given(st.integers(0, 10_000), st.integers(1, 12))
@settings(deadline=None, max_examples=25)
def test_random_graphs_whose_nodes_are_shared_have_the_gradients_of_pytorch(seed, size):
    def build(leaves, tanh):
        rng = np.random.default_rng(seed)
        nodes = list(leaves)
        for _ in range(size):
            a, b = (nodes[i] for i in rng.integers(0, len(nodes), size=2))
            kind = rng.integers(3)
            nodes.append(a + b if kind == 0 else a * b if kind == 1 else tanh(a) - b)
        return tanh(nodes[-1] + nodes[-2])

    rng = np.random.default_rng(seed + 1)
    values = [rng.normal(size=(2, 3)), rng.normal(size=3), np.array(rng.normal())]
    nodes = [Node(value) for value in values]
    value, expected = torch_gradients(lambda *leaves: build(leaves, torch.tanh).sum(), *values)
    output = graph.total(build(nodes, graph.tanh))
    assert float(output.value) == pytest.approx(value, rel=1e-10, abs=1e-12)
    for found, right in zip(gradients(output, nodes), expected, strict=True):
        assert found.shape == right.shape
        np.testing.assert_allclose(found, right, rtol=1e-9, atol=1e-12)


def test_slopes_at_kinks_and_ties():
    z, a, b = Node([-1.0, 0.0, 2.0]), Node([1.0, 5.0]), Node([1.0, 7.0])
    assert gradients(graph.total(graph.relu(z)), [z])[0].tolist() == [0, 0, 1]
    da, db = gradients(graph.total(graph.maximum(a, b)), [a, b])
    assert (da.tolist(), db.tolist()) == ([1, 0], [0, 1])


def test_the_slope_of_a_saturated_sigmoid_is_tiny_and_not_zero():
    z = Node([40.0, -40.0])
    slopes = gradients(graph.total(graph.sigmoid(z)), [z])[0]
    np.testing.assert_allclose(slopes, np.exp(-40.0), rtol=1e-12)


def test_what_is_infinite_says_so_in_its_value_and_not_by_a_warning():
    zero, huge = Node(0.0), Node(1e308)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for infinite in (
            -graph.log(zero),
            1 / zero,
            graph.exp(huge),
            huge * 10,
            huge + huge,
            huge**2,
            zero**-1,
        ):
            assert infinite.value == np.inf
        assert (-huge - huge).value == -np.inf
        assert graph.total(Node([1e308, 1e308])).value == np.inf
        assert (Node([1e308, 1e308]) @ np.ones(2)).value == np.inf
        assert np.isnan(((-huge) ** 0.5).value)
        assert gradients(graph.log(zero), [zero])[0] == np.inf
        assert graph.log_sum_exp(Node([-np.inf, -np.inf])).value == -np.inf
        w = Node(3.0)
        y = w
        for _ in range(2000):
            y = y * w
        assert y.value == gradients(y, [w])[0] == np.inf


def test_paths_that_double_two_hundred_times_are_summed_at_once():
    x = Node(1.0)
    y = x
    for _ in range(200):
        y = y + y
    assert gradients(y, [x])[0] == 2.0**200


def test_an_array_that_is_changed_later_does_not_reach_the_way_back():
    a, factors, index = np.array([3.0, 4.0]), np.array([5.0, 6.0]), np.array([0, 0])
    x = Node(a)
    y = graph.total((x * x * factors)[index])
    a[:], factors[:], index[:] = 0, 0, 1
    assert gradients(y, [x])[0].tolist() == [60.0, 0.0]


@pytest.mark.parametrize("dtype", [np.float32, np.int64, np.bool_])
@pytest.mark.parametrize("shape", [(), (3,), (2, 0)])
def test_every_real_dtype_becomes_float64_and_keeps_its_shape(dtype, shape):
    x = Node(np.ones(shape, dtype))
    y = graph.total(x * x)
    gradient = gradients(y, [x])[0]
    assert x.value.dtype == y.value.dtype == gradient.dtype == np.float64
    assert x.shape == gradient.shape == shape
    assert np.all(gradient == 2.0)


x, M = Node([1.0, 2.0]), Node(np.ones((2, 3)))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Node(1j), "value should hold real numbers"),
        (lambda: Node(x), "value should hold real numbers, but it is a Node"),
        (lambda: x + "one", "value should hold real numbers"),
        (lambda: x + np.ones(3), r"shapes \(2,\) \(3,\)"),
        (lambda: M @ np.ones((2, 3, 4)), r"the shapes of a product should fit, but they are \(2, 3\)"),
        (lambda: x ** "2", "exponent should hold real numbers"),
        (lambda: x.reshape(3), r"into shape \(3,\)"),
        (lambda: graph.total(x, axis=1), "axis 1 is out of bounds"),
        (lambda: graph.mean(x[:0]), "x should have at least one entry to average"),
        (lambda: graph.mean(Node(np.ones((0, 3))), axis=0), "x should have at least one entry to average"),
        (lambda: graph.log_sum_exp(1.0), "x should have a last axis with at least one class"),
        (lambda: graph.concatenate([]), "parts should be a list of at least one array"),
        (lambda: graph.concatenate(M), "parts should be a list of at least one array"),
        (lambda: graph.concatenate([x, M]), "dimension"),
        (lambda: ancestors(3.0), "output should be a Node, but it is float 3.0"),
        (lambda: gradients(3.0, [x]), "output should be a Node, but it is float 3.0"),
        (lambda: gradients(graph.total(x), x), "wrt should be a list of nodes"),
        (lambda: gradients(graph.total(x), [x, 1.0]), r"wrt\[1\] should be a Node, but it is float 1.0"),
    ],
)
def test_a_wrong_argument_of_a_node_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_single_number_has_no_length():
    assert len(M) == 2
    with pytest.raises(TypeError, match="no len"):
        list(Node(1.0))


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
