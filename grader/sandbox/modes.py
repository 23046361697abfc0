"""How submissions are kept apart on this machine: by namespaces, or by Landlock where these are forbidden."""

from __future__ import annotations

import functools
import os
import platform
import subprocess
import tempfile
from pathlib import Path

from grader import scratch
from grader.sandbox import landlock
from grader.sandbox.landlock_job import landlock_job
from grader.sandbox.namespaces import bubblewrap
from grader.sandbox.surroundings import SandboxUnavailable, interpreter, student_uid

__all__ = ["CHOICE", "MODES", "SandboxUnavailable", "available", "landlocked", "mode"]

MODES = ("namespaces", "landlock")


CHOICE = "FNNKIT_SANDBOX"


def mode() -> str:
    """How submissions are kept apart on this machine: ``"namespaces"``, or ``"landlock"`` where these are forbidden.

    The variable ``FNNKIT_SANDBOX`` chooses one of them; a mode that does not work is never taken for one that does.

    Raises
    ------
    SandboxUnavailable
        If neither works; the message says what to do.
    """
    wanted = os.environ.get(CHOICE, "")
    if wanted not in ("", *MODES):
        raise SandboxUnavailable(f"{CHOICE} is {wanted!r}: it has to be one of {', '.join(MODES)}, or unset")
    if wanted != "landlock":
        try:
            bubblewrap()
            return "namespaces"
        except SandboxUnavailable:
            if wanted:
                raise
            try:
                landlocked()
            except SandboxUnavailable:
                pass
            else:
                return "landlock"
            raise
    landlocked()
    return "landlock"


@functools.cache
def landlocked() -> None:
    """Make sure that the sandbox without namespaces works here, by trying it.

    Raises
    ------
    SandboxUnavailable
        If it does not.
    """
    if platform.machine() != "x86_64":
        raise SandboxUnavailable(
            "without namespaces a filter of system calls is needed, and it lists those of x86-64 only"
        )
    if landlock.version() < landlock.OLDEST:
        raise SandboxUnavailable(
            f"the kernel has Landlock version {landlock.version()}, and {landlock.OLDEST} is needed (Linux 6.2, "
            "started with landlock among its lsm)"
        )
    with tempfile.TemporaryDirectory(dir=scratch.place()) as folder:
        attempt = "import os, sys\ntry: os.listdir(sys.argv[1])\nexcept PermissionError: print('kept')"
        line = [interpreter(), "-I", "-S", "-c", attempt, str(Path(__file__).parent)]
        with landlock_job(Path(folder), Path(folder), line, [], student_uid()) as (start, passed):
            tried = subprocess.run(
                start, pass_fds=passed, capture_output=True, text=True, timeout=30, check=False
            )
    if tried.returncode or tried.stdout != "kept\n":
        said = (tried.stderr.strip().splitlines() or ["a folder that is not listed could be read"])[-1]
        raise SandboxUnavailable(f"Landlock does not keep anything here ({said})")


def available() -> bool:
    """Whether submissions can be run in a sandbox on this machine."""
    try:
        mode()
    except SandboxUnavailable:
        return False
    return True
