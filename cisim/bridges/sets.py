"""xarray: results as a Dataset with named dimensions, units and titles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cisim.bridges.varied import declared_numbers, outcomes_of
from cisim.lab.comparison import Comparison
from cisim.lab.ensemble import Ensemble
from cisim.lab.extras import needed
from cisim.lab.study import Study
from cisim.model.input_error import InputError, nearest, shown
from cisim.model.outcomes import find_outcome
from cisim.version import __version__

if TYPE_CHECKING:
    import xarray as xr

Columns = Mapping[str, tuple[tuple[str, ...], Any, dict[str, Any]]]


def to_xarray(
    result: Ensemble | Comparison | Study,
    outcomes: str | Iterable[str] | None = None,
    *,
    months: Iterable[int] | None = None,
    regions: str | Iterable[str] | None = None,
) -> xr.Dataset:
    """Return a result as a Dataset, a variable for each outcome.

    outcomes, months, regions : which; by default all that were kept

    Dimensions are scenario, replicate, month, region; of a study scenario, point, replicate, month,
    region, and what was varied is a coordinate along point. Variables carry units, long_name,
    standing words, and which direction is better. A comparison has the futures that all its
    scenarios have finished. What is undefined or not finished is NaN. `to_netcdf` writes it.

    A study is read outcome by outcome; one of a million runs fits by naming few of them.

    Raises InputError for a name or a month that was not kept, or without xarray.
    """
    xr = needed("xarray", "bridges")
    if isinstance(result, Study):
        return _of_study(xr, result, outcomes, months, regions)
    if isinstance(result, Ensemble):
        return _of_ensembles(xr, [result], outcomes, months, regions)
    if isinstance(result, Comparison):
        return _of_ensembles(xr, list(result.ensembles.values()), outcomes, months, regions)
    raise InputError(
        f"result is {shown(type(result).__name__)}; allowed is an Ensemble, a Comparison or a "
        f"Study."
    )


def _of_ensembles(xr: Any, many: list[Ensemble], outcomes: Any, months: Any, regions: Any) -> Any:
    first = many[0]
    names = _some("outcomes", outcomes, first.outcomes)
    when = _some("months", months, tuple(first.months.tolist()))
    where = _some("regions", regions, first.regions)
    seeds = first.seeds
    for one in many[1:]:
        seeds = np.intersect1d(seeds, one.seeds, assume_unique=True)
    month_rows = [first.months.tolist().index(month) for month in when]
    region_rows = [first.regions.index(region) for region in where]
    dims = ("scenario", "replicate", "month", "region")
    variables = {}
    for name in names:
        values = np.stack(
            [
                one.values[np.isin(one.seeds, seeds), :, :, one.outcomes.index(name)][
                    :, month_rows
                ][:, :, region_rows]
                for one in many
            ]
        )
        variables[name] = (dims, values, _about(name))
    coordinates = {
        **_coordinates([one.name for one in many], when, where, first.scenario.calendar),
        "title": ("scenario", [one.scenario.title for one in many]),
        "replicate": seeds - first.first_seed,
        "seed": ("replicate", seeds),
    }
    return _dataset(xr, variables, coordinates, ", ".join(one.name for one in many))


def _of_study(xr: Any, study: Study, outcomes: Any, months: Any, regions: Any) -> Any:
    names = _some("outcomes", outcomes, study.outcomes)
    when = _some("months", months, tuple(study.months.tolist()))
    where = _some("regions", regions, study.regions)
    dims = ("scenario", "point", "replicate", "month", "region")
    shape = (len(study.scenarios), len(study.design), study.replicates, len(when), len(where))
    variables = {}
    for name in names:
        values = np.empty(shape)
        for place, region in enumerate(where):
            values[..., place] = study.kept.runs(name, when, region)
        variables[name] = (dims, values, _about(name))
    coordinates: dict[str, Any] = {
        **_coordinates(list(study.scenarios), when, where, None),
        "point": np.arange(len(study.design)),
        "replicate": np.arange(study.replicates),
    }
    chosen = {one.name: one for one in study.design.ranges}
    for column, name in enumerate(study.design.names):
        values = study.design.values[:, column]
        over = chosen.get(name)
        told = [over.word(value) for value in values.tolist()] if over and over.choices else values
        coordinates[name] = ("point", told, _varied(name))
    return _dataset(xr, variables, coordinates, study.name)


def _coordinates(scenarios: list[str], when: Any, where: Any, calendar: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "scenario": scenarios,
        "month": ("month", np.array(when, np.int64), {"long_name": "months since the founding"}),
        "region": list(where),
    }
    if calendar is not None and calendar.dated:
        found["date"] = ("month", [calendar.written(month) for month in when])
    return found


def _dataset(xr: Any, variables: Columns, coordinates: Mapping[str, Any], name: str) -> Any:
    attributes = {"title": name, "source": f"cisim {__version__}"}
    return xr.Dataset(variables, coordinates, attributes)


def _about(name: str) -> dict[str, str]:
    one = find_outcome(name)
    return {"units": one.unit, "long_name": one.title, "description": one.words,
            "better": one.better or "neither"}  # fmt: skip


def _varied(name: str) -> dict[str, str]:
    declared = declared_numbers().get(name)
    return {} if declared is None else {"units": declared.unit, "long_name": declared.meaning}


def _some(what: str, asked: Any, kept: tuple[Any, ...]) -> list[Any]:
    """Return which of those that were kept are asked for, all by default."""
    if asked is None:
        return list(kept)
    if what == "outcomes":
        asked = outcomes_of(asked)
    given = [asked] if isinstance(asked, str | int) else list(asked)
    for one in given:
        if one not in kept:
            near = nearest(one, kept) if isinstance(one, str) else ""
            raise InputError(f"{what} has {shown(one)}, which was not kept.{near}")
    if not given:
        raise InputError(f"{what} is empty; allowed is at least one that was kept.")
    return given
