"""The report on a class: the numbers add up, and nothing that a student wrote becomes markup."""

import os
import re
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from grader.course import Course
from grader.entry import Batch, Entry
from grader.pages.feedback import write_feedback
from grader.pages.report import histogram, write_report

CHAPTER = "ch1_xor"


def report(tmp_path, entries, known=None):
    batch = Batch(Course(tmp_path), CHAPTER, entries)
    return write_report(batch, tmp_path / "reports" / "r.html", known or {}).read_text(encoding="utf-8")


@given(
    st.integers(1, 100)
    .map(lambda n: n / 4)
    .flatmap(
        lambda possible: st.tuples(
            st.just(possible), st.lists(st.integers(0, int(4 * possible)).map(lambda n: n / 4), max_size=40)
        )
    )
)
def test_every_student_stands_in_one_bar_of_the_histogram(case):
    possible, points = case
    bars = histogram(points, possible)
    assert sum(b["count"] for b in bars) == len(points)
    assert len(bars) <= 15
    assert float(bars[0]["label"]) == 0.0
    edges = [float(b["label"]) for b in bars]
    for bar, low, high in zip(bars, edges, [*edges[1:], possible + 1], strict=True):
        assert bar["count"] == sum(low <= p < high for p in points)
    assert all(0 <= b["height"] <= 120 for b in bars)
    assert all(b["x"] >= 20 and b["x"] + b["width"] <= 620.2 for b in bars)


def test_the_tallest_bar_is_the_largest_group():
    bars = histogram([5.0, 5.0, 5.0, 0.0], 5.0)
    assert [b["count"] for b in bars if b["count"]] == [1, 3]
    assert [b["height"] for b in bars if b["count"]] == [40.0, 120.0]
    assert bars[-1]["count"] == 3


def test_success_per_exercise_counts_every_student_once(made, tmp_path):
    class_ = [
        made.all_right("a"),
        made.all_right("b"),
        made.entry(
            "c",
            [made.verdict("mse", 0.75), made.verdict("fit_linear", 0.0), made.verdict("xor_network", 2.0)],
        ),
        made.nothing("d"),
    ]
    rows = {
        r[0]: r for r in made.Page(report(tmp_path, class_)).rows if r and r[0] in made.points and len(r) == 6
    }
    assert list(rows) == list(made.points)  # further exercises stand in a table of their own
    counts = {"mse": "2 / 1 / 0 / 1", "fit_linear": "2 / 0 / 1 / 1", "xor_network": "3 / 0 / 0 / 1"}
    assert {name: rows[name][4] for name in counts} == counts
    assert rows["mse"][2].split("\xa0")[0] == "69"  # (1 + 1 + ¾ + 0) / 4
    assert rows["fit_linear"][2].split("\xa0")[0] == "50"


def test_mean_and_median_are_those_of_the_judged_points(made, tmp_path):
    text = made.Page(report(tmp_path, [made.all_right("a"), made.all_right("b"), made.nothing("c")])).text
    assert "3 submissions graded" in text
    assert f"mean {2 * made.possible / 3:.2f}, median {made.possible:.2f} of {made.possible:g} points" in text


def test_misconceptions_are_counted_and_the_most_common_comes_first(made, tmp_path):
    def mistaken(student, name, which):
        return made.entry(student, [made.verdict(name, 0.0, misconception=which, hint=f"hint of {which}")])

    class_ = [mistaken(f"s{i}", "mse", "half_the_mean") for i in range(3)]
    class_ += [
        mistaken("t", "fit_linear", "no_intercept"),
        mistaken("u", "mse", "sum_of_squares"),
        mistaken("v", "mse", "sum_of_squares"),
    ]
    rows = [r for r in made.Page(report(tmp_path, class_)).rows if len(r) == 4 and r[0].isdigit()]
    told = [[" ".join(c.split()) for c in r] for r in rows]
    assert [
        (n, re.sub(r"^(mse|fit_linear).*", r"\1", e), re.sub(r"^(mse|fit_linear)", "", e), who)
        for n, e, _, who in told
    ] == [
        ("3", "mse", "half the mean", "s0, s1, s2"),
        ("2", "mse", "sum of squares", "u, v"),
        ("1", "fit_linear", "no intercept", "t"),
    ]


def test_who_could_not_be_graded_is_listed_apart_with_the_reason(made, tmp_path):
    text = report(
        tmp_path, [made.all_right("a"), Entry("b", "failed", "the file is broken, ask for it again")]
    )
    page = made.Page(text)
    assert "1 submission graded, 1 could not be graded" in page.text
    assert ["b", "the file is broken, ask for it again"] in page.rows


def test_a_class_that_handed_in_nothing_readable_still_has_a_report(made, tmp_path):
    page = made.harmless(report(tmp_path, [Entry("b", "failed", "broken")]))
    assert "0 submissions graded, 1 could not be graded" in page.text


def test_the_table_of_students_has_points_penalty_and_total_of_the_gradebook(made, tmp_path):
    known = {"a": made.score(4.5, penalty=0.5), "b": made.score(2.0, to_mark=True)}
    rows = {
        r[0]: r[1:]
        for r in made.Page(report(tmp_path, [made.all_right("a"), made.nothing("b")], known)).rows
        if r
    }
    possible = f"{made.possible + 1:g}"
    assert rows["a"] == [f"4.5 / {possible}", "−0.5", "1", *(f"{p:g}" for p in made.points.values())]
    assert rows["b"] == [f"2 / {possible}", "–", "to mark", *"·" * len(made.points)]


def test_links_lead_to_the_feedback_pages(made, tmp_path):
    name = "Zoë O'Neil #1 100%"
    batch = Batch(Course(tmp_path), CHAPTER, [made.all_right(name)])
    [written] = write_feedback(batch, {name: made.score()})
    page = made.Page(report(tmp_path, batch.entries, {name: made.score()}))
    [link] = page.addresses
    assert (tmp_path / "reports" / unquote(link)).resolve() == written.resolve()


def test_pages_are_the_same_at_every_run(made, tmp_path):
    class_ = [made.all_right("a"), made.nothing("b")]
    assert report(tmp_path, class_) == report(tmp_path, class_)
    stamp = (tmp_path / "reports" / "r.html").stat().st_mtime_ns
    report(tmp_path, class_)
    assert (tmp_path / "reports" / "r.html").stat().st_mtime_ns == stamp


def test_work_without_a_sandbox_is_said(made, tmp_path):
    trusted = made.all_right("a", sandboxed=False)
    warning = "run without a sandbox"
    assert warning in report(tmp_path, [trusted, made.all_right("b")])
    assert warning not in report(tmp_path, [made.all_right("b")])


def test_a_hostile_student_stays_text_in_the_report(made, tmp_path):
    page = made.harmless(
        report(
            tmp_path,
            [made.hostile_entry(), Entry(made.hostile, "failed", made.hostile)],
            {made.hostile: made.score()},
        )
    )
    assert page.text.count("<script>alert(1)</script>") >= 4
    assert "49" not in page.text
    assert "img" not in page.tags


def test_a_report_of_more_than_a_few_hundred_is_in_tables_that_a_browser_can_leave_out(made, tmp_path):
    one = made.all_right("any")
    entries = [
        Entry(f"s{i:04}", marking=one.marking, rebuilt=one.rebuilt, identity=one.identity)
        for i in range(1201)
    ]
    page = report(tmp_path, entries)
    parts = re.findall(r'<h3 id="(students-\d)">(.*?)</h3>', page)
    assert parts == [
        ("students-1", "s0000 to s0499"), ("students-2", "s0500 to s0999"), ("students-3", "s1000 to s1200")
    ]  # fmt: skip
    assert re.findall(r'href="#(students-\d)"', page) == [name for name, _ in parts]
    assert page.count('style="content-visibility:auto') == 4
    everybody = page[page.index('<h3 id="students-1">') :]
    assert re.findall(r"<tr><td><a [^>]*>(s\d+)</a>", everybody) == [e.student for e in entries]
    assert "The 500 lowest totals, lowest total first" in page
    small = report(tmp_path, entries[:20])
    assert "content-visibility:auto" not in small
    assert "students-1" not in small
    assert "The same, lowest total first" in small


def test_a_report_that_says_the_same_is_left_alone(made, tmp_path):
    entries = [made.all_right("a"), made.all_right("b")]
    report(tmp_path, entries)
    path = tmp_path / "reports" / "r.html"
    os.utime(path, (1, 1))
    report(tmp_path, entries)
    assert path.stat().st_mtime == 1
    report(tmp_path, entries[:1])
    assert path.stat().st_mtime > 1
    assert [p.name for p in path.parent.iterdir()] == ["r.html"]
