"""Trying edited copies of a function of the notebook, as a socket asks for it: where it is at home, in the marking sandbox.

Whoever asks sends the arguments of calls once, and then texts to be called with them. What comes back is a claim, as
every answer of `serve` is.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any

from fnnkit.kernel.call import Answer, Raised, call
from fnnkit.kernel.copies import Copies
from fnnkit.kernel.recording import recorded
from fnnkit.kernel.wire import decode, encode

OWN, RECORDED = -1, -2
"""In the place of a text: the function itself, and the function itself with what its variables held."""


class Trying:
    """What copies of one function are tried on.

    Parameters
    ----------
    space : dict
        Names of the notebook.
    name : str
        The function.
    """

    def __init__(self, space: dict[str, Any], name: str) -> None:
        self._function = space.get(name)
        self._copies = Copies(space, name, self._function) if callable(self._function) else None
        self._cases: list[tuple[Any, ...]] = []

    def answers(self, asked: Any, header: bytes, buffers: Sequence[bytes]) -> Iterator[tuple[Answer, float]]:
        """The answers to what was asked (see `question`), one after the other; the last with the time of all."""
        self._cases += [tuple(args) for args in decode(header.decode(), buffers)]
        begin, last = time.process_time(), len(asked["ask"]) - 1
        for i, (text, case) in enumerate(asked["ask"]):
            answer = self._answer(asked["texts"][text] if text >= 0 else "", text, self._cases[case])
            yield answer, time.process_time() - begin if i == last else 0.0

    def _answer(self, text: str, which: int, args: tuple[Any, ...]) -> Answer:
        if self._function is None or self._copies is None:
            return Answer(error=Raised(("Missing",), ""))
        if which == OWN:
            return call(self._function, args)
        if which == RECORDED:
            answer, seen = recorded(self._function, args)
            return Answer((answer.value, seen), answer.error)
        return self._copies(text, args)


def question(
    name: str,
    number: int,
    texts: Sequence[str],
    ask: Sequence[tuple[int, int]],
    new: Sequence[tuple[Any, ...]],
) -> list[bytes]:
    """The parts of a request.

    Parameters
    ----------
    name : str
        The function.
    number : int
        Of this request: its answers carry it, with the name.
    texts : sequence of str
        Edited copies of its cell.
    ask : sequence of (int, int)
        Which text, or `OWN` or `RECORDED`, and which case: all that were sent so far are counted.
    new : sequence of tuple
        Arguments of further cases.
    """
    header, buffers = encode([tuple(args) for args in new])
    about = {"try": name, "as": f"{name} {number}", "texts": list(texts), "ask": [list(pair) for pair in ask]}
    return [json.dumps(about).encode(), header.encode(), *buffers]
