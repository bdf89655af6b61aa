"""Large values on their way to the browser: compressed, since most of a chart or film repeats."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any

_PATH = re.compile(r'(?<= d=")[MLz0-9. \-]+(?=")')
_STEP = re.compile(r"([MLz])|(-?[0-9]*\.?[0-9]+) (-?[0-9]*\.?[0-9]+)")


def squeezed(value: Any) -> str:
    """Return a plain value as JSON, deflated, in base64; the browser has its own inflating."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")


def unsqueezed(packed: str) -> Any:
    """Return the value that `squeezed` was given."""
    return json.loads(zlib.decompress(base64.b64decode(packed)))


def slim(svg: str) -> str:
    """Return the same picture in half the bytes: its lines go from point to point by what differs.

    It takes places to a tenth of a pixel, as charts write them, and curves as they are.
    """
    return _PATH.sub(lambda found: _stepped(found[0]), svg)


def _stepped(path: str) -> str:
    """Return a path of straight lines between places as one of steps, counted in tenths."""
    said: list[str] = []
    x = y = start_x = start_y = 0
    command, last = "M", ""
    for name, across, down in _STEP.findall(path):
        if name:
            command = name
            if name == "z":
                said.append("z")
                x, y, last = start_x, start_y, "z"
            continue
        to_x, to_y = round(10 * float(across)), round(10 * float(down))
        if command == "M":
            said.append(f"M{_tenths(to_x)} {_tenths(to_y)}")
            start_x, start_y, last, command = to_x, to_y, "M", "L"
        else:
            dx, dy = _tenths(to_x - x), _tenths(to_y - y)
            said.append("l" if last != "l" else "" if dx[0] == "-" else " ")
            said.append(f"{dx}{dy}" if dy[0] == "-" else f"{dx} {dy}")
            last = "l"
        x, y = to_x, to_y
    return "".join(said)


def _tenths(number: int) -> str:
    """Return tenths as a decimal number without a nought before its point."""
    text = f"{number / 10:g}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
