# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Chapter 2 · Cost functions and output units
#
# The last layer of a network gives numbers without constraints, anything from $-\infty$ to $\infty$. What do they mean,
# and how wrong are they? This chapter answers both at once: **say which distribution the numbers describe, and the loss
# follows.**
#
# **When you are through, you can**
#
# - derive a loss from a distribution by maximum likelihood,
# - say which statistic a squared or an absolute error makes a network learn,
# - write sigmoid, softplus, softmax and their losses so that they are right at $\pm 10^4$ as well as at $0.5$,
# - explain why a sigmoid is trained with the log-likelihood, and show what goes wrong otherwise,
# - let a network say how sure it is, or answer with a whole distribution, by a mixture density.
#
# **How to work.** As in chapter 1: write your code in the place of `raise NotImplementedError`, run the cell, run the
# check below it, read, repair.
#
# <!-- time --> They are checked like the others and carry no points: do them if you like, in any order.
#
# <!-- map -->

# %% [markdown]
# ## Slides ↔ code
#
# | slides | here | why |
# |---|---|---|
# | $J(\boldsymbol\theta) = -\mathbb{E}_{\mathbf{x},\mathbf{y}\sim\hat p_{\text{data}}} \log p_{\text{model}}(\mathbf{y}\mid\mathbf{x})$ | mean over the `n` rows of minus a log-probability | an expectation over the data is a mean |
# | $\hat{\mathbf{y}} = \mathbf{W}^\top\mathbf{h} + \mathbf{b}$ | raw outputs, one row an example: `mean (n, d)`, logits `z`, `scores (n, K)` | rows are examples |
# | $\phi$, the probability of $y = 1$ | `phi` in $[0, 1]$, or its logit `z`: $\phi = \sigma(z)$ | the logit has no constraint |
# | classes $1, \dots, K$ | labels `g` in $0, \dots, K-1$ | they are indices |
# | $\mathbf{1}_g$ | one-hot row, 1 at the label | |
# | $\mathbf{p} \in [0,1]^{k-1}$ (multinoulli) | `p (K,)`, all K of them | the last is $1 - \sum p$ |
# | $p(c = i \mid \mathbf{x})$, $\boldsymbol\mu^{(i)}$, $i = 1, \dots, n$ components | $\pi_i$, $\boldsymbol\mu_i$, `k` components | `n` counts examples |
#
# **Letters with two meanings.** $\phi$ is a probability here, and the features of a model elsewhere; $\sigma(\cdot)$ with an
# argument is the sigmoid, $\sigma$ and $\sigma_i$ without one are standard deviations.
#
# > **The slides say**, in their part on the stochastic gradient method: define the NLL as $J = \sum \log P$; and one page before
# > $\nabla J = \sum \log P = \mathbb{E}[\log P]$. But a *negative* log-likelihood has a minus, the gradient has a
# > $\nabla$ on the right as well, and a sum is not a mean.
# > **We use** $J = -\frac1n \sum_i \log P(\mathbf{y}_i \mid \mathbf{x}_i)$ and
# > $\nabla J = -\frac1n \sum_i \nabla \log P(\mathbf{y}_i \mid \mathbf{x}_i)$, and minimise.
#
# As in chapter 1, inputs are float64 arrays with at least one entry, and a function never changes what it is given (its own
# copy it may); *Unusual input* on a card says what else one small criterion asks. There a result may be of the input's type or
# of float64, and for float32 relative errors up to $10^{-5}$ do not count.
# An answer may call those above it in the same chapter (check and marking run *your* versions, so repair a wrong one first),
# none of another chapter.

# %% tags=["given"]
import numpy as np

import fnnkit.figures.ch2_output_units as figures
from fnnkit.exercises import check, progress, ready

# %% [markdown]
# ## 1 · From a distribution to a loss
#
# Let the network describe a distribution $p(\mathbf{y} \mid \mathbf{x}; \boldsymbol\theta)$. **Maximum likelihood** asks
# for the parameters under which the data are most probable. The examples are independent, so their probabilities are
# multiplied; the logarithm makes a sum of the product and does not move the maximum:
#
# $$\arg\max_{\boldsymbol\theta} \prod_{i=1}^n p(\mathbf{y}_i \mid \mathbf{x}_i; \boldsymbol\theta)
# = \arg\min_{\boldsymbol\theta} \; \underbrace{-\frac1n \sum_{i=1}^n
# \log p(\mathbf{y}_i \mid \mathbf{x}_i; \boldsymbol\theta)}_{J(\boldsymbol\theta)} .$$
#
# The right-hand side is the **negative log-likelihood**. (It is also the cross-entropy between the data and the model.)
# Every likelihood of this chapter is this formula with a distribution put in. (The squared errors of a sigmoid and of a
# softmax, in parts 3 and 4, are not: they stand there to be compared.)
#
# The first one: a **linear output unit** gives the mean of a Gaussian with covariance $\mathbf{I}$, in $d$ dimensions.
# Its density is $(2\pi)^{-d/2} \exp(-\frac12\lVert\mathbf{y} - \hat{\mathbf{y}}\rVert^2)$, so
#
# $$J = \frac1n \sum_{i=1}^n \Bigl( \tfrac12 \lVert \mathbf{y}_i - \hat{\mathbf{y}}_i \rVert^2
# + \tfrac{d}{2} \log 2\pi \Bigr) .$$
#
# Half the squared error, and a constant: for Gaussian targets, maximum likelihood *is* least squares.
#
# Linear units do not **saturate**: the gradient with respect to $\hat{\mathbf{y}}$ is the difference
# $\hat{\mathbf{y}} - \mathbf{y}$, however large the output is, so gradient descent has little difficulty with them. And what
# serves as an output unit can serve as a **hidden unit** as well: the sigmoid and the softplus of this chapter come back as
# hidden units in chapter 3, the softmax wherever a network has to choose among parts of itself.

# %% [markdown]
# ### Exercise `gaussian_nll` · ●●○○ · 8 minutes · 1.5 points
#
# **Goal.** The negative log-likelihood of targets under a Gaussian with the given means and covariance $\mathbf{I}$.
# **Need not:** other covariances, one-dimensional arrays, empty batches.
#
# <details><summary>Hint 1</summary>For each example: the sum of the squared differences over its <i>d</i> outputs, halved,
# plus a constant.</details>
# <details><summary>Hint 2</summary><code>.sum(axis=1)</code> sums over the outputs of each row; <code>.mean()</code> then
# averages over the rows.</details>
# <details><summary>Hint 3</summary><i>d</i> is <code>y.shape[1]</code>, and the logarithm of 2π is
# <code>np.log(2 * np.pi)</code>.</details>

# %% nbgrader={"grade_id": "gaussian_nll", "solution": true}
def gaussian_nll(y, mean):
    """Negative log-likelihood of y under Gaussians with these means and covariance I.

    y, mean: arrays of shape (n, d), one example a row.
    Returns a number: the mean over the n examples.
    """
    ### BEGIN SOLUTION
    d = y.shape[1]
    squared = ((y - mean) ** 2).sum(axis=1)
    return 0.5 * squared.mean() + 0.5 * d * np.log(2 * np.pi)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_gaussian_nll", "grade": true}
check("gaussian_nll", gaussian_nll)

# %% [markdown]
# ## 2 · Mean or median?
#
# Suppose the network could only answer with one number $c$, the same for every example. Which one?
#
# **Squared error.** Set the derivative of $\sum_i (y_i - c)^2$ to zero: $\sum_i 2(c - y_i) = 0$, so $c$ is the **mean**.
#
# **Absolute error.** Move $c$ a little to the right. Every target on the left of it gets further away by that much, every
# target on the right comes nearer. So the slope of $\sum_i |y_i - c|$ is (how many lie on the left) − (how many lie on the
# right): it passes from negative to positive at the **median**. For an odd number of targets it jumps over 0 there, at the
# target in the middle; for an even number it is 0 between the middle two, and every point there will do.
#
# The absolute error is a likelihood too. The **Laplace distribution** around $\hat y$ has the density
# $\frac12 \exp(-\lvert y - \hat y \rvert)$, so minus its logarithm is $\lvert y - \hat y\rvert + \log 2$: whoever minimises
# the mean absolute error says that the targets scatter like that, with more of them far out than a Gaussian has.
#
# A network that can represent any function does this for each $\mathbf{x}$ by itself. Then
# $\mathbb{E}\lVert\mathbf{y} - f(\mathbf{x})\rVert^2$ falls apart into one such problem for each $\mathbf{x}$, and
#
# $$f^*(\mathbf{x}) = \mathbb{E}[\mathbf{y} \mid \mathbf{x}] \quad\text{for the squared error,}$$
#
# $$f^*(\mathbf{x}) = \text{the median of } y \mid \mathbf{x} \quad\text{for the absolute error.}$$
#
# This is what the slides get from the calculus of variations. It has two conditions: *infinitely many* examples from the true
# distribution, and a network that can represent $f^*$ and is trained until it does. With few examples the network learns
# something near the mean of what it saw.

# %% [markdown]
# ### Exercise `best_constant` · ●○○○ · 5 minutes · 1.25 points
#
# **Goal.** The constant with the smallest loss, for either loss.
# **Need not:** several outputs, weights, any `loss` but these two.
#
# <details><summary>Hint 1</summary>The derivation above names both. No search is needed.</details>
# <details><summary>Hint 2</summary>NumPy has a function for each.</details>
# <details><summary>Hint 3</summary><code>loss</code> is a text: compare it with <code>"mse"</code>.</details>

# %% nbgrader={"grade_id": "best_constant", "solution": true}
def best_constant(y, loss):
    """The number c that makes the sum of the losses of y - c smallest.

    y: array of shape (n,), n at least 1.
    loss: "mse" for squared errors, "mae" for absolute errors.
    Returns a number. (If several are equally good, any of them.)
    """
    ### BEGIN SOLUTION
    if loss == "mse":
        return np.mean(y)
    return np.median(y)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_best_constant", "grade": true}
check("best_constant", best_constant)

# %% [markdown]
# ### Move the outlier
#
# Eight targets stay where they are; the ninth follows the slider. On the left the curve is **your** `gaussian_nll` of all
# targets around the constant $c$, on the right the mean absolute error. The markers are **your** `best_constant`.

# %% tags=["figure"]
figures.mean_or_median(best_constant, gaussian_nll)

# %% [markdown]
# One target moves, and takes the mean along. The median stays: it only asks on which side the target lies.
#
# Now a real network for each loss. The targets are $\sin x$ plus noise with a long tail upwards, so that for every $x$ the
# mean lies above the median. The thin lines are the exact conditional mean and median. Press *Play* and watch both networks
# learn from the same start.

# %% tags=["figure"]
figures.conditional_statistics()

# %% [markdown]
# Same data, same network, two losses, two different curves: **the loss decides what is learned.**

# %% [markdown]
# ## 3 · Yes or no: Bernoulli
#
# A variable that is 1 with probability $\phi$ and 0 with probability $1 - \phi$ has the Bernoulli distribution,
# $P(x) = \phi^x (1 - \phi)^{1 - x}$, with mean $\phi$ and variance $\phi(1 - \phi)$. In numbers:

# %% tags=["experiment"]
rng = np.random.default_rng(0)
print("  φ     mean of 200 000 draws     their variance     φ(1 − φ)")
for phi in (0.1, 0.5, 0.8):
    draws = rng.random(200_000) < phi
    print(f"{phi:4.1f} {draws.mean():18.4f} {draws.var():22.4f} {phi * (1 - phi):15.4f}")

# %% [markdown]
# The logarithm of that probability is $\log P(x) = x \log\phi + (1 - x)\log(1 - \phi)$, and it has a trap. At
# $\phi = 1$ the outcome 1 is sure: $\log P = 1 \cdot \log 1 + 0 \cdot \log 0 = 0$. In mathematics, that is. In floating point
# $\log 0 = -\infty$, and $0 \cdot (-\infty)$ is NaN, *not a number*.

# %% [markdown]
# ### Exercise `bernoulli_log_pmf` · ●●○○ · 10 minutes · further
#
# **Goal.** The log-probability of each outcome: exact also where $\phi$ is 0 or 1. A sure outcome has 0, an impossible one
# $-\infty$, and NumPy has nothing to warn of.
# **Need not:** outcomes other than 0 and 1. **Must not:** take a sum or a mean.
#
# <details><summary>Hint 1</summary>Do not multiply two logarithms by 0 and 1. Choose one of them for each entry.</details>
# <details><summary>Hint 2</summary><code>np.where(condition, a, b)</code> takes <code>a</code> where the condition is true and
# <code>b</code> elsewhere. It computes both everywhere.</details>
# <details><summary>Hint 3</summary>Here log 0 is meant. A <code>with</code> line with
# <code>np.errstate(divide="ignore")</code> tells NumPy so, for the lines indented below it.</details>

# %% nbgrader={"grade_id": "bernoulli_log_pmf", "solution": true}
def bernoulli_log_pmf(x, phi):
    """Log-probability of each outcome x under a Bernoulli distribution.

    x: array of zeros and ones, any shape.
    phi: array of the same shape, the probabilities of 1, from 0 to 1 (both included).
    Returns an array of that shape; 0 for sure outcomes, -inf for impossible ones.
    """
    ### BEGIN SOLUTION
    with np.errstate(divide="ignore"):
        return np.where(x == 1, np.log(phi), np.log1p(-phi))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_bernoulli_log_pmf", "grade": true}
check("bernoulli_log_pmf", bernoulli_log_pmf)

# %% [markdown]
# ### How does a network say $\phi$?
#
# Its last layer says $z$, any number; $\phi$ has to stay in $[0, 1]$. One could cut off what sticks out:
# $\phi = \max\{0, \min\{1, z\}\}$. But where $z$ has left $[0, 1]$, moving it changes nothing: the derivative is 0, and
# gradient descent has nothing to go by.

# %% [markdown]
# ### Exercise `threshold_unit` · ●○○○ · 5 minutes · further
#
# **Goal.** This unit and its derivative.
# **Need not:** stability: nothing overflows here.
#
# <details><summary>Hint 1</summary><code>np.clip</code>, or a maximum of a minimum.</details>
# <details><summary>Hint 2</summary>A comparison gives True and False; <code>.astype(float)</code> makes 1.0 and 0.0 of
# them.</details>
# <details><summary>Hint 3</summary>Both conditions at once: <code>(z > 0) & (z < 1)</code>, with the brackets.</details>

# %% nbgrader={"grade_id": "threshold_unit", "solution": true}
def threshold_unit(z):
    """Threshold unit p = max(0, min(1, z)) and its derivative.

    z: array, any shape.
    Returns (p, dp_dz), arrays of that shape. dp_dz is 1 for 0 < z < 1 and 0 elsewhere, corners included.
    """
    ### BEGIN SOLUTION
    p = np.clip(z, 0, 1)
    return p, ((z > 0) & (z < 1)).astype(float)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_threshold_unit", "grade": true}
check("threshold_unit", threshold_unit)

# %% [markdown]
# A better way: let $z$ be an unnormalised log-probability. Say $\log\tilde P(y) = yz$, so $\tilde P(y) = \exp(yz)$, and divide by
# the sum over $y = 0, 1$:
#
# $$P(y) = \frac{\exp(yz)}{1 + \exp(z)}, \qquad
# P(y = 1) = \frac{\exp z}{1 + \exp z} = \frac{1}{1 + \exp(-z)} = \sigma(z) .$$
#
# The **logistic sigmoid** came out by itself. And $P(y = 0) = 1/(1 + \exp z) = \sigma(-z)$, so $1 - \sigma(z) = \sigma(-z)$, and both
# together are $P(y) = \sigma((2y - 1)z)$.
#
# **On a computer**, $\exp(-z)$ overflows for $z$ below about $-709$. Nothing is wrong with $\sigma$ there, only with the way
# to it. Look for a form in which every exponential is at most 1.

# %% [markdown]
# ### Exercise `sigmoid` · ●●○○ · 10 minutes · 1.5 points
#
# **Goal.** $\sigma(z)$ for every entry, right and without a warning from $-10^4$ to $10^4$.
# **Need not:** derivatives.
#
# The printed formula $1/(1 + \exp(-z))$ earns 1 of the 1.5 points; the other ½ is for numbers up to $\pm 10^4$, right and
# without a warning.
#
# <details><summary>Hint 1</summary>For z ≥ 0 the form 1/(1 + exp(−z)) is safe. For z < 0 the form exp(z)/(1 + exp(z)) is.
# </details>
# <details><summary>Hint 2</summary><code>np.where</code> computes both forms everywhere, and the wrong one overflows. But both have
# the same exponential in them, exp(−|z|).</details>
# <details><summary>Hint 3</summary>Compute <code>np.exp(-np.abs(z))</code> once and call it e. Below the line stands 1 + e in both
# forms; above it 1 or e.</details>

# %% nbgrader={"grade_id": "sigmoid", "solution": true}
def sigmoid(z):
    """Logistic sigmoid, entry by entry.

    z: array, any shape.
    Returns an array of that shape, with entries from 0 to 1.
    """
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_sigmoid", "grade": true}
check("sigmoid", sigmoid)

# %% [markdown]
# ### The softplus
#
# $\zeta(x) = \log(1 + \exp x)$ is a softened $\max\{0, x\}$. Its derivative is the sigmoid, and with two minus signs it is the
# sigmoid's logarithm:
#
# | identity | because |
# |---|---|
# | $\log\sigma(x) = -\zeta(-x)$ | $\log\frac{1}{1 + \exp(-x)} = -\log(1 + \exp(-x))$ |
# | $\log\sigma(x) = x - \zeta(x)$ | $\log\frac{\exp x}{1 + \exp x}$ |
# | $\zeta(x) - \zeta(-x) = x$ | the difference of the two lines above |
# | $\zeta'(x) = \sigma(x)$ | $\frac{\exp x}{1 + \exp x}$; so $\zeta(x) = \int_{-\infty}^x \sigma(y)\,dy$ |
# | $\sigma'(x) = \sigma(x)(1 - \sigma(x))$ | quotient rule |
# | $\frac{d}{dx}\log\sigma(x) = 1 - \sigma(x)$ | chain rule: $\zeta'(-x) = \sigma(-x)$ |
# | $\frac{d}{dx}\log\sigma(-x) = -\sigma(x)$ | the same, with the sign of the inner derivative |
#
# > **The slides say** $\frac{d}{dx}\log\sigma(-x) = 1 - \sigma(-x)$ for a negative example. That is the derivative with respect to
# > $-x$. **We use** $-\sigma(x)$: for a negative example the logit is pushed *down*.
#
# **On a computer**, $\exp x$ overflows where $\zeta(x)$ is just $x$; and where $x$ is very negative, $1 + \exp x$ is rounded to 1
# although $\zeta(x) \approx \exp x$ is not 0.

# %% [markdown]
# ### Exercise `softplus` · ●●○○ · 8 minutes · 1.5 points
#
# **Goal.** $\zeta(z)$ for every entry, with no overflow at $10^4$ and no digit lost at $-50$.
# **Need not:** derivatives.
#
# <details><summary>Hint 1</summary>Pull the large part out of the logarithm: log(1 + exp(z)) = z + log(exp(−z) + 1). Use that for
# positive z only.</details>
# <details><summary>Hint 2</summary>With max(0, z) in front, one formula does for both signs, and its exponential is
# exp(−|z|).</details>
# <details><summary>Hint 3</summary><code>np.log1p(x)</code> is log(1 + x), also for an x so small that 1 + x would be rounded
# to 1.</details>

# %% nbgrader={"grade_id": "softplus", "solution": true}
def softplus(z):
    """Softplus log(1 + exp(z)), entry by entry.

    z: array, any shape.
    Returns an array of that shape.
    """
    ### BEGIN SOLUTION
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_softplus", "grade": true}
check("softplus", softplus)

# %% [markdown]
# The identities, on your own functions:

# %% tags=["experiment"]
x = np.linspace(-12, 12, 4801)
step = x[1] - x[0]
slope = np.gradient(softplus(x), step)[1:-1]
area = softplus(x[:1]) + np.concatenate([[0], np.cumsum(step * (sigmoid(x)[1:] + sigmoid(x)[:-1]) / 2)])
for identity, gap in {
    "σ(−x) = 1 − σ(x)": sigmoid(-x) - (1 - sigmoid(x)),
    "log σ(x) = −ζ(−x)": np.log(sigmoid(x)) + softplus(-x),
    "ζ(x) − ζ(−x) = x": softplus(x) - softplus(-x) - x,
    "ζ′ = σ (by differences)": slope - sigmoid(x)[1:-1],
    "ζ = the integral of σ (by trapezoids)": area - softplus(x),
}.items():
    print(f"{identity:40} largest gap {np.abs(gap).max():.1e}")

# %% [markdown]
# ### Exercise `logit` · ●○○○ · 4 minutes · further
#
# **Goal.** The inverse of the sigmoid: which $z$ has $\sigma(z) = p$? Solve $p = 1/(1 + \exp(-z))$ for $z$.
# **Need not:** $p = 0$ and $p = 1$.
#
# <details><summary>Hint 1</summary>Turn both sides over: 1/p = 1 + exp(−z).</details>
# <details><summary>Hint 2</summary>So exp(−z) = (1 − p)/p.</details>
# <details><summary>Hint 3</summary>Take the logarithm, and mind the sign.</details>

# %% nbgrader={"grade_id": "logit", "solution": true}
def logit(p):
    """Inverse of the sigmoid, entry by entry.

    p: array of probabilities strictly between 0 and 1, any shape.
    Returns an array of that shape.
    """
    ### BEGIN SOLUTION
    return np.log(p) - np.log1p(-p)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_logit", "grade": true}
check("logit", logit)

# %% [markdown]
# ### Exercise `softplus_inverse` · ●●○○ · 8 minutes · further
#
# **Goal.** The inverse of the softplus, $\zeta^{-1}(y) = \log(\exp y - 1)$: finite at $y = 800$ and at $y = 10^{-20}$.
# **Need not:** $y \le 0$.
#
# <details><summary>Hint 1</summary>As for the softplus: pull y out of the logarithm, log(exp(y) − 1) = y + log(1 − exp(−y)).
# </details>
# <details><summary>Hint 2</summary>For tiny y the difference 1 − exp(−y) is rounded to 0.</details>
# <details><summary>Hint 3</summary><code>np.expm1(x)</code> is exp(x) − 1 with all its digits.</details>

# %% nbgrader={"grade_id": "softplus_inverse", "solution": true}
def softplus_inverse(y):
    """Inverse of the softplus, entry by entry.

    y: array of positive numbers, any shape.
    Returns an array of that shape.
    """
    ### BEGIN SOLUTION
    return y + np.log(-np.expm1(-y))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_softplus_inverse", "grade": true}
check("softplus_inverse", softplus_inverse)

# %% [markdown]
# ### The loss of a sigmoid unit
#
# Put $P(y) = \sigma((2y - 1)z)$ into the negative log-likelihood, and use the first identity:
#
# $$J = -\log\sigma\bigl((2y - 1)z\bigr) = \zeta\bigl((1 - 2y)z\bigr) .$$
#
# The logarithm has undone the exponential. If the unit is wrong, $(1 - 2y)z = |z|$ is positive, and $J \approx |z|$: a
# straight line, which never flattens out. It is flat only where $(1 - 2y)z$ is very negative, that is, where the answer is
# right already.

# %% [markdown]
# ### Exercise `bernoulli_nll` · ●●○○ · 8 minutes · 1.5 points
#
# **Goal.** This loss for every entry, from the **logit**, so that a confident mistake at $z = 10^4$ costs $10^4$.
# **Must not:** take the mean: each entry keeps its own loss.
#
# <details><summary>Hint 1</summary>It is one line with your <code>softplus</code>.</details>
# <details><summary>Hint 2</summary>1 − 2y is 1 for y = 0 and −1 for y = 1.</details>
# <details><summary>Hint 3</summary>If you have a sigmoid inside a logarithm, it has been rounded to 0 before the logarithm sees
# it.</details>

# %% nbgrader={"grade_id": "bernoulli_nll", "solution": true}
def bernoulli_nll(z, y):
    """Negative log-likelihood of binary targets, from logits, entry by entry.

    z: array of logits, any shape.
    y: array of that shape, zeros and ones.
    Returns an array of that shape.
    """
    ### BEGIN SOLUTION
    return softplus((1 - 2 * y) * z)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_bernoulli_nll", "grade": true}
check("bernoulli_nll", bernoulli_nll)

# %% [markdown]
# What stability buys, for the target $y = 1$:

# %% tags=["experiment"]
print("   logit    −log(1 / (1 + exp(−z)))    yours")
for logit_value in (-5.0, -50.0, -500.0, -800.0):
    with np.errstate(all="ignore"):
        naive = -np.log(1 / (1 + np.exp(-logit_value)))
    print(f"{logit_value:8g} {naive:26g} {float(bernoulli_nll(np.array([logit_value]), np.array([1]))[0]):8g}")

# %% [markdown]
# ### Two gradients
#
# With $\zeta' = \sigma$ and the chain rule, the derivative of the loss with respect to the logit is
# $(1 - 2y)\,\sigma((1 - 2y)z)$. For $y = 0$ that is $\sigma(z)$, for $y = 1$ it is $-\sigma(-z) = \sigma(z) - 1$. Both in one:
#
# $$\frac{\partial}{\partial z} \zeta\bigl((1 - 2y)z\bigr) = \sigma(z) - y .$$
#
# *How wrong the probability is*, nothing else. The squared error of the same unit has
#
# $$\frac{\partial}{\partial z} (\sigma(z) - y)^2 = 2\,(\sigma(z) - y)\;\sigma(z)\,(1 - \sigma(z)) ,$$
#
# and the last two factors come from the slope of the sigmoid.

# %% [markdown]
# ### Exercise `bernoulli_nll_grad` · ●○○○ · 4 minutes · 1.25 points
#
# **Goal.** The first derivative, for every entry.
# **Need not:** weights of a network. **Must not:** take a mean.
#
# <details><summary>Hint 1</summary>Which of the formulas above has the derivative on its left, and only σ(z) and y on its right?</details>
# <details><summary>Hint 2</summary>Call your own <code>sigmoid</code>: it is stable.</details>
# <details><summary>Hint 3</summary>If the sign comes out wrong: the loss is minimised, not maximised.</details>

# %% nbgrader={"grade_id": "bernoulli_nll_grad", "solution": true}
def bernoulli_nll_grad(z, y):
    """Derivative of bernoulli_nll with respect to the logit, entry by entry.

    z: array of logits, any shape.
    y: array of that shape, zeros and ones.
    Returns an array of that shape.
    """
    ### BEGIN SOLUTION
    return sigmoid(z) - y
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_bernoulli_nll_grad", "grade": true}
check("bernoulli_nll_grad", bernoulli_nll_grad)

# %% [markdown]
# ### Exercise `sigmoid_mse_grad` · ●●○○ · 5 minutes · 1.25 points
#
# **Goal.** The derivative of the squared error $(\sigma(z) - y)^2$ with respect to $z$, for every entry.
# **Must not:** take a mean.
#
# <details><summary>Hint 1</summary>Compute σ(z) once and keep it.</details>
# <details><summary>Hint 2</summary>The chain rule has two factors: that of the square, and that of σ.</details>
# <details><summary>Hint 3</summary>Call your own <code>sigmoid</code>: it is stable.</details>

# %% nbgrader={"grade_id": "sigmoid_mse_grad", "solution": true}
def sigmoid_mse_grad(z, y):
    """Derivative of (sigmoid(z) - y)² with respect to z, entry by entry.

    z: array of logits, any shape.
    y: array of that shape, zeros and ones.
    Returns an array of that shape.
    """
    ### BEGIN SOLUTION
    p = sigmoid(z)
    return 2 * (p - y) * p * (1 - p)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_sigmoid_mse_grad", "grade": true}
check("sigmoid_mse_grad", sigmoid_mse_grad)

# %% [markdown]
# ### Saturation
#
# Both gradients against the logit, drawn by **your** functions. Move $z$ far to the wrong side.

# %% tags=["figure"]
figures.saturation(bernoulli_nll_grad, sigmoid_mse_grad)

# %% [markdown]
# ### Experiment: a unit that is sure, and wrong
#
# One sigmoid unit has $z = -8$, so it says $\phi \approx 0.0003$, and the target is 1. Gradient descent on the logit with learning rate 1,
# once with each of your gradients: how many steps until $\phi > 0.9$?

# %% tags=["experiment"]
for name, gradient in {"log-likelihood": bernoulli_nll_grad, "squared error": sigmoid_mse_grad}.items():
    z, steps = np.array([-8.0]), 0
    while sigmoid(z)[0] < 0.9 and steps < 100_000:
        z = z - 1.0 * gradient(z, np.array([1]))
        steps += 1
    print(f"{name:15} {steps:5d} steps; the first gradient was {gradient(np.array([-8.0]), np.array([1]))[0]:.2g}")

# %% [markdown]
# ### Written question · 5 minutes · 1 point
#
# Why is maximum likelihood preferred to the squared error for a sigmoid output unit? Say what each gradient does for an answer that is
# confident and wrong, and where it comes from. Three or four sentences are enough. (Marked by hand.)

# %% [markdown] nbgrader={"grade_id": "why_not_mse", "grade": true, "points": 1, "solution": true}
# The gradient of the squared error contains the factor $\sigma'(z) = \sigma(z)(1 - \sigma(z))$, the slope of the sigmoid. When the
# unit is confident, that slope is nearly zero on both sides, so a confident mistake has nearly no gradient: the unit cannot learn
# exactly where it is most wrong. In the log-likelihood the logarithm undoes the exponential of the sigmoid, the factor cancels, and
# the gradient is $\sigma(z) - y$: close to $\pm 1$ for a confident mistake, and it vanishes only when the answer is right.
#
# *Rubric.* ½ for the squared error: the slope of the sigmoid is a factor of its gradient, and nearly zero where the unit is
# confidently wrong. ½ for the likelihood: the logarithm undoes the exponential, so that $\sigma(z) - y$ is left. Nothing
# for "it learns more slowly" without the factor.

# %% [markdown]
# ## 4 · One of K: softmax
#
# With $K$ classes (a **multinoulli**, or categorical, variable) the network gives $K$ unnormalised log-probabilities, the **scores**
# $z_i = \log\tilde P(y = i)$. Exponentiate and divide by the sum, as for the sigmoid:
#
# $$\operatorname{softmax}(\mathbf{z})_i = \frac{\exp z_i}{\sum_j \exp z_j} .$$
#
# A constant added to all scores cancels: $\operatorname{softmax}(\mathbf{z} + c) = \operatorname{softmax}(\mathbf{z})$. So only
# *differences* of scores count, and one may subtract the largest score before exponentiating. Then every exponent is at most 0, and
# one of them is 0: nothing overflows, and the sum is at least 1.
#
# > **The slides** write some denominators as "$\exp \Sigma(y_j)$". **We use** $\sum_j \exp(y_j)$: first the exponentials, then the sum.
#
# (Several draws from a multinoulli variable, counted, are **multinomial**: counts with mean $n\mathbf{p}$. The multinoulli distribution
# is the case $n = 1$.)

# %% tags=["experiment"]
p = np.array([0.2, 0.5, 0.3])
counts = np.random.default_rng(1).multinomial(10, p, size=100_000)
print("n = 10 draws, counted, 100 000 times: mean", counts.mean(axis=0).round(3), "   n p =", 10 * p)
print("variance", counts.var(axis=0).round(3), "   n p (1 − p) =", (10 * p * (1 - p)).round(3))

# %% [markdown]
# ### Exercise `softmax` · ●●○○ · 8 minutes · 1.75 points
#
# **Goal.** The softmax along the last axis, for any number of axes in front of it: one example, a batch, a batch of batches.
# Stable for scores of $\pm 10^4$, for rows of equal scores, and for a score of $-\infty$ (a class that is ruled out).
# **Need not:** rows of nothing but $-\infty$.
# **Unusual input** (¼ point): `z` is an array of whole numbers (the result is not), or of float32.
#
# <details><summary>Hint 1</summary>The last axis is <code>axis=-1</code>, whatever the shape.</details>
# <details><summary>Hint 2</summary><code>keepdims=True</code> keeps a sum (or a maximum) as a column, so that it lines up with the rows.
# </details>
# <details><summary>Hint 3</summary>Subtract each row's own maximum first. Make a new array: <code>z - …</code>, not
# <code>z -= …</code>.</details>

# %% nbgrader={"grade_id": "softmax", "solution": true}
def softmax(z):
    """Softmax over the last axis.

    z: array of scores, shape (..., K).
    Returns an array of that shape; along the last axis its entries sum to 1.
    """
    ### BEGIN SOLUTION
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_softmax", "grade": true}
check("softmax", softmax)

# %% [markdown]
# ### Differences count
#
# Four scores, drawn through **your** `softmax`. The shift is added to all of them. The temperature $T$ divides them. What
# happens as $T$ becomes small, and as it becomes large? Watch the differences between the scores.

# %% tags=["figure"]
figures.softmax_sliders(softmax)

# %% [markdown]
# ### Its logarithm
#
# $$\log\operatorname{softmax}(\mathbf{z})_i = z_i - \log\sum_j \exp z_j .$$
#
# The second term is close to the largest score: $\max_j z_j \le \log\sum_j \exp z_j \le \max_j z_j + \log K$. So an example whose label has the
# largest score by far costs nearly nothing, and one whose label is far below the largest score costs that distance. Again: flat only where the
# answer is right.

# %% [markdown]
# ### Exercise `log_softmax` · ●●○○ · 6 minutes · 1.75 points
#
# **Goal.** The logarithm of the softmax, along the last axis of any shape. Stable for scores of $\pm 10^4$, where
# `np.log(softmax(z))` is $-\infty$ although the answer is finite; a score of $-\infty$ gives $-\infty$.
# **Need not:** rows of nothing but $-\infty$.
# **Unusual input** (¼ point): `z` is an array of whole numbers (the result is not), or of float32.
#
# <details><summary>Hint 1</summary>Do not take the logarithm of a probability: it may have been rounded to 0.</details>
# <details><summary>Hint 2</summary>Subtract the row's maximum from z. A shift changes nothing.</details>
# <details><summary>Hint 3</summary>Then subtract the logarithm of the sum of exponentials of the <i>shifted</i> scores.</details>

# %% nbgrader={"grade_id": "log_softmax", "solution": true}
def log_softmax(z):
    """Logarithm of the softmax over the last axis.

    z: array of scores, shape (..., K).
    Returns an array of that shape, with entries of at most 0.
    """
    ### BEGIN SOLUTION
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_log_softmax", "grade": true}
check("log_softmax", log_softmax)

# %% [markdown]
# Two facts, on your functions: with two classes the softmax is the sigmoid, and the logarithm of the sum is nearly the maximum.

# %% tags=["experiment"]
z = np.linspace(-30, 30, 601)
pair = np.stack([np.zeros_like(z), z], axis=1)
print("softmax([0, z])₁ against σ(z): largest gap", f"{np.abs(softmax(pair)[:, 1] - sigmoid(z)).max():.1e}")
for scores in ([1.0, 1.0, 1.0], [1.0, 3.0, 2.0], [1.0, 30.0, 2.0]):
    log_sum = scores[0] - log_softmax(np.array(scores))[0]  # z_i − log softmax(z)_i, for any i
    above = max(scores) + np.log(3)
    print(f"scores {scores}: log Σ exp = {log_sum:.4f}, maximum {max(scores):g}, maximum + log 3 = {above:.4f}")

# %% [markdown]
# ### Exercise `categorical_nll` · ●○○○ · 5 minutes · 1.25 points
#
# **Goal.** The mean, over the examples, of $-\log\operatorname{softmax}(\mathbf{z})$ at the label.
# **Need not:** an empty batch; labels out of range.
#
# <details><summary>Hint 1</summary>Start from your <code>log_softmax</code>: a row of K numbers for each example.</details>
# <details><summary>Hint 2</summary>Pick one entry from each row: <code>A[np.arange(n), g]</code> gives A[0, g₀], A[1, g₁], …</details>
# <details><summary>Hint 3</summary>Minus, and the mean over the n examples.</details>

# %% nbgrader={"grade_id": "categorical_nll", "solution": true}
def categorical_nll(scores, g):
    """Negative log-likelihood of labels, from scores.

    scores: array of shape (n, K), one example a row.
    g: integers of shape (n,), labels from 0 to K - 1.
    Returns a number: the mean over the n examples.
    """
    ### BEGIN SOLUTION
    return -log_softmax(scores)[np.arange(len(g)), g].mean()
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_categorical_nll", "grade": true}
check("categorical_nll", categorical_nll)

# %% [markdown]
# ### Its gradient
#
# For one example with label $g$ the loss is $\log\sum_j \exp z_j - z_g$. Differentiate both terms with respect to $z_i$: the first gives
# $\exp z_i / \sum_j \exp z_j = \operatorname{softmax}(\mathbf{z})_i$, the second $-1$ if $i = g$ and 0 otherwise:
#
# $$\frac{\partial J}{\partial \mathbf{z}} = \operatorname{softmax}(\mathbf{z}) - \mathbf{1}_g ,$$
#
# as for the sigmoid: predicted minus seen. The mean over $n$ examples adds a factor $1/n$.
#
# > **The slides**, in their part on back-propagation, *maximise* $\log P$: their error signal at the output is
# > $\mathbf{1}_g - \tilde{\mathbf{y}}$. **We use** $\tilde{\mathbf{y}} - \mathbf{1}_g$, and go downhill.

# %% [markdown]
# ### Exercise `categorical_nll_grad` · ●●○○ · 8 minutes · 1.25 points
#
# **Goal.** The gradient of `categorical_nll` with respect to the scores.
# **Need not:** gradients of weights: they come in chapter 5.
#
# <details><summary>Hint 1</summary>Start from your <code>softmax</code>; its result is yours to change.</details>
# <details><summary>Hint 2</summary>Subtract 1 at the label of each row: the same kind of index as in
# <code>categorical_nll</code>.</details>
# <details><summary>Hint 3</summary>Divide by n. Each row of the result sums to 0.</details>

# %% nbgrader={"grade_id": "categorical_nll_grad", "solution": true}
def categorical_nll_grad(scores, g):
    """Gradient of categorical_nll with respect to the scores.

    scores: array of shape (n, K).
    g: integers of shape (n,), labels from 0 to K - 1.
    Returns an array of shape (n, K).
    """
    ### BEGIN SOLUTION
    delta = softmax(scores)
    delta[np.arange(len(g)), g] -= 1
    return delta / len(g)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_categorical_nll_grad", "grade": true}
check("categorical_nll_grad", categorical_nll_grad)

# %% [markdown]
# ### Exercise `softmax_mse_grad` · ●●●○ · 15 minutes · further
#
# **Goal.** The gradient, with respect to the scores, of the mean squared error between softmax probabilities and one-hot labels: the mean over
# all $nK$ entries.
# **Need not:** the loss itself.
#
# Let $\mathbf{p}$ be the softmax and $\mathbf{e} = 2(\mathbf{p} - \mathbf{1}_g)/(nK)$ the derivative with respect to $\mathbf{p}$. Each score moves all
# probabilities, $\partial p_j / \partial z_i = p_j(\delta_{ij} - p_i)$, so
#
# $$\frac{\partial}{\partial z_i} = \sum_j e_j\, p_j (\delta_{ij} - p_i) = p_i \Bigl( e_i - \sum_j p_j e_j \Bigr) .$$
#
# Where the label's $p$ and every other $p$ but one are nearly 0, all of it is nearly 0: a confident mistake does not learn.
#
# <details><summary>Hint 1</summary>p and e are arrays of shape (n, K).</details>
# <details><summary>Hint 2</summary>The sum over j runs along a row: <code>.sum(axis=1, keepdims=True)</code>.</details>
# <details><summary>Hint 3</summary><code>p.size</code> is nK.</details>

# %% nbgrader={"grade_id": "softmax_mse_grad", "solution": true}
def softmax_mse_grad(scores, g):
    """Gradient of the mean squared error of a softmax with respect to the scores.

    scores: array of shape (n, K).
    g: integers of shape (n,), labels from 0 to K - 1.
    Returns an array of shape (n, K).
    """
    ### BEGIN SOLUTION
    p = softmax(scores)
    e = p.copy()
    e[np.arange(len(g)), g] -= 1
    e = 2 * e / p.size
    return p * (e - (p * e).sum(axis=1, keepdims=True))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_softmax_mse_grad", "grade": true}
check("softmax_mse_grad", softmax_mse_grad)

# %% [markdown]
# ### Exercise `sample_multinoulli` · ●●○○ · 10 minutes · further
#
# **Goal.** Turn uniform random numbers into states. Lay the probabilities end to end on $[0, 1)$; the state is the interval that $u$ falls into: the
# smallest $i$ with $u < p_0 + \dots + p_i$.
#
# Summed in floating point, the probabilities may end at $0.9999999999999999$, and a $u$ may lie above that. Then it is the last state that is possible
# at all (that has $p_i > 0$).
# **Need not:** making random numbers; checking that `p` is a distribution.
#
# <details><summary>Hint 1</summary><code>np.cumsum(p)</code> gives the right ends of the intervals.</details>
# <details><summary>Hint 2</summary><code>np.searchsorted(ends, u, side="right")</code> counts the ends that are at most u.</details>
# <details><summary>Hint 3</summary><code>np.flatnonzero(p)[-1]</code> is the last possible state.</details>

# %% nbgrader={"grade_id": "sample_multinoulli", "solution": true}
def sample_multinoulli(p, u):
    """States of a multinoulli variable from uniform numbers, by the inverse of the cumulative distribution.

    p: array of shape (K,), probabilities with sum 1.
    u: array of uniform numbers from [0, 1), any shape.
    Returns integers from 0 to K - 1, an array of the shape of u.
    """
    ### BEGIN SOLUTION
    state = np.searchsorted(np.cumsum(p), u, side="right")
    return np.minimum(state, np.flatnonzero(p)[-1])
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_sample_multinoulli", "grade": true}
check("sample_multinoulli", sample_multinoulli)

# %% [markdown]
# ## 5 · Any distribution: parameters as outputs
#
# A network need not predict $y$. It can predict the **parameters** $\boldsymbol\omega = f(\mathbf{x}; \boldsymbol\theta)$ of a distribution, and the loss is
# $-\log p(\mathbf{y}; \boldsymbol\omega(\mathbf{x}))$, as always. What remains is to satisfy the constraints: a standard deviation is positive, weights sum to 1, a
# covariance is positive definite. Each time the recipe is the same: let the network give numbers without constraints, and map them into what is allowed.
#
# ### A scale for each example
#
# The squared error is a Gaussian whose standard deviation is 1 everywhere. Data are seldom so kind: some inputs say more about
# the target than others. So let the network give two numbers for each example: the mean $\mu$, which is free, and a raw
# scale, which the softplus makes positive, $\sigma = \zeta(\text{raw})$. The loss is
#
# $$-\log\mathcal N(y; \mu, \sigma^2) = \frac{(y - \mu)^2}{2\sigma^2} + \log\sigma + \tfrac12\log 2\pi .$$
#
# Errors are weighed by $1/\sigma^2$, and $\log\sigma$ keeps the network from saying "I know nothing" everywhere. For given
# errors the best $\sigma^2$ is their mean square: set the derivative with respect to $\sigma$ to zero and see.

# %% [markdown]
# ### Exercise `heteroscedastic_nll` · ●●○○ · 10 minutes · 1.75 points
#
# **Goal.** This loss from raw outputs, the mean over the examples; right for raw scales from −30 to 1000.
# **Need not:** several outputs; raw scales outside of that; gradients.
#
# <details><summary>Hint 1</summary><code>a[:, 0]</code> are the means, <code>a[:, 1]</code> the raw scales. Call your
# <code>softplus</code>: it is stable.</details>
# <details><summary>Hint 2</summary>Compute one loss for each example, an array of shape (n,). The mean comes last.</details>
# <details><summary>Hint 3</summary>Divide the difference by σ before you square it, and add the logarithm of σ, not of the raw
# scale.</details>

# %% nbgrader={"grade_id": "heteroscedastic_nll", "solution": true}
def heteroscedastic_nll(a, y):
    """Negative log-likelihood of normal targets with a mean and a standard deviation for each example.

    a: (n, 2) raw outputs: the mean, and a raw scale whose softplus is the standard deviation.
    y: (n,) targets.
    Returns a number: the mean over the n examples.
    """
    ### BEGIN SOLUTION
    sigma = softplus(a[:, 1])
    losses = 0.5 * ((y - a[:, 0]) / sigma) ** 2 + np.log(sigma) + 0.5 * np.log(2 * np.pi)
    return losses.mean()
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_heteroscedastic_nll", "grade": true}
check("heteroscedastic_nll", heteroscedastic_nll)

# %% [markdown]
# ### Experiment: how sure are you?
#
# Targets scatter around $\sin 3x$, five times as far on the right as on the left. A model with two outputs is trained by your
# loss; both are linear in six polynomials of $x$. Nobody has derived a gradient: with twelve parameters, differences of the
# loss will do. **Guess first:** nobody tells the model how large the scatter is. Will its second output find it, and what
# will the fit with a fixed $\sigma = 1$ lose? (It takes about a second.)

# %% tags=["experiment"]
rng = np.random.default_rng(0)
x = np.sort(rng.uniform(-1, 1, 200))
true_scale = 0.1 + 0.2 * (x + 1)
y = np.sin(3 * x) + true_scale * rng.standard_normal(len(x))
features = np.polynomial.legendre.legvander(x, 5)


def trained(loss, theta, rate=0.1, steps=600, eps=1e-5):
    """Gradient descent by central differences."""
    for _ in range(steps):
        moves = eps * np.eye(len(theta))
        theta = theta - rate * np.array([(loss(theta + m) - loss(theta - m)) / (2 * eps) for m in moves])
    return theta


theta = trained(lambda t: heteroscedastic_nll(features @ t.reshape(6, 2), y), np.zeros(12))
mean, scale = (features @ theta.reshape(6, 2)[:, 0]), softplus(features @ theta.reshape(6, 2)[:, 1])
fixed = features @ np.linalg.lstsq(features, y, rcond=None)[0]  # the squared error: σ = 1 everywhere
print("    x   mean (true)      σ (true)")
for i in (10, 60, 100, 140, 190):
    print(f"{x[i]:5.2f}  {mean[i]:5.2f} ({np.sin(3 * x[i]):5.2f})   {scale[i]:4.2f} ({true_scale[i]:4.2f})")
print("negative log-likelihood:")
print(f"{heteroscedastic_nll(features @ theta.reshape(6, 2), y):.2f} with a scale of its own for each x")
print(f"{gaussian_nll(y[:, None], fixed[:, None]):.2f} with σ = 1 everywhere")

# %% [markdown]
# The second output has learned, roughly, how far the targets scatter, although no example says so: a large $\sigma$ is dear where errors
# are small, and a small one where they are large. A network that says how sure it is, is worth a number more.
#
# The other exercises of this part are *further* ones. The figure at the end works without them, and uses yours when they are
# there.

# %% [markdown]
# ### Exercise `cholesky_from_raw` · ●●●○ · 15 minutes · further
#
# **Goal.** From $d(d+1)/2$ free numbers, a lower-triangular matrix $\mathbf{L}$ with positive diagonal. Then $\mathbf{L}\mathbf{L}^\top$ is symmetric and positive
# definite, a covariance, whatever the numbers are. Fill $\mathbf{L}$ row by row, $a_0;\; a_1\, a_2;\; a_3\, a_4\, a_5;\,\dots$, and pass the diagonal through the softplus.
# **Need not:** batches; the covariance itself.
#
# <details><summary>Hint 1</summary>d is the positive solution of d(d + 1)/2 = <code>len(a)</code>.</details>
# <details><summary>Hint 2</summary><code>np.tril_indices(d)</code> is an index for the lower triangle, row by row.</details>
# <details><summary>Hint 3</summary><code>np.fill_diagonal(L, values)</code> sets the diagonal, <code>np.diagonal(L)</code> reads it. Your
# <code>softplus</code> is stable.</details>

# %% nbgrader={"grade_id": "cholesky_from_raw", "solution": true}
def cholesky_from_raw(a):
    """Lower-triangular matrix with positive diagonal from free numbers.

    a: array of shape (d(d+1)/2,).
    Returns an array of shape (d, d).
    """
    ### BEGIN SOLUTION
    d = int((np.sqrt(8 * len(a) + 1) - 1) / 2)
    L = np.zeros((d, d))
    L[np.tril_indices(d)] = a
    np.fill_diagonal(L, softplus(np.diagonal(L)))
    return L
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_cholesky_from_raw", "grade": true}
check("cholesky_from_raw", cholesky_from_raw)

# %% [markdown]
# ### Mixture density networks
#
# A Gaussian has one hump. If an $\mathbf{x}$ allows several answers, its mean lies between them, where perhaps none is. A **mixture** of $k$ Gaussians has room for
# several:
#
# $$p(\mathbf{y} \mid \mathbf{x}) = \sum_{i=1}^k \pi_i(\mathbf{x})\; \mathcal{N}\bigl(\mathbf{y};\, \boldsymbol\mu_i(\mathbf{x}),\, \sigma_i^2(\mathbf{x})\,\mathbf{I}\bigr) ,
# \qquad \mathcal{N} = (2\pi)^{-d/2}\, \sigma_i^{-d} \exp\Bigl(-\frac{\lVert\mathbf{y} - \boldsymbol\mu_i\rVert^2}{2\sigma_i^2}\Bigr) .$$
#
# (The slides allow any covariance $\boldsymbol\Sigma_i$; $\sigma_i^2\mathbf{I}$ is the usual choice, and enough with many components.) For each $\mathbf{x}$ the network gives
# $k(2 + d)$ numbers, in three blocks: $k$ logits, which a log-softmax turns into $\log\pi_i$; $k \cdot d$ means, component by component, which are free; $k$ raw scales, which
# a softplus makes positive.

# %% [markdown]
# ### Exercise `mdn_split` · ●●○○ · 10 minutes · further
#
# **Goal.** The three blocks, each in its shape and within its constraint.
# **Need not:** the density.
#
# <details><summary>Hint 1</summary>Columns 0 … k − 1 are logits, the next k·d are means, the last k are raw scales.</details>
# <details><summary>Hint 2</summary><code>.reshape(n, k, d)</code> reads component by component.</details>
# <details><summary>Hint 3</summary>Your <code>log_softmax</code> works along the last axis, and your <code>softplus</code> entry by entry.</details>

# %% nbgrader={"grade_id": "mdn_split", "solution": true}
def mdn_split(a, k, d):
    """Parameters of Gaussian mixtures from raw outputs.

    a: array of shape (n, k(2 + d)): k logits, k·d means (component by component), k raw scales.
    k: number of components.  d: number of outputs.
    Returns (log_pi, mu, sigma), of shapes (n, k), (n, k, d) and (n, k).
    """
    ### BEGIN SOLUTION
    logits, means, scales = a[:, :k], a[:, k : k + k * d], a[:, k + k * d :]
    return log_softmax(logits), means.reshape(len(a), k, d), softplus(scales)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_mdn_split", "grade": true}
check("mdn_split", mdn_split)

# %% [markdown]
# ### Exercise `mdn_nll` · ●●●○ · 15 minutes · further
#
# **Goal.** The negative log-likelihood of the mixture. With $\ell_i = \log\pi_i + \log\mathcal{N}(\mathbf{y}; \boldsymbol\mu_i, \sigma_i^2\mathbf{I})$ it is
# $-\log\sum_i \exp \ell_i$ for each example, and a sum of exponentials of logarithms wants its largest term pulled out:
#
# $$\log\sum_i \exp \ell_i = m + \log\sum_i \exp(\ell_i - m), \qquad m = \max_i \ell_i .$$
#
# It should be finite for $\sigma = 10^{-6}$ and for targets far from every mean, where each density by itself is rounded to 0.
# **Need not:** gradients.
#
# <details><summary>Hint 1</summary>Write log N as a sum: −½‖y − μ‖²/σ² − d·log σ − (d/2)·log 2π.</details>
# <details><summary>Hint 2</summary><code>y[:, None, :] - mu</code> has shape (n, k, d); sum its squares over the last axis.</details>
# <details><summary>Hint 3</summary>The maximum and the sum run over the components, <code>axis=1</code>; the mean over the examples comes
# last.</details>

# %% nbgrader={"grade_id": "mdn_nll", "solution": true}
def mdn_nll(log_pi, mu, sigma, y):
    """Negative log-likelihood of targets under Gaussian mixtures.

    log_pi: (n, k) logarithms of the weights.  mu: (n, k, d) means.  sigma: (n, k) standard deviations.
    y: (n, d) targets.
    Returns a number: the mean over the n examples.
    """
    ### BEGIN SOLUTION
    d = y.shape[1]
    squared = ((y[:, None, :] - mu) ** 2).sum(axis=2)
    a = log_pi - 0.5 * squared / sigma**2 - d * np.log(sigma) - 0.5 * d * np.log(2 * np.pi)
    m = a.max(axis=1, keepdims=True)
    return -(m[:, 0] + np.log(np.exp(a - m).sum(axis=1))).mean()
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_mdn_nll", "grade": true}
check("mdn_nll", mdn_nll)

# %% [markdown]
# ### One question, three answers
#
# A machine turns $t$ into $x = t + 0.3\sin 2\pi t$, with a little noise. Given $x$, what was $t$? For $x$ in the middle there are up to three answers. The squared error
# learns their mean; the mixture learns all of them. Press *Train*, then try other numbers of components.

# %% tags=["figure"]
figures.mixture_density(mdn_split, mdn_nll)

# %% [markdown]
# ## Summary
#
# - Choose a distribution, and the loss is its negative log-likelihood: Gaussian → half the squared error, Bernoulli → softplus of $(1 - 2y)z$, multinoulli → minus log-softmax
#   at the label.
# - The squared error learns the conditional mean, the absolute error the conditional median.
# - For sigmoid and softmax the gradient of the log-likelihood is *predicted minus seen*. It vanishes only where the answer is right; that of the squared error vanishes for
#   confident mistakes too.
# - The same number can be computed in a way that overflows and in one that does not: exponents of at most 0, logarithms on paper, `log1p` and `expm1` for small differences.
# - Free numbers become constrained parameters by softplus, softmax or a triangular factor; a mixture of Gaussians can give several answers at once.
#
# **Further reading.** Goodfellow, Bengio, Courville (2016), *Deep Learning*, sections 3.9, 3.10 and 6.2.1–6.2.2 (distributions, identities, cost functions, output units), section
# 4.1 (overflow and underflow). Bishop (1994), "Mixture density networks", Aston University NCRG/94/004, sections 3 and 5 (the inverse problem of the last figure).
# Blanchard, Higham, Higham (2021), "Accurately computing the log-sum-exp and softmax functions", *IMA Journal of Numerical Analysis* 41(4), 2311–2330.

# %% tags=["experiment"]
progress("ch2_output_units")

# %% [markdown]
# **Before you hand in:** save (Ctrl-S), then run the cell below. It reads the saved file and judges it as it will be judged,
# in a fresh process and with nothing but the answers in it, and says where that differs from your last checks.

# %% tags=["experiment"]
ready()
