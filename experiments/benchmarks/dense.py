"""A survey in which everybody knows many others: tables as people fill them in."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

TOWNS = 40
SECTORS = ("education", "health", "social", "youth", "third", "private")
CONTACT = ("never", "a few times a year", "every month", "every week")
MAPPING = f"""[organisations]
name = "organisation"
community = "municipality"
[ties]
from = "from"
to = "to"
[[ties.measures]]
column = "trust"
kind = "trust"
scale = [1, 5]
[[ties.measures]]
column = "contact"
kind = "contact"
levels = {list(CONTACT)}
[assume]
region = "Dense"
children = 2200
"""


def write_survey(folder: Path, organisations: int, ties: int) -> None:
    """Write organisations, ties and a mapping into a folder; no pair of organisations comes twice.

    ties : at most as many as leave everybody fewer than a quarter of the others to name
    """
    if 4 * ties > organisations * (organisations - 4):
        raise ValueError(f"ties is {ties}; allowed are fewer for {organisations} organisations")
    names = [f"Organisation {place}" for place in range(organisations)]
    listed = (
        (name, SECTORS[place % len(SECTORS)], "local", f"Town {place % TOWNS}")
        for place, name in enumerate(names)
    )
    _write(
        folder / "organisations.csv", ("organisation", "sector", "level", "municipality"), listed
    )
    # Everybody names those 1, 3, 5 ... places further on: below half the round, each pair is new.
    told = (
        (
            names[row % organisations],
            names[(row % organisations + 1 + 2 * (row // organisations)) % organisations],
            1 + row * 7919 % 5,
            CONTACT[row * 104_729 % 4],
        )
        for row in range(ties)
    )
    _write(folder / "ties.csv", ("from", "to", "trust", "contact"), told)
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")


def _write(path: Path, heads: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, *rows])
