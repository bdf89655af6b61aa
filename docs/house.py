"""The picture of the house, drawn from the code's own imports.

    python docs/house.py      draws docs/house.svg again

Floors stand above each other as imports go. On a floor a room stands above the rooms that it
imports; a line leads from each to them, where no longer way does. Imports of lower floors are left
out, as all rooms have them.
"""

from __future__ import annotations

import importlib
from collections import defaultdict
from html import escape
from pathlib import Path

import grimp

FLOORS = ("cli", "bridges", "show", "lab", "world", "model")
FILE = Path(__file__).with_name("house.svg")
WIDTH, LEFT, EDGE = 1000, 16, 16
ROW, HIGH, HEAD, GAP = 62, 34, 40, 18
INK, QUIET, PAPER, BAND, BOX = "#1b1b1a", "#5c5b57", "#ffffff", "#f3f2ee", "#ffffff"

Rooms = dict[str, set[str]]


def rooms() -> dict[str, Rooms]:
    """Return for each floor its rooms, a file or a folder each, and what of the floor each imports.

    Raises ValueError for an import that goes up.
    """
    graph = grimp.build_graph("cisim", cache_dir=None)
    found: dict[str, Rooms] = {floor: {} for floor in FLOORS}
    for module in graph.modules:
        floor, room = _place(module)
        if room:
            found[floor].setdefault(room, set())
    for module in graph.modules:
        floor, room = _place(module)
        for other in graph.find_modules_directly_imported_by(module):
            below, its_room = _place(other)
            if floor in FLOORS and below in FLOORS:
                if FLOORS.index(below) < FLOORS.index(floor):
                    raise ValueError(f"{module} imports {other}, which is above it.")
                if floor == below and room and its_room and room != its_room:
                    found[floor][room].add(its_room)
    return found


def _place(module: str) -> tuple[str, str]:
    _, floor, room, *_ = [*module.split("."), "", ""]
    return floor, room if floor in FLOORS else ""


def levels(floor: Rooms) -> list[list[str]]:
    """Return the rooms of a floor in rows, each above all that it imports; the lowest row last.

    Raises ValueError for rooms that import each other in a circle.
    """
    height: dict[str, int] = {}
    while len(height) < len(floor):
        ready = [
            room for room, below in floor.items() if room not in height and below <= height.keys()
        ]
        if not ready:
            circle = sorted(floor.keys() - height.keys())
            raise ValueError(f"A circle of imports is among {', '.join(circle)}.")
        height |= {
            room: 1 + max((height[one] for one in floor[room]), default=-1) for room in ready
        }
    rows: dict[int, list[str]] = defaultdict(list)
    for room in sorted(floor):
        rows[height[room]].append(room)
    return [rows[at] for at in sorted(rows, reverse=True)]


def direct(floor: Rooms, room: str) -> set[str]:
    """Return what a room imports and no room that it imports does, itself or further down."""
    further: set[str] = set()
    left = list(floor[room])
    while left:
        below = floor[left.pop()] - further
        further |= below
        left += below
    return floor[room] - further


def said(module: str) -> str:
    """Return the first sentence of a module's docstring."""
    text = " ".join((importlib.import_module(module).__doc__ or "").split("\n\n")[0].split())
    return text.split(". ")[0].rstrip(".") + "."


def draw(house: dict[str, Rooms]) -> str:
    """Return the picture as SVG."""
    drawn: list[str] = []
    top = EDGE
    for floor in FLOORS:
        rows = levels(house[floor])
        high = HEAD + ROW * len(rows)
        drawn.append(
            f'<rect x="{LEFT}" y="{top}" width="{WIDTH - 2 * LEFT}" height="{high}" rx="6" '
            f'fill="{BAND}"/>'
            f'<text x="{LEFT + 14}" y="{top + 25}" class="floor">{floor}/</text>'
            f'<text x="{LEFT + 98}" y="{top + 25}" class="quiet">'
            f"{escape(said(f'cisim.{floor}'))}</text>"
        )
        middle: dict[str, tuple[float, float]] = {}
        boxes = []
        for at, row in enumerate(rows):
            step = (WIDTH - 2 * LEFT - 20) / len(row)
            wide = min(step - 10, 150)
            for place, room in enumerate(row):
                x = LEFT + 10 + step * (place + 0.5)
                y = top + HEAD + ROW * at + HIGH / 2
                middle[room] = (x, y)
                folder = (FILE.parents[1] / "cisim" / floor / room).is_dir()
                boxes.append(
                    f"<g><title>{escape(said(f'cisim.{floor}.{room}'))}</title>"
                    f'<rect x="{x - wide / 2:.0f}" y="{y - HIGH / 2:.0f}" width="{wide:.0f}" '
                    f'height="{HIGH}" rx="4" fill="{BOX}" stroke="{INK}" '
                    f'stroke-width="{2 if folder else 1}"/>'
                    f'<text x="{x:.0f}" y="{y + 4.5:.0f}" text-anchor="middle">'
                    f"{room}{'/' if folder else ''}</text></g>"
                )
        for room in sorted(house[floor]):
            for other in sorted(direct(house[floor], room)):
                (x, y), (x2, y2) = middle[room], middle[other]
                bend = (y2 - y - HIGH) / 2
                drawn.append(
                    f'<path d="M{x:.0f} {y + HIGH / 2:.0f}C{x:.0f} {y + HIGH / 2 + bend:.0f} '
                    f'{x2:.0f} {y2 - HIGH / 2 - bend:.0f} {x2:.0f} {y2 - HIGH / 2:.0f}"/>'
                )
        drawn += boxes
        top += high + GAP
    height = top - GAP + EDGE
    words = " is above ".join(FLOORS) + "."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-labelledby="t d">'
        f'<title id="t">The house: six floors, imports only go down</title>'
        f'<desc id="d">{words} A box is a file; one with a thick frame is a folder.</desc>'
        f"<style>text{{font:13px system-ui,sans-serif;fill:{INK}}}"
        f".floor{{font-weight:700;font-size:16px}}.quiet{{fill:{QUIET}}}"
        f"path{{fill:none;stroke:{QUIET};stroke-opacity:.45}}</style>"
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>' + "".join(drawn) + "</svg>\n"
    )


if __name__ == "__main__":
    FILE.write_text(draw(rooms()), encoding="utf-8")
