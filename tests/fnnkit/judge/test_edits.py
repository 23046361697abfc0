"""Mutants differ from their reference in one place that matters, and in no check of arguments."""

import numpy as np
import pytest

from fnnkit import linear, losses, xor
from fnnkit.arguments import real_array
from fnnkit.judge.edits import mutants


def formula(x, y):
    """Docstring with a + b and 1."""
    z: float = 2 * x + y
    return -z / 3, z**2


def comparison(x):
    if x > 0:
        return 1.0
    return x == 4


def matrix(A, B):
    return np.maximum(A.T @ B, 0).sum(axis=1)


def guarded(x):
    x = real_array("x", x, ("n", 2))
    if len(x) == 0:
        raise ValueError(f"{len(x) + 1}")
    return x.mean()


def with_default(x, k=3):
    def inner(v, axis=0):
        return v.sum(axis=axis)

    return inner(x) + k


def found(function):
    return {m.name: m.function for m in mutants(function)}


def test_arithmetic_signs_factors_and_constants_are_changed_one_at_a_time():
    made = found(formula)
    assert made["2 * x + y: Add -> Sub"](3.0, 1.0) == (-5 / 3, 25.0)
    assert made["2 * x + y: left operand of Add left out"](3.0, 1.0) == (-1 / 3, 1.0)
    assert made["2 * x + y: right operand of Add left out"](3.0, 1.0) == (-6 / 3, 36.0)
    assert made["2 * x: right operand of Mult left out"](3.0, 1.0) == (-3 / 3, 9.0)
    assert made["2: 2 -> 3"](3.0, 1.0) == (-10 / 3, 100.0)
    assert made["-z: minus left out"](3.0, 1.0) == (7 / 3, 49.0)
    assert made["-z / 3: Div -> Mult"](3.0, 1.0) == (-21.0, 49.0)
    assert made["-z / 3: right operand of Div left out"](3.0, 1.0) == (-7.0, 49.0)
    assert made["z ** 2: Pow -> Mult"](3.0, 1.0) == (-7 / 3, 14.0)
    assert made["return (-z / 3, z ** 2): returned values swapped"](3.0, 1.0) == (49.0, -7 / 3)


def test_comparisons_are_moved_and_turned_round():
    made = found(comparison)
    assert made["x > 0: Gt -> GtE"](0) == 1.0
    assert made["x > 0: Gt -> Lt"](-1) == 1.0
    assert made["x == 4: Eq -> NotEq"](-1) is True
    assert made["0: 0 -> 1"](1) is False


def test_axes_transposes_reductions_and_the_order_of_factors_are_changed():
    A, B = np.array([[1.0, 2.0], [3.0, -4.0]]), np.array([[1.0, -1.0], [2.0, 5.0]])
    made = found(matrix)
    np.testing.assert_array_equal(
        made["np.maximum(A.T @ B, 0).sum(axis=1): axis left out"](A, B), np.maximum(A.T @ B, 0).sum()
    )
    np.testing.assert_array_equal(made["A.T: .T left out"](A, B), np.maximum(A @ B, 0).sum(axis=1))
    np.testing.assert_array_equal(
        made["A.T @ B: factors of @ swapped"](A, B), np.maximum(B @ A.T, 0).sum(axis=1)
    )
    np.testing.assert_array_equal(
        made["np.maximum: maximum -> minimum"](A, B), np.minimum(A.T @ B, 0).sum(axis=1)
    )
    assert any(name.endswith("sum -> mean") for name in made)
    np.testing.assert_array_equal(made["1: 1 -> 0"](A, B), np.maximum(A.T @ B, 0).sum(axis=0))


def test_checks_of_arguments_docstrings_and_annotations_are_left_alone():
    made = found(guarded)
    assert not [name for name in made if "real_array" in name or "+ 1" in name or name.startswith("2:")]
    assert not [name for name in found(formula) if "a + b" in name]
    with pytest.raises(ValueError, match="x"):
        made["x.mean: mean -> sum"](np.zeros((2, 3)))


def test_defaults_are_left_alone_also_of_inner_functions():
    assert not [name for name in found(with_default) if name.startswith(("3:", "0:"))]
    assert found(with_default)["inner(x) + k: Add -> Sub"](np.array([1.0, 2.0])) == 0.0


@pytest.mark.parametrize("reference", [losses.mse, linear.fit_linear, xor.xor_network])
def test_names_are_unique_and_the_same_at_every_run(reference):
    names = [m.name for m in mutants(reference)]
    assert len(names) >= 5
    assert len(set(names)) == len(names)
    assert [m.name for m in mutants(reference)] == names


def twice_the_same(x):
    a = x + 1
    return a * (x + 1)


def test_equal_expressions_in_two_places_get_a_number():
    names = [m.name for m in mutants(twice_the_same)]
    assert "x + 1: Add -> Sub" in names
    assert "x + 1: Add -> Sub #2" in names


@pytest.mark.parametrize("reference", [losses.mse, linear.fit_linear, xor.xor_network])
def test_the_reference_itself_is_not_changed(reference):
    before = reference.__code__.co_code
    mutants(reference)
    assert reference.__code__.co_code == before


def test_a_mutant_sees_what_its_reference_sees_and_changes_nothing_there():
    spaces = {id(m.function.__globals__) for m in mutants(losses.mse)}
    assert id(losses.mse.__globals__) not in spaces
    assert losses.mse([1.0, 3.0], [0.0, 0.0]) == 5.0


def with_guard(x, n):
    if n < 3:
        raise ValueError("too few")
    return x * n


def test_a_condition_that_only_refuses_is_left_alone():
    assert sorted(found(with_guard)) == [
        "x * n: Mult -> Add",
        "x * n: Mult -> Div",
        "x * n: left operand of Mult left out",
        "x * n: right operand of Mult left out",
    ]
