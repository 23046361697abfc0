"""Attacks on the grader: what it reads makes it fail, hang, forget somebody, or talk to somebody else."""

from __future__ import annotations

import json
import os
import struct
import zlib
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.attacks.attack import WRITTEN, Attack, aimed
from grader.attacks.changes import REPLY, whole

# What a cell shows, said by itself.
SHOW = (
    REPLY
    + """
def show(content, kind="stream", cell=None):
    send(json.dumps({"shows": kind, "cell": kernel.session.cell if cell is None else cell}).encode(), content)

"""
)


def answer_of(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    """An answer cell."""
    found: dict[str, Any] = next(
        c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == name
    )
    return found


def written(source: str) -> Callable[[dict[str, Any]], str]:
    """A notebook with a written answer."""
    return whole(lambda notebook: answer_of(notebook, WRITTEN).update(source=source))


def picture_bomb() -> str:
    """A small picture of 50 000 × 50 000 points: 2.5 GB once a browser has unpacked it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    side = 50_000
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    data = zlib.compress(bytes(1 << 20), 9)
    return b64encode(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    ).decode()


def large_picture() -> str:
    """A small picture of 4000 × 4000 points, which may be shown: 64 MB once a browser has unpacked it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 4000, 4000, 1, 0, 0, 0, 0)
    data = zlib.compress(bytes(501 * 4000), 9)
    return b64encode(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    ).decode()


def nested(depth: int) -> str:
    """JSON that goes down and down."""
    return (
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": '
        + '{"a":' * depth
        + "1"
        + "}" * depth
        + ', "cells": []}'
    )


def many_files(folder: Path, _root: Path) -> None:
    """More files than anybody looks through."""
    for n in range(3000):
        (folder / f"part {n}").touch()


def endless_file(folder: Path, _root: Path) -> None:
    """A file of 40 GB that takes no place: its copy does."""
    with (folder / "data.bin").open("wb") as file:
        file.truncate(40 << 30)


def named_pipe(folder: Path, _root: Path) -> None:
    """A file that nobody ever writes to: reading it waits for ever."""
    os.mkfifo(folder / "data.csv")


def pipe_for_a_time(folder: Path, _root: Path) -> None:
    """The same in the place where the time of submission is read."""
    os.mkfifo(folder / "timestamp.txt")


def long_time(folder: Path, _root: Path) -> None:
    """A time of submission of a hundred megabytes."""
    (folder / "timestamp.txt").write_text("1" * 100_000_000)


def deep_folders(folder: Path, _root: Path) -> None:
    """Folders in folders, past what a path may hold."""
    place = os.open(folder, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("deeper", dir_fd=place)
        below = os.open("deeper", os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = below
    os.close(place)


ON_GRADER = aimed(
    "grader",
    Attack(
        "messages of nonsense", "malformed messages", "bytes that are no JSON end whoever reads them",
        {"mse": SHOW + 'show(b"\\xff\\x00 nonsense")'}, explains="malformed message",
    ),
    Attack(
        "outputs of kinds that nobody knows", "malformed messages", "whoever stores outputs takes their kind as it is",
        {"mse": SHOW + """
print("kinds")
for kind in (None, 5, [], {"stream": 1}, "status", "execute_reply", "comm_open", "update_display_data", "x" * 10_000):
    for content in (b"{}", b'{"data": 1, "text": [], "execution_state": "idle", "status": "ok"}'):
        show(content, kind)
"""}, shows="kinds",
    ),
    Attack(
        "messages that are no objects", "malformed messages", "headings that are lists, numbers and nothing",
        {"mse": SHOW + 'for heading in (b"{}", b"[]", b"1", b"null", b""):\n    send(heading)'}, explains="malformed message",
    ),
    Attack(
        "JSON that is too deep", "malformed messages", "a parser that recurses runs out of stack",
        {"mse": SHOW + 'show(b"[" * 60_000)'}, explains="malformed message",
    ),
    Attack(
        "answers of every odd form", "malformed messages", "a decoder that believes in the form of what it reads",
        {"mse": REPLY + """
print("answers")
def mse(*a):
    for value in ('{"float": 1}', '[]', '"x"', 'null', '{"dict": [[{"dict": []}, null]]}', '{', '{"opaque": []}',
                  '{"dtype": "O", "shape": [], "buffer": 0}', '{"dtype": "f8", "shape": [-1], "buffer": 0}',
                  '{"int": "' + '9' * 5000 + '"}', '{"tuple": ' * 5000, 'NaN', '{"named": "exec", "parameters": null}'):
        answer(value, 0)
"""}, shows="answers", explains="cannot be read",
    ),
    Attack(
        "answers that are not objects", "malformed messages", "the content of an answer is a list, a number, nothing",
        {"mse": REPLY + """
print("answers")
def mse(*a):
    answer("null", None, error=5, warnings="x", changed={})
    send(b"[1, 2]")
"""}, shows="answers", explains="cannot be read|malformed message",
    ),
    Attack(
        "half a surrogate pair everywhere", "malformed messages", "text that no file can hold ends whoever writes it",
        {"mse": """
            print("\\ud800 half")
            def mse(*a):
                raise type("\\ud800", (ValueError,), {})("\\udfff")
            def fit_linear(*a):
                return "\\ud800"
            def xor_network(*a):
                return {"\\ud800": type("\\ud800", (), {})()}
        """}, shows="half",
    ),
    Attack(
        "pickles in the place of data", "malformed messages", "a grader that unpickles runs the student's code itself",
        {"mse": REPLY + """
import base64, pickle
class Run:
    def __reduce__(self): return (print, ("@TOKEN@",))
print("answers")
def mse(*a):
    data = pickle.dumps(Run())
    content = {"exercise": "mse", "index": 0, "error": None, "warnings": [], "changed": []}
    send(json.dumps(content).encode(), b'{"dtype": "O", "shape": [], "buffer": 0}', data)
    return Run()
"""}, shows="answers", explains="cannot be read",
    ),
    Attack(
        "a header of ten megabytes", "giant headers", "headers are read before anybody has looked at their size",
        {"mse": SHOW + 'show(b"{}", "y" * 10**7)'}, explains="malformed message",
    ),
    Attack(
        "an answer of ten megabytes of text", "giant headers", "the tree of a value costs more memory than its text",
        {"mse": REPLY + """
print("answers")
def mse(*a):
    answer('{"list": [' + '{"list": []},' * 700_000 + '{"list": []}]}', 0)
    answer('"' + "x" * 10**7 + '"', 0)
"""}, shows="answers",
    ),
    *(
        Attack(
            name, "malformed messages", tries,
            {"mse": REPLY + f"""
print("line")
def mse(*a):
    {code}
    return 0.25
"""}, shows="line", explains=explains,
        )
        for name, tries, code, explains in (
            ("a message of four thousand million parts", "a list is made as long as somebody says that it will be",
             'kernel.session.line.send(b"\\xff" * 4)', "cannot be read: a message of more than"),
            ("a part longer than any memory", "memory is reserved for what is only promised",
             'kernel.session.line.send(b"\\1\\0\\0\\0" + b"\\xff" * 8)', "cannot be read: a message of more than"),
            ("a part that never comes", "whoever has read the beginning waits for the rest",
             'kernel.session.line.send(b"\\1\\0\\0\\0" + b"\\1" + bytes(7))', "malformed message|cannot be read|stopped after"),
            ("an empty packet", "nothing looks like the end of a connection", 'kernel.session.line.send(b"")', "it closed its connection"),
            ("the line closed", "whoever waits for an answer waits for ever", "kernel.session.line.close()", "it closed its connection|the kernel died"),
            ("the line closed one way", "whoever writes a question waits for ever", "kernel.session.line.shutdown(0)", ""),
            ("answers without end", "an answer more for each that was read",
             "while True: send(b'{\"exercise\": \"mse\", \"index\": 0, \"error\": null, \"warnings\": [], \"changed\": []}', b'null')",
             "Yours"),
            ("a number without end", "a text of digits is cheap to send, and dear to read",
             "send(b'{\"exercise\": ' + b'9' * 10**6 + b'}')", "malformed message"),
        )
    ),
    Attack(
        "a message without end", "giant headers", "all of a message is kept until its last byte has come",
        {"mse": REPLY + """
import struct
while True:
    kernel.session.line.send(struct.pack("<IQ", 1, 79 << 20))
    for _ in range(79 * 16):
        kernel.session.line.send(bytes(1 << 16))
"""}, explains="far more output|malformed message",
    ),
    Attack(
        "messages of empty parts without end", "giant headers", "an empty part takes eight bytes on the way, and more as an object",
        {"mse": REPLY + """
while True:
    send(b'{"cell": "none"}', *[b""] * 1000)
"""}, explains="far more output|stopped after",
    ),
    Attack(
        "JSON that fills the memory", "giant headers", "twenty megabytes of empty lists are half a gigabyte of objects",
        {"mse": SHOW + """
show(b'{"name": "stdout", "text": ' + b"[" + b"[]," * 5_000_000 + b"[]]}")
"""}, shows="not stored",
    ),
    Attack(
        "an empty array of a billion rows", "giant headers", "a shape is no promise of data, but of work",
        {"mse": "import numpy as np\nprint('empty')\nmse = fit_linear = xor_network = lambda *a: np.empty((10**9, 0))"}, shows="empty",
    ),
    Attack(
        "a view that claims a terabyte", "giant headers", "copying it takes a terabyte",
        {"mse": "import numpy as np\nprint('view')\nmse = fit_linear = lambda *a: np.broadcast_to(1.0, (10**6, 10**6))"}, shows="view",
    ),
    Attack(
        "a gigantic integer", "giant headers", "turning it into digits takes for ever",
        {"mse": """
            print("gigantic")
            mse = lambda *a: 1 << 300_000_000
            fit_linear = lambda *a: (10**3999, -(10**3999))
            xor_network = lambda *a: [10**3000] * 5000
        """}, shows="gigantic",
    ),
    Attack(
        "values inside values", "giant headers", "nesting, references to itself, and a thousand uses of one array",
        {"mse": """
            import numpy as np
            print("nested")
            deep = []
            for _ in range(900): deep = [deep]
            loop = []
            loop.append(loop)
            big = np.zeros(1 << 20)
            mse = lambda *a: deep
            fit_linear = lambda *a: (loop, {"a": loop})
            xor_network = lambda *a: ([big] * 1000, big)
        """}, shows="nested",
    ),
    Attack(
        "a dictionary of arrays without end", "values that are dear to look at", "it is written out in full before it is cut, while all others wait",
        {"mse": """
            import numpy as np
            print("dictionary")
            third = 1 / np.full(24, 3, np.longdouble)
            mse = lambda *a: {i: third + i for i in range(4000)}
            fit_linear = lambda *a: ({i: {j: third for j in range(60)} for i in range(60)}, 1.0)
            xor_network = lambda *a: [[[["x" * 90] * 12] * 12] * 12]
        """}, shows="dictionary",
    ),
    Attack(
        "a test function without its parameters", "values that are dear to look at", "whoever writes it as code misses them",
        {"mse": REPLY + """
print("named")
def mse(*a):
    answer('{"named": "quadratic", "parameters": {"dict": []}}', 0)
    answer('{"named": "sine", "parameters": {"dict": [["A", {"named": "sine", "parameters": {"dict": []}}]]}}', 1)
    return 0.25
"""}, shows="named", explains="cannot be read",
    ),
    Attack(
        "outputs of other cells forged", "forged protocol", "what a cell shows is stored as another's, or as the end of it",
        {"mse": SHOW + """
print("forges")
for number in range(100):
    show(b'{"name": "stdout", "text": "forged"}', cell=str(number))
    show(b'{"execution_state": "idle"}', "status", cell=str(number))
def mse(*a):
    send(json.dumps({"ran": "1"}).encode())
    show(b'{"name": "stdout", "text": "forged"}')
    return 0.5
"""}, shows="forges",
    ),
    Attack(
        "links where Jupyter's sockets would be", "socket swap", "the grader connects to a socket of the host that the link names",
        {"mse": """
            import os
            print("links")
            for number in range(10):
                os.symlink("@ROOT@/listening", f"/ipc/k-{number}")
        """}, shows="links",
    ),
    Attack(
        "the line replaced by another socket", "socket swap", "a program of the student speaks for the kernel",
        {"mse": REPLY + """
import os, socket, threading
print("replaces")
ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
def speak():
    while True:
        theirs.recv(1 << 17)
        theirs.send(b"nothing")
def mse(*a):
    threading.Thread(target=speak, daemon=True).start()
    os.dup2(ours.fileno(), kernel.session.line.fileno())
    return 0.25
"""}, shows="replaces", explains="closed its connection|died",
    ),
    Attack(
        "descriptors sent along", "socket swap", "whoever takes a message takes the open files that come with it",
        {"mse": REPLY + """
import os, socket
print("descriptors")
def mse(*a):
    for _ in range(50):
        socket.send_fds(kernel.session.line, [b"\\1\\0\\0\\0" + b"\\2" + bytes(7) + b"{}"], [os.open("/tmp", os.O_RDONLY) for _ in range(3)])
    return 0.25
"""}, shows="descriptors",
    ),
    Attack(
        "the kernel's sockets closed", "socket swap", "nobody answers, nobody is dead",
        {"mse": """
            import os, stat
            print("closes")
            def mse(*a):
                for fd in map(int, os.listdir("/proc/self/fd")):
                    try:
                        if stat.S_ISSOCK(os.fstat(fd).st_mode): os.close(fd)
                    except OSError: pass
        """}, shows="closes", explains="died|stopped after|closed its connection",
    ),
    Attack(
        "pictures that are too much together", "output bombs", "each is small enough, and a page of them fills the memory of a browser",
        {"mse": f"""
from IPython.display import display
print('pictures')
for _ in range(90):
    display({{'image/png': {large_picture()!r}}}, raw=True)
"""}, shows="pictures",
    ),
    Attack("a notebook of thirty megabytes", "notebook bombs", "it is read into memory as a whole",
           file=lambda notebook: json.dumps(notebook | {"x": "y" * 30_000_000}), refused="more than 20 MB"),
    Attack("a notebook of ten thousand cells", "notebook bombs", "each cell is looked at many times",
           file=whole(lambda n: n["cells"].extend([n["cells"][0]] * 10_000)), refused="more than 2000"),
    Attack("a notebook of a million numbers in metadata", "notebook bombs", "JSON that takes 25 times its size in memory",
           file=whole(lambda n: n["metadata"].update(x=[[]] * 1_000_000))),
    Attack("a notebook that is nested", "notebook bombs", "a parser that recurses runs out of stack",
           file=lambda _: nested(100_000), refused="is not JSON"),
    Attack("a notebook nested in its metadata", "notebook bombs", "it can be read, but not checked, copied or written",
           file=lambda _: nested(900), refused="."),
    Attack("a number of a million digits", "notebook bombs", "turning it into an integer takes minutes",
           file=lambda n: json.dumps(n).replace('"nbformat": 4', '"nbformat": ' + "9" * 1_000_000), refused="is not JSON"),
    Attack("outputs and attachments of fifteen megabytes", "notebook bombs", "they are copied into the gradebook and the feedback",
           file=whole(lambda n: answer_of(n, WRITTEN).update(attachments={"x.png": {"image/png": "A" * 15_000_000}}))),
    Attack("an answer of five megabytes", "notebook bombs", "code that takes minutes to compile",
           file=whole(lambda n: answer_of(n, "mse").update(source="x = [\n" + "1,\n" * 1_600_000 + "]\n"))),
    Attack("code that is nested", "notebook bombs", "a compiler that recurses ends the process",
           {"mse": "x = " + "(" * 5000 + ")" * 5000}),
    Attack("written answer: brackets without end", "notebook bombs", "Markdown takes quadratic time", file=written("[" * 150_000)),
    Attack("written answer: stars without end", "notebook bombs", "Markdown takes quadratic time", file=written("*a **b " * 25_000)),
    Attack("written answer: quotes in quotes", "notebook bombs", "Markdown recurses", file=written(">" * 20_000 + " x")),
    Attack("written answer: tags in tags", "notebook bombs", "whoever cleans HTML recurses", file=written("<div>" * 20_000 + "x")),
    Attack("written answer: formulas without end", "notebook bombs", "pairs of dollars are searched for again and again", file=written("$a $$b \\(c \\[d " * 8_000)),
    Attack("written answer: entities and lists", "notebook bombs", "each line begins a deeper list", file=written("\n".join(" " * (2 * i) + "- &amp" for i in range(400)))),
    Attack(
        "a picture that unpacks to gigabytes", "output bombs", "the browser of whoever reads the feedback unpacks it",
        {"mse": f"from IPython.display import display\nprint('shows')\ndisplay({{'image/png': {picture_bomb()!r}}}, raw=True)"}, shows="shows",
    ),
    Attack(
        "an exception that never ends", "output bombs", "its message, its cause and its traceback grow without end",
        {"mse": """
            class Endless(Exception):
                def __str__(self): return "x" * 10_000_000
            def deeper(n):
                try:
                    return deeper(n + 1)
                except RecursionError as error:
                    raise Endless from error
            def mse(*a):
                deeper(0)
            try: deeper(0)
            except Endless as error: last = error
            raise last
        """},
    ),
    Attack("three thousand files beside the notebook", "notebook bombs", "they are copied one by one", folder=many_files, refused="files"),
    Attack("a file of forty gigabytes beside the notebook", "notebook bombs", "nbgrader copies it", folder=endless_file, refused="MB"),
    Attack("a pipe beside the notebook", "notebook bombs", "whoever copies it waits for ever", folder=named_pipe, refused="no ordinary file"),
    Attack("a pipe in the place of the time", "notebook bombs", "whoever reads it waits for ever", folder=pipe_for_a_time, refused="no ordinary file"),
    Attack("a time of a hundred megabytes", "notebook bombs", "it is read as a whole", folder=long_time, refused="."),
    Attack("folders in folders beside the notebook", "notebook bombs", "no path reaches the last one", folder=deep_folders, refused="."),
)  # fmt: skip
