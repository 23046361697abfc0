"""A kernel provisioner of `jupyter_client` that starts each kernel in a bubblewrap sandbox of its own.

It is found by its entry point ``fnnkit-sandbox``, which the kernelspec of the same name asks for. It fails closed:
where no sandbox can be made, no kernel starts, unless `SandboxProvisioner.trust_submissions` is set.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import Bool, Dict, Float, Int, Unicode

from grader import sandbox, watch

LIMITS = {
    "AS": 3 << 30,  # bytes of address space a process; threads of BLAS take much of it unused
    "CPU": 120,  # seconds
    "FSIZE": 32 << 20,
    "NPROC": 64,
    "NOFILE": 256,
    "CORE": 0,
}


class SandboxProvisioner(KernelProvisionerBase):
    """Start, watch and end one sandboxed kernel."""

    trust_submissions = Bool(False, help="Run without a sandbox. Only for code that you wrote yourself.").tag(
        config=True
    )
    edition = Unicode("", help="Folder with the packages of the course that a kernel may import.").tag(
        config=True
    )
    limits = Dict(LIMITS, help="Resource limits of each process, by their names in `resource`.").tag(
        config=True
    )
    memory_mb = Int(1500, help="Memory that all processes of a sandbox may use together, in MB.").tag(
        config=True
    )
    channels = Int(500, help="Sockets and pipes that all processes of a sandbox may hold open.").tag(
        config=True
    )
    inodes = Int(20_000, help="Files and folders that a sandbox may hold.").tag(config=True)
    lifetime = Float(300.0, help="Seconds of wall clock after which a kernel is ended.").tag(config=True)
    start_timeout = Float(60.0, help="Seconds that a kernel may take to start.").tag(config=True)

    process: subprocess.Popen[bytes] | None = None
    init: int | None = None
    _inside: int | None = None
    ended_because = ""
    _watch: asyncio.Task[None] | None = None
    _scratch: str | None = None
    _control: socket.socket | None = None
    _empty: str | None = None
    _log: int | None = None

    @property
    def has_process(self) -> bool:
        """Whether a kernel was started and not yet cleaned up."""
        return self.process is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Make the sandbox, with a launcher in it that waits for its job."""
        kwargs.pop("extra_arguments", None)
        manager = self.parent
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        edition = Path(self.edition) if self.edition else Path(self._empty_folder())
        if self.trust_submissions:
            self._scratch = tempfile.mkdtemp(prefix="fnnkit-")
            folder = self._scratch
            environment = {
                **os.environ, **sandbox.ENVIRONMENT, "PYTHONPATH": str(edition), "PATH": os.environ.get("PATH", ""),
                "HOME": folder, "TMPDIR": folder, "IPYTHONDIR": folder, "JUPYTER_RUNTIME_DIR": folder,
                "MPLCONFIGDIR": folder,
            }  # fmt: skip
            launcher = str(Path(__file__).with_name("launcher.py"))
            line = [sys.executable, launcher, str(theirs.fileno())]
            # The folder of the launcher must not be on the path of the kernel.
            line[1:1] = ["-P"]
            self.process = subprocess.Popen(
                line, pass_fds=[theirs.fileno()], env=environment, cwd=folder, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=self._open_log(), start_new_session=True,
            )  # fmt: skip
            theirs.close()
        else:
            folder = await self._start_sandbox(edition, theirs)
        self._place = folder
        manager.transport = "ipc"
        manager.ip = f"{folder}/k" if self.trust_submissions else f"/proc/{self._inside}/root/ipc/k"
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        prepared: dict[str, Any] = await super().pre_launch(cmd=[], **kwargs)
        return prepared

    async def _start_sandbox(self, edition: Path, theirs: socket.socket) -> str:
        info, info_write = os.pipe()
        seccomp = sandbox.filter_descriptor()
        line = sandbox.command(edition, seccomp_fd=seccomp, info_fd=info_write)
        line += ["--", sandbox.interpreter(), "-P", "-s", "/launcher.py", str(theirs.fileno())]
        passed = [fd for fd in (theirs.fileno(), info_write, seccomp) if fd is not None]
        try:
            # Not in a helper thread: bubblewrap dies with the thread that started it.
            self.process = subprocess.Popen(
                line, pass_fds=passed, env={}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=self._open_log(), start_new_session=True,
            )  # fmt: skip
        finally:
            theirs.close()
            os.close(info_write)
            if seccomp is not None:
                os.close(seccomp)
        said = b""
        while chunk := os.read(info, 4096):  # bubblewrap closes its end once it has written
            said += chunk
            if said.rstrip().endswith(b"}"):
                break
        os.close(info)
        if not said:
            self.process.wait(5)
            raise sandbox.SandboxUnavailable(f"bubblewrap could not make a sandbox: {self._last_words()}")
        self.init = int(json.loads(said)["child-pid"])
        self._inside = await self._first_child(self.init)
        return "/ipc"

    async def _first_child(self, pid: int) -> int:
        """The launcher, as seen from outside: the first child of bubblewrap's own process 1."""
        deadline = time.monotonic() + self.start_timeout
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
                # Before the launcher is executed the root is not the sandbox's yet.
                if children and os.path.exists(f"/proc/{children[0]}/root/launcher.py"):
                    return int(children[0])
            if self.process is not None and self.process.poll() is not None:
                break
            await asyncio.sleep(0.002)
        raise sandbox.SandboxUnavailable("the sandbox ended before the kernel started")

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Give the launcher its job and wait until the kernel listens."""
        assert self._control is not None
        connection = dict(self.connection_info)
        key = connection.get("key", b"")
        connection["key"] = key.decode() if isinstance(key, bytes) else key
        connection = {k: v for k, v in connection.items() if isinstance(v, str | int)}
        connection["ip"] = f"{self._place}/k"
        job = {
            "connection": connection,
            "limits": {
                k: v for k, v in dict(self.limits).items() if not (self.trust_submissions and k == "NPROC")
            },
            "uid": None if self.trust_submissions else sandbox.student_uid(),
            "scratch": self._scratch or "/tmp",
            "environment": {"NBGRADER_EXECUTION": "autograde"},
        }
        self._control.send(json.dumps(job).encode())
        self._control.setblocking(False)
        loop = asyncio.get_running_loop()
        try:
            said = await asyncio.wait_for(loop.sock_recv(self._control, 64), self.start_timeout)
        except (TimeoutError, OSError):
            said = b""
        if said != b"ready":
            await self.kill()
            raise RuntimeError(f"the kernel did not start inside its sandbox: {self._last_words()}")
        self._control.close()
        self._control = None
        self._watch = asyncio.create_task(self._enforce())
        return dict(self.connection_info)

    async def _enforce(self) -> None:
        """End the kernel when its lifetime or its memory is used up."""
        deadline = time.monotonic() + self.lifetime
        while self.process is not None and self.process.poll() is None:
            await asyncio.sleep(0.1)
            if time.monotonic() > deadline:
                self.ended_because = f"it ran for more than {self.lifetime:g} s"
            elif excess := self._excess():
                self.ended_because = excess
            else:
                continue
            await self.kill()

    def _excess(self) -> str:
        """What the processes of this sandbox use too much of, all together, in words; empty if nothing."""
        assert self.process is not None
        bounds = watch.Bounds(
            self.memory_mb << 20, float(dict(self.limits).get("CPU", 120)) + 10, self.channels, self.inodes
        )
        places = () if self.trust_submissions else sandbox.WRITABLE_MB
        return watch.excess(
            self.process.pid, [f"/proc/{self._inside}/root{place}" for place in places], bounds
        )

    async def poll(self) -> int | None:
        """Exit status, or None while the kernel runs."""
        return 0 if self.process is None else self.process.poll()

    async def wait(self) -> int | None:
        """Wait for the end."""
        while self.process is not None and self.process.poll() is None:
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
        # bubblewrap itself gets a moment to reap process 1: nobody else might.
        for attempt in range(1000):
            if process.poll() is not None:
                return
            if attempt == 100 or self.init is None:
                with contextlib.suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)
            await asyncio.sleep(0.002)

    async def terminate(self, restart: bool = False) -> None:
        """As `kill`: nothing inside is worth a polite goodbye."""
        await self.kill()

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Asked to end; do so at once."""
        await self.kill()

    async def cleanup(self, restart: bool = False) -> None:
        """Leave no process and no file."""
        await self.kill()
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
        self.process = None
        if self._log is not None:
            os.close(self._log)
            self._log = None
        if self._control is not None:
            self._control.close()
            self._control = None
        for folder in (self._scratch, self._empty):
            if folder:
                shutil.rmtree(folder, ignore_errors=True)
        self._scratch = self._empty = None

    def _open_log(self) -> int:
        """A file in memory for standard error; its size is limited by FSIZE, and it is read only on failure."""
        self._log = os.memfd_create("kernel-stderr")
        return self._log

    def _last_words(self) -> str:
        if self._log is None:
            return "no message"
        text = os.pread(self._log, 4096, max(0, os.fstat(self._log).st_size - 4096)).decode(errors="replace")
        return (text.strip().splitlines() or ["no message"])[-1]

    def _empty_folder(self) -> str:
        self._empty = tempfile.mkdtemp(prefix="fnnkit-")
        return self._empty
