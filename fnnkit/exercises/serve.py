"""Inside the marking sandbox: call functions of the notebook by name and send what they give, case by case.

It runs in the student's kernel, so what it sends is a claim that the judge treats as such. It holds no expected
value. In the sandbox it stands beside `call`, `named` and `wire`, and imports nothing else of fnnkit.
"""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

from fnnkit.exercises.call import Answer, Raised, call
from fnnkit.exercises.wire import NotPlain, decode, encode, readable

MESSAGE = "fnnkit_answer"
ENDED = "fnnkit_ended"
"""Said of a function after whose call nothing more could be sent; the next one has its turn."""


def serve(*names: str) -> None:
    """Answer the cases that came with the request that is being executed, one function after another."""
    from IPython.core.getipython import get_ipython

    kernel = get_ipython().kernel
    parts = iter(kernel.get_parent("shell")["buffers"])
    for name, count in zip(names, json.loads(bytes(next(parts))), strict=True):
        try:
            _serve(kernel, name, *islice(parts, count))
        except BaseException as problem:  # an interrupt of the student's own: it costs this function alone
            _send(kernel, ENDED, {"exercise": name, "kind": type(problem).__name__})


def _serve(kernel: Any, name: str, header: Any, *buffers: Any) -> None:
    function = kernel.shell.user_ns.get(name)
    for index, args in enumerate(decode(bytes(header).decode(), buffers)):
        if callable(function):
            answer = call(function, args)
        else:
            answer = Answer(
                error=Raised(("Missing",), "" if function is None else "the name is not a function")
            )
        value, parts = encode(answer.value)
        content = {
            "exercise": name,
            "index": index,
            "value": value,
            "error": [list(answer.error.kinds), answer.error.message, answer.error.line]
            if answer.error
            else None,
            "warnings": list(answer.warnings),
            "changed": list(answer.changed),
        }
        _send(kernel, MESSAGE, content, list(parts))


def _send(kernel: Any, kind: str, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
    kernel.session.send(
        kernel.iopub_socket, kind, content, parent=kernel.get_parent("shell"), buffers=buffers or []
    )


def read_answer(content: Any, buffers: Any) -> tuple[int, Answer]:
    """Decode one message of `serve`, trusting nothing in it.

    Raises
    ------
    wire.NotPlain
        If it is anything else than what `serve` sends.
    """
    try:
        index, error = content["index"], content["error"]
        texts, changed = content["warnings"], content["changed"]
        if type(index) is not int or type(texts) is not list or type(changed) is not list:
            raise NotPlain("an answer of an unknown form")
        if not all(type(i) is int for i in changed) or not all(type(t) is str for t in texts):
            raise NotPlain("an answer of an unknown form")
        raised = None
        if error is not None:
            kinds, message, line = error
            if (
                type(kinds) is not list
                or not kinds
                or not all(type(k) is str for k in [*kinds, message, line])
            ):
                raise NotPlain("an exception of an unknown form")
            raised = Raised(
                tuple(readable(k, 80) for k in kinds[:12]), readable(message, 300), readable(line, 120)
            )
        value = decode(content["value"], buffers)
    except (KeyError, TypeError, ValueError) as problem:
        raise NotPlain(f"an answer of an unknown form ({type(problem).__name__})") from None
    warned = tuple(readable(t, 300) for t in texts[:5])
    return index, Answer(value, raised, warned, tuple(changed[:20]))


def request(*questions: list[tuple[Any, ...]]) -> list[bytes]:
    """The buffers of a request: how many each function has, and the arguments of all its cases, encoded."""
    counts, parts = [], []
    for cases in questions:
        header, buffers = encode([tuple(args) for args in cases])
        json.loads(header)  # what cannot be read back is a mistake of the exercise, found here
        parts += [header.encode(), *buffers]
        counts.append(1 + len(buffers))
    return [json.dumps(counts).encode(), *parts]
