import numpy as np
import pytest

from fnnkit.figures.engine.guard import Undrawable, checked, guarded


def relu(z):
    return np.maximum(0.0, z)


def no_code(z):
    raise NotImplementedError


def says(function, *args, **shapes):
    with pytest.raises(Undrawable) as problem:
        checked(function, guarded(function)(*args), **shapes)
    return str(problem.value)


def test_a_right_answer_comes_through_as_floats():
    z = np.array([-1, 2])
    assert checked(relu, guarded(relu)(z), h=(2,)).tolist() == [0.0, 2.0]
    first, second = checked(relu, ([1], 2), a=(1,), b=())
    assert (first.tolist(), float(second)) == ([1.0], 2.0)
    assert checked(relu, np.zeros((3, 2)), h=(None, 2)).shape == (3, 2)


def test_arrays_inside_tuples_lists_and_dictionaries_are_copies():
    array = np.zeros(2)

    def spoil(plain, nested, by_name):
        plain += 1
        nested[0][0][:] = 1
        by_name["W"] += 1
        return 1.0

    guarded(spoil)(array, [(array,)], by_name={"W": array})
    assert array.tolist() == [0.0, 0.0]


def test_no_code_yet_is_no_mistake():
    assert says(no_code, 1.0, h=()) == (
        "Your no_code has no code yet. The figure is drawn by it: write it, then run this cell again."
    )


@pytest.mark.parametrize(
    ("answer", "shapes", "words"),
    [
        (None, {"h": (2,)}, "returns nothing. Is the line with return missing?"),
        ([1.0], {"h": (2,)}, "h should have shape (2,), and it has (1,)"),
        (np.zeros((2, 1)), {"h": (2,)}, "h should have shape (2,), and it has (2, 1)"),
        (np.zeros((2, 3)), {"H": (None, 2)}, "H should have shape (any, 2), and it has (2, 3)"),
        ([1.0], {"loss": ()}, "loss should be one number, and it is an array of shape (1,)"),
        (np.nan, {"loss": ()}, "the value of loss is NaN or infinite"),
        ([np.inf, 1.0], {"h": (2,)}, "some values of h are NaN or infinite"),
        ("text", {"loss": ()}, "loss is not a number"),
        ([1j, 0], {"h": (2,)}, "h is not an array of numbers"),
        ([[1], [2, 3]], {"h": (2,)}, "h is not an array of numbers"),
        (1.0, {"a": (), "b": ()}, "it returns one float where 2 are asked for: return a, b"),
        ((1.0, 2.0, 3.0), {"a": (), "b": ()}, "it returns 3 things where 2 are asked for"),
    ],
)
def test_what_is_wrong_is_said_in_words(answer, shapes, words):
    def student():
        return answer

    said = says(student, **shapes)
    assert said.startswith("Your student cannot be drawn: ")
    assert words in said
    assert said.endswith("Its check says more; repair it, then run this cell again.")


def test_infinite_values_may_be_allowed():
    assert checked(relu, [-np.inf, 0.0], finite=False, h=(2,)).tolist() == [-np.inf, 0.0]


def test_a_function_without_a_name_is_your_function():
    assert says(lambda: 1 // 0, h=()).startswith(
        "Your function cannot be drawn: it stops with ZeroDivisionError"
    )


def test_whoever_interrupts_the_kernel_interrupts_it():
    def slow():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        guarded(slow)()
