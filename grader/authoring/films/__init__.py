"""Recordings that take too long for a notebook: each script writes numbers that a figure shows as a film."""
