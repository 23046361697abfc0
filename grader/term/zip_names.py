"""Times in the names of files that nbgrader's own `zip_collect` reads.

nbgrader takes 2026-10-01-23-30-10 for 09:00 of the next day, without a word: punctual work is late then, and late work is
not. With this plugin in ``nbgrader_config.py`` such a time is read as platforms mean it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from nbgrader.plugins import FileNameCollectorPlugin
from traitlets import Unicode

from grader.gradebook.timestamps import read_time, zone_called
from grader.marking.text import visible

IN_NAMES = re.compile(r"\d{4}(?:-\d\d){5}")


class TimesInNames(FileNameCollectorPlugin):
    """Reads `(?P<timestamp>...)` of ``c.FileNameCollectorPlugin.named_regexp`` right, or leaves it out and says so."""

    timezone = Unicode("UTC", help="Of times in names, such as Europe/Berlin: the platform's own clock.").tag(
        config=True
    )

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """What nbgrader finds in a name, its time as nbgrader cannot misunderstand it."""
        found: dict[str, str] | None = super().collect(submitted_file)
        text = (found or {}).get("timestamp") or ""
        if found is None or not text:
            return found
        try:
            time = self._time(text)
        except (ValueError, OverflowError):
            self.log.warning(
                "%s is no time that can be read for certain: %s is collected without one",
                visible(text),
                visible(submitted_file),
            )
            return {key: value for key, value in found.items() if key != "timestamp"}
        return {**found, "timestamp": f"{time:%Y-%m-%d %H:%M:%S} UTC"}

    def _time(self, text: str) -> datetime:
        zone = zone_called(self.timezone)
        if not IN_NAMES.fullmatch(text):
            return read_time(text, zone)
        time = datetime.strptime(text, "%Y-%m-%d-%H-%M-%S").replace(tzinfo=zone)
        return time.astimezone(UTC).replace(tzinfo=None)
