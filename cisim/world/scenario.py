"""A scenario: world × structure × events × parameters, under a name.

A file states only what differs: which world and structure, changes of the structure's levers, of
parameters, dated events, the horizon. Everything else is what the files it names, and the model's
declarations, say.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, cast

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from cisim.model.faults import MOST_SENTENCES
from cisim.model.input_error import (
    InputError,
    ObjectionsError,
    Problems,
    nearest,
    printable,
    shown,
)
from cisim.model.limits import MOST_MONTHS
from cisim.model.outcomes import Holders
from cisim.model.parameters import Parameters, check_parameters
from cisim.model.quantity import declarations
from cisim.model.reading import scenarios_are_read_by
from cisim.model.state import FOUNDATION, State
from cisim.model.surveyed import Surveyed
from cisim.model.told import Sentences, several
from cisim.world.beliefs import Believed, beliefs_of
from cisim.world.believed import check_own_time
from cisim.world.build import build, equip, plan, surveyed
from cisim.world.calendar import Calendar
from cisim.world.choosing import misplaced as holders_misplaced
from cisim.world.events import EVENTS, Event
from cisim.world.files import (
    LEFT_OUT,
    NOTHING_LEFT_OUT,
    Kind,
    checked,
    exists,
    find,
    name_of,
    parse,
    read_text,
)
from cisim.world.functions import FunctionTable
from cisim.world.levers.partners import wrong_champions
from cisim.world.participation import NamedCommunities, NamedFounders, wrong_choices
from cisim.world.pictured import Pictured
from cisim.world.policy import Function, Policy, find_policy
from cisim.world.size import check_size
from cisim.world.sourced import Evidence, of_nothing
from cisim.world.sponsors import misplaced
from cisim.world.staffing import Paying, most_action, payers_of, planned_staff, staffing
from cisim.world.structure import LEVERS, Structure
from cisim.world.texts import Line, Lines, Short, Title, plain_line
from cisim.world.world import World

SAYS = Sentences(
    "scenarios",
    table_of_functions=(
        "{where}: is a table of functions, not a scenario; name it in a structure, or run "
        "one with it (cisim run no-backbone --set functions=FILE)."
    ),
    other_kind=(
        "{where}: is a {kind}, not a scenario; name it in a scenario, or run one with it "
        "(cisim run no-backbone --{option} FILE)."
    ),
    policy_already="{name} runs under the policy {function} already; allowed is one.",
    no_setting="{where}: {key} is not a parameter or a lever.{near} (cisim list parameters)",
    circle=(
        "{field} is {named}, which goes round in a circle: the money of {way}; allowed is a "
        "scenario that pays by itself."
    ),
    event_month=(
        "{where}: events[{at}].month is {month}; allowed is {first} to {last}, before the horizon."
    ),
    event_region=(
        "{where}: events[{at}].region is {region}, which is not a region of {world}.{near}"
    ),
    grants=(
        "{where}: grants (grant_nat, grant_reg, local action) come to {given:,.3g} FTE for "
        "1,000 children; allowed are at most {most:g}, as with more of them wellbeing leaves "
        "its scale of 0 to 100."
    ),
    event_community="{field}.community is {place}, which is no community of this world.{near}",
    founder_left_out=(
        "{where}: founders.names[{at}] is {name}, which left_out names too; allowed is one of them."
    ),
    founder_absent=(
        "{where}: founders.names[{at}] is {name}, whose community does not take part "
        "(participation); allowed are organisations that may take part."
    ),
    event_payer=(
        "{where}: events[{at}].payer is {payer}, and no payer is called so; allowed is one "
        "of {names}, or a [[payers]] of that name in the structure."
    ),
    pays_twice=(
        "{where}: events[{at}] pays a backbone, but same_money_as gives all the money that "
        "there is; allowed is one or the other."
    ),
    of="{where}: {sentence}",
    world="world",
    structure="structure",
    money_apart="scenario: same_money is what same_money_as names; allowed are both or neither.",
    no_policy="{name} ran under no policy; allowed is none.",
    policy_code=(
        "{name} ran under the policy {policy}, which is code and is not run from a file; "
        "right would be policy={policy!r}, if you know and trust it."
    ),
    policy_other="{name} ran under the policy {policy}; its {part} was {was} and is {here} here.",
    whole_structure=(
        "{where}: is a structure itself, all of which {chosen} would replace; allowed is one "
        "of them."
    ),
    whole_and_part="{where}: {name} is set as a whole and in part; allowed is one.",
    set_twice="{where}: {name} is set twice; allowed is once.",
)

_PARTS = {"world": str, "structure": str, "structure_changes": dict, "parameters": dict}
"""What a scenario says in parts that are checked by themselves, whatever is wrong elsewhere."""


class ScenarioFile(BaseModel):
    """What a scenario's TOML may say.

    evidence : where the file's numbers are from
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    title: Title
    short: Short = ""
    story: Lines = ""
    note: Lines = ""
    world: str = "finland"
    structure: str = "none"
    structure_changes: dict[str, Any] = {}
    parameters: dict[str, Any] = {}
    events: list[Event] = Field(default=[], max_length=1000)
    months: int = Field(default=120, ge=1, le=MOST_MONTHS, json_schema_extra={"unit": "months"})
    evidence: list[Evidence] = Field(default=[], max_length=10_000)

    @model_validator(mode="after")
    def _rests_on(self, info: ValidationInfo) -> ScenarioFile:
        if self.evidence and not (info.context or {}).get(LEFT_OUT, NOTHING_LEFT_OUT).members:
            found = list(
                of_nothing(self.model_dump(exclude_unset=True, by_alias=True), self.evidence)
            )
            if found:
                raise ObjectionsError(*found)
        return self


class Scenario(Pictured, BaseModel):
    """What is run: everything resolved and checked. Frozen; `with_` returns a changed copy.

    same_money : the scenario that the structure's same_money_as names, as it was read; `reference`
                 is what is run of it
    policy     : what acts on the agents before each month; see `with_policy`
    beliefs    : what each future believes; None where every future has the same parameters
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    name: Line
    title: Line
    short: Short = ""
    story: Lines = ""
    note: Lines = ""
    world: World
    world_name: Line = "world"
    structure: Structure
    structure_name: Line = "structure"
    events: tuple[Event, ...] = ()
    parameters: Parameters = Parameters()
    months: int = Field(default=120, ge=1, le=MOST_MONTHS)
    same_money: Scenario | None = None
    policy: Policy | None = None
    beliefs: Believed | None = None

    @model_validator(mode="after")
    def _months_are_counted(self) -> Scenario:
        self.__dict__["structure"] = self.structure.counted(self.calendar, "structure.")
        return self

    def __repr__(self) -> str:
        where = f"{self.structure_name} in {self.world_name}"
        return f"<Scenario {self.name}: {where}, {self.months:,} months>"

    @classmethod
    def load(cls, name_or_path: str | os.PathLike[str], **changes: Any) -> Scenario:
        """Return the scenario of a shipped name or of a file's path; `changes` as in `with_`.

        A structure's file is the scenario of that structure, of which nothing else is changed.

        Raises InputError with one sentence if anything in it is wrong.
        """
        path = find("scenarios", name_or_path)
        text, where = _scenario_in(path, changes.get("structure")), printable(path.name)
        return cls.read(text, where, name_of(path), path.parent, **changes)

    @classmethod
    def read(
        cls,
        text: str,
        where: str,
        name: str,
        folder: Path | None = None,
        *,
        others: tuple[Path, ...] = (),
        **changes: Any,
    ) -> Scenario:
        """Return the scenario that a TOML text means; `folder` is where its paths start.

        others : files of scenarios that are given the money of this one, one of the other
        """
        said = parse(text, where)
        other = other_kind(said)
        if other == "function":
            raise InputError(SAYS("table_of_functions", where=where))
        if other:
            raise InputError(SAYS("other_kind", where=where, kind=SAYS(other), option=other))
        place = changes.pop("world", None)
        chosen = changes.pop("structure", None)
        wrong, misplaced = Problems(), Problems()
        file = ScenarioFile(title=where)
        structure = Structure(title=where)
        calendar = None
        given = {
            name: said[name] for name, kind in _PARTS.items() if isinstance(said.get(name), kind)
        }
        with misplaced.gathered():
            world, world_name = (
                _world(given.get("world", file.world), folder, f"{where}: world")
                if place is None
                else _world(place)
            )
            calendar = world.calendar
        if "events" in said:
            said = {**said, "events": _counted(said["events"], calendar, where, wrong)}
        with wrong.gathered():
            file = checked(ScenarioFile, said, where)
        wrong.sentences += misplaced.sentences
        with wrong.gathered():
            structure, structure_name = (
                _structure(
                    given.get("structure", file.structure),
                    folder,
                    f"{where}: structure",
                    calendar=calendar,
                )
                if chosen is None
                else _structure(chosen, calendar=calendar)
            )
        with wrong.gathered():
            structure = _changed(
                structure,
                given.get("structure_changes", {}),
                where,
                "structure_changes",
                calendar,
            )
        with wrong.gathered():
            parameters = check_parameters(given.get("parameters", {}), where)
        wrong.refuse()
        scenario = cls(
            name=plain_line(name, where, "name"),
            title=file.title,
            short=file.short,
            story=file.story,
            note=file.note,
            world=world,
            world_name=world_name,
            structure=structure,
            structure_name=structure_name,
            events=tuple(file.events),
            parameters=parameters,
            months=file.months,
        )
        scenario = scenario._with_money(where, None, folder, others)
        if changes:
            return scenario.with_(where=where, **changes)
        return scenario._fits(where)

    def with_(
        self,
        *,
        where: str = "",
        world: str | World | None = None,
        structure: str | Structure | None = None,
        structure_changes: Mapping[str, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
        events: Iterable[Event | Mapping[str, Any]] | None = None,
        months: int | None = None,
        name: str | None = None,
        title: str | None = None,
    ) -> Scenario:
        """Return a changed copy: other places, levers, beliefs, events, horizon.

        `parameters` and `structure_changes` add to what is set; `events` replaces.

        Raises InputError with one sentence if a change is wrong.
        """
        where = where or self.name
        new: dict[str, Any] = {part: getattr(self, part) for part in type(self).model_fields}
        if world is not None:
            new["world"], new["world_name"] = _world(world)
        calendar = new["world"].calendar
        if structure is not None:
            new["structure"], new["structure_name"] = _structure(structure, calendar=calendar)
        if structure_changes:
            new["structure"] = _changed(
                new["structure"], structure_changes, where, "structure_changes", calendar
            )
        if parameters:
            set_already = self.parameters.model_dump(exclude_unset=True)
            new["parameters"] = check_parameters({**set_already, **parameters}, where)
        if events is not None:
            plain = [e if isinstance(e, Mapping) else e.model_dump() for e in events]
            wrong = Problems()
            counted = _counted(plain, calendar, where, wrong)
            wrong.refuse()
            file = checked(ScenarioFile, {"title": self.title, "events": counted}, where)
            new["events"] = tuple(file.events)
        if months is not None:
            new["months"] = checked(
                ScenarioFile, {"title": self.title, "months": months}, where
            ).months
        if name is not None:
            new["name"] = plain_line(name, where, "name")
        if title is not None:
            new["title"] = plain_line(title, where, "title")
            new["short"] = ""  # it was short for another title
        return Scenario(**new)._with_money(where, self.structure.same_money_as)._fits(where)

    def with_policy(
        self,
        policy: str | Function,
        parameters: Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
    ) -> Scenario:
        """Return a copy in which a function acts on the agents before each month of every run.

        policy     : "module:function", or a function that can be imported from its module
        parameters : what it is given beside the model
        name       : of the copy, which is also added to its title

        Raises InputError if workers could not import it, or it cannot be called so.
        """
        if self.policy is not None:
            raise InputError(SAYS("policy_already", name=self.name, function=self.policy.function))
        new: dict[str, Any] = {"policy": find_policy(policy, parameters)}
        if name is not None:
            new["name"] = plain_line(name, self.name, "name")
            said = new["policy"].name.replace("_", " ")
            new |= {"title": f"{self.title}, with {said}"[:200], "short": ""}
        return self.model_copy(update=new)

    def believing(self, held: str | os.PathLike[str]) -> Scenario:
        """Return a copy with the parameters of each future as some beliefs draw them.

        What the scenario itself sets stays so in every future.

        held : "fixed", every future has the scenario's own; "ensemble", "plausible", the name of a
               shipped ensemble, or the path of one

        Raises InputError for any other.
        """
        return self.model_copy(update={"beliefs": beliefs_of(held)})

    def in_future(self, seed: int) -> Scenario:
        """Return the scenario as it is run in one future, with that future's parameters."""
        return self if self.beliefs is None else self._at(self.beliefs.point(seed))

    @property
    def held(self) -> tuple[str, ...]:
        """Return the parameters that it sets, and no future draws; () where none is drawn."""
        return () if self.beliefs is None else tuple(sorted(self.parameters.model_fields_set))

    def _at(self, point: Mapping[str, float]) -> Scenario:
        own = self.parameters.model_dump(exclude_unset=True)
        other = self.same_money
        new = {
            "parameters": check_parameters({**point, **own}, self.name),
            "same_money": None if other is None else other._at(point),
            "beliefs": None,
        }
        return self.model_copy(update=new)

    def set(self, changes: Mapping[str, Any], where: str = "--set") -> Scenario:
        """Return a copy with parameters and levers changed by name, whichever each is.

        Raises InputError, with the nearest name, if one is neither.
        """
        known = [*Parameters.model_fields, *LEVERS]
        changed: dict[str, Any] = {}
        beliefs: dict[str, Any] = {}
        for key, value in changes.items():
            head, *rest = key.split(".")
            if head in Parameters.model_fields and not rest:
                beliefs[key] = value
            elif head in LEVERS:
                _nest(changed, [head, *rest], value, where)
            else:
                raise InputError(
                    SAYS("no_setting", where=where, key=printable(key), near=nearest(key, known))
                )
        new = self
        if beliefs:
            merged = {**self.parameters.model_dump(exclude_unset=True), **beliefs}
            new = new.model_copy(update={"parameters": check_parameters(merged, where, under="")})
        if changed:
            structure = _changed(new.structure, changed, where, "", self.calendar)
            before = self.structure.same_money_as
            new = new.model_copy(update={"structure": structure})
            new = new._with_money(where, before)._fits(where)
        return new

    def _with_money(
        self,
        where: str,
        before: str | None = None,
        folder: Path | None = None,
        others: tuple[Path, ...] = (),
    ) -> Scenario:
        """Return itself with the scenario whose money it gives.

        before : what same_money_as was; the scenario that it named is kept while it is the same

        Raises InputError if there is none of that name, or if one would give its own money.
        """
        named = self.structure.same_money_as
        if named == before and (named is None) == (self.same_money is None):
            return self
        if named is None:
            return self.model_copy(update={"same_money": None})
        field = f"{where}: same_money_as"
        path = _beside(find("scenarios", named, field), folder)
        if path.resolve() in others:
            way = several((name_of(one) for one in (*others, path)), ", which is given that of ")
            raise InputError(SAYS("circle", field=field, named=shown(named), way=way))
        other = Scenario.read(
            _scenario_in(path),
            printable(path.name),
            name_of(path),
            path.parent,
            others=(*others, path.resolve()),
            world=self.world,  # its dates are those of this place
        )
        other = other.model_copy(update={"world_name": self.world_name})
        return self.model_copy(update={"same_money": other})

    def _fits(self, where: str) -> Scenario:
        """Return itself if it fits into this machine, and its events its world and horizon.

        Raises InputError otherwise.
        """
        check_size(self.world, self.months, where)
        check_own_time(self.world, where)
        names = [region.name for region in self.world.regions]
        known = set(names)
        found: list[str] = []
        written = self.calendar.written
        for at, event in enumerate(self.events):
            if event.month >= self.months:
                found.append(
                    SAYS(
                        "event_month",
                        where=where,
                        at=at,
                        month=written(event.month),
                        first=written(0),
                        last=written(self.months - 1),
                    )
                )
            if event.region is not None and event.region not in known:
                found.append(
                    SAYS(
                        "event_region",
                        where=where,
                        at=at,
                        region=shown(event.region),
                        world=self.world_name,
                        near=nearest(event.region, names),
                    )
                )
            found += self._decided_wrongly(event, f"{where}: events[{at}]")
            if len(found) >= MOST_SENTENCES:
                break
        unpaid = self._paid_for(where)
        given = 0.0 if unpaid else grants(self.world, self.structure)
        found += [*unpaid, *self._chosen_wrongly(where)]
        if given > MOST_GRANTS:
            found.append(SAYS("grants", where=where, given=given, most=MOST_GRANTS))
        if found:
            raise InputError(*found)
        return self

    def _decided_wrongly(self, event: Any, field: str) -> Iterator[str]:
        """Yield a sentence for each name in an event that this world has not."""
        if event.kind == "backbone-chosen":
            names = self.world.organisation_names
            yield from holders_misplaced(event.candidates, names, f"{field}.candidates")
        place = getattr(event, "community", None)
        if place is not None and place not in self.world.community_names:
            yield SAYS(
                "event_community",
                field=field,
                place=shown(place),
                near=nearest(place, self.world.community_names),
            )

    def _chosen_wrongly(self, where: str) -> list[str]:
        """Return what the structure says of places, people or dates that this world has not."""
        s, world = self.structure, self.world
        regions = [region.name for region in world.regions]
        found = [
            *islice(misplaced(s.sponsors, regions, world.calendar, where), MOST_SENTENCES),
            *islice(
                wrong_choices(s.participation, s.founders, s.left_out, world, where),
                MOST_SENTENCES,
            ),
            *islice(wrong_champions(s.champion, world, where), MOST_SENTENCES),
        ]
        return found or list(islice(self._shut_out(where), MOST_SENTENCES))

    def _shut_out(self, where: str) -> Iterator[str]:
        """Yield a sentence for each named founder whose community surely does not take part."""
        chosen, founders = self.structure.participation, self.structure.founders
        if not isinstance(founders, NamedFounders):
            return
        absent = set(self.structure.left_out)
        for at, name in enumerate(founders.names):
            if name in absent:
                yield SAYS("founder_left_out", where=where, at=at, name=shown(name))
        if chosen != "none" and not isinstance(chosen, NamedCommunities):
            return
        there = set() if chosen == "none" else set(chosen.names)
        number = {name: at for at, name in enumerate(self.world.organisation_names)}
        community = plan(self.world).community
        for at, name in enumerate(founders.names):
            place = int(community[number[name]])
            if place >= 0 and self.world.community_names[place] not in there:
                yield SAYS("founder_absent", where=where, at=at, name=shown(name))

    def _paid_for(self, where: str) -> list[str]:
        """Say what posts, payers and events that pay have against each other or the world."""
        found: list[str] = []
        try:
            staffing(self.world, self.structure)
        except InputError as error:
            return [SAYS("of", where=where, sentence=sentence) for sentence in error.sentences]
        names = [one.name for one in payers_of(self.structure)][FOUNDATION:]
        for at, event in enumerate(self.events):
            payer = getattr(event, "payer", None)
            if payer is not None and payer not in names:
                found.append(
                    SAYS(
                        "event_payer",
                        where=where,
                        at=at,
                        payer=shown(payer),
                        names=", ".join(names),
                    )
                )
            pays = event.kind in ("backbone-starts", "backbone-chosen")
            if pays and self.structure.same_money_as is not None:
                found.append(SAYS("pays_twice", where=where, at=at))
        if self.same_money is not None:
            try:
                _ = self.reference  # what it pays may not fit this world
            except InputError as error:
                found += [
                    SAYS("of", where=f"{where}: same_money_as", sentence=sentence)
                    for sentence in error.sentences
                ]
        return found

    # what the model asks -----------------------------------------------------------------------

    def build(self, seed: int) -> State:
        """Return the state at the first month of history."""
        state = build(self.world, self.structure, self.parameters, seed)
        if self.same_money is not None:
            self.equip(state, seed)
        return state

    def equip(self, state: State, seed: int) -> None:
        """Write what the structure sets into a state of the same world and seed, in place."""
        equip(state, self.world, self.structure, self.parameters, seed, self._paying)

    @property
    def _paying(self) -> Structure:
        """Return the structure whose payers pay: its own, or that of the one whose money it is."""
        return self.structure if self.same_money is None else self.same_money._paying

    @property
    def payers(self) -> tuple[Paying, ...]:
        """Return who pays, in the order of the books: sponsors by kind, the foundation, others."""
        return tuple(payers_of(self._paying))

    def paying(self, name: str | None) -> tuple[int, ...]:
        """Return the rows of the payers of a name, of all foundations if none is given."""
        return tuple(
            row
            for row, one in enumerate(self.payers)
            if (one.kind == "foundation" if name is None else one.name == name)
        )

    def may_take_part(self, number: int) -> bool:
        """Return whether an organisation may take part where its community does."""
        left_out = self.structure.left_out
        return not left_out or self.organisation_name(number) not in left_out

    @property
    def reference(self) -> Scenario | None:
        """Return the scenario whose money it gives, as it is run: in this world and over these
        months, with these parameters but for those that its own file sets.
        """
        other = self.same_money
        if other is None:
            return None
        here = self.parameters.model_dump(exclude_unset=True)
        there = other.parameters.model_dump(exclude_unset=True)
        parameters = self.parameters
        if here | there != here:
            parameters = check_parameters({**here, **there}, other.name)
        world = {"world": self.world, "world_name": self.world_name}
        new = {**world, "parameters": parameters, "months": self.months, "beliefs": self.beliefs}
        return other.model_copy(update=new)._fits(other.name)

    def given_the_money_of(self, other: Scenario) -> Scenario:
        """Return itself with another reading of the scenario whose money it gives.

        What that one changes from its file, and all its parameters, are then those of the money.
        """
        held = other.parameters
        drawn = () if self.beliefs is None else self.beliefs.names
        whole = Parameters(
            **{
                name: value
                for name, value in held.model_dump().items()
                if name not in drawn or name in held.model_fields_set
            }
        )
        return self.model_copy(
            update={"same_money": other.model_copy(update={"parameters": whole})}
        )

    def surveyed(self, state: State) -> Surveyed:
        """Return what a survey found of the ties of a state of this world."""
        return surveyed(self.world, state)

    @property
    def past(self) -> tuple[type[Scenario], World, Parameters]:
        """Return what decides the months before month 0, beside the seed; no structure does."""
        return type(self), self.world, self.parameters

    def events_at(self, month: int) -> list[Any]:
        """Return the events of a month, in the order of the file."""
        return [event for event in self.events if event.month == month] if self.events else []

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Return what acts on the agents before each month, after its events."""
        return () if self.policy is None else (self.policy,)

    @property
    def calendar(self) -> Calendar:
        """Return how its months are called."""
        return self.world.calendar

    @property
    def holders(self) -> Holders:
        """Return who carries each function of leadership."""
        return self.structure.functions.holders

    def region_name(self, row: int) -> str:
        """Return a region's name."""
        return self.world.regions[row].name

    def community_name(self, row: int) -> str:
        """Return a community's name, region and number within it: "Pohde/3"."""
        return self.world.community_names[row]

    def organisation_name(self, number: int) -> str:
        """Return an organisation's name: "Pohde/3/education", of a body "Pohde/health"."""
        names = self.world.organisation_names
        return names[number] if number < len(names) else f"organisation {number}"

    def resolved(self) -> dict[str, Any]:
        """Return everything the scenario says, as plain values for a manifest or a saved run.

        Of one whose money it gives all but the world, which is the same.
        """
        without = {"same_money"}
        without |= {part for part in ("policy", "beliefs") if getattr(self, part) is None}
        said = self.model_dump(mode="json", exclude=without)
        if self.beliefs is not None:  # which parameters it sets is then part of what it says
            said["parameters"] = self.parameters.model_dump(mode="json", exclude_unset=True)
        other = self.reference
        if other is not None:
            said["same_money"] = {k: v for k, v in other.resolved().items() if k != "world"}
        return said

    @classmethod
    def from_resolved(
        cls,
        values: Mapping[str, Any],
        policy: str | Function | None = None,
        *,
        to_read: bool = False,
    ) -> Scenario:
        """Return the scenario of what `resolved` returned.

        policy  : the function under which it ran; code that a file names is not run
        to_read : whether a policy that is not given stays as the file has it: then the scenario can
                  be looked at, and is not run

        Raises InputError if something in it is wrong, or the policy is missing or another.
        """
        said = dict(values)
        ran = said.pop("policy", None)
        other = said.pop("same_money", None)
        pays_under = isinstance(other, Mapping) and other.get("policy") is not None
        scenario = checked(_Resolved, said, "scenario").scenario()
        if (other is None) != (scenario.structure.same_money_as is None):
            raise InputError(SAYS("money_apart"))
        if isinstance(other, Mapping):
            paying = cls.from_resolved(
                {**other, "world": said.get("world")},
                policy if pays_under else None,
                to_read=to_read,
            )
            scenario = scenario.model_copy(update={"same_money": paying})
        if ran is None and (policy is None or pays_under):
            return scenario
        if to_read and policy is None:
            unread = checked(Policy, {**dict(ran), "place": None}, f"{scenario.name}: policy")
            return scenario.model_copy(update={"policy": unread})
        return scenario._under(ran, policy)

    def _under(self, ran: object, given: str | Function | None) -> Scenario:
        """Return itself under the policy that it ran under, which is given once more."""
        said = ran if isinstance(ran, Mapping) else {}
        named = printable(str(said.get("function")))
        if ran is None:
            raise InputError(SAYS("no_policy", name=self.name))
        if given is None:
            raise InputError(SAYS("policy_code", name=self.name, policy=named))
        parameters = said.get("parameters")
        found = self.with_policy(given, parameters if isinstance(parameters, Mapping) else {})
        assert found.policy is not None
        here = found.policy.model_dump()
        for part in ("function", "source"):
            if here[part] != said.get(part):
                raise InputError(
                    SAYS(
                        "policy_other",
                        name=self.name,
                        policy=named,
                        part=part,
                        was=printable(str(said.get(part))),
                        here=here[part],
                    )
                )
        return found

    @property
    def differs(self) -> dict[str, Any]:
        """Return the levers and parameters that are not at their defaults."""
        return {
            **self.structure.model_dump(exclude_defaults=True, exclude={"title", "source"}),
            **self.parameters.model_dump(exclude_defaults=True),
        }


class _Resolved(Scenario):
    """A scenario as it comes back from JSON, where a tuple is a list."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)

    def scenario(self) -> Scenario:
        return Scenario(**{name: getattr(self, name) for name in Scenario.model_fields})


MOST_GRANTS = 40.0
"""Grants, FTE for 1,000 children. Tried on One town each brought some .8 points, without a ceiling,
so with more of them wellbeing leaves its scale. The number is judgement."""


def grants(world: World, structure: Structure) -> float:
    """Return the grants of a month, FTE for 1,000 children; local action is one where it can be.

    Where there are no members it is organisations' own time.
    """
    staff = float(planned_staff(world, structure).sum())
    total = structure.grant_nat * world.scale + structure.grant_reg * staff
    total += most_action(staffing(world, structure))
    return 1000.0 * total / world.children


def kind_of(said: Mapping[str, Any], folder: str = "") -> Kind:
    """Return what kind of file says this: by its keys, and where they do not tell by its folder."""
    classes: dict[str, type[BaseModel]] = {
        "scenarios": ScenarioFile,
        "structures": Structure,
        "worlds": World,
        "functions": FunctionTable,
    }
    known = {kind: len(said.keys() & model.model_fields) for kind, model in classes.items()}
    most = max(known.values())
    likely = [kind for kind, count in known.items() if count == most]
    return cast(Kind, folder if folder in likely else likely[0])


def _scenario_in(path: Path, chosen: object = None) -> str:
    """Return the text of a scenario's file; of a structure's one that only names it.

    chosen : another structure that is to stand in its place

    Raises InputError if the file cannot be read, or is a structure where another is chosen.
    """
    text, where = read_text(path), printable(path.name)
    said = parse(text, where)
    if other_kind(said) != "structure":
        return text
    if chosen is not None:
        raise InputError(SAYS("whole_structure", where=where, chosen=shown(chosen)))
    title = said.get("title")
    title = title if isinstance(title, str) and title else path.stem
    return tomli_w.dumps({"title": title, "structure": os.fspath(path.absolute())})


def other_kind(said: Mapping[str, Any]) -> str:
    """Return "world", "structure" or "function" for a file that is one and no scenario, else ""."""
    kind = kind_of(said)
    both = World.model_fields.keys() | Structure.model_fields.keys()
    both |= FunctionTable.model_fields.keys()
    if kind == "scenarios" or said.keys() & (ScenarioFile.model_fields.keys() - both):
        return ""
    return kind.removesuffix("s") if said.keys() - {"title", "source"} else ""


def load_world(name_or_path: str | os.PathLike[str], folder: Path | None = None) -> World:
    """Return the world of a shipped name or of a path.

    Raises InputError with one sentence if anything in it is wrong.
    """
    return _world(name_or_path, folder)[0]


def load_structure(name_or_path: str | os.PathLike[str], folder: Path | None = None) -> Structure:
    """Return the structure of a shipped name or of a path; its dates wait for a world.

    Raises InputError with one sentence if anything in it is wrong.
    """
    return _structure(name_or_path, folder, calendar=None)[0]


def _world(
    given: World | str | os.PathLike[str], folder: Path | None = None, field: str = ""
) -> tuple[World, str]:
    """Return a world and its name; `field` is where a file names it."""
    if isinstance(given, World):
        return given, "world"
    path = _beside(find("worlds", given, field), folder)
    where = printable(path.name)
    world = checked(World, parse(read_text(path), where), where)
    check_own_time(world, where)
    return world, name_of(path)


def _structure(
    given: Structure | str | os.PathLike[str],
    folder: Path | None = None,
    field: str = "",
    *,
    calendar: Calendar | None,
) -> tuple[Structure, str]:
    """Return a structure and its name.

    field    : where a file names it
    calendar : by which its dates are counted; None where there is no world yet
    """
    if isinstance(given, Structure):
        found, name, where = given, "structure", "structure"
    else:
        path = _beside(find("structures", given, field), folder)
        name, where = name_of(path), printable(path.name)
        found = checked(Structure, parse(read_text(path), where), where)
    return (found if calendar is None else found.counted(calendar, f"{where}: ")), name


def _beside(path: Path, folder: Path | None) -> Path:
    """Return a relative path as seen from the folder of the file that names it, else from here."""
    if folder is None or path.is_absolute() or exists(path) > exists(folder / path):
        return path
    return folder / path


def _changed(
    structure: Structure,
    changes: Mapping[str, Any],
    where: str,
    under: str,
    calendar: Calendar | None,
) -> Structure:
    """Return a structure with some levers changed; tables of one form are merged."""
    merged = structure.model_dump(exclude_unset=True)
    for key, value in changes.items():
        before = vars(structure).get(key)
        if isinstance(value, Mapping) and isinstance(before, BaseModel):
            of_one_form = value.keys() <= type(before).model_fields.keys()
            value = {**before.model_dump(), **value} if of_one_form else value
        merged[key] = value
    found = checked(Structure, merged, where, under=under, hint="cisim list parameters")
    lead = f"{where}: {under}." if under else f"{where}: "
    return found if calendar is None else found.counted(calendar, lead)


def _counted(events: Any, calendar: Calendar | None, where: str, wrong: Problems) -> Any:
    """Return events as a file gives them, their dates as months; what is no date is gathered.

    calendar : of the world, None where the world itself is wrong
    """
    if not isinstance(events, list):
        return events
    counted = []
    for at, event in enumerate(events):
        if isinstance(event, Mapping) and isinstance(event.get("month"), str):
            month = 0
            with wrong.gathered():
                if calendar is not None:
                    month = calendar.parse(event["month"], f"{where}: events[{at}].month")
            event = {**event, "month": month}
        counted.append(event)
    return counted


def _nest(table: dict[str, Any], keys: list[str], value: Any, where: str) -> None:
    """Set table["a"]["b"] for the keys a, b."""
    for place, key in enumerate(keys[:-1], start=1):
        table = table.setdefault(key, {})
        if not isinstance(table, dict):
            name = ".".join(keys[:place])
            raise InputError(SAYS("whole_and_part", where=where, name=name))
    if keys[-1] in table:
        raise InputError(SAYS("set_twice", where=where, name=".".join(keys)))
    table[keys[-1]] = value


def levers() -> dict[str, Any]:
    """Return what is declared about each lever of a structure."""
    return dict(declarations(Structure))


scenarios_are_read_by(Scenario.from_resolved)

__all__ = [
    "EVENTS",
    "LEVERS",
    "Scenario",
    "ScenarioFile",
    "levers",
    "load_structure",
    "load_world",
]
