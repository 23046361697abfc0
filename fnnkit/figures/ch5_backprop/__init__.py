"""Figures of chapter 5, drawn by the student's own functions."""

from fnnkit.figures.ch5_backprop.bowl import bowl
from fnnkit.figures.ch5_backprop.cost import cost
from fnnkit.figures.ch5_backprop.digits import digits
from fnnkit.figures.ch5_backprop.order import order
from fnnkit.figures.ch5_backprop.race import race
from fnnkit.figures.ch5_backprop.scatter import scatter
from fnnkit.figures.ch5_backprop.signals import signals

__all__ = ["bowl", "cost", "digits", "order", "race", "scatter", "signals"]
