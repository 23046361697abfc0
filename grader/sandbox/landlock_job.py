"""The command line that starts something without namespaces: Landlock, a filter of system calls, and a keeper."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from grader.sandbox.packages import font_caches, site_entries
from grader.sandbox.surroundings import ENVIRONMENT, FILES, SYSTEM, interpreter


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
