"""Texts from outside: what is not seen is written out, and written answers lead nowhere."""

from __future__ import annotations

import unicodedata

import pytest

from grader.marking.folder import BadSubmission
from grader.marking.submission import check_name
from grader.marking.text import inert, visible, visible_output

HIDDEN = [
    *map(chr, range(0x20)), "\x7f", *map(chr, range(0x80, 0xA0)), "\xad", *"\u061c\u200b\u200c\u200d\u200e\u200f\u2028\u2029",
    *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2060, 0x2070)), "\ufeff", "\ufff9", "\ud800",
    "\U000e0041", "\u3164", "\u2800",
]  # fmt: skip


@pytest.mark.parametrize("sign", HIDDEN, ids=[f"{ord(s):x}" for s in HIDDEN])
def test_what_is_not_seen_is_written_out_and_no_name(sign):
    shown = visible(f"e{sign}ve")
    assert shown.startswith("e\\")
    assert shown.isprintable()
    with pytest.raises(BadSubmission, match="not a safe name"):
        check_name(f"e{sign}ve")


@pytest.mark.parametrize(
    "name", ["Zoë Müller", "李雷", "O'Brien", "s001", "Владимир", "مريم", "José-María", "a_b (2)", "e\u0301"]
)
def test_names_of_people_stay_as_they_are(name):
    assert visible(name) == name
    check_name(name)


def test_outputs_keep_their_lines_and_colours_and_nothing_else():
    text = "\x1b[31mred\x1b[0m\n\tx\x1b]0;owned\x07\x1b[2J\x9b31m\u202e"
    assert visible_output(text) == "\x1b[31mred\x1b[0m\n\tx\\x1b]0;owned\\x07\\x1b[2J\\x9b31m\\u202e"


@pytest.mark.parametrize(
    "text",
    [
        "Because $a_1<b_2$ and `x<y`, so **no** line.", "1. one\n2. two\n\n> quote\n\n| a | b |\n|--|--|\n| 1 | 2 |",
        "x<sub>1</sub><br>y", "[book](https://example.org) <https://example.org>",
        "```python\nif a > b: pass\n```",
        "f[0] != 1!", "*Write*",
    ],
)  # fmt: skip
def test_honest_answers_lose_nothing(text):
    assert inert(text).replace(" ", "") == text.replace(" ", "")
    assert all(not unicodedata.category(sign).startswith("C") or sign == "\n" for sign in inert(text))


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x>", "<IMG src=x>", "</p onclick=x>", "<!-- -->", "<?x?>",
        "<p class='x'>", "<svg/onload=x>", "<a href='x'>",
        "<b onclick=x>", "<https:x>", "![a](x)", "![a][b]", "[a](x)", "[a](//x)", "[a]( javascript:x)", "[a]: x",
        "```mermaid", "~~~ {.mermaid",
    ],
)  # fmt: skip
def test_what_would_load_or_lead_is_kept_apart_by_a_space(text):
    assert inert(text) != text
    assert inert(inert(text)) == inert(text)
