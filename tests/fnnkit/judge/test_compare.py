"""Two values agree in type, shape, dtype, finiteness and numbers, in this order, and nothing is broadcast."""

import time

import numpy as np
import pytest

from fnnkit.judge.compare import MAX_SHOWN, difference, precision_of, show, typed
from fnnkit.kernel.named import FUNCTIONS, PARAMETERS, WRITTEN, Named
from fnnkit.kernel.wire import Opaque


def kind(expected, given, **more):
    problem = difference(expected, given, **more)
    return problem.kind if problem else None


# --- the order of judgement ------------------------------------------------------------------------------

WANT = np.array([[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize(
    ("given", "first"),
    [
        (None, "type"),
        ("text", "type"),
        ([[1.0, 2.0], [3.0, 4.0]], "type"),
        (Opaque("matrix"), "type"),
        ({}, "type"),
        (np.full((2, 3), np.nan, dtype=complex), "shape"),
        (np.array([[1 + 1j, np.nan], [3, 4]]), "dtype"),
        (np.array([[1.0, np.nan], [3.0, 4.0]], dtype=np.float16), "dtype"),
        (np.array([[1.5, np.nan], [3.0, 4.0]]), "finite"),
        (np.array([[1.0, 2.0], [3.0, 4.1]]), "values"),
        (WANT, None),
    ],
)
def test_type_comes_before_shape_before_dtype_before_finiteness_before_values(given, first):
    assert kind(WANT, given) == first


# --- shapes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("want", "have"),
    [((3,), (3, 1)), ((3, 1), (3,)), ((3,), (1, 3)), ((), (1,)), ((1,), ()), ((2, 2), (1, 2)), ((2, 3), (3, 2)),
     ((0,), (0, 1)), ((0, 2), (0, 3)), ((2,), (1,))],
)  # fmt: skip
def test_shapes_that_broadcast_do_not_agree(want, have):
    assert kind(np.ones(want), np.ones(have)) == "shape"


def test_a_number_in_the_place_of_an_array_of_equal_entries_does_not_pass():
    assert kind(np.ones(3), 1.0) == "type"
    assert kind(np.ones(3), np.float64(1.0)) == "shape"


@pytest.mark.parametrize(
    ("want", "have", "cause"),
    [
        ((2, 3), (3, 2), "rows and columns"),
        ((3,), (3, 1), "along other axes"),
        ((3,), (3, 3), "an axis too many"),
        ((), (4, 2), "an axis too many"),
    ],
)
def test_the_likely_cause_of_a_wrong_shape_is_said(want, have, cause):
    assert cause in difference(np.ones(want), np.ones(have)).cause


@pytest.mark.parametrize("shape", [(10**12, 0), (10**6, 10**6, 0), (0, 10**12)])
def test_a_gigantic_shape_without_entries_is_described_at_once(shape):
    problem = difference(np.ones(3), np.zeros(shape))
    assert problem.kind == "shape"
    assert len(problem.yours) < 100


# --- kinds of numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [True, np.True_, np.array(True)])
def test_true_is_not_one(given):
    assert kind(1.0, given) == "dtype"
    assert kind(1, given) == "dtype"


def test_an_array_of_truth_values_is_not_an_array_of_ones():
    assert kind(np.ones(2), np.array([True, True])) == "dtype"


@pytest.mark.parametrize(
    "given", [1 + 0j, np.complex64(1), np.float16(1.0), 10**400, np.array(1.0, dtype=object)]
)
def test_complex_half_precision_and_objects_are_refused(given):
    problem = difference(1.0, given)
    assert problem.kind == "dtype"
    assert len(problem.yours) <= 200


@pytest.mark.parametrize(
    "given", [1, np.int8(1), np.uint64(1), np.float32(1), np.longdouble(1), 1.0, np.array(1)]
)
def test_whole_numbers_and_every_wide_floating_type_pass_for_a_real_number(given):
    assert kind(1.0, given) is None


@pytest.mark.parametrize("given", [3.0, np.float64(3), "3", True, None])
def test_only_an_integer_passes_for_an_integer(given):
    assert kind(3, given) in ("dtype", "type")
    assert kind(3, np.int32(3)) is None


def test_integers_are_compared_exactly_beyond_the_precision_of_floats():
    assert kind(2**53, 2**53 + 1) == "values"
    assert kind(np.array([2**62]), np.array([2**62 + 1])) == "values"
    assert kind(np.array([2**62]), np.array([2**62], dtype=np.uint64)) is None
    assert kind(np.array([0]), np.array([-1])) == "values"
    assert kind(-1, np.uint64(2**64 - 1)) == "values"


def test_truth_values_agree_with_truth_values_alone():
    want = np.array([True, False])
    assert kind(want, want.copy()) is None
    assert kind(want, np.array([1.0, 0.0])) == "dtype"
    assert kind(want, np.array([1, 0])) == "dtype"
    assert kind(want, np.array([True, True])) == "values"
    assert kind(True, True) is None
    assert kind(True, np.True_) is None
    assert kind(True, 1) == "values"
    assert kind(False, 0.0) == "values"
    assert kind(False, None) == "type"


@pytest.mark.parametrize(("want", "have"), [("saddle", "minimum"), (None, 0), ("1", 1), ("a", None)])
def test_texts_and_none_agree_with_themselves_only(want, have):
    assert kind(want, want) is None
    assert kind(want, have) is not None


# --- values ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_never_passes_for_a_number(bad):
    assert kind(1.0, bad) == "finite"
    assert kind(np.ones(3), np.array([1.0, bad, 1.0])) == "finite"
    assert kind(1e308, bad) == "finite"


def test_infinity_agrees_with_itself_and_with_nothing_else():
    assert kind(np.inf, np.inf) is None
    assert kind(-np.inf, -np.inf) is None
    for given in (-np.inf, 1e308, np.nan, 0.0):
        assert kind(np.inf, given) == "values"


def test_nan_is_right_only_where_nan_is_expected():
    assert kind(np.array([np.nan, 1.0]), np.array([np.nan, 1.0])) is None
    assert kind(np.array([np.nan, 1.0]), np.array([1.0, 1.0])) == "values"
    assert kind(np.array([1.0, np.nan]), np.array([np.nan, 1.0])) is not None


def test_an_infinite_entry_does_not_widen_the_tolerance_of_the_others():
    assert kind(np.array([np.inf, 1.0]), np.array([np.inf, 1.001])) == "values"


def test_the_tolerance_is_a_relative_billionth():
    assert kind(1.0, 1.0 + 5e-10) is None
    assert kind(1.0, 1.0 + 5e-9) == "values"
    assert kind(1e200, 1e200 * (1 + 5e-10)) is None
    assert kind(1e200, 1e200 * (1 + 5e-9)) == "values"


def test_a_zero_may_be_a_rounding_error_of_the_largest_entry_and_no_more():
    want = np.array([0.0, 1000.0])
    assert kind(want, np.array([1e-11, 1000.0])) is None
    assert kind(want, np.array([1e-6, 1000.0])) == "values"


def test_small_numbers_are_told_apart_where_the_exercise_asks_for_it():
    assert kind(1e-20, 2e-20) is None
    assert kind(1e-20, 2e-20, floor=0.0) == "values"
    assert kind(1e-20, 1e-20 * (1 + 1e-10), floor=0.0) is None


def test_float32_is_judged_with_the_precision_of_float32():
    third = np.array([1 / 3, 2 / 3])
    assert kind(third, third.astype(np.float32)) is None
    assert kind(third, (third * 1.001).astype(np.float32)) == "values"
    assert kind(third, third * (1 + 1e-6)) == "values"
    assert kind(third, third * (1 + 1e-6), eps=float(np.finfo(np.float32).eps)) is None


def test_a_sign_a_factor_and_an_offset_are_all_noticed():
    for wrong in (-WANT, 2 * WANT, WANT + 1, WANT.T, WANT[::-1], np.zeros_like(WANT)):
        assert kind(WANT, wrong) == "values"


def test_the_first_wrong_entry_is_named_with_both_numbers():
    given = WANT.copy()
    given[1, 0] = 30.0
    given[0, 1] = 2.5
    problem = difference(WANT, given, name="dW")
    assert problem.finding.startswith("`dW[0, 1]`: yours 2.5, expected 2 ")
    assert problem.finding.endswith("(2 of 4 entries differ)")


def test_an_entry_of_a_result_without_a_name_is_named_by_its_index():
    assert difference(np.zeros(3), np.array([0.0, 0.0, 9.0])).finding.startswith(
        "entry [2] of the result: yours 9"
    )


def test_two_numbers_that_print_alike_are_shown_in_full():
    finding = difference(np.array([1.0, 2.0]), np.array([1.0, 2.0000001]), name="y").finding
    assert "yours 2.0000001, expected 2.0" in finding


def test_a_wrong_long_double_is_described():
    assert difference(1.0, np.longdouble(3)).yours == "3."
    assert "yours 3" in difference(np.array([1.0, 2.0]), np.array([1.0, 3.0], dtype=np.longdouble)).finding


def test_huge_wrong_numbers_are_described_without_a_warning():
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert kind(np.array([1e-3, -1e308]), np.array([1e308, 1e308])) == "values"
        assert kind(np.array([1e-3]), np.array([-1e308])) == "values"


def test_empty_arrays_agree_if_their_shapes_do():
    assert kind(np.zeros((0, 2)), np.zeros((0, 2))) is None
    assert kind(np.zeros((0, 2)), np.zeros((0, 2), dtype=bool)) == "dtype"


def test_an_array_without_axes_is_a_number():
    assert kind(2.0, np.array(2.0)) is None
    assert kind(np.array(2.0), 2.0) is None
    assert kind(np.array(2.0), np.array(3.0)) == "values"


# --- containers ------------------------------------------------------------------------------------------


def test_a_list_passes_for_a_tuple_and_the_other_way_round():
    assert kind((1.0, WANT), [1.0, WANT]) is None
    assert kind([1.0, WANT], (1.0, WANT)) is None


@pytest.mark.parametrize(
    "given", [(1.0,), (1.0, 2.0, 3.0), 1.0, None, np.array([1.0, 2.0]), "ab", {0: 1.0, 1: 2.0}]
)
def test_a_tuple_of_another_length_or_kind_is_a_wrong_type(given):
    assert kind((1.0, 2.0), given) == "type"


def test_the_value_of_a_tuple_that_differs_is_named():
    assert difference((1.0, 2.0), (1.0, 3.0)).finding.startswith("`value 1`: yours 3, expected 2")
    nested = difference((1.0, (0.0, np.zeros(2))), (1.0, (0.0, np.array([0.0, 5.0]))), name="grads")
    assert nested.finding.startswith("`grads[1][1][1]`: yours 5, expected 0")


def test_nothing_returned_asks_for_a_return_line():
    assert "return" in difference(1.0, None).step


# --- writing values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (-0.0, "0"),
        (np.array(np.nan), "nan"),
        (np.array([-1e-13, np.inf]), "[0., inf]"),
        (0.1234567, "0.123457"),
        (np.float64(2.5), "2.5"),
        (np.float32(0.1), "0.1"),
        (np.longdouble(1.5), "1.5"),
        (np.int64(3), "3"),
        (np.True_, "True"),
        (np.array([1.0, -0.5]), "[1., -0.5]"),
        (np.array([1, 2]), "[1, 2]"),
        (np.array([[1.0], [np.nan]]), "[[1.], [nan]]"),
        (np.array([1.5], dtype=np.longdouble), "[1.5]"),
        (np.zeros((2, 0)), "[] (shape (2, 0))"),
        (np.zeros((5, 5)), "array of shape (5, 5)"),
        ((1.0, [2, "a"]), "(1, [2, 'a'])"),
        (Opaque("Thing"), "an object of type Thing"),
        (Named("sine"), "np.sin"),
        (None, "None"),
        (1j, "1j"),
    ],
)
def test_values_are_written_as_one_would_type_them(value, text):
    assert show(value) == text


@pytest.mark.parametrize(
    "value", ["x" * 5000, 10**3000, {"a": ["y" * 5000]}, np.array(10**3000, dtype=object)]
)
def test_what_is_written_is_never_long(value):
    assert len(show(value)) <= 300


def test_nothing_is_written_that_is_not_shown():
    """A dictionary of four thousand arrays of the widest numbers took a minute, and was cut afterwards."""
    third = 1 / np.full(24, 3, np.longdouble)
    loop = []
    loop.append(loop)
    deep = [[[["x" * 90] * 12] * 12] * 12] * 12
    start = time.process_time()
    for value in (dict.fromkeys(range(4000), third), [third] * 4000, deep, loop, {"a": [loop] * 99}):
        assert len(show(value)) <= MAX_SHOWN
    assert show(loop) == "[[[[[[[…]]]]]]]"
    assert time.process_time() - start < 0.5


def test_a_test_function_has_its_parameters_or_does_not_exist():
    for name in FUNCTIONS:
        if PARAMETERS[name]:
            with pytest.raises(ValueError, match="has the parameters"):
                Named(name)
        with pytest.raises(ValueError, match="has the parameters"):
            Named(name, nonsense=1)
        full = Named(name, **dict.fromkeys(PARAMETERS[name], 0.5))
        assert "{" not in full.written()
        assert show(full)


def test_nested_lists_of_long_texts_are_cut_as_well():
    inner = ["x" * 190] * 12
    assert len(show([[inner] * 12] * 12)) <= 2000


def test_the_widest_complex_numbers_can_be_written():
    assert "1j" in show(np.clongdouble(1j))


@pytest.mark.parametrize(
    "value",
    [np.array([1.5, -2.0]), np.array([[1, 2]]), np.array([0.5], np.float32), np.zeros((0, 3)), np.array([True]), 2.5, (1,)],
)  # fmt: skip
def test_an_argument_can_be_typed_in_again(value):
    again = eval(typed(value), {"np": np})
    np.testing.assert_array_equal(again, value)
    assert np.asarray(again).dtype == np.asarray(value).dtype
    assert np.shape(again) == np.shape(value)


def test_arguments_inside_containers_can_be_typed_in_again():
    text = typed(
        ([np.array([1.5, -2.0]), np.array([1])], {"W": np.zeros((2, 2)), "name": "tanh"}, Named("sine"))
    )
    again = eval(text, {"np": np})
    assert again[0][0].tolist() == [1.5, -2.0]
    assert again[0][1].dtype == np.int64
    assert again[1]["W"].shape == (2, 2)
    assert again[1]["name"] == "tanh"
    assert again[2] is np.sin


TWO = ("subtract", "multiply", "divide")


@pytest.mark.parametrize("name", sorted(n for n, text in WRITTEN.items() if "{" not in text))
def test_a_test_function_without_parameters_can_be_typed_in_and_is_the_same_function(name):
    x = np.array([-1.5, 0.5, 2.0])
    arguments = [x, 2 * x + 1.25, x - 3.0][: {"one": 0, "weighted": 3}.get(name, 2 if name in TWO else 1)]
    again = eval(typed(Named(name)), {"np": np})
    np.testing.assert_array_equal(again(*arguments), Named(name).function()(*arguments))


def test_a_test_function_with_parameters_is_shown_by_its_name():
    assert show(Named("quadratic", A=np.eye(2), b=np.zeros(2))) == "quadratic"


@pytest.mark.parametrize("name", ["quadratic", "quadratic_gradient"])
def test_in_a_call_its_parameters_are_written_out(name):
    bowl = Named(name, A=np.array([[2.0, 0.5], [0.5, 1.0]]), b=np.array([0.25, -1.0]))
    again, x = eval(typed(bowl), {"np": np}), np.array([1.5, -2.0])
    np.testing.assert_allclose(again(x), bowl.function()(x), rtol=1e-15)


def test_the_coarsest_type_sets_the_precision():
    fine, coarse = float(np.finfo(np.float64).eps), float(np.finfo(np.float32).eps)
    assert precision_of(np.zeros(2), 1.0, 3, "a", np.arange(2)) == fine
    assert precision_of(np.zeros(2), (np.zeros(2, np.float32), 1.0)) == coarse
    assert precision_of(np.float32(1)) == coarse


def test_tiny_numbers_are_shown_where_they_are_asked_for_and_in_calls_always():
    tiny = np.array([1e-20, 0.5])
    assert typed(tiny) == "np.array([1e-20, 0.5])"
    exact = difference(tiny, np.array([0.0, 0.5]), floor=0.0)
    assert exact.expected == "[1e-20, 0.5]"
    assert "yours 0, expected 1e-20" in exact.finding
    assert difference(tiny, np.array([1e-20, 0.75])).expected == "[0., 0.5]"


# --- dictionaries ----------------------------------------------------------------------------------------


def test_a_dictionary_of_numbers_is_shown_entry_by_entry():
    assert show({"W": np.array([1.0, -2.5]), "b": 0.5}) == "{'W': [1., -2.5], 'b': 0.5}"


def test_the_precision_of_numbers_in_a_dictionary_counts():
    narrow = {"W": np.ones(2, dtype=np.float32), "b": np.ones(2)}
    assert precision_of(np.ones(2), narrow) == np.finfo(np.float32).eps
