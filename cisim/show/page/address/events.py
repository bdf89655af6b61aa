"""Events as the page offers them: every kind with the fields that it declares."""

from __future__ import annotations

from typing import Annotated, Any, get_args, get_origin

from annotated_types import Ge, Le

from cisim.model.input_error import InputError, shown
from cisim.show.language.facts import fact
from cisim.show.language.forms import localised
from cisim.show.language.spoken import kept_by_language
from cisim.show.page.words import part, say
from cisim.world.events import EVENTS
from cisim.world.scenario import Scenario

_COMMON = ("kind", "month", "region")
_NUMBERS = {"share": (0.0, 1.0), "link": (0.0, 1.0), "fte": (0.0, 10_000.0)}
_USUAL = {"fte": 1.0, "level": "regional", "link": 0.5}


@kept_by_language
def kinds() -> tuple[dict[str, Any], ...]:
    """Return every kind: its name, label, words, and the fields besides month and region."""
    labels = part("event_kinds")
    return tuple(
        {
            "kind": kind,
            "label": labels.get(kind, kind.replace("-", " ").capitalize()),
            "words": fact("event_words", kind, declared.words),
            "fields": [
                _field(name, field)
                for name, field in declared.model_fields.items()
                if name not in _COMMON and not _of_files(field.annotation)
            ],
        }
        for kind, declared in EVENTS.items()
    )


def _of_files(annotation: Any) -> bool:
    """Return whether a field is a name or a table: files have those, the page does not."""
    if get_origin(annotation) is Annotated:
        return _of_files(get_args(annotation)[0])
    if annotation is str or get_origin(annotation) is list:
        return True
    return any(_of_files(one) for one in get_args(annotation) if not isinstance(one, str))


def _field(name: str, field: Any) -> dict[str, Any]:
    options = [option for option in get_args(field.annotation) if isinstance(option, str)]
    label = part("event_fields").get(name, name.replace("_", " ").capitalize())
    named = part("event_options")
    usual = None if field.is_required() else field.default
    default = _USUAL.get(name, usual)
    if options:
        return {
            "name": name,
            "label": label,
            "options": [(option, named.get(option, option)) for option in options],
            "default": default if default in options else options[0],
        }
    low, high = _NUMBERS.get(name, (0.0, 1000.0))
    for limit in field.metadata:
        low = float(limit.ge) if isinstance(limit, Ge) else low  # type: ignore[arg-type]
        high = float(limit.le) if isinstance(limit, Le) else high  # type: ignore[arg-type]
    return {
        "name": name,
        "label": label,
        "options": [],
        "default": low if default is None and field.is_required() else default,
        "low": low,
        "high": high,
    }


def event_of(given: Any) -> dict[str, Any]:
    """Return an event as a plain table, numbers as its fields want them.

    Raises InputError if it is none; what its fields allow is checked by the scenario.
    """
    if not isinstance(given, dict) or given.get("kind") not in EVENTS:
        raise InputError(say("events.unknown", given=shown(given)))
    event = {key: value for key, value in given.items() if value not in (None, "")}
    month = event.get("month")
    if isinstance(month, float) and month.is_integer():
        event["month"] = int(month)
    for name, value in event.items():
        if name not in _COMMON and isinstance(value, int) and not isinstance(value, bool):
            event[name] = float(value)
    return event


def described(event: dict[str, Any]) -> str:
    """Return an event in a few words: its label, and what is not usual."""
    kind = next(one for one in kinds() if one["kind"] == event["kind"])
    extra = []
    for field in kind["fields"]:
        value = event.get(field["name"])
        if value is None:
            continue
        words = dict(field["options"]).get(value, value)
        words = localised(f"{words:g}") if isinstance(words, float) else words
        extra.append(f"{field['label'].lower()}: {words}")
    if event.get("region"):
        extra.append(str(event["region"]))
    label = str(kind["label"])
    return f"{label} ({', '.join(extra)})" if extra else label


def rows(scenario: Scenario) -> list[dict[str, Any]]:
    """Return a scenario's events as the strip lists them, in their own order."""
    found = []
    for place, event in enumerate(scenario.events):
        plain = {key: value for key, value in event.model_dump().items() if value is not None}
        found.append({"place": place, "month": event.month, "words": described(plain)})
    return found
