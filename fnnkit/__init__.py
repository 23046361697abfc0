"""A NumPy reference implementation of deep feedforward networks, and the course built on it.

Conventions, used by every function and every notebook:

- Rows are examples. ``X`` is ``(n, d)``; a layer is ``Z = X @ W + c`` with ``W (d_in, d_out)`` and
  ``c (d_out,)``. The slides write column vectors and ``W.T @ x``.
- Everything is float64. No function changes its inputs.
- Losses are minimised, and averaged over the ``n`` examples unless a docstring says otherwise.
- Labels ``g`` are integers ``0 .. K-1`` (the slides count from 1).
- At a kink the ReLU family has its left slope; clipped units have slope 0 at both corners.
"""
