"""`chi`: the mean square stretch of small changes a layer."""

from __future__ import annotations

import numpy as np

from fnnkit import expressivity
from fnnkit.exercises.ch4_universal_approximation.length_map import explained
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception
from fnnkit.kernel.named import Named

VALUE = "the Gaussian mean of the squared slope"
LARGE = "large q, still to 1e-6"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``chi(q, sigma_w, dphi)``: smooth slopes only, as a jump would leave every quadrature with an error."""
    tanh, logistic, cosine = Named("tanh_slope"), Named("sigmoid"), Named("cosine")

    def number(low: float, high: float) -> float:
        return float(np.round(rng.uniform(low, high), 2))

    return [
        Case((number(0.4, 0.8), number(1.3, 2.5), tanh), VALUE),
        Case((number(1.2, 1.5), number(1.3, 2.5), logistic), VALUE, "the slope of softplus"),
        Case((number(0.4, 0.8), number(0.4, 0.8), cosine), VALUE, "the slope of the sine"),
        Case((number(6.0, 9.0), number(1.3, 2.5), tanh), LARGE),
        Case((number(12.0, 14.0), number(3.0, 4.0), tanh), LARGE),
    ]


def slope_not_squared(q, sigma_w, dphi):
    """E[φ′]."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * h * np.sum(dphi(np.sqrt(q) * z) * p)


def square_of_the_mean(q, sigma_w, dphi):
    """E[φ′]²."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * (h * np.sum(dphi(np.sqrt(q) * z) * p)) ** 2


def sigma_w_not_squared(q, sigma_w, dphi):
    """Scale in the place of the variance."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w * h * np.sum(dphi(np.sqrt(q) * z) ** 2 * p)


def root_taken(q, sigma_w, dphi):
    """√χ₁."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return np.sqrt(sigma_w**2 * h * np.sum(dphi(np.sqrt(q) * z) ** 2 * p))


def density_forgotten(q, sigma_w, dphi):
    """All z count alike."""
    z = np.linspace(-10, 10, 2001)
    h = z[1] - z[0]
    return sigma_w**2 * h * np.sum(dphi(np.sqrt(q) * z) ** 2)


def density_without_its_constant(q, sigma_w, dphi):
    """exp(−z²/2) alone."""
    z = np.linspace(-10, 10, 2001)
    h = z[1] - z[0]
    return sigma_w**2 * h * np.sum(dphi(np.sqrt(q) * z) ** 2 * np.exp(-(z**2) / 2))


def density_without_the_root(q, sigma_w, dphi):
    """exp(−z²/2)/(2π)."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / (2 * np.pi)
    return sigma_w**2 * h * np.sum(dphi(np.sqrt(q) * z) ** 2 * p)


def q_without_the_root(q, sigma_w, dphi):
    """φ′(q z)."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * h * np.sum(dphi(q * z) ** 2 * p)


def slope_at_z(q, sigma_w, dphi):
    """q is not used."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * h * np.sum(dphi(z) ** 2 * p)


def times_q(q, sigma_w, dphi):
    """The inner derivative, which is not asked for."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * h * np.sum((np.sqrt(q) * dphi(np.sqrt(q) * z)) ** 2 * p)


def the_length_map(q, sigma_w, dphi):
    """As if it were φ: z² on top."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * h * np.sum((z * dphi(np.sqrt(q) * z)) ** 2 * p)


def too_few_nodes(q, sigma_w, dphi):
    """Gauss–Hermite, right for small q."""
    z, weights = np.polynomial.hermite.hermgauss(80)
    return sigma_w**2 * np.sum(weights * dphi(np.sqrt(2 * q) * z) ** 2) / np.sqrt(np.pi)


def density_of_q_not_normalised(q, sigma_w, dphi):
    """∫ over √q z, with the constant of the standard density."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * np.sqrt(q) * h * np.sum(dphi(np.sqrt(q) * z) ** 2 * p)


def scale_inside_the_activation(q, sigma_w, dphi):
    """φ′(σ_w √q z)."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return h * np.sum(dphi(sigma_w * np.sqrt(q) * z) ** 2 * p)


def activation_at_the_root_of_q(q, sigma_w, dphi):
    """One place for the whole distribution."""
    return sigma_w**2 * float(dphi(np.sqrt(q))) ** 2


def density_squared_too(q, sigma_w, dphi):
    """(φ′ p)²."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * h * np.sum((dphi(np.sqrt(q) * z) * p) ** 2)


def right_half_only(q, sigma_w, dphi):
    """∫ over z > 0, not doubled."""
    z = np.linspace(0, 10, 20_001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * np.trapezoid(dphi(np.sqrt(q) * z) ** 2 * p, dx=h)


def variance_for_the_mean_square(q, sigma_w, dphi):
    """The mean is subtracted."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * (
        h * np.sum(dphi(np.sqrt(q) * z) ** 2 * p) - (h * np.sum(dphi(np.sqrt(q) * z) * p)) ** 2
    )


def right_half_doubled(q, sigma_w, dphi):
    """As if the slope were the same on both sides."""
    z = np.linspace(0, 10, 20_001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return 2 * sigma_w**2 * np.trapezoid(dphi(np.sqrt(q) * z) ** 2 * p, dx=h)


def step_forgotten(q, sigma_w, dphi, n=501):
    """A sum without h."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * (n - 1) / 20 * h * np.sum(dphi(np.sqrt(q) * z) ** 2 * p)


def points_for_gaps(q, sigma_w, dphi, n=501):
    """(b − a)/n."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * (n - 1) / n * h * np.sum(dphi(np.sqrt(q) * z) ** 2 * p)


def mean_of_the_weighted_values(q, sigma_w, dphi, n=501):
    """A mean over the points."""
    z = np.linspace(-10, 10, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * (n - 1) / n / 20 * h * np.sum(dphi(np.sqrt(q) * z) ** 2 * p)


def too_short_an_interval(q, sigma_w, dphi):
    """∫ over [−1, 1]."""
    z = np.linspace(-1, 1, 2001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * np.trapezoid(dphi(np.sqrt(q) * z) ** 2 * p, dx=h)


def three_standard_deviations(q, sigma_w, dphi):
    """∫ over [−3, 3]."""
    z = np.linspace(-3, 3, 20_001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * np.trapezoid(dphi(np.sqrt(q) * z) ** 2 * p, dx=h)


def four_standard_deviations(q, sigma_w, dphi):
    """∫ over [−4, 4]."""
    z = np.linspace(-4, 4, 20_001)
    h, p = z[1] - z[0], np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return sigma_w**2 * np.trapezoid(dphi(np.sqrt(q) * z) ** 2 * p, dx=h)


def density_too_narrow(q, sigma_w, dphi):
    """exp(−z²)/√π."""
    z = np.linspace(-10, 10, 2001)
    h = z[1] - z[0]
    return sigma_w**2 * h * np.sum(dphi(np.sqrt(q) * z) ** 2 * np.exp(-(z**2)) / np.sqrt(np.pi))


def monte_carlo(q, sigma_w, dphi):
    """A mean over random numbers."""
    z = np.random.default_rng(0).standard_normal(10000)
    return sigma_w**2 * np.mean(dphi(np.sqrt(q) * z) ** 2)


EXERCISE = Exercise(
    name="chi",
    chapter="ch4_universal_approximation",
    reference=expressivity.chi,
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.75, agrees(rtol=5e-6, floor=1e-6)),
        Criterion(LARGE, 0.25, agrees(rtol=5e-6, floor=1e-6)),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(slope_not_squared, "the slope was not squared: χ₁ is a mean *square*."),
        Misconception(
            square_of_the_mean,
            "this is the square of the mean slope. The mean of the *square* is asked for, which is larger.",
        ),
        Misconception(
            sigma_w_not_squared,
            "`sigma_w` has to be squared: weights of scale σ_w multiply squared lengths by σ_w².",
        ),
        Misconception(
            root_taken, "the root was taken. χ₁ is the stretch of *squared* lengths; a curve grows by √χ₁."
        ),
        Misconception(
            density_forgotten,
            "the normal density is missing: in the integral every value is weighted with exp(−x²/2)/√(2π).",
        ),
        Misconception(density_without_its_constant, "the density lacks its constant, 1/√(2π)."),
        Misconception(
            density_without_the_root,
            "the integral is too small by √(2π): below the line of the density stands √(2π), and not 2π.",
        ),
        Misconception(
            q_without_the_root,
            "the pre-activations have the standard deviation q here, and should have √q: q is a *mean square*. With a "
            "standard normal z a pre-activation is √q·z.",
        ),
        Misconception(
            slope_at_z,
            "`q` is not used: the slope is that at a pre-activation, √q·z, and was taken at z.",
        ),
        Misconception(
            times_q,
            "there is a factor q too many: the slope of φ itself is asked for, not that of z ↦ φ(√q z).",
        ),
        Misconception(the_length_map, "there is a factor z² too many in the mean."),
        Misconception(
            too_few_nodes,
            "for small q this is right; at large q the slope of tanh is a narrow peak that so few nodes of "
            "Gauss and Hermite do not see. "
            "Equally spaced points do better here: 501 from −10 to 10.",
        ),
        Misconception(
            density_of_q_not_normalised,
            "the integral is √q times too large. Over a standard normal z it has no such factor, and a density of "
            "variance q has √(2πq) below the line.",
        ),
        Misconception(
            scale_inside_the_activation,
            "σ_w stands inside of the slope. The weights come after the activation: the mean is multiplied by "
            "σ_w².",
        ),
        Misconception(
            activation_at_the_root_of_q,
            "the slope was taken at √q alone. A pre-activation is √q·z with a z that is normally distributed: "
            "take the mean over all z.",
        ),
        Misconception(
            density_squared_too,
            "the density was squared along with the slope. Only the slope is squared.",
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
            right_half_doubled,
            "one half was doubled, which is right where the slope is the same on both sides, as for tanh. That "
            "of the softplus is not: go from −10 to 10.",
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
            too_short_an_interval,
            "the integral runs over [−1, 1] only, where two thirds of the normal distribution lie. Go out to "
            "±10.",
        ),
        Misconception(
            three_standard_deviations,
            "the integral runs over [−3, 3] only. Beyond lie 0.3 %, and that is seen in the third digit. Go out "
            "to ±10.",
        ),
        Misconception(
            four_standard_deviations,
            "the integral runs over [−4, 4] only. What lies beyond is seen in the fifth digit. Go out to ±10.",
        ),
        Misconception(
            density_too_narrow,
            "the pre-activations have the variance q/2 here, and should have q: exp(−z²) is the density of variance "
            "½. With it, and with Gauss and Hermite's nodes, multiply z by √2.",
        ),
        Misconception(
            monte_carlo,
            "a mean over random numbers is right to two or three digits only. A sum over equally spaced z, "
            "weighted with the normal density, is right to ten: 501 points from −10 to 10.",
        ),
    ),
    alike=explained,
    searched=False,
    minutes=8,
    difficulty=2,
    core=False,
)
