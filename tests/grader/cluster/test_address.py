"""What `--cluster` and its neighbours may say, and the one line for all else."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from grader.cluster import address
from grader.cluster.address import Place, place_of
from grader.course import CourseError

ADDRESS = "tcp://127.0.0.1:8786"


def test_places_that_there_are(tmp_path):
    assert place_of() is None
    assert place_of("local:4") == Place(workers=4)
    assert str(place_of("local:4")) == "local:4"
    assert place_of(ADDRESS) == Place(ADDRESS)
    file = tmp_path / "scheduler.json"
    file.write_text(json.dumps({"address": ADDRESS, "workers": {}}))
    assert place_of(scheduler_file=file) == Place(ADDRESS)
    files = {name: tmp_path / name for name in ("ca_file", "cert", "key")}
    for path in files.values():
        path.touch()
    found = place_of("tls://example.org:8786", **files)
    assert (found.ca_file, found.cert, found.key) == tuple(map(str, files.values()))


@pytest.mark.parametrize(
    "said",
    ["", "local", "local:", "local:0", "local:257", "local:-1", "local:99999", "tcp://", "tcp://host", "tcp://host:x",
     "tcp://host:99999", "tcp://host:1/path", "http://host:80", "ucx://host:1", "host:8786", "\x1b[31m", "tcp://[::1"],
)  # fmt: skip
def test_whatever_else_is_said_is_one_line(said):
    with pytest.raises(CourseError) as problem:
        place_of(said)
    assert "\n" not in str(problem.value)
    assert "--cluster" in str(problem.value)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"address": 3}', '{"workers": {}}', '{"address": "nowhere"}', "[" * 99999]
)
def test_a_file_that_names_no_scheduler_is_one_line(text, tmp_path):
    file = tmp_path / "scheduler.json"
    with pytest.raises(CourseError, match="cannot be read"):
        place_of(scheduler_file=file)
    file.write_text(text)
    with pytest.raises(CourseError) as problem:
        place_of(scheduler_file=file)
    assert "\n" not in str(problem.value)


def test_options_that_do_not_go_together_are_one_line(tmp_path):
    key = tmp_path / "key"
    for given, words in (
        ({"cluster": ADDRESS, "scheduler_file": key}, "give one of them"),
        ({"key": key}, "say which"),
        ({"cluster": "local:2", "key": key}, "its own certificate"),
        ({"cluster": "tls://host:1", "key": key}, "does not exist"),
    ):
        with pytest.raises(CourseError, match=words):
            place_of(**given)
    key.touch()
    with pytest.raises(CourseError, match="begins with tls://"):
        place_of(ADDRESS, key=key)


def test_a_scheduler_that_is_not_there_is_told_before_anything_is_read():
    with pytest.raises(
        CourseError, match=r"no scheduler answers at tcp://127\.0\.0\.1:1 \(Connection refused\)"
    ):
        Place("tcp://127.0.0.1:1").reach()
    Place(workers=2).reach()


def without_dask(*line: str) -> subprocess.CompletedProcess[str]:
    hidden = "import sys; sys.modules.update(dask=None, distributed=None); from grader.__main__ import main; main()"
    return subprocess.run(
        [sys.executable, "-c", hidden, *line], capture_output=True, text=True, timeout=120, check=False
    )


def test_without_dask_the_option_is_told_of_and_using_it_names_the_extra():
    told = without_dask("grade", "--help")
    assert told.returncode == 0
    assert "--cluster" in told.stdout
    used = without_dask("grade", "ch1_xor", "--cluster", "local:2")
    assert (used.returncode, len(used.stderr.strip().splitlines())) == (2, 1)
    assert ".[cluster]" in used.stderr
    assert address.EXTRA in " ".join(used.stderr.split())
