"""A story that has been run, in words: its text with figures, as Markdown, and as plain values."""

from __future__ import annotations

import math
from typing import Any

from cisim.lab.story import Shown, ToldStory
from cisim.show.counted import label
from cisim.show.language.facts import FORMS, OUTCOMES, in_language
from cisim.show.language.texts import say
from cisim.show.places_in_words import place
from cisim.show.tables import number
from cisim.world.story import ANSWERS, Look, State, fill

MINUS = "\N{MINUS SIGN}"


MOST_DECIMALS = 4
"""Of a difference."""


def _says_anything(text: str) -> bool:
    return any(digit in text for digit in "123456789")


def figure(outcome: str, value: float, *, signed: bool = False, unit: bool = True) -> str:
    """Return a value of an outcome as a sentence has it: "41 %", "0.52", "1,204"."""
    declared = OUTCOMES[outcome]
    form = FORMS[declared.form]
    value *= form.factor
    size = abs(value)
    counted = declared.form == "number"
    whole = form.shown == "%" or (counted and (size >= 10 or size == int(size)))
    decimals = 0 if whole else 1 if (counted and size >= 1) or size >= 10 else 2
    text = number(size, decimals)
    while signed and value and not _says_anything(text) and decimals < MOST_DECIMALS:
        decimals += 1  # which way it goes is said with at least one digit of how far
        text = number(size, decimals)
    if value < 0 and _says_anything(text):
        text = f"{MINUS}{text}"
    elif signed and (_says_anything(text) or value >= 0):
        text = f"+{text}"
    if not unit or not form.shown:
        return text
    return f"{text} {form.apart if signed and form.apart else form.shown}"


def looked_at(shown: Shown) -> str:
    """Return what to look at, where, and what is seen, with its interval."""
    look, at = shown.told.step.look, shown.looked
    found = between(look.outcome, float(at.mean), float(at.low), float(at.high))
    return f"{title_of(look)}: {found}"


def title_of(look: Look) -> str:
    """Return what is looked at, and where."""
    where = f", {place(look.region)}" if look.region else ""
    return f"{OUTCOMES[look.outcome].title}{where}"


def between(outcome: str, value: float, low: float, high: float) -> str:
    """Return a value of an outcome with its range, if there is one: "6.2 (5.3…7.1) points"."""
    declared = OUTCOMES[outcome]
    form = FORMS[declared.form]
    unit = form.shown or ("" if form.bare else declared.unit)
    said = figure(outcome, value, unit=False)
    if math.isfinite(low):
        ends = [figure(outcome, one, unit=False) for one in (low, high)]
        said = said if set(ends) == {said} else f"{said} ({'…'.join(ends)})"
    return f"{said}{f' {unit}' if unit else ''}"


def text_of(shown: Shown) -> str:
    """Return a step's text with its figures."""
    figures = {
        held.written: figure(held.outcome, shown.figures[held.written], signed=held.how == "change")
        for held in shown.told.held
    }
    return fill(shown.told.step.text, figures)


def options(shown: Shown) -> dict[str, str]:
    """Return how the answers of a step's question are called, by its file or by the language."""
    asks = shown.told.step.predict
    return {answer: getattr(asks, answer) or say(f"told.{answer}") for answer in ANSWERS}


def answer_of(shown: Shown, futures: int) -> str:
    """Return the answer in a sentence, with the difference and how many futures go that way; of an
    answer that most of them do not give, that it is that of the mean alone."""
    found, outcome = shown.found, shown.told.step.look.outcome
    many = int(found.difference.n)
    name = "answer_defined" if many < futures else "answer"
    return say(
        f"told.{name}_few" if 2 * round(found.agree * many) < many else f"told.{name}",
        n=many,
        answer=options(shown)[found.answer],
        apart=figure(outcome, float(found.difference.mean), signed=True),
        agree=round(found.agree * many),
    )


def when(state: State) -> str:
    """Return the state's month, and the scenario that it is of."""
    said = label(state.scenario.calendar, state.month)
    return f"{said[:1].upper()}{said[1:]}, {in_language(state.scenario).title}"


def markdown(told: ToldStory) -> str:
    """Return a story as Markdown, its answers behind the questions."""
    file = told.story.file
    parts = [f"# {file.title}", _flat(file.about), *(f"*{line}*" for line in about(told))]
    for number_, shown in enumerate(told.steps, start=1):
        parts += [
            f"## {number_}. {shown.told.step.title}",
            f"*{when(shown.told.here)}*",
            text_of(shown),
            "\n".join(f"- {line}" for line in asked(shown, told.futures)),
        ]
    parts.append(small_print(told))
    return "\n\n".join(parts) + "\n"


def _flat(text: str) -> str:
    return " ".join(text.split())


def about(told: ToldStory) -> list[str]:
    """Return where a story is from, what its people aimed at, what the model lacks: a line each."""
    file = told.story.file
    given = {"source": file.source, "target": file.target, "lacks": file.lacks}
    return [say(f"told.{name}", text=_flat(text)) for name, text in given.items() if text]


def asked(shown: Shown, futures: int) -> tuple[str, str, str]:
    """Return what to look at, what to predict and what runs say, a line each."""
    question, answers = shown.told.step.predict.question, " / ".join(options(shown).values())
    return (
        say("told.look", look=looked_at(shown)),
        say("told.predict", question=question, answers=answers),
        say("told.says", answer=answer_of(shown, futures)),
    )


def small_print(told: ToldStory) -> str:
    """Return what figures are of."""
    return say("told.small_print", n=told.futures, seed=told.seed)


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
        "when": label(scenario.calendar, state.month),
    }


def _plain_interval(interval: Any) -> dict[str, float]:
    return {name: float(getattr(interval, name)) for name in ("mean", "low", "high")}
