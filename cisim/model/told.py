"""Sentences that remember what they say, so that they can be said in another language.

What model, world and lab tell people stands in English beside what it tells of. Each text is
a string like any other; which one it is, and what was filled in, goes with it, and
`cisim.show.told` says the same in the language that is spoken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Text = str | Mapping[str, str]
"""One text, or forms of it: "one" where `n` is 1, else "other"."""

SENTENCES: dict[str, Text] = {}
"""Every text by "part.name"; other languages have them under [sentences.part]."""


class Told(str):
    """A text that was filled in. name : "part.name"; given : what was filled in."""

    name: str
    given: dict[str, object]

    def __new__(cls, text: str, name: str = "", given: Mapping[str, object] | None = None) -> Told:
        made = super().__new__(cls, text)
        made.name, made.given = name, dict(given or {})
        return made


class Several(str):
    """Texts one after the other. parts : they; between : what stands between two of them."""

    parts: tuple[str, ...]
    between: str

    def __new__(cls, text: str, parts: Iterable[str] = (), between: str = "") -> Several:
        made = super().__new__(cls, text)
        made.parts, made.between = tuple(parts), between
        return made


class Named(str):
    """What a thing is called where it is declared. part, key : of a language's file."""

    part: str
    key: str

    def __new__(cls, text: str, part: str = "", key: str = "") -> Named:
        made = super().__new__(cls, text)
        made.part, made.key = part, key or text
        return made


class Sentences:
    """The texts of one file: `SAYS("name", ...)` fills one in.

    names : of its texts
    """

    def __init__(self, part: str, /, **texts: Text) -> None:
        self.part, self.names = part, tuple(texts)
        SENTENCES.update({f"{part}.{name}": text for name, text in texts.items()})

    def __call__(self, name: str, /, **given: object) -> Told:
        """Return a text with what is given filled in; `n` chooses its form."""
        full = f"{self.part}.{name}"
        text = SENTENCES[full]
        if not isinstance(text, str):
            text = text["one" if given["n"] == 1 else "other"]
        return Told(text.format(**given), full, given)


def several(parts: Iterable[str], between: str = ", ") -> Several:
    """Return "a, b"."""
    kept = tuple(parts)
    return Several(between.join(kept), kept, between)


def behind(lead: str, sentence: str) -> Several:
    """Return a sentence behind what it begins with: "--" of an option, "my.toml: " of a file."""
    return Several(lead + sentence, (lead, sentence))


def and_listed(parts: Iterable[str]) -> Several:
    """Return "a, b and c"."""
    kept = tuple(parts)
    text = " and ".join([", ".join(kept[:-1]), kept[-1]] if len(kept) > 1 else kept)
    return Several(text, kept, " and ")


class Written(str):
    """A number as a sentence has it in English; another language has marks of its own."""
