"""The files of a result once more: the charts that it has, drawn from its numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cisim.cli.files import bill_chart, community_chart, headline_charts, network_chart

if TYPE_CHECKING:
    from cisim.lab.comparison import Comparison
    from cisim.lab.ensemble import Ensemble
    from cisim.lab.written import Written


def write_with_charts(folder: Path, result: Comparison | Ensemble, written: Written) -> None:
    """Write a result with the charts and tables that an earlier one has."""
    from cisim.lab.ensemble import Ensemble
    from cisim.lab.rerun import PARTS_OF, write_again
    from cisim.lab.results import ABLATION_CHART, NETWORK

    one = result if isinstance(result, Ensemble) else next(iter(result.ensembles.values()))
    seed = one.first_seed
    charts: dict[str, str] = {}
    if any(name.endswith(".svg") for name in written.files):
        charts = headline_charts(result, seed) | bill_chart(result, seed)
        charts |= community_chart(result, seed)
    if NETWORK in written.files and isinstance(result, Ensemble):
        charts |= network_chart(result, seed)
    if ABLATION_CHART in written.files and not isinstance(result, Ensemble):
        from cisim.cli.ablation import worth_chart
        from cisim.lab.ablation import worth

        table = worth(result, result.names[0], written.manifest["made"][PARTS_OF])
        charts |= worth_chart(table, result, seed)
    write_again(folder, result, written, charts)
