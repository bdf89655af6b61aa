"""What the last change of a scenario was, in words, for its replay."""

from __future__ import annotations

from cisim.show.counted import label as dated
from cisim.show.language.facts import world_title
from cisim.show.page.address.events import rows
from cisim.show.page.address.look import Look, scenario_of, setting
from cisim.show.page.views.levers import has_control, in_words, label_of
from cisim.show.page.views.posts import lines, payer_names
from cisim.show.page.words import say
from cisim.world.calendar import Calendar
from cisim.world.scenario import Scenario


def between(past: Look, look: Look) -> str:
    """Return what differs between two looks: "Link of sponsors to the backbone: 0.5 → 0.2"."""
    before, after = scenario_of(past), scenario_of(look)
    told = []
    if (past.scenario, past.structure) != (look.scenario, look.structure):
        told.append(_arrow(say("explore.scenario"), before.title, after.title))
    else:
        told += _posts(before, after)
        changed = dict.fromkeys(name for name, _ in (*past.settings, *look.settings))
        for name in changed:
            if not has_control(name):
                continue
            old, new = in_words(name, setting(before, name)), in_words(name, setting(after, name))
            if old != new:
                told.append(_arrow(label_of(name), old, new))
    whole: tuple[tuple[str, object, object], ...] = (
        (say("explore.world"), _place(before), _place(after)),
        (say("explore.months"), before.months, after.months),
        (say("explore.seed"), past.seed, look.seed),
    )
    told += [_arrow(words, was, now) for words, was, now in whole if was != now]
    listed = [[(row["month"], row["words"]) for row in rows(one)] for one in (before, after)]
    gone = [row for row in listed[0] if row not in listed[1]]
    come = [row for row in listed[1] if row not in listed[0]]
    if gone or come:
        was, now = _dated(gone, before.calendar), _dated(come, after.calendar)
        told.append(_arrow(say("explore.events"), was, now))
    if past.branch != look.branch:
        told.append(say("explore.branch_changed"))
    return "; ".join(told)


def _posts(before: Scenario, after: Scenario) -> list[str]:
    """Return which payers and posts have gone and come, where rows of them differ."""
    told = []
    if before.structure.payers != after.structure.payers:
        told += _exchanged(say("posts.payers"), payer_names(before), payer_names(after))
    if before.structure.posts != after.structure.posts:
        told += _exchanged(say("posts.changed"), lines(before), lines(after))
    return told


def _exchanged(words: str, was: list[str], now: list[str]) -> list[str]:
    gone = [one for one in was if one not in now]
    come = [one for one in now if one not in was]
    none = say("explore.none")
    if not gone and not come:
        return []
    return [_arrow(words, "; ".join(gone) or none, "; ".join(come) or none)]


def _place(of: Scenario) -> str:
    return world_title(of.world_name, of.world.title)


def _arrow(words: str, old: object, new: object) -> str:
    return f"{words}: {old} → {new}"


def _dated(events: list[tuple[int, str]], calendar: Calendar) -> str:
    words = [f"{text}, {dated(calendar, month)}" for month, text in events]
    return "; ".join(words) or say("explore.none")
