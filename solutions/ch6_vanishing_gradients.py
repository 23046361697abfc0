# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Chapter 6 · Vanishing and exploding gradients
#
# A deep network multiplies: layer after layer, or, if it reads a sequence, step after step by *the same matrix again and
# again*. What a product does to a signal on its way forward, it does to the error signal on its way back. This chapter
# is about what is left at the other end: nothing, far too much, or something to learn from.
#
# **When you are through, you can**
#
# - run a recurrent network forward, and back-propagate through time,
# - say what becomes of the powers of a matrix in the end (eigenvalues) and on the way (singular values),
# - measure which layers of a deep network get a gradient, and choose initial weights so that they all do,
# - name three cures, an orthogonal start, gates and clipping, and say which illness each is for,
# - train a recurrent network that remembers one bit over fifty steps.
#
# <!-- time --> They are checked like the others and carry no points.
#
# <!-- map -->

# %% [markdown]
# ## Slides ↔ code
#
# | slides | here | why |
# |---|---|---|
# | $\mathbf{x}_t$, a column vector | `X[t]`, shape `(n, d)`, of `X (T, n, d)` | time comes first, then the examples |
# | $\mathbf{h}_t$, $\mathbf{z}_t$, $\mathbf{y}_t$ | `H[t]`, `Z[t]`, `Y[t]` | rows are examples |
# | $W\mathbf{h}_{t-1}$, $V\mathbf{h}_t$ | `h @ W`, `h @ V` with `W (m, m)`, `V (m, p)` | rows stand on the left: our $W$ is the transpose of theirs |
# | $\delta^{\mathbf{h}_t}$, $\delta^{\mathbf{y}_t}$ | `delta (n, m)`, `delta_y[t] (n, p)` | $\partial J / \partial \mathbf{z}_t$ and $\partial J / \partial \mathbf{y}_t$ |
# | $W = V\,\mathrm{diag}(\boldsymbol\lambda)\,V^{-1}$ | `Q` for the eigenvectors | $V$ is the output matrix already |
# | $g$, also written $f$ | tanh, or `phi` with its derivative `dphi` | in 4.2 $\mathbf{g}$ is also the candidate of a gated cell |
# | $\mathbf{c}$ (new here) | `c`, the memory of a gated cell | not a bias |
#
# As in all chapters numbers are float64, and a function never changes what it is given. What lies beyond that is judged by
# a criterion called **unusual input**, worth a quarter of a point; each card says what it looks at:
#
# - *no example*: $n = 0$, so that an array of shape `(n, m)` has no rows. Sums over the examples are 0.
# - *whole numbers*: all arrays of the call hold integers. The result is what the same numbers give as floats.
# - *float32*: all arrays of the call are float32. The result may be float32 or float64, and relative errors up to
#   $10^{-5}$ do not count.
#
# Counts such as $k$ are integers in every call.

# %% tags=["given"]
import numpy as np

import fnnkit.figures.ch6_vanishing_gradients as figures
from fnnkit.exercises import check, milestone, progress, ready


def sigmoid(z):
    """Logistic sigmoid (chapter 2), written with a tanh so that nothing overflows."""
    return 0.5 * (1 + np.tanh(0.5 * z))


# %% [markdown]
# # Part 1 · A network with a loop
#
# ## 1.1 Forward
#
# The networks so far are **feedforward**: their graph has no cycle, and information flows from input to output.
# A **recurrent** network has feedback connections: its hidden units also look at what they were a step ago.
#
# $$\mathbf{h}_t = \tanh(\mathbf{x}_t A + \mathbf{h}_{t-1} W + \mathbf{b}), \qquad \mathbf{y}_t = \mathbf{h}_t V ,
# \qquad t = 1 \dots T .$$
#
# Its graph has a loop, from the hidden layer to itself. Write down a copy of it for each step, and the loop is gone:
# the *unrolled* network is a feedforward network with $T$ layers, an input and an output at each of them, and one
# peculiarity: **all layers share the same $A$, $W$, $\mathbf{b}$ and $V$**. So it can read sequences of any length, and
# what it learns at one step it knows at all of them.

# %% [markdown]
# ### Exercise `rnn_forward` · ●●○○ · 8 minutes · 1.5 points
#
# **Goal.** All pre-activations, states and outputs of this network.
# **Need not:** write a loop over examples, or handle sequences of length 0.
# **Unusual input** (¼ point): no example, whole numbers, float32.
#
# <details><summary>Hint 1</summary>The state has to be known before the next one can be computed, so a loop over the
# first axis of <code>X</code> is right: <code>for t in range(len(X))</code>.</details>
# <details><summary>Hint 2</summary>Keep a variable for the state. What is it before the first step, and what at the end
# of each turn of the loop?</details>
# <details><summary>Hint 3</summary>Collect arrays of shape <code>(n, m)</code> in lists; <code>np.array(list)</code> puts
# them along a new first axis. The outputs need no loop: <code>@</code> multiplies the last two axes of a stack.</details>

# %% nbgrader={"grade_id": "rnn_forward", "solution": true}
def rnn_forward(X, h0, params):
    """Values of a recurrent network: h_t = tanh(x_t A + h_{t-1} W + b), y_t = h_t V.

    X: (T, n, d) inputs, the time step first.  h0: (n, m) the state before the first step.
    params: a dictionary with "A" (d, m), "W" (m, m), "b" (m,), "V" (m, p).
    Returns a dictionary with pre-activations "Z" (T, n, m), states "H" (T, n, m) without h0, outputs "Y" (T, n, p).
    """
    ### BEGIN SOLUTION
    Z, H, h = [], [], h0
    for x in X:
        z = x @ params["A"] + h @ params["W"] + params["b"]
        h = np.tanh(z)
        Z.append(z)
        H.append(h)
    return {"Z": np.array(Z), "H": np.array(H), "Y": np.array(H) @ params["V"]}
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_rnn_forward", "grade": true}
check("rnn_forward", rnn_forward)

# %% [markdown]
# How long does such a network remember? Give it a one at the first step and nothing afterwards. With a single unit
# ($A = 1$, $b = 0$, $V = 1$) the answer hangs on one number, $W$:

# %% tags=["experiment"]
impulse = np.zeros((30, 1, 1))
impulse[0] = 1.0
for w in (0.5, 0.9, 1.0, 1.5):
    one_unit = {"A": np.ones((1, 1)), "W": np.full((1, 1), w), "b": np.zeros(1), "V": np.ones((1, 1))}
    states = rnn_forward(impulse, np.zeros((1, 1)), one_unit)["H"][:, 0, 0]
    print(f"W = {w}: state after 1, 2, 5, 10, 30 steps", np.round(states[[0, 1, 4, 9, 29]], 4))

# %% [markdown]
# Below 1 the trace dies out like $W^t$, at 1 it fades slowly (tanh pulls a little), and above 1 the unit **latches**: it
# settles at a value that stays, and a small disturbance does not move it. One bit, kept for ever. Whether a network can
# *learn* to do that is another question, and it is decided on the way back.

# %% [markdown]
# ## 1.2 Back, one step
#
# The state $\mathbf{h}_t$ acts on the loss in two ways: through the output $\mathbf{y}_t$, and through the next
# pre-activation $\mathbf{z}_{t+1}$. By the chain rule for several paths (chapter 5) both contributions add, and then go
# back through the tanh:
#
# $$\delta^{\mathbf{h}_t} = \frac{\partial J}{\partial \mathbf{z}_t}
# = g'(\mathbf{z}_t) \circ \bigl(\delta^{\mathbf{y}_t}\, V^\top + \delta^{\mathbf{h}_{t+1}}\, W^\top\bigr) .$$
#
# After the last step there is no next one, and $\delta^{\mathbf{h}_{T+1}} = 0$.
#
# > **The slides say** $\delta^{\mathbf{h}_i} = g(\mathbf{z}_i)\,(\dots)$; **we use** the derivative $g'(\mathbf{z}_i)$:
# > what passes an error signal back is the *slope* of the activation. A saturated unit has $g \approx \pm 1$, and passes
# > nothing.

# %% [markdown]
# ### Exercise `rnn_hidden_delta` · ●●○○ · 8 minutes · 1.5 points
#
# **Goal.** The error signal at the hidden units of one step, for all examples.
# **Need not:** loop over steps: that comes next.
# **Unusual input** (¼ point): no example, whole numbers, float32.
#
# <details><summary>Hint 1</summary>Write the shape under each symbol of the formula. Only one order of the factors
# fits.</details>
# <details><summary>Hint 2</summary>The derivative of the tanh is one minus its square, at the <i>pre</i>-activation.</details>
# <details><summary>Hint 3</summary>∘ is <code>*</code>, entry by entry; the products inside the brackets are
# <code>@</code>. Both parts have shape <code>(n, m)</code>.</details>

# %% nbgrader={"grade_id": "rnn_hidden_delta", "solution": true}
def rnn_hidden_delta(Z_t, V, W, delta_y, delta_next):
    """Error signal at the hidden units of one step.

    Z_t: (n, m) pre-activations of the step.  V: (m, p) output weights.  W: (m, m) recurrent weights.
    delta_y: (n, p) error signal at the outputs of this step.
    delta_next: (n, m) error signal at the pre-activations of the next step, zeros at the last.
    Returns an array of shape (n, m).
    """
    ### BEGIN SOLUTION
    return (1 - np.tanh(Z_t) ** 2) * (delta_y @ V.T + delta_next @ W.T)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_rnn_hidden_delta", "grade": true}
check("rnn_hidden_delta", rnn_hidden_delta)

# %% [markdown]
# ## 1.3 Back through time
#
# With the error signals of all steps the gradients are those of chapter 5, *value that came in times error signal*, with
# one more sum: the parameters are shared, so **every step adds its part**.
#
# $$\nabla_A J = \sum_t \mathbf{x}_t^\top \delta^{\mathbf{h}_t}, \quad
# \nabla_W J = \sum_t \mathbf{h}_{t-1}^\top \delta^{\mathbf{h}_t}, \quad
# \nabla_{\mathbf{b}} J = \sum_t \delta^{\mathbf{h}_t}, \quad
# \nabla_V J = \sum_t \mathbf{h}_t^\top \delta^{\mathbf{y}_t} ,$$
#
# each summed over the examples as well. This is **back-propagation through time**.

# %% [markdown]
# ### Exercise `bptt` · ●●●○ · 16 minutes · 2.5 points
#
# **Goal.** The gradients of all four parameters. Use your `rnn_forward` and `rnn_hidden_delta`.
# **Need not:** compute a loss: `delta_y` is its gradient with respect to the outputs, and zero at steps without a loss.
# **Unusual input** (¼ point): no example, whole numbers, float32.
#
# <details><summary>Hint 1</summary>First all values forward. Then a loop from the last step to the first:
# <code>for t in reversed(range(len(X)))</code>. What does one turn have to hand to the next?</details>
# <details><summary>Hint 2</summary>Begin with arrays of zeros in the shapes of the parameters, and add to them. Floats,
# whatever the parameters are: <code>np.zeros(array.shape)</code>.</details>
# <details><summary>Hint 3</summary>Which state did <code>W</code> multiply at step t? At the first step it was not in
# <code>H</code>.</details>

# %% nbgrader={"grade_id": "bptt", "solution": true}
def bptt(X, h0, params, delta_y):
    """Gradients of all parameters of a recurrent network, by back-propagation through time.

    X: (T, n, d) inputs.  h0: (n, m) the state before the first step.
    params: a dictionary with "A" (d, m), "W" (m, m), "b" (m,), "V" (m, p).
    delta_y: (T, n, p) gradient of the loss with respect to each output.
    Returns a dictionary with the gradients of "A", "W", "b" and "V", shaped like them.
    """
    ### BEGIN SOLUTION
    cache = rnn_forward(X, h0, params)
    grads = {name: np.zeros(array.shape) for name, array in params.items()}
    delta = np.zeros(h0.shape)
    for t in reversed(range(len(X))):
        before = cache["H"][t - 1] if t > 0 else h0
        delta = rnn_hidden_delta(cache["Z"][t], params["V"], params["W"], delta_y[t], delta)
        grads["A"] += X[t].T @ delta
        grads["W"] += before.T @ delta
        grads["b"] += delta.sum(axis=0)
        grads["V"] += cache["H"][t].T @ delta_y[t]
    return grads
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_bptt", "grade": true}
check("bptt", bptt)

# %% [markdown]
# Never believe a gradient that you have not checked. Move each of the numbers in the parameters a little, up and down,
# and see how a loss changes: that is your `numerical_gradient` of chapter 5, which `mine` takes from there as you saved it
# (or from `fnnkit`, with a line that says so, if it is missing or does not pass its check). Here the loss is $\tfrac12\sum \mathbf{y}_t^2$, so that
# $\delta^{\mathbf{y}_t} = \mathbf{y}_t$.

# %% tags=["experiment"]
from fnnkit.exercises import mine
from fnnkit.rnn import initial_rnn

rng = np.random.default_rng(0)
small = initial_rnn(2, 4, 3, rng)
X, h0 = rng.normal(size=(6, 5, 2)), rng.normal(size=(5, 4))


def loss(params):
    return 0.5 * (rnn_forward(X, h0, params)["Y"] ** 2).sum()


grads = bptt(X, h0, small, rnn_forward(X, h0, small)["Y"])
for name, gradient in grads.items():
    differences = mine.numerical_gradient(lambda value, name=name: loss({**small, name: value}), small[name], 1e-5)
    apart = np.linalg.norm(gradient - differences) / np.linalg.norm(differences)
    print(f"{name}: {gradient.size:>2} numbers, relative distance {apart:.1e}")

# %% [markdown]
# ## 1.4 How far does an error signal reach?
#
# Suppose that the loss stands at the last step alone, and that what decides it happened at the first: the network has to
# hold on to something for $T$ steps. Then all that the early steps learn comes through
#
# $$\delta^{\mathbf{h}_{t-1}} = g'(\mathbf{z}_{t-1}) \circ \bigl(\delta^{\mathbf{h}_t}\, W^\top\bigr), \qquad t = T \dots 2 :$$
#
# $T - 1$ times the same matrix, and a slope between 0 and 1 after each.
#
# > **The slides say** $g'(z_1)g'(z_2)g'(z_3) * (W^3)^\top \delta_t$, and $\delta_1 = (W^k)^\top\delta_k * f'(z_1^{k-1})$;
# > **we keep the order**: the diagonal matrices of slopes and $W$ do not commute, so they cannot be collected. From step
# > $k$ to step 1 there are $k - 1$ factors $W$, not $k$. (There $f'$ is $g'$, and $g$ is the activation; elsewhere on the
# > slides $g$ is a label.)

# %% [markdown]
# ### Exercise `deltas_through_time` · ●●○○ · 8 minutes · further
#
# **Goal.** The Euclidean norm of the error signal at every step, all examples and units together; that of the last step
# first.
# **Need not:** run the network: its pre-activations are given.
# **Unusual input:** no example, whole numbers, float32.
#
# <details><summary>Hint 1</summary>There are T norms and T − 1 ways between them. The first norm is that of
# <code>delta_T</code>.</details>
# <details><summary>Hint 2</summary>On the way from step t to step t − 1: which pre-activations does the slope belong
# to?</details>
# <details><summary>Hint 3</summary><code>np.linalg.norm(delta)</code> of a matrix is the root of the sum of the squares of
# all entries. <code>Z[-1]</code> is never used.</details>

# %% nbgrader={"grade_id": "deltas_through_time", "solution": true}
def deltas_through_time(W, Z, delta_T):
    """Norms of the error signal on its way back, t = T first.

    W: (m, m) recurrent weights.  Z: (T, n, m) pre-activations, the first step first.
    delta_T: (n, m) error signal at the pre-activations of the last step.
    Returns an array of shape (T,).
    """
    ### BEGIN SOLUTION
    delta = delta_T
    norms = [np.linalg.norm(delta)]
    for z in Z[-2::-1]:
        delta = (1 - np.tanh(z) ** 2) * (delta @ W.T)
        norms.append(np.linalg.norm(delta))
    return np.array(norms)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_deltas_through_time", "grade": true}
check("deltas_through_time", deltas_through_time)

# %% [markdown]
# Here is a task that asks for nothing but memory. The **latch task** shows a class at the first step, $+1$ or $-1$, then
# only noise, and asks for the class after the last. The figure sends the error signal of your network back through it.
# (Until your `deltas_through_time` passes its check, the library's takes its place.)

# %% tags=["figure"]
figures.error_signal(rnn_forward, deltas_through_time)

# %% [markdown]
# On a logarithmic axis the signal falls or rises in a straight line: the same factor at every step. With a Gaussian $W$ of
# radius ½ about a millionth is left after twenty steps; with 1.5 it grows, though by less than 1.5 a step, because units saturate
# and their slopes take a share. In between lies a narrow strip. What decides on which side a matrix is?

# %% [markdown]
# # Part 2 · Powers of one matrix
#
# ## 2.1 In the end: eigenvalues
#
# Take the slopes away ($g' = 1$, a linear network). What is left are the powers of $W$. If $W$ has as many independent
# eigenvectors as rows, put them into the columns of a matrix $Q$:
#
# $$W = Q\,\mathrm{diag}(\boldsymbol\lambda)\,Q^{-1}, \qquad
# W^k = Q\,\mathrm{diag}(\boldsymbol\lambda)\,\underbrace{Q^{-1} Q}_{I}\,\mathrm{diag}(\boldsymbol\lambda) \cdots Q^{-1}
# = Q\,\mathrm{diag}(\boldsymbol\lambda)^k\,Q^{-1} .$$
#
# A power of a diagonal matrix is a power of its entries: along each eigenvector there is only a number, $\lambda_i^k$.
# It may be complex. A rotation has no real eigenvector: its eigenvalues are $e^{\pm i\varphi}$, a pair of conjugates.
# **In the product the imaginary parts cancel, and only there.**
#
# Not every matrix has enough eigenvectors. $\begin{bmatrix} \lambda & 1 \\ 0 & \lambda \end{bmatrix}$, a *Jordan block*,
# has one. On a computer rounding errors make two of it, nearly parallel, and $Q^{-1}$ is noise. The condition number
# of $Q$ tells: `np.linalg.cond(Q)` is 1 for right angles, and beyond $10^7$ half of all digits are gone.

# %% [markdown]
# ### Exercise `power_by_eigen` · ●●●○ · 12 minutes · 1.5 points
#
# **Goal.** $W^k$ through eigenvalues and eigenvectors. Raise a `ValueError` if the condition number of the eigenvectors
# is above $10^7$.
# **Must not:** multiply $W$ by itself: for a Jordan block that gives a result where an error is asked for.
# **Unusual input** (¼ point): whole numbers, float32 (only with eigenvectors that are clearly independent).
#
# <details><summary>Hint 1</summary><code>np.linalg.eig</code> gives two things: the eigenvalues, and a matrix whose
# <i>columns</i> are the eigenvectors. (<code>eigh</code> is for symmetric matrices only.)</details>
# <details><summary>Hint 2</summary>For real W the result is real. When is the right moment for <code>.real</code>?</details>
# <details><summary>Hint 3</summary>The inverse of the matrix of eigenvectors is its transpose only if they are at right
# angles. And whose condition number is it that matters, theirs or that of <code>W</code>?</details>

# %% nbgrader={"grade_id": "power_by_eigen", "solution": true}
def power_by_eigen(W, k):
    """The k-th power of a matrix through its eigenvalues.

    W: (m, m) real.  k: an integer, zero or more.
    Returns a real array of shape (m, m).
    Raises ValueError if the eigenvectors do not span the space (condition number above 1e7).
    """
    ### BEGIN SOLUTION
    values, Q = np.linalg.eig(W)
    if np.linalg.cond(Q) > 1e7:
        raise ValueError("W has too few independent eigenvectors")
    return (Q @ np.diag(values**k) @ np.linalg.inv(Q)).real
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_power_by_eigen", "grade": true}
check("power_by_eigen", power_by_eigen)

# %% [markdown]
# In a sum of $\lambda_i^k$ the largest modulus wins in the end. It has a name, the **spectral radius**,
# $\rho(W) = \max_i |\lambda_i|$.

# %% [markdown]
# ### Exercise `spectral_radius` · ●○○○ · 4 minutes · 1 point
#
# **Goal.** The largest modulus of an eigenvalue.
# **Need not:** refuse anything: a Jordan block has eigenvalues like any other matrix.
# **Unusual input** (¼ point): whole numbers, float32.
#
# <details><summary>Hint 1</summary><code>np.linalg.eigvals</code> gives the eigenvalues alone.</details>
# <details><summary>Hint 2</summary>−2 is larger than 1 here, and so is 1.5i. Which comes first, the modulus or the
# maximum?</details>
# <details><summary>Hint 3</summary>The modulus of a + bi is √(a² + b²): <code>np.abs</code> knows complex numbers.</details>

# %% nbgrader={"grade_id": "spectral_radius", "solution": true}
def spectral_radius(W):
    """Largest modulus of an eigenvalue.

    W: (m, m) real.
    Returns a number.
    """
    ### BEGIN SOLUTION
    return np.abs(np.linalg.eigvals(W)).max()
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_spectral_radius", "grade": true}
check("spectral_radius", spectral_radius)

# %% [markdown]
# Take hold of the eigenvalues. The pair moves together; the matrix turns by their angle and stretches by their modulus,
# along circles, or along ellipses if you raise the *skew*.

# %% tags=["figure"]
figures.eigenvalues(power_by_eigen, spectral_radius)

# %% [markdown]
# The angle turns, the modulus decides the end, and the skew decides what happens in the middle. Inside the unit circle
# the spiral ends at 0, outside it leaves the picture.
#
# > **The slides say** "explode if $|\lambda_i| > 1$, vanish if $|\lambda_i| < 1$". That is exact for a linear network
# > ($g' = 1$) with a diagonalisable $W$: *one* eigenvalue outside is enough to explode, *all* have to be inside to
# > vanish. With slopes below 1 eigenvalues prove neither. Slopes may save a signal from exploding, and they may make it explode:
# > the powers of $W = \begin{bmatrix}3&-3\\3&-3\end{bmatrix}$ vanish at once ($W^2 = 0$), because its two units cancel.
# > If one of them has the slope 1 and the other ½ at every step, they no longer do, and the radius is 1½. What can be proved then is in 3.2.
#
# Between them lies the circle itself, $\rho = 1$. The powers of a rotation stay as they are. Those of
# $\begin{bmatrix}1&1\\0&1\end{bmatrix}$ do not: the $k$-th is $\begin{bmatrix}1&k\\0&1\end{bmatrix}$.

# %% [markdown]
# ### Exercise `fate` · ●●●○ · 12 minutes · further
#
# **Goal.** What becomes of $W^k$ as $k \to \infty$: `"vanishes"`, `"explodes"` or `"stays"`. A radius within $10^{-9}$ of 1
# counts as 1; then the powers stay bounded unless an eigenvalue of modulus 1 has fewer independent eigenvectors than
# the number of times that it occurs.
# **Need not:** treat matrices in between: no eigenvalue lies within $10^{-8}$ of the circle unless it is on it,
# to twelve digits; there the condition number of the eigenvectors is below $10^2$, or above $10^7$. (A rank of $W - \lambda I$
# wants a tolerance for these digits, such as `tol=1e-6`.)
# **Unusual input:** whole numbers, float32. (Of a float32 matrix NumPy gives eigenvalues with seven digits, and $10^{-9}$ is
# finer than that: convert it first, `W.astype(float)`.)
#
# <details><summary>Hint 1</summary>Two comparisons with the spectral radius settle everything but radius 1.</details>
# <details><summary>Hint 2</summary>A Jordan block <i>inside</i> the circle does no harm. Look at the eigenvectors of the
# eigenvalues on the circle alone: <code>Q[:, …]</code>.</details>
# <details><summary>Hint 3</summary>Whether the columns that are left are independent you have found out before, in
# <code>power_by_eigen</code>.</details>

# %% nbgrader={"grade_id": "fate", "solution": true}
def fate(W):
    """What becomes of the powers of a matrix.

    W: (m, m) real.
    Returns "vanishes", "explodes" or "stays".
    """
    ### BEGIN SOLUTION
    values, Q = np.linalg.eig(W.astype(float))
    moduli = np.abs(values)
    if moduli.max() < 1 - 1e-9:
        return "vanishes"
    if moduli.max() > 1 + 1e-9:
        return "explodes"
    on_the_circle = Q[:, moduli > 1 - 1e-9]
    return "explodes" if np.linalg.cond(on_the_circle) > 1e7 else "stays"
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_fate", "grade": true}
check("fate", fate)

# %% [markdown]
# ## 2.2 On the way: singular values
#
# The end can be far away. How much one multiplication can stretch a vector is told by the **spectral norm**, the largest
# singular value, $\lVert W \rVert_2 = \max_{\lVert \mathbf{x} \rVert = 1} \lVert W\mathbf{x} \rVert$; in NumPy
# `np.linalg.norm(W, 2)`. For a *normal* matrix ($W W^\top = W^\top W$: its eigenvectors are at right angles) it equals the
# radius. For others it can be much larger, and then powers can rise for a long time before the radius has its way.

# %% [markdown]
# ### Exercise `transient_peak` · ●●○○ · 8 minutes · 1 point
#
# **Goal.** The largest of $\lVert W^0 \rVert_2, \lVert W^1 \rVert_2, \dots, \lVert W^K \rVert_2$, and the first $k$ that
# attains it, an integer.
# **Need not:** care for speed, or for rounding: norms are equal exactly, or far from equal.
# **Unusual input** (¼ point): whole numbers (their powers may be too large for an integer: count in floats), float32, K = 0.
#
# <details><summary>Hint 1</summary>Multiply by <code>W</code> once more at each turn of a loop, or ask
# <code>np.linalg.matrix_power</code>. (<code>W**k</code> is something else.)</details>
# <details><summary>Hint 2</summary>W to the power 0 is the identity: the peak is never below 1.</details>
# <details><summary>Hint 3</summary>Without its second argument <code>np.linalg.norm</code> gives another norm.
# <code>np.argmax</code> returns the first of equal ones.</details>

# %% nbgrader={"grade_id": "transient_peak", "solution": true}
def transient_peak(W, K):
    """How far the norm of the powers rises within K steps, and when.

    W: (m, m) real.  K: an integer, zero or more.
    Returns (peak, k): the largest spectral norm of W to the power 0 … K, and the first exponent that attains it.
    """
    ### BEGIN SOLUTION
    W = W.astype(float)
    norms = [np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in range(K + 1)]
    return max(norms), int(np.argmax(norms))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_transient_peak", "grade": true}
check("transient_peak", transient_peak)

# %% tags=["experiment"]
W = np.array([[0.95, 5.0], [0.0, 0.95]])
peak, k = transient_peak(W, 200)
print(f"radius {spectral_radius(W):.2f}, norm {np.linalg.norm(W, 2):.2f}, peak {peak:.1f} at k = {k}")
norms = [np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in range(200)]
print("the norm is below 1 for good from k =", max(k for k in range(200) if norms[k] >= 1) + 1)

# %% [markdown]
# Both eigenvalues are 0.95, and for a hundred steps nobody would guess it. The figure sets this matrix beside a normal
# one with the same eigenvalues. Take hold of the entry off the diagonal.

# %% tags=["figure"]
figures.transient(transient_peak)

# %% [markdown]
# ### Written question · 4 minutes · 1 point
#
# The spectral radius of $W$ is below one. Why does that not rule out that an error signal *grows* for a while on its way
# back? Say what has to be the case for it, and why it ends. Three or four sentences. (Marked by hand.)

# %% [markdown] nbgrader={"grade_id": "growth_below_one", "grade": true, "points": 1, "solution": true}
# The radius bounds what is left in the end, $\lVert W^k \rVert \approx C\rho^k$, but not the factor $C$, which can be as
# large as the condition number of the eigenvectors. If they are far from right angles, a short vector can be the difference
# of two long ones along nearly parallel eigenvectors. These are multiplied by different $\lambda_i^k$ (or turn), stop
# cancelling, and the difference grows although each part shrinks. It ends because the parts themselves go to zero. What a
# single step can do is the spectral norm. For a normal matrix that is the radius; for others it can be far more. (In other words: one
# coordinate feeds another before it has decayed itself, as the 5 off the diagonal does.)
#
# *Rubric.* ½ point: norm and radius are told apart (the radius is about $k \to \infty$, the norm about one step), or the
# constant before $\rho^k$ is named. ½ point: when it happens, eigenvectors far from orthogonal (a non-normal $W$), with the
# reason: parts that cancel at first, or one coordinate that feeds another. Numbers alone give no point.

# %% [markdown]
# # Part 3 · Products of different matrices
#
# ## 3.1 Which layer gets a gradient?
#
# A deep feedforward network multiplies too, by another matrix in each layer: no eigenvalue decides any more. So measure.
# A network without biases, $Z_l = H_{l-1} W_l$ with $H_0 = X$ and $H_l = \varphi(Z_l)$, has the error signals and
# gradients
#
# $$\delta_l = \varphi'(Z_l) \circ (\delta_{l+1} W_{l+1}^\top), \qquad
# \frac{\partial J}{\partial W_l} = H_{l-1}^\top\, \delta_l ,$$
#
# and the last layer is affine: no $\varphi$ there.

# %% [markdown]
# ### Exercise `layer_gradient_norms` · ●●●○ · 10 minutes · 1.5 points
#
# **Goal.** The Frobenius norm (the root of the sum of squares) of $\partial J / \partial W_l$ for each layer, the first
# layer first. `phi` and `dphi` are functions of the *pre*-activations, for all layers but the last, which is affine.
# **Need not:** handle biases, or an empty list of weights.
# **Unusual input** (¼ point): no example, whole numbers, float32.
#
# <details><summary>Hint 1</summary>Forward first: which arrays do you have to keep for the way back?</details>
# <details><summary>Hint 2</summary>Back: begin with <code>delta_out</code>, which belongs to the last layer as it stands.
# In each turn take the norm first, then go a layer down.</details>
# <details><summary>Hint 3</summary>The way back yields the last layer's norm first. <code>norms[::-1]</code>.</details>

# %% nbgrader={"grade_id": "layer_gradient_norms", "solution": true}
def layer_gradient_norms(X, weights, phi, dphi, delta_out):
    """Norm of the gradient of each weight matrix of a deep network without biases.

    X: (n, d) examples.  weights: a list of matrices (d, m_1), (m_1, m_2), …, the first layer first.
    phi, dphi: activation of all layers but the last, and its derivative; functions of the pre-activations.
    delta_out: (n, m_L) error signal at the pre-activations of the last layer.
    Returns an array of one number a layer, the first layer first.
    """
    ### BEGIN SOLUTION
    Z, H = [], [X]
    for W in weights[:-1]:
        Z.append(H[-1] @ W)
        H.append(phi(Z[-1]))
    delta, norms = delta_out, []
    for l in reversed(range(len(weights))):
        norms.append(np.linalg.norm(H[l].T @ delta))
        if l > 0:
            delta = dphi(Z[l - 1]) * (delta @ weights[l].T)
    return np.array(norms[::-1])
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_layer_gradient_norms", "grade": true}
check("layer_gradient_norms", layer_gradient_norms)

# %% [markdown]
# The gradient of a layer is made of two things: the values that come from below, $H_{l-1}$, and the error signal that comes
# from above, $\delta_l$. The figure shows all three, on handwritten digits, for networks of up to fifty layers.

# %% tags=["figure"]
figures.three_norms(layer_gradient_norms)

# %% [markdown]
# - **Sigmoid.** Its slope is at most ¼. With weights of the usual size (scale 1) and twenty layers the first layer's gradient is smaller than
#   that of the last hidden one by a factor above $10^{11}$: it does not learn. This is *vanishing*, and it is about saturation and slope.
# - **tanh.** At scale 1 it is well behaved. Raise the scale, and the gradients of early layers *explode*.
# - **ReLU.** $\lVert H_l \rVert$ and $\lVert \delta_l \rVert$ shrink or grow with the scale as with the others, and the gradient
#   hardly differs from layer to layer *at any scale*. That is no accident: a ReLU network without biases satisfies
#   $\varphi(Z) = \varphi'(Z) \circ Z$ (Euler's relation for functions of degree 1). Write $\langle A, B \rangle$ for the sum over all products of
#   entries of the same place. Then $\langle W_l, \partial J/\partial W_l \rangle = \langle H_{l-1} W_l, \delta_l \rangle = \langle Z_l, \delta_l \rangle$, and
#   $\langle Z_l, \delta_l \rangle = \langle \varphi'(Z_l) \circ Z_l, \delta_{l+1} W_{l+1}^\top \rangle = \langle H_l W_{l+1}, \delta_{l+1} \rangle =
#   \langle Z_{l+1}, \delta_{l+1} \rangle$: **the same number for every layer**.
#   What the values lose on the way forward, the error signal has not lost yet. A wrong scale does harm all the same: to all
#   layers alike.

# %% tags=["experiment"]
rng = np.random.default_rng(1)
six = [rng.normal(0, 1.0 / np.sqrt(30), (30, 30)) for _ in range(6)]
values = [rng.normal(size=(20, 30))]
for W in six:
    values.append(mine.relu(values[-1] @ W))
signal = rng.normal(size=(20, 30)) * (values[-1] > 0)
for l in reversed(range(6)):
    print(f"layer {l + 1}: ⟨W, gradient⟩ = {np.sum(six[l] * (values[l].T @ signal)):.9f}")
    signal = (values[l] > 0) * (signal @ six[l].T)

# %% [markdown]
# ## 3.2 A bound, and what it is worth
#
# If no slope exceeds $\gamma$ (1 for tanh and ReLU, ¼ for the sigmoid), a layer stretches a small change by no more than the factor
# $\gamma \lVert W_l \rVert_2$, forward or back, and all layers together by no more than the product. So this product bounds the norm of the
# **Jacobian**, the matrix of all derivatives of the outputs with respect to the inputs. If every factor is below 1, signals vanish: that is a
# proof, and for a recurrent network it asks for $\lVert W \rVert_2 < 1/\gamma$, not for the radius (Pascanu, Mikolov, Bengio 2013). And if the product is
# above 1, what does it say?

# %% [markdown]
# ### Exercise `jacobian_bound` · ●●○○ · 6 minutes · further
#
# **Goal.** $\prod_l \gamma \lVert W_l \rVert_2$.
# **Need not:** multiply matrices: the matrices need not be square, and they stay apart.
# **Unusual input:** no layer (the bound is 1), whole numbers, float32.
#
# <details><summary>Hint 1</summary>A product begins with 1, as a sum begins with 0.</details>
# <details><summary>Hint 2</summary>The spectral norm is not the default of <code>np.linalg.norm</code>.</details>
# <details><summary>Hint 3</summary>How often does γ come in?</details>

# %% nbgrader={"grade_id": "jacobian_bound", "solution": true}
def jacobian_bound(weights, gamma):
    """Upper bound of the norm of the Jacobian of a deep network.

    weights: a list of matrices, one a layer.  gamma: a number, the largest slope of the activation.
    Returns a number.
    """
    ### BEGIN SOLUTION
    bound = 1.0
    for W in weights:
        bound *= gamma * np.linalg.norm(W, 2)
    return bound
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_jacobian_bound", "grade": true}
check("jacobian_bound", jacobian_bound)

# %% tags=["experiment"]
from fnnkit.dynamics import network_jacobian

for seed in range(3):
    rng = np.random.default_rng(seed)
    twenty = [rng.normal(0, 1 / np.sqrt(64), (64, 64)) for _ in range(20)]
    jacobian = network_jacobian(rng.normal(size=64), twenty, np.tanh, lambda z: 1 - np.tanh(z) ** 2)
    print(f"twenty tanh layers: norm of the Jacobian {np.linalg.norm(jacobian, 2):.2f}, bound {jacobian_bound(twenty, 1.0):.1e}")

# %% [markdown]
# The bound is true and says nothing: it lets every layer stretch the same direction as much as it can, and random layers
# never agree on one. **An upper bound is not an estimate.** For random weights an average tells more.

# %% [markdown]
# ## 3.3 How large should weights be at the start?
#
# Let weights be independent with mean 0 and variance $\sigma^2$. A unit sums $n_\text{in}$ products, so a layer multiplies
# the mean square of the signal by $n_\text{in}\sigma^2$; on the way back it sums over the $n_\text{out}$ units above, and
# the factor is $n_\text{out}\sigma^2$. Both should be 1, which is possible only if the widths are equal:
#
# - **Glorot** takes the mean of the widths, $\sigma^2 = \dfrac{1}{(n_\text{in} + n_\text{out})/2}$;
# - **He**: a ReLU lets half of the mean square through, so $\sigma^2 = \dfrac{2}{n_\text{in}}$.

# %% [markdown]
# ### Exercise `init_scale` · ●○○○ · 4 minutes · 1 point
#
# **Goal.** The standard deviation $\sigma$ by either rule. `kind` is exactly `"glorot"` or `"he"`; anything else, `"Glorot"`
# too, is refused with a `ValueError`.
# **Need not:** draw weights.
#
# <details><summary>Hint 1</summary>The rules above are about the variance.</details>
# <details><summary>Hint 2</summary>One over half of a sum: where does the 2 go?</details>
# <details><summary>Hint 3</summary>What happens after your last <code>if</code>, when the name was misspelt?</details>

# %% nbgrader={"grade_id": "init_scale", "solution": true}
def init_scale(kind, n_in, n_out):
    """Standard deviation of initial weights.

    kind: "glorot" or "he".  n_in, n_out: widths of the layer before, and of the layer itself.
    Returns a number. Raises ValueError for any other kind.
    """
    ### BEGIN SOLUTION
    if kind == "glorot":
        return np.sqrt(2 / (n_in + n_out))
    if kind == "he":
        return np.sqrt(2 / n_in)
    raise ValueError(f"kind should be 'glorot' or 'he', but it is {kind!r}")
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_init_scale", "grade": true}
check("init_scale", init_scale)

# %% tags=["experiment"]
rng = np.random.default_rng(0)
X0 = rng.normal(size=(200, 100))
for unit, phi in (("tanh", np.tanh), ("ReLU", mine.relu)):
    for kind in ("glorot", "he"):
        H = X0
        for _ in range(30):
            H = phi(H @ rng.normal(0, init_scale(kind, 100, 100), (100, 100)))
        print(f"{unit:>4}, {kind:<6}: mean square {np.mean(X0**2):.2f} → {np.mean(H**2):.2g} after 30 layers")

# %% [markdown]
# He's rule is made for ReLUs and keeps their signal within a factor of two; Glorot's halves it in each layer, to less than a
# thousand-millionth after thirty. With tanh the signal fades slowly under Glorot's rule, because the unit squashes what is
# large, and He's larger weights make up for most of that.

# %% [markdown]
# # Part 4 · Cures
#
# ## 4.1 An orthogonal start
#
# A random matrix keeps norms *on average*. An **orthogonal** matrix keeps every one: $\lVert \mathbf{x} Q \rVert =
# \lVert \mathbf{x} \rVert$, all singular values are 1, all eigenvalues lie on the unit circle, and so do those of any
# power or product. A random one comes from a matrix of normal numbers by orthogonalising its columns: the QR
# decomposition, $A = QR$ with $R$ upper triangular. For an invertible $A$ it is unique once the signs are settled, for instance so that the
# diagonal of $R$ is positive.

# %% [markdown]
# ### Exercise `orthogonal` · ●●○○ · 8 minutes · further
#
# **Goal.** The orthogonal factor $Q$ of a square matrix, with the sign of each column chosen so that $R$'s diagonal is not
# negative. A singular $A$, where that diagonal has a zero, has several orthogonal $Q$ with $A = QR$: any of them is right.
# **Need not:** write the QR decomposition: `np.linalg.qr` does.
# **Unusual input:** a matrix of one row and one column, whole numbers, float32.
#
# <details><summary>Hint 1</summary><code>np.linalg.qr</code> gives both factors and leaves the signs as they come. Turning a
# column of Q and the same <i>row</i> of R changes nothing in the product.</details>
# <details><summary>Hint 2</summary><code>Q * s</code> with <code>s</code> of shape <code>(n,)</code> multiplies
# columns.</details>
# <details><summary>Hint 3</summary>What is <code>np.sign(0)</code>, and what would it do to a column?</details>

# %% nbgrader={"grade_id": "orthogonal", "solution": true}
def orthogonal(A):
    """Orthogonal factor of a square matrix, R's diagonal not negative.

    A: (n, n).
    Returns Q of shape (n, n), with Q.T @ Q = I.
    """
    ### BEGIN SOLUTION
    Q, R = np.linalg.qr(A)
    return Q * np.where(np.diag(R) < 0, -1.0, 1.0)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_orthogonal", "grade": true}
check("orthogonal", orthogonal)

# %% tags=["experiment"]
rng = np.random.default_rng(0)
for name in ("Gaussian", "orthogonal"):
    product = np.eye(64)
    for _ in range(50):
        A = rng.normal(0, 1 / np.sqrt(64), (64, 64))
        product = product @ (A if name == "Gaussian" else orthogonal(A))
    s = np.linalg.svd(product, compute_uv=False)
    print(f"fifty {name} layers: largest singular value {s[0]:.2g}, median {np.median(s):.2g}, smallest {s[-1]:.2g}")

# %% [markdown]
# The Gaussian product keeps the norm of a signal on average and is a ruin all the same: nearly everything is squeezed into
# one direction. The orthogonal one lets all sixty-four through.

# %% [markdown]
# ## 4.2 Gates
#
# The **long short-term memory** goes another way. It has a memory $\mathbf{c}$ beside its state, and between the memory of
# one step and the next there is no matrix, only a number for each unit, the **forget gate**:
#
# $$\begin{aligned}
# \bigl[\,\mathbf{i},\ \mathbf{f},\ \mathbf{g},\ \mathbf{o}\,\bigr] &= \mathbf{x} A + \mathbf{h} W + \mathbf{b} , \\
# \mathbf{c}_\text{new} &= \sigma(\mathbf{f}) \circ \mathbf{c} + \sigma(\mathbf{i}) \circ \tanh(\mathbf{g}) , \\
# \mathbf{h}_\text{new} &= \sigma(\mathbf{o}) \circ \tanh(\mathbf{c}_\text{new}) .
# \end{aligned}$$
#
# The forget gate says what is kept, the input gate $\mathbf{i}$ what of the candidate $\mathbf{g}$ is written, the output
# gate $\mathbf{o}$ what is shown. All are computed by the network itself, from what it sees and what it was.

# %% [markdown]
# ### Exercise `lstm_cell` · ●●○○ · 10 minutes · 1.5 points
#
# **Goal.** One step of this cell. The four blocks stand side by side in the columns of `A`, `W` and `b`: columns
# `0 … m−1` are $\mathbf{i}$, `m … 2m−1` are $\mathbf{f}$, `2m … 3m−1` are $\mathbf{g}$, `3m … 4m−1` are $\mathbf{o}$.
# `sigmoid` is given above.
# **Need not:** go through a sequence, or back.
# **Unusual input** (¼ point): no example, whole numbers, float32.
#
# <details><summary>Hint 1</summary>One line gives all four pre-activations, an array of shape
# <code>(n, 4m)</code>.</details>
# <details><summary>Hint 2</summary>Cut its <i>columns</i>: slices, or <code>np.split</code> with the right
# <code>axis</code>.</details>
# <details><summary>Hint 3</summary>Three blocks are gates and one is a value. The state shows the memory after the step,
# squashed.</details>

# %% nbgrader={"grade_id": "lstm_cell", "solution": true}
def lstm_cell(x, h, c, params):
    """One step of a long short-term memory.

    x: (n, d) inputs.  h, c: (n, m) state and memory before the step.
    params: a dictionary with "A" (d, 4m), "W" (m, 4m), "b" (4m,); blocks of m columns for i, f, g, o.
    Returns (h, c): state and memory after the step, each of shape (n, m).
    """
    ### BEGIN SOLUTION
    i, f, g, o = np.split(x @ params["A"] + h @ params["W"] + params["b"], 4, axis=1)
    c_new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c_new), c_new
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_lstm_cell", "grade": true}
check("lstm_cell", lstm_cell)

# %% [markdown]
# Along the memory an error signal is multiplied by $\sigma(\mathbf{f})$ at each step and by nothing else. Let the forget
# gates have the bias $b$, shut the input gates and set all weights to zero: after $T$ steps $\sigma(b)^T$ of the memory is
# left, and of the error signal too.

# %% tags=["experiment"]
for b in (1.0, 3.0, np.log(100), 5.0, 10.0):
    shut = {"A": np.zeros((1, 4)), "W": np.zeros((1, 4)), "b": np.array([-50.0, b, 0.0, 0.0])}
    h, c = np.zeros((1, 1)), np.ones((1, 1))
    for _ in range(100):
        h, c = lstm_cell(np.zeros((1, 1)), h, c, shut)
    print(f"forget bias {b:5.2f}: {c[0, 0]:.2g} of the memory is left after 100 steps; sigmoid(b)^100 = {sigmoid(b) ** 100:.2g}")

# %% [markdown]
# A forget bias near $\ln T$ keeps $1/e$ of it over $T$ steps: a rule of thumb for the start. The usual bias of 1 keeps nothing
# over a hundred. With recurrent weights there is a second way back, through the gates: it adds to the first, and can grow.
#
# Training four networks over 100 steps takes minutes, so it was done beforehand (Adam, rate 0.01, clipped at 1, 16 units,
# three starts each), and is shown as a film: on the left what each has learned, on the right its error signal through time,
# relative to the last step.

# %% tags=["figure"]
figures.latch_film()

# %% [markdown]
# - The plain network with a Gaussian start (radius 0.9) is still guessing after 150 updates from one of the three starts.
# - The LSTM with a forget bias of 1 gets there late, or nearly. With a bias of 5 it can hold the bit before it has been trained
#   at all: in the first picture 99 % of the answers are right from one start, and 2 % from another. Both mean that it remembers;
#   which answer goes with which bit is still a matter of luck, and learned soon.
# - The plain network with an orthogonal start is right from all three starts. And then look at its error signal, from the
#   first of them: it *vanishes*. A state that holds its value against noise is one from which small changes do not matter,
#   so a network that latches firmly has little gradient left (Bengio, Simard, Frasconi 1994). It needs the signal while it
#   learns. From the other two starts more of it is left: there are several ways to hold a bit.

# %% [markdown]
# ## 4.3 Clipping
#
# Vanishing is a loss; exploding is an accident. The loss of a recurrent network has cliffs: on the plateau before one the
# gradient is small, on its face gigantic, and a single step along it throws away what was learned. The step is wrong in
# length and right in direction. So shorten it to a largest norm $\tau$, `max_norm` in the code:
#
# $$\nabla J \leftarrow \nabla J \cdot \min\Bigl(1,\ \frac{\tau}{\lVert \nabla J \rVert}\Bigr), \qquad
# \lVert \nabla J \rVert^2 = \text{sum of the squares of all entries of } \textit{all} \text{ gradients} .$$

# %% [markdown]
# ### Exercise `clip_by_global_norm` · ●●○○ · 6 minutes · 1 point
#
# **Goal.** All gradients multiplied by one number, so that their norm, taken over all arrays together, is at most
# `max_norm`: exactly `max_norm` if it was larger, without a small $\varepsilon$ in the denominator. There is at least one array.
# **Must not:** turn the gradient, lengthen a short one, or change the caller's dictionary. Zero stays zero.
# **Unusual input** (¼ point): `max_norm` 0, whole numbers, float32, an array without entries.
#
# <details><summary>Hint 1</summary>One number: the root of the sum, over all arrays, of the sum of squares.</details>
# <details><summary>Hint 2</summary><code>grads.values()</code> are the arrays. Ask first whether the norm is too
# large.</details>
# <details><summary>Hint 3</summary>A new dictionary with the same names: <code>{name: … for name, g in
# grads.items()}</code>.</details>

# %% nbgrader={"grade_id": "clip_by_global_norm", "solution": true}
def clip_by_global_norm(grads, max_norm):
    """Gradients shortened to a largest norm, taken over all arrays together.

    grads: a dictionary of arrays of any shapes.  max_norm: a number, zero or positive.
    Returns a dictionary with the same names and shapes.
    """
    ### BEGIN SOLUTION
    norm = np.sqrt(sum((g**2).sum() for g in grads.values()))
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: g * scale for name, g in grads.items()}
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_clip_by_global_norm", "grade": true}
check("clip_by_global_norm", clip_by_global_norm)

# %% [markdown]
# A network of fifty layers with one unit each, all with the same weight $w$ and no activation, computes $w^{50}$. Ask it to
# make ½ of 1, and the loss $(w^{50} - \tfrac12)^2$ is flat below $w = 1$ and a wall above. Take hold of the start.

# %% tags=["figure"]
figures.cliff(clip_by_global_norm)

# %% [markdown]
# ## 4.4 All together
#
# Now train **your** network on the latch task, with your `bptt` and your `clip_by_global_norm`, and with the
# `categorical_nll_grad` of chapter 2, yours as well. Two starts of the recurrent
# weights are compared, all else being equal: Gaussian numbers, scaled to a spectral radius of about ½, and an orthogonal matrix. The last rows take
# the worse start again with Adam, which divides every step by the size of recent gradients. (It takes some twenty seconds;
# each row comes when it is ready.)

# %% tags=["experiment"]
from IPython.display import display
from ipywidgets import IntProgress

from fnnkit.optim import adam_step
from fnnkit.rnn import latch_task

UNITS = 16


def learn(kind, T, seed, adam=False, updates=150):
    """Train on sequences of T steps; give the parameters, and the share of 400 new sequences that they get right."""
    rng = np.random.default_rng(seed)
    params = initial_rnn(1, UNITS, 2, rng)  # orthogonal
    if kind == "Gaussian":
        params["W"] = rng.normal(0, 0.5 / np.sqrt(UNITS), (UNITS, UNITS))
    state = {name: (0 * p, 0 * p, 0) for name, p in params.items()}
    for _ in range(updates):
        X, g = latch_task(T, 20, rng)
        h0, delta_y = np.zeros((20, UNITS)), np.zeros((T, 20, 2))
        delta_y[-1] = mine.categorical_nll_grad(rnn_forward(X, h0, params)["Y"][-1], g)
        grads = clip_by_global_norm(bptt(X, h0, params, delta_y), 1.0)
        for name in params:
            if adam:
                params[name], state[name] = adam_step(params[name], grads[name], state[name], lr=0.01)
            else:
                params[name] = params[name] - 0.1 * grads[name]
    X, g = latch_task(T, 400, rng)
    scores = rnn_forward(X, np.zeros((400, UNITS)), params)["Y"][-1]
    return params, np.mean(scores.argmax(axis=1) == g)


bar = IntProgress(max=27, description="training")
display(bar)
for optimiser, kind in (("plain descent", "Gaussian"), ("plain descent", "orthogonal"), ("Adam", "Gaussian")):
    for T in (10, 25, 50):
        shares = []
        for seed in range(3):
            shares.append(learn(kind, T, seed, adam=optimiser == "Adam")[1])
            bar.value += 1
        print(f"{optimiser:<13}  {kind:<10} start, {T:>2} steps:", ", ".join(f"{share:.0%}" for share in shares))

# %% [markdown]
# With plain gradient descent the contrast is complete. From the Gaussian start the network guesses, even over ten steps;
# from the orthogonal one it is always right. Nothing else differs.
#
# **Adam hides the difference** where the signal is only small: it divides by the size of the gradient, so a gradient of
# $10^{-6}$ moves the weights as fast as one of 1. At twenty-five steps that is enough from two of the three starts. At fifty it helps no more: the part of the gradient that comes from
# the first step drowns in what the noise at all later steps contributes, and dividing both by one number changes nothing.
#
# See for yourself: choose start, optimiser and number of steps, and press *Train*. On the right is what the network says at
# every step of sixteen new sequences.

# %% tags=["figure"]
figures.latch(rnn_forward, bptt, clip_by_global_norm)

# %% [markdown]
# ### Milestone: your own recurrent network latches over fifty steps
#
# It sees a one or a minus one at the first step, then noise
# only, and says at the end which it was, rightly in at least 99 of 100 new sequences. The cell runs `rnn_forward`, `rnn_hidden_delta` (if
# your `bptt` calls it), `bptt` and `clip_by_global_norm`. There are no points for it, and it is not run when your work is
# marked: `progress` keeps it, and your feedback page says it when these functions have full marks.

# %% tags=["experiment"]
params, share = learn("orthogonal", 50, seed=0)
X, g = latch_task(50, 400, np.random.default_rng(7))
cache = rnn_forward(X, np.zeros((400, UNITS)), params)
margin = cache["Y"][:, :, 1] - cache["Y"][:, :, 0]
print(f"right on new sequences of 50 steps: {share:.0%}")
for t in (0, 9, 24, 49):
    low, high = margin[t, g == 0], margin[t, g == 1]
    print(f"after step {t + 1:>2}: score for class 1 minus class 0 is {low.mean():+.1f} ± {low.std():.1f} for the minus ones,"
          f" {high.mean():+.1f} ± {high.std():.1f} for the ones")
milestone("ch6_vanishing_gradients", share >= 0.99)

# %% [markdown]
# The two classes are far apart after the last step, where the loss stands. In between they may even change sides: an orthogonal
# $W$ turns the state, and nobody asked what the outputs say on the way.
#
# A word about honesty: at fifty steps this plain network with an orthogonal start does as well as an LSTM, and in the film of
# 4.2 it does so at a hundred. The latch task asks for one bit. Gates are of use where a network has to decide *what* to keep
# and when to let it go, which no fixed matrix can; and with the usual forget bias of 1 even they start by forgetting.
#
# ## 4.5 Explicit memory
#
# A state of sixteen numbers has to hold everything that a network knows about its past. Networks with an **explicit memory**,
# such as the neural Turing machine that the slides name, have a matrix of many rows beside it, and learn where to write and
# what to read: each row is read or written to a degree, by softmax weights over addresses, so that everything stays
# differentiable and back-propagation through time still works. What is not touched stays as it is, without a product of many
# factors, which is the idea of the forget gate again (Graves, Wayne, Danihelka 2014, *Neural Turing Machines*; Goodfellow,
# Bengio, Courville 2016, section 10.12).

# %% [markdown]
# ## Summary
#
# - A recurrent network is a feedforward network whose layers share their weights. Back-propagation through time sums every
#   step's part of the gradient; an error signal from far away has gone through the same matrix many times.
# - In the end the eigenvalues decide: one outside of the unit circle and powers explode, all inside and they vanish; on it, a
#   Jordan block grows. On the way singular values decide: powers of a non-normal matrix can rise for long.
# - In a deep network sigmoids make early gradients vanish, large weights make tanh explode, and ReLUs without biases share one
#   number over all layers. Glorot's and He's rules keep signals alive on average, orthogonal weights keep all of them.
# - Gates keep a memory by a product of numbers near 1. Clipping takes the length of a step, and leaves its direction.
# - A bound is not an estimate, and an optimiser that rescales can hide a vanishing gradient, not cure it.
#
# **Further reading.** Goodfellow, Bengio, Courville (2016), *Deep Learning*: sections 10.2 (recurrent networks), 10.7
# (long-term dependencies), 10.10 (gates), 10.11 (clipping), 8.2.4 and 8.2.5 (cliffs, powers of a matrix), 8.4
# (initialisation). Bengio, Simard, Frasconi (1994), *Learning long-term dependencies with gradient descent is difficult*,
# sections II to IV (the latch). Pascanu, Mikolov, Bengio (2013), *On the difficulty of training recurrent neural networks*,
# sections 2 and 3. Glorot, Bengio (2010), *Understanding the difficulty of training deep feedforward neural networks*,
# section 4. He, Zhang, Ren, Sun (2015), *Delving deep into rectifiers*, section 2.2. Saxe, McClelland, Ganguli (2014), *Exact
# solutions to the nonlinear dynamics of learning in deep linear neural networks*, section 3 (orthogonal starts). Hochreiter,
# Schmidhuber (1997), *Long short-term memory*; Gers, Schmidhuber, Cummins (2000), *Learning to forget* (the forget gate).
# Trefethen, Embree (2005), *Spectra and Pseudospectra*, chapter 16 (powers of non-normal matrices).

# %% tags=["experiment"]
progress("ch6_vanishing_gradients")

# %% [markdown]
# **Before you hand in:** save (Ctrl-S), then run the cell below. It reads the saved file and judges it as it will be judged,
# in a fresh process and with nothing but the answers in it, and says where that differs from your last checks.

# %% tags=["experiment"]
ready()
