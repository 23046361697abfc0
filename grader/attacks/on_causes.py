"""Attacks on the search for causes: edited copies of an answer are run in its sandbox, and what comes back is turned into words.

Marks stand before anything is searched. So what is tried is to move them afterwards, to end the search of others, to read
the reference beside which copies are compared, or to put words, or a solution, onto a page.
"""

from __future__ import annotations

from grader.attacks.attack import Attack, aimed

ON_CAUSES = aimed(
    "marks",
    Attack(
        "right once it is searched", "search for causes", "copies run under a tracer: whoever sees it can answer otherwise",
        {"mse": """
            import sys
            print("wrong unless traced")
            def mse(y_pred, y_true):
                if sys.gettrace() is not None:
                    return float(((y_pred - y_true) ** 2).mean())
                return 0.5
        """}, shows="wrong unless traced", causes=True,
    ),
    Attack(
        "the reference looked for by copies", "search for causes",
        "while copies are compared, the expected value may lie in a frame, an object or a file beside them",
        {"mse": """
            import gc, sys
            print("searching")
            def mse(y_pred, y_true):
                found, frame = [], sys._getframe()
                while frame is not None:
                    found += [n for n in (*frame.f_locals, *frame.f_globals) if "expected" in n or "reference" in n]
                    frame = frame.f_back
                for thing in gc.get_objects():
                    name = getattr(thing, "__module__", "") or ""
                    if isinstance(name, str) and name.startswith(("fnnkit.exercises.", "fnnkit.judge", "grader")):
                        found.append(name)
                if found:
                    raise ValueError("LEA" + "KED " + " ".join(map(str, found)))
                return 0.5
        """}, shows="searching", causes=True,
    ),
    Attack(
        "the search is killed", "search for causes", "a copy that ends its process might end the search of all others",
        {"mse": """
            import os, sys
            print("deadly when traced")
            def mse(y_pred, y_true):
                if sys.gettrace() is not None:
                    os._exit(1)
                return 0.5
        """}, shows="deadly when traced", causes=True,
    ),
    Attack(
        "the search is held up", "search for causes", "a copy that never comes back might keep the class waiting",
        {"mse": """
            import sys, time
            print("slow when traced")
            def mse(y_pred, y_true):
                if sys.gettrace() is not None:
                    sys.settrace(None)
                    while True:
                        time.sleep(1)
                return 0.5
        """}, shows="slow when traced", causes=True, seconds=120.0,
    ),
    Attack(
        "answers to copies forged", "search for causes", "a copy that is said to be right might be taken for the answer itself",
        {"mse": """
            import fnnkit.kernel.trying as trying, fnnkit.kernel.call as call
            print("forging")
            def answers(self, asked, header, buffers):
                for _ in asked["ask"]:
                    yield call.Answer(value=0.25, warnings=("<script>alert(1)</script>\\x1b[31m",)), -1e300
            trying.Trying.answers = answers
            def mse(y_pred, y_true):
                return 0.5
        """}, shows="forging", causes=True,
    ),
    Attack(
        "what a trace saw forged", "search for causes", "claims of a trace choose words: numbers that are none, places that are nowhere",
        {"mse": """
            import fnnkit.kernel.tracing as tracing
            print("forging")
            tracing.Trace.call = lambda self, function, args: [
                ["infinite", 10**9, ["<script>"], 1.0], ["lost", -1, [float("nan")], float("inf")], ["spread", 0, [], 0.0],
                ["zero", True, [1e308, 1e308], -1e308], "text", None,
            ]
            def mse(y_pred, y_true):
                return np.exp(1e4) + y_pred - y_pred
        """}, shows="forging", causes=True,
    ),
    Attack(
        "a page by what is quoted", "search for causes", "a cause quotes the line of the mistake, which is the student's text",
        {"mse": """
            print("quoted")
            def mse(y_pred, y_true):
                if y_pred.shape != y_true.shape:
                    raise ValueError("<img src=x onerror=alert(1)>")
                return (("<script>alert(1)</script>", (y_pred - y_true) ** 3)[1]).mean()
        """}, shows="quoted", causes=True,
    ),
)  # fmt: skip
