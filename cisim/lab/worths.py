"""What each one is worth, future by future: as tables, and as the files of a result.

Beside the worth of organisations stands how often they are members, and what they are worth in the
futures in which they are. Who is rarely a member and worth much then is whom to ask next. It is no
proof: futures in which somebody joins differ in more than that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from cisim.lab.disk import Aside
from cisim.lab.ensemble import LEVEL, Failure, mean_interval
from cisim.lab.manifest import manifest_of, ranges, short_key, sources_of_results
from cisim.lab.results import ATTRIBUTION, write_csv, write_result
from cisim.model.state import Floats
from cisim.world.notes import notes_of
from cisim.world.scenario import Scenario

Of = Literal["roles", "levels", "organisations", "sectors"]
KINDS: tuple[Of, ...] = ("roles", "levels", "organisations", "sectors")
SAVED, GIVEN = "time saved", "time given to the others"
AS_BELIEVED, AT_ONE, CUT = "as believed", "solo_quality 1", "flows cut"
"""How two levels are looked at: as they are, without an assumed need of each other, and apart."""
RARELY = 0.5
"""Whoever is a member in fewer futures than this share may be asked."""
ENOUGH = 3
"""In so many futures somebody must be a member before anything is said of a worth as one."""


class Player(NamedTuple):
    """Who comes in as one: roles as (level, role), or organisations by name."""

    name: str
    parts: tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Worths:
    """What each one is worth, future by future.

    readings : of roles SAVED and GIVEN, of levels three, else one without a name
    seeds    : (F,) int of the futures that are whole
    worths   : reading -> (F, players) float, in the outcome's unit
    wholes   : reading -> (F, 2) float, the outcome with nobody and with all
    together : reading -> (F,) float, of levels only: what both achieve beyond the two apart
    runs     : how many were asked for
    members  : (F, players) share of each one's organisations that are members in the end, where
               all may take part; None of roles and levels
    manifest : of what was written, None if nothing was
    """

    scenario: Scenario
    of: Of
    outcome: str
    month: int
    players: tuple[Player, ...]
    readings: tuple[str, ...]
    seeds: np.ndarray[Any, Any]
    worths: Mapping[str, Floats]
    wholes: Mapping[str, Floats]
    together: Mapping[str, Floats]
    runs: int
    failed: tuple[Failure, ...] = ()
    incomplete: bool = False
    members: Floats | None = None
    manifest: Mapping[str, Any] | None = None

    def table(self, level: float = LEVEL) -> pd.DataFrame:
        """Return a row for each player and reading: mean worth, interval, share of the whole.

        Of organisations also `member`, the mean share of futures in which they are members in the
        end, and their mean worth where all of a player's are: `as_member`, with its interval.
        """
        rows = []
        for reading in self.readings:
            whole = float(np.nanmean(self.difference(reading))) if self.seeds.size else math.nan
            found = mean_interval(self.worths[reading], level)
            for at, player in enumerate(self.players):
                mean = float(found.mean[at])
                rows.append(
                    {
                        "player": player.name,
                        "reading": reading,
                        "mean": mean,
                        "low": float(found.low[at]),
                        "high": float(found.high[at]),
                        "n": int(found.n[at]),
                        "share": mean / whole if whole else math.nan,
                        **self._as_member(at, reading, level),
                    }
                )
        heads = ["player", "reading", "mean", "low", "high", "n", "share"]
        if self.members is not None:
            heads += ["member", "as_member", "as_member_low", "as_member_high", "as_member_n"]
        return pd.DataFrame(rows, columns=heads)

    def _as_member(self, at: int, reading: str, level: float) -> dict[str, float]:
        """Return how often a player is a member, and what it is worth then."""
        if self.members is None:
            return {}
        there = self.members[:, at] >= 1.0
        often = float(self.members[:, at].mean()) if self.seeds.size else math.nan
        found = mean_interval(self.worths[reading][there, at], level)
        return {
            "member": often,
            "as_member": float(found.mean),
            "as_member_low": float(found.low),
            "as_member_high": float(found.high),
            "as_member_n": int(there.sum()),
        }

    def to_ask(self, level: float = LEVEL) -> pd.DataFrame:
        """Return the rows of whom to ask next, the most worth first: of those who are members in
        fewer than RARELY of the futures and ENOUGH of them, those surely worth something there.
        """
        rows = self.table(level)
        if self.members is None:
            return rows.iloc[:0]
        may = (rows["member"] < RARELY) & (rows["as_member_n"] >= ENOUGH)
        better = rows[may & (rows["as_member_low"] > 0.0)]
        return better.sort_values("as_member", ascending=False, kind="stable")

    def difference(self, reading: str) -> Floats:
        """Return the whole difference in each future, all against nobody, (F,)."""
        return self.wholes[reading][:, 1] - self.wholes[reading][:, 0]

    def beyond(self, level: float = LEVEL) -> pd.DataFrame:
        """Return what two levels achieve beyond the two apart, a row for each reading, and how
        much of it rests on the solo_quality that is believed: the first less the second.
        """
        values = dict(self.together)
        if values:
            values["rests on solo_quality"] = values[AS_BELIEVED] - values[AT_ONE]
        rows = []
        for reading, each in values.items():
            found = mean_interval(each, level)
            low, high = float(found.low), float(found.high)
            rows.append(
                {"reading": reading, "mean": float(found.mean), "low": low, "high": high,
                 "n": int(found.n)}
            )  # fmt: skip
        return pd.DataFrame(rows, columns=["reading", "mean", "low", "high", "n"])


def write_worths(
    found: Worths,
    folder: Path,
    command: str | Sequence[str],
    *,
    asked: int,
    groups: Mapping[str, Sequence[str]] | None,
    first_seed: int,
    made: Mapping[str, Any],
    draw: Callable[[Worths, str], Mapping[str, str]] | None,
    started: datetime,
) -> Worths:
    """Write attribution.csv, charts and the manifest into a folder; return the worths with it.

    asked : how many futures were wanted
    made  : by what, and what came of its pieces
    draw  : returns charts by file name, given the worths and the manifest's key

    Raises InputError if the folder cannot be written; then an earlier result is as it was.
    """
    origin = {
        **sources_of_results(),
        "scenarios": [found.scenario.resolved()],
        "of": found.of,
        "groups": {name: list(who) for name, who in (groups or {}).items()},
        "seeds": {"first": first_seed, "finished": ranges(found.seeds)},
        "outcomes": [found.outcome],
        "month": found.month,
    }
    key = short_key(origin)

    def fill(aside: Aside) -> None:
        with aside.file(ATTRIBUTION) as file:
            write_csv(file, found.table(), key)
        for name, picture in ({} if draw is None else draw(found, key)).items():
            aside.write(name, picture)

    def manifest(files: Mapping[str, str]) -> dict[str, Any]:
        return manifest_of(
            key,
            origin,
            command,
            asked=asked,
            made=made,
            incomplete=found.incomplete,
            failed=[one._asdict() for one in found.failed],
            notes=notes_of([found.scenario]),
            started=started,
            finished=datetime.now(UTC),
            files=files,
        )

    return replace(found, manifest=write_result(folder, fill, manifest))
