"""Correct answers to `path_sum`, each in a style of its own."""

import numpy as np


def path_sum_remembered(edges, source, target):
    known = {target: 1.0}
    leaving = {}
    for start, end, slope in edges:
        leaving.setdefault(start, []).append((end, slope))

    def from_here(node):
        if node not in known:
            known[node] = sum((slope * from_here(end) for end, slope in leaving.get(node, [])), 0.0)
        return known[node]

    return from_here(source)


def path_sum_matrix(edges, source, target):
    names = list(dict.fromkeys([source, target] + [node for edge in edges for node in edge[:2]]))
    place = {name: i for i, name in enumerate(names)}
    A = np.zeros((len(names), len(names)))
    for start, end, slope in edges:
        A[place[start], place[end]] += slope
    row = np.eye(len(names))[place[source]]
    total = row[place[target]]
    for _ in names:
        row = row @ A
        total += row[place[target]]
    return float(total)


def path_sum_pushed(edges, source, target):
    incoming = {}
    for _start, end, _slope in edges:
        incoming[end] = incoming.get(end, 0) + 1
    sums = {source: 1}
    nodes = {node for edge in edges for node in edge[:2]}
    ready = [node for node in nodes if node not in incoming]
    while ready:
        node = ready.pop(0)
        for start, end, slope in edges:
            if start == node:
                if node in sums:
                    sums[end] = sums.get(end, 0) + sums[node] * slope
                incoming[end] -= 1
                if incoming[end] == 0:
                    ready.append(end)
    return float(sums.get(target, 0))


ANSWERS = [
    path_sum_remembered,
    path_sum_matrix,
    path_sum_pushed,
]
