"""Answers to chapter 2: right ones to its exercises, a file each, and texts for its written questions."""

# By the id of a written question: answers of differing quality, for made-up classes.
WRITTEN = {
    "why_not_mse": (
        "The gradient of the squared error has the factor $\\sigma'(z) = \\sigma(1-\\sigma)$. If the unit is sure and "
        "wrong, that factor is almost 0 and it cannot learn from its largest mistakes. The log-likelihood's gradient is "
        "$\\sigma(z) - y$: the logarithm undoes the exponential, and a confident mistake gets a gradient near $\\pm 1$. "
        "It vanishes only where the answer is right.",
        "With MSE the loss is flat on both sides, because the sigmoid is flat there. With the log-likelihood it is flat "
        "only on the right side and a straight line on the wrong side.",
        "Because maximum likelihood converges faster than MSE.",
        "MSE is for regression, and here we have classes.",
        "The MSE of a sigmoid is not convex. The gradient of the log-likelihood is $y - \\sigma(z)$, which is never zero.",
    ),
}
