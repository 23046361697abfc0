"""What the course asks: a folder a chapter, a file an exercise.

In a notebook: ``from fnnkit.exercises import check, progress, ready``; with what was solved, ``mine``;
``ledger`` shows a gradient step by step.
"""

from fnnkit.exercises.gradients import ledger
from fnnkit.judge.check import check, milestone, progress
from fnnkit.judge.mine import mine
from fnnkit.judge.ready import ready
from fnnkit.judge.reset import reset
from fnnkit.judge.unwritten import install

__all__ = ["check", "ledger", "milestone", "mine", "progress", "ready", "reset"]

PROJECT = (
    "affine",
    "relu",
    "relu_grad",
    "categorical_nll",
    "output_delta",
    "minibatches",
    "sgd_step",
    "rmsprop_step",
    "init_scale",
    "orthogonal",
    "clip_by_global_norm",
    "rnn_forward",
    "bptt",
)
"""What the project makes its library of, by `mine`."""

install()
