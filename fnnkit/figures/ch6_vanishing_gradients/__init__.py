"""Figures of chapter 6, drawn by the student's own functions."""

from fnnkit.figures.ch6_vanishing_gradients.cliff import cliff
from fnnkit.figures.ch6_vanishing_gradients.eigenvalues import eigenvalues
from fnnkit.figures.ch6_vanishing_gradients.error_signal import error_signal
from fnnkit.figures.ch6_vanishing_gradients.latch import latch
from fnnkit.figures.ch6_vanishing_gradients.latch_film import latch_film
from fnnkit.figures.ch6_vanishing_gradients.three_norms import three_norms
from fnnkit.figures.ch6_vanishing_gradients.transient import transient

__all__ = ["cliff", "eigenvalues", "error_signal", "latch", "latch_film", "three_norms", "transient"]
