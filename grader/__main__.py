"""The `grader` command, and one clear line where its packages are not installed."""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import os
import sys
import threading
import types
from collections.abc import Sequence
from importlib.util import find_spec

ELSEWHERE = ("--trust-submissions", "--cluster", "--scheduler-file", "--help")
"""Options of `grader grade` with which nothing is marked in sandboxes of this process."""
GARBAGE = 50_000, 20, 50
"""When Python looks for garbage: by itself every 700 objects, a tenth of the time of all imports, 3 ms a submission."""
SERVERS = ("assignment_list", "course_list", "formgrader", "validate_assignment")
"""What nbgrader is inside a Jupyter server."""


def main() -> None:
    """Run the command line."""
    for name in ("jinja2", "jupytext", "rich", "typer"):
        if find_spec(name) is None:
            sys.exit(f"grader: {name} is not installed; in a clone of the course: pip install -e '.[grader]'")
    gc.set_threshold(*GARBAGE)
    # jsonschema, which reads notebooks, would build a grammar of web addresses with it for a second, each time: no
    # notebook has a field whose format that is.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    begin(sys.argv[1:])
    import_nbgrader()
    from grader.commands import run

    try:
        run()
    except SystemExit as end:
        leave(end)
        raise


def begin(words: Sequence[str]) -> None:
    """Start what has to get ready for a class, beside the import of all else; what is wrong, the command will say."""
    if words[:1] != ["grade"] or any(word.split("=")[0] in ELSEWHERE for word in words):
        return
    with contextlib.suppress(Exception):
        from grader.course import Course, put_scripts_on_path
        from grader.marking import ready

        put_scripts_on_path()
        course = Course.find()
        for chapter in [word for word in words[1:] if word in course.handed_out()][:1]:
            ready.begin(course, chapter, anyhow="--force" in words)


def import_nbgrader() -> None:
    """Import it without what it is inside a Jupyter server, which takes it a quarter of a second and is used by nobody here.

    Whoever asks for one of these by its name afterwards gets it.
    """
    if "nbgrader" in sys.modules:
        return
    names = [f"nbgrader.server_extensions.{name}" for name in SERVERS]
    for name in names:
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].load_jupyter_server_extension = None  # type: ignore[attr-defined]
    try:
        importlib.import_module("nbgrader")
    except ImportError:
        pass  # told of by the commands that need it
    finally:
        for name in names:
            del sys.modules[name]


def leave(end: SystemExit) -> None:
    """End at once, as Python does but for its memory: to give that back bit by bit takes it a fifth of a second."""
    if isinstance(end.code, str) or threading.active_count() > 1:
        return
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code or 0)


if __name__ == "__main__":
    main()
