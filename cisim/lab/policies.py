"""Two worked examples of policies: a staged entry, and sponsors who take the chair in turn.

A policy is a function of the model, called before each month's schedule, after its events. It looks
and acts through agents. It keeps nothing between months: what it needs it reads from the month and
the agents, so that a run can be split, saved and lived by any worker.

    cisim compare regional-only --policy cisim.lab.policies:staged_entry --policy-set every=6
"""

from __future__ import annotations

from collections import defaultdict
from typing import Literal

from cisim.model.agents import Backbone, Community, Organisation, Sponsor
from cisim.model.input_error import InputError, shown
from cisim.model.model import CollectiveImpactModel
from cisim.model.state import SPONSOR_KINDS


def staged_entry(
    model: CollectiveImpactModel, every: int = 12, by: Literal["region", "community"] = "region"
) -> None:
    """Let regions, or the communities of each region, enter one after the other.

    every : months between two entries; the first is there from month 0
    by    : "region": a region's organisations and its backbone wait for its turn, in the order of
            the world's file. "community": the organisations of each participating community do,
            those with most children first; regional bodies are there from the start

    Who waits may not take part. Founders found the partnership when their turn comes, as committed
    as their reasons have them then. Month 0 is observed before any policy acts, so it still shows
    them all.
    """
    if every < 1 or by not in ("region", "community"):
        raise InputError(
            f"policy staged_entry: every is {shown(every)} and by is {shown(by)}; allowed are at "
            f"least 1 month, and region or community."
        )
    if model.month % every:
        return
    turns = _regions(model) if by == "region" else _communities(model)
    closed = {one.row for one in model.agents_by_type[Community] if not one.participating}
    for organisation in model.agents_by_type[Organisation]:
        place = organisation.region if by == "region" else organisation.community
        month = every * turns.get(place, 0)
        if month == 0 or organisation.community in closed:
            continue
        if model.month == 0:
            organisation.eligible = False
        elif model.month == month:
            organisation.eligible = True
            if organisation.founder:
                organisation.join()
    if by == "region" and model.month == 0:
        for backbone in model.agents_by_type[Backbone]:
            if not backbone.national:
                backbone.wait(every * turns[backbone.region])


def sponsor_rotation(
    model: CollectiveImpactModel, every: int = 24, chair: float = 1.0, others: float = 0.5
) -> None:
    """Let the sponsors of each region take the chair in turn.

    every  : months for which one has it
    chair  : how closely the one in the chair is tied to the backbone (link, 0 to 1)
    others : how closely those are who are not

    The order is that of the kinds of sponsors; for one who is not there the next one takes it.
    """
    if every < 1:
        raise InputError(
            f"policy sponsor_rotation: every is {shown(every)}; allowed is at least 1 month."
        )
    turn = model.month // every
    regions: defaultdict[int, list[Sponsor]] = defaultdict(list)
    for sponsor in model.agents_by_type[Sponsor]:
        regions[sponsor.region].append(sponsor)
    for sponsors in regions.values():
        sponsors.sort(key=lambda one: SPONSOR_KINDS.index(one.kind))
        first = turn % len(sponsors)
        in_turn = [one for one in sponsors[first:] + sponsors[:first] if one.present]
        for place, sponsor in enumerate(in_turn):
            sponsor.link = others if place else chair


def _regions(model: CollectiveImpactModel) -> dict[int, int]:
    """Return the turn of each region, by its row."""
    rows = {community.region for community in model.agents_by_type[Community]}
    return {row: turn for turn, row in enumerate(sorted(rows))}


def _communities(model: CollectiveImpactModel) -> dict[int, int]:
    """Return the turn of each participating community within its region, by its row."""
    waiting: defaultdict[int, list[Community]] = defaultdict(list)
    for community in model.agents_by_type[Community]:
        if community.participating:
            waiting[community.region].append(community)
    turns: dict[int, int] = {}
    for communities in waiting.values():
        communities.sort(key=lambda one: (-one.children, one.row))
        turns |= {community.row: turn for turn, community in enumerate(communities)}
    return turns
