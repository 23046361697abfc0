"""A grader, a judge or a sandbox that is killed costs nobody a mark, and leaves nothing.

The long form is `tests/campaigns/kills.py`.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from grader.sandbox import modes

CAMPAIGN = Path(__file__).resolve().parents[1] / "campaigns" / "kills.py"
spec = importlib.util.spec_from_file_location("kills", CAMPAIGN)
assert spec is not None
assert spec.loader is not None
kills = importlib.util.module_from_spec(spec)
sys.modules["kills"] = kills  # its dataclasses look themselves up
spec.loader.exec_module(kills)


@pytest.mark.exhaustive
@pytest.mark.parametrize("mode", modes.MODES)
def test_no_mark_is_lost_or_doubled_and_nothing_is_left(mode, monkeypatch):
    monkeypatch.setenv(modes.CHOICE, mode)
    try:
        modes.mode()
    except modes.SandboxUnavailable as problem:
        pytest.skip(str(problem))
    found = kills.campaign(3, mode, 2)
    assert sum(found.kills.values()) + found.ended_before == 3
    assert found.faults == []
