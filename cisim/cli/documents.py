"""`cisim odd` and `cisim evidence`: the documents that are made from the code."""

from __future__ import annotations

from cisim.cli.endings import DONE
from cisim.cli.streams import show


def odd() -> int:
    """Print the model's description (ODD).

    Example: cisim odd > docs/odd.md
    """
    from cisim.show.documents import odd as document

    show(document(), end="")
    return DONE


def evidence() -> int:
    """Print what each number rests on, in Markdown.

    Example: cisim evidence > docs/evidence.md
    """
    from cisim.show.documents import evidence as document

    show(document(), end="")
    return DONE
