"""Where the answer turns, in the browser: asked, searched for in the background, shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import solara

from cisim.lab.threshold import Threshold
from cisim.show.language.spoken import spoken
from cisim.show.page.address.look import Look, decides
from cisim.show.page.errands import Errand, use_errand
from cisim.show.page.screens import widgets
from cisim.show.page.screens.parts import Chart
from cisim.show.page.screens.widgets import Act, Message
from cisim.show.page.views import threshold as views
from cisim.show.page.words import part, say
from cisim.world.scenario import Scenario

_searching = ThreadPoolExecutor(1, thread_name_prefix="cisim-turns")
"""One search at a time."""


@solara.component
def Turns(scenarios: Sequence[Scenario], look: Look, width: int, event_act: Act) -> None:
    """Ask at which value of a number the answer turns, and show what was found."""
    asked, set_asked = solara.use_state(views.Question())
    no_wish: tuple[Any, ...] | None = None
    wish, set_wish = solara.use_state(no_wish)
    halted, set_halted = solara.use_state(False)
    fault, set_fault = solara.use_state("")
    believed = [one.believing(look.beliefs) for one in scenarios]
    of = (asked, decides(look), look.compared, look.outcome)
    wanted = wish if wish is not None and wish[:4] == of else None

    def work(errand: Errand) -> Iterator[Threshold]:
        yield views.search(believed, look, asked, errand.look_up)

    news, stop = use_errand(work, wanted, _searching)
    found, done, total = news.value, news.done, news.total
    there = isinstance(found, Threshold) and bool(found.futures) and found.values.size > 1
    known: Any = found
    view = solara.use_memo(
        lambda: views.view(known, look, width) if there else None, [id(found), width, spoken()]
    )

    def heard(message: Message) -> None:
        what = message.get("do")
        try:
            if what == "turns":
                set_fault("")
                set_asked(asked.after(message))
            elif what == "search":
                set_halted(False)
                set_wish((*of, (wish[4] + 1 if wish is not None else 0)))
            elif what == "halt":
                set_halted(True)
                stop()
            else:
                event_act(message)
        except (KeyError, TypeError, ValueError) as error:
            set_fault(views.fault_of(error))

    busy = wanted is not None and found is None and not news.fault and not halted
    if busy:
        words = say("turns.progress", done=done, total=total) if total else say("turns.begins")
    elif halted and wanted is not None:
        words = say("turns.halted")
    else:
        words = ""
    shown = {"said": view["said"], "about": view["about"]} if view else None
    with solara.Div():
        widgets.Turns(
            t=part("turns"), form=views.form(asked, look), view=shown, words=words,
            busy=busy, done=done, total=total,
            fault=fault or news.fault, event_act=heard,
        )  # fmt: skip
        if view is not None:
            Chart(view["chart"], False, event_act)
