"""What figures are made with, and how to write one.

A figure is axes, an ``update`` function of a few lines, controls, and what can be done with it.

>>> import numpy as np
>>> from fnnkit.figures.engine.live import BLUE, LiveFigure, checked, in_own_style, slider
>>> @in_own_style
... def shifted(relu):
...     z = np.linspace(-4.0, 4.0, 201)
...     figure = LiveFigure(6.0, 3.5)
...     axes = figure.figure.add_subplot(xlabel="z", ylabel="h", xlim=(-4, 4), ylim=(-1, 8))
...     (curve,) = figure.changing(axes.plot(z, 0 * z, color=BLUE))
...     (dot,) = figure.changing(axes.plot([], [], "o", color="black", clip_on=False))
...
...     def update(relu, shift):
...         h = checked(relu, relu(z + shift), h=z.shape)
...         curve.set_ydata(h)
...         dot.set_data([-shift], [0.0])
...         figure.facts(largest=h.max())
...         return f"Your relu shifted by {shift:g}: its largest value on the picture is {h.max():.3g}."
...
...     figure.handle("where it bends", axes, place=lambda v: (-v["shift"], 0.0), values=lambda x, y, v: {"shift": -x})
...     figure.read(axes, lambda relu, x, y, shift: f"At z = {x:.2f} your relu gives {float(relu(x + shift)):.3g}.")
...     figure.predict("Where does it bend at shift 2?", ("at 2", "at −2"), "at −2", "It bends where z + 2 = 0.", shift=2.0)
...     figure.goal("no value above 2", lambda s: s.largest <= 2, shift=-2.0)
...     figure.goal("larger than at the start", lambda s: s.largest > s.first.largest, shift=1.0)
...     figure.mistakes("absolute_value", "cut_below_one")
...     figure.play("shift", rate=4)
...     return figure.live(update, relu, exercises=("relu",), shift=slider("shift", 0.0, -3.0, 3.0, 0.5))
>>> shown = shifted(lambda z: np.maximum(0, z))
>>> shown.at(shift=2.0).said
'Your relu shifted by 2: its largest value on the picture is 6.'
>>> shown.ask({"do": "step", "index": 0, "dx": -1, "dy": 0})  # what an arrow key on the handle asks
>>> shown.values
{'shift': 2.5}
>>> shown.code()
'figures.shifted(<lambda>).at(shift=2.5)'

**Functions of other exercises** are taken, not imported: ``(softmax,) = figure.mine("softmax")`` gives the student's own as
saved, guarded; the reference, and the figure says so, where it is missing or wrong. Those of earlier chapters are declared
in ``AT_WORK`` of the chapter, for the map.

**Handles**, one line each; a handle moves controls that are there already::

    figure.handle("outlier", axes, x="a", y="b")                  # a point: two sliders are its coordinates
    figure.handle("weights", axes, x="W11", y="W21", tail=(0, 0.5))  # the tip of an arrow
    figure.handle("unit 1", axes, line=("W11", "W21", "c1"))      # the line W11 x + W21 y + c1 = 0, moved along its normal
    figure.handle("score 0", axes, y="z0", at=0)                  # a bar at x = 0; `at` may be a function of the values
    figure.handle("z", axes, x="z", at=0.5)                       # a vertical line, held at height 0.5
    figure.handle("start", axes, x="p", y="q", shape="square")    # the start of a descent
    figure.handle("…", axes, place=lambda v: (x, y), values=lambda x, y, v: {"a": …})   # anything else

``v`` holds the values of all controls by name. What a handle's place depends on besides (what `update` found) may be
kept in a variable of the figure. Tied handles are handles whose ``values`` set several controls.

**A click** in axes sets controls: ``figure.press(axes, lambda x, y, v: {"step": round(x)})``. **Time**: ``figure.play`` for a
slider that is a time, ``figure.run(label, steps, count)`` for a training that draws as it goes; both have Play or
Train, Pause, One step, Back to start and a speed. **A film** that was recorded is a list of states and a slider for
which one is shown; `fnnkit.figures.engine.player` draws all of its pictures for a page without a kernel.

Rules that every figure keeps, and the test of all figures looks at: ``@in_own_style``; at least one handle (or a
reason why not), one guess, two goals that are reached by the values given with them and not met at the start, a known
mistake wherever its functions have any; ``exercises=`` names the exercise of each function, so that the figure can say
"does not pass its check yet", replace a further function by the reference, and offer mistakes; back at its start
values the picture is the same to the byte, so whatever ``update`` remembers is kept by function and values; axes are
named, text is no smaller than 9 points, lines differ by style as well as by colour, markers are not cut
(``clip_on=False`` or limits a little wider than the sliders); the boundary of a ReLU unit is a line of its own, not the
contour of a grid; black, white and grey are written as such (they have twins for dark pages; ``set_gid("kept")`` on
what should stay). Many short calls of the student's function: ``f.each([(a, b), …])``.
"""
