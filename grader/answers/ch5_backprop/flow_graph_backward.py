"""Correct answers to `flow_graph_backward`, each in a style of its own."""

import numpy as np


def flow_graph_backward_indices(order, parents, local, output):
    grad = {}
    for node in order:
        grad[node] = 0.0
    grad[output] = 1.0
    for position in range(len(order) - 1, -1, -1):
        node = order[position]
        if node in parents:
            for i in range(len(parents[node])):
                grad[parents[node][i]] += local[node][i] * grad[node]
    return grad


def flow_graph_backward_asking_children(order, parents, local, output):
    children = {node: [] for node in order}
    for node in order:
        for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
            children[parent].append((node, slope))
    grad = {}
    for node in order[::-1]:
        grad[node] = float(node == output) + sum(slope * grad[child] for child, slope in children[node])
    return grad


def flow_graph_backward_collected(order, parents, local, output):
    arriving = {node: [] for node in order}
    arriving[output].append(1.0)
    for node in reversed(order):
        total = np.sum(arriving[node])
        for parent, slope in zip(parents.get(node, ()), local.get(node, ()), strict=True):
            arriving[parent].append(total * slope)
    return {node: float(np.sum(arriving[node])) for node in order}


ANSWERS = [
    flow_graph_backward_indices,
    flow_graph_backward_asking_children,
    flow_graph_backward_collected,
]
