"""What the model cannot say: one list for README, report, page and ODD."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from cisim.model.parameters import Parameters
from cisim.model.quantity import declarations
from cisim.show.language.facts import fact
from cisim.show.language.forms import localised
from cisim.show.language.spoken import ENGLISH, kept_by_language, spoken

_FILE = Path(__file__).with_suffix(".toml")
_WORDS = {3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}


class Limit(NamedTuple):
    """One thing that the model cannot say.

    point, words : what it is called, and whole sentences; names of parameters stand in backticks
    """

    key: str
    point: str
    words: str

    @property
    def plain(self) -> str:
        """Return point and words without backticks."""
        return f"{self.point} {self.words}".replace("`", "")


@kept_by_language
def limits() -> tuple[Limit, ...]:
    """Return them in the order of the file, with the model's own numbers filled in."""
    numbers = _numbers()
    return tuple(
        Limit(
            one["key"],
            fact("limit_points", one["key"], one["point"]),
            fact("limit_words", one["key"], one["words"]).format(**numbers),
        )
        for one in _read()["limit"]
    )


def beside(key: str) -> str:
    """Return what is said next to a number that a limit, or a kind of outcome, concerns."""
    found = _read()
    words = {one["key"]: one["beside"] for one in found["limit"] if "beside" in one}
    said = {**words, **found["beside"]}[key]
    return fact("limit_beside", key, said).replace("`", "")


def bullets() -> str:
    """Return them as a list in Markdown."""
    return "\n".join(f"- **{one.point}** {one.words}" for one in limits())


@cache
def _read() -> dict[str, Any]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)


def _numbers() -> dict[str, str]:
    p, declared = Parameters(), declarations(Parameters)
    sized = sum("size" in one.evidence.supports for one in declared.values())
    return {
        "numbers": str(len(declared)),
        "sized": _WORDS.get(sized, str(sized)) if spoken() == ENGLISH else str(sized),
        "pi": localised(f"{p.own_value * p.effort_half / p.wb_max:.3g}"),
        "effort_half": localised(f"{p.effort_half:g}"),
        "times": localised(
            f"{declared['effort_half'].evidence.anchors[0].value / p.effort_half:.2g}"
        ),
    }
