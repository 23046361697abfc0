"""Hostile notebooks: what each tries, how it is made, and what must hold when it is graded beside honest work.

They are data: `grader audit --attacks` and the tests grade the same list, each attack in a class of three; the tests let
those that want nothing of the machine share a class.

May import everything that grades. It stays in the instructor's clone.
"""

from __future__ import annotations

from grader.attacks.attack import Attack
from grader.attacks.on_answers import ON_ANSWERS
from grader.attacks.on_causes import ON_CAUSES
from grader.attacks.on_disk import ON_DISK
from grader.attacks.on_grader import ON_GRADER
from grader.attacks.on_kernel import ON_KERNEL
from grader.attacks.on_machine import ON_MACHINE
from grader.attacks.on_marks import ON_MARKS
from grader.attacks.on_people import ON_PEOPLE

ATTACKS: tuple[Attack, ...] = (
    *ON_MARKS,
    *ON_CAUSES,
    *ON_ANSWERS,
    *ON_MACHINE,
    *ON_GRADER,
    *ON_PEOPLE,
    *ON_DISK,
    *ON_KERNEL,
)

__all__ = ["ATTACKS", "Attack"]
