# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Chapter 3 · Hidden units
#
# A hidden unit takes a number, bends it, and passes it on. How it bends decides whether the layers below can learn.
# This chapter goes through the units of the slides: what each computes, what its slope does to learning, and how
# to compute both so that no input, however large, breaks them.
#
# **When you are through, you can**
#
# - write the rectifiers, maxout, sigmoid and tanh, with their derivatives, and check a derivative by differences,
# - say why the ReLU is the default, what it costs, and what leaky, parametric and maxout units do about that,
# - compute a sigmoid and its slope at ±10000 without a warning,
# - show by training which units let a deep network learn,
# - choose a hidden unit for a task, and give the reason.
#
# <!-- time --> They are checked like the others and carry no points: they are for whoever wants more.
#
# <!-- map -->

# %% [markdown]
# ## Slides ↔ code
#
# | slides | here | why |
# |---|---|---|
# | $\mathbf{z} = \mathbf{W}^\top \mathbf{x} + \mathbf{c}$ | `Z`, shape `(n, m)` | one row an example, one column a unit |
# | $z_i$ of one example | $z_{si}$ of example $s$, where all examples matter | `n` is their number |
# | $h_i = g(\mathbf{z}, \boldsymbol{\alpha})_i$ | `generalized_relu(z, alpha)`, `alpha` a number or `(m,)` | one slope for all, or one a unit |
# | $\mathbb{G}^{(i)} = \{(i-1)k+1, \dots, ik\}$ | columns `i*k … (i+1)*k - 1` of `Z` | counting from 0 |
# | $\mathbf{W}_{:,i}$, the centre of an RBF unit | column `W[:, i]` | as in every layer: a column a unit |
# | $\partial J / \partial h$ | `upstream`, of the shape of the activations | what comes down from the layers above |
#
# **Kinks.** Where a unit has a corner it has no derivative, and any number between the two slopes serves gradient
# descent. We agree on one: for rectifiers the *left* slope (0, or α), for clipped units 0 at both corners.
#
# As in chapter 1, inputs are float64 arrays with at least one entry, and a function never changes what it is given (its own
# copy it may); *Unusual input* on a card says what else one small criterion asks. There a result may be of the input's type or
# of float64, and for float32 relative errors up to $10^{-5}$ do not count.
# An answer may call those above it in the same chapter (check and marking run *your* versions, so repair a wrong one first),
# none of another chapter.

# %% tags=["given"]
import time

import numpy as np

import fnnkit.figures.ch3_activations as figures
from fnnkit.exercises import check, milestone, progress, ready

# %% [markdown]
# ## 1 · A derivative that you can trust
#
# This chapter is full of derivatives. Before the first, write the tool that tells a right one from a wrong
# one. The derivative is the limit of a difference quotient; to stop at a finite step $\varepsilon$ costs something,
# and Taylor's theorem says what. From
#
# $$f(z \pm \varepsilon) = f(z) \pm \varepsilon f'(z) + \tfrac{\varepsilon^2}{2} f''(z)
# \pm \tfrac{\varepsilon^3}{6} f'''(z) + \dots$$
#
# it follows that
#
# $$\frac{f(z+\varepsilon) - f(z)}{\varepsilon} = f'(z) + \tfrac{\varepsilon}{2} f''(z) + \dots , \qquad
# \frac{f(z+\varepsilon) - f(z-\varepsilon)}{2\varepsilon} = f'(z) + \tfrac{\varepsilon^2}{6} f'''(z) + \dots$$
#
# In the second, the **central difference**, the even terms cancel: halve $\varepsilon$, and the error is a quarter.

# %% [markdown]
# ### Exercise `numerical_derivative` · ●●○○ · 10 minutes · 1.25 points
#
# **Goal.** The central difference of a function that works entry by entry.
# **Need not:** gradients of functions of several variables, choosing $\varepsilon$, formulas of higher order.
# **Unusual input** (¼ point): `z` is an array of whole numbers (the slopes are not), or of float32.
#
# <details><summary>Hint 1</summary><code>f</code> takes arrays: one call gives the values for all entries.</details>
# <details><summary>Hint 2</summary>From <i>z − ε</i> to <i>z + ε</i> it is <i>2ε</i>. Mind the brackets.</details>
# <details><summary>Hint 3</summary><code>z + eps</code> makes a new array; <code>z += eps</code> changes the
# caller's.</details>

# %% nbgrader={"grade_id": "numerical_derivative", "solution": true}
def numerical_derivative(f, z, eps):
    """Derivative of f at every entry of z, by central differences.

    f: a function that takes an array and returns one of the same shape, entry by entry.
    z: array of any shape.  eps: a positive number, the step to each side.
    Returns an array of the shape of z.
    """
    ### BEGIN SOLUTION
    return (f(z + eps) - f(z - eps)) / (2 * eps)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_numerical_derivative", "grade": true}
check("numerical_derivative", numerical_derivative)

# %% [markdown]
# So the smaller $\varepsilon$, the better? Try it on the sine, whose derivative at 1 is $\cos 1$:

# %% tags=["experiment"]
for eps in 10.0 ** -np.arange(1, 14, 2):
    slope = numerical_derivative(np.sin, np.array([1.0]), eps)[0]
    print(f"eps = {eps:7.0e}   error = {abs(slope - np.cos(1.0)):.1e}")

# %% [markdown]
# The error falls as $\varepsilon^2$ at first, and then *rises*: the two values of $f$ are rounded to sixteen digits,
# and the shorter the step, the more of them cancel. The best step lies near $10^{-5}$.

# %% [markdown]
# ## 2 · The rectified linear unit
#
# $$g(z) = \max\{0, z\}$$
#
# It is linear on each side of 0, so it behaves much like a linear unit, and that is why it is the default:
#
# - **Wherever it is active, its slope is 1.** Error signals are multiplied by the slopes on their way down. A product
#   of ones stays what it is, through as many layers as you like.
# - **Its second derivative is 0 almost everywhere.** A gradient step trusts that the slope stays as it is for the
#   length of the step. Within a linear piece that is exactly true.
# - **It is cheap**: a comparison.
#
# *The drawback.* Where the unit is not active the slope is 0, and an example on which it is silent teaches it nothing.
# The slides say "cannot learn when their activation is zero": it is the gradient of *that example* which is zero. Only a
# unit that is silent on **every** example gets no gradient at all.

# %% [markdown]
# ### Exercise `relu_grad` · ●○○○ · 5 minutes · 1 point
#
# **Goal.** The derivative of the ReLU: 1 where the unit is active, 0 elsewhere, and 0 at the kink, as floats or integers.
# **Need not:** the ReLU itself; the chain rule.
#
# <details><summary>Hint 1</summary>A comparison of an array with a number gives an array of
# <code>True</code> and <code>False</code>.</details>
# <details><summary>Hint 2</summary>Numbers are asked, not truth values: an array has a method that changes its type.</details>
# <details><summary>Hint 3</summary>At exactly 0 we take the left slope, so the comparison is strict.</details>

# %% nbgrader={"grade_id": "relu_grad", "solution": true}
def relu_grad(z):
    """Derivative of max(0, z) at every entry; 0 at z = 0.

    z: array of any shape.
    Returns an array of numbers, of the same shape.
    """
    ### BEGIN SOLUTION
    return np.where(z > 0, 1.0, 0.0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_relu_grad", "grade": true}
check("relu_grad", relu_grad)

# %% [markdown]
# Hold it against your difference quotient. Near the kink they disagree; why is neither of them wrong?

# %% tags=["experiment"]
z = np.array([-2.0, -1e-7, 0.0, 1e-7, 2.0])
print("z          ", z)
print("relu_grad  ", relu_grad(z))
print("differences", numerical_derivative(lambda z: np.maximum(0, z), z, 1e-6).round(3))

# %% [markdown]
# A difference that reaches across the kink averages the two slopes. Check derivatives away from kinks, or with a step
# that is shorter than the distance to the next one.

# %% [markdown]
# ## 3 · A slope on the left as well
#
# The **generalised ReLU** gives the left side a slope $\alpha_i$:
#
# $$h_i = g(\mathbf{z}, \boldsymbol{\alpha})_i = \max(0, z_i) + \alpha_i \min(0, z_i) .$$
#
# | name | slope | source |
# |---|---|---|
# | ReLU | $\alpha_i = 0$ | |
# | absolute value rectification | $\alpha_i = -1$, so that $g(z) = \lvert z \rvert$ | Jarrett et al. (2009) |
# | leaky ReLU | $\alpha_i$ small and fixed, such as 0.01 | Maas et al. (2013) |
# | parametric ReLU | $\alpha_i$ is learned with the weights | He et al. (2015) |
#
# With $\alpha \neq 0$ no example leaves the unit without a gradient.

# %% [markdown]
# ### Exercise `generalized_relu` · ●●○○ · 6 minutes · 1.25 points
#
# **Goal.** The formula above. `alpha` is a number, or an array with one slope a unit.
# **Need not:** derivatives; checking that the shapes fit.
#
# <details><summary>Hint 1</summary><code>np.maximum</code> and <code>np.minimum</code> go entry by entry;
# <code>max</code> and <code>min</code> do not.</details>
# <details><summary>Hint 2</summary>An array of shape <code>(m,)</code> times one of shape <code>(n, m)</code>
# multiplies each column by its own number. That is what is wanted here.</details>
# <details><summary>Hint 3</summary>Write the sum as it stands. <i>max(αz, z)</i> looks the same, and is wrong for
# <i>α &gt; 1</i>.</details>

# %% nbgrader={"grade_id": "generalized_relu", "solution": true}
def generalized_relu(z, alpha):
    """max(0, z) + alpha * min(0, z), entry by entry.

    z: array of shape (n, m), one unit a column; any shape if alpha is a number.
    alpha: a number, or an array of shape (m,), one slope a unit.
    Returns an array of the shape of z.
    """
    ### BEGIN SOLUTION
    return np.maximum(0, z) + alpha * np.minimum(0, z)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_generalized_relu", "grade": true}
check("generalized_relu", generalized_relu)

# %% [markdown]
# ### All units of the slides, and yours
#
# Choose a unit and move its parameter; value and slope are read off at the marked point. **Your** `generalized_relu`
# is drawn over the parametric ReLU, and its slope by central differences. Go through the rectifiers: at which z do they
# have a slope of 0? Then look at sigmoid, tanh and hard tanh: where do these?

# %% tags=["figure"]
figures.activation_explorer(generalized_relu)

# %% [markdown]
# ### Learning the slope
#
# If $\alpha$ is to be learned, we need the gradient of the loss with respect to it. Call
# $u_{si} = \partial J / \partial h_{si}$ what comes down from above, for example $s$ and unit $i$. The unit depends on
# its input with slope 1 or $\alpha_i$, and on $\alpha_i$ with slope $\min(0, z_{si})$. By the chain rule
#
# $$\frac{\partial J}{\partial z_{si}} = u_{si} \cdot \begin{cases} 1 & z_{si} > 0 \\ \alpha_i & z_{si} \le 0
# \end{cases}
# \qquad\qquad
# \frac{\partial J}{\partial \alpha_i} = \sum_s u_{si} \, \min(0, z_{si}) .$$
#
# Why the sum? Each $z_{si}$ is a number of its own, but one $\alpha_i$ serves all examples. Move it a little, and every
# example moves the loss: the effects add up. The same happens to every shared parameter, also to weights and biases.

# %% [markdown]
# ### Exercise `prelu_grads` · ●●●○ · 12 minutes · 2 points
#
# **Goal.** Both gradients for a whole batch.
# **Need not:** a single slope for all units; the update of α.
# **Unusual input** (¼ point): arrays of whole numbers, or of float32.
#
# <details><summary>Hint 1</summary>Write both derivatives down for one number first: which side of 0 does it lie on?</details>
# <details><summary>Hint 2</summary>The chain rule brings <code>upstream</code> into both gradients.</details>
# <details><summary>Hint 3</summary>A slope is shared by all examples, so their shares of its gradient add up. Which shape should
# be left?</details>

# %% nbgrader={"grade_id": "prelu_grads", "solution": true}
def prelu_grads(z, alpha, upstream):
    """Gradients of a loss through parametric ReLUs.

    z: (n, m) pre-activations.  alpha: (m,) slopes for negative z, one a unit.
    upstream: (n, m), gradient of the loss with respect to the activations.
    Returns (dz, dalpha): gradients of shape (n, m) and (m,).  At z = 0 the slope is alpha.
    """
    ### BEGIN SOLUTION
    dz = upstream * np.where(z > 0, 1.0, alpha)
    dalpha = (upstream * np.minimum(0, z)).sum(axis=0)
    return dz, dalpha
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_prelu_grads", "grade": true}
check("prelu_grads", prelu_grads)

# %% [markdown]
# A gradient of several parameters is checked by moving one at a time. With the loss $J = \sum_{si} u_{si} h_{si}$,
# `upstream` is $u$, and your two functions have to agree:

# %% tags=["experiment"]
rng = np.random.default_rng(3)
z, alpha, upstream = rng.normal(size=(5, 3)), np.array([0.01, 0.25, 2.0]), rng.normal(size=(5, 3))
dz, dalpha = prelu_grads(z, alpha, upstream)
# The loss for any slope of unit 1, the others as they are.
loss_of_slope = np.vectorize(lambda a: (upstream * generalized_relu(z, np.array([0.01, a, 2.0]))).sum())

print("dalpha[1], your prelu_grads:", dalpha[1])
print("dalpha[1], by differences:  ", numerical_derivative(loss_of_slope, np.array([0.25]), 1e-5)[0])

# %% [markdown]
# ## 4 · Maxout: learn the activation function itself
#
# Divide the pre-activations into groups of $k$; each **maxout unit** gives the largest of its group
# (Goodfellow et al. 2013):
#
# $$g(\mathbf{z})_i = \max_{j \in \mathbb{G}^{(i)}} z_j , \qquad z_j = \mathbf{w}_j^\top \mathbf{x} + c_j .$$
#
# Each $z_j$ is an affine function of the input, a line if there is one input, and a unit is the upper edge of $k$ of
# them. Two facts say what that can be.
#
# **It is convex.** For $0 \le t \le 1$ and any two inputs, each line satisfies
# $z_j(t\mathbf{x} + (1-t)\mathbf{x}') = t z_j(\mathbf{x}) + (1-t) z_j(\mathbf{x}') \le
# t\,g(\mathbf{x}) + (1-t)\,g(\mathbf{x}')$, and so does the largest of them.
#
# **It is any convex function with up to $k$ linear pieces.** Let $f$ be convex and made of $k$ linear pieces, and
# prolong each piece to a full line (with several inputs: a plane). A convex function lies above its tangents, so no
# prolonged piece rises above $f$ anywhere, and on its own piece it equals $f$. Hence $f = \max_j z_j$.
#
# ReLU ($k = 2$, lines $z$ and 0), leaky ReLU and $\lvert z \rvert$ are special cases. The price is $k$ weight vectors a
# unit in the place of one.

# %% [markdown]
# ### Exercise `maxout` · ●●○○ · 8 minutes · 1.5 points
#
# **Goal.** The maximum of each group of `k` neighbouring columns.
# **Need not:** the affine maps; a number of columns that `k` does not divide.
#
# <details><summary>Hint 1</summary><code>reshape</code> keeps the order: cut each row of <code>m·k</code> numbers into
# <code>m</code> groups of <code>k</code>.</details>
# <details><summary>Hint 2</summary>Shape <code>(n, m, k)</code>, with <code>k</code> last. Then the maximum over the
# last axis.</details>
# <details><summary>Hint 3</summary><code>m = Z.shape[1] // k</code> groups of <code>k</code>, in
# <code>Z.shape[0]</code> rows.</details>

# %% nbgrader={"grade_id": "maxout", "solution": true}
def maxout(Z, k):
    """Maxout units: the largest of each group of k neighbouring columns.

    Z: (n, m*k) pre-activations; unit i owns the columns i*k ... (i+1)*k - 1.
    k: a whole number, pieces a unit.
    Returns activations of shape (n, m).
    """
    ### BEGIN SOLUTION
    n, columns = Z.shape
    return Z.reshape(n, columns // k, k).max(axis=2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_maxout", "grade": true}
check("maxout", maxout)

# %% [markdown]
# ### Who gets the gradient?
#
# Move a piece that is below the maximum a little: the output does not change. Move the winner: the output moves along
# with it. So
#
# $$\frac{\partial J}{\partial z_j} = \begin{cases} \partial J / \partial h_i & \text{if } j \text{ is the winner of group }
# i \\ 0 & \text{otherwise.} \end{cases}$$
#
# Where two pieces tie there is a kink. We agree on the first of them.

# %% [markdown]
# ### Exercise `maxout_grad` · ●●●○ · 15 minutes · 2 points
#
# **Goal.** Route the gradient of each unit to its winner.
# **Need not:** gradients of the weights.
# **Unusual input** (¼ point): arrays of whole numbers, or of float32.
#
# <details><summary>Hint 1</summary><code>argmax(axis=2)</code> of the groups gives the winners, and of ties the
# first.</details>
# <details><summary>Hint 2</summary>Start from zeros of shape <code>(n, m, k)</code>, write <code>upstream</code> in at
# the winners, reshape to <code>(n, m·k)</code>.</details>
# <details><summary>Hint 3</summary>To write at the winners: <code>np.put_along_axis</code>, or compare
# <code>np.arange(k)</code> with <code>winner[:, :, np.newaxis]</code>, or two loops.</details>

# %% nbgrader={"grade_id": "maxout_grad", "solution": true}
def maxout_grad(Z, k, upstream):
    """Gradient of a loss through maxout units: all to the winner of each group, the first of ties.

    Z: (n, m*k) pre-activations.  k: pieces a unit.
    upstream: (n, m), gradient of the loss with respect to the activations.
    Returns the gradient with respect to Z, shape (n, m*k).
    """
    ### BEGIN SOLUTION
    n, m = upstream.shape
    winner = Z.reshape(n, m, k).argmax(axis=2)
    won = np.arange(k) == winner[:, :, np.newaxis]
    return (won * upstream[:, :, np.newaxis]).reshape(n, m * k)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_maxout_grad", "grade": true}
check("maxout_grad", maxout_grad)

# %% [markdown]
# ### Exercise `tangent_maxout` · ●●○○ · 8 minutes · further
#
# **Goal.** The lines of a maxout unit that approximates a convex function: its tangents at some points. The tangent at
# $p$ is $f(p) + f'(p)(x - p)$; you are asked for its slope and for its height at $x = 0$.
# **Need not:** choosing the points; more than one input.
# **Unusual input:** `points` is an array of whole numbers, or of float32.
#
# <details><summary>Hint 1</summary>Both functions take arrays: <code>df(points)</code> gives all slopes.</details>
# <details><summary>Hint 2</summary>Put <i>x = 0</i> into the tangent to get the intercept.</details>
# <details><summary>Hint 3</summary>Return both: <code>return slopes, intercepts</code>.</details>

# %% nbgrader={"grade_id": "tangent_maxout", "solution": true}
def tangent_maxout(f, df, points):
    """Tangents of a convex function, as the pieces of a maxout unit: max(slopes * x + intercepts) <= f(x).

    f, df: a convex function of one variable and its derivative; both take arrays.
    points: (k,) where the tangents touch.
    Returns (slopes, intercepts), each of shape (k,).
    """
    ### BEGIN SOLUTION
    slopes = df(points)
    return slopes, f(points) - slopes * points
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_tangent_maxout", "grade": true}
check("tangent_maxout", tangent_maxout)

# %% [markdown]
# ### A maxout unit learns
#
# One maxout unit with one input, trained by gradient descent on a function that it has to imitate, forwards by
# **your** `maxout` and backwards by **your** `maxout_grad`. The slider sets the number of pieces; the thin lines are the
# pieces. Which functions can it learn, and what does it make of the sine, which is not convex?

# %% tags=["figure"]
figures.maxout_learns(maxout, maxout_grad)

# %% [markdown]
# On a convex function more pieces mostly mean a smaller error. On the sine the second piece helps and no further one does:
# whatever the number, the unit ends as a convex compromise. A piece that never wins (dotted) gets no gradient and stays where it is, so two random
# starts may end with different numbers of pieces in use: maxout units have idle pieces, as layers of rectifiers have
# dead units (part 7).

# %% [markdown]
# ## 5 · Sigmoid and tanh: smooth, and saturating
#
# Until about 2010 hidden units were logistic sigmoids or hyperbolic tangents,
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}} = \frac{e^z}{e^z + 1} , \qquad \tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}} .$$
#
# The sigmoid is also a derivative: that of the **softplus** $\zeta(z) = \log(1 + e^z)$, the smoothed ReLU
# (Dugas et al. 2001),
#
# $$\zeta'(z) = \frac{e^z}{1 + e^z} = \sigma(z) .$$
#
# Both formulas of σ are right on paper. In floating point $e^{z}$ overflows beyond $z \approx 709$: the second one
# becomes $\infty / \infty$ far to the right. The first one gives the right 0 far to the left, but through an infinity,
# and NumPy warns. The remedy is always the same: **divide so that every exponent is negative or zero.**

# %% [markdown]
# ### Exercise `softplus_grad` · ●●○○ · 8 minutes · 1.5 points
#
# **Goal.** The derivative of the softplus, which is the sigmoid, without overflow or warning up to ±10000; errors below $10^{-12}$
# do not count.
# **Need not:** the softplus itself. You have met the function as `sigmoid` in chapter 2, where it was a probability. Here it is a
# slope: take yours over if you have it, and see what is the same.
# **Unusual input** (¼ point): `z` is an array of whole numbers (the result is not), or of float32.
#
# <details><summary>Hint 1</summary>Use the first formula where <i>z ≥ 0</i>, the second where <i>z &lt; 0</i>.</details>
# <details><summary>Hint 2</summary><code>np.where</code> computes <i>both</i> of its branches for all entries, and so
# overflows all the same. The exponential should never see a positive number.</details>
# <details><summary>Hint 3</summary>Write both formulas with the exponential of <i>−|z|</i>. What do they have in common,
# and what differs?</details>

# %% nbgrader={"grade_id": "softplus_grad", "solution": true}
def softplus_grad(z):
    """Derivative of log(1 + exp(z)): the logistic sigmoid, stable for large |z|.

    z: array of any shape.
    Returns an array of the same shape, entries from 0 to 1.
    """
    ### BEGIN SOLUTION
    small = np.exp(-np.abs(z))  # at most 1
    return np.where(z >= 0, 1.0, small) / (1.0 + small)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_softplus_grad", "grade": true}
check("softplus_grad", softplus_grad)

# %% [markdown]
# ### How flat?
#
# Differentiate $\sigma = (1 + e^{-z})^{-1}$ by the chain rule, and use $1 - \sigma(z) = \sigma(-z)$:
#
# $$\sigma'(z) = \frac{e^{-z}}{(1 + e^{-z})^2} = \sigma(z)\,(1 - \sigma(z)) = \sigma(z)\,\sigma(-z) .$$
#
# It is largest at 0, where it is ¼, and falls off like $e^{-\lvert z \rvert}$ on both sides: the unit **saturates**.

# %% [markdown]
# ### Exercise `sigmoid_grad` · ●●○○ · 6 minutes · 1.25 points
#
# **Goal.** $\sigma'(z)$ from the pre-activation $z$, without NaN or a warning up to ±10000; where it is below $10^{-12}$, 0 will do.
# **Need not:** the slope as a function of the output.
#
# You may call your `softplus_grad`: it is σ.
# **Unusual input** (¼ point): `z` is an array of whole numbers (the result is not), or of float32.
#
# <details><summary>Hint 1</summary>Of the forms above, which one needs no exponential of its own once you have σ?</details>
# <details><summary>Hint 2</summary>If σ is stable, so is a product of two of its values.</details>
# <details><summary>Hint 3</summary>The quotient in the middle overflows on one side: it needs
# <i>|z|</i>.</details>

# %% nbgrader={"grade_id": "sigmoid_grad", "solution": true}
def sigmoid_grad(z):
    """Derivative of the logistic sigmoid at the pre-activation z, stable for large |z|.

    z: array of any shape.
    Returns an array of the same shape, entries from 0 to 1/4.
    """
    ### BEGIN SOLUTION
    return softplus_grad(z) * softplus_grad(-z)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_sigmoid_grad", "grade": true}
check("sigmoid_grad", sigmoid_grad)

# %% [markdown]
# Saturation is best seen beside other units. Your σ and its slope, and everything else on the list:

# %% tags=["figure"]
figures.activation_explorer(softplus_grad, sigmoid_grad, unit="sigmoid")

# %% [markdown]
# A network with one unit a layer and all weights 1 multiplies the error signal by one slope a layer. How much is left
# of it, at best, that is with every unit where its slope is largest?

# %% tags=["experiment"]
best = sigmoid_grad(np.array([0.0]))[0]
print("layers   sigmoid    tanh       ReLU (active)")
for layers in (1, 5, 10, 20):
    print(f"{layers:6d}   {best**layers:.1e}    {(4 * best) ** layers:.1e}    {1.0**layers:.1e}")
print("slope of a sigmoid at z = 10:", sigmoid_grad(np.array([10.0]))[0])

# %% [markdown]
# Twenty sigmoids leave a millionth of a millionth. (The slope of tanh at 0 is 4σ′(0) = 1; away from 0 it
# shrinks as well.) Weights can make up for it in part: chapter 6 is about that.

# %% [markdown]
# ### tanh is a sigmoid in other units
#
# Stretch the sigmoid to twice its height, shift it down by 1, and squeeze it sideways by 2:
#
# $$2\sigma(2z) - 1 = \frac{2}{1 + e^{-2z}} - 1 = \frac{1 - e^{-2z}}{1 + e^{-2z}}
# = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}} = \tanh(z) .$$
#
# Its slope is $4\sigma'(2z)$, four times as steep, and near 0 tanh is close to $z$ itself: as long as activations are
# small, the network trains like a linear one. That is one reason why tanh "typically performs better" than the sigmoid
# (Goodfellow et al. 2016, section 6.3.2). Another is that its values lie around 0; those of a sigmoid are all
# positive, and then an example moves all weights into one unit of the next layer the same way (LeCun, Bottou, Orr, Müller 1998, "Efficient BackProp").

# %% [markdown]
# ### Exercise `tanh_from_sigmoid` · ●●○○ · 4 minutes · further
#
# **Goal.** tanh by this formula, stable up to ±10000.
# **Need not:** every digit of very small values: near 0 the subtraction costs some. (`np.tanh` would be right too; the
# point is to see that no other function is needed.)
#
# You may call your `softplus_grad`: it is σ.
# **Unusual input:** `z` is an array of whole numbers (the result is not), or of float32.
#
# <details><summary>Hint 1</summary>One line: the formula as it stands.</details>
# <details><summary>Hint 2</summary>The sigmoid is taken at <i>2z</i>, not at <i>z</i>.</details>
# <details><summary>Hint 3</summary>A warning here comes from σ: repair it there.</details>

# %% nbgrader={"grade_id": "tanh_from_sigmoid", "solution": true}
def tanh_from_sigmoid(z):
    """Hyperbolic tangent as 2 sigma(2z) - 1, stable for large |z|.

    z: array of any shape.
    Returns an array of the same shape, entries from -1 to 1.
    """
    ### BEGIN SOLUTION
    return 2 * softplus_grad(2 * z) - 1
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_tanh_from_sigmoid", "grade": true}
check("tanh_from_sigmoid", tanh_from_sigmoid)

# %% [markdown]
# ### Exercise `tanh_grad` · ●●○○ · 4 minutes · further
#
# **Goal.** $\tanh'(z) = 1 - \tanh^2(z)$ from the pre-activation $z$, stable up to ±10000; errors below $10^{-12}$ do not count.
# **Need not:** the slope as a function of the output.
# **Unusual input:** `z` is an array of whole numbers (the result is not), or of float32.
#
# <details><summary>Hint 1</summary><code>np.tanh</code> is stable everywhere.</details>
# <details><summary>Hint 2</summary>Or: <i>4σ′(2z)</i>, with your <code>sigmoid_grad</code>.</details>
# <details><summary>Hint 3</summary><i>1 / cosh²</i> is the same on paper; cosh overflows.</details>

# %% nbgrader={"grade_id": "tanh_grad", "solution": true}
def tanh_grad(z):
    """Derivative of tanh at the pre-activation z, stable for large |z|.

    z: array of any shape.
    Returns an array of the same shape, entries from 0 to 1.
    """
    ### BEGIN SOLUTION
    return 1 - np.tanh(z) ** 2
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_tanh_grad", "grade": true}
check("tanh_grad", tanh_grad)

# %% [markdown]
# ## 6 · Three depths, three units
#
# Does it matter in practice? Train networks to read handwritten digits, with 1, 3 and 6 hidden layers of 32 units, once with
# ReLUs, once with tanh, once with sigmoids. All else is the same: start with weights of a size that keeps the signal
# (variance 2 / inputs for ReLUs, 1 / inputs for the others), ten passes in minibatches of 32, a rate that falls from 0.2 to
# 0.01. Derivatives are **yours**: `relu_grad`, `sigmoid_grad`, and $\tanh'(z) = 4\sigma'(2z)$. So are `relu` of chapter 1 and
# `softmax` of chapter 2: `mine` takes them from those notebooks as you saved them, and where one is missing or does not pass
# its check, `fnnkit`'s, with a line that says so. (Chapter 5 derives the way back through the layers; here, watch the line
# with `slope`: there your functions stand.)
#
# **Guess first**, before you run it: of the nine networks, which read better than nine images in ten? Guessing reads one in
# ten. And what will become of tanh, which saturates as well? (The cell takes a few seconds.)

# %% tags=["experiment"]
from fnnkit.datasets import digits
from fnnkit.exercises import mine

images, labels, test_images, test_labels = digits()
images, test_images = images - 0.5, test_images - 0.5  # grey values around 0
UNITS = {
    "ReLU": (mine.relu, relu_grad, 2.0),
    "tanh": (np.tanh, lambda z: 4 * sigmoid_grad(2 * z), 1.0),
    "sigmoid": (softplus_grad, sigmoid_grad, 1.0),
}


def train_digits(unit, depth, seed, epochs=10, rate=0.2, size=32):
    """A network with `depth` hidden layers of 32 units.

    Returns the share of test images that it reads, and the size of the first layer's gradient at the first step, as a
    share of the last layer's.
    """
    g, slope, gain = unit
    rng = np.random.default_rng(seed)
    widths = [64] + depth * [32] + [10]
    W = [rng.normal(0, np.sqrt(gain / a), (a, b)) for a, b in zip(widths[:-1], widths[1:], strict=True)]
    c = [np.zeros(b) for b in widths[1:]]
    batches = epochs * [slice(i, i + size) for i in range(0, len(images), size)]
    for k, batch in enumerate(batches):
        if batch.start == 0:
            order = rng.permutation(len(images))
        H, Z = [images[order[batch]]], []
        for weights, bias in zip(W, c, strict=True):
            Z.append(H[-1] @ weights + bias)
            H.append(g(Z[-1]))
        delta = mine.softmax(Z[-1]) - np.eye(10)[labels[order[batch]]]  # minus one at the label: chapter 2
        dW, dc = [], []
        for layer in range(depth, -1, -1):
            dW.insert(0, H[layer].T @ delta / len(delta))
            dc.insert(0, delta.mean(axis=0))
            if layer:
                delta = (delta @ W[layer].T) * slope(Z[layer - 1])
        if k == 0:
            share = np.linalg.norm(dW[0]) / np.linalg.norm(dW[-1])
        step = rate * (1 - 0.95 * k / len(batches))
        W = [weights - step * grad for weights, grad in zip(W, dW, strict=True)]
        c = [bias - step * grad for bias, grad in zip(c, dc, strict=True)]
    H = test_images
    for weights, bias in zip(W[:-1], c[:-1], strict=True):
        H = g(H @ weights + bias)
    return np.mean((H @ W[-1] + c[-1]).argmax(axis=1) == test_labels), share


begin = time.perf_counter()
for depth in (1, 3, 6):
    for unit in UNITS:
        right, share = train_digits(UNITS[unit], depth, seed=0)
        print(f"{depth} deep, {unit:7}: {right:4.0%} right; gradient of the first layer / of the last: {share:.1g}")
print(f"{time.perf_counter() - begin:.1f} s")


# %% [markdown]
# One layer of sigmoids learns, more slowly than the others. **Three do not learn at all**, and the last column says why: at
# the first step the gradient of the first layer is a hundred times smaller than that of the last, with six layers thousands
# of times. Each layer of sigmoids takes a factor of at most ¼, and what is left is too little to move the lower layers. With
# ReLUs and tanh no such factor is there at the start, and depth costs nothing here. It brings nothing either: the
# digits are easy (chapter 4 asks on which data depth helps).
#
# So it is not saturation alone that hurts: tanh saturates too. Its slope at 0 is 1 where the sigmoid's is ¼, and its values
# lie around 0.

# %% [markdown]
# ## 7 · Sparse, and sometimes dead
#
# A rectifier answers many inputs with an exact 0: about half of them, if its pre-activations are spread evenly around
# 0. Layers of rectifiers are therefore **sparse**: for each example another small part of the network is at work, and
# signals and gradients flow through that part alone. Glorot, Bordes and Bengio (2011) argue that this is closer to
# biological neurons, of which only a few per cent are active at a time, and that it disentangles the information.
#
# > **The slides say** "Glorot '10"; the paper on sparse rectifiers is Glorot, Bordes, Bengio (**2011**). The paper of
# > 2010 (Glorot, Bengio) is about initialisation.
#
# Too much of it is a defect: a unit that is silent on *every* example has a zero gradient on every example, and its weights
# stand still. Such a unit is **dead**. In the first layer it stays so, as its inputs are the data. In a deeper layer the
# layers below go on learning and move its inputs, and only that can bring it back. It does: of ten layers of 32 ReLUs on
# the digits, 24, 30 and 34 units were dead at the start (three seeds), and 10, 20 and 18 of these were alive again after
# five epochs at the rate 0.05.

# %% [markdown]
# ### Exercise `sparsity` · ●○○○ · 3 minutes · further
#
# **Goal.** The share of activations that are exactly zero, one number from 0 to 1.
# **Need not:** a share for each unit or example. **Must not:** count numbers that are almost zero.
#
# <details><summary>Hint 1</summary><code>H == 0</code> is an array of <code>True</code> and
# <code>False</code>.</details>
# <details><summary>Hint 2</summary>In sums and means <code>True</code> counts as 1, and <code>False</code>
# as 0.</details>
# <details><summary>Hint 3</summary>The mean of such an array is the share of <code>True</code> in it.</details>

# %% nbgrader={"grade_id": "sparsity", "solution": true}
def sparsity(H):
    """Share of the entries of H that are exactly zero.

    H: array of activations, of any shape, with at least one entry.
    Returns a number from 0 to 1.
    """
    ### BEGIN SOLUTION
    return (H == 0).mean()
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_sparsity", "grade": true}
check("sparsity", sparsity)

# %% [markdown]
# ### Exercise `dead_units` · ●●○○ · 5 minutes · 1 point
#
# **Goal.** The indices of the units that are exactly zero on every example.
# **Need not:** reviving them; batches without examples.
#
# <details><summary>Hint 1</summary>Units are columns. Which question has to be asked of every entry, and which of every column?</details>
# <details><summary>Hint 2</summary>Sums and maxima will not do: 1 and −1 add up to 0, and of a unit that is never positive
# the maximum may be 0.</details>
# <details><summary>Hint 3</summary>With one truth value a unit in hand, look for a function of NumPy that gives the places of
# the true ones.</details>

# %% nbgrader={"grade_id": "dead_units", "solution": true}
def dead_units(H):
    """Indices of the units that are exactly zero on every example.

    H: (n, m) activations, one example a row, one unit a column.
    Returns an array of whole numbers in ascending order; it is empty if no unit is dead.
    """
    ### BEGIN SOLUTION
    return np.flatnonzero((H == 0).all(axis=0))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_dead_units", "grade": true}
check("dead_units", dead_units)

# %% [markdown]
# ### Sparsity through depth
#
# The images of handwritten digits go through a deep network with random weights, and **your** two functions measure
# each layer. The first slider adds the same number to every pre-activation. Which unit gives exact zeros? What happens
# to the deepest layers as the bias falls?

# %% tags=["figure"]
figures.sparsity_through_depth(sparsity, dead_units)

# %% [markdown]
# Only the rectifier gives exact zeros: a tanh or a sigmoid comes as close to its bounds as you like, but a share of
# *exact* zeros it has not. With the bias at 0 about half of the activations are zero in each layer. A negative bias
# silences more of them, and the effect piles up: the layer above gets less, so less gets through.
#
# Look at the dead units at bias 0, before any training: none in layer 1, and 14 of 64 in layer 8 (first start). Half of the
# values are zero in layer 1 and 60 % in layer 8, but not in the same way. Images become **alike** with depth: two of them have a mean cosine
# of 0 at the input and of 0.86 in layer 8, so a unit tends to be on for all of them or off for all. Chapter 4 follows what
# random layers do to distances.

# %% [markdown]
# ## 8 · The others
#
# **Radial basis function units** compare the input with a template, the column $\mathbf{W}_{:,i}$:
#
# $$h_i = \exp\Bigl(-\frac{1}{\sigma_i^2} \lVert \mathbf{W}_{:,i} - \mathbf{x} \rVert^2\Bigr) .$$
#
# The unit is 1 at its template and almost 0 a few widths away. Almost everywhere it is flat, so gradients find the
# templates only from nearby: such units are hard to train. (There is no factor ½: that is the one of a normal density.)
#
# **Softplus** is smooth where the ReLU has a corner. One might expect that to help; Glorot, Bordes and Bengio (2011)
# found that it does not, and the ReLU is preferred.
#
# **Hard tanh** $\max(-1, \min(1, a))$ (Collobert 2004) is bounded like tanh and piecewise linear like a ReLU. Where it is
# cut off it is flat: a sigmoid at least has a slope there that is small, this one has none.

# %% [markdown]
# ### Exercise `rbf_units` · ●●●○ · 12 minutes · further
#
# **Goal.** All units on all examples, also far from the origin.
# **Need not:** gradients; a single width for all units.
#
# <details><summary>Hint 1</summary><code>X[:, :, np.newaxis] - W[np.newaxis]</code> has shape <code>(n, d, m)</code>:
# each example against each centre.</details>
# <details><summary>Hint 2</summary>Square, and sum over the axis of the inputs, <code>axis=1</code>.</details>
# <details><summary>Hint 3</summary>Multiplying the square out, <i>‖x‖² − 2xᵀw + ‖w‖²</i>, is faster and loses all digits
# where the numbers are large and their difference is small.</details>

# %% nbgrader={"grade_id": "rbf_units", "solution": true}
def rbf_units(X, W, sigma):
    """Radial basis function units exp(-|W[:, i] - x|^2 / sigma[i]^2).

    X: (n, d) examples.  W: (d, m), one centre a column.  sigma: (m,) positive widths.
    Returns activations of shape (n, m), from 0 to 1.
    """
    ### BEGIN SOLUTION
    difference = X[:, :, np.newaxis] - W[np.newaxis]
    return np.exp(-(difference**2).sum(axis=1) / sigma**2)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_rbf_units", "grade": true}
check("rbf_units", rbf_units)

# %% [markdown]
# ### Exercise `hard_tanh` · ●○○○ · 3 minutes · further
#
# **Goal.** $\max(-1, \min(1, z))$.
# **Need not:** its slope, which is next.
# **Unusual input:** `z` is an array of whole numbers (the result may be whole too), or of float32.
#
# <details><summary>Hint 1</summary><code>np.maximum</code> and <code>np.minimum</code> go entry by entry.</details>
# <details><summary>Hint 2</summary>Two cuts, one after the other; their order does not matter.</details>
# <details><summary>Hint 3</summary>The lower bound is −1, not 0.</details>

# %% nbgrader={"grade_id": "hard_tanh", "solution": true}
def hard_tanh(z):
    """The line z, cut off at -1 and 1.

    z: array of any shape.
    Returns an array of the same shape.
    """
    ### BEGIN SOLUTION
    return np.clip(z, -1, 1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_hard_tanh", "grade": true}
check("hard_tanh", hard_tanh)

# %% [markdown]
# ### Exercise `hard_tanh_grad` · ●○○○ · 3 minutes · further
#
# **Goal.** Its derivative: 1 inside, 0 outside and at both corners, as floats or integers.
# **Need not:** the chain rule.
#
# <details><summary>Hint 1</summary>Inside means <i>|z| &lt; 1</i>.</details>
# <details><summary>Hint 2</summary><code>np.abs</code> goes entry by entry.</details>
# <details><summary>Hint 3</summary>Turn truth values into numbers: <code>.astype(float)</code>.</details>

# %% nbgrader={"grade_id": "hard_tanh_grad", "solution": true}
def hard_tanh_grad(z):
    """Derivative of hard tanh; 0 at z = -1 and z = 1.

    z: array of any shape.
    Returns an array of numbers, of the same shape.
    """
    ### BEGIN SOLUTION
    return np.where(np.abs(z) < 1, 1.0, 0.0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_hard_tanh_grad", "grade": true}
check("hard_tanh_grad", hard_tanh_grad)

# %% [markdown]
# Any of your functions can be looked at in the explorer: put a cell of your own below, and call for example
# `figures.activation_explorer(hard_tanh, hard_tanh_grad)`, or `figures.activation_explorer(rbf_units)` with a slider
# for σ.

# %% [markdown]
# ## 9 · An experiment: what is forgotten
#
# Train a network on a task, then go on training it on another, and test it on the first again: much of it is gone. This
# is **catastrophic forgetting**. The slides say that maxout units have "some redundancy that helps them to resist" it.
# Does it show?
#
# Task A is to read handwritten digits. Task B is to read them with the pixels in another order, the same for all images:
# just as hard, and what was learned for A is of no use. A network with one hidden layer learns A for ten epochs, then B
# for ten, by stochastic gradient descent (learning rate 0.1, minibatches of 32), and is tested on both after each
# epoch. Once with 60 ReLUs, once with 32 maxout units of two pieces: 4510 and 4490 parameters. Forwards and backwards
# run **your** functions. Initial weights, order of the examples and order of the pixels change with the seed. Thin
# lines are single seeds, thick ones their mean. It trains for about ten seconds and opens after the last epoch; Back to start
# and Play show how it came to that, and a click in the picture leads to an epoch.

# %% tags=["experiment"]
figures.forgetting(relu_grad, maxout, maxout_grad, seeds=[1, 2, 3, 4, 5])

# %% [markdown]
# **What came out when this chapter was written.** Both had read 95 % of task A's test images; after task B the ReLUs still
# read 63 % of them and the maxout units 68 %, on average over the seeds 1 to 5, with single seeds between 57 % and 87 %. Five seeds cannot
# settle a difference of five points when single seeds scatter by thirty. Thirty seeds (1 to 30) can: 66 % against 71 %, a
# difference of 4.3 ± 1.1 percentage points (mean and standard error of the pairs), and maxout ahead in 23 of 30.
#
# So the slides are right here, by a little. But two more runs belong beside it. *Four times as many ReLUs* (240) kept
# 72 % over the same thirty seeds, no less than the maxout units: a wider layer helps as much as another unit. And with
# the digits 0 to 4 as task A and 5 to 9 as task B, both kept **0 %** with every seed from 1 to 5: every step on B pushes
# the output biases of the digits 0 to 4 down, and no image of B pushes them up. (Try it: `second="other digits"`.) Goodfellow et al. (2014)
# compared units on several pairs of tasks and found the same: which one forgets least changes from pair to pair.

# %% [markdown]
# ### Written question · 8 minutes · 1 point
#
# Choose the hidden units of two networks. **(a)** Twenty layers deep, for photographs; the time to train matters.
# **(b)** One hidden layer; the input is a time and the output the position of a body, and its *acceleration* is wanted,
# the second derivative of the network with respect to its input. For each: which unit, the reason (a fact from this
# chapter, not "it is the default"), and one thing that it costs. Six sentences are enough. (Marked by hand.)

# %% [markdown] nbgrader={"grade_id": "which_unit", "grade": true, "points": 1, "solution": true}
# **(a)** ReLUs. On its way down an error signal is multiplied by one slope a layer: active ReLUs multiply by 1,
# sigmoids by at most ¼, which over twenty layers is $10^{-12}$. The cost: a unit that is silent on every example gets no
# gradient, and comes back only if the layers below happen to move its inputs; leaky or parametric ReLUs, or maxout with $k$
# times the weights, avoid that.
#
# **(b)** tanh (or softplus). The second derivative of a network of ReLUs is 0 wherever it exists, so the body would
# never accelerate; tanh has derivatives of all orders. The cost: it saturates, so inputs have to be scaled and weights
# started small. With a single hidden layer the error signal passes only one slope, and that is bearable.
#
# *Rubric.* In each part ¼ for a unit with the reason that fits the case, ¼ for its cost. Another unit than here counts
# if its reason holds (leaky rectifiers or maxout in (a), any smooth one in (b)). Nothing for a name without a reason.

# %% [markdown]
# ## Milestone: three depths of digits
#
# Your `relu_grad` and `sigmoid_grad` train networks of three depths, from other starts than before, with ReLUs and with tanh.
# And the sigmoids, with your `softplus_grad` for σ: is there no way to train three layers of them? **Guess first**: a rate ten times as large and four times as many
# passes, will that do for three layers? For six? There are no points for it, and it is not run when your work is marked;
# `progress` keeps it.
# (About ten seconds.)

# %% tags=["experiment"]
begin = time.perf_counter()
relu_unit = (mine.relu, relu_grad, 2.0)
tanh_unit = (np.tanh, lambda z: 4 * sigmoid_grad(2 * z), 1.0)
sigmoid_unit = (softplus_grad, sigmoid_grad, 1.0)
reads = {}
for name, unit in {"ReLU": relu_unit, "tanh": tanh_unit}.items():
    for depth in (1, 3, 6):
        reads[name, depth] = [train_digits(unit, depth, seed)[0] for seed in (1, 2)]
        print(f"{name:7} {depth} deep:", ", ".join(f"{right:.0%}" for right in reads[name, depth]), "right")
for depth in (3, 6):
    patient = [train_digits(sigmoid_unit, depth, seed, epochs=40, rate=2.0)[0] for seed in (1, 2)]
    print(f"sigmoid {depth} deep, rate 2, forty passes:", ", ".join(f"{right:.0%}" for right in patient), "right")
print(f"{time.perf_counter() - begin:.1f} s")
milestone("ch3_activations", min(min(right) for right in reads.values()) > 0.9)

# %% [markdown]
# Three layers of sigmoids can be trained, by patience and a large rate; six stay where they are: each further layer takes its
# factor again, and no rate that was tried, from 0.2 to 50, makes up for all of them. Weights of another size, gates, or a unit that does not
# shrink the signal are what people use instead (chapter 6).

# %% [markdown]
# ## Summary
#
# - A central difference checks a derivative, away from kinks and with a step near $10^{-5}$.
# - ReLU: slope 1 where active, no second-order effects, exact zeros. Units that are silent on every example get no gradient;
#   a slope on the left (leaky, parametric, absolute value) keeps them learning.
# - Maxout learns the activation function: any convex piecewise linear function of up to $k$ pieces. The gradient goes
#   to the winner.
# - Sigmoid and tanh are the same curve in other units, and saturate: slopes of at most ¼ and 1, and of almost 0 far out.
#   Three layers of sigmoids did not learn to read in ten passes; tanh and ReLUs did at every depth.
# - Exponents that are never positive make σ, its slope and tanh safe for every input.
#
# **Further reading.** Goodfellow, Bengio, Courville (2016), *Deep Learning*, section 6.3 (hidden units). Glorot, Bordes,
# Bengio (2011), "Deep sparse rectifier neural networks", sections 2 and 3 (sparsity). He et al. (2015), "Delving deep
# into rectifiers", section 2.1 (parametric ReLU). Goodfellow et al. (2013), "Maxout networks", sections 3 and 4.
# Goodfellow, Mirza, Xiao, Courville, Bengio (2014), "An empirical investigation of catastrophic forgetting in
# gradient-based neural networks" (which unit forgets least changes from task to task).

# %% tags=["experiment"]
progress("ch3_activations")

# %% [markdown]
# **Before you hand in:** save (Ctrl-S), then run the cell below. It reads the saved file and judges it as it will be judged,
# in a fresh process and with nothing but the answers in it, and says where that differs from your last checks.

# %% tags=["experiment"]
ready()
