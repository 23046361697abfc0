"""The general flow graph: values forward in topological order, derivatives backward in the reverse of it.

Two views of the same thing. `topological_order`, `path_sum`, `flow_graph_forward` and `flow_graph_backward` are the
algorithm of the slides on a graph given by names, with numbers at its nodes. `Node` is a graph that builds itself
while arrays are computed with, and `gradients` goes back through it.

Nothing here recurses, so a chain of 100,000 nodes is as good as one of ten, and nothing is stored on the way back, so
asking twice gives the same answer twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from math import prod
from types import EllipsisType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from fnnkit.activations import scores_array, sigmoid_grad
from fnnkit.activations import sigmoid as sigmoid_values
from fnnkit.activations import softplus as softplus_values
from fnnkit.arguments import Float, describe, real_array

Name = TypeVar("Name", bound=Hashable)


def topological_order(parents: Mapping[Name, Sequence[Name]]) -> list[Name]:
    """An order of the nodes in which each comes after all its parents.

    ``parents`` maps a node to the nodes that it is computed from; one may be listed twice (``x · x``). Returns a
    list of all nodes, also those that appear as parents only. A cycle is a ``ValueError`` that shows it.

    Slide "Backpropagation in General Flow Graph"; Kahn (1962), "Topological sorting of large networks".

    >>> topological_order({"y": ["h", "x"], "h": ["x"]})
    ['x', 'h', 'y']
    """
    _check_parents(parents)
    children: dict[Name, list[Name]] = {}
    missing: dict[Name, int] = {}
    for node, its_parents in parents.items():
        missing[node] = len(its_parents)
        for parent in its_parents:
            children.setdefault(parent, []).append(node)
            missing.setdefault(parent, 0)  # an input, unless it comes with parents of its own
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
        stuck = {
            node: n for node, n in missing.items() if n > 0
        }  # in the order in which they are written down
        raise ValueError(
            f"parents should be a graph without cycles, but there is one: {_cycle(parents, stuck)}"
        )
    return order


def _check_parents(parents: Mapping[Name, Sequence[Name]]) -> None:
    """Check that every node comes with a list of nodes; a string would be taken apart into its letters."""
    if not isinstance(parents, Mapping):
        raise ValueError(f"parents should be a dictionary of lists of nodes, but it is {describe(parents)}")
    for node, its_parents in parents.items():
        if not isinstance(its_parents, list | tuple):
            raise ValueError(
                f"parents[{node!r}] should be a list of nodes, but it is {describe(its_parents)}"
            )
        for parent in its_parents:
            if not isinstance(parent, Hashable):
                raise ValueError(
                    f"parents[{node!r}] should hold names of nodes, but it holds {describe(parent)}"
                )


def _cycle(parents: Mapping[Name, Sequence[Name]], stuck: Mapping[Name, int]) -> str:
    """One cycle in the direction of the values: up from a node that waits, until a node comes again."""
    node = next(iter(stuck))
    walk: dict[Name, int] = {}
    while node not in walk:
        walk[node] = len(walk)
        node = next(parent for parent in parents[node] if parent in stuck)
    loop = [node, *reversed([name for name, place in walk.items() if place >= walk[node]])]
    shown = [repr(name) for name in loop]
    return " → ".join(shown if len(shown) <= 8 else [*shown[:4], "…", *shown[-3:]])


def path_sum(edges: Iterable[tuple[Name, Name, float]], source: Name, target: Name) -> float:
    """Sum over all paths from ``source`` to ``target`` of the product of the derivatives along the path.

    This is the chain rule with multiple paths. The number of paths can be exponential; the sum takes one visit of each
    edge.

    ``edges`` are triples (from, to, derivative of the second with respect to the first); parallel edges add.
    Equal nodes give 1, the empty path; 0 if no path leads from one to the other. Edges on no such path do not
    matter, not even infinite ones. A cycle is a ``ValueError``.

    Slide "Multiple Paths Chain Rule - General"; Goodfellow et al. (2016), section 6.5.2.

    Two paths, 2 · 5 and 3 · 7:

    >>> path_sum([("x", "a", 2), ("x", "b", 3), ("a", "y", 5), ("b", "y", 7)], "x", "y")
    31.0
    """
    incoming: dict[Name, list[tuple[Name, float]]] = {source: [], target: []}
    for i, edge in enumerate(edges):
        if not isinstance(edge, list | tuple) or len(edge) != 3:
            raise ValueError(f"edges[{i}] should be (node, node, derivative), but it is {describe(edge)}")
        start, end, derivative = edge
        incoming.setdefault(start, [])
        incoming.setdefault(end, []).append((start, _number(f"the derivative of edges[{i}]", derivative)))
    order = topological_order({node: [start for start, _ in into] for node, into in incoming.items()})
    total = {source: 1.0}  # of the nodes that can be reached
    for node in order:
        parts = [total[start] * derivative for start, derivative in incoming[node] if start in total]
        if parts:
            total[node] = sum(parts)
    return total.get(target, 0.0)


def _number(name: str, value: ArrayLike) -> float:
    """Check one real number, a float at once."""
    return value if type(value) is float else float(real_array(name, value, ()))


def flow_graph_forward(
    order: Sequence[Name],
    parents: Mapping[Name, Sequence[Name]],
    ops: Mapping[Name, Callable[..., Any]],
    inputs: Mapping[Name, Any],
) -> dict[Name, Any]:
    """Fprop: the value of every node, from the values of its parents.

    ``order`` is topological, ``parents`` lists for every computed node its parents in the order of its arguments,
    ``ops`` has its function, and ``inputs`` the values that are given, which win over an operation. Returns a
    dictionary of the value of every node. An order that has a node twice, or before one of its parents, is
    refused.

    Slide "Backpropagation in General Flow Graph" (fprop).

    >>> flow_graph_forward(["x", "y"], {"y": ["x", "x"]}, {"y": lambda a, b: a * b}, {"x": 3.0})["y"]
    9.0
    """
    _check_parents(parents)
    for name, mapping in (("ops", ops), ("inputs", inputs)):
        if not isinstance(mapping, Mapping):
            raise ValueError(f"{name} should be a dictionary, but it is {describe(mapping)}")
    values: dict[Name, Any] = {}
    for node in order:
        if node in values:
            raise ValueError(f"order should have every node once, but {node!r} is there twice")
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

    ``order`` and ``parents`` are as in `flow_graph_forward`, ``local`` has for every computed node its
    derivatives with respect to its parents, in the same order; a parent that is listed twice has two. Returns a
    dictionary of one derivative a node, 0 for nodes that the output does not depend on.

    Slide "Backpropagation in General Flow Graph" (bprop); Goodfellow et al. (2016), algorithm 6.2.

    ``y = x · x`` at ``x = 3``:

    >>> flow_graph_backward(["x", "y"], {"y": ["x", "x"]}, {"y": [3.0, 3.0]}, "y")
    {'x': 6.0, 'y': 1.0}
    """
    factors = _factors(order, parents, local)
    if output not in factors:
        raise ValueError(f"output should be one of the nodes in order, but it is {describe(output)}")
    derivative = dict.fromkeys(order, 0.0)
    derivative[output] = 1.0
    reached = {output}  # an infinite derivative elsewhere shall not become 0 · ∞
    for node in reversed(order):
        if node in reached:
            for parent, factor in zip(parents.get(node, ()), factors[node], strict=True):
                derivative[parent] += factor * derivative[node]
                reached.add(parent)
    return derivative


def _factors(
    order: Sequence[Name], parents: Mapping[Name, Sequence[Name]], local: Mapping[Name, Sequence[float]]
) -> dict[Name, list[float]]:
    """Check that the order is topological and that every node has one derivative a parent; give the derivatives."""
    _check_parents(parents)
    if not isinstance(local, Mapping):
        raise ValueError(f"local should be a dictionary, but it is {describe(local)}")
    factors: dict[Name, list[float]] = {}
    for node in order:
        if node in factors:
            raise ValueError(f"order should have every node once, but {node!r} is there twice")
        its_parents = parents.get(node, ())
        late = [parent for parent in its_parents if parent not in factors]
        if late:
            raise ValueError(f"order should be topological, but {node!r} comes before its parent {late[0]!r}")
        numbers: list[float] = real_array(f"local[{node!r}]", local.get(node, ()), ("parents",)).tolist()
        if len(numbers) != len(its_parents):
            raise ValueError(
                f"local should have one derivative a parent, but {node!r} has {len(numbers)} for {len(its_parents)}"
            )
        factors[node] = numbers
    return factors


_numbers = count()
# Numbers that explode do so in silence, as everywhere in fnnkit: infinity says enough.
_silent = np.errstate(all="ignore")


class Node:
    """An array that remembers how it was computed.

    Arithmetic between nodes, arrays and numbers gives nodes; shapes broadcast as in numpy. The functions of this module
    (`exp`, `tanh`, `total` and the others) work on nodes too. `gradients` then differentiates.

    ``value`` (any shape) is a copy of what is given, or what was computed, infinite or NaN where the mathematics
    is, without a warning; ``parents`` are what it was computed from, none for a given array.

    Slide "Backpropagation in General Flow Graph"; Griewank, Walther (2008), *Evaluating Derivatives*, chapter 3.

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
        if isinstance(value, Node):
            raise ValueError("value should hold real numbers, but it is a Node")
        # A copy: who changes the array later would change the way back. A single number is a scalar of numpy, which
        # is faster to compute with than an array without axes.
        self.value = np.array(real_array("value", value))[()]
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

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Node]:
        return (self[i] for i in range(len(self)))

    @_silent
    def __add__(self, other: Node | ArrayLike) -> Node:
        a, b = self, _node(other)
        return _made(a.value + b.value, (a, b), lambda g: (_fit(g, a), _fit(g, b)))

    @_silent
    def __sub__(self, other: Node | ArrayLike) -> Node:
        a, b = self, _node(other)
        return _made(a.value - b.value, (a, b), lambda g: (_fit(g, a), _fit(-g, b)))

    @_silent
    def __mul__(self, other: Node | ArrayLike) -> Node:
        a, b = self, _node(other)
        return _made(a.value * b.value, (a, b), lambda g: (_fit(g * b.value, a), _fit(g * a.value, b)))

    @_silent
    def __truediv__(self, other: Node | ArrayLike) -> Node:
        a, b = self, _node(other)
        quotient = a.value / b.value
        return _made(quotient, (a, b), lambda g: (_fit(g / b.value, a), _fit(-g * quotient / b.value, b)))

    @_silent
    def __pow__(self, exponent: Node | float) -> Node:
        a = self
        if isinstance(exponent, Node):
            raise ValueError(
                "exponent should be a number, but it is a Node: write exp(b * log(a)) for a ** b"
            )
        exponent = _number("exponent", exponent)
        if exponent == 0:
            return _made(np.ones_like(a.value), (a,), lambda g: (np.zeros_like(g),))
        return _made(a.value**exponent, (a,), lambda g: (g * exponent * a.value ** (exponent - 1),))

    @_silent
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
        parts = index if isinstance(index, tuple) else (index,)
        once = all(isinstance(part, int | np.integer | slice | EllipsisType | None) for part in parts)
        if not once:  # a copy, for the same reason as that of the value
            index = tuple(np.array(part) if isinstance(part, list | np.ndarray) else part for part in parts)

        def pullback(g: Float) -> Sequence[Float]:
            scattered = np.zeros_like(a.value)
            if once:
                scattered[index] = g
            else:
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


@_silent
def exp(x: Node | ArrayLike) -> Node:
    """Exponential, entry by entry.

    >>> float(exp(0.0).value)
    1.0
    """
    x = _node(x)
    y = np.exp(x.value)
    return _made(y, (x,), lambda g: (g * y,))


@_silent
def log(x: Node | ArrayLike) -> Node:
    """Natural logarithm, entry by entry; −∞ at 0.

    >>> x = Node(4.0)
    >>> gradients(log(x), [x])
    [array(0.25)]
    """
    x = _node(x)
    return _made(np.log(x.value), (x,), lambda g: (g / x.value,))


def tanh(x: Node | ArrayLike) -> Node:
    """Hyperbolic tangent.

    >>> x = Node(0.0)
    >>> gradients(tanh(x), [x])
    [array(1.)]
    """
    x = _node(x)
    y = np.tanh(x.value)
    return _made(y, (x,), lambda g: (g * (1 - y**2),))


def sigmoid(x: Node | ArrayLike) -> Node:
    """Logistic sigmoid.

    >>> x = Node(0.0)
    >>> gradients(sigmoid(x), [x])
    [array(0.25)]
    """
    x = _node(x)
    return _made(sigmoid_values(x.value), (x,), lambda g: (g * sigmoid_grad(x.value),))


def softplus(x: Node | ArrayLike) -> Node:
    """Softplus, ``log(1 + exp(x))``; its derivative is the sigmoid.

    >>> x = Node(0.0)
    >>> gradients(softplus(x), [x])
    [array(0.5)]
    """
    x = _node(x)
    return _made(softplus_values(x.value), (x,), lambda g: (g * sigmoid_values(x.value),))


def relu(x: Node | ArrayLike) -> Node:
    """Rectified linear unit; slope 0 at 0.

    >>> x = Node([-1.0, 0.0, 2.0])
    >>> gradients(total(relu(x)), [x])
    [array([0., 0., 1.])]
    """
    x = _node(x)
    return _made(np.maximum(0.0, x.value), (x,), lambda g: (g * (x.value > 0),))


def maximum(a: Node | ArrayLike, b: Node | ArrayLike) -> Node:
    """The larger of two, entry by entry; of equal ones the first takes the derivative, as in `fnnkit.activations.maxout`.

    >>> a, b = Node([1.0, 5.0]), Node([1.0, 7.0])
    >>> gradients(total(maximum(a, b)), [a, b])
    [array([1., 0.]), array([0., 1.])]
    """
    a, b = _node(a), _node(b)
    first = a.value >= b.value
    return _made(np.maximum(a.value, b.value), (a, b), lambda g: (_fit(g * first, a), _fit(g * ~first, b)))


def concatenate(parts: Sequence[Node | ArrayLike], axis: int = 0) -> Node:
    """Arrays joined along an axis.

    >>> a, b = Node([1.0]), Node([2.0, 3.0])
    >>> gradients(total(concatenate([a, b]) ** 2), [a, b])
    [array([2.]), array([4., 6.])]
    """
    if not isinstance(parts, list | tuple) or len(parts) == 0:
        raise ValueError(f"parts should be a list of at least one array, but it is {describe(parts)}")
    nodes = tuple(_node(part) for part in parts)
    joined = np.concatenate([node.value for node in nodes], axis=axis)
    borders = np.cumsum([node.shape[axis] for node in nodes])[:-1]
    return _made(joined, nodes, lambda g: np.split(g, borders, axis=axis))


@_silent
def total(x: Node | ArrayLike, axis: int | tuple[int, ...] | None = None) -> Node:
    """Sum of all entries, or along some axes.

    >>> x = Node([[1.0, 2.0], [3.0, 4.0]])
    >>> total(x, axis=0).value
    array([4., 6.])
    """
    x = _node(x)

    def pullback(g: Float) -> Sequence[Float]:
        return (np.broadcast_to(g if axis is None else np.expand_dims(g, axis), x.shape).copy(),)

    return _made(np.asarray(x.value.sum(axis=axis)), (x,), pullback)


def mean(x: Node | ArrayLike, axis: int | tuple[int, ...] | None = None) -> Node:
    """Mean of all entries, or along some axes; not of nothing.

    >>> x = Node([1.0, 3.0])
    >>> gradients(mean(x), [x])
    [array([0.5, 0.5])]
    """
    x = _node(x)
    summed = total(x, axis)
    axes = tuple(range(x.value.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    n = prod(x.shape[i] for i in axes)
    if n == 0:
        raise ValueError(f"x should have at least one entry to average, but its shape is {x.shape}")
    return summed / n


@_silent
def log_sum_exp(x: Node | ArrayLike) -> Node:
    """``log Σ exp`` over the last axis, without overflow; its derivative is the softmax.

    >>> x = Node([1e4, 1e4])
    >>> gradients(log_sum_exp(x), [x])
    [array([0.5, 0.5])]
    """
    x = _node(x)
    highest = scores_array("x", x.value).max(axis=-1, keepdims=True)
    highest = np.where(np.isfinite(highest), highest, 0.0)  # −∞ − (−∞) is no number
    shifted = np.exp(x.value - highest)
    sums = shifted.sum(axis=-1, keepdims=True)
    y = (np.log(sums) + highest)[..., 0]
    return _made(y, (x,), lambda g: (g[..., None] * (shifted / sums),))


def ancestors(output: Node) -> list[Node]:
    """Every node that a node depends on, itself included, in topological order.

    Slide "Backpropagation in General Flow Graph".

    >>> x = Node(2.0)
    >>> [float(node.value) for node in ancestors(x * x + 1.0)]
    [2.0, 4.0, 1.0, 5.0]
    """
    if not isinstance(output, Node):
        raise ValueError(f"output should be a Node, but it is {describe(output)}")
    seen = {id(output): output}
    waiting = [output]
    while waiting:
        for parent in waiting.pop().parents:
            if id(parent) not in seen:
                seen[id(parent)] = parent
                waiting.append(parent)
    return sorted(seen.values(), key=lambda node: node._number)


@_silent
def gradients(output: Node, wrt: Sequence[Node]) -> list[Float]:
    """Gradients of a single number with respect to arrays, by reverse accumulation.

    ``output`` has one entry, ``wrt`` is a list of nodes. Returns a list of new arrays, each of the shape of its
    node; zeros where the output does not depend on it.

    Slide "Backpropagation in General Flow Graph"; Goodfellow et al. (2016), algorithm 6.6.

    A node that is used twice collects both contributions:

    >>> x = Node(3.0)
    >>> gradients(x * x, [x])
    [array(6.)]
    """
    order = ancestors(output)
    if output.value.size != 1:
        raise ValueError(f"output should be a single number, but its shape is {output.shape}")
    if not isinstance(wrt, list | tuple):
        raise ValueError(f"wrt should be a list of nodes, but it is {describe(wrt)}")
    for i, node in enumerate(wrt):
        if not isinstance(node, Node):
            raise ValueError(f"wrt[{i}] should be a Node, but it is {describe(node)}")
    arrived: dict[int, Float] = {id(output): np.ones_like(output.value)}
    kept: dict[int, Float] = {}
    wanted = {id(node) for node in wrt}
    for node in reversed(order):
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
