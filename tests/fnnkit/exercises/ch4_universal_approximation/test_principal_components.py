"""`principal_components`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
from sklearn.decomposition import PCA

from fnnkit.expressivity import principal_components
from fnnkit.judge.attempt import judged

WORTH = 0.0
# What each mistake leaves, by hand, of 1.5: the projection on the top directions 0.75, the most variable
# first 0.25, unusual input 0.25, inputs unchanged, no warning 0.25
COSTS = {
    "not_centred": 0.0,
    "centred_for_the_directions_only": 0.0,
    "one_mean_for_all": 0.0,
    "rows_centred": 0.0,
    "directions_returned": 0.0,
    "whitened": 0.0,
    "standardised": 0.0,
    "smallest_directions": 0.0,
    "columns_of_vt": 0.0,
    "columns_of_the_reduced_vt": 0.0,
    "first_columns_of_the_points": 0.0,
    "smallest_of_the_top_first": 1.25,
    "directions_of_the_uncentred_points": 0.0,
    "spread_multiplied_twice": 0.0,
    "spread_divided_away": 0.0,
    "columns_that_vary_most": 0.0,
    "projected_back": 0.0,
    "all_directions": 0.0,
    "spreads_returned": 0.0,
    "last_directions_of_the_svd": 0.0,
    "median_subtracted": 0.0,
    "scaled_to_the_unit_interval": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["not_centred"]


def test_scikit_learn_finds_the_same_coordinates_up_to_signs():
    H = np.random.default_rng(6).normal(size=(30, 6)) * [5, 4, 3, 2, 1, 1] + 7.0
    mine, theirs = principal_components(H, 3), PCA(3).fit_transform(H)
    np.testing.assert_allclose(np.abs(mine), np.abs(theirs), atol=1e-10)
    np.testing.assert_allclose(mine @ mine.T, theirs @ theirs.T, atol=1e-10)


def test_signs_of_columns_are_free():
    def other_signs(H, k):
        C = H - H.mean(axis=0)
        Y = C @ np.linalg.svd(C, full_matrices=False)[2][:k].T
        return Y * (-1.0) ** np.arange(k)

    assert judged("principal_components", other_signs).points == 1.5


def test_a_mistake_is_known_whatever_signs_its_columns_have():
    def smallest_turned(H, k):
        C = H - H.mean(axis=0)
        return -C @ np.linalg.eigh(C.T @ C)[1][:, :k] * np.where(np.arange(k) % 2, -1, 1)

    for seed in range(5):
        assert judged("principal_components", smallest_turned, seed).misconception == "smallest_directions"
