"""The command line."""

from cisim.cli.program import app, main

__all__ = ["app", "main"]
