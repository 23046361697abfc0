"""Lines of nbgrader's log: without what a terminal would obey, without passwords, and no traceback for what is explained."""

from __future__ import annotations

import logging
import re

from traitlets.config.application import LevelFormatter

from grader.gradebook.calls import shown_url
from grader.marking.text import visible

EXPLAINED = re.compile(r"^(?:grader\.[\w.]+\.)?(?:BadSubmission|Unjudged|CourseError|SandboxUnavailable): ")


class LineFormatter(LevelFormatter):
    """As traitlets' own; what came from submissions stands in it with every sign made visible."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as text."""
        # nbgrader's form of a line names colours, which the formatter that it expects would fill in.
        record.__dict__ |= {"color": "", "end_color": ""}
        text = super().format(record).rstrip()
        *before, last = text.splitlines() or [""]
        if any("Traceback (most recent call last)" in line for line in before) and EXPLAINED.match(last):
            text = before[0].partition("Traceback (")[0] + EXPLAINED.sub("", last)
        return visible(shown_url(text), kept="\n\t")
