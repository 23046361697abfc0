"""A digest of the calls that were drawn for an exercise, by which two processes know that they drew the same.

The grader draws the calls that a kernel is asked for, the judge draws them again to compare the answers. Both start from
one seed; but what a seed gives may depend on the processor's instructions, on BLAS, on a package that was replaced in
between. An answer compared with other calls than it was given would lose its marks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from fnnkit.judge.exercise import Case
from fnnkit.kernel.wire import encode


class OtherCalls(Exception):
    """The judge has drawn other calls than the grader."""


Encoded = tuple[str, list[bytes]]


def encoded(cases: Sequence[Case]) -> list[Encoded]:
    """The arguments of each call as bytes (`wire.encode`): a digest is made of them, and a judge knows calls by them."""
    return [encode(case.args) for case in cases]


def digest(calls: Sequence[Encoded]) -> str:
    """A text that is another one as soon as one bit of one argument is."""
    found = hashlib.sha256()
    for text, buffers in calls:
        for part in (text.encode(), *buffers):
            found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()
