"""Whether a worker marks as this machine would: what it says of itself against what holds here."""

from __future__ import annotations

import os
from typing import Any

from grader.cluster.messages import BadMessage, about_of
from grader.cluster.work import described
from grader.sandbox import modes

SAME = "install the same there"
MOST_NAMED = 3


def refusal(data: object, here: dict[str, Any], trusted: bool) -> str:
    """Why a worker is turned away; empty if it is not.

    Parameters
    ----------
    data : object
        What came from it, `work.about`.
    here : dict
        What holds here, `work.described`.
    trusted : bool
        Whether it needs no sandbox.
    """
    try:
        there = about_of(data)
    except BadMessage as problem:
        return f"what it says of itself is no description: {problem}"
    for what in ("python", "platform"):
        if there[what] != here[what]:
            name = "Python" if what == "python" else "platform"
            return f"its {name} is {_short(there[what])}, and here it is {_short(here[what])}: {SAME}"
    if other := _other_packages(there["packages"], here["packages"]):
        return f"{other}: {SAME}"
    if there["version"] != here["version"]:
        return "its exercises or its judge are not those of this course: install the same version there, and restart it"
    if trusted:
        return ""
    if not there["mode"]:
        return f"it has no sandbox: {there['no_sandbox'][:300]}"
    wanted = os.environ.get(modes.CHOICE, "")
    if wanted and there["mode"] != wanted:
        return f"its sandbox is {there['mode']}, and {modes.CHOICE} asks for {wanted}"
    return ""


def here(chapter: str) -> dict[str, Any]:
    """What a worker is compared with."""
    return described(chapter)


def _other_packages(there: dict[str, str], here: dict[str, str]) -> str:
    """Packages that are not the same, in words."""
    parts = [
        f"it has {name} {there[name]} and here is {here[name]}"
        if name in there and name in here
        else f"it has no {name}"
        if name in here
        else f"it has {name}, which is not here"
        for name in sorted({*there, *here})
        if there.get(name) != here.get(name)
    ]
    more = f", and {len(parts) - MOST_NAMED} packages more differ" if len(parts) > MOST_NAMED else ""
    return ", ".join(parts[:MOST_NAMED]) + more


def _short(text: str) -> str:
    return " ".join(text.split())[:80]
