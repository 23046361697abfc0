"""Written answers reach whoever marks, wherever they stand, with the pictures that were pasted into them."""

from __future__ import annotations

import base64
import io
import json
import time
from pathlib import Path

import nbformat
import pytest
from PIL import Image

from fnnkit.judge.registry import exercises
from grader.marking.picture import photograph, picture
from grader.marking.submission import rebuild
from grader.marking.written import LARGEST, MOST_PICTURES, PICTURE, bare

CHAPTER = "ch1_xor"
RELEASED = nbformat.read(
    Path(__file__).resolve().parents[3] / "course" / CHAPTER / f"{CHAPTER}.ipynb", as_version=4
)
NAMES = [e.name for e in exercises(CHAPTER)]
QUESTION = "why_not_linear"
ANSWER = "A step in one input changes a linear model by the same amount everywhere."
STUB = next(c.source for c in RELEASED.cells if c.metadata.nbgrader.grade_id == QUESTION)


def cell(source, kind="markdown", grade_id="", **more):
    metadata = {"nbgrader": {"grade_id": grade_id, "solution": True}} if grade_id else {}
    code = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": metadata, "source": source, **code, **more}


RELU = cell("def relu(z):\n    return np.maximum(0, z)", "code", "relu")
UNTOUCHED = cell(STUB, "markdown", QUESTION)
BEFORE = cell("edited", "markdown", "prose_024")


def answer(*cells):
    made = rebuild({"cells": list(cells)}, RELEASED, NAMES)
    [found] = [c for c in made.notebook.cells if c.metadata.nbgrader.grade_id == QUESTION]
    return found, " ".join(made.notes.get(QUESTION, ()))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([RELU, cell(ANSWER)], "the answer cell is missing; this was found in cell 2"),
        ([RELU, UNTOUCHED, cell(ANSWER)], "is as it was handed out; this was found in cell 3, right below it"),
        ([RELU, cell(ANSWER), UNTOUCHED], "this was found in cell 2"),
        ([cell(ANSWER, "raw", QUESTION), RELU], "a raw cell now"),
        ([cell(ANSWER, "code", QUESTION), RELU], "a code cell now"),
        ([RELU, UNTOUCHED, cell(ANSWER, "code")], "found in cell 3"),
        ([RELU, UNTOUCHED, BEFORE, cell("## Mine"), RELU, cell(ANSWER)], "found in cell 6"),
        ([BEFORE, cell(ANSWER), RELU, cell("Notes on how arrays are added.")], "missing; this was found in cell 2."),
    ],
)  # fmt: skip
def test_an_answer_in_a_wrong_cell_is_found_and_it_is_said_where(cells, said):
    found, notes = answer(*cells)
    assert said in notes
    assert found.source.startswith("*The grader says: ")
    assert said in found.source
    assert bare(found.source, found.metadata.fnnkit.notes) == ANSWER


def test_what_was_written_right_is_as_it_was_and_goes_on_in_the_cell_below():
    found, notes = answer(RELU, cell(ANSWER, grade_id=QUESTION))
    assert (found.source, notes) == (ANSWER, "")
    found, notes = answer(RELU, cell(ANSWER, grade_id=QUESTION), cell("And XOR needs two."))
    assert bare(found.source, found.metadata.fnnkit.notes) == f"{ANSWER}\n\nAnd XOR needs two."
    assert "more of the answer may stand in cell 3" in notes
    found, notes = answer(cell("One.", grade_id=QUESTION), UNTOUCHED, cell("Two.", grade_id=QUESTION))
    assert bare(found.source, found.metadata.fnnkit.notes) == "One.\n\nTwo."
    assert "2 cells belong to this question" in notes


@pytest.mark.parametrize(
    "cells",
    [
        [RELU, UNTOUCHED],
        [RELU, cell(" \n", grade_id=QUESTION)],
        [RELU, UNTOUCHED, RELU, cell("## Part 2")],
        [RELU, UNTOUCHED, cell("x = 1", "code")],
        [RELU, UNTOUCHED, cell(RELEASED.cells[0].source)],
        [RELU, UNTOUCHED, cell(RELEASED.cells[0].source, "raw")],
    ],
)
def test_nothing_written_stays_nothing(cells):
    found, notes = answer(*cells)
    assert (found.source, notes) == (STUB, "")


def test_python_in_the_answer_cell_is_shown_as_it_was_typed():
    found, _ = answer(RELU, cell("# not linear\nprint('```')", "code", QUESTION))
    assert found.source.endswith("````\n# not linear\nprint('```')\n````")


def png(colour="red", size=(3, 2)):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def jpeg(**more):
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "at home in Stolen Street"
    Image.effect_noise((40, 30), 50).convert("RGB").save(file, "JPEG", exif=exif, comment=b"Stolen", **more)
    return file.getvalue()


PHOTO = jpeg()


def pasted(text, **pictures):
    bundles = {
        name.replace("_", "."): {"image/png": base64.b64encode(data).decode()}
        for name, data in pictures.items()
    }
    return answer(RELU, cell(text, grade_id=QUESTION, attachments=bundles))[0]


def test_pasted_pictures_come_along_rebuilt():
    text = 'See ![a](attachment:x.png) and <img width="9" src="attachment:p.png"> and ![](attachment:x.png)'
    made = pasted(text, x_png=png(), p_png=PHOTO)
    marks = PICTURE.findall(made.source)
    assert made.source == f"See [picture {marks[0]}] and [picture {marks[1]}] and [picture {marks[0]}]"
    [first], [second] = (made.attachments[mark].items() for mark in marks[:2])
    assert (first[0], base64.b64decode(first[1])) == ("image/png", picture(png()))
    assert second[0] == "image/jpeg"
    data = base64.b64decode(second[1])
    assert b"Stolen" not in data
    shown = Image.open(io.BytesIO(data))
    assert shown.getexif()[0x0112] == 6
    assert shown.tobytes() == Image.open(io.BytesIO(PHOTO)).tobytes()
    nbformat.validate(nbformat.v4.new_notebook(cells=[made]))


def test_a_picture_in_the_text_itself_is_one_too():
    made = pasted(f"![image.png](data:image/png;base64,{base64.b64encode(png()).decode()}) so")
    assert PICTURE.sub("P", made.source) == "P so"
    assert list(made.attachments) == PICTURE.findall(made.source)


def test_other_pictures_make_another_text():
    one, two = (pasted("![](attachment:x.png)", x_png=png(c)).source for c in ("red", "blue"))
    assert one != two


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<svg onload='alert(1)'/>", "no PNG or JPEG"),
        (b"\xff\xd8\xff\xd9", "no PNG or JPEG"),
        (jpeg()[:400], "no PNG or JPEG"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * LARGEST, "more than 5 MB"),
    ],
)
def test_what_cannot_be_shown_is_said(data, said):
    made = pasted("![x](attachment:x.png)", x_png=data)
    assert said in made.source
    assert "attachments" not in made
    assert "it is not in the notebook" in pasted("![x](attachment:away.png)").source


def test_there_is_an_end_to_pictures():
    many = {f"p{i}_png": png(size=(1, i + 1)) for i in range(MOST_PICTURES + 2)}
    text = "".join(f"![](attachment:{name.replace('_', '.')})" for name in many)
    made = pasted(text, **many)
    assert len(made.attachments) == MOST_PICTURES
    assert made.source.count("too many") == 2


@pytest.mark.parametrize("name", ["x.png", "", "a]b", "\u202e.png", "../../etc"])
@pytest.mark.parametrize(
    "attachments", [None, [], {"x.png": "A"}, {"x.png": {"image/png": 5}}, {"x.png": {"image/png": ["é"]}}]
)
def test_attachments_may_be_anything(name, attachments):
    made, _ = answer(RELU, cell(f"![x](attachment:{name})", grade_id=QUESTION, attachments=attachments))
    assert "attachments" not in made
    assert "\u202e" not in made.source or name in made.source
    json.dumps(made)


@pytest.mark.parametrize(
    "piece", ["![", "<img ", "<img src= ", "![](data:image/png;base64,", "![](attachment:", "![]( "]
)
def test_no_text_takes_long(piece):
    began = time.process_time()
    pasted(piece * (10_000_000 // len(piece)))
    assert time.process_time() - began < 10


def test_every_cut_of_a_photograph_is_a_picture_or_none():
    whole = jpeg(progressive=True)
    for end in range(0, len(whole), 7):
        made = photograph(whole[:end])
        assert not made or made.startswith(b"\xff\xd8")
        assert b"Stolen" not in made
    assert photograph(whole)
    assert photograph(whole + b"more") == photograph(whole)


def test_larger_photographs_are_none():
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = b"\xff\xff\xff\xff"
    assert photograph(bytes(data)) == b""
