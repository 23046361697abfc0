"""`grader doctor` tries every layer, says what to do about what is missing, and notices a layer that does not hold."""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path

import pytest

from grader.marking import doctor
from grader.sandbox import modes, namespaces, seccomp, surroundings

CHAPTER = "ch1_xor"
LAYERS = [
    "bubblewrap", "namespaces", "landlock", "mode", "kernel starts and answers", "network unreachable",
    "files of the host invisible", "nothing of the host writable", "system calls refused", "memory of a process",
    "memory of all processes", "memory of the kernel's own", "number of processes",
    "size of files", "number of files", "processor time", "wall clock",
    "output", "marking edition imports", "nothing is left",
]  # fmt: skip


def landlock_works():
    try:
        modes.landlocked()
    except modes.SandboxUnavailable:
        return False
    return True


needs_sandbox = pytest.mark.skipif(not modes.available(), reason="there is no sandbox on this machine")
needs_landlock = pytest.mark.skipif(
    not landlock_works(), reason="this kernel has no Landlock that is new enough"
)


@pytest.fixture
def without_bubblewrap(tmp_path: Path) -> str:
    """A search path that leads to nothing."""
    place = tmp_path / "bin"
    place.mkdir()
    return str(place)


@pytest.mark.exhaustive
@needs_sandbox
def test_every_layer_holds_on_this_machine_and_a_program_can_read_it(classroom):
    done = classroom.command("grader", "doctor", "--json")
    checks = json.loads(done.stdout)
    assert [c["layer"] for c in checks] == LAYERS
    # Landlock is not needed where there are namespaces.
    assert [c for c in checks if c["state"] != "ok" and c["layer"] != "landlock"] == []
    assert done.returncode == 0
    assert all(c["said"] for c in checks)


@pytest.mark.exhaustive
@needs_landlock
def test_where_landlock_stands_in_for_bubblewrap_the_missing_package_is_named_in_one_line(
    classroom, without_bubblewrap
):
    done = classroom.command("grader", "doctor", PATH=without_bubblewrap, FNNKIT_SANDBOX="landlock")
    lines = done.stdout.splitlines()
    assert len(lines) == len(LAYERS)
    states = {layer: line.split()[0] for layer, line in zip(LAYERS, lines, strict=True)}
    assert all(layer in line for layer, line in zip(LAYERS, lines, strict=True))
    assert [line for line in lines if "→" in line] == [lines[0]]
    assert " ".join(lines[0].split()) == (
        "failed bubblewrap not found → install the package `bubblewrap` (apt, dnf, pacman)"
    )
    assert lines[3].split() == ["ok", "mode", "landlock"]
    assert {layer for layer, state in states.items() if state == "absent"} == {
        "namespaces", "size of files", "number of files",
    }  # fmt: skip
    assert done.returncode == 0


def test_insisting_on_namespaces_without_bubblewrap_is_a_failure(classroom, without_bubblewrap):
    done = classroom.command(
        "grader", "doctor", "--json", PATH=without_bubblewrap, FNNKIT_SANDBOX="namespaces"
    )
    checks = {c["layer"]: c for c in json.loads(done.stdout)}
    assert list(checks) == LAYERS[:4]  # nothing is run without a sandbox
    assert (checks["bubblewrap"]["state"], checks["mode"]["state"]) == ("failed", "failed")
    assert "install" in checks["mode"]["said"]
    assert done.returncode == 1


@pytest.mark.exhaustive
@needs_landlock
def test_landlock_is_tried_when_it_is_asked_for(monkeypatch):
    monkeypatch.setenv(modes.CHOICE, "landlock")
    found = {c.layer: c for c in doctor.examine(CHAPTER) if c.layer in LAYERS[:6]}
    assert found["mode"].said == "landlock"
    assert {found[layer].state for layer in LAYERS[2:6]} == {"ok"}


@needs_sandbox
@pytest.mark.skipif(not seccomp.program(), reason="there is no filter for this processor")
def test_a_filter_that_lets_everything_through_is_noticed(monkeypatch):
    let_through = struct.pack("HBBI", seccomp.RETURN, 0, 0, seccomp.ALLOW)
    monkeypatch.setenv(modes.CHOICE, "namespaces")
    monkeypatch.setattr(surroundings, "program", lambda: let_through)
    with pytest.raises(doctor.Failed, match="425"):  # io_uring
        doctor._calls(CHAPTER)


@needs_sandbox
def test_a_process_1_of_the_same_user_is_no_file_of_the_host(monkeypatch):
    """Where the grader is an ordinary user, student code has its number: what it may open must have nothing in it."""
    monkeypatch.setenv(modes.CHOICE, "namespaces")
    monkeypatch.setattr(surroundings, "student_uid", lambda: None)
    assert doctor.said(CHAPTER, "print(open('/proc/1/environ').read() == '')") == "True"
    assert "the accounts" in doctor._files(CHAPTER)


@needs_sandbox
def test_a_file_of_the_host_inside_is_noticed(monkeypatch):
    monkeypatch.setenv(modes.CHOICE, "namespaces")
    monkeypatch.setattr(namespaces, "FILES", (*surroundings.FILES, "/etc/passwd"))
    with pytest.raises(doctor.Failed, match="/etc/passwd"):
        doctor._files(CHAPTER)


@needs_sandbox
def test_a_limit_that_does_not_end_a_kernel_is_noticed():
    with pytest.raises(doctor.Failed, match="nothing ended it: 'still there'"):
        doctor.lost(CHAPTER, "print('still there')", "MB of memory")


@pytest.mark.sampled
@needs_sandbox
@pytest.mark.parametrize("place", ["/tmp", "/", "/usr/lib"])
def test_it_can_be_asked_in_any_folder(place, monkeypatch):
    """Some folders exist in a sandbox too, with other contents."""
    monkeypatch.chdir(place)
    assert doctor._files(CHAPTER)
    assert os.getcwd() == place
