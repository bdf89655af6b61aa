"""Payers as the page names them by hand: one is added, has another name, or pays no more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

from cisim.model.input_error import InputError, shown
from cisim.model.state import FOUNDATION
from cisim.show.charts.words import titled
from cisim.show.language.facts import payer_in_words
from cisim.show.page.address.checks import checked_text, unknown
from cisim.show.page.address.look import Look, plain_events, scenario_of
from cisim.show.page.address.posts import OFFERED, Draft, bar_of
from cisim.show.page.words import say
from cisim.world import payers as declared
from cisim.world.scenario import Scenario
from cisim.world.staffing import Paying, payers_of

KINDS: tuple[declared.PayerKind, ...] = (*OFFERED, "foundation")
"""What a payer may be that is added by hand; others name somebody of the place."""
LONGEST = 60
"""Characters of a payer's name, as files allow it."""
assert set(KINDS) < set(get_args(declared.PayerKind))


def named(here: Scenario) -> list[Paying]:
    """Return the payers that can have another name: the one of the levers first."""
    return payers_of(here.structure)[FOUNDATION:]


def with_payer(look: Look, name: str, kind: str, said: str, share: float) -> Look:
    """Return the look with a payer more, who pays a share of a post from its start to its end.

    said : which post, "" for none yet

    Raises InputError, one sentence, if it cannot be.
    """
    here = scenario_of(look)
    if kind not in KINDS:
        raise InputError(unknown(kind, KINDS))
    if not 0.01 <= share <= 1.0:
        raise InputError(f"{say('posts.payer_share')}: {say('address.number', low=1, high=100)}")
    name = _free(here, name)
    draft = Draft(here)
    if kind == declared.FOUNDATION:
        _declare_first(draft)
    draft.payers.append({"name": name, "kind": kind})
    if said:
        draft.give(bar_of(here, said), share, name)
    return look.with_settings(draft.settings())


def renamed(look: Look, old: str, name: str) -> Look:
    """Return the look with another name of a payer, wherever it is named.

    Raises InputError, one sentence, if it cannot be.
    """
    here = scenario_of(look)
    paying = _payer(here, old)
    name = _free(here, name, paying)
    if name == old:
        return look
    draft = Draft(here)
    if paying.declared is None:
        _declare_first(draft)
    for row in draft.payers:
        if row["name"] == old:
            row["name"] = name
    return _paid_by(look, draft, old, name)


def without_payer(look: Look, old: str) -> Look:
    """Return the look without a payer; what it paid is the first one's.

    Raises InputError, one sentence, if it cannot be.
    """
    here = scenario_of(look)
    first = named(here)[0]
    if _payer(here, old) == first:
        raise InputError(say("posts.payer_stays", name=titled(payer_in_words(old))))
    draft = Draft(here)
    draft.payers = [row for row in draft.payers if row["name"] != old]
    return _paid_by(look, draft, old, first.name)


def _payer(here: Scenario, name: str) -> Paying:
    for one in named(here):
        if one.name == name:
            return one
    raise InputError(say("posts.payer_missing", name=shown(name)))


def _free(here: Scenario, given: str, own: Paying | None = None) -> str:
    """Return a name that nobody else has, neither in files nor in words.

    own : who is to have it; its own words are no new name
    """
    try:
        name = checked_text(given, LONGEST)
    except InputError as error:
        raise InputError(f"{say('posts.payer_name')}: {error}") from None
    if own is not None and name.casefold() in _called(own.name):
        words = payer_in_words(own.name)
        return own.name if name in (words, titled(words)) else name
    names = [one.name for one in payers_of(here.structure)]
    taken = {word for one in (*names, declared.SPONSORS) for word in _called(one)}
    if name.casefold() in taken | {say("posts.sponsors").casefold()}:
        raise InputError(say("posts.payer_taken", name=shown(name)))
    return name


def _called(name: str) -> set[str]:
    return {name.casefold(), payer_in_words(name).casefold()}


def _declare_first(draft: Draft) -> None:
    """Let the payer of the levers stand in the file: the first foundation there is that payer."""
    if all(row["kind"] != declared.FOUNDATION for row in draft.payers):
        draft.payers.insert(0, {"name": declared.FOUNDATION, "kind": declared.FOUNDATION})


def _paid_by(look: Look, draft: Draft, old: str, name: str) -> Look:
    """Return the look with one payer's name for another's in posts, events and branch."""
    for row in draft.rows:
        if row["payer"] == old:
            row["payer"] = name
        after = row.get("after")
        if isinstance(after, dict) and after["takeover"] == old:
            row["after"] = {**after, "takeover": name}

    def other(event: dict[str, Any]) -> dict[str, Any]:
        return {**event, "payer": name} if event.get("payer") == old else event

    events = plain_events(scenario_of(look))
    if any(event.get("payer") == old for event in events):
        look = replace(look, events=tuple(other(event) for event in events))
    branch = None if look.branch is None else other(look.branch)
    return replace(look, branch=branch).with_settings(draft.settings())
