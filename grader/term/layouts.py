"""How learning platforms name what they hand out: who, which attempt, when, and the student's own name of the file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

MOODLE = re.compile(r"(?P<name>.+?)_(?P<lms>\d+)_assignsubmission_(?:file|onlinetext)(?:_(?P<file>.*))?")
BLACKBOARD = re.compile(
    r"(?P<before>.+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?P<more>\d*)(?:_(?P<file>.+))?(?P<end>\.\w+)",
    re.DOTALL,
)
CANVAS = re.compile(
    r"(?P<name>[^_/]+)_(?P<late>LATE_)?(?P<lms>\d+)_(?P<attachment>\d+)_(?P<file>.+)", re.DOTALL
)
COPIES = re.compile(
    r"(?:\s*\(\d{1,3}\)|-Copy\d{0,3}|-\d{1,3}|\s+-?\s*(?:Copy|Kopie|copie)(?:\s*\(?\d*\)?)?)+$", re.IGNORECASE
)
COUNTER = re.compile(r"-(\d{1,3})$")
UNNAMED = ("timestamp.txt",)


@dataclass(frozen=True)
class Named:
    """What the name of a file in an archive says.

    Attributes
    ----------
    layout : str
        ``"Moodle"``, ``"Canvas"``, ``"Blackboard"``, ``"folders"`` or ``"files"``.
    who : str
        Whatever stands for the student: the same for all of their files.
    keys, name : sequence of str, str
        What may be their id, and what may be their name.
    file : str
        The name that the student gave the file.
    time : datetime or None
        When it was handed in, in UTC, if the name says so.
    order : tuple
        The later of two attempts has the larger one, where there is no time.
    late : bool
        Whether the platform says that it was late.
    problem : str
        Why the name cannot be read, if it cannot.
    """

    layout: str
    who: str
    keys: tuple[str, ...]
    name: str
    file: str
    time: datetime | None = None
    order: tuple[int, ...] = ()
    late: bool = False
    problem: str = ""


def without_root(names: Sequence[str]) -> int:
    """How many folders all names have in common, up to the last that still tells students apart."""
    parts = [n.split("/")[:-1] for n in names]
    depth = 0
    while parts and all(len(p) > depth for p in parts) and len({p[depth] for p in parts}) == 1:
        if MOODLE.fullmatch(parts[0][depth]):
            break
        depth += 1
    return depth


def layout_of(names: Sequence[str], chapter: str) -> str:
    """Which platform most names are of; `names` without what they have in common."""
    firsts = [n.split("/")[0] for n in names]
    for layout, form in (("Moodle", MOODLE), ("Blackboard", BLACKBOARD), ("Canvas", CANVAS)):
        if sum(bool(form.fullmatch(f)) for f in firsts) * 2 > len(firsts):
            return layout
    return "folders" if sum("/" in n for n in names) * 2 > len(names) else "files"


def parse(name: str, layout: str, chapter: str, zone: tzinfo) -> Named:
    """Read a name.

    Parameters
    ----------
    name : str
        Of a file, without the folders that all have in common.
    layout : str
        Of most names; one that does not fit is read as a student's folder or file.
    chapter : str
        Its id, which stands in the names of files that belong to it.
    zone : tzinfo
        Of times in names: platforms write the time of their own clock.
    """
    first, slash, rest = name.partition("/")
    forms = {"Moodle": MOODLE, "Blackboard": BLACKBOARD, "Canvas": CANVAS}
    found = forms[layout].fullmatch(first) if layout in forms else None
    if found is None:
        return _plain(name, chapter)
    if layout == "Moodle":
        file = rest if slash else (found["file"] or "")
        return Named(layout, f"{found['name']}_{found['lms']}", (found["lms"],), found["name"], file)
    if layout == "Canvas":
        file = f"{found['file']}/{rest}" if slash else found["file"]
        stem = found["file"].rpartition(".")[0] or found["file"]
        counter = COUNTER.search(stem)
        order = (int(counter[1]) if counter else 0, int(found["attachment"]))
        return Named(
            layout, f"{found['name']}_{found['lms']}", (found["lms"],), found["name"], file, None, order,
            bool(found["late"]),
        )  # fmt: skip
    return _blackboard(found, rest, zone)


def _blackboard(found: re.Match[str], rest: str, zone: tzinfo) -> Named:
    """`Assignment_login_attempt_2026-10-02-09-00-00_file.ipynb`: either of the first two may hold `_`."""
    pieces = found["before"].split("_")
    logins = tuple("_".join(pieces[i:]) for i in range(len(pieces)))
    file = f"{found['file'] or ''}{found['end'] if found['file'] else ''}"
    file = f"{file}/{rest}" if rest else file
    problem, time = "", None
    try:
        if found["more"]:
            raise ValueError
        time = datetime.strptime(found["time"], "%Y-%m-%d-%H-%M-%S").replace(tzinfo=zone)
        time = time.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        problem = f"{found['time']}{found['more']} is no time"
    # The longest is tried first; where there is no roster, it is the last piece.
    return Named("Blackboard", logins[-1], logins, "", file, time, problem=problem)


def _plain(name: str, chapter: str) -> Named:
    folder, slash, rest = name.partition("/")
    if slash:
        # nbgrader's own form has a folder of the chapter in the student's.
        inner = rest.removeprefix(f"{chapter}/")
        return Named("folders", folder, (folder,), folder.replace("_", " "), inner)
    stem, dot, end = name.rpartition(".")
    bare = COPIES.sub("", stem if dot else name)
    who = bare
    for piece in (f"_{chapter}", f"-{chapter}", f" {chapter}", f"{chapter}_", f"{chapter}-", f"{chapter} "):
        who = who.removesuffix(piece) if piece.endswith(chapter) else who.removeprefix(piece)
    who = "" if who == chapter or name in UNNAMED else who.strip()
    counter = COUNTER.search(stem) or re.search(r"\((\d{1,3})\)$", stem)
    order = (int(counter[1]) if counter else 0,)
    return Named(
        "files", who, (who,), who.replace("_", " "), f"{chapter}.{end}", None, order,
        problem="" if who else "nothing in its name says whose it is",
    )  # fmt: skip


def tidy(file: str) -> str:
    """A student's name of a file without what platforms and browsers add: `(1)`, `-1`, `-Copy1`.

    Examples
    --------
    >>> [tidy(n) for n in ("ch1_xor-1.ipynb", "work/ch1_xor (2).ipynb", "ch1_xor-Copy1.ipynb", "a.csv")]
    ['ch1_xor.ipynb', 'work/ch1_xor.ipynb', 'ch1_xor.ipynb', 'a.csv']
    """
    stem, dot, end = file.rpartition(".")
    return f"{COPIES.sub('', stem) or stem}{dot}{end}" if dot else file
