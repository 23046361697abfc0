"""Answers to chapter 5: right ones to its exercises, a file each, and texts for its written questions."""

# By the id of a written question: answers of differing quality, for made-up classes.
WRITTEN = {
    "forward_or_reverse": (
        "Forward mode carries the derivative with respect to *one* input along, so it needs $n$ sweeps. Reverse mode carries "
        "the derivative of the *one* output back and reaches all inputs in one sweep, at the price of keeping all values.",
        "Reverse needs one backward pass, forward needs one pass per input. With a million weights that is a million passes.",
        "Backprop is faster because it uses matrices.",
        "Both are the chain rule. From the inputs on, one starts with a unit vector for each input, $n$ times. From the output "
        "on, one starts with 1, once. Memory: reverse has to store the activations.",
        "Forward accumulation is cheaper since nothing has to be stored.",
        "The number of paths is exponential, and backprop goes through each of them only once.",
    ),
}
