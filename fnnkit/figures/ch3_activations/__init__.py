"""Figures of chapter 3, drawn by the student's own functions."""

from fnnkit.figures.ch3_activations.activation_explorer import activation_explorer
from fnnkit.figures.ch3_activations.forgetting import forgetting
from fnnkit.figures.ch3_activations.maxout_learns import maxout_learns
from fnnkit.figures.ch3_activations.sparsity_through_depth import sparsity_through_depth

__all__ = ["activation_explorer", "forgetting", "maxout_learns", "sparsity_through_depth"]
