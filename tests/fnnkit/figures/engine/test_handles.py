"""Handles: each is a second view of controls, moved by pointer and by keys, and read out."""

import pytest

from fnnkit.figures.engine.live import LiveFigure, checked, slider


def held(*functions, slow=None, **options):
    """A figure with a handle of each kind; the places are known by construction."""
    figure = LiveFigure(4.0, 4.0, layout=None)
    axes = figure.figure.add_axes((0.25, 0.25, 0.5, 0.5), xlim=(-2, 2), ylim=(-2, 2))
    (dot,) = figure.changing(axes.plot([], [], "o"))
    drawn = []

    def update(*functions, **v):
        drawn.append(v)
        if functions:
            checked(functions[0], functions[0](v["a"]), h=())
        dot.set_data([v["a"]], [v["b"]])
        return f"a {v['a']:g}, b {v['b']:g}"

    figure.handle("point", axes, x="a", y="b")
    figure.handle("arrow", axes, x="a", y="b", tail=(0.5, -0.5))
    figure.handle("bar", axes, y="b", at=1.0)
    figure.handle("vertical", axes, x="a", at=lambda v: v["b"])
    figure.handle("line", axes, line=("a", "b", "c"))
    figure.handle(
        "sum", axes, place=lambda v: (v["a"] + v["b"], 0.0), values=lambda x, y, v: {"a": x - v["b"]}
    )
    figure.read(axes, lambda *f, x, y, **v: f"at ({x:.2f}, {y:.2f}), a is {v['a']:g}")
    figure.press(axes, lambda x, y, v: {"c": x})
    shown = figure.live(
        update, *functions, a=slider("a", 1.0, -2.0, 2.0, 0.1), b=slider("b", 0.5, -2.0, 2.0, 0.1),
        c=slider("c", 0.0, -3.0, 3.0, 0.05), **options,
    )  # fmt: skip
    return shown, drawn


def share(x, y):
    """Where data coordinates are in the picture: the axes fill its middle half."""
    return 0.25 + (x + 2) / 8, 0.75 - (y + 2) / 8


def move(shown, index, x, y):
    p, q = share(x, y)
    shown.ask({"do": "move", "index": index, "x": p, "y": q, "view": "v", "seq": 1})


def step(shown, index, dx, dy):
    shown.ask({"do": "step", "index": index, "dx": dx, "dy": dy, "view": "v", "seq": 2})


@pytest.mark.parametrize(
    ("index", "to", "expected"),
    [
        (0, (0.3, -0.7), {"a": 0.3, "b": -0.7}),
        (1, (0.3, -0.7), {"a": -0.2, "b": -0.2}),
        (2, (0.3, -0.7), {"b": -0.7}),
        (3, (0.3, -0.7), {"a": 0.3}),
        (4, (0.3, -0.7), {"c": -(1.0 * 0.3 + 0.5 * -0.7)}),
        (5, (0.3, -0.7), {"a": -0.2}),
    ],
)
def test_a_handle_that_is_moved_sets_its_controls_and_stands_there(index, to, expected):
    shown, _ = held()
    before = shown.values
    move(shown, index, *to)
    for name, value in (before | expected).items():
        assert shown.values[name] == pytest.approx(value, abs=1e-9)
    x, y = shown.handles[index].place(shown.values)
    assert shown.hands.answer["at"][index][:2] == pytest.approx(share(x, y))
    assert (shown.hands.answer["view"], shown.hands.answer["seq"]) == ("v", 1)


def test_a_line_is_held_at_its_point_nearest_to_the_origin():
    shown, _ = held()
    shown.set(c=0.5)
    x, y = shown.handles[4].place(shown.values)
    assert 1.0 * x + 0.5 * y + 0.5 == pytest.approx(0.0)
    assert x * 0.5 == pytest.approx(y * 1.0)


def test_arrow_keys_go_one_step_and_are_said():
    shown, _ = held()
    step(shown, 0, 1, 0)
    step(shown, 0, 0, -10)
    assert shown.values == pytest.approx({"a": 1.1, "b": -0.5, "c": 0.0})
    *_, now, low, high, words, _ = shown.hands.answer["at"][0]
    assert (now, low, high, words) == (pytest.approx(1.1), -2.0, 2.0, "a = 1.1, b = -0.5")


def test_a_key_always_moves_something_even_if_a_hundredth_of_the_axes_is_less_than_a_step_of_the_slider():
    shown, _ = held()
    step(shown, 5, 1, 0)
    assert shown.values["a"] == pytest.approx(1.1)
    step(shown, 4, 1, 0)
    assert shown.values["c"] < 0


def test_a_handle_stays_within_its_sliders_and_tells_the_browser_how_far_it_goes():
    shown, _ = held()
    move(shown, 0, 9.0, -9.0)
    assert shown.values["a"] == 2.0
    assert shown.values["b"] == -2.0
    left, right, top, bottom = shown.hands.answer["at"][2][6]
    assert (left, right) == pytest.approx((share(1.0, 0)[0],) * 2)
    assert (top, bottom) == pytest.approx((share(0, 2.0)[1], share(0, -2.0)[1]))


def test_what_does_not_move_is_not_drawn_and_is_answered():
    shown, drawn = held()
    drawn.clear()
    move(shown, 0, 1.01, 0.49)
    assert drawn == []
    assert shown.hands.answer["seq"] == 1


def test_a_slider_that_answers_back_with_a_rounded_value_draws_nothing_twice():
    shown, drawn = held()
    move(shown, 0, 0.3, 0.5)
    drawn.clear()
    shown.controls["a"].value = 0.30000000000000027
    assert drawn == []
    shown.controls["a"].value = 0.4
    assert len(drawn) == 1


def test_a_moved_slider_takes_the_handle_along():
    shown, _ = held()
    shown.controls["a"].value = -1.0
    assert shown.hands.answer["at"][0][:2] == pytest.approx(share(-1.0, 0.5))


def test_a_function_that_raises_is_said_and_the_handle_stays_and_cures_it():
    def fussy(a):
        if a < 0:
            raise RuntimeError("too far")
        return a

    shown, _ = held(fussy)
    move(shown, 0, -1.0, 0.5)
    assert "too far" in shown.alt
    assert "aspect-ratio:384/384" in shown.picture.value  # as large as the picture was
    assert shown.hands.answer["at"][0][:2] == pytest.approx(share(-1.0, 0.5))
    move(shown, 0, 1.0, 0.5)
    assert "<img" in shown.picture.value


def test_there_is_nothing_to_hold_where_nothing_has_been_drawn_yet():
    def unanswered(a):
        raise NotImplementedError

    shown, _ = held(unanswered)
    assert "has no code yet" in shown.alt
    assert {tuple(at[:2]) for at in shown.hands.answer["at"]} == {(-1.0, -1.0)}


def test_the_value_under_the_pointer_is_said_in_these_axes_only():
    shown, drawn = held()
    drawn.clear()
    p, q = share(-1.0, 1.0)
    shown.ask({"do": "look", "x": p, "y": q, "view": "v", "seq": 7})
    assert "at (-1.00, 1.00), a is 1" in shown.reading.value
    shown.ask({"do": "look", "x": 0.1, "y": 0.1, "view": "v", "seq": 8})
    assert shown.reading.value == ""
    assert drawn == []
    assert shown.hands.answer["seq"] == 8


def test_a_reader_that_fails_is_answered_too():
    figure = LiveFigure(2.0, 2.0, layout=None)
    axes = figure.figure.add_axes((0, 0, 1, 1))
    figure.read(axes, lambda x, y, a: 1 / 0)
    shown = figure.live(lambda a: "said", a=slider("a", 0.0, 0.0, 1.0))
    shown.ask({"do": "look", "x": 0.5, "y": 0.5, "view": "v", "seq": 3})
    assert "ZeroDivisionError" in shown.reading.value
    assert shown.hands.answer["seq"] == 3


def test_a_click_sets_a_control():
    shown, _ = held()
    p, q = share(1.5, 0.0)
    shown.ask({"do": "press", "x": p, "y": q, "view": "v", "seq": 4})
    assert shown.values["c"] == pytest.approx(1.5)


def test_what_a_slider_s_script_answers_too_late_does_not_move_it_back():
    rounded, twice = 0.30000000000000027, 0.40000000000000036  # as it counts: -2 + 23 * 0.1
    shown, drawn = held()
    move(shown, 0, 0.3, 0.5)
    move(shown, 0, 0.4, 0.5)
    drawn.clear()
    shown.controls["a"].set_state({"value": rounded})
    assert shown.values["a"] == 0.4
    shown.controls["a"].set_state({"value": twice})
    assert drawn == []
    # Once it has answered, or where nothing has to be rounded, it was moved by somebody.
    shown.controls["a"].set_state({"value": rounded})
    assert drawn[-1]["a"] == rounded
    move(shown, 0, 0.5, 0.5)
    move(shown, 0, 0.6, 0.5)
    shown.controls["a"].set_state({"value": 0.5})
    assert drawn[-1]["a"] == 0.5


def test_a_handle_that_is_nothing_is_refused():
    figure = LiveFigure(2.0, 2.0)
    axes = figure.figure.add_subplot()
    figure.handle("lost", axes)
    with pytest.raises(TypeError, match="'lost' has none"):
        figure.live(lambda a: "", a=slider("a", 0.0, 0.0, 1.0))
