"""Scripts put together of the modules beside them: the player's template, and what a file plays.

A template in the notebook's way has one script and loads nothing, and so has a file that plays by
itself. The modules are plain JavaScript modules, so that an editor and a test read each by itself;
here those that are imported come first, each once, without the lines that import and the words
that export. All stand in one scope: a name is given at the top of one module only.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_IMPORT = re.compile(
    r'^import (?:\{ [\w, ]+ \}|(?P<whole>\w+)) from "(?P<file>\.{1,2}/[\w/]+\.js)";\n', re.MULTILINE
)
_EXPORT = re.compile(r"^export (?=const |function |async function |class )", re.MULTILINE)
_NAMED = re.compile(r"^(?:const|let|class|(?:async )?function) (\w+)", re.MULTILINE)
_PLACE = "@player.js\n"


@cache
def template() -> str:
    """Return player.vue with its script."""
    frame = (_HERE / "player.vue").read_text(encoding="utf-8")
    return frame.replace(_PLACE, joined("player.js"))


def joined(name: str | Path) -> str:
    """Return a module and all that it imports as one script, what is imported first.

    name : of a module beside this file, or where it is

    Raises ValueError if two modules give the same name to something.
    """
    pieces: dict[Path, str] = {}

    def add(module: Path, called: str) -> None:
        if module in pieces:
            return
        text = module.read_text(encoding="utf-8")
        for other in _IMPORT.finditer(text):
            add((module.parent / other["file"]).resolve(), f"const {other['whole']} =")
        text = _EXPORT.sub("", _IMPORT.sub("", text))
        pieces[module] = text.replace("export default {", f"{called} {{")

    add((_HERE / name).resolve(), "module.exports =")
    script = "\n".join(pieces.values())
    often = [one for one, many in Counter(_NAMED.findall(script)).items() if many > 1]
    if often:
        raise ValueError(f"{name}: {', '.join(often)} is at the top of several modules.")
    return script
