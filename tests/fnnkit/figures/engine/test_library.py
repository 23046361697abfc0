"""A figure takes functions of other chapters from what the student has saved, and says which."""

import html
import shutil
from pathlib import Path

import nbformat
import numpy as np
import pytest

from fnnkit.activations import dead_units, sparsity
from fnnkit.figures.ch3_activations import sparsity_through_depth
from fnnkit.figures.engine.library import Library
from fnnkit.judge import mine
from fnnkit.judge.mine import Source

COURSE = Path(__file__).resolve().parents[4] / "course"
CHAPTER, EARLIER = "ch3_activations", "ch1_xor"
RELU = "calls = []\n\n\ndef relu(z):\n    {}\n    return np.maximum(z, 0.0)"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Chapters 1 and 3 side by side; the kernel runs in that of chapter 3."""
    for chapter in (EARLIER, CHAPTER):
        (tmp_path / chapter).mkdir()
        shutil.copy(COURSE / chapter / f"{chapter}.ipynb", tmp_path / chapter)
    monkeypatch.chdir(tmp_path / CHAPTER)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return tmp_path


def save(course, text):
    """What the student saves as `relu` in chapter 1."""
    path = course / EARLIER / f"{EARLIER}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    [cell] = [c for c in notebook.cells if c.metadata.nbgrader.grade_id == "relu"]
    cell.source = text
    nbformat.write(notebook, path)


def opened():
    shown = sparsity_through_depth(sparsity, dead_units)
    return shown, html.unescape(shown.note.value)


def zeros(shown):
    return list(shown.figure.figure.axes[0].lines[0].get_ydata())


def test_a_solved_function_of_an_earlier_chapter_draws_and_the_figure_says_so(course):
    save(course, RELU.format("calls.append(z.shape)"))
    shown, said = opened()
    assert (
        "Also drawn with your own relu and fnnkit's sigmoid (no notebook of ch2_output_units lies here)."
        in said
    )
    calls = mine._defined(*_text(course))[0].__globals__["calls"]
    before = len(calls)
    shown.set(bias=-0.5)
    assert calls[before:] == [(200, 64)] * 8


def _text(course):
    path = mine.notebook_of(EARLIER)
    assert path == course / EARLIER / f"{EARLIER}.ipynb"
    return path, path.stat().st_mtime_ns, EARLIER, "relu"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def relu(z):\n    raise NotImplementedError", "not answered yet in ch1_xor.ipynb as saved"),
        ("def relu(z):\n    return np.abs(z)", "check not passed yet in ch1_xor.ipynb"),
        ("def relu(z):\n    while True:\n        pass", "too slow to be checked here: in ch1_xor.ipynb"),
    ],
)
def test_otherwise_the_reference_draws_and_one_quiet_line_says_why(course, text, why):
    save(course, RELU.format("pass"))
    right = zeros(opened()[0])
    save(course, text)
    shown, said = opened()
    assert f"fnnkit's relu ({why})" in said
    assert said.count("<div") == 1
    assert zeros(shown) == right


def test_it_is_judged_when_the_first_figure_opens_and_not_again(course, monkeypatch):
    judged = []
    real = mine.standing
    monkeypatch.setattr(mine, "standing", lambda name, *rest: judged.append(name) or real(name, *rest))
    save(course, RELU.format("'a text that nobody has judged'"))
    opened()
    opened()
    assert judged == ["relu"]


def test_what_it_does_beyond_its_check_is_said_in_words(course):
    save(course, RELU.format("assert np.shape(z) != (200, 64), 'too many'"))
    shown, _ = opened()
    assert "<img" not in shown.picture.value
    assert "Your relu cannot be drawn: it stops with AssertionError: too many." in shown.alt


def test_nothing_of_it_answers_while_an_answer_is_checked(course, capsys):
    from fnnkit.exercises import check

    save(course, RELU.format("pass"))
    (relu,) = Library().take("relu")
    assert relu(np.array([-1.0, 2.0])).tolist() == [0.0, 2.0]
    assert check("relu", relu) == 0.0
    assert "an answer stands alone" in capsys.readouterr().out


def test_the_line_names_each_function_once_with_its_reason():
    library = Library()
    assert library.said() == ""
    for name, source in {
        "softmax": Source(False, "not answered yet in b.ipynb as saved"),
        "relu": Source(True, "a.ipynb"),
        "sigmoid": Source(False, "not answered yet in b.ipynb as saved"),
        "affine": Source(True, "a.ipynb"),
        "tanh_grad": Source(False, "no notebook of c lies here"),
    }.items():
        library.taken[name] = source
    assert library.said() == (
        "Also drawn with your own relu and affine, fnnkit's softmax and sigmoid (not answered yet in b.ipynb as saved) and "
        "fnnkit's tanh_grad (no notebook of c lies here)."
    )
