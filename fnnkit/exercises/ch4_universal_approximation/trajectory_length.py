"""`trajectory_length`: the length of a polygon."""

from __future__ import annotations

from typing import Any

import numpy as np

from fnnkit import expressivity
from fnnkit.exercises.drawing import rounded
from fnnkit.judge.criteria import UNUSUAL, agrees, calm
from fnnkit.judge.exercise import Case, Criterion, Exercise, Misconception

VALUE = "the sum of the distances"
CLOSED = "the closing segment"


def cases(rng: np.random.Generator) -> list[Case]:
    """Calls of ``trajectory_length(curve, closed)``; the ends of a curve are always apart, but for one."""
    ring = rounded(rng, 5, 3)
    ring = np.vstack([ring, ring[:1]])

    def curve(n: int, d: int) -> Any:
        points = rounded(rng, n, d)
        points[-1] = points[0] + np.round(rng.uniform(1.0, 2.0, d), 2)
        return np.round(points, 2)

    return [
        Case((curve(4, 3), False), VALUE),
        Case((curve(6, 2), False), VALUE, "in the plane"),
        Case((curve(50, 5), False), VALUE, "50 corners"),
        Case((curve(3, 4), False), VALUE, "three corners"),
        Case((curve(4, 3), True), CLOSED),
        Case((curve(30, 2), True), CLOSED, "30 corners"),
        Case((ring, True), CLOSED, "the last corner is the first already"),
        Case((rounded(rng, 1, 3), True), UNUSUAL, "one corner"),
        Case((np.zeros((0, 3)), False), UNUSUAL, "no corner: `curve` has 0 rows"),
        Case((np.zeros((0, 3)), True), UNUSUAL, "no corner, closed"),
        Case((np.cumsum(rng.integers(1, 6, (4, 3)), axis=0), False), UNUSUAL, "whole numbers"),
    ]


def squares_added_up(curve, closed):
    """No root."""
    points = np.vstack([curve, curve[:1]]) if closed else curve
    return np.sum(np.diff(points, axis=0) ** 2)


def root_of_all_squares(curve, closed):
    """One root for all."""
    points = np.vstack([curve, curve[:1]]) if closed else curve
    return np.sqrt(np.sum(np.diff(points, axis=0) ** 2))


def coordinates_added_up(curve, closed):
    """‖·‖₁."""
    points = np.vstack([curve, curve[:1]]) if closed else curve
    return np.sum(np.abs(np.diff(points, axis=0)))


def mean_of_the_distances(curve, closed):
    """Mean in the place of the sum."""
    points = np.vstack([curve, curve[:1]]) if closed else curve
    return np.mean(np.sqrt(np.sum(np.diff(points, axis=0) ** 2, axis=1)))


def first_two_coordinates(curve, closed):
    """As if every curve lay in the plane."""
    points = np.vstack([curve, curve[:1]]) if closed else curve
    steps = np.diff(points, axis=0)
    return np.sum(np.hypot(steps[:, 0], steps[:, 1]))


def norms_of_the_columns(curve, closed):
    """The other axis."""
    points = np.vstack([curve, curve[:1]]) if closed else curve
    return np.sum(np.sqrt(np.sum(np.diff(points, axis=0) ** 2, axis=0)))


def straight_from_start_to_end(curve, closed):
    """The distance of the ends."""
    return np.sum(np.linalg.norm(curve[-1:] - curve[:1], axis=1)) * (2 if closed else 1)


def neighbouring_coordinates(curve, closed):
    """np.diff without an axis."""
    points = np.vstack([curve, curve[:1]]) if closed else curve
    return np.sum(np.linalg.norm(np.diff(points), axis=1))


def distances_from_the_origin(curve, closed):
    """Norms of the corners."""
    return np.sum(np.linalg.norm(curve, axis=1))


def never_closed(curve, closed):
    """closed is not looked at."""
    return np.sum(np.linalg.norm(np.diff(curve, axis=0), axis=1))


def always_closed(curve, closed):
    """np.roll closes whether asked or not."""
    return np.sum(np.linalg.norm(np.roll(curve, -1, axis=0) - curve, axis=1))


def closed_once_too_often(curve, closed):
    """The segment to the other end is there already."""
    length = np.sum(np.linalg.norm(curve - np.roll(curve, 1, axis=0), axis=1))
    return length + (np.linalg.norm(curve[0] - curve[-1]) if closed and len(curve) else 0.0)


def closed_the_whole_way_back(curve, closed):
    """There and back again."""
    length = np.sum(np.linalg.norm(np.diff(curve, axis=0), axis=1))
    return 2 * length if closed else length


def closed_to_the_second_corner(curve, closed):
    """One corner beside the first."""
    length = np.sum(np.linalg.norm(np.diff(curve, axis=0), axis=1))
    return length + (np.linalg.norm(curve[-1] - curve[1]) if closed and len(curve) > 1 else 0.0)


def rolled_without_an_axis(curve, closed):
    """Closed by np.roll of the flattened array."""
    if len(curve) < 2:
        return 0.0
    steps = curve - np.roll(curve, 1) if closed else curve[1:] - curve[:-1]
    return np.sum(np.linalg.norm(steps, axis=1))


def distances_from_the_first_corner(curve, closed):
    """All from one place."""
    return np.sum(np.linalg.norm(curve - curve[:1], axis=1))


def all_pairs_of_corners(curve, closed):
    """Every distance there is."""
    return np.sum(np.linalg.norm(curve[:, None] - curve[None, :], axis=2)) / 2


def closing_segment_alone(curve, closed):
    """If closed, nothing else."""
    steps = curve[-1:] - curve[:1] if closed else np.diff(curve, axis=0)
    return np.sum(np.linalg.norm(steps, axis=1))


def length_up_to_each_corner(curve, closed):
    """A running sum."""
    points = np.vstack([curve, curve[:1]]) if closed else curve
    return np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))


def lengths_of_the_segments(curve, closed):
    """Not added up."""
    points = np.vstack([curve, curve[:1]]) if closed else curve
    return np.linalg.norm(np.diff(points, axis=0), axis=1)


def longest_segment(curve, closed):
    """The maximum."""
    points = np.vstack([curve, curve[:1]]) if closed else curve
    return np.max(np.linalg.norm(np.diff(points, axis=0), axis=1), initial=0.0)


def last_segment_left_out(curve, closed):
    """One segment too few."""
    points = np.vstack([curve, curve[:1]]) if closed else curve
    return np.sum(np.linalg.norm(np.diff(points[:-1], axis=0), axis=1))


def last_segment_lost_if_open(curve, closed):
    """One segment too few, and the closing one."""
    steps = np.linalg.norm(np.diff(curve, axis=0), axis=1)[:-1]
    return np.sum(steps) + (np.linalg.norm(curve[-1] - curve[0]) if closed and len(curve) else 0.0)


def first_segment_left_out(curve, closed):
    """One segment too few, at the beginning."""
    points = np.vstack([curve, curve[:1]]) if closed else curve
    return np.sum(np.linalg.norm(np.diff(points[1:], axis=0), axis=1))


def closed_the_other_way_round(curve, closed):
    """Closed if it should be open, and open if it should be closed."""
    points = curve if closed else np.vstack([curve, curve[:1]])
    return np.sum(np.linalg.norm(np.diff(points, axis=0), axis=1))


def coordinates_added_before_the_square(curve, closed):
    """Differences of the coordinates, summed and squared."""
    points = np.vstack([curve, curve[:1]]) if closed else curve
    return np.sum(np.abs(np.diff(points, axis=0).sum(axis=1)))


def mean_square_under_the_root(curve, closed):
    """A mean where a sum belongs."""
    points = np.vstack([curve, curve[:1]]) if closed else curve
    steps = np.diff(points, axis=0)
    return np.sum(np.sqrt(np.mean(steps**2, axis=1)))


def largest_coordinate(curve, closed):
    """The maximum norm."""
    points = np.vstack([curve, curve[:1]]) if closed else curve
    return np.sum(np.max(np.abs(np.diff(points, axis=0)), axis=1))


def distances_from_the_origin_compared(curve, closed):
    """Differences of norms, for norms of differences."""
    points = np.vstack([curve, curve[:1]]) if closed else curve
    return np.sum(np.abs(np.diff(np.linalg.norm(points, axis=1))))


EXERCISE = Exercise(
    name="trajectory_length",
    chapter="ch4_universal_approximation",
    reference=expressivity.trajectory_length,
    cases=cases,
    criteria=(
        Criterion(VALUE, 0.25, agrees()),
        Criterion(CLOSED, 0.25, agrees()),
        Criterion(UNUSUAL, 0.25, agrees()),
        Criterion("inputs unchanged, no warning", 0.25, calm, every=True, claim=True),
    ),
    misconceptions=(
        Misconception(squares_added_up, "squared distances are added up: take the root of each."),
        Misconception(
            root_of_all_squares,
            "one root was taken of everything. Each segment has a length of its own: root first, then the sum.",
        ),
        Misconception(
            coordinates_added_up,
            "the differences of all coordinates are added up. The length of a segment is √(Σ squares).",
        ),
        Misconception(
            mean_of_the_distances,
            "this is the mean length of a segment. The length of the curve is their sum.",
        ),
        Misconception(
            first_two_coordinates,
            "only the first two coordinates are used: right in the plane. Take the squares along the whole row.",
        ),
        Misconception(
            norms_of_the_columns,
            "the norms were taken along the wrong axis: a segment is a *row* of differences.",
        ),
        Misconception(
            straight_from_start_to_end,
            "this is the straight way from the first corner to the last. Add up all segments between.",
        ),
        Misconception(
            neighbouring_coordinates,
            "neighbouring *coordinates* were subtracted: `np.diff` works along the last axis unless told. Corners are rows.",
        ),
        Misconception(
            distances_from_the_origin,
            "distances from the origin are added up. A segment is the difference of two neighbouring corners.",
        ),
        Misconception(
            never_closed,
            "`closed` changes nothing here: if it is true, the segment from the last corner to the first is added too.",
        ),
        Misconception(
            always_closed,
            "the last corner is joined to the first whatever `closed` is. In an open curve corner 0 has none before it "
            "and the last corner none after it: only if `closed` is true the two are joined.",
        ),
        Misconception(
            closed_once_too_often,
            "the last corner is joined to the first whatever `closed` is, and once more if it is true. In an open "
            "curve corner 0 has none before it and the last corner none after it: that leaves n − 1 segments.",
        ),
        Misconception(
            closed_the_whole_way_back,
            "closing doubles the length. It adds *one* segment, straight from the last corner to the first.",
        ),
        Misconception(
            closed_to_the_second_corner,
            "the closing segment leads to the second corner: the first one has index 0.",
        ),
        Misconception(
            rolled_without_an_axis,
            "`np.roll` without an axis shifts all coordinates by one, so that numbers of different coordinates "
            "are subtracted. Corners are rows: `axis=0`.",
        ),
        Misconception(
            distances_from_the_first_corner,
            "these are distances from the first corner. A segment leads from each corner to the *next*.",
        ),
        Misconception(
            all_pairs_of_corners,
            "the distances of all pairs of corners are added up. Only neighbours are joined.",
        ),
        Misconception(
            closing_segment_alone,
            "if `closed`, the closing segment is all that is counted. It comes on top of the others.",
        ),
        Misconception(
            length_up_to_each_corner,
            "this is the length up to each corner, an array. The whole length is one number, the last of them.",
        ),
        Misconception(
            lengths_of_the_segments,
            "these are the lengths of the segments. Add them up.",
        ),
        Misconception(
            longest_segment,
            "this is the longest segment. The length of the curve is the sum of all.",
        ),
        Misconception(
            last_segment_left_out,
            "the last segment is missing: n corners have n − 1 segments between them, and one more if `closed`.",
        ),
        Misconception(
            last_segment_lost_if_open,
            "the segment that leads to the last corner is missing: n corners have n − 1 segments between them.",
        ),
        Misconception(
            first_segment_left_out,
            "the first segment is missing: it leads from corner 0 to corner 1.",
        ),
        Misconception(
            closed_the_other_way_round,
            "it is the other way round: the closing segment is there exactly if `closed` is false.",
        ),
        Misconception(
            coordinates_added_before_the_square,
            "the coordinates of a segment were added before they were squared, so that those of other sign "
            "cancel. Square each, add up, then take the root.",
        ),
        Misconception(
            mean_square_under_the_root,
            "under the root stands the mean of the squares. The length of a segment is the root of their *sum*.",
        ),
        Misconception(
            largest_coordinate,
            "of each segment only the largest difference of a coordinate is counted. Its length is the root of "
            "the sum of the squares.",
        ),
        Misconception(
            distances_from_the_origin_compared,
            "norms were subtracted. The length of a segment is the norm of the *difference* of two corners.",
        ),
    ),
    minutes=5,
    difficulty=1,
)
