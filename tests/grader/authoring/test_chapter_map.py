"""The map at the top of a chapter says what the declarations say, and these say what stands in the sources."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

from fnnkit.exercises import PROJECT
from fnnkit.judge import registry
from fnnkit.judge.registry import chapter_ids, contents, exercises, milestone_of, title_of
from grader.authoring.chapter_map import MAP, chapter_map, number_of
from grader.course import CourseError

ROOT = Path(__file__).resolve().parents[3]


def first_cell(chapter):
    return nbformat.read(ROOT / "course" / chapter / f"{chapter}.ipynb", as_version=4).cells[0].source


@pytest.mark.parametrize("chapter", chapter_ids())
def test_every_chapter_begins_with_its_map_and_its_title(chapter):
    first = first_cell(chapter)
    assert first.startswith(f"# Chapter {number_of(chapter)} · {title_of(chapter)}\n")
    assert chapter_map(chapter) in first
    assert first.count("(you are here)") == 1
    assert MAP not in first


@pytest.mark.parametrize("chapter", chapter_ids())
def test_the_map_names_whatever_comes_back_and_nothing_that_is_no_exercise(chapter):
    text = chapter_map(chapter)
    known = {name for c in chapter_ids() for name in contents(c)}
    assert set(re.findall(r"`(\w+)`", text)) <= known
    back = text.partition("**What comes back**")[2]
    inside = {name for e in exercises(chapter) for name in e.needs}
    milestone = milestone_of(chapter)
    chained = set(milestone.chained) if milestone else set()
    for name in inside | chained | (set(PROJECT) & set(contents(chapter))):
        assert f"`{name}`" in back


def test_what_a_later_chapter_builds_on_is_on_both_maps():
    for chapter in chapter_ids():
        for here, earlier in registry.builds_on(chapter).items():
            needs = chapter_map(chapter).partition("**What comes back**")[0]
            assert f"`{here}`" in needs
            for name in earlier:
                [home] = [c for c in chapter_ids() if name in contents(c)]
                assert f"`{name}`" in needs
                [line] = [
                    x
                    for x in chapter_map(home).splitlines()
                    if x.startswith(f"- in chapter {number_of(chapter)}")
                ]
                assert f"`{name}`" in line
                assert f"`{here}`" in line


def test_the_project_uses_what_is_declared_and_nothing_else():
    notebook = nbformat.read(ROOT / "course" / "project" / "project.ipynb", as_version=4)
    used = {
        node.attr
        for cell in notebook.cells
        if cell.cell_type == "code"
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "mine"
    }
    assert used - {"source"} == set(PROJECT)


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"nothing": ("relu",)}, "'nothing', which is no exercise of it"),
        ({"relu_grad": ("rleu",)}, "builds on 'rleu', which no earlier chapter asks for"),
        ({"relu_grad": ("backprop",)}, "builds on 'backprop', which no earlier chapter asks for"),
        ({"sigmoid_grad": ("softplus_grad",)}, "builds on 'softplus_grad'"),
    ],
)
def test_what_cannot_be_is_refused(monkeypatch, declared, said):
    import fnnkit.exercises.ch3_activations as chapter

    monkeypatch.setattr(chapter, "BUILDS_ON", declared)
    with pytest.raises(ValueError, match=re.escape(said)):
        chapter_map("ch3_activations")


def test_a_chapter_without_a_title_is_on_no_map(monkeypatch):
    import fnnkit.exercises.ch6_vanishing_gradients as chapter

    monkeypatch.delattr(chapter, "TITLE")
    assert "gradients → project" not in chapter_map("ch1_xor")
    assert "in chapter 6" not in chapter_map("ch5_backprop")
    with pytest.raises(CourseError, match="has the mark <!-- map --> and no TITLE"):
        chapter_map("ch6_vanishing_gradients")
