"""Every sentence on protection in `grader/README.md` names what shows it, and that exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.attacks import ATTACKS

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = (REPOSITORY / "grader" / "README.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.partition("## Threat model")[2].partition("**What is not protected**")[0].splitlines()
    if line.startswith("| ") and not line.startswith("| attacked")
]
TESTS = {
    name
    for path in (REPOSITORY / "tests").rglob("test_*.py")
    for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
}


def named(shown: str) -> tuple[list[str], list[str]]:
    """Kinds of attacks and tests that a row names."""
    kinds = shown.partition("attacks: ")[2].partition(";")[0] if "attacks: " in shown else ""
    return [kind.strip() for kind in kinds.split(",") if kind.strip()], re.findall(r"`(test_\w+)`", shown)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:30])
def test_every_wall_is_shown_by_something_that_exists(row):
    assert len(row) == 3
    kinds, tests = named(row[2])
    assert tests
    assert set(kinds) <= {a.kind for a in ATTACKS}
    assert set(tests) <= TESTS


def test_every_kind_of_attack_stands_on_the_page():
    told = {kind for row in ROWS for kind in named(row[2])[0]}
    assert {a.kind for a in ATTACKS} - told == set()
    assert len(ROWS) >= 12
