"""The player's template, put together: one script of the modules beside it.

A template in the notebook's way has one script and loads nothing. The modules are plain JavaScript
modules, so that an editor and a test read each by itself; here those that `player.js` imports come
before it, each once, without the lines that import and the words that export.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_IMPORT = re.compile(r'^import \{ [\w, ]+ \} from "\./(\w+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const |function |async function |class )", re.MULTILINE)
_PLACE = "@player.js\n"


@cache
def template() -> str:
    """Return player.vue with its script."""
    frame = (_HERE / "player.vue").read_text(encoding="utf-8")
    return frame.replace(_PLACE, joined("player.js"))


def joined(name: str) -> str:
    """Return a module and all that it imports as one script, what is imported first."""
    pieces: dict[str, str] = {}

    def add(module: str) -> None:
        if module in pieces:
            return
        text = (_HERE / module).read_text(encoding="utf-8")
        for other in _IMPORT.findall(text):
            add(other)
        text = _EXPORT.sub("", _IMPORT.sub("", text))
        pieces[module] = text.replace("export default {", "module.exports = {")

    add(name)
    return "\n".join(pieces.values())
