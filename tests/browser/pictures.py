"""Make the pictures of the front page: a figure, and a verdict, as a browser shows them.

Run by hand when either looks otherwise: ``python tests/browser/pictures.py``. It writes ``tests/browser/pictures/*.webp``.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from PIL import Image
from playwright.sync_api import sync_playwright

from grader.authoring.export import export

PLACE = Path(__file__).parent / "pictures"
FIGURE = """
from fnnkit.figures.ch1_xor import hand_made_xor
from fnnkit.xor import xor_network
hand_made_xor(xor_network)
"""
WRONG = """
import numpy as np
from fnnkit.exercises import check
def xor_network(X, W, c, w, b):
    H = np.maximum(0, X @ W.T + c)
    return H, H @ w + b
print(check("xor_network", xor_network))
"""


def kept(picture: bytes, name: str) -> None:
    """Write a picture with few bytes."""
    PLACE.mkdir(exist_ok=True)
    Image.open(io.BytesIO(picture)).convert("RGB").save(PLACE / name, "WEBP", quality=80, method=6)


def exported(folder: Path) -> Path:
    """A page that holds the figure and a check that fails."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in (FIGURE, WRONG)])
    nbformat.write(notebook, folder / "shown.ipynb")
    return export(folder / "shown.ipynb", folder / "shown.html").path


def taken(page: Any, shown: Path) -> None:
    """Both pictures."""
    page.goto(shown.as_uri())
    kept(page.locator(".output_area img").first.screenshot(), "figure.webp")
    kept(page.locator(".output_area [role=group]").last.screenshot(), "verdict.webp")


if __name__ == "__main__":
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as made:
        shown = exported(Path(made))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            taken(browser.new_page(viewport={"width": 1000, "height": 900}), shown)
            browser.close()
    for path in sorted(PLACE.glob("*.webp")):
        print(f"{path.name}: {path.stat().st_size // 1024} kB")
