"""What a page may not hold: what a browser would run or load, and lines of a solution."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser

from grader.attacks.attack import CHAPTER
from grader.course import Course

HARMLESS = frozenset(
    {"html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "span", "strong", "em",
     "b", "i", "u", "s", "del", "ins", "a", "abbr", "code", "pre", "kbd", "sub", "sup", "br", "hr", "ul", "ol", "li", "dl", "dt",
     "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "section", "details", "summary", "figure",
     "figcaption", "img", "blockquote", "svg", "rect", "text", "line", "g", "path", "polyline", "circle", "small", "nav", "main"}
)  # fmt: skip
MATHEMATICS = frozenset(
    {"math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "msup", "msub", "msubsup", "mfrac", "msqrt", "mroot", "mover",
     "munder", "munderover", "mmultiscripts", "mprescripts", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom", "merror",
     "semantics"}
)  # fmt: skip


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in HARMLESS | MATHEMATICS:
            self.found.append(f"a tag {tag!r}")
        for name, value in attrs:
            text = (value or "").strip().lower()
            if name.startswith("on") or name in (
                "srcdoc",
                "action",
                "formaction",
                "background",
                "poster",
                "data",
                "ping",
                "srcset",
            ):
                self.found.append(f"an attribute {name!r}")
            if name in ("href", "src", "xlink:href") and re.match(
                r"(javascript|vbscript|file|data:(?!image/png;base64,))", re.sub(r"\s", "", text)
            ):
                self.found.append(f"a link to {text[:40]!r}")
            if name == "src" and not text.startswith("data:image/png"):
                self.found.append(f"something loaded from {text[:40]!r}")
            if name == "style" and ("url(" in text or "expression" in text or "position" in text):
                self.found.append(f"a style {text[:60]!r}")
            if tag == "meta" and name == "http-equiv" and text != "content-security-policy":
                self.found.append(f"meta {text!r}")


def harms(page: str) -> list[str]:
    """What in a page would run, load or lead somewhere; it must be none."""
    parser = _Page()
    parser.feed(page)
    if "default-src 'none'" not in page:
        parser.found.append("no content security policy")
    return sorted(set(parser.found))


def lines_of_solutions(course: Course) -> list[str]:
    """Lines of the answers, by which these would be known on a page."""
    released, solved = (
        {
            line.strip()
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
            for line in cell["source"]
        }
        for path in (course.released(CHAPTER), course.root / "solutions" / CHAPTER / f"{CHAPTER}.ipynb")
    )
    return [
        html.escape(line, quote=False) for line in solved - released if len(line) > 20 and "#" not in line
    ]
