"""Lines of nbgrader's log."""

import logging

from grader.gradebook.lines import LineFormatter

NBGRADERS = "%(color)s[%(name)s | %(levelname)s]%(end_color)s %(message)s"


def test_a_line_of_nbgraders_own_form_is_written_without_colours():
    record = logging.LogRecord("AutogradeApp", logging.INFO, "x.py", 1, "permissions %s", ("444",), None)
    assert LineFormatter(NBGRADERS).format(record) == "[AutogradeApp | INFO] permissions 444"


def test_what_a_terminal_would_obey_is_made_visible_in_it():
    record = logging.LogRecord("AutogradeApp", logging.INFO, "x.py", 1, "student \x1b[2J", (), None)
    assert "\x1b" not in LineFormatter(NBGRADERS).format(record)
