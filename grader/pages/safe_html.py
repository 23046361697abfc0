"""Text that a student wrote, as HTML without scripts: cleaned after it was rendered, so that mathematics survives."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import bleach
from bleach.css_sanitizer import CSSSanitizer

from grader.marking.text import visible
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
# A link without a host leads into the server that shows the page, where the reader is logged in: so does "https:x".
OUTWARD = re.compile(r"(?:https?://[^\s/\\?#@]|mailto:)", re.IGNORECASE)
TAGS = frozenset(STRUCTURE + HEADINGS + TABLES + INLINE)
# Formgrader finds its buttons and its fields for scores by class and by id: with those of his own a student could have
# a click on his text give full credit, or have the points typed for one question saved for another.
ATTRIBUTES: dict[str, list[str] | Callable[..., bool]] = {
    "*": ["title", "style"],
    "a": lambda _tag, name, value: name == "href" and bool(OUTWARD.match(value)),
    "td": ["align", "colspan", "rowspan"],
    "th": ["align", "colspan", "rowspan", "scope"],
}
CSS = CSSSanitizer(allowed_css_properties=["text-align", "font-weight", "font-style"])


MOST_CHARACTERS, MOST_TAGS = 20_000, 1_000
"""Of one text that is rendered. Rendering and cleaning take time that grows with the square of what is nested."""


def markdown2html(source: str, links: bool = False) -> str:
    """Render Markdown and keep only harmless tags; what nbconvert's templates call for each text cell.

    Mathematics becomes MathML, from a list of its own: see `mathematics`. In Formgrader, where the reader is logged in
    to the server, no link can be followed: its address stands beside it.

    Parameters
    ----------
    source : str
        Markdown.
    links : bool
        Whether links to other hosts stay links, as on a page that is read anywhere else.
    """
    source = visible(source, kept="\n\t")
    as_written = f"<pre>{html.escape(source)}</pre>"
    if len(source) > MOST_CHARACTERS or source.count("<") > MOST_TAGS:
        return as_written
    # Links to headings lead nowhere once the ids are gone.
    return mathematics.markdown2html(
        source, lambda text: as_written if text.count("<") > 4 * MOST_TAGS else _links(clean(text), links)
    )


_ANCHOR = re.compile(
    r'<a(?: (?:title="[^"<>]*"|style="[^"<>]*"))*(?: href="([^"<>]*)")?[^<>]*>(.*?)</a>', re.DOTALL
)


def _links(text: str, kept: bool) -> str:
    """Cleaned HTML, with its links or with their addresses."""

    def written(found: re.Match[str]) -> str:
        address, words = found[1] or "", found[2]
        return words if not address or address.rstrip("/") == words.rstrip("/") else f"{words} ({address})"

    return text if kept else _ANCHOR.sub(written, text)


def clean(text: str) -> str:
    """Keep only harmless tags and attributes of HTML."""
    return str(
        bleach.clean(
            text, tags=TAGS, attributes=ATTRIBUTES, protocols={"http", "https", "mailto"}, css_sanitizer=CSS
        )
    )


def highlight_code(source: str, language: str | None = None, metadata: Any = None) -> str:
    """Code as HTML, with all that is not seen written out; what nbconvert's templates call for each code cell."""
    from nbconvert.filters.highlight import Highlight2HTML

    return str(Highlight2HTML(pygments_lexer="ipython3")(visible(source, kept="\n\t"), language, metadata))
