"""The pieces of a new exercise, laid out where they belong, for an author to fill in.

What has to be written is marked in each file by one text, `PLACEHOLDER`, with the name of the exercise; the audit looks
for it. All files are written, or none.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import keyword
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import fnnkit
from fnnkit.judge.exercise import Exercise
from fnnkit.judge.registry import chapter_ids, exercises
from grader.course import Course, CourseError

PLACEHOLDER = "TO BE WRITTEN"
WIDTH = 109
NEEDED = ("Case", "Criterion", "Exercise", "agrees", "calm")


@dataclass(frozen=True)
class Plan:
    """What is asked for: an exercise that is not there yet."""

    chapter: str
    name: str
    reference: Callable[..., Any]
    module: str
    after: Exercise | None
    minutes: int
    difficulty: int
    core: bool


def pieces(course: Course, chapter: str) -> dict[str, Path]:
    """Files that hold a part of every exercise of a chapter."""
    return {
        "declaration": course.root / "fnnkit" / "exercises" / f"{chapter}.py",
        "answers": course.root / "grader" / "answers" / f"{chapter}.py",
        "notebook": course.root / "solutions" / f"{chapter}.py",
        "tests": course.root / "tests" / "fnnkit" / "exercises" / f"test_{chapter}.py",
    }


def unwritten(course: Course, chapter: str, name: str) -> list[str]:
    """A sentence for each place where something of an exercise is still to be written."""
    mark, found = f"{PLACEHOLDER} ({name})", []
    for path in pieces(course, chapter).values():
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        for number, line in enumerate(lines, 1):
            if mark in line:
                what = re.sub(r'</\w+>|"\)?$', "", line.partition(mark)[2]).strip(" :")
                found.append(f"{path.relative_to(course.root)}, line {number}: still to be written: {what}")
    return found


def plan(
    course: Course,
    chapter: str,
    name: str,
    reference: str = "",
    after: str = "",
    minutes: int = 10,
    difficulty: int = 2,
    core: bool = True,
) -> Plan:
    """Find out whether an exercise can be added.

    Raises
    ------
    CourseError
        If the chapter is unknown, the name is taken or no identifier, or there is no such reference.
    """
    if Path(fnnkit.__file__).parents[1].resolve() != course.root.resolve():
        raise CourseError(
            f"fnnkit is imported from {Path(fnnkit.__file__).parents[1]}, not from this course: install this one with "
            "pip install -e ."
        )
    if chapter not in chapter_ids():
        raise CourseError(f"there is no chapter {chapter!r}; {_meant(chapter, list(chapter_ids()))}")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name) or name.startswith("check_"):
        raise CourseError(
            f"{name!r} cannot be the name of an exercise: it is a function's, such as fit_linear "
            "(small letters, digits, underscores)"
        )
    for other in chapter_ids():
        if name in {e.name for e in exercises(other)}:
            raise CourseError(f"there is an exercise {name!r} already, in {other}")
    for path in list(pieces(course, chapter).values())[:3]:
        if not path.is_file():
            raise CourseError(f"{path.relative_to(course.root)} is missing: a chapter has to be there first")
    module = importlib.import_module(f"fnnkit.exercises.{chapter}")
    if hasattr(module, name):
        raise CourseError(
            f"the name {name!r} is taken in fnnkit/exercises/{chapter}.py: by {getattr(module, name)!r:.60}"
        )
    here = list(exercises(chapter))
    if after and after not in {e.name for e in here}:
        raise CourseError(
            f"there is no exercise {after!r} in {chapter}; {_meant(after, [e.name for e in here])}"
        )
    before = next((e for e in here if e.name == after), here[-1] if here else None)
    function, home = _reference(reference or name, bool(reference))
    return Plan(chapter, name, function, home, before, minutes, difficulty, core)


def _meant(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(known)}"


def _reference(asked: str, told: bool) -> tuple[Callable[..., Any], str]:
    """The function that an exercise's answers are compared with, and the module of fnnkit that it is from."""
    names = [
        m.name for m in pkgutil.iter_modules(fnnkit.__path__) if not m.ispkg and not m.name.startswith("_")
    ]
    where, _, name = asked.removeprefix("fnnkit.").rpartition(".")
    if told and not where:
        raise CourseError(f"--reference {asked}: say the module too, such as losses.{asked}")
    if where and where not in names:
        raise CourseError(f"there is no module fnnkit.{where}; {_meant(where, names)}")
    found = []
    for module in [where] if where else names:
        function = getattr(importlib.import_module(f"fnnkit.{module}"), name, None)
        if inspect.isfunction(function) and (
            function.__module__ == f"fnnkit.{module}"
            or (where and function.__module__.startswith("fnnkit."))  # a face, such as activations
        ):
            found.append((function, module))
    if not found:
        raise CourseError(
            f"fnnkit{'.' + where if where else ''} has no function {name!r}: write the reference first (formula, docstring, "
            "tests), or name another one with --reference module.function"
        )
    if len(found) > 1:
        raise CourseError(
            f"several modules have a function {name!r}: say which with --reference "
            + " or --reference ".join(f"{m}.{name}" for _, m in found)
        )
    return found[0]


def texts(course: Course, planned: Plan) -> dict[Path, str]:
    """New texts of all files, nothing written yet."""
    files = pieces(course, planned.chapter)
    old = {kind: path.read_text(encoding="utf-8") if path.is_file() else "" for kind, path in files.items()}
    new = {
        "declaration": _declared(old["declaration"], planned),
        "answers": _listed(old["answers"], planned),
        "notebook": _carded(old["notebook"], planned),
        "tests": _tested(old["tests"], planned),
    }
    for kind, text in new.items():
        try:
            ast.parse(text)
        except SyntaxError as problem:
            raise CourseError(
                f"{files[kind].relative_to(course.root)} would not be Python any more (line {problem.lineno}): add the "
                "exercise by hand"
            ) from None
    return {files[kind]: text for kind, text in new.items()}


def write(course: Course, planned: Plan, told: Callable[[str], None] = lambda _: None) -> list[Path]:
    """Write the pieces, and make sure that the chapter still imports and builds; else put everything back.

    Raises
    ------
    CourseError
        If it does not.
    """
    told("writing")
    made = texts(course, planned)
    before = {path: path.read_bytes() if path.is_file() else None for path in made}
    try:
        for path, text in made.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f".{path.name}.{os.getpid()}.part")
            part.write_text(text, encoding="utf-8")
            part.replace(path)
        told("formatting")
        _format(course, [p for kind, p in pieces(course, planned.chapter).items() if kind != "notebook"])
        told("building the chapter, to see whether it does")
        code = (
            "import sys; from grader.course import Course; from grader.authoring.build import build\n"
            f"build(Course.find(), [{planned.chapter!r}])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=course.root, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(course.root), os.environ.get("PYTHONPATH", "")])},
        )  # fmt: skip
        if done.returncode:
            said = (done.stderr.strip().splitlines() or ["no words"])[-1]
            raise CourseError(f"the chapter would not build any more, so nothing was changed: {said}")
    except BaseException:
        for path, content in before.items():
            path.with_name(f".{path.name}.{os.getpid()}.part").unlink(missing_ok=True)
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(content)
        raise
    return list(made)


def _format(course: Course, paths: list[Path]) -> None:
    """Format with ruff, where it is installed; the texts are laid out by its rules anyway."""
    ruff = shutil.which("ruff")
    if ruff:
        for words in (
            ["check", "--quiet", "--no-cache", "--select", "I", "--fix"],
            ["format", "--quiet", "--no-cache"],
        ):
            subprocess.run(
                [ruff, *words, *map(str, paths)], cwd=course.root, capture_output=True, check=False
            )


def _mark(planned: Plan, what: str) -> str:
    return f"{PLACEHOLDER} ({planned.name}): {what}"


def _parameters(planned: Plan) -> list[str]:
    return list(inspect.signature(planned.reference).parameters)


def _returns(planned: Plan) -> int:
    """How many values the reference returns, as its annotation says."""
    note = str(inspect.signature(planned.reference).return_annotation)
    if not note.startswith("tuple["):
        return 1
    inner = ast.parse(note, mode="eval").body
    parts = (
        inner.slice.elts if isinstance(inner, ast.Subscript) and isinstance(inner.slice, ast.Tuple) else [0]
    )
    return len(parts)


def _declared(text: str, planned: Plan) -> str:
    name, call = planned.name, ", ".join(_parameters(planned))
    several = _returns(planned)
    lines = [f"# --- {name} ".ljust(WIDTH, "-"), "", ""]
    lines += [
        f"def {name}_cases(rng: np.random.Generator) -> list[Case]:",
        f'    """Calls of ``{name}({call})``."""',
        f"    # {_mark(planned, 'calls where wrong and right answers part, each for a criterion by its name')}",
        "    return []",
        "",
        "",
        f"# {_mark(planned, 'typical wrong answers, as functions; each is listed below with its hint')}",
        "",
        "",
        f"{name} = CHAPTER.add(",
        "    Exercise(",
        f'        name="{name}",',
        "        chapter=CHAPTER.id,",
        f"        reference={planned.module}.{planned.reference.__name__},",
    ]
    if several > 1:
        names = ", ".join(f'"value{i + 1}"' for i in range(several))
        lines.append(f"        returns=({names}),  # {_mark(planned, 'names of the returned values')}")
    lines += [
        f"        cases={name}_cases,",
        "        criteria=(",
        '            Criterion("the values", 0.75, agrees()),',
        '            Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),',
        "        ),",
        "        misconceptions=(),",
        f"        minutes={planned.minutes},",
        f"        difficulty={planned.difficulty},",
        *([] if planned.core else ["        core=False,"]),
        "    )",
        ")",
    ]
    text = _imported(text, "fnnkit", (planned.module,))
    text = _imported(text, "fnnkit.judge.exercise", NEEDED)
    rows = text.rstrip("\n").split("\n")
    end = _end_of(text, planned.after) if planned.after else len(rows)
    return "\n".join([*rows[:end], "", "", *lines, *rows[end:]]) + "\n"


def _end_of(text: str, after: Exercise | None) -> int:
    """The last line of the statement that declares an exercise."""
    assert after is not None
    for statement in ast.parse(text).body:
        for node in ast.walk(statement):
            if isinstance(node, ast.keyword) and node.arg == "name" and _constant(node.value) == after.name:
                return statement.end_lineno or 0
    raise CourseError(
        f"fnnkit/exercises/{after.chapter}.py declares {after.name!r} in a way that is not understood"
    )


def _constant(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _imported(text: str, module: str, names: tuple[str, ...]) -> str:
    """Make sure that names are imported from a module."""
    rows = text.split("\n")
    imports = [s for s in ast.parse(text).body if isinstance(s, ast.Import | ast.ImportFrom)]
    for statement in imports:
        if isinstance(statement, ast.ImportFrom) and statement.module == module and not statement.level:
            have = {a.name for a in statement.names}
            if set(names) <= have:
                return text
            line = f"from {module} import {', '.join(sorted(have | set(names), key=_isort))}"
            if len(line) > 110:
                line = (
                    f"from {module} import (\n    "
                    + ",\n    ".join(sorted(have | set(names), key=_isort))
                    + ",\n)"
                )
            rows[statement.lineno - 1 : statement.end_lineno] = [line]
            return "\n".join(rows)
    last = imports[-1].end_lineno if imports else 0
    rows.insert(last or 0, f"from {module} import {', '.join(sorted(names, key=_isort))}")
    return "\n".join(rows)


def _isort(name: str) -> tuple[int, str]:
    """Constants, classes, functions: ruff's order."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2, name)


def _listed(text: str, planned: Plan) -> str:
    statement = next(
        (
            s for s in ast.parse(text).body
            if isinstance(s, ast.Assign | ast.AnnAssign) and isinstance(s.value, ast.Dict)
            and "ANSWERS" in [getattr(t, "id", "") for t in (s.targets if isinstance(s, ast.Assign) else [s.target])]
        ),
        None,
    )  # fmt: skip
    if statement is None:
        raise CourseError(f"grader/answers/{planned.chapter}.py has no dict ANSWERS")
    rows = text.split("\n")
    first, last = statement.lineno - 1, (statement.end_lineno or 0) - 1
    body = "\n".join(rows[first : last + 1]).rstrip()
    body = body.removesuffix("}").rstrip()
    comma = "" if body.endswith(("{", ",")) else ","
    body += f'{comma}\n    "{planned.name}": [],\n}}'
    note = f"# {_mark(planned, 'three correct answers or more, each in a style of its own; then list them in ANSWERS')}"
    return "\n".join([*rows[:first], note, "", "", body, *rows[last + 1 :]])


def _carded(text: str, planned: Plan) -> str:
    name, call = planned.name, ", ".join(_parameters(planned))
    dots = "●" * planned.difficulty + "○" * (4 - planned.difficulty)
    worth = "1 point" if planned.core else "further"
    first = (inspect.getdoc(planned.reference) or "").splitlines()[:1]
    cells = [
        "# %% [markdown]",
        f"# ### Exercise `{name}` · {dots} · {planned.minutes} minutes · {worth}",
        "#",
        f"# **Goal.** {_mark(planned, 'what the function gives, in one sentence')}",
        f"# **Not asked:** {_mark(planned, 'what somebody might think is asked too')}",
        "#",
        f"# <details><summary>Hint 1</summary>{_mark(planned, 'where to start')}</details>",
        f"# <details><summary>Hint 2</summary>{_mark(planned, 'the step that is hard to see')}</details>",
        f"# <details><summary>Hint 3</summary>{_mark(planned, 'nearly the line of code')}</details>",
        "",
        f'# %% nbgrader={{"grade_id": "{name}", "solution": true}}',
        f"def {name}({call}):",
        f'    {"r" if first and chr(92) in first[0] else ""}"""{first[0] if first else _mark(planned, "what it gives")}',
        "",
        f"    {_mark(planned, 'shapes of the arguments, in words')}",
        f"    {_mark(planned, 'shape of what is returned')}",
        '    """',
        "    ### BEGIN SOLUTION",
        f'    raise NotImplementedError("{_mark(planned, "the solution")}")',
        "    ### END SOLUTION",
        "",
        "",
        f'# %% nbgrader={{"grade_id": "check_{name}", "grade": true}}',
        f'check("{name}", {name})',
    ]
    rows = text.rstrip("\n").split("\n")
    end = len(rows)
    if planned.after:
        check = f'"grade_id": "check_{planned.after.name}"'
        at = next((i for i, row in enumerate(rows) if row.startswith("# %%") and check in row), None)
        if at is None:
            raise CourseError(f"solutions/{planned.chapter}.py has no cell check_{planned.after.name}")
        end = next((i for i in range(at + 1, len(rows)) if rows[i].startswith("# %%")), len(rows))
        while not rows[end - 1].strip():
            end -= 1
    return "\n".join([*rows[:end], "", *cells, *rows[end:]]) + "\n"


def _tested(text: str, planned: Plan) -> str:
    name = planned.name
    header = (
        f'"""{planned.chapter}: what each exercise asks, computed by hand or by somebody else\'s code."""\n'
    )
    header += "\nimport pytest\n"
    text = text or header
    if not re.search(r"^import pytest$", text, re.M):
        rows = text.split("\n")
        first = next((s for s in ast.parse(text).body if isinstance(s, ast.Import | ast.ImportFrom)), None)
        rows.insert(first.lineno - 1 if first else 0, "import pytest")
        text = "\n".join(rows)
    return (
        text.rstrip("\n")
        + f"\n\n\ndef test_{name}_gives_what_was_computed_by_hand():\n"
        + f'    pytest.fail("{_mark(planned, "a small case by hand, or against another library")}")\n'
    )
