"""Figures of chapter 2, drawn by the student's own functions."""

from fnnkit.figures.ch2_output_units.conditional_statistics import conditional_statistics
from fnnkit.figures.ch2_output_units.mean_or_median import mean_or_median
from fnnkit.figures.ch2_output_units.mixture_density import mixture_density
from fnnkit.figures.ch2_output_units.saturation import saturation
from fnnkit.figures.ch2_output_units.softmax_sliders import softmax_sliders

__all__ = ["conditional_statistics", "mean_or_median", "mixture_density", "saturation", "softmax_sliders"]
