"""A film on its way to the browser: whole, or at first only what one month shows.

A film is sent as JSON and arrays behind it, deflated together: where everybody stands by itself,
since all films of a world share that ground. What changes little from record to
record is sent as differences, and the bytes of a number apart from each other: both deflate well.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from cisim.show.page.network.film import LEVELS, Film
from cisim.show.page.network.happened import KINDS
from cisim.show.places_in_words import place
from cisim.world.build import plan

Arrays = dict[str, tuple[np.ndarray, dict[str, Any]]]
"""Arrays by name, each with what is said of it."""

MEMORY = 6
"""Months after which the lines of a meeting have faded; as in reel.js."""


def whole(film: Film, words: Mapping[str, str] | None = None, *, captioned: bool = True) -> str:
    """Return all of a film but its ground, for `inflated` of reel.js.

    captioned : whether the line below the picture is shown
    """
    return _rolled(*_shown(film, words, None, captioned))


def still(
    film: Film, month: int, words: Mapping[str, str] | None = None, *, captioned: bool = True
) -> str:
    """Return what a film shows at one month, in the same form: all else stands still in it.

    Who has ever taken part so far does so in its first record. The lines below the picture are
    those of all months, so that nothing jumps once they follow.
    """
    at = film.record(min(max(month, 0), int(film.months[-1])))
    return _rolled(*_shown(film, words, at, captioned))


def alone(film: Film, title: str) -> str:
    """Return all of a film under another title, its ground with it: for one that stands alone."""
    (head, arrays), (below, places) = _shown(film, None, None), _ground(film, None)
    return _rolled({**below, **head, "title": title}, {**places, **arrays})


def ground(film: Film, words: Mapping[str, str] | None = None) -> str:
    """Return who stands where, which is the same in all films of a world."""
    return _rolled(*_ground(film, words))


def _ground(film: Film, words: Mapping[str, str] | None) -> tuple[dict[str, Any], Arrays]:
    spots, layout = film.places, plan(film.world)
    regions = len(film.world.regions)
    everybody = np.concatenate([spots.organisations, spots.backbones, spots.sponsors])
    region = np.concatenate(
        [layout.region, [regions], np.arange(regions), np.repeat(np.arange(regions), 4)]
    )
    head = {
        "names": film.names(words),
        "start": film.world.calendar.start or "",
        "regions": [
            {"name": place(one.name), "x": c.x, "y": c.y, "radius": c.radius}
            for one, c in zip(film.world.regions, spots.regions, strict=True)
        ],
        "bounds": list(spots.bounds),
        "organisations": int(film.eligible.size),
        "backbones": int(film.staff.bytes.shape[1]),
        "sponsors": int(film.engagement.bytes.shape[1]),
    }
    arrays: Arrays = {
        "places": (everybody.astype("<f4"), {}),
        "region": (region.astype("<u2"), {}),
        "communities": (np.array(spots.communities, "<f4").reshape(-1, 3), {}),
    }
    return head, arrays


def unrolled(rolled: str) -> dict[str, Any]:
    """Return what was sent, with its arrays as they were kept; the browser does the same."""
    data = zlib.decompress(base64.b64decode(rolled))
    size = int.from_bytes(data[:4], "little")
    found: dict[str, Any] = json.loads(data[4 : 4 + size])
    rest = data[4 + size :]
    for name, (kind, count, more) in found.pop("arrays").items():
        wide = int(kind[1])
        planes = np.frombuffer(rest[: wide * count], np.uint8).reshape(wide, count)
        values = np.ascontiguousarray(planes.T).view(f"<{kind}").ravel()
        if "row" in more:
            values = np.cumsum(values.reshape(-1, more["row"]), axis=0, dtype=values.dtype).ravel()
        found[name] = {"data": values, **more}
        rest = rest[wide * count :]
    return found


def _rolled(head: Mapping[str, Any], arrays: Arrays) -> str:
    """Return what is plain and arrays, each with what is said of it, as one text."""
    said: dict[str, Any] = {}
    planes: list[bytes] = []
    for name, (values, more) in arrays.items():
        kind = f"{values.dtype.kind}{values.dtype.itemsize}"
        little = np.ascontiguousarray(values.ravel(), f"<{kind}")
        planes.append(little.view(np.uint8).reshape(-1, values.dtype.itemsize).T.tobytes())
        said[name] = [kind, int(values.size), more]
    text = json.dumps({**head, "arrays": said}, separators=(",", ":"), ensure_ascii=False).encode()
    data = b"".join([len(text).to_bytes(4, "little"), text, *planes])
    return base64.b64encode(zlib.compress(data, 9)).decode("ascii")


def _shown(
    film: Film, words: Mapping[str, str] | None, at: int | None, captioned: bool = True
) -> tuple[dict[str, Any], Arrays]:
    """Return a film, or where `at` is a record what that record shows."""
    records = int(film.months.size)
    first, last = (0, records - 1) if at is None else (max(0, at - MEMORY), at)
    month = int(film.months[last])
    met = [
        rows if first <= k <= last else rows[:0]
        for k, record in enumerate(film.met)
        for rows in record
    ]
    used = np.unique(np.concatenate(met)) if met else np.empty(0, np.int64)
    pairs = film.pairs[used]
    wide = np.uint16 if max(film.pairs.shape[0], film.eligible.size) < 2**16 else np.uint32
    rows = [np.diff(np.searchsorted(used, one), prepend=0).astype(wide) for one in met]
    flat = [
        getattr(one, name) if first <= k <= last else used[:0]
        for k, one in enumerate(film.happened)
        for name in KINDS
    ]
    member = film.member.astype(np.uint8)
    if at is not None:
        member[:] = member[at]
        member[0] |= film.member[: at + 1].any(axis=0)
    head = {
        "title": film.title,
        "scenario": film.scenario,
        "seed": film.seed,
        "every": film.every,
        "last": int(film.months[-1]),
        "records": records,
        "at": at,
        "summaries": film.summaries(words) if at is None else {at: film.summary(month, words)},
        "captions": film.captions(words) if captioned else [],
        "told": film.told() if at is None else {at: film.told_at(at)},
        "slow": film.slow.tolist(),
    }
    arrays: Arrays = {
        "eligible": (film.eligible.astype(np.uint8), {}),
        "member": _row_by_row(member),
        "pairs": _row_by_row(pairs.astype(wide)),
        "met": (np.concatenate([np.empty(0, wide), *rows]), {}),
        "ends": _ends(met),
        "happened": (np.concatenate([np.empty(0, wide), *flat]).astype(wide), {}),
        "happened_ends": _ends(flat),
    }
    for name in (*LEVELS, "time", "staff", "engagement", "money"):
        level = getattr(film, name)
        kept = level.bytes.copy()
        if at is not None:
            kept[:at], kept[at + 1 :] = kept[at], kept[at]
        values, more = _row_by_row(kept)
        arrays[name] = values, {**more, "low": level.low, "high": level.high, "steps": level.steps}
    return head, arrays


def _ends(rows: list[np.ndarray]) -> tuple[np.ndarray, dict[str, Any]]:
    """Return where each of the rows ends among all of them, after the 0 where the first begins."""
    return _row_by_row(np.cumsum([0] + [one.size for one in rows]).astype("<u4")[:, None])


def _row_by_row(values: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:
    """Return each row's difference to the one before, which wraps round, and how long a row is."""
    apart = np.diff(values, axis=0, prepend=np.zeros_like(values[:1]))
    return apart, {"row": int(values.shape[1])}
