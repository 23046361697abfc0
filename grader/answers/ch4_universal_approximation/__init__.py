"""Answers to chapter 4: right ones to its exercises, a file each, and texts for its written questions."""

# By the id of a written question: answers of differing quality, for made-up classes.
WRITTEN = {
    "what_the_theorem_leaves_open": (
        "It says that good weights exist. It does not say that gradient descent finds them, how many units are needed (it can be "
        "exponentially many), or that the network is right on points it was not fitted to.",
        "That training works. In the experiment a net with exactly the right number of units for the sawtooth never learned it.",
        "It promises that every network can approximate every function, so nothing is left open.",
        "The theorem only speaks about one hidden layer. Deep networks are not covered.",
        "Size: for a given error the width may be huge. Generalisation: on a finite sample many "
        "functions agree, and the theorem does "
        "not choose one.",
        "It does not promise uniform approximation of a jump: the sup error stays at half its height.",
    ),
}
