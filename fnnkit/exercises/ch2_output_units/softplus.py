"""`softplus`: softplus ``ζ(z) = log(1 + exp(z))``, a softened ``max(0, z)``, elementwise."""

from __future__ import annotations

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch2_output_units.calmness import calm_but, stable
from fnnkit.exercises.drawing import beyond, both_signs
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

FAR_DIGITS = "stable: no overflow, no digit lost"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``softplus(z)``."""
    value = "values"
    return [
        Case((np.array([0.0, 1.0, -1.0]),), value),
        Case((both_signs(rng, 5),), value),
        Case((both_signs(rng, 2, 3),), value, "another shape"),
        Case((both_signs(rng, 2, 1, 3),), value, "three axes"),
        *(Case(z, value, why) for z, why in beyond(rng, (9, 4))),
        Case((np.array([-1e4, 1e4, 1.0]),), FAR_DIGITS),
        Case((rng.permuted(np.array([800.0, -50.0, *both_signs(rng, 2), 40.0])),), FAR_DIGITS),
        Case((rng.permuted(np.array([12.0, 16.0, 24.0])),), FAR_DIGITS, "nearly z, and a little more"),
        # Apart from larger ones, beside which nobody would see whether 1e-9 is left.
        Case((rng.permuted(np.array([-20.5, -50.0])),), FAR_DIGITS, "nearly 0, and a little more"),
    ]


def softplus_that_overflows(z):
    """The printed formula."""
    return np.log(1 + np.exp(z))


def softplus_by_where(z):
    """`np.where` computes both branches: right values, and a warning."""
    return np.where(z > 35, z, np.log1p(np.exp(z)))


def softplus_without_log1p(z):
    """No overflow, but log(1 + tiny) loses the tiny."""
    return np.maximum(z, 0) + np.log(1 + np.exp(-np.abs(z)))


def softplus_one_forgotten(z):
    """log exp z is z."""
    return np.log(np.exp(z))


def softplus_is_not_relu(z):
    """The rectifier."""
    return np.maximum(0.0, z)


def softplus_of_minus_z(z):
    """ζ(−z)."""
    return np.logaddexp(0, -z)


def softplus_to_base_two(z):
    """Logarithm to base 2."""
    return np.logaddexp(0, z) / np.log(2)


def softplus_clipped(z, limit=500.0):
    """The argument of exp is clipped: large z become 500."""
    return np.log1p(np.exp(np.clip(z, -limit, limit)))


def softplus_cut_off_at_five(z):
    """z itself from 5 on."""
    return np.where(z >= 5, z, np.log1p(np.exp(np.minimum(z, 5))))


def softplus_cut_off_at_zero(z):
    """z itself from 0 on."""
    return np.where(z >= 0, z, np.log1p(np.exp(np.minimum(z, 0))))


def softplus_of_the_size(z):
    """ζ(|z|)."""
    return np.logaddexp(0, np.abs(z))


def softplus_of_minus_the_size(z):
    """ζ(−|z|)."""
    return np.log1p(np.exp(-np.abs(z)))


def softplus_pulled_out_twice(z):
    """max(0, z) + log(1 + exp z)."""
    return np.maximum(0, z) + np.logaddexp(0, z)


def softplus_z_in_front(z):
    """z + log(1 + exp(−|z|))."""
    return z + np.log1p(np.exp(-np.abs(z)))


def softplus_derivative(z):
    """σ."""
    return 0.5 * (1 + np.tanh(0.5 * z))


def softplus_one_outside(z):
    """1 + z."""
    return 1 + z


def softplus_without_logarithm(z):
    """1 + exp z."""
    return 1 + np.exp(z)


def softplus_one_too_many(z):
    """log1p(1 + exp z)."""
    return np.log(2 + np.exp(z))


def softplus_to_base_ten(z):
    """Logarithm to base 10."""
    return np.logaddexp(0, z) / np.log(10)


def softplus_with_minus(z):
    """−ζ."""
    return -np.logaddexp(0, z)


def softplus_of_ones(z):
    """log(1 + z) for positive z."""
    return np.log1p(np.maximum(0, z))


def softplus_exponential_below_zero(z):
    """exp z for negative z."""
    return np.where(z > 0, np.logaddexp(0, z), np.exp(np.minimum(z, 0)))


def softplus_minus_in_the_logarithm(z):
    """log(1 − exp(−|z|))."""
    e = np.exp(-np.abs(z))
    return np.maximum(0, z) + np.log1p(-e)


def softplus_of_one_number(z):
    """One number is wanted, as by the functions of `math`."""
    return np.log(1 + np.exp(float(z)))


def softplus_one_not_shifted(z):
    """m + log(1 + exp(z − m)), with m = max(0, z)."""
    m = np.maximum(0, z)
    return m + np.log1p(np.exp(z - m))


def softplus_cut_off_at_ten(z):
    """z itself from 10 on."""
    return np.where(z >= 10, z, np.logaddexp(0, np.minimum(z, 10)))


def softplus_zero_below_minus_twenty(z):
    """0 below −20."""
    return np.where(z < -20, 0.0, np.logaddexp(0, np.maximum(z, -20)))


def softplus_cut_off_on_both_sides(z):
    """The rectifier, unless |z| < 10."""
    return np.where(np.abs(z) < 10, np.logaddexp(0, np.clip(z, -10, 10)), np.maximum(0, z))


def softplus_with_zero_in_no_case(z):
    """Neither z > 0 nor z < 0."""
    return np.where(z == 0, 0.0, np.logaddexp(0, z))


def softplus_with_zero_in_both_cases(z):
    """Both z ≥ 0 and z ≤ 0, added up."""
    return np.where(z == 0, 2 * np.log(2), np.logaddexp(0, z))


EXERCISE = Exercise(
    name="softplus",
    chapter="ch2_output_units",
    reference=activations.softplus,
    cases=cases,
    criteria=(
        Criterion("values", 0.75, agrees()),
        stable(FAR_DIGITS, 0.5, rtol=1e-14, floor=0.0),
        calm_but(FAR_DIGITS),
    ),
    misconceptions=(
        Misconception(
            softplus_that_overflows,
            "for large z, where ζ(z) is just z, an exponential overflows (or a sigmoid rounds to 0) inside of the "
            "logarithm. Pull the large part out: log(1 + exp(z)) = z + log(1 + exp(−z)); with max(0, z) in front and "
            "−|z| in the exponential, one line does for both signs.",
        ),
        Misconception(
            softplus_by_where,
            "your values are right, but the exponential is computed for every z (`np.where` computes both branches "
            "everywhere), and overflows where it is thrown away. Let the exponential see −|z| only.",
        ),
        Misconception(
            softplus_without_log1p,
            "nothing overflows, but what exp(−|z|) adds is lost where it is small: a sum 1 + x has no room for "
            "x = 2e-22. `np.log1p(x)` is log(1 + x) without that sum: it sees x alone, and needs no bound.",
        ),
        Misconception(
            softplus_clipped,
            "clipping z stops the overflow, but ζ(z) is about z for large z, and here it stays at the clip. Keep the z: "
            "max(0, z) in front, and −|z| in the exponential.",
            any_size="limit",
        ),
        Misconception(
            softplus_one_forgotten,
            "this is z itself, as log(exp(z)) is: the 1 is missing inside the logarithm.",
        ),
        Misconception(
            softplus_is_not_relu,
            "this is max(0, z), the corner that the softplus rounds off: at 0 it is log 2, not 0.",
        ),
        Misconception(softplus_of_minus_z, "this is ζ(−z): it falls where it should rise."),
        Misconception(softplus_to_base_two, "the logarithm is to base 2 here: `np.log` is the natural one."),
        Misconception(
            softplus_cut_off_at_five,
            "the softplus was replaced by z from 5 on. There log(1 + exp(z)) is still 0.0067 more: no "
            "bound is needed if the exponential sees −|z| only.",
        ),
        Misconception(
            softplus_cut_off_at_zero,
            "for z ≥ 0 this is z itself. There log(1 + exp(−z)) has to be added.",
        ),
        Misconception(
            softplus_of_the_size,
            "this is ζ(|z|): negative z get the value of their mirror image. With max(0, z) in front the exponential sees −|z|.",
        ),
        Misconception(
            softplus_of_minus_the_size,
            "this is ζ(−|z|), small for large z. What was pulled out of the logarithm, max(0, z), is "
            "missing.",
        ),
        Misconception(
            softplus_pulled_out_twice,
            "max(0, z) was added, and the logarithm still holds all of z. With max(0, z) in front the "
            "exponential sees −|z|.",
        ),
        Misconception(
            softplus_z_in_front,
            "z stands in front for negative z too. There nothing is pulled out: max(0, z).",
        ),
        Misconception(
            softplus_derivative,
            "this is the sigmoid, the derivative of the softplus.",
        ),
        Misconception(
            softplus_one_outside,
            "this is 1 + z. The 1 is added to exp(z): inside of the logarithm, and not in the exponent.",
        ),
        Misconception(
            softplus_without_logarithm,
            "the logarithm is missing: this is 1 + exp(z).",
        ),
        Misconception(
            softplus_one_too_many,
            "the logarithm is of 2 + exp(z): 1 was added once too often (`np.log1p` adds it already).",
        ),
        Misconception(
            softplus_to_base_ten,
            "the logarithm is to base 10 here: `np.log` is the natural one.",
        ),
        Misconception(
            softplus_with_minus,
            "there is a minus too many: the softplus is positive everywhere.",
        ),
        Misconception(
            softplus_of_ones,
            "the exponential is missing: this is log(1 + z) above 0, and 0 below.",
        ),
        Misconception(
            softplus_exponential_below_zero,
            "for negative z this is exp(z), which is near for very negative ones only. The logarithm "
            "log(1 + exp(z)) belongs there too.",
        ),
        Misconception(
            softplus_minus_in_the_logarithm,
            "inside of the logarithm the exponential is subtracted. The sign there is a plus.",
        ),
        Misconception(
            softplus_of_one_number,
            "something that takes one number only, as the functions of `math` do, was given an array. NumPy's "
            "functions take all entries: `np.exp`, `np.log`.",
        ),
        Misconception(
            softplus_one_not_shifted,
            "max(0, z) was pulled out of exp(z) and not of the 1. Pulled out of the whole sum, it leaves exp(−m) + "
            "exp(z − m), where m is max(0, z).",
        ),
        Misconception(
            softplus_cut_off_at_ten,
            "z itself was taken from some bound on, where log(1 + exp(z)) is still a little more. No bound is needed "
            "if the exponential sees −|z| only.",
        ),
        Misconception(
            softplus_zero_below_minus_twenty,
            "below some negative bound 0 comes back, where log(1 + exp(z)) is small and not 0. No bound is needed, on "
            "either side: `np.log1p(x)` keeps a small x, and −|z| in the exponential overflows nowhere.",
        ),
        Misconception(
            softplus_cut_off_on_both_sides,
            "where |z| is above some bound this is max(0, z), and log(1 + exp(z)) is a little more on both sides. No "
            "bound is needed if the exponential sees −|z| only.",
        ),
        Misconception(
            softplus_with_zero_in_no_case,
            "z = 0 is in none of the cases, so that 0 is left there. By either formula it is log 2.",
        ),
        Misconception(
            softplus_with_zero_in_both_cases,
            "z = 0 is in two cases whose values are added up. It belongs to one of them: by either formula it is log 2.",
        ),
    ),
    minutes=8,
    difficulty=2,
)
