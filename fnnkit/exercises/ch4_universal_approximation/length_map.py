"""`length_map`: how the mean square of the pre-activations changes from layer to layer of a wide random network."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import expressivity
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception
from fnnkit.kernel.named import Named

VALUE = "the Gaussian mean of φ²"
LARGE = "large q, still to 1e-6"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``length_map(q, sigma_w, sigma_b, phi)``: no number is 0 or 1, and not every activation is odd."""
    tanh, relu, softplus, sine = (Named(name) for name in ("tanh", "relu", "softplus", "sine"))

    def number(low: float, high: float) -> float:
        return float(np.round(rng.uniform(low, high), 2))

    return [
        Case((number(0.4, 0.8), number(1.3, 2.5), number(0.3, 0.7), tanh), VALUE),
        Case((number(1.2, 1.5), number(1.3, 2.5), number(0.3, 0.7), relu), VALUE),
        Case((number(0.4, 0.8), number(0.4, 0.8), number(0.3, 0.7), softplus), VALUE),
        Case((number(1.2, 1.5), number(1.3, 2.5), number(1.2, 1.6), sine), VALUE),
        Case((number(6.0, 9.0), number(1.3, 2.5), number(0.3, 0.7), tanh), LARGE),
        Case((number(12.0, 14.0), number(3.0, 4.0), number(0.3, 0.7), tanh), LARGE),
        Case((number(12.0, 14.0), number(1.3, 2.5), number(0.3, 0.7), relu), LARGE),
    ]


def explained(have: Any, wrong: Any, right: Any) -> bool:
    """Whether a mistake is what makes a number wrong, whatever the quadrature adds: it makes all but a hundredth of the error."""
    have, wrong, right = (float(np.asarray(a).reshape(())) for a in (have, wrong, right))
    if max(abs(have - right), abs(wrong - right)) <= 5e-6 * abs(right):  # both are right there
        return True
    return bool(abs(have - wrong) <= 1e-2 * abs(wrong - right) and abs(have - wrong) <= 1e-3 * abs(have))


def monte_carlo(q, sigma_w, sigma_b, phi):
    """A mean over random numbers."""
    z = np.random.default_rng(0).standard_normal(10000)
    return sigma_w**2 * np.mean(phi(np.sqrt(q) * z) ** 2) + sigma_b**2


def density_forgotten(q, sigma_w, sigma_b, phi):
    """All z count alike."""
    z = np.linspace(-10, 10, 2001)
    h = z[1] - z[0]
    return sigma_w**2 * h * np.sum(phi(np.sqrt(q) * z) ** 2) + sigma_b**2


def density_without_its_constant(q, sigma_w, sigma_b, phi):
    """exp(−z²/2) alone."""
    z = np.linspace(-10, 10, 2001)
    h = z[1] - z[0]
    return sigma_w**2 * h * np.sum(phi(np.sqrt(q) * z) ** 2 * np.exp(-(z**2) / 2)) + sigma_b**2


def density_without_the_root(q, sigma_w, sigma_b, phi):
    """exp(−z²/2)/(2π)."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / (2 * np.pi)
    return sigma_w**2 * h * np.sum(phi(np.sqrt(q) * z) ** 2 * p) + sigma_b**2


def density_too_narrow(q, sigma_w, sigma_b, phi):
    """exp(−z²)/√π."""
    z = np.linspace(-10, 10, 2001)
    h = z[1] - z[0]
    return sigma_w**2 * h * np.sum(phi(np.sqrt(q) * z) ** 2 * np.exp(-(z**2)) / np.sqrt(np.pi)) + sigma_b**2


def q_without_the_root(q, sigma_w, sigma_b, phi):
    """φ(q z)."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * h * np.sum(phi(q * z) ** 2 * p) + sigma_b**2


def root_of_q_outside(q, sigma_w, sigma_b, phi):
    """√q φ(z)."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * h * np.sum((np.sqrt(q) * phi(z)) ** 2 * p) + sigma_b**2


def sigma_w_not_squared(q, sigma_w, sigma_b, phi):
    """Scale in the place of the variance."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w * h * np.sum(phi(np.sqrt(q) * z) ** 2 * p) + sigma_b**2


def sigma_b_not_squared(q, sigma_w, sigma_b, phi):
    """Scale in the place of the variance."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * h * np.sum(phi(np.sqrt(q) * z) ** 2 * p) + sigma_b


def biases_forgotten(q, sigma_w, sigma_b, phi):
    """No σ_b²."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * h * np.sum(phi(np.sqrt(q) * z) ** 2 * p)


def biases_inside_the_product(q, sigma_w, sigma_b, phi):
    """σ_w² (… + σ_b²)."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * (h * np.sum(phi(np.sqrt(q) * z) ** 2 * p) + sigma_b**2)


def square_of_the_mean(q, sigma_w, sigma_b, phi):
    """E[φ]² in the place of E[φ²]."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * (h * np.sum(phi(np.sqrt(q) * z) * p)) ** 2 + sigma_b**2


def mean_without_square(q, sigma_w, sigma_b, phi):
    """E[φ]."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * h * np.sum(phi(np.sqrt(q) * z) * p) + sigma_b**2


def too_short_an_interval(q, sigma_w, sigma_b, phi):
    """∫ over [−1, 1]."""
    z = np.linspace(-1, 1, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * np.trapezoid(phi(np.sqrt(q) * z) ** 2 * p, dx=h) + sigma_b**2


def three_standard_deviations(q, sigma_w, sigma_b, phi):
    """∫ over [−3, 3]."""
    z = np.linspace(-3, 3, 20_001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * np.trapezoid(phi(np.sqrt(q) * z) ** 2 * p, dx=h) + sigma_b**2


def four_standard_deviations(q, sigma_w, sigma_b, phi):
    """∫ over [−4, 4]."""
    z = np.linspace(-4, 4, 20_001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * np.trapezoid(phi(np.sqrt(q) * z) ** 2 * p, dx=h) + sigma_b**2


def five_standard_deviations(q, sigma_w, sigma_b, phi):
    """∫ over [−5, 5]: enough for tanh, not for a ReLU at six digits."""
    z = np.linspace(-5, 5, 20_001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * np.trapezoid(phi(np.sqrt(q) * z) ** 2 * p, dx=h) + sigma_b**2


def step_forgotten(q, sigma_w, sigma_b, phi, n=501):
    """A sum without h."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * (n - 1) / 20 * h * np.sum(phi(np.sqrt(q) * z) ** 2 * p) + sigma_b**2


def points_for_gaps(q, sigma_w, sigma_b, phi, n=501):
    """(b − a)/n."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * (n - 1) / n * h * np.sum(phi(np.sqrt(q) * z) ** 2 * p) + sigma_b**2


def mean_of_the_weighted_values(q, sigma_w, sigma_b, phi, n=501):
    """A mean over the points."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * (n - 1) / n / 20 * h * np.sum(phi(np.sqrt(q) * z) ** 2 * p) + sigma_b**2


def right_half_doubled(q, sigma_w, sigma_b, phi):
    """As if φ² were even; so fine that any other quadrature of it gives the same."""
    h = 2e-4
    z = h * (np.arange(50_000) + 0.5)
    p = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * 2 * h * np.sum(phi(np.sqrt(q) * z) ** 2 * p) + sigma_b**2


def too_few_nodes(q, sigma_w, sigma_b, phi):
    """Gauss–Hermite, right for small q."""
    z, weights = np.polynomial.hermite.hermgauss(60)
    return sigma_w**2 * np.sum(weights * phi(np.sqrt(2 * q) * z) ** 2) / np.sqrt(np.pi) + sigma_b**2


def nodes_of_hermite_unscaled(q, sigma_w, sigma_b, phi):
    """hermgauss is for exp(−z²)."""
    z, weights = np.polynomial.hermite.hermgauss(100)
    return sigma_w**2 * np.sum(weights * phi(np.sqrt(q) * z) ** 2) + sigma_b**2


def density_of_q_not_normalised(q, sigma_w, sigma_b, phi):
    """∫ over √q z, with the constant of the standard density."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * np.sqrt(q) * h * np.sum(phi(np.sqrt(q) * z) ** 2 * p) + sigma_b**2


def scale_inside_the_activation(q, sigma_w, sigma_b, phi):
    """φ(σ_w √q z)."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return h * np.sum(phi(sigma_w * np.sqrt(q) * z) ** 2 * p) + sigma_b**2


def activation_at_the_root_of_q(q, sigma_w, sigma_b, phi):
    """One place for the whole distribution."""
    return sigma_w**2 * float(phi(np.sqrt(q))) ** 2 + sigma_b**2


def density_squared_too(q, sigma_w, sigma_b, phi):
    """(φ p)²."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * h * np.sum((phi(np.sqrt(q) * z) * p) ** 2) + sigma_b**2


def right_half_only(q, sigma_w, sigma_b, phi):
    """∫ over z > 0, not doubled."""
    z = np.linspace(0, 10, 20_001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * np.trapezoid(phi(np.sqrt(q) * z) ** 2 * p, dx=h) + sigma_b**2


def variance_for_the_mean_square(q, sigma_w, sigma_b, phi):
    """The mean is subtracted."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return (
        sigma_w**2 * (h * np.sum(phi(np.sqrt(q) * z) ** 2 * p) - (h * np.sum(phi(np.sqrt(q) * z) * p)) ** 2)
        + sigma_b**2
    )


def no_activation(q, sigma_w, sigma_b, phi):
    """σ_w² q + σ_b²."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * q * h * np.sum(p) + sigma_b**2


def rooted_in_the_end(q, sigma_w, sigma_b, phi):
    """The standard deviation."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return np.sqrt(sigma_w**2 * h * np.sum(phi(np.sqrt(q) * z) ** 2 * p) + sigma_b**2)


def moduli_for_squares(q, sigma_w, sigma_b, phi):
    """E|φ|."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * h * np.sum(np.abs(phi(np.sqrt(q) * z)) * p) + sigma_b**2


def uniform_mean(q, sigma_w, sigma_b, phi):
    """np.mean over the points."""
    z = np.linspace(-10, 10, 2001)
    return sigma_w**2 * np.mean(phi(np.sqrt(q) * z) ** 2) + sigma_b**2


EXERCISE = Exercise(
    name="length_map",
    chapter="ch4_universal_approximation",
    reference=expressivity.length_map,
    cases=cases,
    criteria=(
        Criterion(VALUE, 1.25, agrees(rtol=5e-6, floor=1e-6)),
        Criterion(LARGE, 0.5, agrees(rtol=5e-6, floor=1e-6)),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            monte_carlo,
            "a mean over random numbers is right to two or three digits only. A sum over equally spaced z, "
            "weighted with the normal "
            "density, is right to ten: 501 points from −10 to 10.",
        ),
        Misconception(
            density_forgotten,
            "the normal density is missing: in the integral every value is weighted with exp(−x²/2)/√(2π), so that x "
            "near 0 counts most.",
        ),
        Misconception(
            density_without_its_constant,
            "the density lacks its constant, 1/√(2π). Test: the mean of the function that is 1 everywhere has to be 1.",
        ),
        Misconception(
            density_without_the_root,
            "the integral is too small by √(2π): below the line of the density stands √(2π), and not 2π.",
        ),
        Misconception(
            density_too_narrow,
            "the pre-activations have the variance q/2 here, and should have q: exp(−z²) is the density of variance "
            "½. With it, and with Gauss and Hermite's nodes, multiply z by √2.",
        ),
        Misconception(
            q_without_the_root,
            "the pre-activations have the standard deviation q here, and should have √q: q is a *mean square*. With a "
            "standard normal z a pre-activation is √q·z.",
        ),
        Misconception(
            root_of_q_outside,
            "√q stands outside of φ. A pre-activation is √q·z, and φ is applied to that: only for a linear φ is it the same.",
        ),
        Misconception(
            sigma_w_not_squared,
            "`sigma_w` has to be squared: q is a mean *square*, and weights of scale σ_w give it the factor σ_w².",
        ),
        Misconception(
            sigma_b_not_squared,
            "`sigma_b` has to be squared: q is a mean *square*, to which the biases add their variance.",
        ),
        Misconception(biases_forgotten, "the biases are missing: they add σ_b² to the mean square."),
        Misconception(
            biases_inside_the_product,
            "σ_b² was multiplied by σ_w² as well. Biases are added to the pre-activations, not weighted.",
        ),
        Misconception(
            square_of_the_mean,
            "this is the square of the mean. For an odd φ that is 0: take the mean of the *square*.",
        ),
        Misconception(
            mean_without_square, "φ was not squared: the mean square of the activations is asked for."
        ),
        Misconception(
            too_short_an_interval,
            "the integral runs over [−1, 1] only, where two thirds of the normal distribution lie. Go out to ±10.",
        ),
        Misconception(
            three_standard_deviations,
            "the integral runs over [−3, 3] only. Beyond lie 0.3 %, and that is seen in the third digit. Go out to ±10.",
        ),
        Misconception(
            four_standard_deviations,
            "the integral runs over [−4, 4] only. What lies beyond is seen in the fifth digit, or before. Go out to "
            "±10.",
        ),
        Misconception(
            five_standard_deviations,
            "the integral runs over [−5, 5] only. Where φ² grows, as for a ReLU, what lies beyond is seen in the fifth digit. "
            "Go out to ±10.",
        ),
        Misconception(
            points_for_gaps,
            "the sum was multiplied by the width of the interval over the number of points. n points have n − 1 gaps "
            "between them: multiply by the distance of two neighbours.",
            any_size="n",
        ),
        Misconception(
            step_forgotten,
            "a sum is not yet an integral: multiply by the distance of two neighbouring points.",
            any_size="n",
        ),
        Misconception(
            mean_of_the_weighted_values,
            "the weighted values were averaged over the points. An integral is their sum times the distance of two "
            "neighbouring points.",
            any_size="n",
        ),
        Misconception(
            right_half_doubled,
            "one half was doubled, which is right where φ² is even, as for tanh. For ReLU and softplus it is not: "
            "integrate over both halves.",
        ),
        Misconception(
            too_few_nodes,
            "for small q this is right; at large q tanh(√q z) is nearly a jump, which so few nodes of Gauss "
            "and Hermite do not see. Equally "
            "spaced points do better here: 501 from −10 to 10.",
        ),
        Misconception(
            nodes_of_hermite_unscaled,
            "nodes and weights of Gauss and Hermite are made for exp(−z²), not for the normal density: the nodes have "
            "to be multiplied by √2, and the sum divided by √π.",
        ),
        Misconception(
            density_of_q_not_normalised,
            "the integral is √q times too large. Over a standard normal z it has no such factor, and a density of "
            "variance q has √(2πq) below the line.",
        ),
        Misconception(
            scale_inside_the_activation,
            "σ_w stands inside of φ. The weights come after the activation: the mean of φ² is multiplied by "
            "σ_w².",
        ),
        Misconception(
            activation_at_the_root_of_q,
            "φ was taken at √q alone. A pre-activation is √q·z with a z that is normally distributed: take the "
            "mean over all z.",
        ),
        Misconception(
            density_squared_too,
            "the density was squared along with φ. Only φ is squared.",
        ),
        Misconception(
            right_half_only,
            "the integral runs over positive z only. The normal density reaches to both sides: go from −10 to "
            "10.",
        ),
        Misconception(
            variance_for_the_mean_square,
            "the square of the mean was subtracted: that is the variance. The mean *square* is asked for.",
        ),
        Misconception(
            no_activation,
            "this is σ_w² q + σ_b²: φ is not in it.",
        ),
        Misconception(
            rooted_in_the_end,
            "the root was taken. q is a mean *square*, and so is what the next layer gets.",
        ),
        Misconception(
            moduli_for_squares,
            "sizes were averaged, not squares: the mean square of the activations is asked for.",
        ),
        Misconception(
            uniform_mean,
            "all points count alike in this mean. Weight each with the normal density, so that z near 0 counts "
            "most.",
        ),
    ),
    alike=explained,
    minutes=12,
    difficulty=2,
)
