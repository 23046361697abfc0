"""`one_hot`: a 1 at the label, 0 elsewhere (chapter 5)."""

from __future__ import annotations

import numpy as np

from fnnkit import backprop
from fnnkit.exercises.ch5_backprop.sizes import labels
from fnnkit.judge.axes import by_meaning
from fnnkit.judge.criteria import UNUSUAL, agrees, calm, refuses
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

VALUE, OUTSIDE = "a 1 at the label", "labels outside 0 … K − 1 are refused"
AXES = {"g": ("examples",), "": ("examples", "labels")}


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``one_hot(g, K)``; in some the last label does not occur."""
    low = rng.permuted(np.array([0, 0, 1, 2, 2]))
    too_large, negative = labels(rng, 5, 3), labels(rng, 5, 3)
    too_large[int(rng.integers(5))] = 3
    negative[int(rng.integers(5))] = -1
    far = labels(rng, 4, 6)
    far[2] = 6 + int(rng.integers(1, 9))
    return [
        Case((labels(rng, 5, 3), 3), VALUE),
        Case((low, 6), VALUE, "labels 3 to 5 do not occur"),
        Case((labels(rng, 2, 4), 4), VALUE),
        Case((labels(rng, 1, 3), 3), VALUE, "one example"),
        Case((labels(rng, 4, 4), 4), VALUE, "as many labels as examples"),
        Case((labels(rng, 30, 7), 7), VALUE, "thirty examples"),
        Case((too_large, 3), OUTSIDE, "a 3, and K = 3"),
        Case((negative, 3), OUTSIDE, "a −1"),
        Case((far, 6), OUTSIDE, "a label far above K"),
        Case((np.zeros(0, dtype=int), 3), UNUSUAL, "no example: `g` is empty"),
        Case((np.zeros(3, dtype=int), 1), UNUSUAL, "a single label, K = 1"),
    ]


def minus_one_wraps(g, K):
    """Rows of the identity: -1 is the last one, and a large label is an IndexError."""
    return np.eye(K)[g]


def labels_counted_from_one(g, K):
    """The slides' labels 1 … K."""
    if (g < 0).any() or (g >= K).any():
        raise ValueError("label")
    return np.eye(K)[g - 1]


def one_column_an_example(g, K):
    """(K, n)."""
    if (g < 0).any() or (g >= K).any():
        raise ValueError("label")
    return np.eye(K)[g].T


def truth_values(g, K):
    """Booleans, and nothing is refused."""
    return g[:, None] == np.arange(K)


def width_of_the_largest_label(g, K):
    """K is not used."""
    return np.eye(g.max() + 1)[g]


def all_rows_at_once(g, K):
    """Every row gets the ones of all labels."""
    out = np.zeros((len(g), K))
    out[:, g] = 1
    return out


def nothing_refused(g, K):
    """A label outside leaves a row of zeros."""
    return (g[:, None] == np.arange(K)).astype(float)


def asserts(g, K):
    """An AssertionError."""
    assert ((g >= 0) & (g < K)).all()
    return np.eye(K)[g]


def rank_of_the_label(g, K):
    """The 1 stands at the rank among the labels that occur."""
    g = np.asarray(g)
    if g.size and (g.min() < 0 or g.max() >= K):
        raise ValueError("no such label")
    out = np.zeros((len(g), K))
    out[np.arange(len(g)), np.searchsorted(np.unique(g), g)] = 1
    return out


def label_k_let_in(g, K):
    """g > K in the place of g >= K."""
    g = np.asarray(g)
    if (g < 0).any() or (g > K).any():
        raise ValueError("no such label")
    return (g[:, None] == np.arange(K)) * 1.0


def label_k_raises_an_index_error(g, K):
    """g > K, and then indexing."""
    g = np.asarray(g)
    if (g < 0).any() or (g > K).any():
        raise ValueError("no such label")
    return np.eye(K)[g]


def negative_labels_let_in(g, K):
    """Only labels too large are refused."""
    g = np.asarray(g)
    if (g >= K).any():
        raise ValueError("no such label")
    return np.eye(K)[g]


def negative_labels_give_zeros(g, K):
    """Only labels too large are refused; a negative one is compared in vain."""
    g = np.asarray(g)
    if (g >= K).any():
        raise ValueError("no such label")
    return (g[:, None] == np.arange(K)) * 1.0


def large_labels_let_in(g, K):
    """Only negative labels are refused."""
    g = np.asarray(g)
    if (g < 0).any():
        raise ValueError("no such label")
    return (g[:, None] == np.arange(K)) * 1.0


def large_labels_raise_an_index_error(g, K):
    """Only negative labels are tested."""
    g = np.asarray(g)
    if (g < 0).any():
        raise ValueError("no such label")
    return np.eye(K)[g]


def zero_refused(g, K):
    """g <= 0."""
    g = np.asarray(g)
    if (g <= 0).any() or (g >= K).any():
        raise ValueError("no such label")
    return np.eye(K)[g]


def last_label_refused(g, K):
    """g >= K − 1."""
    g = np.asarray(g)
    if (g < 0).any() or (g >= K - 1).any():
        raise ValueError("no such label")
    return np.eye(K)[g]


def label_in_its_column(g, K):
    """The label itself in the place of 1."""
    g = np.asarray(g)
    if (g < 0).any() or (g >= K).any():
        raise ValueError("no such label")
    return np.eye(K)[g] * g[:, None]


def zeros_and_ones_exchanged(g, K):
    """1 − one-hot."""
    g = np.asarray(g)
    if (g < 0).any() or (g >= K).any():
        raise ValueError("no such label")
    return 1 - np.eye(K)[g]


def counted_by_label(g, K):
    """How often each label occurs."""
    g = np.asarray(g)
    if (g < 0).any() or (g >= K).any():
        raise ValueError("no such label")
    return np.bincount(g, minlength=K) * 1.0


def one_column_too_many(g, K):
    """K + 1 columns."""
    g = np.asarray(g)
    if (g < 0).any() or (g >= K).any():
        raise ValueError("no such label")
    return np.eye(K + 1)[g]


def list_of_rows(g, K):
    """No row, no columns."""
    g = np.asarray(g)
    if (g < 0).any() or (g >= K).any():
        raise ValueError("no such label")
    return np.array([[1.0 if k == label else 0.0 for k in range(K)] for label in g])


EXERCISE = Exercise(
    name="one_hot",
    chapter="ch5_backprop",
    reference=backprop.one_hot,
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.25, by_meaning(agrees(), AXES)),
        Criterion(
            OUTSIDE,
            0.25,
            refuses("Look at the labels before you use them: is one below 0, or not below `K`?"),
        ),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            minus_one_wraps,
            "indexing takes −1 for the last label, without a word, and raises an IndexError for a label that is too "
            "large. Both should be a ValueError: test the labels first.",
        ),
        Misconception(
            labels_counted_from_one,
            "the labels were counted from 1, as on the slides. In code they are 0 … K − 1: label 0 is the first "
            "column.",
        ),
        Misconception(one_column_an_example, "it is transposed: rows are examples, here as everywhere."),
        Misconception(
            nothing_refused,
            "a label outside 0 … K − 1 gave a row of zeros. Such a label is a mistake in the data: raise a "
            "ValueError.",
        ),
        Misconception(
            truth_values,
            "these are truth values. Wanted are numbers, 0 and 1: what is subtracted from probabilities.",
        ),
        Misconception(
            width_of_the_largest_label,
            "there are as many columns as the largest label asks for. A batch need not contain every label: there are "
            "always `K` columns.",
        ),
        Misconception(
            all_rows_at_once,
            "the labels of all examples have a 1 in *every* row, as `out[:, g] = 1` does. One row goes with one label: give "
            "both, rows and columns.",
        ),
        Misconception(
            asserts,
            "`assert` raises an AssertionError. A ValueError is asked for: `if …: raise ValueError(…)`.",
        ),
        Misconception(
            rank_of_the_label,
            "the labels were numbered anew, by those that occur in the batch. The label itself is the column, whether or "
            "not those before it occur.",
        ),
        Misconception(
            label_k_let_in,
            "the label `K` was let through. Labels begin at 0, so the last one is K − 1.",
        ),
        Misconception(
            label_k_raises_an_index_error,
            "the label `K` got past the test, and there is no such column. Labels begin at 0, so the last one is K − 1.",
        ),
        Misconception(
            negative_labels_let_in,
            "the label −1 was not refused: as an index it means the last place, without a word and without an error. Ask for "
            "labels below 0 as well.",
        ),
        Misconception(
            negative_labels_give_zeros,
            "a negative label was not refused, and gave a row of zeros: it is a mistake in the data too. Ask for labels below 0 "
            "as well.",
        ),
        Misconception(
            large_labels_let_in,
            "labels that are not below `K` were not refused, and gave rows of zeros: they are a mistake in the data too.",
        ),
        Misconception(
            large_labels_raise_an_index_error,
            "a label that is not below `K` ended in an IndexError, as there is no such place. It should be a ValueError: ask for "
            "it before the labels are used.",
        ),
        Misconception(
            zero_refused,
            "the label 0 was refused. Labels begin at 0.",
        ),
        Misconception(
            last_label_refused,
            "the label K − 1 was refused. It is the last one that there is.",
        ),
        Misconception(
            label_in_its_column,
            "the number of the label stands at its place. There should be a 1, whatever the label is called.",
        ),
        Misconception(
            zeros_and_ones_exchanged,
            "zeros and ones are exchanged: the 1 stands at the label.",
        ),
        Misconception(
            counted_by_label,
            "this is how often each label occurs. Every example has a row of its own.",
        ),
        Misconception(
            one_column_too_many,
            "there is one column too many: the labels 0 to K − 1 are `K` labels.",
        ),
        Misconception(
            list_of_rows,
            "an array made of an empty list has no columns, as nothing says how many there are. For no example the shape is "
            "(0, K): start from an array of zeros.",
        ),
    ),
    minutes=4,
    difficulty=1,
    core=False,
)
