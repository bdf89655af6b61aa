"""The scenarios that are meant: names or files, with the changes of the options."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cisim.world.scenario import Scenario

_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def chosen_scenarios(
    names: Sequence[str],
    world: str | None,
    structure: str | None,
    settings: Sequence[str] | None,
    months: int | None,
) -> list[Scenario]:
    """Return the scenarios that are meant, with the changes of the options made to each."""
    set_ = parse_settings(settings or ())

    from cisim.world.scenario import Scenario

    changes: dict[str, Any] = {"world": world, "structure": structure, "months": months}
    given = {name: value for name, value in changes.items() if value is not None}
    chosen = [Scenario.load(name, **given) for name in names]
    return [one.set(set_) for one in chosen] if set_ else chosen


def parse_settings(settings: Iterable[str]) -> dict[str, Any]:
    """Return name -> value of `--set name=value` options: numbers, true, false, words or TOML.

    Raises InputError if one is not that, or a name is given twice.
    """
    from cisim.model.input_error import InputError, shown
    from cisim.world.files import parse

    found: dict[str, Any] = {}
    for setting in settings:
        name, equals, text = (part.strip() for part in setting.partition("="))
        if not (name and equals and text):
            raise InputError(
                f"--set: {shown(setting)} is not name=value; right would be trust_memory=60."
            )
        if name in found:
            raise InputError(f"--set: {shown(name)} is set twice; allowed is once.")
        if _DECIMAL.fullmatch(text) and len(text) < 400:
            found[name] = float(text)
        elif _WORD.fullmatch(text) and text not in ("true", "false", "nan", "inf"):
            found[name] = text
        else:
            try:
                (found[name],) = parse(f"value = {text}", "--set").values()
            except (InputError, ValueError):
                raise InputError(
                    f"--set: {shown(setting)} has a value that cannot be read; allowed is a "
                    f'number, true, false, a word, or a list as in sponsors=["health"].'
                ) from None
    return found
