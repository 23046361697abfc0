"""What is said about a cell that an older Python does not read, and that reading it warns of nothing."""

import tomllib
import warnings
from pathlib import Path

import pytest

from fnnkit.judge.answers import definitions, look, parse
from fnnkit.judge.notes import OLDEST, quotes_again, too_new

ROOT = Path(__file__).resolve().parents[3]


def test_the_oldest_python_is_the_one_that_the_project_asks_for():
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert asked.startswith(f">={OLDEST[0]}.{OLDEST[1]}")


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("def f(z):\n    try:\n        return z\n    except* ValueError:\n        pass", (3, 10)),
        ("def f(z):\n    match z:\n        case 1:\n            return 2", (3, 9)),
    ],
)
def test_what_an_older_python_does_not_read_is_said_with_its_place(text, version):
    said = too_new(text, version)
    assert said.startswith("something in the cell, near `")
    assert f"newer than Python 3.{version[1]}" in said
    assert too_new(text, OLDEST) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "def f(z):\n    return f\"{z['a']:>{4}} {{}}\"",
        "not python (",
        "x = '\\d'",
        "def f():\n    return f'{1}' 'x'",
    ],
)
def test_of_what_the_oldest_reads_nothing_is_said(text):
    assert too_new(text) == ""


@pytest.mark.parametrize(
    ("literal", "newer"),
    [
        ('f"{names["a"]}"', True),
        ("f'{a['x']}'", True),
        ('f"{chr(92) + "\\n"}"', True),
        ("f\"{names['a']}\"", False),
        ('f"""{a[\'x\']} and {b["y"]}"""', False),
        ('f"{a:{w}} \\n {{\\"}}"', False),
        ("plain", False),
    ],
)
def test_quotes_inside_the_braces_of_an_f_string(literal, newer):
    assert quotes_again(literal) is newer


def test_reading_a_cell_does_not_repeat_what_python_has_warned_of():
    text = "import re\n\ndef f(z):\n    return re.sub('\\d', '', z) if z is 1 else '\\w'"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert parse(text) is not None
        assert look(text).functions == {"f"}
        assert "def f" in definitions(text)
        assert too_new(text) == ""
