"""Marking one notebook: read it, run its cells in a sandbox, call its functions, judge what they give.

May import `grader.sandbox`, `fnnkit.judge` and `fnnkit.kernel`; neither gradebook nor pages, nor nbgrader, so that it can run
on another machine.
"""
