"""The question: what is asked, where and of whom, and what differs between the scenarios."""

from __future__ import annotations

from typing import Any

from cisim.lab.decisions import decides, decisions
from cisim.show.counted import lasting, plural
from cisim.show.decided_in_words import told_often
from cisim.show.findings import rounded
from cisim.show.language.facts import world_title
from cisim.show.language.texts import say
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
from cisim.show.told import told
from cisim.version import __version__

FEW = 20
"""With fewer futures than this the report warns."""
MOST_COUNTED = 8
"""Up to so many scenarios are counted in a word."""


def question(case: Case) -> str:
    """Return the question in one line."""
    if len(case.others) == 1:
        (other,) = case.others
        return say("report.question.two", other=case.titles[other], base=case.titles[case.base])
    many = len(case.chosen)
    if many > MOST_COUNTED:
        return say("report.question.many", n=many, after=case.after)
    return say(f"report.question.{many}", after=case.after)


def about(case: Case, written: str | None) -> dict[str, tuple[str, str]]:
    """Return what the page is about: a name and words, by what they say."""
    world = case.world
    chosen = {str(one.structure.participation) for one in case.chosen.values()}
    place = say(
        "report.about.place_part" if chosen == {"file"} else "report.about.place_words",
        title=world_title(case.chosen[case.base].world_name, world.title),
        regions=plural(len(world.regions), "region"),
        communities=plural(world.community_count, "community"),
        part=world.participating_count,
        organisations=world.organisation_count,
        children=rounded(case.children),
    )
    differ = "report.about.luck" if case.beliefs is None else "report.about.belief"
    words = {
        "place": place,
        "time": say("report.about.time_words", lasting=lasting(case.months, case.calendar)),
        "futures": say(differ, n=case.futures, seeds=_seeds(case)),
        "made": say("report.about.made_words", version=__version__, key=case.key),
        **({"date": written} if written else {}),
    }
    return {name: (say(f"report.about.{name}"), said) for name, said in words.items()}


def _seeds(case: Case) -> str:
    seeds = case.comparison.futures
    first, last = int(seeds[0]), int(seeds[-1])
    if last - first + 1 == seeds.size:
        return say("report.about.seeds", first=first, last=last) if last > first else f"{first}"
    return say("report.about.seeds_of", many=int(seeds.size), first=first, last=last)


def warnings(case: Case) -> list[str]:
    said = []
    if case.futures < FEW:
        said.append(say("report.question.few", n=case.futures))
    asked = max(one.asked for one in case.comparison.ensembles.values())
    if case.comparison.incomplete:
        said.append(say("report.question.stopped", done=case.futures, asked=asked))
    if case.comparison.failed:
        said.append(say("report.question.failed", n=len(case.comparison.failed)))
    precision = case.comparison.precision
    if precision is not None and not precision.met:
        said.append(told(precision.words))
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
        for at, (name, scenario) in enumerate(case.read.items())
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
        rows.append({"name": "events", "meaning": say("report.question.happens"), "values": events})
    return {"heads": list(case.short.values()), "rows": rows}


def alike(case: Case) -> str:
    """Return what is set in all scenarios alike, away from the defaults."""
    said = [said_by(scenario) for scenario in case.chosen.values()]
    default = defaults()
    same = [
        say(
            "report.question.set",
            key=key,
            value=in_words(key, in_place(key, value, case.world), case.calendar),
        )
        for key, value in said[0].items()
        if all(other[key] == value for other in said) and value != default[key]
    ]
    return "; ".join(same)
