"""`xor_network`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.judge.attempt import judged
from fnnkit.judge.registry import exercise

WORTH = 2.0
# What each mistake leaves, by hand,
# of 2: hidden features H 0.5, output y 0.75, one example, other widths 0.25, unusual input 0.25, calm 0.25
COSTS = {
    "relu_before_bias": 0.0,
    "relu_on_the_output": 0.75,
    "weights_transposed": 0.0,
    "no_relu": 0.0,
    "before_the_relu_returned": 0.0,
    "hidden_bias_forgotten": 0.0,
    "output_bias_forgotten": 0.75,
    "output_as_column": 0.75,
    "output_as_row": 0.75,
    "hidden_units_as_rows": 0.0,
    "output_only": 0.0,
    "output_before_the_relu": 0.75,
    "hidden_bias_subtracted": 0.0,
    "output_bias_subtracted": 0.75,
    "threshold_units": 0.0,
    "hidden_bias_for_every_input": 0.0,
    "output_bias_for_every_unit": 0.75,
    "output_rounded": 0.75,
    "terms_not_added": 0.75,
    "output_from_the_inputs": 0.75,
    "units_added_without_weights": 0.75,
    "absolute_hidden_units": 0.0,
    "hidden_units_of_tanh": 0.0,
    "hidden_units_of_the_sigmoid": 0.0,
    "output_through_a_sigmoid": 0.75,
    "relu_before_the_output_bias": 0.75,
    "output_bias_on_the_hidden_units": 0.75,
    "hidden_units_clipped": 0.0,
    "output_bias_inside_the_relu": 0.0,
    "terms_added_over_the_examples": 0.75,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["relu_before_bias", "relu_on_the_output", "weights_transposed"]


SEEDS = range(20)


def xor_network(X, W, c, w, b):
    H = np.maximum(0, X @ W + c)
    return H, H @ w + b


def test_the_slides_solution_is_the_first_input_and_gives_xor():
    asked = exercise("xor_network")
    H, y = asked.reference(*asked.cases.declared(np.random.default_rng(0))[0].args)
    np.testing.assert_array_equal(H, [[0, 0], [1, 0], [1, 0], [2, 1]])
    np.testing.assert_array_equal(y, [0, 1, 1, 0])


def test_hidden_features_right_and_output_wrong_is_worth_the_hidden_features():
    def wrong_output(X, W, c, w, b):
        H = np.maximum(0, X @ W + c)
        return H, H @ w - b

    verdict = judged("xor_network", wrong_output)
    assert [r.earned for r in verdict.results] == [0.5, 0.0, 0.0, 0.0, 0.25]


def test_no_example_at_all_must_work_too():
    def first_example_counts(X, W, c, w, b):
        X[0]
        return xor_network(X, W, c, w, b)

    verdict = judged("xor_network", first_example_counts)
    assert verdict.points == 1.75
    assert verdict.lines()[0] == ("Unusual", "no example: `X` has 0 rows")


def test_weights_for_two_inputs_only_are_not_enough():
    def two_by_two(X, W, c, w, b):
        H = np.zeros((len(X), 2))
        for j in range(2):
            H[:, j] = np.maximum(0, X[:, 0] * W[0, j] + X[:, 1] * W[1, j] + c[j])
        return H, H @ w + b

    assert judged("xor_network", two_by_two).points == 1.5


def test_the_table_of_xor_learned_by_heart_earns_nothing():
    def by_heart(X, W, c, w, b):
        return np.array([[0.0, 0], [1, 0], [1, 0], [2, 1]]), np.array([0.0, 1, 1, 0])

    for seed in SEEDS:
        assert judged("xor_network", by_heart, seed).points == 0.0
