"""Hidden units: what each typical mistake costs, what it is called, and what costs nothing."""

from pathlib import Path

import numpy as np
import pytest
import scipy.special
import torch

from fnnkit import activations
from fnnkit.judge.edits import mutants
from fnnkit.judge.registry import exercise, exercises
from fnnkit.kernel.call import call
from grader.answers.ch3_activations import ANSWERS, WRITTEN

SEEDS = range(6)  # the audit takes fifty
SOURCE = Path(__file__).resolve().parents[3] / "solutions" / "ch3_activations.py"
CALM = "inputs unchanged, no warning"


def judged(name, function, seed=0):
    asked = exercise(name)
    made = asked.cases(np.random.default_rng(seed))
    return asked.judge(made, [call(function, case.args) for case in made])


# Points stated by hand from the criteria, not computed from them.
COSTS = {
    "numerical_derivative": {  # of 1¼: values ¾, edges ¼, calm ¼
        "forward_difference": 0.0,
        "backward_difference": 0.0,
        "divided_by_eps": 0.0,
        "two_without_brackets": 0.0,
        "half_steps": 0.0,
        "left_minus_right": 0.0,
        "differences_along_the_array": 0.0,
        "whole_numbers_stay_whole": 1.0,
        "steps_in_place": 1.0,
    },
    "relu_grad": {  # of 1: values ½, kink ¼, calm ¼
        "one_at_zero": 0.75,
        "half_at_zero": 0.75,
        "relu_over_z": 0.75,
        "relu_itself": 0.0,
        "sign_of_z": 0.0,
        "truth_values": 0.0,
        "one_number_only": 0.0,
        "slope_into_z": 0.75,
    },
    "generalized_relu": {  # of 1¼: values ½, any slope ¼, units ¼, calm ¼
        "slope_on_the_right": 0.0,
        "larger_of_both": 1.0,
        "negative_part_subtracted": 0.0,
        "alpha_itself_on_the_left": 0.0,
        "slope_left_out": 0.0,
        "slope_times_everything": 0.0,
        "slope_for_each_example": 1.0,
        "one_slope_only": 1.0,
        "rectifier_of_one_number": 0.0,
        "scaled_in_place": 1.0,
    },
    "prelu_grads": {  # of 2: dz ¾, dalpha ¾, edges ¼, calm ¼
        "dalpha_for_each_example": 1.0,
        "dalpha_over_units": 1.0,
        "dalpha_averaged": 1.0,
        "dalpha_summed_over_everything": 1.0,
        "dz_without_upstream": 0.0,
        "upstream_forgotten": 0.0,
        "dalpha_without_upstream": 1.0,
        "dalpha_from_all_of_z": 1.0,
        "dalpha_times_alpha": 1.0,
        "dz_of_a_relu": 0.0,
        "dz_slopes_swapped": 0.0,
        "dz_one_at_zero": 1.75,
        "gradients_swapped": 0.0,
        "upstream_overwritten": 1.75,
    },
    "sparsity": {  # of 1: values ½, edges ¼, calm ¼
        "mean_activation": 0.0,
        "sparsity_of_each_example": 0.0,
        "share_of_active": 0.0,
        "share_not_positive": 0.0,
        "number_of_zeros": 0.0,
        "zeros_per_row": 0.0,
        "in_per_cent": 0.0,
        "share_of_almost_zero": 0.0,
    },
    "dead_units": {  # of 1: values ½, edges ¼, calm ¼
        "marked_by_truth_values": 0.0,
        "silent_examples": 0.0,
        "zero_at_least_once": 0.0,
        "zero_on_average": 0.0,
        "never_positive": 0.0,
        "almost_dead": 0.0,
        "living_units": 0.0,
        "number_of_dead_units": 0.0,
        "left_in_a_tuple": 0.0,
        "decimals_when_empty": 0.75,
    },
    "maxout": {  # of 1½: values 1, edges ¼, calm ¼
        "every_kth_unit": 0.0,
        "k_groups": 0.0,
        "mean_of_group": 0.0,
        "least_of_group": 0.0,
        "number_of_the_winner": 0.0,
        "never_below_zero": 0.0,
        "examples_run_together": 0.0,
        "minus_one_of_nothing": 1.25,
    },
    "maxout_grad": {  # of 2: values 1, ties ½, edges ¼, calm ¼
        "tie_shared_evenly": 1.5,
        "every_tied_piece": 1.5,
        "last_of_tied": 1.5,
        "every_member": 0.0,
        "split_over_the_group": 0.0,
        "winners_marked": 0.0,
        "winners_kept": 0.0,
        "gradient_every_kth": 0.0,
        "left_in_groups": 0.0,
    },
    "tangent_maxout": {  # of 1½: slopes ½, intercepts ½, edges ¼, calm ¼
        "secants": 0.0,
        "intercept_with_a_plus": 0.75,
        "height_for_intercept": 0.75,
        "through_the_origin": 0.75,
        "intercept_upside_down": 0.75,
        "intercepts_first": 0.0,
        "values_for_slopes": 0.0,
    },
    "softplus_grad": {  # of 1½: values ½, stable ½, edges ¼, calm ¼
        "quotient_of_exponentials": 1.0,
        "exponential_of_minus_z": 1.0,
        "sigmoid_of_minus_z": 0.0,
        "softplus_itself": 0.0,
        "derivative_of_the_sigmoid": 0.0,
        "step_of_relu": 0.0,
        "tanh_for_sigmoid": 0.0,
        "decimals_cut_off": 1.25,
    },
    "sigmoid_grad": {  # of 1¼: values ½, stable ¼, edges ¼, calm ¼
        "from_the_output": 0.0,
        "square_overflows_left": 1.0,
        "square_overflows_right": 1.0,
        "slope_that_warns": 1.0,
        "sigmoid_itself": 0.0,
        "one_minus_the_square": 0.0,
        "sigmoid_times_one_plus": 0.0,
        "slope_of_tanh": 0.0,
    },
    "tanh_from_sigmoid": {  # of 1¼: values ½, stable ¼, edges ¼, calm ¼
        "sigmoid_unscaled": 0.0,
        "only_squeezed": 0.0,
        "not_stretched": 0.0,
        "not_shifted": 0.0,
        "upside_down": 0.0,
        "tanh_as_a_quotient": 1.0,
        "tanh_as_a_short_quotient": 1.0,
        "tanh_that_warns": 1.0,
    },
    "tanh_grad": {  # of 1¼: values ½, stable ¼, edges ¼, calm ¼
        "from_the_output_of_tanh": 0.0,
        "square_forgotten": 0.0,
        "slope_of_the_sigmoid": 0.0,
        "four_without_two": 0.0,
        "slope_as_a_quotient": 1.0,
        "hyperbolic_cosine_overflows": 1.0,
        "tanh_itself": 0.0,
    },
    "rbf_units": {  # of 1¾: values 1, edges ¼, stable ¼, calm ¼
        "width_of_a_gaussian": 0.0,
        "centres_in_rows": 0.0,
        "distance_not_squared": 0.0,
        "width_not_squared": 0.0,
        "grows_with_distance": 0.0,
        "width_of_the_first": 0.0,
        "units_in_rows": 0.0,
        "square_multiplied_out": 1.5,
    },
    "hard_tanh": {  # of 1: values ½, edges ¼, calm ¼
        "soft_tanh": 0.0,
        "cut_at_zero": 0.0,
        "cut_above_only": 0.0,
        "bounds_swapped": 0.0,
        "sign_only": 0.0,
        "hard_tanh_of_one_number": 0.0,
    },
    "hard_tanh_grad": {  # of 1: values ½, corners ¼, calm ¼
        "one_everywhere": 0.0,
        "one_at_both_corners": 0.75,
        "one_at_the_right_corner": 0.75,
        "one_at_the_left_corner": 0.75,
        "one_side_only": 0.0,
        "slope_of_soft_tanh": 0.0,
        "hard_tanh_itself": 0.0,
        "inside_or_not": 0.0,
    },
}
# Rows of the syllabus: the wrong answers that it lists.
TYPICAL = {
    "numerical_derivative": ["forward_difference", "backward_difference", "divided_by_eps"],
    "softplus_grad": ["quotient_of_exponentials"],
    "relu_grad": ["one_at_zero", "relu_itself"],
    "generalized_relu": ["slope_on_the_right", "larger_of_both"],
    "prelu_grads": ["dalpha_for_each_example", "dz_without_upstream", "upstream_forgotten"],
    "maxout": ["every_kth_unit", "k_groups"],
    "maxout_grad": ["tie_shared_evenly", "split_over_the_group", "every_member"],
    "tangent_maxout": ["secants", "intercept_with_a_plus"],
    "tanh_from_sigmoid": ["sigmoid_unscaled"],
    "sigmoid_grad": ["from_the_output", "square_overflows_left", "square_overflows_right"],
    "tanh_grad": ["from_the_output_of_tanh", "hyperbolic_cosine_overflows"],
    "rbf_units": ["width_of_a_gaussian", "centres_in_rows"],
    "hard_tanh": ["soft_tanh"],
    "hard_tanh_grad": ["one_everywhere"],
    "sparsity": ["mean_activation", "sparsity_of_each_example"],
    "dead_units": ["silent_examples"],
}
POINTS = {
    "numerical_derivative": 1.25, "relu_grad": 1.0, "generalized_relu": 1.25, "prelu_grads": 2.0, "sparsity": 1.0,
    "dead_units": 1.0, "maxout": 1.5, "maxout_grad": 2.0, "tangent_maxout": 0.0, "softplus_grad": 1.5,
    "sigmoid_grad": 1.25, "tanh_from_sigmoid": 1.25, "tanh_grad": 0.0, "rbf_units": 0.0, "hard_tanh": 0.0,
    "hard_tanh_grad": 0.0,
}  # fmt: skip
EACH = [(name, m) for name in COSTS for m in exercise(name).misconceptions]


def test_the_chapter_asks_for_these_exercises_in_this_order():
    assert [e.name for e in exercises("ch3_activations")] == list(COSTS)


def test_every_exercise_is_worth_what_is_written_here_and_fifteen_points_in_all():
    assert {e.name: e.worth for e in exercises("ch3_activations")} == POINTS
    assert sum(POINTS.values()) == 15.0


def test_what_carries_points_fits_in_ninety_minutes_with_the_written_question():
    core = sum(e.minutes for e in exercises("ch3_activations") if e.core)
    [written] = [
        line for line in SOURCE.read_text().splitlines() if line.startswith("# ### Written question")
    ]
    assert "· 8 minutes ·" in written
    assert core + 8 <= 90


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


# --- what is naive costs what is about stability, and nothing else ---------------------------------------

NAIVE = {
    "softplus_grad": ["quotient_of_exponentials", "exponential_of_minus_z"],
    "sigmoid_grad": ["square_overflows_left", "square_overflows_right", "slope_that_warns"],
    "tanh_from_sigmoid": ["tanh_as_a_quotient", "tanh_as_a_short_quotient", "tanh_that_warns"],
    "tanh_grad": ["slope_as_a_quotient", "hyperbolic_cosine_overflows"],
    "rbf_units": ["square_multiplied_out"],
}
NAIVE_ANSWERS = [(name, m) for name in NAIVE for m in exercise(name).misconceptions if m.name in NAIVE[name]]


@pytest.mark.parametrize(("name", "mistake"), NAIVE_ANSWERS, ids=[m.name for _, m in NAIVE_ANSWERS])
def test_a_naive_formula_loses_exactly_the_criterion_about_stability(name, mistake):
    for seed in SEEDS:
        lost = [r.criterion for r in judged(name, mistake.answer, seed).results if not r.earned]
        assert len(lost) == 1
        assert lost[0].startswith("stable")


def test_both_branches_of_where_overflow_and_the_hint_says_so():
    def both_branches(z):
        return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))

    verdict = judged("softplus_grad", both_branches)
    assert verdict.points == 1.0
    assert [r.criterion for r in verdict.results if not r.earned] == ["stable at ±10000"]
    assert verdict.problem.yours.startswith("RuntimeWarning")
    assert "`np.where` computes both of its branches" in verdict.hint


@pytest.mark.parametrize(
    ("name", "witness"),
    [
        ("softplus_grad", scipy.special.expit),
        ("sigmoid_grad", lambda z: scipy.special.expit(z) * scipy.special.expit(-z)),
        ("tanh_from_sigmoid", np.tanh),
        ("tanh_grad", lambda z: 1 - np.tanh(z) ** 2),
        ("hard_tanh", lambda z: torch.nn.functional.hardtanh(torch.tensor(z)).numpy()),
        ("rbf_units", lambda X, W, s: np.exp(-(np.linalg.norm(X[:, None] - W.T, axis=2) ** 2) / s**2)),
    ],
)
def test_functions_of_other_libraries_are_right_answers(name, witness):
    for seed in SEEDS:
        assert judged(name, witness, seed).solved


# --- what the exercises do not see in their own references ------------------------------------------------


@pytest.mark.parametrize(
    ("name", "delegate"),
    [
        ("softplus_grad", "sigmoid"),
        ("rbf_units", "_radii"),
        ("maxout", "_groups"),
        ("generalized_relu", "_slopes"),
    ],
)
def test_a_mutant_of_what_a_reference_calls_is_caught_as_well(name, delegate, monkeypatch):
    asked, survivors = exercise(name), []
    made = asked.cases(np.random.default_rng(0))
    right = [call(asked.reference, case.args) for case in made]
    for mutant in mutants(getattr(activations, delegate)):
        with monkeypatch.context() as changed:
            changed.setattr(activations, delegate, mutant.function)
            answers = [call(asked.reference, case.args) for case in made]
        if asked.judge(made, answers).points == asked.points:
            survivors.append(mutant.name)
    assert all(a.error is None for a in right)
    # Checks of arguments, and the rank of an array, are no part of an answer; at 0 both numerators of σ are 1.
    assert [s for s in survivors if "ndim" not in s and "shape" not in s] in ([], ["z >= 0.0: GtE -> Gt"])


# --- own answers, written here ----------------------------------------------------------------------------

OWN = {name: answers[0] for name, answers in ANSWERS.items()}


@pytest.mark.parametrize("name", list(COSTS))
def test_a_right_answer_that_warns_on_ordinary_input_loses_the_claimed_quarter(name):
    def warns(*args):
        np.log(np.zeros(1))
        return OWN[name](*args)

    lost = [r.criterion for r in judged(name, warns).results if r.problem]
    assert [c for c in lost if not c.startswith("stable")] == [CALM]


@pytest.mark.parametrize("name", list(COSTS))
def test_every_constant_earns_nothing(name):
    for given in (np.nan, None, 0.0, True, "0", np.zeros(3), np.zeros((2, 2)), (np.zeros(2), np.zeros(2))):
        assert judged(name, lambda *args, given=given: given).points == 0.0


@pytest.mark.parametrize("name", list(COSTS))
def test_what_is_not_written_yet_is_not_called_a_mistake(name):
    def stub(*args):
        raise NotImplementedError

    verdict = judged(name, stub)
    assert not verdict.attempted
    assert verdict.misconception == ""


def test_a_sigmoid_that_is_wrong_is_named_first_where_it_is_called():
    asked = exercise("sigmoid_grad")
    made = asked.cases(np.random.default_rng(0))

    def slope(z):
        s = 1 / (1 + np.exp(z) ** 2)
        return s * (1 - s)

    verdict = asked.judge(made, [call(slope, c.args) for c in made], wrong_earlier=["softplus_grad"])
    assert verdict.follows_from == "softplus_grad"


def test_no_input_of_a_check_lies_at_a_kink_but_where_the_criterion_is_about_it():
    for seed in SEEDS:
        for case in exercise("relu_grad").cases(np.random.default_rng(seed)):
            assert (0 in case.args[0]) == (case.criterion == "0 at the kink")
        for case in exercise("hard_tanh_grad").cases(np.random.default_rng(seed)):
            assert (np.abs(case.args[0]) == 1).any() == (case.criterion == "0 at both corners")
        for case in exercise("maxout_grad").cases(np.random.default_rng(seed)):
            Z, k, _ = case.args
            groups = np.sort(Z.reshape(len(Z), -1 if Z.size else 0, k), axis=2)
            tied = k > 1 and bool((groups[..., -1] == groups[..., -2]).any())
            assert tied == (case.criterion == "of a tie, to the first")


def test_the_tangents_of_the_exercise_never_rise_above_the_function_and_touch_it():
    asked = exercise("tangent_maxout")
    for seed in SEEDS:
        for case in asked.cases(np.random.default_rng(seed)):
            f, _, points = case.args
            slopes, intercepts = asked.reference(
                *(a.function() if hasattr(a, "function") else a for a in case.args)
            )
            x = np.linspace(-4, 4, 201)[:, None]
            assert (slopes * x + intercepts <= f.function()(x) + 1e-9).all()
            np.testing.assert_allclose(
                slopes * points + intercepts, f.function()(points.astype(float)), rtol=1e-6
            )


@pytest.mark.parametrize("mistake", [m for _, m in EACH], ids=[f"{n}-{m.name}" for n, m in EACH])
def test_a_hint_is_a_sentence_in_plain_text_with_code_in_backticks(mistake):
    prose = "".join(mistake.hint.split("`")[::2])
    assert mistake.hint.count("`") % 2 == 0
    assert "*" not in prose
    assert "_" not in prose
    assert mistake.hint[-1] in ".)"


def test_written_answers_of_the_demo_belong_to_the_question_and_are_four_different_ones():
    text = SOURCE.read_text()
    assert list(WRITTEN) == ["which_unit"]
    assert '"grade_id": "which_unit", "grade": true' in text
    assert len(set(WRITTEN["which_unit"])) == 4
