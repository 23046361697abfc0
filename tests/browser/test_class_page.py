"""The pages of `grader report` in a browser: sorted, searched, small, on paper, with hostile names and a large class."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path

import pytest

from fnnkit.judge.registry import chapter_ids
from grader.course import Course
from grader.pages import class_pages

MADE = Path(__file__).resolve().parents[1] / "grader" / "pages" / "made_class.py"
HOSTILE = [
    "<script>alert(1)</script>",
    "'\"><img src=x onerror=alert(2)>",
    "a\u202eb\u0007",
    "=cmd()",
    "x" * 180,
]
CHAPTERS = ("ch1_xor", "ch3_activations")


def made(root, chapters, n, **more):
    about = importlib.util.spec_from_file_location("made_class", MADE)
    module = importlib.util.module_from_spec(about)
    about.loader.exec_module(module)
    return module.made_class(Course(root), chapters, n, **more)


@pytest.fixture
def pages(tmp_path):
    """A class of thirty, five of whom mean ill."""
    names = [*HOSTILE, *(f"Student {i:02}" for i in range(25))]
    about = made(tmp_path, CHAPTERS, len(names), names=names, absent=2)
    hostile = about.chapters[0].handed[HOSTILE[0]]
    hostile.texts["mse"] = "def mse(a, b):\n    '</pre><script>alert(3)</script>'\n    return 0"
    class_pages.write(about)
    return tmp_path / "reports"


@pytest.fixture
def looked(browser):
    """A page that may read files of this machine alone; what it complains of, opens or asks for fails the test."""
    heard = []
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    page = context.new_page()
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda line: heard.append(line.text))
    page.on("request", lambda asked: heard.append(asked.url) if not asked.url.startswith("file:") else None)
    yield page
    context.close()
    assert heard == []


def first_column(page, table):
    return page.eval_on_selector_all(
        f"#{table} tbody tr:not([hidden])", "rows => rows.map(r => r.cells[0].innerText.trim())"
    )


def test_a_click_sorts_a_word_searches_and_a_choice_shows_a_chapter(pages, looked):
    looked.goto((pages / "class.html").as_uri())
    everybody = first_column(looked, "matrix")
    assert len(everybody) == 30
    looked.click("#matrix th:nth-child(2) button")
    sums = looked.eval_on_selector_all(
        "#matrix tbody tr", "rows => rows.map(r => parseFloat(r.cells[1].innerText))"
    )
    assert sums == sorted(sums)
    looked.click("#matrix th:nth-child(2) button")
    down = looked.eval_on_selector_all(
        "#matrix tbody tr", "rows => rows.map(r => parseFloat(r.cells[1].innerText))"
    )
    assert down == sorted(sums, reverse=True)
    looked.fill("input[data-for=matrix]", "missing")
    assert len(first_column(looked, "matrix")) == 2
    assert looked.inner_text("#matrix-found") == "2 of 30"
    looked.fill("input[data-for=matrix]", "")
    shown = "#matrix thead th:visible"
    assert looked.locator(shown).count() == 4 + len(CHAPTERS)
    looked.select_option("select[data-for=matrix]", "1")
    core = looked.locator("#matrix thead th.x.k1").count()
    assert looked.locator(shown).count() == 4 + 1 + core
    looked.select_option("select[data-for=matrix]", "everything")
    assert looked.locator(shown).count() == looked.locator("#matrix thead th").count()


@pytest.mark.exhaustive
def test_each_exercise_opens_to_its_criteria_its_students_and_their_code(pages, looked):
    looked.goto((pages / "class.html").as_uri())
    looked.click("#exercises a:text-is('mse')")
    text = looked.inner_text("main")
    for word in ("the mean of the squares", "Mistakes that are known by name", "Student 03", HOSTILE[0]):
        assert word in text
    looked.click("summary:has-text('points ·') >> nth=0")
    assert looked.locator("pre:visible").count()
    looked.click("text=The class >> nth=0")
    assert looked.url.endswith("/class.html")


@pytest.mark.sampled
@pytest.mark.parametrize("which", ["class.html", "class/ch1_xor/mse.html", "class/copies.html"])
def test_on_a_small_screen_nothing_is_out_of_sight_without_a_hint(pages, looked, which):
    looked.set_viewport_size({"width": 420, "height": 800})
    looked.goto((pages / which).as_uri())
    assert looked.evaluate("document.documentElement.scrollWidth") <= 420
    for choice in ("all", "1", "everything") if which == "class.html" else ("",):
        if choice:
            looked.select_option("select[data-for=matrix]", choice)
        wide = looked.evaluate(
            """() => [...document.querySelectorAll(".wide")].map(w => [
                w.scrollWidth > w.clientWidth + 4, getComputedStyle(w.previousElementSibling).display !== "none"])"""
        )
        assert all(beyond == hint for beyond, hint in wide)


@pytest.mark.exhaustive
def test_without_a_script_everything_is_there_and_nothing_that_does_nothing(pages, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((pages / "class.html").as_uri())
    assert page.locator("input:visible, select:visible, button:visible").count() == 0
    assert page.locator("#matrix thead th:visible").count() == page.locator("#matrix thead th").count()
    context.close()


@pytest.mark.exhaustive
def test_on_paper_there_are_no_tools(pages, looked):
    looked.goto((pages / "class.html").as_uri())
    looked.emulate_media(media="print")
    assert looked.locator(".tools:visible, .more:visible").count() == 0
    assert looked.pdf(format="A4")[:4] == b"%PDF"


@pytest.mark.exhaustive
def test_people_who_cannot_see_or_use_a_mouse_can_use_it(pages, browser, complaints_of_axe):
    page = browser.new_context(bypass_csp=True).new_page()
    for which in ("class.html", "class/ch1_xor/mse.html", "class/copies.html"):
        page.goto((pages / which).as_uri())
        assert complaints_of_axe(page) == []


@pytest.mark.exhaustive
def test_no_page_of_a_student_names_another(pages):
    assert not (pages.parent / "feedback").exists()
    assert "No student sees this page" in (pages / "class" / "copies.html").read_text(encoding="utf-8")


@pytest.mark.exhaustive
def test_a_thousand_students_open(tmp_path, looked):
    about = made(tmp_path, chapter_ids(), 300)
    for chapter in about.chapters:  # the rest hand in what these have handed in
        for i in range(300, 1000):
            chapter.handed[f"Student {i:04}"] = chapter.handed[f"Student {i % 299:04}"]
            chapter.known[f"Student {i:04}"] = chapter.known[f"Student {i % 299:04}"]
    about.students |= dict.fromkeys((f"Student {i:04}" for i in range(300, 1000)), "")
    path = tmp_path / "class.html"
    path.write_text(class_pages.class_page(about, {}), encoding="utf-8")
    assert path.stat().st_size < 6e6
    start = time.perf_counter()
    looked.goto(path.as_uri())
    looked.select_option("select[data-for=matrix]", "everything")
    looked.click("#matrix th:nth-child(2) button")
    assert looked.locator("#matrix tbody tr").count() == 1000
    print(
        f"{path.stat().st_size / 1e6:.1f} MB, opened, widened and sorted in {time.perf_counter() - start:.1f} s"
    )
