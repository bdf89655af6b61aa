"""The charts of a result once more, drawn from what was made again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cisim.cli.files import bill_chart, community_chart, headline_charts, network_chart

if TYPE_CHECKING:
    from cisim.lab.written import Written

_LANGUAGE = re.compile(r"(?<!\S)--language[= ](\S+)")


def charts_again(written: Written, found: Any, key: str) -> Mapping[str, str]:
    """Return the charts that an earlier result has, SVG by the name of the file.

    found : what was made again, with its key

    They are in the language that the result was made in, whichever is spoken now.
    """
    from cisim.show.language.spoken import speaking

    with speaking(_language_of(written)):
        return _drawn(written, found, key)


def _language_of(written: Written) -> str:
    """Return the language of a result's charts, by its command."""
    from cisim.show.language.spoken import ENGLISH, languages

    found = _LANGUAGE.search(str(written.manifest.get("command", "")))
    code = Path(found[1]).stem if found else ENGLISH
    return code if code in languages() else ENGLISH


def _drawn(written: Written, found: Any, key: str) -> Mapping[str, str]:
    if not any(name.endswith(".svg") for name in written.files):
        return {}
    if written.by == "threshold":
        from cisim.cli.threshold import curve

        return curve(found, key, int(written.manifest["seeds"]["first"]))
    if written.by == "track":
        from cisim.cli.track import pictures

        return pictures(found, key, int(written.manifest["seeds"]["first"]))
    if written.by == "optimise":
        from cisim.cli.optimise import front_chart

        return front_chart(found, key)
    if written.by == "attribute":
        from cisim.cli.attribute import charts

        return charts(int(written.manifest["seeds"]["first"]))(found, key)
    if written.by == "calibrate":
        from cisim.cli.calibrate import draw

        return draw(found, key)
    return _of_runs(written, found)


def _of_runs(written: Written, result: Any) -> Mapping[str, str]:
    from cisim.lab.ensemble import Ensemble
    from cisim.lab.kinds.ensembles import PARTS_OF
    from cisim.lab.results import ABLATION_CHART, NETWORK

    one = result if isinstance(result, Ensemble) else next(iter(result.ensembles.values()))
    seed = one.first_seed
    charts = headline_charts(result, seed) | bill_chart(result, seed)
    charts |= community_chart(result, seed)
    if NETWORK in written.files and isinstance(result, Ensemble):
        charts |= network_chart(result, seed)
    if ABLATION_CHART in written.files and not isinstance(result, Ensemble):
        from cisim.cli.ablation import worth_chart
        from cisim.lab.ablation import worth

        table = worth(result, result.names[0], written.manifest["made"][PARTS_OF])
        charts |= worth_chart(table, result, seed)
    return charts
