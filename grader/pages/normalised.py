"""The text of an answer without what its author calls things: to tell whether two say the same."""

from __future__ import annotations

import ast
import functools
import io
import tokenize
import warnings
from collections.abc import Sequence

PIECE = 6
"""Tokens that one piece of a text holds, when it is asked what two texts share."""


class _Names(ast.NodeTransformer):
    """Renames what a text binds itself, in the order in which it appears; takes out docstrings and annotations."""

    def __init__(self, kept: Sequence[str], bound: set[str]) -> None:
        self.kept, self.bound = {*kept}, bound
        self.called: dict[str, str] = {}

    def _new(self, name: str) -> str:
        if name not in self.bound or name in self.kept:
            return name
        return self.called.setdefault(name, f"v{len(self.called) + 1}")

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.copy_location(ast.Name(self._new(node.id), node.ctx), node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.copy_location(ast.arg(self._new(node.arg), None), node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name, node.returns = self._new(node.name), None
        node.body = _without_texts(node.body)
        self.generic_visit(node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        self.generic_visit(node)
        return ast.copy_location(ast.Assign([node.target], node.value), node)


def _without_texts(body: list[ast.stmt]) -> list[ast.stmt]:
    """Statements without those that are a text alone: docstrings, and comments in quotes."""
    kept = [s for s in body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    return kept or [ast.Pass()]


@functools.lru_cache(maxsize=100_000)
def normalised(text: str, name: str) -> str:
    r"""A text with its own names replaced, without comments, docstrings and annotations, laid out anew.

    Parameters
    ----------
    text : str
        The answer cell.
    name : str
        The function that was asked for, which keeps its name.

    Examples
    --------
    >>> a = normalised("def f(x):\n    # twice\n    y = 2*x\n    return y", "f")
    >>> a == normalised("def f(u): \n\n  'doc'\n  result=2 * u ;   return result", "f")
    True
    >>> normalised("def f(x: return", "f")
    'def f(x: return'
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return " ".join(text.split())
    bound = set()
    for node in ast.walk(tree):  # once: a class of a thousand has ten thousand texts
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                bound.add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.FunctionDef):
            bound.add(node.name)
    tree.body = _without_texts(tree.body)
    try:
        return ast.unparse(_Names([name], bound).visit(tree))
    except RecursionError:
        return " ".join(text.split())


@functools.lru_cache(maxsize=20_000)
def pieces(normal: str) -> frozenset[str]:
    """All runs of `PIECE` tokens of a normalised text."""
    try:
        tokens = [
            t.string for t in tokenize.generate_tokens(io.StringIO(normal).readline) if t.string.strip()
        ]
    except (tokenize.TokenError, SyntaxError):
        tokens = normal.split()
    return frozenset(" ".join(tokens[i : i + PIECE]) for i in range(max(1, len(tokens) - PIECE + 1)))
