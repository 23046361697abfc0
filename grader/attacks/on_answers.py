"""Attacks on marks from outside the tests: metadata, answers that are forged, objects that claim to be right."""

from __future__ import annotations

from grader.attacks.attack import Attack, aimed
from grader.attacks.changes import REPLY, checks, doubled, scored, second_answer_is_the_check, whole

ON_ANSWERS = aimed(
    "marks",
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
        file=whole(second_answer_is_the_check),
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
"""}, shows="taken", seconds=120,  # every cell and every function has to use up its own time
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
