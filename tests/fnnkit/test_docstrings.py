"""The reference reads like its formulas: docstrings take at most half of its lines, and say what a thing is."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections import Counter
from pathlib import Path

import pytest

import fnnkit
from fnnkit import activations, expressivity

COMMANDS = {"update"}  # which stands here to be called by its name, and is no part of the reference
MODULES = sorted(
    m.name for m in pkgutil.iter_modules(fnnkit.__path__) if not m.ispkg and m.name not in COMMANDS
)
SOURCES = {name: Path(fnnkit.__path__[0], f"{name}.py").read_text(encoding="utf-8") for name in MODULES}
FACES = {
    activations: ("maxouts", "rbf", "rectifiers", "sigmoids", "softmaxes"),
    expressivity: ("meanfield",),
}
# Checks of arguments and rounding, not formulas: what they do is one line, and shows in the functions that call them.
WITHOUT_EXAMPLE = {"arguments.same_length", "arguments.layer_arrays", "arguments.first_inputs"}


def lines_of_docstrings(source):
    """Lines in strings that stand alone: docstrings, and what is said below a constant."""
    strings = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]
    return sum(node.end_lineno - node.lineno + 1 for node in strings)


def public(name):
    """Functions, classes and their methods that a module defines, each by its dotted name."""
    module = importlib.import_module(f"fnnkit.{name}")
    for key, thing in vars(module).items():
        if key.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(thing):
            yield f"{name}.{key}", thing
        elif inspect.isclass(thing):
            yield f"{name}.{key}", thing
            for method, code in vars(thing).items():
                code = code.fget if isinstance(code, property) else code
                if inspect.isfunction(code) and code.__name__ == method and method[0] != "_":
                    yield f"{name}.{key}.{method}", code


PUBLIC = {where: thing for name in MODULES for where, thing in public(name)}
FUNCTIONS = {
    where: thing for where, thing in PUBLIC.items() if where.count(".") == 1 and inspect.isfunction(thing)
}


def test_lines_of_docstrings_are_counted():
    source = (
        '"""Module."""\n\nX = 1\n"""Below a\nconstant."""\n\n'
        'def f():\n    """One.\n\n    Two.\n    """\n    return "no docstring"\n'
    )
    assert lines_of_docstrings(source) == 1 + 2 + 4


def test_at_most_half_of_the_lines_of_the_reference_are_docstrings():
    docstrings = sum(map(lines_of_docstrings, SOURCES.values()))
    lines = sum(len(source.splitlines()) for source in SOURCES.values())
    assert lines > 5000
    assert docstrings <= 0.5 * lines, f"{docstrings} of {lines} lines"


@pytest.mark.parametrize("name", MODULES)
def test_no_module_is_longer_than_900_lines(name):
    assert len(SOURCES[name].splitlines()) <= 900


def test_all_modules_are_looked_at():
    assert len(FUNCTIONS) > 180
    assert {"losses.mse", "network.Network.fit", "graph.Node.shape", "sigmoids.sigmoid"} <= PUBLIC.keys()


@pytest.mark.parametrize("where", PUBLIC)
def test_the_first_line_says_what_it_is(where):
    text = PUBLIC[where].__doc__
    assert text, "no docstring"
    first, *rest = inspect.cleandoc(text).splitlines()
    assert first.endswith("."), f"not a sentence on one line: {first}"
    assert not rest or rest[0] == "", "the first sentence goes on"
    assert len(re.findall(r"\w+", first)) >= 2 or where.startswith("graph."), f"says too little: {first}"
    opening = first.split()[0].lower()
    assert opening not in {"return", "returns", "compute", "computes", "calculate", "calculates", "this"}, (
        first
    )


def test_no_two_functions_are_described_by_the_same_line():
    first = Counter(f.__doc__.splitlines()[0] for f in FUNCTIONS.values())
    assert [line for line, times in first.items() if times > 1] == []


@pytest.mark.parametrize("where", FUNCTIONS)
def test_a_function_shows_an_example(where):
    assert (">>> " in FUNCTIONS[where].__doc__) != (where in WITHOUT_EXAMPLE)


@pytest.mark.parametrize("where", PUBLIC)
def test_a_docstring_has_no_sections_with_rules(where):
    assert not re.search(r"^\s*-{3,}\s*$", PUBLIC[where].__doc__, flags=re.M)


def test_the_package_says_what_its_docstrings_leave_out():
    for said in (
        "float64",
        "``ValueError``",
        "No function changes its inputs",
        "Elementwise",
        "``rng``",
        "Goodfellow et al. (2016)",
    ):
        assert said in fnnkit.__doc__


@pytest.mark.parametrize(("face", "name"), [(face, name) for face, names in FACES.items() for name in names])
def test_a_module_that_was_split_still_gives_all_its_names(face, name):
    module = importlib.import_module(f"fnnkit.{name}")
    defined = [
        key for key, f in vars(module).items() if inspect.isfunction(f) and f.__module__ == module.__name__
    ]
    for key in defined:
        if not key.startswith("_"):
            assert getattr(face, key) is getattr(module, key)
            assert key in face.__all__
            assert inspect.getsource(getattr(face, key)).startswith(f"def {key}(")


@pytest.mark.parametrize("face", FACES)
def test_a_face_offers_what_it_defines_and_nothing_that_is_not_there(face):
    own = {
        key
        for key, thing in vars(face).items()
        if getattr(thing, "__module__", None) == face.__name__ and key[0] != "_"
    }
    assert own <= set(face.__all__)
    assert all(hasattr(face, key) for key in face.__all__)
