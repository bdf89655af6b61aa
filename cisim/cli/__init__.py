"""The command line."""

from cisim.cli.ended import run_and_leave
from cisim.cli.program import app, main

__all__ = ["app", "main", "start"]


def start() -> None:
    """Run the command line of this process, and end it with its exit code."""
    run_and_leave(main)
