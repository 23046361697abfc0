"""The ledger of a gradient: each step of a backward pass, yours beside what is expected, and the first one that is wrong.

A chain of steps is run once as it should be, and once for each known mistake of each step. Where a mistake gives what came
back, its step is the first wrong one, and what follows from it follows. Else the results say where: a gradient that
is wrong while another one from the same delta is right is itself the place. Intermediate values are read from the
variables of the call, as claims: they choose words, never points.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fnnkit.judge.diagnose import likely_cause

Values = dict[str, Any]
Rule = Callable[[Values], Any]


@dataclass(frozen=True)
class Step:
    """One line of a ledger.

    Attributes
    ----------
    name : str
        What it computes.
    uses : tuple of str
        Earlier steps that it is computed from.
    rule : callable
        Told the values before it; gives its own.
    mistakes : tuple of (str, callable)
        What people do in its place, each with its words.
    result : str
        Name under which it is returned; empty for an intermediate value.
    """

    name: str
    uses: tuple[str, ...]
    rule: Rule
    mistakes: tuple[tuple[str, Rule], ...] = ()
    result: str = ""


@dataclass(frozen=True)
class Row:
    """One line as it is shown: the entry that tells most, the ratio, and what is said of it."""

    name: str
    entry: str
    yours: float | None
    expected: float
    state: str

    @property
    def ratio(self) -> float | None:
        """Yours by expected."""
        return None if self.yours is None or not self.expected else self.yours / self.expected


@dataclass(frozen=True)
class Ledger:
    """A gradient step by step.

    Attributes
    ----------
    rows : tuple of Row
        In the order of the computation.
    first : str
        The first step that is wrong; empty if all is right, or if that is not determined.
    cause : str
        What is wrong with it, if that is known.
    right : bool
        Whether everything is right.
    """

    rows: tuple[Row, ...]
    first: str
    cause: str
    right: bool

    def headline(self) -> str:
        """In one line."""
        if self.right:
            return "every step is right"
        if not self.first:
            return "first place not determined"
        return f"first wrong: {self.first}" + (f": {self.cause}" if self.cause else "")

    def lines(self) -> list[str]:
        """The table, a line each."""
        found = []
        for r in self.rows:
            yours = "not seen" if r.yours is None else f"{r.yours:.6g}"
            ratio = "" if r.ratio is None or r.state in ("right", "") else f", ratio {r.ratio:.4g}"
            found.append(
                f"{r.name}{r.entry}: yours {yours}, expected {r.expected:.6g}{ratio}  {r.state}".rstrip()
            )
        return found

    def __repr__(self) -> str:
        return "\n".join([self.headline(), *("  " + line for line in self.lines())])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(r.name + r.entry)}</td><td>{'' if r.yours is None else f'{r.yours:.6g}'}</td>"
            f"<td>{r.expected:.6g}</td><td>{'' if r.ratio is None else f'{r.ratio:.4g}'}</td>"
            f'<td style="text-align:left">{html.escape(r.state)}</td></tr>'
            for r in self.rows
        )
        head = "".join(f'<th scope="col">{h}</th>' for h in ("step", "yours", "expected", "ratio", ""))
        return (
            f"<div><strong>{html.escape(self.headline())}</strong><table><thead><tr>{head}</tr></thead>"
            f"<tbody>{rows}</tbody></table></div>"
        )


def run(steps: Sequence[Step], given: Values, rule: Rule | None = None) -> Values:
    """All values of a chain, the first of its steps perhaps computed by another rule."""
    values = dict(given)
    with np.errstate(all="ignore"):
        for i, step in enumerate(steps):
            values[step.name] = rule(values) if rule is not None and i == 0 else step.rule(values)
    return values


def same(a: Any, b: Any) -> bool:
    """Whether two values are equal but for rounding."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        return False
    scale = float(np.nan_to_num(np.abs(b), posinf=1e300).max(initial=0.0)) or 1.0
    return bool(np.allclose(a, b, rtol=1e-7, atol=1e-10 * scale, equal_nan=True))


def ledger_of(
    steps: Sequence[Step], given: Values, results: Mapping[str, Any], seen: Sequence[Any]
) -> Ledger:
    """Find the first wrong step.

    Parameters
    ----------
    steps : sequence of Step
        The chain.
    given : dict
        Values that it starts from.
    results : mapping
        What the student's function returned, by name of the step's result.
    seen : sequence
        Values that its variables held.
    """
    right = run(steps, given)
    outputs = [s for s in steps if s.result]
    wrong = [s.name for s in outputs if not same(results.get(s.result, np.nan), right[s.name])]
    if not wrong:
        return _table(steps, right, {s.name: right[s.name] for s in steps}, "", "")
    found = [m for step in steps for m in _matches(steps, step, right, results, seen)]
    matches = _witnessed(found, seen)
    if matches:
        step, _, values = matches[0]
        causes = {words for s, words, _ in matches if s is step and words}
        return _table(steps, right, values, step.name, causes.pop() if len(causes) == 1 else "")
    first = "" if found else _by_results(steps, right, wrong, seen)
    yours = _yours(steps, right, results, seen)
    cause = (
        likely_cause(right[first], yours[first])
        if first in yours and _alike(right[first], yours[first])
        else ""
    )
    return _table(steps, right, yours, first, cause)


def _alike(a: Any, b: Any) -> bool:
    return bool(np.shape(a) == np.shape(b))


Match = tuple[Step, str, Values]


def _matches(
    steps: Sequence[Step],
    step: Step,
    right: Values,
    results: Mapping[str, Any],
    seen: Sequence[Any],
) -> list[Match]:
    """Known mistakes of a step, and values of variables in its place, that give what came back."""
    found: list[Match] = []
    tried = list(step.mistakes)
    for value in seen:
        if _alike(value, right[step.name]) and not same(value, right[step.name]):
            # A variable of this shape: does everything follow from it?
            tried.append(("", lambda _, value=value: value))  # type: ignore[misc]
    for words, rule in tried:
        try:
            values = run(steps[steps.index(step) :], right, rule)
        except (ValueError, IndexError, KeyError):
            continue
        if all(same(results.get(s.result, np.nan), values[s.name]) for s in steps if s.result):
            wrong = values[step.name]
            related = likely_cause(right[step.name], wrong) if not words and np.ndim(wrong) else words
            found.append((step, related, values))
    return found


def _witnessed(matches: list[Match], seen: Sequence[Any]) -> list[Match]:
    """Of mistakes at several steps those whose wrong value a variable held, from the earliest step on; none if none did."""
    if len({m[0].name for m in matches}) < 2:
        return matches
    return [m for m in matches if any(same(v, m[2][m[0].name]) for v in seen)]


def _by_results(steps: Sequence[Step], right: Values, wrong: Sequence[str], seen: Sequence[Any]) -> str:
    """The first wrong step by what is right: whatever a right result was computed from is right too."""
    by_name = {s.name: s for s in steps}
    used = {u for s in steps for u in s.uses}
    proven = {s.name for s in steps if s.name in used and any(same(v, right[s.name]) for v in seen)}
    waiting = [s.name for s in steps if s.result and s.name not in wrong] + list(proven)
    while waiting:
        name = waiting.pop()
        if name in by_name:
            proven.add(name)
            waiting += [u for u in by_name[name].uses if u not in proven]
    unproven = [s for s in steps if s.name not in proven and (s.result or s.name in used)]
    frontier = [s for s in unproven if proven.issuperset(s.uses)]
    if frontier and all(s.result for s in frontier):
        return frontier[0].name
    hidden = [s for s in unproven if not s.result]
    return hidden[0].name if len(frontier) == len(hidden) == 1 and frontier == hidden else ""


def _follows(step: Step, name: str, by_name: Mapping[str, Step]) -> bool:
    """Whether a step is, or is computed from, another one."""
    return bool(step.name == name) or any(
        _follows(by_name[u], name, by_name) for u in step.uses if u in by_name
    )


def _yours(steps: Sequence[Step], right: Values, results: Mapping[str, Any], seen: Sequence[Any]) -> Values:
    found: Values = {}
    for step in steps:
        if step.result and step.result in results:
            found[step.name] = results[step.result]
        elif any(same(v, right[step.name]) for v in seen):
            found[step.name] = right[step.name]
    return found


def _table(steps: Sequence[Step], right: Values, yours: Values, first: str, cause: str) -> Ledger:
    by_name = {s.name: s for s in steps}
    rows, all_right = [], not first
    for step in steps:
        want = np.asarray(right[step.name], dtype=float)
        have = None if step.name not in yours else np.asarray(yours[step.name], dtype=float)
        at: tuple[int, ...] = ()
        if want.size and want.ndim:
            gap = np.abs(have - want) if have is not None and have.shape == want.shape else np.abs(want)
            at = tuple(int(i) for i in np.unravel_index(int(np.nan_to_num(gap).argmax()), want.shape))
        fits = have is not None and have.shape == want.shape
        state = ""
        if have is not None:
            state = (
                "right"
                if same(have, want)
                else f"shape {have.shape}, expected {want.shape}"
                if not fits
                else "wrong"
            )
        all_right = all_right and state == "right"
        if step.name == first:
            state = f"first wrong{': ' + cause if cause else ''}"
        elif first and state == "wrong" and _follows(step, first, by_name):
            state = "follows from it"
        entry = f"[{', '.join(map(str, at))}]" if at else ""
        number = float(have[at]) if have is not None and fits else None
        rows.append(Row(step.name, entry, number, float(want[at]) if want.size else 0.0, state))
    return Ledger(tuple(rows), first, cause, all_right)
