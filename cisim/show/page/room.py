"""What the room guesses: one question at a time, one vote for each phone, counted here.

Who asks and who hears of the counts stands here; how phones reach it stands in `server/phones`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cisim.model.input_error import InputError, shown
from cisim.show.language.spoken import spoken
from cisim.show.page.words import say

GUESSES = ("up", "same", "down")
"""What can be guessed of an outcome, in the order in which it is shown."""
MOST_PHONES = 500
LONGEST = 300
"""Characters of a question."""


@dataclass(frozen=True)
class Counts:
    """How a room has voted on one question.

    number   : of the question, from 1 on; 0 before the first one
    question : "" before the first one
    choices  : what can be chosen, with its words
    votes    : of each choice
    is_open  : whether phones can still vote
    language : in which it is asked
    """

    number: int = 0
    question: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    votes: Mapping[str, int] = field(default_factory=dict)
    is_open: bool = False
    language: str = ""

    @property
    def total(self) -> int:
        """Return how many phones have voted."""
        return sum(self.votes.values())


def drawn(link: str) -> str:
    """Return a link as a QR code, one <svg> element that fills its place; it is made here."""
    import segno

    code = segno.make_qr(link).svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    return str(code)


Listener = Callable[[Counts], None]


class Room:
    """One question, its votes, and who hears of them; any thread may ask, vote and listen.

    link : where phones vote
    """

    def __init__(self, link: str) -> None:
        self.link = link
        self._lock = threading.Lock()
        self._said = Counts()
        self._votes: dict[str, str] = {}
        self._listeners: list[Listener] = []

    @property
    def counts(self) -> Counts:
        """Return how the votes stand."""
        with self._lock:
            return self._now()

    def ask(self, question: str, choices: Mapping[str, str] | None = None) -> Counts:
        """Ask a question, in the language that is spoken; the votes of the one before are gone.

        choices : by name, with their words; by default `GUESSES`

        Raises InputError if the question is blank or too long, or there is nothing to choose.
        """
        asked = " ".join(question.split())
        if not 1 <= len(asked) <= LONGEST:
            raise InputError(say("room.length", n=len(asked), most=LONGEST))
        given = choices or {name: say(f"room.{name}") for name in GUESSES}
        if not 2 <= len(given) <= 6:
            raise InputError(f"room: choices are {shown(dict(given))}; allowed is two to six.")
        with self._lock:
            kept = MappingProxyType(dict(given))
            self._votes.clear()
            self._said = Counts(self._said.number + 1, asked, kept, {}, True, spoken())
            now = self._now()
        self._tell(now)
        return now

    def vote(self, phone: str, number: int, choice: str) -> bool:
        """Count a phone's vote, in place of its earlier one; return whether it counts.

        It does not where the question is another one by now or closed, or too many have voted.
        """
        with self._lock:
            if not self._said.is_open or number != self._said.number:
                return False
            if choice not in self._said.choices:
                return False
            if phone not in self._votes and len(self._votes) >= MOST_PHONES:
                return False
            self._votes[phone] = choice
            now = self._now()
        self._tell(now)
        return True

    def voted(self, phone: str) -> str:
        """Return what a phone has chosen, "" if nothing yet."""
        with self._lock:
            return self._votes.get(phone, "")

    def close(self) -> Counts:
        """Take no more votes on the question; return how they stand."""
        with self._lock:
            before = self._said
            self._said = Counts(
                before.number, before.question, before.choices, {}, False, before.language
            )
            now = self._now()
        self._tell(now)
        return now

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell somebody of each change, from the thread that made it; return what ends that."""
        with self._lock:
            self._listeners.append(listener)

        def leave() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return leave

    def _now(self) -> Counts:
        said, votes = self._said, list(self._votes.values())
        many = {name: votes.count(name) for name in said.choices}
        return Counts(said.number, said.question, said.choices, many, said.is_open, said.language)

    def _tell(self, counts: Counts) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener(counts)


_room: Room | None = None


def open_room(link: str) -> Room:
    """Open the room of this process: phones are reached under a link from now on."""
    global _room
    _room = Room(link)
    return _room


def room() -> Room | None:
    """Return the room of this process; None where the page was not started for one."""
    return _room


def close_room() -> None:
    """Forget the room of this process."""
    global _room
    _room = None
