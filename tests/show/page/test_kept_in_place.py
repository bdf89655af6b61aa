"""What is drawn anew stays itself: no part of a page loses its place because another comes or goes.

Reacton knows an element by its place among its siblings, or by its key. Where one that is not
always there stands before others, these are made anew as it comes: a box loses what is typed into
it, and who goes by keyboard their place. The same holds for a component that draws now one element,
now several.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import cisim.show.page as page

FILES = sorted(Path(page.__file__).parent.rglob("*.py"))
COMPONENT = "solara.component"


def _drawn(node: ast.AST) -> tuple[bool, bool]:
    """Return whether a call draws an element, and whether that has a key."""
    keyed = False
    while isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "key":
            node, keyed = node.func.value, True
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return name[:1].isupper() or name == "element", keyed
    return False, keyed


def _elements(block: list[ast.stmt]) -> Iterator[tuple[ast.stmt, bool, bool]]:
    """Yield the statements of a block that draw: whether one always does, and by a key."""
    for one in block:
        if isinstance(one, ast.Expr) and _drawn(one.value)[0]:
            yield one, True, _drawn(one.value)[1]
        elif isinstance(one, ast.With) and _drawn(one.items[0].context_expr)[0]:
            yield one, True, _drawn(one.items[0].context_expr)[1]
        elif isinstance(one, ast.If) and isinstance(one.body[-1], ast.Return):
            continue  # another page altogether
        elif isinstance(one, ast.If):
            ways = [list(_elements(one.body)), list(_elements(one.orelse))]
            if any(ways):
                both = all(len(way) == 1 and way[0][1] for way in ways)
                yield one, both, all(keyed for way in ways for *_, keyed in way)
        elif isinstance(one, ast.For) and any(_elements(one.body)):
            yield one, False, all(keyed for *_, keyed in _elements(one.body))


def misplaced(source: str) -> list[int]:
    """Return the lines of a module that draw where they may lose their place."""
    found: set[int] = set()

    def look(block: list[ast.stmt]) -> None:
        shifted = False
        for one, always, keyed in _elements(block):
            if shifted and not keyed:
                found.add(one.lineno)
            shifted = shifted or not always
            for name in ("body", "orelse"):
                look(getattr(one, name, []))

    for component in ast.walk(ast.parse(source)):
        if not isinstance(component, ast.FunctionDef):
            continue
        if not any(ast.unparse(one).startswith(COMPONENT) for one in component.decorator_list):
            continue
        look(component.body)
        roots = list(_elements(component.body))
        if len(roots) > 1 and sum(always for _, always, _ in roots) < 2:
            found.update(one.lineno for one, always, _ in roots if not always)
    return sorted(found)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_stands_behind_something_that_comes_and_goes_has_a_key(file: Path) -> None:
    assert misplaced(file.read_text("utf-8")) == []


def written(*lines: str) -> str:
    """Return a component that draws what is told."""
    return "\n".join(["@solara.component", "def Part(there):", *lines])


DIV, IF, FOR = "    with Div():", "        if there:", "        for x in y:"


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["    A()", "    if there:", "        B()"], [4]),  # now one element, now several
        ([DIV, "        A()", IF, "            B()"], []),
        ([DIV, IF, "            B()", "        A()"], [6]),
        ([DIV, IF, "            B()", "        A().key('a')"], []),
        ([DIV, IF, "            B()", "        else:", "            C()", "        A()"], []),
        ([DIV, FOR, "            B().key(x)", "        with Div():", "            A()"], [6]),
        (["    if there:", "        A()", "        return", "    B()"], []),
    ],
)
def test_it_is_seen_where_something_loses_its_place(lines: list[str], found: list[int]) -> None:
    assert misplaced(written(*lines)) == found
