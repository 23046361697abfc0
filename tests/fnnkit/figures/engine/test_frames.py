import numpy as np
import pytest

from fnnkit.figures.engine.frames import MOST, Frames


def painted(words, runs):
    """What the browser does with the runs."""
    count = len(runs) // 10
    starts, colours = np.frombuffer(runs, np.uint32, count), np.frombuffer(runs, np.uint32, count, 4 * count)
    lengths = np.frombuffer(runs, np.uint16, count, 8 * count)
    for start, colour, length in zip(starts, colours, lengths, strict=True):
        words[start : start + length] = colour
    return words


def blank():
    return np.full((40, 60, 4), 255, np.uint8)


def test_the_runs_make_of_one_picture_the_next():
    random = np.random.default_rng(1)
    frames, shown = Frames(), blank()
    assert frames.whole(shown) == 1
    words = shown.view(np.uint32).ravel().copy()
    for number in range(2, 12):
        shown = shown.copy()
        top, left = random.integers(0, 30, 2)
        shown[top : top + 7, left : left + 20, :3] = random.integers(0, 3, 3)
        shown[random.integers(0, 40), random.integers(0, 60)] = (1, 2, 3, 255)
        words = painted(words, frames.step(shown))
        assert frames.number == number
        assert np.array_equal(words, shown.view(np.uint32).ravel())


def test_the_first_and_the_last_pixel_and_a_run_over_the_end_of_a_row():
    frames, shown = Frames(), blank()
    frames.whole(shown)
    words = shown.view(np.uint32).ravel().copy()
    shown = blank()
    shown[0, 0] = shown[-1, -1] = (0, 0, 0, 255)
    shown[3, 50:] = shown[4, :5] = (9, 9, 9, 255)
    runs = frames.step(shown)
    assert len(runs) == 3 * 10
    assert np.array_equal(painted(words, runs), shown.view(np.uint32).ravel())


def test_a_picture_that_is_the_same_has_no_runs_and_still_a_number_of_its_own():
    frames = Frames()
    assert frames.whole(blank()) == 1
    assert frames.step(blank()) == b""
    assert frames.number == 2
    assert frames.whole(blank()) == 2  # nothing differs: the image may be painted over by what was made for 2


def test_what_cannot_be_painted_over_is_a_whole_picture():
    frames = Frames()
    assert frames.step(blank()) is None  # over nothing
    frames.whole(blank())
    assert frames.step(np.zeros((41, 60, 4), np.uint8)) is None
    frames.lost()
    assert frames.step(blank()) is None


@pytest.mark.parametrize("what", ["noise", "one long run"])
def test_what_would_be_longer_as_runs_is_none_and_the_picture_before_stays_known(what):
    first = np.full((300, 400, 4), 255, np.uint8)
    frames = Frames()
    frames.whole(first)
    other = np.zeros_like(first)
    if what == "noise":
        other = np.random.default_rng(0).integers(0, 255, first.shape, dtype=np.uint8)
        assert 10 * other[:, :, 0].size > MOST
    assert frames.step(other) is None
    assert frames.number == 1
    assert frames.step(first) == b""
