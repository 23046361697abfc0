"""Answers to chapter 1: right ones to its exercises, a file each, and texts for its written questions."""

# By the id of a written question: answers of differing quality, for made-up classes.
WRITTEN = {
    "why_not_linear": (
        "A line answers a step in $x_2$ the same way whatever $x_1$ is. XOR turns its answer round.",
        "From (0,0) to (0,1) the target goes up, so $w_2>0$. From (1,0) to (1,1) it goes down, so $w_2<0$. "
        "Contradiction.",
        "Because XOR is not linear.",
        "The two classes lie on the two diagonals of a square, and no straight line has both ends of one diagonal on "
        "one side.",
        "$f(0,0)+f(1,1) = f(0,1)+f(1,0)$ for every $f(x)=w^\\top x+b$. The targets give 0 on the left and 2 on the right.",
        "Gradient descent gets stuck in a local minimum at ½, so it cannot find the weights.",
    ),
}
