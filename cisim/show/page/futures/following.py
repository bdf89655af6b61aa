"""How a visitor's page follows its tickets: the latest news wins, in the visitor's own thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import solara

from cisim.lab.ensemble import Ensemble
from cisim.show.page.background import Mailbox
from cisim.show.page.futures.engine import FULL, MOMENT, News, Ticket, engine, next_step
from cisim.show.page.futures.keys import cache_key
from cisim.show.page.outcomes import PICTURES, Wanted
from cisim.world.scenario import Scenario


@dataclass(frozen=True)
class Followed:
    """What is known of a wish: the latest news of it, None so far; and how to stop it."""

    news: News | None
    stop: Callable[[], None]


def use_futures(
    scenarios: Sequence[Scenario],
    seed: int,
    asked: int,
    *,
    again: int = 0,
    patient: bool = False,
    sharper: bool = False,
    wanted: Wanted = PICTURES,
    name: str = "latest",
) -> Followed:
    """Follow futures of scenarios; another wish cancels the one before. No scenarios: no wish.

    again   : another number asks once more
    sharper : there is a first picture already
    wanted  : what they are run for
    name    : of its state; each that stands in a component has another
    """
    nothing: tuple[Any, News] | None = None
    latest, set_latest = solara.use_state(nothing, key=name)
    mailbox = solara.use_memo(Mailbox, [])
    no_ticket: Ticket | None = None
    held = solara.use_ref(no_ticket)
    named = tuple((cache_key(one, seed, wanted), one.name, one.title) for one in scenarios)
    wish = (named, seed, asked, again)

    # What is there already is in the first picture, not in one that follows on its heels.
    patience = 0.0 if patient or sharper else MOMENT
    known = solara.use_memo(
        lambda: engine().known(scenarios, seed, asked, wanted, patience=patience), [wish]
    )

    def listen() -> Callable[[], None]:
        thread = threading.Thread(target=mailbox.hand_on, args=(set_latest,), daemon=True)
        thread.start()
        return mailbox.close

    def follow() -> Callable[[], None] | None:
        if not scenarios:
            return None

        def tell(news: News) -> None:
            mailbox.put((wish, news))

        done = known.done if known is not None else 0
        ticket = engine().ask(
            scenarios, seed, asked, tell, patient=patient, sharper=sharper, known=done,
            wanted=wanted,
        )  # fmt: skip
        held.current = ticket
        return ticket.cancel

    solara.use_effect(listen, [])
    solara.use_effect(follow, [wish])

    def stop() -> None:
        if held.current is not None:
            held.current.cancel()

    return Followed(latest[1] if latest is not None and latest[0] == wish else known, stop)


@dataclass(frozen=True)
class Answers:
    """What is known of an answer: at once with one value for each number, then in full.

    news  : what is shown: in full as soon as any of that is there
    quick : the futures that came at once, of one value each; () before they are there
    full  : whether what is shown is of the full answer
    stop  : stops all of it
    """

    news: News | None
    quick: tuple[Ensemble, ...]
    full: bool
    stop: Callable[[], None]


def use_answers(
    scenarios: Sequence[Scenario],
    beliefs: str,
    seed: int,
    *,
    again: int = 0,
    only_quick: bool = False,
) -> Answers:
    """Follow the answer to a question: a quick one with one value for each number, then FULL
    futures in which scenarios believe something, each another.

    beliefs    : see Scenario.believing; "fixed" only sharpens the quick answer
    only_quick : whether somebody still holds a slider
    """
    organisations = scenarios[0].world.organisation_count
    fixed = beliefs == "fixed"
    asked = FULL if fixed and not only_quick else next_step(0, FULL, organisations)
    first = use_futures(scenarios, seed, asked, again=again, name="quick")
    believed = () if fixed or only_quick else tuple(one.believing(beliefs) for one in scenarios)
    then = use_futures(believed, seed, FULL, again=again, sharper=True, name="full")

    def stop() -> None:
        first.stop()
        then.stop()

    quick = () if first.news is None else first.news.ensembles
    if not believed:
        return Answers(first.news, quick, fixed, stop)
    if then.news is not None and (then.news.ensembles or then.news.error):
        return Answers(then.news, quick, True, stop)
    news = first.news
    if news is not None:
        news = News(news.ensembles, news.done, FULL, bool(news.error), news.error)
    return Answers(news, quick, False, stop)
