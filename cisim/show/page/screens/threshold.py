"""Where the answer turns, in the browser: asked, searched for in the background, shown."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import solara

from cisim.lab.threshold import Threshold, threshold
from cisim.show.language.spoken import in_same, spoken
from cisim.show.page.address.look import Look, decides
from cisim.show.page.background import Made, Mailbox, attempt
from cisim.show.page.screens import widgets
from cisim.show.page.screens.parts import Chart
from cisim.show.page.screens.widgets import Act, Message
from cisim.show.page.views import threshold as views
from cisim.show.page.words import part, say
from cisim.world.scenario import Scenario

_searching = ThreadPoolExecutor(1, thread_name_prefix="cisim-turns")
"""One search at a time; what others see on the page is not kept waiting by it."""

Tell = Callable[[int, int], None]


def use_search(
    make: Callable[[Tell], Any], wish: object
) -> tuple[tuple[int, int], Made | None, Callable[[], None]]:
    """Return how far a search has come, what it has found, and how to stop it.

    wish : another one ends what is under way and searches anew; None searches nothing
    """
    nothing: tuple[object, tuple[int, int], Made | None] = (None, (0, 0), None)
    latest, set_latest = solara.use_state(nothing)
    mailbox = solara.use_memo(Mailbox, [])
    held = solara.use_ref(threading.Event())

    def listen() -> Callable[[], None]:
        threading.Thread(target=mailbox.hand_on, args=(set_latest,), daemon=True).start()
        return mailbox.close

    attempt_here = in_same(attempt)

    def begin() -> Callable[[], None] | None:
        if wish is None:
            return None
        stopped, said = threading.Event(), threading.Event()
        held.current = stopped

        def tell(done: int, total: int) -> None:
            if stopped.is_set() and not said.is_set():
                said.set()  # a second time would be a second Ctrl-C, which kills
                raise KeyboardInterrupt
            mailbox.put((wish, (done, total), None))

        def work() -> None:
            if not stopped.is_set():
                mailbox.put((wish, (0, 0), attempt_here(lambda: make(tell), wish)))

        with suppress(RuntimeError):  # the server is closing
            _searching.submit(work)
        return stopped.set

    solara.use_effect(listen, [])
    solara.use_effect(begin, [wish])
    mine = latest if latest[0] == wish else nothing
    return mine[1], mine[2], lambda: held.current.set()


@solara.component
def Turns(scenarios: Sequence[Scenario], look: Look, narrow: bool, event_act: Act) -> None:
    """Ask at which value of a number the answer turns, and show what was found."""
    asked, set_asked = solara.use_state(views.Question())
    no_wish: tuple[Any, ...] | None = None
    wish, set_wish = solara.use_state(no_wish)
    halted, set_halted = solara.use_state(False)
    fault, set_fault = solara.use_state("")
    believed = [one.believing(look.beliefs) for one in scenarios]
    of = (asked, decides(look), look.compared, look.outcome)
    wanted = wish if wish is not None and wish[:4] == of else None

    def make(tell: Tell) -> Threshold:
        return threshold(
            believed, replicates=views.futures(scenarios), seed=look.seed, progress=tell,
            **asked.asked(look),
        )  # fmt: skip

    (done, total), made, stop = use_search(make, wanted)
    found = made.value if made is not None and not made.fault else None
    width = 390 if narrow else 640
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

    busy = wanted is not None and made is None and not halted
    if busy:
        words = say("turns.progress", done=done, total=total) if total else say("turns.begins")
    elif halted and wanted is not None:
        words = say("turns.halted")
    else:
        words = ""
    shown = {"said": view["said"], "about": view["about"]} if view else None
    widgets.Turns(
        t=part("turns"), form=views.form(asked, look), view=shown, words=words,
        busy=busy, done=done, total=total,
        fault=fault or ("" if made is None else made.fault), event_act=heard,
    )  # fmt: skip
    if view is not None:
        Chart(view["chart"], False, event_act).key("turns")
