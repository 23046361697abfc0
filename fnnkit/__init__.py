"""A NumPy reference implementation of deep feedforward networks, and the course built on it.

Conventions, used by every function and every notebook. A docstring says where it differs, and does not repeat them:

- Rows are examples. ``X`` is ``(n, d)``; a layer is ``Z = X @ W + c`` with ``W (d_in, d_out)`` and
  ``c (d_out,)``. The slides write column vectors and ``W.T @ x``. In a docstring one letter is one length.
- Everything is float64. No function changes its inputs. *Elementwise* takes any shape and gives that shape back.
- What does not fit is refused with a ``ValueError`` that names the argument, what was expected and what came: shapes
  (nothing is broadcast), numbers outside the range that is given, names and keys that do not exist, functions that
  return another shape than they should, and no examples where a mean is taken.
- Losses are minimised, and averaged over the ``n`` examples unless a docstring says otherwise.
- Labels ``g`` are integers ``0 .. K-1`` (the slides count from 1).
- At a kink the ReLU family has its left slope; clipped units have slope 0 at both corners.
- All randomness comes from the argument ``rng``, a ``numpy.random.Generator``.

A docstring names the slide by its title, and the paper. Goodfellow et al. (2016) is *Deep Learning* by Goodfellow,
Bengio and Courville.
"""
