"""Texts that come from outside: written answers that nothing renders into more than text, and signs made visible."""

from __future__ import annotations

import re
import unicodedata

PLAIN_TAG = re.compile(
    r"</?(?:b|i|em|strong|sub|sup|code|kbd|u|s|del|ins|p|br|hr|ul|ol|li|dl|dt|dd|table|caption|thead|tbody|tr|td|th|blockquote|"
    r"pre|h[1-6]|details|summary|div|span)\s*/?>|<(?:https?://|mailto:)[^\s<>\"']*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(?=[A-Za-z!?/])")
_LINK = re.compile(r"\](?=\((?!\s*<?(?:https?://|mailto:)[^\\]))")
_REFERENCE = re.compile(r"\](?=:(?!\s*<?(?:https?://|mailto:)[^\\]))")
_DRAWING = re.compile(r"((?:`{3,}|~{3,})[ \t]*\{?\.?)(?=mermaid)", re.IGNORECASE)

INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Letters and marks that nobody sees, besides control and format characters."""
UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
UNUSUAL = re.compile(r"[^ -~]")
"""What has to be looked at: all but the characters of ASCII that are seen, which most texts are made of."""
COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}m")


def inert(markdown: str) -> str:
    r"""A written answer in which nothing is loaded, run or followed within the server, whoever renders it.

    Nothing is taken away: a space keeps a tag with attributes, a picture, or a link without a host, from being one.

    Examples
    --------
    >>> inert("x<sub>1</sub> $a<b$ <img src=x> ![p](q) [r](s.html) [t](https://example.org)")
    'x<sub>1</sub> $a< b$ < img src=x> ! [p] (q) [r] (s.html) [t](https://example.org)'
    """
    text = _TAG.sub(lambda found: "<" if PLAIN_TAG.match(markdown, found.start()) else "< ", markdown)
    text = text.replace("![", "! [")
    text = _REFERENCE.sub("] ", _LINK.sub("] ", text))
    return _DRAWING.sub(r"\1text ", text)


def visible(text: str, kept: str = "") -> str:
    r"""A text with all that is not seen written out: control, bidirectional and zero-width characters.

    Parameters
    ----------
    text : str
        Whatever came.
    kept : str
        Characters that stay as they are: ``"\n\t"`` in texts of several lines.

    Examples
    --------
    >>> visible("e\u200bve\x9b31m"), visible("Zoë 李雷"), visible("a\nb", kept="\n")
    ('e\\u200bve\\x9b31m', 'Zoë 李雷', 'a\nb')
    """
    if text.isascii() and text.isprintable():
        return text

    def shown(found: re.Match[str]) -> str:
        sign = found[0]
        return sign if sign in kept or is_seen(sign) else _written(sign)

    return UNUSUAL.sub(shown, text)


def is_seen(sign: str) -> bool:
    """Whether a character shows itself."""
    return sign not in INVISIBLE and unicodedata.category(sign) not in UNSEEN


def _written(sign: str) -> str:
    number = ord(sign)
    return (
        f"\\x{number:02x}"
        if number < 0x100
        else f"\\u{number:04x}"
        if number < 0x10000
        else f"\\U{number:08x}"
    )


def visible_output(text: str) -> str:
    """An output, several lines of it, with nothing but colours left that a terminal would obey."""
    parts = COLOUR.split(text)
    colours = COLOUR.findall(text)
    shown = [visible(part, kept="\n\t\r") for part in parts]
    return "".join(a + b for a, b in zip(shown, [*colours, ""], strict=True))
