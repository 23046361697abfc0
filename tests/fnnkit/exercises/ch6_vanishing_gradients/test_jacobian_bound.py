"""`jacobian_bound`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import scipy.linalg

from fnnkit.dynamics import jacobian_bound, network_jacobian
from fnnkit.exercises.ch6_vanishing_gradients.jacobian_bound import chain

WORTH = 0.0
# What each mistake leaves, by hand, of 1¼: the product over the layers ½, one layer, many layers ¼, unusual ¼,
# calm ¼
COSTS = {
    "frobenius_norms": 0.0,
    "gamma_once": 0.0,
    "gamma_forgotten": 0.0,
    "sum_over_the_layers": 0.0,
    "largest_layer": 0.0,
    "largest_factor_to_the_depth": 0.0,
    "spectral_radii": 0.0,
    "norm_of_the_product": 0.0,
    "column_sums": 0.0,
    "gamma_between_the_layers_alone": 0.0,
    "smallest_singular_values": 0.0,
    "largest_entries": 0.0,
    "row_sums": 0.0,
    "sum_of_the_singular_values": 0.0,
    "squares_of_the_norms": 0.0,
    "mean_over_the_layers": 0.0,
    "gamma_divided": 0.0,
    "first_layer_left_out": 0.0,
    "last_layer_left_out": 0.0,
    "gamma_plus_one_layer": 0.0,
    "last_layer_alone": 0.0,
    "gamma_times_the_layers": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["frobenius_norms", "sum_over_the_layers"]


def test_it_is_the_product_of_largest_singular_values_and_no_jacobian_breaks_it():
    rng = np.random.default_rng(6)
    weights = chain(rng, 3, 4, 2, 5)
    want = 0.25**3 * np.prod([scipy.linalg.svdvals(W)[0] for W in weights])
    np.testing.assert_allclose(jacobian_bound(weights, 0.25), want, rtol=1e-12)

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    for _ in range(20):
        J = network_jacobian(3 * rng.standard_normal(3), weights, sigmoid, lambda z: sigmoid(z) * sigmoid(-z))
        assert np.linalg.norm(J, 2) <= want
