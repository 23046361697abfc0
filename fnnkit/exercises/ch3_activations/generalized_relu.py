"""`generalized_relu`: generalised ReLU ``max(0, z) + α min(0, z)``: −1 is absolute value rectification, 0.01 a leaky ReLU."""

from __future__ import annotations

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch3_activations.elementwise import CALM
from fnnkit.exercises.drawing import beyond, both_signs
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``generalized_relu(z, alpha)``."""
    value, any_slope, units = "one small slope for all", "slopes above 1 and below 0", "a slope for each unit"
    downhill = -np.round(rng.uniform(5.5, 9.5, 4), 2)
    return [
        Case((both_signs(rng, 4), 0.01), value, "leaky ReLU"),
        Case((both_signs(rng, 2, 2), round(float(rng.uniform(0.2, 0.8)), 2)), value),
        Case((both_signs(rng, 4), 0.0), value, "the ReLU itself"),
        Case((rng.permuted(np.array([-1.5, 0.0, 2.0])), 0.1), value, "one entry is exactly 0"),
        Case((both_signs(rng, 2, 1, 3), 0.3), value, "three axes"),
        *(Case((*z, 0.25), value, f"nine examples, {why}") for z, why in beyond(rng, (9, 4))),
        Case((both_signs(rng, 4), -1.0), any_slope, "absolute value rectification"),
        Case((both_signs(rng, 4), round(float(rng.uniform(1.5, 3.0)), 2)), any_slope),
        Case((both_signs(rng, 2, 3), np.array([0.01, 0.5, 0.25])), units),
        Case(
            (both_signs(rng, 3, 3), rng.permuted(np.array([0.1, 0.4, 0.8]))),
            units,
            "three examples, three units",
        ),
        Case((both_signs(rng, 1, 2), np.array([0.2, 0.6])), units, "one example"),
        Case((both_signs(rng, 3, 4), downhill), units, "slopes below 0"),
    ]


def slope_on_the_right(z, alpha):
    """Alpha multiplies the positive part."""
    return alpha * np.maximum(0, z) + np.minimum(0, z)


def larger_of_both(z, alpha):
    """max(αz, z): right for α ≤ 1."""
    return np.maximum(alpha * z, z)


def negative_part_subtracted(z, alpha):
    """A minus in the place of the plus."""
    return np.maximum(0, z) - alpha * np.minimum(0, z)


def alpha_itself_on_the_left(z, alpha):
    """α where αz belongs."""
    return np.where(z > 0, z, alpha)


def alpha_itself_below_zero(z, alpha):
    """The same, and 0 belongs to the right side."""
    return np.where(z >= 0, z, alpha)


def slope_left_out(z, alpha):
    """A plain ReLU."""
    return np.maximum(0.0, z)


def slope_times_everything(z, alpha):
    """α also multiplies the sum."""
    return alpha * (np.maximum(0, z) + np.minimum(0, z))


def slope_on_both_sides(z, alpha):
    """αz is added for positive z too."""
    return np.maximum(0, z) + alpha * z


def negative_part_twice(z, alpha):
    """All of z, and the negative part once more."""
    return z + alpha * np.minimum(0, z)


def slope_added_on_the_left(z, alpha):
    """α + z where αz belongs."""
    return np.where(z > 0, z, alpha + z)


def slope_in_neither_part(z, alpha):
    """z itself."""
    return np.maximum(0.0, z) + np.minimum(0.0, z)


def slope_for_each_example(z, alpha):
    """One slope a row."""
    alpha = np.asarray(alpha)
    if alpha.ndim == 1:
        alpha = alpha.reshape(-1, 1)
    return np.maximum(0, z) + alpha * np.minimum(0, z)


def one_slope_only(z, alpha):
    """The first slope for all units."""
    alpha = float(np.ravel(alpha)[0])
    return np.maximum(0, z) + alpha * np.minimum(0, z)


def rectifier_of_one_number(z, alpha):
    """Only for a single number."""
    return max(0, z) + alpha * min(0, z)


def scaled_in_place(z, alpha):
    """Right values, but z is overwritten."""
    np.multiply(z, alpha, out=z, where=z < 0)
    return z


def slopes_in_other_columns(z, alpha):
    """Each slope is repeated, and the row is cut afterwards."""
    if np.ndim(alpha):
        alpha = np.repeat(alpha, len(z)).reshape(z.shape)
    return np.maximum(0, z) + alpha * np.minimum(0, z)


def negative_part_alone(z, alpha):
    """The positive part is missing."""
    return alpha * np.minimum(0, z)


def product_of_the_parts(z, alpha):
    """A product in the place of the sum."""
    return np.maximum(0.0, z) * alpha * np.minimum(0, z)


def slope_inside_the_maximum(z, alpha):
    """A ReLU of αz."""
    return np.maximum(0, alpha * z)


def steeper_relu(z, alpha):
    """α times the positive part, and nothing else."""
    return alpha * np.maximum(0, z)


def slope_inside_the_minimum(z, alpha):
    """Right as long as no slope is negative."""
    return np.maximum(0, z) + np.minimum(0, alpha * z)


def exponential_on_the_left(z, alpha):
    """The exponential linear unit."""
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def slope_in_the_place_of_the_value(z, alpha):
    """1 and α."""
    return np.where(z > 0, 1.0, alpha + np.zeros(z.shape))


def alpha_as_a_floor(z, alpha):
    """Nothing below α."""
    return np.maximum(alpha, z)


def slopes_in_turn_for_what_is_negative(z, alpha):
    """The slopes meet the negative entries, one after the other, and not their columns."""
    h = z.copy()
    h[z < 0] = alpha * h[z < 0]
    return h


def alpha_inside_the_minimum(z, alpha):
    """min(α, z) for α min(0, z)."""
    return np.maximum(0, z) + np.minimum(alpha, z)


def slope_one_less_alpha(z, alpha):
    """1 − α."""
    return z - alpha * np.minimum(0, z)


EXERCISE = Exercise(
    name="generalized_relu",
    chapter="ch3_activations",
    reference=activations.generalized_relu,
    cases=cases,
    criteria=(
        Criterion("one small slope for all", 0.5, agrees()),
        Criterion("slopes above 1 and below 0", 0.25, agrees()),
        Criterion("a slope for each unit", 0.25, agrees()),
        Criterion(CALM, 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            slope_on_the_right,
            "α is on the wrong side: it multiplies the positive part. The slope is 1 for z > 0 and α for z < 0.",
        ),
        Misconception(
            larger_of_both,
            "this is the larger of αz and z, which is the same only while α ≤ 1. For α > 1 the line αz lies below z "
            "on the left and above it on the right. Write the sum as it stands: max(0, z) + α min(0, z).",
        ),
        Misconception(
            negative_part_subtracted,
            "the left side has the wrong sign: it is −αz there. min(0, z) is negative, and stays so: max(0, z) + α "
            "min(0, z).",
        ),
        Misconception(
            alpha_itself_on_the_left,
            "for negative z the number α itself came out. There the unit is a line with slope α: α · z.",
        ),
        Misconception(
            alpha_itself_below_zero,
            "for negative z the number α itself came out. There the unit is a line with slope α: α · z.",
        ),
        Misconception(
            slope_left_out,
            "the left side is flat: this is the plain ReLU. α · min(0, z) is missing.",
        ),
        Misconception(
            slope_times_everything,
            "all of it is αz, a straight line. α belongs to the negative part alone: for positive z the value is z "
            "itself.",
        ),
        Misconception(
            slope_on_both_sides,
            "αz is added on both sides, so that the slope for positive z is 1 + α. α multiplies the negative part "
            "alone, min(0, z).",
        ),
        Misconception(
            negative_part_twice,
            "for negative z this is z + αz, of slope 1 + α. The two parts are max(0, z), which is 0 there, and α "
            "min(0, z).",
        ),
        Misconception(
            slope_added_on_the_left,
            "for negative z the value came out as z + α. α is a slope there: it multiplies z.",
        ),
        Misconception(
            slope_in_neither_part,
            "this is z itself on both sides. On the left the slope is α: α min(0, z).",
        ),
        Misconception(
            slope_for_each_example,
            "each row got a slope of its own. A slope belongs to a unit, and units are columns: `alpha` of shape "
            "`(m,)` meets `z` of shape `(n, m)` rightly by itself.",
        ),
        Misconception(
            one_slope_only,
            "all units got the slope of the first one. `alpha` may be an array with one slope a unit: multiply by it "
            "as it is.",
        ),
        Misconception(
            rectifier_of_one_number,
            "`max`, `min` and `if` compare one number, and `z` is an array: `np.maximum` and `np.minimum` go entry by "
            "entry.",
        ),
        Misconception(
            scaled_in_place,
            "the caller's `z` was overwritten. `np.minimum(0, z)` makes a new array.",
        ),
        Misconception(
            slopes_in_other_columns,
            "the slopes stand in the wrong columns: repeating each of them and cutting the row into examples "
            "mixes the units. `alpha` of shape `(m,)` fits to the columns by itself.",
        ),
        Misconception(
            negative_part_alone,
            "the right side is flat: only the negative part was returned. It is a sum of two parts.",
        ),
        Misconception(
            product_of_the_parts,
            "this is 0 everywhere. Of max(0, z) and min(0, z) one is always 0, so they are added, not multiplied.",
        ),
        Misconception(
            slope_inside_the_maximum,
            "this is a ReLU of αz, max(0, αz), so that one of the two sides is flat. The unit is z where z is "
            "positive, and αz where it is negative.",
        ),
        Misconception(
            steeper_relu,
            "this is α times the ReLU: slope α on the right, and flat on the left. It is the other way round: the "
            "positive part stays as it is, and α multiplies the negative part.",
        ),
        Misconception(
            slope_inside_the_minimum,
            "α was taken inside the minimum. That is the same only while α ≥ 0: with a negative slope min(0, αz) "
            "looks at the other side. Take the minimum of 0 and z first, multiply after that.",
        ),
        Misconception(
            exponential_on_the_left,
            "this is the exponential linear unit, α (e^z − 1) on the left. The generalised ReLU is straight "
            "there: α · z.",
        ),
        Misconception(
            slope_in_the_place_of_the_value,
            "these are the slopes, 1 on the right and α on the left. The value is asked: slope times z.",
        ),
        Misconception(
            alpha_as_a_floor,
            "α was taken for the lowest value, max(α, z). It is a slope: it multiplies min(0, z).",
        ),
        Misconception(
            slopes_in_turn_for_what_is_negative,
            "the entries below 0 were picked out into one row, and `alpha` was multiplied with that row: there the "
            "slopes no longer meet their own columns. Multiply while `z` has its shape, then choose entry by entry.",
        ),
        Misconception(
            alpha_inside_the_minimum,
            "α stands in the minimum, in the place of the 0. The negative part is min(0, z), and α multiplies it.",
        ),
        Misconception(
            slope_one_less_alpha,
            "on the left the slope came out as 1 − α. It is α there: max(0, z) + α min(0, z).",
        ),
    ),
    minutes=6,
    difficulty=2,
)
