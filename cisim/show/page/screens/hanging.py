"""What decides it, in the browser: run and drawn once somebody opens it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import solara

from cisim.model.input_error import InputError
from cisim.show.page.address.checks import plainly
from cisim.show.page.address.look import Look
from cisim.show.page.background import use_made
from cisim.show.page.futures.engine import FULL
from cisim.show.page.futures.following import use_futures
from cisim.show.page.screens import widgets
from cisim.show.page.screens.parts import Chart
from cisim.show.page.screens.widgets import Act, Message
from cisim.show.page.views import hanging
from cisim.show.page.words import say
from cisim.world.scenario import Scenario


@solara.component
def Hangs(scenarios: Sequence[Scenario], look: Look, narrow: bool, event_act: Act) -> None:
    """Show what decides who is better, and where along pi the order turns."""
    opened, set_opened = solara.use_state(False)
    fault = ""
    try:
        believed = hanging.believing(scenarios) if opened else ()
    except InputError as error:
        believed, fault = (), plainly(str(error))
    news = use_futures(believed, look.seed, FULL, patient=True).news
    there = news is not None and news.finished and bool(news.ensembles)
    ensembles = news.ensembles if news is not None and there else ()
    width = 390 if narrow else 640

    def make() -> tuple[list[str], dict[str, Any] | None] | None:
        if not ensembles:
            return None
        return hanging.told(ensembles), hanging.picture(look, ensembles, width)

    wish = (tuple(id(one) for one in ensembles), width)
    made = use_made(make, wish)
    here = made if ensembles and made is not None and made.wish == wish else None
    said, chart = here.value if here is not None and not here.fault else ([], None)

    def done(message: Message) -> None:
        if message.get("do") == "open":
            set_opened(message.get("on") is True)
        else:
            event_act(message)

    if len(scenarios) < 2:
        return
    wrong = fault or ("" if news is None else news.error) or ("" if here is None else here.fault)
    late = hanging.waiting(0 if news is None else news.done, FULL, is_open=opened)
    with solara.Div(classes=["gained", *(["open"] if opened else [])]):
        view = {
            "there": True, "id": "hangs", "open": opened, "title": say("compare.hangs"),
            "words": wrong or " ".join(said) or late,
            "show": say("compare.hangs_show"), "hide": say("compare.hangs_hide"),
        }  # fmt: skip
        widgets.Opened(view=view, event_act=done)
        if chart is not None:
            Chart(chart, False, done)
