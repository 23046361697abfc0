"""Figures of chapter 1, drawn by the student's own functions."""

from fnnkit.figures.hand_made_xor import hand_made_xor

__all__ = ["hand_made_xor"]
