"""Everything that touches nbgrader's database and plug-ins: registering, recording, nbgrader's own steps.

May import `grader.marking` and nbgrader; no pages.
"""
