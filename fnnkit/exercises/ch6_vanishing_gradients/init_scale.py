"""`init_scale`: how large random weights should be at the start (chapter 6)."""

from __future__ import annotations

import numpy as np

from fnnkit import initialisation
from fnnkit.judge.criteria import agrees, calm, refuses
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

GLOROT, HE, UNKNOWN = "Glorot's rule", "He's rule", "other names are refused"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``init_scale(kind, n_in, n_out)``; the widths differ, and neither is 1."""
    few, many = (int(n) for n in (rng.integers(3, 20), rng.integers(40, 400)))
    many += (few + many + 1) % 2  # an odd sum, so that the mean of the widths is no whole number
    huge = int(rng.integers(2000, 9000))
    pairs = [(few, many), (many, few), (huge, many)]
    return [
        *(Case(("glorot", a, b), GLOROT) for a, b in pairs),
        *(Case(("he", a, b), HE) for a, b in pairs),
        Case(("normal", few, many), UNKNOWN, "a name that is neither"),
        Case(("", many, few), UNKNOWN, "an empty name"),
        Case((str(rng.choice(["Glorot", "He", "HE"])), few, many), UNKNOWN, "a name in capitals"),
        Case((str(rng.choice([" he", "glorot "])), few, many), UNKNOWN, "a name with a blank"),
    ]


def variances(kind, n_in, n_out):
    """No root."""
    if kind == "glorot":
        return 2 / (n_in + n_out)
    if kind == "he":
        return 2 / n_in
    raise ValueError(kind)


def turned_over(kind, n_in, n_out):
    """Larger for wider layers."""
    if kind == "glorot":
        return np.sqrt((n_in + n_out) / 2)
    if kind == "he":
        return np.sqrt(n_in / 2)
    raise ValueError(kind)


def variances_squared(kind, n_in, n_out):
    """A square in the place of the root."""
    if kind == "glorot":
        return (2 / (n_in + n_out)) ** 2
    if kind == "he":
        return (2 / n_in) ** 2
    raise ValueError(kind)


def limits_of_the_uniform(kind, n_in, n_out):
    """√6 in the place of √2: where the uniform distribution of this variance ends."""
    if kind == "glorot":
        return np.sqrt(6 / (n_in + n_out))
    if kind == "he":
        return np.sqrt(6 / n_in)
    raise ValueError(kind)


def glorot_without_the_two(kind, n_in, n_out):
    """1 / (n_in + n_out)."""
    if kind == "glorot":
        return np.sqrt(1 / (n_in + n_out))
    if kind == "he":
        return np.sqrt(2 / n_in)
    raise ValueError(kind)


def glorot_with_the_two_below(kind, n_in, n_out):
    """1 / (2 (n_in + n_out))."""
    if kind == "glorot":
        return np.sqrt(1 / (2 * (n_in + n_out)))
    if kind == "he":
        return np.sqrt(2 / n_in)
    raise ValueError(kind)


def glorot_from_inputs_alone(kind, n_in, n_out):
    """LeCun's 1 / n_in."""
    if kind == "glorot":
        return np.sqrt(1 / n_in)
    if kind == "he":
        return np.sqrt(2 / n_in)
    raise ValueError(kind)


def glorot_from_the_outputs(kind, n_in, n_out):
    """1 / n_out."""
    if kind == "glorot":
        return np.sqrt(1 / n_out)
    if kind == "he":
        return np.sqrt(2 / n_in)
    raise ValueError(kind)


def he_without_the_two(kind, n_in, n_out):
    """1 / n_in."""
    if kind == "glorot":
        return np.sqrt(2 / (n_in + n_out))
    if kind == "he":
        return np.sqrt(1 / n_in)
    raise ValueError(kind)


def he_from_the_outputs(kind, n_in, n_out):
    """n_out for n_in."""
    if kind == "glorot":
        return np.sqrt(2 / (n_in + n_out))
    if kind == "he":
        return np.sqrt(2 / n_out)
    raise ValueError(kind)


def names_exchanged(kind, n_in, n_out):
    """Glorot for He."""
    if kind == "he":
        return np.sqrt(2 / (n_in + n_out))
    if kind == "glorot":
        return np.sqrt(2 / n_in)
    raise ValueError(kind)


def all_are_glorot(kind, n_in, n_out):
    """The kind is not looked at."""
    return np.sqrt(2 / (n_in + n_out))


def everything_else_is_he(kind, n_in, n_out):
    """``else``."""
    if kind == "glorot":
        return np.sqrt(2 / (n_in + n_out))
    else:
        return np.sqrt(2 / n_in)


def other_spellings_let_in(kind, n_in, n_out):
    """Capitals and blanks are forgiven."""
    kind = kind.strip().lower()
    if kind == "glorot":
        return np.sqrt(2 / (n_in + n_out))
    if kind == "he":
        return np.sqrt(2 / n_in)
    raise ValueError(kind)


def nothing_for_other_names(kind, n_in, n_out):
    """Falls off the end."""
    if kind == "glorot":
        return np.sqrt(2 / (n_in + n_out))
    if kind == "he":
        return np.sqrt(2 / n_in)


def capitals_let_in(kind, n_in, n_out):
    """Capitals are forgiven, blanks are not."""
    if kind.lower() == "glorot":
        return np.sqrt(2 / (n_in + n_out))
    if kind.lower() == "he":
        return np.sqrt(2 / n_in)
    raise ValueError(kind)


def mean_rounded_down(kind, n_in, n_out):
    """``//`` in the mean of the widths."""
    if kind == "glorot":
        return np.sqrt(1 / ((n_in + n_out) // 2))
    if kind == "he":
        return np.sqrt(2 / n_in)
    raise ValueError(kind)


def geometric_mean(kind, n_in, n_out):
    """√(n_in n_out) for the mean of the widths."""
    if kind == "glorot":
        return np.sqrt(1 / np.sqrt(n_in * n_out))
    if kind == "he":
        return np.sqrt(2 / n_in)
    raise ValueError(kind)


def mean_of_both_variances(kind, n_in, n_out):
    """(1/n_in + 1/n_out) / 2."""
    if kind == "glorot":
        return np.sqrt((1 / n_in + 1 / n_out) / 2)
    if kind == "he":
        return np.sqrt(2 / n_in)
    raise ValueError(kind)


def roots_added(kind, n_in, n_out):
    """√2 / (√n_in + √n_out)."""
    if kind == "glorot":
        return np.sqrt(2) / (np.sqrt(n_in) + np.sqrt(n_out))
    if kind == "he":
        return np.sqrt(2 / n_in)
    raise ValueError(kind)


def product_of_the_widths(kind, n_in, n_out):
    """2 / (n_in n_out)."""
    if kind == "glorot":
        return np.sqrt(2 / (n_in * n_out))
    if kind == "he":
        return np.sqrt(2 / n_in)
    raise ValueError(kind)


def he_with_the_mean(kind, n_in, n_out):
    """Both widths in He's rule."""
    if kind == "glorot":
        return np.sqrt(2 / (n_in + n_out))
    if kind == "he":
        return np.sqrt(4 / (n_in + n_out))
    raise ValueError(kind)


def root_of_the_two_alone(kind, n_in, n_out):
    """√2 / n."""
    if kind == "glorot":
        return np.sqrt(2) / (n_in + n_out)
    if kind == "he":
        return np.sqrt(2) / n_in
    raise ValueError(kind)


def glorot_four_times(kind, n_in, n_out):
    """2 over the mean of the widths."""
    if kind == "glorot":
        return np.sqrt(4 / (n_in + n_out))
    if kind == "he":
        return np.sqrt(2 / n_in)
    raise ValueError(kind)


def he_with_the_two_below(kind, n_in, n_out):
    """1 / (2 n_in)."""
    if kind == "glorot":
        return np.sqrt(2 / (n_in + n_out))
    if kind == "he":
        return np.sqrt(1 / (2 * n_in))
    raise ValueError(kind)


def he_four_times(kind, n_in, n_out):
    """2 / √n_in."""
    if kind == "glorot":
        return np.sqrt(2 / (n_in + n_out))
    if kind == "he":
        return 2 / np.sqrt(n_in)
    raise ValueError(kind)


EXERCISE = Exercise(
    name="init_scale",
    chapter="ch6_vanishing_gradients",
    reference=initialisation.init_scale,
    cases=cases,
    criteria=(
        Criterion(GLOROT, 0.25, agrees()),
        Criterion(HE, 0.25, agrees()),
        Criterion(
            UNKNOWN, 0.25, refuses("End with `raise ValueError(…)`, for a `kind` that is neither of the two.")
        ),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(variances, "these are variances. The standard deviation is the root."),
        Misconception(
            turned_over,
            "this grows with the widths: it is one over the standard deviation. The more inputs a unit adds up, the smaller "
            "its weights have to be.",
        ),
        Misconception(
            variances_squared,
            "these are squares of the variances. The standard deviation is the root of the variance.",
        ),
        Misconception(
            limits_of_the_uniform,
            "with a 6 these are the ends of the *uniform* distribution of this variance. The standard deviation has a 2.",
        ),
        Misconception(
            glorot_without_the_two,
            "Glorot's variance is one over the *mean* of the two widths. Over their sum it is half of that.",
        ),
        Misconception(
            glorot_with_the_two_below,
            "Glorot's variance came out as one over *twice* the sum of the widths. It is one over their mean, which is *half* "
            "of the sum.",
        ),
        Misconception(
            glorot_from_inputs_alone,
            "this rule keeps the signal forward and forgets the way back. Glorot's takes the mean of both widths.",
        ),
        Misconception(
            glorot_from_the_outputs,
            "this rule keeps the signal on the way back alone. Glorot's takes the mean of both widths.",
        ),
        Misconception(
            he_without_the_two, "He's 2 is missing: a ReLU lets only half of the second moment through."
        ),
        Misconception(he_from_the_outputs, "He's rule counts what comes into a unit: `n_in`, not `n_out`."),
        Misconception(names_exchanged, "the two rules are exchanged."),
        Misconception(all_are_glorot, "`kind` is not used: every layer gets Glorot's rule."),
        Misconception(
            everything_else_is_he,
            "every other name is taken for He's. A misspelt name should be noticed: ask for it, and raise a ValueError "
            "otherwise.",
        ),
        Misconception(
            other_spellings_let_in,
            "a name in another spelling was let in. Here `kind` is one of two texts, exactly; anything else is a ValueError.",
        ),
        Misconception(
            nothing_for_other_names,
            "for a name that is neither, the function ends without a word and gives None. Raise a ValueError.",
        ),
        Misconception(
            capitals_let_in,
            "a name with other capitals was let in. Here `kind` is one of two texts, exactly; anything else is a "
            "ValueError.",
        ),
        Misconception(
            mean_rounded_down,
            "the mean of the two widths was rounded down to a whole number. It may have a half.",
        ),
        Misconception(
            geometric_mean,
            "the widths were multiplied. Glorot's rule takes their mean, half of the sum.",
        ),
        Misconception(
            mean_of_both_variances,
            "the mean of 1 / n_in and 1 / n_out was taken. Glorot's variance is one over the mean of the *widths*, which is "
            "another number.",
        ),
        Misconception(
            roots_added,
            "the roots of the two widths were added. Add the widths first, and take the root of the whole variance.",
        ),
        Misconception(
            product_of_the_widths,
            "Glorot's variance was divided by the product of the widths. It is one over their mean, half of the sum.",
        ),
        Misconception(
            he_with_the_mean,
            "He's rule got the mean of both widths. It counts only what comes into a unit.",
        ),
        Misconception(
            root_of_the_two_alone,
            "the root is taken of the 2 alone. The whole variance, the widths too, stands under it.",
        ),
        Misconception(
            glorot_four_times,
            "the 2 came twice: *one* over the mean of the widths is the variance, and the mean has the 2 in it.",
        ),
        Misconception(
            he_with_the_two_below,
            "He's 2 stands in the denominator. Half of the second moment is lost in the ReLU, so the weights have to be "
            "*larger*: multiply.",
        ),
        Misconception(
            he_four_times,
            "He's standard deviation came out as 2 / √n_in. The *variance* has the 2: it stands under the root.",
        ),
    ),
    minutes=4,
    difficulty=1,
)
