"""Text that a student wrote, as HTML without scripts: cleaned after it was rendered, so that mathematics survives."""

from __future__ import annotations

import html

import bleach
from bleach.css_sanitizer import CSSSanitizer

from grader.pages import mathematics

STRUCTURE = (
    "blockquote",
    "br",
    "div",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "span",
    "ul",
    "details",
    "summary",
    "dl",
    "dt",
    "dd",
)
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
TABLES = ("caption", "table", "tbody", "td", "th", "thead", "tr")
INLINE = ("a", "abbr", "b", "code", "del", "em", "i", "ins", "kbd", "s", "strong", "sub", "sup", "u")
TAGS = frozenset(STRUCTURE + HEADINGS + TABLES + INLINE)
# Formgrader finds its buttons and its fields for scores by class and by id: with those of his own a student could have
# a click on his text give full credit, or have the points typed for one question saved for another.
ATTRIBUTES = {
    "*": ["title", "style"],
    "a": ["href"],
    "td": ["align", "colspan", "rowspan"],
    "th": ["align", "colspan", "rowspan", "scope"],
}
CSS = CSSSanitizer(allowed_css_properties=["text-align", "font-weight", "font-style"])


MOST_CHARACTERS, MOST_TAGS = 20_000, 1_000
"""Of one text that is rendered. Rendering and cleaning take time that grows with the square of what is nested."""


def markdown2html(source: str) -> str:
    """Render Markdown and keep only harmless tags; what nbconvert's templates call for each text cell.

    Mathematics becomes MathML, from a list of its own: see `mathematics`.
    """
    as_written = f"<pre>{html.escape(source)}</pre>"
    if len(source) > MOST_CHARACTERS or source.count("<") > MOST_TAGS:
        return as_written
    # Links to headings lead nowhere once the ids are gone.
    return mathematics.markdown2html(
        source, lambda text: as_written if text.count("<") > 4 * MOST_TAGS else clean(text)
    )


def clean(text: str) -> str:
    """Keep only harmless tags and attributes of HTML."""
    return str(
        bleach.clean(
            text, tags=TAGS, attributes=ATTRIBUTES, protocols={"http", "https", "mailto"}, css_sanitizer=CSS
        )
    )
