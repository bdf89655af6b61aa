"""A world of organisations, communities and answers, as the tables of its file.

What no file says is assumed, said, and has a key in the mapping that changes it.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from cisim.lab.survey.answers import Answers
from cisim.lab.survey.faults import Faults
from cisim.lab.survey.mapping import CommunityColumns, Mapping
from cisim.lab.survey.roster import Roster, wrong_name
from cisim.lab.survey.says import SAYS
from cisim.lab.survey.spellings import alike
from cisim.lab.survey.tables import Table, number, told
from cisim.lab.survey.words import is_missing, truth
from cisim.model.input_error import nearest

FEWEST_COMMUNITIES = 5
SHARE_OF_COMMUNITIES = 0.6
"""Drawn communities for each organisation: with 2,000 children in each, some .5 FTE of own time for
1,000 children, as in the worlds that ship; fewer than five have fewer children than any of them."""
_DIGITS = 6


class Place:
    """What is known of the place, gathered table by table.

    said : what had to be assumed, a sentence each
    """

    def __init__(self, mapping: Mapping, faults: Faults) -> None:
        self.mapping, self.faults = mapping, faults
        self.communities: dict[str, dict[str, Any]] = {}
        self.rows: dict[str, str] = {}
        self.told = False
        self.said: list[str] = []

    # communities -----------------------------------------------------------------------------

    def add_communities(self, table: Table) -> None:
        """Take what a table says of communities."""
        columns = self.mapping.communities or CommunityColumns()
        self.told = True
        assert columns.name is not None
        at_name = table.column(columns.name)
        for row, cells in enumerate(table.rows):
            name = cells[at_name].replace("/", "-")
            if wrong := wrong_name(cells[at_name]):
                self.faults.at(table, row, columns.name, wrong)
                continue
            if name in self.communities:
                self.faults.at(
                    table, row, columns.name, SAYS("before", value=told(name), row=self.rows[name])
                )
                continue
            self.rows[name] = table.place(row)
            self.communities[name] = self._facts(table, row, cells, columns)

    def _facts(
        self, table: Table, row: int, cells: list[str], columns: CommunityColumns
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}

        def cell(column: str | None) -> str:
            text = "" if column is None else cells[table.column(column)]
            return "" if is_missing(text) else text

        if text := cell(columns.region):
            if wrong := wrong_name(text):
                self.faults.at(table, row, columns.region, wrong)
            else:
                found["region"] = text.replace("/", "-")
        for field, low, high, wrong in (
            ("children", 1.0, 10_000_000.0, "children"),
            ("deprivation", 0.0, 1.0, "share"),
        ):
            column = getattr(columns, field)
            if text := cell(column):
                value = number(text, table.comma)
                if value is None or not low <= value <= high:
                    self.faults.at(table, row, column, SAYS(wrong, value=told(text)))
                else:
                    found[field] = value
        if text := cell(columns.participates):
            takes_part = truth(text)
            if takes_part is None:
                self.faults.at(
                    table, row, columns.participates, SAYS("yes_or_no", value=told(text))
                )
            else:
                found["participates"] = takes_part
        return found

    # the world -------------------------------------------------------------------------------

    def world(self, roster: Roster, answers: Answers, title: str, source: str) -> dict[str, Any]:
        """Return the world's file as tables."""
        assume = self.mapping.assume
        organisations = [self._organisation(roster, at) for at in range(len(roster.names))]
        self._settle(roster, organisations)
        regions = self._regions(organisations)
        lacking = sum("sector" not in row for row in roster.rows)
        if lacking:
            self.said.append(SAYS("no_sector", n=lacking, sector=assume.sector))
        return {
            "title": assume.title or title,
            "source": source,
            "acquaintance": assume.acquaintance,
            "regions": regions,
            "communities": [{"name": name, **facts} for name, facts in self.communities.items()],
            "organisations": organisations,
            "ties": ties(roster.names, answers),
        }

    def _organisation(self, roster: Roster, at: int) -> dict[str, Any]:
        facts = roster.rows[at]
        found: dict[str, Any] = {
            "name": roster.names[at],
            "sector": facts.get("sector", self.mapping.assume.sector),
        }
        level = facts.get("level") or ("local" if "community" in facts else None)
        if level is None:
            level = self.mapping.assume.level
        if level == "local" and "community" not in facts:
            self.faults.add(SAYS("homeless", value=told(roster.names[at]), row=roster.where[at]))
        found["level"] = level
        if level == "local":
            found["community"] = facts.get("community", "")
        if "region" in facts:
            found["region"] = facts["region"]
        found |= {key: facts[key] for key in ("own_time", "founder") if key in facts}
        return found

    def _settle(self, roster: Roster, organisations: list[dict[str, Any]]) -> None:
        """Give each organisation a community that there is, and each community a region."""
        assume = self.mapping.assume
        known = list(self.communities)
        for at, one in enumerate(organisations):
            name = one.get("community")
            if not name:
                continue
            if name not in self.communities:
                if self.told:
                    self.faults.add(
                        SAYS(
                            "no_such_place",
                            value=told(one["name"]),
                            row=roster.where[at],
                            place=told(name),
                            near=nearest(name, known),
                        )
                    )
                    continue
                self.communities[name] = {}
                self.rows[name] = roster.where[at]
            facts = self.communities[name]
            region = one.get("region")
            if region is not None and facts.setdefault("region", region) != region:
                self.faults.add(
                    SAYS(
                        "two_regions",
                        value=told(one["name"]),
                        row=roster.where[at],
                        region=told(region),
                        place=told(name),
                        other=told(facts["region"]),
                    )
                )
        if not self.told:
            self._ask_about_spellings()
        regions = [facts["region"] for facts in self.communities.values() if "region" in facts]
        regions += [one["region"] for one in organisations if "region" in one]
        often = Counter(regions)
        only = next(iter(often)) if len(often) == 1 else assume.region
        homeless = [name for name, facts in self.communities.items() if "region" not in facts]
        if homeless and len(often) > 1:
            self.faults.add(
                SAYS(
                    "no_region",
                    value=told(homeless[0]),
                    row=self.rows[homeless[0]],
                    count=len(often),
                    regions=", ".join(sorted(often)[:12]),
                )
            )
        for name, facts in self.communities.items():
            place = facts.pop("region", only)
            self.communities[name] = {"region": place, **facts}
        for one in organisations:
            if one["level"] == "local":
                one.pop("region", None)
            elif "region" not in one:
                one["region"] = only
        if not often:
            self.said.append(SAYS("one_region", value=told(only)))
        elif len(often) > 1 and any(
            one["level"] == "regional" and one["region"] == only and only not in often
            for one in organisations
        ):
            self.said.append(SAYS("rest_region", value=told(only)))
        levels = Counter(one["level"] for one in organisations)
        assumed = sum("level" not in row and "community" not in row for row in roster.rows)
        if assumed and levels:
            self.said.append(SAYS("no_community", n=assumed, level=assume.level))

    def _ask_about_spellings(self) -> None:
        settled = [set(pair) for pair in self.mapping.different]
        for one, other in alike(list(self.communities)):
            if not any({one, other} <= pair for pair in settled):
                self.faults.add(
                    SAYS(
                        "places_alike",
                        one=told(one),
                        row=self.rows[one],
                        other=told(other),
                        other_row=self.rows[other],
                        name=one,
                        other_name=other,
                    )
                )

    def _regions(self, organisations: list[dict[str, Any]]) -> list[dict[str, Any]]:
        assume = self.mapping.assume
        names = dict.fromkeys(facts["region"] for facts in self.communities.values())
        names |= dict.fromkeys(one["region"] for one in organisations if "region" in one)
        regions = []
        drawn = without = 0
        for name in names:
            here = [facts for facts in self.communities.values() if facts["region"] == name]
            region: dict[str, Any] = {"name": name}
            if not here:
                bodies = sum(one.get("region") == name for one in organisations)
                many = assume.communities or max(
                    FEWEST_COMMUNITIES, math.ceil(SHARE_OF_COMMUNITIES * bodies)
                )
                drawn += many
                region |= {"communities": many, "participating": many}
            if not here or any("children" not in facts for facts in here):
                without += sum("children" not in facts for facts in here)
                region["mean_children"] = assume.children
            region["seed_fte"] = assume.seed_fte
            regions.append(region)
        if drawn:
            self.said.append(SAYS("drawn", n=drawn, children=assume.children))
        if without:
            self.said.append(SAYS("no_children", n=without, children=assume.children))
        self.said.append(SAYS("seed", n=assume.seed_fte, fte=assume.seed_fte))
        return regions


def ties(names: list[str], answers: Answers) -> list[dict[str, Any]]:
    """Return the ties of a world: pairs that either side says more than nothing of.

    Where an organisation answered and does not name the other, its side is 0; where it did not, the
    side is unknown. A pair of which only that it knows each other is known has no strength.
    """
    found = []
    sides = answers.sides
    for one, other in sides:
        if one > other and (other, one) in sides:
            continue
        ours, theirs = _side(answers, one, other), _side(answers, other, one)
        known = [value for value in (ours, theirs) if value is not None]
        if known and not any(known) and not _is_named(answers, one, other):
            continue
        tie: dict[str, Any] = {"between": [names[one], names[other]]}
        if known:
            same = ours == theirs
            tie["strength"] = (
                ours if same else ["unknown" if side is None else side for side in (ours, theirs)]
            )
        found.append(tie)
    return found


def _side(answers: Answers, one: int, other: int) -> float | None:
    value = answers.sides.get((one, other))
    if value is None:
        known = answers.answered[one] and (one, other) not in answers.blank
        return 0.0 if known else None
    return None if math.isnan(value) else round(value, _DIGITS)


def _is_named(answers: Answers, one: int, other: int) -> bool:
    """Return whether a side names the other and says nothing of how strong the tie is."""
    sides = answers.sides
    return any(math.isnan(sides.get(pair, 0.0)) for pair in ((one, other), (other, one)))
