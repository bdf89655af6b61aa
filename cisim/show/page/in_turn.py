"""One thing at a time: what a visitor does, and what was made for their page in the background.

Reacton draws a page in the thread that changes it. What another thread changes meanwhile is drawn
later, and what a visitor did before that was understood as the page had been: of two quick choices
the first was lost.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from weakref import WeakKeyDictionary

import solara

P = ParamSpec("P")

_turns: WeakKeyDictionary[object, threading.RLock] = WeakKeyDictionary()


def turn() -> threading.RLock:
    """Return what is held while something is done to the page that is being drawn."""
    page = solara.reacton.core.get_render_context(required=False)
    return threading.RLock() if page is None else _turns.setdefault(page, threading.RLock())


def in_turn(does: Callable[P, None]) -> Callable[P, None]:
    """Return what does the same to the page that is being drawn, in its turn."""
    mine = turn()

    @wraps(does)
    def done(*args: P.args, **given: P.kwargs) -> None:
        with mine:
            does(*args, **given)

    return done
