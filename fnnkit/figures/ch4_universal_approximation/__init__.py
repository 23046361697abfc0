"""Figures of chapter 4, drawn by the student's own functions."""

from fnnkit.figures.ch4_universal_approximation.build_a_function import build_a_function
from fnnkit.figures.ch4_universal_approximation.circle_through_depth import circle_through_depth
from fnnkit.figures.ch4_universal_approximation.does_depth_help import does_depth_help
from fnnkit.figures.ch4_universal_approximation.error_against_width import error_against_width
from fnnkit.figures.ch4_universal_approximation.folding import folding
from fnnkit.figures.ch4_universal_approximation.pieces import pieces

__all__ = [
    "build_a_function",
    "circle_through_depth",
    "does_depth_help",
    "error_against_width",
    "folding",
    "pieces",
]
