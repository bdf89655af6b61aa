"""What world and lab tell people, in the language that is spoken."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from functools import cache
from typing import Any

from cisim.model import input_error
from cisim.model.told import Named, Several, Told, Written
from cisim.show.counted import label
from cisim.show.language.facts import (
    fact,
    payer_in_words,
    scenario_text,
    source_in_words,
    unit_in_words,
)
from cisim.show.language.forms import listed, localised
from cisim.show.language.spoken import ENGLISH, file_of, locale, spoken
from cisim.show.language.texts import Untranslated, filled
from cisim.show.places_in_words import place
from cisim.world.called import Label

PART = "sentences"
"""What a language's file calls them, by part and name."""


def told(sentence: str) -> str:
    """Return a text in the language that is spoken; one that nobody knows stays as it is."""
    if spoken() == ENGLISH:
        return str(sentence)
    if isinstance(sentence, Label):
        return label(sentence.calendar, sentence.month)
    if isinstance(sentence, Named):
        if sentence.part == "units":
            return unit_in_words(sentence.key)
        if sentence.part == "places":
            return place(sentence.key)
        if sentence.part == "sources":
            return source_in_words(sentence.key)
        if sentence.part == "payers":
            return payer_in_words(sentence.key)
        if sentence.part == "scenario_title":
            return scenario_text("title", sentence.key, str(sentence))
        return fact(sentence.part, sentence.key, str(sentence))
    if isinstance(sentence, Several):
        return _joined(sentence)
    if isinstance(sentence, Written):
        return localised(str(sentence))
    return _said(sentence) if isinstance(sentence, Told) else sentence


def nearest(name: str, names: Iterable[str]) -> str:
    """Return what `cisim.model.input_error.nearest` does, in the language that is spoken."""
    return told(input_error.nearest(name, names))


def _joined(several: Several) -> str:
    parts = [told(one) for one in several.parts]
    if several.between == " and ":
        return listed(parts)
    between = _texts(spoken()).get("between", {})
    return str(between.get(several.between.strip(" ,;"), several.between)).join(parts)


def _said(sentence: Told) -> str:
    part, _, name = sentence.name.partition(".")
    text: Any = _texts(spoken()).get(part, {}).get(name)
    if text is None:
        told_ = f"{spoken()}.toml has no [{PART}.{part}] {name}, which stays English"
        warnings.warn(told_, Untranslated, stacklevel=3)
        return str(sentence)
    given = {key: told(one) if isinstance(one, str) else one for key, one in sentence.given.items()}
    if not isinstance(text, str):
        number: Any = given["n"]
        text = text.get(locale().plural_form(number)) or text["other"]
    found = filled(text, **given)
    return found if str(sentence).endswith(".") else found.removesuffix(".")


@cache
def _texts(code: str) -> dict[str, Any]:
    return dict(file_of(code).get(PART, {}))
