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


def mean_of_the_quotients(widths, errors):
    """log e / log n, averaged."""
    return np.mean(np.log(errors) / np.log(widths))


def two_bases(widths, errors):
    """log10 on one axis, ln on the other."""
    return np.polyfit(np.log(widths), np.log10(errors), 1)[0]


def the_other_two_bases(widths, errors):
    """ln on one axis, log10 on the other."""
    return np.polyfit(np.log10(widths), np.log(errors), 1)[0]


def correlation(widths, errors):
    """A number from −1 to 1."""
    return np.corrcoef(np.log(widths), np.log(errors))[0, 1]


def constant_returned(widths, errors):
    """C in the place of r."""
    return np.exp(np.polyfit(np.log(widths), np.log(errors), 1)[1])


def first_two_points(widths, errors):
    """The slope at the beginning."""
    return (np.log(errors[1]) - np.log(errors[0])) / (np.log(widths[1]) - np.log(widths[0]))


def last_two_points(widths, errors):
    """The slope at the end."""
    return (np.log(errors[-1]) - np.log(errors[-2])) / (np.log(widths[-1]) - np.log(widths[-2]))


def widths_sorted_alone(widths, errors):
    """Other pairs."""
    return np.polyfit(np.log(np.sort(widths)), np.log(errors), 1)[0]


def errors_sorted_alone(widths, errors):
    """Other pairs."""
    return np.polyfit(np.log(widths), np.log(np.sort(errors)), 1)[0]


def both_sorted_alone(widths, errors):
    """Other pairs, too."""
    return np.polyfit(np.log(np.sort(widths)), np.log(np.sort(errors)), 1)[0]


def covariance_alone(widths, errors):
    """Not divided by the variance."""
    x, y = np.log(widths), np.log(errors)
    return np.mean((x - x.mean()) * (y - y.mean()))


def divided_by_the_other_variance(widths, errors):
    """By that of the errors."""
    x, y = np.log(widths), np.log(errors)
    return np.mean((x - x.mean()) * (y - y.mean())) / np.var(y) * -1.0


def only_one_axis_centred(widths, errors):
    """The sum of squares about 0."""
    x, y = np.log(widths), np.log(errors)
    return ((x - x.mean()) @ y) / (x @ x)


def one_added_before_the_logarithm(widths, errors):
    """log(1 + …) for log."""
    return np.polyfit(np.log1p(widths), np.log1p(errors), 1)[0]


def median_of_the_slopes(widths, errors):
    """A robust line."""
    return np.median(np.diff(np.log(errors)) / np.diff(np.log(widths)))


def quotient_of_the_ranges(widths, errors):
    """Largest and smallest of each."""
    x, y = np.log(widths), np.log(errors)
    return -(y.max() - y.min()) / (x.max() - x.min())


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
            "it is too large by k/(k − 1): the covariance was divided by k − 1, as `np.cov` does, and the variance by "
            "k, as `np.var` does unless told. Divide both by the same.",
        ),
        Misconception(
            intercept_returned,
            "this is the intercept, log C. The slope of the line is asked for; `np.polyfit` gives it first.",
        ),
        Misconception(
            mean_of_the_quotients,
            "the quotients of the logarithms were averaged. A slope is a quotient of *differences*: fit a line "
            "to all points.",
        ),
        Misconception(
            two_bases,
            "the two logarithms have different bases. Any base will do, the same for both.",
        ),
        Misconception(
            the_other_two_bases,
            "the two logarithms have different bases. Any base will do, the same for both.",
        ),
        Misconception(
            correlation,
            "this is the correlation, from −1 to 1: how near to a line the points lie, and not how steep it is.",
        ),
        Misconception(
            constant_returned,
            "this is the constant C. The rate is the slope, the exponent r.",
        ),
        Misconception(
            first_two_points,
            "only the first two points were used. Measured errors do not lie exactly on a line: fit one to all "
            "of them.",
        ),
        Misconception(
            last_two_points,
            "only the last two points were used. Measured errors do not lie exactly on a line: fit one to all of "
            "them.",
        ),
        Misconception(
            widths_sorted_alone,
            "the widths were sorted and the errors were not: each error has to stay with its width. The order "
            "does not matter for a fit.",
        ),
        Misconception(
            errors_sorted_alone,
            "the errors were sorted and the widths were not: each error has to stay with its width. The order does "
            "not matter for a fit.",
        ),
        Misconception(
            both_sorted_alone,
            "widths and errors were sorted each on its own: each error has to stay with its width. The order does not "
            "matter for a fit.",
        ),
        Misconception(
            covariance_alone,
            "this is the covariance of the two logarithms. Divided by the variance of those of the widths it is "
            "the slope.",
        ),
        Misconception(
            divided_by_the_other_variance,
            "the axes are swapped and the sign is turned: the slope of the error against the width is asked for, "
            "and it is negative where the error falls.",
        ),
        Misconception(
            only_one_axis_centred,
            "the mean was subtracted above the line and not below. Both sums are about the means.",
        ),
        Misconception(
            one_added_before_the_logarithm,
            "1 was added before the logarithms. The plain logarithms of widths and errors lie on a line.",
        ),
        Misconception(
            median_of_the_slopes,
            "the median of the slopes between neighbours was taken. A least-squares line through all points is "
            "asked for.",
        ),
        Misconception(
            quotient_of_the_ranges,
            "only the largest and the smallest of the logarithms were used. Fit a line to all points.",
        ),
    ),
    minutes=5,
    difficulty=1,
    core=False,
)
