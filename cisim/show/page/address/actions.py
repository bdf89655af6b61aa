"""What a visitor does, as a function from one look to the next.

The page's templates send small messages, {"do": name, ...}; each has one function here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from cisim.lab.ensemble import OVERALL
from cisim.model.input_error import InputError, shown
from cisim.show.language.forms import localised
from cisim.show.page.address import link
from cisim.show.page.address.cell import chosen, explored
from cisim.show.page.address.checks import (
    BLANK,
    DEFAULT,
    LARGEST_LINKED_SEED,
    MINE,
    MOST_COMPARED,
    OWN_COMPARED,
    SNAPSHOTS,
    TEXTS,
    TOLD,
    VIEWS,
    as_number,
    checked_beliefs,
    checked_compared,
    checked_goal,
    checked_text,
    unknown,
)
from cisim.show.page.address.events import event_of
from cisim.show.page.address.look import (
    Look,
    branch_of,
    compared_of,
    opening,
    plain_events,
    scenario_of,
)
from cisim.show.page.address.payers import renamed, with_payer, without_payer
from cisim.show.page.address.posts import WHERE, added, moved, removed
from cisim.show.page.address.scenario_file import look_of, text_in
from cisim.show.page.address.studied import asked, read_studied
from cisim.show.page.address.told import explored_from
from cisim.show.page.outcomes import SHOWN
from cisim.show.page.partnership import kept
from cisim.show.page.shelf import stories
from cisim.show.page.words import say
from cisim.world.structure import NEVER_ENDS

Message = Mapping[str, Any]

DECIDING = ("scenario", "world", "structure", "settings", "events", "months", "seed")
"""What a snapshot keeps of a look when it is compared."""


def act(look: Look, message: Message) -> Look:
    """Return the look after what a visitor did.

    Raises InputError, one sentence, if it cannot be done; the look before stays.
    """
    name = str(message.get("do"))
    if name not in _ACTIONS:
        raise InputError(unknown(name, _ACTIONS))
    try:
        new = _ACTIONS[name](look, message)
    except (
        KeyError,
        TypeError,
        ValueError,
        OverflowError,
        IndexError,
        AttributeError,
    ) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(say("status.odd", given=shown(dict(message)))) from None
    new = replace(new, language=look.language)  # nothing but its links changes the language
    # Nor what futures believe, but who chooses, a file, or a story that is left as it was told.
    if name not in ("beliefs", "open") and not (name == "go" and look.view in TOLD):
        new = replace(new, beliefs=look.beliefs)
    link.check_length(new, before=look)
    return new


def _beliefs(look: Look, message: Message) -> Look:
    """Choose what futures believe."""
    return replace(look, beliefs=checked_beliefs(str(message["beliefs"])))


def _whole(value: Any) -> int:
    """Return a whole number; ValueError for one that is not whole."""
    if isinstance(value, bool) or int(value) != float(value):
        raise ValueError
    return int(value)


def _go(look: Look, message: Message) -> Look:
    view = message["view"]
    if view not in VIEWS or (view in TOLD and look.told not in stories()):
        raise InputError(f"{shown(view)}: {say('address.unknown')}")
    return to_view(look, view)


def to_view(look: Look, view: str) -> Look:
    """Return the look of another view; a story hands on where it stands, but to Start.

    Raises InputError if what the story tells of is to be shown, and the page cannot.
    """
    if look.view in TOLD and view not in (*TOLD, "start"):
        try:
            look = _compare_mine(explored_from(look), {})
        except InputError:
            if view in ("explore", "compare"):
                raise
    return replace(look, view=view)


def _tell(look: Look, message: Message) -> Look:
    """Open a story at its cover."""
    name = str(message["name"])
    if name not in stories():
        raise InputError(unknown(name, stories()))
    return replace(look, view="story", told=name, step=0)


def _step(look: Look, message: Message) -> Look:
    step, last = _whole(message["step"]), len(stories()[look.told].steps) + 1
    if not 0 <= step <= last:
        raise InputError(say("address.whole", low=0, high=last))
    return replace(look, step=step)


def _open_shipped(look: Look, message: Message) -> Look:
    """Explore a shipped scenario from its start; what is looked at stays where it still fits."""
    new = Look(view="explore", scenario=str(message["scenario"]), seed=look.seed)
    found = scenario_of(new)
    regions = [region.name for region in found.world.regions]
    region = look.region if look.region in regions else OVERALL
    return replace(new, compared=look.compared, outcome=look.outcome, goal=look.goal, region=region)


def _scenario(look: Look, message: Message) -> Look:
    """Explore another shipped scenario in the same place, over the same time."""
    new = _open_shipped(replace(look, region=OVERALL), message)
    new = replace(new, world=look.world, months=look.months, region=look.region)
    if look.month is not None and look.month < scenario_of(new).months:
        new = replace(new, month=look.month)
    return _checked(new)


def _build(look: Look, message: Message) -> Look:
    given = str(message.get("title") or "")
    try:
        title = checked_text(given, TEXTS["title"]) if given.strip() else say("start.own_title")
    except InputError as error:
        raise InputError(f"{say('start.own_name')}: {error}") from None
    new = Look(
        view="explore",
        scenario=BLANK,
        world=str(message["world"]),
        structure=str(message["structure"]),
        title=title,
        seed=look.seed,
    )
    scenario_of(new)
    return new


def _own(look: Look, message: Message) -> Look:
    """Explore a place of one's own with a structure, or compare some on it."""
    world = str(message["world"])
    kept.path_of(world)
    structure, compares = str(message.get("structure") or ""), message.get("view") == "compare"
    if compares and not kept.is_own_structure(structure):
        return _compare(Look(view="compare", world=world, seed=look.seed), {"names": OWN_COMPARED})
    title = str(message["title"])[: TEXTS["title"]]
    built = _build(look, {"world": world, "structure": structure, "title": title})
    if not compares:
        return built
    # What stands behind it in the files, between nothing and both backbones.
    return _compare(replace(built, view="compare"), {"names": (OWN_COMPARED[0], MINE, DEFAULT)})


def _open_file(look: Look, message: Message) -> Look:
    name = str(message["name"])[:200]
    new = look_of(text_in(message.get("base64"), name), name, look.seed)
    return replace(new, view="explore")


def _set(look: Look, message: Message) -> Look:
    name = str(message["name"])
    return _fitting(look.with_setting(name, as_number(name, message["value"])))


def _post(look: Look, message: Message) -> Look:
    """Move a post: its start or its end (None: to the end), its number, who pays."""
    given: dict[str, Any] = {}
    if "start" in message:
        given["start"] = _month_of_post(message["start"])
    if "end" in message:
        given["end"] = _month_of_post(message["end"])
    if "number" in message:
        given["number"] = float(message["number"])
    if "payer" in message:
        given["payer"] = str(message["payer"])
    return _fitting(moved(look, str(message["post"]), **given))


def _month_of_post(given: Any) -> int:
    return NEVER_ENDS if given is None else _whole(given)


def _add_post(look: Look, message: Message) -> Look:
    where = str(message["where"])
    if where not in WHERE:
        raise InputError(unknown(where, WHERE))
    new = added(
        look,
        where,
        str(message.get("region") or ""),
        _month_of_post(message["start"]),
        _month_of_post(message["end"]),
        float(message["number"]),
        str(message["payer"]),
    )
    return _fitting(new)


def _remove_post(look: Look, message: Message) -> Look:
    return _fitting(removed(look, str(message["post"])))


def _add_payer(look: Look, message: Message) -> Look:
    """Name a payer, who pays a share (percent) of a post, or nothing yet."""
    name, kind, post = (str(message[one]) for one in ("name", "kind", "post"))
    return _fitting(with_payer(look, name, kind, post, float(message["share"]) / 100.0))


def _rename_payer(look: Look, message: Message) -> Look:
    return _fitting(renamed(look, str(message["payer"]), str(message["name"])))


def _remove_payer(look: Look, message: Message) -> Look:
    return _fitting(without_payer(look, str(message["payer"])))


def _backbone(look: Look, message: Message) -> Look:
    """Drop another structure into what is looked at: place, time, events and beliefs stay."""
    here = scenario_of(look)
    new = _open_shipped(replace(look, region=OVERALL), message)
    beliefs = tuple(pair for pair in look.settings if hasattr(here.parameters, pair[0]))
    dropped = scenario_of(new)
    if look.world or new.world != here.world_name:
        world = look.world or here.world_name
        new = replace(new, world="" if world == dropped.world_name else world)
    months = None if dropped.months == here.months else here.months
    new = replace(
        new, months=months, month=look.month, region=look.region, settings=beliefs,
        branch=look.branch,
    )  # fmt: skip
    events = _events(look)
    return _fitting(_with_events(new, events) if events != _events(new) else new)


def _reset(look: Look, message: Message) -> Look:
    """Take back one setting, or with no name all changes."""
    name = message.get("name")
    if name is not None:
        kept = tuple(pair for pair in look.settings if pair[0] != name)
        return _checked(replace(look, settings=kept))
    new = Look(
        view=look.view,
        scenario=look.scenario,
        seed=look.seed,
        outcome=look.outcome,
        compared=look.compared,
        goal=look.goal,
        region=look.region,
        month=look.month,
    )
    if look.scenario == BLANK and look.world and look.structure:
        # One's own: the place and the structure it was built from are where it starts.
        places = replace(new, world=look.world, structure=look.structure)
        new = replace(places, **{name: getattr(look, name) for name in TEXTS})
    there = scenario_of(new)
    if new.region not in (OVERALL, *(region.name for region in there.world.regions)):
        new = replace(new, region=OVERALL)
    if new.month is not None and new.month >= there.months:
        new = replace(new, month=None)
    return new


def _world(look: Look, message: Message) -> Look:
    new = replace(look, world=str(message["world"]), region=OVERALL)
    if look.scenario != BLANK or not look.structure:
        shipped = scenario_of(Look(scenario=look.scenario))
        if new.world == shipped.world_name:
            new = replace(new, world="")
    return _checked(new)


def _months(look: Look, message: Message) -> Look:
    months = _whole(message["months"])
    if not 12 <= months <= 600:
        raise InputError(say("explore.months_allowed", given=months))
    new = replace(look, months=months)
    if scenario_of(replace(look, months=None)).months == months:
        new = replace(new, months=None)
    if new.month is not None and new.month > months:
        new = replace(new, month=months)
    return _checked(new)


def _outcome(look: Look, message: Message) -> Look:
    outcome = str(message["outcome"])
    if outcome not in SHOWN:
        raise InputError(unknown(outcome, SHOWN))
    return replace(look, outcome=outcome, goal=None)


def _region(look: Look, message: Message) -> Look:
    regions = [region.name for region in scenario_of(look).world.regions]
    region = str(message["region"])
    if region not in (OVERALL, *regions):
        raise InputError(unknown(region, regions))
    return replace(look, region=region)


def _goal(look: Look, message: Message) -> Look:
    """Set a goal, or with none take it back."""
    if message["goal"] is None:
        return replace(look, goal=None)
    return replace(look, goal=checked_goal(look.outcome, message["goal"]))


def _month(look: Look, message: Message) -> Look:
    month, horizon = _whole(message["month"]), scenario_of(look).months
    if not 0 <= month <= horizon:
        raise InputError(say("address.whole", low=0, high=horizon))
    return replace(look, month=None if month == opening(look) else month)


def _seed(look: Look, message: Message) -> Look:
    seed = _whole(message["seed"])
    if not 0 <= seed <= LARGEST_LINKED_SEED:
        raise InputError(say("address.whole", low=0, high=localised(f"{LARGEST_LINKED_SEED:,}")))
    return replace(look, seed=seed)


# --- events and branches ---------------------------------------------------------------------


def _events(look: Look) -> list[dict[str, Any]]:
    return plain_events(scenario_of(look))


def _add_event(look: Look, message: Message) -> Look:
    return _with_events(look, [*_events(look), event_of(message["event"])])


def _move_event(look: Look, message: Message) -> Look:
    events = _events(look)
    place, month = _whole(message["place"]), _whole(message["month"])
    events[place] = {**events[place], "month": month}
    return _with_events(look, events)


def _remove_event(look: Look, message: Message) -> Look:
    events = _events(look)
    del events[_whole(message["place"])]
    return _with_events(look, events)


def _with_events(look: Look, events: list[dict[str, Any]]) -> Look:
    new = replace(look, events=tuple(events))
    if _events(replace(look, events=None)) == events:
        new = replace(new, events=None)
    return _checked(new)


def _branch(look: Look, message: Message) -> Look:
    new = replace(look, branch=event_of(message["event"]), month=scenario_of(look).months)
    branch_of(new)
    return new


def _keep_branch(look: Look, message: Message) -> Look:
    if look.branch is None:
        return look
    return replace(_with_events(look, [*_events(look), look.branch]), branch=None)


def _drop_branch(look: Look, message: Message) -> Look:
    return replace(look, branch=None)


# --- comparing -------------------------------------------------------------------------------


def _compare(look: Look, message: Message) -> Look:
    new = replace(
        look,
        compared=checked_compared(tuple(str(n) for n in message["names"]), len(look.snapshots)),
    )
    compared_of(new)
    return new


def _compare_snapshots(look: Look, message: Message) -> Look:
    """Put snapshots side by side, each under its own name."""
    links, names = list(message["links"]), list(message["names"])
    if len(links) != len(names) or not 2 <= len(links) <= MOST_COMPARED:
        raise InputError(say("address.compared"))
    found = []
    for one, name in zip(links, names, strict=True):
        there, _ = link.read(urlsplit(str(one)).query)
        title = checked_text(str(name), TEXTS["title"])
        bare = replace(Look(), **{field: getattr(there, field) for field in DECIDING})
        found.append(replace(bare, title=title, short=""))
    first, *_ = found
    new = replace(
        first, view="compare", snapshots=tuple(found), compared=SNAPSHOTS[: len(found)],
        outcome=look.outcome, seed=first.seed,
    )  # fmt: skip
    compared_of(new)
    return new


def _compare_mine(look: Look, message: Message) -> Look:
    """Put what is explored beside the scenario that it starts from, or beside both backbones."""
    other = look.scenario
    if not look.own or (look.world and look.structure):
        other = DEFAULT if look.scenario != DEFAULT else "no-backbone"
    names = (other, MINE if look.own else look.scenario)
    new = replace(look, view="compare", compared=names)
    compared_of(new)
    return new


# --- studies ---------------------------------------------------------------------------------


def _study(look: Look, message: Message) -> Look:
    """Open a result, or with "" the list of all."""
    folder = str(message["folder"])
    return replace(look, view="studies", study=read_studied({"folder": folder} if folder else {}))


def _study_asked(look: Look, message: Message) -> Look:
    return replace(look, study=asked(look.study, message))


def _best(look: Look, message: Message) -> Look:
    """Explore a structure that a search has chosen."""
    return chosen(look, str(message["file"]))


def _cell(look: Look, message: Message) -> Look:
    """Explore what lies in a cell of the map."""
    return explored(look, _whole(message["across"]), _whole(message["upward"]))


def _checked(look: Look) -> Look:
    scenario_of(look)
    return _fitting(look)


def _fitting(look: Look) -> Look:
    """Return the look, without a branch that does not fit the scenario any more."""
    try:
        branch_of(look)
    except InputError:
        return replace(look, branch=None)
    return look


_ACTIONS: dict[str, Callable[[Look, Message], Look]] = {
    "go": _go,
    "tell": _tell,
    "step": _step,
    "shipped": _open_shipped,
    "scenario": _scenario,
    "build": _build,
    "open": _open_file,
    "own": _own,
    "set": _set,
    "post": _post,
    "add-post": _add_post,
    "remove-post": _remove_post,
    "add-payer": _add_payer,
    "rename-payer": _rename_payer,
    "remove-payer": _remove_payer,
    "backbone": _backbone,
    "reset": _reset,
    "world": _world,
    "months": _months,
    "outcome": _outcome,
    "region": _region,
    "goal": _goal,
    "month": _month,
    "seed": _seed,
    "beliefs": _beliefs,
    "add-event": _add_event,
    "move-event": _move_event,
    "remove-event": _remove_event,
    "branch": _branch,
    "keep-branch": _keep_branch,
    "drop-branch": _drop_branch,
    "compare": _compare,
    "compare-mine": _compare_mine,
    "compare-snapshots": _compare_snapshots,
    "study": _study,
    "study-asked": _study_asked,
    "cell": _cell,
    "best": _best,
}
