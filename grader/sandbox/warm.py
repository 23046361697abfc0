"""The warm process from which kernels are forked, as seen by the grader: started once, asked for kernels, ended.

There is one for each edition, as an edition is part of what it has imported. Where it cannot be used, kernels are
started the long way, by a new interpreter in the sandbox, with the same result.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

from grader import scratch
from grader.sandbox import namespaces, packages, seccomp, surroundings

PROGRAM = Path(__file__).with_name("zygote.py")
STAGE_SECONDS = 10.0
MOST_DEATHS = 3
"""Warm processes that may end unasked before no other one is started."""

_running: dict[tuple[Path | None, str], Zygote] = {}
_ahead: list[Zygote] = []
"""One that was started before it was known for what, if any."""
_deaths = 0


class Stage:
    """A place in which the root of all sandboxes of an edition is ready to be bound (see `namespaces.stage`).

    Attributes
    ----------
    enter : list of str
        What to put before a command for that, once `folder` was asked for.
    """

    def __init__(self, edition: Path) -> None:
        self.enter: list[str] = []
        self._folder: str | None = None
        self._made: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        made = namespaces.stage(edition)
        if made is None:
            return
        self._made = made[0]
        # It ends with its input: nothing of it is left when the grader is killed.
        self._process = subprocess.Popen(
            [*made[1], namespaces.HOLDER], env={}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            os.write(self._process.stdin.fileno(), b"x")

    @property
    def folder(self) -> str | None:
        """Where it is for who enters; None where there is none. It is waited for when somebody asks first."""
        if self._made is not None:
            self._folder, self._made = self._ready(self._made), None
        return self._folder

    def _ready(self, made: str) -> str | None:
        """The folder, if it could be made and can be entered."""
        assert self._process is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):
            waiting = select.select([self._process.stdout], [], [], STAGE_SECONDS)[0]
            if waiting and os.read(self._process.stdout.fileno(), 1) == b"x":
                pid = self._process.pid
                [inside] = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
                enter = namespaces.enter_stage(int(inside))
                if enter is not None:
                    self.enter = enter
                    return made
        return None

    def give_up(self) -> None:
        """Use it no more."""
        self._folder = self._made = None
        self.enter = []

    def close(self) -> None:
        """End it; sandboxes that were made from it stay as they are."""
        self.give_up()
        if self._process is not None:
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    stream.close()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


class Zygote:
    """A warm process (see `zygote`, the program that it runs), or one that is still warming up.

    Nobody has to wait for it: what it is asked for before it is ready, it does when it is. It warms up with what every
    edition needs, and is told afterwards which one it is for.
    """

    def __init__(self) -> None:
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.log = os.memfd_create("zygote-stderr")
        # Read from a descriptor: the path of this file would stand in the command line of every kernel.
        source = os.open(PROGRAM, os.O_RDONLY)
        self._scratch = scratch.folder()
        for cache in packages.font_caches():
            shutil.copy(cache, self._scratch)
        try:
            self.process = subprocess.Popen(
                [surroundings.interpreter(), "-P", "-s", "-S", f"/dev/fd/{source}", str(theirs.fileno())],
                pass_fds=[source, theirs.fileno()], cwd="/", stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=self.log, start_new_session=True,
                env={
                    **surroundings.ENVIRONMENT, "MPLCONFIGDIR": self._scratch, "PYTHONPATH": "",
                    "HOME": f"{self._scratch}/home",
                },
            )  # fmt: skip
        finally:
            theirs.close()
            os.close(source)
        self.stage: Stage | None = None
        self._say(self._setup())

    def _say(self, what: dict[str, Any]) -> None:
        """Tell it something; one that has died already is found when it is asked for a kernel."""
        with contextlib.suppress(OSError):
            self._requests.send(json.dumps(what).encode())

    def prepare(self, edition: Path | None, program: str) -> None:
        """Say for what it is.

        Parameters
        ----------
        edition : Path or None
            The packages of the course.
        program : str
            As `SandboxProvisioner.program`.
        """
        own = {} if edition is None else {f"/edition/{p.name}": str(p) for p in edition.iterdir()}
        self._say({"places": own, "program": program})
        self._requests.setblocking(False)
        # Made while the other warms up.
        self.stage = Stage(edition) if edition is not None else None

    def _setup(self) -> dict[str, Any]:
        places = {f"/site/{name}": place for place, name in packages.site_entries()}
        places |= {"/tmp/matplotlib": self._scratch, "/tmp": f"{self._scratch}/home"}
        return {
            "places": places,
            "path": ["/edition", "/site"],
            "environment": surroundings.ENVIRONMENT | {"PWD": "/job"},
            "launcher": Path(__file__).with_name("launcher.py").read_text(encoding="utf-8"),
            "seccomp": seccomp_program(),
            "scratch": self._scratch,
            "remains": str(scratch.place()),
        }

    @property
    def alive(self) -> bool:
        """Whether it can be asked for kernels."""
        return self.process.poll() is None

    def fork(self, job: dict[str, Any], control: socket.socket, holder: int, log: int) -> bool:
        """Ask for a kernel; whether the question was sent.

        Parameters
        ----------
        job : dict
            What the launcher gets, and ``holder``: process id of a process inside the sandbox.
        control : socket
            On which the kernel says that it is ready. It is closed if there will be no kernel.
        holder, log : int
            Descriptors: of the process inside, and of a file for standard error.
        """
        text = json.dumps(job).encode()
        try:
            socket.send_fds(self._requests, [text], [control.fileno(), holder, log])
        except OSError:
            return False
        return True

    def close(self) -> None:
        """End it; kernels that it has forked live on until their sandboxes end."""
        with contextlib.suppress(OSError):
            self._requests.send(b"{}")  # otherwise it would tidy up as after somebody who was killed
        self._requests.close()
        if self.stage is not None:
            self.stage.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.log >= 0:
            os.close(self.log)
            self.log = -1
        shutil.rmtree(self._scratch, ignore_errors=True)

    def last_words(self) -> str:
        """The last line that it wrote about a problem."""
        return last_line(self.log)


def running(edition: Path | None, program: str = "") -> Zygote | None:
    """The warm process for an edition and a program, started if there is none; None if they keep dying."""
    global _deaths
    wanted = (edition, program)
    found = _running.get(wanted)
    if found is not None and not found.alive:
        if found.process.returncode != 0:  # nobody asked for a while: that is no fault
            _deaths += 1
        _running.pop(wanted).close()
        found = None
    if found is None and _deaths < MOST_DEATHS:
        with contextlib.suppress(OSError):
            made = _ahead.pop() if _ahead else Zygote()
            try:
                made.prepare(edition, program)
            except BaseException:
                made.close()
                raise
            found = _running[wanted] = made
    return found


def begin() -> None:
    """Start a warm process for whatever edition is asked for first."""
    if not _running and not _ahead:
        with contextlib.suppress(OSError):
            _ahead.append(Zygote())


def close() -> None:
    """End all warm processes of this process."""
    while _ahead:
        _ahead.pop().close()
    while _running:
        _running.popitem()[1].close()


def forgive() -> None:
    """Forget which warm processes have died."""
    global _deaths
    _deaths = 0


def last_line(log: int) -> str:
    """The last line in a file, by its descriptor."""
    text = os.pread(log, 4096, max(0, os.fstat(log).st_size - 4096)).decode(errors="replace")
    return (text.strip().splitlines() or [""])[-1]


def seccomp_program() -> str:
    """The filter of system calls in hexadecimal digits; empty on machines whose calls are not listed."""
    descriptor = surroundings.filter_descriptor()
    if descriptor is None:
        return ""
    os.close(descriptor)
    return seccomp.program().hex()


atexit.register(close)
