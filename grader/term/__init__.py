"""The weeks of a term: who is in the course, what they handed in through which platform, what goes back, what is kept safe.

May import everything that grades and its pages; nothing that grades imports it.
"""
