"""Checks of arguments: one line that names the argument, what was expected and what came."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

Float = NDArray[np.float64]


def describe(value: object) -> str:
    """Say in words what an argument is: its shape for an array, its type and value otherwise.

    >>> describe(np.zeros((2, 3)))
    'an array of shape (2, 3)'
    """
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    text = repr(value)
    return f"{type(value).__name__} {text if len(text) <= 60 else text[:57] + '...'}"


def real_array(name: str, value: ArrayLike, shape: Sequence[int | str] | None = None) -> Float:
    """Turn an argument into a float64 array of an expected shape.

    ``name`` is what the caller calls the argument. ``shape`` has one entry an axis: a number for an exact length,
    a letter for any. Equal letters do not have to agree; compare lengths of two arguments with `same_length`.

    >>> real_array("X", [[1, 2]], ("n", 2))
    array([[1., 2.]])
    >>> real_array("X", [1, 2], ("n", "d"))
    Traceback (most recent call last):
    ValueError: X should be an array of shape (n, d), but it is an array of shape (2,)
    """
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            raise TypeError
        array = array.astype(np.float64, copy=False)
    except (TypeError, ValueError):
        raise ValueError(f"{name} should hold real numbers, but it is {describe(value)}") from None
    if shape is not None:
        fits = array.ndim == len(shape) and all(
            isinstance(want, str) or want == have for want, have in zip(shape, array.shape, strict=True)
        )
        if not fits:
            if not shape:
                raise ValueError(f"{name} should be a number, but it is {describe(array)}")
            words = ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "")
            raise ValueError(f"{name} should be an array of shape ({words}), but it is {describe(array)}")
    return array


def same_length(first: str, a: Float, second: str, b: Float, axis_a: int = 0, axis_b: int = 0) -> None:
    """Refuse two arguments whose lengths along an axis differ, ``a.shape[axis_a] != b.shape[axis_b]``."""
    if a.shape[axis_a] != b.shape[axis_b]:
        raise ValueError(
            f"axis {axis_a} of {first} and axis {axis_b} of {second} should have the same length, "
            f"but the shapes are {a.shape} and {b.shape}"
        )


def whole_number(name: str, value: object, least: int = 0) -> int:
    """Turn an argument into an int that is not below ``least``; ``2.0`` and ``True`` are none.

    >>> whole_number("k", np.int64(3))
    3
    >>> whole_number("k", 0, least=1)
    Traceback (most recent call last):
    ValueError: k should be a whole number from 1 on, but it is int 0
    """
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < least:
        raise ValueError(f"{name} should be a whole number from {least} on, but it is {describe(value)}")
    return int(value)


def labels(name: str, value: ArrayLike, classes: int) -> NDArray[np.intp]:
    """Turn an argument into a vector of labels ``0 .. classes - 1``; numpy would take ``-1`` for the last class.

    >>> labels("g", [2, 0], classes=3)
    array([2, 0])
    >>> labels("g", [3], classes=3)
    Traceback (most recent call last):
    ValueError: g should hold labels from 0 to 2, but g[0] is 3
    """
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        raise ValueError(
            f"{name} should be integer labels of shape (n,), but it is {describe(value)}"
        ) from None
    if array.ndim != 1 or (array.dtype.kind not in "iu" and array.size > 0):
        raise ValueError(f"{name} should be integer labels of shape (n,), but it is {describe(value)}")
    outside = np.flatnonzero((array < 0) | (array >= classes))
    if outside.size > 0:
        first = outside[0]
        raise ValueError(
            f"{name} should hold labels from 0 to {classes - 1}, but {name}[{first}] is {array[first]}"
        )
    return array.astype(np.intp)


def layer_arrays(weights: Sequence[ArrayLike], biases: Sequence[ArrayLike]) -> list[tuple[Float, Float]]:
    """Check the layers of a network, each as its weights and biases."""
    for name, arrays in (("weights", weights), ("biases", biases)):
        if not isinstance(arrays, (list, tuple, np.ndarray)):
            raise ValueError(f"{name} should be a list of one array a layer, but it is {describe(arrays)}")
    if len(weights) != len(biases) or len(weights) == 0:
        raise ValueError(
            "weights and biases should hold one array a layer, at least one each, "
            f"but they hold {len(weights)} and {len(biases)}"
        )
    layers = []
    for i, (W, c) in enumerate(zip(weights, biases, strict=True)):
        matrix = real_array(f"weights[{i}]", W, ("d_in", "d_out"))
        layers.append((matrix, real_array(f"biases[{i}]", c, (matrix.shape[1],))))
    for i, ((W, _), (V, _)) in enumerate(pairwise(layers)):
        same_length(f"weights[{i}]", W, f"weights[{i + 1}]", V, axis_a=1, axis_b=0)
    return layers


def first_inputs(X: ArrayLike, layers: list[tuple[Float, Float]]) -> Float:
    """Check inputs of the first layer."""
    X = real_array("X", X, ("n", "d"))
    same_length("X", X, "weights[0]", layers[0][0], axis_a=1, axis_b=0)
    return X
