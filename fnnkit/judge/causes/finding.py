"""What is said of a wrong answer: where the mistake is, of which kind, and how that is known."""

from __future__ import annotations

import ast
from dataclasses import dataclass

LONGEST = 60
"""Characters of code that a place quotes."""


@dataclass(frozen=True)
class Finding:
    """The cause of a wrong answer.

    Attributes
    ----------
    place : str
        ``"Line 3, `X.mean(axis=1)`"``; empty if it is not one place.
    kind : str
        A word for the kind of mistake, ``"axis"``; empty if only the place is known.
    words : str
        What it is, for the student, after the place.
    proof : str
        How that is known, in a sentence.
    witness : str
        Who says so: ``"ledger"``, ``"fact"``, ``"repair"``, ``"trace"``, ``"mutant"`` or ``"split"``.
    """

    place: str
    kind: str
    words: str
    proof: str
    witness: str

    def said(self, whole: bool = True) -> str:
        """The text that is shown; without the kind, if that should be found first by looking at the place."""
        if self.witness == "ledger":
            return self.words
        if self.witness == "repair" and self.place and (not whole or not self.words):
            return f"{self.place}: {self.proof[0].lower()}{self.proof[1:]}"
        text = f"{self.place}: {self.words}" if self.place else self.words[:1].upper() + self.words[1:]
        return f"{text}{'' if text.endswith(('.', '?')) else '.'} {self.proof}".strip()


def place_of(node: ast.AST, text: str, tree: ast.AST | None = None) -> str:
    """Where something stands in a cell: its line, and what is written there.

    Parameters
    ----------
    node : ast.AST
        What is meant.
    text : str
        The cell.
    tree : ast.AST, optional
        What the node is of. With it, a bare name or number is shown in what it stands in: a line may have several.
    """
    line = getattr(node, "lineno", 0)
    code = _code(node, text)
    outer = _code(_around(node, tree), text) if tree is not None and _bare(node) else ""
    if code and outer and outer != code and len(outer) <= LONGEST:
        return f"Line {line}, `{code}` in `{outer}`"
    if len(code) > LONGEST:
        code = code[: LONGEST - 1] + "…"
    return f"Line {line}, `{code}`" if code else f"Line {line}"


def _code(node: ast.AST | None, text: str) -> str:
    code = " ".join((ast.get_source_segment(text, node) or "").split()) if node is not None else ""
    return "" if "`" in code else code


def _bare(node: ast.AST) -> bool:
    """Whether it is a name or a number, which a line may hold several times."""
    return isinstance(node, ast.Name | ast.Constant) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)
    )


def _around(node: ast.AST, tree: ast.AST) -> ast.expr | None:
    """The smallest expression of several parts that a node stands in."""
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    outer = parents.get(node)
    while isinstance(outer, ast.keyword | ast.UnaryOp | ast.Slice) or (
        isinstance(outer, ast.Tuple) and isinstance(parents.get(outer), ast.Subscript)
    ):
        outer = parents.get(outer)
    return outer if isinstance(outer, ast.expr) and not isinstance(outer, ast.Tuple) else None
