"""Figures of chapter 1, drawn by the student's own functions."""

from fnnkit.figures.ch1_xor.hand_made_xor import hand_made_xor
from fnnkit.figures.ch1_xor.initialisation import initialisation
from fnnkit.figures.ch1_xor.kernel_and_network import kernel_and_network
from fnnkit.figures.ch1_xor.kinds_of_network import kinds_of_network
from fnnkit.figures.ch1_xor.landscape import landscape
from fnnkit.figures.ch1_xor.linear_model import linear_model

__all__ = [
    "hand_made_xor",
    "initialisation",
    "kernel_and_network",
    "kinds_of_network",
    "landscape",
    "linear_model",
]
