"""The course as a site, in a browser that may speak to nobody: drawn, accessible, and whole on a phone."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted(p.stem for p in (ROOT / "solutions").glob("ch*.py"))
STICKING_OUT = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def cells_with_figures(page: str) -> int:
    """How many pictures a page has: a figure that is an experiment waits for those who write its functions."""
    if page not in CHAPTERS:
        return 0
    cells = nbformat.read(ROOT / "course" / page / f"{page}.ipynb", as_version=4).cells
    found = sum("figures." in c.source and "figure" in c.metadata.get("tags", []) for c in cells)
    assert found, page
    return found


@pytest.mark.exhaustive
def test_every_page_is_drawn_accessible_and_fits_a_phone(browser, complaints_of_axe, tmp_path):
    course = tmp_path / "course of one's own"
    course.mkdir()
    shutil.copy(ROOT / "nbgrader_config.py", course)
    for folder in ("solutions", "course"):
        for chapter in CHAPTERS:
            shutil.copytree(ROOT / folder / chapter, course / folder / chapter)
    for name in (*(f"solutions/{c}.py" for c in CHAPTERS), "solutions/project.py", "course/README.md"):
        shutil.copy(ROOT / name, course / name)
    shutil.copytree(ROOT / "course" / "project", course / "course" / "project")
    done = subprocess.run(
        [sys.executable, "-m", "grader", "export", "--site", str(tmp_path / "site")],
        cwd=course, capture_output=True, text=True, check=False, timeout=1800,
        env={**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert f"{len(CHAPTERS) + 2} pages" in done.stdout

    context = browser.new_context()
    asked, complaints = [], []
    context.route(
        lambda url: not url.startswith(("file:", "data:")),
        lambda route: (asked.append(route.request.url), route.abort()),
    )
    page = context.new_page()
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for name in ("index", *CHAPTERS, "project"):
        for scheme, width in (("light", 1300), ("dark", 390)):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 844})
            page.goto((tmp_path / "site" / f"{name}.html").as_uri())
            assert page.evaluate(STICKING_OUT) <= 0, (name, width)
            assert complaints_of_axe(page) == [], (name, width)
        pictures = page.locator("main img")
        assert all(
            pictures.evaluate_all("(all) => all.map(i => i.complete && i.naturalWidth > 0 && i.alt)")
        ), name
        assert pictures.count() == cells_with_figures(name), name

    # From the first page onwards, as a reader goes.
    page.goto((tmp_path / "site" / "index.html").as_uri())
    page.locator("main table").get_by_role("link", name=CHAPTERS[0]).click()
    expect(page.get_by_role("heading", level=1).first).to_contain_text("Learning XOR")
    page.get_by_text("On this page").click()
    page.get_by_role("link", name="2.2 The rectified linear unit").click()
    expect(page.get_by_role("heading", name="2.2 The rectified linear unit")).to_be_in_viewport()
    film = page.locator(".fnnkit-film").first
    film.get_by_role("button", name="Play").click()
    page.get_by_label("Onwards").get_by_role("link", name="→").click()
    expect(page.get_by_label("Course", exact=True).locator("[aria-current=page]")).not_to_contain_text(
        "Learning XOR"
    )
    assert (asked, complaints) == ([], [])
