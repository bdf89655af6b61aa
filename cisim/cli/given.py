"""What is typed is used or refused: no option lacks its value, is given twice, or has no part."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand

from cisim.cli.endings import interrupted, what_is_kept, wrong
from cisim.model.input_error import InputError


class Command(TyperCommand):
    """A command whose options each have a value of their own, and one value only."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read options and arguments; raises typer.BadParameter for those that cannot be meant."""
        by_name: dict[str, Any] = {
            name: one for one in self.params for name in one.opts if name[:1] == "-"
        }
        seen: set[str | None] = set()
        left = iter(args)
        for text in left:
            if text == "--":
                break
            name, equals, _ = text.partition("=")
            option = by_name.get(name)
            if option is None or getattr(option, "is_flag", False):
                continue
            if option.name in seen and not option.multiple:
                raise typer.BadParameter("is given twice; allowed is once", ctx, option)
            seen.add(option.name)
            value = "" if equals else next(left, "")
            if _like_an_option(value):
                raise typer.BadParameter(
                    f"lacks its value: {value!r} after it looks like an option (for a file of that "
                    f"name give ./{value})",
                    ctx,
                    option,
                )
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run it; what is wrong in what was given is said while its language is still spoken."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            if os.environ.get("CISIM_TRACEBACK"):
                raise
            return wrong(str(error))
        except KeyboardInterrupt:  # between two pieces of its work
            return interrupted(what_is_kept(ctx.obj or ()))


def _like_an_option(value: str) -> bool:
    """Return whether this is written as options are; a number below zero is not."""
    return value.startswith("--") or (value.startswith("-") and value[1:2].isalpha())


class OnlyFor(NamedTuple):
    """An option that changes something in some cases only.

    option : its name as a parameter
    used   : whether it does, given the values of all options
    by     : what these cases are, in words
    """

    option: str
    used: Callable[[Mapping[str, Any]], Any]
    by: str


UNDER_POLICY = OnlyFor("policy_settings", lambda options: options["policy"] is not None, "--policy")


def refuse_unused(context: typer.Context, rules: Sequence[OnlyFor]) -> None:
    """Raise InputError for the first option that was typed and would change nothing."""
    from cisim.model.input_error import InputError

    for rule in rules:
        source = context.get_parameter_source(rule.option)
        if source is None or source.name != "COMMANDLINE" or rule.used(context.params):
            continue
        name = option_name(context, rule.option)
        raise InputError(f"{name} would change nothing here; it is for {rule.by}.")


def refuse_set_beside_vary(settings: Iterable[str], vary: Iterable[str]) -> None:
    """Raise InputError for the first name that --set gives a value and --vary its values."""
    from cisim.model.input_error import InputError

    varied = set(vary)
    for name in settings:
        if name in varied:
            raise InputError(f"--set {name} would change nothing here; --vary gives it its values.")


def option_name(context: typer.Context, name: str) -> str:
    """Return how an option is typed: "--fte-cost"."""
    return next(typed_as(one) for one in context.command.params if one.name == name)


def typed_as(parameter: Any) -> str:
    """Return how an option of the command line is typed, an argument's name for an argument."""
    return str(max(parameter.opts, key=len))
