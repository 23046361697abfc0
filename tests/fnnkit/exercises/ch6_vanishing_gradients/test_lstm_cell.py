"""`lstm_cell`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import pytest
import torch

from fnnkit.exercises.ch6_vanishing_gradients.lstm_cell import step
from fnnkit.judge.attempt import judged
from grader.answers import right

WORTH = 1.5
# What each mistake leaves, by hand, of 1½: the new memory c ½, the new state h ½, unusual ¼, calm ¼
COSTS = {
    "input_and_forget_exchanged": 0.0,
    "candidate_last": 0.0,
    "tanh_of_the_memory_forgotten": 0.75,
    "candidate_by_the_sigmoid": 0.0,
    "candidate_not_squashed": 0.0,
    "gates_not_squashed": 0.0,
    "output_gate_inside": 0.75,
    "old_memory_shown": 0.75,
    "state_kept_instead_of_the_memory": 0.0,
    "forget_gate_left_out": 0.0,
    "forget_gate_for_the_input_too": 0.0,
    "gates_from_the_input_alone": 0.0,
    "bias_forgotten": 0.0,
    "every_fourth_column": 0.0,
    "blocks_of_rows": 0.0,
    "memory_before_state": 0.0,
    "state_alone": 0.0,
    "gates_by_the_tanh": 0.0,
    "memory_in_place": 1.0,
    "kept_times_written": 0.0,
    "forget_gate_forgets": 0.0,
    "written_by_the_output_gate": 0.0,
    "candidate_second": 0.0,
    "forget_first": 0.0,
    "input_gate_left_out": 0.0,
    "output_gate_left_out": 0.75,
    "memory_squashed": 0.0,
    "output_gate_by_the_tanh": 0.75,
    "memory_shown_by_the_sigmoid": 0.75,
    "forget_from_the_input_gate": 0.0,
    "candidate_shown": 0.75,
    "states_added": 0.75,
    "old_memory_squashed": 0.0,
    "old_state_shown": 0.75,
    "functions_exchanged_at_the_output": 0.75,
    "candidate_first": 0.0,
    "forgotten_after_writing": 0.0,
    "written_by_the_complement": 0.0,
    "gate_inside_of_the_candidate": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["input_and_forget_exchanged", "tanh_of_the_memory_forgotten"]


def lstm_cell_by_torch(x, h, c, params):
    """PyTorch's cell: the same order of gates, transposed weights, two biases."""
    A, W, b, x, h, c = (
        torch.tensor(np.asarray(a, dtype=float)) for a in (params["A"], params["W"], params["b"], x, h, c)
    )
    cell = torch.nn.LSTMCell(len(A), len(W), dtype=torch.float64)
    with torch.no_grad():
        cell.weight_ih.copy_(A.T)
        cell.weight_hh.copy_(W.T)
        cell.bias_ih.copy_(b)
        cell.bias_hh.zero_()
        h, c = cell(x, (h, c))
    return h.numpy(), c.numpy()


@pytest.mark.parametrize("seed", range(6))
def test_pytorch_s_cell_is_a_right_answer(seed):
    verdict = judged("lstm_cell", lstm_cell_by_torch, seed)
    assert verdict.solved, verdict


@pytest.mark.parametrize("answer", range(4))
def test_every_listed_answer_agrees_with_pytorch_on_a_cell_of_its_own(answer):
    args = step(np.random.default_rng(7), n=5, d=2, m=3)
    for have, want in zip(
        right("ch6_vanishing_gradients", "lstm_cell")[answer](*args), lstm_cell_by_torch(*args), strict=True
    ):
        np.testing.assert_allclose(have, want, rtol=1e-12)
