"""A story that has been run, in words: its text with figures, as Markdown, and as plain values."""

from __future__ import annotations

import math
from typing import Any

from cisim.lab.story import Shown, ToldStory
from cisim.model.outcomes import FORMS, OUTCOMES
from cisim.show.counted import plural
from cisim.show.tables import number
from cisim.world.story import ANSWERS, State, fill

MINUS = "\N{MINUS SIGN}"


def figure(outcome: str, value: float, *, signed: bool = False, unit: bool = True) -> str:
    """Return a value of an outcome as a sentence has it: "41 %", "0.52", "1,204"."""
    declared = OUTCOMES[outcome]
    form = FORMS[declared.form]
    value *= form.factor
    size = abs(value)
    counted = declared.form == "number"
    whole = form.shown == "%" or (counted and (size >= 10 or size == int(size)))
    text = number(size, 0 if whole else 1 if (counted and size >= 1) or size >= 10 else 2)
    if value < 0 and any(digit in text for digit in "123456789"):
        text = f"{MINUS}{text}"
    elif signed:
        text = f"+{text}"
    if not unit or not form.shown:
        return text
    return f"{text} {form.apart if signed and form.apart else form.shown}"


def looked_at(shown: Shown) -> str:
    """Return what to look at, where, and what is seen, with its interval."""
    look, at = shown.told.step.look, shown.looked
    declared = OUTCOMES[look.outcome]
    form = FORMS[declared.form]
    unit = form.shown or ("" if form.bare else declared.unit)
    where = f", {look.region}" if look.region else ""
    mean = figure(look.outcome, float(at.mean), unit=False)
    between = ""
    if math.isfinite(float(at.low)):
        low, high = (figure(look.outcome, float(one), unit=False) for one in (at.low, at.high))
        between = f" ({low}…{high})"
    return f"{declared.title}{where}: {mean}{between}{f' {unit}' if unit else ''}"


def text_of(shown: Shown) -> str:
    """Return a step's text with its figures."""
    figures = {
        held.written: figure(held.outcome, shown.figures[held.written], signed=held.how == "change")
        for held in shown.told.held
    }
    return fill(shown.told.step.text, figures)


def options(shown: Shown) -> dict[str, str]:
    """Return how the answers of a step's question are called."""
    return {answer: getattr(shown.told.step.predict, answer) for answer in ANSWERS}


def answer_of(shown: Shown, futures: int) -> str:
    """Return the answer in a sentence, with the difference and how many futures go that way."""
    found, outcome = shown.found, shown.told.step.look.outcome
    apart = figure(outcome, float(found.difference.mean), signed=True)
    agree = round(found.agree * int(found.difference.n))
    return (
        f"{options(shown)[found.answer]} ({apart}; in {agree:,} of "
        f"{plural(int(found.difference.n), 'future')}"
        f"{'' if found.difference.n == futures else ' in which it is defined'})."
    )


def when(state: State) -> str:
    """Return the state's month, and the scenario that it is of."""
    label = state.scenario.calendar.label(state.month)
    return f"{label[:1].upper()}{label[1:]}, {state.scenario.title}"


def markdown(told: ToldStory) -> str:
    """Return a story as Markdown, its answers behind the questions."""
    file = told.story.file
    parts = [f"# {file.title}", _flat(file.about), f"*Source: {_flat(file.source)}*"]
    if file.target:
        parts.append(f"*Target line, never computed: {_flat(file.target)}*")
    if file.lacks:
        parts.append(f"*What the model lacks: {_flat(file.lacks)}*")
    for number_, shown in enumerate(told.steps, start=1):
        predict = shown.told.step.predict
        parts += [
            f"## {number_}. {shown.told.step.title}",
            f"*{when(shown.told.here)}*",
            text_of(shown),
            "\n".join(
                (
                    f"- Look at: {looked_at(shown)}",
                    f"- Predict: {predict.question} {' / '.join(options(shown).values())}",
                    f"- Runs say: {answer_of(shown, told.futures)}",
                )
            ),
        ]
    parts.append(small_print(told))
    return "\n\n".join(parts) + "\n"


def _flat(text: str) -> str:
    return " ".join(text.split())


def small_print(told: ToldStory) -> str:
    """Return what figures are of."""
    return (
        f"Figures are means over {plural(told.futures, 'future')} from seed {told.seed}, with 90 % "
        f"intervals of luck in brackets. They are the model's, not measurements of the place."
    )


def plain(told: ToldStory) -> dict[str, Any]:
    """Return a story as plain values, for JSON and for the page."""
    file = told.story.file
    return {
        "story": told.story.name,
        "title": file.title,
        "about": _flat(file.about),
        "source": _flat(file.source),
        "lacks": _flat(file.lacks),
        "target": _flat(file.target),
        "futures": told.futures,
        "seed": told.seed,
        "small_print": small_print(told),
        "steps": [_plain_step(shown, told.futures) for shown in told.steps],
    }


def _plain_step(shown: Shown, futures: int) -> dict[str, Any]:
    step, found = shown.told.step, shown.found
    return {
        "title": step.title,
        "here": _plain_state(shown.told.here),
        "text": text_of(shown),
        "look": {
            **step.look.model_dump(),
            "words": looked_at(shown),
            **_plain_interval(shown.looked),
        },
        "question": step.predict.question,
        "options": options(shown),
        "then": _plain_state(shown.told.then),
        "answer": found.answer,
        "answer_words": answer_of(shown, futures),
        "difference": _plain_interval(found.difference),
        "agree": found.agree,
    }


def _plain_state(state: State) -> dict[str, Any]:
    scenario = state.scenario
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "world": scenario.world_name,
        "month": state.month,
        "when": scenario.calendar.label(state.month),
    }


def _plain_interval(interval: Any) -> dict[str, float]:
    return {name: float(getattr(interval, name)) for name in ("mean", "low", "high")}
