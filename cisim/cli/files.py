"""The files of a result: where they may go, their names, their charts, their writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cisim.cli.figures import headlines
from cisim.cli.streams import show

if TYPE_CHECKING:
    import pandas as pd

    from cisim.lab.comparison import Comparison
    from cisim.lab.ensemble import Ensemble

REPORT = "report.html"


def result_folder(out: str) -> Path:
    """Return the folder results go to; checked before anything is run.

    Raises InputError if it cannot be written, or holds files that are not a result of cisim.
    """
    from cisim.lab.disk import is_ours
    from cisim.lab.results import BESIDE, PARTS, check_out, result_files
    from cisim.model.input_error import InputError, shown
    from cisim.model.told import behind

    if not out.strip():
        raise InputError("--out is empty; allowed is a folder, there or not.")
    try:
        folder = check_out(out)
    except InputError as error:
        raise InputError(behind("--", str(error))) from None
    if folder.is_dir():
        known = {REPORT, *BESIDE, PARTS, *result_files()}
        foreign = sorted(
            path.name
            for path in folder.iterdir()
            if path.name not in known and not is_ours(path.name)
        )
        if foreign:
            raise InputError(
                f"--out is {shown(out)}, in which {shown(foreign[0])} is not a result of cisim; "
                f"allowed is a new folder, an empty one, or one with an earlier result."
            )
    return folder


def headline_charts(result: Comparison | Ensemble, seed: int) -> dict[str, str]:
    """Return a chart of paths for each headline outcome, by file name."""
    from cisim.lab.ensemble import Ensemble
    from cisim.lab.manifest import manifest_key
    from cisim.show.charts import event_table, paths, phase_table, small_print
    from cisim.show.language.facts import in_language

    ensembles = [result] if isinstance(result, Ensemble) else list(result.ensembles.values())
    names = {one.name: in_language(one.scenario).title for one in ensembles}
    if len(set(names.values())) < len(names):
        names = {name: name for name in names}
    events = event_table(one.scenario for one in ensembles)
    phases = phase_table(ensembles)
    futures = max(one.replicates.size for one in ensembles)
    footer = small_print(futures, seed, manifest_key(result), result.failed_futures)
    series = result.series
    return {
        f"{name}.svg": paths(
            series,
            name,
            names=names,
            events=events if len(events) else None,
            phases=phases,
            footer=footer,
            calendar=ensembles[0].scenario.calendar,
        ).svg
        for name in headlines()
        if series[name].notna().any()
    }


def community_chart(result: Comparison | Ensemble, seed: int) -> dict[str, str]:
    """Return the chart of who gains and who loses, by file name; none unless it was asked for."""
    from cisim.lab.gains import gains
    from cisim.lab.manifest import listed, manifest_key
    from cisim.lab.results import TILES
    from cisim.show.charts import small_print, tiles
    from cisim.show.counted import after
    from cisim.show.language.facts import in_language

    ensembles = listed(result)
    first = ensembles[0]
    if first.communities is None:
        return {}
    names = {one.name: in_language(one.scenario).title for one in ensembles}
    if len(set(names.values())) < len(names):
        names = {name: name for name in names}
    when = after(first.scenario.months, first.scenario.calendar)
    footer = small_print(first.replicates.size, seed, manifest_key(result), result.failed_futures)
    return {TILES: tiles(gains(result), names=names, when=when, footer=footer).svg}


def bill_chart(result: Comparison | Ensemble, seed: int) -> dict[str, str]:
    """Return a chart of who pays what in which year, by file name; none where nobody pays."""
    from cisim.lab.ensemble import Ensemble
    from cisim.lab.manifest import manifest_key
    from cisim.lab.results import BILL_CHART
    from cisim.show.bill_in_tables import together
    from cisim.show.charts import bill, small_print
    from cisim.show.language.facts import in_language

    ensembles = [result] if isinstance(result, Ensemble) else list(result.ensembles.values())
    table = together(result.bill())
    if table.empty:
        return {}
    names = {one.name: in_language(one.scenario).title for one in ensembles}
    futures = max(one.replicates.size for one in ensembles)
    footer = small_print(futures, seed, manifest_key(result), result.failed_futures)
    return {BILL_CHART: bill(table, names=names, footer=footer).svg}


def network_chart(result: Ensemble, seed: int) -> dict[str, str]:
    """Return a chart of who works with whom in the first region, before and after."""
    from cisim.lab.manifest import manifest_key
    from cisim.lab.results import NETWORK
    from cisim.model.model import CollectiveImpactModel
    from cisim.model.outcomes import NOTHING
    from cisim.show.charts import network, network_tables, small_print
    from cisim.show.language.facts import in_language
    from cisim.show.language.texts import say
    from cisim.show.places_in_words import place

    scenario = result.scenario
    model = CollectiveImpactModel(scenario, seed=seed, observe=NOTHING)
    tables = network_tables(model, 0, [0, scenario.months])
    footer = small_print(1, seed, manifest_key(result))
    title = say(
        "report.appendix.network_title",
        where=place(scenario.world.regions[0].name),
        title=in_language(scenario).title,
    )
    chart = network(*tables, title=title, footer=footer, calendar=scenario.calendar)
    return {NETWORK: chart.svg}


def write_result(
    folder: Path,
    result: Comparison | Ensemble,
    charts: Mapping[str, str],
    typed: Sequence[str],
    started: datetime,
    tables: Mapping[str, pd.DataFrame] | None = None,
    *,
    each_in_tables: bool = True,
    made: Mapping[str, Any] | None = None,
) -> tuple[str, list[str]]:
    """Write a result; return the manifest's key and the files' names."""
    from cisim.lab.results import write_ensembles
    from cisim.model.input_error import InputError
    from cisim.model.told import behind

    command, finished = ["cisim", *typed], datetime.now(UTC)
    try:
        manifest = write_ensembles(
            folder,
            result,
            command,
            charts=charts,
            tables=tables,
            each_in_tables=each_in_tables,
            made=made,
            started=started,
            finished=finished,
        )
    except InputError as error:
        raise InputError(behind("--", str(error))) from None
    return str(manifest["key"]), names_in(manifest)


def kept(manifest: Mapping[str, Any] | None) -> tuple[str | None, list[str]]:
    """Return the key of a result and the names of its files; None and none if it was not kept."""
    return (None, []) if manifest is None else (str(manifest["key"]), names_in(manifest))


def names_in(manifest: Mapping[str, Any]) -> list[str]:
    """Return the names of a result's files, the manifest's last."""
    from cisim.lab.manifest import MANIFEST

    return [*manifest["files"], MANIFEST]


def written(key: str | None, files: Sequence[str]) -> dict[str, Any]:
    return {} if key is None else {"key": key, "files": list(files)}


def print_files(out: str | None, files: Sequence[str]) -> None:
    if out is not None:
        from cisim.model.input_error import printable
        from cisim.show.language.texts import say

        show("\n" + say("printed.files", folder=printable(out), files=", ".join(files)))
