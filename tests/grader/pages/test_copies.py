"""What looks copied: planted copies are found, a class in which nobody copied has few pairs, and short answers weigh nothing."""

import random

import pytest

from fnnkit.judge.exercise import source_of
from fnnkit.judge.registry import exercise
from grader import answers
from grader.pages import copies

SHORT = "def relu(z):\n    return np.maximum(0, z)"
DETOUR = """def gradient_descent(grad, theta0, learning_rate, steps):
    walk = [np.array(theta0, dtype=float)]
    counter = 0
    while counter < steps:
        here = walk[-1]
        slope = grad(here)
        walk.append(here - learning_rate * slope)
        counter = counter + 1
    return np.stack(walk)[:]
"""
RENAMED = DETOUR
for old, new in {"walk": "path", "counter": "k", "here": "p", "slope": "g"}.items():
    RENAMED = RENAMED.replace(old, new)
RENAMED = RENAMED.replace("    k = 0\n", "    k = 0  # mine\n\n")


def class_of(n, exercise_name="gradient_descent"):
    known = [source_of(f, exercise_name) for f in answers.right("ch1_xor", exercise_name)]
    rng = random.Random(1)
    return {f"s{i:03}": rng.choice(known) for i in range(n)}


def test_a_copy_with_other_names_and_a_comment_is_found_and_both_texts_are_shown():
    of = class_of(60) | {"ben": DETOUR, "eve": RENAMED}
    [pair, *others] = copies.pairs({"gradient_descent": of})
    assert (pair.one, pair.other) == ("ben", "eve")
    [shared] = pair.shared
    assert (shared.one, shared.other, shared.same) == (DETOUR, RENAMED, True)
    assert all(p.bits < pair.bits for p in others)


def test_short_answers_that_all_look_alike_weigh_nothing():
    of = {f"s{i}": SHORT for i in range(40)} | {f"t{i}": SHORT.replace("0, z", "z, 0") for i in range(20)}
    assert copies.pairs({"relu": of}) == []


def test_two_alone_in_a_short_answer_are_not_shown_for_that_alone():
    of = {f"s{i}": SHORT for i in range(60)}
    of |= {"ben": "def relu(z):\n    return z * (z > 0)", "eve": "def relu(x):\n    return x * (x > 0)"}
    assert copies.pairs({"relu": of}) == []


def test_what_was_handed_out_or_stands_in_the_reference_weighs_nothing():
    of = class_of(60) | {"ben": DETOUR, "eve": RENAMED}
    found = copies.pairs({"gradient_descent": of}, {"gradient_descent": [DETOUR]})
    assert ("ben", "eve") not in {(p.one, p.other) for p in found}


def test_three_who_copied_are_a_group_and_two_are_none():
    of = class_of(80) | {"ben": DETOUR, "eve": RENAMED, "zoe": DETOUR}
    found = copies.pairs({"gradient_descent": of})
    assert ["ben", "eve", "zoe"] in copies.groups(found)
    assert copies.groups([p for p in found if p.one == "ben" and p.other == "eve"]) == []


@pytest.mark.parametrize(
    "texts", [{}, {"a": ""}, {"a": "def f(x: return", "b": "def f(x: return"}, {"a": "\x00"}]
)
def test_an_empty_class_and_what_is_no_python_are_no_pairs(texts):
    assert copies.pairs({"f": texts}) == []


def test_bits_of_several_exercises_add_up():
    reference = source_of(exercise("mse").reference, "mse")
    one = class_of(60) | {"ben": DETOUR, "eve": RENAMED}
    two = dict.fromkeys(one, reference)
    loop = "def mse(a, b):\n    s = 0.0\n    for k in range(a.size):\n        s = s + (a.flat[k] - b.flat[k]) ** 2\n"
    loop += "    return s / a.size"
    two |= {"ben": loop, "eve": loop.replace("s ", "acc ").replace("return s", "return acc")}
    [pair, *_] = copies.pairs({"gradient_descent": one, "mse": two})
    assert {s.exercise for s in pair.shared} == {"gradient_descent", "mse"}
    assert pair.bits == pytest.approx(sum(s.bits for s in pair.shared))


def class_with_two_ways(n):
    """Nobody copied; of each exercise there are two usual ways, neither the reference, as in any class."""
    names = ("mse", "fit_linear", "rbf_kernel", "fit_kernel", "gradient_descent", "xor_network")
    rng = random.Random(n)
    ways = {name: [source_of(f, name) for f in answers.right("ch1_xor", name)][1:3] for name in names}
    return {name: {f"s{i:02}": rng.choice(ways[name]) for i in range(n)} for name in names}


def test_in_a_small_class_more_is_asked_for():
    of = class_with_two_ways(8)
    assert copies.pairs(of) == []
    assert copies.least(8) == pytest.approx(copies.LEAST * 30 / 8)
    # Somebody's own long way, twice, is found all the same.
    for name in of:
        of[name] |= {
            "ben": DETOUR.replace("gradient_descent", name),
            "eve": RENAMED.replace("gradient_descent", name),
        }
    [pair] = copies.pairs(of)
    assert (pair.one, pair.other) == ("ben", "eve")
