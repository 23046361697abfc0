"""`sup_error`: the largest distance of two functions on equally spaced points."""

from __future__ import annotations

import numpy as np

from fnnkit import approximation
from fnnkit.judge.criteria import agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception
from fnnkit.kernel.named import Named

VALUE = "the largest distance"
ENDS = "both ends belong to the points"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``sup_error(f, g, a, b, n)``: the difference of two polynomials, once mostly positive, once negative."""

    def number(low: float, high: float) -> float:
        return float(np.round(rng.uniform(low, high), 2))

    def pair(difference: np.ndarray) -> tuple[Named, Named]:
        """Two cubics, g minus f a given quadratic."""
        f = np.round(rng.uniform(0.5, 2.0, 4) * rng.choice([-1.0, 1.0], 4), 2)
        g = f + np.concatenate([[0.0], difference])
        return Named("polynomial", coefficients=f), Named("polynomial", coefficients=np.round(g, 8))

    def on_both_sides(difference: np.ndarray) -> tuple[Named, Named]:
        """Nearly the same function with the other sign: the moduli are close."""
        f = np.round(np.concatenate([[0.1], -difference / 2]), 8)
        g = np.round(f + np.concatenate([[0.0], difference]), 8)
        return Named("polynomial", coefficients=f), Named("polynomial", coefficients=g)

    def hill(sign: float) -> tuple[np.ndarray, float, float]:
        """A hill inside, its top on no point of the grid; it is lower, but not zero, at both ends."""
        a, b = -number(1.0, 1.5), number(0.6, 0.9)
        top, height = a + 0.37 * (b - a), number(1.0, 2.0)
        bend = 0.8 * height / (b - top) ** 2
        return sign * np.array([-bend, 2 * bend * top, height - bend * top**2]), a, b

    def slope(at_right: bool, sign: float) -> tuple[np.ndarray, float, float]:
        """Largest at one end."""
        a, b = number(0.2, 0.5), number(1.5, 2.0)
        away = a if at_right else b
        lift = number(0.3, 0.6)
        return sign * np.array([1.0, -2 * away, away**2 + lift]), a, b

    made = []
    for sign, n in ((1.0, int(rng.integers(5, 8))), (-1.0, int(rng.integers(9, 13)))):
        difference, a, b = hill(sign)
        made.append(Case((*pair(difference), a, b, n), VALUE, f"{n} points"))
    difference, a, b = hill(-1.0)
    made.append(Case((*pair(difference), a, b, 200), VALUE, "200 points"))
    difference, a, b = hill(1.0)
    made.append(Case((*on_both_sides(difference), a, b, 7), VALUE, "one above 0, one below"))
    for at_right, sign in ((True, -1.0), (True, 1.0), (False, -1.0)):
        difference, a, b = slope(at_right, sign)
        where = "right" if at_right else "left"
        made.append(
            Case((*pair(difference), a, b, int(rng.integers(4, 9))), ENDS, f"largest at the {where} end")
        )
    return made


def mean_of_the_distances(f, g, a, b, n):
    """Mean in the place of the maximum."""
    x = np.linspace(a, b, n)
    return np.mean(np.abs(f(x) - g(x)))


def root_mean_square(f, g, a, b, n):
    """Another norm."""
    x = np.linspace(a, b, n)
    return np.sqrt(np.mean((f(x) - g(x)) ** 2))


def signed_difference(f, g, a, b, n):
    """No absolute value."""
    x = np.linspace(a, b, n)
    return np.max(f(x) - g(x))


def signed_the_other_way(f, g, a, b, n):
    """max(g − f)."""
    x = np.linspace(a, b, n)
    return np.max(g(x) - f(x))


def largest_square(f, g, a, b, n):
    """Squared."""
    x = np.linspace(a, b, n)
    return np.max((f(x) - g(x)) ** 2)


def difference_of_the_maxima(f, g, a, b, n):
    """Each function's maximum on its own."""
    x = np.linspace(a, b, n)
    return abs(np.max(f(x)) - np.max(g(x)))


def difference_of_the_largest_moduli(f, g, a, b, n):
    """max|f| − max|g|."""
    x = np.linspace(a, b, n)
    return np.max(np.abs(f(x))) - np.max(np.abs(g(x)))


def difference_of_moduli(f, g, a, b, n):
    """max ||f| − |g||."""
    x = np.linspace(a, b, n)
    return np.max(np.abs(np.abs(f(x)) - np.abs(g(x))))


def relative_error(f, g, a, b, n):
    """Divided by f."""
    x = np.linspace(a, b, n)
    return np.max(np.abs((f(x) - g(x)) / f(x)))


def sum_of_the_distances(f, g, a, b, n):
    """Sum in the place of the maximum."""
    x = np.linspace(a, b, n)
    return np.sum(np.abs(f(x) - g(x)))


def where_it_is(f, g, a, b, n):
    """The point, not the distance."""
    x = np.linspace(a, b, n)
    return x[np.argmax(np.abs(f(x) - g(x)))]


def place_in_the_array(f, g, a, b, n):
    """argmax."""
    x = np.linspace(a, b, n)
    return np.argmax(np.abs(f(x) - g(x)))


def points_of_its_own(f, g, a, b, n):
    """n is not used."""
    x = np.linspace(a, b, 1000)
    return np.max(np.abs(f(x) - g(x)))


def last_point_missing(f, g, a, b, n):
    """Points at distance (b − a)/n, without b."""
    x = np.linspace(a, b, n, endpoint=False)
    return np.max(np.abs(f(x) - g(x)))


def last_point_left_out(f, g, a, b, n):
    """All but b."""
    x = np.linspace(a, b, n)[:-1]
    return np.max(np.abs(f(x) - g(x)))


def first_point_left_out(f, g, a, b, n):
    """All but a."""
    x = np.linspace(a, b, n)[1:]
    return np.max(np.abs(f(x) - g(x)))


def mean_square(f, g, a, b, n):
    """Neither root nor maximum."""
    x = np.linspace(a, b, n)
    return np.mean((f(x) - g(x)) ** 2)


def euclidean_length(f, g, a, b, n):
    """The 2-norm of all differences."""
    x = np.linspace(a, b, n)
    return np.sqrt(np.sum((f(x) - g(x)) ** 2))


def area_between(f, g, a, b, n):
    """An integral."""
    x = np.linspace(a, b, n)
    return np.trapezoid(np.abs(f(x) - g(x)), x)


def one_point_too_many(f, g, a, b, n):
    """n steps, n + 1 points."""
    x = np.linspace(a, b, n + 1)
    return np.max(np.abs(f(x) - g(x)))


def both_ends_missing(f, g, a, b, n):
    """Inner points only."""
    x = np.linspace(a, b, n + 2)[1:-1]
    return np.max(np.abs(f(x) - g(x)))


def middles_of_the_steps(f, g, a, b, n):
    """As in a midpoint rule."""
    x = a + (np.arange(n) + 0.5) * (b - a) / n
    return np.max(np.abs(f(x) - g(x)))


def ends_only(f, g, a, b, n):
    """Nothing between."""
    x = np.array([a, b])
    return np.max(np.abs(f(x) - g(x)))


def modulus_taken_last(f, g, a, b, n):
    """|max(f − g)|."""
    x = np.linspace(a, b, n)
    return abs(np.max(f(x) - g(x)))


def smallest_with_its_sign(f, g, a, b, n):
    """|min(f − g)|."""
    x = np.linspace(a, b, n)
    return abs(np.min(f(x) - g(x)))


def smallest_distance(f, g, a, b, n):
    """The best place."""
    x = np.linspace(a, b, n)
    return np.min(np.abs(f(x) - g(x)))


def distance_of_the_last_point(f, g, a, b, n):
    """Overwritten point by point."""
    return np.abs(f(np.array([b])) - g(np.array([b])))[0]


def points_between_0_and_1(f, g, a, b, n):
    """a and b are not used."""
    x = np.linspace(0, 1, n)
    return np.max(np.abs(f(x) - g(x)))


EXERCISE = Exercise(
    name="sup_error",
    chapter="ch4_universal_approximation",
    reference=approximation.sup_error,
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.5, agrees()),
        Criterion(ENDS, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(
            mean_of_the_distances,
            "this is the mean distance. One bad place hides in a mean: the sup error is the *largest*.",
        ),
        Misconception(
            root_mean_square,
            "this is the root of the mean square. The sup error is the largest distance, at whatever point.",
        ),
        Misconception(
            signed_difference,
            "the sign is kept, so places where `g` lies above `f` count as negative. Distances are never negative.",
        ),
        Misconception(
            signed_the_other_way,
            "the sign is kept, so places where `f` lies above `g` count as negative. Distances are never negative.",
        ),
        Misconception(
            largest_square, "the largest *square* of a difference comes out. Take the absolute value instead."
        ),
        Misconception(
            difference_of_the_maxima,
            "each function's maximum was taken on its own. Subtract first, point by point; then take the maximum.",
        ),
        Misconception(
            difference_of_the_largest_moduli,
            "each function's largest modulus was taken on its own. Subtract first, point by point; then take the maximum.",
        ),
        Misconception(
            difference_of_moduli,
            "the absolute values of `f` and `g` were subtracted from each other, which brings together what lies on "
            "different sides of 0. Subtract first, and take the absolute value of the difference.",
        ),
        Misconception(relative_error, "this is the error relative to `f`. The plain distance is asked for."),
        Misconception(sum_of_the_distances, "the distances are added up. The largest one is asked for."),
        Misconception(
            where_it_is,
            "this is the *point* with the largest distance (`argmax`). The distance itself is asked for.",
        ),
        Misconception(
            place_in_the_array,
            "this is the *index* of the point with the largest distance. The distance itself is asked for.",
        ),
        Misconception(
            points_of_its_own,
            "`n` is not used: the number of points is up to the caller.",
        ),
        Misconception(
            last_point_missing,
            "the step is (b − a)/n, so that the last point is not `b`. n points with both ends among them have n − 1 "
            "gaps between them.",
        ),
        Misconception(
            last_point_left_out,
            "the last point, `b`, is left out. Both ends are among the n points.",
        ),
        Misconception(
            first_point_left_out,
            "the first point, `a`, is left out. Both ends are among the n points.",
        ),
        Misconception(
            mean_square,
            "this is the mean of the squared differences. The sup error is the largest distance, at whatever "
            "point.",
        ),
        Misconception(
            euclidean_length,
            "this is the root of the sum of all squares, as `np.linalg.norm` gives it. The largest single "
            "distance is asked for.",
        ),
        Misconception(
            area_between,
            "this is the area between the two curves. The largest distance at one of the points is asked for.",
        ),
        Misconception(
            one_point_too_many,
            "there is one point too many: `n` is the number of points, and between them lie n − 1 steps.",
        ),
        Misconception(
            both_ends_missing,
            "both ends are missing from the points. `np.linspace(a, b, n)` has n points with both ends among "
            "them.",
        ),
        Misconception(
            middles_of_the_steps,
            "the points lie in the middles of n steps. `np.linspace(a, b, n)` begins at a and ends at b.",
        ),
        Misconception(
            ends_only,
            "only the two ends were compared. There are n points, and the largest distance may lie at any of "
            "them.",
        ),
        Misconception(
            modulus_taken_last,
            "the absolute value was taken last: what is smallest, or largest, *with* its sign need not be furthest "
            "from 0. Take it at every point first.",
        ),
        Misconception(
            smallest_with_its_sign,
            "the absolute value was taken last: what is smallest, or largest, *with* its sign need not be furthest "
            "from 0. Take it at every point first.",
        ),
        Misconception(
            smallest_distance,
            "this is the smallest distance. The sup error is the largest one.",
        ),
        Misconception(
            distance_of_the_last_point,
            "this is the distance at the last point alone, `b`. The largest of all points is asked for.",
        ),
        Misconception(
            points_between_0_and_1,
            "the points lie between 0 and 1. They lie between a and b.",
        ),
    ),
    minutes=4,
    difficulty=1,
)
