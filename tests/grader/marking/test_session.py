"""One kernel: its limits, and what reaches whoever talks to it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from grader import scratch
from grader.marking import edition
from grader.marking.away import read
from grader.marking.judging import Unread
from grader.marking.session import FLOOD, KernelLost, Session
from grader.sandbox import modes, watch

pytestmark = [
    pytest.mark.skipif(not modes.available(), reason="bubblewrap is missing or cannot make namespaces"),
    pytest.mark.usefixtures("way"),  # every test runs with forked kernels, and with ones started the long way
    pytest.mark.sampled,  # in the short run with one of both
]

MB = 1 << 20

# The connections of the kernel to whoever talks to it, found among its descriptors.
CONNECTIONS = """
import os, socket, stat, struct
connections = []
for fd in map(int, os.listdir("/proc/self/fd")):
    try:
        if not stat.S_ISSOCK(os.fstat(fd).st_mode): continue
        s = socket.socket(fileno=os.dup(fd))
        peer = struct.unpack("3i", s.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
        if s.getsockname() and s.family == socket.AF_UNIX and peer != os.getpid(): s.getpeername(); connections.append(s)
    except OSError:
        pass
"""


def in_kernel(use: Callable[[Session], Awaitable[Any]], **settings: Any) -> Any:
    """Start a kernel with some settings of its provisioner, use it, end it."""
    config = Config()
    config.SandboxProvisioner.update(settings)

    async def whole() -> Any:
        async with Session(edition.folder("ch1_xor"), config) as session:
            return await use(session)

    return asyncio.run(whole())


async def call(session: Session, *question: Any) -> list[Any]:
    """What a function gives, read as the judge reads it."""
    answers = await session.ask(*question)
    return [read(answer.parts) if isinstance(answer, Unread) else answer for answer in answers]


def said(source: str, seconds: float = 20.0, **settings: Any) -> str:
    """What a cell prints."""

    async def use(session: Session) -> str:
        run = await session.run(textwrap.dedent(source), seconds)
        return run.error or "".join(o.get("text", "") for o in run.outputs)

    return str(in_kernel(use, **settings))


def why_lost(source: str, seconds: float = 20.0, **settings: Any) -> str:
    """Why the kernel was lost while a cell ran."""
    with pytest.raises(KernelLost) as lost:
        said(source, seconds, **settings)
    return str(lost.value)


def own_memory() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) << 10
    raise AssertionError("no RssAnon")


async def watched(work: Awaitable[Any]) -> tuple[str, int]:
    """Why a kernel was lost, and how much memory that took here."""
    before, most = own_memory(), 0
    task = asyncio.ensure_future(work)
    while not task.done():
        most = max(most, own_memory())
        await asyncio.sleep(0.01)
    lost = task.exception()
    return str(lost) if lost else "", most - before


def test_a_cell_gives_what_it_prints_and_the_error_that_ends_it():
    assert said("print(6 * 7)") == "42\n"
    assert said("1 / 0") == "ZeroDivisionError: division by zero"


def test_a_call_gives_values_exceptions_and_warnings():
    async def use(session):
        await session.run(
            "import warnings\ndef f(x):\n    if x < 0: raise KeyError('no')\n    warnings.warn('hm')\n    return x + 1",
            5,
        )
        return await call(session, "f", [(1,), (-1,), (2,)], 5), await call(session, "g", [(1,)], 5)

    (one, error, three), [missing] = in_kernel(use)
    assert (one.value, three.value) == (2, 3)
    assert one.warnings == ("UserWarning: hm",)
    assert error.error.kinds[:2] == ("KeyError", "LookupError")
    assert missing.error.kind == "Missing"


def asked(source, *questions):
    """What the functions of a cell give, asked one after another."""

    async def use(session):
        await session.run(textwrap.dedent(source), 20)
        answers = []
        for name, cases, seconds in questions:
            answers.append(await call(session, name, cases, seconds))
            if session.lost:
                break
        return answers, session.lost

    return in_kernel(use)


def test_an_interrupt_costs_its_own_function_alone():
    source = """
    def f(x): return x + 1
    def g(x):
        if x == 2: raise KeyboardInterrupt
        return 10 * x
    """
    cases = [(1,), (2,), (3,)]
    answers, lost = asked(source, *((name, cases, 5) for name in "fgh"), ("none", [], 5))
    one, two, missing, none = answers
    assert [a.value for a in one] == [2, 3, 4]
    assert two[0].value == 10
    assert {a.error.message for a in two[1:]} == {"no answer came back"}
    assert {a.error.kind for a in missing} == {"Missing"}
    assert none == []
    assert not lost


def test_what_a_function_gave_before_it_hung_or_died_has_arrived():
    source = """
    import os, time
    def nap(x): time.sleep(0.7); return x
    def hang(x):
        while x > 1: pass
        return x
    def die(x):
        if x > 2: os._exit(0)
        return x
    """
    answers, lost = asked(source, ("nap", [(1,), (2,)], 10), ("hang", [(1,), (2,), (3,)], 2))
    assert [a.value for a in answers[0]] == [1, 2]
    assert answers[1][0].value == 1
    assert [a.error.kind for a in answers[1][1:]] == ["Timeout", "Timeout"]
    assert lost
    answers, lost = asked(source, ("die", [(1,), (2,), (3,), (4,)], 10))
    assert [a.value for a in answers[0][:2]] == [1, 2]
    assert [a.error.kind for a in answers[0][2:]] == ["KernelDied", "KernelDied"]
    assert lost


def test_an_answer_to_a_later_question_is_no_answer_to_this_one():
    source = """
    import json
    from IPython import get_ipython
    from fnnkit.kernel.line import packets
    def f(x):
        for name in ("g", "", 3, ["g"]):
            said = {"exercise": name, "index": 0, "error": None, "warnings": [], "changed": []}
            for packet in packets([json.dumps(said).encode(), b"true"]):
                get_ipython().kernel.session.line.send(packet)
        return x
    def g(x): return x
    """
    answers, _ = asked(source, ("f", [(1,), (2,)], 5), ("g", [(5,), (6,)], 5))
    assert [a.error for a in answers[0]] == [None, None]
    assert [a.value for a in answers[0]] == [1, 2]
    assert answers[1][1].value == 6


def test_a_question_larger_than_the_buffers_of_a_socket_arrives():
    text = "x" * 90_000
    [[*answers]], _ = asked("def f(*x): return len(x)", ("f", [tuple([text] * 10)] * 3, 10))
    assert [a.value for a in answers] == [10, 10, 10]


def test_whoever_does_not_read_a_question_has_its_time_and_no_more():
    source = """
    import time
    from IPython import get_ipython
    def f(x): time.sleep(60)
    """
    answers, lost = asked(source, ("f", [("x" * 90_000,)] * 50, 2))
    assert {a.error.kind for a in answers[0]} == {"Timeout"}
    assert lost


def test_an_interrupt_while_nothing_is_asked_ends_the_kernel_and_costs_no_answer_before():
    source = """
    import signal
    def f(x): return x
    def interrupt(*_): raise KeyboardInterrupt
    def g(x):
        signal.signal(signal.SIGALRM, interrupt)
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        return x
    """

    async def use(session):
        await session.run(textwrap.dedent(source), 5)
        first = await call(session, "g", [(2,)], 5)
        await asyncio.sleep(2)
        return first[0].value, (await call(session, "f", [(1,)], 5))[0].error.message

    assert in_kernel(use) == (2, "the kernel died")


def test_what_a_cell_prints_is_its_own_even_if_it_does_so_later():
    async def use(session):
        first = await session.run("import threading\nwait = threading.Event()\nprint('first')", 5)
        second = await session.run(
            "def late():\n    wait.wait()\n    print('late')\nthreading.Thread(target=late).start()", 5
        )
        third = await session.run("wait.set()\nprint('third')", 5)
        return [[o.get("text") for o in run.outputs] for run in (first, second, third)]

    first, second, third = in_kernel(use)
    assert (first, second) == (["first\n"], [])
    assert "third" in third[0]


def test_settings_of_a_cell_that_end_with_it_end_with_it():
    """numpy keeps what is done about overflow in the context: a kernel gives each cell its own."""

    async def use(session):
        await session.run("import numpy as np\nnp.seterr(all='raise')", 5)
        run = await session.run(
            "print(np.geterr()['over'])\nimport asyncio\nawait asyncio.sleep(0.01)\nprint('awaited')", 5
        )
        return "".join(o["text"] for o in run.outputs)

    assert in_kernel(use) == "warn\nawaited\n"


def test_a_cell_that_asks_the_kernel_to_exit_costs_no_other():
    async def use(session):
        await session.run("exit()\nquit()", 5)
        run = await session.run("import asyncio\nprint(6 * 7)", 5)
        return "".join(o["text"] for o in run.outputs), (await call(session, "abs", [(-1,)], 5))[0].error.kind

    assert in_kernel(use) == ("42\n", "Missing")


def test_a_process_gets_no_more_memory_than_the_limit():
    assert said("bytearray(4 << 30)").startswith("MemoryError")


def test_the_processes_of_a_sandbox_share_one_limit_on_memory():
    assert "more than 300 MB of memory" in why_lost(
        """
        import os, time
        for _ in range(6):
            if os.fork() == 0:
                held = bytearray(100 << 20)
                time.sleep(60)
        time.sleep(60)
        """,
        memory_mb=300,
    )


def test_no_memory_can_be_held_outside_of_processes():
    text = said(
        """
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        print(libc.memfd_create(b"x", 0), libc.shmget(0, 1 << 20, 0o1600), libc.msgget(0, 0o1600), libc.semget(0, 9, 0o1600))
        for folder in ("/tmp", "/job", "/dev/shm", "/ipc"):
            files = []
            try:
                for i in range(20):
                    files.append(open(f"{folder}/{i}", "wb"))
                    files[-1].write(bytes(16 << 20))
                print(folder, "is endless")
            except OSError:
                pass
        """
    )
    assert text == "-1 -1 -1 -1\n"


def test_computing_time_ends_also_for_those_who_ignore_the_signal():
    source = "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass"
    start = time.monotonic()
    assert why_lost(source, 120, limits={"AS": 3 << 30, "CPU": 1}) == "the kernel died"
    assert time.monotonic() - start < 110


def test_a_kernel_ends_with_its_lifetime():
    assert why_lost("import time\ntime.sleep(60)", 30, lifetime=1.0) == "it ran for more than 1 s"


def test_a_cell_that_takes_no_stop_for_an_answer_ends_with_its_time():
    source = (
        "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException:\n        pass"
    )
    assert why_lost(source, 1.0) == "stopped after 1 s: the cell did not finish"


def test_no_file_is_larger_than_the_limit():
    assert "File too large" in said("import signal\nopen('/tmp/x', 'wb').write(bytes(40 << 20))")


def test_the_number_of_processes_is_limited_and_the_machine_goes_on():
    text = said(
        """
        import os, time
        n = 0
        try:
            while True:
                if os.fork() == 0:
                    time.sleep(60)
                n += 1
        except OSError as error:
            print(n < 64, type(error).__name__)
        """,
        memory_mb=8000,  # pages that forks share are counted for each
    )
    assert text == "True BlockingIOError\n"


def test_the_limits_cannot_be_raised():
    text = said(
        """
        import resource
        for name in ("AS", "CPU", "FSIZE", "NPROC", "NOFILE", "CORE"):
            number = getattr(resource, "RLIMIT_" + name)
            soft, hard = resource.getrlimit(number)
            try:
                resource.setrlimit(number, (hard + 1, hard + 1))
                print(name, "was raised")
            except (ValueError, OSError):
                pass
        """
    )
    assert text == ""


def test_output_beyond_the_limit_is_cut_and_the_kernel_goes_on():
    async def use(session):
        one = await session.run("print('x' * 5_000_000)\nprint('after')", 20)
        two = await session.run("print('still here')", 20)
        return one.outputs, two.outputs

    first, second = in_kernel(use)
    assert sum(len(o["text"]) for o in first) < 50_000
    assert "the rest of the output is not stored" in first[0]["text"]
    assert [o["text"] for o in second] == ["still here\n"]


def test_a_flood_of_messages_ends_the_kernel_and_takes_little_memory_here():
    source = """
    from IPython.display import display
    while True:
        display({"text/plain": "x" * 1_000_000}, raw=True)
    """
    reason, memory = in_kernel(lambda s: watched(s.run(textwrap.dedent(source), 30)))
    assert reason == "it sent far more output than a notebook can hold"
    assert memory < 6 * FLOOD


LINE = """
import json, struct
from IPython import get_ipython
line = get_ipython().kernel.session.line
"""


def test_a_message_without_end_ends_the_kernel_and_takes_little_memory_here():
    """One part of 79 MB, and another message, and another: as much as may be promised, for ever."""
    source = (
        LINE
        + """
while True:
    line.send(struct.pack("<IQ", 1, 79 << 20))
    for _ in range(79 * 16):
        line.send(bytes(1 << 16))
"""
    )
    reason, memory = in_kernel(lambda s: watched(s.run(source, 30)))
    assert reason == "it sent a malformed message (ValueError)"
    assert memory < 6 * FLOOD


@pytest.mark.parametrize("packet", [1, 1 << 16])
def test_parts_that_do_not_come_are_not_waited_for(packet):
    """Less than was promised, in packets of one byte too."""
    source = (
        LINE
        + f"""
line.send(struct.pack("<IQ", 1, 79 << 20))
while True:
    line.send(bytes({packet}))
"""
    )
    reason, memory = in_kernel(lambda s: watched(s.run(source, 2)))
    assert reason == (
        "stopped after 2 s: the cell did not finish"
        if packet == 1
        else "it sent a malformed message (ValueError)"
    )
    assert memory < 6 * FLOOD


def test_nobody_connects_to_a_kernel():
    """Its line was there before it: no socket has a name, and none is where Jupyter's would be."""
    source = CONNECTIONS + "print(connections, os.listdir('/ipc'))"
    assert said(source) == "[] []\n"


def test_output_that_fills_the_memory_is_not_read():
    """Ten million empty lists are 20 MB of text and half a gigabyte of objects; reading them takes seconds."""
    source = (
        LINE
        + """
from fnnkit.kernel.line import packets
head = json.dumps({"shows": "stream", "cell": "1"}).encode()
for packet in packets([head, b'{"name": "stdout", "text": ' + b"[" + b"[]," * 10_000_000 + b"[]]}"]):
    line.send(packet)
"""
    )
    start = time.monotonic()

    async def use(session):
        run = session.run(source, 20)
        return (await watched(run)), (await session.run("print(1)", 5)).outputs

    (reason, memory), after = in_kernel(use)
    assert reason == ""
    assert memory < 4 * FLOOD
    assert time.monotonic() - start < 20
    assert after[0]["text"] == "1\n"


def test_headings_larger_than_any_heading_end_the_kernel():
    source = (
        LINE
        + """
from fnnkit.kernel.line import packets
for packet in packets([json.dumps({"shows": "y" * 3_000_000}).encode()]):
    line.send(packet)
"""
    )
    assert why_lost(source) == "it sent a malformed message (ValueError)"


@pytest.mark.parametrize(
    "heading", ["null", "[1]", '{"cell": "1"}', '{"shows": 5, "cell": "1"}', '{"ran": ["1"]}', '{"shows": "stream", "cell": 1}']
)  # fmt: skip
def test_what_is_no_output_is_no_output(heading):
    source = (
        LINE
        + f"""
from fnnkit.kernel.line import packets
for packet in packets([{heading.encode()!r}, b'{{"name": "stdout", "text": "forged"}}']):
    line.send(packet)
print("honest")
"""
    )
    if heading in ("null", "[1]"):
        assert why_lost(source) == "it sent a malformed message (TypeError)"
    else:
        assert said(source) == "honest\n"


def test_what_functions_print_goes_nowhere():
    source = """
    import sys
    from IPython.display import display
    def f(x):
        print("x" * 10_000_000)
        display({"image/png": b"x" * 10_000_000}, raw=True)
        print("y" * 10_000_000, file=sys.stderr, flush=True)
        return x
    """
    [answers], lost = asked(source, ("f", [(i,) for i in range(20)], 20))
    assert [a.value for a in answers] == list(range(20))
    assert not lost


def test_a_hundred_megabytes_of_text_cost_nothing():
    async def use(session):
        reason, memory = await watched(session.run("for _ in range(10):\n    print('x' * 10_000_000)", 20))
        return reason, memory, (await session.run("print('still here')", 20)).outputs

    reason, memory, [after] = in_kernel(use)
    assert reason == ""
    assert memory < 10 * MB
    assert after["text"] == "still here\n"


def test_time_in_which_nobody_listened_is_not_the_kernels_time():
    async def use(session):
        run = asyncio.create_task(session.run("import time\ntime.sleep(1.5)\nprint('done')", 2.0))
        await asyncio.sleep(0.5)
        time.sleep(3)  # the judge of another notebook is busy
        return (await run).outputs

    assert in_kernel(use)[0]["text"] == "done\n"


def test_a_session_leaves_no_process_and_no_folder(tmp_path, monkeypatch):
    import tempfile

    edition.folder("ch1_xor")
    said("print()")  # what is made once a process is there
    before = set(scratch.place().iterdir())
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    pids = []

    async def use(session):
        pids.append(session.provisioner.process.pid)
        await session.run(
            "import os\nif os.fork() == 0:\n    os.setsid()\n    import time\n    time.sleep(60)", 5
        )

    in_kernel(use)
    assert list(tmp_path.iterdir()) == []
    assert set(scratch.place().iterdir()) == before
    assert not Path(f"/proc/{pids[0]}").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give up being root")
def test_code_does_not_run_as_root_when_root_grades():
    text = said(
        "import os\nprint(os.getresuid(), os.getresgid(), os.getgroups())\nprint(open('/proc/self/status').read())"
    )
    assert " 0" not in text.splitlines()[0].replace("(0", "( 0")
    status = dict(line.split(":", 1) for line in text.splitlines()[1:] if ":" in line)
    assert {int(status[name], 16) for name in ("CapPrm", "CapEff", "CapAmb")} == {0}
    assert status["NoNewPrivs"].strip() == "1"
    assert int(text.split("(")[1].split(",")[0]) >= 65_534


BUSY = "import time\nend = time.process_time() + 1.5\nwhile time.process_time() < end: pass\n"


def hogs(n):
    """Processes of somebody else that take all the processors."""
    line = [sys.executable, "-c", "while True: pass"]
    return [subprocess.Popen(line, start_new_session=True) for _ in range(n)]


@pytest.mark.exhaustive
@pytest.mark.skipif(
    not watch.waited(os.getpid()), reason="nobody counts here how long a process waits for a processor"
)
def test_time_in_which_others_had_the_processors_is_not_the_kernels_time():
    """A cell and a function that compute for 1.5 s have 2 s for it, however long that takes beside others."""
    others = hogs(4 * len(os.sched_getaffinity(0)))

    async def use():
        async with Session(edition.folder("ch1_xor")) as kernel:
            await kernel.run("pass", 60)
            start = time.monotonic()
            run = await kernel.run(
                BUSY + "print('done')\ndef f():\n" + textwrap.indent(BUSY + "return 1", "    "), 2, ["f"]
            )
            said = "".join(o.get("text", "") for o in run.outputs)
            took = time.monotonic() - start
            answers = await kernel.ask("f", [()], 2)
            return said, run.error, took, kernel.lost, kernel.waited, answers

    try:
        said, error, took, lost, waited, _ = asyncio.run(use())
    finally:
        for one in others:
            one.kill()
            one.wait()
    assert (said, error, lost) == ("done\n", "", False)
    assert took > 2.5  # otherwise nobody was in its way
    assert waited > 0.5


def test_whoever_computes_with_many_threads_waits_behind_all_others_and_gets_no_time_back():
    many = """
        import os, time
        for _ in range(6):
            if os.fork() == 0:
                while True: pass
        time.sleep(1)
        print(os.getpriority(os.PRIO_PROCESS, 0))
    """

    async def use():
        async with Session(edition.folder("ch1_xor")) as kernel:
            run = await kernel.run(textwrap.dedent(many), 30)
            said = "".join(o.get("text", "") for o in run.outputs)
            start = time.monotonic()
            try:
                await kernel.run("while True: pass", 2)
            except KernelLost:
                pass
            return said, time.monotonic() - start

    said, took = asyncio.run(use())
    assert said == f"{watch.LOWEST}\n"
    assert took < 6
