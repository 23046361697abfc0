"""Facts about hidden units, held against PyTorch, SciPy, and finite differences."""

from itertools import pairwise

import numpy as np
import pytest
import scipy.integrate
import scipy.special
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics.pairwise import rbf_kernel as sklearn_rbf_kernel

from fnnkit import activations as act
from fnnkit.activations import ACTIVATIONS

pytestmark = pytest.mark.filterwarnings("error")
few = settings(deadline=None, max_examples=40)
LOGITS = np.array(
    [-1e4, -800.0, -745.0, -709.0, -40.0, -37.0, -1.0, -1e-9, 0.0, 1e-9, 1.0, 37.0, 709.0, 800.0, 1e4]
)

shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
logits = hnp.arrays(np.float64, shapes, elements=st.floats(-1e4, 1e4))
any_dtype = st.sampled_from([np.float32, np.float64, np.int8, np.int64, np.uint8]).flatmap(
    lambda dtype: hnp.arrays(
        dtype,
        shapes,
        elements={"min_value": 0, "max_value": 100}
        if dtype == np.uint8
        else {"min_value": -100, "max_value": 100},
    )
)


def torch_gradient(function, *arrays, upstream=None):
    """Gradients by PyTorch in float64."""
    tensors = [torch.tensor(np.asarray(a, dtype=np.float64), requires_grad=True) for a in arrays]
    out = function(*tensors)
    out.backward(torch.ones_like(out) if upstream is None else torch.tensor(upstream))
    return [t.grad.numpy() for t in tensors]


# --- every unit of the registry ----------------------------------------------------------------------------

TORCH = {
    "linear": lambda z: z * 1.0,
    "relu": torch.relu,
    "absolute value": torch.abs,
    "leaky relu": lambda z: torch.nn.functional.leaky_relu(z, 0.01),
    "parametric relu": lambda z: torch.nn.functional.prelu(z, torch.tensor([0.25], dtype=torch.float64)),
    "maxout": lambda z: torch.stack([-1.5 * z - 1.125, 0.0 * z, 1.5 * z - 1.125]).amax(0),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "rbf": lambda z: torch.exp(-(z**2)),
    "softplus": lambda z: torch.nn.functional.softplus(z, threshold=1e9),
    "hard tanh": torch.nn.functional.hardtanh,
    "threshold": lambda z: torch.nn.functional.hardtanh(z, 0.0, 1.0),
}
RANGES = {
    "relu": (0, np.inf), "absolute value": (0, np.inf), "sigmoid": (0, 1), "tanh": (-1, 1), "rbf": (0, 1),
    "softplus": (0, np.inf), "hard tanh": (-1, 1), "threshold": (0, 1),
}  # fmt: skip
BOUNDED_BY_ONE = set(ACTIVATIONS) - {"maxout"}
every_unit = pytest.mark.parametrize("unit", ACTIVATIONS.values(), ids=list(ACTIVATIONS))


def test_registry_and_its_witness_name_the_same_units():
    assert set(TORCH) == set(ACTIVATIONS)
    assert all(name == unit.name for name, unit in ACTIVATIONS.items())


@every_unit
def test_value_and_derivative_equal_those_of_pytorch_off_the_kinks(unit):
    z = np.random.default_rng(0).normal(0.0, 3.0, (50, 4))
    np.testing.assert_allclose(
        unit.value(z), TORCH[unit.name](torch.tensor(z)).numpy(), rtol=1e-13, atol=1e-15
    )
    np.testing.assert_allclose(
        unit.derivative(z), torch_gradient(TORCH[unit.name], z)[0], rtol=1e-12, atol=1e-15
    )


@every_unit
def test_derivative_is_the_slope_of_a_chord_for_every_setting_of_the_parameters(unit):
    rng = np.random.default_rng(1)
    for _ in range(10):
        setting = {
            p.name: int(rng.integers(p.low, p.high + 1)) if p.whole else rng.uniform(p.low, p.high)
            for p in unit.parameters
        }
        z = rng.uniform(-4.0, 4.0, 40)
        kinks = np.array(unit.kinks(**setting))
        z = z[(np.abs(z[:, None] - kinks) > 1e-3).all(axis=1)]
        chord = (unit.value(z + 1e-6, **setting) - unit.value(z - 1e-6, **setting)) / 2e-6
        np.testing.assert_allclose(unit.derivative(z, **setting), chord, atol=3e-8)


@every_unit
def test_derivative_jumps_at_the_kinks_and_nowhere_else(unit):
    kinks = np.array(unit.kinks(**unit.defaults()))
    grid = np.arange(-4.0, 4.0, 1.0 / 64.0)
    jump = np.abs(unit.derivative(grid + 1e-9) - unit.derivative(grid - 1e-9)) > 1e-6
    np.testing.assert_array_equal(grid[jump], kinks)


@every_unit
def test_slope_at_a_kink_is_the_left_one_or_zero_for_clipped_units(unit):
    kinks = np.array(unit.kinks(**unit.defaults()))
    expected = (
        np.zeros(len(kinks)) if unit.name in ("hard tanh", "threshold") else unit.derivative(kinks - 1e-9)
    )
    np.testing.assert_array_equal(unit.derivative(kinks), expected)


@every_unit
def test_value_stays_in_its_range_and_extreme_inputs_stay_finite(unit):
    low, high = RANGES.get(unit.name, (-np.inf, np.inf))
    value, slope = unit.value(LOGITS), unit.derivative(LOGITS)
    assert np.all((value >= low) & (value <= high))
    assert np.all(np.isfinite(value))
    assert np.all(np.isfinite(slope))
    if unit.name in BOUNDED_BY_ONE:
        assert np.all(np.abs(slope) <= 1.0 + 4e-16)


@every_unit
@few
@given(z=any_dtype)
def test_shape_is_kept_type_is_float64_and_input_is_left_alone(unit, z):
    before = z.copy()
    for function in (unit.value, unit.derivative):
        out = function(z)
        assert out.shape == z.shape
        assert out.dtype == np.float64
        np.testing.assert_allclose(out, function(z.astype(np.float64)))
        assert not (isinstance(out, np.ndarray) and np.shares_memory(out, z))
    np.testing.assert_array_equal(z, before)


@every_unit
def test_nan_stays_nan_in_the_value(unit):
    assert np.isnan(unit.value(np.array([np.nan, 1.0]))).tolist() == [True, False]


@every_unit
@pytest.mark.parametrize("bad", ["text", [1j], None, [[1.0], [2.0, 3.0]]])
def test_what_is_no_real_number_is_refused_by_name(unit, bad):
    with pytest.raises(ValueError, match="z should hold real numbers"):
        unit.value(bad)


@every_unit
def test_every_unit_says_which_slide_it_is_from_and_its_defaults_are_in_range(unit):
    assert unit.slide
    assert unit.formula
    assert all(p.low <= p.default <= p.high for p in unit.parameters)


def test_registry_cannot_be_changed_and_unknown_names_are_refused():
    with pytest.raises(TypeError):
        ACTIVATIONS["relu"] = ACTIVATIONS["tanh"]  # type: ignore[index]
    with pytest.raises(ValueError, match=r"no activation function 'gelu'; there are: linear, relu"):
        act.activation("gelu")
    with pytest.raises(ValueError, match="no activation function"):
        act.activation(["relu"])  # type: ignore[arg-type]
    assert act.activation("tanh") is ACTIVATIONS["tanh"]


# --- sigmoid and softplus ----------------------------------------------------------------------------------


def test_sigmoid_equals_expit_of_scipy_to_the_last_digits():
    z = np.concatenate([LOGITS, np.linspace(-745, 745, 2001)])
    np.testing.assert_allclose(act.sigmoid(z), scipy.special.expit(z), rtol=1e-15, atol=1e-307)


def test_softplus_keeps_its_relative_precision_over_twenty_thousand():
    z = np.linspace(-700, 1e4, 4001)
    np.testing.assert_allclose(act.softplus(z), np.logaddexp(0.0, z), rtol=1e-14)
    z = np.array([-1e4, -745.0, -720.0])
    np.testing.assert_allclose(act.softplus(z), np.exp(z), rtol=1e-14, atol=0)


@few
@given(z=logits)
def test_identities_of_the_slides(z):
    sigma, zeta = act.sigmoid, act.softplus
    np.testing.assert_allclose(1.0 - sigma(z), sigma(-z), atol=1e-15)
    np.testing.assert_allclose(zeta(z) - zeta(-z), z, rtol=1e-15, atol=1e-15)
    np.testing.assert_allclose(-zeta(-z), scipy.special.log_expit(z), rtol=1e-14, atol=1e-300)
    np.testing.assert_allclose(z - zeta(z), scipy.special.log_expit(z), rtol=1e-14, atol=2e-12)
    # 1 − σ is right to one unit of the last place of 1.
    np.testing.assert_allclose(act.sigmoid_grad(z), sigma(z) * (1.0 - sigma(z)), atol=2.3e-16)
    np.testing.assert_array_equal(act.softplus_grad(z), sigma(z))


def test_derivative_of_log_sigmoid_of_minus_x_is_minus_sigmoid():
    x = np.array([-3.0, -0.5, 2.0])
    gradient = torch_gradient(lambda t: torch.nn.functional.logsigmoid(-t), x)[0]
    np.testing.assert_allclose(gradient, -act.sigmoid(x), rtol=1e-14)
    np.testing.assert_allclose(gradient, -(1.0 - act.sigmoid(-x)), rtol=1e-14)  # the slide lacks the minus


def test_softplus_is_the_integral_of_the_sigmoid():
    for x in (-2.0, 0.0, 3.0):
        area, _ = scipy.integrate.quad(act.sigmoid, -np.inf, x)
        assert act.softplus(x) == pytest.approx(area, rel=1e-9)


@given(z=st.floats(-15, 15))
@few
def test_logit_and_softplus_inverse_undo_what_they_invert(z):
    assert act.logit(act.sigmoid(z)) == pytest.approx(
        z, abs=2e-9
    )  # σ(15) is 3e-7 from 1: nine digits are left
    assert act.softplus_inverse(act.softplus(z)) == pytest.approx(z, abs=1e-12)


def test_inverses_at_the_ends_of_their_domain():
    np.testing.assert_array_equal(act.logit([0.0, 1.0]), [-np.inf, np.inf])
    np.testing.assert_array_equal(act.softplus_inverse([0.0, 800.0, 1e4]), [-np.inf, 800.0, 1e4])
    p = np.array([1e-300, 1e-12, 0.2, 0.9, 1 - 1e-12])
    np.testing.assert_allclose(act.logit(p), scipy.special.logit(p), rtol=1e-14)
    y = np.array([1e-300, 1e-9, 0.3, 5.0, 50.0])
    expected = [
        float(np.log(1e-300)),
        float(np.log(1e-9)),
        np.log(np.expm1(0.3)),
        np.log(np.expm1(5.0)),
        50.0,
    ]
    np.testing.assert_allclose(act.softplus_inverse(y), expected, rtol=1e-10)


def test_inverses_refuse_what_has_no_preimage():
    with pytest.raises(ValueError, match=r"p should hold probabilities from 0 to 1, but it has 1\.5"):
        act.logit([0.5, 1.5])
    with pytest.raises(ValueError, match=r"y should hold numbers from 0 on, but it has -1\.0"):
        act.softplus_inverse([1.0, -1.0])


def test_sigmoid_and_tanh_derivatives_keep_relative_precision_in_the_tails():
    z = np.linspace(20.0, 300.0, 50)
    for tail in (z, -z):
        np.testing.assert_allclose(act.sigmoid_grad(tail), np.exp(-z) / (1 + np.exp(-z)) ** 2, rtol=1e-13)
        np.testing.assert_allclose(act.tanh_grad(tail), 1.0 / np.cosh(z) ** 2, rtol=1e-13)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "rbf", "hard tanh", "threshold"])
def test_bounded_units_are_flat_at_the_ends_of_the_range(name):
    ends = np.array([-np.inf, -1.7e308, 1.7e308, np.inf])
    value = ACTIVATIONS[name].value(ends)
    np.testing.assert_array_equal(value[:2], ACTIVATIONS[name].value(np.array([-1e4, -1e4])))
    np.testing.assert_array_equal(value[2:], ACTIVATIONS[name].value(np.array([1e4, 1e4])))
    np.testing.assert_array_equal(np.abs(ACTIVATIONS[name].derivative(ends)), 0.0)
    np.testing.assert_array_equal(act.tanh_from_sigmoid(ends), [-1, -1, 1, 1])


@few
@given(z=logits)
def test_tanh_is_a_stretched_sigmoid(z):
    # σ is right to half a unit of the last place of 1, which is doubled, and rounded once more.
    np.testing.assert_allclose(act.tanh_from_sigmoid(z), np.tanh(z), rtol=0, atol=4.5e-16)


def test_threshold_unit_is_flat_outside_the_unit_interval():
    p, dp_dz = act.threshold_unit([-1e4, 0.0, 0.25, 1.0, 1e4])
    np.testing.assert_array_equal(p, [0, 0, 0.25, 1, 1])
    np.testing.assert_array_equal(dp_dz, [0, 0, 1, 0, 0])


# --- softmax -----------------------------------------------------------------------------------------------

scores = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=5),
    elements=st.floats(-1e4, 1e4),
)


@few
@given(z=scores, shift=st.floats(-1e3, 1e3))
def test_softmax_is_a_distribution_over_the_last_axis_that_no_shift_changes(z, shift):
    p = act.softmax(z)
    np.testing.assert_allclose(p.sum(axis=-1), 1.0, rtol=1e-14)
    np.testing.assert_allclose(p, scipy.special.softmax(z, axis=-1), rtol=1e-13, atol=1e-300)
    np.testing.assert_allclose(act.softmax(z + shift), p, atol=1e-11)
    log_p = act.log_softmax(z)
    assert np.all(np.isfinite(log_p))
    np.testing.assert_allclose(log_p, scipy.special.log_softmax(z, axis=-1), rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(
        act.log_sum_exp(z), scipy.special.logsumexp(z, axis=-1), rtol=1e-14, atol=1e-15
    )


def test_softmax_of_two_scores_is_a_sigmoid_of_their_difference():
    z = np.linspace(-50, 50, 41)
    np.testing.assert_allclose(act.softmax(np.stack([0 * z, z], axis=1))[:, 1], act.sigmoid(z), rtol=1e-14)


def test_log_sum_exp_lies_between_the_maximum_and_the_maximum_plus_log_of_the_number():
    z = np.random.default_rng(0).normal(0, 5, (20, 7))
    gap = act.log_sum_exp(z) - z.max(axis=1)
    assert np.all((gap > 0) & (gap <= np.log(7)))


def test_softmax_treats_rows_apart_even_when_their_scores_differ_by_ten_thousand():
    p = act.softmax([[1e4, 1e4 + 1.0], [-1e4, -1e4 + 1.0]])
    np.testing.assert_allclose(p[0], p[1], rtol=1e-14)
    np.testing.assert_allclose(p[0, 1], scipy.special.expit(1.0), rtol=1e-14)


def test_score_of_minus_infinity_rules_a_class_out():
    np.testing.assert_array_equal(act.softmax([-np.inf, 0.0]), [0.0, 1.0])
    np.testing.assert_array_equal(act.log_softmax([-np.inf, 0.0]), [-np.inf, 0.0])
    assert act.log_sum_exp([-np.inf, -np.inf]) == -np.inf


def test_scores_near_the_end_of_the_range_neither_overflow_nor_warn():
    np.testing.assert_array_equal(act.softmax([-1.7e308, 1.7e308]), [0.0, 1.0])
    assert act.log_softmax([-1.7e308, 1.7e308])[1] == 0.0
    assert np.isnan(act.softmax([[np.inf, 0.0], [0.0, 0.0]])).tolist() == [[True, True], [False, False]]


def test_softmax_of_an_empty_batch_is_empty_and_without_classes_an_error():
    assert act.softmax(np.zeros((0, 3))).shape == (0, 3)
    assert act.log_softmax(np.zeros((2, 0, 3))).shape == (2, 0, 3)
    for function in (act.softmax, act.log_softmax, act.log_sum_exp):
        for bad in (1.0, np.zeros((3, 0))):
            with pytest.raises(ValueError, match="z should have a last axis with at least one class"):
                function(bad)


# --- rectifiers --------------------------------------------------------------------------------------------


def test_generalized_relu_has_its_slope_per_unit_below_zero_even_above_one():
    z = np.array([[-2.0, -2.0, -2.0], [3.0, 3.0, 3.0]])
    np.testing.assert_array_equal(act.generalized_relu(z, [-1.0, 0.5, 2.0]), [[2, -1, -4], [3, 3, 3]])
    np.testing.assert_array_equal(act.generalized_relu_grad(z, [-1.0, 0.5, 2.0]), [[-1, 0.5, 2], [1, 1, 1]])


@few
@given(n=st.integers(0, 4), m=st.integers(1, 4), seed=st.integers(0, 99), per_unit=st.booleans())
def test_prelu_gradients_equal_those_of_pytorch(n, m, seed, per_unit):
    rng = np.random.default_rng(seed)
    z, upstream = rng.normal(size=(2, n, m))
    alpha = rng.uniform(-1.0, 2.0, m if per_unit else ())
    dz, dalpha = torch_gradient(
        lambda t, a: torch.clamp(t, min=0) + a * torch.clamp(t, max=0), z, alpha, upstream=upstream
    )
    got_dz, got_dalpha = act.prelu_grads(z, alpha, upstream)
    np.testing.assert_allclose(got_dz, dz, rtol=1e-14)
    np.testing.assert_allclose(got_dalpha, dalpha, rtol=1e-13, atol=1e-15)
    assert got_dalpha.shape == alpha.shape


@pytest.mark.parametrize("alpha", [[1.0, 2.0], [[1.0, 2.0, 3.0]], np.zeros((2, 1))])
def test_slopes_that_are_not_one_a_unit_are_refused_not_broadcast(alpha):
    z = np.ones((2, 3))
    for call in (
        lambda: act.generalized_relu(z, alpha),
        lambda: act.generalized_relu_grad(z, alpha),
        lambda: act.prelu_grads(z, alpha, z),
    ):
        with pytest.raises(ValueError, match="alpha should be a number or have one entry a unit"):
            call()


def test_upstream_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"upstream should be an array of shape \(2, 3\)"):
        act.prelu_grads(np.ones((2, 3)), 0.1, np.ones((3,)))


# --- maxout ------------------------------------------------------------------------------------------------


@few
@given(n=st.integers(0, 4), m=st.integers(0, 3), k=st.integers(1, 4), seed=st.integers(0, 99))
def test_maxout_and_its_gradient_equal_those_of_pytorch(n, m, k, seed):
    rng = np.random.default_rng(seed)
    Z, upstream = rng.normal(size=(n, m * k)), rng.normal(size=(n, m))
    pooled = torch.tensor(Z).reshape(n, m, k).max(dim=2).values if n * m else torch.zeros(n, m)
    np.testing.assert_array_equal(act.maxout(Z, k), pooled.numpy())
    gradient = act.maxout_grad(Z, k, upstream)
    assert gradient.shape == Z.shape
    if n * m:
        expected = torch_gradient(lambda t: t.reshape(n, m, k).max(dim=2).values, Z, upstream=upstream)[0]
        np.testing.assert_array_equal(gradient, expected)


def test_maxout_takes_consecutive_columns():
    np.testing.assert_array_equal(act.maxout([[1, 9, 2, 3, 4, 5]], k=2), [[9, 3, 5]])
    np.testing.assert_array_equal(act.maxout([[1, 9, 2, 3, 4, 5]], k=3), [[9, 5]])


def test_maxout_gives_all_the_gradient_to_the_first_of_ties():
    np.testing.assert_array_equal(
        act.maxout_grad([[1.0, 1.0, 0.0, 7.0, 7.0, 7.0]], 3, [[2.0, 5.0]]), [[2, 0, 0, 5, 0, 0]]
    )


def test_maxout_of_a_unit_and_its_zero_is_the_relu():
    z = np.linspace(-3, 3, 13)
    pairs = np.stack([np.zeros_like(z), z], axis=1)
    np.testing.assert_array_equal(act.maxout(pairs, 2)[:, 0], act.relu(z))


@pytest.mark.parametrize("k", [0, -1, 2.0, True, "2", None])
def test_maxout_refuses_a_group_size_that_is_no_whole_number_from_one_on(k):
    with pytest.raises(ValueError, match="k should be a whole number from 1 on"):
        act.maxout(np.ones((2, 4)), k)


def test_maxout_refuses_columns_that_do_not_fill_the_groups():
    with pytest.raises(ValueError, match="Z should have a multiple of k = 3 columns"):
        act.maxout(np.ones((2, 4)), 3)
    with pytest.raises(ValueError, match="upstream"):
        act.maxout_grad(np.ones((2, 4)), 2, np.ones((2, 4)))


@pytest.mark.parametrize(("f", "df"), [(np.exp, np.exp), (np.square, lambda x: 2 * x), (np.cosh, np.sinh)])
def test_tangents_never_exceed_a_convex_function_and_touch_it_at_the_points(f, df):
    points = np.array([1.3, -2.0, 0.25])
    slopes, intercepts = act.tangent_maxout(f, df, points)
    x = np.linspace(-4, 4, 401)
    unit = (x[:, None] * slopes + intercepts).max(axis=1)
    assert np.all(unit <= f(x) + 1e-12)
    touching = (points[:, None] * slopes + intercepts).max(axis=1)
    np.testing.assert_allclose(touching, f(points), rtol=1e-13)


def test_tangents_leave_the_points_alone_and_refuse_functions_of_another_shape():
    points = np.array([1.0, 2.0])

    def meddle(x):
        x *= 2.0
        return x

    act.tangent_maxout(meddle, meddle, points)
    np.testing.assert_array_equal(points, [1.0, 2.0])
    with pytest.raises(ValueError, match=r"df\(points\) should be an array of shape \(2,\)"):
        act.tangent_maxout(np.square, np.sum, points)


def test_more_tangents_come_closer_to_the_parabola():
    z = np.linspace(-2, 2, 101)
    errors = [np.abs(ACTIVATIONS["maxout"].value(z, k=k) - z**2 / 2).max() for k in range(1, 9)]
    assert all(later < earlier for earlier, later in pairwise(errors))


# --- RBF units ---------------------------------------------------------------------------------------------


def test_rbf_units_are_an_rbf_kernel_between_inputs_and_centres():
    rng = np.random.default_rng(0)
    X, W = rng.normal(size=(6, 3)), rng.normal(size=(3, 4))
    np.testing.assert_allclose(
        act.rbf_units(X, W, 1.7), sklearn_rbf_kernel(X, W.T, gamma=1 / 1.7**2), rtol=1e-12
    )
    assert act.rbf_units(W.T, W, [0.1, 1.0, 2.0, 3.0]).diagonal().tolist() == [1, 1, 1, 1]


@few
@given(
    n=st.integers(0, 4),
    d=st.integers(1, 4),
    m=st.integers(1, 4),
    per_unit=st.booleans(),
    seed=st.integers(0, 99),
)
def test_rbf_gradients_equal_those_of_pytorch(n, d, m, per_unit, seed):
    rng = np.random.default_rng(seed)
    X, W, upstream = rng.normal(size=(n, d)), rng.normal(size=(d, m)), rng.normal(size=(n, m))
    sigma = rng.uniform(0.5, 2.0, m if per_unit else ())
    expected = torch_gradient(
        lambda x, w, s: torch.exp(-((x[:, :, None] - w) ** 2).sum(1) / s**2), X, W, sigma, upstream=upstream
    )
    got = act.rbf_grads(X, W, sigma, upstream)
    for one, other, argument in zip(got, expected, (X, W, sigma), strict=True):
        assert one.shape == np.shape(argument)
        np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-13)


def test_rbf_units_far_away_are_zero_without_a_warning():
    np.testing.assert_array_equal(act.rbf_units([[1e4]], [[-1e4]], 1.0), [[0.0]])


def test_rbf_units_refuse_what_does_not_fit():
    X, W = np.ones((5, 2)), np.ones((2, 3))
    with pytest.raises(ValueError, match="W should have one row a column of X"):
        act.rbf_units(X, W.T, 1.0)
    with pytest.raises(ValueError, match="sigma should be a number or have one entry a unit"):
        act.rbf_units(X, W, [1.0, 2.0])
    for bad in (0.0, -1.0, np.inf, [1.0, 2.0, np.nan]):
        with pytest.raises(ValueError, match="sigma should be positive"):
            act.rbf_units(X, W, bad)


# --- sparsity ----------------------------------------------------------------------------------------------


def test_half_of_the_relus_of_symmetric_inputs_are_silent_and_no_tanh_is():
    z = np.random.default_rng(0).normal(size=(400, 50))
    assert act.sparsity(act.relu(np.concatenate([z, -z]))) == 0.5
    assert act.sparsity(np.tanh(z)) == 0.0


def test_tiny_activations_are_not_zero():
    assert act.sparsity([1e-300, -0.0, 0.0, 2.0]) == 0.5


def test_dead_units_are_silent_on_every_example():
    H = np.array([[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, -1.0], [0.0, 0.0, 0.0, 1.0]])
    dead = act.dead_units(H)
    np.testing.assert_array_equal(dead, [0, 2])
    assert dead.dtype.kind == "i"
    assert act.dead_units(np.ones((2, 3))).shape == (0,)


def test_sparsity_of_nothing_is_refused():
    with pytest.raises(ValueError, match="H should have at least one entry"):
        act.sparsity(np.zeros((0, 3)))
    with pytest.raises(ValueError, match="H should have at least one row"):
        act.dead_units(np.zeros((0, 3)))
    with pytest.raises(ValueError, match=r"H should be an array of shape \(n, m\)"):
        act.dead_units([0.0, 1.0])
