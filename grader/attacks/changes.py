"""What several attacks do to a notebook or to the line of its kernel."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

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
