"""The parts of the page that stand in .vue files: what each is given, and `act` for what is done.

All are plain HTML in Vue templates. They show what they are given; what a visitor does goes to
Python as one small message.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec

import solara

from cisim.show.page.in_turn import in_turn

P = ParamSpec("P")
Words = dict[str, Any]
View = dict[str, Any]
Message = dict[str, Any]
Act = Callable[[Message], None]


class Sealed:
    """A plain value on its way to a template.

    Solara looks for elements in every list and table that it is given, several times each time a
    page is drawn; here are none, and some have two thousand words.
    """

    __slots__ = ("value",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and bool(self.value == other.value)


def _sealed(value: Any) -> Any:
    return Sealed(value) if isinstance(value, dict | list | tuple) else value


def _passed(name: str, value: Any) -> Any:
    return in_turn(value) if name.startswith("event_") else _sealed(value)


def _opened(value: Any, widget: object) -> Any:
    return value.value if isinstance(value, Sealed) else value


def _in_template(path: str) -> Callable[[Callable[P, None]], Callable[P, solara.Element]]:
    """Return what makes a component of a template: plain values in, `act` for what is done."""

    def made(show: Callable[P, None]) -> Callable[P, solara.Element]:
        takes = [name for name in signature(show).parameters if not name.startswith("event_")]
        component = solara.component_vue(path, to_json=dict.fromkeys(takes, _opened))(show)

        @wraps(show)
        def element(*args: P.args, **given: P.kwargs) -> solara.Element:
            return component(*args, **{name: _passed(name, value) for name, value in given.items()})

        return element

    return made


FRAME = {
    "title": ("changed", "scenario", "scenarios", "title"),
    "asked": ("guess", "outcome", "outcomes", "question", "region", "regions"),
    "course": ("branch", "events", "month", "months", "outcome", "seen", "start"),
    "results": ("month",),
    "details": ("goal", "goalStep", "limits", "note", "story", "unit", "usual"),
    "events": ("branch", "events", "kinds", "month", "months", "regions", "start"),
    "share": ("file", "fileName", "months", "seed", "title", "world", "worlds"),
    "compare": ("most", "names", "options"),
    "verdicts": ("month",),
    "beside": ("differs", "limits"),
}  # fmt: skip
"""What each template uses of the frame of its page: what it does not use is not sent to it."""


def framed(frame: View, name: str) -> View:
    """Return what a template uses of the frame of its page."""
    return {part: frame[part] for part in FRAME[name]}


def answer(view: View | None) -> View | None:
    """Return the words of a picture, without what has templates of its own: charts and course."""
    apart = ("charts", "course")
    return None if view is None else {k: v for k, v in view.items() if k not in apart}


@_in_template("vue/header.vue")
def Header(
    t: Words, view: str, pages: list[View], languages: list[View], notes: list[str], soft: str,
    event_act: Act,
) -> None:  # fmt: skip
    """Show skip link, pages, languages, theme and what there is to say."""


@_in_template("vue/start.vue")
def Start(t: Words, view: View, event_act: Act) -> None:
    """Show stories, other scenarios, one's own, a file."""


@_in_template("vue/title.vue")
def Title(t: Words, w: Words, frame: View, trail: View, panel: str, event_act: Act) -> None:
    """Show what is explored, the ways back, and what can be opened.

    panel : the panel that is open, "" for none
    """


@_in_template("vue/asked.vue")
def Asked(t: Words, frame: View, event_act: Act) -> None:
    """Show the question of the one chart, and what else can be asked."""


@_in_template("vue/course.vue")
def Course(t: Words, w: Words, frame: View, view: View | None, event_act: Act) -> None:
    """Show the one time axis with its events, and below it the causal strip."""


@_in_template("vue/details.vue")
def Details(t: Words, w: Words, frame: View, event_act: Act) -> None:
    """Show the story, the goal if somebody sets one, and what the numbers cannot say."""


@_in_template("vue/drawer.vue")
def Drawer(w: Words, heading: str, event_act: Act) -> None:
    """Show how a panel is closed; Escape closes it, too."""


@_in_template("vue/levers.vue")
def Levers(t: Words, board: View, values: View, terms: list[Words], event_act: Act) -> None:
    """Show levers and assumptions.

    terms : see `views.glossary`
    """


@_in_template("vue/results.vue")
def Results(
    w: Words, s: Words, frame: View, view: View | None, status: View, doubt: str, panel: str,
    terms: list[Words], event_act: Act,
) -> None:  # fmt: skip
    """Show the one sentence, how far it holds, and how far it has come.

    doubt : a sentence, "" where there is none
    panel : the panel that is open, "" for none
    terms : see `views.glossary`
    """


@_in_template("vue/why.vue")
def Why(
    t: Words, choices: View, view: View | None, stale: bool, fault: str, event_act: Act
) -> None:
    """Show what moved an outcome up to the month, or what went wrong, and what else there is."""


@_in_template("vue/events.vue")
def Events(t: Words, frame: View, event_act: Act) -> None:
    """Show events, each with its month, and the form for another or a branch."""


@_in_template("vue/tabs.vue")
def Tabs(label: str, tabs: Sequence[tuple[str, str]], tab: str, event_act: Act) -> None:
    """Show what can be chosen of the structure, and what is."""


@_in_template("vue/backbones.vue")
def Backbones(t: Words, cards: list[View], event_act: Act) -> None:
    """Show the nine backbones, each to be dropped in with one choice."""


@_in_template("vue/posts.vue")
def Posts(t: Words, view: View, bill: View | None, stale: bool, event_act: Act) -> None:
    """Show posts by payer on the time axis, to be moved by hand, and the bill under them.

    stale : whether the bill is that of before the last move
    """


@_in_template("vue/carried.vue")
def Carried(t: Words, view: View) -> None:
    """Show who carries which function, lit by the month while the network plays."""


@_in_template("vue/worth.vue")
def Worth(
    t: Words, choices: View, status: str, view: View | None, fault: str, event_act: Act
) -> None:
    """Show what each one is worth, as far as it is known, with its interval."""


@_in_template("vue/sure.vue")
def Sure(t: Words, sure: View | None) -> None:
    """Show how much rests on the number that decides most."""


@_in_template("vue/turns.vue")
def Turns(
    t: Words, form: View, view: View | None, words: str, busy: bool, done: int, total: int,
    fault: str, event_act: Act,
) -> None:  # fmt: skip
    """Show what can be varied, how far the search has come, and what it has found.

    words : how far it has come; done, total: runs
    fault : a sentence, "" where there is none
    """


@_in_template("vue/differ.vue")
def Differ(t: Words, view: View, event_act: Act) -> None:
    """Show what futures differ by, and what else can be chosen."""


@_in_template("vue/share.vue")
def Share(t: Words, frame: View, event_act: Act) -> None:
    """Show how to keep and share it, and where and when it plays."""


@_in_template("vue/chart.vue")
def Chart(t: Words, view: View, numbers: View | None, stale: bool, event_act: Act) -> None:
    """Show a chart or its table, with the files it can be saved as; a click moves the month.

    numbers : rows of the table, or the CSV file, once somebody has asked for them
    """


@_in_template("vue/compare.vue")
def Compare(
    t: Words, w: Words, frame: View, panels: Sequence[str], panel: str, event_act: Act
) -> None:
    """Show what is compared, and what can be opened.

    panel : the panel that is open, "" for none
    """


@_in_template("vue/verdicts.vue")
def Verdicts(s: Words, frame: View, view: View | None, status: View, event_act: Act) -> None:
    """Show the verdicts, and how far it has come."""


@_in_template("vue/beside.vue")
def Beside(t: Words, frame: View, costs: View | None, panel: str, event_act: Act) -> None:
    """Show what differs, or cost beside effect.

    panel : which of them is open, "" for none
    """


@_in_template("vue/report.vue")
def Report(t: Words, words: str, report: str, waiting: str, event_act: Act) -> None:
    """Show how the full report is made, what it waits for, and how it is opened and saved.

    words  : what it is
    report : the page, "" as long as there is none
    """


@_in_template("vue/bill.vue")
def Bill(t: Words, view: View) -> None:
    """Show who pays what in which year, in full-time years or money, a table a scenario."""


@_in_template("vue/opened.vue")
def Opened(view: View, event_act: Act) -> None:
    """Show what charts are that come once somebody asks, and open or close them.

    view : id, title, words, whether they can be there and are open, and what the button says
    """


@_in_template("vue/votes.vue")
def Votes(t: Words, view: View, event_act: Act) -> None:
    """Show how phones come in, the question, and how many have chosen what."""


@_in_template("vue/own.vue")
def Own(
    t: Words, frame: View, view: View, places: list[View], busy: bool, fit: str, fault: str,
    saved: Words | None, event_act: Act,
) -> None:  # fmt: skip
    """Show files of one's own, what they mean, what is wrong in them, and what can be done.

    places : those that are kept here
    busy   : whether files are being read
    fit    : how far the model's beginning looks like the answers, "" before it is known
    fault  : a sentence, "" where there is none
    saved  : name and text, or base64, of a file that somebody wants
    """


@_in_template("vue/track.vue")
def Track(
    t: Words, o: Words, frame: View, view: View | None, given: list[str], problems: list[View],
    words: str, done: int, total: int, fault: str, event_act: Act,
) -> None:  # fmt: skip
    """Show the file of own figures, whether the model fits, what is to come and what to watch.

    given    : name and size of the file, [] before there is one
    problems : what is wrong in it, as of `views.own.problem`
    words    : how far it has come, "" where nothing is under way; done, total: futures
    """


@_in_template("vue/studies.vue")
def Studies(t: Words, view: View, event_act: Act) -> None:
    """Show the results that there are, each with what it is."""


@_in_template("vue/study.vue")
def Study(t: Words, head: View, choices: View | None, fault: str, event_act: Act) -> None:
    """Show what a result is, and of a sweep what can be asked."""


@_in_template("vue/cells.vue")
def CellsOf(t: Words, view: View, event_act: Act) -> None:
    """Show how to open what lies in a cell of the map without a mouse."""


@_in_template("vue/decides.vue")
def Decides(t: Words, robust: View, deciding: View, good: View, event_act: Act) -> None:
    """Show how robust each scenario is, and what decides which is best."""


@_in_template("vue/found.vue")
def FoundBest(t: Words, view: View, event_act: Act) -> None:
    """Show what a search says, and the structures it has chosen."""


@_in_template("vue/tables.vue")
def Tables(t: Words, tables: list[View], pictures: list[View], event_act: Act) -> None:
    """Show the tables and the pictures of a result."""


@_in_template("vue/about.vue")
def About(t: Words, view: View) -> None:
    """Show what this is and where its numbers are from."""
