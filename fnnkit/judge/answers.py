"""Finding the answers in a notebook: in the answer cell, or wherever else somebody has written them.

The order: what the exercise's own cell (all cells with its grade id) defines; if that is the stub or nothing, what
another answer cell defines; then any other code cell that was not handed out. What an answer uses, and no given cell
and no answer cell defines, is looked for in those other cells too. Texts are read, and never run.
"""

from __future__ import annotations

import ast
import builtins
import functools
import re
import symtable
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fnnkit.judge import notes

LONGEST = 200_000
"""Characters of a cell that are looked at, and run."""
DEEPEST = 60
"""Brackets in brackets up to which a text is parsed: what nobody writes can take a parser very long."""
MOST_CELLS = 20
"""Other cells that are run for one exercise."""


@dataclass(frozen=True)
class Cell:
    """What counts of a cell: its type, its text, the grade id and tags that it carries."""

    kind: str
    source: str
    grade_id: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """Where one exercise's answer is.

    Attributes
    ----------
    parts : tuple of str
        Texts to run in the place of its answer cell, in their order; none if another answer cell defines it.
    text : str
        What was handed in, to be shown; empty if there is nothing but what was handed out.
    notes : tuple of str
        Remarks for the student.
    within : str
        The other exercise whose cell defines it; empty for its own cell.
    """

    parts: tuple[str, ...] = ()
    text: str = ""
    notes: tuple[str, ...] = ()
    within: str = ""


def cells_of(notebook: Mapping[str, Any]) -> list[Cell]:
    """The cells of a notebook, whatever is wrong with them."""
    found = []
    raw = notebook.get("cells", [])
    for cell in raw if isinstance(raw, list) else []:
        if not isinstance(cell, Mapping):
            continue
        metadata = cell.get("metadata")
        metadata = metadata if isinstance(metadata, Mapping) else {}
        mark, tags = metadata.get("nbgrader"), metadata.get("tags")
        grade_id = mark.get("grade_id") if isinstance(mark, Mapping) else None
        found.append(
            Cell(
                writable(str(cell.get("cell_type"))),
                source_of(cell),
                writable(grade_id) if isinstance(grade_id, str) else "",
                tuple(t for t in tags if isinstance(t, str)) if isinstance(tags, list) else (),
            )
        )
    return found


def source_of(cell: Mapping[str, Any]) -> str:
    """The text of a cell, in a form in which every file can hold it."""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return writable(source) if isinstance(source, str) else ""


def writable(text: str) -> str:
    """The text without halves of surrogate pairs, which no file can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def find(
    cells: Sequence[Cell],
    ids: Sequence[str],
    names: Collection[str],
    given: Iterable[str] = (),
    handed_out: Collection[str] = (),
) -> dict[str, Found]:
    """Find the code of all answers.

    Parameters
    ----------
    cells : sequence of Cell
        What was handed in.
    ids : sequence of str
        Grade ids of the answer cells with code, in the order of the chapter.
    names : collection of str
        Those of them that are exercises: functions of that name.
    given : iterable of str
        Texts of given cells.
    handed_out : collection of str
        Texts of cells as they were handed out: there is nothing of the student's in them.
    """
    own = {i: _own_parts(i, cells, i in names) for i in ids}
    same = {text.strip() for text in handed_out}
    loose = [
        c.source[:LONGEST]
        for c in cells
        if c.kind == "code" and c.grade_id not in own and c.source.strip() and c.source.strip() not in same
    ]
    found: dict[str, Found] = {}
    for name in ids:
        parts, said = own[name]
        if name in names and not any(defines(text, name) for text in parts):
            other = _elsewhere(name, own, loose, missing=not parts)
            if other:
                found[name] = other
                continue
        if name in names:
            later = ids[list(ids).index(name) + 1 :]
            twice = [o for o in later if o != name and any(defines(text, name) for text in own[o][0])]
            said += [notes.again(name, twice)] if twice else []
        found[name] = Found(tuple(parts), "\n\n".join(parts), tuple(said))
    if loose:
        known = set().union(
            *(look(text).binds for text in given), *(look(p).binds for f in found.values() for p in f.parts)
        )
        found = {name: _with_helpers(answer, loose, known) for name, answer in found.items()}
    return found


def _own_parts(grade_id: str, cells: Sequence[Cell], is_exercise: bool) -> tuple[list[str], list[str]]:
    """Texts of the cells with a grade id, and what is to be said of them."""
    own = [c for c in cells if c.grade_id == grade_id and c.source.strip()]
    code = [c for c in own if c.kind == "code"]
    if is_exercise:
        # A Markdown cell that was split off holds remarks, unless it is where the function stands.
        filled = [c for c in code if not is_stub(c.source, grade_id)]
        turned = [c for c in own if c.kind != "code" and (not code or defines(c.source, grade_id))]
        code = [c for c in own if c in turned or c in filled] or code
    else:
        code = code or own
    texts = list(dict.fromkeys(c.source[:LONGEST] for c in code))
    said = [notes.retyped(c.kind) for c in code if c.kind != "code"][:1]
    if len(texts) > 1 and not all(is_stub(text, grade_id) for text in texts):
        said.append(notes.joined(len(texts)))
    return texts, said


def _elsewhere(
    name: str, own: Mapping[str, tuple[list[str], list[str]]], loose: Sequence[str], missing: bool
) -> Found | None:
    """The answer in the cell of another exercise, or in one of the student's own."""
    kept = [text for text in own[name][0] if not is_stub(text, name)]
    for other, (parts, _) in reversed(list(own.items())):
        if other != name and any(means(text, name) for text in parts):
            text = "\n\n".join([*kept, f"# `{name}` is in the cell of `{other}`"])
            said = [*own[name][1], notes.in_answer_of(name, other, missing)]
            return Found(tuple(kept), text, tuple(said), within=other)
    for text in reversed(loose):
        if means(text, name):
            said = [*own[name][1], notes.in_new_cell(name, text, missing)]
            return Found((*kept, text), "\n\n".join([*kept, text]), tuple(said))
    return None


def _with_helpers(answer: Found, loose: Sequence[str], known: Collection[str]) -> Found:
    """Put before an answer the cells of the student's own that define what it uses."""
    taken: dict[int, list[str]] = {}
    waiting = [n for part in answer.parts for n in sorted(look(part).uses)]
    seen = set(known) | BUILTINS | {n for part in answer.parts for n in look(part).binds}
    while waiting and len(taken) < MOST_CELLS:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        place = next((i for i in reversed(range(len(loose))) if name in look(loose[i]).binds), None)
        if place is not None and loose[place] not in answer.parts:
            taken.setdefault(place, []).append(name)
            waiting += sorted(look(loose[place]).uses)
    if not taken:
        return answer
    before = [loose[i] for i in sorted(taken)]
    said = [notes.needs_cell(taken[i], loose[i]) for i in sorted(taken)]
    text = "\n\n".join([*before, answer.text])
    return Found((*before, *answer.parts), text, (*answer.notes, *said), answer.within)


BUILTINS = {*dir(builtins), "display", "get_ipython", "In", "Out", "__name__", "__file__"}


@dataclass(frozen=True)
class Seen:
    """What reading a cell gives.

    Attributes
    ----------
    compiles : bool
        Whether it is Python, once the lines that only IPython understands are left out.
    binds : frozenset of str
        Names that it binds in the notebook.
    functions : frozenset of str
        Those of them that it binds to what looks like a function with code in it.
    stubs : frozenset of str
        Functions whose last definition has no code yet.
    uses : frozenset of str
        Names of the notebook that it uses.
    """

    compiles: bool
    binds: frozenset[str] = field(default=frozenset())
    functions: frozenset[str] = field(default=frozenset())
    stubs: frozenset[str] = field(default=frozenset())
    uses: frozenset[str] = field(default=frozenset())


def defines(text: str, name: str) -> bool:
    """Whether a cell gives a name a value that is more than the stub."""
    if name not in text:
        return False
    seen = look(text)
    return name in seen.binds and name not in seen.stubs


def means(text: str, name: str) -> bool:
    """Whether a cell defines a function of that name, and not merely a variable that is called so."""
    return name in text and name in look(text).functions


def is_stub(text: str, name: str) -> bool:
    """Whether there is nothing in a cell but a function without code."""
    tree = _read(text)
    return tree is not None and all(
        _is_text(node) or (isinstance(node, ast.FunctionDef) and node.name == name and _has_no_code(node))
        for node in tree.body
    )


@functools.lru_cache(maxsize=4096)
def look(text: str) -> Seen:
    """Read a cell."""
    tree = _read(text)
    if tree is None:
        return Seen(False)
    binds: dict[str, str] = {}
    for name, kind in _bound(tree.body):
        binds[name] = kind
    return Seen(
        True,
        frozenset(binds),
        frozenset(n for n, kind in binds.items() if kind == "function"),
        frozenset(n for n, kind in binds.items() if kind == "stub"),
        _used(text),
    )


@functools.lru_cache(maxsize=64)
def _read(text: str) -> ast.Module | None:
    """The tree of a cell for whoever changes nothing in it: a cell is asked about several times in a row."""
    return parse(text)


def parse(text: str) -> ast.Module | None:
    """The syntax tree of a cell; None if it has none, even without the lines that only IPython understands."""
    source = readable(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the cell has said so itself when it ran
        return None if source is None else ast.parse(source)


@functools.lru_cache(maxsize=4096)
def readable(text: str) -> str | None:
    """The cell as Python can parse it; None if it cannot."""
    depth = most = 0
    for sign in BRACKET.findall(text):
        depth += 1 if sign in "([{" else -1
        most = max(most, depth)
    if most > DEEPEST or "\0" in text:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for source in (text, without_magics(text)):
            try:
                ast.parse(source)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
            return source
    return None


BRACKET = re.compile(r"[][(){}]")
MAGIC = re.compile(r"^([ \t]*)(?:[%!]|\?\w).*$|^([ \t]*)[\w.]+\?{1,2}[ \t]*$", re.MULTILINE)
ASSIGNED = re.compile(r"^([ \t]*[\w, ]+=[ \t]*)[%!].*$", re.MULTILINE)


def without_magics(text: str) -> str:
    """A cell without what only IPython understands; its lines stay where they are."""
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%"):
        lines[first] = ""
    text = "\n".join(lines)
    return ASSIGNED.sub(r"\1None", MAGIC.sub(lambda m: (m[1] or m[2] or "") + "pass", text))


def _bound(body: Sequence[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Names that statements bind, each with what it is bound to: a function, a stub or something else."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, "stub" if _has_no_code(node) else "function"
        elif isinstance(node, ast.ClassDef):
            yield node.name, "function"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name.split(".")[0], "module"
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, "function"
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            kind = "function" if node.value is not None and _is_callable(node.value) else "value"
            for target in targets:
                for inner in ast.walk(target):
                    if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                        yield inner.id, kind
        else:
            if isinstance(node, ast.For | ast.AsyncFor | ast.With | ast.AsyncWith):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                        yield inner.id, "value"
            for part in ("body", "handlers", "orelse", "finalbody"):
                for inner in getattr(node, part, []):
                    yield from _bound(inner.body if isinstance(inner, ast.ExceptHandler) else [inner])


MAKERS = {"vectorize", "partial", "frompyfunc", "wraps", "lru_cache", "cache", "compose"}


def _is_callable(value: ast.expr) -> bool:
    """Whether an expression looks like a function."""
    if isinstance(value, ast.Call):
        called = value.func
        if isinstance(called, ast.Call):
            called = called.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        return name in MAKERS or any(isinstance(a, ast.Lambda) for a in value.args)
    if isinstance(value, ast.IfExp):
        return _is_callable(value.body)
    return isinstance(value, ast.Lambda | ast.Name | ast.Attribute)


def _has_no_code(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    body = [n for n in node.body if not _is_text(n)]
    if not body:
        return True
    if len(body) > 1:
        return False
    only = body[0]
    if isinstance(only, ast.Raise) and only.exc is not None:
        raised = only.exc.func if isinstance(only.exc, ast.Call) else only.exc
        return getattr(raised, "id", "") == "NotImplementedError"
    return isinstance(only, ast.Pass)


def _is_text(node: ast.stmt) -> bool:
    """A docstring, or three dots."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and (node.value.value is Ellipsis or isinstance(node.value.value, str))
    )


def _used(text: str) -> frozenset[str]:
    """Names that a cell, and the functions in it, take from the notebook."""
    source = readable(text)
    found: set[str] = set()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            waiting = [symtable.symtable(source or "", "cell", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    while waiting:
        table = waiting.pop()
        top = table.get_type() == "module"
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (top or symbol.is_global()):
                found.add(symbol.get_name())
        waiting += table.get_children()
    return frozenset(found)


def definitions(text: str) -> str:
    """What a cell defines, without what it does: functions, classes, imports and simple values."""
    tree = parse(text)
    try:
        return "" if tree is None else ast.unparse(ast.Module([n for n in tree.body if only_defines(n)], []))
    except RecursionError:
        return ""


def only_defines(node: ast.stmt) -> bool:
    """Whether a statement binds a function, a class, a module or a simple value, and does nothing else."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        busy = (ast.Call, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Await, ast.BinOp)
        return _is_callable(node.value) or not any(isinstance(n, busy) for n in ast.walk(node.value))
    return False
