"""Disks, folders and files in states that nobody wants: one clear line, no traceback, the rest of the class graded."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from grader.course import Course, CourseError
from grader.gradebook import calls
from grader.gradebook.kept import kept, lay_out
from grader.marking import folder
from grader.marking.folder import BadSubmission
from grader.sandbox import modes

needs_sandbox = pytest.mark.skipif(not modes.available(), reason="there is no sandbox on this machine")
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a file system")
GRADE = (sys.executable, "-m", "grader", "grade", "ch1_xor", "--jobs", "2")
NOBODY = 65_534
WRONG = {"mse": "def mse(*a):\n    return 0.5"}


def run(classroom, *line, **more):
    """Grade, or run a line of somebody else's; whatever comes of it, no traceback."""
    done = classroom.command(*GRADE[2:]) if not line else subprocess.run(
        line, cwd=classroom.root, capture_output=True, text=True, timeout=300, check=False,
        env=classroom.environment(), **more,
    )  # fmt: skip
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    return done


@needs_sandbox
def test_a_folder_into_which_nobody_may_look_is_one_line(classroom):
    """Zips carry modes; one such folder ended the class."""
    for student in ("ada", "eve", "zoe"):
        classroom.hand_in(student, WRONG)
    calls.register(classroom.course, classroom.chapter)
    closed = classroom.root / "submitted" / "eve"
    if os.geteuid() != 0:
        closed.chmod(0)
        done = run(classroom)
        closed.chmod(0o700)
    else:  # root may look into any: somebody else has to grade
        with tempfile.TemporaryDirectory() as place:
            Path(place).chmod(0o755)
            shutil.copytree(classroom.root, Path(place) / "course")
            there = type(classroom)(Course(Path(place) / "course"))
            closed = there.root / "submitted" / "eve"
            closed.chmod(0)
            subprocess.run(["chown", "-R", str(NOBODY), str(there.root)], check=True)
            become = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
            done = run(there, *become, *GRADE)
            if "eve:" not in done.stderr and "Permission denied" in done.stderr:
                pytest.skip("nobody may run this Python")
    [line] = [line for line in done.stderr.splitlines() if line.startswith("eve:")] or [
        done.stderr + done.stdout
    ]
    assert "eve cannot be read (Permission denied): change its permissions" in line
    assert "2 graded, 0 unchanged, 1 failed" in done.stdout


def mounted(classroom, options, script):
    """A command in a mount namespace of its own, where the course is as the script makes it."""
    done = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no file system can be mounted here")
    return run(classroom, "unshare", "-m", "sh", "-ec", script)


@root_only
@needs_sandbox
def test_a_file_system_that_can_only_be_read_is_one_line(classroom):
    classroom.hand_in("ada", WRONG)
    here = f"'{classroom.root}'"
    script = (
        f"mount --bind {here} {here}; mount -o remount,ro,bind {here}; cd {here}; exec {shlex.join(GRADE)}"
    )
    for prepared in (False, True):
        if prepared:
            classroom.course.secret()
        done = mounted(classroom, "", script)
        assert done.returncode == 2
        [line] = done.stderr.strip().splitlines()
        assert "Read-only file system" in line


@pytest.mark.sampled
@root_only
@needs_sandbox
@pytest.mark.parametrize("left", [20, 300, 700])
def test_a_disk_that_is_full_costs_no_traceback_and_nothing_that_was_recorded(classroom, left, tmp_path):
    """A real one, of memory, with some kB left: it is full while results, marks or pages are written."""
    for number in range(4):
        classroom.hand_in(f"s{number}", WRONG)
    calls.register(classroom.course, classroom.chapter)
    classroom.course.secret()
    small = tmp_path / "small"
    small.mkdir()
    script = f"""
mount -t tmpfs -o size=12m none {small}
cp -r '{classroom.root}' {small}/course
cd {small}/course
free=$(df -k --output=avail {small} | tail -1)
head -c $(( (free - {left}) * 1024 )) /dev/zero > ../filler
{shlex.join(GRADE)} && status=0 || status=$?
rm ../filler
echo first $status
{shlex.join(GRADE)}
"""
    done = mounted(classroom, "", script)
    # What could not be written at all ends with 2; with some students recorded, and some not, with 1.
    assert "first 0" not in done.stdout or left == 700
    assert "No space left" in done.stderr or "disk is full" in done.stderr or "first 0" in done.stdout
    assert all(len(line) < 500 for line in done.stderr.splitlines())
    assert done.returncode == 0, done.stderr  # once there is room the rest is done, and nobody is lost
    last = done.stdout.rpartition("first ")[2]
    assert "0 failed" in last or "nothing has changed" in last


@pytest.mark.parametrize("text", ["z" * 64, "", "short", "ab" * 40 + "é", "\0" * 64, "[" * 100_000])
def test_a_damaged_secret_is_one_line(classroom, text):
    (classroom.course.private / "secret").write_text(text)
    with pytest.raises(CourseError, match=r"secret is damaged|secret cannot be used"):
        classroom.course.secret()


def test_a_secret_that_is_something_else_is_one_line(classroom, tmp_path):
    place = classroom.course.private / "secret"
    (tmp_path / "elsewhere").write_text("ab" * 32)
    for make in (place.mkdir, lambda: place.symlink_to(tmp_path / "elsewhere"), lambda: os.mkfifo(place)):
        make()
        with pytest.raises(CourseError, match="secret cannot be used"):
            classroom.course.secret()
        place.rmdir() if place.is_dir() and not place.is_symlink() else place.unlink()
    assert len(classroom.course.secret()) == 32


@pytest.mark.parametrize("deep", ["[" * 100_000, '{"cells": ' * 50_000, "", "\0"])
def test_a_released_notebook_that_cannot_be_read_is_one_line(classroom, deep):
    classroom.hand_in("ada", WRONG)
    classroom.course.released(classroom.chapter).write_text(deep)
    with pytest.raises((BadSubmission, CourseError), match="run `grader build` again"):
        calls.registered(classroom.course, classroom.chapter)


def test_a_file_that_becomes_a_link_between_look_and_copy_is_not_followed(classroom, tmp_path, monkeypatch):
    inside = classroom.place("eve").parent
    secret = tmp_path / "secret"
    secret.write_text("of the machine")
    (inside / "data.csv").write_text("1,2")
    (inside / "more").mkdir()
    (inside / "more" / "data.csv").write_text("3,4")
    look = folder.names
    config = classroom.course.config()
    config.StudentFiles.keep = ["*.csv"]
    lay_out(tmp_path / "copied", inside, config, {})
    assert (tmp_path / "copied" / "more" / "data.csv").read_text() == "3,4"

    def swapped(change):
        def names(descriptor):
            found = look(descriptor)
            change()
            return found

        return names

    def link():
        (inside / "data.csv").unlink()
        (inside / "data.csv").symlink_to(secret)

    def link_above():
        shutil.rmtree(inside / "more")
        (tmp_path / "data.csv").write_text("of the machine")
        (inside / "more").symlink_to(tmp_path)

    for number, change in enumerate((link, link_above)):
        monkeypatch.setattr(folder, "names", swapped(change))
        with pytest.raises(BadSubmission, match="is a link to another place"):
            lay_out(tmp_path / f"copied {number}", inside, config, {})
        assert not [
            p
            for p in (tmp_path / f"copied {number}").rglob("*")
            if p.is_file() and "machine" in p.read_text()
        ]
        (inside / "data.csv").unlink()
        (inside / "data.csv").write_text("1,2")


def test_only_data_that_the_instructor_names_is_kept(classroom):
    config = classroom.course.config()
    names = [
        "timestamp.txt", "data.csv", "data/more.npy", "picture.png", "page.html", "drawing.svg", "code.js", "x.xhtml",
        "x.csv.html", "x.html.csv", "x.vl.json", "noending", ".hidden.csv", "a\x9b.csv", "a/../b.csv", "data.CSV",
        "x.pdf", "x.xml", "x.ipynb",
    ]  # fmt: skip
    assert kept(config, names) == ["timestamp.txt"]
    config.StudentFiles.keep = ["*.csv", "data/*"]
    assert kept(config, names) == ["timestamp.txt", "data.csv", "data/more.npy"]
    config.StudentFiles.keep = ["*"]
    assert kept(config, names) == ["timestamp.txt", "data.csv", "data/more.npy", "picture.png", "data.CSV"]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ada:hunter2@db.example/grades", "postgresql://ada:***@db.example/grades"),
        ("postgresql://ada:h%40unter2/:@db/grades", "postgresql://ada:***@db/grades"),
        ("postgresql://db/grades?user=ada&password=hunter2", "postgresql://db/grades?user=ada&password=***"),
    ],
)
def test_the_password_of_a_gradebook_is_never_said(classroom, url, shown):
    """In whatever way it cannot be reached: no driver, no host, no such server."""
    assert calls.shown_url(url) == shown
    assert "unter2" not in calls.without_password(f"cannot connect to {url}", url)
    classroom.hand_in("ada", WRONG)
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    done = run(classroom)
    assert done.returncode == 2
    [line] = done.stderr.strip().splitlines()
    assert shown in line
    assert "hunter2" not in done.stderr + done.stdout
    assert "unter2" not in json.dumps(done.stderr + done.stdout)
