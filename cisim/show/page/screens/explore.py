"""Explore in the browser, as a stage: one network, one time axis, one chart, one sentence.

All else is one click away in a drawer, and goes away again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import solara

from cisim.lab.ensemble import Ensemble
from cisim.model.input_error import InputError
from cisim.show.page.address import link
from cisim.show.page.address.look import Look, decides, explored_of, month_of, scenario_of
from cisim.show.page.address.trail import Trail
from cisim.show.page.futures.engine import FULL, next_step
from cisim.show.page.futures.following import use_answers, use_futures
from cisim.show.page.screens import widgets
from cisim.show.page.screens.parts import (
    Chart,
    Network,
    Screen,
    Sure,
    Why,
    status_of,
    use_picture,
)
from cisim.show.page.screens.predict import Predict
from cisim.show.page.screens.structure import Structure
from cisim.show.page.screens.widgets import Act, Message, answer, framed
from cisim.show.page.session import Session
from cisim.show.page.views import differ, explore, less_generous, predict
from cisim.show.page.views.changes import between
from cisim.show.page.views.glossary import terms
from cisim.show.page.views.levers import board, values
from cisim.show.page.words import part, say

PANELS = ("levers", "events", "inside", "share", "why", "sure", "details")
"""What can be opened beside the stage, one at a time."""


@solara.component
def TakenUp(kept: predict.Again, take: Callable[[predict.Asked], None]) -> None:
    """Run what a guess is seen beside, once more, and hand on the guess; show nothing."""
    news = use_futures(kept.scenarios, kept.reference.seed, FULL).news
    there = news is not None and news.finished and bool(news.ensembles)

    def hand_on() -> None:
        if there and news is not None:
            take(kept.asked(news.ensembles[0]))

    solara.use_effect(hand_on, [there])
    solara.Div(style={"display": "none"})


@solara.component
def ExplorePage(
    look: Look,
    trail: Trail,
    session: Session,
    screen: Screen,
    event_act: Act,
    say_error: Callable[[str], None],
) -> None:
    """Show Explore: the stage, and the drawer that is open."""
    held, set_held = solara.use_state(("", look))  # of which address, look while a slider is held
    stopped, set_stopped = solara.use_state("")
    again, set_again = solara.use_state(0)
    before, set_before = solara.use_state("")
    panel, set_panel = solara.use_state("")
    nothing_asked: predict.Asked | None = None
    guess, set_guess = solara.use_state(nothing_asked)
    guesses = solara.use_ref(0)
    nothing_again: predict.Again | None = None
    kept, set_kept = solara.use_state(nothing_again)  # a guess that was open before loading anew
    wants, set_wants = solara.use_state(False)
    no_step: dict[str, Any] = {}
    step = solara.use_ref(no_step)
    no_table: dict[str, Any] | None = None
    doubt, set_doubt = solara.use_state(no_table)

    address_now = link.write(look)
    together = solara.reacton.core.get_render_context()  # in which changes draw the page once
    theme, sizes = screen.theme, screen.sizes
    is_held = held[0] == address_now
    current = held[1] if is_held else look
    past = solara.use_memo(lambda: trail.last_other(look), [address_now, trail.at])
    is_before = before == address_now and past is not None
    if is_before and past is not None:
        current = replace(past, outcome=look.outcome, goal=look.goal, month=look.month)

    run = explored_of(current)
    organisations = run[0].world.organisation_count
    asked = next_step(0, FULL, organisations) if is_held else FULL
    followed = use_answers(run, current.beliefs, current.seed, again=again, only_quick=is_held)
    news = followed.news
    # While a slider is held each value that is begun is answered, then the latest comes next.
    nothing: Look | None = None
    following = solara.use_ref(nothing)
    answered = bool(news and news.finished)

    whole = panel == "details"

    def draw(found: Sequence[Ensemble]) -> dict[str, Any]:
        drawn = explore.picture(current, found, sizes, session, whole=whole)
        if not is_held and not is_before and followed.full and found[0].asked >= FULL:
            session.settle(current, found[0], *followed.quick[:1])
        return drawn

    view, ensembles, stale, fault = use_picture(
        draw,
        news,
        (link.write(current), sizes, followed.full, whole),
    )

    def done(message: Message) -> None:
        what = message.get("do")
        if what == "set" and message.get("live"):
            try:
                value = message["value"]
                held_look = explore.preview(look, str(message["name"]), float(value))
                if is_held and not answered:
                    following.current = held_look
                else:
                    set_held((address_now, held_look))
            except (InputError, TypeError, ValueError):
                pass  # said when the slider is let go
        elif what == "cancel":
            followed.stop()
            set_stopped(address_now)
        elif what == "go-on":
            set_stopped("")
            set_again(again + 1)
        elif what == "panel":
            wish = str(message.get("panel"))
            set_panel(wish if wish in PANELS else "")
        elif what == "predict":
            set_wants(True)
        elif what == "predict-again":
            with suppress(KeyError, TypeError, ValueError):  # what a browser has kept is too old
                set_kept(predict.Again.of(message))
        elif what == "predicted":
            set_guess(None)
            set_kept(None)
        elif what == "before":
            set_before(address_now if message.get("on") else "")
        else:
            following.current = None
            with together:
                event_act(message)
                set_held(("", look))
                set_before("")

    def begin(now: Ensemble) -> None:
        """Ask the room; where all has been seen, of what comes next, from the beginning."""
        guesses.current += 1
        month = month_of(look)
        set_guess(predict.ask(look, now, month, guesses.current, session))
        if month == now.scenario.months:
            event_act({"do": "month", "month": 0})

    def take_up(found: predict.Asked) -> None:
        """Go on with a guess that was open before the page was loaded anew."""
        guesses.current = found.number
        set_guess(found)
        set_kept(None)

    def begin_once() -> None:
        if wants and ready and ensembles:
            set_wants(False)
            begin(ensembles[-1])

    def follow_hand() -> None:
        if is_held and answered and following.current is not None:
            set_held((address_now, following.current))
            following.current = None

    solara.use_effect(follow_hand, [is_held, answered, held[1]])
    solara.use_effect(lambda: say_error(fault) if fault else None, [fault])
    status = status_of(
        news, asked, stopped == address_now, stale=stale and view is not None,
        quick=not followed.full and not is_held,
    )  # fmt: skip
    frame = solara.use_memo(lambda: explore.frame(look), [address_now])
    levers = solara.use_memo(lambda: values(look), [address_now])
    ways = {
        "undo": trail.before,
        "redo": trail.after,
        "change": "" if past is None else between(past, look),
        "before": is_before,
    }
    own = ensembles[0] if ensembles and not stale and followed.full else None
    t, w = part("explore"), part("stage")
    ready = answered and not is_held
    here, halted = scenario_of(current), stopped == address_now
    believed = here.believing(current.beliefs)
    span = session.spans.get(current.outcome)
    table = partial(less_generous.alone, current, believed, own, halted=halted, span=span)
    solara.use_effect(begin_once, [wants, ready])
    known = terms()
    if guess is not None and ready and own is not None:
        step.current = predict.asked(guess, look, ensembles[-1], session.spans.get(look.outcome))
    asks: dict[str, Any] | None = {} if kept is not None else None
    if guess is not None:
        asks = {**step.current, "waiting": not ready or own is None}
    timed = framed(frame, "course")
    if guess is not None:  # what the strip has shown of it before is hidden, too
        timed = {**timed, "seen": f"{frame['seen']} {guess.number} {decides(look)}"}
    course = view["course"] if view else None
    widgets.Title(
        t=t, w=w, frame=framed(frame, "title"), trail=ways, panel=panel, event_act=done
    )  # fmt: skip
    wide = ["structured"] if panel == "inside" else []
    with solara.Div(classes=["scene", *(["drawn"] if panel else []), *wide]):
        with solara.Div(classes=["network-place"]):
            Network(run if not is_held else explored_of(look), look, theme, done, staged=True)
        widgets.Course(t=t, w=w, frame=timed, view=course, event_act=done)
        with solara.Div(classes=["one-answer"]):
            if asks is not None:
                Predict(asks, done)
            else:
                widgets.Asked(t=t, frame=framed(frame, "asked"), event_act=done)
                if view:
                    Chart(view["charts"][0], stale, done, frame["seen"], frame["month"])
                widgets.Results(
                    w=w, s=part("status"), frame=framed(frame, "results"), view=answer(view),
                    status=status, doubt=(doubt or {}).get("doubt", ""), panel=panel,
                    terms=known, event_act=done,
                ).key("results")  # fmt: skip
            if kept is not None:
                TakenUp(kept, take_up).key("taken-up")
            Sure((believed,), current.seed, table, ready, set_doubt).key("sure")
        if panel:
            heading = say(f"stage.{panel}")
            with solara.v.Html(
                tag="aside", class_=f"drawer {panel}", attributes={"aria-label": heading}
            ):
                widgets.Drawer(w=w, heading=heading, event_act=done)
                if panel == "levers":
                    widgets.Levers(t=t, board=board(), values=levers, terms=known, event_act=done)
                elif panel == "events":
                    widgets.Events(t=t, frame=framed(frame, "events"), event_act=done)
                elif panel == "inside":
                    paid = ensembles[0] if ensembles and not stale else None
                    Structure(here, current, paid, ready, sizes.widest, done)
                elif panel == "share":
                    widgets.Share(t=t, frame=framed(frame, "share"), event_act=done)
                elif panel == "why":
                    Why(current, ready)
                elif panel == "sure":
                    widgets.Sure(t=t, sure=doubt)
                    widgets.Differ(t=part("differ"), view=differ.choices(look, run), event_act=done)
                else:
                    widgets.Details(t=t, w=w, frame=framed(frame, "details"), event_act=done)
                    for chart in view["charts"][1:] if view else ():
                        Chart(chart, stale, done).key(chart["kind"])
