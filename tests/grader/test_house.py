"""The rooms of `grader/`: few files at the top, wings that say what they are for, nothing too long to read."""

import ast
from pathlib import Path

import pytest

import grader

PLACE = Path(grader.__file__).parent
WINGS = (
    "sandbox",
    "marking",
    "gradebook",
    "pages",
    "authoring",
    "attacks",
    "answers",
    "commands",
    "term",
    "cluster",
)
LONGEST_MODULE, LONGEST_FUNCTION, MOST_AT_THE_TOP = 450, 60, 10
# Correct answers are students' code in the end, and attacks are texts of hostile notebooks.
MODULES = [p for p in sorted(PLACE.rglob("*.py")) if p.parent.parent.name != "answers"]


def test_the_top_holds_few_files_and_every_folder_is_a_wing():
    assert len(list(PLACE.glob("*.py"))) <= MOST_AT_THE_TOP
    assert {p.name for p in PLACE.iterdir() if p.is_dir() and p.name != "__pycache__"} == set(WINGS)


@pytest.mark.parametrize("wing", WINGS)
def test_a_wing_says_what_it_is_for_and_what_it_may_import(wing):
    doc = ast.get_docstring(ast.parse((PLACE / wing / "__init__.py").read_text()))
    assert doc
    assert "ay import" in doc


def test_no_module_is_too_long():
    assert {p.name: n for p in MODULES if (n := len(p.read_text().splitlines())) > LONGEST_MODULE} == {}


def length(function):
    """Lines of a function, its docstring not counted."""
    first = function.body[0]
    told = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    return function.end_lineno - function.lineno + 1 - (first.end_lineno - first.lineno + 1 if told else 0)


def test_no_function_is_too_long():
    found = {
        f"{path.name}: {node.name}": length(node)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and length(node) > LONGEST_FUNCTION
    }
    assert found == {}
