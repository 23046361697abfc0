"""What keeps student code apart: namespaces, Landlock, filters of system calls, and the kernels in them.

May import `fnnkit.judge`, `fnnkit.kernel` and the grader's `course`, `scratch`; no other wing.
"""
