"""What a card of the notebook promises is what the exercise has."""

import re
import shutil
from pathlib import Path

import nbformat
import numpy as np
import pytest

from fnnkit.judge.exercise import UNUSUAL
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


@pytest.mark.parametrize("chapter", chapter_ids())
def test_every_card_says_the_same_things_by_the_same_words(chapter):
    asked = {e.name: e for e in exercises(chapter)}
    released = nbformat.read(SOURCE.parents[1] / "course" / chapter / f"{chapter}.ipynb", as_version=4)
    cards = {}
    for cell in released.cells:
        found = re.search(r"^### Exercise `(\w+)`", cell.source, re.M)
        if cell.cell_type == "markdown" and found:
            cards[found[1]] = cell.source[found.start() :]
    assert set(cards) == set(asked)
    for name, card in cards.items():
        labels = re.findall(r"\*\*((?:Goal|Need|Must|You|Watch|Unusual)\b[^*]*)\*\*", card)
        assert set(labels) <= {"Goal.", "Need not:", "Must not:", "Unusual input", "Unusual input:"}, name
        assert labels.count("Goal.") == 1, name
        assert re.findall(r"<summary>(.*?)</summary>", card) == ["Hint 1", "Hint 2", "Hint 3"], name
        unusual = [c for c in asked[name].criteria if c.name == UNUSUAL]
        promised = re.findall(r"\*\*Unusual input(?:\*\* \(¼ point\):|:\*\*)", card)
        if not unusual:
            assert promised == [], name
        elif asked[name].core:
            assert (promised, unusual[0].points) == (["**Unusual input** (¼ point):"], 0.25), name
        else:
            assert promised == ["**Unusual input:**"], name
        said = card.partition("**Unusual input")[2].partition("\n\n")[0]
        drawn = asked[name].cases(np.random.default_rng(0))
        assert ("float32" in said) == any("float32" in c.why for c in drawn), name


@pytest.mark.parametrize("chapter", [*chapter_ids(), "project"])
def test_one_spelling_in_all_chapters(chapter):
    released = nbformat.read(SOURCE.parents[1] / "course" / chapter / f"{chapter}.ipynb", as_version=4)
    # Titles of papers are spelled as they are.
    prose = "\n".join(
        c.source.partition("**Further reading.**")[0] for c in released.cells if c.cell_type == "markdown"
    )
    prose = re.sub(r"```.*?```|`[^`]*`|<code>.*?</code>|\*[^*\n]+\*(?!\*)|\"[^\"]*\"", " ", prose, flags=re.S)
    words = set(re.findall(r"[A-Za-z][A-Za-z-]*", prose))
    other = {
        "numpy", "learnt", "backpropagation", "Backpropagation", "nonlinear", "mini-batch", "mini-batches", "preactivation",
        "feed-forward", "center", "behavior", "gray", "optimize", "optimization", "normalize", "initialization", "color",
        "hyperparameter", "one-hot-encoded", "neuron-like", "Jupyterlab", "relus", "ReLu", "Softmax-function",
    }  # fmt: skip
    assert words & other == set()
