"""Are we on track, in the browser: own figures in, whether the model fits, what is to come."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import solara

from cisim.lab.tracking import Tracked, track
from cisim.model.input_error import InputError
from cisim.show.language.spoken import spoken
from cisim.show.page.address.checks import plainly
from cisim.show.page.address.look import Look, decides, scenario_of
from cisim.show.page.background import use_made
from cisim.show.page.errands import Errand, use_errand
from cisim.show.page.partnership.arriving import sized
from cisim.show.page.partnership.brought import Uploads
from cisim.show.page.partnership.observed import table_of
from cisim.show.page.screens import widgets
from cisim.show.page.screens.parts import Chart, Screen
from cisim.show.page.screens.widgets import Act, Message
from cisim.show.page.views import differ
from cisim.show.page.views import track as views
from cisim.show.page.views.own import problem
from cisim.show.page.words import part, say
from cisim.show.report import track_report

_tracking = ThreadPoolExecutor(1, thread_name_prefix="cisim-track")
"""One partnership at a time."""


@solara.component
def TrackPage(look: Look, uploads: Uploads, screen: Screen, event_act: Act) -> None:
    """Show what a partnership has observed, and what is believed by it of the look's scenario."""
    _, set_count = solara.use_state(0)
    fault, set_fault = solara.use_state("")
    given, against = uploads.figures, uploads.against
    look = replace(look, branch=None)
    wish = (given, decides(look), look.outcome, against, spoken())
    no_wish: object = None
    reported, set_reported = solara.use_state(no_wish)  # of what the report is wanted

    def work(errand: Errand) -> Iterator[Tracked | tuple[str, ...]]:
        if given is None:
            return
        asked = views.asked(look, against)
        try:
            yield track(observed=table_of(*given), progress=errand.look_up, **asked)
        except InputError as error:
            yield error.sentences

    news, _ = use_errand(work, None if given is None else wish, _tracking)
    found = news.value
    tracked = found if isinstance(found, Tracked) else None
    told = found if isinstance(found, tuple) else ()
    width = 390 if screen.narrow else 560
    view = solara.use_memo(
        lambda: None if tracked is None else views.view(tracked, look, width),
        [tracked, width, spoken()],
    )
    wanted = tracked is not None and reported == wish
    written = use_made(lambda: track_report(tracked) if tracked and wanted else None,
                       ("report", wish, wanted))  # fmt: skip
    report = written if wanted and written and written.wish == ("report", wish, True) else None

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
            elif what == "against":
                uploads.against = views.other(str(message["name"]))
                set_count(lambda n: n + 1)
            elif what == "report":
                set_reported(wish)
            else:
                event_act(message)
        except (KeyError, TypeError, ValueError) as error:
            set_fault(plainly(str(error)))

    frame: dict[str, Any] = solara.use_memo(
        lambda: views.frame(look, against), [decides(look), look.outcome, against, spoken()]
    )
    busy = given is not None and found is None and not news.fault
    widgets.Track(
        t=part("track"), o=part("own"), frame=frame,
        view=None if view is None else {k: v for k, v in view.items() if k != "charts"},
        given=[] if given is None else [given[0], sized(len(given[1]))],
        problems=[problem(one) for one in told],
        words=views.waiting(look, news.done, news.total) if busy else "", done=news.done,
        total=news.total if busy else 0, fault=fault or news.fault, event_act=done,
    )  # fmt: skip
    if view is not None and view["charts"]:
        with solara.Div(classes=["charts"]).key("charts"):
            for chart in view["charts"]:
                Chart(chart, False, done).key(chart["kind"])
    with solara.Div(classes=["beside"]).key("beside"):
        if tracked is not None:
            late = say("compare.report_writing") if wanted and report is None else ""
            widgets.Report(
                t=part("compare"), words=say("track.report_words"),
                report=report.value or "" if report else "",
                waiting=report.fault if report else late, event_act=done,
            ).key("report")  # fmt: skip
        choices = differ.choices(look, [scenario_of(look)])
        heading = {"heading": say("differ.heading")}
        widgets.Differ(t=heading, view=choices, event_act=done).key("differ")
