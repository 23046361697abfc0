"""Attacks on marks: tricks that give points for wrong answers where tests run inside the student's kernel.

Many are known from other autograders: objects that equal everything (jupyter/nbgrader #1379), patched assertions and
runners, overridden `showtraceback` (jupyter/nbgrader #1324), skipped cells, hidden values read from frames.
"""

from __future__ import annotations

from grader.attacks.attack import Attack, aimed

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
)  # fmt: skip
