"""Lets `python -m cisim` do what the `cisim` command does."""

import sys

from cisim.cli import main

if __name__ == "__main__":
    sys.exit(main())
