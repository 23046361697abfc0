"""Templates that escape everything, and pages that are written where something has changed.

No page runs a script or loads anything.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from fnnkit.judge.verdict import code
from grader.disk import write_atomically
from grader.marking.text import visible

TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("grader.pages", "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
    finalize=lambda value: _seen(value),
)
TEMPLATES.filters["code"] = code


def _seen(value: Any) -> Any:
    """What a template is given, with control, direction and zero-width characters written out."""
    if not isinstance(value, str):
        return value
    shown = visible(value, kept="\n\t")
    return Markup(shown) if isinstance(value, Markup) else shown


def write_pieces(path: Path, template: str, **given: Any) -> None:
    """Write a page piece by piece, unless it is there as it is; a page about thousands is never whole in the memory."""
    write_atomically(path, TEMPLATES.get_template(template).generate(**given), unless_same=True)


def write_if_new(path: Path, text: str) -> None:
    """Write a page, unless it is there as it is."""
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_atomically(path, text)
