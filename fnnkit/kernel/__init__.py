"""What runs beside a student's code, in a notebook and in the marking sandbox: calls, data on the wire, test functions.

Knows no judge and no exercise. NumPy alone, but for `ipython`, the one file that imports ipykernel.
"""
