"""The six figures of chapter 4: guess, goals, handles, and the numbers that their texts state."""

from itertools import pairwise

import numpy as np
import pytest

from fnnkit import approximation, expressivity
from fnnkit.figures import ch4_universal_approximation as figures
from fnnkit.figures.ch4_universal_approximation.circle_through_depth import (
    APART,
    BORDER,
    LAYERS,
    POINTS,
    SIGMA_B,
    WIDTH,
    correlations,
    tanh_slope,
)
from fnnkit.figures.ch4_universal_approximation.does_depth_help import HALF, recording
from fnnkit.figures.ch4_universal_approximation.tasks import DEPTHS, DIGITS, SEEDS, SPIRALS

MAKERS = {
    "build_a_function": lambda: figures.build_a_function(
        approximation.staircase_network, approximation.relu_interpolant, approximation.sup_error
    ),
    "error_against_width": lambda: figures.error_against_width(
        approximation.relu_interpolant, approximation.sup_error, approximation.convergence_rate
    ),
    "folding": lambda: figures.folding(expressivity.tent, expressivity.activation_patterns),
    "pieces": lambda: figures.pieces(expressivity.count_linear_pieces),
    "does_depth_help": figures.does_depth_help,
}


@pytest.mark.parametrize("name", MAKERS)
def test_goals_are_open_at_the_start_and_met_by_what_is_said_to_meet_them(name):
    for i, goal in enumerate(MAKERS[name]().figure._goals):
        shown = MAKERS[name]()
        assert not any(shown.goals.reached)
        shown.at(**goal.by)
        assert shown.goals.reached[i], goal.text


def test_a_knot_that_is_dragged_moves_and_the_others_stay():
    shown = MAKERS["build_a_function"]()
    before = shown.values["knots"].split(", ")
    shown.ask({"do": "step", "index": 1, "dx": 2, "dy": 1})
    after = shown.values["knots"].split(", ")
    assert [a != b for a, b in zip(before, after, strict=True)] == [False, True, False, False, False, False]
    assert after[1] == "0.22 0.65"


def test_a_target_is_drawn_by_the_pointer():
    shown = MAKERS["build_a_function"]().at(target_is="my own drawing")
    before = shown.said
    axes, drawn = shown.figure.figure.axes[0], shown.figure.figure
    line = axes.transData.transform([(0.5, 1.2), (0.75, -0.6)]) / (drawn.bbox.width, drawn.bbox.height)
    old = shown.values["drawn"].split()
    shown.ask({"do": "draw", "points": [[float(x), float(1 - y)] for x, y in line]})
    heights = shown.values["drawn"].split()
    assert heights[20:31] == [f"{h:.2f}" for h in np.linspace(1.2, -0.6, 11)]
    assert heights[:20] + heights[31:] == old[:20] + old[31:]
    assert shown.said != before


def test_a_target_is_drawn_by_keys():
    shown = MAKERS["build_a_function"]().at(target_is="my own drawing")
    index = [h.label for h in shown.handles].index("pen")
    step = {"do": "step", "index": index, "view": "v", "seq": 1}
    old = shown.values["drawn"].split()
    shown.ask(step | {"dx": 3, "dy": 0})  # lifted
    assert (shown.values["pen"], shown.values["drawn"].split()) == (23, old)
    shown.ask(step | {"dx": 0, "dy": 10})
    heights = shown.values["drawn"].split()
    assert float(heights[23]) == pytest.approx(float(old[23]) + 0.5)
    assert heights[:23] + heights[24:] == old[:23] + old[24:]
    assert "pen" not in shown.status.value


def test_a_jump_stays_half_away_however_many_units_there_are():
    shown = MAKERS["build_a_function"]().at(target_is="jump at ⅓", kind="ReLUs through equal knots", m=80)
    assert shown.figure.found["error"] > 0.5


def test_the_border_of_order_and_chaos_is_where_the_figure_says():
    def stretch(sigma_w):
        q = expressivity.fixed_point(sigma_w, SIGMA_B, np.tanh)
        return expressivity.chi(q, sigma_w, tanh_slope)

    assert stretch(BORDER - 1e-4) < 1 < stretch(BORDER + 1e-4)


def test_sixty_four_places_land_at_one_dot():
    shown = MAKERS["folding"]().at(depth=3)
    assert "64 regions when they fold" in shown.said
    side = np.linspace(0, 1, 4097)
    folded = expressivity.sawtooth(side, 3)
    assert ((folded[:-1] - 0.6) * (folded[1:] - 0.6) < 0).sum() ** 2 == 64


def test_the_recorded_table_says_what_the_notebook_says():
    film = recording()
    spirals, digits = (film[f"{name}_errors"][-1] for name in ("spirals", "digits"))
    assert spirals.shape == digits.shape == (len(DEPTHS), SEEDS)
    assert spirals[2:].max() < spirals[0].min()  # each network with three layers or more beats each with one
    assert np.ptp(digits[:3].mean(axis=1)) < digits[:3].std(axis=1).max()  # less than single networks differ
    assert digits[4].mean() > digits[:3].mean(axis=1).max()
    mean = film["spirals_errors"].mean(axis=2)
    assert np.flatnonzero(mean[:, 3] < 0.5 * mean[:, 0])[0] == HALF


def test_networks_of_a_task_have_about_equally_many_parameters():
    for task, about in ((SPIRALS, 500), (DIGITS, 5000)):
        sizes = [task.network(depth, 0).theta.size for depth in DEPTHS]
        assert max(abs(size - about) for size in sizes) < 0.06 * about


def test_a_recorded_training_is_repeated():
    # The first epochs of one of them: what stands in the file is what the script makes.
    film = recording()
    errors = [error for (epoch, error, _), _ in zip(SPIRALS.train(3, 1), range(5), strict=False)]
    assert errors[0] == pytest.approx(film["spirals_errors"][0, 2, 1], abs=1e-3)
    assert errors[4] == pytest.approx(
        film["spirals_errors"][1, 2, 1], abs=0.02
    )  # rounding differs between machines


def test_the_drawn_correlations_of_the_theory_are_those_of_the_correlation_map():
    for sigma_w, layers in ((0.8, 2), (4.0, 2)):
        q = expressivity.fixed_point(sigma_w, SIGMA_B, np.tanh)
        for apart in APART:
            drawn = correlations(apart, q, sigma_w)
            c = [((q - SIGMA_B**2) * rho + SIGMA_B**2) / q for rho in drawn]
            for before, after in pairwise(c[: layers + 1]):
                mapped = expressivity.correlation_map(before, q, sigma_w, SIGMA_B, np.tanh)
                assert after == pytest.approx(mapped, abs=1e-3)


def test_measured_correlations_scatter_about_the_theory():
    q = expressivity.fixed_point(2.5, SIGMA_B, np.tanh)
    X = expressivity.circle(POINTS, WIDTH, (q - SIGMA_B**2) / 2.5**2)
    found = []
    for seed in range(6):
        network = expressivity.random_deep_network(WIDTH, LAYERS, 2.5, SIGMA_B, np.random.default_rng(seed))
        H = expressivity.propagate(X[[0, *APART]], *network, np.tanh)
        found.append([[h[0] @ g / np.sqrt((h[0] @ h[0]) * (g @ g)) for g in h[1:]] for h in H])
    theory = np.array([correlations(apart, q, 2.5) for apart in APART]).T
    assert np.abs(np.mean(found, axis=0) - theory).max() < 0.15


def test_an_answer_that_asks_point_by_point_is_drawn():
    def by_a_loop(f, g, a, b, n):
        return max(abs(float(f(x)) - float(g(x))) for x in np.linspace(a, b, n))

    functions = approximation.staircase_network, approximation.relu_interpolant
    assert "<img " in figures.build_a_function(*functions, by_a_loop).picture.value
