"""The Solara application: reads the address, follows the futures, hands views to the templates.

The address is the state. What a visitor does makes the next address; the browser's Back is undo.
Everything else here is one visitor's own: which futures are followed, which picture was good last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import solara

from cisim.lab.simulate import Ensemble
from cisim.lab.value import Prices
from cisim.model.input_error import InputError, shown
from cisim.show.charts import Theme
from cisim.show.page.address import look as address
from cisim.show.page.address.actions import act
from cisim.show.page.address.look import FIRST, OVERALL, Look, plainly
from cisim.show.page.futures import first_pictures as presets
from cisim.show.page.futures.engine import FULL, QUICK, News, cache_key, engine, next_step
from cisim.show.page.futures.following import use_futures, use_made
from cisim.show.page.network.films import use_films
from cisim.show.page.network.player import Level, NetworkPlayer
from cisim.show.page.screens import widgets
from cisim.show.page.views import about, explore, start, why
from cisim.show.page.views import compare as compared
from cisim.show.page.views import less_generous as sure
from cisim.show.page.views.changes import between, decides
from cisim.show.page.views.levers import board, values
from cisim.show.page.words import part, say
from cisim.show.report import EFFORT_HALF
from cisim.version import __version__
from cisim.world.files import LARGEST_FILE
from cisim.world.scenario import Scenario

Message = dict[str, Any]
Act = Callable[[Message], None]
Screen = tuple[Theme, bool]
"""The theme that is shown, and whether the window is narrow."""
AUTO: Screen = ("auto", False)


@dataclass
class Trail:
    """The addresses one visitor has come along, for undo, redo and replay.

    soft : an address that takes the place of the present one
    """

    addresses: list[str] = field(default_factory=list)
    at: int = -1
    soft: str = ""

    def arrive(self, here: str) -> None:
        """Note where the visitor is now: a step on, or one that was there before."""
        if 0 <= self.at < len(self.addresses) and self.addresses[self.at] == here:
            return
        if here == self.soft and self.at >= 0:
            self.addresses[self.at] = here
            return
        for step in (-1, 1):
            place = self.at + step
            if 0 <= place < len(self.addresses) and self.addresses[place] == here:
                self.at = place
                return
        del self.addresses[self.at + 1 :]
        self.addresses.append(here)
        self.at = len(self.addresses) - 1

    @property
    def before(self) -> bool:
        """Return whether there is an address to go back to."""
        return self.at > 0

    def last_other(self, look: Look) -> Look | None:
        """Return what was explored before the last change of the scenario, None if nothing was."""
        for path in reversed(self.addresses[: max(self.at, 0)]):
            past, _ = address.read(path)
            if past.view == "explore" and decides(past) != decides(look):
                return past
        return None

    @property
    def after(self) -> bool:
        """Return whether there is an address to go forward to."""
        return self.at + 1 < len(self.addresses)


@dataclass
class Kept:
    """The last good picture, and of which look it is."""

    view: dict[str, Any] | None = None
    wish: object = None
    ensembles: tuple[Ensemble, ...] = ()


@solara.component
def Layout(children: list[Any]) -> None:
    """Leave out Solara's own frame: the page has its own."""
    solara.Div(classes=["cisim"], children=children)


@solara.component
def Page() -> None:
    """Show what the address says."""
    router = solara.use_router()
    here = router.search or ""
    look, ignored = solara.use_memo(lambda: address.read(here), [here])
    trail = solara.use_memo(Trail, [])
    trail.arrive(here)
    error, set_error = solara.use_state("")
    closed, set_closed = solara.use_state("")
    soft, set_soft = solara.use_state("")
    screen, set_screen = solara.use_state(AUTO)  # theme, whether it is narrow

    def visit(new: Look, softly: bool = False) -> None:
        path = address.write(new)
        if path == address.write(look):
            return
        if softly:
            trail.soft = path.partition("?")[2]
            set_soft(path)
        else:
            trail.soft = ""
            set_soft("")
            router.push(path)

    def done(message: Message) -> None:
        if message.get("do") == "close-notes":
            set_error("")
            set_closed(here)
            return
        if message.get("do") == "say":
            set_error(plainly(str(message.get("words"))))
            return
        if message.get("do") == "screen":
            theme: Theme = "dark" if message.get("theme") == "dark" else "light"
            set_screen((theme, message.get("narrow") is True))
            return
        set_error("")
        try:
            if message.get("do") == "first-three":
                message = {"do": "compare", "names": list(FIRST)}
                visit(act(replace(look, view="compare", world="", months=None), message))
                return
            if message.get("do") == "open" and int(message.get("size", 0)) > LARGEST_FILE:
                name = str(message.get("name"))
                most = f"{LARGEST_FILE:,}"
                raise InputError(say("open.large", where=shown(name), most=most))
            visit(act(look, message), softly=message.get("do") == "month")
        except InputError as fault:
            set_error(plainly(str(fault)))

    notes = [*([] if closed == here else ignored), *([error] if error else [])]
    pages = [
        {
            "view": view,
            "label": say(f"views.{view}"),
            "href": address.write(replace(look, view=view)),
        }
        for view in address.VIEWS
    ]
    widgets.Header(
        t=part("page"), view=look.view, pages=pages, notes=notes, soft=soft, event_act=done
    )
    with solara.v.Html(tag="main", attributes={"id": "main"}):
        if look.view == "start":
            StartPage(done)
        elif look.view == "explore":
            ExplorePage(look, trail, screen, done, set_error)
        elif look.view == "compare":
            ComparePage(look, screen, done)
        else:
            widgets.About(t=part("about"), view=about.view())
    with solara.v.Html(tag="footer", class_="foot"):
        solara.v.Html(tag="p", children=[say("page.footer", version=__version__)])


@solara.component
def StartPage(event_act: Act) -> None:
    """Show Start; small charts appear as their futures are there."""
    missing = [
        one
        for one in start.listed()[: len(start.CARDS)]
        if engine().cached(one, presets.SEED) is None
    ]
    waiting = use_futures(missing[:1], presets.SEED, presets.FUTURES)
    count, set_count = solara.use_state(0)
    finished = waiting.news is not None and waiting.news.finished
    solara.use_effect(lambda: set_count(count + 1) if finished else None, [finished])
    widgets.Start(t=part("start"), view=start.view(), event_act=event_act)


def status_of(news: News | None, asked: int, stopped: bool, *, stale: bool) -> dict[str, Any]:
    """Return what is said about how far it has come."""
    done = 0 if news is None else news.done
    finished = news is not None and news.finished
    if engine().compiling:
        words = say("status.compiling")
    elif stopped and not finished:
        words = say("status.cancelled", done=done)
    elif finished:
        words = say("status.ready", done=done)
    elif done:
        words = say("status.partly", done=done, asked=asked)
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
        except InputError as error:
            return plainly(str(error))
        except Exception as error:
            return say("status.failed", reason=f"{type(error).__name__}: {error}")
        return news.error

    fault = solara.use_memo(draw, [wish, there, count, news is not None and news.finished])
    return kept.view, kept.ensembles, kept.wish != wish, fault


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

    address_now = address.write(look)
    theme, narrow = screen
    is_held = held[0] == address_now
    current = held[1] if is_held else look
    past = solara.use_memo(lambda: trail.last_other(look), [address_now, trail.at])
    is_before = before == address_now and past is not None
    if is_before and past is not None:
        current = replace(past, outcome=look.outcome, goal=look.goal, month=look.month)

    run = explore.scenarios(current)
    organisations = run[0].world.organisations
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
        (address.write(current), narrow),
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
    widgets.Title(t=t, frame=frame, trail=ways, event_act=done)
    with solara.Div(classes=["grid"]):
        with solara.Div(classes=["left"]):
            widgets.Levers(t=t, board=board(), values=levers, event_act=done)
        with solara.Div(classes=["rest"]), solara.Div(classes=["pair"]):
            with solara.Div(classes=["middle"]):
                Network(run if not is_held else explore.scenarios(look), look, theme, done)
                here = address.scenario(current)
                halted = stopped == address_now
                table = partial(sure.alone, current, here, own, halted=halted)
                Sure((here,), current.seed, table, ready)
                Why(current, ready)
            with solara.Div(classes=["right"]):
                widgets.Results(
                    t=t, s=part("status"), frame=frame, view=view, status=status,
                    event_act=done,
                )  # fmt: skip
                Charts(view, stale, done, lambda axis: widgets.Events(
                    t=t, frame=frame, axis=axis, event_act=done
                ))  # fmt: skip
                widgets.Share(t=t, frame=frame, event_act=done)


@solara.component
def Charts(
    view: dict[str, Any] | None,
    stale: bool,
    event_act: Act,
    below_first: Callable[[dict[str, Any] | None], object] = lambda axis: None,
) -> None:
    """Show the charts of a picture; a click on one over time moves the month.

    below_first : shows something below the first chart, given where that one's months are
    """
    charts = view["charts"] if view else []
    with solara.Div(classes=["charts"]):
        for number, chart in enumerate(charts):
            widgets.Chart(
                t=part("explore"), view=chart, stale=stale, event_act=event_act
            ).key(f"chart-{number}")  # fmt: skip
            if not number:
                below_first(chart.get("axis"))
        if not charts:
            below_first(None)


@solara.component
def Network(scenarios: Sequence[Scenario], look: Look, theme: Theme, event_act: Act) -> None:
    """Show who works with whom in one future, of each scenario, with one player."""
    shown, older = use_films(scenarios, look.seed)
    usual: Level = "mandate"
    colour, set_colour = solara.use_state(usual)
    selected, set_selected = solara.use_state(-1)
    month = explore.month_of(look)

    def moved(to: int) -> None:
        if to != month:
            event_act({"do": "month", "month": to})

    with solara.Div(classes=["network-card", *(["stale"] if older else [])]):
        solara.v.Html(tag="h2", children=[say("explore.network")])
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
            )
        solara.v.Html(
            tag="p", class_="quiet", children=[say("explore.network_words", seed=look.seed)]
        )


@solara.component
def Sure(
    scenarios: Sequence[Scenario],
    seed: int,
    table: Callable[[tuple[Ensemble, ...]], dict[str, Any] | None],
    ready: bool,
) -> None:
    """Show how sure the answer is, run once the answer itself is there.

    table : makes it, given what there is of `sure.less_generous`
    """
    wanted = sure.less_generous(scenarios) if ready else ()
    followed = use_futures(wanted, seed, QUICK, patient=True)
    there = followed.news.ensembles if followed.news else ()
    widgets.Sure(t=part("explore"), sure=table(there))


@solara.component
def Beside(
    look: Look,
    frame: dict[str, Any],
    ensembles: tuple[Ensemble, ...],
    settled: bool,
    event_act: Act,
) -> None:
    """Show what differs, cost beside effect, and the full report once somebody asks for it.

    settled : whether all futures are there that will be; what is of less generous values comes
              after them, before the report
    """
    prices, set_prices = solara.use_state(Prices())
    nothing: object = None
    asked, set_asked = solara.use_state(nothing)  # of what the report is wanted
    of = (address.write(replace(look, month=None, region=OVERALL)), prices)
    wanted = [one.scenario for one in ensembles] if asked == of and settled else []
    followed = use_futures(sure.less_generous(wanted, EFFORT_HALF), look.seed, QUICK)
    news = followed.news
    found = news.ensembles if wanted and news is not None and news.finished else None

    def write() -> tuple[str, str] | None:
        """Return the report, or what went wrong; None before its time."""
        if found is None:
            return None
        try:
            halves = sure.with_own(ensembles, found, EFFORT_HALF)
            return compared.report_page(look, ensembles, prices, halves), ""
        except InputError as error:
            return "", plainly(str(error))
        except Exception as error:
            return "", say("status.failed", reason=f"{type(error).__name__}: {error}")

    wish = (of, [one.asked for one in ensembles], found is not None)
    made = use_made(write, wish)
    report, waiting = made[1] if made is not None and made[0] == wish and found else ("", "")
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
                event_act({"do": "say", "words": str(error)})
        elif what == "report":
            set_asked(of)
        else:
            event_act(message)

    costs = None
    if ensembles:
        costs = {
            **compared.costs(look, ensembles, prices),
            "fteCost": prices.fte_cost,
            "sek": prices.sek,
        }
    widgets.Beside(
        t=part("compare"), frame=frame, costs=costs, report=report, waiting=waiting, event_act=done
    )


@solara.component
def Why(look: Look, ready: bool) -> None:
    """Show what moved an outcome up to the month, run again once the answer itself is there."""
    question, set_question = solara.use_state(why.Question())
    chosen = why.choices(question, look)
    branch = address.branched(look) if chosen["branch"] else None
    scenario = address.scenario(look) if branch is None else branch
    asked = (chosen["outcome"], look.region, explore.month_of(look), question.months)
    wish = (cache_key(scenario, look.seed), *asked, ready)

    def explain() -> dict[str, Any] | None:
        return why.view(scenario, look.seed, *asked) if ready else None

    made = use_made(explain, wish)
    widgets.Why(
        t=part("why"),
        choices=chosen,
        view=None if made is None else made[1],
        stale=made is None or made[0] != wish,
        event_act=lambda message: set_question(question.after(message)),
    )


@solara.component
def ComparePage(look: Look, screen: Screen, event_act: Act) -> None:
    """Show Compare: verdicts, charts, networks, what differs, costs, the full report."""
    stopped, set_stopped = solara.use_state("")
    again, set_again = solara.use_state(0)
    address_now = address.write(look)
    theme, narrow = screen
    fault = ""
    try:
        scenarios = address.compared(look)
    except InputError as error:
        fault = plainly(str(error))
        look = replace(look, compared=FIRST, world="", months=None)
        scenarios = address.compared(look)
    followed = use_futures(scenarios, look.seed, FULL, again=again)
    news = followed.news
    view, ensembles, stale, wrong = use_picture(
        lambda found: compared.picture(look, found, 390 if narrow else 640),
        news,
        (address_now, narrow),
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
        else:
            event_act(message)

    frame = solara.use_memo(lambda: compared.frame(look), [address_now])
    status = status_of(news, FULL, stopped == address_now, stale=stale and view is not None)
    said = fault or wrong
    if said:
        status["words"] = f"{status['words']}. {said}"
    t = part("compare")
    widgets.Compare(
        t=t, x=part("explore"), s=part("status"), frame=frame, status=status, event_act=done,
    )  # fmt: skip
    own = () if stale else ensembles
    halted = bool(said) or (stopped == address_now and not settled)
    table = partial(sure.beside, look, scenarios, own, halted=halted)
    with solara.Div(classes=["answers"]):
        widgets.Verdicts(
            t=t, x=part("explore"), s=part("status"), frame=frame, view=view,
            stale=stale and view is not None, event_act=done,
        )  # fmt: skip
        Sure(scenarios, look.seed, table, settled)
    Charts(view, stale, done)
    Network(scenarios, look, theme, event_act)
    Beside(look, frame, own, settled or (halted and bool(own)), event_act)
