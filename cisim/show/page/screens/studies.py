"""Studies in the browser: the list of results, and one that is open."""

from __future__ import annotations

from typing import Any

import solara

from cisim.show.page.address import link
from cisim.show.page.address.look import Look
from cisim.show.page.background import Made, use_made
from cisim.show.page.screens import widgets
from cisim.show.page.screens.parts import Chart, Screen
from cisim.show.page.screens.widgets import Act, Message
from cisim.show.page.views import studies
from cisim.show.page.words import part, say


@solara.component
def StudiesPage(look: Look, screen: Screen, event_act: Act) -> None:
    """Show the list of results, or the one that is asked for."""
    if look.study.folder:
        StudyPage(look, screen, event_act).key(look.study.folder)
    else:
        List(event_act)


@solara.component
def List(event_act: Act) -> None:
    """Show the results that there are."""
    count, set_count = solara.use_state(0)  # of how often somebody has looked again
    made = use_made(studies.listing, ("listing", count))
    view = made.value if made is not None and made.value else None
    waiting = made.fault if made is not None and made.fault else say("studies.looking")
    shown = view or {"words": waiting, "results": []}

    def done(message: Message) -> None:
        if message.get("do") == "look-again":
            set_count(count + 1)
        else:
            event_act(message)

    widgets.Studies(t=part("studies"), view=shown, event_act=done)


@solara.component
def StudyPage(look: Look, screen: Screen, event_act: Act) -> None:
    """Show one result: a map with what decides, a front, or its tables."""
    given, narrow = look.study, screen.narrow
    width = 390 if narrow else 640
    t = part("studies")
    there = use_made(lambda: studies.opened(given.folder), ("open", given.folder))
    one: studies.Opened | None = there.value if there is not None else None
    fault = there.fault if there is not None else ""
    if one is None:
        words = fault or say("studies.reading")
        plain = {"title": given.folder, "kind": "", "about": "", "command": "", "why": ""}
        widgets.Study(t=t, head=plain, choices=None, fault=words, event_act=event_act)
        return
    ResultOf(one, look, width, event_act)


@solara.component
def ResultOf(one: studies.Opened, look: Look, width: int, event_act: Act) -> None:
    """Show a result that is open, as its kind asks for."""
    head = solara.use_memo(lambda: studies.head(one), [one.key])
    if one.study is not None:
        SweepOf(one, head, look, width, event_act)
        return
    widgets.Study(t=part("studies"), head=head, choices=None, fault="", event_act=event_act)
    if one.found is not None:
        FrontOf(one, width, event_act)
    else:
        TablesOf(one, event_act)


def _ready(made: Made | None, wish: object) -> tuple[Any, str]:
    """Return what was made of a wish, and what is said meanwhile or went wrong."""
    if made is None or made.wish != wish:
        return (made.value if made is not None else None), say("studies.reading")
    return (None, made.fault) if made.fault else (made.value, "")


@solara.component
def SweepOf(
    one: studies.Opened, head: dict[str, Any], look: Look, width: int, event_act: Act
) -> None:
    """Show a study: what can be asked, the map, how robust each is, what decides."""
    given, t = look.study, part("studies")
    choices = solara.use_memo(lambda: studies.choices(one, given), [one.key, link.write(look)])

    wish = (one.key, given, width)
    mapped, late = _ready(
        use_made(lambda: studies.picture(one, given, width), ("map", *wish)),
        ("map", *wish),
    )
    asked = (one.key, given.outcome, given.month, given.against, given.good, width)
    robust, no_robust = _ready(
        use_made(lambda: studies.robust(one, given, width), ("robust", *asked)),
        ("robust", *asked),
    )
    decides, no_decides = _ready(
        use_made(lambda: studies.deciding(one, given), ("decides", *asked[:3])),
        ("decides", *asked[:3]),
    )
    widgets.Study(t=t, head=head, choices=choices, fault=late, event_act=event_act)
    with solara.Div(classes=["studied"]):
        if mapped:
            with solara.Div(classes=["mapped", *(["stale"] if late else [])]):
                Chart(mapped["chart"], bool(late), event_act)
                ends = {name: mapped[name] for name in ("across", "upward")}
                widgets.CellsOf(t=t, view=ends, event_act=event_act)
        with solara.Div(classes=["decided"]).key("decided"):
            widgets.Decides(
                t=t,
                robust={"words": no_robust, "table": None}
                if robust is None
                else {name: robust[name] for name in ("words", "table")},
                deciding={"words": no_decides, "rows": []} if decides is None else decides,
                good={"value": given.good, "unit": choices["unit"]},
                event_act=event_act,
            )
            if robust is not None:
                Chart(robust["chart"], False, event_act)


@solara.component
def FrontOf(one: studies.Opened, width: int, event_act: Act) -> None:
    """Show the front of a search, and what was chosen of it."""
    wish = ("front", one.key, width)
    view, late = _ready(use_made(lambda: studies.front(one, width), wish), wish)
    t = part("studies")
    shown = view or {"words": [late], "chosen": []}
    with solara.Div(classes=["studied"]):
        if view and view["chart"]:
            Chart(view["chart"], False, event_act)
        said = {name: shown[name] for name in ("words", "chosen")}
        widgets.FoundBest(t=t, view=said, event_act=event_act).key("found")
    TablesOf(one, event_act)


@solara.component
def TablesOf(one: studies.Opened, event_act: Act) -> None:
    """Show the tables of a result, and the pictures that it was written with."""
    wish = ("tables", one.key)

    def make() -> tuple[list[Any], list[Any]]:
        return studies.tables(one), [] if one.found is not None else studies.pictures(one)

    found, _ = _ready(use_made(make, wish), wish)
    tables, pictures = found or ([], [])
    widgets.Tables(t=part("studies"), tables=tables, pictures=pictures, event_act=event_act)
