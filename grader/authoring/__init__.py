"""What authors of the course use: build, audit, scaffolds, handout, export.

May import every other wing.
"""
