"""Interactive figures that run on the student's own functions; one module a chapter.

Importing a chapter's figures loads matplotlib and ipywidgets; importing this package does not.
"""
