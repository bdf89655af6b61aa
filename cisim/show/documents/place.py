"""What the numbers of a place rest on: those of its world's file, and of the cases that are its."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from cisim.show.counted import plural
from cisim.show.documents.markdown import page, table, text
from cisim.world.files import find, name_of, parse, read_text, shipped
from cisim.world.scenario import load_world
from cisim.world.sourced import ASSUMPTION, Evidence, Sourced, sourced

_OPENING = """\
Every number of the files with its source, a key of the list in `cisim evidence`, or the word
*assumption*. What a file leaves out is drawn, or as the model declares it (`cisim evidence`)."""


def evidence_of(world: str | os.PathLike[str]) -> str:
    """Return the evidence of a world, by its name or file, and of its shipped cases, as Markdown.

    Raises InputError if the world is wrong.
    """
    place = load_world(world)
    name = name_of(find("worlds", world))
    blocks = [f"# {place.title}", _OPENING, f"Source: {text(place.source)}"]
    blocks += ["" if not place.notes else text(place.notes), *_told(place.said, place.evidence)]
    for case, said in cases_of(name).items():
        about = f"{said.get('story', '')} {said.get('note', '')}"
        blocks += [f"## {said['title']} (`{case}`)", text(about)]
        rests = [Evidence.model_validate(one) for one in said.get("evidence", [])]
        blocks += _told({key: said[key] for key in said if key != "evidence"}, rests)
    return page(*blocks)


def cases_of(world: str) -> dict[str, dict[str, Any]]:
    """Return what the files of a world's shipped cases say, by name."""
    files = {name: parse(read_text(path), path.name) for name, path in shipped("cases").items()}
    return {name: said for name, said in files.items() if said.get("world", "finland") == world}


def _told(said: Mapping[str, Any], evidence: Sequence[Evidence]) -> list[str]:
    found = sourced(said, evidence)
    if not found:
        return ["No numbers."]
    rows = [[f"`{one.called}`", one.value, _source(one), text(one.words)] for one in found]
    assumed = sum(one.source == ASSUMPTION for one in found)
    silent = sum(not one.source for one in found)
    count = f"{plural(len(found), 'number')}, {assumed} of them assumed"
    return [
        table(["number", "value", "source", "words"], rows),
        f"{count}{f', and {silent} of which the file says nothing' if silent else ''}.",
    ]


def _source(one: Sourced) -> str:
    if not one.source:
        return "*not said*"
    return f"*{one.source}*" if one.source in (ASSUMPTION, "judgement") else text(one.source)
