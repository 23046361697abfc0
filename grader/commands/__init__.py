"""The command line, a file a command.

May import everything; each command loads what it needs when it runs.
"""

from grader.commands import (
    audit,
    backup,
    build,
    collect,
    dates,
    demo,
    doctor,
    explain,
    export,
    feedback,
    forget,
    grade,
    handout,
    init,
    marks,
    new,
    report,
    roster,
    written,
)
from grader.commands.app import run

__all__ = [
    "audit",
    "backup",
    "build",
    "collect",
    "dates",
    "demo",
    "doctor",
    "explain",
    "export",
    "feedback",
    "forget",
    "grade",
    "handout",
    "init",
    "marks",
    "new",
    "report",
    "roster",
    "run",
    "written",
]
