"""Attacks on what the whole machine has one of: memory of its kernel, numbers of things, news of its files, everybody's time."""

from __future__ import annotations

from grader.attacks.attack import Attack, aimed
from grader.attacks.on_machine import CALL

ON_KERNEL = aimed(
    "machine",
    Attack(
        "pages lent to pipes", "memory of the kernel", "vmsplice of a small page keeps a large one, and no process is charged",
        {"mse": CALL + """
import mmap
page, (_, pipe) = mmap.mmap(-1, 4 << 20), os.pipe()
address = ctypes.addressof(ctypes.c_char.from_buffer(page))
piece = (ctypes.c_uint64 * 2)(address, 4096)
print([call(278, pipe, ctypes.byref(piece), 1, 0), call(275, 0, 0, pipe, 0, 9, 0), call(276, 0, pipe, 9, 0)])
"""}, shows=r"\[('Operation not permitted'(, )?){3}\]",
    ),
    Attack(
        "buffers of TCP", "memory of the kernel", "connections to oneself hold megabytes each",
        {"mse": """
            import socket
            said = []
            for family in (socket.AF_INET, socket.AF_INET6):
                try: socket.socket(family); said.append("opened")
                except OSError as error: said.append(error.strerror)
            print(said)
        """}, shows=r"\['Address family not supported by protocol', 'Address family not supported by protocol'\]|Operation not permitted",
    ),
    Attack(
        "queues of news about files", "memory of the kernel", "inotify keeps what nobody reads, and hears names in folders of others",
        {"mse": CALL + """
print({call(253), call(294, 0), call(254, 3, b"/tmp", 0xfff), call(300, 0, 0), call(301, 3, 1, 1, -100, b"/")})
"""}, shows=r"\{'Operation not permitted'\}",
    ),
    Attack(
        "all asynchronous input and output", "numbers of the machine", "there are 65 536 for everybody, and databases need some",
        {"mse": CALL + """
context = ctypes.c_uint64(0)
print({call(206, 65_000, ctypes.byref(context)), call(425, 8, 0)})
"""}, shows=r"\{'Operation not permitted'\}",
    ),
    Attack(
        "all terminals", "numbers of the machine", "there are some thousand for everybody who logs in",
        {"mse": """
            import os
            held = 0
            try:
                while held < 100:
                    os.openpty()
                    held += 1
            except OSError: pass
            print("held", held)
        """}, shows="held 0",
    ),
    Attack(
        "calls that a later kernel brings", "numbers of the machine", "a list of what is forbidden does not know them",
        {"mse": CALL + "print({call(n, -1, -1, -1, -1, -1) for n in range(453, 600)} - {'Operation not permitted'})"},
        shows=r"\{'Function not implemented'\}",
    ),
    Attack(
        "cells that sleep in every kernel", "everybody's time", "the last kernel begins at the last moment, and all cells run again in it",
        {"mse": "import os, time\ntime.sleep(4)\ndef mse(*a):\n    os._exit(0)",
         "fit_linear": "import time\ntime.sleep(4)\ndef fit_linear(*a):\n    os._exit(0)"}, seconds=100,
    ),
)  # fmt: skip
