"""Pictures as the pixels that differ from the picture before, for as long as something moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST = 100_000
"""Bytes; what takes more is sent as a whole picture, which is no longer."""
_RUN = 10
"""Bytes of a run."""


class Frames:
    """What the browser shows now, and what has to be painted over it.

    A step of the explorer is 15 kB so and found in 0.5 ms; as a whole PNG, in base64, it is 77 kB and takes 3.8 ms, and the
    browser has to decode all of it. The XOR surface: 30 to 55 kB and 0.9 ms; 98 kB and 4.8 ms.

    Attributes
    ----------
    number : int
        Of the picture that is shown; it grows with each that differs.
    """

    def __init__(self) -> None:
        self.number = 0
        self._shown: NDArray[np.uint32] | None = None
        # Kept: memory that is new has to be cleared by the system, page by page.
        self._differs = np.empty(0, bool)

    def whole(self, pixels: NDArray[np.uint8]) -> int:
        """Note that a picture is shown as a whole; give its number, the old one if nothing differs."""
        now = _words(pixels)
        if self._shown is None or self._shown.shape != now.shape or not np.array_equal(self._shown, now):
            self._shown = now.copy()
            self.number += 1
        return self.number

    def lost(self) -> None:
        """Note that something else is shown."""
        self._shown = None

    def step(self, pixels: NDArray[np.uint8]) -> bytes | None:
        """Note that a picture is shown, and give what makes it of the one before.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (height, width, 4)
            The picture.

        Returns
        -------
        bytes or None
            Runs of pixels of one colour, in their order: where each starts (row · width + column) and its colour, as uint32, and
            how long each is, as uint16; all starts first, then all colours, then all lengths. None if the picture has
            another size or differs too much.
        """
        now = _words(pixels)
        if self._shown is None or self._shown.shape != now.shape:
            return None
        if self._differs.shape != now.shape:
            self._differs = np.empty(now.shape, bool)
        changed = np.flatnonzero(np.not_equal(self._shown, now, out=self._differs))
        colours = now[changed]
        begins = np.ones(changed.size, bool)
        begins[1:] = (changed[1:] - changed[:-1] != 1) | (colours[1:] != colours[:-1])
        first = np.flatnonzero(begins)
        lengths = np.diff(first, append=changed.size)
        if _RUN * first.size > MOST or lengths.max(initial=0) > 0xFFFF:
            return None
        self._shown[changed] = colours
        self.number += 1
        parts = changed[first].astype(np.uint32), colours[first], lengths.astype(np.uint16)
        return b"".join(part.tobytes() for part in parts)


def _words(pixels: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Each pixel as one number."""
    height, width = pixels.shape[:2]
    return np.ascontiguousarray(pixels).view(np.uint32).reshape(height * width)
