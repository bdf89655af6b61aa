"""The report of a tracked partnership: whether it is on track, on the first page."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from markupsafe import Markup

from cisim.lab.ensemble import OVERALL
from cisim.lab.manifest import ranges, short_key, sources_of_results, without_places
from cisim.lab.reported import MOST_SEALED, SEAL, run_hash, sealed
from cisim.lab.tracking import Tracked
from cisim.show import charts
from cisim.show.counted import label, lasting
from cisim.show.language.facts import OUTCOMES, in_language, place_beside, world_title
from cisim.show.language.texts import say
from cisim.show.limits import limits
from cisim.show.report.again import LARGEST_DATA, plain_json
from cisim.show.report.file import MARK
from cisim.show.report.markup import colours, figure, template
from cisim.show.told import told
from cisim.show.tracked_in_tables import beliefs, beside, figures, outcomes_shown, to_come, watch
from cisim.version import __version__

WIDTH, PHONE = 640, 390
_FIRST = 4
"""So many outcomes have room on the first page."""


def track_report(
    found: Tracked, *, command: str | Sequence[str] | None = None, written: str | None = None
) -> str:
    """Return what was found of a running partnership as one HTML page.

    command : what gives the same page again
    written : a date, in words; without one the same result gives the same bytes
    """
    scenario = in_language(found.scenario)
    place = place_beside(scenario.title, scenario.world_name, scenario.world.title)
    key = short_key({**sources_of_results(), "data": _origin(found)})
    if found.manifest is not None:
        key = str(found.manifest["key"])
    footer = charts.small_print(found.futures, int(found.seeds[0]), key, len(found.failed))
    about = {
        "place": world_title(scenario.world_name, scenario.world.title),
        "scenario": scenario.title,
        "time": lasting(scenario.months, found.calendar),
        "figures": _counted(found),
        "futures": say(
            "tracked.report.effective", futures=found.futures, effective=found.effective
        ),
        "made": say("tracked.report.made_words", version=__version__, key=key),
    }
    if written is not None:
        about["date"] = written
    come = to_come(found, titles=True)
    last = {row[0]: row for row in come.rows}  # at the horizon
    return sealed(
        template("track.html.jinja").render(
            mark=Markup(MARK + SEAL),
            style=Markup(colours()),
            title=say("tracked.report.title", of=", ".join(filter(None, (scenario.title, place)))),
            about=about,
            sentences=[told(one) for one in found.sentences(titles(found))],
            notes=_minded(found),
            fits=found.fits,
            first=[last[OUTCOMES[name].title] for name in outcomes_shown(found)[:_FIRST]],
            come_heads=come.heads,
            answer=_fan(found, found.outcome, "", footer) if found.futures else None,
            telling=_both(partial(charts.telling, found, footer=footer)),
            figures=figures(found, titles=True),
            watch=watch(found, titles=True),
            come=come,
            beside=beside(found, titles=True),
            beliefs=beliefs(found),
            charts=[_fan(found, *one, footer) for one in _shown(found)],
            within=found.within,
            wanted=found.wanted,
            limits=limits(),
            command="" if command is None else without_places(command),
            data=Markup(_data(found, key)),
        )
    )


def titles(found: Tracked) -> dict[str, str]:
    """Return what people call the other scenario, by its name."""
    other = None if found.against is None else found.against.scenario
    return {} if other is None else {other.name: in_language(other).title}


def _counted(found: Tracked) -> str:
    many = len(found.figures)
    if not many:
        return say("tracked.report.none")
    return say("tracked.report.many", n=many, month=label(found.calendar, found.now))


def _minded(found: Tracked) -> list[str]:
    """Return what has to be minded: what believes, what failed."""
    said = []
    if found.scenario.beliefs is None:
        said.append(say("tracked.report.same_beliefs"))
    if found.failed:
        said.append(say("tracked.report.failed", n=len(found.failed)))
    return said


def _shown(found: Tracked) -> list[tuple[str, str]]:
    """Return the outcomes and regions that have a chart beside the answer's."""
    places = [(one.outcome, one.region) for one in found.figures]
    places += [(name, "") for name in outcomes_shown(found)]
    return [one for one in dict.fromkeys(places) if one != (found.outcome, "")]


def _fan(found: Tracked, outcome: str, region: str, footer: str) -> dict[str, Any]:
    draw = partial(charts.tracked, found, outcome, region=region or OVERALL, footer=footer)
    return _both(draw)


def _both(draw: Callable[..., charts.Chart]) -> dict[str, Any]:
    """Return a chart for a page and for a phone."""
    return figure(draw(width=WIDTH), draw(width=PHONE))


def _origin(found: Tracked) -> dict[str, Any]:
    return {
        "scenario": found.scenario.resolved(),
        "observed": [one._asdict() for one in found.figures],
        "seeds": ranges(found.seeds),
        "outcome": found.outcome,
    }


def _data(found: Tracked, key: str) -> str:
    """Return what was run as JSON that may stand in HTML, with a hash of each run."""
    scenarios = [(found.scenario, found.values)]
    if found.against is not None:
        scenarios.append((found.against.scenario, found.against.values))
    value = {
        "cisim": __version__,
        "key": key,
        "observed": [one._asdict() for one in found.figures],
        "world": found.scenario.resolved()["world"],
        "scenarios": [
            {name: said for name, said in one.resolved().items() if name != "world"}
            for one, _ in scenarios
        ],
        "outcomes": list(found.outcomes),
        "runs": {
            one.name: {
                "seeds": ranges(found.seeds[:MOST_SEALED]),
                "hashes": "".join(run_hash(run[:, -1]) for run in values[:MOST_SEALED]),
            }
            for one, values in scenarios
        },
    }
    if len(json.dumps({**value, "runs": {}})) > LARGEST_DATA:
        return ""
    return plain_json(value)
