"""A stub that a cell runs into is one line; every other error is the traceback that it always was."""

import subprocess
import sys
import textwrap

SHELL = """
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(colors="nocolor")
{before}
import fnnkit.exercises
for cell in {cells!r}:
    done = shell.run_cell(cell)
    print("ERROR", type(done.error_in_exec).__name__)
"""


def said(*cells, before=""):
    program = SHELL.format(cells=[textwrap.dedent(c) for c in cells], before=before)
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return done.stdout


STUB = """
def relu(z):
    \"\"\"Rectified.\"\"\"
    raise NotImplementedError
"""


def test_a_cell_that_needs_a_stub_says_which_in_a_line_and_still_counts_as_stopped():
    out = said(STUB, "print(relu(1))\nprint('after')")
    assert (
        "This cell needs your `relu`, which has no code yet: write it, run its cell, then run this one again."
        in out
    )
    assert "Traceback" not in out
    assert "after" not in out
    assert out.rstrip().endswith("ERROR NotImplementedError")


def test_a_stub_below_another_function_is_named_and_not_the_one_that_calls_it():
    out = said(STUB, "def layer(z):\n    return relu(z) + 1\nlayer(0)")
    assert "needs your `relu`" in out


def test_other_errors_keep_their_traceback():
    assert "Traceback" in said("1 / 0")
    out = said(
        "class Base:\n    def size(self):\n        x = NotImplementedError('say how')\n        raise x\nBase().size()"
    )
    assert "Traceback" in out
    assert "say how" in out


def test_whoever_has_words_of_his_own_keeps_them():
    before = "shell.set_custom_exc((KeyError,), lambda *a, **k: print('mine'))"
    out = said("{}['a']", STUB, "relu(1)", before=before)
    assert "mine" in out
    assert "no code yet" not in out
