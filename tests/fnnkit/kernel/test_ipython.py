"""The kernel without Jupyter's sockets: cells run and show what they would show in any kernel."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from fnnkit.kernel.ipython import CHUNK, MOST_TEXT, Printed
from fnnkit.kernel.line import Reader, packets
from fnnkit.kernel.serve import _is_python, cell, question, read_answer

COURSE = Path(__file__).resolve().parents[3] / "course"

PROGRAM = """
import socket, sys
from fnnkit.kernel.ipython import prepare, start
start(prepare(), socket.socket(fileno=int(sys.argv[1])))
"""


class Asked:
    """A kernel in a process of its own, and the way to it."""

    def __init__(self) -> None:
        self.line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.line.settimeout(60)
        self.reader = Reader(1 << 28, 20_000)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, str(theirs.fileno())], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                env={**os.environ, "MPLBACKEND": "module://matplotlib_inline.backend_inline"},
            )  # fmt: skip

    def write(self, parts: list[bytes]) -> None:
        for packet in packets(parts):
            self.line.send(packet)

    def read(self) -> tuple[dict[str, Any], list[bytes]]:
        while (parts := self.reader.message()) is None:
            chunk = self.line.recv(1 << 17)
            assert chunk, self.process.communicate()
            self.reader.feed(chunk)
        return json.loads(parts[0]), parts[1:]

    def run(
        self, source: str, name: str = "1", seconds: float = 0.0, keep: tuple[str, ...] = ()
    ) -> tuple[list[tuple[str, Any]], dict[str, Any]]:
        """What a cell shows, and what is said at its end."""
        self.write(cell(name, textwrap.dedent(source), seconds, keep))
        shown = []
        while True:
            said, parts = self.read()
            if "ran" in said:
                assert said["ran"] == name
                return shown, said
            assert said["cell"] == name
            shown.append((said["shows"], json.loads(parts[0])))

    def call(self, name: str, *args: Any) -> Any:
        """What a function of the notebook gives; the name of the error, if it raises one."""
        self.write(question(name, [args]))
        answer = None
        while True:
            said, parts = self.read()
            if "ended" in said:
                assert answer is not None
                return answer.error.kind if answer.error else answer.value
            _, answer = read_answer(said, parts)

    def text(self, source: str) -> str:
        return "".join(content["text"] for kind, content in self.run(source)[0] if kind == "stream")


@pytest.fixture(scope="module")
def kernel() -> Iterator[Asked]:
    asked = Asked()
    yield asked
    asked.line.close()
    out, err = asked.process.communicate(timeout=60)  # it ends when the line is closed
    assert (asked.process.returncode, out, err) == (0, b"", b"")


def test_a_cell_shows_what_it_prints_its_value_and_its_error(kernel):
    shown, said = kernel.run("import sys\nprint('out')\nprint('err', file=sys.stderr)\n6 * 7")
    kinds = [kind for kind, _ in shown]
    assert kinds == ["stream", "stream", "execute_result"]
    assert [c.get("text") for _, c in shown[:2]] == ["out\n", "err\n"]
    assert [c.get("name") for _, c in shown[:2]] == ["stdout", "stderr"]
    assert shown[2][1]["data"] == {"text/plain": "42"}
    assert (said["kind"], said["error"]) == ("", "")

    shown, said = kernel.run("1 / 0")
    [(kind, error)] = shown
    assert (kind, error["ename"], error["evalue"]) == ("error", "ZeroDivisionError", "division by zero")
    assert (said["kind"], said["error"]) == ("ZeroDivisionError", "division by zero")


def test_a_picture_is_shown_where_the_figure_is_drawn(kernel):
    shown, _ = kernel.run("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nprint('after')")
    assert [kind for kind, _ in shown] == ["display_data", "stream"]
    assert shown[0][1]["data"]["image/png"].startswith("iVBOR")


def test_the_figure_of_a_cell_is_shown_at_its_end(kernel):
    shown, _ = kernel.run("import matplotlib.pyplot as plt\nfigure = plt.figure()\nprint('before')")
    assert [kind for kind, _ in shown] == ["stream", "display_data"]


def test_texts_arrive_in_the_order_of_what_is_displayed(kernel):
    shown, _ = kernel.run("from IPython.display import display\nprint(1)\ndisplay(2)\nprint(3)")
    texts = [content.get("text") or content["data"]["text/plain"] for _, content in shown]
    assert texts == ["1\n", "2", "3\n"]


def test_it_is_a_kernel_to_whoever_asks(kernel):
    text = kernel.text(
        """
        import ipywidgets, comm, sys, os
        from ipykernel.kernelbase import Kernel
        shell = get_ipython()
        print(type(shell).__name__, Kernel.initialized(), shell.kernel is Kernel.instance())
        print(ipywidgets.IntSlider(value=3).value, type(comm.create_comm(target_name="x")).__module__)
        print(sys.stdout.fileno(), sys.stderr.fileno(), sys.stdout.isatty(), sys.stdout.encoding)
        print(__name__, _ih[-1] != "", os.path.samefile(_dh[0], os.getcwd()))
        """
    )
    assert text.splitlines() == [
        "ZMQInteractiveShell True True", "3 ipykernel.comm.comm", "1 2 False utf-8", "__main__ True True",
    ]  # fmt: skip


def test_what_a_fork_prints_is_shown_and_what_was_printed_before_is_shown_once(kernel):
    text = kernel.text(
        """
        import multiprocessing, os
        print("before")
        with multiprocessing.get_context("fork").Pool(2) as pool:
            pool.map(print, ["in a pool"])
            pool.close()
            pool.join()
        if (child := os.fork()) == 0:
            print("in a fork", flush=True)
            os._exit(0)
        os.waitpid(child, 0)
        print("after")
        """
    )
    assert sorted(text.splitlines()) == ["after", "before", "in a fork", "in a pool"]


def test_nobody_answers_who_is_asked_for_input(kernel):
    for call in ("input('?')", "import getpass\ngetpass.getpass()"):
        assert kernel.run(call)[1]["kind"] == "StdinNotImplementedError"


def test_magics_and_programs_of_the_shell_are_there(kernel):
    assert "42" in kernel.text("%precision 3\n%timeit -n 1 -r 1 1\nprint(42)")
    assert kernel.run("%nonsense")[1]["kind"] in ("", "UsageError")
    assert kernel.run("x = !echo hello")[1]["kind"] == ""
    assert kernel.text("print(x)") == "['hello']\n"


@pytest.mark.parametrize(
    "line",
    ["%matplotlib inline", "%matplotlib notebook", "%matplotlib", "%pylab", "%load_ext no_such_thing", "%no_such_magic",
     "%config InlineBackend.figure_format = 'retina'", "%gui qt", "%%no_such_magic", "%%time", "%%capture"],
)  # fmt: skip
def test_a_magic_that_does_not_work_here_costs_its_cell_nothing(kernel, line):
    _, said = kernel.run(
        f"{line}\nafter_magic = 1\ndef after(x):\n    return x + after_magic", keep=("after",)
    )
    assert said["kind"] == "", said
    assert kernel.call("after", 1) == 2
    kernel.run("del after, after_magic")


def test_a_function_is_called_as_its_own_cell_left_the_notebook(kernel):
    kernel.run(
        "LIMIT = 1\ndef helper(x):\n    return x + LIMIT\ndef first(x):\n    return helper(x)",
        keep=("first",),
    )
    kernel.run(
        "LIMIT = 100\ndef helper(x):\n    return -x\ndef second(x):\n    return helper(x)", keep=("second",)
    )
    kernel.run(
        "def later(x):\n    return 2 * x\ndef first(x, y):\n    return 'other'\nsecond = 5", keep=("third",)
    )
    assert kernel.call("first", 3) == 4
    assert kernel.call("second", 3) == -3
    assert kernel.text("print(LIMIT, first(1, 2), second)") == "100 other 5\n"
    kernel.run("def third(x):\n    return fourth(x)", keep=("third",))
    kernel.run("def fourth(x):\n    return 4 * x", keep=("fourth",))
    assert kernel.call("third", 3) == 12  # what comes later is there
    kernel.run("del first, helper")
    assert kernel.call("first", 3) == 4
    assert kernel.call("helper", 3) == "Missing"


def test_odd_things_in_a_notebook_do_not_end_the_kernel(kernel):
    odd = """
    class Odd:
        def __getattr__(self, name): return self
        def __le__(self, other): raise SystemExit
        __class__ = property(lambda self: 1 / 0)
    odd = Odd()
    def fine(x): return x
    """
    kernel.run(odd, keep=("fine",))
    assert kernel.call("fine", 3) == 3
    kernel.run("del odd, Odd")


@pytest.mark.parametrize(
    "wait",
    [
        "import time; time.sleep(60)",
        "while True: pass",
        "while True:\n    try:\n        1 / 0\n    except Exception:\n        pass",
    ],
)
def test_a_cell_is_stopped_in_time_and_what_it_has_done_stays(kernel, wait):
    start = time.monotonic()
    shown, said = kernel.run(
        f"def early(x):\n    return x\n{wait}\ndef late(x):\n    return x", seconds=0.5, keep=("early",)
    )
    assert time.monotonic() - start < 20
    assert (said["kind"], said["error"]) == ("Timeout", "stopped after 0.5 s")
    assert shown[-1][0] == "error"
    assert kernel.call("early", 3) == 3
    assert kernel.call("late", 3) == "Missing"
    assert kernel.run("import time; time.sleep(0.7)", seconds=30)[1]["kind"] == ""


def test_cells_can_await_and_a_loop_is_running(kernel):
    assert (
        kernel.text(
            "import asyncio\nawait asyncio.sleep(0.01)\nprint(asyncio.get_running_loop().is_running())"
        )
        == "True\n"
    )


def test_what_is_wrong_with_a_cell_costs_this_cell(kernel):
    for source, kind in (
        ("def", "SyntaxError"),
        ("raise SystemExit", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    ):
        assert kernel.run(source)[1]["kind"] == kind
    assert kernel.text("print('goes on')") == "goes on\n"


def test_half_of_a_surrogate_pair_is_sent_as_it_is(kernel):
    assert kernel.text("print('\\ud800')") == "\ud800\n"


def test_what_is_shown_while_no_cell_runs_goes_nowhere(kernel):
    kernel.run(
        """
        import threading, sys
        from IPython.display import display
        def f(x):
            print("called", flush=True)
            display("called")
            sys.stderr.write("called")
            return x + 1
        """
    )
    kernel.write(question("f", [(1,), (2,)]))
    answers = []
    while "ended" not in (reply := kernel.read())[0]:
        answers.append(read_answer(*reply)[1].value)
    assert answers == [2, 3]
    assert kernel.text("print('next')") == "next\n"


class Kept:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def send(self, _stream: object, kind: str, content: dict[str, str]) -> None:
        assert (kind, content["name"]) == ("stream", "stdout")
        self.texts.append(content["text"])


def test_texts_are_sent_in_pieces_and_no_more_than_is_kept():
    kept = Kept()
    stream = Printed("stdout", kept, 1)
    stream.begin()
    for _ in range(5):
        stream.write("x" * (MOST_TEXT // 2))
    stream.write("y")
    stream.flush()
    assert "".join(kept.texts) == "x" * MOST_TEXT
    assert max(map(len, kept.texts)) == CHUNK
    stream.begin()
    assert stream.write("again") == 5
    stream.flush()
    stream.flush()
    assert kept.texts[-1] == "again"
    assert len("".join(kept.texts)) == MOST_TEXT + 5


def test_only_texts_can_be_printed():
    stream = Printed("stdout", Kept(), 1)
    with pytest.raises(TypeError, match="must be str, not bytes"):
        stream.write(b"x")


CELLS = (
    "x = 1\n", "def f(x):\n    return x % 2", "await f()", "'''a\n%b\n!c'''", "x = (1 +\n%s)", "%time x", "!ls", "x = !ls",
    "x = %time 1", "f?", "?f", "%%time\nx", "    x = 1\n    y = 2", "\n\nx = 1", ">>> x = 1", "In [1]: x", "y\nIn [1]: x",
    "...: x", "x = 1;", "", "# nothing", "print('%s' % 1)", "a\\\n%b", "class A:\n    %time x", "/f 1", ",f 1 2", ";f 1 2",
    "x\n?",
    "@property", "match x:\n    case 1: pass", "\x00", "\ufeffx = 1", "x = 1\n\n\n", "x = 1\r\ny = 2\r\n",
    "x\fy", "print(1) ; %time",
)  # fmt: skip


def test_what_is_taken_for_python_is_what_ipython_leaves_as_it_is():
    """Every cell of the course, and cells that look like something else than they are."""
    course = [
        "".join(c["source"])
        for path in sorted(COURSE.glob("*/*.ipynb"))
        for c in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if c["cell_type"] == "code"
    ]
    assert len(course) > 100
    taken = [source for source in (*CELLS, *course) if _is_python(source)]
    assert len(taken) > len(course)
    for source in taken:
        whole = source if source.endswith("\n") else source + "\n"
        assert TransformerManager().transform_cell(source) == whole, source
    for source in ("%time x", "!ls", "f?", "%%time\nx", "    x = 1", ">>> x = 1"):
        assert not _is_python(source)
