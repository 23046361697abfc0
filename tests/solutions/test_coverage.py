"""Every slide of the lecture is shown somewhere, and the table of the authors' page says where."""

import re
from pathlib import Path

import pytest

from fnnkit.judge.registry import contents

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "solutions" / "README.md").read_text(encoding="utf-8").partition("## What shows each slide")[2]
ROWS = re.findall(r"^\| ([^|]+) \| `(\w+)` \| ([^|]+) \| (?:`(\w+)`|–) \|$", PAGE, re.M)
# The titles of all slides, as they stand on them.
SLIDES = [
    "Deep Feedforward Networks", "Neural Network: Types", "Feedforward Neural Networks", "Feedforward Neural Networks",
    "Extension of Linear Models", "Extension of Linear Models", "Linear Model for Learning XOR",
    "Linear Model for Learning XOR", "FNN for Learning XOR", "FNN for Learning XOR", "FNN for Learning XOR",
    "FNN for Learning XOR", "FNN for Learning XOR", "FNN for Learning XOR", "SVM: Kernel trick for φ",
    "FNN: Representation learning for φ", "Gradient-Based Learning", "Local Minima", "Saddle points",
    "Cost Function for Learning Conditional Distribution", "Cost Function for Learning Conditional Statistics",
    "Cost Function for Learning Conditional Statistics", "Cost Function for Learning Conditional Statistics",
    "Output Units", "Linear Units for Gaussian Output Distributions", "Sigmoid Units for Bernoulli Output Distributions",
    "Bernoulli Distribution", "Multinoulli Distribution", "Background (ch3) Logistic sigmoid function",
    "Softplus function", "Sigmoid Units", "Sigmoid Output Units: Cost Function", "Sigmoid Output Units: Cost Function",
    "Softmax Units for Multinoulli Output Distributions", "Softmax Units", "Softmax Units for Cost Function",
    "Softmax Units for Cost Function", "Output Units for Parametric Distribution", "Mixture density networks",
    "Rectifier Linear Units", "ReLU: Motivation", "Hidden Units: ReLUs",
    "Rectifier units lead to sparse networks [Glorot '10]", "Maxout Unit", "Maxout Unit",
    "Logistic Sigmoid and Hyperbolic Tangent", "Other Hidden Units", "Universal Approximation Theorem [Hornik 89]",
    "Universal Approximation Theorem", "Deep vs. Shallow network", "Deep vs. Shallow network",
    "Exponential Advantage of Deeper Rectifier Networks", "Exponential expressivity in deep neural networks [Poole 16]",
    "Backpropagation", "FNN: Notation", "FNN: Matrix Notation", "Typical Setting for Classification",
    "Learning as Optimization", "Optimization by Gradient Method", "Stochastic Gradient Method",
    "Stochastic Gradient Method: Learning rate", "Backpropagation", "Multiple Paths Chain Rule - General",
    "Backpropagation: Error signal", "Backpropagation: Weight update", "Error Signal at Output Layer",
    "Gradient of Weight Matrix U", "Error Signal at Hidden Layer", "Gradient of Weight Matrix W",
    "Backpropagation in General Flow Graph", "Backpropagation: Example", "Vanishing and Exploding Gradient Problem",
]  # fmt: skip


def test_the_table_has_a_row_for_each_slide_in_their_order():
    assert [row[0] for row in ROWS] == SLIDES


@pytest.mark.parametrize(("slide", "chapter", "heading", "exercise"), ROWS, ids=[row[0] for row in ROWS])
def test_what_a_row_names_is_there(slide, chapter, heading, exercise):
    source = (ROOT / "solutions" / f"{chapter}.py").read_text(encoding="utf-8")
    assert re.search(rf"^# #{{2,3}} {re.escape(heading)}$", source, re.M)
    if exercise:
        assert exercise in contents(chapter)
        assert f"### Exercise `{exercise}`" in source
