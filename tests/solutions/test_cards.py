"""What a card of the notebook promises is what the exercise has."""

import re
import shutil
from pathlib import Path

import pytest

from grader.authoring.build import source_notebook
from grader.course import CourseError

SOURCE = Path(__file__).resolve().parents[2] / "solutions" / "ch1_xor.py"


@pytest.mark.parametrize(
    ("promised", "changed"),
    [
        ("15 minutes · 2 points", "15 minutes · 3 points"),
        ("5 minutes · 1 point", "6 minutes · 1 point"),
        ("●○○○", "●●●○"),
    ],
)
def test_a_card_with_other_points_minutes_or_difficulty_is_refused(tmp_path, promised, changed):
    copy = Path(shutil.copy(SOURCE, tmp_path))
    source_notebook(copy, "ch1_xor")
    text = copy.read_text()
    assert promised in text
    copy.write_text(text.replace(promised, changed, 1))
    with pytest.raises(CourseError, match=re.escape(changed)):
        source_notebook(copy, "ch1_xor")
