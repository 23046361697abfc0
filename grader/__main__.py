"""The `grader` command, and one clear line where its packages are not installed."""

from __future__ import annotations

import sys
from importlib.util import find_spec


def main() -> None:
    """Run the command line."""
    for name in ("jinja2", "jupytext", "rich", "typer"):
        if find_spec(name) is None:
            sys.exit(f"grader: {name} is not installed; in a clone of the course: pip install -e '.[grader]'")
    # jsonschema, which reads notebooks, would build a grammar of web addresses with it for a second, each time: no
    # notebook has a field whose format that is.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from grader.commands import run

    run()


if __name__ == "__main__":
    main()
