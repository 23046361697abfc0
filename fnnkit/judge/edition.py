"""The marking edition of fnnkit: what student code can import while it is marked.

It is made from an allow-list. There is no reference and no exercise in it, not even as a file: the folder
`fnnkit.kernel`, of its test functions those that the chapter uses, data sets, what `fnnkit.exercises` and figures export,
doing nothing, and a library function only if an exercise of the chapter lists it as given.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import inspect
from collections.abc import Collection
from pathlib import Path

from fnnkit.judge.packages import is_there
from fnnkit.judge.registry import contents, exercises, folder_of, sources_of, tops
from fnnkit.judge.standalone import ALONE

PROGRAM = "fnnkit.kernel.ipython"
"""The module of it that is the kernel in which notebooks are marked."""

PACKAGE = '"""The marking edition: see the course\'s own package."""\n'

NOTHING = '''

class Nothing:
    """Whatever is asked of it, it does nothing."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __repr__(self):
        return ""
'''

EXERCISES = (
    '''"""Checks do nothing while a notebook is marked: functions are judged elsewhere, by name."""
'''
    + NOTHING
    + '''

def check(name, function):
    """Do nothing."""
    return 0.0


class _Mine:
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise RuntimeError({alone!r})


mine = _Mine()
'''
)

INERT = '''

def {name}(*args, **kwargs):
    """Do nothing."""
    return Nothing()
'''

FIGURES = (
    '''"""Figures do nothing while a notebook is marked."""
'''
    + NOTHING
    + """

def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Nothing()
"""
)


def files(chapter: str) -> dict[str, bytes]:
    """Every file of the edition for a chapter, by its path below the folder that is put on the path."""
    package = folder_of("fnnkit")
    made: dict[str, bytes] = {
        "fnnkit/__init__.py": PACKAGE.encode(),
        "fnnkit/exercises/__init__.py": _exercises(package).encode(),
        **{f"fnnkit/{name}": _inert(package / name).encode() for name in _figures(package)},
    }
    for top in tops()[1:]:  # a course of one's own has the same parts
        own = folder_of(top)
        made |= {
            f"{top}/__init__.py": PACKAGE.encode(),
            f"{top}/exercises/__init__.py": _exercises(own).encode(),
            **{f"{top}/{name}": _inert(own / name).encode() for name in _figures(own)},
        }
    data = (package / "datasets.py", package / "arguments.py", *sorted((package / "data").glob("*")))
    for source in (*sorted((package / "kernel").glob("*.py")), *data):
        if source.is_file():
            made[f"fnnkit/{source.relative_to(package).as_posix()}"] = source.read_bytes()
    made["fnnkit/kernel/named.py"] = _named(package / "kernel" / "named.py", chapter).encode()
    answers = {e.reference.__name__ for e in exercises(chapter)}
    given: dict[str, set[str]] = {}
    for exercise in exercises(chapter):
        for function in exercise.given:
            given.setdefault(function.__module__, set()).add(function.__name__)
    for module, names in given.items():
        text = _excerpt(module, names, answers, set(given))
        made[module.replace(".", "/") + ".py"] = text.encode()
    return made


def _named(path: Path, chapter: str) -> str:
    """The test functions that a chapter's exercises name: some are what another chapter asks for."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    wanted = {
        node.value
        for file in sources_of(chapter)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    } - set(contents(chapter))
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            kept = [
                (key, value)
                for key, value in zip(node.keys, node.values, strict=True)
                if not isinstance(key, ast.Constant) or key.value in wanted
            ]
            node.keys, node.values = [key for key, _ in kept], [value for _, value in kept]
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    waiting = [node for node in tree.body if not isinstance(node, ast.FunctionDef)]
    used: set[str] = set()
    while waiting:
        more = {n.id for n in ast.walk(waiting.pop()) if isinstance(n, ast.Name)} & set(functions) - used
        used |= more
        waiting += [functions[name] for name in sorted(more)]
    tree.body = [n for n in tree.body if not isinstance(n, ast.FunctionDef) or n.name in used]
    return ast.unparse(tree) + "\n"


def _exercises(package: Path) -> str:
    """Every public name of `fnnkit.exercises`."""
    public = _public(package / "exercises" / "__init__.py")
    inert = "".join(INERT.format(name=name) for name in public if name not in ("check", "mine"))
    return EXERCISES.replace("{alone!r}", repr(ALONE)) + inert


def _inert(path: Path) -> str:
    """A module of figures: what it exports is there for a star too."""
    public = _public(path)
    return FIGURES + (f"\n\n__all__ = {public!r}\n" if public else "")


def _public(path: Path) -> list[str]:
    """What a module lists as its public names."""
    text = path.read_text(encoding="utf-8")
    # Few list any; to parse all the others is a tenth of a second each time that somebody grades.
    for node in ast.parse(text).body if "__all__" in text else ():
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "__all__" for t in node.targets):
            return list(ast.literal_eval(node.value))
    return []


def _excerpt(module: str, names: Collection[str], answers: Collection[str], others: Collection[str]) -> str:
    """The part of a module that some functions need: themselves, what they use of it, and what it imports for that.

    Raises
    ------
    ValueError
        If they need what students are asked to write, or a module that is not there when marking.
    """
    source = inspect.getsource(importlib.import_module(module))
    tree = ast.parse(source)
    bound: dict[str, ast.stmt] = {}
    for node in tree.body:
        for name in _binds(node):
            bound[name] = node
    kept: set[int] = set()
    waiting, seen = sorted(names), set(names)
    while waiting:
        name = waiting.pop()
        node = bound[name]
        if name in answers and name not in names:
            raise ValueError(f"what is given of {module} uses {name}, which is an exercise")
        if isinstance(node, ast.Import | ast.ImportFrom):
            _check_import(node, module, others)
        kept.add(tree.body.index(node))
        more = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} & set(bound) - seen
        seen |= more
        waiting += sorted(more)
    parts = [ast.get_source_segment(source, tree.body[i], padded=True) or "" for i in sorted(kept)]
    for i, position in enumerate(sorted(kept)):
        node = tree.body[position]
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.decorator_list:
            first = min(d.lineno for d in node.decorator_list)
            lines = source.splitlines()[first - 1 : node.end_lineno]
            parts[i] = "\n".join(lines)
    return "from __future__ import annotations\n\n" + "\n\n\n".join(parts) + "\n"


def _binds(node: ast.stmt) -> list[str]:
    """Names that a statement of a module binds."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [a.asname or a.name.split(".")[0] for a in node.names if a.name != "annotations"]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [t.id for t in targets if isinstance(t, ast.Name)]


def _check_import(node: ast.Import | ast.ImportFrom, module: str, others: Collection[str]) -> None:
    modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
    for needed in modules:
        own = needed.partition(".")[0] in tops()
        there = (
            needed in THERE or needed in others or needed.startswith("fnnkit.kernel")
            if own
            else is_there(needed)
        )
        if not there:
            raise ValueError(f"what is given of {module} needs {needed}, which is not there when marking")


THERE = ("fnnkit.arguments", "fnnkit.datasets")


def _figures(package: Path) -> list[str]:
    """Every module of figures: a student may import any, and a missing one would cost the answers of its cell."""
    return sorted(p.relative_to(package).as_posix() for p in (package / "figures").rglob("*.py"))


def fingerprint(chapter: str) -> str:
    """A text that changes when the edition does."""
    digest = hashlib.sha256()
    for name, text in sorted(files(chapter).items()):
        digest.update(name.encode() + b"\0" + text + b"\0")
    return digest.hexdigest()
