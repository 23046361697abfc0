"""A page that stands alone; what a browser makes of it is tested in tests/browser."""

import re
import subprocess
import sys
from html.parser import HTMLParser

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.authoring.export import export
from grader.course import CourseError

FIGURE = "from fnnkit.figures.ch1_xor import hand_made_xor\nfrom fnnkit.xor import xor_network\nhand_made_xor(xor_network)"
FILM = """
from fnnkit.figures.engine.player import FramePlayer
player = FramePlayer(2.0, 1.0, title="a dot moves")
(dot,) = player.changing(player.figure.add_subplot(xlim=(0, 3)).plot([], [], "o"))
def draw(x):
    dot.set_data([x], [0])
    return f"the dot is at {x}"
player.film(draw, [0, 1, 2])
"""


class Asks(HTMLParser):
    """Collects what a page would load from elsewhere."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            loads = name in ("src", "srcset", "data", "action", "poster") or (name == "href" and tag != "a")
            if loads and not (value or "").startswith("data:"):
                self.found.append((tag, name, value))


def asks(page):
    parser = Asks()
    parser.feed(page)
    return parser.found + re.findall(r"url\(\s*[^d)][^)]*\)|@import", page)


@pytest.fixture
def write(tmp_path):
    def written(*cells):
        path = tmp_path / "lesson.ipynb"
        nbformat.write(new_notebook(cells=list(cells)), path)
        return path

    return written


@pytest.fixture
def exported(write, tmp_path):
    def made(*cells, **options):
        done = export(write(*cells), tmp_path / "out" / "lesson.html", **options)
        return done, done.path.read_text()

    return made


def test_figures_films_and_mathematics_are_inside_the_page(exported):
    steps = []
    done, page = exported(
        new_markdown_cell("# Lesson\n\nThe loss is $\\frac{1}{n}\\sum_i e_i^2$."),
        new_code_cell(FIGURE),
        new_code_cell(FILM),
        step=lambda done, cells: steps.append((done, cells)),
    )
    assert (done.figures, done.films, done.errors) == (1, 1, ())
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert 'alt="Left: the plane of the inputs' in page
    assert 'alt="the dot is at 0"' in page
    assert "<mfrac><mn>1</mn><mi>n</mi></mfrac>" in page
    assert "$" not in re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S)
    assert asks(page) == []
    assert "default-src 'none'" in page


def test_state_of_widgets_is_left_out_and_the_picture_stays(exported):
    _, page = exported(new_code_cell(FIGURE))
    assert "application/vnd.jupyter" not in page
    assert "VBox(" not in page


@pytest.mark.exhaustive
def test_a_chapter_asks_nobody_for_anything(tmp_path):
    target = tmp_path / "page.html"
    done = subprocess.run(
        [sys.executable, "-m", "grader", "export", "ch1_xor", "--output", str(target)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"wrote \S+page.html: \d+ figures?, \d+ films?", " ".join(done.stdout.split()))
    assert asks(target.read_text()) == []


def test_a_cell_that_stops_is_refused_or_shown(write, exported, tmp_path):
    with pytest.raises(CourseError, match="a cell stops with ZeroDivisionError: division by zero"):
        exported(new_code_cell("1 / 0"))
    done, page = exported(new_code_cell("1 / 0"), new_code_cell("print('on' + 'wards')"), errors=True)
    assert done.errors == ("ZeroDivisionError: division by zero",)
    assert "ZeroDivisionError" in page
    assert "onwards" in page


def test_saved_outputs_are_shown_without_running_anything(exported):
    cell = new_code_cell(
        "raise RuntimeError", outputs=[nbformat.v4.new_output("stream", text="as it was saved\n")]
    )
    done, page = exported(cell, run=False)
    assert "as it was saved" in page
    assert done.errors == ()


def test_the_notebook_is_not_changed_and_its_folder_is_not_written_to(write, tmp_path):
    path = write(new_code_cell("open('made.txt', 'w').write('x')"))
    before = path.read_bytes()
    export(path, tmp_path / "out" / "lesson.html")
    assert path.read_bytes() == before
    assert {p.name for p in tmp_path.iterdir()} == {"lesson.ipynb", "out"}


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["nothing.ipynb"], "there is no notebook nothing.ipynb"),
        (["ch9"], "there is no chapter 'ch9'"),
        (["ch1_xor", "-o", "page.pdf"], "should end in .html"),
        (["x.ipynb", "--released"], "--released is for chapters"),
    ],
)
def test_bad_input_is_one_line(options, words):
    done = subprocess.run(
        [sys.executable, "-m", "grader", "export", *options], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_damaged_notebook_is_one_line(tmp_path):
    path = tmp_path / "broken.ipynb"
    path.write_text("{ not json")
    with pytest.raises(CourseError, match="cannot be read as a notebook"):
        export(path, tmp_path / "page.html")
