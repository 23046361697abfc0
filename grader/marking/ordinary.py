"""Notebooks as Jupyter writes them, told from those at which somebody has to look twice.

nbformat's own reader takes six milliseconds for a notebook, most of what reading a submission takes. What is ordinary
passes it, so it is asked only about the rest (a test asks it about all).
"""

from __future__ import annotations

from typing import Any

DEEPEST = 30
NOTEBOOK = {"cells", "metadata", "nbformat", "nbformat_minor"}
CELL = {"cell_type", "id", "metadata", "source"}
CODE = CELL | {"execution_count", "outputs"}
OUTPUTS = {
    "stream": {"output_type", "name", "text"},
    "display_data": {"output_type", "data", "metadata"},
    "execute_result": {"output_type", "data", "metadata", "execution_count"},
    "error": {"output_type", "ename", "evalue", "traceback"},
}


def is_ordinary(data: Any) -> bool:
    """Whether what JSON gave is a notebook of format 4 with nothing but the parts that Jupyter writes."""
    return (
        type(data) is dict
        and data.keys() <= NOTEBOOK
        and type(data.get("nbformat")) is int
        and data["nbformat"] == 4
        and type(data.get("metadata")) is dict
        and type(data.get("nbformat_minor")) is int
        and 0 <= data["nbformat_minor"] <= 5
        and type(data.get("cells")) is list
        and all(map(_is_cell, data["cells"]))
        and _is_flat(data)
    )


def _is_cell(cell: Any) -> bool:
    if type(cell) is not dict:
        return False
    kind = cell.get("cell_type")
    if (
        type(cell.get("metadata")) is not dict
        or type(cell.get("id", "")) is not str
        or not _is_text(cell.get("source"))
    ):
        return False
    if kind != "code":
        return kind in ("markdown", "raw") and cell.keys() <= CELL
    outputs = cell.get("outputs")
    return cell.keys() <= CODE and type(outputs) is list and all(map(_is_output, outputs))


def _is_output(output: Any) -> bool:
    if type(output) is not dict or type(output.get("output_type")) is not str:
        return False
    kind = output["output_type"]
    if output.keys() != OUTPUTS.get(kind):
        return False
    if kind == "stream":
        return _is_text(output["text"])
    if kind == "error":
        return _is_text(output["traceback"])
    return type(output["data"]) is dict and type(output["metadata"]) is dict


def _is_text(value: Any) -> bool:
    return type(value) is str or (type(value) is list and all(type(line) is str for line in value))


def _is_flat(data: dict[str, Any]) -> bool:
    """Whether nothing in it is nested so deeply that a reader could run out of stack."""
    level: list[Any] = [data]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for thing in level:
            parts = thing.values() if type(thing) is dict else thing
            below += [part for part in parts if type(part) is dict or type(part) is list]
        if not below:
            return True
        level = below
    return False
