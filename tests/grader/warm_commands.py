"""Commands, each in a fork of a process that has loaded their packages: a process of its own, without the second of imports.

Reads a line of JSON for each command (module, words, folder, variables, files for what it says) and answers with its exit
status. What a command does to the process, to its folder and to its modules ends with it, as always.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import runpy
import sys
import traceback

LOADED = (
    "typer", "rich.progress", "jinja2", "jupytext", "nbgrader.api", "nbgrader.apps", "nbconvert", "matplotlib",
    "grader.batch", "grader.pages.feedback", "grader.pages.report", "grader.authoring.build", "fnnkit.exercises",
)  # fmt: skip


def load() -> None:
    """Load what commands need; nothing of `grader.commands`, which looks at the terminal as it is loaded."""
    sys.modules.setdefault("rfc3987_syntax", None)  # as `grader.__main__` does, and as early
    for name in LOADED:
        importlib.import_module(name)


def run(order: dict[str, object]) -> int:
    """Be the command; gives its exit status."""
    os.chdir(str(order["folder"]))
    os.environ.clear()
    os.environ.update(order["variables"])  # type: ignore[call-overload]
    for number, name in ((0, os.devnull), (1, order["out"]), (2, order["err"])):
        opened = os.open(str(name), os.O_RDONLY if not number else os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(opened, number)
        os.close(opened)
    module, *words = order["line"]  # type: ignore[misc]
    sys.argv = [module, *words]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    """Serve until nobody asks any more."""
    load()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            status = run(json.loads(line))
            atexit._run_exitfuncs()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
