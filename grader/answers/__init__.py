"""Correct answers, written differently: none of them may be refused. They stay out of what students install."""
