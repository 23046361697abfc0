"""`convergence_rate`: slope of the logarithm of the error against that of the width."""

from __future__ import annotations

import numpy as np

from fnnkit import approximation
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

VALUE = "slope of the line through the logarithms"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``convergence_rate(widths, errors)``: never exactly on a line, and not at equal ratios."""

    def measured(widths: list[int], rate: float) -> tuple[np.ndarray, np.ndarray]:
        n = np.array(widths)
        off = np.resize([0.3, -0.35, 0.2, -0.1], len(n)) * rng.uniform(0.7, 1.3, len(n))
        errors = float(rng.uniform(1.0, 4.0)) * n**rate * np.exp(off)
        return n, np.array([float(f"{e:.3g}") for e in errors])

    def rate(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    return [
        Case(measured([4, 8, 16, 32, 64], rate(-1.9, -1.3)), VALUE),
        Case(measured([5, 10, 30], rate(-0.8, -0.4)), VALUE, "three widths"),
        Case(measured([40, 10, 80, 20], rate(-1.9, -1.3)), VALUE, "widths in any order"),
        Case(measured(list(range(4, 76, 4)), rate(-1.9, -1.3)), VALUE, "18 widths"),
        Case(measured([3, 6, 50, 200, 400, 500], rate(0.3, 0.6)), VALUE, "the error grows"),
    ]


def sign_turned(widths, errors):
    """Called a speed, so positive."""
    return -np.polyfit(np.log(widths), np.log(errors), 1)[0]


def axes_swapped(widths, errors):
    """Width against error."""
    return np.polyfit(np.log(errors), np.log(widths), 1)[0]


def log_of_the_errors_only(widths, errors):
    """Log–lin."""
    return np.polyfit(widths, np.log(errors), 1)[0]


def log_of_the_widths_only(widths, errors):
    """Lin–log."""
    return np.polyfit(np.log(widths), errors, 1)[0]


def no_logarithm(widths, errors):
    """Plain slope."""
    return np.polyfit(widths, errors, 1)[0]


def first_and_last_point(widths, errors):
    """Two points make a line."""
    return (np.log(errors[-1]) - np.log(errors[0])) / (np.log(widths[-1]) - np.log(widths[0]))


def through_the_origin(widths, errors):
    """No intercept."""
    x, y = np.log(widths), np.log(errors)
    return (x @ y) / (x @ x)


def mean_of_the_slopes(widths, errors):
    """Slopes between neighbours, averaged."""
    return np.mean(np.diff(np.log(errors)) / np.diff(np.log(widths)))


def cov_and_var_mixed(widths, errors):
    """np.cov divides by k − 1, np.var by k."""
    x, y = np.log(widths), np.log(errors)
    return np.cov(x, y)[0, 1] / np.var(x)


def intercept_returned(widths, errors):
    """The other number that polyfit gives."""
    return np.polyfit(np.log(widths), np.log(errors), 1)[1]


EXERCISE = Exercise(
    name="convergence_rate",
    chapter="ch4_universal_approximation",
    reference=approximation.convergence_rate,
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.75, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            sign_turned, "the sign is turned: an error that falls as the width grows has a negative slope."
        ),
        Misconception(
            axes_swapped, "the axes are swapped: the slope of the error against the width is asked for."
        ),
        Misconception(
            log_of_the_errors_only,
            "only the errors were put on a logarithmic scale. Take the logarithm of the widths too.",
        ),
        Misconception(
            log_of_the_widths_only,
            "only the widths were put on a logarithmic scale. Take the logarithm of the errors too.",
        ),
        Misconception(
            no_logarithm,
            "no logarithm was taken. error = C · widthʳ is a line only when both scales are logarithmic.",
        ),
        Misconception(
            first_and_last_point,
            "only the first and the last point were used. Measured errors do not lie exactly on a line: fit one to all of them.",
        ),
        Misconception(
            through_the_origin,
            "the line was forced through the origin. It has an intercept, log C: fit both, or centre first.",
        ),
        Misconception(
            mean_of_the_slopes,
            "slopes between neighbours were averaged. A least-squares line through all points is asked for.",
        ),
        Misconception(
            cov_and_var_mixed,
            "it is too large by k/(k − 1): `np.cov` divides by k − 1, and `np.var` by k unless told. `np.var(…, ddof=1)`.",
        ),
        Misconception(intercept_returned, "this is the intercept. `np.polyfit` gives the slope first."),
    ),
    minutes=5,
    difficulty=1,
    core=False,
)
