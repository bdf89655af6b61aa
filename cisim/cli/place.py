"""Where the runs of a command are done, where that is not left to the machine."""

from __future__ import annotations

import typer

from cisim.cli.given import OnlyFor

ON_THIS_MACHINE = OnlyFor(
    "workers", lambda options: options["cluster"] is None, "this machine, not a --cluster"
)


def runs_where_asked(
    context: typer.Context, workers: int | None, cluster: str | None, timeout: float | None
) -> None:
    """Do all runs of a command from here to its end where, and as patiently as, was asked for.

    Raises InputError if there can be no such cluster.
    """
    if cluster is None and timeout is None:
        return
    from cisim.lab import executors

    if cluster is None:
        context.with_resource(executors.on(executors.Local(workers, timeout)))
    else:
        there = context.with_resource(executors.Cluster(cluster, timeout))
        context.with_resource(executors.on(there))
