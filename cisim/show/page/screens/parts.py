"""What Explore and Compare have in common: the picture, how far it is, the cards below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import solara

from cisim.lab.ensemble import Ensemble
from cisim.show.charts.ink import Theme
from cisim.show.page.address import link
from cisim.show.page.address.checks import in_a_sentence
from cisim.show.page.address.look import Look, branch_of, kind, month_of, scenario_of
from cisim.show.page.background import use_made
from cisim.show.page.futures.engine import QUICK, News, engine
from cisim.show.page.futures.following import use_futures
from cisim.show.page.futures.keys import cache_key
from cisim.show.page.network.film import Level
from cisim.show.page.network.library import use_films
from cisim.show.page.network.player import NetworkPlayer
from cisim.show.page.outcomes import INSIDE
from cisim.show.page.packing import slim, squeezed
from cisim.show.page.screens import widgets
from cisim.show.page.screens.widgets import Act, Message
from cisim.show.page.views import inside, less_generous, why
from cisim.show.page.views.compare import titles
from cisim.show.page.views.pictures import USUAL, Sizes
from cisim.show.page.words import part, say
from cisim.world.scenario import Scenario


class Screen(NamedTuple):
    """The theme that is shown, whether the window is narrow, and how large charts are drawn."""

    theme: Theme
    narrow: bool
    sizes: Sizes


AUTO = Screen("auto", False, USUAL)


@dataclass
class Kept:
    """The last good picture, and of which look it is."""

    view: dict[str, Any] | None = None
    wish: object = None
    ensembles: tuple[Ensemble, ...] = ()


def status_of(
    news: News | None, asked: int, stopped: bool, *, stale: bool, quick: bool = False
) -> dict[str, Any]:
    """Return what is said about how far it has come, and what futures differ by.

    quick : whether what is there is only a first answer, with one value for each number
    """
    done = 0 if news is None else news.done
    finished = news is not None and news.finished
    by = kind(news.ensembles[0].scenario) if news is not None and news.ensembles else "fixed"
    if engine().compiling:
        words = say("status.compiling")
    elif stopped and not finished:
        words = say("status.cancelled", done=done)
    elif finished:
        words = say(f"status.ready_{by}", done=done)
    elif done and quick:
        words = say("status.quick", done=done, asked=asked)
    elif done:
        words = say(f"status.partly_{by}", done=done, asked=asked)
    else:
        words = say("status.waiting")
    if stale:
        words = f"{words}. {say('status.updating')}"
    return {
        "words": words,
        "done": done,
        "asked": asked,
        "running": not finished and not stopped,
        "stopped": stopped and not finished,
        "stale": stale,
    }


def use_picture(
    make: Callable[[Sequence[Ensemble]], dict[str, Any]], news: News | None, wish: object
) -> tuple[dict[str, Any] | None, tuple[Ensemble, ...], bool, str]:
    """Return the picture, its ensembles, whether it is an older one, and what went wrong.

    wish : what decides the picture, apart from the futures
    """
    kept = solara.use_memo(Kept, [])
    there = news is not None and bool(news.ensembles)
    count = news.done if news is not None else 0

    def draw() -> str:
        if not there or news is None:
            return "" if news is None else news.error
        try:
            kept.view, kept.wish, kept.ensembles = make(news.ensembles), wish, news.ensembles
        except Exception as error:
            return in_a_sentence(error)
        return news.error

    fault = solara.use_memo(draw, [wish, there, count, news is not None and news.finished])
    return kept.view, kept.ensembles, kept.wish != wish, fault


NUMBERS = ("rows", "csv")
"""Of a chart, only sent on demand."""
CHART_WORDS = ("pick", "in_words", "chart_tools", "table", "svg", "png", "csv", "month")
"""What a chart's frame says: with all words of Explore each would be sent several times over."""


@solara.component
def Chart(
    chart: dict[str, Any], stale: bool, event_act: Act, seen: str = "", month: int = 0
) -> None:
    """Show a chart; its picture is sent compressed, its numbers when somebody wants them.

    seen  : on the stage, of what the window remembers how far it has been seen
    month : that is looked at
    """
    tabled, set_tabled = solara.use_state(False)
    saved, set_saved = solara.use_state("")  # of which picture the file is wanted
    view = solara.use_memo(
        lambda: {
            **{name: value for name, value in chart.items() if name not in ("svg", *NUMBERS)},
            "packed": squeezed(slim(chart["svg"])),
            "seen": seen,
            "month": month,
        },
        [chart, seen, month],
    )
    wanted = {"rows": tabled, "csv": saved == view["packed"]}
    numbers = {
        name: made() if callable(made := chart[name]) else made for name in NUMBERS if wanted[name]
    }

    def done(message: Message) -> None:
        if message.get("do") == "table":
            set_tabled(message.get("on") is True)
        elif message.get("do") == "csv":
            set_saved(view["packed"])
        else:
            event_act(message)

    words = part("explore")
    t = {name: words[name] for name in CHART_WORDS}
    widgets.Chart(t=t, view=view, numbers=numbers or None, stale=stale, event_act=done)


@solara.component
def Network(
    scenarios: Sequence[Scenario], look: Look, theme: Theme, event_act: Act, staged: bool = False
) -> None:
    """Show who works with whom in one future, of each scenario, with one player.

    staged : as large as its place, with the time axis of the page in place of its own
    """
    shown, older, fault = use_films(scenarios, look.seed)
    usual: Level = "trust"
    colour, set_colour = solara.use_state(usual)
    selected, set_selected = solara.use_state(-1)
    month = month_of(look)

    def moved(to: int) -> None:
        if to != month:
            event_act({"do": "month", "month": to})

    with solara.Div(classes=["network-card", *(["stale"] if older else [])]):
        hidden = "hidden" if staged else ""
        solara.v.Html(tag="h2", class_=hidden, children=[say("explore.network")])
        if fault:
            solara.v.Html(tag="p", class_="warn", children=[fault])
        if shown:
            NetworkPlayer(
                shown,
                month=month,
                on_month=moved,
                colour_by=colour,
                on_colour_by=set_colour,
                theme=theme,
                selected=selected,
                on_selected=set_selected,
                staged=staged,
            ).key("player")
        words = say("explore.network_words", seed=look.seed)
        solara.v.Html(tag="p", class_=hidden or "quiet", children=[words]).key("words")


@solara.component
def Sure(
    scenarios: Sequence[Scenario],
    seed: int,
    table: Callable[[tuple[Ensemble, ...]], dict[str, Any] | None],
    ready: bool,
    hear: Callable[[dict[str, Any] | None], None] | None = None,
) -> None:
    """Show how sure the answer is, run once the answer itself is there.

    table : makes it, given what there is of `less_generous.less_generous`
    hear  : takes it instead, where it is shown elsewhere
    """
    wanted = less_generous.less_generous(scenarios) if ready else ()
    followed = use_futures(wanted, seed, QUICK, patient=True)
    there = followed.news.ensembles if followed.news else ()
    made = table(there)
    solara.use_effect(lambda: hear(made) if hear else None, [made])
    if hear is None:
        widgets.Sure(t=part("explore"), sure=made)


@solara.component
def Why(look: Look, ready: bool) -> None:
    """Show what moved an outcome up to the month, run again once the answer itself is there."""
    question, set_question = solara.use_state(why.Question())
    chosen = why.choices(question, look)
    branch = branch_of(look) if chosen["branch"] else None
    scenario = scenario_of(look) if branch is None else branch
    asked = (chosen["outcome"], look.region, month_of(look), question.months)
    wish = (cache_key(scenario, look.seed), *asked, ready)

    def explain() -> dict[str, Any] | None:
        return why.view(scenario, look.seed, *asked) if ready else None

    made = use_made(explain, wish)
    widgets.Why(
        t=part("why"),
        choices=chosen,
        view=None if made is None else made.value,
        stale=made is None or made.wish != wish,
        fault=made.fault if made is not None and made.wish == wish else "",
        event_act=lambda message: set_question(question.after(message)),
    )


@solara.component
def Inside(
    scenarios: Sequence[Scenario],
    look: Look,
    ready: bool,
    width: int,
    event_act: Act,
    at_once: bool = False,
) -> None:
    """Show components and functions; their futures are run once somebody opens the card.

    width   : of charts (px)
    at_once : whether it is open from the beginning
    """
    opened, set_opened = solara.use_state(at_once)
    wanted = tuple(scenarios) if opened and ready else ()
    followed = use_futures(wanted, look.seed, QUICK, patient=True, wanted=INSIDE)
    names = titles(scenarios)
    year = month_of(look) // 12 * 12
    wish = (link.write(replace(look, month=year, goal=None)), width, opened)
    view, _, stale, fault = use_picture(
        lambda found: inside.picture(look, found, names, width), followed.news, wish
    )
    there = opened and view is not None
    said = {
        "id": "inside",
        "title": say("inside.title"),
        "words": fault or inside.told(view["futures"] if there and view else QUICK, done=there),
        "there": True,
        "open": opened,
        "show": say("inside.show"),
        "hide": say("inside.hide"),
    }

    def done(message: Message) -> None:
        if message.get("do") == "open":
            set_opened(message.get("on") is True)
        else:
            event_act(message)

    with solara.Div(classes=["inside"]):
        widgets.Opened(view=said, event_act=done)
        for chart in view["charts"] if there and view else ():
            Chart(chart, stale, done).key(chart["kind"])
