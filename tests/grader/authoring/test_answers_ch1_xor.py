"""Answers to chapter 1 as students write them: each right one gets everything, no wrong one does.

They stand in one text, ``answers_ch1_xor.txt``, a line ``=== EXERCISE__right__NAME`` before each: these are 79 right and
194 wrong ways to answer, written from the notebook alone.
"""

from pathlib import Path

import pytest

from fnnkit.judge.registry import contents
from grader.authoring.answers_folder import find, judge_all, summary

ANSWERS = (Path(__file__).parent / "answers_ch1_xor.txt").read_text(encoding="utf-8")


def unpacked(folder, exercise):
    for section in ("\n" + ANSWERS).split("\n=== ")[1:]:
        name, _, text = section.partition("\n")
        if name.startswith(exercise + "__"):
            (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


def test_all_of_them_are_there():
    names = [s.partition("\n")[0] for s in ("\n" + ANSWERS).split("\n=== ")[1:]]
    assert len(names) == len(set(names)) == 273
    assert sum("__right__" in name for name in names) == 79
    assert {name.split("__")[0] for name in names} == set(contents("ch1_xor"))


@pytest.mark.sampled
@pytest.mark.parametrize("exercise", contents("ch1_xor"))
def test_none_is_refused_and_none_survives(tmp_path, exercise):
    files, strange = find(unpacked(tmp_path, exercise))
    assert not strange
    outcomes = judge_all(files, seeds=2, jobs=1)
    assert not [o.line() for o in outcomes if not o.as_named]
    assert summary(outcomes)[1]
