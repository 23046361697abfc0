"""Notebooks as Jupyter writes them are told from others."""

from __future__ import annotations

import json

import nbformat
import pytest

from grader.marking.ordinary import DEEPEST, is_ordinary
from grader.marking.submission import BadSubmission, read

OUTPUT = {"output_type": "stream", "name": "stdout", "text": "x"}


def notebook(**changes):
    """One cell of code with an output, something about the cell, or about the notebook, changed."""
    about = {
        name: changes.pop(name)
        for name in ("cells", "metadata", "nbformat", "nbformat_minor", "x")
        if name in changes
    }
    cell = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "source": ["x"],
        "outputs": [OUTPUT],
        "execution_count": 1,
    }
    return {"cells": [cell | changes], "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | about


def nested(depth):
    """Folders in folders."""
    made: dict = {}
    for _ in range(depth):
        made = {"a": made}
    return made


def test_what_students_get_and_what_nbformat_writes_is_ordinary(classroom):
    released = classroom.course.released("ch1_xor").read_text()
    assert is_ordinary(json.loads(released))
    assert is_ordinary(json.loads(nbformat.writes(nbformat.reads(released, as_version=4))))
    assert is_ordinary(notebook())


@pytest.mark.parametrize(
    "changes",
    [
        {"x": 1}, {"nbformat": 4.0}, {"nbformat": 3}, {"cells": None}, {"cells": [None]},
        {"metadata": None}, {"metadata": nested(DEEPEST)}, {"nbformat_minor": "5"}, {"nbformat_minor": 6},
        {"nbformat_minor": True}, {"cell_type": "heading"}, {"cell_type": ["code"]}, {"cell_type": "raw"}, {"id": 5},
        {"id": []}, {"source": None}, {"source": ["a", 1]}, {"attachments": {}}, {"outputs": None}, {"outputs": [None]},
        {"outputs": [{**OUTPUT, "output_type": []}]}, {"outputs": [{**OUTPUT, "output_type": "pyout"}]},
        {"outputs": [{**OUTPUT, "text": [1]}]}, {"outputs": [{**OUTPUT, "more": 1}]},
    ],
)  # fmt: skip
def test_anything_else_is_not(changes):
    assert not is_ordinary(notebook(**changes))


def test_what_is_not_ordinary_is_looked_at_again(classroom):
    path = classroom.hand_in("ada")
    data = json.loads(path.read_text())
    data["cells"][0]["attachments"] = {}
    path.write_text(json.dumps(data))
    assert read(path)["cells"] == data["cells"]
    data["cells"][0]["attachments"] = []
    path.write_text(json.dumps(data))
    with pytest.raises(BadSubmission, match="damaged notebook"):
        read(path)
