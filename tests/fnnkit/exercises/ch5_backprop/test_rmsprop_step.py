"""`rmsprop_step`: what its mistakes cost, and witnesses of what it asks."""

import numpy as np
import torch

from fnnkit.judge.attempt import judged

WORTH = 0.0
# What each mistake leaves, by hand, of 1.5: the step 0.5, the new state 0.25, ε stands outside the root
# 0.25, unusual input 0.25, calm 0.25
COSTS = {
    "shares_exchanged": 0.0,
    "never_forgets": 0.0,
    "share_of_the_square_forgotten": 0.0,
    "one_share_for_both": 0.0,
    "small_share_for_both": 0.0,
    "corrected_for_the_start": 0.0,
    "eps_inside_the_root": 1.0,
    "no_root": 0.0,
    "divides_by_the_old_state": 0.0,
    "gradient_not_squared": 0.0,
    "old_state_returned": 1.0,
    "uphill": 0.0,
    "plain_step": 0.0,
    "multiplied_by_the_root": 0.0,
    "state_overwritten": 1.0,
    "gradient_averaged": 0.0,
    "share_squared_too": 0.0,
    "eps_added_to_the_step": 1.0,
    "eps_in_the_state": 0.75,
    "state_replaced": 0.0,
    "this_step_s_square_alone": 0.0,
    "one_rate_for_all": 0.0,
    "root_kept_as_state": 1.0,
    "state_first": 0.0,
    "only_theta": 0.0,
    "gradient_squared_in_the_step": 0.0,
    "average_of_the_roots": 0.0,
    "share_in_the_step": 0.0,
}
# The wrong answers that the syllabus lists, by the names under which they are registered.
TYPICAL = ["shares_exchanged", "never_forgets"]


def test_pytorch_s_optimiser_is_a_right_answer():
    def by_torch(theta, grad, state, lr, decay, eps):
        leaf = torch.tensor(np.asarray(theta, dtype=float), requires_grad=True)
        leaf.grad = torch.tensor(np.asarray(grad, dtype=float))
        optimiser = torch.optim.RMSprop([leaf], lr=lr, alpha=decay, eps=eps)
        average = torch.tensor(np.array(state, dtype=float))
        optimiser.state[leaf].update(step=torch.tensor(0.0), square_avg=average)
        optimiser.step()
        return leaf.detach().numpy(), optimiser.state[leaf]["square_avg"].numpy()

    assert judged("rmsprop_step", by_torch).solved
