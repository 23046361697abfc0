"""The general flow graph: values forward in topological order, derivatives backward in the reverse of it.

Two views of the same thing. `topological_order`, `path_sum`, `flow_graph_forward` and `flow_graph_backward` are the
algorithm of the slides on a graph given by names, with numbers at its nodes. `Node` is a graph that builds itself
while arrays are computed with, and `gradients` goes back through it.

Nothing here recurses, so a chain of 100,000 nodes is as good as one of ten, and nothing is stored on the way back, so
asking twice gives the same answer twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import count
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from fnnkit.activations import sigmoid as sigmoid_values
from fnnkit.activations import softplus as softplus_values
from fnnkit.arguments import Float, describe, real_array

Name = TypeVar("Name", bound=Hashable)


def topological_order(parents: Mapping[Name, Sequence[Name]]) -> list[Name]:
    """An order of the nodes in which each comes after all its parents.

    Parameters
    ----------
    parents : mapping
        For every node the nodes that it is computed from; a parent may be listed twice (``x · x``).

    Returns
    -------
    list
        All nodes, also those that appear as parents only.

    Raises
    ------
    ValueError
        If there is a cycle.

    References
    ----------
    Slide "Back-Propagation in General Flow Graph"; Kahn (1962), "Topological sorting of large networks".

    Examples
    --------
    >>> topological_order({"y": ["h", "x"], "h": ["x"]})
    ['x', 'h', 'y']
    """
    children: dict[Name, list[Name]] = {}
    missing: dict[Name, int] = {}
    for node, its_parents in parents.items():
        missing[node] = len(its_parents)
        for parent in its_parents:
            children.setdefault(parent, []).append(node)
            missing.setdefault(parent, len(parents.get(parent, ())))
    ready = deque(node for node, n in missing.items() if n == 0)
    order: list[Name] = []
    while ready:
        node = ready.popleft()
        order.append(node)
        for child in children.get(node, ()):
            missing[child] -= 1
            if missing[child] == 0:
                ready.append(child)
    if len(order) < len(missing):
        stuck = [node for node, n in missing.items() if n > 0]
        raise ValueError(
            f"parents should be a graph without cycles, but these wait for each other: {stuck[:5]}"
        )
    return order


def path_sum(edges: Iterable[tuple[Name, Name, float]], source: Name, target: Name) -> float:
    """Sum over all paths from ``source`` to ``target`` of the product of the derivatives along the path.

    This is the chain rule with multiple paths. The number of paths can be exponential; the sum takes one visit of each
    edge.

    Parameters
    ----------
    edges : iterable of (node, node, float)
        From, to, and the derivative of the second with respect to the first. Parallel edges add.
    source, target : node
        Equal ones give 1: the empty path.

    Raises
    ------
    ValueError
        If there is a cycle.

    References
    ----------
    Slide "Chain Rule in Flow Graph"; Goodfellow, Bengio, Courville (2016), section 6.5.2.

    Examples
    --------
    Two paths, 2 · 5 and 3 · 7:

    >>> path_sum([("x", "a", 2), ("x", "b", 3), ("a", "y", 5), ("b", "y", 7)], "x", "y")
    31.0
    """
    incoming: dict[Name, list[tuple[Name, float]]] = {source: [], target: []}
    for start, end, derivative in edges:
        incoming.setdefault(start, [])
        incoming.setdefault(end, []).append((start, derivative))
    order = topological_order({node: [start for start, _ in into] for node, into in incoming.items()})
    total = dict.fromkeys(order, 0.0)
    total[source] = 1.0
    for node in order:
        if node != source:
            total[node] = sum((total[start] * derivative for start, derivative in incoming[node]), 0.0)
    return float(total[target])


def flow_graph_forward(
    order: Sequence[Name],
    parents: Mapping[Name, Sequence[Name]],
    ops: Mapping[Name, Callable[..., Any]],
    inputs: Mapping[Name, Any],
) -> dict[Name, Any]:
    """Fprop: the value of every node, from the values of its parents.

    Parameters
    ----------
    order : sequence
        A topological order of the nodes.
    parents : mapping
        For every computed node its parents, in the order of its arguments.
    ops : mapping
        For every computed node the function that computes it.
    inputs : mapping
        Values of the nodes that are given.

    Raises
    ------
    ValueError
        If a node is neither given nor computed, or comes before one of its parents.

    References
    ----------
    Slide "Back-Propagation in General Flow Graph" (fprop).

    Examples
    --------
    >>> flow_graph_forward(["x", "y"], {"y": ["x", "x"]}, {"y": lambda a, b: a * b}, {"x": 3.0})["y"]
    9.0
    """
    values: dict[Name, Any] = {}
    for node in order:
        if node in inputs:
            values[node] = inputs[node]
            continue
        if node not in ops:
            raise ValueError(f"every node should be an input or have an operation, but {node!r} is neither")
        late = [parent for parent in parents.get(node, ()) if parent not in values]
        if late:
            raise ValueError(f"order should be topological, but {node!r} comes before its parent {late[0]!r}")
        values[node] = ops[node](*(values[parent] for parent in parents.get(node, ())))
    return values


def flow_graph_backward(
    order: Sequence[Name],
    parents: Mapping[Name, Sequence[Name]],
    local: Mapping[Name, Sequence[float]],
    output: Name,
) -> dict[Name, float]:
    """Bprop: the derivative of ``output`` with respect to every node.

    Parameters
    ----------
    order : sequence
        A topological order of the nodes.
    parents : mapping
        For every computed node its parents.
    local : mapping
        For every computed node its derivatives with respect to its parents, in the same order. A parent that is listed
        twice has two.
    output : node
        What is differentiated.

    Returns
    -------
    dict
        One derivative a node; 0 for nodes that the output does not depend on.

    Raises
    ------
    ValueError
        If the output is not in the order, or a node has not as many derivatives as parents.

    References
    ----------
    Slide "Back-Propagation in General Flow Graph" (bprop); Goodfellow, Bengio, Courville (2016), algorithm 6.2.

    Examples
    --------
    ``y = x · x`` at ``x = 3``:

    >>> flow_graph_backward(["x", "y"], {"y": ["x", "x"]}, {"y": [3.0, 3.0]}, "y")
    {'x': 6.0, 'y': 1.0}
    """
    if output not in order:
        raise ValueError(f"output should be one of the nodes in order, but it is {describe(output)}")
    derivative = dict.fromkeys(order, 0.0)
    derivative[output] = 1.0
    for node in reversed(order):
        its_parents, factors = parents.get(node, ()), local.get(node, ())
        if len(its_parents) != len(factors):
            raise ValueError(
                f"local should have one derivative a parent, but {node!r} has {len(factors)} for {len(its_parents)}"
            )
        for parent, factor in zip(its_parents, factors, strict=True):
            derivative[parent] += factor * derivative[node]
    return derivative


_numbers = count()


class Node:
    """An array that remembers how it was computed.

    Arithmetic between nodes, arrays and numbers gives nodes; shapes broadcast as in numpy. The functions of this module
    (`exp`, `tanh`, `total` and the others) work on nodes too. `gradients` then differentiates.

    Parameters
    ----------
    value : array_like
        Real numbers; kept as float64.

    Attributes
    ----------
    value : ndarray
        What was computed.
    parents : tuple of Node
        What it was computed from; empty for a given array.

    References
    ----------
    Slide "Back-Propagation in General Flow Graph"; Griewank, Walther (2008), *Evaluating Derivatives*, chapter 3.

    Examples
    --------
    >>> x, w = Node([1.0, 2.0]), Node([3.0, -1.0])
    >>> y = total(tanh(x * w))
    >>> [g.round(3) for g in gradients(y, [x, w])]
    [array([ 0.03 , -0.071]), array([0.01 , 0.141])]
    """

    __array_priority__ = 100.0  # so that an array on the left leaves the operation to us
    __array_ufunc__ = None
    __slots__ = ("_number", "_pullback", "parents", "value")

    value: Float
    parents: tuple[Node, ...]

    def __init__(self, value: ArrayLike) -> None:
        self.value = real_array("value", value)
        self.parents = ()
        self._pullback: Callable[[Float], Sequence[Float]] | None = None
        # Nodes are numbered as they are made, and parents are made first: by number is a topological order.
        self._number = next(_numbers)

    def __repr__(self) -> str:
        return f"Node({self.value!r})"

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the value."""
        return self.value.shape

    def __add__(self, other: Node | ArrayLike) -> Node:
        a, b = self, _node(other)
        return _made(a.value + b.value, (a, b), lambda g: (_fit(g, a), _fit(g, b)))

    def __sub__(self, other: Node | ArrayLike) -> Node:
        a, b = self, _node(other)
        return _made(a.value - b.value, (a, b), lambda g: (_fit(g, a), _fit(-g, b)))

    def __mul__(self, other: Node | ArrayLike) -> Node:
        a, b = self, _node(other)
        return _made(a.value * b.value, (a, b), lambda g: (_fit(g * b.value, a), _fit(g * a.value, b)))

    def __truediv__(self, other: Node | ArrayLike) -> Node:
        a, b = self, _node(other)
        quotient = a.value / b.value
        return _made(quotient, (a, b), lambda g: (_fit(g / b.value, a), _fit(-g * quotient / b.value, b)))

    def __pow__(self, exponent: float) -> Node:
        a = self
        if not isinstance(exponent, int | float):
            raise ValueError(f"exponent should be a number, but it is {describe(exponent)}")
        if exponent == 0:
            return _made(np.ones_like(a.value), (a,), lambda g: (np.zeros_like(g),))
        return _made(a.value**exponent, (a,), lambda g: (g * exponent * a.value ** (exponent - 1),))

    def __matmul__(self, other: Node | ArrayLike) -> Node:
        a, b = self, _node(other)
        if not 1 <= a.value.ndim <= 2 or not 1 <= b.value.ndim <= 2 or a.shape[-1] != b.shape[0]:
            raise ValueError(f"the shapes of a product should fit, but they are {a.shape} and {b.shape}")

        def pullback(g: Float) -> Sequence[Float]:
            # With vectors made matrices, one rule does for all four cases.
            A, B = np.atleast_2d(a.value), b.value if b.value.ndim == 2 else b.value[:, None]
            G = g.reshape(len(A), B.shape[1])
            return (G @ B.T).reshape(a.shape), (A.T @ G).reshape(b.shape)

        return _made(np.asarray(a.value @ b.value), (a, b), pullback)

    def __neg__(self) -> Node:
        return _made(-self.value, (self,), lambda g: (-g,))

    def __radd__(self, other: ArrayLike) -> Node:
        return _node(other) + self

    def __rsub__(self, other: ArrayLike) -> Node:
        return _node(other) - self

    def __rmul__(self, other: ArrayLike) -> Node:
        return _node(other) * self

    def __rtruediv__(self, other: ArrayLike) -> Node:
        return _node(other) / self

    def __rmatmul__(self, other: ArrayLike) -> Node:
        return _node(other) @ self

    def __getitem__(self, index: Any) -> Node:
        a = self

        def pullback(g: Float) -> Sequence[Float]:
            scattered = np.zeros_like(a.value)
            np.add.at(scattered, index, g)  # an entry that is taken twice counts twice
            return (scattered,)

        return _made(np.asarray(a.value[index]), (a,), pullback)

    @property
    def T(self) -> Node:
        """Transpose."""
        return _made(self.value.T, (self,), lambda g: (g.T,))

    def reshape(self, *shape: int) -> Node:
        """The same entries in another shape."""
        a = self
        return _made(a.value.reshape(shape), (a,), lambda g: (g.reshape(a.shape),))


def _node(value: Node | ArrayLike) -> Node:
    return value if isinstance(value, Node) else Node(value)


def _made(value: Float, parents: tuple[Node, ...], pullback: Callable[[Float], Sequence[Float]]) -> Node:
    node = object.__new__(Node)
    node.value, node.parents, node._pullback = value, parents, pullback
    node._number = next(_numbers)
    return node


def _fit(g: Float, node: Node) -> Float:
    """Undo broadcasting: sum over the axes along which a value was repeated."""
    shape = node.value.shape
    if g.shape == shape:
        return g
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    repeated = tuple(i for i, n in enumerate(shape) if n == 1 and g.shape[i] != 1)
    return g.sum(axis=repeated, keepdims=True) if repeated else g


def exp(x: Node | ArrayLike) -> Node:
    """Exponential, entry by entry."""
    x = _node(x)
    y = np.exp(x.value)
    return _made(y, (x,), lambda g: (g * y,))


def log(x: Node | ArrayLike) -> Node:
    """Natural logarithm of positive entries."""
    x = _node(x)
    return _made(np.log(x.value), (x,), lambda g: (g / x.value,))


def tanh(x: Node | ArrayLike) -> Node:
    """Hyperbolic tangent."""
    x = _node(x)
    y = np.tanh(x.value)
    return _made(y, (x,), lambda g: (g * (1 - y**2),))


def sigmoid(x: Node | ArrayLike) -> Node:
    """Logistic sigmoid."""
    x = _node(x)
    y = sigmoid_values(x.value)
    return _made(y, (x,), lambda g: (g * y * (1 - y),))


def softplus(x: Node | ArrayLike) -> Node:
    """Softplus, ``log(1 + exp(x))``; its derivative is the sigmoid."""
    x = _node(x)
    return _made(softplus_values(x.value), (x,), lambda g: (g * sigmoid_values(x.value),))


def relu(x: Node | ArrayLike) -> Node:
    """Rectified linear unit; slope 0 at 0."""
    x = _node(x)
    return _made(np.maximum(0.0, x.value), (x,), lambda g: (g * (x.value > 0),))


def total(x: Node | ArrayLike, axis: int | None = None) -> Node:
    """Sum of all entries, or along one axis."""
    x = _node(x)

    def pullback(g: Float) -> Sequence[Float]:
        return (np.broadcast_to(g if axis is None else np.expand_dims(g, axis), x.shape).copy(),)

    return _made(np.asarray(x.value.sum(axis=axis)), (x,), pullback)


def mean(x: Node | ArrayLike, axis: int | None = None) -> Node:
    """Mean of all entries, or along one axis."""
    x = _node(x)
    return total(x, axis) / (x.value.size if axis is None else x.shape[axis])


def log_sum_exp(x: Node | ArrayLike) -> Node:
    """``log Σ exp`` over the last axis, without overflow; its derivative is the softmax."""
    x = _node(x)
    highest = x.value.max(axis=-1, keepdims=True)
    shifted = np.exp(x.value - highest)
    sums = shifted.sum(axis=-1, keepdims=True)
    y = (np.log(sums) + highest)[..., 0]
    return _made(y, (x,), lambda g: (g[..., None] * (shifted / sums),))


def ancestors(output: Node) -> list[Node]:
    """Every node that a node depends on, itself included, in topological order.

    Examples
    --------
    >>> x = Node(2.0)
    >>> [float(node.value) for node in ancestors(x * x + 1.0)]
    [2.0, 4.0, 1.0, 5.0]
    """
    seen = {id(output): output}
    waiting = [output]
    while waiting:
        for parent in waiting.pop().parents:
            if id(parent) not in seen:
                seen[id(parent)] = parent
                waiting.append(parent)
    return sorted(seen.values(), key=lambda node: node._number)


def gradients(output: Node, wrt: Sequence[Node]) -> list[Float]:
    """Gradients of a single number with respect to arrays, by reverse accumulation.

    Parameters
    ----------
    output : Node
        A value of one entry.
    wrt : sequence of Node
        What to differentiate with respect to.

    Returns
    -------
    list of ndarray
        New arrays, each of the shape of its node; zeros where the output does not depend on it.

    Raises
    ------
    ValueError
        If the output has more than one entry.

    References
    ----------
    Slide "Back-Propagation in General Flow Graph"; Goodfellow, Bengio, Courville (2016), algorithm 6.6.

    Examples
    --------
    A node that is used twice collects both contributions:

    >>> x = Node(3.0)
    >>> gradients(x * x, [x])
    [array(6.)]
    """
    if output.value.size != 1:
        raise ValueError(f"output should be a single number, but its shape is {output.shape}")
    arrived: dict[int, Float] = {id(output): np.ones_like(output.value)}
    kept: dict[int, Float] = {}
    wanted = {id(node) for node in wrt}
    for node in reversed(ancestors(output)):
        g = arrived.pop(id(node), None)  # all children have contributed: this is the whole derivative
        if g is None:
            continue
        if id(node) in wanted:
            kept[id(node)] = g
        if node._pullback is None:
            continue
        for parent, part in zip(node.parents, node._pullback(g), strict=True):
            before = arrived.get(id(parent))
            # Never +=: the first contribution may be an array that somebody else holds.
            arrived[id(parent)] = part if before is None else before + part
    return [np.array(kept[id(node)]) if id(node) in kept else np.zeros_like(node.value) for node in wrt]
