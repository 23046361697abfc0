# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Chapter 4 · Width, depth and expressivity
#
# What can a network represent at all? This chapter answers in three acts, and each of them ends with a catch:
#
# 1. **One hidden layer can do everything**, if it is wide enough. You will build such networks, without any training.
# 2. **Depth does some things exponentially cheaper.** A layer that folds its input doubles what the next one draws.
# 3. **What random depth does to data**: it stretches a circle until it is a tangle, at a rate that a short formula predicts.
#
# None of this says that gradient descent *finds* such a network. Where it does not, you will see it.
#
# **When you are through, you can**
#
# - state the universal approximation theorem with its conditions, and prove it in one dimension by a construction,
# - build a network through given points, and measure how fast its error falls as it grows,
# - count the linear pieces and regions of ReLU networks, shallow and deep,
# - say what depth buys, and what the theorems do not promise,
# - predict from one integral whether a deep random network brings nearby inputs together or tears them apart.
#
# <!-- time --> They are checked like the others and carry no points.
#
# <!-- map -->

# %% [markdown]
# ## Slides ↔ code
#
# | slides | here | why |
# |---|---|---|
# | $\psi: \mathbb{R} \to [0, 1]$, a squashing function | `f`, a function that takes an array | evaluated on a grid |
# | "any desired non-zero amount of error" | `sup_error(f, g, a, b, n)` | the largest distance on n points |
# | a network with one hidden layer | `(W, c, w, b)`: $x \mapsto \varphi(xW + \mathbf{c})\,\mathbf{w} + b$, `W (1, m)`, `c (m,)`, `w (m,)` | as in chapter 1, with one input |
# | a deep network | `weights`, `biases`: lists, one array a layer, the first layer first | |
# | depth | the number of layers that have an activation | books differ by one |
#
# **Two conventions for one pair of lists.** When *pieces* are counted (`count_linear_pieces`) the last layer is affine,
# as in a network for regression. `activation_patterns` and `propagate` apply the activation after *every* layer.
#
# **Letters with two meanings.** $\sigma$ alone is the logistic sigmoid; $\sigma_w$ and $\sigma_b$ are the scales of
# random weights and biases. $H$ holds hidden activations (in chapter 1 also the Hessian). $c$ is a bias; a correlation is
# written $\rho$. $d$ is a number of inputs; depth is written $L$.
#
# As in all chapters numbers are float64, arrays have at least one entry, and a function never changes what it is given.
#
# **Unusual input.** Where a card says so, a quarter of a point is for what lies beyond that: an array without entries, whole
# numbers, one more axis, float32. What comes back for float32 may be float32 or float64, and relative errors up to
# $10^{-5}$ do not count.

# %% tags=["given"]
from math import comb

import numpy as np

import fnnkit.figures.ch4_universal_approximation as figures
from fnnkit.exercises import check, progress, ready


def relu(z):
    """Rectified linear unit."""
    return np.maximum(0, z)


def sigmoid(z):
    """Logistic sigmoid, for arguments of any size (chapter 2)."""
    return 0.5 * (1 + np.tanh(0.5 * z))


def network(x, W, c, w, b, phi):
    """One input, one hidden layer, one linear output: phi(x W + c) w + b for every entry of x, in the shape of x."""
    return np.reshape(phi(np.reshape(x, (-1, 1)) @ W + c) @ w + b, np.shape(x))


# %% [markdown]
# # Act 1 · One hidden layer can do everything
#
# ## 1.1 How far apart are two functions?
#
# To approximate is to come near, so we need a distance. The strictest one in use is the **sup error**: the largest
# distance anywhere,
#
# $$\lVert f - g \rVert_\infty = \sup_{a \le x \le b} \lvert f(x) - g(x) \rvert .$$
#
# A computer looks at finitely many points. The largest distance among those may be smaller than the sup error, and is never larger.

# %% [markdown]
# ### Exercise `sup_error` · ●○○○ · 4 minutes · 1 point
#
# **Goal.** The largest distance of two functions on `n` equally spaced points from `a` to `b`, both ends among them, as
# `np.linspace(a, b, n)` makes them. `f` and `g` are *functions*: call them with an array of points.
# **Need not:** search between the points. No function in the check has a jump, so it does no harm if a point is off by a rounding error.
#
# <details><summary>Hint 1</summary>Make all points at once, and call each function once.</details>
# <details><summary>Hint 2</summary>Subtract point by point first, and look for the largest after that. A distance has no
# sign.</details>
# <details><summary>Hint 3</summary>Check by hand: x² and |x| on −1, −½, 0, ½, 1 are at most ¼ apart.</details>

# %% nbgrader={"grade_id": "sup_error", "solution": true}
def sup_error(f, g, a, b, n):
    """Largest |f(x) - g(x)| on n equally spaced points.

    f, g: functions; each takes an array of points and returns an array of the same shape.
    a, b: numbers, the ends of the interval.  n: number of points np.linspace(a, b, n), at least 2.
    Returns a number.
    """
    ### BEGIN SOLUTION
    x = np.linspace(a, b, n)
    return np.abs(f(x) - g(x)).max()
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_sup_error", "grade": true}
check("sup_error", sup_error)

# %% [markdown]
# ## 1.2 The theorem, and what it asks
#
# A **squashing function** is a function $\psi: \mathbb{R} \to [0, 1]$ that never decreases, with
# $\lim_{\lambda\to-\infty} \psi(\lambda) = 0$ and $\lim_{\lambda\to\infty} \psi(\lambda) = 1$. The logistic sigmoid is one;
# so is a single jump from 0 to 1.
#
# > **Universal approximation** (Hornik, Stinchcombe, White 1989). Let $\psi$ be squashing. For every continuous function $f$
# > on a closed and bounded set $K \subset \mathbb{R}^n$ and every $\varepsilon > 0$ there is a network with **one** hidden
# > layer of units $\psi$ and a linear output that is nowhere on $K$ further than $\varepsilon$ from $f$.
#
# > **The slides say** "regardless of the activation function"; **we use** *of any squashing function*, with a linear output
# > unit. Some activation functions will not do: with $\varphi(z) = z^2$ a network with one hidden layer is a polynomial of degree 2 at most,
# > however wide it is. For the ReLU, which does not squash, there is a theorem too (Leshno et al. 1993): every
# > continuous activation function works that is not a polynomial.
#
# > **The slides say** "any Borel measurable function". That is right **in measure**: the set of inputs where the network is off
# > by more than $\varepsilon$ can be made as small as you like. It is not right uniformly: in 1.6 you meet a function that no network comes near
# > everywhere. Every continuous function on a closed and bounded set is Borel measurable, and for those the error is small everywhere.

# %% [markdown]
# ### Exercise `is_squashing` · ●●○○ · 8 minutes · further
#
# **Goal.** Whether a function looks squashing on a grid: it never decreases from left to right, all its values lie in
# $[0, 1]$, and at the two ends of the grid it has come within `tol` of 0 and of 1 (it is never exactly `tol` away). The grid may come in
# any order.
# **Need not:** prove anything. A grid can show a step down or a value outside of $[0, 1]$. That there are none anywhere, and what
# the limits are, it cannot show.
#
# <details><summary>Hint 1</summary>From left to right: sort the grid first, <code>np.sort</code>. Then evaluate.</details>
# <details><summary>Hint 2</summary>Three questions, three truth values, joined by <code>and</code>.
# <code>np.diff(y)</code> gives the steps from each value to the next.</details>
# <details><summary>Hint 3</summary><code>tol</code> belongs to the limits alone. A step of 0 is no decrease. Return
# <code>True</code> or <code>False</code>.</details>

# %% nbgrader={"grade_id": "is_squashing", "solution": true}
def is_squashing(f, grid, tol=1e-3):
    """Whether f looks like a squashing function on a grid.

    f: a function that takes an array and returns one of the same shape.
    grid: (n,) points in any order, wide enough for the limits to show.  tol: how near to 0 and 1 the ends have to come.
    Returns True or False.
    """
    ### BEGIN SOLUTION
    y = f(np.sort(grid))
    rises = np.all(np.diff(y) >= 0)
    inside = np.all((y >= 0) & (y <= 1))
    return bool(rises and inside and y[0] <= tol and y[-1] >= 1 - tol)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_is_squashing", "grade": true}
check("is_squashing", is_squashing)

# %% tags=["experiment"]
grid = np.linspace(-40, 40, 801)
candidates = {
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "(1 + tanh)/2": lambda z: (1 + np.tanh(z)) / 2,
    "ReLU": relu,
    "hard sigmoid": lambda z: np.clip(z + 0.5, 0, 1),
    "jump at 0": lambda z: np.where(z >= 0, 1.0, 0.0),
    "½ + arctan/π": lambda z: 0.5 + np.arctan(z) / np.pi,
}
for name, f in candidates.items():
    print(f"{name:>14}: {is_squashing(f, grid)}")

# %% [markdown]
# The last one *is* squashing, and the grid says no: it creeps so slowly that at −40 it is still far from 0. A limit cannot be seen on
# an interval. And tanh is not squashing by the letter, though a linear output turns it into one: $\tfrac12(1 + \tanh z) = \sigma(2z)$.

# %% [markdown]
# ## 1.3 Two units make a bump
#
# Here is the whole idea of the theorem. A unit $\sigma(s\,(x - l))$ is a **step** at $x = l$, steeper as the weight $s$
# grows. Subtract another step at $r$, and what is left is a **bump** over $[l, r]$:
#
# $$\text{bump}(x) = h\,\bigl(\sigma(s\,(x - l)) - \sigma(s\,(x - r))\bigr) .$$
#
# Two hidden units, output weights $h$ and $-h$.

# %% [markdown]
# ### Exercise `bump` · ●○○○ · 5 minutes · 1 point
#
# **Goal.** The formula above, for every entry of `x`. You may use `sigmoid` from the cell at the top.
# Edges may be steep: with a sharpness of 10,000 a naive `np.exp` overflows and warns.
# **Unusual input** (¼ point): no entry at all, two axes, whole numbers, float32.
#
# <details><summary>Hint 1</summary>What is the pre-activation of the first unit? It is 0 at <code>left</code>.</details>
# <details><summary>Hint 2</summary>The sharpness multiplies the whole distance from the edge, in both units.</details>
# <details><summary>Hint 3</summary>Far to the right both units are on: what has to be left there?</details>

# %% nbgrader={"grade_id": "bump", "solution": true}
def bump(x, left, right, height, sharpness):
    """A step up at left and a step down at right.

    x: array of points.  left, right, height: numbers.  sharpness: a positive number, the slope of both pre-activations.
    Returns an array of the shape of x.
    """
    ### BEGIN SOLUTION
    return height * (sigmoid(sharpness * (x - left)) - sigmoid(sharpness * (x - right)))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_bump", "grade": true}
check("bump", bump)

# %% tags=["experiment"]
x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
for sharpness in (1, 5, 100):
    print(f"sharpness {sharpness:>3}: bump over [-1, 1] at -2, -1, 0, 1, 2 is", np.round(bump(x, -1.0, 1.0, 1.0, sharpness), 3))

# %% [markdown]
# **In two dimensions** one step depends on one direction only: $\sigma(s(x_1 - l))$ is a cliff that runs straight through the
# plane. Add a bump in $x_1$ and a bump in $x_2$: each is 1 on a strip, so the sum is 2 on the square where the strips cross, 1 on the rest of them, 0 elsewhere. A step at
# $1\tfrac12$ keeps the square alone:

# %% tags=["experiment"]
def ridge(t):
    return bump(t, -1.0, 1.0, 1.0, 100.0)


for place, (x1, x2) in {"on the square": (0.3, -0.4), "on a strip": (0.3, 5.0), "elsewhere": (-4.0, 5.0)}.items():
    total = ridge(np.array([x1]))[0] + ridge(np.array([x2]))[0]
    print(f"{place:>13}: sum of the bumps {total:.3f}, a step at 1.5 makes {sigmoid(100 * (total - 1.5)):.3f} of it")

# %% [markdown]
# So **two** hidden layers build a tower over any rectangle, and a sum of towers comes near any continuous function, as a
# mosaic comes near a picture. To do it with **one** hidden layer takes one more thought, and this is what Hornik and his co-authors
# prove: sums of cosines $\cos(\mathbf{k}^\top\mathbf{x} + \alpha)$ come near any continuous function (Fourier), and each
# cosine depends on *one* direction, so a staircase in that direction (next section) comes near it.

# %% [markdown]
# ## 1.4 A staircase
#
# Put bumps side by side. Where one ends the next begins, so their edges merge: at each **knot** $k_j$ one unit steps from the
# value $v_{j-1}$ to $v_j$.
#
# $$x \;\mapsto\; v_0 + \sum_{j=1}^{m} (v_j - v_{j-1})\;\sigma\bigl(s\,(x - k_j)\bigr)$$
#
# **The proof in one dimension.** Let $f$ be continuous on $[a, b]$ and $\varepsilon > 0$. A continuous function on a closed and bounded interval is
# *uniformly* continuous: there is a $\delta$ such that $f$ changes by less than $\varepsilon/2$ over any distance
# below $\delta$. Put knots closer than $\delta$, and give each stair the value of $f$ somewhere on it. On the stairs the error
# is below $\varepsilon/2$. Within a step the network lies between two neighbouring values, both of them within $\varepsilon$ of $f$, as two neighbouring
# stairs together are shorter than $2\delta$. Choose $s$ so large that all other steps together, where they are already nearly flat, change the value by less than what is still free up to $\varepsilon$. ∎
#
# The proof says how many units are enough: about $(b - a)/\delta$. It also says what a rough function costs: its $\delta$ is small.

# %% [markdown]
# ### Exercise `staircase_network` · ●●○○ · 12 minutes · 2 points
#
# **Goal.** The parameters `(W, c, w, b)` of the network with one hidden layer of sigmoids that steps from value to value: one unit
# a knot, as in the formula above. There is one value more than knots: the first one holds left of all knots.
# Many parameters make the same network; the check compares *functions*, and there may be no more units than knots.
# **Need not:** check that the knots are in order; they are.
# **Unusual input** (¼ point): whole numbers, and no knot at all.
#
# <details><summary>Hint 1</summary>Write unit j as <code>sigmoid(x * W[0, j] + c[j])</code>, and multiply
# <i>s (x − k)</i> out.</details>
# <details><summary>Hint 2</summary>Units stay on once they are on. So what does unit j have to <i>add</i>?</details>
# <details><summary>Hint 3</summary>Left of all knots every unit is off: what is the value there, and which of the four parameters
# gives it?</details>

# %% nbgrader={"grade_id": "staircase_network", "solution": true}
def staircase_network(knots, values, sharpness):
    """Network with one hidden layer of sigmoids that steps between values.

    knots: (m,) increasing.  values: (m + 1,), the height before the first knot, between knots, and after the last.
    sharpness: a positive number.
    Returns (W, c, w, b) of shapes (1, m), (m,), (m,) and a number: sigmoid(x W + c) w + b.
    """
    ### BEGIN SOLUTION
    W = np.full((1, len(knots)), float(sharpness))
    return W, -sharpness * knots, np.diff(values), values[0]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_staircase_network", "grade": true}
check("staircase_network", staircase_network)

# %% tags=["experiment"]
def sine(x):
    return np.sin(2 * np.pi * x)


for m in (5, 10, 20, 40, 80):
    knots = (np.arange(m) + 1) / (m + 1)
    values = sine((np.arange(m + 1) + 0.5) / (m + 1))
    errors = []
    for sharpness in (50, 1000):
        parameters = staircase_network(knots, values, sharpness)
        errors.append(sup_error(sine, lambda x: network(x, *parameters, sigmoid), 0, 1, 10_001))
    print(f"{m:>2} units: sup error {errors[0]:.3f} at sharpness 50, {errors[1]:.3f} at sharpness 1000")

# %% [markdown]
# With steep steps the error halves when the units double. With gentle ones it stalls: soon a step is wider than a stair, and the network
# smears what it should follow.

# %% [markdown]
# ## 1.5 Straight lines instead of stairs
#
# A ReLU is a **ramp**: 0 up to its kink, and from there on it rises. Sums of ramps are polygons. Take knots $x_0 < x_1 < \dots < x_{n-1}$ with values
# $y_i$, and let $s_i = (y_{i+1} - y_i)/(x_{i+1} - x_i)$ be the slope from knot $i$ to the next. The network
#
# $$x \;\mapsto\; y_0 + \sum_{i=0}^{n-2} (s_i - s_{i-1})\,\max\{0,\, x - x_i\}, \qquad s_{-1} = 0$$
#
# passes through every knot: between knot $i$ and the next the ramps $0, \dots, i$ are on. Their output weights add up to $s_i$, as all other
# slopes cancel, and so the network goes exactly from $y_i$ to $y_{i+1}$.

# %% [markdown]
# ### Exercise `relu_interpolant` · ●●●○ · 15 minutes · 2 points
#
# **Goal.** The parameters `(W, c, w, b)` of a network with one hidden layer of ReLUs that passes through **every** knot and is
# straight between neighbours. The knots may come **in any order**, and no two are equal. Use no more units than there are knots.
# The check compares functions between the smallest and the largest knot; outside, and in the parameters, you are free.
# **Unusual input** (¼ point): whole numbers, two knots, one knot. Through one knot goes a constant: no unit is needed, and
# with none the shapes are (1, 0), (0,) and (0,).
#
# <details><summary>Hint 1</summary><code>np.argsort(x)</code> gives the indices that put the knots in order. Index <code>x</code> with
# them, and <code>y</code> with the <i>same</i> ones.</details>
# <details><summary>Hint 2</summary>All slopes at once: <code>np.diff(y) / np.diff(x)</code>. A ramp stays on; what does the next one
# have to add to get the next slope?</details>
# <details><summary>Hint 3</summary>n knots have n − 1 segments, and each begins with a unit whose kink is the segment's <i>left</i> end.
# <code>np.diff(slopes, prepend=0)</code>.</details>

# %% nbgrader={"grade_id": "relu_interpolant", "solution": true}
def relu_interpolant(x, y):
    """Network with one hidden layer of ReLUs through every knot, linear between them.

    x: (n,) distinct knots in any order, n at least 1.  y: (n,) value at each knot.
    Returns (W, c, w, b) of shapes (1, m), (m,), (m,) and a number, with m from 0 to n: relu(x W + c) w + b.
    """
    ### BEGIN SOLUTION
    order = np.argsort(x)
    x, y = x[order], y[order]
    slopes = np.diff(y) / np.diff(x)
    return np.ones((1, len(x) - 1)), -x[:-1], np.diff(slopes, prepend=0.0), y[0]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_relu_interpolant", "grade": true}
check("relu_interpolant", relu_interpolant)

# %% [markdown]
# Build a function by hand. **Drag the knots** of your interpolant, or let it have equal ones, or take stairs. For a target of your own choose *my own
# drawing*, and click or drag its heights into the picture. The thin lines are single hidden units, and the bar shows where the sup error sits.

# %% tags=["figure"]
figures.build_a_function(staircase_network, relu_interpolant, sup_error)

# %% [markdown]
# ## 1.6 How fast does the error fall?
#
# For a function with two continuous derivatives the interpolant is off by at most
#
# $$\lvert f(x) - p(x)\rvert \le \frac{h^2}{8}\, \max \lvert f''\rvert$$
#
# where $h$ is the distance of neighbouring knots. *Why:* on one segment the error $e = f - p$ is zero at both ends, and $e'' = f''$, as $p$ is straight. A function
# that is zero at both ends and bends by at most $M$ stays below the parabola that bends by exactly $M$, $\tfrac{M}{2}(x - x_i)(x_{i+1} - x)$, whose top is
# $\tfrac{M}{8} h^2$. On $[0, 1]$ with $m$ units $h$ is $1/m$: **twice the units, a quarter of the error.**
#
# Functions that are not so smooth are harder. If the error is $C \cdot m^{r}$, then $\log(\text{error}) = \log C + r \log m$: a straight
# line of slope $r$ on logarithmic axes.

# %% [markdown]
# ### Exercise `convergence_rate` · ●○○○ · 5 minutes · further
#
# **Goal.** That slope $r$, fitted by least squares to measured errors: logarithm of the error against logarithm of the width.
# **Need not:** return the constant $C$.
#
# <details><summary>Hint 1</summary>Which two arrays lie on a line?</details>
# <details><summary>Hint 2</summary><code>np.polyfit(x, y, 1)</code> fits a line and gives its slope first. Any base of the logarithm gives the
# same slope.</details>
# <details><summary>Hint 3</summary>Test: widths 10, 20, 40 and errors 0.4, 0.1, 0.025 have the slope −2.</details>

# %% nbgrader={"grade_id": "convergence_rate", "solution": true}
def convergence_rate(widths, errors):
    """Slope of the least-squares line of log(error) against log(width).

    widths: (k,) numbers of hidden units.  errors: (k,) positive numbers.
    Returns a number, negative if the error falls.
    """
    ### BEGIN SOLUTION
    return np.polyfit(np.log(widths), np.log(errors), 1)[0]
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_convergence_rate", "grade": true}
check("convergence_rate", convergence_rate)

# %% [markdown]
# Four targets on $[0, 1]$, each a degree rougher than the one before: $\sin 2\pi x$, the kink $|x - \tfrac13|$, the root $\sqrt x$ (vertical at 0), and a jump at $\tfrac13$.
# Knots are equally spaced, and widths are powers of two, so that the kink never falls on a knot.

# %% tags=["experiment"]
targets = {
    "sine": sine,
    "kink": lambda x: np.abs(x - 1 / 3),
    "root": np.sqrt,
    "jump": lambda x: np.where(x >= 1 / 3, 1.0, 0.0),
}
widths = np.array([4, 8, 16, 32, 64, 128, 256])
for name, f in targets.items():
    errors = []
    for m in widths:
        knots = np.linspace(0, 1, m + 1)
        parameters = relu_interpolant(knots, f(knots))
        errors.append(sup_error(f, lambda x: network(x, *parameters, relu), 0, 1, 10_001))
    ratio = (errors[-1] / errors[0]) ** (1 / 6)
    print(f"{name}: sup error", " ".join(f"{e:8.5f}" for e in errors), f"  × {ratio:.2f} a doubling")

# %% tags=["figure"]
figures.error_against_width(relu_interpolant, sup_error, convergence_rate)

# %% [markdown]
# Doubling the width divides the error by nearly 4, by 2, by √2, and for the jump by 1. On logarithmic axes these are the slopes −2, −1, −½ and 0.
#
# **The first catch: a jump.** No width helps, and no other network would. A network with continuous units is a continuous function $g$. Just left of the jump the target is 0, just right of it 1,
# and $g$ has nearly the same value on both sides. It cannot be nearer than ½ to both: **the sup error is at least half the jump, for ever.** What does shrink is the *set* of inputs
# on which the network is off. That is what "in measure" means in the theorem.
#
# **The second catch: descent.** The theorem says that good weights exist; you built some. Does training find equally good ones? Here are networks of the same
# width, trained on the sine from three starts each by Adam, a descent with a rate of its own for each weight (chapter 5 builds its
# forerunner, RMSProp), their kinks spread over the data.

# %% tags=["experiment"]
from IPython.display import display
from ipywidgets import IntProgress

from fnnkit.network import mlp
from fnnkit.optim import Adam


def spread_start(widths, x, seed):
    """A ReLU network on inputs x (n, 1): each unit has its kink at a random example, so that none is idle from the start."""
    net, rng, H = mlp([1, *widths, 1], "relu", seed=seed), np.random.default_rng(seed), x
    for p in net.parameters[:-1]:
        Z = H @ p["W"]
        p["c"][:] = -Z[rng.integers(0, len(x), Z.shape[1]), np.arange(Z.shape[1])]
        H = np.maximum(0, Z + p["c"])
    return net


def train(net, x, y, steps=1500):
    """Adam on all examples at once, with a learning rate that falls to a twentieth."""
    optimiser = Adam()
    optimiser.start(net.theta.size)
    for k in range(steps):
        net.step(x, y, optimiser, 0.01 * (1 - 0.95 * k / steps))
    return net


def value(net, x):
    """What the network says for every entry of x, in the shape of x."""
    return np.reshape(net.forward(4 * np.reshape(x, (-1, 1)) - 2), np.shape(x))


x01 = np.linspace(0, 1, 201)[:, None]
centred = 4 * x01 - 2  # inputs on both sides of 0
bar = IntProgress(max=9, description="training")
display(bar)
for m in (5, 10, 20):
    knots = np.linspace(0, 1, m + 1)
    parameters = relu_interpolant(knots, sine(knots))
    built = sup_error(sine, lambda x: network(x, *parameters, relu), 0, 1, 10_001)
    found = []
    for seed in range(3):
        net = train(spread_start([m], centred, seed), centred, sine(x01))
        found.append(sup_error(sine, lambda x: value(net, x), 0, 1, 10_001))
        bar.value += 1
    print(f"{m:>2} units: built by hand {built:.3f}, found by descent", " ".join(f"{e:.3f}" for e in sorted(found)))

# %% [markdown]
# With five units descent does about as well as the hand-made network. But that one gets about four times better with each doubling, and
# the trained ones do not keep up. The theorem is about what *exists*. (Descent minimised the mean square and not the largest error, which explains a part of the gap.)

# %% [markdown]
# # Act 2 · Depth multiplies
#
# ## 2.1 Folding
#
# Fold a strip of paper in the middle, and in the middle again, and once more. Draw one line on what you hold, unfold, and there are eight lines. One layer can fold: the
# **tent** takes $[0, 1]$ up to 1 and down again,
#
# $$\text{tent}(x) = 2\max\{0, x\} - 4\max\{0, x - \tfrac12\} ,$$
#
# so that $x$ and $1 - x$ land on the same place. The next layer sees the folded strip and folds it again.

# %% [markdown]
# ### Exercise `tent` · ●○○○ · 3 minutes · 0.5 points
#
# **Goal.** The tent, for every entry of an array of any shape, with values in $[0, 1]$.
# **Need not:** care about other values. There, different formulas of the same tent differ.
#
# <details><summary>Hint 1</summary>The formula above is one line of <code>np.maximum</code>.</details>
# <details><summary>Hint 2</summary>Values to check: 0, ¼, ½, ¾, 1 go to 0, ½, 1, ½, 0.</details>
# <details><summary>Hint 3</summary>Make a new array. Writing into <code>x</code> would change the caller's.</details>

# %% nbgrader={"grade_id": "tent", "solution": true}
def tent(x):
    """From 0 up to 1 at the middle, and down to 0 again.

    x: array of points in [0, 1], of any shape.
    Returns a new array of the same shape.
    """
    ### BEGIN SOLUTION
    return 2 * np.maximum(0, x) - 4 * np.maximum(0, x - 0.5)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_tent", "grade": true}
check("tent", tent)

# %% [markdown]
# ### Exercise `sawtooth` · ●○○○ · 5 minutes · 1 point
#
# **Goal.** The tent of the tent of … of `x`, `depth` times. Depth 0 is `x` itself, the same array or a copy.
# **Unusual input** (¼ point): no entry at all, two axes, float32.
#
# <details><summary>Hint 1</summary>A loop: each round folds what the round before has given.</details>
# <details><summary>Hint 2</summary>Which value does your variable have before the first round? That is depth 0.</details>
# <details><summary>Hint 3</summary>Depth 2 goes up and down twice: 0, ⅛, ¼, ⅜, ½ go to 0, ½, 1, ½, 0.</details>

# %% nbgrader={"grade_id": "sawtooth", "solution": true}
def sawtooth(x, depth):
    """The tent composed with itself.

    x: array of points in [0, 1].  depth: how often to fold, zero or more.
    Returns an array of the same shape.
    """
    ### BEGIN SOLUTION
    y = np.array(x)
    for _ in range(depth):
        y = tent(y)
    return y
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_sawtooth", "grade": true}
check("sawtooth", sawtooth)

# %% tags=["experiment"]
x = np.linspace(0, 1, 2**12 + 1)
for depth in range(1, 8):
    slopes = np.sign(np.diff(sawtooth(x, depth)))
    pieces = 1 + int((np.diff(slopes) != 0).sum())
    units = 2 * depth
    print(f"depth {depth}: {units:>2} ReLUs, {pieces:>3} linear pieces; in one hidden layer at most {units + 1}")

# %% [markdown]
# **Why a shallow network cannot keep up.** In one hidden layer each ReLU contributes one kink at most, at the place where its own pre-activation is zero. So $m$ units make
# at most $m + 1$ pieces. The sawtooth of depth $L$ has $2^L$ pieces from $2L$ units; in one layer it takes a unit for each of its $2^L - 1$ kinks (your
# interpolant has $2^L$: one more for the slope at the start). And nearly as good
# is no cheaper: the sawtooth crosses the height ½ on each of its $2^L$ pieces. A function with fewer pieces crosses it less often,
# so at one of the peaks or valleys it is on the wrong side, and off by at least ½ (Telgarsky 2015).
#
# > **The slides say** that some functions are approximated efficiently "when depth ≥ d", and need a much larger model "if depth ≤ d". At depth exactly $d$ both cannot
# > be; **we use** *depth < d* in the second half.
#
# The first such theorems were about circuits: if the depth is held fixed, the parity of $n$ bits takes a number of gates that grows faster than every power of $n$, exponentially in a root of $n$ (Håstad 1986).
# For rectifiers: Pascanu, Montúfar, Bengio (2014).
#
# ## 2.2 Counting pieces exactly
#
# For any network of ReLUs with one input the pieces can be counted without a grid. Between two **breakpoints** every unit is either on or off, so the whole network is
# one straight line there. Go through the layers: a layer adds a breakpoint wherever the pre-activation of one of its units crosses zero. At the end, not every
# breakpoint is a kink: two may cancel, or a later unit may be off there.

# %% [markdown]
# ### Exercise `count_linear_pieces` · ●●●● · 25 minutes · further
#
# **Goal.** The exact number of linear pieces on $[a, b]$ of a network with one input and one output; ReLUs follow every layer but the last, which is affine. Neighbouring pieces
# of equal slope are *one* piece: $\max\{0, x\} - \max\{0, -x\} = x$ has 1. A kink at `a` or `b` divides nothing.
# **Must not:** use a grid: pieces may be as narrow as a millionth. Slopes that differ do so by more than a millionth.
# **Need not:** decide about kinks that ought to meet and miss each other by a rounding error. Where kinks meet in the check,
# their places are short binary fractions, such as 5/16, and they meet exactly.
# **Unusual input:** no hidden layer, whole numbers.
#
# <details><summary>Hint 1</summary>Keep a sorted list of breakpoints, at first just <code>[a, b]</code>, and refine it layer by layer.</details>
# <details><summary>Hint 2</summary>In the middle of an interval no unit of earlier layers switches. Compute there, side by side, the values of all units <i>and their
# slopes</i>: the slope goes through a layer like a value, without bias, and is 0 where the unit is off. A unit with value z and slope
# s at the middle t crosses zero at t − z/s.</details>
# <details><summary>Hint 3</summary>At the end compute the output's slope in the middle of each interval and count where it changes. Equal slopes may differ by a rounding
# error, so compare with a tolerance.</details>

# %% nbgrader={"grade_id": "count_linear_pieces", "solution": true}
def count_linear_pieces(weights, biases, a, b):
    """Number of linear pieces of a ReLU network with one input and one output, the last layer affine.

    weights: list of arrays (1, m1), (m1, m2), …, (mL, 1).  biases: list of arrays (m1,), (m2,), …, (1,).
    a, b: numbers, the ends of the interval.
    Returns an integer, at least 1.
    """
    ### BEGIN SOLUTION
    def at(t):
        """Values and slopes of the pre-activations of each layer, at one point."""
        h, slope, layers = np.array([t]), np.ones(1), []
        for W, c in zip(weights, biases):
            z, dz = h @ W + c, slope @ W
            layers.append((z, dz))
            h, slope = np.maximum(0, z), np.where(z > 0, dz, 0.0)
        return layers

    points = [float(a), float(b)]
    for layer in range(len(weights) - 1):
        finer = set(points)
        for left, right in zip(points, points[1:]):
            middle = (left + right) / 2
            for z, dz in zip(*at(middle)[layer]):
                if dz != 0 and left < middle - z / dz < right:
                    finer.add(middle - z / dz)
        points = sorted(finer)
    slopes = [at((left + right) / 2)[-1][1][0] for left, right in zip(points, points[1:])]
    return 1 + sum(abs(s - t) > 1e-9 * (1 + abs(s)) for s, t in zip(slopes, slopes[1:]))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_count_linear_pieces", "grade": true}
check("count_linear_pieces", count_linear_pieces)

# %% [markdown]
# ## 2.3 Regions of the plane
#
# With several inputs, pieces become **regions**: parts of space on which no unit switches, and the network is affine. In one hidden layer each unit switches on a
# hyperplane; in the plane, on a line. Into how many parts do $m$ lines cut the plane?
#
# Draw them one after the other. The $m$-th line meets the $m - 1$ old ones in at most $m - 1$ points, which divide it into $m$ parts, and **each part cuts one old region in
# two**. So each new line adds at most $m$ regions: 1, 2, 4, 7, 11, … The same argument works in any dimension: a new hyperplane is itself cut by the old ones into as many parts
# as $m - 1$ hyperplanes make in one dimension less. With $R(d, m)$ for the largest number,
#
# $$R(d, m) = R(d, m - 1) + R(d - 1, m - 1), \qquad R(0, m) = R(d, 0) = 1,$$
#
# which is how sums of binomial coefficients grow: by the rule of Pascal's triangle in each term. The solution is (Zaslavsky 1975)
#
# $$R(d, m) = \sum_{j=0}^{d} \binom{m}{j} .$$

# %% [markdown]
# ### Exercise `max_regions_shallow` · ●○○○ · 6 minutes · 1 point
#
# **Goal.** This number for `n_in` inputs and `n_hidden` units in one hidden layer, as an exact integer, with up to 50 inputs and 220 units: those make a number of 51 digits.
# `comb(m, j)`, from Python's `math`, is imported at the top. No input, or no unit, leaves one region.
#
# <details><summary>Hint 1</summary><code>comb(m, j)</code> is the number of ways to choose j of m; it is 0 for j above m.</details>
# <details><summary>Hint 2</summary>Which terms does the sum have? <code>range(n)</code> ends at n − 1.</details>
# <details><summary>Hint 3</summary>Three lines in the plane make 7 regions. Python's integers have as many digits as they need; floats have 16, and
# NumPy's integers end at 2⁶³.</details>

# %% nbgrader={"grade_id": "max_regions_shallow", "solution": true}
def max_regions_shallow(n_in, n_hidden):
    """Largest number of linear regions of one hidden layer of ReLUs.

    n_in: number of inputs.  n_hidden: number of hidden units.
    Returns an integer, exact.
    """
    ### BEGIN SOLUTION
    return sum(comb(n_hidden, j) for j in range(n_in + 1))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_max_regions_shallow", "grade": true}
check("max_regions_shallow", max_regions_shallow)

# %% [markdown]
# Now deep networks. Let a hidden layer of $n_l$ units spend $\lfloor n_l / d \rfloor$ of them (rounded down) on each of the $d$ input axes, and fold that axis into as many parts. All
# $\lfloor n_l/d \rfloor^d$ parts of space come to lie on each other. Whatever the layers after it draw appears in each of them, so the numbers **multiply**. The last hidden layer
# does not fold any more; it cuts what lies folded. Montúfar, Pascanu, Cho and Bengio (2014) conclude that the *best* network with these widths has at least
#
# $$\prod_{l=1}^{L-1} \Bigl\lfloor \frac{n_l}{d} \Bigr\rfloor^{d} \;\cdot\; \sum_{j=0}^{d} \binom{n_L}{j}$$
#
# regions. This is a **lower bound**, and can be weak: for widths 2, 2, 2 in the plane it is 4, less than the 22 that the same six units make in one layer.
# (It counts on the whole of space, and lets the last layer cut rather than fold: so for one input and seven layers of two it is 192, where the sawtooth has 128 pieces on $[0, 1]$.)
#
# > **The slides say** that a hidden unit specifies "whether to find the input space"; they mean **where to fold** it.

# %% [markdown]
# ### Exercise `montufar_bound` · ●●○○ · 8 minutes · further
#
# **Goal.** The formula above, as an exact integer, beyond $2^{63}$ too, where NumPy's integers end. `widths` lists the units of all hidden layers; none is less than `n_in`.
# **Must not:** change the list.
#
# <details><summary>Hint 1</summary>The product runs over all layers <i>but the last</i>: <code>widths[:-1]</code>. The sum is your
# <code>max_regions_shallow</code> of the last.</details>
# <details><summary>Hint 2</summary><code>//</code> divides whole numbers and rounds down.</details>
# <details><summary>Hint 3</summary>Check: two inputs and widths 4, 4, 4 give 176.</details>

# %% nbgrader={"grade_id": "montufar_bound", "solution": true}
def montufar_bound(n_in, widths):
    """Lower bound of the largest number of regions of a deep ReLU network.

    n_in: number of inputs, at least 1.  widths: list of integers, the units of each hidden layer.
    Returns an integer, exact.
    """
    ### BEGIN SOLUTION
    bound = max_regions_shallow(n_in, widths[-1])
    for n in widths[:-1]:
        bound *= (n // n_in) ** n_in
    return bound
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_montufar_bound", "grade": true}
check("montufar_bound", montufar_bound)

# %% tags=["experiment"]
from fnnkit.exercises import mine

# Yours, as you saved it, once it passes its check; else fnnkit's, and a line says so.
for widths in ([2, 2, 2], [4, 4], [4, 4, 4], [8, 8, 8], [8] * 8):
    units = sum(widths)
    print(f"two inputs, widths {widths}: deep at least {mine.montufar_bound(2, widths):,};", end=" ")
    print(f"{units} units in one layer at most {max_regions_shallow(2, units):,}")

# %% [markdown]
# The bounds say what the best weights can do. What does a *given* network do? Two inputs lie in the same region if the **same units are on** for both, in all layers. So take many
# inputs and count how many different patterns of on and off they meet.

# %% [markdown]
# ### Exercise `activation_patterns` · ●●○○ · 10 minutes · 1.5 points
#
# **Goal.** How many different on/off patterns of **all** hidden units, over all layers, occur among the rows of `X`. A ReLU follows every layer in the lists; a unit is on where its pre-activation is positive.
# **Need not:** worry about pre-activations that are exactly 0.
# **Unusual input** (¼ point): no row, one row, whole numbers.
#
# <details><summary>Hint 1</summary>Go through the layers, and keep <code>Z &gt; 0</code> of each. What does the next layer see: Z, or max(0, Z)?</details>
# <details><summary>Hint 2</summary>A pattern belongs to a row and has as many entries as there are units in all layers: put the layers side by side,
# <code>np.hstack</code>.</details>
# <details><summary>Hint 3</summary>Different rows: <code>np.unique(patterns, axis=0)</code>, or a <code>set</code> of tuples.</details>

# %% nbgrader={"grade_id": "activation_patterns", "solution": true}
def activation_patterns(X, weights, biases):
    """Number of distinct on/off patterns of all ReLUs, over the rows of X.

    X: (n, d) inputs.  weights: list of arrays (d, m1), (m1, m2), ….  biases: list of arrays (m1,), (m2,), ….
    Returns an integer.
    """
    ### BEGIN SOLUTION
    H, on = X, []
    for W, c in zip(weights, biases):
        Z = H @ W + c
        on.append(Z > 0)
        H = np.maximum(0, Z)
    return len(np.unique(np.hstack(on), axis=0))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_activation_patterns", "grade": true}
check("activation_patterns", activation_patterns)

# %% [markdown]
# The figure folds the unit square with your `tent`, along both axes, layer by layer. On the left is the square, coloured by the pattern of the units; in the middle the sheet as the last layer sees it. Drag the dot on the folded sheet: on
# the left **all** places that land there light up. On the right is the same square under random weights. (Every layer folds here, the last one too, so
# three layers of four make $4^3 = 64$ regions; with a last layer that cuts they can make the 176 of the bound.)

# %% tags=["figure"]
figures.folding(tent, activation_patterns)

# %% [markdown]
# ## 2.4 The catch: who folds?
#
# The folding networks were made by hand. What does depth do for weights that are *random*, as they are when training begins? Here are sixteen units, in one layer or
# in several, with random weights (variance 2 over the number of inputs, biases of variance ½). What do you expect for the number of pieces: more for the deep ones?

# %% tags=["experiment"]
def random_relu_network(widths, seed):
    """Weights and biases at random: one input, hidden layers of the given widths, one output."""
    rng = np.random.default_rng(seed)
    sizes = [1, *widths, 1]
    weights = [rng.normal(0, np.sqrt(2 / n), (n, m)) for n, m in zip(sizes, sizes[1:])]
    return weights, [rng.normal(0, np.sqrt(0.5), m) for m in sizes[1:]]


for widths in ([16], [8, 8], [4] * 4, [2] * 8):
    counts = [mine.count_linear_pieces(*random_relu_network(widths, seed), -3, 3) for seed in range(100)]
    print(f"{widths!s:>24}: {np.mean(counts):5.1f} linear pieces on [-3, 3] on average over 100 networks, at most {max(counts)}")

# %% tags=["figure"]
figures.pieces(count_linear_pieces)

# %% [markdown]
# **On average random depth has no more pieces than width** (Hanin, Rolnick 2019). Exponentially many pieces *exist* for the deep ones; they sit in a corner of weight space that a random draw
# does not hit.
#
# Then let descent go and look for that corner. The sawtooth of depth 3 is represented **exactly** by a network of three layers with two ReLUs each. Does Adam find it? Beside it, networks
# that are wider than needed. (An answer of ½ everywhere has the mean squared error 1/12 ≈ 0.083, and 0.084 on these 201 points.)

# %% tags=["experiment"]
jobs = [(widths, seed) for widths in ([2, 2, 2], [8, 8, 8]) for seed in range(8 if widths == [2, 2, 2] else 4)]
bar = IntProgress(max=len(jobs), description="training")
display(bar)
target, ends = sawtooth(x01, 3), {}
for widths, seed in jobs:
    net = train(spread_start(widths, centred, seed), centred, target)
    ends.setdefault(str(widths), []).append(((net.forward(centred) - target) ** 2).mean())
    bar.value += 1
for widths, found in ends.items():
    solved = sum(error < 0.05 for error in found)
    print(f"{widths}: {solved} of {len(found)} starts end below 0.05; mean squared errors", np.round(sorted(found), 4))

# %% [markdown]
# **The fold exists, and descent does not find it**, from none of these starts, in the network that could hold it exactly. Wider networks succeed; as in chapter 1, width makes solutions easier to *find*, even
# where fewer units could represent them.
#
# ### Does depth help on data?
#
# > **The slides show** that deeper networks generalise better when they transcribe multi-digit numbers from photographs (Goodfellow et al. 2014).
#
# That is one task. Here are two others, at equal numbers of parameters: two interleaved **spirals**, where a network has to bend space again and again, and the small **digits** of scikit-learn. **Guess
# first:** where does depth help?

# %% tags=["figure"]
figures.does_depth_help()

# %% [markdown]
# On the spirals depth wins clearly: each network with three layers or more beats each with one. On the digits, with the parameters held equal, depth brings nothing: up to three layers the
# means differ by less than single networks do, and five layers are worse. That depth helps is no law. The usual explanation is that it helps where the task itself is made of parts
# that are made of parts, as photographs of numbers are: edges, strokes, digits, numbers.

# %% [markdown]
# ### Written question · 6 minutes · 1 point
#
# "By the universal approximation theorem a network with one hidden layer can learn any function. So depth, data and the training method do not matter." What does the theorem **not**
# promise? Name three things, each with one sentence of reason or an example from this chapter. (Marked by hand.)

# %% [markdown] nbgrader={"grade_id": "what_the_theorem_leaves_open", "grade": true, "points": 1, "solution": true}
# 1. **Finding the network.** The theorem says that weights exist, not that descent reaches them: the network of three layers with two units each can be the sawtooth exactly, and no start found it.
# 2. **Its size.** The number of units may be huge. In one layer the sawtooth of depth $L$ takes at least $2^L - 1$ units, where a deep network takes $2L$.
# 3. **Generalisation.** The theorem is about a function that is known everywhere. From finitely many examples it does not say which of the many networks that fit them is right elsewhere.
#
# Also right: it holds uniformly only for continuous functions on closed and bounded sets (a jump stays ½ away), and not for every activation function (polynomials).
#
# **Rubric.** A quarter for each of *finding*, *size*, *generalisation* (or one of the last two points in its place), if it comes with a reason or an example; a quarter if the answer
# separates "there is a network" from "training finds it" in so many words. Nothing for "it needs more data" alone.

# %% [markdown]
# # Act 3 · What random depth does to data
#
# ## 3.1 A circle goes through a deep network
#
# Networks start with random weights. Take layers of $N$ tanh units, with weights of mean 0 and variance $\sigma_w^2/N$ and biases of mean 0 and variance $\sigma_b^2$. Send a **circle** of inputs through, which lies somewhere in the space of $N$ inputs, and look at what becomes of it (Poole et al. 2016).

# %% [markdown]
# ### Exercise `propagate` · ●○○○ · 6 minutes · 1 point
#
# **Goal.** The activations of all layers, in a list, the input first: $H_0 = X$ and $H_l = \varphi(H_{l-1} W_l + \mathbf{c}_l)$. Here $\varphi$ follows **every** layer, the last one too.
# **Unusual input** (¼ point): no example, whole numbers.
#
# <details><summary>Hint 1</summary>Begin with <code>H = [X]</code>, and append one array for each layer.</details>
# <details><summary>Hint 2</summary>What a layer sees is the last array of the list, <code>H[-1]</code>.</details>
# <details><summary>Hint 3</summary>The list has one array more than there are layers. <code>phi</code> is a function: call it with the
# pre-activations.</details>

# %% nbgrader={"grade_id": "propagate", "solution": true}
def propagate(X, weights, biases, phi):
    """Activations of all layers, the input first.

    X: (n, d) inputs.  weights: list of arrays (d, m1), (m1, m2), ….  biases: list of arrays (m1,), (m2,), ….
    phi: a function, applied entry by entry after every layer.
    Returns a list of len(weights) + 1 arrays.
    """
    ### BEGIN SOLUTION
    H = [X]
    for W, c in zip(weights, biases):
        H.append(phi(H[-1] @ W + c))
    return H
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_propagate", "grade": true}
check("propagate", propagate)

# %% [markdown]
# How complicated has the curve become? One number says much: its length.

# %% [markdown]
# ### Exercise `trajectory_length` · ●○○○ · 5 minutes · 1 point
#
# **Goal.** The length of a polygon whose corners are the rows of `curve`: the sum of the distances $\lVert \mathbf{x}_{i+1} - \mathbf{x}_i \rVert$. If `closed` is true, one more segment leads from the last corner
# back to the first.
# **Unusual input** (¼ point): whole numbers; one corner or none (a `curve` of shape `(0, d)`), which have the length 0.
#
# <details><summary>Hint 1</summary><code>np.diff(curve, axis=0)</code> subtracts each row from the next.</details>
# <details><summary>Hint 2</summary>Each row of differences is one segment. Its length is the root of the sum of the squares along the row:
# <code>np.linalg.norm(steps, axis=1)</code>.</details>
# <details><summary>Hint 3</summary>To close it, put the first row below the last one before you subtract: <code>np.vstack</code> and <code>curve[:1]</code>. The unit square has
# the length 3 open and 4 closed.</details>

# %% nbgrader={"grade_id": "trajectory_length", "solution": true}
def trajectory_length(curve, closed):
    """Length of a polygon.

    curve: (n, d), one corner a row.  closed: whether a segment leads back to the first corner.
    Returns a number.
    """
    ### BEGIN SOLUTION
    if closed:
        curve = np.vstack([curve, curve[:1]])
    return np.linalg.norm(np.diff(curve, axis=0), axis=1).sum()
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_trajectory_length", "grade": true}
check("trajectory_length", trajectory_length)

# %% [markdown]
# To *see* a curve in 200 dimensions, project it on the few directions in which it varies most: its **principal components**. Centre the points, take the first $k$ directions of the singular value decomposition $H - \bar{\mathbf{h}} = U S V^\top$ (rows of $V^\top$), and use the coordinates
# along them.

# %% [markdown]
# ### Exercise `principal_components` · ●●○○ · 10 minutes · further
#
# **Goal.** The coordinates of the centred rows of `H` along the `k` directions of largest variation, the most variable first. The sign of each column is free.
# **Must not:** scale the columns, before or after.
# **Unusual input:** whole numbers, float32.
#
# <details><summary>Hint 1</summary>Centre first: the mean over the points, <code>axis=0</code>.</details>
# <details><summary>Hint 2</summary><code>np.linalg.svd(…, full_matrices=False)</code> gives three things: <i>U</i>, the singular values, and a matrix whose
# <i>rows</i> are the directions, the largest first.</details>
# <details><summary>Hint 3</summary>Coordinates are inner products of points and directions: an array of shape <code>(n, k)</code>.</details>

# %% nbgrader={"grade_id": "principal_components", "solution": true}
def principal_components(H, k):
    """Centred rows of H, projected on the k directions of largest variation.

    H: (n, d), one point a row.  k: number of directions, at most the smaller of n and d.
    Returns an array of shape (n, k), the most variable column first.
    """
    ### BEGIN SOLUTION
    C = H - H.mean(axis=0)
    directions = np.linalg.svd(C, full_matrices=False)[2]
    return C @ directions[:k].T
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_principal_components", "grade": true}
check("principal_components", principal_components)

# %% [markdown]
# ## 3.2 One integral predicts it
#
# Take one unit: its pre-activation is $z = \sum_i h_i w_i + c$, where the $w_i$ have mean 0 and variance $\sigma_w^2/N$, $c$ has mean 0 and variance $\sigma_b^2$, and all are independent. **Average over the weights**: products of two different
# weights average to zero, and what is left is
#
# $$\mathbb{E}[z^2] = \sigma_w^2\, \frac{1}{N}\sum_{i=1}^{N} h_i^2 + \sigma_b^2 .$$
#
# In a wide layer $z$ is a sum of many small independent terms, so nearly normal, with variance $q$; each activation is $h = \varphi(\sqrt q\, x)$ for a standard normal $x$, and the mean of $h_i^2$ over many units is an integral. So the mean square $q$ of the
# pre-activations goes from layer to layer by the **length map**
#
# $$q \;\mapsto\; \sigma_w^2 \int \varphi(\sqrt{q}\, x)^2 \,\frac{e^{-x^2/2}}{\sqrt{2\pi}}\, dx + \sigma_b^2 .$$

# %% [markdown]
# ### Exercise `length_map` · ●●○○ · 12 minutes · 2 points
#
# **Goal.** This map, to six digits, for `q` up to 15 and an activation function `phi` that is smooth, such as tanh, or a ReLU. Any way to compute the integral is right that reaches them; random numbers do not.
# **Need not:** find the fixed point; reach six digits for functions with a kink elsewhere than at 0, or with a jump.
#
# <details><summary>Hint 1</summary>The density is negligible beyond ±10. Take 501 equally spaced points from −10 to 10: for smooth functions and ReLUs that is enough. (For a
# unit that jumps from 0 to 1 at 0 it is not: the mean square is ½, and the sum gives 0.492.)</details>
# <details><summary>Hint 2</summary>An integral is a sum times the distance of two points. Test yours with the function that is 1 everywhere, at σ_w = 1 and
# σ_b = 0: it has to give 1.</details>
# <details><summary>Hint 3</summary>Inside: first √q · x, then φ, then the square. Outside: both scales squared. For a ReLU the result is σ_w² q/2 + σ_b².</details>

# %% nbgrader={"grade_id": "length_map", "solution": true}
def length_map(q, sigma_w, sigma_b, phi):
    """Mean square of the pre-activations of the next layer of a wide random network.

    q: mean square of the pre-activations of this layer, a positive number up to 15.
    sigma_w, sigma_b: the scales of weights and biases, positive numbers; sigma_b may also be 0.
    phi: a function, the activation; it takes an array, and is smooth or a ReLU.
    Returns a number, right to six digits.
    """
    ### BEGIN SOLUTION
    x = np.linspace(-10, 10, 501)
    density = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    mean_square = (x[1] - x[0]) * np.sum(phi(np.sqrt(q) * x) ** 2 * density)
    return sigma_w**2 * mean_square + sigma_b**2
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_length_map", "grade": true}
check("length_map", length_map)

# %% tags=["experiment"]
def fixed_point(sigma_w, sigma_b=0.3):
    """Where the length map leads after many layers."""
    q = 1.0
    for _ in range(200):
        q = length_map(q, sigma_w, sigma_b, np.tanh)
    return q


for sigma_w in (0.8, 2.5, 4.0):
    q = [5.0]
    for _ in range(4):
        q.append(length_map(q[-1], sigma_w, 0.3, np.tanh))
    layers = " ".join(f"{v:.3f}" for v in q)
    print(f"σ_w = {sigma_w}: from q = 5 layer by layer {layers} … to the fixed point {fixed_point(sigma_w):.3f}")

# %% [markdown]
# From 5, and from 1, where `fixed_point` starts, the way leads to the same fixed point $q^*$: after a few layers activation vectors have nearly the same length for all inputs, and the network has forgotten how long those were. What it does with **nearby** inputs is another matter. If a pre-activation of two inputs
# differs by a little, $\Delta z$, the activation differs by $\varphi'(z)\,\Delta z$. The next layer adds such differences up with random weights, and averaging as before
# gives the factor by which it stretches their mean square, at the fixed point:
#
# $$\chi_1 = \sigma_w^2 \int \varphi'(\sqrt{q^*}\, x)^2 \,\frac{e^{-x^2/2}}{\sqrt{2\pi}}\, dx .$$
#
# A curve is made of small differences, so **each layer stretches it by $\sqrt{\chi_1}$**. Below 1, neighbours come together (*order*); above 1, they part exponentially fast (*chaos*).

# %% [markdown]
# ### Exercise `chi` · ●●○○ · 8 minutes · further
#
# **Goal.** $\chi_1$ at a given `q` up to 15, to six digits. `dphi` is the derivative of a smooth activation, such as tanh or softplus.
# **Must not:** take the root: that is what a *length* is stretched by.
# **Need not:** reach six digits where the slope jumps. (For a ReLU the recipe with 501 points gives 0.492 σ_w² and not ½ σ_w².)
#
# <details><summary>Hint 1</summary>It is your <code>length_map</code> with another function, and without one term.</details>
# <details><summary>Hint 2</summary>The slope is taken at the pre-activation √q · x, and squared.</details>
# <details><summary>Hint 3</summary>Test: a linear unit has the slope 1 everywhere, and χ₁ = σ_w².</details>

# %% nbgrader={"grade_id": "chi", "solution": true}
def chi(q, sigma_w, dphi):
    """Mean square stretch of small differences in a layer of a wide random network.

    q: mean square of the pre-activations, a positive number up to 15.  sigma_w: a positive number.
    dphi: a function, the derivative of a smooth activation; it takes an array.
    Returns a number, right to six digits.
    """
    ### BEGIN SOLUTION
    return length_map(q, sigma_w, 0.0, dphi)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_chi", "grade": true}
check("chi", chi)

# %% [markdown]
# ## 3.3 Theory against measurement
#
# Six random networks for each scale: 200 tanh units a layer, eight layers, a circle of 2000 points. The circle starts with the radius $\sqrt{N q_0}$, $q_0 = (q^* - \sigma_b^2)/\sigma_w^2$, which puts its pre-activations at the fixed point at once. `propagate` and `trajectory_length` are
# yours; so is `chi` if it is saved and passes its check, and else it is `fnnkit`'s. Beside it stands what becomes of two inputs that are 3.6° apart on the circle: their correlation
# $\rho = \mathbf{a}^\top\mathbf{b} / (\lVert\mathbf{a}\rVert\,\lVert\mathbf{b}\rVert)$, layer by layer. It is 1 for equal directions and 0 for right angles.

# %% tags=["experiment"]
from fnnkit.expressivity import circle, random_deep_network


def tanh_slope(z):
    return 1 - np.tanh(z) ** 2


def correlation(a, b):
    return a @ b / np.sqrt((a @ a) * (b @ b))


bar = IntProgress(max=18, description="networks")
display(bar)
for sigma_w in (0.8, 2.5, 4.0):
    q = fixed_point(sigma_w)
    X = circle(2000, 200, (q - 0.3**2) / sigma_w**2)
    measured, alike = [], []
    for seed in range(6):
        weights, biases = random_deep_network(200, 8, sigma_w, 0.3, np.random.default_rng(seed))
        layers = propagate(X, weights, biases, np.tanh)
        lengths = [trajectory_length(H, closed=True) for H in layers]
        measured.append((lengths[-1] / lengths[0]) ** (1 / 8))
        alike.append([correlation(H[0], H[20]) for H in layers])
        bar.value += 1
    theory = mine.chi(q, sigma_w, tanh_slope) ** 0.5
    print(f"σ_w = {sigma_w}: √χ₁ = {theory:.3f}, stretch a layer {np.mean(measured):.3f} on average", end=" ")
    print("(single networks: " + " ".join(f"{m:.3f}" for m in measured) + ")")
    print("          ρ in layers 0 to 8, on average:", " ".join(f"{rho:.3f}" for rho in np.mean(alike, axis=0)))

# %% tags=["figure"]
figures.circle_through_depth(propagate, trajectory_length, principal_components, length_map, chi)

# %% [markdown]
# The mean of six networks is within 2 % of the theory; single networks of 200 units scatter around their mean by up to two per cent or so.
# In the figure, on the right, the dashed lines are what the theory says of correlations: an integral of the same kind, over two normal variables (Poole et al., equation 5).
# A single network may be far off the line of the right angle: with 200 units the correlation in each layer is a matter of chance by some hundredths, and layers add to that.
# In order all inputs become alike, even those at a right angle. In chaos even close ones part.
#
# At $\sigma_w = 4$ the curve is longer by half in each layer, and so **exponentially** long in the depth. This is what the slides call *exponential expressivity*: a network with one hidden layer would need a width exponential in that depth to make such a curve (Poole et al.). The picture of three components hides most of it: read
# how much of the variance they hold.
#
# **The catch.** Both sides are bad for training. In the ordered phase all inputs end up alike, and the error signal on its way back shrinks by the same factor $\sqrt{\chi_1}$ a layer; in the chaotic one it explodes, and neighbours have nothing in common. Deep networks can be trained near the border $\chi_1 = 1$ (Schoenholz et al. 2017), which is at $\sigma_w \approx 1.4$ for tanh
# with $\sigma_b = 0.3$. Chapter 6 is about the way back.

# %% [markdown]
# ## Summary
#
# - One hidden layer of squashing units, with a linear output, comes as near as you like to any continuous function on a closed and bounded set: steps make bumps, bumps make staircases.
# - With ReLUs the pieces are straight. The sup error falls like width⁻² for smooth functions, slower for rough ones, and not at all at a jump.
# - Depth multiplies: $2L$ ReLUs in $L$ layers can make $2^L$ pieces, in one layer $2L + 1$ at most. In $d$ dimensions one layer of $m$ units makes at most $\sum_{j \le d} \binom{m}{j}$ regions.
# - That such networks exist does not mean that random weights are like that, or that descent finds them: it needs width for that.
# - Whether depth helps on data depends on the task.
# - A wide random network stretches curves by $\sqrt{\chi_1}$ a layer: order below 1, chaos above.
#
# **Further reading.** Goodfellow, Bengio, Courville (2016), *Deep Learning*, section 6.4.1 (universal approximation and depth). Hornik, Stinchcombe, White (1989), *Multilayer feedforward networks are universal approximators*, section 2. Leshno, Lin, Pinkus, Schocken (1993), *Multilayer feedforward networks with a nonpolynomial activation
# function can approximate any function*. De Boor (2001), *A Practical Guide to Splines*, chapter III (rates). Telgarsky (2015), *Representation benefits of deep feedforward networks* (the sawtooth). Montúfar, Pascanu, Cho, Bengio (2014), *On the number of linear regions of deep neural networks*, sections 2 and 3. Hanin, Rolnick (2019), *Complexity of
# linear regions in deep networks* (random networks). Poole, Lahiri, Raghu, Sohl-Dickstein, Ganguli (2016), *Exponential expressivity in deep neural networks through transient chaos*, sections 2 and 3. Schoenholz, Gilmer, Ganguli, Sohl-Dickstein (2017), *Deep information propagation* (the error signal on its way back).

# %% tags=["experiment"]
progress("ch4_universal_approximation")

# %% [markdown]
# **Before you hand in:** save (Ctrl-S), then run the cell below. It reads the saved file and judges it as it will be judged,
# in a fresh process and with nothing but the answers in it, and says where that differs from your last checks.

# %% tags=["experiment"]
ready()
