"""Text of a picture, drawn from letters that were drawn before: most of what stands at a step stood there already."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib import ft2font
from matplotlib.backends import backend_agg
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from numpy.typing import NDArray

MOST = 4096
"""Letters and texts that are kept; all are forgotten when there are more."""
_Renderer: Any = backend_agg.RendererAgg
_hinting: Any = backend_agg.get_hinting_flag
KNOWN = hasattr(_Renderer, "_draw_text_glyphs_and_boxes")
"""Whether this matplotlib draws text in a way that is known here (3.11 does); the older ones draw it themselves."""

# A letter by font, size, place between two pixels and so on: its opacities, and where they lie.
_letters: dict[Any, tuple[NDArray[np.uint8], int, int]] = {}
_texts: dict[Any, list[tuple[Any, float, int, int, int, float, float]]] = {}


class Letters(_Renderer):  # type: ignore[misc]
    """Matplotlib's renderer; it draws the same pixels.

    Nine short texts took 5.7 ms of the 15.5 ms of a step of the XOR surface: most of it to lay out and to paint, letter by
    letter, what is the same as a moment ago. With this the step takes 3.8 ms less.
    """

    if KNOWN:

        def draw_text(
            self,
            gc: Any,
            x: float,
            y: float,
            s: str,
            prop: Any,
            angle: float,
            ismath: Any = False,
            mtext: Any = None,
        ) -> None:
            """Draw a text; called by matplotlib."""
            if ismath:
                super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
                return
            features = mtext.get_fontfeatures() if mtext is not None else None
            language = mtext.get_language() if mtext is not None else None
            key = s, prop, self.dpi, _hinting(), str(features), str(language)
            glyphs = _texts.get(key)
            if glyphs is None:
                _forget(_texts)
                font, size = self._prepare_font(prop), prop.get_size_in_points()
                laid = font._layout(s, flags=_hinting(), features=features, language=language)
                glyphs = [(item.ft_object, size, item.glyph_index, 0, 1, item.x, item.y) for item in laid]
                _texts[s, prop.copy(), *key[2:]] = glyphs
            self._draw_text_glyphs_and_boxes(gc, x, y, angle, glyphs, [])

        def _draw_text_glyphs_and_boxes(
            self, gc: Any, x: float, y: float, angle: float, glyphs: Any, boxes: Any
        ) -> None:
            if angle or not gc.get_antialiased():
                super()._draw_text_glyphs_and_boxes(gc, x, y, angle, glyphs, boxes)
                return
            up, flags = self.height - y, _hinting()
            for font, size, index, slant, extend, dx, dy in glyphs:
                # In parts of a pixel: a letter between two pixels is another picture.
                p, q = round(64 * (x + dx)), round(64 * (up + dy))
                key = font.fname, index, size, self.dpi, flags, slant, extend, p % 64, q % 64
                letter = _letters.get(key)
                if letter is None:
                    letter = self._letter(font, index, size, flags, slant, extend, p % 64, q % 64)
                    _forget(_letters)
                    _letters[key] = letter
                opacities, left, top = letter
                across, down = left + p // 64, int(self.height) - top - q // 64 + len(opacities)
                self._renderer.draw_text_image(opacities, across, down, 0, gc)
            if boxes:
                super()._draw_text_glyphs_and_boxes(gc, x, y, angle, (), boxes)

        def _letter(
            self, font: Any, index: int, size: float, flags: Any, slant: float, extend: float, p: int, q: int
        ) -> tuple[NDArray[np.uint8], int, int]:
            font.set_size(size, self.dpi)
            turned = (0x10000 * np.array([[extend, extend * slant], [0, 1]])).round().astype(int)
            font._set_transform(turned, [p, q])
            bitmap = font._render_glyph(index, flags, ft2font.RenderMode.NORMAL)
            return np.array(bitmap.buffer), bitmap.left, bitmap.top


class Drawn(FigureCanvasAgg):
    """Matplotlib's canvas, with that renderer."""

    def get_renderer(self) -> Any:
        """The renderer for the figure's size and sharpness; a new one when they change."""
        key = (*self.get_width_height(physical=True), self.figure.dpi)
        if self._lastKey != key:
            self.renderer, self._lastKey = Letters(*key), key
        return self.renderer


def remember(text: Text) -> None:
    """Have a text keep where its lines lie in it, by what it says and how: measuring takes 0.08 ms, as long as drawing it."""
    measured: Any = getattr(text, "_get_layout", None)
    if measured is None:
        return
    kept: dict[Any, Any] = {}

    def layout(renderer: Any) -> Any:
        figure: Any = text.get_figure(root=True)
        if figure is None or text.get_wrap() or text.get_usetex():
            return measured(renderer)
        key = (
            text.get_text(), hash(text.get_fontproperties()), figure.dpi, text.get_rotation(), text.get_rotation_mode(),
            text.get_ha(), text.get_va(), text.get_parse_math(), text._linespacing, text._multialignment,  # type: ignore[attr-defined]
        )  # fmt: skip
        if key not in kept:
            _forget(kept)
            kept[key] = measured(renderer)
        return kept[key]

    text._get_layout = layout  # type: ignore[attr-defined]


def _forget(kept: dict[Any, Any]) -> None:
    if len(kept) >= MOST:
        kept.clear()
