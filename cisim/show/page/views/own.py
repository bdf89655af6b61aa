"""One's own partnership: files, what they mean, what is wrong in them, what they make."""

from __future__ import annotations

import base64
import io
import math
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from cisim.lab.survey.faults import Fault
from cisim.lab.survey.fit import GOOD_ENOUGH, Fit
from cisim.lab.survey.mapping import Measure
from cisim.lab.survey.reading import KNOWN
from cisim.lab.survey.scales import NotOnScaleError, reader
from cisim.lab.survey.tables import Table
from cisim.lab.survey.words import is_missing, meaning
from cisim.model.input_error import printable
from cisim.model.state import SECTORS
from cisim.show.counted import day
from cisim.show.language.facts import structure_title
from cisim.show.language.forms import localised, percent
from cisim.show.page.address.checks import plainly
from cisim.show.page.futures.engine import LARGEST_WORLD
from cisim.show.page.partnership import kept
from cisim.show.page.partnership.arriving import (
    LARGEST,
    MAPPING,
    MOST_FILES,
    PIECE,
    limit,
    sized,
)
from cisim.show.page.partnership.upload import KINDS, ROLES, RULES, Reading, Upload, title_of
from cisim.show.page.views.preview import drawn, sketch, summary
from cisim.show.page.words import part, say
from cisim.show.survey_in_words import in_words, known, placed
from cisim.show.template_in_words import to_fill_in
from cisim.world.files import shipped

FIELDS = {
    "organisations": ("name", "key", "sector", "community", "region", "level", "own_time",
                      "founder", "answered"),
    "ties": ("from", "to", "date"),
    "communities": ("name", "region", "children", "deprivation", "participates"),
}  # fmt: skip
"""What a column of a table can hold, in the order in which it is asked."""
NEEDED = {("organisations", "name"), ("ties", "from"), ("ties", "to"), ("communities", "name")}
_MOST_WORDS = 40
_EXAMPLES = 3
_LONGEST = 40


def view(upload: Upload, reading: Reading | None) -> dict[str, Any]:
    """Return what the screen shows.

    reading : of the upload, or an older one while that is read; None before the first
    """
    sizes = {name: len(data) for name, data in upload.files}
    here = reading if reading is not None and upload.files else None
    picture = None if here is None else sketch(here)
    made = None if here is None else here.made
    large = made is not None and made.world.organisation_count > LARGEST_WORLD
    return {
        "files": [{"name": name, "size": sized(size)} for name, size in sizes.items()],
        "tables": [] if here is None else _tables(upload, here),
        "parts": [] if here is None else list(_parts(here)),
        "measures": [] if here is None else _measures(here),
        "sectors": [] if here is None else _sectors(here),
        "rules": [] if here is None else _rules(here),
        "problems": [] if here is None else [problem(one) for one in here.problems],
        "picture": "" if picture is None else drawn(picture),
        "summary": "" if picture is None else summary(picture),
        "selves": here is not None and any(_is_self(one) for one in here.problems),
        "strange": picture is not None and bool(picture.strange),
        "facts": [] if made is None or here is None else _facts(here),
        "assumed": [] if made is None else [in_words(one) for one in made.said],
        "unused": [] if here is None else [in_words(one) for one in here.unused],
        "title": title_of(upload) if upload.files else "",
        "ready": made is not None and not large,
        "large": say("status.too_large", most=localised(f"{LARGEST_WORLD:,}")) if large else "",
        "there": made is not None,
        "structured": here is not None and bool(here.structure),
    }


def frame() -> dict[str, Any]:
    """Return what the screen shows whatever is uploaded."""
    return {
        "structures": [(name, structure_title(name)) for name in shipped("structures")],
        "sectors": [(name, say(f"own_sectors.{name}")) for name in SECTORS],
        "kinds": [("", say("own.not_used")), *((one, say(f"own_kinds.{one}")) for one in KINDS)],
        "uses": [("", say("own.not_used")), *((one, say(f"own_roles.{one}")) for one in ROLES)],
        "accept": ",".join((*KNOWN, MAPPING)),
        "most": LARGEST,
        "piece": PIECE,
        "mostFiles": MOST_FILES,
        "limits": say("own.limits", most=limit(), files=MOST_FILES),
        "keptWhere": say("own.kept_where", folder=kept.folder()),
    }


def places() -> list[dict[str, str]]:
    """Return the places that are kept, the newest first."""
    return [
        {
            "name": one.name,
            "title": one.title,
            "structure": one.structure,
            "since": day(datetime.fromtimestamp(one.since).astimezone()),
        }
        for one in kept.kept()
    ]


def fitted(fit: Fit) -> str:
    """Return how far month 0 of the model looks like the answers, in sentences."""
    shape = say(
        "own.fit_shape",
        data=localised(f"{100 * fit.data.density:.0f}"),
        model=localised(f"{100 * fit.model.density:.0f}"),
    )
    if math.isnan(fit.order):
        return f"{say('own.fit_alike')} {shape}"
    order = localised(f"{fit.order:.2f}")
    return f"{say('own.fit' if fit.order >= GOOD_ENOUGH else 'own.fit_less', order=order)} {shape}"


def template() -> dict[str, str]:
    """Return the files to fill in, as a packed folder for a browser to save."""
    name = say("own.template_name")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        for file, text in to_fill_in(say("own_template.how_page"), name).items():
            folder.writestr(f"{name}/{file}", text)
    return {"name": f"{name}.zip", "base64": base64.b64encode(packed.getvalue()).decode()}


def mapping_file(reading: Reading) -> dict[str, str]:
    """Return what columns mean as a file, to be given with the same tables another time."""
    given = {key: value for key, value in reading.given.items() if value not in ({}, [])}
    return {"name": "mapping.toml", "text": _toml(given)}


def problem(sentence: str) -> dict[str, Any]:
    """Return where something is wrong, what is there and what is allowed."""
    if not isinstance(sentence, Fault):
        file, row, rest = placed(sentence)
        return {
            "file": file,
            "row": localised(f"{row:,}") if row else "",
            "column": "",
            "value": "",
            "what": plainly(rest),
            "names": [],
            "apart": False,
        }
    return {
        "file": printable(sentence.file),
        "row": localised(f"{sentence.row:,}") if sentence.row else "",
        "column": sentence.column,
        "value": _short(sentence.value),
        "what": in_words(sentence.what),
        "names": list(sentence.names),
        "apart": known(sentence.what) != "unknown_near",
    }


def _is_self(sentence: str) -> bool:
    """Return whether something is tied to itself."""
    return isinstance(sentence, Fault) and known(sentence.what) == "self"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _tables(upload: Upload, reading: Reading) -> list[dict[str, Any]]:
    of = {id(table): role for role, table in reading.found.items() if role in ROLES}
    return [
        {
            "file": table.file,
            "rows": say("own.rows", n=len(table.rows)),
            "use": of.get(id(table), dict(upload.uses).get(table.file, "")),
        }
        for table in reading.tables
    ]


def _parts(reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield, for each table, what its columns hold."""
    for role in FIELDS:
        table = reading.found.get(role)
        given: Mapping[str, Any] = reading.given.get(role, {})
        if table is None or given.get("layout", "list") != "list":
            continue
        columns = [one for one in table.columns if one]
        yield {
            "role": role,
            "title": say(f"own_roles.{role}"),
            "file": table.file,
            "columns": columns,
            "fields": [
                {
                    "field": field,
                    "label": say(f"own_fields.{field}"),
                    "column": given.get(field) or _same(field, columns),
                    "examples": _examples(table, given.get(field) or _same(field, columns)),
                    "needed": (role, field) in NEEDED,
                }
                for field in FIELDS[role]
            ],
        }


def _same(field: str, columns: list[str]) -> str:
    """Return the column of a field's own name, which is taken without a word in a mapping."""
    return field if field in columns else ""


def _examples(table: Table, column: str | None) -> str:
    """Return the first answers of a column, so that one sees what it holds."""
    if not column or column not in table.columns:
        return ""
    cells = dict.fromkeys(cell for cell in table.cells(column)[:200] if not is_missing(cell))
    return ", ".join(_short(cell) for cell in list(cells)[:_EXAMPLES])


def _measures(reading: Reading) -> list[dict[str, Any]]:
    """Return what was asked of ties: a column each, whether it is used or not."""
    table = reading.found.get("ties")
    ties = reading.given.get("ties", {}) if reading.given else {}
    if table is None or ties.get("layout", "list") != "list":
        return []
    taken = {ties.get("from"), ties.get("to"), ties.get("date")}
    there = {one["column"]: one for one in ties.get("measures", [])}
    found = []
    for column in table.columns:
        if not column or column in taken:
            continue
        one = there.get(column, {})
        scale, levels = one.get("scale"), one.get("levels")
        found.append(
            {
                "column": column,
                "examples": _examples(table, column),
                "kind": one.get("kind", "strength") if one else "",
                "low": None if scale is None else scale[0],
                "high": None if scale is None else scale[1],
                "levels": [[words] if isinstance(words, str) else words for words in levels or []],
                "unordered": column in reading.unordered,
                "weight": one.get("weight", 1),
                "misfits": _misfits(table, column, one),
            }
        )
    return found


def _misfits(table: Table, column: str, one: Mapping[str, Any]) -> int:
    """Return how many answers the scale does not have."""
    if not one:
        return 0
    cells = table.cells(column)
    try:
        read = reader(Measure.model_validate(one), cells, table.comma, ())
    except ValueError:
        return 0
    wrong = 0
    for cell in cells:
        try:
            read(cell)
        except NotOnScaleError:
            wrong += 1
    return wrong


def _sectors(reading: Reading) -> list[dict[str, Any]]:
    """Return the words of the column of sectors and what they mean, unknown ones first."""
    table = reading.found.get("organisations")
    given = reading.given.get("organisations", {}) if reading.given else {}
    column = given.get("sector")
    if table is None or column not in table.columns:
        return []
    said = given.get("sectors", {})
    words = list(dict.fromkeys(one for one in table.cells(column) if not is_missing(one)))
    found = [
        {
            "word": word,
            "sector": said.get(word) or meaning("sectors", word) or "",
            "known": meaning("sectors", word) is not None,
        }
        for word in words[:_MOST_WORDS]
    ]
    return sorted(found, key=lambda one: bool(one["known"]))


def _rules(reading: Reading) -> list[dict[str, Any]]:
    """Return what can be chosen of ties, and what holds."""
    ties = reading.given.get("ties", {}) if reading.given else {}
    if "ties" not in reading.found or ties.get("layout", "list") != "list":
        return []
    return [
        {
            "name": name,
            "label": say(f"own_rules.{name}"),
            "value": values.index(ties.get(name, values[0])),
            "options": [say(f"own_rules.{name}_{at}") for at in range(len(values))],
        }
        for name, values in RULES.items()
    ]


def _facts(reading: Reading) -> list[tuple[str, str]]:
    """Return what was read, as rows of a small table."""
    made = reading.made
    assert made is not None
    world, names = made.world, part("own_facts")
    sectors = [one.sector for one in world.organisations]
    told = {sector: sectors.count(sector) for sector in SECTORS if sector in sectors}
    counts = {
        "organisations": localised(f"{len(world.organisations):,}"),
        "sectors": ", ".join(
            f"{say(f'own_sectors.{name}')} {localised(f'{many:,}')}" for name, many in told.items()
        ),
        "ties": localised(f"{len(world.ties):,}"),
        "missing": percent(made.answers.missing_share),
        "regions": localised(f"{len(world.regions):,}"),
        "communities": localised(f"{world.community_count:,}"),
    }
    return [(names[name], value) for name, value in counts.items()]


def _toml(given: Mapping[str, Any]) -> str:
    import tomli_w

    return tomli_w.dumps(dict(given))
