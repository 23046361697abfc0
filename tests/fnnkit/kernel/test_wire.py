"""Plain data survives the crossing bit by bit; whatever else claims to be plain data is refused, cheaply."""

import json
import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from fnnkit.kernel import wire
from fnnkit.kernel.named import Named
from fnnkit.kernel.wire import NotPlain, Opaque, decode, encode, plain

DTYPES = [
    "bool", "int8", "uint8", "int16", "int32", "int64", "uint64", "float16", "float32", "float64", "longdouble",
    "complex64", "complex128", ">f8", ">i4",
]  # fmt: skip


def crossed(value):
    """What arrives; the short way of a value that does not leave gives the same."""
    got, short = decode(*encode(value)), plain(value)
    if not isinstance(got, tuple):  # where `Named` functions are, which cannot be compared
        assert same(got, short)
    if isinstance(got, np.ndarray):
        assert (got.flags.c_contiguous, got.flags.owndata) == (short.flags.c_contiguous, short.flags.owndata)
        assert not np.shares_memory(short, value)
    return got


def same(a, b):
    """Equal in type and in every bit; NaN is itself, and −0 is not 0."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        bits = (
            a.tobytes() == b.tobytes() if a.dtype != np.longdouble else np.array_equal(a, b)
        )  # it has padding
        return a.dtype == b.dtype and a.shape == b.shape and bits
    if isinstance(a, float):
        return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1, a) == math.copysign(1, b))
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    return a == b


arrays = st.sampled_from([np.dtype(d) for d in DTYPES if d != "longdouble"]).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3))
)
keys = st.one_of(st.text(max_size=5), st.integers(), st.booleans())
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**200), 2**200), st.floats(), st.complex_numbers(), st.text()
)
values = st.recursive(
    st.one_of(scalars, arrays),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(keys, inner, max_size=3),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(values)
def test_plain_data_crosses_bit_by_bit(value):
    assert same(crossed(value), value)


@pytest.mark.parametrize("dtype", DTYPES)
def test_arrays_and_scalars_of_every_plain_dtype_keep_it(dtype):
    array = np.array([[0, 1, 1], [1, 0, 1]]).astype(dtype)
    assert same(crossed(array), array)
    assert same(crossed(array[0, 1]), array[0, 1])


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, -0.0, 5e-324, 1.7976931348623157e308, 0.1])
def test_extreme_floats_cross(value):
    assert same(crossed(value), value)
    assert same(crossed(np.float64(value)), np.float64(value))


@pytest.mark.parametrize("value", [2**63, -(2**64), 10**3000, -(10**3000)])
def test_large_integers_cross_exactly(value):
    assert crossed(value) == value


def test_a_gigantic_integer_crosses_as_its_description_only():
    assert isinstance(crossed(1 << 20_000), Opaque)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12.0).reshape(3, 4).T,
        np.arange(12.0)[::-2],
        np.broadcast_to(np.array([1.0, 2.0]), (3, 2)),
        np.asfortranarray(np.arange(6).reshape(2, 3)),
    ],
)
def test_views_and_other_memory_orders_keep_their_values(array):
    got = crossed(array)
    np.testing.assert_array_equal(got, array)
    assert got.dtype == array.dtype


def test_what_arrives_is_a_copy_that_may_be_written_to():
    sent = np.zeros(3)
    got = crossed(sent)
    got[0] = 1.0
    assert sent[0] == 0.0


def test_a_test_function_crosses_with_its_parameters():
    got = crossed((Named("quadratic", A=np.eye(2), b=np.array([1.0, 2.0])),))[0]
    assert got.function()(np.array([1.0, 1.0])) == 1.0 - 3.0


def test_a_numpy_text_crosses_as_a_text():
    assert same(crossed(np.str_("saddle")), "saddle")


class Impostor(float):
    pass


class Table(np.ndarray):
    pass


@pytest.mark.parametrize(
    "value",
    [object(), Impostor(1.0), {1, 2}, b"bytes", range(3), np.array([object()]), np.array(["a"]),
     np.zeros(2).view(Table), np.datetime64("2020-01-01"), np.zeros(2, dtype=[("a", "f8")]), np.ma.masked_array([1.0]),
     (x for x in ()), float, len],
)  # fmt: skip
def test_anything_else_crosses_as_the_name_of_its_type(value):
    assert isinstance(crossed(value), Opaque)
    assert isinstance(crossed([value])[0], Opaque)


def test_a_list_inside_itself_ends():
    loop = []
    loop.append(loop)
    text, buffers = encode(loop)
    assert len(text) < 10_000
    assert buffers == []


def test_a_view_that_claims_terabytes_is_not_copied():
    assert isinstance(crossed(np.broadcast_to(1.0, (10**6, 10**6))), Opaque)


@pytest.mark.parametrize("short", [plain, lambda value: decode(*encode(value))])
def test_an_array_of_too_many_axes_is_not_plain(short):
    with pytest.raises(NotPlain):
        short(np.zeros((1,) * 9))


# --- hostile encodings -----------------------------------------------------------------------------------


def array_part(dtype="<f8", shape=(1,), buffer=0, **more):
    return json.dumps({"dtype": dtype, "shape": list(shape), "buffer": buffer, **more})


EIGHT = [b"12345678"]


def test_an_honest_array_part_is_read():
    assert decode(array_part(), [np.array([2.5]).tobytes()]) == [2.5]


@pytest.mark.parametrize(
    ("header", "buffers"),
    [
        (array_part(shape=(2,)), EIGHT),
        (array_part(shape=()), [b"1234"]),
        (array_part(shape=(0,)), EIGHT),
        (array_part(shape=(10**12,)), EIGHT),
        (array_part(shape=(10**30, 0)), [b""]),
        (array_part(shape=(2**62, 4, 0)), [b""]),
        (array_part(shape=(-1,)), EIGHT),
        (array_part(shape=(-1, -1)), EIGHT),
        (array_part(shape=(1.0,)), EIGHT),
        (array_part(shape=(True,)), EIGHT),
        (array_part(shape=("1",)), EIGHT),
        (array_part(shape=[1] * 9), EIGHT),
        (json.dumps({"dtype": "<f8", "shape": "1", "buffer": 0}), EIGHT),
        (json.dumps({"dtype": "<f8", "shape": None, "buffer": 0}), EIGHT),
        (json.dumps({"dtype": "<f8", "buffer": 0}), EIGHT),
        (json.dumps({"dtype": "<f8", "shape": [1]}), EIGHT),
        (array_part(buffer=1), EIGHT),
        (array_part(buffer=-1), EIGHT),
        (array_part(buffer="0"), EIGHT),
        (array_part(buffer=False), EIGHT),
        (array_part(buffer=0), []),
        *[
            (array_part(dtype=d), EIGHT)
            for d in ("O", "|O", "O8", "<M8", "<m8", "|S8", "<U2", "|V8", "f8,", ",", "(1,)f8", "(,)i4", "f8;", "a8",
                      "i4,i4", "f4x", "float64", "<f3", "<i16", "", " <f8", "<f8\n", "<f\u0668")
        ],
        (json.dumps({"dtype": ["<f8"], "shape": [1], "buffer": 0}), EIGHT),
        (json.dumps({"dtype": {"names": ["a"], "formats": ["O"]}, "shape": [1], "buffer": 0}), EIGHT),
        (array_part(dtype="|b1", shape=(2,)), [b"\x00\x02"]),
        ("[" * 100_000, []),
        ('{"list":[' * 500 + "]}" * 500, []),
        (json.dumps({"list": [None] * (wire.MAX_PARTS + 1)}), []),
        (json.dumps({"int": "9" * 100_000}), []),
        (json.dumps({"int": 3}), []),
        (json.dumps({"int": "x"}), []),
        ("9" * 10_000, []),
        ("3", []),
        ("1.5", []),
        ("NaN", []),
        ("[]", []),
        ("{}", []),
        ("", []),
        ("not json", []),
        ("\udcff", []),
        (None, []),
        (b"\xff\xfe\x00", []),
        (json.dumps({"float": "zzz"}), []),
        (json.dumps({"float": None}), []),
        (json.dumps({"float": "0x1p99999"}), []),
        (json.dumps({"complex": ["0x0p0"]}), []),
        (json.dumps({"tuple": "ab"}), []),
        (json.dumps({"list": {"0": None}}), []),
        (json.dumps({"dict": [[{"list": []}, None]]}), []),
        (json.dumps({"dict": [[1]]}), []),
        (json.dumps({"dict": 1}), []),
        (json.dumps({"named": "system", "parameters": {"dict": []}}), []),
        (json.dumps({"named": "sine"}), []),
        (json.dumps({"named": "sine", "parameters": None}), []),
        (json.dumps({"named": "sine", "parameters": {"dict": [["name", None]]}}), []),
        (json.dumps({"named": "sine", "parameters": {"dict": [[None, None]]}}), []),
        (json.dumps("x" * (wire.MAX_HEADER + 1)), []),
    ],
)  # fmt: skip
def test_a_lie_is_not_plain(header, buffers):
    with pytest.raises(NotPlain):
        decode(header, buffers)


def test_more_bytes_than_allowed_are_refused_before_they_are_read():
    half = bytes(wire.MAX_BYTES // 2 + 1)
    with pytest.raises(NotPlain, match="MB"):
        decode("null", [half, half])


def test_a_buffer_may_be_used_once_so_that_one_message_cannot_become_thousands_of_copies():
    big = bytes(1 << 20)
    part = {"dtype": "|u1", "shape": [1 << 20], "buffer": 0}
    tracemalloc.start()
    try:
        with pytest.raises(NotPlain):
            decode(json.dumps({"list": [part] * 10_000}), [big])
        assert tracemalloc.get_traced_memory()[1] < 32 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "header", [array_part(shape=(10**12,)), json.dumps({"int": "9" * 10**6}), array_part(shape=[10**6] * 8)]
)
def test_a_refusal_allocates_next_to_nothing(header):
    tracemalloc.start()
    try:
        with pytest.raises(NotPlain):
            decode(header, EIGHT)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_half_a_surrogate_pair_in_the_name_of_a_type_can_be_written_to_a_file():
    decode('{"opaque": "\\ud800"}', []).type_name.encode()


json_trees = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4), st.sampled_from(["<f8", "|b1"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["dtype", "shape", "buffer", "int", "float", "complex", "tuple", "list", "dict", "named", "parameters",
                 "opaque", "scalar"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(json_trees, st.lists(st.binary(max_size=16), max_size=3))
def test_any_json_either_decodes_to_plain_data_or_is_not_plain(tree, buffers):
    try:
        value = decode(json.dumps(tree), buffers)
    except NotPlain:
        return
    encode(value)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="<>|=biufcOSVMm0123456789,()?:[] ", max_size=6), st.binary(max_size=32))
def test_any_text_in_the_place_of_a_dtype_gives_a_plain_array_or_is_not_plain(dtype, raw):
    try:
        value = decode(array_part(dtype=dtype, shape=()), [raw])
    except NotPlain:
        return
    assert isinstance(value, np.ndarray)
    assert value.dtype.kind in "biufc"


@pytest.mark.parametrize("wrap", [lambda v: [v], lambda v: (v,), lambda v: {"k": v}, lambda v: {v: 1}])
@pytest.mark.parametrize("text", ["", "short", "x" * wire.MAX_TEXT, "x" * (wire.MAX_TEXT + 1)])
def test_a_text_is_itself_and_cut_wherever_it_stands(wrap, text):
    assert crossed(wrap(text)) == wrap(text[: wire.MAX_TEXT])


@pytest.mark.parametrize("wrap", [lambda v: [v], lambda v: (v,), lambda v: {"k": v}])
def test_a_text_crosses_as_deep_as_everything_else_does(wrap):
    for value in ("text", 1):
        for _ in range(wire.MAX_DEPTH):
            value = wrap(value)
        assert "too deeply" not in encode(value)[0]
        assert "too deeply" in encode(wrap(value))[0]
