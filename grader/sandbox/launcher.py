"""The first program inside a sandbox: set limits, give up what is left of privilege, start the kernel.

It is trusted until it has said that it is ready. It stands alone in the sandbox, as one file, so it imports
nothing of this package. A kernel that is forked from a warm process (`zygote`) starts by the same functions.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import site
import socket
import struct
import sys
import tempfile
import time
import traceback
from typing import Any


def set_limits(limits: dict[str, int]) -> None:
    """Set resource limits, soft and hard alike; the CPU gets five seconds between its warning and its end."""
    for name, value in limits.items():
        hard = value + 5 if name == "CPU" else value
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, hard))


def become(uid: int) -> None:
    """Change to another user for good."""
    os.setgroups([])
    for number in (uid, 65_534):  # inside a container, large numbers may not exist
        try:
            os.setresgid(number, number, number)
            os.setresuid(number, number, number)
            return
        except OSError:
            continue
    raise OSError("the sandbox could not give up root")


def keep_from(program: bytes, placeholder: int) -> None:
    """Install a filter of system calls in all threads, with this process in the place of a number in it."""
    program = program.replace(struct.pack("<I", placeholder), struct.pack("<I", os.getpid()))
    lines = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: a count, and a pointer to as many lines of eight bytes.
    filters = (ctypes.c_uint64 * 2)(len(program) // 8, ctypes.addressof(lines))
    libc = ctypes.CDLL(None, use_errno=True)
    # seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC) on x86-64, where alone it is used
    if libc.syscall(317, 1, 1, ctypes.byref(filters)):
        raise OSError(ctypes.get_errno(), "no filter of system calls could be installed")


def start(job: dict[str, Any], control: socket.socket, prepared: Any = None) -> None:
    """Start a kernel, say that it is ready, and serve until the end.

    Parameters
    ----------
    job : dict
        What the grader asks for. ``program``, if it is not empty, is a module whose kernel serves on `control`;
        otherwise it is IPython's, which serves on sockets that ``connection`` names.
    control : socket
        The way to the grader.
    prepared : object
        What ``program.prepare()`` gave, if it was called already.
    """
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # a fifth of the start-up, of no use here
    if job["program"]:
        program = importlib.import_module(job["program"])
        kernel = program.prepare() if prepared is None else prepared
        if job.get("filter"):
            tempfile.gettempdir()  # it writes a file to find the folder, which will not be possible any more
            keep_from(bytes.fromhex(job["filter"]), job["own_pid"])
        control.send(b"ready")
        program.start(kernel, control)
        return
    connection_file = os.path.join(job["scratch"], "connection.json")
    with open(connection_file, "w") as file:
        json.dump(job["connection"], file)

    sys.argv = ["kernel"]
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    class Kernel(IPKernelApp):  # type: ignore[misc]
        """One that reads no options and no files: a seventh of the start-up, and none are wanted here."""

        def parse_command_line(self, argv: Any = None) -> None:
            """Take the configuration as it was given."""

        def load_config_file(self, *_: Any, **__: Any) -> None:
            """Take the configuration as it was given."""

    settings = Config()
    settings.HistoryManager.enabled = False
    app = Kernel.instance(connection_file=connection_file, log_level=50, parent_handle=0, config=settings)
    app.initialize([])
    os.unlink(connection_file)
    if job.get("filter"):
        # What will not be possible any more: a file is written to find the folder, and sockets are opened by the thread
        # that pyzmq starts when it first sends a long message, and by the one that echoes heartbeats, in its own time.
        echo = f"{job['connection']['ip']}-{app.hb_port}"
        with socket.socket(socket.AF_UNIX) as attempt:
            while attempt.connect_ex(echo):
                time.sleep(0.001)
        tempfile.gettempdir()
        from zmq.utils.garbage import gc as zero_copy

        zero_copy.start()
        keep_from(bytes.fromhex(job["filter"]), job["own_pid"])
    control.send(b"ready")
    control.close()
    app.start()


def main() -> None:
    """Read the job from a socket, and do it."""
    control = socket.socket(fileno=int(sys.argv[1]))
    job: dict[str, Any] = json.loads(control.recv(1 << 16))
    os.environ.update(job["environment"])
    if sys.flags.no_site:
        for give in (site.setquit, site.setcopyright, site.sethelper):  # as every interpreter has them
            give()
    if job["uid"] is not None:
        become(job["uid"])
    set_limits(job["limits"])
    try:
        start(job, control)
    except Exception:
        os.write(2, traceback.format_exc().encode())  # a kernel has replaced sys.stderr
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
