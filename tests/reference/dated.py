"""Dated events as plain objects do them, before the month's own order.

backbone-chosen    the founders who take part weigh their trust in each possible home by their
                   mandates, and communities' word beside it; nobody votes on itself
communities-enter  so many communities of each region come in, or one that is named
large-event        members who come take new heart, and have less time left that month
"""

from __future__ import annotations

from typing import Any

from cisim.model.luck import uniform, word

from .money import Post

HOME = ("credibility", "neutrality", "engagement", "start_up", "overhead")
LARGE_EVENT = word("large-event")


def strike(model: Any, event: Any) -> None:
    """Do what a dated event does, now."""
    {
        "backbone-chosen": _choose_backbone,
        "communities-enter": _let_in,
        "large-event": _meet_at_large,
    }[event.kind](model, event)


def support(model: Any, event: Any, candidate: Any) -> float:
    """How far a candidate is wanted."""
    names = model.world.organisation_names
    believed = model.structure.credibility
    if candidate.credibility is not None:
        believed = candidate.credibility
    weighed = mandates = 0.0
    for i in model.organisations:
        if not (i.member and i.number in model.founding):
            continue
        if names[i.number] == candidate.holder:
            continue
        trust = model.parameters.trust_prior
        for tie in i.ties.values():
            if names[tie.other.number] == candidate.holder:
                trust = tie.trust
        weighed += i.mandate * trust
        mandates += i.mandate
    if mandates <= 0.0:
        return float(believed)
    return float((1.0 - event.consulted) * weighed / mandates + event.consulted * believed)


def _choose_backbone(model: Any, event: Any) -> None:
    if not any(i.member for i in model.organisations if i.number in model.founding):
        return
    chosen, most = None, -1.0
    for candidate in event.candidates:
        wanted = support(model, event, candidate)
        if wanted > most:
            chosen, most = candidate, wanted
    given = {name: getattr(chosen, name) for name in HOME}
    changed = {name: value for name, value in given.items() if value is not None}
    model.structure = model.structure.model_copy(update=changed)
    model.chosen = chosen.name
    money = model.money
    payer = next(iter(money.payers.values())) if event.payer is None else money.payers[event.payer]
    fte = event.fte if chosen.fte is None else chosen.fte
    for region in model.regions:
        before = model.backbone_posts.pop(region.number, None)
        if before is None and model.structure.regional:  # the post that it had by the lever
            here = ("regional", region.number)
            before = next(p for p in money.posts if (p.where, p.region) == here)
        if before is not None:
            money.posts.remove(before)
        post = Post("regional", region.number, fte, payer)
        post.begin = model.month
        model.backbone_posts[region.number] = post
        money.posts.append(post)


def _let_in(model: Any, event: Any) -> None:
    names = model.world.community_names
    for place, region in zip(model.world.regions, model.regions, strict=True):
        if event.region not in (None, place.name):
            continue
        outside = [c for c in region.communities if not c.participating]
        if event.community is not None:
            outside = [c for c in outside if names[c.number] == event.community]
        outside.sort(key=lambda c: c.children, reverse=event.which == "largest")
        for community in outside if event.number is None else outside[: int(event.number)]:
            community.participating = True
            for i in community.locals:
                called = model.world.organisation_names[i.number]
                if not i.eligible and called not in model.structure.left_out:
                    i.eligible = True
                    region.eligible += 1
                    region.eligible_time += i.own_time
                    model.eligible_time += i.own_time
    model.eligible = [i for i in model.organisations if i.eligible]


def _meet_at_large(model: Any, event: Any) -> None:
    for place, region in zip(model.world.regions, model.regions, strict=True):
        if event.region not in (None, place.name):
            continue
        for i in region.organisations:
            luck = uniform(model.luck_seed, LARGE_EVENT, model.month, i.number, 0)
            if i.member and luck < event.share:
                i.commitment += event.heart * (1.0 - i.commitment)
                i.time_left -= event.time * i.time_left
