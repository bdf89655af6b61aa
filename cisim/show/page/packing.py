"""Large values on their way to the browser: compressed, since most of a chart or film repeats."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any


def squeezed(value: Any) -> str:
    """Return a plain value as JSON, deflated, in base64; the browser has its own inflating."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")


def unsqueezed(packed: str) -> Any:
    """Return the value that `squeezed` was given."""
    return json.loads(zlib.decompress(base64.b64decode(packed)))
