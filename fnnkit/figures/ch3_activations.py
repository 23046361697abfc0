"""Figures of chapter 3, drawn by the student's own functions."""

from fnnkit.figures.explorer import activation_explorer

__all__ = ["activation_explorer"]
