"""What model, worlds and scenarios say of themselves, in the language that is spoken.

Titles and words stand in English where the thing itself is declared, and only there. Another
language has them in its file, in the parts named here, under the thing's own name.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from cisim.model import outcomes as declared
from cisim.model.outcomes import Outcome
from cisim.model.outcomes.declared import Form
from cisim.show.language.spoken import ENGLISH, file_of, spoken
from cisim.show.language.texts import Untranslated, say
from cisim.world.files import shipped
from cisim.world.payers import SPONSORS
from cisim.world.scenario import Scenario
from cisim.world.scenario import load_structure as _load_structure
from cisim.world.scenario import load_world as _load_world

_MONTH = re.compile(r"month (\d+)")
SCENARIO = ("title", "short", "story", "note")
"""What a scenario says of itself."""


def fact(part: str, name: str, english: str) -> str:
    """Return what a thing says of itself; its own English where the language has nothing."""
    code = spoken()
    return english if code == ENGLISH or not english else _fact(code, part, name, english)


@cache
def _fact(code: str, part: str, name: str, english: str) -> str:
    found = file_of(code).get(part, {}).get(name)
    if found is None:
        told = f"{code}.toml has no [{part}] {name}, which stays English"
        warnings.warn(told, Untranslated, stacklevel=3)
        return english
    return str(found)


def unit_in_words(unit: str) -> str:
    """Return a unit in the language that is spoken; one that is a sign stays one."""
    return fact("units", unit, unit) if unit.strip("%–.-0123456789 ") else unit


def payer_in_words(name: str) -> str:
    """Return what a payer or a post is called; what ships goes by words of the language."""
    if spoken() == ENGLISH:
        return name
    words = file_of(spoken()).get("payers", {})
    kind = name.removeprefix(f"{SPONSORS}: ")
    return str(words.get(kind if kind == name else f"{SPONSORS}_{kind}", name))


def source_in_words(source: str) -> str:
    """Return the source of a number; a code or an author stays, the word for none is said."""
    if spoken() == ENGLISH:
        return source
    return str(file_of(spoken()).get("sources", {}).get(source, source))


def supports_in_words(supports: str) -> str:
    """Return what a source supports of a number: "existence, sign"."""
    return ", ".join(fact("supports", one, one) for one in supports.split(", "))


def column_words(name: str) -> str:
    """Return what a column of a table is called that people read; "month 12" is that month."""
    month = _MONTH.fullmatch(name)
    if month:
        return say("counted.label", month=int(month[1]))
    return fact("columns", name, name.replace("_", " "))


class _Outcomes(Mapping[str, Outcome]):
    """Outcomes by name, with title, words and unit in the language that is spoken."""

    def __getitem__(self, name: str) -> Outcome:
        return _outcome(spoken(), name)

    def __iter__(self) -> Iterator[str]:
        return iter(declared.OUTCOMES)

    def __len__(self) -> int:
        return len(declared.OUTCOMES)


@cache
def _outcome(code: str, name: str) -> Outcome:
    one = declared.OUTCOMES[name]
    if code == ENGLISH:
        return one
    return replace(
        one,
        title=fact("outcomes", name, one.title),
        words=fact("outcome_words", name, one.words),
        unit=unit_in_words(one.unit),
    )


OUTCOMES: Mapping[str, Outcome] = _Outcomes()


class _Forms(Mapping[str, Form]):
    """Forms of outcomes, with what people read of them in the language that is spoken."""

    def __getitem__(self, name: str) -> Form:
        one = declared.FORMS[name]
        return one if one.apart is None else replace(one, apart=unit_in_words(one.apart))

    def __iter__(self) -> Iterator[str]:
        return iter(declared.FORMS)

    def __len__(self) -> int:
        return len(declared.FORMS)


FORMS: Mapping[str, Form] = _Forms()


def group_in_words(group: str) -> str:
    """Return what a group of outcomes is called."""
    names: Mapping[str, str] = {str(name): words for name, words in declared.GROUPS.items()}
    return fact("outcome_group_titles", group, names[group])


def in_language(scenario: Scenario) -> Scenario:
    """Return a scenario with its title and texts as they are read, where they are the shipped ones.

    What somebody has written stays as it is; so does the world, by which its futures are known.
    """
    if spoken() == ENGLISH:
        return scenario
    said = {
        what: scenario_text(what, scenario.name, str(getattr(scenario, what))) for what in SCENARIO
    }
    return scenario.model_copy(update=said)


def scenario_text(what: str, name: str, said: str) -> str:
    """Return what a scenario of a name says of itself, one of SCENARIO, as it is read.

    said : in its file; what is not the shipped scenario's stays as it is
    """
    known = name in shipped("scenarios") or name in shipped("cases")
    if not said or not known or said != getattr(_shipped(name), what):
        return said
    return fact(f"scenario_{what}", name, said)


@cache
def _shipped(name: str) -> Scenario:
    return Scenario.load(name)


def scenario_of(name: str) -> Scenario:
    """Return a shipped scenario as it is read."""
    return in_language(Scenario.load(name))


def world_title(name: str, title: str) -> str:
    """Return the title of a world; one of somebody's own stays as it is."""
    if spoken() == ENGLISH or name not in shipped("worlds") or title != _load_world(name).title:
        return title
    return fact("world_title", name, title)


def place_beside(title: str, name: str, of_world: str) -> str:
    """Return the title of a world as it stands beside that of a scenario, "" if that names it."""
    found = world_title(name, of_world)
    return "" if found.partition(",")[0] in title else found


def structure_title(name: str) -> str:
    """Return the title of a shipped structure."""
    return fact("structure_title", name, _load_structure(name).title)
