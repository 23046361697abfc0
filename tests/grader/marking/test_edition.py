"""The marking edition knows no answer: no reference, no exercise, no line of a solution."""

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

import fnnkit
from fnnkit.judge.registry import chapter_ids, exercise, exercises
from grader.marking import edition

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = Path(fnnkit.__file__).parent
ALLOWED = {
    "__init__.py", "arguments.py", "datasets.py",
    "exercises/__init__.py", "exercises/call.py", "exercises/kernel.py", "exercises/line.py", "exercises/named.py",
    "exercises/serve.py", "exercises/wire.py",
    "figures/__init__.py",
}  # fmt: skip
FIGURES = {f"figures/{p.name}" for p in (PACKAGE / "figures").glob("*.py")}


@pytest.fixture(params=chapter_ids())
def chapter(request):
    return request.param


def below_fnnkit(chapter):
    return {name.removeprefix("fnnkit/"): text for name, text in edition.files(chapter).items()}


def test_every_file_is_on_the_list_of_what_is_allowed(chapter):
    given = {
        f.__module__.split(".", 1)[1].replace(".", "/") + ".py" for e in exercises(chapter) for f in e.given
    }
    for name in below_fnnkit(chapter):
        assert name in ALLOWED | FIGURES | given or name.startswith("data/"), name


def test_no_reference_module_and_no_exercise_is_there_by_name(chapter):
    references = {
        e.reference.__module__.split(".", 1)[1] + ".py" for c in chapter_ids() for e in exercises(c)
    }
    given = {f.__module__.split(".", 1)[1] + ".py" for e in exercises(chapter) for f in e.given}
    assert {"losses.py", "linear.py", "xor.py"} <= references
    names = set(below_fnnkit(chapter))
    assert not names & (references - given)
    assert not [
        n
        for n in names
        if n.startswith("exercises/ch") or n in ("exercises/exercise.py", "exercises/compare.py")
    ]


def test_no_function_of_an_exercise_is_defined_or_called_anywhere(chapter):
    asked = {e.name for c in chapter_ids() for e in exercises(c)}
    allowed = {f.__name__ for e in exercises(chapter) for f in e.given}
    for name, text in edition.files(chapter).items():
        if not name.endswith(".py"):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert node.name not in asked - allowed, name


def test_no_line_of_a_solution_is_in_any_file(chapter):
    notebook = nbformat.read(ROOT / "solutions" / chapter / f"{chapter}.ipynb", as_version=4)
    lines = set()
    for cell in notebook.cells:
        if cell.cell_type == "code" and "### BEGIN SOLUTION" in cell.source:
            inside = cell.source.split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0]
            lines |= {line.strip() for line in inside.splitlines() if len(line.strip()) > 12}
    assert lines
    for name, text in edition.files(chapter).items():
        if name.endswith(".py"):
            assert not [line for line in lines if line in text.decode()], name


def test_what_is_on_disk_is_what_was_listed(chapter):
    place = edition.folder(chapter)
    there = {str(p.relative_to(place)): p.read_bytes() for p in place.rglob("*") if p.is_file()}
    assert there == edition.files(chapter)


def in_the_edition(chapter, code):
    """Run code that sees the edition and nothing else of the course."""
    place = edition.folder(chapter)
    start = f"import sys; sys.path[:] = [p for p in sys.path if p not in ('', {str(ROOT)!r})]\n"
    start += "sys.meta_path[:] = [f for f in sys.meta_path if 'ditable' not in repr(f)]\n"
    start += f"sys.path.insert(0, {str(place)!r}); sys.dont_write_bytecode = True\n"
    done = subprocess.run(
        [sys.executable, "-I", "-c", start + code], capture_output=True, text=True, cwd=place
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_checks_progress_and_figures_do_nothing(chapter):
    code = f"""
import fnnkit
assert fnnkit.__file__.startswith(sys.path[0]), fnnkit.__file__
from fnnkit.exercises import check, progress
import fnnkit.figures.{chapter} as figures
called = []
points = check("mse", lambda *a: called.append(a))
assert type(points) is float and points == 0.0
progress({chapter!r})
figures.hand_made_xor(lambda *a: called.append(a))
figures.anything.at.all(1, key=2)[0:0] if False else None
assert called == []
print("nothing happened")
"""
    assert in_the_edition(chapter, code) == "nothing happened\n"


def test_no_figure_is_there_and_every_one_can_be_imported_and_called():
    modules = sorted(name.removesuffix(".py").replace("/", ".") for name in FIGURES - {"figures/__init__.py"})
    assert "figures.live" in modules
    code = f"""
import importlib
for name in {modules}:
    assert importlib.import_module("fnnkit." + name).anything(1) is not None
import fnnkit.figures
from fnnkit.figures.engine.live import LiveFigure, slider
from fnnkit.figures.engine.player import FramePlayer
fnnkit.figures.activation_explorer(lambda z: 1 / 0)
LiveFigure(6, 4).live(lambda f, z: 1 / 0, lambda z: 1 / 0, z=slider("z", 0, 1, 2))
FramePlayer(title="t").film(print, [1]).draw()
print([m for m in ("matplotlib", "ipywidgets", "numpy") if m in sys.modules])
"""
    assert in_the_edition("ch1_xor", code) == "[]\n"
    for name, text in edition.files("ch1_xor").items():
        if name.startswith("fnnkit/figures/"):
            assert text == edition.FIGURES.encode()


@pytest.mark.parametrize(
    "name", ["losses", "linear", "xor", "exercises.ch1_xor", "exercises.exercise", "exercises.check"]
)
def test_references_and_exercises_cannot_be_imported(name):
    code = f"""
try:
    import fnnkit.{name}
except ModuleNotFoundError as missing:
    print(missing.name)
"""
    assert in_the_edition("ch1_xor", code) == f"fnnkit.{name}\n"


def test_the_part_that_answers_needs_nothing_that_is_not_there():
    code = """
import numpy as np
from fnnkit.exercises import call, serve, wire
answer = call.call(lambda x: 2 * x, (np.array([1.0]),))
print(answer.value, sorted(m for m in sys.modules if m.startswith("fnnkit.")))
"""
    said = in_the_edition("ch1_xor", code)
    assert said.startswith("[2.] ")
    modules = ["call", "line", "named", "serve", "wire"]
    assert said.split("] ", 1)[1].strip() == str(
        ["fnnkit.exercises", *(f"fnnkit.exercises.{m}" for m in modules)]
    )


def test_a_given_function_is_there_alone_without_its_module(monkeypatch):
    from fnnkit import xor

    changed = tuple(
        replace(e, given=(xor.slide_solution,)) if e.name == "mse" else e for e in exercises("ch1_xor")
    )
    monkeypatch.setattr(edition, "exercises", lambda chapter: changed)
    text = edition.files("ch1_xor")["fnnkit/xor.py"].decode()
    defined = [n.name for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)]
    assert defined == ["slide_solution"]
    assert "np.maximum" not in text


def test_the_fingerprint_changes_with_the_edition(monkeypatch):
    before = edition.fingerprint("ch1_xor")
    assert edition.fingerprint("ch1_xor") == before
    monkeypatch.setattr(edition, "EXERCISES", edition.EXERCISES + "\n# changed\n")
    assert edition.fingerprint("ch1_xor") != before


def test_the_exercises_point_at_references_that_the_edition_lacks():
    assert exercise("mse").reference.__module__ == "fnnkit.losses"
    assert (PACKAGE / "losses.py").is_file()
    assert "fnnkit/losses.py" not in edition.files("ch1_xor")
