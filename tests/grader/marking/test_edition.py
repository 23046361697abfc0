"""The marking edition knows no answer: no reference, no exercise, no line of a solution."""

import ast
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

import fnnkit
from fnnkit import outputs, softmaxes
from fnnkit.judge import edition as judge_edition
from fnnkit.judge.registry import chapter_ids, exercise, exercises
from grader.marking import edition

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = Path(fnnkit.__file__).parent
KERNEL = {f"kernel/{p.name}" for p in (PACKAGE / "kernel").glob("*.py")}
ALLOWED = {"__init__.py", "arguments.py", "datasets.py", "exercises/__init__.py"} | KERNEL
FIGURES = {p.relative_to(PACKAGE).as_posix() for p in (PACKAGE / "figures").rglob("*.py")}


@pytest.fixture(params=[c for c in chapter_ids() if (ROOT / "solutions" / c).is_dir()])
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
    assert not [n for n in names if n.startswith(("exercises/ch", "judge/"))]


def test_no_function_of_an_exercise_is_defined_or_called_anywhere(chapter):
    asked = {e.name for e in exercises(chapter)}
    allowed = {f.__name__ for e in exercises(chapter) for f in e.given}
    for name, text in edition.files(chapter).items():
        if not name.endswith(".py"):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert node.name not in asked - allowed, name


def test_test_functions_are_there_only_for_chapters_that_use_them_and_do_not_ask_for_them():
    def defined(chapter):
        tree = ast.parse(edition.files(chapter)["fnnkit/kernel/named.py"])
        return {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}

    assert defined("ch1_xor") == {"quadratic_gradient"}
    assert defined("ch2_output_units") == set()
    assert {"relu", "sigmoid", "sigmoid_step"} <= defined("ch4_universal_approximation")


def test_no_line_of_a_solution_is_in_any_file(chapter):
    notebook = nbformat.read(ROOT / "solutions" / chapter / f"{chapter}.ipynb", as_version=4)
    lines = set()
    for cell in notebook.cells:
        if cell.cell_type == "code" and "### BEGIN SOLUTION" in cell.source:
            inside = cell.source.split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0]
            lines |= {line.strip() for line in inside.splitlines()}
    lines = {line for line in lines if len(line) > 12 and not GENERIC.fullmatch(line)}
    assert lines
    for name, text in edition.files(chapter).items():
        if name.endswith(".py"):
            assert not [line for line in lines if line in text.decode()], name


GENERIC = re.compile(r"return \w+|for \w+ in range\(\w+\):|else:|\w+ = \[\]|\w+ = \w+\.copy\(\)")
"""Lines that say nothing about any answer."""


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
from fnnkit.exercises import check, milestone, progress, ready
import fnnkit.figures.{chapter} as figures
called = []
points = check("mse", lambda *a: called.append(a))
assert type(points) is float and points == 0.0
progress({chapter!r}).points
ready().rows
milestone({chapter!r}, True)
figures.hand_made_xor(lambda *a: called.append(a))
assert called == []
print("nothing happened")
"""
    assert in_the_edition(chapter, code) == "nothing happened\n"


def public(path):
    """Names that a module lists, or else those that it defines for others."""
    tree = ast.parse(path.read_text())
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "__all__" for t in node.targets):
            return list(ast.literal_eval(node.value))
    defined = [n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    return [name for name in defined if not name.startswith("_")]


def test_every_public_name_of_exercises_and_figures_is_there_and_does_nothing():
    named = {
        "fnnkit." + place.removesuffix(".py").replace("/", ".").removesuffix(".__init__"): public(
            PACKAGE / place
        )
        for place in sorted(FIGURES | {"exercises/__init__.py"})
    }
    assert {"check", "ledger", "milestone", "mine", "progress", "ready", "reset"} == set(
        named["fnnkit.exercises"]
    )
    named["fnnkit.exercises"].remove("mine")  # which refuses, in words: `test_mine.py`
    assert "hand_made_xor" in named["fnnkit.figures.ch1_xor"]
    assert "LiveFigure" in named["fnnkit.figures.engine.live"]
    code = f"""
from importlib import import_module
def answer(*a):
    raise SystemExit("it was called")
for module, names in {named!r}.items():
    there = import_module(module)
    for name in names:
        space = {{}}
        exec(f"from {{module}} import {{name}} as it", space)
        space["it"]("mse", answer)
    if hasattr(there, "__all__"):
        exec(f"from {{module}} import *", space)
        assert set(there.__all__) == set(names) <= set(space)
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
            assert text.startswith(judge_edition.FIGURES.encode())


@pytest.mark.parametrize(
    "name", ["losses", "linear", "xor", "exercises.ch1_xor", "judge.exercise", "judge.check"]
)
def test_references_and_exercises_cannot_be_imported(name):
    code = f"""
try:
    import fnnkit.{name}
except ModuleNotFoundError as missing:
    print(missing.name)
"""
    assert in_the_edition("ch1_xor", code) == f"fnnkit.{'judge' if name.startswith('judge.') else name}\n"


def test_the_part_that_answers_needs_nothing_that_is_not_there():
    code = """
import numpy as np
from fnnkit.kernel import call, serve, wire
answer = call.call(lambda x: 2 * x, (np.array([1.0]),))
print(answer.value, sorted(m for m in sys.modules if m.startswith("fnnkit.")))
"""
    said = in_the_edition("ch1_xor", code)
    assert said.startswith("[2.] ")
    modules = ["call", "copies", "guards", "line", "named", "recording", "serve", "trying", "wire"]
    assert said.split("] ", 1)[1].strip() == str(["fnnkit.kernel", *(f"fnnkit.kernel.{m}" for m in modules)])


def with_given(monkeypatch, *functions):
    changed = tuple(replace(e, given=functions) if e.name == "affine" else e for e in exercises("ch1_xor"))
    monkeypatch.setattr(judge_edition, "exercises", lambda chapter: changed)
    return edition.files("ch1_xor")


def test_a_given_function_is_there_with_what_it_needs_and_without_the_rest_of_its_module(
    monkeypatch, tmp_path
):
    files = with_given(monkeypatch, softmaxes.softmax)
    text = files["fnnkit/softmaxes.py"].decode()
    defined = [n.name for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)]
    assert defined == ["scores_array", "_below_zero", "softmax"]
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nimport fnnkit.softmaxes as given\n"
        f"assert given.__file__.startswith({str(tmp_path)!r})\nprint(given.softmax([[0.0, 0.0]]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "[[0.5 0.5]]\n", done.stderr


def test_what_is_given_may_not_bring_an_answer_along(monkeypatch):
    def predicts(K, y):
        """Stands in for a function of the library that calls what students write."""

    source = "def predicts(K, y):\n    return K @ fit_kernel(K, y)\n\n\ndef fit_kernel(K, y):\n    return y\n"
    monkeypatch.setattr(judge_edition.inspect, "getsource", lambda _: source)
    predicts.__module__ = "fnnkit.kernels"
    with pytest.raises(ValueError, match="uses fit_kernel, which is an exercise"):
        with_given(monkeypatch, predicts)


def test_what_is_given_needs_nothing_that_is_not_there(monkeypatch):
    with pytest.raises(ValueError, match=r"given of fnnkit\.outputs needs fnnkit"):
        with_given(monkeypatch, outputs.mdn_nll)


def test_the_fingerprint_changes_with_the_edition(monkeypatch):
    before = edition.fingerprint("ch1_xor")
    assert edition.fingerprint("ch1_xor") == before
    monkeypatch.setattr(judge_edition, "EXERCISES", judge_edition.EXERCISES + "\n# changed\n")
    assert edition.fingerprint("ch1_xor") != before


def test_the_exercises_point_at_references_that_the_edition_lacks():
    assert exercise("mse").reference.__module__ == "fnnkit.losses"
    assert (PACKAGE / "losses.py").is_file()
    assert "fnnkit/losses.py" not in edition.files("ch1_xor")
