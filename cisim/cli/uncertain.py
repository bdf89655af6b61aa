"""`cisim compare --uncertain`: over everything that may plausibly be believed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cisim.cli.endings import DONE, QUARANTINED, interrupted, say, shown_progress
from cisim.cli.figures import print_json
from cisim.cli.files import names_in, print_files, written

if TYPE_CHECKING:
    from cisim.world.scenario import Scenario


def uncertain(
    scenarios: Sequence[Scenario],
    points: int,
    workers: int | None,
    seed: int,
    typed: Sequence[str],
    out: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Compare over the plausible space: one future for each sampled set of beliefs."""
    from cisim.lab.robust import robust
    from cisim.show.tables import number, paragraph, table, terminal_width

    saying = None if quiet else say
    with shown_progress(quiet) as progress:
        found = robust(
            scenarios,
            points,
            workers=workers,
            seed=seed,
            out=out,
            progress=progress,
            say=saying,
            command=["cisim", *typed],
        )
    key = None if found.manifest is None else str(found.manifest["key"])
    files = [] if found.manifest is None else names_in(found.manifest)
    rows = found.table().to_dict("records")
    if as_json:
        print_json(
            {
                "command": "compare --uncertain",
                "worlds": found.worlds,
                "scenarios": rows,
                "deciding": found.deciding().to_dict("records") if found.worlds else [],
                "told": found.sentences(),
                "incomplete": found.incomplete,
                **written(key, files),
            }
        )
    else:
        width = terminal_width()
        print(f"{len(rows)} scenarios in {found.worlds:,} sampled worlds, by {found.outcome}\n")
        heads = ["", "best in", "lead", "behind", "over no backbone", "5…95 %", "harms in"]
        cells = [
            [
                row["scenario"],
                f"{row['best']} of {row['of']}",
                number(row["lead"], 2),
                number(row["behind"], 2),
                number(row["over_reference"], 2),
                f"{number(row['low'], 2)}…{number(row['high'], 2)}",
                f"{row['below_reference']:.0%}",
            ]
            for row in rows
        ]
        print(table(cells, heads))
        print()
        for sentence in found.sentences():
            print(paragraph(f"- {sentence}", width, "  "))
        print_files(out, files)
    if found.incomplete:
        again = "; the same command goes on from there" if out is not None else ""
        return interrupted(f"Interrupted after {found.worlds:,} of {points:,} worlds{again}.")
    return QUARANTINED if found.failed else DONE
