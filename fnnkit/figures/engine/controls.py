"""Controls of a figure: widgets with names, which work by keyboard in JupyterLab and in Notebook 7."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from typing import Any

import ipywidgets as widgets


def slider(
    label: str,
    value: float,
    low: float,
    high: float,
    step: float | None = None,
    *,
    every_step: bool = True,
    digits: int | None = None,
) -> Any:
    """Make a slider for a number; whole numbers where the value, both ends and the step are of type int.

    Parameters
    ----------
    label : str
        Its name, shown beside it and read by screen readers: plain text, such as "σ" or "number of units".
    value, low, high : float
        Where it stands first, and its ends.
    step : float, optional
        By default 1 for whole numbers, and a hundredth of the range for others.
    every_step : bool
        False where a picture takes longer than a tenth of a second: the figure then waits until the slider is let go.
    digits : int, optional
        Digits after the point of the number beside it; as many as the step has by default.
    """
    whole = all(isinstance(v, int) for v in (value, low, high, 1 if step is None else step))
    if step is None:
        step = 1 if whole else (high - low) / 100
    if digits is None:
        digits = max(0, len(f"{step:.6g}".partition(".")[2]))
    options: dict[str, Any] = {} if whole else {"readout_format": f".{digits}f"}
    make = widgets.IntSlider if whole else widgets.FloatSlider
    return make(
        value=value, min=low, max=high, step=step, description=label, continuous_update=every_step,
        layout=_layout(), style=style(label), **options,
    )  # fmt: skip


def dropdown(label: str, options: Iterable[Any] | Mapping[str, Any], value: Any = None) -> Any:
    """Make a list to choose one from.

    Parameters
    ----------
    label : str
        Its name.
    options : iterable or mapping
        What can be chosen: texts, or values by the text that is shown.
    value : object, optional
        What is chosen first; the first option by default.
    """
    pairs = list(options.items()) if isinstance(options, Mapping) else [(str(o), o) for o in options]
    return widgets.Dropdown(
        options=pairs,
        value=pairs[0][1] if value is None else value,
        description=label,
        layout=_layout(),
        style=style(label),
    )


def toggle(label: str, value: bool = False) -> Any:
    """Make a box to tick."""
    return widgets.Checkbox(value=value, description=label, indent=False, layout=_layout())


def table(
    caption: str, head: Iterable[str], rows: Iterable[Iterable[object]], emphasised: int | None = None
) -> str:
    """Write a table in HTML: the numbers of a picture for those who do not see it, or who want them exactly.

    Parameters
    ----------
    caption : str
        What it shows.
    head : iterable of str
        Names of the columns.
    rows : iterable of iterable
        Cells; the first of a row names it. Numbers of type float are written with four digits.
    emphasised : int, optional
        The row that is shown in bold type.
    """

    def text(cell: object) -> str:
        return html.escape(f"{cell + 0.0:.4g}" if isinstance(cell, float) else str(cell))

    pad = "padding:.15em .8em;text-align:right;font-variant-numeric:tabular-nums"
    left = "padding:.15em .8em;text-align:left"
    top = "".join(
        f'<th scope="col" style="{pad if i else left}">{text(h)}</th>' if h else "<td></td>"
        for i, h in enumerate(head)
    )
    body = ""
    for number, row in enumerate(rows):
        first, *rest = row
        weight = "bold" if number == emphasised else "normal"
        body += f'<tr style="font-weight:{weight}"><th scope="row" style="{left};font-weight:inherit">{text(first)}</th>'
        body += "".join(f'<td style="{pad}">{text(c)}</td>' for c in rest) + "</tr>"
    return (
        '<table style="border-collapse:collapse;line-height:1.45;margin:.3em 0">'
        f'<caption style="text-align:left;font-weight:bold">{html.escape(caption)}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    )


def paragraph(text: str, role: str = "") -> str:
    """Write a paragraph in HTML; ``role="status"`` has screen readers read it whenever it changes."""
    live = f' role="{role}" aria-live="polite"' if role else ""
    return f'<div{live} style="line-height:1.45;max-width:72em">{html.escape(text)}</div>'


def steady(widget: Any, lines: int) -> Any:
    """Reserve the height of so many lines for a text, so that a longer one moves nothing below; give it back."""
    widget.layout.min_height = f"{1.45 * lines + 0.3:.2f}em"
    widget.add_class("fnnkit-steady")
    return widget


def style(label: str) -> dict[str, str]:
    """Width of a label: narrow for symbols."""
    return {"description_width": "40px" if len(label) <= 4 else "130px"}


def _layout() -> Any:
    return widgets.Layout(width="340px", max_width="calc(100% - 4px)")
