"""Posts: who is paid this month, by whom, and how backbones' staff time is divided.

    in force:  start <= month < min(end, end of its backbone);  one that follows another starts
               where that one ends
    planned_b = sum of the FTE of its posts in force        F_r -> planned_r + sponsored_r
    cap_r     = sum of the caps of its sponsors' posts in force
    FTE_t     = FTE (1 + early_money (n - 12)/12) in the first 12 months of a post, then
                FTE (1 - early_money) to the month n, its last one or its sixtieth, then FTE
    v_z       = sum of FTE v_z of its posts / sum of FTE    where posts differ, else the structure's

A post is paid by its payer, and what is paid is booked to that payer, month by month: a national
post in equal parts to all regions. A payer with a budget pays its posts in the order of the file as
long as the year's money lasts for them; one that it cannot pay stands still in that month and in
those that follow, until another year's money pays it. An academic partner is paid like a post and
is no staff of the backbone. What sponsors pay by their rule is settled with their money. The lever
investment multiplies the FTE that is paid of each post.

Money for local action is paid like a post, too, and goes to members for joint work
(processes/sponsors.py); it is no staff, and ends by itself.

Money may be spent early: what a post costs up to its sixtieth month is then the same in all, to the
last digit, and more of it falls in its first year.

Source  NZ (who funds in the short and in the long term); K26 (development workers paid by a
        foundation until a date, others from own budgets); V20 (a backbone that funds local action);
        R21 p. phases ('invest in this phase', an initiation of 6-12 months; a run of at most 5
        years); form: judgement
"""

from __future__ import annotations

from cisim.model.kernel import kernel
from cisim.model.process import process

CENT = 1e-9
"""FTE-months by which rounding may overdraw a budget."""

INITIATION_MONTHS, PLANNED_MONTHS = 12, 60
"""The months of a post in which early money is spent, and those that it is taken from (R21)."""


@kernel
def profiled(since, length, early_money):
    """Return the times of its FTE that a post is paid in the month `since` of `length` months."""
    planned = min(length, PLANNED_MONTHS)
    if planned <= INITIATION_MONTHS or since >= planned:
        return 1.0
    if since < INITIATION_MONTHS:
        return 1.0 + early_money * (planned - INITIATION_MONTHS) / INITIATION_MONTHS
    return 1.0 - early_money


@kernel
def pay(
    month,
    # posts
    posts_backbone,
    posts_academic,
    posts_action,
    fte,
    posts_start,
    posts_end,
    follows,
    posts_payer,
    posts_cap,
    posts_paid,
    # payers
    limited,
    payers_budget,
    spent,
    payers_paid,
    year_begins,
    investment,
    early_money,
    # backbones and regions
    backbones_end,
    planned,
    backbones_cap,
    academic,
    action,
):
    """Pay the posts of a month and book what is paid, in place."""
    regions = academic.size
    months = month + int(year_begins)
    year = months // 12
    if month <= 0 or months % 12 == 0:
        spent[:] = 0.0
    planned[:] = 0.0
    backbones_cap[:] = 0.0
    academic[:] = 0.0
    action[:] = 0.0
    payers_paid[:] = 0.0
    for z in range(fte.size):
        b = posts_backbone[z]
        posts_paid[z] = 0.0
        start = posts_start[z] if follows[z] < 0 else posts_end[follows[z]]
        apart = posts_academic[z] or posts_action[z]
        end = posts_end[z] if apart else min(posts_end[z], backbones_end[b])
        if month < start or month >= end:
            continue
        if posts_cap[z] > 0.0:
            backbones_cap[b] += posts_cap[z]
            continue
        q = posts_payer[z]
        due = investment * fte[z]
        if early_money != 0.0:
            due *= profiled(month - start, end - start, early_money)
        if limited[q]:
            there = payers_budget[q, year] if year < payers_budget.shape[1] else 0.0
            if spent[q] + due > there + CENT:
                continue
            spent[q] += due
        posts_paid[z] = due
        if posts_academic[z]:
            academic[b - 1] += due
            payers_paid[q, b - 1] += due
        elif posts_action[z]:
            action[b - 1] += due
            payers_paid[q, b - 1] += due
        elif b > 0:
            planned[b] += due
            payers_paid[q, b - 1] += due
        else:
            planned[0] += due
            for r in range(regions):
                payers_paid[q, r] += due / regions


@kernel
def divide(
    month,
    posts_backbone,
    posts_academic,
    posts_action,
    posts_start,
    posts_end,
    follows,
    posts_cap,
    own_roles,
    posts_roles,
    posts_paid,
    backbones_end,
    sponsored,
    backbones_roles,
    national_roles,
    regional_roles,
):
    """Divide the time of backbones' staff over roles, in place, (B, 5)."""
    for b in range(sponsored.size):
        for z in range(national_roles.size if b == 0 else regional_roles.size):
            backbones_roles[b, z] = national_roles[z] if b == 0 else regional_roles[z]
    differ = False
    for at in range(own_roles.size):
        differ = differ or own_roles[at]
    if not differ:
        return
    for b in range(sponsored.size):
        roles = national_roles if b == 0 else regional_roles
        total = 0.0
        first = -1
        mixed = False
        for at in range(own_roles.size):
            if posts_backbone[at] != b or posts_academic[at] or posts_action[at]:
                continue
            if posts_cap[at] > 0.0:
                posts_paid[at] = 0.0
                start = posts_start[at] if follows[at] < 0 else posts_end[follows[at]]
                if start <= month < min(posts_end[at], backbones_end[b]):
                    posts_paid[at] = sponsored[b]
            if posts_paid[at] <= 0.0:
                continue
            total += posts_paid[at]
            if first < 0:
                first = at
            for z in range(roles.size):
                one = posts_roles[at, z] if own_roles[at] else roles[z]
                other = posts_roles[first, z] if own_roles[first] else roles[z]
                mixed = mixed or one != other
        if first < 0:
            continue
        for z in range(roles.size):
            if not mixed:
                backbones_roles[b, z] = posts_roles[first, z] if own_roles[first] else roles[z]
                continue
            work = 0.0
            for at in range(own_roles.size):
                if posts_backbone[at] != b or posts_academic[at] or posts_action[at]:
                    continue
                if posts_paid[at] > 0.0:
                    share = posts_roles[at, z] if own_roles[at] else roles[z]
                    work += posts_paid[at] * share
            backbones_roles[b, z] = work / total


@process(
    pay,
    reads="""
        posts.backbone .academic .action .fte .start .end .follows .payer .cap
        payers.limited .budget
        levers.year_begins .investment .early_money
        backbones.end
    """,
    writes="posts.paid payers.spent .paid backbones.planned .cap regions.academic .action",
)
def pay_posts() -> None:
    """Pay the posts that are in force, each by its payer."""


@process(
    divide,
    reads="""
        posts.backbone .academic .action .start .end .follows .cap .own_roles .roles
        backbones.end .sponsored
        levers.national_roles .regional_roles
    """,
    writes="posts.paid backbones.roles",
)
def divide_time() -> None:
    """Divide the time of backbones' staff over its roles."""
