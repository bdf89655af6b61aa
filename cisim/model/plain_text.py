"""Text that may be shown anywhere: nothing in it steers a terminal or turns the reading order.

Not allowed are control characters, marks that turn the direction of writing or cannot be seen,
separators of lines and paragraphs, and halves of characters, which is what a name that is not
UTF-8 is read as.
"""

from __future__ import annotations

import unicodedata

ALLOWED = "text without control characters or marks that turn the reading order"
_STEERING = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_HARMLESS = frozenset("\u00ad\u200c\u200d")  # a soft hyphen; what joins letters, and emoji


def is_plain(text: str, *, lines: bool = False) -> bool:
    """Return whether a text may be shown as it is; `lines` allows line ends and tabs in it."""
    return text.isprintable() or not any(_steers(one, lines) for one in text)


def escaped(text: str) -> str:
    """Return a text of lines with whatever would steer a terminal written out: "\\\\x1b"."""
    if is_plain(text, lines=True):
        return text
    return "".join(repr(one)[1:-1] if _steers(one, True) else one for one in text)


def _steers(character: str, lines: bool) -> bool:
    if lines and character in "\n\t":
        return False
    return unicodedata.category(character) in _STEERING and character not in _HARMLESS
