"""What is bound into a sandbox, and what happens where none can be made."""

from __future__ import annotations

import json
import os
import platform
import shutil
import struct
import subprocess
import tempfile
from importlib import metadata
from pathlib import Path

import pytest

from grader.marking import edition
from grader.sandbox import modes, namespaces, packages, seccomp, surroundings

REPOSITORY = Path(__file__).resolve().parents[3]
needs_sandbox = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)


def inside(source: str) -> str:
    """What a program prints in a sandbox of its own, without a kernel."""
    read, write = os.pipe()
    descriptor = surroundings.filter_descriptor()
    line = namespaces.command(edition.folder("ch1_xor"), seccomp_fd=descriptor, info_fd=write)
    passed = [fd for fd in (write, descriptor) if fd is not None]
    done = subprocess.run(
        [*line, "--", surroundings.interpreter(), "-P", "-s", "-c", source],
        pass_fds=passed, env={"SECRET": "x"}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    for fd in (read, *passed):
        os.close(fd)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_packages_are_numpy_matplotlib_ipykernel_ipywidgets_and_what_they_need():
    names = {d.metadata["Name"].lower().replace("_", "-") for d in packages.closure(packages.PACKAGES)}
    assert {"numpy", "matplotlib", "ipykernel", "ipywidgets", "pyzmq", "traitlets", "ipython"} <= names
    assert names.isdisjoint(
        {"scipy", "torch", "scikit-learn", "nbgrader", "nbconvert", "fnnkit", "pytest", "jupyterlab"}
    )


def test_no_entry_is_the_repository_or_a_whole_folder_of_packages():
    for place, name in packages.site_entries():
        assert Path(place).name != "site-packages"
        assert not Path(place).is_relative_to(REPOSITORY / "grader")
        assert not Path(place).is_relative_to(REPOSITORY / "fnnkit")
        assert "/" not in name


@needs_sandbox
def test_course_packages_import_and_others_do_not():
    text = inside(
        "import importlib.util as u\n"
        "import numpy, matplotlib.pyplot, ipywidgets, fnnkit.exercises, fnnkit.figures.ch1_xor\n"
        "print([n for n in ('scipy', 'torch', 'nbgrader', 'grader', 'sqlalchemy', 'pip', 'sklearn') if u.find_spec(n)])\n"
        "print([n for n in ('losses', 'linear', 'xor', 'exercises.ch1_xor', 'exercises.exercise', 'exercises.registry')"
        " if u.find_spec('fnnkit.' + n)])"
    )
    assert text.splitlines() == ["[]", "[]"]


@needs_sandbox
def test_packages_know_their_versions_and_matplotlib_its_fonts():
    text = inside(
        "import glob, importlib.metadata as m, json, matplotlib\n"
        "print(m.version('numpy'), m.version('ipykernel'), m.requires('matplotlib')[0])\n"
        "print([len(json.load(open(p))['ttflist']) > 0 for p in glob.glob('/tmp/matplotlib/fontlist-*.json')])\n"
        "print(matplotlib.get_cachedir())"
    )
    versions, fonts, folder = text.splitlines()
    needed = metadata.requires("matplotlib")[0]
    assert versions == f"{metadata.version('numpy')} {metadata.version('ipykernel')} {needed}"
    assert fonts == str([True] * len(packages.font_caches()))
    assert folder == "/tmp/matplotlib"


@needs_sandbox
def test_the_environment_is_the_listed_one():
    names = set(json.loads(inside("import json, os\nprint(json.dumps(list(os.environ)))")))
    assert names - {"PWD", "LC_CTYPE"} == set(surroundings.ENVIRONMENT)


@needs_sandbox
def test_the_network_is_empty():
    assert inside("import socket\nprint([name for _, name in socket.if_nameindex()])") == "['lo']"


@needs_sandbox
def test_the_course_and_the_home_folders_are_not_there():
    text = inside(
        f"import os\nprint([p for p in ({str(REPOSITORY)!r}, '/home', '/var', '/sys', '/etc/passwd', '/etc/shadow',"
        f" {tempfile.gettempdir() + '/pytest-of-root'!r}) if os.path.exists(p)])"
    )
    assert text == "[]"


@needs_sandbox
def test_only_small_file_systems_in_memory_can_be_written():
    text = inside(
        "import os\n"
        "for base, folders, files in os.walk('/'):\n"
        "    if base.startswith('/proc'): folders.clear(); continue\n"
        "    try: open(base + '/written', 'w').close()\n"
        "    except OSError: continue\n"
        "    v = os.statvfs(base)\n"
        "    print(base, v.f_blocks * v.f_frsize >> 20)\n"
    )
    sizes = {line.split()[0]: int(line.split()[1]) for line in text.splitlines()}
    assert {p for p in sizes if p not in surroundings.WRITABLE_MB} <= {"/tmp/matplotlib"}
    assert {p: sizes[p] for p in surroundings.WRITABLE_MB} == surroundings.WRITABLE_MB


def test_without_bubblewrap_it_says_what_to_install_and_that_it_can_be_trusted(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    namespaces.bubblewrap.cache_clear()
    try:
        with pytest.raises(
            modes.SandboxUnavailable, match=r"install the package `bubblewrap`.*--trust-submissions"
        ):
            namespaces.bubblewrap()
        monkeypatch.setenv(modes.CHOICE, "namespaces")  # without it Landlock stands in where it can
        assert not modes.available()
    finally:
        namespaces.bubblewrap.cache_clear()


def test_a_bubblewrap_that_cannot_make_namespaces_is_no_sandbox(monkeypatch, tmp_path):
    (tmp_path / "bwrap").write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n"
    )
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    namespaces.bubblewrap.cache_clear()
    try:
        with pytest.raises(modes.SandboxUnavailable, match="No permissions to create new namespace"):
            namespaces.bubblewrap()
    finally:
        namespaces.bubblewrap.cache_clear()


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is missing")
def test_sandboxes_started_one_after_the_other_have_users_of_their_own():
    numbers = [surroundings.student_uid() for _ in range(20)]
    expected = 20 if os.geteuid() == 0 else 1
    assert len(set(numbers)) == expected


def test_the_filter_is_a_program_whose_jumps_stay_inside():
    program = seccomp.program()
    lines = [struct.unpack_from("HBBI", program, at) for at in range(0, len(program), 8)]
    assert lines[-1] == (seccomp.RETURN, 0, 0, seccomp.REFUSE | seccomp.ENOSYS)
    assert len(lines) < 4096
    for at, (code, yes, no, _) in enumerate(lines):
        if code in (seccomp.JUMP_EQUAL, seccomp.JUMP_AT_LEAST, seccomp.JUMP_SET):
            assert max(at + 1 + yes, at + 1 + no) < len(lines)


@needs_sandbox
@pytest.mark.skipif(platform.machine() != "x86_64", reason="the filter lists calls of x86-64")
def test_forbidden_calls_are_refused_and_useful_ones_are_not():
    # Called with nonsense, so that what is not refused does nothing.
    text = inside(
        "import ctypes\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "def refused(number):\n"
        "    ctypes.set_errno(0)\n"
        "    libc.syscall(number, -1, -1, -1, -1, -1)\n"
        "    return ctypes.get_errno() in (1, 38)\n"
        f"print([n for n in {sorted(seccomp.DENIED.values())} if not refused(n)])\n"
        "import multiprocessing, subprocess, threading\n"
        "t = threading.Thread(target=print, args=('thread',)); t.start(); t.join()\n"
        "print(subprocess.run(['echo', 'process'], capture_output=True, text=True).stdout.strip())\n"
        "print(multiprocessing.get_context('fork').Pool(1).map(abs, [-1]))\n"
    )
    assert text.splitlines() == ["[]", "thread", "process", "[1]"]


def test_the_edition_holds_no_reference_and_no_exercise():
    files = edition.files("ch1_xor")
    absent = {"losses", "linear", "xor", "exercises/exercise", "exercises/registry", "exercises/ch1_xor"}
    assert {f"fnnkit/{name}.py" for name in absent}.isdisjoint(files)
    text = b"\n".join(files.values())
    for secret in (b"pinv", b"Misconception", b"Criterion(", b"class Exercise"):
        assert secret not in text
