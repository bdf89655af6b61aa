"""Explore in the browser: levers, network, answer, charts, tools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import solara

from cisim.model.input_error import InputError
from cisim.show.page.address import link
from cisim.show.page.address.look import Look, scenario_of
from cisim.show.page.address.trail import Trail
from cisim.show.page.futures.engine import FULL, next_step
from cisim.show.page.futures.following import use_futures
from cisim.show.page.screens import widgets
from cisim.show.page.screens.parts import (
    Charts,
    Inside,
    Network,
    Screen,
    Sure,
    Why,
    status_of,
    use_picture,
)
from cisim.show.page.screens.widgets import Act, Message, answer, framed
from cisim.show.page.views import explore, less_generous
from cisim.show.page.views.changes import between
from cisim.show.page.views.levers import board, values
from cisim.show.page.words import part


@solara.component
def ExplorePage(
    look: Look,
    trail: Trail,
    screen: Screen,
    event_act: Act,
    say_error: Callable[[str], None],
) -> None:
    """Show Explore: levers, network, answer, charts, tools."""
    held, set_held = solara.use_state(("", look))  # of which address, look while a slider is held
    stopped, set_stopped = solara.use_state("")
    again, set_again = solara.use_state(0)
    before, set_before = solara.use_state("")

    address_now = link.write(look)
    theme, narrow = screen
    is_held = held[0] == address_now
    current = held[1] if is_held else look
    past = solara.use_memo(lambda: trail.last_other(look), [address_now, trail.at])
    is_before = before == address_now and past is not None
    if is_before and past is not None:
        current = replace(past, outcome=look.outcome, goal=look.goal, month=look.month)

    run = explore.scenarios(current)
    organisations = run[0].world.organisation_count
    asked = next_step(0, FULL, organisations) if is_held else FULL
    followed = use_futures(run, current.seed, asked, again=again)
    news = followed.news
    # While a slider is held each value that is begun is answered, then the latest comes next.
    nothing: Look | None = None
    following = solara.use_ref(nothing)
    answered = bool(news and news.finished)
    view, ensembles, stale, fault = use_picture(
        lambda found: explore.picture(current, found, 390 if narrow else 480),
        news,
        (link.write(current), narrow),
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
        elif what == "before":
            set_before(address_now if message.get("on") else "")
        else:
            following.current = None
            event_act(message)  # the address first: in between stands nothing older
            set_held(("", look))
            set_before("")

    def follow_hand() -> None:
        if is_held and answered and following.current is not None:
            set_held((address_now, following.current))
            following.current = None

    solara.use_effect(follow_hand, [is_held, answered, held[1]])
    solara.use_effect(lambda: say_error(fault) if fault else None, [fault])
    status = status_of(news, asked, stopped == address_now, stale=stale and view is not None)
    frame = solara.use_memo(lambda: explore.frame(look), [address_now])
    levers = solara.use_memo(lambda: values(look), [address_now])
    ways = {
        "undo": trail.before,
        "redo": trail.after,
        "change": "" if past is None else between(past, look),
        "before": is_before,
    }
    t = part("explore")
    ready = answered and not is_held
    own = ensembles[0] if ensembles and not stale else None
    widgets.Title(t=t, frame=framed(frame, "title"), trail=ways, event_act=done)
    with solara.Div(classes=["grid"]):
        with solara.Div(classes=["left"]):
            widgets.Levers(t=t, board=board(), values=levers, event_act=done)
        with solara.Div(classes=["rest"]), solara.Div(classes=["pair"]):
            with solara.Div(classes=["middle"]):
                Network(run if not is_held else explore.scenarios(look), look, theme, done)
                here = scenario_of(current)
                halted = stopped == address_now
                table = partial(less_generous.alone, current, here, own, halted=halted)
                Sure((here,), current.seed, table, ready)
                Why(current, ready)
                Inside((here,), current, ready, narrow, done)
            with solara.Div(classes=["right"]):
                widgets.Results(
                    t=t, s=part("status"), frame=framed(frame, "results"), view=answer(view),
                    status=status, event_act=done,
                )  # fmt: skip
                Charts(view, stale, done, lambda axis: widgets.Events(
                    t=t, frame=framed(frame, "events"), axis=axis, event_act=done
                ))  # fmt: skip
                widgets.Share(t=t, frame=framed(frame, "share"), event_act=done)
