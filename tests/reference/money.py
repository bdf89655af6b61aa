"""Who is paid by whom: posts and payers as plain objects, written from the description.

A post is in force from its beginning until before its end. One that takes another over without a
month of its own begins where that one ends. A payer with a budget pays its posts in their order
while the year's money lasts.
"""

from __future__ import annotations

from typing import Any

from cisim.model.luck import BUILDING, normal, word

from .phases import paid_early

FOUNDATION_POSITION = word("foundation-position")
FOR_EVER = 10**6
ROLES = {
    "national": ("futures", "implementation", "evaluation", "bridge", "knowledge"),
    "regional": ("cross_sectoral", "local_support", "knowledge_gatherer", "information_broker"),
}


class Payer:
    """Somebody who pays for posts."""

    def __init__(self, name: str, position: tuple[float, ...]) -> None:
        self.name = name
        self.position = position
        self.budget: dict[int, float] | None = None  # FTE-months by year, from 0
        self.spent = 0.0  # FTE-months this year

    def can_pay(self, fte: float, year: int) -> bool:
        return self.budget is None or self.spent + fte <= self.budget.get(year, 0.0) + 1e-9


class Post:
    """One post in one place; region is None for a national one."""

    def __init__(self, where: str, region: int | None, fte: float, payer: Payer | None) -> None:
        self.where, self.region, self.fte, self.payer = where, region, fte, payer
        self.begin, self.end = 0, FOR_EVER
        self.cap = 0.0  # FTE that sponsors pay at most, where they pay by their rule
        self.before: Post | None = None
        self.roles: dict[str, float] | None = None
        self.paid = 0.0

    def in_force(self, month: int) -> bool:
        begin = self.begin if self.before is None else self.before.end
        return begin <= month < self.end


class Money:
    """Posts and payers of a structure in a world."""

    def __init__(self, model: Any) -> None:
        self.model = model
        world, s = model.world, model.structure
        self.calendar_begins = 0
        if getattr(world, "start", None):
            self.calendar_begins = int(world.start[5:7]) - 1
        self.payers = self._payers(s)
        foundation = next(iter(self.payers.values()))
        self.posts: list[Post] = []
        scale = len(world.regions) / 5 if world.national_scale is None else world.national_scale
        national = Post("national", None, s.national_fte * scale, foundation)
        national.begin, national.end = int(s.national_start), int(s.national_end)
        self.posts.append(national)
        for r, place in enumerate(world.regions):
            if s.regional:
                fte = place.seed_fte if s.regional_fte is None else s.regional_fte
                post = Post("regional", r, fte * s.regional_scale, foundation)
                post.begin = int(s.regional_start)
                post.end = int(min(s.seed_end, s.regional_end))
                self.posts.append(post)
            self.posts.append(Post("academic", r, s.academic_fte, foundation))
            self.posts.append(Post("local-action", r, s.local_action, foundation))
            if s.regional and s.sponsors_post > 0:
                theirs = Post("regional", r, 0.0, None)
                theirs.begin, theirs.end = int(s.regional_start), int(s.regional_end)
                theirs.cap = s.sponsors_post
                self.posts.append(theirs)
        for row in s.posts:
            self._read(row)

    def _payers(self, s: Any) -> dict[str, Payer]:
        p, seed = self.model.parameters, self.model.luck_seed

        def stance(number: int) -> tuple[float, ...]:
            return tuple(
                p.agenda_spread * normal(seed, FOUNDATION_POSITION, BUILDING, number, axis)
                for axis in range(3)
            )

        rows = [row for row in s.payers if row.kind != "sponsor"]
        first = next((row for row in rows if row.kind == "foundation"), None)
        order = [first, *(row for row in rows if row is not first)]
        found: dict[str, Payer] = {}
        for number, row in enumerate(order):
            if row is None:
                found["foundation"] = Payer("foundation", stance(0))
                continue
            payer = Payer(row.name, tuple(row.position or stance(number)))
            if row.budget is not None:
                start = getattr(self.model.world, "start", None)
                year0 = int(start[:4]) if start else 1
                payer.budget = {
                    int(year) - year0: money / row.year_price * 12.0
                    for year, money in row.budget.items()
                }
            found[row.name] = payer
        return found

    def _read(self, row: Any) -> None:
        regions: list[int | None] = [None]
        if row.where != "national":
            names = [region.name for region in self.model.world.regions]
            regions = [r for r, name in enumerate(names) if row.region in (None, name)]
        posts, after = [], []
        for region in regions:
            theirs = row.payer == "sponsors"
            post = Post(row.where, region, row.fte or 0.0, self.payers.get(row.payer))
            post.cap = row.cap if theirs else 0.0
            post.begin = row.from_
            post.end = FOR_EVER if row.until is None else row.until
            post.roles = row.roles
            posts.append(post)
            if row.after == "nothing":
                continue
            follower = Post(row.where, region, 0.0, None)
            follower.before, follower.roles = post, row.roles
            if row.after == "sponsors":
                follower.cap = row.cap
            else:
                follower.fte = post.fte * row.after.share
                follower.payer = self.payers[row.after.takeover]
                if row.after.from_ is not None:
                    follower.before, follower.begin = None, row.after.from_
                if row.after.until is not None:
                    follower.end = row.after.until
            after.append(follower)
        self.posts += [*posts, *after]

    def pay(self, month: int) -> None:
        """Pay the posts of a month: regions keep their staff's FTE, and who paid how much."""
        model = self.model
        year, month_of_year = divmod(month + self.calendar_begins, 12)
        if month == 0 or month_of_year == 0:
            for payer in self.payers.values():
                payer.spent = 0.0
        model.national_staff = 0.0
        for region in model.regions:
            region.planned = region.academic = region.sponsors_cap = region.action = 0.0
            region.paid_by = dict.fromkeys(self.payers, 0.0)
        for post in self.posts:
            post.paid = 0.0
            if not post.in_force(month):
                continue
            if post.payer is None:
                model.regions[post.region].sponsors_cap += post.cap
                continue
            begin = post.begin if post.before is None else post.before.end
            due = post.fte * model.structure.investment
            due *= paid_early(model.structure.early_money, month, begin, post.end)
            if not post.payer.can_pay(due, year):
                continue
            post.payer.spent += due
            post.paid = due
            if post.region is None:
                model.national_staff += due
                for region in model.regions:
                    region.paid_by[post.payer.name] += due / len(model.regions)
                continue
            region = model.regions[post.region]
            region.paid_by[post.payer.name] += due
            if post.where == "academic":
                region.academic += due
            elif post.where == "local-action":
                region.action += due
            else:
                region.planned += due

    def roles(self, where: str, region: int | None) -> dict[str, float]:
        """How the staff of a backbone divides its time: posts count by their FTE."""
        s = self.model.structure
        if s.responsibilities is None:
            given = s.national_roles if where == "national" else s.regional_roles
            usual = {role: getattr(given, role) for role in ROLES[where]}
        else:
            usual = _by_responsibility(s.responsibilities, where)
        here = [post for post in self.posts if post.where == where and post.region == region]
        work = [
            (
                self.model.regions[post.region].backbone_money if post.payer is None else post.paid,
                usual if post.roles is None else post.roles,
            )
            for post in here
            if post.in_force(self.model.month)
        ]
        total = sum(fte for fte, _ in work)
        if total <= 0.0:
            return usual
        return {
            role: sum(fte * roles.get(role, 0.0) for fte, roles in work) / total
            for role in ROLES[where]
        }


def _by_responsibility(given: Any, where: str) -> dict[str, float]:
    """Shares of time by role, from those by responsibility."""
    outside = given.public_will + given.policy + given.funding
    if where == "regional":
        return {
            "cross_sectoral": given.activities / 2,
            "local_support": given.activities / 2,
            "knowledge_gatherer": given.measurement,
            "information_broker": given.vision + outside,
        }
    return {
        "futures": (given.vision + outside) / 2,
        "bridge": (given.vision + outside) / 2,
        "implementation": given.activities,
        "evaluation": given.measurement / 2,
        "knowledge": given.measurement / 2,
    }
