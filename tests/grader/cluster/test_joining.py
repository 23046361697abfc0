"""A worker that would mark otherwise than this machine is turned away, in one line that says how."""

from __future__ import annotations

import pytest

from grader.cluster import work
from grader.cluster.joining import here, refusal
from grader.cluster.messages import about_bytes
from grader.sandbox import modes

CHAPTER = "ch1_xor"
HERE = here(CHAPTER)


def test_a_worker_that_is_as_here_is_used():
    if not modes.available():
        pytest.skip("there is no sandbox on this machine")
    assert refusal(work.about(CHAPTER.encode()), HERE, trusted=False) == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"python": "3.9.1\n[GCC]"}, "its Python is 3.9.1 [GCC], and here it is 3."),
        ({"platform": "win-amd64"}, "its platform is win-amd64"),
        ({"packages": HERE["packages"] | {"numpy": "1.0"}}, "it has numpy 1.0 and here is"),
        ({"packages": {k: v for k, v in HERE["packages"].items() if k != "numpy"}}, "it has no numpy"),
        ({"packages": HERE["packages"] | {"torch": "2"}}, "it has torch, which is not here"),
        ({"packages": {}}, "packages more differ"),
        ({"version": "another"}, "its exercises or its judge are not those of this course"),
        ({"mode": "", "no_sandbox": "bubblewrap is missing"}, "it has no sandbox: bubblewrap is missing"),
    ],
)
def test_one_that_is_not_is_told_what_is_not_the_same(change, said):
    line = refusal(about_bytes(HERE | change), HERE, trusted=False)
    assert said in line
    assert "\n" not in line


def test_without_walls_nobody_needs_a_sandbox_and_a_mode_that_is_asked_for_is_asked_of_workers(monkeypatch):
    bare = about_bytes(HERE | {"mode": "", "no_sandbox": "none"})
    assert refusal(bare, HERE, trusted=True) == ""
    monkeypatch.setenv(modes.CHOICE, "namespaces")
    line = refusal(about_bytes(HERE | {"mode": "landlock", "no_sandbox": ""}), HERE, trusted=False)
    assert line == "its sandbox is landlock, and FNNKIT_SANDBOX asks for namespaces"


@pytest.mark.parametrize("data", [b"", b"{}", b'{"schema": 1}', 42, None])
def test_one_that_says_nothing_that_can_be_read_is_turned_away(data):
    assert "is no description" in refusal(data, HERE, trusted=False)
