"""The Solara application: reads the address, follows the futures, hands views to the templates.

The address is the state. What a visitor does makes the next address; the browser's Back is undo.
Everything else here is one visitor's own: which futures are followed, which picture was good last.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

import solara

from cisim.model.input_error import InputError, shown
from cisim.show.charts import Theme
from cisim.show.language.spoken import languages, spoken, usual
from cisim.show.page.address import link
from cisim.show.page.address.actions import act, to_view
from cisim.show.page.address.checks import FIRST, TOLD, VIEWS, plainly
from cisim.show.page.address.look import Look
from cisim.show.page.address.scenario_file import LARGEST
from cisim.show.page.address.trail import Trail
from cisim.show.page.futures.ahead import Ahead
from cisim.show.page.partnership.brought import uploads_of
from cisim.show.page.screens import widgets
from cisim.show.page.screens.compare import ComparePage
from cisim.show.page.screens.debrief import DebriefPage
from cisim.show.page.screens.explore import ExplorePage
from cisim.show.page.screens.own import OwnPage
from cisim.show.page.screens.parts import AUTO, Screen
from cisim.show.page.screens.presenter import PresenterPage
from cisim.show.page.screens.start import StartPage
from cisim.show.page.screens.story import StoryPage
from cisim.show.page.screens.studies import StudiesPage
from cisim.show.page.screens.track import TrackPage
from cisim.show.page.screens.widgets import Message
from cisim.show.page.session import Session
from cisim.show.page.views import about
from cisim.show.page.views.pictures import PHONE, sizes_of
from cisim.show.page.visitor import speak_with_visitor
from cisim.show.page.words import part, say
from cisim.version import __version__


def ways_from(look: Look) -> list[dict[str, str]]:
    """Return the views that can be gone to, each with its name and its address."""
    return [
        {"view": view, "label": say(f"views.{view}"), "href": _address(look, view)}
        for view in VIEWS
        if view not in TOLD or look.view == view
    ]


def _address(look: Look, view: str) -> str:
    """Return the address of another view; where it cannot be had, a click says why."""
    try:
        return link.write(to_view(look, view))
    except InputError:
        return link.write(replace(look, view=view))


@solara.component
def Layout(children: list[Any]) -> None:
    """Leave out Solara's own frame: the page has its own."""
    solara.Div(classes=["cisim"], children=children)


@solara.component
def Page() -> None:
    """Show what the address says."""
    router = solara.use_router()
    here = router.search or ""
    speak_with_visitor(link.language_of(here))
    look, ignored = solara.use_memo(lambda: link.read(here), [here])
    trail = solara.use_memo(Trail, [])
    trail.arrive(here)
    session = solara.use_memo(Session, [])
    ahead = solara.use_memo(Ahead, [])
    unnamed = solara.use_memo(lambda: secrets.token_hex(16), [])
    tab, set_tab = solara.use_state("")  # its name, which it keeps when it is loaded anew
    error, set_error = solara.use_state("")
    closed, set_closed = solara.use_state("")
    soft, set_soft = solara.use_state("")
    screen, set_screen = solara.use_state(AUTO)

    def visit(new: Look, softly: bool = False) -> None:
        path = link.write(new)
        if path == link.write(look):
            return
        if softly:
            trail.soft = path.partition("?")[2]
            set_soft(path)
        else:
            trail.soft = ""
            set_soft("")
            ahead.ask(new)
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
            narrow = message.get("narrow") is True
            sizes = PHONE if narrow else sizes_of(message.get("sizes"))
            set_screen(Screen(theme, narrow, sizes))
            set_tab(str(message.get("tab", ""))[:64])
            return
        set_error("")
        try:
            if message.get("do") == "first-three":
                message = {"do": "compare", "names": list(FIRST)}
                visit(act(replace(look, view="compare", world="", months=None), message))
                return
            if message.get("do") == "open" and int(message.get("size", 0)) > LARGEST:
                name = str(message.get("name"))
                most = f"{LARGEST:,}"
                raise InputError(say("open.large", where=shown(name), most=most))
            visit(act(look, message), softly=message.get("do") == "month")
        except InputError as fault:
            set_error(plainly(str(fault)))

    notes = [*([] if closed == here else ignored), *([error] if error else [])]
    pages = solara.use_memo(lambda: ways_from(look), [look, spoken()])
    spoken_in = [
        {
            "code": code,
            "name": name,
            "href": link.write(replace(look, language="" if code == usual() else code)),
            "current": code == spoken(),
        }
        for code, name in languages().items()
    ]
    widgets.Header(
        t=part("page"), view=look.view, pages=pages, languages=spoken_in, notes=notes, soft=soft,
        event_act=done,
    )  # fmt: skip
    with solara.v.Html(tag="main", attributes={"id": "main"}):
        if look.view == "start":
            StartPage(done)
        elif look.view == "story":
            StoryPage(look, screen.theme, done)
        elif look.view == "presenter":
            PresenterPage(look, done)
        elif look.view == "debrief":
            DebriefPage(done)
        elif look.view == "explore":
            ExplorePage(look, trail, session, screen, done, set_error)
        elif look.view == "compare":
            ComparePage(look, session, screen, done)
        elif look.view == "own":
            OwnPage(uploads_of(tab or unnamed), done)
        elif look.view == "track":
            TrackPage(look, uploads_of(tab or unnamed), screen, done)
        elif look.view == "studies":
            StudiesPage(look, screen, done)
        else:
            widgets.About(t=part("about"), view=about.view())
    with solara.v.Html(tag="footer", class_="foot"):
        solara.v.Html(tag="p", children=[say("page.footer", version=__version__)])
