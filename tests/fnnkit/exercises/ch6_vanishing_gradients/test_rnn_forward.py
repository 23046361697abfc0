"""`rnn_forward`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import torch

from fnnkit.exercises.ch6_vanishing_gradients.rnn_forward import network
from fnnkit.judge.attempt import judged
from fnnkit.rnn import rnn_forward

WORTH = 1.5
# What each mistake leaves, by hand, of 1½: one step: Z and H ½, the state goes on from step to step ¼, the outputs
# Y ¼, unusual ¼, calm ¼
COSTS = {
    "first_state_at_every_step": 0.75,
    "first_state_of_zeros": 0.0,
    "no_feedback": 0.0,
    "bias_forgotten": 0.0,
    "recurrent_weights_transposed": 0.0,
    "examples_before_steps": 0.0,
    "pre_activation_goes_on": 0.75,
    "state_squashed_twice": 0.0,
    "outputs_from_pre_activations": 1.0,
    "outputs_squashed": 1.0,
    "outputs_from_the_state_before": 1.0,
    "start_among_the_states": 0.0,
    "last_step_only": 0.0,
    "states_not_squashed": 0.0,
    "bias_outside_of_the_tanh": 0.0,
    "states_in_the_place_of_z": 0.0,
    "one_array_for_all_states": 0.75,
    "one_step_of_memory": 0.75,
    "state_of_zeros_at_every_step": 0.75,
    "last_to_first": 0.75,
    "previous_input": 0.75,
    "inputs_added_up": 0.75,
    "sigmoid_units": 0.0,
    "state_added_without_weights": 0.0,
    "steps_run_together": 0.0,
    "states_before_the_steps": 0.0,
    "first_state_alone_at_the_start": 0.0,
    "input_outside_of_the_tanh": 0.0,
    "start_among_the_states_alone": 0.0,
    "start_among_the_states_and_outputs_before": 0.0,
    "states_before_the_steps_alone": 0.0,
    "start_among_the_pre_activations": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["first_state_at_every_step", "examples_before_steps"]


def by_torch(X, h0, params):
    """The same network in PyTorch, whose weights are transposed and whose bias comes twice."""
    m, dtype = len(params["b"]), torch.float64
    net = torch.nn.RNN(len(params["A"]), m, dtype=dtype)
    with torch.no_grad():
        net.weight_ih_l0.copy_(torch.tensor(params["A"].T))
        net.weight_hh_l0.copy_(torch.tensor(params["W"].T))
        net.bias_ih_l0.copy_(torch.tensor(params["b"]))
        net.bias_hh_l0.zero_()
        H = net(torch.tensor(X, dtype=dtype), torch.tensor(h0, dtype=dtype)[None])[0].numpy()
    return {"Z": np.arctanh(H), "H": H, "Y": H @ params["V"]}


def test_pytorch_s_network_has_the_same_states():
    for seed in range(6):
        args = network(np.random.default_rng(seed), T=4, n=3, d=2, m=5, p=1)
        want = by_torch(*args)

        have = rnn_forward(*args)
        np.testing.assert_allclose(have["H"], want["H"], rtol=1e-12)
        np.testing.assert_allclose(have["Y"], want["Y"], rtol=1e-12)


def test_a_tuple_is_told_to_be_a_dictionary():
    def tuple_returned(X, h0, params):
        return X, h0, params["V"]

    text = str(judged("rnn_forward", tuple_returned))
    assert "a dictionary with the keys 'Z', 'H', 'Y'" in text
