"""Plain data across a process boundary: dtype, shape and bytes, never pickle.

`encode` turns a value into a JSON text and a list of buffers; `decode` turns them back. `decode` trusts
nothing: lengths are compared before anything is allocated, only plain dtypes pass, and depth, number of parts
and bytes have limits. A value of any other type crosses as its name alone (`Opaque`).

This file also runs inside the marking sandbox, so it imports numpy and `named` alone.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fnnkit.kernel.named import Named

MAX_DEPTH = 12
MAX_PARTS = 20_000
MAX_BYTES = 64 << 20
MAX_TEXT = 100_000
MAX_DIGITS = 4_000
MAX_HEADER = 8 << 20
MAX_AXES = 8
SIZES = (1, 2, 4, 8, 16, 32)
"""Bytes of a number."""
PLAIN_KINDS = "biufc"
PLAIN_DTYPE = re.compile(rf"[<>|=]?[{PLAIN_KINDS}][0-9]{{1,2}}")


@dataclass(frozen=True)
class Opaque:
    """Something that is not plain data; only the name of its type has crossed."""

    type_name: str


class NotPlain(ValueError):
    """What came is not the encoding of plain data, or is larger than allowed."""


def readable(text: object, limit: int) -> str:
    """Cut a text, and replace what no file can hold: halves of surrogate pairs."""
    return str(text)[:limit].encode("utf-8", "replace").decode()


def encode(value: object) -> tuple[str, list[bytes]]:
    """Encode numbers, texts, arrays, tuples, lists, dicts and `Named` functions.

    Returns
    -------
    header : str
        JSON: the tree of the value.
    buffers : list of bytes
        The bytes of its arrays, in C order, in the order in which the tree refers to them.
    """
    buffers: list[bytes] = []
    return json.dumps(_tree(value, buffers, 0)), buffers


def _tree(value: object, buffers: list[bytes], depth: int) -> Any:
    if depth > MAX_DEPTH:
        return {"opaque": "something nested too deeply"}
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is str or kind is np.str_:
        return str(value)[:MAX_TEXT]
    if kind is int:
        assert isinstance(value, int)
        # bit_length first: turning a gigantic integer into digits would take for ever
        return {"int": str(value)} if value.bit_length() < 3 * MAX_DIGITS else {"opaque": "a gigantic int"}
    if kind is float:
        assert isinstance(value, float)
        return {"float": value.hex()}
    if kind is complex:
        assert isinstance(value, complex)
        return {"complex": [value.real.hex(), value.imag.hex()]}
    if kind is np.ndarray or isinstance(value, np.generic):
        array = np.asarray(value)
        if array.nbytes > MAX_BYTES:  # a broadcast view can claim any size
            return {"opaque": f"array of more than {MAX_BYTES >> 20} MB"}
        if array.dtype.kind in PLAIN_KINDS and not array.dtype.hasobject:
            buffers.append(array.tobytes())
            part = {"dtype": array.dtype.str, "shape": list(array.shape), "buffer": len(buffers) - 1}
            return part if kind is np.ndarray else {**part, "scalar": True}
        return {"opaque": f"array of dtype {array.dtype}"[:80]}
    if kind is tuple or kind is list:
        assert isinstance(value, tuple | list)
        # Short texts at once, as in a pair of a dict: a graph has thousands of them.
        short = MAX_TEXT if depth < MAX_DEPTH else -1
        return {
            kind.__name__: [
                part if type(part) is str and len(part) <= short else _tree(part, buffers, depth + 1)
                for part in value
            ]
        }
    if kind is dict:
        assert isinstance(value, dict)
        short = MAX_TEXT if depth < MAX_DEPTH else -1
        pairs = [
            [
                k if type(k) is str and len(k) <= short else _tree(k, buffers, depth + 1),
                _tree(v, buffers, depth + 1),
            ]
            for k, v in value.items()
        ]
        return {"dict": pairs}
    if kind is Named:
        assert isinstance(value, Named)
        return {"named": value.name, "parameters": _tree(dict(value.parameters), buffers, depth + 1)}
    return {"opaque": f"{kind.__name__}"[:80]}


def decode(header: str, buffers: Sequence[bytes | memoryview]) -> Any:
    """Decode what `encode` made, or anything that claims to be so.

    Raises
    ------
    NotPlain
        If it is not the encoding of plain data, or is larger than allowed.
    """
    try:
        if sum(memoryview(b).nbytes for b in buffers) > MAX_BYTES:
            raise NotPlain(f"more than {MAX_BYTES >> 20} MB of data")
        if len(header) > MAX_HEADER:
            raise NotPlain("a header that is too long")
        tree = json.loads(header)
        # Each buffer may be used once: a thousand arrays that share one would be a thousand copies of it.
        return _value(tree, dict(enumerate(buffers)), [MAX_PARTS], 0)
    except NotPlain:
        raise
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        RecursionError,
        OverflowError,
        AttributeError,
    ) as error:
        raise NotPlain(f"not plain data ({type(error).__name__})") from None


def plain(value: object) -> Any:
    """What `decode` gives of what `encode` makes of a value: a tenth of the time for numbers and arrays of them.

    Raises
    ------
    NotPlain
        As `decode`.
    """
    kind = type(value)
    if value is None or kind is bool or kind is float:
        return value
    if kind is np.ndarray:
        assert isinstance(value, np.ndarray)
        dtype = value.dtype
        if (
            dtype.kind in "iufc"
            and dtype.itemsize in SIZES
            and value.nbytes <= MAX_BYTES
            and value.ndim <= MAX_AXES
        ):
            return value.copy()
    return decode(*encode(value))


def _value(tree: Any, buffers: dict[int, bytes | memoryview], parts_left: list[int], depth: int) -> Any:
    parts_left[0] -= 1
    if parts_left[0] < 0 or depth > 2 * MAX_DEPTH:
        raise NotPlain("too many parts or too deep")
    if tree is None or type(tree) is bool:
        return tree
    if type(tree) is str:
        return tree[:MAX_TEXT]
    if type(tree) is not dict:
        raise NotPlain("an unknown kind of part")
    if "dtype" in tree:
        return _array(tree, buffers)
    if "int" in tree:
        if type(tree["int"]) is not str or len(tree["int"]) > MAX_DIGITS + 1:
            raise NotPlain("an integer that is too long")
        return int(tree["int"])
    if "float" in tree:
        return float.fromhex(tree["float"])
    if "complex" in tree:
        real, imag = tree["complex"]
        return complex(float.fromhex(real), float.fromhex(imag))
    for name, make in (("tuple", tuple), ("list", list)):
        if name in tree:
            if type(tree[name]) is not list:
                raise NotPlain("an unknown kind of part")
            return make(_value(part, buffers, parts_left, depth + 1) for part in tree[name])
    if "dict" in tree:
        return {
            _value(key, buffers, parts_left, depth + 1): _value(part, buffers, parts_left, depth + 1)
            for key, part in tree["dict"]
        }
    if "named" in tree:
        parameters = _value(tree["parameters"], buffers, parts_left, depth + 1)
        return Named(str(tree["named"])[:80], **parameters)
    if "opaque" in tree:
        return Opaque(readable(tree["opaque"], 80))
    raise NotPlain("an unknown kind of part")


def _array(tree: dict[str, Any], buffers: dict[int, bytes | memoryview]) -> Any:
    code, shape, index = tree["dtype"], tree["shape"], tree["buffer"]
    # The text is matched first: numpy's own reading of dtypes knows far more than is wanted here.
    if type(code) is not str or not PLAIN_DTYPE.fullmatch(code) or type(index) is not int:
        raise NotPlain("an array without a plain dtype")
    dtype = np.dtype(code)
    if dtype.kind not in PLAIN_KINDS or dtype.hasobject or dtype.itemsize not in SIZES:
        raise NotPlain("an array without a plain dtype")
    if type(shape) is not list or len(shape) > MAX_AXES or not all(type(n) is int and n >= 0 for n in shape):
        raise NotPlain("an array without a plain shape")
    raw = bytes(buffers.pop(index))
    if len(raw) != dtype.itemsize * math.prod(shape):
        raise NotPlain("an array whose bytes do not fit its shape")
    array = np.frombuffer(raw, dtype).reshape(shape)
    if dtype.kind == "b" and raw.strip(b"\x00\x01"):
        raise NotPlain("a boolean that is neither 0 nor 1")
    return array[()] if tree.get("scalar") is True and not shape else array.copy()
