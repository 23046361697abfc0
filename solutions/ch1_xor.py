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
# Four points, two classes, and a model that cannot tell them apart: XOR is the smallest problem that a linear model
# fails at. This chapter shows why it fails, what one hidden layer adds, how its weights are found, and what can go
# wrong on the way.
#
# **When you are through, you can**
#
# - fit a linear model in closed form, and say why no line represents XOR,
# - write a network with one hidden layer, and find weights for XOR by hand,
# - name three ways to get the features that a linear model needs, and fit a kernel machine,
# - find weights by gradient descent, and predict for which learning rates it converges on a bowl,
# - say what the start decides, and tell a minimum from a saddle by the eigenvalues of the Hessian.
#
# <!-- time --> They are checked like the others and carry no points.
#
# <!-- map -->

# %% [markdown]
# ## Slides ↔ code
#
# | slides | here | why |
# |---|---|---|
# | $\mathbf{x}$, a column vector | a row of `X`, shape `(n, d)` | many examples at once |
# | $\mathbf{W}^\top \mathbf{x} + \mathbf{c}$ | `X @ W + c` with `W (d, m)`, `c (m,)` | the same numbers, one row an example |
# | $\mathbf{h} = g(\mathbf{W}^\top \mathbf{x} + \mathbf{c})$ | `H`, shape `(n, m)` | one column a hidden unit |
# | $y = \mathbf{w}^\top \mathbf{h} + b$ | `y`, shape `(n,)`, from `w (m,)` and a number `b` | one number an example |
# | $J(\boldsymbol{\theta})$ | a loss, **minimised**, averaged over the examples | |
# | $\boldsymbol{\theta}$ | `theta`, one vector: `W` row by row, then `c`, `w`, `b` | gradient descent sees one vector |
#
# **Letters with two meanings.** $H$ and `H` are the hidden features, but in 5.3 the Hessian, as in the books; $\lambda$ is the
# ridge of part 3, and $\lambda_i$ in parts 4 and 5 are eigenvalues; `A` and `B` of `rbf_kernel` are sets of points.
#
# In all chapters numbers are float64, arrays have at least one entry, and a function never changes what it is given (its own
# copy it may). Where an exercise looks beyond that (no example, whole numbers, float32), its card says so under *Unusual
# input*: that is one small criterion, and the others are not touched by it. There a result may be of the input's type or of
# float64, and for float32 relative errors up to $10^{-5}$ do not count. *Need not* is what your function may leave out. NumPy
# is all that you need; Python's own modules, such as `math` and `itertools`, are fine too.
# An answer may call those above it in the same chapter (check and marking run *your* versions, so repair a wrong one first),
# none of another chapter.

# %% tags=["given"]
import numpy as np

import fnnkit.figures.ch1_xor as figures
from fnnkit.exercises import check, milestone, progress, ready

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = np.array([0.0, 1.0, 1.0, 0.0])

# %% [markdown]
# ## How to work: write, check, read, repair
#
# You write a function in an answer cell and run it, then you run the check below it. The check says what it ran, what
# your function gave, what was expected and, if it recognises the mistake, which one it is. Repair, and run both again.
# There is no limit on tries, and no try counts.
#
# The first answer is given, so that you can see the whole round once:
#
# 1. Run the answer cell and its check. Everything is met.
# 2. Break it: delete `+ c`, run both cells, and read what the check says.
# 3. Break it in another way: write `W.T` for `W`, or take the `return` away. Read again.
# 4. Repair it.
#
# When something else goes wrong: *name … is not defined* means that a name is misspelt or, mostly, that a cell above has not been run (menu *Run*, *Run All
# Above Selected Cell*). A cell that shows `[*]` for long is still running: the square button ■ stops it, and the check says
# in which function it was. *Kernel*, *Restart Kernel* forgets everything; run the cells again from the top.

# %% [markdown]
# ### Exercise `affine` · ●○○○ · 3 minutes · answer given
#
# **Goal.** What one layer computes before its activation: $\mathbf{W}^\top\mathbf{x} + \mathbf{c}$ for every row of `X`.
# **Need not:** anything new. Break it and repair it.
# **Unusual input:** whole numbers, float32.
#
# <details><summary>Hint 1</summary><code>X @ W</code> is the matrix product; shapes <code>(n, d)</code> and
# <code>(d, m)</code> give <code>(n, m)</code>.</details>
# <details><summary>Hint 2</summary>NumPy adds <code>c</code>, of shape <code>(m,)</code>, to each of the
# <code>n</code> rows.</details>
# <details><summary>Hint 3</summary>The line is <code>return X @ W + c</code>.</details>

# %% nbgrader={"grade_id": "affine", "solution": true} tags=["answered"]
def affine(X, W, c):
    """Affine map of each row.

    X: (n, d) examples.  W: (d, m) weights, one unit a column.  c: (m,) biases.
    Returns an array of shape (n, m).
    """
    return X @ W + c


# %% nbgrader={"grade_id": "check_affine", "grade": true}
check("affine", affine)

# %% [markdown]
# ## What a feedforward network is
#
# A **feedforward network** (also: deep feedforward network, multilayer perceptron) approximates a function $f^*$ by
# $\mathbf{y} = f(\mathbf{x}; \boldsymbol{\theta})$. It is a *network* because it is made of several functions, mostly in a
# **chain**:
#
# $$f(\mathbf{x}) = f^{(3)}\bigl(f^{(2)}(f^{(1)}(\mathbf{x}))\bigr) .$$
#
# $f^{(1)}$ is the first **layer**, and so on; the length of the chain is the **depth**. The last one is the **output layer**:
# examples say what it should give at each $\mathbf{x}$. They do not say what the others should give, so those are called
# **hidden layers**, and learning has to find a use for them. The dimension of a hidden layer is its **width**. A layer
# gives a vector; one entry of it is a **unit**, which takes in many numbers and gives one, by an **activation function**.
#
# *Feedforward* means that nothing goes back: from $\mathbf{x}$ through the layers to $\mathbf{y}$. Who computes from whom is a
# **directed acyclic graph**. A **recurrent network**, such as the LSTM, has connections back, and its graph has a cycle
# (chapter 6; some, such as the neural Turing machine, have an explicit memory besides).
#
# *Neural* says where the idea of layers of many units that work side by side came from. A unit resembles a neuron a
# little, but it is not the aim to model a brain: these networks are machines that approximate functions, made so that they
# do well on examples that they have not seen.

# %% tags=["figure"]
figures.kinds_of_network()

# %% [markdown]
# Without a connection back there is an order in which each unit is computed once: a network of depth 3 is done after three
# steps, however wide it is. One connection back, and there is none: the network has a state, and goes on.

# %% [markdown]
# # Part 1 · Why a linear model fails
#
# ## 1.1 How wrong is a prediction?
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
# **Need not:** gradients, weights for examples, empty arrays.
#
# One trap is worth meeting early. If `y_pred` has shape `(n,)` and `y_true` has shape `(n, 1)`, NumPy
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
# ## 1.2 The best linear model
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
#
# *On a computer* a column that should be 0 after centring holds rounding errors, and a pseudo-inverse that takes them for
# data divides by them. Say how small is nothing: singular values below $10^{-10}$ of the largest, `rcond=1e-10`.

# %% [markdown]
# ### Exercise `fit_linear` · ●●○○ · 15 minutes · 2 points
#
# **Goal.** Least squares with an intercept, in closed form.
# **Need not:** gradient descent, several outputs, an `X` in which every column is constant. **Must not:** regularise: no ridge.
#
# <details><summary>Hint 1</summary>Subtract the mean of each column of <code>X</code>, and the mean of
# <code>y</code>.</details>
# <details><summary>Hint 2</summary>The matrix <code>XᵀX</code> may have no inverse. Give the centred <code>X</code> to
# <code>np.linalg.pinv(…, rcond=1e-10)</code> or <code>np.linalg.lstsq(…, rcond=1e-10)</code>: among all minimisers they give
# the smallest. (The singular values of <code>XᵀX</code> are the squares; its <code>pinv</code> does for this exercise
# too.)</details>
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
    w = np.linalg.pinv(X - x_mean, rcond=1e-10) @ (y - y_mean)
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
# It says ½ everywhere: the best line does not look at its inputs at all. You can see it in the centred data. Both
# centred columns hold $\mp\tfrac12$, the centred targets are $(-\tfrac12, \tfrac12, \tfrac12, -\tfrac12)$, and the
# products with either column add up to zero. Neither input is correlated with the target, so neither gets a weight,
# and what is left is $b = \bar y = \tfrac12$ with the error $\tfrac14$.
#
# Try to beat it. The three sliders are the model; the error below the picture is your `mse`, and the cross in the
# right picture is where your `fit_linear` says the bottom of the bowl is.

# %% tags=["figure"]
figures.linear_model(mse, fit_linear)

# %% [markdown]
# The error is a bowl in $(w_1, w_2, b)$: one minimum, no other valley. That is what makes linear models easy to
# fit, and here it tells us that no search will help. The *best* linear model is bad; is every one of them wrong?
#
# Linear regression is not the only linear model. **Logistic regression** gives the probability of a class,
# $\sigma(\mathbf{x}^\top\mathbf{w} + b)$ (chapter 2). It has no closed form, but its loss is convex, and so is that of a
# support vector machine: descent finds the smallest loss from any start. For XOR logistic regression finds the answer ½ again, at
# $\mathbf{w} = \mathbf{0}$, $b = 0$: what these models can represent is limited in the same way, as each splits the plane by
# one straight line.

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
#
# *Rubric.* ½ for what linearity means here: a step in one input changes the output by the same amount wherever it is
# made, or $f(0,0) + f(1,1) = f(0,1) + f(1,0)$. ½ for the contradiction with the values of XOR. A line that cannot part
# two diagonals counts as both, if the reason is given. Nothing for the numbers of a fit, or "XOR is not linear" alone.

# %% [markdown]
# ## 1.3 Better features
#
# A linear model is linear in what it *looks at*. Give it $\boldsymbol{\phi}(\mathbf{x})$ in the place of $\mathbf{x}$,
# and it can represent more. The slides name three ways to get $\boldsymbol{\phi}$:
#
# 1. a very **generic** one, such as that of a kernel machine (part 3),
# 2. one **made by hand**, by somebody who knows the problem (here),
# 3. one that is **learned** (parts 2 and 4): the way of deep learning.
#
# For XOR one hand-made feature is enough, the product $x_1 x_2$, which is 1 at $(1,1)$ and 0 at the other three points:

# %% tags=["experiment"]
features = np.column_stack([X, X[:, 0] * X[:, 1]])
w, b = fit_linear(features, y)
print("w =", np.round(w, 9) + 0.0, "  b =", round(float(b), 9) + 0.0)
print("predictions:", np.round(features @ w + b, 9) + 0.0, "  targets:", y)

# %% [markdown]
# With it the linear model is exact: $x_1 + x_2 - 2\,x_1x_2$. It took somebody who knew what was missing.

# %% [markdown]
# # Part 2 · What a hidden layer adds
#
# ## 2.1 Two linear layers are one
#
# Put a layer between input and output. If it is linear too, the row $\mathbf{x}$ becomes
# $\mathbf{h} = \mathbf{x} W_1 + \mathbf{c}_1$, and the output $\mathbf{h} W_2 + \mathbf{c}_2$. Nothing is won, and you
# can prove it by writing down the one layer that does the same.

# %% [markdown]
# ### Exercise `collapse_linear` · ●●○○ · 10 minutes · 1 point
#
# **Goal.** The weights and biases of the *one* affine map that equals two of them, one after the other.
# **Need not:** activations, more than two layers.
#
# <details><summary>Hint 1</summary>Put <code>h</code> into the second formula: <code>(x W1 + c1) W2 + c2</code>.</details>
# <details><summary>Hint 2</summary>Multiply it out. Which part has an <code>x</code> in it, and which has
# none?</details>
# <details><summary>Hint 3</summary>The part without <code>x</code> has two terms, and one of them went through
# <code>W2</code>.</details>

# %% nbgrader={"grade_id": "collapse_linear", "solution": true}
def collapse_linear(W1, c1, W2, c2):
    """The one affine map equal to two stacked ones, for rows: (X @ W1 + c1) @ W2 + c2 = X @ W + c.

    W1: (d, m) and c1: (m,) of the first layer.  W2: (m, p) and c2: (p,) of the second.
    Returns (W, c) of shapes (d, p) and (p,).
    """
    ### BEGIN SOLUTION
    return W1 @ W2, c1 @ W2 + c2
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_collapse_linear", "grade": true}
check("collapse_linear", collapse_linear)

# %% [markdown]
# The widths do not matter: a hidden layer of a thousand linear units is still one linear map. What was missing is a
# function $g$ that is *not* linear, applied to each entry of $\mathbf{h}$:
#
# $$\mathbf{h} = g(\mathbf{W}^\top \mathbf{x} + \mathbf{c}) .$$
#
# ## 2.2 The rectified linear unit
#
# The default recommendation of the slides is the **ReLU**, $g(z) = \max\{0, z\}$: two straight pieces and one kink.

# %% [markdown]
# ### Exercise `relu` · ●○○○ · 5 minutes · 1 point
#
# **Goal.** $\max\{0, z\}$ for every entry of an array of any shape.
# **Need not:** derivatives (chapter 3), NaN.
#
# <details><summary>Hint 1</summary>Python's <code>max</code> compares two things; you need one that compares entry by
# entry.</details>
# <details><summary>Hint 2</summary><code>np.maximum</code> does, and so does
# <code>np.where(condition, a, b)</code>.</details>
# <details><summary>Hint 3</summary>Return a new array: <code>z[z &lt; 0] = 0</code> would change the caller's.</details>

# %% nbgrader={"grade_id": "relu", "solution": true}
def relu(z):
    """Rectified linear unit, entry by entry.

    z: array of any shape.
    Returns a new array of the same shape.
    """
    ### BEGIN SOLUTION
    return np.maximum(0, z)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_relu", "grade": true}
check("relu", relu)

# %% [markdown]
# ## 2.3 A network that solves XOR
#
# Two such units and a linear output are enough:
#
# $$f(\mathbf{x}; \mathbf{W}, \mathbf{c}, \mathbf{w}, b)
# = \mathbf{w}^\top \max\{0,\ \mathbf{W}^\top \mathbf{x} + \mathbf{c}\} + b .$$
#
# The weights need no computer. Let both units look at the sum $x_1 + x_2$, which is 0, 1, 1, 2 on the four points:
#
# - the first unit, $h_1 = \max\{0, x_1 + x_2\}$, counts the ones: $0, 1, 1, 2$;
# - the second, $h_2 = \max\{0, x_1 + x_2 - 1\}$, sees only the point $(1,1)$: $0, 0, 0, 1$;
# - the output takes the count and subtracts twice what went too far: $y = h_1 - 2 h_2 = 0, 1, 1, 0$.
#
# As matrices these are the weights of the slides:
#
# $$\mathbf{W} = \begin{bmatrix} 1 & 1 \\ 1 & 1 \end{bmatrix},\quad
# \mathbf{c} = \begin{bmatrix} 0 \\ -1 \end{bmatrix},\quad
# \mathbf{w} = \begin{bmatrix} 1 \\ -2 \end{bmatrix},\quad b = 0 ,$$
#
# and the four rows of the design matrix go through the network like this:
#
# $$XW = \begin{bmatrix} 0&0\\1&1\\1&1\\2&2 \end{bmatrix},\quad
# XW + \mathbf{c} = \begin{bmatrix} 0&-1\\1&0\\1&0\\2&1 \end{bmatrix},\quad
# H = \begin{bmatrix} 0&0\\1&0\\1&0\\2&1 \end{bmatrix},\quad
# H\mathbf{w} + b = \begin{bmatrix} 0\\1\\1\\0 \end{bmatrix}.$$
#
# > **The slides say** nothing about the output bias of this solution; **we use** $b = 0$. They also call it *the* solution
# > that minimises $J$. It is one of many: any weights with the outputs 0, 1, 1, 0 have $J = 0$.

# %% [markdown]
# ### Exercise `xor_network` · ●●○○ · 10 minutes · 2 points
#
# **Goal.** The hidden features and the output of this network, for all rows of `X` at once.
# **Need not:** learning the weights; a loop over examples.
# **Unusual input** (¼ point): no example (`X` has 0 rows), whole numbers, float32.
#
# <details><summary>Hint 1</summary>Rows are examples: the slides' <i>Wᵀx</i> becomes <code>X @ W</code>.</details>
# <details><summary>Hint 2</summary>First the product, then the bias <code>c</code>, then the ReLU: your
# <code>relu</code>, or <code>np.maximum(0, Z)</code>.</details>
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
# slides' solution, then from zeros: can you find another one?

# %% tags=["figure"]
figures.hand_made_xor(xor_network)

# %% [markdown]
# ### Exercise `my_xor_weights` · ●●○○ · 5 minutes · 1.5 points
#
# **Goal.** A solution of your own: weights with the outputs 0, 1, 1, 0, to within $10^{-9}$, that are another network than the slides'. The
# check runs the network with what you return, arrays or lists.
# **Need not:** be small or whole numbers; a formula for finding them: play with the figure until it says *solved*, and write
# down the nine numbers. **Must not:** be the slides' network with its units exchanged, with a unit's incoming weights and bias
# multiplied by a positive number and its outgoing weight divided by it, or with both. A unit with its kink at another place
# makes another network.
#
# <details><summary>Hint 1</summary>Let a unit look at something else than <i>x₁ + x₂</i>. Which expressions are the same at
# (0, 0) and (1, 1)?</details>
# <details><summary>Hint 2</summary>XOR asks whether the inputs differ. The distance of two numbers has two cases.</details>
# <details><summary>Hint 3</summary>Or take away from 1 what is wrong: one unit that sees (0, 0) only, one that sees (1, 1)
# only.</details>

# %% nbgrader={"grade_id": "my_xor_weights", "solution": true}
def my_xor_weights():
    """Weights of an XOR network that is not the slides'.

    Returns (W, c, w, b): hidden weights of shape (2, 2), one unit a column, hidden biases of shape (2,), output
    weights of shape (2,) and a number.
    """
    ### BEGIN SOLUTION
    # The distance of the inputs: max(0, x1 - x2) + max(0, x2 - x1).
    W = np.array([[1.0, -1.0], [-1.0, 1.0]])
    return W, np.zeros(2), np.array([1.0, 1.0]), 0.0
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_my_xor_weights", "grade": true}
check("my_xor_weights", my_xor_weights)

# %% [markdown]
# With the slides' weights, the two points with target 1 have landed on the same spot in the right picture, $(1, 0)$, and one straight
# line now separates the classes. Where do yours put them? The hidden layer did not solve the problem; it moved the points so that a linear model can.
# That is **representation learning**, the third way to get $\boldsymbol{\phi}$.

# %% [markdown]
# ### Exercise `count_xor_solutions` · ●●●● · 20 minutes · further
#
# How special are the slides' weights? Let each of the nine numbers in $(\mathbf{W}, \mathbf{c}, \mathbf{w}, b)$ be one
# of a few integers, try **all** networks, and count those whose four outputs are exactly $0, 1, 1, 0$.
#
# **Goal.** That number, for a list of distinct integers. With five values there are $5^9 = 1\,953\,125$ networks: a
# few seconds for array operations, a minute or so for a Python loop over networks. The check asks for at most three
# values, which any loop does in a second or two.
# **Need not:** the solutions themselves; networks of another size. Two networks that differ only in the order of
# their hidden units count as two.
#
# <details><summary>Hint 1</summary><code>np.meshgrid(*[values] * 9)</code> gives nine arrays that hold all
# combinations. Four outputs are then four array expressions.</details>
# <details><summary>Hint 2</summary>The numbers are whole, so outputs are exact: compare with <code>==</code>, and ask
# for all four corners.</details>
# <details><summary>Hint 3</summary>Much less work: a hidden unit has only four numbers, and adds
# <code>w max(0, …)</code> to each corner. Count how often each quadruple of additions occurs, and look up which
# quadruples the other unit would have to add.</details>

# %% nbgrader={"grade_id": "count_xor_solutions", "solution": true}
def count_xor_solutions(values):
    """How many networks (W, c, w, b), all nine numbers from values, solve XOR exactly.

    values: a list of distinct integers.
    Returns an integer.
    """
    ### BEGIN SOLUTION
    v = np.array(values)
    w1, w2, c, w = (a.ravel() for a in np.meshgrid(v, v, v, v))
    adds = np.stack([w * np.maximum(0, x1 * w1 + x2 * w2 + c) for x1, x2 in ((0, 0), (0, 1), (1, 0), (1, 1))], axis=1)
    adds, times = np.unique(adds, axis=0, return_counts=True)
    both = adds[:, None, :] + adds[None, :, :]
    pairs = times[:, None] * times[None, :]
    return int(sum(pairs[(both + b == [0, 1, 1, 0]).all(axis=2)].sum() for b in v))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_count_xor_solutions", "grade": true}
check("count_xor_solutions", count_xor_solutions)

# %% tags=["experiment"]
for values in ([-1, 0, 1], [-2, -1, 1], [-2, -1, 0, 1, 2]):
    found, tried = count_xor_solutions(values), len(values) ** 9
    share = f", one in {tried // found:,}" if found else ""
    print(f"{values!s:>18}: {found:>4} of {tried:>9,} networks solve XOR{share}")

# %% [markdown]
# There are many solutions, and they are rare: one network in ten thousand. Guessing does for nine weights that take
# five values each; it is hopeless for a network with a million weights. Something has to say in which direction to
# look (part 4).

# %% [markdown]
# # Part 3 · Generic features: the kernel trick
#
# The first way to get $\boldsymbol{\phi}$ uses one that fits everything: so many features that any set of distinct
# points becomes linearly separable. It is never computed. A linear model that is fitted with a penalty on its weights
# needs only inner products,
#
# $$K_{ij} = K(\mathbf{x}_i, \mathbf{x}_j) = \langle \boldsymbol{\phi}(\mathbf{x}_i), \boldsymbol{\phi}(\mathbf{x}_j) \rangle ,$$
#
# and for some $\boldsymbol{\phi}$ these have a short formula. (The slides show this **kernel trick** with a support vector
# machine. Below it is used with least squares and a ridge, *kernel ridge regression*: the same trick and the same features
# with another loss, and the fit is one system of linear equations.) The best known is the **radial basis function** (RBF)
# kernel
#
# $$K(\mathbf{a}, \mathbf{b}) = e^{-\gamma \lVert \mathbf{a} - \mathbf{b} \rVert^2}
# = e^{-\gamma \lVert\mathbf{a}\rVert^2}\, e^{-\gamma \lVert\mathbf{b}\rVert^2} \sum_{k=0}^{\infty}
# \frac{(2\gamma\, \mathbf{a}^\top \mathbf{b})^k}{k!} .$$
#
# The series shows its features: products of any number $k$ of inputs, each times a constant and times
# $e^{-\gamma\lVert\mathbf{x}\rVert^2}$. There are infinitely many, and the $x_1x_2$ of part 1 is among them, as
# $2\gamma\, x_1 x_2\, e^{-\gamma\lVert\mathbf{x}\rVert^2}$. The formula on the left shows what they assume: points that are near each other are alike, and
# nothing else.

# %% [markdown]
# ## 3.1 Similarity instead of features
#
# ### Exercise `rbf_kernel` · ●●○○ · 10 minutes · 2 points
#
# **Goal.** The matrix of similarities of all rows of `A` with all rows of `B`. Only differences count: it is right far from the origin too.
# **Need not:** be fast.
#
# <details><summary>Hint 1</summary><code>A[:, None, :] - B[None, :, :]</code> has shape <code>(n, m, d)</code>: all
# differences at once. A double loop is right too.</details>
# <details><summary>Hint 2</summary>Square, and sum over the last axis. No square root is needed.</details>
# <details><summary>Hint 3</summary>There is a minus in the exponent: a point is most similar to itself, with
# similarity 1.</details>

# %% nbgrader={"grade_id": "rbf_kernel", "solution": true}
def rbf_kernel(A, B, gamma):
    """RBF kernel matrix, K[i, j] = exp(-gamma * squared distance of A[i] and B[j]).

    A: (n, d) points.  B: (m, d) points.  gamma: a number, zero or positive.
    Returns an array of shape (n, m).
    """
    ### BEGIN SOLUTION
    squared = ((A[:, None, :] - B[None, :, :]) ** 2).sum(axis=2)
    return np.exp(-gamma * squared)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_rbf_kernel", "grade": true}
check("rbf_kernel", rbf_kernel)

# %% [markdown]
# ### The fit
#
# The model is a weighted sum of similarities to the training points,
# $f(\mathbf{x}) = \sum_j \alpha_j K(\mathbf{x}, \mathbf{x}_j)$, so its values on them are $K\boldsymbol{\alpha}$, and
# the squared length of its weights in feature space is $\boldsymbol{\alpha}^\top K \boldsymbol{\alpha}$. **Kernel ridge
# regression** makes
#
# $$\lVert K\boldsymbol{\alpha} - \mathbf{y} \rVert^2 + \lambda\, \boldsymbol{\alpha}^\top K \boldsymbol{\alpha}$$
#
# small. Its gradient is $2K\bigl[(K + \lambda I)\boldsymbol{\alpha} - \mathbf{y}\bigr]$, which vanishes when
#
# $$(K + \lambda I)\,\boldsymbol{\alpha} = \mathbf{y} .$$

# %% [markdown]
# ### Exercise `fit_kernel` · ●●○○ · 5 minutes · 1 point
#
# **Goal.** The coefficients $\boldsymbol{\alpha}$; `ridge` is $\lambda$.
# **Need not:** choosing the ridge, predictions, a `K` without inverse when the ridge is 0. **Must not:** add an intercept: `y`
# is not centred.
#
# <details><summary>Hint 1</summary>It is a system of linear equations: <code>np.linalg.solve(matrix, y)</code>.</details>
# <details><summary>Hint 2</summary><code>np.eye(n)</code> is the identity matrix <i>I</i>.</details>
# <details><summary>Hint 3</summary><code>K + ridge</code> would add to every entry; only the diagonal gets the
# ridge.</details>

# %% nbgrader={"grade_id": "fit_kernel", "solution": true}
def fit_kernel(K, y, ridge):
    """Coefficients of kernel ridge regression.

    K: (n, n) kernel matrix of the training points.  y: (n,) targets.  ridge: a number, zero or positive.
    Returns alpha, an array of shape (n,).
    """
    ### BEGIN SOLUTION
    return np.linalg.solve(K + ridge * np.eye(len(K)), y)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_fit_kernel", "grade": true}
check("fit_kernel", fit_kernel)

# %% tags=["experiment"]
K = rbf_kernel(X, X, gamma=1.0)
print("K =\n", np.round(K, 3))
for ridge in (1.0, 0.1, 0.01, 1e-9):
    print(f"ridge {ridge:<6g} predictions on the four points:", np.round(K @ fit_kernel(K, y, ridge), 3) + 0.0)

# %% [markdown]
# As the ridge goes to zero, the kernel machine reproduces XOR, and nobody had to know the feature $x_1x_2$. Figure 4.3
# sets it beside features that were learned.

# %% [markdown]
# # Part 4 · How the weights are found
#
# ## 4.1 Downhill, step by step
#
# For a linear model the loss is convex, and its minimum has a formula. The loss of a network is **not convex**, and no
# formula is known. What is left is to start somewhere and go downhill: the gradient $\nabla J(\boldsymbol{\theta})$
# points to where $J$ grows fastest, so
#
# $$\boldsymbol{\theta}_{k+1} = \boldsymbol{\theta}_k - \eta\, \nabla J(\boldsymbol{\theta}_k)$$
#
# with a **learning rate** $\eta$. It is not expected to reach the global minimum; it drives the loss to a low value.

# %% [markdown]
# ### Exercise `gradient_descent` · ●●○○ · 10 minutes · 2 points
#
# **Goal.** The whole path of gradient descent, the start first, one point a row. `grad` is a *function*: call it
# with a point and it gives the gradient there.
# **Need not:** choosing the learning rate, computing the gradient (chapter 5). **Must not:** stop early, even where the
# gradient is 0: there are always `steps + 1` rows.
# **Unusual input** (¼ point): `theta0` is an array of whole numbers; the path is not.
#
# <details><summary>Hint 1</summary>A list is a good place for the path: <code>path.append(theta)</code> after each
# step, and <code>np.array(path)</code> at the end.</details>
# <details><summary>Hint 2</summary>Put the start into the list before the loop, as floats:
# <code>np.array(theta0, dtype=float)</code>.</details>
# <details><summary>Hint 3</summary><code>theta -= …</code> changes the array that is already in the list;
# <code>theta = theta - …</code> makes a new one.</details>

# %% nbgrader={"grade_id": "gradient_descent", "solution": true}
def gradient_descent(grad, theta0, learning_rate, steps):
    """Path of gradient descent.

    grad: a function; grad(theta) is the gradient at theta, an array of shape (d,).
    theta0: (d,) the start.  learning_rate: a number.  steps: how many steps, zero or more.
    Returns an array of shape (steps + 1, d): theta0 and the point after each step.
    """
    ### BEGIN SOLUTION
    path = [np.array(theta0, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * grad(path[-1]))
    return np.array(path)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_gradient_descent", "grade": true}
check("gradient_descent", gradient_descent)

# %% [markdown]
# ## 4.2 How large may a step be?
#
# The simplest loss with a minimum is a bowl, $J(\boldsymbol{\theta}) = \tfrac12 \boldsymbol{\theta}^\top Q\,
# \boldsymbol{\theta} - \mathbf{q}^\top \boldsymbol{\theta}$ with a symmetric matrix $Q$ of positive eigenvalues
# $\lambda_i$: a linear model's loss is one, and near a minimum where the loss rises in every direction a smooth loss looks
# like one (5.3 meets minima of another kind). Its gradient is $Q\boldsymbol{\theta} - \mathbf{q}$, zero at
# $\boldsymbol{\theta}^*$, and one step gives
#
# $$\boldsymbol{\theta}_{k+1} - \boldsymbol{\theta}^*
# = \boldsymbol{\theta}_k - \boldsymbol{\theta}^* - \eta Q (\boldsymbol{\theta}_k - \boldsymbol{\theta}^*)
# = (I - \eta Q)\,(\boldsymbol{\theta}_k - \boldsymbol{\theta}^*) .$$
#
# Along the $i$-th eigenvector the distance is multiplied by $1 - \eta\lambda_i$ at each step. All of these are below 1
# in modulus exactly when $\eta\,\lambda_{\max} < 2$: then the path converges from any start. At 2 a start that is off along
# the steepest eigenvector jumps from side to side for ever, and above 2 it diverges.
#
# **Guess first.** With the eigenvalues 1 and 10, which of these rates times 10 comes nearest in sixty steps: 0.5, 1, 1.8 or
# 1.9? And which two are equally good?

# %% tags=["experiment"]
Q = np.diag([1.0, 10.0])  # the largest eigenvalue is 10
for product in (0.5, 1.0, 20 / 11, 1.9, 2.0, 2.1):
    path = gradient_descent(lambda theta: Q @ theta, np.array([1.0, 1.0]), learning_rate=product / 10, steps=60)
    print(f"learning rate × 10 = {product:.3g}: after 60 steps {np.linalg.norm(path[-1]):.3g} from the minimum")

# %% [markdown]
# The slow direction loses the factor $1 - \eta\lambda_{\min}$ a step, the steep one $\lvert 1 - \eta\lambda_{\max}\rvert$, and
# the larger of the two decides. At 1 it is the slow direction's 0.9, at 1.9 the steep one's 0.9: hence the same distance. The
# best rate makes both equal, $\eta = 2 / (\lambda_{\min} + \lambda_{\max})$, here $20/11$ over 10, and leaves
# $(\lambda_{\max} - \lambda_{\min}) / (\lambda_{\max} + \lambda_{\min}) = 9/11$ a step. So what makes a bowl slow is the
# ratio $\lambda_{\max} / \lambda_{\min}$, its **condition number**: a narrow valley allows small steps only, and is long.

# %% [markdown]
# ## 4.3 Learned features
#
# Now the network. All its weights are one vector $\boldsymbol{\theta}$; two small helpers make a random start and take
# such a vector apart:

# %% tags=["experiment"]
def random_start(d, m, rng):
    """Random weights for d inputs and m hidden units, in one vector: W, c, w, b. Biases start at zero."""
    W, w = rng.normal(0, np.sqrt(2 / d), d * m), rng.normal(0, np.sqrt(2 / m), m)
    return np.concatenate([W, np.zeros(m), w, np.zeros(1)])


def unpack(theta, d, m):
    """The weights (W, c, w, b) that a vector holds."""
    return theta[: d * m].reshape(d, m), theta[d * m : d * m + m], theta[d * m + m : -1], theta[-1]


# %% [markdown]
# The next cell takes the gradient of the loss from `fnnkit` (you will write it in chapter 5) and descends with **your**
# `gradient_descent`; **your** `xor_network` makes the predictions.

# %% tags=["experiment"]
from fnnkit.landscape import regression_gradient, regression_loss


def gradient(theta):
    return regression_gradient(theta, X, y, units=2, activation="relu")


theta0 = random_start(2, 2, np.random.default_rng(12))
path = gradient_descent(gradient, theta0, learning_rate=0.1, steps=2000)
for k in (0, 10, 100, 500, 2000):
    print(f"after {k:>4} steps the loss is {regression_loss(path[k], X, y, units=2, activation='relu'):.2g}")
H, predictions = xor_network(X, *unpack(path[-1], 2, 2))
print("predictions:", np.round(predictions, 3) + 0.0)
print("learned features H =\n", np.round(H, 2))

# %% [markdown]
# Nobody told the hidden layer where to put the points, and it found features with which the last layer, a linear
# model, succeeds. From this start they are those of the slides, up to the scale of each unit; another start finds
# others, or none.
#
# Here are both ways side by side: on the left the kernel machine, its features fixed beforehand; on the right a network
# that learned its own. Move *start* to see what else descent finds. (It trains with your functions: give it a few seconds.)

# %% tags=["figure"]
figures.kernel_and_network(rbf_kernel, fit_kernel, gradient_descent, xor_network)

# %% [markdown]
# Both solve XOR on the four points. Between and beyond them they differ. A large $\gamma$ makes the kernel machine learn
# by heart: each training point has a bump of its own, and far from all of them the prediction falls back to 0. The
# network goes on in straight pieces. Neither is right or wrong there, as four points say nothing about it: what a model
# does away from its data comes from its features.
#
# With noise, and inputs that do not matter, which features do better on *new* points? **Guess first**: 400 points to learn
# from, two inputs that matter, and 28 that are pure noise. A single run proves little, so there are three; and the width of
# the kernel is chosen on points of its own, so that it is not chosen on the points that count. (The cell takes about ten
# seconds.)

# %% tags=["experiment"]
def noisy_xor(n, extra, rng):
    """n points near the corners of the square, `extra` inputs of pure noise, and their XOR."""
    corner = rng.integers(0, 2, (n, 2))
    noise = rng.normal(0.5, 0.5, (n, extra))
    inputs = np.column_stack([corner + 0.15 * rng.standard_normal((n, 2)), noise])
    return inputs, (corner[:, 0] != corner[:, 1]).astype(float)


def trained_network(inputs, targets, m, rng):
    """Weights of a network with m ReLUs after 1500 steps from a random start."""
    d = inputs.shape[1]

    def slope(theta):
        return regression_gradient(theta, inputs, targets, m, "relu")

    return unpack(gradient_descent(slope, random_start(d, m, rng), 0.1, 1500)[-1], d, m)


def share_right(output, targets):
    return np.mean((output > 0.5) == (targets > 0.5))


for extra in (0, 28):
    with_kernel, learned = [], []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        inputs, targets = noisy_xor(400, extra, rng)
        choose_inputs, choose_targets = noisy_xor(300, extra, rng)
        new_inputs, new_targets = noisy_xor(300, extra, rng)

        best = -1.0
        for gamma in (0.03, 0.1, 1.0):
            alpha = fit_kernel(rbf_kernel(inputs, inputs, gamma), targets - 0.5, ridge=0.1)
            chosen = share_right(rbf_kernel(choose_inputs, inputs, gamma) @ alpha + 0.5, choose_targets)
            if chosen > best:
                best, output = chosen, rbf_kernel(new_inputs, inputs, gamma) @ alpha + 0.5
        with_kernel.append(share_right(output, new_targets))

        _, output = xor_network(new_inputs, *trained_network(inputs, targets, 16, rng))
        learned.append(share_right(output, new_targets))
    by_kernel, by_network = (", ".join(f"{share:.0%}" for share in shares) for shares in (with_kernel, learned))
    print(f"{extra:>2} useless inputs, right on new points: {by_kernel} by kernel; {by_network} by learned features")

# %% [markdown]
# With the two inputs alone both are right nearly always: the classes are clouds, which is what "near points are alike" is
# about. Among thirty inputs nearness says little, as most of the distance between two points is noise; the kernel cannot
# know which inputs count, and with 400 points the network finds out. That is the slides' point: a generic
# $\boldsymbol{\phi}$ does not hold enough prior information for advanced problems. Learning needs data, though: with 200
# points the network finds them in one run of three only (change `400` and see). In images nearness of raw inputs says even less (Goodfellow
# et al., section 5.11).

# %% [markdown]
# # Part 5 · What can go wrong on the way
#
# ## 5.1 The start decides
#
# Convex optimisation converges from any start. Descent on the loss of a network does not: the result depends on the
# initial weights. Thirty starts, two hidden ReLUs:

# %% tags=["experiment"]
ends = {}
for seed in range(30):
    theta0 = random_start(2, 2, np.random.default_rng(seed))
    end = gradient_descent(gradient, theta0, learning_rate=0.1, steps=1000)[-1]
    loss = regression_loss(end, X, y, units=2, activation="relu")
    ends.setdefault(round(loss, 2), []).append(end)
for loss in sorted(ends):
    H, outputs = xor_network(X, *unpack(ends[loss][0], 2, 2))
    off = int((H == 0).all(axis=0).sum())
    print(f"{len(ends[loss]):>2} starts end at a loss of {loss:.2f},", end=" ")
    print("the first with outputs", np.round(outputs, 2) + 0.0, "and", off, "units off")

# %% [markdown]
# Only some reach zero. The others are stuck, with a gradient of zero and a high loss: they have given several points one
# value. At ¼ all four share ½, the answer of the linear model; at 0.17 three points share ⅔ or ⅓, at 0.12 two share ½.
# A unit that is off on every point has no gradient; as its inputs are the data, which stay as they are, it never comes
# back.
#
# What helps? The figure trains hundreds of networks at once, each from a start of its own, with your
# `gradient_descent`, and counts those that solve XOR. Choose an activation and press *Train*: four widths follow each other.

# %% tags=["figure"]
figures.initialisation(gradient_descent)

# %% [markdown]
# At the rate 0.1 **width helps**. Of sixteen ReLUs some are bound to be useful at the start, and descent keeps those. This
# is one reason why networks are made larger than necessary: not to represent more, but to be found more easily.
#
# Now set the rate to 0.5. **Which width do you expect to do worst?** The wide ones lose most: sixteen ReLUs fall from 99 % to 9 %, sixteen tanh from 100 % to 0. Section 4.2 foretells it: a
# step should stay below $2/\lambda_{\max}$, and the more units there are, the more steeply the loss curves at the start:

# %% tags=["experiment"]
from fnnkit.landscape import regression_hessian

for units in (2, 4, 8, 16):
    starts = [random_start(2, units, np.random.default_rng(seed)) for seed in range(100)]
    steepest = [np.linalg.eigvalsh(regression_hessian(theta, X, y, units, "relu"))[-1] for theta in starts]
    print(f"{units:>2} ReLUs: 2 / largest eigenvalue is {2 / np.median(steepest):.2f} at the start (median of 100)")

# %% [markdown]
# A rate that suits a network of two units is too large for one of sixteen.

# %% [markdown]
# ## 5.2 The same function many times
#
# A hidden unit is a column of $\mathbf{W}$, an entry of $\mathbf{c}$ and an entry of $\mathbf{w}$. Exchange two units
# with all that belongs to them, and the network computes the same function with other weights. This is **weight-space
# symmetry**: each minimum of $m$ different units is one of $m!$ that differ in the order of the units alone. With tanh each
# unit may also change the sign of all its weights, which makes $2^m\, m!$; with ReLUs a unit's incoming weights and its bias may be
# multiplied by any positive number and its outgoing one divided by it, so that there are infinitely many. Such local minima
# are harmless, as they are equally good. It also means that weights cannot be identified from the function (the slides' *model
# identifiability problem*).

# %% [markdown]
# ### Exercise `permute_hidden` · ●●○○ · 5 minutes · further
#
# **Goal.** The same network with its hidden units in another order.
# **Need not:** several outputs. **Must not:** change anything in place.
#
# <details><summary>Hint 1</summary>Which axis of <code>W</code> counts the hidden units?</details>
# <details><summary>Hint 2</summary>Indexing with an array of integers picks entries in that order:
# <code>c[order]</code>.</details>
# <details><summary>Hint 3</summary><code>W[:, order]</code> picks columns.</details>

# %% nbgrader={"grade_id": "permute_hidden", "solution": true}
def permute_hidden(W, c, w, order):
    """The same function with hidden units in another order: new unit j is the old unit order[j].

    W: (d, m) hidden weights.  c: (m,) hidden biases.  w: (m,) output weights.
    order: (m,) integers, each of 0 … m - 1 once.
    Returns (W, c, w): new arrays of the same shapes.
    """
    ### BEGIN SOLUTION
    return W[:, order], c[order], w[order]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_permute_hidden", "grade": true}
check("permute_hidden", permute_hidden)

# %% tags=["experiment"]
W, c, w, b = np.ones((2, 2)), np.array([0.0, -1.0]), np.array([1.0, -2.0]), 0.0
W2, c2, w2 = permute_hidden(W, c, w, np.array([1, 0]))
print("other weights: w =", w, "and", w2)
print("same outputs: ", xor_network(X, W, c, w, b)[1], "and", xor_network(X, W2, c2, w2, b)[1])

# %% [markdown]
# If you counted solutions in part 2: none of them has two equal units, so every one has a twin, and the count is even.

# %% [markdown]
# ## 5.3 Saddles
#
# Where the gradient vanishes, the loss nearby is given by its second derivatives, the **Hessian** $H$:
#
# $$J(\boldsymbol{\theta} + \boldsymbol{\epsilon}) \approx J(\boldsymbol{\theta}) + \tfrac12\,
# \boldsymbol{\epsilon}^\top H \boldsymbol{\epsilon} .$$
#
# Along a unit eigenvector of $H$ with eigenvalue $\lambda$ the loss changes by $\tfrac12 \lambda\, t^2$ after a step of
# length $t$. So:
#
# - all eigenvalues positive: up in every direction, a **minimum**;
# - all negative: down in every direction, a **maximum**;
# - some positive *and* some negative: a **saddle**, whatever the others are;
# - otherwise (some zero, the rest of one sign): second derivatives leave it open, **degenerate**. At 0, $\theta^4$ has
#   a minimum and $-\theta^4$ a maximum, and both have the Hessian 0.
#
# On a computer an eigenvalue is rarely exactly zero. Those with $|\lambda| \le$ `tol` count as zero.

# %% [markdown]
# ### Exercise `classify_critical_point` · ●●○○ · 10 minutes · 2 points
#
# **Goal.** One of the four words, by the signs of the eigenvalues.
# **Need not:** computing the Hessian; matrices that are not symmetric.
#
# <details><summary>Hint 1</summary><code>np.linalg.eigvalsh(H)</code> gives the eigenvalues of a symmetric matrix. The
# determinant and the diagonal do not tell.</details>
# <details><summary>Hint 2</summary>Is there one above <code>tol</code>? Is there one below <code>-tol</code>? Two
# questions, two truth values.</details>
# <details><summary>Hint 3</summary>Ask for the saddle first, then for zeros, <code>abs(…) &lt;= tol</code>; what is left
# has one sign.</details>

# %% nbgrader={"grade_id": "classify_critical_point", "solution": true}
def classify_critical_point(H, tol):
    """What a critical point is, by the eigenvalues of its Hessian.

    H: (p, p) symmetric.  tol: a number; an eigenvalue with |eigenvalue| <= tol counts as zero.
    Returns "minimum", "maximum", "saddle" or "degenerate".
    """
    ### BEGIN SOLUTION
    eigenvalues = np.linalg.eigvalsh(H)
    up, down = (eigenvalues > tol).any(), (eigenvalues < -tol).any()
    if up and down:
        return "saddle"
    if (np.abs(eigenvalues) <= tol).any():
        return "degenerate"
    return "minimum" if up else "maximum"
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_classify_critical_point", "grade": true}
check("classify_critical_point", classify_critical_point)

# %% [markdown]
# Here is a critical point of XOR. Set all weights into the hidden layer to zero, and the output bias so that the
# network says ½ everywhere: the linear model's answer again. With tanh units (a ReLU has no second derivative at its
# kink) everything is smooth.

# %% tags=["experiment"]
constant_half = np.array([0, 0, 0, 0, 1, 1, 1, 1, 0.5 - 2 * np.tanh(1)])
slope = regression_gradient(constant_half, X, y, units=2, activation="tanh")
hessian = regression_hessian(constant_half, X, y, units=2, activation="tanh")
print("largest entry of the gradient:", np.abs(slope).max())
print("eigenvalues of the Hessian:", np.round(np.linalg.eigvalsh(hessian), 3) + 0.0)
print("it is a", classify_critical_point(hessian, 1e-6))

nearby = constant_half + 0.02 * np.random.default_rng(0).standard_normal(9)
path = gradient_descent(lambda theta: regression_gradient(theta, X, y, units=2, activation="tanh"), nearby, 0.3, 1500)
for k in (0, 20, 50, 100, 300, 1500):
    print(f"after {k:>4} steps the loss is {regression_loss(path[k], X, y, units=2, activation='tanh'):.4f}")
end = regression_hessian(path[-1], X, y, units=2, activation="tanh")
print("eigenvalues at the end:", np.round(np.linalg.eigvalsh(end), 3) + 0.0, "→", classify_critical_point(end, 1e-6))

# %% [markdown]
# For a linear model, ½ everywhere was the best there is. For the network the same answer is a saddle: there are ways
# down. Descent that starts next to it hesitates, because near a critical point the gradient is small, and leaves it
# along the direction of negative curvature. At a saddle itself, or on the exact ridge, it would stay for ever; random
# starts are never exactly there.
#
# At the end the loss is zero, so it is a global minimum, and the Hessian says *degenerate*: with nine weights and
# four equations five directions change nothing. Minima of networks are valleys more often than points.
#
# The figure shows the loss on the plane through this saddle, the end of *your* descent, and the twin of that end with
# its two units exchanged by your `permute_hidden` (until you have written it, the figure exchanges them itself).

# %% tags=["figure"]
figures.landscape(gradient_descent, classify_critical_point, permute_hidden)

# %% [markdown]
# The picture is its own mirror image: that is the symmetry of 5.2. On this plane the two equivalent minima lie apart, and
# whoever goes from one to the other has to cross a ridge. That holds for the plane, not for the whole space. With one ReLU
# to spare there is a path on which the loss stays 0 all the way: give unit 3 the output weight 0, which makes its other
# weights free, move it onto unit 1, shift the output weight of unit 1 over to it, move unit 1, which is now free, onto unit
# 2, and so on until both have changed places.

# %% [markdown]
# ## Milestone: XOR, 1969
#
# In 1969 Marvin Minsky and Seymour Papert published *Perceptrons*, on machines with **one** threshold unit on top of fixed
# features, each of which sees only a part of the picture. They proved what such a machine cannot do, however it learns: to
# tell whether the number of black points is odd (**parity**, which for two points is XOR) some feature has to see *all*
# points; and whether a figure is connected cannot be told by features that see a fixed number of points. It is often said
# that they proved networks useless. They did not: that a layer in between solves XOR was known, as threshold units in layers
# compute any logical function (McCulloch, Pitts 1943). What was missing was a way to *find* the weights. Of machines with more
# layers they said that they expected the extension to be sterile, and called that a judgement, to be confirmed or refuted
# (section 13.2). It was refuted when hidden units learned by gradients (chapter 5).
#
# The next cell goes the whole way with **your** functions: `fit_linear` and `mse` for the linear unit; `xor_network` with
# `my_xor_weights`, by hand; then `gradient_descent` from random starts, for XOR and for the parity of three bits with twelve
# hidden units. There are no points for it, and it is not run when your work is marked; `progress` keeps it. **Guess first**: from how many of
# twenty starts will two hidden units find XOR, and from how many of five will twelve find parity? (Some five seconds.)

# %% tags=["experiment"]
from fnnkit.datasets import parity


def found(inputs, targets, units, seed):
    """The error that descent ends at from one random start."""

    def slope(theta):
        return regression_gradient(theta, inputs, targets, units, "relu")

    d = inputs.shape[1]
    end = gradient_descent(slope, random_start(d, units, np.random.default_rng(seed)), 0.1, 3000)[-1]
    return mse(xor_network(inputs, *unpack(end, d, units))[1], targets)


w, b = fit_linear(X, y)
print("one linear unit:     mean squared error", mse(X @ w + b, y))
by_hand = xor_network(X, *map(np.array, my_xor_weights()))[1]  # lists will do as well
print("by hand:             outputs", np.round(by_hand, 9) + 0.0)
xor_found = sum(found(X, y, 2, seed) < 1e-4 for seed in range(20))
print(f"XOR by descent:      {xor_found} of 20 starts find it with two hidden units")
bits, odd = parity(3)
parity_found = sum(found(bits, odd, 12, seed) < 1e-4 for seed in range(5))
print(f"parity of three bits: {parity_found} of 5 starts find it with twelve")
milestone("ch1_xor", mse(by_hand, y) < 1e-12 and xor_found > 0 and parity_found > 0)

# %% [markdown]
# ## Summary
#
# - The best linear model of XOR is the constant ½, and no other choice of weights represents XOR either.
# - Linear layers on top of each other are one linear layer. A non-linear unit between them changes that.
# - One hidden layer of two ReLUs solves XOR: it moves the points to where a linear model can separate them.
# - Features can be made by hand, taken generic (kernels) or learned. Each way assumes something.
# - Gradient descent goes downhill from where it starts; on a bowl it converges for $\eta\,\lambda_{\max} < 2$.
# - The loss of a network is not convex. Where descent ends depends on the start; wider networks succeed more often.
#   Exchanging units gives equal minima; saddles have ways down.
# - Rows are examples, shapes are checked before anything is subtracted.
#
# **Further reading.** Goodfellow, Bengio, Courville (2016), *Deep Learning*: section 6.1 (the XOR network), 5.7.2
# (kernels), 4.3 (gradient descent), 8.2 (local minima, saddle points, identifiability). Minsky, Papert (1969),
# *Perceptrons* (what a threshold unit on top of features that see a part of the input cannot do). Dauphin et al. (2014), *Identifying and
# attacking the saddle point problem in high-dimensional non-convex optimization* (why saddles are more common than bad
# minima). Fukumizu, Amari (2000), *Local minima and plateaus in hierarchical structures of multilayer perceptrons* (how a
# critical point of a smaller network becomes lines of local minima or saddles of a larger one).

# %% tags=["experiment"]
progress("ch1_xor")

# %% [markdown]
# **Before you hand in:** save (Ctrl-S), then run the cell below. It reads the saved file and judges it as it will be judged,
# in a fresh process and with nothing but the answers in it, and says where that differs from your last checks.

# %% tags=["experiment"]
ready()
