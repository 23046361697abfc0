"""Answers to chapter 3: right ones to its exercises, a file each, and texts for its written questions."""

# By the id of a written question: answers of differing quality, for made-up classes.
WRITTEN = {
    "which_unit": (
        "(a) ReLU with He initialisation: its slope is 1 wherever it is active, so twenty factors do not shrink the "
        "gradient as the sigmoid's ¼ each would. If many units die I would go to leaky ReLU. (b) tanh or softplus: the "
        "second derivative of a ReLU is 0 almost everywhere and jumps, so the acceleration would come out 0. For a small "
        "network saturation is no problem.",
        "(a) ReLU, because it does not saturate and is cheap. (b) softplus, because it is smooth.",
        "(a) Maxout, it contains ReLU, leaky ReLU and |z| and has no dead units; costs k times the weights. "
        "(b) sigmoid, since it is differentiable everywhere.",
        "I would use ReLU for both because it is the default recommendation.",
    ),
}
