"""What a student sees before handing in: the marks that the saved notebook would get, on the inputs of the checks.

The saved file is read as the grader reads it, and its answer cells are run by the same program (`marker`), in a fresh
process, with the marking edition of fnnkit, the packages that are there when marking, and its time limits.
"""

from __future__ import annotations

import contextlib
import html
import os
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fnnkit.judge import notes, versions
from fnnkit.judge.answers import Cell, Found, cells_of, defines, find, look
from fnnkit.judge.check import last_checks, typed_cells
from fnnkit.judge.edition import PROGRAM, files
from fnnkit.judge.exercise import Exercise, public_cases
from fnnkit.judge.marker import Marker, Outcome, Step
from fnnkit.judge.notebook import as_handed_out, chapter_of, load, python_of
from fnnkit.judge.packages import modules
from fnnkit.judge.registry import contents, exercises, tops
from fnnkit.judge.released import released
from fnnkit.judge.verdict import Verdict, code
from fnnkit.judge.which import of_a_chapter, running
from fnnkit.kernel.apart import Apart
from fnnkit.kernel.call import Answer


@dataclass(frozen=True)
class Row:
    """One exercise: the verdict that it would get, and remarks about what is otherwise than at its last check."""

    name: str
    verdict: Verdict
    remarks: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """Points, or what there is instead of them."""
        if not self.verdict.core:
            return ("solved" if self.verdict.solved else "not solved yet") + " (no points)"
        return f"{self.verdict.points:g} of {self.verdict.possible:g}"

    @property
    def mark(self) -> str:
        """One sign."""
        return self.verdict.sign


@dataclass(frozen=True)
class Ready:
    """What the saved notebook would get; a notebook shows it as a table.

    Attributes
    ----------
    chapter : str
        Its id.
    path : Path or None
        The file that was read.
    rows : tuple of Row
        By exercise.
    remarks : tuple of str
        About the file as a whole, the most urgent first.
    """

    chapter: str = ""
    path: Path | None = None
    rows: tuple[Row, ...] = field(default=())
    remarks: tuple[str, ...] = field(default=())

    @property
    def points(self) -> float:
        """Points of the exercises that carry points."""
        return float(sum(row.verdict.marks for row in self.rows))

    @property
    def possible(self) -> float:
        """Points that can be earned."""
        return float(sum(row.verdict.possible for row in self.rows if row.verdict.core))

    def headline(self) -> str:
        """One line."""
        if self.path is None or not self.rows:
            return "Nothing was judged."
        return (
            f"{self.path.name} as saved: {self.points:g} of {self.possible:g} points on the inputs of the checks "
            "(written answers are marked by hand)"
        )

    def explained(self) -> list[Row]:
        """The rows about which there is something to say."""
        return [row for row in self.rows if row.remarks or (row.verdict.attempted and not row.verdict.solved)]

    def __repr__(self) -> str:
        lines = [self.headline(), *(f"  ! {remark}" for remark in self.remarks)]
        lines += [f"  {row.mark} {row.name:<24} {row.state}" for row in self.rows]
        for row in self.explained():
            lines += ["", row.verdict.headline(), *(f"  {remark}" for remark in row.remarks)]
            if not row.verdict.solved:
                lines += [f"  {label}: {text}" for label, text in row.verdict.lines() if label != "Note"]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        style = "text-align:left;line-height:1.45;vertical-align:top;padding:.1em .9em .1em 0"
        parts = [f"<div><strong>{html.escape(self.headline())}</strong></div>"]
        parts += [f'<div style="margin:.3em 0">⚠ {code(remark)}</div>' for remark in self.remarks]
        rows = "".join(
            f'<tr style="background:none"><td style="{style}">{row.mark}</td>'
            f'<td style="{style}">{html.escape(row.name)}</td><td style="{style}">{html.escape(row.state)}</td>'
            f'<td style="{style}">{"<br>".join(code(remark) for remark in row.remarks)}</td></tr>'
            for row in self.rows
        )
        parts.append(f'<table style="border:0;margin:.4em 0">{rows}</table>')
        parts += [
            f'<details style="margin:.2em 0"><summary>{html.escape(row.verdict.headline())}</summary>'
            f"{row.verdict._repr_html_()}</details>"
            for row in self.explained()
            if not row.verdict.solved
        ]
        return f"<div>{''.join(parts)}</div>"


def ready(notebook: str | os.PathLike[str] | None = None) -> Ready:
    """Judge the saved notebook as it will be judged when it is handed in, on the inputs of the checks.

    Save first (Ctrl-S). Takes a few seconds: all answer cells are run in a fresh process, with what is there when
    marking. Marks are given on other inputs, drawn for each student.

    Parameters
    ----------
    notebook : path, optional
        The file; by default the notebook in which this is called.
    """
    if os.environ.get("NBGRADER_EXECUTION"):
        return Ready(remarks=("nbgrader is running this notebook: it judges by itself.",))
    path, remarks = _file(notebook)
    if path is None:
        return Ready(remarks=tuple(remarks))
    data = load(path)
    if data is None:
        return Ready(path=path, remarks=(f"`{path.name}` cannot be read as a notebook.",))
    chapter = chapter_of(data)
    if not chapter:
        return Ready(path=path, remarks=(f"`{path.name}` has no exercise of a chapter in it.",))
    cells = cells_of(data)
    given = [c for c in cells if "given" in c.tags]
    untouched = {c.source for c in as_handed_out(data)}
    # The solution of a chapter, and a notebook whose checksums another program dropped, have the cell all the same.
    same = untouched | {c.source for c in cells_of(released(chapter) or {"cells": []}) if "given" in c.tags}
    names = list(contents(chapter))
    found = find(cells, names, names, [c.source for c in given], untouched)
    remarks += _about_file(path, cells, names)
    remarks += [
        f"the given cell that begins with `{notes.first_line(c.source)}` was changed; when marking it is as handed out."
        for c in given
        if c.source not in same
    ]
    if not given:
        remarks.append("the cell with the imports, which was handed out at the top, is not in the file.")
    remarks += filter(None, [versions.differs(chapter)])
    outcome = _mark(chapter, _steps(cells, given, found, python_of(data)), found)
    checks = last_checks()
    rows = [
        Row(name, verdict, _remarks(name, verdict, checks.get(name), cells))
        for name, verdict in outcome.verdicts.items()
    ]
    return Ready(chapter, path, tuple(rows), tuple(remarks))


def _file(named: str | os.PathLike[str] | None) -> tuple[Path | None, list[str]]:
    """The file of the notebook, and what is to be said of how it was found."""
    if named is not None:
        path = Path(named)
        return (path, []) if path.is_file() else (None, [f"there is no file `{path}`."])
    if (here := running()) is not None:
        return here, []
    there = of_a_chapter(Path.cwd().glob("*.ipynb"))
    touched = [p for p, work in there if work] or [p for p, _ in there]
    if not touched:
        return None, [
            'there is no notebook of a chapter in this folder: name the file, `ready("ch1_xor.ipynb")`.'
        ]
    newest = touched[0]
    others = [f"`{p.name}`" for p in sorted(touched[1:])]
    said = (
        [f"there are other notebooks of a chapter beside `{newest.name}`: {', '.join(others)}."]
        if others
        else []
    )
    return newest, said


def _about_file(path: Path, cells: Sequence[Cell], names: Sequence[str]) -> list[str]:
    """Say that cells have run that are otherwise than in the file."""
    saved, typed, checks = {c.source.strip() for c in cells}, typed_cells(), last_checks()
    older: list[str] = []
    other: list[str] = []
    for name in names:
        newest = next((t for t in reversed(typed) if name in look(t).functions), "")
        if newest and newest.strip() not in saved:
            checked = checks.get(name)
            late = checked is not None and checked[1] > path.stat().st_mtime
            (older if late or not _has_run(name, cells, typed) else other).append(f"`{name}`")
    said = []
    if older:
        said.append(
            f"the file is older than the cells that ran ({', '.join(older)}): save (Ctrl-S), and run this again."
        )
    if other:
        said.append(
            f"the file holds another {', '.join(other)} than the one that ran here last; judged is the file."
        )
    return said


def _has_run(name: str, cells: Sequence[Cell], typed: Sequence[str]) -> bool:
    """Whether what the file holds ran in this session."""
    ran = {t.strip() for t in typed}
    return any(defines(c.source, name) and c.source.strip() in ran for c in cells)


def _steps(
    cells: Sequence[Cell], given: Sequence[Cell], found: Mapping[str, Found], version: str
) -> list[Step]:
    """What is run, in the order of the chapter, as `grader` does it."""
    keep: dict[str, list[str]] = {}
    for name, answer in found.items():
        keep.setdefault(answer.within or name, []).append(name)
    place = {cell.grade_id: i for i, cell in reversed(list(enumerate(cells)))}
    waiting = [(place.get(c.grade_id, 0), Step(c.grade_id, (c.source,))) for c in given]
    steps: list[Step] = []
    for name, answer in found.items():
        while waiting and waiting[0][0] < place.get(name, len(cells)):
            steps.append(waiting.pop(0)[1])
        parts = answer.parts or (() if answer.within else ("",))
        unreadable = not all(look(part).compiles for part in parts)
        steps.append(Step(name, parts, tuple(keep.get(name, ())), version if unreadable else ""))
    return steps + [step for _, step in waiting]


def _mark(chapter: str, steps: Sequence[Step], found: Mapping[str, Found]) -> Outcome:
    """Run it apart, in a thread of its own, as an event loop runs in a notebook already."""
    import asyncio  # which takes as long to load as all the rest of a check

    box: dict[str, Any] = {}
    started: list[Apart] = []
    with tempfile.TemporaryDirectory(prefix="fnnkit-ready-", ignore_cleanup_errors=True) as folder:
        for name, content in files(chapter).items():
            target = Path(folder, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)

        async def start() -> Apart:
            if box.get("stop"):
                raise RuntimeError("stopped")
            started.append(Apart(Path(folder), PROGRAM, sorted({*modules(), *tops()})))
            started[-1].begin()
            return started[-1]

        async def judge(
            asked: Exercise, answers: Sequence[Answer], wrong: Sequence[str]
        ) -> tuple[Verdict, bool]:
            return asked.judge(public_cases(asked), answers, wrong), False

        said = {name: (*answer.notes, *_too_new(answer)) for name, answer in found.items()}
        marker = Marker(steps, exercises(chapter), public_cases, start, judge, said)

        def work() -> None:
            try:
                box["outcome"] = asyncio.run(marker.mark())
            except BaseException as problem:
                box["problem"] = problem

        thread = threading.Thread(target=work, name="fnnkit-ready", daemon=True)
        thread.start()
        try:
            while thread.is_alive():
                thread.join(0.1)  # in short turns: on Windows a join is not interrupted
        finally:
            box["stop"] = True
            for kernel in started:
                with contextlib.suppress(OSError):
                    kernel.kill()
    if "problem" in box:
        raise box["problem"]
    outcome: Outcome = box["outcome"]
    return outcome


def _too_new(answer: Found) -> list[str]:
    """What is in an answer that runs here, and would stop with the oldest Python that may mark."""
    return [said for part in answer.parts if (said := notes.too_new(part))][:1]


def _remarks(
    name: str, verdict: Verdict, checked: tuple[Verdict, float, str] | None, cells: Sequence[Cell]
) -> tuple[str, ...]:
    """What is said of one exercise: how it was found, and why it is otherwise than at the last check."""
    said = list(verdict.notes)
    if checked is None:
        return tuple(said)
    last, _, text = checked
    if (last.points, last.solved) == (verdict.points, verdict.solved):
        return tuple(said)
    state = f"{last.points:g} of {last.possible:g}"
    if text and text.strip() not in {c.source.strip() for c in cells}:
        reason = "what was checked then is not what the file holds."
    elif verdict.cell_stops:
        assert verdict.problem is not None
        reason = f"{verdict.cell_stops}. {verdict.problem.step}"
    elif verdict.problem is not None and verdict.problem.kind == "stopped":
        reason = verdict.problem.finding
    elif not verdict.attempted:
        reason = "the file holds no code for it."
    elif said:
        return (f"its last check gave {state}.", *said)
    else:
        reason = "in a fresh kernel it gives something else: it depends on what other cells have left."
    return (f"its last check gave {state}: {reason}", *said)
