import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from fnnkit.figures.engine import letters

TEXTS = ("y = 0.25", "y = -1", "ﬁx AVAT", "two\nlines", r"$\frac{1}{2} \sum_i w_i^2$ and text", "ä ∑ σ′")


def drawn(kind, shift=0.0, **options):
    figure = Figure(figsize=(4, 3), dpi=120)
    canvas = kind(figure)
    for row, text in enumerate(TEXTS):
        figure.text(0.1 + shift, 0.1 + 0.14 * row + shift / 3, text, fontsize=9 + row, **options)
    canvas.draw()
    return np.array(canvas.buffer_rgba())


@pytest.mark.parametrize(
    "options", [{}, {"rotation": 30}, {"alpha": 0.5, "color": "#D55E00"}, {"ha": "center"}]
)
def test_the_pixels_are_those_of_matplotlib_the_second_time_too(options):
    for shift in (0.0, 0.0013, 0.0571):  # letters between two pixels
        expected = drawn(FigureCanvasAgg, shift, **options)
        assert np.array_equal(drawn(letters.Drawn, shift, **options), expected)
        assert np.array_equal(drawn(letters.Drawn, shift, **options), expected)


def test_not_more_than_so_many_are_kept(monkeypatch):
    for name, small in (("MOST", 5), ("_letters", {}), ("_texts", {})):
        monkeypatch.setattr(letters, name, small)
    expected = drawn(FigureCanvasAgg)
    assert np.array_equal(drawn(letters.Drawn), expected)
    assert len(letters._letters) <= 5
    assert len(letters._texts) <= 5


@pytest.mark.skipif(not letters.KNOWN, reason="this matplotlib draws text itself")
def test_a_text_that_stood_there_is_not_laid_out_again(monkeypatch):
    drawn(letters.Drawn)
    prepared = []
    prepare = letters.Letters._prepare_font
    monkeypatch.setattr(
        letters.Letters, "_prepare_font", lambda self, p: (prepared.append(p), prepare(self, p))[1]
    )
    monkeypatch.setattr(letters.Letters, "_letter", lambda *_: pytest.fail("drawn again"))
    figure = Figure(figsize=(4, 3), dpi=120)
    canvas = letters.Drawn(figure)
    for row, text in enumerate(TEXTS[:2]):
        figure.text(0.1, 0.1 + 0.14 * row, text, fontsize=9 + row)
    canvas.draw()
    assert len(prepared) <= 2  # for the width, which matplotlib keeps itself


def test_a_text_that_remembers_its_lines_lies_where_it_would_lie_otherwise():
    figures = [Figure(figsize=(4, 3), dpi=100) for _ in range(2)]
    texts = [figure.text(0.5, 0.5, "") for figure in figures]
    letters.remember(texts[0])
    changes = (
        {"text": "y = 1"}, {"text": "two\nlines"}, {"fontsize": 15}, {"ha": "right"}, {"va": "top"}, {"rotation": 20},
        {"linespacing": 2}, {"multialignment": "center"}, {"position": (0.3, 0.7)}, {"weight": "bold"}, {"text": "y = 1"},
        {"rotation": 0}, {"text": ""}, {"text": "$x^2$"}, {"parse_math": False},
    )  # fmt: skip
    for change in changes:
        for dpi in (100, 120):
            pixels = []
            for figure, text in zip(figures, texts, strict=True):
                figure.set_dpi(dpi)
                text.set(**change)
                canvas = FigureCanvasAgg(figure)
                canvas.draw()
                pixels.append(np.array(canvas.buffer_rgba()))
            assert np.array_equal(*pixels), change
