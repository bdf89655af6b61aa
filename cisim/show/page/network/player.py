"""The network over time: a run as a film, and the player that shows one or several side by side.

A film is computed once. What one month shows is sent first, all of it once somebody plays or goes
to another month; from then on the browser plays it without a word to the server. Several
films are drawn by one component, so that one clock, one legend and one set of buttons hold for
all of them, and the organisation one points at is named in each (if they are of one world). Every
month the player also tells the window (event "cisim-month", detail {month, playing}), for whatever
else follows the month, and goes where it is told to (event "cisim-seek", detail {month}).

The browser and the server speak about the month only when somebody pauses or seeks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import ipyvue
import solara
import traitlets

from cisim.model.input_error import InputError, nearest, shown
from cisim.show.charts.ink import Theme, check_theme
from cisim.show.page.in_turn import in_turn
from cisim.show.page.network.film import LEVELS, Film, Level, own_words
from cisim.show.page.network.looks import COLOURS, SCALES
from cisim.show.page.network.script import template
from cisim.show.page.network.sent import ground, still, whole


class NetworkWidget(ipyvue.VueTemplate):
    """The player in the browser; see player.vue and player.js.

    month is written by the browser on pause and seek only; playing when a button is pressed;
    asked grows each time that more is wanted than the films that are there show;
    selected, the number of what was chosen (-1 nothing), on click or Enter.
    """

    template = traitlets.Unicode(template()).tag(sync=True)

    films = traitlets.List(traitlets.Unicode()).tag(sync=True)
    grounds = traitlets.List(traitlets.Unicode()).tag(sync=True)
    month = traitlets.Int(0).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    asked = traitlets.Int(0).tag(sync=True)
    colour_by = traitlets.Unicode("mandate").tag(sync=True)
    theme = traitlets.Unicode("auto").tag(sync=True)
    reduced_motion = traitlets.Bool(None, allow_none=True).tag(sync=True)
    selected = traitlets.Int(-1).tag(sync=True)
    height = traitlets.Int(560).tag(sync=True)
    staged = traitlets.Bool(False).tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    colours = traitlets.Dict().tag(sync=True)
    scales = traitlets.Dict().tag(sync=True)


Value = TypeVar("Value")


def _kept(
    given: Value, on_value: Callable[[Value], None] | None
) -> tuple[Value, Callable[[Value], None]]:
    """Return what is given, or what the browser has said since, and who hears of the latter.

    Otherwise any other change of the page would set the player back to what it was given.
    """
    now, set_now = solara.use_state(given)
    solara.use_effect(lambda: set_now(given), [given])

    def hear(value: Value) -> None:
        set_now(value)
        if on_value is not None:
            on_value(value)

    return now, in_turn(hear)


@solara.component
def NetworkPlayer(
    films: Sequence[Film],
    month: int = 0,
    on_month: Callable[[int], None] | None = None,
    colour_by: Level = "mandate",
    on_colour_by: Callable[[Level], None] | None = None,
    height: int = 560,
    theme: Theme = "auto",
    playing: bool = False,
    on_playing: Callable[[bool], None] | None = None,
    selected: int = -1,
    on_selected: Callable[[int], None] | None = None,
    reduced_motion: bool | None = None,
    staged: bool = False,
    words: Mapping[str, str] | None = None,
) -> None:
    """Show one film, or several side by side with one clock.

    month          : where it stands; on_month hears of pauses and seeks, never of playing
    height         : px, at most; narrower is lower
    reduced_motion : None asks the browser
    theme          : "auto" follows the page's own (Vuetify's)
    selected       : number of a node: organisations, then backbones, then sponsors; -1 nothing
    staged         : as high as its place, without keys of its own: whoever shows it has a time axis
                     that speaks to it (event "cisim-play", detail {on})
    words          : in place of its own, in the language that is spoken

    What no on_... is given for, the player keeps for itself.

    Raises InputError if there is no such level to colour by, or no such theme.
    """
    check_theme(theme)
    if colour_by not in LEVELS:
        raise InputError(
            f"network: colour_by is {shown(colour_by)}; allowed is one of {', '.join(LEVELS)}."
            f"{nearest(colour_by, LEVELS)}"
        )
    month, hear_month = _kept(month, on_month)
    colour_by, hear_colour_by = _kept(colour_by, on_colour_by)
    playing, hear_playing = _kept(playing, on_playing)
    selected, hear_selected = _kept(selected, on_selected)
    said = {**own_words(), **(words or {})}
    nobody: tuple[Film, ...] = ()
    wanted, set_wanted = solara.use_state(nobody)  # whose films are wanted whole
    sent_whole = solara.use_ref(nobody)
    these = tuple(films)
    complete = bool(these) and (playing or these in (wanted, sent_whole.current))
    if complete:
        sent_whole.current = these

    def send() -> list[str]:
        if complete:
            return [whole(one, said, captioned=not staged) for one in films]
        return [still(one, month, said, captioned=not staged) for one in films]

    sent = solara.use_memo(send, [*films, said, complete, staged])

    def stand() -> list[str]:
        found = [ground(one, said) for one in films]
        return found[:1] if len(set(found)) == 1 else found

    grounds = solara.use_memo(stand, [*films, said])

    def hear_asked(_: int) -> None:
        set_wanted(these)

    NetworkWidget.element(
        films=sent,
        grounds=grounds,
        month=month,
        on_month=hear_month,
        colour_by=colour_by,
        on_colour_by=hear_colour_by,
        height=height,
        theme=theme,
        playing=playing,
        on_playing=hear_playing,
        on_asked=in_turn(hear_asked),
        selected=selected,
        on_selected=hear_selected,
        reduced_motion=reduced_motion,
        staged=staged,
        words=said,
        colours={name: dict(colours) for name, colours in COLOURS.items()},
        scales={name: list(ends) for name, ends in SCALES.items()},
    )
