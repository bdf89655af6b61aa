"""Where does the answer turn? One number is varied, of what is compared, on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cisim.lab.ensemble import OVERALL
from cisim.lab.executors import Progress
from cisim.lab.manifest import short_key, sources_of_results
from cisim.lab.threshold import Threshold, threshold
from cisim.model.input_error import InputError
from cisim.show import charts
from cisim.show.charts.ink import coloured
from cisim.show.language.facts import FORMS, OUTCOMES
from cisim.show.language.forms import localised
from cisim.show.language.spoken import kept_by_language
from cisim.show.page.address.checks import goals, plainly
from cisim.show.page.address.look import Look, kind
from cisim.show.page.views.colours import places
from cisim.show.page.views.compare import titles
from cisim.show.page.views.levers import GROUPS, assumptions, control, label_of, quoted
from cisim.show.page.views.pictures import Origin, card, file_name, made_from
from cisim.show.page.words import part, say
from cisim.show.told import told
from cisim.world.scenario import Scenario

FIRST = "effort_half"
"""What is varied at first: it decides most."""
LARGE = 100
"""Organisations, from which on fewer futures are run: each takes its time."""
FUTURES, FUTURES_LARGE = 60, 40
SHARES = (50, 70, 80, 90)
"""In so many percent of the futures a goal may have to be reached."""


@dataclass(frozen=True)
class Question:
    """What is asked: where another scenario becomes the best, or from where a goal is reached.

    vary      : the number that is varied
    low, high : its range, None for the usual one
    goal      : of the outcome, in its own unit; None to ask who is best
    share     : of futures that reach it, in percent
    """

    vary: str = FIRST
    low: float | None = None
    high: float | None = None
    goal: float | None = None
    share: int = SHARES[1]

    def after(self, message: Mapping[str, Any]) -> Question:
        """Return the question after what a visitor chose.

        Raises ValueError or KeyError for what cannot be asked.
        """
        name, value = str(message["name"]), message["value"]
        if name == "vary":
            return replace(self, vary=_known(str(value)), low=None, high=None)
        if name == "share":
            return replace(self, share=int(value))
        if name not in ("low", "high", "goal"):
            raise KeyError(name)
        given: dict[str, Any] = {name: None if value in ("", None) else float(value)}
        return replace(self, **given)

    def range_of(self) -> tuple[float, float]:
        """Return the range in which the number is varied."""
        how = control(self.vary)
        return (
            how.low if self.low is None else self.low,
            how.high if self.high is None else self.high,
        )

    def asked(self, look: Look) -> dict[str, Any]:
        """Return what `cisim.lab.threshold.threshold` is asked of a look."""
        low, high = self.range_of()
        given: dict[str, Any] = {"vary": self.vary, "low": low, "high": high}
        if self.goal is None:
            return {**given, "goal": look.outcome, "until_order_turns": True}
        sign = "<=" if OUTCOMES[look.outcome].better == "lower" else ">="
        aim = f"{look.outcome} {sign} {self.goal / FORMS[OUTCOMES[look.outcome].form].factor:.12g}"
        return {**given, "goal": f"{aim} in {self.share}%"}

    def check_goal(self, look: Look) -> None:
        """Raise InputError for a goal that the outcome cannot have, both as they are shown."""
        factor = FORMS[OUTCOMES[look.outcome].form].factor
        low, high = (factor * end for end in goals(look.outcome))
        if self.goal is not None and not low <= self.goal <= high:
            given, least, most = (localised(f"{one:,.12g}") for one in (self.goal, low, high))
            raise InputError(
                say("turns.far", box=say("turns.goal"), given=given, low=least, high=most)
            )


def _known(name: str) -> str:
    if name not in {one for _, some in _numbers() for one, _ in some}:
        raise ValueError(name)
    return name


@kept_by_language
def _numbers() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return what can be varied: heading, then name and label; beliefs first."""
    believed = [name for _, _, names in assumptions() for name in names]
    built = [n for _, names in GROUPS for n in names if control(n).kind == "number"]
    return (
        (say("explore.assumptions"), tuple((name, label_of(name)) for name in believed)),
        (say("explore.structure"), tuple((name, label_of(name)) for name in built)),
    )


def futures(scenarios: Sequence[Scenario]) -> int:
    """Return how many futures are run at each value."""
    return FUTURES if scenarios[0].world.organisation_count <= LARGE else FUTURES_LARGE


def search(
    scenarios: Sequence[Scenario], look: Look, asked: Question, progress: Progress | None = None
) -> Threshold:
    """Return what is found, in this process: the page's own are for whoever waits for a picture.

    Raises InputError for what cannot be asked, in words of the page.
    """
    asked.check_goal(look)
    try:
        return threshold(
            scenarios, replicates=futures(scenarios), workers=1, seed=look.seed, progress=progress,
            **asked.asked(look),
        )  # fmt: skip
    except InputError as error:
        raise InputError(_with_labels(str(error), asked)) from None


def _with_labels(sentence: str, asked: Question) -> str:
    """Return what is wrong, with the boxes of the page in place of options of a command."""
    said, boxes = plainly(sentence), part("turns")
    options = {"--vary": "vary", "--from": "low", "--to": "high"}
    named = {one: say("survey.quoted", text=boxes[box]) for one, box in options.items()}
    for name, label in {**named, **quoted([asked.vary])}.items():
        said = said.replace(name, label)
    return said


def form(asked: Question, look: Look) -> dict[str, Any]:
    """Return what can be chosen, and what is."""
    how = control(asked.vary)
    low, high = asked.range_of()
    form_of = FORMS[OUTCOMES[look.outcome].form]
    unit = form_of.shown or ("" if form_of.bare else OUTCOMES[look.outcome].unit)
    directed = bool(OUTCOMES[look.outcome].better)
    return {
        "vary": asked.vary,
        "numbers": _numbers(),
        "meaning": how.meaning,
        "unit": "" if how.unit in ("–", "0..1") else how.unit,
        "low": low,
        "high": high,
        "goal": asked.goal,
        "share": asked.share,
        "shares": SHARES,
        "outcome": OUTCOMES[look.outcome].title,
        "outcomeUnit": unit,
        "can": directed,
    }


def view(found: Threshold, look: Look, width: int) -> dict[str, Any]:
    """Return what was found, in sentences and as a chart.

    width : of the chart (px)
    """
    named, called = titles(found.scenarios), quoted([found.vary.name])
    key = short_key(
        {**sources_of_results(), "scenarios": [one.resolved() for one in found.scenarios],
         "vary": found.vary.name, "goal": str(found.goal), "values": found.values.tolist()}
    )  # fmt: skip
    by = say(f"differ.{kind(found.scenarios[0])}")
    origin = Origin(found.asked, int(found.seeds[0]), key, found.asked - found.futures, by)
    with coloured(places(look, list(found.names))):
        chart = charts.threshold(
            found,
            names=named,
            title=say("turning.where", name=called[found.vary.name]),
            theme="light",
            width=width,
            footer=origin.words,
        )
    table = chart.numbers.filed
    rows = table.astype(object).where(table.notna(), None).to_numpy().tolist()
    csv = made_from([str(column) for column in table.columns], rows, origin)
    name = file_name("compare", "threshold", found.vary.name)
    here = replace(look, outcome=found.goal.outcome, region=OVERALL)
    shown = card(chart, name, here, origin, csv, found.calendar)
    *said, about = [told(one) for one in found.sentences({**called, **named})]
    return {"said": said, "about": about, "chart": {**shown, "axis": None}}


def fault_of(error: Exception) -> str:
    """Return what is wrong with what was asked, in a sentence."""
    if isinstance(error, InputError):
        return plainly(str(error))
    return say("status.odd", given=str(error))
