"""What is taken from a submission: the text of answers, and nothing else."""

from __future__ import annotations

import json
import random

import nbformat
import pytest

from grader.marking.submission import (
    BadSubmission,
    answers_digest,
    check_name,
    is_answer,
    read,
    rebuild,
)

NAMES = ["mse", "fit_linear", "xor_network"]
ANSWERS = {name: f"def {name}(*a):\n    return {i}" for i, name in enumerate(NAMES)}


def plain(notebook):
    """A notebook as `read` gives it."""
    return json.loads(nbformat.writes(notebook))


def sources(notebook):
    return {c.metadata.nbgrader.grade_id: c.source for c in notebook.cells}


@pytest.fixture
def released(classroom):
    return classroom.released()


@pytest.fixture
def submitted(classroom):
    return plain(classroom.notebook(ANSWERS))


@pytest.fixture
def expected(classroom):
    return classroom.notebook(ANSWERS)


def mark(cell):
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def test_answers_are_taken_and_everything_else_is_as_released(submitted, released, expected):
    rebuilt = rebuild(submitted, released, NAMES)
    assert rebuilt.notebook == expected
    assert rebuilt.notes == {}


def test_the_released_notebook_is_not_changed_by_rebuilding(submitted, released, classroom):
    rebuild(submitted, released, NAMES)
    assert released == classroom.released()


def edited(cells):
    for cell in cells:
        if not cell["metadata"]["nbgrader"]["solution"]:
            cell["source"] = "raise SystemExit"


def moved(cells):
    random.Random(0).shuffle(cells)


def deleted(cells):
    cells[:] = [c for c in cells if c["metadata"]["nbgrader"]["solution"]]


def doubled(cells):
    cells += [json.loads(json.dumps(c)) for c in cells if not c["metadata"]["nbgrader"]["solution"]]


def tagged(cells):
    for cell in cells:
        cell["metadata"]["tags"] = ["skip-execution", "given", "remove_cell", "parameters"]


def unlocked(cells):
    for cell in cells:
        mark = cell["metadata"]["nbgrader"]
        cell["metadata"]["nbgrader"] = {
            "grade_id": mark["grade_id"],
            "grade": False,
            "locked": False,
            "points": 99,
        }


def added(cells):
    cells.insert(
        0, {"cell_type": "code", "metadata": {"tags": ["given"]}, "source": "import os; os._exit(0)"}
    )
    cells.append(
        {
            "cell_type": "code",
            "metadata": {"nbgrader": {"grade_id": "check_more", "grade": True, "points": 9}},
        }
    )


def with_outputs(cells):
    for cell in cells:
        if cell["cell_type"] == "code":
            data = {"text/plain": "99.0"}
            cell["outputs"] = [
                {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}
            ]


def with_other_ids(cells):
    for cell in cells:
        cell["id"] = "same"


def as_lists_of_lines(cells):
    for cell in cells:
        cell["source"] = (
            cell["source"].splitlines(keepends=True) if isinstance(cell["source"], str) else cell["source"]
        )


def with_nonsense_between(cells):
    cells += [
        {},
        {"cell_type": "code", "source": 5, "metadata": []},
        {"metadata": {"nbgrader": {"grade_id": ["mse"]}}},
    ]
    cells.append({"cell_type": "code", "metadata": {"nbgrader": "mse"}, "source": None})


CHANGES = [
    edited, moved, deleted, doubled, tagged, unlocked, added, with_outputs, with_other_ids, as_lists_of_lines,
    with_nonsense_between,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda f: f.__name__)
def test_changed_cells_mean_nothing(change, submitted, released, expected):
    change(submitted["cells"])
    assert rebuild(submitted, released, NAMES).notebook == expected


def test_an_answer_that_moved_into_an_ordinary_cell_is_found_and_said(submitted, released):
    cells = [c for c in submitted["cells"] if mark(c) != "mse"]
    cells.append({"cell_type": "code", "metadata": {}, "source": ANSWERS["mse"]})
    rebuilt = rebuild({"cells": cells}, released, NAMES)
    assert sources(rebuilt.notebook)["mse"] == ANSWERS["mse"]
    assert "found in another cell" in rebuilt.notes["mse"][0]


def test_two_cells_of_an_exercise_are_taken_together_and_that_is_said(submitted, released):
    again = json.loads(json.dumps(next(c for c in submitted["cells"] if mark(c) == "mse")))
    again["source"] = "def mse(a, b):\n    return 5"
    submitted["cells"].append(again)
    rebuilt = rebuild(submitted, released, NAMES)
    [cell] = [c for c in rebuilt.notebook.cells if c.metadata.nbgrader.grade_id == "mse"]
    assert cell.metadata.fnnkit.parts == [ANSWERS["mse"], again["source"]]
    assert cell.source == f"{ANSWERS['mse']}\n\n{again['source']}"
    assert "2 cells belong to this exercise" in rebuilt.notes["mse"][0]


def test_a_stub_that_was_pasted_after_the_answer_does_not_replace_it(submitted, released):
    stub = plain(released)
    submitted["cells"] += [c for c in stub["cells"] if mark(c) == "mse"]
    assert sources(rebuild(submitted, released, NAMES).notebook)["mse"] == ANSWERS["mse"]


def test_an_answer_cell_that_was_turned_into_text_is_code_again(submitted, released):
    for cell in submitted["cells"]:
        if mark(cell) == "mse":
            cell["cell_type"] = "markdown"
    rebuilt = rebuild(submitted, released, NAMES)
    [cell] = [c for c in rebuilt.notebook.cells if c.metadata.nbgrader.grade_id == "mse"]
    assert (cell.cell_type, cell.source) == ("code", ANSWERS["mse"])
    assert "is a Markdown cell now" in rebuilt.notes["mse"][0]


@pytest.mark.parametrize("kind", ["code\udfff", "<script>", "x" * 10**6, "\x1b[31m", 5, None, ["code"]])
def test_a_cell_of_no_type_is_code_and_nothing_of_it_is_quoted(kind, submitted, released):
    for cell in submitted["cells"]:
        if mark(cell) == "mse":
            cell["cell_type"] = kind
    rebuilt = rebuild(submitted, released, NAMES)
    [cell] = [c for c in rebuilt.notebook.cells if c.metadata.nbgrader.grade_id == "mse"]
    assert (cell.cell_type, cell.source) == ("code", ANSWERS["mse"])
    assert rebuilt.notes["mse"][0] == "the answer cell is no code cell any more; its text was run as code."


def test_code_in_the_cell_of_a_written_answer_is_shown_as_text_and_is_never_code(submitted, released):
    for cell in submitted["cells"]:
        if mark(cell) == "why_not_linear":
            more = {"source": "print('because')", "outputs": [], "execution_count": None}
            cell |= {"cell_type": "code", **more}
    rebuilt = rebuild(submitted, released, NAMES).notebook
    [cell] = [c for c in rebuilt.cells if c.metadata.nbgrader.grade_id == "why_not_linear"]
    assert cell.cell_type == "markdown"
    assert cell.source.endswith("```\nprint('because')\n```")


def test_a_notebook_without_any_cell_of_the_chapter_is_refused(released):
    with pytest.raises(BadSubmission, match="another chapter"):
        rebuild({"cells": [{"cell_type": "code", "metadata": {}, "source": "1"}]}, released, NAMES)


def test_the_digest_depends_on_answers_and_on_nothing_else(submitted, released, classroom):
    digest = rebuild(submitted, released, NAMES).fingerprint()
    tagged(submitted["cells"])
    assert rebuild(submitted, released, NAMES).fingerprint() == digest
    assert answers_digest(classroom.notebook(ANSWERS | {"mse": "x"})) != digest


def test_a_rebuilt_notebook_can_always_be_written(submitted, released, tmp_path):
    for cell in submitted["cells"]:
        if mark(cell) == "mse":
            cell["source"] = "x = '\ud800\0'"
    rebuilt = rebuild(submitted, released, NAMES).notebook
    nbformat.write(rebuilt, tmp_path / "x.ipynb")
    assert [c for c in rebuilt.cells if is_answer(c)]


@pytest.mark.parametrize(
    "name", ["Ada Lovelace", "Zoë Müller-Şahin", "李 雷", "O'Neil", "x_1", "a.b", "u1234567", "a=b", "x@y"]
)
def test_names_of_people_are_safe(name):
    check_name(name)


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+x", "-x", "@x", ".hidden", "..", "a..b", "a/b", "a\\b", "a\nb", "", " ", " x", "x ", "a*", "a?", "[a]",
     "{a}", "a:b", '"a"', "<b>", "a|b", "\x1b[31m", "a\udcff"],
)  # fmt: skip
def test_names_that_mean_something_else_are_not(name):
    with pytest.raises(BadSubmission, match="not a safe name"):
        check_name(name)


def test_a_link_is_not_followed(classroom):
    alice = classroom.hand_in("alice")
    link = classroom.place("eve")
    link.symlink_to(alice)
    with pytest.raises(BadSubmission, match="is a link"):
        read(link)


def test_a_folder_that_is_a_link_is_not_followed(classroom):
    classroom.hand_in("alice")
    (classroom.root / "submitted" / "eve").symlink_to("alice")
    with pytest.raises(BadSubmission, match="is a link"):
        read(classroom.course.submitted("eve", "ch1_xor"))


def test_a_notebook_that_is_kept_thin_is_the_same_one(submitted, released, expected):
    rebuilt = rebuild(submitted, released, NAMES, "it lay in a folder below")
    assert any("fnnkit" in cell.metadata for cell in rebuilt.notebook.cells)
    whole, notes, digest = rebuilt.notebook, rebuilt.notes, rebuilt.fingerprint()
    thin = rebuilt.thin(released)
    assert thin is rebuilt
    assert (thin.notebook, thin.notes, thin.fingerprint()) == (whole, notes, digest)
    next(c for c in thin.notebook.cells if mark(c) == "mse").source = "and an answer"
    assert thin.thin(released).notebook == whole
