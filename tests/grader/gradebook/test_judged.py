"""nbgrader gives full marks for a check that says nothing: what nobody judged is never recorded."""

from __future__ import annotations

import json

import nbformat
import pytest
from nbgrader.utils import determine_grade

from fnnkit.judge import marker
from grader.course import CourseError
from grader.disk import seal
from grader.gradebook import recording
from grader.gradebook.judged import Unjudged, check_exercises, judged_cell, unjudged
from grader.gradebook.plugins import fill_in
from grader.marking.marking import Marking
from grader.sandbox import modes

needs_sandbox = pytest.mark.skipif(not modes.available(), reason="there is no sandbox on this machine")


def test_a_cell_with_points_and_no_verdict_is_never_filled_in(classroom):
    notebook = classroom.released()
    checks = [name for cell in notebook.cells if (name := judged_cell(cell))]
    assert checks == [f"check_{name}" for name in classroom.full]
    assert unjudged(notebook, Marking()) == checks
    with pytest.raises(Unjudged, match=r"there is no verdict on check_\w+, .*: nothing was recorded"):
        fill_in(notebook, Marking())
    for cell in notebook.cells:
        if judged_cell(cell):
            assert cell.outputs == []
            assert (
                determine_grade(cell)[0] == cell.metadata.nbgrader.points
            )  # as nbgrader sees it: full marks


def test_a_cell_with_points_that_no_exercise_judges_is_refused(classroom):
    notebook = classroom.released()
    check_exercises(notebook, classroom.chapter)
    cell = nbformat.from_dict(json.loads(json.dumps(notebook.cells[-1])))
    cell.update(cell_type="code", outputs=[], execution_count=None)
    cell.metadata["nbgrader"] = {"grade_id": "one_more", "grade": True, "solution": False, "points": 5}
    notebook.cells.append(cell)
    with pytest.raises(CourseError, match="cells with points that no exercise judges \\(one_more\\)"):
        check_exercises(notebook, classroom.chapter)
    assert unjudged(notebook, Marking())[-1] == "one_more"


@pytest.mark.exhaustive
@needs_sandbox
def test_a_result_that_says_nothing_is_made_again_and_what_cannot_be_judged_keeps_its_row(
    classroom, monkeypatch
):
    """A student who answered nothing had full marks once the file of the result held no verdicts."""
    classroom.hand_in("ada")
    classroom.hand_in("eve", {})
    classroom.grade()
    due = {"ada": classroom.total, "eve": 0.0}
    assert classroom.gradebook() == due
    kept = sorted((classroom.root / ".grader" / "results").glob("*/*.json"))
    record = classroom.course.record(classroom.chapter)
    secret = classroom.course.secret()
    for path in kept:
        data = json.loads(path.read_text()) | {"verdicts": {}}
        path.write_text(json.dumps(data))
    record.write_text("[" * 100_000)
    batch = classroom.grade()
    assert [e.state for e in batch.entries] == ["graded"] * 2
    assert classroom.gradebook() == due
    # Forms that were blamed on the student, for ever; the last is sealed as the grader does it, and holds no verdict.
    for place, text in zip(kept, ("", "[" * 100_000), strict=True):
        place.unlink()
        place.mkdir() if not text else place.write_text(text)
    record.unlink()
    assert [e.message for e in classroom.grade().entries] == [""] * 2
    for place in kept:
        place.write_text(seal(secret, place.stem, Marking().to_json()))
    record.unlink()
    assert [e.message for e in classroom.grade().entries] == [""] * 2
    assert classroom.gradebook() == due

    async def forgets(self, exercise):
        """As if the judge had lost a verdict."""

    monkeypatch.setattr(marker.Marker, "_mark_one", forgets)
    classroom.hand_in("eve", {"mse": "def mse(*a):\n    return 1.0"})
    [ada, eve] = classroom.grade().entries
    assert (ada.state, eve.state) == ("unchanged", "failed")
    assert eve.message.startswith("there is no verdict on check_affine, check_mse, ")
    assert classroom.gradebook() == due
    # And where all walls before it are gone, recording itself refuses.
    with recording.Recorder(
        classroom.course, classroom.chapter, classroom.released(), classroom.course.config()
    ) as recorder:
        recorder.prepare()
        with pytest.raises(Unjudged):
            recorder.record("ada", ada.rebuilt, Marking())
