"""What can be changed on the page, from what is declared: groups of at most four, with evidence.

Levers of the structure come first; what is believed stands behind "assumptions".
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel

from cisim.model.parameters import SUBMODELS, Parameters
from cisim.model.quantity import Declaration, declarations
from cisim.model.state import SPONSOR_KINDS
from cisim.show.charts.axes import round_step
from cisim.show.documents.systems import TRIED
from cisim.show.language.facts import fact, source_in_words, unit_in_words
from cisim.show.language.forms import localised
from cisim.show.language.spoken import kept_by_language
from cisim.show.page.address.look import Look, scenario_of, setting, unset
from cisim.show.page.words import part, say
from cisim.show.scenario_in_words import grade
from cisim.world.levers.agreements import Agreement, Steering
from cisim.world.levers.flows import FLOWS
from cisim.world.levers.partners import Selection
from cisim.world.scenario import Scenario
from cisim.world.structure import NEVER_ENDS, NationalRoles, RegionalRoles, Structure

MOST = 4
"""Controls in a group."""

LITTLE = tuple(one.name for one in TRIED if one.name in Structure.model_fields)
"""Levers that move too little to be controls; files and addresses may still set them."""
_CUT = tuple(name for name in FLOWS if name not in LITTLE)

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("backbones", ("national_fte", "regional", "regional_scale", "regional_fte")),
    ("support", ("seed_end", "sponsors_post", "academic_fte")),
    ("sponsors", ("sponsor_link", "sponsors", "backbone_share", "advocacy")),
    ("people", ("participation", "founders")),
    ("partners", ("selection", "seats", "champion", "value_distance")),
    ("agreements", ("agreement", "steering", "scope", "shared_credit")),
    ("host", ("credibility", "earned_trust", "engagement", "headroom")),
    ("home", ("start_up", "overhead", "volunteers", "volunteer_value")),
    ("above", ("national_pressure", "vertical_governance", "staff_shortage")),
    ("money", ("grant_nat", "grant_reg", "grant_joint", "local_action")),
    (
        "components",
        ("common_agenda", "shared_measurement", "reinforcing_activities", "communication"),
    ),
    ("more_components", ("backbone_support", "investment")),
    ("measuring", ("accountability", "measurement_time", "measurement_staff")),
    ("phases", ("redesign", "replication", "early_money")),
    ("innovation", ("innovation", "data_steering")),
    ("dates", ("national_start", "national_end", "regional_start", "regional_end")),
    ("regional_roles", tuple(f"regional_roles.{name}" for name in RegionalRoles.model_fields)),
    ("national_roles", tuple(f"national_roles.{n}" for n in list(NationalRoles.model_fields)[:3])),
    ("flows_down", _CUT[:4]),
    ("more_flows", _CUT[4:]),
    ("more_roles", tuple(f"national_roles.{n}" for n in list(NationalRoles.model_fields)[3:])),
)
"""Every group of levers, by the name of its heading."""

FIRST = ("national_fte", "regional", "sponsor_link", "seed_end", "sponsors", "backbone_share")
"""Levers that stand first where a story has none of its own."""
MOST_FIRST = 5

IN_FILES = (
    "posts",
    "payers",
    "same_money_as",
    "same_money_use",
    "left_out",
    "functions",
    "responsibilities",
    "allow",
)
"""Levers without a control: rows, and another scenario; the page runs what a file says. Posts and
their payers are moved on the time axis (posts.py)."""

SELECTS = {
    "participation": ("file", "all", "none"),
    "founders": ("file", "drawn", "network", "none"),
    "selection": get_args(Selection),
    "champion": ("none", "best-trusted"),
    "agreement": get_args(Agreement),
    "steering": get_args(Steering),
}
"""Levers of which one word is chosen; what a file says in a table is there until then."""

SOURCES = {"agreement": "R21", "steering": "R21"}
"""Of levers of which one word is chosen, where it is not V20."""

SLIDERS = {
    "value_distance": (0.0, 2.0),
    "national_fte": (0.0, 12.0),
    "regional_scale": (0.0, 4.0),
    "regional_fte": (0.0, 4.0),
    "seed_end": (0.0, 120.0),
    "sponsors_post": (0.0, 4.0),
    "grant_nat": (0.0, 12.0),
    "grant_reg": (0.0, 4.0),
    "start_up": (0.0, 36.0),
    "volunteers": (0.0, 2.0),
    "local_action": (0.0, 4.0),
    "academic_fte": (0.0, 2.0),
    "national_start": (0.0, 120.0),
    "national_end": (0.0, 120.0),
    "regional_start": (0.0, 120.0),
    "regional_end": (0.0, 120.0),
}
"""How far a slider goes where a lever's bounds go further; the number box takes all of them."""


class Control(NamedTuple):
    """One thing that can be changed, but for its present value.

    kind     : number, switch, choice (of several) or select (of one)
    low, high: ends of the slider; least, most: of the number box
    evidence : what its size and being there rest on, in a sentence; quoted: as its source has it,
               in English; source: the short name, and what it supports
    empty    : what an empty box means, where it may be empty
    """

    name: str
    kind: str
    label: str
    meaning: str
    unit: str
    low: float
    high: float
    least: float
    most: float
    step: float
    log: bool
    source: str
    evidence: str
    quoted: bool = False
    options: tuple[tuple[str, str], ...] = ()
    empty: str = ""


def label_of(name: str) -> str:
    """Return what a lever or a belief is called; a constant by the words of its name."""
    labels = {**part("belief_labels"), **part("levers")}
    found = labels.get(name.replace(".", "_")) or name.replace("_", " ")
    return str(found[:1].upper() + found[1:])


def quoted(names: Iterable[str]) -> dict[str, str]:
    """Return what levers and beliefs are called within a sentence, in quotation marks."""
    return {name: say("survey.quoted", text=label_of(name)) for name in names}


@kept_by_language
def control(name: str) -> Control:
    """Return what is declared about a lever or a belief, as the page shows it."""
    label = label_of(name)
    if name == "regional":
        meaning, evidence = say("levers.regional_meaning"), say("levers.regional_evidence")
        return Control(name, "switch", label, meaning, "", 0, 1, 0, 1, 1, False, "K26", evidence)
    if name == "sponsors":
        options = tuple((kind, say(f"sponsor_kinds.{kind}")) for kind in SPONSOR_KINDS)
        meaning, evidence = say("levers.sponsors_meaning"), say("levers.sponsors_evidence")
        return Control(
            name, "choice", label, meaning, "", 0, 1, 0, 1, 1, False, "K26", evidence, False,
            options,
        )  # fmt: skip
    if name in SELECTS:
        options = tuple((word, say(f"{name}_words.{word}")) for word in SELECTS[name])
        meaning, evidence = say(f"levers.{name}_meaning"), say(f"levers.{name}_evidence")
        return Control(
            name, "select", label, meaning, "", 0, 1, 0, 1, 1, False, SOURCES.get(name, "V20"),
            evidence, False, options, say("levers.own_choice"),
        )  # fmt: skip
    if name == "regional_fte":
        meaning, evidence = say("levers.regional_fte_meaning"), say("levers.regional_fte_evidence")
        unit, empty = say("levers.regional_fte_unit"), say("levers.regional_fte_empty")
        return Control(
            name, "number", label, meaning, unit, *SLIDERS[name], 0, 10_000, 0.1, False,
            source_in_words("judgement"), evidence, empty=empty,
        )  # fmt: skip
    one = declared(name)
    low, high = SLIDERS.get(name, one.plausible or one.bounds)
    return Control(
        name=name,
        kind="number",
        label=label,
        meaning=fact("meanings", name, one.meaning),
        unit=unit_in_words(one.unit).replace("FTE", say("stage.posts")),
        low=low,
        high=high,
        least=one.bounds[0],
        most=one.bounds[1],
        step=1.0 if one.whole else round_step(high - low, 40),
        log=one.log_scale,
        source=grade(one),
        evidence=one.evidence.words,
        quoted=True,
    )


def has_control(name: str) -> bool:
    """Return whether there is a control for a lever or belief, or only a file says it."""
    head, _, rest = name.partition(".")
    return head not in IN_FILES and (not rest or head in ("national_roles", "regional_roles"))


def declared(name: str) -> Declaration:
    """Return the declaration of a lever, role or belief by its name."""
    head, _, rest = name.partition(".")
    if rest:
        roles = NationalRoles if head == "national_roles" else RegionalRoles
        return declarations(roles)[rest]
    known = declarations(Parameters)
    return known[head] if head in known else declarations(Structure)[head]


@kept_by_language
def assumptions() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return groups of beliefs that have a plausible range: key, heading, names."""
    found: list[tuple[str, str, tuple[str, ...]]] = []
    known = declarations(Parameters)
    for submodel in SUBMODELS:
        names = [n for n, one in known.items() if one.submodel == submodel and not one.constant]
        pieces = [names[at : at + MOST] for at in range(0, len(names), MOST)]
        for number, piece in enumerate(pieces, start=1):
            many = len(pieces)
            words = fact("submodels", submodel, SUBMODELS[submodel])
            heading = say("levers_board.piece", words=words, number=number, of=many)
            found.append((f"{submodel}-{number}", heading if many > 1 else words, tuple(piece)))
    return tuple(found)


@kept_by_language
def board() -> dict[str, Any]:
    """Return all controls in groups, levers and assumptions, without their values.

    It never changes: a page gets it once, and only `values` after each step.
    """

    def group(key: str, heading: str, names: tuple[str, ...]) -> dict[str, Any]:
        controls = [control(name)._asdict() for name in names]
        return {"key": key, "heading": heading, "controls": controls}

    return {
        "levers": [group(key, say(f"groups.{key}"), names) for key, names in GROUPS],
        "assumptions": [group(key, heading, names) for key, heading, names in assumptions()],
    }


def values(look: Look) -> dict[str, Any]:
    """Return the value of every control by name, and for the changed ones the scenario's own."""
    here = scenario_of(look)
    names = [name for _, group in GROUPS for name in group]
    names += [name for _, _, group in assumptions() for name in group]
    start = unset(look)
    return {
        "calendar": here.calendar.start or "",
        "first": first_of(start),
        "of": {name: _plain(setting(here, name)) for name in names},
        "start": {
            name: in_words(name, setting(start, name))
            for name, _ in look.settings
            if has_control(name)
        },
    }


def first_of(scenario: Scenario) -> list[str]:
    """Return the levers that a story is about, as the page orders them: at most MOST_FIRST.

    Those are what its structure sets other than usual; where these are few, the usual first ones.
    """
    usual = Structure.model_construct()
    told = [name for _, group in GROUPS for name in group if "." not in name]
    own = [
        name
        for name in told
        if name in scenario.structure.model_fields_set
        and getattr(scenario.structure, name) != getattr(usual, name, None)
    ]
    return list(dict.fromkeys([*own, *FIRST]))[:MOST_FIRST]


def _plain(value: Any) -> Any:
    """Return a value as a control has it: a table that a file gives is nothing to choose."""
    return "" if isinstance(value, BaseModel) else value


def in_words(name: str, value: Any) -> str:
    """Return a value of a control for people, without its unit."""
    how = control(name)
    if value is None:
        return how.empty
    if isinstance(value, bool):
        return say("explore.yes") if value else say("explore.no")
    if how.kind == "select":
        return dict(how.options).get(str(value), how.empty)
    if isinstance(value, float | int):
        return "–" if how.most >= NEVER_ENDS <= value else localised(f"{value:g}")
    labels = dict(how.options)
    return ", ".join(labels.get(one, str(one)) for one in value) or say("explore.none")
