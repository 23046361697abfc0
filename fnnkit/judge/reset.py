"""A fresh start on one exercise."""

from __future__ import annotations

import sys

from fnnkit.judge.registry import exercise
from fnnkit.judge.released import stub_of


def reset(name: str) -> None:
    """Put an exercise's cell, as it was handed out, into a new cell below; your answer stays where it is.

    Parameters
    ----------
    name : str
        Name of the exercise.

    Raises
    ------
    ValueError
        If there is no exercise of that name.
    """
    stub = stub_of(exercise(name).chapter, name)
    if stub is None:
        print(
            "the chapters as they were handed out are not part of this fnnkit: unpack the course's folder again."
        )
        return
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or not hasattr(shell, "set_next_input"):
        print(stub)
        return
    shell.set_next_input(stub)
    print(
        f"The cell of `{name}` as it was handed out is below. Your answer stays where it is, and it is what is marked: "
        "when the new one is better, copy it there."
    )
