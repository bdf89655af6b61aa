"""Compare in the browser, on the stage: networks side by side, one time axis, one chart, verdicts.

What differs, the cost, components, how sure it is and the report are one click away in a drawer.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import solara

from cisim.lab.ensemble import OVERALL, Ensemble
from cisim.lab.value import Prices
from cisim.model.input_error import InputError
from cisim.show.page.address import link
from cisim.show.page.address.checks import FIRST, plainly
from cisim.show.page.address.look import Look, compared_of
from cisim.show.page.background import use_made
from cisim.show.page.futures.engine import FULL, QUICK
from cisim.show.page.futures.following import use_answers, use_futures
from cisim.show.page.room import room
from cisim.show.page.screens import widgets
from cisim.show.page.screens.hanging import Hangs
from cisim.show.page.screens.parts import (
    Chart,
    Inside,
    Network,
    Screen,
    Sure,
    status_of,
    use_picture,
)
from cisim.show.page.screens.predict import Predict
from cisim.show.page.screens.threshold import Turns
from cisim.show.page.screens.votes import Votes
from cisim.show.page.screens.widgets import Act, Message, answer, framed
from cisim.show.page.session import Session
from cisim.show.page.views import communities, compare, differ, less_generous, predict
from cisim.show.page.views.bill import bill as bill_of
from cisim.show.page.views.costs import costs as costs_of
from cisim.show.page.words import part, say
from cisim.show.report import EFFORT_HALF

PANELS = ("decides", "differs", "value", "inside", "report")
"""What can be opened beside the stage, one at a time; in a room votes of phones, too."""


@solara.component
def Beside(
    look: Look,
    frame: dict[str, Any],
    ensembles: tuple[Ensemble, ...],
    settled: bool,
    width: int,
    panel: str,
    event_act: Act,
) -> None:
    """Show what differs, cost beside effect and who pays when, or the report if somebody asks.

    settled : whether all futures are there that will be; what is of less generous values comes
              after them, before the report
    width   : of charts (px)
    panel   : which of them is open
    """
    prices, set_prices = solara.use_state(Prices())
    nothing: object = None
    asked, set_asked = solara.use_state(nothing)  # of what the report is wanted
    of = (link.write(replace(look, month=None, region=OVERALL)), prices)
    wanted = [one.scenario for one in ensembles] if asked == of and settled else []
    followed = use_futures(less_generous.less_generous(wanted, EFFORT_HALF), look.seed, QUICK)
    news = followed.news
    found = news.ensembles if wanted and news is not None and news.finished else None

    def write() -> str | None:
        """Return the report; None before its time."""
        if found is None:
            return None
        halves = less_generous.with_own(ensembles, found, EFFORT_HALF)
        return compare.report_page(look, ensembles, prices, halves)

    wish = (of, [one.asked for one in ensembles], found is not None)
    made = use_made(write, wish)
    here = made if made is not None and made.wish == wish and found else None
    waiting = "" if here is None else here.fault
    report = "" if here is None or waiting else here.value
    if asked == of and not (report or waiting):
        late = "futures" if not settled else "values" if found is None else "writing"
        waiting = say(f"compare.report_{late}")

    def done(message: Message) -> None:
        what = message.get("do")
        if what in ("fte-cost", "sek"):
            try:
                value = float(message.get("value") or 0)
                new = replace(prices, fte_cost=value) if what == "fte-cost" else None
                set_prices(new or replace(prices, sek=value))
            except (InputError, TypeError, ValueError) as error:
                wrong = error if isinstance(error, InputError) else say("address.unreadable")
                event_act({"do": "say", "words": plainly(str(wrong))})
        elif what == "report":
            set_asked(of)
        else:
            event_act(message)

    costs = None
    if ensembles and panel == "value":
        costs = {
            **costs_of(look, ensembles, prices),
            "fteCost": prices.fte_cost,
            "sek": prices.sek,
        }
    is_open = panel == "value"
    paid = solara.use_memo(
        lambda: bill_of(look, ensembles, prices, width) if ensembles and is_open else None,
        [ensembles, prices, width, is_open],
    )
    with solara.Div():
        widgets.Beside(
            t=part("compare"),
            frame=framed(frame, "beside"),
            costs=costs,
            panel=panel,
            event_act=done,
        )
        if panel == "report":
            widgets.Report(
                t=part("compare"), words=say("compare.report_words"), report=report or "",
                waiting=waiting, event_act=done,
            )  # fmt: skip
        if paid is not None:
            with solara.Div(classes=["paid"]).key("paid"):
                widgets.Bill(t=part("compare"), view={**paid, "chart": None})
                if paid["chart"] is not None:
                    Chart(paid["chart"], False, event_act)
        if ensembles and is_open:
            Gains(look, ensembles, width, event_act).key("gains")


@solara.component
def Gains(look: Look, ensembles: tuple[Ensemble, ...], width: int, event_act: Act) -> None:
    """Show who gains and who loses; the chart is made and sent once somebody opens it."""
    opened, set_opened = solara.use_state(False)
    said = communities.told(ensembles)
    is_open = opened and said["there"]
    chart = solara.use_memo(
        lambda: communities.tiles(look, ensembles, width) if is_open else None,
        [ensembles, width, is_open],
    )

    def done(message: Message) -> None:
        if message.get("do") == "open":
            set_opened(message.get("on") is True)
        else:
            event_act(message)

    with solara.Div(classes=["gained", *(["open"] if is_open else [])]):
        view = {
            **said, "id": "gains", "open": is_open, "title": say("compare.gains"),
            "show": say("compare.gains_show"), "hide": say("compare.gains_hide"),
        }  # fmt: skip
        widgets.Opened(view=view, event_act=done)
        if chart is not None:
            Chart(chart, False, done)


@solara.component
def ComparePage(look: Look, session: Session, screen: Screen, event_act: Act) -> None:
    """Show Compare: verdicts, charts, networks, what differs, costs, the full report."""
    stopped, set_stopped = solara.use_state("")
    again, set_again = solara.use_state(0)
    panel, set_panel = solara.use_state("")
    no_table: dict[str, Any] | None = None
    doubt, set_doubt = solara.use_state(no_table)
    guess, set_guess = solara.use_state(0)  # which question the room is asked, from 1 on
    guesses = solara.use_ref(0)
    begun = solara.use_ref(0)  # the question that has stood at month 0
    here = room()
    panels = (*PANELS, "votes") if here is not None else PANELS
    address_now = link.write(look)
    theme, sizes = screen.theme, screen.sizes
    fault = ""
    try:
        scenarios = compared_of(look)
    except InputError as error:
        fault = plainly(str(error))
        look = replace(look, compared=FIRST, world="", months=None)
        scenarios = compared_of(look)
    followed = use_answers(scenarios, look.beliefs, look.seed, again=again)
    news = followed.news
    view, ensembles, stale, wrong = use_picture(
        lambda found: compare.picture(look, found, sizes, session),
        news,
        (address_now, sizes, followed.full),
    )
    settled = not stale and bool(ensembles) and bool(news and news.finished)

    def done(message: Message) -> None:
        what = message.get("do")
        if what == "cancel":
            followed.stop()
            set_stopped(address_now)
        elif what == "go-on":
            set_stopped("")
            set_again(again + 1)
        elif what == "panel":
            wish = str(message.get("panel"))
            set_panel(wish if wish in panels else "")
        elif what == "predict":
            guesses.current += 1
            set_guess(guesses.current)
            event_act({"do": "month", "month": 0})
        elif what == "predict-again":  # it was open when the page was loaded anew
            number = message.get("number")
            if isinstance(number, int) and number > 0:
                guesses.current = number
                set_guess(number)
        elif what == "predicted":
            set_guess(0)
        else:
            event_act(message)

    frame = solara.use_memo(lambda: compare.frame(look), [address_now])
    status = status_of(
        news, FULL, stopped == address_now, stale=stale and view is not None,
        quick=not followed.full,
    )  # fmt: skip
    said = fault or wrong
    if said:
        status["words"] = f"{status['words']}. {said}"
    t, w = part("compare"), part("stage")
    own = () if stale or not followed.full else ensembles
    believed = [one.believing(look.beliefs) for one in scenarios]
    halted = bool(said) or (stopped == address_now and not settled)
    table = partial(less_generous.beside, look, believed, own, halted=halted)
    course = view["course"] if view else None
    there = () if stale else ensembles
    span = session.spans.get(look.outcome)
    asks = predict.between(guess, look, there, span) if guess else None
    timed = framed(frame, "course")
    if asks is not None:  # what has been seen of it before is hidden, too
        asks["waiting"] = not settled
        begun.current = guess if frame["month"] == 0 else begun.current
        timed = {**timed, "seen": f"{frame['seen']} {guess}"}
        if begun.current != guess:
            timed = {**timed, "month": 0}
    widgets.Compare(
        t=t, w=w, frame=framed(frame, "compare"), panels=panels, panel=panel, event_act=done,
    )  # fmt: skip
    with solara.Div(classes=["scene", "compared", *(["drawn"] if panel else [])]):
        with solara.Div(classes=["network-place"]):
            Network(scenarios, look, theme, event_act, staged=True)
        widgets.Course(t=part("explore"), w=w, frame=timed, view=course, event_act=done)
        with solara.Div(classes=["one-answer"]):
            if asks is not None:
                Predict(asks, done)
            else:
                widgets.Asked(t=part("explore"), frame=framed(frame, "asked"), event_act=done)
                if view:
                    Chart(view["charts"][0], stale, done, frame["seen"], frame["month"])
                widgets.Verdicts(
                    s=part("status"), frame=framed(frame, "verdicts"), view=answer(view),
                    status=status, event_act=done,
                ).key("verdicts")  # fmt: skip
            Sure(believed, look.seed, table, settled, set_doubt).key("sure")
        with solara.v.Html(
            tag="aside",
            class_=f"drawer {panel}" if panel else "hidden",
            attributes={"aria-label": say(f"stage.{panel}")} if panel else {},
        ):
            if panel:
                widgets.Drawer(w=w, heading=say(f"stage.{panel}"), event_act=done)
                if panel == "inside":
                    Inside(scenarios, look, settled, sizes.wide, event_act, at_once=True)
                elif panel == "decides":
                    Hangs(scenarios, own if settled else (), look, sizes.wide, event_act)
                    widgets.Sure(t=part("explore"), sure=doubt)
                    Turns(scenarios, look, sizes.wide, event_act).key("turns")
                    choices = differ.choices(look, scenarios)
                    widgets.Differ(t=part("differ"), view=choices, event_act=done)
                elif panel == "votes" and here is not None:
                    Votes(here, look, done)
                elif panel == "differs":
                    for chart in view["charts"][1:] if view else ():
                        Chart(chart, stale, done).key(chart["kind"])
            waits = settled or (halted and bool(own))
            Beside(look, frame, own, waits, sizes.wide, panel, event_act).key("beside")
