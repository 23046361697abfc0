"""`flow_graph_forward`: the value of every node from those of its parents (chapter 5)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from fnnkit import graph
from fnnkit.exercises.drawing import both_signs
from fnnkit.judge.by_name import agrees_on
from fnnkit.judge.criteria import calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception
from fnnkit.kernel.named import Named

VALUES, SPECIAL = "the value of every node", "a parent twice, three parents, a constant"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``flow_graph_forward(order, parents, ops, inputs)``; operations tell their arguments apart."""

    def numbers(*names: str) -> dict[str, float]:
        return {n: float(v) for n, v in zip(names, both_signs(rng, len(names), low=0.5), strict=True)}

    subtract, divide, tanh = Named("subtract"), Named("divide"), Named("tanh")
    multiply, exponential = Named("multiply"), Named("exponential")

    def case(
        order: list[str], parents: dict[str, list[str]], ops: dict[str, Named], inputs: list[str]
    ) -> tuple[Any, ...]:
        return order, parents, ops, numbers(*inputs)

    diamond = case(
        ["x", "a", "b", "c", "y"],
        {"y": ["c", "x"], "a": ["x"], "c": ["b", "a"], "b": ["x"]},
        {"a": tanh, "b": exponential, "c": subtract, "y": divide},
        ["x"],
    )
    two = case(
        ["v", "u", "s", "t", "y"],
        {"s": ["u", "v"], "t": ["v", "s"], "y": ["t", "u"]},
        {"s": subtract, "t": divide, "y": subtract},
        ["u", "v"],
    )
    twice = case(
        ["x", "s", "y"],
        {"s": ["x", "x"], "y": ["s", "x"]},
        {"s": multiply, "y": subtract},
        ["x"],
    )
    three = case(
        ["x", "z", "w", "y"],
        {"y": ["z", "w", "x"]},
        {"y": Named("weighted")},
        ["x", "z", "w"],
    )
    constant = case(
        ["x", "one", "y"], {"one": [], "y": ["one", "x"]}, {"one": Named("one"), "y": divide}, ["x"]
    )
    nothing = case(
        ["u", "v", "s", "y"],
        {"s": ["v", "u"], "y": ["s", "v"]},
        {"s": subtract, "y": multiply},
        ["u", "v"],
    )
    nothing[3][str(rng.choice(["u", "v"]))] = 0.0
    chain = [f"n{i}" for i in range(40)]
    long = case(
        chain,
        {n: [before] for before, n in pairwise(chain)},
        dict.fromkeys(chain[1:], tanh),
        ["n0"],
    )
    return [
        Case(diamond, VALUES),
        Case(two, VALUES),
        Case(long, VALUES, "a chain of forty"),
        Case(nothing, VALUES, "an input is 0"),
        Case(twice, SPECIAL, "x · x"),
        Case(three, SPECIAL, "an operation of three nodes"),
        Case(constant, SPECIAL, "an operation without parents"),
    ]


def arguments_in_the_order_of_computation(order, parents, ops, inputs):
    """Parents sorted as they come in the order."""
    values = dict(inputs)
    for node in order:
        if node not in inputs:
            values[node] = ops[node](*[values[p] for p in order for q in parents[node] if p == q])
    return values


def arguments_turned_round(order, parents, ops, inputs):
    """Last parent first."""
    values = dict(inputs)
    for node in order:
        if node not in inputs:
            values[node] = ops[node](*[values[p] for p in reversed(parents[node])])
    return values


def a_parent_only_once(order, parents, ops, inputs):
    """Parents as a set, in order."""
    values = dict(inputs)
    for node in order:
        if node not in inputs:
            values[node] = ops[node](*[values[p] for p in dict.fromkeys(parents[node])])
    return values


def one_argument_for_all(order, parents, ops, inputs):
    """The list of values is one argument."""
    values = dict(inputs)
    for node in order:
        if node not in inputs:
            values[node] = ops[node]([values[p] for p in parents[node]])
    return values


def one_generator_for_all(order, parents, ops, inputs):
    """A generator is one argument."""
    values = dict(inputs)
    for node in order:
        if node not in inputs:
            values[node] = ops[node](values[p] for p in parents[node])
    return values


def names_for_values(order, parents, ops, inputs):
    """The operation gets names."""
    values = dict(inputs)
    for node in order:
        if node not in inputs:
            values[node] = ops[node](*parents[node])
    return values


def inputs_left_out(order, parents, ops, inputs):
    """Only computed nodes come back."""
    values = dict(inputs)
    for node in order:
        if node not in inputs:
            values[node] = ops[node](*[values[p] for p in parents[node]])
    return {node: values[node] for node in order if node not in inputs}


def two_parents_at_most(order, parents, ops, inputs):
    """Written for one and two."""
    values = dict(inputs)
    for node in order:
        if node not in inputs:
            if len(parents[node]) == 1:
                values[node] = ops[node](values[parents[node][0]])
            else:
                values[node] = ops[node](values[parents[node][0]], values[parents[node][1]])
    return values


def one_unless_there_are_two(order, parents, ops, inputs):
    """Written for two, and for one otherwise."""
    values = dict(inputs)
    for node in order:
        if node not in inputs:
            first = values[parents[node][0]]
            if len(parents[node]) == 2:
                values[node] = ops[node](first, values[parents[node][1]])
            else:
                values[node] = ops[node](first)
    return values


def only_the_last_value(order, parents, ops, inputs):
    """The value of the output."""
    values = dict(inputs)
    for node in order:
        if node not in inputs:
            values[node] = ops[node](*[values[p] for p in parents[node]])
    return values[order[-1]]


def inputs_extended(order, parents, ops, inputs):
    """The caller's dictionary is filled."""
    for node in order:
        if node not in inputs:
            inputs[node] = ops[node](*[inputs[p] for p in parents[node]])
    return inputs


def an_input_of_zero_is_none(order, parents, ops, inputs):
    """Asks whether the value is true, not whether the name is there."""
    values = {}
    for node in order:
        values[node] = inputs.get(node) or ops[node](*[values[p] for p in parents[node]])
    return values


def all_values_so_far(order, parents, ops, inputs):
    """Every value is handed over."""
    values = dict(inputs)
    for node in order:
        if node not in inputs:
            values[node] = ops[node](*values.values())
    return values


def nodes_just_before(order, parents, ops, inputs):
    """As many as there are parents, from those that come just before it."""
    values = dict(inputs)
    for place, node in enumerate(order):
        if node not in inputs:
            before = order[place - len(parents[node]) : place]
            values[node] = ops[node](*[values[p] for p in before])
    return values


def nodes_without_parents_are_zero(order, parents, ops, inputs):
    """An operation without parents is taken for an input that is not given."""
    values = {}
    for node in order:
        if parents.get(node):
            values[node] = ops[node](*[values[p] for p in parents[node]])
        else:
            values[node] = inputs.get(node, 0)
    return values


def nodes_without_parents_left_out(order, parents, ops, inputs):
    """An operation without parents is skipped."""
    values = dict(inputs)
    for node in order:
        if parents.get(node):
            try:
                values[node] = ops[node](*[values[p] for p in parents[node]])
            except KeyError:
                values[node] = 0.0
    return values


def sorted_arguments(order, parents, ops, inputs):
    """Parents by name."""
    values = dict(inputs)
    for node in order:
        if node not in inputs:
            values[node] = ops[node](*[values[p] for p in sorted(parents[node])])
    return values


def arguments_from_the_inputs_alone(order, parents, ops, inputs):
    """0 for what is not given."""
    values = dict(inputs)
    for node in order:
        if node not in inputs:
            values[node] = ops[node](*[inputs.get(p, 0.0) for p in parents[node]])
    return values


def a_list_of_values(order, parents, ops, inputs):
    """A list of values."""
    values = dict(inputs)
    for node in order:
        if node not in inputs:
            values[node] = ops[node](*[values[p] for p in parents[node]])
    return [values[node] for node in order]


EXERCISE = Exercise(
    name="flow_graph_forward",
    chapter="ch5_backprop",
    reference=graph.flow_graph_forward,
    cases=cases,
    criteria=(
        Criterion(VALUES, 0.5, agrees_on()),
        Criterion(SPECIAL, 0.25, agrees_on()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            arguments_in_the_order_of_computation,
            "the arguments came in the order of computation. Which is first is said by `parents[node]`: a − b is "
            "not b − a.",
        ),
        Misconception(
            arguments_turned_round, "the arguments came last first: take them as `parents[node]` lists them."
        ),
        Misconception(
            a_parent_only_once,
            "a parent that is listed twice was passed once. x · x has two arguments that are alike.",
        ),
        Misconception(
            one_argument_for_all,
            "the operation got all values as a single argument. It takes them one by one: `op(*values)` takes a list apart.",
        ),
        Misconception(
            one_generator_for_all,
            "the operation got all values as a single argument. It takes them one by one: `op(*values)` takes a list apart.",
        ),
        Misconception(
            names_for_values, "the operation got the *names* of the parents: look up their values."
        ),
        Misconception(inputs_left_out, "the inputs are missing: every node of `order` has a value."),
        Misconception(
            two_parents_at_most,
            "an operation may have any number of arguments, none as well: `op(*values)` hands over all of a list.",
        ),
        Misconception(
            one_unless_there_are_two,
            "an operation may have any number of arguments, none as well: `op(*values)` hands over all of a list.",
        ),
        Misconception(
            only_the_last_value, "only one value came back. The way back needs those of all nodes."
        ),
        Misconception(
            inputs_extended,
            "the caller's `inputs` was filled with values. Start with a copy: `dict(inputs)`.",
        ),
        Misconception(
            an_input_of_zero_is_none,
            "an input whose value is 0 was not taken for an input. Ask whether its *name* is in `inputs`: 0 is a value like "
            "others.",
        ),
        Misconception(
            all_values_so_far,
            "the operation got all values that there are. It takes those of its own parents, in the order of "
            "`parents[node]`.",
        ),
        Misconception(
            nodes_just_before,
            "the arguments are the nodes that come just before in `order`. They are the node's own parents, wherever these "
            "stand: `parents[node]` lists them.",
        ),
        Misconception(
            nodes_without_parents_are_zero,
            "a node without parents was taken for an input and given a number of your own. If it is not in `inputs` it "
            "has an operation, which takes no argument.",
        ),
        Misconception(
            nodes_without_parents_left_out,
            "a node without parents that is no input was passed over. It has an operation, which takes no argument.",
        ),
        Misconception(
            sorted_arguments,
            "the arguments were sorted by name. Which is first is said by `parents[node]`.",
        ),
        Misconception(
            arguments_from_the_inputs_alone,
            "the arguments were looked up in `inputs` alone. A parent that has been computed has its value in your own "
            "dictionary.",
        ),
        Misconception(
            a_list_of_values,
            "a list came back: the names are lost. A dictionary with the value of every node is asked for.",
        ),
    ),
    minutes=8,
    difficulty=2,
    core=False,
)
