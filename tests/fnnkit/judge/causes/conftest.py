"""What a witness finds by itself is tested without the mistakes that are registered, whose words come first."""

from dataclasses import replace

import pytest

from fnnkit.judge import attempt
from fnnkit.judge.registry import exercise


@pytest.fixture
def nothing_registered(monkeypatch):
    """Exercises as `diagnosed` takes them, without misconceptions."""
    monkeypatch.setattr(attempt, "exercise", lambda name: replace(exercise(name), misconceptions=()))
