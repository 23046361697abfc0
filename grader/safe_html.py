"""Text that a student wrote, as HTML without scripts: cleaned after it was rendered, so that mathematics survives."""

from __future__ import annotations

import bleach
from bleach.css_sanitizer import CSSSanitizer
from nbconvert.filters import markdown2html as render

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
ATTRIBUTES = {
    "*": ["class", "id", "title", "style"],
    "a": ["href"],
    "td": ["align", "colspan", "rowspan"],
    "th": ["align", "colspan", "rowspan", "scope"],
}
CSS = CSSSanitizer(allowed_css_properties=["text-align", "font-weight", "font-style"])


def markdown2html(*args: object) -> str:
    """Render Markdown and keep only harmless tags; what nbconvert's templates call for each text cell."""
    text = render(*args)
    return str(
        bleach.clean(
            text, tags=TAGS, attributes=ATTRIBUTES, protocols={"http", "https", "mailto"}, css_sanitizer=CSS
        )
    )
