"""Films: pictures drawn ahead by the student's own function, played in the browser.

Once drawn, a film needs no kernel and no network: it plays in JupyterLab, Notebook 7 and in an exported page, at five
milliseconds a picture. It suits a training, and a figure with one slider whose pictures are slow to draw.

>>> import numpy as np
>>> from fnnkit.figures.engine.player import BLUE, FramePlayer, checked
>>> def descent(my_gradient):
...     player = FramePlayer(6.0, 3.5, title="gradient descent on x²", label="step")
...     axes = player.figure.add_subplot(xlabel="x", ylabel="x²", xlim=(-3, 3), ylim=(-1, 9))
...     axes.plot(np.linspace(-3, 3), np.linspace(-3, 3) ** 2, color=BLUE)
...     (here,) = player.changing(axes.plot([], [], "o", color="black"))
...
...     def record(my_gradient):  # what the student's function does, one state a picture
...         x = 2.5
...         for step in range(20):
...             yield step, x
...             x = x - 0.2 * float(checked(my_gradient, my_gradient(x), slope=()))
...
...     def draw(state):
...         step, x = state
...         here.set_data([x], [x**2])
...         return f"Step {step}: x = {x:.3f}, x² = {x**2:.3f}."
...
...     return player.film(draw, record, my_gradient, count=20)
>>> film = descent(lambda x: 2 * x)
>>> film.captions[1]
'Step 1: x = 1.500, x² = 2.250.'

The states may also be a list that was recorded before: ``player.film(draw, states)``. A film is drawn when it is shown
(or when ``captions``, ``frames`` or ``html`` is asked for); if that takes long, a bar of progress stands in its place.
"""

from __future__ import annotations

import html
import io
import json
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence, Sized
from typing import Any

from fnnkit.figures.engine.canvas import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    SKY,
    SURFACE,
    YELLOW,
    Canvas,
    explanation,
    image,
)  # fmt: skip
from fnnkit.figures.engine.guard import checked, guarded, in_words

__all__ = [
    "BLUE", "GREEN", "GREY", "ORANGE", "PINK", "SKY", "SURFACE", "YELLOW",
    "Film", "FramePlayer", "checked", "guarded",
]  # fmt: skip

COLOURS = 128
"""Colours of a frame: few, because a film holds every picture of it; charts need no more."""
PATIENCE = 0.4
"""Seconds after which a film that is still being drawn shows how far it is."""


class FramePlayer(Canvas):
    """A figure that becomes a film; see the module for a worked example.

    Parameters
    ----------
    width, height : float
        Size in inches, at 96 pixels an inch. A notebook's column shows up to about 9.6 inches.
    layout : str or None
        Matplotlib's layout engine; None where the places of the axes are given.
    title : str
        Name of the film, for screen readers.
    label : str
        Name of the slider: "step", "epoch", "number of units".
    rate : float
        Frames a second when it plays.
    """

    def __init__(
        self,
        width: float = 6.4,
        height: float = 3.8,
        layout: Any = "constrained",
        *,
        title: str,
        label: str = "step",
        rate: float = 8.0,
    ) -> None:
        super().__init__(width, height, layout)
        self.title, self.label, self.rate = title, label, rate

    def film(
        self,
        draw: Callable[[Any], str],
        states: Iterable[Any] | Callable[..., Iterable[Any]],
        *functions: Callable[..., Any],
        count: int | None = None,
    ) -> Film:
        """Make a film: one picture for each state.

        Parameters
        ----------
        draw : callable
            ``draw(state)`` changes artists and returns the caption, which says what this picture shows.
        states : iterable or callable
            The states, or a generator function ``states(*functions)`` that records them.
        *functions : callable
            The student's functions; ``states`` gets them guarded.
        count : int, optional
            How many states a generator yields, for the bar of progress.

        Returns
        -------
        Film
            To be the last line of a cell.
        """
        return Film(self, draw, states, functions, count)


class Film:
    """A film on the page; drawn once, when it is first asked for.

    Attributes
    ----------
    player : FramePlayer
        What draws it.
    """

    def __init__(
        self,
        player: FramePlayer,
        draw: Callable[[Any], str],
        states: Iterable[Any] | Callable[..., Iterable[Any]],
        functions: tuple[Callable[..., Any], ...],
        count: int | None,
    ) -> None:
        self.player = player
        self._make, self._states, self._functions = draw, states, functions
        self._count = len(states) if isinstance(states, Sized) else count
        self._frames: list[bytes] = []
        self._captions: list[str] = []
        self._fault = ""
        self._drawn = False

    @property
    def frames(self) -> list[bytes]:
        """Every picture, PNG."""
        self.draw()
        return self._frames

    @property
    def captions(self) -> list[str]:
        """What each picture shows, in words."""
        self.draw()
        return self._captions

    @property
    def fault(self) -> str:
        """Why the film ends early, in words; empty if it does not."""
        self.draw()
        return self._fault

    @property
    def html(self) -> str:
        """The film as it stands in a page: one picture, which a script brings to life."""
        self.draw()
        return self._page()

    def draw(self, report: Callable[[int, int | None], None] = lambda done, count: None) -> None:
        """Draw every picture, if that is not done yet.

        Parameters
        ----------
        report : callable
            Told after each picture how many are drawn, and of how many (None: not known).
        """
        if self._drawn:
            return
        self._drawn = True
        try:
            states = self._states
            if callable(states):
                states = states(*(guarded(f) for f in self._functions))
            for state in states:
                caption = self._make(state)
                self._frames.append(small(self.player.draw()))
                self._captions.append(caption)
                report(len(self._frames), self._count)
        except Exception as error:  # whatever it is, the film says it, and shows what there is
            self._fault = in_words(error)
        except BaseException:  # interrupted: to be drawn from the start
            self._drawn, self._frames, self._captions = False, [], []
            raise
        if not self._frames and not self._fault:
            self._fault = "There is nothing to show: no state was recorded."

    def _page(self) -> str:
        fault = explanation(self._fault) if self._fault else ""
        if not self._frames:
            return fault
        player = self.player
        made = page(self._frames, self._captions, player.title, player.label, player.rate, player.size)
        return made + fault

    def __repr__(self) -> str:
        if not self._drawn:
            return f"film: {self.player.title}"
        return self._captions[0] if self._captions else self._fault

    def _ipython_display_(self) -> None:
        from IPython.display import HTML, display

        shown: Any = None
        begun = last = time.monotonic()

        def report(done: int, count: int | None) -> None:
            nonlocal shown, last
            now = time.monotonic()
            if now - begun < PATIENCE or now - last < 0.1:
                return
            last = now
            bar = f'<progress max="{count}" value="{done}"></progress>' if count else "<progress></progress>"
            words = f"{self.player.title}: {done} pictures" + (f" of {count}" if count else "") + " drawn"
            page = HTML(f'<label style="line-height:1.45">{bar} {html.escape(words)}</label>')
            if shown is None:
                shown = display(page, display_id=True)
            else:
                shown.update(page)

        self.draw(report)
        bundle = {"text/html": self.html, "text/plain": repr(self)}
        if shown is None:
            display(bundle, raw=True)
        else:
            shown.update(bundle, raw=True)


def page(
    frames: Sequence[bytes],
    captions: Sequence[str],
    title: str,
    label: str,
    rate: float,
    size: tuple[int, int],
    start: int = 0,
    narrow: Sequence[bytes] = (),
    narrow_size: tuple[int, int] = (0, 0),
) -> str:
    """Write a film as a page shows it: one picture, which a script brings to life; it opens at frame ``start``.

    ``narrow`` are the frames that a narrow page shows instead.
    """
    film = {
        "label": label,
        "rate": rate,
        "start": start,
        "frames": [b64encode(f).decode() for f in frames],
        "captions": list(captions),
        "narrow": [b64encode(f).decode() for f in narrow],
        "sizes": [size, narrow_size],
    }
    # "<" would end the script early if a caption held "</script>".
    data = json.dumps(film).replace("<", "\\u003c")
    first = image(frames[start], captions[start], *size)
    return (
        f'<div class="fnnkit-film" role="group" aria-label="{html.escape(title, quote=True)}">{first}'
        f'<div class="fnnkit-film-caption" style="line-height:1.45;min-height:1.45em;max-width:72em">'
        f"{html.escape(captions[start])}</div>"
        f'<script type="application/json" class="fnnkit-film-data">{data}</script></div>'
        f"<script>{SCRIPT}</script>"
    )


def twin(picture: str, narrow: Any, size: tuple[int, int]) -> str:
    """Have a page show another picture where it is narrow.

    Parameters
    ----------
    picture : str
        An HTML image.
    narrow : ndarray of uint8
        The pixels of the other.
    size : tuple of int
        Its width and height.
    """
    data = b64encode(small(narrow)).decode()
    return (
        f'<picture><source media="(max-width: 600px)" width="{size[0]}" height="{size[1]}" '
        f'srcset="data:image/png;base64,{data}">{picture}</picture>'
    )


def small(pixels: Any) -> bytes:
    """Write a frame with few colours: a quarter of the bytes."""
    from PIL import Image

    picture = Image.fromarray(pixels[:, :, :3])
    few = picture.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    stream = io.BytesIO()
    few.save(stream, format="png", compress_level=6)
    return stream.getvalue()


# It brings every film on the page to life that is not alive yet, and touches nothing else. Its controls are made here,
# so that a page without scripts has none that do nothing. The attribute keeps Jupyter's shortcuts off the arrow keys.
SCRIPT = """
(() => {
  const still = window.matchMedia('(prefers-reduced-motion: reduce)');
  for (const film of document.querySelectorAll('.fnnkit-film')) {
    const data = film.querySelector('.fnnkit-film-data');
    if (!data || film.dataset.alive) continue;
    film.dataset.alive = 'yes';
    const {frames, captions, label, rate, start: begin, narrow, sizes} = JSON.parse(data.textContent);
    const slim = window.matchMedia('(max-width: 600px)');
    const img = film.querySelector('img'), caption = film.querySelector('.fnnkit-film-caption');
    const last = frames.length - 1;
    let at = 0, timer = null;
    function make(kind, text, name) {
      const made = document.createElement(kind);
      made.textContent = text;
      made.setAttribute('aria-label', name);
      made.dataset.lmSuppressShortcuts = 'true';
      if (kind === 'button')
        made.style.cssText = 'font:inherit;min-width:2.6em;padding:.2em .5em;cursor:pointer';
      return made;
    }
    const back = make('button', '◀', 'one ' + label + ' back');
    const play = make('button', '▶ Play', 'Play');
    const on = make('button', '▶', 'one ' + label + ' on');
    play.style.minWidth = '5.5em';
    const range = make('input', '', label);
    Object.assign(range, {type: 'range', min: 0, max: last, step: 1, value: 0});
    range.style.cssText = 'flex:1 1 12em;max-width:30em';
    const place = document.createElement('output');
    place.style.cssText = 'min-width:6em;font-variant-numeric:tabular-nums';
    caption.setAttribute('role', 'status');
    function show(index) {
      at = Math.max(0, Math.min(last, index));
      const small = slim.matches && narrow.length > 0;
      img.src = 'data:image/png;base64,' + (small ? narrow : frames)[at];
      [img.width, img.height] = sizes[small ? 1 : 0];
      img.alt = captions[at];
      caption.textContent = captions[at];
      range.value = at;
      range.setAttribute('aria-valuetext', label + ' ' + at + ' of ' + last);
      place.textContent = label + ' ' + at + ' / ' + last;
    }
    function stop() {
      clearInterval(timer);
      timer = null;
      play.textContent = '▶ Play';
      play.setAttribute('aria-label', 'Play');
      caption.setAttribute('aria-live', 'polite');
    }
    function start() {
      if (at === last) show(0);
      play.textContent = '❚❚ Stop';
      play.setAttribute('aria-label', 'Stop');
      caption.setAttribute('aria-live', 'off');
      timer = setInterval(() => {
        if (!film.isConnected) return stop();
        show(at + 1);
        if (at === last) stop();
      }, 1000 / rate);
    }
    play.addEventListener('click', () => timer === null ? start() : stop());
    back.addEventListener('click', () => { stop(); show(at - 1); });
    on.addEventListener('click', () => { stop(); show(at + 1); });
    range.addEventListener('input', () => { stop(); show(Number(range.value)); });
    // Who asks for less motion steps through the pictures.
    if (still.matches) play.hidden = true;
    const bar = document.createElement('div');
    bar.style.cssText = 'display:flex;flex-wrap:wrap;gap:.4em;align-items:center;margin:.3em 0';
    bar.append(back, play, on, range, place);
    if (last > 0) img.after(bar);
    slim.addEventListener('change', () => show(at));
    show(begin || 0);
    stop();
  }
})();
"""
