"""What a cell of a student put out, cut to a size and to kinds that are safe to store and to show."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from fnnkit.kernel.wire import readable
from grader.marking.picture import picture, points
from grader.marking.places import hidden
from grader.marking.text import visible, visible_output

MAX_TEXT = 20_000
MAX_IMAGE = 1_000_000
MAX_OUTPUTS = 100
MOST_PICTURES, MOST_POINTS = 60, 60_000_000
"""Pictures that one page of feedback shows, and the points that they have together: four bytes each once unpacked."""
NOT_SHOWN = "[a picture is not shown: this page has too many, or too large ones]\n"
CUT = "\n[the rest of the output is not stored: it is too long]\n"


class OutputBudget:
    """Collects outputs of one cell: texts, errors and PNG pictures, never HTML or scripts."""

    def __init__(self) -> None:
        self.outputs: list[dict[str, Any]] = []
        self._text_left = MAX_TEXT
        self._image_left = MAX_IMAGE

    def take(self, kind: str, content: dict[str, Any]) -> None:
        """Add one message of the kernel, if it is an output and there is room for it."""
        if len(self.outputs) >= MAX_OUTPUTS:
            return
        if kind == "stream":
            name = "stderr" if content.get("name") == "stderr" else "stdout"
            text = self._text(content.get("text"))
            if text and self.outputs and self.outputs[-1].get("name") == name:
                self.outputs[-1]["text"] += text
            elif text:
                self.outputs.append({"output_type": "stream", "name": name, "text": text})
        elif kind == "error":
            lines = content.get("traceback")
            trace = [self._text(line) for line in lines[:50]] if isinstance(lines, list) else []
            self.outputs.append(
                {
                    "output_type": "error",
                    "ename": visible(readable(content.get("ename"), 100)),
                    "evalue": visible_output(hidden(readable(content.get("evalue"), 1000))),
                    "traceback": trace,
                }
            )
        elif kind in ("display_data", "execute_result"):
            data = self._data(content.get("data"))
            if data:
                # Never an execute_result: nbgrader would read it as a score.
                self.outputs.append({"output_type": "display_data", "data": data, "metadata": {}})

    def _text(self, value: object) -> str:
        # Half of a surrogate pair cannot be written to a file.
        text = value[: MAX_TEXT + 1].encode("utf-8", "replace").decode() if isinstance(value, str) else ""
        text = visible_output(hidden(text))
        left, self._text_left = self._text_left, self._text_left - len(text)
        if left < 0 or not text:
            return ""
        return text[:left] + (CUT if len(text) > left else "")

    def _data(self, bundle: object) -> dict[str, str]:
        if not isinstance(bundle, dict):
            return {}
        found = {}
        image = bundle.get("image/png")
        if isinstance(image, str) and len(image) <= self._image_left:
            try:
                raw = base64.b64decode("".join(image.split()), validate=True)
            except (binascii.Error, ValueError):
                raw = b""
            shown = picture(raw)
            if shown:
                self._image_left -= len(image)
                found["image/png"] = base64.b64encode(shown).decode()
        text = self._text(bundle.get("text/plain"))
        if text:
            found["text/plain"] = text
        return found


def fit_page(cells: dict[str, list[dict[str, Any]]]) -> None:
    """Replace the pictures of a notebook that are more than one page can show, by a line that says so."""
    pictures, left = 0, MOST_POINTS
    for outputs in cells.values():
        for output in outputs:
            data = output.get("data", {})
            if "image/png" in data:
                size = points(base64.b64decode(data["image/png"]))
                if pictures < MOST_PICTURES and size <= left:
                    pictures, left = pictures + 1, left - size
                else:
                    del data["image/png"]
                    data["text/plain"] = NOT_SHOWN
