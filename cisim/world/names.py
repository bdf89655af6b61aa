"""Names that people give to regions, communities and organisations.

Any letters, spaces, commas and quotes may stand in them. A slash may not, as it parts what a drawn
organisation's name is made of: region/community/sector. An accent that is written as a sign of its
own is the same letter, so that a name means the same whatever program has saved it.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator

from cisim.world.texts import SAYS, Title

OVERALL = "overall"


def composed(name: str) -> str:
    """Return a name with each letter and its accents as one sign."""
    return unicodedata.normalize("NFC", name)


def _own(name: str) -> str:
    """Return a name that can stand in a table and before a slash."""
    if "/" in name or name != name.strip():
        raise ValueError(SAYS("name"))
    if name == OVERALL:
        raise ValueError(SAYS("overall"))
    return composed(name)


OwnName = Annotated[Title, AfterValidator(_own)]
"""What something is called."""

Reference = Annotated[Title, AfterValidator(composed)]
"""A name of something that is told elsewhere; of what is drawn it has slashes."""


def spelling(name: str) -> str:
    """Return what two spellings of one name share: letters and digits, none of them large."""
    return "".join(one for one in name.casefold() if one.isalnum())
