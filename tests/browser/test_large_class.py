"""The campaign of a large class, in small: real submissions, graded, reported, and the pages used in a browser."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from grader.sandbox import modes

CAMPAIGN = Path(__file__).resolve().parents[1] / "campaigns" / "large_class.py"


@pytest.fixture(scope="module")
def large_class():
    spec = importlib.util.spec_from_file_location("large_class", CAMPAIGN)
    module = importlib.util.module_from_spec(spec)
    sys.modules["large_class"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.exhaustive
@pytest.mark.skipif(not modes.available(), reason="bubblewrap is missing or cannot make namespaces")
def test_a_real_class_is_reported_and_its_page_is_used(large_class, browser, tmp_path, thorough):
    students = 100 if thorough else 12
    found = large_class.campaign(students, "ch1_xor", tmp_path, browser)
    assert found.faults == []
    assert f"{students} rows in the table of students" in found.said
    assert {"grader report", "open class.html", "search for 'missing'"} <= {*found.seconds}


def test_no_two_hand_in_the_same(large_class, tmp_path):
    large_class.make_course(tmp_path, "ch1_xor", 60)
    texts = [p.read_text() for p in (tmp_path / "submitted").rglob("*.ipynb")]
    assert len({*texts}) == len(texts) == 58  # two handed in nothing
