"""What people read after grading: report, feedback, tables, and text of students made safe.

May import everything that grades; nothing that grades imports it.
"""
