"""The structure view: the nine backbones, posts and their bill, who carries what, what it is worth.

One part at a time stands beside the answer; what has to be run for a part is run in the background
once somebody opens it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import solara

from cisim.lab.ensemble import Ensemble
from cisim.lab.value import Prices
from cisim.show.page.address import link
from cisim.show.page.address.look import Look
from cisim.show.page.futures.engine import QUICK
from cisim.show.page.futures.following import use_futures
from cisim.show.page.outcomes import CARRIED
from cisim.show.page.screens import widgets
from cisim.show.page.screens.parts import Chart, use_picture
from cisim.show.page.screens.widgets import Act, Message
from cisim.show.page.views import backbones, carried, inside, posts, worth
from cisim.show.page.views.bill import bill
from cisim.show.page.views.compare import titles
from cisim.show.page.words import part, say
from cisim.show.page.worths import use_worths
from cisim.world.scenario import Scenario

TABS = ("backbones", "posts", "carried", "made", "worth")
MADE = ("profile",)
LIT = ("functions", "keepers")
"""Which charts stand in which part."""


@solara.component
def Structure(
    here: Scenario,
    look: Look,
    own: Ensemble | None,
    ready: bool,
    width: int,
    event_act: Act,
) -> None:
    """Show the structure of what is looked at, one part at a time.

    own   : its futures, None as long as there are none
    ready : whether all are there
    width : of charts (px)
    """
    tab, set_tab = solara.use_state(TABS[0])

    def done(message: Message) -> None:
        wish = str(message.get("tab"))
        if message.get("do") == "tab" and wish in TABS:
            set_tab(wish)

    labels = [(one, say(f"structure_view.{one}")) for one in TABS]
    with solara.Div(classes=["structure"]):
        widgets.Tabs(label=say("structure_view.label"), tabs=labels, tab=tab, event_act=done)
        if tab == "backbones":
            widgets.Backbones(t=part("backbones"), cards=backbones.cards(look), event_act=event_act)
        elif tab == "posts":
            Posts(look, own, width, event_act)
        elif tab == "worth":
            Worth(here, look, ready)
        else:
            Carried(here, look, ready, width, tab, event_act)


@solara.component
def Posts(look: Look, own: Ensemble | None, width: int, event_act: Act) -> None:
    """Show posts by payer on the time axis, the bill by year under them, and its figures."""
    no_bill: dict[str, Any] | None = None
    last = solara.use_ref(no_bill)
    wish = link.write(replace(look, month=None))
    view = solara.use_memo(lambda: posts.view(look), [wish])
    years = solara.use_memo(lambda: None if own is None else posts.years(own), [own])
    last.current = years or last.current
    paid = solara.use_memo(
        lambda: None if own is None else bill(look, [own], Prices(), width),
        [own, width],
    )
    with solara.Div():
        widgets.Posts(
            t=part("posts"), view=view, bill=last.current, stale=years is None, event_act=event_act
        )
        if paid is not None:
            widgets.Bill(t=part("compare"), view={**paid, "chart": None})
            if paid["chart"] is not None:
                Chart(paid["chart"], False, event_act)


@solara.component
def Carried(here: Scenario, look: Look, ready: bool, width: int, tab: str, event_act: Act) -> None:
    """Show who carries which function at the month, or the seven components as a profile."""
    followed = use_futures((here,) if ready else (), look.seed, QUICK, patient=True, wanted=CARRIED)
    which = MADE if tab == "made" else LIT
    wish = (link.write(replace(look, goal=None)), width, tab)

    def draw(found: Any) -> dict[str, Any]:
        return {
            **inside.picture(look, found, titles([here]), width, which),
            "matrix": carried.matrix(look, found[0]),
        }

    view, _, stale, fault = use_picture(draw, followed.news, wish)
    late = fault or ("" if view is not None else say("structure_view.waiting", n=QUICK))
    with solara.Div():
        if late:
            solara.v.Html(tag="p", class_="quiet waits", children=[late])
        if view is not None and tab == "carried":
            widgets.Carried(t=part("carried"), view=view["matrix"]).key("carried")
        for chart in view["charts"] if view is not None else ():
            Chart(chart, stale, event_act).key(chart["kind"])


@solara.component
def Worth(here: Scenario, look: Look, ready: bool) -> None:
    """Show what each role, level, organisation or sector is worth here."""
    question, set_question = solara.use_state(worth.Question())
    wanted = worth.asked(question, look, here)
    found, fault = use_worths(here.believing(look.beliefs), wanted if ready else None)

    def make() -> dict[str, Any] | None:
        return None if found is None or not found.seeds.size else worth.view(found, wanted)

    view = solara.use_memo(make, [found, wanted])
    widgets.Worth(
        t=part("worth"),
        choices=worth.choices(wanted, here),
        status=worth.waiting(found),
        view=view,
        fault=fault,
        event_act=lambda message: set_question(question.after(message)),
    )
