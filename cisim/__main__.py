"""Lets `python -m cisim` do what the `cisim` command does."""

from cisim.cli import main

if __name__ == "__main__":
    main()
