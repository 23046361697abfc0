"""`adagrad_step`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import torch

from fnnkit.judge.attempt import judged
from grader.answers import right

WORTH = 1.5
# What each mistake leaves, by hand, of 1.5: the step 0.5, the new state 0.25, ε stands outside the root
# 0.25, unusual input 0.25, calm 0.25
COSTS = {
    "no_root": 0.0,
    "divides_by_the_old_state": 0.0,
    "gradient_not_squared": 0.0,
    "eps_inside_the_root": 1.0,
    "uphill": 0.0,
    "state_replaced": 0.0,
    "old_state_returned": 1.0,
    "root_kept_as_state": 1.0,
    "rate_inside_the_root": 0.0,
    "one_rate_for_all": 0.0,
    "moving_average": 0.0,
    "only_theta": 0.0,
    "state_overwritten": 1.25,
    "eps_added_to_the_step": 1.0,
    "this_step_s_square_alone": 0.0,
    "gradient_left_out": 0.0,
    "state_first": 0.0,
    "eps_in_the_state": 0.75,
    "gradient_squared_in_the_step": 0.0,
    "rate_in_the_state": 0.0,
    "multiplied_by_the_root": 0.0,
    "plain_step": 0.0,
    "square_of_the_sum": 0.0,
    "roots_added": 0.0,
    "only_the_change": 0.0,
    "parameters_divided": 0.0,
    "square_added_twice": 1.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["no_root", "state_overwritten", "gradient_not_squared"]


def test_pytorch_s_optimiser_is_a_right_answer():
    def by_torch(theta, grad, state, lr, eps):
        leaf = torch.tensor(np.asarray(theta, dtype=float), requires_grad=True)
        leaf.grad = torch.tensor(np.asarray(grad, dtype=float))
        optimiser = torch.optim.Adagrad([leaf], lr=lr, eps=eps)
        optimiser.state[leaf]["sum"] = torch.tensor(np.array(state, dtype=float))
        optimiser.step()
        return leaf.detach().numpy(), optimiser.state[leaf]["sum"].numpy()

    assert judged("adagrad_step", by_torch).solved


def test_the_path_does_not_depend_on_the_scale_of_a_gradient():
    for function in right("ch5_backprop", "adagrad_step"):
        ends = []
        for scale in (1.0, 1000.0):
            theta, state = np.array([1.0]), np.zeros(1)
            for _ in range(20):
                theta, state = function(theta, scale * theta, state, 0.3, 1e-12)
            ends.append(float(theta[0]))
        assert abs(ends[0] - ends[1]) < 1e-9
