"""What every sandbox has alike, in either mode: folders of the system, environment, interpreter, user, filter of calls."""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from grader.sandbox.seccomp import program

SYSTEM = ("/usr/bin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/share/fonts", "/usr/share/zoneinfo")


LINKS = {"/bin": "usr/bin", "/lib": "usr/lib", "/lib32": "usr/lib32", "/lib64": "usr/lib64"}


FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts")


WRITABLE_MB = {"/tmp": 64, "/job": 64, "/dev/shm": 32, "/ipc": 1}


# When root grades, every sandbox gets a user of its own, so that limits on processes are its own too.
FIRST_UID, UIDS = 210_000, 10_000


LIMITS = {
    "AS": 3 << 30,  # bytes of address space a process; threads of BLAS take much of it unused
    "CPU": 120,  # seconds
    "FSIZE": 32 << 20,
    "NPROC": 64,
    "NOFILE": 256,
    "CORE": 0,
}
"""Resource limits of each process, by their names in `resource`."""

ROUNDING = (
    "OPENBLAS_CORETYPE",
    "MKL_CBWR",
    "MKL_ENABLE_INSTRUCTIONS",
    "BLIS_ARCH_TYPE",
    "NPY_DISABLE_CPU_FEATURES",
    "NPY_ENABLE_CPU_FEATURES",
)
"""Variables that choose a processor's instructions, and so the last bits of results: judge, kernels and grader have the same."""

ENVIRONMENT = {name: os.environ[name] for name in ROUNDING if name in os.environ} | {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    "TMPDIR": "/tmp",
    "USER": "student",
    "LOGNAME": "student",
    "LANG": "C.UTF-8",
    "MPLCONFIGDIR": "/tmp/matplotlib",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "IPYTHONDIR": "/tmp/ipython",
    "JUPYTER_RUNTIME_DIR": "/tmp/runtime",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONNOUSERSITE": "1",
    "PYTHONPATH": "/edition:/site",
}


def processes_of_user() -> int:
    """Processes and threads of the user that this one runs as: a limit on them counts all of these."""
    found = 0
    for place in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if place.name.isdigit() and place.stat().st_uid == os.getuid():
                found += len(os.listdir(place / "task"))
    return found


def interpreter() -> str:
    """The Python that runs inside: the base interpreter, as a virtual environment is not bound."""
    base = Path(sys.base_prefix).resolve() / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return str(base if base.exists() else Path(sys.executable).resolve())


def without_sandbox(edition: Path, folder: str) -> tuple[list[str], dict[str, str]]:
    """Command and environment of a launcher for code that is trusted; append the descriptor that it is asked on."""
    environment = {
        **os.environ, **ENVIRONMENT, "PYTHONPATH": str(edition), "PATH": os.environ.get("PATH", ""), "HOME": folder,
        "TMPDIR": folder, "IPYTHONDIR": folder, "JUPYTER_RUNTIME_DIR": folder, "MPLCONFIGDIR": folder,
    }  # fmt: skip
    # The folder of the launcher must not be on the path of the kernel.
    return [sys.executable, "-P", str(Path(__file__).with_name("launcher.py"))], environment


def filter_descriptor() -> int | None:
    """A descriptor to read the seccomp filter from; None on machines whose call numbers are not listed."""
    if platform.machine() != "x86_64":
        return None
    descriptor = os.memfd_create("seccomp")
    os.write(descriptor, program())
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


@functools.cache
def _user_numbers() -> Iterator[int]:
    return itertools.cycle(range(FIRST_UID + os.getpid() % UIDS, FIRST_UID + 2 * UIDS))


def student_uid() -> int | None:
    """The user id to change to inside the sandbox when the grader is root; None for an ordinary user."""
    return next(_user_numbers()) if os.geteuid() == 0 else None


class SandboxUnavailable(RuntimeError):
    """There is no sandbox on this machine; the message says what to do."""
