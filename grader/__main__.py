"""The `grader` command, and one clear line where its packages are not installed."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line."""
    try:
        import jinja2
        import jupytext
        import rich
        import typer

        del jinja2, jupytext, rich, typer
    except ModuleNotFoundError as missing:
        sys.exit(
            f"grader: {missing.name} is not installed; in a clone of the course: pip install -e '.[grader]'"
        )
    from grader.cli import run

    run()


if __name__ == "__main__":
    main()
