"""Chapter 2, Cost functions and output units: what each exercise asks.

Where floating point matters, a criterion called "stable …" asks for right values *and* no warning on extreme inputs. The
textbook formula meets everything else: what numpy says on these inputs costs that criterion alone, and not the mark
for calm as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from fnnkit import activations, distributions, losses, outputs
from fnnkit.exercises.ch1_xor import rounded
from fnnkit.exercises.compare import difference, show
from fnnkit.exercises.exercise import (
    Case,
    Chapter,
    Criterion,
    Exercise,
    Misconception,
    Trial,
    agrees,
    both,
    calm,
    calm_outside,
    raised_problem,
    unwarned,
)
from fnnkit.exercises.verdict import Problem

CHAPTER = Chapter("ch2_output_units")
EXERCISES = CHAPTER.exercises

CALM = "inputs unchanged, no warning"


def stable(name: str, points: float, rtol: float = 1e-9, floor: float = 1e-12) -> Criterion:
    """Criterion about extreme inputs: right values, and no warning on the way to them."""
    # A claim: two answers of which one warns are told apart, although their values agree.
    return Criterion(name, points, both(agrees(rtol=rtol, floor=floor), unwarned), claim=True)


def calm_but(name: str) -> Criterion:
    """Criterion for calm on all inputs but the extreme ones."""
    return Criterion(CALM, 0.25, calm_outside(name), every=True, claim=True)


def ever_calm() -> Criterion:
    """Criterion for calm on all inputs."""
    return Criterion(CALM, 0.25, calm, every=True, claim=True)


def drawn(rng: np.random.Generator, *shape: int) -> Any:
    """Numbers with two decimals on both sides of 0, spread over some units, none of them 0."""
    z = np.round(rng.uniform(0.15, 2.5, shape), 2)
    signs = rng.permuted(np.resize([-1.0, 1.0], int(np.prod(shape)))).reshape(shape)
    return z * signs


def targets(rng: np.random.Generator, *shape: int) -> Any:
    """Zeros and ones, both kinds, as integers."""
    return rng.permuted(np.resize([0, 1], int(np.prod(shape)))).reshape(shape)


# --- gaussian_nll --------------------------------------------------------------------------------------------


def gaussian_nll_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``gaussian_nll(y, mean)``; one, two and three outputs, so that d shows."""
    value, edge = "the negative log-likelihood", "one example, integers, float32"
    return [
        Case((rounded(rng, 2, 3, scale=2.0), rounded(rng, 2, 3)), value, "two examples, three outputs"),
        Case((rounded(rng, 4, 1, scale=2.0), rounded(rng, 4, 1)), value, "one output"),
        Case((rounded(rng, 3, 2, scale=2.0), rounded(rng, 3, 2)), value),
        Case((rounded(rng, 1, 2, scale=2.0), rounded(rng, 1, 2)), edge, "one example"),
        Case((rng.integers(-3, 4, (3, 2)), rng.integers(-3, 4, (3, 2)) + 0.5), edge, "integers as targets"),
        Case((rounded(rng, 3, 2).astype(np.float32), rounded(rng, 3, 2).astype(np.float32)), edge, "float32"),
    ]


def gaussian_constant_dropped(y, mean):
    """The part that does not depend on the network is left out."""
    return 0.5 * ((y - mean) ** 2).sum(axis=1).mean()


def gaussian_mean_over_entries(y, mean):
    """The squares are averaged over the outputs too."""
    return 0.5 * ((y - mean) ** 2).mean() + 0.5 * y.shape[1] * np.log(2 * np.pi)


def gaussian_half_missing(y, mean):
    """The square without its ½."""
    return ((y - mean) ** 2).sum(axis=1).mean() + 0.5 * y.shape[1] * np.log(2 * np.pi)


def gaussian_constant_of_one_output(y, mean):
    """½ log 2π once, whatever d is."""
    return 0.5 * ((y - mean) ** 2).sum(axis=1).mean() + 0.5 * np.log(2 * np.pi)


def gaussian_summed_over_examples(y, mean):
    """The sum over the examples."""
    return 0.5 * ((y - mean) ** 2).sum() + 0.5 * y.size * np.log(2 * np.pi)


def gaussian_log_likelihood(y, mean):
    """The log-likelihood itself, to be maximised."""
    return -0.5 * ((y - mean) ** 2).sum(axis=1).mean() - 0.5 * y.shape[1] * np.log(2 * np.pi)


def gaussian_norm_not_squared(y, mean):
    """The distance in the place of its square."""
    return 0.5 * np.linalg.norm(y - mean, axis=1).mean() + 0.5 * y.shape[1] * np.log(2 * np.pi)


def gaussian_constant_of_n(y, mean):
    """n in the place of d."""
    return 0.5 * ((y - mean) ** 2).sum(axis=1).mean() + 0.5 * len(y) * np.log(2 * np.pi)


def gaussian_sum_down_the_columns(y, mean):
    """Axis 0: summed over the examples, averaged over the outputs."""
    return 0.5 * ((y - mean) ** 2).sum(axis=0).mean() + 0.5 * y.shape[1] * np.log(2 * np.pi)


def gaussian_one_number_an_example(y, mean):
    """The mean over the examples is left to others."""
    return 0.5 * ((y - mean) ** 2).sum(axis=1) + 0.5 * y.shape[1] * np.log(2 * np.pi)


gaussian_nll = CHAPTER.add(
    Exercise(
        name="gaussian_nll",
        chapter=CHAPTER.id,
        reference=losses.gaussian_nll,
        cases=gaussian_nll_cases,
        criteria=(
            Criterion("the negative log-likelihood", 1.0, agrees()),
            Criterion("one example, integers, float32", 0.25, agrees()),
            ever_calm(),
        ),
        misconceptions=(
            Misconception(
                gaussian_constant_dropped,
                "the constant (d/2)·log 2π is missing. It does not move the minimum, but without it this is no "
                "log-likelihood, and no comparison with another distribution would be fair.",
            ),
            Misconception(
                gaussian_mean_over_entries,
                "the squares are averaged over the outputs of an example as well. ‖y − mean‖² is a **sum** over the "
                "d outputs; the mean is over the examples only: `.sum(axis=1).mean()`.",
            ),
            Misconception(
                gaussian_half_missing,
                "the ½ of the exponent −½‖y − mean‖² is missing.",
            ),
            Misconception(
                gaussian_constant_of_one_output,
                "the constant stands there once. A density in d dimensions has the factor (2π)^(−d/2): the constant "
                "is d/2 times log 2π, with `d = y.shape[1]`.",
            ),
            Misconception(
                gaussian_summed_over_examples,
                "this is summed over the examples. Take the mean, so that the loss does not grow with the data set.",
            ),
            Misconception(
                gaussian_log_likelihood,
                "the sign is that of the log-likelihood. It is to be maximised; a loss is minimised, so put a minus "
                "in front.",
            ),
            Misconception(
                gaussian_constant_of_n,
                "the constant uses the number of examples. d is the number of outputs of one example: `y.shape[1]`.",
            ),
            Misconception(
                gaussian_sum_down_the_columns,
                "the squares are summed down the columns, over the examples. Sum along each row first, `axis=1`, then "
                "average.",
            ),
            Misconception(
                gaussian_one_number_an_example,
                "one number an example came back. The loss is their mean.",
            ),
            Misconception(
                gaussian_norm_not_squared,
                "the distance ‖y − mean‖ stands there without its square. `np.linalg.norm` takes a square root that "
                "nobody asked for: sum the squares.",
            ),
        ),
        minutes=8,
        difficulty=2,
    )
)


# --- best_constant -------------------------------------------------------------------------------------------


def best_constant_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``best_constant(y, loss)``: mean, median, mode and midrange are four different numbers."""
    squared, absolute = "least squared error", "least absolute error"
    cases = []
    for loss, criterion in (("mse", squared), ("mae", absolute)):
        scale, shift = rng.integers(1, 4), int(rng.integers(-3, 4))
        five = scale * rng.permuted(np.array([0.0, 0.0, 1.0, 3.0, 9.0])) + shift
        cases += [
            Case((five, loss), criterion),
            Case((-five[rng.permutation(5)], loss), criterion, "a long tail to the left"),
            Case((rng.permuted(np.array([-5, -5, 2, 3, 4, 10, 25])), loss), criterion, "integers"),
            Case((rounded(rng, 1), loss), criterion, "one target"),
            Case((five.astype(np.float32), loss), criterion, "float32"),
        ]
    even = rng.permuted(np.array([0.0, 0.0, 1.0, 3.0, 4.0, 20.0])) + rng.integers(-3, 4)
    return [
        *cases,
        Case((even, "mae"), absolute, "an even number of targets: any point between the middle two"),
    ]


def least_absolute(trials: Sequence[Trial]) -> Problem | None:
    """Test that no other constant has a smaller sum of absolute errors: for an even number there are many."""
    for trial in trials:
        if trial.given.error:
            return raised_problem(trial, trial.given.error)
        problem = difference(trial.expected.value, trial.given.value)
        if problem is None:
            continue
        y = np.sort(np.asarray(trial.case.args[0], dtype=float))
        low, high = y[(len(y) - 1) // 2], y[len(y) // 2]
        if problem.kind == "values":
            slack = 1e-5 if trial.case.args[0].dtype == np.float32 else 1e-9
            if low - slack <= float(trial.given.value) <= high + slack:
                continue
        if low < high:
            problem = replace(problem, expected=f"any number from {show(low)} to {show(high)}", finding="")
        return replace(problem, call=trial.written())
    return None


def best_constants_swapped(y, loss):
    """Median for the squared error, mean for the absolute one."""
    return float(np.median(y) if loss == "mse" else np.mean(y))


def best_constant_always_mean(y, loss):
    """The mean, whatever the loss."""
    return float(np.mean(y))


def best_constant_always_median(y, loss):
    """The median, whatever the loss."""
    return float(np.median(y))


def best_constant_mode(y, loss):
    """The most frequent value."""
    values, counts = np.unique(y, return_counts=True)
    return float(values[np.argmax(counts)])


def best_constant_midrange(y, loss):
    """Halfway between the smallest and the largest."""
    return float((np.min(y) + np.max(y)) / 2)


def best_constant_middle_entry(y, loss):
    """The entry in the middle, without sorting."""
    return float(np.mean(y) if loss == "mse" else y[len(y) // 2])


def least_loss_itself(y, loss):
    """The smallest loss, in the place of where it is."""
    if loss == "mse":
        return float(np.mean((y - np.mean(y)) ** 2))
    return float(np.mean(np.abs(y - np.median(y))))


best_constant = CHAPTER.add(
    Exercise(
        name="best_constant",
        chapter=CHAPTER.id,
        reference=losses.best_constant,
        cases=best_constant_cases,
        criteria=(
            Criterion("least squared error", 0.5, agrees()),
            Criterion("least absolute error", 0.5, least_absolute),
            ever_calm(),
        ),
        misconceptions=(
            Misconception(
                best_constants_swapped,
                "the two are swapped. A squared error punishes large distances hard and is pulled by an outlier: the "
                "mean. An absolute error only asks how many lie on either side: the median.",
            ),
            Misconception(
                best_constant_always_mean,
                "this is the mean for both losses. Move c a little to the right of the middle target: more absolute "
                "errors grow than shrink. The minimiser of the absolute error is the median.",
            ),
            Misconception(
                best_constant_always_median,
                'this is the median for both losses. For `"mse"`, set the derivative of Σ(yᵢ − c)² to 0: the mean.',
            ),
            Misconception(
                best_constant_mode,
                "this is the mode, the most frequent target. It would be best if only exact hits counted.",
            ),
            Misconception(
                best_constant_midrange,
                "this is the middle between the smallest and the largest target. It would be best if only the "
                "largest error counted.",
            ),
            Misconception(
                best_constant_middle_entry,
                "the entry in the middle of the array is the median only if the array is sorted: `np.sort` first, or "
                "`np.median`.",
            ),
            Misconception(
                least_loss_itself,
                "this is the smallest value of the loss. Asked for is the constant that attains it.",
            ),
        ),
        minutes=5,
        difficulty=1,
    )
)


# --- bernoulli_log_pmf ---------------------------------------------------------------------------------------

ENDS = "stable at φ = 0 and φ = 1"


def bernoulli_log_pmf_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``bernoulli_log_pmf(x, phi)``; no φ is ½, where both outcomes are alike."""
    value = "the log-probability"
    phi = np.round(rng.uniform(0.05, 0.4, 4), 2)
    wide = np.round(rng.uniform(0.6, 0.95, (2, 3)), 2)
    return [
        Case((np.array([1, 0, 1, 0]), phi), value),
        Case((targets(rng, 2, 3), wide), value, "another shape"),
        Case((targets(rng, 4).astype(np.float32), phi.astype(np.float32)), value, "float32"),
        Case((np.zeros(0), np.zeros(0)), value, "no entry"),
        Case((np.array([1, 0]), np.array([1.0, 0.0])), ENDS, "sure outcomes: log 1 = 0"),
        Case((np.array([0, 1]), np.array([1.0, 0.0])), ENDS, "impossible outcomes: log 0 = −inf"),
        Case((np.array([1, 0, 1]), np.array([phi[0], 1.0, 1.0])), ENDS, "some of each"),
    ]


def bernoulli_log_pmf_as_printed(x, phi):
    """The formula as printed: 0 · log 0 is NaN in floating point."""
    return x * np.log(phi) + (1 - x) * np.log(1 - phi)


def bernoulli_log_pmf_clipped(x, phi):
    """φ is kept off its ends: an impossible outcome becomes an unlikely one."""
    phi = np.clip(phi, 1e-12, 1 - 1e-12)
    return x * np.log(phi) + (1 - x) * np.log(1 - phi)


def bernoulli_log_pmf_warns(x, phi):
    """Right values, and numpy warns of log 0."""
    return np.where(x == 1, np.log(phi), np.log(1 - phi))


def bernoulli_log_pmf_of_ones_only(x, phi):
    """The term of the zeros is missing."""
    return x * np.log(phi)


def bernoulli_pmf_without_log(x, phi):
    """The probability itself."""
    return phi**x * (1 - phi) ** (1 - x)


def bernoulli_log_pmf_of_the_other_outcome(x, phi):
    """The probabilities of 0 and 1 are swapped."""
    return np.where(x == 0, np.log(np.maximum(phi, 1e-300)), np.log(np.maximum(1 - phi, 1e-300)))


def bernoulli_nll_of_phi(x, phi):
    """The sign of a loss."""
    return -(x * np.log(phi) + (1 - x) * np.log(1 - phi))


def bernoulli_log_of_the_pmf(x, phi):
    """The logarithm of the printed product: right values, and a warning where that is 0."""
    return np.log(phi**x * (1 - phi) ** (1 - x))


def bernoulli_log_pmf_nan_to_num(x, phi):
    """NaN is replaced, and −inf with it."""
    return np.nan_to_num(x * np.log(phi) + (1 - x) * np.log(1 - phi))


bernoulli_log_pmf = CHAPTER.add(
    Exercise(
        name="bernoulli_log_pmf",
        chapter=CHAPTER.id,
        reference=distributions.bernoulli_log_pmf,
        cases=bernoulli_log_pmf_cases,
        criteria=(
            Criterion("the log-probability", 0.75, agrees()),
            stable(ENDS, 0.5),
            calm_but(ENDS),
        ),
        misconceptions=(
            Misconception(
                bernoulli_log_pmf_as_printed,
                "in mathematics 0·log 0 is 0 here; in floating point it is 0·(−inf) = NaN. Do not multiply: choose. "
                "`np.where(x == 1, …, …)` takes one of the two logarithms.",
            ),
            Misconception(
                bernoulli_log_pmf_clipped,
                "clipping keeps φ off 0 and 1, so an impossible outcome gets some −27.6 instead of −inf, and a sure one "
                "is not quite sure. Choose between the two logarithms with `np.where`, and let log 0 be −inf.",
            ),
            Misconception(
                bernoulli_log_pmf_warns,
                "your values are right, but numpy warns: `np.where` computes both logarithms everywhere, and log 0 is "
                "among them. It is meant here, so say so: `with np.errstate(divide='ignore'):` around the line.",
            ),
            Misconception(
                bernoulli_log_of_the_pmf,
                "your values are right, but numpy warns of log 0. Here it is meant: the logarithm of an impossible outcome "
                "is −inf. Say so, with `with np.errstate(divide='ignore'):` around the line.",
            ),
            Misconception(
                bernoulli_log_pmf_nan_to_num,
                "`np.nan_to_num` makes 0 of NaN, and −1.8e308 of the −inf that an impossible outcome should have. Do not "
                "repair the NaN; avoid it: `np.where(x == 1, …, …)` takes one of the two logarithms.",
            ),
            Misconception(
                bernoulli_log_pmf_of_ones_only,
                "the term (1 − x)·log(1 − φ) is missing: outcomes 0 have a probability too.",
            ),
            Misconception(
                bernoulli_pmf_without_log,
                "this is the probability. Asked for is its logarithm.",
            ),
            Misconception(
                bernoulli_log_pmf_of_the_other_outcome,
                "the two outcomes are swapped: φ is the probability of x = **1**.",
            ),
            Misconception(
                bernoulli_nll_of_phi,
                "there is a minus too many. A log-probability is never positive; the minus comes with the loss.",
            ),
        ),
        minutes=10,
        difficulty=2,
    )
)


# --- threshold_unit ------------------------------------------------------------------------------------------


def threshold_unit_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``threshold_unit(z)``: below, inside and above the unit interval, and at its corners."""
    value, slope = "the value p", "the derivative dp/dz"
    inside = np.round(rng.uniform(0.1, 0.9, 2), 2)
    spread = rng.permuted(
        np.concatenate([inside, np.round(rng.uniform(0.3, 2, 3), 2) * [-1, -1, 0] + [0, 0, 1.4]])
    )
    return [
        Case((spread,), value),
        Case((np.array([[-2, 3], [1, 0]]),), value, "integers"),
        Case((spread,), slope),
        Case((np.array([0.0, 1.0, 0.5]),), slope, "both corners: 0"),
        Case((spread.astype(np.float32),), slope, "float32"),
        Case((np.zeros(0),), slope, "no entry"),
    ]


def threshold_slope_everywhere(z):
    """Derivative 1 everywhere."""
    return np.clip(z, 0.0, 1.0), np.ones(np.shape(z))


def threshold_slope_at_the_corners(z):
    """Derivative 1 at the corners too."""
    return np.clip(z, 0.0, 1.0), ((z >= 0) & (z <= 1)).astype(float)


def threshold_slope_of_relu(z):
    """Derivative 1 above 1 too."""
    return np.clip(z, 0.0, 1.0), (z > 0).astype(float)


def threshold_as_a_step(z):
    """0 or 1."""
    return (z > 0).astype(float), np.zeros(np.shape(z))


def threshold_as_a_sigmoid(z):
    """The unit that does not saturate exactly."""
    s = 0.5 * (1 + np.tanh(0.5 * z))
    return s, s * (1 - s)


def threshold_value_only(z):
    """The derivative is not returned."""
    return np.clip(z, 0.0, 1.0)


threshold_unit = CHAPTER.add(
    Exercise(
        name="threshold_unit",
        chapter=CHAPTER.id,
        reference=activations.threshold_unit,
        returns=("p", "dp_dz"),
        cases=threshold_unit_cases,
        criteria=(
            Criterion("the value p", 0.5, agrees(part=0)),
            Criterion("the derivative dp/dz", 0.5, agrees(part=1)),
            ever_calm(),
        ),
        misconceptions=(
            Misconception(
                threshold_slope_everywhere,
                "the derivative is 1 everywhere. Outside of (0, 1) p does not move when z does, so it is 0 there: that "
                "is what is wrong with this unit.",
            ),
            Misconception(
                threshold_slope_at_the_corners,
                "at z = 0 and z = 1 the unit has corners. Here the derivative is 0 there: use `<`, not `<=`.",
            ),
            Misconception(
                threshold_slope_of_relu,
                "the derivative should be 0 above 1 too: p stays at 1 there.",
            ),
            Misconception(
                threshold_as_a_step,
                "this jumps from 0 to 1. Between 0 and 1, p is z itself: max(0, min(1, z)).",
            ),
            Misconception(
                threshold_as_a_sigmoid,
                "this is the sigmoid and its derivative. The threshold unit is max(0, min(1, z)).",
            ),
            Misconception(
                threshold_value_only,
                "only p is returned. The derivative is asked for too: `return p, dp_dz`.",
            ),
        ),
        minutes=5,
        difficulty=1,
        core=False,
    )
)


# --- sigmoid -------------------------------------------------------------------------------------------------

FAR = "stable at ±10⁴"


def sigmoid_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``sigmoid(z)``."""
    value = "values"
    return [
        Case((np.array([0.0, 0.5, -0.5]),), value),
        Case((drawn(rng, 5),), value),
        Case((drawn(rng, 2, 3),), value, "another shape"),
        Case((np.array([-3, -1, 0, 2]),), value, "integers"),
        Case((drawn(rng, 4).astype(np.float32),), value, "float32"),
        Case((np.zeros((0, 2)),), value, "no entry"),
        Case((np.array([-1e4, 1e4]),), FAR),
        Case((np.array([0.0, 800.0, -800.0, float(drawn(rng, 1)[0]), -1e4, 30.0, -30.0]),), FAR),
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


def sigmoid_derivative(z):
    """σ(1 − σ)."""
    s = 0.5 * (1 + np.tanh(0.5 * z))
    return s * (1 - s)


def sigmoid_brackets_missing(z):
    """1/1 + exp(−z)."""
    return 1 / 1 + np.exp(-z)


sigmoid = CHAPTER.add(
    Exercise(
        name="sigmoid",
        chapter=CHAPTER.id,
        reference=activations.sigmoid,
        cases=sigmoid_cases,
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
                "this falls where it should rise: it is σ(−z) = 1 − σ(z). There is a minus in the exponent: exp(−z).",
            ),
            Misconception(
                sigmoid_by_if,
                "`if` wants one truth value, and z is an array of many. Choose entry by entry: "
                "`np.where(z >= 0, …, …)`.",
            ),
            Misconception(
                sigmoid_half_scale,
                "σ(z) is ½(1 + tanh(z/2)): the argument of tanh should be halved.",
            ),
            Misconception(
                sigmoid_brackets_missing,
                "brackets are missing: `1 / 1 + …` divides first. The whole sum stands below the line: `1 / (1 + …)`.",
            ),
            Misconception(sigmoid_derivative, "this is the derivative σ(1 − σ); asked for is σ itself."),
        ),
        minutes=10,
        difficulty=2,
    )
)


# --- softplus ------------------------------------------------------------------------------------------------

FAR_DIGITS = "stable: no overflow, no digit lost"


def softplus_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``softplus(z)``."""
    value = "values"
    return [
        Case((np.array([0.0, 1.0, -1.0]),), value),
        Case((drawn(rng, 5),), value),
        Case((drawn(rng, 3, 2),), value, "another shape"),
        Case((np.array([-2, 0, 3]),), value, "integers"),
        Case((drawn(rng, 4).astype(np.float32),), value, "float32"),
        Case((np.zeros(0),), value, "no entry"),
        Case((np.array([-1e4, 1e4, 1.0]),), FAR_DIGITS),
        Case((np.array([800.0, -50.0, float(drawn(rng, 1)[0]), 40.0]),), FAR_DIGITS),
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


def softplus_clipped(z):
    """The argument of exp is clipped: large z become 500."""
    return np.log(1 + np.exp(np.clip(z, -500, 500)))


softplus = CHAPTER.add(
    Exercise(
        name="softplus",
        chapter=CHAPTER.id,
        reference=activations.softplus,
        cases=softplus_cases,
        criteria=(
            Criterion("values", 0.75, agrees()),
            stable(FAR_DIGITS, 0.5, rtol=1e-14, floor=0.0),
            calm_but(FAR_DIGITS),
        ),
        misconceptions=(
            Misconception(
                softplus_that_overflows,
                "exp(z) overflows for large z, where ζ(z) is just z. Pull the large part out of the logarithm: "
                "log(1 + exp(z)) = z + log(1 + exp(−z)). With max(0, z) in front and −|z| in the exponential, one line "
                "does for both signs.",
            ),
            Misconception(
                softplus_by_where,
                "your values are right, but `np.where` computes both branches everywhere, and exp overflows in the one "
                "that is thrown away. Let the exponential see −|z| only.",
            ),
            Misconception(
                softplus_without_log1p,
                "nothing overflows, but for very negative z the result is lost: 1 + 2e-22 is 1 in floating point, and "
                "log 1 is 0. `np.log1p(x)` is log(1 + x) without that loss.",
            ),
            Misconception(
                softplus_clipped,
                "clipping z stops the overflow, but ζ(z) is about z for large z, and here it stays at the clip. Keep the z: "
                "max(0, z) in front, and −|z| in the exponential.",
            ),
            Misconception(
                softplus_one_forgotten,
                "log(exp(z)) is z again: the 1 is missing inside the logarithm.",
            ),
            Misconception(
                softplus_is_not_relu,
                "this is max(0, z), the corner that the softplus rounds off: at 0 it is log 2, not 0.",
            ),
            Misconception(softplus_of_minus_z, "this is ζ(−z): it falls where it should rise."),
            Misconception(
                softplus_to_base_two, "the logarithm is to base 2 here: `np.log` is the natural one."
            ),
        ),
        minutes=8,
        difficulty=2,
    )
)


# --- the inverses ----------------------------------------------------------------------------------------------


def logit_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``logit(p)``; probabilities off ½, and sigmoids of ±15."""
    value = "values"
    p = np.round(rng.uniform(0.05, 0.4, 4), 2)
    return [
        Case((p,), value),
        Case((1 - p.reshape(2, 2),), value, "another shape"),
        Case((p.astype(np.float32),), value, "float32"),
        Case((np.zeros(0),), value, "no entry"),
        Case((activations.sigmoid(np.array([-15.0, 0.0, 15.0])),), value, "back from σ(−15), σ(0), σ(15)"),
        Case((np.array([1e-300]),), value, "a tiny probability"),
    ]


def logit_swapped(p):
    """(1 − p)/p."""
    return np.log((1 - p) / p)


def odds_without_log(p):
    """p/(1 − p)."""
    return p / (1 - p)


def log_probability(p):
    """log p."""
    return np.log(p)


def logit_with_plus(p):
    """log p + log(1 − p)."""
    return np.log(p) + np.log(1 - p)


def logit_to_base_ten(p):
    """Logarithm to base 10."""
    return np.log10(p / (1 - p))


logit = CHAPTER.add(
    Exercise(
        name="logit",
        chapter=CHAPTER.id,
        reference=activations.logit,
        cases=logit_cases,
        criteria=(Criterion("values", 0.75, agrees()), ever_calm()),
        misconceptions=(
            Misconception(
                logit_swapped, "the fraction is upside down: p stands above the line, 1 − p below."
            ),
            Misconception(odds_without_log, "these are the odds. The logit is their logarithm."),
            Misconception(log_probability, "this is log p: the denominator 1 − p is missing."),
            Misconception(
                logit_with_plus, "the logarithm of a quotient is a difference: log p − log(1 − p)."
            ),
            Misconception(logit_to_base_ten, "`np.log10` is to base 10; the natural logarithm is `np.log`."),
        ),
        minutes=4,
        difficulty=1,
        core=False,
    )
)

ENDS_OF_INVERSE = "stable for large and for tiny y"


def softplus_inverse_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``softplus_inverse(y)``."""
    value = "values"
    y = np.round(rng.uniform(0.2, 3.0, 4), 2)
    return [
        Case((y,), value),
        Case((np.array([[1, 2, 5]]),), value, "integers"),
        Case((y.astype(np.float32),), value, "float32"),
        Case((np.zeros(0),), value, "no entry"),
        Case((activations.softplus(np.array([-15.0, 0.0, 15.0])),), value, "back from ζ(−15), ζ(0), ζ(15)"),
        Case((np.array([800.0, 1e4]),), ENDS_OF_INVERSE, "large"),
        Case((np.array([1e-20, float(y[0]), 1e-300]),), ENDS_OF_INVERSE, "tiny"),
    ]


def softplus_inverse_that_overflows(y):
    """The printed formula."""
    return np.log(np.exp(y) - 1)


def softplus_inverse_by_expm1(y):
    """Right for tiny y; overflows for large."""
    return np.log(np.expm1(y))


def softplus_inverse_loses_tiny(y):
    """Right for large y; 1 − exp(−y) is 0 for tiny."""
    return y + np.log(1 - np.exp(-y))


def softplus_once_more(y):
    """ζ itself."""
    return np.logaddexp(0, y)


def softplus_inverse_as_reciprocal(y):
    """1/ζ."""
    return 1 / np.logaddexp(0, y)


def softplus_inverse_one_forgotten(y):
    """log exp y is y."""
    return 1.0 * y


softplus_inverse = CHAPTER.add(
    Exercise(
        name="softplus_inverse",
        chapter=CHAPTER.id,
        reference=activations.softplus_inverse,
        cases=softplus_inverse_cases,
        criteria=(
            # Near ζ(−15) the printed formula keeps nine digits: enough for the first criterion.
            Criterion("values", 0.5, agrees(rtol=1e-7)),
            stable(ENDS_OF_INVERSE, 0.5),
            calm_but(ENDS_OF_INVERSE),
        ),
        misconceptions=(
            Misconception(
                softplus_inverse_that_overflows,
                "exp(y) overflows for large y, and exp(y) − 1 rounds to 0 for tiny y. Pull y out: "
                "log(exp(y) − 1) = y + log(1 − exp(−y)), and `np.expm1` keeps the small difference.",
            ),
            Misconception(
                softplus_inverse_by_expm1,
                "`np.expm1` is right for tiny y, but overflows for large y as exp does. Pull y out: "
                "y + log(−expm1(−y)).",
            ),
            Misconception(
                softplus_inverse_loses_tiny,
                "no overflow, but for tiny y the difference 1 − exp(−y) rounds to 0. `-np.expm1(-y)` is the same "
                "number with all its digits.",
            ),
            Misconception(
                softplus_once_more, "this is the softplus itself: the sign before the 1 is a minus here."
            ),
            Misconception(
                softplus_inverse_as_reciprocal,
                "ζ⁻¹ is the inverse function, not 1/ζ: ask which z has ζ(z) = y.",
            ),
            Misconception(softplus_inverse_one_forgotten, "log(exp(y)) is y again: the −1 is missing."),
        ),
        minutes=8,
        difficulty=2,
        core=False,
    )
)


# --- bernoulli_nll -------------------------------------------------------------------------------------------


def logits_and_targets(rng: np.random.Generator, value: str) -> list[Case]:
    """Ordinary logits with targets of both kinds, for either sign."""
    z = np.array([0.6, -0.6, 1.1, -1.1]) + np.round(rng.uniform(0.0, 0.4, 4), 2)
    return [
        Case((z, np.array([1, 1, 0, 0])), value),
        Case((drawn(rng, 2, 3), targets(rng, 2, 3)), value, "another shape"),
        Case((np.array([2, -1, 3]), np.array([0, 1, 1])), value, "integers"),
        Case((z.astype(np.float32), np.array([0.0, 1.0, 1.0, 0.0], dtype=np.float32)), value, "float32"),
        Case((np.zeros(0), np.zeros(0)), value, "no entry"),
    ]


def far_logits(rng: np.random.Generator) -> list[Case]:
    """Confident logits, right and wrong."""
    return [
        Case((np.array([1e4, -1e4]), np.array([0, 1])), FAR, "confident mistakes"),
        Case((np.array([1e4, -1e4]), np.array([1, 0])), FAR, "confident, and right"),
        Case(
            (np.array([-800.0, 800.0, float(drawn(rng, 1)[0]), -40.0]), np.array([1, 0, 1, 1])),
            FAR,
            "some of each",
        ),
    ]


def bernoulli_nll_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``bernoulli_nll(z, y)``."""
    return logits_and_targets(rng, "values") + far_logits(rng)


def log_of_the_sigmoid(z, y):
    """−log σ((2y − 1)z): the sigmoid rounds to 0 first."""
    return -np.log(1 / (1 + np.exp(-(2 * y - 1) * z)))


def cross_entropy_of_the_sigmoid(z, y):
    """The cross-entropy of a probability: 0 · log 0 at both ends."""
    p = 1 / (1 + np.exp(-z))
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def clipped_cross_entropy(z, y):
    """The probability is kept off 0 and 1: no confident mistake costs more than 27.6."""
    p = np.clip(0.5 * (1 + np.tanh(0.5 * z)), 1e-12, 1 - 1e-12)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def bernoulli_sign_flipped(z, y):
    """ζ((2y − 1) z): dear where the answer is right."""
    return np.logaddexp(0, (2 * y - 1) * z)


def bernoulli_target_ignored(z, y):
    """ζ(−z): as if every target were 1."""
    return np.logaddexp(0, -z)


def bernoulli_mean_taken(z, y):
    """The mean over the entries."""
    return np.sum(np.logaddexp(0, (1 - 2 * y) * z)) / max(np.size(z), 1)


def bernoulli_log_likelihood(z, y):
    """log σ((2y − 1) z)."""
    return -np.logaddexp(0, (1 - 2 * y) * z)


bernoulli_nll = CHAPTER.add(
    Exercise(
        name="bernoulli_nll",
        chapter=CHAPTER.id,
        reference=losses.bernoulli_nll,
        cases=bernoulli_nll_cases,
        criteria=(Criterion("values", 0.75, agrees()), stable(FAR, 0.5), calm_but(FAR)),
        misconceptions=(
            Misconception(
                log_of_the_sigmoid,
                "σ rounds to 0 before the logarithm sees it, so a confident mistake costs infinity (or numpy warns on "
                "the way). Stay with the logit: −log σ((2y − 1)z) is ζ((1 − 2y)z), and your softplus is safe.",
            ),
            Misconception(
                cross_entropy_of_the_sigmoid,
                "the probability rounds to 0 or 1, and then 0·log 0 is NaN. The logarithm and the exponential of the "
                "sigmoid undo each other: use ζ((1 − 2y)z) from the logit.",
            ),
            Misconception(
                clipped_cross_entropy,
                "clipping the probability hides the overflow and costs the point of it all: every mistake beyond a "
                "logit of about 28 costs the same, so its gradient is 0. Use ζ((1 − 2y)z) from the logit.",
            ),
            Misconception(
                bernoulli_sign_flipped,
                "right answers are dear here, and mistakes cheap: the sign is 1 − 2y, which is −1 for y = 1.",
            ),
            Misconception(
                bernoulli_target_ignored,
                "the target plays no part: this is −log σ(z) for every entry, right for y = 1 only.",
            ),
            Misconception(
                bernoulli_mean_taken,
                "one number came back. Here each entry keeps its own loss: leave the mean to the caller.",
            ),
            Misconception(
                bernoulli_log_likelihood,
                "this is the log-likelihood, which is never positive. The loss is minus that.",
            ),
        ),
        minutes=8,
        difficulty=2,
        needs=("softplus",),
    )
)


# --- bernoulli_nll_grad and sigmoid_mse_grad -------------------------------------------------------------------


def bernoulli_nll_grad_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``bernoulli_nll_grad(z, y)``."""
    return logits_and_targets(rng, "values") + far_logits(rng)


def grad_with_overflow(z, y):
    """The printed sigmoid."""
    return 1 / (1 + np.exp(-z)) - y


def grad_with_quotient(z, y):
    """Infinity over infinity."""
    return np.exp(z) / (1 + np.exp(z)) - y


def grad_to_be_maximised(z, y):
    """y − σ: the gradient of log P."""
    return y - 0.5 * (1 + np.tanh(0.5 * z))


def grad_with_respect_to_p(z, y):
    """The derivative with respect to σ, not to z."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return (p - y) / (p * (1 - p))


def grad_of_the_squared_error(z, y):
    """Times σ′: the gradient of half the squared error."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return (p - y) * p * (1 - p)


def grad_divided_by_n(z, y):
    """Divided by the number of entries."""
    return (0.5 * (1 + np.tanh(0.5 * z)) - y) / max(np.size(z), 1)


def grad_of_positive_examples(z, y):
    """σ(z) − 1 for all."""
    return 0.5 * (1 + np.tanh(0.5 * z)) - 1 + 0 * y


bernoulli_nll_grad = CHAPTER.add(
    Exercise(
        name="bernoulli_nll_grad",
        chapter=CHAPTER.id,
        reference=losses.bernoulli_nll_grad,
        cases=bernoulli_nll_grad_cases,
        criteria=(Criterion("values", 0.75, agrees()), stable(FAR, 0.25), calm_but(FAR)),
        misconceptions=(
            Misconception(
                grad_with_overflow,
                "`np.exp` of a large number overflows on the way. Call your own stable `sigmoid`.",
            ),
            Misconception(
                grad_with_quotient,
                "for large z this is infinity over infinity. Call your own stable `sigmoid`.",
            ),
            Misconception(
                grad_to_be_maximised,
                "the sign is that of the log-likelihood, which the slides maximise in their part on back-propagation. "
                "We minimise: σ(z) − y.",
            ),
            Misconception(
                grad_with_respect_to_p,
                "this is the derivative with respect to σ. Asked for is the one with respect to the logit z: multiply "
                "by dσ/dz = σ(1 − σ), and nearly everything cancels.",
            ),
            Misconception(
                grad_of_the_squared_error,
                "there is a factor σ(1 − σ) too many: with it, this belongs to the squared error. Here it cancels "
                "against the derivative of the logarithm.",
            ),
            Misconception(
                grad_divided_by_n,
                "this is divided by the number of entries. `bernoulli_nll` keeps every loss for itself, so its "
                "derivative is elementwise too.",
            ),
            Misconception(
                grad_of_positive_examples,
                "this is right for y = 1 only: for y = 0 the derivative is σ(z).",
            ),
        ),
        minutes=4,
        difficulty=1,
        needs=("sigmoid",),
    )
)


def sigmoid_mse_grad_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``sigmoid_mse_grad(z, y)``."""
    return logits_and_targets(rng, "values") + far_logits(rng)


def mse_grad_with_overflow(z, y):
    """The printed sigmoid."""
    p = 1 / (1 + np.exp(-z))
    return 2 * (p - y) * p * (1 - p)


def mse_grad_with_quotient(z, y):
    """Infinity over infinity."""
    p = np.exp(z) / (1 + np.exp(z))
    return 2 * (p - y) * p * (1 - p)


def mse_grad_chain_rule_forgotten(z, y):
    """The derivative with respect to σ."""
    return 2 * (0.5 * (1 + np.tanh(0.5 * z)) - y)


def mse_grad_without_the_two(z, y):
    """The 2 of the square is missing."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return (p - y) * p * (1 - p)


def mse_grad_with_plus_sign(z, y):
    """2(y − σ)σ(1 − σ)."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return 2 * (y - p) * p * (1 - p)


def mse_grad_is_the_nll_grad(z, y):
    """σ − y."""
    return 0.5 * (1 + np.tanh(0.5 * z)) - y


def mse_grad_divided_by_n(z, y):
    """Divided by the number of entries."""
    p = 0.5 * (1 + np.tanh(0.5 * z))
    return 2 * (p - y) * p * (1 - p) / max(np.size(z), 1)


sigmoid_mse_grad = CHAPTER.add(
    Exercise(
        name="sigmoid_mse_grad",
        chapter=CHAPTER.id,
        reference=losses.sigmoid_mse_grad,
        cases=sigmoid_mse_grad_cases,
        criteria=(Criterion("values", 0.75, agrees()), stable(FAR, 0.25), calm_but(FAR)),
        misconceptions=(
            Misconception(
                mse_grad_with_overflow,
                "`np.exp` of a large number overflows on the way. Call your own stable `sigmoid`.",
            ),
            Misconception(
                mse_grad_with_quotient,
                "for large z this is infinity over infinity. Call your own stable `sigmoid`.",
            ),
            Misconception(
                mse_grad_chain_rule_forgotten,
                "this is the derivative with respect to σ. The chain rule adds dσ/dz = σ(1 − σ): the factor that "
                "vanishes for a confident mistake.",
            ),
            Misconception(
                mse_grad_without_the_two,
                "the derivative of a square has a factor 2: d(σ − y)²/dσ = 2(σ − y).",
            ),
            Misconception(mse_grad_with_plus_sign, "the sign is flipped: the inner difference is σ − y."),
            Misconception(
                mse_grad_is_the_nll_grad,
                "this is the gradient of the log-likelihood, σ − y. The squared error has another one: 2(σ − y)·σ(1 − σ).",
            ),
            Misconception(
                mse_grad_divided_by_n,
                "this is divided by the number of entries. It is asked for entry by entry, so that it can be compared "
                "with `bernoulli_nll_grad`.",
            ),
        ),
        minutes=5,
        difficulty=2,
        needs=("sigmoid",),
    )
)


# --- softmax and log_softmax ---------------------------------------------------------------------------------

LEADING = "any leading shape"
SCORES = "stable: ±10⁴, equal scores, one −inf"


def score_cases(rng: np.random.Generator) -> list[Case]:
    """Scores of three examples and four classes; other shapes; extreme ones. No array is square but one that says so."""
    value = "values, row by row"
    equal = np.full((1, 3), 1e4)
    ruled_out = np.array([[0.5, -np.inf, -1.0]]) + np.round(rng.uniform(0, 1, (1, 3)), 2)
    far = np.stack([np.array([1e4, 0.0, -1e4]), np.array([-1e4, -1e4 + 1.0, -1e4 - 0.5])])
    apart = np.stack([drawn(rng, 3), 1e4 + drawn(rng, 3)])
    return [
        Case((drawn(rng, 3, 4),), value),
        Case((drawn(rng, 2, 2),), value, "as many examples as classes"),
        Case((rng.integers(-3, 4, (2, 3)) + np.array([[0, 1, 3], [2, 0, -1]]),), value, "integers"),
        Case((drawn(rng, 2, 3).astype(np.float32),), value, "float32"),
        Case((drawn(rng, 4),), LEADING, "one example, shape (4,)"),
        Case((drawn(rng, 2, 2, 3),), LEADING, "shape (2, 2, 3)"),
        Case((np.zeros((0, 3)),), LEADING, "no example"),
        Case((far,), SCORES),
        Case((equal,), SCORES, "all scores equal"),
        Case((ruled_out,), SCORES, "one class ruled out"),
        Case((apart,), SCORES, "rows far from each other"),
    ]


def softmax_of_the_whole_array(z):
    """One sum over everything."""
    e = np.exp(z - np.max(z)) if np.size(z) else np.zeros(np.shape(z))
    return e / e.sum() if np.size(z) else e


def softmax_down_the_columns(z):
    """Axis 0."""
    e = np.exp(z - z.max(axis=0)) if len(z) else np.zeros(z.shape)
    return e / e.sum(axis=0) if len(z) else e


def softmax_not_shifted(z):
    """The printed formula: infinity over infinity."""
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


def softmax_shifted_by_the_global_maximum(z):
    """One maximum for all rows: a row far below it becomes 0/0."""
    e = np.exp(z - np.max(z)) if np.size(z) else np.zeros(np.shape(z))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_of_matrices_only(z):
    """axis=1: right for two axes, not for one or three."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_without_keepdims(z):
    """The sums stand along the wrong axis: an error, or silently wrong for a square array."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1)


def softmax_denominator_as_printed(z):
    """The exponential of the sum, in the place of the sum of exponentials."""
    return np.exp(z) / np.exp(z.sum(axis=-1, keepdims=True))


def scores_over_their_sum(z):
    """No exponential."""
    return z / z.sum(axis=-1, keepdims=True)


def softmax_in_place(z):
    """Right values, but the scores are overwritten."""
    z -= z.max(axis=-1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


def softmax_into_integers(z):
    """The array that is filled has the type of the scores."""
    out = np.zeros_like(z)
    out[...] = np.exp(z - z.max(axis=-1, keepdims=True))
    return out / out.sum(axis=-1, keepdims=True)


softmax = CHAPTER.add(
    Exercise(
        name="softmax",
        chapter=CHAPTER.id,
        reference=activations.softmax,
        cases=score_cases,
        criteria=(
            Criterion("values, row by row", 0.75, agrees()),
            Criterion(LEADING, 0.25, agrees()),
            stable(SCORES, 0.5),
            calm_but(SCORES),
        ),
        misconceptions=(
            Misconception(
                softmax_of_the_whole_array,
                "everything is divided by one sum over the whole array. Each row is a distribution of its own: sum over "
                "the last axis, `axis=-1, keepdims=True`.",
            ),
            Misconception(
                softmax_down_the_columns,
                "the columns sum to 1. The classes of an example stand along the **last** axis: `axis=-1`.",
            ),
            Misconception(
                softmax_not_shifted,
                "exp(1e4) is infinity, and infinity over infinity is NaN; exp(−1e4) is 0, and 0 over 0 is NaN too. A "
                "shift changes nothing, so subtract each row's maximum first.",
            ),
            Misconception(
                softmax_shifted_by_the_global_maximum,
                "the maximum is that of the whole array. A row that lies far below it becomes 0/0: subtract each row's "
                "own maximum, `z.max(axis=-1, keepdims=True)`.",
            ),
            Misconception(
                softmax_of_matrices_only,
                "`axis=1` is the last axis of a matrix only. `axis=-1` is the last one whatever the shape.",
            ),
            Misconception(
                softmax_without_keepdims,
                "the sums have lost their axis, so numpy lines them up with the classes: an error, or, for a square "
                "array, wrong numbers without a word. `keepdims=True` keeps a column of sums.",
            ),
            Misconception(
                softmax_denominator_as_printed,
                "some slides print exp Σ zⱼ below the line. What is meant is Σ exp(zⱼ): exponentials first, then the sum.",
            ),
            Misconception(
                scores_over_their_sum,
                "the exponential is missing: scores can be negative, probabilities cannot.",
            ),
            Misconception(
                softmax_into_integers,
                "right for floats. `np.zeros_like(z)` of integers is an array of integers, and what you put into it loses its "
                "fraction. `np.zeros(z.shape)` makes floats.",
            ),
            Misconception(
                softmax_in_place,
                "`z -= …` overwrites the caller's scores. `z - …` makes a new array.",
            ),
        ),
        minutes=8,
        difficulty=2,
    )
)


def log_of_the_softmax(z):
    """The logarithm comes too late: the probability has rounded to 0."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.log(e / e.sum(axis=-1, keepdims=True))


def log_softmax_not_shifted(z):
    """z − log Σ exp z, as printed."""
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def scores_below_their_maximum(z):
    """The approximation log Σ exp ≈ max."""
    return z - z.max(axis=-1, keepdims=True)


def log_softmax_of_the_whole_array(z):
    """One sum over everything."""
    return z - np.logaddexp.reduce(np.ravel(z)) if np.size(z) else np.zeros(np.shape(z))


def log_softmax_down_the_columns(z):
    """Axis 0."""
    return z - np.logaddexp.reduce(np.asarray(z, dtype=float), axis=0, keepdims=True)


def log_softmax_without_the_inner_log(z):
    """z − Σ exp z."""
    return z - np.exp(z).sum(axis=-1, keepdims=True)


def log_softmax_shift_not_undone(z):
    """The maximum is subtracted inside the logarithm and not added again."""
    return z - np.log(np.exp(z - z.max(axis=-1, keepdims=True)).sum(axis=-1, keepdims=True))


log_softmax = CHAPTER.add(
    Exercise(
        name="log_softmax",
        chapter=CHAPTER.id,
        reference=activations.log_softmax,
        cases=score_cases,
        criteria=(
            Criterion("values, row by row", 0.75, agrees()),
            Criterion(LEADING, 0.25, agrees()),
            stable(SCORES, 0.5),
            calm_but(SCORES),
        ),
        misconceptions=(
            Misconception(
                log_of_the_softmax,
                "the softmax has rounded to 0 before the logarithm sees it, and log 0 is −inf. Take the logarithm on "
                "paper: (z − max) − log Σ exp(z − max), with no logarithm of a probability.",
            ),
            Misconception(
                log_softmax_not_shifted,
                "exp(1e4) overflows inside the sum. Subtract the row's maximum from z first: a shift changes nothing.",
            ),
            Misconception(
                scores_below_their_maximum,
                "the maximum is an approximation of log Σ exp. It is exact only when one score is far ahead.",
            ),
            Misconception(
                log_softmax_of_the_whole_array,
                "there is one sum over the whole array. Each row has its own: `axis=-1, keepdims=True`.",
            ),
            Misconception(
                log_softmax_down_the_columns,
                "the sums run down the columns. The classes stand along the last axis: `axis=-1`.",
            ),
            Misconception(
                log_softmax_without_the_inner_log,
                "the logarithm of the sum is missing: z − **log** Σ exp(z).",
            ),
            Misconception(
                log_softmax_shift_not_undone,
                "the maximum was subtracted inside the logarithm only. Shift z itself, once, at the top; then both "
                "places use the shifted scores.",
            ),
        ),
        minutes=6,
        difficulty=2,
    )
)


# --- categorical_nll and its gradient ------------------------------------------------------------------------

FAR_SCORES = "stable for scores of ±10⁴"


def labelled(rng: np.random.Generator, n: int, classes: int) -> tuple[Any, Any]:
    """Scores and labels; the first and the last class are among the labels where n allows it."""
    g = rng.permuted(np.concatenate([[0, classes - 1], rng.integers(0, classes, n)])[:n])
    return drawn(rng, n, classes), g


def labelled_cases(rng: np.random.Generator) -> list[Case]:
    """Scores and labels; batches of several sizes, so that 1/n shows."""
    value = "values"
    scores, g = labelled(rng, 3, 4)
    far = np.array([[1e4, -1e4, 0.0], [0.0, -1e4, 1e4], [2.0, 1.0, 0.5]])
    return [
        Case((scores, g), value),
        Case(labelled(rng, 4, 3), value),
        Case(labelled(rng, 5, 2), value, "two classes"),
        Case((drawn(rng, 1, 3), np.array([2])), value, "one example"),
        Case((np.array([[1, 0, -2], [3, 1, 1]]), np.array([2, 0])), value, "integers"),
        Case((scores.astype(np.float32), g), value, "float32"),
        Case((far, np.array([1, 2, 0])), FAR_SCORES, "one confident mistake, one confident and right"),
        Case((np.full((2, 3), -1e4), np.array([0, 2])), FAR_SCORES, "all scores equal"),
        Case((np.array([[0.5, -np.inf, 1.0], [1e4, 1.0, -1e4]]), np.array([2, 0])), FAR_SCORES, "one −inf"),
    ]


def categorical_sum(scores, g):
    """Summed over the examples."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    log_p = scores - scores.max(axis=1, keepdims=True) - np.log(p.sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(g)), g].sum()


def categorical_of_all_classes(scores, g):
    """Mean over all entries: the labels play no part."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    log_p = scores - scores.max(axis=1, keepdims=True) - np.log(p.sum(axis=1, keepdims=True))
    return -log_p.mean()


def categorical_every_label_for_every_row(scores, g):
    """``[:, g]`` takes all labels in all rows."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    log_p = scores - scores.max(axis=1, keepdims=True) - np.log(p.sum(axis=1, keepdims=True))
    return -log_p[:, g].mean()


def categorical_of_the_next_label(scores, g):
    """Labels from 1 to K, as on the slides."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    log_p = scores - scores.max(axis=1, keepdims=True) - np.log(p.sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(g)), g - 1].mean()


def categorical_averaged_over_classes_too(scores, g):
    """One-hot times log-probabilities, averaged over all n·K entries."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    log_p = scores - scores.max(axis=1, keepdims=True) - np.log(p.sum(axis=1, keepdims=True))
    return -np.where(np.eye(scores.shape[1])[g] == 1, log_p, 0.0).mean()


def categorical_without_log(scores, g):
    """Minus the probability."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    return -(p / p.sum(axis=1, keepdims=True))[np.arange(len(g)), g].mean()


def categorical_not_normalised(scores, g):
    """Minus the score of the label."""
    return -np.mean(scores[np.arange(len(g)), g])


def categorical_log_of_softmax(scores, g):
    """The probability has rounded to 0 before the logarithm sees it."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    return -np.log((p / p.sum(axis=1, keepdims=True))[np.arange(len(g)), g]).mean()


def categorical_not_shifted(scores, g):
    """exp of the scores as they are."""
    return (np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(g)), g]).mean()


def categorical_rows_picked(scores, g):
    """``[g]`` takes rows."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    log_p = scores - scores.max(axis=1, keepdims=True) - np.log(p.sum(axis=1, keepdims=True))
    return -log_p[g].mean()


def categorical_one_hot_times_infinity(scores, g):
    """A product with the one-hot labels: 0 · ∞ where a class is ruled out."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(np.eye(scores.shape[1])[g] * log_p).sum(axis=1).mean()


categorical_nll = CHAPTER.add(
    Exercise(
        name="categorical_nll",
        chapter=CHAPTER.id,
        reference=losses.categorical_nll,
        cases=labelled_cases,
        criteria=(Criterion("values", 0.75, agrees()), stable(FAR_SCORES, 0.25), calm_but(FAR_SCORES)),
        misconceptions=(
            Misconception(categorical_sum, "this is summed over the examples. The loss is their mean."),
            Misconception(
                categorical_of_all_classes,
                "this averages −log p over all classes, and the labels play no part. Only the class that was seen counts.",
            ),
            Misconception(
                categorical_every_label_for_every_row,
                "`[:, g]` takes every label in every row, an array of shape `(n, n)`. One label a row is "
                "`[np.arange(n), g]`.",
            ),
            Misconception(
                categorical_rows_picked,
                "`[g]` takes whole rows, as many as there are labels, or an index too large for the rows. One entry of each "
                "row is `[np.arange(n), g]`.",
            ),
            Misconception(
                categorical_one_hot_times_infinity,
                "a class that is ruled out has log-probability −inf, and 0 · (−inf) is NaN. Do not multiply by a one-hot "
                "row; pick the label's entry: `[np.arange(n), g]`.",
            ),
            Misconception(
                categorical_of_the_next_label,
                "the labels are shifted by one. The slides count from 1; here labels are 0 … K − 1 and are indices "
                "already. (An index of −1 is the last class, without an error.)",
            ),
            Misconception(
                categorical_averaged_over_classes_too,
                "the one-hot product was averaged over all n·K entries. Sum over the classes, then average over the n "
                "examples.",
            ),
            Misconception(
                categorical_without_log,
                "the logarithm is missing: this is minus the probability. It saturates for confident mistakes; the "
                "logarithm is there to undo the exponential.",
            ),
            Misconception(
                categorical_not_normalised,
                "this is minus the score of the label. Scores are unnormalised: subtract log Σ exp of the row.",
            ),
            Misconception(
                categorical_log_of_softmax,
                "the softmax has rounded to 0 before the logarithm sees it, so a confident mistake costs infinity. "
                "Use your `log_softmax`.",
            ),
            Misconception(
                categorical_not_shifted,
                "exp(1e4) overflows. Use your `log_softmax`, which shifts the scores first.",
            ),
        ),
        minutes=5,
        difficulty=1,
        needs=("log_softmax",),
    )
)


def nll_grad_not_averaged(scores, g):
    """The 1/n is missing."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p[np.arange(len(g)), g] -= 1
    return p


def nll_grad_of_the_slides(scores, g):
    """One-hot minus softmax: the slides maximise."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return (np.eye(scores.shape[1])[g] - p) / len(g)


def nll_grad_of_the_label_only(scores, g):
    """Only the label's column moves."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    one_hot = np.eye(scores.shape[1])[g]
    return (p - one_hot) * one_hot / len(g)


def nll_grad_averaged_over_entries(scores, g):
    """Divided by n·K."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return (p - np.eye(scores.shape[1])[g]) / scores.size


def nll_grad_of_the_scores(scores, g):
    """The softmax is missing."""
    scores = np.where(np.isfinite(scores), scores, 0.0)
    return (scores - np.eye(scores.shape[1])[g]) / len(g)


def nll_grad_of_every_label(scores, g):
    """``[:, g] -= 1`` subtracts in every row."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p[:, g] -= 1
    return p / len(g)


def nll_grad_not_shifted(scores, g):
    """exp of the scores as they are."""
    p = np.exp(scores)
    p = p / p.sum(axis=1, keepdims=True)
    return (p - np.eye(scores.shape[1])[g]) / len(g)


def nll_grad_labels_as_numbers(scores, g):
    """The label's number is subtracted from every class."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return (p - g[:, np.newaxis]) / len(g)


def nll_grad_minus_labels(scores, g):
    """Shapes (n, K) and (n,)."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return (p - g) / len(g)


categorical_nll_grad = CHAPTER.add(
    Exercise(
        name="categorical_nll_grad",
        chapter=CHAPTER.id,
        reference=losses.categorical_nll_grad,
        cases=labelled_cases,
        criteria=(Criterion("values", 0.75, agrees()), stable(FAR_SCORES, 0.25), calm_but(FAR_SCORES)),
        misconceptions=(
            Misconception(
                nll_grad_not_averaged,
                "the loss is a mean over n examples, so its gradient has a factor 1/n.",
            ),
            Misconception(
                nll_grad_of_the_slides,
                "the sign is that of the slides, 1_g − softmax: there log P is maximised. We minimise −log P: softmax − 1_g.",
            ),
            Misconception(
                nll_grad_of_the_label_only,
                "only the label's column has a gradient. Raising another score lowers the label's probability too, "
                "through the sum: those columns have softmax / n.",
            ),
            Misconception(
                nll_grad_averaged_over_entries,
                "this is divided by all n·K entries. The mean is over the n examples.",
            ),
            Misconception(
                nll_grad_of_the_scores,
                "the scores themselves stand where their softmax should.",
            ),
            Misconception(
                nll_grad_of_every_label,
                "`[:, g] -= 1` subtracts in every row. One entry a row is `[np.arange(n), g]`.",
            ),
            Misconception(
                nll_grad_labels_as_numbers,
                "the label is a name, not an amount: class 3 is not three times class 1. Subtract 1 at the label's place, "
                "not the label.",
            ),
            Misconception(
                nll_grad_minus_labels,
                "an array of labels, `(n,)`, cannot be subtracted from `(n, K)`, and should not: subtract 1 at the label's "
                "place in each row, `[np.arange(n), g]`.",
            ),
            Misconception(
                nll_grad_not_shifted,
                "exp of a large score overflows. Use your stable `softmax`.",
            ),
        ),
        minutes=8,
        difficulty=2,
        needs=("softmax",),
    )
)


# --- softmax_mse_grad ----------------------------------------------------------------------------------------


def softmax_mse_grad_diagonal(scores, g):
    """Only the diagonal of the Jacobian of the softmax."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return 2 * (p - np.eye(scores.shape[1])[g]) / p.size * p * (1 - p)


def softmax_mse_grad_no_jacobian(scores, g):
    """The derivative with respect to the probabilities."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return 2 * (p - np.eye(scores.shape[1])[g]) / p.size


def softmax_mse_grad_without_the_two(scores, g):
    """The 2 of the square is missing."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    e = (p - np.eye(scores.shape[1])[g]) / p.size
    return p * (e - (p * e).sum(axis=1, keepdims=True))


def softmax_mse_grad_averaged_over_examples(scores, g):
    """Divided by n; the mean of `mse` is over all entries."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    e = 2 * (p - np.eye(scores.shape[1])[g]) / len(g)
    return p * (e - (p * e).sum(axis=1, keepdims=True))


def softmax_mse_grad_of_the_nll(scores, g):
    """The gradient of the log-likelihood."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    return (p - np.eye(scores.shape[1])[g]) / len(g)


def softmax_mse_grad_sign_of_coupling(scores, g):
    """The off-diagonal part has the wrong sign."""
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    e = 2 * (p - np.eye(scores.shape[1])[g]) / p.size
    return p * (e + (p * e).sum(axis=1, keepdims=True))


def softmax_mse_grad_not_shifted(scores, g):
    """exp of the scores as they are."""
    p = np.exp(scores)
    p = p / p.sum(axis=1, keepdims=True)
    e = 2 * (p - np.eye(scores.shape[1])[g]) / p.size
    return p * (e - (p * e).sum(axis=1, keepdims=True))


softmax_mse_grad = CHAPTER.add(
    Exercise(
        name="softmax_mse_grad",
        chapter=CHAPTER.id,
        reference=losses.softmax_mse_grad,
        cases=labelled_cases,
        criteria=(Criterion("values", 1.0, agrees()), stable(FAR_SCORES, 0.25), calm_but(FAR_SCORES)),
        misconceptions=(
            Misconception(
                softmax_mse_grad_diagonal,
                "only the diagonal p(1 − p) of the Jacobian is there. Each score moves **all** probabilities: "
                "∂pⱼ/∂zᵢ = pⱼ(δᵢⱼ − pᵢ). Together they give p ∘ (e − Σⱼ pⱼeⱼ).",
            ),
            Misconception(
                softmax_mse_grad_no_jacobian,
                "this is the derivative with respect to the probabilities. The chain rule through the softmax is missing.",
            ),
            Misconception(softmax_mse_grad_without_the_two, "the derivative of a square has a factor 2."),
            Misconception(
                softmax_mse_grad_averaged_over_examples,
                "the mean squared error is over all n·K entries, so divide by n·K, not by n.",
            ),
            Misconception(
                softmax_mse_grad_of_the_nll,
                "this is the gradient of the log-likelihood, (softmax − 1_g)/n. For the squared error the exponential of "
                "the softmax is not undone, and its Jacobian stays.",
            ),
            Misconception(
                softmax_mse_grad_sign_of_coupling,
                "the sum is added where it should be subtracted: p ∘ (e − Σⱼ pⱼeⱼ).",
            ),
            Misconception(
                softmax_mse_grad_not_shifted,
                "exp of a large score overflows. Use your stable `softmax`.",
            ),
        ),
        minutes=15,
        difficulty=3,
        needs=("softmax",),
        core=False,
    )
)


# --- sample_multinoulli --------------------------------------------------------------------------------------

NO_STATE_LEFT = "impossible states, and sums that round below 1"


def sample_multinoulli_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``sample_multinoulli(p, u)``; u stays away from the steps, or is 0, which is exact."""
    value = "the smallest i with u < p₀ + … + pᵢ"
    p = rng.permuted(np.array([0.125, 0.375, 0.25, 0.25]))
    q = rng.permuted(np.array([0.0625, 0.5, 0.4375]))
    tenths = np.array([0.1] * 10 + [0.0])  # summed from the left: 0.9999999999999999
    return [
        Case((p, rng.permuted(np.array([0.05, 0.3, 0.45, 0.7, 0.95]))), value),
        Case((q, rng.permuted(np.array([[0.03, 0.3, 0.47], [0.55, 0.8, 0.97]]))), value, "another shape"),
        Case((np.array([1.0]), np.array([0.2, 0.9])), value, "one state"),
        Case((p.astype(np.float32), np.array([0.05, 0.95])), value, "float32"),
        Case((p, np.zeros(0)), value, "no draw"),
        Case(
            (np.array([0.0, 0.5, 0.0, 0.5]), np.array([0.0, 0.25, 0.75])), NO_STATE_LEFT, "u = 0, and p₀ = 0"
        ),
        Case((tenths, np.array([0.05, 1 - 2**-53])), NO_STATE_LEFT, "the largest u there is"),
    ]


def sample_one_too_far(p, u):
    """Off by one."""
    return np.minimum(np.searchsorted(np.cumsum(p), u, side="right") + 1, len(p) - 1)


def sample_index_beyond(p, u):
    """Index K when rounding leaves no state."""
    return np.searchsorted(np.cumsum(p), u, side="right")


def sample_last_index(p, u):
    """The last index, although that state is impossible."""
    return np.minimum(np.searchsorted(np.cumsum(p), u, side="right"), len(p) - 1)


def sample_with_at_most(p, u):
    """u ≤ cumulative: an impossible first state for u = 0."""
    state = np.searchsorted(np.cumsum(p), u, side="left")
    return np.minimum(state, np.flatnonzero(p)[-1])


def sample_first_true(p, u):
    """argmax of a comparison: 0 when none is true."""
    return np.argmax(np.asarray(u)[..., np.newaxis] < np.cumsum(p), axis=-1)


def sample_all_alike(p, u):
    """All states equally likely."""
    return (np.asarray(u) * len(p)).astype(int)


def sample_first_likely_enough(p, u):
    """Compares with p, not with its running sum."""
    return np.argmax(np.asarray(u)[..., np.newaxis] < np.asarray(p), axis=-1)


sample_multinoulli = CHAPTER.add(
    Exercise(
        name="sample_multinoulli",
        chapter=CHAPTER.id,
        reference=distributions.sample_multinoulli,
        cases=sample_multinoulli_cases,
        criteria=(
            Criterion("the smallest i with u < p₀ + … + pᵢ", 0.75, agrees()),
            Criterion(NO_STATE_LEFT, 0.25, agrees()),
            ever_calm(),
        ),
        misconceptions=(
            Misconception(
                sample_one_too_far,
                "the state is one too far: u < p₀ is state 0.",
            ),
            Misconception(
                sample_index_beyond,
                "the running sum can round to a little less than 1. If u lies above it, this gives K, an index that does "
                "not exist: take the last state with p > 0 then.",
            ),
            Misconception(
                sample_last_index,
                "when rounding leaves no state, this takes the last index, even if its probability is 0. Take the last "
                "state that is possible: `np.flatnonzero(p)[-1]`.",
            ),
            Misconception(
                sample_with_at_most,
                "u may be exactly 0, and then `u <= cumulative` is true for a first state with probability 0. "
                "The comparison is `<` (for `np.searchsorted`: `side='right'`).",
            ),
            Misconception(
                sample_first_true,
                "`np.argmax` of an array without a True is 0. When rounding leaves no state, take the last one with p > 0.",
            ),
            Misconception(sample_all_alike, "this draws every state equally often: p plays no part."),
            Misconception(
                sample_first_likely_enough,
                "u is compared with each probability by itself. Compare it with their running sum, `np.cumsum(p)`.",
            ),
        ),
        minutes=10,
        difficulty=2,
        core=False,
    )
)


# --- cholesky_from_raw ---------------------------------------------------------------------------------------

POSITIVE = "stable: the diagonal stays positive and finite"


def cholesky_from_raw_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``cholesky_from_raw(a)`` for one, two and three dimensions."""
    value = "lower-triangular, filled row by row"
    six = drawn(rng, 6)
    return [
        Case((drawn(rng, 3),), value, "two dimensions"),
        Case((six,), value, "three dimensions"),
        Case((drawn(rng, 1),), value, "one dimension"),
        Case((np.array([1, -2, 3]),), value, "integers"),
        Case((drawn(rng, 3).astype(np.float32),), value, "float32"),
        Case((np.array([-40.0, float(six[0]), 1e4]),), POSITIVE),
        Case((np.array([800.0, 1e4, -60.0]),), POSITIVE),
    ]


def cholesky_diagonal_unconstrained(a):
    """The diagonal may be negative."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    return L


def cholesky_softplus_everywhere(a):
    """All entries are made positive."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = np.logaddexp(0, a)
    return L


def cholesky_upper(a):
    """An upper-triangular factor."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    L[np.arange(d), np.arange(d)] = np.logaddexp(0, np.diag(L))
    return L.T


def cholesky_filled_by_columns(a):
    """Column by column."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    U = np.zeros((d, d))
    U[np.triu_indices(d)] = a
    U[np.arange(d), np.arange(d)] = np.logaddexp(0, np.diag(U))
    return U.T


def cholesky_diagonal_by_exp(a):
    """Exponential in the place of the softplus."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    L[np.arange(d), np.arange(d)] = np.exp(np.minimum(np.diag(L), 700))
    return L


def cholesky_diagonal_by_abs(a):
    """Absolute value."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    L[np.arange(d), np.arange(d)] = np.abs(np.diag(L))
    return L


def covariance_from_raw(a):
    """L Lᵀ in the place of L."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    L[np.arange(d), np.arange(d)] = np.logaddexp(0, np.diag(L))
    return L @ L.T


def cholesky_with_naive_softplus(a):
    """log(1 + exp) overflows, and rounds to 0."""
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    L[np.arange(d), np.arange(d)] = np.log(1 + np.exp(np.diag(L)))
    return L


cholesky_from_raw = CHAPTER.add(
    Exercise(
        name="cholesky_from_raw",
        chapter=CHAPTER.id,
        reference=outputs.cholesky_from_raw,
        cases=cholesky_from_raw_cases,
        criteria=(
            Criterion("lower-triangular, filled row by row", 1.0, agrees()),
            stable(POSITIVE, 0.25, floor=0.0),
            calm_but(POSITIVE),
        ),
        misconceptions=(
            Misconception(
                cholesky_diagonal_unconstrained,
                "the diagonal can be 0 or negative. Pass its entries through the softplus.",
            ),
            Misconception(
                cholesky_softplus_everywhere,
                "the softplus was applied to all entries. Only the diagonal has to be positive; the others are free.",
            ),
            Misconception(cholesky_upper, "this is upper-triangular: L has its zeros above the diagonal."),
            Misconception(
                cholesky_filled_by_columns,
                "the entries are filled in column by column. Row by row is asked for: a₀; a₁ a₂; a₃ a₄ a₅.",
            ),
            Misconception(
                cholesky_diagonal_by_exp,
                "the exponential is positive too, but it runs away for large raw outputs. Use the softplus.",
            ),
            Misconception(
                cholesky_diagonal_by_abs,
                "the absolute value has a kink at 0, where the diagonal would be 0. Use the softplus.",
            ),
            Misconception(covariance_from_raw, "this is the covariance L Lᵀ. Asked for is its factor L."),
            Misconception(
                cholesky_with_naive_softplus,
                "log(1 + exp(a)) overflows for large a, and rounds to exactly 0 for very negative a: no longer a positive "
                "diagonal. Use your stable `softplus`.",
            ),
        ),
        minutes=15,
        difficulty=3,
        needs=("softplus",),
        core=False,
    )
)


# --- mdn_split and mdn_nll -----------------------------------------------------------------------------------

RAW = "stable for raw outputs of ±10⁴"


def mdn_split_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``mdn_split(a, k, d)``; k and d differ, so that the blocks show."""
    cases = []
    for criterion in ("log_pi", "mu", "sigma"):
        cases += [
            Case((drawn(rng, 2, 12), 3, 2), criterion, "three components, two outputs"),
            Case((drawn(rng, 3, 6), 2, 1), criterion, "two components, one output"),
            Case((drawn(rng, 2, 10), 2, 3), criterion, "two components, three outputs"),
        ]
    cases += [
        Case((drawn(rng, 1, 3), 1, 1), "mu", "one component, one example"),
        Case((drawn(rng, 2, 6).astype(np.float32), 2, 1), "sigma", "float32"),
        Case((np.array([[1e4, -1e4, 0.5, 2.0, 1e4, -40.0]]), 2, 1), RAW),
        Case((np.array([[-1e4, 1e4, 1.0, -1.0, 800.0, 1e4]]), 2, 1), RAW),
    ]
    return cases


def mdn_split_weights_over_the_batch(a, k, d):
    """The weights are normalised over the examples."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=0, keepdims=True)
    return log_pi, a[:, k : k + k * d].reshape(len(a), k, d), np.logaddexp(0, a[:, k + k * d :])


def mdn_split_probabilities(a, k, d):
    """π in the place of log π."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return np.exp(log_pi), a[:, k : k + k * d].reshape(len(a), k, d), np.logaddexp(0, a[:, k + k * d :])


def mdn_split_logits_as_they_are(a, k, d):
    """The weights are not normalised."""
    return a[:, :k], a[:, k : k + k * d].reshape(len(a), k, d), np.logaddexp(0, a[:, k + k * d :])


def mdn_split_means_by_dimension(a, k, d):
    """Means are read dimension by dimension."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    mu = a[:, k : k + k * d].reshape(len(a), d, k).transpose(0, 2, 1)
    return log_pi, mu, np.logaddexp(0, a[:, k + k * d :])


def mdn_split_means_flat(a, k, d):
    """Means of shape (n, k·d)."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return log_pi, a[:, k : k + k * d], np.logaddexp(0, a[:, k + k * d :])


def mdn_split_negative_scales(a, k, d):
    """Raw scales: a standard deviation may be negative."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    return log_pi, a[:, k : k + k * d].reshape(len(a), k, d), a[:, k + k * d :]


def mdn_split_scales_by_exp(a, k, d):
    """Exponential in the place of the softplus."""
    logits = a[:, :k]
    log_pi = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    sigma = np.exp(np.minimum(a[:, k + k * d :], 700))
    return log_pi, a[:, k : k + k * d].reshape(len(a), k, d), sigma


def mdn_split_as_printed(a, k, d):
    """log of the softmax, and log(1 + exp): not stable."""
    e = np.exp(a[:, :k])
    log_pi = np.log(e / e.sum(axis=1, keepdims=True))
    return log_pi, a[:, k : k + k * d].reshape(len(a), k, d), np.log(1 + np.exp(a[:, k + k * d :]))


mdn_split = CHAPTER.add(
    Exercise(
        name="mdn_split",
        chapter=CHAPTER.id,
        reference=outputs.mdn_split,
        returns=("log_pi", "mu", "sigma"),
        cases=mdn_split_cases,
        criteria=(
            Criterion("log_pi", 0.5, agrees(part=0)),
            Criterion("mu", 0.5, agrees(part=1)),
            Criterion("sigma", 0.5, agrees(part=2)),
            stable(RAW, 0.25),
            calm_but(RAW),
        ),
        misconceptions=(
            Misconception(
                mdn_split_weights_over_the_batch,
                "the weights are normalised over the examples: axis 0. Each example has a mixture of its own, so its k "
                "weights sum to 1: the last axis.",
            ),
            Misconception(
                mdn_split_probabilities,
                "these are the weights π. Asked for are their logarithms, which do not underflow.",
            ),
            Misconception(
                mdn_split_logits_as_they_are,
                "the logits came back as they are. Weights have to sum to 1: pass them through your `log_softmax`.",
            ),
            Misconception(
                mdn_split_means_by_dimension,
                "the means are read dimension by dimension. The block holds them component by component: all d numbers "
                "of component 0, then of component 1: `.reshape(n, k, d)`.",
            ),
            Misconception(
                mdn_split_means_flat,
                "the means came back flat. Give them one axis for components and one for outputs: `.reshape(n, k, d)`.",
            ),
            Misconception(
                mdn_split_negative_scales,
                "σ can be negative here. Pass the raw scales through your `softplus`.",
            ),
            Misconception(
                mdn_split_scales_by_exp,
                "the exponential is positive too (many papers use it), but asked for is the softplus, which does not "
                "run away for large raw outputs.",
            ),
            Misconception(
                mdn_split_as_printed,
                "the exponentials overflow for large raw outputs. Use your stable `log_softmax` and `softplus`.",
            ),
        ),
        minutes=10,
        difficulty=2,
        needs=("log_softmax", "softplus"),
        core=False,
    )
)

NARROW = "stable for σ = 10⁻⁶ and far targets"


def mixture(rng: np.random.Generator, n: int, k: int, d: int) -> tuple[Any, Any, Any, Any]:
    """Weights, means, scales and targets of an ordinary mixture."""
    pi = np.round(rng.uniform(0.1, 1.0, (n, k)), 2)
    log_pi = np.log(pi / pi.sum(axis=1, keepdims=True))
    sigma = np.round(rng.uniform(0.4, 0.8, (n, k)), 2) * np.resize([1.0, 2.0], k)
    return log_pi, drawn(rng, n, k, d), sigma, rounded(rng, n, d)


def mdn_nll_cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``mdn_nll(log_pi, mu, sigma, y)``."""
    value = "the negative log-likelihood"
    log_pi, mu, sigma, y = mixture(rng, 2, 2, 2)
    half = np.log(np.full((1, 2), 0.5))
    near = np.array([[[0.25, -1.0], [2.0, 1.0]]])
    return [
        Case((log_pi, mu, sigma, y), value, "two components, two outputs"),
        Case((np.zeros((2, 1)), drawn(rng, 2, 1, 3), np.ones((2, 1)), rounded(rng, 2, 3)), value,
             "one component, σ = 1: gaussian_nll"),
        Case(mixture(rng, 3, 3, 1), value, "three components, one output"),
        Case((log_pi[:, ::-1], mu[:, ::-1], sigma[:, ::-1], y), value, "components in another order"),
        Case(tuple(np.asarray(v, dtype=np.float32) for v in mixture(rng, 3, 1, 2)), value, "float32"),
        Case((half, near, np.full((1, 2), 1e-6), near[:, 0] + 1e-6), NARROW, "narrow, and close to one mean"),
        Case((half, near, np.full((1, 2), 0.05), near[:, 0] + 30.0), NARROW, "far from every mean"),
        Case((np.array([[0.0, -np.inf]]), near, np.full((1, 2), 1e-6), near[:, 1]), NARROW,
             "one weight is 0, and the target lies at its mean"),
    ]  # fmt: skip


def mdn_plain_sum(log_pi, mu, sigma, y):
    """Densities are added as they are: they underflow to 0."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    density = np.exp(-0.5 * squared / sigma**2) / (2 * np.pi) ** (d / 2) / sigma**d
    return -np.log((np.exp(log_pi) * density).sum(axis=1)).mean()


def mdn_normaliser_of_one_dimension(log_pi, mu, sigma, y):
    """log σ and ½ log 2π once, whatever d is."""
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - np.log(sigma) - 0.5 * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_mixture_for_each_dimension(log_pi, mu, sigma, y):
    """No product over the dimensions: each has a mixture of its own."""
    s = sigma[:, :, None]
    joint = log_pi[:, :, None] - 0.5 * ((y[:, None, :] - mu) / s) ** 2 - np.log(s) - 0.5 * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).sum(axis=1).mean()


def mdn_average_of_logs(log_pi, mu, sigma, y):
    """Σ π log N in the place of log Σ π N."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    log_n = -0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -(np.exp(log_pi) * log_n).sum(axis=1).mean()


def mdn_weights_forgotten(log_pi, mu, sigma, y):
    """log Σ N."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    log_n = -0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(log_n, axis=1).mean()


def mdn_variance_for_scale(log_pi, mu, sigma, y):
    """σ is taken for the variance."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma - 0.5 * d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).mean()


def mdn_best_component_only(log_pi, mu, sigma, y):
    """The maximum in the place of the sum."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -joint.max(axis=1).mean()


def mdn_summed_over_examples(log_pi, mu, sigma, y):
    """The sum over the examples."""
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    joint = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    return -np.logaddexp.reduce(joint, axis=1).sum()


mdn_nll = CHAPTER.add(
    Exercise(
        name="mdn_nll",
        chapter=CHAPTER.id,
        reference=outputs.mdn_nll,
        cases=mdn_nll_cases,
        criteria=(
            Criterion("the negative log-likelihood", 1.25, agrees()),
            stable(NARROW, 0.5, rtol=1e-8),
            calm_but(NARROW),
        ),
        misconceptions=(
            Misconception(
                mdn_plain_sum,
                "far from every mean each density underflows to 0, and log 0 is −inf. Stay with logarithms: the density "
                "of each component is a sum of logs, and log Σ exp, with the largest pulled out, adds them up.",
            ),
            Misconception(
                mdn_normaliser_of_one_dimension,
                "the normaliser is that of one dimension. In d dimensions a component has σ⁻ᵈ(2π)^(−d/2): both "
                "logarithms come d times.",
            ),
            Misconception(
                mdn_mixture_for_each_dimension,
                "each output has a mixture of its own here. A component is a density of the whole vector y: sum the "
                "squares over the outputs **before** the components are added up.",
            ),
            Misconception(
                mdn_average_of_logs,
                "the weighted logs were averaged: Σ π log N. The density is a sum, and its logarithm stands outside: "
                "log Σ π N.",
            ),
            Misconception(
                mdn_weights_forgotten, "the weights are missing: add `log_pi` to each log-density."
            ),
            Misconception(
                mdn_variance_for_scale,
                "σ is a standard deviation. The exponent has σ², and the normaliser σᵈ.",
            ),
            Misconception(
                mdn_best_component_only,
                "only the best component counts here. The maximum approximates log Σ exp; the sum is asked for.",
            ),
            Misconception(
                mdn_summed_over_examples, "this is summed over the examples. The loss is their mean."
            ),
        ),
        minutes=15,
        difficulty=3,
        core=False,
    )
)
