"""What many have in common is told once; nobody whose marks changed otherwise is hidden by it."""

from grader.pages.changes import MANY, TOTAL, Change, changes_table, folded


def added(student, total):
    return [
        Change(student, "why_two", "–", "0/1", "exercise added"),
        Change(student, TOTAL, f"{total}/16", f"{total}/17", ""),
    ]


def test_what_happened_to_many_is_one_line_and_what_happened_to_few_stays():
    few = [Change("zoe", "mse", "0/1", "1/1", "answer changed"), Change("zoe", TOTAL, "8/16", "9/16", "")]
    found = [c for i in range(50) for c in added(f"s{i:02}", i)] + few
    first, *others = folded(found)
    assert first == Change("50 students (s00, s01, …)", "why_two", "–", "0/1", "exercise added")
    assert others == few
    table, more = changes_table(found, 30)
    assert (table.row_count, more) == (3, "")


def test_few_alike_are_told_one_by_one():
    found = [c for i in range(MANY - 1) for c in added(f"s{i}", i)]
    assert folded(found) == found


def test_whoever_has_one_change_more_is_told_alone():
    found = [c for i in range(10) for c in added(f"s{i}", i)]
    found += [*added("ada", 3), Change("ada", "late", "−1", "0", "extension changed")]
    assert [c.student for c in folded(found)] == ["10 students (s0, s1, …)", "ada", "ada", "ada"]
