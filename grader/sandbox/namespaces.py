"""What a student's kernel can see: one bubblewrap command line, made of fixed lists.

Everything is bound by name and read-only; nothing is derived from ``sys.path``, because nbgrader puts the course
root there. The kernel sees an interpreter, numpy, matplotlib, ipykernel, ipywidgets and what these need, the
marking edition of fnnkit, and small writable file systems in memory.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.sandbox.packages import FONTS, font_caches, site_folder
from grader.sandbox.surroundings import (
    ENVIRONMENT,
    FILES,
    LINKS,
    SYSTEM,
    WRITABLE_MB,
    SandboxUnavailable,
    filter_descriptor,
    interpreter,
)

HOLDER = "/usr/bin/cat"
"""What waits in a sandbox until it is ended: it says by its echo that it runs, and ends when its input is closed."""


STAGES = ("/mnt", "/media", "/srv", "/opt")


MISSING = (
    "bubblewrap is needed to run submissions safely: install the package `bubblewrap` "
    "(apt, dnf, pacman), or say --trust-submissions if you wrote all of them yourself"
)


@functools.cache
def bubblewrap() -> str:
    """Path of a bubblewrap that works here.

    Raises
    ------
    SandboxUnavailable
        If it is not installed, or cannot make namespaces.
    """
    found = shutil.which("bwrap")
    if found is None:
        raise SandboxUnavailable(MISSING)
    command = [found, *_namespaces(), *_system(), "--proc", "/proc", "--", "/usr/bin/true"]
    tried = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    if tried.returncode:
        said = (tried.stderr.strip().splitlines() or ["no message"])[-1]
        raise SandboxUnavailable(
            f"bubblewrap is installed but cannot make a sandbox here ({said}): allow user namespaces, "
            "or say --trust-submissions if you wrote all submissions yourself"
        )
    return found


def command(edition: Path, *, seccomp_fd: int | None, info_fd: int, prepared: str | None = None) -> list[str]:
    """The command line that starts something inside a fresh sandbox; append the command.

    Parameters
    ----------
    edition : Path
        Folder with the marking edition of fnnkit.
    seccomp_fd, info_fd : int
        Descriptors from which bubblewrap reads the filter and to which it writes the process id.
    prepared : str, optional
        A folder in which everything that can only be read was put together before (see `stage`).
    """
    line = [
        bubblewrap(),
        *_namespaces(),
        "--die-with-parent",
        "--new-session",
        "--hostname",
        "sandbox",
        "--clearenv",
    ]
    for name, value in ENVIRONMENT.items():
        line += ["--setenv", name, value]
    line += root(edition) if prepared is None else ["--ro-bind", prepared, "/"]
    line += ["--proc", "/proc", "--dev", "/dev"]
    # No terminals: their number is that of the whole machine.
    line += ["--perms", "555", "--size", "65536", "--tmpfs", "/dev/pts", "--remount-ro", "/dev/pts"]
    for place, megabytes in WRITABLE_MB.items():
        line += ["--perms", "1777", "--size", str(megabytes << 20), "--tmpfs", place]
    line += ["--remount-ro", "/dev", "--perms", "1777", "--dir", "/tmp/matplotlib"]
    for cache in font_caches():
        line += ["--symlink", f"/site/{FONTS}/{cache.name}", f"/tmp/matplotlib/{cache.name}"]
    if prepared is None:  # otherwise it is read-only already
        line += ["--remount-ro", "/"]
    line += ["--chdir", "/job", "--info-fd", str(info_fd)]
    if seccomp_fd is not None:
        line += ["--seccomp", str(seccomp_fd)]
    return line


def root(edition: Path, folder: str = "") -> list[str]:
    """Arguments that put together, in a folder, everything of a sandbox that can only be read."""
    line = _system(folder)
    site, bound = site_folder()
    line += ["--ro-bind", str(site), f"{folder}/site"]
    for source, name in bound:
        line += ["--ro-bind", source, f"{folder}/site/{name}"]
    line += ["--ro-bind", str(edition), f"{folder}/edition"]
    line += ["--ro-bind", str(Path(__file__).with_name("launcher.py")), f"{folder}/launcher.py"]
    return line


def stage(edition: Path) -> tuple[str, list[str]] | None:
    """A place in which bubblewrap finds the root of a sandbox ready: its path, and the command line that makes it.

    For each bind, bubblewrap reads the list of all mounts: a hundred binds take it longer than a kernel its start. So
    they are made once a batch, out of sight of everybody else, and each sandbox binds the whole. None where no folder
    can be used for it: it has to exist, as one that was made would stay behind when the grader is killed.
    """
    needed = [bubblewrap(), *map(str, font_caches())]
    for folder in STAGES:
        if os.path.isdir(folder) and not any(place.startswith(folder + "/") for place in needed):
            break
    else:
        return None
    line = [bubblewrap(), "--dev-bind", "/", "/"]
    if os.geteuid() != 0:
        line += ["--unshare-user", "--cap-add", "ALL"]
    line += ["--perms", "755", "--tmpfs", folder, *root(edition, folder)]
    for place in ("/proc", "/dev", *WRITABLE_MB):
        if not place.startswith("/dev/"):
            line += ["--perms", "755", "--dir", folder + place]
    return folder, [*line, "--"]


def enter_stage(pid: int) -> list[str] | None:
    """What to put before a command so that it finds a stage, by a process in it; None where that is impossible."""
    nsenter = shutil.which("nsenter")
    if nsenter is None:
        return None
    user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
    return [nsenter, "--target", str(pid), "--mount", *user, "--"]


def _namespaces() -> list[str]:
    separate = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.geteuid() == 0:
        # An interpreter below /root cannot be bound by an ordinary user. So root sets the sandbox up, and the
        # launcher changes to a user of its own before any student code runs; these two capabilities end with that.
        return [*separate, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return ["--unshare-user", "--disable-userns", *separate]


def _system(folder: str = "") -> list[str]:
    line: list[str] = []
    base = Path(sys.base_prefix).resolve()
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    stdlib = base / "lib" / version
    # Named, because bubblewrap makes the folders on the way to a bind for root alone.
    for parent in ("/etc", "/usr", "/usr/share", *map(str, reversed(stdlib.parents[:-1]))):
        line += ["--perms", "755", "--dir", folder + parent]
    for place in SYSTEM:
        if os.path.isdir(place):
            line += ["--ro-bind", os.path.realpath(place), folder + place]
    for link, target in LINKS.items():
        if os.path.isdir("/" + target):
            line += ["--symlink", target, folder + link]
    for name in FILES:
        if os.path.exists(name):
            line += ["--ro-bind", os.path.realpath(name), folder + name]
    if base != Path("/usr"):
        line += ["--ro-bind", str(Path(interpreter()).resolve()), folder + interpreter()]
        line += ["--ro-bind", str(stdlib), f"{folder}{stdlib}"]
        for library in sorted((base / "lib").glob("libpython*")):
            line += ["--ro-bind", str(library.resolve()), f"{folder}{library}"]
    # What else is installed for this interpreter is not part of the course: cover it.
    for packages in (
        stdlib / "site-packages",
        stdlib / "dist-packages",
        base / "lib/python3/dist-packages",
        Path("/usr/lib/python3/dist-packages"),
    ):
        if packages.is_dir():
            line += [
                "--perms",
                "755",
                "--size",
                "65536",
                "--tmpfs",
                f"{folder}{packages}",
                "--remount-ro",
                f"{folder}{packages}",
            ]
    return line


def start(
    edition: Path,
    line: list[str],
    passed: list[int],
    stream: int,
    log: int,
    *,
    prepared: str | None = None,
    enter: Sequence[str] = (),
) -> tuple[subprocess.Popen[bytes], int]:
    """Start something in a sandbox.

    Parameters
    ----------
    edition : Path
        The packages of the course.
    line : list of str
        What.
    passed : list of int
        Descriptors that it gets.
    stream, log : int
        Its standard input and output, and its standard error.
    prepared, enter : str, sequence of str
        As of a `warm.Stage`.

    Returns
    -------
    process : Popen
        Bubblewrap.
    info : int
        A descriptor from which its report can be read.
    """
    info, info_write = os.pipe()
    seccomp = filter_descriptor()
    arguments = command(edition, seccomp_fd=seccomp, info_fd=info_write, prepared=prepared)
    try:
        # Not in a helper thread: bubblewrap dies with the thread that started it.
        process = subprocess.Popen(
            [*enter, *arguments, "--", *line], env={}, stderr=log, stdin=stream, stdout=stream,
            pass_fds=[*passed, info_write, *([] if seccomp is None else [seccomp])], start_new_session=True,
        )  # fmt: skip
    except BaseException:
        os.close(info)
        raise
    finally:
        os.close(info_write)
        if seccomp is not None:
            os.close(seccomp)
    return process, info
