"""Chapter 1: what each typical mistake costs, what it is called, and what costs nothing."""

import numpy as np
import pytest

from fnnkit.judge.registry import exercise, exercises
from fnnkit.kernel.call import call
from grader.answers.ch1_xor import ANSWERS

SEEDS = range(20)


def judged(name, function, seed=0):
    asked = exercise(name)
    made = asked.cases(np.random.default_rng(seed))
    return asked.judge(made, [call(function, case.args) for case in made])


# Points as they are, stated here so that a change of a criterion that moves marks is seen.
COSTS = {
    "affine": {  # of 1: X @ W + c 0.5, one example, none, other widths 0.25, calm 0.25
        "affine_without_bias": 0.0,
        "affine_with_transposed_weights": 0.0,
        "bias_before_the_weights": 0.0,
        "bias_subtracted": 0.0,
    },
    "mse": {  # of 1: the mean of the squares 0.5, different shapes are refused 0.25, calm 0.25
        "sum_of_squares": 0.0,
        "half_the_mean": 0.0,
        "mean_absolute_error": 0.0,
        "root_mean_square": 0.0,
        "mean_over_rows_only": 0.0,
        "broadcast_to_a_square": 0.75,
        "difference_in_place": 0.75,
    },
    "fit_linear": {  # of 2: least squares with intercept 1, smallest weights when many fit 0.75, calm 0.25
        "no_intercept": 0.0,
        "intercept_after_uncentred_fit": 0.0,
        "inverse_of_singular_matrix": 1.25,
        "intercept_kept_small_too": 1.25,
        "intercept_first": 0.0,
        "intercept_without_the_mean_of_x": 0.0,
        "centres_in_place": 1.75,
    },
    "collapse_linear": {  # of 1: the weights W 0.25, the bias c 0.25, layers of different widths 0.25, calm 0.25
        "weights_in_the_order_of_the_slides": 0.0,
        "first_bias_forgotten": 0.5,
        "biases_added": 0.5,
        "second_bias_forgotten": 0.5,
        "bias_times_transposed_weights": 0.5,
        "weights_multiplied_entry_by_entry": 0.0,
    },
    "relu": {  # of 1: max(0, z) 0.5, any shape and dtype 0.25, calm 0.25
        "absolute_value": 0.0,
        "cut_below_one": 0.0,
        "clipped_to_one": 0.0,
        "smaller_of_the_two": 0.0,
        "step": 0.0,
        "leaky": 0.0,
        "one_number_at_a_time": 0.0,
        "unchanged": 0.0,
        "negatives_overwritten": 0.75,
    },
    "xor_network": {  # of 2: hidden features H 0.75, output y 0.75, one example, none, other widths 0.25, calm 0.25
        "relu_before_bias": 0.0,
        "relu_on_the_output": 1.0,
        "weights_transposed": 0.0,
        "no_relu": 0.0,
        "hidden_bias_forgotten": 0.0,
        "output_bias_forgotten": 1.0,
        "output_as_column": 1.0,
        "output_only": 0.0,
    },
    "count_xor_solutions": {  # of 2: the number of solutions 1.25, five values: two million networks 0.5, calm 0.25
        "swapped_units_counted_once": 0.0,
        "tolerance_too_wide": 0.0,
        "right_side_of_one_half": 0.0,
        "without_output_bias": 0.0,
        "errors_that_cancel": 0.0,
        "linear_units": 0.0,
        "share_of_all_networks": 0.0,
    },
    "rbf_kernel": {  # of 2: similarities of all pairs 1, points far from the origin 0.5, edges 0.25, calm 0.25
        "distance_not_squared": 0.0,
        "gamma_as_width": 0.0,
        "minus_forgotten": 0.0,
        "divided_by_gamma": 0.0,
        "points_against_themselves": 0.0,
        "rows_are_the_second_set": 0.0,
        "inner_product_in_the_place_of_distance": 0.0,
        "only_pairs_of_equal_rows": 0.0,
        "squares_multiplied_out": 1.5,
    },
    "fit_kernel": {  # of 1: (K + ridge · I) alpha = y 0.5, a kernel matrix without inverse 0.25, calm 0.25
        "ridge_on_every_entry": 0.0,
        "ridge_forgotten": 0.0,
        "kernel_squared": 0.0,
        "ridge_subtracted": 0.0,
        "multiplied_in_the_place_of_solved": 0.0,
        "predictions_in_the_place_of_coefficients": 0.0,
        "ridge_times_n": 0.0,
    },
    "gradient_descent": {  # of 2: each step goes against the gradient 1.25, edges 0.5, calm 0.25
        "uphill": 0.0,
        "path_without_the_start": 0.0,
        "path_of_one_array": 0.0,
        "gradient_of_the_start": 0.0,
        "always_from_the_start": 0.0,
        "learning_rate_forgotten": 0.0,
        "only_the_last_point": 0.0,
        "one_step_too_few": 0.0,
        "steps_of_one_length": 0.0,
        "start_overwritten": 1.75,
        "whole_numbers_stay_whole": 1.5,
    },
    "permute_hidden": {  # of 1.25: the columns of W 0.25, the biases c 0.25, the output weights w 0.25, edges 0.25, calm 0.25
        "rows_permuted": 0.0,
        "hidden_biases_stay": 0.75,
        "output_weights_stay": 0.75,
        "order_read_backwards": 0.0,
        "nothing_moved": 0.0,
        "permuted_in_place": 1.0,
    },
    "classify_critical_point": {  # of 2: signs of the eigenvalues 1, eigenvalues within tol count as zero 0.75, calm 0.25
        "sign_of_the_determinant": 0.0,
        "signs_of_the_diagonal": 0.0,
        "any_zero_is_degenerate": 1.25,
        "tolerance_ignored": 1.25,
        "tie_is_not_zero": 1.25,
        "minimum_and_maximum_swapped": 0.0,
        "flat_counts_as_minimum": 1.25,
        "sum_of_the_eigenvalues": 0.0,
    },
}
# The wrong answers that the syllabus lists, by the name under which they are registered.
TYPICAL = {
    "affine": [],
    "mse": ["sum_of_squares", "half_the_mean", "mean_absolute_error", "broadcast_to_a_square"],
    "fit_linear": ["no_intercept", "intercept_after_uncentred_fit", "inverse_of_singular_matrix"],
    "collapse_linear": ["weights_in_the_order_of_the_slides", "first_bias_forgotten", "biases_added"],
    "relu": ["absolute_value", "cut_below_one", "one_number_at_a_time", "negatives_overwritten"],
    "xor_network": ["relu_before_bias", "relu_on_the_output", "weights_transposed"],
    "count_xor_solutions": ["swapped_units_counted_once", "tolerance_too_wide"],
    "rbf_kernel": ["distance_not_squared", "gamma_as_width", "minus_forgotten", "squares_multiplied_out"],
    "fit_kernel": ["ridge_on_every_entry", "kernel_squared"],
    "gradient_descent": ["uphill", "path_without_the_start", "path_of_one_array", "start_overwritten"],
    "permute_hidden": ["rows_permuted", "hidden_biases_stay"],
    "classify_critical_point": ["sign_of_the_determinant", "signs_of_the_diagonal", "any_zero_is_degenerate"],
}
EACH = [(name, m) for name in COSTS for m in exercise(name).misconceptions]


# Stated by hand, as a change of any of them changes marks.
WORTH = {
    "affine": 0.0, "mse": 1.0, "fit_linear": 2.0, "collapse_linear": 1.0, "relu": 1.0, "xor_network": 2.0,
    "count_xor_solutions": 0.0, "rbf_kernel": 2.0, "fit_kernel": 1.0, "gradient_descent": 2.0, "permute_hidden": 0.0,
    "classify_critical_point": 2.0,
}  # fmt: skip


def test_the_points_of_the_chapter_and_its_minutes():
    asked = exercises("ch1_xor")
    assert {e.name: e.worth for e in asked} == WORTH
    further = {"count_xor_solutions", "permute_hidden"}
    written = 5
    assert sum(e.minutes for e in asked if e.name not in further) + written <= 90


def test_the_chapter_asks_for_these_exercises_in_this_order():
    names = [e.name for e in exercises("ch1_xor")]
    assert names == list(COSTS) == list(WORTH)


@pytest.mark.parametrize("name", list(COSTS))
def test_every_typical_wrong_answer_of_the_syllabus_is_registered(name):
    assert set(TYPICAL[name]) <= {m.name for m in exercise(name).misconceptions}
    assert set(COSTS[name]) == {m.name for m in exercise(name).misconceptions}


@pytest.mark.parametrize(("name", "mistake"), EACH, ids=[f"{n}-{m.name}" for n, m in EACH])
def test_a_mistake_costs_what_it_costs_and_is_called_by_its_name_on_every_set_of_inputs(name, mistake):
    for seed in SEEDS:
        verdict = judged(name, mistake.answer, seed)
        assert (verdict.points, verdict.misconception) == (COSTS[name][mistake.name], mistake.name), (
            f"seed {seed}"
        )
        assert verdict.hint == mistake.hint


RIGHT = [(name, f) for name in COSTS for f in ANSWERS[name]]


@pytest.mark.parametrize(("name", "function"), RIGHT, ids=[f"{n}-{f.__name__}" for n, f in RIGHT])
def test_differently_written_right_answers_get_everything(name, function):
    for seed in SEEDS:
        verdict = judged(name, function, seed)
        assert verdict.solved, f"seed {seed}:\n{verdict}"
        assert verdict.points == verdict.possible


def mse(y_pred, y_true):
    if y_pred.shape != y_true.shape:
        raise ValueError("shapes")
    return ((y_pred - y_true) ** 2).mean()


def fit_linear(X, y):
    x_mean, y_mean = X.mean(axis=0), y.mean()
    w = np.linalg.pinv(X - x_mean, rcond=1e-6) @ (y - y_mean)
    return w, y_mean - x_mean @ w


def xor_network(X, W, c, w, b):
    H = np.maximum(0, X @ W + c)
    return H, H @ w + b


OWN = {"mse": mse, "fit_linear": fit_linear, "xor_network": xor_network}


@pytest.mark.parametrize("name", list(OWN))
def test_a_right_answer_that_warns_loses_the_claimed_quarter_alone(name):
    def warns(*args):
        np.log(np.zeros(1))
        return OWN[name](*args)

    verdict = judged(name, warns)
    assert verdict.points == verdict.possible - 0.25
    assert [r.criterion for r in verdict.results if r.problem] == ["inputs unchanged, no warning"]


@pytest.mark.parametrize("name", list(OWN))
def test_a_right_answer_that_prints_loses_nothing(name, capsys):
    def chatty(*args):
        print("shapes:", [np.shape(a) for a in args])
        return OWN[name](*args)

    assert judged(name, chatty).solved
    assert "shapes:" in capsys.readouterr().out


# --- mse -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [np.nan, np.inf, None, True, "0.25", [0.25], np.array([0.25]), 0.25j])
def test_no_constant_of_any_kind_is_a_mean_squared_error(given):
    verdict = judged("mse", lambda a, b: given)
    assert verdict.points == 0.0
    assert verdict.misconception == ""


def test_an_assertion_is_not_the_value_error_that_is_asked_for():
    def asserts(y_pred, y_true):
        assert y_pred.shape == y_true.shape
        return ((y_pred - y_true) ** 2).mean()

    assert judged("mse", asserts).points == 0.75


def test_refusing_everything_earns_nothing():
    def refuses(y_pred, y_true):
        raise ValueError

    assert judged("mse", refuses).points == 0.0


def test_refusing_by_size_alone_is_not_enough():
    def by_size(y_pred, y_true):
        if y_pred.size != y_true.size:
            raise ValueError
        return ((y_pred.ravel() - y_true.ravel()) ** 2).mean()

    assert judged("mse", by_size).points == 0.75


# --- fit_linear ------------------------------------------------------------------------------------------


def test_on_xor_the_reference_is_flat_at_one_half():
    asked = exercise("fit_linear")
    case = asked.cases(np.random.default_rng(0))[0]
    w, b = asked.reference(*case.args)
    np.testing.assert_allclose(w, [0.0, 0.0], rtol=0, atol=1e-12)
    assert b == pytest.approx(0.5, abs=1e-12)


def test_the_rank_deficient_inputs_are_exactly_so_and_have_another_solution():
    asked = exercise("fit_linear")
    for seed in SEEDS:
        small = [
            c
            for c in asked.cases(np.random.default_rng(seed))
            if c.criterion == "smallest weights when many fit"
        ]
        assert len(small) == 3
        for case in small:
            X, y = case.args
            centred = X - X.mean(axis=0)
            rank = np.linalg.matrix_rank(centred)
            assert rank < X.shape[1]
            w, b = asked.reference(X, y)
            assert w == pytest.approx(
                np.linalg.lstsq(centred, y - y.mean(), rcond=1e-10)[0], rel=1e-8, abs=1e-10
            )
            null = np.linalg.svd(centred)[2][-1]
            other = w + null
            np.testing.assert_allclose(X @ other + y.mean() - X.mean(axis=0) @ other, X @ w + b, atol=1e-9)
            assert np.linalg.norm(other) > np.linalg.norm(w)


def test_a_ridge_is_not_the_least_squares_fit():
    def ridge(X, y):
        Xc = X - X.mean(axis=0)
        w = np.linalg.solve(Xc.T @ Xc + 1e-3 * np.eye(X.shape[1]), Xc.T @ (y - y.mean()))
        return w, y.mean() - X.mean(axis=0) @ w

    assert judged("fit_linear", ridge).points < 2.0


# --- xor_network -----------------------------------------------------------------------------------------


def test_the_slides_solution_is_the_first_input_and_gives_xor():
    asked = exercise("xor_network")
    H, y = asked.reference(*asked.cases(np.random.default_rng(0))[0].args)
    np.testing.assert_array_equal(H, [[0, 0], [1, 0], [1, 0], [2, 1]])
    np.testing.assert_array_equal(y, [0, 1, 1, 0])


def test_hidden_features_right_and_output_wrong_is_worth_the_hidden_features():
    def wrong_output(X, W, c, w, b):
        H = np.maximum(0, X @ W + c)
        return H, H @ w - b

    verdict = judged("xor_network", wrong_output)
    assert [r.earned for r in verdict.results] == [0.75, 0.0, 0.0, 0.25]


def test_no_example_at_all_must_work_too():
    def first_example_counts(X, W, c, w, b):
        X[0]
        return xor_network(X, W, c, w, b)

    verdict = judged("xor_network", first_example_counts)
    assert verdict.points == 1.75
    assert "no example" in verdict.problem.call


def test_weights_for_two_inputs_only_are_not_enough():
    def two_by_two(X, W, c, w, b):
        H = np.zeros((len(X), 2))
        for j in range(2):
            H[:, j] = np.maximum(0, X[:, 0] * W[0, j] + X[:, 1] * W[1, j] + c[j])
        return H, H @ w + b

    assert judged("xor_network", two_by_two).points == 1.75


def test_the_table_of_xor_learned_by_heart_earns_nothing():
    def by_heart(X, W, c, w, b):
        return np.array([[0.0, 0], [1, 0], [1, 0], [2, 1]]), np.array([0.0, 1, 1, 0])

    for seed in SEEDS:
        assert judged("xor_network", by_heart, seed).points == 0.0


# --- collapse_linear -------------------------------------------------------------------------------------


def test_collapsing_means_equal_outputs_for_any_input():
    W1, c1, W2, c2 = exercise("collapse_linear").cases(np.random.default_rng(1))[4].args
    W, c = exercise("collapse_linear").reference(W1, c1, W2, c2)
    X = np.random.default_rng(2).standard_normal((7, len(W1)))
    np.testing.assert_allclose((X @ W1 + c1) @ W2 + c2, X @ W + c, rtol=1e-12, atol=1e-12)


# --- relu ------------------------------------------------------------------------------------------------


def test_nan_is_no_input_so_both_ways_to_write_a_relu_are_right():
    for case in exercise("relu").cases(np.random.default_rng(0)):
        assert not np.isnan(case.args[0]).any()
        np.testing.assert_array_equal(
            np.maximum(0, case.args[0]), np.where(case.args[0] > 0, case.args[0], 0)
        )


# --- count_xor_solutions ---------------------------------------------------------------------------------


def every_network(values):
    """All nine numbers at once: what a student writes first."""
    w11, w21, w12, w22, c1, c2, w1, w2, b = np.array(np.meshgrid(*[values] * 9)).reshape(9, -1)
    right = np.ones(w11.size, dtype=bool)
    for x1, x2, target in ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)):
        h1, h2 = np.maximum(0, x1 * w11 + x2 * w21 + c1), np.maximum(0, x1 * w12 + x2 * w22 + c2)
        right &= w1 * h1 + w2 * h2 + b == target
    return int(right.sum())


def test_trying_every_network_is_a_right_answer():
    assert judged("count_xor_solutions", every_network).solved
    assert every_network([-2, -1, 0, 1, 2]) == 198


def test_a_right_number_that_is_not_an_integer_is_told_so():
    verdict = judged("count_xor_solutions", lambda values: float(every_network(values)))
    assert verdict.points == 0.0
    assert verdict.problem.kind == "dtype"


# --- kernels ---------------------------------------------------------------------------------------------


def test_the_kernel_is_symmetric_positive_semidefinite_and_one_on_the_diagonal_near_and_far():
    asked = exercise("rbf_kernel")
    same = [c for c in asked.cases(np.random.default_rng(3)) if np.array_equal(c.args[0], c.args[1])]
    assert {c.criterion for c in same} == {"similarities of all pairs", "points far from the origin"}
    for case in same:
        K = asked.reference(*case.args)
        np.testing.assert_array_equal(K, K.T)
        np.testing.assert_array_equal(np.diag(K), 1.0)
        assert np.linalg.eigvalsh(K).min() > -1e-12


def test_multiplying_the_square_out_fails_far_away_however_its_negative_squares_are_hidden():
    def clipped(A, B, gamma):
        squared = (A**2).sum(axis=1)[:, None] + (B**2).sum(axis=1) - 2 * A @ B.T
        return np.exp(-gamma * np.maximum(squared, 0))

    for seed in SEEDS:
        assert judged("rbf_kernel", clipped, seed).points == 1.5


def test_as_the_ridge_vanishes_the_predictions_reproduce_xor():
    asked = exercise("fit_kernel")
    K, y, ridge = asked.cases(np.random.default_rng(0))[0].args
    assert ridge <= 1e-9
    np.testing.assert_allclose(K @ asked.reference(K, y, ridge), [0, 1, 1, 0], atol=1e-8)


# --- gradient_descent ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("product", "end"), [(0.5, 0.0), (1.9, 0.0), (2.0, 1.0), (2.1, np.inf)])
def test_on_a_bowl_it_converges_below_two_oscillates_at_two_and_diverges_above(product, end):
    curvature = 4.0
    path = exercise("gradient_descent").reference(
        lambda theta: curvature * theta, np.array([1.0]), product / curvature, 400
    )
    distance = abs(path[-1, 0])
    assert distance == pytest.approx(end, abs=1e-9) if np.isfinite(end) else distance > 1e9


def test_integers_in_place_are_refused_by_numpy_and_the_message_says_why():
    def in_place(grad, theta0, learning_rate, steps):
        theta = theta0.copy()
        path = [theta.copy()]
        for _ in range(steps):
            theta -= learning_rate * grad(theta)
            path.append(theta.copy())
        return np.array(path)

    verdict = judged("gradient_descent", in_place)
    assert verdict.points == 1.5
    assert "an array of integers cannot hold fractions" in verdict.problem.cause


# --- classify_critical_point -----------------------------------------------------------------------------


def test_every_word_is_the_answer_to_some_input_of_both_kinds():
    asked = exercise("classify_critical_point")
    for seed in SEEDS:
        words = {}
        for case in asked.cases(np.random.default_rng(seed)):
            words.setdefault(case.criterion, set()).add(asked.reference(*case.args))
        assert words["signs of the eigenvalues"] == {"minimum", "maximum", "saddle"}
        assert words["eigenvalues within tol count as zero"] == {"minimum", "maximum", "saddle", "degenerate"}


@pytest.mark.parametrize("word", ["minimum", "maximum", "saddle", "degenerate", "Minimum", None, 1])
def test_one_word_for_everything_earns_nothing(word):
    assert judged("classify_critical_point", lambda H, tol: word).points == 0.0


# --- what a beginner reads -------------------------------------------------------------------------------


def affine(X, W):
    return X @ W


def two_axes_of_one(grad, theta0, learning_rate, steps):
    path = np.zeros(steps + 1)
    path[0] = theta0
    return path


def gradient_not_called(grad, theta0, learning_rate, steps):
    return theta0 - learning_rate * grad


def kernel_of_integers(A, B, gamma):
    return np.exp(-gamma * ((A[:, None] - B[None]) ** 2).sum(axis=2)).astype(int)


READ = [
    (
        "affine",
        affine,
        "its parameters are not those that were handed out: `def affine(X, W, c):`",
    ),
    ("affine", lambda X, W, c: print("!"), "nothing is returned"),
    ("relu", lambda z: np.max(0, z), "`np.max(a, axis)` takes one array, `np.maximum(a, b)` two"),
    ("gradient_descent", two_axes_of_one, "an array was put into the place of one number"),
    ("gradient_descent", gradient_not_called, "a function stands where a number should: call it"),
    ("rbf_kernel", kernel_of_integers, "the fractions are cut off"),
    ("fit_kernel", lambda K, y, ridge: np.linalg.solve(y, K), ""),
    ("classify_critical_point", lambda H, tol: "saddle" if np.diag(H) > 0 else "minimum", "ask for `.any()`"),
    ("classify_critical_point", lambda H, tol: None, "nothing is returned"),
]


@pytest.mark.parametrize(("name", "wrong", "cause"), READ, ids=[f"{n}-{c[:20]}" for n, _, c in READ])
def test_the_likely_cause_names_what_was_done(name, wrong, cause):
    problem = judged(name, wrong).problem
    assert cause in problem.cause
    assert bool(cause) == bool(problem.cause)
    assert problem.step


def test_the_call_that_is_shown_can_be_typed_the_function_among_its_arguments_too():
    verdict = judged("gradient_descent", lambda grad, theta0, learning_rate, steps: theta0)
    text = verdict.problem.call.split("  # ")[0]
    path = eval(text, {"np": np, "gradient_descent": exercise("gradient_descent").reference})
    assert path.shape == (5, 2)
    np.testing.assert_allclose(path, eval(verdict.problem.expected.split(": ", 1)[1]), rtol=1e-5)
