"""Figures and experiments run on what the student has solved, of this chapter and of earlier ones; the map says on what."""

import ast
import importlib
from pathlib import Path

import pytest

from fnnkit.judge import registry
from fnnkit.judge.registry import at_work, chapter_ids, contents, exercises
from grader.authoring.chapter_map import SHOWN, chapter_map

ROOT = Path(__file__).resolve().parents[2]
LATER = chapter_ids()[1:]
REFERENCES = {id(e.reference): e.name for chapter in chapter_ids() for e in exercises(chapter)}
# The function is the student's, and this is where it fails: an order that is right is needed beside the one that is drawn.
KEPT = {("order.py", "topological_order")}


def sources(chapter):
    """The texts of a chapter's figures, and of its notebook."""
    figures = sorted((ROOT / "fnnkit" / "figures" / chapter).glob("*.py"))
    return [*figures, ROOT / "solutions" / f"{chapter}.py"]


def earlier(chapter):
    ids = chapter_ids()
    return {name for before in ids[: ids.index(chapter)] for name in contents(before)}


def imported(tree):
    """What a text imports from fnnkit, by the name that it has there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fnnkit"):
            for alias in node.names:
                home = importlib.import_module(node.module)
                thing = getattr(home, alias.name, None)
                if thing is None:
                    thing = importlib.import_module(f"{node.module}.{alias.name}")
                yield alias.asname or alias.name, thing


def references(tree):
    """Exercises whose reference a text uses."""
    there = dict(imported(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in there:
            yield REFERENCES.get(id(there[node.id]), "")
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in there:
            yield REFERENCES.get(id(getattr(there[node.value.id], node.attr, None)), "")


@pytest.mark.parametrize("chapter", LATER)
def test_no_figure_and_no_experiment_takes_the_reference_of_what_a_student_writes_by_then(chapter):
    known = earlier(chapter) | set(contents(chapter))
    found = {
        (path.name, name)
        for path in sources(chapter)
        for name in references(ast.parse(path.read_text(encoding="utf-8")))
        if name in known
    }
    assert found - KEPT == set()


def test_that_test_sees_an_import_a_name_of_a_module_and_another_name():
    text = "from fnnkit import losses as l\nfrom fnnkit.activations import relu as r\nl.mse(1, 2)\nr(3)\n"
    assert set(references(ast.parse(text))) - {""} == {"mse", "relu"}


def taken(path):
    """Names that a text takes by `mine`, or gives to a figure's `mine`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    names = {
        n.attr for n in nodes
        if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == "mine"
    }  # fmt: skip
    if any(isinstance(n, ast.Attribute) and ast.unparse(n) == "figure.mine" for n in nodes):
        names |= {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return names


@pytest.mark.parametrize("chapter", LATER)
def test_what_they_take_of_earlier_chapters_is_declared_and_stands_on_both_maps(chapter):
    found = set().union(*map(taken, sources(chapter))) & earlier(chapter)
    assert found == set(at_work(chapter))
    number = chapter_ids().index(chapter) + 1
    needs = chapter_map(chapter).partition("**What comes back**")[0]
    for name in found:
        assert f"`{name}`" in needs.partition("At work")[2]
        [home] = [c for c in chapter_ids() if name in contents(c)]
        [line] = [x for x in chapter_map(home).splitlines() if x.startswith(f"- in chapter {number}: ")]
        shown = next(part for part in line.split("; ") if part.endswith(SHOWN))
        assert f"`{name}`" in shown


def test_what_no_earlier_chapter_asks_for_is_refused(monkeypatch):
    import fnnkit.exercises.ch3_activations as chapter

    monkeypatch.setattr(chapter, "AT_WORK", ("backprop",))
    with pytest.raises(
        ValueError, match="AT_WORK of ch3_activations names 'backprop', which no earlier chapter"
    ):
        chapter_map("ch3_activations")
    assert registry.at_work("ch2_output_units") == ()
