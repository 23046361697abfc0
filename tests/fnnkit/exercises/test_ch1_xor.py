"""The first three exercises: what each typical mistake costs, what it is called, and what costs nothing."""

import numpy as np
import pytest

from fnnkit.exercises import call, exercise, exercises
from grader.answers.ch1_xor import ANSWERS

SEEDS = range(20)


def judged(name, function, seed=0):
    asked = exercise(name)
    made = asked.cases(np.random.default_rng(seed))
    return asked.judge(made, [call(function, case.args) for case in made])


# Points stated by hand from the criteria, not computed from them.
COSTS = {
    "mse": {  # of 1: values ½, refusal ¼, calm ¼
        "sum_of_squares": 0.0,
        "half_the_mean": 0.0,
        "mean_absolute_error": 0.0,
        "root_mean_square": 0.0,
        "mean_over_rows_only": 0.0,
        "broadcast_to_a_square": 0.75,
        "difference_in_place": 0.75,
    },
    "fit_linear": {  # of 2: values 1, smallest ¾, calm ¼
        "no_intercept": 0.0,
        "intercept_after_uncentred_fit": 0.0,
        "inverse_of_singular_matrix": 1.25,
        "intercept_kept_small_too": 1.25,
        "intercept_first": 0.0,
        "intercept_without_the_mean_of_x": 0.0,
        "centres_in_place": 1.75,
    },
    "xor_network": {  # of 2: H ¾, y ¾, edges ¼, calm ¼
        "relu_before_bias": 0.0,
        "weights_transposed": 0.0,
        "no_relu": 0.0,
        "hidden_bias_forgotten": 0.0,
        "output_only": 0.0,
        "relu_on_the_output": 1.0,
        "output_bias_forgotten": 1.0,
        "output_as_column": 1.0,
    },
}
TYPICAL = {
    "mse": ["sum_of_squares", "half_the_mean", "mean_absolute_error", "broadcast_to_a_square"],
    "fit_linear": ["no_intercept", "intercept_after_uncentred_fit", "inverse_of_singular_matrix"],
    "xor_network": ["relu_before_bias", "relu_on_the_output", "weights_transposed"],
}
EACH = [(name, m) for name in COSTS for m in exercise(name).misconceptions]


@pytest.mark.parametrize(("name", "points"), [("mse", 1.0), ("fit_linear", 2.0), ("xor_network", 2.0)])
def test_points_are_those_that_the_notebook_announces(name, points):
    assert exercise(name).points == points
    text = (
        __import__("pathlib").Path(__file__).resolve().parents[3] / "solutions" / "ch1_xor.py"
    ).read_text()
    heading = next(line for line in text.splitlines() if line.startswith(f"# ### Exercise `{name}`"))
    assert heading.endswith(f"· {points:g} point{'s' if points != 1 else ''}")
    assert f"· {exercise(name).minutes} minutes ·" in heading
    assert heading.count("●") == exercise(name).difficulty


def test_the_chapter_asks_for_these_exercises_in_this_order():
    names = [e.name for e in exercises("ch1_xor")]
    assert [n for n in names if n in COSTS] == list(COSTS)


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
