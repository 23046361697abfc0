import importlib
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from fnnkit.activations import maxout, maxout_grad, relu, relu_grad, softmax
from fnnkit.datasets import digits
from fnnkit.figures.ch3_activations.forgetting import (
    EPOCHS,
    RATE,
    SEEDS,
    forgetting,
    in_words,
    learners,
    two_tasks,
)

module = importlib.import_module("fnnkit.figures.ch3_activations.forgetting")
SOURCE = Path(__file__).resolve().parents[4] / "solutions" / "ch3_activations.py"
MINE = (relu_grad, maxout, maxout_grad)
ALL = (*MINE, relu, softmax)


@pytest.fixture
def short(monkeypatch):
    """Two epochs a task: what is tested is not how well it learns."""
    monkeypatch.setattr(module, "EPOCHS", 2)


def test_both_networks_have_the_numbers_of_parameters_that_the_notebook_says():
    sizes = {name: learner.size for name, learner in learners(*ALL, seed=1).items()}
    assert sizes == {"ReLU": 64 * 60 + 60 + 60 * 10 + 10, "maxout": 64 * 64 + 64 + 32 * 10 + 10}
    assert f"{sizes['ReLU']} and {sizes['maxout']} parameters" in SOURCE.read_text()


@pytest.mark.parametrize("name", ["ReLU", "maxout"])
def test_a_pass_over_one_minibatch_is_the_step_that_pytorch_takes(name):
    learner = learners(*ALL, seed=3)[name]
    data = digits()
    X, g = data.X_train[:20], data.g_train[:20]
    p = [torch.tensor(a, requires_grad=True) for a in (learner.W, learner.c, learner.U, learner.d)]
    Z = torch.tensor(X) @ p[0] + p[1]
    H = torch.relu(Z) if name == "ReLU" else Z.reshape(20, 32, 2).amax(dim=2)
    torch.nn.functional.cross_entropy(H @ p[2] + p[3], torch.tensor(g)).backward()
    expected = [t.detach().numpy() - RATE * t.grad.numpy() for t in p]
    learner.epoch(X, g)
    for mine, theirs in zip((learner.W, learner.c, learner.U, learner.d), expected, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-12)


def test_task_b_is_task_a_with_its_pixels_in_another_order():
    a, b = two_tasks("other order", np.random.default_rng(0))
    np.testing.assert_array_equal(a.g, b.g)
    np.testing.assert_array_equal(np.sort(a.X, axis=1), np.sort(b.X, axis=1))
    assert not np.array_equal(a.X, b.X)
    moved = [np.flatnonzero((a.X[:, [j]] == b.X).all(axis=0)) for j in range(64)]
    assert all(len(m) >= 1 for m in moved)
    np.testing.assert_array_equal(np.sort(a.X_test, axis=1), np.sort(b.X_test, axis=1))


def test_task_b_may_be_the_other_digits():
    a, b = two_tasks("other digits", np.random.default_rng(0))
    assert set(a.g) == set(a.g_test) == {0, 1, 2, 3, 4}
    assert set(b.g) == set(b.g_test) == {5, 6, 7, 8, 9}
    assert len(a.X) + len(b.X) == len(digits().X_train)


def test_the_numbers_of_the_notebook_come_out_again():
    text = " ".join(SOURCE.read_text().replace("\n# ", " ").split())
    said = re.search(
        r"Both had read (\d+) % of task A's test images; after task B the ReLUs still read (\d+) % of them and the maxout units "
        r"(\d+) %, on average over the seeds 1 to 5, with single seeds between (\d+) % and (\d+) %",
        text,
    )
    learned, by_relu, by_maxout, least, most = (int(n) for n in said.groups())
    assert tuple(SEEDS) == (1, 2, 3, 4, 5)
    *_, state = module.record(*ALL, SEEDS, "other order")
    kept = {name: 100 * accuracy[-1, :, 0] for name, accuracy in state.items()}
    # Another linear algebra library rounds otherwise, and a training goes its own way from there.
    for name, percentage in (("ReLU", by_relu), ("maxout", by_maxout)):
        assert 100 * state[name][EPOCHS, :, 0].mean() == pytest.approx(learned, abs=2)
        assert kept[name].mean() == pytest.approx(percentage, abs=3)
        assert 100 * state[name][-1, :, 1].mean() > 90
    both = np.concatenate(list(kept.values()))
    assert (both.min(), both.max()) == pytest.approx((least, most), abs=5)


@pytest.mark.exhaustive
def test_thirty_seeds_settle_what_five_cannot(monkeypatch):
    text = " ".join(SOURCE.read_text(encoding="utf-8").replace("\n# ", " ").split())
    said = re.search(
        r"Thirty seeds \(1 to 30\) can: (\d+) % against (\d+) %, a difference of ([\d.]+) ± ([\d.]+) percentage points "
        r"\(mean and standard error of the pairs\), and maxout ahead in (\d+) of 30",
        text,
    )
    by_relu, by_maxout, difference, error, ahead = (float(n) for n in said.groups())
    seeds = range(1, 31)
    *_, state = module.record(*ALL, seeds, "other order")
    kept = {name: 100 * accuracy[-1, :, 0] for name, accuracy in state.items()}
    gap = kept["maxout"] - kept["ReLU"]
    assert kept["ReLU"].mean() == pytest.approx(by_relu, abs=1.5)
    assert kept["maxout"].mean() == pytest.approx(by_maxout, abs=1.5)
    assert gap.mean() == pytest.approx(difference, abs=1.5)
    assert gap.std(ddof=1) / np.sqrt(30) == pytest.approx(error, abs=0.3)
    assert (gap > 0).sum() == pytest.approx(ahead, abs=3)
    [wide] = re.findall(r"Four times as many ReLUs\* \(240\) kept (\d+) % over the same thirty seeds", text)
    monkeypatch.setattr(module, "RELUS", 240)
    *_, state = module.record(*ALL, seeds, "other order")
    assert 100 * state["ReLU"][-1, :, 0].mean() == pytest.approx(float(wide), abs=1.5)
    *_, state = module.record(*ALL, SEEDS, "other digits")
    assert all(100 * accuracy[-1, :, 0].max() < 0.5 for accuracy in state.values())


def test_of_other_digits_nothing_is_left():
    *_, state = module.record(*ALL, (1,), "other digits")
    for accuracy in state.values():
        assert accuracy[EPOCHS, 0, 0] > 0.9
        assert accuracy[-1, 0, 0] < 0.05


def captions(shown):
    said = []
    for epoch in range(2 * module.EPOCHS + 1):
        shown.set(epoch=epoch)
        said.append(shown.said)
    return said


def test_there_is_a_picture_for_every_epoch_and_the_last_one_which_it_opens_at_tells_every_seed(short):
    shown = forgetting(*MINE, seeds=[4, 7])
    assert shown.values == {"epoch": 2 * module.EPOCHS}
    assert "Left of A after B: ReLU" in shown.said
    assert "(seeds 4, 7: " in shown.said
    said = captions(shown)
    assert said[0].startswith("Mean of 2 seeds, before training: ReLU ")
    assert "epoch 1, on task A" in said[1]
    assert "epoch 3, on task B" in said[3]
    assert len(set(said)) == len(said)


def test_the_same_seeds_give_the_same_pictures(short):
    assert captions(forgetting(*MINE, seeds=[2])) == captions(forgetting(*MINE, seeds=[2]))
    assert captions(forgetting(*MINE, seeds=[2])) != captions(forgetting(*MINE, seeds=[3]))


@pytest.mark.parametrize(
    ("maxouts", "verdict"),
    [
        ((0.5, 0.75), "Maxout kept more in 2 of 2 seeds, and less in 0."),
        ((0.25, 0.75), "Maxout kept more in 1 of 2 seeds, and less in 1."),
        ((0.125, 0.5), "Maxout kept more in 0 of 2 seeds, and less in 1."),
    ],
)
def test_whoever_wins_is_said(maxouts, verdict):
    accuracy = np.full((2 * EPOCHS + 1, 2, 2), 0.9)
    relu, other = accuracy.copy(), accuracy.copy()
    relu[-1, :, 0], other[-1, :, 0] = (0.375, 0.5), maxouts
    said = in_words({"ReLU": relu, "maxout": other}, (8, 9))
    assert said.endswith(verdict)
    assert "ReLU 90% on A at first, 90% on B at the end" in said
    assert f"maxout {np.mean(maxouts):.0%} (seeds 8, 9: {maxouts[0]:.0%}, {maxouts[1]:.0%})" in said


def test_the_networks_run_on_the_given_functions(short):
    used = []

    def watched(function):
        def called(*args):
            used.append(function.__name__)
            return function(*args)

        return called

    assert "<img" in forgetting(*map(watched, MINE), seeds=[1]).picture.value
    assert set(used) == {"relu_grad", "maxout", "maxout_grad"}


def test_a_gradient_with_the_wrong_sign_learns_nothing_and_the_figure_shows_it(short):
    shown = forgetting(lambda z: -relu_grad(z), maxout, maxout_grad, seeds=[1])
    by_relu, by_maxout = (int(n) for n in re.findall(r"(\d+)% on A at first", shown.said))
    assert by_relu < by_maxout - 20


def stub(*args):
    raise NotImplementedError


@pytest.mark.parametrize(
    ("position", "wrong", "words"),
    [
        (0, stub, "Your stub has no code yet"),
        (1, stub, "Your stub has no code yet"),
        (2, stub, "Your stub has no code yet"),
        (0, lambda z: z[:, 0], "slope should have shape"),
        (1, lambda Z, k: Z, "H should have shape"),
        (2, lambda Z, k, u: u, "gradient should have shape"),
        (2, lambda Z, k, u: None, "returns nothing"),
        (0, lambda z: z / 0, "NaN or infinite"),
    ],
)
def test_what_cannot_be_trained_is_said_in_words(short, position, wrong, words):
    functions = [wrong if i == position else f for i, f in enumerate(MINE)]
    shown = forgetting(*functions, seeds=[1])
    assert words in shown.alt
    assert "<img" not in shown.picture.value


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"second": "other pixels"}, "second should be one of 'other order'"),
        ({"seeds": []}, "at least one whole number"),
    ],
)
def test_wrong_arguments_are_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        forgetting(*MINE, **arguments)


def test_nothing_is_cut_off(short):
    image = forgetting(*MINE, seeds=[1]).figure.draw()
    margin = np.concatenate(
        [image[:3].ravel(), image[-3:].ravel(), image[:, :3].ravel(), image[:, -3:].ravel()]
    )
    assert (margin == 255).all()
