"""A notebook and an fnnkit that were not handed out together are told apart; where nobody knows, nothing is said."""

import json
import os

import pytest

from fnnkit.judge import versions


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.setattr(versions, "installed", lambda *_: "0.1.0+cb")
    return tmp_path


def write(path, version):
    path.write_text(json.dumps(versions.stamped({"cells": [], "metadata": {"kernelspec": {}}}, version)))


def test_only_what_is_known_to_differ_is_said(folder):
    assert versions.differs("ch1_xor") == ""  # no notebook
    path = folder / "ch1_xor.ipynb"
    path.write_text('{"cells": []}')
    assert versions.differs("ch1_xor") == ""  # of no handout
    write(path, "0.1.0+cb")
    os.utime(path, (1, 1))
    assert versions.differs("ch1_xor") == ""
    write(path, "0.1.0+ca")
    os.utime(path, (2, 2))
    assert "this notebook is of version 0.1.0+ca of the course, and the fnnkit that runs is of 0.1.0+cb" in (
        versions.differs("ch1_xor")
    )


def test_the_notebook_is_the_one_that_jupyter_names(folder, monkeypatch):
    write(folder / "ch1_xor.ipynb", "0.1.0+cb")
    write(folder / "copy.ipynb", "0.1.0+ca")
    monkeypatch.setenv("JPY_SESSION_NAME", str(folder / "copy.ipynb"))
    assert "version 0.1.0+ca" in versions.differs("ch1_xor")


@pytest.mark.parametrize(
    "about", [None, [], {"fnnkit": "x"}, {"fnnkit": {"version": 3}}, {"fnnkit": {"version": "a\x1b[2J"}}]
)
def test_a_mark_that_is_none_says_nothing(folder, about):
    (folder / "ch1_xor.ipynb").write_text(json.dumps({"cells": [], "metadata": about}))
    assert versions.differs("ch1_xor") == ""


def test_a_clone_has_no_version(tmp_path):
    assert versions.installed() == ""


def test_a_mark_leaves_the_other_metadata_and_the_notebook_as_they_were():
    notebook = {"cells": [], "metadata": {"kernelspec": {"name": "python3"}}}
    stamped = versions.stamped(notebook, "1")
    assert stamped["metadata"] == {"kernelspec": {"name": "python3"}, "fnnkit": {"version": "1"}}
    assert "fnnkit" not in notebook["metadata"]
    assert versions.version_of(stamped) == "1"
