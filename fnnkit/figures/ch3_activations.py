"""Figures of chapter 3, drawn by the student's own functions."""

from fnnkit.figures.explorer import activation_explorer
from fnnkit.figures.forgetting import forgetting
from fnnkit.figures.maxout_learning import maxout_learns
from fnnkit.figures.sparsity_depth import sparsity_through_depth

__all__ = ["activation_explorer", "forgetting", "maxout_learns", "sparsity_through_depth"]
