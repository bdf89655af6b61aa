"""About: what this is, what it cannot say, every number with its source, how to cite."""

from __future__ import annotations

from typing import Any

from cisim.model.literature import SOURCES
from cisim.model.parameters import SUBMODELS, Parameters
from cisim.model.quantity import Declaration, declarations
from cisim.model.sources import source_hash
from cisim.show.language.facts import fact, source_in_words, unit_in_words
from cisim.show.language.forms import localised
from cisim.show.language.spoken import kept_by_language
from cisim.show.limits import limits
from cisim.show.page.words import say
from cisim.version import __version__


@kept_by_language
def view() -> dict[str, Any]:
    """Return what About shows."""
    known = declarations(Parameters)
    varied = sum(not one.constant for one in known.values())
    return {
        "limits": [[one.point, one.words.replace("`", "")] for one in limits()],
        "numbers": say("about.numbers_words", count=varied),
        "heads": [
            say(f"about.{name}")
            for name in ("name", "default", "range", "unit", "source", "supports", "meaning")
        ],
        "groups": [
            {
                "heading": fact("submodels", submodel, words),
                "rows": [_row(one) for one in known.values() if one.submodel == submodel],
            }
            for submodel, words in SUBMODELS.items()
        ],
        "sources": [
            {
                "name": name,
                "reference": one.reference,
                "stake": say("about.stake", stake=one.stake),
                "read": say("about.read", read=one.read),
            }
            for name, one in SOURCES.items()
        ],
        "version": say("about.version", version=__version__, model=source_hash()),
        "cite": say("about.cite_words", version=__version__),
    }


def _row(one: Declaration) -> list[str]:
    plausible = say("about.constant")
    if one.plausible is not None:
        low, high = (localised(f"{end:g}") for end in one.plausible)
        plausible = say("charts.between", low=low, high=high)
    source = source_in_words(one.evidence.source)
    meaning = fact("meanings", one.name, one.meaning)
    return [
        one.name,
        localised(f"{one.default:g}"),
        plausible,
        unit_in_words(one.unit),
        source,
        ", ".join(say(f"report.assumed.{what}") for what in one.evidence.supports) or "–",
        meaning,
        one.evidence.words,  # as its source has it, in English
    ]
