"""What a card of the notebook promises is what the exercise has."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest

from fnnkit.judge.registry import chapter_ids, exercises
from grader.authoring.build import source_notebook, words_to_read
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


@pytest.mark.parametrize("chapter", chapter_ids())
def test_a_chapter_says_first_how_long_it_takes_with_reading(chapter):
    released = nbformat.read(SOURCE.parents[1] / "course" / chapter / f"{chapter}.ipynb", as_version=4)
    first = released.cells[0].source
    said = re.search(
        r"\*\*Time\.\*\* About ([\d.]+) hours: (\d+) minutes of reading, (\d+) of coding .* take (\d+) minutes more\.",
        first,
    )
    hours, reading, coding, more = map(float, said.groups())
    assert more == sum(e.minutes for e in exercises(chapter) if not e.core)
    [written] = re.findall(
        r"### Written question · (\d+) minutes", "\n".join(c.source for c in released.cells)
    )
    assert coding == int(written) + sum(e.minutes for e in exercises(chapter) if e.core) <= 90
    assert hours == pytest.approx((reading + coding) / 60, abs=0.2)
    assert 20 <= reading <= 90


def test_words_are_counted_without_formulas_tags_and_folded_hints():
    text = [
        "# Part 1\n\nA unit's output is $y = w^\\top h$, **not** 3 numbers.",
        "$$\nx + y\n$$\n<details><summary>Hint</summary>no word\nof this</details> *end*",
    ]
    assert words_to_read(text) == len(["Part", "A", "unit's", "output", "is", "not", "numbers", "end"])
