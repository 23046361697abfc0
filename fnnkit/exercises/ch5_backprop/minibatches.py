"""`minibatches`: one pass over the examples, cut into pieces (chapter 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from fnnkit import optim
from fnnkit.judge.compare import show
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception, Trial
from fnnkit.judge.verdict import Problem

WHOLE, LAST = "pieces of the given order", "the last one may be shorter"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``minibatches(n, size, order)``; a size is never the number of minibatches."""

    def call(n: int, size: int) -> tuple[int, int, np.ndarray]:
        order = rng.permutation(n)
        return n, size, np.roll(order, 1) if (order == np.arange(n)).all() else order

    return [
        Case(call(6, 2), WHOLE),
        Case(call(12, 4), WHOLE),
        Case(call(5, 1), WHOLE, "one example each"),
        Case(call(4, 4), WHOLE, "one minibatch of all"),
        Case(call(7, 3), LAST),
        Case(call(11, 4), LAST),
        Case(call(64, 10), LAST, "64 examples"),
        Case(call(3, 8), LAST, "size is larger than n"),
        Case((0, 3, np.zeros(0, dtype=int)), UNUSUAL, "no example: n is 0"),
        Case((*call(5, 2)[:2], [int(i) for i in call(5, 2)[2]]), UNUSUAL, "`order` is a Python list"),
    ]


def pieces(trials: Sequence[Trial]) -> Problem | None:
    """Test that the minibatches are those of the reference; where their number is wrong, all of them are shown."""
    for trial in trials:
        problem = agrees()([trial])
        have, want = trial.given.value, trial.expected.value
        if problem and not trial.given.error and isinstance(have, list | tuple) and len(have) != len(want):
            return replace(
                problem,
                expected=show(want),
                finding=f"the number of minibatches is {len(have)}, expected {len(want)}",
                step="Put the minibatches one after the other: that should be `order` again, each example once.",
            )
        if problem:
            return problem
    return None


def order_ignored(n, size, order):
    """Examples as they lie."""
    return [np.arange(start, min(start + size, n)) for start in range(0, n, size)]


def rest_dropped(n, size, order):
    """Only full minibatches."""
    return [order[i * size : (i + 1) * size] for i in range(n // size)]


def last_one_filled_up(n, size, order):
    """The first examples come again."""
    batches = -(-n // size)
    again = np.resize(order, batches * size)
    return [again[i * size : (i + 1) * size] for i in range(batches)]


def overlapping_by_one(n, size, order):
    """size + 1 examples each."""
    return [order[start : start + size + 1] for start in range(0, n, size)]


def one_too_few_in_each(n, size, order):
    """The end is taken for the last index."""
    return [order[start : start + size - 1] for start in range(0, n, size)]


def ends_at_size(n, size, order):
    """order[a:size]."""
    order = np.asarray(order)
    return [order[a:size] for a in range(0, n, size)]


def size_taken_for_the_number(n, size, order):
    """`size` minibatches."""
    return np.array_split(order, size)


def evenly_split(n, size, order):
    """Minibatches of nearly one size."""
    return np.array_split(order, -(-n // size))


def every_kth(n, size, order):
    """Strides in the place of pieces."""
    batches = -(-n // size)
    return [order[i::batches] for i in range(batches)]


def steps_of_one(n, size, order):
    """A window that moves by one."""
    return [order[start : start + size] for start in range(n)]


def one_array(n, size, order):
    """A matrix: works only when the size divides n."""
    return list(order.reshape(-1, size))


def equal_parts_alone(n, size, order):
    """np.split in equal parts."""
    return np.split(np.asarray(order), n // size)


def one_empty_at_the_end(n, size, order):
    """One piece more than full ones, also when nothing is left."""
    return [np.array(order[i * size : (i + 1) * size]) for i in range(n // size + 1)]


def last_one_from_the_end(n, size, order):
    """The last minibatch starts earlier, so that it is full."""
    order = np.asarray(order)
    return [order[max(0, min(a, n - size)) : max(0, min(a, n - size)) + size] for a in range(0, n, size)]


def short_one_first(n, size, order):
    """The rest comes first."""
    order = np.asarray(order)
    rest = n % size
    head = [order[:rest]] if rest else []
    return head + [order[a : a + size] for a in range(rest, n, size)]


def rest_joined_to_the_last(n, size, order):
    """What is left goes to the last full one."""
    order = np.asarray(order)
    starts = list(range(0, n, size))
    if len(starts) > 1 and n % size:
        starts.pop()
    return [order[a:b] for a, b in zip(starts, [*starts[1:], n], strict=True)]


def sorted_pieces(n, size, order):
    """Each piece is sorted."""
    order = np.asarray(order)
    return [np.sort(order[a : a + size]) for a in range(0, n, size)]


def first_only(n, size, order):
    """return in the loop."""
    order = np.asarray(order)
    for a in range(0, n, size):
        return [order[a : a + size]]
    return []


def places_in_order(n, size, order):
    """order[order]."""
    order = np.asarray(order, dtype=int)
    return [order[order[a : a + size]] for a in range(0, n, size)]


def lists(n, size, order):
    """Lists in the place of arrays."""
    return [[int(i) for i in order[a : a + size]] for a in range(0, n, size)]


def lists_as_they_come(n, size, order):
    """A list stays a list."""
    return [order[a : a + size] for a in range(0, n, size)]


EXERCISE = Exercise(
    name="minibatches",
    chapter="ch5_backprop",
    reference=optim.minibatches,
    cases=cases,
    criteria=(
        Criterion(WHOLE, 0.25, pieces),
        Criterion(LAST, 0.25, pieces),
        Criterion(UNUSUAL, 0.25, pieces),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            order_ignored,
            "the examples come as they lie. `order` is the shuffled order: cut *it* into pieces.",
        ),
        Misconception(
            rest_dropped,
            "the examples that do not fill a whole minibatch are dropped. They make a last, shorter one: nothing "
            "may be lost.",
        ),
        Misconception(
            last_one_filled_up,
            "the last minibatch was filled up with examples that have been there. Every example comes once: "
            "leave it shorter.",
        ),
        Misconception(
            overlapping_by_one,
            "minibatches have one example too many, the first of the next one. A slice `a:b` ends before b.",
        ),
        Misconception(
            one_too_few_in_each,
            "each minibatch ends one example too early: it has `size` − 1. A slice `a:b` ends before b by itself.",
        ),
        Misconception(
            ends_at_size,
            "every minibatch ends at the place `size`, so all but the first are empty. Each ends `size` after its own start.",
        ),
        Misconception(
            size_taken_for_the_number,
            "there are `size` minibatches. `size` is how many examples are in each.",
        ),
        Misconception(
            evenly_split,
            "the examples were spread evenly. All minibatches but the last have exactly `size` examples.",
        ),
        Misconception(
            every_kth, "examples were dealt out like cards. A minibatch is a piece of `order` without gaps."
        ),
        Misconception(
            steps_of_one,
            "the pieces overlap: each starts one further on. It should start where the one before ended, `size` further on.",
        ),
        Misconception(
            one_array,
            "`reshape` needs `size` to divide n. When it does not, there is a last, shorter piece: slices can do "
            "that.",
        ),
        Misconception(
            equal_parts_alone,
            "`np.split` with a number makes parts of one size, so `size` has to divide n. When it does not, there is a last, "
            "shorter piece: slices can do that.",
        ),
        Misconception(
            one_empty_at_the_end,
            "when `size` divides n there is an empty minibatch at the end: the last one is there only if something is left.",
        ),
        Misconception(
            last_one_from_the_end,
            "the last minibatch was made full by starting earlier: it repeats examples of the one before. Every example "
            "comes once, so it is shorter.",
        ),
        Misconception(
            short_one_first,
            "the shorter minibatch comes first. Full ones come first, and what is left makes the last.",
        ),
        Misconception(
            rest_joined_to_the_last,
            "what is left over was put into the last full minibatch, which then has more than `size`. It makes a "
            "minibatch of its own.",
        ),
        Misconception(
            sorted_pieces,
            "each minibatch was sorted. Put one after the other they should be `order` again.",
        ),
        Misconception(
            first_only,
            "only the first minibatch is there. After each a new one starts, until the end of `order`, and only then the list "
            "is returned.",
        ),
        Misconception(
            places_in_order,
            "`order` was applied twice. The pieces of `order` are the indices already.",
        ),
        Misconception(
            lists,
            "the pieces are lists. Arrays of integers are asked for.",
        ),
        Misconception(
            lists_as_they_come,
            "pieces of a Python list are lists. Arrays are asked for: make one of `order` first.",
        ),
    ),
    minutes=6,
    difficulty=1,
)
