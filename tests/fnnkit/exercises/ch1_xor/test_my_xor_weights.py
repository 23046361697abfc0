"""`my_xor_weights`: what its mistakes cost, and witnesses of what it asks."""

from itertools import product

import numpy as np
import pytest

from fnnkit.judge.attempt import judged
from fnnkit.xor import CORNERS, TARGETS, count_xor_solutions, same_hidden_units, slide_solution

WORTH = 1.5
# Of 1.5: outputs ¼, another network than the slides' 1, calm ¼.
COSTS = {
    "weights_of_the_slides": 0.5,
    "slides_with_units_exchanged": 0.5,
    "slides_with_a_unit_scaled": 0.5,
    "one_half_everywhere": 0.0,
    "inclusive_or": 0.0,
    "difference_on_one_side": 0.0,
}


def small_solutions():
    """All solutions of XOR with weights from −2 to 2, found by a loop that knows nothing of the library."""
    adds = {}
    for w1, w2, c, w in product(range(-2, 3), repeat=4):
        adds.setdefault(tuple(w * max(0, p * w1 + q * w2 + c) for p, q in CORNERS), []).append((w1, w2, c, w))
    for b, (added, units) in product(range(-2, 3), adds.items()):
        rest = tuple(t - b - a for t, a in zip(TARGETS, added, strict=True))
        for one, two in product(units, adds.get(rest, [])):
            W = np.array([[one[0], two[0]], [one[1], two[1]]], dtype=float)
            yield W, np.array([one[2], two[2]], dtype=float), np.array([one[3], two[3]], dtype=float), b


def test_of_all_small_solutions_only_the_slides_and_what_is_the_same_network_are_refused():
    found = list(small_solutions())
    assert len(found) == count_xor_solutions([-2, -1, 0, 1, 2])
    refused = [s for s in found if judged("my_xor_weights", lambda s=s: s).points < WORTH]
    # By hand: the slides' units in either order, the second one as it is or with twice the weights in and half out.
    assert len(refused) == 4
    for W, c, w, b in refused:
        assert b == 0
        assert {(*W[:, j] * abs(w[j]), c[j] * abs(w[j]), np.sign(w[j])) for j in (0, 1)} == {
            (1, 1, 0, 1),
            (2, 2, -2, -1),
        }


def test_scale_and_order_are_seen_through_at_any_size():
    W, c, w, _ = slide_solution()
    for s, t in ((3.0, 0.01), (1e4, 1e-4), (0.7, 7.0)):
        scale = np.array([s, t])
        mine = (W * scale)[:, ::-1], (c * scale)[::-1], (w / scale)[::-1]
        assert same_hidden_units(*mine, W, c, w)
        assert judged("my_xor_weights", lambda mine=mine: (*mine, 0.0)).points == 0.5
    assert not same_hidden_units(W, c + 0.1, w, W, c, w)
    assert not same_hidden_units(-W, c, w, W, c, w)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ((np.ones((2, 2)), np.zeros(2), np.ones(2)), "type"),
        (np.ones(9), "type"),
        (([[1, 2], [3]], [0, 0], [1, 1], 0), "type"),
        ((np.ones((2, 2)), np.zeros(2), ["a", "b"], 0), "type"),
        ((np.ones((3, 2)), np.zeros(2), np.ones(2), 0), "shape"),
        ((np.ones((2, 2)), np.zeros((2, 1)), np.ones(2), 0), "shape"),
        ((np.ones((2, 2)), np.zeros(2), np.ones(2), [0]), "shape"),
        ((np.ones((2, 2)), np.zeros(2), np.array([1, np.inf]), 0), "finite"),
        ((np.full((2, 2), 1e308), np.full(2, 1e308), np.full(2, 1e308), 0), "values"),
    ],
)  # fmt: skip
def test_what_is_no_set_of_weights_is_refused_in_words(given, kind):
    verdict = judged("my_xor_weights", lambda: given)
    assert verdict.points == 0.0
    assert verdict.results[0].problem.kind == kind


@pytest.mark.parametrize("name", ["W", "c", "w", "b"])
def test_the_next_step_is_about_the_part_whose_shape_is_wrong(name):
    parts = {"W": np.ones((2, 2)), "c": np.zeros(2), "w": np.ones(2), "b": 0.0}
    given = (*{**parts, name: np.ones((2, 1))}.values(),)
    assert judged("my_xor_weights", lambda: given).problem.step.startswith(f"`{name}` ")


def test_it_says_where_the_network_is_wrong():
    problem = judged("my_xor_weights", lambda: (np.eye(2), np.zeros(2), np.ones(2), 0.0)).results[0].problem
    assert problem.yours == "0, 1, 1, 2"
    assert "at (1, 1) the hidden units are 1 and 1" in problem.finding
    problem = judged("my_xor_weights", lambda: (-np.eye(2), np.zeros(2), np.ones(2), 0.5)).results[0].problem
    assert "both hidden units are off" in problem.cause


UNITS = np.array([[-1.0, 1.0], [-1.0, 1.0]]), np.array([1.0, -1.0]), np.array([-1.0, -1.0]), 1.0
"""One unit sees (0, 0) only, one sees (1, 1) only."""


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((UNITS[0], UNITS[2], UNITS[1], 1.0), "`c` and `w` stand in each other's place"),
        ((UNITS[0].T, *UNITS[1:]), "`W` has one hidden unit a row here"),
        ((UNITS[0][:, ::-1], *UNITS[1:]), "the units stand in another order in one of `W`, `c` and `w`"),
        ((np.array([[1.0, -1.0], [-1.0, 1.0]]), np.zeros(2), -np.ones(2), 1.0), "computes XNOR"),
        ((UNITS[0], UNITS[1], np.array([0.0, 1.0]), 0.0), "computes AND"),
        ((UNITS[0], UNITS[1], UNITS[2], 0.0), "every output is off by the same -1"),
        ((*UNITS[:2], 3 * UNITS[2], 3.0), "the outputs are 0 and 3 in the place of 0 and 1"),
        ((np.array([[1.31, -1.12], [-1.31, 1.12]]), np.zeros(2), np.array([0.76, 0.89]), 0.0), "rounded numbers"),
        ((UNITS[0], UNITS[1], np.array([-1.0, -3.5]), 1.0), "with another number at one place of `w` it solves XOR"),
    ],
)  # fmt: skip
def test_what_a_network_is_that_solves_something_else_is_said_in_words(given, words):
    verdict = judged("my_xor_weights", lambda: given)
    assert verdict.points == 0.0
    assert words in verdict.problem.cause


def test_what_to_do_about_exchanged_parts_is_not_to_move_one_number_at_a_time():
    rows = judged("my_xor_weights", lambda: (UNITS[0].T, *UNITS[1:])).problem
    assert rows.step == "Transpose `W`: what stands in its first row belongs into its first column."
    assert judged("my_xor_weights", lambda: (UNITS[0], UNITS[2], UNITS[1], 1.0)).problem.step.startswith(
        "Exchange"
    )
    number = judged("my_xor_weights", lambda: (*UNITS[:2], 3 * UNITS[2], 3.0)).problem
    assert number.step.endswith("move one at a time.")


def test_of_a_network_that_is_far_from_right_nothing_is_said():
    given = np.array([[0.3, -1.7], [2.2, 0.9]]), np.array([0.4, -0.2]), np.array([1.3, 0.7]), 0.6
    assert judged("my_xor_weights", lambda: given).problem.cause == ""
