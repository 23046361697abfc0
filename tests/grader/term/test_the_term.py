"""The page for the whole term names commands and options that are there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import typer

from grader.commands import app as module
from grader.commands import run

PAGE = Path(__file__).resolve().parents[3] / "grader" / "README.md"


def lines():
    section = PAGE.read_text(encoding="utf-8").partition("## The term")[2].partition("\n## ")[0]
    return [shlex.split(found)[1:] for found in re.findall(r"`(grader [^`]+)`", section)]


def test_every_command_of_the_page_can_be_read_as_it_is_written():
    assert run
    commands = typer.main.get_command(module.app).commands
    named = set()
    for name, *words in lines():
        commands[name].make_context(name, words)  # refuses what it does not know
        named.add(name)
    assert named >= {
        "roster",
        "dates",
        "handout",
        "collect",
        "grade",
        "feedback",
        "build",
        "backup",
        "restore",
    }
