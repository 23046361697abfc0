"""Attacks on marks: tricks that give points for wrong answers where tests run inside the student's kernel.

Many are known from other autograders: objects that equal everything (jupyter/nbgrader #1379), patched assertions and
runners, overridden `showtraceback` (jupyter/nbgrader #1324), skipped cells, hidden values read from frames.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from grader.attacks.attack import Attack, aimed

REPLY = """
import json
from IPython import get_ipython
from fnnkit.kernel.line import packets
kernel = get_ipython().kernel

def send(*parts):
    for packet in packets(parts):
        kernel.session.line.send(packet)

def answer(value, index, error=None, **more):
    content = dict(exercise="mse", index=index, error=error, warnings=[], changed=[]) | more
    send(json.dumps(content).encode(), value.encode())

"""


def checks(edit: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], str]:
    """A notebook whose check cells are changed."""

    def made(notebook: dict[str, Any]) -> str:
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("check_"):
                edit(cell)
        return json.dumps(notebook)

    return made


def whole(edit: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], str]:
    """A notebook that is changed as a whole."""

    def made(notebook: dict[str, Any]) -> str:
        edit(notebook)
        return json.dumps(notebook)

    return made


def doubled(notebook: dict[str, Any]) -> None:
    """Check cells pasted twice, the copy skipped: nbgrader alone stops the whole class at this."""
    for cell in list(notebook["cells"]):
        if cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("check_"):
            again = copy.deepcopy(cell)
            again["metadata"]["tags"] = ["skip-execution"]
            again["id"] = "again" + str(len(notebook["cells"]))
            notebook["cells"].append(again)


def scored(cell: dict[str, Any]) -> None:
    """Outputs that look like those of a grader that gave full marks."""
    data = {"text/plain": "1000.0", "text/html": "<b>full marks</b>"}
    cell["outputs"] = [{"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}]


def second_answer_is_the_check(notebook: dict[str, Any]) -> None:
    """Check cells that call themselves answers, so that what they hold is run as one."""
    for cell in notebook["cells"]:
        mark = cell["metadata"].get("nbgrader", {})
        if mark.get("grade_id", "").startswith("check_"):
            mark.update(
                grade_id=mark["grade_id"].removeprefix("check_"), solution=True, grade=True, points=100
            )
            cell["source"] = "100.0"


ON_MARKS = aimed(
    "marks",
    Attack(
        "assertions of numpy replaced", "patching", "every comparison of numpy says yes",
        {"mse": """
            import numpy as np
            for name in ("allclose", "isclose", "array_equal", "array_equiv"):
                setattr(np, name, lambda *a, **k: True)
            np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None
            print("patched", np.allclose(1, 2))
        """}, shows="patched True",
    ),
    Attack(
        "builtins replaced", "patching", "isinstance, all, abs, len and round of everybody in the kernel lie",
        {"mse": """
            import builtins
            print("patched")
            builtins.all = builtins.any = lambda *a: True
            builtins.abs = lambda *a: 0
            builtins.round = lambda *a: 0
            builtins.sorted = lambda *a, **k: []
        """}, shows="patched",
    ),
    Attack(
        "the caller of functions replaced", "patching", "what calls the student's function answers by itself",
        {"mse": """
            import fnnkit.kernel.call as call, fnnkit.kernel.serve as serve
            serve.call = call.call = lambda function, args, watch=None: call.Answer(value=0.25)
            print("patched")
        """}, shows="patched",
    ),
    Attack(
        "the server of answers replaced", "patching", "nothing answers, and silence might count as a pass",
        {"mse": """
            import fnnkit.kernel.serve as serve
            serve._call = lambda *a: None
            print("patched")
        """}, shows="patched", explains="no answer came back",
    ),
    Attack(
        "the encoding replaced", "patching", "every value crosses as a function of the course",
        {"mse": """
            import fnnkit.kernel.wire as wire, fnnkit.kernel.serve as serve
            serve.encode = wire.encode = lambda value: ('{"named": "sine", "parameters": {"dict": []}}', [])
            print("patched")
        """}, shows="patched",
    ),
    Attack(
        "json replaced", "patching", "each text that leaves the kernel says that all is well",
        {"mse": """
            import json
            dumps = json.dumps
            def lie(thing, *a, **k):
                if isinstance(thing, dict) and "dtype" in thing or thing == {"float": (0.5).hex()}:
                    return dumps({"float": (0.0).hex()}, *a, **k)
                return dumps(thing, *a, **k)
            json.dumps = lie
            print("patched")
        """}, shows="patched",
    ),
    Attack(
        "frames, garbage and modules searched", "frames", "the expected value or the judge is somewhere in memory",
        {"mse": """
            import gc, sys
            print("searched")
            def mse(*a):
                frame, found = sys._getframe(), []
                while frame is not None:
                    found += [v for k, v in frame.f_locals.items() if "expect" in k or "reference" in k or "right" in k]
                    frame = frame.f_back
                found += [o for o in gc.get_objects() if type(o).__name__ in ("Trial", "Case", "Exercise", "Verdict")]
                found += [m for m in sys.modules if "reference" in m or m.startswith(("grader", "fnnkit.losses"))]
                if found:
                    return found[0]
                raise LookupError("nothing was found")
        """}, shows="searched", explains="nothing was found",
    ),
    Attack(
        "memory searched for the reference", "frames", "the text of the solution was read by this process once",
        {"mse": """
            import re
            wanted, found = [b"np.linalg.p" + b"inv(", b"Miscon" + b"ception(", b"Criter" + b"ion("], []
            for line in open("/proc/self/maps"):
                start, end = (int(n, 16) for n in line.split()[0].split("-"))
                if "rw" in line and end - start < 1 << 28:
                    try:
                        with open("/proc/self/mem", "rb") as memory:
                            memory.seek(start)
                            held = memory.read(end - start)
                        found += [w for w in wanted if w in held]
                    except OSError:
                        pass
            print("searched", found)
        """}, shows=r"searched \[\]",
    ),
    Attack(
        "the caller's variables changed", "frames", "the frame that calls the function is edited from inside it",
        {"mse": """
            import ctypes, sys
            print("tried")
            def mse(*a):
                frame = sys._getframe(1)
                for name in ("error", "value", "given", "before"):
                    if name in frame.f_locals:
                        frame.f_locals[name] = None
                        ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
                return 0.5
        """}, shows="tried",
    ),
    Attack(
        "assertions stripped from the syntax tree", "transformers", "IPython drops every assert and expression",
        {"mse": """
            import ast
            from IPython import get_ipython
            print("stripped")
            class Strip(ast.NodeTransformer):
                def visit_Assert(self, node): return ast.Pass()
                def visit_Expr(self, node): return ast.Pass()
            get_ipython().ast_transformers.append(Strip())
        """}, shows="stripped",
    ),
    Attack(
        "every later input becomes pass", "transformers", "checks that do nothing pass: full marks in stock nbgrader",
        {"mse": """
            from IPython import get_ipython
            print("transformed")
            get_ipython().input_transformers_cleanup.append(lambda lines: ["pass\\n"])
        """}, shows="transformed",
    ),
    Attack(
        "source of later cells rewritten", "transformers", "numbers in whatever is run after this cell are replaced",
        {"mse": """
            import re
            from IPython import get_ipython
            print("transformed")
            get_ipython().input_transformers_post.append(lambda lines: [re.sub("raise .*", "pass", l) for l in lines])
        """}, shows="transformed",
    ),
    Attack(
        "displayhook inside the function", "hooks", "a result before the error counts as the score in stock nbgrader",
        {"mse": """
            from IPython import get_ipython
            def mse(*a):
                get_ipython().displayhook(1.0)
                return 0.5
            get_ipython().displayhook(1.0)
        """}, shows="1.0",
    ),
    Attack(
        "showtraceback, run_code and run_cell", "hooks", "the shell never fails and never runs anything",
        {"mse": """
            from IPython import get_ipython
            print("hooked")
            shell = get_ipython()
            shell.showtraceback = lambda *a, **k: None
            async def nothing(*a, **k): return False
            shell.run_code = nothing
            shell.run_cell = lambda *a, **k: None
        """}, shows="hooked",
    ),
    Attack(
        "clear_output after a failure", "hooks", "the output that says what is wrong is wiped",
        {"mse": """
            from IPython.display import clear_output, display
            print("hooked")
            def mse(*a):
                clear_output()
                return display("1.0")
        """}, shows="hooked",
    ),
    Attack(
        "events, import hooks and exits", "hooks", "code of the student runs before, after and below everything else",
        {"mse": """
            import atexit, sys
            from IPython import get_ipython
            print("hooked")
            for event in ("pre_run_cell", "post_run_cell", "pre_execute", "post_execute"):
                get_ipython().events.register(event, lambda *a: get_ipython().displayhook(1.0))
            class Finder:
                def find_spec(self, name, path=None, target=None):
                    if name.startswith("fnnkit"): raise ImportError(name)
            sys.meta_path.insert(0, Finder())
            atexit.register(print, "1.0")
            sys.excepthook = sys.unraisablehook = lambda *a: None
        """}, shows="hooked",
    ),
    Attack(
        "tracing of every call", "hooks", "a trace function changes what functions return",
        {"mse": """
            import sys, threading
            print("hooked")
            def trace(frame, event, argument):
                if event == "return" and frame.f_code.co_name == "call":
                    frame.f_locals["value"] = 0.25
                return trace
            sys.settrace(trace); threading.settrace(trace); sys.setprofile(lambda *a: None)
        """}, shows="hooked",
    ),
    Attack(
        "check cells skipped by their tag", "metadata",
        "nbclient skips cells with this tag, and nbgrader gives full marks for a check that says nothing",
        file=checks(lambda cell: cell["metadata"].update(tags=["skip-execution"])),
    ),
    Attack("check cells emptied", "metadata", "the check is a number", file=checks(lambda cell: cell.update(source="1.0"))),
    Attack(
        "check cells that give no marks", "metadata", "an ungraded check cannot lose points",
        file=checks(lambda cell: cell["metadata"]["nbgrader"].update(grade=False)),
    ),
    Attack(
        "check cells worth a hundred points", "metadata", "points are read from the submission",
        file=checks(lambda cell: cell["metadata"]["nbgrader"].update(points=100)),
    ),
    Attack(
        "check cells unlocked", "metadata", "a check that is an answer belongs to the student",
        file=checks(lambda cell: cell["metadata"]["nbgrader"].update(locked=False, solution=True)),
    ),
    Attack("check cells without metadata", "metadata", "no grader knows them any more", file=checks(lambda cell: cell["metadata"].clear())),
    Attack("check cells doubled and skipped", "metadata", "the copy counts, and nbgrader alone stops the class", file=whole(doubled)),
    Attack("outputs of a grader", "metadata", "scores are read from stored outputs", file=checks(scored)),
    Attack(
        "check cells that call themselves answers", "metadata", "the last cell with an id counts",
        file=whole(second_answer_is_the_check), explains="the last one counts",
    ),
    Attack(
        "another kernel named in the notebook", "metadata", "the notebook says which program runs it",
        file=whole(lambda n: n["metadata"].update(kernelspec={"name": "python3", "display_name": "x", "language": "python"})),
    ),
    Attack(
        "notes and provenance forged", "metadata", "metadata of the grader's own, written by the student",
        file=checks(
            lambda cell: cell["metadata"].update(
                fnnkit={"notes": ["<b>full marks</b>"], "points": 1}, trusted=True, deletable=False, editable=True
            )
        ),
    ),
    Attack(
        "check cells turned into text", "metadata", "a graded text is marked by hand, or not at all",
        file=checks(lambda cell: (cell.update(cell_type="markdown"), cell.pop("outputs"), cell.pop("execution_count"))),
    ),
    Attack(
        "the library's own functions", "reference reuse", "the course's package holds the right answer",
        {"mse": """
            try:
                from fnnkit.losses import mse as right
            except ImportError as error:
                print("refused:", error)
                right = lambda *a: 0.5
            def mse(*a):
                return right(*a)
        """}, shows="refused: ",
    ),
    Attack(
        "the exercise's own reference", "reference reuse", "the declaration of the exercise names its reference",
        {"mse": """
            import fnnkit.exercises as e
            print("declares", [n for n in ("exercise", "exercises", "registry", "judge", "compare", "ch1_xor") if hasattr(e, n)])
            def mse(*a):
                return e.exercise("mse").reference(*a)
        """}, shows=r"declares \[\]",
    ),
    Attack(
        "every file searched for a solution", "reference reuse", "a solution lies somewhere on the disk",
        {"mse": """
            import os
            marks, found = ("def fit_" + "linear(", "def xor_" + "network("), []
            for base, folders, files in os.walk("/"):
                if base.startswith(("/proc", "/sys", "/dev", "/usr", "/site/numpy", "/site/matplotlib")):
                    folders.clear()
                    continue
                for name in files:
                    if name.endswith((".py", ".ipynb", ".json", ".db")):
                        try:
                            text = open(os.path.join(base, name), errors="replace").read(2_000_000)
                        except OSError:
                            continue
                        found += [os.path.join(base, name) for m in marks if m in text]
            print("searched", found)
        """}, shows=r"searched \[\]",
    ),
    Attack(
        "other libraries that know the answer", "reference reuse", "scikit-learn or PyTorch computes it",
        {"mse": """
            missing = []
            for name in ("sklearn", "scipy", "torch", "nbgrader", "grader", "pip", "autograd", "fnnkit.losses"):
                try:
                    __import__(name)
                except ImportError:
                    missing.append(name)
            print("missing", len(missing))
        """}, shows="missing 8",
    ),
    Attack(
        "inputs cached and generators re-seeded", "caching inputs", "the same numbers come again, or are made to",
        {"mse": """
            import numpy as np, random
            print("seeded")
            random.seed(0); np.random.seed(0)
            np.random.default_rng = lambda *a: np.random.Generator(np.random.PCG64(0))
            seen = []
            def mse(*a):
                seen.append(a)
                return seen[0][0].sum()
        """}, shows="seeded",
    ),
    Attack(
        "inputs kept for the next kernel", "caching inputs",
        "what is asked is written down, the kernel ends, and the next one reads what will be asked",
        {"mse": """
            import os, pickle
            places = ["/tmp/kept", "/job/kept", "/dev/shm/kept", "/ipc/kept"]
            print("found", [p for p in places if os.path.exists(p)])
            def mse(*a):
                for place in places:
                    with open(place, "wb") as file:
                        pickle.dump(a, file)
                os._exit(0)
        """}, shows=r"found \[\]",
    ),
    Attack(
        "an answer for each position", "caching inputs", "cases come in the same order, so a counter knows the answer",
        {"mse": """
            print("counts")
            answers = iter([0.25, 0.5, 1.0, 0.0] * 50)
            def mse(*a):
                return next(answers)
        """}, shows="counts",
    ),
    Attack(
        "inputs changed in place", "caching inputs", "the comparison might use the arrays that the function was given",
        {"mse": """
            print("changes")
            def mse(*a):
                for x in a:
                    x[...] = 0
                return 0.0
            def fit_linear(X, y):
                X[...] = 0; y[...] = 0
                return X[0], 0.0
            def xor_network(X, W, c, w, b):
                for x in (X, W, c, w): x[...] = 0
                return X @ W, X @ W @ w
        """}, shows="changes",
    ),
    Attack(
        "equal to everything", "objects", "an object that equals, exceeds and contains everything",
        {"mse": """
            class Yes:
                def __eq__(self, other): return True
                def __ne__(self, other): return False
                def __lt__(self, other): return True
                __le__ = __gt__ = __ge__ = __lt__
                def __sub__(self, other): return 0
                __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __sub__
                def __array__(self, *a, **k): return 0.25
                def __float__(self): return 0.25
                def __len__(self): return 2
                def __iter__(self): return iter((self, self))
                def __getitem__(self, i): return self
                shape, dtype, ndim, size = (), float, 0, 1
            print("equal", Yes() == 5)
            mse = fit_linear = xor_network = lambda *a: Yes()
        """}, shows="equal True",
    ),
    Attack(
        "a float that lies", "objects", "a subclass of float that equals everything and hides its value",
        {"mse": """
            class Lie(float):
                def __eq__(self, other): return True
                def hex(self): return (0.25).hex()
                def __sub__(self, other): return 0.0
            print("equal", Lie(0.5) == 7)
            mse = lambda *a: Lie(0.5)
        """}, shows="equal True",
    ),
    Attack(
        "a class that lies about its class", "objects", "__class__ says ndarray, pickling and copying run code",
        {"mse": """
            import numpy as np
            class Lie:
                __class__ = np.ndarray
                def __reduce__(self): return (print, ("ran",))
                def __array_interface__(self): return {"shape": (), "typestr": "<f8", "data": (0, False), "version": 3}
            print("claims", isinstance(Lie(), np.ndarray))
            mse = fit_linear = xor_network = lambda *a: Lie()
        """}, shows="claims True",
    ),
    Attack(
        "generators, coroutines and functions", "objects", "what is compared is made only when somebody looks",
        {"mse": """
            print("lazy")
            def mse(*a):
                yield 0.25
            async def fit_linear(*a):
                return 1
            def xor_network(*a):
                return lambda *b: b
        """}, shows="lazy",
    ),
    Attack(
        "an array subclass", "ndarray subclasses", "arithmetic and comparison of the subclass are the student's",
        {"mse": """
            import numpy as np
            class Lie(np.ndarray):
                def __eq__(self, other): return np.True_
                def __array_ufunc__(self, *a, **k): return np.zeros(())
            print("equal", np.zeros(()).view(Lie) == 1)
            mse = lambda *a: np.zeros(()).view(Lie)
        """}, shows="equal True",
    ),
    Attack(
        "masked arrays and matrices", "ndarray subclasses", "what is masked is never unequal, and a matrix never flat",
        {"mse": """
            import numpy as np
            print("masked", bool(np.ma.masked_all(2).filled(0).any()))
            mse = lambda *a: np.ma.masked_all(())
            fit_linear = lambda X, y: (np.ma.masked_all(X.shape[1]), np.ma.masked)
            xor_network = lambda X, W, c, w, b: (np.matrix(X @ W + c), np.matrix(X @ W @ w))
        """}, shows="masked",
    ),
    Attack(
        "an array of objects", "wrong dtypes", "its elements equal everything",
        {"mse": """
            import numpy as np
            class Yes:
                __eq__ = __lt__ = __le__ = lambda self, other: True
            print("equal", (np.array([Yes()], dtype=object) == 3).all())
            mse = lambda *a: np.array(Yes(), dtype=object)
        """}, shows="equal True",
    ),
    Attack(
        "not a number, infinity", "wrong dtypes", "no difference to them is larger than a tolerance",
        {"mse": """
            import numpy as np
            print("nan")
            mse = lambda *a: float("nan")
            fit_linear = lambda X, y: (np.full(X.shape[1], np.nan), np.nan)
            xor_network = lambda X, W, c, w, b: (np.full((len(X), W.shape[1]), np.inf), np.full(len(X), np.longdouble("inf")))
        """}, shows="nan",
    ),
    Attack(
        "texts, dates and records in the place of numbers", "wrong dtypes", "a dtype that the comparison does not know",
        {"mse": """
            import numpy as np
            kinds = [np.array("0.25"), np.datetime64("2020-01-01"), np.timedelta64(0), np.zeros((), "f8,f8"), np.void(b"1"),
                     np.array(0.25, "f2"), np.True_, 1 + 0j, "0.25", b"0.25", True, None, np.str_("0.25"), range(3), {0.25}]
            print("kinds", len(kinds))
            rest = iter(kinds * 50)
            mse = lambda *a: next(rest)
        """}, shows="kinds 15",
    ),
    Attack(
        "shapes that broadcast", "wrong dtypes", "one entry stands for all of them",
        {"mse": """
            import numpy as np
            print("broadcasts")
            mse = lambda *a: np.zeros((1, 1, 1))
            fit_linear = lambda X, y: (np.zeros(1), np.zeros((1, 1)))
            xor_network = lambda X, W, c, w, b: (np.zeros((1, 1)), np.zeros(1))
        """}, shows="broadcasts",
    ),
    Attack(
        "answers many times over", "forged answers", "the kernel answers by itself, every case and more, the right way once",
        {"mse": REPLY + """
print("answers")
def mse(*a):
    for index in (*range(-50, 50), 10**30):
        answer('{"float": "0x1.0p-2"}', index)
    return 0.5
"""}, shows="answers",
    ),
    Attack(
        "the next exercise answered by this one", "forged answers", "what is sent too early is read as what was asked for later",
        {"mse": REPLY + """
print("early")
def mse(*a):
    for name in ("fit_linear", "xor_network", "", None, ["fit_linear"]):
        answer('{"float": "0x1.0p-2"}', 0, exercise=name)
    return 0.25
"""}, shows="early",
    ),
    Attack(
        "cells that ran, says the first", "forged answers", "a cell reports that the ones after it have run",
        {"mse": REPLY + """
print("ran", flush=True)
for number in range(100):
    send(json.dumps({"ran": str(number), "kind": "", "error": ""}).encode())
def mse(*a): return 0.25
"""}, shows="ran",
    ),
    Attack(
        "questions read by somebody else", "forged answers", "a thread takes the questions off the line, and answers them",
        {"mse": REPLY + """
import threading
def take():
    while True:
        kernel.session.line.recv(1 << 17)
        for index in range(50):
            answer('{"float": "0x1.0p-2"}', index)
print("taken")
threading.Thread(target=take, daemon=True).start()
"""}, shows="taken",
    ),
    Attack(
        "an exception of the wanted kind, always", "forged answers", "one case wants an exception: claim it for all",
        {"mse": REPLY + """
print("raises")
def mse(*a):
    answer("null", 0, error=[["ValueError"], "", ""])
    raise ValueError
"""}, shows="raises",
    ),
)  # fmt: skip
