"""`sigmoid`: logistic sigmoid ``σ(z) = 1 / (1 + exp(−z))``, elementwise."""

from __future__ import annotations

import numpy as np

from fnnkit import activations
from fnnkit.exercises.ch2_output_units.bernoulli_targets import FAR
from fnnkit.exercises.ch2_output_units.calmness import calm_but, stable
from fnnkit.exercises.drawing import beyond, both_signs
from fnnkit.judge.criteria import agrees
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``sigmoid(z)``."""
    value = "values"
    return [
        Case((np.array([0.0, 0.5, -0.5]),), value),
        Case((both_signs(rng, 5),), value),
        Case((both_signs(rng, 2, 3),), value, "another shape"),
        Case((both_signs(rng, 2, 1, 3),), value, "three axes"),
        *(Case(z, value, why) for z, why in beyond(rng, (9, 4))),
        Case((np.array([-1e4, 1e4]),), FAR),
        Case(
            (rng.permuted(np.array([0.0, 800.0, -800.0, float(both_signs(rng, 1)[0]), -1e4, 30.0, -30.0])),),
            FAR,
        ),
    ]


def sigmoid_that_overflows(z):
    """The printed formula: exp(−z) overflows for very negative z."""
    return 1 / (1 + np.exp(-z))


def sigmoid_as_a_quotient(z):
    """The slides' other formula: infinity over infinity for large z."""
    return np.exp(z) / (np.exp(z) + 1)


def tanh_for_sigmoid(z):
    """Hyperbolic tangent."""
    return np.tanh(z)


def sigmoid_minus_missing(z):
    """σ(−z)."""
    return 1 / (1 + np.exp(z))


def sigmoid_by_if(z):
    """An `if` on a whole array."""
    if z >= 0:
        return 1 / (1 + np.exp(-z))
    return np.exp(z) / (1 + np.exp(z))


def sigmoid_half_scale(z):
    """½(1 + tanh z): the argument should be halved."""
    return 0.5 * (1 + np.tanh(z))


def sigmoid_of_a_clipped_z(z, limit=10.0):
    """z is kept from −10 to 10, so that nothing overflows, and σ never comes near to 0 or 1."""
    return 1 / (1 + np.exp(-np.clip(z, -limit, limit)))


def sigmoid_derivative(z):
    """σ(1 − σ)."""
    s = 0.5 * (1 + np.tanh(0.5 * z))
    return s * (1 - s)


def sigmoid_brackets_missing(z):
    """1/1 + exp(−z)."""
    return 1 / 1 + np.exp(-z)


def sigmoid_of_the_size(z):
    """σ(|z|)."""
    return 1 / (1 + np.exp(-np.abs(z)))


def sigmoid_of_minus_the_size(z):
    """σ(−|z|)."""
    e = np.exp(-np.abs(z))
    return e / (1 + e)


def sigmoid_minus_below_the_line(z):
    """1/(1 − exp(−z))."""
    return 1 / (1 - np.exp(-z))


def sigmoid_as_softsign(z):
    """½(1 + z/(1 + |z|))."""
    return 0.5 * (1 + z / (1 + np.abs(z)))


def sigmoid_as_a_step(z):
    """0 or 1."""
    return (z > 0).astype(float)


def sigmoid_cut_off(z):
    """max(0, min(1, z))."""
    return np.clip(z, 0.0, 1.0)


def sigmoid_tanh_of_the_half(z):
    """tanh(z/2)."""
    return np.tanh(0.5 * z)


def sigmoid_as_a_softmax(z):
    """exp z over the sum of all."""
    e = np.exp(z - np.max(z))
    return e / e.sum()


def sigmoid_logarithm(z):
    """log σ."""
    return -np.logaddexp(0, -z)


def sigmoid_softplus(z):
    """ζ."""
    return np.logaddexp(0, z)


def sigmoid_minus_for_negatives(z):
    """1/(1 − e) below 0."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), 1 / (1 - e + (z >= 0)))


def sigmoid_of_one_number(z):
    """One number is wanted, as by the functions of `math`."""
    return 1 / (1 + np.exp(-float(z)))


def sigmoid_exponential_below_zero(z):
    """exp z for negative z."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e)


def sigmoid_with_zero_in_no_case(z):
    """Neither z > 0 nor z < 0."""
    return np.where(z == 0, 0.0, 0.5 * (1 + np.tanh(0.5 * z)))


def sigmoid_with_one_at_zero(z):
    """Both z ≥ 0 and z ≤ 0, added up; or neither, in an array of ones."""
    return np.where(z == 0, 1.0, 0.5 * (1 + np.tanh(0.5 * z)))


EXERCISE = Exercise(
    name="sigmoid",
    chapter="ch2_output_units",
    reference=activations.sigmoid,
    cases=cases,
    criteria=(Criterion("values", 0.75, agrees()), stable(FAR, 0.5), calm_but(FAR)),
    misconceptions=(
        Misconception(
            sigmoid_that_overflows,
            "`np.exp` of a large number is computed somewhere, and overflows (for `np.where` too: it computes both "
            "branches everywhere). Let the exponential see −|z| only: `e = np.exp(-np.abs(z))` is at most 1, and "
            "σ is 1/(1 + e) for z ≥ 0 and e/(1 + e) below.",
        ),
        Misconception(
            sigmoid_as_a_quotient,
            "for large z this is infinity over infinity, NaN. Let the exponential see −|z| only: "
            "`e = np.exp(-np.abs(z))` is at most 1, and σ is 1/(1 + e) for z ≥ 0 and e/(1 + e) below.",
        ),
        Misconception(
            tanh_for_sigmoid,
            "this is tanh, which runs from −1 to 1. A probability runs from 0 to 1.",
        ),
        Misconception(
            sigmoid_minus_missing,
            "this falls where it should rise: it is σ(−z) = 1 − σ(z), from a sign in the exponent or from two "
            "branches that are exchanged.",
        ),
        Misconception(
            sigmoid_by_if,
            "one truth value is wanted somewhere, as by `if`, and z is an array of many. Choose entry by entry: "
            "`np.where(z >= 0, …, …)`.",
        ),
        Misconception(
            sigmoid_half_scale,
            "this is σ(2z). In ½(1 + tanh(z/2)) the argument of tanh is halved; in 1/(1 + exp(−z)) nothing multiplies "
            "z.",
        ),
        Misconception(
            sigmoid_brackets_missing,
            "this is 1 + exp(−z), which stands below the line: 1 over it is missing, or brackets are, as `1 / 1 + …` "
            "divides first.",
        ),
        Misconception(
            sigmoid_of_a_clipped_z,
            "clipping z stops the overflow, and stops σ too: beyond the clip every z gets the same probability. Let the "
            "exponential see −|z| only, and nothing has to be clipped.",
            any_size="limit",
        ),
        Misconception(sigmoid_derivative, "this is the derivative σ(1 − σ); asked for is σ itself."),
        Misconception(
            sigmoid_of_the_size,
            "this is σ(|z|): negative z get the value of their mirror image. Below 0 it is e/(1 + e) "
            "with e = exp(−|z|).",
        ),
        Misconception(
            sigmoid_of_minus_the_size,
            "this is σ(−|z|), never above ½. For z ≥ 0 it is 1/(1 + e) with e = exp(−|z|).",
        ),
        Misconception(
            sigmoid_minus_below_the_line,
            "below the line stands 1 − exp(−z), which is 0 at z = 0. The two are added.",
        ),
        Misconception(
            sigmoid_as_softsign,
            "this is another curve from 0 to 1, without an exponential: the softsign, moved. The "
            "sigmoid has an exponential.",
        ),
        Misconception(
            sigmoid_as_a_step,
            "only 0 and 1 come out: this is a decision. The sigmoid gives a probability between them.",
        ),
        Misconception(
            sigmoid_cut_off,
            "this cuts z off at 0 and at 1. The sigmoid is smooth, and nowhere flat.",
        ),
        Misconception(
            sigmoid_tanh_of_the_half,
            "tanh(z/2) is 2σ(z) − 1: it runs from −1 to 1. Add 1, and take the half.",
        ),
        Misconception(
            sigmoid_as_a_softmax,
            "the entries share one sum, as in a softmax. Each entry is a probability of its own here.",
        ),
        Misconception(
            sigmoid_logarithm,
            "this is the logarithm of the sigmoid. Asked for is σ itself.",
        ),
        Misconception(
            sigmoid_softplus,
            "this is the softplus log(1 + exp(z)), which is not bounded. The sigmoid is its derivative.",
        ),
        Misconception(
            sigmoid_minus_for_negatives,
            "for negative z there is 1/(1 − e), which is above 1. The denominator is 1 + e for both "
            "signs; what stands above it changes.",
        ),
        Misconception(
            sigmoid_of_one_number,
            "something that takes one number only, as the functions of `math` do, was given an array. NumPy's "
            "functions take all entries: `np.exp`.",
        ),
        Misconception(
            sigmoid_exponential_below_zero,
            "for negative z this is exp(z), which is near for very negative ones only. There it is divided by 1 + "
            "exp(z).",
        ),
        Misconception(
            sigmoid_with_zero_in_no_case,
            "z = 0 is in none of the cases, so that 0 is left there. By either formula it is ½.",
        ),
        Misconception(
            sigmoid_with_one_at_zero,
            "z = 0 is not in exactly one of the cases, so that σ is 1 there. By either formula it is ½.",
        ),
    ),
    minutes=10,
    difficulty=2,
)
