"""Every layer that a mark or a machine depends on, tried out: each check does the thing and says what came of it."""

from __future__ import annotations

import asyncio
import functools
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traitlets.config import Config

from fnnkit.kernel.asking import KernelLost
from grader.marking import edition
from grader.marking.session import Session
from grader.sandbox import cgroups, landlock, modes, namespaces, surroundings

INSTALL = "install the package `bubblewrap` (apt, dnf, pacman)"
NAMESPACES = (
    "allow user namespaces: `sysctl kernel.unprivileged_userns_clone=1`, on Ubuntu 24.04 an AppArmor profile for bwrap, "
    "in a container `--security-opt seccomp=unconfined`; until then Landlock is used where it works"
)
REPORT = "do not grade with this installation: report what this line says"


@dataclass(frozen=True)
class Check:
    """What came of trying one layer.

    Attributes
    ----------
    layer : str
        What was tried.
    state : str
        ``"ok"``, ``"failed"``, or ``"absent"`` for what is not needed as another layer stands in for it.
    said : str
        What came out, in a few words.
    advice : str
        What to do if it failed.
    """

    layer: str
    state: str
    said: str
    advice: str = ""


class Failed(Exception):
    """A layer does not hold; the message is what was seen."""


def examine(chapter: str) -> Iterator[Check]:
    """Try every layer, one after the other.

    Parameters
    ----------
    chapter : str
        Whose marking edition is used.
    """
    bubblewrap = _tried("bubblewrap", _version, INSTALL)
    yield bubblewrap
    if bubblewrap.state == "ok":
        made = _tried("namespaces", _namespaces, NAMESPACES)
    else:
        made = Check("namespaces", "absent", "bubblewrap makes them")
    yield made
    namespaces = made.state == "ok"
    landlocked = _tried(
        "landlock", _landlock, "a kernel of Linux 6.2 or newer, started with `lsm=landlock,…`"
    )
    if namespaces and landlocked.state == "failed":
        landlocked = Check("landlock", "absent", f"{landlocked.said}; not needed beside namespaces")
    yield landlocked
    mode = _tried("mode", modes.mode, "one of namespaces and landlock has to work; see above")
    yield mode
    if mode.state == "failed":
        return
    for layer, inside in (
        ("kernel starts and answers", _answers),
        ("network unreachable", _network),
        ("files of the host invisible", _files),
        ("nothing of the host writable", _written),
        ("system calls refused", _calls),
        ("memory of a process", _memory),
        ("memory of all processes", _memory_of_all),
        ("memory of the kernel's own", _channels),
        ("number of processes", _processes),
        ("size of files", _file_size),
        ("number of files", _inodes),
        ("processor time", _cpu),
        ("wall clock", _clock),
        ("output", _output),
        ("marking edition imports", _imports),
        ("nothing is left", _left),
    ):
        if mode.said == "landlock" and layer in ("size of files", "number of files"):
            yield Check(layer, "absent", "no file can be written in this mode")
        else:
            yield _tried(layer, functools.partial(inside, chapter), REPORT)


def _tried(layer: str, attempt: Callable[[], str], advice: str) -> Check:
    try:
        return Check(layer, "ok", attempt())
    except (Failed, modes.SandboxUnavailable, KernelLost, OSError, RuntimeError) as problem:
        return Check(layer, "failed", " ".join(str(problem).split())[:300] or type(problem).__name__, advice)


def _version() -> str:
    import shutil

    found = shutil.which("bwrap")
    if found is None:
        raise Failed("not found")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=30, check=False)
    if said.returncode:
        raise Failed(f"{found} cannot be run")
    return f"{said.stdout.strip()}, {found}"


def _namespaces() -> str:
    namespaces.bubblewrap()
    whose = "as root, with a user of its own for each kernel" if os.geteuid() == 0 else "as an ordinary user"
    return f"made and left, {whose}"


def _landlock() -> str:
    modes.landlocked()
    return f"version {landlock.version()}, tried"


async def _run(chapter: str, source: str, seconds: float = 30.0, **settings: Any) -> str:
    config = Config()
    config.SandboxProvisioner.update({"warm": False, **settings})
    async with Session(edition.folder(chapter), config) as session:
        run = await session.run(source, seconds)
    if run.error:
        return run.error
    return "".join(o.get("text", "") for o in run.outputs).strip()


def said(chapter: str, source: str, seconds: float = 30.0, **settings: Any) -> str:
    """What a cell prints in a sandbox of its own, or the error that ends it."""
    return asyncio.run(_run(chapter, source, seconds, **settings))


def lost(chapter: str, source: str, words: str, seconds: float = 30.0, **settings: Any) -> str:
    """Why a cell loses its kernel."""
    try:
        came = said(chapter, source, seconds, **settings)
    except KernelLost as reason:
        if words in str(reason):
            return str(reason)
        raise
    raise Failed(f"nothing ended it: {came[:100]!r}")


def _expect(found: str, wanted: str, meaning: str) -> str:
    if found != wanted:
        raise Failed(f"seen inside: {found[:200]!r}")
    return meaning


def _answers(chapter: str) -> str:
    start = time.perf_counter()
    found = said(chapter, "import sys, numpy\nprint(sys.version_info[:2], numpy.__version__)")
    if not found.startswith("("):
        raise Failed(found)
    return f"Python {platform.python_version()}, {1000 * (time.perf_counter() - start):.0f} ms from nothing to its end"


def _network(chapter: str) -> str:
    source = """
import socket
reached = []
for family, target in ((2, ("127.0.0.1", 22)), (2, ("1.1.1.1", 53)), (10, ("::1", 22)), (1, "/run/docker.sock"), (40, (2, 22))):
    try:
        with socket.socket(family) as s:
            s.settimeout(1)
            s.connect(target)
        reached.append(target)
    except OSError:
        pass
print(reached)"""
    return _expect(said(chapter, source), "[]", "no address, no service of this machine, no virtual socket")


def _files(chapter: str) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".secret") as file:
        file.write("x")
        file.flush()
        places = [
            file.name,
            "/etc/passwd",
            "/etc/shadow",
            str(Path(__file__)),
            str(Path.home() / ".profile"),
            "/proc/1/environ",
            *_files_here(),
        ]
        source = f"""
seen = []
for place in {places!r}:
    try:
        if open(place).read(1) or place != "/proc/1/environ": seen.append(place)  # to its own user it opens, and is empty
    except OSError: pass
print(seen)"""
        found = said(chapter, source)
    return _expect(found, "[]", "the course, the grader, the accounts and what lies in the temporary folder")


def _files_here() -> list[str]:
    """Some files of the folder in which this runs, most often the course; none if a sandbox shows that folder on purpose."""
    here = os.getcwd()
    if any(
        Path(here).is_relative_to(place) for place in (*surroundings.SYSTEM, Path(sys.base_prefix).resolve())
    ):
        return []
    return sorted(entry.path for entry in os.scandir(here) if entry.is_file())[:20]


def _written(chapter: str) -> str:
    source = """
import os
written = []
for place in ("/", "/usr", "/usr/bin", "/etc", "/dev", "/edition", "/site", "/var/tmp", "/run", os.path.dirname(os.__file__)):
    try: os.close(os.open(place + "/fnnkit-doctor", os.O_CREAT | os.O_WRONLY)); written.append(place)
    except OSError: pass
print(written)"""
    return _expect(said(chapter, source), "[]", "read-only, or not there")


def _calls(chapter: str) -> str:
    if platform.machine() != "x86_64":
        raise Failed(f"no filter for {platform.machine()}: it lists the calls of x86-64")
    source = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def refused(number):
    ctypes.set_errno(0)
    return libc.syscall(number, -1, -1, -1, -1, -1) == -1 and ctypes.get_errno() == 1
print([n for n in (101, 165, 272, 308, 321, 323, 425, 250, 310) if not refused(n)])"""
    return _expect(
        said(chapter, source),
        "[]",
        "ptrace, mount, unshare, setns, bpf, userfaultfd, io_uring, keyctl, other memory; what is not on the list does not exist",
    )


def _memory(chapter: str) -> str:
    found = said(chapter, "bytearray(8 << 30)")
    return _expect(found.partition(":")[0], "MemoryError", "8 GB are refused")


def _memory_of_all(chapter: str) -> str:
    source = """
import os, time
for _ in range(5):
    if os.fork() == 0:
        held = bytearray(90 << 20)
        time.sleep(60)
time.sleep(60)"""
    return lost(chapter, source, "MB of memory", memory_mb=300)


def _channels(chapter: str) -> str:
    source = """
import os, time
for _ in range(10):
    if os.fork() == 0:
        held = [os.pipe() for _ in range(100)]
        time.sleep(60)
time.sleep(60)"""
    lost(chapter, source, "sockets and pipes")
    return f"500 pipes and local sockets at most, and no others; control groups: {cgroups.about()}"


def _processes(chapter: str) -> str:
    source = """
import threading, time
n = 0
try:
    while n < 5000:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        n += 1
except RuntimeError:
    print(n < 100)"""
    return _expect(said(chapter, source), "True", "fewer than 100, whatever the limit of the user")


def _file_size(chapter: str) -> str:
    found = said(chapter, "import signal\nopen('/tmp/x', 'wb').write(bytes(40 << 20))")
    if "File too large" not in found:
        raise Failed(found[:200])
    found = said(
        chapter,
        "n = 0\ntry:\n    for i in range(20):\n        with open(f'/tmp/{i}', 'wb') as f: n += f.write(bytes(16 << 20))\n"
        "except OSError as e: print(n >> 20 < 100)",
    )
    return _expect(found, "True", f"32 MB a file, {surroundings.WRITABLE_MB['/tmp']} MB in all in /tmp")


def _inodes(chapter: str) -> str:
    source = (
        "import os, time\nfor n in range(100_000): os.close(os.open(f'/tmp/{n}', os.O_CREAT))\ntime.sleep(20)"
    )
    return lost(chapter, source, "files", inodes=2000)


def _cpu(chapter: str) -> str:
    source = "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass"
    return lost(chapter, source, "", 60, limits={"AS": 3 << 30, "CPU": 1})


def _clock(chapter: str) -> str:
    # A cell that lets itself be stopped keeps its kernel: this one does not.
    stubborn = (
        "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException:\n        pass"
    )
    return lost(chapter, stubborn, "stopped after 1 s", 1.0)


def _output(chapter: str) -> str:
    found = said(chapter, "print('x' * 5_000_000)")
    if len(found) > 50_000:
        raise Failed(f"{len(found)} characters are kept of five million")
    return f"{len(found):,} characters are kept of five million"


def _imports(chapter: str) -> str:
    source = """
import importlib, importlib.util
import fnnkit, fnnkit.exercises, fnnkit.figures, numpy, matplotlib, ipywidgets
absent = ("losses", "linear", "network", "exercises.exercise", "exercises.registry", "exercises.@CHAPTER@")
print([n for n in absent if importlib.util.find_spec("fnnkit." + n)])""".replace("@CHAPTER@", chapter)
    return _expect(
        said(chapter, source), "[]", f"that of {chapter}: checks that do nothing, no reference, no exercise"
    )


def _left(chapter: str) -> str:
    from grader.sandbox.landlock import descendants

    before = set(descendants(os.getpid()))
    said(chapter, "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(60)")
    left = set(descendants(os.getpid())) - before
    if left:
        raise Failed(f"{len(left)} processes after the end of a kernel")
    return "no process after the end of a kernel"


def as_json(checks: list[Check]) -> str:
    """All checks for a program to read."""
    return json.dumps([vars(check) for check in checks], indent=1)
