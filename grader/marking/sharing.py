"""What is the same in many markings of a class is held once, and the rest small: with thousands of students it counts."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Generic, TypeVar

from fnnkit.judge.verdict import Result, Verdict
from grader.marking.marking import Marking

V = TypeVar("V")


class Folded(MutableMapping[str, V], Generic[V]):
    """A mapping, most values of which are kept as compressed bytes; each is made anew when it is asked for.

    So a value that is changed has to be put back.

    Parameters
    ----------
    names : tuple of str
        Its keys, in their order; many share one.
    values : list
        A value, or the bytes of one, for each.
    fold, unfold : callable
        What makes of a value what is kept, and the value again.
    """

    __slots__ = ("_fold", "_kept", "_names", "_unfold")

    def __init__(
        self,
        names: tuple[str, ...],
        values: list[V | bytes],
        fold: Callable[[V], V | bytes],
        unfold: Callable[[bytes], V],
    ) -> None:
        self._names, self._kept, self._fold, self._unfold = names, values, fold, unfold

    def __getitem__(self, name: str) -> V:
        kept = self._kept[self._place(name)]
        return self._unfold(kept) if isinstance(kept, bytes) else kept

    def __setitem__(self, name: str, value: V) -> None:
        if name in self._names:
            self._kept[self._place(name)] = self._fold(value)
        else:
            self._names, self._kept = (*self._names, name), [*self._kept, self._fold(value)]

    def __delitem__(self, name: str) -> None:
        place = self._place(name)
        self._names = self._names[:place] + self._names[place + 1 :]
        del self._kept[place]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def _place(self, name: str) -> int:
        try:
            return self._names.index(name)
        except ValueError:
            raise KeyError(name) from None


class Shared:
    """Remembers verdicts and results of criteria, which nobody changes, and gives the first of equal ones."""

    def __init__(self) -> None:
        self._verdicts: dict[Verdict, Verdict] = {}
        self._results: dict[Result, Result] = {}
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}

    def marking(self, marking: Marking) -> Marking:
        """An equal marking, with what it has in common with those before."""
        return replace(
            marking,
            verdicts=self._folded(marking.verdicts, self._verdict, verdict_of),
            cells=self._folded(marking.cells, _outputs, outputs_of),
        )

    def _folded(
        self, values: Mapping[str, V], fold: Callable[[V], V | bytes], unfold: Callable[[bytes], V]
    ) -> Folded[V]:
        names = tuple(values)
        return Folded(self._names.setdefault(names, names), [fold(v) for v in values.values()], fold, unfold)

    def _verdict(self, verdict: Verdict) -> Verdict | bytes:
        found = self._verdicts.get(verdict)
        if found is not None:
            return found
        if not verdict.solved or verdict.notes:
            return _small(verdict.to_json())
        made = replace(verdict, results=tuple(self._results.setdefault(r, r) for r in verdict.results))
        return self._verdicts.setdefault(made, made)


def _outputs(outputs: list[dict[str, Any]]) -> list[dict[str, Any]] | bytes:
    return _small(outputs) if outputs else outputs


def _small(content: Any) -> bytes:
    return zlib.compress(json.dumps(content).encode(), 1)


@lru_cache(maxsize=256)
def verdict_of(kept: bytes) -> Verdict:
    """A verdict as it was; nobody changes one, and those of one student are asked for again and again."""
    return Verdict.from_json(json.loads(zlib.decompress(kept)))


def outputs_of(kept: bytes) -> list[dict[str, Any]]:
    """What a cell put out."""
    found: list[dict[str, Any]] = json.loads(zlib.decompress(kept))
    return found
