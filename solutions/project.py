# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Project · Your own network library
#
# Six chapters, and every piece of a neural network has gone through your hands once. Here they become one thing: a small
# library that trains networks of any depth, made of **your** functions. Nothing here is marked. There are open questions, and
# a table for what you find.
#
# `mine` fetches your functions from the chapters that lie beside this one, as you saved them. Where one is missing or does
# not pass its check yet, it takes the reference and says so, once. You can work here before you have solved everything, and
# come back.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np

from fnnkit.datasets import digits, spirals
from fnnkit.exercises import mine, progress
from fnnkit.rnn import latch_task

used = ["affine", "relu", "relu_grad", "categorical_nll", "output_delta", "minibatches", "sgd_step", "rmsprop_step",
        "init_scale", "orthogonal", "clip_by_global_norm", "rnn_forward", "bptt"]
for name in used:
    print(f"{name:<20} {mine.source(name)}")

# %% [markdown]
# ## 1 · The library
#
# A network is a list of layers, a layer is a weight matrix and a bias. Forward: `affine`, then `relu`, layer after layer, and
# the last one without `relu`. Backward: `output_delta` starts, and each layer hands the signal on through its weights and
# its `relu_grad`. Read it: there is no line that you have not derived.

# %%
def start(sizes, rng):
    """Weights of a network with these widths, drawn with He's scale."""
    layers = {}
    for i, (n, m) in enumerate(zip(sizes[:-1], sizes[1:])):
        layers[f"W{i}"] = rng.normal(size=(n, m)) * mine.init_scale("he", n, m)
        layers[f"b{i}"] = np.zeros(m)
    return layers


def scores(X, net):
    """Scores of all examples, and what each layer was given."""
    inputs, Z, last = [], [], len(net) // 2 - 1
    for i in range(last + 1):
        inputs.append(X)
        Z.append(mine.affine(X, net[f"W{i}"], net[f"b{i}"]))
        X = mine.relu(Z[-1]) if i < last else Z[-1]
    return X, inputs, Z


def loss_and_gradient(X, g, net):
    """The loss on some examples, and its gradient by every weight."""
    Y, inputs, Z = scores(X, net)
    delta, grads = mine.output_delta(Y, g), {}
    for i in reversed(range(len(Z))):
        grads[f"W{i}"], grads[f"b{i}"] = inputs[i].T @ delta, delta.sum(axis=0)
        if i > 0:
            delta = mine.relu_grad(Z[i - 1]) * (delta @ net[f"W{i}"].T)
    return mine.categorical_nll(Y, g), grads


# %% [markdown]
# **Trust it first.** In each array one entry is moved by a little, and the loss measured. Do the differences agree with the
# gradient? (At a kink of `relu` they cannot; a random network has none nearby.)

# %%
rng = np.random.default_rng(0)
net, X, g = start([5, 7, 6, 3], rng), rng.normal(size=(8, 5)), rng.integers(0, 3, size=8)
_, grads = loss_and_gradient(X, g, net)
for name, array in net.items():
    index = tuple(rng.integers(0, n) for n in array.shape)
    up, down = (net | {name: array.copy()} for _ in range(2))
    up[name][index] += 1e-5
    down[name][index] -= 1e-5
    difference = (loss_and_gradient(X, g, up)[0] - loss_and_gradient(X, g, down)[0]) / 2e-5
    print(f"{name}: gradient {grads[name][index]:+.6f}, difference {difference:+.6f}")

# %% [markdown]
# ## 2 · Digits
#
# One function trains: minibatches in a new order each epoch, and a step by plain gradient descent or RMSProp.

# %%
def train(net, X, g, epochs, rate, optimiser, seed, size=32):
    """Train a copy of a network; gives it and its loss on all examples after each epoch."""
    order, losses = np.random.default_rng(seed), []
    state = {name: np.zeros_like(array) for name, array in net.items()}
    for _ in range(epochs):
        for batch in mine.minibatches(len(X), size, order.permutation(len(X))):
            _, grads = loss_and_gradient(X[batch], g[batch], net)
            if optimiser == "SGD":
                net = mine.sgd_step(net, grads, rate)
            else:
                steps = {n: mine.rmsprop_step(net[n], grads[n], state[n], rate, 0.9, 1e-8) for n in net}
                net, state = {n: s[0] for n, s in steps.items()}, {n: s[1] for n, s in steps.items()}
        losses.append(loss_and_gradient(X, g, net)[0])
    return net, losses


def right(X, g, net):
    """The share of examples whose label has the highest score."""
    return np.mean(scores(X, net)[0].argmax(axis=1) == g)


X_train, g_train, X_test, g_test = digits()
results = []
fig, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
for depth, style in ((1, "-"), (3, "--")):
    for optimiser, rate, colour in (("SGD", 0.1, "#0072B2"), ("RMSProp", 0.001, "#D55E00")):
        begin = time.perf_counter()
        net = start([64, *[32] * depth, 10], np.random.default_rng(0))
        net, losses = train(net, X_train, g_train, 12, rate, optimiser, seed=0)
        results.append(("digits", f"{depth} hidden layer{'s' * (depth > 1)}, {optimiser}", right(X_test, g_test, net)))
        axes.plot(range(1, 13), losses, style, color=colour, label=f"{depth} hidden, {optimiser}")
        print(f"{results[-1][1]}: {results[-1][2]:.1%} of new digits right, {time.perf_counter() - begin:.1f} s")
axes.set(xlabel="epoch", ylabel="loss on the training digits", yscale="log")
axes.legend()
plt.show()

# %% [markdown]
# **Open questions.** Change one thing at a time, and write down what you expect before you run it.
#
# 1. Two spirals (`X, g = spirals(400, 0.02, np.random.default_rng(0))`) need more than a line. How many hidden units does one
#    layer need, and how few do three layers manage with?
# 2. Take all weights 0 at the start, or ten times He's scale. Which symptom belongs to which chapter?
# 3. The rate 0.1 was chosen for you. Where is the border, and does it move with the depth?
# 4. Train on the first 100 digits only. What happens to the loss, and what to the share of new digits that are right?

# %%
X, g = spirals(400, 0.02, np.random.default_rng(0))
net, losses = train(start([2, 16, 2], np.random.default_rng(0)), X, g, 60, 0.01, "RMSProp", seed=0)
results.append(("spirals", "1 hidden layer of 16, RMSProp", right(X, g, net)))
print(f"spirals: {results[-1][2]:.1%} right, loss {losses[-1]:.3f}")

# %% [markdown]
# ## 3 · A sequence
#
# The latch task of chapter 6: the class is shown at the first step, then there is noise, and the answer is asked for at the
# last. `bptt` gives the gradients, `clip_by_global_norm` keeps a bad one short, and `orthogonal` makes the start.

# %%
def latch(T, seed, units=16, steps=300):
    """Train a recurrent network on the latch task; the share of new sequences that it gets right."""
    rng = np.random.default_rng(seed)
    params = {"A": rng.normal(size=(1, units)), "W": mine.orthogonal(rng.normal(size=(units, units))),
              "b": np.zeros(units), "V": rng.normal(size=(units, 2)) / units}
    for _ in range(steps):
        X, g = latch_task(T, 20, rng)
        h0 = np.zeros((len(g), units))
        delta_y = np.zeros((T, len(g), 2))
        delta_y[-1] = mine.output_delta(mine.rnn_forward(X, h0, params)["Y"][-1], g)
        params = mine.sgd_step(params, mine.clip_by_global_norm(mine.bptt(X, h0, params, delta_y), 1.0), 0.1)
    X, g = latch_task(T, 400, rng)
    return np.mean(mine.rnn_forward(X, np.zeros((400, units)), params)["Y"][-1].argmax(axis=1) == g)


for T in (10, 30):
    results.append(("latch", f"{T} steps, orthogonal start", latch(T, seed=0)))
    print(f"{T} steps: {results[-1][2]:.0%} of new sequences right")

# %% [markdown]
# **Open questions.**
#
# 5. Replace the orthogonal start by a Gaussian one of the same scale, $1/\sqrt{m}$. From which $T$ on does it fail?
# 6. Show the class at the first *two* steps and ask for whether they agree (that is XOR, through time). What has to change?
# 7. Put your `lstm_cell` in the place of `rnn_forward`. Its gradients you have not written: `numerical_gradient` has, for a
#    network small enough. How small?

# %% [markdown]
# ## 4 · Your table
#
# Every experiment above has added a line. Add your own (`results.append((task, what, share))`), and look for the line that
# surprised you most: that is the one to explain to somebody.

# %%
for task, what, share in results:
    print(f"{task:<8} {what:<32} {share:>6.1%}")
progress()
