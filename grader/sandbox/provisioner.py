"""A kernel provisioner of `jupyter_client` that starts each kernel in a bubblewrap sandbox of its own.

There are two ways to start one. The warm way: bubblewrap makes the sandbox, with a program in it that only waits, and
a fork of a warm process joins it (`warm`, `zygote`). The cold way: what bubblewrap starts in the sandbox is a new
interpreter (`launcher`). The second is taken where the first does not work; a kernel is the same afterwards.

Two kinds of kernels start so: IPython's, for Jupyter's clients, whose sockets are in the sandbox; and that of a `program`,
which is asked on one socket that was there before it, and is how notebooks are marked (`session`).

It is found by its entry point ``fnnkit-sandbox``, which the kernelspec of the same name asks for. It fails closed:
where no sandbox can be made, no kernel starts, unless `SandboxProvisioner.trust_submissions` is set.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import Bool, Dict, Float, Int, Unicode

from grader import scratch
from grader.sandbox import landlock_job, modes, namespaces, seccomp, surroundings, watch
from grader.sandbox.reports import first_child, process_one, readable, readiness
from grader.sandbox.warm import Stage, Zygote, last_line, running


class SandboxProvisioner(KernelProvisionerBase):
    """Start, watch and end one sandboxed kernel."""

    trust_submissions = Bool(False, help="Run without a sandbox. Only for code that you wrote yourself.").tag(
        config=True
    )
    edition = Unicode("", help="Folder with the packages of the course that a kernel may import.").tag(
        config=True
    )
    limits = Dict(
        surroundings.LIMITS, help="Resource limits of each process, by their names in `resource`."
    ).tag(config=True)
    memory_mb = Int(1500, help="Memory that all processes of a sandbox may use together, in MB.").tag(
        config=True
    )
    channels = Int(500, help="Sockets and pipes that all processes of a sandbox may hold open.").tag(
        config=True
    )
    inodes = Int(20_000, help="Files and folders that a sandbox may hold.").tag(config=True)
    lifetime = Float(300.0, help="Seconds of wall clock after which a kernel is ended.").tag(config=True)
    start_timeout = Float(60.0, help="Seconds that a kernel may take to start.").tag(config=True)
    warm = Bool(True, help="Fork kernels from a warm process where that works.").tag(config=True)

    program = Unicode(
        "",
        help="Module of the edition whose kernel is started, instead of one that is talked to by Jupyter's protocol; "
        "it has the functions `prepare()` and `start(prepared, socket)`.",
    ).tag(config=True)

    process: subprocess.Popen[bytes] | None = None
    init: int | None = None
    ended_because = ""
    started = ""
    """``"warm"`` or ``"cold"``, once it has started."""
    _kernel: int | None = None
    _kernel_pid: int | None = None
    _holder: int | None = None
    _main: int | None = None
    _looking: watch.Watch | None = None
    _watch: asyncio.Task[None] | None = None
    _scratch: str | None = None
    _control: socket.socket | None = None
    _empty: str | None = None
    _log: int | None = None
    _kept = False
    _edition: Path
    _inside: int
    _zygote: Zygote

    @property
    def has_process(self) -> bool:
        """Whether a kernel was started and not yet cleaned up."""
        return self.process is not None

    @property
    def line(self) -> socket.socket | None:
        """Our end of the socket that the kernel of a `program` serves on."""
        return self._control

    async def open(self) -> None:
        """Start the kernel of a `program`.

        Raises
        ------
        SandboxUnavailable
            If there is no sandbox.
        RuntimeError
            If the kernel does not start in it.
        """
        await self._make()
        await self._begin()

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Make the sandbox, with a program in it that waits."""
        kwargs.pop("extra_arguments", None)
        await self._make()
        self._announce()
        prepared: dict[str, Any] = await super().pre_launch(cmd=[], **kwargs)
        return prepared

    async def _make(self) -> None:
        """Make the sandbox, with a program in it that waits."""
        edition = Path(self.edition) if self.edition else None
        self._edition = edition or Path(self._empty_folder())
        if self.trust_submissions:
            self._start_trusted()
        elif modes.mode() == "landlock":
            self._start_landlocked()
        elif self.warm and (found := running(edition, self.program)) is not None:
            self._zygote = found
            await self._make_sandbox()
        else:
            await self._start_sandbox()

    def _announce(self) -> None:
        """Tell the manager where the kernel's sockets are."""
        manager = self.parent
        manager.transport = "ipc"
        manager.ip = f"{self._scratch}/k" if self._scratch else f"/proc/{self._inside}/root/ipc/k"
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()

    def _start_trusted(self) -> None:
        """Start a launcher without a sandbox."""
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        folder = self._scratch = scratch.folder()
        line, environment = surroundings.without_sandbox(self._edition, folder)
        line.append(str(theirs.fileno()))
        with theirs:
            self._open(line, [theirs.fileno()], environment)

    def _start_landlocked(self) -> None:
        """Start a launcher where there are no namespaces: Landlock, a filter of system calls, and a keeper."""
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._scratch = scratch.folder()
        # Without site: it would put packages on the path that may be listed but not read.
        line = [surroundings.interpreter(), "-P", "-s", "-S"]
        line += [str(Path(__file__).with_name("launcher.py")), str(theirs.fileno())]
        uid = surroundings.student_uid()
        job = landlock_job.landlock_job(self._edition, Path(self._scratch), line, [theirs.fileno()], uid)
        with theirs, job as (command, passed):
            self._open(command, passed, {})
        self._kept = True

    def _open(self, line: list[str], passed: list[int], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            line, pass_fds=passed, env=environment, cwd=self._scratch, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=self._open_log(), start_new_session=True,
        )  # fmt: skip

    async def _start_sandbox(self) -> None:
        """The cold way: a sandbox with a launcher in it that waits for its job."""
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            line = [surroundings.interpreter(), "-P", "-s", "/launcher.py", str(theirs.fileno())]
            info = self._bubblewrap(line, [theirs.fileno()], subprocess.DEVNULL)
        await self._find_processes(info)

    async def _make_sandbox(self) -> None:
        """The warm way, first half: a sandbox with a program in it that keeps it."""
        stage = self._zygote.stage
        if stage is not None and stage.folder is not None:
            try:
                return await self._make_sandbox_from(stage)
            except modes.SandboxUnavailable:
                stage.give_up()
                await self._discard()
        await self._make_sandbox_from(None)

    async def _make_sandbox_from(self, stage: Stage | None) -> None:
        info = self._bubblewrap([namespaces.HOLDER], [], subprocess.PIPE, stage)
        assert self.process is not None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(OSError):  # said below, in bubblewrap's own words
            os.write(self.process.stdin.fileno(), b"x")
        echo = await asyncio.wait_for(readable(self.process.stdout.fileno()), self.start_timeout)
        await self._find_processes(info)
        if echo != b"x":
            raise modes.SandboxUnavailable("the sandbox ended before the kernel started")
        self._holder = os.pidfd_open(self._inside)

    def _bubblewrap(self, line: list[str], passed: list[int], stream: int, stage: Stage | None = None) -> int:
        """Start bubblewrap; give the descriptor from which its report can be read."""
        prepared, enter = (stage.folder, stage.enter) if stage is not None else (None, [])
        self.process, info = namespaces.start(
            self._edition, line, passed, stream, self._open_log(), prepared=prepared, enter=enter
        )
        return info

    async def _find_processes(self, info: int) -> None:
        """Process 1 of the sandbox and the program in it, as seen from outside."""
        process = self.process
        assert process is not None
        self.init = await process_one(info, self.start_timeout)
        if self.init is None:
            process.wait(5)
            raise modes.SandboxUnavailable(f"bubblewrap could not make a sandbox: {self._last_words()}")
        inside = await first_child(self.init, lambda: process.poll() is None, self.start_timeout)
        if inside is None:
            raise modes.SandboxUnavailable("the sandbox ended before the kernel started")
        self._inside = inside

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Give somebody the job to start the kernel, and wait until it listens."""
        await self._begin()
        return dict(self.connection_info)

    async def _begin(self) -> None:
        """Give somebody the job to start the kernel, and wait until it is ready."""
        said = b""
        if self._holder is not None:
            self.started = "warm"
            said = await self._fork()
            if said != b"ready":
                # Whatever the reason is: the cold way needs less.
                reason = self._last_words() or self._zygote.last_words()
                self.log.warning("no kernel could be forked (%s): it starts the long way", reason)
                await self._discard()
                await self._start_sandbox()
                if not self.program:
                    self.parent.cleanup_connection_file()
                    self._announce()
        if said != b"ready":
            self.started = "cold"
            assert self._control is not None
            self._control.send(json.dumps(self._job()).encode())
            said = await self._answer()
        if said != b"ready":
            await self.kill()
            raise RuntimeError(f"the kernel did not start inside its sandbox: {self._last_words()}")
        assert self._control is not None
        if self.program:
            self._control.setblocking(False)
        else:
            self._control.close()
            self._control = None
        self._looking = self._look()
        self._watch = asyncio.create_task(self._enforce(self._looking))

    def _job(self) -> dict[str, Any]:
        """What the launcher needs to know."""
        limits = {k: v for k, v in dict(self.limits).items() if not (self.trust_submissions and k == "NPROC")}
        job: dict[str, Any] = {
            "program": self.program,
            "connection": {} if self.program else self._connection(),
            "limits": limits,
            "uid": None if self._scratch else surroundings.student_uid(),
            "scratch": self._scratch or "/tmp",
            "environment": {"NBGRADER_EXECUTION": "autograde"},
        }
        if self._kept:
            if os.geteuid() != 0 and "NPROC" in limits:
                limits["NPROC"] += surroundings.processes_of_user()
            job |= {"filter": seccomp.program_without_namespaces().hex(), "own_pid": seccomp.OWN_PID}
        return job

    def _connection(self) -> dict[str, str | int]:
        """Where the kernel's sockets are, as it sees them."""
        connection = dict(self.connection_info)
        key = connection.get("key", b"")
        connection["key"] = key.decode() if isinstance(key, bytes) else key
        connection = {k: v for k, v in connection.items() if isinstance(v, str | int)}
        connection["ip"] = f"{self._scratch}/k" if self._scratch else "/ipc/k"
        return connection

    async def _fork(self) -> bytes:
        """The warm way, second half: a kernel that joins the sandbox."""
        assert self._holder is not None
        assert self._log is not None
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            if not self._zygote.fork(self._job() | {"holder": self._inside}, theirs, self._holder, self._log):
                return b""
        return await self._answer()

    async def _answer(self) -> bytes:
        """What a starting kernel says: ``ready``, or nothing. A forked one says on the way which process it is."""
        assert self._control is not None
        forked = self._holder is not None
        ready = False
        try:
            async with asyncio.timeout(self.start_timeout):
                while not ready or (forked and self._kernel is None):
                    await readiness(self._control.fileno())
                    said, descriptors, *_ = socket.recv_fds(self._control, 64, 1)
                    if not said:
                        return b""
                    if said == b"ready":
                        ready = True
                    elif said.startswith(b"pid ") and descriptors and self._kernel is None:
                        self._kernel, self._kernel_pid = descriptors[0], int(said[4:])
        except (TimeoutError, OSError):
            return b""
        return b"ready"

    async def _discard(self) -> None:
        """End a sandbox, to make another one."""
        await self.kill()
        self._close_descriptors()
        self.process = self.init = None

    def _look(self) -> watch.Watch:
        """Somebody who looks at what the sandbox uses; none of the student's code runs before."""
        bounds = watch.Bounds.of(dict(self.limits), self.memory_mb << 20, self.channels, self.inodes)
        looking = watch.Watch(bounds)
        if not self.trust_submissions:
            looking.start(*self._processes())
        return looking

    def _processes(self) -> list[int]:
        """The first processes of the sandbox."""
        assert self.process is not None
        return [p for p in (self.process.pid, self._kernel_pid) if p is not None]

    async def _enforce(self, looking: watch.Watch) -> None:
        """End the kernel when its lifetime or its memory is used up."""
        deadline = time.monotonic() + self.lifetime
        places = surroundings.WRITABLE_MB
        files = [] if self._scratch else [f"/proc/{self._inside}/root{place}" for place in places]
        while self.process is not None and self.process.poll() is None:
            await asyncio.sleep(0.1)
            if time.monotonic() > deadline:
                self.ended_because = f"it ran for more than {self.lifetime:g} s"
            elif excess := looking.ran_out() or looking.excess(self._processes(), files):
                self.ended_because = excess
            elif not self._kernel_has_ended():
                continue
            await self.kill()

    def processor(self) -> tuple[float, float]:
        """Seconds for which the kernel waited for a processor, and for which its sandbox used some."""
        if self._looking is None or self._looking.behind:  # whoever takes many has no claim to one
            return 0.0, 0.0
        if self._kernel_pid is None and self.process is not None and self._main is None:
            self._main = self._inside if self.init is not None else watch.first_child(self.process.pid)
        main = self._kernel_pid or self._main
        return (watch.waited(main) if main else 0.0), self._looking.cpu_seconds

    def _kernel_has_ended(self) -> bool:
        """Whether a forked kernel has ended, which does not end its sandbox by itself."""
        return self._kernel is not None and bool(select.select([self._kernel], [], [], 0)[0])

    async def poll(self) -> int | None:
        """Exit status, or None while the kernel runs."""
        if self.process is None:
            return 0
        status = self.process.poll()
        if status is None and self._kernel_has_ended():
            status = 1
        if status is not None and self._looking is not None:
            self.ended_because = self.ended_because or self._looking.ran_out()
        return status

    async def wait(self) -> int | None:
        """Wait for the end."""
        while await self.poll() is None:
            await asyncio.sleep(0.005)
        return await self.poll()

    async def send_signal(self, signum: int) -> None:
        """Interrupts are not passed on: a call that takes too long costs its kernel."""
        if signum in (signal.SIGKILL, signal.SIGTERM):
            await self.kill()

    async def kill(self, restart: bool = False) -> None:
        """End every process of the sandbox."""
        process = self.process
        if process is None:
            return
        with contextlib.suppress(OSError):
            if self.init is not None:
                os.kill(self.init, signal.SIGKILL)  # process 1 of the sandbox: the rest of it dies too
            elif self._kept:
                process.terminate()  # the keeper ends the rest, and then itself
        # bubblewrap itself gets the time to reap process 1: nobody else might, and large memory takes a while to be given back.
        for attempt in range(1000):
            if process.poll() is not None:
                return
            if attempt == 900 or (self.init is None and not self._kept):
                with contextlib.suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)
            await asyncio.sleep(0.002)

    async def terminate(self, restart: bool = False) -> None:
        """As `kill`: nothing inside is worth a polite goodbye."""
        await self.kill()

    shutdown_requested = terminate

    async def cleanup(self, restart: bool = False) -> None:
        """Leave no process and no file."""
        await self.kill()
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
        self._close_descriptors()
        self.process = None
        for folder in (self._scratch, self._empty):
            if folder:
                shutil.rmtree(folder, ignore_errors=True)
        self._scratch = self._empty = None

    def _close_descriptors(self) -> None:
        if self._looking is not None:
            self._looking.close()
        if self.process is not None:
            for stream in (self.process.stdin, self.process.stdout):
                if stream is not None:
                    stream.close()
        for descriptor in (self._log, self._kernel, self._holder):
            if descriptor is not None:
                os.close(descriptor)
        self._log = self._kernel = self._kernel_pid = self._holder = self._main = None
        if self._control is not None:
            self._control.close()
            self._control = None

    def _open_log(self) -> int:
        """A file in memory for standard error; its size is limited by FSIZE, and it is read only on failure."""
        self._log = os.memfd_create("kernel-stderr")
        return self._log

    def _last_words(self) -> str:
        return "" if self._log is None else last_line(self._log)

    def _empty_folder(self) -> str:
        self._empty = scratch.folder()
        return self._empty
