"""Pictures that were pasted into written answers, put back into the HTML of their text, as data that was rebuilt."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from jinja2 import pass_context

from grader.marking.picture import photograph, picture
from grader.marking.written import PICTURE
from grader.pages import safe_html

_TAG = re.compile(r"(<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)")
KINDS = {"image/png": picture, "image/jpeg": photograph}


def written_html(cell: Mapping[str, Any], links: bool = False) -> str:
    """The text of a written answer as HTML, with the pictures that were pasted into it.

    Parameters
    ----------
    cell : mapping
        A cell as `grader.marking.written` made it.
    links : bool
        As in `safe_html.markdown2html`.
    """
    return with_pictures(safe_html.markdown2html(cell.get("source", ""), links), cell.get("attachments"))


def with_pictures(html: str, attachments: object) -> str:
    """Cleaned HTML with pictures in the place of their marks: only in text, and each only once."""
    if not isinstance(attachments, Mapping) or not attachments:
        return html
    left = dict(attachments)

    def shown(found: re.Match[str]) -> str:
        address = _address(left.pop(found[1], None))
        return (
            f'<img alt="A picture that was pasted into this answer" src="{address}">' if address else found[0]
        )

    return "".join(p if i % 2 else PICTURE.sub(shown, p) for i, p in enumerate(_TAG.split(html)))


def _address(bundle: object) -> str:
    """A picture as the address of itself; rebuilt once more, as the notebook may have been changed by somebody."""
    for kind, data in bundle.items() if isinstance(bundle, Mapping) else ():
        if kind in KINDS and isinstance(data, str):
            try:
                made = KINDS[kind](base64.b64decode(data))
            except (binascii.Error, ValueError):
                continue
            if made:
                return f"data:{kind};base64,{base64.b64encode(made).decode()}"
    return ""


@pass_context
def markdown2html(context: Any, source: str) -> str:
    """Render Markdown safely, with the pictures of its cell; what nbconvert's templates call for each text cell."""
    return with_pictures(safe_html.markdown2html(source), context.get("cell", {}).get("attachments"))
