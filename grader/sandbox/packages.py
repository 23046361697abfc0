"""Which Python packages a student's kernel gets: the dependency closure of a short list, one by one."""

from __future__ import annotations

import functools
import os
import re
import shutil
import sys
import sysconfig
from importlib.metadata import distribution
from pathlib import Path

from fnnkit.judge.packages import PACKAGES, closure, tops
from grader import scratch

FONTS = ".fonts"
"""Where in ``/site`` Matplotlib's list of fonts is."""


DESCRIBED = ("METADATA", "entry_points.txt")
"""Files that describe an installed package in the sandbox: its version, what it needs, what it offers."""


@functools.cache
def site_entries() -> tuple[tuple[str, str], ...]:
    """Files and folders of the packages that a kernel gets, as (where they are, name below ``/site``)."""
    entries: dict[str, str] = {}
    for package in closure(PACKAGES):
        for top in tops(package):
            if top in ("..", "__pycache__") or top.endswith(".pth"):
                continue
            place = os.path.realpath(str(package.locate_file(top)))
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


@functools.cache
def font_caches() -> tuple[Path, ...]:
    """Matplotlib's list of fonts, so that no kernel has to search for them (a second each)."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(os.environ.get("MPLCONFIGDIR") or Path(home) / "matplotlib")
    # Its version stands in a class: importing matplotlib to ask for it would cost each start a sixth of a second.
    source = Path(str(distribution("matplotlib").locate_file("matplotlib/font_manager.py")))
    version = re.search(r"""__version__ = ['"](.+)['"]""", source.read_text(encoding="utf-8"))
    if version is None or not os.access(folder / f"fontlist-v{version[1]}.json", os.R_OK):
        import matplotlib.font_manager  # which writes the list

        folder = Path(matplotlib.get_cachedir())
    return tuple(sorted(folder.glob("fontlist-*.json")))


def environment_key() -> str:
    """What a mark may depend on besides the code: versions of Python and of the packages in the sandbox."""
    versions = sorted(f"{d.metadata['Name']} {d.version}" for d in closure(PACKAGES))
    return f"{sys.version} {sysconfig.get_platform()} {' '.join(versions)}"
