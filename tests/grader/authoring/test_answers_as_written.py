"""Answers as students write them: each right one gets everything, no wrong one does.

Those of a chapter stand in one text, ``answers_CHAPTER.txt``, a line ``=== EXERCISE__right__NAME`` before each. They were
written from the notebook alone.
"""

from pathlib import Path

import pytest

from fnnkit.judge.registry import contents
from grader.authoring.answers_folder import find, judge_all, summary

TEXTS = {
    p.stem.removeprefix("answers_"): p.read_text(encoding="utf-8")
    for p in sorted(Path(__file__).parent.glob("answers_*.txt"))
}
# Of each chapter, how many are right and how many wrong.
HOW_MANY = {
    "ch1_xor": (136, 355),
    "ch2_output_units": (57, 161),
    "ch3_activations": (56, 161),
    "ch4_universal_approximation": (80, 192),
    "ch5_backprop": (93, 236),
    "ch6_vanishing_gradients": (86, 237),
}


def sections(chapter):
    """Names of a chapter's answers, and the text of each."""
    apart = (s.partition("\n") for s in ("\n" + TEXTS[chapter]).split("\n=== ")[1:])
    return [(name, text) for name, _, text in apart]


def asked(chapter):
    """Exercises that they answer, in the order of the notebook."""
    answered = {name.split("__")[0] for name, _ in sections(chapter)}
    assert answered <= set(contents(chapter))
    return [name for name in contents(chapter) if name in answered]


EACH = [(chapter, exercise) for chapter in TEXTS for exercise in asked(chapter)]


# What was said of an answer once, and is not so.
UNTRUE = {
    ("ch5_backprop", "one_hot__wrong__max_of_empty"): "as many columns as the largest label",
    ("ch5_backprop", "backprop__wrong__b_and_d_swapped"): "you have the 2 labels there",
    ("ch6_vanishing_gradients", "rnn_forward__wrong__h0_inside_H"): "you have the 2 examples there",
    ("ch1_xor", "collapse_linear__wrong__W2_at_c1"): "off by the same",
    ("ch1_xor", "xor_network__wrong__returns_Z"): "is not cut off",
    ("ch3_activations", "softplus_grad__wrong__even_function"): "something else is wrong",
    ("ch4_universal_approximation", "trajectory_length__wrong__first_row_on_top"): "is not used",
    (
        "ch6_vanishing_gradients",
        "bptt__wrong__last_state_at_first_step",
    ): "the state after the step was taken",
}


@pytest.mark.parametrize(("chapter", "answer"), UNTRUE, ids=[answer for _, answer in UNTRUE])
def test_what_is_not_so_is_not_said(tmp_path, chapter, answer):
    [text] = [text for name, text in sections(chapter) if name == answer]
    (tmp_path / f"{answer}.py").write_text(text, encoding="utf-8")
    [outcome] = judge_all(find(tmp_path)[0], seeds=1, jobs=1)
    [verdict] = outcome.verdicts
    said = f"{verdict}\n{verdict.cause}\n{verdict.hint}"
    assert "yours" in said.lower()
    assert UNTRUE[chapter, answer] not in said


@pytest.mark.parametrize("chapter", TEXTS)
def test_all_of_them_are_there(chapter):
    names = [name for name, _ in sections(chapter)]
    assert len(set(names)) == len(names)
    assert tuple(sum(f"__{kind}__" in n for n in names) for kind in ("right", "wrong")) == HOW_MANY[chapter]


@pytest.mark.sampled
@pytest.mark.parametrize(("chapter", "exercise"), EACH, ids=[exercise for _, exercise in EACH])
def test_none_is_refused_and_none_survives(tmp_path, chapter, exercise):
    for name, text in sections(chapter):
        if name.startswith(exercise + "__"):
            (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    files, strange = find(tmp_path)
    assert not strange
    outcomes = judge_all(files, seeds=2, jobs=1, causes=False)
    assert not [o.line() for o in outcomes if not o.as_named]
    assert summary(outcomes)[1]
