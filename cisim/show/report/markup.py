"""The markup that sections share: the template, a chart with its numbers, a scenario's marker."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cisim.show.charts import Chart
from cisim.show.charts.ink import DARK, LIGHT, SERIES_DARK, SERIES_LIGHT, marker, place
from cisim.show.language.facts import column_words
from cisim.show.language.forms import localised
from cisim.show.language.marked import marked
from cisim.show.language.spoken import spoken
from cisim.show.language.texts import say


def figure(wide: Chart, narrow: Chart, of: str = "") -> dict[str, Any]:
    """Return a chart for a page and for a phone, with its summary and its table.

    of : whose it is, where several have the same title
    """
    table, unit = wide.numbers.shown, wide.numbers.unit
    title = f"{wide.title}: {of}" if of else wide.title
    body = [[_plain(value) for value in row] for row in table.itertuples(index=False)]
    return {
        "title": title,
        "caption": f"{title} ({unit})" if unit else title,
        "wide": Markup(wide.svg),
        "narrow": Markup(narrow.svg),
        "summary": wide.summary,
        "heads": [column_words(str(column)) for column in table.columns],
        "rows": body,
    }


def chip(number_: int) -> Markup:
    """Return the marker of a scenario, as in the charts, for the text."""
    return Markup(
        f'<svg class="chip" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">'
        f'<path class="m{place(number_)}" d="{marker(number_, 7, 7, 5)}"/></svg>'
    )


def colours() -> str:
    """Return the inks, light and dark, as rules of CSS."""

    def rules(colours: Mapping[str, str], places: Sequence[str]) -> str:
        uses = "".join(f"--{use}:{colour};" for use, colour in colours.items())
        return f":root{{{uses}}}" + "".join(
            f".m{at}{{fill:{colour}}}" for at, colour in enumerate(places)
        )

    dark = rules(DARK, SERIES_DARK)
    light = rules(LIGHT, SERIES_LIGHT)
    return f"{light}@media screen and (prefers-color-scheme:dark){{{dark}}}"


@cache
def template(name: str = "report.html.jinja") -> Any:
    """Return the template of a page."""
    environment = Environment(
        loader=PackageLoader("cisim.show.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["say"] = marked
    environment.globals["spoken"] = spoken
    return environment.get_template(name)


def _plain(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return say("report.yes" if value else "report.no")
    if isinstance(value, float | np.floating):
        return "–" if not math.isfinite(value) else localised(f"{value:.4g}".replace("-", "−"))
    return str(value)
