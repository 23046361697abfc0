"""`montufar_bound`: a lower bound of the regions that the best deep network has."""

from __future__ import annotations

from math import comb

import numpy as np

from fnnkit import expressivity
from fnnkit.exercises.ch4_universal_approximation.counts import exact
from fnnkit.expressivity import max_regions_shallow
from fnnkit.judge.criteria import calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

VALUE = "the product and the sum"
SHALLOW = "one hidden layer"
LARGE = "large numbers, to the last digit"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``montufar_bound(n_in, widths)``; widths are no multiples of n_in, and no two neighbours are alike."""

    def width(n_in: int, folds: int) -> int:
        return n_in * folds + int(rng.integers(1, n_in))

    return [
        Case((2, [width(2, int(rng.integers(3, 6))), width(2, 2), width(2, 3)]), VALUE),
        Case((3, [width(3, 2), width(3, int(rng.integers(3, 5)))]), VALUE, "two hidden layers"),
        Case((2, [width(2, 3), width(2, 4), width(2, 5), width(2, 2)]), VALUE, "four hidden layers"),
        Case((1, [int(rng.integers(2, 4)), int(rng.integers(4, 7)), 3]), VALUE, "one input"),
        Case((2, [width(2, int(rng.integers(3, 6)))]), SHALLOW),
        Case((3, [width(3, int(rng.integers(2, 4)))]), SHALLOW),
        Case((5, rng.integers(31, 60, 14).tolist()), LARGE, "14 hidden layers"),
        Case((4, rng.integers(25, 50, 16).tolist()), LARGE, "16 hidden layers"),
    ]


def folds_of_the_last_layer_too(n_in, widths):
    """The product runs over all layers."""
    folds = 1
    for n in widths:
        folds *= (n // n_in) ** n_in
    return folds * max_regions_shallow(n_in, widths[-1])


def folds_alone(n_in, widths):
    """The last layer does not cut."""
    folds = 1
    for n in widths[:-1]:
        folds *= (n // n_in) ** n_in
    return folds


def exponent_missing(n_in, widths):
    """Folds along one axis only."""
    folds = 1
    for n in widths[:-1]:
        folds *= n // n_in
    return folds * max_regions_shallow(n_in, widths[-1])


def nothing_rounded_down(n_in, widths):
    """True division."""
    folds = 1
    for n in widths[:-1]:
        folds *= (n / n_in) ** n_in
    return round(folds * max_regions_shallow(n_in, widths[-1]))


def width_before_in_the_place_of_n_in(n_in, widths):
    """Divides by the width of the layer before."""
    folds, before = 1, n_in
    for n in widths[:-1]:
        folds *= (n // before) ** n_in
        before = n
    return folds * max_regions_shallow(n_in, widths[-1])


def regions_of_every_layer(n_in, widths):
    """A product of Zaslavsky's sums."""
    product = 1
    for n in widths:
        product *= max_regions_shallow(n_in, n)
    return product


def first_layer_cuts(n_in, widths):
    """First and last exchanged."""
    folds = 1
    for n in widths[1:]:
        folds *= (n // n_in) ** n_in
    return folds * max_regions_shallow(n_in, widths[0])


def in_floats(n_in, widths):
    """np.floor gives a float."""
    folds = np.prod([np.floor(n / n_in) ** n_in for n in widths[:-1]])
    return float(folds) * max_regions_shallow(n_in, widths[-1])


def last_width_popped(n_in, widths):
    """Right values, but the caller's list is shorter."""
    last = widths.pop()
    folds = 1
    for n in widths:
        folds *= (n // n_in) ** n_in
    return folds * max_regions_shallow(n_in, last)


def rounded_down_after_the_power(n_in, widths):
    """⌊n^d / d^d⌋."""
    folds = 1
    for n in widths[:-1]:
        folds *= n**n_in // n_in**n_in
    return folds * max_regions_shallow(n_in, widths[-1])


def rounded_up(n_in, widths):
    """⌈n/d⌉."""
    folds = 1
    for n in widths[:-1]:
        folds *= (-(-n // n_in)) ** n_in
    return folds * max_regions_shallow(n_in, widths[-1])


def folds_added_up(n_in, widths):
    """A sum over the layers."""
    folds = sum((n // n_in) ** n_in for n in widths[:-1]) if len(widths) > 1 else 1
    return folds * max_regions_shallow(n_in, widths[-1])


def folds_of_one_layer(n_in, widths):
    """Each round takes the place of the one before."""
    folds = 1
    for n in widths[:-1]:
        folds = (n // n_in) ** n_in
    return folds * max_regions_shallow(n_in, widths[-1])


def base_and_exponent_exchanged(n_in, widths):
    """d^⌊n/d⌋."""
    folds = 1
    for n in widths[:-1]:
        folds *= n_in ** (n // n_in)
    return folds * max_regions_shallow(n_in, widths[-1])


def all_units_in_one_layer(n_in, widths):
    """The shallow network of the same size."""
    return max_regions_shallow(n_in, sum(widths))


def one_term_short(n_in, widths):
    """The sum ends before n_in."""
    folds = 1
    for n in widths[:-1]:
        folds *= (n // n_in) ** n_in
    return folds * (max_regions_shallow(n_in, widths[-1]) - comb(widths[-1], n_in))


def first_layer_left_out(n_in, widths):
    """widths[1:-1]."""
    folds = 1
    for n in widths[1:-1]:
        folds *= (n // n_in) ** n_in
    return folds * max_regions_shallow(n_in, widths[-1])


def all_patterns_of_the_last_layer(n_in, widths):
    """2^n."""
    folds = 1
    for n in widths[:-1]:
        folds *= (n // n_in) ** n_in
    return folds * 2 ** widths[-1]


def last_term_alone(n_in, widths):
    """One binomial."""
    folds = 1
    for n in widths[:-1]:
        folds *= (n // n_in) ** n_in
    return folds * comb(widths[-1], n_in)


def times_n_in(n_in, widths):
    """A factor in the place of the exponent."""
    folds = 1
    for n in widths[:-1]:
        folds *= (n // n_in) * n_in
    return folds * max_regions_shallow(n_in, widths[-1])


def divided_by_the_power(n_in, widths):
    """Brackets forgotten: ⌊n / d^d⌋."""
    folds = 1
    for n in widths[:-1]:
        folds *= n // n_in**n_in
    return folds * max_regions_shallow(n_in, widths[-1])


def power_of_the_width_divided(n_in, widths):
    """⌊n^d / d⌋."""
    folds = 1
    for n in widths[:-1]:
        folds *= n**n_in // n_in
    return folds * max_regions_shallow(n_in, widths[-1])


def layers_as_the_exponent(n_in, widths):
    """⌊n/d⌋ to the power L."""
    folds = 1
    for n in widths[:-1]:
        folds *= (n // n_in) ** len(widths)
    return folds * max_regions_shallow(n_in, widths[-1])


def inputs_cut_by_units_exchanged(n_in, widths):
    """max_regions_shallow(widths[-1], n_in)."""
    folds = 1
    for n in widths[:-1]:
        folds *= (n // n_in) ** n_in
    return folds * max_regions_shallow(widths[-1], n_in)


def exponent_one_too_low(n_in, widths):
    """⌊n/d⌋ to the power d − 1."""
    folds = 1
    for n in widths[:-1]:
        folds *= (n // n_in) ** (n_in - 1)
    return folds * max_regions_shallow(n_in, widths[-1])


def width_before_as_the_inputs_of_the_cut(n_in, widths):
    """The last layer is taken to cut what the layer before gives."""
    folds = 1
    for n in widths[:-1]:
        folds *= (n // n_in) ** n_in
    return folds * max_regions_shallow([n_in, *widths][-2], widths[-1])


EXERCISE = Exercise(
    name="montufar_bound",
    chapter="ch4_universal_approximation",
    reference=expressivity.montufar_bound,
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.75, exact),
        Criterion(SHALLOW, 0.25, exact),
        Criterion(LARGE, 0.25, exact),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            folds_of_the_last_layer_too,
            "the product runs over all layers. The last one does not fold any more: it only cuts.",
        ),
        Misconception(
            folds_alone,
            "the last layer is missing: it cuts what lies folded into as many parts as one layer can.",
        ),
        Misconception(
            exponent_missing,
            "the exponent is missing: a layer folds along *each* of the n_in axes, so its folds count n_in times as a factor.",
        ),
        Misconception(
            nothing_rounded_down,
            "n_l / n_in was not rounded down: units that are left over do not make a whole fold. `//` rounds down.",
        ),
        Misconception(
            width_before_in_the_place_of_n_in,
            "each width was divided by the width before it. What is folded is the input space, of n_in "
            "dimensions, in every layer.",
        ),
        Misconception(
            regions_of_every_layer,
            "Zaslavsky's count was multiplied over all layers. All but the last contribute folds, ⌊n_l/n_in⌋ to the power n_in.",
        ),
        Misconception(
            first_layer_cuts, "the first layer cuts here and the others fold. It is the *last* one that cuts."
        ),
        Misconception(
            in_floats,
            "the large bound is right in its first digits only: somewhere on the way there is a float, which holds 16 "
            "digits (`/` and `np.floor` make one). `//` stays exact.",
        ),
        Misconception(
            last_width_popped,
            "the caller's list was changed: `pop`, `del` and assigning to an entry do that. `widths[-1]` and "
            "`widths[:-1]` leave it as it is.",
        ),
        Misconception(
            rounded_down_after_the_power,
            "it was rounded down after the power. Each axis has a whole number of folds: round n_l/n_in down "
            "first, and take the power of that.",
        ),
        Misconception(
            rounded_up,
            "n_l / n_in was rounded up. Units that are left over do not make a whole fold: round down.",
        ),
        Misconception(
            folds_added_up,
            "the folds of the layers were added up. Each layer folds what lies folded already: they multiply.",
        ),
        Misconception(
            folds_of_one_layer,
            "of the folds only those of the last layer but one are left. The folds of all layers but the last are "
            "multiplied with each other.",
        ),
        Misconception(
            base_and_exponent_exchanged,
            "base and exponent are exchanged: ⌊n_l/n_in⌋ folds along each of n_in axes.",
        ),
        Misconception(
            all_units_in_one_layer,
            "this is the count of a single layer with all the units. What is asked for is the bound of the deep "
            "network.",
        ),
        Misconception(
            one_term_short,
            "the last term of the sum is missing: it runs from j = 0 to n_in, and that one belongs to it. (`range(n)` "
            "ends at n − 1.)",
        ),
        Misconception(
            first_layer_left_out,
            "the first layer does not fold here. Every layer but the last one does.",
        ),
        Misconception(
            all_patterns_of_the_last_layer,
            "all on/off patterns of the last layer were counted. With few inputs most of them do not occur: take "
            "your `max_regions_shallow` of it.",
        ),
        Misconception(
            last_term_alone,
            "of the sum the last term alone is there. All terms from j = 0 to n_in are added up.",
        ),
        Misconception(
            times_n_in,
            "n_in is a factor here. It is the exponent: a layer folds along each of n_in axes, and the folds "
            "multiply.",
        ),
        Misconception(
            divided_by_the_power,
            "each width is divided by n_in to the power n_in. Divide by n_in and round down first, then take the power "
            "of what comes out: without brackets a power is computed before `//`.",
        ),
        Misconception(
            power_of_the_width_divided,
            "the power was taken of the width alone, and divided by n_in after that. Divide by n_in and round down "
            "first, then take the power of what comes out.",
        ),
        Misconception(
            layers_as_the_exponent,
            "the exponent is the number of layers. It is n_in: a layer folds along each of the n_in axes.",
        ),
        Misconception(
            exponent_one_too_low,
            "the exponent is n_in − 1. It is n_in: a layer folds along each of the n_in axes.",
        ),
        Misconception(
            width_before_as_the_inputs_of_the_cut,
            "in the count of the last layer the width before stands for the number of inputs. What is cut is the input "
            "space, folded up, which has n_in dimensions in every layer.",
        ),
        Misconception(
            inputs_cut_by_units_exchanged,
            "the factor of the last layer has inputs and units exchanged, which makes it 2 to the power n_in. It is the "
            "count for n_in inputs and the units of the last layer.",
        ),
    ),
    searched=False,
    minutes=8,
    difficulty=2,
    needs=("max_regions_shallow",),
    core=False,
)
