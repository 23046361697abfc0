"""Figures of chapter 2, drawn by the student's own functions."""

from fnnkit.figures.conditional_statistics import conditional_statistics
from fnnkit.figures.mean_or_median import mean_or_median
from fnnkit.figures.mixture_density import mixture_density
from fnnkit.figures.saturation import saturation
from fnnkit.figures.softmax_sliders import softmax_sliders

__all__ = ["conditional_statistics", "mean_or_median", "mixture_density", "saturation", "softmax_sliders"]
