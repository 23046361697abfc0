import html
import io
import json
import re

import numpy as np
import pytest
from matplotlib.image import imread

from fnnkit.figures.engine.player import FramePlayer, checked


def descent(my_gradient, count=4):
    """The film that the module's docstring teaches."""
    player = FramePlayer(3.0, 2.0, title="gradient descent", label="step")
    axes = player.figure.add_subplot(xlim=(-3, 3), ylim=(-1, 9))
    (here,) = player.changing(axes.plot([], [], "o"))

    def record(my_gradient):
        x = 2.5
        for step in range(count):
            yield step, x
            x = x - 0.2 * float(checked(my_gradient, my_gradient(x), slope=()))

    def draw(state):
        step, x = state
        here.set_data([x], [x**2])
        return f"Step {step}: x = {x:.3f}."

    return player.film(draw, record, my_gradient, count=count)


def data(film):
    return json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', film.html, re.S)[1])


def test_each_state_becomes_a_picture_with_its_caption():
    film = descent(lambda x: 2 * x)
    assert film.captions == [f"Step {k}: x = {2.5 * 0.6**k:.3f}." for k in range(4)]
    pictures = [imread(io.BytesIO(frame)) for frame in film.frames]
    assert all(p.shape[:2] == pictures[0].shape[:2] for p in pictures)
    dots = [np.argwhere((p[..., 2] > 0.5) & (p[..., 0] < 0.4))[:, 1].mean() for p in pictures]
    assert dots == sorted(dots, reverse=True)  # it moves to the left


def test_the_first_picture_and_its_words_are_there_without_a_script():
    film = descent(lambda x: 2 * x)
    bare = re.sub(r"<script.*?</script>", "", film.html, flags=re.S)
    assert bare.count("<img ") == 1
    assert 'alt="Step 0: x = 2.500."' in bare
    assert "button" not in bare
    assert 'aria-label="gradient descent"' in bare


def test_all_pictures_are_in_the_page():
    film = descent(lambda x: 2 * x)
    assert len(data(film)["frames"]) == 4
    assert data(film)["captions"] == film.captions
    assert "http" not in film.html


def test_a_film_is_drawn_when_it_is_asked_for_and_once():
    calls = []
    film = descent(lambda x: (calls.append(x), 2 * x)[1])
    assert calls == []
    assert repr(film) == "film: gradient descent"
    assert film.html
    assert film.captions
    assert len(calls) == 4
    assert repr(film) == "Step 0: x = 2.500."


def test_what_was_drawn_before_a_fault_is_shown_with_the_reason():
    def fussy(x):
        if x < 1:
            raise ValueError("<too near>")
        return 2 * x

    film = descent(fussy)
    assert film.captions == ["Step 0: x = 2.500.", "Step 1: x = 1.500.", "Step 2: x = 0.900."]
    assert film.fault.startswith("Your fussy cannot be drawn: it stops with ValueError: <too near>.")
    assert "&lt;too near&gt;" in film.html


def test_an_answer_without_code_is_told_at_once():
    def no_code(x):
        raise NotImplementedError

    player = FramePlayer(2, 1, title="t")
    film = player.film(str, lambda f: (f(i) for i in range(3)), no_code)
    assert film.frames == []
    assert "has no code yet" in html.unescape(film.html)
    assert "<img" not in film.html


def test_nothing_recorded_is_said():
    assert "no state was recorded" in FramePlayer(2, 1, title="t").film(str, []).html


def test_states_may_be_a_list_and_captions_may_hold_anything():
    film = FramePlayer(2, 1, title='a "title"').film(lambda s: f"</script><b>{s}", [1, 2])
    assert data(film)["captions"] == ["</script><b>1", "</script><b>2"]
    assert "<b>" not in re.sub(r"<script.*?</script>", "", film.html, flags=re.S)
    assert 'aria-label="a &quot;title&quot;"' in film.html


def test_progress_is_told_after_each_picture():
    told = []
    descent(lambda x: 2 * x).draw(lambda done, count: told.append((done, count)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_slow_film_shows_a_bar_that_the_film_replaces(monkeypatch):
    import IPython.display

    from fnnkit.figures.engine import player

    monkeypatch.setattr(player, "PATIENCE", 0.0)
    clock = iter(np.arange(1000.0))
    monkeypatch.setattr(player.time, "monotonic", lambda: next(clock))
    shown = []

    class Handle:
        def update(self, what, **options):
            shown.append(what)

    monkeypatch.setattr(IPython.display, "display", lambda what, **o: (shown.append(what), Handle())[1])
    descent(lambda x: 2 * x)._ipython_display_()
    assert [re.search(r'value="(\d)"', page.data)[1] for page in shown[:-1]] == ["1", "2", "3", "4"]
    assert "gradient descent: 2 pictures of 4 drawn" in shown[1].data
    assert shown[-1]["text/plain"] == "Step 0: x = 2.500."
    assert "fnnkit-film" in shown[-1]["text/html"]


def test_an_interrupt_goes_through_and_the_film_can_be_drawn_again():
    stop = [True]

    def interrupted(x):
        if stop[0]:
            raise KeyboardInterrupt
        return 2 * x

    film = descent(interrupted)
    with pytest.raises(KeyboardInterrupt):
        film.draw()
    stop[0] = False
    assert len(film.frames) == 4
