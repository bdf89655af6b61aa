"""What decides it, in the browser: drawn from the full answer, once somebody opens it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import solara

from cisim.lab.ensemble import Ensemble
from cisim.show.page.address.look import Look
from cisim.show.page.background import use_made
from cisim.show.page.futures.engine import FULL
from cisim.show.page.futures.following import use_futures
from cisim.show.page.screens.parts import Chart
from cisim.show.page.screens.widgets import Act
from cisim.show.page.views import hanging
from cisim.show.page.words import say
from cisim.world.scenario import Scenario


@solara.component
def Hangs(
    scenarios: Sequence[Scenario],
    own: Sequence[Ensemble],
    look: Look,
    width: int,
    event_act: Act,
) -> None:
    """Show what decides who is better, and where along pi the order turns.

    own : the futures of the full answer, () before they are there
    """
    is_luck = look.beliefs == "fixed"
    wanted = hanging.believing(look, scenarios) if is_luck else ()
    news = use_futures(wanted, look.seed, FULL, patient=True).news
    if is_luck:
        own = news.ensembles if news is not None and news.finished else ()

    def make() -> tuple[list[str], dict[str, Any] | None] | None:
        return (hanging.told(own), hanging.picture(look, own, width)) if own else None

    wish = (tuple(id(one) for one in own), width)
    made = use_made(make, wish)
    here = made if own and made is not None and made.wish == wish else None
    said, chart = here.value if here is not None and not here.fault else ([], None)
    if len(scenarios) < 2:
        return
    wrong = ("" if news is None else news.error) or ("" if here is None else here.fault)
    late = hanging.waiting(0 if news is None else news.done, FULL)
    with solara.v.Html(tag="section", class_="card hangs", attributes={"aria-labelledby": "hangs"}):
        heading = {"id": "hangs"}
        solara.v.Html(tag="h2", attributes=heading, children=[say("stage.decides")])
        if wrong or not said:
            solara.v.Html(tag="p", attributes={"role": "status"}, children=[wrong or late])
        if chart is not None:
            Chart(chart, False, event_act).key("order")
        for k, sentence in enumerate([] if wrong else said[1:]):
            solara.v.Html(tag="p", children=[sentence]).key(f"said-{k}")
        if said and not wrong:  # what futures are drawn from
            solara.v.Html(tag="p", class_="quiet", children=[said[0]]).key("drawn-from")
