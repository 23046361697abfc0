"""Sandbox, judge, batch, build, report and command line for instructors and authors."""
