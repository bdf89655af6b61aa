"""The scenarios that are meant: names or files, with the changes of the options."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
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
    policy: str | None = None,
    policy_settings: Sequence[str] | None = None,
    beliefs: str | None = None,
    *,
    beside_itself: bool = False,
) -> list[Scenario]:
    """Return the scenarios that are meant, with the changes of the options made to each.

    beliefs       : what their futures believe; no file says that, so left out it is one value each
    beside_itself : whether one alone that is given a policy comes without and with it
    """
    set_ = parse_settings(settings or ())

    from cisim.world.scenario import Scenario

    changes: dict[str, Any] = {"world": world, "structure": structure, "months": months}
    given = {name: value for name, value in changes.items() if value is not None}
    chosen = [Scenario.load(name, **given) for name in names]
    chosen = [one.set(set_) for one in chosen] if set_ else chosen
    chosen = chosen if beliefs is None else [one.believing(beliefs) for one in chosen]
    if policy is None:
        return chosen
    return _under(chosen, policy, policy_settings or (), beside_itself)


def _under(
    scenarios: list[Scenario], policy: str, settings: Sequence[str], beside_itself: bool
) -> list[Scenario]:
    """Return scenarios in which a policy acts; a module in the working folder is found, too."""
    from cisim.lab.simulate import load_all
    from cisim.model.input_error import InputError
    from cisim.model.told import behind

    here = str(Path.cwd())
    if here not in sys.path and "" not in sys.path:
        sys.path.append(here)
    given = parse_settings(settings, "--policy-set", "every=6")
    whole = {name: int(v) for name, v in given.items() if isinstance(v, float) and v == v // 1}
    try:
        return load_all(
            scenarios,
            policy=policy,
            policy_parameters={**given, **whole},
            beside_itself=beside_itself,
        )
    except InputError as error:
        raise InputError(behind("--", str(error))) from None


def parse_settings(
    settings: Iterable[str], option: str = "--set", right: str = "trust_memory=60"
) -> dict[str, Any]:
    """Return name -> value of `--set name=value`: numbers, dates, true, false, words or TOML.

    option, right : how the option is called, and an example of what may be given

    Raises InputError if one is not that, or a name is given twice.
    """
    from cisim.model.input_error import InputError, shown
    from cisim.world.calendar import is_date
    from cisim.world.files import parse

    found: dict[str, Any] = {}
    for setting in settings:
        name, equals, text = (part.strip() for part in setting.partition("="))
        if not (name and equals and text):
            raise InputError(
                f"{option}: {shown(setting)} is not name=value; right would be {right}."
            )
        if name in found:
            raise InputError(f"{option}: {shown(name)} is set twice; allowed is once.")
        if _DECIMAL.fullmatch(text) and len(text) < 400:
            found[name] = float(text)
        elif is_date(text) or (
            _WORD.fullmatch(text) and text not in ("true", "false", "nan", "inf")
        ):
            found[name] = text
        else:
            try:
                (found[name],) = parse(f"value = {text}", option).values()
            except (InputError, ValueError):
                raise InputError(
                    f"{option}: {shown(setting)} has a value that cannot be read; allowed is a "
                    f"number, a date as 2027-07, true, false, a word, or a list as in "
                    f'sponsors=["health"].'
                ) from None
    return found
