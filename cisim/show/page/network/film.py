"""A run as a film: everything that the network over time shows, computed once and sent once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cisim.model.input_error import InputError, shown
from cisim.model.model import CollectiveImpactModel, Policy
from cisim.model.state import SECTORS, SPONSOR_KINDS
from cisim.show.counted import label
from cisim.show.language.forms import localised
from cisim.show.language.spoken import spoken
from cisim.show.language.texts import filled, part, say
from cisim.show.page.network.happened import Happened, Standing, between, notable, told
from cisim.show.page.network.places import Places, places
from cisim.show.places_in_words import organisations, place
from cisim.world.build import plan
from cisim.world.scenario import Scenario
from cisim.world.world import World

Level = Literal["trust", "mandate", "commitment"]
Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVELS: tuple[Level, ...] = ("trust", "mandate", "commitment")
LINES = ("own", "brokered", "everyday")
"""Kinds of lines: the meetings organisations start, those arranged for them, all others."""
LINE_OF_KIND = (0, 1, 1, 2)
"""The line of each of cisim.model.state.MEETING_KINDS: a meeting across regions is arranged too."""

NONE = 255
"""The byte of a level that there is not: trust of somebody who knows nobody."""
STEPS = 254
"""Levels are kept in so many steps, those that are said with two digits in HUNDREDTHS."""
HUNDREDTHS = 100


def own_words() -> Mapping[str, str]:
    """Return every word of the player, in the language that is spoken, and which one that is."""
    return {**part("network"), "language": spoken()}


class Packed(NamedTuple):
    """Levels as bytes: (K, M) uint8, 0 is `low`, `steps` is `high`, 255 says there is none."""

    bytes: Bytes
    low: float
    high: float
    steps: int

    @classmethod
    def of(
        cls,
        values: Floats,
        low: float | None = None,
        high: float | None = None,
        steps: int = STEPS,
    ) -> Packed:
        """Return values of any shape as bytes; by default 0 to the largest."""
        floor = 0.0 if low is None else low
        ceiling = high if high is not None else max(float(np.nanmax(values, initial=0.0)), 1e-9)
        share = np.clip((values - floor) / (ceiling - floor), 0.0, 1.0)
        found = np.where(np.isnan(share), NONE, np.rint(np.nan_to_num(share) * steps))
        return cls(found.astype(np.uint8), floor, ceiling, steps)

    @property
    def values(self) -> Floats:
        """Return the values, within half a step; nan where there is none."""
        value = self.low + self.bytes.astype(float) / self.steps * (self.high - self.low)
        return np.where(self.bytes == NONE, np.nan, value)


@dataclass(frozen=True, eq=False)
class Film:
    """What the player shows of one run; K records, N organisations by number.

    months   : (K,) month of each record
    eligible : (N,) bool
    member   : (K, N) bool
    trust, mandate, commitment : (K, N) 0..1; trust is the mean of its outgoing ties
    time     : (K, N) FTE of the month, with grants
    staff    : (K, R+1) FTE, the national backbone first
    engagement : (K, 4R) -1..1, 0 where a sponsor is not there
    money    : (K, 4R) FTE a sponsor pays
    pairs    : (M, 2) organisations by number that ever met, the lower one first
    met      : for each record and each of LINES the rows of `pairs` that met since the last one
    happened : for each record what has happened since the last one
    events   : for each record the kinds of events of the scenario since the last one
    """

    title: str
    scenario: str
    seed: int
    every: int
    world: World
    months: Ints
    eligible: NDArray[np.bool_]
    member: NDArray[np.bool_]
    trust: Packed
    mandate: Packed
    commitment: Packed
    time: Packed
    staff: Packed
    engagement: Packed
    money: Packed
    pairs: Ints
    met: tuple[tuple[Ints, ...], ...]
    happened: tuple[Happened, ...]
    events: tuple[tuple[str, ...], ...]

    @property
    def places(self) -> Places:
        """Return where everybody stands."""
        return places(self.world)

    def record(self, month: int) -> int:
        """Return the record that shows a month: the last one up to it.

        Raises InputError if the film does not reach it.
        """
        if not 0 <= month <= int(self.months[-1]):
            raise InputError(
                f"{self.scenario}: month is {shown(month)}; allowed is 0 to {self.months[-1]}."
            )
        return int(np.searchsorted(self.months, month, side="right")) - 1

    def summary(self, month: int, words: Mapping[str, str] | None = None) -> str:
        """Return what there is to see at a month, in sentences."""
        return self._said(self.record(month), words or own_words())

    def _said(self, k: int, words: Mapping[str, str]) -> str:
        member = self.member[k]
        members, at_start = int(member.sum()), int(self.member[0].sum())
        change = filled(words["summary_change"], change=members - at_start) if k else ""
        said = [
            filled(words["summary_month"], month=self._called(k)),
            filled(
                words["summary_members"],
                members=members,
                eligible=int(self.eligible.sum()),
                change=change,
            ),
        ]
        left = int((self.member[: k + 1].any(axis=0) & ~member).sum())
        if left:
            said.append(filled(words["summary_left"], left=left))
        if members:
            levels = {name: _mean(getattr(self, name).values[k, member]) for name in LEVELS}
            said.append(filled(words["summary_levels"], **levels))
        many = {kind: self.met[k][line].size for line, kind in enumerate(LINES)}
        said.append(filled(words["summary_meetings"], **many))
        staff = self.staff.values[k]
        if staff.any():
            said.append(
                filled(
                    words["summary_backbones"],
                    national=staff[0],
                    regional=staff[1:].sum(),
                    working=int((staff[1:] > 0).sum()),
                    regions=staff.size - 1,
                )
            )
        else:
            said.append(words["summary_none"])
        engagement = self.engagement.values[k]
        if (engagement > 0).any():
            said.append(filled(words["summary_sponsors"], engagement=engagement.mean()))
        else:
            said.append(words["summary_no_sponsors"])
        return " ".join(said)

    def _called(self, k: int) -> str:
        said = label(self.world.calendar, int(self.months[k]))
        return said[:1].upper() + said[1:]

    def captions(self, words: Mapping[str, str] | None = None) -> list[str]:
        """Return for each record in short who takes part, what backbones have, how sponsors are."""
        words = words or own_words()
        return [self._captioned(k, words) for k in range(self.months.size)]

    def _captioned(self, k: int, words: Mapping[str, str]) -> str:
        member = self.member[k]
        members, change = int(member.sum()), int(member.sum()) - int(self.member[0].sum())
        left = int((self.member[: k + 1].any(axis=0) & ~member).sum())
        more = []
        if change:
            signed = f"{change:+d}".replace("-", "−")
            more.append(filled(words["caption_change"], change=signed))
        if left:
            more.append(filled(words["caption_left"], left=left))
        staff = self.staff.values[k]
        posts = localised(f"{staff.sum():.1f}".removesuffix(".0"))
        engagement = self.engagement.values[k]
        backbones = "caption_backbones" if staff.any() else "caption_none"
        sponsors = "caption_sponsors" if (engagement > 0).any() else "caption_no_sponsors"
        parts = [
            filled(
                words["caption_members"],
                members=members,
                eligible=int(self.eligible.sum()),
                more=f" ({', '.join(more)})" if more else "",
            ),
            filled(words[backbones], posts=posts),
            words[sponsors],
        ]
        return " · ".join(parts)

    def told(self) -> list[str]:
        """Return for each record what has happened since the last one, "" if nothing has."""
        names = organisations(self.world)
        return [self._told(k, names) for k in range(self.months.size)]

    def told_at(self, k: int) -> str:
        """Return what has happened at a record since the last one, "" if nothing has."""
        return self._told(k, organisations(self.world))

    def _told(self, k: int, names: list[str]) -> str:
        return told(self.happened[k], self.events[k], names, self.world)

    @property
    def slow(self) -> Ints:
        """Return the records at which play slows down."""
        return np.flatnonzero(notable(self.happened, self.events, self.member.sum(axis=1)))

    def summaries(self, words: Mapping[str, str] | None = None) -> list[str]:
        """Return the summary of each record."""
        words = words or own_words()
        return [self._said(k, words) for k in range(self.months.size)]

    def names(self, words: Mapping[str, str] | None = None) -> list[str]:
        """Return what organisations, backbones and sponsors are called, in this order."""
        return [*organisations(self.world), *self._above(words or own_words())]

    def _above(self, words: Mapping[str, str]) -> list[str]:
        regions = [place(region.name) for region in self.world.regions]
        return [
            words["national"],
            *(filled(words["regional"], region=region) for region in regions),
            *(
                filled(
                    words["sponsor_of"],
                    region=region,
                    kind=words.get(kind) or _kind(kind),
                )
                for region in regions
                for kind in SPONSOR_KINDS
            ),
        ]

    def table(self, month: int) -> pd.DataFrame:
        """Return a row for each organisation, backbone and sponsor at a month.

        name, role, region, sector, takes_part, trust, mandate, commitment (0..1; of a sponsor its
        engagement is the mandate it gives; a backbone has none), resources (FTE), meetings (pairs)
        """
        k = self.record(month)
        layout = plan(self.world)
        regions = np.array([region.name for region in self.world.regions])
        organisations, backbones = self.eligible.size, self.staff.bytes.shape[1]
        sponsors = self.engagement.bytes.shape[1]
        pairs = self.pairs[np.unique(np.concatenate(self.met[k]))]
        met = np.bincount(pairs.ravel(), minlength=organisations)
        staff, engagement = self.staff.values[k], self.engagement.values[k]
        missing = np.full(backbones, np.nan)
        none = np.full(sponsors, np.nan)
        return pd.DataFrame(
            {
                "month": int(self.months[k]),
                "name": [*self.world.organisation_names, *self._above(own_words())],
                "role": ["organisation"] * organisations
                + ["backbone"] * backbones
                + ["sponsor"] * sponsors,
                "region": [
                    *regions[layout.region],
                    "overall",
                    *regions,
                    *np.repeat(regions, len(SPONSOR_KINDS)),
                ],
                "sector": [self._sector(number) for number in range(organisations)]
                + [""] * (backbones + sponsors),
                "takes_part": np.concatenate([self.member[k], staff > 0, engagement > 0]),
                "trust": np.concatenate([self.trust.values[k], missing, none]),
                "mandate": np.concatenate([self.mandate.values[k], missing, engagement]),
                "commitment": np.concatenate([self.commitment.values[k], missing, none]),
                "resources": np.concatenate([self.time.values[k], staff, self.money.values[k]]),
                "meetings": [*met, *([0] * (backbones + sponsors))],
            }
        )

    def _sector(self, number: int) -> str:
        """Return an organisation's sector, as far as its world says it without luck."""
        code = int(plan(self.world).sector[number])
        return SECTORS[code] if code >= 0 else "private or education"


def _kind(kind: str) -> str:
    return say(f"sponsor_kinds_short.{kind}")


def _mean(values: Floats) -> float:
    """Return the mean of those there are, nan if there are none."""
    there = values[~np.isnan(values)]
    return float(there.mean()) if there.size else math.nan


def film(scenario: Scenario, seed: int, every: int = 1, policies: Iterable[Policy] = ()) -> Film:
    """Run a scenario with a seed and return what the player shows, a record every so many months.

    Raises InputError if `every` is not a whole number of 1 or more.
    """
    if every != int(every) or every < 1:
        raise InputError(f"film: every is {shown(every)}; allowed is 1 or more months.")
    model = CollectiveImpactModel(scenario, seed, policies)
    camera = _Camera(model)
    camera.see()
    camera.record()
    while model.month < scenario.months:
        model.step()
        camera.see()
        if model.month % every == 0 or model.month == scenario.months:
            camera.record()
    return camera.film(scenario, seed, every)


class _Camera:
    """Keeps of a running model what a film needs."""

    def __init__(self, model: CollectiveImpactModel) -> None:
        self.model = model
        state = model.state
        self.order = state.layout.order
        self.rows = np.repeat(np.arange(state.orgs.number.size), np.diff(state.ties.start))
        self.months: list[int] = []
        self.kept: dict[str, list[np.ndarray]] = {}
        self.seen: list[list[Ints]] = [[] for _ in LINES]
        self.met: list[list[Ints]] = []
        self.stood: Standing | None = None
        self.happened: list[Happened] = []

    def see(self) -> None:
        """Note who met in the month that has just passed."""
        state = self.model.state
        count = state.meetings_count
        number = state.orgs.number.astype(np.int64)
        one = number[state.meetings.party[:count]]
        other = number[state.ties.other[state.meetings.arc[:count]]]
        pair = np.minimum(one, other) * number.size + np.maximum(one, other)
        line = np.array(LINE_OF_KIND)[state.meetings.kind[:count]]
        for kind in range(len(LINES)):
            self.seen[kind].append(pair[line == kind])

    def record(self) -> None:
        """Keep how things stand, and who met since the last record."""
        model, state = self.model, self.model.state
        ties, orgs, p = state.ties, state.orgs, model.parameters
        tau = (p.prior_weight * ties.prior + ties.kept) / (p.prior_weight + ties.kept + ties.broken)
        many = np.diff(ties.start)
        total = np.bincount(self.rows, weights=tau, minlength=many.size)
        trust = np.divide(total, many, out=np.full(many.size, np.nan), where=many > 0)
        sponsors = state.sponsors
        order = np.argsort(sponsors.number, kind="stable")
        engagement = np.where(sponsors.present, sponsors.engagement, 0.0)
        above = np.maximum(0.0, engagement - p.sponsor_base) / (1.0 - p.sponsor_base)
        now = {
            "member": orgs.member[self.order],
            "trust": trust[self.order],
            "mandate": orgs.mandate[self.order],
            "commitment": orgs.commitment[self.order],
            "time": orgs.time[self.order],
            "staff": np.where(state.backbones.exists, state.backbones.staff, 0.0),
            "engagement": engagement[order],
            "money": np.minimum(sponsors.cap, p.sponsor_budget * sponsors.budget * above)[order],
        }
        near = np.bincount(ties.other, minlength=many.size)
        known = np.bincount(ties.other, weights=tau, minlength=many.size)
        stands = Standing(
            now["member"].copy(),
            now["mandate"].copy(),
            np.divide(known, near, out=np.zeros(many.size), where=near > 0)[self.order],
            now["staff"] > 0,
            sponsors.present[order].astype(bool),
        )
        self.happened.append(between(self.stood, stands))
        self.stood = stands
        for name, values in now.items():
            self.kept.setdefault(name, []).append(values.copy())
        self.months.append(model.month)
        self.met.append([np.unique(np.concatenate(kind)) for kind in self.seen])
        self.seen = [[] for _ in LINES]

    def film(self, scenario: Scenario, seed: int, every: int) -> Film:
        """Return the film of what was recorded."""
        kept = {name: np.array(values) for name, values in self.kept.items()}
        keys = np.unique(np.concatenate([rows for record in self.met for rows in record]))
        size = self.order.size
        return Film(
            title=scenario.title,
            scenario=scenario.name,
            seed=seed,
            every=every,
            world=scenario.world,
            months=np.array(self.months, np.int64),
            eligible=self.model.state.orgs.eligible[self.order].copy(),
            member=kept["member"],
            trust=Packed.of(kept["trust"], 0.0, 1.0, HUNDREDTHS),
            mandate=Packed.of(kept["mandate"], 0.0, 1.0, HUNDREDTHS),
            commitment=Packed.of(kept["commitment"], 0.0, 1.0, HUNDREDTHS),
            time=Packed.of(kept["time"]),
            staff=Packed.of(kept["staff"]),
            engagement=Packed.of(kept["engagement"], -1.0, 1.0),
            money=Packed.of(kept["money"]),
            pairs=np.column_stack([keys // size, keys % size]),
            met=tuple(tuple(np.searchsorted(keys, rows) for rows in record) for record in self.met),
            happened=tuple(self.happened),
            events=_scheduled(scenario, self.months),
        )


def _scheduled(scenario: Scenario, months: list[int]) -> tuple[tuple[str, ...], ...]:
    """Return the kinds of a scenario's events for each record, those since the last one."""
    since = [-1, *months[:-1]]
    return tuple(
        tuple(dict.fromkeys(e.kind for e in scenario.events if first < int(e.month) <= last))
        for first, last in zip(since, months, strict=True)
    )
