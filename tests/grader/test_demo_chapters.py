"""Every chapter that is written makes a class of its own, and every mistake of the class is explained."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fnnkit.judge.registry import chapter_ids, exercises
from fnnkit.judge.verdict import Verdict
from grader import answers

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = chapter_ids()


@pytest.mark.exhaustive
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_makes_and_grades_a_class(chapter, tmp_path):
    for folder in ("course", "solutions"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "grader", "demo", "--chapter", chapter, "--students", "10", "--seed", "1"],
        cwd=tmp_path, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "9 graded, 0 unchanged, 1 failed" in done.stdout
    known = {e.name: {m.name for m in e.misconceptions} for e in exercises(chapter)}
    named, solved = 0, 0
    for path in (tmp_path / "demo" / ".grader" / "results").glob("*/*.json"):
        verdicts = json.loads(path.read_text())["verdicts"]
        assert list(verdicts) == list(known)
        for name, data in verdicts.items():
            verdict = Verdict.from_json(data)
            solved += verdict.solved
            if verdict.attempted and not verdict.solved and verdict.problem.kind != "stopped":
                # A right answer that calls an earlier one is as wrong as that, and is told so.
                follows = (
                    verdict.follows_from and not Verdict.from_json(verdicts[verdict.follows_from]).solved
                )
                assert follows or verdict.misconception in known[name], str(verdict)
                named += verdict.misconception in known[name]
    assert named > 0
    assert solved > 0


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_written_answers_are_listed_for_questions_that_the_notebook_asks(chapter):
    listed = answers.written(chapter)
    source = (ROOT / "solutions" / f"{chapter}.py").read_text()
    for grade_id, texts in listed.items():
        assert f'"grade_id": "{grade_id}", "grade": true, "points"' in source
        assert len(set(texts)) == len(texts) > 1
