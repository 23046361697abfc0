"""The temporary folder of a grader: it goes with it, and what a killed one leaves goes with the next."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from grader import scratch

HOLD = "from grader import scratch; print(scratch.place(), flush=True); scratch.folder(); input()"


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(scratch, "_made", {})
    return tmp_path


def holder():
    """A process with a temporary folder, and the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    return process, Path(process.stdout.readline().strip())


def test_the_folder_of_whoever_lives_stays_and_that_of_the_dead_goes(place):
    living, its = holder()
    killed, left = holder()
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert {p.name for p in place.iterdir()} == {its.name, left.name}
    scratch.sweep()
    assert [p.name for p in place.iterdir()] == [its.name]
    living.communicate("\n")
    assert list(place.iterdir()) == []


def test_a_run_that_has_nothing_to_mark_sweeps_as_well(place, classroom):
    killed, left = holder()
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    done = classroom.command("grader", "grade", classroom.chapter)
    assert "no submission" in done.stderr
    assert not left.exists()


def test_closed_folders_and_links_in_it_go_and_what_links_lead_to_stays(place, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine").touch()
    killed, left = holder()
    (left / "closed" / "more").mkdir(parents=True)
    (left / "link").symlink_to(elsewhere)
    (left / "closed" / "more").chmod(0)
    (left / "closed").chmod(0)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    (place / f"{scratch.PREFIX}link").symlink_to(elsewhere)
    scratch.sweep()
    assert not left.exists()
    assert [p.name for p in elsewhere.iterdir()] == ["mine"]


def test_a_folder_that_somebody_sweeps_before_it_is_locked_is_made_again(place, monkeypatch):
    make, made = tempfile.mkdtemp, []

    def swept(*args, **more):
        made.append(make(*args, **more))
        return made[-1]

    open_ = os.open
    monkeypatch.setattr(tempfile, "mkdtemp", swept)

    def opened(path, *args, **more):
        found = open_(path, *args, **more)
        if str(path) == made[0] and len(made) == 1:
            os.rmdir(path)  # between its being opened and its being locked
        return found

    monkeypatch.setattr(os, "open", opened)
    assert str(scratch._locked()) == made[1]
