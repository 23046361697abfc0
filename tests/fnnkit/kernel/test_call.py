"""One call of a student's function: what came out, what ended it, and what it did on the side."""

import linecache
import warnings

import numpy as np
import pytest

from fnnkit import losses
from fnnkit.judge.check import library_watch
from fnnkit.judge.registry import exercise
from fnnkit.kernel.call import call
from fnnkit.kernel.named import Named
from fnnkit.kernel.wire import Opaque


def test_a_value_comes_back_and_nothing_else_is_reported():
    answer = call(lambda a, b: a + b, (1, 2))
    assert (answer.value, answer.error, answer.warnings, answer.changed, answer.library) == (
        3,
        None,
        (),
        (),
        "",
    )


# --- exceptions ------------------------------------------------------------------------------------------


class OwnBaseException(BaseException):
    pass


class Unprintable(ValueError):
    def __str__(self):
        raise RuntimeError("no")


@pytest.mark.parametrize(
    "kind", [ValueError, SystemExit, GeneratorExit, OwnBaseException, StopIteration, MemoryError]
)
def test_exceptions_of_every_kind_end_the_call_and_no_more(kind):
    def function():
        raise kind("why")

    error = call(function, ()).error
    assert (error.kind, error.message) == (kind.__name__, "why")
    assert error.kinds[-1] == "BaseException"
    assert "object" not in error.kinds


def test_exit_is_reported_like_any_exception():
    def function():
        exit(3)

    assert call(function, ()).error.kind == "SystemExit"


def test_an_interrupt_by_the_student_gets_through():
    def function():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(function, ())


def test_a_subclass_of_value_error_is_known_to_be_a_value_error():
    class ShapeError(ValueError):
        pass

    def function():
        raise ShapeError

    assert call(function, ()).error.kinds[:2] == ("ShapeError", "ValueError")


def test_a_message_that_cannot_be_read_is_said_to_be_so():
    def function():
        raise Unprintable

    error = call(function, ()).error
    assert error.kind == "Unprintable"
    assert error.message == "(its message could not be read)"


def test_a_long_message_is_cut_and_half_a_surrogate_pair_is_replaced():
    def function():
        raise ValueError("\ud800" + "x" * 10_000)

    message = call(function, ()).error.message
    assert len(message) == 300
    assert message.encode().startswith(b"?x")


def test_endless_recursion_is_an_exception_like_others():
    def function():
        return function()

    assert call(function, ()).error.kind == "RecursionError"


def test_the_wrong_number_of_arguments_is_a_type_error():
    assert call(lambda a: a, (1, 2)).error.kind == "TypeError"


def cell(source, name):
    """What a cell of a notebook defines, its lines known as IPython makes them known."""
    space, file = {}, f"<cell with {name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), space)  # noqa: S102
    return space[name]


def test_the_line_of_a_notebook_cell_that_raised_is_told():
    f = cell("def f(x):\n    y = x\n    return y / 0\n", "f")
    assert call(f, (1,)).error.line == "return y / 0"


def test_of_code_that_is_not_written_yet_the_line_of_the_function_itself_is_told():
    stub = "    raise NotImplementedError"
    f = cell(f"def f(x):\n{stub}\n", "f")
    g = cell(f"def h(x):\n{stub}\n\n\ndef g(x):\n    return 2 * h(x)\n", "g")
    assert call(f, (1,)).error.line == "raise NotImplementedError"
    assert call(g, (1,)).error.line == "return 2 * h(x)"


# --- values ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [object(), iter([]), {1}, np.array(["a"])])
def test_what_is_not_plain_comes_back_as_the_name_of_its_type(value):
    assert isinstance(call(lambda: value, ()).value, Opaque)


def test_a_generator_function_gives_a_generator_and_no_values():
    def function():
        yield 1.0

    assert call(function, ()).value == Opaque("generator")


def test_too_much_data_is_an_error_and_not_a_crash():
    answer = call(lambda: [0.0] * 30_000, ())
    assert answer.error.kind == "NotPlain"
    assert answer.value is None


def test_the_value_is_a_copy_that_later_changes_do_not_reach():
    kept = np.zeros(2)
    answer = call(lambda: kept, ())
    kept[0] = 5.0
    assert answer.value.tolist() == [0.0, 0.0]


# --- warnings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda: np.exp(np.array([1e4])), "RuntimeWarning: overflow"),
        (lambda: np.array([0.0]) / 0.0, "RuntimeWarning: invalid"),
        (lambda: np.log(np.zeros(1)), "RuntimeWarning: divide by zero"),
        (lambda: warnings.warn("take care", UserWarning, stacklevel=1), "UserWarning: take care"),
    ],
)
def test_warnings_are_reported(function, said):
    assert call(function, ()).warnings[0].startswith(said)


def test_a_warning_is_reported_each_time_and_also_when_the_caller_silenced_warnings():
    def function():
        return np.exp(np.array([1e4]))

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        assert [len(call(function, ()).warnings) for _ in range(3)] == [1, 1, 1]


def test_settings_for_warnings_are_restored():
    before = np.geterr(), list(warnings.filters)

    def function():
        np.seterr(all="ignore")
        warnings.simplefilter("ignore")

    call(function, ())
    assert (np.geterr(), list(warnings.filters)) == before


def test_a_warning_that_the_student_silences_on_purpose_is_none():
    def function():
        with np.errstate(over="ignore"):
            return np.exp(np.array([1e4]))

    assert call(function, ()).warnings == ()


# --- changed inputs --------------------------------------------------------------------------------------


def subtract_in_place(x):
    x -= 1


def write_through_a_view(x):
    x.T[0] = 7.0


def write_through_a_slice(x):
    x[1:][...] = 0.5


def sort_in_place(x):
    x.sort(axis=0)


@pytest.mark.parametrize("function", [subtract_in_place, write_through_a_view, write_through_a_slice])
def test_a_changed_array_is_reported_and_the_cases_own_array_is_not_touched(function):
    x = np.arange(4.0).reshape(2, 2)
    assert call(function, (x,)).changed == (0,)
    assert x.tolist() == [[0.0, 1.0], [2.0, 3.0]]


def test_only_the_argument_that_changed_is_reported():
    def function(a, b, c):
        b[0] = 9.0

    assert call(function, (np.zeros(2), np.zeros(2), np.zeros(2))).changed == (1,)


@pytest.mark.parametrize(
    ("argument", "change"),
    [
        ((np.zeros(2), (np.zeros(2),)), lambda t: t[1][0].fill(1.0)),
        ([np.zeros(2)], lambda t: t.append(0)),
        ([1.0, 2.0], lambda t: t.reverse()),
        ({"W": np.zeros(2)}, lambda t: t["W"].fill(1.0)),
        ({"W": 1.0}, lambda t: t.pop("W")),
    ],
)
def test_changes_inside_containers_are_reported(argument, change):
    assert call(change, (argument,)).changed == (0,)


def test_reading_and_rebinding_change_nothing():
    def function(x):
        x = x - 1
        x[0] = 3.0
        return x

    assert call(function, (np.zeros(2),)).changed == ()


def test_an_array_that_holds_nan_is_not_taken_for_changed():
    assert call(lambda x: x, (np.array([np.nan, 1.0]),)).changed == ()


def test_a_change_that_an_exception_ends_is_still_reported():
    def function(x):
        x[0] = 1.0
        raise ValueError

    assert call(function, (np.zeros(1),)).changed == (0,)


def test_a_shape_changed_in_place_is_reported():
    def function(x):
        x.shape = (3, 1)

    assert call(function, (np.zeros(3),)).changed == (0,)


# --- test functions --------------------------------------------------------------------------------------


def test_a_named_function_arrives_as_a_function():
    bowl = Named("quadratic_gradient", A=np.diag([1.0, 2.0]), b=np.array([1.0, 1.0]))
    answer = call(lambda f, x: (f(x), f.__name__), (bowl, np.array([1.0, 1.0])))
    assert answer.value[0].tolist() == [0.0, 1.0]
    assert answer.value[1] == "quadratic_gradient"
    assert answer.changed == ()


def test_an_unknown_test_function_is_refused_and_the_known_ones_are_listed():
    with pytest.raises(ValueError, match=r"no test function 'quartic'.*quadratic"):
        Named("quartic")


def test_a_test_function_in_a_dictionary_arrives_as_a_function_and_is_no_change():
    ops = {"y": Named("subtract"), "inner": {"z": Named("one")}}
    answer = call(lambda ops: ops["y"](5.0, 2.0) + ops["inner"]["z"](), (ops,))
    assert (answer.value, answer.error, answer.changed) == (4.0, None, ())
    replaced = call(lambda ops: ops.update(y=1.0), (ops,))
    assert replaced.changed == (0,)


# --- the watch for library functions ---------------------------------------------------------------------

ASKED = exercise("mse")
PAIR = (np.array([1.0, 2.0]), np.array([0.0, 0.0]))


def test_the_librarys_own_function_is_named():
    assert call(losses.mse, PAIR, library_watch(ASKED)).library == "mse"


def test_an_alias_of_the_librarys_function_is_named_as_well():
    mine = losses.mse

    def wrapped(y_pred, y_true):
        return 1.0 * mine(y_pred, y_true)

    assert call(wrapped, PAIR, library_watch(ASKED)).library == "mse"


def test_a_library_function_passed_on_as_a_callback_is_named():
    def function(a, b):
        return next(map(losses.mse, [a], [b]))

    assert call(function, PAIR, library_watch(ASKED)).library == "mse"


def test_an_own_function_and_numpy_are_not_named():
    assert call(lambda a, b: ((a - b) ** 2).mean(), PAIR, library_watch(ASKED)).library == ""


def test_a_given_function_may_be_called_together_with_what_it_calls_itself():
    from dataclasses import replace

    asked = replace(ASKED, given=(losses.mse,))
    assert call(losses.mse, PAIR, library_watch(asked)).library == ""
    assert call(losses.mae, PAIR, library_watch(asked)).library == "mae"


def test_a_test_function_is_not_the_library():
    answer = call(lambda f: f(1.0), (Named("sine"),), library_watch(ASKED))
    assert answer.library == ""
    assert answer.value == np.sin(1.0)


def test_the_watch_ends_with_the_call_also_when_it_fails():
    import sys

    def function():
        raise ValueError

    before = sys.getprofile()
    call(function, (), library_watch(ASKED))
    assert sys.getprofile() is before


# --- warnings of numpy -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("z", "words"),
    [(1e4, "overflow encountered in exp"), (np.inf, "invalid value encountered in subtract")],
)
def test_what_numpy_warns_of_is_reported(z, words):
    function = {1e4: np.exp, np.inf: lambda x: x - x}[z]
    assert words in call(function, (np.array([z]),)).warnings[0]


def test_a_small_number_rounded_to_zero_is_no_warning():
    assert np.geterr()["under"] == "ignore"  # as students have it
    answer = call(np.exp, (np.array([-1e4, -740.0]),))
    assert answer.value[0] == 0.0
    assert answer.warnings == ()
