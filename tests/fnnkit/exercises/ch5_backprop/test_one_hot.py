"""`one_hot`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import torch

from fnnkit.judge.attempt import judged

WORTH = 0.0
# What each mistake leaves, by hand, of 1: a 1 at the label 0.25, labels outside 0 … K − 1 are refused 0.25,
# unusual input 0.25, calm 0.25
COSTS = {
    "minus_one_wraps": 0.75,
    "labels_counted_from_one": 0.0,
    "one_column_an_example": 0.0,
    "nothing_refused": 0.75,
    "truth_values": 0.0,
    "width_of_the_largest_label": 0.0,
    "all_rows_at_once": 0.0,
    "asserts": 0.75,
    "rank_of_the_label": 0.0,
    "label_k_let_in": 0.75,
    "label_k_raises_an_index_error": 0.75,
    "negative_labels_let_in": 0.75,
    "negative_labels_give_zeros": 0.75,
    "large_labels_let_in": 0.75,
    "large_labels_raise_an_index_error": 0.75,
    "zero_refused": 0.0,
    "last_label_refused": 0.0,
    "label_in_its_column": 0.0,
    "zeros_and_ones_exchanged": 0.0,
    "counted_by_label": 0.0,
    "one_column_too_many": 0.0,
    "list_of_rows": 0.75,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["minus_one_wraps"]


def test_pytorch_is_a_right_answer():
    def by_torch(g, K):
        try:
            return torch.nn.functional.one_hot(torch.tensor(g), K).numpy()
        except RuntimeError:
            raise ValueError("a label is outside") from None

    assert judged("one_hot", by_torch).solved


def test_an_index_error_is_not_the_value_error_that_is_asked_for():
    def indexed(g, K):
        if (g < 0).any():
            raise ValueError
        return np.eye(K)[g]

    assert judged("one_hot", indexed).points == 0.75
