"""What the sheet of a session says, and the QR codes of its links."""

from __future__ import annotations

from urllib.parse import urlsplit

from cisim.show.page.room import drawn
from cisim.show.page.words import part

FROM_STORY = ("guessed", "right", "line", "nobody", "open", "print", "save", "forget")
"""What a story says at its end, and the sheet as well."""
HOSTS = ("127.0.0.1", "localhost")
LONGEST_LINK, MOST_LINKS = 1_200, 80
"""A longer link makes a code that no phone reads from paper."""


def words() -> dict[str, str]:
    """Return what the sheet says."""
    story = part("story")
    return {**{name: story[name] for name in FROM_STORY}, **part("sheet")}


def codes(links: object) -> dict[str, str]:
    """Return a QR code for each link of this page, by link; none for what is no such link."""
    given = links if isinstance(links, list) else []
    return {one: drawn(one) for one in given[:MOST_LINKS] if isinstance(one, str) and _fits(one)}


def _fits(link: str) -> bool:
    if len(link) > LONGEST_LINK or not link.isprintable():
        return False
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in HOSTS and parts.path == "/"
