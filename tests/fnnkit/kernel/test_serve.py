"""What a kernel says about a call is a claim: it is read as such, or it is refused."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fnnkit.kernel.serve import cell, question, read_answer
from fnnkit.kernel.wire import NotPlain, decode, encode


def content(**changes):
    honest = {"index": 2, "error": None, "warnings": [], "changed": []}
    return honest | changes


VALUE = [encode(1.5)[0].encode()]


def deep(n):
    tree = []
    for _ in range(n):
        tree = [tree]
    return tree


def test_an_honest_answer_is_read():
    value, buffers = encode(np.array([1.0, 2.0]))
    said = content(
        warnings=["RuntimeWarning: x"],
        changed=[0],
        error=[["ValueError", "Exception"], "m", "l"],
    )
    index, answer = read_answer(said, [value.encode(), *buffers])
    assert index == 2
    assert answer.value.tolist() == [1.0, 2.0]
    assert (answer.warnings, answer.changed) == (("RuntimeWarning: x",), (0,))
    assert (answer.error.kinds, answer.error.message, answer.error.line) == (
        ("ValueError", "Exception"),
        "m",
        "l",
    )
    assert answer.library == ""


@pytest.mark.parametrize(
    "said",
    [
        None, [], "text", {}, content(index="2"), content(index=True), content(index=None), content(error=[]),
        content(error=["ValueError", "m", "l"]),
        content(error=[[], "m", "l"]), content(error=[[1], "m", "l"]), content(error=[["E"], 1, "l"]),
        content(error=[["E"], deep(900), "l"]), content(error=[["E"], "m", None]), content(error={"kinds": []}),
        content(error=3), content(warnings="text"), content(warnings=[1]), content(changed="01"), content(changed=[0.5]),
        content(changed=[True]), content(changed={}),
    ],
)  # fmt: skip
def test_anything_else_is_refused(said):
    with pytest.raises(NotPlain):
        read_answer(said, VALUE)


@pytest.mark.parametrize("parts", [[], [b""], [b"{"], [b"\xff"], [b"[]"], [b'{"float": 1}']])
def test_a_value_of_another_form_is_refused(parts):
    with pytest.raises(NotPlain):
        read_answer(content(), parts)


def test_long_claims_are_cut_and_can_be_written_to_a_file():
    said = content(
        error=[["E\ud800" * 100] * 100, "\ud800" * 1000, "x" * 1000],
        warnings=["w\udfff" * 1000] * 100,
        changed=list(range(100)),
    )
    _, answer = read_answer(said, VALUE)
    texts = [*answer.error.kinds, answer.error.message, answer.error.line, *answer.warnings]
    assert max(map(len, texts)) <= 300
    assert len(texts) <= 12 + 2 + 5
    assert len(answer.changed) <= 20
    "".join(texts).encode()


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(
    st.fixed_dictionaries(dict.fromkeys(content(), json_values)),
    json_values,
    st.lists(st.binary(max_size=9), max_size=2),
)
def test_any_content_is_read_or_refused(said, value, buffers):
    try:
        index, _ = read_answer(said, [json.dumps(value).encode(), *buffers])
    except NotPlain:
        return
    assert type(index) is int


def test_a_question_carries_the_arguments_of_all_cases():
    said, header, array = question("f", [(np.array([1.0]), 2), ("a",)])
    assert json.loads(said) == {"call": "f"}
    first, second = decode(header.decode(), [array])
    assert first[0].tolist() == [1.0]
    assert first[1:] == (2,)
    assert second == ("a",)


def test_a_cell_is_sent_even_if_no_file_could_hold_it():
    said, source = cell("1-2", "x = '\ud800'")
    assert json.loads(said) == {"run": "1-2", "seconds": 0.0, "keep": []}
    assert source.decode() == "x = '?'"
