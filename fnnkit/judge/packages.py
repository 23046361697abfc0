"""Which Python packages student code can import when it is marked: the dependency closure of a short list."""

from __future__ import annotations

import functools
import importlib.metadata
import re
import sys

from fnnkit.judge.registry import tops as course_packages

PACKAGES = ("numpy", "matplotlib", "ipykernel", "ipywidgets")


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
def modules() -> frozenset[str]:
    """Top-level modules that can be imported when marking, besides Python's own and the marking edition."""
    found = {top.partition(".")[0] for distribution in closure(PACKAGES) for top in tops(distribution)}
    # An installation without a list of its files is taken by its name.
    found |= {re.sub(r"[-.]+", "_", str(d.metadata["Name"])) for d in closure(PACKAGES)}
    return frozenset(found - {"", "__pycache__"})


def is_there(module: str) -> bool:
    """Whether a module can be imported when marking."""
    top = module.partition(".")[0]
    return top in sys.stdlib_module_names or top in ("__main__", *course_packages()) or top in modules()
