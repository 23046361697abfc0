"""The figures of chapter 5: what they say is true, and what they promise comes about."""

import numpy as np
import pytest

from fnnkit import backprop, gradcheck, graph, optim
from fnnkit.figures import ch5_backprop as figures
from fnnkit.figures.ch5_backprop.order import parsed

FUNCTIONS = {
    "bowl": (optim.sgd_step,),
    "cost": (gradcheck.numerical_gradient, backprop.backprop),
    "digits": (backprop.forward, backprop.backprop, optim.minibatches, optim.sgd_step),
    "order": (graph.topological_order, graph.flow_graph_backward),
    "race": (optim.sgd_step, optim.adagrad_step, optim.rmsprop_step),
    "scatter": (optim.standard_error,),
    "signals": (
        backprop.forward,
        backprop.output_delta,
        backprop.output_gradients,
        backprop.hidden_delta,
        backprop.hidden_gradients,
    ),
}
each = pytest.mark.parametrize("name", sorted(FUNCTIONS))


def drawn(name, *functions):
    return getattr(figures, name)(*(functions or FUNCTIONS[name]))


def found(shown, **values):
    shown.set(**values)
    return shown.figure.found


def test_every_figure_of_the_chapter_is_tested():
    assert sorted(FUNCTIONS) == sorted(figures.__all__)


@each
def test_goals_are_not_met_at_the_start_and_are_met_by_what_is_given_with_them(name):
    shown = drawn(name)
    start, picture = dict(shown.values), shown.picture.value
    assert shown.goals.reached == [False, False]
    for goal in shown.figure._goals:
        shown.set(**start)
        shown.set(**goal.by)
    assert shown.goals.reached == [True, True]
    shown.set(**start)
    assert shown.picture.value == picture


@each
def test_known_mistakes_are_drawn_and_a_function_without_code_is_told(name):
    shown = drawn(name)
    for label, value in shown.mistake.options[1:]:
        shown.mistake.value = value
        assert shown.said, label

    def stub(*args):
        raise NotImplementedError

    empty = drawn(name, *[stub] * len(FUNCTIONS[name]))
    assert empty.handles or "no code yet" in empty.alt


def test_the_best_rate_is_the_best_and_the_border_is_the_border():
    shown = drawn("bowl")
    shares = {rate: found(shown, kappa=9.0, rate=rate)["share"] for rate in (1.0, 1.7, 1.8, 1.9, 2.0, 2.1)}
    assert min(shares, key=shares.get) == 1.8  # 2κ/(1 + κ)
    assert shares[2.0] < 1 < shares[2.1]


def test_turning_the_ravine_changes_nothing_for_sgd_and_everything_for_the_two_others():
    shown = drawn("race")
    straight, turned = found(shown, angle=0.0)["ends"], found(shown, angle=45.0)["ends"]
    assert abs(turned[0] / straight[0] - 1) < 1e-9
    assert turned[1] > 1000 * straight[1]
    assert turned[2] > 1000 * straight[2]


def test_all_zero_is_stuck_at_one_in_ten_and_the_weights_stay_zero():
    shown = drawn("digits")
    assert 0.09 < found(shown, kind="all zero", passes=15)["share"] < 0.11


def test_without_steps_nothing_is_learned():
    def no_step(params, grads, lr):
        return params

    assert found(drawn("digits", *FUNCTIONS["digits"][:3], no_step), passes=2)["share"] < 0.3


def test_an_order_that_is_too_early_turns_red_with_the_stale_number():
    # The order is a further exercise: one that does not pass is replaced, so the mistake is drawn beside the right one.
    shown = drawn("order")
    shown.set(step=4)
    [early] = [words for words, _ in shown.mistake.options if "distance" in words]
    shown.mistake.value = early
    assert "c had passed on 0, and 2 has arrived by now" in shown._beside.value


def test_edges_appear_and_go_by_two_clicks():
    shown = drawn("order")
    ((_, press),) = shown.figure._presses
    for node in ((1.0, 0.28), (3.0, -0.22)):  # a, then y
        shown.set(**press(*node, dict(shown.values)))
    assert ("a", "y") in parsed(shown.values["edges"])
    for node in ((1.0, 0.28), (3.0, -0.22)):
        shown.set(**press(*node, dict(shown.values)))
    assert ("a", "y") not in parsed(shown.values["edges"])


def test_a_graph_that_cannot_be_read_and_a_cycle_are_told_in_words():
    shown = drawn("order")
    shown.set(edges="x to y")
    assert "edges such as" in shown.alt
    shown.set(edges="x>a a>b b>a b>y")
    assert "cycle" in shown.alt
    assert found(shown, edges="")["edges"] == 6


def test_differences_are_counted_on_the_student_s_function():
    def forward_differences(f, theta, eps):
        base, out = f(theta), np.zeros(theta.shape)
        for i in np.ndindex(theta.shape):
            up = theta.copy()
            up[i] += eps
            out[i] = (f(up) - base) / eps
        return out

    assert found(drawn("cost"), units=32)["asked"] == 4820
    assert found(drawn("cost", forward_differences, backprop.backprop), units=32)["asked"] == 2410 + 4


def test_the_chosen_weight_is_told_as_input_times_signal():
    shown = drawn("signals")
    shown.set(weight="u[3, 0]")
    assert "input h[3] = 0.408 times signal δᵒ[0] = -0.58 is the gradient -0.237" in shown.said


def test_signals_says_the_numbers_of_what_is_pointed_at_and_lists_all_of_them():
    shown = drawn("signals")
    [(axes, _)] = shown.figure._reads
    [numbers] = shown.figure._below
    drawing = shown.figure.figure
    X = np.round(np.random.default_rng(1).uniform(-1, 1, (1, 4)), 2)
    for i, height in enumerate((1.5, 0.5, -0.5, -1.5)):
        x, y = axes.transData.transform((0.0, height)) / (drawing.bbox.width, drawing.bbox.height)
        shown.ask({"do": "look", "x": float(x), "y": float(1 - y), "view": "v", "seq": 1})
        assert f"Input {i}: x = {X[0, i]:.4g}." in shown.reading.value
        assert f">{X[0, i]:.4g}</td>" in numbers.value
    slope = shown.said.split("is the gradient ")[1].split(".  ")[0].split(". ")[0]
    assert float(slope) == pytest.approx(shown.figure.found["gradient"], rel=1e-2)
    assert f"{shown.figure.found['gradient']:.4g}" in numbers.value  # of w[0, 0]
    assert numbers.value.count("<caption") == 3
