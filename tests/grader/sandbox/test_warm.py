"""Forked kernels: they are what kernels that start the long way are, and know nothing of each other."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import platform
import signal
import textwrap
from pathlib import Path

import pytest
from traitlets.config import Config

from grader import scratch
from grader.marking import edition
from grader.marking.session import Session
from grader.sandbox import modes, namespaces, packages, warm
from grader.sandbox.provisioner import SandboxProvisioner

pytestmark = pytest.mark.skipif(
    not modes.available(), reason="bubblewrap is missing or cannot make namespaces"
)

EDITION = "ch1_xor"
ANSWERS = {
    "draws": """
        import matplotlib.pyplot as plt
        plt.plot([1, 2], [3, 4]); plt.title("µ"); plt.show()
        plt.gcf()
    """,
    "raises deep inside": "import numpy as np\nnp.linalg.inv(np.zeros((2, 2)))",
    "raises": "def f(): return 1 / 0\nf()",
    "shell": "import subprocess\nprint(subprocess.run(['echo', 'x'], capture_output=True).stdout)",
    "imports late": """
        import ipywidgets, sqlite3, matplotlib.animation
        print(ipywidgets.__file__, matplotlib.animation.__file__)
    """,
    "shows source": """
        import inspect, numpy as np
        print(inspect.getsource(np.linalg.inv)[:200], inspect.getfile(np.ma))
    """,
    "fonts and data": """
        import matplotlib as m, matplotlib.font_manager as f
        print(m.get_data_path(), m.get_configdir(), f.findfont("DejaVu Sans"), m.matplotlib_fname())
    """,
    "style": "import matplotlib.style as s\nprint(s.available)\ns.use('ggplot')",
    "paths": """
        import os, sys
        print(sys.path[:5], sys.prefix, sys.executable, sys.argv, os.getcwd(), sorted(os.environ.items()))
    """,
    "versions": """
        from importlib.metadata import version, distributions
        print(version("numpy"), sorted(d.metadata["Name"] for d in distributions()))
    """,
    "awaits and threads": """
        import asyncio, threading
        await asyncio.sleep(0)
        t = threading.Thread(target=print, args=("t",)); t.start(); t.join()
    """,
    "pool": "import multiprocessing as mp\nprint(mp.get_context('fork').Pool(2).map(abs, [-1, 2]))",
    "builtins": "import builtins\nprint(sorted(dir(builtins)), help is not None)",
    "random": "import numpy as np, random\nnp.random.seed(1); random.seed(1)\nprint(np.random.rand(), random.random())",
}  # fmt: skip


def said(source: str, *, cold: bool = False, times: int = 1) -> list[str]:
    """What a cell prints in each of some kernels, one after the other."""

    async def whole() -> list[str]:
        found = []
        for _ in range(times):
            async with session(cold) as kernel:
                run = await kernel.run(textwrap.dedent(source), 60)
                assert kernel.provisioner.started == ("cold" if cold else "warm")
            assert not run.error, run.error
            found.append("".join(o.get("text", "") for o in run.outputs))
        return found

    return asyncio.run(whole())


def session(cold: bool = False) -> Session:
    config = Config()
    config.SandboxProvisioner.warm = not cold
    return Session(edition.folder(EDITION), config)


@pytest.fixture
def fresh():
    """No warm process from before, and none afterwards; deaths are forgotten."""
    warm.close()
    yield
    warm.close()
    warm.forgive()


def test_both_ways_give_the_same_outputs():
    async def outputs(cold):
        found = {}
        for name, source in ANSWERS.items():
            async with session(cold) as kernel:
                found[name] = (await kernel.run(textwrap.dedent(source), 60)).outputs
        return found

    forked, started = asyncio.run(outputs(False)), asyncio.run(outputs(True))
    for name in ANSWERS:
        assert forked[name] == started[name], name
    assert any("image/png" in o.get("data", {}) for o in forked["draws"])


def test_both_ways_give_the_same_verdicts(classroom):
    half = "import numpy as np\n\ndef mse(a, b):\n    return ((a - b) ** 2).sum()\n"
    classroom.hand_in("right")
    classroom.hand_in("half", mse=half)
    classroom.hand_in("dies", mse="import os\ndef mse(*a):\n    os._exit(0)")
    classroom.hand_in("raises", fit_linear="def fit_linear(*a):\n    raise ValueError('no')", mse="1 / 0")
    classroom.hand_in("blank", {})
    forked = {e.student: e.marking.to_json() for e in classroom.grade().entries}
    for path in (classroom.course.private / "results").rglob("*.json"):
        path.unlink()
    with (classroom.root / "nbgrader_config.py").open("a") as file:
        file.write("\nc.SandboxProvisioner.warm = False\n")
    started = {e.student: e.marking.to_json() for e in classroom.grade().entries}
    assert forked == started
    assert forked["half"]["verdicts"]["mse"] != forked["right"]["verdicts"]["mse"]


def test_a_forked_kernel_has_imported_nothing_but_the_sandboxs_own_packages():
    [text] = said(
        """
        import json, sys
        stdlib = sys.modules["os"].__file__.removesuffix("os.py")
        files = {n: getattr(m, "__file__", None) or "" for n, m in sys.modules.items()}
        # Output has a limit: what is in the middle of a package is where the package is.
        print(json.dumps({n: f for n, f in files.items() if not f.startswith(stdlib) and (n.count(".") < 2 or "fnnkit" in n)}))
        """
    )
    files = json.loads(text)
    stdlib = os.path.dirname(os.__file__) + "/"
    strange = {
        n: f for n, f in files.items() if f and not f.startswith(("/site/", "/edition/", stdlib, "/dev/fd/"))
    }
    assert strange == {}
    tops = {name.partition(".")[0] for name in files}
    assert tops.isdisjoint(
        {"grader", "nbgrader", "sqlalchemy", "scipy", "torch", "jupytext", "typer", "pytest"}
    )
    known = {n for n in files if n.startswith("fnnkit")}
    wanted = {
        "fnnkit",
        "fnnkit.kernel",
        *(f"fnnkit.kernel.{n}" for n in ("call", "ipython", "line", "named", "serve", "wire")),
        # Edited copies of an answer, by which its cause is looked for once its mark stands.
        *(f"fnnkit.kernel.{n}" for n in ("copies", "guards", "recording", "trying")),
    }
    assert known == wanted


def test_no_text_in_the_memory_of_a_forked_kernel_says_where_the_grader_is():
    here = os.path.dirname(os.path.dirname(packages.site_entries()[0][0]))
    repository = str(Path(namespaces.__file__).parents[2])
    # Written backwards, or the text of this cell would be found; however short or strange the path is.
    backwards = [here[::-1], repository[::-1]]
    [text] = said(
        f"""
        import gc
        gc.unfreeze()
        places = [p[::-1] for p in {backwards!r}]
        wanted = [*places, *(p + "/" for p in places), "fnnkit-" + "of-"]
        mine, found = set(map(id, [globals(), wanted])), set()
        for thing in gc.get_objects():
            if id(thing) in mine: continue
            for part in gc.get_referents(thing):
                if type(part) is str and len(part) < 500 and (part in places or any(w in part for w in wanted[2:])):
                    found.add(part)
        print([f for f in found if f not in wanted][:5])
        """
    )
    assert text == "[]\n"


def test_kernels_that_are_forked_from_one_process_draw_different_numbers():
    source = """
    import random, tempfile, uuid, secrets, multiprocessing
    import numpy as np
    print(random.random(), np.random.rand(), np.random.default_rng().random(), uuid.uuid4(), secrets.token_hex(4),
          next(tempfile._get_candidate_names()), multiprocessing.current_process().authkey.hex())
    """
    drawn = [line.split() for line in said(source, times=3)]
    for numbers in zip(*drawn, strict=True):
        assert len(set(numbers)) == 3


def test_privileges_limits_and_descriptors_are_those_of_the_long_way():
    source = """
    import os, resource, stat
    status = dict(l.split(":", 1) for l in open("/proc/self/status").read().splitlines() if ":" in l)
    print({n: status[n].split() for n in ("CapPrm", "CapEff", "CapAmb", "NoNewPrivs", "Seccomp", "Groups", "PPid")
           if n != "PPid"})
    print([resource.getrlimit(i) for i in range(16) if i != resource.RLIMIT_CPU], os.getsid(0) != 0)
    # Sockets and pipes of the kernel itself aside: what leads out of it?
    places = set()
    for fd in os.listdir("/proc/self/fd"):
        try:
            place = os.readlink("/proc/self/fd/" + fd)
        except OSError:
            continue
        if place.startswith("/") and not place.startswith("/proc"):
            places.add(place)
    print(sorted(places), len(os.listdir("/proc/self/fd")))
    print(sorted(os.listdir("/")), sorted(os.listdir("/dev")), os.listdir("/tmp"), os.uname().nodename)
    print(sorted(l.split()[4] + l.split()[5].replace("relatime", "") for l in open("/proc/self/mountinfo")))
    """
    [forked], [started] = said(source), said(source, cold=True)
    for one, other in zip(forked.splitlines(), started.splitlines(), strict=True):
        assert one == other
    assert "'NoNewPrivs': ['1']" in forked
    if platform.machine() == "x86_64":
        assert "'Seccomp': ['2']" in forked


def test_every_namespace_is_another_than_the_graders_and_than_the_neighbours():
    names = ("mnt", "pid", "net", "ipc", "uts", "user")
    source = f"import os\nprint({{n: os.readlink('/proc/self/ns/' + n) for n in {names}}})"

    async def both():
        async with session() as one, session() as other:
            outputs = [(await kernel.run(source, 30)).outputs for kernel in (one, other)]
        return [ast.literal_eval(output["text"]) for [output] in outputs]

    own = {name: os.readlink(f"/proc/self/ns/{name}") for name in names}
    one, other = asyncio.run(both())
    for name in names[:5]:
        assert len({one[name], other[name], own[name]}) == 3, name
    if os.geteuid() != 0:
        assert len({one["user"], other["user"], own["user"]}) == 3


def test_a_kernel_is_not_forked_into_a_place_that_is_no_sandbox(fresh, monkeypatch):
    """Whoever holds the door is checked: a process in the namespaces of the grader itself is refused."""
    fork, refused = warm.Zygote.fork, []

    def fork_here(self, job, control, holder, log):
        here = os.pidfd_open(os.getpid())
        try:
            refused.append(log)
            return fork(self, job | {"holder": os.getpid()}, control, here, log)
        finally:
            os.close(here)

    monkeypatch.setattr(warm.Zygote, "fork", fork_here)
    discard, words = SandboxProvisioner._discard, []

    async def discard_and_tell(self):
        words.append(self._last_words())
        await discard(self)

    monkeypatch.setattr(SandboxProvisioner, "_discard", discard_and_tell)
    assert started_how() == ["cold"]
    assert refused
    assert "the sandbox has no mnt namespace of its own" in words[0]


def started_how(times: int = 1) -> list[str]:
    """Which way some kernels were started, one after the other; each of them works."""

    async def whole() -> list[str]:
        found = []
        for _ in range(times):
            async with session() as kernel:
                assert (await kernel.run("print(6 * 7)", 30)).outputs[0]["text"] == "42\n"
                found.append(kernel.provisioner.started)
        return found

    return asyncio.run(whole())


def test_when_the_warm_process_is_killed_the_next_kernel_starts_all_the_same(fresh):
    assert started_how() == ["warm"]
    process = warm.running(edition.folder(EDITION), edition.PROGRAM).process
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert started_how(2) == ["warm", "warm"]  # another one was started


def test_when_it_keeps_dying_kernels_start_the_long_way(fresh, monkeypatch, tmp_path):
    broken = tmp_path / "zygote.py"
    broken.write_text("raise SystemExit(3)")
    monkeypatch.setattr(warm, "PROGRAM", broken)
    assert started_how(warm.MOST_DEATHS + 1) == ["cold"] * (warm.MOST_DEATHS + 1)
    assert warm.running(edition.folder(EDITION), edition.PROGRAM) is None


def test_where_no_stage_can_be_made_bubblewrap_makes_the_whole_sandbox(fresh, monkeypatch):
    monkeypatch.setattr(namespaces, "STAGES", ("/nowhere",))
    assert started_how() == ["warm"]


def test_a_stage_that_breaks_is_used_no_more(fresh):
    assert started_how() == ["warm"]
    stage = warm.running(edition.folder(EDITION), edition.PROGRAM).stage
    assert stage.folder is not None
    stage._process.kill()
    stage._process.wait()
    stage.enter[stage.enter.index("--target") + 1] = str(stage._process.pid)
    assert started_how() == ["warm"]
    assert stage.folder is None


def test_one_that_was_started_ahead_is_used_for_the_edition_that_is_asked_for(fresh):
    warm.begin()
    warm.begin()
    [ahead] = warm._ahead
    assert started_how() == ["warm"]
    assert warm._running[edition.folder(EDITION), edition.PROGRAM] is ahead
    assert not warm._ahead
    warm.begin()  # there is one
    assert not warm._ahead


def test_one_that_was_started_ahead_and_is_not_used_is_ended(fresh):
    warm.begin()
    [ahead] = warm._ahead
    warm.close()
    assert not warm._ahead
    assert ahead.process.returncode == 0


def test_a_kernel_that_dies_takes_its_sandbox_with_it():
    async def whole():
        async with session() as kernel:
            process = kernel.provisioner.process
            with pytest.raises(Exception, match="died"):
                await kernel.run("import os, time\nif os.fork(): os._exit(0)\ntime.sleep(1000)", 60)
            while process.poll() is None:
                await asyncio.sleep(0.05)

    asyncio.run(asyncio.wait_for(whole(), 120))


def test_nothing_of_a_warm_process_is_left_when_it_is_ended(fresh):
    assert started_how() == ["warm"]
    found = warm.running(edition.folder(EDITION), edition.PROGRAM)
    pids = [found.process.pid, found.stage._process.pid]
    before = set(scratch.place().iterdir())
    warm.close()
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert set(scratch.place().iterdir()) <= before
