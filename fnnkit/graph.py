"""Flow graphs: a function as nodes that know their parents, its value forward and its gradients backward.

Two levels. The first four functions are the slide itself, on numbers, with a graph that is plain data. `Node` and what
follows work on arrays: operators build the graph while they compute, `bprop` goes back through it, `fprop` computes
it anew for other inputs. A rule (`Operation`) is a forward function and, for each parent, what hands the error signal
on to it; everything else is the multiple-paths chain rule, which stands once, in `bprop`.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from types import EllipsisType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fnnkit import activations, losses
from fnnkit.arguments import Float, describe, real_array

# --- the slide: a graph as plain data ------------------------------------------------------------------------


def topological_order(parents: Mapping[Hashable, Sequence[Hashable]]) -> list[Hashable]:
    """Order of the nodes of a graph in which every node comes after all its parents.

    Parameters
    ----------
    parents : mapping of node to sequence of nodes
        From which nodes each node is computed. A node that stands only among the parents is an input.

    Returns
    -------
    list of nodes
        Every node once. Of several valid orders, the first that is found from the order of ``parents``.

    Raises
    ------
    ValueError
        If the graph has a cycle; the message shows one.

    References
    ----------
    Slide "Backpropagation in General Flow Graph"; Kahn (1962).

    Examples
    --------
    >>> topological_order({"z": ["x", "y"], "y": ["x"], "x": []})
    ['x', 'y', 'z']
    """
    table = _parent_table(parents)
    for node in list(table):
        for parent in table[node]:
            table.setdefault(parent, ())
    children: dict[Hashable, list[Hashable]] = {node: [] for node in table}
    for node, above in table.items():
        for parent in above:
            children[parent].append(node)  # twice for x·x, which then also waits twice
    waits_for = {node: len(above) for node, above in table.items()}
    ready = deque(node for node, count in waits_for.items() if count == 0)
    order = []
    while ready:
        node = ready.popleft()
        order.append(node)
        for child in children[node]:
            waits_for[child] -= 1
            if waits_for[child] == 0:
                ready.append(child)
    if len(order) < len(table):
        raise ValueError(f"the graph should have no cycle, but it has {_cycle(table, set(order))}")
    return order


def _parent_table(parents: Mapping[Hashable, Sequence[Hashable]]) -> dict[Hashable, tuple[Hashable, ...]]:
    """Check that every node comes with a list of its parents."""
    if not isinstance(parents, Mapping):
        raise ValueError(
            f"parents should map each node to a list of its parents, but it is {describe(parents)}"
        )
    for node, above in parents.items():
        if not isinstance(above, (list, tuple)):  # a string would be taken apart into letters
            raise ValueError(
                f"parents[{node!r}] should be a list of the nodes that it is computed from, "
                f"but it is {describe(above)}"
            )
        unfit = next((parent for parent in above if not isinstance(parent, Hashable)), None)
        if unfit is not None:
            raise ValueError(f"parents[{node!r}] should hold nodes, but one of them is {describe(unfit)}")
    return {node: tuple(above) for node, above in parents.items()}


def _cycle(table: Mapping[Hashable, Sequence[Hashable]], ordered: set[Hashable]) -> str:
    """Walk from parent to parent among the nodes that have no place in the order, until one comes again."""
    node = next(node for node in table if node not in ordered)
    walk: dict[Hashable, None] = {}
    while node not in walk:
        walk[node] = None
        node = next(parent for parent in table[node] if parent not in ordered)
    loop = list(walk)
    loop = [node, *loop[: loop.index(node) : -1], node]  # from parent to child, as values flow
    shown = loop if len(loop) <= 8 else [*loop[:4], "…", *loop[-3:]]
    return " → ".join(map(str, shown))


def path_sum(edges: Iterable[tuple[Hashable, Hashable, float]], source: Hashable, target: Hashable) -> float:
    """Derivative of the target by the source: over all paths, the sum of the products of local derivatives.

    The number of paths can double with every node, so they are not walked one by one: in topological order, the sum
    of a node is that of its parents, each times the derivative on the edge.

    Parameters
    ----------
    edges : iterable of (parent, child, derivative)
        Local derivative of the child by the parent. Two edges between the same nodes are two paths.
    source, target : node
        Where the paths begin and end.

    Returns
    -------
    float
        1 if source and target are the same node (the path of no edge), and 0 if no path leads from one to the other.

    Raises
    ------
    ValueError
        If the graph has a cycle, or an edge is not a triple that ends with a number.

    References
    ----------
    Slide "Multiple Paths Chain Rule - General"; Bauer (1974).

    Examples
    --------
    ``z = x y`` with ``y = x²`` at x = 3: dz/dx = 9 + 3 · 6 = 3 x².

    >>> path_sum([("x", "y", 6.0), ("x", "z", 9.0), ("y", "z", 3.0)], "x", "z")
    27.0
    """
    triples = list(edges)
    parents: dict[Hashable, list[Hashable]] = {}
    slopes: dict[Hashable, list[float]] = {}
    for i, edge in enumerate(triples):
        if not (isinstance(edge, (tuple, list)) and len(edge) == 3):
            raise ValueError(
                f"edges[{i}] should be a triple (parent, child, derivative), but it is {describe(edge)}"
            )
        parent, child, slope = edge
        parents.setdefault(child, []).append(parent)
        slopes.setdefault(child, []).append(_number(f"the derivative of edges[{i}]", slope))
    sums: dict[Hashable, float] = {source: 1.0}  # of the nodes that the source reaches, and no other
    for node in topological_order(parents):
        if node != source:
            terms = [
                sums[parent] * slope
                for parent, slope in zip(parents.get(node, ()), slopes.get(node, ()), strict=True)
                if parent in sums
            ]
            if terms:
                sums[node] = sum(terms)
    return float(sums.get(target, 0.0))


def _number(name: str, value: ArrayLike) -> float:
    """Check one real number; quick for a float."""
    return value if type(value) is float else float(real_array(name, value, ()))


def flow_graph_forward(
    order: Sequence[Hashable],
    parents: Mapping[Hashable, Sequence[Hashable]],
    ops: Mapping[Hashable, Callable[..., ArrayLike]],
    inputs: Mapping[Hashable, ArrayLike],
) -> dict[Hashable, Float]:
    """Forward propagation: the value of every node from the values of its parents, in topological order.

    Parameters
    ----------
    order : sequence of nodes
        Every node once, after its parents.
    parents : mapping of node to sequence of nodes
        Parents of each node, in the order of the arguments of its operation.
    ops : mapping of node to callable
        What computes a node from the values of its parents.
    inputs : mapping of node to array_like
        Values of the nodes without parents.

    Returns
    -------
    dict
        Value of each node, float64.

    Raises
    ------
    ValueError
        If a node comes before one of its parents, or has neither an operation nor a value, or both.

    References
    ----------
    Slide "Backpropagation in General Flow Graph"; Goodfellow, Bengio, Courville (2016), algorithm 6.1.

    Examples
    --------
    >>> values = flow_graph_forward(
    ...     ["x", "y", "z"],
    ...     parents={"y": ["x", "x"], "z": ["y", "x"]},
    ...     ops={"y": lambda a, b: a * b, "z": lambda a, b: a - b},
    ...     inputs={"x": 3.0},
    ... )
    >>> float(values["z"])
    6.0
    """
    nodes, table = _ordered(order, parents)
    for name, mapping in (("ops", ops), ("inputs", inputs)):
        if not isinstance(mapping, Mapping):
            raise ValueError(f"{name} should be a dictionary, but it is {describe(mapping)}")
    stray = next((node for node in inputs if node not in table), None)
    if stray is not None:
        raise ValueError(f"inputs should hold nodes of order, but {stray!r} is none")
    values: dict[Hashable, Float] = {}
    for node in nodes:
        if (node in inputs) == (node in ops):
            have = "both" if node in inputs else "neither"
            raise ValueError(f"node {node!r} should be in inputs or in ops, but it is in {have}")
        if node in inputs:
            if table[node]:
                raise ValueError(f"node {node!r} has parents and should not be in inputs, but it is")
            values[node] = real_array(f"inputs[{node!r}]", inputs[node])[()]
        else:
            arguments = [values[parent] for parent in table[node]]
            values[node] = real_array(f"the value of node {node!r}", ops[node](*arguments))[()]
    return values


def _ordered(
    order: Sequence[Hashable], parents: Mapping[Hashable, Sequence[Hashable]]
) -> tuple[list[Hashable], dict[Hashable, tuple[Hashable, ...]]]:
    """Check that an order holds every node once, after its parents; and give the parents of each node."""
    given = _parent_table(parents)
    nodes = list(order)
    table: dict[Hashable, tuple[Hashable, ...]] = {}
    for node in nodes:
        if node in table:
            raise ValueError(f"order should hold every node once, but {node!r} is there twice")
        above = given.get(node, ())
        late = next((parent for parent in above if parent not in table), None)
        if late is not None:
            raise ValueError(
                f"order should hold every node after its parents, but {node!r} comes before {late!r}"
            )
        table[node] = above
    lost = next((node for node in given if node not in table), None)
    if lost is not None:
        raise ValueError(f"order should hold every node, but {lost!r} is missing")
    return nodes, table


def flow_graph_backward(
    order: Sequence[Hashable],
    parents: Mapping[Hashable, Sequence[Hashable]],
    local: Mapping[Hashable, Sequence[float]],
    output: Hashable,
) -> dict[Hashable, float]:
    """Backward propagation: the derivative of the output by every node, from those of its children, in reverse order.

    Parameters
    ----------
    order : sequence of nodes
        Every node once, after its parents.
    parents : mapping of node to sequence of nodes
        Parents of each node.
    local : mapping of node to sequence of float
        Derivative of each node by each of its parents, one number a parent in the same order. A parent that stands
        there twice, as in ``x · x``, has two.
    output : node
        The node whose derivatives are wanted.

    Returns
    -------
    dict
        Derivative of the output by each node: 1 for itself, 0 for nodes that it does not depend on.

    Raises
    ------
    ValueError
        If a node comes before one of its parents, the output is no node, or the derivatives do not fit the parents.

    References
    ----------
    Slide "Backpropagation in General Flow Graph"; Goodfellow, Bengio, Courville (2016), algorithm 6.2.

    Examples
    --------
    ``y = x · x``, ``z = y − x`` at x = 3: dz/dx = 2 x − 1.

    >>> flow_graph_backward(
    ...     ["x", "y", "z"],
    ...     parents={"y": ["x", "x"], "z": ["y", "x"]},
    ...     local={"y": [3.0, 3.0], "z": [1.0, -1.0]},
    ...     output="z",
    ... )
    {'x': 5.0, 'y': 1.0, 'z': 1.0}
    """
    nodes, table = _ordered(order, parents)
    if output not in table:
        raise ValueError(f"output should be a node of order, but it is {describe(output)}")
    if not isinstance(local, Mapping):
        raise ValueError(f"local should be a dictionary, but it is {describe(local)}")
    slopes = {node: _local_derivatives(node, local.get(node, ()), len(table[node])) for node in nodes}
    gradient = dict.fromkeys(nodes, 0.0)
    gradient[output] = 1.0
    reached = {output}
    for node in reversed(nodes):
        if node in reached:
            for parent, slope in zip(table[node], slopes[node], strict=True):
                gradient[parent] += gradient[node] * slope
                reached.add(parent)
    return gradient


def _local_derivatives(node: Hashable, derivatives: Sequence[float], parents: int) -> list[float]:
    """Check the local derivatives of a node, one for each of its parents."""
    numbers: list[float] = real_array(f"local[{node!r}]", derivatives, ("parents",)).tolist()
    if len(numbers) != parents:
        raise ValueError(
            f"local[{node!r}] should hold one derivative for each of {parents} parents, but it holds {len(numbers)}"
        )
    return numbers


# --- nodes that hold arrays ----------------------------------------------------------------------------------


class Operation(NamedTuple):
    """A rule: how a node is computed, and how its error signal goes on to each parent.

    Attributes
    ----------
    name : str
        For messages.
    forward : callable
        Value of the node from the values of its parents.
    pullbacks : tuple of callable
        One a parent, each a function of ``(delta, value, *values of the parents)``: the error signal of the node
        (shaped like its value) times the derivative of the node by that parent, shaped like the parent.
    """

    name: str
    forward: Callable[..., Float]
    pullbacks: tuple[Callable[..., Float], ...]


_number_of_nodes = itertools.count()


class Node:
    """A value in a flow graph, and where it came from.

    ``+ - * / @``, ``**`` with a constant exponent, and indexing work as on arrays, broadcasting included; numbers and
    arrays among them become constants. A node never changes.

    Parameters
    ----------
    value : array_like
        Real numbers of any shape; a copy is kept.
    name : str, optional
        For messages and drawings.

    Attributes
    ----------
    value : ndarray
        Its value, float64.
    parents : tuple of Node
        What it is computed from; none for an input.
    operation : Operation or None
        How; None for an input.
    varies : bool
        False for constants and what is computed from constants alone: `bprop` does not go there.

    Raises
    ------
    ValueError
        If the value does not hold real numbers. Operations raise it where shapes do not fit.

    References
    ----------
    Slide "Backpropagation in General Flow Graph"; Goodfellow, Bengio, Courville (2016), section 6.5.1.

    Examples
    --------
    >>> x = Node(3.0)
    >>> y = x * x + 1
    >>> float(y.value), float(bprop(y)[x])
    (10.0, 6.0)
    """

    __slots__ = ("name", "number", "operation", "parents", "value", "varies")
    __array_ufunc__ = None  # so that array + node comes to __radd__ and not entry by entry

    value: Float
    parents: tuple[Node, ...]
    operation: Operation | None
    varies: bool
    number: int
    name: str | None

    def __init__(self, value: ArrayLike, name: str | None = None) -> None:
        if isinstance(value, Node):
            raise ValueError("value should hold real numbers, but it is a Node")
        copy = np.array(real_array("value" if name is None else name, value))
        copy.flags.writeable = False  # who writes to a value would spoil the way back
        self.value = copy[()]
        self.parents, self.operation, self.varies = (), None, True
        self.number, self.name = next(_number_of_nodes), name

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the value."""
        return self.value.shape

    @property
    def ndim(self) -> int:
        """Number of axes of the value."""
        return self.value.ndim

    def __repr__(self) -> str:
        what = "input" if self.operation is None else self.operation.name
        return f"Node({self.name or what}, shape {self.shape})"

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Node]:
        return (self[i] for i in range(len(self)))

    def __add__(self, other: Node | ArrayLike) -> Node:
        return apply(_ADD, self, other)

    __radd__ = __add__

    def __sub__(self, other: Node | ArrayLike) -> Node:
        return apply(_SUBTRACT, self, other)

    def __rsub__(self, other: ArrayLike) -> Node:
        return apply(_SUBTRACT, other, self)

    def __mul__(self, other: Node | ArrayLike) -> Node:
        return apply(_MULTIPLY, self, other)

    __rmul__ = __mul__

    def __truediv__(self, other: Node | ArrayLike) -> Node:
        return apply(_DIVIDE, self, other)

    def __rtruediv__(self, other: ArrayLike) -> Node:
        return apply(_DIVIDE, other, self)

    def __matmul__(self, other: Node | ArrayLike) -> Node:
        return apply(_MATMUL, self, other)

    def __rmatmul__(self, other: ArrayLike) -> Node:
        return apply(_MATMUL, other, self)

    def __neg__(self) -> Node:
        return apply(_NEGATIVE, self)

    def __pow__(self, exponent: Node | float) -> Node:
        if isinstance(exponent, Node):
            raise ValueError(
                "exponent should be a number, but it is a Node: write exp(b * log(a)) for a ** b"
            )
        p = _number("exponent", exponent)

        def slope(delta: Float, _value: Float, a: Float) -> Float:
            return delta * (p * a ** (p - 1)) if p != 0 else np.zeros_like(delta)

        return apply(Operation("power", lambda a: a**p, (slope,)), self)

    def __getitem__(self, index: Any) -> Node:
        """Entries by numpy's rules; an entry that is taken twice has two paths."""
        parts = index if isinstance(index, tuple) else (index,)
        plain = all(
            i is None or (isinstance(i, (int, np.integer, slice, EllipsisType)) and not isinstance(i, bool))
            for i in parts
        )
        if not plain:  # later changes of an index array shall not reach the way back
            index = tuple(np.array(i) if isinstance(i, (list, np.ndarray)) else i for i in parts)

        def put_back(delta: Float, _value: Float, a: Float) -> Float:
            gradient = np.zeros_like(a)
            if plain:
                gradient[index] = delta
            else:
                np.add.at(gradient, index, delta)
            return gradient

        return apply(Operation("index", lambda a: a[index], (put_back,)), self)

    def sum(self, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Node:
        """Sum over some axes, or over all of them."""

        def spread(delta: Float, _value: Float, a: Float) -> Float:
            return np.broadcast_to(_with_axes(delta, a, axis, keepdims), a.shape)

        return apply(Operation("sum", lambda a: np.sum(a, axis=axis, keepdims=keepdims), (spread,)), self)

    def mean(self, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Node:
        """Mean over some axes, or over all of them; of nothing it is refused."""
        total = self.sum(axis, keepdims)
        axes = range(self.ndim) if axis is None else (axis if isinstance(axis, tuple) else (axis,))
        count = math.prod(self.shape[i] for i in axes)
        if count == 0:
            raise ValueError(f"mean should be over at least one entry, but the shape is {self.shape}")
        return total * (1.0 / count)

    def max(self, axis: int, keepdims: bool = False) -> Node:
        """Largest entry along an axis. The error signal goes to it alone, to the first of equal ones."""

        def to_the_winner(delta: Float, _value: Float, a: Float) -> Float:
            gradient = np.zeros_like(a)
            winner = np.expand_dims(np.argmax(a, axis=axis), axis)
            np.put_along_axis(gradient, winner, _with_axes(delta, a, axis, keepdims), axis)
            return gradient

        return apply(
            Operation("max", lambda a: np.max(a, axis=axis, keepdims=keepdims), (to_the_winner,)), self
        )

    def reshape(self, *shape: int) -> Node:
        """The same entries in another shape."""
        return apply(
            Operation("reshape", lambda a: np.reshape(a, shape), (lambda d, _, a: d.reshape(a.shape),)), self
        )

    def transpose(self, *axes: int) -> Node:
        """Axes in another order; reversed if none is given."""
        order = axes or tuple(reversed(range(self.ndim)))
        back = [int(i) for i in np.argsort(np.asarray(order, dtype=int) % max(self.ndim, 1))]
        return apply(
            Operation(
                "transpose", lambda a: np.transpose(a, order), (lambda d, _v, _a: np.transpose(d, back),)
            ),
            self,
        )

    @property
    def T(self) -> Node:
        """Axes reversed."""
        return self.transpose()


def _with_axes(delta: Float, a: Float, axis: int | tuple[int, ...] | None, keepdims: bool) -> Float:
    """Put back, with length 1, the axes that a sum or a maximum took away."""
    return np.asarray(delta) if keepdims or axis is None else np.expand_dims(delta, axis)


def constant(value: ArrayLike) -> Node:
    """A node that nothing is derived by: `bprop` spares the work.

    Parameters
    ----------
    value : array_like
        Real numbers of any shape; a copy is kept.

    Returns
    -------
    Node

    Raises
    ------
    ValueError
        If the value does not hold real numbers.

    References
    ----------
    Slide "Backpropagation in General Flow Graph".

    Examples
    --------
    >>> constant([1.0, 2.0]) in bprop((constant([1.0, 2.0]) * Node([3.0, 4.0])).sum())
    False
    """
    node = Node(value)
    node.varies = False
    return node


@np.errstate(all="ignore")
def apply(operation: Operation, *inputs: Node | ArrayLike) -> Node:
    """A new node: an operation on nodes, or on numbers and arrays, which become constants.

    With an operation of your own this is how the graph learns a function that it does not know.

    Parameters
    ----------
    operation : Operation
        Rule with one pullback an input.
    *inputs : Node or array_like
        Parents, in the order of the arguments of the operation.

    Returns
    -------
    Node
        Infinite or NaN where the mathematics is, without a warning.

    Raises
    ------
    ValueError
        If the shapes do not fit the operation, or an input does not hold real numbers.

    References
    ----------
    Slide "Backpropagation in General Flow Graph"; Goodfellow, Bengio, Courville (2016), section 6.5.6.

    Examples
    --------
    >>> sine = Operation("sine", np.sin, (lambda delta, value, a: delta * np.cos(a),))
    >>> x = Node([0.0, np.pi])
    >>> bprop(apply(sine, x).sum())[x]
    array([ 1., -1.])
    """
    parents = tuple([i if isinstance(i, Node) else constant(i) for i in inputs])
    values = [parent.value for parent in parents]
    node = Node.__new__(Node)
    try:
        value: Any = operation.forward(*values)
    except (ValueError, np.exceptions.AxisError) as error:
        shapes = " and ".join(str(value.shape) for value in values)
        raise ValueError(f"{operation.name} does not fit shape {shapes}: {error}") from None
    if type(value) is not np.ndarray and type(value) is not np.float64:
        value = real_array(f"the value of {operation.name}", value)
    # A single number is a scalar of numpy, with which it computes faster than with an array of no axes.
    node.value = value if value.ndim else value[()]
    node.parents, node.operation, node.name = parents, operation, None
    node.varies = any(parent.varies for parent in parents)
    node.number = next(_number_of_nodes)
    return node


# --- through the graph ---------------------------------------------------------------------------------------


def nodes_of(output: Node) -> list[Node]:
    """Every node that a node is computed from, and itself, in topological order.

    Parents are always made before their children, so that the order in which the nodes were made is a topological one.

    Parameters
    ----------
    output : Node
        The last node.

    Returns
    -------
    list of Node

    Raises
    ------
    ValueError
        If ``output`` is no node.

    References
    ----------
    Slide "Backpropagation in General Flow Graph".

    Examples
    --------
    >>> x = Node(2.0)
    >>> nodes_of(x * x)
    [Node(input, shape ()), Node(multiply, shape ())]
    """
    return _ancestors(_node("output", output), constants=True)


def _node(name: str, value: object) -> Node:
    """Check that an argument is a node."""
    if not isinstance(value, Node):
        raise ValueError(f"{name} should be a Node, but it is {describe(value)}")
    return value


def _ancestors(output: Node, constants: bool) -> list[Node]:
    """Nodes above the output in topological order, by a stack: a chain may be longer than Python can recurse."""
    seen = {output}
    stack = [output]
    while stack:
        for parent in stack.pop().parents:
            if parent not in seen and (constants or parent.varies):
                seen.add(parent)
                stack.append(parent)
    return sorted(seen, key=attrgetter("number"))


def fprop(output: Node, inputs: Mapping[Node, ArrayLike]) -> dict[Node, Node]:
    """Forward propagation of a graph for other inputs: every node anew from its parents, in topological order.

    Parameters
    ----------
    output : Node
        The last node.
    inputs : mapping of Node to array_like
        New values of some inputs of the graph; the others keep theirs.

    Returns
    -------
    dict
        For each node of the graph its new one. The old ones do not change.

    Raises
    ------
    ValueError
        If a node of ``inputs`` is computed from others or is not in the graph, or shapes do not fit.

    References
    ----------
    Slide "Backpropagation in General Flow Graph", step 1.

    Examples
    --------
    >>> x = Node(3.0)
    >>> y = x * x
    >>> new = fprop(y, {x: 5.0})
    >>> float(new[y].value), float(bprop(new[y])[new[x]]), float(y.value)
    (25.0, 10.0, 9.0)
    """
    nodes = nodes_of(output)
    if not isinstance(inputs, Mapping):
        raise ValueError(f"inputs should map nodes to values, but it is {describe(inputs)}")
    graph, new = set(nodes), {}
    for node, value in inputs.items():
        _node("each key of inputs", node)
        if node not in graph or node.operation is not None:
            raise ValueError(f"inputs should hold inputs of the graph, but {node!r} is none")
        new[node] = Node(value, node.name)
        new[node].varies = node.varies
    for node in nodes:
        if node not in new:
            if node.operation is None:
                new[node] = node
            else:
                new[node] = apply(node.operation, *(new[parent] for parent in node.parents))
                new[node].name = node.name
    return new


@np.errstate(all="ignore")
def bprop(output: Node, delta: ArrayLike | None = None) -> dict[Node, Float]:
    """Backward propagation: the gradient of the output with respect to every node, in reverse topological order.

    A node hands its error signal to each of its parents; a parent adds up what comes from all its children. Nothing
    is stored in the nodes, so that a second call gives the same.

    Parameters
    ----------
    output : Node
        What is differentiated, of a single entry unless ``delta`` is given.
    delta : array_like, shape of ``output``, optional
        Error signal to begin with, 1 if not given.

    Returns
    -------
    dict
        Gradient with respect to each node that the output depends on, shaped like its value; constants are left out.
        Gradients may share memory: `gradients` gives copies.

    Raises
    ------
    ValueError
        If ``output`` is no node, has several entries and no ``delta``, or the shape of ``delta`` is another.

    References
    ----------
    Slides "Backpropagation in General Flow Graph", step 2, and "Multiple Paths Chain Rule - General"; Goodfellow,
    Bengio, Courville (2016), algorithm 6.5.

    Examples
    --------
    >>> x, y = Node([1.0, 2.0]), Node(3.0)
    >>> z = (x * y).sum()
    >>> bprop(z)[x], float(bprop(z)[y])
    (array([3., 3.]), 3.0)
    """
    _node("output", output)
    if delta is None:
        if output.value.size != 1:
            raise ValueError(
                f"output should have a single entry, but it is {describe(output.value)}: sum it up, or give a delta"
            )
        start = np.ones(output.shape)
    else:
        start = np.array(real_array("delta", delta, output.shape))
    deltas: dict[Node, Float] = {output: start[()]}
    for node in reversed(_ancestors(output, constants=False)):
        if node.operation is not None:
            delta_node, parents = deltas[node], node.parents
            values = [parent.value for parent in parents]
            for parent, pullback in zip(parents, node.operation.pullbacks, strict=True):
                if parent.varies:
                    signal = pullback(delta_node, node.value, *values)
                    # Not +=: two parents may have been handed one and the same array.
                    deltas[parent] = deltas[parent] + signal if parent in deltas else signal
    return deltas


def gradients(output: Node, inputs: Sequence[Node]) -> list[Float]:
    """Gradient of a single number with respect to some nodes; zeros for those that it does not depend on.

    Parameters
    ----------
    output : Node
        What is differentiated, of a single entry.
    inputs : sequence of Node
        With respect to what.

    Returns
    -------
    list of ndarray
        One a node, shaped like its value; arrays of their own.

    Raises
    ------
    ValueError
        If an argument is no node, or ``output`` has several entries.

    References
    ----------
    Slide "Backpropagation in General Flow Graph".

    Examples
    --------
    >>> x, unused = Node([1.0, 2.0]), Node([5.0])
    >>> gradients((x**2).sum(), [x, unused])
    [array([2., 4.]), array([0.])]
    """
    if not isinstance(inputs, (list, tuple)):
        raise ValueError(f"inputs should be a list of nodes, but it is {describe(inputs)}")
    nodes = [_node(f"inputs[{i}]", node) for i, node in enumerate(inputs)]
    deltas = bprop(output)
    return [np.array(deltas[node]) if node in deltas else np.zeros(node.shape) for node in nodes]


def value_and_gradients(
    function: Callable[[dict[str, Node]], Node], params: Mapping[str, ArrayLike]
) -> tuple[float, dict[str, Float]]:
    """Value and gradients of a function of named parameters, as `fnnkit.backprop.backprop` gives them.

    Parameters
    ----------
    function : callable
        Of a dictionary of nodes; gives a node of a single entry.
    params : mapping of str to array_like
        Where it is differentiated.

    Returns
    -------
    value : float
    grads : dict
        Gradients, shaped like the parameters.

    Raises
    ------
    ValueError
        If the function gives no node of a single entry, or a parameter does not hold real numbers.

    References
    ----------
    Slide "Backpropagation in General Flow Graph".

    Examples
    --------
    >>> value_and_gradients(lambda p: (p["w"] * p["w"]).sum(), {"w": [1.0, 2.0]})
    (5.0, {'w': array([2., 4.])})
    """
    if not isinstance(params, Mapping):
        raise ValueError(f"params should be a dictionary of arrays, but it is {describe(params)}")
    nodes = {name: Node(value, name) for name, value in params.items()}
    output = _node("what the function gives", function(dict(nodes)))
    grads = gradients(output, list(nodes.values()))
    return float(output.value.item()), dict(zip(nodes, grads, strict=True))


# --- the rules -----------------------------------------------------------------------------------------------


def _fit(delta: Float, a: Float) -> Float:
    """Undo broadcasting: what was repeated forward is summed backward."""
    if delta.shape == a.shape:
        return delta
    added = delta.ndim - a.ndim
    repeated = tuple(added + i for i, length in enumerate(a.shape) if length == 1 != delta.shape[added + i])
    total: Float = delta.sum(axis=(*range(added), *repeated), keepdims=True)
    return total.reshape(a.shape)[()]


def _matmul_left(delta: Float, _value: Float, a: Float, b: Float) -> Float:
    """Error signal of the first factor, ``δ Bᵀ``; vectors are a row on the left and a column on the right."""
    delta, left, right = _as_matrices(delta, a, b)
    return _fit(delta @ right.swapaxes(-1, -2), left).reshape(a.shape)


def _matmul_right(delta: Float, _value: Float, a: Float, b: Float) -> Float:
    """Error signal of the second factor, ``Aᵀ δ``."""
    delta, left, right = _as_matrices(delta, a, b)
    return _fit(left.swapaxes(-1, -2) @ delta, right).reshape(b.shape)


def _as_matrices(delta: Float, a: Float, b: Float) -> tuple[Float, Float, Float]:
    """Give vectors, and what their products left out, the axis of length 1 that makes them matrices."""
    delta = np.asarray(delta)
    if b.ndim == 1:
        b, delta = b[:, None], delta[..., None]
    if a.ndim == 1:
        a, delta = a[None], delta[..., None, :]
    return delta, a, b


_ADD = Operation("add", np.add, (lambda d, _, a, b: _fit(d, a), lambda d, _, a, b: _fit(d, b)))
_SUBTRACT = Operation(
    "subtract", np.subtract, (lambda d, _, a, b: _fit(d, a), lambda d, _, a, b: _fit(-d, b))
)
_MULTIPLY = Operation(
    "multiply", np.multiply, (lambda d, _, a, b: _fit(d * b, a), lambda d, _, a, b: _fit(d * a, b))
)
_DIVIDE = Operation(
    "divide", np.divide, (lambda d, _, a, b: _fit(d / b, a), lambda d, q, a, b: _fit(-d * q / b, b))
)
_MATMUL = Operation("matmul", np.matmul, (_matmul_left, _matmul_right))
_NEGATIVE = Operation("negative", np.negative, (lambda d, _v, _a: -d,))
_EXP = Operation("exp", np.exp, (lambda d, e, _: d * e,))
_LOG = Operation("log", np.log, (lambda d, _, a: d / a,))
_SQRT = Operation("sqrt", np.sqrt, (lambda d, root, _: d / (2 * root),))
_TANH = Operation("tanh", np.tanh, (lambda d, h, _: d * (1 - h * h),))
_SIGMOID = Operation("sigmoid", activations.sigmoid, (lambda d, _, z: d * activations.sigmoid_grad(z),))
_SOFTPLUS = Operation("softplus", activations.softplus, (lambda d, _, z: d * activations.softplus_grad(z),))
_RELU = Operation("relu", activations.relu, (lambda d, _, z: d * (z > 0),))
_MAXIMUM = Operation(
    "maximum",
    np.maximum,
    (lambda d, _, a, b: _fit(d * (a >= b), a), lambda d, _, a, b: _fit(d * (a < b), b)),
)
_LOG_SOFTMAX = Operation(
    "log_softmax",
    activations.log_softmax,
    (lambda d, log_p, _: d - np.exp(log_p) * d.sum(axis=-1, keepdims=True),),
)


def exp(x: Node | ArrayLike) -> Node:
    """Exponential, elementwise."""
    return apply(_EXP, x)


def log(x: Node | ArrayLike) -> Node:
    """Natural logarithm, elementwise; −inf at 0 and NaN below."""
    return apply(_LOG, x)


def sqrt(x: Node | ArrayLike) -> Node:
    """Square root, elementwise; its slope at 0 is infinite."""
    return apply(_SQRT, x)


def tanh(x: Node | ArrayLike) -> Node:
    """Hyperbolic tangent, elementwise."""
    return apply(_TANH, x)


def sigmoid(x: Node | ArrayLike) -> Node:
    """Logistic sigmoid, elementwise."""
    return apply(_SIGMOID, x)


def softplus(x: Node | ArrayLike) -> Node:
    """Softplus ``log(1 + eˣ)``, elementwise."""
    return apply(_SOFTPLUS, x)


def relu(x: Node | ArrayLike) -> Node:
    """Rectifier, elementwise; its slope at 0 is 0."""
    return apply(_RELU, x)


def maximum(a: Node | ArrayLike, b: Node | ArrayLike) -> Node:
    """The larger of two, elementwise; of equal ones the first gets the error signal."""
    return apply(_MAXIMUM, a, b)


def log_softmax(scores: Node | ArrayLike) -> Node:
    """Logarithm of the softmax over the last axis."""
    return apply(_LOG_SOFTMAX, scores)


def concatenate(parts: Sequence[Node | ArrayLike], axis: int = 0) -> Node:
    """Join arrays along an axis; each gets its own part of the error signal."""

    def take(i: int) -> Callable[..., Float]:
        def part_of(delta: Float, _value: Float, *values: Float) -> Float:
            first = sum(value.shape[axis] for value in values[:i])
            where = [slice(None)] * delta.ndim
            where[axis] = slice(first, first + values[i].shape[axis])
            return delta[tuple(where)]

        return part_of

    if not isinstance(parts, (list, tuple)) or len(parts) == 0:
        raise ValueError(f"parts should be a list of at least one node, but it is {describe(parts)}")
    pullbacks = tuple(take(i) for i in range(len(parts)))
    return apply(
        Operation("concatenate", lambda *values: np.concatenate(values, axis=axis), pullbacks), *parts
    )


def categorical_nll(scores: Node | ArrayLike, g: ArrayLike) -> Node:
    """Mean negative log-likelihood of labels, from scores.

    Parameters
    ----------
    scores : Node or array_like, shape (n, K)
        Scores.
    g : array_like of int, shape (n,)
        Labels ``0 .. K-1``.

    Returns
    -------
    Node
        A single number.

    Raises
    ------
    ValueError
        If the shapes do not fit or a label is outside ``0 .. K-1``.

    References
    ----------
    Slides "Typical Setting for Classification" and "Error Signal at Output Layer".

    Examples
    --------
    >>> scores = Node([[0.0, 0.0]])
    >>> bprop(categorical_nll(scores, [0]))[scores]
    array([[-0.5,  0.5]])
    """
    targets: NDArray[Any] = np.array(g)
    rule = Operation(
        "categorical_nll",
        lambda values: np.asarray(losses.categorical_nll(values, targets)),
        (lambda delta, _, values: delta * losses.categorical_nll_grad(values, targets),),
    )
    return apply(rule, scores)
