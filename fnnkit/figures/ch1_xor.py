"""Figures of chapter 1, drawn by the student's own functions."""

from fnnkit.figures.hand_made_xor import hand_made_xor
from fnnkit.figures.kernel_and_network import kernel_and_network
from fnnkit.figures.linear_model import linear_model
from fnnkit.figures.starts import initialisation
from fnnkit.figures.symmetric_landscape import landscape

__all__ = ["hand_made_xor", "initialisation", "kernel_and_network", "landscape", "linear_model"]
