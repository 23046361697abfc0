"""Correct answers to `flow_graph_forward`, each in a style of its own."""


def flow_graph_forward_loop(order, parents, ops, inputs):
    values = {}
    for node in order:
        if node in inputs:
            values[node] = inputs[node]
        else:
            arguments = []
            for parent in parents[node]:
                arguments.append(values[parent])
            values[node] = ops[node](*arguments)
    return values


def flow_graph_forward_by_ops(order, parents, ops, inputs):
    values = dict(inputs)
    for node in order:
        if node in ops:
            values[node] = ops[node](*map(values.get, parents.get(node, [])))
    return values


def flow_graph_forward_recursive(order, parents, ops, inputs):
    values = {}

    def value(node):
        if node not in values:
            values[node] = inputs[node] if node in inputs else ops[node](*[value(p) for p in parents[node]])
        return values[node]

    return {node: value(node) for node in order}


ANSWERS = [
    flow_graph_forward_loop,
    flow_graph_forward_by_ops,
    flow_graph_forward_recursive,
]
