"""What students run needs nothing that Windows or macOS lack: no call, no path, no module, no default encoding.

The grader is for Linux. `fnnkit` is for whatever a student has; a place that is guarded is named here, with its guard.
"""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import fnnkit

PLACE = Path(fnnkit.__file__).parent
COURSE = Path(__file__).resolve().parents[2] / "course"
MODULES = {p.relative_to(PLACE).as_posix(): p for p in sorted(PLACE.rglob("*.py"))}

MISSING = {
    "os": {
        "WNOHANG", "abort", "chown", "chroot", "ctermid", "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid",
        "getgroups", "getloadavg", "getpgid", "getpgrp", "getpriority", "getresuid", "getsid", "getuid", "initgroups", "killpg",
        "lchown", "link", "lockf", "major", "makedev", "memfd_create", "minor", "mkfifo", "mknod", "nice", "openpty",
        "pidfd_open", "pipe2", "posix_fadvise", "posix_spawn", "preadv", "pwritev", "readlink", "register_at_fork",
        "sched_getaffinity", "sched_setaffinity", "sched_yield", "sendfile", "setegid", "seteuid", "setgid", "setns", "setpgid",
        "setpriority", "setsid", "setuid", "splice", "statvfs", "symlink", "sysconf", "tcgetpgrp", "ttyname", "uname", "unshare",
        "wait", "wait3", "wait4", "waitid", "O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "O_PATH", "O_TMPFILE",
    },
    "signal": {
        "ITIMER_PROF", "ITIMER_REAL", "ITIMER_VIRTUAL", "SIGALRM", "SIGCHLD", "SIGCONT", "SIGHUP", "SIGKILL", "SIGPIPE",
        "SIGSTOP", "SIGUSR1", "SIGUSR2", "SIGXCPU", "alarm", "getitimer", "pause", "pthread_kill", "pthread_sigmask",
        "setitimer", "siginterrupt", "sigpending", "sigtimedwait", "sigwait", "sigwaitinfo",
    },
    "socket": {"AF_NETLINK", "AF_UNIX", "SCM_RIGHTS", "recv_fds", "send_fds"},
    "time": {"CLOCK_MONOTONIC", "CLOCK_REALTIME", "clock_gettime", "pthread_getcpuclockid", "tzset"},
    "select": {"epoll", "kqueue", "poll"},
    "threading": {"pthread_getcpuclockid"},
}  # fmt: skip
"""Names of Python's own modules that are not there, or need rights, on Windows or macOS."""
METHODS = {"symlink_to", "hardlink_to", "is_mount", "add_signal_handler", "rename"}
"""Methods of paths and loops likewise; `rename` refuses on Windows where the target is there: `replace` does not."""
ARGUMENTS = {
    "preexec_fn",
    "pass_fds",
    "start_new_session",
    "process_group",
    "umask",
    "dir_fd",
    "follow_symlinks",
}
ELSEWHERE = {
    "_posixsubprocess", "curses", "fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "spwd", "syslog", "termios",
    "tty", "_winapi", "msvcrt", "winreg", "winsound",
}  # fmt: skip
FOLDERS = ("/bin", "/dev", "/etc", "/home", "/opt", "/proc", "/run", "/sys", "/tmp", "/usr", "/var", "C:\\")
GUARDED = {
    ("kernel/serve.py", "signal.setitimer"): "only where there is a SIGALRM, asked for with getattr",
    ("kernel/serve.py", "signal.ITIMER_REAL"): "likewise",
    ("judge/mine.py", "os.getuid"): "where there is none, all files count as one's own",
    ("kernel/serve.py", "/proc/thread-self/schedstat"): "where it cannot be read, 0",
    ("kernel/alone.py", "import msvcrt"): "only on win32",
    ("kernel/guards.py", "import resource"): "only on linux",
    ("kernel/guards.py", "/proc/self/statm"): "where it cannot be read, 0, and there is no limit then",
}


def documented(tree):
    """The constants that are docstrings."""
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }


def without_encoding(call):
    """Whether a call opens a text in whatever encoding the system has."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    given = {k.arg for k in call.keywords}
    mode = "".join(
        str(a.value) for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
    )
    if name == "open" and isinstance(call.func, ast.Name):
        modes = [a.value for a in call.args[1:2] if isinstance(a, ast.Constant)]
        return "encoding" not in given and not any("b" in m for m in modes)
    if name == "read_text":
        return "encoding" not in given and not call.args
    return name == "write_text" and "encoding" not in given and len(call.args) < 2 and mode is not None


def of_calls(node):
    """What a call asks for that not every system has."""
    yield from (f"argument {k.arg}" for k in node.keywords if k.arg in ARGUMENTS)
    if without_encoding(node):
        yield "open without an encoding"


def lacking(text):
    """What a module uses that not every system has."""
    tree = ast.parse(text)
    said = documented(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (f"import {a.name}" for a in node.names if a.name.partition(".")[0] in ELSEWHERE)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module.partition(".")[0] in ELSEWHERE:
                yield f"import {node.module}"
            names = MISSING.get(node.module, set())
            yield from (f"{node.module}.{a.name}" for a in node.names if a.name in names)
        elif isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name) and node.attr in MISSING.get(node.value.id, set()):
                yield f"{node.value.id}.{node.attr}"
            elif node.attr in METHODS:
                yield f".{node.attr}"
        elif isinstance(node, ast.Call):
            yield from of_calls(node)
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(FOLDERS)
        ):
            yield from {node.value} if id(node) not in said else ()


def test_no_module_uses_what_windows_or_macos_lack_but_where_it_is_guarded():
    found = {
        (name, what) for name, path in MODULES.items() for what in lacking(path.read_text(encoding="utf-8"))
    }
    assert found - set(GUARDED) == set()
    assert set(GUARDED) - found == set(), "a guard without anything to guard"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("import os\nos.fork()", "os.fork"),
        ("from signal import SIGALRM", "signal.SIGALRM"),
        ("import signal\nsignal.setitimer(1, 2)", "signal.setitimer"),
        ("def f():\n    import fcntl", "import fcntl"),
        ("from resource import getrusage", "import resource"),
        ("open('a.txt')", "open without an encoding"),
        ("from pathlib import Path\nPath('a').read_text()", "open without an encoding"),
        ("from pathlib import Path\nPath('a').write_text('x')", "open without an encoding"),
        ("PLACE = '/tmp/fnnkit'", "/tmp/fnnkit"),
        ("import subprocess\nsubprocess.Popen([], preexec_fn=None)", "argument preexec_fn"),
        ("from pathlib import Path\nPath('a').rename('b')", ".rename"),
    ],
)
def test_the_search_finds(text, what):
    assert what in set(lacking(text))


@pytest.mark.parametrize(
    "text",
    [
        "'''/proc is read.'''",
        "open('a', 'rb')",
        "open('a', encoding='utf-8')",
        "import os\nos.replace('a', 'b')",
    ],
)
def test_the_search_leaves_alone(text):
    assert list(lacking(text)) == []


# As on Windows: none of the signals, none of the calls, texts in an old code page, no folder /proc.
AS_ON_WINDOWS = """
import os, signal, sys
for module, names in {missing!r}.items():
    for name in names:
        if module in sys.modules and hasattr(sys.modules[module], name):
            delattr(sys.modules[module], name)
import numpy as np
from fnnkit.exercises import check, mine, progress, reset
from fnnkit.kernel.serve import Timeout, _stopped_after
assert check("mse", lambda a, b: ((a - b) ** 2).sum()) == 0.0
try:
    with _stopped_after(0.3):
        while True:
            pass
except Timeout as stopped:
    print(stopped)
print(progress())
print(mine.source("relu"))
"""


def test_checks_progress_and_time_limits_work_without_what_windows_lacks(tmp_path):
    shutil.copy(COURSE / "ch1_xor" / "ch1_xor.ipynb", tmp_path)
    missing = {"signal": sorted(MISSING["signal"]), "os": ["getuid"]}
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-W", "error::EncodingWarning", "-X", "warn_default_encoding", "-c",
         AS_ON_WINDOWS.format(missing=missing)],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "✗ mse: 0 of 1 points" in done.stdout
    assert "stopped after 0.3 s" in done.stdout
    assert "0 of" in done.stdout
    assert "not answered yet in ch1_xor.ipynb as saved" in done.stdout
