"""Chapter 2: what each typical mistake costs and is called; a naive formula loses the criterion "stable" and no other."""

from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

from fnnkit.exercises import ch2_output_units as chapter
from fnnkit.judge.exercise import source_of
from fnnkit.judge.registry import exercise, exercises
from fnnkit.kernel.call import call
from grader.answers.ch2_output_units import ANSWERS, WRITTEN

CHAPTER = "ch2_output_units"
SEEDS = range(10)
SOURCE = Path(__file__).resolve().parents[3] / "solutions" / f"{CHAPTER}.py"


def judged(name, function, seed=0):
    asked = exercise(name)
    made = asked.cases(np.random.default_rng(seed))
    return asked.judge(made, [call(function, case.args) for case in made])


# Points stated by hand from the criteria, not computed from them.
COSTS = {
    "gaussian_nll": {  # of 1½: value 1, edge ¼, calm ¼
        "gaussian_constant_dropped": 0.0,
        "gaussian_mean_over_entries": 0.0,
        "gaussian_half_missing": 0.0,
        "gaussian_constant_of_one_output": 0.0,
        "gaussian_summed_over_examples": 0.0,
        "gaussian_log_likelihood": 0.0,
        "gaussian_norm_not_squared": 0.0,
        "gaussian_constant_of_n": 0.0,
        "gaussian_sum_down_the_columns": 0.0,
        "gaussian_one_number_an_example": 0.0,
    },
    "best_constant": {  # of 1¼: squared ½, absolute ½, calm ¼
        "best_constants_swapped": 0.0,
        "best_constant_always_mean": 0.75,
        "best_constant_always_median": 0.0,
        "best_constant_mode": 0.0,
        "best_constant_midrange": 0.0,
        "best_constant_middle_entry": 0.75,
        "least_loss_itself": 0.0,
    },
    "bernoulli_log_pmf": {  # of 1½: values ¾, stable ½, calm ¼
        "bernoulli_log_pmf_as_printed": 1.0,
        "bernoulli_log_pmf_clipped": 1.0,
        "bernoulli_log_pmf_warns": 1.0,
        "bernoulli_log_of_the_pmf": 1.0,
        "bernoulli_log_pmf_nan_to_num": 1.0,
        "bernoulli_log_pmf_of_ones_only": 0.0,
        "bernoulli_pmf_without_log": 0.0,
        "bernoulli_log_pmf_of_the_other_outcome": 0.0,
        "bernoulli_nll_of_phi": 0.0,
    },
    "threshold_unit": {  # of 1¼: p ½, slope ½, calm ¼
        "threshold_slope_everywhere": 0.75,
        "threshold_slope_at_the_corners": 0.75,
        "threshold_slope_of_relu": 0.75,
        "threshold_as_a_step": 0.0,
        "threshold_as_a_sigmoid": 0.0,
        "threshold_value_only": 0.0,
    },
    "sigmoid": {  # of 1½: values ¾, stable ½, calm ¼
        "sigmoid_that_overflows": 1.0,
        "sigmoid_as_a_quotient": 1.0,
        "tanh_for_sigmoid": 0.0,
        "sigmoid_minus_missing": 0.0,
        "sigmoid_by_if": 0.0,
        "sigmoid_half_scale": 0.0,
        "sigmoid_derivative": 0.0,
        "sigmoid_brackets_missing": 0.0,
    },
    "softplus": {  # of 1½: values ¾, stable ½, calm ¼
        "softplus_that_overflows": 1.0,
        "softplus_by_where": 1.0,
        "softplus_without_log1p": 1.0,
        "softplus_clipped": 1.0,
        "softplus_one_forgotten": 0.0,
        "softplus_is_not_relu": 0.0,
        "softplus_of_minus_z": 0.0,
        "softplus_to_base_two": 0.0,
    },
    "logit": {  # of 1: values ¾, calm ¼
        "logit_swapped": 0.0,
        "odds_without_log": 0.0,
        "log_probability": 0.0,
        "logit_with_plus": 0.0,
        "logit_to_base_ten": 0.0,
    },
    "softplus_inverse": {  # of 1¼: values ½, stable ½, calm ¼
        "softplus_inverse_that_overflows": 0.75,
        "softplus_inverse_by_expm1": 0.75,
        "softplus_inverse_loses_tiny": 0.75,
        "softplus_once_more": 0.0,
        "softplus_inverse_as_reciprocal": 0.0,
        "softplus_inverse_one_forgotten": 0.0,
    },
    "bernoulli_nll": {  # of 1½: values ¾, stable ½, calm ¼
        "log_of_the_sigmoid": 1.0,
        "cross_entropy_of_the_sigmoid": 1.0,
        "clipped_cross_entropy": 1.0,
        "bernoulli_sign_flipped": 0.0,
        "bernoulli_target_ignored": 0.0,
        "bernoulli_mean_taken": 0.0,
        "bernoulli_log_likelihood": 0.0,
    },
    "bernoulli_nll_grad": {  # of 1¼: values ¾, stable ¼, calm ¼
        "grad_with_overflow": 1.0,
        "grad_with_quotient": 1.0,
        "grad_to_be_maximised": 0.0,
        "grad_with_respect_to_p": 0.0,
        "grad_of_the_squared_error": 0.0,
        "grad_divided_by_n": 0.0,
        "grad_of_positive_examples": 0.0,
    },
    "sigmoid_mse_grad": {  # of 1¼: values ¾, stable ¼, calm ¼
        "mse_grad_with_overflow": 1.0,
        "mse_grad_with_quotient": 1.0,
        "mse_grad_chain_rule_forgotten": 0.0,
        "mse_grad_without_the_two": 0.0,
        "mse_grad_with_plus_sign": 0.0,
        "mse_grad_is_the_nll_grad": 0.0,
        "mse_grad_divided_by_n": 0.0,
    },
    "softmax": {  # of 1¾: values ¾, any leading shape ¼, stable ½, calm ¼
        "softmax_of_the_whole_array": 0.0,
        "softmax_down_the_columns": 0.0,
        "softmax_not_shifted": 1.25,
        "softmax_shifted_by_the_global_maximum": 1.25,
        "softmax_of_matrices_only": 1.5,
        "softmax_without_keepdims": 0.0,
        "softmax_denominator_as_printed": 0.0,
        "scores_over_their_sum": 0.0,
        "softmax_in_place": 1.5,
        "softmax_into_integers": 0.0,
    },
    "log_softmax": {  # of 1¾: values ¾, any leading shape ¼, stable ½, calm ¼
        "log_of_the_softmax": 1.25,
        "log_softmax_not_shifted": 1.25,
        "scores_below_their_maximum": 0.0,
        "log_softmax_of_the_whole_array": 0.0,
        "log_softmax_down_the_columns": 0.0,
        "log_softmax_without_the_inner_log": 0.0,
        "log_softmax_shift_not_undone": 0.0,
    },
    "categorical_nll": {  # of 1¼: values ¾, stable ¼, calm ¼
        "categorical_sum": 0.0,
        "categorical_of_all_classes": 0.0,
        "categorical_every_label_for_every_row": 0.0,
        "categorical_of_the_next_label": 0.0,
        "categorical_rows_picked": 0.0,
        "categorical_one_hot_times_infinity": 1.0,
        "categorical_averaged_over_classes_too": 0.0,
        "categorical_without_log": 0.0,
        "categorical_not_normalised": 0.0,
        "categorical_log_of_softmax": 1.0,
        "categorical_not_shifted": 1.0,
    },
    "categorical_nll_grad": {  # of 1¼: values ¾, stable ¼, calm ¼
        "nll_grad_not_averaged": 0.0,
        "nll_grad_of_the_slides": 0.0,
        "nll_grad_of_the_label_only": 0.0,
        "nll_grad_averaged_over_entries": 0.0,
        "nll_grad_of_the_scores": 0.0,
        "nll_grad_of_every_label": 0.0,
        "nll_grad_labels_as_numbers": 0.0,
        "nll_grad_minus_labels": 0.0,
        "nll_grad_not_shifted": 1.0,
    },
    "softmax_mse_grad": {  # of 1½: values 1, stable ¼, calm ¼
        "softmax_mse_grad_diagonal": 0.0,
        "softmax_mse_grad_no_jacobian": 0.0,
        "softmax_mse_grad_without_the_two": 0.0,
        "softmax_mse_grad_averaged_over_examples": 0.0,
        "softmax_mse_grad_of_the_nll": 0.0,
        "softmax_mse_grad_sign_of_coupling": 0.0,
        "softmax_mse_grad_not_shifted": 1.25,
    },
    "sample_multinoulli": {  # of 1¼: states ¾, rounding ¼, calm ¼
        "sample_one_too_far": 0.0,
        "sample_index_beyond": 1.0,
        "sample_last_index": 1.0,
        "sample_with_at_most": 1.0,
        "sample_first_true": 1.0,
        "sample_all_alike": 0.0,
        "sample_first_likely_enough": 0.0,
    },
    "cholesky_from_raw": {  # of 1½: values 1, positive ¼, calm ¼
        "cholesky_diagonal_unconstrained": 0.0,
        "cholesky_softplus_everywhere": 0.0,
        "cholesky_upper": 0.0,
        "cholesky_filled_by_columns": 0.0,
        "cholesky_diagonal_by_exp": 0.0,
        "cholesky_diagonal_by_abs": 0.0,
        "covariance_from_raw": 0.0,
        "cholesky_with_naive_softplus": 1.25,
    },
    "mdn_split": {  # of 2: log_pi ½, mu ½, sigma ½, stable ¼, calm ¼
        "mdn_split_weights_over_the_batch": 0.0,
        "mdn_split_probabilities": 0.0,
        "mdn_split_logits_as_they_are": 0.0,
        "mdn_split_means_by_dimension": 1.5,
        "mdn_split_means_flat": 1.25,
        "mdn_split_negative_scales": 1.25,
        "mdn_split_scales_by_exp": 1.25,
        "mdn_split_as_printed": 1.75,
    },
    "mdn_nll": {  # of 2: values 1¼, stable ½, calm ¼
        "mdn_plain_sum": 1.5,
        "mdn_normaliser_of_one_dimension": 0.0,
        "mdn_mixture_for_each_dimension": 0.0,
        "mdn_average_of_logs": 0.0,
        "mdn_weights_forgotten": 0.0,
        "mdn_variance_for_scale": 0.0,
        "mdn_best_component_only": 0.0,
        "mdn_summed_over_examples": 0.0,
    },
}
CORE = [
    "gaussian_nll", "best_constant", "bernoulli_log_pmf", "sigmoid", "softplus", "bernoulli_nll", "bernoulli_nll_grad",
    "sigmoid_mse_grad", "softmax", "log_softmax", "categorical_nll", "categorical_nll_grad",
]  # fmt: skip
EACH = [(name, m) for name in COSTS for m in exercise(name).misconceptions]


def test_the_chapter_asks_for_these_exercises_in_this_order():
    assert [e.name for e in exercises(CHAPTER)] == list(COSTS)
    assert [e.name for e in exercises(CHAPTER) if e.core] == CORE


def test_what_carries_points_fits_in_ninety_minutes_with_the_written_question():
    assert "### Written question · 5 minutes" in SOURCE.read_text()
    assert sum(exercise(name).minutes for name in CORE) + 5 <= 90


@pytest.mark.parametrize("name", list(COSTS))
def test_every_mistake_has_its_price_here(name):
    assert set(COSTS[name]) == {m.name for m in exercise(name).misconceptions}


@pytest.mark.parametrize(("name", "mistake"), EACH, ids=[f"{n}-{m.name}" for n, m in EACH])
def test_a_mistake_costs_what_it_costs_and_is_called_by_its_name_on_every_set_of_inputs(name, mistake):
    for seed in SEEDS:
        verdict = judged(name, mistake.answer, seed)
        assert (verdict.points, verdict.misconception) == (COSTS[name][mistake.name], mistake.name), (
            f"seed {seed}\n{verdict}"
        )
        assert verdict.hint == mistake.hint


def test_every_hint_is_a_sentence_of_its_own():
    hints = [m.hint for _, m in EACH]
    for hint in hints:
        assert hint.endswith((".", ".)")), hint
        assert hint.count("`") % 2 == 0, hint
    assert len(set(hints)) > 0.95 * len(hints)  # naive sigmoids in two gradients are told the same


RIGHT = [(name, f) for name in COSTS for f in ANSWERS[name]]


@pytest.mark.parametrize(("name", "function"), RIGHT, ids=[f"{n}-{f.__name__}" for n, f in RIGHT])
def test_differently_written_right_answers_get_everything(name, function):
    for seed in SEEDS:
        verdict = judged(name, function, seed)
        assert verdict.solved, f"seed {seed}:\n{verdict}"
        assert verdict.points == verdict.possible


@pytest.mark.parametrize("name", list(COSTS))
def test_a_right_answer_that_prints_loses_nothing(name, capsys):
    def chatty(*args):
        print("shapes:", [np.shape(a) for a in args])
        return ANSWERS[name][0](*args)

    assert judged(name, chatty).solved
    assert "shapes:" in capsys.readouterr().out


@pytest.mark.parametrize("name", list(COSTS))
@pytest.mark.parametrize("given", [np.nan, None, True, "0.25", 0.25j, np.zeros(3), np.full((2, 3), np.nan)])
def test_no_constant_of_any_kind_earns_anything(name, given):
    assert judged(name, lambda *args: given).points == 0.0


def test_written_answers_of_differing_quality_are_listed_for_the_question_of_the_notebook():
    (grade_id,) = WRITTEN
    assert f'"grade_id": "{grade_id}", "grade": true' in SOURCE.read_text()
    assert len(WRITTEN[grade_id]) >= 4


ALONE = [(n, f) for n, f in RIGHT] + [(n, m.answer) for n, m in EACH]


@pytest.mark.parametrize(("name", "function"), ALONE, ids=[f"{n}-{f.__name__}" for n, f in ALONE])
def test_an_answer_needs_numpy_alone_as_in_a_notebook(name, function):
    space = {"np": np}
    exec(source_of(function, name), space)  # noqa: S102  # our own listed answers
    for case in exercise(name).cases(np.random.default_rng(0)):
        error = call(space[name], case.args).error
        assert error is None or error.kind != "NameError", error


# --- stability is a criterion of its own ------------------------------------------------------------------

NAIVE = {
    "bernoulli_log_pmf": chapter.bernoulli_log_pmf_as_printed,
    "sigmoid": chapter.sigmoid_that_overflows,
    "softplus": chapter.softplus_that_overflows,
    "softplus_inverse": chapter.softplus_inverse_that_overflows,
    "bernoulli_nll": chapter.log_of_the_sigmoid,
    "bernoulli_nll_grad": chapter.grad_with_overflow,
    "sigmoid_mse_grad": chapter.mse_grad_with_overflow,
    "softmax": chapter.softmax_not_shifted,
    "log_softmax": chapter.log_of_the_softmax,
    "categorical_nll": chapter.categorical_log_of_softmax,
    "categorical_nll_grad": chapter.nll_grad_not_shifted,
    "softmax_mse_grad": chapter.softmax_mse_grad_not_shifted,
    "cholesky_from_raw": chapter.cholesky_with_naive_softplus,
    "mdn_split": chapter.mdn_split_as_printed,
    "mdn_nll": chapter.mdn_plain_sum,
}


@pytest.mark.parametrize("name", list(NAIVE))
def test_a_naive_answer_loses_the_criterion_stable_and_no_other(name):
    for seed in SEEDS:
        verdict = judged(name, NAIVE[name], seed)
        lost = [r for r in verdict.results if r.earned < r.points]
        assert [r.criterion.split(" ")[0].rstrip(":") for r in lost] == ["stable"], f"seed {seed}\n{verdict}"
        assert lost[0].earned == 0.0


def test_every_exercise_with_a_stable_criterion_has_its_naive_answer_here():
    with_one = {e.name for e in exercises(CHAPTER) if any(c.name.startswith("stable") for c in e.criteria)}
    assert with_one == set(NAIVE)


def test_what_the_issue_calls_extreme_is_among_the_inputs():
    def arguments(name, criterion):
        made = exercise(name).cases(np.random.default_rng(0))
        return [c.args for c in made if c.criterion.startswith(criterion)]

    for name in ("sigmoid", "softplus", "bernoulli_nll", "softmax", "log_softmax", "categorical_nll"):
        values = np.concatenate([np.ravel(args[0]) for args in arguments(name, "stable")])
        assert {-1e4, 1e4} <= set(values.tolist()), name
    phi = np.concatenate([args[1] for args in arguments("bernoulli_log_pmf", "stable")])
    assert {0.0, 1.0} <= set(phi.tolist())
    assert any((args[2] == 1e-6).all() for args in arguments("mdn_nll", "stable"))
    for name in ("softmax", "log_softmax", "categorical_nll", "categorical_nll_grad"):
        scores = [args[0] for args in arguments(name, "stable")]
        assert any(np.ptp(s) == 0.0 for s in scores), name
        assert sum(np.isneginf(s).sum() for s in scores) == 1, name


# --- inputs tell right from wrong --------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(COSTS))
def test_what_is_expected_is_finite_but_for_the_impossible(name):
    asked = exercise(name)
    for seed in SEEDS:
        for case in asked.cases(np.random.default_rng(seed)):
            value = asked.reference(*case.args)
            for part in value if isinstance(value, tuple) else (value,):
                array = np.asarray(part)
                assert not np.isnan(array).any()
                assert not np.isposinf(array).any()
                if np.isneginf(array).any():
                    assert name in ("bernoulli_log_pmf", "log_softmax")


def test_mean_median_mode_and_midrange_are_four_numbers():
    for seed in SEEDS:
        for case in exercise("best_constant").cases(np.random.default_rng(seed)):
            y = np.asarray(case.args[0], dtype=float)
            if len(y) > 1:
                values = [y.mean(), np.median(y), stats.mode(y).mode, (y.min() + y.max()) / 2]
                assert np.ptp(np.sort(values)) > 0
                assert np.diff(np.sort(values)).min() > 1e-3


def test_draws_stay_off_the_steps_of_the_cumulative_distribution():
    for seed in SEEDS:
        for case in exercise("sample_multinoulli").cases(np.random.default_rng(seed)):
            p, u = case.args
            if case.criterion.startswith("the smallest"):
                gap = np.abs(np.cumsum(p) - np.ravel(u)[:, np.newaxis])
                assert gap.min(initial=1.0) > 0.01


# --- the references against SciPy ----------------------------------------------------------------------------


def checked_against(name, other, criterion=None, rtol=1e-10, atol=1e-12):
    for seed in SEEDS:
        for case in exercise(name).cases(np.random.default_rng(seed)):
            if criterion is None or case.criterion.startswith(criterion):
                args = [np.asarray(a, dtype=float) if isinstance(a, np.ndarray) else a for a in case.args]
                with np.errstate(all="ignore"):
                    np.testing.assert_allclose(
                        exercise(name).reference(*case.args), other(*args), rtol=rtol, atol=atol
                    )


def test_expected_values_agree_with_scipy():
    checked_against("sigmoid", special.expit)
    checked_against("softmax", lambda z: special.softmax(z, axis=-1))
    checked_against("log_softmax", lambda z: special.log_softmax(z, axis=-1), rtol=1e-9)
    checked_against("logit", special.logit, rtol=1e-9)
    checked_against("bernoulli_log_pmf", stats.bernoulli.logpmf)
    checked_against("softplus", lambda z: -special.log_expit(-z), atol=0)
    checked_against("bernoulli_nll", lambda z, y: -special.log_expit((2 * y - 1) * z))
    checked_against("bernoulli_nll_grad", lambda z, y: special.expit(z) - y)
    checked_against(
        "gaussian_nll",
        lambda y, mean: (
            -np.mean([stats.multivariate_normal.logpdf(a, b) for a, b in zip(y, mean, strict=True)])
        ),
    )


def test_expected_mixture_densities_agree_with_scipy():
    def by_scipy(log_pi, mu, sigma, y):
        total = 0.0
        for i in range(len(y)):
            logs = [
                log_pi[i, c] + stats.multivariate_normal.logpdf(y[i], mu[i, c], sigma[i, c] ** 2)
                for c in range(log_pi.shape[1])
            ]
            total += special.logsumexp(logs)
        return -total / len(y)

    checked_against("mdn_nll", by_scipy, criterion="the negative", rtol=1e-5)


# --- single answers ------------------------------------------------------------------------------------------


def test_any_point_between_the_middle_two_is_a_median():
    def between(y, loss):
        y = np.sort(np.asarray(y, dtype=float))
        low, high = y[(len(y) - 1) // 2], y[len(y) // 2]
        return y.mean() if loss == "mse" else low + 0.9 * (high - low)

    def beyond(y, loss):
        y = np.sort(np.asarray(y, dtype=float))
        return y.mean() if loss == "mse" else y[len(y) // 2] + (0.01 if len(y) % 2 == 0 else 0.0)

    assert judged("best_constant", between).solved
    verdict = judged("best_constant", beyond)
    assert [r.earned for r in verdict.results] == [0.5, 0.0, 0.25]
    assert verdict.problem.expected.startswith("any number from ")


def test_a_median_of_another_kind_is_told_so_and_does_not_pass():
    assert judged("best_constant", lambda y, loss: np.mean(y) if loss == "mse" else np.nan).points == 0.75
    assert judged("best_constant", lambda y, loss: np.mean(y) if loss == "mse" else "1").points == 0.75
    listed = judged("best_constant", lambda y, loss: np.mean(y) if loss == "mse" else [np.median(y)])
    assert listed.points == 0.75


def test_a_right_sigmoid_that_silences_numpy_keeps_its_points():
    def silenced(z):
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-z))

    assert judged("sigmoid", silenced).solved


def test_a_sigmoid_by_where_is_told_that_both_branches_are_computed():
    def by_where(z):
        return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))

    verdict = judged("sigmoid", by_where)
    assert verdict.points == 1.0
    assert "computes both" in verdict.hint


def test_a_gradient_that_calls_a_naive_sigmoid_is_sent_there_first():
    asked = exercise("bernoulli_nll_grad")
    made = asked.cases(np.random.default_rng(0))
    answers = [call(chapter.grad_with_overflow, c.args) for c in made]
    verdict = asked.judge(made, answers, wrong_earlier=("sigmoid",))
    assert verdict.follows_from == "sigmoid"
    assert verdict.points == 1.0


def test_states_have_to_be_whole_numbers():
    def floats(p, u):
        return np.asarray(
            np.minimum(np.searchsorted(np.cumsum(p), u, side="right"), np.flatnonzero(p)[-1]), float
        )

    verdict = judged("sample_multinoulli", floats)
    assert verdict.points == 0.0
    assert verdict.problem.kind == "dtype"


def test_a_truth_value_is_no_derivative():
    verdict = judged("threshold_unit", lambda z: (np.clip(z, 0, 1), (z > 0) & (z < 1)))
    assert verdict.points == 0.75
    assert "truth values" in verdict.problem.cause


def test_splitting_one_component_in_two_changes_nothing():
    made = exercise("mdn_nll").cases(np.random.default_rng(0))
    nll = exercise("mdn_nll").reference
    for case in made:
        log_pi, mu, sigma, y = case.args
        twice = (
            np.concatenate(
                [log_pi[:, :1] + np.log(0.25), log_pi[:, :1] + np.log(0.75), log_pi[:, 1:]], axis=1
            ),
            np.concatenate([mu[:, :1], mu], axis=1),
            np.concatenate([sigma[:, :1], sigma], axis=1),
        )
        assert nll(*twice, y) == pytest.approx(nll(log_pi, mu, sigma, y), rel=1e-6)


def test_one_component_of_width_one_is_the_gaussian_of_the_first_exercise():
    gaussian = exercise("gaussian_nll").reference
    (case,) = [c for c in exercise("mdn_nll").cases(np.random.default_rng(0)) if "gaussian_nll" in c.why]
    log_pi, mu, sigma, y = case.args
    assert exercise("mdn_nll").reference(log_pi, mu, sigma, y) == pytest.approx(gaussian(y, mu[:, 0]))
