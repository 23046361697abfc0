"""The texts of a course of one's own, on statistics of words: what its author writes into what the command laid out."""

COUNTING = '''"""Counting words."""

from __future__ import annotations


def letters(word: str) -> int:
    """How many letters a word has: an apostrophe is none."""
    return sum(character.isalpha() for character in word)


def type_token_ratio(words: list[str]) -> float:
    """How varied a text is: different words, capital letters or not, per word."""
    return len({word.lower() for word in words}) / len(words)


def median_length(words: list[str]) -> float:
    """The length in the middle, of all words in order of their length; of two in the middle their mean."""
    lengths = sorted(letters(word) for word in words)
    middle = len(lengths) // 2
    if len(lengths) % 2 == 1:
        return float(lengths[middle])
    return (lengths[middle - 1] + lengths[middle]) / 2
'''

RATIO = '''"""`type_token_ratio`: how varied a text is."""

from __future__ import annotations

import numpy as np

from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception
from statistics_of_words import counting

WORDS = ("rain", "wind", "snow", "hail", "fog", "sun", "ice", "dew", "mist", "frost", "storm", "cloud")


def drawn(rng: np.random.Generator, different: int, n: int) -> list[str]:
    """A list of ``n`` words, so many of them different."""
    chosen = [WORDS[i] for i in rng.permutation(len(WORDS))[:different]]
    again = [chosen[i] for i in rng.integers(different, size=n - different)]
    return [(chosen + again)[i] for i in rng.permutation(n)]


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``type_token_ratio(words)``: how many are different is drawn, so that no length gives it away."""
    value, capitals = "different words per word", "capital letters"
    asked = [Case((drawn(rng, int(rng.integers(3, n - 2)), n),), value) for n in (11, 12, 9, 10, 12)]
    once = drawn(rng, int(rng.integers(2, 5)), 6)
    asked.append(Case((once * 2,), value, "each comes again"))
    for n in (9, 11, 12, 10):
        words = drawn(rng, int(rng.integers(3, n - 3)), n)
        at = next(i for i, w in enumerate(words) if words.count(w) > 1)
        words[at] = words[at].capitalize()
        asked.append(Case((words,), capitals, "one at the beginning of a sentence"))
    return asked


def only_how_many(words):
    """Not per word."""
    return float(len({w.lower() for w in words}))


def the_other_way_round(words):
    """Words per different word."""
    return len(words) / len({w.lower() for w in words})


def those_that_occur_once(words):
    """Words that do not come again."""
    small = [w.lower() for w in words]
    return sum(small.count(w) == 1 for w in small) / len(words)


def capitals_are_others(words):
    """Rain and rain are two."""
    return len(set(words)) / len(words)


EXERCISE = Exercise(
    name="type_token_ratio",
    chapter="words",
    reference=counting.type_token_ratio,
    cases=cases,
    criteria=(
        Criterion("different words per word", 0.5, agrees()),
        Criterion("capital letters", 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(only_how_many, "this is how many different words there are. Divide by how many words there are."),
        Misconception(the_other_way_round, "it is upside down: different words per word is asked for."),
        Misconception(those_that_occur_once, "a word that comes again counts too, once."),
        Misconception(capitals_are_others, "`Rain` and `rain` are one word: compare them in small letters."),
    ),
    minutes=10,
    difficulty=2,
)
'''

MEDIAN = '''"""`median_length`: the length in the middle."""

from __future__ import annotations

import numpy as np

from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception
from statistics_of_words import counting

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def drawn(rng: np.random.Generator, lengths: list[int]) -> list[str]:
    """Words of some lengths, in an order that is not that of their lengths."""
    return ["".join(LETTERS[i] for i in rng.integers(26, size=n)) for n in lengths]


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``median_length(words)``."""
    odd, even, marks = "an odd number of words", "an even number of words", "apostrophes"

    def around(below: int, above: int) -> list[str]:
        """Words around a middle that is drawn, the longest ones far away and never in the middle of the text."""
        k = int(rng.integers(5, 40))
        short = [k - int(d) for d in rng.integers(1, 5, size=below)]
        long = [k + int(d) for d in rng.integers(6, 15, size=above)]
        return drawn(rng, [*long[: above // 2], k + 1, *short, *long[above // 2 :], k + 60][: below + above + 2])

    asked = [Case((around(n, n - 1),), odd) for n in (2, 3, 2, 4)]
    asked += [Case((around(n, n),), even) for n in (2, 3, 2, 4)]
    for n in (2, 3, 2):
        words = around(n, n - 1)
        asked.append(Case(([w[:-1] + "'" + w[-1] for w in words],), marks))
    return asked


def the_mean(words):
    """Not the middle."""
    return sum(letters_of(w) for w in words) / len(words)


def letters_of(word):
    """Letters alone."""
    return sum(c.isalpha() for c in word)


def not_in_order(words):
    """The word in the middle of the text."""
    lengths, middle = [letters_of(w) for w in words], len(words) // 2
    return float(lengths[middle]) if len(words) % 2 else (lengths[middle - 1] + lengths[middle]) / 2


def the_upper_of_two(words):
    """Of an even number, the longer one in the middle."""
    return float(sorted(letters_of(w) for w in words)[len(words) // 2])


def apostrophes_counted(words):
    """All characters."""
    return float(np.median([len(w) for w in words]))


EXERCISE = Exercise(
    name="median_length",
    chapter="words",
    reference=counting.median_length,
    cases=cases,
    criteria=(
        Criterion("an odd number of words", 0.5, agrees()),
        Criterion("an even number of words", 0.25, agrees()),
        Criterion("apostrophes", 0.25, agrees()),
    ),
    misconceptions=(
        Misconception(the_mean, "this is the mean, which one long word moves. The median is asked for."),
        Misconception(not_in_order, "put the lengths in order first."),
        Misconception(the_upper_of_two, "an even number of words has two in the middle: take their mean."),
        Misconception(apostrophes_counted, "an apostrophe is no letter: `letters` counts them."),
    ),
    given=(counting.letters,),
    minutes=8,
    difficulty=2,
)
'''

RATIO_ANSWERS = '''"""Correct answers to `type_token_ratio`, each in a style of its own."""


def ratio_loop(words):
    seen = []
    for word in words:
        if word.lower() not in seen:
            seen.append(word.lower())
    return len(seen) / len(words)


def ratio_of_a_dict(words):
    return len(dict.fromkeys(map(str.casefold, words))) / len(words)


def ratio_by_numpy(words):
    import numpy as np

    return np.unique(np.char.lower(np.array(words))).size / len(words)


ANSWERS = [ratio_loop, ratio_of_a_dict, ratio_by_numpy]
'''

MEDIAN_ANSWERS = '''"""Correct answers to `median_length`, each in a style of its own."""


def median_of_the_library(words):
    import statistics

    return float(statistics.median(sum(c.isalpha() for c in w) for w in words))


def median_by_numpy(words):
    import numpy as np

    return np.median([len(w.replace("'", "")) for w in words])


def median_from_both_ends(words):
    lengths = sorted(sum(map(str.isalpha, w)) for w in words)
    while len(lengths) > 2:
        lengths = lengths[1:-1]
    return sum(lengths) / len(lengths)


ANSWERS = [median_of_the_library, median_by_numpy, median_from_both_ends]
'''

RATIO_TESTS = '''"""`type_token_ratio`: what its mistakes cost, and witnesses of what it asks."""

from fnnkit.judge.registry import exercise

WORTH = 1.0
COSTS = {
    "only_how_many": 0.0,
    "the_other_way_round": 0.0,
    "those_that_occur_once": 0.0,
    "capitals_are_others": 0.75,
}


def test_it_gives_what_was_counted_by_hand():
    assert exercise("type_token_ratio").reference(["No", "rain", "no", "wind"]) == 0.75
'''

MEDIAN_TESTS = '''"""`median_length`: what its mistakes cost, and witnesses of what it asks."""

from fnnkit.judge.registry import exercise

WORTH = 1.0
COSTS = {"the_mean": 0.0, "not_in_order": 0.0, "the_upper_of_two": 0.75, "apostrophes_counted": 0.75}


def test_it_gives_what_was_counted_by_hand():
    assert exercise("median_length").reference(["a", "isn't", "rain", "window"]) == 4.0
'''

NOTEBOOK = '''# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Statistics of words
#
# What can be said of a text by counting.
#
# <!-- time -->

# %% tags=["given"]
import numpy as np

import statistics_of_words.figures.words as figures
from statistics_of_words.counting import letters
from statistics_of_words.exercises import check, progress, ready

# %% [markdown]
# ## 1 · How varied?
#
# ### Exercise `type_token_ratio` · ●●○○ · 10 minutes · 1 point
#
# **Goal.** Different words per word; `Rain` and `rain` are one.

# %% nbgrader={"grade_id": "type_token_ratio", "solution": true}
def type_token_ratio(words):
    """How varied a text is: a number between 0 and 1 of a list of words."""
    ### BEGIN SOLUTION
    return len({word.lower() for word in words}) / len(words)
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_type_token_ratio", "grade": true}
check("type_token_ratio", type_token_ratio)

# %% tags=["figure"]
figures.lengths(type_token_ratio)

# %% [markdown]
# ### Exercise `median_length` · ●●○○ · 8 minutes · 1 point
#
# **Goal.** The length in the middle; `letters` counts those of one word.

# %% nbgrader={"grade_id": "median_length", "solution": true}
def median_length(words):
    """The median of the lengths of a list of words."""
    ### BEGIN SOLUTION
    return float(np.median([letters(word) for word in words]))
    ### END SOLUTION


# %% nbgrader={"grade_id": "check_median_length", "grade": true}
check("median_length", median_length)

# %% [markdown]
# ### Written question · 5 minutes · 1 point
#
# Why does a longer text have a smaller ratio?

# %% [markdown] nbgrader={"grade_id": "why_smaller", "grade": true, "points": 1, "solution": true}
# Frequent words come again and again, while new ones become rare (1 point).

# %% tags=["experiment"]
progress("words")

# %% tags=["experiment"]
ready()
'''

FIGURE = '''"""How varied the beginnings of a text are (words)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fnnkit.figures.engine.live import BLUE, LiveFigure, Shown, slider

TEXT = "the rain and the wind and the snow and the rain and the hail and the fog".split()


def lengths(type_token_ratio: Callable[..., Any]) -> Shown:
    """Move how much of the text is read; see the ratio of all beginnings so far."""
    figure = LiveFigure(6.0, 4.0)
    axes = figure.figure.subplots()
    axes.set(xlabel="words read", ylabel="type-token ratio", xlim=(0, 17), ylim=(0, 1.05))
    (curve,) = figure.changing(axes.plot([], [], color=BLUE, linewidth=2))

    def update(type_token_ratio: Callable[..., Any], n: float) -> Any:
        values = [type_token_ratio(TEXT[:k]) for k in range(1, int(n) + 1)]
        curve.set_data(range(1, int(n) + 1), values)
        below = f"{int(n)} words: {values[-1]:.2f}."
        return below, f"A curve that falls. {below}"

    return figure.live(update, type_token_ratio, n=slider("words", 8, 1, 16, 1))
'''

FIGURE_TESTS = '''"""`lengths`: what it says is true of the function that it was given."""

from fnnkit.judge.registry import exercise
from statistics_of_words.figures.words.lengths import TEXT, lengths


def test_it_says_the_ratio_of_the_function_that_it_was_given():
    ratio = exercise("type_token_ratio").reference(TEXT[:8])
    assert f"{ratio:.2f}" in repr(lengths(exercise("type_token_ratio").reference))
'''
