"""Are we on track, in the browser: own figures in, whether the model fits, what is to come."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import solara

from cisim.lab.tracking import Tracked
from cisim.model.input_error import InputError
from cisim.show.language.spoken import spoken
from cisim.show.page.address.checks import plainly
from cisim.show.page.address.look import Look, decides
from cisim.show.page.errands import Errand, use_errand
from cisim.show.page.partnership.arriving import sized
from cisim.show.page.partnership.brought import Uploads
from cisim.show.page.partnership.observed import table_of
from cisim.show.page.screens import widgets
from cisim.show.page.screens.parts import Chart, Screen
from cisim.show.page.screens.widgets import Act, Message
from cisim.show.page.views import track as views
from cisim.show.page.views.own import problem
from cisim.show.page.words import part

_desk = ThreadPoolExecutor(1, thread_name_prefix="cisim-track")


@solara.component
def TrackPage(look: Look, uploads: Uploads, screen: Screen, event_act: Act) -> None:
    """Show what a partnership has observed, and what is believed by it of the look's scenario."""
    _, set_count = solara.use_state(0)
    fault, set_fault = solara.use_state("")
    given = uploads.figures
    look = replace(look, branch=None)

    def work(errand: Errand) -> Iterator[Tracked | tuple[str, ...]]:
        assert given is not None
        try:
            yield views.tracked(look, table_of(*given), errand.look_up)
        except InputError as error:
            yield error.sentences

    wish = None if given is None else (given, decides(look), look.outcome, spoken())
    news, _ = use_errand(work, wish, _desk)
    found = news.value
    busy = given is not None and found is None and not news.fault
    told = found if isinstance(found, tuple) else ()
    width = 390 if screen[1] else 560
    view = solara.use_memo(
        lambda: views.view(found, look, width) if isinstance(found, Tracked) else None,
        [found, width, spoken()],
    )

    def done(message: Message) -> None:
        what = message.get("do")
        try:
            if what == "begin":
                set_fault("")
            elif what == "piece":
                whole = uploads.arriving.take(message)
                if whole is not None:
                    uploads.figures = whole
                    set_count(lambda n: n + 1)
            elif what == "take-out":
                uploads.figures = None
                set_count(lambda n: n + 1)
            else:
                event_act(message)
        except (KeyError, TypeError, ValueError) as error:
            set_fault(plainly(str(error)))

    frame: dict[str, Any] = solara.use_memo(lambda: views.frame(look), [decides(look), look.outcome,
                                                                        spoken()])  # fmt: skip
    widgets.Track(
        t=part("track"), o=part("own"), frame=frame,
        view=None if view is None else {k: v for k, v in view.items() if k != "charts"},
        given=[] if given is None else [given[0], sized(len(given[1]))],
        problems=[problem(one) for one in told], busy=busy,
        fault=fault or news.fault, event_act=done,
    )  # fmt: skip
    if view is not None and view["charts"]:
        with solara.Div(classes=["charts"]):
            for chart in view["charts"]:
                Chart(chart, False, done).key(chart["kind"])
