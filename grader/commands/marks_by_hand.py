"""What `grader grade` says of changes of marks, and what it asks about marks that were set for an earlier answer."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import typer
from rich.markup import escape

from grader.commands.app import err, out, relative
from grader.marking.text import visible

if TYPE_CHECKING:
    from grader.gradebook.by_hand import ByHand
    from grader.pages.changes import Change

SENTENCE = "{student}, {name}: {words}; the answer has changed since it was set"


def tell_changes(batch: Any, found: Sequence[Change]) -> None:
    """What has become of marks that were there before; of a rehearsal, all of it."""
    from grader.pages.changes import HANDED_IN, MOST, changes_table, place_of

    shown = [c for c in found if batch.rehearsal or c.why != HANDED_IN]
    if shown:
        table, more = changes_table(shown, None if batch.rehearsal else MOST)
        out.print(table)
        if more:
            out.print(more)
    if batch.rehearsal:
        if not shown:
            out.print("no mark would change")
        out.print("a rehearsal: nothing was written")
    elif found:
        out.print(f"changes   {relative(place_of(batch.course.root, batch.chapter))}")


def asked(batch: Any, *, yes: bool, silent: bool) -> bool:
    """Ask about each override of an answer that is another by now; say those that are kept unasked.

    Parameters
    ----------
    batch : Batch
        What was graded.
    yes : bool
        Keep all, and do not tell of them again.
    silent : bool
        Whether all is said in another form.

    Returns
    -------
    bool
        Whether marks have changed by it, so that pages have to be written again.
    """
    from grader.gradebook.by_hand import flag, take_back

    marks = batch.for_earlier
    if not marks or (silent and not yes):
        return False
    if not yes and (batch.rehearsal or not sys.stdin.isatty()):
        then = (
            "you would be asked"
            if batch.rehearsal
            else "kept; say --yes if it is right so, or change it in Formgrader"
        )
        for mark in marks:
            err.print(f"[yellow]note:[/] {escape(_sentence(batch, mark))}: {then}", soft_wrap=True)
        return False
    kept: list[ByHand] = []
    gone: list[ByHand] = []
    for mark in marks:
        said = _sentence(batch, mark)
        if yes:
            err.print(f"[yellow]note:[/] {escape(said)}: kept", soft_wrap=True)
        stays = yes or typer.confirm(f"{said}.\nKeep what was set by hand?", default=True, err=True)
        (kept if stays else gone).append(mark)
    if batch.rehearsal:
        return False
    flag(batch.chapter, batch.config, {(mark.student, mark.cell): False for mark in kept})
    if gone:
        _keep_aside(batch, gone)
        take_back(batch.chapter, batch.config, gone)
    return bool(gone)


def _sentence(batch: Any, mark: ByHand) -> str:
    words = _score(batch, mark.student).mark(mark.name).words()
    return visible(SENTENCE.format(student=mark.student, name=mark.name, words=words))


def _score(batch: Any, student: str) -> Any:
    from grader.gradebook.scores import of_chapter

    if not batch.after:
        batch.after = of_chapter(batch.chapter, batch.config)
    return batch.after[student]


def _keep_aside(batch: Any, gone: Sequence[ByHand]) -> None:
    """Marks that are taken back stay in the table of changes."""
    from grader.pages.changes import Change, keep_changes, label

    rows = []
    for mark in gone:
        before = _score(batch, mark.student).mark(mark.name)
        after = f"{before.judged or 0:g}/{before.possible:g}"
        rows.append(
            Change(
                mark.student,
                mark.name,
                label(before, moved=True),
                after,
                "taken back: the answer has changed since",
            )
        )
    keep_changes(batch, rows)
