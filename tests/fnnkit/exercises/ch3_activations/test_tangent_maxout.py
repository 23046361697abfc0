"""`tangent_maxout`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np

from fnnkit.judge.attempt import judged
from fnnkit.judge.criteria import UNUSUAL
from fnnkit.judge.registry import exercise

WORTH = 0.0
# What each mistake leaves, by hand, of 1½: slopes ½, intercepts ½, unusual input ¼, calm ¼
COSTS = {
    "secants": 0.0,
    "intercept_with_a_plus": 0.75,
    "height_for_intercept": 0.75,
    "through_the_origin": 0.75,
    "intercept_upside_down": 0.75,
    "intercepts_first": 0.0,
    "values_for_slopes": 0.0,
    "height_of_the_function_at_zero": 0.75,
    "where_it_crosses_zero": 0.75,
    "height_left_out": 0.75,
    "slope_left_out_of_the_intercept": 0.75,
    "points_for_intercepts": 0.75,
    "line_through_the_derivative": 0.75,
    "height_at_zero_less_the_fall": 0.75,
    "slope_at_zero": 0.75,
    "decimals_cut_off": 1.25,
    "crossing_turned_round": 0.75,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["secants", "intercept_with_a_plus"]


SEEDS = range(6)  # the audit takes fifty


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


def test_an_array_of_the_type_of_the_points_is_too_narrow_for_slopes_and_intercepts():
    def loops(f, df, points):
        slopes, intercepts = np.zeros_like(points), np.zeros_like(points)
        for j, p in enumerate(points):
            slopes[j] = df(p)
            intercepts[j] = f(p) - df(p) * p
        return slopes, intercepts

    for seed in range(6):
        verdict = judged("tangent_maxout", loops, seed)
        assert next(r for r in verdict.results if r.problem).criterion == UNUSUAL
