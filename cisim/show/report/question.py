"""The question: what is asked, where and of whom, and what differs between the scenarios."""

from __future__ import annotations

from typing import Any

from cisim.lab.decisions import decides, decisions
from cisim.show.counted import lasting, plural
from cisim.show.decided_in_words import told_often
from cisim.show.findings import rounded
from cisim.show.report.case import Case
from cisim.show.report.markup import chip
from cisim.show.scenario_in_words import (
    defaults,
    events_of,
    in_place,
    in_words,
    meaning,
    posts_of,
    said_by,
)
from cisim.version import __version__

FEW = 20
"""With fewer futures than this the report warns."""
_COUNTS = {3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight"}


def question(case: Case) -> str:
    """Return the question in one line."""
    if len(case.others) == 1:
        (other,) = case.others
        return f"Is “{case.titles[other]}” better for children than “{case.titles[case.base]}”?"
    count = _COUNTS.get(len(case.chosen), f"{len(case.chosen)}")
    return f"Which of {count} choices leaves children best off {case.after}?"


def about(case: Case, written: str | None) -> list[tuple[str, str]]:
    world = case.world
    chosen = {str(one.structure.participation) for one in case.chosen.values()}
    joining = f" of which {world.participating_count:,} take part" if chosen == {"file"} else ""
    place = (
        f"{world.title}: {plural(len(world.regions), 'region')}, "
        f"{plural(world.community_count, 'community')}{joining}, "
        f"{world.organisation_count:,} organisations, about {rounded(case.children):,.0f} children"
    )
    differ = "luck alone" if case.beliefs is None else "luck and belief"
    rows = [
        ("Place", place),
        ("Time", f"{lasting(case.months, case.calendar)}, month by month"),
        (
            "Futures",
            f"{case.futures:,} of {differ}, the same for every scenario (seeds {_seeds(case)})",
        ),
        ("Made with", f"cisim {__version__}, manifest key {case.key}"),
    ]
    return rows + ([("Date", written)] if written else [])


def _seeds(case: Case) -> str:
    seeds = case.comparison.futures
    if seeds[-1] - seeds[0] + 1 == seeds.size:
        return f"{seeds[0]} to {seeds[-1]}" if seeds.size > 1 else f"{seeds[0]}"
    return f"{seeds.size:,} of {seeds[0]} to {seeds[-1]}"


def warnings(case: Case) -> list[str]:
    said = []
    if case.futures < FEW:
        said.append(
            f"{plural(case.futures, 'future')} only: too few to rely on. Ask for more with "
            f"--replicates."
        )
    asked = max(one.asked for one in case.comparison.ensembles.values())
    if case.comparison.incomplete:
        said.append(
            f"The runs were stopped: {case.futures:,} of {asked:,} futures were finished by "
            f"every scenario, and only those are compared."
        )
    if case.comparison.failed:
        count = len(case.comparison.failed)
        said.append(
            f"{plural(count, 'run')} failed and {'is' if count == 1 else 'are'} left out, with "
            f"the same future of the other scenarios where differences are formed."
        )
    precision = case.comparison.precision
    if precision is not None and not precision.met:
        said.append(precision.words)
    return said


def scenarios(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "chip": chip(at),
            "title": case.titles[name],
            "short": case.short[name],
            "story": scenario.story,
            "note": " ".join([scenario.note, *_decided(case, name)]).strip(),
            "base": name == case.base,
        }
        for at, (name, scenario) in enumerate(case.chosen.items())
    ]


def _decided(case: Case, name: str) -> list[str]:
    """Return whom a group chose, in how many of the first futures."""
    ensemble = case.comparison.ensembles[name]
    if not decides(ensemble.scenario):
        return []
    found = decisions(ensemble.scenario, ensemble.asked, ensemble.first_seed)
    return told_often(found, case.calendar)


def differing(case: Case) -> dict[str, Any]:
    said = {name: said_by(scenario) for name, scenario in case.chosen.items()}
    rows = []
    for key in said[case.base]:
        values = [said[name][key] for name in said]
        if key == "posts" and any(values):
            values = [posts_of(scenario) for scenario in case.chosen.values()]
        if any(value != values[0] for value in values):
            rows.append(
                {
                    "name": key,
                    "meaning": meaning(key),
                    "values": [
                        in_words(key, in_place(key, one, case.world), case.calendar)
                        for one in values
                    ],
                }
            )
    events = [events_of(scenario) for scenario in case.chosen.values()]
    if any(one != events[0] for one in events):
        rows.append({"name": "events", "meaning": "What happens when.", "values": events})
    return {"heads": list(case.short.values()), "rows": rows}


def alike(case: Case) -> str:
    """Return what is set in all scenarios alike, away from the defaults."""
    said = [said_by(scenario) for scenario in case.chosen.values()]
    default = defaults()
    same = [
        f"{key} = {in_words(key, in_place(key, value, case.world), case.calendar)}"
        for key, value in said[0].items()
        if all(other[key] == value for other in said) and value != default[key]
    ]
    return "; ".join(same)
