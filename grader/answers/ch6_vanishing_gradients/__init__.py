"""Answers to chapter 6: right ones to its exercises, a file each, and texts for its written questions."""

# By the id of a written question: answers of differing quality, for made-up classes.
WRITTEN = {
    "growth_below_one": (
        "The radius says what happens in the end: the powers of W tend to 0 like ρᵏ, up to a factor. It does not bound that "
        "factor. If the eigenvectors are nearly parallel, a vector is the difference of two long ones that nearly cancel; "
        "they shrink at different speeds (or turn), the cancelling stops, and the sum grows before it shrinks. What one step "
        "can do is the spectral norm, which is larger than the radius unless W is normal. An error signal meets this for "
        "short lags: it explodes over 20 steps and vanishes over 200.",
        "Because Wᵏ = Q diag(λ)ᵏ Q⁻¹ and ‖Q‖ ‖Q⁻¹‖ can be large. In the example it was 37.7 at k = 19.",
        "Because of the norm, which is larger than 1.",
        "If the radius is below one everything vanishes, so there is no growth, only rounding errors.",
    ),
}
