"""One course for all attacks of a process; each attack gets a copy of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.attacks.classes import template
from grader.course import Course

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return template(REPOSITORY, tmp_path_factory.mktemp("attacked") / "course")


@pytest.fixture(scope="session")
def whole_chapter(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return template(REPOSITORY, tmp_path_factory.mktemp("whole") / "course", whole=True)
