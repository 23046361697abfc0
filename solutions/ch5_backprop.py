# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Chapter 5 · Back-propagation and gradient methods
#
# A network has thousands of parameters, and gradient descent wants one number for each: how the loss answers when this
# parameter moves a little. To try them one by one takes thousands of forward passes. **Back-propagation gets all the
# numbers in one sweep back, for about the price of two forward passes more.** You write it by hand, check it against
# differences, train a network with it, and see why it works on any graph.
#
# **When you are through, you can**
#
# - derive the error signals of a network with one hidden layer, and write the gradient of every parameter,
# - tell a right gradient from a wrong one by finite differences, and say what that costs,
# - train with minibatches, and choose a learning rate, a decay, AdaGrad or RMSProp for a reason,
# - run the chain rule backwards through any graph, and say why the order matters and the number of paths does not,
# - say when forward accumulation would be cheaper than reverse.
#
# <!-- time --> They are checked like the others and carry no points.
#
# <!-- map -->

# %% [markdown]
# ## Slides ↔ code
#
# | slides | here | why |
# |---|---|---|
# | $\mathbf{x}$, $\mathbf{h}$, $\mathbf{y}$: columns, one example | rows of `X (n, d)`, `H (n, m)`, `Y (n, K)` | many examples at once |
# | $\mathbf{y} = f(U g(W\mathbf{x} + \mathbf{b}) + \mathbf{d})$ | `Y = tanh(X @ W + b) @ U + d` | the scores; no $f$ on them, softmax comes with the loss |
# | $W$, $U$: a **row** a unit | `W (d, m)`, `U (m, K)`: a **column** a unit | $U_\text{slides} = U^\top$: most sign and transpose errors start here |
# | $z_j$, $h_j = g(z_j)$ | `Z`, `H = tanh(Z)` | $g$ is tanh in this chapter |
# | $g_i \in \{1, \dots, K\}$, the label | `g (n,)`, integers $0 \dots K-1$ | the same letter as the activation, also on the slides |
# | $\tilde{\mathbf{y}}$ | softmax of `Y`, row by row | probabilities |
# | $\delta^o$, $\delta^h$ | `delta_o (n, K)`, `delta_h (n, m)` | derivatives with respect to `Y` and `Z`, opposite sign: see 1.3 |
# | $J$, elsewhere $L$ | one loss, **minimised**, the mean over the examples | |
# | $\boldsymbol{\theta} = \{W, U\}$ | `params`, a dictionary with `W`, `b`, `U`, `d` | a gradient is a dictionary with the same keys |
#
# **Letters with two meanings.** $d$ is the number of inputs, and `d` the output biases (on the slides too: $\mathbf{d}$). $m$ is the number of hidden
# units; in part 3 it is the number of examples in a minibatch, as on the slides. $n$ is the number of examples; in the chain rule, of paths.
#
# **In all exercises** a function never changes what it is given. Numbers are float64 and there is at least one example, but
# for the **unusual input** that a card names, which is worth a quarter of a point:
#
# - *whole numbers*: all arrays of the call hold integers. The result is what the same numbers give as floats.
# - *float32*: all arrays of the call but labels are float32. The result may be float32 or float64, and relative errors up to
#   $10^{-5}$ do not count.
#
# Labels and counts are integers in every call.

# %% tags=["given"]
import numpy as np

import fnnkit.figures.ch5_backprop as figures
from fnnkit.datasets import digits, parity
from fnnkit.exercises import check, milestone, progress, ready

X_train, g_train, X_test, g_test = digits()

# %% [markdown]
# # Part 1 · By hand
#
# ## 1.1 Forward
#
# Our network has one hidden layer. The weight $w_{ij}$ leads from input $i$ to hidden unit $j$, the weight $u_{jk}$ from hidden
# unit $j$ to output $k$:
#
# $$z_j = \sum_i x_i w_{ij} + b_j, \qquad h_j = \tanh(z_j), \qquad y_k = \sum_j h_j u_{jk} + d_k .$$
#
# The way back needs the values of the way forward, so we keep all three.

# %% [markdown]
# ### Exercise `forward` · ●○○○ · 6 minutes · 1 point
#
# **Goal.** Pre-activations, activations and scores of all examples, in a dictionary with the keys `"Z"`, `"H"` and `"Y"`.
# **Need not:** compute probabilities or check shapes. **Unusual input** (¼ point): whole numbers, float32.
#
# <details><summary>Hint 1</summary>A layer for all rows at once is the <code>affine</code> of chapter 1: a product, plus the
# biases.</details>
# <details><summary>Hint 2</summary><code>np.tanh</code> works entry by entry. Which of the two layers has it?</details>
# <details><summary>Hint 3</summary>Three lines, one for each formula above; each uses what the line before gave.</details>

# %% nbgrader={"grade_id": "forward", "solution": true}
def forward(X, params):
    """Values of all layers of Y = tanh(X W + b) U + d.

    X: (n, d) examples.  params: a dictionary with W (d, m), b (m,), U (m, K), d (K,).
    Returns a dictionary: "Z" (n, m) before tanh, "H" (n, m) after it, "Y" (n, K) scores.
    """
    ### BEGIN SOLUTION
    Z = X @ params["W"] + params["b"]
    H = np.tanh(Z)
    Y = H @ params["U"] + params["d"]
    return {"Z": Z, "H": H, "Y": Y}
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_forward", "grade": true}
check("forward", forward)

# %% [markdown]
# ## 1.2 What the scores should be
#
# Softmax makes probabilities of scores, and the label's probability is what we want to be large:
#
# $$P(k \mid \mathbf{x}) = \tilde y_k = \frac{\exp(y_k)}{\sum_t \exp(y_t)}, \qquad
# J(\boldsymbol{\theta}) = -\frac1n \sum_{(\mathbf{x}, g)} \log P(g \mid \mathbf{x}) .$$
#
# > **The slides say** $\exp \sum_j y_j$ in the denominator on the page about the error signal; **we use** $\sum_j \exp(y_j)$,
# > as they do elsewhere. And they sum over the examples where **we use** the mean: the minimum is at the same place, and the
# > learning rate keeps its meaning when there are more examples.
#
# Is that what we want? What counts in the end is how often the network is wrong on *new* examples. Two steps lead from there to
# $J$. New examples are not at hand, so we average over those that we have: the **empirical risk**. And the number of errors is
# flat almost everywhere: move a weight a little, and no example changes sides, so its gradient is zero. The negative
# log-likelihood is a **surrogate** with a slope: it says how far an example is from the right side. It can
# even go on improving when no training error is left.
#
# In what follows each label appears as a row of $K$ numbers: $\mathbf{1}_g$ is 1 at the label and 0 elsewhere.

# %% [markdown]
# ### Exercise `one_hot` · ●○○○ · 4 minutes · further
#
# **Goal.** The rows $\mathbf{1}_g$ for all labels, as numbers 0 and 1 (truth values will not do). A label outside
# $0 \dots K-1$ is a mistake in the data, too large or negative: `raise ValueError("…")`.
# **Need not:** handle labels that are no integers. **Unusual input:** an empty `g` (the result has the shape `(0, K)`); `K` = 1.
#
# <details><summary>Hint 1</summary>Row <i>k</i> of the identity matrix is what belongs to label <i>k</i>.</details>
# <details><summary>Hint 2</summary>An array of integers picks rows. What does <code>-1</code> pick?</details>
# <details><summary>Hint 3</summary>Ask before you pick: is <code>(g &lt; 0).any()</code>, or one too large?</details>

# %% nbgrader={"grade_id": "one_hot", "solution": true}
def one_hot(g, K):
    """A 1 at the label, 0 elsewhere.

    g: (n,) integers, labels 0 … K - 1.  K: the number of labels.
    Returns an array of numbers of shape (n, K). Raises ValueError if a label is outside 0 … K - 1.
    """
    ### BEGIN SOLUTION
    if (g < 0).any() or (g >= K).any():
        raise ValueError(f"labels should be 0 … {K - 1}")
    return np.eye(K)[g]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_one_hot", "grade": true}
check("one_hot", one_hot)

# %% [markdown]
# ## 1.3 The error signal at the output
#
# An **error signal** (the slides' *delta*) says how the loss answers when what arrives at a unit moves a little. At output
# unit $k$, for one example with label $g$:
#
# $$J = -\log P(g \mid \mathbf{x}) = -y_g + \log \sum_t \exp(y_t)$$
#
# $$\frac{\partial J}{\partial y_k}
# = -[k = g] + \frac{\exp(y_k)}{\sum_t \exp(y_t)}
# = \tilde y_k - [k = g] .$$
#
# Here $[k = g]$ is 1 if $k$ is the label and 0 if not (the slides' $\delta(k, g)$). So the signal is the probability minus what it should have been. For the label it is negative: this score should rise. For all others it is
# positive. The loss of a batch is the *mean* over $n$ examples, so each row is divided by $n$. This $1/n$ is then in everything that is computed from the rows, and no
# later formula has to mention it. With a row of $\mathbf{1}_g$ for each example:
#
# $$\Delta^o = \tfrac1n\,(\tilde Y - \mathbf{1}_g) .$$
#
# > **The slides say** $J = \log P$ here and let it *grow*, so their $\delta^o = \mathbf{1}_g - \tilde{\mathbf{y}}$ has the
# > opposite sign. **We use** $J = -\log P$, as on their page on learning as optimisation, and go down. (On the page on the stochastic
# > gradient method the minus of the NLL is missing.)

# %% [markdown]
# ### Exercise `output_delta` · ●●○○ · 8 minutes · 1.5 points
#
# **Goal.** $\Delta^o$ from scores and labels. Scores may be in the thousands; nothing should overflow or warn.
# **Need not:** check the labels. In chapter 2 this was `categorical_nll_grad`; here it is the first of the signals that go
# back. If you take that or your `softmax` over, put it into this cell. **Unusual input** (¼ point): whole
# numbers, float32.
#
# <details><summary>Hint 1</summary>Softmax first, each row by itself. What may you subtract from a row of scores without
# changing its softmax?</details>
# <details><summary>Hint 2</summary>A sum or maximum along an axis keeps that axis with <code>keepdims=True</code>, so that
# rows meet their own.</details>
# <details><summary>Hint 3</summary>The labels: your <code>one_hot</code>, or pairs of indices, rows
# <code>np.arange(n)</code> and columns <code>g</code>. And how many examples are there?</details>

# %% nbgrader={"grade_id": "output_delta", "solution": true}
def output_delta(Y, g):
    """Error signal at the output units: (softmax(Y) - one-hot) / n.

    Y: (n, K) scores.  g: (n,) integers, labels 0 … K - 1.
    Returns an array of shape (n, K): the derivative of the mean loss with respect to Y.
    """
    ### BEGIN SOLUTION
    n, K = Y.shape
    E = np.exp(Y - Y.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    return (P - np.eye(K)[g]) / n
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_output_delta", "grade": true}
check("output_delta", output_delta)

# %% [markdown]
# ## 1.4 Input times error signal
#
# The weight $u_{jk}$ touches the loss through $y_k$ alone, and $y_k = \sum_j h_j u_{jk} + d_k$:
#
# $$\frac{\partial J}{\partial u_{jk}} = \frac{\partial J}{\partial y_k}\,\frac{\partial y_k}{\partial u_{jk}}
# = \delta^o_k\, h_j , \qquad \frac{\partial J}{\partial d_k} = \delta^o_k .$$
#
# **What goes in, times the signal that comes back**: every gradient of this chapter has that form. All examples use the same
# weights, so their contributions add up; as matrices
#
# $$\frac{\partial J}{\partial U} = H^\top \Delta^o , \qquad \frac{\partial J}{\partial \mathbf{d}} = \text{column sums of } \Delta^o .$$
#
# > **The slides say** $\partial y_i / \partial w_{ij}$ on the page about $U$ and mean $\partial y_i / \partial u_{ij}$. They
# > introduce $u_{jk}$ as hidden $j$ → output $k$ and then write $u_{ij}$ with the *output* first: their $U$ is the transpose of ours, and
# > so is $\partial J / \partial U = \delta^o \mathbf{h}^\top$. $\Delta w = \delta \cdot x$ is printed without the learning rate and its
# > sign; **we use** $w \leftarrow w - \eta\, \delta\, x$.

# %% [markdown]
# ### Exercise `output_gradients` · ●●○○ · 6 minutes · 1 point
#
# **Goal.** The gradients of `U` and `d`.
# **Must not:** divide by n: that has been done. **Unusual input** (¼ point): whole numbers, float32.
#
# <details><summary>Hint 1</summary>A gradient has the shape of what it belongs to. How can <code>(n, m)</code> and
# <code>(n, K)</code> make <code>(m, K)</code>?</details>
# <details><summary>Hint 2</summary>The axis that disappears is the one that is summed over: the examples.</details>
# <details><summary>Hint 3</summary>For the biases it is the same with an input that is always 1.</details>

# %% nbgrader={"grade_id": "output_gradients", "solution": true}
def output_gradients(H, delta_o):
    """Gradients of the output layer: input times error signal, summed over the examples.

    H: (n, m) hidden activations.  delta_o: (n, K) error signal at the output units.
    Returns (dU, dd) of shapes (m, K) and (K,).
    """
    ### BEGIN SOLUTION
    return H.T @ delta_o, delta_o.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_output_gradients", "grade": true}
check("output_gradients", output_gradients)

# %% [markdown]
# ## 1.5 The error signal goes back
#
# Hidden unit $j$ touches the loss through *all* scores. A variable that acts along several paths acts through each, and the
# effects add up. That is the **multiple-path chain rule**:
#
# $$\frac{\partial z}{\partial x} = \sum_{i=1}^n \frac{\partial z}{\partial y_i}\,\frac{\partial y_i}{\partial x} .$$
#
# From $z_j$ every path leads through $h_j$ to one of the scores:
#
# $$\delta^h_j = \frac{\partial J}{\partial z_j}
# = \frac{\partial h_j}{\partial z_j} \sum_k \frac{\partial J}{\partial y_k}\,\frac{\partial y_k}{\partial h_j}
# = g'(z_j) \sum_k \delta^o_k\, u_{jk} .$$
#
# The sum runs over the outputs: the signal goes through the same weights as the values did, the other way. For tanh
# $g'(z) = 1 - \tanh^2 z$, between 0 and 1: a unit far out, where tanh is flat, lets nothing through. Line by line, ours beside the slides':
#
# | what | ours: rows, downhill | slides: columns, uphill |
# |---|---|---|
# | scores | $Y = HU + \mathbf{d}$ | $\mathbf{y} = U\mathbf{h}$ |
# | goal | $J = -\tfrac1n \sum \log P$, smaller | $J = \log P$, larger |
# | signal at the output | $\Delta^o = (\tilde Y - \mathbf{1}_g)/n$ | $\delta^o = \mathbf{1}_g - \tilde{\mathbf{y}}$ |
# | gradient of $U$ | $H^\top \Delta^o$ | $\delta^o \mathbf{h}^\top$ |
# | signal at the hidden units | $\Delta^h = g'(Z) \circ (\Delta^o U^\top)$ | $\delta^h = g'(\mathbf{z}) \circ U^\top \delta^o$ |
# | gradient of $W$ | $X^\top \Delta^h$ | $\delta^h \mathbf{x}^\top$ |
#
# $\circ$ is the product entry by entry. Both columns have a $U^\top$, and they are two different matrices: ours $(K, m)$, from
# the right; theirs, the transpose of a $(K, m)$, from the left. Do not remember the $^\top$; look at which axes meet.
#
# > **The slides** call the loss $L$ on this page and $J$ on the others. **We use** $J$ throughout.

# %% [markdown]
# ### Exercise `hidden_delta` · ●●○○ · 8 minutes · 1.5 points
#
# **Goal.** $\Delta^h$, the error signal at the pre-activations `Z` of the tanh units. Units may be saturated, with `Z` in the
# thousands: their signal is 0, without a warning.
# **Need not:** treat other activations. **Unusual input** (¼ point): whole numbers, float32.
#
# <details><summary>Hint 1</summary>First what arrives at <code>H</code>: <code>delta_o</code> is (examples, labels),
# <code>U</code> is (hidden units, labels). Which axis should disappear?</details>
# <details><summary>Hint 2</summary>Then one factor for every unit of every example, entry by entry.</details>
# <details><summary>Hint 3</summary>Its formula stands above the table; tanh itself never overflows, other ways to write its slope
# do.</details>

# %% nbgrader={"grade_id": "hidden_delta", "solution": true}
def hidden_delta(Z, U, delta_o):
    """Error signal at the hidden units: g'(Z) ∘ (delta_o Uᵀ), g = tanh.

    Z: (n, m) pre-activations.  U: (m, K) output weights.  delta_o: (n, K) error signal at the output units.
    Returns an array of shape (n, m): the derivative of the loss with respect to Z.
    """
    ### BEGIN SOLUTION
    return (1 - np.tanh(Z) ** 2) * (delta_o @ U.T)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_hidden_delta", "grade": true}
check("hidden_delta", hidden_delta)

# %% [markdown]
# # Part 2 · Trust it
#
# ## 2.1 A gradient that needs no derivation
#
# A network whose gradient is wrong by a sign or a transpose often still learns, badly. So before you go on: write the tool that tells right from
# wrong. In chapter 3 (`numerical_derivative`) every entry had a function value of its own; here all entries move one number. The slope along entry $i$ is, up to an error of the size $\varepsilon^2$,
#
# $$\frac{\partial f}{\partial \theta_i} \approx
# \frac{f(\boldsymbol\theta + \varepsilon\,\mathbf{e}_i) - f(\boldsymbol\theta - \varepsilon\,\mathbf{e}_i)}{2\varepsilon} ,$$
#
# where $\mathbf{e}_i$ moves this one entry and leaves all others where they are.

# %% [markdown]
# ### Exercise `numerical_gradient` · ●●○○ · 12 minutes · 2 points
#
# **Goal.** Central differences over every entry of an array of **any shape**: this quotient with the `eps` of the call, to six
# digits, also where a large `eps` makes it another number than the slope. `f` takes an array of the shape of `theta` and returns a number.
# **Must not:** change `theta`: after the call it has to be what it was, to the last bit, and $x + \varepsilon - \varepsilon$ is
# not always $x$. Work on copies. **Need not:** be fast. **Unusual input** (¼ point): an array of whole numbers (its copy should hold
# fractions), an array without axes, `np.array(0.5)`.
#
# <details><summary>Hint 1</summary>Start with an array of zeros of the shape of <code>theta</code>, and fill in one slope
# after the other.</details>
# <details><summary>Hint 2</summary><code>np.ndindex(theta.shape)</code> gives the places of all entries, whatever the shape: each
# is a tuple <code>i</code>, and <code>theta[i]</code> one number.</details>
# <details><summary>Hint 3</summary>For each entry two fresh copies of floats, one moved up, one moved down. Mind the brackets
# around what you divide by.</details>

# %% nbgrader={"grade_id": "numerical_gradient", "solution": true}
def numerical_gradient(f, theta, eps=1e-5):
    """Gradient of f at theta by central differences, one entry at a time.

    f: a function of an array of the shape of theta that returns a number.
    theta: array of any shape; it is not changed.  eps: the step to each side, a small positive number.
    Returns an array of the shape of theta.
    """
    ### BEGIN SOLUTION
    gradient = np.zeros(theta.shape)
    for i in np.ndindex(theta.shape):
        up, down = theta.astype(float), theta.astype(float)
        up[i] += eps
        down[i] -= eps
        gradient[i] = (f(up) - f(down)) / (2 * eps)
    return gradient
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_numerical_gradient", "grade": true}
check("numerical_gradient", numerical_gradient)

# %% [markdown]
# Now you can check your lines yourself. `categorical_nll` is what you wrote in chapter 2, the mean of $-\log$ softmax at the labels. `mine` takes it from there as you saved it, or from `fnnkit` if it is missing or does not pass its check, and says so. Here is a small network, with all sizes different (if two were
# equal, a transposed matrix might fit), and the loss as a function of the hidden pre-activations:

# %% tags=["experiment"]
from fnnkit.exercises import mine


def initial_parameters(d, m, K, rng):
    """Random weights, biases zero: a start for d inputs, m hidden units, K labels."""
    W, U = rng.normal(0, 1 / np.sqrt(d), (d, m)), rng.normal(0, 1 / np.sqrt(m), (m, K))
    return {"W": W, "b": np.zeros(m), "U": U, "d": np.zeros(K)}


def loss_from_z(Z):
    """What follows after Z: the loss as a function of the pre-activations alone."""
    return mine.categorical_nll(np.tanh(Z) @ params["U"] + params["d"], g)


def distance(one, other):
    """How far apart two gradients are, relative to their length."""
    return np.linalg.norm(one - other) / np.linalg.norm(other)


rng = np.random.default_rng(5)
X, g, params = rng.normal(size=(5, 3)), np.array([1, 0, 1, 1, 0]), initial_parameters(3, 4, 2, rng)
cache = forward(X, params)
delta_o = output_delta(cache["Y"], g)
delta_h = hidden_delta(cache["Z"], params["U"], delta_o)
print("delta_o:", distance(delta_o, numerical_gradient(lambda Y: mine.categorical_nll(Y, g), cache["Y"])))
print("delta_h:", distance(delta_h, numerical_gradient(loss_from_z, cache["Z"])))

# %% [markdown]
# Both should be near $10^{-10}$: that is rounding. A wrong formula gives a tenth, or one, or more. Try it: leave $g'$ out of `hidden_delta`, and run its
# cell and this one again: 0.4.
#
# ## 2.2 One layer below
#
# And now the discovery. The gradient of $W$ takes no new derivation: its input is $\mathbf{x}$, its signal is $\delta^h$, and
#
# $$\frac{\partial J}{\partial w_{ij}} = \frac{\partial J}{\partial z_j}\,\frac{\partial z_j}{\partial w_{ij}} = \delta^h_j\, x_i .$$
#
# > **The slides** head this page "compute gradient of $u_{ij}$" and mean the entries of $W$.

# %% [markdown]
# ### Exercise `hidden_gradients` · ●○○○ · 3 minutes · 0.5 points
#
# **Goal.** The gradients of `W` and `b`. It is the rule of the output layer with other names, and that *is* the point: a layer of a
# deep network needs its input, the signal that comes back, and nothing else.
# **Need not:** divide by n: that has been done.
#
# <details><summary>Hint 1</summary>What is the input of this layer, and what is its signal?</details>
# <details><summary>Hint 2</summary>Look at what you wrote for <code>output_gradients</code>.</details>
# <details><summary>Hint 3</summary>You may call it.</details>

# %% nbgrader={"grade_id": "hidden_gradients", "solution": true}
def hidden_gradients(X, delta_h):
    """Gradients of the hidden layer: input times error signal, summed over the examples.

    X: (n, d) examples.  delta_h: (n, m) error signal at the hidden units.
    Returns (dW, db) of shapes (d, m) and (m,).
    """
    ### BEGIN SOLUTION
    return X.T @ delta_h, delta_h.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_hidden_gradients", "grade": true}
check("hidden_gradients", hidden_gradients)

# %% [markdown]
# ## 2.3 All of it
#
# Forward, signal, gradients, signal, gradients: one function for the whole sweep.

# %% [markdown]
# ### Exercise `backprop` · ●●○○ · 10 minutes · 2 points
#
# **Goal.** The loss (the **mean** of $-\log P(g\mid\mathbf{x})$) and the gradients of all four parameters, under *their* names:
# `{"W": …, "b": …, "U": …, "d": …}`. Chain what you have. The loss has to be right for scores of a million too (in float64),
# where a probability is rounded to 0: no logarithm of it. One row's scores may be near 400 and another's near −400.
# **Must not:** change `params`. **Unusual input** (¼ point): whole numbers, float32.
#
# <details><summary>Hint 1</summary>Forward, then the signal at the output, its gradients, the signal at the hidden units, its
# gradients: five lines, five functions.</details>
# <details><summary>Hint 2</summary>The loss is made of <code>Y</code> and <code>g</code>: −y<sub>g</sub> + log Σ exp(y), see 1.3,
# averaged.</details>
# <details><summary>Hint 3</summary>Take each row's own maximum off all its scores, the label's too: log Σ exp(y − max) −
# (y<sub>g</sub> − max). Nothing overflows, the largest term of the sum is 1, and the maximum has dropped out. Your
# <code>log_softmax</code> of chapter 2 does that.</details>

# %% nbgrader={"grade_id": "backprop", "solution": true}
def backprop(X, g, params):
    """Loss of the network and its gradient, by one way forward and one way back.

    X: (n, d) examples.  g: (n,) integers, labels 0 … K - 1.
    params: a dictionary with W (d, m), b (m,), U (m, K), d (K,).
    Returns (loss, grads): a number, the mean of -log P(label), and a dictionary with the keys of params.
    """
    ### BEGIN SOLUTION
    values = forward(X, params)
    shifted = values["Y"] - values["Y"].max(axis=1, keepdims=True)
    loss = np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(g)), g])
    signal = output_delta(values["Y"], g)
    dU, dd = output_gradients(values["H"], signal)
    below = hidden_delta(values["Z"], params["U"], signal)
    dW, db = hidden_gradients(X, below)
    return loss, {"W": dW, "b": db, "U": dU, "d": dd}
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_backprop", "grade": true}
check("backprop", backprop)

# %% [markdown]
# Ask your own tool as well: the gradient of each parameter, against differences. If one differs, `from fnnkit.exercises import ledger` and `ledger(X, g, params, backprop)` in a cell of your own, below this one, shows every step of `backprop` beside what it should give.

# %% tags=["experiment"]
def by_differences(X, g, params):
    """The gradient of every parameter, by your numerical_gradient of the loss of your backprop."""

    def loss_at(name):
        return lambda value: backprop(X, g, {**params, name: value})[0]

    return {name: numerical_gradient(loss_at(name), params[name]) for name in params}


rng = np.random.default_rng(6)
X, g, params = rng.normal(size=(5, 3)), np.array([1, 0, 1, 1, 0]), initial_parameters(3, 4, 2, rng)
loss, grads = backprop(X, g, params)
differences = by_differences(X, g, params)
for name in params:
    print(f"{name}: {params[name].size:>2} entries, relative distance {distance(grads[name], differences[name]):.1e}")

# %% [markdown]
# Now look at it. One example goes through a small network, step by step, and its signal comes back; all numbers are from **your** functions. Click on a weight: its gradient is what went in, times what
# comes back. Make $W$ large, and watch the hidden units saturate: a signal arrives at them, and hardly anything of it gets through.

# %% tags=["figure"]
figures.signals(forward, output_delta, output_gradients, hidden_delta, hidden_gradients)

# %% [markdown]
# ## 2.4 What it costs
#
# Differences need two forward passes *for each parameter*. A network for the digits of part 3, with 64 inputs, 32 hidden units and
# 10 labels, has 2410 parameters: 4820 forward passes for one gradient. The way back does it in one sweep. How much work is that? A forward pass
# multiplies every weight once with a value, for each example. The way back does so twice: signal times weight, on the way to the layer below, and
# input times signal, for the gradient. So about two forward passes more, whatever the number of parameters.

# %% tags=["experiment"]
import time

for m in (2, 8, 32):
    large = initial_parameters(64, m, 10, np.random.default_rng(0))
    backprop(X_train[:32], g_train[:32], large)  # once, so that nothing is timed that happens only the first time

    one_sweep = np.inf
    for _ in range(20):  # the shortest of twenty: the computer does other things besides
        begin = time.perf_counter()
        _, grads = backprop(X_train[:32], g_train[:32], large)
        one_sweep = min(one_sweep, time.perf_counter() - begin)

    begin = time.perf_counter()
    differences = by_differences(X_train[:32], g_train[:32], large)
    all_differences = time.perf_counter() - begin

    size = sum(value.size for value in large.values())
    apart = max(distance(grads[name], differences[name]) for name in large)
    print(f"{size:>5} parameters: back-propagation {1000 * one_sweep:.2f} ms, differences {1000 * all_differences:.0f} ms,", end=" ")
    print(f"{all_differences / one_sweep:.0f} times as long; at most {apart:.0e} apart")

# %% [markdown]
# The differences take the loss from your `backprop` and leave its gradients unused; by the count above a forward pass alone is a third of that work. The factor grows with the network all the same, and this one is tiny. Differences remain for what they are good for: to check a gradient, once, on a
# small case.

# %% tags=["figure"]
figures.cost(numerical_gradient, backprop)

# %% [markdown]
# # Part 3 · Use it
#
# ## 3.1 A step from a part of the examples
#
# Learning is optimisation: $\boldsymbol\theta \leftarrow \boldsymbol\theta - \eta\,\nabla J(\boldsymbol\theta)$, again and again. A
# **batch** method takes the gradient over all examples for one step. A **minibatch** method draws a few, $m$ of them, and takes the
# mean over these: an estimate of the same gradient, right on average.
#
# > **The slides say** $\nabla J = \sum \log P(g\mid\mathbf{x}) = E[\log P(g\mid\mathbf{x})]$; **we use**
# > $\nabla J = -\tfrac1n \sum \nabla \log P(g \mid \mathbf{x})$: the $-\nabla$ is missing on the right, and a sum is not a mean.
#
# Why are few enough? If single draws scatter with the standard deviation $\sigma$, the mean of $m$ draws scatters with $\sigma/\sqrt m$: a hundred times the examples cost a hundred times the work, and the
# error is a tenth. Less than linear returns.

# %% [markdown]
# ### Exercise `minibatches` · ●○○○ · 6 minutes · 1 point
#
# **Goal.** One pass over the examples, an *epoch*, cut into pieces: a **list** of arrays of indices, slices or copies. Put one after the other, they are `order` again. All have
# `size` indices but the last, which may have fewer.
# **Need not:** shuffle: `order` comes shuffled. **Unusual input** (¼ point): no example (an empty list is the answer); an
# `order` that is a Python list (the pieces are arrays all the same).
#
# <details><summary>Hint 1</summary>A slice <code>order[a:b]</code> ends before <code>b</code>, and may reach beyond the
# end.</details>
# <details><summary>Hint 2</summary><code>range(0, n, size)</code> gives the places where a minibatch starts.</details>
# <details><summary>Hint 3</summary><code>np.asarray</code> makes an array of a list, and leaves an array as it is.</details>

# %% nbgrader={"grade_id": "minibatches", "solution": true}
def minibatches(n, size, order):
    """Cut one pass over the examples into minibatches.

    n: number of examples.  size: examples a minibatch.  order: (n,) integers, each of 0 … n - 1 once.
    Returns a list of integer arrays: order[0:size], order[size:2*size], …; the last may be shorter.
    """
    ### BEGIN SOLUTION
    order = np.asarray(order)
    return [order[start : start + size] for start in range(0, n, size)]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_minibatches", "grade": true}
check("minibatches", minibatches)

# %% [markdown]
# ### Exercise `standard_error` · ●○○○ · 5 minutes · further
#
# **Goal.** $\sigma/\sqrt m$, the standard deviation of the mean of `m` draws with replacement. Estimate $\sigma$ from the $n$ values
# of `per_example`, with $n - 1$ in the denominator; $m$ may be smaller or larger than $n$.
# **Need not:** handle fewer than two values. **Unusual input:** whole numbers, float32.
#
# <details><summary>Hint 1</summary><code>np.std</code> divides by n, unless you ask for something else.</details>
# <details><summary>Hint 2</summary>Its argument <code>ddof</code> is what is taken off n.</details>
# <details><summary>Hint 3</summary><code>m</code> and the number of values have nothing to do with each other.</details>

# %% nbgrader={"grade_id": "standard_error", "solution": true}
def standard_error(per_example, m):
    """Standard error of the mean of m draws, σ / √m.

    per_example: (n,) numbers, at least two.  m: number of draws, 1 or more.
    Returns a number.
    """
    ### BEGIN SOLUTION
    return np.std(per_example, ddof=1) / np.sqrt(m)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_standard_error", "grade": true}
check("standard_error", standard_error)

# %% [markdown]
# A pass over minibatches draws *without* replacement: no example comes twice in an epoch. Then the error is smaller, by the factor
# $\sqrt{(n-m)/(n-1)}$, and 0 when all $n$ are there. For small $m$ the two hardly differ. See it on the loss of the digits:

# %% tags=["experiment"]
rng = np.random.default_rng(0)
params = initial_parameters(64, 32, 10, rng)
Y = forward(X_train, params)["Y"]
losses = np.array([mine.categorical_nll(Y[i : i + 1], g_train[i : i + 1]) for i in range(len(Y))])
n = len(losses)
for m in (1, 16, 256, n):
    with_ = np.std([losses[rng.integers(0, n, m)].mean() for _ in range(2000)])
    without = np.std([losses[rng.permutation(n)[:m]].mean() for _ in range(2000)])
    formula = standard_error(losses, m)
    print(f"m = {m:>4}: formula {formula:.4f}, with replacement {with_:.4f}, without {without:.4f}", end="")
    print(f", formula · √((n−m)/(n−1)) {formula * np.sqrt((n - m) / (n - 1)):.4f}")

# %% tags=["figure"]
figures.scatter(standard_error)

# %% [markdown]
# ### Exercise `sgd_step` · ●○○○ · 4 minutes · 1 point
#
# **Goal.** $\theta \leftarrow \theta - \eta \cdot$ gradient for every array of a dictionary, whatever the names: a **new** dictionary with the same keys.
# `grads` has the same names, perhaps in another order.
# **Must not:** change `params` or its arrays. **Unusual input** (¼ point): whole numbers, float32.
#
# <details><summary>Hint 1</summary><code>for name in params:</code> goes through the names of a dictionary.</details>
# <details><summary>Hint 2</summary><code>dict(params)</code> is a new dictionary that holds the <i>same</i> arrays:
# <code>-=</code> would change them.</details>
# <details><summary>Hint 3</summary>Two dictionaries with the same names need not have the same order: look names up.</details>

# %% nbgrader={"grade_id": "sgd_step", "solution": true}
def sgd_step(params, grads, lr):
    """One step against the gradient.

    params: a dictionary of arrays.  grads: a dictionary with the same names, arrays of the same shapes.
    lr: the learning rate, a number.
    Returns a new dictionary with the names of params.
    """
    ### BEGIN SOLUTION
    return {name: value - lr * grads[name] for name, value in params.items()}
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_sgd_step", "grade": true}
check("sgd_step", sgd_step)

# %% [markdown]
# That is all that training needs. This cell puts it together: the loop is given, and the four functions that it runs are yours.

# %% tags=["experiment"]
def accuracy(params, X, g):
    """Share of examples whose label has the highest score."""
    return float(np.mean(forward(X, params)["Y"].argmax(axis=1) == g))


def train(params, X, g, epochs, size, rate, seed, after_epoch=None):
    """Minibatch training; rate(k, T) is the learning rate of update k of T."""
    order, k = np.random.default_rng(seed), 0
    T = epochs * -(-len(X) // size)  # the number of updates: rounded up, as the last minibatch counts
    for epoch in range(epochs):
        for batch in minibatches(len(X), size, order.permutation(len(X))):
            _, grads = backprop(X[batch], g[batch], params)
            params = sgd_step(params, grads, rate(k, T))
            k += 1
        if after_epoch:
            after_epoch(epoch, params)
    return params


def start(seed, m=32):
    return initial_parameters(64, m, 10, np.random.default_rng(seed))


before = start(0)
print(f"untrained: {accuracy(before, X_test, g_test):.1%} of 450 new digits are right")
trained = train(before, X_train, g_train, epochs=3, size=32, rate=lambda k, T: 0.2, seed=0)
print(f"after three passes over 1347 digits: {accuracy(trained, X_test, g_test):.1%}")

# %% [markdown]
# Watch it learn, pass by pass. The pictures on the right are the weights that lead from the 64 pixels to each hidden unit.

# %% tags=["figure"]
figures.digits(forward, backprop, minibatches, sgd_step)

# %% [markdown]
# ## 3.2 How large a step?
#
# On a bowl (chapter 1, 4.2) $J = \tfrac12 \sum_i \lambda_i \theta_i^2$, all $\lambda_i > 0$, the gradient along coordinate $i$ is $\lambda_i\theta_i$, and a step multiplies the coordinate by
# $1 - \eta\lambda_i$. It shrinks while $|1 - \eta\lambda_i| < 1$, so the *steepest* direction sets the border, $\eta < 2/\lambda_{\max}$, and
# the *flattest* one decides how long it takes. The best constant rate balances the two, $\eta = 2/(\lambda_{\min} + \lambda_{\max})$, and then
# the steep direction already zigzags.
#
# Take hold of the start, and of the rate:

# %% tags=["figure"]
figures.bowl(sgd_step)

# %% [markdown]
# With minibatches there is a second question. The gradient is noisy, and a constant rate keeps jumping about the minimum, the further the
# larger the rate. A rate that falls gets quiet. How fast may it fall? Robbins and Monro (1951):
#
# $$\sum_k \eta_k = \infty \qquad\text{and}\qquad \sum_k \eta_k^2 < \infty .$$
#
# The first says that the steps can cover any distance, the second that their noise adds up to something finite. The two sums alone promise nothing: the
# gradients must be right on average and have bounded variance, and the function must be kind. If it is convex with a single minimum, say, this is found;
# if it is the loss of a network, all that is promised is that the gradient becomes small (Bottou, Curtis, Nocedal 2018). In practice one lets the rate fall linearly until update $T$:
#
# $$\eta_k = \Bigl(1 - \frac kT\Bigr)\eta_0 + \frac kT\,\eta_T .$$

# %% [markdown]
# ### Exercise `linear_decay` · ●○○○ · 4 minutes · further
#
# **Goal.** The rate of update $k$, linear from `eta_0` at $k = 0$ to `eta_T` at $k = T$, and **constant after**. `eta_T` may be the larger of the two.
# **Need not:** treat negative k.
#
# <details><summary>Hint 1</summary>What share of the way has been made at update k?</details>
# <details><summary>Hint 2</summary>It is never more than 1.</details>
# <details><summary>Hint 3</summary><code>/</code> gives a fraction, <code>//</code> cuts it off.</details>

# %% nbgrader={"grade_id": "linear_decay", "solution": true}
def linear_decay(k, T, eta_0, eta_T):
    """Learning rate of update k: from eta_0 linearly to eta_T at update T, then constant.

    k: 0, 1, 2, …  T: 1 or more.  eta_0, eta_T: numbers.
    Returns a number.
    """
    ### BEGIN SOLUTION
    share = min(k / T, 1)
    return (1 - share) * eta_0 + share * eta_T
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_linear_decay", "grade": true}
check("linear_decay", linear_decay)

# %% [markdown]
# ### Exercise `robbins_monro` · ●○○○ · 4 minutes · further
#
# **Goal.** Do the rates $\eta_k = k^{-p}$ satisfy **both** conditions? `True` or `False`, for any number $p$, negative ones too.
# **Need not:** sum anything.
#
# <details><summary>Hint 1</summary>Σ k<sup>−q</sup> is finite exactly when q is above 1.</details>
# <details><summary>Hint 2</summary>What is the exponent of the squares?</details>
# <details><summary>Hint 3</summary>One condition bounds p from above, the other from below. Try both at their end.</details>

# %% nbgrader={"grade_id": "robbins_monro", "solution": true}
def robbins_monro(p):
    """Whether the rates k ** -p sum to infinity and their squares do not.

    p: a number.
    Returns True or False.
    """
    ### BEGIN SOLUTION
    return 0.5 < p <= 1
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_robbins_monro", "grade": true}
check("robbins_monro", robbins_monro)

# %% [markdown]
# Constant against falling, on the digits: three starts, each with the same order of examples for both. The numbers are per cent right on the test digits, after
# each of fifteen passes:

# %% tags=["experiment"]
def record(name, seed, rate):
    """Accuracy after every pass."""
    seen = []
    train(start(seed), X_train, g_train, 15, 32, rate, seed, lambda _, p: seen.append(accuracy(p, X_test, g_test)))
    print(f"start {seed}, {name:<20}", " ".join(f"{100 * a:>3.0f}" for a in seen))


for seed in range(3):
    record("1 throughout", seed, lambda k, T: 1.0)
    record("1 falling to 0.05", seed, lambda k, T: linear_decay(k, T, 1.0, 0.05))
record("3 throughout", 0, lambda k, T: 3.0)

# %% [markdown]
# The constant rate gets there, and falls back again and again, from two of the three starts in the last passes too; the falling one settles. The rate 3 is too large for this network: about one digit in ten is right, which is
# what guessing gives.
#
# ## 3.3 A rate for every parameter
#
# Some parameters see large gradients all the time, others rarely any. **AdaGrad** (Duchi, Hazan, Singer 2011) gives each its own rate: it adds up squared gradients, and divides by
# the root of the sum,
#
# $$\mathbf{s} \leftarrow \mathbf{s} + \nabla J \circ \nabla J , \qquad
# \boldsymbol\theta \leftarrow \boldsymbol\theta - \eta\,\frac{\nabla J}{\sqrt{\mathbf{s}} + \varepsilon} .$$
#
# All operations are entry by entry. Multiply the gradient of one coordinate by 1000: $\sqrt{s}$ grows 1000 times as well, and the path stays the same (as long as $\varepsilon$ is small beside it).
#
# > **The slides say** that the rate is inversely proportional to the accumulated squared gradients; **we use** the **square root** of the sum, as the paper does. And where does
# > $\varepsilon$ go, which keeps the denominator off zero? Goodfellow et al. (algorithm 8.4) and PyTorch put it **outside** the root, and so do we, for RMSProp too; TensorFlow puts it inside, and for RMSProp so does the book (algorithm 8.5).
#
# A sum only grows, and so the rates only fall, also where they should not any more. **RMSProp** (Hinton 2012) forgets: a moving average takes the place of the sum,
#
# $$\mathbf{s} \leftarrow \rho\,\mathbf{s} + (1 - \rho)\,\nabla J \circ \nabla J .$$

# %% [markdown]
# ### Exercise `adagrad_step` · ●●○○ · 8 minutes · 1.5 points
#
# **Goal.** One step: the new parameters and the new state. First the state, then the step with it; $\varepsilon$ outside the root.
# **Must not:** change `theta` or `state`: both come back new. **Unusual input** (¼ point): whole numbers, float32.
#
# <details><summary>Hint 1</summary>Two formulas, two lines. Which needs the result of the other?</details>
# <details><summary>Hint 2</summary>Every coordinate has its own sum: nothing is summed over an axis.</details>
# <details><summary>Hint 3</summary><code>+=</code> on an array changes the caller's array too.</details>

# %% nbgrader={"grade_id": "adagrad_step", "solution": true}
def adagrad_step(theta, grad, state, lr, eps):
    """One step of AdaGrad.

    theta, grad, state: arrays of one shape, any; state is the sum of squared gradients so far, 0 at the start.
    lr: the learning rate.  eps: a small number, added outside the root.
    Returns (theta, state): new arrays.
    """
    ### BEGIN SOLUTION
    state = state + grad**2
    return theta - lr * grad / (np.sqrt(state) + eps), state
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_adagrad_step", "grade": true}
check("adagrad_step", adagrad_step)

# %% [markdown]
# ### Exercise `rmsprop_step` · ●●○○ · 5 minutes · further
#
# **Goal.** The same with a moving average: `decay` is $\rho$, the share of the old state that is kept.
# **Must not:** change `theta` or `state`. **Unusual input:** whole numbers, float32.
#
# <details><summary>Hint 1</summary>One line differs from <code>adagrad_step</code>.</details>
# <details><summary>Hint 2</summary>The two shares of an average sum to 1.</details>
# <details><summary>Hint 3</summary>No correction for the start at 0: that came with Adam.</details>

# %% nbgrader={"grade_id": "rmsprop_step", "solution": true}
def rmsprop_step(theta, grad, state, lr, decay, eps):
    """One step of RMSProp.

    theta, grad, state: arrays of one shape, any; state is the moving average of squared gradients, 0 at the start.
    lr: the learning rate.  decay: the share of the old state that is kept.  eps: a small number, outside the root.
    Returns (theta, state): new arrays.
    """
    ### BEGIN SOLUTION
    state = decay * state + (1 - decay) * grad**2
    return theta - lr * grad / (np.sqrt(state) + eps), state
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_rmsprop_step", "grade": true}
check("rmsprop_step", rmsprop_step)

# %% [markdown]
# First what they promise: on a ravine, $J = \tfrac12(\theta_1^2 + \kappa\,\theta_2^2)$, AdaGrad's path does not depend on $\kappa$.

# %% tags=["experiment"]
for kappa in (1.0, 100.0, 10000.0):
    theta, state = np.array([1.0, 1.0]), np.zeros(2)
    for _ in range(10):
        theta, state = adagrad_step(theta, np.array([1.0, kappa]) * theta, state, lr=0.3, eps=1e-8)
    print(f"κ = {kappa:>7g}: after 10 steps of AdaGrad θ = {np.round(theta, 6)}")

# %% [markdown]
# The ravine lies along an axis there, and that is no accident. **Guess first**, then turn it:

# %% tags=["figure"]
figures.race(sgd_step, adagrad_step, rmsprop_step)

# %% [markdown]
# Then what they do not. Their invariance is to a *gradient coordinate* that is rescaled. If half of the *inputs* are rescaled, here half of the pixels by 0.02, the weights of
# these have to become 50 times as large: the same steps, and a way that is 50 times as long. All three suffer:

# %% tags=["experiment"]
def with_optimiser(step, lr, X, X_new):
    """Accuracy after 15 passes with one of the optimisers, its rate falling to a twentieth."""
    params, order = start(0), np.random.default_rng(0)
    state = {name: np.zeros(value.shape) for name, value in params.items()}
    T, k = 15 * 43, 0  # 15 passes of 43 minibatches
    for _ in range(15):
        for batch in minibatches(len(X), 32, order.permutation(len(X))):
            _, grads = backprop(X[batch], g_train[batch], params)
            rate = lr * (1 - 0.95 * k / T)
            for name in params:
                params[name], state[name] = step(params[name], grads[name], state[name], rate)
            k += 1
    return accuracy(params, X_new, g_test)


scale = np.ones(64)
scale[np.random.default_rng(0).permutation(64)[:32]] = 0.02
optimisers = {
    "SGD": (lambda theta, grad, state, lr: (theta - lr * grad, state), 0.5),
    "AdaGrad": (lambda theta, grad, state, lr: adagrad_step(theta, grad, state, lr, 1e-8), 0.05),
    "RMSProp": (lambda theta, grad, state, lr: rmsprop_step(theta, grad, state, lr, 0.9, 1e-8), 0.005),
}
for name, (step, lr) in optimisers.items():
    as_they_are = with_optimiser(step, lr, X_train, X_test)
    rescaled = with_optimiser(step, lr, X_train * scale, X_test * scale)
    print(f"{name:<8} pixels as they are {as_they_are:.1%}, half of them times 0.02 {rescaled:.1%}")

# %% [markdown]
# Adaptive rates are no cure for badly scaled data: scale the inputs.
#
# ## 3.4 Why the start is random

# %% tags=["experiment"]
zeros = {name: np.zeros(value.shape) for name, value in start(0).items()}
ended = train(zeros, X_train, g_train, 15, 32, lambda k, T: 0.5, seed=0)
print(f"from zero: {accuracy(ended, X_test, g_test):.1%} after 15 passes")
print("largest weight of W and of U:", np.abs(ended["W"]).max(), np.abs(ended["U"]).max())
print("labels that it ever says:", np.unique(forward(X_test, ended)["Y"].argmax(axis=1)))

# %% [markdown]
# One digit in ten is right, for ever, and no weight has moved by a single bit. With $H = 0$ the gradient of $U$ is $H^\top\Delta = 0$; with $U = 0$ no signal gets back to $W$. Only the
# output biases learn, and they say the same label for every digit. More generally, units that start alike get the same signal and stay alike: only chance tells them apart. That is why
# weights start at random (and biases may start at zero).

# %% [markdown]
# ## 3.5 Milestone: your own network learns
#
# Nothing in the next cell is from a library but the arithmetic of arrays. It runs `forward`, `output_delta`, `output_gradients`, `hidden_delta`, `hidden_gradients`, `backprop`, `minibatches` and
# `sgd_step`, as you wrote them, on two tasks, from three starts each, with a linear model beside it.
# The milestone is reached with at least 96 % of the new digits and all of the parities right, from all three starts. There are no points
# for it, and it is not run when your work is marked: `progress` keeps it, and your feedback page says
# it when all eight functions have full marks.
#
# The *linear model* is softmax regression: your `output_delta` and `output_gradients`, with the pixels in the place of `H`.

# %% tags=["experiment"]
def linear_model(X, g, K, epochs, size, seed):
    """Softmax regression by the same minibatches."""
    U, d, order = np.zeros((X.shape[1], K)), np.zeros(K), np.random.default_rng(seed)
    T, k = epochs * -(-len(X) // size), 0
    for _ in range(epochs):
        for batch in minibatches(len(X), size, order.permutation(len(X))):
            dU, dd = output_gradients(X[batch], output_delta(X[batch] @ U + d, g[batch]))
            rate = 2.0 * (1 - 0.95 * k / T)
            U, d, k = U - rate * dU, d - rate * dd, k + 1
    return U, d


begin = time.perf_counter()
bits, odd = parity(3)
odd = odd.astype(int)
digits_right, parity_right = [], []
for seed in range(3):
    network = train(start(seed), X_train, g_train, 15, 32, lambda k, T: 0.5 * (1 - 0.95 * k / T), seed)
    U, d = linear_model(X_train, g_train, 10, 15, 32, seed)
    digits_right.append(accuracy(network, X_test, g_test))
    linear_digits = np.mean((X_test @ U + d).argmax(axis=1) == g_test)

    network = train(initial_parameters(3, 8, 2, np.random.default_rng(seed)), bits, odd, 2000, 8, lambda k, T: 1.0, seed)
    U, d = linear_model(bits, odd, 2, 2000, 8, seed)
    parity_right.append(accuracy(network, bits, odd))
    print(f"start {seed}: digits {digits_right[-1]:.1%} (linear model {linear_digits:.1%})")
    print(f"         parity of three bits {parity_right[-1]:.0%}, loss {backprop(bits, odd, network)[0]:.4f}", end=" ")
    print(f"(linear model {mine.categorical_nll(bits @ U + d, odd):.4f}, a coin {np.log(2):.4f})")
print(f"all of it took {time.perf_counter() - begin:.1f} s")
milestone("ch5_backprop", min(digits_right) >= 0.96 and min(parity_right) == 1.0)

# %% [markdown]
# Be fair to the linear model: on these digits it does as well, so they prove little about the hidden layer. **Parity** does: whether the number of ones among three bits is odd is XOR with one bit more, and a linear
# model cannot do better than a coin. Your network solves it, from every start here, because a signal reaches its hidden units and tells each what to become. That is what *Learning representations by
# back-propagating errors* (Rumelhart, Hinton, Williams, 1986) showed: units in the middle, for which nobody had given a target, come to stand for features of the task.

# %% [markdown]
# # Part 4 · Why it works on any graph
#
# ## 4.1 An order
#
# A network of layers is a special case. In general a computation is a **flow graph**: nodes are values, and each is computed from its *parents*. Values can be computed when every node comes after all of its parents, in
# a **topological order**. The way back takes the same order reversed.
#
# We write a graph as a dictionary: `{"y": ["c", "x"], "c": ["a", "b"], "a": ["x"], "b": ["x"]}` says that `y` is computed from `c` and `x`, and so on. Nodes that have no entry, or an empty list, are inputs.

# %% [markdown]
# ### Exercise `topological_order` · ●●●○ · 15 minutes · further
#
# **Goal.** A list of **all** nodes, each once and after its parents, those without an entry too. Any such order is right. A cycle has none: `raise ValueError("…")`.
# A chain of 4000 nodes, written down from its end, has to work within a few seconds: $4000^2$ simple steps are fast enough,
# but a recursion that is 4000 calls deep is more than Python allows.
# **Need not:** find a special order. A parent may be listed twice, as in $x \cdot x$. **Unusual input:** no node at all, nodes that are numbers, inputs with an empty list.
#
# <details><summary>Hint 1</summary>Which nodes can be taken at once? And when does taking one make another ready?</details>
# <details><summary>Hint 2</summary>Count for each node how many parents it still waits for, and keep for each node the list of its children. A
# parent that is listed twice has to be counted alike in both.</details>
# <details><summary>Hint 3</summary>Keep a list of nodes that are ready; take one, tell its children. What does it mean when the list is empty, and
# nodes are left?</details>

# %% nbgrader={"grade_id": "topological_order", "solution": true}
def topological_order(parents):
    """An order of the nodes in which each comes after all its parents.

    parents: a dictionary, for each computed node the list of nodes that it is computed from.
    Returns a list of all nodes, each once. Raises ValueError if there is a cycle.
    """
    ### BEGIN SOLUTION
    waits_for, children = {}, {}
    for node, its_parents in parents.items():
        waits_for[node] = len(its_parents)
        for parent in its_parents:
            waits_for.setdefault(parent, 0)
            children.setdefault(parent, []).append(node)
    for node, its_parents in parents.items():
        waits_for[node] = len(its_parents)
    ready = [node for node, count in waits_for.items() if count == 0]
    order = []
    while ready:
        node = ready.pop()
        order.append(node)
        for child in children.get(node, []):
            waits_for[child] -= 1
            if waits_for[child] == 0:
                ready.append(child)
    if len(order) < len(waits_for):
        raise ValueError("there is a cycle")
    return order
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_topological_order", "grade": true}
check("topological_order", topological_order)

# %% [markdown]
# ## 4.2 All paths, without walking them
#
# The derivative of the output with respect to a node is a sum over all paths from one to the other, of the products of the derivatives along the path. How many paths are there? Put
# diamonds in a row, each with two ways through:
#
# $$x \rightrightarrows n_1 \rightrightarrows n_2 \rightrightarrows \cdots \rightrightarrows n_{60}$$
#
# (Each of the two ways leads over a node in the middle, so a diamond has four edges.) Each diamond doubles the number: $2^{60} > 10^{18}$ for sixty of them. But all paths through $n_1$ share what comes after it. Sum up what has arrived at a node *before* passing it on, and each edge is used once: 240 multiplications for sixty diamonds.
# That is the whole secret of back-propagation: not the chain rule, but not doing the same work twice.

# %% [markdown]
# ### Exercise `path_sum` · ●●●○ · 12 minutes · further
#
# **Goal.** The sum over all paths from `source` to `target` of the product of the numbers on their edges. `edges` is a list of `(from, to, derivative)`, in any order. Two edges between the same nodes are two paths; from a
# node to itself leads the empty path, whose product is 1; without a path the sum is 0.
# **Need not:** look for cycles: there are none; know a `source` or `target` that no edge names. If a check does not come to an end, press ■: it says which call it was.
#
# <details><summary>Hint 1</summary>What is the sum at a node, if you know the sums at all nodes that have an edge to it?</details>
# <details><summary>Hint 2</summary>A node may pass on its sum when all edges into it have arrived: you need an order, and have a function for
# that.</details>
# <details><summary>Hint 3</summary>Or ask from the other side, and remember what has been asked: the sum from a node to the target is the sum over its
# edges of derivative times the sum from where they lead.</details>

# %% nbgrader={"grade_id": "path_sum", "solution": true}
def path_sum(edges, source, target):
    """Sum over all paths of the products of the derivatives along them.

    edges: a list of (from, to, derivative), without cycles.  source, target: names of nodes.
    Returns a number.
    """
    ### BEGIN SOLUTION
    incoming = {source: [], target: []}
    for start, end, slope in edges:
        incoming.setdefault(start, [])
        incoming.setdefault(end, []).append((start, slope))
    total = {}
    for node in topological_order({node: [start for start, _ in into] for node, into in incoming.items()}):
        arriving = sum(total[start] * slope for start, slope in incoming[node])
        total[node] = 1.0 if node == source else arriving
    return total[target]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_path_sum", "grade": true}
check("path_sum", path_sum)

# %% [markdown]
# ## 4.3 Forward and back
#
# *Fprop*: visit the nodes in order, and compute each from its parents. *Bprop*: the output's derivative with respect to itself is 1; visit the nodes in reverse, and pass on what has arrived, times the derivative on the edge.

# %% [markdown]
# ### Exercise `flow_graph_forward` · ●●○○ · 8 minutes · further
#
# **Goal.** A dictionary with the value of every node of `order`. A node in `inputs` has the value that is given there; for all others call `ops[node]` with the values of its parents, one argument each, **in the
# order of** `parents[node]`. An operation may have any number of arguments, none too (then `parents[node]` is an empty list), and
# a parent may be listed twice. Every node of `inputs` is in `order`, has no entry in `parents` or `ops`, and may have the value 0.
# **Must not:** change `inputs`.
#
# <details><summary>Hint 1</summary>Start with an empty dictionary, and fill it along <code>order</code>.</details>
# <details><summary>Hint 2</summary>Make a list of the parents' values first.</details>
# <details><summary>Hint 3</summary><code>op(*values)</code> hands over a list as separate arguments.</details>

# %% nbgrader={"grade_id": "flow_graph_forward", "solution": true}
def flow_graph_forward(order, parents, ops, inputs):
    """The value of every node, from those of its parents.

    order: a list, each node after its parents.  parents: a dictionary of lists, in the order of the arguments.
    ops: a dictionary, for each computed node a function of its parents' values.  inputs: a dictionary of given values.
    Returns a dictionary with the value of every node.
    """
    ### BEGIN SOLUTION
    values = {}
    for node in order:
        values[node] = inputs[node] if node in inputs else ops[node](*[values[p] for p in parents[node]])
    return values
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_flow_graph_forward", "grade": true}
check("flow_graph_forward", flow_graph_forward)

# %% [markdown]
# ### Exercise `flow_graph_backward` · ●●●○ · 15 minutes · 2 points
#
# **Goal.** A dictionary with the derivative of `output` with respect to **every** node of `order`: `local[node][i]` is the derivative of `node` with respect to its parent `parents[node][i]`. Contributions that
# arrive at a node on several paths add up; a parent that is listed twice gets two; nodes that the output does not depend on have 0.
# **Need not:** check the order: it is topological. `output` need not stand at its end. **Unusual input** (¼ point): nodes that are numbers, derivatives that are whole numbers.
#
# <details><summary>Hint 1</summary>Start with 0 for every node, and with 1 for the output.</details>
# <details><summary>Hint 2</summary>When a node's turn comes, everything has arrived at it: so in which direction do you go through <code>order</code>, and
# why must a node not pass on anything before?</details>
# <details><summary>Hint 3</summary><code>zip</code> goes through parents and derivatives together; <code>parents.get(node, [])</code> is an empty list
# for nodes that have no entry. Add, do not overwrite.</details>

# %% nbgrader={"grade_id": "flow_graph_backward", "solution": true}
def flow_graph_backward(order, parents, local, output):
    """The derivative of output with respect to every node, by reverse accumulation.

    order: a list, each node after its parents.  parents: a dictionary of lists; inputs have no entry.
    local: a dictionary, for each computed node the list of its derivatives with respect to its parents, in the same order.
    output: one of the nodes.
    Returns a dictionary with one number for every node of order.
    """
    ### BEGIN SOLUTION
    derivative = dict.fromkeys(order, 0.0)
    derivative[output] = 1.0
    for node in reversed(order):
        for parent, slope in zip(parents.get(node, []), local.get(node, []), strict=True):
            derivative[parent] += slope * derivative[node]
    return derivative
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_flow_graph_backward", "grade": true}
check("flow_graph_backward", flow_graph_backward)

# %% [markdown]
# Why not simply follow the paths back by recursion, and let each node tell its parents as soon as something arrives? Take $b = a + a$, $c = b + b$. Then $c = 4a$, and the derivative is 4. A node that passes on its whole sum with every
# contribution counts the first one twice:

# %% tags=["experiment"]
order, parents = ["a", "b", "c"], {"b": ["a", "a"], "c": ["b", "b"]}
local = {"b": [1.0, 1.0], "c": [1.0, 1.0]}
print("in reversed order:", flow_graph_backward(order, parents, local, "c"))

too_early = {"a": 0.0, "b": 0.0, "c": 1.0}


def tell_parents(node):
    for parent in parents.get(node, []):
        too_early[parent] += too_early[node]  # all edges have the derivative 1
        tell_parents(parent)


tell_parents("c")
print("as soon as something arrives:", too_early)

# %% [markdown]
# The figure walks back along **your** topological order, on a graph that you can change. A node that has passed on its number before everything had arrived turns red; a mistaken order from the list shows how.

# %% tags=["figure"]
figures.order(topological_order, flow_graph_backward)

# %% [markdown]
# Your `backprop` is this algorithm on a graph of arrays: `Z` before `H` before `Y`, and back. The price is memory: all values of the way forward are kept until the way back has used them.
#
# ## 4.4 Forward or reverse
#
# The chain rule can be summed from either end. **Reverse accumulation** carries, for each node, the derivative *of the output* with respect to it. **Forward accumulation** carries the derivative of each node *with respect to
# one input*, alongside the values.

# %% [markdown]
# ### Written question · 4 minutes · 1 point
#
# A function has $n$ inputs and one output, and computing it takes a time $t$. About how long does the full gradient take by forward accumulation, and how long by reverse? What does reverse pay for it? Name a case in which forward is
# the better one. Three or four sentences. (Marked by hand.)

# %% [markdown] nbgrader={"grade_id": "forward_or_reverse", "grade": true, "points": 1, "solution": true}
# Forward accumulation carries the derivative with respect to *one* input along with the values, at a small multiple of $t$; for all $n$ inputs it has to run $n$ times, so about $n\,t$. Reverse accumulation starts at the one output and
# reaches every node, and so every input, in a single sweep: a small multiple of $t$, whatever $n$ is. It pays with memory, since the values of the way forward have to be kept until the way back has used them. With one input and many
# outputs it is the other way round: forward needs one sweep, reverse one for each output.
#
# *Marking:* ½ for the two costs ($n$ sweeps against one, up to a constant), ¼ for memory, ¼ for few inputs and many outputs (or a derivative along one direction).

# %% [markdown]
# ## 4.5 Nobody writes this by hand any more
#
# You can: and what you have written is what *automatic differentiation* does. PyTorch and JAX record the flow graph of the forward pass, know the local derivative of each operation, and go back through it as your
# `flow_graph_backward` does, with arrays in the place of numbers. If PyTorch is installed here, compare: it is given the loss of the same network, written in its own operations, and finds the derivatives by itself.

# %% tags=["experiment"]
X, g = X_train[:50], g_train[:50]
params = start(7)
loss, grads = backprop(X, g, params)
try:
    import torch
except ImportError:
    print("PyTorch is not installed here: there is nothing to compare with.")
else:
    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in params.items()}
    scores = torch.tanh(torch.tensor(X) @ leaves["W"] + leaves["b"]) @ leaves["U"] + leaves["d"]
    their_loss = torch.nn.functional.cross_entropy(scores, torch.tensor(g))
    their_loss.backward()
    print(f"loss: yours {loss:.12f}, PyTorch {their_loss.item():.12f}")
    for name, leaf in leaves.items():
        print(f"{name}: relative distance {distance(grads[name], leaf.grad.numpy()):.0e}")

# %% [markdown]
# ## Summary
#
# - An error signal says how the loss answers to what arrives at a unit. At the output it is probability minus one-hot, over $n$; it goes back through the same weights, times the slope of the unit.
# - Every gradient of a weight is *input times error signal*, summed over the examples.
# - Differences check a gradient, and cost two forward passes for each parameter. The way back costs about two forward passes, for all.
# - Minibatches estimate the gradient; its error falls like $1/\sqrt m$ only. A constant rate keeps jumping, a falling one settles; $\eta < 2/\lambda_{\max}$ on a bowl.
# - AdaGrad and RMSProp give every parameter its own rate. They do not care for the scale of a gradient coordinate; they do for the scale of the inputs.
# - Weights that are all zero never move, and units that start alike stay alike: so starts are random.
# - On any graph: each node after its parents, then back in reverse. A node passes on its sum once, when everything has arrived: linear time for exponentially many paths.
#
# **Further reading.** Rumelhart, Hinton, Williams (1986), *Learning representations by back-propagating errors*, Nature 323 (four pages). Goodfellow, Bengio, Courville (2016), *Deep Learning*: section 6.5 (back-propagation in general graphs),
# 8.1 (surrogates, minibatches), 8.3 and 8.5 (SGD, AdaGrad, RMSProp). Robbins, Monro (1951), *A stochastic approximation method*. Duchi, Hazan, Singer (2011), *Adaptive subgradient methods for online learning and
# stochastic optimization*, section 1. Hinton (2012), Coursera lecture 6e (RMSProp). Griewank, Walther (2008), *Evaluating Derivatives*, chapter 3 (forward and reverse, and their costs). Bottou, Curtis, Nocedal (2018), *Optimization methods for
# large-scale machine learning*, section 4 (what the two sums need besides).

# %% tags=["experiment"]
progress("ch5_backprop")

# %% [markdown]
# **Before you hand in:** save (Ctrl-S), then run the cell below. It reads the saved file and judges it as it will be judged,
# in a fresh process and with nothing but the answers in it, and says where that differs from your last checks.

# %% tags=["experiment"]
ready()
