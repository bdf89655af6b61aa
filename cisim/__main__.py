"""Lets `python -m cisim` do what the `cisim` command does."""

from cisim.cli import start

if __name__ == "__main__":
    start()
