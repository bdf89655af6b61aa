"""A page taken apart, for tests to read."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "img", "input", "link", "rect", "path", "circle", "line"}


class Page(HTMLParser):
    """A page taken apart: its elements, what they say, and tags that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.words: list[str] = []
        self.headings: list[str] = []
        self._table = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self._table = given.get("id", "")
            self.tables.setdefault(self._table, [])
        if tag == "tr" and "table" in self.open:
            self.tables[self._table].append([])
        if tag in ("td", "th") and self.tables.get(self._table):
            self.tables[self._table][-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("style", "script"):
            return
        self.words.append(data)
        if self.open and self.open[-1] == "h2":
            self.headings.append(data)
        if "td" in self.open or "th" in self.open:
            self.tables[self._table][-1][-1] += f" {data.strip()}"

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())
