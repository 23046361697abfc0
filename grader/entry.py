"""A class that is graded: a row for each student, and who is told how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from traitlets.config import Config

from fnnkit.judge.registry import exercises
from grader.course import Course
from grader.gradebook.basis import Basis
from grader.gradebook.by_hand import ByHand
from grader.gradebook.changing import Changes
from grader.gradebook.scores import Score
from grader.marking.marking import Identity, Marking
from grader.marking.submission import Rebuilt


@dataclass
class Entry:
    """One student's row of a batch.

    Attributes
    ----------
    student : str
        Name of the folder.
    state : str
        ``"graded"``, ``"unchanged"`` or ``"failed"``.
    message : str
        One line, if it failed.
    marking : Marking or None
        What was found.
    note : str
        One line, if its notebook was found at another place than it should be.
    """

    student: str
    state: str = "graded"
    message: str = ""
    marking: Marking | None = None
    rebuilt: Rebuilt | None = None
    identity: Identity | None = None
    key: str = ""
    note: str = ""

    @property
    def points(self) -> float:
        """Points of the exercises that carry points."""
        if self.marking is None or self.identity is None:
            return 0.0
        return float(sum(v.marks for v in self.marking.verdicts.values()))


@dataclass
class Batch:
    """What grading a chapter gave.

    Attributes
    ----------
    changes : Changes or None
        What of the chapter's cells is another than in the gradebook.
    causes_left : int
        How many wrong answers were not looked at for their cause, as that was ended before.
    config : Config or None
        nbgrader's configuration as it was used: it names the gradebook, which for a rehearsal is a copy.
    before : dict
        By student, the score before.
    bases : dict
        By student, on what the marks rested before, and now.
    for_earlier : list of ByHand
        Overrides of answers that are others by now.
    moved, moved_before : dict
        By student, cells that were set by hand for another answer than there is by now; and than there was before.
    rehearsal : bool
        Whether nothing of it was written.
    after : dict
        By student, the score that a rehearsal came to.
    """

    course: Course
    chapter: str
    entries: list[Entry] = field(default_factory=list)
    changes: Changes | None = None
    causes_left: int = 0
    config: Config | None = None
    before: dict[str, Score] = field(default_factory=dict)
    bases: dict[str, tuple[Basis | None, Basis | None]] = field(default_factory=dict)
    for_earlier: list[ByHand] = field(default_factory=list)
    moved: dict[str, list[str]] = field(default_factory=dict)
    moved_before: dict[str, list[str]] = field(default_factory=dict)
    rehearsal: bool = False
    after: dict[str, Score] = field(default_factory=dict)

    def by_state(self, state: str) -> list[Entry]:
        """Entries in one state."""
        return [e for e in self.entries if e.state == state]

    @property
    def possible(self) -> float:
        """Points of the exercises that are judged."""
        return float(sum(e.worth for e in exercises(self.chapter)))


@dataclass(frozen=True)
class Progress:
    """Who is told how far a batch is."""

    total: Callable[[str, int], None] = lambda _what, _n: None
    step: Callable[[str], None] = lambda _what: None
