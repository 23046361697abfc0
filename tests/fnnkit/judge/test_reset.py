"""A fresh cell for an exercise: what was handed out, below, and the old answer untouched."""

import types

import IPython
import pytest

from fnnkit.exercises import reset
from fnnkit.judge import released
from fnnkit.judge.answers import is_stub
from fnnkit.judge.registry import chapter_ids, contents


@pytest.mark.parametrize("chapter", chapter_ids())
def test_every_exercise_has_the_cell_that_was_handed_out(chapter):
    for name in contents(chapter):
        text = released.stub_of(chapter, name)
        assert text is not None
        assert is_stub(text, name) or f"def {name}(" in text, name
        assert "raise NotImplementedError" in text or name == "affine", name  # which is shown as an example


def test_in_a_notebook_the_cell_comes_below_and_words_say_which_one_counts(monkeypatch, capsys):
    put = []
    shell = types.SimpleNamespace(set_next_input=put.append)
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
    reset("relu")
    assert put == [released.stub_of("ch1_xor", "relu")]
    assert "it is what is marked" in capsys.readouterr().out


def test_outside_it_is_printed(capsys):
    reset("mse")
    assert capsys.readouterr().out.strip() == released.stub_of("ch1_xor", "mse")


def test_a_name_that_is_none_is_refused():
    with pytest.raises(ValueError, match="did you mean 'relu'"):
        reset("rellu")


def test_without_the_chapters_it_says_what_to_do(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(released, "folder_of", lambda _: tmp_path / "fnnkit")
    reset("relu")
    assert "unpack the course's folder again" in capsys.readouterr().out
