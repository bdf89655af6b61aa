"""First pictures of the shipped scenarios, kept in a folder of the user's: Start is instant.

All are there with one value for each number, as what comes first in Explore; those with a card on
Start also as futures of luck and belief, as Start shows nothing that is surer than it is.

`cisim.show.page.futures.prepare` makes them, once for each change of the model; a
server that finds none makes them in the background.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from cisim.lab.bill import years_of
from cisim.lab.disk import replacing
from cisim.lab.each import Followed, looked_at
from cisim.lab.ensemble import Ensemble
from cisim.model.outcomes import EACH, OWN_TIME
from cisim.model.sources import cache_base, source_hash
from cisim.show.page.address.checks import CARDS
from cisim.show.page.outcomes import KEPT, followed
from cisim.world.beliefs import usual_beliefs
from cisim.world.files import shipped
from cisim.world.scenario import Scenario

SEED = 1
FUTURES = 20
OLD = 30 * 24 * 3600.0
"""Seconds after which what another version of the model has left is thrown away."""


def scenarios() -> list[Scenario]:
    """Return the scenarios that are kept: all that ship, and those with a card believed."""
    every = [Scenario.load(name) for name in shipped("scenarios")]
    return [*every, *(believed(one) for one in every if one.name in CARDS)]


def believed(scenario: Scenario) -> Scenario:
    """Return a scenario whose futures are of luck and belief."""
    return scenario.believing(usual_beliefs())


@cache
def folder() -> Path:
    """Return where they are kept."""
    return cache_base() / f"page-{source_hash()}"


def load(key: str, scenario: Scenario) -> Ensemble | None:
    """Return what is kept under a key, as the ensemble of a scenario; None if nothing is."""
    path = folder() / f"{key}.npz"
    try:
        with np.load(path, allow_pickle=False) as file:
            values, replicates, months = file["values"], file["replicates"], file["months"]
            books = file["books"]
            communities = _of_each(file, scenario) if followed(scenario) else None
    except (OSError, ValueError, KeyError, EOFError):
        return None
    regions = (*(region.name for region in scenario.world.regions), "overall")
    shape = (replicates.size, scenario.months + 1, len(regions), len(KEPT))
    if values.shape != shape or months.size != shape[1]:
        return None
    years = years_of(scenario.calendar, scenario.months).size
    if books.shape != (*shape[:1], years, shape[2], len(scenario.payers) + len(OWN_TIME)):
        return None
    return Ensemble(
        scenario, KEPT, months, regions, SEED, replicates, values, FUTURES,
        books=books, communities=communities,
    )  # fmt: skip


def _of_each(file: Mapping[str, Any], scenario: Scenario) -> Followed:
    """Return what is kept of each community; raises ValueError if it is not what is kept now."""
    names, regions = file["communities"].tolist(), file["communities_regions"].tolist()
    months, values = looked_at("community", scenario.months, False), file["communities_values"]
    outcomes = tuple(EACH["community"])
    if values.shape != (file["replicates"].size, months.size, len(names), len(outcomes)):
        raise ValueError("of other communities, or other outcomes of them")
    return Followed("community", outcomes, months, tuple(names), tuple(regions), values)


def store(key: str, ensemble: Ensemble) -> None:
    """Keep an ensemble; where nothing can be written, nothing is."""
    if ensemble.failed or ensemble.asked != FUTURES or ensemble.books is None:
        return
    kept: dict[str, Any] = {
        "values": ensemble.values,
        "replicates": ensemble.replicates,
        "months": ensemble.months,
        "books": ensemble.books,
    }
    there = ensemble.communities
    if there is not None:
        kept["communities_values"] = there.values
        kept["communities"] = np.array(there.names)
        kept["communities_regions"] = np.array(there.regions)
    with suppress(OSError):
        folder().mkdir(parents=True, exist_ok=True)
        with replacing(folder() / f"{key}.npz") as file:
            np.savez(file, **kept)


def forget_old() -> None:
    """Throw away the pictures of versions that have not been used for a month."""
    for other in folder().parent.glob("page-*"):
        with suppress(OSError):
            if other != folder() and time.time() - other.stat().st_mtime > OLD:
                shutil.rmtree(other, ignore_errors=True)
