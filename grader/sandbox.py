"""What a student's kernel can see: one bubblewrap command line, made of fixed lists.

Everything is bound by name and read-only; nothing is derived from ``sys.path``, because nbgrader puts the course
root there. The kernel sees an interpreter, numpy, matplotlib, ipykernel, ipywidgets and what these need, the
marking edition of fnnkit, and small writable file systems in memory.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.metadata
import itertools
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from grader import landlock, scratch
from grader.seccomp import program

PACKAGES = ("numpy", "matplotlib", "ipykernel", "ipywidgets")
SYSTEM = ("/usr/bin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/share/fonts", "/usr/share/zoneinfo")
LINKS = {"/bin": "usr/bin", "/lib": "usr/lib", "/lib32": "usr/lib32", "/lib64": "usr/lib64"}
FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts")
WRITABLE_MB = {"/tmp": 64, "/job": 64, "/dev/shm": 32, "/ipc": 1}
MODES = ("namespaces", "landlock")
CHOICE = "FNNKIT_SANDBOX"
HOLDER = "/usr/bin/cat"
"""What waits in a sandbox until it is ended: it says by its echo that it runs, and ends when its input is closed."""
FONTS = ".fonts"
"""Where in ``/site`` Matplotlib's list of fonts is."""
DESCRIBED = ("METADATA", "entry_points.txt")
"""Files that describe an installed package in the sandbox: its version, what it needs, what it offers."""
STAGES = ("/mnt", "/media", "/srv", "/opt")
# When root grades, every sandbox gets a user of its own, so that limits on processes are its own too.
FIRST_UID, UIDS = 210_000, 10_000
MISSING = (
    "bubblewrap is needed to run submissions safely: install the package `bubblewrap` "
    "(apt, dnf, pacman), or say --trust-submissions if you wrote all of them yourself"
)

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    "TMPDIR": "/tmp",
    "USER": "student",
    "LOGNAME": "student",
    "LANG": "C.UTF-8",
    "MPLCONFIGDIR": "/tmp/matplotlib",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "IPYTHONDIR": "/tmp/ipython",
    "JUPYTER_RUNTIME_DIR": "/tmp/runtime",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONNOUSERSITE": "1",
    "PYTHONPATH": "/edition:/site",
}


class SandboxUnavailable(RuntimeError):
    """There is no sandbox on this machine; the message says what to do."""


def mode() -> str:
    """How submissions are kept apart on this machine: ``"namespaces"``, or ``"landlock"`` where these are forbidden.

    The variable ``FNNKIT_SANDBOX`` chooses one of them; a mode that does not work is never taken for one that does.

    Raises
    ------
    SandboxUnavailable
        If neither works; the message says what to do.
    """
    wanted = os.environ.get(CHOICE, "")
    if wanted not in ("", *MODES):
        raise SandboxUnavailable(f"{CHOICE} is {wanted!r}: it has to be one of {', '.join(MODES)}, or unset")
    if wanted != "landlock":
        try:
            bubblewrap()
            return "namespaces"
        except SandboxUnavailable:
            if wanted:
                raise
            try:
                landlocked()
            except SandboxUnavailable:
                pass
            else:
                return "landlock"
            raise
    landlocked()
    return "landlock"


@functools.cache
def landlocked() -> None:
    """Make sure that the sandbox without namespaces works here, by trying it.

    Raises
    ------
    SandboxUnavailable
        If it does not.
    """
    if platform.machine() != "x86_64":
        raise SandboxUnavailable(
            "without namespaces a filter of system calls is needed, and it lists those of x86-64 only"
        )
    if landlock.version() < landlock.OLDEST:
        raise SandboxUnavailable(
            f"the kernel has Landlock version {landlock.version()}, and {landlock.OLDEST} is needed (Linux 6.2, "
            "started with landlock among its lsm)"
        )
    with tempfile.TemporaryDirectory(prefix="fnnkit-") as scratch:
        attempt = "import os, sys\ntry: os.listdir(sys.argv[1])\nexcept PermissionError: print('kept')"
        line = [interpreter(), "-I", "-S", "-c", attempt, str(Path(__file__).parent)]
        with landlock_job(Path(scratch), Path(scratch), line, [], student_uid()) as (start, passed):
            tried = subprocess.run(
                start, pass_fds=passed, capture_output=True, text=True, timeout=30, check=False
            )
    if tried.returncode or tried.stdout != "kept\n":
        said = (tried.stderr.strip().splitlines() or ["a folder that is not listed could be read"])[-1]
        raise SandboxUnavailable(f"Landlock does not keep anything here ({said})")


@contextlib.contextmanager
def landlock_job(
    edition: Path, scratch: Path, line: list[str], passed: list[int], uid: int | None
) -> Iterator[tuple[list[str], list[int]]]:
    """The command line that starts something without namespaces, and the descriptors that it needs.

    Parameters
    ----------
    edition, scratch : Path
        Folders: the marking edition, and what can be written to until student code runs.
    line : list of str
        The command.
    passed : list of int
        Descriptors that the command gets.
    uid : int, optional
        Whom to become.
    """
    site = scratch / "site"
    site.mkdir(mode=0o755)
    for place, name in site_entries():
        (site / name).symlink_to(place)
    fonts = scratch / "matplotlib"
    fonts.mkdir()
    for cache in font_caches():
        shutil.copy(cache, fonts)
    if uid is not None:
        for made in (scratch, fonts):
            os.chown(made, uid, -1)
    stdlib = Path(sys.base_prefix).resolve() / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    readable = [place for place, _ in site_entries()]
    for folder in (stdlib, *map(Path, SYSTEM)):
        readable += _but_packages(folder)
    readable += [interpreter(), *FILES, "/dev/null", "/dev/zero", "/dev/urandom", "/dev/random", str(edition)]
    readable += [
        str(Path(__file__).with_name("launcher.py")),
        *map(str, Path(interpreter()).parents[1].glob("lib/libpython*")),
    ]
    here = str(scratch)
    environment = ENVIRONMENT | {
        "HOME": here, "TMPDIR": here, "MPLCONFIGDIR": str(fonts), "IPYTHONDIR": f"{here}/ipython",
        "JUPYTER_RUNTIME_DIR": here, "PYTHONPATH": f"{edition}:{site}",
    }  # fmt: skip
    job = {
        "readable": readable, "listable": [str(stdlib), "/usr/lib"], "writable": [here], "uid": uid, "passed": passed,
        "command": line, "environment": environment,
    }  # fmt: skip
    descriptor = os.memfd_create("landlock-job")
    try:
        os.write(descriptor, json.dumps(job).encode())
        os.lseek(descriptor, 0, os.SEEK_SET)
        start = [interpreter(), "-I", "-S", str(Path(__file__).with_name("landlock.py")), str(descriptor)]
        yield start, [*passed, descriptor]
    finally:
        os.close(descriptor)


def _but_packages(folder: Path) -> list[str]:
    """What is in a folder of the system, without packages that happen to be installed there."""
    if not any((folder / name).is_dir() for name in ("site-packages", "dist-packages", "python3")):
        return [str(folder)]
    found: list[str] = []
    for entry in folder.iterdir():
        if entry.name in ("site-packages", "dist-packages", "python3"):
            continue
        found += _but_packages(entry) if entry.is_dir() and entry.name.startswith("python3") else [str(entry)]
    return found


def processes_of_user() -> int:
    """Processes and threads of the user that this one runs as: a limit on them counts all of these."""
    found = 0
    for place in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if place.name.isdigit() and place.stat().st_uid == os.getuid():
                found += len(os.listdir(place / "task"))
    return found


@functools.cache
def bubblewrap() -> str:
    """Path of a bubblewrap that works here.

    Raises
    ------
    SandboxUnavailable
        If it is not installed, or cannot make namespaces.
    """
    found = shutil.which("bwrap")
    if found is None:
        raise SandboxUnavailable(MISSING)
    command = [found, *_namespaces(), *_system(), "--proc", "/proc", "--", "/usr/bin/true"]
    tried = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    if tried.returncode:
        said = (tried.stderr.strip().splitlines() or ["no message"])[-1]
        raise SandboxUnavailable(
            f"bubblewrap is installed but cannot make a sandbox here ({said}): allow user namespaces, "
            "or say --trust-submissions if you wrote all submissions yourself"
        )
    return found


def available() -> bool:
    """Whether submissions can be run in a sandbox on this machine."""
    try:
        mode()
    except SandboxUnavailable:
        return False
    return True


def command(edition: Path, *, seccomp_fd: int | None, info_fd: int, prepared: str | None = None) -> list[str]:
    """The command line that starts something inside a fresh sandbox; append the command.

    Parameters
    ----------
    edition : Path
        Folder with the marking edition of fnnkit.
    seccomp_fd, info_fd : int
        Descriptors from which bubblewrap reads the filter and to which it writes the process id.
    prepared : str, optional
        A folder in which everything that can only be read was put together before (see `stage`).
    """
    line = [
        bubblewrap(),
        *_namespaces(),
        "--die-with-parent",
        "--new-session",
        "--hostname",
        "sandbox",
        "--clearenv",
    ]
    for name, value in ENVIRONMENT.items():
        line += ["--setenv", name, value]
    line += root(edition) if prepared is None else ["--ro-bind", prepared, "/"]
    line += ["--proc", "/proc", "--dev", "/dev"]
    for place, megabytes in WRITABLE_MB.items():
        line += ["--perms", "1777", "--size", str(megabytes << 20), "--tmpfs", place]
    line += ["--remount-ro", "/dev", "--perms", "1777", "--dir", "/tmp/matplotlib"]
    for cache in font_caches():
        line += ["--symlink", f"/site/{FONTS}/{cache.name}", f"/tmp/matplotlib/{cache.name}"]
    if prepared is None:  # otherwise it is read-only already
        line += ["--remount-ro", "/"]
    line += ["--chdir", "/job", "--info-fd", str(info_fd)]
    if seccomp_fd is not None:
        line += ["--seccomp", str(seccomp_fd)]
    return line


def root(edition: Path, folder: str = "") -> list[str]:
    """Arguments that put together, in a folder, everything of a sandbox that can only be read."""
    line = _system(folder)
    site, bound = site_folder()
    line += ["--ro-bind", str(site), f"{folder}/site"]
    for source, name in bound:
        line += ["--ro-bind", source, f"{folder}/site/{name}"]
    line += ["--ro-bind", str(edition), f"{folder}/edition"]
    line += ["--ro-bind", str(Path(__file__).with_name("launcher.py")), f"{folder}/launcher.py"]
    return line


def stage(edition: Path) -> tuple[str, list[str]] | None:
    """A place in which bubblewrap finds the root of a sandbox ready: its path, and the command line that makes it.

    For each bind, bubblewrap reads the list of all mounts: a hundred binds take it longer than a kernel its start. So
    they are made once a batch, out of sight of everybody else, and each sandbox binds the whole. None where no folder
    can be used for it: it has to exist, as one that was made would stay behind when the grader is killed.
    """
    needed = [bubblewrap(), *map(str, font_caches())]
    for folder in STAGES:
        if os.path.isdir(folder) and not any(place.startswith(folder + "/") for place in needed):
            break
    else:
        return None
    line = [bubblewrap(), "--dev-bind", "/", "/"]
    if os.geteuid() != 0:
        line += ["--unshare-user", "--cap-add", "ALL"]
    line += ["--perms", "755", "--tmpfs", folder, *root(edition, folder)]
    for place in ("/proc", "/dev", *WRITABLE_MB):
        if not place.startswith("/dev/"):
            line += ["--perms", "755", "--dir", folder + place]
    return folder, [*line, "--"]


def enter_stage(pid: int) -> list[str] | None:
    """What to put before a command so that it finds a stage, by a process in it; None where that is impossible."""
    nsenter = shutil.which("nsenter")
    if nsenter is None:
        return None
    user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
    return [nsenter, "--target", str(pid), "--mount", *user, "--"]


def interpreter() -> str:
    """The Python that runs inside: the base interpreter, as a virtual environment is not bound."""
    base = Path(sys.base_prefix).resolve() / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return str(base if base.exists() else Path(sys.executable).resolve())


def filter_descriptor() -> int | None:
    """A descriptor to read the seccomp filter from; None on machines whose call numbers are not listed."""
    if platform.machine() != "x86_64":
        return None
    descriptor = os.memfd_create("seccomp")
    os.write(descriptor, program())
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


@functools.cache
def _user_numbers() -> Iterator[int]:
    return itertools.cycle(range(FIRST_UID + os.getpid() % UIDS, FIRST_UID + 2 * UIDS))


def student_uid() -> int | None:
    """The user id to change to inside the sandbox when the grader is root; None for an ordinary user."""
    return next(_user_numbers()) if os.geteuid() == 0 else None


def _namespaces() -> list[str]:
    separate = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.geteuid() == 0:
        # An interpreter below /root cannot be bound by an ordinary user. So root sets the sandbox up, and the
        # launcher changes to a user of its own before any student code runs; these two capabilities end with that.
        return [*separate, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return ["--unshare-user", "--disable-userns", *separate]


def _system(folder: str = "") -> list[str]:
    line: list[str] = []
    base = Path(sys.base_prefix).resolve()
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    stdlib = base / "lib" / version
    # Named, because bubblewrap makes the folders on the way to a bind for root alone.
    for parent in ("/etc", "/usr", "/usr/share", *map(str, reversed(stdlib.parents[:-1]))):
        line += ["--perms", "755", "--dir", folder + parent]
    for place in SYSTEM:
        if os.path.isdir(place):
            line += ["--ro-bind", os.path.realpath(place), folder + place]
    for link, target in LINKS.items():
        if os.path.isdir("/" + target):
            line += ["--symlink", target, folder + link]
    for name in FILES:
        if os.path.exists(name):
            line += ["--ro-bind", os.path.realpath(name), folder + name]
    if base != Path("/usr"):
        line += ["--ro-bind", str(Path(interpreter()).resolve()), folder + interpreter()]
        line += ["--ro-bind", str(stdlib), f"{folder}{stdlib}"]
        for library in sorted((base / "lib").glob("libpython*")):
            line += ["--ro-bind", str(library.resolve()), f"{folder}{library}"]
    # What else is installed for this interpreter is not part of the course: cover it.
    for packages in (
        stdlib / "site-packages",
        stdlib / "dist-packages",
        base / "lib/python3/dist-packages",
        Path("/usr/lib/python3/dist-packages"),
    ):
        if packages.is_dir():
            line += [
                "--perms",
                "755",
                "--size",
                "65536",
                "--tmpfs",
                f"{folder}{packages}",
                "--remount-ro",
                f"{folder}{packages}",
            ]
    return line


@functools.cache
def site_entries() -> tuple[tuple[str, str], ...]:
    """Files and folders of the packages that a kernel gets, as (where they are, name below ``/site``)."""
    entries: dict[str, str] = {}
    for distribution in closure(PACKAGES):
        for top in tops(distribution):
            if top in ("..", "__pycache__") or top.endswith(".pth"):
                continue
            place = os.path.realpath(str(distribution.locate_file(top)))
            if os.path.exists(place):
                entries[top] = place
    return tuple((place, name) for name, place in sorted(entries.items()))


@functools.cache
def site_folder() -> tuple[Path, list[tuple[str, str]]]:
    """The folder that becomes ``/site``, and the packages to bind in it, as `site_entries`.

    Single modules and what describes a package are copied, half of all entries: for each bind bubblewrap reads the list of
    all mounts, and of each other one it would cost every sandbox a tenth of a millisecond. It is removed with the process.
    """
    folder = Path(scratch.folder())
    packages = [(place, name) for place, name in site_entries() if os.path.isdir(place)]
    small = {name: place for place, name in site_entries() if not os.path.isdir(place)}
    small |= {f"{FONTS}/{cache.name}": str(cache) for cache in font_caches()}
    small |= {
        f"{name}/{file}": f"{place}/{file}"
        for place, name in packages
        if name.endswith(".dist-info")
        for file in DESCRIBED
    }
    for made in (folder, folder / FONTS, *(folder / name for _, name in packages)):
        made.mkdir(exist_ok=True)
        made.chmod(0o755)
    for name, place in small.items():
        if os.path.exists(place):
            shutil.copyfile(place, folder / name)
            (folder / name).chmod(0o644)
    return folder, [(place, name) for place, name in packages if not name.endswith(".dist-info")]


def tops(distribution: importlib.metadata.Distribution) -> set[str]:
    """The first part of the path of every file of a distribution."""
    record = distribution.read_text("RECORD")
    if record is None:
        return {file.parts[0] for file in distribution.files or ()}
    # Thousands of lines for one or two names: read as text, as each would cost an object.
    return {line.lstrip('"').partition("/")[0].partition(",")[0] for line in record.splitlines() if line}


@functools.cache
def closure(names: tuple[str, ...]) -> list[importlib.metadata.Distribution]:
    """Installed distributions that some distributions need, themselves included."""
    found: dict[str, importlib.metadata.Distribution] = {}
    waiting = list(names)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            found[name] = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # needed on another platform, or by an extra
        for requirement in found[name].requires or ():
            if "extra ==" not in requirement:
                waiting.append(re.split(r"[ ;<>=!~\[(]", requirement, maxsplit=1)[0])
    return list(found.values())


@functools.cache
def font_caches() -> tuple[Path, ...]:
    """Matplotlib's list of fonts, so that no kernel has to search for them (a second each)."""
    import matplotlib

    folder = Path(matplotlib.get_cachedir())
    if not (folder / f"fontlist-v{matplotlib.__version__}.json").exists():
        import matplotlib.font_manager  # which writes the list; another quarter of a second
    return tuple(sorted(folder.glob("fontlist-*.json")))


def environment_key() -> str:
    """What a mark may depend on besides the code: versions of Python and of the packages in the sandbox."""
    versions = sorted(f"{d.metadata['Name']} {d.version}" for d in closure(PACKAGES))
    return f"{sys.version} {sysconfig.get_platform()} {' '.join(versions)}"
