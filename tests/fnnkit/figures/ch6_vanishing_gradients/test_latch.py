import re

import pytest

from fnnkit.figures.ch6_vanishing_gradients import latch
from fnnkit.optim import clip_by_global_norm
from fnnkit.rnn import bptt, rnn_forward


def trained(**values):
    shown = latch(rnn_forward, bptt, clip_by_global_norm)
    shown.set(**values)
    shown.buttons["Train"].click()
    assert "150 updates" in shown.said
    return int(re.search(r"(\d+)% of new", shown.said).group(1)) / 100


@pytest.mark.parametrize("start", range(3))
def test_plain_descent_guesses_from_the_gaussian_start_and_succeeds_from_the_orthogonal_one(start):
    assert trained(start=start, steps=10) < 0.7
    assert trained(start=start, steps=50, kind="orthogonal") == 1.0


def test_adam_hides_the_difference_at_ten_steps_and_not_at_fifty():
    assert trained(steps=10, optimiser="Adam") > 0.95
    assert trained(steps=50, optimiser="Adam") < 0.7
