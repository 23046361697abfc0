"""How answers are judged and explained. Knows no chapter: it finds them at run time, through its registry.

May import `fnnkit.kernel`, numpy and the standard library.
"""
