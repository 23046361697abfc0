"""Two texts that say the same, whatever their authors call things."""

import pytest

from grader.pages.normalised import PIECE, normalised, pieces

TEXT = "def f(x, n):\n    total = 0.0\n    for i in range(n):\n        total += x[i] * np.sqrt(i)\n    return total\n"


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("total", "s").replace("i]", "j]").replace("(i)", "(j)").replace("for i", "for j"),
        TEXT.replace("    total = 0.0", '    """Doc."""\n\n    # sum\n    total: float = 0.0'),
        TEXT.replace("x[i] * np.sqrt(i)", "(x[i]*np.sqrt( i ))"),
        TEXT.replace("(x, n)", "(values: list, n: int) -> float").replace("x[", "values["),
    ],
)
def test_names_comments_annotations_and_layout_make_no_difference(other):
    assert normalised(other, "f") == normalised(TEXT, "f")


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("np.sqrt", "np.exp"),  # a function that is called is no name of the student's
        TEXT.replace("0.0", "1.0"),
        TEXT.replace("x[i] * np.sqrt(i)", "x[n] * np.sqrt(i)"),  # another variable
        TEXT.replace("total +=", "total -="),
    ],
)
def test_what_is_computed_does(other):
    assert normalised(other, "f") != normalised(TEXT, "f")


@pytest.mark.parametrize(
    "text", ["def f(x: return", "", "\x00", "(" * 5000, "def f(x):\n\treturn x\n        y"]
)
def test_what_is_no_python_is_compared_as_it_stands(text):
    assert normalised(text, "f") == normalised("  " + text + " \n", "f") or text.startswith("(")
    assert pieces(normalised(text, "f"))


def test_a_piece_is_a_run_of_tokens():
    assert all(len(p.split()) <= PIECE for p in pieces("return a + b * c - d"))
    assert pieces("return a") == {"return a"}
