# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Chapter 1 · Learning XOR
#
# Four points, two classes, and a model that cannot tell them apart: XOR is the smallest problem that a linear
# model fails at. This chapter shows why it fails, what one hidden layer adds, and how little it takes.
#
# **When you are through, you can**
#
# - fit a linear model in closed form, also when the data leave several solutions open,
# - say why no line separates XOR, without computing anything,
# - write a network with one hidden layer, and find its weights for XOR by hand.
#
# **How to work.** Write your code in the cells that say so, in the place of the line
# `raise NotImplementedError`. Run the cell, then the check below it. The check says what it ran, what your
# function gave, what was expected and, if it recognises the mistake, which one it is. Repair, and run both again.
# There is no limit on tries, and while you work nothing is recorded.

# %% [markdown]
# ### Slides ↔ code
#
# | slides | here | why |
# |---|---|---|
# | $\mathbf{x}$, a column vector | a row of `X`, shape `(n, d)` | many examples at once |
# | $\mathbf{W}^\top \mathbf{x} + \mathbf{c}$ | `X @ W + c` with `W (d, m)`, `c (m,)` | the same numbers, one row an example |
# | $\mathbf{h} = g(\mathbf{W}^\top \mathbf{x} + \mathbf{c})$ | `H`, shape `(n, m)` | one column a hidden unit |
# | $J(\boldsymbol{\theta})$ | a loss, **minimised**, averaged | |
#
# The slides print the weights of the XOR solution without the output bias. We use $b = 0$.

# %% tags=["given"]
import numpy as np

import fnnkit.figures.ch1_xor as figures
from fnnkit.exercises import check, progress

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = np.array([0.0, 1.0, 1.0, 0.0])

# %% [markdown]
# ## 1 · How wrong is a prediction?
#
# To learn is to make a number small. For XOR the slides take the **mean squared error**
#
# $$J(\boldsymbol{\theta}) = \frac{1}{4} \sum_{\mathbf{x} \in \mathbb{X}}
# \bigl(f^*(\mathbf{x}) - f(\mathbf{x}; \boldsymbol{\theta})\bigr)^2 ,$$
#
# the average over the four points of the squared distance between target and prediction.

# %% [markdown]
# ### Exercise `mse` · ●○○○ · 5 minutes · 1 point
#
# **Goal.** The mean, over all entries, of the squared difference between two arrays.
# **Not asked:** gradients, weights for examples, empty arrays.
#
# One trap is worth meeting early. If `y_pred` has shape `(n,)` and `y_true` has shape `(n, 1)`, numpy
# *broadcasts*: it compares every prediction with every target, and the result looks plausible and means nothing.
# So your function refuses different shapes, with `raise ValueError("…")`.
#
# <details><summary>Hint 1</summary>Arrays subtract entry by entry; <code>**</code> raises to a power.</details>
# <details><summary>Hint 2</summary><code>.mean()</code> averages over all entries, whatever the shape.</details>
# <details><summary>Hint 3</summary>Compare <code>y_pred.shape</code> with <code>y_true.shape</code> before you
# subtract.</details>

# %% nbgrader={"grade_id": "mse", "solution": true}
def mse(y_pred, y_true):
    """Mean squared error over all entries.

    y_pred, y_true: arrays of one and the same shape (any shape).
    Returns a number. Raises ValueError if the shapes differ.
    """
    ### BEGIN SOLUTION
    if y_pred.shape != y_true.shape:
        raise ValueError(f"y_pred has shape {y_pred.shape}, y_true has shape {y_true.shape}")
    return ((y_pred - y_true) ** 2).mean()
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_mse", "grade": true}
check("mse", mse)

# %% [markdown]
# ## 2 · The best line
#
# A linear model predicts $f(\mathbf{x}; \mathbf{w}, b) = \mathbf{x}^\top \mathbf{w} + b$. Its mean squared error is
# a convex function of $\mathbf{w}$ and $b$, so where the gradient vanishes it is smallest. Set
# $\partial J / \partial b = 0$ first:
#
# $$\frac{2}{n}\sum_i \bigl(\mathbf{x}_i^\top \mathbf{w} + b - y_i\bigr) = 0
# \quad\Longrightarrow\quad b = \bar y - \bar{\mathbf{x}}^\top \mathbf{w} .$$
#
# The best line passes through the centre of the data. Put this $b$ back, and only differences from the centre
# are left:
#
# $$J = \frac{1}{n} \sum_i \bigl((\mathbf{x}_i - \bar{\mathbf{x}})^\top \mathbf{w} - (y_i - \bar y)\bigr)^2 .$$
#
# So: **centre `X` and `y`, fit `w` without an intercept, then compute `b`.** If columns of `X` depend on each other,
# or there are fewer examples than features, many $\mathbf{w}$ give the same smallest error. We take the one with the
# smallest $\lVert \mathbf{w} \rVert$, and leave $b$ out of what is kept small: shifting all targets by a constant
# should shift $b$ and nothing else.

# %% [markdown]
# ### Exercise `fit_linear` · ●●○○ · 15 minutes · 2 points
#
# **Goal.** Least squares with an intercept, in closed form.
# **Not asked:** gradient descent, regularisation, several outputs.
#
# <details><summary>Hint 1</summary>Subtract the mean of each column of <code>X</code>, and the mean of
# <code>y</code>.</details>
# <details><summary>Hint 2</summary>The matrix <code>XᵀX</code> may have no inverse. Look at
# <code>np.linalg.pinv</code> or <code>np.linalg.lstsq</code>: among all minimisers they give the smallest.</details>
# <details><summary>Hint 3</summary>With <code>w</code> in hand, <code>b</code> is one line: it is in the derivation
# above.</details>

# %% nbgrader={"grade_id": "fit_linear", "solution": true}
def fit_linear(X, y):
    """Least-squares fit of y ≈ X @ w + b, with the smallest w if several fit equally well.

    X: array of shape (n, d), one example a row.  y: array of shape (n,).
    Returns (w, b): weights of shape (d,) and a number.
    """
    ### BEGIN SOLUTION
    x_mean, y_mean = X.mean(axis=0), y.mean()
    w = np.linalg.pinv(X - x_mean) @ (y - y_mean)
    return w, y_mean - x_mean @ w
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_fit_linear", "grade": true}
check("fit_linear", fit_linear)

# %% [markdown]
# What does your best line say about XOR?

# %% tags=["experiment"]
w, b = fit_linear(X, y)
print("w =", np.round(w, 12) + 0.0, "  b =", round(float(b), 12))
print("predictions:", np.round(X @ w + b, 12), "  targets:", y)
print("mean squared error:", mse(X @ w + b, y))

# %% [markdown]
# It says ½ everywhere: the best line does not look at its inputs at all.

# %% [markdown]
# ### Written question · 5 minutes · 1 point
#
# Why can **no** linear model represent XOR, whatever its weights? Give the argument, not the numbers: three or four
# sentences are enough. (Marked by hand.)

# %% [markdown] nbgrader={"grade_id": "why_not_linear", "grade": true, "points": 1, "solution": true}
# Suppose that $f(\mathbf{x}) = \mathbf{x}^\top\mathbf{w} + b$ had the right values on the four points. Going from
# $(0,0)$ to $(0,1)$ raises $f$ from 0 to 1, so $w_2 = 1$. Going from $(1,0)$ to $(1,1)$ makes the same step in the
# same direction, and has to lower $f$ from 1 to 0, so $w_2 = -1$. Both cannot be: a linear model answers a step in
# one input in the same way whatever the other input is, and XOR reverses its answer.

# %% [markdown]
# ## 3 · One hidden layer
#
# Put a layer between input and output, $\mathbf{h} = g(\mathbf{W}^\top \mathbf{x} + \mathbf{c})$, and let the linear
# model look at $\mathbf{h}$ in the place of $\mathbf{x}$. With $g$ the identity nothing is won: a linear function of
# a linear function is linear. With the **rectified linear unit** $g(z) = \max\{0, z\}$ it is enough:
#
# $$f(\mathbf{x}; \mathbf{W}, \mathbf{c}, \mathbf{w}, b)
# = \mathbf{w}^\top \max\{0,\ \mathbf{W}^\top \mathbf{x} + \mathbf{c}\} + b .$$

# %% [markdown]
# ### Exercise `xor_network` · ●●○○ · 10 minutes · 2 points
#
# **Goal.** The hidden features and the output of this network, for all rows of `X` at once.
# **Not asked:** learning the weights; a loop over examples.
#
# <details><summary>Hint 1</summary>Rows are examples: the slides' <i>Wᵀx</i> becomes <code>X @ W</code>.</details>
# <details><summary>Hint 2</summary><code>np.maximum(0, Z)</code> compares entry by entry.</details>
# <details><summary>Hint 3</summary>The output is linear: no ReLU there. Return both, <code>H</code> first.</details>

# %% nbgrader={"grade_id": "xor_network", "solution": true}
def xor_network(X, W, c, w, b):
    """One hidden layer of ReLUs, one linear output unit.

    X: (n, d) examples.  W: (d, m) hidden weights.  c: (m,) hidden biases.
    w: (m,) output weights.  b: a number, the output bias.
    Returns (H, y): hidden features of shape (n, m) and outputs of shape (n,).
    """
    ### BEGIN SOLUTION
    H = np.maximum(0, X @ W + c)
    return H, H @ w + b
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_xor_network", "grade": true}
check("xor_network", xor_network)

# %% [markdown]
# ### Solve it by hand
#
# Nine sliders, one for each weight, and **your** `xor_network` draws both pictures. On the left the plane of the
# inputs, coloured by the output; on the right the same four points where the hidden layer puts them. Start from the
# slides' solution, then from zeros: can you find another one? (There are many.)

# %% tags=["figure"]
figures.hand_made_xor(xor_network)

# %% [markdown]
# On the right, the two points with target 1 have landed on the same spot, $(1, 0)$, and one straight line now
# separates the classes. The hidden layer did not solve the problem; it moved the points so that a linear model can.

# %% [markdown]
# ## Summary
#
# - The best linear model of XOR is the constant ½, and no other choice of weights represents XOR either.
# - One hidden layer of two ReLUs does. What it learns is a *representation* in which the problem is linear.
# - Rows are examples, shapes are checked before anything is subtracted.
#
# **Further reading.** Goodfellow, Bengio, Courville (2016), *Deep Learning*, section 6.1 (the XOR network).
# Minsky, Papert (1969), *Perceptrons*, chapter 2 (what a single linear threshold unit cannot do).

# %% tags=["experiment"]
progress("ch1_xor")
