"""A folder of answers: each in a process of its own, known by its name, counted in the last line."""

import re
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from fnnkit.judge.registry import exercise
from grader.authoring.answers_folder import AnswerFile, find, judge_all, namespace, seeds_of, summary
from grader.course import CourseError

ROOT = Path(__file__).resolve().parents[3]
RIGHT = "# by einsum\ndef affine(X, W, c):\n    return np.einsum('nd,dm->nm', X, W) + c\n"
WRONG = "# no bias\ndef affine(X, W, c):\n    return X @ W\n"


def folder(tmp_path, **texts):
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
    return tmp_path


def judged(tmp_path, seeds=2, seconds=20.0, **texts):
    files, _ = find(folder(tmp_path, **texts))
    return judge_all(files, seeds, 1, seconds=seconds)


def test_right_and_wrong_come_out_as_their_names_say(tmp_path):
    outcomes = judged(tmp_path, affine__right__einsum=RIGHT, affine__wrong__no_bias=WRONG)
    assert [o.as_named for o in outcomes] == [True, True]
    assert summary(outcomes) == ("1 right (0 refused), 1 wrong (0 survived), 1 named", True)


def test_what_comes_out_otherwise_is_one_line(tmp_path):
    outcomes = judged(tmp_path, affine__right__no_bias=WRONG, affine__wrong__einsum=RIGHT)
    assert [o.line() for o in outcomes] == [
        "affine__right__no_bias.py: refused, 0 of 1 points, not full at 2 of 2 seeds",
        "affine__wrong__einsum.py: survived, 1 of 1 points, full at 2 of 2 seeds",
    ]
    assert summary(outcomes) == ("1 right (1 refused), 1 wrong (1 survived), 0 named", False)
    assert "the bias `c` is missing" in outcomes[0].message()


def test_whoever_does_not_ask_for_causes_gets_the_same_points(tmp_path):
    files, _ = find(folder(tmp_path, affine__right__einsum=RIGHT, affine__wrong__no_bias=WRONG))
    with_causes, without = (judge_all(files, 2, 1, causes=causes) for causes in (True, False))
    points = [[[v.points for v in o.verdicts] for o in outcomes] for outcomes in (with_causes, without)]
    assert points == [[[1.0, 1.0], [0.0, 0.0]]] * 2
    assert [o.explained for o in with_causes] == [False, True]
    assert "`c`" not in str(without[1].verdicts[0].hint)


def test_what_a_file_defines_no_other_file_sees(tmp_path):
    defines = "# with a helper\ndef times(a, b):\n    return a @ b\n\n\n" + RIGHT
    uses = "# of another file\ndef affine(X, W, c):\n    return times(X, W) + c\n"
    outcomes = judged(tmp_path, affine__right__defines=defines, affine__wrong__uses=uses)
    assert [o.as_named for o in outcomes] == [True, True]


def test_given_cells_and_earlier_answers_are_there_and_later_ones_are_not(tmp_path):
    space, answers = namespace("ch1_xor")
    assert {"X", "y", "np", "check", "figures"} <= set(space)
    names = [name for name, _ in answers]
    assert names.index("affine") < names.index("mse")
    earlier = "# uses relu\ndef xor_network(X, W, c, w, b):\n    H = relu(affine(X, W, c))\n    return H, H @ w + b\n"
    later = "# uses a later one\ndef relu(z):\n    return xor_network(z, np.eye(2), 0, 0, 0)[0]\n"
    outcomes = judged(tmp_path, xor_network__right__uses=earlier, relu__wrong__later=later)
    assert [o.as_named for o in outcomes] == [True, True]
    assert outcomes[0].verdicts[0].problem.finding.startswith("raised by the line `return xor_network")


def test_an_answer_that_ends_its_process_or_never_ends_harms_nobody_else(tmp_path):
    leaves = "# leaves\nimport os\ndef affine(X, W, c):\n    os._exit(3)\n"
    endless = "# endless\ndef affine(X, W, c):\n    while True:\n        pass\n"
    in_cell = "# endless cell\nwhile True:\n    pass\n"
    outcomes = judged(
        tmp_path,
        seconds=0.5,
        affine__right__leaves=leaves,
        affine__wrong__endless=endless,
        affine__wrong__in_cell=in_cell,
        affine__right__einsum=RIGHT,
    )
    by_name = {o.file.path.stem: o for o in outcomes}
    assert by_name["affine__right__leaves"].line() == "affine__right__leaves.py: it ended its process"
    assert not by_name["affine__right__leaves"].as_named
    assert by_name["affine__wrong__endless"].verdicts[0].problem.kind == "stopped"
    assert by_name["affine__wrong__in_cell"].verdicts[0].problem.kind == "missing"
    assert by_name["affine__right__einsum"].as_named


def test_the_seed_of_the_students_check_is_among_six():
    seeds = seeds_of(exercise("affine"), 6)
    assert seeds[0] == zlib.crc32(b"affine")
    assert len(set(seeds)) == 6


def test_files_are_known_by_their_names_and_strange_ones_are_told(tmp_path):
    files, strange = find(
        folder(tmp_path, affine__right__a=RIGHT, afine__right__b=RIGHT, affine__maybe__c=RIGHT, notes="")
    )
    assert files == [AnswerFile(tmp_path / "affine__right__a.py", exercise("affine"), True)]
    assert strange == ["affine__maybe__c.py", "afine__right__b.py"]
    with pytest.raises(CourseError, match="no folder"):
        find(tmp_path / "nowhere")


def command(*arguments):
    start = "from grader.commands import run; run()"
    return subprocess.run(
        [sys.executable, "-c", start, "audit", *map(str, arguments)], capture_output=True, text=True, cwd=ROOT
    )


def test_the_command_ends_with_its_counts_and_its_status(tmp_path):
    good = folder(tmp_path, affine__right__einsum=RIGHT, affine__wrong__no_bias=WRONG)
    done = command("--answers", good, "--seeds", "2")
    *_, last = done.stdout.splitlines()
    assert (done.returncode, last) == (0, "1 right (0 refused), 1 wrong (0 survived), 1 named")
    [wrong] = [line.split() for line in done.stdout.splitlines() if line.startswith("affine   wrong")]
    assert wrong[2:5] == ["1", "1", "0"]
    done = command("--answers", good, "--seeds", "2", "--no-causes")
    assert done.stdout == "1 right (0 refused), 1 wrong (0 survived), 1 named\n"
    folder(tmp_path, affine__wrong__einsum=RIGHT)
    done = command("--answers", tmp_path, "--seeds", "1", "--show")
    assert done.returncode == 1
    assert re.fullmatch(
        r"\d+ right \(0 refused\), \d+ wrong \(1 survived\), \d+ named", done.stdout.splitlines()[-1]
    )
    assert "✓ affine" in done.stdout


def test_a_folder_without_such_files_is_one_line_and_status_2(tmp_path):
    for place in (folder(tmp_path, notes="x = 1"), tmp_path / "nowhere"):
        done = command("--answers", place)
        assert (done.returncode, done.stdout) == (2, "")
        assert len(done.stderr.strip().splitlines()) == 1
