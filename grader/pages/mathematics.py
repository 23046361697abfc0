"""Markdown with TeX as HTML with MathML: pages show mathematics without a script and without a network.

Browsers draw MathML Core by themselves. What a student wrote may be hostile, so the mathematics is not trusted for
having come out of a converter: its tree is built anew, of elements and attributes on a list.
"""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import math_core
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

MAX_LENGTH = 2000
"""Characters of one formula. It bounds how deep one can be nested: the converter recurses, and a stack has an end."""
MAX_FORMULAS = 500

ELEMENTS = frozenset(
    (
        "math", "mi", "mn", "mo", "ms", "mspace", "mtext", "merror", "mfrac", "mmultiscripts", "mover", "mpadded",
        "mphantom", "mprescripts", "mroot", "mrow", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd",
        "mtr", "munder", "munderover",
    )
)  # fmt: skip
_SWITCH = re.compile(r"true|false")
_LENGTH = re.compile(r"-?[0-3]?(\.\d{1,8})?(em|ex)?|[0-9]{1,2}(\.\d{1,8})?pt")
_STYLE = re.compile(
    r"text-align: ?(left|right|center)|justify-items: ?(start|end|center)|padding-(left|right): ?0|width: ?(50|100)%"
)
ATTRIBUTES: dict[str, re.Pattern[str]] = {
    "display": re.compile(r"block|inline"),
    "form": re.compile(r"prefix|infix|postfix"),
    "mathvariant": re.compile(r"normal"),
    "scriptlevel": re.compile(r"[+-]?[0-2]"),
    **dict.fromkeys(
        ("accent", "accentunder", "displaystyle", "fence", "largeop", "movablelimits", "separator", "stretchy",
         "symmetric"),
        _SWITCH,
    ),
    **dict.fromkeys(
        ("depth", "height", "linethickness", "lspace", "maxsize", "minsize", "rspace", "voffset", "width"), _LENGTH
    ),
}  # fmt: skip

# No macros: fifty short ones that call each other could nest a formula deeper than any stack.
_CONVERTER = math_core.LatexToMathML(fancy_error=False, max_expansions=0, allow_unreliable_rendering=True)
# Characters by name, such as &ApplyFunction;, that HTML knows and XML does not.
_NAMED = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)[A-Za-z]+;")


def mathml(tex: str, display: bool = False) -> str:
    r"""One formula as MathML; as its own source, set as code, where it cannot be converted.

    Parameters
    ----------
    tex : str
        TeX without its dollar signs.
    display : bool
        Whether it stands on a line of its own.

    Examples
    --------
    >>> mathml("x^2")
    '<math><msup><mi>x</mi><mn>2</mn></msup></math>'
    >>> mathml(r"\nonsense")
    '<code>$\\nonsense$</code>'
    """
    try:
        if len(tex) > MAX_LENGTH:
            raise ValueError("too long")
        made = _CONVERTER.convert_with_local_state(tex, displaystyle=display)
        return "".join(_rebuilt(ElementTree.fromstring(_NAMED.sub(lambda m: html.unescape(m[0]), made))))
    except (math_core.LatexError, ElementTree.ParseError, ValueError, RecursionError):
        mark = "$$" if display else "$"
        return f"<code>{html.escape(mark + tex + mark)}</code>"


def _rebuilt(element: ElementTree.Element) -> Iterator[str]:
    """The pieces of an element written anew: what is on no list is left out, and only its text stays."""
    name = element.tag.rpartition("}")[2]
    known = name in ELEMENTS
    if known:
        pairs = ((key, _allowed(key, value)) for key, value in element.attrib.items())
        yield f"<{name}{''.join(f' {k}={chr(34)}{html.escape(v)}{chr(34)}' for k, v in pairs if v)}>"
    yield html.escape(element.text or "", quote=False)
    for child in element:
        yield from _rebuilt(child)
        yield html.escape(child.tail or "", quote=False)
    if known:
        yield f"</{name}>"


def _allowed(attribute: str, value: str) -> str:
    """The value of an attribute as far as it is harmless; empty if nothing is."""
    if attribute == "style":
        return ";".join(part for p in value.split(";") if (part := p.strip()) and _STYLE.fullmatch(part))
    pattern = ATTRIBUTES.get(attribute)
    return value if pattern and pattern.fullmatch(value) else ""


class _Holes(IPythonRenderer):  # type: ignore[misc]  # nbconvert has no types
    """Renders Markdown with a mark in the place of each formula."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.key = secrets.token_hex(8)  # nobody can write a mark that he does not know
        self.formulas: list[tuple[str, bool]] = []

    def _hole(self, tex: str, display: bool) -> str:
        self.formulas.append((tex, display))
        return f"{self.key}x{len(self.formulas) - 1}x"

    def block_math(self, body: str) -> str:
        return self._hole(body, True)

    def inline_math(self, body: str) -> str:
        return self._hole(body, False)

    def latex_environment(self, name: str, body: str) -> str:
        return self._hole(rf"\begin{{{name}}}{body}\end{{{name}}}", True)


def markdown2html(source: str, clean: Callable[[str], str] = str, **settings: Any) -> str:
    r"""Turn Markdown into HTML, its TeX into MathML.

    Parameters
    ----------
    source : str
        Markdown with ``$…$``, ``$$…$$`` and LaTeX environments.
    clean : callable, optional
        Told the HTML with a mark in the place of each formula; gives back what may stay of it. Mathematics is put in
        afterwards, and only where there is text.
    **settings
        Of nbconvert's ``IPythonRenderer``.

    Examples
    --------
    >>> markdown2html("so $a < b$")
    '<p>so <math><mi>a</mi><mo>&lt;</mo><mi>b</mi></math></p>\n'
    """
    renderer = _Holes(escape=False, exclude_anchor_links=True, **settings)
    text = clean(str(MarkdownWithMath(renderer=renderer).render(source)))
    hole = re.compile(rf"{renderer.key}x(\d+)x")

    def formula(found: re.Match[str]) -> str:
        number = int(found[1])
        tex, display = renderer.formulas[number]
        return mathml(tex, display) if number < MAX_FORMULAS else f"<code>{html.escape(tex)}</code>"

    def plain(found: re.Match[str]) -> str:
        tex, display = renderer.formulas[int(found[1])]
        mark = "$$" if display else "$"
        return html.escape(mark + tex + mark)

    # Inside a tag, such as <a title="$x$">, mathematics would end the attribute.
    pieces = re.split(r"(<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)", text)
    return "".join(hole.sub(plain if i % 2 else formula, piece) for i, piece in enumerate(pieces))
