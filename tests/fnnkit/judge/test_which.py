"""Which notebook is meant, of all that lie in some folders."""

import os
import shutil
from pathlib import Path

import nbformat
import pytest

from fnnkit.judge import which
from fnnkit.judge.which import lying, of_a_chapter, running

COURSE = Path(__file__).resolve().parents[3] / "course"
CHAPTER = "ch1_xor"


def work(path):
    """A notebook in which somebody has worked."""
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(COURSE / CHAPTER / f"{CHAPTER}.ipynb", as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("def relu(z):\n    return np.maximum(0, z)"))
    nbformat.write(notebook, path)
    return path


def test_those_with_work_come_first_and_of_these_the_newest(tmp_path):
    fresh = Path(shutil.copy(COURSE / CHAPTER / f"{CHAPTER}.ipynb", tmp_path))
    older, newer = work(tmp_path / "a" / "tuesday.ipynb"), work(tmp_path / "b" / "monday.ipynb")
    work(tmp_path / ".ipynb_checkpoints" / "kept.ipynb")
    work(tmp_path / "a" / "deep" / "down.ipynb")
    os.utime(older, ns=(1, 1))
    os.utime(newer, ns=(2, 2))
    assert of_a_chapter(lying(tmp_path), CHAPTER) == [(newer, True), (older, True), (fresh, False)]
    assert of_a_chapter(lying(tmp_path)) == of_a_chapter(lying(tmp_path), CHAPTER)
    assert of_a_chapter(lying(tmp_path), "ch5_backprop") == []


def test_what_is_no_notebook_of_a_chapter_is_passed_over(tmp_path, monkeypatch):
    (tmp_path / "broken.ipynb").write_text('{"grade_id"')
    (tmp_path / "other.ipynb").write_text('{"cells": []}')
    (tmp_path / "folder.ipynb").mkdir()
    (tmp_path / "gone.ipynb").symlink_to(tmp_path / "nowhere")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.ipynb")  # reading it would wait for ever
    monkeypatch.setattr(which, "LARGEST", 100_000)
    (tmp_path / "large.ipynb").write_text('{"cells": [], "grade_id": "' + "x" * 100_000 + '"}')
    assert of_a_chapter(lying(tmp_path)) == []


def test_a_file_is_read_once_and_again_when_it_has_changed(tmp_path, monkeypatch):
    read = []
    real = which.load
    monkeypatch.setattr(which, "load", lambda path: read.append(path) or real(path))
    path = work(tmp_path / "x.ipynb")
    assert of_a_chapter([path, path]) == of_a_chapter([path]) == [(path, True)]
    assert read == [path]
    os.utime(path, ns=(1, 1))
    of_a_chapter([path])
    assert read == [path, path]


@pytest.mark.parametrize("told", ["", "no such file.ipynb", "file.txt"])
def test_the_notebook_that_runs_is_known_if_it_is_a_file(tmp_path, monkeypatch, told):
    (tmp_path / "file.txt").touch()
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / told) if told else "")
    assert running() is None
    monkeypatch.setenv("JPY_SESSION_NAME", str(work(tmp_path / "x.ipynb")))
    assert running() == tmp_path / "x.ipynb"
