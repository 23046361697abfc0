"""Figures of chapter 2: drawn by the student's functions, in words what they show, and alive whatever those do."""

import base64
import html
import importlib
import io
import re
import subprocess
import sys
import warnings

import numpy as np
import pytest
from matplotlib.image import imread

from fnnkit import activations, distributions, losses, outputs
from fnnkit.figures import ch2_output_units as figures

conditional_statistics = importlib.import_module("fnnkit.figures.ch2_output_units.conditional_statistics")
mixture_density = importlib.import_module("fnnkit.figures.ch2_output_units.mixture_density")

ALL = {
    "mean_or_median": (figures.mean_or_median, (losses.best_constant, losses.gaussian_nll)),
    "saturation": (figures.saturation, (losses.bernoulli_nll_grad, losses.sigmoid_mse_grad)),
    "softmax_sliders": (figures.softmax_sliders, (activations.softmax,)),
    "mixture_density": (figures.mixture_density, (outputs.mdn_split, outputs.mdn_nll)),
}


def pixels(shown):
    data = re.search(r'src="data:image/png;base64,([^"]+)"', shown.picture.value)[1]
    return imread(io.BytesIO(base64.b64decode(data)))


def unwritten(*args):
    raise NotImplementedError


# --- what holds of all of them -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(ALL))
def test_a_figure_is_drawn_without_a_warning_and_says_what_it_shows(name):
    make, functions = ALL[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shown = make(*functions)
    assert shown.said in shown.alt
    assert re.search(r"\d", shown.said)
    assert f'alt="{html.escape(shown.alt, quote=True)}"' in shown.picture.value


@pytest.mark.parametrize("name", list(ALL))
def test_every_slider_draws_another_picture_and_back_the_same_one(name):
    make, functions = ALL[name]
    shown = make(*functions)
    first = pixels(shown)
    for key, control in shown.controls.items():
        before = control.value
        control.value = control.max
        assert not np.array_equal(pixels(shown), first), key
        control.value = before
        assert np.array_equal(pixels(shown), first), key


@pytest.mark.parametrize("name", list(ALL))
def test_nothing_is_cut_off_at_either_end_of_a_slider(name):
    make, functions = ALL[name]
    shown = make(*functions)
    for control in shown.controls.values():
        for value in (control.min, control.max):
            control.value = value
            image = pixels(shown)
            edges = (image[:3], image[-3:], image[:, :3], image[:, -3:])
            assert all((edge == 1).all() for edge in edges)


CANNOT = [(name, position) for name, (_, functions) in ALL.items() for position in range(len(functions))]


@pytest.mark.parametrize(("name", "position"), CANNOT)
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda *args: None, "returns nothing"),
        (lambda *args: 1 // 0, "it stops with ZeroDivisionError"),
        (lambda *args: "text", ""),
        (lambda *args: np.full(7, np.nan), ""),
        (lambda: 0, "it stops with TypeError"),
    ],
)
def test_a_wrong_function_becomes_words_that_say_what_to_do(name, position, wrong, words):
    make, functions = ALL[name]
    given = list(functions)
    wrong.__name__ = functions[position].__name__
    given[position] = wrong
    shown = make(*given)
    if name == "mixture_density":  # further exercises: the reference draws, and the figure says so
        assert "<img" in shown.picture.value
        assert f"Drawn with fnnkit's {wrong.__name__}" in html.unescape(shown.note.value)
        return
    assert "<img" not in shown.picture.value
    said = html.unescape(shown.picture.value)
    assert f"Your {wrong.__name__} cannot be drawn" in said
    assert words in said
    assert "run this cell again" in said


@pytest.mark.parametrize(("name", "position"), [c for c in CANNOT if c[0] != "mixture_density"])
def test_a_function_without_code_is_asked_for(name, position):
    make, functions = ALL[name]
    given = list(functions)
    given[position] = unwritten
    assert "has no code yet" in make(*given).picture.value


@pytest.mark.parametrize("name", list(ALL))
def test_a_function_that_overwrites_its_inputs_does_no_harm(name):
    make, functions = ALL[name]

    def careless(function):
        def call(*args):
            given = function(*[a.copy() if isinstance(a, np.ndarray) else a for a in args])
            for a in args:
                if isinstance(a, np.ndarray):
                    a[...] = 7.0
            return given

        return call

    assert make(*map(careless, functions)).alt == make(*functions).alt


# --- mean or median ---------------------------------------------------------------------------------------


def test_the_outlier_takes_the_mean_along_and_leaves_the_median():
    shown = figures.mean_or_median(*ALL["mean_or_median"][1])
    shown.buttons["Far away"].click()
    assert "Your best constant is 2.71 for the squared error and 2.1 for the absolute error" in shown.said
    shown.buttons["Among the others"].click()
    assert "Your best constant is 1.88 for the squared error and 2.1 for the absolute error" in shown.said


def test_a_constant_that_is_not_the_best_is_told_where_the_curve_is_lower():
    shown = figures.mean_or_median(lambda y, loss: float(np.mean(y)), losses.gaussian_nll)
    shown.controls["outlier"].value = 10.0
    assert "2.71 for the squared error and 2.71 (the curve is lower at 2.1) for the absolute" in shown.said


def test_the_left_curve_is_the_students_loss():
    shown = figures.mean_or_median(losses.best_constant, lambda y, mean: float(np.abs(y - mean).sum()))
    left, right = shown.figure.figure.axes
    curve = next(line for line in left.lines if line.get_label() == "loss")
    other = next(line for line in right.lines if line.get_label() == "loss")
    np.testing.assert_allclose(curve.get_ydata(), 9 * other.get_ydata())


# --- saturation -------------------------------------------------------------------------------------------


def test_for_a_confident_mistake_one_gradient_stays_and_the_other_vanishes():
    shown = figures.saturation(*ALL["saturation"][1])
    shown.buttons["sure of 0"].click()
    assert (
        "Target 1, a confident mistake: derivative of the log-likelihood -1, of the squared error -0.00067 (1,491 times smaller)"
        in shown.said
    )
    assert "Target 0, confident and right: derivative of the log-likelihood 0.000335" in shown.said
    shown.controls["z"].value = 0.0
    assert shown.said.count("undecided") == 2


def test_both_curves_are_the_students():
    shown = figures.saturation(lambda z, y: np.full(z.shape, 0.25), lambda z, y: 0.5 - y + 0.0 * z)
    for axes, target in zip(shown.figure.figure.axes, (0, 1), strict=True):
        nll = next(line for line in axes.lines if "bernoulli_nll_grad" in line.get_label())
        mse = next(line for line in axes.lines if "sigmoid_mse_grad" in line.get_label())
        assert set(nll.get_ydata()) == {0.25}
        assert set(mse.get_ydata()) == {0.5 - target}


# --- softmax ----------------------------------------------------------------------------------------------


def test_a_shift_of_a_thousand_changes_nothing_and_a_naive_softmax_says_why_it_does():
    shown = figures.softmax_sliders(activations.softmax)
    shown.buttons["Shift by 1000"].click()
    assert "The shift of 1000 changes nothing" in shown.said

    def softmax(z):
        e = np.exp(z)
        return e / e.sum()

    naive = figures.softmax_sliders(softmax)
    assert "0.652, 0.240, 0.088, 0.020, sum 1" in naive.said
    naive.buttons["Shift by 1000"].click()
    assert "some values of p are NaN or infinite" in naive.picture.value
    naive.buttons["Reset"].click()
    assert "0.652, 0.240, 0.088, 0.020, sum 1" in naive.said


def test_a_function_that_a_shift_changes_is_told_so():
    shown = figures.softmax_sliders(lambda z: z / np.abs(z).sum())
    shown.controls["c"].value = 3.0
    assert "it should not" in shown.said


def test_low_temperature_picks_the_largest_and_high_temperature_forgets():
    shown = figures.softmax_sliders(activations.softmax)
    shown.controls["T"].value = 0.125
    assert "1.000, 0.000, 0.000, 0.000" in shown.said
    shown.buttons["All equal"].click()
    assert "0.250, 0.250, 0.250, 0.250" in shown.said


# --- mixture density --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trained():
    shown = figures.mixture_density(outputs.mdn_split, outputs.mdn_nll)
    shown.buttons["Train"].click()
    return shown


def test_three_components_follow_the_branches_and_the_squared_error_goes_between_them(trained):
    trained.set(at=0.36)
    numbers = re.search(
        r"likelihood (\S+)\. At x = 0\.36 the squared error answers (\S+), where the mixture's density is (\S+); "
        r"its highest is (\S+), at t = (\S+)\.",
        trained.said,
    ).groups()
    nll, answer, there, highest, at = map(float, numbers)
    assert nll < -1.3
    assert 0.25 < answer < 0.5
    assert there < 0.1 < 5.0 < highest
    assert at == pytest.approx(0.14, abs=0.03)


def test_what_is_learned_is_learned_of_data_that_were_not_seen(trained):
    pair = mixture_density._Pair(3)
    x, t = mixture_density.inverse_sine(300, np.random.default_rng(0), mixture_density.NOISE)
    other = mixture_density.inverse_sine(1000, np.random.default_rng(1), mixture_density.NOISE)
    before = pair.mixture.loss(*other)
    pair.train(x, t, mixture_density.PICTURES * mixture_density.STEPS)
    assert f"negative log-likelihood {pair.mixture.loss(x, t):.3g}" in trained.said
    assert pair.mixture.loss(*other) < before - 1.0
    assert pair.squared.loss(*other) < 1.0


def test_training_shows_progress_and_a_trained_mixture_is_kept(trained):
    assert trained.bar.value == trained.bar.max == mixture_density.PICTURES
    assert f"After {mixture_density.PICTURES * mixture_density.STEPS} steps" in trained.said
    said = trained.said
    trained.controls["k"].value = 1
    assert "After 0 steps, mixture of 1 component:" in trained.said
    trained.controls["k"].value = 3
    assert trained.said == said


def test_the_density_of_each_x_is_one_in_all(trained):
    axes = trained.figure.figure.axes[1]
    line = next(line for line in axes.lines if line.get_label() == "mixture")
    assert np.trapezoid(line.get_ydata(), line.get_xdata()) == pytest.approx(1.0, abs=0.02)


def test_without_the_further_exercises_it_runs_on_fnnkits_functions_and_says_so():
    def mdn_split(a, k, d):
        raise NotImplementedError

    def mdn_nll(log_pi, mu, sigma, y):
        raise NotImplementedError

    both = html.unescape(figures.mixture_density(mdn_split, mdn_nll).note.value)
    assert "Drawn with fnnkit's mdn_split and mdn_nll: yours do not pass their check yet." in both
    half = html.unescape(figures.mixture_density(outputs.mdn_split, mdn_nll).note.value)
    assert "Drawn with fnnkit's mdn_nll: yours does not pass its check yet." in half
    assert figures.mixture_density(outputs.mdn_split, outputs.mdn_nll).note.value == ""


def test_the_students_functions_take_the_raw_outputs_apart_and_give_the_loss():
    calls = []

    def mdn_split(a, k, d):
        calls.append((a.shape, k, d))
        return outputs.mdn_split(a, k, d)

    def mdn_nll(*args):
        calls.append("nll")
        return outputs.mdn_nll(*args)

    figures.mixture_density(mdn_split, mdn_nll)
    assert ((len(mixture_density.X), 9), 3, 1) in calls
    assert calls[-1] == "nll"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda log_pi, mu, sigma: (np.exp(log_pi), mu, sigma), "weights of an example do not sum to 1"),
        (lambda log_pi, mu, sigma: (log_pi, mu, -sigma), "some sigma are not positive"),
        (
            lambda log_pi, mu, sigma: (log_pi, mu[..., 0], sigma),
            "mu should have shape (5, 3, 1), and it has (5, 3)",
        ),
    ],
)
def test_parameters_of_no_mixture_are_named(change, words):
    def mdn_split(a, k, d):
        return change(*outputs.mdn_split(a, k, d))

    with pytest.raises(mixture_density.Undrawable, match=re.escape(words)):
        mixture_density._split(mdn_split, np.zeros((5, 9)), 3)


# --- conditional statistics -------------------------------------------------------------------------------


def test_the_networks_come_close_to_the_conditional_mean_and_median():
    shown = figures.conditional_statistics()

    def gaps():
        return [float(v) for v in re.findall(r"(\d\.\d\d) from", shown.said)]

    assert max(gaps()) < 0.15
    shown.buttons["Back to start"].click()
    assert min(gaps()) > 0.5
    shown.buttons["Play"].click()
    assert max(gaps()) < 0.15


def test_at_the_line_both_networks_and_the_exact_values_are_read():
    shown = figures.conditional_statistics()
    shown.set(at=5.0)
    state = list(conditional_statistics.train(*conditional_statistics.data()))[-1]
    here = [np.interp(5.0, conditional_statistics.GRID[:, 0], values) for values in state]
    mean, median = conditional_statistics.exact(5.0)
    assert (
        f"At x = 5.00 they say {here[0]:.2f} and {here[1]:.2f}; exact are {mean:.2f} and {median:.2f}."
        in shown.said
    )


def test_mean_and_median_of_the_data_are_what_is_drawn_as_exact():
    rng = np.random.default_rng(5)
    for x in (0.0, 3.0, 6.0):
        y = np.sin(x) + conditional_statistics.tail(x) * rng.exponential(size=200_000)
        assert np.mean(y) == pytest.approx(np.sin(x) + conditional_statistics.tail(x), abs=0.02)
        assert np.median(y) == pytest.approx(np.sin(x) + np.log(2) * conditional_statistics.tail(x), abs=0.02)


# --- imports ----------------------------------------------------------------------------------------------


def test_the_density_of_the_picture_is_that_of_the_mixture():
    rng = np.random.default_rng(2)
    log_pi, mu, sigma = outputs.mdn_split(rng.normal(size=(4, 6)), 2, 1)
    t = np.linspace(-1.0, 1.0, 5)
    drawn = mixture_density._log_pdf(log_pi, mu, sigma, t)
    for i in range(4):
        for j in range(5):
            one = slice(i, i + 1)
            alone = distributions.mixture_log_pdf(log_pi[one], mu[one], sigma[one], [[t[j]]])
            assert drawn[i, j] == pytest.approx(float(alone[0]))


def test_the_exercises_import_neither_matplotlib_nor_ipywidgets():
    code = (
        "import sys, fnnkit.exercises.ch2_output_units\n"
        "assert not {'matplotlib', 'ipywidgets', 'IPython'} & set(sys.modules), 'loaded'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
