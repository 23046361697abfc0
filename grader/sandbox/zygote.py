"""A warm process that forks kernels: it has imported what every kernel needs, and holds nothing that none may see.

It runs outside the sandboxes, once a batch, with nothing but the packages that a sandbox holds. A fork of it joins
the namespaces of a sandbox that bubblewrap has made, gives up every privilege there, and becomes a kernel, in a tenth
of the time that a new interpreter needs. It stands alone, as one file that is read from a descriptor, so it imports
nothing of this package.

What must not exist before a fork: a second thread, an event loop, a context of libzmq, an IPython shell that needs them
(the kernel of a program that is prepared here needs none). And what has been imported must look as if it had been
imported inside: its files are at other places there.
"""

from __future__ import annotations

import _imp
import ctypes
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.metadata
import importlib.util
import json
import os
import pathlib
import random
import select
import shutil
import signal
import socket
import sys
import traceback
import types
from collections.abc import Iterable
from typing import Any

# Not matplotlib_inline.backend_inline and not ipywidgets: their import hooks into the shell, which is not there, or is
# that of a student who may not want them.
WARM = (
    "numpy", "numpy.fft", "numpy.polynomial", "numpy.random", "numpy.testing",
    "matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib.font_manager",
    "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "ipykernel.debugger",
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.oinspect", "IPython.core.magics",
    "IPython.core.pylabtools", "IPython.extensions.storemagic", "tornado.platform.asyncio", "tornado.queues", "tornado.locks",
    "cProfile", "faulthandler", "pdb", "pydoc", "timeit", "unittest.mock", "xml.etree.ElementTree",
)  # fmt: skip
IDLE_SECONDS = 120.0

NAMESPACES = {
    "mnt": 0x00020000, "cgroup": 0x02000000, "uts": 0x04000000, "ipc": 0x08000000,
    "user": 0x10000000, "pid": 0x20000000, "net": 0x40000000,
}  # fmt: skip
REQUIRED = ("mnt", "pid", "net", "ipc", "uts")
PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = (
    22,
    24,
    36,
    38,
    47,
)
CAPABILITY_VERSION_3 = 0x20080522


class Inside(importlib.machinery.SourceFileLoader):
    """Loads a module of Python whose functions say that they are from a file inside the sandbox."""

    places: Places

    def get_code(self, fullname: str) -> types.CodeType | None:
        """The code of the module, moved."""
        code = super().get_code(fullname)
        if code is not None:
            _imp._fix_co_filename(code, self.places.inside(self.path))  # type: ignore[attr-defined]
        return code


class Places(importlib.abc.MetaPathFinder):
    """Finds modules of the sandbox where they are outside, and nothing else.

    Parameters
    ----------
    entries : dict
        By path inside the sandbox, path outside. Packages and modules; their last parts are equal.
    """

    def __init__(self, entries: dict[str, str]) -> None:
        self.entries: dict[str, str] = {}
        self._tops: dict[str, str] = {}
        loader = type("Loader", (Inside,), {"places": self})
        self._details = (
            (importlib.machinery.ExtensionFileLoader, importlib.machinery.EXTENSION_SUFFIXES),
            (loader, importlib.machinery.SOURCE_SUFFIXES),
        )
        self._finders: dict[str, importlib.machinery.FileFinder] = {}
        self.add(entries)

    def add(self, entries: dict[str, str]) -> None:
        """Find more."""
        self.entries |= entries
        self._by_length = sorted(self.entries.items(), key=lambda pair: -len(pair[1]))
        self._tops |= {
            os.path.basename(place).split(".")[0]: os.path.dirname(place) for place in entries.values()
        }

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The module's specification, if it is one of the sandbox's."""
        top = name.partition(".")[0]
        if top not in self._tops:
            return None
        namespace = importlib.machinery.ModuleSpec(name, None, is_package=True)
        for folder in [self._tops[top]] if path is None else path:
            finder = self._finders.get(folder)
            if finder is None:
                finder = self._finders[folder] = importlib.machinery.FileFinder(folder, *self._details)
            spec = finder.find_spec(name)
            if spec is not None and spec.loader is not None:
                return spec
            if spec is not None and namespace.submodule_search_locations is not None:
                namespace.submodule_search_locations += spec.submodule_search_locations or []
        return namespace if namespace.submodule_search_locations else None

    def find_distributions(self, context: Any = None) -> Iterable[importlib.metadata.Distribution]:
        """Descriptions of the sandbox's packages, for those that ask for a version while they are imported."""
        for place in self.entries.values():
            if place.endswith(".dist-info"):
                found = importlib.metadata.Distribution.at(place)
                if context is None or context.name in (None, found.metadata["Name"]):
                    yield found

    def inside(self, path: str) -> str:
        """Where a file is in the sandbox."""
        folder, _, name = path.rpartition("/__pycache__/")
        if folder and name.endswith(".pyc"):
            return importlib.util.cache_from_source(self.inside(f"{folder}/{name.partition('.')[0]}.py"))
        for there, here in self._by_length:
            if path == here or path.startswith(here + "/"):
                return there + path[len(here) :]
        return path

    def move(self, prepared: object) -> None:
        """Make everything that was imported say that it is from inside the sandbox, and so what was prepared."""
        self._move_attributes(prepared)
        for module in list(sys.modules.values()):
            spec: Any = getattr(module, "__spec__", None)
            classes = [
                thing
                for thing in list(getattr(module, "__dict__", {}).values())
                if isinstance(thing, type) and thing.__module__ == getattr(module, "__name__", None)
            ]
            for thing in (module, spec, getattr(spec, "loader", None), *classes):
                self._move_attributes(thing)
            for thing, name in ((module, "__path__"), (spec, "submodule_search_locations")):
                folders = getattr(thing, name, None)
                if isinstance(folders, list):
                    folders[:] = [self.inside(folder) for folder in folders]
            if isinstance(getattr(spec, "loader", None), Inside):
                spec.loader.__class__ = importlib.machinery.SourceFileLoader
        sys.path_importer_cache.clear()
        move_matplotlib(self)
        move_ipython(self)

    def _move_attributes(self, thing: Any) -> None:
        """Replace the paths among the attributes of a module, a class or an object."""
        for name, value in list(getattr(thing, "__dict__", {}).items()):
            if type(value) is list and all(type(part) is str for part in value):
                value[:] = [self.inside(part) for part in value]
            elif type(value) is str or isinstance(value, pathlib.PurePath):
                moved = type(value)(self.inside(str(value)))
                if moved != value:
                    setattr(thing, name, moved)


def move_matplotlib(places: Places) -> None:
    """Matplotlib remembers where its own files are: its fonts, its data, its configuration."""
    import matplotlib
    from matplotlib import cbook, font_manager

    for font in (*font_manager.fontManager.ttflist, *font_manager.fontManager.afmlist):
        object.__setattr__(font, "fname", places.inside(font.fname))  # they are frozen in some versions
    for module in (matplotlib, cbook, font_manager):
        for function in list(vars(module).values()):
            if callable(getattr(function, "cache_clear", None)):
                function.cache_clear()
            elif isinstance(function, types.FunctionType):
                forget(function)
    file = str(matplotlib.__file__)
    if matplotlib.get_data_path() != os.path.join(os.path.dirname(file), "mpl-data"):
        raise RuntimeError("this version of matplotlib keeps the place of its data where it is not found")


def move_ipython(places: Places) -> None:
    """IPython computes where its own folders are while a class is made."""
    from ipykernel.kernelapp import IPKernelApp

    for kind in IPKernelApp.__mro__:
        values = vars(kind).get("_static_immutable_initial_values", {})
        for name, value in list(values.items()):
            if isinstance(value, str):
                values[name] = places.inside(value)
    for trait in IPKernelApp.class_traits().values():
        if isinstance(trait.default_value, str):
            trait.default_value = places.inside(trait.default_value)


def forget(function: types.FunctionType) -> None:
    """Empty what matplotlib's own decorator for functions that are computed once has kept."""
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    if {"called", "ret"} <= set(cells):
        cells["called"].cell_contents, cells["ret"].cell_contents = False, None


class Zygote:
    """Warms up once, then turns each job that comes into a kernel.

    Parameters
    ----------
    setup : dict
        ``places``: as `Places`. ``path``: what `sys.path` begins with inside. ``environment``: variables inside.
        ``launcher``: the text of that program. ``scratch``: a folder to remove when that is done. ``remains``: one to
        remove if the grader is killed. ``seccomp``: the filter of system calls, in hexadecimal digits.
    """

    def __init__(self, setup: dict[str, Any]) -> None:
        self.setup = setup
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.remains = setup["remains"]
        self.seccomp = bytes.fromhex(setup["seccomp"])
        self.libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
        self.places = places = Places(setup["places"])
        sys.meta_path.insert(0, places)
        sys.modules["debugpy"] = None  # type: ignore[assignment]
        launcher = types.ModuleType("launcher")
        exec(compile(setup["launcher"], "/launcher.py", "exec"), launcher.__dict__)  # noqa: S102
        self.launcher = launcher
        for name in WARM:
            __import__(name)

    def prepare(self, edition: dict[str, Any]) -> None:
        """Go on with an edition.

        Parameters
        ----------
        edition : dict
            ``places``: more of them. ``program``: a module of it whose kernel is prepared here, or nothing.
        """
        setup, places = self.setup, self.places
        places.add(edition["places"])
        program = importlib.import_module(edition["program"]) if edition["program"] else None
        import site

        for give in (site.setquit, site.setcopyright, site.sethelper):  # as every interpreter has them
            give()
        os.environ.clear()
        os.environ.update(setup["environment"])
        self.prepared = program.prepare() if program else None
        places.move(self.prepared)
        sys.path[:0] = setup["path"]
        shutil.rmtree(setup["scratch"], ignore_errors=True)
        sys.meta_path.remove(places)
        known = ("/site/", "/edition/", os.path.dirname(os.__file__) + "/")
        strange = sorted(
            name
            for name, module in sys.modules.items()
            if name != "__main__" and not (getattr(module, "__file__", None) or known[0]).startswith(known)
        )
        if strange:
            raise ImportError(f"imported what no sandbox holds: {', '.join(strange[:5])}")
        if len(os.listdir("/proc/self/task")) != 1:
            raise RuntimeError("a second thread is running: it would not survive a fork")
        # A fork has no use for what they say.
        setup.clear()
        edition.clear()
        del self.setup, self.places

    def serve(self, requests: socket.socket) -> None:
        """Fork for every job, until told to end, or nobody asks any more.

        If the other end is closed without a word, then the grader was killed: what it leaves behind is removed.
        """
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ends is forgotten at once
        # Kernels whose own parent has gone come to this process: their sandbox can end only when somebody takes them.
        self.libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        gc.collect()
        gc.freeze()
        gc.enable()
        while select.select([requests], [], [], IDLE_SECONDS)[0] or self.has_children():
            if not select.select([requests], [], [], 0)[0]:
                continue
            text, descriptors, *_ = socket.recv_fds(requests, 1 << 16, 3)
            if not text:
                shutil.rmtree(self.remains, ignore_errors=True)
            if len(text) <= len(b"{}"):
                break
            if os.fork() == 0:
                try:
                    self.enter(json.loads(text), descriptors)
                except BaseException as problem:
                    # Not sys.stderr: a kernel replaces it.
                    os.write(2, f"{type(problem).__name__}: {problem}\n".encode())
                finally:
                    os._exit(70)
            for one in descriptors:
                os.close(one)

    def has_children(self) -> bool:
        """Whether a kernel is running: its sandbox could not end if nobody took its processes."""
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return False
        return True

    def enter(self, job: dict[str, Any], descriptors: list[int]) -> None:
        """In a fork: join the sandbox, and fork once more, as only a child is a member of a new process namespace."""
        control_fd, holder, log = descriptors
        self.remains = ""
        os.dup2(log, 2)
        close_all_but(0, 1, 2, control_fd, holder)
        control = socket.socket(fileno=control_fd)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.join(holder, job["holder"])
        os.close(holder)
        kernel = os.fork()
        if kernel:
            socket.send_fds(control, [b"pid %d" % kernel], [os.pidfd_open(kernel)])
            os._exit(0)
        os.setsid()
        nothing = os.open("/dev/null", os.O_RDWR)
        for one in (0, 1):
            os.dup2(nothing, one)
        os.close(nothing)
        os.chdir("/job")
        self.give_up_privileges(job)
        os.environ.update(job["environment"])
        be_somebody_else()
        self.launcher.start(job, control, self.prepared)
        os._exit(0)

    def join(self, holder: int, pid: int) -> None:
        """Become a member of every namespace of a sandbox that is another than this process's own."""
        flags = 0
        for name, flag in NAMESPACES.items():
            if os.readlink(f"/proc/{pid}/ns/{name}") != os.readlink(f"/proc/self/ns/{name}"):
                flags |= flag
            elif name in REQUIRED:
                raise RuntimeError(f"the sandbox has no {name} namespace of its own")
        self.call("setns", self.libc.setns(holder, flags))

    def give_up_privileges(self, job: dict[str, Any]) -> None:
        """What bubblewrap and the launcher do to a kernel that they start, in the same order."""
        for capability in range(64):
            if self.libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
                break
        self.libc.prctl(PR_CAP_AMBIENT, 4, 0, 0, 0)
        if job["uid"] is not None:
            self.launcher.become(job["uid"])
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        self.call("capset", self.libc.capset(header, (ctypes.c_uint32 * 6)()))
        self.launcher.set_limits(job["limits"])
        self.call("no_new_privs", self.libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        if self.seccomp:
            program = self.seccomp
            lines = ctypes.create_string_buffer(program, len(program))
            # struct sock_fprog: a count, and a pointer to as many lines of eight bytes.
            filters = (ctypes.c_uint64 * 2)(len(program) // 8, ctypes.addressof(lines))
            self.call("seccomp", self.libc.prctl(PR_SET_SECCOMP, 2, ctypes.addressof(filters), 0, 0))

    def call(self, name: str, result: int) -> None:
        """Raise what a system call reports."""
        if result != 0:
            number = ctypes.get_errno()
            raise OSError(number, f"{name}: {os.strerror(number)}")


def close_all_but(*kept: int) -> None:
    """Close every other descriptor."""
    low = 0
    for one in sorted(kept):
        if low < one:  # os.closerange(0, 0) would close all of them
            os.closerange(low, one)
        low = one + 1
    os.closerange(low, max(low + 1, 1 << 16))


def be_somebody_else() -> None:
    """Random numbers that all forks would share."""
    random.seed()
    sys.modules["numpy"].random.seed()
    if "multiprocessing.process" in sys.modules:
        sys.modules["multiprocessing.process"].current_process().authkey = os.urandom(32)


def main() -> None:
    """Warm up as the first message says, and serve the others."""
    requests = socket.socket(fileno=int(sys.argv[1]))
    gc.disable()  # what is imported stays: to look for garbage in it is a tenth of the time
    setup = json.loads(requests.recv(1 << 18))
    if setup:
        try:
            zygote = Zygote(setup)
            edition = json.loads(requests.recv(1 << 18) or b"null")
            if edition is None:  # the grader was killed
                shutil.rmtree(zygote.remains, ignore_errors=True)
            if not edition:
                return
            zygote.prepare(edition)
        except Exception:
            os.write(2, traceback.format_exc().encode())  # a prepared kernel has replaced sys.stderr
            raise SystemExit(1) from None
        sys.argv = [""]
        zygote.serve(requests)


if __name__ == "__main__":
    main()
