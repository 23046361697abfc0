"""What stands around a picture: guess, goals, known mistakes, honesty, time, and a picture that keeps still."""

import html
import time

import matplotlib
import numpy as np
import pytest

from fnnkit.activations import relu as reference
from fnnkit.figures.engine.live import LiveFigure, checked, in_own_style, slider
from fnnkit.judge import check as checks
from fnnkit.judge import guesses

Z = np.linspace(-4.0, 4.0, 201)


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(checks, "_verdicts", {})
    monkeypatch.setattr(checks, "_judged", {})
    guesses.forget()
    yield
    guesses.forget()


def right(z):
    return np.maximum(z, 0)


def leaky(z):
    return np.where(z > 0, z, 0.01 * z)


@in_own_style
def bend(my_relu, exercise="relu", predict=True):
    figure = LiveFigure(4.0, 3.0)
    axes = figure.figure.add_subplot(xlim=(-4, 4), ylim=(-1, 8), xlabel="z", ylabel="h")
    (curve,) = figure.changing(axes.plot(Z, 0 * Z, color="black"))
    axes.set_title("h")

    def update(my_relu, shift, step):
        h = checked(my_relu, my_relu(Z + shift), h=Z.shape)
        curve.set_ydata(h)
        figure.facts(largest=h.max())
        return f"largest {h.max():.3g} at step {step}"

    if predict:
        figure.predict("How large?", ("4", "6"), "6", "It is 4 + 2.", shift=2.0)
    figure.goal("at most 2", lambda s: s.largest <= 2, shift=-2.0)
    figure.goal("larger than at first", lambda s: s.largest > s.first.largest, shift=1.0)
    figure.play("step", stride=2, rate=1000)
    return figure.live(
        update, my_relu, exercises=(exercise,), shift=slider("shift", 0.0, -3.0, 3.0, 0.5), step=slider("step", 4, 0, 10)
    )  # fmt: skip


# --- guess first -----------------------------------------------------------------------------------------------------


def test_the_picture_is_covered_until_a_guess_and_the_guess_is_told_and_kept():
    shown = bend(right)
    assert shown.picture.layout.display == "none"
    shown.guess.buttons["4"].click()
    assert shown.picture.layout.display == ""
    told = html.unescape(shown.guess.children[0].value)
    assert "You guessed “4”: it is “6”. It is 4 + 2." in told
    assert shown.values["shift"] == 2.0
    assert guesses.kept(shown.chapter, "bend(right)") == guesses.Guess("How large?", "4", False)
    again = bend(right)
    assert again.picture.layout.display != "none"
    assert "You guessed “4”" in again.guess.children[0].value
    again.guess.guess("6")  # it was made already
    assert guesses.kept(shown.chapter, "bend(right)").guessed == "4"


def test_who_does_not_want_to_guess_sees_the_picture_and_nothing_is_kept():
    shown = bend(right)
    shown.guess.buttons["Show it without a guess"].click()
    assert shown.picture.layout.display == ""
    assert shown.values["shift"] == 0.0
    assert "You guessed" not in shown.guess.children[0].value
    assert guesses.kept(shown.chapter, "bend(right)") is None


def test_progress_counts_guesses_and_no_points():
    before = checks.progress("ch1_xor")
    assert before.guesses() == ""
    guesses.keep("ch1_xor", "a", guesses.Guess("?", "x", True))
    guesses.keep("ch1_xor", "b", guesses.Guess("?", "y", False))
    guesses.keep("ch2_output_units", "c", guesses.Guess("?", "y", False))
    after = checks.progress("ch1_xor")
    assert "2 made, 1 came true (not graded)" in after.guesses()
    assert after.guesses() in repr(after)
    assert after.guesses() in after._repr_html_()
    assert (after.points, after.possible) == (before.points, before.possible)


def test_an_answer_that_nobody_can_choose_is_refused():
    with pytest.raises(ValueError, match="one of the choices"):
        LiveFigure(2, 1).predict("?", ("a", "b"), "c")


# --- goals -----------------------------------------------------------------------------------------------------------


def test_goals_are_ticked_when_the_state_meets_them_and_stay_so():
    shown = bend(right)
    assert shown.goals.reached == [False, False]
    shown.set(shift=1.0)
    assert shown.goals.reached == [False, True]
    assert "Goal reached: larger than at first." in shown.status.value
    shown.set(shift=-2.0)
    assert shown.goals.reached == [True, True]
    shown.set(shift=0.0)
    assert shown.goals.reached == [True, True]
    assert "Goal reached" not in shown.status.value


def test_there_are_at_most_three_goals():
    figure = LiveFigure(2, 1)
    for n in range(4):
        figure.goal(str(n), lambda s: True)
    with pytest.raises(ValueError, match="at most 3"):
        figure.live(lambda: "")


# --- known mistakes --------------------------------------------------------------------------------------------------


def test_mistakes_are_offered_once_the_check_passes_and_are_drawn_beside():
    assert bend(leaky).mistake is None
    shown = bend(right)
    own = shown.picture.value
    assert ("absolute value", "absolute value") in shown.mistake.options
    shown.mistake.value = "absolute value"
    assert shown.picture.value == own
    assert "With the mistake “absolute value” in place of yours" in shown._beside.value
    other = shown._beside.value.split('src="')[1].split('"')[0]
    assert other != own.split('src="')[1].split('"')[0]
    shown.mistake.value = ""
    assert shown._beside.value == ""
    assert shown.picture.value == own


def test_a_mistake_that_cannot_be_drawn_is_said_and_not_laid_on_the_student():
    shown = bend(right)
    words = "one number at a time"
    shown.mistake.value = words
    assert "<img" in shown.picture.value
    assert "cannot be drawn" in shown._beside.value
    assert "Your" not in shown._beside.value.split("<img")[0].replace("in place of yours", "")
    assert "run this cell again" not in shown._beside.value


def test_goals_look_at_the_student_s_function_and_not_at_the_mistake():
    shown = bend(right)
    shown.mistake.value = "clipped to one"  # its largest value is 1
    assert shown.goals.reached == [False, False]


# --- honesty ---------------------------------------------------------------------------------------------------------


def test_a_function_that_fails_its_check_is_said_to():
    assert "Your relu does not pass its check yet: what you see may be wrong." in bend(leaky).note.value
    assert bend(right).note.value == ""
    assert bend(reference).note.value == ""


def test_a_function_that_was_checked_is_not_called_again_and_one_that_takes_long_is_left_out():
    checks.check("relu", leaky)
    calls = []

    def slow(z):
        calls.append(1)
        time.sleep(0.4)
        return right(z)

    assert "does not pass" in bend(leaky).note.value
    begun = time.monotonic()
    shown = bend(slow)
    assert shown.note.value == ""
    assert shown.mistake is None
    assert len(calls) == 2  # one to judge, one to draw
    assert time.monotonic() - begun < 5


def test_a_further_function_that_is_not_solved_is_replaced_and_a_core_one_is_not():
    def unanswered(z):
        raise NotImplementedError

    core = bend(unanswered, exercise="relu")
    assert "has no code yet" in core.alt
    assert core.note.layout.visibility == "hidden"
    further = bend(unanswered, exercise="hard_tanh")
    assert "<img" in further.picture.value
    assert "Drawn with fnnkit's hard_tanh: yours does not pass its check yet." in html.unescape(
        further.note.value
    )
    assert "largest 1 " in further.said


# --- time ------------------------------------------------------------------------------------------------------------


def test_a_time_can_be_played_stepped_and_brought_back():
    shown = bend(right)
    shown.buttons["One step"].click()
    assert shown.values["step"] == 6
    shown.buttons["Play"].click()
    assert shown.values["step"] == 10
    shown.buttons["Back to start"].click()
    assert shown.values["step"] == 0
    assert shown.said == "largest 4 at step 0"
    shown.set(step=10)
    shown.buttons["Play"].click()  # from the end it begins anew
    assert shown.values["step"] == 10


# --- reset and code --------------------------------------------------------------------------------------------------


def test_reset_brings_back_the_start_to_the_byte_and_code_makes_the_state_again():
    shown = bend(right)
    first = shown.picture.value
    shown.set(shift=1.5, step=6)
    assert shown.code() == "figures.bend(right).at(shift=1.5, step=6)"
    assert shown.picture.value != first
    shown.buttons["Copy as code"].click()
    assert "figures.bend(right).at(shift=1.5, step=6)" in shown._code.value
    again = bend(right).at(shift=1.5, step=6)
    assert again.picture.value == shown.picture.value
    shown.buttons["Reset"].click()
    assert shown.picture.value == first
    assert shown.code() == "figures.bend(right)"


# --- a picture that keeps still --------------------------------------------------------------------------------------


def test_the_layout_is_solved_once():
    figure = LiveFigure(4.0, 3.0)
    left, right_ = figure.figure.subplots(1, 2)
    figure.draw()
    before = [axes.get_position().bounds for axes in (left, right_)]
    left.set(ylabel="a label", ylim=(0, 1e6))
    figure.draw()
    assert [axes.get_position().bounds for axes in (left, right_)] == before


@pytest.mark.parametrize(
    "style", [{"figure.facecolor": "black", "font.size": 30, "axes.grid": True, "lines.linewidth": 9}]
)
def test_the_style_of_a_student_does_not_reach_our_pictures_and_stays_theirs(style):
    plain = bend(right).at(shift=1.0).picture.value
    with matplotlib.rc_context(style):
        styled = bend(right)
        styled.set(shift=1.0)
        assert styled.picture.value == plain
        assert matplotlib.rcParams["font.size"] == 30
        assert matplotlib.rcParams["axes.grid"]


def test_on_a_dark_page_the_picture_is_dark_and_calls_nobody_and_comes_back():
    calls = []

    def counted(z):
        calls.append(1)
        return right(z)

    shown = bend(counted, exercise="")
    light = shown.picture.value
    count = len(calls)
    shown.ask({"do": "theme", "dark": True})
    pixels = shown.figure.draw()[:, :, :3]
    assert pixels.mean() < 60
    assert (pixels.max(axis=2) > 200).any()  # what is written on it is bright
    shown.ask({"do": "theme", "dark": False})
    assert shown.picture.value == light
    assert len(calls) == count


def test_the_height_of_the_text_is_reserved():
    shown = bend(right)
    assert shown.status.layout.min_height == "3.20em"
