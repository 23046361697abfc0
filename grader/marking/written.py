"""Written answers: found wherever a student put them, with the pictures that were pasted into them.

The order: the question's own cells (all with its grade id, whatever type they have become), with what stands in cells of
the student's own right below; if that is the stub or nothing, cells of the student's own beside it; then any other. What
is found elsewhere is for a person to judge, so it is better shown once too often than lost.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from fnnkit.judge.answers import LONGEST, Cell, cells_of, look
from grader.marking import picture
from grader.marking.text import inert, visible

MOST_PICTURES, LARGEST, LARGEST_TOGETHER, MOST_POINTS = 8, 5 << 20, 10 << 20, 60_000_000
"""Of one answer: pictures, bytes of one and of all, points of all."""
SHORTEST = 3
"""Words below which a text in a cell of the student's own, away from the question, is taken for a heading or a remark."""
TOLD = "The grader says"
PICTURE = re.compile(r"\[picture ([0-9a-f]{10})\]")
"""What stands in the text for a pasted picture."""
_INLINE = re.compile(r"data:image/[\w.+-]{1,20};base64,([A-Za-z0-9+/=%]++)", re.IGNORECASE)
_PASTED = re.compile(
    r"!\[[^\]\n]{0,300}\]\(\s{0,3}<?attachment:([^)\s>\"']{1,300})>?(?:\s{1,3}\"[^\"\n]{0,300}\")?\s{0,3}\)"
    r"|<img\b[^<>]{0,500}?\bsrc\s{0,3}=\s{0,3}[\"']?attachment:([^)\s>\"']{1,300})[\"']?(?=[\s/>])[^<>]{0,500}>",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Written:
    """One written answer.

    Attributes
    ----------
    text : str
        What was written, inert, with `PICTURE` in the place of pictures.
    notes : tuple of str
        Where it was found, if not where it should be.
    pictures : dict
        By the name that stands in the text, as notebooks keep attachments: type and base64.
    """

    text: str
    notes: tuple[str, ...] = ()
    pictures: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The text of the cell that is marked: where it was found stands before it, as Formgrader shows nothing else."""
        return heading(self.notes) + self.text


def heading(notes: Sequence[str]) -> str:
    """Remarks before an answer, as they stand in its cell; empty without any."""
    return f"*{TOLD}: {' '.join(notes)}*\n\n" if notes else ""


def bare(source: str, notes: Sequence[str]) -> str:
    """The text of an answer without the remarks before it."""
    return source.removeprefix(heading(notes))


class Submitted:
    """The cells of a notebook that was handed in, of which some are written answers.

    Parameters
    ----------
    notebook : mapping
        What was handed in.
    released : sequence of NotebookNode
        The cells that were handed out.
    """

    def __init__(self, notebook: Mapping[str, Any], released: Sequence[Any]) -> None:
        raw = notebook.get("cells", [])
        self.raw = [c for c in (raw if isinstance(raw, list) else []) if isinstance(c, Mapping)]
        self.cells = cells_of(notebook)
        self.order = [str(c.metadata.get("nbgrader", {}).get("grade_id", "")) for c in released]
        self.handed_out = {str(c.source).strip() for c in released}

    def answer(self, grade_id: str, stub: str) -> Written | None:
        """The answer to a question; None if nothing was written that could be one."""
        own = [i for i, c in enumerate(self.cells) if c.grade_id == grade_id]
        filled = [i for i in own if self._says(self.cells[i], {stub.strip()})]
        if filled:
            more = [j for i in filled for j in self._run(i, 1)]
            return self._made(filled, more, beside=own)
        near = [j for i in own for j in (*self._run(i, -1), *self._run(i, 1))]
        if not own and (before := self._before(grade_id)) is not None:
            near = self._run(before, 1)
        found = near or [
            i for i, c in enumerate(self.cells) if self._loose(c) and len(_words(c.source)) >= SHORTEST
        ]
        return self._made([], found, beside=own) if found else None

    def _says(self, cell: Cell, same: Collection[str]) -> bool:
        text = cell.source.strip()
        return cell.kind in ("markdown", "raw", "code") and bool(text) and text not in same

    def _loose(self, cell: Cell) -> bool:
        """Whether a cell is the student's own and holds text: as code, only what is none."""
        if cell.grade_id in self.order and cell.grade_id:
            return False
        if not self._says(cell, self.handed_out):
            return False
        return cell.kind != "code" or not look(cell.source[:LONGEST]).compiles

    def _run(self, at: int, step: int) -> list[int]:
        """Cells of the student's own next to one, in their order."""
        found = []
        while 0 <= (at := at + step) < len(self.cells) and self._loose(self.cells[at]):
            found.append(at)
        return sorted(found)

    def _before(self, grade_id: str) -> int | None:
        """The cell that was handed out before a question and is still there: where the question was."""
        there = {c.grade_id: i for i, c in enumerate(self.cells) if c.grade_id}
        above = self.order[: self.order.index(grade_id)] if grade_id in self.order else []
        return next((there[name] for name in reversed(above) if name in there), None)

    def _made(self, own: list[int], others: list[int], beside: Collection[int]) -> Written:
        places = sorted({*own, *others})
        notes = [_retyped(self.cells[i].kind) for i in own if self.cells[i].kind != "markdown"][:1]
        if len(own) > 1:
            notes.append(
                f"{len(own)} cells belong to this question; they were taken together, in their order."
            )
        if others:
            listed = " and ".join(_cell(i, beside) for i in sorted(set(others)))
            state = "is as it was handed out" if beside else "is missing"
            notes.append(
                f"more of the answer may stand in {listed}, which was taken as well."
                if own
                else f"the answer cell {state}; this was found in {listed}."
            )
        pictures = Pictures()
        texts = dict.fromkeys(
            _shown(self.cells[i], pictures.taken_out(self.cells[i].source, self.raw[i].get("attachments")))
            for i in places
        )
        text = inert("\n\n".join(texts)[:LONGEST])
        return Written(text, tuple(notes), pictures.kept)


def _words(text: str) -> list[str]:
    """Words of a text that are in no heading; a pasted picture says as much as a few."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    more = ["picture"] * SHORTEST if "attachment:" in text or _INLINE.search(text) else []
    return more + re.findall(r"[^\W\d_]+", "\n".join(lines)[:LONGEST])


def _cell(at: int, beside: Collection[int]) -> str:
    return f"cell {at + 1}" + (", right below it" if at - 1 in beside else "")


def _retyped(kind: str) -> str:
    return f"the answer cell is a {kind} cell now; its text is shown as it stands."


def _shown(cell: Cell, text: str) -> str:
    """The text of a cell as Markdown; what is Python is set as it was typed."""
    if cell.kind != "code" or not look(cell.source[:LONGEST]).compiles:
        return text
    fence = max(["``", *re.findall(r"`+", text)], key=len) + "`"
    return f"{fence}\n{text}\n{fence}"


class Pictures:
    """Pictures of one answer, rebuilt, as many and as large as are shown."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, str]] = {}
        self._bytes, self._points = LARGEST_TOGETHER, MOST_POINTS

    def taken_out(self, source: str, attachments: object) -> str:
        """A text with a short mark in the place of each picture that was pasted into it."""
        inline: dict[str, str] = {}

        def named(found: re.Match[str]) -> str:
            name = f"pasted {len(inline) + 1}"
            inline[name] = unquote(found[1])
            return "attachment:" + name.replace(" ", "%20")

        def replaced(found: re.Match[str]) -> str:
            name = unquote(found[1] or found[2])
            return self._mark([inline[name]] if name in inline else list(_attached(attachments, name)), name)

        # Pictures that stand in the text itself first: without them, a text has an end.
        return _PASTED.sub(replaced, _INLINE.sub(named, source)[:LONGEST])

    def _mark(self, given: Sequence[str], name: str) -> str:
        shown = visible(re.sub(r"[^\w .-]", "", name))[:40]
        why = "it is not in the notebook"
        for text in given:
            kind, data, why = _rebuilt(text)
            if not data:
                continue
            digest = hashlib.sha256(data).hexdigest()[:10]
            if digest in self.kept:
                return f"[picture {digest}]"
            size = picture.points(data) if kind == "image/png" else picture.points_of_photograph(data)
            if len(self.kept) >= MOST_PICTURES or len(data) > self._bytes or size > self._points:
                why = "there are too many, or too large ones"
                continue
            self._bytes, self._points = self._bytes - len(data), self._points - size
            self.kept[digest] = {kind: base64.b64encode(data).decode()}
            return f"[picture {digest}]"
        return f"[a picture that is not shown, {shown}: {why}]"


def _attached(attachments: object, name: str) -> Iterator[str]:
    """What is attached to a cell under a name, in whatever forms."""
    bundle = attachments.get(name) if isinstance(attachments, Mapping) else None
    for data in bundle.values() if isinstance(bundle, Mapping) else ():
        text = "".join(x for x in data if isinstance(x, str)) if isinstance(data, list) else data
        if isinstance(text, str):
            yield text


def _rebuilt(text: str) -> tuple[str, bytes, str]:
    """Type and bytes of a picture, as far as it can be shown; or why not."""
    if len(text) > LARGEST * 4 // 3 + 100_000:
        return "", b"", f"it has more than {LARGEST >> 20} MB"
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return "", b"", "it is damaged"
    if len(raw) > LARGEST:
        return "", b"", f"it has more than {LARGEST >> 20} MB"
    if data := picture.picture(raw):
        return "image/png", data, ""
    if data := picture.photograph(raw):
        return "image/jpeg", data, ""
    return "", b"", "it is no PNG or JPEG, damaged, or has more than 20 million points"
